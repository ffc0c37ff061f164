/* mail.c: tsunagu mail password: seals the mail server's password by the key file, for the setting mail-password. */
#include "mail/mail.h"

#include "cli/cli.h"

static enum code run_password(struct cli *cli, struct err *e)
{
  struct str password = STR_NONE, sealed = STR_NONE;
  const char *key = NULL;
  struct str path = conf_get(cli->conf, "mail-password");
  if (!path.n)
    return err_set(e, INVALID, TR("--mail-password に、封をしたパスワードを書くファイルの場所を入れてください。"));
  enum code c = cli_key_path(cli, &key, e);
  if (c == OK)
    c = crypto_init(e);
  if (c == OK)
    c = keyfile_open(key, &cli->keys, e);
  if (c == OK)
    c = cli_secret(cli, "password-file", TR("メールサーバーのパスワード: "), &password, e);
  if (c == OK && !password.n)
    c = err_set(e, INVALID, TR("パスワードが空です。"));
  if (c == OK)
    c = mail_password_seal(cli->keys, password, cli->arena, &sealed, e);
  if (c == OK)
    c = cli_write_file(cli->arena, str_cstr(cli->arena, path), sealed, e);
  if (c == OK)
    cli_say(cli, TR("パスワードを封じて %1 に書きました。設定ファイルの mail-password に、この場所を書いてください。"),
            path, STR_NONE);
  return c;
}

static const struct command command_mail_password = {.name = "mail password",
                                                     .args = "",
                                                     .summary = "seal the mail server's password into a file",
                                                     .options = OPTIONS("mail-password", "password-file"),
                                                     .run = run_password};
COMMAND(command_mail_password);
