#include "web/today_sql.h"

#include <stdlib.h>

#include "access/visible.h"
#include "db/ids.h"

/* Which lines: $1 network, $2 the user, $3 the organization, $4 the instant. Columns: worry, since, day, id, case_id, person_id, sent, other, mine. */
/* clang-format off */
#define MINE(s) s ".network_id = $1 AND " s ".user_id = $2 AND " s ".organization_id = $3 AND " LIVE(s, "$4")
#define TO_US(n) n ".network_id = $1 AND " n ".to_organization_id = $3"
#define BY_US(n) n ".network_id = $1 AND " n ".from_organization_id = $3"
#define SAME(n) n ".id, " n ".case_id, " n ".person_id"
#define SENDER(n) n ".from_organization_id = $3," \
  " CASE WHEN " n ".from_organization_id = $3 THEN " n ".to_organization_id ELSE " n ".from_organization_id END," \
  " CASE WHEN " n ".from_user_id = $2 OR " n ".to_user_id = $2 THEN TRUE ELSE FALSE END"

#define LATE(a, b, d) LATE_FAR("c", a, b, d)
#define SILENT(by) LATE_SILENT("n.silent_at", by)
/* Open cases that the organization alone leads, where all of it count, off an index in the order of their contacts (case_file_led): whoever
 * leads a thousand has not all of them sorted. The actor's own, and those led by several, today_sql_cases() has. */
#define LED_BY(us, at) \
  "EXISTS (SELECT 1 FROM participation p WHERE p.network_id = $1 AND p.case_id = c.id AND p.organization_id = " us \
  " AND p.part = 'lead' AND NOT p.case_closed AND " LIVE("p", at) ")"
#define PLAIN(us, at) "c.network_id = $1 AND c.clock_lead = " us " AND c.clock_contact IS NOT NULL AND " LED_BY(us, at)
#define CASE_AT(worry, since, day) "SELECT " worry ", " since ", " day ", c.id, c.id, c.person_id, FALSE, 0, FALSE FROM case_file c WHERE "
#define IN_ORDER " ORDER BY 1, 2, 3, 4"
/* $2 the organization, $3 the instant, then contact_before */
#define FAR CASE_AT("2", "c.clock_contact", "''") PLAIN("$2", "$3") " AND " LATE("$4", "$5", "$6") " ORDER BY 2, 4"
/* A draft of a colleague who worked on the case and no longer does: it is with whoever does now, or it would be in nobody's day. */
#define LEFT(t, at) \
  "EXISTS (SELECT 1 FROM assignment o WHERE o.network_id = $1 AND o.case_id = " t ".case_id AND o.user_id = " t ".author_user_id" \
  " AND o.organization_id = $3) AND NOT EXISTS (SELECT 1 FROM assignment o WHERE o.network_id = $1 AND o.case_id = " t ".case_id" \
  " AND o.user_id = " t ".author_user_id AND o.organization_id = $3 AND " LIVE("o", at) ")"
/* $5 whole, then the limits in the order of LATE_BINDS, $11 connections. Where what is far fills the page this is not asked. */
#define OTHERWISE \
  "SELECT 3, n.sent_at, '', " SAME("n") ", " SENDER("n") \
  " FROM connection n WHERE " TO_US("n") " AND " LATE_WAITS("n") " AND $11 AND NOT " SILENT("$6") \
  " UNION ALL SELECT 6, t.changed_at, t.form_code, " SAME("t") ", FALSE, 0, TRUE FROM sheet t" \
  "  WHERE t.network_id = $1 AND t.author_organization_id = $3 AND t.author_user_id = $2 AND t.status = 'draft'" \
  " UNION ALL SELECT 6, t.changed_at, t.form_code, " SAME("t") ", FALSE, 0, TRUE FROM sheet t" \
  "  WHERE t.network_id = $1 AND t.author_organization_id = $3 AND t.author_user_id <> $2 AND t.status = 'draft'" \
  "  AND EXISTS (SELECT 1 FROM assignment s WHERE s.case_id = t.case_id AND " MINE("s") ") AND " LEFT("t", "$4") \
  " UNION ALL " CASE_AT("4", "0", "c.clock_next") "$5 AND " PLAIN("$3", "$4") " AND c.clock_next > '' AND c.clock_next <= $10" \
  " UNION ALL " CASE_AT("5", "c.clock_contact", "''") "$5 AND " PLAIN("$3", "$4") " AND c.clock_next = '' AND NOT " LATE("$7", "$8", "$9") IN_ORDER
