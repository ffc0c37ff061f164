/* sights.c: the engine about everybody at once; no rule stands here. */
#include "access/sights.h"

#include "access/ask.h"
#include "access/facts.h"
#include "access/facts_sql.h"
#include "access/scope_impl.h"

struct sights_job {
  struct tx *tx;
  const struct scope *s;
  struct facts facts; /* of the person; memberships: those of whoever is asked about */
  struct sights *out;
  size_t asked;
};

/* ---- how long the fact stands ------------------------------------------------------------------------------------------------ */

#define SPAN_OF(rows, key)                                                                                             \
  for (size_t i = 0; i < f->rows##_count; i++)                                                                         \
    if (f->rows[i].key == x->ref) {                                                                                    \
      x->from = f->rows[i].from;                                                                                       \
      x->until = f->rows[i].until;                                                                                     \
    }

static void put_span(const struct facts *f, struct sight *x)
{
  switch (x->kind) {
  case REASON_CONSENT:
    SPAN_OF(consents, id)
    break;
  case REASON_BASIS:
    SPAN_OF(bases, id)
    for (size_t i = 0; i < f->bases_count; i++)
      if (f->bases[i].id == x->ref)
        x->law = (enum basis)f->bases[i].code;
    break;
  case REASON_INVITATION:
    SPAN_OF(invitations, meeting)
    break;
  case REASON_BREAK_GLASS:
    SPAN_OF(break_glasses, id)
    break;
  case REASON_STAND_IN:
    SPAN_OF(stand_ins, id)
    break;
  default:
    break;
  }
}

/* ---- one who is asked about --------------------------------------------------------------------------------------------------- */

static bool is_told(const struct sights_job *job, const struct sight *x)
{
  enum role reader = job->s->who.role;
  struct look l = {x->organization, ACTION_PERSON_READ, x->kind, x->ref, job->s->at};
  if (reader != ROLE_PERSON && reader != ROLE_GUARDIAN)
    return true;
  if (x->kind == REASON_PERSON || x->kind == REASON_GUARDIAN)
    return reader == ROLE_PERSON || x->guardian == job->s->who.guardian;
  return scope_shows_look(job->s, &l);
}

static void put_reasons(struct sights_job *job, const struct decision *d, const struct sight *who)
{
  for (size_t i = 0; d->allowed && i < d->reason_count; i++) {
    const struct reason *r = &d->reasons[i];
    struct sight x = *who;
    if (r->kind == REASON_CONNECTION)
      continue; /* what it rests on is told by the consent or the law */
    x.kind = r->kind;
    x.ref = r->ref;
    x.categories = r->categories;
    x.own_only = r->kind == REASON_OWN || r->kind == REASON_STAND_IN;
    x.visit_only = d->visit_only;
    put_span(&job->facts, &x);
    if (!is_told(job, &x))
      continue;
    job->out->more |= job->out->n == SIGHTS;
    if (job->out->n < SIGHTS)
      job->out->list[job->out->n++] = x;
  }
}

static void ask_about(struct sights_job *job, const struct actor *who, const struct sight *x)
{
  struct decision d;
  access_decide(who, ACTION_PERSON_READ, &job->facts, job->s->at, &d);
  put_reasons(job, &d, x);
}

static void take_member(void *arg, const struct member_row *m)
{
  struct sights_job *job = arg;
  struct fact_membership fact = {m->id, m->user, m->organization, m->role, m->from, m->until};
  struct actor who = {.role = m->role,
                      .network = job->facts.network,
                      .user = m->user,
                      .membership = m->id,
                      .organization = m->organization,
                      .second_factor = true};
  struct sight x = {.organization = m->organization,
                    .user = m->user,
                    .organization_name = str_copy(tx_arena(job->tx), m->organization_name),
                    .user_name = str_copy(tx_arena(job->tx), m->user_name),
                    .job = str_copy(tx_arena(job->tx), m->job),
                    .role = m->role};
  job->out->more |= ++job->asked > SIGHT_MEMBERS;
  job->facts.memberships = &fact;
  job->facts.memberships_count = 1;
  ask_about(job, &who, &x);
  job->facts.memberships = NULL;
  job->facts.memberships_count = 0;
}

static void ask_parties(struct sights_job *job)
{
  const struct facts *f = &job->facts;
  struct actor person = {.role = ROLE_PERSON, .network = f->network, .person = f->person};
  ask_about(job, &person, &(struct sight){.role = ROLE_PERSON});
  for (size_t i = 0; i < f->guardians_count; i++) {
    id64 id = f->guardians[i].id;
    struct actor guardian = {.role = ROLE_GUARDIAN, .network = f->network, .person = f->person, .guardian = id};
    ask_about(job, &guardian, &(struct sight){.role = ROLE_GUARDIAN, .guardian = id});
  }
}

/* ---- whom a law names, and nobody there works on it ------------------------------------------------------------------------------ */

static bool has_basis(const struct sights *all, const struct fact_basis *b)
{
  for (size_t i = 0; i < all->n; i++)
    if (all->list[i].kind == REASON_BASIS && all->list[i].ref == b->id && all->list[i].organization == b->organization)
      return true;
  return false;
}

/* As whoever takes it on there would see it; of that, what the laws open that nobody was told of above. */
static enum code ask_for_nobody(struct sights_job *job, const struct fact_basis *b, struct err *e)
{
  struct facts f = job->facts;
  struct actor who = {.network = f.network, .organization = b->organization};
  struct decision d;
  enum code c = scope_facts_of_receiver(job->tx, &who, &f, e);
  if (c != OK)
    return c;
  access_decide(&who, ACTION_PERSON_READ, &f, job->s->at, &d);
  for (size_t i = 0; d.allowed && i < d.reason_count; i++) {
    struct sight x = {.organization = b->organization,
                      .kind = d.reasons[i].kind,
                      .ref = d.reasons[i].ref,
                      .categories = d.reasons[i].categories,
                      .waits = true};
    if (x.kind != REASON_BASIS || x.ref != b->id)
      continue;
    put_span(&job->facts, &x);
    job->out->more |= job->out->n == SIGHTS;
    if (job->out->n < SIGHTS)
      job->out->list[job->out->n++] = x;
  }
  return OK;
}

static enum code ask_of_laws(struct sights_job *job, struct err *e)
{
  const struct facts *f = &job->facts;
  enum role reader = job->s->who.role;
  enum code c = OK;
  if (reader == ROLE_PERSON || reader == ROLE_GUARDIAN)
    return OK;
  for (size_t i = 0; c == OK && i < f->bases_count; i++)
    if (f->bases[i].organization && !has_basis(job->out, &f->bases[i]))
      c = ask_for_nobody(job, &f->bases[i], e);
  return c;
}

enum code access_sights(struct tx *tx, const struct scope *s, struct sights *ret, struct err *e)
{
  struct sights out = {.list = arena_array(tx_arena(tx), SIGHTS, sizeof *out.list)};
  struct sights_job job = {.tx = tx, .s = s, .out = &out};
  if (!out.list)
    return err_oom(e);
  if (!s->facts || (s->action != ACTION_SEEN_READ && s->action != ACTION_SEEN_PRINT))
    return BUG(e, "who may see is told to whom it may be told who looked");
  if (!s->decision.allowed) { /* a party that may hear of nothing */
    *ret = out;
    return OK;
  }
  job.facts = *s->facts;
  enum code c = facts_sql_members(tx, s->person, s->at, SIGHT_MEMBERS + 1, take_member, &job, e);
  if (c != OK)
    return c;
  job.facts.memberships_count = 0;
  ask_parties(&job);
  c = ask_of_laws(&job, e);
  if (c == OK)
    *ret = out;
  return c;
}
