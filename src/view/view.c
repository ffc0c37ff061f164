/* view.c: the set of templates, one compilation a language, and pages inside the layout. */
#include "view/view.h"

#include <dirent.h>

#include "base/limits.h"
#include "view/asset.h"
#include "view/mustache.h"
#include "view/tree.h"

struct set {
  struct template **t; /* sorted by name */
  size_t n;
};

/* Written by view_load() before there are threads. */
static struct {
  struct arena *arena;
  struct set set[LANG_COUNT];
} loaded;

static struct template *find(const struct set *s, struct str name)
{
  size_t low = 0, high = s->n;
  while (low < high) {
    size_t mid = low + (high - low) / 2;
    int c = str_compare(name, s->t[mid]->name);
    if (c == 0)
      return s->t[mid];
    if (c < 0)
      high = mid;
    else
      low = mid + 1;
  }
  return NULL;
}

static enum code link_partials(const struct set *s, struct err *e)
{
  for (size_t i = 0; i < s->n; i++) {
    struct template *t = s->t[i];
    for (uint32_t k = 0; k < t->n; k++) {
      struct node *node = &t->node[k];
      if (node->kind != NODE_PARTIAL)
        continue;
      node->partial = find(s, node->text);
      if (node->partial)
        continue;
      enum code c = err_set(e, FAULT, TR("ページのひな形に誤りがあります。"));
      err_detail(e, "template %.*s line %u: no template %.*s", STR_FMT(t->name), node->line, STR_FMT(node->text));
      return c;
    }
  }
  return OK;
}

/* "templates/case_show.mustache" is case_show. */
static struct str name_of(struct str file)
{
  const struct str prefix = S("templates/"), suffix = S(".mustache");
  return str_ends(file, suffix) ? str_sub(file, prefix.n, file.n - prefix.n - suffix.n) : STR_NONE;
}

static int by_name(const void *x, const void *y)
{
  const struct template *const *a = x, *const *b = y;
  return str_compare((*a)->name, (*b)->name);
}

static enum code compile_set(struct arena *a, enum lang l, struct set *ret, struct err *e)
{
  struct set s = {0};
  size_t n;
  struct str *files = tree_list(a, "templates", &n);
  s.t = arena_array(a, n, sizeof(struct template *)); /* NOLINT(bugprone-sizeof-expression) */
  if (!s.t)
    return err_oom(e);
  for (size_t i = 0; i < n; i++) {
    struct str name = name_of(files[i]), text;
    struct compile_options o = {.mode = TEMPLATE_STRICT, .lang = l, .content = str_is(name, "layout")};
    if (name.n == 0 || !tree_file(files[i], &text))
      continue;
    enum code c = template_compile(a, &o, name, text, &s.t[s.n], e);
    if (c != OK)
      return c;
    s.n++;
  }
  if (s.n)
    qsort(s.t, s.n, sizeof(*s.t), by_name); /* NOLINT(bugprone-sizeof-expression): pointers are sorted */
  *ret = s;
  return link_partials(&s, e);
}

/* The folder above templates/. */
static struct str root_of(struct arena *a, struct str dev_dir)
{
  if (dev_dir.n == 0)
    return STR_NONE;
  while (dev_dir.n > 1 && dev_dir.p[dev_dir.n - 1] == '/')
    dev_dir.n--;
  return str_printf(a, "%.*s/..", STR_FMT(dev_dir));
}

static enum code check_dir(struct str root, struct err *e)
{
  char path[4096];
  snprintf(path, sizeof(path), "%.*s/templates", STR_FMT(root));
  DIR *d = opendir(path);
  if (!d) {
    enum code c = err_set1(e, IO, TR("ひな形のフォルダ%1を読めません。"), path);
    err_detail(e, "%m");
    return c;
  }
  closedir(d);
  return OK;
}

enum code view_load(struct str dev_dir, struct err *e)
{
  struct arena *a = arena_new(LIMIT_ARENA);
  struct set set[LANG_COUNT] = {0};
  struct str root = root_of(a, dev_dir);
  enum code c = root.n ? check_dir(root, e) : OK;
  if (c == OK)
    c = tree_use(root, e);
  for (int l = 0; l < LANG_COUNT && c == OK; l++)
    c = compile_set(a, (enum lang)l, &set[l], e);
  if (c == OK)
    c = asset_load(a, e);
  if (c != OK) {
    arena_free(a);
    return c;
  }
  arena_free(loaded.arena);
  loaded.arena = a;
  memcpy(loaded.set, set, sizeof(set));
  return OK;
}

enum code view_page(struct arena *a, enum lang l, const char *name, const struct doc *data, const struct doc *page,
                    struct buf *out, struct err *e)
{
  struct set set = loaded.set[l];
  if (tree_is_dev()) {
    enum code c = compile_set(a, l, &set, e);
    if (c != OK)
      return c;
  }
  struct template *t = find(&set, str_from(name)), *layout = find(&set, S("layout"));
  if (!t || !layout) {
    enum code c = err_set(e, FAULT, TR("ページを作れませんでした。管理者に知らせてください。"));
    err_detail(e, "no template %s", t ? "layout" : name);
    return c;
  }
  struct render r = {.arena = a, .mode = TEMPLATE_STRICT, .out = out, .data = data, .page = page, .content = t, .e = e};
  return template_render(&r, layout);
}
