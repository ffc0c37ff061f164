/* request.c: what a handler asks of its request, and says in its answer. */
#include "http/http_impl.h"

static const struct exchange *exchange_of(const struct request *rq)
{
  return rq->impl;
}

struct str request_header(const struct request *rq, const char *name)
{
  const struct exchange *x = exchange_of(rq);
  for (size_t i = 0; x && i < x->header_count; i++)
    if (x->headers[i].name.n == strlen(name) && !strncasecmp(x->headers[i].name.p, name, x->headers[i].name.n))
      return x->headers[i].value;
  return STR_NONE;
}

/* Behind TLS the browser itself guarantees by the prefix that no other host or plain page set the cookie. */
static struct str cookie_name(struct arena *a, bool https, const char *name)
{
  return https ? str_printf(a, "__Host-%s", name) : str_from(name);
}

struct str request_cookie(const struct request *rq, const char *name)
{
  struct str wanted = cookie_name(rq->arena, rq->https, name);
  struct str rest = request_header(rq, "cookie"), pair;
  while (str_split(&rest, ';', &pair)) {
    pair = str_trim(pair);
    if (pair.n > wanted.n && pair.p[wanted.n] == '=' && str_starts(pair, wanted))
      return str_sub(pair, wanted.n + 1, pair.n);
  }
  return STR_NONE;
}

struct str request_param(const struct request *rq, const char *name)
{
  const struct exchange *x = exchange_of(rq);
  for (size_t i = 0; x && i < x->param_count; i++)
    if (str_is(x->params[i].name, name))
      return x->params[i].value;
  return STR_NONE;
}

bool request_param_id(const struct request *rq, const char *name, id64 *ret)
{
  return id_parse(request_param(rq, name), ret);
}

void request_problem(struct request *rq, const char *field, struct str text)
{
  struct problem *p = arena_new_of(rq->arena, struct problem);
  if (!p)
    return;
  *p = (struct problem){.field = str_copy(rq->arena, str_from(field)), .text = str_copy(rq->arena, text)};
  struct problem **last = &rq->problems;
  while (*last)
    last = &(*last)->next;
  *last = p;
}

struct str request_say(const struct request *rq, const char *id, struct str a1, struct str a2, struct str a3)
{
  const struct str arg[3] = {a1, a2, a3};
  struct str text = rq->tr ? rq->tr(rq, str_from(id)) : str_from(id);
  struct buf b;
  buf_init(&b, rq->arena, 4096);
  for (size_t i = 0; i < text.n; i++) {
    if (text.p[i] == '%' && i + 1 < text.n && text.p[i + 1] >= '1' && text.p[i + 1] <= '3')
      buf_add(&b, arg[text.p[++i] - '1']);
    else
      buf_add_c(&b, text.p[i]);
  }
  return buf_str(&b);
}

void response_header(struct request *rq, struct response *rs, const char *name, struct str value)
{
  if (!rs->headers)
    rs->headers = doc_list(rq->arena);
  struct doc *pair = doc_add_list(rs->headers);
  doc_add_str(pair, str_from(name));
  doc_add_str(pair, value);
}

void response_cookie(struct request *rq, struct response *rs, const char *name, struct str value, int max_age)
{
  struct str full = cookie_name(rq->arena, rq->https, name);
  struct buf b;
  buf_init(&b, rq->arena, 4096);
  buf_printf(&b, "%.*s=%.*s; Path=/; HttpOnly; SameSite=Lax", STR_FMT(full), STR_FMT(value));
  if (rq->https)
    buf_add_cstr(&b, "; Secure");
  if (max_age)
    buf_printf(&b, "; Max-Age=%d", max_age < 0 ? 0 : max_age);
  response_header(rq, rs, "Set-Cookie", buf_str(&b));
}

/* Letters that stand in a path as they are; everything else is percent-encoded, so no header can be split. */
static void add_path(struct buf *b, struct str path)
{
  for (size_t i = 0; i < path.n; i++) {
    unsigned char c = (unsigned char)path.p[i];
    if (c > 0x20 && c < 0x7F && !strchr("\"<>\\^`{|}", c))
      buf_add_c(b, (char)c);
    else
      buf_printf(b, "%%%02X", c);
  }
}

void response_redirect(struct request *rq, struct response *rs, struct str path)
{
  bool local = path.n && path.p[0] == '/' && !(path.n > 1 && (path.p[1] == '/' || path.p[1] == '\\'));
  struct buf b;
  buf_init(&b, rq->arena, 8192);
  add_path(&b, local ? path : S("/"));
  rs->status = 303;
  rs->body = STR_NONE;
  response_header(rq, rs, "Location", buf_str(&b));
}
