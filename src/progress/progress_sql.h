/* progress_sql.h: statements of the clock and of asking, for this folder alone. */
#ifndef PROGRESS_PROGRESS_SQL_H
#define PROGRESS_PROGRESS_SQL_H
#include "connection/late.h"
#include "progress/progress.h"

/* ---- of all open cases, in the order of their ids; texts borrowed */
struct open_row {
  id64 id;
  ts_t contact, last;                    /* the last contact, or the case's beginning; the last contact, or 0 */
  struct str density, next_date, number; /* number: where it was asked for */
};
typedef enum code (*open_fn)(void *arg, const struct open_row *row, struct err *e);
enum code progress_sql_open(struct tx *tx, bool numbered, open_fn fn, void *arg, struct err *e) MUST_CHECK;
/* Each connection that waits for its receiver's answer. */
typedef enum code (*waiting_fn)(void *arg, id64 case_id, ts_t sent_at, ts_t silent_at, struct err *e);
enum code progress_sql_waiting(struct tx *tx, waiting_fn fn, void *arg, struct err *e) MUST_CHECK;
/* Each case that somebody leads, closed ones too; kana: how the organization is read, where it was asked for. The last of a case counts. */
typedef enum code (*lead_fn)(void *arg, id64 case_id, struct str kana, struct err *e);
enum code progress_sql_leads(struct tx *tx, bool read, lead_fn fn, void *arg, struct err *e) MUST_CHECK;

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
