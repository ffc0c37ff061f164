/* audit.h: every open, read, list, search, export, print, decision and change is one event, committed before the first byte leaves.
 * Events collect on the transaction; a write transaction commits them with the write; a read's are taken by the caller and
 * committed by audit_commit(). A chain per network and writing connection: hash = keyed BLAKE2b(audit key, previous hash ||
 * canonical bytes of the event). No personal data in an event: ids, codes, categories. */
#ifndef AUDIT_AUDIT_H
#define AUDIT_AUDIT_H
#include "base/doc.h"
#include "base/err.h"
#include "db/db.h"

enum event_kind {
  EVENT_OPEN = 1,
  EVENT_LIST,
  EVENT_SEARCH,
  EVENT_PRINT,
  EVENT_EXPORT,
  EVENT_WRITE,
  EVENT_REFUSED,
  EVENT_SIGN_IN,
  EVENT_SIGN_OUT,
  EVENT_SIGN_IN_FAILED,
  EVENT_ADMIN
};

struct event {
  enum event_kind kind;
  int action;                                                   /* enum action of access */
  id64 user, organization, membership, session, person, object; /* object: the case, record, sheet … */
  int role;
  uint32_t categories; /* what was shown */
  int reason;          /* enum reason_kind that permitted it first */
  id64 reason_ref;
  int64_t fact_rev;
  struct str ids;     /* a list's ids, 8 bytes each big-endian; the ids of persons */
  struct str request; /* request id */
  ts_t at;            /* when it was decided; 0: when it is written */
  int seen_as; /* what 「だれが見たか」 says was done, where that is another action: it + 1; 0: as `action` */
  bool concealed; /* in memory alone: something of the person is concealed (秘匿) at this instant */
  struct event *next;
};

/* Adds to the transaction's list; fields are copied into the transaction's arena. The returned event may still be filled. */
struct event *audit_add(struct tx *tx, const struct event *ev);
/* The transaction's list so far, not yet written; NULL: empty. */
struct event *audit_listed(struct tx *tx);
/* Marks the listed events with the request they belong to; before flushing or taking them. */
void audit_stamp(struct tx *tx, struct str request);
/* Called by db_write wrappers at the end of a write function: writes the list with the chain. */
enum code audit_flush(struct tx *tx, struct err *e) MUST_CHECK;
/* A write function that fails rolls its events back with it: whoever wraps it takes the refusals (audit_take) first and commits
 * them apart. audit_take() takes a transaction's list (copied into `a`), so that it can be committed after the snapshot ends. */
struct event *audit_take(struct tx *tx, struct arena *a);
/* One durable write with these events, before the first byte leaves. RETRY, and nothing is written, when a fact of the network has changed
 * since the events were decided: what was permitted then may not be any more, so it must be read again. */
enum code audit_commit(struct db *db, const struct db_who *who, struct event *list, struct err *e) MUST_CHECK;

/* At start: tells the db layer the newest event's time, so that a clock set back breaks nothing. */
enum code audit_see_last(struct db *db, id64 network, struct err *e) MUST_CHECK;

/* Inside a write: keeps the network's facts as they are until it ends; *ret_rev is their revision. */
enum code audit_hold_facts(struct tx *tx, int64_t *ret_rev, struct err *e) MUST_CHECK;

/* Calls fn for each event of the network, chain by chain in order; `hash` is the stored one. */
typedef enum code (*audit_event_fn)(void *arg, id64 chain, int64_t seq, ts_t at, const struct event *ev,
                                    struct str hash, struct err *e);
enum code audit_each(struct tx *tx, audit_event_fn fn, void *arg, struct err *e) MUST_CHECK;

/* How the log stands at a glance, for whoever watches the process; audit_verify() is what judges it. */
struct audit_pulse {
  int64_t chains, wrong;   /* of the newest chains: those looked at, and those whose head is not their last event */
  ts_t newest, checkpoint; /* newest event, newest stored checkpoint; 0: none */
};
enum code audit_pulse(struct db *db, id64 network, struct audit_pulse *ret, struct err *e) MUST_CHECK;

/* Signed checkpoint over all heads of a network; text (JSON) that another organization can keep. */
enum code audit_checkpoint(struct db *db, id64 network, struct arena *a, struct doc **ret, struct err *e) MUST_CHECK;
/* Verifies chains, heads, stored and given checkpoints. Findings are sentences for the operator. OK also with findings: look at *ret_bad. */
enum code audit_verify(struct db *db, id64 network, const struct doc *kept_checkpoint, struct arena *a,
                       struct doc **ret_findings, int64_t *ret_events, int64_t *ret_bad, struct err *e) MUST_CHECK;

#endif
