/* draft.h: a form being changed: one draft a code, beside the versions that stand. Published, it becomes the version that is filled in from
 * then on; what was answered on older ones stays on them. */
#ifndef FORMBOOK_DRAFT_H
#define FORMBOOK_DRAFT_H
#include "formbook/formbook.h"

struct draft {
  struct str code;
  struct doc *questionnaire; /* may be changed */
  ts_t rev;                  /* as read; CONFLICT when somebody else was faster */
};
/* NOT_FOUND: there is none. */
enum code draft_open(struct tx *tx, struct arena *a, struct str code, struct draft *ret, struct err *e) MUST_CHECK;
/* From the version that is filled in now; one that is there already stays. */
enum code draft_begin(struct tx *tx, struct arena *a, struct str code, struct err *e) MUST_CHECK;
/* A form of this code that nobody has yet. INVALID (code): the code is no name, or is taken. */
enum code draft_create(struct tx *tx, struct arena *a, struct str code, const struct doc *questionnaire,
                       struct err *e) MUST_CHECK;
/* INVALID as form_compile() says it: then nothing is kept. */
enum code draft_save(struct tx *tx, struct arena *a, const struct draft *d, struct err *e) MUST_CHECK;
enum code draft_publish(struct tx *tx, struct arena *a, const struct draft *d, struct str version,
                        struct err *e) MUST_CHECK;
enum code draft_discard(struct tx *tx, struct str code, struct err *e) MUST_CHECK;

#endif
