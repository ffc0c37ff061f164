/* access.c: the decision, in the order of docs/access.md. Pure: reads the facts handed in, writes *ret, nothing else. */
#include "access/ask.h"

/* --- reasons: sorted by kind and reference, so that the order of facts does not show ------------------------------ */
static int reason_compare(const struct reason *a, const struct reason *b)
{
  if (a->kind != b->kind)
    return a->kind < b->kind ? -1 : 1;
  return a->ref < b->ref ? -1 : a->ref > b->ref;
}

static void reason_merge(struct decision *d, const struct reason *r)
{
  size_t last = d->reason_count - 1;
  for (size_t i = 0; i < d->reason_count; i++)
    if (d->reasons[i].kind == r->kind)
      last = i;
  d->reasons[last].categories |= r->categories;
}

static void reason_add(struct decision *d, enum reason_kind kind, id64 ref, cats_t categories)
{
  struct reason r = {kind, ref, categories};
  size_t i = 0;
  while (i < d->reason_count && reason_compare(&d->reasons[i], &r) < 0)
    i++;
  if (i < d->reason_count && reason_compare(&d->reasons[i], &r) == 0) {
    d->reasons[i].categories |= categories;
    return;
  }
  if (d->reason_count == REASONS) {
    reason_merge(d, &r);
    return;
  }
  memmove(&d->reasons[i + 1], &d->reasons[i], (d->reason_count - i) * sizeof r);
  d->reasons[i] = r;
  d->reason_count++;
}

static void refuse(struct decision *d, enum reason_kind kind)
{
  *d = (struct decision){.reason_count = 1, .reasons = {{.kind = kind}}};
}

/* --- what a permit gives ------------------------------------------------------------------------------------------ */
static void permit_own(struct ask *q, enum reason_kind kind, id64 ref)
{
  q->wanted |= q->mask;
  q->ret->own |= q->open;
  if (q->open)
    reason_add(q->ret, kind, ref, q->open);
}

static void permit_others(struct ask *q, enum reason_kind kind, id64 ref, cats_t categories)
{
  cats_t given = categories & q->open;
  q->wanted |= categories & q->mask;
  q->ret->others |= given;
  if (given)
    reason_add(q->ret, kind, ref, given);
}

/* --- step 1: session, second factor, membership ------------------------------------------------------------------- */
static bool role_has_membership(enum role r)
{
  return r >= ROLE_MANAGER && r <= ROLE_ADMIN;
}

static bool membership_live(const struct actor *who, const struct facts *f, ts_t at)
{
  for (size_t i = 0; f && i < f->memberships_count; i++) {
    const struct fact_membership *m = &f->memberships[i];
    if (m->id == who->membership && m->user == who->user && m->organization == who->organization &&
        m->role == who->role && live(m->from, m->until, at))
      return true;
  }
  return false;
}

/* 0 when the actor may act at all, else why not. Enrolling a second factor is done without one. */
static enum reason_kind step_actor(const struct actor *who, enum action action, const struct facts *f, ts_t at)
{
  if (!live(who->session_from, who->session_until, at))
    return REASON_DENIED_SESSION;
  if (role_needs_second_factor(who->role) && !who->second_factor && action != ACTION_SESSION_OWN)
    return REASON_DENIED_FACTOR;
  if (role_has_membership(who->role) && !membership_live(who, f, at))
    return REASON_DENIED_MEMBERSHIP;
  if (f && f->network != who->network)
    return REASON_DENIED_MEMBERSHIP;
  return 0;
}

/* --- step 3: restrictions against the actor ----------------------------------------------------------------------- */
static bool restricts(const struct fact_restriction *r, const struct ask *q)
{
  const struct actor *who = q->who;
  return live(r->from, r->until, q->at) &&
         ((r->organization && r->organization == who->organization) || (r->user && r->user == who->user) ||
          (r->guardian && who->role == ROLE_GUARDIAN && r->guardian == who->guardian));
}

static void step_restrictions(struct ask *q)
{
  cats_t all = 0, hard = 0;
  for (size_t i = 0; i < q->facts->restrictions_count; i++) {
    const struct fact_restriction *r = &q->facts->restrictions[i];
    if (!restricts(r, q))
      continue;
    all |= r->categories;
    if (!r->breakable)
      hard |= r->categories;
  }
  q->open = q->mask & ~all;
  q->breakable = q->mask & ~hard;
}

/* --- which permits reach which actions ---------------------------------------------------------------------------- */
static bool action_reads(enum action a)
{
  return a == ACTION_PERSON_READ || a == ACTION_CASE_READ || a == ACTION_RECORD_READ || a == ACTION_SHEET_READ ||
         a == ACTION_CONSENT_READ || a == ACTION_CONNECTION_READ;
}

