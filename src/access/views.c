/* views.c: the engine about the persons of a page. */
#include "access/facts.h"
#include "access/scope.h"
#include "base/limits.h"

enum code access_views(struct tx *tx, const struct scope *list, const id64 *persons, size_t n, struct access_view *ret,
                       struct err *e)
{
  struct facts facts[LIMIT_PAGE_ROWS];
  if (n > LIMIT_PAGE_ROWS)
    return BUG(e, "more persons than a page has");
  enum code c = facts_load_page(tx, scope_actor(list), persons, n, facts, e);
  for (size_t i = 0; c == OK && i < n; i++) {
    struct decision d;
    access_decide(scope_actor(list), ACTION_PERSON_READ, &facts[i], tx_now(tx), &d);
    ret[i] =
        (struct access_view){.person = persons[i], .own = d.allowed ? d.own : 0, .others = d.allowed ? d.others : 0};
  }
  return c;
}
