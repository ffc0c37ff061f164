/* formbook.h: 様式集 — the forms of a network: those that ship, and the versions a town has made of them or beside them. Answers stay with the
 * version they were given on; what was published never changes. */
#ifndef FORMBOOK_FORMBOOK_H
#define FORMBOOK_FORMBOOK_H
#include "db/db.h"
#include "form/form.h"

/* One version. What ships is compiled once per process; a town's own lives in `a`. NOT_FOUND. */
enum code formbook_get(struct tx *tx, struct arena *a, struct str code, struct str version, const struct form **ret,
                       struct err *e) MUST_CHECK;
/* The version that is filled in now. In a write its row is made where a shipped form has none yet, so that answers can refer to it. */
enum code formbook_active(struct tx *tx, struct arena *a, struct str code, const struct form **ret,
                          struct err *e) MUST_CHECK;
/* A questionnaire that came with answers from another network, as a version that can be read here: the one that stands, if it is the same to the letter,
 * else one of its own that nobody fills in. In a write. INVALID for no form. */
enum code formbook_keep(struct tx *tx, struct arena *a, const struct doc *questionnaire, const struct form **ret,
                        struct err *e) MUST_CHECK;
/* All forms whose use is in `uses` (bits 1 << enum form_use), by number: list of {code, version, title, number, own (the town's version)}. */
enum code formbook_list(struct tx *tx, struct arena *a, enum lang lang, unsigned uses, struct doc **ret,
                        struct err *e) MUST_CHECK;

#endif
