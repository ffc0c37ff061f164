/* hsds.c: directories of others by the Human Services Data Specification. The first line is the file's name, the rest its text. */
#include "directory/hsds.h"
#include "fuzz.h"

static bool read_file(struct hsds_set *s, struct str name, struct str text, struct err *e)
{
  bool csv = str_ends(name, S(".csv"));
  return (csv ? hsds_read_csv(s, name, text, e) : hsds_read_json(s, name, text, STR_NONE, e)) == OK;
}

static bool records_hold(const struct hsds_set *s)
{
  bool all = true;
  for (size_t i = 0; i < s->total; i++) {
    const struct hsds_record *r = s->all[i];
    HOLDS(r->kind < HSDS_KINDS && r->id.n && utf8_valid(r->remarks) && (!r->refused || r->remarks.n));
    for (size_t k = 0; !r->refused && k < doc_size(r->fields); k++) {
      const struct doc *v = doc_value_at(r->fields, k);
      HOLDS(hsds_field(r->kind, doc_key_at(r->fields, k)) != NULL);
      HOLDS(doc_kind(v) != DOC_STR || fuzz_clean(doc_string(v)));
    }
    all = all && !r->refused;
  }
  return all;
}

/* What is read without a refusal is as many records again when it is written, as tables in JSON and as CSV. */
static void writes_back(struct arena *a, struct hsds_set *s)
{
  struct hsds_set *json = hsds_set_new(a), *csv = hsds_set_new(a);
  struct err e = {0};
  if (!s->total)
    return;
  HOLDS(hsds_read_json(json, S("again.json"), fuzz_json(a, hsds_tabular(s)), STR_NONE, &e) == OK);
  for (int kind = 0; kind < HSDS_KINDS; kind++) {
    struct str text = STR_NONE;
    HOLDS(json->count[kind] == s->count[kind]);
    if (!s->count[kind])
      continue;
    HOLDS(hsds_csv(s, (enum hsds_kind)kind, &text, &e) == OK);
    HOLDS(hsds_read_csv(csv, str_from(hsds_tables[kind].path), text, &e) == OK && csv->count[kind] == s->count[kind]);
  }
}

static void hsds(struct arena *a, struct str in)
{
  struct hsds_set *s = hsds_set_new(a);
  struct str name = STR_NONE;
  struct err e = {0};
  str_split(&in, '\n', &name);
  if (!fuzz_clean(name) || !read_file(s, name, in, &e))
    return;
  HOLDS(!arena_failed(a));
  if (!records_hold(s))
    return;
  for (struct hsds_record *r = s->first[HSDS_ORGANIZATION]; r; r = r->next)
    HOLDS(hsds_nest(s, r, HSDS_SERVICES) != NULL);
  writes_back(a, s);
}
FUZZ_TARGET(hsds);
