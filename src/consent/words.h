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

/* categories[] {word, long, sensitive}: the columns of a matrix. */
void consent_put_categories(struct doc *d, enum lang lang);

#endif
