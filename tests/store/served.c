#include "served.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../support/http_client.h"
#include "../support/safe.h"
#include "base/clock.h"
#include "crypto/secret.h"

enum { ROOM = 8 << 20, HEAD_SIZE = 4096 };

STMT_WRITE(
    q_session, "served_session",
    "INSERT INTO session (network_id, id, token_hash, user_id, membership_id, created_at, seen_at, until_at, factor_at)"
    " VALUES ($1, $2, $3, $4, $5, $6, $6, $7, $8)");

void served_new(struct served *s)
{
  struct err e = {0};
  *s = (struct served){.room = malloc(ROOM), .room_size = ROOM};
  assert_non_null(s->room);
  world_new(&s->w);
  s->app = (struct app){.db = s->w.store.db, .keys = s->w.keys};
  struct http_options o = {.listen = S("127.0.0.1:0"),
                           .dispatch = gate_dispatch,
                           .refused = gate_log_refused,
                           .refusal = gate_refusal,
                           .app = &s->app,
                           .workers = 2};
  ok(http_start(&o, &s->server, &e));
}

void served_free(struct served *s)
{
  http_stop(s->server);
  world_free(&s->w);
  free(s->room);
}

/* ---- asking ---------------------------------------------------------------------------------------------------------------- */

static void read_all(struct served *s, int fd)
{
  struct reply_page *p = &s->page;
  *p = (struct reply_page){.bytes = s->room, .body = ""};
  for (ssize_t n; p->n < s->room_size - 1 && (n = recv(fd, s->room + p->n, s->room_size - 1 - p->n, 0)) > 0;)
    p->n += (size_t)n;
  s->room[p->n] = '\0';
  const char *end = strstr(s->room, "\r\n\r\n"), *to = strstr(s->room, "\r\nLocation: ");
  if (strncmp(s->room, "HTTP/1.1 ", 9) == 0)
    p->status = (int)strtol(s->room + 9, NULL, 10);
  p->body = end ? end + 4 : "";
  if (to && to < p->body)
    snprintf(p->location, sizeof p->location, "%.*s", (int)strcspn(to + 12, "\r"), to + 12);
}

static int ask(struct served *s, const char *head, const char *body, size_t n)
{
  int fd = client_connect(http_port(s->server));
  client_send(fd, head, strlen(head));
  client_send(fd, body, n);
  read_all(s, fd);
  close(fd);
  const char *fault = safe_fault(s->room);
  if (fault)
    fail_msg("%.200s: %s", head, fault);
  return s->page.status;
}

/* Cookies of the visitor; the language of who is signed in comes from the account, unless the cookie says another. */
static void head_of(const struct visitor *v, const char *method, const char *path, int want, char head[HEAD_SIZE])
{
  snprintf(head, HEAD_SIZE, "%s %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n%sCookie: %s%s; lang=%s\r\n",
           method, path, want & WANT_JSON ? "Accept: application/json\r\n" : "Accept: text/html\r\n",
           v && v->token[0] ? "session=" : "none=x", v ? v->token : "", want & WANT_ENGLISH ? "en" : "ja");
}

int served_get(struct served *s, const struct visitor *v, const char *path, int want)
{
  char head[HEAD_SIZE];
  head_of(v, "GET", path, want, head);
  return ask(s, head, "\r\n", 2);
}

static int post(struct served *s, const char *head, const char *type, const char *more, const char *body, size_t n)
{
  char all[2 * HEAD_SIZE];
  snprintf(all, sizeof all, "%s%sContent-Type: %s\r\nContent-Length: %zu\r\n\r\n", head, more, type, n);
  return ask(s, all, body, n);
}

int served_post(struct served *s, const struct visitor *v, const char *path, const char *body, int want)
{
  char head[HEAD_SIZE];
  size_t room = strlen(body) + 200;
  char *whole = malloc(room);
  assert_non_null(whole);
  head_of(v, "POST", path, want, head);
  snprintf(whole, room, "_csrf=%s&_key=served-%08d%s%s", v ? v->csrf : "", ++s->keys, body[0] ? "&" : "", body);
  int status = post(s, head, "application/x-www-form-urlencoded", "", whole, strlen(whole));
  free(whole);
  return status;
}

int served_form(struct served *s, const struct visitor *v, const char *path, const char *fmt, ...)
{
  char body[6000];
  va_list args;
  va_start(args, fmt);
  int n = vsnprintf(body, sizeof body, fmt, args);
  va_end(args);
  assert_true(n >= 0 && (size_t)n < sizeof body);
  return served_post(s, v, path, body, WANT_HTML);
}

bool served_shows(struct served *s, const struct visitor *v, const char *path, const char *text)
{
  (void)served_get(s, v, path, WANT_HTML);
  return strstr(s->page.body, text) != NULL;
}

int served_post_json(struct served *s, const struct visitor *v, const char *path, const char *json, size_t n)
{
  char head[HEAD_SIZE], more[300];
  head_of(v, "POST", path, WANT_JSON, head);
  snprintf(more, sizeof more, "X-CSRF-Token: %s\r\nIdempotency-Key: served-%08d\r\n", v ? v->csrf : "", ++s->keys);
  return post(s, head, "application/json", more, json, n);
}

