/* user.c: tsunagu user: accounts from the machine itself, when nobody can sign in. */
#include "cli/cli.h"
#include "network/account.h"

struct job {
  struct cli *cli;
  struct str login, hash;
  struct account_new account;
  struct membership_new join;
  id64 user, membership;
  int memberships;
  struct doc *list;
  struct reader reader;
};

static struct job begin(struct cli *cli)
{
  return (struct job){.cli = cli,
                      .login = login_fold(cli->arena, conf_arg(cli->conf, 0)),
                      .reader = {.lang = cli->lang, .wareki = false, .today = date_of_ts(clock_now())}};
}

static enum code open_network(struct cli *cli, struct err *e)
{
  enum code c = cli_open(cli, NULL, e);
  return c == OK ? cli_network(cli, e) : c;
}

static enum code find_user(struct tx *tx, struct job *job, struct err *e)
{
  struct credential who = {0};
  enum code c = credential_find(tx, job->login, job->cli->arena, &who, e);
  if (c == OK && !who.user)
    return err_set(e, NOT_FOUND, TR("そのサインイン名の人はいません。tsunagu user list で確かめてください。"));
  job->user = who.user;
  return c;
}

/* --- add --- */

static enum code find_organization(struct tx *tx, struct job *job, struct err *e)
{
  struct doc *list = NULL;
  struct str wanted = conf_get(job->cli->conf, "organization");
  enum code c = account_organizations(tx, STR_NONE, job->cli->arena, &list, e);
  for (size_t i = 0; c == OK && i < doc_size(list); i++)
    if (str_eq(doc_get_str(doc_at(list, i), "name"), wanted))
      (void)doc_get_id(doc_at(list, i), "id", &job->join.organization);
  if (c == OK && !job->join.organization)
    return err_set(e, NOT_FOUND, TR("--organization には、登録してある機関・団体の名前をそのまま入れてください。"));
  return c;
}

static enum code do_add(struct tx *tx, void *arg, struct err *e)
{
  struct job *job = arg;
  struct actor who = cli_actor(job->cli);
  enum code c = find_organization(tx, job, e);
  return c == OK ? account_register(tx, &who, &job->account, &job->join, &job->user, e) : c;
}

static bool of_membership(struct str role)
{
  for (const char *const *r = account_roles; *r; r++)
    if (str_is(role, *r))
      return true;
  return false;
}

static enum code read_person(struct job *job, struct err *e)
{
  const struct conf *conf = job->cli->conf;
  job->account = (struct account_new){.login = job->login,
                                      .name = conf_get(conf, "name"),
                                      .kana = conf_get(conf, "kana"),
                                      .job = conf_get(conf, "job"),
                                      .factor = S("none"),
                                      .given = true};
  job->join.from = job->reader.today;
  if (!job->account.name.n)
    return err_set(e, INVALID, TR("--name で名前を入れてください。"));
  if (!of_membership(conf_get(conf, "role")) || !role_parse(conf_get(conf, "role"), &job->join.role))
    return err_set(e, INVALID, TR("--role は manager worker clerk volunteer coordinator auditor admin のどれかです。"));
  if (conf_get(conf, "until").n && !date_parse_iso(conf_get(conf, "until"), &job->join.until))
    return err_set(e, INVALID, TR("--until は 2027-03-31 のように書いてください。"));
  return OK;
}

static enum code run_add(struct cli *cli, struct err *e)
{
  struct job job = begin(cli);
  enum code c = read_person(&job, e);
  if (c == OK)
    c = cli_password(cli, job.login, &job.account.password_hash, e);
  if (c == OK)
    c = open_network(cli, e);
  if (c == OK)
    c = cli_write(cli, "user_add", do_add, &job, e);
  if (c == OK)
    cli_say(cli, TR("%1 を登録しました。最初のサインインで、パスワードを変えてもらいます。"), job.login, STR_NONE);
  return c;
}

static const struct command command_user_add = {
    .name = "user add",
    .args = "LOGIN",
    .summary = "register an account with a membership",
    .options = OPTIONS("network", "name", "kana", "job", "organization", "role", "until", "password-file"),
    .least_args = 1,
    .most_args = 1,
    .run = run_add};
COMMAND(command_user_add);

/* --- list --- */

static enum code do_list(struct tx *tx, void *arg, struct err *e)
{
  struct job *job = arg;
  struct actor who = cli_actor(job->cli);
  struct account_view view = {.skip = job->membership};
  return account_list(tx, &who, &view, job->cli->arena, &job->reader, &job->list, e);
}

static void print_users(const struct doc *list)
{
  static const char *const shown[] = {"login", "name", "memberships", "last", "factor"};
  for (size_t i = 0; i < doc_size(list); i++) {
    const struct doc *d = doc_at(list, i);
    for (size_t k = 0; k < sizeof(shown) / sizeof(*shown); k++) {
      struct str s = doc_get_str(d, shown[k]);
      printf("%.*s\t", STR_FMT(s));
    }
    struct str word = doc_get_str(doc_get(d, "state"), "word");
    printf("%.*s\n", STR_FMT(word));
  }
}

static enum code run_list(struct cli *cli, struct err *e)
{
  struct job job = begin(cli);
  enum code c = open_network(cli, e);
  do {
    if (c == OK)
      c = cli_write(cli, "user_list", do_list, &job, e); /* a write: the list is an event too */
    if (c == OK)
      print_users(doc_get(job.list, "users"));
    job.membership += ACCOUNTS_A_PAGE;
  } while (c == OK && doc_get_bool(job.list, "has_more"));
  return c;
}

