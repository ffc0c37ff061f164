/* print_page.c: pages, what stands at their edges, and the two passes. */
#include "view/print_flow.h"

#include <cairo-pdf.h>

#include "base/limits.h"

static const double page_width = 210 * MM, page_height = 297 * MM;
static const double margin = 18 * MM, top_margin = 16 * MM, bottom_margin = 17 * MM;
static const double plain_size = 10.5;

enum { FOOT_SIZE = 8 };

void flow_fail(struct flow *f, enum code c, const char *why)
{
  if (f->failed != OK)
    return;
  f->failed = c;
  if (c == OOM)
    (void)err_oom(f->e);
  else if (c == LIMIT)
    (void)err_set(f->e, LIMIT, TR("印刷するページが多すぎます。範囲をしぼってください。"));
  else
    (void)err_set(f->e, c, TR("印刷するページを作れませんでした。管理者に知らせてください。"));
  if (*why)
    err_detail(f->e, "print: %s", why);
}

double flow_lines(const struct flow *f, const struct doc *block, const char *key)
{
  return (double)(int)((double)doc_get_int(block, key) * f->grow);
}

double flow_mm(const struct flow *f, double mm)
{
  return mm * MM * f->scale;
}

void flow_gap(struct flow *f, double mm)
{
  f->y += flow_mm(f, mm) * f->air;
}

void flow_tag(struct flow *f, const char *name)
{
  if (!f->dry && f->failed == OK)
    cairo_tag_begin(f->cr, name, NULL);
}

void flow_untag(struct flow *f, const char *name)
{
  if (!f->dry && f->failed == OK)
    cairo_tag_end(f->cr, name);
}

double flow_room(const struct flow *f)
{
  return f->bottom - f->y;
}

bool flow_fresh(const struct flow *f)
{
  return f->y <= f->top;
}

void flow_rule(struct flow *f, double x1, double y1, double x2, double y2, double width)
{
  if (f->dry)
    return;
  cairo_set_source_rgb(f->cr, 0.15, 0.15, 0.15);
  cairo_set_line_width(f->cr, width);
  cairo_set_line_cap(f->cr, CAIRO_LINE_CAP_SQUARE);
  cairo_move_to(f->cr, x1, y1);
  cairo_line_to(f->cr, x2, y2);
  cairo_stroke(f->cr);
}

void flow_fill(struct flow *f, double x, double y, double w, double h, double grey)
{
  if (f->dry)
    return;
  cairo_set_source_rgb(f->cr, grey, grey, grey);
  cairo_rectangle(f->cr, x, y, w, h);
  cairo_fill(f->cr);
}

static void flow_stroke(struct flow *f, double x, double y, double w, double h, double width)
{
  if (f->dry)
    return;
  cairo_set_source_rgb(f->cr, 0.15, 0.15, 0.15);
  cairo_set_line_width(f->cr, width);
  cairo_rectangle(f->cr, x, y, w, h);
  cairo_stroke(f->cr);
}

/* --- edges of a page --- */

static const double head_code = 13 * MM;

double flow_head_room(const struct flow *f)
{
  return f->page == 1 && doc_get_str(f->document, "qr").n ? head_code + 3 * MM : 0;
}

/* Back to what the paper shows, for who holds it and may see that: it stands beside the title, below the mark. */
static void draw_head_code(struct flow *f)
{
  struct qr q;
  if (flow_head_room(f) == 0)
    return;
  enum code c = qr_encode(f->scratch, doc_get_str(f->document, "qr"), &q, f->e);
  if (c != OK)
    f->failed = c;
  else
    print_code(f, &q, f->left + f->width - head_code, top_margin - 0.5 * MM, head_code);
}

static void draw_head(struct flow *f)
{
  const struct style small = {.size = 9, .leading = 1.4};
  struct str form = doc_get_str(f->document, "form"), mark = doc_get_str(f->document, "mark");
  double y = 9 * MM;
  if (form.n)
    para_draw(f, para_of(f, form, small, f->width / 2), 0, 1, f->left, y);
  if (mark.n) {
    struct para *p = para_of(f, mark, (struct style){.size = 9, .leading = 1.4, .bold = true}, f->width / 2);
    double w = para_width(p) + 12, x = f->left + f->width - w;
    flow_stroke(f, x, y - 1, w, para_pitch(p) + 2, 0.9);
    para_draw(f, p, 0, 1, x + 6, y);
  }
  draw_head_code(f);
}

