/* find_scan.h: what the ways of looking for somebody share: everybody's probe opened once, and what may be seen of some of them. Plain values
 * live until the callback returns. For this folder. */
#ifndef PERSON_FIND_SCAN_H
#define PERSON_FIND_SCAN_H
#include "person/find.h"

/* lines: for probe_next(). */
typedef enum code (*find_probe_fn)(void *arg, id64 person, struct str lines, struct err *e);
enum code find_scan(struct tx *tx, find_probe_fn fn, void *arg, struct err *e) MUST_CHECK;

/* Of n persons, at most LIMIT_PAGE_ROWS, every value within the list's masks by which people are found, in the probe's form. */
typedef void (*find_value_fn)(void *arg, id64 person, enum attribute k, struct str value);
enum code find_seen(struct tx *tx, const struct scope *list, const id64 *persons, size_t n, find_value_fn fn, void *arg,
                    struct err *e) MUST_CHECK;

#endif
