/* sign.c: signing in over the wire, on both engines: one answer for whoever is not let in, tries that run out, codes that work
 * once, and sessions that end when they must. */
#include "door.h"

#include <pthread.h>

#include "audit/audit.h"
#include "base/clock.h"

/* --- one answer for all who are not let in --- */

static void unknown_wrong_and_disabled_get_one_answer(void **state)
{
  struct window *x = window();
  char said[3][2000];
  struct make known = account("known0", npo, "worker"), gone = account("known1", npo, "worker");
  alter(t_tries, 0, 0);
  alter(t_disable, gone.user, 1);
  static const char *const login[] = {"nobody", "known0", "known1"};
  static const char *const password[] = {GOOD, BETTER, GOOD};
  for (int i = 0; i < 3; i++) {
    assert_int_equal(sign_in_as(x, login[i], password[i]), 422);
    assert_string_equal(x->session, "");
    const char *from = strstr(x->reply.body, "\"problems\"");
    assert_non_null(from);
    snprintf(said[i], sizeof(said[i]), "%s", from);
  }
  assert_string_equal(said[0], said[1]);
  assert_string_equal(said[0], said[2]);
  assert_int_equal(ask(t_events, EVENT_SIGN_IN_FAILED, known.user), 1);
  assert_int_equal(ask(t_events, EVENT_SIGN_IN_FAILED, gone.user), 1);
  free(x);
}

static void a_password_lets_in(void **state)
{
  struct window *x = window();
  struct make m = account("simple", npo, "worker");
  assert_int_equal(get(x, "/sessions"), 303);
  assert_int_equal(sign_in_as(x, "%EF%BC%B3imple%20", GOOD), 200); /* full width, capital, a blank behind */
  assert_true(alive(x));
  assert_int_equal(ask(t_events, EVENT_SIGN_IN, m.user), 1);
  char first[64];
  snprintf(first, sizeof(first), "%s", x->session);
  assert_int_equal(sign_in_as(x, "simple", GOOD), 200); /* once more in the same browser: the first is over */
  assert_string_not_equal(first, x->session);
  assert_int_equal(ask(t_live, m.user, 0), 1);
  assert_int_equal(post(x, "/sessions", "/sign-out", ""), 200);
  assert_int_equal(ask(t_live, m.user, 0), 0);
  assert_int_equal(ask(t_events, EVENT_SIGN_OUT, m.user), 1);
  free(x);
}

/* --- tries --- */

static void an_account_has_so_many_tries(void **state)
{
  struct window *x = window();
  account("tried", npo, "worker");
  account("other", npo, "worker");
  alter(t_tries, 0, 0);
  for (int i = 0; i < TRIES_ACCOUNT; i++)
    assert_int_equal(sign_in_as(x, "tried", BETTER), 422);
  assert_int_equal(sign_in_as(x, "tried", GOOD), 429);
  assert_string_equal(x->session, "");
  assert_int_equal(sign_in_as(x, "other", GOOD), 200);
  x->session[0] = 0;
  alter(t_past, TRY_WINDOW_MS, 0);
  assert_int_equal(sign_in_as(x, "tried", GOOD), 200);
  x->session[0] = 0;
  for (int i = 0; i < TRIES_ACCOUNT; i++) /* success has begun a new count */
    assert_int_equal(sign_in_as(x, "tried", BETTER), 422);
  assert_int_equal(sign_in_as(x, "tried", BETTER), 429);
  free(x);
}

static void an_address_has_so_many_tries(void **state)
{
  struct window *x = window();
  char login[40];
  account("neighbour", npo, "worker");
  alter(t_tries, 0, 0);
  for (int i = 0; i < TRIES_ADDRESS; i++) {
    snprintf(login, sizeof(login), "guess%d", i);
    assert_int_equal(sign_in_as(x, login, GOOD), 422);
  }
  assert_int_equal(sign_in_as(x, "neighbour", GOOD), 429);
  alter(t_tries, 0, 0);
  for (int i = 0; i < TRIES_ADDRESS + 5; i++) { /* whoever knows the password uses nothing up */
    x->session[0] = 0;
    assert_int_equal(sign_in_as(x, "neighbour", GOOD), 200);
  }
  free(x);
}

