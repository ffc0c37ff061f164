/* sign_sql.h: statements of signing in, for this folder alone. */
#ifndef NETWORK_SIGN_SQL_H
#define NETWORK_SIGN_SQL_H
#include "network/sign.h"

enum code try_sql_count(struct tx *tx, struct str key, ts_t over, int64_t *ret_tries, ts_t *ret_window,
                        struct err *e) MUST_CHECK;
enum code try_sql_forget(struct tx *tx, struct str key, struct err *e) MUST_CHECK;
enum code try_sql_take_back(struct tx *tx, struct str key, struct err *e) MUST_CHECK;
enum code try_sql_sweep(struct tx *tx, ts_t over, struct err *e) MUST_CHECK;

enum code credential_sql_find(struct tx *tx, struct str login, id64 user, struct arena *a, struct credential *ret,
                              struct err *e) MUST_CHECK;
/* Sets hash and time (0: given by an admin). */
enum code credential_sql_password(struct tx *tx, id64 user, struct str hash, ts_t at, struct err *e) MUST_CHECK;
enum code credential_sql_totp(struct tx *tx, id64 user, struct str sealed, struct err *e) MUST_CHECK;
enum code credential_sql_factor(struct tx *tx, id64 user, struct str factor, struct err *e) MUST_CHECK;
/* *ret false: the step was used already. */
enum code credential_sql_step(struct tx *tx, id64 user, int64_t step, bool *ret, struct err *e) MUST_CHECK;
enum code paper_sql_use(struct tx *tx, id64 user, struct str hash, bool *ret, struct err *e) MUST_CHECK;
enum code paper_sql_clear(struct tx *tx, id64 user, struct err *e) MUST_CHECK;
enum code paper_sql_insert(struct tx *tx, id64 user, struct str hash, struct err *e) MUST_CHECK;

struct live_membership {
  id64 id, organization;
  struct str organization_name, role;
  ts_t until;
};
typedef enum code (*live_fn)(void *arg, const struct live_membership *m);
enum code membership_sql_live(struct tx *tx, id64 user, live_fn fn, void *arg, struct err *e) MUST_CHECK;

struct session_new {
  id64 id, user, membership;
  struct str token_hash, device;
  ts_t until;
};
enum code session_sql_insert(struct tx *tx, const struct session_new *s, struct err *e) MUST_CHECK;
/* A new row out of a live one, for another membership. *ret false: there is no such live session. */
enum code session_sql_copy(struct tx *tx, id64 from, id64 id, id64 membership, struct str token_hash, bool *ret,
                           struct err *e) MUST_CHECK;
/* For a session without a membership. */
enum code session_sql_take(struct tx *tx, id64 id, id64 membership, struct err *e) MUST_CHECK;
enum code session_sql_factor(struct tx *tx, id64 id, struct str token_hash, struct err *e) MUST_CHECK;
/* Another token for a live session; DENIED where it has ended meanwhile. */
enum code session_sql_token(struct tx *tx, id64 id, struct str token_hash, struct err *e) MUST_CHECK;
enum code session_sql_end(struct tx *tx, id64 user, id64 id, bool *ret, struct err *e) MUST_CHECK;
enum code session_sql_end_all(struct tx *tx, id64 user, id64 except, struct err *e) MUST_CHECK;
enum code session_sql_end_membership(struct tx *tx, id64 membership, struct err *e) MUST_CHECK;
enum code session_sql_each(struct tx *tx, id64 user, ts_t idle_since, session_fn fn, void *arg,
                           struct err *e) MUST_CHECK;

#endif
