/* find_exact.c: exactly one, by the whole name and the birth date. */
#include "person/find_scan.h"
#include "person/probe.h"

struct exact_job {
  const struct find_query *q;
  id64 found;
  int count;
};

static enum code compare(void *arg, id64 person, struct str lines, struct err *e)
{
  struct exact_job *job = arg;
  struct find_clues clues = {0};
  struct str value;
  enum attribute k;
  while (probe_next(&lines, &k, &value))
    find_compare(job->q, k, value, &clues);
  if (clues.name == FIND_SAME && clues.birth == FIND_SAME) {
    job->found = person;
    job->count++;
  }
  return OK;
}

enum code person_find_exact(struct tx *tx, const struct scope *list, const struct find_query *q, id64 *ret,
                            struct err *e)
{
  struct exact_job job = {.q = q};
  (void)list; /* the capability to look */
  enum code c = find_scan(tx, compare, &job, e);
  if (c == OK)
    *ret = job.count == 1 ? job.found : 0;
  return c;
}
