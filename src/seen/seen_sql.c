#include "seen/seen_sql.h"

/* 2 and 3 are REASON_CONSENT and REASON_BASIS. */
STMT_READ(q_each, "seen_each",
          "SELECT s.organization_id, s.action, s.reason, s.reason_ref, s.first_at, o.name, u.job,"
          " COALESCE(c.from_at, b.from_at) FROM seen s"
          " LEFT JOIN organization o ON o.network_id = s.network_id AND o.id = s.organization_id"
          " LEFT JOIN user_account u ON u.network_id = s.network_id AND u.id = s.user_id"
          " LEFT JOIN consent c ON s.reason = 2 AND c.network_id = s.network_id AND c.id = s.reason_ref"
          "  AND c.person_id = s.person_id"
          " LEFT JOIN legal_basis b ON s.reason = 3 AND b.network_id = s.network_id AND b.id = s.reason_ref"
          "  AND b.person_id = s.person_id"
          " WHERE s.network_id = $1 AND s.person_id = $2"
          " ORDER BY s.day DESC, s.first_at DESC, s.user_id, s.organization_id, s.action, s.reason, s.reason_ref"
          " LIMIT $3 OFFSET $4");
_Static_assert(REASON_CONSENT == 2 && REASON_BASIS == 3, "seen_each names them");

enum code seen_sql_each(struct tx *tx, const struct scope *party, int64_t skip, int limit, seen_fn fn, void *arg,
                        struct err *e)
{
  struct rows r = {0};
  enum code c =
      db_query(tx, &q_each, &r, e, BINDS(b_int(tx_network(tx)), b_int(scope_person(party)), b_int(limit), b_int(skip)));
  if (c != OK)
    return c;
  while (c == OK && rows_next(&r)) {
    struct seen_row row = {.look = {.organization = rows_int(&r, 0),
                                    .action = (enum action)rows_int(&r, 1),
                                    .reason = (enum reason_kind)rows_int(&r, 2),
                                    .reason_ref = rows_int(&r, 3),
                                    .at = rows_int(&r, 4)},
                           .organization = rows_text(&r, 5),
                           .job = rows_text(&r, 6),
                           .since = rows_int(&r, 7)};
    c = fn(arg, &row, e);
  }
  return rows_finish(&r, c, e);
}

STMT_READ(q_coordinating, "seen_coordinating", "SELECT name FROM organization WHERE network_id = $1 AND coordinating");

enum code seen_sql_coordinating(struct tx *tx, struct arena *a, struct str *ret, struct err *e)
{
  return db_ask_text(tx, &q_coordinating, a, ret, e, BINDS(b_int(tx_network(tx))));
}
