/* words.h: what a row of 法令による提供 is called, for this folder alone. */
#ifndef BASIS_WORDS_H
#define BASIS_WORDS_H
#include "basis/basis_sql.h"

/* Puts state {word, shape, class}. */
void words_put_state(struct doc *d, enum lang lang, const struct basis_row *row, ts_t now);
struct str words_state(enum lang lang, int state);
struct str words_categories(struct arena *a, enum lang lang, cats_t categories);
struct str words_why(enum lang lang, struct str code);
/* 「2026年12月1日までに知らせます」「2026年11月20日に知らせました」「知らせません」 */
struct str words_told(struct arena *a, const struct reader *who, const struct basis_row *row);
/* From … until …: empty where it is not allowed yet, but for what was asked. */
struct str words_period(struct arena *a, const struct reader *who, const struct basis_row *row);
/* One text of the row's sealed document; `sealed` opened as JSON. */
struct str words_text(const struct doc *content, const char *key);

#endif
