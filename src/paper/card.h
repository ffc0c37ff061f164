/* card.h: 話さなくていいカード: what the person wants the next place to know, so as not to tell it again. Large, in the person's words; what the person
 * left empty is not on it. */
#ifndef PAPER_CARD_H
#define PAPER_CARD_H
#include "form/form.h"

/* A document for print_pdf(); answers NULL: to be written by hand. url: where the sheet stands, for who may see it; empty: none. */
struct doc *card_paper(const struct form_context *c, const struct form *f, const struct doc *answers, struct str url);

#endif
