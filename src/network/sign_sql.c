#include "network/sign_sql.h"

/* --- tries --- */

STMT_WRITE(q_try, "attempt_count",
           "INSERT INTO attempt (network_id, key, window_at, tries) VALUES ($1, $2, $3, 1)"
           " ON CONFLICT (network_id, key) DO UPDATE SET"
           " tries = CASE WHEN attempt.window_at <= $4 THEN 1 ELSE attempt.tries + 1 END,"
           " window_at = CASE WHEN attempt.window_at <= $4 THEN $3 ELSE attempt.window_at END"
           " RETURNING tries, window_at");

enum code try_sql_count(struct tx *tx, struct str key, ts_t over, int64_t *ret_tries, ts_t *ret_window, struct err *e)
{
  struct rows r = {0};
  enum code c = db_query(tx, &q_try, &r, e, BINDS(b_int(tx_network(tx)), b_bytes(key), b_int(tx_now(tx)), b_int(over)));
  if (c != OK)
    return c;
  if (!rows_next(&r))
    return rows_finish(&r, BUG(e, "a count without a row"), e);
  *ret_tries = rows_int(&r, 0);
  *ret_window = rows_int(&r, 1);
  return rows_end(&r, e);
}

STMT_WRITE(q_forget, "attempt_forget", "DELETE FROM attempt WHERE network_id = $1 AND key = $2");

enum code try_sql_forget(struct tx *tx, struct str key, struct err *e)
{
  return db_exec(tx, &q_forget, NULL, e, BINDS(b_int(tx_network(tx)), b_bytes(key)));
}

STMT_WRITE(q_take_back, "attempt_take_back",
           "UPDATE attempt SET tries = tries - 1 WHERE network_id = $1 AND key = $2 AND tries > 0");

enum code try_sql_take_back(struct tx *tx, struct str key, struct err *e)
{
  return db_exec(tx, &q_take_back, NULL, e, BINDS(b_int(tx_network(tx)), b_bytes(key)));
}

STMT_WRITE(q_sweep, "attempt_sweep", "DELETE FROM attempt WHERE network_id = $1 AND window_at <= $2");

enum code try_sql_sweep(struct tx *tx, ts_t over, struct err *e)
{
  return db_exec(tx, &q_sweep, NULL, e, BINDS(b_int(tx_network(tx)), b_int(over)));
}

/* --- accounts, as far as signing in goes --- */

STMT_READ(q_credential, "credential_find",
          "SELECT id, login, name, password_hash, factor, totp_sealed, totp_step, disabled_at, password_at"
          " FROM user_account WHERE network_id = $1 AND (login = $2 OR id = $3)");

enum code credential_sql_find(struct tx *tx, struct str login, id64 user, struct arena *a, struct credential *ret,
                              struct err *e)
{
  struct rows r = {0};
  enum code c = db_query(tx, &q_credential, &r, e, BINDS(b_int(tx_network(tx)), b_text(login), b_int(user)));
  if (c != OK)
    return c;
  if (rows_next(&r))
    *ret = (struct credential){.user = rows_int(&r, 0),
                               .login = rows_text_copy(&r, 1, a),
                               .name = rows_text_copy(&r, 2, a),
                               .password_hash = rows_text_copy(&r, 3, a),
                               .factor = rows_text_copy(&r, 4, a),
                               .totp_sealed = rows_bytes_copy(&r, 5, a),
                               .totp_step = rows_int(&r, 6),
                               .disabled = !rows_null(&r, 7),
                               .own = rows_int(&r, 8) != 0};
  return rows_end(&r, e);
}

STMT_WRITE(q_password, "credential_password",
           "UPDATE user_account SET password_hash = $3, password_at = $4, rev = rev + 1"
           " WHERE network_id = $1 AND id = $2");

enum code credential_sql_password(struct tx *tx, id64 user, struct str hash, ts_t at, struct err *e)
{
  return db_exec(tx, &q_password, NULL, e, BINDS(b_int(tx_network(tx)), b_int(user), b_text(hash), b_int(at)));
}

STMT_WRITE(q_totp, "credential_totp",
           "UPDATE user_account SET totp_sealed = $3, totp_step = 0 WHERE network_id = $1 AND id = $2");

enum code credential_sql_totp(struct tx *tx, id64 user, struct str sealed, struct err *e)
{
  return db_exec(tx, &q_totp, NULL, e, BINDS(b_int(tx_network(tx)), b_int(user), b_bytes_opt(sealed)));
}

