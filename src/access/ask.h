/* ask.h: the inside of the engine, for src/access alone. */
#ifndef ACCESS_ASK_H
#define ACCESS_ASK_H
#include "access/access.h"

/* What is being asked, with what follows from it before any permit is looked at. */
struct ask {
  const struct actor *who;
  enum action action;
  const struct facts *facts;
  ts_t at;
  cats_t mask;      /* what the role may ever see by this action */
  cats_t open;      /* mask less every restriction against the actor */
  cats_t breakable; /* mask less those restrictions that break-glass does not pass */
  cats_t wanted;    /* what permits would have given had there been no restriction */
  struct decision *ret;
};

static inline bool live(ts_t from, ts_t until, ts_t at)
{
  return from <= at && (until == 0 || at < until);
}

/* What the consents come to for the actor's organization, and for which of it each kind of row may be cited. */
struct agreement {
  cats_t categories;
  cats_t person, alone, joint; /* rows of the person; of one guardian alone; of those who agreed jointly */
};

/* agree.c: who has to agree at `at`, and what comes of it. */
struct agreement agree_consents(const struct ask *q);
/* Given, standing, and not followed by a standing refusal of the same party. */
bool agree_counts(const struct ask *q, const struct fact_consent *c);
bool agree_guardian_live(const struct ask *q, id64 guardian, bool joint);
bool agree_alone(enum authority a); /* sole, daily, urgent: one guardian suffices */

#endif
