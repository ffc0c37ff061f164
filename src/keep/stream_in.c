/* stream_in.c: tables out of a sealed file. Whatever the file says is checked before it is used: it may come from anywhere. */
#include "base/limits.h"
#include "keep/stream.h"

enum { JSON_BYTES = LIMIT_PAGE };

struct stream_in {
  struct arena *a;
  struct vault_in *in;
  struct doc *manifest, *end;
  struct table **table;
  size_t tables;
  char *body; /* of the record read last */
  size_t size;
  struct hasher hash; /* of the table being read */
  int64_t rows;
  const struct table *now;
  struct doc *met;
};

static enum code strange(struct err *e)
{
  return err_set(e, INVALID,
                 TR("ファイルの中身が、決まった形になっていません。別の日のバックアップを使ってください。"));
}

static uint64_t get_le(const char *p, size_t bytes)
{
  uint64_t v = 0;
  for (size_t i = 0; i < bytes; i++)
    v |= (uint64_t)(unsigned char)p[i] << (8 * i);
  return v;
}

static enum code read_record(struct stream_in *s, char *ret_letter, struct str *ret, struct err *e)
{
  char head[5];
  enum code c = vault_read(s->in, head, sizeof head, e);
  if (c != OK)
    return c;
  size_t n = (size_t)get_le(head + 1, 4);
  if (n > STREAM_ROW)
    return strange(e);
  if (n > s->size) {
    char *more = realloc(s->body, n);
    if (!more)
      return err_oom(e);
    s->body = more;
    s->size = n;
  }
  *ret_letter = head[0];
  *ret = (struct str){s->body, n};
  return n ? vault_read(s->in, s->body, n, e) : OK;
}

static enum code read_json(struct stream_in *s, struct str text, struct doc **ret, struct err *e)
{
  struct err ignored;
  return text.n <= JSON_BYTES && json_parse(s->a, text, ret, &ignored) == OK ? OK : strange(e);
}

/* --- the tables of the manifest --- */

static bool name_fits(struct str name)
{
  for (size_t i = 0; i < name.n; i++)
    if (!strchr("abcdefghijklmnopqrstuvwxyz0123456789_", name.p[i]))
      return false;
  return name.n > 0 && name.n < 64;
}

static bool read_columns(struct arena *a, const struct doc *list, struct table *t)
{
  if (doc_size(list) < 1 || doc_size(list) > TABLE_COLUMNS)
    return false;
  for (size_t i = 0; i < doc_size(list); i++) {
    struct str name = doc_get_str(doc_at(list, i), "name"), kind = doc_get_str(doc_at(list, i), "kind");
    enum bind_kind k = str_is(kind, "text") ? BIND_TEXT : str_is(kind, "bytes") ? BIND_BYTES : BIND_INT;
    if (!name_fits(name))
      return false;
    t->column[t->columns++] = (struct table_column){.name = str_cstr(a, name), .kind = k};
  }
  return true;
}

static enum code read_tables(struct stream_in *s, struct err *e)
{
  const struct doc *list = doc_get(s->manifest, "tables");
  s->table = arena_array(s->a, doc_size(list) + 1, sizeof(*s->table));
  for (size_t i = 0; s->table && i < doc_size(list); i++) {
    struct table *t = arena_new_of(s->a, struct table);
    struct str name = doc_get_str(doc_at(list, i), "name");
    if (!t)
      break;
    t->name = str_cstr(s->a, name);
    if (!name_fits(name) || table_find(s->table, i, name) ||
        !read_columns(s->a, doc_get(doc_at(list, i), "columns"), t))
      return strange(e);
    s->table[i] = t;
    s->tables = i + 1;
  }
  return arena_failed(s->a) ? err_oom(e) : OK;
}

static enum code read_beginning(struct stream_in *s, struct err *e)
{
  char letter = 0;
  struct str text = STR_NONE;
  enum code c = read_record(s, &letter, &text, e);
  if (c == OK && letter != 'J')
    c = strange(e);
  if (c == OK)
    c = read_json(s, text, &s->manifest, e);
  if (c == OK && doc_get_int(s->manifest, "format") != STREAM_FORMAT)
    c = err_set(e, INVALID,
                TR("このファイルは、新しい版の tsunagu が作ったものです。プログラムを新しくしてください。"));
  return c == OK ? read_tables(s, e) : c;
}

