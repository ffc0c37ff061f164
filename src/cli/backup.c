/* backup.c: tsunagu backup and tsunagu backup key. */
#include <dirent.h>
#include <unistd.h>

#include "cli/keep.h"

/* --- the key --- */

static enum code run_key(struct cli *cli, struct err *e)
{
  const char *path = NULL;
  struct str file = conf_get(cli->conf, "passphrase-file"), text = STR_NONE;
  enum code c = cli_option(cli, "to", &path, e);
  if (c == OK && file.n)
    c = cli_read_file(cli->arena, str_cstr(cli->arena, file), &text, e);
  text = str_sub(text, 0, text.n ? strcspn(text.p, "\r\n") : 0);
  if (c == OK && file.n && text.n < 12)
    c = err_set(e, INVALID, TR("合言葉は 12 文字以上にしてください。"));
  if (c == OK)
    c = vault_key_create(path, text, e);
  if (c != OK)
    return c;
  cli_say(cli, TR("バックアップの鍵 %1 を作りました。"), str_from(path), STR_NONE);
  cli_say(
      cli,
      TR("このファイルは、サーバーともバックアップとも別の場所に二つ以上置いてください。サーバーには %1.pub だけを残し"
         "ます。なくすと、どのバックアップも開けません。"),
      str_from(path), STR_NONE);
  return OK;
}

static const struct command command_backup_key = {.name = "backup key",
                                                  .args = "",
                                                  .summary = "make the key that backups and exports are sealed with",
                                                  .options = OPTIONS("to", "passphrase-file"),
                                                  .run = run_key};
COMMAND(command_backup_key);

/* --- verifying: a whole restore into a folder that is then removed --- */

static void remove_folder(struct cli *cli, const char *folder)
{
  DIR *d = opendir(folder);
  for (struct dirent *f = d ? readdir(d) : NULL; f; f = readdir(d)) {
    const char *name = str_cstr(cli->arena, str_printf(cli->arena, "%s/%s", folder, f->d_name));
    if (name && f->d_type == DT_REG)
      unlink(name);
  }
  if (d)
    closedir(d);
  rmdir(folder);
}

static bool same_rows(const struct backup_report *made, const struct restore_report *got)
{
  return made->rows == got->rows;
}

static enum code verify(struct cli *cli, const struct backup *b, const struct backup_report *made, struct err *e)
{
  struct restore_report got;
  char *folder = (char *)str_cstr(cli->arena, str_printf(cli->arena, "%s.verify.XXXXXX", b->path));
  if (!folder || !mkdtemp(folder))
    return err_set1(e, IO, TR("ファイル %1 を作れません。フォルダーがあるか、権限があるかを確かめてください。"),
                    folder ? folder : "");
  const struct restore r = {.url = str_printf(cli->arena, "sqlite:%s/verify.db", folder),
                            .path = b->path,
                            .keys_path = b->keys_path,
                            .key = b->key,
                            .keys = b->keys};
  enum code c = restore_run(cli->arena, &r, &got, e);
  if (c == OK && !same_rows(made, &got))
    c = err_set(e, IO,
                TR("戻したデータが、バックアップと一致しません。ディスクを確かめて、もう一度実行してください。"));
  remove_folder(cli, folder);
  if (c == OK)
    cli_say(cli, TR("戻して確かめました: %1 行が一致し、%2 人分の鍵が開きました。"), cli_number(cli, got.rows),
            cli_number(cli, got.persons));
  return c;
}

/* --- backup --- */

static enum code make(struct cli *cli, struct backup *b, struct err *e)
{
  struct backup_report made;
  bool wanted = conf_flag(cli->conf, "verify");
  if (wanted && !vault_key_opens(b->key))
    return err_set(e, DENIED,
                   TR("確かめるには、バックアップの鍵の秘密の半分が要ります。--verify "
                      "は、それを置いてある場所で使ってください。"));
  enum code c = cli_note_networks(cli, "backup", ACTION_NETWORK_EXPORT, e);
  if (c == OK)
    c = backup_make(cli->arena, b, &made, e);
  if (c != OK)
    return c;
  cli_say(cli, TR("バックアップ %1 を作りました(%2 行)。"), str_from(b->path), cli_number(cli, made.rows));
  cli_say(
      cli,
      TR("いまの鍵は %1 です。前のものと置き換えました。写しを残さず、いつもいちばん新しいものだけを持ってください。"),
      str_from(b->keys_path), STR_NONE);
  return wanted ? verify(cli, b, &made, e) : OK;
}

static enum code run_backup(struct cli *cli, struct err *e)
{
  struct vault_key *key = NULL;
  struct backup b = {.replaces = conf_flag(cli->conf, "replace")};
  int lock = -1;
  enum code c = cli_option(cli, "to", &b.path, e);
  if (c == OK)
    c = cli_backup_key(cli, &key, e);
  if (c == OK)
    c = cli_current_keys(cli, b.path, &b.keys_path, e);
  if (c == OK)
    c = cli_open(cli, NULL, e);
  if (c == OK)
    c = keep_lock(b.keys_path, &lock, e);
  b.db = cli->db;
  b.keys = cli->keys;
  b.key = key;
  if (c == OK)
    c = make(cli, &b, e);
  if (lock >= 0)
    close(lock);
  vault_key_free(key);
  return c;
}

static const struct command command_backup = {
    .name = "backup",
    .args = "",
    .summary = "back everything up, sealed, while the server goes on; --verify restores it at once to see",
    .options = OPTIONS("to", "backup-key", "passphrase-file", "current-keys", "verify", "replace"),
    .run = run_backup};
COMMAND(command_backup);
