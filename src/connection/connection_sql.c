#include "connection/connection_sql.h"

#include "access/may.h"
#include "access/visible.h"
#include "base/limits.h"
#include "connection/late.h"
#include "db/ids.h"

STMT_WRITE(
    q_insert, "connection_insert",
    "INSERT INTO connection (network_id, id, case_id, person_id, sheet_id, kind, state, from_organization_id,"
    " from_user_id, to_organization_id, changed_at, parent_id) SELECT $1, $2, $3, $4, $5, $6, 'draft', $7, $8, $9, $10,"
    " (SELECT max(p.id) FROM connection p WHERE p.network_id = $1 AND p.case_id = $3 AND p.to_organization_id = $7"
    "  AND p.state IN ('accepted', 'in_progress', 'answered'))");

enum code connection_sql_insert(struct tx *tx, const struct scope *s, const struct sheet *sheet, id64 organization,
                                struct str kind, struct err *e)
{
  return db_exec(tx, &q_insert, NULL, e,
                 BINDS(b_int(tx_network(tx)), b_int(id_new(tx_now(tx))), b_int(sheet->case_id), b_int(sheet->person),
                       b_int(sheet->id), b_text(kind), b_int(scope_organization(s)), b_int(scope_actor(s)->user),
                       b_int(organization), b_int(tx_now(tx))));
}

STMT_WRITE(q_delete_drafts, "connection_delete_drafts",
           "DELETE FROM connection WHERE network_id = $1 AND sheet_id = $2 AND state = 'draft'");

enum code connection_sql_delete_drafts(struct tx *tx, const struct sheet *sheet, struct err *e)
{
  return db_exec(tx, &q_delete_drafts, NULL, e, BINDS(b_int(tx_network(tx)), b_int(sheet->id)));
}

#define CONNECTION_COLUMNS                                                                                             \
  " c.id, c.case_id, c.person_id, c.sheet_id, c.parent_id, c.kind, c.state, c.from_organization_id, c.from_user_id,"   \
  " c.to_organization_id, c.to_user_id, c.sent_at, c.received_at, c.accepted_at, c.contacted_at, c.answered_at,"       \
  " c.closed_at, c.rev, c.silent_at, c.attempts"
enum { CONNECTION_COLUMN_COUNT = 20 };

static struct connection connection_of(const struct rows *r)
{
  struct connection c = {.id = rows_int(r, 0),
                         .case_id = rows_int(r, 1),
                         .person = rows_int(r, 2),
                         .sheet = rows_int(r, 3),
                         .parent = rows_int(r, 4),
                         .kind = str_is(rows_text(r, 5), "handover") ? S("handover") : S("help"),
                         .from_organization = rows_int(r, 7),
                         .from_user = rows_int(r, 8),
                         .to_organization = rows_int(r, 9),
                         .to_user = rows_int(r, 10),
                         .sent_at = rows_int(r, 11),
                         .received_at = rows_int(r, 12),
                         .accepted_at = rows_int(r, 13),
                         .contacted_at = rows_int(r, 14),
                         .answered_at = rows_int(r, 15),
                         .closed_at = rows_int(r, 16),
                         .rev = rows_int(r, 17),
                         .silent_at = rows_int(r, 18),
                         .attempts = rows_int(r, 19)};
  if (!connection_state_parse(rows_text(r, 6), &c.state))
    c.state = CONNECTION_CLOSED; /* a state of a newer schema: nothing can be done with it here */
  return c;
}

STMT_READ(q_get, "connection_get",
          "SELECT" CONNECTION_COLUMNS " FROM connection c WHERE c.network_id = $1 AND c.id = $2");

enum code connection_sql_get(struct tx *tx, id64 id, struct connection *ret, struct err *e)
{
  struct rows r = {0};
  struct connection con = {0};
  enum code c = db_query(tx, &q_get, &r, e, BINDS(b_int(tx_network(tx)), b_int(id)));
  if (c != OK)
    return c;
  if (rows_next(&r))
    con = connection_of(&r);
  c = rows_end(&r, e);
  if (c == OK)
    *ret = con; /* person 0: no such connection */
  return c;
}

