/* db.c: opening by address, transactions, statements and rows, the same for both engines; the engines do the work. */
#include "db/db.h"

#include "base/utf8.h"
#include "crypto/secret.h"
#include "db/engine.h"

/* The transaction this thread is in: one inside another would wait for itself. */
static _Thread_local const struct tx *tx_current;

/* --- opening ------------------------------------------------------------------------------------------------ */

static enum code url_engine(struct str url, const struct engine **ret, struct str *ret_place, struct err *e)
{
  if (str_starts(url, S("sqlite:"))) {
    *ret = &engine_sqlite;
    *ret_place = str_sub(url, sizeof "sqlite:" - 1, url.n);
    if (ret_place->n)
      return OK;
  } else if (str_starts(url, S("postgresql:")) || str_starts(url, S("postgres:"))) {
    *ret = &engine_pg;
    *ret_place = url;
    return OK;
  }
  return err_set(e, INVALID, TR("データベースの場所は sqlite:ファイル名 か postgresql://… の形で指定してください。"));
}

enum code db_open(const struct db_options *o, struct db **ret, struct err *e)
{
  const struct engine *engine;
  struct str place;
  struct db *db = NULL;
  enum code c = url_engine(o->url, &engine, &place, e);
  if (c == OK)
    c = engine->open(o, place, &db, e);
  if (c != OK)
    return c;
  db->fail_at = o->fail_at;
  uint16_t apart = 0; /* ids of one millisecond lie close together */
  random_bytes(&apart, sizeof apart);
  db->instance = (id_new(clock_now()) & ~(int64_t)0xfffff) | (int64_t)(apart & 0xfff) << 8;
  c = migrate_check(db, o, e);
  if (c != OK) {
    db_close(db);
    return c;
  }
  *ret = db;
  return OK;
}

enum code db_create(const struct db_options *o, struct err *e)
{
  const struct engine *engine;
  struct str place;
  enum code c = url_engine(o->url, &engine, &place, e);
  return c == OK ? engine->create(o, place, e) : c;
}

enum code db_init(const struct db_options *o, struct err *e)
{
  struct db *db = NULL;
  struct db_options opening = *o;
  opening.owner = opening.schema_any = true;
  enum code c = db_create(o, e);
  if (c == OK)
    c = db_open(&opening, &db, e);
  if (c == OK)
    c = migrate_run(db, NULL, NULL, e);
  db_close(db);
  return c;
}

void db_close(struct db *db)
{
  if (db)
    db->engine->close(db);
}

enum db_engine db_engine(const struct db *db)
{
  return db->kind;
}

int64_t db_instance(const struct db *db)
{
  return db->instance;
}

void db_app_set(struct db *db, void *app)
{
  db->app = app;
}

void *db_app(const struct db *db)
{
  return db->app;
}

void db_measure(struct db *db, struct db_stats *ret)
{
  *ret = (struct db_stats){0};
  db->engine->measure(db, ret);
}

STMT_READ(q_ping, "db_ping", "SELECT CAST(1 AS bigint)");

static enum code ping(struct tx *tx, void *arg, struct err *e)
{
  return db_exec(tx, &q_ping, NULL, e, NO_BINDS);
}

enum code db_ping(struct db *db, struct err *e)
{
  struct db_who nobody = {0};
  enum code c = db_read(db, &nobody, ping, NULL, e);
  return c == OK ? db_write(db, "ping", &nobody, ping, NULL, e) : c;
}

enum code err_copy(struct err *e, const struct err *from)
{
  if (e)
    *e = *from;
  return from->code;
}

/* --- transactions ------------------------------------------------------------------------------------------- */

/* Raises the time to t at least and returns it. Behind a clock that was set back it goes on at its own pace: what ends by time ends. */
static ts_t time_raise(struct db *db, ts_t t)
{
  struct timespec mono;
  clock_gettime(CLOCK_MONOTONIC, &mono);
  ts_t since = (ts_t)mono.tv_sec * MS_SECOND + mono.tv_nsec / 1000000, ahead = t - since, old = db->ahead;
  while (old < ahead && !atomic_compare_exchange_weak(&db->ahead, &old, ahead))
    continue;
  return since + (old < ahead ? ahead : old);
}

ts_t db_now(struct db *db)
{
  return time_raise(db, clock_now());
}

void tx_start(struct tx *tx, struct db *db, void *conn, struct arena *arena, const struct db_who *who, bool write)
{
  *tx = (struct tx){.db = db, .conn = conn, .arena = arena, .write = write};
  if (who)
    tx->who = *who;
  tx->now = tx->who.at ? tx->who.at : db_now(db);
}

enum code tx_fail(struct tx *tx, const struct err *e)
{
  if (tx->failed.code == OK)
    tx->failed = *e;
  return e->code;
}

