/* session.c: what a session is worth, over the wire, on both engines: its token changes whenever it may do more, a planted one is never
 * taken over, and all others end when password or factor change, when the account is stopped, when its owner signs out. */
#include "door.h"

#include <stdlib.h>
#include <string.h>

#include "audit/audit.h"
#include "base/clock.h"

static bool alive_with(const char *token)
{
  struct window *x = window();
  snprintf(x->session, sizeof(x->session), "%s", token);
  bool lives = alive(x);
  free(x);
  return lives;
}

/* A window signed in with one factor. */
static struct window *signed_in(const char *login)
{
  struct window *x = window();
  alter(t_tries, 0, 0);
  assert_int_equal(sign_in_as(x, login, GOOD), 200);
  return x;
}

static void changes(const struct window *x, char before[64])
{
  assert_string_not_equal(x->session, before);
  assert_false(alive_with(before));
  snprintf(before, 64, "%s", x->session);
}

/* ---- rotation --------------------------------------------------------------------------------------------------------------- */

static enum code second_membership(struct tx *tx, void *arg, struct err *e)
{
  struct make *m = arg;
  return membership_add(tx, m->user, office, ROLE_WORKER, tx_now(tx), 0, &m->membership, e);
}

static void the_token_changes_with_every_right(void **state)
{
  struct err e = {0};
  struct make m = account("rotates", npo, "coordinator"), other = m;
  char before[64], body[200];
  ok(world_write(&w, NULL, second_membership, &other, &e));
  struct window *x = signed_in("rotates");
  snprintf(before, sizeof(before), "%s", x->session);
  assert_int_equal(sign_in_as(x, "rotates", GOOD), 200);
  changes(x, before);
  struct str id = id_text(w.a, m.membership);
  snprintf(body, sizeof(body), "membership=%.*s", STR_FMT(id));
  assert_int_equal(post(x, "/membership", "/membership", body), 200);
  changes(x, before);
  assert_int_equal(json(x, "/second-factor"), 200);
  wait_for_room();
  assert_int_equal(send_code(x, code_at(answer(x, "secret"), clock_now())), 200);
  changes(x, before);
  assert_true(alive(x));
  assert_int_equal(post(x, "/sessions", "/password", "old=" GOOD "&new=" BETTER "&again=" BETTER), 200);
  changes(x, before);
  assert_true(alive(x));
  assert_int_equal(ask(t_live, m.user, 0), 1);
  free(x);
}

/* ---- fixation --------------------------------------------------------------------------------------------------------------- */