static void no_count_no_sign_in(void **state)
{
  struct window *x = window();
  account("counted", npo, "worker");
  store_ddl(&w.store, "CREATE TRIGGER no_count BEFORE INSERT ON attempt BEGIN SELECT RAISE(ABORT, 'full'); END",
            "RESET ROLE; REVOKE INSERT ON attempt FROM tsunagu_app; SET ROLE tsunagu_app");
  assert_true(sign_in_as(x, "counted", GOOD) >= 500);
  assert_string_equal(x->session, "");
  store_ddl(&w.store, "DROP TRIGGER no_count",
            "RESET ROLE; GRANT INSERT ON attempt TO tsunagu_app; SET ROLE tsunagu_app");
  assert_int_equal(sign_in_as(x, "counted", GOOD), 200);
  free(x);
}

/* --- the second factor --- */

static void a_code_of_the_app_works_once(void **state)
{
  struct window *x = window(), *y = window();
  struct make m = account("bridge", office, "coordinator");
  alter(t_tries, 0, 0);
  assert_int_equal(sign_in_as(x, "bridge", GOOD), 200);
  assert_int_equal(get(x, "/sessions"), 303); /* the role asks for a factor: it is set up first */
  assert_string_equal(location(x), "/second-factor?next=/sessions");
  assert_int_equal(json(x, "/second-factor"), 200);
  struct str secret = answer(x, "secret");
  assert_int_equal(json(x, "/second-factor"), 200);
  assert_true(str_eq(secret, answer(x, "secret")));
  assert_int_equal(get(x, "/second-factor/qr"), 200);
  wait_for_room();
  ts_t now = clock_now();
  assert_int_equal(send_code(x, S("000000")), 422);
  char before[64];
  snprintf(before, sizeof(before), "%s", x->session);
  assert_int_equal(send_code(x, code_at(secret, now)), 200);
  assert_string_not_equal(before, x->session); /* more rights, another token */
  assert_true(alive(x));
  snprintf(y->session, sizeof(y->session), "%s", before);
  assert_false(alive(y));
  y->session[0] = 0;
  assert_int_equal(sign_in_as(y, "bridge", GOOD), 200);
  assert_false(alive(y));
  assert_int_equal(json(y, "/second-factor"), 200);
  assert_int_equal(answer(y, "secret").n, 0); /* it is never shown again */
  assert_int_equal(get(y, "/second-factor/qr"), 404);
  assert_int_equal(send_code(y, code_at(secret, now)), 422);
  assert_false(alive(y));
  assert_int_equal(send_code(y, code_at(secret, now + 30000)), 200);
  assert_true(alive(y));
  assert_int_equal(ask(t_live, m.user, 0), 2);
  free(x);
  free(y);
}

static void codes_on_paper_work_once_each(void **state)
{
  struct window *x = window(), *y = window();
  account("paper", office, "auditor");
  alter(t_tries, 0, 0);
  assert_int_equal(sign_in_as(x, "paper", GOOD), 200);
  assert_int_equal(post(x, "/second-factor", "/second-factor/paper", ""), 200);
  struct str first = answer(x, "codes.0.code"), second = answer(x, "codes.1.code"), tenth = answer(x, "codes.9.code");
  assert_int_equal(first.n, 9);
  assert_int_equal(tenth.n, 9);
  assert_false(alive(x)); /* to have made them is not to have them */
  assert_int_equal(send_code(x, first), 200);
  assert_true(alive(x));
  assert_int_equal(sign_in_as(y, "paper", GOOD), 200);
  assert_int_equal(post(y, "/second-factor", "/second-factor/paper", ""), 403); /* no new ones without an old one */
  assert_int_equal(send_code(y, first), 422);
  assert_int_equal(send_code(y, str_printf(w.a, "%%20%.4s%%20%.4s", second.p, second.p + 5)), 200);
  assert_true(alive(y));
  free(x);
  free(y);
}

