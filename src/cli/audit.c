/* audit.c: tsunagu audit: is the log whole, and a signed checkpoint for another organization to keep. */
#include "audit/audit.h"
#include "access/rederive.h"
#include "base/limits.h"
#include "cli/cli.h"

static enum code open_network(struct cli *cli, struct err *e)
{
  enum code c = cli_open(cli, NULL, e);
  return c == OK ? cli_network(cli, e) : c;
}

static enum code read_checkpoint(struct cli *cli, struct doc **ret, struct err *e)
{
  struct str path = conf_get(cli->conf, "checkpoint"), text = STR_NONE;
  *ret = NULL;
  if (!path.n)
    return OK;
  enum code c = cli_read_file(cli->arena, str_cstr(cli->arena, path), &text, e);
  return c == OK ? json_parse(cli->arena, text, ret, e) : c;
}

static void print_findings(const struct doc *findings)
{
  for (size_t i = 0; i < doc_size(findings); i++) {
    struct str s = doc_string(doc_at(findings, i));
    printf("%.*s\n", STR_FMT(s));
  }
}

/* Each look once more, by the facts as they were. */
static enum code rederive(struct cli *cli, struct err *e)
{
  struct doc *findings = NULL;
  struct rederived sum = {0};
  enum code c = access_rederive(cli->db, cli->network, cli->arena, &findings, &sum, e);
  if (c != OK)
    return c;
  print_findings(findings);
  printf("looks=%lld persons_in_lists=%lld before_the_log_of_facts=%lld findings=%lld\n", (long long)sum.looks,
         (long long)sum.persons, (long long)sum.before, (long long)sum.bad);
  return sum.bad ? err_set1(e, INVALID, TR("操作の記録に %1 件の問題があります。"),
                            str_cstr(cli->arena, str_printf(cli->arena, "%lld", (long long)sum.bad)))
                 : OK;
}

static enum code run_verify(struct cli *cli, struct err *e)
{
  struct doc *kept = NULL, *findings = NULL;
  int64_t events = 0, bad = 0;
  enum code c = open_network(cli, e);
  if (c == OK)
    c = read_checkpoint(cli, &kept, e);
  if (c == OK)
    c = audit_verify(cli->db, cli->network, kept, cli->arena, &findings, &events, &bad, e);
  if (c != OK)
    return c;
  struct str count = str_printf(cli->arena, "%lld", (long long)events);
  print_findings(findings);
  if (bad)
    return err_set1(e, INVALID, TR("操作の記録に %1 件の問題があります。"),
                    str_cstr(cli->arena, str_printf(cli->arena, "%lld", (long long)bad)));
  cli_say(cli, TR("操作の記録 %1 件は、そのまま残っています。"), count, STR_NONE);
  return conf_flag(cli->conf, "rederive") ? rederive(cli, e) : OK;
}

static const struct command command_audit_verify = {.name = "audit verify",
                                                    .args = "",
                                                    .summary = "verify the log's chains, heads and checkpoints",
                                                    .options = OPTIONS("network", "checkpoint", "rederive"),
                                                    .run = run_verify};
COMMAND(command_audit_verify);

static enum code run_checkpoint(struct cli *cli, struct err *e)
{
  struct doc *d = NULL;
  struct buf b;
  enum code c = open_network(cli, e);
  if (c == OK)
    c = audit_checkpoint(cli->db, cli->network, cli->arena, &d, e);
  if (c != OK)
    return c;
  buf_init(&b, cli->arena, LIMIT_PAGE);
  json_write(&b, d);
  struct str text = buf_str(&b);
  printf("%.*s\n", STR_FMT(text));
  return OK;
}

static const struct command command_audit_checkpoint = {
    .name = "audit checkpoint",
    .args = "",
    .summary = "print a signed checkpoint over the log, for another organization to keep",
    .options = OPTIONS("network"),
    .run = run_checkpoint};
COMMAND(command_audit_checkpoint);
