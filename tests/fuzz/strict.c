#include "strict.h"

#include <ctype.h>

#include "base/limits.h"
#include "base/utf8.h"

enum { HEADS = 80 };

struct line {
  struct str name, value;
};

static struct str cut(struct str s, size_t from)
{
  return (struct str){s.p + from, s.n - from};
}

static bool all(struct str s, const char *also)
{
  for (size_t i = 0; i < s.n; i++)
    if (!isalnum((unsigned char)s.p[i]) && (!s.p[i] || !strchr(also, s.p[i])))
      return false;
  return s.n > 0;
}

static bool value_good(struct str s)
{
  for (size_t i = 0; i < s.n; i++)
    if (((unsigned char)s.p[i] < 32 && s.p[i] != '\t') || s.p[i] == 127)
      return false;
  return utf8_valid(s);
}

/* Up to CRLF, which is taken; no CR and no LF before it. */
static bool take_line(struct str *in, struct str *ret)
{
  size_t n = 0;
  while (n < in->n && in->p[n] != '\r' && in->p[n] != '\n')
    n++;
  if (in->n - n < 2 || in->p[n] != '\r' || in->p[n + 1] != '\n')
    return false;
  *ret = (struct str){in->p, n};
  *in = cut(*in, n + 2);
  return true;
}

static struct str blanks_off(struct str s)
{
  while (s.n && (s.p[0] == ' ' || s.p[0] == '\t'))
    s = cut(s, 1);
  while (s.n && (s.p[s.n - 1] == ' ' || s.p[s.n - 1] == '\t'))
    s.n--;
  return s;
}

static bool is_word(struct str s, const char *word)
{
  return s.n == strlen(word) && strncasecmp(s.p, word, s.n) == 0;
}

static int count(const struct line *l, size_t n, const char *name, struct str *ret)
{
  int seen = 0;
  for (size_t i = 0; i < n; i++)
    if (is_word(l[i].name, name)) {
      *ret = l[i].value;
      seen++;
    }
  return seen;
}

static bool first(const struct line *l, size_t n, const char *name, struct str *ret)
{
  size_t i = 0;
  while (i < n && !is_word(l[i].name, name))
    i++;
  if (i < n)
    *ret = l[i].value;
  return i < n;
}

/* --- the target --- */

static int hex(char c)
{
  const char *digits = "0123456789abcdef", *at = c ? strchr(digits, tolower((unsigned char)c)) : NULL;
  return at ? (int)(at - digits) : -1;
}

static bool decode(struct str s, char *out, size_t *ret)
{
  size_t n = 0;
  for (size_t i = 0; i < s.n; i++) {
    out[n] = s.p[i];
    if (s.p[i] == '%') {
      if (i + 2 >= s.n || hex(s.p[i + 1]) < 0 || hex(s.p[i + 2]) < 0)
        return false;
      out[n] = (char)(hex(s.p[i + 1]) * 16 + hex(s.p[i + 2]));
      i += 2;
    }
    if (!out[n++])
      return false;
  }
  *ret = n;
  return utf8_valid((struct str){out, n});
}

static bool segment_good(struct str s)
{
  char out[LIMIT_URI];
  size_t n = 0;
  if (!decode(s, out, &n) || n == 0 || (n == 1 && out[0] == '.') || (n == 2 && out[0] == '.' && out[1] == '.'))
    return false;
  for (size_t i = 0; i < n; i++)
    if ((unsigned char)out[i] < 32 || out[i] == '/' || out[i] == '\\' || out[i] == 127)
      return false;
  return true;
}

static bool path_good(struct str path)
{
  struct str rest = cut(path, 1), segment;
  while (str_split(&rest, '/', &segment))
    if (!segment_good(segment))
      return false;
  return true;
}

static bool query_good(struct str query)
{
  struct str pair;
  char out[LIMIT_URI];
  while (str_split(&query, '&', &pair)) {
    size_t n, equals = 0;
    while (equals < pair.n && pair.p[equals] != '=')
      equals++;
    struct str value = equals < pair.n ? cut(pair, equals + 1) : STR_NONE;
    if (pair.n && (!equals || !decode((struct str){pair.p, equals}, out, &n) || !decode(value, out, &n)))
      return false;
  }
  return true;
}

