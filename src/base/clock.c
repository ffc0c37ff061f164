/* clock.c: instants, calendar days, school years, ages. Eras are in clock_era.c, what people type in
 * clock_parse.c. */
#include "base/clock.h"

#include "base/clock_parts.h"

static const ts_t jst = 9 * (ts_t)MS_HOUR;

ts_t clock_now(void)
{
  struct timespec t;
  clock_gettime(CLOCK_REALTIME, &t);
  return (ts_t)t.tv_sec * MS_SECOND + t.tv_nsec / 1000000;
}

static int64_t floor_div(int64_t a, int64_t b)
{
  return a / b - (a % b < 0);
}

/* --- calendar days --- */

static bool is_leap(int y)
{
  return (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;
}

static int days_in_month(int y, int m)
{
  static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return m == 2 && is_leap(y) ? 29 : days[m - 1];
}

/* Days since 1970-01-01 of the proleptic Gregorian calendar, and back (Howard Hinnant, "chrono-Compatible Low-Level Date
 * Algorithms": years begin in March and eras have 400 years). */
static int64_t day_number(struct date d)
{
  int64_t y = d.year - (d.month <= 2);
  int64_t era = floor_div(y, 400);
  int64_t year_of_era = y - era * 400;
  int64_t day_of_year = (153 * (d.month + (d.month > 2 ? -3 : 9)) + 2) / 5 + d.day - 1;
  return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719468;
}

static struct date day_from_number(int64_t n)
{
  n += 719468;
  int64_t era = floor_div(n, 146097);
  int64_t doe = n - era * 146097;
  int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
  int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
  int64_t mp = (5 * doy + 2) / 153;
  int month = (int)(mp < 10 ? mp + 3 : mp - 9);
  return (struct date){(int)(yoe + era * 400) + (month <= 2), month, (int)(doy - (153 * mp + 2) / 5 + 1)};
}

bool date_valid(struct date d)
{
  if (d.year < 1868 || d.year > 2200 || d.month < 0 || d.month > 12)
    return false;
  if (d.month == 0)
    return d.day == 0;
  return d.day >= 0 && d.day <= days_in_month(d.year, d.month);
}

enum code date_check_parts(struct date d, struct err *e)
{
  if (d.month < 0 || d.month > 12)
    return err_set(e, INVALID, TR("月は1から12までです。"));
  if (d.day < 0 || (d.day && !d.month))
    return err_set(e, INVALID, TR("日を確かめてください。"));
  if (!d.month || d.day <= days_in_month(d.year, d.month))
    return OK;
  char month[16], last[16];
  snprintf(month, sizeof(month), "%d", d.month);
  snprintf(last, sizeof(last), "%d", days_in_month(d.year, d.month));
  return err_set2(e, INVALID, TR("その年の%1月は%2日までです。"), month, last);
}

bool date_known(struct date d)
{
  return d.year && d.month && d.day;
}

int date_compare(struct date a, struct date b)
{
  int x = a.year != b.year ? a.year - b.year : a.month != b.month ? a.month - b.month : a.day - b.day;
  return (x > 0) - (x < 0);
}

struct date date_add_days(struct date d, int days)
{
  if (!date_known(d))
    return d;
  int64_t day = (int64_t)d.day + days; /* most steps stay within their month, and days are counted one by one */
  if (1 <= day && day <= 28)
    return (struct date){d.year, d.month, (int)day};
  return day_from_number(day_number(d) + days);
}

int date_days_between(struct date from, struct date to)
{
  return date_known(from) && date_known(to) ? (int)(day_number(to) - day_number(from)) : 0;
}

int date_weekday(struct date d)
{
  int64_t n = day_number(d) + 4; /* 1970-01-01 was a Thursday */
  return (int)(n - floor_div(n, 7) * 7);
}

struct date date_of_ts(ts_t t)
{
  return day_from_number(floor_div(t, MS_DAY) + (t - floor_div(t, MS_DAY) * MS_DAY >= MS_DAY - jst));
}

ts_t date_start_ts(struct date d)
{
  return day_number(d) * MS_DAY - jst;
}

/* Milliseconds of the day at +09:00. Written without t + jst, which TS_MAX would overflow. */
static int ms_of_day(ts_t t)
{
  int64_t rest = t - floor_div(t, MS_DAY) * MS_DAY + jst;
  return (int)(rest >= MS_DAY ? rest - MS_DAY : rest);
}

int ts_minute_of_day(ts_t t)
{
  return ms_of_day(t) / MS_MINUTE;
}

/* --- ISO text --- */

struct str date_iso(struct arena *a, struct date d)
{
  if (!d.year)
    return STR_NONE;
  if (!d.month)
    return str_printf(a, "%04d", d.year);
  if (!d.day)
    return str_printf(a, "%04d-%02d", d.year, d.month);
  return str_printf(a, "%04d-%02d-%02d", d.year, d.month, d.day);
}

/* n digits at s[at], preceded by '-' unless at is 0 */
static bool digits(struct str s, size_t at, size_t n, int *ret)
{
  if (at && s.p[at - 1] != '-')
    return false;
  *ret = 0;
  for (size_t i = at; i < at + n; i++) {
    if (s.p[i] < '0' || s.p[i] > '9')
      return false;
    *ret = *ret * 10 + (s.p[i] - '0');
  }
  return true;
}

bool date_parse_iso(struct str s, struct date *ret)
{
  struct date d = {0};
  if (s.n == 0) {
    *ret = d;
    return true;
  }
  if (s.n != 4 && s.n != 7 && s.n != 10)
    return false;
  /* a part that is written must not be zero: 2026-00 is no partial date */
  bool ok = digits(s, 0, 4, &d.year) && (s.n < 7 || (digits(s, 5, 2, &d.month) && d.month)) &&
            (s.n < 10 || (digits(s, 8, 2, &d.day) && d.day));
  if (!ok || !date_valid(d))
    return false;
  *ret = d;
  return true;
}

struct str ts_iso(struct arena *a, ts_t t)
{
  struct date d = date_of_ts(t);
  int ms = ms_of_day(t);
  return str_printf(a, "%04d-%02d-%02dT%02d:%02d:%02d.%03d+09:00", d.year, d.month, d.day, ms / MS_HOUR,
                    ms / MS_MINUTE % 60, ms / MS_SECOND % 60, ms % MS_SECOND);
}

/* --- years and ages --- */

int fiscal_year(struct date d)
{
  return d.year - (d.month && d.month < 4);
}

/* The fiscal year in which a child enters grade 1: the one that begins after its sixth birthday, where those born on 1 April
 * turn six on 31 March (学校教育法17条, 年齢計算ニ関スル法律). */
static int school_entry(struct date birth)
{
  bool early = birth.month < 4 || (birth.month == 4 && birth.day == 1);
  return birth.year + (early ? 6 : 7);
}

int school_grade(struct date birth, struct date today)
{
  if (!date_known(birth) || !date_known(today))
    return -1;
  int grade = fiscal_year(today) - school_entry(birth) + 1;
  return grade < 0 ? 0 : grade;
}

int age_on(struct date birth, struct date day)
{
  if (!date_known(birth) || !date_known(day) || date_compare(day, birth) < 0)
    return -1;
  bool before = day.month < birth.month || (day.month == birth.month && day.day < birth.day);
  return day.year - birth.year - before;
}

struct date age_reached_on(struct date birth, int age)
{
  struct date d = {birth.year + age, birth.month, birth.day};
  if (!date_known(birth))
    return (struct date){0};
  /* Born on 29 February: in a common year 28 February, the day before 1 March. date_add_days takes 29 February of a
   * common year for 1 March. */
  return date_add_days(d, -1);
}
