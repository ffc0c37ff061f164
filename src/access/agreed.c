#include "access/agreed.h"

#include "access/facts_sql.h"

enum code access_agreed(struct tx *tx, const struct scope *s, id64 organization, struct agreed *ret, struct err *e)
{
  const struct scope *as = NULL;
  struct agreed sum = {0};
  enum code c = access_open_as_receiver(tx, s, organization, &as, e);
  if (c != OK)
    return c;
  const struct decision *d = scope_decision(as);
  for (size_t i = 0; i < d->reason_count; i++) {
    if (d->reasons[i].kind == REASON_CONSENT)
      sum.consent |= d->reasons[i].categories;
    if (d->reasons[i].kind == REASON_CONSENT || d->reasons[i].kind == REASON_BASIS)
      sum.any |= d->reasons[i].categories;
  }
  *ret = sum;
  return OK;
}

enum code access_wrote(struct tx *tx, const struct scope *s, id64 organization, bool *ret, struct err *e)
{
  return facts_sql_wrote(tx, scope_person(s), organization, ret, e);
}