STMT_READ(q_far, "today_far", FAR);
STMT_READ(q_otherwise, "today_otherwise", OTHERWISE);

/* Whatever the organization that was asked wrote since is its answer. $2 the organization, $3 the instant */
#define ASKED \
  "SELECT 0, i.asked_at, '', COALESCE(i.connection_id, i.case_id), i.case_id, i.person_id, i.connection_id IS NOT NULL," \
  " i.from_organization_id, FALSE FROM inquiry i WHERE i.network_id = $1 AND i.to_organization_id = $2" \
  " AND NOT " VISIBLE_OVER("i.case_id", "$2", "$3") \
  " AND NOT EXISTS (SELECT 1 FROM record r WHERE r.network_id = $1 AND r.case_id = i.case_id" \
  "  AND r.author_organization_id = $2 AND r.created_at > i.asked_at)" \
  " AND NOT EXISTS (SELECT 1 FROM connection_step t WHERE t.network_id = $1 AND t.connection_id = i.connection_id" \
  "  AND t.author_organization_id = $2 AND t.at > i.asked_at) ORDER BY i.asked_at, i.id"
STMT_READ(q_asked, "today_asked", ASKED);

/* Nobody answers, or nobody works on it: it came back, was not taken or was never answered; or it was taken on and the person was not met. Of
 * what the organization sent, whoever does not answer for all of it is shown what is his and what is of his cases: old ones of colleagues
 * are not read to be left out. $4 silent_by, $5 met_before */
#define NOT_TAKEN(n) n ".state IN ('declined', 'expired')"
#define FROM_US(rows, which) \
  "SELECT CASE WHEN " LATE_WAITS("n") " THEN 1 WHEN " NOT_TAKEN("n") " THEN 8 ELSE 7 END," \
  " CASE WHEN " LATE_WAITS("n") " THEN n.sent_at ELSE n.changed_at END, '', " SAME("n") ", " SENDER("n") \
  " FROM " rows " WHERE " BY_US("n") " AND " which " n.state IN ('sent', 'received', 'returned', 'declined', 'expired')" \
  " AND (NOT " LATE_WAITS("n") " OR (n.to_organization_id <> $3 AND " SILENT("$4") "))"
#define WAITING(from_us) \
  "SELECT 1, n.sent_at, '', " SAME("n") ", " SENDER("n") \
  " FROM connection n WHERE " TO_US("n") " AND " LATE_WAITS("n") " AND " SILENT("$4") \
  " UNION ALL SELECT 9, n.accepted_at, '', " SAME("n") ", " SENDER("n") \
  " FROM connection n WHERE " TO_US("n") " AND n.state = 'accepted'" \
  "  AND n.contacted_at IS NULL AND n.accepted_at < CAST($5 AS bigint) UNION ALL " from_us
STMT_READ(q_waiting, "today_waiting", WAITING(FROM_US("connection n", "")));
STMT_READ(q_waiting_own, "today_waiting_own", WAITING(FROM_US("connection n", "n.from_user_id = $2 AND")
          " UNION ALL " FROM_US("connection n", "n.to_user_id = $2 AND")));
STMT_READ(q_waiting_of, "today_waiting_of",
          "WITH page (case_id) AS (" IDS_FROM_5 ") " FROM_US("page g CROSS JOIN connection n", "n.case_id = g.case_id AND g.case_id <> 0 AND"));
