/* progress_sql.h: statements of the clock and of asking, for this folder alone. */
#ifndef PROGRESS_PROGRESS_SQL_H
#define PROGRESS_PROGRESS_SQL_H
#include "connection/late.h"
#include "progress/progress.h"

struct clock_row { /* texts borrowed for the callback */
  id64 id, person;
  struct str number, status, density, next_date, lead_organization;
  enum stuck stuck;
  ts_t last_contact_at, since, oldest_at, asked_at; /* 0: none */
  int64_t open;                                     /* connections that are under way */
};
typedef void (*clock_fn)(void *arg, const struct clock_row *row);
enum { CLOCK_ALL = -1, CLOCK_WORST = -2 }; /* or one of enum stuck */
/* Open cases that the view asks for, in its order; by what they are stuck at the worst first, and what has stood longest. */
enum code progress_sql_each(struct tx *tx, const struct late *limits, const struct progress_view *view, int64_t limit,
                            clock_fn fn, void *arg, struct err *e) MUST_CHECK;
enum code progress_sql_counts(struct tx *tx, const struct late *limits, int64_t ret[STUCK_COUNT],
                              struct err *e) MUST_CHECK;
/* An open case: its person, and who leads it (0: nobody). NOT_FOUND. */
enum code progress_sql_lead(struct tx *tx, id64 case_id, id64 *ret_person, id64 *ret_organization,
                            struct err *e) MUST_CHECK;

struct inquiry {
  id64 case_id, person, connection, from_organization, from_user, to_organization; /* connection 0: about the case */
};
/* Was the organization asked this since `at`? */
enum code progress_sql_asked(struct tx *tx, const struct inquiry *i, ts_t at, bool *ret, struct err *e) MUST_CHECK;
enum code progress_sql_insert(struct tx *tx, const struct inquiry *i, struct err *e) MUST_CHECK;

#endif
