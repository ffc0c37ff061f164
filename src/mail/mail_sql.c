#include "mail/mail_impl.h"

/* ---- queueing: $1 network, $2 organization, $3 case, $4 now ------------------------------------------------------------ */

STMT_READ(q_members, "mail_members",
          "SELECT m.id, m.user_id, m.role, p.how, CASE WHEN EXISTS (SELECT 1 FROM fact_assignment a"
          "  WHERE a.network_id = $1 AND a.case_id = $3 AND a.user_id = m.user_id AND a.organization_id = $2"
          "  AND a.from_at <= $4 AND (a.until_at IS NULL OR $4 < a.until_at)) THEN 1 ELSE 0 END"
          " FROM membership m JOIN mail_preference p ON p.network_id = $1 AND p.user_id = m.user_id AND p.how <> 'off'"
          " JOIN user_account u ON u.network_id = $1 AND u.id = m.user_id AND u.disabled_at IS NULL"
          " WHERE m.network_id = $1 AND m.organization_id = $2 AND m.from_at <= $4"
          " AND (m.until_at IS NULL OR $4 < m.until_at) ORDER BY m.user_id, m.id LIMIT 2000");

enum code mail_sql_members(struct tx *tx, id64 organization, id64 case_id, mail_member_fn fn, void *arg, struct err *e)
{
  struct rows r = {0};
  enum code c = db_query(tx, &q_members, &r, e,
                         BINDS(b_int(tx_network(tx)), b_int(organization), b_int(case_id), b_int(tx_now(tx))));
  if (c != OK)
    return c;
  while (c == OK && rows_next(&r)) {
    struct mail_member m = {.membership = rows_int(&r, 0),
                            .user = rows_int(&r, 1),
                            .morning = str_is(rows_text(&r, 3), "morning"),
                            .assigned = rows_int(&r, 4) != 0};
    if (role_parse(rows_text(&r, 2), &m.role))
      c = fn(arg, &m, e);
  }
  return rows_finish(&r, c, e);
}

STMT_READ(q_closed, "mail_closed",
          "SELECT 1 FROM closed_day WHERE network_id = $1 AND organization_id = $2 AND day <= $3 AND $3 <= until_day");

enum code mail_sql_closed(struct tx *tx, id64 organization, struct str day, bool *ret, struct err *e)
{
  int64_t there = 0;
  enum code c = db_ask_int(tx, &q_closed, &there, e, BINDS(b_int(tx_network(tx)), b_int(organization), b_text(day)));
  if (c == OK)
    *ret = there != 0;
  return c;
}

/* Once for each notice and reader, whatever runs twice. */
STMT_WRITE(q_add, "mail_add",
           "INSERT INTO mail_queue (network_id, id, user_id, membership_id, kind, person_id, thing_id, thing_at,"
           " created_at, next_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING");

enum code mail_sql_add(struct tx *tx, const struct mail_member *to, const struct notice *n, ts_t next, struct err *e)
{
  return db_exec(tx, &q_add, NULL, e,
                 BINDS(b_int(tx_network(tx)), b_int(id_new(tx_now(tx))), b_int(to->user), b_int(to->membership),
                       b_text(str_from(notice_words(n->kind)->code)), b_opt(n->person), b_int(n->thing), b_int(n->at),
                       b_int(tx_now(tx)), b_int(next)));
}

/* ---- preference ---------------------------------------------------------------------------------------------------------- */

STMT_READ(q_preference, "mail_preference",
          "SELECT how, address FROM mail_preference WHERE network_id = $1 AND user_id = $2");

enum code mail_sql_preference(struct tx *tx, id64 user, struct arena *a, struct mail_preference *ret, struct err *e)
{
  struct rows r = {0};
  struct mail_preference p = {.how = S("off")};
  enum code c = db_query(tx, &q_preference, &r, e, BINDS(b_int(tx_network(tx)), b_int(user)));
  if (c != OK)
    return c;
  if (rows_next(&r))
    p = (struct mail_preference){.how = rows_text_copy(&r, 0, a), .address = rows_text_copy(&r, 1, a)};
  c = rows_end(&r, e);
  if (c == OK)
    *ret = p;
  return c;
}

STMT_WRITE(q_prefer, "mail_prefer",
           "INSERT INTO mail_preference (network_id, user_id, how, address, changed_at) VALUES ($1, $2, $3, $4, $5)"
           " ON CONFLICT (network_id, user_id) DO UPDATE SET how = excluded.how, address = excluded.address,"
           " changed_at = excluded.changed_at");

enum code mail_sql_prefer(struct tx *tx, id64 user, const struct mail_preference *p, struct err *e)
{
  return db_exec(tx, &q_prefer, NULL, e,
                 BINDS(b_int(tx_network(tx)), b_int(user), b_text(p->how), b_text(p->address), b_int(tx_now(tx))));
}

/* ---- sending ---------------------------------------------------------------------------------------------------------------- */

