/* demo_deed.h: what the deeds of demo/town.txt share. */
#ifndef CLI_DEMO_DEED_H
#define CLI_DEMO_DEED_H
#include "cli/demo_life.h"

struct deed {
  struct tx *tx;
  struct stage *st;
  const struct life_deed *l;
  struct str words; /* what is left of them */
  struct reader who;
  struct arena *a;
};
typedef enum code (*deed_fn)(struct deed *d, struct err *e);

/* The next of its words; the text behind its i-th |. */
struct str deed_word(struct deed *d);
struct str deed_field(const struct deed *d, int i);
enum code deed_enter(struct deed *d, enum action action, struct case_head *head, const struct scope **ret,
                     struct err *e) MUST_CHECK;
/* demo_papers.c: what is printed, attached, taken back and ended; NULL for a kind that is none of these. */
deed_fn demo_paper_of(struct str kind);
/* demo_outside.c: answers by a link, mail, relatives, an import taken back; NULL likewise. */
deed_fn demo_outside_of(struct str kind);

#endif
