/* find.c: everybody's probe is opened and compared; then, of those who are seen, what may be seen of them is compared once more. So a hit
 * rests on what the one who asks may read, and the work does not tell how many others are alike. */
#include "person/find_scan.h"
#include "person/person_sql.h"
#include "person/probe.h"

enum { LIKE_MOST = 2000 };

struct like {
  id64 person;
  struct find_clues clues;
  int score;
};

struct find_job {
  struct tx *tx;
  const struct scope *list;
  const struct find_query *q;
  struct arena *a;
  struct ids visible, silent;
  struct ids likely;  /* by everything that is known, and not silent */
  struct like *likes; /* of those who are seen */
  size_t like_count, like_room;
  struct find_answer *answer;
  struct like page[LIMIT_PAGE_ROWS];
  size_t page_count;
};

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

static enum code take_probe(void *arg, id64 person, struct str lines, struct err *e)
{
  struct find_job *job = arg;
  struct find_clues clues = {0};
  struct str value;
  enum attribute k;
  enum code c = OK;
  while (probe_next(&lines, &k, &value))
    find_compare(job->q, k, value, &clues);
  bool silent = ids_have(&job->silent, person);
  if (!silent && find_is_likely(&clues))
    c = ids_add(job->a, &job->likely, person, e);
  if (silent) /* what may be concealed finds nobody */
    clues.phone = FIND_NONE;
  if (c == OK && find_score(&clues) && ids_have(&job->visible, person))
    c = add_like(job, person, &clues, e);
  return c;
}

/* ---- what may be seen of those who are -------------------------------------------------------------------------------- */

static void take_value(void *arg, id64 person, enum attribute k, struct str value)
{
  struct find_job *job = arg;
  for (size_t i = 0; i < job->page_count; i++)
    if (job->page[i].person == person)
      find_compare(job->q, k, value, &job->page[i].clues);
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
  enum code c = find_seen(job->tx, job->list, ids, n, take_value, job, e);
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

/* Of those whom `whose` yields, everybody who is like what is looked for. */
static enum code
begin(struct find_job *job,
      enum code (*whose)(struct tx *, const struct scope *, struct arena *, struct ids *, struct err *), struct err *e)
{
  enum code c = whose(job->tx, job->list, job->a, &job->visible, e);
  if (c == OK)
    c = find_sql_silent(job->tx, job->list, job->a, &job->silent, e);
  return c == OK && find_asks(job->q) ? find_scan(job->tx, take_probe, job, e) : c;
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
  if (c == OK)
    *ret = answer;
  return c;
}
