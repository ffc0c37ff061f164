/* xlsx.h: spreadsheet files (ECMA-376, Excel's .xlsx) in and out as tables of text. By libzip and expat, from memory to memory: no file of
 * personal data comes to lie on a disk, which libraries that write spreadsheets need. Nothing is computed and nothing refers to anything
 * outside: of a formula the value that was saved with it is read; what is written is text alone. */
#ifndef VIEW_XLSX_H
#define VIEW_XLSX_H
#include "view/csv.h"

enum { XLSX_UNPACKED_MOST = 96 << 20 }; /* bytes that a file may be when unpacked */

bool xlsx_is(struct str bytes); /* begins as a .xlsx does */
/* The first sheet that is not hidden. Row and column stand where they stand in the sheet; an empty row has no cells. Dates come as
 * 2026-11-18, whole numbers without exponent, furigana above a word is left out; the apostrophe of csv.h is taken away where a program stored it among its words. INVALID for what
 * is no such file, LIMIT beyond LIMIT_CSV_ROWS, CSV_COLUMNS or XLSX_UNPACKED_MOST. */
enum code xlsx_in(struct arena *a, struct str bytes, struct csv_table *ret, struct err *e) MUST_CHECK;
/* One sheet; the first row is its heading. Every cell is an inline string: text that no program takes for a formula, as it stands, without the
 * apostrophe of csv.h. */
enum code xlsx_out(struct arena *a, const struct csv_table *t, struct str sheet, struct str *ret,
                   struct err *e) MUST_CHECK;

#endif
