/* routes.c: tsunagu routes: who may do what, where: route x role x requirement as one table, out of the route table and the engine's
 * own table of roles. */
#include "cli/cli.h"
#include "gate/gate.h"

struct entry {
  const struct route *it;
};

static int by_path(const void *x, const void *y)
{
  const struct entry *a = x, *b = y;
  int c = strcmp(a->it->path, b->it->path);
  return c ? c : (int)a->it->method - (int)b->it->method;
}

/* "-": everybody, signed in or not; "s": whoever is signed in; "h": also before the second factor; else the action. */
static const char *need_text(const struct need *n)
{
  static const char *const plain[] = {"?", "-", "s", NULL, "h"};
  return n->declared == 3 ? action_code((enum action)n->action) : plain[n->declared];
}

static char mark(const struct need *n, enum role r)
{
  bool allowed = false;
  (void)role_may(r, ACTION_SESSION_OWN, &allowed); /* who signs in at all */
  if (n->declared != 3)
    return n->declared == 1 || allowed ? '+' : '.';
  cats_t cats = role_may(r, (enum action)n->action, &allowed);
  return !allowed ? '.' : !cats ? 'o' : cats == CAT_ALL ? 'A' : 'a';
}

static enum code run_routes(struct cli *cli, struct err *e)
{
  size_t n = route_count();
  struct entry *sorted = arena_array(cli->arena, n, sizeof(*sorted));
  if (!sorted)
    return err_oom(e);
  for (size_t i = 0; i < n; i++)
    sorted[i].it = route_at(i);
  qsort(sorted, n, sizeof(*sorted), by_path);
  printf("method\tpath\tneeds");
  for (int r = 1; r < ROLE_COUNT; r++) /* a value, not a decision */
    printf("\t%s%s", role_code((enum role)r), role_needs_second_factor((enum role)r) ? "(2)" : "");
  putchar('\n');
  for (size_t i = 0; i < n; i++) {
    printf("%s\t%s\t%s", sorted[i].it->method == POST ? "POST" : "GET", sorted[i].it->path,
           need_text(&sorted[i].it->need));
    for (int r = 1; r < ROLE_COUNT; r++) /* a value, not a decision */
      printf("\t%c", mark(&sorted[i].it->need, (enum role)r));
    putchar('\n');
  }
  printf("A all categories, a some, o nothing of a person, + open, . never; (2) with a second factor\n");
  return OK;
}

static const struct command command_routes = {.name = "routes",
                                              .args = "",
                                              .summary = "print route x role x requirement as one table",
                                              .options = NO_OPTIONS,
                                              .run = run_routes};
COMMAND(command_routes);
