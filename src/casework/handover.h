/* handover.h: 四月の引き継ぎ帳. For whoever comes next: what the person likes, what to avoid, what was promised, what worked and what did not, and
 * when the next step is; a page a case, and all cases of a worker who leaves on one page, from which they go to others. */
#ifndef CASEWORK_HANDOVER_H
#define CASEWORK_HANDOVER_H
#include "casework/casework.h"

enum {
  HANDOVER_TEXTS = 3,
  HANDOVER_PAGE = 10,
  HANDOVER_WORKERS = 200
}; /* PAGE: cases a page, and handed on at once; WORKERS: named at most */
extern const char *const handover_codes[HANDOVER_TEXTS]; /* promise, worked, failed */
const char *handover_label(int i);                       /* catalog id */

/* What was written last, as the scope reads it: map of the three codes. */
enum code handover_read(struct tx *tx, const struct scope *s, id64 case_id, struct arena *a, struct doc **ret,
                        struct err *e) MUST_CHECK;
/* texts[] as the codes; one that is the same, or empty where nothing stood, writes nothing. */
enum code handover_write(struct tx *tx, const struct scope *s, id64 case_id, const struct str texts[HANDOVER_TEXTS],
                         struct err *e) MUST_CHECK;

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
