#include "person/find_scan.h"

#include "person/person_sql.h"
#include "person/probe.h"

enum { SCAN_ROWS = 1000, SCAN_BYTES = 16 << 20 };

struct scan {
  struct tx *tx;
  struct arena *scratch;
  find_probe_fn fn;
  void *arg;
  id64 last;
  size_t rows;
};

static enum code secret_scratch(struct arena **ret, struct err *e)
{
  *ret = arena_new(SCAN_BYTES);
  if (!*ret)
    return err_oom(e);
  arena_mark_secret(*ret);
  return OK;
}

static enum code open_probe(void *arg, const struct probe_row *row, struct err *e)
{
  struct scan *s = arg;
  struct seal_key key;
  struct str lines = STR_NONE;
  struct seal_at at = {
      .table = "person_probe", .column = "probe_sealed", .network = tx_network(s->tx), .row = row->person};
  s->last = row->person;
  s->rows++;
  enum code c = key_unwrap(db_app(tx_db(s->tx)), tx_network(s->tx), row->epoch, row->person, row->wrapped, &key, e);
  if (c == OK)
    c = unseal(s->scratch, &key, at, row->sealed, &lines, e);
  explicit_bzero(&key, sizeof key);
  return c == OK ? s->fn(s->arg, row->person, lines, e) : c;
}

enum code find_scan(struct tx *tx, find_probe_fn fn, void *arg, struct err *e)
{
  struct scan s = {.tx = tx, .fn = fn, .arg = arg};
  enum code c = secret_scratch(&s.scratch, e);
  for (bool more = c == OK; more; arena_reset(s.scratch)) {
    s.rows = 0;
    c = find_sql_each(tx, s.last, SCAN_ROWS, open_probe, &s, e);
    more = c == OK && s.rows == SCAN_ROWS;
  }
  arena_free(s.scratch);
  return c;
}

/* ---- what may be seen -------------------------------------------------------------------------------------------------- */

struct gaze {
  struct tx *tx;
  struct arena *scratch;
  find_value_fn fn;
  void *arg;
};

static enum code open_value(void *arg, const struct listed_value *row, struct err *e)
{
  struct gaze *g = arg;
  struct seal_key key;
  struct str value = STR_NONE;
  enum attribute k;
  if (!attribute_parse(row->kind, &k))
    return OK;
  enum code c =
      key_unwrap(db_app(tx_db(g->tx)), tx_network(g->tx), (int)row->epoch, row->person, row->wrapped, &key, e);
  if (c == OK)
    c = person_listed_value(g->tx, &key, row->id, row->sealed, g->scratch, &value, e);
  explicit_bzero(&key, sizeof key);
  if (c == OK)
    g->fn(g->arg, row->person, k, probe_value(g->scratch, probe_kind_of(k), value));
  return c;
}

enum code find_seen(struct tx *tx, const struct scope *list, const id64 *persons, size_t n, find_value_fn fn, void *arg,
                    struct err *e)
{
  struct gaze g = {.tx = tx, .fn = fn, .arg = arg};
  enum code c = secret_scratch(&g.scratch, e);
  if (c == OK)
    c = find_sql_values(tx, list, persons, n, open_value, &g, e);
  arena_free(g.scratch);
  return c;
}
