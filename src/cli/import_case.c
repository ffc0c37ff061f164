/* import_case.c: tsunagu import case: a case that another network moves here; tsunagu transfer card: what the other network needs for it. */
#include "cli/cli.h"
#include "transfer/transfer.h"

struct job {
  struct cli *cli;
  struct reader who;
  struct doc *data; /* of transfer_look() */
  struct actor actor;
  unsigned char from[PARCEL_HALF];
  struct transfer_case taken;
  id64 case_id;
};

static enum code look(struct tx *tx, void *arg, struct err *e)
{
  struct job *job = arg;
  enum code c = cli_member(tx, job->cli, ACTION_TRANSFER_IN, &job->actor, e);
  return c == OK ? transfer_look(tx, &job->actor, job->from, &job->taken, job->cli->arena, &job->who, &job->data, e)
                 : c;
}

static enum code take_in(struct tx *tx, void *arg, struct err *e)
{
  struct job *job = arg;
  const struct transfer_accept how = {LANG_JA, conf_flag(job->cli->conf, "meant-for-us")};
  enum code c = transfer_take(tx, &job->actor, job->from, &job->taken, &how, &job->case_id, e);
  if (c == OK)
    cli_note(tx, ACTION_TRANSFER_IN, job->case_id);
  return c;
}

static enum code refuse(struct tx *tx, void *arg, struct err *e)
{
  struct job *job = arg;
  const struct transfer_accept how = {LANG_JA, conf_flag(job->cli->conf, "meant-for-us")};
  enum code c = transfer_refuse(tx, &job->actor, job->from, &job->taken, &how, e);
  if (c == OK)
    cli_note(tx, ACTION_TRANSFER_IN, 0);
  return c;
}

/* ---- what is in it, and who may be known ------------------------------------------------------------------------------- */

static void say_found(const struct job *job)
{
  const struct doc *found = doc_get(job->data, "found");
  for (size_t i = 0; i < doc_size(found); i++) {
    const struct doc *d = doc_at(found, i), *clues = doc_get(d, "clues");
    printf("  ? ");
    cli_put(doc_get_str(d, "name"));
    printf(" %.*s %.*s", STR_FMT(doc_get_str(d, "age")), STR_FMT(doc_get_str(d, "href")));
    for (size_t k = 0; k < doc_size(clues); k++)
      printf(" %.*s", STR_FMT(doc_string(doc_at(clues, k))));
    putchar('\n');
  }
  if (doc_get_bool(job->data, "elsewhere"))
    cli_say(job->cli, TR("  ? この人を、すでに知っている機関があるかもしれません。調整機関にたずねてください。"),
            STR_NONE, STR_NONE);
}

static void say_told(const struct job *job)
{
  static const char *const keys[] = {"peer", "network", "organization", "to",    "number",
                                     "name", "kana",    "age",          "status"};
  const struct doc *counts = doc_get(job->data, "counts");
  for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
    printf(i ? " " : "");
    cli_put(doc_get_str(job->data, keys[i]));
  }
  putchar('\n');
  for (size_t i = 0; i < doc_size(counts); i++)
    printf("  %.*s\n", STR_FMT(doc_string(doc_at(counts, i))));
  if (doc_get_bool(job->data, "withheld"))
    cli_say(job->cli,
            TR("  ! 移管元では、秘匿（支援措置など）にしていることがあります。移管元に電話で確かめてください。"),
            STR_NONE, STR_NONE);
  say_found(job);
}

static enum code own_seed(struct cli *cli, const unsigned char **ret, struct err *e)
{
  enum code c = cli_open(cli, NULL, e);
  if (c == OK)
    c = cli_network(cli, e);
  if (c == OK)
    c = cli_check_key(cli, cli->network, e);
  if (c == OK)
    *ret = keyfile_sign_seed(cli->keys, cli->network);
  return c == OK && !*ret ? err_set(e, DENIED, TR("鍵ファイルに、このネットワークの鍵がありません。")) : c;
}

