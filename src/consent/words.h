/* words.h: what the pages of consents share, for this folder alone. */
#ifndef CONSENT_WORDS_H
#define CONSENT_WORDS_H
#include "consent/consent_sql.h"

/* 「基本・連絡先」「全部」 */
struct str consent_categories(struct arena *a, enum lang lang, cats_t categories);
/* 「本人」, the guardian's relation, or 「保護者」 */
struct str consent_party(enum lang lang, const struct consent_row *row);
/* 「書面」「口頭」「画面でチェック」 */
struct str consent_how(enum lang lang, struct str how);
/* Does b go on with a's terms: the rest of a consent that was withdrawn towards somebody else, in the same instant? */
bool consent_goes_on(const struct recipient_row *a, const struct recipient_row *b);

/* Given, standing at `now` or to come, and not followed by a standing no of the same party to the same organization; rows: all that was said. */
bool consent_counts(const struct recipient_row *rows, size_t count, const struct recipient_row *row, ts_t now);
/* May this party answer, and on which authority? Fills n->authority. */
enum code consent_check_giver(struct tx *tx, const struct scope *s, struct consent_new *n, struct err *e) MUST_CHECK;

/* answers.c: all that was said, beside whom the rule asks. */
struct asked {
  struct tx *tx;
  const struct scope *s;
  struct arena *a;
  const struct reader *who;
  ts_t own_from; /* 0: not known */
  struct consent_rule rule;
  struct doc *guardians; /* person_guardians(): those whom the reader may see */
  struct recipient_row *rows;
  size_t count;
};
enum code consent_asked(struct tx *tx, const struct scope *s, struct arena *a, const struct reader *who,
                        struct asked *ret, struct err *e) MUST_CHECK;
/* Puts notes[] {text} of one recipient: who said no, whose yes begins later, and (half: something of it waits) whose answer is missing. Did anybody say no? */
bool consent_put_notes(const struct asked *q, id64 organization, bool half, struct doc *row);
/* Puts needs (whose consent the rule asks, and what to do where that is not known), needs_family, needs_birth (the ways to it). */
enum code consent_put_needs(struct tx *tx, const struct scope *s, struct arena *a, const struct reader *who,
                            struct doc *data, struct err *e) MUST_CHECK;

/* before.c: what the own organization wrote down earlier of the same party for a recipient of `n`, that goes on and covers more than it, or longer. */
struct older {
  id64 consent, organization;
  struct str name; /* of the organization */
  ts_t from, until;
  cats_t more; /* categories that the new one has not; 0: it only lasts longer */
};
enum code consent_older(struct tx *tx, const struct scope *s, const struct consent_new *n, struct arena *a,
                        struct older **ret, size_t *ret_count, struct err *e) MUST_CHECK;

/* categories[] {word, long, sensitive}: the columns of a matrix. */
void consent_put_categories(struct doc *d, enum lang lang);

#endif
