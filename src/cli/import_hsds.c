/* import_hsds.c: tsunagu import hsds, export hsds: the directory by the Human Services Data Specification 3.0. */
#include <dirent.h>
#include <errno.h>
#include <sys/stat.h>

#include "access/scope.h"
#include "base/limits.h"
#include "cli/cli.h"
#include "directory/hsds.h"
#include "network/network.h"

struct job {
  struct cli *cli;
  struct hsds_set *set;
  struct hsds_report report;
  bool dry_run;
  struct str network; /* its name */
};

/* ---- import ---------------------------------------------------------------------------------------------------------------- */

static enum code write_set(struct tx *tx, void *arg, struct err *e)
{
  struct job *job = arg;
  const struct scope *s = NULL;
  const struct actor who = {.role = ROLE_SERVICE, .network = tx_network(tx)}; /* a value, not a decision */
  enum code c = access_open_network(tx, &who, ACTION_DIRECTORY_WRITE, &s, e);
  return c == OK ? (job->dry_run ? hsds_plan : hsds_write)(tx, s, job->set, &job->report, e) : c;
}

static struct str base_name(struct str path)
{
  while (path.n > 1 && path.p[path.n - 1] == '/')
    path.n--;
  for (size_t i = path.n; i-- > 0;)
    if (path.p[i] == '/')
      return str_sub(path, i + 1, path.n);
  return path;
}

static enum code read_file(struct job *job, struct str path, struct err *e)
{
  struct str text = STR_NONE, name = base_name(path);
  enum code c = cli_read_file(job->cli->arena, str_cstr(job->cli->arena, path), &text, e);
  if (c != OK)
    return c;
  return str_ends(name, S(".csv")) ? hsds_read_csv(job->set, name, text, e)
                                   : hsds_read_json(job->set, name, text, conf_get(job->cli->conf, "kind"), e);
}

/* Every table of the standard that stands in the folder; datapackage.json only repeats what the standard says of them. */
static enum code read_folder(struct job *job, struct str path, struct err *e)
{
  enum code c = OK;
  int found = 0;
  for (int k = 0; c == OK && k < HSDS_KINDS; k++) {
    struct str file = str_printf(job->cli->arena, "%.*s/%s", STR_FMT(path), hsds_tables[k].path);
    struct stat st;
    if (stat(str_cstr(job->cli->arena, file), &st) != 0)
      continue;
    found++;
    c = read_file(job, file, e);
  }
  return c == OK && !found
             ? err_set1(e, NOT_FOUND, TR("フォルダー %1 に HSDS 3.0 の表(organizations.csv など)がありません。"),
                        str_cstr(job->cli->arena, path))
             : c;
}

static enum code read_arg(struct job *job, struct str path, struct err *e)
{
  struct stat st;
  bool folder = stat(str_cstr(job->cli->arena, path), &st) == 0 && S_ISDIR(st.st_mode);
  return folder ? read_folder(job, path, e) : read_file(job, path, e);
}

static enum code run_import(struct cli *cli, struct err *e)
{
  struct job job = {.cli = cli, .set = hsds_set_new(cli->arena), .dry_run = conf_flag(cli->conf, "dry-run")};
  enum code c = job.set ? OK : err_oom(e);
  for (int i = 0; c == OK && i < conf_args(cli->conf); i++)
    c = read_arg(&job, conf_arg(cli->conf, i), e);
  if (c == OK)
    c = cli_open(cli, NULL, e);
  if (c == OK)
    c = cli_network(cli, e);
  if (c == OK)
    c = job.dry_run ? cli_read(cli, write_set, &job, e) : cli_write(cli, "import hsds", write_set, &job, e);
  if (c == OK)
    hsds_print(stdout, job.set, &job.report, job.dry_run);
  return c;
}

static const struct command command_import_hsds = {
    .name = "import hsds",
    .args = "FOLDER|FILE...",
    .summary = "import a directory by HSDS 3.0 (CSV datapackage, JSON); tells what became of every record",
    .options = OPTIONS("network", "kind", "dry-run"),
    .least_args = 1,
    .most_args = 40,
    .run = run_import};
COMMAND(command_import_hsds);

/* ---- export ---------------------------------------------------------------------------------------------------------------- */

static void take_name(void *arg, id64 id, struct str name)
{
  struct job *job = arg;
  if (id == job->cli->network)
    job->network = str_copy(job->cli->arena, name);
}

