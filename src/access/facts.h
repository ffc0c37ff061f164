/* facts.h: loads what the engine reads. Inside src/access only. */
#ifndef ACCESS_FACTS_H
#define ACCESS_FACTS_H
#include "access/access.h"
#include "db/db.h"

/* The facts about `person` as they stand in this transaction, and the memberships of the actor's user; the arrays live in the
 * transaction's arena. person 0, or one that is not in the network: no person's facts and ret->person is 0. *ret_rev: the network's
 * fact_rev. */
enum code facts_load(struct tx *tx, const struct actor *who, id64 person, struct facts *ret, int64_t *ret_rev,
                     struct err *e) MUST_CHECK;

/* The same of n persons (at most LIMIT_PAGE_ROWS, each once), into ret[0..n) in their order, by one statement. */
enum code facts_load_page(struct tx *tx, const struct actor *who, const id64 *persons, size_t n, struct facts *ret,
                          struct err *e) MUST_CHECK;

/* The same as it was at revision `rev`, out of the log of facts; arrays live in `a`. */
enum code facts_load_at(struct tx *tx, struct arena *a, const struct actor *who, id64 person, int64_t rev,
                        struct facts *ret, struct err *e) MUST_CHECK;

/* Room for one more row at the end of an array of facts, for a decision that is only tried (a preview). NULL when memory is out. */
void *facts_room(struct tx *tx, const void *rows, size_t count, size_t size);

/* The one who makes a person in this transaction: is that row, if it stands already, the actor's own and of this instant? */
enum code facts_created(struct tx *tx, const struct actor *who, id64 person, bool *ret, struct err *e) MUST_CHECK;

#endif
