/* person.c: what several organizations wrote of a person: from when the person decides alone follows the birth dates that stand, and what
 * to avoid is all that was written. */
#include "fixture.h"

struct town {
  struct world w;
  id64 city, npo;
  struct actor worker, npo_manager;
  struct world_case boy;
  id64 connection;
};

static enum code accept(struct tx *tx, void *arg, struct err *e)
{
  struct town *t = arg;
  const struct scope *s = NULL;
  struct connection con = {0};
  struct answer a = {.step = STEP_ACCEPT};
  enum code c = connection_enter(tx, &t->npo_manager, ACTION_CONNECTION_ANSWER, t->connection, &con, &s, e);
  return c == OK ? connection_answer(tx, s, &con, &a, e) : c;
}

/* A boy of seventeen, known to the city; the NPO works on the case too. */
static void town_new(struct town *t)
{
  struct err e = {0};
  world_new(&t->w);
  t->city = world_org(&t->w, "子ども若者支援課", "council");
  t->npo = world_org(&t->w, "NPOあおば", "council");
  t->worker = world_member(&t->w, t->city, ROLE_WORKER, "窓口の人");
  t->npo_manager = world_member(&t->w, t->npo, ROLE_MANAGER, "あおばの長");
  t->boy = world_case(&t->w, &t->worker, "試験 太郎", (struct date){2009, 6, 1});
  (void)world_consent(&t->w, &t->worker, &t->boy, PARTY_PERSON, t->npo, CAT_BASIC);
  t->connection = world_send(&t->w, &t->worker, &t->boy, t->npo, "help");
  ok(world_write(&t->w, &t->npo_manager, accept, t, &e));
}

struct put {
  const struct actor *by;
  id64 person;
  enum attribute kind;
  struct str value;
};

static enum code put(struct tx *tx, void *arg, struct err *e)
{
  struct put *p = arg;
  const struct scope *s = NULL;
  enum code c = access_open(tx, p->by, ACTION_PERSON_WRITE, p->person, &s, e);
  return c == OK ? person_put(tx, s, p->kind, p->value, SOURCE_PERSON, e) : c;
}

static enum code birth(struct town *t, const struct actor *by, const char *value)
{
  struct err e = {0};
  struct put p = {by, t->boy.person, ATTRIBUTE_BIRTH, str_from(value)};
  return world_write(&t->w, by, put, &p, &e);
}

static struct str own_from(struct town *t)
{
  return str_copy(t->w.a, str_from(store_ask(&t->w.store, "SELECT COALESCE(own_from, 0) FROM person")));
}

static void a_birth_date_moves_the_age_and_its_end_moves_it_back(void **state)
{
  struct town t;
  (void)state;
  town_new(&t);
  struct str registered = own_from(&t);
  assert_false(str_is(registered, "0"));
  assert_int_equal(birth(&t, &t.worker, "2012-06-01"), OK); /* the city corrects its own */
  assert_false(str_eq(own_from(&t), registered));
  assert_int_equal(birth(&t, &t.worker, "2009-06-01"), OK);
  assert_true(str_eq(own_from(&t), registered));
  assert_int_equal(birth(&t, &t.npo_manager, ""), OK); /* the NPO has none to take back */
  assert_true(str_eq(own_from(&t), registered));
  assert_int_equal(birth(&t, &t.npo_manager, "2009"), OK); /* the year alone says nothing of the day */
  assert_true(str_eq(own_from(&t), registered));
  assert_int_equal(birth(&t, &t.worker, "not a day"), INVALID);
  assert_true(str_eq(own_from(&t), registered));
  world_free(&t.w);
}

/* Nobody makes a child one who decides alone, or a young person a child, by writing another date down: both then have to agree. */
static void two_birth_dates_that_differ_are_none(void **state)
{
  struct town t;
  (void)state;
  town_new(&t);
  struct str registered = own_from(&t);
  assert_int_equal(birth(&t, &t.npo_manager, "1999-01-01"), OK);
  assert_true(str_is(own_from(&t), "0"));
  assert_int_equal(birth(&t, &t.npo_manager, "2009-06-01"), OK);
  assert_true(str_eq(own_from(&t), registered));
  assert_int_equal(birth(&t, &t.npo_manager, "1999-01-01"), OK);
  assert_int_equal(birth(&t, &t.npo_manager, ""), OK);
  assert_true(str_eq(own_from(&t), registered));
  assert_int_equal(birth(&t, &t.worker, ""), OK);
  assert_true(str_is(own_from(&t), "0")); /* none stands any more */
  world_free(&t.w);
}

/* What stands first on every page for the NPO, which hears of both. */
struct avoid_read {
  const struct town *t;
  struct str avoid;
};

static enum code read_avoid(struct tx *tx, void *arg, struct err *e)
{
  struct avoid_read *r = arg;
  const struct scope *s = NULL;
  struct doc *strip = NULL;
  struct reader who = world_reader();
  enum code c = access_open(tx, &r->t->npo_manager, ACTION_CASE_READ, r->t->boy.person, &s, e);
  if (c == OK)
    c = person_strip(tx, s, r->t->w.a, &who, &strip, e);
  if (c == OK)
    r->avoid = str_copy(r->t->w.a, doc_get_str(strip, "avoid"));
  return c;
}

static void avoid(struct town *t, const struct actor *by, const char *value, const char *want)
{
  struct err e = {0};
  struct put p = {by, t->boy.person, ATTRIBUTE_AVOID, str_from(value)};
  struct avoid_read r = {.t = t};
  ok(world_write(&t->w, by, put, &p, &e));
  ok(world_read(&t->w, &t->npo_manager, read_avoid, &r, &e));
  assert_string_equal(str_cstr(t->w.a, r.avoid), want);
}

static void what_to_avoid_is_what_every_organization_wrote(void **state)
{
  struct town t = {0};
  (void)state;
  town_new(&t);
  avoid(&t, &t.worker, "父には知らせない。", "父には知らせない。");
  avoid(&t, &t.npo_manager, "朝の電話。", "父には知らせない。 / 朝の電話。");
  avoid(&t, &t.npo_manager, "父には知らせない。朝の電話。", "父には知らせない。朝の電話。");
  avoid(&t, &t.npo_manager, "父には", "父には知らせない。");
  avoid(&t, &t.worker, "", "父には");
  world_free(&t.w);
}

STORE_MAIN(cmocka_unit_test(a_birth_date_moves_the_age_and_its_end_moves_it_back),
           cmocka_unit_test(two_birth_dates_that_differ_are_none),
           cmocka_unit_test(what_to_avoid_is_what_every_organization_wrote))
