/* gate.c: what the gate lets through and what it answers, over the wire, on both engines. */
#include "store.h"

#include <unistd.h>

#include "../support/http_client.h"
#include "audit/audit.h"
#include "base/clock.h"
#include "crypto/secret.h"
#include "gate/gate.h"

STMT_WRITE(t_network, "test_gate_network", "INSERT INTO network (id, name, created_at) VALUES ($1, $2, 0)");
STMT_WRITE(t_rev, "test_gate_rev", "INSERT INTO network_rev (network_id, fact_rev) VALUES ($1, 1)");
STMT_WRITE(t_host, "test_gate_host", "INSERT INTO network_host (host, network_id) VALUES ($1, $2)");
STMT_WRITE(
    t_org, "test_gate_org",
    "INSERT INTO organization (network_id, id, name, kind, circle, created_at) VALUES ($1, $2, $3, 'npo', 'work', 0)");
STMT_WRITE(t_user, "test_gate_user",
           "INSERT INTO user_account (network_id, id, login, name, password_hash, password_at, factor, created_at)"
           " VALUES ($1, $2, $3, $3, '', 0, $4, 0)");
STMT_WRITE(t_member, "test_gate_member",
           "INSERT INTO membership (network_id, id, user_id, organization_id, role, from_at, until_at, created_at)"
           " VALUES ($1, $2, $3, $4, $5, 0, $6, 0)");
STMT_WRITE(
    t_session, "test_gate_session",
    "INSERT INTO session (network_id, id, token_hash, user_id, membership_id, created_at, seen_at, until_at, factor_at,"
    " ended_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)");
STMT_WRITE(
    t_token, "test_gate_token",
    "INSERT INTO api_token (network_id, id, user_id, membership_id, token_hash, name, created_at, until_at, revoked_at)"
    " VALUES ($1, $2, $3, $4, $5, 'x', $6, $7, $8)");

enum {
  NET = 1001,
  OTHER = 1002,
  ORG = 2001,
  WORKER = 3001,
  ADMIN = 3002,
  TOTP = 3003,
  M_WORKER = 4001,
  M_ADMIN,
  M_TOTP,
  M_ENDED
};

static struct store store;
static struct app app;
static struct http_server *server;
static struct reply reply;
static char key_path[64];
static int writes; /* how often a write function of a route ran to its end */

/* --- routes of the test --- */

static enum code say(struct request *rq, struct response *rs, struct err *e)
{
  const struct actor *who = gate_actor(rq);
  rs->type = S("text/plain; charset=utf-8");
  rs->body = str_printf(rq->arena, "hello role=%s user=%lld lang=%s", role_code(who->role), (long long)who->user,
                        lang_code(gate_lang(rq)));
  return OK;
}

static enum code csrf_of(struct request *rq, struct response *rs, struct err *e)
{
  struct doc *d = doc_map(rq->arena);
  doc_put_bool(d, "fine", true);
  rq->wants_json = true;
  return gate_page(rq, rs, "error", S("x"), d, e);
}

static enum code write_fn(struct tx *tx, void *arg, struct err *e)
{
  struct request *rq = arg;
  struct str text = doc_get_str(rq->input, "text");
  if (str_is(text, "broken rule"))
    return err_field(e, "text", TR("この操作はできません。"));
  audit_add(tx, &(struct event){.kind = EVENT_WRITE, .user = gate_actor(rq)->user, .object = 5});
  gate_location(rq, str_printf(rq->arena, "/t/done/%.*s", STR_FMT(text)));
  writes++;
  return OK;
}

static const struct field text_fields[] = {{.name = "text", .required = true, .label = "氏名"}, {0}};

static enum code write_text(struct request *rq, struct response *rs, struct err *e)
{
  if (!gate_has_problems(rq)) {
    enum code c = gate_write(rq, "test_gate_write", write_fn, rq, e);
    return c == OK ? gate_done(rq, rs, S("/t/other"), TR("できました。"), e) : c;
  }
  struct doc *d = doc_map(rq->arena);
  doc_put(d, "f", gate_form(rq, text_fields, NULL));
  rq->wants_json = true;
  return gate_page(rq, rs, "error", S("x"), d, e);
}

static enum code count_fn(struct tx *tx, void *arg, struct err *e)
{
  writes++;
  return OK;
}

