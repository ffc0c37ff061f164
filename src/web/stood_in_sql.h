/* stood_in_sql.h: who stood in for whom (課内代行), and until when what is lent for a few hours lasts; for src/web alone. */
#ifndef WEB_STOOD_IN_SQL_H
#define WEB_STOOD_IN_SQL_H
#include "access/scope.h"

/* Somebody else stood in on a case that the actor is assigned to, after `since`; newest first. Texts are borrowed. */
struct stood_in {
  id64 case_id, person;
  ts_t at;
  struct str number, by;
};
typedef enum code (*stood_in_fn)(void *arg, const struct stood_in *row, struct err *e);
enum code stood_in_sql_since(struct tx *tx, const struct scope *list, ts_t since, stood_in_fn fn, void *arg,
                             struct err *e) MUST_CHECK;
/* Until when a 課内代行 or an emergency look lasts, by the permit's ref; 0: there is none of that id. */
enum code stood_in_sql_lent_until(struct tx *tx, id64 id, ts_t *ret, struct err *e) MUST_CHECK;

#endif
