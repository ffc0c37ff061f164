#include "view/reader.h"

static const char *const weekdays[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
static const char *const months[] = {"",     "January", "February",  "March",   "April",    "May",     "June",
                                     "July", "August",  "September", "October", "November", "December"};

struct str reader_date(struct arena *a, const struct reader *who, struct date day)
{
  if (who->lang != LANG_EN || !day.year)
    return date_text(a, day, who->wareki);
  if (!day.month)
    return str_printf(a, "%d", day.year);
  return day.day ? str_printf(a, "%d %s %d", day.day, months[day.month], day.year)
                 : str_printf(a, "%s %d", months[day.month], day.year);
}

struct str reader_time(struct arena *a, const struct reader *who, ts_t t)
{
  struct str text = ts_text(a, t, who->wareki), clock = text;
  if (who->lang != LANG_EN || !text.n)
    return text;
  while (str_split(&text, ' ', &clock)) /* the last word is the time of day */
    ;
  return str_printf(a, "%.*s %.*s", STR_FMT(reader_date(a, who, date_of_ts(t))), STR_FMT(clock));
}

struct str reader_short(struct arena *a, const struct reader *who, struct date day)
{
  if (who->lang != LANG_EN || !date_known(day))
    return date_known(day) ? date_short(a, day, who->today) : reader_date(a, who, day);
  const char *weekday = weekdays[date_weekday(day)];
  return day.year == who->today.year ? str_printf(a, "%s %d %.3s", weekday, day.day, months[day.month])
                                     : str_printf(a, "%s %d %.3s %d", weekday, day.day, months[day.month], day.year);
}

struct str reader_since(struct arena *a, const struct reader *who, struct date day)
{
  if (who->lang != LANG_EN || !date_known(day) || !date_known(who->today))
    return date_relative(a, day, who->today);
  int ahead = date_days_between(who->today, day);
  if (ahead == 0 || ahead == 1)
    return ahead ? S("tomorrow") : S("today");
  return ahead == -1 ? S("yesterday")
         : ahead < 0 ? str_printf(a, "%d days ago", -ahead)
                     : str_printf(a, "in %d days", ahead);
}

struct str reader_day(struct arena *a, const struct reader *who, struct date day)
{
  if (!date_known(day))
    return STR_NONE;
  struct str relative = reader_since(a, who, day), text = reader_short(a, who, day);
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
