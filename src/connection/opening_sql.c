#include "connection/connection_sql.h"
#include "connection/late.h"
#include "connection/opening.h"

STMT_READ(
    q_load, "closed_day_load",
    "SELECT organization_id, day, until_day, id FROM closed_day WHERE network_id = $1 ORDER BY organization_id, day");

enum code opening_load(struct tx *tx, struct opening *ret, struct err *e)
{
  struct rows r = {0};
  struct closed_days *list = NULL;
  size_t n = 0;
  enum code c = db_query(tx, &q_load, &r, e, BINDS(b_int(tx_network(tx))));
  if (c != OK)
    return c;
  while (c == OK && rows_next(&r)) {
    struct closed_days one = {.organization = rows_int(&r, 0), .id = rows_int(&r, 3)};
    if ((n & (n - 1)) == 0) /* full at each power of two */
      list = arena_grow(tx_arena(tx), list, n * sizeof *list, (n ? 2 * n : 1) * sizeof *list);
    if (arena_failed(tx_arena(tx)))
      c = err_oom(e);
    else if (date_parse_iso(rows_text(&r, 1), &one.from) && date_parse_iso(rows_text(&r, 2), &one.until))
      list[n++] = one;
  }
  c = rows_finish(&r, c, e);
  if (c == OK)
    *ret = (struct opening){list, n};
  return c;
}

STMT_READ(q_count, "closed_day_count",
          "SELECT count(*) FROM closed_day WHERE network_id = $1 AND organization_id = $2");

enum code closed_sql_count(struct tx *tx, id64 organization, int64_t *ret, struct err *e)
{
  return db_ask_int(tx, &q_count, ret, e, BINDS(b_int(tx_network(tx)), b_int(organization)));
}

STMT_WRITE(q_put, "closed_day_put",
           "INSERT INTO closed_day (network_id, organization_id, day, until_day, id) VALUES ($1, $2, $3, $4, $5)"
           " ON CONFLICT (network_id, organization_id, day) DO UPDATE SET until_day = $4");

enum code closed_sql_put(struct tx *tx, id64 organization, struct str day, struct str until, struct err *e)
{
  return db_exec(
      tx, &q_put, NULL, e,
      BINDS(b_int(tx_network(tx)), b_int(organization), b_text(day), b_text(until), b_int(id_new(tx_now(tx)))));
}

STMT_WRITE(q_delete, "closed_day_delete",
           "DELETE FROM closed_day WHERE network_id = $1 AND organization_id = $2 AND id = $3");

enum code closed_sql_delete(struct tx *tx, id64 organization, id64 id, struct err *e)
{
  int64_t gone = 0;
  enum code c = db_exec(tx, &q_delete, &gone, e, BINDS(b_int(tx_network(tx)), b_int(organization), b_int(id)));
  return c == OK && !gone ? err_set(e, NOT_FOUND, code_msg(NOT_FOUND)) : c;
}
