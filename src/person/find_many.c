/* find_many.c: the rules of find.c for many at once: everybody's probe is opened one time and compared with each. */
#include "person/find_scan.h"
#include "person/person_sql.h"
#include "person/probe.h"

enum { PROBE_LINES = 64 };

struct line {
  enum attribute kind;
  struct str value;
};

struct many_job {
  struct tx *tx;
  const struct scope *list;
  const struct find_query *q;
  size_t n;
  struct arena *a;
  struct ids visible, silent;
  size_t room;
  struct find_many *ret;
  /* the pairs whose persons are looked at once more, and what is seen of these */
  size_t from, until;
  struct find_clues *clues;
};

static enum code add_pair(struct many_job *job, size_t query, id64 person, struct err *e)
{
  struct find_many *ret = job->ret;
  if (ret->count == job->room) {
    size_t room = job->room ? 2 * job->room : 64;
    ret->pairs = arena_grow(job->a, ret->pairs, job->room * sizeof *ret->pairs, room * sizeof *ret->pairs);
    job->room = room;
  }
  if (!ret->pairs)
    return err_oom(e);
  ret->pairs[ret->count++] = (struct find_pair){query, person};
  return OK;
}

static enum code compare(struct many_job *job, id64 person, const struct line *lines, size_t count, struct err *e)
{
  enum code c = OK;
  bool silent = ids_have(&job->silent, person);
  for (size_t i = 0; c == OK && i < job->n; i++) {
    struct find_clues clues = {0};
    for (size_t k = 0; k < count; k++)
      find_compare(&job->q[i], lines[k].kind, lines[k].value, &clues);
    if (silent) /* what may be concealed finds nobody */
      clues.phone = FIND_NONE;
    if (!find_is_likely(&clues))
      continue;
    if (ids_have(&job->visible, person))
      c = add_pair(job, i, person, e);
    else if (!silent)
      job->ret->elsewhere[i] = true;
  }
  return c;
}

static enum code take_probe(void *arg, id64 person, struct str text, struct err *e)
{
  struct line lines[PROBE_LINES];
  size_t count = 0;
  while (count < PROBE_LINES && probe_next(&text, &lines[count].kind, &lines[count].value))
    count++;
  return compare(arg, person, lines, count, e);
}

/* ---- what may be seen of those who are ------------------------------------------------------------------------------------ */

static void take_value(void *arg, id64 person, enum attribute k, struct str value)
{
  struct many_job *job = arg;
  for (size_t i = job->from; i < job->until; i++)
    if (job->ret->pairs[i].person == person)
      find_compare(&job->q[job->ret->pairs[i].query], k, value, &job->clues[i]);
}

/* The pairs of the next persons, as many as a page has. */
static enum code look_again(struct many_job *job, struct err *e)
{
  const struct find_many *ret = job->ret;
  id64 ids[LIMIT_PAGE_ROWS];
  size_t n = 0;
  job->from = job->until;
  for (; job->until < ret->count; job->until++) {
    id64 person = ret->pairs[job->until].person;
    if (n && ids[n - 1] == person)
      continue;
    if (n == LIMIT_PAGE_ROWS)
      break;
    ids[n++] = person;
  }
  return find_seen(job->tx, job->list, ids, n, take_value, job, e);
}

/* What is likely only by what may not be seen is as if the person were somebody else's. */
static void sift(struct many_job *job)
{
  struct find_many *ret = job->ret;
  size_t n = 0;
  for (size_t i = 0; i < ret->count; i++)
    if (find_is_likely(&job->clues[i])) {
      scope_showed(job->list, ret->pairs[i].person);
      ret->pairs[n++] = ret->pairs[i];
    } else if (!ids_have(&job->silent, ret->pairs[i].person)) {
      ret->elsewhere[ret->pairs[i].query] = true;
    }
  ret->count = n;
}

static enum code look_at_pairs(struct many_job *job, struct err *e)
{
  enum code c = OK;
  job->clues = arena_array(job->a, job->ret->count + 1, sizeof *job->clues);
  if (!job->clues)
    return err_oom(e);
  memset(job->clues, 0, (job->ret->count + 1) * sizeof *job->clues);
  while (c == OK && job->until < job->ret->count)
    c = look_again(job, e);
  if (c == OK)
    sift(job);
  return c;
}

enum code person_find_many(struct tx *tx, const struct scope *list, const struct find_query *q, size_t n,
                           struct arena *a, struct find_many *ret, struct err *e)
{
  struct find_many many = {.elsewhere = arena_array(a, n + 1, sizeof(bool))};
  struct many_job job = {.tx = tx, .list = list, .q = q, .n = n, .a = a, .ret = &many};
  if (!many.elsewhere)
    return err_oom(e);
  memset(many.elsewhere, 0, (n + 1) * sizeof(bool));
  enum code c = find_sql_visible(tx, list, a, &job.visible, e);
  if (c == OK)
    c = find_sql_silent(tx, list, a, &job.silent, e);
  if (c == OK)
    c = find_scan(tx, take_probe, &job, e);
  if (c == OK)
    c = look_at_pairs(&job, e);
  if (c == OK)
    *ret = many;
  return c;
}
