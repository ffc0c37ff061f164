/* print_blocks.c: the blocks of print.h that are no rows, and the builders. */
#include "view/print_flow.h"

#include "base/utf8.h"

/* Lines from top to bottom, over pages; no line of a text stands alone where two would fit. */
static void flow_para(struct flow *f, const struct para *p, double x)
{
  size_t n = para_lines(p);
  double pitch = para_pitch(p);
  flow_need(f, pitch * (double)(n < 2 ? n : 2));
  for (size_t at = 0; at < n && f->failed == OK;) {
    size_t fit = (size_t)((flow_room(f) + 0.01) / pitch);
    if (fit == 0 && flow_fresh(f)) {
      flow_fail(f, FAULT, "text larger than the page");
      return;
    }
    fit = fit < n - at ? fit : n - at;
    if (n - at - fit == 1 && fit > 2)
      fit--;
    para_draw(f, p, at, at + fit, x, f->y);
    f->y += (double)fit * pitch;
    at += fit;
    if (at < n)
      flow_new_page(f);
  }
}

static void flow_para_as(struct flow *f, const char *leaf, const struct para *p, double x)
{
  const char *outer = f->leaf;
  f->leaf = leaf;
  flow_para(f, p, x);
  f->leaf = outer;
}

static void print_title(struct flow *f, const struct doc *block)
{
  bool small = doc_get_bool(block, "small");
  const struct style large = {
      .size = small ? f->size + 3 : 17 * f->scale, .leading = 1.5, .bold = true, .align = ALIGN_CENTER};
  const struct style plain = {.size = f->size, .leading = 1.5, .align = ALIGN_CENTER};
  const struct style side = {.size = f->size - 2, .leading = 1.5, .align = ALIGN_RIGHT};
  if (doc_get(block, "side")) {
    struct para *p = para_new(f, doc_get(block, "side"), side, f->width - flow_head_room(f));
    para_draw(f, p, 0, 1, f->left, f->y + large.size * large.leading - para_pitch(p) * 1.15);
  }
  flow_para_as(f, small ? "H2" : "H1", para_new(f, doc_get(block, "text"), large, f->width), f->left);
  if (doc_get(block, "sub"))
    flow_para(f, para_new(f, doc_get(block, "sub"), plain, f->width), f->left);
  flow_gap(f, 4);
}

static void print_heading(struct flow *f, const struct doc *block)
{
  const struct style s = {.size = f->size + 1.5, .leading = 1.4, .bold = true};
  struct para *p = para_new(f, doc_get(block, "text"), s, f->width - 8);
  double h = para_pitch(p) * (double)para_lines(p);
  if (!flow_fresh(f))
    flow_gap(f, 2);
  flow_need(f, h + flow_mm(f, 24));
  flow_fill(f, f->left, f->y + (para_pitch(p) - s.size * 1.05) / 2, 3.2, h - para_pitch(p) + s.size * 1.05, 0.15);
  flow_para_as(f, "H2", p, f->left + 8);
  flow_gap(f, 1.2);
}

static void print_text(struct flow *f, const struct doc *block)
{
  struct style s = {.size = doc_get_bool(block, "small") ? f->size - 2 : f->size,
                    .leading = f->air < 1 ? 1.45 : 1.65,
                    .bold = doc_get_bool(block, "bold"),
                    .align = print_align(doc_get(block, "align"))};
  if (!doc_get_bool(block, "frame")) {
    flow_para(f, para_new(f, doc_get(block, "text"), s, f->width), f->left);
    flow_gap(f, 2);
    return;
  }
  struct cell cell = {.p = para_new(f, doc_get(block, "text"), s, f->width - 9), .w = f->width};
  struct row r = {.cell = &cell, .n = 1, .open = true, .min = flow_lines(f, block, "lines") * para_pitch(cell.p) + 6};
  row_draw(f, &r);
  flow_gap(f, 3);
}

