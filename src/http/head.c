/* head.c: the strict reading of a request's head. libmicrohttpd parses leniently and in place: it turns the blank after the
 * method, the '?', the colon, CR and LF into NUL and leaves every other byte where it was (0.9.75). So the head's
 * bytes still lie between `method` and `method + header_size`, and its pointers to names and values show how it understood
 * them. We walk those bytes and demand the one layout that a strict head leaves:
 *
 *   METHOD 0 target 0 HTTP/1.1 00 { name 0 blanks value blanks 00 } 00
 *
 * A bare LF leaves one 0 instead of two, a folded line a copy elsewhere, a NUL in a value a byte too many, and so on. Anything
 * else than the layout is refused; a library that works differently would make every request fail, never let one pass. */
#include "http/http_impl.h"

#include "base/limits.h"
#include "base/utf8.h"

struct walk {
  struct exchange *x;
  const char *at, *end;
  struct refusal refused;
};

static bool token_char(unsigned char c)
{
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         (c && strchr("!#$%&'*+-.^_`|~", c) != NULL);
}

static bool is_token(struct str s)
{
  for (size_t i = 0; i < s.n; i++)
    if (!token_char((unsigned char)s.p[i]))
      return false;
  return s.n > 0;
}

static bool is_value(struct str s)
{
  for (size_t i = 0; i < s.n; i++) {
    unsigned char c = (unsigned char)s.p[i];
    if ((c < 0x20 && c != '\t') || c == 0x7F)
      return false;
  }
  return utf8_valid(s);
}

static bool is_blank(char c)
{
  return c == ' ' || c == '\t';
}

static bool take_zeros(struct walk *w, size_t n)
{
  if ((size_t)(w->end - w->at) < n)
    return false;
  for (size_t i = 0; i < n; i++)
    if (w->at[i] != '\0')
      return false;
  w->at += n;
  return true;
}

static void skip_blanks(struct walk *w)
{
  while (w->at < w->end && is_blank(*w->at))
    w->at++;
}

static struct str lower(struct arena *a, struct str s)
{
  char *p = arena_copy(a, s.p, s.n);
  for (size_t i = 0; p && i < s.n; i++)
    if (p[i] >= 'A' && p[i] <= 'Z')
      p[i] = (char)(p[i] - 'A' + 'a');
  return (struct str){p, p ? s.n : 0};
}

static struct str trimmed(struct str s)
{
  while (s.n && is_blank(s.p[s.n - 1]))
    s.n--;
  return s;
}

/* name 0 blanks value blanks 00; the library says where it sees name and value */
static struct refusal walk_header(struct walk *w, struct str name, struct str value)
{
  struct exchange *x = w->x;
  if (x->header_count == LIMIT_HEADERS)
    return REFUSE(431, "too many header lines");
  if (name.p != w->at || name.n >= (size_t)(w->end - w->at))
    return REFUSE(400, "a header line is folded, malformed or has a bare line end");
  if (!is_token(name))
    return REFUSE(400, "a header name has a character that is not allowed");
  w->at += name.n;
  if (!take_zeros(w, 1))
    return REFUSE(400, "a header line is malformed");
  skip_blanks(w);
  if (value.n && (value.p != w->at || value.n > (size_t)(w->end - w->at)))
    return REFUSE(400, "a header line is folded or malformed");
  w->at += value.n;
  skip_blanks(w);
  if (!take_zeros(w, 2))
    return REFUSE(400, "a header line has a bare line end or a NUL");
  if (!is_value(value))
    return REFUSE(400, "a header value has control bytes or is not UTF-8");
  struct arena *a = x->rq.arena;
  value = str_copy(a, trimmed(value));
  x->headers[x->header_count++] = (struct header){lower(a, name), value};
  return ACCEPTED;
}

static enum MHD_Result each_header(void *cls, enum MHD_ValueKind kind, const char *key, size_t key_size,
                                   const char *value, size_t value_size)
{
  struct walk *w = cls;
  w->refused = walk_header(w, (struct str){key, key_size}, (struct str){value, value ? value_size : 0});
  return w->refused.status ? MHD_NO : MHD_YES;
}

/* METHOD 0 target 0 HTTP/1.x 00. The target was copied before its query was taken apart. */
static struct refusal walk_request_line(struct walk *w, const char *method, const char *version)
{
  struct str m = str_from(method), v = str_from(version);
  if (!is_token(m) || m.n > 32)
    return REFUSE(400, "the method is malformed");
  const struct exchange *x = w->x;
  if (x->target_at != method + m.n + 1 || version != x->target_at + x->rq.target.n + 1)
    return REFUSE(400, "the request line is malformed");
  if (v.n != 8 || w->end - version < 10)
    return REFUSE(400, "the request line is malformed");
  w->at = version + v.n;
  if (!take_zeros(w, 2))
    return REFUSE(400, "the request line has a bare line end");
  if (!str_is(v, "HTTP/1.1") && !str_is(v, "HTTP/1.0"))
    return REFUSE(505, "only HTTP/1.0 and HTTP/1.1 are spoken");
  return ACCEPTED;
}

