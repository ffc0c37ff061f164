/* import_ledger.c: tsunagu import ledger: the table of an organization's cases so far becomes cases; and is taken back. */
#include "cli/cli.h"
#include "ledger/ledger.h"

struct job {
  struct cli *cli;
  struct reader who;
  struct actor actor;
  struct ledger_table table;
  struct ledger ledger;
  id64 import;
  int64_t rows;
};

/* ---- the report ------------------------------------------------------------------------------------------------------------------ */

static void put_lines(const char *head, const struct doc *list)
{
  for (size_t i = 0; i < doc_size(list); i++) {
    printf("    %s ", head);
    cli_put(doc_string(doc_at(list, i)));
    putchar('\n');
  }
}

static void print_line(const struct cli *cli, const struct doc *m)
{
  struct str twice = doc_get_str(m, "twice");
  const struct doc *known = doc_get(m, "known");
  cli_say(cli, TR("%1行目"), str_printf(cli->arena, "%lld", (long long)doc_get_int(m, "number")), STR_NONE);
  put_lines("x", doc_get(m, "refused"));
  put_lines("!", doc_get(m, "remarks"));
  for (size_t i = 0; i < doc_size(known); i++)
    cli_say(cli, TR("    ? もう知られているかもしれません：%1"), doc_get_str(doc_at(known, i), "number"), STR_NONE);
  if (doc_get_bool(m, "elsewhere"))
    cli_say(cli, TR("    ? ほかの機関が、よく似た人に関わっているかもしれません。"), STR_NONE, STR_NONE);
  if (twice.n)
    cli_say(cli, "    ? %1", twice, STR_NONE);
}

static void print_report(struct job *job)
{
  const struct doc *d = ledger_report(job->cli->arena, &job->who, &job->table, &job->ledger);
  const struct doc *columns = doc_get(d, "columns"), *lines = doc_get(d, "lines");
  for (size_t i = 0; i < doc_size(columns); i++) {
    cli_put(doc_get_str(doc_at(columns, i), "heading"));
    printf(" = ");
    cli_put(doc_get_str(doc_at(columns, i), "what"));
    putchar('\n');
  }
  for (size_t i = 0; i < doc_size(lines); i++)
    print_line(job->cli, doc_at(lines, i));
  static const char *const told[] = {"unread_text", "untold_text", "rows_text"};
  for (size_t i = 0; i < sizeof told / sizeof *told; i++)
    if (doc_get_str(d, told[i]).n)
      cli_say(job->cli, "%1", doc_get_str(d, told[i]), STR_NONE);
  if (job->ledger.refused)
    cli_say(job->cli, "%1", doc_get_str(d, "refused_text"), STR_NONE);
  if (job->ledger.alike)
    cli_say(job->cli, "%1", doc_get_str(d, "alike_text"), STR_NONE);
}

/* ---- the work -------------------------------------------------------------------------------------------------------------------- */

static enum code read_file(struct job *job, struct err *e)
{
  struct cli *cli = job->cli;
  struct str bytes = STR_NONE, map = STR_NONE;
  enum code c = cli_read_file(cli->arena, str_cstr(cli->arena, conf_arg(cli->conf, 0)), &bytes, e);
  if (c == OK)
    c = ledger_read(cli->arena, bytes, conf_flag(cli->conf, "cp932"), &job->table, e);
  if (c == OK && conf_get(cli->conf, "map").n)
    c = cli_read_file(cli->arena, str_cstr(cli->arena, conf_get(cli->conf, "map")), &map, e);
  if (c == OK)
    c = ledger_map(cli->arena, &job->table, map, e);
  if (c == OK)
    c = ledger_columns_check(&job->table, e);
  return c == OK ? ledger_rows(cli->arena, &job->table, &job->who, &job->ledger, e) : c;
}

