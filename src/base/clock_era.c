/* clock_era.c: the Japanese calendar and what people read. */
#include "base/clock.h"
#include "base/clock_parts.h"

struct era_span {
  const char *name;
  struct date start; /* the first day; the era before ends the day before */
};

static const struct era_span eras[] = {
    [ERA_MEIJI] = {"明治", {1868, 1, 25}},  [ERA_TAISHO] = {"大正", {1912, 7, 30}},
    [ERA_SHOWA] = {"昭和", {1926, 12, 25}}, [ERA_HEISEI] = {"平成", {1989, 1, 8}},
    [ERA_REIWA] = {"令和", {2019, 5, 1}},
};

enum { LAST_YEAR = 2200 };

const char *era_name(enum era era)
{
  return era > ERA_NONE && era <= ERA_REIWA ? eras[era].name : "";
}

static struct date era_end(enum era era)
{
  return era == ERA_REIWA ? (struct date){LAST_YEAR, 12, 31} : date_add_days(eras[era + 1].start, -1);
}

/* Compares only as far as d is known: 1989-01 is neither before nor after 1989-01-08. */
static int compare_known(struct date d, struct date full)
{
  if (!d.month)
    full.month = full.day = 0;
  if (!d.day)
    full.day = 0;
  return date_compare(d, full);
}

enum era date_to_era(struct date d, int *ret_era_year)
{
  for (enum era era = ERA_REIWA; d.year && era > ERA_NONE; era--) {
    if (compare_known(d, eras[era].start) >= 0) {
      *ret_era_year = d.year - eras[era].start.year + 1;
      return era;
    }
  }
  return ERA_NONE;
}

/* name: the era's, or "" */
static void put_era_year(char *to, size_t size, const char *name, int year)
{
  if (year == 1)
    snprintf(to, size, "%s元年", name);
  else
    snprintf(to, size, "%s%d年", name, year);
}

/* The sentence for a date outside of its era: the era's limit, and what that year is called where it has another name. */
static enum code outside(enum era era, struct date limit, bool after, struct date d, struct err *e)
{
  char name[40], day[80];
  int year;
  enum era right = date_to_era(d, &year);
  put_era_year(name, sizeof(name), "", limit.year - eras[era].start.year + 1);
  snprintf(day, sizeof(day), "%s%d月%d日", name, limit.month, limit.day);
  if (right == ERA_NONE || d.year > LAST_YEAR)
    return after ? err_set2(e, INVALID, TR("%1は%2までしか扱えません。"), era_name(era), day)
                 : err_set2(e, INVALID, TR("%1は%2からです。"), era_name(era), day);
  put_era_year(name, sizeof(name), era_name(right), year);
  return after ? err_set3(e, INVALID, TR("%1は%2までです。その日は%3です。"), era_name(era), day, name)
               : err_set3(e, INVALID, TR("%1は%2からです。その日は%3です。"), era_name(era), day, name);
}

enum code date_from_era(enum era era, int era_year, int month, int day, struct date *ret, struct err *e)
{
  if (era <= ERA_NONE || era > ERA_REIWA)
    return err_set(e, INVALID, TR("年号を選んでください。"));
  if (era_year < 1 || era_year > LAST_YEAR)
    return err_set(e, INVALID, TR("年を確かめてください。"));
  struct date d = {eras[era].start.year + era_year - 1, month, day};
  enum code c = date_check_parts(d, e);
  if (c != OK)
    return c;
  if (compare_known(d, eras[era].start) < 0)
    return outside(era, eras[era].start, false, d, e);
  if (compare_known(d, era_end(era)) > 0)
    return outside(era, era_end(era), true, d, e);
  *ret = d;
  return OK;
}

/* --- what people read --- */

static const char *const weekdays[] = {"日", "月", "火", "水", "木", "金", "土"};

static void add_year(struct buf *b, struct date d, bool wareki)
{
  char name[40];
  int year;
  enum era era = wareki ? date_to_era(d, &year) : ERA_NONE;
  if (era == ERA_NONE) {
    buf_printf(b, "%d年", d.year);
    return;
  }
  /* the year or month in which the eras changed, and it is not known which side */
  struct date earliest = {d.year, d.month ? d.month : 1, d.day ? d.day : 1};
  if (era > ERA_MEIJI && date_compare(earliest, eras[era].start) < 0) {
    put_era_year(name, sizeof(name), era_name(era - 1), d.year - eras[era - 1].start.year + 1);
    buf_printf(b, "%s・", name);
  }
  put_era_year(name, sizeof(name), era_name(era), year);
  buf_add_cstr(b, name);
}

static void add_date(struct buf *b, struct date d, bool wareki)
{
  if (!d.year)
    return;
  add_year(b, d, wareki);
  if (d.month)
    buf_printf(b, "%d月", d.month);
  if (d.month && d.day)
    buf_printf(b, "%d日", d.day);
}

enum { DATE_TEXT = 160 };

struct str date_text(struct arena *a, struct date d, bool wareki)
{
  struct buf b;
  buf_init(&b, a, DATE_TEXT);
  add_date(&b, d, wareki);
  return buf_str(&b);
}

struct str date_short(struct arena *a, struct date d, struct date today)
{
  if (!date_known(d))
    return date_text(a, d, false);
  const char *weekday = weekdays[date_weekday(d)];
  if (d.year == today.year)
    return str_printf(a, "%d/%d(%s)", d.month, d.day, weekday);
  return str_printf(a, "%d/%d/%d(%s)", d.year, d.month, d.day, weekday);
}

struct str date_relative(struct arena *a, struct date d, struct date today)
{
  if (!date_known(d) || !date_known(today))
    return STR_NONE;
  int ahead = date_days_between(today, d);
  if (ahead == 0)
    return S("今日");
  if (ahead == -1)
    return S("きのう");
  if (ahead == 1)
    return S("あした");
  return ahead < 0 ? str_printf(a, "%d日前", -ahead) : str_printf(a, "あと%d日", ahead);
}

struct str ts_text(struct arena *a, ts_t t, bool wareki)
{
  struct buf b;
  int minute = ts_minute_of_day(t);
  buf_init(&b, a, DATE_TEXT);
  add_date(&b, date_of_ts(t), wareki);
  buf_printf(&b, " %d:%02d", minute / 60, minute % 60);
  return buf_str(&b);
}