static const struct command command_user_list = {.name = "user list",
                                                 .args = "",
                                                 .summary = "every account: login, name, memberships, last sign-in",
                                                 .options = OPTIONS("network"),
                                                 .run = run_list};
COMMAND(command_user_list);

/* --- password, disable, enable --- */

static enum code do_password(struct tx *tx, void *arg, struct err *e)
{
  struct job *job = arg;
  struct actor who = cli_actor(job->cli);
  enum code c = find_user(tx, job, e);
  return c == OK ? account_reset(tx, &who, job->user, job->hash, e) : c;
}

static enum code run_password(struct cli *cli, struct err *e)
{
  struct job job = begin(cli);
  enum code c = cli_password(cli, job.login, &job.hash, e);
  if (c == OK)
    c = open_network(cli, e);
  if (c == OK)
    c = cli_write(cli, "user_password", do_password, &job, e);
  if (c == OK)
    cli_say(cli, TR("%1 のパスワードを作りなおしました。サインインはすべて終わりました。"), job.login, STR_NONE);
  return c;
}

static const struct command command_user_password = {.name = "user password",
                                                     .args = "LOGIN",
                                                     .summary = "give an account a new first password",
                                                     .options = OPTIONS("network", "password-file"),
                                                     .least_args = 1,
                                                     .most_args = 1,
                                                     .run = run_password};
COMMAND(command_user_password);

static enum code do_disable(struct tx *tx, void *arg, struct err *e)
{
  struct job *job = arg;
  struct actor who = cli_actor(job->cli);
  enum code c = find_user(tx, job, e);
  return c == OK ? account_disable(tx, &who, job->user, true, e) : c;
}

static enum code do_enable(struct tx *tx, void *arg, struct err *e)
{
  struct job *job = arg;
  struct actor who = cli_actor(job->cli);
  enum code c = find_user(tx, job, e);
  return c == OK ? account_disable(tx, &who, job->user, false, e) : c;
}

static enum code do_factor(struct tx *tx, void *arg, struct err *e)
{
  struct job *job = arg;
  struct actor who = cli_actor(job->cli);
  enum code c = find_user(tx, job, e);
  return c == OK ? account_reset_factor(tx, &who, job->user, e) : c;
}

static enum code act(struct cli *cli, const char *name, tx_fn fn, const char *said, struct err *e)
{
  struct job job = begin(cli);
  enum code c = open_network(cli, e);
  if (c == OK)
    c = cli_write(cli, name, fn, &job, e);
  if (c == OK)
    cli_say(cli, said, job.login, STR_NONE);
  return c;
}

static enum code run_disable(struct cli *cli, struct err *e)
{
  return act(cli, "user_disable", do_disable, TR("%1 はサインインできなくなりました。"), e);
}

static enum code run_enable(struct cli *cli, struct err *e)
{
  return act(cli, "user_enable", do_enable, TR("%1 はまたサインインできます。"), e);
}

static enum code run_factor(struct cli *cli, struct err *e)
{
  return act(cli, "user_factor", do_factor, TR("%1 は次のサインインで、もうひとつの確認を設定しなおします。"), e);
}

#define USER_COMMAND(var, words, text, function)                                                                       \
  static const struct command var = {.name = (words),                                                                  \
                                     .args = "LOGIN",                                                                  \
                                     .summary = (text),                                                                \
                                     .options = OPTIONS("network"),                                                    \
                                     .least_args = 1,                                                                  \
                                     .most_args = 1,                                                                   \
                                     .run = (function)};                                                               \
  COMMAND(var)
USER_COMMAND(command_user_disable, "user disable", "nobody signs in to this account", run_disable);
USER_COMMAND(command_user_enable, "user enable", "open a disabled account again", run_enable);
USER_COMMAND(command_user_factor, "user reset-factor", "the second factor begins anew (a lost phone)", run_factor);

/* --- end-membership --- */

static void take_membership(void *arg, id64 membership, id64 organization, struct str name, enum role role)
{
  struct job *job = arg;
  struct str wanted = conf_get(job->cli->conf, "membership"), id = id_text(job->cli->arena, membership);
  if (wanted.n && !str_eq(wanted, id))
    return;
  job->membership = membership;
  job->memberships++;
}

static enum code do_end(struct tx *tx, void *arg, struct err *e)
{
  struct job *job = arg;
  struct actor who = cli_actor(job->cli);
  job->memberships = 0;
  enum code c = find_user(tx, job, e);
  if (c == OK)
    c = account_live_memberships(tx, job->user, take_membership, job, e);
  if (c == OK && job->memberships != 1)
    return err_set(e, job->memberships ? INVALID : NOT_FOUND,
                   TR("所属がひとつに決まりません。--membership に番号(13文字)を入れてください。"));
  return c == OK ? account_leave(tx, &who, job->user, job->membership, job->reader.today, 0, e) : c;
}

static enum code run_end(struct cli *cli, struct err *e)
{
  return act(cli, "user_end_membership", do_end, TR("%1 の所属を終えました。見えていたものは、もう見えません。"), e);
}

static const struct command command_user_end = {.name = "user end-membership",
                                                .args = "LOGIN",
                                                .summary = "end a membership now; access ends with it",
                                                .options = OPTIONS("network", "membership"),
                                                .least_args = 1,
                                                .most_args = 1,
                                                .run = run_end};
COMMAND(command_user_end);
