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

/* 「3日前 11/18(水)」; "" for an unknown day */
struct str reader_day(struct arena *a, const struct reader *who, struct date day);
struct str reader_day_ts(struct arena *a, const struct reader *who, ts_t t);
/* 「3件」: a sentence of the catalog with one number (%1). */
struct str reader_count(struct arena *a, enum lang lang, const char *id, int64_t n);

#endif
