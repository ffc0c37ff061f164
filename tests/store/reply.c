/* reply.c: a receiver without an account answers by a link and a code told by telephone; whatever is missing, nothing is shown. */
#include "served.h"

#include <stdlib.h>

#include "access/rederive.h"
#include "connection/connection_sql.h"
#include "connection/reply.h"

static const struct date seventeen = {2009, 6, 1};
enum { COVERED = CAT_BASIC | CAT_CONTACT | CAT_SUPPORT };

struct town {
  struct served s;
  id64 city, place;
  struct visitor worker;
  struct world_case boy;
  id64 connection, consent;
  char token[TOKEN_SIZE], code[16], cookie[TOKEN_SIZE];
};

static enum code fill(struct tx *tx, void *arg, struct err *e)
{
  struct town *t = arg;
  const struct scope *s = NULL;
  enum code c = access_open(tx, &t->worker.actor, ACTION_PERSON_WRITE, t->boy.person, &s, e);
  if (c == OK)
    c = person_put(tx, s, ATTRIBUTE_ADDRESS, S("CNRYADDRESS"), SOURCE_PERSON, e);
  return c == OK ? person_put(tx, s, ATTRIBUTE_SCHOOL, S("CNRYSCHOOL"), SOURCE_PERSON, e) : c;
}

static void town_new(struct town *t)
{
  struct err e = {0};
  *t = (struct town){0};
  served_new(&t->s);
  t->city = world_org(&t->s.w, "子ども若者支援課", "council");
  t->place = world_org(&t->s.w, "まちの写真館", "outside");
  t->worker = served_member(&t->s, t->city, ROLE_WORKER, "窓口の人");
  t->boy = world_case(&t->s.w, &t->worker.actor, "CNRYNAME", seventeen);
  ok(world_write(&t->s.w, &t->worker.actor, fill, t, &e));
  t->consent = world_consent(&t->s.w, &t->worker.actor, &t->boy, PARTY_PERSON, t->place, COVERED);
  t->connection = world_send(&t->s.w, &t->worker.actor, &t->boy, t->place, "help");
}

static void take(const char *page, const char *after, const char *letters, char *to, size_t size)
{
  const char *at = strstr(page, after);
  assert_non_null(at);
  at += strlen(after);
  size_t n = strspn(at, letters);
  assert_true(n && n < size);
  memcpy(to, at, n);
  to[n] = '\0';
}

#define BASE64 "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

/* The sender makes a link and reads what is told once. */
static void make_link(struct town *t)
{
  char path[PATH_SIZE];
  snprintf(path, sizeof path, "%s", served_path("/connections/", t->connection, "/link"));
  assert_int_equal(served_post(&t->s, &t->worker, path, "", WANT_HTML), 200);
  take(t->s.page.body, "/reply?t&#61;", BASE64, t->token, sizeof t->token);
  take(t->s.page.body, "class=\"spoken\">", "0123456789-", t->code, sizeof t->code);
  assert_null(strstr(t->s.page.body, "CNRY"));
  assert_int_equal(served_get(&t->s, &t->worker, path, WANT_HTML), 200); /* not a second time */
  assert_null(strstr(t->s.page.body, t->token));
  assert_null(strstr(t->s.page.body, t->code));
}

/* A browser that nobody is signed in with. */
static int ask(struct town *t, const char *method, const char *path, const char *body)
{
  char bytes[4000];
  int n =
      snprintf(bytes, sizeof bytes,
               "%s %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAccept: text/html\r\nCookie: lang=ja%s%s\r\n",
               method, path, t->cookie[0] ? "; reply=" : "", t->cookie);
  n += strcmp(method, "POST") == 0
           ? snprintf(bytes + n, sizeof bytes - (size_t)n,
                      "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: %zu\r\n\r\n%s", strlen(body),
                      body)
           : snprintf(bytes + n, sizeof bytes - (size_t)n, "\r\n");
  int status = served_bytes(&t->s, bytes, (size_t)n);
  if (strstr(t->s.page.bytes, "Set-Cookie: reply=") && !strstr(t->s.page.bytes, "Max-Age=0"))
    take(t->s.page.bytes, "Set-Cookie: reply=", BASE64, t->cookie, sizeof t->cookie);
  return status;
}

