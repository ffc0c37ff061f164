/* multipart.c: multipart/form-data (RFC 7578) of text fields. A part is a Content-Disposition with one name, perhaps a
 * Content-Type of plain UTF-8 text, and its value; a part with a file name is refused but where the route takes files; then there may be one. What its name is, or its type is said to be, counts nothing. */
#include "http/http_impl.h"

#include "base/limits.h"
#include "base/utf8.h"

struct cursor {
  const char *at, *end;
};

static bool take(struct cursor *c, struct str s)
{
  if ((size_t)(c->end - c->at) < s.n || memcmp(c->at, s.p, s.n) != 0)
    return false;
  c->at += s.n;
  return true;
}

/* Up to `mark`, which is taken as well; false when it does not come. */
static bool take_until(struct cursor *c, struct str mark, struct str *ret)
{
  const char *found = memmem(c->at, (size_t)(c->end - c->at), mark.p, mark.n);
  if (!found)
    return false;
  *ret = (struct str){c->at, (size_t)(found - c->at)};
  c->at = found + mark.n;
  return true;
}

static bool plain_text(struct arena *a, struct str value)
{
  struct str charset;
  if (!str_is(header_first_token(value), "text/plain"))
    return false;
  return !header_parameter(a, value, "charset", &charset) || str_is(charset, "utf-8") || str_is(charset, "UTF-8");
}

struct part {
  struct str name;
  bool other, file; /* other: of a type that is no plain text, which a file alone may be */
};

/* One header line of a part; the name is set by Content-Disposition. */
static struct refusal part_header(struct exchange *x, struct str line, struct part *ret)
{
  struct arena *a = x->rq.arena;
  const char *colon = memchr(line.p, ':', line.n);
  if (!colon || memchr(line.p, '\0', line.n) || memchr(line.p, '\n', line.n))
    return REFUSE(400, "a part's header is malformed");
  struct str name = str_sub(line, 0, (size_t)(colon - line.p)), file;
  struct str value = str_trim(str_sub(line, name.n + 1, line.n));
  if (name.n == strlen("Content-Type") && !strncasecmp(name.p, "Content-Type", name.n)) {
    ret->other = ret->other || !plain_text(a, value);
    return ACCEPTED;
  }
  if (name.n != strlen("Content-Disposition") || strncasecmp(name.p, "Content-Disposition", name.n) != 0)
    return REFUSE(400, "a part has a header that is not taken");
  if (ret->name.p || !str_is(header_first_token(value), "form-data") || !header_parameter(a, value, "name", &ret->name))
    return REFUSE(400, "a part has no name");
  ret->file = header_parameter(a, value, "filename", &file);
  if ((ret->file && !(x->rq.route && x->rq.route->files)) || header_parameter(a, value, "filename*", &file))
    return REFUSE(415, "files are not taken");
  return ACCEPTED;
}

/* One file; its field says that there is one. None was chosen: no bytes, and an empty field. */
static struct refusal take_file(struct exchange *x, struct str name, struct str bytes, struct doc *map)
{
  if (x->rq.upload.p)
    return REFUSE(413, "more than one file");
  x->rq.upload = bytes;
  raw_put(x->rq.arena, map, name, bytes.n ? S("file") : STR_NONE);
  return ACCEPTED;
}

static struct refusal part_read(struct exchange *x, struct cursor *c, struct str delimiter, struct doc *map)
{
  struct str value, line;
  struct part part = {.name = STR_NONE};
  for (int lines = 0;; lines++) {
    if (lines > 4 || !take_until(c, S("\r\n"), &line))
      return REFUSE(400, "a part's headers are malformed");
    if (!line.n)
      break;
    struct refusal r = part_header(x, line, &part);
    if (r.status)
      return r;
  }
  if (!part.name.n || !utf8_valid(part.name) || memchr(part.name.p, '\0', part.name.n))
    return REFUSE(400, "a part has no name");
  if (!take_until(c, delimiter, &value))
    return REFUSE(400, "a part does not end");
  if (part.file)
    return take_file(x, part.name, value, map);
  if (part.other)
    return REFUSE(415, "a part is not plain UTF-8 text");
  if (!utf8_valid(value) || memchr(value.p, '\0', value.n))
    return REFUSE(400, "a part is not UTF-8 text");
  raw_put(x->rq.arena, map, part.name, value);
  return ACCEPTED;
}

static bool boundary_good(struct str b)
{
  for (size_t i = 0; i < b.n; i++)
    if (b.p[i] <= 0x20 || b.p[i] >= 0x7F || b.p[i] == '"')
      return false;
  return b.n > 0 && b.n <= 70;
}

struct refusal multipart_read(struct exchange *x, struct str boundary)
{
  if (!boundary_good(boundary))
    return REFUSE(400, "the boundary is malformed");
  struct arena *a = x->rq.arena;
  struct str delimiter = str_printf(a, "\r\n--%.*s", STR_FMT(boundary));
  struct cursor c = {x->rq.body.p, x->rq.body.p + x->rq.body.n};
  struct doc *map = doc_map(a);
  if (!take(&c, str_sub(delimiter, 2, delimiter.n)))
    return REFUSE(400, "the multipart body does not begin with its boundary");
  for (int parts = 0; take(&c, S("\r\n")); parts++) {
    if (parts == LIMIT_PARTS)
      return REFUSE(413, "too many parts");
    struct refusal r = part_read(x, &c, delimiter, map);
    if (r.status)
      return r;
  }
  if (!take(&c, S("--")))
    return REFUSE(400, "the multipart body does not end with its boundary");
  take(&c, S("\r\n"));
  if (c.at != c.end)
    return REFUSE(400, "the multipart body goes on after its end");
  x->rq.raw = map;
  return ACCEPTED;
}
