/* find.c: everybody's probe is opened and compared; then, of those who are seen, what may be seen of them is compared once more. So a hit
 * rests on what the one who asks may read, and the work does not tell how many others are alike. */
#include "person/find.h"

#include "base/utf8.h"
#include "person/ids.h"
#include "person/person_sql.h"
#include "person/probe.h"

enum { SCAN_ROWS = 1000, SCAN_BYTES = 16 << 20, LIKE_MOST = 2000 };

struct like {
  id64 person;
  struct find_clues clues;
  int score;
};

struct find_job {
  struct tx *tx;
  const struct scope *list;
  const struct find_query *q;
  struct arena *a, *scratch;
  struct ids visible, silent;
  struct ids likely;  /* by everything that is known, and not silent */
  struct like *likes; /* of those who are seen */
  size_t like_count, like_room;
  id64 last;
  size_t scanned;
  struct find_answer *answer;
  struct like page[LIMIT_PAGE_ROWS];
  size_t page_count;
};

static enum code take_visible(void *arg, id64 person, struct err *e)
{
  struct find_job *job = arg;
  return ids_add(job->a, &job->visible, person, e);
}

static enum code take_silent(void *arg, id64 person, struct err *e)
{
  struct find_job *job = arg;
  return ids_add(job->a, &job->silent, person, e);
}

static enum code add_like(struct find_job *job, id64 person, const struct find_clues *clues, struct err *e)
{
  if (job->like_count == job->like_room) {
    size_t room = job->like_room ? 2 * job->like_room : 128;
    job->likes = arena_grow(job->a, job->likes, job->like_room * sizeof *job->likes, room * sizeof *job->likes);
    job->like_room = room;
  }
  if (!job->likes)
    return err_oom(e);
  job->likes[job->like_count++] = (struct like){person, *clues, find_score(clues)};
  return OK;
}

static enum code take_probe(void *arg, const struct probe_row *row, struct err *e)
{
  struct find_job *job = arg;
  struct seal_key key;
  struct find_clues clues = {0};
  struct str lines = STR_NONE, value;
  enum attribute k;
  struct seal_at at = {
      .table = "person_probe", .column = "probe_sealed", .network = tx_network(job->tx), .row = row->person};
  enum code c = key_unwrap(db_app(tx_db(job->tx)), tx_network(job->tx), row->epoch, row->person, row->wrapped, &key, e);
  if (c == OK)
    c = unseal(job->scratch, &key, at, row->sealed, &lines, e);
  explicit_bzero(&key, sizeof key);
  if (c != OK)
    return c;
  job->last = row->person;
  job->scanned++;
  while (probe_next(&lines, &k, &value))
    find_compare(job->q, k, value, &clues);
  bool silent = ids_have(&job->silent, row->person);
  if (!silent && find_is_likely(&clues))
    c = ids_add(job->a, &job->likely, row->person, e);
  if (silent) /* what may be concealed finds nobody */
    clues.phone = FIND_NONE;
  if (c == OK && find_score(&clues) && ids_have(&job->visible, row->person))
    c = add_like(job, row->person, &clues, e);
  return c;
}

static enum code scan(struct find_job *job, struct err *e)
{
  enum code c = OK;
  for (bool more = true; c == OK && more; arena_reset(job->scratch)) {
    job->scanned = 0;
    c = find_sql_each(job->tx, job->last, SCAN_ROWS, take_probe, job, e);
    more = job->scanned == SCAN_ROWS;
  }
  return c;
}

/* ---- what may be seen of those who are -------------------------------------------------------------------------------- */

static enum code take_value(void *arg, const struct listed_value *row, struct err *e)
{
  struct find_job *job = arg;
  struct seal_key key;
  struct str value = STR_NONE;
  enum attribute k;
  if (!attribute_parse(row->kind, &k))
    return OK;
  enum code c =
      key_unwrap(db_app(tx_db(job->tx)), tx_network(job->tx), (int)row->epoch, row->person, row->wrapped, &key, e);
  if (c == OK)
    c = person_listed_value(job->tx, &key, row->id, row->sealed, job->scratch, &value, e);
  explicit_bzero(&key, sizeof key);
  for (size_t i = 0; c == OK && i < job->page_count; i++)
    if (job->page[i].person == row->person)
      find_compare(job->q, k, probe_value(job->scratch, probe_kind_of(k), value), &job->page[i].clues);
  return c;
}

