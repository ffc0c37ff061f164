/* mend.h: cells of towns' lists, as they come out of spreadsheets, made readable. Nothing is guessed: widths, blanks, line breaks
 * and dashes change, words and digits never do. */
#ifndef DIRECTORY_MEND_H
#define DIRECTORY_MEND_H
#include "base/clock.h"
#include "base/str.h"

/* Full-width letters, digits and blanks become half-width, half-width kana full-width, kana with a voicing mark of its own one
 * character. Brackets, waves and everything else stay. Valid UTF-8 in, valid UTF-8 out. */
struct str mend_width(struct arena *a, struct str s);
/* One line: widths, then each run of blanks and line breaks is one blank; none at the ends. */
struct str mend_line(struct arena *a, struct str s);
/* Prose (hours): widths and blanks line by line; line breaks stay, empty lines go. */
struct str mend_lines(struct arena *a, struct str s);
/* Every kind of dash, and the long vowel mark, between two digits becomes '-' (「久保7－2」). For addresses and telephone numbers. */
struct str mend_dashes(struct arena *a, struct str s);
/* What two spellings of one name have in common: folded, without punctuation and without a bracketed remark at its end. */
struct str mend_key(struct arena *a, struct str name);
/* A date as spreadsheets hold it: 「H 4.10. 1」, 「S47.11. 1」, or the days since 1899-12-30 (39431). False: it is none. */
bool mend_date(struct arena *a, struct str s, struct date *ret, bool *ret_serial);

#endif
