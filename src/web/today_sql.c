#include "web/today_sql.h"

#include "access/visible.h"
#include "db/ids.h"

/* Which lines: $1 network, $2 the user, $3 the organization, $4 the instant. Columns: worry, since, day, id, case_id, person_id, sent, other. */
/* clang-format off */
#define MINE(s) s ".network_id = $1 AND " s ".user_id = $2 AND " s ".organization_id = $3 AND " LIVE(s, "$4")
#define ASSIGNED(case_id) case_id " IN (SELECT s.case_id FROM assignment s WHERE " MINE("s") ")"
#define TO_US(n) n ".network_id = $1 AND " n ".to_organization_id = $3"
#define BY_US(n) n ".network_id = $1 AND " n ".from_organization_id = $3"
#define SAME(n) n ".id, " n ".case_id, " n ".person_id"
#define SENDER(n) n ".from_organization_id = $3," \
  " CASE WHEN " n ".from_organization_id = $3 THEN " n ".to_organization_id ELSE " n ".from_organization_id END"

/* $5 whole; then the limits, in the order of LATE_BINDS. In three parts, in their order: where the first fill the page the
 * others are not asked. */
#define LATE(a, b, d) LATE_FAR("c", a, b, d)
#define SILENT LATE_SILENT("n.silent_at", "$6")
/* Open cases, each once: where all of the organization count, those that it alone leads, off an index in the order of their contacts (case_file_led),
 * so that whoever leads a thousand has not all of them sorted; and `beside` these the actor's own and those that are led by several, or
 * whose lead is about to change. */
#define LED_HERE \
  "EXISTS (SELECT 1 FROM participation p WHERE p.network_id = $1 AND p.case_id = c.id AND p.organization_id = $3" \
  " AND p.part = 'lead' AND NOT p.case_closed AND " LIVE("p", "$4") ")"
#define PLAIN "$5 AND c.network_id = $1 AND c.clock_lead = $3 AND " LED_HERE
#define WITH_BESIDE \
  "WITH beside (case_id) AS (SELECT s.case_id FROM assignment s WHERE " MINE("s") \
  " UNION SELECT c.id FROM case_file c WHERE $5 AND c.network_id = $1 AND c.clock_lead = -1 AND c.clock_contact IS NOT NULL AND " LED_HERE \
  " UNION SELECT c.id FROM case_file c WHERE $5 AND c.network_id = $1 AND c.clock_settled > $4 AND " LED_HERE ") "
#define OF_OURS(columns, which) \
  "SELECT " columns " FROM case_file c WHERE " PLAIN " AND c.clock_contact IS NOT NULL AND " which \
  " UNION ALL SELECT " columns " FROM beside b CROSS JOIN case_file c WHERE c.network_id = $1 AND c.id = b.case_id" \
  " AND c.clock_contact IS NOT NULL AND " which " AND NOT (" PLAIN ")"
#define CASE_AT(worry, since, day) worry ", " since ", " day ", c.id, c.id, c.person_id, FALSE, 0"
#define IN_ORDER " ORDER BY 1, 2, 3, 4"
#define SILENCE \
  "SELECT 1, n.sent_at, '', " SAME("n") ", " SENDER("n") \
  " FROM connection n WHERE " TO_US("n") " AND " LATE_WAITS("n") " AND " SILENT \
  " UNION ALL SELECT 1, n.sent_at, '', " SAME("n") ", " SENDER("n") \
  " FROM connection n WHERE " BY_US("n") " AND " LATE_WAITS("n") " AND n.to_organization_id <> $3 AND " SILENT \
  "  AND ($5 OR n.from_user_id = $2 OR " ASSIGNED("n.case_id") ")" IN_ORDER
#define FAR WITH_BESIDE OF_OURS(CASE_AT("2", "c.clock_contact", "''"), LATE("$6", "$7", "$8")) " ORDER BY 2, 4"
#define OTHERWISE \
  WITH_BESIDE "SELECT 3, n.sent_at, '', " SAME("n") ", " SENDER("n") \
  " FROM connection n WHERE " TO_US("n") " AND " LATE_WAITS("n") " AND $11 AND NOT " SILENT \
  " UNION ALL SELECT 6, t.changed_at, '', " SAME("t") ", FALSE, 0 FROM sheet t" \
  "  WHERE t.network_id = $1 AND t.author_organization_id = $3 AND t.author_user_id = $2 AND t.status = 'draft'" \
  " UNION ALL " OF_OURS(CASE_AT("4", "0", "c.clock_next"), "c.clock_next > '' AND c.clock_next <= $10") \
  " UNION ALL " OF_OURS(CASE_AT("5", "c.clock_contact", "''"), "c.clock_next = '' AND NOT " LATE("$7", "$8", "$9")) IN_ORDER
