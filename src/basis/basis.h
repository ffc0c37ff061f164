/* basis.h: 法令による提供 — what is handed on without consent, because a law allows it: who gives what to whom, under which article, why it is necessary,
 * why nobody was asked, who allowed it and how the person hears of it. One asks (requester), another one allows (approver): until then nothing is
 * opened. The engine reads the same rows (fact_legal_basis); a basis that ends closes what rested on it, as a withdrawal does. */
#ifndef BASIS_BASIS_H
#define BASIS_BASIS_H
#include "casework/casework.h"
#include "view/csv.h"

/* --- lawful.c: the one table of what is possible at all ------------------------------------------------------------------ */
enum { LAWS = 10 };
struct basis_body { /* an organization, as far as the laws part them */
  struct str kind, circle;
  bool public_body;
};
struct basis_town {
  struct str stage; /* preparing, established */
  struct str off;   /* codes that this network does not use, parted by blanks */
};
extern const char *const basis_codes[LAWS + 1]; /* ends with NULL; those of the engine's table */
const char *basis_label(struct str code);       /* 「通告」; "" for none: a catalog id */
/* The article, as this giver has to name it; Japanese in every language. */
const char *basis_article(struct str code, const struct basis_body *giver);
/* Under which condition the law allows it, in a sentence; a catalog id. */
const char *basis_hint(struct str code);
/* Does the law know a body that asks for it (then the form wants who asked)? */
bool basis_is_asked(struct str code);
bool basis_lawful(const struct basis_town *town, const struct basis_body *giver, const struct basis_body *receiver,
                  struct str code);

/* --- writing --------------------------------------------------------------------------------------------------------------- */
struct basis_new {
  id64 to;
  struct str code, why, tell; /* why: no consent; tell: after, told, not */
  cats_t categories;
  struct str necessity, weighing;
  struct doc *content; /* purpose, items, asked, why_text, untold, told_how */
  struct date from_day, until_day, tell_due;
};
/* Rules: a combination that is possible (else INVALID with what is possible instead), categories, every text that the code asks for, an end. */
enum code basis_record(struct tx *tx, const struct scope *s, id64 case_id, const struct basis_new *n, id64 *ret_id,
                       struct err *e) MUST_CHECK;
/* By somebody else than who asked (DENIED), of the same organization; CONFLICT when it was decided. Allowed, it holds from now, or from its day. */
enum code basis_decide(struct tx *tx, const struct scope *s, id64 basis, bool allowed, struct err *e) MUST_CHECK;
/* The person was told; INVALID for a day to come, CONFLICT when it is done. */
enum code basis_tell(struct tx *tx, const struct scope *s, id64 basis, struct date day, struct str how,
                     struct err *e) MUST_CHECK;
/* Ends it now, with whatever rested on it alone. CONFLICT when it is over. */
enum code basis_end(struct tx *tx, const struct scope *s, id64 basis, struct err *e) MUST_CHECK;

/* --- reading --------------------------------------------------------------------------------------------------------------- */
/* templates/basis_list but for strip, f and case_id: what the own organization asked for, whole; what was opened to it, without the reasons. */
enum code basis_page(struct tx *tx, const struct scope *s, id64 case_id, struct arena *a, const struct reader *who,
                     struct doc **ret, struct err *e) MUST_CHECK;
/* templates/basis_new: to whom (receivers), or, where `to` is chosen, by which codes. */
enum code basis_choices(struct tx *tx, const struct scope *s, id64 to, struct arena *a, const struct reader *who,
                        struct doc *data, struct err *e) MUST_CHECK;
/* To how many bodies the own organization opened something that holds now. */
enum code basis_count(struct tx *tx, const struct scope *s, size_t *ret, struct err *e) MUST_CHECK;
extern const char *const basis_why_codes[];
extern const char *const basis_tell_codes[];
/* why[] and tell[] of the form; the words of the others. */
void basis_put_words(struct doc *data, enum lang lang, const struct doc *typed);

/* Adds to the day's lines: what waits to be allowed (to those who may), what the person has still to be told. */
enum code basis_owed(struct tx *tx, const struct scope *list, bool may_allow, struct arena *a, const struct reader *who,
                     struct doc *lines, struct err *e) MUST_CHECK;

/* --- the register (台帳) ------------------------------------------------------------------------------------------------------ */
enum basis_state { BASIS_WAITS, BASIS_HOLDS, BASIS_TO_COME, BASIS_OVER, BASIS_REFUSED, BASIS_STATES };
enum { BASIS_TO_TELL = BASIS_STATES, BASIS_ANY = -1 };
enum basis_order { BASIS_BY_NEW, BASIS_BY_NUMBER, BASIS_BY_GIVER, BASIS_BY_RECEIVER, BASIS_BY_END };
struct basis_view {
  int state; /* BASIS_ANY, BASIS_TO_TELL or one of enum basis_state */
  struct str code;
  enum basis_order by;
  bool falls;
  int64_t skip;
};
/* templates/basis_register but for what is around the rows: the own organization's, given and received, of persons whom the list's actor sees. No name. */
enum code basis_register(struct tx *tx, const struct scope *list, const struct basis_view *view, struct arena *a,
                         const struct reader *who, struct doc **ret, struct err *e) MUST_CHECK;
/* The same as a table with its head, all of it; `list`: a scope of BASIS_EXPORT. */
enum code basis_table(struct tx *tx, const struct scope *list, const struct basis_view *view, struct arena *a,
                      const struct reader *who, struct csv_table *ret, struct err *e) MUST_CHECK;

#endif
