/* json.c: JSON in and out. */
#include "fuzz.h"

static struct str canonical(struct arena *a, const struct doc *d)
{
  struct buf b;
  buf_init(&b, a, LIMIT_PAGE);
  json_write_canonical(&b, d);
  return buf_str(&b);
}

/* Any bytes at all as one string: JSON comes out; and only a NUL, which is never read, is not read back. */
static void string_holds(struct arena *a, struct str in)
{
  struct doc *d = NULL;
  struct err e = {0};
  struct buf b;
  buf_init(&b, a, LIMIT_PAGE);
  json_write_str(&b, in);
  HOLDS(utf8_valid(buf_str(&b)));
  if (!in.n || memchr(in.p, '\0', in.n))
    return;
  HOLDS(json_parse(a, buf_str(&b), &d, &e) == OK && doc_kind(d) == DOC_STR);
  HOLDS(!utf8_valid(in) || str_eq(doc_string(d), in));
}

/* Read, written, read: the same document; nothing of it could end a script or begin a tag; refused without a document. */
static void json(struct arena *a, struct str in)
{
  struct doc *d = NULL, *again = NULL;
  struct err e = {0};
  string_holds(a, in);
  if (json_parse(a, in, &d, &e) != OK) {
    HOLDS(!d && e.code == INVALID && e.msg);
    return;
  }
  struct str text = fuzz_json(a, d), sorted = canonical(a, d);
  for (size_t i = 0; i < text.n; i++)
    HOLDS(!strchr("<>&", text.p[i]) && (unsigned char)text.p[i] >= 32);
  HOLDS(json_parse(a, text, &again, &e) == OK && doc_equal(d, again) && doc_equal(again, d));
  HOLDS(str_eq(text, fuzz_json(a, again)));
  HOLDS(json_parse(a, sorted, &again, &e) == OK && doc_equal(d, again) && str_eq(sorted, canonical(a, again)));
}
FUZZ_TARGET(json);
