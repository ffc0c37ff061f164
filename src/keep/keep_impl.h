/* keep_impl.h: shared inside src/keep. */
#ifndef KEEP_KEEP_IMPL_H
#define KEEP_KEEP_IMPL_H
#include "keep/keep.h"
#include "keep/keep_sql.h"
#include "keep/stream.h"

/* The rows of these persons in every table that has a person_id, children before parents, and the persons; the trail of what was done
 * (event) and what is known of erasures stay. counts (may be NULL): rows deleted are added, by the place in the list. */
enum code persons_delete(struct tx *tx, struct table *const *list, size_t count, const id64 *persons, size_t n,
                         int64_t *counts, struct err *e) MUST_CHECK;
/* The current keys take the place of those that a restored network holds; who has none any more is erased. `made`: when the backup was
 * made; older keys are not applied. */
enum code keys_apply(struct arena *a, struct db *db, const struct restore *r, id64 network, ts_t made,
                     struct restore_report *ret, struct err *e) MUST_CHECK;
/* Every person's key opens; so do some values. */
enum code keys_check(struct db *db, const struct restore *r, id64 network, struct restore_report *ret,
                     struct err *e) MUST_CHECK;
#endif