/* Across all networks: what is to be tried now, the oldest first; a mail that was tried before by its message, the rest by its reader. */
STMT_READ(q_due, "mail_due",
          "SELECT network_id, user_id, message, MIN(next_at) FROM mail_queue WHERE state = 'waiting' AND next_at <= $1"
          " AND claimed_until <= $1 GROUP BY network_id, user_id, message ORDER BY 4, 1, 2, 3 LIMIT $2");

enum code mail_sql_due(struct tx *tx, struct mail_due_list *ret, struct err *e)
{
  struct rows r = {0};
  ret->count = 0;
  enum code c = db_query(tx, &q_due, &r, e, BINDS(b_int(tx_now(tx)), b_int(MAIL_ROWS)));
  if (c != OK)
    return c;
  while (ret->count < MAIL_ROWS && rows_next(&r))
    ret->list[ret->count++] = (struct mail_due){rows_int(&r, 0), rows_int(&r, 1), rows_text_copy(&r, 2, tx_arena(tx))};
  return rows_end(&r, e);
}

STMT_WRITE(q_claim, "mail_claim",
           "UPDATE mail_queue SET message = $4, tries = tries + 1, claimed_until = $6 WHERE network_id = $1"
           " AND user_id = $2 AND message = $3 AND state = 'waiting' AND next_at <= $5 AND claimed_until <= $5");

enum code mail_sql_claim(struct tx *tx, const struct mail_due *d, struct str message, int64_t *ret, struct err *e)
{
  return db_exec(tx, &q_claim, ret, e,
                 BINDS(b_int(tx_network(tx)), b_int(d->user), b_text(d->message), b_text(message), b_int(tx_now(tx)),
                       b_int(tx_now(tx) + MAIL_CLAIM_MS)));
}

STMT_READ(q_rows, "mail_rows",
          "SELECT q.id, q.membership_id, COALESCE(q.person_id, 0), q.kind, q.tries, q.created_at, m.role,"
          " m.organization_id FROM mail_queue q JOIN membership m ON m.network_id = $1 AND m.id = q.membership_id"
          " WHERE q.network_id = $1 AND q.message = $2 AND q.state = 'waiting' ORDER BY q.id LIMIT $3");

enum code mail_sql_rows(struct tx *tx, struct str message, struct mail_rows *ret, struct err *e)
{
  struct rows r = {0};
  ret->count = 0;
  enum code c = db_query(tx, &q_rows, &r, e, BINDS(b_int(tx_network(tx)), b_text(message), b_int(MAIL_ROWS)));
  if (c != OK)
    return c;
  while (ret->count < MAIL_ROWS && rows_next(&r)) {
    struct mail_row row = {.id = rows_int(&r, 0),
                           .membership = rows_int(&r, 1),
                           .person = rows_int(&r, 2),
                           .tries = rows_int(&r, 4),
                           .created = rows_int(&r, 5),
                           .organization = rows_int(&r, 7)};
    if (notice_parse(rows_text(&r, 3), &row.kind) && role_parse(rows_text(&r, 6), &row.role))
      ret->list[ret->count++] = row;
  }
  return rows_end(&r, e);
}

STMT_READ(q_reader, "mail_reader",
          "SELECT p.how, p.address, u.disabled_at IS NOT NULL, u.lang,"
          " (SELECT MIN(h.host) FROM network_host h WHERE h.network_id = $1)"
          " FROM user_account u LEFT JOIN mail_preference p ON p.network_id = $1 AND p.user_id = u.id"
          " WHERE u.network_id = $1 AND u.id = $2");

enum code mail_sql_reader(struct tx *tx, id64 user, struct mail_reader *ret, struct err *e)
{
  struct rows r = {0};
  struct mail_reader reader = {.disabled = true};
  enum code c = db_query(tx, &q_reader, &r, e, BINDS(b_int(tx_network(tx)), b_int(user)));
  if (c != OK)
    return c;
  if (rows_next(&r))
    reader = (struct mail_reader){
        .preference = {.how = rows_text_copy(&r, 0, tx_arena(tx)), .address = rows_text_copy(&r, 1, tx_arena(tx))},
        .disabled = rows_bool(&r, 2),
        .lang = str_is(rows_text(&r, 3), "en") ? LANG_EN : LANG_JA,
        .host = rows_text_copy(&r, 4, tx_arena(tx))};
  c = rows_end(&r, e);
  if (c == OK)
    *ret = reader;
  return c;
}

STMT_WRITE(
    q_drop, "mail_drop",
    "UPDATE mail_queue SET state = 'gone', done_at = $3 WHERE network_id = $1 AND id = $2 AND state = 'waiting'");

enum code mail_sql_drop(struct tx *tx, id64 row, struct err *e)
{
  return db_exec(tx, &q_drop, NULL, e, BINDS(b_int(tx_network(tx)), b_int(row), b_int(tx_now(tx))));
}

STMT_WRITE(q_done, "mail_done",
           "UPDATE mail_queue SET state = $3, error = $4, claimed_until = 0, next_at = COALESCE($5, next_at),"
           " done_at = CASE WHEN $3 = 'waiting' THEN NULL ELSE CAST($6 AS bigint) END"
           " WHERE network_id = $1 AND message = $2 AND state = 'waiting'");