static bool action_of_invited(enum action a)
{
  return a == ACTION_PERSON_READ || a == ACTION_CASE_READ;
}

static bool action_of_stand_in(enum action a)
{
  return action_reads(a) || a == ACTION_RECORD_WRITE;
}

/* What the receiver's managers do about a connection, before anybody works on the case. */
static bool action_on_connection(enum action a)
{
  return a == ACTION_CONNECTION_READ || a == ACTION_CONNECTION_ASSIGN || a == ACTION_CONNECTION_ANSWER;
}

static bool action_of_receiver(enum action a)
{
  return action_on_connection(a) || a == ACTION_SHEET_READ || a == ACTION_PERSON_READ || a == ACTION_CASE_READ;
}

/* --- permits a and f, and the receiver of a connection: who works on it ------------------------------------------- */
static bool case_engages(const struct facts *f, id64 case_id, id64 organization, ts_t at)
{
  for (size_t i = 0; i < f->participations_count; i++) {
    const struct fact_participation *p = &f->participations[i];
    if (p->case_id == case_id && p->organization == organization && live(p->from, p->until, at))
      return true;
  }
  for (size_t i = 0; i < f->assignments_count; i++) {
    const struct fact_assignment *a = &f->assignments[i];
    if (a->case_id == case_id && a->organization == organization && live(a->from, a->until, at))
      return true;
  }
  return false;
}

static bool works_assigned(struct ask *q)
{
  bool works = false;
  for (size_t i = 0; i < q->facts->assignments_count; i++) {
    const struct fact_assignment *a = &q->facts->assignments[i];
    if (a->user && a->user == q->who->user && a->organization == q->who->organization &&
        live(a->from, a->until, q->at)) {
      permit_own(q, REASON_OWN, a->case_id);
      works = true;
    }
  }
  return works;
}

static bool works_managing(struct ask *q)
{
  bool works = false;
  for (size_t i = 0; q->who->role == ROLE_MANAGER && i < q->facts->participations_count; i++) {
    const struct fact_participation *p = &q->facts->participations[i];
    if (p->organization == q->who->organization && live(p->from, p->until, q->at)) {
      permit_own(q, REASON_OWN, p->case_id);
      works = true;
    }
  }
  return works;
}

static bool works_standing_in(struct ask *q)
{
  bool works = false, may = false;
  role_may(q->who->role, ACTION_STAND_IN, &may);
  if (!may || !q->facts->rule.stand_in_allowed || !action_of_stand_in(q->action))
    return false;
  for (size_t i = 0; i < q->facts->stand_ins_count; i++) {
    const struct fact_stand_in *s = &q->facts->stand_ins[i];
    if (s->user && s->user == q->who->user && s->organization == q->who->organization &&
        live(s->from, s->until, q->at) && case_engages(q->facts, s->case_id, s->organization, q->at)) {
      permit_own(q, REASON_STAND_IN, s->id);
      works = true;
    }
  }
  return works;
}

/* A reply link (ROLE_SERVICE for an organization) stands where the receiver's manager would. */
static bool receives(const struct ask *q, const struct fact_connection *c)
{
  return (q->who->role == ROLE_MANAGER || q->who->role == ROLE_SERVICE) && q->who->organization &&
         c->organization == q->who->organization && live(c->from, c->until, q->at) && action_of_receiver(q->action);
}

static bool works_receiving(struct ask *q)
{
  bool works = false;
  for (size_t i = 0; i < q->facts->connections_count; i++) {
    const struct fact_connection *c = &q->facts->connections[i];
    if (!receives(q, c))
      continue;
    works = true;
    if (action_on_connection(q->action))
      permit_own(q, REASON_CONNECTION, c->id);
  }
  return works;
}

/* What consent or law opens to a mere receiver rests on the connection too. */
static void cite_connections(struct ask *q, cats_t categories)
{
  for (size_t i = 0; i < q->facts->connections_count; i++)
    if (receives(q, &q->facts->connections[i]) && (categories & q->open))
      reason_add(q->ret, REASON_CONNECTION, q->facts->connections[i].id, categories & q->open);
}

/* --- permit b: consent (the rule: agree.c) -------------------------------------------------------------------------- */
/* What this row gave of that; a guardian's joint row nothing, unless the others agreed too. */
static cats_t consent_cited(const struct ask *q, const struct fact_consent *c, const struct agreement *a)
{
  if (!agree_counts(q, c))
    return 0;
  if (c->by == PARTY_PERSON)
    return c->categories & a->person;
  if (c->by != PARTY_GUARDIAN)
    return 0;
  if (c->authority == AUTHORITY_JOINT)
    return agree_guardian_live(q, c->guardian, true) ? c->categories & a->joint : 0;
  return agree_alone(c->authority) && agree_guardian_live(q, c->guardian, false) ? c->categories & a->alone : 0;
}

