/* agreed.h: what live consents open for an organization, by the engine's own answer: for matrices, previews and the consequences of a
 * withdrawal. */
#ifndef ACCESS_AGREED_H
#define ACCESS_AGREED_H
#include "access/scope.h"

struct agreed {
  cats_t consent; /* by consent alone */
  cats_t any;     /* by whatever opens other bodies' rows: consent or law */
};
enum code access_agreed(struct tx *tx, const struct scope *s, id64 organization, struct agreed *ret,
                        struct err *e) MUST_CHECK;

/* The same as it would be if that were said now and those consents were gone: nothing is written. */
struct supposed {
  struct fact_consent said;
  const id64 *gone;
  size_t gone_count;
};
enum code access_agreed_if(struct tx *tx, const struct scope *s, id64 organization, const struct supposed *if_so,
                           struct agreed *ret, struct err *e) MUST_CHECK;

/* Has the organization written anything of the scope's person that stays with it (a record, an answer)? Also what the actor cannot see counts. */
enum code access_wrote(struct tx *tx, const struct scope *s, id64 organization, bool *ret, struct err *e) MUST_CHECK;

/* Does nothing of the scope's person stand open to any other organization: no consent, no law, no invitation, no broken glass that holds now,
 * whoever it came from? For a sentence that says so. False for previews. */
bool access_closed(const struct scope *s);

#endif
