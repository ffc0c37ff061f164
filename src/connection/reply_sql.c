#include "connection/reply_sql.h"

STMT_WRITE(q_end, "reply_end",
           "UPDATE reply_link SET ended_at = $3 WHERE network_id = $1 AND connection_id = $2 AND ended_at IS NULL"
           " AND used_at IS NULL");

enum code reply_sql_end(struct tx *tx, id64 connection, struct err *e)
{
  return db_exec(tx, &q_end, NULL, e, BINDS(b_int(tx_network(tx)), b_int(connection), b_int(tx_now(tx))));
}

STMT_WRITE(q_insert, "reply_insert",
           "INSERT INTO reply_link (network_id, id, connection_id, person_id, from_user_id, token_hash, code_hash,"
           " created_at, until_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)");

enum code reply_sql_insert(struct tx *tx, const struct scope *s, const struct connection *c,
                           const struct reply_secrets *new, ts_t until, struct err *e)
{
  return db_exec(tx, &q_insert, NULL, e,
                 BINDS(b_int(tx_network(tx)), b_int(id_new(tx_now(tx))), b_int(c->id), b_int(c->person),
                       b_int(scope_actor(s)->user), b_bytes(new->token_hash), b_bytes(new->code_hash),
                       b_int(tx_now(tx)), b_int(until)));
}

STMT_READ(
    q_state, "reply_state",
    "SELECT until_at, opened_at, used_at, ended_at, wrong FROM reply_link WHERE network_id = $1 AND connection_id = $2"
    " ORDER BY created_at DESC, id DESC LIMIT 1");

enum code reply_sql_state(struct tx *tx, id64 connection, struct reply_state *ret, struct err *e)
{
  struct rows r = {0};
  struct reply_state state = {0};
  enum code c = db_query(tx, &q_state, &r, e, BINDS(b_int(tx_network(tx)), b_int(connection)));
  if (c != OK)
    return c;
  if (rows_next(&r))
    state = (struct reply_state){rows_int(&r, 0), rows_int(&r, 1), rows_int(&r, 2), rows_int(&r, 3), rows_int(&r, 4)};
  c = rows_end(&r, e);
  if (c == OK)
    *ret = state;
  return c;
}

#define COLUMNS                                                                                                        \
  " l.id, l.connection_id, l.person_id, l.until_at, l.code_hash, l.opened_at, l.used_at, l.ended_at, l.wrong"

STMT_READ(q_find, "reply_find",
          "SELECT" COLUMNS " FROM reply_link l WHERE l.network_id = $1 AND l.token_hash = $2 AND l.created_at <= $3");
STMT_READ(q_of_session, "reply_of_session",
          "SELECT" COLUMNS " FROM reply_session s JOIN reply_link l ON l.network_id = $1 AND l.id = s.link_id"
          " WHERE s.network_id = $1 AND s.session_hash = $2 AND s.until_at > $3");

static enum code find(struct tx *tx, const struct stmt *q, struct str hash, struct arena *a, struct reply_found *ret,
                      struct err *e)
{
  struct rows r = {0};
  struct reply_found f = {0};
  enum code c = db_query(tx, q, &r, e, BINDS(b_int(tx_network(tx)), b_bytes(hash), b_int(tx_now(tx))));
  if (c != OK)
    return c;
  if (rows_next(&r)) {
    f.link = (struct reply_link){.id = rows_int(&r, 0),
                                 .connection = rows_int(&r, 1),
                                 .person = rows_int(&r, 2),
                                 .until = rows_int(&r, 3),
                                 .code_hash = rows_bytes_copy(&r, 4, a)};
    f.state = (struct reply_state){f.link.until, rows_int(&r, 5), rows_int(&r, 6), rows_int(&r, 7), rows_int(&r, 8)};
  }
  c = rows_end(&r, e);
  if (c == OK)
    *ret = f;
  return c;
}

enum code reply_sql_find(struct tx *tx, struct str token_hash, struct arena *a, struct reply_found *ret, struct err *e)
{
  return find(tx, &q_find, token_hash, a, ret, e);
}

enum code reply_sql_of_session(struct tx *tx, struct str session_hash, struct reply_found *ret, struct err *e)
{
  return find(tx, &q_of_session, session_hash, tx_arena(tx), ret, e);
}

STMT_WRITE(q_opened, "reply_opened",
           "UPDATE reply_link SET opened_at = COALESCE(opened_at, $3) WHERE network_id = $1 AND id = $2");
STMT_WRITE(q_session, "reply_session_new",
           "INSERT INTO reply_session (network_id, session_hash, link_id, person_id, until_at)"
           " VALUES ($1, $2, $3, $4, $5)");
STMT_WRITE(q_forget, "reply_session_forget",
           "DELETE FROM reply_session WHERE network_id = $1 AND link_id = $2 AND until_at <= $3");

enum code reply_sql_open(struct tx *tx, const struct reply_link *l, struct str session_hash, ts_t until, struct err *e)
{
  enum code c = db_exec(tx, &q_opened, NULL, e, BINDS(b_int(tx_network(tx)), b_int(l->id), b_int(tx_now(tx))));
  if (c == OK)
    c = db_exec(tx, &q_forget, NULL, e, BINDS(b_int(tx_network(tx)), b_int(l->id), b_int(tx_now(tx))));
  return c == OK ? db_exec(tx, &q_session, NULL, e,
                           BINDS(b_int(tx_network(tx)), b_bytes(session_hash), b_int(l->id), b_int(l->person),
                                 b_int(until)))
                 : c;
}

STMT_WRITE(q_wrong, "reply_wrong",
           "UPDATE reply_link SET wrong = wrong + 1, ended_at = CASE WHEN wrong + 1 >= $3 THEN $4 ELSE ended_at END"
           " WHERE network_id = $1 AND id = $2");

enum code reply_sql_wrong(struct tx *tx, id64 id, int most, struct err *e)
{
  return db_exec(tx, &q_wrong, NULL, e, BINDS(b_int(tx_network(tx)), b_int(id), b_int(most), b_int(tx_now(tx))));
}

STMT_WRITE(q_used, "reply_used",
           "UPDATE reply_link SET used_at = $3 WHERE network_id = $1 AND id = $2"
           " AND used_at IS NULL");

enum code reply_sql_used(struct tx *tx, id64 id, struct err *e)
{
  int64_t changed = 0;
  enum code c = db_exec(tx, &q_used, &changed, e, BINDS(b_int(tx_network(tx)), b_int(id), b_int(tx_now(tx))));
  return c == OK && !changed ? err_set(e, CONFLICT, TR("返事は、もういただいています。")) : c;
}