static cats_t permit_consent(struct ask *q)
{
  struct agreement a = agree_consents(q);
  for (size_t i = 0; a.categories && i < q->facts->consents_count; i++) {
    const struct fact_consent *c = &q->facts->consents[i];
    cats_t cited = consent_cited(q, c, &a);
    if (cited)
      permit_others(q, REASON_CONSENT, c->id, cited);
  }
  return a.categories;
}

/* --- permits c, d, e ---------------------------------------------------------------------------------------------- */
static cats_t permit_basis(struct ask *q)
{
  cats_t sum = 0;
  for (size_t i = 0; i < q->facts->bases_count; i++) {
    const struct fact_basis *b = &q->facts->bases[i];
    if (b->organization != q->who->organization || !live(b->from, b->until, q->at) || !b->complete || !b->requester ||
        !b->approver || b->approver == b->requester)
      continue;
    permit_others(q, REASON_BASIS, b->id, b->categories);
    sum |= b->categories;
  }
  return sum;
}

/* An invited organization sends those who work on cases; a clerk or volunteer is invited by name or not at all. */
static bool invited(const struct ask *q, const struct fact_invitation *v)
{
  enum role r = q->who->role;
  bool sent = r == ROLE_MANAGER || r == ROLE_WORKER || r == ROLE_COORDINATOR;
  return (v->user && v->user == q->who->user) || (v->organization && v->organization == q->who->organization && sent);
}

static void permit_invitation(struct ask *q)
{
  if (!action_of_invited(q->action))
    return;
  for (size_t i = 0; i < q->facts->invitations_count; i++) {
    const struct fact_invitation *v = &q->facts->invitations[i];
    if (invited(q, v) && live(v->from, v->until, q->at))
      permit_others(q, REASON_INVITATION, v->meeting, v->categories);
  }
}

static bool break_glass_live(const struct ask *q, const struct fact_break_glass *b)
{
  return b->user && b->user == q->who->user && b->organization == q->who->organization &&
         live(b->from, b->until, q->at) && b->until != 0 && b->until - b->from <= BREAK_GLASS_MS;
}

static void permit_break_glass(struct ask *q)
{
  bool may = false;
  role_may(q->who->role, ACTION_BREAK_GLASS, &may);
  if (!may || !action_reads(q->action))
    return;
  bool alone = (q->ret->own | q->ret->others) == 0;
  for (size_t i = 0; i < q->facts->break_glasses_count; i++) {
    const struct fact_break_glass *b = &q->facts->break_glasses[i];
    if (!break_glass_live(q, b))
      continue;
    q->wanted |= q->mask;
    q->ret->others |= q->breakable;
    if (q->breakable)
      reason_add(q->ret, REASON_BREAK_GLASS, b->id, q->breakable);
    q->ret->read_only = alone;
  }
}

/* --- permit g: the person and the guardians ------------------------------------------------------------------------ */
static void permit_person(struct ask *q)
{
  if (q->who->person && q->who->person == q->facts->person)
    permit_others(q, REASON_PERSON, q->facts->person, q->mask);
}

/* What this guardian's own standing consents name, whoever the recipient. */
static cats_t given_by_guardian(const struct ask *q)
{
  cats_t sum = 0;
  for (size_t i = 0; i < q->facts->consents_count; i++) {
    const struct fact_consent *c = &q->facts->consents[i];
    if (c->by == PARTY_GUARDIAN && c->guardian == q->who->guardian && !c->refused && !c->withdrawn &&
        live(c->from, c->until, q->at))
      sum |= c->categories;
  }
  return sum;
}

static void permit_guardian(struct ask *q)
{
  const struct facts *f = q->facts;
  bool authority = false, guardian = false;
  for (size_t i = 0; i < f->guardians_count; i++) {
    const struct fact_guardian *g = &f->guardians[i];
    if (g->id != q->who->guardian || !live(g->from, g->until, q->at))
      continue;
    guardian = true;
    authority |= g->authority != AUTHORITY_NONE;
  }
  if (!guardian || q->who->person != f->person)
    return;
  q->ret->guardian_only = !authority || !f->own_known || q->at >= f->own_from;
  permit_others(q, REASON_GUARDIAN, q->who->guardian, q->ret->guardian_only ? given_by_guardian(q) : q->mask);
}

/* --- concealment ---------------------------------------------------------------------------------------------------- */
static bool conceal_holds(const struct ask *q, id64 concealment)
{
  for (size_t i = 0; i < q->facts->holders_count; i++) {
    const struct fact_holder *h = &q->facts->holders[i];
    if (h->concealment == concealment && h->user && h->user == q->who->user && live(h->from, h->until, q->at))
      return true;
  }
  return false;
}