static void codes_have_so_many_tries(void **state)
{
  struct window *x = window();
  account("guessed", office, "coordinator");
  alter(t_tries, 0, 0);
  assert_int_equal(sign_in_as(x, "guessed", GOOD), 200);
  for (int i = 0; i < TRIES_FACTOR; i++)
    assert_int_equal(send_code(x, S("000000")), 422);
  assert_int_equal(send_code(x, S("000000")), 429);
  free(x);
}

/* --- memberships --- */

static struct actor service(void)
{
  return (struct actor){.network = w.network, .role = ROLE_SERVICE, .second_factor = true};
}

struct leave {
  id64 user, membership, successor;
  struct date last;
  struct actor who;
};

static enum code leave(struct tx *tx, void *arg, struct err *e)
{
  const struct leave *l = arg;
  return account_leave(tx, &l->who, l->user, l->membership, l->last, l->successor, e);
}

static enum code end_of(const struct make *m, int days, id64 successor)
{
  struct err e = {0};
  struct leave l = {m->user, m->membership, successor, date_add_days(date_of_ts(clock_now()), days), service()};
  return world_write(&w, NULL, leave, &l, &e);
}

static void a_membership_that_ends_kills_its_sessions(void **state)
{
  struct window *x = window();
  struct make m = account("leaver", npo, "worker");
  alter(t_tries, 0, 0);
  assert_int_equal(sign_in_as(x, "leaver", GOOD), 200);
  assert_true(alive(x));
  assert_int_equal(end_of(&m, -1, 0), INVALID);
  assert_int_equal(end_of(&m, 3, 0), OK); /* some day to come: nothing changes yet */
  assert_true(alive(x));
  assert_int_equal(get(x, "/cases"), 200);
  assert_int_equal(end_of(&m, 0, 0), OK);
  assert_false(alive(x));
  assert_int_equal(ask(t_live, m.user, 0), 0);
  assert_int_equal(end_of(&m, 0, 0), CONFLICT);
  free(x);
}

static void a_membership_whose_day_has_come_is_no_membership(void **state)
{
  struct window *x = window();
  struct make m = account("until", npo, "worker");
  alter(t_tries, 0, 0);
  assert_int_equal(sign_in_as(x, "until", GOOD), 200);
  assert_int_equal(get(x, "/cases"), 200);
  alter(t_over, m.membership, 0);
  assert_int_equal(get(x, "/cases"), 303); /* nobody did anything: the hour came */
  assert_string_equal(location(x), "/membership?next=/cases");
  assert_int_equal(json(x, "/membership"), 200);
  assert_non_null(strstr(x->reply.body, "\"memberships\":[]"));
  free(x);
}

static enum code second_membership(struct tx *tx, void *arg, struct err *e)
{
  struct make *m = arg;
  return membership_add(tx, m->user, office, ROLE_WORKER, tx_now(tx), 0, &m->membership, e);
}

static int choose(struct window *x, id64 membership)
{
  char body[60];
  struct str id = id_text(w.a, membership);
  snprintf(body, sizeof(body), "membership=%.*s", STR_FMT(id));
  return post(x, "/membership", "/membership", body);
}

static void one_acts_for_one_membership_at_a_time(void **state)
{
  struct window *x = window(), *y = window();
  struct err e = {0};
  struct make m = account("twofold", npo, "worker"), foreign = account("foreign", npo, "worker"), other = m;
  ok(world_write(&w, NULL, second_membership, &other, &e));
  alter(t_tries, 0, 0);
  assert_int_equal(sign_in_as(x, "twofold", GOOD), 200);
  assert_int_equal(get(x, "/cases"), 303);
  assert_int_equal(choose(x, foreign.membership), 404);
  snprintf(y->session, sizeof(y->session), "%s", x->session);
  assert_int_equal(choose(x, other.membership), 200);
  assert_string_not_equal(x->session, y->session);
  assert_false(alive(y)); /* the session before the switch is over */
  assert_int_equal(get(x, "/cases"), 200);
  assert_int_equal(choose(x, m.membership), 200);
  assert_int_equal(get(x, "/cases"), 200);
  assert_int_equal(ask(t_live, m.user, 0), 1);
  free(x);
  free(y);
}

