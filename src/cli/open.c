/* open.c: what commands share: the database and its key file, transactions, passwords, small files. */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include "base/limits.h"
#include "cli/cli.h"
#include "crypto/secret.h"
#include "network/network.h"

/* --- where things are --- */

struct str cli_db(const struct cli *cli)
{
  return conf_get(cli->conf, "db");
}

/* Empty for PostgreSQL. */
static struct str db_path(const struct cli *cli)
{
  struct str url = cli_db(cli);
  return str_starts(url, S("sqlite:")) ? str_sub(url, strlen("sqlite:"), url.n) : STR_NONE;
}

enum code cli_key_path(const struct cli *cli, const char **ret, struct err *e)
{
  struct str key = conf_get(cli->conf, "key"), path = db_path(cli);
  if (!key.n && !path.n)
    return err_set(e, INVALID,
                   TR("PostgreSQL では鍵ファイルの場所を決めてください。--key PATH か、環境変数 TSUNAGU_KEY です。"));
  *ret = key.n ? str_cstr(cli->arena, key) : str_cstr(cli->arena, str_printf(cli->arena, "%.*s.key", STR_FMT(path)));
  return *ret ? OK : err_oom(e);
}

enum code cli_demo_path(const struct cli *cli, const char **ret, struct err *e)
{
  const char *key = NULL;
  struct str path = db_path(cli);
  enum code c = path.n ? OK : cli_key_path(cli, &key, e);
  if (c != OK)
    return c;
  *ret = str_cstr(cli->arena, str_printf(cli->arena, "%.*s.demo.txt", STR_FMT(path.n ? path : str_from(key))));
  return *ret ? OK : err_oom(e);
}

enum code cli_open(struct cli *cli, const struct db_options *o, struct err *e)
{
  const char *key = NULL;
  struct db_options options = o ? *o : (struct db_options){0};
  options.url = cli_db(cli);
  enum code c = cli_key_path(cli, &key, e);
  if (c == OK)
    c = db_open(&options, &cli->db, e); /* first: a database that is not there says more than a key that is not */
  if (c == OK)
    c = keyfile_open(key, &cli->keys, e);
  if (c == OK)
    db_app_set(cli->db, cli->keys);
  return c;
}

void cli_close(struct cli *cli)
{
  if (cli->db)
    db_close(cli->db);
  if (cli->keys)
    keyfile_free(cli->keys);
  cli->db = NULL;
  cli->keys = NULL;
}

/* --- the network --- */

static enum code check_epoch(struct tx *tx, void *arg, struct err *e)
{
  return network_epoch(tx, arg, e);
}

enum code cli_check_key(const struct cli *cli, id64 network, struct err *e)
{
  const char *path = NULL;
  int epoch = 0;
  if (keyfile_has_network(cli->keys, network))
    return db_read(cli->db, &(struct db_who){.network = network, .service = true}, check_epoch, &epoch, e);
  enum code c = cli_key_path(cli, &path, e);
  return c == OK
             ? err_set1(
                   e, DENIED,
                   TR("鍵ファイル %1 は、このデータベースのものではありません。このデータベースの鍵ファイルを --key "
                      "で渡してください。"),
                   path)
             : c;
}

struct choice {
  id64 wanted, found;
  int count;
};

static void count_network(void *arg, id64 id, struct str name)
{
  struct choice *ch = arg;
  ch->count++;
  if (!ch->wanted || ch->wanted == id)
    ch->found = id;
}

static enum code choose(struct tx *tx, void *arg, struct err *e)
{
  *(struct choice *)arg = (struct choice){.wanted = ((struct choice *)arg)->wanted};
  return network_each(tx, count_network, arg, e);
}

enum code cli_network(struct cli *cli, struct err *e)
{
  struct choice ch = {0};
  struct str typed = conf_get(cli->conf, "network");
  if (typed.n && !id_parse(typed, &ch.wanted))
    return err_set(e, INVALID, TR("--network には、ネットワークの番号(13文字)を入れてください。"));
  enum code c = db_read(cli->db, &(struct db_who){.service = true}, choose, &ch, e);
  if (c != OK)
    return c;
  if (ch.count == 0)
    return err_set(e, NOT_FOUND, TR("データベースにネットワークがありません。tsunagu init で作ってください。"));
  if (!ch.found)
    return err_set(e, NOT_FOUND, TR("その番号のネットワークはありません。"));
  if (!typed.n && ch.count > 1)
    return err_set(e, INVALID, TR("ネットワークがいくつもあります。--network で番号を決めてください。"));
  cli->network = ch.found;
  c = cli_check_key(cli, ch.found, e);
  /* What is concealed, or agreed to, is so now: also where the machine's clock was set back. */
  return c == OK ? audit_see_last(cli->db, ch.found, e) : c;
}

/* --- transactions --- */

struct work {
  tx_fn fn;
  void *arg;
};

static enum code work_and_flush(struct tx *tx, void *arg, struct err *e)
{
  const struct work *w = arg;
  enum code c = w->fn(tx, w->arg, e);
  audit_stamp(tx, S("command"));
  return c == OK ? audit_flush(tx, e) : c;
}

enum code cli_read(struct cli *cli, tx_fn fn, void *arg, struct err *e)
{
  const struct db_who who = {.network = cli->network, .service = true};
  return db_read(cli->db, &who, fn, arg, e);
}

