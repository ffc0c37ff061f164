/* token.c: tsunagu token: bearer tokens for programs that use the API. */
#include "cli/cli.h"
#include "crypto/secret.h"
#include "network/account.h"

struct job {
  struct cli *cli;
  struct token_new token;
  id64 id;
  int memberships;
  struct buf out;
};

static enum code open_network(struct cli *cli, struct err *e)
{
  enum code c = cli_open(cli, NULL, e);
  return c == OK ? cli_network(cli, e) : c;
}

static void take_membership(void *arg, id64 membership, id64 organization, struct str name, enum role role)
{
  struct job *job = arg;
  struct str wanted = conf_get(job->cli->conf, "membership"), id = id_text(job->cli->arena, membership);
  if (wanted.n && !str_eq(wanted, id))
    return;
  job->token.membership = membership;
  job->memberships++;
}

static enum code do_create(struct tx *tx, void *arg, struct err *e)
{
  struct job *job = arg;
  struct actor who = cli_actor(job->cli);
  struct credential owner = {0};
  struct str login = login_fold(tx_arena(tx), conf_get(job->cli->conf, "user"));
  job->memberships = 0;
  enum code c = credential_find(tx, login, tx_arena(tx), &owner, e);
  if (c == OK && !owner.user)
    return err_set(e, NOT_FOUND, TR("そのサインイン名の人はいません。tsunagu user list で確かめてください。"));
  job->token.user = owner.user;
  if (c == OK)
    c = account_live_memberships(tx, owner.user, take_membership, job, e);
  if (c == OK && job->memberships != 1)
    return err_set(e, job->memberships ? INVALID : NOT_FOUND,
                   TR("所属がひとつに決まりません。--membership に番号(13文字)を入れてください。"));
  job->token.until = tx_now(tx) + conf_int(job->cli->conf, "days", 365) * (ts_t)MS_DAY;
  return c == OK ? api_token_create(tx, &who, &job->token, &job->id, e) : c;
}

static enum code run_create(struct cli *cli, struct err *e)
{
  unsigned char hash[HASH];
  struct job job = {.cli = cli};
  struct str token = token_new(cli->arena);
  int64_t days = conf_int(cli->conf, "days", 365);
  if (!conf_get(cli->conf, "user").n)
    return err_set(e, INVALID, TR("--user でサインイン名を入れてください。"));
  if (days < 1 || days > 3650)
    return err_set(e, INVALID, TR("--days は 1 から 3650 です。"));
  enum code c = open_network(cli, e);
  if (c != OK)
    return c;
  token_hash(keyfile_pepper(cli->keys), token, hash);
  job.token.hash = (struct str){(const char *)hash, HASH};
  job.token.name = conf_get(cli->conf, "name").n ? conf_get(cli->conf, "name") : S("api");
  c = cli_write(cli, "token_create", do_create, &job, e);
  if (c == OK)
    printf("%.*s\n", STR_FMT(token));
  return c;
}

static const struct command command_token_create = {.name = "token create",
                                                    .args = "",
                                                    .summary =
                                                        "make a token that acts as a membership; printed this once",
                                                    .options = OPTIONS("network", "user", "membership", "name", "days"),
                                                    .run = run_create};
COMMAND(command_token_create);

static void print_token(void *arg, const struct token_row *t)
{
  struct job *job = arg;
  struct arena *a = job->cli->arena;
  struct str id = id_text(a, t->id), until = date_iso(a, date_of_ts(t->until));
  buf_printf(&job->out, "%.*s\t%.*s\t%.*s\t%.*s\t%.*s\t%s\n", STR_FMT(id), STR_FMT(t->login), STR_FMT(t->organization),
             STR_FMT(t->name), STR_FMT(until), t->revoked ? "revoked" : "");
}

static enum code do_list(struct tx *tx, void *arg, struct err *e)
{
  struct job *job = arg;
  struct actor who = cli_actor(job->cli);
  buf_init(&job->out, job->cli->arena, 16 << 20);
  return api_token_each(tx, &who, print_token, job, e);
}

static enum code run_list(struct cli *cli, struct err *e)
{
  struct job job = {.cli = cli};
  enum code c = open_network(cli, e);
  if (c == OK)
    c = cli_write(cli, "token_list", do_list, &job, e); /* a write: the list is an event too */
  if (c == OK) {
    struct str out = buf_str(&job.out);
    printf("%.*s", STR_FMT(out));
  }
  return c;
}

static const struct command command_token_list = {.name = "token list",
                                                  .args = "",
                                                  .summary = "every token: id, login, organization, name, last day",
                                                  .options = OPTIONS("network"),
                                                  .run = run_list};
COMMAND(command_token_list);

static enum code do_revoke(struct tx *tx, void *arg, struct err *e)
{
  struct job *job = arg;
  struct actor who = cli_actor(job->cli);
  return api_token_revoke(tx, &who, job->id, e);
}

static enum code run_revoke(struct cli *cli, struct err *e)
{
  struct job job = {.cli = cli};
  if (!id_parse(conf_arg(cli->conf, 0), &job.id))
    return err_set(e, INVALID, TR("番号(13文字)は tsunagu token list で出ます。"));
  enum code c = open_network(cli, e);
  return c == OK ? cli_write(cli, "token_revoke", do_revoke, &job, e) : c;
}

static const struct command command_token_revoke = {.name = "token revoke",
                                                    .args = "ID",
                                                    .summary = "end a token now",
                                                    .options = OPTIONS("network"),
                                                    .least_args = 1,
                                                    .most_args = 1,
                                                    .run = run_revoke};
COMMAND(command_token_revoke);
