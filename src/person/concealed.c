/* concealed.c: what is concealed of a person, as something to look for in texts. */
#include "gate/gate.h"
#include "person/person.h"
#include "person/person_sql.h"

struct concealed_job {
  struct tx *tx;
  struct arena *a;
  struct needles **list;
};

static enum needle_kind kind_of(int64_t item)
{
  return item & ITEM_ADDRESS                     ? NEEDLE_ADDRESS
         : item & ITEM_PHONE                     ? NEEDLE_PHONE
         : item & (ITEM_SCHOOL | ITEM_WORKPLACE) ? NEEDLE_NAME
                                                 : NEEDLE_TEXT;
}

static enum code take_row(void *arg, const struct concealed_row *row, struct err *e)
{
  struct concealed_job *job = arg;
  struct seal_key key;
  struct str value = STR_NONE;
  struct seal_at at = {.table = row->of_person ? "person_attribute" : "concealed_value",
                       .column = "value_sealed",
                       .network = tx_network(job->tx),
                       .row = row->id};
  enum code c =
      key_unwrap(db_app(tx_db(job->tx)), tx_network(job->tx), (int)row->epoch, row->person, row->wrapped, &key, e);
  if (c == OK)
    c = unseal(job->a, &key, at, row->sealed, &value, e);
  explicit_bzero(&key, sizeof key);
  if (c == OK)
    needles_add(job->a, job->list, kind_of(row->item), value);
  return c;
}

static enum code load(struct tx *tx, const id64 *persons, size_t n, struct arena *a, struct needles **list,
                      struct err *e)
{
  struct concealed_job job = {tx, a, list};
  return concealed_sql_each(tx, persons, n, take_row, &job, e);
}

VEIL_DEFINE(veil_of_persons, load);

enum code person_listed_concealed(struct tx *tx, const struct scope *list, id64 person, struct arena *a,
                                  struct needles **ret, struct err *e)
{
  return load(tx, &person, 1, a, ret, e);
}

enum code person_concealed(struct tx *tx, const struct scope *s, struct arena *a, struct needles **list, struct err *e)
{
  id64 person = scope_person(s);
  return scope_decision(s)->concealment ? load(tx, &person, 1, a, list, e) : OK;
}