static enum code read_file(struct job *job, struct err *e)
{
  struct cli *cli = job->cli;
  const unsigned char *seed = NULL;
  struct str bytes = STR_NONE;
  enum code c = cli_read_file(cli->arena, str_cstr(cli->arena, conf_arg(cli->conf, 0)), &bytes, e);
  if (c == OK)
    c = own_seed(cli, &seed, e);
  return c == OK ? transfer_unpack(cli->arena, seed, bytes, clock_now(), job->from, &job->taken, e) : c;
}

/* The same as the page asks before it takes in or refuses. */
static enum code check_told(const struct job *job, bool refused, struct err *e)
{
  const struct cli *cli = job->cli;
  if (!doc_get_bool(job->data, "is_for_us") && !conf_flag(cli->conf, "meant-for-us"))
    return err_set(e, CONFLICT,
                   TR("このファイルのあて先が、この機関の名前とちがいます。何も取り込んでいません。この機関あてであるこ"
                      "とを送り元に"
                      "確かめたら、--meant-for-us を付けてください。"));
  if (!refused && doc_get_bool(job->data, "stopped") && !conf_flag(cli->conf, "other-persons"))
    return err_set(e, CONFLICT,
                   TR("もう知られているかもしれない人なので、何も取り込んでいません。確かめて、別の人であれば "
                      "--other-persons を付けてください。"));
  return OK;
}

static enum code decide(struct job *job, struct err *e)
{
  struct cli *cli = job->cli;
  bool refused = conf_flag(cli->conf, "refuse");
  if (conf_flag(cli->conf, "dry-run")) {
    cli_say(cli, TR("試しに読んだだけです。何も書いていません。"), STR_NONE, STR_NONE);
    return OK;
  }
  enum code c = check_told(job, refused, e);
  if (c != OK)
    return c;
  c = refused ? cli_write(cli, "transfer_refuse", refuse, job, e) : cli_write(cli, "transfer_take", take_in, job, e);
  if (c != OK)
    return c;
  if (refused)
    cli_say(cli, TR("受け入れないことを記録しました。"), STR_NONE, STR_NONE);
  else
    cli_say(cli, TR("ケースを受け入れました。/cases/%1"), id_text(cli->arena, job->case_id), STR_NONE);
  cli_say(cli, TR("送り元に電話で伝える受付番号：%1"),
          transfer_receipt(cli->arena, job->taken.code, refused ? TRANSFER_REFUSED : TRANSFER_RECEIVED), STR_NONE);
  return OK;
}

static enum code run_import(struct cli *cli, struct err *e)
{
  struct job *job = arena_new_of(cli->arena, struct job);
  if (!job)
    return err_oom(e);
  *job = (struct job){.cli = cli,
                      .who = {.lang = cli->lang, .wareki = cli->lang == LANG_JA, .today = date_of_ts(clock_now())}};
  enum code c = cli_check_member(cli, e);
  if (c == OK)
    c = read_file(job, e);
  if (c == OK)
    c = cli_read(cli, look, job, e);
  if (c != OK)
    return c;
  say_told(job);
  return decide(job, e);
}

static const struct command command_import_case = {
    .name = "import case",
    .args = "FILE",
    .summary = "take in a case that another network moves here, or refuse it",
    .options = OPTIONS("network", "organization", "user", "dry-run", "other-persons", "meant-for-us", "refuse"),
    .least_args = 1,
    .most_args = 1,
    .run = run_import};
COMMAND(command_import_case);

static enum code run_card(struct cli *cli, struct err *e)
{
  unsigned char card[PARCEL_CARD];
  const unsigned char *seed = NULL;
  enum code c = own_seed(cli, &seed, e);
  if (c != OK)
    return c;
  parcel_card(seed, card);
  printf("%.*s\n", STR_FMT(transfer_card_text(cli->arena, card)));
  cli_say(cli, TR("合わせ番号：%1"), parcel_fingerprint(cli->arena, card), STR_NONE);
  return OK;
}

static const struct command command_transfer_card = {
    .name = "transfer card",
    .args = "",
    .summary = "print this network's card for moving cases, and its fingerprint",
    .options = OPTIONS("network"),
    .run = run_card};
COMMAND(command_transfer_card);
