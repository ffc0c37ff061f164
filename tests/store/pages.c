/* pages.c: what src/web puts together, over the wire: the page of a case, today, who looked, the first page, help. */
#include "fixture.h"

#include <unistd.h>

#include "../support/http_client.h"
#include "gate/gate.h"

static const struct date seventeen = {2009, 6, 1};
#define CANARY "カナリア"

static struct world w;
static struct app app;
static struct http_server *server;
static struct reply reply;
static id64 city, npo;
static struct actor worker, colleague, manager, admin, clerk, npo_manager;
static struct world_case boy;

/* ---- a town with a server ----------------------------------------------------------------------------------------------- */

STMT_WRITE(q_host, "tg_host", "INSERT INTO network_host (host, network_id) VALUES ('net.example.jp', $1)");
STMT_WRITE(
    q_session, "tg_session",
    "INSERT INTO session (network_id, id, token_hash, user_id, membership_id, created_at, seen_at, until_at, factor_at)"
    " VALUES ($1, $2, $3, $4, $5, $6, $6, $7, $6)");

/* The token of a member is the membership's id. */
static const char *token_of(const struct actor *who, char text[40])
{
  snprintf(text, 40, "t%032lld", (long long)who->membership);
  return text;
}

static enum code sign_in(struct tx *tx, void *arg, struct err *e)
{
  const struct actor *who = arg;
  char text[40];
  unsigned char hash[HASH];
  token_hash(keyfile_pepper(w.keys), str_from(token_of(who, text)), hash);
  return db_exec(tx, &q_session, NULL, e,
                 BINDS(b_int(tx_network(tx)), b_int(id_new(tx_now(tx))),
                       b_bytes((struct str){(const char *)hash, HASH}), b_int(who->user), b_int(who->membership),
                       b_int(tx_now(tx)), b_int(tx_now(tx) + MS_HOUR)));
}

static enum code add_host(struct tx *tx, void *arg, struct err *e)
{
  return db_exec(tx, &q_host, NULL, e, BINDS(b_int(tx_network(tx))));
}

static struct actor member(id64 organization, enum role role, const char *name)
{
  struct err e = {0};
  struct actor who = world_member(&w, organization, role, name);
  ok(world_write(&w, NULL, sign_in, &who, &e));
  return who;
}

static enum code add_record(struct tx *tx, void *arg, struct err *e)
{
  struct case_head head = {0};
  const struct scope *s = NULL;
  struct paragraph_new p = {.text = S("電車の話をした。"), .source = SOURCE_PERSON, .category = CAT_SUPPORT};
  struct record_new r = {
      .at = tx_now(tx) - MS_HOUR, .method = S("visit"), .contact = true, .paragraphs = &p, .count = 1};
  id64 id = 0;
  enum code c = case_enter(tx, &worker, ACTION_RECORD_WRITE, boy.case_id, &head, &s, e);
  return c == OK ? record_add(tx, s, boy.case_id, &r, &id, e) : c;
}

static int start(void **state)
{
  struct err e = {0};
  world_new(&w);
  ok(world_write(&w, NULL, add_host, NULL, &e));
  city = world_org(&w, "子ども若者支援課", "council");
  npo = world_org(&w, "NPOあおば", "council");
  worker = member(city, ROLE_WORKER, CANARY "一郎");
  colleague = member(city, ROLE_WORKER, "隣の人");
  manager = member(city, ROLE_MANAGER, "課長");
  admin = member(city, ROLE_ADMIN, "係");
  clerk = member(city, ROLE_CLERK, "事務の人");
  npo_manager = member(npo, ROLE_MANAGER, CANARY "二郎");
  boy = world_case(&w, &worker, "試験 太郎", seventeen);
  ok(world_write(&w, &worker, add_record, NULL, &e));
  (void)world_consent(&w, &worker, &boy, PARTY_PERSON, npo, CAT_BASIC | CAT_CONTACT | CAT_EDUCATION);
  (void)world_send(&w, &worker, &boy, npo, "help");
  app = (struct app){.db = w.store.db, .keys = w.keys};
  struct http_options o = {.listen = S("127.0.0.1:0"), .dispatch = gate_dispatch, .app = &app, .workers = 2};
  ok(http_start(&o, &server, &e));
  return 0;
}

static int stop(void **state)
{
  http_stop(server);
  world_free(&w);
  return 0;
}

/* ---- asking --------------------------------------------------------------------------------------------------------------- */

static int get(const struct actor *who, const char *path, bool json)
{
  char text[1024], token[40] = "";
  int n =
      snprintf(text, sizeof text, "GET %s HTTP/1.1\r\nHost: net.example.jp\r\nX-Forwarded-Proto: https\r\n%s%s%s%s\r\n",
               path, who ? "Cookie: session=" : "", who ? token_of(who, token) : "", who ? "\r\n" : "",
               json ? "Accept: application/json\r\n" : "");
  client_ask(http_port(server), text, (size_t)n, &reply);
  return reply.status;
}

static bool has(const char *word)
{
  return strstr(reply.body, word) != NULL;
}

