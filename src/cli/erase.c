/* erase.c: tsunagu erase: persons whose time is over, and the certificate. */
#include <sys/stat.h>
#include <unistd.h>

#include "cli/keep.h"
#include "crypto/secret.h"
#include "network/account.h"

enum { WORDS_MOST = 20000 };

struct job {
  struct cli *cli;
  struct erase x;
  struct vault_key *key;
  int lock;
};

/* --- who approves --- */

struct approver {
  struct cli *cli;
  struct str login;
  struct credential who;
  bool may;
};

static void look_at_membership(void *arg, id64 membership, id64 organization, struct str name, enum role role)
{
  struct approver *a = arg;
  bool may = false;
  (void)role_may(role, ACTION_ERASE, &may);
  a->may = a->may || may;
}

static enum code find_approver(struct tx *tx, void *arg, struct err *e)
{
  struct approver *a = arg;
  a->may = false;
  enum code c = credential_find(tx, a->login, a->cli->arena, &a->who, e);
  if (c == OK && a->who.user)
    c = account_live_memberships(tx, a->who.user, look_at_membership, a, e);
  return c;
}

enum code cli_approval(struct cli *cli, id64 *ret, struct err *e)
{
  struct str login = conf_get(cli->conf, "approver"), password = STR_NONE;
  struct approver a = {.cli = cli, .login = login_fold(cli->arena, login)};
  *ret = 0;
  if (!login.n && conf_flag(cli->conf, "yes"))
    return OK;
  if (!login.n)
    return err_set(
        e, INVALID,
        TR("まだ何もしていません。二人目の承認(--approver サインイン名)か、この場で決めるという --yes が要ります。"));
  enum code c = cli_read(cli, find_approver, &a, e);
  if (c == OK)
    c = cli_secret(cli, "approver-password-file", TR("承認する人のパスワード: "), &password, e);
  if (c == OK && (password_verify(a.who.password_hash, password) != OK || !a.may || a.who.disabled))
    c = err_set(e, DENIED,
                TR("承認できません。パスワードがちがうか、消去を承認できる役割(調整機関の担当)ではありません。"));
  if (c == OK)
    *ret = a.who.user;
  return c;
}

/* --- whom --- */

static enum code read_input(struct cli *cli, struct str *ret, struct err *e)
{
  struct buf b;
  char part[4096];
  if (conf_args(cli->conf))
    return cli_read_file(cli->arena, str_cstr(cli->arena, conf_arg(cli->conf, 0)), ret, e);
  buf_init(&b, cli->arena, 1 << 20);
  for (size_t n; (n = fread(part, 1, sizeof part, stdin)) > 0;)
    buf_add(&b, (struct str){part, n});
  *ret = buf_str(&b);
  return b.failed || ferror(stdin) ? err_set(e, LIMIT, code_msg(LIMIT)) : OK;
}

/* One word a line; what follows # is a note. */
static enum code read_words(struct cli *cli, struct str **ret, size_t *ret_count, struct err *e)
{
  struct str text = STR_NONE, line;
  struct str *words = arena_array(cli->arena, WORDS_MOST, sizeof(*words));
  size_t n = 0;
  enum code c = words ? read_input(cli, &text, e) : err_oom(e);
  while (c == OK && str_split(&text, '\n', &line)) {
    struct str word = STR_NONE;
    (void)str_split(&line, '#', &word);
    word = str_trim(word);
    if (word.n && n == WORDS_MOST)
      c = err_set(e, LIMIT, code_msg(LIMIT));
    else if (word.n)
      words[n++] = word;
  }
  *ret = words;
  *ret_count = n;
  return c;
}

static void print_plan(struct cli *cli, const struct erase_plan *plan)
{
  static const char *const told[] = {TR("消去できます"), TR("ケースが終わっていません"), TR("保存期間の途中です")};
  for (size_t i = 0; i < doc_size(plan->persons); i++) {
    const struct doc *p = doc_at(plan->persons, i);
    struct str state = doc_get_str(p, "state"), id = doc_get_str(p, "id"), cases = doc_get_str(p, "cases"),
               due = doc_get_str(p, "due");
    struct str words = tr(cli->lang, told[str_is(state, "open") ? 1 : str_is(state, "early") ? 2 : 0]);
    printf("%.*s\t%.*s\t%.*s\t%.*s\n", STR_FMT(id), STR_FMT(cases), STR_FMT(due), STR_FMT(words));
  }
}

static enum code decide(struct job *job, struct err *e)
{
  struct cli *cli = job->cli;
  struct str *words = NULL;
  size_t count = 0;
  struct erase_plan plan;
  id64 approver = 0, left = 0;
  enum code c = erase_pending(&job->x, &left, e);
  if (c == OK && left)
    return err_set(e, CONFLICT,
                   TR("まだ終わっていない消去があります。先に tsunagu erase --resume を実行してください。"));
  if (c == OK)
    c = read_words(cli, &words, &count, e);
  if (c == OK)
    c = erase_look(&job->x, cli->arena, words, count, &plan, e);
  if (c != OK)
    return c;
  print_plan(cli, &plan);
  if ((plan.open || plan.early) && !conf_flag(cli->conf, "before-term"))
    return err_set(e, DENIED,
                   TR("保存期間が終わっていない人がいるので、何も消していません。それでも消す決定があるときは "
                      "--before-term を付けてください。"));
  c = cli_approval(cli, &approver, e);
  return c == OK ? erase_decide(&job->x, &plan, conf_get(cli->conf, "reason"), approver, e) : c;
}

