/* resemble_near.h: what comes near to a concealed value: for resemble.c alone. Texts are as it brings them to one way of writing numbers. */
#ifndef BASE_RESEMBLE_NEAR_H
#define BASE_RESEMBLE_NEAR_H
#include "base/resemble.h"

#define NEAR_MARK '~' /* between and behind numbers where only addresses have such words: 丁目, 番地 */

enum { BLOCK_PARTS = 4 };
struct block { /* 3-2-1 of a town; n 0: none that could be known again */
  int64_t part[BLOCK_PARTS];
  size_t n;
  struct str stem, ending; /* みどり and 町; ending may be empty */
};
struct block block_of(struct str town, struct str number);
/* RESEMBLES_CLOSELY: three numbers of it anywhere, or two behind a word like a town's name, written as nobody knows how. RESEMBLES_LOOSELY: two behind
 * another town's name, or behind any word. */
enum resemblance near_block(const struct block *b, struct str text);
/* All digits but one, of `phone`, within the digits. */
enum resemblance near_phone(struct str phone, struct str digits);
bool near_is_kanji(struct str s); /* does it begin with one? */

#endif
