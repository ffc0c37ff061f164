/* print_row.c: rows of cells: tables, labelled boxes, grids of check marks, frames. */
#include "view/print_flow.h"

#include "base/limits.h"

static const double pad_x = 4.5, pad_y = 2.6, line_width = 0.5; /* pad_y: unless the row says otherwise */
static const double little = 60; /* points at the foot of a page in which a tall row is not begun */

/* What stands in the shaded boxes. */
static struct style label_style(const struct flow *f)
{
  return (struct style){.size = 9 * f->scale, .leading = 1.45};
}

static double rest_of(const struct row *r)
{
  double most = r->min - 2 * r->pad;
  for (size_t i = 0; i < r->n; i++) {
    const struct cell *c = &r->cell[i];
    double h = (double)(para_lines(c->p) - c->next) * para_pitch(c->p);
    most = h > most ? h : most;
  }
  return most + 2 * r->pad;
}

static void draw_borders(struct flow *f, const struct row *r, double h, bool first, bool last)
{
  const struct cell *left = &r->cell[0], *right = &r->cell[r->n - 1];
  double x1 = f->left + left->x, x2 = f->left + right->x + right->w, y = f->y;
  if (!r->no_top || !first)
    flow_rule(f, x1, y, x2, y, line_width);
  if (!r->no_bottom || !last)
    flow_rule(f, x1, y + h, x2, y + h, line_width);
  if (r->no_sides)
    return;
  flow_rule(f, x1, y, x1, y + h, line_width);
  flow_rule(f, x2, y, x2, y + h, line_width);
  for (size_t i = 1; i < r->n && !r->open; i++)
    flow_rule(f, f->left + r->cell[i].x, y, f->left + r->cell[i].x, y + h, line_width);
}

/* As many lines of each cell as fit into h; short cells that fit wholly stand in the middle of it. */
static void draw_part(struct flow *f, struct row *r, double h, bool first, bool last)
{
  for (size_t i = 0; i < r->n; i++) {
    if (r->cell[i].shaded)
      flow_fill(f, f->left + r->cell[i].x, f->y, r->cell[i].w, h, 0.945);
  }
  const char *outer = f->leaf;
  if (!r->open)
    flow_tag(f, "TR");
  for (size_t i = 0; i < r->n; i++) {
    struct cell *c = &r->cell[i];
    double pitch = para_pitch(c->p), room = h - 2 * r->pad + 0.01;
    size_t lines = para_lines(c->p) - c->next, fit = pitch > 0 ? (size_t)(room / pitch) : lines;
    fit = fit < lines ? fit : lines;
    double slack = (c->shaded || c->middle) && fit == lines && c->next == 0 ? (room - (double)lines * pitch) / 2 : 0;
    f->leaf = r->open ? outer : c->shaded ? "TH" : "TD";
    para_draw(f, c->p, c->next, c->next + fit, f->left + c->x + pad_x, f->y + r->pad + slack);
    c->next += fit;
  }
  f->leaf = outer;
  if (!r->open)
    flow_untag(f, "TR");
  draw_borders(f, r, h, first, last);
  f->y += h;
}

static void next_page(struct flow *f, const struct row *r)
{
  flow_new_page(f);
  if (r->again)
    r->again(f, r->arg);
}

static void level_lines(struct row *r)
{
  double most = 0;
  for (size_t i = 0; i < r->n; i++) {
    double room = para_ruby_room(r->cell[i].p);
    most = room > most ? room : most;
  }
  for (size_t i = 0; i < r->n; i++)
    para_set_ruby_room(r->cell[i].p, most);
}

void row_draw(struct flow *f, struct row *r)
{
  r->pad = (r->pad > 0 ? r->pad : pad_y) * (f->air < 1 ? 0.7 : 1) * f->scale;
  level_lines(r);
  double whole = rest_of(r), page = f->bottom - f->top;
  bool first = true;
  if (f->failed != OK || r->n == 0)
    return;
  if (whole > flow_room(f) && !flow_fresh(f) && (whole < page * 0.4 || flow_room(f) < little))
    next_page(f, r);
  while (f->failed == OK && (whole = rest_of(r)) > flow_room(f)) {
    if (flow_room(f) < little && !first) {
      flow_fail(f, FAULT, "the head of a table leaves no room for its rows");
      return;
    }
    draw_part(f, r, flow_room(f), first, false);
    first = false;
    r->min = 0;
    next_page(f, r);
  }
  draw_part(f, r, whole, first, true);
}

