/* form_text.c: words. Labels, values as people read them, and problems, which name the item and say what would be right. */
#include "form/form_internal.h"

bool form_is_choice(const struct form_item *it)
{
  return it->type == FORM_CHOICE || it->type == FORM_OPEN_CHOICE;
}

struct str form_prefix(const struct form_context *c)
{
  return c->prefix ? str_from(c->prefix) : S("answer");
}

struct str form_number_text(struct arena *a, int64_t n)
{
  return str_printf(a, "%lld", (long long)n);
}

struct str form_label_text(const struct form_context *c, const struct form_label *l)
{
  if (c->lang == LANG_EN && l->en.n)
    return l->en;
  return c->easy && l->easy.n ? l->easy : l->ja;
}

struct str form_item_label(const struct form_context *c, const struct form_item *it)
{
  return form_label_text(c, &it->label);
}

/* --- values --- */

size_t form_value_count(const struct doc *value)
{
  if (doc_kind(value) == DOC_LIST)
    return doc_size(value);
  return value ? 1 : 0;
}

const struct doc *form_value_at(const struct doc *value, size_t i)
{
  return doc_kind(value) == DOC_LIST ? doc_at(value, i) : value;
}

bool form_value_has(const struct doc *value, struct str code)
{
  for (size_t i = 0; i < form_value_count(value); i++) {
    const struct doc *v = form_value_at(value, i);
    if (doc_kind(v) == DOC_STR && str_eq(doc_string(v), code))
      return true;
  }
  return false;
}

static struct str date_words(const struct form_context *c, struct str iso)
{
  struct date d;
  if (str_is(iso, "unknown"))
    return tr(c->lang, TR("わからない"));
  return date_parse_iso(iso, &d) ? date_text(c->arena, d, !c->western && c->lang == LANG_JA) : iso;
}

static struct str datetime_words(const struct form_context *c, struct str iso)
{
  if (iso.n <= 10)
    return date_words(c, iso);
  struct str day = date_words(c, str_sub(iso, 0, 10)), clock = str_sub(iso, 11, 5);
  return str_printf(c->arena, "%.*s %.*s", STR_FMT(day), STR_FMT(clock));
}

static struct str choice_words(const struct form_context *c, const struct form_item *it, const struct doc *v)
{
  const struct form_option *o = form_option_find(it, doc_string(v));
  return o ? form_label_text(c, &o->label) : doc_get_str(v, "text");
}

static struct str number_words(const struct form_context *c, const struct form_item *it, const struct doc *v)
{
  struct str n = form_raw_text(c->arena, v);
  return it->unit.n ? str_printf(c->arena, "%.*s%.*s", STR_FMT(n), STR_FMT(it->unit)) : n;
}

static struct str one_value_text(const struct form_context *c, const struct form_item *it, const struct doc *v)
{
  switch (it->type) {
  case FORM_BOOLEAN:
    return doc_truth(v) ? tr(c->lang, TR("はい")) : tr(c->lang, TR("いいえ"));
  case FORM_INTEGER:
  case FORM_DECIMAL:
    return number_words(c, it, v);
  case FORM_DATE:
    return date_words(c, doc_string(v));
  case FORM_DATETIME:
    return datetime_words(c, doc_string(v));
  case FORM_CHOICE:
  case FORM_OPEN_CHOICE:
    return choice_words(c, it, v);
  default:
    return doc_string(v);
  }
}

struct str form_value_text(const struct form_context *c, const struct form_item *it, const struct doc *value)
{
  struct buf b;
  buf_init(&b, c->arena, LIMIT_PAGE);
  for (size_t i = 0; i < form_value_count(value); i++) {
    if (i > 0)
      buf_add(&b, S("、"));
    buf_add(&b, one_value_text(c, it, form_value_at(value, i)));
  }
  return buf_str(&b);
}

/* --- problems --- */

struct str form_path(const struct form_context *c, struct str path, struct str key)
{
  return str_printf(c->arena, "%.*s.%.*s", STR_FMT(path), STR_FMT(key));
}

struct form_place form_row_place(const struct form_context *c, const struct form_place *at,
                                 const struct form_item *group, size_t row)
{
  struct str list = form_path(c, at->path, group->link);
  struct str label = form_item_label(c, group), number = form_number_text(c->arena, (int64_t)row + 1);
  struct str here = tr_args(c->arena, c->lang, TR("%1 %2行目の "), label, number, STR_NONE);
  return (struct form_place){str_printf(c->arena, "%.*s.%zu", STR_FMT(list), row),
                             str_printf(c->arena, "%.*s%.*s", STR_FMT(at->words), STR_FMT(here))};
}

void form_keep_problem(struct form_reader *r, struct problem *p)
{
  if (r->last)
    r->last->next = p;
  else
    r->first = p;
  r->last = p;
  r->problems++;
}

void form_say_path(struct form_reader *r, struct str path, struct str text)
{
  struct problem *p = r->problems < FORM_PROBLEMS ? arena_new_of(r->c->arena, struct problem) : NULL;
  if (!p)
    return;
  p->field = path;
  p->text = text;
  form_keep_problem(r, p);
}

void form_say(struct form_reader *r, const struct form_place *at, const struct form_item *it, const char *id,
              struct str a2, struct str a3)
{
  struct str label = form_item_label(r->c, it);
  struct str words = str_printf(r->c->arena, "%.*s%.*s", STR_FMT(at->words), STR_FMT(label));
  form_say_path(r, form_path(r->c, at->path, it->link), tr_args(r->c->arena, r->c->lang, id, words, a2, a3));
}
