/* note.h: the inside of a note, for this folder alone. */
#ifndef FAMILY_NOTE_H
#define FAMILY_NOTE_H
#include "family/family_sql.h"

bool note_kind_parse(struct str code, enum family_kind *ret);
/* What is sealed of it: a map of texts by name; what is empty is absent. */
enum code note_open(struct tx *tx, const struct seal_key *key, const struct family_row *row, struct arena *a,
                    struct doc **ret, struct err *e) MUST_CHECK;

#endif
