/* access_properties: what must hold of every decision, whatever the facts. `access_properties [COUNT [SEED]]`; prints the first case that
 * breaks a property and ends with 1. */
#include <stdlib.h>

#include "world.h"

struct trial {
  struct world w;
  struct actor who;
  enum action action;
  ts_t at;
  struct decision d;
};

static struct decision again(const struct trial *t, const struct facts *f)
{
  struct decision d;
  access_decide(&t->who, t->action, f, t->at, &d);
  return d;
}

static bool within(cats_t a, cats_t b)
{
  return (a & ~b) == 0;
}

static bool no_more(const struct decision *a, const struct decision *b)
{
  return a->allowed <= b->allowed && within(a->own, b->own) && within(a->others, b->others);
}

static bool same_sight(const struct decision *a, const struct decision *b)
{
  return a->allowed == b->allowed && a->own == b->own && a->others == b->others && a->hidden_items == b->hidden_items &&
         a->guardian_only == b->guardian_only && a->concealment == b->concealment && a->read_only == b->read_only;
}

static bool same_reasons(const struct decision *a, const struct decision *b)
{
  if (a->reason_count == REASONS) /* merged: what was merged into what depends on the order */
    return b->reason_count == REASONS;
  for (size_t i = 0; i < a->reason_count; i++)
    if (a->reasons[i].kind != b->reasons[i].kind || a->reasons[i].ref != b->reasons[i].ref ||
        a->reasons[i].categories != b->reasons[i].categories)
      return false;
  return a->reason_count == b->reason_count;
}

static bool is_whole(const struct trial *t, struct rng *r)
{
  bool may;
  cats_t mask = role_may(t->who.role, t->action, &may);
  const struct decision *d = &t->d;
  if (!d->allowed)
    return d->own == 0 && d->others == 0 && d->reason_count == 1 && d->reasons[0].kind >= REASON_DENIED_SESSION;
  cats_t cited = 0;
  for (size_t i = 0; i < d->reason_count; i++)
    cited |= d->reasons[i].categories;
  return may && within(d->others, d->own) && within(d->own, mask) && d->reason_count > 0 && cited == d->own;
}

static bool consent_added_removes_nothing(const struct trial *t, struct rng *r)
{
  struct world w = t->w;
  world_bind(&w);
  if (!world_add_consent(&w, r, false))
    return true;
  struct decision d = again(t, &w.f);
  return no_more(&t->d, &d);
}

static bool restriction_added_gives_nothing(const struct trial *t, struct rng *r)
{
  struct world w = t->w;
  world_bind(&w);
  if (!world_add_restriction(&w, r))
    return true;
  struct decision d = again(t, &w.f);
  return no_more(&d, &t->d);
}

static bool withdrawal_gives_nothing_and_is_as_expiry(const struct trial *t, struct rng *r)
{
  struct world w = t->w;
  world_bind(&w);
  if (!w.f.consents_count)
    return true;
  struct fact_consent *c = &w.consents[rng_below(r, (int64_t)w.f.consents_count)];
  bool refused = c->refused;
  ts_t until = c->until;
  c->withdrawn = true;
  struct decision withdrawn = again(t, &w.f);
  c->withdrawn = false;
  c->until = t->at;
  struct decision expired = again(t, &w.f);
  c->until = until;
  return same_sight(&withdrawn, &expired) && same_reasons(&withdrawn, &expired) &&
         (refused || no_more(&withdrawn, &t->d));
}