static void print_date_line(struct flow *f)
{
  const struct style s = {.size = f->size, .leading = 1.65, .align = ALIGN_RIGHT};
  struct str blank = tr(f->lang, TR("　　　　年　　　月　　　日"));
  flow_para(f, para_of(f, blank, s, f->width), f->left);
}

/* Room for a hand's writing above each line. */
static void print_sign(struct flow *f, const struct doc *block)
{
  const struct doc *items = doc_get(block, "items");
  const struct style s = {.size = f->size, .leading = 1.5},
                     small = {.size = f->size - 2.5, .leading = 1.5, .align = ALIGN_RIGHT};
  double x = f->left + f->width * 0.34, w = f->width * 0.66, label = flow_mm(f, 32), line = flow_mm(f, 12),
         all = line * (double)doc_size(items) + flow_mm(f, 8);
  flow_need(f, all < f->bottom - f->top ? all : flow_mm(f, 20)); /* one sheet bears all signatures */
  if (doc_get_bool(block, "date"))
    print_date_line(f);
  for (size_t i = 0; i < doc_size(items) && f->failed == OK; i++) {
    const struct doc *item = doc_at(items, i);
    struct para *p = para_new(f, doc_get(item, "label"), s, label),
                *hint = para_new(f, doc_get(item, "hint"), small, w - label);
    flow_need(f, line);
    f->y += line;
    para_draw(f, p, 0, 1, x, f->y - para_pitch(p));
    para_draw(f, hint, 0, 1, x + label, f->y - para_pitch(hint));
    flow_rule(f, x, f->y, x + w, f->y, 0.5);
  }
  flow_gap(f, 4);
}

void print_code(struct flow *f, const struct qr *q, double x, double y, double side)
{
  double module = side / q->size;
  if (f->dry)
    return;
  cairo_set_source_rgb(f->cr, 0, 0, 0);
  for (int row = 0; row < q->size; row++) {
    for (int at = 0, run; at < q->size; at += run ? run : 1) {
      run = 0;
      while (at + run < q->size && q->dark[row * q->size + at + run])
        run++;
      if (run)
        cairo_rectangle(f->cr, x + at * module, y + row * module, run * module, module);
    }
  }
  cairo_fill(f->cr);
}

static void print_qr(struct flow *f, const struct doc *block)
{
  struct qr q;
  double side = (doc_get(block, "mm") ? doc_number(doc_get(block, "mm")) : 24) * MM;
  const struct style s = {.size = f->size - 1, .leading = 1.6};
  enum code c = qr_encode(f->scratch, doc_get_str(block, "text"), &q, f->e);
  if (c != OK) {
    f->failed = c;
    return;
  }
  double quiet = side / q.size * QR_QUIET, x = f->left + side + 2 * quiet + 2 * MM;
  struct para *p = para_new(f, doc_get(block, "caption"), s, f->left + f->width - x);
  double text = para_pitch(p) * (double)para_lines(p), h = side + quiet;
  flow_need(f, h > text ? h : text);
  flow_tag(f, "Figure");
  print_code(f, &q, f->left + quiet / 2, f->y + quiet / 2, side);
  flow_untag(f, "Figure");
  para_draw(f, p, 0, para_lines(p), x, f->y + (h > text ? (h - text) / 2 : 0));
  f->y += h > text ? h : text;
  flow_gap(f, 3);
}

static void print_line(struct flow *f, const struct doc *block)
{
  flow_gap(f, 1.5);
  flow_rule(f, f->left, f->y, f->left + f->width, f->y, 0.5);
  flow_gap(f, 2.5);
}

static void print_space(struct flow *f, const struct doc *block)
{
  if (!flow_fresh(f))
    f->y += flow_mm(f, doc_number(doc_get(block, "mm")));
}

static void print_page(struct flow *f, const struct doc *block)
{
  if (!flow_fresh(f))
    flow_new_page(f);
}

