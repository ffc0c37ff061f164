/* dispatch.c: the way of every request, top to bottom. */
#include "base/log.h"
#include "gate/gate_impl.h"
#include "gate/meter.h"

enum { SHOWN_MAX = 4 << 20 }; /* bytes of what was typed, given back in a page */

/* --- what handlers ask --- */

struct app *gate_app(const struct request *rq)
{
  return gate_of(rq)->app;
}

id64 gate_network(const struct request *rq)
{
  return gate_of(rq)->network;
}

const struct actor *gate_actor(const struct request *rq)
{
  return &gate_of(rq)->actor;
}

bool gate_signed_in(const struct request *rq)
{
  return gate_of(rq)->session && !gate_of(rq)->waiting;
}

enum lang gate_lang(const struct request *rq)
{
  return gate_of(rq)->lang;
}

bool gate_wareki(const struct request *rq)
{
  return gate_of(rq)->wareki;
}

ts_t gate_now(const struct request *rq)
{
  return gate_of(rq)->now;
}

struct str gate_tr(const struct request *rq, const char *id)
{
  return tr(gate_lang(rq), id);
}

static struct str translate(const struct request *rq, struct str id)
{
  return tr_str(gate_lang(rq), id);
}

/* --- language without an account: cookie, then Accept-Language, then Japanese --- */

static enum lang first_language(const struct request *rq)
{
  struct str cookie = request_cookie(rq, "lang"), rest = request_header(rq, "accept-language"), part;
  if (cookie.n)
    return str_is(cookie, "en") ? LANG_EN : LANG_JA;
  while (str_split(&rest, ',', &part)) {
    part = str_trim(part);
    if (str_starts(part, S("ja")))
      return LANG_JA;
    if (str_starts(part, S("en")))
      return LANG_EN;
  }
  return LANG_JA;
}

/* --- the way --- */

static enum code wrong_host(struct gate *g, struct err *e)
{
  g->status = 421;
  return err_set(e, NOT_FOUND, NULL);
}

static enum code no_route(struct request *rq, struct response *rs, struct err *e)
{
  if (!rq->path_known)
    return err_set(e, NOT_FOUND, NULL);
  gate_of(rq)->status = 405;
  response_header(rq, rs, "Allow", rq->method == POST ? S("GET, HEAD") : S("POST"));
  return err_set(e, INVALID, TR("このアドレスでは、その操作はできません。"));
}

/* A rule that the write found broken is a problem of the form, like one that the fields showed. */
static enum code run_handler(struct request *rq, struct response *rs, struct err *e)
{
  if (rq->method == POST && rq->problems && !rq->route->fields)
    return err_set(e, INVALID, code_msg(INVALID)); /* something was sent to a button */
  enum code c = rq->route->handle(rq, rs, e);
  if (c != INVALID || rq->method != POST || rq->problems)
    return c;
  struct err first = *e;
  request_problem(rq, e->field, tr_err(rq->arena, gate_lang(rq), e));
  *rs = (struct response){0};
  *e = (struct err){0};
  c = rq->route->handle(rq, rs, e);
  snprintf(gate_of(rq)->detail, sizeof(gate_of(rq)->detail), "%.80s %.140s", first.field, first.detail);
  return c;
}

/* Bytes of all texts as a page would show them. */
static size_t shown_size(const struct doc *d)
{
  size_t n = 0;
  struct str s = doc_kind(d) == DOC_STR ? doc_string(d) : STR_NONE;
  for (size_t i = 0; i < s.n; i++)
    n += strchr("&<>\"'`=", s.p[i]) ? strlen("&quot;") : 1;
  for (size_t i = 0; doc_kind(d) == DOC_LIST && i < doc_size(d); i++)
    n += shown_size(doc_at(d, i));
  for (size_t i = 0; doc_kind(d) == DOC_MAP && i < doc_size(d); i++)
    n += shown_size(doc_value_at(d, i));
  return n;
}

/* A form that comes back holds what was typed, several times over on its way. */
static enum code check_size(struct request *rq, struct err *e)
{
  if (rq->wants_json || rq->body.n < SHOWN_MAX / strlen("&quot;") || shown_size(rq->raw) <= SHOWN_MAX)
    return OK;
  gate_of(rq)->status = 413;
  return err_set(
      e, LIMIT,
      TR("送られた文字が多すぎて、画面にもどせません。前の画面にもどり、文字を減らすか、いくつかに分けて、もう一"
         "度送ってください。"));
}

