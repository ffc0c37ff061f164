/* target.c: the request target. Only the origin form ("/path?query") is taken, and a path that is one and the same before
 * and after anybody's normalising: no "//", no "." or "..", no %2F, no backslash, no control bytes. */
#include "http/http_impl.h"

#include "base/limits.h"
#include "base/utf8.h"

static int hex_digit(char c)
{
  if (c >= '0' && c <= '9')
    return c - '0';
  if (c >= 'a' && c <= 'f')
    return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* False for a bad escape, NUL, or bytes that are not UTF-8. `plus`: '+' is a blank. */
static bool percent_decode(struct arena *a, struct str s, bool plus, struct str *ret)
{
  char *out = arena_alloc(a, s.n + 1);
  if (!out)
    return false;
  size_t n = 0;
  for (size_t i = 0; i < s.n; i++) {
    char c = s.p[i];
    if (c == '%') {
      int high = i + 2 < s.n ? hex_digit(s.p[i + 1]) : -1, low = high >= 0 ? hex_digit(s.p[i + 2]) : -1;
      if (low < 0)
        return false;
      c = (char)(high * 16 + low);
      i += 2;
    } else if (c == '+' && plus) {
      c = ' ';
    }
    if (!c)
      return false;
    out[n++] = c;
  }
  *ret = (struct str){out, n};
  return utf8_valid(*ret);
}

void raw_put(struct arena *a, struct doc *map, struct str name, struct str value)
{
  struct doc *old = doc_get_key(map, name);
  if (!old)
    doc_put_key(map, name, doc_str(a, value));
  else if (doc_kind(old) == DOC_LIST)
    doc_add_str(old, value);
  else
    doc_make_list(old, doc_str(a, value));
}

static struct refusal pair_read(struct arena *a, struct str pair, struct doc *map)
{
  struct str name = pair, value = STR_NONE;
  const char *equals = memchr(pair.p, '=', pair.n);
  if (equals) {
    name.n = (size_t)(equals - pair.p);
    value = str_sub(pair, name.n + 1, pair.n);
  }
  if (!percent_decode(a, name, true, &name) || !percent_decode(a, value, true, &value))
    return REFUSE(400, "a parameter is not percent-encoded UTF-8");
  if (!name.n)
    return REFUSE(400, "a parameter has no name");
  raw_put(a, map, name, value);
  return ACCEPTED;
}

struct refusal pairs_read(struct arena *a, struct str s, struct doc **ret)
{
  struct doc *map = doc_map(a);
  struct str pair;
  for (int count = 0; str_split(&s, '&', &pair);) {
    if (!pair.n)
      continue;
    if (++count > LIMIT_PARAMS)
      return REFUSE(413, "too many parameters");
    struct refusal r = pair_read(a, pair, map);
    if (r.status)
      return r;
  }
  *ret = map;
  return ACCEPTED;
}

static bool dots_only(struct str s)
{
  return str_is(s, ".") || str_is(s, "..");
}

static struct refusal path_read(struct exchange *x, struct str raw)
{
  struct request *rq = &x->rq;
  struct str rest = str_sub(raw, 1, raw.n), segment;
  struct buf path;
  buf_init(&path, rq->arena, LIMIT_URI);
  while (str_split(&rest, '/', &segment)) {
    struct str decoded;
    if (!percent_decode(rq->arena, segment, false, &decoded))
      return REFUSE(400, "the path is not percent-encoded UTF-8");
    if (!decoded.n || dots_only(decoded))
      return REFUSE(400, "the path has an empty or dotted segment");
    for (size_t i = 0; i < decoded.n; i++)
      if ((unsigned char)decoded.p[i] < 0x20 || strchr("/\\\x7F", decoded.p[i]))
        return REFUSE(400, "the path has an encoded slash, a backslash or a control byte");
    buf_add_c(&path, '/');
    buf_add(&path, decoded);
  }
  if (raw.n == 1 || raw.p[raw.n - 1] == '/')
    buf_add_c(&path, '/');
  rq->path = buf_str(&path);
  return ACCEPTED;
}

struct refusal target_read(struct exchange *x)
{
  struct request *rq = &x->rq;
  struct str raw = rq->target, query = STR_NONE;
  if (raw.n > LIMIT_URI)
    return REFUSE(414, "the target is too long");
  if (!raw.n || raw.p[0] != '/')
    return REFUSE(400, "the target does not start with a slash");
  for (size_t i = 0; i < raw.n; i++)
    if (raw.p[i] <= 0x20 || raw.p[i] >= 0x7F || strchr("#\"<>\\^`{|}", raw.p[i]))
      return REFUSE(400, "the target has a character that must be encoded");
  const char *mark = memchr(raw.p, '?', raw.n);
  struct str path = mark ? str_sub(raw, 0, (size_t)(mark - raw.p)) : raw;
  if (mark)
    query = str_sub(raw, path.n + 1, raw.n);
  struct refusal r = path_read(x, path);
  return r.status ? r : pairs_read(rq->arena, query, &rq->query);
}
