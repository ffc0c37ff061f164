/* canonical.h: the bytes of an event that its hash covers, the same on every machine: integers as 8 bytes big-endian, texts as
 * length and bytes, in the order of the columns; keyed BLAKE2b(audit key, previous hash || those bytes). */
#ifndef AUDIT_CANONICAL_H
#define AUDIT_CANONICAL_H
#include "audit/audit_sql.h"

/* `chain` holds the event's seq and the previous hash; ret may be chain->head. */
enum code canonical_hash(struct arena *a, const unsigned char *key, id64 network, const struct chain *chain, ts_t at,
                         const struct event *ev, unsigned char ret[HASH], struct err *e) MUST_CHECK;
uint64_t canonical_read_u64(const char *p);

#endif
