/* csv.c: tables in and out again. */
#include "view/csv.h"
#include "fuzz.h"

static struct str print(struct arena *a, const struct csv_table *t, enum csv_encoding to, enum code *ret)
{
  struct csv_out *o = csv_out_new(a);
  struct str text = STR_NONE;
  struct err e = {0};
  for (size_t i = 0; i < t->n; i++) {
    for (size_t k = 0; k < t->row[i].n; k++)
      csv_out_text(o, t->row[i].cell[k]);
    csv_out_row(o);
  }
  *ret = csv_out_finish(o, to, &text, &e);
  return text;
}

static bool same(const struct csv_table *x, const struct csv_table *y)
{
  if (x->n != y->n)
    return false;
  for (size_t i = 0; i < x->n; i++) {
    if (x->row[i].n != y->row[i].n)
      return false;
    for (size_t k = 0; k < x->row[i].n; k++)
      if (!str_eq(x->row[i].cell[k], y->row[i].cell[k]))
        return false;
  }
  return true;
}

/* A spreadsheet would take no cell for a formula. */
static void no_formula(struct arena *a, struct str cell)
{
  struct csv_out *o = csv_out_new(a);
  struct str text = STR_NONE;
  struct err e = {0};
  csv_out_text(o, cell);
  HOLDS(csv_out_finish(o, CSV_UTF8, &text, &e) == OK);
  if (text.n && text.p[0] == '"')
    text = str_sub(text, 1, text.n);
  HOLDS(!text.n || !text.p[0] || !strchr("=+-@\t\r\n", text.p[0]));
}

/* Read, written, read: the same table, in each encoding that can hold it; an empty line is no row, so one of empty cells may go. */
static void csv(struct arena *a, struct str in)
{
  struct csv_table t = {0}, again = {0};
  struct err e = {0};
  enum code c;
  if (csv_in(a, in, &t, &e) != OK) {
    HOLDS(!t.n && !t.row && e.msg && e.code != OK);
    return;
  }
  for (size_t i = 0; i < t.n; i++)
    for (size_t k = 0; k < t.row[i].n; k++) {
      HOLDS(utf8_valid(t.row[i].cell[k]));
      no_formula(a, t.row[i].cell[k]);
    }
  struct str text = print(a, &t, CSV_UTF8_BOM, &c);
  HOLDS(c == OK && csv_in(a, text, &again, &e) == OK && same(&t, &again) && !again.cp932);
  text = print(a, &t, CSV_CP932, &c);
  if (c != OK)
    return;
  HOLDS(csv_in(a, text, &again, &e) == OK);
  if (again.cp932) /* a few characters become their full-width selves, and stay that */
    HOLDS(str_eq(print(a, &again, CSV_CP932, &c), text));
}
FUZZ_TARGET(csv);
