#include "base/limits.h"
#include "base/utf8.h"
#include "view/csv.h"

struct csv_out {
  struct arena *arena;
  struct buf b;
  bool begun; /* a cell stands in this row */
  size_t row; /* where it begins in b */
};

static const struct str bom = {"\xef\xbb\xbf", 3};

struct csv_out *csv_out_new(struct arena *a)
{
  struct csv_out *o = arena_new_of(a, struct csv_out);
  if (o) {
    o->arena = a;
    buf_init(&o->b, a, LIMIT_PAGE);
  }
  return o;
}

static void next_cell(struct csv_out *o)
{
  if (o->begun)
    buf_add_c(&o->b, ',');
  o->begun = true;
}

bool csv_is_formula(struct str text)
{
  static const struct str wide[] = {{"\xef\xbc\x9d", 3}, {"\xef\xbc\x8b", 3}, {"\xef\xbc\x8d", 3}, {"\xef\xbc\xa0", 3}};
  while (text.n && text.p[0] == '\'')
    text = str_sub(text, 1, text.n);
  if (text.n && text.p[0] && strchr("=+-@\t\r\n", text.p[0]))
    return true;
  for (size_t i = 0; i < sizeof(wide) / sizeof(*wide); i++) {
    if (str_starts(text, wide[i]))
      return true;
  }
  return false;
}

static void put_cell(struct csv_out *o, struct str text, bool guard)
{
  bool quote = false;
  if (!o)
    return;
  next_cell(o);
  for (size_t i = 0; i < text.n && !quote; i++)
    quote = text.p[i] && strchr(",\"\r\n", text.p[i]);
  quote = quote || (text.n && (text.p[0] == ' ' || text.p[text.n - 1] == ' '));
  if (quote)
    buf_add_c(&o->b, '"');
  if (guard)
    buf_add_c(&o->b, '\'');
  for (size_t i = 0; i < text.n; i++) {
    if (text.p[i] == '"')
      buf_add_c(&o->b, '"');
    buf_add_c(&o->b, text.p[i]);
  }
  if (quote)
    buf_add_c(&o->b, '"');
}

void csv_out_text(struct csv_out *o, struct str text)
{
  put_cell(o, text, csv_is_formula(text));
}

void csv_out_raw(struct csv_out *o, struct str text)
{
  put_cell(o, text, false);
}

void csv_out_row(struct csv_out *o)
{
  if (!o)
    return;
  if (o->begun && o->b.n == o->row)
    buf_add(&o->b, S("\"\"")); /* its only cell is empty: an empty line would be no row */
  buf_add(&o->b, S("\r\n"));
  o->begun = false;
  o->row = o->b.n;
}

/* Which cell it was: the slow way, only after the quick one has failed. */
static enum code name_cell(struct csv_out *o, struct str text, struct err *e)
{
  struct csv_table t;
  char row[24] = "", column[24] = "";
  size_t bad = 0;
  enum code c = csv_in(o->arena, text, &t, e);
  for (size_t r = 0; c == OK && r < t.n; r++) {
    for (size_t k = 0; k < t.row[r].n; k++) {
      struct str bytes;
      if (utf8_to_cp932(o->arena, t.row[r].cell[k], &bytes, NULL) == OK)
        continue;
      if (bad++ == 0) {
        snprintf(row, sizeof(row), "%zu", r + 1);
        snprintf(column, sizeof(column), "%zu", k + 1);
      }
    }
  }
  if (c != OK || bad == 0)
    return c != OK ? c : err_oom(e);
  c = err_set2(e, INVALID, TR("%1行%2列にShift_JISで表せない文字があります。UTF-8で書き出してください。"), row, column);
  err_detail(e, "csv: %zu cells", bad);
  return c;
}

enum code csv_out_finish(struct csv_out *o, enum csv_encoding to, struct str *ret, struct err *e)
{
  if (!o || arena_failed(o->arena))
    return err_oom(e);
  if (o->b.failed)
    return err_set(e, LIMIT, TR("表が大きすぎます。範囲をしぼってください。"));
  struct str text = buf_str(&o->b);
  if (to == CSV_CP932)
    return utf8_to_cp932(o->arena, text, ret, NULL) == OK ? OK : name_cell(o, text, e);
  if (to == CSV_UTF8_BOM) {
    struct buf all;
    buf_init(&all, o->arena, LIMIT_PAGE + bom.n);
    buf_add(&all, bom);
    buf_add(&all, text);
    text = buf_str(&all);
    if (all.failed)
      return err_oom(e);
  }
  *ret = text;
  return OK;
}

struct str *csv_table_add(struct arena *a, struct csv_table *t, size_t n)
{
  enum { FIRST = 64 };
  bool full = t->n == 0 || (t->n >= FIRST && (t->n & (t->n - 1)) == 0);
  size_t room = t->n ? 2 * t->n : FIRST;
  struct csv_row *rows = full ? arena_grow(a, t->row, t->n * sizeof *rows, room * sizeof *rows) : t->row;
  struct str *cell = arena_array(a, n, sizeof *cell);
  if (!rows || !cell)
    return NULL;
  for (size_t i = 0; i < n; i++)
    cell[i] = STR_NONE;
  t->row = rows;
  t->row[t->n++] = (struct csv_row){cell, n};
  return cell;
}

enum code csv_out_table(struct arena *a, const struct csv_table *t, enum csv_encoding to, struct str *ret,
                        struct err *e)
{
  struct csv_out *o = csv_out_new(a);
  for (size_t i = 0; i < t->n; i++) {
    for (size_t k = 0; k < t->row[i].n; k++)
      csv_out_text(o, t->row[i].cell[k]);
    csv_out_row(o);
  }
  return csv_out_finish(o, to, ret, e);
}