static enum code each(struct tx *tx, const struct stmt *q, connection_fn fn, void *arg, struct err *e,
                      const struct bind *binds, size_t n)
{
  struct rows r = {0};
  enum code c = db_query(tx, q, &r, e, binds, n);
  if (c != OK)
    return c;
  while (c == OK && rows_next(&r)) {
    struct connection con = connection_of(&r);
    c = fn(arg, &con, rows_text(&r, CONNECTION_COLUMN_COUNT), e);
  }
  return rows_finish(&r, c, e);
}

#define WITH_NAME                                                                                                      \
  "SELECT" CONNECTION_COLUMNS ", o.name FROM connection c"                                                             \
  " JOIN organization o ON o.network_id = c.network_id AND o.id = c.to_organization_id WHERE c.network_id = $1"

STMT_READ(q_of_sheet, "connection_of_sheet", WITH_NAME " AND c.sheet_id = $2 ORDER BY c.id");

enum code connection_sql_of_sheet(struct tx *tx, id64 sheet, connection_fn fn, void *arg, struct err *e)
{
  return each(tx, &q_of_sheet, fn, arg, e, BINDS(b_int(tx_network(tx)), b_int(sheet)));
}

STMT_READ(
    q_of_case, "connection_of_case",
    WITH_NAME
    " AND c.case_id = $2 AND (c.from_organization_id = $3 OR (c.to_organization_id = $3 AND c.sent_at IS NOT NULL))"
    " ORDER BY c.id DESC LIMIT 50");

enum code connection_sql_of_case(struct tx *tx, const struct scope *s, id64 case_id, connection_fn fn, void *arg,
                                 struct err *e)
{
  return each(tx, &q_of_case, fn, arg, e, BINDS(b_int(tx_network(tx)), b_int(case_id), b_int(scope_organization(s))));
}

STMT_READ(q_sent_by, "connection_sent_by",
          WITH_NAME " AND c.case_id = $2 AND c.from_organization_id = $3 ORDER BY c.id");

enum code connection_sql_sent_by(struct tx *tx, id64 case_id, id64 organization, connection_fn fn, void *arg,
                                 struct err *e)
{
  return each(tx, &q_sent_by, fn, arg, e, BINDS(b_int(tx_network(tx)), b_int(case_id), b_int(organization)));
}

/* Open connections are a part of the case's clock, which whoever leads it knows. */
STMT_READ(q_onward, "connection_onward",
          WITH_NAME " AND c.parent_id = $2 AND (c.from_organization_id = $3 OR (c.sent_at IS NOT NULL AND EXISTS ("
                    "SELECT 1 FROM participation p WHERE p.network_id = $1 AND p.case_id = c.case_id"
                    " AND p.organization_id = $3 AND p.part = 'lead' AND p.from_at <= $4"
                    " AND (p.until_at IS NULL OR $4 < p.until_at)))) ORDER BY c.id LIMIT 20");

enum code connection_sql_onward(struct tx *tx, const struct scope *s, id64 parent, connection_fn fn, void *arg,
                                struct err *e)
{
  return each(tx, &q_onward, fn, arg, e,
              BINDS(b_int(tx_network(tx)), b_int(parent), b_int(scope_organization(s)), b_int(tx_now(tx))));
}

STMT_READ(q_towards, "connection_towards",
          WITH_NAME " AND c.person_id = $2 AND c.to_organization_id = $3 AND c.closed_at IS NULL ORDER BY c.id");

enum code connection_sql_towards(struct tx *tx, id64 person, id64 organization, connection_fn fn, void *arg,
                                 struct err *e)
{
  return each(tx, &q_towards, fn, arg, e, BINDS(b_int(tx_network(tx)), b_int(person), b_int(organization)));
}

static enum code moved_on(struct err *e)
{
  return err_set(e, CONFLICT, TR("このつなぎは、ほかの人が先に進めました。画面を開き直してください。"));
}

STMT_WRITE(q_attempt, "connection_attempt",
           "UPDATE connection SET attempts = attempts + 1, contacted_at = COALESCE($3, contacted_at)"
           " WHERE network_id = $1 AND id = $2");

enum code connection_sql_attempt(struct tx *tx, id64 id, ts_t met_at, struct err *e)
{
  return db_exec(tx, &q_attempt, NULL, e, BINDS(b_int(tx_network(tx)), b_int(id), b_opt(met_at)));
}

