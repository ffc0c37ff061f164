/* table.c: the list of tables out of the engine's catalog, and the SQL composed from it. */
#include "db/table.h"

#include "base/limits.h"
#include "db/engine.h"

enum { TABLE_SQL = 16 << 10 };

/* --- the catalog -------------------------------------------------------------------------------------------- */

struct catalog {
  struct arena *a;
  struct table **table;
  size_t count, size;
};

static struct table *find(const struct catalog *c, struct str name)
{
  for (size_t i = 0; i < c->count; i++)
    if (str_is(name, c->table[i]->name))
      return c->table[i];
  return NULL;
}

static struct table *add_table(struct catalog *c, struct str name)
{
  if (c->count == c->size) {
    size_t more = c->size ? 2 * c->size : 64;
    c->table = arena_grow(c->a, c->table, c->size * sizeof(*c->table), more * sizeof(*c->table));
    c->size = more;
  }
  struct table *t = arena_new_of(c->a, struct table);
  if (!t || !c->table)
    return NULL;
  t->name = str_cstr(c->a, name);
  return c->table[c->count++] = t;
}

/* The server's own, and the schema's version, which the program writes itself. */
static bool is_data(struct str name)
{
  return !str_is(name, "schema_version") && !str_is(name, "service_secret");
}

static bool parse_kind(struct str type, enum bind_kind *ret)
{
  static const struct {
    const char *name;
    enum bind_kind kind;
  } types[] = {{"INTEGER", BIND_INT}, {"TEXT", BIND_TEXT},   {"BLOB", BIND_BYTES},  {"bigint", BIND_INT},
               {"text", BIND_TEXT},   {"bytea", BIND_BYTES}, {"boolean", BIND_BOOL}};
  for (size_t i = 0; i < sizeof types / sizeof *types; i++)
    if (str_is(type, types[i].name)) {
      *ret = types[i].kind;
      return true;
    }
  return false;
}

/* Row: table, column, type, may be null, place in the primary key. */
static enum code take_column(void *arg, const struct str *cell, struct err *e)
{
  struct catalog *c = arg;
  int64_t key = 0;
  if (!is_data(cell[0]))
    return OK;
  struct table *t = find(c, cell[0]);
  t = t ? t : add_table(c, cell[0]);
  if (!t)
    return err_oom(e);
  struct table_column *col = &t->column[t->columns];
  if (t->columns == TABLE_COLUMNS || !parse_kind(cell[2], &col->kind) || !str_to_i64(cell[4], &key))
    return BUG(e, "a table with too many columns or a type that the engines do not share");
  col->name = str_cstr(c->a, cell[1]);
  col->nullable = str_is(cell[3], "1");
  col->key = (int)key;
  t->columns++;
  return arena_failed(c->a) ? err_oom(e) : OK;
}

/* Row: table, the table it refers to. */
static enum code take_reference(void *arg, const struct str *cell, struct err *e)
{
  struct catalog *c = arg;
  struct table *t = find(c, cell[0]), *parent = find(c, cell[1]);
  if (!t || !parent)
    return BUG(e, "a reference between tables that are not there");
  size_t n = t->parents;
  t->parent = arena_grow(c->a, t->parent, n * sizeof(*t->parent), (n + 1) * sizeof(*t->parent));
  if (!t->parent)
    return err_oom(e);
  t->parent[t->parents++] = parent;
  return OK;
}

static int by_name(const void *x, const void *y)
{
  struct table *const *a = x, *const *b = y;
  return strcmp((*a)->name, (*b)->name);
}

static bool ready(const struct table *t, struct table *const *placed, size_t n)
{
  size_t found = 0;
  for (size_t i = 0; i < t->parents; i++)
    for (size_t k = 0; k < n; k++)
      found += placed[k] == t->parent[i];
  return found == t->parents;
}

/* Again and again the first by name all of whose parents have their place. */
static enum code sort(struct catalog *c, struct table ***ret, struct err *e)
{
  struct table **out = arena_array(c->a, c->count + 1, sizeof(*out));
  if (!out)
    return err_oom(e);
  qsort(c->table, c->count, sizeof(*c->table), by_name);
  for (size_t n = 0; n < c->count; n++) {
    size_t i = 0;
    while (i < c->count && (!c->table[i] || !ready(c->table[i], out, n)))
      i++;
    if (i == c->count)
      return BUG(e, "tables refer to each other in a circle");
    out[n] = c->table[i];
    c->table[i] = NULL;
  }
  *ret = out;
  return OK;
}

