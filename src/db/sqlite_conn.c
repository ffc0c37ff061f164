/* sqlite_conn.c: one SQLite connection: its settings, its prepared statements by dense index, binds, rows, errors. */
#include "base/limits.h"
#include "db/sqlite.h"

/* The bits of all rows, as PostgreSQL's bit_or(): categories of information are bit masks. NULL over no values. */
struct bits {
  int64_t value;
  bool any;
};

static void bit_or_step(sqlite3_context *x, int n, sqlite3_value **v)
{
  struct bits *b = sqlite3_aggregate_context(x, sizeof *b);
  if (!b)
    sqlite3_result_error_nomem(x);
  else if (sqlite3_value_type(v[0]) != SQLITE_NULL)
    *b = (struct bits){b->value | sqlite3_value_int64(v[0]), true};
}

static void bit_or_final(sqlite3_context *x)
{
  struct bits *b = sqlite3_aggregate_context(x, 0);
  if (b && b->any)
    sqlite3_result_int64(x, b->value);
  else
    sqlite3_result_null(x);
}

/* --- errors ------------------------------------------------------------------------------------------------- */

static enum code error_code(int rc)
{
  switch (rc & 0xff) {
  case SQLITE_CONSTRAINT:
    return rc == SQLITE_CONSTRAINT_UNIQUE || rc == SQLITE_CONSTRAINT_PRIMARYKEY || rc == SQLITE_CONSTRAINT_ROWID
               ? CONFLICT
               : FAULT;
  case SQLITE_BUSY:
  case SQLITE_LOCKED:
  case SQLITE_INTERRUPT:
    return RETRY;
  case SQLITE_FULL:
  case SQLITE_IOERR:
  case SQLITE_CANTOPEN:
  case SQLITE_READONLY:
  case SQLITE_CORRUPT:
  case SQLITE_NOTADB:
    return IO;
  case SQLITE_NOMEM:
    return OOM;
  case SQLITE_TOOBIG:
    return LIMIT;
  default:
    return FAULT;
  }
}

/* SQLite's messages name tables and columns, never values. */
enum code sq_error(struct sq_conn *c, int rc, const char *what, struct err *e)
{
  const char *text = c->h ? sqlite3_errmsg(c->h) : sqlite3_errstr(rc), *colon = strstr(text, "failed: ");
  enum code code = error_code(c->h ? sqlite3_extended_errcode(c->h) : rc);
  if (code == IO && (rc & 0xff) == SQLITE_CORRUPT)
    err_set(e, code, TR("データベースのファイルが壊れています。バックアップから戻してください。"));
  else if (code == IO && ((rc & 0xff) == SQLITE_FULL || (c->h && err_is_full(sqlite3_system_errno(c->h)))))
    err_full(e);
  else
    err_set(e, code, code_msg(code));
  if (code == CONFLICT && colon)
    err_detail(e, "%s", colon + strlen("failed: "));
  else
    err_detail(e, "%s: %s", what, text);
  return code;
}

/* --- the connection ----------------------------------------------------------------------------------------- */

static const char *const control_sql[CONTROLS] = {
    [CONTROL_BEGIN] = "BEGIN",           [CONTROL_BEGIN_WRITE] = "BEGIN IMMEDIATE",
    [CONTROL_COMMIT] = "COMMIT",         [CONTROL_ROLLBACK] = "ROLLBACK",
    [CONTROL_SAVE] = "SAVEPOINT member", [CONTROL_UNDO] = "ROLLBACK TO member",
    [CONTROL_RELEASE] = "RELEASE member"};

enum code sq_control(struct sq_conn *c, enum control which, struct err *e)
{
  int rc = sqlite3_step(c->control[which]);
  sqlite3_reset(c->control[which]);
  return rc == SQLITE_DONE ? OK : sq_error(c, rc, control_sql[which], e);
}