STMT_WRITE(q_mend, "connection_mend",
           "UPDATE connection SET sheet_id = $3, rev = rev + 1 WHERE network_id = $1 AND id = $2 AND rev = $4");

enum code connection_sql_mend(struct tx *tx, const struct connection *c, id64 sheet, struct err *e)
{
  int64_t changed = 0;
  enum code code =
      db_exec(tx, &q_mend, &changed, e, BINDS(b_int(tx_network(tx)), b_int(c->id), b_int(sheet), b_int(c->rev)));
  return code == OK && !changed ? moved_on(e) : code;
}

STMT_WRITE(q_set_kind, "connection_set_kind",
           "UPDATE connection SET kind = $3 WHERE network_id = $1 AND sheet_id = $2 AND state = 'returned'");

enum code connection_sql_set_kind(struct tx *tx, id64 sheet, struct str kind, struct err *e)
{
  return db_exec(tx, &q_set_kind, NULL, e, BINDS(b_int(tx_network(tx)), b_int(sheet), b_text(kind)));
}

STMT_READ(q_waiting, "connection_waiting",
          WITH_NAME " AND c.to_organization_id = $2 AND " LATE_WAITS("c") " ORDER BY c.id");
STMT_READ(q_waiting_all, "connection_waiting_all", WITH_NAME " AND " LATE_WAITS("c") " ORDER BY c.id");

enum code connection_sql_waiting(struct tx *tx, id64 organization, connection_fn fn, void *arg, struct err *e)
{
  if (!organization)
    return each(tx, &q_waiting_all, fn, arg, e, BINDS(b_int(tx_network(tx))));
  return each(tx, &q_waiting, fn, arg, e, BINDS(b_int(tx_network(tx)), b_int(organization)));
}

STMT_READ(q_expiring, "connection_expiring",
          WITH_NAME " AND " LATE_WAITS("c") " AND c.sent_at <= $2 - 86400000 * (SELECT n.expiry_days FROM network n"
                                            " WHERE n.id = $1) ORDER BY c.sent_at, c.id LIMIT $3");

enum code connection_sql_expiring(struct tx *tx, int64_t limit, connection_fn fn, void *arg, struct err *e)
{
  return each(tx, &q_expiring, fn, arg, e, BINDS(b_int(tx_network(tx)), b_int(tx_now(tx)), b_int(limit)));
}

STMT_READ(q_coordinating, "connection_coordinating",
          "SELECT id FROM organization WHERE network_id = $1 AND coordinating ORDER BY id LIMIT 1");

enum code connection_sql_coordinating(struct tx *tx, id64 *ret, struct err *e)
{
  return db_ask_int(tx, &q_coordinating, ret, e, BINDS(b_int(tx_network(tx))));
}

STMT_READ(q_silent_since, "connection_silent_since",
          WITH_NAME " AND " LATE_WAITS("c") " AND c.silent_at > $2 AND c.silent_at <= $3"
                                            " AND EXISTS (SELECT 1 FROM mail_preference p WHERE p.network_id = $1"
                                            "  AND p.how <> 'off') ORDER BY c.silent_at, c.id LIMIT $4");

enum code connection_sql_silent_since(struct tx *tx, ts_t since, int64_t limit, connection_fn fn, void *arg,
                                      struct err *e)
{
  return each(tx, &q_silent_since, fn, arg, e,
              BINDS(b_int(tx_network(tx)), b_int(since), b_int(tx_now(tx)), b_int(limit)));
}

STMT_WRITE(q_silent, "connection_silent", "UPDATE connection SET silent_at = $3 WHERE network_id = $1 AND id = $2");

enum code connection_sql_silent(struct tx *tx, id64 id, ts_t silent_at, struct err *e)
{
  return db_exec(tx, &q_silent, NULL, e, BINDS(b_int(tx_network(tx)), b_int(id), b_int(silent_at)));
}

