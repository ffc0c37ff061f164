/* sent.h: the page of whoever goes on writing what has left the desk (sent_web.c). */
#ifndef CONNECTION_SENT_H
#define CONNECTION_SENT_H
#include "gate/gate.h"

/* 409 with what can be done instead; `typed`: the answers that were to be saved, or NULL. */
enum code sheet_sent_page(struct request *rq, struct response *rs, id64 sheet, const struct doc *typed,
                          struct err *e) MUST_CHECK;
/* The same instead of a CONFLICT (`said`) that came because it had left the desk, from another window or by somebody else; else `said` as it is. */
enum code sheet_or_sent(struct request *rq, struct response *rs, id64 sheet, enum code said, struct err *e) MUST_CHECK;

#endif
