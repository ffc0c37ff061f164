/* id.h: identities. A time-ordered 63-bit integer: 43 bits of milliseconds since 2020-01-01 UTC, 20 bits that tell nothing.
 * A process gives no id twice before it has given 2^20 others, however many fall into one millisecond (an import is one
 * transaction, thus one instant); two processes may meet in a millisecond, which is a CONFLICT to be tried again. Shown, in JSON too, as 13 letters of Crockford base 32 (lower case); it counts nothing. */
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
