/* routes.c: tsunagu routes: who may do what, where: route x role x requirement as one table, out of the route table and the engine's
 * own table of roles. */
#include "base/limits.h"
#include "cli/cli.h"
#include "gate/gate.h"
#include "web/openapi.h"

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

static enum code print_openapi(struct cli *cli, struct err *e)
{
  struct buf b;
  struct doc *d = openapi_doc(cli->arena, cli->lang, STR_NONE);
  buf_init(&b, cli->arena, LIMIT_PAGE);
  json_write(&b, d);
  if (!d || b.failed)
    return err_oom(e);
  printf("%.*s\n", STR_FMT(buf_str(&b)));
  return OK;
}

static enum code run_routes(struct cli *cli, struct err *e)
{
  if (conf_flag(cli->conf, "openapi"))
    return print_openapi(cli, e);
  size_t n = 0;
  const struct route **sorted = openapi_routes(cli->arena, &n);
  if (!sorted)
    return err_oom(e);
  printf("method\tpath\tneeds");
  for (int r = 1; r < ROLE_COUNT; r++) /* a value, not a decision */
    printf("\t%s%s", role_code((enum role)r), role_needs_second_factor((enum role)r) ? "(2)" : "");
  putchar('\n');
  for (size_t i = 0; i < n; i++) {
    printf("%s\t%s\t%s", sorted[i]->method == POST ? "POST" : "GET", sorted[i]->path, need_text(&sorted[i]->need));
    for (int r = 1; r < ROLE_COUNT; r++) /* a value, not a decision */
      printf("\t%c", mark(&sorted[i]->need, (enum role)r));
    putchar('\n');
  }
  printf("A all categories, a some, o nothing of a person, + open, . never; (2) with a second factor\n");
  return OK;
}

static const struct command command_routes = {.name = "routes",
                                              .args = "",
                                              .summary = "print route x role x requirement as one table, or as OpenAPI",
                                              .options = OPTIONS("openapi"),
                                              .run = run_routes};
COMMAND(command_routes);
