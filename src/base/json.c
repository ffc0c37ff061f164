/* json.c: text to document through jansson, document to text by hand. */
#include <jansson.h>
#include <math.h>
#include <pthread.h>
#include <setjmp.h>

#include "base/doc_node.h"
#include "base/limits.h"
#include "base/utf8.h"

/* --- reading --- */

static struct doc *convert(struct arena *a, json_t *j, int depth);

static struct doc *convert_object(struct arena *a, json_t *j, int depth)
{
  struct doc *map = doc_map(a);
  for (void *it = json_object_iter(j); it; it = json_object_iter_next(j, it)) {
    struct doc *value = convert(a, json_object_iter_value(it), depth);
    if (!value)
      return NULL;
    doc_put_key(map, (struct str){json_object_iter_key(it), json_object_iter_key_len(it)}, value);
  }
  return map;
}

static struct doc *convert_array(struct arena *a, json_t *j, int depth)
{
  struct doc *list = doc_list(a);
  for (size_t i = 0; i < json_array_size(j); i++) {
    struct doc *value = convert(a, json_array_get(j, i), depth);
    if (!value)
      return NULL;
    doc_add(list, value);
  }
  return list;
}

/* NULL when too deep or out of memory (then the arena has failed). */
static struct doc *convert(struct arena *a, json_t *j, int depth)
{
  struct doc *d = NULL;
  if (depth >= LIMIT_JSON_DEPTH && (json_is_object(j) || json_is_array(j)))
    return NULL;
  switch (json_typeof(j)) {
  case JSON_OBJECT:
    return convert_object(a, j, depth + 1);
  case JSON_ARRAY:
    return convert_array(a, j, depth + 1);
  case JSON_STRING:
    return doc_str(a, (struct str){json_string_value(j), json_string_length(j)});
  case JSON_INTEGER:
    if ((d = doc_node(a, DOC_INT)))
      d->integer = json_integer_value(j);
    return d;
  case JSON_REAL:
    if ((d = doc_node(a, DOC_REAL)))
      d->real = json_real_value(j);
    return d;
  case JSON_TRUE:
  case JSON_FALSE:
    if ((d = doc_node(a, DOC_BOOL)))
      d->truth = json_is_true(j);
    return d;
  case JSON_NULL:
    return doc_node(a, DOC_NULL);
  }
  return NULL;
}

/* jansson's texts may quote the input, which may be personal: only its code and the place go on. */
static enum code refuse(struct err *e, const json_error_t *why)
{
  char line[24];
  snprintf(line, sizeof(line), "%d", why->line);
  enum code c;
  if (json_error_code(why) == json_error_duplicate_key)
    c = err_set1(e, INVALID, TR("JSONの%1行目:同じ名前の項目が二度あります。"), line);
  else
    c = err_set1(e, INVALID, TR("JSONの%1行目:書式が正しくありません。"), line);
  err_detail(e, "json: code %d line %d column %d", (int)json_error_code(why), why->line, why->column);
  return c;
}

/* Where jansson has no memory for a letter it leaves it out, and then reads past what it kept. So it is left at the first allocation that fails,
 * and all that it had made goes with its arena. */
struct parsing {
  struct arena *made;
  jmp_buf out;
};
static _Thread_local struct parsing *parsing;

static void *parse_alloc(size_t n)
{
  void *p = arena_alloc(parsing->made, n);
  if (!p)
    longjmp(parsing->out, 1);
  return p;
}

static void parse_free(void *p)
{
  (void)p;
}

static void parse_begin(void)
{
  json_set_alloc_funcs(parse_alloc, parse_free);
}

/* *ret NULL: not JSON (`why` says), or nested too deep (*ret_read). */
static enum code load(struct parsing *p, struct arena *a, struct str text, struct doc **ret, bool *ret_read,
                      json_error_t *why)
{
  if (setjmp(p->out) != 0)
    return OOM;
  parsing = p;
  json_t *j = json_loadb(text.p ? text.p : "", text.n, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, why);
  *ret_read = j != NULL;
  *ret = j ? convert(a, j, 0) : NULL;
  return arena_failed(a) ? OOM : OK;
}

enum code json_parse(struct arena *a, struct str text, struct doc **ret, struct err *e)
{
  enum { MOST = 1 << 30 };
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  json_error_t why;
  struct doc *d = NULL;
  bool read = false;
  struct parsing p = {.made = arena_new(MOST)};
  (void)pthread_once(&once, parse_begin);
  enum code c = p.made ? load(&p, a, text, &d, &read, &why) : OOM;
  parsing = NULL;
  arena_free(p.made);
  if (c != OK)
    return err_oom(e);
  if (!read)
    return refuse(e, &why);
  if (!d)
    return err_set(e, INVALID, TR("JSONの入れ子が深すぎます。"));
  *ret = d;
  return OK;
}

