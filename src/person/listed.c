/* listed.c: what a list shows of the persons of one page. */
#include "base/utf8.h"
#include "person/person.h"
#include "person/person_sql.h"

struct listed_job {
  struct tx *tx;
  enum listed_what what;
  struct listed_person *p;
  size_t n, last; /* of the row before: rows of one person come together */
  struct arena *a;
};

static struct listed_person *find(struct listed_job *job, id64 person)
{
  for (size_t i = 0; i < job->n; i++) {
    size_t k = (job->last + i) % job->n;
    if (job->p[k].person == person) {
      job->last = k;
      return &job->p[k];
    }
  }
  return NULL;
}

/* Rows come in any order: the newest of a kind stands, as on the person's page. */
static void take(struct listed_person *p, int kind, struct str *to, const struct listed_value *row, struct str value)
{
  if (row->from_at < p->since[kind] || (row->from_at == p->since[kind] && row->id < p->newest[kind]))
    return;
  p->since[kind] = row->from_at;
  p->newest[kind] = row->id;
  *to = value;
}

static void take_value(struct listed_job *job, struct listed_person *p, const struct listed_value *row,
                       struct str value)
{
  if (str_is(row->kind, "birth")) {
    take(p, 3, &p->birth, row, value);
    return;
  }
  if (job->what == LISTED_SEARCHED) {
    struct str folded = utf8_fold(job->a, value);
    p->fold = str_printf(job->a, "%.*s\n%.*s", STR_FMT(p->fold), STR_FMT(folded));
  }
  if (str_is(row->kind, "name"))
    take(p, 0, &p->name, row, value);
  else if (str_is(row->kind, "called"))
    take(p, 1, &p->called, row, value);
  else
    take(p, 2, &p->kana, row, value);
}

static enum code take_row(void *arg, const struct listed_value *row, struct err *e)
{
  struct listed_job *job = arg;
  struct str value = STR_NONE;
  struct listed_person *p = find(job, row->person);
  if (!p)
    return BUG(e, "a list was told of somebody it did not ask about");
  enum code c = p->has_key ? OK
                           : key_unwrap(db_app(tx_db(job->tx)), tx_network(job->tx), (int)row->epoch, row->person,
                                        row->wrapped, &p->key, e);
  if (c != OK)
    return c;
  p->has_key = true;
  if (!row->id)
    return OK;
  struct seal_at at = {
      .table = "person_attribute", .column = "value_sealed", .network = tx_network(job->tx), .row = row->id};
  c = unseal(job->a, &p->key, at, row->sealed, &value, e);
  if (c == OK)
    take_value(job, p, row, value);
  return c;
}

enum code person_listed(struct tx *tx, const struct scope *list, enum listed_what what, struct listed_person *p,
                        size_t n, struct arena *a, struct err *e)
{
  struct listed_job job = {.tx = tx, .what = what, .p = p, .n = n, .a = a};
  id64 ids[LIMIT_PAGE_ROWS];
  for (size_t i = 0; i < n; i++) {
    p[i] = (struct listed_person){.person = p[i].person};
    ids[i] = p[i].person;
  }
  return n ? person_sql_listed(tx, list, what != LISTED_NAME, ids, n, take_row, &job, e) : OK;
}

void listed_wipe(struct listed_person *p, size_t n)
{
  for (size_t i = 0; i < n; i++)
    explicit_bzero(&p[i].key, sizeof p[i].key);
}

struct str listed_name(const struct listed_person *p)
{
  return p->name.n ? p->name : p->called;
}
