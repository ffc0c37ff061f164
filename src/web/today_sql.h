/* today_sql.h: statements of the page of today, for src/web alone. */
#ifndef WEB_TODAY_SQL_H
#define WEB_TODAY_SQL_H
#include "casework/casework.h"
#include "connection/late.h"

/* In the order of what would hurt most if forgotten; the last three stand between the second and the third. The numbers stand in the statements. */
enum worry {
  WORRY_ASKED = 0,   /* another body asked how it stands, and nothing was written since */
  WORRY_SILENCE = 1, /* sent, and no answer for the network's number of opening days */
  WORRY_CONTACT = 2, /* nobody met the person for longer than the case's density says */
  WORRY_ARRIVED = 3, /* arrived here, not yet taken on */
  WORRY_DUE = 4,     /* the next step's day has come or is past */
  WORRY_NO_NEXT = 5, /* no next step */
  WORRY_DRAFT = 6,   /* own sheet, not sent */
  /* on top of the first page, below what was asked and is not answered */
  WORRY_RETURNED = 7, /* came back to be mended */
  WORRY_DECLINED = 8, /* nobody took it, or its time ran out, and nothing was done since */
  WORRY_NOT_MET = 9   /* taken on here, and nobody has met the person yet */
};

struct today_query {
  bool whole;       /* the organization's cases and connections, not only one's own */
  bool connections; /* connections are for this role */
  struct late late;
  int64_t skip;
};
struct today_row {
  enum worry worry;
  ts_t since; /* sent, last contact, last change */
  id64 id, case_id, person, other_id;
  bool sent_by_us; /* of a connection: we wait; else they do */
  bool led_here;   /* of a line that rests on the case's dates; not by the statement */
  bool asked;      /* the receiver was asked how it stands, today; by today_sql_asked_today() */
  struct str day;  /* next step's; borrowed for the callback */
  /* by today_sql_details() and today_sql_next(), copied */
  struct str number, density, lead, other; /* the other organization (other_id) */
  id64 next_record;
  struct str next_sealed, wrapped;
  int epoch;
};
/* Lines in their order whether or not their persons are seen: the caller asks access_seen() before it shows any. `*ret_stop`: no more. */
typedef enum code (*today_fn)(void *arg, const struct today_row *row, bool *ret_stop, struct err *e);
enum code today_sql_lines(struct tx *tx, const struct scope *list, const struct today_query *q, today_fn fn, void *arg,
                          struct err *e) MUST_CHECK;
/* What the organization was asked and has not answered, the oldest first; `whole` of the query counts. `sent_by_us` says that it was
 * about a connection (id). */
enum code today_sql_asked(struct tx *tx, const struct scope *list, const struct today_query *q, today_fn fn, void *arg,
                          struct err *e) MUST_CHECK;
/* What came back, and what was taken on before `met_before` and leads nowhere yet, the oldest first. */
enum code today_sql_back(struct tx *tx, const struct scope *list, const struct today_query *q, ts_t met_before,
                         today_fn fn, void *arg, struct err *e) MUST_CHECK;
/* Next steps after today, nearest first; only `today` of the query counts. worry is WORRY_DUE. */
enum code today_sql_upcoming(struct tx *tx, const struct scope *list, const struct today_query *q, today_fn fn,
                             void *arg, struct err *e) MUST_CHECK;
/* Who tells how each row's case goes (struct case_told); n <= LIMIT_PAGE_ROWS. */
enum code today_sql_tellers(struct tx *tx, const struct today_row *rows, size_t n, id64 *ret, struct err *e) MUST_CHECK;
/* Marks the rows of connections about which the organization asked since then; n <= LIMIT_PAGE_ROWS. */
enum code today_sql_asked_today(struct tx *tx, const struct scope *list, ts_t since, struct today_row *rows, size_t n,
                                struct err *e) MUST_CHECK;
/* What else stands in n lines, n <= LIMIT_PAGE_ROWS, of persons who are seen. */
enum code today_sql_details(struct tx *tx, struct today_row *rows, size_t n, struct arena *a, struct err *e) MUST_CHECK;
/* The newest next step of the line's case within the masks; of who works on it, others' only after the engine was asked about the person. */
enum code today_sql_next(struct tx *tx, const struct scope *list, const struct access_seen *seen, struct today_row *row,
                         struct arena *a, struct err *e) MUST_CHECK;

/* Somebody else stood in (課内代行) on a case that the actor is assigned to, after `since`; newest first. Texts are borrowed. */
struct today_stood_in {
  id64 case_id, person;
  ts_t at;
  struct str number, by;
};
typedef enum code (*today_stood_in_fn)(void *arg, const struct today_stood_in *row, struct err *e);
enum code today_sql_stood_in(struct tx *tx, const struct scope *list, ts_t since, today_stood_in_fn fn, void *arg,
                             struct err *e) MUST_CHECK;

struct today_counts {
  int64_t total, density[3], no_next;
};
/* Open cases that the actor is assigned to. */
enum code today_sql_counts(struct tx *tx, const struct scope *list, struct today_counts *ret, struct err *e) MUST_CHECK;

#endif