/* Who printed it, and when: as long as it is, beside the numbers and never over them. */
static struct para *foot_printed(struct flow *f, double width)
{
  enum { SMALLEST = 6 };
  const struct doc *footer = doc_get(f->document, "footer");
  struct str by = doc_get_str(footer, "by"), at = doc_get_str(footer, "at");
  struct str text = by.n || at.n ? tr_args(f->scratch, f->lang, TR("印刷 %1 %2"), by, at, STR_NONE) : STR_NONE;
  struct para *p = para_of(f, text, (struct style){.size = FOOT_SIZE, .leading = 1.4}, width);
  for (int size = FOOT_SIZE - 1; para_lines(p) > 1 && size >= SMALLEST; size--)
    p = para_of(f, text, (struct style){.size = size, .leading = 1.25}, width);
  return p;
}

/* What tells this copy from all others, and the page. */
static struct str foot_numbers(struct flow *f)
{
  struct str copy = doc_get_str(doc_get(f->document, "footer"), "copy");
  struct str page = str_printf(f->scratch, "%d / %d", f->page, f->pages);
  if (!copy.n)
    return page;
  struct str number = tr_args(f->scratch, f->lang, TR("写し 第%1号"), copy, STR_NONE, STR_NONE);
  return str_printf(f->scratch, "%.*s\xe3\x80\x80%.*s", STR_FMT(number), STR_FMT(page));
}

static void draw_foot(struct flow *f)
{
  static const double numbers = 46 * MM, gap = 4 * MM;
  const struct style small = {.size = FOOT_SIZE, .leading = 1.4, .align = ALIGN_RIGHT};
  struct para *printed = foot_printed(f, f->width - numbers - gap);
  double y = page_height - 12.5 * MM;
  size_t lines = para_lines(printed) < 2 ? para_lines(printed) : 2;
  flow_rule(f, f->left, y - 3, f->left + f->width, y - 3, 0.3);
  para_draw(f, printed, 0, lines, f->left, y);
  para_draw(f, para_of(f, foot_numbers(f), small, numbers), 0, 1, f->left + f->width - numbers, y);
}

static void begin_page(struct flow *f)
{
  f->page++;
  f->y = f->top;
  if (f->page > PRINT_PAGES)
    flow_fail(f, LIMIT, "");
  if (f->dry || f->failed != OK)
    return;
  const char *leaf = f->leaf;
  f->leaf = NULL;
  draw_head(f);
  draw_foot(f);
  f->leaf = leaf;
}

void flow_new_page(struct flow *f)
{
  if (!f->dry)
    cairo_show_page(f->cr);
  begin_page(f);
}

void flow_need(struct flow *f, double height)
{
  if (height > flow_room(f) && !flow_fresh(f))
    flow_new_page(f);
}

/* --- check marks --- */

/* The mark as a letter, so that it is read, found and copied with its word. */
static void draw_letter(struct flow *f, const char *letter, double em, double x, double y, double grey)
{
  PangoLayout *layout = para_letter(f, letter, em);
  int w = 0;
  pango_layout_get_size(layout, &w, NULL);
  cairo_set_source_rgb(f->cr, grey, grey, grey);
  cairo_move_to(f->cr, x - (double)w / PANGO_SCALE / 2, y);
  pango_cairo_show_layout_line(f->cr, pango_layout_get_line_readonly(layout, 0));
  g_object_unref(layout);
}

