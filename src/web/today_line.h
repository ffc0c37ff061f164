/* today_line.h: what a line of today says, why it stands there and what is done from it; for src/web alone. */
#ifndef WEB_TODAY_LINE_H
#define WEB_TODAY_LINE_H
#include "connection/opening.h"
#include "web/today.h"
#include "web/today_sql.h"

/* Whose day, and in what words. */
struct today_day {
  const struct scope *list;
  const struct today_may *may;
  struct arena *a;
  const struct reader *who;
  struct opening opening;
};
/* A line, or a step to come, of a person who is seen. */
struct today_line {
  struct today_row row; /* texts copied */
  struct str name, next;
  struct str body; /* the other organization; of a case that nobody has met, who leads it */
};
/* What the organizations are called that n rows name (struct today_line's `body`), copied; empty: none. n <= LIMIT_PAGE_ROWS. */
enum code today_name_bodies(struct tx *tx, const struct today_day *day, const struct today_row *rows, size_t n,
                            struct str *ret, struct err *e) MUST_CHECK;
/* Into the lists of templates/today. */
void today_put_line(const struct today_day *day, struct doc *list, const struct today_line *l);
void today_put_step(const struct today_day *day, struct doc *list, const struct today_line *l);

#endif
