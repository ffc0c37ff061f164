/* open_row.c: see open_row.h. */
#include "keep/open_row.h"

#include <sodium.h>

#include "base/utf8.h"

static bool is_sealed(const struct table_column *col)
{
  return col->kind == BIND_BYTES && str_ends(str_from(col->name), S("_sealed"));
}

static bool is_id(const struct table_column *col)
{
  struct str n = str_from(col->name);
  return col->kind == BIND_INT &&
         (str_eq(n, S("id")) || str_ends(n, S("_id")) || str_ends(n, S("_by")) || str_ends(n, S("_ref")));
}

static bool is_factor(const struct table *t, const struct table_column *col)
{
  return strcmp(t->name, "user_account") == 0 && strcmp(col->name, "totp_sealed") == 0;
}

static bool is_password(const struct table *t, const struct table_column *col)
{
  return strcmp(t->name, "user_account") == 0 && strcmp(col->name, "password_hash") == 0;
}

bool table_travels(const struct table *t)
{
  static const char *const stay[] = {"session",    "api_token",   "paper_code",   "attempt", "idempotency",
                                     "person_key", "network_key", "person_probe", NULL};
  for (const char *const *s = stay; *s; s++)
    if (strcmp(t->name, *s) == 0)
      return false;
  return table_network_column(t) != NULL;
}

const char *column_type(const struct table_column *col)
{
  if (is_sealed(col))
    return "opened";
  if (is_id(col))
    return "id";
  return col->kind == BIND_BYTES ? "hex" : col->kind == BIND_TEXT ? "text" : "integer";
}

struct str column_name(struct arena *a, const struct table_column *col)
{
  struct str n = str_from(col->name);
  return is_sealed(col) ? str_copy(a, str_sub(n, 0, n.n - strlen("_sealed"))) : n;
}

static int64_t int_of(const struct open_row *o, const struct bind *cells, const char *column)
{
  int i = table_column(o->table, column);
  return i >= 0 ? cells[i].i : 0;
}

static enum code not_covered(const struct open_row *o, const struct table_column *col, struct err *e)
{
  enum code c = BUG(e, "a sealed column of a table without id and person_id");
  err_detail(e, "%s.%s", o->table->name, col->name);
  return c;
}

/* The key and the identity of a sealed cell. */
static enum code cell_key(const struct open_row *o, const struct table_column *col, const struct bind *cells,
                          const struct seal_key **ret, struct seal_at *ret_at, struct err *e)
{
  if (table_column(o->table, "id") < 0 || table_column(o->table, "person_id") < 0)
    return not_covered(o, col, e);
  *ret = person_keys_get(o->persons, int_of(o, cells, "person_id"));
  *ret_at = (struct seal_at){
      .table = o->table->name, .column = col->name, .network = o->network, .row = int_of(o, cells, "id")};
  return *ret ? OK : err_set(e, IO, TR("この記録の鍵がありません。消去された記録は開けません。"));
}

/* --- out --- */

static struct doc *text_or_base64(struct arena *a, struct str s)
{
  if (utf8_valid(s) && !(s.n && memchr(s.p, 0, s.n)))
    return doc_str(a, s);
  size_t size = sodium_base64_ENCODED_LEN(s.n, sodium_base64_VARIANT_ORIGINAL);
  char *text = arena_alloc(a, size);
  struct doc *d = doc_map(a);
  if (text) {
    sodium_bin2base64(text, size, (const unsigned char *)s.p, s.n, sodium_base64_VARIANT_ORIGINAL);
    doc_put_cstr(d, "base64", text);
  }
  return d;
}

static enum code open_factor(const struct open_row *o, struct arena *a, const struct bind *cells, struct str sealed,
                             struct doc *row, struct err *e)
{
  struct seal_key padded;
  struct err ignored;
  int epoch = o->epoch;
  id64 user = int_of(o, cells, "id");
  while (epoch > 0 && key_unwrap(o->keys, o->network, epoch, user, sealed, &padded, &ignored) != OK)
    epoch--;
  if (!epoch)
    return err_set(e, IO, TR("保護された情報を開けません。鍵ファイルが違うか、データが壊れています。"));
  doc_put_str(row, "totp", hex_text(a, (struct str){(const char *)padded.k, TOTP_SECRET}));
  return OK;
}

static enum code open_cell(const struct open_row *o, struct arena *a, const struct table_column *col,
                           const struct bind *cells, const struct bind *cell, struct doc *row, struct err *e)
{
  const struct seal_key *key = NULL;
  struct seal_at at;
  struct str text = STR_NONE;
  enum code c = cell_key(o, col, cells, &key, &at, e);
  if (c == OK)
    c = unseal(a, key, at, cell->s, &text, e);
  if (c != OK)
    return c;
  if (o->withheld)
    text = withheld_mask(o->withheld, a, int_of(o, cells, "person_id"), int_of(o, cells, "item"), text);
  doc_put_key(row, column_name(a, col), text_or_base64(a, text));
  return OK;
}

static enum code put_cell(const struct open_row *o, struct arena *a, const struct table_column *col,
                          const struct bind *cells, const struct bind *cell, struct doc *row, struct err *e)
{
  struct str name = column_name(a, col);
  if (cell->kind == BIND_NULL || (o->plain && is_factor(o->table, col)))
    doc_put_null(row, str_cstr(a, name));
  else if (o->plain && is_password(o->table, col))
    doc_put_str(row, col->name, STR_NONE);
  else if (is_factor(o->table, col))
    return open_factor(o, a, cells, cell->s, row, e);
  else if (is_sealed(col))
    return open_cell(o, a, col, cells, cell, row, e);
  else if (is_id(col))
    doc_put_str(row, col->name, id_text(a, cell->i));
  else if (col->kind == BIND_BYTES)
    doc_put_str(row, col->name, hex_text(a, cell->s));
  else if (col->kind == BIND_TEXT)
    doc_put_str(row, col->name, cell->s);
  else
    doc_put_int(row, col->name, cell->i);
  return OK;
}

