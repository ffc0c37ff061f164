/* withheld.c: what a 秘匿 keeps out of an export. Of persons with a live concealment the concealed items are not written, nor any text of
 * theirs in which such a value stands, however it is spaced, written wide or narrow, or hyphenated. */
#include "access/access.h"
#include "base/limits.h"
#include "base/resemble.h"
#include "keep/open_row.h"

#define MARK JA("秘匿あり")

struct concealed {
  id64 person;
  int64_t items;
  struct needles *needles;
  struct concealed *next;
};
struct withheld {
  struct arena *a;
  const struct person_keys *keys;
  id64 network;
  ts_t now;
  const struct table *table;
  struct concealed *persons;
  int64_t count;
};

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
  *c = (struct concealed){cell(w->table, cells, "person_id"), cell(w->table, cells, "items"), NULL, w->persons};
  w->persons = c;
  return OK;
}

static struct concealed *first_of(const struct withheld *w, id64 person)
{
  struct concealed *c = w->persons;
  while (c && c->person != person)
    c = c->next;
  return c;
}

static enum needle_kind kind_of(int64_t item)
{
  return item & ITEM_ADDRESS                     ? NEEDLE_ADDRESS
         : item & ITEM_PHONE                     ? NEEDLE_PHONE
         : item & (ITEM_SCHOOL | ITEM_WORKPLACE) ? NEEDLE_NAME
                                                 : NEEDLE_TEXT;
}

/* An attribute of a concealed kind, or a value that was written down with the 秘匿. */
static enum code take_value(void *arg, const struct bind *cells, struct err *e)
{
  struct withheld *w = arg;
  id64 person = cell(w->table, cells, "person_id");
  int64_t item = cell(w->table, cells, "item");
  const struct seal_key *key = person_keys_get(w->keys, person);
  struct concealed *of = first_of(w, person);
  struct seal_at at = {
      .table = w->table->name, .column = "value_sealed", .network = w->network, .row = cell(w->table, cells, "id")};
  struct str text = STR_NONE;
  bool apart =
      strcmp(w->table->name, "concealed_value") == 0; /* whatever it is, also where the person's own is not concealed */
  if (!of || !key || (!apart && !(item & items_of(w, person))))
    return OK;
  enum code c = unseal(w->a, key, at, cells[table_column(w->table, "value_sealed")].s, &text, e);
  if (c == OK)
    needles_add(w->a, &of->needles, kind_of(item), text);
  return c;
}

enum code withheld_load(struct tx *tx, struct arena *a, const struct person_keys *keys, struct table *const *list,
                        size_t count, struct withheld **ret, struct err *e)
{
  struct withheld *w = arena_new_of(a, struct withheld);
  const struct table *concealment = table_find(list, count, S("concealment")),
                     *attribute = table_find(list, count, S("person_attribute")),
                     *apart = table_find(list, count, S("concealed_value"));
  if (!w || !concealment || !attribute || !apart)
    return BUG(e, "the tables of persons and concealments");
  *w = (struct withheld){.a = a, .keys = keys, .network = tx_network(tx), .now = tx_now(tx), .table = concealment};
  enum code c = table_each(tx, concealment, tx_network(tx), take_concealment, w, e);
  w->table = attribute;
  if (c == OK && w->persons)
    c = table_each(tx, attribute, tx_network(tx), take_value, w, e);
  w->table = apart;
  if (c == OK && w->persons)
    c = table_each(tx, apart, tx_network(tx), take_value, w, e);
  if (c == OK)
    *ret = w;
  return c;
}

static bool tells(const struct withheld *w, struct arena *a, id64 person, struct str text)
{
  const struct concealed *of = first_of(w, person);
  return of && needles_find(of->needles, a, text) == RESEMBLES;
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