static void add_hit(struct find_job *job, const struct like *l)
{
  struct find_answer *ret = job->answer;
  if (!find_score(&l->clues))
    return;
  ret->more = ret->more || ret->count == FIND_HITS;
  if (ret->count == FIND_HITS)
    return;
  ret->hits[ret->count++] = (struct find_hit){l->person, l->clues};
  ret->likely = ret->likely || find_is_likely(&l->clues);
  scope_showed(job->list, l->person);
}

static int best_first(const void *a, const void *b)
{
  const struct like *x = a, *y = b;
  if (x->score != y->score)
    return y->score - x->score;
  return (x->person < y->person) - (x->person > y->person); /* the newer one */
}

static enum code open_page(struct find_job *job, const struct like *from, size_t n, struct err *e)
{
  id64 ids[LIMIT_PAGE_ROWS];
  job->page_count = n;
  for (size_t i = 0; i < n; i++) {
    ids[i] = from[i].person;
    job->page[i] = (struct like){.person = from[i].person};
  }
  enum code c = find_sql_values(job->tx, job->list, ids, n, take_value, job, e);
  for (size_t i = 0; i < n; i++)
    job->page[i].score = find_score(&job->page[i].clues);
  qsort(job->page, n, sizeof *job->page, best_first);
  for (size_t i = 0; c == OK && i < n; i++)
    add_hit(job, &job->page[i]);
  return c;
}

static enum code open_likes(struct find_job *job, struct err *e)
{
  enum code c = OK;
  if (job->like_count)
    qsort(job->likes, job->like_count, sizeof *job->likes, best_first);
  size_t most = job->like_count < LIKE_MOST ? job->like_count : LIKE_MOST;
  for (size_t i = 0; c == OK && i < most && !job->answer->more; i += LIMIT_PAGE_ROWS)
    c = open_page(job, job->likes + i, most - i < LIMIT_PAGE_ROWS ? most - i : LIMIT_PAGE_ROWS, e);
  return c;
}

static bool is_hit(const struct find_answer *f, id64 person)
{
  for (size_t i = 0; i < f->count; i++)
    if (f->hits[i].person == person)
      return true;
  return false;
}

/* Whom `whose` yields, and everybody's probe compared. The scratch arena is the caller's to free, also after a failure. */
static enum code begin(struct find_job *job,
                       enum code (*whose)(struct tx *, const struct scope *, find_person_fn, void *, struct err *),
                       struct err *e)
{
  job->scratch = arena_new(SCAN_BYTES);
  if (!job->scratch)
    return err_oom(e);
  arena_mark_secret(job->scratch);
  enum code c = whose(job->tx, job->list, take_visible, job, e);
  if (c == OK)
    c = find_sql_silent(job->tx, job->list, take_silent, job, e);
  ids_sort(&job->visible);
  ids_sort(&job->silent);
  return c == OK && find_asks(job->q) ? scan(job, e) : c;
}

enum code person_find(struct tx *tx, const struct scope *list, const struct find_query *q, struct arena *a,
                      struct find_answer *ret, struct err *e)
{
  struct find_answer answer = {.count = 0};
  struct find_job job = {.tx = tx, .list = list, .q = q, .a = a, .answer = &answer};
  enum code c = begin(&job, find_sql_visible, e);
  if (c == OK)
    c = open_likes(&job, e);
  for (size_t i = 0; i < job.likely.n; i++)
    answer.elsewhere = answer.elsewhere || !is_hit(&answer, job.likely.at[i]);
  arena_free(job.scratch);
  if (c == OK)
    *ret = answer;
  return c;
}

enum code person_find_engaged(struct tx *tx, const struct scope *list, const struct find_query *q, struct arena *a,
                              struct find_answer *ret, struct err *e)
{
  struct find_answer answer = {.count = 0};
  struct find_job job = {.tx = tx, .list = list, .q = q, .a = a, .answer = &answer};
  enum code c = begin(&job, find_sql_engaged, e);
  if (c == OK && job.like_count)
    qsort(job.likes, job.like_count, sizeof *job.likes, best_first);
  for (size_t i = 0; c == OK && i < job.like_count; i++)
    if (job.likes[i].clues.name >= FIND_NEAR || find_is_likely(&job.likes[i].clues))
      add_hit(&job, &job.likes[i]);
  arena_free(job.scratch);
  if (c == OK)
    *ret = answer;
  return c;
}
