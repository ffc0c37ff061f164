/* words.h: the words of a look, in やさしい日本語 with readings in 《》 (print_ruby), for this folder alone. */
#ifndef SEEN_WORDS_H
#define SEEN_WORDS_H
#include "seen/seen_sql.h"

/* 「｜経過記録《けいかきろく》を 読《よ》みました」 */
struct str words_did(enum lang lang, enum action action);
/* 「同意《どうい》（11月《がつ》10日《とおか》）」; with_day: the consent's or the law's day may be told. */
struct str words_reason(struct arena *a, const struct reader *who, const struct seen_row *row, bool with_day);
/* 「11月《がつ》18日《にち》」, with the year where it is not this year's; weekday: 「(水《すい》)」 follows. */
struct str words_day(struct arena *a, const struct reader *who, ts_t at, bool weekday);
/* 「午前《ごぜん》10:02」 */
struct str words_time(struct arena *a, enum lang lang, ts_t at);
/* 「NPOあおば（相談員）」: not marked. */
struct str words_who(struct arena *a, enum lang lang, struct str organization, struct str job);
/* Without readings, and in Japanese without the blanks between words. */
struct str words_plain(struct arena *a, enum lang lang, struct str marked);

#endif
