/* sqlite.h: one SQLite connection with its prepared statements, and the lock beside the file. Inside src/db only. */
#ifndef DB_SQLITE_H
#define DB_SQLITE_H
#include <sqlite3.h>

#include "db/engine.h"

struct sq_stmt {
  sqlite3_stmt *h;
  int params;
  unsigned char map[STMT_PARAMS_MAX]; /* $1 stands at SQLite's parameter map[0] */
  bool busy, temporary;
  bool ready; /* a row was stepped to that rows_next() has not yet given out */
  struct sq_stmt *next_open;
};

enum control {
  CONTROL_BEGIN,
  CONTROL_BEGIN_WRITE,
  CONTROL_COMMIT,
  CONTROL_ROLLBACK,
  CONTROL_SAVE,
  CONTROL_UNDO,
  CONTROL_RELEASE,
  CONTROLS
};

struct sq_conn {
  sqlite3 *h;
  struct arena *arena;
  struct sq_stmt *cache; /* by stmt_index() */
  struct sq_stmt *open;  /* those with rows not yet ended */
  sqlite3_stmt *control[CONTROLS];
  int wal_pages; /* length of the log after the last commit */
};

struct sq_options {
  const char *path;
  bool writer, unsynced, fresh; /* fresh: the file was made just now */
  bool left_over;               /* looks at what a killed init may have left behind, before its mark */
};

enum code sq_conn_open(struct sq_conn *c, const struct sq_options *o, struct err *e) MUST_CHECK;
/* checkpoint: the last connection to close may move the log into the file. */
void sq_conn_close(struct sq_conn *c, bool checkpoint);
enum code sq_control(struct sq_conn *c, enum control which, struct err *e) MUST_CHECK;
/* Resets what a function left open. */
void sq_conn_tidy(struct sq_conn *c);
/* Maps SQLite's result to ours; `what` names the statement. */
enum code sq_error(struct sq_conn *c, int rc, const char *what, struct err *e);
enum code sq_script(void *conn, struct str text, struct arena *a, struct str *ret, struct err *e);
bool sq_split(void *conn, struct str *rest, struct str *ret);
enum code sq_prepare(void *conn, const struct stmt *q, struct err *e);
enum code sq_query(struct tx *tx, const struct stmt *q, struct rows *ret, const struct bind *binds, size_t count);
enum code sq_exec(struct tx *tx, const struct stmt *q, int64_t *ret_changed, const struct bind *binds, size_t count);
bool sq_next(struct rows *r);
void sq_end(struct rows *r);
bool sq_cell(const struct rows *r, int col, struct bind *ret);

/* --- sqlite_table.c: whole tables */
enum code sq_ask(struct tx *tx, const char *sql, ask_fn fn, void *arg, struct err *e);
enum code sq_run(struct tx *tx, const char *sql, int64_t *ret_changed, struct err *e);
enum code sq_each(struct tx *tx, const struct table *t, const char *sql, table_fn fn, void *arg, struct err *e);
enum code sq_load_begin(struct table_load *l, const char *sql, struct err *e);
enum code sq_load_row(struct table_load *l, const struct bind *cells, struct err *e);
enum code sq_load_end(struct table_load *l, bool keep, struct err *e);
extern const char sq_columns_sql[], sq_references_sql[];

/* --- sqlite_writer.c: the one thread that writes */
struct sq_writer;
/* Takes over conn; `lock` tells it whether it may checkpoint. */
enum code sq_writer_start(struct db *db, struct sq_conn *conn, int lock, struct sq_writer **ret,
                          struct err *e) MUST_CHECK;
void sq_writer_measure(struct sq_writer *w, struct db_stats *ret); /* queue, writes, groups */
/* Runs what is queued, then ends the thread. */
void sq_writer_stop(struct sq_writer *w);
enum code sq_writer_run(struct sq_writer *w, const struct db_who *who, tx_fn fn, void *arg, struct err *e) MUST_CHECK;
enum code sq_writer_raw(struct sq_writer *w, raw_fn fn, void *arg, struct err *e) MUST_CHECK;

/* --- sqlite_map.c: SQLite's settings for the whole process, and the file system layer by which all connections of a process look at one
 * mapping of the file (PRAGMA mmap_size then says how much of it). Returns its name; NULL: SQLite's own. */
const char *sq_map_vfs(void);
/* Now and then: lets go of pages that were looked at long ago, so that a large database does not fill the process's memory. */
void sq_map_rest(void);

/* --- sqlite_plan.c */
extern const char sqlite_plan_sql[];

/* --- sqlite_lock.c: FILE-lock beside the database. Its bytes are locked per open file description: 0 by the serving process, 1 by
 * who may checkpoint, 2 shared by everybody who has the database open. Its content says whether it was left in order. */
enum code sq_lock_open(const char *path, bool serve, int *ret_fd, bool *ret_unclean, struct err *e) MUST_CHECK;
/* After the check: from now on the file counts as open, and others may come in. */
enum code sq_lock_share(int fd, struct err *e) MUST_CHECK;
bool sq_lock_checkpointer(int fd);      /* true when this process is (now) the one */
void sq_lock_close(int fd, bool clean); /* the last one to leave marks the database as left in order, if it is */

#endif
