/* print_flow.h: the inside of print_*.c. Lengths are points (1/72 inch), y grows downwards.
 *
 * The document is laid out twice: once dry, to count the pages, then drawn. Both passes run the same code, and only the functions that
 * draw look at `dry`. */
#ifndef VIEW_PRINT_FLOW_H
#define VIEW_PRINT_FLOW_H
#include <pango/pangocairo.h>

#include "view/print.h"
#include "view/qr.h"

#define MM (72.0 / 25.4)

enum { PRINT_SHEETS = 16 }; /* parts between "page" blocks that are drawn together one by one */

struct flow {
  struct arena *scratch; /* of the block, or the table row, that is being set */
  enum lang lang;
  cairo_t *cr;
  PangoContext *pango;
  const struct doc *document;
  bool dry;
  int page, pages; /* pages: 0 while dry */
  double y;        /* where the next block begins */
  double left, width, top, bottom;
  double size;                /* of the text */
  double base;                /* the same as the document asks for it */
  double scale;               /* size / base: below 1 where a sheet was drawn together to fit its page */
  double air;                 /* of the room between blocks; less on a dense sheet */
  double fit[PRINT_SHEETS];   /* by sheet: the scale that the dry pass found; 0: not looked for yet */
  double grow;                /* of boxes and empty rows on a sheet to be filled in by hand; 1 as the document says */
  double grown[PRINT_SHEETS]; /* as fit */
  size_t sheet;
  const char
      *leaf; /* what drawn text is to a reading aid: P, H1, TH …; NULL: no part of the document (the page's edges) */
  struct err *e;
  enum code failed; /* first failure; everything after it is a no-op */
};

void flow_fail(struct flow *f, enum code c, const char *why);
double flow_room(const struct flow *f); /* down to the bottom of this page */
bool flow_fresh(const struct flow *f);  /* nothing stands on this page yet */
void flow_new_page(struct flow *f);
void flow_need(struct flow *f, double height); /* a new page unless it fits */
double flow_lines(const struct flow *f, const struct doc *block,
                  const char *key);              /* so many lines or empty rows, grown */
double flow_mm(const struct flow *f, double mm); /* a measure on the sheet as points */
void flow_gap(struct flow *f, double mm);        /* room after a block */
/* Tags of the document's structure (PDF 1.7, 14.8): an element around what is drawn until its end. Nothing while dry. */
void flow_tag(struct flow *f, const char *name);
void flow_untag(struct flow *f, const char *name);
void flow_rule(struct flow *f, double x1, double y1, double x2, double y2, double width);
void flow_fill(struct flow *f, double x, double y, double w, double h, double grey); /* 0 black, 1 white */

/* --- text: a TEXT set to a width ----------------------------------------------------------------------------------- */
enum align { ALIGN_LEFT, ALIGN_CENTER, ALIGN_RIGHT };

struct style {
  double size;    /* points */
  double leading; /* line pitch in sizes */
  bool bold;
  enum align align;
};

enum print_mark { MARK_OFF, MARK_ON, MARK_WORST }; /* what a shape in the text points to */

struct para;

/* Lives in f->scratch. An empty TEXT gives one empty line. NULL only after a failure. */
struct para *para_new(struct flow *f, const struct doc *text, struct style s, double width);
struct para *para_of(struct flow *f, struct str text, struct style s, double width);
size_t para_lines(const struct para *p);
double para_pitch(const struct para *p);
/* Room above each line for ruby; cells of one row share the largest, so that their lines stay level. */
double para_ruby_room(const struct para *p);
void para_set_ruby_room(struct para *p, double room);
double para_width(const struct para *p); /* of its widest line */
size_t para_first_byte(const struct para *p, size_t line, struct str *ret_text);
PangoLayout *para_letter(struct flow *f, const char *letter, double size); /* one letter; g_object_unref() */
/* Text is tagged as f->leaf. */
void para_draw(struct flow *f, const struct para *p, size_t from, size_t to, double x, double y);

/* --- rows: cells side by side, cut at a page's end when they must be ------------------------------------------------ */
struct cell {
  struct para *p;
  double x, w; /* x from the left margin */
  bool shaded;
  bool middle; /* stands in the middle of the row's height when it fits */
  size_t next; /* first line not drawn yet */
};

struct row {
  struct cell *cell;
  size_t n;
  double pad; /* above and below the text; 0: the usual */
  double min; /* height at least */
  bool open;  /* no lines between the cells */
  bool no_top, no_bottom, no_sides;
  void (*again)(struct flow *f, void *arg); /* after each page break */
  void *arg;
};

void row_draw(struct flow *f, struct row *r);

/* --- blocks --------------------------------------------------------------------------------------------------------- */
void print_block(struct flow *f, const struct doc *block);
void print_code(struct flow *f, const struct qr *q, double x, double y, double side);
double flow_head_room(const struct flow *f); /* what a code in the head of the first page takes of its right edge */
void print_table(struct flow *f, const struct doc *block);
void print_fields(struct flow *f, const struct doc *block);
void print_checks(struct flow *f, const struct doc *block);
void print_drawing(struct flow *f, const struct doc *block);
enum align print_align(const struct doc *name); /* "center", "right", else left */

#endif
