/* shown.c: what a form showed, beside what is typed. */
#include "gate/shown.h"

#include "base/utf8.h"
#include "gate/gate_impl.h"

struct str shown_clean(struct arena *a, struct str s)
{
  return str_trim(utf8_normalize_newlines(a, s));
}

enum shown shown_of(const struct request *rq, const char *name, struct str typed, struct str stands)
{
  const struct doc *was = doc_get(doc_get(rq->typed, "shown"), name);
  if (doc_kind(was) != DOC_STR)
    return SHOWN_NOT;
  struct str before = shown_clean(rq->arena, doc_string(was)), now = shown_clean(rq->arena, stands);
  typed = shown_clean(rq->arena, typed);
  if (str_eq(typed, before))
    return SHOWN_KEPT;
  return str_eq(now, before) || str_eq(now, typed) ? SHOWN_CHANGED : SHOWN_MEANWHILE;
}

struct str shown_text(struct arena *a, const struct doc *value)
{
  struct buf b;
  if (doc_kind(value) == DOC_INT)
    return str_printf(a, "%lld", (long long)doc_integer(value));
  if (doc_kind(value) == DOC_BOOL)
    return doc_truth(value) ? S("1") : STR_NONE;
  if (doc_kind(value) != DOC_LIST)
    return doc_string(value);
  buf_init(&b, a, 256);
  for (size_t i = 0; i < doc_size(value); i++) {
    if (i)
      buf_add_c(&b, ' ');
    buf_add(&b, doc_string(doc_at(value, i)));
  }
  return buf_str(&b);
}

/* As every reader would see it: what was typed lets nothing through here. */
static struct str masked(struct request *rq, struct str s)
{
  const struct gate *g = gate_of(rq);
  return g->unveiled ? s : needles_mask(g->needles, rq->arena, s, str_from(CONCEALED_MARK));
}

static struct str told(struct request *rq, const struct field *f, struct str stands, const struct doc *words)
{
  struct str word = doc_get_str(words, f->name);
  if (!stands.n)
    return gate_tr(rq, TR("ほかの人が先に消しました。このまま保存すると、ここに書いた内容になります。"));
  return tr_args(rq->arena, gate_lang(rq),
                 TR("ほかの人が先に「%1」に変えました。このまま保存すると、ここに書いた内容になります。"),
                 word.n ? masked(rq, word) : stands, STR_NONE, STR_NONE);
}

struct doc *shown_form(struct request *rq, const struct field *fields, const struct doc *stands,
                       const struct doc *words)
{
  enum { MOST = 64 };
  struct str now[MOST], late[MOST];
  size_t n = 0;
  for (const struct field *f = fields; f->name && n < MOST; f++, n++) {
    now[n] = masked(rq, shown_text(rq->arena, doc_get(stands, f->name)));
    late[n] = STR_NONE;
    if (!rq->problems || f->kind == FIELD_MAP)
      continue;
    enum shown how = shown_of(rq, f->name, shown_text(rq->arena, doc_get(rq->input, f->name)), now[n]);
    if (how == SHOWN_KEPT && doc_kind(doc_get(stands, f->name)) == DOC_LIST)
      doc_replace(rq->typed, f->name, doc_copy(rq->arena, doc_get(stands, f->name)));
    else if (how == SHOWN_KEPT)
      doc_replace(rq->typed, f->name, doc_str(rq->arena, now[n]));
    else if (how == SHOWN_MEANWHILE)
      late[n] = told(rq, f, now[n], words);
  }
  struct doc *form = gate_form(rq, fields, stands);
  for (size_t i = 0; i < n; i++) {
    struct doc *m = doc_get(form, fields[i].name);
    doc_replace(m, "has_shown", doc_bool(rq->arena, true));
    doc_put_str(m, "shown", now[i]);
    doc_put_bool(m, "has_meanwhile", late[i].n > 0);
    doc_put_str(m, "meanwhile", late[i]);
  }
  return form;
}
