/* sqlite_table.c: whole tables of a SQLite database: composed text, rows out and in. */
#include "db/sqlite.h"

const char sq_columns_sql[] = "SELECT m.name, p.name, p.type, CASE p.\"notnull\" WHEN 0 THEN 1 ELSE 0 END, p.pk"
                              " FROM sqlite_schema m JOIN pragma_table_info(m.name) p"
                              " WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%' ORDER BY m.name, p.cid";
const char sq_references_sql[] = "SELECT DISTINCT m.name, f.\"table\" FROM sqlite_schema m"
                                 " JOIN pragma_foreign_key_list(m.name) f WHERE m.type = 'table' ORDER BY 1, 2";

static enum code failed(struct tx *tx, int rc, const char *what, struct err *e)
{
  struct err own = {0};
  sq_error(tx->conn, rc, what, &own);
  tx_fail(tx, &own);
  return err_copy(e, &own);
}

static enum code prepare(struct tx *tx, const char *sql, sqlite3_stmt **ret, struct err *e)
{
  struct sq_conn *c = tx->conn;
  int rc = sqlite3_prepare_v2(c->h, sql, -1, ret, NULL);
  return rc == SQLITE_OK ? OK : failed(tx, rc, "table", e);
}

enum code sq_ask(struct tx *tx, const char *sql, ask_fn fn, void *arg, struct err *e)
{
  sqlite3_stmt *h = NULL;
  enum code c = prepare(tx, sql, &h, e);
  int rc = SQLITE_ROW;
  while (c == OK && (rc = sqlite3_step(h)) == SQLITE_ROW) {
    struct str cell[8] = {{0}};
    int n = sqlite3_data_count(h);
    for (int i = 0; i < n && i < 8; i++) {
      cell[i].p = (const char *)sqlite3_column_text(h, i);
      cell[i].n = (size_t)sqlite3_column_bytes(h, i);
    }
    c = fn(arg, cell, e);
  }
  if (c == OK && rc != SQLITE_DONE)
    c = failed(tx, rc, "table", e);
  sqlite3_finalize(h);
  return c;
}

enum code sq_run(struct tx *tx, const char *sql, int64_t *ret_changed, struct err *e)
{
  const struct sq_conn *conn = tx->conn;
  sqlite3_stmt *h = NULL;
  enum code c = prepare(tx, sql, &h, e);
  int rc = c == OK ? sqlite3_step(h) : SQLITE_DONE;
  if (c == OK && rc != SQLITE_DONE)
    c = failed(tx, rc, "table", e);
  if (c == OK)
    *ret_changed = sqlite3_changes64(conn->h);
  sqlite3_finalize(h);
  return c;
}

static struct bind cell_of(sqlite3_stmt *h, int i)
{
  struct str s;
  switch (sqlite3_column_type(h, i)) {
  case SQLITE_INTEGER:
    return b_int(sqlite3_column_int64(h, i));
  case SQLITE_TEXT:
    s.p = (const char *)sqlite3_column_text(h, i);
    s.n = (size_t)sqlite3_column_bytes(h, i);
    return b_text(s);
  case SQLITE_BLOB:
    s.p = sqlite3_column_blob(h, i);
    s.n = (size_t)sqlite3_column_bytes(h, i);
    return b_bytes(s);
  default:
    return b_null();
  }
}

enum code sq_each(struct tx *tx, const struct table *t, const char *sql, table_fn fn, void *arg, struct err *e)
{
  sqlite3_stmt *h = NULL;
  struct bind cell[TABLE_COLUMNS];
  enum code c = prepare(tx, sql, &h, e);
  int rc = SQLITE_ROW;
  while (c == OK && (rc = sqlite3_step(h)) == SQLITE_ROW) {
    for (int i = 0; i < t->columns; i++)
      cell[i] = cell_of(h, i);
    c = fn(arg, cell, e);
  }
  if (c == OK && rc != SQLITE_DONE)
    c = failed(tx, rc, t->name, e);
  sqlite3_finalize(h);
  return c;
}

enum code sq_load_begin(struct table_load *l, const char *sql, struct err *e)
{
  sqlite3_stmt *h = NULL;
  enum code c = prepare(l->tx, sql, &h, e);
  l->impl = h;
  return c;
}

static int bind_cell(sqlite3_stmt *h, int at, const struct bind *b)
{
  const char *p = b->s.p ? b->s.p : "";
  switch (b->kind) {
  case BIND_INT:
  case BIND_BOOL:
    return sqlite3_bind_int64(h, at, b->i);
  case BIND_TEXT:
    return sqlite3_bind_text64(h, at, p, b->s.n, SQLITE_STATIC, SQLITE_UTF8);
  case BIND_BYTES:
    return sqlite3_bind_blob64(h, at, p, b->s.n, SQLITE_STATIC);
  case BIND_NULL:
    break;
  }
  return sqlite3_bind_null(h, at);
}

enum code sq_load_row(struct table_load *l, const struct bind *cells, struct err *e)
{
  sqlite3_stmt *h = l->impl;
  int rc = SQLITE_OK;
  for (int i = 0; rc == SQLITE_OK && i < l->table->columns; i++)
    rc = bind_cell(h, i + 1, &cells[i]);
  if (rc == SQLITE_OK)
    rc = sqlite3_step(h);
  enum code c = rc == SQLITE_DONE ? OK : failed(l->tx, rc, l->table->name, e);
  sqlite3_reset(h);
  return c;
}

enum code sq_load_end(struct table_load *l, bool keep, struct err *e)
{
  sqlite3_finalize(l->impl);
  return OK;
}
