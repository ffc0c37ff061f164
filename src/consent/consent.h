/* consent.h: 同意. Given terms never change; a change is a new consent. Person and guardian are recorded separately. Withdrawal ends,
 * in the same commit, everything that rests on the consent. */
#ifndef CONSENT_CONSENT_H
#define CONSENT_CONSENT_H
#include "casework/casework.h"
#include "person/person.h"

enum { CONSENT_ROWS = 500, CONSENT_RECIPIENTS = 60 };

struct consent_recipient {
  id64 organization;
  cats_t categories;
};
struct consent_new {
  enum party by;
  id64 guardian;            /* for PARTY_GUARDIAN: one of the person's */
  enum authority authority; /* filled from the guardian's row */
  bool refused, heard;
  struct str notice_version, purposes, how, evidence; /* evidence: witness and place of the paper, sealed */
  struct date from_day; /* today: from this very moment; later: from that morning; unknown: now */
  ts_t until;           /* 0: open */
  const struct consent_recipient *recipients;
  size_t count;
};
/* Records what was answered. Rules: recipients that stand, each once and none the recorder's own organization; unless refused, a
 * category; a purpose; what was explained; the guardian must be one of the person's and hold authority; consent does not begin in the past.
 * A refusal after which nothing opens a recipient any more ends its connections as a withdrawal does. */
enum code consent_record(struct tx *tx, const struct scope *s, const struct consent_new *n, id64 *ret_id,
                         struct err *e) MUST_CHECK;
/* The same, and takes back in the same commit what the party had said earlier to these recipients and what covers more, or lasts longer, than this:
 * what consent_before() calls older. What it said to others stands. */
enum code consent_record_instead(struct tx *tx, const struct scope *s, const struct consent_new *n, id64 *ret_id,
                                 struct err *e) MUST_CHECK;
/* What an answer that is not recorded yet leaves standing or ends, for the one who is about to record it. Puts has_older, older[] {text} (earlier
 * consents of the same party, which the own organization wrote down, that go on and cover more), older_seen (which they are), has_stops, stops[] {text}:
 * by the engine, what ends with a no, or with a yes for which the older ones are taken back. */
enum code consent_before(struct tx *tx, const struct scope *s, const struct consent_new *n, struct arena *a,
                         const struct reader *who, struct doc *data, struct err *e) MUST_CHECK;
/* The person behind a consent's id, opened for `action`. NOT_FOUND as access_open() says it. */
enum code consent_enter(struct tx *tx, const struct actor *who, enum action action, id64 consent,
                        const struct scope **ret, struct err *e) MUST_CHECK;

struct consent_withdrawal {
  id64 organization; /* 0: towards all */
  enum party by;
  struct str how, reason; /* reason: may be empty; sealed */
};

/* templates/consent_withdraw: what would end and who already holds what; receivers[]: all of them, as holders[], since "": not yet seen.
 * organization 0: towards all. An organization that did not record
 * the consent reads and withdraws only what was given to itself. */
enum code consent_consequences(struct tx *tx, const struct scope *s, id64 consent, id64 organization, struct arena *a,
                               const struct reader *who, struct doc **ret, struct err *e) MUST_CHECK;
/* Withdraws a whole consent, or only towards one organization (then the rest is recorded as a new consent of the same terms in the same
 * commit). For each receiver whom consent then no longer opens anything: its open connections end, it leaves the case. CONFLICT when
 * it was withdrawn already; INVALID when the other party gave it: each withdraws its own. */
enum code consent_withdraw(struct tx *tx, const struct scope *s, id64 consent, const struct consent_withdrawal *given,
                           struct err *e) MUST_CHECK;

/* Of a withdrawn consent: the one of the same party that stands now, which a part of it may have become. *ret 0: none, or this one was not withdrawn.
 * *ret_names: does it name `organization` (false for 0)? */
enum code consent_successor(struct tx *tx, const struct scope *s, id64 consent, id64 organization, id64 *ret,
                            bool *ret_names, struct err *e) MUST_CHECK;

/* An organization whom neither consent nor law opens anything any more loses its open connections and its place in the case at once; what it wrote
 * itself stays with it. Called also when a law's time is ended (src/basis). */
enum code consent_end_for(struct tx *tx, const struct scope *s, id64 organization, struct err *e) MUST_CHECK;

/* templates/consent_show: recipients × categories, history. */
enum code consent_matrix(struct tx *tx, const struct scope *s, struct arena *a, const struct reader *who,
                         struct doc **ret, struct err *e) MUST_CHECK;
/* One consent in a sentence, for a page about it: puts given (「本人 → あおば（基本・連絡先）、さくら教室（基本）」), party, refused, purpose, day, until, how, notice (its version), evidence (witness and place of the paper,
 * as it was written down; ""). */
enum code consent_one(struct tx *tx, const struct scope *s, id64 consent, struct arena *a, const struct reader *who,
                      struct doc *data, struct err *e) MUST_CHECK;
/* What was said and holds now, a no too, the newest first: list of {party, recipients, purpose, from, until, how, notice, evidence ("" where another organization recorded it)}. */
enum code consent_standing(struct tx *tx, const struct scope *s, struct arena *a, const struct reader *who,
                           struct doc **ret, struct err *e) MUST_CHECK;
/* For the page of a case: list of {text, what, until} of what was given and opens something now. */
enum code consent_summary(struct tx *tx, const struct scope *s, struct arena *a, const struct reader *who,
                          struct doc **ret, struct err *e) MUST_CHECK;

/* What was said about one organization and holds now, refusals too, newest first: list of {at, text} (「本人の同意（書面）：基本・連絡先」). It is for
 * that organization (`as`): what a guardian said is told to whom the family is told of. */
enum code consent_towards(struct tx *tx, const struct scope *s, const struct scope *as, id64 organization,
                          struct arena *a, const struct reader *who, struct doc **ret, struct err *e) MUST_CHECK;

/* Adds to the day's lines what ends within network.renewal_days, or ended in the last month, and was not asked again. */
enum code consent_owed(struct tx *tx, const struct scope *list, struct arena *a, const struct reader *who,
                       struct doc *lines, struct err *e) MUST_CHECK;
/* What the form of a new consent begins with when an old one is asked again: {recipients[], cells[], by, guardian, purpose, until (ISO)}. The own
 * organization's only: NOT_FOUND. */
enum code consent_again(struct tx *tx, const struct scope *s, id64 consent, struct arena *a, struct date today,
                        struct doc **ret, struct err *e) MUST_CHECK;

/* The same with what was refused, withdrawn or ran out, as moments of a case's timeline; for scopes that may CONSENT_READ. */
enum code consent_moments(struct tx *tx, const struct scope *s, id64 case_id, struct arena *a, const struct reader *who,
                          struct doc **ret, struct err *e) MUST_CHECK;

#endif