static int door(struct town *t)
{
  char path[100];
  snprintf(path, sizeof path, "/reply?t=%s", t->token);
  int status = ask(t, "GET", path, "");
  assert_null(strstr(t->s.page.bytes, "CNRY"));
  return status;
}

static int says(struct town *t, const char *code)
{
  char body[200];
  snprintf(body, sizeof body, "t=%s&code=%s", t->token, code);
  int status = ask(t, "POST", "/reply", body);
  assert_null(strstr(t->s.page.bytes, "CNRY"));
  return status;
}

static const char *wrong_of(const struct town *t)
{
  return strcmp(t->code, "1111-1111") == 0 ? "2222-2222" : "1111-1111";
}

static enum code get(struct tx *tx, void *arg, struct err *e)
{
  struct connection *c = arg;
  return connection_sql_get(tx, c->id, c, e);
}

static enum connection_state state_of(struct town *t)
{
  struct err e = {0};
  struct connection c = {.id = t->connection};
  ok(world_read(&t->s.w, NULL, get, &c, &e));
  return c.state;
}

/* ---- time goes by ------------------------------------------------------------------------------------------------------- */

STMT_WRITE(q_tries, "tp_tries", "DELETE FROM attempt WHERE network_id = $1");
STMT_WRITE(q_session, "tp_session", "UPDATE reply_session SET until_at = 1 WHERE network_id = $1");
STMT_WRITE(q_link, "tp_link", "UPDATE reply_link SET until_at = 1 WHERE network_id = $1");
enum later { LATER_TRIES, LATER_SESSION, LATER_LINK }; /* a quarter of an hour, an hour, two weeks */

static enum code go_by(struct tx *tx, void *arg, struct err *e)
{
  static const struct stmt *const done[] = {&q_tries, &q_session, &q_link};
  return db_exec(tx, done[*(const enum later *)arg], NULL, e, BINDS(b_int(tx_network(tx))));
}

static void later(struct town *t, enum later what)
{
  struct err e = {0};
  ok(world_write(&t->s.w, NULL, go_by, &what, &e));
}

/* ---- what must hold ---------------------------------------------------------------------------------------------------- */

static void with_link_and_code_the_covered_part_is_shown_and_the_answer_comes_back(void **state)
{
  struct town t;
  town_new(&t);
  make_link(&t);
  assert_int_equal(door(&t), 200);
  assert_int_equal(state_of(&t), CONNECTION_SENT); /* the door alone opens nothing */
  assert_int_equal(says(&t, t.code), 303);
  assert_int_equal(ask(&t, "GET", "/reply/sheet", ""), 200);
  assert_non_null(strstr(t.s.page.body, "CNRYNAME"));
  assert_non_null(strstr(t.s.page.body, "CNRYADDRESS"));
  assert_null(strstr(t.s.page.body, "CNRYSCHOOL")); /* education is not covered */
  assert_int_equal(state_of(&t), CONNECTION_RECEIVED);
  assert_int_equal(ask(&t, "POST", "/reply/sheet", "answer=decline&name=Tanaka"), 422); /* without a reason */
  assert_int_equal(ask(&t, "POST", "/reply/sheet", "answer=accept&name=Tanaka&text=CNRYANSWER"), 303);
  assert_int_equal(state_of(&t), CONNECTION_ACCEPTED);
  assert_int_equal(served_get(&t.s, &t.worker, served_path("/connections/", t.connection, ""), WANT_HTML), 200);
  assert_non_null(strstr(t.s.page.body, "CNRYANSWER"));
  assert_non_null(strstr(t.s.page.body, "リンク Tanaka"));
  /* used: neither the browser nor the link shows anything any more */
  assert_int_equal(ask(&t, "GET", "/reply/sheet", ""), 409);
  assert_int_equal(door(&t), 409);
  assert_non_null(strstr(t.s.page.body, "返事は、もう受け取っています"));
  assert_int_equal(says(&t, t.code), 409);
  served_free(&t.s);
}