static const char *of_case(const char *tail)
{
  static char text[128];
  struct str id = id_text(w.a, boy.case_id);
  snprintf(text, sizeof text, "/cases/%.*s%s", STR_FMT(id), tail);
  return text;
}

static const char *location(void)
{
  static char text[256];
  return reply_header(&reply, "Location", text, sizeof text);
}

/* ---- tests ------------------------------------------------------------------------------------------------------------------ */

static void the_first_page_leads_on(void **state)
{
  assert_int_equal(get(NULL, "/", false), 303);
  assert_string_equal(location(), "/sign-in");
  assert_int_equal(get(&worker, "/", false), 303);
  assert_string_equal(location(), "/today");
  assert_int_equal(get(NULL, "/help", false), 200);
  assert_true(has("しるしの読みかた"));
}

static void a_case_shows_what_each_feature_holds(void **state)
{
  assert_int_equal(get(&worker, of_case(""), false), 200);
  assert_true(has("電車の話をした。"));
  assert_true(has("つないだ → NPOあおば"));
  assert_true(has("本人 → NPOあおば"));
  assert_true(has("/records/new"));
  assert_int_equal(get(&worker, of_case(""), true), 200);
  const char *sent = strstr(reply.body, "i-connection"), *record = strstr(reply.body, "i-record");
  assert_true(sent && record && sent < record); /* newest first */
  assert_true(has("\"can_record\":true"));
  assert_true(has("\"can_seen\":true"));
}

static void buttons_are_the_engines_word(void **state)
{
  assert_int_equal(get(&npo_manager, of_case(""), true), 200); /* it was sent something; nobody there works on it */
  assert_false(has("電車の話"));
  assert_true(has("\"can_record\":false"));
  assert_true(has("\"can_sheet\":false"));
  assert_true(has("\"can_consent\":false"));
  assert_true(has("\"can_seen\":false"));
}

static void what_one_may_not_see_answers_like_what_is_not_there(void **state)
{
  static const char *const tails[] = {"", "/seen", "/seen.pdf?for=person",
                                      "/seen.pdf?for=guardian&guardian=0659xe380jf23"};
  static char first[REPLY_SIZE];
  /* a colleague who does not work on it; roles that never see a case's content */
  const struct actor *const strangers[] = {&colleague, &admin, &clerk};
  for (size_t who = 0; who < 3; who++)
    for (size_t i = 0; i < 4; i++) {
      char absent[128];
      int there = get(strangers[who], of_case(tails[i]), false);
      snprintf(first, sizeof first, "%s", reply.body);
      snprintf(absent, sizeof absent, "/cases/0659xe380jf23%s", tails[i]);
      assert_int_equal(get(strangers[who], absent, false), there);
      assert_true(there == 404 || there == 403);
      if (there == 404) /* else the role alone was refused, with the request's number on the page */
        assert_string_equal(first, reply.body);
    }
}

static void who_looked_names_no_worker(void **state)
{
  assert_int_equal(get(&npo_manager, "/connections", false), 200);
  assert_int_equal(get(&manager, of_case("/seen"), false), 200);
  assert_true(has("子ども若者支援課（相談員）"));
  assert_true(has("NPOあおば（相談員）"));
  assert_false(has(CANARY)); /* neither in the lines nor in the strip */
  assert_int_equal(get(&manager, of_case("/seen"), true), 200);
  assert_false(has(CANARY));
  assert_int_equal(get(&manager, of_case("/seen.pdf?for=person"), false), 200);
  assert_true(strncmp(reply.body, "%PDF-", 5) == 0);
  assert_int_equal(get(&manager, of_case("/seen"), false), 200);
  assert_true(has("「だれが見たか」を印刷しました"));
}

static void today_is_of_ones_role(void **state)
{
  assert_int_equal(get(&worker, "/today", false), 200);
  assert_true(has("太郎"));
  assert_int_equal(get(&npo_manager, "/today", false), 200);
  assert_true(has("太郎")); /* arrived, not yet taken on */
  assert_int_equal(get(&colleague, "/today", false), 200);
  assert_false(has("太郎"));
  assert_int_equal(get(&admin, "/today", false), 200);
  assert_false(has("太郎"));
  assert_false(has("わたしのケース"));
  assert_true(has("/directory"));
  assert_false(has("href=\"/cases\""));
  assert_int_equal(get(&clerk, "/today", false), 200);
  assert_false(has("太郎"));
  assert_true(has("href=\"/cases\""));
}

int main(int argc, char **argv)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test(the_first_page_leads_on),
                                     cmocka_unit_test(a_case_shows_what_each_feature_holds),
                                     cmocka_unit_test(buttons_are_the_engines_word),
                                     cmocka_unit_test(what_one_may_not_see_answers_like_what_is_not_there),
                                     cmocka_unit_test(who_looked_names_no_worker),
                                     cmocka_unit_test(today_is_of_ones_role)};
  store_choose(argc, argv);
  return cmocka_run_group_tests(tests, start, stop);
}
