/* scope.c: what opening a person answers, and what it leaves behind in the record of events. */
#include "fixture.h"

#include <unistd.h>

#include "audit/audit.h"

static const struct date seventeen = {2009, 6, 1};

struct town {
  struct world w;
  id64 city, npo;
  struct actor worker, other, manager, clerk;
  struct world_case boy;
};

static void town_new(struct town *t)
{
  world_new(&t->w);
  t->city = world_org(&t->w, "子ども若者支援課", "council");
  t->npo = world_org(&t->w, "NPOあおば", "council");
  t->worker = world_member(&t->w, t->city, ROLE_WORKER, "窓口の人");
  t->manager = world_member(&t->w, t->city, ROLE_MANAGER, "課長");
  t->clerk = world_member(&t->w, t->city, ROLE_CLERK, "事務の人");
  t->other = world_member(&t->w, t->npo, ROLE_WORKER, "よその人");
  t->boy = world_case(&t->w, &t->worker, "試験 太郎", seventeen);
}

struct attempt {
  const struct actor *who;
  enum action action;
  id64 person;
  enum code code;
  struct err e;
  struct event event; /* the last one that was added */
  struct decision d;
  bool writes;
};

static enum code try_open(struct tx *tx, void *arg, struct err *e)
{
  struct attempt *t = arg;
  const struct scope *s = NULL;
  t->e = (struct err){0};
  t->code = access_open(tx, t->who, t->action, t->person, &s, &t->e);
  for (struct event *ev = audit_take(tx, tx_arena(tx)); ev; ev = ev->next)
    t->event = *ev;
  if (t->code == OK) {
    t->d = *scope_decision(s);
    t->writes = scope_writes(s);
    assert_int_equal(scope_person(s), t->person);
    assert_int_equal(scope_organization(s), t->who->organization);
  }
  return OK;
}

static struct attempt opens(struct town *t, const struct actor *who, enum action action, id64 person)
{
  struct err e = {0};
  struct attempt o = {.who = who, .action = action, .person = person};
  ok(world_read(&t->w, who, try_open, &o, &e));
  return o;
}

static void nobody_learns_whether_a_person_is_there(void **state)
{
  struct town t;
  town_new(&t);
  struct attempt foreign = opens(&t, &t.other, ACTION_PERSON_READ, t.boy.person),
                 absent = opens(&t, &t.other, ACTION_PERSON_READ, t.boy.person + 1);
  assert_int_equal(foreign.code, NOT_FOUND);
  assert_int_equal(absent.code, NOT_FOUND);
  assert_memory_equal(&foreign.e, &absent.e, sizeof foreign.e);
  assert_int_equal(foreign.event.kind, EVENT_REFUSED);
  assert_int_equal(absent.event.kind, EVENT_REFUSED);
  assert_int_equal(opens(&t, &t.other, ACTION_RECORD_WRITE, t.boy.person).code, NOT_FOUND);
  world_free(&t.w);
}

static void one_who_sees_the_person_learns_that_an_action_is_not_for_him(void **state)
{
  struct town t;
  town_new(&t);
  assert_int_equal(opens(&t, &t.worker, ACTION_CONNECTION_ASSIGN, t.boy.person).code, DENIED);
  assert_int_equal(opens(&t, &t.worker, ACTION_CONCEAL_OPEN, t.boy.person).code, DENIED);
  assert_int_equal(opens(&t, &t.clerk, ACTION_RECORD_READ, t.boy.person).code, NOT_FOUND); /* assigned to nothing */
  world_free(&t.w);
}