static enum code write_twice(struct request *rq, struct response *rs, struct err *e)
{
  enum code c = gate_write(rq, "test_gate_first", count_fn, rq, e);
  if (c == OK)
    c = gate_write(rq, "test_gate_second", count_fn, rq, e);
  return c == OK ? gate_done(rq, rs, S("/t/twice-done"), NULL, e) : c;
}

static enum code show_page(struct request *rq, struct response *rs, struct err *e)
{
  struct doc *d = doc_map(rq->arena);
  doc_put_int(d, "status", 200);
  doc_put_cstr(d, "heading", "<b>&");
  doc_put_cstr(d, "message", "m");
  doc_put_cstr(d, "back_href", "");
  doc_put_cstr(d, "back_word", "");
  doc_put_cstr(d, "request_id", "r");
  doc_put_bool(d, "has_number", false);
  return gate_page(rq, rs, "error", S("t"), d, e);
}

static enum code missing(struct request *rq, struct response *rs, struct err *e)
{
  return err_set1(e, NOT_FOUND, TR("%1を確かめてください。"), "secret");
}

ROUTE_DEFINE(r_public, GET, "/t/public", PUBLIC_ROUTE, .handle = say);
ROUTE_DEFINE(r_public_post, POST, "/t/public", PUBLIC_ROUTE, .handle = say, .no_form_key = true);
ROUTE_DEFINE(r_own, GET, "/t/own", SIGNED_IN, .handle = say);
ROUTE_DEFINE(r_half, GET, "/t/half", HALF_SIGNED_IN, .handle = say);
ROUTE_DEFINE(r_today, GET, "/t/today", NEEDS(TODAY), .handle = say);
ROUTE_DEFINE(r_accounts, GET, "/t/accounts", NEEDS(ACCOUNT_WRITE), .handle = say);
ROUTE_DEFINE(r_csrf, GET, "/t/csrf", SIGNED_IN, .handle = csrf_of);
ROUTE_DEFINE(r_write, POST, "/t/write", SIGNED_IN, .fields = text_fields, .handle = write_text);
ROUTE_DEFINE(r_twice, POST, "/t/twice", SIGNED_IN, .fields = text_fields, .handle = write_twice);
ROUTE_DEFINE(r_page, GET, "/t/page", SIGNED_IN, .handle = show_page);
ROUTE_DEFINE(r_missing, GET, "/t/missing/:id", SIGNED_IN, .handle = missing);

/* --- a world --- */

#define RUN(stmt, ...)                                                                                                 \
  do {                                                                                                                 \
    enum code run_code = db_exec(tx, &(stmt), NULL, e, BINDS(__VA_ARGS__));                                            \
    if (run_code != OK)                                                                                                \
      return run_code;                                                                                                 \
  } while (0)

static enum code world(struct tx *tx, void *arg, struct err *e)
{
  RUN(t_network, b_int(NET), b_text(S("network")));
  RUN(t_rev, b_int(NET));
  RUN(t_host, b_text(S("net.example.jp")), b_int(NET));
  RUN(t_org, b_int(NET), b_int(ORG), b_text(S("org")));
  RUN(t_user, b_int(NET), b_int(WORKER), b_text(S("worker")), b_text(S("none")));
  RUN(t_user, b_int(NET), b_int(ADMIN), b_text(S("admin")), b_text(S("none")));
  RUN(t_user, b_int(NET), b_int(TOTP), b_text(S("totp")), b_text(S("totp")));
  RUN(t_member, b_int(NET), b_int(M_WORKER), b_int(WORKER), b_int(ORG), b_text(S("worker")), b_null());
  RUN(t_member, b_int(NET), b_int(M_ADMIN), b_int(ADMIN), b_int(ORG), b_text(S("admin")), b_null());
  RUN(t_member, b_int(NET), b_int(M_TOTP), b_int(TOTP), b_int(ORG), b_text(S("worker")), b_null());
  RUN(t_member, b_int(NET), b_int(M_ENDED), b_int(WORKER), b_int(ORG), b_text(S("manager")), b_int(1000));
  return OK;
}

static const struct db_who service = {.network = NET, .service = true};

