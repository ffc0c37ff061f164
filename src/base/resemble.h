/* resemble.h: does a text tell something that is kept apart? Pure: text against texts. Both are folded (utf8_fold) and brought to one way
 * of writing numbers: 三丁目二番一号, 3丁目2-1 and ３の２の１ are one; telephone numbers and postal codes are compared digit by digit,
 * however they are set. */
#ifndef BASE_RESEMBLE_H
#define BASE_RESEMBLE_H
#include "base/doc.h"

/* Concealed, in brackets and in every language alike: it stands within what people wrote. */
#define CONCEALED_MARK JA("［秘匿あり］")

enum needle_kind { NEEDLE_TEXT, NEEDLE_ADDRESS, NEEDLE_PHONE, NEEDLE_NAME /* of a school, a workplace */ };
enum resemblance {
  RESEMBLES_NOT,
  RESEMBLES_LOOSELY, /* a part of it that many share: the town, the stem of a school's name. Worth a warning */
  RESEMBLES_CLOSELY, /* told in other words: the number of its block behind a town written otherwise, a telephone number with one digit wrong.
                        Worth a warning, and refused in what leaves; masked too, but for needles_warn_only() and a telephone number without words */
  RESEMBLES          /* it is told */
};

struct needles; /* what is looked for; NULL: nothing */

/* Adds one value (and the parts of it that tell as much) to *list. Values of fewer than two characters are not looked for. */
void needles_add(struct arena *a, struct needles **list, enum needle_kind kind, struct str value);
/* What is only near to what was added so far is found, and no longer masked: where several persons stand side by side, one's number of a block
 * would be taken for another's, and the mark would tell whose it is like. */
void needles_warn_only(struct needles *list);
enum resemblance needles_find(const struct needles *list, struct arena *a, struct str text);
/* The text with `mark` in place of each sentence that tells it; of the whole text where it stands across sentences. The very same bytes
 * where nothing is told. */
struct str needles_mask(const struct needles *list, struct arena *a, struct str text, struct str mark);
/* The other way: `typed` is what came back of a text that was shown masked. Each mark becomes the sentence of `stored` that it stood for, as
 * long as there are as many of them; false: there are not, and what was meant is not known. */
bool needles_restore(const struct needles *list, struct arena *a, struct str stored, struct str typed, struct str mark,
                     struct str *ret);
/* The same of a document's texts, in place: of those that stand in both at the same keys. */
bool needles_restore_doc(const struct needles *list, struct arena *a, const struct doc *stored, struct doc *typed,
                         struct str mark);
/* The most that any text of a document tells. */
enum resemblance needles_find_doc(const struct needles *list, struct arena *a, const struct doc *d);

#endif
