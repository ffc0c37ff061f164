/* db_sqlite.c: the SQLite engine: one file, the writer's thread and connection, a pool of reading connections. A transaction
 * that reads takes a connection of the pool for its time; the snapshot is the one of its first statement. */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "db/pool.h"
#include "db/sqlite.h"

enum { PATH_SIZE = 4000 };

struct sqlite_db {
  struct db base;
  int lock;
  struct sq_conn writing;
  struct sq_writer *writer;
  struct pool pool;
  struct sq_conn *readers; /* pool.n of them */
};

/* The path as the file system wants it; the database is opened by this name alone. */
static enum code path_copy(struct str place, char *ret, size_t size, struct err *e)
{
  if (place.n >= size || memchr(place.p, 0, place.n))
    return err_set(e, INVALID, TR("データベースのファイル名が長すぎます。"));
  memcpy(ret, place.p, place.n);
  ret[place.n] = 0;
  return OK;
}

/* --- opening and closing ------------------------------------------------------------------------------------ */

/* After an unclean stop the file is read once from end to end before anybody works with it. */
static enum code check_file(struct sq_conn *c, struct err *e)
{
  struct str result = STR_NONE;
  enum code code = sq_script(c, S("PRAGMA quick_check(1)"), c->arena, &result, e);
  if (code == OK && !str_is(result, "ok")) {
    code = err_set(e, IO, TR("データベースのファイルが壊れています。バックアップから戻してください。"));
    err_detail(e, "quick_check: %.*s", STR_FMT(result));
  }
  arena_reset(c->arena);
  return code;
}

static void sqlite_close(struct db *base)
{
  struct sqlite_db *db = (struct sqlite_db *)base;
  bool whole = db->writer != NULL; /* opened to the end, not given up half-way */
  sq_writer_stop(db->writer);
  for (int i = 0; i < db->pool.n; i++)
    if (db->readers && db->readers[i].h)
      sq_conn_close(&db->readers[i], false);
  pool_destroy(&db->pool);
  free(db->readers);
  if (db->writing.h)
    sq_conn_close(&db->writing, db->lock >= 0 && sq_lock_checkpointer(db->lock));
  sq_lock_close(db->lock, whole);
  free(db);
}

static enum code open_readers(struct sqlite_db *db, int n, const struct sq_options *o, struct err *e)
{
  db->readers = calloc((size_t)n, sizeof *db->readers);
  if (!db->readers || !pool_init(&db->pool, n))
    return err_oom(e);
  enum code c = OK;
  for (int i = 0; i < n && c == OK; i++)
    c = sq_conn_open(&db->readers[i], o, e);
  return c;
}

/* A server that cannot write answers nothing: every look is written down. Other commands may read such a file. */
static enum code check_writable(const struct sq_conn *conn, const char *path, struct err *e)
{
  if (sqlite3_db_readonly(conn->h, "main") != 1)
    return OK;
  return err_set1(e, IO, TR("データベース %1 に書けません。ファイルの権限を確かめてください。"), path);
}

static enum code open_all(struct sqlite_db *db, const struct db_options *o, const char *path, struct err *e)
{
  bool unclean = false;
  struct sq_options conn = {.path = path, .writer = true, .unsynced = o->unsynced};
  enum code c = sq_lock_open(path, o->exclusive, &db->lock, &unclean, e);
  if (c == OK)
    c = sq_conn_open(&db->writing, &conn, e);
  if (c == OK && o->exclusive)
    c = check_writable(&db->writing, path, e);
  if (c == OK && unclean)
    c = check_file(&db->writing, e);
  if (c == OK)
    c = sq_lock_share(db->lock, e);
  conn.writer = false;
  if (c == OK)
    c = open_readers(db, pool_size(o->readers), &conn, e);
  if (c == OK)
    c = sq_writer_start(&db->base, &db->writing, db->lock, &db->writer, e);
  return c;
}

static enum code sqlite_open(const struct db_options *o, struct str place, struct db **ret, struct err *e)
{
  char path[PATH_SIZE];
  enum code c = path_copy(place, path, sizeof path, e);
  if (c != OK)
    return c;
  if (access(path, F_OK) != 0)
    return err_set1(e, NOT_FOUND, TR("データベース %1 がありません。tsunagu init で作ってください。"), path);
  struct sqlite_db *db = calloc(1, sizeof *db);
  if (!db)
    return err_oom(e);
  db->base.engine = &engine_sqlite;
  db->base.kind = DB_SQLITE;
  db->lock = -1;
  c = open_all(db, o, path, e);
  if (c == OK)
    *ret = &db->base;
  else
    sqlite_close(&db->base);
  return c;
}

/* Makes the file's name as durable as its content will be. */
static void sync_folder(const char *path)
{
  const char *slash = strrchr(path, '/');
  char *folder = slash ? strndup(path, (size_t)(slash - path) + 1) : strdup(".");
  int fd = folder ? open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
  if (fd >= 0) {
    fsync(fd);
    close(fd);
  }
  free(folder);
}

