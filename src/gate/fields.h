/* fields.h: the map `f` of a form's document: one map a field, as docs/ui.md lists its keys. */
#ifndef GATE_FIELDS_H
#define GATE_FIELDS_H
#include "gate/gate.h"

/* `fields`: the route's. `initial`: values to begin with by field name (texts, ISO dates, bools, lists), may be NULL. After a problem, and
 * in every POST, what was typed counts instead; an error is the first problem of the field. */
struct doc *gate_fields(struct request *rq, const struct field *fields, const struct doc *initial);

#endif
