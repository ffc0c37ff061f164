#include "door.h"

#include <time.h>

#include "../support/safe.h"
#include "audit/audit.h"
#include "base/clock.h"

struct world w;
struct app app;
struct http_server *door_server;
int door_port;
id64 office, npo;
struct str good_hash;

STMT_WRITE(q_tries, "test_sign_tries", "DELETE FROM attempt WHERE network_id = $1");
STMT_WRITE(q_past, "test_sign_past", "UPDATE attempt SET window_at = window_at - $2 WHERE network_id = $1");
STMT_WRITE(q_over, "test_sign_over", "UPDATE membership SET until_at = $3 WHERE network_id = $1 AND id = $2");
STMT_WRITE(q_disable, "test_sign_disable",
           "UPDATE user_account SET disabled_at = $3 WHERE network_id = $1 AND id = $2");
STMT_READ(q_live, "test_sign_live",
          "SELECT COUNT(*) FROM session WHERE network_id = $1 AND user_id = $2 AND ended_at IS NULL");
STMT_READ(
    q_events, "test_sign_events",
    "SELECT COUNT(*) FROM event WHERE network_id = $1 AND kind = $2 AND (CAST($3 AS bigint) = 0 OR user_id = $3)");
STMT_READ(q_assigned, "test_sign_assigned",
          "SELECT COUNT(*) FROM assignment WHERE network_id = $1 AND user_id = $2 AND lead"
          " AND from_at <= $3 AND (until_at IS NULL OR until_at > $3)");

STMT_READ(q_admin, "test_sign_admin",
          "SELECT COUNT(*) FROM event WHERE network_id = $1 AND kind = $2 AND object_id = $3");
STMT_READ(
    q_tokens, "test_sign_tokens",
    "SELECT COUNT(*) FROM api_token WHERE network_id = $1 AND user_id = $2 AND revoked_at IS NULL AND until_at > $3");
const struct stmt *const t_tries = &q_tries;
const struct stmt *const t_past = &q_past;
const struct stmt *const t_over = &q_over;
const struct stmt *const t_disable = &q_disable;
const struct stmt *const t_live = &q_live;
const struct stmt *const t_events = &q_events;
const struct stmt *const t_assigned = &q_assigned;
STMT_WRITE(q_no_keepers, "test_sign_no_keepers",
           "UPDATE user_account SET disabled_at = $3 WHERE network_id = $1 AND CAST($2 AS bigint) = 0 AND id IN"
           " (SELECT user_id FROM membership WHERE network_id = $1 AND role = 'admin')");
const struct stmt *const t_no_keepers = &q_no_keepers;
const struct stmt *const t_admin = &q_admin;
const struct stmt *const t_tokens = &q_tokens;

/* --- the world --- */

static enum code make_account(struct tx *tx, void *arg, struct err *e)
{
  struct make *m = arg;
  enum role role;
  assert_true(role_parse(str_from(m->role), &role));
  enum code c = account_create(tx, &m->u, &m->user, e);
  return c == OK ? membership_add(tx, m->user, m->organization, role, tx_now(tx), 0, &m->membership, e) : c;
}

struct make account(const char *login, id64 organization, const char *role)
{
  struct err e = {0};
  struct make m = {
      .u = {.login = str_from(login), .name = str_from(login), .password_hash = good_hash, .factor = S("none")},
      .organization = organization,
      .role = role};
  ok(world_write(&w, NULL, make_account, &m, &e));
  return m;
}

int door_start(void **state)
{
  struct err e = {0};
  password_cost_set_for_tests();
  world_new(&w);
  office = world_org(&w, "市役所", "council");
  npo = world_org(&w, "あおば", "council");
  ok(password_hash(w.a, S(GOOD), &good_hash, &e));
  app = (struct app){.db = w.store.db, .keys = w.keys};
  struct http_options o = {.listen = S("127.0.0.1:0"),
                           .trusted_proxy = S("127.0.0.1"),
                           .dispatch = gate_dispatch,
                           .refusal = gate_refusal,
                           .app = &app,
                           .workers = 8};
  ok(http_start(&o, &door_server, &e));
  return 0;
}

int door_stop(void **state)
{
  http_stop(door_server);
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
  if (r->q == t_tries)
    return db_exec(tx, r->q, NULL, e, BINDS(b_int(w.network)));
  if (r->q == t_past)
    return db_exec(tx, r->q, NULL, e, BINDS(b_int(w.network), b_int(r->a)));
  return db_exec(tx, r->q, NULL, e, BINDS(b_int(w.network), b_int(r->a), b_int(r->b ? r->b : tx_now(tx))));
}

void alter(const struct stmt *q, int64_t a, int64_t b)
{
  struct err e = {0};
  struct run r = {q, a, b, 0};
  ok(world_write(&w, NULL, change, &r, &e));
}

static enum code count(struct tx *tx, void *arg, struct err *e)
{
  struct run *run = arg;
  struct rows r = {0};
  enum code c = run->q == t_live ? db_query(tx, run->q, &r, e, BINDS(b_int(w.network), b_int(run->a)))
                                 : db_query(tx, run->q, &r, e, BINDS(b_int(w.network), b_int(run->a), b_int(run->b)));
  if (c != OK)
    return c;
  assert_true(rows_next(&r));
  run->ret = rows_int(&r, 0);
  return rows_end(&r, e);
}

int64_t ask(const struct stmt *q, int64_t a, int64_t b)
{
  struct err e = {0};
  struct run r = {q, a, b, 0};
  ok(world_read(&w, NULL, count, &r, &e));
  return r.ret;
}

/* --- a browser --- */

struct window *window(void)
{
  struct window *x = calloc(1, sizeof(*x));
  assert_non_null(x);
  return x;
}