/* find() while sorting would meet holes: columns and references are read before. */
enum code table_list(struct tx *tx, struct arena *a, struct table ***ret, size_t *ret_count, struct err *e)
{
  struct catalog c = {.a = a};
  const struct engine *engine = tx->db->engine;
  enum code code = engine->ask(tx, engine->sql_columns, take_column, &c, e);
  if (code == OK)
    code = engine->ask(tx, engine->sql_references, take_reference, &c, e);
  if (code == OK)
    code = sort(&c, ret, e);
  if (code == OK)
    *ret_count = c.count;
  return code;
}

const struct table *table_find(struct table *const *list, size_t count, struct str name)
{
  for (size_t i = 0; i < count; i++)
    if (str_is(name, list[i]->name))
      return list[i];
  return NULL;
}

int table_column(const struct table *t, const char *name)
{
  for (int i = 0; i < t->columns; i++)
    if (strcmp(t->column[i].name, name) == 0)
      return i;
  return -1;
}

const char *table_network_column(const struct table *t)
{
  if (table_column(t, "network_id") >= 0)
    return "network_id";
  return strcmp(t->name, "network") == 0 ? "id" : NULL;
}

/* --- SQL ---------------------------------------------------------------------------------------------------- */

static void add_columns(struct buf *b, const struct table *t)
{
  for (int i = 0; i < t->columns; i++)
    buf_printf(b, "%s\"%s\"", i ? ", " : "", t->column[i].name);
}

static void add_order(struct buf *b, const struct table *t)
{
  for (int place = 1; place <= t->columns; place++)
    for (int i = 0; i < t->columns; i++)
      if (t->column[i].key == place)
        buf_printf(b, "%s\"%s\"", place == 1 ? " ORDER BY " : ", ", t->column[i].name);
}

/* Composed text lives in an arena of its own: the caller's may be the transaction's, which rows are read into. */
static enum code compose_select(struct arena *a, const struct table *t, id64 network, const char **ret, struct err *e)
{
  struct buf b;
  const char *whose = table_network_column(t);
  buf_init(&b, a, TABLE_SQL);
  buf_add_cstr(&b, "SELECT ");
  add_columns(&b, t);
  buf_printf(&b, " FROM \"%s\"", t->name);
  if (network && whose)
    buf_printf(&b, " WHERE \"%s\" = %lld", whose, (long long)network);
  add_order(&b, t);
  *ret = str_cstr(a, buf_str(&b));
  return b.failed || !*ret ? err_oom(e) : OK;
}

enum code table_each(struct tx *tx, const struct table *t, id64 network, table_fn fn, void *arg, struct err *e)
{
  const char *sql = NULL;
  struct arena *a = arena_new(LIMIT_PAGE);
  enum code c = a ? compose_select(a, t, network, &sql, e) : err_oom(e);
  if (c == OK)
    c = tx->db->engine->each(tx, t, sql, fn, arg, e);
  arena_free(a);
  return c;
}

static enum code compose_insert(struct tx *tx, struct arena *a, const struct table *t, const char **ret, struct err *e)
{
  struct buf b;
  bool copies = tx->db->kind == DB_POSTGRESQL;
  buf_init(&b, a, TABLE_SQL);
  buf_printf(&b, "%s \"%s\" (", copies ? "COPY" : "INSERT INTO", t->name);
  add_columns(&b, t);
  buf_add_cstr(&b, copies ? ") FROM STDIN (FORMAT binary)" : ") VALUES (");
  for (int i = 0; !copies && i < t->columns; i++)
    buf_printf(&b, "%s?%d", i ? ", " : "", i + 1);
  if (!copies)
    buf_add_c(&b, ')');
  *ret = str_cstr(a, buf_str(&b));
  return b.failed || !*ret ? err_oom(e) : OK;
}