static bool target_good(struct str t)
{
  if (!t.n || t.n > LIMIT_URI || t.p[0] != '/')
    return false;
  for (size_t i = 0; i < t.n; i++)
    if (t.p[i] <= 32 || t.p[i] >= 127 || strchr("#\"<>\\^`{|}", t.p[i]))
      return false;
  const char *mark = memchr(t.p, '?', t.n);
  struct str path = mark ? (struct str){t.p, (size_t)(mark - t.p)} : t;
  return path_good(path) && (!mark || query_good(cut(t, path.n + 1)));
}

/* --- the head --- */

static bool request_line(struct str line, bool *ret_post, bool *ret_one)
{
  struct str method, target;
  if (!str_split(&line, ' ', &method) || !str_split(&line, ' ', &target))
    return false;
  *ret_post = str_is(method, "POST");
  *ret_one = str_is(line, "HTTP/1.1");
  return (*ret_post || str_is(method, "GET") || str_is(method, "HEAD")) && target_good(target) &&
         (*ret_one || str_is(line, "HTTP/1.0"));
}

static bool type_good(struct str type)
{
  struct str word = STR_NONE;
  if (!str_split(&type, ';', &word))
    return false;
  word = str_trim(word);
  return is_word(word, "application/x-www-form-urlencoded") || is_word(word, "multipart/form-data") ||
         is_word(word, "application/json");
}

static bool body_good(const struct line *l, size_t n, bool post, size_t *ret_body)
{
  struct str v = STR_NONE;
  int64_t length = 0;
  if (count(l, n, "transfer-encoding", &v))
    return false;
  if (count(l, n, "content-length", &v)) {
    for (size_t i = 0; i < v.n; i++)
      if (!isdigit((unsigned char)v.p[i]))
        return false;
    if (!v.n || v.n > 19 || !str_to_i64(v, &length) || length > LIMIT_BODY || (length && !post))
      return false;
  } else if (post) {
    return false;
  }
  *ret_body = (size_t)length;
  if (!length)
    return true;
  return count(l, n, "content-type", &v) && type_good(v) && !count(l, n, "content-encoding", &v);
}

static bool meaning_good(const struct line *l, size_t n, bool post, bool one, size_t *ret_body)
{
  static const char *const single[] = {"host",   "content-length", "content-type", "cookie",          "authorization",
                                       "origin", "referer",        "x-csrf-token", "idempotency-key", "sec-fetch-site"};
  struct str v = STR_NONE;
  for (size_t i = 0; i < sizeof(single) / sizeof(*single); i++)
    if (count(l, n, single[i], &v) > 1)
      return false;
  if (!count(l, n, "host", &v) || v.n > 255 || !all(v, "-.:[]_"))
    return false;
  if (first(l, n, "expect", &v) && !is_word(v, "100-continue"))
    return false;
  if (count(l, n, "upgrade", &v) && !one)
    return false;
  return body_good(l, n, post, ret_body);
}

bool strict_head(struct str in, size_t *ret_head, size_t *ret_body)
{
  struct line l[HEADS];
  struct str rest = in, line;
  size_t n = 0;
  bool post, one;
  if (!take_line(&rest, &line) || !request_line(line, &post, &one))
    return false;
  while (take_line(&rest, &line)) {
    if (!line.n) {
      *ret_head = in.n - rest.n;
      return n <= LIMIT_HEADERS && meaning_good(l, n, post, one, ret_body);
    }
    const char *colon = memchr(line.p, ':', line.n);
    if (!colon || n == HEADS)
      return false;
    l[n].name = (struct str){line.p, (size_t)(colon - line.p)};
    l[n].value = blanks_off(cut(line, l[n].name.n + 1));
    if (!all(l[n].name, "!#$%&'*+-.^_`|~") || !value_good(l[n].value))
      return false;
    n++;
  }
  return false;
}

bool strict_ambiguous(struct str in)
{
  return in.n && (memmem(in.p, in.n, "\0\n", 2) || memmem(in.p, in.n, ":\n", 2));
}
