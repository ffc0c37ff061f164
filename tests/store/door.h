/* door.h: a network with an office, an NPO and accounts, its own server, and browsers that sign in to it over the wire. Each answer is held
 * against tests/support/safe.h. */
#ifndef TESTS_DOOR_H
#define TESTS_DOOR_H
#include "fixture.h"

#include "../support/http_client.h"
#include "gate/gate.h"
#include "network/account.h"
#include "network/sign.h"

#define GOOD "tsuki to hoshi to umi no yoru"
#define BETTER "yama to kawa to mori no asa"

extern struct world w;
extern struct app app;
extern struct http_server *door_server; /* believes the forwarding headers of this machine */
extern int door_port;                   /* 0, or of another server that is asked instead */
extern id64 office, npo;
extern struct str good_hash; /* of GOOD */

int door_start(void **state);
int door_stop(void **state);

struct make {
  struct account_new u;
  id64 organization;
  const char *role;
  id64 user, membership;
};

/* A new account with the password GOOD and one membership. */
struct make account(const char *login, id64 organization, const char *role);

/* Statements for alter() and ask(), with their arguments behind the network. */
extern const struct stmt *const t_tries;
extern const struct stmt *const t_past;
extern const struct stmt *const t_over;
extern const struct stmt *const t_disable;
extern const struct stmt *const t_live;
extern const struct stmt *const t_events;
extern const struct stmt *const t_assigned;
extern const struct stmt *const t_no_keepers; /* every administrator so far is stopped */
extern const struct stmt *const t_admin;      /* kind, object */
extern const struct stmt *const t_tokens;     /* user, now */
void alter(const struct stmt *q, int64_t a, int64_t b);
int64_t ask(const struct stmt *q, int64_t a, int64_t b);

/* A browser. `address`: it comes through the proxy, by TLS; `more`: header lines of every request. */
struct window {
  char session[64], known[120], address[60], more[300];
  struct reply reply;
};
struct window *window(void); /* free() */
int get(struct window *x, const char *path);
int json(struct window *x, const char *path);
/* A form's POST as the page would send it; `page` is where the token comes from, NULL: no session yet. */
int post_key(struct window *x, const char *page, const char *path, const char *key, const char *body);
int post(struct window *x, const char *page, const char *path, const char *body);
int sign_in_as(struct window *x, const char *login, const char *password);
const char *location(struct window *x);
bool alive(struct window *x);
/* The text of a key of the last answer, in memory of the test. */
struct str answer(struct window *x, const char *path);
/* What an app shows for the secret as the page spells it. */
struct str code_at(struct str base32, ts_t at);
int send_code(struct window *x, struct str code);
void wait_for_room(void); /* not at the edge of a half minute */
/* A new administrator, signed in with both factors. */
struct window *administrator(const char *login, struct make *ret);

#endif
