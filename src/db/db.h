/* db.h: one SQL text, two engines. A statement is a named literal above its only caller, registered by its macro; `$1..$n`
 * are its parameters on both engines (in SQLite `$1` is a name: prepare maps it and asserts the names are exactly $1..$n).
 * Shared types: bigint, text, bytea, boolean; write CAST(), never `::`. Engines: SQLite (one file, one writer thread with
 * group commit, a read connection per worker) and PostgreSQL >= 15 (a connection per worker, READ in one REPEATABLE READ
 * snapshot, WRITE in SERIALIZABLE with bounded retry). */
#ifndef DB_DB_H
#define DB_DB_H
#include "base/doc.h"
#include "base/err.h"
#include "base/id.h"
#include "base/list.h"
#include "base/str.h"

enum { STMT_PARAMS_MAX = 112 }; /* parameters a statement may have */

enum stmt_kind { STMT_KIND_READ, STMT_KIND_WRITE };

struct stmt {
  const char *name; /* unique; shown in logs */
  const char *sql;
  enum stmt_kind kind;
  const struct stmt *const *entry; /* its place in the linker's list: the dense index of every cache */
};

/* In a statement: row `t` of a table with from_at and until_at stands at the instant `at`. */
#define LIVE(t, at) t ".from_at <= " at " AND (" t ".until_at IS NULL OR " t ".until_at > " at ")"
/* static: STMT_READ(q_find, "person_find", "SELECT ... WHERE network_id = $1"); */
#define STMT_READ(var, stmt_name, text) STMT_DEFINE(var, stmt_name, text, STMT_KIND_READ)
#define STMT_WRITE(var, stmt_name, text) STMT_DEFINE(var, stmt_name, text, STMT_KIND_WRITE)
#define STMT_DEFINE(var, stmt_name, text, stmt_kind)                                                                   \
  static const struct stmt *const var##_entry __attribute__((used, section("tsunagu_stmts")));                         \
  static const struct stmt var = {.name = (stmt_name), .sql = (text), .kind = (stmt_kind), .entry = &var##_entry};     \
  LIST_ENTRY("tsunagu_stmts", struct stmt, var)

size_t stmt_count(void);
const struct stmt *stmt_at(size_t i);

/* --- opening ------------------------------------------------------------------------------------------------ */
struct db;
struct tx;

enum db_engine { DB_SQLITE, DB_POSTGRESQL };

struct db_options {
  struct str url;  /* sqlite:PATH or postgresql://... (several hosts allowed) */
  int readers;     /* connections for reading (SQLite) or in all (PostgreSQL); 0: 4 */
  bool owner;      /* PostgreSQL: connect as given and stay the owner (init, migrate); else SET ROLE to the app role */
  bool exclusive;  /* SQLite serve: take the lock beside the file so that a second serve says so (CONFLICT) */
  bool schema_any; /* do not refuse an older or newer schema (migrate) */
  int answer_seconds; /* PostgreSQL: a server that does not answer a statement for so long counts as gone; 0: waits for good */
  bool unsynced; /* tests only: synchronous=OFF */
  int fail_at;   /* tests only: the n-th statement of migrations fails; 0: none */
};

/* Errors say what to do next (file missing: run `tsunagu init`; newer schema: update the program; older: run
 * `tsunagu migrate`; no server: check the address). */
enum code db_open(const struct db_options *o, struct db **ret, struct err *e) MUST_CHECK;
void db_close(struct db *db); /* waits for queued writes */
enum db_engine db_engine(const struct db *db);
/* What serving from this address touches outside of the process, for the sandbox; paths live in `a`. An address that cannot be read reaches
 * nothing: db_open() says what is wrong with it. */
enum { DB_REACH_FILES = 8, DB_REACH_PORTS = 8 };
struct db_reach {
  const char *folder;                    /* SQLite: written to */
  const char *files[DB_REACH_FILES + 1]; /* PostgreSQL: certificates, keys, passwords; ends with NULL */
  int ports[DB_REACH_PORTS + 1];         /* TCP, ends with 0 */
  bool connects;                         /* opens sockets, also later */
  bool by_network, by_name, by_service;  /* over TCP; to a name that is looked up; as a service file says */
};
enum code db_reach(struct str url, struct arena *a, struct db_reach *ret, struct err *e) MUST_CHECK;
/* What the connections are doing, for whoever watches the process. */
enum { DB_GROUPS = 9 };
struct db_stats {
  int pool, busy;             /* connections for reading (SQLite) or in all (PostgreSQL), and in use now */
  uint64_t waits;             /* how often one was waited for */
  int queue;                  /* SQLite: writes that wait for the writer now */
  uint64_t writes;            /* SQLite: done, whatever came of them */
  uint64_t retries;           /* PostgreSQL: writes that ran again */
  uint64_t groups[DB_GROUPS]; /* SQLite: commits of up to 1, 2, 4 … 256 writes */
};
void db_measure(struct db *db, struct db_stats *ret);
/* OK when a read and a write connection answer; for /healthz. */
enum code db_ping(struct db *db, struct err *e) MUST_CHECK;

/* --- transactions ------------------------------------------------------------------------------------------- */
/* For whom a transaction runs. `token` is the session's hash (32 bytes), which PostgreSQL's row-level security looks up
 * (set_config('tsunagu.session', hex, true) sent together with BEGIN); service sessions (sign-in, scheduler, command line,
 * reply links) carry `service` = true and set 'tsunagu.service' to the process's service secret instead. */
struct db_who {
  id64 network;
  bool service;
  struct str token;
  ts_t at; /* 0: now. Only for the demo, which plays a town's past in order: tx_now() is then this instant */
};

typedef enum code (*tx_fn)(struct tx *tx, void *arg, struct err *e);

/* Runs fn in a snapshot. fn may use READ statements only. */
enum code db_read(struct db *db, const struct db_who *who, tx_fn fn, void *arg, struct err *e) MUST_CHECK;
/* Runs fn in a durable write; returns after the commit is on disk. `name` goes to the log. fn may run again (RETRY inside,
 * or a group that failed), so it must be idempotent on memory: write results through arg only as assignments. Anything but
 * OK rolls back. On SQLite fn runs on the writer thread: do slow work (hashing, parsing, rendering) before. */
enum code db_write(struct db *db, const char *name, const struct db_who *who, tx_fn fn, void *arg,
                   struct err *e) MUST_CHECK;

id64 tx_network(const struct tx *tx);
/* Never before the machine's clock nor the last event seen, and never standing still: behind a clock that was set back it goes on at its own
 * pace. Fixed for the whole transaction (tx_see_time before the first tx_now). */
ts_t tx_now(const struct tx *tx);
ts_t db_now(struct db *db);              /* of a transaction that would begin now */
void tx_see_time(struct tx *tx, ts_t t); /* the audit layer reports the newest event's time */
bool tx_is_write(const struct tx *tx);
/* An arena that dies with the transaction (for rows, temporary text). */
struct arena *tx_arena(struct tx *tx);
/* One pointer a layer may hang on a transaction; slots are the enum below. Cleared when fn starts (again). */
enum tx_slot { TX_SLOT_AUDIT, TX_SLOT_ACCESS, TX_SLOT_KEYS, TX_SLOTS };
void tx_slot_set(struct tx *tx, enum tx_slot slot, void *p);
void *tx_slot(const struct tx *tx, enum tx_slot slot);
struct db *tx_db(const struct tx *tx);
/* Application object of the process: its `struct keyfile *`; set once after db_open. */
void db_app_set(struct db *db, void *app);
void *db_app(const struct db *db);
/* Identity of this opening of the database: an id64 whose lowest 8 bits are 0; db_instance() + tx_connection() names the audit
 * chain. tx_connection: 0..254, the writing connection's place in the pool (SQLite's writer: 0). */
int64_t db_instance(const struct db *db);
int tx_connection(const struct tx *tx);

/* --- statements --------------------------------------------------------------------------------------------- */
enum bind_kind { BIND_NULL, BIND_INT, BIND_BOOL, BIND_TEXT, BIND_BYTES };
struct bind {
  enum bind_kind kind;
  int64_t i;
  struct str s; /* borrowed until the call returns */
};
static inline struct bind b_int(int64_t v)
{
  return (struct bind){.kind = BIND_INT, .i = v};
}
static inline struct bind b_bool(bool v)
{
  return (struct bind){.kind = BIND_BOOL, .i = v};
}
static inline struct bind b_text(struct str s)
{
  return (struct bind){.kind = BIND_TEXT, .s = s};
}
static inline struct bind b_bytes(struct str s)
{
  return (struct bind){.kind = BIND_BYTES, .s = s};
}
static inline struct bind b_null(void)
{
  return (struct bind){.kind = BIND_NULL};
}
/* 0 becomes NULL: for optional references and open times. */
static inline struct bind b_opt(int64_t v)
{
  return (struct bind){.kind = v ? BIND_INT : BIND_NULL, .i = v};
}
/* Empty becomes NULL. */
static inline struct bind b_text_opt(struct str s)
{
  return (struct bind){.kind = s.n ? BIND_TEXT : BIND_NULL, .s = s};
}
static inline struct bind b_bytes_opt(struct str s)
{
  return (struct bind){.kind = s.n ? BIND_BYTES : BIND_NULL, .s = s};
}

struct rows {
  struct tx *tx;
  void *impl; /* engine's cursor */
  enum code code;
  int64_t at; /* row number on PostgreSQL, -1 before the first */
};

/* db_query(tx, &q, &r, e, BINDS(b_int(network), b_text(name))) */
#define BINDS(...) (const struct bind[]){__VA_ARGS__}, sizeof((const struct bind[]){__VA_ARGS__}) / sizeof(struct bind)
#define NO_BINDS NULL, (size_t)0

enum code db_query(struct tx *tx, const struct stmt *q, struct rows *ret, struct err *e, const struct bind *binds,
                   size_t count) MUST_CHECK;
/* For statements without rows wanted; *ret_changed (may be NULL) is the number of rows changed. */
enum code db_exec(struct tx *tx, const struct stmt *q, int64_t *ret_changed, struct err *e, const struct bind *binds,
                  size_t count) MUST_CHECK;
/* The first row's first column; 0 or empty where there is no row, or NULL. Text is copied into `a`. */
enum code db_ask_int(struct tx *tx, const struct stmt *q, int64_t *ret, struct err *e, const struct bind *binds,
                     size_t count) MUST_CHECK;
enum code db_ask_text(struct tx *tx, const struct stmt *q, struct arena *a, struct str *ret, struct err *e,
                      const struct bind *binds, size_t count) MUST_CHECK;
/* All rows as a list of maps. KEYS("#id", "name", "?lead") names the first columns, literals: '#' an id, '?' a bool, else a text. */
#define KEYS(...)                                                                                                      \
  (const char *const[])                                                                                                \
  {                                                                                                                    \
    __VA_ARGS__, NULL                                                                                                  \
  }
enum code db_ask_list(struct tx *tx, const struct stmt *q, const char *const *keys, struct arena *a, struct doc **ret,
                      struct err *e, const struct bind *binds, size_t count) MUST_CHECK;
/* Next row; false at the end or on an error, which rows_end then returns. Values are borrowed until the next row. */
bool rows_next(struct rows *r);
enum code rows_end(struct rows *r, struct err *e) MUST_CHECK; /* releases; call it always, also after a break */
/* Ends a loop whose body may have failed with `c`: releases, and returns c or what rows_end() says. */
static inline enum code rows_finish(struct rows *r, enum code c, struct err *e)
{
  struct err ignored = {0};
  enum code end = rows_end(r, c == OK ? e : &ignored);
  return c == OK ? end : c;
}
bool rows_null(const struct rows *r, int col);
int64_t rows_int(const struct rows *r, int col); /* 0 for NULL */
bool rows_bool(const struct rows *r, int col);
struct str rows_text(const struct rows *r, int col);  /* borrowed; empty for NULL */
struct str rows_bytes(const struct rows *r, int col); /* borrowed; empty for NULL */
struct str rows_text_copy(const struct rows *r, int col, struct arena *a);
struct str rows_bytes_copy(const struct rows *r, int col, struct arena *a);

/* After a failed statement the transaction can only fail, on both engines: what may collide says ON CONFLICT DO NOTHING.
 * db_query has run the first step when it returns, so a write's error is its result. Rows are all in memory on PostgreSQL: page
 * what may grow. Text must have come through utf8_check_text(). Types that are not shared (numeric of sum(), int4 parameters) are
 * found by db_prepare_all(): write CAST(… AS bigint); never CAST to bytea, which SQLite reads as a number.
 * Unique violations give CONFLICT with the constraint's (PostgreSQL) or columns' (SQLite) name in e->detail; foreign key and
 * check violations give FAULT; a full disk or lost connection IO; serialization failure RETRY (db_write repeats it). */

/* --- schema ------------------------------------------------------------------------------------------------- */
/* Migrations: NNNN.sql inside the binary from migrations/{sqlite,postgresql}; one transaction each, with the row in
 * schema_version; killed anywhere leaves old or new. */
int migrate_newest(void);
enum code migrate_version(struct db *db, int *ret, struct err *e) MUST_CHECK; /* 0: empty database */
enum code migrate_run(struct db *db, int *ret_from, int *ret_to, struct err *e) MUST_CHECK;
/* For restoring what an older schema wrote: only up to a number. */
enum code migrate_run_to(struct db *db, int to, struct err *e) MUST_CHECK;
/* A restore under way: rows come, then they are compared, then what follows from them (newer migrations, current keys, closed doors). It
 * stands beside the schema's version, below zero, until it has come to its end; db_open() without schema_any refuses meanwhile. */
enum restoring_stage { RESTORING_NONE, RESTORING_ROWS, RESTORING_REST };
struct restoring {
  enum restoring_stage stage;
  ts_t made; /* of the backup that it comes from */
};
enum code restoring_get(struct db *db, struct restoring *ret, struct err *e) MUST_CHECK;
enum code restoring_set(struct db *db, const struct restoring *f,
                        struct err *e) MUST_CHECK; /* RESTORING_NONE: the end */
/* SQLite: creates the file (CONFLICT if there). PostgreSQL: creates the cluster's roles tsunagu_owner, tsunagu_rls (BYPASSRLS,
 * reads all tables) and tsunagu_app if missing, the rights, and the table service_secret (only on PostgreSQL; 64 hex letters,
 * readable by owner and rls; what 'tsunagu.service' must equal). Then migrates. Migrations run as tsunagu_owner, which may give
 * functions and views to tsunagu_rls; new tables are open to the app role, so a table with personal data needs its policy. */
enum code db_init(const struct db_options *o, struct err *e) MUST_CHECK;
/* The first half of db_init: everything but the migrations. */
enum code db_create(const struct db_options *o, struct err *e) MUST_CHECK;
/* For tests and tools: every registered statement prepares; the error names the statement. */
enum code db_prepare_all(struct db *db, struct err *e) MUST_CHECK;
/* Runs literal SQL text from the program's own files (tests, checks). One row's first column as text, or empty. */
enum code db_script(struct db *db, const char *sql, struct arena *a, struct str *ret, struct err *e) MUST_CHECK;

#endif
