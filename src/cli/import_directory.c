/* import_directory.c: tsunagu import directory: towns' lists of places become the directory. */
#include "access/scope.h"
#include "cli/cli.h"
#include "directory/import.h"

enum { LISTS_MOST = 20 };

struct importing {
  struct import_list lists[LISTS_MOST];
  size_t count;
  bool dry_run;
  struct import_report report;
};

static enum code write_lists(struct tx *tx, void *arg, struct err *e)
{
  struct importing *job = arg;
  const struct scope *s = NULL;
  const struct actor who = {.role = ROLE_SERVICE, .network = tx_network(tx)}; /* a value, not a decision */
  enum code c = access_open_network(tx, &who, ACTION_DIRECTORY_WRITE, &s, e);
  if (c != OK)
    return c;
  return (job->dry_run ? import_plan : import_write)(tx, s, job->lists, job->count, &job->report, e);
}

static struct str base_name(struct str path)
{
  for (size_t i = path.n; i-- > 0;)
    if (path.p[i] == '/')
      return str_sub(path, i + 1, path.n);
  return path;
}

static enum code read_list(struct cli *cli, struct str path, struct import_list *ret, struct err *e)
{
  const struct conf *conf = cli->conf;
  struct str text = STR_NONE;
  const struct import_options o = {.file = base_name(path),
                                   .area_code = conf_get(conf, "area-code"),
                                   .city = conf_get(conf, "city"),
                                   .source = conf_get(conf, "list-source"),
                                   .licence = conf_get(conf, "licence"),
                                   .cp932 = conf_flag(conf, "cp932")};
  enum code c = cli_read_file(cli->arena, str_cstr(cli->arena, path), &text, e);
  return c == OK ? import_read(cli->arena, text, &o, ret, e) : c;
}

static enum code run_import(struct cli *cli, struct err *e)
{
  struct importing *job = arena_new_of(cli->arena, struct importing);
  if (!job)
    return err_oom(e);
  job->dry_run = conf_flag(cli->conf, "dry-run");
  job->count = (size_t)conf_args(cli->conf);
  if (job->count > 1 && conf_get(cli->conf, "list-source").n)
    return err_set(e, INVALID, TR("--source は、一覧が一つのときだけ使えます。"));
  enum code c = OK;
  for (size_t i = 0; c == OK && i < job->count; i++)
    c = read_list(cli, conf_arg(cli->conf, (int)i), &job->lists[i], e);
  if (c == OK)
    c = cli_open(cli, NULL, e);
  if (c == OK)
    c = cli_network(cli, e);
  if (c == OK)
    c = job->dry_run ? cli_read(cli, write_lists, job, e) : cli_write(cli, "import directory", write_lists, job, e);
  if (c == OK)
    import_print(stdout, job->lists, job->count, &job->report, job->dry_run);
  return c;
}

static const struct command command_import_directory = {
    .name = "import directory",
    .args = "FILE...",
    .summary = "import towns' lists of places (JSON); tells what became of every row",
    .options = OPTIONS("network", "area-code", "city", "list-source", "licence", "cp932", "dry-run"),
    .least_args = 1,
    .most_args = LISTS_MOST,
    .run = run_import};
COMMAND(command_import_directory);
