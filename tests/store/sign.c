/* sign.c: signing in over the wire, on both engines: one answer for whoever is not let in, tries that run out, codes that work
 * once, and sessions that end when they must. */
#include "fixture.h"

#include <pthread.h>
#include <time.h>

#include "../support/http_client.h"
#include "audit/audit.h"
#include "base/clock.h"
#include "gate/gate.h"
#include "network/account.h"
#include "network/sign.h"

#define GOOD "tsuki to hoshi to umi no yoru"
#define BETTER "yama to kawa to mori no asa"

static struct world w;
static struct app app;
static struct http_server *server;
static id64 office, npo;
static struct str good_hash;

STMT_WRITE(t_tries, "test_sign_tries", "DELETE FROM attempt WHERE network_id = $1");
STMT_WRITE(t_past, "test_sign_past", "UPDATE attempt SET window_at = window_at - $2 WHERE network_id = $1");
STMT_WRITE(t_over, "test_sign_over", "UPDATE membership SET until_at = $3 WHERE network_id = $1 AND id = $2");
STMT_WRITE(t_disable, "test_sign_disable",
           "UPDATE user_account SET disabled_at = $3 WHERE network_id = $1 AND id = $2");
STMT_READ(t_live, "test_sign_live",
          "SELECT COUNT(*) FROM session WHERE network_id = $1 AND user_id = $2 AND ended_at IS NULL");
STMT_READ(
    t_events, "test_sign_events",
    "SELECT COUNT(*) FROM event WHERE network_id = $1 AND kind = $2 AND (CAST($3 AS bigint) = 0 OR user_id = $3)");
STMT_READ(t_assigned, "test_sign_assigned",
          "SELECT COUNT(*) FROM assignment WHERE network_id = $1 AND user_id = $2 AND lead"
          " AND from_at <= $3 AND (until_at IS NULL OR until_at > $3)");

/* --- the world: an office and an NPO; accounts by need --- */

struct make {
  struct account_new u;
  id64 organization;
  const char *role;
  id64 user, membership;
};

static enum code make_account(struct tx *tx, void *arg, struct err *e)
{
  struct make *m = arg;
  enum role role;
  assert_true(role_parse(str_from(m->role), &role));
  enum code c = account_create(tx, &m->u, &m->user, e);
  return c == OK ? membership_add(tx, m->user, m->organization, role, tx_now(tx), 0, &m->membership, e) : c;
}

static struct make account(const char *login, id64 organization, const char *role)
{
  struct err e = {0};
  struct make m = {
      .u = {.login = str_from(login), .name = str_from(login), .password_hash = good_hash, .factor = S("none")},
      .organization = organization,
      .role = role};
  ok(world_write(&w, NULL, make_account, &m, &e));
  return m;
}

static int start(void **state)
{
  struct err e = {0};
  password_cost_set_for_tests();
  world_new(&w);
  office = world_org(&w, "市役所", "council");
  npo = world_org(&w, "あおば", "council");
  ok(password_hash(w.a, S(GOOD), &good_hash, &e));
  app = (struct app){.db = w.store.db, .keys = w.keys};
  struct http_options o = {.listen = S("127.0.0.1:0"), .dispatch = gate_dispatch, .app = &app, .workers = 8};
  ok(http_start(&o, &server, &e));
  return 0;
}

static int stop(void **state)
{
  http_stop(server);
  world_free(&w);
  return 0;
}

struct run {
  const struct stmt *q;
  int64_t a, b;
  int64_t ret;
};

static enum code change(struct tx *tx, void *arg, struct err *e)
{
  struct run *r = arg;
  if (r->q == &t_tries)
    return db_exec(tx, r->q, NULL, e, BINDS(b_int(w.network)));
  if (r->q == &t_past)
    return db_exec(tx, r->q, NULL, e, BINDS(b_int(w.network), b_int(r->a)));
  return db_exec(tx, r->q, NULL, e, BINDS(b_int(w.network), b_int(r->a), b_int(r->b ? r->b : tx_now(tx))));
}

static void alter(const struct stmt *q, int64_t a, int64_t b)
{
  struct err e = {0};
  struct run r = {q, a, b, 0};
  ok(world_write(&w, NULL, change, &r, &e));
}

