/* scope.c: from an actor and a person to a capability, and the event that says so. */
#include "access/ask.h"
#include "access/facts.h"
#include "access/facts_sql.h"
#include "access/scope_impl.h"
#include "audit/audit.h"
#include "base/limits.h"

/* --- the event ------------------------------------------------------------------------------------------------------ */
static enum event_kind event_kind_of(enum action a)
{
  switch (a) {
  case ACTION_PERSON_FIND:
  case ACTION_RECORD_SEARCH:
    return EVENT_SEARCH;
  case ACTION_PRINT:
  case ACTION_SEEN_PRINT:
    return EVENT_PRINT;
  case ACTION_EXPORT:
  case ACTION_LEDGER_EXPORT:
  case ACTION_TRANSFER_OUT:
  case ACTION_BASIS_EXPORT:
  case ACTION_CONNECTION_EXPORT:
  case ACTION_CLOCK_EXPORT:
  case ACTION_ACCOUNT_EXPORT:
  case ACTION_SEEN_EXPORT:
  case ACTION_AUDIT_EXPORT:
  case ACTION_DIRECTORY_EXPORT:
  case ACTION_NETWORK_EXPORT:
    return EVENT_EXPORT;
  case ACTION_CASE_LIST:
  case ACTION_CONNECTION_LIST:
  case ACTION_CLOCK_LIST:
  case ACTION_ACCOUNT_LIST:
  case ACTION_DIRECTORY_READ:
  case ACTION_TODAY:
  case ACTION_AUDIT_READ:
  case ACTION_BASIS_LIST:
    return EVENT_LIST;
  case ACTION_ACCOUNT_WRITE:
  case ACTION_NETWORK_WRITE:
  case ACTION_ERASE:
  case ACTION_SESSION_OWN:
    return EVENT_ADMIN;
  case ACTION_PERSON_READ:
  case ACTION_CASE_READ:
  case ACTION_RECORD_READ:
  case ACTION_SHEET_READ:
  case ACTION_CONSENT_READ:
  case ACTION_CONNECTION_READ:
  case ACTION_SEEN_READ:
  case ACTION_CONCEAL_OPEN:
    return EVENT_OPEN;
  default:
    return EVENT_WRITE;
  }
}

bool scope_exports(const struct scope *s)
{
  return event_kind_of(s->action) == EVENT_EXPORT;
}

/* The permit that a look is reported by. Law comes before consent only where consent alone would not have done; one's own work comes
 * last, since what others wrote is what the person asks about. */
const struct reason *scope_main_reason(const struct decision *d)
{
  static const enum reason_kind order[] = {REASON_CONSENT, REASON_BASIS,    REASON_INVITATION, REASON_BREAK_GLASS,
                                           REASON_PERSON,  REASON_GUARDIAN, REASON_STAND_IN,   REASON_OWN};
  cats_t consented = 0;
  for (size_t i = 0; i < d->reason_count; i++)
    if (d->reasons[i].kind == REASON_CONSENT)
      consented |= d->reasons[i].categories;
  for (size_t i = 0; i < d->reason_count; i++)
    if (d->reasons[i].kind == REASON_BASIS && (d->reasons[i].categories & ~consented))
      return &d->reasons[i];
  for (size_t k = 0; k < sizeof order / sizeof order[0]; k++)
    for (size_t i = 0; i < d->reason_count; i++)
      if (d->reasons[i].kind == order[k])
        return &d->reasons[i];
  return &d->reasons[0];
}

static struct event *tell(struct tx *tx, const struct scope *s, enum event_kind kind, int64_t rev)
{
  const struct reason *why = scope_main_reason(&s->decision);
  return audit_add(tx, &(struct event){.kind = kind,
                                       .action = (int)s->action,
                                       .user = s->who.user,
                                       .organization = s->who.organization,
                                       .membership = s->who.membership,
                                       .session = s->who.session,
                                       .person = s->person,
                                       .role = (int)s->who.role,
                                       .categories = s->person ? s->decision.own : 0,
                                       .reason = (int)why->kind,
                                       .reason_ref = why->ref,
                                       .fact_rev = rev,
                                       .concealed = s->decision.concealment,
                                       .at = tx_now(tx)});
}