enum code tx_run(struct tx *tx, tx_fn fn, void *arg, struct err *e)
{
  tx_current = tx;
  enum code c = fn(tx, arg, e);
  tx_current = NULL;
  if (tx->failed.code != OK && (c == OK || tx->failed.code == RETRY))
    c = err_copy(e, &tx->failed);
  if (tx->cursors && c == OK)
    c = BUG(e, "rows_end() was not called");
  if (arena_failed(tx->arena) && c == OK)
    c = err_oom(e); /* something that was read or built is not there: nothing of it may be kept */
  return c;
}

enum code db_read(struct db *db, const struct db_who *who, tx_fn fn, void *arg, struct err *e)
{
  if (tx_current)
    return BUG(e, "a transaction inside a transaction");
  return db->engine->read(db, who, fn, arg, e);
}

enum code db_write(struct db *db, const char *name, const struct db_who *who, tx_fn fn, void *arg, struct err *e)
{
  if (tx_current)
    return BUG(e, "a transaction inside a transaction");
  enum code c = db->engine->write(db, who, fn, arg, e);
  if (e && (c == RETRY || c == IO || c == FAULT))
    err_detail(e, "%s: %s", name, e->detail);
  return c;
}

id64 tx_network(const struct tx *tx)
{
  return tx->who.network;
}

ts_t tx_now(const struct tx *tx)
{
  return tx->now;
}

void tx_see_time(struct tx *tx, ts_t t)
{
  time_raise(tx->db, t);
  if (tx->now < t)
    tx->now = t;
}

int tx_connection(const struct tx *tx)
{
  return tx->place;
}

bool tx_is_write(const struct tx *tx)
{
  return tx->write;
}

struct arena *tx_arena(struct tx *tx)
{
  return tx->arena;
}

void tx_slot_set(struct tx *tx, enum tx_slot slot, void *p)
{
  tx->slots[slot] = p;
}

void *tx_slot(const struct tx *tx, enum tx_slot slot)
{
  return tx->slots[slot];
}

struct db *tx_db(const struct tx *tx)
{
  return tx->db;
}

/* --- statements --------------------------------------------------------------------------------------------- */

static enum code bug_in(struct tx *tx, const struct stmt *q, const char *what, struct err *e)
{
  struct err own = {0};
  (void)!BUG(&own, what);
  err_detail(&own, "statement %s: %s", q->name, what);
  tx_fail(tx, &own);
  return err_copy(e, &own);
}

/* What both engines must refuse alike: SQLite alone would take NUL and broken UTF-8 in text, PostgreSQL would not. */
static enum code query_check(struct tx *tx, const struct stmt *q, const struct bind *binds, size_t count, struct err *e)
{
  if (tx->failed.code != OK)
    return err_copy(e, &tx->failed);
  if (q->kind == STMT_KIND_WRITE && !tx->write)
    return bug_in(tx, q, "a WRITE statement in db_read()", e);
  if (count > STMT_PARAMS_MAX)
    return bug_in(tx, q, "too many parameters", e);
  for (size_t i = 0; i < count; i++) {
    struct str s = binds[i].s;
    if (binds[i].kind == BIND_TEXT && s.n && (memchr(s.p, 0, s.n) || !utf8_valid(s)))
      return bug_in(tx, q, "unchecked text reached a statement", e);
  }
  return OK;
}

enum code db_query(struct tx *tx, const struct stmt *q, struct rows *ret, struct err *e, const struct bind *binds,
                   size_t count)
{
  enum code c = query_check(tx, q, binds, count, e);
  if (c != OK)
    return c;
  struct rows r = {.tx = tx, .at = -1};
  c = tx->db->engine->query(tx, q, &r, binds, count);
  if (c != OK)
    return err_copy(e, &tx->failed);
  tx->cursors++;
  *ret = r;
  return OK;
}

enum code db_exec(struct tx *tx, const struct stmt *q, int64_t *ret_changed, struct err *e, const struct bind *binds,
                  size_t count)
{
  int64_t changed = 0;
  enum code c = query_check(tx, q, binds, count, e);
  if (c != OK)
    return c;
  c = tx->db->engine->exec(tx, q, &changed, binds, count);
  if (c != OK)
    return err_copy(e, &tx->failed);
  if (ret_changed)
    *ret_changed = changed;
  return OK;
}

enum code db_ask_int(struct tx *tx, const struct stmt *q, int64_t *ret, struct err *e, const struct bind *binds,
                     size_t count)
{
  struct rows r = {0};
  enum code c = db_query(tx, q, &r, e, binds, count);
  if (c != OK)
    return c;
  int64_t v = rows_next(&r) ? rows_int(&r, 0) : 0;
  c = rows_end(&r, e);
  if (c == OK)
    *ret = v;
  return c;
}

