/* shown.h: two at one form. The form carries what each field showed (shown.NAME, templates/part_shown); what was not changed in it is not
 * written, and whoever changes what somebody else changed in the meantime is told what stands now before it is replaced. A request
 * without those fields (a program's) writes what it says. */
#ifndef GATE_SHOWN_H
#define GATE_SHOWN_H
#include "gate/gate.h"

enum shown {
  SHOWN_NOT,      /* the request does not say */
  SHOWN_KEPT,     /* not changed: what stands, stays */
  SHOWN_CHANGED,  /* changed here alone, or to what stands by now */
  SHOWN_MEANWHILE /* changed here and elsewhere: SHOWN_TOO_LATE at the field */
};
/* The sentence of SHOWN_MEANWHILE; what stands is told by the form alone. */
#define SHOWN_TOO_LATE TR("ほかの人が先に変えました。いまの内容を確かめて、もう一度保存してください。")
/* Of one field, by its typed value and what stands as the form would show it (masked). A FIELD_MAP called shown is among the route's. */
enum shown shown_of(const struct request *rq, const char *name, struct str typed, struct str stands);
/* A text as it is compared: without blanks around it and with one kind of line end, as a browser may send another. */
struct str shown_clean(struct arena *a, struct str s);
/* A field's value as one text: codes with a blank between; "1" of what is ticked. */
struct str shown_text(struct arena *a, const struct doc *value);

/* gate_form() with what part_shown reads: has_shown, shown, has_meanwhile, meanwhile. A form that comes back shows of what was not changed what stands
 * now, and keeps what was typed. words: what stands as a reader reads it, where that is not the value; may be NULL. */
struct doc *shown_form(struct request *rq, const struct field *fields, const struct doc *stands,
                       const struct doc *words);

#endif
