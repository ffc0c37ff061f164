/* search.h: words in the 経過記録 that one may see. Nothing is indexed: what may be seen is opened, person by person, the newest first, and looked
 * through in its folded form. One answer is one slice of that: it ends after SEARCH_SLICE_MS or with enough lines, and says where to go on. */
#ifndef CASEWORK_SEARCH_H
#define CASEWORK_SEARCH_H
#include "access/scope.h"
#include "base/doc.h"
#include "view/reader.h"

enum {
  SEARCH_WORDS = 5, /* all of them stand in one paragraph */
  SEARCH_LINES = 3, /* of one person, the newest; the others are a number */
  SEARCH_HITS = 20, /* persons a slice, or somewhat more */
  SEARCH_SLICE_MS = 150
};

struct search_query {
  struct str word[SEARCH_WORDS]; /* folded */
  int words;
};
/* From what was typed: words between blanks, those beyond SEARCH_WORDS left out. words 0: nothing to look for. */
struct search_query search_query(struct arena *a, struct str typed);
bool search_matches(const struct search_query *q, struct str fold);
/* Some of the text around the first word, as a list of {text, hit}. The scratch arena is reset. */
struct doc *search_excerpt(struct arena *a, struct arena *scratch, const struct search_query *q, struct str text);

/* templates/search's hits[], has_hits, scanned, has_more, more_from. `list`: a scope of RECORD_SEARCH. before: 0 or an earlier more_from's id. */
enum code record_search(struct tx *tx, const struct scope *list, const struct search_query *q, id64 before,
                        struct arena *a, const struct reader *who, struct doc **ret, struct err *e) MUST_CHECK;

#endif
