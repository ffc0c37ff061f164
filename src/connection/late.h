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
/* The last contact of a case c, or its beginning; is it later than the density allows? a, b, c: parameters of contact_before. */
#define LATE_CONTACT(c) "COALESCE(" c ".last_contact_at, " c ".opened_at)"
#define LATE_FAR(contact, density, a, b, c) \
  contact " < CASE " density " WHEN 'A' THEN CAST(" a " AS bigint) WHEN 'C' THEN CAST(" c " AS bigint)" \
  " ELSE CAST(" b " AS bigint) END"
/* clang-format on */
static inline bool late_waits(enum connection_state state)
{
  return state == CONNECTION_SENT || state == CONNECTION_RECEIVED;
}
#define LATE_BINDS(l)                                                                                                  \
  b_int((l)->silent_by), b_int((l)->contact_before[0]), b_int((l)->contact_before[1]), b_int((l)->contact_before[2]),  \
      b_text((l)->today)

#endif
