/* http_parts.c: the pieces of a request below its head: target, headers that carry more than one word, bodies. */
#include "fuzz.h"
#include "http/http_impl.h"
#include "strict.h"

static struct exchange *exchange(struct arena *a)
{
  static struct http_server server;
  struct exchange *x = arena_new_of(a, struct exchange);
  server.options.trusted_proxy = STR_NONE;
  *x = (struct exchange){.rq = {.arena = a, .impl = x}, .server = &server, .connection = fuzz_connection()};
  x->headers = arena_array(a, LIMIT_HEADERS, sizeof(*x->headers));
  return x;
}

static void add_header(struct exchange *x, const char *name, struct str value)
{
  x->headers[x->header_count++] = (struct header){str_from(name), value};
}

static void encode(struct buf *b, struct str s, bool slash)
{
  for (size_t i = 0; i < s.n; i++)
    if (slash && s.p[i] == '/')
      buf_add_c(b, '/');
    else
      buf_printf(b, "%%%02x", (unsigned char)s.p[i]);
}

static void encode_pairs(struct buf *b, const struct doc *map)
{
  for (size_t i = 0; i < doc_size(map); i++) {
    const struct doc *v = doc_value_at(map, i);
    size_t n = doc_kind(v) == DOC_LIST ? doc_size(v) : 1;
    for (size_t k = 0; k < n; k++) {
      buf_add_c(b, '&');
      encode(b, doc_key_at(map, i), false);
      buf_add_c(b, '=');
      encode(b, doc_string(doc_kind(v) == DOC_LIST ? doc_at(v, k) : v), false);
    }
  }
}

/* A body of pairs: read, written, read again; refused without a document. */
static void urlencoded(struct arena *a, struct str in)
{
  struct doc *d = NULL, *again = NULL;
  struct buf b;
  if (pairs_read(a, in, &d).status) {
    HOLDS(!d);
    return;
  }
  buf_init(&b, a, LIMIT_ARENA);
  encode_pairs(&b, d);
  HOLDS(!pairs_read(a, buf_str(&b), &again).status && doc_equal(d, again));
}
FUZZ_TARGET(urlencoded);

/* Where somebody is sent stays on this server, and its header is one line. */
static void redirect_holds(struct exchange *x, struct str to)
{
  struct response rs = {0};
  response_redirect(&x->rq, &rs, to);
  struct str where = doc_string(doc_at(doc_at(rs.headers, 0), 1));
  HOLDS(rs.status == 303 && where.n && where.p[0] == '/' &&
        (where.n == 1 || (where.p[1] != '/' && where.p[1] != '\\')));
  for (size_t i = 0; i < where.n; i++)
    HOLDS(where.p[i] > 32 && where.p[i] < 127 && !strchr("\"<>\\^`{|}", where.p[i]));
}

static void target(struct arena *a, struct str in)
{
  struct exchange *x = exchange(a), *y = exchange(a);
  struct buf b;
  redirect_holds(exchange(a), in);
  x->rq.target = in;
  if (target_read(x).status) {
    HOLDS(!x->rq.query);
    return;
  }
  HOLDS(utf8_valid(x->rq.path) && x->rq.path.p[0] == '/' && !str_contains(x->rq.path, S("//")));
  HOLDS(!str_contains(x->rq.path, S("/../")) && !str_ends(x->rq.path, S("/..")) &&
        !memchr(x->rq.path.p, '\n', x->rq.path.n));
  redirect_holds(y, x->rq.path);
  buf_init(&b, a, LIMIT_ARENA);
  encode(&b, x->rq.path, true);
  buf_add_c(&b, '?');
  encode_pairs(&b, x->rq.query);
  y->rq.target = buf_str(&b);
  if (b.n <= LIMIT_URI)
    HOLDS(!target_read(y).status && str_eq(x->rq.path, y->rq.path) && doc_equal(x->rq.query, y->rq.query));
}
FUZZ_TARGET(target);

static void quoted(struct buf *b, struct str s)
{
  buf_add_c(b, '"');
  for (size_t i = 0; i < s.n; i++) {
    if (s.p[i] == '"' || s.p[i] == '\\')
      buf_add_c(b, '\\');
    buf_add_c(b, s.p[i]);
  }
  buf_add_c(b, '"');
}

#define OUR_BOUNDARY "our-boundary-6b1f0c"