enum code stream_open(struct arena *a, const char *path, enum vault_kind kind, const struct vault_key *key,
                      struct stream_in **ret, struct err *e)
{
  struct stream_in *s = calloc(1, sizeof(*s));
  if (!s)
    return err_oom(e);
  s->a = a;
  s->met = doc_list(a);
  enum code c = vault_open(path, kind, key, &s->in, e);
  if (c == OK)
    c = read_beginning(s, e);
  if (c == OK)
    *ret = s;
  else
    stream_close(s);
  return c;
}

const struct doc *stream_manifest(const struct stream_in *s)
{
  return s->manifest;
}

size_t stream_tables(const struct stream_in *s, struct table *const **ret)
{
  *ret = s->table;
  return s->tables;
}

/* --- rows --- */

static bool take_cell(const char **p, const char *end, enum bind_kind kind, struct bind *ret)
{
  if (*p == end)
    return false;
  char tag = *(*p)++;
  size_t left = (size_t)(end - *p);
  *ret = b_null();
  if (tag == 0)
    return true;
  if (tag == 1) {
    if (kind != BIND_INT || left < 8)
      return false;
    *ret = b_int((int64_t)get_le(*p, 8));
    *p += 8;
    return true;
  }
  if ((tag == 2 && kind != BIND_TEXT) || (tag == 3 && kind != BIND_BYTES) || tag > 3 || tag < 0 || left < 4)
    return false;
  size_t n = (size_t)get_le(*p, 4);
  *p += 4;
  if (n > left - 4)
    return false;
  *ret = (struct bind){.kind = kind, .s = {*p, n}};
  *p += n;
  return true;
}

static enum code take_row(struct stream_in *s, struct str body, const struct stream_take *take, struct err *e)
{
  struct bind cell[TABLE_COLUMNS];
  const char *p = body.p, *end = body.p + body.n;
  if (!s->now)
    return strange(e);
  for (int i = 0; i < s->now->columns; i++)
    if (!take_cell(&p, end, s->now->column[i].kind, &cell[i]))
      return strange(e);
  if (p != end)
    return strange(e);
  hasher_add(&s->hash, body);
  s->rows++;
  return take->row(take->arg, s->now, cell, e);
}

static void finish_table(struct stream_in *s)
{
  unsigned char hash[HASH];
  if (!s->now)
    return;
  hasher_end(&s->hash, hash);
  struct doc *d = doc_add_map(s->met);
  doc_put_cstr(d, "name", s->now->name);
  doc_put_int(d, "rows", s->rows);
  doc_put_str(d, "hash", hex_text(s->a, (struct str){(const char *)hash, HASH}));
  s->now = NULL;
}

static enum code begin_table(struct stream_in *s, struct str name, const struct stream_take *take, struct err *e)
{
  finish_table(s);
  s->now = table_find(s->table, s->tables, name);
  s->rows = 0;
  hasher_begin(&s->hash);
  if (!s->now)
    return strange(e);
  return take->begin ? take->begin(take->arg, s->now, e) : OK;
}

static enum code take_end(struct stream_in *s, struct str text, struct err *e)
{
  finish_table(s);
  enum code c = read_json(s, text, &s->end, e);
  if (c == OK)
    c = vault_end(s->in, e);
  if (c == OK && !doc_equal(doc_get(s->end, "tables"), s->met))
    c = strange(e);
  return c == OK && arena_failed(s->a) ? err_oom(e) : c;
}

enum code stream_each(struct stream_in *s, const struct stream_take *take, struct err *e)
{
  for (;;) {
    char letter = 0;
    struct str body = STR_NONE;
    enum code c = read_record(s, &letter, &body, e);
    if (c == OK && letter == 'E')
      return take_end(s, body, e);
    if (c == OK && letter == 'T')
      c = begin_table(s, body, take, e);
    else if (c == OK && letter == 'R')
      c = take_row(s, body, take, e);
    else if (c == OK)
      c = strange(e);
    if (c != OK)
      return c;
  }
}

const struct doc *stream_end_manifest(const struct stream_in *s)
{
  return s->end;
}

void stream_close(struct stream_in *s)
{
  if (!s)
    return;
  vault_close(s->in);
  free(s->body);
  free(s);
}