static int start(void **state)
{
  struct err e = {0};
  snprintf(key_path, sizeof(key_path), "/tmp/tsunagu-test-gate-%d.key", (int)getpid());
  unlink(key_path);
  store_new(&store, 0);
  ok(crypto_init(&e));
  ok(keyfile_create(key_path, &app.keys, &e));
  ok(keyfile_add_network(app.keys, NET, &e));
  ok(keyfile_add_network(app.keys, OTHER, &e));
  ok(view_load(STR_NONE, &e));
  app.db = store.db;
  db_app_set(store.db, app.keys);
  ok(db_write(store.db, "world", &service, world, NULL, &e));
  struct http_options o = {
      .listen = S("127.0.0.1:0"), .dispatch = gate_dispatch, .app = &app, .trusted_proxy = STR_NONE, .workers = 4};
  ok(http_start(&o, &server, &e));
  return 0;
}

static int stop(void **state)
{
  http_stop(server);
  keyfile_free(app.keys);
  store_free(&store);
  unlink(key_path);
  return 0;
}

/* A session or token: the text is the token itself. */
struct entry {
  const char *token;
  id64 user, membership;
  ts_t created, seen, until, factor, ended;
  bool api;
};

static enum code insert_entry(struct tx *tx, void *arg, struct err *e)
{
  const struct entry *s = arg;
  unsigned char h[HASH];
  token_hash(keyfile_pepper(app.keys), str_from(s->token), h);
  struct bind hash = b_bytes((struct str){(const char *)h, HASH});
  id64 id = id_new(clock_now());
  if (s->api)
    RUN(t_token, b_int(NET), b_int(id), b_int(s->user), b_int(s->membership), hash, b_int(s->created), b_int(s->until),
        b_opt(s->ended));
  else
    RUN(t_session, b_int(NET), b_int(id), hash, b_int(s->user), b_opt(s->membership), b_int(s->created), b_int(s->seen),
        b_int(s->until), b_opt(s->factor), b_opt(s->ended));
  return OK;
}

static void add(struct entry s)
{
  struct err e = {0};
  ts_t now = clock_now();
  s.created = s.created ? s.created : now - 1000;
  s.seen = s.seen ? s.seen : now - 1000;
  s.until = s.until ? s.until : now + SESSION_MS;
  ok(db_write(store.db, "add", &service, insert_entry, &s, &e));
}

/* --- asking --- */

__attribute__((format(printf, 1, 2))) static int ask(const char *fmt, ...)
{
  char text[8192];
  va_list args;
  va_start(args, fmt);
  int n = vsnprintf(text, sizeof(text), fmt, args);
  va_end(args);
  assert_true(n > 0 && (size_t)n < sizeof(text));
  client_ask(http_port(server), text, (size_t)n, &reply);
  return reply.status;
}

#define HOST "Host: net.example.jp\r\n"
#define JSON "Accept: application/json\r\n"

static int get(const char *path, const char *token)
{
  return ask("GET %s HTTP/1.1\r\n" HOST "%s%s\r\n\r\n", path, token ? "Cookie: session=" : "X: ", token ? token : "");
}

static const char *header(const char *name)
{
  static char value[2048];
  return reply_header(&reply, name, value, sizeof(value));
}

static void csrf_get(const char *token, char *to, size_t size)
{
  assert_int_equal(get("/t/csrf", token), 200);
  reply_header(&reply, "X-CSRF-Token", to, size);
  assert_int_equal(strlen(to), 32);
}

/* A form's POST with more headers. */
static const char *post_path = "/t/write";
static int post(const char *token, const char *more, const char *body)
{
  return ask("POST %s HTTP/1.1\r\n" HOST "%s%s\r\nContent-Type: application/x-www-form-urlencoded\r\n"
             "Content-Length: %zu\r\n%s\r\n%s",
             post_path, token ? "Cookie: session=" : "X: ", token ? token : "", strlen(body), more, body);
}

static int post_form(const char *token, const char *csrf, const char *key, const char *text)
{
  char body[400];
  snprintf(body, sizeof(body), "_csrf=%s&_key=%s&text=%s", csrf, key, text);
  return post(token, "", body);
}

/* --- tests --- */

static void the_host_names_the_network(void **state)
{
  assert_int_equal(ask("GET /t/public HTTP/1.1\r\n" HOST "\r\n"), 200);
  assert_int_equal(ask("GET /t/public HTTP/1.1\r\nHost: NET.example.jp:8080\r\n\r\n"), 200);
  assert_int_equal(ask("GET /t/public HTTP/1.1\r\nHost: other.example.jp\r\n\r\n"), 421);
  assert_int_equal(ask("GET /t/public HTTP/1.1\r\nHost: x.net.example.jp\r\n\r\n"), 421);
  assert_int_equal(ask("GET /t/public HTTP/1.1\r\nHost: localhost\r\n\r\n"), 200);
  assert_int_equal(ask("GET /t/public HTTP/1.1\r\nHost: 127.0.0.1:1\r\n\r\n"), 200);
}

