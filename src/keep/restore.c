/* restore.c: a backup becomes a database again. SQLite: under another name, which becomes the wanted one when everything has been
 * looked at; PostgreSQL: in a database that holds nothing. */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "audit/audit.h"
#include "base/limits.h"
#include "keep/keep_impl.h"
#include "network/network.h"

struct run {
  struct arena *a;
  const struct restore *r;
  struct restore_report *ret;
  struct stream_in *in;
  struct db *db;
  const char *path, *beside; /* SQLite: the wanted name and the one it is built under; NULL otherwise */
  struct str url;            /* of what is built */
  ts_t made;
  struct restoring begun; /* PostgreSQL: what a killed restore of the same backup has done already */
};

/* --- what the backup says --- */

static enum code check_networks(const struct run *run, struct err *e)
{
  const struct doc *list = doc_get(stream_manifest(run->in), "networks");
  for (size_t i = 0; i < doc_size(list); i++) {
    id64 id = 0;
    if (!doc_get_id(doc_at(list, i), "id", &id) || !keyfile_has_network(run->r->keys, id))
      return err_set(
          e, DENIED,
          TR("鍵ファイルは、このバックアップのものではありません。このデータベースの鍵ファイルの控えを --key "
             "で渡してください。控えがなければ、名前や記録は二度と読めません。"));
    if (keyfile_epoch(run->r->keys, id) < doc_get_int(doc_at(list, i), "epoch"))
      return err_set(e, DENIED,
                     TR("この鍵ファイルは古いものです。最後に記録を消去したあとの鍵ファイルを使ってください。"));
  }
  return OK;
}

static enum code check_manifest(struct run *run, struct err *e)
{
  const struct doc *m = stream_manifest(run->in);
  run->ret->schema_from = (int)doc_get_int(m, "schema");
  run->ret->schema_to = migrate_newest();
  run->ret->made_at = doc_get_str(m, "made_at");
  run->ret->program = doc_get_str(m, "program");
  run->made = doc_get_int(m, "made");
  if (run->ret->schema_from > migrate_newest() || run->ret->schema_from < 1)
    return err_set(e, INVALID,
                   TR("このファイルは、新しい版の tsunagu が作ったものです。プログラムを新しくしてください。"));
  return check_networks(run, e);
}

/* --- where it goes --- */

static const char *const tails[] = {"", "-wal", "-shm", "-lock", "-journal"};

static void remove_files(struct arena *a, const char *path)
{
  for (size_t i = 0; i < sizeof tails / sizeof *tails; i++) {
    const char *name = str_cstr(a, str_printf(a, "%s%s", path, tails[i]));
    if (name)
      unlink(name);
  }
}

static enum code choose_place(struct run *run, struct err *e)
{
  static const struct str prefix = {"sqlite:", 7};
  run->url = run->r->url;
  if (!str_starts(run->url, prefix))
    return OK;
  run->path = str_cstr(run->a, str_sub(run->url, prefix.n, run->url.n));
  run->beside = str_cstr(run->a, str_printf(run->a, "%s.restoring", run->path));
  run->url = str_printf(run->a, "sqlite:%s", run->beside);
  if (!run->path || !run->beside || !run->url.n)
    return err_oom(e);
  for (size_t i = 0; i < 2; i++) /* a log without its database is a trap: it would be read as the new one's */
    if (access(str_cstr(run->a, str_printf(run->a, "%s%s", run->path, tails[i])), F_OK) == 0)
      return err_set1(e, CONFLICT, TR("データベース %1 はもうあります。戻す先は、何もない場所にしてください。"),
                      run->path);
  remove_files(run->a, run->beside);
  return OK;
}

static void count_network(void *arg, id64 id, struct str name)
{
  ++*(int *)arg;
}

static enum code count_networks(struct tx *tx, void *arg, struct err *e)
{
  *(int *)arg = 0;
  return network_each(tx, count_network, arg, e);
}

/* What a killed restore has left in PostgreSQL: a schema without a row, or all rows and the mark that what follows from them is still to be done. */
static enum code check_empty(struct run *run, struct err *e)
{
  int version = 0, networks = 0;
  struct restoring f = {0};
  enum code c = migrate_version(run->db, &version, e);
  if (c == OK && version > 0)
    c = restoring_get(run->db, &f, e);
  if (c == OK && version > 0)
    c = db_read(run->db, &(struct db_who){.service = true}, count_networks, &networks, e);
  if (c == OK && networks && f.stage && f.made == run->made)
    run->begun = f;
  else if (c == OK && (networks || version > run->ret->schema_from))
    c = err_set(
        e, CONFLICT,
        TR("戻す先のデータベースが空ではありません。新しいデータベースを作って、その場所を --db で渡してください。"));
  return c;
}

