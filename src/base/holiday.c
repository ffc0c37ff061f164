#include "base/holiday.h"

#include <stdatomic.h>

enum { ALWAYS = 9999 };

/* Days with a date of their own, and the years in which they are. */
static const struct {
  short from, until;
  signed char month, day;
  const char *name;
} fixed[] = {
    {1949, ALWAYS, 1, 1, TR("元日")},
    {1949, 1999, 1, 15, TR("成人の日")},
    {1967, ALWAYS, 2, 11, TR("建国記念の日")},
    {2020, ALWAYS, 2, 23, TR("天皇誕生日")},
    {1949, 1988, 4, 29, TR("天皇誕生日")},
    {1989, 2006, 4, 29, TR("みどりの日")},
    {2007, ALWAYS, 4, 29, TR("昭和の日")},
    {1949, ALWAYS, 5, 3, TR("憲法記念日")},
    {2007, ALWAYS, 5, 4, TR("みどりの日")},
    {1949, ALWAYS, 5, 5, TR("こどもの日")},
    {1996, 2002, 7, 20, TR("海の日")},
    {2020, 2020, 7, 23, TR("海の日")},
    {2021, 2021, 7, 22, TR("海の日")},
    {2020, 2020, 7, 24, TR("スポーツの日")},
    {2021, 2021, 7, 23, TR("スポーツの日")},
    {2016, 2019, 8, 11, TR("山の日")},
    {2020, 2020, 8, 10, TR("山の日")},
    {2021, 2021, 8, 8, TR("山の日")},
    {2022, ALWAYS, 8, 11, TR("山の日")},
    {1966, 2002, 9, 15, TR("敬老の日")},
    {1966, 1999, 10, 10, TR("体育の日")},
    {1948, ALWAYS, 11, 3, TR("文化の日")},
    {1948, ALWAYS, 11, 23, TR("勤労感謝の日")},
    {1989, 2018, 12, 23, TR("天皇誕生日")},
    /* once, each by a law of its own */
    {1959, 1959, 4, 10, TR("皇太子明仁親王の結婚の儀")},
    {1989, 1989, 2, 24, TR("昭和天皇の大喪の礼")},
    {1990, 1990, 11, 12, TR("即位礼正殿の儀")},
    {1993, 1993, 6, 9, TR("皇太子徳仁親王の結婚の儀")},
    {2019, 2019, 5, 1, TR("天皇の即位の日")},
    {2019, 2019, 10, 22, TR("即位礼正殿の儀")},
};

/* The n-th Monday of a month (ハッピーマンデー). */
static const struct {
  short from, until;
  signed char month, nth;
  const char *name;
} mondays[] = {
    {2000, ALWAYS, 1, 2, TR("成人の日")}, {2003, 2019, 7, 3, TR("海の日")},
    {2022, ALWAYS, 7, 3, TR("海の日")},   {2003, ALWAYS, 9, 3, TR("敬老の日")},
    {2000, 2019, 10, 2, TR("体育の日")},  {2022, ALWAYS, 10, 2, TR("スポーツの日")},
};

/* The day of March (September) on which the sun crosses the equator, in Japan: 0.242194 of a day later each year, less the leap days.
 * `base`: ten thousandths of a day, of the years from 1900, 1980 and 2100 on. */
static int equinox(int year, const int base[3])
{
  int span = year < 1980 ? 0 : year < 2100 ? 1 : 2, leap = year < 1980 ? 1983 : 1980;
  int64_t at = (int64_t)base[span] * 100 + (int64_t)242194 * (year - 1980);
  return (int)(at / 1000000) - (year - leap) / 4; /* both toward zero, as the formula is written */
}

static const char *by_sun(struct date d)
{
  static const int spring[] = {208357, 208431, 218510}, autumn[] = {232588, 232488, 242488};
  if (d.month == 3 && d.year >= 1949 && d.day == equinox(d.year, spring))
    return TR("春分の日");
  return d.month == 9 && d.year >= 1948 && d.day == equinox(d.year, autumn) ? TR("秋分の日") : NULL;
}

/* 国民の祝日 itself. */
static const char *day_itself(struct date d)
{
  for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++)
    if (d.month == fixed[i].month && d.day == fixed[i].day && d.year >= fixed[i].from && d.year <= fixed[i].until)
      return fixed[i].name;
  for (size_t i = 0; i < sizeof mondays / sizeof *mondays; i++)
    if (d.month == mondays[i].month && (d.day - 1) / 7 + 1 == mondays[i].nth && d.year >= mondays[i].from &&
        d.year <= mondays[i].until && date_weekday(d) == 1)
      return mondays[i].name;
  return by_sun(d);
}

/* Since 2007 the next day that is none takes the place of one that fell on a Sunday; before, the Monday alone could. */
static bool takes_place(struct date d)
{
  if (date_compare(d, (struct date){1973, 4, 12}) < 0 || date_weekday(d) == 0)
    return false;
  int back = d.year < 2007 ? 1 : 7;
  for (struct date was = date_add_days(d, -1); back-- && day_itself(was); was = date_add_days(was, -1))
    if (date_weekday(was) == 0)
      return true;
  return false;
}

/* Before and after it stands one. */
static bool between(struct date d)
{
  return date_compare(d, (struct date){1985, 12, 27}) >= 0 && date_weekday(d) != 0 &&
         day_itself(date_add_days(d, -1)) && day_itself(date_add_days(d, 1));
}

const char *holiday_name(struct date d)
{
  if (!date_known(d) || !date_valid(d))
    return NULL;
  const char *name = day_itself(d);
  if (name)
    return name;
  return takes_place(d) ? TR("振替休日") : between(d) ? TR("国民の休日") : NULL;
}

static bool reckon_office(struct date d)
{
  bool year_end = (d.month == 12 && d.day >= 29) || (d.month == 1 && d.day <= 3);
  return date_weekday(d) != 0 && date_weekday(d) != 6 && !year_end && !holiday_name(d);
}

/* A page counts the opening days of fifty lines back to last month: what a day is was reckoned once. Whichever thread comes first writes what
 * all others would. */
bool office_opens(struct date d)
{
  enum { FIRST_YEAR = 2000, YEARS = 64, UNKNOWN = 0, CLOSED, OPEN };
  static _Atomic unsigned char days[YEARS][12][31];
  if (d.year < FIRST_YEAR || d.year >= FIRST_YEAR + YEARS || !date_known(d) || !date_valid(d))
    return reckon_office(d);
  _Atomic unsigned char *day = &days[d.year - FIRST_YEAR][d.month - 1][d.day - 1];
  unsigned char is = atomic_load_explicit(day, memory_order_relaxed);
  if (is == UNKNOWN) {
    is = reckon_office(d) ? OPEN : CLOSED;
    atomic_store_explicit(day, is, memory_order_relaxed);
  }
  return is == OPEN;
}