static void draw_mark(cairo_t *cr, PangoAttrShape *shape, gboolean path, gpointer data)
{
  static const char *const letters[] = {
      [MARK_OFF] = "\xe2\x96\xa1", [MARK_ON] = "\xe2\x9c\x93", [MARK_WORST] = "\xe2\x97\x8e"};
  enum print_mark mark = *(const enum print_mark *)shape->data;
  double em = (double)shape->logical_rect.width / PANGO_SCALE, x, y;
  double side = em * 0.74, inset = (em - side) / 2;
  if (path)
    return;
  cairo_get_current_point(cr, &x, &y);
  cairo_save(cr);
  draw_letter(data, letters[mark], em * 0.7, x + em / 2, y - em * 0.18, 1); /* white, beneath the shape */
  cairo_set_source_rgb(cr, 0, 0, 0);
  cairo_set_line_width(cr, em * 0.065);
  x += inset;
  y -= em * 0.86 - inset;
  if (mark == MARK_WORST) {
    cairo_new_path(cr);
    cairo_arc(cr, x + side / 2, y + side / 2, side * 0.56, 0, 2 * G_PI);
    cairo_stroke(cr);
    cairo_arc(cr, x + side / 2, y + side / 2, side * 0.30, 0, 2 * G_PI);
    cairo_stroke(cr);
  } else {
    cairo_rectangle(cr, x, y, side, side);
    cairo_stroke(cr);
  }
  if (mark == MARK_ON) {
    cairo_set_line_width(cr, em * 0.12);
    cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
    cairo_set_line_cap(cr, CAIRO_LINE_CAP_ROUND);
    cairo_move_to(cr, x + side * 0.2, y + side * 0.5);
    cairo_line_to(cr, x + side * 0.43, y + side * 0.76);
    cairo_line_to(cr, x + side * 0.86, y + side * 0.18);
    cairo_stroke(cr);
  }
  cairo_restore(cr);
}

/* --- passes --- */

static void set_scale(struct flow *f, double scale)
{
  f->scale = scale;
  f->size = f->base * scale;
}

static bool ends_sheet(const struct doc *block)
{
  return str_is(doc_get_str(block, "kind"), "page");
}

/* A heading and the small table below it stay on one page. */
static void print_at(struct flow *f, const struct doc *blocks, size_t i)
{
  const struct doc *next = doc_at(blocks, i + 1);
  if (str_is(doc_get_str(doc_at(blocks, i), "kind"), "heading") && str_is(doc_get_str(next, "kind"), "table")) {
    double rows = (double)doc_size(doc_get(next, "rows")) + flow_lines(f, next, "empty_rows");
    double whole = flow_mm(f, 12 + 7 * (rows + 1));
    if (whole < (f->bottom - f->top) * 0.4)
      flow_need(f, whole);
  }
  print_block(f, doc_at(blocks, i));
}

/* The page on which the blocks up to the next "page" end; 0: they cannot be laid out so. */
static int ends_on(const struct flow *f, const struct doc *blocks, size_t from, double scale, double grow)
{
  struct err ignored = {0};
  struct flow try = *f;
  try.dry = true;
  try.e = &ignored;
  try.grow = grow;
  set_scale(&try, scale);
  for (size_t i = from; i < doc_size(blocks) && !ends_sheet(doc_at(blocks, i)) && try.failed == OK; i++) {
    print_at(&try, blocks, i);
    arena_reset(try.scratch);
  }
  return try.failed == OK ? try.page : 0;
}

/* A sheet of which little runs over is drawn together; one that is much too long goes over several pages at full size. */
static void fit_sheet(struct flow *f, const struct doc *blocks, size_t from)
{
  static const double scales[] = {1, 0.95, 0.9, 0.86, 0.82, 0.78};
  double *found = f->sheet < PRINT_SHEETS ? &f->fit[f->sheet] : NULL;
  f->sheet++;
  if (!found || !doc_get_bool(f->document, "fit"))
    return;
  for (size_t i = 0; i < sizeof scales / sizeof *scales && *found == 0; i++)
    *found = ends_on(f, blocks, from, scales[i], 1) == f->page ? scales[i] : 0;
  if (*found == 0)
    *found = 1;
  set_scale(f, *found);
}

/* What is left of a sheet to be written on by hand goes to its boxes and rows. */
static void fill_sheet(struct flow *f, const struct doc *blocks, size_t from)
{
  static const double grows[] = {6, 5, 4, 3, 2.5, 2, 1.75, 1.5, 1.25};
  double *found = f->sheet <= PRINT_SHEETS ? &f->grown[f->sheet - 1] : NULL; /* fit_sheet() has counted it */
  f->grow = 1;
  if (!found || !doc_get_bool(f->document, "fill"))
    return;
  int last = *found == 0 ? ends_on(f, blocks, from, f->scale, 1) : 0;
  for (size_t i = 0; i < sizeof grows / sizeof *grows && *found == 0; i++)
    *found = ends_on(f, blocks, from, f->scale, grows[i]) == last ? grows[i] : 0;
  f->grow = *found == 0 ? 1 : *found;
  *found = f->grow;
}