/* Each look, the place's own too, is decided once more by the facts of its revision. */
static void everything_is_permitted(struct town *t)
{
  struct err e = {0};
  struct doc *findings = doc_list(t->s.w.a);
  struct rederived sum = {0};
  ok(access_rederive(t->s.w.store.db, t->s.w.network, t->s.w.a, &findings, &sum, &e));
  assert_int_equal(sum.bad, 0);
  assert_true(sum.looks > 0);
}

static void the_person_reads_that_the_place_looked(void **state)
{
  struct town t;
  town_new(&t);
  make_link(&t);
  assert_int_equal(says(&t, t.code), 303);
  assert_int_equal(ask(&t, "GET", "/reply/sheet", ""), 200);
  assert_string_equal(store_ask(&t.s.w.store, "SELECT count(*) FROM seen WHERE user_id = 0"), "1");
  assert_int_equal(served_get(&t.s, &t.worker, served_path("/cases/", t.boy.case_id, "/seen"), WANT_HTML), 200);
  assert_non_null(strstr(t.s.page.body, "まちの写真館"));
  everything_is_permitted(&t);
  served_free(&t.s);
}

static void a_leaked_link_shows_nothing_and_guessing_ends_it(void **state)
{
  struct town t;
  town_new(&t);
  make_link(&t);
  assert_int_equal(ask(&t, "GET", "/reply/sheet", ""), 404);
  for (int i = 0; i < REPLY_TRIES; i++)
    assert_int_equal(says(&t, wrong_of(&t)), 422);
  assert_int_equal(says(&t, wrong_of(&t)), 429);
  assert_int_equal(says(&t, t.code), 429); /* also the right one: it is not looked at */
  assert_int_equal(ask(&t, "GET", "/reply/sheet", ""), 404);
  assert_string_equal(store_ask(&t.s.w.store, "SELECT CAST(max(wrong) AS text) FROM reply_link"), "5");
  later(&t, LATER_TRIES);
  for (int i = 0; i < REPLY_WRONG - REPLY_TRIES; i++)
    assert_int_equal(says(&t, wrong_of(&t)), 422);
  later(&t, LATER_TRIES);
  assert_int_equal(says(&t, t.code), 409); /* for good */
  assert_non_null(strstr(t.s.page.body, "何度もまちがえられたため"));
  assert_int_equal(served_get(&t.s, &t.worker, served_path("/connections/", t.connection, "/link"), WANT_HTML), 200);
  assert_non_null(
      strstr(t.s.page.body, "合言葉が10回まちがえられたため")); /* its sender is told, there and without looking */
  assert_int_equal(served_get(&t.s, &t.worker, "/news", WANT_HTML), 200);
  assert_non_null(strstr(t.s.page.body, "返事のリンクが閉じました"));
  assert_null(strstr(t.s.page.body, "CNRY"));
  assert_int_equal(state_of(&t), CONNECTION_SENT);
  served_free(&t.s);
}

static void a_withdrawn_consent_ends_what_the_link_shows(void **state)
{
  struct town t;
  town_new(&t);
  make_link(&t);
  assert_int_equal(says(&t, t.code), 303);
  assert_int_equal(ask(&t, "GET", "/reply/sheet", ""), 200);
  assert_int_equal(world_withdraw(&t.s.w, &t.worker.actor, t.consent, t.place), OK);
  assert_int_equal(ask(&t, "GET", "/reply/sheet", ""), 409);
  assert_null(strstr(t.s.page.bytes, "CNRY"));
  assert_int_equal(ask(&t, "POST", "/reply/sheet", "answer=accept&name=Tanaka"), 422);
  assert_null(strstr(t.s.page.bytes, "CNRY"));
  assert_int_equal(state_of(&t), CONNECTION_WITHDRAWN);
  served_free(&t.s);
}

