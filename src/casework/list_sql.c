#include "access/visible.h"
#include "casework/casework_sql.h"

#define ASSIGNED_TO(user)                                                                                              \
  "EXISTS (SELECT 1 FROM assignment s WHERE s.network_id = $1 AND s.case_id = c.id AND s.user_id = " user              \
  " AND s.organization_id = $3 AND s.from_at <= $4 AND (s.until_at IS NULL OR s.until_at > $4))"
/* Which cases a view shows, in a SELECT over v and c; $5 = view, $6 = the user. */
#define IN_VIEW                                                                                                        \
  " ((c.status = 'closed') = (CAST($5 AS bigint) = 2))"                                                                \
  " AND (CAST($5 AS bigint) <> 0 OR " ASSIGNED_TO("$6") ")"

/* One row of counts, beside each row of the page, or alone where the page is empty: VISIBLE is most of the work and stands here once. SQLite
 * keeps what a CTE gave when it is named more than once. */
STMT_READ(
    q_list, "case_list",
    "WITH v AS (" VISIBLE "), n AS (SELECT"
    " count(*) FILTER (WHERE c.status <> 'closed' AND " ASSIGNED_TO(
        "$6") ") AS mine,"
              " count(*) FILTER (WHERE c.status <> 'closed') AS seen, count(*) FILTER (WHERE c.status = 'closed') AS "
              "closed"
              " FROM v JOIN case_file c ON c.network_id = $1 AND c.person_id = v.person_id), page AS (SELECT c.id, "
              "c.person_id, c.number, c.status, c.density, c.next_date,"
              " c.changed_at, c.last_contact_at, v.own_cats, v.other_cats FROM v"
              " JOIN case_file c ON c.network_id = $1 AND c.person_id = v.person_id"
              " WHERE" IN_VIEW " AND (c.changed_at < $7 OR (c.changed_at = $7 AND c.id < $8))"
              " ORDER BY c.changed_at DESC, c.id DESC LIMIT $9)"
              " SELECT g.id, g.person_id, g.number, g.status, g.density, g.next_date, g.changed_at, g.last_contact_at,"
              " (SELECT o.name FROM participation p JOIN organization o ON o.network_id = $1 AND o.id = "
              "p.organization_id"
              "  WHERE p.network_id = $1 AND p.case_id = g.id AND p.part = 'lead' AND p.from_at <= $4"
              "  AND (p.until_at IS NULL OR p.until_at > $4) ORDER BY p.from_at DESC, p.id DESC LIMIT 1),"
              " (SELECT u.name FROM assignment s JOIN user_account u ON u.network_id = $1 AND u.id = s.user_id"
              "  WHERE s.network_id = $1 AND s.case_id = g.id AND s.lead AND s.from_at <= $4"
              "  AND (s.until_at IS NULL OR s.until_at > $4) ORDER BY s.from_at DESC, s.id DESC LIMIT 1),"
              " (SELECT count(*) FROM connection n WHERE n.network_id = $1 AND n.case_id = g.id AND n.sent_at IS NOT "
              "NULL"
              "  AND n.closed_at IS NULL AND (n.from_organization_id = $3 OR n.to_organization_id = $3)),"
              " EXISTS (SELECT 1 FROM concealment x WHERE x.network_id = $1 AND x.person_id = g.person_id AND "
              "x.from_at <= $4"
              "  AND (x.until_at IS NULL OR x.until_at > $4)),"
              " k.epoch, k.wrapped, a.id, a.kind, a.value_sealed, n.mine, n.seen, n.closed"
              " FROM n LEFT JOIN page g ON TRUE LEFT JOIN person_key k ON k.network_id = $1 AND k.person_id = "
              "g.person_id"
              " LEFT JOIN person_attribute a ON a.network_id = $1 AND a.person_id = g.person_id"
              "  AND a.kind IN ('name', 'kana', 'called', 'birth') AND a.until_at IS NULL"
              "  AND (a.category & CASE WHEN a.author_organization_id = $3 THEN g.own_cats ELSE g.other_cats END) <> 0"
              "  AND (NOT $10 OR (a.marks & 1) <> 0)"
              " ORDER BY g.changed_at DESC, g.id DESC, a.from_at, a.id");

static struct listed_row row_of(const struct rows *r)
{
  return (struct listed_row){.id = rows_int(r, 0),
                             .person = rows_int(r, 1),
                             .number = rows_text(r, 2),
                             .status = rows_text(r, 3),
                             .density = rows_text(r, 4),
                             .next_date = rows_text(r, 5),
                             .changed_at = rows_int(r, 6),
                             .last_contact_at = rows_int(r, 7),
                             .lead_organization = rows_text(r, 8),
                             .lead_worker = rows_text(r, 9),
                             .open_connections = rows_int(r, 10),
                             .concealed = rows_bool(r, 11),
                             .epoch = rows_int(r, 12),
                             .wrapped = rows_bytes(r, 13),
                             .attribute = rows_int(r, 14),
                             .kind = rows_text(r, 15),
                             .sealed = rows_bytes(r, 16)};
}

enum code case_sql_list(struct tx *tx, const struct scope *list, const struct listed_query *q, listed_fn fn, void *arg,
                        int64_t ret_counts[3], struct err *e)
{
  enum { FIRST_COUNT = 17 };
  struct rows r = {0};
  enum code c = db_query(tx, &q_list, &r, e,
                         BINDS(VISIBLE_BINDS(list, tx_now(tx)), b_int(q->view), b_int(scope_actor(list)->user),
                               b_int(q->before.at), b_int(q->before.id), b_int(q->limit),
                               b_bool(scope_decision(list)->visit_only)));
  if (c != OK)
    return c;
  while (c == OK && rows_next(&r)) {
    struct listed_row row = row_of(&r);
    for (int i = 0; i < 3; i++)
      ret_counts[i] = rows_int(&r, FIRST_COUNT + i);
    if (row.id)
      c = fn(arg, &row, e);
  }
  return rows_finish(&r, c, e);
}