STMT_READ(q_silence, "today_silence", SILENCE);
STMT_READ(q_far, "today_far", FAR);
STMT_READ(q_otherwise, "today_otherwise", OTHERWISE);

/* Whatever the organization that was asked wrote since is its answer. $5 whole */
#define ASKED \
  "SELECT 0, i.asked_at, '', COALESCE(i.connection_id, i.case_id), i.case_id, i.person_id, i.connection_id IS NOT NULL," \
  " i.from_organization_id FROM inquiry i" \
  " WHERE i.network_id = $1 AND i.to_organization_id = $3 AND ($5 OR " ASSIGNED("i.case_id") ")" \
  " AND NOT " VISIBLE_OVER("i.case_id", "$3", "$4") \
  " AND NOT EXISTS (SELECT 1 FROM record r WHERE r.network_id = $1 AND r.case_id = i.case_id" \
  "  AND r.author_organization_id = $3 AND r.created_at > i.asked_at)" \
  " AND NOT EXISTS (SELECT 1 FROM connection_step t WHERE t.network_id = $1 AND t.connection_id = i.connection_id" \
  "  AND t.author_organization_id = $3 AND t.at > i.asked_at) ORDER BY i.asked_at, i.id"
STMT_READ(q_asked, "today_asked", ASKED);

/* Nobody works on it: it came back, was not taken or was never answered; or it was taken on and the person was not met. $5 whole,
 * $6 met_before */
#define OURS(n) " AND ($5 OR " n ".from_user_id = $2 OR " n ".to_user_id = $2 OR " ASSIGNED(n ".case_id") ")"
#define BACK \
  "SELECT 7 AS worry, n.changed_at AS since, '' AS day, n.id AS id, n.case_id, n.person_id, " SENDER("n") \
  " FROM connection n WHERE " BY_US("n") " AND n.state = 'returned'" OURS("n") \
  " UNION ALL SELECT 8, n.changed_at, '', " SAME("n") ", " SENDER("n") \
  " FROM connection n WHERE " BY_US("n") " AND n.state IN ('declined', 'expired')" OURS("n") \
  "  AND NOT EXISTS (SELECT 1 FROM record r WHERE r.network_id = $1 AND r.case_id = n.case_id" \
  "   AND r.author_organization_id = $3 AND r.created_at > n.closed_at)" \
  "  AND NOT EXISTS (SELECT 1 FROM connection m WHERE m.network_id = $1 AND m.case_id = n.case_id" \
  "   AND m.from_organization_id = $3 AND m.sent_at > n.closed_at)" \
  "  AND NOT " VISIBLE_OVER("n.case_id", "$3", "$4") \
  " UNION ALL SELECT 9, n.accepted_at, '', " SAME("n") ", " SENDER("n") \
  " FROM connection n WHERE " TO_US("n") " AND n.state = 'accepted'" OURS("n") \
  "  AND n.contacted_at IS NULL AND n.accepted_at < CAST($6 AS bigint) ORDER BY 1, 2, 4"
STMT_READ(q_back, "today_back", BACK);

/* $5 today */
#define UPCOMING \
  "SELECT 4, 0, c.next_date, c.id, c.id, c.person_id, FALSE, 0 FROM case_file c WHERE c.network_id = $1" \
  " AND c.id IN (SELECT s.case_id FROM assignment s WHERE " MINE("s") ")" \
  " AND c.status <> 'closed' AND c.next_date > $5 ORDER BY c.next_date, c.id"
STMT_READ(q_upcoming, "today_upcoming", UPCOMING);
/* clang-format on */

static enum code each_until(struct tx *tx, const struct stmt *q, today_fn fn, void *arg, bool *ret_stop, struct err *e,
                            const struct bind *binds, size_t n)
{
  struct rows r = {0};
  enum code c = db_query(tx, q, &r, e, binds, n);
  if (c != OK)
    return c;
  while (c == OK && !*ret_stop && rows_next(&r)) {
    struct today_row row = {.worry = (enum worry)rows_int(&r, 0),
                            .since = rows_int(&r, 1),
                            .day = rows_text(&r, 2),
                            .id = rows_int(&r, 3),
                            .case_id = rows_int(&r, 4),
                            .person = rows_int(&r, 5),
                            .sent_by_us = rows_bool(&r, 6),
                            .other_id = rows_int(&r, 7)};
    c = fn(arg, &row, ret_stop, e);
  }
  return rows_finish(&r, c, e);
}