static void a_new_link_ends_the_one_before_and_time_ends_both(void **state)
{
  struct town t;
  town_new(&t);
  make_link(&t);
  assert_int_equal(says(&t, t.code), 303);
  char first[TOKEN_SIZE];
  snprintf(first, sizeof first, "%s", t.cookie);
  make_link(&t);
  assert_int_equal(ask(&t, "GET", "/reply/sheet", ""), 409);
  assert_non_null(strstr(t.s.page.body, "新しいリンクが作られたため"));
  t.cookie[0] = '\0';
  assert_int_equal(says(&t, t.code), 303);
  assert_string_not_equal(first, t.cookie);
  assert_int_equal(ask(&t, "GET", "/reply/sheet", ""), 200);
  later(&t, LATER_SESSION);
  assert_int_equal(ask(&t, "GET", "/reply/sheet", ""), 404); /* an hour is over: the code is asked again */
  assert_int_equal(says(&t, t.code), 303);
  assert_int_equal(ask(&t, "GET", "/reply/sheet", ""), 200);
  later(&t, LATER_LINK);
  assert_int_equal(ask(&t, "GET", "/reply/sheet", ""), 409);
  assert_int_equal(door(&t), 409);
  assert_null(
      strstr(t.s.page.bytes, "今日のページにもどる")); /* who has no account is not sent to where one signs in */
  assert_non_null(strstr(t.s.page.body, "期限が切れました"));
  t.token[0] = t.token[0] == 'A' ? 'B' : 'A';
  assert_int_equal(door(&t), 404); /* nobody who guesses learns anything */
  served_free(&t.s);
}

/* At the counter's PC and at home: whoever answers first has answered, and the other's words are not lost. */
static void a_link_opened_in_two_windows_takes_one_answer_and_loses_no_word(void **state)
{
  struct town t;
  char first[TOKEN_SIZE], second[TOKEN_SIZE];
  town_new(&t);
  make_link(&t);
  assert_int_equal(says(&t, t.code), 303);
  snprintf(first, sizeof first, "%s", t.cookie);
  t.cookie[0] = '\0';
  assert_int_equal(says(&t, t.code), 303);
  snprintf(second, sizeof second, "%s", t.cookie);
  assert_string_not_equal(first, second);
  snprintf(t.cookie, sizeof t.cookie, "%s", first);
  assert_int_equal(ask(&t, "GET", "/reply/sheet", ""), 200); /* the first window lives on */
  snprintf(t.cookie, sizeof t.cookie, "%s", second);
  assert_int_equal(ask(&t, "GET", "/reply/sheet", ""), 200);
  assert_int_equal(ask(&t, "POST", "/reply/sheet", "answer=accept&name=Tanaka&text=CNRYANSWER"), 303);
  snprintf(t.cookie, sizeof t.cookie, "%s", first);
  assert_int_equal(ask(&t, "POST", "/reply/sheet", "answer=decline&name=Tanaka&text=LATEWORDS"), 422);
  assert_non_null(strstr(t.s.page.body, "返事は、もう受け取っています"));
  assert_non_null(strstr(t.s.page.body, "LATEWORDS")); /* what was typed comes back, and nothing of anybody */
  assert_null(strstr(t.s.page.bytes, "CNRY"));
  assert_int_equal(state_of(&t), CONNECTION_ACCEPTED);
  served_free(&t.s);
}

static void what_was_typed_outlives_the_hour(void **state)
{
  struct town t;
  town_new(&t);
  make_link(&t);
  assert_int_equal(says(&t, t.code), 303);
  later(&t, LATER_SESSION);
  assert_int_equal(ask(&t, "POST", "/reply/sheet", "answer=decline&name=Tanaka&text=LATEWORDS"), 422);
  assert_non_null(strstr(t.s.page.body, "開いてから1時間たったので"));
  assert_non_null(strstr(t.s.page.body, "LATEWORDS"));
  assert_null(strstr(t.s.page.bytes, "CNRY"));
  assert_int_equal(state_of(&t), CONNECTION_SENT);
  served_free(&t.s);
}

STORE_MAIN(cmocka_unit_test(with_link_and_code_the_covered_part_is_shown_and_the_answer_comes_back),
           cmocka_unit_test(the_person_reads_that_the_place_looked),
           cmocka_unit_test(a_leaked_link_shows_nothing_and_guessing_ends_it),
           cmocka_unit_test(a_withdrawn_consent_ends_what_the_link_shows),
           cmocka_unit_test(a_new_link_ends_the_one_before_and_time_ends_both),
           cmocka_unit_test(a_link_opened_in_two_windows_takes_one_answer_and_loses_no_word),
           cmocka_unit_test(what_was_typed_outlives_the_hour))