static enum code count(struct tx *tx, void *arg, struct err *e)
{
  struct run *run = arg;
  struct rows r = {0};
  enum code c = run->q == &t_live ? db_query(tx, run->q, &r, e, BINDS(b_int(w.network), b_int(run->a)))
                                  : db_query(tx, run->q, &r, e, BINDS(b_int(w.network), b_int(run->a), b_int(run->b)));
  if (c != OK)
    return c;
  assert_true(rows_next(&r));
  run->ret = rows_int(&r, 0);
  return rows_end(&r, e);
}

static int64_t ask(const struct stmt *q, int64_t a, int64_t b)
{
  struct err e = {0};
  struct run r = {q, a, b, 0};
  ok(world_read(&w, NULL, count, &r, &e));
  return r.ret;
}

/* --- a browser --- */

struct window {
  char session[64];
  struct reply reply;
};

static struct window *window(void)
{
  struct window *x = calloc(1, sizeof(*x));
  assert_non_null(x);
  return x;
}

static void take_cookie(struct window *x)
{
  static const char name[] = "Set-Cookie: session=";
  const char *at = strstr(x->reply.bytes, name);
  if (!at || at > x->reply.body)
    return;
  at += sizeof(name) - 1;
  snprintf(x->session, sizeof(x->session), "%.*s", (int)strcspn(at, ";"), at);
}

static int send_bytes(struct window *x, const char *text, int n)
{
  assert_true(n > 0);
  client_ask(http_port(server), text, (size_t)n, &x->reply);
  take_cookie(x);
  return x->reply.status;
}

static int get(struct window *x, const char *path)
{
  char text[1024];
  return send_bytes(x, text,
                    snprintf(text, sizeof(text),
                             "GET %s HTTP/1.1\r\nHost: localhost\r\nCookie: session=%s\r\nAccept: text/html\r\n\r\n",
                             path, x->session));
}

static int json(struct window *x, const char *path)
{
  char text[1024];
  return send_bytes(
      x, text,
      snprintf(text, sizeof(text),
               "GET %s HTTP/1.1\r\nHost: localhost\r\nCookie: session=%s\r\nAccept: application/json\r\n\r\n", path,
               x->session));
}

/* A form's POST as the page would send it; `page` is where the token comes from, NULL: no session yet. */
static int post_key(struct window *x, const char *page, const char *path, const char *key, const char *body)
{
  char text[4096], csrf[64] = "", all[2048];
  if (page) {
    json(x, page);
    reply_header(&x->reply, "X-CSRF-Token", csrf, sizeof(csrf));
  }
  int n = snprintf(all, sizeof(all), "%s%s_csrf=%s&_key=%s", body, *body ? "&" : "", csrf, key);
  return send_bytes(x, text,
                    snprintf(text, sizeof(text),
                             "POST %s HTTP/1.1\r\nHost: localhost\r\nCookie: session=%s\r\nAccept: application/json\r\n"
                             "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n%s",
                             path, x->session, n, all));
}

static int post(struct window *x, const char *page, const char *path, const char *body)
{
  static _Atomic int number;
  char key[40];
  snprintf(key, sizeof(key), "test-key-%d", ++number);
  return post_key(x, page, path, key, body);
}

static int sign_in_as(struct window *x, const char *login, const char *password)
{
  char body[300];
  snprintf(body, sizeof(body), "login=%s&password=%s", login, password);
  return post(x, x->session[0] ? "/sessions" : NULL, "/sign-in", body);
}

static const char *location(struct window *x)
{
  static char value[500];
  return reply_header(&x->reply, "Location", value, sizeof(value));
}

static bool alive(struct window *x)
{
  return get(x, "/sessions") == 200;
}

/* The text of a key of the last answer, in memory of the test. */
static struct str answer(struct window *x, const char *path)
{
  struct err e = {0};
  struct doc *d = NULL;
  ok(json_parse(w.a, str_from(x->reply.body), &d, &e));
  return doc_string(doc_path(d, path));
}

/* --- one answer for all who are not let in --- */

