/* engine.h: what db.c asks of an engine. Inside src/db only; everyone else knows db.h. */
#ifndef DB_ENGINE_H
#define DB_ENGINE_H
#include <stdatomic.h>

#include "base/clock.h"
#include "db/db.h"
#include "db/table.h"

enum {
  WRITE_ATTEMPTS = 16 /* runs of a write function before RETRY reaches the caller */
};

struct engine;

/* First member of each engine's own struct. */
struct db {
  const struct engine *engine;
  enum db_engine kind;
  int64_t instance;
  _Atomic ts_t ahead; /* of the monotonic clock: tx_now never goes back behind what any transaction had or saw */
  void *app;
  _Atomic int fail_at; /* tests: statements of migrations left until one fails; 0: never */
};

struct tx {
  struct db *db;
  void *conn; /* the engine's connection */
  int place;  /* its number in the pool */
  struct db_who who;
  bool write;
  ts_t now;
  struct arena *arena;
  void *slots[TX_SLOTS];
  int cursors;       /* rows not yet ended */
  struct err failed; /* first statement that failed; the transaction can then only roll back */
};

/* Work that runs on the engine's writing connection outside of any transaction of ours. */
typedef enum code (*raw_fn)(struct db *db, void *conn, void *arg, struct err *e);

/* A row of texts; a NULL is empty. */
typedef enum code (*ask_fn)(void *arg, const struct str *cell, struct err *e);

/* Rows on their way into a table. */
struct table_load {
  struct tx *tx;
  const struct table *table;
  void *impl; /* SQLite: the prepared statement */
  char *buf;  /* PostgreSQL: one row as COPY wants it */
  size_t size;
};

struct engine {
  enum code (*open)(const struct db_options *o, struct str place, struct db **ret, struct err *e);
  void (*close)(struct db *db);
  /* Creates what must stand before the first migration. */
  enum code (*create)(const struct db_options *o, struct str place, struct err *e);
  enum code (*read)(struct db *db, const struct db_who *who, tx_fn fn, void *arg, struct err *e);
  enum code (*write)(struct db *db, const struct db_who *who, tx_fn fn, void *arg, struct err *e);
  /* Runs fn on the writing connection and nothing else beside it there. */
  enum code (*raw)(struct db *db, raw_fn fn, void *arg, struct err *e);

  void (*measure)(struct db *db, struct db_stats *ret);

  /* A statement in a transaction. On failure tx->failed is set through tx_fail(). */
  enum code (*query)(struct tx *tx, const struct stmt *q, struct rows *ret, const struct bind *binds, size_t count);
  enum code (*exec)(struct tx *tx, const struct stmt *q, int64_t *ret_changed, const struct bind *binds, size_t count);
  bool (*next)(struct rows *r); /* sets r->code on an error */
  void (*end)(struct rows *r);
  bool (*cell)(const struct rows *r, int col, struct bind *ret); /* false: no such column or an unknown type */

  /* On a raw connection. `text` may hold many statements; *ret (may be NULL) is the last one's first value as text. */
  enum code (*script)(void *conn, struct str text, struct arena *a, struct str *ret, struct err *e);
  /* Cuts the next statement off *rest; false when only blanks and comments are left. */
  bool (*split)(void *conn, struct str *rest, struct str *ret);
  enum code (*prepare)(void *conn, const struct stmt *q, struct err *e);
  /* Whole tables (table.c): composed text in a transaction. */
  enum code (*ask)(struct tx *tx, const char *sql, ask_fn fn, void *arg, struct err *e);
  enum code (*run)(struct tx *tx, const char *sql, int64_t *ret_changed, struct err *e);
  enum code (*each)(struct tx *tx, const struct table *t, const char *sql, table_fn fn, void *arg, struct err *e);
  enum code (*load_begin)(struct table_load *l, const char *sql, struct err *e);
  enum code (*load_row)(struct table_load *l, const struct bind *cells, struct err *e);
  enum code (*load_end)(struct table_load *l, bool keep, struct err *e);
  /* The catalog: table, column, type, 1 where it may be null, place in the primary key or 0; and table, table it refers to. */
  const char *sql_columns, *sql_references;
  /* Words of this engine for the migration runner. */
  const char *sql_begin, *sql_version_exists, *sql_version_table;
  const char *sql_plan; /* runs with every migration, in its transaction; NULL: none */
};

extern const struct engine engine_sqlite, engine_pg;

/* --- db.c, for the engines */
void tx_start(struct tx *tx, struct db *db, void *conn, struct arena *arena, const struct db_who *who, bool write);
/* *e = *from, where e may be NULL; returns from->code. */
enum code err_copy(struct err *e, const struct err *from);
/* Runs fn and judges it: a failed statement fails the transaction whatever fn says. */
enum code tx_run(struct tx *tx, tx_fn fn, void *arg, struct err *e) MUST_CHECK;
/* Keeps the first failure of a transaction; returns e->code. */
enum code tx_fail(struct tx *tx, const struct err *e);

/* --- stmt.c */
size_t stmt_index(const struct stmt *q);

/* --- migrate.c */
enum code migrate_check(struct db *db, const struct db_options *o, struct err *e) MUST_CHECK;

#endif