/* --- administrators --- */

static struct make keeper, helper;

static void cases_pass_to_the_successor_in_the_same_instant(void **state)
{
  struct actor leaver = world_member(&w, npo, ROLE_WORKER, "辞める人"),
               heir = world_member(&w, npo, ROLE_WORKER, "継ぐ人");
  struct actor stranger = world_member(&w, office, ROLE_WORKER, "よその人");
  (void)world_case(&w, &leaver, "試験 太郎", (struct date){2009, 5, 5});
  struct make m = {.user = leaver.user, .membership = leaver.membership};
  assert_int_equal(ask(t_assigned, leaver.user, clock_now()), 1);
  assert_int_equal(end_of(&m, 0, stranger.user), INVALID);
  assert_int_equal(ask(t_assigned, leaver.user, clock_now()), 1);
  struct window *x = administrator("helper", &helper);
  struct str user = id_text(w.a, m.user), membership = id_text(w.a, m.membership), next = id_text(w.a, heir.user);
  struct str today = date_iso(w.a, date_of_ts(clock_now()));
  char path[200], body[200];
  snprintf(path, sizeof(path), "/accounts/%.*s/memberships/%.*s/end", STR_FMT(user), STR_FMT(membership));
  assert_int_equal(json(x, path), 200); /* who has no sight of cases still learns what will happen */
  assert_int_not_equal(answer(x, "cases.0.number").n, 0);
  assert_non_null(strstr(x->reply.body, "継ぐ人"));
  assert_null(strstr(x->reply.body, "よその人"));
  assert_null(strstr(x->reply.body, "試験 太郎"));
  snprintf(body, sizeof(body), "until=%.*s&successor=%.*s", STR_FMT(today), STR_FMT(next));
  assert_int_equal(post(x, "/sessions", path, body), 200);
  free(x);
  assert_int_equal(ask(t_assigned, leaver.user, clock_now()), 0);
  assert_int_equal(ask(t_assigned, heir.user, clock_now()), 1);
}

/* --- passwords --- */

static int change_password(struct window *x, const char *old, const char *fresh, const char *again)
{
  char body[300];
  snprintf(body, sizeof(body), "old=%s&new=%s&again=%s", old, fresh, again);
  return post(x, "/sessions", "/password", body);
}

static void a_new_password_ends_all_other_sessions(void **state)
{
  struct window *x = window(), *y = window();
  account("changer", npo, "worker");
  alter(t_tries, 0, 0);
  assert_int_equal(sign_in_as(x, "changer", GOOD), 200);
  assert_int_equal(sign_in_as(y, "changer", GOOD), 200);
  assert_int_equal(change_password(x, BETTER, BETTER, BETTER), 422);
  assert_int_equal(change_password(x, GOOD, BETTER, GOOD), 422);
  assert_int_equal(change_password(x, GOOD, "short", "short"), 422);
  assert_int_equal(change_password(x, GOOD, GOOD, GOOD), 422);
  assert_true(alive(y));
  assert_int_equal(change_password(x, GOOD, BETTER, BETTER), 200);
  assert_true(alive(x));
  assert_false(alive(y));
  y->session[0] = 0;
  assert_int_equal(sign_in_as(y, "changer", GOOD), 422);
  assert_int_equal(sign_in_as(y, "changer", BETTER), 200);
  free(x);
  free(y);
}

