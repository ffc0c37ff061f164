/* town.h: a network of several persons out of the worlds of tests/property, and how it is written to the database. */
#ifndef TESTS_TOWN_H
#define TESTS_TOWN_H
#include "store.h"
#include "world.h"

enum { TOWN_PERSONS = 10, TOWN_APART = 1000 }; /* ids of one person's rows lie that far from the next one's */

struct town {
  id64 network;
  struct world w[TOWN_PERSONS]; /* all with the memberships of the first */
  struct rng rng;
};

/* Its network is 1 + number. */
void town_make(struct town *t, int number);
void town_copy(struct town *to, const struct town *from);
/* A tx_fn: writes the town that `arg` points to. */
enum code town_put(struct tx *tx, void *arg, struct err *e) MUST_CHECK;
struct actor town_actor(const struct town *t, const struct fact_membership *m);

#endif