/* --- opening -------------------------------------------------------------------------------------------------------- */
struct scope *scope_new(struct tx *tx, const struct actor *who, enum action action, id64 person)
{
  struct scope *s = arena_new_of(tx_arena(tx), struct scope);
  if (!s)
    return NULL;
  s->who = *who;
  s->action = action;
  s->person = person;
  buf_init(&s->ids, tx_arena(tx), LIMIT_PAGE);
  return s;
}

static enum code scope_done(struct tx *tx, struct scope *s, int64_t rev, const struct scope **ret, struct err *e)
{
  s->event = tell(tx, s, event_kind_of(s->action), rev);
  if (!s->event)
    return err_oom(e);
  *ret = s;
  return OK;
}

static enum code scope_refused(struct tx *tx, struct scope *s, int64_t rev, enum code c, struct err *e)
{
  return tell(tx, s, EVENT_REFUSED, rev) ? err_set(e, c, code_msg(c)) : err_oom(e);
}

/* Does the actor see the person at all? Only then may it learn that this one action is not for it. */
static bool sees_person(const struct actor *who, const struct facts *f, ts_t at)
{
  struct decision d;
  access_decide(who, ACTION_PERSON_READ, f, at, &d);
  return d.allowed;
}

static bool scope_keep(struct tx *tx, struct scope *s, const struct facts *f)
{
  struct facts *copy = arena_new_of(tx_arena(tx), struct facts);
  if (!copy)
    return false;
  *copy = *f; /* its arrays live in the same arena */
  s->facts = copy;
  s->at = tx_now(tx);
  return true;
}

/* `there` false: the person stands in for one that is not there; all is done as if, and refused. */
static enum code open_person(struct tx *tx, const struct actor *who, enum action action, id64 person, bool there,
                             const struct scope **ret, struct err *e)
{
  struct facts f;
  int64_t rev;
  if (!action_about_person(action))
    return BUG(e, "access_open for an action about the network");
  enum code c = facts_load(tx, who, person, &f, &rev, e);
  if (c != OK)
    return c;
  struct scope *s = scope_new(tx, who, action, there ? person : 0);
  if (!s)
    return err_oom(e);
  access_decide(who, action, &f, tx_now(tx), &s->decision);
  if (s->decision.allowed && there)
    return scope_keep(tx, s, &f) ? scope_done(tx, s, rev, ret, e) : err_oom(e);
  bool seen = sees_person(who, &f, tx_now(tx)) && there;
  if (!there) {
    f.person = 0;
    access_decide(who, action, &f, tx_now(tx), &s->decision);
  }
  return scope_refused(tx, s, rev, seen ? DENIED : NOT_FOUND, e);
}

enum code access_open(struct tx *tx, const struct actor *who, enum action action, id64 person, const struct scope **ret,
                      struct err *e)
{
  return open_person(tx, who, action, person, true, ret, e);
}

enum code access_open_of(struct tx *tx, const struct actor *who, enum action action, enum thing thing, id64 id,
                         const struct scope **ret, struct err *e)
{
  id64 person = 0;
  bool there = false;
  enum code c = facts_sql_whose(tx, thing, id, &person, &there, e);
  return c == OK ? open_person(tx, who, action, person, there, ret, e) : c;
}

enum code access_open_network(struct tx *tx, const struct actor *who, enum action action, const struct scope **ret,
                              struct err *e)
{
  struct facts f;
  int64_t rev;
  if (action_about_person(action))
    return BUG(e, "access_open_network for an action about a person");
  enum code c = facts_load(tx, who, 0, &f, &rev, e);
  if (c != OK)
    return c;
  struct scope *s = scope_new(tx, who, action, 0);
  if (!s)
    return err_oom(e);
  access_decide(who, action, &f, tx_now(tx), &s->decision);
  return s->decision.allowed ? scope_done(tx, s, rev, ret, e) : scope_refused(tx, s, rev, DENIED, e);
}

enum code access_open_created(struct tx *tx, const struct actor *who, id64 person, const struct scope **ret,
                              struct err *e)
{
  struct facts f;
  int64_t rev;
  bool mine = false;
  if (!tx_is_write(tx) || !person)
    return BUG(e, "access_open_created without a write");
  enum code c = facts_load(tx, who, 0, &f, &rev, e);
  if (c == OK)
    c = facts_created(tx, who, person, &mine, e);
  if (c != OK)
    return c;
  struct scope *s = scope_new(tx, who, ACTION_PERSON_CREATE, person);
  if (!s)
    return err_oom(e);
  access_decide(who, ACTION_PERSON_CREATE, &f, tx_now(tx), &s->decision);
  if (!s->decision.allowed || !mine)
    return scope_refused(tx, s, rev, NOT_FOUND, e);
  s->decision.others = 0;
  s->decision.sources = 1u << SOURCE_PERSON | 1u << SOURCE_AROUND | 1u << SOURCE_OTHER_BODY | 1u << SOURCE_STAFF;
  return scope_done(tx, s, rev, ret, e);
}