enum code cli_write(struct cli *cli, const char *name, tx_fn fn, void *arg, struct err *e)
{
  const struct db_who who = {.network = cli->network, .service = true, .at = cli->at};
  struct work w = {fn, arg};
  return db_write(cli->db, name, &who, work_and_flush, &w, e);
}

struct actor cli_actor(const struct cli *cli)
{
  return (struct actor){
      .network = cli->network, .role = ROLE_SERVICE, .second_factor = true}; /* a value, not a decision */
}

void cli_note(struct tx *tx, int action, id64 object)
{
  audit_add(tx, &(struct event){.kind = EVENT_ADMIN,
                                .action = action,
                                .role = ROLE_SERVICE, /* a value, not a decision */
                                .object = object});
}

/* --- passwords --- */

static enum code type_line(struct cli *cli, const char *prompt, struct str *ret, struct err *e)
{
  struct termios before, quiet;
  char line[1024] = "";
  struct str text = tr(cli->lang, prompt);
  fprintf(stderr, "%.*s", STR_FMT(text));
  if (tcgetattr(STDIN_FILENO, &before) != 0)
    return err_set(e, IO, NULL);
  quiet = before;
  quiet.c_lflag &= ~(tcflag_t)ECHO;
  tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
  char *got = fgets(line, sizeof(line), stdin);
  tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
  fputc('\n', stderr);
  *ret = str_copy(cli->arena, (struct str){line, strcspn(line, "\r\n")});
  memset(line, 0, sizeof(line));
  return got ? OK : err_set(e, INVALID, TR("パスワードが入力されませんでした。"));
}

enum code cli_secret(struct cli *cli, const char *option, const char *prompt, struct str *ret, struct err *e)
{
  struct str file = conf_get(cli->conf, option), text = STR_NONE;
  if (!file.n && !isatty(STDIN_FILENO))
    return err_set1(e, INVALID, TR("--%1 を入れてください。--help で使いかたが出ます。"), option);
  if (!file.n)
    return type_line(cli, prompt, ret, e);
  enum code c = cli_read_file(cli->arena, str_cstr(cli->arena, file), &text, e);
  *ret = str_sub(text, 0, text.n ? strcspn(text.p, "\r\n") : 0);
  return c;
}

static enum code type_password(struct cli *cli, struct str *ret, struct err *e)
{
  struct str again = STR_NONE;
  if (!isatty(STDIN_FILENO))
    return err_set(e, INVALID, TR("パスワードを --password-file で渡すか、端末で実行してください。"));
  enum code c = type_line(cli, TR("パスワード: "), ret, e);
  if (c == OK)
    c = type_line(cli, TR("もう一度: "), &again, e);
  if (c == OK && !str_eq(*ret, again))
    c = err_set(e, INVALID, TR("二つのパスワードがちがいます。"));
  return c;
}

enum code cli_password(struct cli *cli, struct str login, struct str *ret_hash, struct err *e)
{
  struct str file = conf_get(cli->conf, "password-file"), text = STR_NONE, password = STR_NONE;
  enum code c;
  if (file.n) {
    c = cli_read_file(cli->arena, str_cstr(cli->arena, file), &text, e);
    password = str_sub(text, 0, text.n ? strcspn(text.p, "\r\n") : 0);
  } else {
    c = type_password(cli, &password, e);
  }
  if (c == OK)
    c = password_check_rules(password, login, e);
  return c == OK ? password_hash(cli->arena, password, ret_hash, e) : c;
}

/* --- the terminal and small files --- */

void cli_say(const struct cli *cli, const char *id, struct str a1, struct str a2)
{
  struct str text = tr_args(cli->arena, cli->lang, id, a1, a2, STR_NONE);
  printf("%.*s\n", STR_FMT(text));
}

static enum code file_error(const char *path, struct err *e)
{
  int why = errno;
  enum code c =
      err_set1(e, why == ENOENT ? NOT_FOUND : IO, TR("ファイル %1 を扱えません。場所と権限を確かめてください。"), path);
  err_detail(e, "%s", strerror(why));
  return c;
}

enum code cli_read_file(struct arena *a, const char *path, struct str *ret, struct err *e)
{
  struct buf b;
  char part[4096];
  FILE *f = fopen(path, "re");
  if (!f)
    return file_error(path, e);
  buf_init(&b, a, LIMIT_PAGE);
  for (size_t n; (n = fread(part, 1, sizeof(part), f)) > 0;)
    buf_add(&b, (struct str){part, n});
  bool bad = ferror(f) || b.failed;
  fclose(f);
  if (bad)
    return file_error(path, e);
  buf_add_c(&b, '\0'); /* for str_cstr-like readers; not counted */
  *ret = str_sub(buf_str(&b), 0, b.n - 1);
  return OK;
}

enum code cli_write_file(struct arena *a, const char *path, struct str text, struct err *e)
{
  const char *fresh = str_cstr(a, str_printf(a, "%s.new", path));
  if (!fresh)
    return err_oom(e);
  unlink(fresh);
  int fd = open(fresh, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd < 0)
    return file_error(path, e);
  bool good = write(fd, text.p, text.n) == (ssize_t)text.n && fsync(fd) == 0;
  good = close(fd) == 0 && good;
  return good && rename(fresh, path) == 0 ? OK : file_error(path, e);
}
