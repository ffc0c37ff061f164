/* say.h: papers in やさしい日本語, large type, short sentences, readings above; for this folder alone. */
#ifndef SEEN_SAY_H
#define SEEN_SAY_H
#include "seen/seen.h"

enum { SAY_LARGE = 12 }; /* points */
struct say {
  struct arena *a;
  const struct reader *who;
  struct doc *blocks;
};
/* A pattern with readings in 《》; in it %1 (plain, bold: names) and %2 (with readings). */
void say_pieces(struct doc *pieces, struct arena *a, struct str pattern, struct str plain, struct str marked);
/* As a block of this kind (view/print.h). */
void say_text(const struct say *w, const char *kind, struct str pattern, struct str plain, struct str marked);
void say_line(const struct say *w, const char *kind, const char *sentence); /* a catalog id */
/* 「聞きたいことがあるとき」: at the counter, and at the coordinating body where that is another one. */
void say_whom_to_ask(const struct say *w, struct str here, struct str coordinating);
/* Who printed it: organization and job (職種), no name. */
enum code say_printer(struct tx *tx, const struct scope *staff, const struct say *w, struct doc *paper,
                      struct str *ret_here, struct err *e) MUST_CHECK;
/* NOT_FOUND for whoever may not know of this guardian: nothing is printed for one. */
enum code say_knows(struct tx *tx, const struct scope *staff, id64 guardian, struct arena *a, const struct reader *who,
                    struct err *e) MUST_CHECK;

#endif
