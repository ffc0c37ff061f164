#include "access/agreed.h"

#include "access/ask.h"
#include "access/facts_sql.h"
#include "access/scope_impl.h"

enum code access_agreed_if(struct tx *tx, const struct scope *s, id64 organization, const struct supposed *if_so,
                           struct agreed *ret, struct err *e)
{
  const struct scope *as = NULL;
  struct agreed sum = {0};
  enum code c = scope_as_receiver(tx, s, organization, if_so, &as, e);
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

enum code access_agreed(struct tx *tx, const struct scope *s, id64 organization, struct agreed *ret, struct err *e)
{
  return access_agreed_if(tx, s, organization, NULL, ret, e);
}

enum code access_wrote(struct tx *tx, const struct scope *s, id64 organization, bool *ret, struct err *e)
{
  return facts_sql_wrote(tx, scope_person(s), organization, ret, e);
}

bool access_closed(const struct scope *s)
{
  const struct facts *f = s->facts;
  bool open = !f;
  for (size_t i = 0; f && i < f->consents_count; i++) {
    const struct fact_consent *c = &f->consents[i];
    open |= !c->refused && !c->withdrawn && live(c->from, c->until, s->at);
  }
  for (size_t i = 0; f && i < f->bases_count; i++)
    open |= f->bases[i].approver && live(f->bases[i].from, f->bases[i].until, s->at);
  for (size_t i = 0; f && i < f->invitations_count; i++)
    open |= live(f->invitations[i].from, f->invitations[i].until, s->at);
  for (size_t i = 0; f && i < f->break_glasses_count; i++)
    open |= live(f->break_glasses[i].from, f->break_glasses[i].until, s->at);
  return !open;
}