STMT_WRITE(q_move, "connection_move",
           "UPDATE connection SET state = $3, changed_at = $4, rev = rev + 1, to_user_id = COALESCE($6, to_user_id),"
           " sent_at = CASE WHEN $3 = 'sent' THEN $4 ELSE sent_at END,"
           " received_at = CASE WHEN $3 = 'received' THEN $4 WHEN $3 = 'sent' THEN NULL ELSE received_at END,"
           " accepted_at = CASE WHEN $3 = 'accepted' THEN $4 ELSE accepted_at END,"
           " contacted_at = CASE WHEN $3 = 'in_progress' THEN $4 ELSE contacted_at END,"
           " answered_at = CASE WHEN $3 = 'answered' THEN $4 ELSE answered_at END,"
           " closed_at = CASE WHEN $3 IN ('closed', 'withdrawn', 'expired', 'declined') THEN $4 ELSE closed_at END"
           " WHERE network_id = $1 AND id = $2 AND rev = $5");

enum code connection_sql_move(struct tx *tx, const struct connection *c, enum connection_state to, id64 to_user,
                              struct err *e)
{
  int64_t changed = 0;
  enum code code = db_exec(tx, &q_move, &changed, e,
                           BINDS(b_int(tx_network(tx)), b_int(c->id), b_text(str_from(connection_state_code(to))),
                                 b_int(tx_now(tx)), b_int(c->rev), b_opt(to_user)));
  return code == OK && !changed ? moved_on(e) : code;
}

STMT_WRITE(
    q_step, "connection_step_insert",
    "INSERT INTO connection_step (network_id, id, connection_id, person_id, author_organization_id, author_user_id,"
    " category, source, state, at, text_sealed) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)");

enum code step_sql_insert(struct tx *tx, const struct scope *s, id64 id, const struct connection *c, struct str state,
                          id64 holder, enum source source, struct str sealed, struct err *e)
{
  return db_exec(tx, &q_step, NULL, e,
                 BINDS(b_int(tx_network(tx)), b_int(id), b_int(c->id), b_int(c->person), b_int(holder),
                       b_int(scope_actor(s)->user), b_int(CAT_SUPPORT), b_int(source), b_text(state), b_int(tx_now(tx)),
                       b_bytes_opt(sealed)));
}

/* A copy held by the scope's organization comes before the other side's of the same instant. */
STMT_READ(q_steps, "connection_steps",
          "SELECT t.id, t.author_organization_id, t.state, t.category, t.marks, t.at, t.text_sealed, o.name, t.source"
          " FROM connection_step t JOIN connection c ON c.network_id = t.network_id AND c.id = t.connection_id"
          " JOIN organization o ON o.network_id = t.network_id AND o.id = c.to_organization_id"
          " WHERE t.network_id = $1 AND t.connection_id = $2"
          " AND (t.category & CASE WHEN t.author_organization_id = $3 THEN CAST($4 AS bigint) ELSE CAST($5 AS bigint) "
          "END) <> 0"
          " ORDER BY t.at, CASE WHEN t.author_organization_id = $3 THEN 0 ELSE 1 END, t.id");

enum code step_sql_each(struct tx *tx, const struct scope *s, id64 connection, step_fn fn, void *arg, struct err *e)
{
  struct rows r = {0};
  enum code c = db_query(tx, &q_steps, &r, e,
                         BINDS(b_int(tx_network(tx)), b_int(connection), b_int(scope_organization(s)),
                               b_int(scope_own(s)), b_int(scope_others(s))));
  if (c != OK)
    return c;
  while (c == OK && rows_next(&r)) {
    struct step_row row = {.id = rows_int(&r, 0),
                           .author_organization = rows_int(&r, 1),
                           .state = rows_text(&r, 2),
                           .category = (cats_t)rows_int(&r, 3),
                           .marks = (uint32_t)rows_int(&r, 4),
                           .at = rows_int(&r, 5),
                           .sealed = rows_bytes(&r, 6),
                           .organization = rows_text(&r, 7),
                           .source = (enum source)rows_int(&r, 8)};
    c = fn(arg, &row, e);
  }
  return rows_finish(&r, c, e);
}

/* ---- the list: which ones; $1 to $4 as VISIBLE's ------------------------------------------------------------------------ */

/* clang-format off */
#define RECEIVED(c) c ".to_organization_id = $3 AND " c ".sent_at IS NOT NULL"
#define SENT(c) c ".from_organization_id = $3 AND " c ".state <> 'draft'"
#define RANK \
  "CASE c.state WHEN 'sent' THEN 1 WHEN 'received' THEN 2 WHEN 'accepted' THEN 3 WHEN 'in_progress' THEN 4" \
  " WHEN 'answered' THEN 5 WHEN 'returned' THEN 6 WHEN 'declined' THEN 7 WHEN 'expired' THEN 8 ELSE 9 END"
