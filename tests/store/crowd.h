/* crowd.h: everybody who may come by, and cases in every state of being shared. What each may see is said here once, apart from the
 * engine: who works on which case, who was sent it, whose consent stands. */
#ifndef TESTS_CROWD_H
#define TESTS_CROWD_H
#include "served.h"

#define WHO(X)                                                                                                         \
  X(PUBLIC, "the public")                                                                                              \
  X(MANAGER, "manager")                                                                                                \
  X(WORKER, "worker assigned")                                                                                         \
  X(WORKER_OFF, "worker not assigned")                                                                                 \
  X(CLERK, "clerk assigned")                                                                                           \
  X(CLERK_OFF, "clerk not assigned")                                                                                   \
  X(VOLUNTEER, "volunteer assigned")                                                                                   \
  X(VOLUNTEER_OFF, "volunteer not assigned")                                                                           \
  X(COORDINATOR, "coordinator")                                                                                        \
  X(AUDITOR, "auditor")                                                                                                \
  X(ADMIN, "admin")                                                                                                    \
  X(RECEIVER_MANAGER, "receiver's manager")                                                                            \
  X(RECEIVER_WORKER, "receiver's worker")                                                                              \
  X(THIRD_MANAGER, "manager of a third organization")                                                                  \
  X(HALF, "coordinator with one factor")                                                                               \
  X(UNCHOSEN, "manager without a chosen membership")

enum who {
#define X(name, text) WHO_##name,
  WHO(X)
#undef X
      WHO_COUNT
};

#define STATE(X)                                                                                                       \
  X(OWN, "own, sent to nobody here") /* the city's; sent to a fourth organization */                                   \
  X(DRAFT, "own, a draft")           /* the city's; nothing sent, no consent */                                        \
  X(SHARED, "shared by consent")     /* sent to the receiver, accepted, both wrote */                                  \
  X(WITHDRAWN, "withdrawn")          /* sent and opened, then the consent withdrawn */                                 \
  X(LEFT, "withdrawn after the receiver wrote")                                                                        \
  X(EXPIRED, "expired") /* as SHARED, the consent's time is over */                                                    \
  X(FOREIGN, "a third organization's")

enum state {
#define X(name, text) STATE_##name,
  STATE(X)
#undef X
      STATE_COUNT
};
extern const char *const state_names[STATE_COUNT];

/* A case in one state; 0 where the state has no such thing. */
struct shared_case {
  enum state state;
  struct world_case c;
  id64 sheet, connection, consent, record, file,
      note;      /* record: the receiver's; file and note (of the family): the author's */
  id64 guardian; /* who agrees to nothing, of the author's; c.guardian may */
};

struct crowd {
  struct served s;
  id64 city, receiver, third, fourth;
  struct visitor who[WHO_COUNT];
  struct shared_case cases[STATE_COUNT];
  struct visitor victim; /* whom accounts' pages are about */
  id64 service;          /* what the fourth organization offers */
};

/* What a test writes into each case on its way; every part may be NULL. `writer`: of the author's organization. */
struct crowd_fill {
  void (*person)(struct crowd *t, const struct visitor *writer, const struct shared_case *c);
  /* The sheet's answers as a form's body, put behind its other fields. */
  void (*sheet)(const struct shared_case *c, char *body, size_t size);
  /* What the receiver answers and writes in its record. */
  void (*reply)(const struct shared_case *c, char *text, size_t size);
  cats_t given; /* by each consent; 0: everything */
};

void crowd_new(struct crowd *t, const struct crowd_fill *fill);
void crowd_free(struct crowd *t);
/* main() of a test program whose tests share one crowd that nothing was filled into. */
#define CROWD_MAIN(crowd, ...)                                                                                         \
  static int crowd_start(void **state)                                                                                 \
  {                                                                                                                    \
    crowd_new(crowd, NULL);                                                                                            \
    return 0;                                                                                                          \
  }                                                                                                                    \
  static int crowd_stop(void **state)                                                                                  \
  {                                                                                                                    \
    crowd_free(crowd);                                                                                                 \
    return 0;                                                                                                          \
  }                                                                                                                    \
  STORE_MAIN_SETUP(crowd_start, crowd_stop, __VA_ARGS__)
/* One more case in that state. */
struct shared_case crowd_case(struct crowd *t, enum state state, const struct crowd_fill *fill);
/* The consent of a shared case is withdrawn, as the author's worker does it. */
void crowd_withdraw(struct crowd *t, const struct shared_case *c);

/* ---- addresses ------------------------------------------------------------------------------------------------------------- */
bool crowd_has(const struct route *r, const char *param); /* ":case" */
bool crowd_of_case(const struct route *r);                /* its path names a case, or what belongs to one */
bool crowd_about_person(const struct route *r);           /* … and its action is about the person, not the network */
/* The id that stands for a parameter: of the case, of the visitor's own session. A parameter unknown here fails the test. */
id64 crowd_id(const struct crowd *t, const char *param, const struct shared_case *c, const struct visitor *v);
/* The route's path with ids in place, or `instead` wherever one stands; false: the case has no such thing. */
bool crowd_path(const struct crowd *t, const struct route *r, const struct shared_case *c, const struct visitor *v,
                const char *instead, char path[PATH_SIZE]);

/* Is this one of the pairs to be asked about a route on a person? Of every one on SQLite; PostgreSQL takes five times as long for an answer,
 * and what it alone decides is in visible, listed and rls: there every third, another third for each route. TSUNAGU_EVERY set: every one. */
bool crowd_asks(const struct route *r, enum who who, int state);

/* ---- what holds for them, apart from src/access ----------------------------------------------------------------------------- */
/* The organization that wrote the case's sheet and records. */
id64 crowd_author(const struct crowd *t, enum state state);
/* Works on it: assigned, or manager of an organization that takes part. */
bool crowd_works(enum who who, enum state state);
/* Manager of an organization that has a connection open to it. */
bool crowd_receives(enum who who, enum state state);
/* Consent to the visitor's organization stands. */
bool crowd_agreed(const struct crowd *t, enum who who, enum state state);
/* May do this to the case's person at all. */
bool crowd_allowed(const struct crowd *t, enum who who, enum action action, enum state state);

#endif
