/* sign.h: signing in, the second factor, one's sessions. The gate reads the session of each request; what makes and ends sessions
 * stands here. Passwords are hashed and verified by the caller, before the transaction: the writer's thread does nothing slow. */
#ifndef NETWORK_SIGN_H
#define NETWORK_SIGN_H
#include "crypto/seal.h"
#include "network/network.h"
#include "view/view.h"

/* --- tries ------------------------------------------------------------------------------------------------------------ */
/* Each try counts before the secret is looked at, in a commit of its own: where the count cannot be written nobody gets in. Keys
 * are keyed hashes of login name, address or account. A window begins with its first try; beside the short one, what guards a secret has
 * one of a day, so that patience does not help. */
enum {
  TRY_WINDOW_MS = 15 * MS_MINUTE,
  TRY_DAY_MS = MS_DAY,
  TRIES_ACCOUNT = 10,
  TRIES_ADDRESS = 100,
  TRIES_FACTOR = 10,
  TRIES_A_DAY = 100
};
struct str try_key(struct arena *a, const struct keyfile *keys, const char *kind, struct str what);
/* Of whom tries are counted: an IPv4 address, or the /64 that one customer is given. */
struct str try_address(struct arena *a, struct str address);
/* LIMIT, with the time to wait, when the short window has had `most` or the day `most_a_day` (0: no such window). */
enum code try_count(struct tx *tx, struct str key, int most, int most_a_day, struct err *e) MUST_CHECK;
/* After success: the short window begins anew, the day has this one try less. */
enum code try_succeeded(struct tx *tx, struct str key, struct err *e) MUST_CHECK;
enum code try_forget(struct tx *tx, struct str key, struct err *e) MUST_CHECK; /* both windows */
enum code try_sweep(struct db *db, id64 network, struct err *e) MUST_CHECK;    /* hourly: windows that are over go */

/* A browser from which somebody has signed in keeps a cookie that says so (name and value are keyed hashes; it opens nothing). Its tries
 * for that login count apart, so that strangers' guesses do not keep the owner out. */
enum { KNOWN_SECONDS = 400 * 24 * 60 * 60 };
struct str known_cookie(struct arena *a, const struct keyfile *keys, struct str login);
struct str known_new(struct arena *a, const struct keyfile *keys, struct str login);
/* The random part of the value, or empty. */
struct str known_browser(struct arena *a, const struct keyfile *keys, struct str login, struct str value);

/* --- password --------------------------------------------------------------------------------------------------------- */
struct credential {
  id64 user; /* 0: nobody has this login */
  struct str login, name, password_hash, factor, totp_sealed;
  int64_t totp_step;
  bool disabled;
  bool own; /* the password was chosen by the account's owner; one that an admin gave must be changed first */
};
/* How a login is stored and compared: half width, lower case, without blanks. */
struct str login_fold(struct arena *a, struct str typed);
enum code credential_find(struct tx *tx, struct str login, struct arena *a, struct credential *ret,
                          struct err *e) MUST_CHECK;
enum code credential_get(struct tx *tx, id64 user, struct arena *a, struct credential *ret, struct err *e) MUST_CHECK;

struct sign_in {
  id64 user;
  struct str password_hash; /* the one that was verified; another one by now refuses */
  struct str token_hash, device;
  struct str account_try, address_try; /* address_try empty: a known browser's */
  id64 replaces, replaces_user;        /* the browser's session so far; 0: none */
};
/* Begins a session; for the only live membership at once, else for none yet: it is then chosen. */
enum code sign_in(struct tx *tx, const struct sign_in *s, struct err *e) MUST_CHECK;
/* Notes a failed try and returns INVALID with the one sentence; user 0: unknown. */
enum code sign_in_failed(struct tx *tx, id64 user, struct err *e) MUST_CHECK;
enum code sign_out(struct tx *tx, const struct actor *who, struct err *e) MUST_CHECK;
/* Acting for another membership: a new session takes the place of the old one, with its end and second factor. NOT_FOUND for
 * a membership that is not the actor's or not live. */
enum code sign_switch(struct tx *tx, const struct actor *who, id64 membership, struct str token_hash,
                      struct err *e) MUST_CHECK;
/* The live memberships, as templates/choose_membership lists them. */
enum code sign_memberships(struct tx *tx, const struct actor *who, struct arena *a, enum lang lang, bool wareki,
                           struct doc **ret, struct err *e) MUST_CHECK;
/* One's own new password: every other session ends, this one gets a new token. `verified` as in struct sign_in. A session that waited
 * for it gets the only live membership. Runs as the service: row-level security knows the session by the token that goes. */
enum code password_change(struct tx *tx, const struct actor *who, struct str verified, struct str hash,
                          struct str token_hash, struct err *e) MUST_CHECK;

/* --- the second factor -------------------------------------------------------------------------------------------------- */
/* The secret of an account that has no factor yet; made on first asking (a write then). */
enum code factor_secret(struct tx *tx, id64 user, unsigned char ret[TOTP_SECRET], struct err *e) MUST_CHECK;
/* A code of the app (never twice) or from paper (each once). Sets the session's second factor, gives it a new token, and where
 * there was no factor yet the app becomes it: all other sessions then end. INVALID on a wrong one. */
enum code factor_check(struct tx *tx, const struct actor *who, struct str code, struct str token_hash,
                       struct err *e) MUST_CHECK;
/* Ten codes on paper take the place of those before; `hashes`: PAPER_CODES * HASH bytes. The account's factor becomes paper where it
 * had none. All other sessions end. DENIED where there is a factor and this session has not passed it. */
enum code factor_paper(struct tx *tx, const struct actor *who, struct str hashes, struct err *e) MUST_CHECK;

/* --- sessions ------------------------------------------------------------------------------------------------------------- */
struct session_row {
  id64 id;
  struct str device; /* "Windows\tChrome\t192.0.2.1", see session_device() */
  ts_t created, seen;
};
/* What is kept of a browser: system, name, address. */
struct str session_device(struct arena *a, struct str user_agent, struct str address);
/* Live sessions of a user, the newest first. fn per row. */
typedef void (*session_fn)(void *arg, const struct session_row *row);
enum code session_each(struct tx *tx, id64 user, session_fn fn, void *arg, struct err *e) MUST_CHECK;
/* One of the user's own; NOT_FOUND else. */
enum code session_end(struct tx *tx, id64 user, id64 session, struct err *e) MUST_CHECK;
enum code session_end_all(struct tx *tx, id64 user, id64 except, struct err *e) MUST_CHECK;

#endif
