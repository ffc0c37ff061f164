/* member.c: on whose behalf something is done at the machine: --user, a member of --organization who could do the same by hand. */
#include "cli/cli.h"
#include "network/account.h"

struct member_job {
  struct str organization;
  enum action action;
  struct actor *actor;
};

static void take_membership(void *arg, id64 membership, id64 organization, struct str name, enum role role)
{
  const struct member_job *job = arg;
  bool may = false;
  (void)role_may(role, job->action, &may);
  if (!may || !str_eq(name, job->organization))
    return;
  job->actor->role = role;
  job->actor->membership = membership;
  job->actor->organization = organization;
}

enum code cli_member(struct tx *tx, const struct cli *cli, enum action action, struct actor *ret, struct err *e)
{
  struct credential owner = {0};
  struct actor actor = {.network = tx_network(tx), .second_factor = true, .session_from = 1};
  struct member_job job = {conf_get(cli->conf, "organization"), action, &actor};
  enum code c = credential_find(tx, login_fold(tx_arena(tx), conf_get(cli->conf, "user")), tx_arena(tx), &owner, e);
  actor.user = owner.user;
  actor.session_until = tx_now(tx) + MS_HOUR;
  if (c == OK && owner.user)
    c = account_live_memberships(tx, owner.user, take_membership, &job, e);
  if (c == OK && !actor.membership)
    return err_set(e, NOT_FOUND, TR("--user のアカウントが、--organization の機関の管理者ではありません。"));
  if (c == OK)
    *ret = actor;
  return c;
}

enum code cli_check_member(const struct cli *cli, struct err *e)
{
  return conf_get(cli->conf, "user").n && conf_get(cli->conf, "organization").n
             ? OK
             : err_set(e, INVALID,
                       TR("--organization で機関の名前を、--user でその管理者のサインイン名を入れてください。"));
}

void cli_put(struct str s)
{
  for (size_t i = 0; i < s.n; i++)
    putchar((unsigned char)s.p[i] < ' ' || s.p[i] == 0x7F ? ' ' : s.p[i]);
}
