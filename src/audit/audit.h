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
  struct event *next;
};

/* Adds to the transaction's list; fields are copied into the transaction's arena. The returned event may still be filled. */
struct event *audit_add(struct tx *tx, const struct event *ev);
/* Marks the listed events with the request they belong to; before flushing or taking them. */
void audit_stamp(struct tx *tx, struct str request);
/* Called by db_write wrappers at the end of a write function: writes the list with the chain. */
enum code audit_flush(struct tx *tx, struct err *e) MUST_CHECK;
/* A write function that fails rolls its events back with it: whoever wraps it takes the refusals (audit_take) first and commits
 * them apart. audit_take() takes a transaction's list (copied into `a`), so that it can be committed after the snapshot ends. */
struct event *audit_take(struct tx *tx, struct arena *a);
/* One durable write with these events, before the first byte leaves. */
enum code audit_commit(struct db *db, const struct db_who *who, struct event *list, struct err *e) MUST_CHECK;

/* At start: tells the db layer the newest event's time, so that a clock set back breaks nothing. */
enum code audit_see_last(struct db *db, id64 network, struct err *e) MUST_CHECK;

/* Signed checkpoint over all heads of a network; text (JSON) that another organization can keep. */
enum code audit_checkpoint(struct db *db, id64 network, struct arena *a, struct doc **ret, struct err *e) MUST_CHECK;
/* Verifies chains, heads, stored and given checkpoints. Findings are sentences for the operator. OK also with findings: look at *ret_bad. */
enum code audit_verify(struct db *db, id64 network, const struct doc *kept_checkpoint, struct arena *a,
                       struct doc **ret_findings, int64_t *ret_events, int64_t *ret_bad, struct err *e) MUST_CHECK;

#endif
