/* account_sql.h: statements of accounts, for this folder alone. */
#ifndef NETWORK_ACCOUNT_SQL_H
#define NETWORK_ACCOUNT_SQL_H
#include "network/account.h"

struct account_row { /* texts borrowed for the call */
  id64 user;
  struct str login, name, kana, job, factor;
  bool disabled;
  ts_t last; /* newest sign-in, 0: never */
};
struct membership_row {
  id64 id, user, organization;
  struct str organization_name, role;
  ts_t from, until;
  int64_t rev;
};
/* meant: the membership is one that view->role and view->organization ask for. */
typedef enum code (*account_fn)(void *arg, const struct account_row *a, const struct membership_row *m, bool meant);
/* Every account with each of its memberships that is not over, one call a pair (m->id 0: none), accounts together, by reading. */
enum code account_sql_each(struct tx *tx, const struct account_view *view, account_fn fn, void *arg,
                           struct err *e) MUST_CHECK;
/* NOT_FOUND. */
enum code account_sql_get(struct tx *tx, id64 user, struct arena *a, struct account_row *ret, struct err *e) MUST_CHECK;
typedef enum code (*membership_fn)(void *arg, const struct membership_row *m);
/* All of a user, newest first. */
enum code account_sql_memberships(struct tx *tx, id64 user, membership_fn fn, void *arg, struct err *e) MUST_CHECK;
/* Live ones of accounts that are not disabled; organization 0: of all. */
enum code account_sql_live_memberships(struct tx *tx, id64 organization, membership_fn fn, void *arg,
                                       struct err *e) MUST_CHECK;
enum code account_sql_organizations(struct tx *tx, struct str selected, struct arena *a, struct doc *list,
                                    struct err *e) MUST_CHECK;
enum code membership_sql_pledge(struct tx *tx, id64 membership, id64 by, bool pledged, struct err *e) MUST_CHECK;
/* Sets its end; CONFLICT when it has moved on or is over. */
enum code membership_sql_until(struct tx *tx, id64 membership, int64_t rev, ts_t until, struct err *e) MUST_CHECK;

enum code account_sql_disable(struct tx *tx, id64 user, bool disabled, struct err *e) MUST_CHECK;

/* How dates and words are shown to a user. */
enum code account_sql_looks(struct tx *tx, id64 user, bool wareki, struct str lang, struct err *e) MUST_CHECK;

enum code token_sql_insert(struct tx *tx, id64 id, const struct token_new *t, struct err *e) MUST_CHECK;
enum code token_sql_each(struct tx *tx, token_fn fn, void *arg, struct err *e) MUST_CHECK;
enum code token_sql_revoke(struct tx *tx, id64 id, struct err *e) MUST_CHECK;
enum code token_sql_revoke_all(struct tx *tx, id64 user, struct err *e) MUST_CHECK;

struct assigned_case {
  id64 id, person;
  struct str number; /* borrowed for the call */
  bool lead;
};
typedef enum code (*assigned_fn)(void *arg, const struct assigned_case *c);
/* Open cases that the user is assigned to for the organization. */
enum code assigned_sql_each(struct tx *tx, id64 user, id64 organization, assigned_fn fn, void *arg,
                            struct err *e) MUST_CHECK;
enum code assigned_sql_end(struct tx *tx, id64 user, id64 organization, ts_t at, struct err *e) MUST_CHECK;
enum code assigned_sql_insert(struct tx *tx, const struct assigned_case *c, id64 user, id64 organization, ts_t from,
                              id64 by, struct err *e) MUST_CHECK;

#endif