static enum code each(struct tx *tx, const struct stmt *q, today_fn fn, void *arg, struct err *e,
                      const struct bind *binds, size_t n)
{
  bool stop = false;
  return each_until(tx, q, fn, arg, &stop, e, binds, n);
}

#define WHOSE(tx, list)                                                                                                \
  b_int(tx_network(tx)), b_int(scope_actor(list)->user), b_int(scope_organization(list)), b_int(tx_now(tx))

enum code today_sql_lines(struct tx *tx, const struct scope *list, const struct today_query *q, today_fn fn, void *arg,
                          struct err *e)
{
  const struct late *l = &q->late;
  bool stop = false;
  enum code c = OK;
  if (q->connections)
    c = each_until(tx, &q_silence, fn, arg, &stop, e, BINDS(WHOSE(tx, list), b_bool(q->whole), b_int(l->silent_by)));
  if (c == OK && !stop)
    c = each_until(tx, &q_far, fn, arg, &stop, e,
                   BINDS(WHOSE(tx, list), b_bool(q->whole), b_int(l->contact_before[0]), b_int(l->contact_before[1]),
                         b_int(l->contact_before[2])));
  return c == OK && !stop ? each(tx, &q_otherwise, fn, arg, e,
                                 BINDS(WHOSE(tx, list), b_bool(q->whole), LATE_BINDS(l), b_bool(q->connections)))
                          : c;
}

enum code today_sql_asked(struct tx *tx, const struct scope *list, const struct today_query *q, today_fn fn, void *arg,
                          struct err *e)
{
  return each(tx, &q_asked, fn, arg, e, BINDS(WHOSE(tx, list), b_bool(q->whole)));
}

enum code today_sql_back(struct tx *tx, const struct scope *list, const struct today_query *q, ts_t met_before,
                         today_fn fn, void *arg, struct err *e)
{
  if (!q->connections)
    return OK;
  return each(tx, &q_back, fn, arg, e, BINDS(WHOSE(tx, list), b_bool(q->whole), b_int(met_before)));
}

enum code today_sql_upcoming(struct tx *tx, const struct scope *list, const struct today_query *q, today_fn fn,
                             void *arg, struct err *e)
{
  return each(tx, &q_upcoming, fn, arg, e, BINDS(WHOSE(tx, list), b_text(q->late.today)));
}

/* ---- what stands in them ------------------------------------------------------------------------------------------------ */

/* clang-format off */
/* $2 the instant, $3 nobody's id */
/* Who leads case_file `c`, 0 nobody: as it stands beside the case, where nothing of it is about to change. */
#define LEAD_OF(c) \
  "CASE WHEN " c ".clock_settled <= $2 AND " c ".clock_lead >= 0 THEN " c ".clock_lead ELSE COALESCE(" CASE_LEAD(c ".id", "$2") ", 0) END"
#define DETAILS \
  "WITH page (case_id, other) AS (" ID_PAIRS_FROM_4 ") SELECT g.case_id, g.other, f.number, f.density," \
  " (SELECT x.name FROM organization x WHERE x.network_id = $1 AND x.id = " LEAD_OF("f") "), o.name FROM page g" \
  " JOIN case_file f ON f.network_id = $1 AND f.id = g.case_id" \
  " LEFT JOIN organization o ON o.network_id = $1 AND o.id = g.other WHERE g.case_id <> $3"
#define TELLERS \
  "WITH page (case_id) AS (" IDS_FROM_4 ") SELECT g.case_id, COALESCE(NULLIF(" LEAD_OF("c") ", 0), c.author_organization_id) FROM page g" \
  " CROSS JOIN case_file c WHERE c.network_id = $1 AND c.id = g.case_id AND g.case_id <> $3"
/* $2 the organization, $3 since */
#define ASKED_SINCE \
  "WITH page (case_id) AS (" IDS_FROM_4 ") SELECT DISTINCT i.connection_id FROM page g CROSS JOIN inquiry i WHERE i.network_id = $1" \
  " AND i.case_id = g.case_id AND i.asked_at >= $3 AND i.from_organization_id = $2 AND i.connection_id IS NOT NULL"