static enum code second_network(struct tx *tx, void *arg, struct err *e)
{
  RUN(t_network, b_int(OTHER), b_text(S("other")));
  return OK;
}

static void two_networks_have_no_default(void **state)
{
  struct err e = {0};
  const struct db_who who = {.network = OTHER, .service = true};
  ok(db_write(store.db, "second_network", &who, second_network, NULL, &e));
  assert_int_equal(ask("GET /t/public HTTP/1.1\r\nHost: localhost\r\n\r\n"), 421);
  assert_int_equal(ask("GET /t/public HTTP/1.1\r\n" HOST "\r\n"), 200);
}

static void plain_http_through_an_unknown_proxy_is_refused(void **state)
{
  assert_int_equal(
      ask("GET /t/public HTTP/1.1\r\n" HOST "X-Forwarded-For: 10.0.0.1\r\nX-Forwarded-Proto: https\r\n\r\n"), 403);
}

static void without_a_session_a_page_leads_to_the_sign_in(void **state)
{
  assert_int_equal(get("/t/own?a=b", NULL), 303);
  assert_string_equal(header("Location"), "/sign-in?next=/t/own%3Fa%3Db");
  assert_int_equal(get("/t/today", "nobodys"), 303);
  assert_int_equal(ask("GET /t/own HTTP/1.1\r\n" HOST JSON "\r\n"), 401);
  assert_non_null(strstr(reply.body, "\"code\":\"DENIED\""));
}

static void a_session_is_its_user_and_role(void **state)
{
  add((struct entry){.token = "worker-1", .user = WORKER, .membership = M_WORKER});
  assert_int_equal(get("/t/own", "worker-1"), 200);
  assert_string_equal(reply.body, "hello role=worker user=3001 lang=ja");
  assert_int_equal(get("/t/today", "worker-1"), 200);
  assert_int_equal(get("/t/accounts", "worker-1"), 403);
  assert_int_equal(get("/t/public", "worker-1"), 200);
}

static void sessions_end(void **state)
{
  ts_t now = clock_now();
  add((struct entry){.token = "idle-in", .user = WORKER, .membership = M_WORKER, .seen = now - IDLE_MS + 20000});
  add((struct entry){.token = "idle-out", .user = WORKER, .membership = M_WORKER, .seen = now - IDLE_MS});
  add((struct entry){.token = "old", .user = WORKER, .membership = M_WORKER, .until = now - 1});
  add((struct entry){.token = "ended", .user = WORKER, .membership = M_WORKER, .ended = now - 500});
  assert_int_equal(get("/t/own", "idle-in"), 200);
  assert_int_equal(get("/t/own", "idle-out"), 303);
  assert_int_equal(get("/t/own", "old"), 303);
  assert_int_equal(get("/t/own", "ended"), 303);
}

static ts_t ask_seen(void)
{
  return (ts_t)strtoll(store_ask(&store, "SELECT MAX(seen_at) FROM session WHERE device = ''"), NULL, 10);
}

static void looking_is_noted_every_five_minutes_at_most(void **state)
{
  ts_t now = clock_now();
  add((struct entry){.token = "fresh", .user = WORKER, .membership = M_WORKER, .seen = now - 4 * 60000});
  ts_t before = ask_seen();
  assert_int_equal(get("/t/own", "fresh"), 200);
  assert_true(ask_seen() == before);
  add((struct entry){.token = "stale", .user = WORKER, .membership = M_WORKER, .seen = now - 6 * 60000});
  assert_int_equal(get("/t/own", "stale"), 200);
  assert_true(ask_seen() >= now);
}

static void an_ended_membership_gives_no_role(void **state)
{
  add((struct entry){.token = "was-manager", .user = WORKER, .membership = M_ENDED});
  assert_int_equal(get("/t/today", "was-manager"), 303);
  assert_string_equal(header("Location"), "/membership?next=/t/today");
  add((struct entry){.token = "unchosen", .user = WORKER});
  assert_int_equal(get("/t/today", "unchosen"), 303);
  assert_int_equal(get("/t/own", "unchosen"), 200);
  add((struct entry){.token = "not-mine", .user = WORKER, .membership = M_ADMIN});
  assert_int_equal(get("/t/today", "not-mine"), 303); /* somebody else's membership is none */
}

