/* consent.h: 同意. Given terms never change; a change is a new consent. Person and guardian are recorded separately. Withdrawal ends,
 * in the same commit, everything that rests on the consent. */
#ifndef CONSENT_CONSENT_H
#define CONSENT_CONSENT_H
#include "person/person.h"

struct consent_recipient {
  id64 organization;
  cats_t categories;
};
struct consent_new {
  enum party by;
  id64 guardian;            /* for PARTY_GUARDIAN */
  enum authority authority; /* on which the guardian acts */
  bool refused, heard;
  struct str notice_version, purposes, how, evidence; /* evidence: witness and place of the paper, sealed */
  ts_t until;                                         /* 0: open */
  const struct consent_recipient *recipients;
  size_t count;
};
enum code consent_record(struct tx *tx, const struct scope *s, const struct consent_new *c, id64 *ret_id,
                         struct err *e) MUST_CHECK;

/* What a withdrawal would end and who already holds what: {consent, ends[]: connections …, holders[]: organization and what it has seen}. */
enum code consent_consequences(struct tx *tx, const struct scope *s, id64 consent, id64 only_organization,
                               struct arena *a, struct doc **ret, struct err *e) MUST_CHECK;
/* Withdraws a whole consent, or only towards one organization (then the rest is recorded as a new consent of the same terms in
 * the same commit). Open connections that rested on it are withdrawn, participations and assignments of a receiver that has nothing left to
 * rest on end. CONFLICT when it was withdrawn already. */
enum code consent_withdraw(struct tx *tx, const struct scope *s, id64 consent, id64 only_organization,
                           struct err *e) MUST_CHECK;

/* だれに何を伝えてよいか: {recipients[]: {organization, name, cells[12]: {category, state both|one|none, by}, until}, consents[]}. */
enum code consent_matrix(struct tx *tx, const struct scope *s, struct arena *a, struct doc **ret,
                         struct err *e) MUST_CHECK;

#endif