/* --- the certificate --- */

static enum code write_certificate(struct job *job, id64 erasure, struct err *e)
{
  struct cli *cli = job->cli;
  struct doc *d = NULL;
  struct str pdf = STR_NONE;
  struct buf b;
  const char *folder = NULL;
  enum code c = cli_option(cli, "to", &folder, e);
  if (c == OK)
    c = erase_certificate(&job->x, cli->arena, erasure, &d, &pdf, e);
  if (c != OK)
    return c;
  struct str id = doc_get_str(d, "erasure");
  const char *json_path = str_cstr(cli->arena, str_printf(cli->arena, "%s/erasure-%.*s.json", folder, STR_FMT(id))),
             *pdf_path = str_cstr(cli->arena, str_printf(cli->arena, "%s/erasure-%.*s.pdf", folder, STR_FMT(id)));
  buf_init(&b, cli->arena, 16 << 20);
  json_write(&b, d);
  buf_add_c(&b, '\n');
  if (b.failed || !json_path || !pdf_path)
    return err_oom(e);
  mkdir(folder, 0700);
  c = cli_write_file(cli->arena, json_path, buf_str(&b), e);
  if (c == OK)
    c = cli_write_file(cli->arena, pdf_path, pdf, e);
  if (c == OK)
    cli_say(cli, TR("消去証明書: %1 と %2"), str_from(pdf_path), str_from(json_path));
  return c;
}

/* --- erase --- */

static enum code carry(struct job *job, struct err *e)
{
  id64 erasure = 0;
  enum code c = erase_pending(&job->x, &erasure, e);
  if (c == OK && !erasure)
    return err_set(e, NOT_FOUND, TR("途中の消去はありません。"));
  if (c == OK)
    c = erase_carry(&job->x, erasure, e);
  if (c != OK)
    return c;
  const char *key = NULL;
  cli_say(job->cli, TR("消去が終わりました。"), STR_NONE, STR_NONE);
  c = cli_key_path(job->cli, &key, e);
  if (c == OK)
    cli_say(job->cli,
            TR("鍵ファイル %1 は新しくなりました。別の場所の控えも、いますぐ取り替えて、古いものを破棄してください。"),
            str_from(key), STR_NONE);
  return c == OK ? write_certificate(job, erasure, e) : c;
}

/* Where there are backups, their keys follow: an erasure without them would make the backups of yesterday unreadable for everyone. */
static enum code open_backups(struct job *job, struct err *e)
{
  struct cli *cli = job->cli;
  if (conf_flag(cli->conf, "no-backups"))
    return OK;
  if (!conf_get(cli->conf, "current-keys").n)
    return err_set(
        e, INVALID,
        TR("いまの鍵のファイルを --current-keys で、バックアップの鍵を --backup-key で渡してください。バックアップ"
           "が一つもないときだけ、--no-backups です。"));
  enum code c = cli_backup_key(cli, &job->key, e);
  if (c == OK)
    c = cli_current_keys(cli, "", &job->x.keys_path, e);
  if (c == OK)
    c = keep_lock(job->x.keys_path, &job->lock, e);
  job->x.key = job->key;
  return c;
}

static enum code open_all(struct job *job, struct err *e)
{
  struct cli *cli = job->cli;
  const char *folder = NULL;
  const struct db_options o = {.exclusive = true, .owner = true};
  enum code c = cli_option(cli, "to", &folder, e);
  if (c == OK)
    c = open_backups(job, e);
  if (c == OK)
    c = cli_open(cli, &o, e);
  if (c == OK)
    c = cli_network(cli, e);
  job->x.db = cli->db;
  job->x.keys = cli->keys;
  job->x.network = cli->network;
  return c;
}

static enum code run_erase(struct cli *cli, struct err *e)
{
  struct job job = {.cli = cli, .lock = -1};
  enum code c = open_all(&job, e);
  if (c == OK && !conf_flag(cli->conf, "resume"))
    c = decide(&job, e);
  if (c == OK)
    c = carry(&job, e);
  if (job.lock >= 0)
    close(job.lock);
  vault_key_free(job.key);
  return c;
}

static const struct command command_erase = {
    .name = "erase",
    .args = "[FILE]",
    .summary = "erase persons (ids or case numbers, a line each, in FILE or on stdin), in every backup too; the "
               "certificate goes to --to",
    .options = OPTIONS("network", "to", "reason", "yes", "approver", "approver-password-file", "current-keys",
                       "backup-key", "passphrase-file", "no-backups", "before-term", "resume"),
    .most_args = 1,
    .run = run_erase};
COMMAND(command_erase);

static enum code run_certificate(struct cli *cli, struct err *e)
{
  struct job job = {.cli = cli, .lock = -1};
  id64 id = 0;
  if (conf_args(cli->conf) && !id_parse(conf_arg(cli->conf, 0), &id))
    return err_set(e, INVALID, TR("その消去の記録はありません。"));
  enum code c = cli_open(cli, NULL, e);
  if (c == OK)
    c = cli_network(cli, e);
  job.x = (struct erase){.db = cli->db, .keys = cli->keys, .network = cli->network};
  return c == OK ? write_certificate(&job, id, e) : c;
}

static const struct command command_certificate = {.name = "erase certificate",
                                                   .args = "[ID]",
                                                   .summary =
                                                       "write the certificate of an erasure once more (the last one)",
                                                   .options = OPTIONS("network", "to"),
                                                   .most_args = 1,
                                                   .run = run_certificate};
COMMAND(command_certificate);