static void half_a_sign_in_opens_nothing_but_its_other_half(void **state)
{
  add((struct entry){.token = "totp-half", .user = TOTP, .membership = M_TOTP});
  assert_int_equal(get("/t/own", "totp-half"), 303);
  assert_string_equal(header("Location"), "/second-factor?next=/t/own");
  assert_int_equal(get("/t/today", "totp-half"), 303);
  assert_int_equal(get("/t/half", "totp-half"), 200);
  assert_int_equal(get("/t/half", NULL), 303);
  add((struct entry){.token = "totp-whole", .user = TOTP, .membership = M_TOTP, .factor = clock_now()});
  assert_int_equal(get("/t/today", "totp-whole"), 200);
  /* a role that sees across the network needs one even where the account has none yet */
  add((struct entry){.token = "admin-half", .user = ADMIN, .membership = M_ADMIN});
  assert_int_equal(get("/t/accounts", "admin-half"), 303);
  add((struct entry){.token = "admin-whole", .user = ADMIN, .membership = M_ADMIN, .factor = clock_now()});
  assert_int_equal(get("/t/accounts", "admin-whole"), 200);
}

static void bearer_tokens(void **state)
{
  ts_t now = clock_now();
  add((struct entry){.token = "api-1", .user = WORKER, .membership = M_WORKER, .api = true});
  add((struct entry){.token = "api-old", .user = WORKER, .membership = M_WORKER, .api = true, .until = now - 1});
  add((struct entry){.token = "api-revoked", .user = WORKER, .membership = M_WORKER, .api = true, .ended = now - 1});
  assert_int_equal(ask("GET /t/today HTTP/1.1\r\n" HOST "Authorization: Bearer api-1\r\n\r\n"), 200);
  assert_int_equal(ask("GET /t/today HTTP/1.1\r\n" HOST JSON "Authorization: Bearer api-old\r\n\r\n"), 401);
  assert_int_equal(ask("GET /t/today HTTP/1.1\r\n" HOST JSON "Authorization: Bearer api-revoked\r\n\r\n"), 401);
  assert_int_equal(ask("GET /t/today HTTP/1.1\r\n" HOST JSON "Authorization: Bearer worker-1\r\n\r\n"), 401);
  assert_int_equal(
      ask("GET /t/today HTTP/1.1\r\n" HOST "Authorization: Bearer api-1\r\nCookie: session=worker-1\r\n\r\n"), 400);
  assert_int_equal(ask("GET /t/today HTTP/1.1\r\n" HOST "Authorization: Basic eDp5\r\n\r\n"), 400);
  assert_int_equal(get("/t/today", "api-1"), 303); /* an API token is no cookie */
  writes = 0;
  assert_int_equal(post(NULL, "Authorization: Bearer api-1\r\nIdempotency-Key: api-key-1\r\n" JSON, "text=api"), 200);
  assert_non_null(strstr(reply.body, "\"location\""));
  assert_int_equal(writes, 1);
}

static void a_post_must_be_meant(void **state)
{
  char csrf[64], other[64], body[200];
  csrf_get("worker-1", csrf, sizeof(csrf));
  add((struct entry){.token = "worker-2", .user = WORKER, .membership = M_WORKER});
  csrf_get("worker-2", other, sizeof(other));
  assert_string_not_equal(csrf, other);
  writes = 0;
  assert_int_equal(post_form("worker-1", "", "key-csrf-1", "a"), 403);
  assert_int_equal(post_form("worker-1", other, "key-csrf-1", "a"), 403);
  snprintf(body, sizeof(body), "_csrf=%s&_key=key-csrf-1&text=a", csrf);
  assert_int_equal(post("worker-1", "Origin: http://evil.example\r\n", body), 403);
  assert_int_equal(post("worker-1", "Origin: null\r\n", body), 403);
  assert_int_equal(post("worker-1", "Origin: https://net.example.jp\r\n", body), 403);
  assert_int_equal(post("worker-1", "Sec-Fetch-Site: cross-site\r\n", body), 403);
  assert_int_equal(post("worker-1", "Sec-Fetch-Site: same-site\r\n", body), 403);
  assert_int_equal(writes, 0);
  assert_int_equal(post("worker-1", "Origin: http://net.example.jp\r\nSec-Fetch-Site: same-origin\r\n", body), 303);
  assert_int_equal(writes, 1);
  assert_int_equal(post(NULL, "", body), 303); /* unsigned: to the sign-in */
  assert_string_equal(header("Location"), "/sign-in?next=/t/write");
  assert_int_equal(ask("POST /t/public HTTP/1.1\r\n" HOST "Origin: http://evil.example\r\nContent-Length: 0\r\n\r\n"),
                   403);
  assert_int_equal(ask("POST /t/public HTTP/1.1\r\n" HOST "Content-Length: 0\r\n\r\n"), 200);
}

