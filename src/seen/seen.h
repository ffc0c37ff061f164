/* seen.h: だれが見たか — every look at a person, in sentences: when, which organization and job (職種), what was done, why. Never a worker's
 * name. On a page for the worker who reads it as the person would, and on paper for whoever asks at the counter. The rows come from
 * the audit (table seen, a row a look and day); which of them a party may have is decided by the engine (access_open_for_party). */
#ifndef SEEN_SEEN_H
#define SEEN_SEEN_H
#include "casework/casework.h"
#include "person/person.h"
#include "view/csv.h"

/* Looks a page, on one paper and in one file (the newest). */
enum { SEEN_PAGE = 50, SEEN_PAPER = 2000, SEEN_FILE = 20000 };

/* templates/seen but for strip, case_id and what is around the rows: what the person has, newest first, `skip` looks left out. `staff`: a scope for SEEN_READ. */
enum code seen_page(struct tx *tx, const struct scope *staff, id64 case_id, int64_t skip, struct arena *a,
                    const struct reader *who, struct doc **ret, struct err *e) MUST_CHECK;
/* What the person has as a table with its heads. `staff`: a scope for SEEN_EXPORT. */
enum code seen_table(struct tx *tx, const struct scope *staff, struct arena *a, const struct reader *who,
                     struct csv_table *ret, struct err *e) MUST_CHECK;
/* The paper as print_pdf() takes it, for the person (guardian 0 then) or for one guardian. A guardian's is the same when nothing may be
 * shown as when nobody looked. `staff`: a scope for SEEN_PRINT, of somebody who may know the guardian; else NOT_FOUND. */
enum code seen_paper(struct tx *tx, const struct scope *staff, struct str case_number, enum party party, id64 guardian,
                     struct arena *a, const struct reader *who, struct doc **ret, struct err *e) MUST_CHECK;

/* いま、だれが何を見られるか: templates/who_may but for strip and case_id, as the engine says it (access/sights.h). `staff`: a scope for SEEN_READ. */
enum code may_page(struct tx *tx, const struct scope *staff, id64 case_id, struct arena *a, const struct reader *who,
                   struct doc **ret, struct err *e) MUST_CHECK;
/* The same on paper, for the person or for one guardian, as seen_paper(). */
enum code may_paper(struct tx *tx, const struct scope *staff, struct str case_number, enum party party, id64 guardian,
                    struct arena *a, const struct reader *who, struct doc **ret, struct err *e) MUST_CHECK;

#endif
