/* access_world.h: a small world of facts that a test fills by words, and what it asks of the engine. */
#ifndef TESTS_ACCESS_WORLD_H
#define TESTS_ACCESS_WORLD_H
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "access/access.h"

enum { NET = 1, BOY = 10, CITY = 20, NPO, CLASSROOM, WORKER = 30, MANAGER, OTHER, CASE = 40, MOTHER = 50, FATHER };
enum { T = 1000000 };

/* A world that a test fills: room for a few rows of each kind. */
struct world {
  struct facts f;
  struct fact_membership m[4];
  struct fact_participation p[4];
  struct fact_assignment a[4];
  struct fact_connection x[4];
  struct fact_guardian g[4];
  struct fact_consent c[8];
  struct fact_basis b[2];
  struct fact_invitation v[2];
  struct fact_restriction r[2];
  struct fact_concealment k[2];
  struct fact_holder h[2];
  struct fact_break_glass e[2];
  struct fact_stand_in s[2];
};

static inline struct actor actor(enum role role, id64 user, id64 organization)
{
  return (struct actor){.role = role,
                        .network = NET,
                        .user = user,
                        .membership = user + 100 * (id64)role,
                        .organization = organization,
                        .second_factor = true,
                        .session_from = 1,
                        .session_until = 100 * T};
}

static inline void member(struct world *w, const struct actor *who)
{
  w->m[w->f.memberships_count++] =
      (struct fact_membership){who->membership, who->user, who->organization, who->role, 1, 0};
}

static inline struct world world(void)
{
  struct world w = {
      .f = {.network = NET, .person = BOY, .own_from = 1, .own_known = true, .rule = {16, true, true, false, true}}};
  return w;
}

static inline void bind(struct world *w)
{
  struct facts *f = &w->f;
  f->memberships = w->m, f->participations = w->p, f->assignments = w->a, f->connections = w->x, f->guardians = w->g;
  f->consents = w->c, f->bases = w->b, f->invitations = w->v, f->restrictions = w->r, f->concealments = w->k;
  f->holders = w->h, f->break_glasses = w->e, f->stand_ins = w->s;
}

static inline struct decision decide_at(struct world *w, const struct actor *who, enum action action, ts_t at)
{
  struct decision d;
  bind(w);
  access_decide(who, action, &w->f, at, &d);
  return d;
}

static inline struct decision decide(struct world *w, const struct actor *who, enum action action)
{
  return decide_at(w, who, action, T);
}

static inline bool cites(const struct decision *d, enum reason_kind kind, id64 ref)
{
  for (size_t i = 0; i < d->reason_count; i++)
    if (d->reasons[i].kind == kind && d->reasons[i].ref == ref)
      return true;
  return false;
}

#define DENIED(d, why)                                                                                                 \
  do {                                                                                                                 \
    struct decision denied_ = (d);                                                                                     \
    assert_false(denied_.allowed);                                                                                     \
    assert_int_equal(denied_.own | denied_.others, 0);                                                                 \
    assert_true(cites(&denied_, REASON_DENIED_##why, 0));                                                              \
  } while (0)

#define GIVES(d, own_, others_)                                                                                        \
  do {                                                                                                                 \
    struct decision given_ = (d);                                                                                      \
    assert_true(given_.allowed);                                                                                       \
    assert_int_equal(given_.own, (own_));                                                                              \
    assert_int_equal(given_.others, (others_));                                                                        \
  } while (0)

static inline void assign(struct world *w, id64 user, id64 organization)
{
  w->a[w->f.assignments_count++] = (struct fact_assignment){CASE, user, organization, 1, 0};
}

static inline struct fact_consent *consent(struct world *w, id64 organization, cats_t categories)
{
  struct fact_consent *c = &w->c[w->f.consents_count++];
  *c = (struct fact_consent){.id = 60 + (id64)w->f.consents_count,
                             .organization = organization,
                             .by = PARTY_PERSON,
                             .categories = categories,
                             .from = 1};
  return c;
}

static inline struct fact_consent *consent_by(struct world *w, id64 guardian, enum authority a, id64 organization,
                                              cats_t cats)
{
  struct fact_consent *c = consent(w, organization, cats);
  c->by = PARTY_GUARDIAN, c->guardian = guardian, c->authority = a, c->heard = true;
  return c;
}

static inline void guardian(struct world *w, id64 id, enum authority a)
{
  w->g[w->f.guardians_count++] = (struct fact_guardian){id, a, 1, 0};
}

/* A worker of the classroom who is assigned and otherwise has nothing. */
static inline struct world assigned(struct actor *ret_who)
{
  struct world w = world();
  *ret_who = actor(ROLE_WORKER, WORKER, CLASSROOM);
  member(&w, ret_who);
  assign(&w, WORKER, CLASSROOM);
  return w;
}

#endif