enum code mail_sql_done(struct tx *tx, struct str message, const char *state, const char *why, ts_t next, struct err *e)
{
  return db_exec(tx, &q_done, NULL, e,
                 BINDS(b_int(tx_network(tx)), b_text(message), b_text(str_from(state)), b_text(str_from(why)),
                       b_opt(next), b_int(tx_now(tx))));
}

STMT_WRITE(
    q_give_up, "mail_give_up",
    "UPDATE mail_queue SET state = 'failed', done_at = $3, error = CASE WHEN error = '' THEN 'off' ELSE error END"
    " WHERE network_id = $1 AND state = 'waiting' AND created_at < $2 AND next_at <= $3 AND claimed_until <= $3");

enum code mail_sql_give_up(struct tx *tx, ts_t before, int64_t *ret, struct err *e)
{
  return db_exec(tx, &q_give_up, ret, e, BINDS(b_int(tx_network(tx)), b_int(before), b_int(tx_now(tx))));
}

STMT_WRITE(q_forget, "mail_forget",
           "DELETE FROM mail_queue WHERE network_id = $1 AND state <> 'waiting' AND done_at < $2");

enum code mail_sql_forget(struct tx *tx, ts_t before, struct err *e)
{
  return db_exec(tx, &q_forget, NULL, e, BINDS(b_int(tx_network(tx)), b_int(before)));
}

/* ---- looking at it --------------------------------------------------------------------------------------------------------------- */

#define STATE_COLUMNS                                                                                                  \
  "SELECT COUNT(CASE WHEN state = 'waiting' THEN 1 END), COUNT(CASE WHEN state = 'failed' THEN 1 END),"                \
  " COUNT(CASE WHEN state = 'sent' THEN 1 END),"                                                                       \
  " MIN(CASE WHEN state = 'waiting' AND created_at <= $1 AND (next_at <= $1 OR tries > 0) THEN created_at END)"        \
  " FROM mail_queue"
STMT_READ(q_state, "mail_state", STATE_COLUMNS);
STMT_READ(q_state_here, "mail_state_here", STATE_COLUMNS " WHERE network_id = $2");

static enum code take_state(struct tx *tx, const struct stmt *q, struct mail_state *ret, struct err *e,
                            const struct bind *binds, size_t n)
{
  struct rows r = {0};
  enum code c = db_query(tx, q, &r, e, binds, n);
  if (c != OK)
    return c;
  if (rows_next(&r))
    *ret = (struct mail_state){rows_int(&r, 0), rows_int(&r, 1), rows_int(&r, 2), rows_int(&r, 3)};
  return rows_end(&r, e);
}

enum code mail_sql_state(struct tx *tx, struct mail_state *ret, struct err *e)
{
  return take_state(tx, &q_state, ret, e, BINDS(b_int(tx_now(tx))));
}

enum code mail_sql_state_here(struct tx *tx, struct mail_state *ret, struct err *e)
{
  return take_state(tx, &q_state_here, ret, e, BINDS(b_int(tx_now(tx)), b_int(tx_network(tx))));
}

STMT_READ(q_failed, "mail_failed",
          "SELECT q.user_id, u.name, q.error, q.state, COALESCE(q.done_at, q.created_at), q.tries FROM mail_queue q"
          " JOIN user_account u ON u.network_id = $1 AND u.id = q.user_id"
          " WHERE q.network_id = $1 AND (q.state = 'failed' OR (q.state = 'waiting' AND q.error <> ''))"
          " ORDER BY q.id DESC LIMIT $2");

enum code mail_sql_failed(struct tx *tx, int limit, mail_failed_fn fn, void *arg, struct err *e)
{
  struct rows r = {0};
  enum code c = db_query(tx, &q_failed, &r, e, BINDS(b_int(tx_network(tx)), b_int(limit)));
  if (c != OK)
    return c;
  while (c == OK && rows_next(&r)) {
    struct mail_failed f = {.user = rows_int(&r, 0),
                            .name = rows_text(&r, 1),
                            .why = rows_text(&r, 2),
                            .state = rows_text(&r, 3),
                            .at = rows_int(&r, 4),
                            .tries = rows_int(&r, 5)};
    c = fn(arg, &f, e);
  }
  return rows_finish(&r, c, e);
}

/* What was given up and is not too old to matter; and what waits for its next try. */
STMT_WRITE(
    q_again, "mail_again",
    "UPDATE mail_queue SET state = 'waiting', tries = 0, next_at = $2, created_at = $2, done_at = NULL"
    " WHERE network_id = $1 AND claimed_until <= $2 AND (state = 'failed' OR (state = 'waiting' AND error <> ''))");

enum code mail_sql_again(struct tx *tx, struct err *e)
{
  return db_exec(tx, &q_again, NULL, e, BINDS(b_int(tx_network(tx)), b_int(tx_now(tx))));
}
