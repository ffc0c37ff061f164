/* listed.c: what a list shows of the persons of one page. */
#include "base/utf8.h"
#include "person/person.h"
#include "person/person_sql.h"

struct listed_job {
  struct tx *tx;
  const struct scope *list;
  enum listed_what what;
  const struct access_seen *seen; /* NULL: not asked yet */
  struct listed_person *p;
  size_t n, last; /* of the row before: rows of one person come together */
  struct arena *a;
  struct {
    bool again; /* the same person stands further up */
    bool heard; /* something was said of this person */
    bool more;  /* others wrote something, too */
  } of[LIMIT_PAGE_ROWS];
};

/* job->n: nobody who was asked about. */
static size_t find(const struct listed_job *job, id64 person)
{
  for (size_t i = 0; i < job->n; i++) {
    size_t k = job->last + i < job->n ? job->last + i : job->last + i - job->n;
    if (job->p[k].person == person && !job->of[k].again)
      return k;
  }
  return job->n;
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
  size_t k = find(job, row->person);
  if (k == job->n)
    return BUG(e, "a list was told of somebody it did not ask about");
  job->last = k;
  job->of[k].heard = true;
  job->of[k].more |= row->others;
  if (row->others)
    return OK;
  struct listed_person *p = &job->p[k];
  enum code c = p->has_key ? OK
                           : key_unwrap(db_app(tx_db(job->tx)), tx_network(job->tx), (int)row->epoch, row->person,
                                        row->wrapped, &p->key, e);
  if (c != OK)
    return c;
  p->has_key = true;
  struct seal_at at = {
      .table = "person_attribute", .column = "value_sealed", .network = tx_network(job->tx), .row = row->id};
  c = unseal(job->a, &p->key, at, row->sealed, &value, e);
  if (c == OK)
    take_value(job, p, row, value);
  return c;
}

/* Each person once; of those who are seen already, whoever is worked on. All have the mask of the actor's role; who had another is left to
 * the engine. */
static enum code ask_own(struct listed_job *job, struct err *e)
{
  id64 ids[LIMIT_PAGE_ROWS];
  cats_t own = 0;
  size_t n = 0;
  for (size_t i = 0; i < job->n; i++) {
    job->p[i] = (struct listed_person){.person = job->p[i].person};
    job->of[i].again = find(job, job->p[i].person) < i;
    if (job->of[i].again || (job->seen && !job->seen[i].worked_on))
      continue;
    if (job->seen && !own)
      own = job->seen[i].own;
    if (!job->seen || job->seen[i].own == own)
      ids[n++] = job->p[i].person;
  }
  if (job->seen && n)
    return person_sql_listed_worked_on(job->tx, job->list, job->what != LISTED_NAME, own, ids, n, take_row, job, e);
  return n ? person_sql_listed_own(job->tx, job->list, job->what != LISTED_NAME, ids, n, take_row, job, e) : OK;
}

/* Of whom one's own organization's word is not all there may be, everything anew. */
static enum code ask_engine(struct listed_job *job, struct err *e)
{
  struct access_view views[LIMIT_PAGE_ROWS];
  id64 ids[LIMIT_PAGE_ROWS];
  size_t n = 0;
  for (size_t i = 0; i < job->n; i++) {
    if (job->of[i].again || (job->of[i].heard && !job->of[i].more))
      continue;
    listed_wipe(&job->p[i], 1);
    job->p[i] = (struct listed_person){.person = job->p[i].person};
    ids[n++] = job->p[i].person;
  }
  enum code c = n ? access_views(job->tx, job->list, ids, n, views, e) : OK;
  return c == OK && n ? person_sql_listed(job->tx, job->list, job->what != LISTED_NAME, views, n, take_row, job, e) : c;
}

enum code person_listed_seen(struct tx *tx, const struct scope *list, enum listed_what what,
                             const struct access_seen *seen, struct listed_person *p, size_t n, struct arena *a,
                             struct err *e)
{
  struct listed_job job = {.tx = tx, .list = list, .what = what, .seen = seen, .p = p, .n = n, .a = a};
  enum code c = ask_own(&job, e);
  if (c == OK)
    c = ask_engine(&job, e);
  for (size_t i = 0; c == OK && i < n; i++)
    if (job.of[i].again)
      p[i] = p[find(&job, p[i].person)];
  return c;
}

enum code person_listed(struct tx *tx, const struct scope *list, enum listed_what what, struct listed_person *p,
                        size_t n, struct arena *a, struct err *e)
{
  return person_listed_seen(tx, list, what, NULL, p, n, a, e);
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
