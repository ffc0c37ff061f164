/* today_sql.h: statements of the page of today, for src/web alone. */
#ifndef WEB_TODAY_SQL_H
#define WEB_TODAY_SQL_H
#include "casework/casework.h"
#include "connection/late.h"

/* In the order of what would hurt most if forgotten; the last three stand between the second and the third. The numbers stand in the
 * statements. */
enum worry {
  WORRY_ASKED = 0,   /* another body asked how it stands, and nothing was written since */
  WORRY_SILENCE = 1, /* sent, and no answer for the network's number of opening days */
  WORRY_CONTACT = 2, /* nobody met the person for longer than the case's density says */
  WORRY_ARRIVED = 3, /* arrived here, not yet taken on */
  WORRY_DUE = 4,     /* the next step's day has come or is past */
  WORRY_NO_NEXT = 5, /* no next step */
  WORRY_DRAFT = 6,   /* own sheet, not sent */
  /* below what nobody answers */
  WORRY_RETURNED = 7, /* came back to be mended */
  WORRY_DECLINED = 8, /* nobody took it, or its time ran out, and nothing was done since */
  WORRY_NOT_MET = 9   /* taken on here, and nobody has met the person yet */
};

struct today_query {
  bool whole;       /* the organization's cases and connections, not only one's own */
  bool connections; /* connections are for this role */
  struct late late;
};
struct today_row {
  enum worry worry;
  ts_t since; /* sent, last contact, last change */
  id64 id, case_id, person, other_id;
  bool sent_by_us; /* of a connection: we wait; else they do */
  bool mine;       /* the actor sent it or took it on; a case's lines, and what was asked, are nobody's */
  bool asked;      /* the receiver was asked how it stands, today; by today_sql_asked_today() */
  bool done;       /* nothing is owed any more; by today_sql_done_since() */
  struct str day;  /* next step's; of a draft its form's code. Borrowed for the callback */
  /* of the case: by today_sql_cases() or today_sql_details(), copied */
  struct str number, density;
  id64 lead_id, teller; /* who leads it, 0 nobody; who tells how it goes (struct case_told) */
  /* by today_sql_next(), copied */
  id64 next_record;
  struct str next_sealed;
};
/* Lines in their order whether or not their persons are seen: the caller asks access_seen() before it shows any. `*ret_stop`: no more. */
typedef enum code (*today_fn)(void *arg, const struct today_row *row, bool *ret_stop, struct err *e);
/* WORRY_SILENCE, what came back or was not taken, and what was taken on before `met_before` and leads nowhere yet, in no order. Of what the
 * organization sent, where the query is not `whole`, only what the actor sent or took on: today_sql_waiting_of() has what is of n cases,
 * n <= LIMIT_PAGE_ROWS, and may yield the same once more. */
enum code today_sql_waiting(struct tx *tx, const struct scope *list, const struct today_query *q, ts_t met_before,
                            today_fn fn, void *arg, struct err *e) MUST_CHECK;
enum code today_sql_waiting_of(struct tx *tx, const struct scope *list, const struct today_query *q, const id64 *cases,
                               size_t n, today_fn fn, void *arg, struct err *e) MUST_CHECK;
/* WORRY_CONTACT to WORRY_DRAFT; of cases only those that are `plain`, where the query is `whole`. */
enum code today_sql_late(struct tx *tx, const struct scope *list, const struct today_query *q, today_fn fn, void *arg,
                         struct err *e) MUST_CHECK;
/* What the organization was asked and has not answered, the oldest first. `sent_by_us` says that it was about a connection (id). */
enum code today_sql_asked(struct tx *tx, const struct scope *list, today_fn fn, void *arg, struct err *e) MUST_CHECK;
/* Marks of WORRY_DECLINED: has the organization written of the case, or sent it elsewhere, since the connection ended, or is the case over?
 * n <= LIMIT_PAGE_ROWS. */
enum code today_sql_done_since(struct tx *tx, const struct scope *list, struct today_row *rows, size_t n,
                               struct err *e) MUST_CHECK;
/* Marks the rows of connections about which the organization asked since then; n <= LIMIT_PAGE_ROWS. */
enum code today_sql_asked_today(struct tx *tx, const struct scope *list, ts_t since, struct today_row *rows, size_t n,
                                struct err *e) MUST_CHECK;
/* What there is of the cases of n rows that have no number yet; n <= LIMIT_PAGE_ROWS. */
enum code today_sql_details(struct tx *tx, struct today_row *rows, size_t n, struct arena *a, struct err *e) MUST_CHECK;
/* What organizations are called (borrowed); n <= LIMIT_PAGE_ROWS. */
typedef void (*today_name_fn)(void *arg, id64 organization, struct str name);
enum code today_sql_names(struct tx *tx, const id64 *ids, size_t n, today_name_fn fn, void *arg,
                          struct err *e) MUST_CHECK;
/* The newest next step of each case within the masks of its line; of who works on it, others' only after the engine was asked about the
 * person. n <= LIMIT_PAGE_ROWS. */
enum code today_sql_next(struct tx *tx, const struct scope *list, const struct access_seen *const *seen,
                         struct today_row *const *rows, size_t n, struct arena *a, struct err *e) MUST_CHECK;

/* Cases that are read whole: those that the actor is assigned to, and where the `whole` organization counts those that it leads beside
 * another, or whose lead begins or ends some day. Each once, in the order of their ids, whether or not their persons are seen; copied. */
struct today_case {
  id64 id, person;
  ts_t contact;    /* the last one, or its beginning; 0: it is over */
  int pace;        /* index of late.contact_before */
  struct str next; /* YYYY-MM-DD, or empty */
  struct str number, density;
  id64 lead, teller; /* as of a row */
  bool own;          /* the actor's */
  bool open;         /* as far as the organization was told */
  bool connected;    /* there is, or was, a connection of it: few have one, and only these are asked about */
  bool plain;        /* today_sql_late() has it, too */
  /* not by the statement */
  struct access_seen seen;
  bool told;
};
struct today_cases {
  struct today_case *list;
  size_t n;
};
enum code today_sql_cases(struct tx *tx, const struct scope *list, bool whole, struct arena *a, struct today_cases *ret,
                          struct err *e) MUST_CHECK;

#endif