static void unknown_wrong_and_disabled_get_one_answer(void **state)
{
  struct window *x = window();
  char said[3][2000];
  struct make known = account("known0", npo, "worker"), gone = account("known1", npo, "worker");
  struct err e = {0};
  (void)known;
  alter(&t_tries, 0, 0);
  struct run r = {&t_disable, gone.user, 1, 0};
  ok(world_write(&w, NULL, change, &r, &e));
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
  assert_int_equal(ask(&t_events, EVENT_SIGN_IN_FAILED, known.user), 1);
  assert_int_equal(ask(&t_events, EVENT_SIGN_IN_FAILED, gone.user), 1);
  free(x);
}

static void a_password_lets_in(void **state)
{
  struct window *x = window();
  struct make m = account("simple", npo, "worker");
  assert_int_equal(get(x, "/sessions"), 303);
  assert_int_equal(sign_in_as(x, "%EF%BC%B3imple%20", GOOD), 200); /* full width, capital, a blank behind */
  assert_true(alive(x));
  assert_int_equal(ask(&t_events, EVENT_SIGN_IN, m.user), 1);
  char first[64];
  snprintf(first, sizeof(first), "%s", x->session);
  assert_int_equal(sign_in_as(x, "simple", GOOD), 200); /* once more in the same browser: the first is over */
  assert_string_not_equal(first, x->session);
  assert_int_equal(ask(&t_live, m.user, 0), 1);
  assert_int_equal(post(x, "/sessions", "/sign-out", ""), 200);
  assert_int_equal(ask(&t_live, m.user, 0), 0);
  assert_int_equal(ask(&t_events, EVENT_SIGN_OUT, m.user), 1);
  free(x);
}

/* --- tries --- */

