#include "web/today_sql.h"

#include "access/visible.h"

#define LIVE(t) t ".from_at <= $4 AND (" t ".until_at IS NULL OR " t ".until_at > $4)"
/* $5: the user */
#define ASSIGNED(case_id)                                                                                              \
  "EXISTS (SELECT 1 FROM assignment s WHERE s.network_id = $1 AND s.case_id = " case_id                                \
  " AND s.user_id = $5 AND s.organization_id = $3 AND " LIVE("s") ")"
#define OPEN_CASES                                                                                                     \
  " FROM v JOIN case_file c ON c.network_id = $1 AND c.person_id = v.person_id WHERE c.status <> 'closed'"

/* From CTE `page` to rows: names, and the next step's text where it may be read. The record is the newest that says one, within the
 * masks. */
#define LINE_COLUMNS                                                                                                   \
  " SELECT g.worry, g.since, g.day, g.id, g.case_id, g.person_id, g.sent, o.name, f.number, f.density,"                \
  " (SELECT x.name FROM participation p JOIN organization x ON x.network_id = $1 AND x.id = p.organization_id"         \
  "  WHERE p.network_id = $1 AND p.case_id = g.case_id AND p.part = 'lead' AND " LIVE(                                 \
      "p") "  ORDER BY p.from_at DESC, p.id DESC LIMIT 1),"                                                            \
           " k.epoch, k.wrapped, r.id, r.next_sealed, a.id, a.kind, a.value_sealed, g.other FROM page g"               \
           " JOIN case_file f ON f.network_id = $1 AND f.id = g.case_id"                                               \
           " JOIN person_key k ON k.network_id = $1 AND k.person_id = g.person_id"                                     \
           " LEFT JOIN organization o ON o.network_id = $1 AND o.id = g.other"
#define MASKED(t)                                                                                                      \
  " AND (" t ".category & CASE WHEN " t ".author_organization_id = $3 THEN g.own_cats ELSE g.other_cats END) <> 0"
#define NEXT_RECORD(visit_only)                                                                                        \
  " LEFT JOIN record r ON r.network_id = $1 AND r.id = (SELECT z.id FROM record z WHERE z.network_id = $1"             \
  "  AND z.case_id = g.case_id AND g.worry = 4 AND z.next_sealed IS NOT NULL" MASKED(                                  \
      "z") "  AND (NOT " visit_only " OR (z.marks & 1) <> 0) ORDER BY z.at DESC, z.id DESC LIMIT 1)"                   \
           " LEFT JOIN person_attribute a ON a.network_id = $1 AND a.person_id = g.person_id AND a.kind IN ('name', "  \
           "'called')"                                                                                                 \
           "  AND a.until_at IS NULL" MASKED("a") " AND (NOT " visit_only " OR (a.marks & 1) <> 0)"                    \
                                                  " ORDER BY g.worry, g.since, g.day, g.id, a.from_at, a.id"

/* VISIBLE stands in it once, with the kinds of worry beside each person: SQLite plans a CTE anew for each time it is named, and this one is
 * long. $6 whole, $7 silent_by, $8 to $10 contact_before, $11 today, $12 connections, $13 limit, $14 skip, $15 visit_only */
