/* drawing.h: a drawing of lines, shapes and short texts, made once for the page (SVG) and for paper (print.h, block "drawing"). It is a
 * document:
 *   width, height   whole points; (0, 0) is the upper left corner
 *   wide     bool: wider than a phone shows at once
 *   strokes  list of {d, class}: a path of M L C Z with absolute whole numbers; class: solid thick dash fine dots, or fill (white, to cover)
 *   texts    list of {x, y, text, class}: y is the line's foot; class: name small age, each centred on x; left: begins at x
 * Colours are the reader's style sheet's; paper is black on white. */
#ifndef VIEW_DRAWING_H
#define VIEW_DRAWING_H
#include "base/doc.h"

enum {
  DRAWING_MOST = 20000,
  DRAWING_PHONE = 326
}; /* points: either way; across a phone of 360, inside the page and the frame */

struct drawing {
  struct arena *a;
  struct doc *doc, *strokes, *texts;
};

struct drawing drawing_new(struct arena *a, double width, double height);
void drawing_line(const struct drawing *d, double x1, double y1, double x2, double y2, const char *class);
/* `points`: x, y, x, y …; n of them. */
void drawing_path(const struct drawing *d, const double *points, size_t n, bool closed, const char *class);
void drawing_box(const struct drawing *d, double x, double y, double w, double h, const char *class);
void drawing_circle(const struct drawing *d, double x, double y, double r, const char *class);
void drawing_text(const struct drawing *d, double x, double y, struct str text, const char *class);

/* Cuts a text into at most `most` lines of at most `columns` half-width columns (a full-width letter takes two); what does not go in ends
 * with an ellipsis. Returns how many lines there are. A line does not begin with what may not begin one (、。ー っ …). */
size_t drawing_wrap(struct arena *a, struct str text, size_t columns, struct str *lines, size_t most);

/* Walks a path: false at its end or where it is none. op: M L C Z; xy: two numbers of M and L, six of C. */
bool drawing_next(struct str *d, char *ret_op, double xy[6]);

#endif