struct refusal head_read(struct exchange *x, const char *method, const char *version)
{
  const union MHD_ConnectionInfo *info =
      MHD_get_connection_info(x->connection, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
  if (!info)
    return REFUSE(400, "the head has no known size");
  if (info->header_size > LIMIT_HEADER_BYTES + LIMIT_URI)
    return REFUSE(431, "the headers are too large");
  struct walk w = {.x = x, .at = method, .end = method + info->header_size};
  struct refusal r = walk_request_line(&w, method, version);
  if (r.status)
    return r;
  x->headers = arena_array(x->rq.arena, LIMIT_HEADERS, sizeof(*x->headers));
  if (!x->headers)
    return REFUSE(503, "out of memory");
  MHD_get_connection_values_n(x->connection, MHD_HEADER_KIND, each_header, &w);
  if (w.refused.status)
    return w.refused;
  if (!take_zeros(&w, 2) || w.at != w.end)
    return REFUSE(400, "the head does not end as it should");
  return ACCEPTED;
}

struct str header_get(const struct exchange *x, const char *name)
{
  for (size_t i = 0; i < x->header_count; i++)
    if (str_is(x->headers[i].name, name))
      return x->headers[i].value;
  return STR_NONE;
}

static bool header_has(const struct exchange *x, const char *name)
{
  return header_get(x, name).p != NULL;
}

/* What may stand once only: a second one would let two readers of the same bytes disagree. */
static struct refusal check_singles(const struct exchange *x)
{
  static const char *const single[] = {"host",   "content-length", "content-type", "cookie",          "authorization",
                                       "origin", "referer",        "x-csrf-token", "idempotency-key", "sec-fetch-site",
                                       NULL};
  for (int i = 0; single[i]; i++) {
    int seen = 0;
    for (size_t h = 0; h < x->header_count; h++)
      seen += str_is(x->headers[h].name, single[i]);
    if (seen > 1)
      return REFUSE(400, "a header that may stand once stands twice");
  }
  return ACCEPTED;
}

static struct refusal check_method(struct exchange *x, struct str method)
{
  static const char *const known[] = {"PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "CONNECT", NULL};
  x->head_only = str_is(method, "HEAD");
  if (x->head_only || str_is(method, "GET")) {
    x->rq.method = GET;
    return ACCEPTED;
  }
  x->rq.method = POST;
  if (str_is(method, "POST"))
    return ACCEPTED;
  for (int i = 0; known[i]; i++)
    if (str_is(method, known[i]))
      return REFUSE(405, "the method is not served here");
  return REFUSE(501, "the method is unknown");
}

/* A name, an IPv4 address or [IPv6], and maybe a port. */
static struct refusal check_host(struct exchange *x)
{
  struct str host = header_get(x, "host");
  if (!host.n || host.n > 255)
    return REFUSE(400, "the Host header is missing or malformed");
  for (size_t i = 0; i < host.n; i++) {
    char c = host.p[i];
    bool good = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || strchr("-.:[]_", c);
    if (!good)
      return REFUSE(400, "the Host header is missing or malformed");
  }
  x->rq.host = lower(x->rq.arena, host);
  return ACCEPTED;
}

/* Bodies come with their length only: a chunked one has too many spellings for two readers to agree on. */
static struct refusal check_length(struct exchange *x)
{
  if (header_has(x, "transfer-encoding"))
    return header_has(x, "content-length") ? REFUSE(400, "Content-Length and Transfer-Encoding together")
                                           : REFUSE(411, "a body must announce its Content-Length");
  struct str text = header_get(x, "content-length");
  if (!header_has(x, "content-length"))
    return x->rq.method == POST ? REFUSE(411, "a body must announce its Content-Length") : ACCEPTED;
  if (!text.n || text.n > 19)
    return REFUSE(text.n ? 413 : 400, "the Content-Length is malformed or too large");
  for (size_t i = 0; i < text.n; i++)
    if (text.p[i] < '0' || text.p[i] > '9')
      return REFUSE(400, "the Content-Length is malformed");
  int64_t n = 0;
  bool counted = str_to_i64(text, &n);
  x->announced = counted ? (size_t)n : SIZE_MAX;
  if (!counted || n > LIMIT_BODY)
    return REFUSE(413, "the body is too large");
  if (n && x->rq.method == GET)
    return REFUSE(400, "a GET has no body");
  x->body_length = (size_t)n;
  return ACCEPTED;
}

static struct refusal check_body_type(const struct exchange *x)
{
  if (!x->body_length)
    return ACCEPTED;
  struct str type = lower(x->rq.arena, header_first_token(header_get(x, "content-type")));
  if (str_is(type, "application/x-www-form-urlencoded") || str_is(type, "multipart/form-data") ||
      str_is(type, "application/json"))
    return header_has(x, "content-encoding") ? REFUSE(415, "the body may not be encoded") : ACCEPTED;
  return REFUSE(415, "the body is of a type that is not taken");
}

struct refusal head_check(struct exchange *x, const char *method, const char *version)
{
  struct refusal r = check_method(x, str_from(method));
  if (!r.status)
    r = check_singles(x);
  if (!r.status)
    r = check_host(x);
  if (!r.status)
    r = check_length(x);
  if (!r.status)
    r = check_body_type(x);
  if (!r.status && header_has(x, "expect") && !str_is(lower(x->rq.arena, header_get(x, "expect")), "100-continue"))
    r = REFUSE(417, "only 100-continue may be expected");
  if (!r.status && header_has(x, "upgrade") && !str_is(str_from(version), "HTTP/1.1"))
    r = REFUSE(400, "an upgrade needs HTTP/1.1");
  return r;
}
