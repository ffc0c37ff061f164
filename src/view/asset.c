/* asset.c: the map from path to asset. In --dev the paths carry no hash and a changed file is read again. */
#include "view/asset.h"

#include <pthread.h>

#include "view/gen/mime.h"
#include "view/tree.h"

/* Written by asset_load() before there are threads. */
static struct {
  const struct asset *list;
  size_t n;
  struct doc *paths;
} map;

static enum code load_dev(struct arena *a, struct err *e)
{
  size_t n, skip = strlen("ui/assets/");
  struct str *names = tree_list(a, "ui/assets", &n);
  struct asset *list = arena_array(a, n, sizeof(*list));
  for (size_t i = 0; list && i < n; i++) {
    const char *name = str_cstr(a, str_sub(names[i], skip, names[i].n));
    list[i] = (struct asset){.name = name, .type = name ? mime_of(name) : NULL};
    list[i].path = str_printf(a, "/assets/%s", name ? name : "").p;
    if (!tree_file(names[i], &list[i].body))
      list[i].body = STR_NONE;
  }
  if (arena_failed(a))
    return err_oom(e);
  map.list = list;
  map.n = n;
  return OK;
}

size_t asset_count(void)
{
  return map.list ? map.n : embedded_asset_count;
}

const struct asset *asset_at(size_t i)
{
  const struct asset *list = map.list ? map.list : embedded_assets;
  return i < asset_count() ? &list[i] : NULL;
}

/* The file as it is now, in a thread's own copy: good until the thread asks for the next one. */
static const struct asset *fresh(const struct asset *known)
{
  static _Thread_local struct asset now;
  char name[512];
  now = *known;
  int n = snprintf(name, sizeof(name), "ui/assets/%s", known->name);
  struct str body;
  if (n > 0 && (size_t)n < sizeof(name) && tree_file((struct str){name, (size_t)n}, &body))
    now.body = body;
  return &now;
}

const struct asset *asset_by_path(struct str path)
{
  for (size_t i = 0; i < asset_count(); i++) {
    if (str_is(path, asset_at(i)->path))
      return tree_is_dev() ? fresh(asset_at(i)) : asset_at(i);
  }
  return NULL;
}

/* "app.css" is asset.app_css. Fonts are named by style sheets alone. */
static struct doc *make_paths(struct arena *a)
{
  struct doc *d = doc_map(a);
  const struct asset *asset;
  for (size_t i = 0; (asset = asset_at(i)); i++) {
    char *key = arena_copy(a, asset->name, strlen(asset->name));
    for (char *p = key; p && *p; p++) {
      bool plain = (*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z') || (*p >= '0' && *p <= '9');
      if (!plain)
        *p = '_';
    }
    if (key && strcmp(asset->type, "font/woff2") != 0)
      doc_put_cstr(d, key, asset->path);
  }
  return d;
}

enum code asset_load(struct arena *a, struct err *e)
{
  enum code c = OK;
  map.list = embedded_assets;
  map.n = embedded_asset_count;
  if (tree_is_dev())
    c = load_dev(a, e);
  map.paths = c == OK ? make_paths(a) : NULL;
  return c == OK && arena_failed(a) ? err_oom(e) : c;
}

struct doc *asset_doc(struct arena *a)
{
  return map.paths ? map.paths : make_paths(a);
}