#define SHUFFLE(name)                                                                                                  \
  for (size_t i = w.f.name##_count; i > 1; i--) {                                                                      \
    size_t j = (size_t)rng_below(r, (int64_t)i);                                                                       \
    __typeof__(w.name[0]) other = w.name[i - 1];                                                                       \
    w.name[i - 1] = w.name[j];                                                                                         \
    w.name[j] = other;                                                                                                 \
  }                                                                                                                    \
  if (w.f.name##_count && w.f.name##_count < sizeof w.name / sizeof w.name[0]) {                                       \
    w.name[w.f.name##_count] = w.name[rng_below(r, (int64_t)w.f.name##_count)];                                        \
    w.f.name##_count++;                                                                                                \
  }

static bool order_and_duplicates_do_not_matter(const struct trial *t, struct rng *r)
{
  struct world w = t->w;
  world_bind(&w);
  SHUFFLE(memberships)
  SHUFFLE(participations)
  SHUFFLE(assignments)
  SHUFFLE(connections)
  SHUFFLE(guardians)
  SHUFFLE(consents)
  SHUFFLE(bases)
  SHUFFLE(invitations)
  SHUFFLE(restrictions)
  SHUFFLE(concealments)
  SHUFFLE(holders)
  SHUFFLE(break_glasses)
  SHUFFLE(stand_ins)
  struct decision d = again(t, &w.f);
  return same_sight(&t->d, &d) && same_reasons(&t->d, &d);
}

static bool asks_only(const struct trial *t)
{
  return !action_about_person(t->action) || t->action == ACTION_BREAK_GLASS || t->action == ACTION_STAND_IN;
}

/* Consent and law alone, without anybody at work on the case, open nothing. */
static bool without_permit_nothing(const struct trial *t, struct rng *r)
{
  struct facts f = t->w.f;
  if (asks_only(t) || t->who.role == ROLE_PERSON)
    return true;
  f.assignments_count = f.participations_count = f.connections_count = f.stand_ins_count = 0;
  f.invitations_count = f.break_glasses_count = f.guardians_count = 0;
  return !again(t, &f).allowed;
}

#define DROP(name, matches)                                                                                            \
  do {                                                                                                                 \
    size_t kept = 0;                                                                                                   \
    for (size_t i = 0; i < w.f.name##_count; i++) {                                                                    \
      __typeof__(w.name[0]) *row = &w.name[i];                                                                         \
      if (!(matches))                                                                                                  \
        w.name[kept++] = *row;                                                                                         \
    }                                                                                                                  \
    w.f.name##_count = kept;                                                                                           \
  } while (0)

static bool dropping_the_cited_reasons_denies(const struct trial *t, struct rng *r)
{
  struct world w = t->w;
  const struct actor *who = &t->who;
  if (!t->d.allowed || asks_only(t) || t->d.reason_count == REASONS)
    return true;
  world_bind(&w);
  for (size_t k = 0; k < t->d.reason_count; k++) {
    enum reason_kind kind = t->d.reasons[k].kind;
    id64 ref = t->d.reasons[k].ref;
    DROP(assignments, kind == REASON_OWN && row->case_id == ref && row->user == who->user);
    DROP(participations, kind == REASON_OWN && row->case_id == ref && row->organization == who->organization);
    DROP(consents, kind == REASON_CONSENT && row->id == ref);
    DROP(bases, kind == REASON_BASIS && row->id == ref);
    DROP(invitations, kind == REASON_INVITATION && row->meeting == ref);
    DROP(break_glasses, kind == REASON_BREAK_GLASS && row->id == ref);
    DROP(stand_ins, kind == REASON_STAND_IN && row->id == ref);
    DROP(connections, kind == REASON_CONNECTION && row->id == ref);
    DROP(guardians, kind == REASON_GUARDIAN && row->id == ref);
    if (kind == REASON_PERSON)
      w.f.person++;
  }
  return !again(t, &w.f).allowed;
}

static const struct {
  const char *name;
  bool (*holds)(const struct trial *t, struct rng *r);
} PROPERTIES[] = {{"a decision is whole", is_whole},
                  {"a consent added removes nothing", consent_added_removes_nothing},
                  {"a restriction added gives nothing", restriction_added_gives_nothing},
                  {"a withdrawal gives nothing and is as expiry", withdrawal_gives_nothing_and_is_as_expiry},
                  {"order and duplicates do not matter", order_and_duplicates_do_not_matter},
                  {"without a permit there is nothing", without_permit_nothing},
                  {"dropping the cited reasons denies", dropping_the_cited_reasons_denies}};

int main(int argc, char **argv)
{
  long long count = argc > 1 ? strtoll(argv[1], NULL, 10) : 50000, seed = argc > 2 ? strtoll(argv[2], NULL, 10) : 1;
  long long allowed = 0;
  static struct trial t;
  for (long long i = 0; i < count; i++) {
    struct rng r = {(uint64_t)(seed * 1000003 + i) * 0x2545f4914f6cdd1du};
    world_make(&t.w, &r);
    t.who = world_actor(&t.w, &r);
    t.action = world_action(&r);
    t.at = rng_chance(&r, 70) ? WORLD_T : rng_instant(&r);
    t.d = again(&t, &t.w.f);
    allowed += t.d.allowed;
    for (size_t k = 0; k < sizeof PROPERTIES / sizeof PROPERTIES[0]; k++)
      if (!PROPERTIES[k].holds(&t, &r)) {
        printf("case %lld of seed %lld breaks: %s\n", i, seed, PROPERTIES[k].name);
        return 1;
      }
  }
  printf("%lld cases, %lld allowed: every property holds\n", count, allowed);
  return allowed * 10 < count; /* a generator that hardly ever permits proves nothing */
}
