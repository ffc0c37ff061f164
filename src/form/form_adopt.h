/* form_adopt.h: what the files that adopt a Questionnaire share. */
#ifndef FORM_FORM_ADOPT_H
#define FORM_FORM_ADOPT_H
#include "form/form_internal.h"

struct adopting {
  struct arena *a;
  enum lang lang;
  const char *category;
  const struct doc *questionnaire; /* as it came */
  struct doc *links;               /* old link -> new, where it had to change */
  struct doc *asked;               /* old link -> the item as it came */
  struct doc *notes;               /* texts */
  const struct doc *outer;         /* the question around, where it is no group and has conditions */
  size_t items;
  bool conditions; /* some were taken over */
  bool bare;       /* none are */
};

struct str adopt_link(const struct adopting *w, struct str link);

/* --- form_adopt_choice.c --- */
bool adopt_is_choice(const struct doc *item);
/* The options of a choice, of its own or of a value set the Questionnaire carries with it, under codes of ours: o1, o2 … Empty: there
 * are none here, or too many. */
struct doc *adopt_options(struct adopting *w, const struct doc *item);
/* Puts the conditions of `from` into `item`. False: one of them cannot be said here; then none is there. */
bool adopt_conditions(struct adopting *w, const struct doc *from, struct doc *item);

#endif
