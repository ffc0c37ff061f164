/* stream_out.c: tables into a sealed file. */
#include "base/limits.h"
#include "keep/stream.h"

struct stream_out {
  struct arena *a;
  struct vault_out *to; /* NULL: nothing is written */
  struct doc *written;
  struct hasher hash;
  int64_t rows;
  const struct table *table;
  char *row; /* one row as it is written */
  size_t size;
};

static void free_row(void *p)
{
  free(((struct stream_out *)p)->row);
}

struct stream_out *stream_out_new(struct arena *a, struct vault_out *to)
{
  struct stream_out *s = arena_new_of(a, struct stream_out);
  if (s) {
    *s = (struct stream_out){.a = a, .to = to, .written = doc_list(a)};
    arena_cleanup(a, free_row, s);
  }
  return s;
}

static char *put_le(char *p, size_t bytes, uint64_t v)
{
  for (size_t i = 0; i < bytes; i++)
    p[i] = (char)(unsigned char)(v >> (8 * i));
  return p + bytes;
}

static enum code put_record(struct stream_out *s, char letter, struct str body, struct err *e)
{
  char head[5] = {letter};
  if (!s->to)
    return OK;
  put_le(head + 1, 4, body.n);
  enum code c = vault_write(s->to, (struct str){head, sizeof head}, e);
  return c == OK ? vault_write(s->to, body, e) : c;
}

static enum code put_json(struct stream_out *s, char letter, const struct doc *d, struct err *e)
{
  struct buf b;
  buf_init(&b, s->a, LIMIT_PAGE);
  json_write(&b, d);
  if (b.failed || arena_failed(s->a))
    return err_oom(e);
  return put_record(s, letter, buf_str(&b), e);
}

static const char *kind_word(enum bind_kind k)
{
  return k == BIND_TEXT ? "text" : k == BIND_BYTES ? "bytes" : "integer";
}

enum code stream_begin(struct stream_out *s, struct doc *manifest, struct table *const *tables, size_t count,
                       struct err *e)
{
  struct doc *list = doc_put_list(manifest, "tables");
  for (size_t i = 0; i < count; i++) {
    struct doc *t = doc_add_map(list);
    doc_put_cstr(t, "name", tables[i]->name);
    struct doc *columns = doc_put_list(t, "columns");
    for (int k = 0; k < tables[i]->columns; k++) {
      struct doc *col = doc_add_map(columns);
      doc_put_cstr(col, "name", tables[i]->column[k].name);
      doc_put_cstr(col, "kind", kind_word(tables[i]->column[k].kind));
    }
  }
  return put_json(s, 'J', manifest, e);
}

static bool fits(struct stream_out *s, const struct table *t, const struct bind *cells)
{
  size_t need = 0;
  for (int i = 0; i < t->columns; i++)
    need += 9 + cells[i].s.n;
  if (need <= s->size)
    return true;
  char *more = need > STREAM_ROW ? NULL : realloc(s->row, 2 * need);
  if (!more)
    return false;
  s->row = more;
  s->size = 2 * need;
  return true;
}

static char *put_cell(char *p, const struct bind *b)
{
  switch (b->kind) {
  case BIND_INT:
  case BIND_BOOL:
    *p++ = 1;
    return put_le(p, 8, (uint64_t)b->i);
  case BIND_TEXT:
  case BIND_BYTES:
    *p++ = b->kind == BIND_TEXT ? 2 : 3;
    p = put_le(p, 4, b->s.n);
    if (b->s.n)
      memcpy(p, b->s.p, b->s.n);
    return p + b->s.n;
  case BIND_NULL:
    break;
  }
  *p++ = 0;
  return p;
}

static enum code take_row(void *arg, const struct bind *cells, struct err *e)
{
  struct stream_out *s = arg;
  if (!fits(s, s->table, cells))
    return err_oom(e);
  char *p = s->row;
  for (int i = 0; i < s->table->columns; i++)
    p = put_cell(p, &cells[i]);
  struct str row = {s->row, (size_t)(p - s->row)};
  hasher_add(&s->hash, row);
  s->rows++;
  return put_record(s, 'R', row, e);
}

enum code stream_table(struct stream_out *s, struct tx *tx, const struct table *t, struct err *e)
{
  unsigned char hash[HASH];
  s->table = t;
  s->rows = 0;
  hasher_begin(&s->hash);
  enum code c = put_record(s, 'T', str_from(t->name), e);
  if (c == OK)
    c = table_each(tx, t, 0, take_row, s, e);
  hasher_end(&s->hash, hash);
  struct doc *d = doc_add_map(s->written);
  doc_put_cstr(d, "name", t->name);
  doc_put_int(d, "rows", s->rows);
  doc_put_str(d, "hash", hex_text(s->a, (struct str){(const char *)hash, HASH}));
  return c;
}

enum code stream_end(struct stream_out *s, struct err *e)
{
  struct doc *d = doc_map(s->a);
  doc_put(d, "tables", s->written);
  return put_json(s, 'E', d, e);
}

const struct doc *stream_written(const struct stream_out *s)
{
  return s->written;
}
