/* restore.c: tsunagu restore. */
#include <unistd.h>

#include "cli/keep.h"

/* The file beside the backup is used where it is there; one that is named must be. */
static enum code find_current_keys(struct cli *cli, struct restore *r, struct err *e)
{
  enum code c = cli_current_keys(cli, r->path, &r->keys_path, e);
  if (c == OK && !conf_get(cli->conf, "current-keys").n && access(r->keys_path, F_OK) != 0)
    r->keys_path = NULL;
  return c;
}

static void tell(struct cli *cli, const struct restore_report *got)
{
  cli_say(cli, TR("%1 のバックアップを戻しました(%2 行)。"), got->made_at, cli_number(cli, got->rows));
  cli_say(cli, TR("確かめたこと: %1 人分の鍵と %2 件の値が開きました。"), cli_number(cli, got->persons),
          cli_number(cli, got->samples));
  if (got->erased)
    cli_say(cli, TR("バックアップのあとに消去された %1 人分は、戻していません。"), cli_number(cli, got->erased),
            STR_NONE);
  if (!got->keys_applied)
    cli_say(cli, TR("いまの鍵のファイルは使っていません。鍵は、バックアップの中のものです。"), STR_NONE, STR_NONE);
  cli_say(cli,
          TR("すべてのサインインとプログラムの鍵を終わらせました。バックアップのあとに取り消された同意は、もう一度取り"
             "消して"
             "ください。"),
          STR_NONE, STR_NONE);
}

static enum code tell_audit(struct cli *cli, const struct restore_report *got, struct err *e)
{
  for (size_t i = 0; got->cut && i < doc_size(got->findings); i++) {
    struct str s = doc_string(doc_at(got->findings, i));
    printf("%.*s\n", STR_FMT(s));
  }
  if (got->cut)
    return err_set(e, INVALID, TR("データは戻しましたが、操作の記録に問題があります。"));
  cli_say(cli, TR("操作の記録 %1 件は、そのまま残っています。"), cli_number(cli, got->events), STR_NONE);
  return OK;
}

static enum code run_restore(struct cli *cli, struct err *e)
{
  struct vault_key *key = NULL;
  const char *key_path = NULL;
  struct restore_report got;
  struct restore r = {.url = cli_db(cli)};
  enum code c = cli_option(cli, "from", &r.path, e);
  if (c == OK)
    c = cli_backup_key(cli, &key, e);
  if (c == OK)
    c = find_current_keys(cli, &r, e);
  if (c == OK)
    c = cli_key_path(cli, &key_path, e);
  if (c == OK)
    c = keyfile_open(key_path, &cli->keys, e);
  r.key = key;
  r.keys = cli->keys;
  if (c == OK)
    c = restore_run(cli->arena, &r, &got, e);
  if (c == OK)
    tell(cli, &got);
  if (c == OK)
    c = tell_audit(cli, &got, e);
  vault_key_free(key);
  return c;
}

static const struct command command_restore = {.name = "restore",
                                               .args = "",
                                               .summary = "make a database of a backup, where there is none yet",
                                               .options =
                                                   OPTIONS("from", "backup-key", "passphrase-file", "current-keys"),
                                               .run = run_restore};
COMMAND(command_restore);