/* `way`: 1 it came to us, 2 it went from us; `by`: enum connection_order. What waits for nothing comes after what waits longest. */
#define WAY "CASE WHEN " RECEIVED("c") " THEN 1 ELSE 0 END + CASE WHEN " SENT("c") " THEN 2 ELSE 0 END"
#define TOLD(way, by) \
  "c.id, c.person_id, c.state, " way ", COALESCE(CASE CAST(" by " AS bigint) WHEN 0 THEN c.changed_at" \
  " WHEN 1 THEN c.sent_at WHEN 2 THEN CASE WHEN " LATE_WAITS("c") " THEN -c.sent_at END WHEN 3 THEN " RANK \
  " END, -9000000000000000000)"
#define FREE "WITH " VISIBLE_SELF ", " VISIBLE_BARRED
#define WORKED_ON VISIBLE_FREE("c") " AND (" VISIBLE_TAKES_PART("c") " OR " VISIBLE_ASSIGNED("c") ")"
#define BOTH_WAYS " CROSS JOIN connection c WHERE c.network_id = $1 AND ((" RECEIVED("c") ") OR (" SENT("c") "))"
#define MANAGED \
  FREE " SELECT " TOLD("CAST(1 AS bigint)", "$5") " FROM connection c WHERE c.network_id = $1 AND " RECEIVED("c") " AND " WORKED_ON \
  " UNION ALL SELECT " TOLD("2", "$5") " FROM connection c WHERE c.network_id = $1 AND " SENT("c") " AND " WORKED_ON
#define OWN \
  FREE ", mine AS (SELECT DISTINCT a.person_id FROM me CROSS JOIN assignment a WHERE " VISIBLE_MINE("a") \
  " AND " VISIBLE_LIVE("a") " AND " VISIBLE_FREE("a") ") SELECT " TOLD(WAY, "$5") " FROM mine" BOTH_WAYS " AND c.person_id = mine.person_id"
/* Of persons who are seen otherwise. $2 and $4: nobody, and no instant */
#define BESIDE \
  "WITH page (person_id) AS (" IDS_FROM_5 ") SELECT " TOLD(WAY, "$55") " FROM page" BOTH_WAYS " AND c.person_id = page.person_id" \
  " AND c.person_id <> $2 AND c.person_id <> $4"
/* clang-format on */
STMT_READ(q_managed, "connection_managed", MANAGED);
STMT_READ(q_own, "connection_own", OWN);
STMT_READ(q_beside, "connection_beside", BESIDE);

static enum code each_ours(struct rows *r, our_connection_fn fn, void *arg, struct err *e)
{
  enum code c = OK;
  while (c == OK && rows_next(r)) {
    int64_t way = rows_int(r, 3);
    struct our_connection row = {
        .id = rows_int(r, 0), .person = rows_int(r, 1), .received = way & 1, .sent = way & 2, .place = rows_int(r, 4)};
    if (!connection_state_parse(rows_text(r, 2), &row.state))
      row.state = CONNECTION_CLOSED;
    c = fn(arg, &row, e);
  }
  return rows_finish(r, c, e);
}

enum code connection_sql_ours(struct tx *tx, const struct scope *list, enum connection_order by, our_connection_fn fn,
                              void *arg, struct err *e)
{
  struct rows r = {0};
  const id64 *aside = NULL;
  size_t n = 0;
  enum code c =
      db_query(tx, scope_manages(list) ? &q_managed : &q_own, &r, e, BINDS(VISIBLE_BINDS(list, tx_now(tx)), b_int(by)));
  if (c == OK)
    c = each_ours(&r, fn, arg, e);
  if (c == OK)
    c = access_aside(tx, list, &aside, &n, e);
  for (size_t i = 0; c == OK && i < n; i += LIMIT_PAGE_ROWS) {
    struct bind binds[STMT_PARAMS_MAX] = {b_int(tx_network(tx)), b_int(0), b_int(scope_organization(list)), b_int(0)};
    size_t count = ids_bind(binds, 4, aside + i, n - i < LIMIT_PAGE_ROWS ? n - i : LIMIT_PAGE_ROWS);
    binds[count++] = b_int(by);
    c = db_query(tx, &q_beside, &r, e, binds, count);
    if (c == OK)
      c = each_ours(&r, fn, arg, e);
  }
  return c;
}

