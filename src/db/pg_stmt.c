/* pg_stmt.c: statements on a PostgreSQL connection: prepared by name on first use, values out of the binary result. */
#include <endian.h>

#include "db/pg.h"

/* Oids of the built-in types (pg_type.dat); they never change. */
enum {
  BOOLOID = 16,
  BYTEAOID = 17,
  NAMEOID = 19,
  INT8OID = 20,
  INT2OID = 21,
  INT4OID = 23,
  TEXTOID = 25,
  UNKNOWNOID = 705,
  BPCHAROID = 1042,
  VARCHAROID = 1043
};

enum { INT_TEXT = 24, FORMAT_TEXT = 0, FORMAT_BINARY = 1 };

static enum code stmt_get(struct pg_conn *c, const struct stmt *q, struct err *e)
{
  size_t i = stmt_index(q);
  if (c->prepared[i])
    return OK;
  PGresult *r = pg_answers(c, PQsendPrepare(c->h, q->name, q->sql, 0, NULL));
  enum code code = PQresultStatus(r) == PGRES_COMMAND_OK ? OK : pg_error(c, r, q->name, true, e);
  PQclear(r);
  c->prepared[i] = code == OK;
  return code;
}

/* --- checks for db_prepare_all() ---------------------------------------------------------------------------- */

static bool param_shared(Oid type)
{
  return type == INT8OID || type == TEXTOID || type == BYTEAOID || type == BOOLOID;
}

static enum bind_kind column_kind(Oid type)
{
  switch (type) {
  case INT8OID:
  case INT4OID:
  case INT2OID:
    return BIND_INT;
  case BOOLOID:
    return BIND_BOOL;
  case TEXTOID:
  case VARCHAROID:
  case BPCHAROID:
  case NAMEOID:
  case UNKNOWNOID:
    return BIND_TEXT;
  case BYTEAOID:
    return BIND_BYTES;
  default:
    return BIND_NULL;
  }
}

/* An int4 parameter would refuse an id, a numeric column cannot be read: better known when the statement is written. */
static enum code check_types(const struct stmt *q, const PGresult *r, struct err *e)
{
  for (int i = 0; i < PQnparams(r); i++)
    if (!param_shared(PQparamtype(r, i))) {
      err_set(e, FAULT, code_msg(FAULT));
      err_detail(e, "%s: parameter $%d has a type that is not shared (oid %u): write CAST($%d AS bigint)", q->name,
                 i + 1, PQparamtype(r, i), i + 1);
      return FAULT;
    }
  for (int i = 0; i < PQnfields(r); i++)
    if (column_kind(PQftype(r, i)) == BIND_NULL) {
      err_set(e, FAULT, code_msg(FAULT));
      err_detail(e, "%s: column %d has a type that is not shared (oid %u): write CAST(… AS bigint)", q->name, i,
                 PQftype(r, i));
      return FAULT;
    }
  return OK;
}

enum code pg_prepare(void *conn, const struct stmt *q, struct err *e)
{
  struct pg_conn *c = conn;
  enum code code = stmt_get(c, q, e);
  if (code != OK)
    return code;
  PGresult *r = PQdescribePrepared(c->h, q->name);
  code = PQresultStatus(r) == PGRES_COMMAND_OK ? check_types(q, r, e) : pg_error(c, r, q->name, true, e);
  PQclear(r);
  return code;
}

/* --- running ------------------------------------------------------------------------------------------------ */

/* Numbers go as text, which fits whatever integer type the server inferred; text and bytes as they are. */
static const char *bind_value(const struct bind *b, char number[INT_TEXT], int *ret_length, int *ret_format)
{
  *ret_format = FORMAT_TEXT;
  switch (b->kind) {
  case BIND_INT:
    *ret_length = snprintf(number, INT_TEXT, "%lld", (long long)b->i);
    return number;
  case BIND_BOOL:
    *ret_length = 1;
    return b->i ? "t" : "f";
  case BIND_TEXT:
  case BIND_BYTES:
    *ret_format = FORMAT_BINARY;
    *ret_length = (int)b->s.n;
    return b->s.p ? b->s.p : "";
  case BIND_NULL:
    break;
  }
  *ret_length = 0;
  return NULL;
}

static enum code stmt_run(struct tx *tx, const struct stmt *q, PGresult **ret, const struct bind *binds, size_t count)
{
  struct pg_conn *c = tx->conn;
  const char *values[STMT_PARAMS_MAX];
  char numbers[STMT_PARAMS_MAX][INT_TEXT];
  int lengths[STMT_PARAMS_MAX], formats[STMT_PARAMS_MAX];
  struct err e = {0};
  if (stmt_get(c, q, &e) != OK)
    return tx_fail(tx, &e);
  for (size_t i = 0; i < count; i++)
    values[i] = bind_value(&binds[i], numbers[i], &lengths[i], &formats[i]);
  PGresult *r = pg_answers(c, PQsendQueryPrepared(c->h, q->name, (int)count, values, lengths, formats, FORMAT_BINARY));
  ExecStatusType status = PQresultStatus(r);
  if (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK) {
    *ret = r;
    return OK;
  }
  pg_error(c, r, q->name, false, &e);
  PQclear(r);
  return tx_fail(tx, &e);
}