enum align print_align(const struct doc *name)
{
  struct str s = doc_string(name);
  return str_is(s, "right") ? ALIGN_RIGHT : str_is(s, "center") ? ALIGN_CENTER : ALIGN_LEFT;
}

static struct para *cell_text(struct flow *f, const struct doc *text, struct style s, double w)
{
  return para_new(f, text, s, w - 2 * pad_x);
}

/* --- table --- */

struct table {
  const struct doc *block;
  size_t columns;
  double *x; /* columns + 1 edges */
};

static struct cell *new_cells(struct flow *f, size_t n)
{
  struct cell *cell = arena_array(f->scratch, n, sizeof(*cell));
  if (!cell)
    flow_fail(f, OOM, "");
  return cell;
}

static void table_row(struct flow *f, const struct table *t, const struct doc *texts, bool head,
                      void (*again)(struct flow *f, void *arg))
{
  struct cell *cell = new_cells(f, t->columns);
  const struct doc *align = doc_get(t->block, "align");
  for (size_t i = 0; cell && i < t->columns; i++) {
    struct style s = {.size = f->size - 1, .leading = 1.45, .bold = head, .align = print_align(doc_at(align, i))};
    if (head)
      s = (struct style){.size = 9 * f->scale, .leading = 1.45, .bold = true, .align = ALIGN_CENTER};
    cell[i] = (struct cell){.x = t->x[i], .w = t->x[i + 1] - t->x[i], .shaded = head};
    cell[i].p = cell_text(f, doc_at(texts, i), s, cell[i].w);
  }
  struct row r = {.cell = cell,
                  .n = cell ? t->columns : 0,
                  .min = head ? 0 : flow_mm(f, f->air < 1 ? 6 : 7),
                  .again = again,
                  .arg = (void *)t};
  row_draw(f, &r);
}

static void table_head(struct flow *f, void *arg)
{
  const struct table *t = arg;
  const struct doc *head = doc_get(t->block, "head");
  if (doc_size(head))
    table_row(f, t, head, true, NULL);
}

static bool table_edges(struct flow *f, struct table *t)
{
  const struct doc *widths = doc_get(t->block, "widths");
  double all = 0, at = 0;
  size_t head = doc_size(doc_get(t->block, "head")), first = doc_size(doc_at(doc_get(t->block, "rows"), 0));
  t->columns = head ? head : first ? first : doc_size(widths);
  t->x = arena_array(f->scratch, t->columns + 1, sizeof(*t->x));
  if (t->columns == 0 || !t->x || (doc_size(widths) && doc_size(widths) != t->columns)) {
    flow_fail(f, t->x ? FAULT : OOM, "head, widths and rows of a table differ in size");
    return false;
  }
  for (size_t i = 0; i < t->columns; i++)
    all += doc_size(widths) ? doc_number(doc_at(widths, i)) : 1;
  for (size_t i = 0; i < t->columns; i++) {
    t->x[i] = at;
    at += f->width * (doc_size(widths) ? doc_number(doc_at(widths, i)) : 1) / all;
  }
  t->x[t->columns] = f->width;
  return true;
}

void print_table(struct flow *f, const struct doc *block)
{
  struct arena *outer = f->scratch;
  struct table t = {.block = block};
  const struct doc *rows = doc_get(block, "rows");
  size_t empty = (size_t)flow_lines(f, block, "empty_rows");
  if (!table_edges(f, &t))
    return;
  f->scratch = arena_new(LIMIT_ARENA); /* a row's own: a long table does not pile up its layouts */
  flow_need(f, flow_mm(f, 22));
  flow_tag(f, "Table");
  table_head(f, &t);
  for (size_t i = 0; i < doc_size(rows) + empty && f->failed == OK; i++) {
    const struct doc *row = doc_at(rows, i);
    if (row && doc_size(row) != t.columns)
      flow_fail(f, FAULT, "a row of a table has too many or too few cells");
    table_row(f, &t, row, false, table_head);
    arena_reset(f->scratch);
  }
  arena_free(f->scratch);
  f->scratch = outer;
  flow_untag(f, "Table");
  flow_gap(f, 3);
}