/* Items stay hidden but from a holder who opens them on purpose; an item concealed twice needs both. */
static void conceal(struct ask *q)
{
  bool holds = false;
  for (size_t i = 0; i < q->facts->concealments_count; i++) {
    const struct fact_concealment *c = &q->facts->concealments[i];
    if (!live(c->from, c->until, q->at))
      continue;
    bool opens = q->action == ACTION_CONCEAL_OPEN && conceal_holds(q, c->id);
    q->ret->concealment = true;
    holds |= opens;
    if (!opens)
      q->ret->hidden_items |= c->items;
  }
  if (q->action == ACTION_CONCEAL_OPEN && !holds)
    q->ret->own = q->ret->others = 0;
}

/* --- the decision --------------------------------------------------------------------------------------------------- */
static void permits_of_member(struct ask *q)
{
  bool full = works_assigned(q);
  full |= works_managing(q);
  full |= works_standing_in(q);
  bool receiver = works_receiving(q);
  if (full || receiver) {
    cats_t categories = permit_consent(q) | permit_basis(q);
    if (receiver)
      cite_connections(q, categories);
  }
  permit_invitation(q);
  permit_break_glass(q);
}

/* Asking for emergency access or to stand in: rests on no permit and opens nothing by itself. */
static bool asks_for_access(const struct ask *q)
{
  if (q->action == ACTION_BREAK_GLASS)
    return q->breakable != 0;
  const struct facts *f = q->facts;
  bool engaged = false;
  for (size_t i = 0; i < f->participations_count; i++)
    engaged |= case_engages(f, f->participations[i].case_id, q->who->organization, q->at);
  for (size_t i = 0; i < f->assignments_count; i++)
    engaged |= case_engages(f, f->assignments[i].case_id, q->who->organization, q->at);
  return engaged && f->rule.stand_in_allowed && q->open != 0;
}

static void decide_request(struct ask *q)
{
  if (!asks_for_access(q)) {
    refuse(q->ret, q->open == q->mask ? REASON_DENIED_NOTHING : REASON_DENIED_RESTRICTION);
    return;
  }
  q->ret->allowed = true;
  reason_add(q->ret, REASON_ROLE, 0, 0);
}

static bool leads(const struct ask *q)
{
  for (size_t i = 0; i < q->facts->participations_count; i++) {
    const struct fact_participation *p = &q->facts->participations[i];
    if (p->part == PART_LEAD && p->organization == q->who->organization && live(p->from, p->until, q->at))
      return true;
  }
  return false;
}

static void decide_person(struct ask *q)
{
  struct decision *d = q->ret;
  bool outside = q->who->role == ROLE_PERSON || q->who->role == ROLE_GUARDIAN;
  d->sources = outside ? 1u << SOURCE_PERSON
                       : 1u << SOURCE_PERSON | 1u << SOURCE_AROUND | 1u << SOURCE_OTHER_BODY | 1u << SOURCE_STAFF;
  d->hidden_marks = outside ? MARK_SEPARATE : 0;
  d->visit_only = q->who->role == ROLE_VOLUNTEER;
  if (q->who->role == ROLE_PERSON)
    permit_person(q);
  else if (q->who->role == ROLE_GUARDIAN)
    permit_guardian(q);
  else if (!action_of_lead(q->action) || leads(q))
    permits_of_member(q);
  conceal(q);
  d->own |= d->others;
  d->allowed = d->own != 0;
  if (!d->allowed)
    refuse(d, q->wanted & ~q->open ? REASON_DENIED_RESTRICTION : REASON_DENIED_NOTHING);
}

void access_decide(const struct actor *who, enum action action, const struct facts *facts, ts_t at,
                   struct decision *ret)
{
  *ret = (struct decision){0};
  enum reason_kind stop = step_actor(who, action, facts, at);
  bool may = false;
  cats_t mask = role_may(who->role, action, &may);
  if (stop || !may) {
    refuse(ret, stop ? stop : REASON_DENIED_ROLE);
    return;
  }
  if (!action_about_person(action)) {
    ret->allowed = true;
    ret->own = ret->others = mask;
    ret->visit_only = who->role == ROLE_VOLUNTEER; /* of a list's lines too */
    reason_add(ret, REASON_ROLE, 0, mask);
    return;
  }
  if (!facts || !facts->person) {
    refuse(ret, REASON_DENIED_NOTHING);
    return;
  }
  struct ask q = {.who = who, .action = action, .facts = facts, .at = at, .mask = mask, .ret = ret};
  step_restrictions(&q);
  if (action == ACTION_BREAK_GLASS || action == ACTION_STAND_IN)
    decide_request(&q);
  else
    decide_person(&q);
}