enum code table_load_begin(struct tx *tx, const struct table *t, struct table_load **ret, struct err *e)
{
  const char *sql = NULL;
  if (!tx->write)
    return BUG(e, "rows are loaded in a db_read()");
  struct arena *a = arena_new(LIMIT_PAGE);
  enum code c = a ? compose_insert(tx, a, t, &sql, e) : err_oom(e);
  struct table_load *l = c == OK ? calloc(1, sizeof(*l)) : NULL;
  if (c == OK && !l)
    c = err_oom(e);
  if (c == OK && l) {
    *l = (struct table_load){.tx = tx, .table = t};
    c = tx->db->engine->load_begin(l, sql, e);
  }
  arena_free(a);
  if (c == OK)
    *ret = l;
  else
    free(l);
  return c;
}

enum code table_load_row(struct table_load *l, const struct bind *cells, struct err *e)
{
  return l->tx->db->engine->load_row(l, cells, e);
}

enum code table_load_end(struct table_load *l, bool keep, struct err *e)
{
  if (!l)
    return OK;
  enum code c = l->tx->db->engine->load_end(l, keep, e);
  free(l);
  return c;
}

enum code table_delete(struct tx *tx, const struct table *t, const char *column, const int64_t *values, size_t n,
                       int64_t *ret_rows, struct err *e)
{
  char sql[400 + TABLE_DELETE_MOST * 21]; /* a number with its sign and comma */
  const char *whose = table_network_column(t);
  if (!tx->write || !whose || table_column(t, column) < 0 || !n || n > TABLE_DELETE_MOST)
    return BUG(e, "rows of no network, no such column, or too many values");
  int at = snprintf(sql, 400, "DELETE FROM \"%s\" WHERE \"%s\" = %lld AND \"%s\" IN (", t->name, whose,
                    (long long)tx_network(tx), column);
  if (at < 0 || at >= 400)
    return BUG(e, "names of a table and a column are too long");
  for (size_t i = 0; i < n; i++)
    at += snprintf(sql + at, sizeof sql - (size_t)at, "%lld%c", (long long)values[i], i + 1 < n ? ',' : ')');
  return tx->db->engine->run(tx, sql, ret_rows, e);
}

/* --- the files ---------------------------------------------------------------------------------------------- */

static enum code ask_raw(struct db *db, const char *sql, struct arena *a, struct str *ret, struct err *e)
{
  *ret = STR_NONE;
  return db_script(db, sql, a, ret, e);
}

/* temp_store: VACUUM writes the whole database beside itself, which need not fit into memory. The checkpoint's first column says
 * whether somebody was in its way. */
static enum code scrub_sqlite(struct db *db, struct arena *a, struct err *e)
{
  struct str busy = STR_NONE;
  enum code c = ask_raw(db, "PRAGMA temp_store = FILE; VACUUM", a, &busy, e);
  if (c == OK)
    c = ask_raw(db, "PRAGMA wal_checkpoint(TRUNCATE)", a, &busy, e);
  if (c == OK && !str_is(busy, "0"))
    c = err_set(
        e, CONFLICT,
        TR("ほかのプログラムがデータベースを読んでいるので、記録のファイルを空にできません。止めてから、もう一度"
           "実行してください。"));
  return c;
}

enum code table_scrub(struct db *db, struct err *e)
{
  struct str ignored = STR_NONE;
  struct arena *a = arena_new(LIMIT_PAGE);
  if (!a)
    return err_oom(e);
  enum code c = db->kind == DB_SQLITE ? scrub_sqlite(db, a, e) : ask_raw(db, "VACUUM", a, &ignored, e);
  arena_free(a);
  return c;
}

enum code table_overwrite_deleted(struct db *db, struct err *e)
{
  return db->kind == DB_SQLITE ? db_script(db, "PRAGMA secure_delete = ON", NULL, NULL, e) : OK;
}

enum code table_check(struct db *db, struct err *e)
{
  struct str result = STR_NONE;
  if (db->kind != DB_SQLITE)
    return OK;
  struct arena *a = arena_new(LIMIT_PAGE);
  enum code c = a ? ask_raw(db, "PRAGMA quick_check(1)", a, &result, e) : err_oom(e);
  if (c == OK && !str_is(result, "ok"))
    c = err_set(e, IO, TR("データベースのファイルが壊れています。バックアップから戻してください。"));
  arena_free(a);
  return c;
}