STMT_WRITE(q_factor, "credential_factor",
           "UPDATE user_account SET factor = $3, rev = rev + 1 WHERE network_id = $1 AND id = $2");

enum code credential_sql_factor(struct tx *tx, id64 user, struct str factor, struct err *e)
{
  return db_exec(tx, &q_factor, NULL, e, BINDS(b_int(tx_network(tx)), b_int(user), b_text(factor)));
}

STMT_WRITE(q_step, "credential_step",
           "UPDATE user_account SET totp_step = $3 WHERE network_id = $1 AND id = $2 AND totp_step < $3");

enum code credential_sql_step(struct tx *tx, id64 user, int64_t step, bool *ret, struct err *e)
{
  int64_t changed = 0;
  enum code c = db_exec(tx, &q_step, &changed, e, BINDS(b_int(tx_network(tx)), b_int(user), b_int(step)));
  *ret = changed == 1;
  return c;
}

/* --- codes on paper --- */

STMT_WRITE(q_paper_use, "paper_code_use",
           "UPDATE paper_code SET used_at = $4 WHERE network_id = $1 AND user_id = $2 AND hash = $3"
           " AND used_at IS NULL");

enum code paper_sql_use(struct tx *tx, id64 user, struct str hash, bool *ret, struct err *e)
{
  int64_t changed = 0;
  enum code c = db_exec(tx, &q_paper_use, &changed, e,
                        BINDS(b_int(tx_network(tx)), b_int(user), b_bytes(hash), b_int(tx_now(tx))));
  *ret = changed == 1;
  return c;
}

STMT_WRITE(q_paper_clear, "paper_code_clear", "DELETE FROM paper_code WHERE network_id = $1 AND user_id = $2");

enum code paper_sql_clear(struct tx *tx, id64 user, struct err *e)
{
  return db_exec(tx, &q_paper_clear, NULL, e, BINDS(b_int(tx_network(tx)), b_int(user)));
}

STMT_WRITE(q_paper_insert, "paper_code_insert",
           "INSERT INTO paper_code (network_id, user_id, hash) VALUES ($1, $2, $3)");

enum code paper_sql_insert(struct tx *tx, id64 user, struct str hash, struct err *e)
{
  return db_exec(tx, &q_paper_insert, NULL, e, BINDS(b_int(tx_network(tx)), b_int(user), b_bytes(hash)));
}

/* --- memberships --- */

STMT_READ(q_live, "membership_live",
          "SELECT m.id, m.organization_id, o.name, m.role, m.until_at FROM membership m"
          " JOIN organization o ON o.network_id = m.network_id AND o.id = m.organization_id"
          " WHERE m.network_id = $1 AND m.user_id = $2 AND m.from_at <= $3 AND (m.until_at IS NULL OR m.until_at > $3)"
          " ORDER BY m.from_at, m.id");

enum code membership_sql_live(struct tx *tx, id64 user, live_fn fn, void *arg, struct err *e)
{
  struct rows r = {0};
  enum code c = db_query(tx, &q_live, &r, e, BINDS(b_int(tx_network(tx)), b_int(user), b_int(tx_now(tx))));
  if (c != OK)
    return c;
  while (c == OK && rows_next(&r))
    c = fn(arg, &(struct live_membership){.id = rows_int(&r, 0),
                                          .organization = rows_int(&r, 1),
                                          .organization_name = rows_text(&r, 2),
                                          .role = rows_text(&r, 3),
                                          .until = rows_int(&r, 4)});
  return rows_finish(&r, c, e);
}

/* --- sessions --- */

STMT_WRITE(q_session, "session_insert",
           "INSERT INTO session (network_id, id, token_hash, user_id, membership_id, created_at, seen_at, until_at,"
           " device) VALUES ($1, $2, $3, $4, $5, $6, $6, $7, $8)");

enum code session_sql_insert(struct tx *tx, const struct session_new *s, struct err *e)
{
  return db_exec(tx, &q_session, NULL, e,
                 BINDS(b_int(tx_network(tx)), b_int(s->id), b_bytes(s->token_hash), b_int(s->user),
                       b_opt(s->membership), b_int(tx_now(tx)), b_int(s->until), b_text(s->device)));
}

STMT_WRITE(q_session_copy, "session_copy",
           "INSERT INTO session (network_id, id, token_hash, user_id, membership_id, created_at, seen_at, until_at,"
           " factor_at, device) SELECT network_id, $3, $4, user_id, $5, $6, $6, until_at, factor_at, device"
           " FROM session WHERE network_id = $1 AND id = $2 AND ended_at IS NULL");