/* $3 the organization, $4 own, $5 others, $6 visit_only */
#define NEXT \
  "SELECT z.id, z.next_sealed, z.author_organization_id = $3, k.epoch, k.wrapped FROM record z" \
  " JOIN person_key k ON k.network_id = z.network_id AND k.person_id = z.person_id" \
  " WHERE z.network_id = $1 AND z.case_id = $2 AND z.next_sealed IS NOT NULL AND " CASE_SAYS_NEXT("z.id") " AND (z.category &" \
  "  CASE WHEN z.author_organization_id = $3 THEN CAST($4 AS bigint) ELSE CAST($5 AS bigint) END) <> 0" \
  " AND (NOT $6 OR (z.marks & 1) <> 0) ORDER BY z.at DESC, z.id DESC LIMIT 1"
/* clang-format on */
STMT_READ(q_details, "today_details", DETAILS);
STMT_READ(q_next, "today_next", NEXT);
STMT_READ(q_asked_since, "today_asked_since", ASKED_SINCE);
STMT_READ(q_tellers, "today_tellers", TELLERS);

enum code today_sql_tellers(struct tx *tx, const struct today_row *rows, size_t n, id64 *ret, struct err *e)
{
  struct rows r = {0};
  struct bind binds[STMT_PARAMS_MAX] = {b_int(tx_network(tx)), b_int(tx_now(tx)), b_int(0)};
  id64 cases[LIMIT_PAGE_ROWS];
  for (size_t i = 0; i < n; i++) {
    cases[i] = rows[i].case_id;
    ret[i] = 0;
  }
  enum code c = db_query(tx, &q_tellers, &r, e, binds, ids_bind(binds, 3, cases, n));
  if (c != OK)
    return c;
  while (rows_next(&r)) {
    id64 id = rows_int(&r, 0), teller = rows_int(&r, 1);
    for (size_t i = 0; i < n; i++)
      if (cases[i] == id)
        ret[i] = teller;
  }
  return rows_end(&r, e);
}

enum code today_sql_asked_today(struct tx *tx, const struct scope *list, ts_t since, struct today_row *rows, size_t n,
                                struct err *e)
{
  struct rows r = {0};
  struct bind binds[STMT_PARAMS_MAX] = {b_int(tx_network(tx)), b_int(scope_organization(list)), b_int(since)};
  id64 cases[LIMIT_PAGE_ROWS];
  for (size_t i = 0; i < n; i++)
    cases[i] = rows[i].case_id;
  enum code c = db_query(tx, &q_asked_since, &r, e, binds, ids_bind(binds, 3, cases, n));
  if (c != OK)
    return c;
  while (rows_next(&r)) {
    id64 connection = rows_int(&r, 0);
    for (size_t i = 0; i < n; i++)
      rows[i].asked |= rows[i].id == connection;
  }
  return rows_end(&r, e);
}

static void take_details(const struct rows *r, struct today_row *rows, size_t n, struct arena *a)
{
  id64 case_id = rows_int(r, 0), other = rows_int(r, 1);
  for (size_t i = 0; i < n; i++) {
    struct today_row *row = &rows[i];
    if (row->case_id != case_id || row->other_id != other || row->number.n)
      continue;
    row->number = rows_text_copy(r, 2, a);
    row->density = rows_text_copy(r, 3, a);
    row->lead = rows_text_copy(r, 4, a);
    row->other = rows_text_copy(r, 5, a);
  }
}

enum code today_sql_details(struct tx *tx, struct today_row *rows, size_t n, struct arena *a, struct err *e)
{
  struct rows r = {0};
  struct bind binds[STMT_PARAMS_MAX] = {b_int(tx_network(tx)), b_int(tx_now(tx)), b_int(0)};
  id64 cases[LIMIT_PAGE_ROWS], others[LIMIT_PAGE_ROWS];
  for (size_t i = 0; i < n; i++) {
    cases[i] = rows[i].case_id;
    others[i] = rows[i].other_id;
  }
  size_t count = ids_bind(binds, ids_bind(binds, 3, cases, n), others, n);
  enum code c = db_query(tx, &q_details, &r, e, binds, count);
  if (c != OK)
    return c;
  while (rows_next(&r))
    take_details(&r, rows, n, a);
  return rows_end(&r, e);
}

static enum code next_of(struct tx *tx, const struct scope *list, cats_t own, cats_t others, struct today_row *row,
                         bool *ret_own, struct arena *a, struct err *e)
{
  struct rows r = {0};
  enum code c = db_query(tx, &q_next, &r, e,
                         BINDS(b_int(tx_network(tx)), b_int(row->case_id), b_int(scope_organization(list)), b_int(own),
                               b_int(others), b_bool(scope_decision(list)->visit_only)));
  if (c != OK)
    return c;
  *ret_own = true;
  row->next_record = 0;
  if (rows_next(&r)) {
    row->next_record = rows_int(&r, 0);
    row->next_sealed = rows_bytes_copy(&r, 1, a);
    *ret_own = rows_bool(&r, 2);
    row->epoch = (int)rows_int(&r, 3);
    row->wrapped = rows_bytes_copy(&r, 4, a);
  }
  return rows_end(&r, e);
}