/* --- labelled boxes --- */

static size_t span_of(const struct doc *item, size_t columns)
{
  int64_t span = doc_get_int(item, "span");
  return span < 1 ? 1 : span > (int64_t)columns ? columns : (size_t)span;
}

static double row_min(const struct flow *f)
{
  return flow_mm(f, f->air < 1 ? 6.4 : 7.5);
}

static void add_field(struct flow *f, struct row *r, const struct doc *item, double x, double w, double label_w)
{
  const struct style value_style = {.size = f->size, .leading = 1.5};
  struct cell *label = &r->cell[r->n], *value = &r->cell[r->n + 1];
  *label = (struct cell){.x = x, .w = label_w, .shaded = true};
  label->p = cell_text(f, doc_get(item, "label"), label_style(f), label_w);
  *value = (struct cell){.x = x + label_w, .w = w - label_w, .middle = !doc_get(item, "lines")};
  value->p = cell_text(f, doc_get(item, "value"), value_style, value->w);
  double min = flow_lines(f, item, "lines") * para_pitch(value->p) + 2 * pad_y;
  r->min = min > r->min ? min : r->min;
  r->n += 2;
}

void print_fields(struct flow *f, const struct doc *block)
{
  const struct doc *items = doc_get(block, "items");
  size_t columns = doc_get(block, "columns") ? (size_t)doc_get_int(block, "columns") : 2, at = 0;
  double label = doc_get(block, "label_mm") ? doc_number(doc_get(block, "label_mm")) * MM : flow_mm(f, 24);
  if (columns < 1 || columns > 6 || label * (double)columns > f->width * 0.8) {
    flow_fail(f, FAULT, "columns or label_mm of fields");
    return;
  }
  struct row r = {.cell = new_cells(f, columns * 2), .min = row_min(f)};
  flow_tag(f, "Table");
  for (size_t i = 0; r.cell && i < doc_size(items); i++) {
    const struct doc *item = doc_at(items, i);
    size_t span = span_of(item, columns), next;
    bool last = i + 1 == doc_size(items);
    next = last ? columns : span_of(doc_at(items, i + 1), columns);
    if (at + span + next > columns && at + span < columns)
      span = columns - at; /* the next one begins a row: this one fills its own */
    double x = f->width * (double)at / (double)columns, w = f->width * (double)span / (double)columns;
    add_field(f, &r, item, x, w, label);
    at += span;
    if (at < columns)
      continue;
    row_draw(f, &r);
    r = (struct row){.cell = new_cells(f, columns * 2), .min = row_min(f)};
    at = 0;
  }
  flow_untag(f, "Table");
  flow_gap(f, 3);
}

/* --- check marks in columns --- */

void print_checks(struct flow *f, const struct doc *block)
{
  const struct doc *items = doc_get(block, "items");
  size_t columns = doc_get(block, "columns") ? (size_t)doc_get_int(block, "columns") : 3, n = doc_size(items);
  bool bare = doc_get(block, "frame") && !doc_get_bool(block, "frame");
  const struct style s = {.size = f->size, .leading = 1.5};
  if (columns < 1 || columns > 8) {
    flow_fail(f, FAULT, "columns of checks");
    return;
  }
  for (size_t i = 0; i < n && f->failed == OK; i += columns) {
    struct row r = {.cell = new_cells(f, columns), .open = true, .no_sides = bare, .pad = 1.2};
    r.no_top = bare || i > 0;
    r.no_bottom = bare || i + columns < n;
    double w = f->width / (double)columns;
    for (size_t k = 0; r.cell && k < columns; k++) {
      const struct doc *item = doc_at(items, i + k);
      r.cell[k] = (struct cell){.p = cell_text(f, item, s, w), .x = w * (double)k, .w = w};
    }
    r.n = r.cell ? columns : 0;
    row_draw(f, &r);
  }
  flow_gap(f, 3);
}
