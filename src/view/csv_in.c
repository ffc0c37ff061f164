/* csv_in.c: reading by libcsv. The bytes of CP932 are split before they are converted: none of its second bytes is a comma or a quote. */
#include <csv.h>

#include "base/limits.h"
#include "base/utf8.h"
#include "view/csv.h"

struct reader {
  struct arena *arena;
  struct csv_table t;
  bool tabs;
  size_t rows;      /* there is room for */
  struct str *cell; /* of the row being read */
  size_t cells, room;
  bool too_many;
};

static void take_cell(void *bytes, size_t n, void *data)
{
  struct reader *r = data;
  if (r->cells == CSV_COLUMNS) {
    r->too_many = true;
    return;
  }
  if (r->cells == r->room) {
    size_t room = r->room ? r->room * 2 : 16;
    r->cell = arena_grow(r->arena, r->cell, r->room * sizeof(*r->cell), room * sizeof(*r->cell));
    r->room = room;
  }
  if (r->cell)
    r->cell[r->cells++] = str_copy(r->arena, (struct str){bytes, n});
}

static void take_row(int c, void *data)
{
  struct reader *r = data;
  if (r->t.n == LIMIT_CSV_ROWS) {
    r->too_many = true;
    return;
  }
  if (r->t.n == r->rows) {
    size_t rows = r->rows ? r->rows * 2 : 64;
    r->t.row = arena_grow(r->arena, r->t.row, r->rows * sizeof(*r->t.row), rows * sizeof(*r->t.row));
    r->rows = rows;
  }
  struct str *cell = arena_array(r->arena, r->cells, sizeof(*cell));
  if (!cell || !r->t.row)
    return;
  if (r->cells)
    memcpy(cell, r->cell, r->cells * sizeof(*cell));
  r->t.row[r->t.n++] = (struct csv_row){cell, r->cells};
  r->cells = 0;
}

static enum code split(struct reader *r, struct str bytes, struct err *e)
{
  struct csv_parser p;
  char row[24];
  if (csv_init(&p, r->tabs ? 0 : CSV_STRICT | CSV_STRICT_FINI) != 0)
    return err_oom(e);
  csv_set_delim(&p, r->tabs ? '\t' : ',');
  csv_set_space_func(&p, NULL);
  bool good =
      csv_parse(&p, bytes.p, bytes.n, take_cell, take_row, r) == bytes.n && csv_fini(&p, take_cell, take_row, r) == 0;
  bool memory = csv_error(&p) == CSV_ENOMEM;
  csv_free(&p);
  if (memory || arena_failed(r->arena))
    return err_oom(e);
  if (r->too_many)
    return err_set(e, LIMIT, TR("表が大きすぎます。行か列を減らしてください。"));
  if (good)
    return OK;
  snprintf(row, sizeof(row), "%zu", r->t.n + 1);
  return err_set1(e, INVALID, TR("表の%1行目:引用符(\")の使い方が正しくありません。"), row);
}

/* Takes away the apostrophe that kept a formula from beginning. */
static struct str without_guard(struct str cell)
{
  return cell.n && cell.p[0] == '\'' && csv_is_formula(cell) ? str_sub(cell, 1, cell.n) : cell;
}

static bool is_ascii(struct str s)
{
  for (size_t i = 0; i < s.n; i++) {
    if ((unsigned char)s.p[i] >= 0x80)
      return false;
  }
  return true;
}

static enum code convert_cells(struct reader *r, struct err *e)
{
  for (size_t i = 0; i < r->t.n; i++) {
    for (size_t k = 0; k < r->t.row[i].n; k++) {
      struct str *cell = &r->t.row[i].cell[k];
      if (r->t.cp932 && !is_ascii(*cell) && utf8_from_cp932(r->arena, *cell, cell, NULL) != OK) {
        char row[24], column[24];
        snprintf(row, sizeof(row), "%zu", i + 1);
        snprintf(column, sizeof(column), "%zu", k + 1);
        return err_set2(e, INVALID, TR("表の%1行%2列を読めません。UTF-8かShift_JISで保存してください。"), row, column);
      }
      *cell = without_guard(*cell);
    }
  }
  return arena_failed(r->arena) ? err_oom(e) : OK;
}

static enum code read_table(struct arena *a, struct str bytes, bool tabs, struct csv_table *ret, struct err *e)
{
  struct reader r = {.arena = a, .tabs = tabs};
  const struct str bom = S("\xef\xbb\xbf");
  if (str_starts(bytes, bom))
    bytes = str_sub(bytes, bom.n, bytes.n);
  else
    r.t.cp932 = !utf8_valid(bytes);
  enum code c = split(&r, bytes, e);
  if (c == OK && !r.t.cp932 && !utf8_valid(bytes))
    r.t.cp932 = true; /* a BOM before something else: refused below with its place */
  if (c == OK)
    c = convert_cells(&r, e);
  if (c == OK)
    *ret = r.t;
  return c;
}

enum code csv_in(struct arena *a, struct str bytes, struct csv_table *ret, struct err *e)
{
  return read_table(a, bytes, false, ret, e);
}

enum code csv_in_tabs(struct arena *a, struct str bytes, struct csv_table *ret, struct err *e)
{
  return read_table(a, bytes, true, ret, e);
}

struct str csv_cell(const struct csv_table *t, size_t row, size_t column)
{
  return row < t->n && column < t->row[row].n ? t->row[row].cell[column] : STR_NONE;
}

int csv_column(const struct csv_table *t, const char *name)
{
  for (size_t i = 0; t->n && i < t->row[0].n; i++) {
    if (str_is(str_trim(t->row[0].cell[i]), name))
      return (int)i;
  }
  return -1;
}
