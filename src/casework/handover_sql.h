/* handover_sql.h: statements of the hand-over book, for this folder alone. */
#ifndef CASEWORK_HANDOVER_SQL_H
#define CASEWORK_HANDOVER_SQL_H
#include "casework/casework_sql.h"
#include "casework/handover.h"

struct handover_row {
  id64 case_id, person;
  bool lead;
};
/* Open cases that the user works on for the actor's organization, of persons whom the actor sees, by id after `after`. */
enum code handover_sql_cases(struct tx *tx, const struct scope *list, id64 user, id64 after, struct handover_row *ret,
                             size_t most, size_t *ret_n, struct err *e) MUST_CHECK;
/* What was written for whoever comes next, newest first (of one instant in no order: an index is read as it stands), within the scope's masks; author and organization are empty. */
enum code handover_sql_texts(struct tx *tx, const struct scope *s, id64 case_id, case_step_fn fn, void *arg,
                             struct err *e) MUST_CHECK;
/* Who of the organization works on how many of them: list of {id, name, count}. */
enum code handover_sql_workers(struct tx *tx, const struct scope *list, struct arena *a, struct doc **ret,
                               struct err *e) MUST_CHECK;

#endif
