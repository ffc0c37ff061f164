/* guess.c: guesses. However many addresses they come from, at most a hundred a day reach a secret; the owner still gets in; and nobody
 * learns from bytes or time whether an account is there. A guess that reached the secret has left its event. TSUNAGU_GUESSES says how
 * many there are: `make attack` sends 10,000. */
#include "door.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "audit/audit.h"
#include "base/clock.h"

static int guesses(void)
{
  const char *text = getenv("TSUNAGU_GUESSES");
  int n = text ? (int)strtol(text, NULL, 10) : 0;
  return n > 100 ? n : 400;
}

static void another_address(struct window *x, int i)
{
  snprintf(x->address, sizeof(x->address), "198.%d.%d.%d", 18 + i / 65536 % 2, i / 256 % 256, i % 256);
}

static int64_t reached(const struct make *m)
{
  return ask(t_events, EVENT_SIGN_IN_FAILED, m->user);
}

/* ---- passwords ------------------------------------------------------------------------------------------------------------------ */

static void guesses_at_once_reach_the_password_ten_times(void **state)
{
  struct window *x = window();
  struct make m = account("besieged", npo, "worker");
  int refused = 0;
  alter(t_tries, 0, 0);
  for (int i = 0; i < guesses(); i++) {
    another_address(x, i);
    x->session[0] = 0;
    refused += sign_in_as(x, "besieged", BETTER) == 429;
  }
  assert_int_equal(reached(&m), TRIES_ACCOUNT);
  assert_int_equal(refused, guesses() - TRIES_ACCOUNT);
  another_address(x, guesses());
  assert_int_equal(sign_in_as(x, "besieged", GOOD), 429); /* also the right one, from a browser that nobody knows */
  free(x);
}

/* As many, spread over a day: whoever waits the short windows out meets the long one. */
static void guesses_of_a_day_reach_the_password_a_hundred_times(void **state)
{
  struct window *x = window(), *owner = window();
  struct make keeper, m = account("patient", npo, "worker");
  struct window *admin = administrator("helps", &keeper);
  int windows = 95, each = guesses() / windows + 8;
  alter(t_tries, 0, 0);
  snprintf(owner->address, sizeof(owner->address), "192.0.2.1");
  assert_int_equal(sign_in_as(owner, "patient", GOOD), 200); /* some day before */
  assert_string_not_equal(owner->known, "");
  for (int k = 0; k < windows; k++) {
    for (int i = 0; i < each; i++) {
      another_address(x, k * each + i);
      x->session[0] = 0;
      assert_int_not_equal(sign_in_as(x, "patient", BETTER), 200);
    }
    alter(t_past, TRY_WINDOW_MS, 0);
  }
  assert_int_equal(reached(&m), TRIES_A_DAY);
  /* the owner's own browser is not kept out, and its success opens nothing to the others */
  owner->session[0] = 0;
  assert_int_equal(sign_in_as(owner, "patient", GOOD), 200);
  x->session[0] = x->known[0] = 0;
  assert_int_equal(sign_in_as(x, "patient", GOOD), 429);
  /* from another browser: by an administrator's new password */
  char path[100], password[60];
  struct str id = id_text(w.a, m.user);
  snprintf(path, sizeof(path), "/accounts/%.*s/password", STR_FMT(id));
  assert_int_equal(post(admin, "/sessions", path, ""), 200);
  snprintf(password, sizeof(password), "%.*s", STR_FMT(answer(admin, "password")));
  assert_int_equal(sign_in_as(x, "patient", password), 200);
  free(x);
  free(owner);
  free(admin);
}

static void a_known_browser_has_no_more_tries_than_others(void **state)
{
  struct window *x = window();
  char cookie[120];
  struct make m = account("known-one", npo, "worker"), other = account("known-two", npo, "worker");
  alter(t_tries, 0, 0);
  assert_int_equal(sign_in_as(x, "known-one", GOOD), 200);
  snprintf(cookie, sizeof(cookie), "%s", x->known);
  for (int i = 0; i < 3 * TRIES_ACCOUNT; i++) {
    x->session[0] = 0;
    (void)sign_in_as(x, "known-one", BETTER);
  }
  assert_int_equal(reached(&m), TRIES_ACCOUNT);
  /* the cookie is good for its login alone, and not when a letter is changed */
  for (int i = 0; i < 3 * TRIES_ACCOUNT; i++) {
    another_address(x, i);
    x->session[0] = 0;
    (void)sign_in_as(x, "known-two", BETTER);
  }
  assert_int_equal(reached(&other), TRIES_ACCOUNT);
  x->address[0] = 0;
  for (int i = 0; i < 3; i++) {
    char *last = x->known + strlen(x->known) - 1;
    snprintf(x->known, sizeof(x->known), "%s", cookie);
    *last = (char)('0' + i) == *last ? 'f' : (char)('0' + i);
    (void)sign_in_as(x, "known-one", BETTER); /* counts as a stranger's: the account's own window */
  }
  assert_int_equal(reached(&m), TRIES_ACCOUNT + 3);
  free(x);
}

