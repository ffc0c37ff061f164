/* phone.h: telephone cells of towns' lists: several numbers, remarks in front or behind, the area code left out. */
#ifndef DIRECTORY_PHONE_H
#define DIRECTORY_PHONE_H
#include "base/err.h"
#include "base/str.h"

enum phone_type { PHONE_VOICE, PHONE_FAX };

struct phone {
  struct str number;    /* "0183-73-2471", as people read it */
  struct str dial;      /* digits to be dialled; empty when the number is not whole: it is shown then, never dialled */
  struct str extension; /* 内線 */
  struct str remark;    /* 「相談専用ダイヤル」 */
  enum phone_type type;
};

enum { PHONES_MOST = 8 }; /* numbers in one cell; further ones stay in the last one's remark */

struct phones {
  struct phone list[PHONES_MOST];
  size_t count;
};

/* "" or 0 and 1 to 4 digits more; INVALID says what it should be. */
enum code phone_check_area(struct str area_code, struct err *e) MUST_CHECK;
/* Reads a cell. A local number is completed by the area code where both together have ten digits; what is not a whole Japanese
 * number keeps its text and gets no `dial`. Nothing of the cell is dropped: what is no number is a remark. */
void phone_read(struct arena *a, struct str cell, struct str area_code, enum phone_type type, struct phones *ret);
const char *phone_type_code(enum phone_type t); /* HSDS: "voice", "fax" */

#endif