/* --- writing --- */

static void put_escaped(struct buf *b, int32_t cp)
{
  switch (cp) {
  case '"':
    buf_add(b, S("\\\""));
    return;
  case '\\':
    buf_add(b, S("\\\\"));
    return;
  case '\n':
    buf_add(b, S("\\n"));
    return;
  case '\t':
    buf_add(b, S("\\t"));
    return;
  default:
    buf_printf(b, "\\u%04x", (unsigned)cp);
  }
}

/* The code point that must be escaped at s.p[*at], or 0 with *at moved behind one that need not. */
static int32_t next_to_escape(struct str s, size_t *at)
{
  unsigned char c = (unsigned char)s.p[*at];
  if (c < 0x80) {
    if (c < 0x20 || c == '"' || c == '\\' || c == '<' || c == '>' || c == '&' || c == 0x7F)
      return c ? c : -2;
    *at += 1;
    return 0;
  }
  size_t next = *at;
  int32_t cp = utf8_next(s, &next);
  if (cp < 0 || cp == 0x2028 || cp == 0x2029)
    return cp;
  *at = next;
  return 0;
}

void json_write_str(struct buf *b, struct str s)
{
  buf_add_c(b, '"');
  size_t from = 0;
  for (size_t at = 0; at < s.n;) {
    int32_t cp = next_to_escape(s, &at);
    if (cp == 0)
      continue;
    buf_add(b, str_sub(s, from, at - from));
    put_escaped(b, cp == -2 ? 0 : cp < 0 ? 0xFFFD : cp);
    at += cp >= 0x2028 ? 3 : 1;
    from = at;
  }
  buf_add(b, str_sub(s, from, s.n));
  buf_add_c(b, '"');
}

/* The shortest form that reads back as the same number; JSON has no infinity. */
static void write_real(struct buf *b, double v)
{
  char text[40];
  if (!isfinite(v)) {
    buf_add(b, S("null"));
    return;
  }
  for (int digits = 15; digits <= 17; digits++) {
    snprintf(text, sizeof(text), "%.*g", digits, v);
    double again = strtod(text, NULL);
    if (!(again < v) && !(again > v))
      break;
  }
  buf_add_cstr(b, text);
  if (!strpbrk(text, ".e"))
    buf_add(b, S(".0")); /* stays a real when read back */
}

static int compare_entries(const void *x, const void *y)
{
  const struct doc_entry *a = x, *b = y;
  return str_compare(a->key, b->key);
}

static const struct doc_entry *sorted(struct buf *b, const struct doc *d)
{
  struct doc_entry *copy = arena_array(b->arena, d->c.n, sizeof(*copy));
  if (!copy) {
    b->failed = true;
    return NULL;
  }
  if (d->c.n) {
    memcpy(copy, d->c.entry, d->c.n * sizeof(*copy));
    qsort(copy, d->c.n, sizeof(*copy), compare_entries);
  }
  return copy;
}

static void write_node(struct buf *b, const struct doc *d, bool canonical);

static void write_container(struct buf *b, const struct doc *d, bool canonical)
{
  bool map = d->kind == DOC_MAP;
  const struct doc_entry *entry = map && canonical ? sorted(b, d) : d->c.entry;
  buf_add_c(b, map ? '{' : '[');
  for (uint32_t i = 0; entry && i < d->c.n && !b->failed; i++) {
    if (i)
      buf_add_c(b, ',');
    if (map) {
      json_write_str(b, entry[i].key);
      buf_add_c(b, ':');
    }
    write_node(b, entry[i].value, canonical);
  }
  buf_add_c(b, map ? '}' : ']');
}

static void write_node(struct buf *b, const struct doc *d, bool canonical)
{
  switch (doc_kind(d)) {
  case DOC_NULL:
    buf_add(b, S("null"));
    break;
  case DOC_BOOL:
    buf_add(b, d->truth ? S("true") : S("false"));
    break;
  case DOC_INT:
    buf_add_i64(b, d->integer);
    break;
  case DOC_REAL:
    write_real(b, d->real);
    break;
  case DOC_STR:
    json_write_str(b, d->text);
    break;
  case DOC_LIST:
  case DOC_MAP:
    write_container(b, d, canonical);
    break;
  }
}

void json_write(struct buf *b, const struct doc *d)
{
  write_node(b, d, false);
}

void json_write_canonical(struct buf *b, const struct doc *d)
{
  write_node(b, d, true);
}