/* The cookie whose name ends so, "name=value"; an ended one takes the old away. */
static void take_cookie(struct window *x, const char *name, char *to, size_t size)
{
  for (const char *at = strcasestr(x->reply.bytes, "\r\nSet-Cookie: "); at && at < x->reply.body;
       at = strcasestr(at + 2, "\r\nSet-Cookie: ")) {
    const char *text = at + strlen("\r\nSet-Cookie: ");
    if (!strncmp(text, "__Host-", 7))
      text += 7;
    if (strncmp(text, name, strlen(name)) == 0)
      snprintf(to, size, "%.*s", (int)strcspn(text, ";"), text);
  }
}

static int send_bytes(struct window *x, const char *text, int n)
{
  assert_true(n > 0);
  client_ask(door_port ? door_port : http_port(door_server), text, (size_t)n, &x->reply);
  const char *fault = x->reply.n ? safe_fault(x->reply.bytes) : NULL;
  if (fault)
    fail_msg("%.100s: %s", text, fault);
  char session[72] = "";
  take_cookie(x, "session=", session, sizeof(session));
  if (session[0])
    snprintf(x->session, sizeof(x->session), "%s", session + strlen("session="));
  take_cookie(x, "known-", x->known, sizeof(x->known));
  return x->reply.status;
}

/* Host, cookies and the way the request came; a proxy in front speaks TLS with the browser. */
static const char *head_of(const struct window *x, const char *accept, char to[1500])
{
  const char *prefix = x->address[0] ? "__Host-" : "";
  int n = snprintf(to, 1500, "Host: localhost\r\nAccept: %s\r\nCookie: %ssession=%s", accept, prefix, x->session);
  if (x->known[0])
    n += snprintf(to + n, 1500 - (size_t)n, "; %s%s", prefix, x->known);
  n += snprintf(to + n, 1500 - (size_t)n, "\r\n");
  if (x->address[0])
    n += snprintf(to + n, 1500 - (size_t)n, "X-Forwarded-For: %s\r\nX-Forwarded-Proto: https\r\n", x->address);
  snprintf(to + n, 1500 - (size_t)n, "%s", x->more);
  return to;
}

int get(struct window *x, const char *path)
{
  char text[2000], head[1500];
  return send_bytes(x, text,
                    snprintf(text, sizeof(text), "GET %s HTTP/1.1\r\n%s\r\n", path, head_of(x, "text/html", head)));
}

int json(struct window *x, const char *path)
{
  char text[2000], head[1500];
  return send_bytes(
      x, text, snprintf(text, sizeof(text), "GET %s HTTP/1.1\r\n%s\r\n", path, head_of(x, "application/json", head)));
}

/* A form's POST as the page would send it; `page` is where the token comes from, NULL: no session yet. */
int post_key(struct window *x, const char *page, const char *path, const char *key, const char *body)
{
  char text[6000], csrf[64] = "", all[2048], head[1500];
  if (page) {
    json(x, page);
    reply_header(&x->reply, "X-CSRF-Token", csrf, sizeof(csrf));
  }
  int n = snprintf(all, sizeof(all), "%s%s_csrf=%s&_key=%s", body, *body ? "&" : "", csrf, key);
  return send_bytes(x, text,
                    snprintf(text, sizeof(text),
                             "POST %s HTTP/1.1\r\n%sContent-Type: application/x-www-form-urlencoded\r\n"
                             "Content-Length: %d\r\n\r\n%s",
                             path, head_of(x, "application/json", head), n, all));
}

int post(struct window *x, const char *page, const char *path, const char *body)
{
  static _Atomic int number;
  char key[40];
  snprintf(key, sizeof(key), "test-key-%d", ++number);
  return post_key(x, page, path, key, body);
}

int sign_in_as(struct window *x, const char *login, const char *password)
{
  char body[300];
  snprintf(body, sizeof(body), "login=%s&password=%s", login, password);
  return post(x, x->session[0] ? "/sessions" : NULL, "/sign-in", body);
}

const char *location(struct window *x)
{
  static char value[500];
  return reply_header(&x->reply, "Location", value, sizeof(value));
}

bool alive(struct window *x)
{
  return get(x, "/sessions") == 200;
}

/* "a.b.0.c" */
static const struct doc *at_path(const struct doc *d, const char *path)
{
  struct str rest = str_from(path), part;
  while (d && str_split(&rest, '.', &part)) {
    int64_t i = 0;
    d = doc_kind(d) == DOC_LIST && str_to_i64(part, &i) ? doc_at(d, (size_t)i) : doc_get_key(d, part);
  }
  return d;
}

/* The text of a key of the last answer, in memory of the test. */
struct str answer(struct window *x, const char *path)
{
  struct err e = {0};
  struct doc *d = NULL;
  ok(json_parse(w.a, str_from(x->reply.body), &d, &e));
  return doc_string(at_path(d, path));
}

struct str code_at(struct str base32, ts_t at)
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

int send_code(struct window *x, struct str code)
{
  char body[80];
  snprintf(body, sizeof(body), "code=%.*s", STR_FMT(code));
  return post(x, "/second-factor", "/second-factor", body);
}

void wait_for_room(void) /* not at the edge of a half minute */
{
  while (clock_now() % 30000 > 25000)
    nanosleep(&(struct timespec){.tv_nsec = 100000000}, NULL);
}

struct window *administrator(const char *login, struct make *ret)
{
  struct window *x = window();
  *ret = account(login, office, "admin");
  alter(t_tries, 0, 0);
  assert_int_equal(sign_in_as(x, login, GOOD), 200);
  assert_int_equal(json(x, "/second-factor"), 200);
  wait_for_room();
  assert_int_equal(send_code(x, code_at(answer(x, "secret"), clock_now())), 200);
  return x;
}