/* $2 the organization, $3 the instant */
#define DONE_SINCE \
  "WITH page (id) AS (" IDS_FROM_4 ") SELECT n.id FROM page g CROSS JOIN connection n WHERE n.network_id = $1 AND n.id = g.id AND g.id <> 0 AND (" \
  "EXISTS (SELECT 1 FROM record r WHERE r.network_id = $1 AND r.case_id = n.case_id" \
  "  AND r.author_organization_id = $2 AND r.created_at > n.closed_at)" \
  " OR EXISTS (SELECT 1 FROM connection m WHERE m.network_id = $1 AND m.case_id = n.case_id" \
  "  AND m.from_organization_id = $2 AND m.sent_at > n.closed_at)" \
  " OR " VISIBLE_OVER("n.case_id", "$2", "$3") ")"
STMT_READ(q_done_since, "today_done_since", DONE_SINCE);
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
                            .other_id = rows_int(&r, 7),
                            .mine = rows_bool(&r, 8)};
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

enum code today_sql_waiting(struct tx *tx, const struct scope *list, const struct today_query *q, ts_t met_before,
                            today_fn fn, void *arg, struct err *e)
{
  return each(tx, q->whole ? &q_waiting : &q_waiting_own, fn, arg, e,
              BINDS(b_int(tx_network(tx)), b_int(scope_actor(list)->user), b_int(scope_organization(list)),
                    b_int(q->late.silent_by), b_int(met_before)));
}

enum code today_sql_waiting_of(struct tx *tx, const struct scope *list, const struct today_query *q, const id64 *cases,
                               size_t n, today_fn fn, void *arg, struct err *e)
{
  struct bind binds[STMT_PARAMS_MAX] = {b_int(tx_network(tx)), b_int(scope_actor(list)->user),
                                        b_int(scope_organization(list)), b_int(q->late.silent_by)};
  return each(tx, &q_waiting_of, fn, arg, e, binds, ids_bind(binds, 4, cases, n));
}

enum code today_sql_late(struct tx *tx, const struct scope *list, const struct today_query *q, today_fn fn, void *arg,
                         struct err *e)
{
  const struct late *l = &q->late;
  bool stop = false;
  enum code c = OK;
  if (q->whole)
    c = each_until(tx, &q_far, fn, arg, &stop, e,
                   BINDS(b_int(tx_network(tx)), b_int(scope_organization(list)), b_int(tx_now(tx)),
                         b_int(l->contact_before[0]), b_int(l->contact_before[1]), b_int(l->contact_before[2])));
  return c == OK && !stop ? each(tx, &q_otherwise, fn, arg, e,
                                 BINDS(WHOSE(tx, list), b_bool(q->whole), LATE_BINDS(l), b_bool(q->connections)))
                          : c;
}

enum code today_sql_asked(struct tx *tx, const struct scope *list, today_fn fn, void *arg, struct err *e)
{
  return each(tx, &q_asked, fn, arg, e,
              BINDS(b_int(tx_network(tx)), b_int(scope_organization(list)), b_int(tx_now(tx))));
}

enum code today_sql_done_since(struct tx *tx, const struct scope *list, struct today_row *rows, size_t n, struct err *e)
{
  struct rows r = {0};
  struct bind binds[STMT_PARAMS_MAX] = {b_int(tx_network(tx)), b_int(scope_organization(list)), b_int(tx_now(tx))};
  id64 ids[LIMIT_PAGE_ROWS];
  size_t asked = 0;
  for (size_t i = 0; i < n; i++)
    if (rows[i].worry == WORRY_DECLINED)
      ids[asked++] = rows[i].id;
  enum code c = asked ? db_query(tx, &q_done_since, &r, e, binds, ids_bind(binds, 3, ids, asked)) : OK;
  if (c != OK || !asked)
    return c;
  while (rows_next(&r)) {
    id64 connection = rows_int(&r, 0);
    for (size_t i = 0; i < n; i++)
      rows[i].done |= rows[i].id == connection;
  }
  return rows_end(&r, e);
}

/* ---- the actor's cases ----------------------------------------------------------------------------------------------------- */

