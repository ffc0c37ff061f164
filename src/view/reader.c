#include "view/reader.h"

struct str reader_day(struct arena *a, const struct reader *who, struct date day)
{
  if (!date_known(day))
    return STR_NONE;
  struct str relative = date_relative(a, day, who->today), text = date_short(a, day, who->today);
  return str_printf(a, "%.*s %.*s", STR_FMT(relative), STR_FMT(text));
}

struct str reader_day_ts(struct arena *a, const struct reader *who, ts_t t)
{
  return t ? reader_day(a, who, date_of_ts(t)) : STR_NONE;
}

struct str reader_count(struct arena *a, enum lang lang, const char *id, int64_t n)
{
  return tr_args(a, lang, id, str_printf(a, "%lld", (long long)n), STR_NONE, STR_NONE);
}
