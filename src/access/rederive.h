/* rederive.h: was each look that the audit tells of permitted? Decides every one again, by the facts as they were at its revision (fact_log)
 * and at its instant. Whoever forges an event, or takes away or changes a fact that looks rested on, is found by it. */
#ifndef ACCESS_REDERIVE_H
#define ACCESS_REDERIVE_H
#include "base/doc.h"
#include "db/db.h"

struct rederived {
  int64_t looks;   /* events that showed or wrote something and were decided again */
  int64_t persons; /* persons in lists, each decided again */
  int64_t before;  /* events from before the facts were kept: not decided */
  int64_t bad;     /* findings */
};

/* Findings are sentences for the operator, a list in `a`. OK also with findings. */
enum code access_rederive(struct db *db, id64 network, struct arena *a, struct doc **ret_findings,
                          struct rederived *ret, struct err *e) MUST_CHECK;

#endif
