/* print_drawing.c: the block "drawing": a drawing of drawing.h, drawn together to the page's width where it is wider. */
#include "view/drawing.h"
#include "view/print_flow.h"

static void trace(struct flow *f, struct str d)
{
  char op;
  double xy[6];
  while (drawing_next(&d, &op, xy)) {
    if (op == 'M')
      cairo_move_to(f->cr, xy[0], xy[1]);
    else if (op == 'L')
      cairo_line_to(f->cr, xy[0], xy[1]);
    else if (op == 'C')
      cairo_curve_to(f->cr, xy[0], xy[1], xy[2], xy[3], xy[4], xy[5]);
    else
      cairo_close_path(f->cr);
  }
}

static void stroke(struct flow *f, const struct doc *s)
{
  static const double dash[] = {5, 4}, dots[] = {1.5, 3};
  struct str class = doc_get_str(s, "class");
  trace(f, doc_get_str(s, "d"));
  if (str_is(class, "fill")) {
    cairo_set_source_rgb(f->cr, 1, 1, 1);
    cairo_fill(f->cr);
    return;
  }
  cairo_set_source_rgb(f->cr, 0, 0, 0);
  cairo_set_line_width(f->cr, str_is(class, "thick") ? 3 : str_is(class, "fine") ? 0.8 : 1.3);
  cairo_set_dash(f->cr, str_is(class, "dots") ? dots : dash, str_is(class, "dash") || str_is(class, "dots") ? 2 : 0, 0);
  cairo_stroke(f->cr);
  cairo_set_dash(f->cr, NULL, 0, 0);
}

static void letters(struct flow *f, const struct doc *t)
{
  struct str class = doc_get_str(t, "class");
  bool left = str_is(class, "left");
  const struct style s = {.size = str_is(class, "name") ? 13 : 11,
                          .leading = 1.2,
                          .bold = str_is(class, "name"),
                          .align = left ? ALIGN_LEFT : ALIGN_CENTER};
  double x = (double)doc_get_int(t, "x"), w = 260;
  struct para *p = para_of(f, doc_get_str(t, "text"), s, w);
  if (p)
    para_draw(f, p, 0, 1, left ? x : x - w / 2, (double)doc_get_int(t, "y") - s.size * 1.05);
}

void print_drawing(struct flow *f, const struct doc *block)
{
  const struct doc *d = doc_get(block, "drawing");
  double w = (double)doc_get_int(d, "width"), h = (double)doc_get_int(d, "height"), most = (f->bottom - f->top) * 0.8,
         scale = w > f->width ? f->width / w : 1;
  if (w <= 0 || h <= 0) {
    flow_fail(f, FAULT, "a drawing without size");
    return;
  }
  if (scale > 0.8)
    scale = 0.8; /* letters of 13 points are large on paper */
  if (h * scale > most)
    scale = most / h;
  flow_need(f, h * scale);
  flow_tag(f, "Figure");
  cairo_save(f->cr);
  cairo_translate(f->cr, f->left + (f->width - w * scale) / 2, f->y);
  cairo_scale(f->cr, scale, scale);
  for (size_t i = 0; !f->dry && i < doc_size(doc_get(d, "strokes")); i++)
    stroke(f, doc_at(doc_get(d, "strokes"), i));
  const char *outer = f->leaf;
  f->leaf = NULL;
  for (size_t i = 0; i < doc_size(doc_get(d, "texts")); i++)
    letters(f, doc_at(doc_get(d, "texts"), i));
  f->leaf = outer;
  cairo_restore(f->cr);
  flow_untag(f, "Figure");
  f->y += h * scale;
  flow_gap(f, 3);
}
