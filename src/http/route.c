/* route.c: the routes that the linker lined up, sorted so that a fixed segment is tried before a parameter. */
#include "http/http_impl.h"

#include <assert.h>

LIST_BOUNDS(tsunagu_routes, struct route);
#pragma weak __start_tsunagu_routes /* a program without routes still links */
#pragma weak __stop_tsunagu_routes

size_t route_count(void)
{
  return (size_t)(__stop_tsunagu_routes - __start_tsunagu_routes);
}

const struct route *route_at(size_t i)
{
  return __start_tsunagu_routes[i];
}

static int segments_cut(struct str path, struct str *ret)
{
  int n = 0;
  struct str rest = str_sub(path, 1, path.n), segment;
  if (!rest.n)
    return 0;
  for (; str_split(&rest, '/', &segment); n++) {
    if (n == ROUTE_SEGMENTS)
      return -1;
    ret[n] = segment;
  }
  if (path.p[path.n - 1] == '/') { /* "/a/" is not "/a": an empty segment more, which no parameter takes */
    if (n == ROUTE_SEGMENTS)
      return -1;
    ret[n++] = STR_NONE;
  }
  return n;
}

static bool is_param(struct str segment)
{
  return segment.n > 1 && segment.p[0] == ':';
}

static int entry_compare(const void *pa, const void *pb)
{
  const struct route_entry *a = pa, *b = pb;
  for (int i = 0; i < a->segments && i < b->segments; i++) {
    int order = is_param(a->segment[i]) - is_param(b->segment[i]);
    if (!order && !is_param(a->segment[i]))
      order = str_compare(a->segment[i], b->segment[i]);
    if (order)
      return order;
  }
  return a->segments != b->segments ? a->segments - b->segments : (int)a->route->method - (int)b->route->method;
}

enum code route_table_make(struct route_table *t, struct err *e)
{
  struct route_table made = {.count = route_count()};
  made.entry = calloc(made.count + 1, sizeof(*made.entry));
  if (!made.entry)
    return err_oom(e);
  for (size_t i = 0; i < made.count; i++) {
    const struct route *r = route_at(i);
    struct route_entry *entry = &made.entry[i];
    *entry = (struct route_entry){.route = r};
    entry->segments = r->path[0] == '/' ? segments_cut(str_from(r->path), entry->segment) : -1;
    if (entry->segments < 0 || !r->need.declared || !r->handle)
      return route_table_free(&made), BUG(e, "a route without good path, requirement or handler");
  }
  qsort(made.entry, made.count, sizeof(*made.entry), entry_compare);
  for (size_t i = 1; i < made.count; i++)
    if (!entry_compare(&made.entry[i - 1], &made.entry[i]))
      return route_table_free(&made), BUG(e, "two routes take the same requests");
  *t = made;
  return OK;
}

void route_table_free(struct route_table *t)
{
  free(t->entry);
  *t = (struct route_table){0};
}

static bool entry_matches(const struct route_entry *entry, const struct str *segment, int segments)
{
  if (entry->segments != segments)
    return false;
  for (int i = 0; i < segments; i++)
    if (is_param(entry->segment[i]) ? !segment[i].n : !str_eq(entry->segment[i], segment[i]))
      return false;
  return true;
}

static void params_set(struct exchange *x, const struct route_entry *entry, const struct str *segment)
{
  x->params = arena_array(x->rq.arena, ROUTE_SEGMENTS, sizeof(*x->params));
  for (int i = 0; x->params && i < entry->segments; i++)
    if (is_param(entry->segment[i]))
      x->params[x->param_count++] = (struct param){str_sub(entry->segment[i], 1, entry->segment[i].n), segment[i]};
}

void route_find(const struct route_table *t, struct exchange *x)
{
  struct str segment[ROUTE_SEGMENTS];
  int segments = segments_cut(x->rq.path, segment);
  if (segments < 0)
    return;
  for (size_t i = 0; i < t->count; i++) {
    const struct route_entry *entry = &t->entry[i];
    if (!entry_matches(entry, segment, segments))
      continue;
    x->rq.path_known = true;
    if (entry->route->method != x->rq.method)
      continue;
    x->rq.route = entry->route;
    params_set(x, entry, segment);
    return;
  }
}