void print_block(struct flow *f, const struct doc *block)
{
  static const struct {
    const char *kind;
    void (*print)(struct flow *f, const struct doc *block);
  } kinds[] = {
      {"title", print_title},   {"heading", print_heading}, {"text", print_text}, {"fields", print_fields},
      {"checks", print_checks}, {"table", print_table},     {"sign", print_sign}, {"qr", print_qr},
      {"line", print_line},     {"space", print_space},     {"page", print_page}, {"drawing", print_drawing},
  };
  struct str kind = doc_get_str(block, "kind");
  for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
    if (str_is(kind, kinds[i].kind)) {
      kinds[i].print(f, block);
      return;
    }
  }
  flow_fail(f, FAULT, "no such kind of block");
}

/* --- builders --- */

struct doc *print_new(struct arena *a, const char *title, struct doc **ret_blocks)
{
  struct doc *d = doc_map(a);
  doc_put_cstr(d, "title", title);
  *ret_blocks = doc_put_list(d, "blocks");
  return d;
}

struct doc *print_add(struct doc *blocks, const char *kind)
{
  struct doc *block = doc_add_map(blocks);
  doc_put_cstr(block, "kind", kind);
  return block;
}

struct doc *print_add_text(struct doc *blocks, const char *kind, struct str text)
{
  struct doc *block = print_add(blocks, kind);
  doc_put_str(block, "text", text);
  return block;
}

void print_check(struct doc *pieces, const char *mark, struct str text)
{
  struct doc *piece = doc_add_map(pieces);
  doc_put_cstr(piece, "check", mark);
  doc_put_str(piece, "text", text);
}

struct doc *print_ruby_piece(struct arena *a, struct str base, struct str ruby)
{
  if (ruby.n == 0)
    return doc_str(a, base);
  struct doc *piece = doc_map(a);
  doc_put_str(piece, "base", base);
  doc_put_str(piece, "ruby", ruby);
  return piece;
}

static bool is_kanji(int32_t cp)
{
  return (cp >= 0x3400 && cp <= 0x9FFF) || (cp >= 0xF900 && cp <= 0xFAFF) || (cp >= 0x20000 && cp <= 0x3FFFF) ||
         cp == 0x3005;
}

/* Where the base of a reading begins in the plain text before it: behind the last ｜, else at the last run of kanji. */
static size_t base_start(struct str plain, bool *ret_marked)
{
  static const char bar[] = "\xef\xbd\x9c"; /* ｜ */
  size_t start = plain.n;
  bool run = false;
  *ret_marked = false;
  for (size_t at = 0; at < plain.n;) {
    size_t here = at;
    int32_t cp = utf8_next(plain, &at);
    if (cp < 0)
      return plain.n;
    if (str_starts(str_sub(plain, here, plain.n), str_from(bar))) {
      *ret_marked = true;
      start = here;
    } else if (!*ret_marked && is_kanji(cp)) {
      start = run ? start : here;
      run = true;
    } else if (!*ret_marked) {
      start = at;
      run = false;
    }
  }
  return start;
}

struct doc *print_ruby(struct arena *a, struct str marked)
{
  static const char open[] = "\xe3\x80\x8a", close[] = "\xe3\x80\x8b"; /* 《 》 */
  struct doc *pieces = doc_list(a);
  for (;;) {
    const char *from = marked.n ? memmem(marked.p, marked.n, open, 3) : NULL;
    const char *to = from ? memmem(from, marked.n - (size_t)(from - marked.p), close, 3) : NULL;
    if (!to)
      break;
    struct str plain = {marked.p, (size_t)(from - marked.p)};
    bool bar;
    size_t start = base_start(plain, &bar);
    if (start)
      doc_add_str(pieces, str_sub(plain, 0, start));
    doc_add(pieces, print_ruby_piece(a, str_sub(plain, start + (bar ? 3 : 0), plain.n),
                                     (struct str){from + 3, (size_t)(to - from - 3)}));
    marked = str_sub(marked, (size_t)(to + 3 - marked.p), marked.n);
  }
  if (marked.n)
    doc_add_str(pieces, marked);
  return pieces;
}