static void json_carries_its_token_in_a_header(void **state)
{
  char csrf[64], body[200], more[400];
  csrf_get("worker-1", csrf, sizeof(csrf));
  snprintf(body, sizeof(body), "{\"text\":\"j\",\"_csrf\":\"%s\"}", csrf);
  static const char form[] =
      "POST /t/write HTTP/1.1\r\n" HOST "Cookie: session=worker-1\r\n" JSON
      "Content-Type: application/json\r\nIdempotency-Key: json-key-1\r\n%sContent-Length: %zu\r\n\r\n%s";
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
  assert_int_equal(ask(form, "", strlen(body), body), 403);
  snprintf(more, sizeof(more), "X-CSRF-Token: %s\r\n", csrf);
  snprintf(body, sizeof(body), "{\"text\":\"j\"}");
  assert_int_equal(ask(form, more, strlen(body), body), 200);
#pragma GCC diagnostic pop
  assert_non_null(strstr(reply.body, "\"location\":\"/t/other\""));
}

static void the_same_key_writes_once(void **state)
{
  char csrf[64];
  csrf_get("worker-1", csrf, sizeof(csrf));
  writes = 0;
  assert_int_equal(post_form("worker-1", csrf, "key-once-1", "a"), 303);
  assert_string_equal(header("Location"), "/t/other");
  assert_int_equal(post_form("worker-1", csrf, "key-once-1", "a"), 303);
  assert_string_equal(header("Location"), "/t/done/a"); /* what the first wrote down */
  assert_int_equal(writes, 1);
  assert_int_equal(post_form("worker-1", csrf, "key-once-1", "b"), 409);
  assert_int_equal(writes, 1);
  assert_int_equal(post_form("worker-1", csrf, "key-once-2", "a"), 303);
  assert_int_equal(writes, 2);
  assert_int_equal(post_form("worker-1", csrf, "", "a"), 400);
  assert_int_equal(post_form("worker-1", csrf, "short", "a"), 400);
  add((struct entry){.token = "totp-key", .user = TOTP, .membership = M_TOTP, .factor = clock_now()});
  csrf_get("totp-key", csrf, sizeof(csrf));
  assert_int_equal(post_form("totp-key", csrf, "key-once-1", "c"), 303); /* somebody else's key is another */
  assert_int_equal(writes, 3);
}

static void a_request_of_two_writes_is_repeated_as_one(void **state)
{
  char csrf[64];
  csrf_get("worker-1", csrf, sizeof(csrf));
  post_path = "/t/twice";
  writes = 0;
  for (int i = 0; i < 2; i++) {
    assert_int_equal(post_form("worker-1", csrf, "key-twice-1", "a"), 303);
    assert_string_equal(header("Location"), "/t/twice-done");
    assert_int_equal(writes, 2);
  }
  post_path = "/t/write";
}

static void a_failed_write_keeps_no_key(void **state)
{
  char csrf[64];
  csrf_get("worker-1", csrf, sizeof(csrf));
  writes = 0;
  assert_int_equal(post_form("worker-1", csrf, "key-fails-1", "broken+rule"), 422);
  assert_int_equal(post_form("worker-1", csrf, "key-fails-1", "a"), 303);
  assert_int_equal(writes, 1);
}

static void a_form_comes_back_with_what_was_typed(void **state)
{
  char csrf[64];
  csrf_get("worker-1", csrf, sizeof(csrf));
  writes = 0;
  assert_int_equal(post_form("worker-1", csrf, "key-form-1", "broken+rule"), 422);
  assert_non_null(strstr(reply.body, "\"value\":\"broken rule\""));
  assert_non_null(strstr(reply.body, "\"has_error\":true"));
  assert_non_null(strstr(reply.body, "\"field\":\"text\""));
  assert_int_equal(post_form("worker-1", csrf, "key-form-1", "+"), 422);
  assert_non_null(strstr(reply.body, "氏名を入力してください。"));
  assert_int_equal(post_form("worker-1", csrf, "key-form-1", "a&more=1"), 422);
  assert_int_equal(writes, 0);
}

