/* account.h: accounts and memberships as an administrator keeps them. Each function decides for its actor by access_open_network(). */
#ifndef NETWORK_ACCOUNT_H
#define NETWORK_ACCOUNT_H
#include "network/sign.h"
#include "view/csv.h"
#include "view/reader.h"

enum { ACCOUNTS_A_PAGE = 50 };
extern const char *const account_roles[];  /* codes of the roles a membership may have; NULL at the end */
extern const char *const account_states[]; /* codes: live, coming, over, stopped; NULL at the end */
struct str account_state_word(enum lang lang, int state);
enum account_order { ACCOUNTS_BY_NAME, ACCOUNTS_BY_LAST, ACCOUNTS_BY_STATE };
struct account_view {
  struct str words;  /* match name, reading, login or organization */
  struct str role;   /* code of a role, and */
  id64 organization; /* where: of one membership that is not over */
  struct str state;  /* one of account_states */
  enum account_order by;
  bool falls;
  int64_t skip; /* how many of the matching ones come before this page */
};
/* templates/accounts_list but for what is around the rows (gate/list.h). */
enum code account_list(struct tx *tx, const struct actor *who, const struct account_view *view, struct arena *a,
                       const struct reader *reader, struct doc **ret, struct err *e) MUST_CHECK;
/* All that match, as a table with its heads. */
enum code account_table(struct tx *tx, const struct actor *who, const struct account_view *view, struct arena *a,
                        const struct reader *reader, struct csv_table *ret, struct err *e) MUST_CHECK;
/* templates/account_show but for its forms: who, memberships, sessions; `actor` says what buttons there are. */
enum code account_show(struct tx *tx, const struct actor *who, id64 user, struct arena *a, const struct reader *reader,
                       struct doc **ret, struct err *e) MUST_CHECK;
/* The live memberships of a user, for the command line. */
typedef void (*own_membership_fn)(void *arg, id64 membership, id64 organization, struct str organization_name,
                                  enum role role);
enum code account_live_memberships(struct tx *tx, id64 user, own_membership_fn fn, void *arg, struct err *e) MUST_CHECK;
/* Where somebody may belong: list of {id, name, selected}. */
enum code account_organizations(struct tx *tx, struct str selected, struct arena *a, struct doc **ret,
                                struct err *e) MUST_CHECK;

struct membership_new {
  id64 user, organization;
  enum role role;
  struct date from, until; /* until: the last day, or unknown */
  bool pledged;            /* 誓約 */
};
/* A membership of a day in the past or of today begins now: what was is not changed. */
enum code account_join(struct tx *tx, const struct actor *who, const struct membership_new *m,
                       struct err *e) MUST_CHECK;
/* With its first membership; the password is given, to be changed at the first sign-in. */
enum code account_register(struct tx *tx, const struct actor *who, const struct account_new *u,
                           const struct membership_new *m, id64 *ret_user, struct err *e) MUST_CHECK;
/* A new given password; all sessions and failed tries (of the second factor, too) end. */
enum code account_reset(struct tx *tx, const struct actor *who, id64 user, struct str hash, struct err *e) MUST_CHECK;
/* The second factor begins anew (a lost phone); all sessions end. */
enum code account_reset_factor(struct tx *tx, const struct actor *who, id64 user, struct err *e) MUST_CHECK;
enum code account_sign_out(struct tx *tx, const struct actor *who, id64 user, struct err *e) MUST_CHECK;

/* Nobody signs in to a disabled account; its sessions end, its programs' tokens are revoked. What was sent or written stays. */
enum code account_disable(struct tx *tx, const struct actor *who, id64 user, bool disabled, struct err *e) MUST_CHECK;
/* The same on the web: CONFLICT where nobody else would be left to keep accounts. From the command line that one may be disabled too. */
enum code account_stop(struct tx *tx, const struct actor *who, id64 user, struct err *e) MUST_CHECK;

/* --- tokens of programs: they act as one membership, and die with it --- */
struct token_new {
  id64 user, membership;
  struct str name, hash;
  ts_t until;
};
/* NOT_FOUND for a membership that is not the user's or not live. */
enum code api_token_create(struct tx *tx, const struct actor *who, const struct token_new *t, id64 *ret,
                           struct err *e) MUST_CHECK;
struct token_row { /* texts borrowed for the call */
  id64 id;
  struct str name, login, organization;
  ts_t created, until, revoked;
};
typedef void (*token_fn)(void *arg, const struct token_row *t);
enum code api_token_each(struct tx *tx, const struct actor *who, token_fn fn, void *arg, struct err *e) MUST_CHECK;
enum code api_token_revoke(struct tx *tx, const struct actor *who, id64 token, struct err *e) MUST_CHECK;

/* templates/membership_end but for its form: what ends, the cases that lose their worker, who could take over. */
enum code membership_consequences(struct tx *tx, const struct actor *who, id64 user, id64 membership, struct str chosen,
                                  struct arena *a, const struct reader *reader, struct doc **ret,
                                  struct err *e) MUST_CHECK;
/* Today: now; a later day: when that day is over. Its cases pass to `successor` (0: nobody) in the same instant, unless the user has
 * another membership in the organization. INVALID for a day that is over, and for the last one that may keep accounts. */
enum code account_leave(struct tx *tx, const struct actor *who, id64 user, id64 membership, struct date last,
                        id64 successor, struct err *e) MUST_CHECK;

#endif
