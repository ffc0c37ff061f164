/* tell.c: who learns how a case goes. What stands beside an organization's participation is what it was told last; its lists go by that. So to
 * whom nothing is open any more, because a consent ended, the case stays in its place whatever becomes of it. */
#include "access/scope.h"
#include "base/limits.h"
#include "casework/casework_sql.h"

static enum code may_know(struct tx *tx, const struct scope *s, const struct case_listener *to, bool *ret,
                          struct err *e)
{
  struct access_view view = {.person = 0};
  enum code c = to->leads ? OK : access_view_of(tx, s, to->organization, &view, e);
  if (c == OK)
    *ret = to->leads || (view.others & CAT_BASIC);
  return c;
}

enum code case_tell(struct tx *tx, const struct scope *s, id64 case_id, struct err *e)
{
  struct case_listener list[CASE_LISTENERS];
  size_t n = 0;
  enum code c = case_sql_listeners(tx, case_id, list, &n, e);
  for (size_t i = 0; c == OK && i < n; i++) {
    bool knows = false;
    c = may_know(tx, s, &list[i], &knows, e);
    if (c == OK && (knows || scope_wrote(s, list[i].organization))) /* what it does itself it knows */
      c = case_sql_tell(tx, case_id, list[i].organization, knows, e);
  }
  return c;
}

enum code case_tell_all(struct tx *tx, const struct scope *s, struct err *e)
{
  id64 ids[LIMIT_PAGE_ROWS];
  size_t n = 0;
  enum code c = case_sql_of_person(tx, scope_person(s), ids, &n, e);
  for (size_t i = 0; c == OK && i < n; i++)
    c = case_tell(tx, s, ids[i], e);
  return c;
}
