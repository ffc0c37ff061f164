/* progress_sql.h: statements of the clock and of asking, for this folder alone. */
#ifndef PROGRESS_PROGRESS_SQL_H
#define PROGRESS_PROGRESS_SQL_H
#include "progress/clock.h"

/* ---- of all open cases */
/* How many are stuck at what: stretches of indexes. */
enum code progress_sql_counts(struct tx *tx, const struct late *limits, int64_t ret[STUCK_COUNT],
                              struct err *e) MUST_CHECK;
/* Those that are stuck at `at`, `from` of them left out: what has stood longest first. ret: room for `most`; no `last`, no `text`. */
enum code progress_sql_stuck(struct tx *tx, const struct late *limits, enum stuck at, int64_t most, int64_t from,
                             struct clock *ret, size_t *ret_n, struct err *e) MUST_CHECK;
/* Every one, in no order; `text` is borrowed: the number or the lead's reading, where one sorts by it. */
typedef enum code (*clock_fn)(void *arg, const struct clock *clock, struct err *e);
enum code progress_sql_each(struct tx *tx, const struct late *limits, enum clock_order by, clock_fn fn, void *arg,
                            struct err *e) MUST_CHECK;

/* Every one whom `lead` leads, in no order; `text` is borrowed: the number. */
enum code progress_sql_each_of(struct tx *tx, const struct late *limits, id64 lead, clock_fn fn, void *arg,
                               struct err *e) MUST_CHECK;
/* Who leads one of them: list of {id, name}, by their readings. */
enum code progress_sql_leaders(struct tx *tx, struct arena *a, struct doc **ret, struct err *e) MUST_CHECK;

/* ---- of a page of them */
struct clock_row {
  id64 id, person; /* id 0: there is none */
  struct str number, status, density, next_date, lead_organization;
  ts_t last_contact_at, asked_at; /* 0: none */
  int64_t open;                   /* connections that are under way */
};
/* ret[i]: the line of ids[i], n <= LIMIT_PAGE_ROWS; texts in `a`. */
enum code progress_sql_page(struct tx *tx, const id64 *ids, size_t n, struct arena *a, struct clock_row *ret,
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
