/* opening.h: 開庁日 — the days that count while somebody waits for an answer: those on which a public office opens (base/holiday.h), less the
 * days on which the organization that is asked has said to be closed. */
#ifndef CONNECTION_OPENING_H
#define CONNECTION_OPENING_H
#include "connection/connection.h"

struct closed_days { /* first and last day */
  id64 id;
  id64 organization;
  struct date from, until;
};
struct opening { /* what the network's organizations have said; lives in the transaction's arena */
  const struct closed_days *list;
  size_t count;
};
enum { CLOSED_DAYS_MOST = 60 }; /* periods an organization may have */

enum code opening_load(struct tx *tx, struct opening *ret, struct err *e) MUST_CHECK;
/* Opening days from the day after `from` up to today. */
int opening_days_since(const struct opening *o, id64 organization, ts_t from, struct date today);
/* The start of the organization's n-th opening day after `from`; 0 is the day itself. */
ts_t opening_after(const struct opening *o, id64 organization, ts_t from, int days);

/* What happened before this instant happened `days` opening days ago and more. */
ts_t opening_before(const struct opening *o, id64 organization, int days, struct date today);

/* templates/opening: the closed days of the scope's organization, and the holidays to come. `s`: a scope for CONNECTION_LIST. */
enum code opening_page(struct tx *tx, const struct scope *s, struct arena *a, const struct reader *who,
                       struct doc **ret, struct err *e) MUST_CHECK;
/* Closed from one day to another, both included; `s`: a scope for OPENING_WRITE. INVALID: the wrong way round, longer than a year, or too
 * many. What waits for the organization is reckoned anew. */
enum code opening_close(struct tx *tx, const struct scope *s, struct date from, struct date until,
                        struct err *e) MUST_CHECK;
/* A period of the own organization is no more. NOT_FOUND. */
enum code opening_open(struct tx *tx, const struct scope *s, id64 id, struct err *e) MUST_CHECK;

/* network.silence_days is another one: all that waits is reckoned anew. For a transaction past row-level security. */
enum code opening_reckon_all(struct tx *tx, struct err *e) MUST_CHECK;

/* From when a connection sent now to the organization counts as silent. */
enum code opening_silent_at(struct tx *tx, id64 organization, ts_t sent_at, ts_t *ret, struct err *e) MUST_CHECK;

#endif