enum code pg_query(struct tx *tx, const struct stmt *q, struct rows *ret, const struct bind *binds, size_t count)
{
  struct pg_conn *c = tx->conn;
  PGresult *r = NULL;
  enum code code = stmt_run(tx, q, &r, binds, count);
  if (code != OK)
    return code;
  struct pg_cursor *cursor = malloc(sizeof *cursor);
  if (!cursor) {
    PQclear(r);
    struct err e;
    err_oom(&e);
    return tx_fail(tx, &e);
  }
  *cursor = (struct pg_cursor){r, c->open};
  c->open = cursor;
  ret->impl = cursor;
  return OK;
}

enum code pg_exec(struct tx *tx, const struct stmt *q, int64_t *ret_changed, const struct bind *binds, size_t count)
{
  PGresult *r = NULL;
  enum code code = stmt_run(tx, q, &r, binds, count);
  if (code != OK)
    return code;
  if (q->kind != STMT_KIND_WRITE || !str_to_i64(str_from(PQcmdTuples(r)), ret_changed))
    *ret_changed = 0;
  PQclear(r);
  return OK;
}

/* --- rows --------------------------------------------------------------------------------------------------- */

bool pg_next(struct rows *r)
{
  const struct pg_cursor *cursor = r->impl;
  if (r->at < PQntuples(cursor->r))
    r->at++;
  return r->at < PQntuples(cursor->r);
}

static void cursor_release(struct pg_conn *c, struct pg_cursor *cursor)
{
  for (struct pg_cursor **at = &c->open; *at; at = &(*at)->next)
    if (*at == cursor) {
      *at = cursor->next;
      break;
    }
  PQclear(cursor->r);
  free(cursor);
}

void pg_end(struct rows *r)
{
  cursor_release(r->tx->conn, r->impl);
}

void pg_conn_tidy(struct pg_conn *c)
{
  while (c->open)
    cursor_release(c, c->open);
}

/* Integers come in network order. */
static int64_t read_int(const char *p, int n)
{
  uint64_t v = p[0] < 0 ? UINT64_MAX : 0;
  for (int i = 0; i < n; i++)
    v = v << 8 | (unsigned char)p[i];
  return (int64_t)v;
}

bool pg_cell(const struct rows *rows, int col, struct bind *ret)
{
  const PGresult *r = ((const struct pg_cursor *)rows->impl)->r;
  int row = (int)rows->at;
  if (row < 0 || row >= PQntuples(r) || col < 0 || col >= PQnfields(r))
    return false;
  enum bind_kind kind = column_kind(PQftype(r, col));
  const char *p = PQgetvalue(r, row, col);
  int n = PQgetlength(r, row, col);
  if (kind == BIND_NULL)
    return false;
  *ret = b_null();
  if (PQgetisnull(r, row, col))
    return true;
  ret->kind = kind;
  if (kind == BIND_TEXT || kind == BIND_BYTES)
    ret->s = (struct str){p, (size_t)n};
  else
    ret->i = read_int(p, n);
  return true;
}

/* --- literal scripts ---------------------------------------------------------------------------------------- */

enum code pg_script(void *conn, struct str text, struct arena *a, struct str *ret, struct err *e)
{
  struct pg_conn *c = conn;
  char *sql = strndup(text.p, text.n);
  if (!sql)
    return err_oom(e);
  PGresult *r = pg_answers(c, PQsendQuery(c->h, sql));
  free(sql);
  enum code code = OK;
  ExecStatusType status = PQresultStatus(r);
  if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK && status != PGRES_EMPTY_QUERY)
    code = pg_error(c, r, "script", true, e);
  else if (ret && PQntuples(r) > 0 && !PQgetisnull(r, 0, 0))
    *ret = str_copy(a, str_from(PQgetvalue(r, 0, 0)));
  if (code == OK && ret && arena_failed(a))
    code = err_oom(e);
  PQclear(r);
  return code;
}

/* Length of what begins at p and is passed over whole: comment, string, quoted name, $tag$ body; 1 for any other byte. */
static size_t piece(const char *p, size_t n)
{
  const char *end = NULL;
  size_t tail = 1;
  if (p[0] == '\'' || p[0] == '"') {
    end = memchr(p + 1, p[0], n - 1); /* a doubled quote reads as two strings side by side */
  } else if (n > 1 && p[0] == '-' && p[1] == '-') {
    end = memchr(p, '\n', n);
  } else if (n > 1 && p[0] == '/' && p[1] == '*') {
    end = memmem(p + 2, n - 2, "*/", 2);
    tail = 2;
  } else if (p[0] == '$') {
    size_t tag = 1;
    while (tag < n && (p[tag] == '_' || (p[tag] >= 'a' && p[tag] <= 'z')))
      tag++;
    if (tag == n || p[tag] != '$')
      return 1;
    tail = tag + 1;
    end = memmem(p + tail, n - tail, p, tail);
  } else {
    return 1;
  }
  return end ? (size_t)(end - p) + tail : n;
}

bool pg_split(void *conn, struct str *rest, struct str *ret)
{
  bool any = false; /* more than blanks and comments */
  size_t at = 0;
  while (at < rest->n && rest->p[at] != ';') {
    size_t n = piece(rest->p + at, rest->n - at);
    bool comment = n > 1 && (rest->p[at] == '-' || rest->p[at] == '/');
    any = any || (!comment && !strchr(" \t\r\n", rest->p[at]));
    at += n;
  }
  *ret = str_sub(*rest, 0, at);
  *rest = at < rest->n ? str_sub(*rest, at + 1, rest->n) : STR_NONE;
  return any;
}