#define CONTACT LATE_CONTACT("c")
#define LATE LATE_FAR(CONTACT, "c.density", "$8", "$9", "$10")
STMT_READ(q_lines, "today_lines",
          "WITH v AS (" VISIBLE "), lines AS (SELECT w.worry, COALESCE(n.sent_at, t.changed_at,"
          " CASE w.worry WHEN 4 THEN 0 ELSE " CONTACT " END) AS since,"
          " CASE w.worry WHEN 4 THEN COALESCE(c.next_date, '') ELSE '' END AS day,"
          " COALESCE(n.id, t.id, c.id) AS id, COALESCE(n.case_id, t.case_id, c.id) AS case_id, v.person_id,"
          " n.from_organization_id = $3 AS sent,"
          " CASE WHEN n.from_organization_id = $3 THEN n.to_organization_id ELSE n.from_organization_id END AS other,"
          " v.own_cats, v.other_cats FROM v CROSS JOIN (SELECT 1 AS worry UNION ALL SELECT 2 UNION ALL SELECT 3"
          " UNION ALL SELECT 4 UNION ALL SELECT 5 UNION ALL SELECT 6) w"
          " LEFT JOIN connection n ON w.worry IN (1, 3) AND $12 AND n.network_id = $1 AND n.person_id = v.person_id"
          "  AND " LATE_WAITS(
              "n") " AND (n.to_organization_id = $3 OR (w.worry = 1"
                   "  AND n.from_organization_id = $3 AND ($6 OR n.from_user_id = $5 OR " ASSIGNED(
                       "n.case_id") ")))"
                                    "  AND (" LATE_SILENT(
                                        "n.silent_at",
                                        "$7") ") = (w.worry = 1)"
                                              " LEFT JOIN sheet t ON w.worry = 6 AND t.network_id = $1 AND t.person_id "
                                              "= v.person_id"
                                              "  AND t.status = 'draft' AND t.author_organization_id = $3 AND "
                                              "t.author_user_id = $5"
                                              " LEFT JOIN case_file c ON w.worry IN (2, 4, 5) AND c.network_id = $1 "
                                              "AND c.person_id = "
                                              "v.person_id"
                                              "  AND c.status <> 'closed' AND (" ASSIGNED(
                                                  "c.id") "  OR ($6 AND EXISTS (SELECT 1 FROM participation p WHERE "
                                                          "p.network_id = $1 AND "
                                                          "p.case_id = c.id"
                                                          "  AND p.organization_id = $3 AND p.part = 'lead' AND " LIVE(
                                                              "p") ")))"
                                                                   "  AND CASE w.worry WHEN 2 THEN " LATE
                                                                   " WHEN 4 THEN COALESCE(c.next_date, '') <> '' AND "
                                                                   "c.next_date <= $11"
                                                                   "  ELSE COALESCE(c.next_date, '') = '' AND NOT " LATE
                                                                   " END"
                                                                   " WHERE COALESCE(n.id, t.id, c.id) IS NOT NULL"
                                                                   "), page AS (SELECT worry, since, day, id, case_id, "
                                                                   "person_id, sent, "
                                                                   "other, own_cats, other_cats FROM lines"
                                                                   " ORDER BY worry, since, day, id LIMIT $13 OFFSET "
                                                                   "$14)" LINE_COLUMNS NEXT_RECORD("$15"));

static struct today_row row_of(const struct rows *r)
{
  return (struct today_row){.worry = (enum worry)rows_int(r, 0),
                            .since = rows_int(r, 1),
                            .day = rows_text(r, 2),
                            .id = rows_int(r, 3),
                            .case_id = rows_int(r, 4),
                            .person = rows_int(r, 5),
                            .sent_by_us = rows_bool(r, 6),
                            .other = rows_text(r, 7),
                            .number = rows_text(r, 8),
                            .density = rows_text(r, 9),
                            .lead = rows_text(r, 10),
                            .epoch = rows_int(r, 11),
                            .wrapped = rows_bytes(r, 12),
                            .next_record = rows_int(r, 13),
                            .next_sealed = rows_bytes(r, 14),
                            .attribute = rows_int(r, 15),
                            .kind = rows_text(r, 16),
                            .sealed = rows_bytes(r, 17),
                            .other_id = rows_int(r, 18)};
}

static enum code each(struct tx *tx, const struct stmt *q, today_fn fn, void *arg, struct err *e,
                      const struct bind *binds, size_t n)
{
  struct rows r = {0};
  enum code c = db_query(tx, q, &r, e, binds, n);
  if (c != OK)
    return c;
  while (c == OK && rows_next(&r)) {
    struct today_row row = row_of(&r);
    c = fn(arg, &row, e);
  }
  return rows_finish(&r, c, e);
}

enum code today_sql_lines(struct tx *tx, const struct scope *list, const struct today_query *q, today_fn fn, void *arg,
                          struct err *e)
{
  return each(tx, &q_lines, fn, arg, e,
              BINDS(VISIBLE_BINDS(list, tx_now(tx)), b_int(scope_actor(list)->user), b_bool(q->whole),
                    LATE_BINDS(&q->late), b_bool(q->connections), b_int(q->limit), b_int(q->skip),
                    b_bool(scope_decision(list)->visit_only)));
}