int served_post_raw(struct served *s, const struct visitor *v, const char *path, const char *type, const char *body,
                    size_t n)
{
  char head[HEAD_SIZE];
  head_of(v, "POST", path, WANT_JSON, head);
  return post(s, head, type, "", body, n);
}

int served_any(struct served *s, const struct visitor *v, const char *method, const char *path, const char *lines,
               const char *body, size_t n)
{
  char head[HEAD_SIZE], all[2 * HEAD_SIZE];
  head_of(v, method, path, WANT_HTML, head);
  if (n || strcmp(method, "POST") == 0)
    snprintf(all, sizeof all, "%s%sContent-Length: %zu\r\n\r\n", head, lines, n);
  else
    snprintf(all, sizeof all, "%s%s\r\n", head, lines);
  return ask(s, all, body, n);
}

int served_bytes(struct served *s, const char *bytes, size_t n)
{
  return ask(s, "", bytes, n);
}

const char *served_do(struct served *s, const struct visitor *v, const char *path, const char *body)
{
  int status = served_post(s, v, path, body, WANT_HTML);
  if (status != 303) {
    fprintf(stderr, "POST %s as %s: %d\n%s\n", path, v->name, status, s->page.body);
    fail();
  }
  return s->page.location;
}

/* ---- sessions ---------------------------------------------------------------------------------------------------------------- */

struct sitting {
  struct served *s;
  struct visitor *v;
  enum sign_in how;
};

static enum code insert_session(struct tx *tx, void *arg, struct err *e)
{
  const struct sitting *j = arg;
  const struct actor *who = &j->v->actor;
  unsigned char hash[HASH];
  token_hash(keyfile_pepper(j->s->w.keys), str_from(j->v->token), hash);
  ts_t now = tx_now(tx);
  return db_exec(tx, &q_session, NULL, e,
                 BINDS(b_int(tx_network(tx)), b_int(who->session), b_bytes((struct str){(const char *)hash, HASH}),
                       b_int(who->user), b_opt(j->how == SIGNED_NO_MEMBERSHIP ? 0 : who->membership), b_int(now),
                       b_int(now + SESSION_MS), b_opt(j->how == SIGNED_ONE_FACTOR ? 0 : now)));
}

void served_sign_in(struct served *s, struct visitor *v, enum sign_in how)
{
  struct err e = {0};
  struct sitting j = {s, v, how};
  v->actor.session = id_new(clock_now());
  snprintf(v->token, sizeof v->token, "%043lld", (long long)v->actor.session);
  ok(world_write(&s->w, NULL, insert_session, &j, &e));
  served_get(s, v, how == SIGNED_ONE_FACTOR ? "/second-factor" : "/sessions", WANT_JSON);
  const char *at = strstr(s->page.bytes, "\r\nX-CSRF-Token: ");
  assert_int_equal(s->page.status, 200);
  assert_non_null(at);
  snprintf(v->csrf, sizeof v->csrf, "%.*s", (int)strcspn(at + 16, "\r"), at + 16);
}

struct visitor served_member(struct served *s, id64 organization, enum role role, const char *name)
{
  struct visitor v = {.name = name, .actor = world_member(&s->w, organization, role, name)};
  served_sign_in(s, &v, SIGNED_FULL);
  return v;
}

/* ---- small things ------------------------------------------------------------------------------------------------------------ */

static void drop_line(char *bytes, const char *name)
{
  char *at = strstr(bytes, name), *end = at ? strstr(at + 2, "\r\n") : NULL;
  if (end && at < strstr(bytes, "\r\n\r\n"))
    memmove(at, end, strlen(end) + 1);
}

char *served_comparable(const struct served *s)
{
  char *copy = malloc(s->page.n + 1);
  assert_non_null(copy);
  memcpy(copy, s->page.bytes, s->page.n + 1);
  drop_line(copy, "\r\nDate: ");
  drop_line(copy, "\r\nX-Request-Id: ");
  return copy;
}

const char *served_path(const char *head, id64 id, const char *tail)
{
  static char paths[8][PATH_SIZE];
  static int next;
  char *to = paths[next++ % 8];
  struct arena *a = arena_new(4096);
  struct str text = id_text(a, id);
  snprintf(to, PATH_SIZE, "%s%.*s%s", head, STR_FMT(text), tail);
  arena_free(a);
  return to;
}

char *served_encode(const char *bytes, size_t n)
{
  char *out = malloc(3 * n + 1), *at = out;
  assert_non_null(out);
  for (size_t i = 0; i < n; i++, at += 3)
    snprintf(at, 4, "%%%02X", (unsigned char)bytes[i]);
  *at = '\0';
  return out;
}

const char *served_printed(struct served *s)
{
  static char text[60000];
  char name[] = "/tmp/tsunagu-paper-XXXXXX", command[100];
  int fd = mkstemp(name);
  assert_true(fd >= 0);
  size_t n = s->page.n - (size_t)(s->page.body - s->page.bytes);
  assert_int_equal(write(fd, s->page.body, n), n);
  close(fd);
  snprintf(command, sizeof command, "pdftotext -enc UTF-8 -layout %s -", name);
  FILE *out = popen(command, "re");
  assert_non_null(out);
  text[fread(text, 1, sizeof text - 1, out)] = '\0';
  assert_int_equal(pclose(out), 0);
  unlink(name);
  return text;
}