static void a_planted_token_is_never_taken_over(void **state)
{
  account("planter", npo, "worker");
  account("victim", npo, "worker");
  struct window *planter = signed_in("planter"), *x = window();
  snprintf(x->session, sizeof(x->session), "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
  assert_int_equal(post(x, NULL, "/sign-in", "login=victim&password=" GOOD), 200);
  assert_string_not_equal(x->session, "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
  assert_false(alive_with("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"));
  /* a live session of somebody else's in the browser: it ends, and does not become the victim's */
  snprintf(x->session, sizeof(x->session), "%s", planter->session);
  assert_int_equal(sign_in_as(x, "victim", GOOD), 200);
  assert_string_not_equal(x->session, planter->session);
  assert_false(alive(planter));
  assert_true(alive(x));
  free(planter);
  free(x);
}

static void the_address_carries_no_session(void **state)
{
  account("by-address", npo, "worker");
  struct window *x = signed_in("by-address"), *y = window();
  char path[200];
  snprintf(path, sizeof(path), "/sessions?session=%s", x->session);
  assert_int_equal(get(y, path), 303);
  snprintf(path, sizeof(path), "/sessions;session=%s", x->session);
  assert_int_not_equal(get(y, path), 200);
  free(x);
  free(y);
}

/* ---- the end of all others ----------------------------------------------------------------------------------------------------- */

static void a_new_factor_ends_all_other_sessions(void **state)
{
  struct make m = account("factor1", npo, "worker");
  struct window *x = signed_in("factor1"), *y = signed_in("factor1");
  assert_true(alive(x) && alive(y));
  assert_int_equal(json(x, "/second-factor"), 200);
  wait_for_room();
  assert_int_equal(send_code(x, code_at(answer(x, "secret"), clock_now())), 200);
  assert_true(alive(x));
  assert_false(alive(y));
  assert_int_equal(ask(t_live, m.user, 0), 1); /* ended, not only waiting for the factor */
  free(x);
  free(y);
}

static void new_codes_on_paper_end_all_other_sessions(void **state)
{
  account("factor2", npo, "worker");
  struct window *x = signed_in("factor2"), *y = signed_in("factor2");
  assert_int_equal(post(x, "/second-factor", "/second-factor/paper", ""), 200);
  struct str code = answer(x, "codes.0.code"), next = answer(x, "codes.1.code");
  assert_false(alive(y));
  assert_int_equal(send_code(x, code), 200);
  y->session[0] = 0;
  assert_int_equal(sign_in_as(y, "factor2", GOOD), 200);
  assert_int_equal(send_code(y, next), 200);
  assert_true(alive(x) && alive(y));
  assert_int_equal(post(x, "/sessions", "/second-factor/paper", ""), 200);
  assert_true(alive(x));
  assert_false(alive(y));
  free(x);
  free(y);
}

static void signing_out_ends_it_on_the_server(void **state)
{
  account("leaves", npo, "worker");
  struct window *x = signed_in("leaves");
  char before[64];
  snprintf(before, sizeof(before), "%s", x->session);
  assert_int_equal(post(x, "/sessions", "/sign-out", ""), 200);
  assert_string_equal(x->session, "");
  assert_false(alive_with(before));
  free(x);
}

/* ---- a lost phone ---------------------------------------------------------------------------------------------------------------- */

static int act_on(struct window *admin, const struct make *m, const char *what)
{
  char path[100];
  struct str id = id_text(w.a, m->user);
  snprintf(path, sizeof(path), "/accounts/%.*s/%s", STR_FMT(id), what);
  return post(admin, "/sessions", path, "");
}

struct token {
  struct make m;
  struct str text;
};

static enum code make_token(struct tx *tx, void *arg, struct err *e)
{
  struct token *t = arg;
  id64 id;
  unsigned char hash[HASH];
  token_hash(keyfile_pepper(w.keys), t->text, hash);
  struct token_new n = {.user = t->m.user,
                        .membership = t->m.membership,
                        .name = S("robot"),
                        .hash = (struct str){(const char *)hash, HASH},
                        .until = tx_now(tx) + MS_DAY};
  struct actor service = {.network = w.network, .role = ROLE_SERVICE, .second_factor = true};
  return api_token_create(tx, &service, &n, &id, e);
}

static int with_token(struct str token)
{
  struct window *x = window();
  char text[400];
  int n = snprintf(
      text, sizeof(text),
      "GET /cases HTTP/1.1\r\nHost: localhost\r\nAccept: application/json\r\nAuthorization: Bearer %.*s\r\n\r\n",
      STR_FMT(token));
  client_ask(http_port(door_server), text, (size_t)n, &x->reply);
  int status = x->reply.status;
  free(x);
  return status;
}

static void a_lost_phone_is_stopped_at_once(void **state)
{
  struct err e = {0};
  struct make keeper, m = account("lost-phone", npo, "worker");
  struct window *admin = administrator("stops", &keeper), *phone = signed_in("lost-phone"),
                *office_pc = signed_in("lost-phone");
  struct token t = {m, S("tttttttttttttttttttttttttttttttttttttttttt1")};
  ok(world_write(&w, NULL, make_token, &t, &e));
  assert_true(alive(phone) && alive(office_pc));
  assert_int_equal(with_token(t.text), 200);
  assert_int_equal(act_on(admin, &m, "stop"), 200);
  assert_false(alive(phone));
  assert_false(alive(office_pc));
  assert_int_equal(with_token(t.text), 401);
  assert_int_equal(ask(t_live, m.user, 0), 0);
  assert_int_equal(ask(t_tokens, m.user, clock_now()), 0);
  assert_true(ask(t_admin, EVENT_ADMIN, m.user) > 0);
  phone->session[0] = 0;
  assert_int_equal(sign_in_as(phone, "lost-phone", GOOD), 422);
  int64_t events = ask(t_admin, EVENT_ADMIN, m.user);
  assert_int_equal(act_on(admin, &m, "reopen"), 200);
  assert_int_equal(ask(t_admin, EVENT_ADMIN, m.user), events + 1);
  assert_false(alive(office_pc)); /* what ended stays ended */
  assert_int_equal(with_token(t.text), 401);
  assert_int_equal(sign_in_as(phone, "lost-phone", GOOD), 200);
  assert_int_equal(act_on(phone, &m, "stop"), 403); /* not by everybody */
  free(admin);
  free(phone);
  free(office_pc);
}

static void the_last_administrator_is_not_stopped(void **state)
{
  struct make first, second;
  alter(t_no_keepers, 0, 0);
  struct window *x = administrator("only1", &first), *y = administrator("only2", &second);
  assert_int_equal(act_on(x, &second, "stop"), 200);
  assert_false(alive(y));
  assert_int_equal(act_on(x, &first, "stop"), 409);
  assert_true(alive(x));
  assert_int_equal(act_on(x, &second, "reopen"), 200);
  assert_int_equal(act_on(x, &first, "stop"), 200); /* one's own: there is another */
  assert_false(alive(x));
  free(x);
  free(y);
}

/* ---- cookies ----------------------------------------------------------------------------------------------------------------------- */

static void cookies_have_their_flags_on_both_ways(void **state)
{
  account("cookies", npo, "worker");
  struct window *x = signed_in("cookies"), *y = window(), *z = window();
  char line[400];
  sign_in_as(x, "cookies", GOOD);
  assert_non_null(strstr(reply_header(&x->reply, "Set-Cookie", line, sizeof(line)), "session="));
  assert_null(strstr(line, "Secure")); /* plain, on this machine itself */
  assert_null(strstr(line, "__Host-"));
  assert_non_null(strstr(line, "; HttpOnly"));
  assert_non_null(strstr(line, "; SameSite=Lax"));
  assert_string_equal(reply_header(&x->reply, "Strict-Transport-Security", line, sizeof(line)), "");
  snprintf(y->address, sizeof(y->address), "192.0.2.7"); /* by TLS */
  assert_int_equal(sign_in_as(y, "cookies", GOOD), 200);
  assert_non_null(strstr(y->reply.bytes, "Set-Cookie: __Host-session="));
  assert_non_null(strstr(y->reply.bytes, "; Secure"));
  assert_null(strcasestr(y->reply.bytes, "Domain="));
  assert_string_equal(reply_header(&y->reply, "Strict-Transport-Security", line, sizeof(line)), "max-age=31536000");
  assert_true(alive(y));
  snprintf(z->session, sizeof(z->session), "%s", y->session); /* a cookie set without TLS is none under it */
  snprintf(z->more, sizeof(z->more), "X-Forwarded-For: 192.0.2.7\r\nX-Forwarded-Proto: https\r\n");
  assert_int_equal(get(z, "/sessions"), 303);
  free(x);
  free(y);
  free(z);
}

int main(int argc, char **argv)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_token_changes_with_every_right),
      cmocka_unit_test(a_planted_token_is_never_taken_over),
      cmocka_unit_test(the_address_carries_no_session),
      cmocka_unit_test(a_new_factor_ends_all_other_sessions),
      cmocka_unit_test(new_codes_on_paper_end_all_other_sessions),
      cmocka_unit_test(signing_out_ends_it_on_the_server),
      cmocka_unit_test(a_lost_phone_is_stopped_at_once),
      cmocka_unit_test(the_last_administrator_is_not_stopped),
      cmocka_unit_test(cookies_have_their_flags_on_both_ways),
  };
  store_choose(argc, argv);
  return cmocka_run_group_tests_name("session", tests, door_start, door_stop);
}
