/* seen_sql.h: statements of 「だれが見たか」, for this folder alone. */
#ifndef SEEN_SEEN_SQL_H
#define SEEN_SEEN_SQL_H
#include "seen/seen.h"

struct seen_row {
  struct look look;
  struct str organization, job; /* borrowed for the callback */
  ts_t since;                   /* of the consent or legal basis that the look rested on; 0: neither */
};
typedef enum code (*seen_fn)(void *arg, const struct seen_row *row, struct err *e);
/* Looks at the party's person, newest day first, later ones of a day first. */
enum code seen_sql_each(struct tx *tx, const struct scope *party, int64_t skip, int limit, seen_fn fn, void *arg,
                        struct err *e) MUST_CHECK;
/* The coordinating body's name; empty where there is none. */
enum code seen_sql_coordinating(struct tx *tx, struct arena *a, struct str *ret, struct err *e) MUST_CHECK;

#endif
