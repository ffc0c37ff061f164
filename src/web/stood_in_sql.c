#include "web/stood_in_sql.h"

#include "access/visible.h"

STMT_READ(
    q_any, "stood_in_any",
    "SELECT count(*) FROM (SELECT t.id FROM assignment a JOIN stand_in t ON t.network_id = $1 AND t.person_id ="
    " a.person_id AND t.from_at > $3 AND t.user_id <> $2 WHERE a.network_id = $1 AND a.user_id = $2 LIMIT 1) AS one");
/* $5 the user, $6 since */
STMT_READ(q_stood_in, "stood_in",
          "WITH who AS (" VISIBLE_PERSONS ") SELECT t.case_id, t.person_id, t.from_at, c.number, u.name FROM who"
          " CROSS JOIN stand_in t JOIN case_file c ON c.network_id = $1 AND c.id = t.case_id"
          " JOIN user_account u ON u.network_id = $1 AND u.id = t.user_id"
          " WHERE t.network_id = $1 AND t.person_id = who.person_id AND t.from_at > $6 AND t.user_id <> $5"
          " AND t.organization_id = $3"
          " AND EXISTS (SELECT 1 FROM assignment s WHERE s.network_id = $1 AND s.case_id = t.case_id AND s.user_id = $5"
          " AND s.organization_id = $3 AND s.from_at <= $4 AND (s.until_at IS NULL OR s.until_at > $4))"
          " ORDER BY t.from_at DESC, t.id DESC LIMIT 20");

enum code stood_in_sql_since(struct tx *tx, const struct scope *list, ts_t since, stood_in_fn fn, void *arg,
                             struct err *e)
{
  int64_t any = 0;
  struct rows r = {0};
  id64 user = scope_actor(list)->user;
  enum code c = db_ask_int(tx, &q_any, &any, e, BINDS(b_int(tx_network(tx)), b_int(user), b_int(since)));
  if (c != OK || !any || scope_decision(list)->visit_only) /* a visitor is told of visits */
    return c;
  c = db_query(tx, &q_stood_in, &r, e, BINDS(VISIBLE_BINDS(list, tx_now(tx)), b_int(user), b_int(since)));
  if (c != OK)
    return c;
  while (c == OK && rows_next(&r)) {
    const struct stood_in row = {.case_id = rows_int(&r, 0),
                                 .person = rows_int(&r, 1),
                                 .at = rows_int(&r, 2),
                                 .number = rows_text(&r, 3),
                                 .by = rows_text(&r, 4)};
    c = fn(arg, &row, e);
  }
  return rows_finish(&r, c, e);
}

STMT_READ(q_lent_until, "lent_until",
          "SELECT COALESCE(max(x.until_at), 0) FROM (SELECT until_at FROM stand_in WHERE network_id = $1 AND id = $2"
          " UNION ALL SELECT until_at FROM break_glass WHERE network_id = $1 AND id = $2) AS x");

enum code stood_in_sql_lent_until(struct tx *tx, id64 id, ts_t *ret, struct err *e)
{
  return db_ask_int(tx, &q_lent_until, ret, e, BINDS(b_int(tx_network(tx)), b_int(id)));
}