/* ---- addresses -------------------------------------------------------------------------------------------------------------------- */

static int guess_from(struct window *x, const char *address, int i)
{
  char login[40];
  snprintf(x->address, sizeof(x->address), "%s", address);
  snprintf(login, sizeof(login), "spray%d", i);
  return sign_in_as(x, login, GOOD);
}

static void only_the_proxys_own_word_counts(void **state)
{
  struct window *x = window();
  char list[60];
  alter(t_tries, 0, 0);
  for (int i = 0; i < TRIES_ADDRESS; i++) { /* what the client itself put in front changes nothing */
    snprintf(list, sizeof(list), "10.%d.%d.1, 203.0.113.5", i / 256, i % 256);
    assert_int_equal(guess_from(x, list, i), 422);
  }
  assert_int_equal(guess_from(x, "10.9.9.9, 203.0.113.5", 1000), 429);
  assert_int_equal(guess_from(x, "203.0.113.6", 1001), 422);
  free(x);
}

static void a_customer_of_ipv6_is_one_address(void **state)
{
  struct window *x = window();
  char address[60];
  alter(t_tries, 0, 0);
  for (int i = 0; i < TRIES_ADDRESS; i++) {
    snprintf(address, sizeof(address), "2001:db8:1:2:%x::%x", i, i);
    assert_int_equal(guess_from(x, address, i), 422);
  }
  assert_int_equal(guess_from(x, "2001:db8:1:2:ffff::1", 1000), 429);
  assert_int_equal(guess_from(x, "2001:db8:1:3::1", 1001), 422);
  free(x);
}

static void without_a_trusted_proxy_its_headers_open_nothing(void **state)
{
  struct err e = {0};
  struct http_server *plain;
  struct window *x = window();
  struct http_options o = {.listen = S("127.0.0.1:0"), .dispatch = gate_dispatch, .app = &app, .workers = 2};
  ok(http_start(&o, &plain, &e));
  door_port = http_port(plain);
  account("direct", npo, "worker");
  alter(t_tries, 0, 0);
  another_address(x, 1);
  assert_int_equal(sign_in_as(x, "direct", GOOD), 403);
  x->address[0] = 0;
  assert_int_equal(sign_in_as(x, "direct", GOOD), 200);
  door_port = 0;
  http_stop(plain);
  free(x);
}

/* ---- the second factor ---------------------------------------------------------------------------------------------------------------- */

static void guess_codes(struct window *x, const struct make *m, const char *format)
{
  char code[20];
  int64_t before = reached(m);
  int rounds = guesses() / 5;
  for (int i = 0; i < rounds; i++) {
    another_address(x, i);
    snprintf(code, sizeof(code), "%06d", i);
    if (format[0] == 'p')
      snprintf(code, sizeof(code), "abcd-%04d", 2000 + i);
    (void)send_code(x, str_from(code));
  }
  assert_int_equal(reached(m), before + TRIES_FACTOR);
  for (int k = 0; k < 30; k++) {
    alter(t_past, TRY_WINDOW_MS, 0);
    for (int i = 0; i <= TRIES_FACTOR; i++)
      (void)send_code(x, S("000000"));
  }
  assert_int_equal(reached(m), before + TRIES_A_DAY);
}

static void codes_are_guessed_a_hundred_times_a_day(void **state)
{
  struct window *x = window(), *again = window();
  struct make keeper, m = account("codes", office, "coordinator"), paper = account("slips", office, "coordinator");
  struct window *admin = administrator("mends", &keeper);
  alter(t_tries, 0, 0);
  snprintf(x->address, sizeof(x->address), "192.0.2.9");
  assert_int_equal(sign_in_as(x, "codes", GOOD), 200);
  assert_int_equal(json(x, "/second-factor"), 200);
  struct str secret = answer(x, "secret");
  guess_codes(x, &m, "app");
  wait_for_room();
  assert_int_equal(send_code(x, code_at(secret, clock_now())), 429); /* also the right one */
  char path[100];
  struct str id = id_text(w.a, m.user);
  snprintf(path, sizeof(path), "/accounts/%.*s/factor", STR_FMT(id));
  assert_int_equal(post(admin, "/sessions", path, ""), 200); /* who owns it begins anew */
  assert_int_equal(sign_in_as(again, "codes", GOOD), 200);
  assert_int_equal(json(again, "/second-factor"), 200);
  wait_for_room();
  assert_int_equal(send_code(again, code_at(answer(again, "secret"), clock_now())), 200);
  x->session[0] = 0;
  assert_int_equal(sign_in_as(x, "slips", GOOD), 200);
  assert_int_equal(post(x, "/second-factor", "/second-factor/paper", ""), 200);
  guess_codes(x, &paper, "paper");
  free(x);
  free(again);
  free(admin);
}

