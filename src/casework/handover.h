/* handover.h: 四月の引き継ぎ帳. For whoever comes next: what the person likes, what to avoid, what was promised, what worked and what did not, and
 * when the next step is; a page a case, and all cases of a worker who leaves on one page, from which they go to others. */
#ifndef CASEWORK_HANDOVER_H
#define CASEWORK_HANDOVER_H
#include "casework/casework.h"

enum {
  HANDOVER_PAGE = 10,
  HANDOVER_WORKERS = 200
};                                 /* PAGE: cases a page, and handed on at once; WORKERS: named at most */
const char *handover_label(int i); /* of a handover_codes[]: catalog id */

/* templates/handover: workers[] of the own organization whose cases the actor sees, and the open cases of `user`, each opened for the actor; where
 * none stands beyond `after`, from the beginning. */
enum code handover_page(struct tx *tx, const struct scope *list, id64 user, id64 after, struct arena *a,
                        const struct reader *who, struct doc **ret, struct err *e) MUST_CHECK;

struct handover { /* of the own organization's people */
  id64 from, to;
  const id64 *cases;
  size_t count;
};
/* All of them or none, each decided about as case_staff() is; what was handed over already stays so. INVALID names the field, and the case by
 * its number where the actor may know of it. */
enum code handover_hand(struct tx *tx, const struct actor *who, const struct handover *h, struct err *e) MUST_CHECK;

#endif