enum code today_sql_next(struct tx *tx, const struct scope *list, const struct access_seen *seen, struct today_row *row,
                         struct arena *a, struct err *e)
{
  bool ours = true;
  struct access_view view = {.own = seen->own, .others = seen->others};
  enum code c = next_of(tx, list, view.own, seen->worked_on ? (cats_t)CAT_ALL : view.others, row, &ours, a, e);
  if (c != OK || ours || !seen->worked_on)
    return c;
  c = access_views(tx, list, &row->person, 1, &view, e);
  return c == OK ? next_of(tx, list, view.own, view.others, row, &ours, a, e) : c;
}

/* ---- how many ------------------------------------------------------------------------------------------------------------- */

/* Teller 0: one's organization alone leads it, and nothing of the person is closed to the actor. Of the others the engine says whether they are seen,
 * and whether how they go is told. */
/* clang-format off */
#define COUNTED \
  "WITH " VISIBLE_SELF ", " VISIBLE_BARRED " SELECT c.person_id, c.density, c.clock_next = ''," \
  " CASE WHEN c.clock_lead = $3 AND c.clock_settled <= $4 AND " VISIBLE_FREE("c") " THEN 0 ELSE " CASE_TELLER("c", "$4") " END" \
  " FROM case_file c WHERE c.network_id = $1 AND c.id IN" \
  " (SELECT a.case_id FROM me CROSS JOIN assignment a WHERE " VISIBLE_MINE("a") " AND " VISIBLE_LIVE("a") " AND NOT a.case_closed)"
/* clang-format on */
STMT_READ(q_counted, "today_counted", COUNTED);

struct others {
  struct case_told told[LIMIT_PAGE_ROWS];
  int density[LIMIT_PAGE_ROWS];
  bool no_next[LIMIT_PAGE_ROWS];
  size_t n;
};

/* Of whom one may not know how it goes stands in the whole number alone, and goes on standing there. */
static enum code count_page(struct tx *tx, const struct scope *list, struct others *o, struct today_counts *n,
                            struct err *e)
{
  struct access_seen seen[LIMIT_PAGE_ROWS];
  id64 persons[LIMIT_PAGE_ROWS];
  for (size_t i = 0; i < o->n; i++)
    persons[i] = o->told[i].person;
  enum code c = access_seen(tx, list, persons, o->n, seen, e);
  if (c == OK)
    c = case_mark_told(tx, list, o->told, o->n, e);
  for (size_t i = 0; c == OK && i < o->n; i++) {
    n->total += seen[i].seen;
    n->no_next += seen[i].seen && o->told[i].told && o->no_next[i];
    if (o->density[i] >= 0)
      n->density[o->density[i]] += seen[i].seen && o->told[i].told;
  }
  o->n = 0;
  return c;
}

static enum code count_row(struct tx *tx, const struct scope *list, const struct rows *r, struct others *o,
                           struct today_counts *n, struct err *e)
{
  struct str text = rows_text(r, 1);
  int density = text.n == 1 && text.p[0] >= 'A' && text.p[0] <= 'C' ? text.p[0] - 'A' : -1;
  id64 teller = rows_int(r, 3);
  if (!teller) {
    n->total++;
    n->no_next += rows_bool(r, 2);
    if (density >= 0)
      n->density[density]++;
    return OK;
  }
  o->told[o->n] = (struct case_told){.person = rows_int(r, 0), .teller = teller};
  o->density[o->n] = density;
  o->no_next[o->n++] = rows_bool(r, 2);
  return o->n == LIMIT_PAGE_ROWS ? count_page(tx, list, o, n, e) : OK;
}

enum code today_sql_counts(struct tx *tx, const struct scope *list, struct today_counts *ret, struct err *e)
{
  struct rows r = {0};
  struct today_counts n = {0};
  struct others o = {.n = 0};
  enum code c = db_query(tx, &q_counted, &r, e, BINDS(VISIBLE_BINDS(list, tx_now(tx))));
  if (c != OK)
    return c;
  while (c == OK && rows_next(&r))
    c = count_row(tx, list, &r, &o, &n, e);
  c = rows_finish(&r, c, e);
  if (c == OK && o.n)
    c = count_page(tx, list, &o, &n, e);
  if (c == OK)
    *ret = n;
  return c;
}
