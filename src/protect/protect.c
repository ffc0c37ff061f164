#include "protect/protect.h"

static struct seal_at at_of(const struct tx *tx, const char *table, const char *column, id64 row)
{
  return (struct seal_at){.table = table, .column = column, .network = tx_network(tx), .row = row};
}

enum code protect_seal(struct tx *tx, const struct scope *s, const char *table, const char *column, id64 row,
                       struct str text, struct str *ret, struct err *e)
{
  const struct seal_key *key = NULL;
  *ret = STR_NONE;
  if (!text.n)
    return OK;
  enum code c = person_key(tx, s, &key, e);
  return c == OK ? seal(tx_arena(tx), key, at_of(tx, table, column, row), text, ret, e) : c;
}

enum code protect_unseal(struct tx *tx, const struct scope *s, const char *table, const char *column, id64 row,
                         struct str sealed, struct arena *a, struct str *ret, struct err *e)
{
  const struct seal_key *key = NULL;
  *ret = STR_NONE;
  if (!sealed.n)
    return OK;
  enum code c = person_key(tx, s, &key, e);
  return c == OK ? unseal(a, key, at_of(tx, table, column, row), sealed, ret, e) : c;
}

static bool is_chosen(const struct doc *chosen, const char *code)
{
  if (doc_kind(chosen) == DOC_STR)
    return str_is(doc_string(chosen), code);
  for (size_t i = 0; doc_kind(chosen) == DOC_LIST && i < doc_size(chosen); i++)
    if (str_is(doc_string(doc_at(chosen, i)), code))
      return true;
  return false;
}

void protect_put_options(struct doc *d, const char *key, enum lang lang, const struct option *options,
                         const struct doc *chosen)
{
  struct doc *list = doc_put_list(d, key);
  for (const struct option *o = options; o->code; o++) {
    struct doc *m = doc_add_map(list);
    doc_put_cstr(m, "value", o->code);
    doc_put_str(m, "word", tr(lang, o->word));
    doc_put_bool(m, "checked", is_chosen(chosen, o->code));
  }
}

struct str protect_words(struct arena *a, enum lang lang, const struct option *options, const struct doc *chosen)
{
  struct buf b;
  buf_init(&b, a, 4096);
  for (const struct option *o = options; o->code; o++) {
    if (!is_chosen(chosen, o->code))
      continue;
    if (b.n)
      buf_add(&b, tr(lang, TR("・")));
    buf_add(&b, tr(lang, o->word));
  }
  return buf_str(&b);
}

void protect_put_line(struct doc *lines, enum lang lang, const struct owed_line *l)
{
  struct doc *d = doc_add_map(lines), *state = doc_put_map(d, "state"), *action;
  doc_put_str(state, "word", tr(lang, l->word));
  doc_put_cstr(state, "shape", l->shape ? l->shape : "s-overdue");
  doc_put_cstr(state, "class", l->late ? "bad" : "warn");
  doc_put_str(d, "since", l->since);
  doc_put_str(d, "href", l->href);
  doc_put_str(d, "text", l->text);
  doc_put_str(d, "sub", l->sub);
  action = doc_add_map(doc_put_list(d, "actions"));
  doc_put_str(action, "href", l->href);
  doc_put_str(action, "word", tr(lang, l->act ? l->act : TR("開く")));
  doc_put_bool(action, "is_post", false);
  doc_put_bool(action, "is_get", true);
}
