/* import_case.c: tsunagu import case: a case that another network moves here; tsunagu transfer card: what the other network needs for it. */
#include "cli/cli.h"
#include "network/account.h"
#include "transfer/transfer.h"

struct job {
  struct cli *cli;
  struct actor actor;
  unsigned char from[PARCEL_HALF];
  struct transfer_case taken;
  id64 case_id;
};

static void take_membership(void *arg, id64 membership, id64 organization, struct str name, enum role role)
{
  struct job *job = arg;
  bool may = false;
  (void)role_may(role, ACTION_TRANSFER_IN, &may);
  if (!may || !str_eq(name, conf_get(job->cli->conf, "organization")))
    return;
  job->actor.role = role;
  job->actor.membership = membership;
  job->actor.organization = organization;
}

/* Whoever answers for it: an account that could do the same by hand. */
static enum code find_actor(struct tx *tx, struct job *job, struct err *e)
{
  struct credential owner = {0};
  struct str login = login_fold(tx_arena(tx), conf_get(job->cli->conf, "user"));
  enum code c = credential_find(tx, login, tx_arena(tx), &owner, e);
  job->actor = (struct actor){.network = tx_network(tx), .user = owner.user, .second_factor = true, .session_from = 1};
  job->actor.session_until = tx_now(tx) + MS_HOUR;
  if (c == OK && owner.user)
    c = account_live_memberships(tx, owner.user, take_membership, job, e);
  return c == OK && !job->actor.membership
             ? err_set(e, NOT_FOUND, TR("--user のアカウントが、--organization の機関の管理者ではありません。"))
             : c;
}

static enum code take_in(struct tx *tx, void *arg, struct err *e)
{
  struct job *job = arg;
  enum code c = find_actor(tx, job, e);
  if (c == OK)
    c = transfer_take(tx, &job->actor, job->from, &job->taken, LANG_JA, &job->case_id, e);
  if (c == OK)
    cli_note(tx, ACTION_TRANSFER_IN, job->case_id);
  return c;
}

static enum code own_seed(struct cli *cli, const unsigned char **ret, struct err *e)
{
  enum code c = cli_open(cli, NULL, e);
  if (c == OK)
    c = cli_network(cli, e);
  if (c == OK)
    c = cli_check_key(cli, cli->network, e);
  if (c == OK)
    *ret = keyfile_sign_seed(cli->keys, cli->network);
  return c == OK && !*ret ? err_set(e, DENIED, TR("鍵ファイルに、このネットワークの鍵がありません。")) : c;
}

static enum code run_import(struct cli *cli, struct err *e)
{
  const unsigned char *seed = NULL;
  struct str bytes = STR_NONE;
  struct job *job = arena_new_of(cli->arena, struct job);
  if (!job)
    return err_oom(e);
  job->cli = cli;
  if (!conf_get(cli->conf, "user").n || !conf_get(cli->conf, "organization").n)
    return err_set(e, INVALID,
                   TR("--organization で機関の名前を、--user でその管理者のサインイン名を入れてください。"));
  enum code c = cli_read_file(cli->arena, str_cstr(cli->arena, conf_arg(cli->conf, 0)), &bytes, e);
  if (c == OK)
    c = own_seed(cli, &seed, e);
  if (c == OK)
    c = transfer_unpack(cli->arena, seed, bytes, clock_now(), job->from, &job->taken, e);
  if (c == OK && !conf_flag(cli->conf, "dry-run"))
    c = cli_write(cli, "transfer_take", take_in, job, e);
  if (c != OK)
    return c;
  if (conf_flag(cli->conf, "dry-run"))
    cli_say(cli, TR("試しに読んだだけです。何も書いていません。"), STR_NONE, STR_NONE);
  else
    cli_say(cli, TR("ケースを受け入れました。/cases/%1"), id_text(cli->arena, job->case_id), STR_NONE);
  return OK;
}

static const struct command command_import_case = {.name = "import case",
                                                   .args = "FILE",
                                                   .summary = "take in a case that another network moves here",
                                                   .options = OPTIONS("network", "organization", "user", "dry-run"),
                                                   .least_args = 1,
                                                   .most_args = 1,
                                                   .run = run_import};
COMMAND(command_import_case);

static enum code run_card(struct cli *cli, struct err *e)
{
  unsigned char card[PARCEL_CARD];
  const unsigned char *seed = NULL;
  enum code c = own_seed(cli, &seed, e);
  if (c != OK)
    return c;
  parcel_card(seed, card);
  printf("%.*s\n", STR_FMT(transfer_card_text(cli->arena, card)));
  cli_say(cli, TR("合わせ番号：%1"), parcel_fingerprint(cli->arena, card), STR_NONE);
  return OK;
}

static const struct command command_transfer_card = {
    .name = "transfer card",
    .args = "",
    .summary = "print this network's card for moving cases, and its fingerprint",
    .options = OPTIONS("network"),
    .run = run_card};
COMMAND(command_transfer_card);