enum code session_sql_copy(struct tx *tx, id64 from, id64 id, id64 membership, struct str token_hash, bool *ret,
                           struct err *e)
{
  int64_t changed = 0;
  enum code c = db_exec(
      tx, &q_session_copy, &changed, e,
      BINDS(b_int(tx_network(tx)), b_int(from), b_int(id), b_bytes(token_hash), b_int(membership), b_int(tx_now(tx))));
  *ret = changed == 1;
  return c;
}

STMT_WRITE(q_session_take, "session_take",
           "UPDATE session SET membership_id = $3 WHERE network_id = $1 AND id = $2 AND membership_id IS NULL");

enum code session_sql_take(struct tx *tx, id64 id, id64 membership, struct err *e)
{
  return db_exec(tx, &q_session_take, NULL, e, BINDS(b_int(tx_network(tx)), b_int(id), b_int(membership)));
}

STMT_WRITE(q_session_factor, "session_factor",
           "UPDATE session SET factor_at = $3, token_hash = $4 WHERE network_id = $1 AND id = $2 AND ended_at IS NULL");

enum code session_sql_factor(struct tx *tx, id64 id, struct str token_hash, struct err *e)
{
  int64_t changed = 0;
  enum code c = db_exec(tx, &q_session_factor, &changed, e,
                        BINDS(b_int(tx_network(tx)), b_int(id), b_int(tx_now(tx)), b_bytes(token_hash)));
  return c == OK && changed == 0 ? err_set(e, DENIED, TR("サインインしなおしてください。")) : c;
}

STMT_WRITE(q_session_token, "session_token",
           "UPDATE session SET token_hash = $3 WHERE network_id = $1 AND id = $2 AND ended_at IS NULL");

enum code session_sql_token(struct tx *tx, id64 id, struct str token_hash, struct err *e)
{
  int64_t changed = 0;
  enum code c =
      db_exec(tx, &q_session_token, &changed, e, BINDS(b_int(tx_network(tx)), b_int(id), b_bytes(token_hash)));
  return c == OK && changed == 0 ? err_set(e, DENIED, TR("サインインしなおしてください。")) : c;
}

STMT_WRITE(q_session_end, "session_end",
           "UPDATE session SET ended_at = $4 WHERE network_id = $1 AND user_id = $2 AND id = $3 AND ended_at IS NULL");

enum code session_sql_end(struct tx *tx, id64 user, id64 id, bool *ret, struct err *e)
{
  int64_t changed = 0;
  enum code c =
      db_exec(tx, &q_session_end, &changed, e, BINDS(b_int(tx_network(tx)), b_int(user), b_int(id), b_int(tx_now(tx))));
  *ret = changed == 1;
  return c;
}

STMT_WRITE(q_session_end_all, "session_end_all",
           "UPDATE session SET ended_at = $4 WHERE network_id = $1 AND user_id = $2 AND id <> $3"
           " AND ended_at IS NULL");

enum code session_sql_end_all(struct tx *tx, id64 user, id64 except, struct err *e)
{
  return db_exec(tx, &q_session_end_all, NULL, e,
                 BINDS(b_int(tx_network(tx)), b_int(user), b_int(except), b_int(tx_now(tx))));
}

STMT_WRITE(q_session_end_membership, "session_end_membership",
           "UPDATE session SET ended_at = $3 WHERE network_id = $1 AND membership_id = $2 AND ended_at IS NULL");

enum code session_sql_end_membership(struct tx *tx, id64 membership, struct err *e)
{
  return db_exec(tx, &q_session_end_membership, NULL, e,
                 BINDS(b_int(tx_network(tx)), b_int(membership), b_int(tx_now(tx))));
}

STMT_READ(q_session_list, "session_list",
          "SELECT id, device, created_at, seen_at FROM session WHERE network_id = $1 AND user_id = $2"
          " AND ended_at IS NULL AND until_at > $3 AND seen_at > $4 ORDER BY seen_at DESC, id DESC LIMIT 50");

enum code session_sql_each(struct tx *tx, id64 user, ts_t idle_since, session_fn fn, void *arg, struct err *e)
{
  struct rows r = {0};
  enum code c = db_query(tx, &q_session_list, &r, e,
                         BINDS(b_int(tx_network(tx)), b_int(user), b_int(tx_now(tx)), b_int(idle_since)));
  if (c != OK)
    return c;
  while (rows_next(&r))
    fn(arg, &(struct session_row){rows_int(&r, 0), rows_text(&r, 1), rows_int(&r, 2), rows_int(&r, 3)});
  return rows_end(&r, e);
}
