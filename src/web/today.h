/* today.h: 今日 — what would hurt most if forgotten stands first, each line with why it stands there and what to do about it. */
#ifndef WEB_TODAY_H
#define WEB_TODAY_H
#include "access/scope.h"
#include "base/doc.h"
#include "view/reader.h"

struct today_may { /* what the actor's role may do at all */
  bool whole, connections, answer, send, record, create, bases,
      allow; /* send: asks a receiver; bases: asks for what a law lets through; allow: decides about it */
};
/* templates/today, `skip` lines left out. `list`: a scope for TODAY. */
enum code today_page(struct tx *tx, const struct scope *list, const struct today_may *may, int64_t skip,
                     struct arena *a, const struct reader *who, struct doc **ret, struct err *e) MUST_CHECK;

#endif