static void begin_sheet(struct flow *f, const struct doc *blocks, size_t from)
{
  fit_sheet(f, blocks, from);
  fill_sheet(f, blocks, from);
}

static void lay_out(struct flow *f)
{
  const struct doc *blocks = doc_get(f->document, "blocks");
  f->page = 0;
  f->sheet = 0;
  begin_page(f);
  flow_tag(f, "Document");
  begin_sheet(f, blocks, 0);
  for (size_t i = 0; i < doc_size(blocks) && f->failed == OK; i++) {
    print_at(f, blocks, i);
    if (ends_sheet(doc_at(blocks, i)))
      begin_sheet(f, blocks, i + 1);
    if (f->failed == FAULT && f->e) {
      struct err why = *f->e;
      err_detail(f->e, "%s (block %zu)", why.detail, i);
    }
    arena_reset(f->scratch);
  }
  flow_untag(f, "Document");
}

static enum code run(struct flow *f)
{
  f->dry = true;
  lay_out(f);
  f->pages = f->page;
  f->dry = false;
  if (f->failed == OK)
    lay_out(f);
  return f->failed;
}

static cairo_status_t collect(void *out, const unsigned char *bytes, unsigned int n)
{
  struct buf *b = out;
  buf_add(b, (struct str){(const char *)bytes, n});
  return b->failed ? CAIRO_STATUS_NO_MEMORY : CAIRO_STATUS_SUCCESS;
}

/* Nothing of the machine, and the moment only as the document says: the same document gives the same bytes. */
static void set_properties(cairo_surface_t *surface, struct arena *a, const struct doc *document)
{
  struct str made = doc_get_str(document, "made");
  const char *when = made.n ? str_cstr(a, made) : "2000-01-01T00:00:00Z",
             *title = str_cstr(a, doc_get_str(document, "title"));
  cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, title ? title : "");
  cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATOR, "tsunagu");
  cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, when ? when : "");
  cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_MOD_DATE, when ? when : "");
}

static PangoContext *new_context(cairo_t *cr)
{
  PangoContext *context = pango_cairo_create_context(cr);
  cairo_font_options_t *options = cairo_font_options_create();
  cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
  cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
  pango_cairo_context_set_font_options(context, options);
  cairo_font_options_destroy(options);
  pango_cairo_context_set_resolution(context, 72);
  pango_context_set_language(context, pango_language_from_string("ja"));
  pango_context_set_round_glyph_positions(context, FALSE);
  return context;
}

enum code print_pdf(struct arena *a, enum lang l, const struct doc *document, struct str *ret_pdf, struct err *e)
{
  struct buf out;
  buf_init(&out, a, LIMIT_PAGE);
  cairo_surface_t *surface = cairo_pdf_surface_create_for_stream(collect, &out, page_width, page_height);
  cairo_t *cr = cairo_create(surface);
  double size = doc_number(doc_get(document, "size"));
  struct flow f = {.scratch = arena_new(LIMIT_ARENA),
                   .lang = l,
                   .cr = cr,
                   .pango = new_context(cr),
                   .document = document,
                   .left = margin,
                   .width = page_width - 2 * margin,
                   .top = top_margin,
                   .bottom = page_height - bottom_margin,
                   .base = size > 0 ? size : plain_size,
                   .air = doc_get_bool(document, "fit") ? 0.55 : 1,
                   .leaf = "P",
                   .e = e,
                   .failed = OK};
  set_properties(surface, a, document);
  set_scale(&f, 1);
  pango_cairo_context_set_shape_renderer(f.pango, draw_mark, &f, NULL);
  enum code c = f.scratch ? run(&f) : err_oom(e);
  if (c == OK && cairo_status(cr) != CAIRO_STATUS_SUCCESS) { /* from then on nothing was drawn: half a sheet is none */
    flow_fail(&f, FAULT, cairo_status_to_string(cairo_status(cr)));
    c = f.failed;
  }
  g_object_unref(f.pango);
  arena_free(f.scratch);
  cairo_destroy(cr);
  cairo_surface_finish(surface);
  if (c == OK && cairo_surface_status(surface) != CAIRO_STATUS_SUCCESS)
    c = err_oom(e);
  cairo_surface_destroy(surface);
  if (c == OK)
    *ret_pdf = buf_str(&out);
  return c;
}