static int on_commit(void *conn, sqlite3 *h, const char *database, int pages)
{
  ((struct sq_conn *)conn)->wal_pages = pages;
  return SQLITE_OK;
}

/* There is one writer, and it is asking. On PostgreSQL this waits (migration 11). */
static void fact_rev_hold(sqlite3_context *x, int n, sqlite3_value **v)
{
  (void)n;
  (void)v;
  sqlite3_result_int(x, 1);
}

/* The writer thread checkpoints by itself (after it has woken its waiters), hence no automatic one anywhere. */
static enum code conn_settings(struct sq_conn *c, const struct sq_options *o, struct err *e)
{
  sqlite3_extended_result_codes(c->h, 1);
  sqlite3_busy_timeout(c->h, 10000);
  sqlite3_db_config(c->h, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
  sqlite3_db_config(c->h, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
  /* No Bloom filters (bit 0x80000, sqliteInt.h): where a subquery is guessed large, SQLite reads a whole table to make one, each time
   * the statement runs. Where the bit means something else the plan is another, the rows are the same. */
  sqlite3_test_control(SQLITE_TESTCTRL_OPTIMIZATIONS, c->h, 0x80000U);
  sqlite3_create_function(c->h, "bit_or", 1, SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS, NULL, NULL,
                          bit_or_step, bit_or_final);
  sqlite3_create_function(c->h, "fact_rev_hold", 1, SQLITE_UTF8 | SQLITE_INNOCUOUS, NULL, fact_rev_hold, NULL, NULL);
  enum code code = sq_script(c,
                             S("PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF; PRAGMA cache_size = -2000;"
                               "PRAGMA temp_store = MEMORY; PRAGMA wal_autocheckpoint = 0"),
                             NULL, NULL, e);
  if (code == OK && o->fresh)
    code = sq_script(c, S("PRAGMA application_id = 0x74736e67; PRAGMA journal_mode = WAL"), NULL, NULL, e);
  if (code == OK)
    code = sq_script(c,
                     o->writer ? S("PRAGMA journal_size_limit = 67108864; PRAGMA cache_size = -16000")
                               : S("PRAGMA query_only = ON; PRAGMA mmap_size = 2147418112"),
                     NULL, NULL, e);
  if (code == OK)
    code = sq_script(c, o->unsynced ? S("PRAGMA synchronous = OFF") : S("PRAGMA synchronous = FULL"), NULL, NULL, e);
  if (o->writer)
    sqlite3_wal_hook(c->h, on_commit, c);
  return code;
}

static enum code conn_is_ours(struct sq_conn *c, struct err *e)
{
  struct str id = STR_NONE;
  enum code code = sq_script(c, S("PRAGMA application_id"), c->arena, &id, e);
  if (code != OK && sqlite3_errcode(c->h) != SQLITE_NOTADB)
    return code;
  if (code == OK && str_is(id, "1953721959"))
    return OK;
  return err_set(e, INVALID, TR("このファイルは tsunagu のデータベースではありません。場所を確かめてください。"));
}

static enum code conn_set_up(struct sq_conn *c, const struct sq_options *o, struct err *e)
{
  c->cache = calloc(stmt_count(), sizeof *c->cache);
  c->arena = arena_new(LIMIT_ARENA);
  if (!c->cache || !c->arena)
    return err_oom(e);
  int rc = sqlite3_open_v2(o->path, &c->h, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, sq_map_vfs());
  if (rc != SQLITE_OK)
    return sq_error(c, rc, "open", e);
  enum code code = o->fresh || o->left_over ? OK : conn_is_ours(c, e);
  if (code == OK)
    code = conn_settings(c, o, e);
  for (int i = 0; i < CONTROLS && code == OK; i++) {
    rc = sqlite3_prepare_v3(c->h, control_sql[i], -1, SQLITE_PREPARE_PERSISTENT, &c->control[i], NULL);
    if (rc != SQLITE_OK)
      code = sq_error(c, rc, control_sql[i], e);
  }
  return code;
}

enum code sq_conn_open(struct sq_conn *c, const struct sq_options *o, struct err *e)
{
  *c = (struct sq_conn){0};
  enum code code = conn_set_up(c, o, e);
  if (code != OK)
    sq_conn_close(c, false);
  return code;
}

void sq_conn_close(struct sq_conn *c, bool checkpoint)
{
  for (size_t i = 0; c->cache && i < stmt_count(); i++)
    sqlite3_finalize(c->cache[i].h);
  for (int i = 0; i < CONTROLS; i++)
    sqlite3_finalize(c->control[i]);
  if (checkpoint)
    sqlite3_db_config(c->h, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0, NULL);
  sqlite3_close(c->h);
  arena_free(c->arena);
  free(c->cache);
  *c = (struct sq_conn){0};
}

/* --- prepared statements ------------------------------------------------------------------------------------ */

static enum code stmt_bug(const struct stmt *q, const char *what, struct err *e)
{
  enum code c = BUG(e, what);
  err_detail(e, "statement %s", q->name);
  return c;
}

/* SQLite numbers `$3` by where it first appears: find each by name, and let there be no other names. */
static enum code map_params(struct sq_stmt *s, const struct stmt *q, struct err *e)
{
  s->params = sqlite3_bind_parameter_count(s->h);
  if (s->params > STMT_PARAMS_MAX)
    return stmt_bug(q, "too many parameters", e);
  for (int i = 0; i < s->params; i++) {
    char name[16];
    snprintf(name, sizeof name, "$%d", i + 1);
    int at = sqlite3_bind_parameter_index(s->h, name);
    if (!at)
      return stmt_bug(q, "parameters must be exactly $1..$n (and CAST instead of ::)", e);
    s->map[i] = (unsigned char)at;
  }
  return OK;
}

static enum code stmt_compile(struct sq_conn *c, struct sq_stmt *s, const struct stmt *q, struct err *e)
{
  const char *tail = NULL;
  int rc = sqlite3_prepare_v3(c->h, q->sql, -1, SQLITE_PREPARE_PERSISTENT, &s->h, &tail);
  if (rc != SQLITE_OK)
    return sq_error(c, rc, q->name, e);
  enum code code = OK;
  if (!s->h || tail[strspn(tail, " \n\t;")])
    code = stmt_bug(q, "not exactly one statement", e);
  else if (q->kind == STMT_KIND_READ && !sqlite3_stmt_readonly(s->h))
    code = stmt_bug(q, "a statement marked READ writes", e);
  else
    code = map_params(s, q, e);
  if (code != OK) {
    sqlite3_finalize(s->h);
    s->h = NULL;
  }
  return code;
}

/* The cached statement, or one for this time alone when rows of the cached one are still being read. */
static enum code stmt_get(struct sq_conn *c, const struct stmt *q, struct sq_stmt **ret, struct err *e)
{
  struct sq_stmt *s = &c->cache[stmt_index(q)];
  if (s->busy) {
    s = calloc(1, sizeof *s);
    if (!s)
      return err_oom(e);
    s->temporary = true;
  }
  enum code code = s->h ? OK : stmt_compile(c, s, q, e);
  if (code == OK)
    *ret = s;
  else if (s->temporary)
    free(s);
  return code;
}

enum code sq_prepare(void *conn, const struct stmt *q, struct err *e)
{
  struct sq_stmt *s;
  return stmt_get(conn, q, &s, e);
}

/* ours: SQLite copies what it is given, since the caller's values die before the rows are read. */
static int bind_one(sqlite3_stmt *h, int at, const struct bind *b, bool ours)
{
  sqlite3_destructor_type life = ours ? SQLITE_TRANSIENT : SQLITE_STATIC;
  const char *p = b->s.p ? b->s.p : "";
  switch (b->kind) {
  case BIND_INT:
  case BIND_BOOL:
    return sqlite3_bind_int64(h, at, b->i);
  case BIND_TEXT:
    return sqlite3_bind_text64(h, at, p, b->s.n, life, SQLITE_UTF8);
  case BIND_BYTES:
    return sqlite3_bind_blob64(h, at, p, b->s.n, life);
  case BIND_NULL:
    break;
  }
  return sqlite3_bind_null(h, at);
}

static void stmt_release(struct sq_conn *c, struct sq_stmt *s)
{
  for (struct sq_stmt **at = &c->open; *at; at = &(*at)->next_open)
    if (*at == s) {
      *at = s->next_open;
      break;
    }
  sqlite3_reset(s->h);
  s->busy = s->ready = false;
  if (s->temporary) {
    sqlite3_finalize(s->h);
    free(s);
  }
}

void sq_conn_tidy(struct sq_conn *c)
{
  while (c->open)
    stmt_release(c, c->open);
}

/* Prepares, binds and takes the first step, so that a write is done and its error known when the call returns. */
static enum code stmt_run(struct tx *tx, const struct stmt *q, bool keep, struct sq_stmt **ret,
                          const struct bind *binds, size_t count)
{
  struct sq_conn *c = tx->conn;
  struct sq_stmt *s = NULL;
  struct err e = {0};
  if (stmt_get(c, q, &s, &e) != OK)
    return tx_fail(tx, &e);
  s->busy = true;
  s->next_open = c->open;
  c->open = s;
  enum code code = OK;
  if (count != (size_t)s->params)
    code = stmt_bug(q, "wrong number of values", &e);
  int rc = SQLITE_OK;
  for (size_t i = 0; code == OK && rc == SQLITE_OK && i < count; i++)
    rc = bind_one(s->h, s->map[i], &binds[i], keep);
  if (code == OK && rc == SQLITE_OK)
    rc = sqlite3_step(s->h);
  s->ready = rc == SQLITE_ROW;
  if (code == OK && rc != SQLITE_ROW && rc != SQLITE_DONE)
    code = sq_error(c, rc, q->name, &e);
  if (code != OK) {
    stmt_release(c, s);
    return tx_fail(tx, &e);
  }
  *ret = s;
  return OK;
}

enum code sq_query(struct tx *tx, const struct stmt *q, struct rows *ret, const struct bind *binds, size_t count)
{
  struct sq_stmt *s;
  enum code code = stmt_run(tx, q, true, &s, binds, count);
  if (code == OK)
    ret->impl = s;
  return code;
}

enum code sq_exec(struct tx *tx, const struct stmt *q, int64_t *ret_changed, const struct bind *binds, size_t count)
{
  struct sq_conn *c = tx->conn;
  struct sq_stmt *s;
  enum code code = stmt_run(tx, q, false, &s, binds, count);
  if (code != OK)
    return code;
  int rc = s->ready ? SQLITE_ROW : SQLITE_DONE; /* NOLINT(clang-analyzer-core.NullDereference): tx_fail() is never OK */
  while (rc == SQLITE_ROW)
    rc = sqlite3_step(s->h);
  if (rc != SQLITE_DONE) {
    struct err e = {0};
    sq_error(c, rc, q->name, &e);
    code = tx_fail(tx, &e);
  }
  *ret_changed = q->kind == STMT_KIND_WRITE ? sqlite3_changes64(c->h) : 0;
  stmt_release(c, s);
  return code;
}

bool sq_next(struct rows *r)
{
  struct sq_stmt *s = r->impl;
  if (r->at < 0) { /* the first row was stepped to by the query */
    r->at = 0;
    return s->ready;
  }
  if (!s->ready)
    return false;
  int rc = sqlite3_step(s->h);
  s->ready = rc == SQLITE_ROW;
  if (rc != SQLITE_ROW && rc != SQLITE_DONE) {
    struct err e = {0};
    r->code = sq_error(r->tx->conn, rc, "next row", &e);
    tx_fail(r->tx, &e);
  }
  return s->ready;
}

void sq_end(struct rows *r)
{
  stmt_release(r->tx->conn, r->impl);
}

/* SQLite gives no bytes where it had no memory for them: that is no empty text. */
static bool cell_missing(const struct rows *r)
{
  const struct sq_conn *c = r->tx->conn;
  if (sqlite3_errcode(c->h) != SQLITE_NOMEM) /* first of all: each empty text is asked about */
    return false;
  struct err e = {0};
  err_oom(&e);
  tx_fail(r->tx, &e);
  return true;
}

/* The column is looked up once: without locks inside of connections (sq_map_vfs) its value may be used as any other
 * (https://www.sqlite.org/c3ref/value.html). Texts are taken like bytes, or SQLite would copy each for the sake of a NUL behind it. */
bool sq_cell(const struct rows *r, int col, struct bind *ret)
{
  const struct sq_stmt *s = r->impl;
  if (!s->ready || col < 0 || col >= sqlite3_data_count(s->h))
    return false;
  sqlite3_value *v = sqlite3_column_value(s->h, col);
  switch (sqlite3_value_type(v)) {
  case SQLITE_INTEGER:
    *ret = b_int(sqlite3_value_int64(v));
    return true;
  case SQLITE_TEXT:
    ret->kind = BIND_TEXT;
    break;
  case SQLITE_BLOB:
    ret->kind = BIND_BYTES;
    break;
  case SQLITE_NULL:
    *ret = b_null();
    return true;
  default:
    return false;
  }
  ret->s = (struct str){sqlite3_value_blob(v), (size_t)sqlite3_value_bytes(v)};
  if (!ret->s.p && cell_missing(r))
    *ret = b_null();
  else if (!ret->s.p)
    ret->s.p = "";
  return true;
}

/* --- literal scripts ---------------------------------------------------------------------------------------- */

static int run_to_end(sqlite3_stmt *h, struct arena *a, struct str *ret)
{
  int rc = sqlite3_step(h);
  if (rc == SQLITE_ROW && ret && sqlite3_column_type(h, 0) != SQLITE_NULL) {
    const char *p = (const char *)sqlite3_column_text(h, 0);
    if (!p)
      return SQLITE_NOMEM;
    *ret = str_copy(a, (struct str){p, (size_t)sqlite3_column_bytes(h, 0)});
  }
  while (rc == SQLITE_ROW)
    rc = sqlite3_step(h);
  return rc == SQLITE_DONE ? SQLITE_OK : rc;
}

enum code sq_script(void *conn, struct str text, struct arena *a, struct str *ret, struct err *e)
{
  struct sq_conn *c = conn;
  const char *p = text.p, *end = text.p + text.n;
  while (p < end) {
    sqlite3_stmt *h = NULL;
    int rc = sqlite3_prepare_v2(c->h, p, (int)(end - p), &h, &p);
    if (rc == SQLITE_OK && h)
      rc = run_to_end(h, a, ret);
    if (rc == SQLITE_OK && ret && arena_failed(a))
      rc = SQLITE_NOMEM;
    enum code code = rc == SQLITE_OK ? OK : rc == SQLITE_NOMEM ? err_oom(e) : sq_error(c, rc, "script", e);
    sqlite3_finalize(h);
    if (code != OK)
      return code;
  }
  return OK;
}

/* A statement ends at the first semicolon where SQLite itself says so: bodies of triggers hold others. */
bool sq_split(void *conn, struct str *rest, struct str *ret)
{
  for (size_t n = 0; n < rest->n; n++) {
    if (rest->p[n] != ';')
      continue;
    char *head = strndup(rest->p, n + 1);
    bool complete = head && sqlite3_complete(head);
    free(head);
    if (complete) {
      *ret = str_sub(*rest, 0, n + 1);
      *rest = str_sub(*rest, n + 1, rest->n);
      return true;
    }
  }
  *ret = *rest;
  *rest = STR_NONE;
  return str_trim(*ret).n > 0;
}
