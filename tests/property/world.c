#include "world.h"

/* splitmix64 */
uint64_t rng_next(struct rng *r)
{
  uint64_t z = r->state += 0x9e3779b97f4a7c15u;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

int64_t rng_below(struct rng *r, int64_t n)
{
  return (int64_t)(rng_next(r) % (uint64_t)n);
}

bool rng_chance(struct rng *r, int percent)
{
  return rng_below(r, 100) < percent;
}

ts_t rng_instant(struct rng *r)
{
  static const ts_t far[] = {1, 1000, 60000, BREAK_GLASS_MS, BREAK_GLASS_MS + 1, 86400000, 40000000000};
  if (rng_chance(r, 50))
    return WORLD_T + rng_below(r, 5) - 2;
  ts_t d = far[rng_below(r, sizeof far / sizeof far[0])];
  return rng_chance(r, 50) ? WORLD_T + d : WORLD_T - d;
}

/* A span that holds WORLD_T more often than not. */
static void span(struct rng *r, ts_t *ret_from, ts_t *ret_until)
{
  *ret_from = rng_chance(r, 60) ? WORLD_T - 100000 - rng_below(r, 3) : rng_instant(r);
  *ret_until = rng_chance(r, 50) ? 0 : rng_chance(r, 50) ? WORLD_T + 100000 : rng_instant(r);
}

/* The first organization and user come up more often than the others. */
static id64 organization(struct rng *r)
{
  return rng_chance(r, 45) ? 101 : 101 + rng_below(r, WORLD_ORGANIZATIONS);
}
static id64 user(struct rng *r)
{
  return rng_chance(r, 45) ? 201 : 201 + rng_below(r, WORLD_USERS);
}
static id64 a_case(struct rng *r)
{
  return 301 + rng_below(r, WORLD_CASES);
}
static id64 guardian(struct rng *r)
{
  return 401 + rng_below(r, WORLD_GUARDIANS);
}

static cats_t categories(struct rng *r)
{
  if (rng_chance(r, 25))
    return CAT_ALL;
  if (rng_chance(r, 30))
    return 1u << rng_below(r, CATEGORIES);
  return (cats_t)rng_below(r, CAT_ALL + 1);
}

static size_t some(struct rng *r, int none_percent, int64_t most)
{
  return rng_chance(r, none_percent) ? 0 : (size_t)(1 + rng_below(r, most));
}

void world_bind(struct world *w)
{
#define BIND(name) w->f.name = w->name;
  BIND(memberships)
  BIND(participations)
  BIND(assignments)
  BIND(connections)
  BIND(guardians)
  BIND(consents)
  BIND(bases)
  BIND(invitations)
  BIND(restrictions)
  BIND(concealments)
  BIND(holders)
  BIND(break_glasses)
  BIND(stand_ins)
#undef BIND
}

static enum role staff(struct rng *r)
{
  static const enum role often[] = {ROLE_WORKER,  ROLE_WORKER,  ROLE_WORKER,
                                    ROLE_MANAGER, ROLE_MANAGER, ROLE_COORDINATOR};
  return rng_chance(r, 70) ? often[rng_below(r, 6)] : (enum role)(ROLE_MANAGER + rng_below(r, 7));
}

static void make_members(struct world *w, struct rng *r)
{
  w->f.memberships_count = 3 + some(r, 0, WORLD_ROWS - 3);
  for (size_t i = 0; i < w->f.memberships_count; i++) {
    struct fact_membership *m = &w->memberships[i];
    *m = (struct fact_membership){501 + (id64)i, user(r), organization(r), staff(r), 0, 0};
    span(r, &m->from, &m->until);
    if (rng_chance(r, 70))
      m->from = 1, m->until = 0;
  }
}

static void make_work(struct world *w, struct rng *r)
{
  w->f.participations_count = some(r, 30, 3);
  for (size_t i = 0; i < w->f.participations_count; i++) {
    struct fact_participation *p = &w->participations[i];
    *p = (struct fact_participation){
        .case_id = a_case(r), .organization = organization(r), .part = i ? PART_PARTNER : PART_LEAD};
    span(r, &p->from, &p->until);
  }
  w->f.assignments_count = some(r, 25, 4);
  for (size_t i = 0; i < w->f.assignments_count; i++) {
    struct fact_assignment *a = &w->assignments[i];
    *a = (struct fact_assignment){.case_id = a_case(r), .user = user(r), .organization = organization(r)};
    span(r, &a->from, &a->until);
  }
  w->f.connections_count = some(r, 50, 2);
  for (size_t i = 0; i < w->f.connections_count; i++) {
    struct fact_connection *c = &w->connections[i];
    *c = (struct fact_connection){.id = 601 + (id64)i, .case_id = a_case(r), .organization = organization(r)};
    span(r, &c->from, &c->until);
  }
  w->f.stand_ins_count = some(r, 60, 2);
  for (size_t i = 0; i < w->f.stand_ins_count; i++) {
    struct fact_stand_in *s = &w->stand_ins[i];
    *s = (struct fact_stand_in){651 + (id64)i, user(r), organization(r), a_case(r), 0, 0};
    span(r, &s->from, &s->until);
  }
}

static void make_guardians(struct world *w, struct rng *r)
{
  static const enum authority often[] = {AUTHORITY_JOINT, AUTHORITY_JOINT, AUTHORITY_SOLE};
  w->f.guardians_count = some(r, 25, WORLD_GUARDIANS);
  for (size_t i = 0; i < w->f.guardians_count; i++) {
    struct fact_guardian *g = &w->guardians[i];
    *g = (struct fact_guardian){401 + (id64)i, often[rng_below(r, 3)], 0, 0};
    if (rng_chance(r, 20))
      g->authority = (enum authority)rng_below(r, AUTHORITY_URGENT + 1);
    span(r, &g->from, &g->until);
  }
}

bool world_add_consent(struct world *w, struct rng *r, bool refused)
{
  if (w->f.consents_count == WORLD_CONSENTS)
    return false;
  struct fact_consent *c = &w->consents[w->f.consents_count];
  /* Ids do not follow the order of the rows: they break ties of `from`. */
  *c = (struct fact_consent){.id = 701 + (id64)((w->f.consents_count * 5 + 3) % WORLD_CONSENTS),
                             .organization = organization(r),
                             .by = rng_chance(r, 50) ? PARTY_PERSON : PARTY_GUARDIAN,
                             .categories = categories(r),
                             .refused = refused,
                             .heard = rng_chance(r, 50),
                             .withdrawn = rng_chance(r, 12)};
  if (c->by == PARTY_GUARDIAN) {
    c->guardian = guardian(r);
    c->authority = rng_chance(r, 60) ? AUTHORITY_JOINT : (enum authority)rng_below(r, AUTHORITY_URGENT + 1);
  }
  span(r, &c->from, &c->until);
  w->f.consents_count++;
  return true;
}

static void make_permits(struct world *w, struct rng *r)
{
  size_t consents = some(r, 10, WORLD_CONSENTS - 1);
  for (size_t i = 0; i < consents; i++)
    world_add_consent(w, r, rng_chance(r, 15));
  w->f.bases_count = some(r, 50, 2);
  for (size_t i = 0; i < w->f.bases_count; i++) {
    struct fact_basis *b = &w->bases[i];
    *b = (struct fact_basis){
        801 + (id64)i, organization(r), user(r), rng_chance(r, 10) ? 0 : user(r), 1, categories(r), true, 0, 0};
    b->complete = b->approver != 0;
    span(r, &b->from, &b->until);
  }
  w->f.invitations_count = some(r, 60, 2);
  for (size_t i = 0; i < w->f.invitations_count; i++) {
    struct fact_invitation *v = &w->invitations[i];
    bool one = rng_chance(r, 50);
    *v = (struct fact_invitation){851 + (id64)i, one ? 0 : organization(r), one ? user(r) : 0, categories(r), 0, 0};
    span(r, &v->from, &v->until);
    v->until = v->until ? v->until : WORLD_T + 5;
  }
  w->f.break_glasses_count = some(r, 60, 2);
  for (size_t i = 0; i < w->f.break_glasses_count; i++) {
    struct fact_break_glass *b = &w->break_glasses[i];
    *b = (struct fact_break_glass){861 + (id64)i, user(r), organization(r), rng_instant(r), 0};
    b->until = b->from + BREAK_GLASS_MS + rng_below(r, 4) - 2;
    if (rng_chance(r, 30))
      b->until = rng_instant(r);
  }
}

bool world_add_restriction(struct world *w, struct rng *r)
{
  if (w->f.restrictions_count == WORLD_ROWS)
    return false;
  struct fact_restriction *x = &w->restrictions[w->f.restrictions_count];
  *x = (struct fact_restriction){
      .id = 871 + (id64)w->f.restrictions_count, .categories = categories(r), .breakable = rng_chance(r, 50)};
  int64_t against = rng_below(r, 3);
  if (against == 0)
    x->organization = organization(r);
  else if (against == 1)
    x->user = user(r);
  else
    x->guardian = guardian(r);
  span(r, &x->from, &x->until);
  w->f.restrictions_count++;
  return true;
}

static void make_limits(struct world *w, struct rng *r)
{
  size_t restrictions = some(r, 50, 3);
  for (size_t i = 0; i < restrictions; i++)
    world_add_restriction(w, r);
  w->f.concealments_count = some(r, 60, 2);
  for (size_t i = 0; i < w->f.concealments_count; i++) {
    struct fact_concealment *c = &w->concealments[i];
    *c = (struct fact_concealment){881 + (id64)i, (uint32_t)(1 + rng_below(r, 15)), 0, 0};
    span(r, &c->from, &c->until);
  }
  w->f.holders_count = some(r, 40, 4);
  for (size_t i = 0; i < w->f.holders_count; i++) {
    struct fact_holder *h = &w->holders[i];
    *h = (struct fact_holder){881 + rng_below(r, 2), user(r), 0, 0};
    span(r, &h->from, &h->until);
  }
}

void world_make(struct world *w, struct rng *r)
{
  *w = (struct world){.f = {.network = WORLD_NETWORK, .person = WORLD_PERSON}};
  w->f.rule = (struct rule){16, rng_chance(r, 75), rng_chance(r, 75), rng_chance(r, 25), rng_chance(r, 80)};
  w->f.own_known = rng_chance(r, 80);
  w->f.own_from = w->f.own_known ? rng_instant(r) : INT64_MAX;
  world_bind(w);
  make_members(w, r);
  make_work(w, r);
  make_guardians(w, r);
  make_permits(w, r);
  make_limits(w, r);
}

static struct actor of_member(const struct fact_membership *m)
{
  return (struct actor){.role = m->role,
                        .network = WORLD_NETWORK,
                        .user = m->user,
                        .membership = m->id,
                        .organization = m->organization,
                        .session = 1};
}

static struct actor stranger(struct rng *r)
{
  struct actor a = {.network = WORLD_NETWORK};
  int64_t kind = rng_below(r, 10);
  if (kind < 3) {
    a.role = ROLE_PERSON;
    a.person = rng_chance(r, 90) ? WORLD_PERSON : WORLD_PERSON + 1;
  } else if (kind < 7) {
    a.role = ROLE_GUARDIAN;
    a.person = rng_chance(r, 90) ? WORLD_PERSON : WORLD_PERSON + 1;
    a.guardian = guardian(r);
  } else if (kind < 9) {
    a.role = ROLE_SERVICE;
    a.organization = rng_chance(r, 90) ? organization(r) : 0;
  } else {
    a.role = ROLE_PUBLIC;
  }
  return a;
}

struct actor world_actor(const struct world *w, struct rng *r)
{
  struct actor a =
      rng_chance(r, 80) ? of_member(&w->memberships[rng_below(r, (int64_t)w->f.memberships_count)]) : stranger(r);
  a.second_factor = rng_chance(r, 85);
  a.session_from = rng_chance(r, 95) ? 1 : rng_instant(r);
  a.session_until = rng_chance(r, 90) ? WORLD_T + 1000000 : rng_instant(r);
  if (rng_chance(r, 3))
    a.role = staff(r);
  if (rng_chance(r, 2))
    a.network++;
  if (rng_chance(r, 2))
    a.membership++;
  if (rng_chance(r, 2))
    a.organization = organization(r);
  return a;
}

enum action world_action(struct rng *r)
{
  static const enum action often[] = {ACTION_PERSON_READ,     ACTION_CASE_READ,   ACTION_RECORD_READ,
                                      ACTION_RECORD_WRITE,    ACTION_SHEET_READ,  ACTION_CONSENT_READ,
                                      ACTION_CONNECTION_READ, ACTION_CONCEAL_OPEN};
  return rng_chance(r, 70) ? often[rng_below(r, 8)] : (enum action)rng_below(r, ACTION_COUNT);
}
