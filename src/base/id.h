/* id.h: identities. A time-ordered 63-bit integer: 43 bits of milliseconds since 2020-01-01 UTC, 20 bits that tell nothing. Within a process every
 * id is greater than all that were given before it, on whatever thread: RFC 9562, 6.2, method 2 (monotonic random). The first of a millisecond
 * has a random tail in the lower half; each further one, and each for an instant that is not later than the last one's, adds a random 1 to 8, so
 * that the time in an id may run ahead of the clock (an import is one transaction, thus one instant) and stays where a clock was set back. It is
 * nobody's source of a time. A forked child goes on above its parent's last. Two processes may meet in a millisecond, which is a CONFLICT to be
 * tried again. Shown, in JSON too, as 13 letters of Crockford base 32 (lower case); it counts nothing. */
#ifndef BASE_ID_H
#define BASE_ID_H
#include "base/str.h"

typedef int64_t id64; /* 0 is "none" */
typedef int64_t ts_t; /* UTC milliseconds since 1970; 0 in a half-open [from, until) `until` means "open" */

enum { ID_TEXT = 13 };

id64 id_new(ts_t now);                        /* safe on every thread */
struct str id_text(struct arena *a, id64 id); /* "" for 0 */
bool id_parse(struct str s, id64 *ret);       /* exactly what id_text gives; false otherwise */

#endif