/* clang-format off */
/* Who leads case_file `c` at the instant, 0 nobody: as it stands beside the case, where nothing of it is about to change. */
#define LEAD_OF(c, at) \
  "CASE WHEN " c ".clock_settled <= " at " AND " c ".clock_lead >= 0 THEN " c ".clock_lead ELSE COALESCE(" CASE_LEAD(c ".id", at) ", 0) END"
#define CASES(open, own) \
  "SELECT c.id, c.person_id, COALESCE(c.clock_contact, 0), c.clock_pace, c.clock_next, c.number, c.density, " LEAD_OF("c", "$4") "," \
  " c.author_organization_id, " open ", (c.beside & 1) <> 0, CASE WHEN $5 AND " PLAIN("$3", "$4") " THEN TRUE ELSE FALSE END, " own " FROM "
/* +: by the index of what is unsettled, not all cases of the network */
#define LED_OTHERWISE(which) " UNION ALL " CASES("FALSE", "FALSE") "case_file c WHERE $5 AND " which " AND " LED_BY("$3", "$4")
#define WHOLE_CASES \
  CASES("NOT s.case_closed", "TRUE") "assignment s CROSS JOIN case_file c WHERE " MINE("s") " AND c.network_id = $1 AND c.id = s.case_id" \
  LED_OTHERWISE("c.network_id = $1 AND c.clock_lead = -1 AND c.clock_contact IS NOT NULL") \
  LED_OTHERWISE("+c.network_id = $1 AND c.clock_settled > $4")
/* clang-format on */
STMT_READ(q_cases, "today_cases", WHOLE_CASES);

struct gathering {
  struct arena *a;
  struct today_cases *to;
  size_t room;
};

static enum code gather(struct gathering *g, const struct rows *r, struct err *e)
{
  struct today_cases *to = g->to;
  if (to->n == g->room) {
    size_t room = g->room ? 2 * g->room : 2 * LIMIT_PAGE_ROWS;
    to->list = arena_grow(g->a, to->list, g->room * sizeof *to->list, room * sizeof *to->list);
    g->room = room;
  }
  if (!to->list)
    return err_oom(e);
  id64 lead = rows_int(r, 7);
  to->list[to->n++] = (struct today_case){.id = rows_int(r, 0),
                                          .person = rows_int(r, 1),
                                          .contact = rows_int(r, 2),
                                          .pace = (int)rows_int(r, 3),
                                          .next = rows_text_copy(r, 4, g->a),
                                          .number = rows_text_copy(r, 5, g->a),
                                          .density = rows_text_copy(r, 6, g->a),
                                          .lead = lead,
                                          .teller = lead ? lead : rows_int(r, 8),
                                          .open = rows_bool(r, 9),
                                          .connected = rows_bool(r, 10),
                                          .plain = rows_bool(r, 11),
                                          .own = rows_bool(r, 12)};
  return OK;
}

static int by_id(const void *a, const void *b)
{
  const struct today_case *x = a, *y = b;
  return (x->id > y->id) - (x->id < y->id);
}

/* Assigned twice, or led besides: one case. */
static void each_once(struct today_cases *cases)
{
  size_t n = 0;
  if (cases->n)
    qsort(cases->list, cases->n, sizeof *cases->list, by_id);
  for (size_t i = 0; i < cases->n; i++)
    if (!n || cases->list[n - 1].id != cases->list[i].id) {
      cases->list[n++] = cases->list[i];
    } else {
      cases->list[n - 1].open |= cases->list[i].open;
      cases->list[n - 1].own |= cases->list[i].own;
    }
  cases->n = n;
}

enum code today_sql_cases(struct tx *tx, const struct scope *list, bool whole, struct arena *a, struct today_cases *ret,
                          struct err *e)
{
  struct rows r = {0};
  struct today_cases found = {0};
  struct gathering g = {.a = a, .to = &found};
  enum code c = db_query(tx, &q_cases, &r, e, BINDS(WHOSE(tx, list), b_bool(whole)));
  if (c != OK)
    return c;
  while (c == OK && rows_next(&r))
    c = gather(&g, &r, e);
  c = rows_finish(&r, c, e);
  if (c != OK)
    return c;
  each_once(&found);
  *ret = found;
  return OK;
}

