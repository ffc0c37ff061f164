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

void flow_stroke(struct flow *f, double x, double y, double w, double h, double width)
{
  if (f->dry)
    return;
  cairo_set_source_rgb(f->cr, 0.15, 0.15, 0.15);
  cairo_set_line_width(f->cr, width);
  cairo_rectangle(f->cr, x, y, w, h);
  cairo_stroke(f->cr);
}

/* --- edges of a page --- */

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
}

static struct str footer_text(struct flow *f)
{
  const struct doc *footer = doc_get(f->document, "footer");
  struct str by = doc_get_str(footer, "by"), at = doc_get_str(footer, "at"), copy = doc_get_str(footer, "copy");
  struct buf b;
  buf_init(&b, f->scratch, LIMIT_PAGE);
  if (by.n || at.n)
    buf_add(&b, tr_args(f->scratch, f->lang, TR("印刷 %1 %2"), by, at, STR_NONE));
  if (copy.n) {
    buf_add(&b, b.n ? S("\xe3\x80\x80") : STR_NONE);
    buf_add(&b, tr_args(f->scratch, f->lang, TR("写し 第%1号"), copy, STR_NONE, STR_NONE));
  }
  return buf_str(&b);
}

static void draw_foot(struct flow *f)
{
  struct style small = {.size = FOOT_SIZE, .leading = 1.4};
  double y = page_height - 12.5 * MM;
  flow_rule(f, f->left, y - 3, f->left + f->width, y - 3, 0.3);
  para_draw(f, para_of(f, footer_text(f), small, f->width - 30 * MM), 0, 1, f->left, y);
  small.align = ALIGN_RIGHT;
  struct str number = str_printf(f->scratch, "%d / %d", f->page, f->pages);
  para_draw(f, para_of(f, number, small, 28 * MM), 0, 1, f->left + f->width - 28 * MM, y);
}

static void begin_page(struct flow *f)
{
  f->page++;
  f->y = f->top;
  if (f->page > PRINT_PAGES)
    flow_fail(f, LIMIT, "");
  if (f->dry || f->failed != OK)
    return;
  draw_head(f);
  draw_foot(f);
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

static void draw_mark(cairo_t *cr, PangoAttrShape *shape, gboolean path, gpointer data)
{
  enum print_mark mark = *(const enum print_mark *)shape->data;
  double em = (double)shape->logical_rect.width / PANGO_SCALE, x, y;
  double side = em * 0.74, inset = (em - side) / 2;
  if (path)
    return;
  cairo_get_current_point(cr, &x, &y);
  cairo_save(cr);
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

static void lay_out(struct flow *f)
{
  const struct doc *blocks = doc_get(f->document, "blocks");
  f->page = 0;
  begin_page(f);
  for (size_t i = 0; i < doc_size(blocks) && f->failed == OK; i++) {
    print_block(f, doc_at(blocks, i));
    if (f->failed == FAULT && f->e) {
      struct err why = *f->e;
      err_detail(f->e, "%s (block %zu)", why.detail, i);
    }
    arena_reset(f->scratch);
  }
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
  pango_cairo_context_set_shape_renderer(context, draw_mark, NULL, NULL);
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
                   .size = size > 0 ? size : plain_size,
                   .e = e,
                   .failed = OK};
  set_properties(surface, a, document);
  enum code c = f.scratch ? run(&f) : err_oom(e);
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