/* $2 and $3: nobody's id */
STMT_READ(q_page, "connection_page",
          "WITH page (id) AS (" IDS_FROM_4 ") SELECT" CONNECTION_COLUMNS ", f.number, x.name, y.name FROM page g"
          " CROSS JOIN connection c CROSS JOIN case_file f CROSS JOIN organization x CROSS JOIN organization y"
          " WHERE c.network_id = $1 AND c.id = g.id AND f.network_id = $1 AND f.id = c.case_id AND x.network_id = $1"
          " AND x.id = c.from_organization_id AND y.network_id = $1 AND y.id = c.to_organization_id"
          " AND g.id <> $2 AND g.id <> $3");

enum code connection_sql_page(struct tx *tx, const id64 *ids, size_t n, struct arena *a, struct listed_connection *ret,
                              struct err *e)
{
  struct rows r = {0};
  struct bind binds[STMT_PARAMS_MAX] = {b_int(tx_network(tx)), b_int(0), b_int(0)};
  enum code c = db_query(tx, &q_page, &r, e, binds, ids_bind(binds, 3, ids, n));
  if (c != OK)
    return c;
  while (rows_next(&r)) {
    enum { N = CONNECTION_COLUMN_COUNT };
    size_t i = 0;
    while (i < n && ids[i] != rows_int(&r, 0))
      i++;
    if (i < n)
      ret[i] = (struct listed_connection){.c = connection_of(&r),
                                          .number = rows_text_copy(&r, N, a),
                                          .from = rows_text_copy(&r, N + 1, a),
                                          .to = rows_text_copy(&r, N + 2, a)};
  }
  return rows_end(&r, e);
}

/* ---- around them -------------------------------------------------------------------------------------------------------- */

STMT_READ(
    q_workers, "connection_workers",
    "SELECT DISTINCT u.id, u.name, u.kana FROM membership m JOIN user_account u ON u.network_id = m.network_id"
    " AND u.id = m.user_id WHERE m.network_id = $1 AND m.organization_id = $2 AND m.role IN " MAY_STAND_IN
    " AND m.from_at <= $3 AND (m.until_at IS NULL OR m.until_at > $3) AND u.disabled_at IS NULL ORDER BY u.kana, u.id");

enum code connection_sql_workers(struct tx *tx, id64 organization, struct arena *a, struct doc **ret, struct err *e)
{
  return db_ask_list(tx, &q_workers, KEYS("#id", "name"), a, ret, e,
                     BINDS(b_int(tx_network(tx)), b_int(organization), b_int(tx_now(tx))));
}

STMT_READ(q_receivers, "connection_receivers",
          "SELECT o.id, o.name, o.kind, c.id IS NOT NULL FROM organization o"
          " LEFT JOIN connection c ON c.network_id = $1 AND c.sheet_id = $2 AND c.to_organization_id = o.id"
          " WHERE o.network_id = $1 AND o.id <> $3 AND (o.until_at IS NULL OR o.until_at > $4)"
          " AND (c.id IS NOT NULL OR o.circle IN ('council', 'network')) ORDER BY 4 DESC, o.kana, o.name LIMIT 200");

enum code connection_sql_receivers(struct tx *tx, const struct scope *s, id64 sheet, struct arena *a, struct doc **ret,
                                   struct err *e)
{
  return db_ask_list(tx, &q_receivers, KEYS("#id", "name", "kind", "?checked"), a, ret, e,
                     BINDS(b_int(tx_network(tx)), b_int(sheet), b_int(scope_organization(s)), b_int(tx_now(tx))));
}

STMT_READ(q_silence, "connection_silence_days", "SELECT silence_days FROM network WHERE id = $1");

enum code connection_sql_silence_days(struct tx *tx, int *ret, struct err *e)
{
  int64_t n = 0;
  enum code c = db_ask_int(tx, &q_silence, &n, e, BINDS(b_int(tx_network(tx))));
  if (c == OK)
    *ret = (int)n;
  return c;
}