/* ---- what stands in them ------------------------------------------------------------------------------------------------ */

/* clang-format off */
/* $2 the instant, $3 nobody's id */
#define DETAILS \
  "WITH page (case_id) AS (" IDS_FROM_4 ") SELECT g.case_id, f.number, f.density, " LEAD_OF("f", "$2") ", f.author_organization_id" \
  " FROM page g CROSS JOIN case_file f WHERE f.network_id = $1 AND f.id = g.case_id AND g.case_id <> $3"
/* $2 and $3 nobody's id */
#define NAMES \
  "WITH page (id) AS (" IDS_FROM_4 ") SELECT g.id, o.name FROM page g CROSS JOIN organization o" \
  " WHERE o.network_id = $1 AND o.id = g.id AND g.id NOT IN ($2, $3)"
/* $2 the organization, $3 since */
#define ASKED_SINCE \
  "WITH page (case_id) AS (" IDS_FROM_4 ") SELECT DISTINCT i.connection_id FROM page g CROSS JOIN inquiry i WHERE i.network_id = $1" \
  " AND i.case_id = g.case_id AND i.asked_at >= $3 AND i.from_organization_id = $2 AND i.connection_id IS NOT NULL"
/* $2 the organization, $3 visit_only, $4 nobody's id */
#define NEXT \
  "WITH page (case_id, own_cats, other_cats) AS (" MASKED_FROM_5 ")" \
  " SELECT g.case_id, z.id, z.next_sealed, z.author_organization_id = $2" \
  " FROM page g CROSS JOIN record z" \
  " WHERE z.network_id = $1 AND g.case_id <> $4 AND " CASE_SAYS_NEXT_OF("g.case_id", "z.id") " AND z.next_sealed IS NOT NULL" \
  " AND (z.category & CASE WHEN z.author_organization_id = $2 THEN g.own_cats ELSE g.other_cats END) <> 0" \
  " AND (NOT $3 OR (z.marks & 1) <> 0)"
/* clang-format on */
STMT_READ(q_details, "today_details", DETAILS);
STMT_READ(q_next, "today_next", NEXT);
STMT_READ(q_asked_since, "today_asked_since", ASKED_SINCE);
STMT_READ(q_names, "today_names", NAMES);

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

static enum code page_query(struct tx *tx, const struct stmt *q, int64_t second, const id64 *ids, size_t n,
                            struct rows *r, struct err *e)
{
  struct bind binds[STMT_PARAMS_MAX] = {b_int(tx_network(tx)), b_int(second), b_int(0)};
  return db_query(tx, q, r, e, binds, ids_bind(binds, 3, ids, n));
}

enum code today_sql_details(struct tx *tx, struct today_row *rows, size_t n, struct arena *a, struct err *e)
{
  struct rows r = {0};
  id64 cases[LIMIT_PAGE_ROWS];
  size_t asked = 0;
  for (size_t i = 0; i < n; i++)
    if (!rows[i].number.n)
      cases[asked++] = rows[i].case_id;
  enum code c = asked ? page_query(tx, &q_details, tx_now(tx), cases, asked, &r, e) : OK;
  if (c != OK || !asked)
    return c;
  while (rows_next(&r))
    for (size_t i = 0; i < n; i++) {
      struct today_row *row = &rows[i];
      if (row->number.n || row->case_id != rows_int(&r, 0))
        continue;
      row->number = rows_text_copy(&r, 1, a);
      row->density = rows_text_copy(&r, 2, a);
      row->lead_id = rows_int(&r, 3);
      row->teller = row->lead_id ? row->lead_id : rows_int(&r, 4);
    }
  return rows_end(&r, e);
}

