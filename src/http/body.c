/* body.c: from the bytes of a body to rq->raw, by its media type. */
#include "http/http_impl.h"

#include "base/limits.h"
#include "base/utf8.h"

static char lower_char(char c)
{
  return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool same_word(struct str s, const char *word)
{
  size_t n = strlen(word);
  if (s.n != n)
    return false;
  for (size_t i = 0; i < n; i++)
    if (lower_char(s.p[i]) != word[i])
      return false;
  return true;
}

struct str header_first_token(struct str value)
{
  struct str rest = value, token = STR_NONE;
  return str_split(&rest, ';', &token) ? str_trim(token) : STR_NONE;
}

/* Takes `"text"` or a token off the front; backslash escapes one character inside the quotes. */
static bool take_value(struct arena *a, struct str *rest, struct str *ret)
{
  struct buf b;
  buf_init(&b, a, rest->n + 1);
  size_t i = 0;
  if (rest->n && rest->p[0] == '"') {
    for (i = 1; i < rest->n && rest->p[i] != '"'; i++) {
      if (rest->p[i] == '\\' && i + 1 < rest->n)
        i++;
      buf_add_c(&b, rest->p[i]);
    }
    if (i++ >= rest->n)
      return false;
  } else {
    for (; i < rest->n && rest->p[i] != ';' && rest->p[i] != ' ' && rest->p[i] != '\t'; i++)
      buf_add_c(&b, rest->p[i]);
  }
  *rest = str_trim(str_sub(*rest, i, rest->n));
  *ret = buf_str(&b);
  return !b.failed;
}

bool header_parameter(struct arena *a, struct str value, const char *name, struct str *ret)
{
  const char *semicolon = memchr(value.p ? value.p : "", ';', value.n);
  struct str rest = semicolon ? str_trim(str_sub(value, (size_t)(semicolon - value.p), value.n)) : STR_NONE;
  bool found = false;
  while (rest.n) {
    if (rest.p[0] != ';')
      return false;
    rest = str_trim(str_sub(rest, 1, rest.n));
    const char *equals = rest.n ? memchr(rest.p, '=', rest.n) : NULL;
    if (!equals)
      return false;
    struct str key = str_trim(str_sub(rest, 0, (size_t)(equals - rest.p))), v;
    rest = str_trim(str_sub(rest, (size_t)(equals - rest.p) + 1, rest.n));
    if (!take_value(a, &rest, &v))
      return false;
    if (same_word(key, name)) {
      if (found)
        return false;
      *ret = v;
      found = true;
    }
  }
  return found;
}

static struct refusal json_body(struct exchange *x)
{
  struct request *rq = &x->rq;
  struct err e = {0};
  struct doc *d = NULL;
  if (json_parse(rq->arena, rq->body, &d, &e) != OK)
    return REFUSE(400, "the body is not strict JSON");
  if (doc_kind(d) != DOC_MAP)
    return REFUSE(400, "the body is not a JSON object");
  if (doc_size(d) > LIMIT_PARAMS)
    return REFUSE(413, "too many parameters");
  rq->raw = d;
  return ACCEPTED;
}

static bool charset_good(struct exchange *x, struct str type)
{
  struct str charset;
  if (!memchr(type.p, ';', type.n))
    return true;
  return !header_parameter(x->rq.arena, type, "charset", &charset) || same_word(charset, "utf-8");
}

struct refusal body_read(struct exchange *x)
{
  struct request *rq = &x->rq;
  rq->body = (struct str){x->body, x->body_length};
  if (rq->method == GET) {
    rq->raw = rq->query;
    return ACCEPTED;
  }
  if (!x->body_length) {
    rq->raw = doc_map(rq->arena);
    return ACCEPTED;
  }
  struct str type = header_get(x, "content-type"), word = header_first_token(type), boundary;
  if (!charset_good(x, type))
    return REFUSE(415, "only UTF-8 is taken");
  if (same_word(word, "application/json"))
    return json_body(x);
  if (same_word(word, "application/x-www-form-urlencoded"))
    return pairs_read(rq->arena, rq->body, &rq->raw);
  if (same_word(word, "multipart/form-data") && header_parameter(rq->arena, type, "boundary", &boundary))
    return multipart_read(x, boundary);
  return REFUSE(400, "the multipart body has no boundary");
}
