#include "view/drawing.h"

#include <math.h>

#include "base/utf8.h"

static int whole(double v)
{
  return v < 0 ? 0 : v > DRAWING_MOST ? DRAWING_MOST : (int)lround(v);
}

struct drawing drawing_new(struct arena *a, double width, double height)
{
  struct drawing d = {.a = a, .doc = doc_map(a)};
  doc_put_int(d.doc, "width", whole(ceil(width)));
  doc_put_int(d.doc, "height", whole(ceil(height)));
  doc_put_bool(d.doc, "wide", width > DRAWING_PHONE);
  d.strokes = doc_put_list(d.doc, "strokes");
  d.texts = doc_put_list(d.doc, "texts");
  return d;
}

static void add(const struct drawing *d, struct str path, const char *class)
{
  struct doc *m = doc_add_map(d->strokes);
  doc_put_str(m, "d", path);
  doc_put_cstr(m, "class", class);
}

void drawing_line(const struct drawing *d, double x1, double y1, double x2, double y2, const char *class)
{
  drawing_path(d, (const double[]){x1, y1, x2, y2}, 2, false, class);
}

void drawing_path(const struct drawing *d, const double *points, size_t n, bool closed, const char *class)
{
  struct buf b;
  buf_init(&b, d->a, 16 << 10);
  for (size_t i = 0; i < n; i++)
    buf_printf(&b, "%c%d %d", i ? 'L' : 'M', whole(points[2 * i]), whole(points[2 * i + 1]));
  if (closed)
    buf_add_c(&b, 'Z');
  add(d, buf_str(&b), class);
}

void drawing_box(const struct drawing *d, double x, double y, double w, double h, const char *class)
{
  drawing_path(d, (const double[]){x, y, x + w, y, x + w, y + h, x, y + h}, 4, true, class);
}

void drawing_circle(const struct drawing *d, double x, double y, double r, const char *class)
{
  const double k = 0.5523 * r; /* of a quarter as a curve */
  add(d,
      str_printf(d->a, "M%d %dC%d %d %d %d %d %dC%d %d %d %d %d %dC%d %d %d %d %d %dC%d %d %d %d %d %dZ", whole(x - r),
                 whole(y), whole(x - r), whole(y - k), whole(x - k), whole(y - r), whole(x), whole(y - r), whole(x + k),
                 whole(y - r), whole(x + r), whole(y - k), whole(x + r), whole(y), whole(x + r), whole(y + k),
                 whole(x + k), whole(y + r), whole(x), whole(y + r), whole(x - k), whole(y + r), whole(x - r),
                 whole(y + k), whole(x - r), whole(y)),
      class);
}

void drawing_text(const struct drawing *d, double x, double y, struct str text, const char *class)
{
  struct doc *m = doc_add_map(d->texts);
  doc_put_int(m, "x", whole(x));
  doc_put_int(m, "y", whole(y));
  doc_put_str(m, "text", text);
  doc_put_cstr(m, "class", class);
}

/* ---- lines of text ------------------------------------------------------------------------------------------------------------- */

static size_t width_of(int32_t cp)
{
  return cp < 0x1100 || (cp >= 0xFF61 && cp <= 0xFF9F) ? 1 : 2;
}

static bool begins_no_line(int32_t cp)
{
  static const int32_t these[] = {0x3001, 0x3002, 0x30FC, 0x3063, 0x30C3, 0x3083, 0x3085, 0x3087, 0x30E3,
                                  0x30E5, 0x30E7, 0x300D, 0xFF09, 0x30FB, ')',    ',',    '.'};
  for (size_t i = 0; i < sizeof these / sizeof *these; i++)
    if (cp == these[i])
      return true;
  return false;
}

/* Where the line that begins at `from` ends. */
static size_t line_end(struct str text, size_t from, size_t columns)
{
  size_t at = from, used = 0, blank = 0;
  while (at < text.n) {
    size_t next = at;
    int32_t cp = utf8_next(text, &next);
    size_t wide = width_of(cp);
    if (cp < 0)
      return text.n;
    if (used + wide > columns && !(begins_no_line(cp) && used + wide <= columns + 2))
      return blank ? blank : at;
    if (cp == ' ' || cp == 0x3000 || cp == 0x30FB)
      blank = next;
    if ((cp == '(' || cp == 0xFF08) && at > from)
      blank = at;
    used += wide;
    at = next;
  }
  return at;
}

/* The same less its last letters, with an ellipsis. */
static struct str cut(struct arena *a, struct str line, size_t columns)
{
  return str_printf(a, "%.*s…", (int)line_end(line, 0, columns - 2), line.p);
}

size_t drawing_wrap(struct arena *a, struct str text, size_t columns, struct str *lines, size_t most)
{
  size_t n = 0;
  text = str_trim(text);
  for (size_t at = 0; at < text.n && n < most;) {
    size_t end = line_end(text, at, columns);
    struct str line = str_sub(text, at, end - at);
    lines[n] = n + 1 == most && end < text.n ? cut(a, line, columns) : str_trim(line);
    n++;
    at = end;
  }
  return n;
}

/* ---- reading a path ---------------------------------------------------------------------------------------------------------------- */

static bool take_number(struct str *d, double *ret)
{
  size_t n = 0;
  int v = 0;
  while (d->n && *d->p == ' ')
    *d = str_sub(*d, 1, d->n);
  for (; n < d->n && n < 6 && d->p[n] >= '0' && d->p[n] <= '9'; n++)
    v = v * 10 + (d->p[n] - '0');
  *d = str_sub(*d, n, d->n);
  *ret = v;
  return n > 0;
}

bool drawing_next(struct str *d, char *ret_op, double xy[6])
{
  if (!d->n || !strchr("MLCZ", *d->p))
    return false;
  char op = *d->p;
  *d = str_sub(*d, 1, d->n);
  for (int i = 0; i < (op == 'C' ? 6 : op == 'Z' ? 0 : 2); i++)
    if (!take_number(d, &xy[i]))
      return false;
  *ret_op = op;
  return true;
}
