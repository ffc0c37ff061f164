/* pg_table.c: whole tables of a PostgreSQL database, by COPY in its binary format: a header, then each row as the number of its
 * columns and, for each, length and bytes (-1: NULL), all in network order (documentation of COPY, "Binary Format"). */
#include <endian.h>

#include "db/pg.h"

const char pg_columns_sql[] =
    "SELECT c.relname, a.attname, format_type(a.atttypid, NULL), CASE WHEN a.attnotnull THEN 0 ELSE 1 END,"
    " coalesce(array_position(CAST(i.indkey AS smallint[]), a.attnum) + 1, 0)"
    " FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped"
    " LEFT JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary"
    " WHERE c.relkind = 'r' AND c.relnamespace = CAST('public' AS regnamespace)"
    " AND c.relname <> 'service_secret' ORDER BY c.relname, a.attnum";
const char pg_references_sql[] =
    "SELECT DISTINCT c.relname, t.relname FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid"
    " JOIN pg_class t ON t.oid = k.confrelid"
    " WHERE k.contype = 'f' AND c.relnamespace = CAST('public' AS regnamespace) ORDER BY 1, 2";

static const char copy_head[] = "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0"; /* signature, flags, no extension */
enum { COPY_HEAD = 19, ROW_FIRST = 4096 };
_Static_assert(sizeof copy_head == COPY_HEAD, "with the NUL that ends the literal");

static enum code failed(struct tx *tx, const PGresult *r, const char *what, struct err *e)
{
  struct err own = {0};
  const char *state = r ? PQresultErrorField(r, PG_DIAG_SQLSTATE) : NULL;
  pg_error(tx->conn, r, what, false, &own);
  if (state && (strcmp(state, "42501") == 0 || strcmp(state, "0A000") == 0)) {
    err_set(&own, DENIED, TR("この作業には、PostgreSQL の管理者(SUPERUSER)として接続してください。"));
    err_detail(&own, "%s: SQLSTATE %s", what, state);
  }
  tx_fail(tx, &own);
  return err_copy(e, &own);
}

static PGconn *handle(const struct tx *tx)
{
  return ((const struct pg_conn *)tx->conn)->h;
}

enum code pg_ask(struct tx *tx, const char *sql, ask_fn fn, void *arg, struct err *e)
{
  PGresult *r = PQexec(handle(tx), sql);
  enum code c = PQresultStatus(r) == PGRES_TUPLES_OK ? OK : failed(tx, r, "table", e);
  for (int row = 0; c == OK && row < PQntuples(r); row++) {
    struct str cell[8] = {{0}};
    for (int i = 0; i < PQnfields(r) && i < 8; i++)
      cell[i] = (struct str){PQgetvalue(r, row, i), (size_t)PQgetlength(r, row, i)};
    c = fn(arg, cell, e);
  }
  PQclear(r);
  return c;
}

enum code pg_run(struct tx *tx, const char *sql, int64_t *ret_changed, struct err *e)
{
  PGresult *r = PQexec(handle(tx), sql);
  enum code c = PQresultStatus(r) == PGRES_COMMAND_OK ? OK : failed(tx, r, "table", e);
  if (c == OK && !str_to_i64(str_from(PQcmdTuples(r)), ret_changed))
    *ret_changed = 0;
  PQclear(r);
  return c;
}

/* --- out ---------------------------------------------------------------------------------------------------- */

struct cursor {
  const char *p, *end;
};

static bool take_int(struct cursor *c, size_t bytes, int64_t *ret)
{
  uint64_t v = 0;
  if ((size_t)(c->end - c->p) < bytes)
    return false;
  for (size_t i = 0; i < bytes; i++)
    v = v << 8 | (unsigned char)c->p[i];
  c->p += bytes;
  *ret = bytes == 2 ? (int16_t)v : bytes == 4 ? (int32_t)v : (int64_t)v;
  return true;
}

static bool take_cell(struct cursor *c, const struct table_column *col, struct bind *ret)
{
  int64_t n, v = 0;
  *ret = b_null();
  if (!take_int(c, 4, &n) || n < -1 || n > c->end - c->p)
    return false;
  if (n < 0)
    return true;
  struct str s = {c->p, (size_t)n};
  switch (col->kind) {
  case BIND_TEXT:
    *ret = b_text(s);
    break;
  case BIND_BYTES:
    *ret = b_bytes(s);
    break;
  default:
    if ((n != 8 && n != 1) || !take_int(c, (size_t)n, &v))
      return false;
    *ret = b_int(v);
    return true;
  }
  c->p += n;
  return true;
}

/* One message of the server: one row, the first with the header before it; the last is the trailer, -1 columns. */
static enum code take_row(const struct table *t, struct cursor c, bool first, table_fn fn, void *arg, struct err *e)
{
  struct bind cell[TABLE_COLUMNS];
  int64_t columns;
  if (first) {
    if (c.end - c.p < COPY_HEAD || memcmp(c.p, copy_head, COPY_HEAD) != 0)
      return BUG(e, "the server's COPY does not begin as it should");
    c.p += COPY_HEAD;
    if (c.p == c.end)
      return OK;
  }
  if (!take_int(&c, 2, &columns))
    return BUG(e, "a row of COPY without its number of columns");
  if (columns == -1)
    return OK;
  if (columns != t->columns)
    return BUG(e, "a row of COPY with other columns than asked for");
  for (int i = 0; i < t->columns; i++)
    if (!take_cell(&c, &t->column[i], &cell[i]))
      return BUG(e, "a cell of COPY that does not fit its type");
  return fn(arg, cell, e);
}

