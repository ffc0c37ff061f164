/* fields.h: the map `f` of a form's document: one map a field, as docs/ui.md lists its keys. */
#ifndef GATE_FIELDS_H
#define GATE_FIELDS_H
#include "gate/gate.h"
#include "view/reader.h"

/* `fields`: the route's. `initial`: values to begin with by field name (texts, ISO dates, bools, lists), may be NULL. After a problem, and
 * in every POST, what was typed counts instead; an error is the first problem of the field. */
struct doc *gate_fields(struct request *rq, const struct field *fields, const struct doc *initial);
/* Puts `f` into a form's document. */
void gate_put_fields(struct request *rq, struct doc *data, const struct field *fields, const struct doc *initial);

/* Language, calendar and today of the one who asks. */
struct reader gate_reader(const struct request *rq);
/* Whether the actor's role may do this at all (for showing a button; the engine decides again when it is pressed). */
bool gate_may(const struct request *rq, enum action action);
/* After INVALID from a write: the error becomes a problem of its field, and the form's page comes again with 422. */
enum code gate_refill(struct request *rq, struct response *rs, route_fn page, struct err *e) MUST_CHECK;
/* "/cases/<id><tail>" */
struct str gate_path(struct request *rq, const char *head, id64 id, const char *tail);
/* An id of the path, or NOT_FOUND as for anything that is not there. */
enum code gate_param(const struct request *rq, const char *name, id64 *ret, struct err *e) MUST_CHECK;

#endif
