/* csv.h: tables as text files, out and in. RFC 4180 (CRLF, quotes doubled); UTF-8 or CP932 (what a Japanese Excel expects).
 *
 * A text cell never begins a formula: before a leading = + - @ (also full width), tab, CR or LF stands an apostrophe, which reading
 * takes away again. */
#ifndef VIEW_CSV_H
#define VIEW_CSV_H
#include "base/err.h"
#include "base/str.h"

/* --- out -------------------------------------------------------------------------------------------------------------- */
enum csv_encoding { CSV_UTF8_BOM, CSV_UTF8, CSV_CP932 };

struct csv_out;

/* Would begin a formula, were it not for apostrophes before it (these do not count, so that reading can take exactly one away). */
bool csv_is_formula(struct str text);
struct csv_out *csv_out_new(struct arena *a);
void csv_out_text(struct csv_out *o, struct str text); /* line breaks inside a cell are LF */
/* As it stands: for tables that programs read, where an apostrophe would be other data ("+81 183 73 2111"). */
void csv_out_raw(struct csv_out *o, struct str text);
void csv_out_row(struct csv_out *o); /* ends the row */
/* INVALID with row and column (from 1) of the first character that CP932 lacks, and in the detail how many cells have one; LIMIT
 * beyond LIMIT_PAGE. */
enum code csv_out_finish(struct csv_out *o, enum csv_encoding to, struct str *ret, struct err *e) MUST_CHECK;
struct csv_table;
/* A whole table of texts. */
enum code csv_out_table(struct arena *a, const struct csv_table *t, enum csv_encoding to, struct str *ret,
                        struct err *e) MUST_CHECK;

/* --- in --------------------------------------------------------------------------------------------------------------- */
struct csv_row {
  struct str *cell;
  size_t n;
};

struct csv_table {
  struct csv_row *row;
  size_t n;
  bool cp932; /* what it was */
};

enum { CSV_COLUMNS = 1000 };

/* One more row, of n empty cells that the caller fills; NULL: out of memory. For a table that grows in no other way. */
struct str *csv_table_add(struct arena *a, struct csv_table *t, size_t n);

/* UTF-8 with or without BOM, else CP932. Empty lines are left out and not counted. Cells come as they stand, in UTF-8; what they may
 * hold is the form's business. INVALID names row and column; LIMIT beyond LIMIT_CSV_ROWS or CSV_COLUMNS. */
enum code csv_in(struct arena *a, struct str bytes, struct csv_table *ret, struct err *e) MUST_CHECK;
/* The same for cells copied out of a spreadsheet: parted by tabs, and quotes may stand anywhere. */
enum code csv_in_tabs(struct arena *a, struct str bytes, struct csv_table *ret, struct err *e) MUST_CHECK;
struct str csv_cell(const struct csv_table *t, size_t row, size_t column); /* empty where there is none */
/* Column whose cell in the first row is `name` (blanks around it do not count), or -1. */
int csv_column(const struct csv_table *t, const char *name);

#endif