static enum code look(struct tx *tx, void *arg, struct err *e)
{
  struct job *job = arg;
  enum code c = cli_member(tx, job->cli, ACTION_LEDGER_IMPORT, &job->actor, e);
  return c == OK ? ledger_look(tx, &job->actor, &job->ledger, job->cli->arena, &job->who, e) : c;
}

static enum code take_in(struct tx *tx, void *arg, struct err *e)
{
  struct job *job = arg;
  enum code c = ledger_write(tx, &job->actor, &job->ledger, &job->import, e);
  if (c == OK)
    cli_note(tx, ACTION_LEDGER_IMPORT, job->import);
  return c;
}

static enum code import_file(struct job *job, struct err *e)
{
  struct cli *cli = job->cli;
  enum code c = cli_read(cli, look, job, e);
  if (c != OK)
    return c;
  print_report(job);
  if (conf_flag(cli->conf, "dry-run")) {
    cli_say(cli, TR("試しに読んだだけです。何も書いていません。"), STR_NONE, STR_NONE);
    return OK;
  }
  if (job->ledger.alike && !job->ledger.refused && !conf_flag(cli->conf, "other-persons"))
    return err_set(e, CONFLICT,
                   TR("もう知られているかもしれない人がいるので、何も取り込んでいません。確かめて、別の人であれば "
                      "--other-persons を付けてください。"));
  c = cli_write(cli, "ledger_import", take_in, job, e);
  if (c == OK)
    cli_say(cli, TR("取り込みました。取り消すときの番号：%1"), id_text(cli->arena, job->import), STR_NONE);
  return c;
}

static enum code take_back(struct tx *tx, void *arg, struct err *e)
{
  struct job *job = arg;
  enum code c = cli_member(tx, job->cli, ACTION_LEDGER_IMPORT, &job->actor, e);
  if (c == OK)
    c = ledger_undo(tx, &job->actor, job->import, &job->rows, e);
  if (c == OK)
    cli_note(tx, ACTION_LEDGER_IMPORT, job->import);
  return c;
}

static enum code undo_import(struct job *job, struct err *e)
{
  struct cli *cli = job->cli;
  if (!id_parse(conf_get(cli->conf, "undo"), &job->import))
    return err_set(e, INVALID, TR("--undo には、取り込んだときに出た番号(13文字)を入れてください。"));
  enum code c = cli_write(cli, "ledger_undo", take_back, job, e);
  if (c == OK)
    cli_say(cli, TR("取り込みを取り消しました。(%1件)"), str_printf(cli->arena, "%lld", (long long)job->rows),
            STR_NONE);
  return c;
}

static enum code run_import(struct cli *cli, struct err *e)
{
  struct job *job = arena_new_of(cli->arena, struct job);
  if (!job)
    return err_oom(e);
  *job = (struct job){.cli = cli,
                      .who = {.lang = cli->lang, .wareki = cli->lang == LANG_JA, .today = date_of_ts(clock_now())}};
  bool undoing = conf_get(cli->conf, "undo").n > 0;
  enum code c = cli_check_member(cli, e);
  if (c != OK)
    return c;
  if (undoing == (conf_args(cli->conf) > 0))
    return err_set(e, INVALID, TR("台帳のファイルか、--undo のどちらか一つを入れてください。"));
  c = undoing ? OK : read_file(job, e);
  if (c == OK)
    c = cli_open(cli, NULL, e);
  if (c == OK)
    c = cli_network(cli, e);
  if (c != OK)
    return c;
  return undoing ? undo_import(job, e) : import_file(job, e);
}

static const struct command command_import_ledger = {
    .name = "import ledger",
    .args = "[FILE]",
    .summary = "an organization's ledger of cases (CSV or XLSX) becomes cases, all rows or none; --undo takes it back",
    .options = OPTIONS("network", "organization", "user", "map", "cp932", "dry-run", "other-persons", "undo"),
    .most_args = 1,
    .run = run_import};
COMMAND(command_import_ledger);
