/* mustache.c: a template and its data, parted by a line "---". */
#include "fuzz.h"
#include "view/view.h"

static bool partial(void *arg, struct str name, struct str *ret)
{
  const struct str *text = arg;
  *ret = str_is(name, "p") ? S("[{{x}}{{#y}}{{>p}}{{/y}}]") : *text;
  return str_is(name, "p") || str_is(name, "self");
}

/* The same data with every character that means something in HTML put out of its strings. */
static struct doc *tamed(struct arena *a, const struct doc *d)
{
  struct doc *out;
  struct str s = doc_string(d);
  char *p;
  switch (doc_kind(d)) {
  case DOC_STR:
    p = arena_copy(a, s.p, s.n);
    for (size_t i = 0; i < s.n; i++)
      p[i] = s.p[i] && strchr("&<>\"'`=", s.p[i]) ? 'x' : s.p[i];
    return doc_str(a, (struct str){p, s.n});
  case DOC_LIST:
    out = doc_list(a);
    for (size_t i = 0; i < doc_size(d); i++)
      doc_add(out, tamed(a, doc_at(d, i)));
    return out;
  case DOC_MAP:
    out = doc_map(a);
    for (size_t i = 0; i < doc_size(d); i++)
      doc_put_key(out, doc_key_at(d, i), tamed(a, doc_value_at(d, i)));
    return out;
  default:
    return (struct doc *)(uintptr_t)d;
  }
}

/* Entities as the one letter that stands for them in the tamed data. */
static struct str without_entities(struct arena *a, struct str s)
{
  static const char *const entities[] = {"&amp;", "&lt;", "&gt;", "&quot;", "&#39;", "&#96;", "&#61;"};
  struct buf b;
  buf_init(&b, a, LIMIT_ARENA);
  for (size_t i = 0; i < s.n;) {
    size_t taken = 0;
    for (size_t k = 0; !taken && k < sizeof(entities) / sizeof(*entities); k++)
      if (str_starts(str_sub(s, i, s.n), str_from(entities[k])))
        taken = strlen(entities[k]);
    buf_add_c(&b, taken ? 'x' : s.p[i]);
    i += taken ? taken : 1;
  }
  return buf_str(&b);
}

static enum code render(struct arena *a, enum template_mode mode, struct str text, const struct doc *data,
                        struct str *ret)
{
  struct buf b;
  struct err e = {0};
  buf_init(&b, a, LIMIT_PAGE);
  enum code c = template_render_text(a, mode, text, partial, &text, data, &b, &e);
  *ret = c == OK ? buf_str(&b) : STR_NONE;
  HOLDS(c == OK || c == FAULT || c == LIMIT);
  return c;
}

/* In a page of the product nothing of the data acts as HTML: put the same characters out of the data, and the page is the same but for
 * the entities. */
static void mustache(struct arena *a, struct str in)
{
  struct str text = fuzz_first(&in), page, plain;
  struct doc *data = NULL;
  struct err e = {0};
  if (in.n > 2000 || text.n > 2000 || json_parse(a, in.n ? in : S("{}"), &data, &e) != OK)
    return;
  enum code c = render(a, TEMPLATE_STRICT, text, data, &page);
  HOLDS(render(a, TEMPLATE_STRICT, text, tamed(a, data), &plain) == c);
  HOLDS(str_eq(without_entities(a, page), without_entities(a, plain)));
  (void)render(a, TEMPLATE_LAX, text, data, &page);
}
FUZZ_TARGET(mustache);
