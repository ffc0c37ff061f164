/* settings.c: where mail goes, from the file of settings. */
#include <string.h>

#include "crypto/seal.h"
#include "crypto/secret.h"
#include "mail/mail_impl.h"

static enum code wrong(struct err *e, const char *key, const char *msg)
{
  enum code c = err_set1(e, INVALID, msg, key);
  return c;
}

/* "smtp.example.jp", "smtp.example.jp:587", "192.0.2.1:25", "[2001:db8::1]:25" */
static bool split_server(struct arena *a, struct str server, struct mail_settings *m)
{
  struct str host = server;
  int64_t port = m->tls == MAIL_TLS ? 465 : m->tls == MAIL_STARTTLS ? 587 : 25;
  size_t colon = server.n;
  while (colon && server.p[colon - 1] != ':' && server.p[colon - 1] != ']')
    colon--;
  if (colon && server.p[colon - 1] == ':') {
    host = str_sub(server, 0, colon - 1);
    if (!str_to_i64(str_sub(server, colon, server.n), &port) || port < 1 || port > 65535)
      return false;
  }
  if (host.n > 2 && host.p[0] == '[' && host.p[host.n - 1] == ']')
    host = str_sub(host, 1, host.n - 2);
  m->by_name = false;
  for (size_t i = 0; i < host.n; i++) {
    char c = host.p[i];
    bool word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (!word && c != '.' && c != '-' && c != ':')
      return false;
    m->by_name = m->by_name || !strchr("0123456789abcdefABCDEF.:", c);
  }
  m->host = str_cstr(a, host);
  m->port = (int)port;
  return host.n > 0 && host.n < 254;
}

static bool is_this_machine(const char *host)
{
  return strcmp(host, "localhost") == 0 || strncmp(host, "127.", 4) == 0 || strcmp(host, "::1") == 0;
}

static const char *text_or_null(const struct conf *conf, struct arena *a, const char *key)
{
  struct str s = conf_get(conf, key);
  return s.n ? str_cstr(a, s) : NULL;
}

static bool read_tls(struct str s, enum mail_tls *ret)
{
  static const char *const names[] = {"starttls", "tls", "none"};
  for (int i = 0; i < 3; i++)
    if (str_is(s, names[i])) {
      *ret = (enum mail_tls)i;
      return true;
    }
  return false;
}

static enum code check(const struct mail_settings *m, struct err *e)
{
  if (!m->from || !mail_address_ok(str_from(m->from)))
    return wrong(e, "mail-from", TR("%1 は、差出人のメールアドレスです。一つだけ入れてください。"));
  if (m->user && (!m->password_path || m->tls == MAIL_PLAIN) && !(m->password_path && is_this_machine(m->host)))
    return wrong(
        e, "mail-password",
        TR("mail-user を使うときは、%1（tsunagu mail password で作るファイル）と、暗号化した通信が要ります。"));
  if (m->url && strncmp(m->url, "https://", 8) != 0 && strncmp(m->url, "http://", 7) != 0)
    return wrong(e, "mail-url", TR("%1 は、https:// で始まる、このシステムの場所です。"));
  return OK;
}

enum code mail_settings_read(const struct conf *conf, struct arena *a, struct mail_settings **ret, struct err *e)
{
  struct str server = conf_get(conf, "mail-server");
  *ret = NULL;
  if (!server.n)
    return OK;
  struct mail_settings *m = arena_new_of(a, struct mail_settings);
  if (!m)
    return err_oom(e);
  if (!read_tls(conf_get(conf, "mail-tls"), &m->tls))
    return wrong(e, "mail-tls", TR("%1 は starttls、tls、none のどれかです。"));
  if (!split_server(a, server, m))
    return wrong(e, "mail-server", TR("%1 は「サーバーの名前:ポート」です。"));
  m->from = text_or_null(conf, a, "mail-from");
  m->user = text_or_null(conf, a, "mail-user");
  m->password_path = text_or_null(conf, a, "mail-password");
  m->ca = text_or_null(conf, a, "mail-ca");
  m->url = text_or_null(conf, a, "mail-url");
  int64_t wait = conf_int(conf, "mail-wait", 60);
  m->wait_ms = (wait < 1 ? 1 : wait > 3600 ? 3600 : wait) * MS_SECOND;
  enum code c = check(m, e);
  if (c == OK && arena_failed(a))
    return err_oom(e);
  if (c == OK)
    *ret = m;
  return c;
}

/* ---- the password --------------------------------------------------------------------------------------------------------- */

static const struct seal_at at = {.table = "mail", .column = "password"};

static struct seal_key key_of(const struct keyfile *keys)
{
  struct seal_key key;
  hash_keyed(keyfile_pepper(keys), S("mail password"), key.k);
  return key;
}

enum code mail_password_seal(const struct keyfile *keys, struct str password, struct arena *a, struct str *ret,
                             struct err *e)
{
  struct seal_key key = key_of(keys);
  enum code c = seal(a, &key, at, password, ret, e);
  explicit_bzero(&key, sizeof key);
  return c;
}

enum code mail_settings_open(struct mail_settings *m, const struct keyfile *keys, struct arena *a, struct err *e)
{
  char sealed[1024];
  struct str plain = STR_NONE;
  if (!m->password_path)
    return OK;
  FILE *f = fopen(m->password_path, "rbe");
  size_t n = f ? fread(sealed, 1, sizeof sealed, f) : 0;
  if (f)
    fclose(f);
  struct seal_key key = key_of(keys);
  enum code c = unseal(a, &key, at, (struct str){sealed, n}, &plain, e);
  explicit_bzero(&key, sizeof key);
  if (c != OK)
    return wrong(
        e, m->password_path,
        TR("%1 のパスワードが開けません。この鍵ファイルで、もう一度 tsunagu mail password を行ってください。"));
  m->password = str_cstr(a, plain);
  return m->password ? OK : err_oom(e);
}
