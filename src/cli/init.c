/* init.c: tsunagu init: database, key file, the first network and its first account. */
#include <unistd.h>

#include "access/access.h"
#include "base/clock.h"
#include "cli/init.h"
#include "network/sign.h"

static void count_network(void *arg, id64 id, struct str name)
{
  ++*(int *)arg;
}

/* A database that has a network has a key file somewhere, which is not the one just made. */
static enum code create_network(struct tx *tx, void *arg, struct err *e)
{
  const struct first *f = arg;
  int there = 0;
  enum code c = network_each(tx, count_network, &there, e);
  if (c == OK && there)
    return err_set(e, CONFLICT, TR("データベースには、もうネットワークがあります。tsunagu serve で使えます。"));
  if (c == OK)
    c = network_create(tx, tx_network(tx), &f->network, e);
  cli_note(tx, ACTION_NETWORK_WRITE, tx_network(tx));
  return c == OK ? f->fill(tx, f->arg, e) : c;
}

static enum code count_networks(struct tx *tx, void *arg, struct err *e)
{
  *(int *)arg = 0;
  return network_each(tx, count_network, arg, e);
}

/* An init that was killed or failed left a database without a network: it goes on there. Whatever has one is left alone. */
static enum code go_on(struct cli *cli, const char *key, struct db *db, const struct err *stands, struct err *e)
{
  const struct db_who service = {.service = true};
  int version = 0, there = 0;
  enum code c = migrate_version(db, &version, e);
  if (c == OK && version)
    c = db_read(db, &service, count_networks, &there, e);
  if (c == OK && there && stands->code == CONFLICT)
    return *e = *stands, CONFLICT;
  if (c == OK && there)
    return err_set(e, CONFLICT, TR("データベースには、もうネットワークがあります。tsunagu serve で使えます。"));
  if (c == OK && !version && !keyfile_empty(cli->keys))
    return err_set1(e, CONFLICT, TR("鍵ファイル %1 はもうあります。"), key);
  return c == OK ? migrate_run(db, NULL, NULL, e) : c;
}

static enum code make_database(struct cli *cli, const char *key, struct err *e)
{
  const struct db_options o = {.url = cli_db(cli), .owner = true, .schema_any = true};
  struct db *db = NULL;
  struct err stands = {0};
  enum code c = db_create(&o, &stands);
  if (c != OK && c != CONFLICT)
    return *e = stands, c;
  c = db_open(&o, &db, e);
  if (c == INVALID && stands.code == CONFLICT)
    *e = stands, c = CONFLICT; /* something else stands there */
  if (c == OK)
    c = go_on(cli, key, db, &stands, e);
  db_close(db);
  return c;
}

/* Killed or failed anywhere it can be run again. */
enum code init_all(struct cli *cli, const struct first *f, struct err *e)
{
  const char *key = NULL;
  enum code c = cli_key_path(cli, &key, e);
  if (c == OK)
    c = access(key, F_OK) == 0 ? keyfile_open(key, &cli->keys, e) : keyfile_create(key, &cli->keys, e);
  if (c == OK)
    c = make_database(cli, key, e);
  if (c == OK)
    c = db_open(&(struct db_options){.url = cli_db(cli)}, &cli->db, e);
  if (c == OK) {
    db_app_set(cli->db, cli->keys);
    cli->network = id_new(clock_now());
    c = keyfile_add_network(cli->keys, cli->network, e);
  }
  struct first copy = *f;
  return c == OK ? cli_write(cli, "init", create_network, &copy, e) : c;
}

/* --- the command --- */

struct admin {
  struct str organization, login, hash;
};

static enum code create_admin(struct tx *tx, void *arg, struct err *e)
{
  const struct admin *a = arg;
  id64 organization = 0, user = 0, membership = 0;
  enum code c = organization_create(tx,
                                    &(struct organization_new){.name = a->organization,
                                                               .kind = S("city"),
                                                               .circle = S("council"),
                                                               .public_body = true,
                                                               .coordinating = true},
                                    &organization, e);
  if (c == OK)
    c = account_create(
        tx, &(struct account_new){.login = a->login, .name = a->login, .password_hash = a->hash, .factor = S("none")},
        &user, e);
  enum role role = ROLE_ADMIN; /* a value, not a decision */
  if (c == OK)
    c = membership_add(tx, user, organization, role, tx_now(tx), 0, &membership, e);
  cli_note(tx, ACTION_ACCOUNT_WRITE, user);
  return c;
}

static enum code run_init(struct cli *cli, struct err *e)
{
  const struct conf *conf = cli->conf;
  struct admin a = {.organization = conf_get(conf, "organization"),
                    .login = login_fold(cli->arena, conf_get(conf, "admin-login"))};
  const struct first f = {.network = {.name = conf_get(conf, "name"),
                                      .town_code = conf_get(conf, "town-code"),
                                      .host = conf_get(conf, "host"),
                                      .stage = S("preparing")},
                          .fill = create_admin,
                          .arg = &a};
  if (!f.network.name.n)
    return err_set(
        e, INVALID,
        TR("--name でネットワークの名前を決めてください。例: --name \"みなと市 子ども・若者支援ネットワーク\""));
  if (!a.organization.n)
    a.organization = tr(LANG_JA, TR("調整機関"));
  enum code c = cli_password(cli, a.login, &a.hash, e);
  if (c == OK)
    c = init_all(cli, &f, e);
  if (c != OK)
    return c;
  cli_say(cli, TR("ネットワーク「%1」を作りました。最初のサインイン名は %2 です。"), f.network.name, a.login);
  cli_say(cli, TR("鍵ファイルは、データとは別の場所にも控えを置いてください。なくすと、名前や記録は二度と読めません。"),
          STR_NONE, STR_NONE);
  cli_say(cli, TR("次は tsunagu serve --db %1 です。"), cli_db(cli), STR_NONE);
  return OK;
}

static const struct command command_init = {
    .name = "init",
    .args = "",
    .summary = "create database, key file, the first network and its first account",
    .options = OPTIONS("name", "town-code", "host", "organization", "admin-login", "password-file"),
    .run = run_init};
COMMAND(command_init);

/* --- migrate --- */

static enum code run_migrate(struct cli *cli, struct err *e)
{
  int from = 0, to = 0;
  const struct db_options o = {.url = cli_db(cli), .owner = true, .schema_any = true, .exclusive = true};
  enum code c = db_open(&o, &cli->db, e);
  if (c == OK)
    c = migrate_run(cli->db, &from, &to, e);
  if (c == OK)
    cli_say(cli, TR("データベースの形は %1 から %2 になりました。"), str_printf(cli->arena, "%d", from),
            str_printf(cli->arena, "%d", to));
  return c;
}

static const struct command command_migrate = {.name = "migrate",
                                               .args = "",
                                               .summary = "bring the database to this program's schema",
                                               .options = NO_OPTIONS,
                                               .run = run_migrate};
COMMAND(command_migrate);
