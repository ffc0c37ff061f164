/* field_map.c: a free sub-document. A form sends it as dotted names ("answer.household.0.name"), JSON as it is; either way a map whose
 * names are all numbers becomes a list in their order. Its texts are checked by whoever knows what they are. */
#include "base/limits.h"
#include "base/utf8.h"
#include "http/http_impl.h"

bool map_key(struct str key, const char *name)
{
  size_t n = strlen(name);
  return key.n > n + 1 && !memcmp(key.p, name, n) && key.p[n] == '.';
}

static enum code misshapen(struct err *e)
{
  return err_set(e, INVALID, TR("入力の内容を確かめてください。"));
}

/* Puts one leaf at its dotted path under `at`. */
static enum code insert(struct arena *a, struct doc *at, struct str path, struct doc *leaf, struct err *e)
{
  struct str key;
  for (int depth = 0; str_split(&path, '.', &key); depth++) {
    if (!key.n || depth > LIMIT_JSON_DEPTH || doc_kind(at) != DOC_MAP)
      return misshapen(e);
    struct doc *child = doc_get_key(at, key);
    if (!path.n) {
      if (child)
        return misshapen(e);
      doc_put_key(at, key, leaf);
      return OK;
    }
    if (!child) {
      child = doc_map(a);
      doc_put_key(at, key, child);
    }
    at = child;
  }
  return misshapen(e);
}

static bool all_numbers(const struct doc *map)
{
  for (size_t i = 0; i < doc_size(map); i++) {
    int64_t v;
    if (!str_to_i64(doc_key_at(map, i), &v))
      return false;
  }
  return doc_size(map) > 0;
}

static enum code clean(struct arena *a, const struct doc *d, int depth, struct doc **ret, struct err *e);

static enum code clean_rows(struct arena *a, const struct doc *map, int depth, struct doc **ret, struct err *e)
{
  struct doc *list = doc_list(a);
  for (int row = 0; row < LIMIT_REPEATS; row++) {
    struct doc *child = doc_get_key(map, str_printf(a, "%d", row)), *done = NULL;
    if (!child)
      continue;
    enum code c = clean(a, child, depth + 1, &done, e);
    if (c != OK)
      return c;
    doc_add(list, done);
  }
  if (doc_size(list) != doc_size(map))
    return err_set(e, INVALID, TR("行が多すぎます。"));
  *ret = list;
  return OK;
}

static enum code clean_children(struct arena *a, const struct doc *d, int depth, struct doc **ret, struct err *e)
{
  bool map = doc_kind(d) == DOC_MAP;
  struct doc *out = map ? doc_map(a) : doc_list(a);
  if (!map && doc_size(d) > LIMIT_REPEATS)
    return err_set(e, INVALID, TR("行が多すぎます。"));
  for (size_t i = 0; i < doc_size(d); i++) {
    struct doc *done = NULL;
    enum code c = clean(a, map ? doc_value_at(d, i) : doc_at(d, i), depth + 1, &done, e);
    if (c == OK && map)
      c = utf8_check_text(doc_key_at(d, i), false, e);
    if (c != OK)
      return c;
    if (map)
      doc_put_key(out, doc_key_at(d, i), done);
    else
      doc_add(out, done);
  }
  *ret = out;
  return OK;
}

static enum code clean(struct arena *a, const struct doc *d, int depth, struct doc **ret, struct err *e)
{
  if (depth > LIMIT_JSON_DEPTH)
    return misshapen(e);
  switch (doc_kind(d)) {
  case DOC_MAP:
    return all_numbers(d) ? clean_rows(a, d, depth, ret, e) : clean_children(a, d, depth, ret, e);
  case DOC_LIST:
    return clean_children(a, d, depth, ret, e);
  default:
    *ret = (struct doc *)(uintptr_t)d;
    return OK;
  }
}

enum code map_read(struct arena *a, const struct doc *raw, const char *name, struct doc **ret, struct err *e)
{
  const struct doc *whole = doc_get(raw, name);
  struct doc *flat = doc_map(a);
  size_t prefix = strlen(name) + 1;
  if (whole && doc_kind(whole) != DOC_MAP && doc_kind(whole) != DOC_LIST && doc_kind(whole) != DOC_NULL)
    return misshapen(e);
  for (size_t i = 0; i < doc_size(raw); i++) {
    struct str key = doc_key_at(raw, i);
    if (!map_key(key, name))
      continue;
    enum code c = whole ? misshapen(e) : insert(a, flat, str_sub(key, prefix, key.n), doc_value_at(raw, i), e);
    if (c != OK)
      return c;
  }
  if (doc_kind(whole) == DOC_NULL && !doc_size(flat)) {
    *ret = flat;
    return OK;
  }
  return clean(a, whole ? whole : flat, 0, ret, e);
}
