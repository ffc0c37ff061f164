/* late.h: when silence and distance count: a connection nobody answers (返事がない), a case nobody has met (接触がない). One rule for today,
 * for the clock of all cases and for the lists; its SQL takes the limits as parameters. */
#ifndef CONNECTION_LATE_H
#define CONNECTION_LATE_H
#include "connection/connection.h"

struct late {
  ts_t silent_by;         /* what waits and was to be answered by then (connection.silent_at): silent */
  ts_t contact_before[3]; /* last contact before this instant: late; density A, B, C */
  struct str today;       /* YYYY-MM-DD: the next step's day has come */
};
struct late late_limits(struct arena *a, struct date today);

/* clang-format off */
/* A connection that waits for its receiver's answer; since when it counts. */
#define LATE_WAITS(n) n ".state IN ('sent', 'received')"
#define LATE_SILENT(silent_at, silent_by) silent_at " <= " silent_by
/* Of an open case c, by what stands beside it (clock_*, migration 49). Was its last contact, or its beginning, longer ago than its density allows? a, b, d:
 * parameters of contact_before. */
#define LATE_BEFORE(c, a, b, d) \
  "CASE " c ".clock_pace WHEN 0 THEN CAST(" a " AS bigint) WHEN 1 THEN CAST(" b " AS bigint) ELSE CAST(" d " AS bigint) END"
#define LATE_FAR(c, a, b, d) c ".clock_contact < " LATE_BEFORE(c, a, b, d)
/* clang-format on */
static inline bool late_waits(enum connection_state state)
{
  return state == CONNECTION_SENT || state == CONNECTION_RECEIVED;
}
#define LATE_BINDS(l)                                                                                                  \
  b_int((l)->silent_by), b_int((l)->contact_before[0]), b_int((l)->contact_before[1]), b_int((l)->contact_before[2]),  \
      b_text((l)->today)

#endif