static enum code load_set(struct tx *tx, void *arg, struct err *e)
{
  struct job *job = arg;
  const struct scope *s = NULL;
  const struct actor who = {.role = ROLE_SERVICE, .network = tx_network(tx)}; /* a value, not a decision */
  enum code c = access_open_network(tx, &who, ACTION_DIRECTORY_READ, &s, e);
  if (c == OK)
    c = network_each(tx, take_name, job, e);
  return c == OK ? hsds_load(tx, s, job->cli->arena, &job->set, e) : c;
}

static enum code write_text(struct job *job, struct str folder, const char *name, struct str text, struct err *e)
{
  struct str path = folder.n ? str_printf(job->cli->arena, "%.*s/%s", STR_FMT(folder), name) : str_from(name);
  return cli_write_file(job->cli->arena, str_cstr(job->cli->arena, path), text, e);
}

static enum code write_json(struct job *job, struct str folder, const char *name, const struct doc *d, struct err *e)
{
  struct buf b;
  buf_init(&b, job->cli->arena, (size_t)4 * LIMIT_PAGE);
  json_write(&b, d);
  buf_add_c(&b, '\n');
  if (b.failed)
    return arena_failed(job->cli->arena) ? err_oom(e) : err_set(e, LIMIT, NULL);
  return write_text(job, folder, name, buf_str(&b), e);
}

/* A folder, new or empty of tables: what stood there before must not pass for part of this directory. */
static enum code make_folder(struct job *job, struct str folder, struct err *e)
{
  const char *path = str_cstr(job->cli->arena, folder);
  if (mkdir(path, 0700) != 0 && errno != EEXIST)
    return err_set1(e, IO, TR("ファイル %1 を扱えません。場所と権限を確かめてください。"), path);
  DIR *d = opendir(path);
  if (!d)
    return err_set1(e, IO, TR("ファイル %1 を扱えません。場所と権限を確かめてください。"), path);
  bool empty = true;
  for (const struct dirent *it; (it = readdir(d));)
    empty = empty && it->d_name[0] == '.';
  closedir(d);
  return empty ? OK : err_set1(e, CONFLICT, TR("フォルダー %1 は空ではありません。新しい名前にしてください。"), path);
}

static enum code export_tables(struct job *job, struct str folder, struct err *e)
{
  enum code c = make_folder(job, folder, e);
  for (int k = 0; c == OK && k < HSDS_KINDS; k++) {
    struct str text = STR_NONE;
    if (!job->set->count[k])
      continue;
    c = hsds_csv(job->set, (enum hsds_kind)k, &text, e);
    if (c == OK)
      c = write_text(job, folder, hsds_tables[k].path, text, e);
  }
  return c == OK ? write_json(job, folder, "datapackage.json", hsds_datapackage(job->set, job->network), e) : c;
}

/* One list of everything of a kind, nested. */
static struct doc *nested(struct job *job, enum hsds_kind kind, enum hsds_shape shape)
{
  struct doc *list = doc_list(job->cli->arena);
  for (const struct hsds_record *r = job->set->first[kind]; r; r = r->next)
    doc_add(list, hsds_nest(job->set, r, shape));
  return list;
}

static enum code export_set(struct job *job, struct str to, struct err *e)
{
  struct str form = conf_get(job->cli->conf, "format");
  const char *path = str_cstr(job->cli->arena, to);
  enum hsds_kind kind;
  if (str_is(form, "csv"))
    return export_tables(job, to, e);
  if (str_is(form, "tabular"))
    return write_json(job, STR_NONE, path, hsds_tabular(job->set), e);
  if (hsds_kind_parse(form, &kind))
    return write_json(job, STR_NONE, path, nested(job, kind, HSDS_SERVICES), e);
  return err_set(e, INVALID,
                 TR("--format は csv、tabular、または organization・service など HSDS 3.0 の記録の種類です。"));
}

static enum code run_export(struct cli *cli, struct err *e)
{
  struct job job = {.cli = cli};
  enum code c = cli_open(cli, NULL, e);
  if (c == OK)
    c = cli_network(cli, e);
  if (c == OK)
    c = cli_write(cli, "export hsds", load_set, &job, e);
  if (c == OK)
    c = export_set(&job, conf_arg(cli->conf, 0), e);
  return c;
}

static const struct command command_export_hsds = {.name = "export hsds",
                                                   .args = "FOLDER|FILE",
                                                   .summary =
                                                       "export the directory by HSDS 3.0: a CSV datapackage, or JSON",
                                                   .options = OPTIONS("network", "format"),
                                                   .least_args = 1,
                                                   .most_args = 1,
                                                   .run = run_export};
COMMAND(command_export_hsds);
