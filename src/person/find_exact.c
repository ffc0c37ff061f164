/* find_exact.c: exactly one, by the whole name and the birth date. */
#include "person/find.h"

#include "person/person_sql.h"
#include "person/probe.h"

enum { SCAN_ROWS = 1000, SCAN_BYTES = 16 << 20 };

struct exact_job {
  struct tx *tx;
  struct arena *scratch;
  const struct find_query *q;
  id64 last, found;
  size_t scanned;
  int count;
};

static enum code take_probe(void *arg, const struct probe_row *row, struct err *e)
{
  struct exact_job *job = arg;
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
  job->last = row->person;
  job->scanned++;
  while (c == OK && probe_next(&lines, &k, &value))
    find_compare(job->q, k, value, &clues);
  if (c == OK && clues.name == FIND_SAME && clues.birth == FIND_SAME) {
    job->found = row->person;
    job->count++;
  }
  return c;
}

enum code person_find_exact(struct tx *tx, const struct scope *list, const struct find_query *q, id64 *ret,
                            struct err *e)
{
  struct exact_job job = {.tx = tx, .q = q, .scratch = arena_new(SCAN_BYTES)};
  enum code c = job.scratch ? OK : err_oom(e);
  (void)list; /* the capability to look */
  for (bool more = c == OK; c == OK && more; arena_reset(job.scratch)) {
    job.scanned = 0;
    c = find_sql_each(tx, job.last, SCAN_ROWS, take_probe, &job, e);
    more = job.scanned == SCAN_ROWS;
  }
  arena_free(job.scratch);
  if (c == OK)
    *ret = job.count == 1 ? job.found : 0;
  return c;
}