enum code access_part(struct tx *tx, const struct scope *page, enum action action, const struct scope **ret,
                      struct err *e)
{
  if (!page->facts || !action_about_person(action))
    return BUG(e, "a part of a page about a person");
  struct scope *s = scope_new(tx, &page->who, action, page->person);
  if (!s)
    return err_oom(e);
  access_decide(&s->who, action, page->facts, page->at, &s->decision);
  s->facts = page->facts;
  s->at = page->at;
  s->page = page;
  *ret = s;
  return OK;
}

/* A worker of the organization who is assigned to the person's case: nobody real, and no user's restriction or holder's list names him. */
enum code scope_facts_of_receiver(struct tx *tx, struct actor *who, struct facts *f, struct err *e)
{
  enum { NOBODY = -1 };
  who->user = who->membership = NOBODY;
  who->role = ROLE_WORKER;
  who->second_factor = true;
  struct fact_membership *m = facts_room(tx, f->memberships, f->memberships_count, sizeof *m);
  struct fact_assignment *a = facts_room(tx, f->assignments, f->assignments_count, sizeof *a);
  if (!m || !a)
    return err_oom(e);
  m[f->memberships_count++] = (struct fact_membership){NOBODY, NOBODY, who->organization, ROLE_WORKER, 0, 0};
  a[f->assignments_count++] = (struct fact_assignment){NOBODY, NOBODY, who->organization, 0, 0};
  f->memberships = m;
  f->assignments = a;
  return OK;
}

/* What is only supposed, into a copy of the facts. */
static enum code suppose(struct tx *tx, const struct supposed *if_so, struct facts *f, struct err *e)
{
  struct fact_consent *list = facts_room(tx, f->consents, f->consents_count, sizeof *list);
  if (!list)
    return err_oom(e);
  for (size_t i = 0; i < f->consents_count; i++)
    for (size_t k = 0; k < if_so->gone_count; k++)
      if (list[i].id == if_so->gone[k])
        list[i].withdrawn = true;
  list[f->consents_count++] = if_so->said;
  f->consents = list;
  return OK;
}

enum code scope_as_receiver(struct tx *tx, const struct scope *sender, id64 organization, const struct supposed *if_so,
                            const struct scope **ret, struct err *e)
{
  struct facts f;
  int64_t rev;
  if (!sender->person || !organization)
    return BUG(e, "a preview is of a person, for an organization");
  struct actor who = {.network = sender->who.network, .organization = organization};
  enum code c = facts_load(tx, &who, sender->person, &f, &rev, e);
  if (c == OK)
    c = scope_facts_of_receiver(tx, &who, &f, e);
  if (c == OK && if_so)
    c = suppose(tx, if_so, &f, e);
  if (c != OK)
    return c;
  struct scope *s = scope_new(tx, &who, ACTION_SHEET_READ, sender->person);
  if (!s)
    return err_oom(e);
  access_decide(&who, ACTION_SHEET_READ, &f, tx_now(tx), &s->decision);
  s->decision.own &= organization == sender->who.organization ? sender->decision.own : sender->decision.others;
  s->decision.others &= sender->decision.own;
  s->limit = sender;
  *ret = s;
  return OK;
}

enum code access_open_as_receiver(struct tx *tx, const struct scope *sender, id64 organization,
                                  const struct scope **ret, struct err *e)
{
  return scope_as_receiver(tx, sender, organization, NULL, ret, e);
}

enum code access_open_by_link(struct tx *tx, enum action action, id64 person, id64 organization,
                              const struct scope **ret, struct err *e)
{
  struct facts f;
  int64_t rev;
  const struct actor holder = {.role = ROLE_SERVICE, .network = tx_network(tx), .organization = organization};
  struct actor who = {.network = tx_network(tx), .organization = organization};
  if (!person || !organization)
    return BUG(e, "a link is about a person, for an organization");
  enum code c = facts_load(tx, &who, person, &f, &rev, e);
  if (c == OK)
    c = scope_facts_of_receiver(tx, &who, &f, e);
  if (c != OK)
    return c;
  struct scope *s = scope_new(tx, &holder, action, person);
  if (!s)
    return err_oom(e);
  access_decide(&who, action, &f, tx_now(tx), &s->decision);
  if (!(s->decision.others & CAT_BASIC))
    return scope_refused(tx, s, rev, NOT_FOUND, e);
  return scope_done(tx, s, rev, ret, e);
}