static enum code make_schema(struct run *run, struct err *e)
{
  struct db_options o = {
      .url = run->url, .owner = true, .schema_any = true, .unsynced = run->path != NULL, .readers = 2};
  enum code c = db_create(&o, e);
  if (c == OK)
    c = db_open(&o, &run->db, e);
  if (c == OK)
    db_app_set(run->db, run->r->keys);
  if (c == OK)
    c = check_empty(run, e);
  return c == OK ? migrate_run_to(run->db, run->ret->schema_from, e) : c;
}

/* --- loading --- */

struct load {
  struct run *run;
  struct tx *tx;
  struct table **list;
  size_t count;
  struct table_load *now;
  bool began; /* a stream is read once: the transaction cannot run again */
};

static enum code foreign_table(const char *name, struct err *e)
{
  enum code c =
      err_set(e, INVALID, TR("ファイルの中身が、決まった形になっていません。別の日のバックアップを使ってください。"));
  err_detail(e, "table %s is not as this program's schema has it", name);
  return c;
}

static bool same_columns(const struct table *a, const struct table *b)
{
  bool same = a->columns == b->columns;
  for (int i = 0; same && i < a->columns; i++)
    same = strcmp(a->column[i].name, b->column[i].name) == 0;
  return same;
}

static enum code load_begin(void *arg, const struct table *t, struct err *e)
{
  struct load *l = arg;
  struct table_load *done = l->now;
  const struct table *here = table_find(l->list, l->count, str_from(t->name));
  l->now = NULL;
  enum code c = table_load_end(done, true, e);
  if (c == OK && (!here || !same_columns(t, here)))
    c = foreign_table(t->name, e);
  return c == OK ? table_load_begin(l->tx, here, &l->now, e) : c;
}

static enum code load_row(void *arg, const struct table *t, const struct bind *cells, struct err *e)
{
  struct load *l = arg;
  l->run->ret->rows++;
  return table_load_row(l->now, cells, e);
}

static enum code load_all(struct tx *tx, void *arg, struct err *e)
{
  struct load *l = arg;
  const struct stream_take take = {.begin = load_begin, .row = load_row, .arg = l};
  struct err ignored;
  if (l->began)
    return err_set(e, IO, TR("戻している途中でデータベースとの接続が切れました。もう一度実行してください。"));
  l->began = true;
  l->tx = tx;
  enum code c = table_list(tx, l->run->a, &l->list, &l->count, e);
  if (c == OK)
    c = stream_each(l->run->in, &take, e);
  struct table_load *last = l->now;
  l->now = NULL;
  if (c != OK)
    (void)!table_load_end(last, false, &ignored);
  return c == OK ? table_load_end(last, true, e) : c;
}

/* --- comparing: what stands in the database now, against what the backup's end says --- */

static enum code compare(struct tx *tx, void *arg, struct err *e)
{
  struct run *run = arg;
  struct table **list = NULL;
  struct table *const *wanted = NULL;
  size_t count = 0, n = stream_tables(run->in, &wanted);
  struct stream_out *s = stream_out_new(run->a, NULL);
  enum code c = s ? table_list(tx, run->a, &list, &count, e) : err_oom(e);
  for (size_t i = 0; c == OK && i < n; i++)
    c = stream_table(s, tx, table_find(list, count, str_from(wanted[i]->name)), e);
  if (c == OK && !doc_equal(stream_written(s), doc_get(stream_end_manifest(run->in), "tables")))
    c = err_set(e, IO,
                TR("戻したデータが、バックアップと一致しません。ディスクを確かめて、もう一度実行してください。"));
  return c;
}

static enum code count_row(void *arg, const struct table *t, const struct bind *cells, struct err *e)
{
  ((struct restore_report *)arg)->rows++;
  return OK;
}

/* Where a killed one has loaded them the file is read to its end all the same: what it says of its tables stands there. */
static enum code load(struct run *run, struct err *e)
{
  const struct db_who who = {.service = true};
  const struct stream_take take = {.row = count_row, .arg = run->ret};
  struct load l = {.run = run};
  if (run->begun.stage)
    return stream_each(run->in, &take, e);
  enum code c = restoring_set(run->db, &(struct restoring){RESTORING_ROWS, run->made}, e);
  return c == OK ? db_write(run->db, "restore", &who, load_all, &l, e) : c;
}