static void sessions_are_ended_singly_or_all_others(void **state)
{
  struct window *x = window(), *y = window(), *z = window();
  struct make m = account("many", npo, "worker");
  account("somebody", npo, "worker");
  alter(t_tries, 0, 0);
  assert_int_equal(sign_in_as(x, "many", GOOD), 200);
  assert_int_equal(sign_in_as(y, "many", GOOD), 200);
  assert_int_equal(json(y, "/sessions"), 200);
  struct str id = answer(y, "sessions.0.id"), mine = answer(y, "sessions.0.current");
  (void)mine;
  assert_int_equal(sign_in_as(z, "somebody", GOOD), 200);
  char path[80];
  snprintf(path, sizeof(path), "/sessions/%.*s/end", STR_FMT(id));
  assert_int_equal(post(z, "/sessions", path, ""), 404); /* another's session does not exist */
  assert_int_equal(ask(t_live, m.user, 0), 2);
  assert_int_equal(post(x, "/sessions", path, ""), 200);
  assert_int_equal(ask(t_live, m.user, 0), 1);
  y->session[0] = x->session[0] = 0;
  assert_int_equal(sign_in_as(x, "many", GOOD), 200);
  assert_int_equal(sign_in_as(y, "many", GOOD), 200);
  assert_int_equal(post(y, "/sessions", "/sessions/end-others", ""), 200);
  assert_false(alive(x));
  assert_true(alive(y));
  free(x);
  free(y);
  free(z);
}

/* --- what administrators do --- */

static void a_given_password_is_shown_once_and_changed_first(void **state)
{
  struct window *admin = administrator("keeper", &keeper), *x = window();
  char body[400], password[40];
  struct str org = id_text(w.a, npo), today = date_iso(w.a, date_of_ts(clock_now()));
  snprintf(body, sizeof(body),
           "name=Hana&kana=&login=Hana&job=&organization=%.*s&role=worker&from=%.*s&until=&pledge=1", STR_FMT(org),
           STR_FMT(today));
  assert_int_equal(post_key(admin, "/sessions", "/accounts/new", "the-only-key", body), 200);
  snprintf(password, sizeof(password), "%.*s", STR_FMT(answer(admin, "password")));
  assert_int_equal(strlen(password), 19);
  char path[100];
  snprintf(path, sizeof(path), "/accounts/%.*s", STR_FMT(answer(admin, "user_id")));
  assert_int_equal(post_key(admin, "/sessions", "/accounts/new", "the-only-key", body), 200);
  assert_null(strstr(admin->reply.body, password)); /* sent again: where the first went, and no password */
  assert_true(str_is(answer(admin, "location"), path));
  assert_int_equal(post(admin, "/sessions", "/accounts/new", body), 422); /* the login is taken */
  assert_int_equal(json(admin, path), 200);
  assert_int_equal(answer(admin, "password").n, 0);
  assert_non_null(strstr(admin->reply.body, "使えます"));
  assert_null(strstr(admin->reply.body, "終わりました")); /* who has one live membership is not over */
  assert_non_null(strstr(admin->reply.body, "令和"));     /* till western years are chosen; the choice is one's own */
  assert_int_equal(post(admin, "/preferences", "/preferences", "calendar=lunar&language=ja"), 422);
  assert_int_equal(post(admin, "/preferences", "/preferences", "calendar=western&language=ja"), 200);
  assert_int_equal(json(admin, path), 200);
  assert_null(strstr(admin->reply.body, "令和"));
  assert_int_equal(sign_in_as(x, "hana", password), 200);
  assert_int_equal(get(x, "/cases"), 303);
  assert_int_equal(get(x, "/membership"), 303);
  assert_string_equal(location(x), "/password");
  assert_int_equal(change_password(x, password, BETTER, BETTER), 200);
  assert_int_equal(get(x, "/cases"), 200);
  snprintf(body, sizeof(body), "%s/password", path);
  assert_int_equal(post(admin, "/sessions", body, ""), 200);
  assert_false(alive(x));
  x->session[0] = 0;
  assert_int_equal(sign_in_as(x, "hana", BETTER), 422);
  free(admin);
  free(x);
}