static void what_is_missing_says_nothing_of_itself(void **state)
{
  static struct reply first;
  assert_int_equal(get("/t/missing/a", "worker-1"), 404);
  first = reply;
  assert_int_equal(get("/t/missing/b", "worker-1"), 404);
  assert_string_equal(strstr(first.bytes, "\r\n\r\n"), strstr(reply.bytes, "\r\n\r\n"));
  assert_null(strstr(reply.body, "secret"));
  assert_int_equal(get("/t/nowhere", "worker-1"), 404);
  assert_string_equal(strstr(first.bytes, "\r\n\r\n"), strstr(reply.bytes, "\r\n\r\n"));
  assert_int_equal(ask("POST /t/own HTTP/1.1\r\n" HOST "Content-Length: 0\r\n\r\n"), 405);
  assert_string_equal(header("Allow"), "GET, HEAD");
}

static void pages_are_whole(void **state)
{
  assert_int_equal(get("/t/page", "worker-1"), 200);
  assert_string_equal(header("Content-Type"), "text/html; charset=utf-8");
  assert_non_null(strstr(reply.body, "<html lang=\"ja\">"));
  assert_non_null(strstr(reply.body, "&lt;b&gt;&amp;"));
  assert_non_null(strstr(reply.body, "name=\"_csrf\" value=\""));
  assert_int_equal(get("/t/missing/a", "worker-1"), 404);
  assert_string_equal(header("Content-Type"), "text/html; charset=utf-8");
}

static void a_notice_is_said_once(void **state)
{
  char csrf[64], cookie[800];
  csrf_get("worker-1", csrf, sizeof(csrf));
  assert_int_equal(post_form("worker-1", csrf, "key-notice-1", "a"), 303);
  snprintf(cookie, sizeof(cookie), "%s", header("Set-Cookie"));
  assert_memory_equal(cookie, "notice=", 7);
  *strchr(cookie, ';') = '\0';
  assert_int_equal(ask("GET /t/page HTTP/1.1\r\n" HOST "Cookie: session=worker-1; %s\r\n\r\n", cookie), 200);
  assert_non_null(strstr(reply.body, "<p class=\"notice\" role=\"status\">"));
  assert_non_null(strstr(reply.body, "できました。"));
  assert_non_null(strstr(header("Set-Cookie"), "Max-Age=0"));
  cookie[9] = cookie[9] == 'a' ? 'b' : 'a'; /* a sentence that we did not write */
  assert_int_equal(ask("GET /t/page HTTP/1.1\r\n" HOST "Cookie: session=worker-1; %s\r\n\r\n", cookie), 200);
  assert_null(strstr(reply.body, "<p class=\"notice\""));
}

static void a_write_is_audited(void **state)
{
  char csrf[64];
  csrf_get("worker-1", csrf, sizeof(csrf));
  long before = strtol(store_ask(&store, "SELECT COUNT(*) FROM event"), NULL, 10);
  assert_int_equal(post_form("worker-1", csrf, "key-audit-1", "a"), 303);
  long after = strtol(store_ask(&store, "SELECT COUNT(*) FROM event"), NULL, 10);
  assert_int_equal(after, before + 1);
  assert_string_equal(store_ask(&store, "SELECT COUNT(*) FROM event WHERE request = ''"), "0");
}

static void languages(void **state)
{
  assert_int_equal(ask("GET /t/public HTTP/1.1\r\n" HOST "Accept-Language: en-GB,ja;q=0.5\r\n\r\n"), 200);
  assert_non_null(strstr(reply.body, "lang=en"));
  assert_int_equal(ask("GET /t/public HTTP/1.1\r\n" HOST "Accept-Language: fr\r\n\r\n"), 200);
  assert_non_null(strstr(reply.body, "lang=ja"));
  assert_int_equal(get("/language/en?to=/t/public", NULL), 303);
  assert_string_equal(header("Location"), "/t/public");
  assert_non_null(strstr(header("Set-Cookie"), "lang=en;"));
  assert_int_equal(get("/language/en?to=//evil.example", NULL), 303);
  assert_string_equal(header("Location"), "/");
  assert_int_equal(ask("GET /t/own HTTP/1.1\r\n" HOST "Cookie: lang=en; session=worker-1\r\n\r\n"), 200);
  assert_non_null(strstr(reply.body, "lang=en"));
}