static enum code fill(struct run *run, struct err *e)
{
  const struct db_who who = {.service = true};
  enum code c = make_schema(run, e);
  if (c == OK)
    c = load(run, e);
  if (c == OK && run->begun.stage < RESTORING_REST)
    c = db_read(run->db, &who, compare, run, e);
  if (c == OK)
    c = restoring_set(run->db, &(struct restoring){RESTORING_REST, run->made}, e);
  return c == OK ? migrate_run(run->db, NULL, NULL, e) : c;
}

/* --- each network --- */

static enum code close_doors(struct tx *tx, void *arg, struct err *e)
{
  enum code c = keep_sql_end_sessions(tx, e);
  audit_add(tx, &(struct event){.kind = EVENT_ADMIN,
                                .action = ACTION_NETWORK_WRITE,
                                .role = ROLE_SERVICE, /* a value, not a decision */
                                .object = tx_network(tx),
                                .request = S("restore")});
  return c == OK ? audit_flush(tx, e) : c;
}

static enum code verify_audit(struct run *run, id64 network, struct err *e)
{
  struct doc *findings = NULL;
  int64_t events = 0, bad = 0;
  enum code c = audit_verify(run->db, network, NULL, run->a, &findings, &events, &bad, e);
  run->ret->events += events;
  if (c == OK && bad) {
    run->ret->cut = true;
    run->ret->findings = findings;
  }
  return c;
}

static enum code finish_network(struct run *run, id64 network, struct err *e)
{
  const struct db_who who = {.network = network, .service = true};
  enum code c = keys_apply(run->a, run->db, run->r, network, run->made, run->ret, e);
  if (c == OK)
    c = keys_check(run->db, run->r, network, run->ret, e);
  if (c == OK)
    c = audit_see_last(run->db, network, e);
  if (c == OK)
    c = verify_audit(run, network, e);
  return c == OK ? db_write(run->db, "restore", &who, close_doors, NULL, e) : c;
}

/* --- the whole --- */

static bool sync_file(const char *path)
{
  int fd = open(path, O_RDWR | O_CLOEXEC);
  bool good = fd >= 0 && fsync(fd) == 0;
  if (fd >= 0)
    close(fd);
  return good;
}

/* The last one to close has moved the log into the file. link() refuses to replace. */
static enum code put_in_place(struct run *run, struct err *e)
{
  char *folder = strdup(run->path);
  const char *slash = folder ? strrchr(folder, '/') : NULL;
  if (folder && slash)
    folder[slash - folder + 1] = '\0';
  bool good = folder && sync_file(run->beside) && link(run->beside, run->path) == 0;
  int fd = open(slash ? folder : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  good = fd >= 0 && fsync(fd) == 0 && good;
  int why = errno;
  if (fd >= 0)
    close(fd);
  free(folder);
  if (good)
    return OK;
  err_set1(e, IO, TR("ファイル %1 を作れません。フォルダーがあるか、権限があるかを確かめてください。"), run->path);
  err_detail(e, "%s", strerror(why));
  return IO;
}

static enum code run_all(struct run *run, struct err *e)
{
  enum code c = check_manifest(run, e);
  if (c == OK)
    c = choose_place(run, e);
  if (c == OK)
    c = fill(run, e);
  const struct doc *list = doc_get(stream_manifest(run->in), "networks");
  for (size_t i = 0; c == OK && i < doc_size(list); i++) {
    id64 id = 0;
    if (doc_get_id(doc_at(list, i), "id", &id))
      c = finish_network(run, id, e);
  }
  if (c == OK)
    c = restoring_set(run->db, &(struct restoring){0}, e);
  db_close(run->db);
  run->db = NULL;
  if (c == OK && run->path)
    c = put_in_place(run, e);
  if (run->beside)
    remove_files(run->a, run->beside);
  return c;
}

enum code restore_run(struct arena *a, const struct restore *r, struct restore_report *ret, struct err *e)
{
  *ret = (struct restore_report){0};
  struct run run = {.a = a, .r = r, .ret = ret};
  enum code c = stream_open(a, r->path, VAULT_BACKUP, r->key, &run.in, e);
  if (c == OK)
    c = run_all(&run, e);
  stream_close(run.in);
  return c;
}
