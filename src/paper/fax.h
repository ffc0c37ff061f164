/* fax.h: what goes to a receiver on paper: 送付票 (no name, no content), the sheet as that receiver may see it, 返信票 to be written on. */
#ifndef PAPER_FAX_H
#define PAPER_FAX_H
#include "paper/paper.h"

struct fax_end {
  struct str organization, phone, fax;
};
struct fax {
  struct fax_end from, to;
  struct str worker, number; /* who sends it; the case's number */
  struct str kind;           /* 支援依頼, 引継ぎ */
  struct str sent, answer_by;
  struct str answer_url; /* where the sender writes the answer down */
};
/* The whole paper; `sheet`: the document of form_print() under the receiver's mask. */
struct doc *fax_paper(struct arena *a, const struct reader *who, const struct fax *f, const struct doc *sheet);

#endif