enum code db_ask_text(struct tx *tx, const struct stmt *q, struct arena *a, struct str *ret, struct err *e,
                      const struct bind *binds, size_t count)
{
  struct rows r = {0};
  enum code c = db_query(tx, q, &r, e, binds, count);
  if (c != OK)
    return c;
  struct str text = rows_next(&r) ? rows_text_copy(&r, 0, a) : STR_NONE;
  c = rows_end(&r, e);
  if (c == OK)
    *ret = text;
  return c;
}

static void put_column(const struct rows *r, int col, const char *key, struct doc *d)
{
  if (key[0] == '#')
    doc_put_id(d, key + 1, rows_int(r, col));
  else if (key[0] == '?')
    doc_put_bool(d, key + 1, rows_bool(r, col));
  else
    doc_put_str(d, key, rows_text(r, col));
}

enum code db_ask_list(struct tx *tx, const struct stmt *q, const char *const *keys, struct arena *a, struct doc **ret,
                      struct err *e, const struct bind *binds, size_t count)
{
  struct rows r = {0};
  struct doc *list = doc_list(a);
  enum code c = db_query(tx, q, &r, e, binds, count);
  if (c != OK)
    return c;
  while (rows_next(&r)) {
    struct doc *d = doc_add_map(list);
    for (int col = 0; keys[col]; col++)
      put_column(&r, col, keys[col], d);
  }
  c = rows_end(&r, e);
  if (c == OK)
    *ret = list;
  return c;
}

bool rows_next(struct rows *r)
{
  return r->impl && r->code == OK && r->tx->db->engine->next(r);
}

enum code rows_end(struct rows *r, struct err *e)
{
  if (r->impl) {
    r->tx->db->engine->end(r);
    r->impl = NULL;
    r->tx->cursors--;
  }
  return r->code == OK ? OK : err_copy(e, &r->tx->failed);
}

static struct bind cell_bug(const struct rows *r, const char *what)
{
  struct err e = {0};
  (void)!BUG(&e, what);
  tx_fail(r->tx, &e);
  return (struct bind){0};
}

/* The value of a column when it has one of the kinds asked for; else NULL's, and the transaction fails by our own fault. */
static struct bind cell(const struct rows *r, int col, unsigned kinds)
{
  struct bind b = {0};
  if (!r->impl || !r->tx->db->engine->cell(r, col, &b))
    return cell_bug(r, "no such column, or of a type that the engines do not share");
  if (b.kind != BIND_NULL && !(kinds & 1U << b.kind))
    return cell_bug(r, "a column was read as another type");
  return b;
}

bool rows_null(const struct rows *r, int col)
{
  return cell(r, col, ~0U).kind == BIND_NULL;
}

int64_t rows_int(const struct rows *r, int col)
{
  return cell(r, col, 1U << BIND_INT | 1U << BIND_BOOL).i;
}

bool rows_bool(const struct rows *r, int col)
{
  return rows_int(r, col) != 0;
}

struct str rows_text(const struct rows *r, int col)
{
  return cell(r, col, 1U << BIND_TEXT).s;
}

struct str rows_bytes(const struct rows *r, int col)
{
  return cell(r, col, 1U << BIND_BYTES).s;
}

struct str rows_text_copy(const struct rows *r, int col, struct arena *a)
{
  return str_copy(a, rows_text(r, col));
}

struct str rows_bytes_copy(const struct rows *r, int col, struct arena *a)
{
  return str_copy(a, rows_bytes(r, col));
}

/* --- tools -------------------------------------------------------------------------------------------------- */

static enum code prepare_all(struct db *db, void *conn, void *arg, struct err *e)
{
  enum code c = OK;
  for (size_t i = 0; i < stmt_count() && c == OK; i++)
    c = db->engine->prepare(conn, stmt_at(i), e);
  return c;
}

static enum code run_raw(struct db *db, raw_fn fn, void *arg, struct err *e)
{
  return tx_current ? BUG(e, "raw work inside a transaction") : db->engine->raw(db, fn, arg, e);
}

enum code db_prepare_all(struct db *db, struct err *e)
{
  return run_raw(db, prepare_all, NULL, e);
}

struct script {
  struct str text;
  struct arena *arena;
  struct str *ret;
};

static enum code run_script(struct db *db, void *conn, void *arg, struct err *e)
{
  const struct script *s = arg;
  return db->engine->script(conn, s->text, s->arena, s->ret, e);
}

enum code db_script(struct db *db, const char *sql, struct arena *a, struct str *ret, struct err *e)
{
  struct script s = {str_from(sql), a, ret};
  return run_raw(db, run_script, &s, e);
}