static void an_account_has_so_many_tries(void **state)
{
  struct window *x = window();
  account("tried", npo, "worker");
  account("other", npo, "worker");
  alter(&t_tries, 0, 0);
  for (int i = 0; i < TRIES_ACCOUNT; i++)
    assert_int_equal(sign_in_as(x, "tried", BETTER), 422);
  assert_int_equal(sign_in_as(x, "tried", GOOD), 429);
  assert_string_equal(x->session, "");
  assert_int_equal(sign_in_as(x, "other", GOOD), 200);
  x->session[0] = 0;
  alter(&t_past, TRY_WINDOW_MS, 0);
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
  alter(&t_tries, 0, 0);
  for (int i = 0; i < TRIES_ADDRESS; i++) {
    snprintf(login, sizeof(login), "guess%d", i);
    assert_int_equal(sign_in_as(x, login, GOOD), 422);
  }
  assert_int_equal(sign_in_as(x, "neighbour", GOOD), 429);
  alter(&t_tries, 0, 0);
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

static struct str code_at(struct str base32, ts_t at)
{
  static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  unsigned char secret[TOTP_SECRET] = {0};
  size_t bits = 0;
  for (size_t i = 0; i < base32.n; i++) {
    const char *p = base32.p[i] == ' ' ? NULL : strchr(letters, base32.p[i]);
    for (int b = 4; p && b >= 0; b--, bits++)
      if ((p - letters) >> b & 1)
        secret[bits / 8] |= (unsigned char)(0x80 >> bits % 8);
  }
  assert_int_equal(bits, TOTP_SECRET * 8);
  return totp_code(w.a, secret, at);
}

static int send_code(struct window *x, struct str code)
{
  char body[80];
  snprintf(body, sizeof(body), "code=%.*s", STR_FMT(code));
  return post(x, "/second-factor", "/second-factor", body);
}

static void wait_for_room(void) /* not at the edge of a half minute */
{
  while (clock_now() % 30000 > 25000)
    nanosleep(&(struct timespec){.tv_nsec = 100000000}, NULL);
}

static void a_code_of_the_app_works_once(void **state)
{
  struct window *x = window(), *y = window();
  struct make m = account("bridge", office, "coordinator");
  alter(&t_tries, 0, 0);
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
  assert_int_equal(ask(&t_live, m.user, 0), 2);
  free(x);
  free(y);
}

static void codes_on_paper_work_once_each(void **state)
{
  struct window *x = window(), *y = window();
  account("paper", office, "auditor");
  alter(&t_tries, 0, 0);
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
  alter(&t_tries, 0, 0);
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
  alter(&t_tries, 0, 0);
  assert_int_equal(sign_in_as(x, "leaver", GOOD), 200);
  assert_true(alive(x));
  assert_int_equal(end_of(&m, -1, 0), INVALID);
  assert_int_equal(end_of(&m, 3, 0), OK); /* some day to come: nothing changes yet */
  assert_true(alive(x));
  assert_int_equal(get(x, "/cases"), 200);
  assert_int_equal(end_of(&m, 0, 0), OK);
  assert_false(alive(x));
  assert_int_equal(ask(&t_live, m.user, 0), 0);
  assert_int_equal(end_of(&m, 0, 0), CONFLICT);
  free(x);
}

static void a_membership_whose_day_has_come_is_no_membership(void **state)
{
  struct window *x = window();
  struct make m = account("until", npo, "worker");
  alter(&t_tries, 0, 0);
  assert_int_equal(sign_in_as(x, "until", GOOD), 200);
  assert_int_equal(get(x, "/cases"), 200);
  alter(&t_over, m.membership, 0);
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
  alter(&t_tries, 0, 0);
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
  assert_int_equal(ask(&t_live, m.user, 0), 1);
  free(x);
  free(y);
}

/* --- administrators --- */

static struct make keeper, helper;

static struct window *administrator(const char *login, struct make *ret)
{
  struct window *x = window();
  *ret = account(login, office, "admin");
  alter(&t_tries, 0, 0);
  assert_int_equal(sign_in_as(x, login, GOOD), 200);
  assert_int_equal(json(x, "/second-factor"), 200);
  wait_for_room();
  assert_int_equal(send_code(x, code_at(answer(x, "secret"), clock_now())), 200);
  return x;
}

static void cases_pass_to_the_successor_in_the_same_instant(void **state)
{
  struct actor leaver = world_member(&w, npo, ROLE_WORKER, "辞める人"),
               heir = world_member(&w, npo, ROLE_WORKER, "継ぐ人");
  struct actor stranger = world_member(&w, office, ROLE_WORKER, "よその人");
  (void)world_case(&w, &leaver, "試験 太郎", (struct date){2009, 5, 5});
  struct make m = {.user = leaver.user, .membership = leaver.membership};
  assert_int_equal(ask(&t_assigned, leaver.user, clock_now()), 1);
  assert_int_equal(end_of(&m, 0, stranger.user), INVALID);
  assert_int_equal(ask(&t_assigned, leaver.user, clock_now()), 1);
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
  assert_int_equal(ask(&t_assigned, leaver.user, clock_now()), 0);
  assert_int_equal(ask(&t_assigned, heir.user, clock_now()), 1);
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
  alter(&t_tries, 0, 0);
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
  alter(&t_tries, 0, 0);
  assert_int_equal(sign_in_as(x, "many", GOOD), 200);
  assert_int_equal(sign_in_as(y, "many", GOOD), 200);
  assert_int_equal(json(y, "/sessions"), 200);
  struct str id = answer(y, "sessions.0.id"), mine = answer(y, "sessions.0.current");
  (void)mine;
  assert_int_equal(sign_in_as(z, "somebody", GOOD), 200);
  char path[80];
  snprintf(path, sizeof(path), "/sessions/%.*s/end", STR_FMT(id));
  assert_int_equal(post(z, "/sessions", path, ""), 404); /* another's session does not exist */
  assert_int_equal(ask(&t_live, m.user, 0), 2);
  assert_int_equal(post(x, "/sessions", path, ""), 200);
  assert_int_equal(ask(&t_live, m.user, 0), 1);
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
  alter(&t_tries, 0, 0);
  for (int i = 0; i < RACERS; i++)
    r[i].x = window();
  race(r, race_in);
  for (int i = 0; i < RACERS; i++)
    assert_int_equal(r[i].status, 200);
  assert_int_equal(ask(&t_live, m.user, 0), RACERS);
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
  return cmocka_run_group_tests_name("sign", tests, start, stop);
}
