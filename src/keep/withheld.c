/* withheld.c: what a 秘匿 keeps out of an export. Of persons with a live concealment the concealed items are not written, nor any text of
 * theirs in which such a value stands, however it is spaced, written wide or narrow, or hyphenated. */
#include "base/limits.h"
#include "base/utf8.h"
#include "keep/open_row.h"

#define MARK JA("秘匿あり")
enum { SHORTEST = 4 }; /* bytes of a folded value that is looked for in other texts */

struct value {
  id64 person;
  struct str folded;
  struct value *next;
};
struct concealed {
  id64 person;
  int64_t items;
  struct concealed *next;
};
struct withheld {
  struct arena *a;
  const struct person_keys *keys;
  id64 network;
  ts_t now;
  const struct table *table;
  struct concealed *persons;
  struct value *values;
  int64_t count;
};

/* Folded, and without what people write between parts of numbers and addresses. */
static struct str bare(struct arena *a, struct str text)
{
  struct str folded = utf8_fold(a, text);
  struct buf b;
  buf_init(&b, a, 2 * text.n + 4096);
  for (size_t at = 0; at < folded.n;) {
    size_t from = at;
    int32_t cp = utf8_next(folded, &at);
    bool kept = cp >= 0x80 ? !(cp >= 0x2010 && cp <= 0x2015) && cp != 0x2212
                           : (cp >= '0' && cp <= '9') || (cp >= 'a' && cp <= 'z');
    if (kept)
      buf_add(&b, str_sub(folded, from, at - from));
  }
  return buf_str(&b);
}

static int64_t items_of(const struct withheld *w, id64 person)
{
  int64_t items = 0;
  for (const struct concealed *c = w->persons; c; c = c->next)
    if (c->person == person)
      items |= c->items;
  return items;
}

static int64_t cell(const struct table *t, const struct bind *cells, const char *column)
{
  int i = table_column(t, column);
  return i >= 0 ? cells[i].i : 0;
}

static enum code take_concealment(void *arg, const struct bind *cells, struct err *e)
{
  struct withheld *w = arg;
  ts_t from = cell(w->table, cells, "from_at"), until = cell(w->table, cells, "until_at");
  if (from > w->now || (until && until <= w->now))
    return OK;
  struct concealed *c = arena_new_of(w->a, struct concealed);
  if (!c)
    return err_oom(e);
  *c = (struct concealed){cell(w->table, cells, "person_id"), cell(w->table, cells, "items"), w->persons};
  w->persons = c;
  return OK;
}

static enum code take_attribute(void *arg, const struct bind *cells, struct err *e)
{
  struct withheld *w = arg;
  id64 person = cell(w->table, cells, "person_id");
  int sealed = table_column(w->table, "value_sealed");
  const struct seal_key *key = person_keys_get(w->keys, person);
  struct seal_at at = {
      .table = "person_attribute", .column = "value_sealed", .network = w->network, .row = cell(w->table, cells, "id")};
  struct str text = STR_NONE;
  if (!(cell(w->table, cells, "item") & items_of(w, person)) || !key)
    return OK;
  enum code c = unseal(w->a, key, at, cells[sealed].s, &text, e);
  struct str folded = c == OK ? bare(w->a, text) : STR_NONE;
  if (c != OK || folded.n < SHORTEST)
    return c;
  struct value *v = arena_new_of(w->a, struct value);
  if (!v)
    return err_oom(e);
  *v = (struct value){person, folded, w->values};
  w->values = v;
  return OK;
}

enum code withheld_load(struct tx *tx, struct arena *a, const struct person_keys *keys, struct table *const *list,
                        size_t count, struct withheld **ret, struct err *e)
{
  struct withheld *w = arena_new_of(a, struct withheld);
  const struct table *concealment = table_find(list, count, S("concealment")),
                     *attribute = table_find(list, count, S("person_attribute"));
  if (!w || !concealment || !attribute)
    return BUG(e, "the tables of persons and concealments");
  *w = (struct withheld){.a = a, .keys = keys, .network = tx_network(tx), .now = tx_now(tx), .table = concealment};
  enum code c = table_each(tx, concealment, tx_network(tx), take_concealment, w, e);
  w->table = attribute;
  if (c == OK && w->persons)
    c = table_each(tx, attribute, tx_network(tx), take_attribute, w, e);
  if (c == OK)
    *ret = w;
  return c;
}

static bool tells(const struct withheld *w, struct arena *a, id64 person, struct str text)
{
  struct str folded = STR_NONE;
  for (const struct value *v = w->values; v; v = v->next) {
    if (v->person != person)
      continue;
    if (!folded.p)
      folded = bare(a, text);
    if (str_contains(folded, v->folded))
      return true;
  }
  return false;
}

/* Answers of forms stay readable: only the strings that tell it are replaced. */
static struct doc *mask_doc(struct withheld *w, struct arena *a, id64 person, const struct doc *d)
{
  struct doc *out;
  switch (doc_kind(d)) {
  case DOC_MAP:
    out = doc_map(a);
    for (size_t i = 0; i < doc_size(d); i++)
      doc_put_key(out, doc_key_at(d, i), mask_doc(w, a, person, doc_value_at(d, i)));
    return out;
  case DOC_LIST:
    out = doc_list(a);
    for (size_t i = 0; i < doc_size(d); i++)
      doc_add(out, mask_doc(w, a, person, doc_at(d, i)));
    return out;
  case DOC_STR:
    if (tells(w, a, person, doc_string(d))) {
      w->count++;
      return doc_str(a, str_from(MARK));
    }
    return (struct doc *)d;
  default:
    return (struct doc *)d;
  }
}

struct str withheld_mask(struct withheld *w, struct arena *a, id64 person, int64_t item, struct str text)
{
  struct doc *d = NULL;
  struct err ignored;
  struct buf b;
  if (!items_of(w, person))
    return text;
  if (!(item & items_of(w, person)) && !tells(w, a, person, text))
    return text;
  if (text.n && (text.p[0] == '{' || text.p[0] == '[') && json_parse(a, text, &d, &ignored) == OK) {
    buf_init(&b, a, LIMIT_PAGE);
    json_write(&b, mask_doc(w, a, person, d));
    return buf_str(&b);
  }
  w->count += !str_is(text, MARK);
  return str_from(MARK);
}

int64_t withheld_count(const struct withheld *w)
{
  return w ? w->count : 0;
}