/* Whatever the organization that was asked wrote since is its answer. */
#define UNANSWERED                                                                                                     \
  " FROM inquiry i JOIN case_file c ON c.network_id = $1 AND c.id = i.case_id AND c.status <> 'closed'"                \
  " WHERE i.network_id = $1 AND i.to_organization_id = $3 AND NOT EXISTS (SELECT 1 FROM record r"                      \
  "  WHERE r.network_id = $1 AND r.case_id = i.case_id AND r.author_organization_id = $3 AND r.created_at > "          \
  "i.asked_at)"                                                                                                        \
  " AND NOT EXISTS (SELECT 1 FROM connection_step t WHERE t.network_id = $1 AND t.connection_id = i.connection_id"     \
  "  AND t.author_organization_id = $3 AND t.at > i.asked_at)"
STMT_READ(q_any_asked, "today_any_asked",
          "SELECT count(*) FROM (SELECT i.id" UNANSWERED " AND i.asked_at <= $2 LIMIT 1) AS one");
/* $6 whole, $7 limit, $8 visit_only */
STMT_READ(q_asked, "today_asked",
          "WITH v AS (" VISIBLE "), page AS (SELECT 0 AS worry, i.asked_at AS since, '' AS day,"
          " COALESCE(i.connection_id, i.case_id) AS id, i.case_id, i.person_id, i.connection_id IS NOT NULL AS sent,"
          " i.from_organization_id AS other, v.own_cats, v.other_cats FROM v JOIN (SELECT i.id AS inquiry_id" UNANSWERED
          ") open ON TRUE JOIN inquiry i ON i.network_id = $1 AND i.id = open.inquiry_id AND i.person_id = v.person_id"
          " WHERE ($6 OR " ASSIGNED("i.case_id") ")"
                                                 " ORDER BY i.asked_at, i.id LIMIT $7)" LINE_COLUMNS NEXT_RECORD("$8"));

enum code today_sql_asked(struct tx *tx, const struct scope *list, const struct today_query *q, today_fn fn, void *arg,
                          struct err *e)
{
  int64_t any = 0;
  enum code c = db_ask_int(tx, &q_any_asked, &any, e,
                           BINDS(b_int(tx_network(tx)), b_int(tx_now(tx)), b_int(scope_organization(list))));
  if (c != OK || !any)
    return c;
  return each(tx, &q_asked, fn, arg, e,
              BINDS(VISIBLE_BINDS(list, tx_now(tx)), b_int(scope_actor(list)->user), b_bool(q->whole), b_int(q->limit),
                    b_bool(scope_decision(list)->visit_only)));
}

/* Nobody works on it: it came back, was not taken or was never answered; or it was taken on and the person was not met. */
#define BACK(met_before)                                                                                               \
  " FROM connection n WHERE n.network_id = $1 AND ((n.from_organization_id = $3 AND n.state = 'returned')"             \
  " OR (n.from_organization_id = $3 AND n.state IN ('declined', 'expired') AND NOT EXISTS (SELECT 1 FROM record r"     \
  "  WHERE r.network_id = $1 AND r.case_id = n.case_id AND r.author_organization_id = $3 AND r.created_at >"           \
  "  n.closed_at) AND NOT EXISTS (SELECT 1 FROM connection m WHERE m.network_id = $1 AND m.case_id = n.case_id"        \
  "  AND m.from_organization_id = $3 AND m.sent_at > n.closed_at)"                                                     \
  "  AND EXISTS (SELECT 1 FROM case_file c WHERE c.network_id = $1 AND c.id = n.case_id AND c.status <> 'closed'))"    \
  " OR (n.to_organization_id = $3 AND n.state = 'accepted' AND n.contacted_at IS NULL"                                 \
  "  AND n.accepted_at < CAST(" met_before " AS bigint)))"
