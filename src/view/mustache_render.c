/* mustache_render.c: from nodes and one document to bytes. */
#include "view/mustache.h"

#include <math.h>
#include <stdatomic.h>

#include "base/limits.h"

/* What {{.}} means, and where it stands. */
struct frame {
  const struct doc *value;
  const struct frame *up;
};

/* --- output --- */

static const char *const entity[256] = {
    ['&'] = "&amp;",  ['<'] = "&lt;",  ['>'] = "&gt;",  ['"'] = "&quot;",
    ['\''] = "&#39;", ['`'] = "&#96;", ['='] = "&#61;",
};

void html_escape(struct buf *out, struct str s)
{
  size_t from = 0;
  for (size_t i = 0; i < s.n; i++) {
    const char *e = entity[(unsigned char)s.p[i]];
    if (!e)
      continue;
    buf_add(out, (struct str){s.p + from, i - from});
    buf_add_cstr(out, e);
    from = i + 1;
  }
  if (from < s.n)
    buf_add(out, (struct str){s.p + from, s.n - from});
}

static void put_real(struct buf *out, double v)
{
  char text[40];
  if (!isfinite(v))
    return;
  for (int digits = 6; digits <= 17; digits++) {
    snprintf(text, sizeof(text), "%.*g", digits, v);
    double again = strtod(text, NULL);
    if (!(again < v) && !(again > v))
      break;
  }
  buf_add_cstr(out, text);
}

static enum code fail(struct render *r, const struct template *t, const struct node *n, const char *why)
{
  enum code c = err_set(r->e, FAULT, TR("ページを作れませんでした。管理者に知らせてください。"));
  err_detail(r->e, "template %.*s line %u: %s %.*s", STR_FMT(t->name), n->line, why, STR_FMT(n->text));
  return c;
}

static enum code put_value(struct render *r, const struct template *t, const struct node *n, const struct doc *d)
{
  switch (doc_kind(d)) {
  case DOC_NULL:
    return OK;
  case DOC_BOOL:
    buf_add(r->out, doc_truth(d) ? S("true") : S("false"));
    return OK;
  case DOC_INT:
    buf_add_i64(r->out, doc_integer(d));
    return OK;
  case DOC_REAL:
    put_real(r->out, doc_number(d));
    return OK;
  case DOC_STR:
    if (n->kind == NODE_RAW)
      buf_add(r->out, doc_string(d));
    else
      html_escape(r->out, doc_string(d));
    return OK;
  case DOC_LIST:
  case DOC_MAP:
    break;
  }
  return r->mode == TEMPLATE_LAX ? OK : fail(r, t, n, "not a plain value:");
}

/* --- names --- */

static enum code lookup_lax(const struct node *n, const struct frame *f, const struct doc **ret)
{
  const struct doc *d = NULL;
  for (; f && !d; f = f->up)
    d = doc_get_key(f->value, n->part[0]);
  for (uint32_t i = 1; d && i < n->parts; i++)
    d = doc_get_key(d, n->part[i]);
  *ret = d;
  return OK;
}

/* The maps of a list have their keys at the same places. */
static const struct doc *first_part(struct node *n, const struct doc *map)
{
  uint32_t guess = atomic_load_explicit(&n->place, memory_order_relaxed), place = guess;
  const struct doc *d = doc_get_near(map, n->part[0], &place);
  if (place != guess)
    atomic_store_explicit(&n->place, place, memory_order_relaxed);
  return d;
}

static enum code lookup_strict(struct render *r, const struct template *t, struct node *n, const struct frame *f,
                               const struct doc **ret)
{
  const struct doc *d = r->page;
  if (n->parts == 1 || !str_eq(n->part[0], S("page"))) {
    while (f->up && doc_kind(f->value) != DOC_MAP)
      f = f->up;
    d = first_part(n, f->value);
    if (!d)
      return fail(r, t, n, "no key");
  }
  for (uint32_t i = 1; i < n->parts; i++) {
    if (doc_kind(d) == DOC_NULL && d)
      break; /* nothing of nothing is nothing */
    d = doc_get_key(d, n->part[i]);
    if (!d)
      return fail(r, t, n, "no key");
  }
  *ret = d;
  return OK;
}

static enum code lookup(struct render *r, const struct template *t, struct node *n, const struct frame *f,
                        const struct doc **ret)
{
  if (n->parts == 0) {
    *ret = f->value;
    return OK;
  }
  return r->mode == TEMPLATE_LAX ? lookup_lax(n, f, ret) : lookup_strict(r, t, n, f, ret);
}

static bool is_true(const struct doc *d)
{
  switch (doc_kind(d)) {
  case DOC_NULL:
    return false;
  case DOC_BOOL:
    return doc_truth(d);
  case DOC_INT:
    return doc_integer(d) != 0;
  case DOC_REAL:
    return doc_number(d) < 0 || doc_number(d) > 0;
  case DOC_STR:
    return doc_string(d).n > 0;
  case DOC_LIST:
    return doc_size(d) > 0;
  case DOC_MAP:
    break;
  }
  return true;
}

/* --- walking --- */

static enum code render_nodes(struct render *r, const struct template *t, uint32_t from, uint32_t to,
                              const struct frame *f);