/* Something stands there: what an init that was killed left behind, or something that must not be touched. */
static enum code check_left_over(const char *path, bool *ret_fresh, struct err *e)
{
  struct sq_conn conn;
  struct stat st;
  struct str tables = STR_NONE;
  *ret_fresh = stat(path, &st) == 0 && st.st_size == 0;
  if (*ret_fresh)
    return OK;
  struct err ignored;
  bool empty = false;
  if (sq_conn_open(&conn, &(struct sq_options){.path = path, .writer = true, .left_over = true}, &ignored) == OK) {
    enum code c = sq_script(&conn, S("SELECT count(*) FROM sqlite_schema"), conn.arena, &tables, &ignored);
    empty = c == OK && str_is(tables, "0");
    sq_conn_close(&conn, false);
  }
  *ret_fresh = empty; /* begun anew, with its mark */
  return empty ? OK : err_set1(e, CONFLICT, TR("データベース %1 はもうあります。"), path);
}

static enum code create_file(const char *path, bool *ret_fresh, struct err *e)
{
  *ret_fresh = true;
  int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd < 0 && errno == EEXIST)
    return check_left_over(path, ret_fresh, e);
  if (fd < 0) {
    int why = errno;
    err_set1(e, IO, TR("データベース %1 を作れません。フォルダーがあるか、権限があるかを確かめてください。"), path);
    err_detail(e, "%s", strerror(why));
    return IO;
  }
  close(fd);
  sync_folder(path);
  return OK;
}

static enum code sqlite_create(const struct db_options *o, struct str place, struct err *e)
{
  char path[PATH_SIZE];
  struct sq_conn conn;
  bool fresh = false;
  enum code c = path_copy(place, path, sizeof path, e);
  if (c == OK)
    c = create_file(path, &fresh, e);
  if (c != OK || !fresh)
    return c;
  c = sq_conn_open(&conn, &(struct sq_options){.path = path, .writer = true, .fresh = true, .unsynced = o->unsynced},
                   e);
  if (c == OK)
    sq_conn_close(&conn, true);
  return c;
}

/* --- transactions ------------------------------------------------------------------------------------------- */

static enum code sqlite_read(struct db *base, const struct db_who *who, tx_fn fn, void *arg, struct err *e)
{
  struct sqlite_db *db = (struct sqlite_db *)base;
  int i = pool_take(&db->pool);
  struct sq_conn *conn = &db->readers[i];
  enum code c =
      sqlite3_get_autocommit(conn->h) ? OK : sq_control(conn, CONTROL_ROLLBACK, e); /* one that had failed to end */
  if (c == OK)
    c = sq_control(conn, CONTROL_BEGIN, e);
  if (c == OK) {
    struct tx tx;
    struct err ignored;
    tx_start(&tx, base, conn, conn->arena, who, false);
    tx.place = i;
    c = tx_run(&tx, fn, arg, e);
    sq_conn_tidy(conn);
    arena_reset(conn->arena);
    if (!sqlite3_get_autocommit(conn->h))
      (void)!sq_control(conn, CONTROL_ROLLBACK, &ignored); /* nothing to keep */
  }
  pool_give(&db->pool, i);
  return c;
}

static enum code sqlite_write(struct db *db, const struct db_who *who, tx_fn fn, void *arg, struct err *e)
{
  return sq_writer_run(((struct sqlite_db *)db)->writer, who, fn, arg, e);
}

static enum code sqlite_raw(struct db *db, raw_fn fn, void *arg, struct err *e)
{
  return sq_writer_raw(((struct sqlite_db *)db)->writer, fn, arg, e);
}

static void sqlite_measure(struct db *base, struct db_stats *ret)
{
  struct sqlite_db *db = (struct sqlite_db *)base;
  pool_measure(&db->pool, ret);
  sq_writer_measure(db->writer, ret);
}

const struct engine engine_sqlite = {
    .open = sqlite_open,
    .close = sqlite_close,
    .create = sqlite_create,
    .read = sqlite_read,
    .write = sqlite_write,
    .raw = sqlite_raw,
    .measure = sqlite_measure,
    .query = sq_query,
    .exec = sq_exec,
    .next = sq_next,
    .end = sq_end,
    .cell = sq_cell,
    .script = sq_script,
    .split = sq_split,
    .prepare = sq_prepare,
    .ask = sq_ask,
    .run = sq_run,
    .each = sq_each,
    .load_begin = sq_load_begin,
    .load_row = sq_load_row,
    .load_end = sq_load_end,
    .sql_columns = sq_columns_sql,
    .sql_references = sq_references_sql,
    .sql_begin = "BEGIN IMMEDIATE",
    .sql_version_exists = "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = 'schema_version'",
    .sql_version_table = "CREATE TABLE IF NOT EXISTS schema_version"
                         " (version INTEGER NOT NULL PRIMARY KEY, applied_at INTEGER NOT NULL) STRICT",
    .sql_plan = sqlite_plan_sql,
};
