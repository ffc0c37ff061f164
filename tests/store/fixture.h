/* fixture.h: worlds in a few words, for tests of the features: a network with its key file, organizations, members, a person with a
 * case. What an actor does runs under the actor's own session, so that PostgreSQL's row-level security binds it; networks,
 * organizations and members are made as the service. */
#ifndef TESTS_FIXTURE_H
#define TESTS_FIXTURE_H
#include "store.h"

#include "connection/connection.h"
#include "consent/consent.h"
#include "network/network.h"

struct world {
  struct store store;
  struct arena *a;
  struct keyfile *keys;
  id64 network;
  char key_path[240];
};

void world_new(struct world *w);
void world_new_on(struct world *w, enum db_engine engine);
void world_free(struct world *w);
/* Runs fn in a durable write with its events, under the session of `by` (NULL: as the service, past row-level security); the code is the
 * test's to look at. */
enum code world_write(struct world *w, const struct actor *by, tx_fn fn, void *arg, struct err *e);
enum code world_read(struct world *w, const struct actor *by, tx_fn fn, void *arg, struct err *e);

id64 world_org(struct world *w, const char *name, const char *circle);
/* A new user with one membership from now on; the actor stands signed in with both factors. */
struct actor world_member(struct world *w, id64 organization, enum role role, const char *name);
/* A person (氏名, birth date) with a case led by the actor's organization. */
struct world_case {
  id64 person, case_id, guardian;
};
struct world_case world_case(struct world *w, const struct actor *by, const char *name, struct date birth);
/* Consent towards one organization, from now on. */
id64 world_consent(struct world *w, const struct actor *by, const struct world_case *c, enum party party,
                   id64 organization, cats_t categories);
/* The person takes it back, towards one organization or (0) all of them. */
enum code world_withdraw(struct world *w, const struct actor *by, id64 consent, id64 organization) MUST_CHECK;
/* A frozen sheet sent to the organization; its connection. Fails the test when it cannot be sent. */
id64 world_send(struct world *w, const struct actor *by, const struct world_case *c, id64 organization,
                const char *kind);
struct reader world_reader(void);

#endif
