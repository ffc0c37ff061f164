/* party.c: 「だれが見たか」 as the person or a guardian gets it on paper; docs/access.md, "Who looked". */
#include "access/ask.h"
#include "access/facts.h"
#include "access/scope_impl.h"

/* --- what a guardian does not learn of ----------------------------------------------------------------------------------- */

/* What an organization does with the sheets, records and lists themselves. Consent, concealment, restrictions, emergencies and papers
 * for others are between the person and those who protect the person. */
static bool action_told(enum action a)
{
  switch (a) {
  case ACTION_PERSON_FIND:
  case ACTION_PERSON_READ:
  case ACTION_PERSON_WRITE:
  case ACTION_CASE_LIST:
  case ACTION_CASE_READ:
  case ACTION_CASE_WRITE:
  case ACTION_RECORD_READ:
  case ACTION_RECORD_SEARCH:
  case ACTION_RECORD_WRITE:
  case ACTION_SHEET_READ:
  case ACTION_SHEET_WRITE:
  case ACTION_SHEET_SEND:
  case ACTION_CONNECTION_LIST:
  case ACTION_CONNECTION_READ:
  case ACTION_CONNECTION_ANSWER:
  case ACTION_CONNECTION_ASSIGN:
  case ACTION_PRINT:
  case ACTION_EXPORT:
  case ACTION_TODAY:
    return true;
  default:
    return false;
  }
}

/* Bases a guardian may hear of; those that protect a child are not among them, nor is one that this program does not know. */
static bool basis_told(int code)
{
  return code == BASIS_COUNCIL_REQUEST || (code >= BASIS_SUPPORT_MEETING && code <= BASIS_PLAIN_BENEFIT);
}

static bool basis_ref_told(const struct facts *f, id64 basis)
{
  bool told = false;
  for (size_t i = 0; i < f->bases_count; i++) {
    if (f->bases[i].id != basis)
      continue;
    if (!basis_told(f->bases[i].code))
      return false;
    told = true;
  }
  return told;
}

/* A list does not say on what each of its lines rested: while something protective was open to the organization, it may have been that. */
static bool protected_then(const struct facts *f, id64 organization, ts_t at)
{
  for (size_t i = 0; i < f->bases_count; i++)
    if (f->bases[i].organization == organization && !basis_told(f->bases[i].code) &&
        live(f->bases[i].from, f->bases[i].until, at))
      return true;
  for (size_t i = 0; i < f->break_glasses_count; i++)
    if (f->break_glasses[i].organization == organization &&
        live(f->break_glasses[i].from, f->break_glasses[i].until, at))
      return true;
  return false;
}

static bool reason_told(const struct facts *f, const struct look *l)
{
  switch (l->reason) {
  case REASON_OWN:
  case REASON_CONSENT:
  case REASON_INVITATION:
  case REASON_STAND_IN:
  case REASON_CONNECTION:
    return true;
  case REASON_BASIS:
    return basis_ref_told(f, l->reason_ref);
  case REASON_ROLE:
    return !protected_then(f, l->organization, l->at);
  default:
    return false;
  }
}

/* --- the rule -------------------------------------------------------------------------------------------------------------- */

/* A standing consent of this guardian that names the organization and something the guardian may read of. Where only what was given counts,
 * it begins with the giving. */
static bool given_to(const struct scope *s, const struct look *l)
{
  struct actor there = {.organization = l->organization};
  struct ask q = {.who = &there, .facts = s->facts, .at = s->at};
  for (size_t i = 0; i < s->facts->consents_count; i++) {
    const struct fact_consent *c = &s->facts->consents[i];
    if (c->by == PARTY_GUARDIAN && c->guardian == s->who.guardian && (c->categories & s->decision.others) &&
        agree_counts(&q, c) && (!s->decision.guardian_only || c->from <= l->at))
      return true;
  }
  return false;
}

bool scope_shows_look(const struct scope *s, const struct look *l)
{
  if (!s->facts || !s->decision.allowed)
    return false;
  if (s->who.role == ROLE_PERSON)
    return true;
  return s->who.role == ROLE_GUARDIAN && l->organization && action_told(l->action) && reason_told(s->facts, l) &&
         given_to(s, l);
}

bool scope_shows_consent(const struct scope *s, id64 consent)
{
  if (!s->facts || !s->decision.allowed)
    return false;
  if (s->who.role == ROLE_PERSON)
    return true;
  for (size_t i = 0; i < s->facts->consents_count; i++) {
    const struct fact_consent *c = &s->facts->consents[i];
    if (c->id == consent && c->by == PARTY_GUARDIAN && c->guardian == s->who.guardian)
      return true;
  }
  return false;
}

/* --- opening ---------------------------------------------------------------------------------------------------------------- */

static bool has_guardian(const struct facts *f, id64 guardian)
{
  for (size_t i = 0; i < f->guardians_count; i++)
    if (guardian && f->guardians[i].id == guardian)
      return true;
  return false;
}

enum code access_open_for_party(struct tx *tx, const struct scope *staff, enum party party, id64 guardian,
                                const struct scope **ret, struct err *e)
{
  int64_t rev;
  bool for_person = party == PARTY_PERSON;
  struct actor who = {.role = for_person ? ROLE_PERSON : ROLE_GUARDIAN,
                      .network = staff->who.network,
                      .person = staff->person,
                      .guardian = for_person ? 0 : guardian};
  struct facts *f = arena_new_of(tx_arena(tx), struct facts);
  struct scope *s = scope_new(tx, &who, ACTION_SEEN_READ, staff->person);
  if (!f || !s)
    return err_oom(e);
  if (!staff->event || !action_of_lead(staff->action))
    return BUG(e, "who looked is shown by somebody who may show it");
  enum code c = facts_load(tx, &who, staff->person, f, &rev, e);
  if (c == OK && !for_person && !has_guardian(f, guardian))
    c = err_set(e, NOT_FOUND, code_msg(NOT_FOUND));
  if (c != OK)
    return c;
  s->at = tx_now(tx);
  s->facts = f;
  access_decide(&who, ACTION_SEEN_READ, f, s->at, &s->decision);
  if (staff->action == ACTION_SEEN_PRINT)
    staff->event->object = for_person ? staff->person : guardian;
  *ret = s;
  return OK;
}
