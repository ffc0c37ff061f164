/* hsds_words.h: what tsunagu says in the standard's words that the standard has no field for: the concerns of the つなぐシート, and columns of
 * its own, as attributes with taxonomy terms of its own. Inside src/directory. */
#ifndef DIRECTORY_HSDS_WORDS_H
#define DIRECTORY_HSDS_WORDS_H
#include "directory/hsds.h"

enum hsds_word { HSDS_FOREIGN, HSDS_CONCERN, HSDS_LABEL };
extern const char *const hsds_label_kana, *const hsds_label_kind, *const hsds_label_heading, *const hsds_label_source;

/* Adds taxonomy and term where the set has none of them yet, and the attribute: of `holder`. */
void hsds_put_concern(struct hsds_set *s, const struct hsds_record *holder, struct str code, bool derived);
void hsds_put_label(struct hsds_set *s, const struct hsds_record *holder, struct str label, struct str value,
                    int64_t line);
/* Is it one of these taxonomies or terms, or an attribute with one of them? *ret: the concern's code, or the label; `terms`: where the
 * attribute's term stands. */
enum hsds_word hsds_word_of(const struct hsds_set *terms, const struct hsds_record *r, struct str *ret);
/* Hours in words, for a schedule that has them in fields alone. */
struct str hsds_hours(struct arena *a, const struct doc *fields);

#endif