static void no_count_no_code(void **state)
{
  struct window *x = window();
  account("uncounted", office, "coordinator");
  alter(t_tries, 0, 0);
  assert_int_equal(sign_in_as(x, "uncounted", GOOD), 200);
  assert_int_equal(json(x, "/second-factor"), 200);
  struct str secret = answer(x, "secret");
  wait_for_room();
  store_ddl(&w.store, "CREATE TRIGGER no_count BEFORE INSERT ON attempt BEGIN SELECT RAISE(ABORT, 'full'); END",
            "RESET ROLE; REVOKE INSERT ON attempt FROM tsunagu_app; SET ROLE tsunagu_app");
  assert_true(send_code(x, code_at(secret, clock_now())) >= 500);
  assert_false(alive(x));
  assert_true(post(x, "/second-factor", "/password", "old=" GOOD "&new=" BETTER "&again=" BETTER) >= 400);
  store_ddl(&w.store, "DROP TRIGGER no_count",
            "RESET ROLE; GRANT INSERT ON attempt TO tsunagu_app; SET ROLE tsunagu_app");
  assert_int_equal(send_code(x, code_at(secret, clock_now())), 200);
  free(x);
}

/* ---- who is there? ------------------------------------------------------------------------------------------------------------------- */

static double ms_of(struct window *x, const char *login)
{
  struct timespec from, to;
  clock_gettime(CLOCK_MONOTONIC, &from);
  assert_int_equal(sign_in_as(x, login, BETTER), 422);
  clock_gettime(CLOCK_MONOTONIC, &to);
  return (double)(to.tv_sec - from.tv_sec) * 1e3 + (double)(to.tv_nsec - from.tv_nsec) / 1e6;
}

static int by_value(const void *a, const void *b)
{
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* The answer but for what differs between any two: the time and the number of the request. */
static void comparable(const struct window *x, char *to, size_t size)
{
  snprintf(to, size, "%s", x->reply.bytes);
  static const char *const lines[] = {"\r\nDate: ", "\r\nX-Request-Id: "};
  for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
    char *at = strstr(to, lines[i]), *end = at ? strstr(at + 2, "\r\n") : NULL;
    if (end)
      memmove(at, end, strlen(end) + 1);
  }
  char *typed = strstr(to, "is-gone"); /* what was typed is given back */
  if (typed)
    memcpy(typed, "is-here", 7);
}

static void an_account_is_seen_neither_in_bytes_nor_in_time(void **state)
{
  enum { PAIRS = 200 };
  static double there[PAIRS], absent[PAIRS];
  static char first[REPLY_SIZE], second[REPLY_SIZE];
  struct window *x = window();
  account("is-here", npo, "worker");
  for (int i = 0; i < PAIRS; i++) {
    if (i % 9 == 0)
      alter(t_tries, 0, 0);
    bool turn = i % 2;
    double one = ms_of(x, turn ? "is-gone" : "is-here");
    comparable(x, turn ? second : first, REPLY_SIZE);
    double two = ms_of(x, turn ? "is-here" : "is-gone");
    comparable(x, turn ? first : second, REPLY_SIZE);
    there[i] = turn ? two : one;
    absent[i] = turn ? one : two;
    assert_string_equal(first, second);
  }
  qsort(there, PAIRS, sizeof *there, by_value);
  qsort(absent, PAIRS, sizeof *absent, by_value);
  double a = there[PAIRS / 2], b = absent[PAIRS / 2];
  print_message("median of %d: known %.3f ms, unknown %.3f ms\n", PAIRS, a, b);
  assert_true(a < 1.25 * b && b < 1.25 * a);
  free(x);
}

int main(int argc, char **argv)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(guesses_at_once_reach_the_password_ten_times),
      cmocka_unit_test(guesses_of_a_day_reach_the_password_a_hundred_times),
      cmocka_unit_test(a_known_browser_has_no_more_tries_than_others),
      cmocka_unit_test(only_the_proxys_own_word_counts),
      cmocka_unit_test(a_customer_of_ipv6_is_one_address),
      cmocka_unit_test(without_a_trusted_proxy_its_headers_open_nothing),
      cmocka_unit_test(codes_are_guessed_a_hundred_times_a_day),
      cmocka_unit_test(no_count_no_code),
      cmocka_unit_test(an_account_is_seen_neither_in_bytes_nor_in_time),
  };
  store_choose(argc, argv);
  return cmocka_run_group_tests_name("guess", tests, door_start, door_stop);
}