static void an_opening_is_an_event_with_its_reason(void **state)
{
  struct town t;
  town_new(&t);
  struct attempt o = opens(&t, &t.worker, ACTION_RECORD_READ, t.boy.person);
  assert_int_equal(o.code, OK);
  assert_true(o.writes);
  assert_int_equal(o.event.kind, EVENT_OPEN);
  assert_int_equal(o.event.action, ACTION_RECORD_READ);
  assert_int_equal(o.event.person, t.boy.person);
  assert_int_equal(o.event.user, t.worker.user);
  assert_int_equal(o.event.organization, t.city);
  assert_int_equal(o.event.categories, CAT_ALL);
  assert_int_equal(o.event.reason, REASON_OWN);
  assert_int_equal(o.event.reason_ref, t.boy.case_id);
  assert_true(o.event.fact_rev > 0);
  assert_int_equal(opens(&t, &t.manager, ACTION_PERSON_READ, t.boy.person).code, OK); /* his organization leads */
  assert_int_equal(opens(&t, &t.worker, ACTION_PRINT, t.boy.person).event.kind, EVENT_PRINT);
  world_free(&t.w);
}

/* --- a new person --------------------------------------------------------------------------------------------------------------- */
static enum code claim_created(struct tx *tx, void *arg, struct err *e)
{
  struct attempt *t = arg;
  const struct scope *s = NULL;
  t->code = access_open_created(tx, t->who, t->person, &s, &t->e);
  return OK;
}

static void nobody_claims_to_have_made_a_person_that_stands(void **state)
{
  struct town t;
  struct err e = {0};
  town_new(&t);
  struct attempt o = {.who = &t.other, .person = t.boy.person}, again = {.who = &t.worker, .person = t.boy.person};
  ok(world_write(&t.w, NULL, claim_created, &o, &e));
  assert_int_equal(o.code, NOT_FOUND);
  usleep(2000); /* two milliseconds, so that it is another instant */
  ok(world_write(&t.w, NULL, claim_created, &again, &e));
  assert_int_equal(again.code, NOT_FOUND); /* his own, but of another instant */
  world_free(&t.w);
}

/* --- the receiver's page ----------------------------------------------------------------------------------------------------------- */
struct preview {
  struct town *t;
  cats_t others;
  bool sees_contact, sees_third, writes;
};

static enum code look_as_receiver(struct tx *tx, void *arg, struct err *e)
{
  struct preview *p = arg;
  const struct scope *mine = NULL, *theirs = NULL;
  enum code c = access_open(tx, &p->t->worker, ACTION_SHEET_READ, p->t->boy.person, &mine, e);
  if (c == OK)
    c = access_open_as_receiver(tx, mine, p->t->npo, &theirs, e);
  if (c != OK)
    return c;
  p->others = scope_others(theirs);
  p->sees_contact = scope_sees(theirs, CAT_CONTACT, p->t->city, 0);
  p->sees_third = scope_sees(theirs, CAT_BASIC, 77, 0); /* what a third body wrote, which the sender does not see */
  p->writes = scope_writes(theirs);
  return OK;
}

static void a_preview_shows_what_both_may_see(void **state)
{
  struct town t;
  struct err e = {0};
  town_new(&t);
  struct preview before = {.t = &t}, after = {.t = &t};
  ok(world_read(&t.w, &t.worker, look_as_receiver, &before, &e));
  assert_int_equal(before.others, 0);
  world_consent(&t.w, &t.worker, &t.boy, PARTY_PERSON, t.npo, CAT_BASIC | CAT_EDUCATION);
  ok(world_read(&t.w, &t.worker, look_as_receiver, &after, &e));
  assert_int_equal(after.others, CAT_BASIC | CAT_EDUCATION);
  assert_false(after.sees_contact);
  assert_false(after.sees_third);
  assert_false(after.writes);
  world_free(&t.w);
}

STORE_MAIN(cmocka_unit_test(nobody_learns_whether_a_person_is_there),
           cmocka_unit_test(one_who_sees_the_person_learns_that_an_action_is_not_for_him),
           cmocka_unit_test(an_opening_is_an_event_with_its_reason),
           cmocka_unit_test(nobody_claims_to_have_made_a_person_that_stands),
           cmocka_unit_test(a_preview_shows_what_both_may_see))