static enum code check_size(struct render *r)
{
  if (arena_failed(r->out->arena))
    return err_oom(r->e);
  if (!r->out->failed && r->out->n - r->start <= LIMIT_PAGE)
    return OK;
  return err_set(r->e, LIMIT, TR("ページが大きすぎます。範囲をしぼってください。"));
}

static enum code render_list(struct render *r, const struct template *t, uint32_t at, const struct doc *list,
                             const struct frame *f)
{
  size_t n = doc_size(list);
  for (size_t i = 0; i < n; i++) {
    struct frame item = {doc_at(list, i), f};
    enum code c = render_nodes(r, t, at + 1, t->node[at].end, &item);
    if (c == OK)
      c = check_size(r);
    if (c != OK)
      return c;
  }
  return OK;
}

static enum code render_section(struct render *r, const struct template *t, uint32_t at, const struct frame *f)
{
  struct node *n = &t->node[at];
  const struct doc *d = NULL;
  enum code c = lookup(r, t, n, f, &d);
  if (c != OK || is_true(d) != (n->kind == NODE_SECTION))
    return c;
  if (doc_kind(d) == DOC_LIST && n->kind == NODE_SECTION)
    return render_list(r, t, at, d, f);
  struct frame inner = {d, f};
  bool same = n->kind == NODE_INVERTED || doc_kind(d) == DOC_BOOL;
  return render_nodes(r, t, at + 1, n->end, same ? f : &inner);
}

/* Every line of a partial that stands alone on its line gets the indentation of the tag. */
static struct str indented(struct arena *a, struct str text, struct str indent)
{
  struct buf b;
  if (indent.n == 0)
    return text;
  buf_init(&b, a, LIMIT_PAGE);
  for (size_t i = 0; i < text.n; i++) {
    if (i == 0 || text.p[i - 1] == '\n')
      buf_add(&b, indent);
    buf_add_c(&b, text.p[i]);
  }
  return buf_str(&b);
}

static enum code render_partial(struct render *r, const struct template *t, const struct node *n, const struct frame *f)
{
  struct template *p = n->partial;
  if (!p) {
    struct str text = STR_NONE;
    if (!r->partial || !r->partial(r->arg, n->text, &text))
      return r->mode == TEMPLATE_LAX ? OK : fail(r, t, n, "no partial");
    const struct compile_options o = {.mode = r->mode, .lang = LANG_JA};
    enum code c = template_compile(r->arena, &o, n->text, indented(r->arena, text, n->indent), &p, r->e);
    if (c != OK)
      return c;
  }
  return render_nodes(r, p, 0, p->n, f);
}

static enum code render_content(struct render *r, const struct template *t, const struct node *n)
{
  struct frame root = {r->data, NULL};
  const struct template *content = r->content;
  if (!content)
    return fail(r, t, n, "no content for");
  r->content = NULL; /* a page inside itself */
  enum code c = render_nodes(r, content, 0, content->n, &root);
  r->content = content;
  return c;
}

static enum code render_node(struct render *r, const struct template *t, uint32_t at, const struct frame *f)
{
  struct node *n = &t->node[at];
  const struct doc *d = NULL;
  enum code c;
  switch (n->kind) {
  case NODE_TEXT:
    buf_add(r->out, n->text);
    return OK;
  case NODE_VALUE:
  case NODE_RAW:
    c = lookup(r, t, n, f, &d);
    return c == OK ? put_value(r, t, n, d) : c;
  case NODE_SECTION:
  case NODE_INVERTED:
    return render_section(r, t, at, f);
  case NODE_PARTIAL:
    return render_partial(r, t, n, f);
  case NODE_CONTENT:
    return render_content(r, t, n);
  }
  return OK;
}

static enum code render_nodes(struct render *r, const struct template *t, uint32_t from, uint32_t to,
                              const struct frame *f)
{
  enum code c = OK;
  if (r->depth == MUSTACHE_DEPTH) {
    c = err_set(r->e, LIMIT, TR("ページを作れませんでした。管理者に知らせてください。"));
    err_detail(r->e, "template %.*s: partials or sections too deep", STR_FMT(t->name));
    return c;
  }
  r->depth++;
  for (uint32_t at = from; at < to && c == OK;) {
    enum node_kind kind = t->node[at].kind;
    c = render_node(r, t, at, f);
    at = kind == NODE_SECTION || kind == NODE_INVERTED ? t->node[at].end : at + 1;
  }
  r->depth--;
  return c == OK ? check_size(r) : c;
}

enum code template_render(struct render *r, const struct template *t)
{
  struct frame root = {r->data, NULL};
  r->start = r->out->n;
  r->depth = 0;
  return render_nodes(r, t, 0, t->n, &root);
}

enum code template_render_text(struct arena *a, enum template_mode mode, struct str text, partial_fn partial, void *arg,
                               const struct doc *data, struct buf *out, struct err *e)
{
  const struct compile_options o = {.mode = mode, .lang = LANG_JA};
  struct template *t = NULL;
  enum code c = template_compile(a, &o, S("text"), text, &t, e);
  if (c != OK)
    return c;
  struct render r = {.arena = a,
                     .mode = mode,
                     .out = out,
                     .data = data,
                     .page = doc_get(data, "page"),
                     .partial = partial,
                     .arg = arg,
                     .e = e};
  return template_render(&r, t);
}
