/* edit.h: changing a Questionnaire, item by item: pure functions over its document. Nothing is judged here: form_compile() says afterwards
 * whether it is a form that is served. What the editor has no field for (bind, maxLength, initial …) stays as it is. */
#ifndef FORMBOOK_EDIT_H
#define FORMBOOK_EDIT_H
#include "form/form.h"

/* The item of that linkId; NULL. */
struct doc *edit_find(const struct doc *questionnaire, struct str link);
/* One place up (-1) or down (+1) among its siblings; away with it and all that is in it. False: no such item, or no such place. */
bool edit_move(struct arena *a, struct doc *questionnaire, struct str link, int by);
bool edit_remove(struct arena *a, struct doc *questionnaire, struct str link);
/* An item as the fields of its page, and back. `parent`: for a new one, the group it stands in at the end (empty: at the top). INVALID names the
 * field. An item without a linkId gets one. */
struct doc *edit_values(struct arena *a, const struct doc *questionnaire, const struct doc *item);
enum code edit_write(struct arena *a, struct doc *questionnaire, struct str link, struct str parent,
                     const struct doc *values, struct err *e) MUST_CHECK;
/* The head: title, title_en, number, use, description. */
struct doc *edit_head_values(struct arena *a, const struct doc *questionnaire);
void edit_write_head(struct arena *a, struct doc *questionnaire, const struct doc *values);
/* What was changed when the form was taken over from elsewhere: texts that stand with the draft until it is published; NULL: take them away. */
void edit_put_notes(struct arena *a, struct doc *questionnaire, const struct doc *notes);
struct doc *edit_notes(struct arena *a, const struct doc *questionnaire);
/* A form with one empty part to begin with. */
struct doc *edit_new(struct arena *a, struct str code, struct str title);

#endif
