/* agree.c: the rule of consent: who has to agree, and to what they did. docs/access.md, "Consent". */
#include "access/ask.h"
static bool consent_same_party(const struct fact_consent *a, const struct fact_consent *b)
{
  return a->by == b->by && (a->by == PARTY_PERSON || a->guardian == b->guardian);
}

/* A row about the actor's organization that stands now, given or refused. */
static bool consent_live(const struct ask *q, const struct fact_consent *c)
{
  return c->organization == q->who->organization && !c->withdrawn && live(c->from, c->until, q->at);
}

static bool consent_later(const struct fact_consent *a, const struct fact_consent *b)
{
  return a->from != b->from ? a->from > b->from : a->id > b->id;
}

/* Given, standing, and not followed by a standing refusal of the same party. */
bool agree_counts(const struct ask *q, const struct fact_consent *c)
{
  if (c->refused || !consent_live(q, c))
    return false;
  for (size_t i = 0; i < q->facts->consents_count; i++) {
    const struct fact_consent *r = &q->facts->consents[i];
    if (r->refused && consent_live(q, r) && consent_same_party(r, c) && consent_later(r, c))
      return false;
  }
  return true;
}

struct side { /* what one side of the consent comes to */
  bool given, heard, refused;
  cats_t categories;
};

static struct side consent_of_person(const struct ask *q)
{
  struct side s = {0};
  bool refusal = false;
  for (size_t i = 0; i < q->facts->consents_count; i++) {
    const struct fact_consent *c = &q->facts->consents[i];
    if (c->by != PARTY_PERSON)
      continue;
    refusal |= c->refused && consent_live(q, c);
    if (agree_counts(q, c)) {
      s.given = true;
      s.categories |= c->categories;
    }
  }
  s.refused = refusal && !s.given;
  return s;
}

bool agree_guardian_live(const struct ask *q, id64 guardian, bool joint)
{
  for (size_t i = 0; i < q->facts->guardians_count; i++) {
    const struct fact_guardian *g = &q->facts->guardians[i];
    if (g->id == guardian && live(g->from, g->until, q->at) && (!joint || g->authority == AUTHORITY_JOINT))
      return true;
  }
  return false;
}

static bool any_guardian(const struct ask *q)
{
  for (size_t i = 0; i < q->facts->guardians_count; i++)
    if (live(q->facts->guardians[i].from, q->facts->guardians[i].until, q->at))
      return true;
  return false;
}

bool agree_alone(enum authority a)
{
  return a == AUTHORITY_SOLE || a == AUTHORITY_DAILY || a == AUTHORITY_URGENT;
}

/* What one guardian gave, either alone or as one of those who hold authority jointly. */
static struct side consent_of_guardian(const struct ask *q, id64 guardian, bool joint)
{
  struct side s = {0};
  for (size_t i = 0; i < q->facts->consents_count; i++) {
    const struct fact_consent *c = &q->facts->consents[i];
    if (c->by != PARTY_GUARDIAN || c->guardian != guardian || !agree_counts(q, c))
      continue;
    if (joint ? c->authority != AUTHORITY_JOINT : !agree_alone(c->authority))
      continue;
    s.given = true;
    s.heard |= c->heard;
    s.categories |= c->categories;
  }
  return s;
}

static void side_add(struct side *sum, const struct side *one)
{
  sum->given |= one->given;
  sum->heard |= one->heard;
  sum->categories |= one->categories;
}

/* Those who hold authority jointly: all of them, or any one if the network's rule says so. */
static struct side consent_joint(const struct ask *q)
{
  bool all = q->facts->rule.joint_needs_all, first = true;
  struct side sum = {0};
  for (size_t i = 0; i < q->facts->guardians_count; i++) {
    const struct fact_guardian *g = &q->facts->guardians[i];
    if (g->authority != AUTHORITY_JOINT || !live(g->from, g->until, q->at))
      continue;
    struct side one = consent_of_guardian(q, g->id, true);
    if (all && !one.given)
      return (struct side){0};
    cats_t before = sum.categories;
    side_add(&sum, &one);
    if (all && !first)
      sum.categories = before & one.categories;
    first = false;
  }
  return sum;
}

static struct side consent_of_guardians(const struct ask *q, const struct side *joint)
{
  struct side sum = *joint;
  for (size_t i = 0; i < q->facts->guardians_count; i++) {
    const struct fact_guardian *g = &q->facts->guardians[i];
    if (!live(g->from, g->until, q->at))
      continue;
    struct side one = consent_of_guardian(q, g->id, false);
    side_add(&sum, &one);
  }
  return sum;
}

/* Who has to agree at `at`, and what comes of it: the rule of docs/access.md, "Consent". */
struct agreement agree_consents(const struct ask *q)
{
  const struct facts *f = q->facts;
  struct side person = consent_of_person(q);
  bool unknown = !f->own_known;
  if (unknown ? !any_guardian(q) : q->at >= f->own_from)
    return (struct agreement){.categories = person.categories, .person = person.categories};

  struct side joint = consent_joint(q), guardians = consent_of_guardians(q, &joint);
  cats_t both = person.categories & guardians.categories;
  if (unknown)
    return (struct agreement){.categories = both, .person = both, .alone = both, .joint = both & joint.categories};
  if (person.refused && !f->rule.guardian_overrides)
    return (struct agreement){0};
  if (f->rule.heard_needed && !guardians.heard && !person.given)
    return (struct agreement){0};
  return (struct agreement){
      .categories = guardians.categories, .alone = guardians.categories, .joint = joint.categories};
}
