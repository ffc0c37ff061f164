/* reply_sql.h: statements of the links, for this folder alone. */
#ifndef CONNECTION_REPLY_SQL_H
#define CONNECTION_REPLY_SQL_H
#include "connection/connection_sql.h"
#include "connection/reply.h"

struct reply_state { /* of a link; until 0: there is none */
  ts_t until, opened_at, used_at, ended_at;
  int64_t wrong;
};
struct reply_found {
  struct reply_link link; /* id 0: none */
  struct reply_state state;
};
/* The connection's links are over. */
enum code reply_sql_end(struct tx *tx, id64 connection, struct err *e) MUST_CHECK;
enum code reply_sql_insert(struct tx *tx, const struct scope *s, const struct connection *c,
                           const struct reply_secrets *new, ts_t until, struct err *e) MUST_CHECK;
enum code reply_sql_state(struct tx *tx, id64 connection, struct reply_state *ret, struct err *e) MUST_CHECK;
/* Live or not. */
enum code reply_sql_find(struct tx *tx, struct str token_hash, struct arena *a, struct reply_found *ret,
                         struct err *e) MUST_CHECK;
enum code reply_sql_of_session(struct tx *tx, struct str session_hash, struct reply_found *ret,
                               struct err *e) MUST_CHECK;
enum code reply_sql_open(struct tx *tx, const struct reply_link *l, struct str session_hash, ts_t until,
                         struct err *e) MUST_CHECK;
/* One more; at `most` the link is over. */
enum code reply_sql_wrong(struct tx *tx, id64 id, int most, struct err *e) MUST_CHECK;
/* CONFLICT when it has been used. */
enum code reply_sql_used(struct tx *tx, id64 id, struct err *e) MUST_CHECK;

#endif