static void expect_headers(const char *what)
{
  static const char *const wanted[][2] = {
      {"Content-Security-Policy",
       "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
       "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"},
      {"Referrer-Policy", "same-origin"},
      {"X-Content-Type-Options", "nosniff"},
      {"Cross-Origin-Opener-Policy", "same-origin"},
      {"Cross-Origin-Resource-Policy", "same-origin"},
      {"Cache-Control", "no-store"}};
  for (size_t i = 0; i < sizeof(wanted) / sizeof(*wanted); i++)
    if (strcmp(header(wanted[i][0]), wanted[i][1]) != 0)
      fail_msg("%s: %s is '%s'", what, wanted[i][0], header(wanted[i][0]));
}

/* The route's pattern with "x" for every parameter. */
static void example_path(const char *pattern, char *to, size_t size)
{
  size_t n = 0;
  for (const char *p = pattern; *p && n + 2 < size;) {
    to[n++] = *p++;
    if (to[n - 1] == '/' && *p == ':') {
      to[n++] = 'x';
      while (*p && *p != '/')
        p++;
    }
  }
  to[n] = '\0';
}

static void every_route_answers_with_the_headers(void **state)
{
  assert_true(route_count() > 8);
  for (size_t i = 0; i < route_count(); i++) {
    const struct route *r = route_at(i);
    char path[300];
    example_path(r->path, path, sizeof(path));
    bool is_get = r->method == GET;
    int status =
        ask("%s %s HTTP/1.1\r\n" HOST "%s\r\n", is_get ? "GET" : "POST", path, is_get ? "" : "Content-Length: 0\r\n");
    assert_true(status >= 200);
    expect_headers(r->path);
    if (r->need.declared != 1)
      assert_int_equal(status, r->json ? 401 : 303);
  }
  assert_int_equal(get("/t/nowhere", NULL), 404);
  expect_headers("no route");
  ask("GET /t/public HTTP/1.1\r\nHost: unknown.example\r\n\r\n");
  expect_headers("unknown host");
}

static void assets_may_be_kept(void **state)
{
  assert_int_equal(get("/assets/nothing.css", NULL), 404);
  if (!asset_count())
    skip();
  const struct asset *a = asset_at(0);
  assert_int_equal(get(a->path, NULL), 200);
  assert_string_equal(header("Cache-Control"), "public, max-age=31536000, immutable");
  char tag[300];
  reply_header(&reply, "ETag", tag, sizeof(tag));
  assert_int_equal(ask("GET %s HTTP/1.1\r\n" HOST "If-None-Match: %s\r\n\r\n", a->path, tag), 304);
}

static void a_table_of_requirements_is_whole(void **state)
{
  for (size_t i = 0; i < route_count(); i++) {
    int need = route_at(i)->need.declared;
    assert_true(need >= 1 && need <= 4);
  }
}

int main(int argc, char **argv)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_host_names_the_network),
      cmocka_unit_test(plain_http_through_an_unknown_proxy_is_refused),
      cmocka_unit_test(two_networks_have_no_default),
      cmocka_unit_test(without_a_session_a_page_leads_to_the_sign_in),
      cmocka_unit_test(a_session_is_its_user_and_role),
      cmocka_unit_test(sessions_end),
      cmocka_unit_test(looking_is_noted_every_five_minutes_at_most),
      cmocka_unit_test(an_ended_membership_gives_no_role),
      cmocka_unit_test(half_a_sign_in_opens_nothing_but_its_other_half),
      cmocka_unit_test(bearer_tokens),
      cmocka_unit_test(a_post_must_be_meant),
      cmocka_unit_test(json_carries_its_token_in_a_header),
      cmocka_unit_test(the_same_key_writes_once),
      cmocka_unit_test(a_request_of_two_writes_is_repeated_as_one),
      cmocka_unit_test(a_failed_write_keeps_no_key),
      cmocka_unit_test(a_form_comes_back_with_what_was_typed),
      cmocka_unit_test(what_is_missing_says_nothing_of_itself),
      cmocka_unit_test(pages_are_whole),
      cmocka_unit_test(a_notice_is_said_once),
      cmocka_unit_test(a_write_is_audited),
      cmocka_unit_test(languages),
      cmocka_unit_test(every_route_answers_with_the_headers),
      cmocka_unit_test(assets_may_be_kept),
      cmocka_unit_test(a_table_of_requirements_is_whole),
  };
  store_choose(argc, argv);
  return cmocka_run_group_tests_name("gate", tests, start, stop);
}
