/* stands.h: whoever comes by the address of a consent that was taken back is led to what stands of it (stands_web.c). */
#ifndef CONSENT_STANDS_H
#define CONSENT_STANDS_H
#include "gate/gate.h"

/* Instead of a CONFLICT (`said`): to the page that takes back the consent which stands now; where it does not name `organization` (0: nobody is asked
 * for), or none stands and `none` is a sentence, to the consents of the case. Else, and for a program, `said` as it is. */
enum code consent_or_what_stands(struct request *rq, struct response *rs, id64 consent, id64 organization,
                                 const char *none, enum code said, struct err *e) MUST_CHECK;

#endif
