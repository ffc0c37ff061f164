/* audit_sql.h: the statements of the audit, used by this folder alone. */
#ifndef AUDIT_AUDIT_SQL_H
#define AUDIT_AUDIT_SQL_H
#include "audit/audit.h"
#include "crypto/secret.h"

struct chain {
  id64 id;
  int64_t head_seq;
  unsigned char head[HASH];
};

/* The head of a chain; a chain that is not there yet is created with seq 0 and a hash of zeros. */
enum code audit_sql_head(struct tx *tx, id64 chain_id, struct chain *ret, struct err *e) MUST_CHECK;
enum code audit_sql_move_head(struct tx *tx, const struct chain *c, struct err *e) MUST_CHECK;
enum code audit_sql_insert(struct tx *tx, const struct chain *c, ts_t at, const struct event *ev,
                           struct err *e) MUST_CHECK;
/* One line of 「だれが見たか」; the same look twice a day is one line. */
enum code audit_sql_seen(struct tx *tx, const struct event *ev, id64 person, struct str day, ts_t at,
                         struct err *e) MUST_CHECK;
/* The same for the n persons of a list, n <= LIMIT_PAGE_ROWS. */
enum code audit_sql_seen_page(struct tx *tx, const struct event *ev, const id64 *persons, size_t n, struct str day,
                              ts_t at, struct err *e) MUST_CHECK;
enum code audit_sql_last_at(struct tx *tx, ts_t *ret, struct err *e) MUST_CHECK;

/* All chains of the network, oldest first; array in `a`. */
enum code audit_sql_chains(struct tx *tx, struct arena *a, struct chain **ret, size_t *ret_count,
                           struct err *e) MUST_CHECK;
enum code audit_sql_hold(struct tx *tx, int64_t *ret_rev, struct err *e) MUST_CHECK;
/* Calls fn for each event of a chain in order. */
enum code audit_sql_each(struct tx *tx, id64 chain_id, audit_event_fn fn, void *arg, struct err *e) MUST_CHECK;
/* Calls fn for each chain that has events and no row. */
typedef void (*audit_orphan_fn)(void *arg, id64 chain_id);
enum code audit_sql_orphans(struct tx *tx, audit_orphan_fn fn, void *arg, struct err *e) MUST_CHECK;
enum code audit_sql_add_checkpoint(struct tx *tx, id64 id, ts_t at, struct str body, struct str signature,
                                   struct err *e) MUST_CHECK;
/* Stored checkpoints as a list of {body, signature} documents, oldest first. */
enum code audit_sql_checkpoints(struct tx *tx, struct arena *a, struct doc **ret, struct err *e) MUST_CHECK;

#endif
