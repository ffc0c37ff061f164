/* import_words.h: what the importer knows by words: columns of lists, concerns and kinds of places. Inside src/directory. */
#ifndef DIRECTORY_IMPORT_WORDS_H
#define DIRECTORY_IMPORT_WORDS_H
#include "base/str.h"

enum column_kind {
  COLUMN_NAME,
  COLUMN_WHAT,
  COLUMN_HOURS,
  COLUMN_ADDRESS,
  COLUMN_PLACE, /* an address, a building or a division in words */
  COLUMN_PHONE,
  COLUMN_FAX,
  COLUMN_URL,
  COLUMN_MAIL,
  COLUMN_NOTE,
  COLUMN_DATE,
  COLUMN_OTHER /* kept as label and value; true/false: the label itself when true */
};

/* By the key first (headings of spreadsheets are sometimes copied to the wrong column), then by the heading. *ret_label: the label that a
 * column of this key has when its heading is empty or cannot be right; empty for a key that is not known. */
enum column_kind column_of(struct arena *a, struct str key, struct str label, struct str *ret_label);
/* Concerns that words of a list (a heading, what is offered) stand for, as bits by directory_concern_codes. */
uint32_t words_concerns(struct arena *a, struct str text);
/* organization.kind by the place's name, then by its heading; "other" when neither says it. */
const char *words_kind(struct arena *a, struct str name, struct str heading);
/* Does a note say that the place is closed for the time being? */
bool words_shut(struct str note);

#endif
