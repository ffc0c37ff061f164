/* handler.h: small things every handler needs. */
#ifndef GATE_HANDLER_H
#define GATE_HANDLER_H
#include "gate/gate.h"
#include "view/reader.h"

/* Language, calendar and today of the one who asks. */
struct reader gate_reader(const struct request *rq);
/* Whether the actor's role may do this at all (for showing a button; the engine decides again when it is pressed). */
bool gate_may(const struct request *rq, enum action action);
/* "/cases/<id><tail>" */
struct str gate_path(struct request *rq, const char *head, id64 id, const char *tail);
/* The same as a whole address, for a code on paper: scheme and host as the request came. */
struct str gate_url(struct request *rq, struct str path);
/* An id of the path, or NOT_FOUND as for anything that is not there. */
enum code gate_param(const struct request *rq, const char *name, id64 *ret, struct err *e) MUST_CHECK;

#endif
