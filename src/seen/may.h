/* may.h: the lines of 「いま、だれが何を見られるか」, for this folder alone. */
#ifndef SEEN_MAY_H
#define SEEN_MAY_H
#include "access/sights.h"
#include "seen/seen.h"

enum { MAY_LINES = 400 };
/* Members of one organization who see the same for the same kind of reason until the same day. */
struct may_line {
  struct sight of;    /* of one of them */
  struct doc *people; /* texts, each once: names of one's own colleagues, 職種 of others */
};
struct may_lines {
  struct may_line *list;
  size_t n;
  bool more;
};
/* `names`: whose colleagues are named; NULL: nobody is. */
enum code may_lines(struct tx *tx, const struct scope *s, const struct scope *names, struct arena *a, enum lang lang,
                    struct may_lines *ret, struct err *e) MUST_CHECK;

#endif
