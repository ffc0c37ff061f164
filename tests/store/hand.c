/* hand.c: from hand to hand, when it does not go straight: days that do not count, a sheet that came back, tries before the first contact. */
#include "fixture.h"

#include "connection/connection_sql.h"
#include "connection/opening.h"

static const struct date seventeen = {2009, 6, 1};
enum { SENT_CATEGORIES = CAT_BASIC | CAT_CONTACT | CAT_SUPPORT };

struct town {
  struct world w;
  id64 city, npo, centre;
  struct actor worker, npo_manager, npo_worker, centre_manager;
  struct world_case boy;
};

static void town_new(struct town *t)
{
  world_new(&t->w);
  t->city = world_org(&t->w, "子ども若者支援課", "council");
  t->npo = world_org(&t->w, "NPOあおば", "council");
  t->centre = world_org(&t->w, "さくら教室", "network");
  t->worker = world_member(&t->w, t->city, ROLE_WORKER, "窓口の人");
  t->npo_manager = world_member(&t->w, t->npo, ROLE_MANAGER, "あおばの長");
  t->npo_worker = world_member(&t->w, t->npo, ROLE_WORKER, "あおばの人");
  t->centre_manager = world_member(&t->w, t->centre, ROLE_MANAGER, "教室の長");
  t->boy = world_case(&t->w, &t->worker, "試験 太郎", seventeen);
  (void)world_consent(&t->w, &t->worker, &t->boy, PARTY_PERSON, t->npo, SENT_CATEGORIES);
}

static enum code get(struct tx *tx, void *arg, struct err *e)
{
  struct connection *c = arg;
  return connection_sql_get(tx, c->id, c, e);
}

static struct connection connection_now(struct town *t, id64 id)
{
  struct err e = {0};
  struct connection c = {.id = id};
  ok(world_read(&t->w, NULL, get, &c, &e));
  return c;
}

/* ---- days that do not count ------------------------------------------------------------------------------------------------ */

struct closing {
  const struct actor *by;
  struct date from, until;
  id64 opens; /* a period to be no more */
};

static enum code change_days(struct tx *tx, void *arg, struct err *e)
{
  const struct closing *k = arg;
  const struct scope *s = NULL;
  enum code c = access_open_network(tx, k->by, ACTION_OPENING_WRITE, &s, e);
  if (c != OK)
    return c;
  return k->opens ? opening_open(tx, s, k->opens, e) : opening_close(tx, s, k->from, k->until, e);
}

static enum code changes_days(struct town *t, struct closing k)
{
  struct err e = {0};
  return world_write(&t->w, k.by, change_days, &k, &e);
}

/* The period that the NPO has. */
static id64 id_of(struct town *t)
{
  char sql[120];
  snprintf(sql, sizeof sql, "SELECT CAST(max(id) AS text) FROM closed_day WHERE organization_id = %lld",
           (long long)t->npo);
  return strtoll(store_ask(&t->w.store, sql), NULL, 10);
}

static void silence_waits_while_the_receiver_is_closed(void **state)
{
  struct town t;
  (void)state;
  town_new(&t);
  id64 id = world_send(&t.w, &t.worker, &t.boy, t.npo, "help");
  struct connection c = connection_now(&t, id);
  struct date sent = date_of_ts(c.sent_at), from = date_add_days(sent, 1), until = date_add_days(sent, 30);
  const struct closed_days closed[] = {{0, t.npo, from, until}};
  const struct opening none = {0}, some = {closed, 1};
  assert_true(c.silent_at == opening_after(&none, t.npo, c.sent_at, 5));
  assert_int_equal(changes_days(&t, (struct closing){&t.centre_manager, from, until, 0}), OK); /* somebody else's */
  assert_true(connection_now(&t, id).silent_at == c.silent_at);
  assert_int_equal(changes_days(&t, (struct closing){&t.npo_manager, from, until, 0}), OK);
  assert_true(connection_now(&t, id).silent_at == opening_after(&some, t.npo, c.sent_at, 5));
  assert_int_equal(opening_days_since(&some, t.npo, c.sent_at, until), 0);
  assert_true(opening_days_since(&some, t.centre, c.sent_at, until) > 15);
  assert_int_equal(changes_days(&t, (struct closing){.by = &t.centre_manager, .opens = id_of(&t)}), NOT_FOUND);
  assert_int_equal(changes_days(&t, (struct closing){.by = &t.npo_manager, .opens = id_of(&t)}), OK);
  assert_true(connection_now(&t, id).silent_at == c.silent_at);
  assert_int_equal(changes_days(&t, (struct closing){.by = &t.npo_manager, .opens = 4711}), NOT_FOUND);
  world_free(&t.w);
}

static void who_may_not_close_does_not(void **state)
{
  struct town t;
  struct date d = {2027, 8, 13};
  (void)state;
  town_new(&t);
  assert_int_equal(changes_days(&t, (struct closing){&t.npo_worker, d, d, 0}), DENIED);
  assert_int_equal(changes_days(&t, (struct closing){&t.npo_manager, d, {2027, 8, 12}, 0}), INVALID);
  assert_int_equal(changes_days(&t, (struct closing){&t.npo_manager, d, {2029, 8, 12}, 0}), INVALID);
  world_free(&t.w);
}

static void a_body_that_never_opens_is_not_waited_for_for_ever(void **state)
{
  const struct closed_days always[] = {{0, 7, {2026, 1, 1}, {2099, 1, 1}}};
  const struct opening o = {always, 1};
  struct date d = date_of_ts(opening_after(&o, 7, date_start_ts((struct date){2026, 4, 1}), 5));
  (void)state;
  assert_in_range(d.year, 2027, 2029);
}

STORE_MAIN(cmocka_unit_test(silence_waits_while_the_receiver_is_closed), cmocka_unit_test(who_may_not_close_does_not),
           cmocka_unit_test(a_body_that_never_opens_is_not_waited_for_for_ever))
