/* import_network.c: tsunagu import network: an export into a database of either engine. */
#include <unistd.h>

#include "cli/keep.h"
#include "network/network.h"
#include "person/find.h"

struct place {
  struct cli *cli;
  struct importing x;
  struct vault_key *key;
};

static void count_network(void *arg, id64 id, struct str name)
{
  ++*(int *)arg;
}

static enum code count_networks(struct tx *tx, void *arg, struct err *e)
{
  *(int *)arg = 0;
  return network_each(tx, count_network, arg, e);
}

/* What an import left that was killed while it made the tables: no network is in it yet. */
static enum code finish_database(const struct db_options *o, struct err *e)
{
  int version = 0, networks = 0;
  struct db *db = NULL;
  enum code c = db_open(o, &db, e);
  if (c == OK)
    c = migrate_version(db, &version, e);
  if (c == OK && version > 0 && version < migrate_newest())
    c = db_read(db, &(struct db_who){.service = true}, count_networks, &networks, e);
  if (c == OK && version < migrate_newest() && !networks)
    c = migrate_run(db, NULL, NULL, e);
  db_close(db);
  return c;
}

/* A database that is not there, or holds nothing yet, is made. */
static enum code make_database(struct cli *cli, struct err *e)
{
  const struct db_options o = {.url = cli_db(cli), .owner = true, .schema_any = true};
  struct err why = {0};
  enum code c = db_create(&o, &why);
  if (c != OK && c != CONFLICT) { /* CONFLICT: the file is there */
    *e = why;
    return c;
  }
  return finish_database(&o, e);
}

static enum code make_keyfile(struct cli *cli, struct err *e)
{
  const char *path = NULL;
  struct keyfile *made = NULL;
  enum code c = cli_key_path(cli, &path, e);
  if (c != OK || access(path, F_OK) == 0)
    return c;
  if (!conf_get(cli->conf, "from-key").n)
    return OK; /* opening it says what to do */
  c = keyfile_create(path, &made, e);
  keyfile_free(made);
  return c;
}

/* The network's own keys: here already, or taken over from where it comes from. */
static enum code take_keys(struct cli *cli, id64 network, struct err *e)
{
  struct str from = conf_get(cli->conf, "from-key");
  struct keyfile *other = NULL;
  if (keyfile_has_network(cli->keys, network))
    return OK;
  if (!from.n)
    return err_set(
        e, DENIED,
        TR("鍵ファイルに、このネットワークの鍵がありません。書き出した側の鍵ファイルを --from-key で渡してください。"));
  enum code c = keyfile_open(str_cstr(cli->arena, from), &other, e);
  if (c == OK)
    c = keyfile_take_network(cli->keys, other, network, e);
  keyfile_free(other);
  return c;
}

static enum code note(struct tx *tx, void *arg, struct err *e)
{
  cli_note(tx, ACTION_NETWORK_WRITE, tx_network(tx));
  return OK;
}

static enum code import(struct place *p, struct err *e)
{
  struct cli *cli = p->cli;
  struct export_report got = {0};
  const struct db_options o = {.owner = true, .exclusive = true};
  enum code c = import_network_id(cli->arena, &p->x, &cli->network, e);
  if (c == OK)
    c = make_database(cli, e);
  if (c == OK)
    c = make_keyfile(cli, e);
  if (c == OK)
    c = cli_open(cli, &o, e);
  if (c == OK)
    c = take_keys(cli, cli->network, e);
  p->x.db = cli->db;
  p->x.keys = cli->keys;
  if (c == OK)
    c = import_network(cli->arena, &p->x, &got, e);
  if (c == OK)
    c = person_find_fill(cli->db, cli->network, e);
  if (c == OK)
    c = cli_write(cli, "import network", note, NULL, e);
  if (c == OK)
    cli_say(cli, TR("ネットワークを取り込みました(%1 行)。書き出したものと、すべて一致します。"),
            cli_number(cli, got.rows), STR_NONE);
  return c;
}

static enum code run_import(struct cli *cli, struct err *e)
{
  struct place p = {.cli = cli, .x = {.path = str_cstr(cli->arena, conf_arg(cli->conf, 0))}};
  enum code c = p.x.path ? OK : err_oom(e);
  if (c == OK && conf_get(cli->conf, "backup-key").n)
    c = cli_backup_key(cli, &p.key, e);
  p.x.key = p.key;
  if (c == OK)
    c = import(&p, e);
  vault_key_free(p.key);
  return c;
}

static const struct command command_import_network = {
    .name = "import network",
    .args = "PATH",
    .summary = "import a whole network that was exported (a folder, or a sealed file with --backup-key)",
    .options = OPTIONS("backup-key", "passphrase-file", "from-key"),
    .least_args = 1,
    .most_args = 1,
    .run = run_import};
COMMAND(command_import_network);