static enum code copy_result(struct tx *tx, const char *what, enum code c, struct err *e)
{
  PGresult *r;
  while ((r = PQgetResult(handle(tx)))) {
    if (c == OK && PQresultStatus(r) != PGRES_COMMAND_OK)
      c = failed(tx, r, what, e);
    PQclear(r);
  }
  return c;
}

static enum code copy_begin(struct tx *tx, const char *sql, ExecStatusType wanted, const char *what, struct err *e)
{
  PGresult *r = PQexec(handle(tx), sql);
  enum code c = PQresultStatus(r) == wanted ? OK : failed(tx, r, what, e);
  PQclear(r);
  return c;
}

enum code pg_each(struct tx *tx, const struct table *t, const char *sql, table_fn fn, void *arg, struct err *e)
{
  struct buf b;
  struct arena *a = arena_new(1 << 20);
  buf_init(&b, a, 1 << 19);
  buf_printf(&b, "COPY (%s) TO STDOUT (FORMAT binary)", sql);
  const char *copy = str_cstr(a, buf_str(&b));
  enum code c = !copy || b.failed ? err_oom(e) : copy_begin(tx, copy, PGRES_COPY_OUT, t->name, e);
  arena_free(a);
  if (c != OK)
    return c;
  char *row = NULL;
  int n;
  for (bool first = true; (n = PQgetCopyData(handle(tx), &row, 0)) > 0; first = false) {
    if (c == OK) /* after a failure the rest is only taken off the line */
      c = take_row(t, (struct cursor){row, row + n}, first, fn, arg, e);
    PQfreemem(row);
  }
  if (n == -2 && c == OK)
    c = failed(tx, NULL, t->name, e);
  return copy_result(tx, t->name, c, e);
}

/* --- in ----------------------------------------------------------------------------------------------------- */

static enum code send_bytes(struct table_load *l, const char *p, size_t n, struct err *e)
{
  return PQputCopyData(handle(l->tx), p, (int)n) == 1 ? OK : failed(l->tx, NULL, l->table->name, e);
}

enum code pg_load_begin(struct table_load *l, const char *sql, struct err *e)
{
  enum code c = copy_begin(l->tx, sql, PGRES_COPY_IN, l->table->name, e);
  return c == OK ? send_bytes(l, copy_head, COPY_HEAD, e) : c;
}

static char *put_int(char *p, size_t bytes, int64_t v)
{
  for (size_t i = 0; i < bytes; i++)
    p[i] = (char)(unsigned char)((uint64_t)v >> (8 * (bytes - 1 - i)));
  return p + bytes;
}

static char *put_cell(char *p, const struct table_column *col, const struct bind *b)
{
  if (b->kind == BIND_NULL)
    return put_int(p, 4, -1);
  if (col->kind == BIND_BOOL || col->kind == BIND_INT) {
    size_t n = col->kind == BIND_BOOL ? 1 : 8;
    return put_int(put_int(p, 4, (int64_t)n), n, col->kind == BIND_BOOL ? b->i != 0 : b->i);
  }
  p = put_int(p, 4, (int64_t)b->s.n);
  if (b->s.n)
    memcpy(p, b->s.p, b->s.n);
  return p + b->s.n;
}

static bool fits(struct table_load *l, const struct bind *cells)
{
  size_t need = 2;
  for (int i = 0; i < l->table->columns; i++)
    need += 12 + cells[i].s.n;
  if (need <= l->size)
    return true;
  size_t size = need < ROW_FIRST ? ROW_FIRST : 2 * need;
  char *more = size > INT32_MAX ? NULL : realloc(l->buf, size);
  if (!more)
    return false;
  l->buf = more;
  l->size = size;
  return true;
}

enum code pg_load_row(struct table_load *l, const struct bind *cells, struct err *e)
{
  if (!fits(l, cells))
    return err_oom(e);
  char *p = put_int(l->buf, 2, l->table->columns);
  for (int i = 0; i < l->table->columns; i++)
    p = put_cell(p, &l->table->column[i], &cells[i]);
  return send_bytes(l, l->buf, (size_t)(p - l->buf), e);
}

enum code pg_load_end(struct table_load *l, bool keep, struct err *e)
{
  static const char trailer[2] = {(char)0xff, (char)0xff};
  enum code c = keep ? send_bytes(l, trailer, sizeof trailer, e) : OK;
  if (PQputCopyEnd(handle(l->tx), keep && c == OK ? NULL : "given up") != 1 && c == OK)
    c = failed(l->tx, NULL, l->table->name, e);
  if (keep) {
    c = copy_result(l->tx, l->table->name, c, e);
  } else {
    struct err ignored = {0};
    (void)!copy_result(l->tx, l->table->name, OK, &ignored);
  }
  free(l->buf);
  return c;
}
