#include "access/visible.h"
#include "casework/casework_sql.h"

#define LIVE(t, at) t ".from_at <= " at " AND (" t ".until_at IS NULL OR " t ".until_at > " at ")"

/* ---- which cases, in which order, and how many each view has ------------------------------------------------------------- */

/* $5 view, $6 the user, $7 and $8 the cursor, $9 limit. The counts stand beside each row of the page, or alone where it is empty. */
STMT_READ(
    q_listed, "case_listed",
    "WITH who AS (" VISIBLE_PERSONS "), mine AS (SELECT s.case_id FROM assignment s WHERE s.network_id = $1"
    "  AND s.user_id = $6 AND s.organization_id = $3 AND " LIVE(
        "s",
        "$4") "), seen AS MATERIALIZED (SELECT c.id, c.person_id, c.status = 'closed' AS closed, c.changed_at,"
              "  c.status <> 'closed' AND c.id IN (SELECT case_id FROM mine) AS mine"
              "  FROM who CROSS JOIN case_file c WHERE c.network_id = $1 AND c.person_id = who.person_id"
              "), n AS (SELECT count(*) FILTER (WHERE mine) AS mine, count(*) FILTER (WHERE NOT closed) AS seen,"
              "  count(*) FILTER (WHERE closed) AS closed FROM seen"
              "), page AS (SELECT id, person_id, changed_at FROM seen WHERE (CAST($5 AS bigint) = 0 AND mine"
              "  OR CAST($5 AS bigint) = 1 AND NOT closed OR CAST($5 AS bigint) = 2 AND closed)"
              "  AND (changed_at < $7 OR (changed_at = $7 AND id < $8)) ORDER BY changed_at DESC, id DESC LIMIT $9)"
              " SELECT n.mine, n.seen, n.closed, g.id, g.person_id, g.changed_at FROM n LEFT JOIN page g ON TRUE"
              " ORDER BY g.changed_at DESC, g.id DESC");

enum code case_sql_listed(struct tx *tx, const struct scope *list, const struct listed_query *q, listed_fn fn,
                          void *arg, int64_t ret_counts[3], struct err *e)
{
  struct rows r = {0};
  enum code c = db_query(tx, &q_listed, &r, e,
                         BINDS(VISIBLE_BINDS(list, tx_now(tx)), b_int(q->view), b_int(scope_actor(list)->user),
                               b_int(q->before.at), b_int(q->before.id), b_int(q->limit)));
  if (c != OK)
    return c;
  while (c == OK && rows_next(&r)) {
    struct listed_case row = {.id = rows_int(&r, 3), .person = rows_int(&r, 4), .changed_at = rows_int(&r, 5)};
    for (int i = 0; i < 3; i++)
      ret_counts[i] = rows_int(&r, i);
    if (row.id)
      c = fn(arg, &row, e);
  }
  return rows_finish(&r, c, e);
}

/* ---- what stands in the lines of one page ---------------------------------------------------------------------------------- */

/* $2 the organization, $3 the instant */
STMT_READ(
    q_lines, "case_lines",
    "WITH page (id) AS (" IDS_FROM_4 ") SELECT c.id, c.number, c.status, c.density, c.next_date, c.last_contact_at,"
    " (SELECT o.name FROM participation p JOIN organization o ON o.network_id = $1 AND o.id = p.organization_id"
    "  WHERE p.network_id = $1 AND p.case_id = c.id AND p.part = 'lead' AND " LIVE(
        "p",
        "$3") "  ORDER BY p.from_at DESC, p.id DESC LIMIT 1),"
              " (SELECT u.name FROM assignment s JOIN user_account u ON u.network_id = $1 AND u.id = s.user_id"
              "  WHERE s.network_id = $1 AND s.case_id = c.id AND s.lead AND " LIVE(
                  "s",
                  "$3") "  ORDER BY s.from_at DESC, s.id DESC LIMIT 1),"
                        " (SELECT count(*) FROM connection n WHERE n.network_id = $1 AND n.case_id = c.id AND "
                        "n.sent_at IS NOT NULL"
                        "  AND n.closed_at IS NULL AND (n.from_organization_id = $2 OR n.to_organization_id = $2)),"
                        " EXISTS (SELECT 1 FROM concealment x WHERE x.network_id = $1 AND x.person_id = c.person_id"
                        "  AND " LIVE(
                            "x", "$3") ")"
                                       " FROM page g CROSS JOIN case_file c WHERE c.network_id = $1 AND c.id = g.id");

static struct listed_line line_of(const struct rows *r, struct arena *a)
{
  return (struct listed_line){.id = rows_int(r, 0),
                              .number = rows_text_copy(r, 1, a),
                              .status = rows_text_copy(r, 2, a),
                              .density = rows_text_copy(r, 3, a),
                              .next_date = rows_text_copy(r, 4, a),
                              .last_contact_at = rows_int(r, 5),
                              .lead_organization = rows_text_copy(r, 6, a),
                              .lead_worker = rows_text_copy(r, 7, a),
                              .open_connections = rows_int(r, 8),
                              .concealed = rows_bool(r, 9)};
}

static void line_take(struct listed_line *lines, const id64 *ids, size_t n, const struct listed_line *line)
{
  for (size_t i = 0; i < n; i++)
    if (ids[i] == line->id)
      lines[i] = *line;
}

enum code case_sql_lines(struct tx *tx, const struct scope *list, const id64 *ids, size_t n, struct arena *a,
                         struct listed_line *ret, struct err *e)
{
  struct rows r = {0};
  struct bind binds[STMT_PARAMS_MAX] = {b_int(tx_network(tx)), b_int(scope_organization(list)), b_int(tx_now(tx))};
  enum code c = db_query(tx, &q_lines, &r, e, binds, ids_bind(binds, 3, ids, n));
  if (c != OK)
    return c;
  while (rows_next(&r)) {
    struct listed_line line = line_of(&r, a);
    line_take(ret, ids, n, &line);
  }
  return rows_end(&r, e);
}
