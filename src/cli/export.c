/* export.c: tsunagu export: a whole network in open formats; tsunagu export open: a sealed one as a folder. */
#include "cli/keep.h"

/* One of two things is said: with which key it is sealed, or that it is not. */
static enum code choose_key(struct cli *cli, struct vault_key **ret, struct err *e)
{
  if (conf_flag(cli->conf, "plain") == (conf_get(cli->conf, "backup-key").n > 0))
    return err_set(
        e, INVALID,
        TR("名前も記録も開いた形で書き出します。封をする鍵を --backup-key で渡してください。だれでも読める形でよいと"
           "きだけ、代わりに --plain です。"));
  return conf_flag(cli->conf, "plain") ? OK : cli_backup_key(cli, ret, e);
}

static enum code run_export(struct cli *cli, struct err *e)
{
  struct vault_key *key = NULL;
  struct export_report made = {0};
  struct exporting x = {.release = conf_flag(cli->conf, "release-concealed"), .reason = conf_get(cli->conf, "reason")};
  enum code c = cli_option(cli, "to", &x.path, e);
  if (c == OK)
    c = choose_key(cli, &key, e);
  if (c == OK)
    c = cli_open(cli, NULL, e);
  if (c == OK)
    c = cli_network(cli, e);
  if (c == OK && x.release)
    c = cli_approval(cli, &x.approver, e);
  x.db = cli->db;
  x.keys = cli->keys;
  x.network = cli->network;
  x.key = key;
  if (c == OK)
    c = export_network(cli->arena, &x, &made, e);
  vault_key_free(key);
  if (c != OK)
    return c;
  cli_say(cli, TR("%1 に書き出しました(%2 行)。"), str_from(x.path), cli_number(cli, made.rows));
  if (made.withheld)
    cli_say(cli, TR("秘匿の項目なので書き出さなかったもの: %1 か所。"), cli_number(cli, made.withheld), STR_NONE);
  return OK;
}

static const struct command command_export = {
    .name = "export",
    .args = "",
    .summary = "export a whole network: JSON Lines, CSV, JSON Schema; sealed to a backup key unless --plain",
    .options = OPTIONS("network", "to", "backup-key", "plain", "release-concealed", "reason", "yes", "approver",
                       "approver-password-file"),
    .run = run_export};
COMMAND(command_export);

static enum code run_open(struct cli *cli, struct err *e)
{
  struct vault_key *key = NULL;
  const char *folder = NULL, *path = str_cstr(cli->arena, conf_arg(cli->conf, 0));
  enum code c = path ? cli_option(cli, "to", &folder, e) : err_oom(e);
  if (c == OK)
    c = cli_backup_key(cli, &key, e);
  if (c == OK)
    c = export_unpack(cli->arena, path, key, folder, e);
  vault_key_free(key);
  if (c == OK)
    cli_say(cli, TR("%1 を %2 に開きました。だれでも読めます。使い終わったら消してください。"), str_from(path),
            str_from(folder));
  return c;
}

static const struct command command_export_open = {.name = "export open",
                                                   .args = "FILE",
                                                   .summary = "unpack a sealed export into a folder",
                                                   .options = OPTIONS("to", "backup-key", "passphrase-file"),
                                                   .least_args = 1,
                                                   .most_args = 1,
                                                   .run = run_open};
COMMAND(command_export_open);
