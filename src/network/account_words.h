/* account_words.h: what the list of accounts and the page of one say alike; for this folder alone. */
#ifndef NETWORK_ACCOUNT_WORDS_H
#define NETWORK_ACCOUNT_WORDS_H
#include "network/account_sql.h"

/* In the order of account_states; of several memberships the first of these counts. */
enum standing { STANDING_LIVE, STANDING_COMING, STANDING_OVER, STANDING_STOPPED };
enum standing account_standing(const struct membership_row *m, ts_t now);
void account_put_state(struct doc *d, enum standing s, enum lang lang);
struct str account_factor_word(enum lang lang, struct str factor);
struct str account_last_text(struct arena *a, const struct reader *who, ts_t last);

#endif
