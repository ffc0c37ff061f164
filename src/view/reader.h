/* reader.h: for whom texts are made: language and calendar, and the texts of days that every page shows alike. */
#ifndef VIEW_READER_H
#define VIEW_READER_H
#include "base/clock.h"
#include "view/view.h"

struct reader {
  enum lang lang;
  bool wareki;
  struct date today;
};

/* A day as far as it is known: 「令和8年11月18日」 or 「2026年11月18日」, "18 November 2026"; a moment: with 10:02. */
struct str reader_date(struct arena *a, const struct reader *who, struct date day);
struct str reader_time(struct arena *a, const struct reader *who, ts_t t);
/* 「11/18(水)」, "Wed 18 Nov"; the year where it is another */
struct str reader_short(struct arena *a, const struct reader *who, struct date day);
/* 「3日前」, "3 days ago" */
struct str reader_since(struct arena *a, const struct reader *who, struct date day);
/* 「3日前 11/18(水)」; "" for an unknown day */
struct str reader_day(struct arena *a, const struct reader *who, struct date day);
struct str reader_day_ts(struct arena *a, const struct reader *who, ts_t t);
/* 「3件」: a sentence of the catalog with one number (%1). */
struct str reader_count(struct arena *a, enum lang lang, const char *id, int64_t n);

#endif