static void multipart_print(struct buf *b, const struct doc *map)
{
  for (size_t i = 0; i < doc_size(map); i++) {
    const struct doc *v = doc_value_at(map, i);
    size_t n = doc_kind(v) == DOC_LIST ? doc_size(v) : 1;
    for (size_t k = 0; k < n; k++) {
      buf_add_cstr(b, "--" OUR_BOUNDARY "\r\nContent-Disposition: form-data; name=");
      quoted(b, doc_key_at(map, i));
      buf_add_cstr(b, "\r\n\r\n");
      buf_add(b, doc_string(doc_kind(v) == DOC_LIST ? doc_at(v, k) : v));
      buf_add_cstr(b, "\r\n");
    }
  }
  buf_add_cstr(b, "--" OUR_BOUNDARY "--\r\n");
}

/* The first line is the boundary, the rest the body. */
static void multipart(struct arena *a, struct str in)
{
  struct exchange *x = exchange(a), *y = exchange(a);
  struct str boundary = STR_NONE;
  struct buf b;
  str_split(&in, '\n', &boundary);
  x->rq.body = in.n ? in : S("");
  if (multipart_read(x, boundary).status) {
    HOLDS(!x->rq.raw);
    return;
  }
  buf_init(&b, a, LIMIT_ARENA);
  multipart_print(&b, x->rq.raw);
  y->rq.body = buf_str(&b);
  if (str_contains(in, S(OUR_BOUNDARY)))
    return;
  HOLDS(!multipart_read(y, S(OUR_BOUNDARY)).status && doc_equal(x->rq.raw, y->rq.raw));
}
FUZZ_TARGET(multipart);

/* The same where one file is taken: its bytes stand in the body as they came, and its field says that there is one. */
static void upload(struct arena *a, struct str in)
{
  static const struct route takes = {.method = POST, .path = "/x", .files = true};
  struct exchange *x = exchange(a);
  struct str boundary = STR_NONE;
  str_split(&in, '\n', &boundary);
  x->rq.route = &takes;
  x->rq.body = in.n ? in : S("");
  if (multipart_read(x, boundary).status)
    return;
  struct str file = x->rq.upload;
  HOLDS(!file.p || (file.p >= in.p && file.p + file.n <= in.p + in.n));
  HOLDS(!file.p || doc_size(x->rq.raw) > 0);
}
FUZZ_TARGET(upload);

static void cookie_holds(const struct exchange *x, struct str header)
{
  static const char *const names[] = {"tsunagu", "lang", "a"};
  for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
    struct str v = request_cookie(&x->rq, names[i]);
    if (!v.p || !v.n)
      continue;
    HOLDS(v.p >= header.p && v.p + v.n <= header.p + header.n && !memchr(v.p, ';', v.n));
    size_t n = strlen(names[i]);
    HOLDS((size_t)(v.p - header.p) > n && v.p[-1] == '=' && memcmp(v.p - n - 1, names[i], n) == 0);
    const char *before = v.p - n - 1;
    HOLDS(before == header.p || (before[-1] && strchr("; \t\r\v\f\x80", before[-1]))); /* U+3000 ends with 0x80 */
  }
}

/* A parameter that is found, written quoted behind a word, is found again. */
static void parameter_holds(struct arena *a, struct str header)
{
  struct str v, again;
  struct buf b;
  HOLDS(header_first_token(header).n <= header.n);
  if (!header_parameter(a, header, "charset", &v))
    return;
  buf_init(&b, a, LIMIT_ARENA);
  buf_add_cstr(&b, "x/y; z=1; CHARSET=");
  quoted(&b, v);
  HOLDS(header_parameter(a, buf_str(&b), "charset", &again) && str_eq(v, again));
}

/* Lines: Cookie, Accept, Content-Type, X-Forwarded-For, X-Forwarded-Proto. */
static void headers(struct arena *a, struct str in)
{
  static const char *const names[] = {"cookie", "accept", "content-type", "x-forwarded-for", "x-forwarded-proto"};
  struct exchange *x = exchange(a);
  struct str line;
  for (size_t i = 0; i < sizeof(names) / sizeof(*names) && str_split(&in, '\n', &line); i++)
    add_header(x, names[i], line);
  cookie_holds(x, request_header(&x->rq, "cookie"));
  parameter_holds(a, request_header(&x->rq, "content-type"));
  origin_read(x);
  HOLDS(!x->rq.wants_json || str_contains(request_header(&x->rq, "accept"), S("application/json")) ||
        (!request_header(&x->rq, "accept").n &&
         str_contains(request_header(&x->rq, "content-type"), S("application/json"))));
  HOLDS(!x->rq.https && !x->rq.address.n); /* nobody is a trusted proxy here */
}
FUZZ_TARGET(headers);