enum code today_sql_names(struct tx *tx, const id64 *ids, size_t n, today_name_fn fn, void *arg, struct err *e)
{
  struct rows r = {0};
  enum code c = n ? page_query(tx, &q_names, 0, ids, n, &r, e) : OK;
  if (c != OK || !n)
    return c;
  while (rows_next(&r))
    fn(arg, rows_int(&r, 0), rows_text(&r, 1));
  return rows_end(&r, e);
}

/* What is asked of one line's case: its masks, and whether others' masks are only supposed. */
struct next_ask {
  struct today_row *row;
  struct access_view view; /* .person: the case */
  bool supposed, again;
};

static enum code next_of(struct tx *tx, const struct scope *list, struct next_ask *ask, size_t n, struct arena *a,
                         struct err *e)
{
  struct rows r = {0};
  struct access_view views[MASKED_PERSONS];
  struct bind binds[STMT_PARAMS_MAX] = {b_int(tx_network(tx)), b_int(scope_organization(list)),
                                        b_bool(scope_decision(list)->visit_only), b_int(0)};
  for (size_t i = 0; i < n; i++)
    views[i] = ask[i].view;
  enum code c = db_query(tx, &q_next, &r, e, binds, masked_bind(binds, views, n));
  if (c != OK)
    return c;
  while (rows_next(&r))
    for (size_t i = 0; i < n; i++) {
      if (ask[i].view.person != rows_int(&r, 0))
        continue;
      ask[i].again = ask[i].supposed && !rows_bool(&r, 3);
      ask[i].row->next_record = rows_int(&r, 1);
      ask[i].row->next_sealed = rows_bytes_copy(&r, 2, a);
    }
  return rows_end(&r, e);
}

static enum code each_next(struct tx *tx, const struct scope *list, struct next_ask *ask, size_t n, struct arena *a,
                           struct err *e)
{
  enum code c = OK;
  for (size_t i = 0; c == OK && i < n; i += MASKED_PERSONS)
    c = next_of(tx, list, ask + i, n - i < MASKED_PERSONS ? n - i : MASKED_PERSONS, a, e);
  return c;
}

/* Somebody else wrote it: whether it may be read the engine says, of each person once. */
static enum code next_by_engine(struct tx *tx, const struct scope *list, struct next_ask *ask, size_t n,
                                struct arena *a, struct err *e)
{
  struct access_view views[LIMIT_PAGE_ROWS];
  id64 persons[LIMIT_PAGE_ROWS];
  size_t count = 0;
  for (size_t i = 0; i < n; i++) {
    size_t k = 0;
    while (k < count && persons[k] != ask[i].row->person)
      k++;
    if (k == count)
      persons[count++] = ask[i].row->person;
  }
  enum code c = access_views(tx, list, persons, count, views, e);
  for (size_t i = 0; c == OK && i < n; i++)
    for (size_t k = 0; k < count; k++)
      if (views[k].person == ask[i].row->person) {
        ask[i].supposed = false;
        ask[i].view.own = views[k].own;
        ask[i].view.others = views[k].others;
      }
  return c == OK ? each_next(tx, list, ask, n, a, e) : c;
}

enum code today_sql_next(struct tx *tx, const struct scope *list, const struct access_seen *const *seen,
                         struct today_row *const *rows, size_t n, struct arena *a, struct err *e)
{
  struct next_ask ask[LIMIT_PAGE_ROWS];
  size_t again = 0;
  for (size_t i = 0; i < n; i++)
    ask[i] = (struct next_ask){.row = rows[i],
                               .supposed = seen[i]->worked_on,
                               .view = {.person = rows[i]->case_id,
                                        .own = seen[i]->own,
                                        .others = seen[i]->worked_on ? (cats_t)CAT_ALL : seen[i]->others}};
  enum code c = each_next(tx, list, ask, n, a, e);
  for (size_t i = 0; c == OK && i < n; i++)
    if (ask[i].again) {
      ask[i].row->next_record = 0;
      ask[again++] = ask[i];
    }
  return c == OK && again ? next_by_engine(tx, list, ask, again, a, e) : c;
}