STMT_READ(q_any_back, "today_any_back", "SELECT count(*) FROM (SELECT n.id" BACK("$2") " LIMIT 1) AS one");
/* $6 whole, $7 limit, $8 visit_only, $9 met_before */
STMT_READ(q_back, "today_back",
          "WITH v AS (" VISIBLE "), page AS (SELECT CASE n.state WHEN 'returned' THEN 7 WHEN 'accepted' THEN 9 ELSE 8"
          " END AS worry, CASE n.state WHEN 'accepted' THEN n.accepted_at ELSE n.changed_at END AS since, '' AS day,"
          " n.id, n.case_id, n.person_id, n.from_organization_id = $3 AS sent,"
          " CASE WHEN n.from_organization_id = $3 THEN n.to_organization_id ELSE n.from_organization_id END AS other,"
          " v.own_cats, v.other_cats FROM v JOIN (SELECT n.id AS connection_id" BACK(
              "$9") ") open ON TRUE JOIN connection n ON n.network_id = $1 AND n.id = open.connection_id"
                    " AND n.person_id = v.person_id WHERE ($6 OR n.from_user_id = $5 OR n.to_user_id = $5 OR " ASSIGNED(
                        "n.case_id") ") ORDER BY 1, 2, n.id LIMIT $7)" LINE_COLUMNS NEXT_RECORD("$8"));

enum code today_sql_back(struct tx *tx, const struct scope *list, const struct today_query *q, ts_t met_before,
                         today_fn fn, void *arg, struct err *e)
{
  int64_t any = 0;
  if (!q->connections)
    return OK;
  enum code c = db_ask_int(tx, &q_any_back, &any, e,
                           BINDS(b_int(tx_network(tx)), b_int(met_before), b_int(scope_organization(list))));
  if (c != OK || !any)
    return c;
  return each(tx, &q_back, fn, arg, e,
              BINDS(VISIBLE_BINDS(list, tx_now(tx)), b_int(scope_actor(list)->user), b_bool(q->whole), b_int(q->limit),
                    b_bool(scope_decision(list)->visit_only), b_int(met_before)));
}

/* $6 today, $7 limit, $8 visit_only */
STMT_READ(q_upcoming, "today_upcoming",
          "WITH v AS (" VISIBLE "), page AS (SELECT 4 AS worry, 0 AS since, c.next_date AS day, c.id, c.id AS case_id,"
          " c.person_id, FALSE AS sent, 0 AS other, v.own_cats, v.other_cats" OPEN_CASES " AND c.next_date > $6"
          " AND " ASSIGNED("c.id") " ORDER BY c.next_date, c.id LIMIT $7)" LINE_COLUMNS NEXT_RECORD("$8"));

enum code today_sql_upcoming(struct tx *tx, const struct scope *list, const struct today_query *q, today_fn fn,
                             void *arg, struct err *e)
{
  return each(tx, &q_upcoming, fn, arg, e,
              BINDS(VISIBLE_BINDS(list, tx_now(tx)), b_int(scope_actor(list)->user), b_text(q->late.today),
                    b_int(q->limit), b_bool(scope_decision(list)->visit_only)));
}

STMT_READ(q_counts, "today_counts",
          "WITH who AS (" VISIBLE_PERSONS ") SELECT count(*), count(*) FILTER (WHERE c.density = 'A'),"
          " count(*) FILTER (WHERE c.density = 'B'), count(*) FILTER (WHERE c.density = 'C'),"
          " count(*) FILTER (WHERE COALESCE(c.next_date, '') = '') FROM who CROSS JOIN case_file c"
          " WHERE c.network_id = $1 AND c.person_id = who.person_id AND c.status <> 'closed' AND " ASSIGNED("c.id"));

enum code today_sql_counts(struct tx *tx, const struct scope *list, struct today_counts *ret, struct err *e)
{
  struct rows r = {0};
  struct today_counts n = {0};
  enum code c = db_query(tx, &q_counts, &r, e, BINDS(VISIBLE_BINDS(list, tx_now(tx)), b_int(scope_actor(list)->user)));
  if (c != OK)
    return c;
  if (rows_next(&r))
    n = (struct today_counts){rows_int(&r, 0), {rows_int(&r, 1), rows_int(&r, 2), rows_int(&r, 3)}, rows_int(&r, 4)};
  c = rows_end(&r, e);
  if (c == OK)
    *ret = n;
  return c;
}