/* What is kept to be searched by is the same text in another spelling, in which nothing may resemble any more. */
static void withhold_fold(struct doc *row, struct arena *a)
{
  if (doc_get(row, "fold"))
    doc_replace(row, "fold", doc_str(a, STR_NONE));
}

enum code row_open(const struct open_row *o, struct arena *a, const struct bind *cells, struct doc **ret, struct err *e)
{
  struct doc *row = doc_map(a);
  int64_t withheld = withheld_count(o->withheld);
  enum code c = OK;
  for (int i = 0; c == OK && i < o->table->columns; i++)
    c = put_cell(o, a, &o->table->column[i], cells, &cells[i], row, e);
  if (withheld_count(o->withheld) > withheld)
    withhold_fold(row, a);
  *ret = row;
  return c == OK && arena_failed(a) ? err_oom(e) : c;
}

/* --- in --- */

static enum code strange(const struct open_row *o, const struct table_column *col, struct err *e)
{
  enum code c = err_set(
      e, INVALID,
      TR("書き出したファイルの中身が、決まった形になっていません。書き出した側で、もう一度書き出してください。"));
  err_detail(e, "%s.%s", o->table->name, col->name);
  return c;
}

static bool read_opened(struct arena *a, const struct doc *d, struct str *ret)
{
  struct str text = doc_string(d);
  if (doc_kind(d) == DOC_STR) {
    *ret = text;
    return true;
  }
  text = doc_get_str(d, "base64");
  unsigned char *p = arena_alloc(a, text.n + 1);
  size_t n = 0;
  if (doc_kind(d) != DOC_MAP || !p ||
      sodium_base642bin(p, text.n + 1, text.p, text.n, NULL, &n, NULL, sodium_base64_VARIANT_ORIGINAL) != 0)
    return false;
  *ret = (struct str){(const char *)p, n};
  return true;
}

static enum code seal_factor(const struct open_row *o, struct arena *a, const struct doc *line, const struct doc *d,
                             struct bind *ret, struct err *e)
{
  struct seal_key padded = {0};
  struct str secret = STR_NONE, sealed = STR_NONE;
  id64 user = 0;
  if (!hex_parse(a, doc_string(d), &secret) || secret.n != TOTP_SECRET || !doc_get_id(line, "id", &user))
    return err_set(e, INVALID, code_msg(INVALID));
  memcpy(padded.k, secret.p, secret.n);
  enum code c = key_wrap(a, o->keys, o->network, o->epoch, user, &padded, &sealed, e);
  *ret = b_bytes(sealed);
  return c;
}

/* Plain cells first, since the sealed ones need the row's ids. */
static bool read_plain(struct arena *a, const struct table_column *col, const struct doc *d, struct bind *ret)
{
  struct str text = doc_string(d), bytes = STR_NONE;
  id64 id = 0;
  if (doc_kind(d) == DOC_NULL) {
    *ret = b_null();
    return true;
  }
  if (is_id(col) || col->kind == BIND_BYTES || col->kind == BIND_TEXT) {
    if (doc_kind(d) != DOC_STR)
      return false;
    if (is_id(col) && text.n && !id_parse(text, &id))
      return false;
    if (col->kind == BIND_BYTES && !hex_parse(a, text, &bytes))
      return false;
    *ret = is_id(col) ? b_int(id) : col->kind == BIND_BYTES ? b_bytes(bytes) : b_text(text);
    return true;
  }
  *ret = b_int(doc_integer(d));
  return doc_kind(d) == DOC_INT;
}

static enum code seal_cell(const struct open_row *o, struct arena *a, const struct table_column *col,
                           const struct doc *line, struct bind *cells, struct bind *ret, struct err *e)
{
  const struct seal_key *key = NULL;
  struct seal_at at;
  struct str text = STR_NONE, sealed = STR_NONE;
  const struct doc *d = doc_get_key(line, column_name(a, col));
  *ret = b_null();
  if (doc_kind(d) == DOC_NULL)
    return OK;
  if (is_factor(o->table, col))
    return seal_factor(o, a, line, d, ret, e);
  if (!read_opened(a, d, &text))
    return strange(o, col, e);
  enum code c = cell_key(o, col, cells, &key, &at, e);
  if (c == OK)
    c = seal(a, key, at, text, &sealed, e);
  *ret = b_bytes(sealed);
  return c;
}

enum code row_seal(const struct open_row *o, struct arena *a, const struct doc *line, struct bind *ret_cells,
                   struct err *e)
{
  enum code c = OK;
  for (int i = 0; i < o->table->columns; i++) {
    const struct table_column *col = &o->table->column[i];
    if (!is_sealed(col) && !read_plain(a, col, doc_get(line, col->name), &ret_cells[i]))
      return strange(o, col, e);
    if (!is_sealed(col) && ret_cells[i].kind == BIND_TEXT && !utf8_valid(ret_cells[i].s))
      return strange(o, col, e);
  }
  for (int i = 0; c == OK && i < o->table->columns; i++)
    if (is_sealed(&o->table->column[i]))
      c = seal_cell(o, a, &o->table->column[i], line, ret_cells, &ret_cells[i], e);
  return c;
}
