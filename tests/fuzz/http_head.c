/* http_head.c: the strict reader alone, fast: the library's lenient reading of a head in place is modelled here (docs/http.md says what it
 * does to the bytes), and what src/http then takes must be what the grammar of strict.c takes, no more and no less. */
#include "fuzz.h"
#include "http/http_impl.h"
#include "strict.h"

struct pair {
  struct str name, value;
};

/* What the model leaves behind; the "connection" that the reader asks. */
static struct model {
  char *bytes;
  size_t size; /* of the head */
  const char *target, *version;
  struct pair pair[LIMIT_HEADERS + 40];
  size_t pairs;
  struct arena *arena;
  union MHD_ConnectionInfo info;
} model;

const union MHD_ConnectionInfo *__real_MHD_get_connection_info(struct MHD_Connection *c,
                                                               enum MHD_ConnectionInfoType type, ...);
const union MHD_ConnectionInfo *__wrap_MHD_get_connection_info(struct MHD_Connection *c,
                                                               enum MHD_ConnectionInfoType type, ...);
int __real_MHD_get_connection_values_n(struct MHD_Connection *c, enum MHD_ValueKind kind, MHD_KeyValueIteratorN fn,
                                       void *arg);
int __wrap_MHD_get_connection_values_n(struct MHD_Connection *c, enum MHD_ValueKind kind, MHD_KeyValueIteratorN fn,
                                       void *arg);

struct MHD_Connection *fuzz_connection(void)
{
  return (struct MHD_Connection *)(void *)&model;
}

static bool is_model(const struct MHD_Connection *c)
{
  return (const void *)c == (const void *)&model;
}

const union MHD_ConnectionInfo *__wrap_MHD_get_connection_info(struct MHD_Connection *c,
                                                               enum MHD_ConnectionInfoType type, ...)
{
  if (!is_model(c))
    return __real_MHD_get_connection_info(c, type);
  if (type != MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE)
    return NULL;
  model.info.header_size = model.size;
  return &model.info;
}

int __wrap_MHD_get_connection_values_n(struct MHD_Connection *c, enum MHD_ValueKind kind, MHD_KeyValueIteratorN fn,
                                       void *arg)
{
  if (!is_model(c))
    return __real_MHD_get_connection_values_n(c, kind, fn, arg);
  size_t i = 0;
  while (i < model.pairs && fn(arg, kind, model.pair[i].name.p, model.pair[i].name.n, model.pair[i].value.p,
                               model.pair[i].value.n) == MHD_YES)
    i++;
  return (int)i;
}

/* The next line in place: its end becomes NUL, twice for CRLF; a CR alone ends none (0.9.75, seen on the wire). NULL: there is no whole
 * one. */
static char *model_line(size_t *at, size_t n)
{
  size_t from = *at, i = from;
  while (i < n && model.bytes[i] != '\n')
    i++;
  if (i == n)
    return NULL;
  if (i > from && model.bytes[i - 1] == '\r')
    model.bytes[i - 1] = '\0';
  model.bytes[i] = '\0';
  *at = i + 1;
  return model.bytes + from;
}

static bool model_request_line(char *line)
{
  char *blank = strchr(line, ' ');
  if (!blank)
    return false;
  *blank = '\0';
  char *target = blank + 1 + strspn(blank + 1, " "), *last = strrchr(target, ' ');
  model.target = target;
  if (!last)
    return false;
  *last = '\0';
  model.version = last + 1;
  return true;
}

/* A line that begins with a blank goes on the one before, in a copy elsewhere. */
static void model_fold(struct pair *p, const char *line)
{
  p->value = str_printf(model.arena, "%.*s%s", STR_FMT(p->value), line + strspn(line, " \t"));
}

static bool model_header(char *line)
{
  char *colon = strchr(line, ':');
  if (!colon || model.pairs == sizeof(model.pair) / sizeof(*model.pair))
    return false;
  *colon = '\0';
  char *value = colon + 1 + strspn(colon + 1, " \t");
  model.pair[model.pairs++] = (struct pair){{line, strlen(line)}, {value, strlen(value)}};
  return true;
}

/* False where the library itself would hang up or wait for more. */
static bool model_read(struct arena *a, struct str in)
{
  size_t at = 0;
  model = (struct model){.arena = a, .bytes = arena_copy(a, in.p, in.n)};
  char *line = in.n && in.p[0] != '\r' && in.p[0] != '\n' ? model_line(&at, in.n) : NULL;
  if (!line || !model_request_line(line))
    return false;
  while ((line = model_line(&at, in.n))) {
    bool folded = model.pairs && (line[0] == ' ' || line[0] == '\t');
    if (!line[0]) {
      model.size = at;
      return true;
    }
    if (folded)
      model_fold(&model.pair[model.pairs - 1], line);
    else if (!model_header(line))
      return false;
  }
  return false;
}

/* As on_target() and exchange_begin() of server.c do it. */
static struct refusal read_all(struct exchange *x)
{
  x->rq.target = str_copy(x->rq.arena, str_from(model.target));
  char *mark = strchr(model.target, '?');
  if (mark)
    *mark = '\0';
  struct refusal r = head_read(x, model.bytes, model.version);
  if (!r.status)
    r = head_check(x, model.bytes, model.version);
  return r.status ? r : target_read(x);
}

static void accepted_holds(const struct exchange *x)
{
  HOLDS(x->rq.path.n && x->rq.path.p[0] == '/' && fuzz_clean(str_sub(x->rq.path, 0, 1)));
  HOLDS(x->rq.host.n && x->rq.query && x->header_count <= LIMIT_HEADERS);
  for (size_t i = 0; i < x->header_count; i++) {
    HOLDS(x->headers[i].name.n &&
          !memchr(x->headers[i].value.p ? x->headers[i].value.p : "", '\n', x->headers[i].value.n));
    HOLDS(request_header(&x->rq, str_cstr(x->rq.arena, x->headers[i].name)).n <= LIMIT_HEADER_BYTES + LIMIT_URI);
  }
}

static void http_head(struct arena *a, struct str in)
{
  struct http_server server = {.options = {.trusted_proxy = S("192.0.2.1")}};
  struct exchange *x = arena_new_of(a, struct exchange);
  size_t head = 0, body = 0;
  if (in.n > 16384 || strict_ambiguous(in) || !model_read(a, in))
    return;
  *x = (struct exchange){.rq = {.arena = a, .impl = x}, .server = &server, .target_at = model.target};
  x->connection = fuzz_connection();
  struct refusal r = read_all(x);
  bool strict = strict_head(in, &head, &body);
  HOLDS((r.status == 0) == strict);
  if (r.status) {
    HOLDS(r.status >= 400 && r.why);
    return;
  }
  HOLDS(head == model.size && body == x->body_length);
  accepted_holds(x);
  origin_read(x);
}
FUZZ_TARGET(http_head);