/* --- what it says ----------------------------------------------------------------------------------------------------- */
const struct actor *scope_actor(const struct scope *s)
{
  return &s->who;
}
id64 scope_person(const struct scope *s)
{
  return s->person;
}
id64 scope_organization(const struct scope *s)
{
  return s->who.organization;
}
enum action scope_action(const struct scope *s)
{
  return s->action;
}
const struct decision *scope_decision(const struct scope *s)
{
  return &s->decision;
}
cats_t scope_own(const struct scope *s)
{
  return s->decision.own;
}
cats_t scope_others(const struct scope *s)
{
  return s->decision.others;
}
bool scope_writes(const struct scope *s)
{
  return s->decision.allowed && !s->decision.read_only && !s->limit;
}

bool scope_may(const struct scope *s, enum action action)
{
  struct decision d;
  if (!s->facts || !action_about_person(action))
    return false;
  access_decide(&s->who, action, s->facts, s->at, &d);
  return d.allowed;
}

bool scope_bars(const struct scope *s, id64 user)
{
  cats_t barred = 0;
  for (size_t i = 0; s->facts && i < s->facts->restrictions_count; i++) {
    const struct fact_restriction *r = &s->facts->restrictions[i];
    if (r->user == user && live(r->from, r->until, s->at))
      barred |= r->categories;
  }
  return barred == CAT_ALL;
}

bool scope_bars_guardian(const struct scope *s, id64 guardian)
{
  for (size_t i = 0; s->facts && guardian && i < s->facts->restrictions_count; i++) {
    const struct fact_restriction *r = &s->facts->restrictions[i];
    if (r->guardian == guardian && live(r->from, r->until, s->at))
      return true;
  }
  return false;
}

bool scope_wrote(const struct scope *s, id64 organization)
{
  return organization && organization == s->who.organization;
}

bool scope_manages(const struct scope *s)
{
  return s->who.role == ROLE_MANAGER;
}

bool scope_sees(const struct scope *s, cats_t category, id64 author_organization, uint32_t marks)
{
  if (!(category & (scope_wrote(s, author_organization) ? s->decision.own : s->decision.others)))
    return false;
  if ((s->decision.visit_only && !(marks & MARK_VISIT)) || (marks & s->decision.hidden_marks))
    return false;
  return !s->limit || scope_sees(s->limit, category, author_organization, marks);
}

bool scope_hears(const struct scope *s, enum source source)
{
  return (s->decision.sources >> source & 1) && (!s->limit || scope_hears(s->limit, source));
}

bool scope_hides(const struct scope *s, enum item item)
{
  return (s->decision.hidden_items & (uint32_t)item) || (s->limit && scope_hides(s->limit, item));
}

/* --- what was shown: the scope is const to everybody, its event is not -------------------------------------------------- */
void scope_showed(const struct scope *s, id64 id)
{
  struct scope *mine = (struct scope *)(uintptr_t)s;
  unsigned char bytes[8];
  if (s->page) {
    scope_showed(s->page, id);
    return;
  }
  if (!s->event)
    return;
  for (int i = 0; i < 8; i++)
    bytes[i] = (unsigned char)((uint64_t)id >> (56 - 8 * i));
  buf_add(&mine->ids, (struct str){(const char *)bytes, sizeof bytes});
  mine->event->ids = buf_str(&mine->ids);
}

void scope_seen_as(const struct scope *s, enum action action)
{
  if (s->event)
    s->event->seen_as = (int)action + 1;
}

void scope_showed_categories(const struct scope *s, cats_t categories)
{
  struct scope *mine = (struct scope *)(uintptr_t)s;
  if (s->page) {
    scope_showed_categories(s->page, categories);
    return;
  }
  if (!s->event)
    return;
  mine->event->categories = mine->categories_told ? mine->event->categories | categories : categories;
  mine->categories_told = true;
}

cats_t scope_told_categories(const struct scope *s)
{
  const struct scope *whole = s->page ? s->page : s;
  return whole->event && whole->categories_told ? whole->event->categories : 0;
}