static void the_last_administrator_stays(void **state)
{
  struct make first, second;
  struct window *x = administrator("last1", &first), *y = administrator("last2", &second);
  assert_int_equal(end_of(&keeper, 0, 0), OK);
  assert_int_equal(end_of(&helper, 0, 0), OK);
  char path[200], today[40];
  struct str user = id_text(w.a, second.user), membership = id_text(w.a, second.membership);
  snprintf(today, sizeof(today), "until=%.*s", STR_FMT(date_iso(w.a, date_of_ts(clock_now()))));
  snprintf(path, sizeof(path), "/accounts/%.*s/memberships/%.*s/end", STR_FMT(user), STR_FMT(membership));
  assert_int_equal(json(y, path), 200);
  assert_int_equal(post(y, "/sessions", path, today), 200); /* one's own membership: the session goes with it */
  assert_false(alive(y));
  user = id_text(w.a, first.user);
  membership = id_text(w.a, first.membership);
  snprintf(path, sizeof(path), "/accounts/%.*s/memberships/%.*s/end", STR_FMT(user), STR_FMT(membership));
  assert_int_equal(post(x, "/sessions", path, today), 422);
  assert_true(alive(x));
  free(x);
  free(y);
}

/* --- many at once --- */

struct racer {
  struct window *x;
  pthread_t thread;
  struct str code;
  int status;
};

static void *race_in(void *arg)
{
  struct racer *r = arg;
  r->status = sign_in_as(r->x, "crowd", GOOD);
  return NULL;
}

static void *race_code(void *arg)
{
  struct racer *r = arg;
  r->status = send_code(r->x, r->code);
  return NULL;
}

enum { RACERS = 6 };

static void race(struct racer *r, void *(*fn)(void *))
{
  for (int i = 0; i < RACERS; i++)
    assert_int_equal(pthread_create(&r[i].thread, NULL, fn, &r[i]), 0);
  for (int i = 0; i < RACERS; i++)
    pthread_join(r[i].thread, NULL);
}

static void many_sign_in_at_once_and_one_code_serves_one(void **state)
{
  struct racer r[RACERS] = {{0}};
  struct make m = account("crowd", office, "coordinator");
  alter(t_tries, 0, 0);
  for (int i = 0; i < RACERS; i++)
    r[i].x = window();
  race(r, race_in);
  for (int i = 0; i < RACERS; i++)
    assert_int_equal(r[i].status, 200);
  assert_int_equal(ask(t_live, m.user, 0), RACERS);
  assert_int_equal(json(r[0].x, "/second-factor"), 200);
  wait_for_room();
  struct str code = code_at(answer(r[0].x, "secret"), clock_now());
  for (int i = 0; i < RACERS; i++)
    r[i].code = code;
  race(r, race_code);
  int through = 0;
  for (int i = 0; i < RACERS; i++) {
    through += r[i].status == 200;
    free(r[i].x);
  }
  assert_int_equal(through, 1);
}

int main(int argc, char **argv)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(unknown_wrong_and_disabled_get_one_answer),
      cmocka_unit_test(a_password_lets_in),
      cmocka_unit_test(an_account_has_so_many_tries),
      cmocka_unit_test(an_address_has_so_many_tries),
      cmocka_unit_test(no_count_no_sign_in),
      cmocka_unit_test(a_code_of_the_app_works_once),
      cmocka_unit_test(codes_on_paper_work_once_each),
      cmocka_unit_test(codes_have_so_many_tries),
      cmocka_unit_test(a_membership_that_ends_kills_its_sessions),
      cmocka_unit_test(a_membership_whose_day_has_come_is_no_membership),
      cmocka_unit_test(one_acts_for_one_membership_at_a_time),
      cmocka_unit_test(cases_pass_to_the_successor_in_the_same_instant),
      cmocka_unit_test(a_new_password_ends_all_other_sessions),
      cmocka_unit_test(sessions_are_ended_singly_or_all_others),
      cmocka_unit_test(a_given_password_is_shown_once_and_changed_first),
      cmocka_unit_test(the_last_administrator_stays),
      cmocka_unit_test(many_sign_in_at_once_and_one_code_serves_one),
  };
  store_choose(argc, argv);
  return cmocka_run_group_tests_name("sign", tests, door_start, door_stop);
}