static enum code dispatch(struct request *rq, struct response *rs, struct err *e)
{
  struct gate *g = gate_of(rq);
  bool answered = false;
  bool program = request_header(rq, "authorization").n && !str_contains(request_header(rq, "accept"), S("text/html"));
  if ((rq->route && rq->route->json) || program) /* what a program accepts besides JSON is pages only if it says so */
    rq->wants_json = true;
  enum code c = guard_transport(rq, e);
  if (c != OK || static_answer(rq, rs) || language_answer(rq, rs))
    return c;
  c = session_load(rq, e);
  if (c != OK)
    return c;
  if (!g->network)
    return wrong_host(g, e);
  if (!rq->route)
    return no_route(rq, rs, e);
  c = guard_requirement(rq, rs, &answered, e);
  if (c != OK || answered)
    return c;
  if (rq->method == POST) {
    c = guard_post(rq, e);
    if (c == OK)
      c = check_size(rq, e);
    if (c == OK)
      c = key_read(rq, e);
    if (c != OK)
      return c;
  }
  field_read(rq, rq->route->fields, rq->raw);
  return run_handler(rq, rs, e);
}

static double ms_since(const struct timespec *start)
{
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)(now.tv_sec - start->tv_sec) * 1e3 + (double)(now.tv_nsec - start->tv_nsec) / 1e6;
}

/* One line a request: the route's pattern, never the path, which may hold an id. */
static void log_request(const struct request *rq, const struct response *rs, enum code c, double ms)
{
  const struct gate *g = gate_of(rq);
  char status[16], took[32], bytes[24];
  snprintf(status, sizeof(status), "%u", rs->status ? rs->status : 200);
  snprintf(took, sizeof(took), "%.1f", ms);
  snprintf(bytes, sizeof(bytes), "%zu", rs->body.n);
  const char *route = rq->route ? rq->route->path : str_starts(rq->path, S("/assets/")) ? "/assets" : "-";
  log_line(rs->status >= 500 ? LOG_ERROR : LOG_INFO, "request", "method", rq->method == POST ? "POST" : "GET", "route",
           route, "#status", status, "#ms", took, "#bytes", bytes, "id", str_cstr(rq->arena, rq->id), "code",
           code_name(c), "detail", g->detail, NULL);
}

/* What holds of every request before it is known who asks. */
static void begin(struct request *rq, struct gate *g)
{
  *g = (struct gate){
      .app = rq->app, .wareki = true, .now = clock_now(), .actor = {.role = ROLE_PUBLIC}}; /* a value, not a decision */
  rq->gate = g;
  rq->tr = translate;
  g->lang = first_language(rq);
}

void gate_dispatch(struct request *rq, struct response *rs)
{
  struct timespec start;
  clock_gettime(CLOCK_MONOTONIC, &start);
  struct err e = {0};
  struct gate g;
  begin(rq, &g);
  enum code c = dispatch(rq, rs, &e);
  if (c != OK) {
    snprintf(g.detail, sizeof(g.detail), "%s", e.detail);
    page_error(rq, rs, c, &e);
    if (g.retry_after)
      response_header(rq, rs, "Retry-After", str_printf(rq->arena, "%d", g.retry_after));
  }
  double ms = ms_since(&start);
  log_request(rq, rs, c, ms);
  meter_request(g.app->meter, rq, rs->status ? rs->status : 200, ms / 1e3);
  rq->gate = NULL;
}

void gate_refusal(struct request *rq, struct response *rs, unsigned status, const char *why)
{
  struct err e = {0};
  struct gate g;
  begin(rq, &g);
  page_refusal(rq, rs, status, why, &e);
  rq->gate = NULL;
}

void gate_log_refused(void *app, unsigned status, const char *why)
{
  char text[16];
  snprintf(text, sizeof(text), "%u", status);
  log_line(LOG_INFO, "refused", "#status", text, "why", why, NULL);
  meter_refused(((struct app *)app)->meter, status);
}
