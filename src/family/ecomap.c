/* ecomap.c: エコマップ. The person in the middle; around stand family, organizations, school and whatever else helps, each joined by a line
 * that says how close: three lines strong, one plain, broken weak, a zigzag strained, cut by two strokes broken off. */
#include <math.h>

#include "family/family.h"
#include "view/drawing.h"
#include "view/layout.h"

enum { MOST = 48, BOX_W = 144, BOX_H = 64, MIDDLE = 50, MARGIN = 14, COLUMNS = 20, TEETH = 9 };

static struct str graph_of(struct arena *a, size_t n)
{
  struct buf b;
  buf_init(&b, a, LAYOUT_BYTES);
  buf_printf(&b,
             "graph{layout=twopi;root=n0;ranksep=%.2f;overlap=false;node[shape=box fixedsize=true label=\"\""
             " width=%.3f height=%.3f];n0[width=%.3f height=%.3f];",
             n > 8 ? 2.9 : 2.35, (BOX_W + 12) / 72.0, (BOX_H + 12) / 72.0, 2 * MIDDLE / 72.0, 2 * MIDDLE / 72.0);
  for (size_t i = 1; i <= n; i++)
    buf_printf(&b, "n0--n%zu;", i);
  buf_add_c(&b, '}');
  return buf_str(&b);
}

/* Where the line from the middle (x0, y0) meets the box round (x, y): from there to the middle's circle. */
struct span {
  double x1, y1, x2, y2, dx, dy, length; /* dx, dy: of length one */
};

static struct span span_of(struct layout_node from, struct layout_node to)
{
  double dx = to.x - from.x, dy = to.y - from.y, length = hypot(dx, dy);
  if (length < 1)
    length = 1;
  dx /= length;
  dy /= length;
  double across = fabs(dx) > 0.001 ? BOX_W / 2.0 / fabs(dx) : length,
         up = fabs(dy) > 0.001 ? BOX_H / 2.0 / fabs(dy) : length, edge = across < up ? across : up;
  if (edge > length - MIDDLE)
    edge = length > MIDDLE ? length - MIDDLE : 0;
  return (struct span){from.x + dx * MIDDLE,  from.y + dy * MIDDLE, to.x - dx * edge, to.y - dy * edge, dx, dy,
                       length - MIDDLE - edge};
}

static void beside(const struct drawing *d, const struct span *s, double off, const char *class)
{
  double ox = -s->dy * off, oy = s->dx * off;
  drawing_line(d, s->x1 + ox, s->y1 + oy, s->x2 + ox, s->y2 + oy, class);
}

static void zigzag(const struct drawing *d, const struct span *s)
{
  double p[2 * (TEETH + 2)];
  for (int i = 0; i < TEETH + 2; i++) {
    double along = s->length * i / (TEETH + 1), off = i == 0 || i == TEETH + 1 ? 0 : i % 2 ? 6 : -6;
    p[2 * i] = s->x1 + s->dx * along - s->dy * off;
    p[2 * i + 1] = s->y1 + s->dy * along + s->dx * off;
  }
  drawing_path(d, p, TEETH + 2, false, "solid");
}

static void draw_tie(const struct drawing *d, const struct span *s, struct str tie)
{
  if (str_is(tie, "strong")) {
    beside(d, s, -4, "solid");
    beside(d, s, 0, "solid");
    beside(d, s, 4, "solid");
  } else if (str_is(tie, "weak"))
    beside(d, s, 0, "dash");
  else if (str_is(tie, "stressed"))
    zigzag(d, s);
  else
    beside(d, s, 0, tie.n ? "solid" : "dots");
  if (!str_is(tie, "cut"))
    return;
  double x = (s->x1 + s->x2) / 2, y = (s->y1 + s->y2) / 2;
  for (int k = -1; k <= 1; k += 2) {
    double mx = x + s->dx * 3 * k, my = y + s->dy * 3 * k;
    drawing_line(d, mx - s->dy * 9, my + s->dx * 9, mx + s->dy * 9, my - s->dx * 9, "solid");
  }
}

static void draw_around(struct arena *a, const struct drawing *d, struct layout_node at, const struct doc *one)
{
  struct str line[2];
  struct str sub = doc_get_str(one, "sub");
  size_t n = drawing_wrap(a, doc_get_str(one, "name"), COLUMNS, line, 2);
  double y = at.y + (sub.n ? -2 : 5) - 8 * (double)(n ? n - 1 : 0);
  drawing_box(d, at.x - BOX_W / 2.0, at.y - BOX_H / 2.0, BOX_W, BOX_H, "fill");
  drawing_box(d, at.x - BOX_W / 2.0, at.y - BOX_H / 2.0, BOX_W, BOX_H, "fine");
  for (size_t k = 0; k < n; k++)
    drawing_text(d, at.x, y + 16 * (double)k, line[k], "name");
  y += 16 * (double)n;
  if (drawing_wrap(a, sub, COLUMNS + 4, line, 1))
    drawing_text(d, at.x, y + 1, line[0], "small");
}

static void draw_person(struct arena *a, const struct drawing *d, struct layout_node at, const struct family_person *p)
{
  struct str line[3];
  size_t n = drawing_wrap(a, p->name, 12, line, 3);
  double y = at.y + 5 - 8 * (double)(n ? n - 1 : 0) - (p->age.n ? 8 : 0);
  drawing_circle(d, at.x, at.y, MIDDLE, "fill");
  drawing_circle(d, at.x, at.y, MIDDLE, "thick");
  for (size_t k = 0; k < n; k++)
    drawing_text(d, at.x, y + 16 * (double)k, line[k], "name");
  if (p->age.n)
    drawing_text(d, at.x, y + 16 * (double)n, p->age, "small");
}

enum code family_ecomap(struct arena *a, enum lang lang, const struct family_person *p, const struct doc *around,
                        struct doc **ret, struct err *e)
{
  struct layout *l = arena_new_of(a, struct layout);
  size_t n = doc_size(around) < MOST ? doc_size(around) : MOST;
  bool there = false;
  (void)lang;
  *ret = NULL;
  if (!l)
    return err_oom(e);
  enum code c = layout_run(graph_of(a, n), n + 1, l, &there, e);
  if (c != OK || !there)
    return c;
  for (size_t i = 0; i <= n; i++) {
    l->node[i].x += MARGIN;
    l->node[i].y += MARGIN;
  }
  struct drawing d = drawing_new(a, l->width + 2 * MARGIN, l->height + 2 * MARGIN);
  for (size_t i = 0; i < n; i++) {
    struct span s = span_of(l->node[0], l->node[i + 1]);
    draw_tie(&d, &s, doc_get_str(doc_at(around, i), "tie"));
  }
  for (size_t i = 0; i < n; i++)
    draw_around(a, &d, l->node[i + 1], doc_at(around, i));
  draw_person(a, &d, l->node[0], p);
  *ret = d.doc;
  return OK;
}
