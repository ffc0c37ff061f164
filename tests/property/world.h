/* world.h: made-up facts about one person, and actors who ask. Everything comes from the seed. Ids are few, so that rows meet; instants
 * lie around WORLD_T, a millisecond apart as often as not, so that edges meet too. */
#ifndef TESTS_WORLD_H
#define TESTS_WORLD_H
#include "access/access.h"

#define WORLD_T ((ts_t)1800000000000)
enum {
  WORLD_ROWS = 8,
  WORLD_CONSENTS = 14,
  WORLD_ORGANIZATIONS = 3,
  WORLD_USERS = 3,
  WORLD_CASES = 2,
  WORLD_GUARDIANS = 3
};
enum { WORLD_NETWORK = 7, WORLD_PERSON = 900 }; /* organizations 101.., users 201.., cases 301.., guardians 401.. */

struct rng {
  uint64_t state;
};
uint64_t rng_next(struct rng *r);
int64_t rng_below(struct rng *r, int64_t n); /* 0..n-1 */
bool rng_chance(struct rng *r, int percent);
ts_t rng_instant(struct rng *r);

/* The arrays of `f` point into the struct: do not copy it without world_bind(). */
struct world {
  struct facts f;
  struct fact_membership memberships[WORLD_ROWS];
  struct fact_participation participations[WORLD_ROWS];
  struct fact_assignment assignments[WORLD_ROWS];
  struct fact_connection connections[WORLD_ROWS];
  struct fact_guardian guardians[WORLD_ROWS];
  struct fact_consent consents[WORLD_CONSENTS];
  struct fact_basis bases[WORLD_ROWS];
  struct fact_invitation invitations[WORLD_ROWS];
  struct fact_restriction restrictions[WORLD_ROWS];
  struct fact_concealment concealments[WORLD_ROWS];
  struct fact_holder holders[WORLD_ROWS];
  struct fact_break_glass break_glasses[WORLD_ROWS];
  struct fact_stand_in stand_ins[WORLD_ROWS];
};

void world_bind(struct world *w);
/* A person's facts; the memberships are those of every user. */
void world_make(struct world *w, struct rng *r);
/* Some row of memberships as an actor, or (strangers) a person, guardian, reply link, passer-by or somebody with a wrong membership. */
struct actor world_actor(const struct world *w, struct rng *r);
enum action world_action(struct rng *r);
/* One consent row at the end, or nothing when it is full; `refused` as asked. */
bool world_add_consent(struct world *w, struct rng *r, bool refused);
bool world_add_restriction(struct world *w, struct rng *r);

#endif
