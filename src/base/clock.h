/* clock.h: time, the Japanese calendar, school years and ages. Instants are UTC milliseconds and shown at a fixed
 * +09:00 (Japan has no summer time). Calendar dates are year, month, day, each part may be unknown (0). */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H
#include "base/err.h"
#include "base/id.h"
#include "base/str.h"

#define TS_MAX INT64_MAX
enum { MS_SECOND = 1000, MS_MINUTE = 60000, MS_HOUR = 3600000, MS_DAY = 86400000 };

ts_t clock_now(void); /* the machine's clock; inside a transaction use tx_now() */

struct date {
  int year, month, day; /* month or day 0: partly known; year 0: unknown */
};

bool date_valid(struct date d);                 /* real calendar day or a partial date; years 1868..2200 */
bool date_known(struct date d);                 /* year, month and day all there */
int date_compare(struct date a, struct date b); /* unknown parts sort first */
struct date date_add_days(struct date d, int days);
int date_days_between(struct date from, struct date to);
int date_weekday(struct date d);   /* 0 = Sunday */
struct date date_of_ts(ts_t t);    /* the day at +09:00 */
ts_t date_start_ts(struct date d); /* 00:00 at +09:00 */
int ts_minute_of_day(ts_t t);      /* 0..1439 at +09:00 */

/* FHIR / ISO text: 2026-11-18, 2026-11, 2026, "" */
struct str date_iso(struct arena *a, struct date d);
bool date_parse_iso(struct str s, struct date *ret);

enum era { ERA_NONE, ERA_MEIJI, ERA_TAISHO, ERA_SHOWA, ERA_HEISEI, ERA_REIWA };
const char *era_name(enum era era); /* 明治 … */
/* Era year to calendar date. 明治 starts on 1868-01-25; until the Gregorian calendar came on 1873-01-01 (明治6年) months and
 * days are taken as given. On the day of a change only the new era holds. INVALID with a sentence that says the era's limits, e.g. 平成 ends at 31年4月30日;
 * month or day 0 is allowed while the era still is decidable. 元年 is year 1. */
enum code date_from_era(enum era era, int era_year, int month, int day, struct date *ret, struct err *e) MUST_CHECK;
/* A year of the western calendar with month and day, both of which may be 0. */
enum code date_from_western(struct date d, struct date *ret, struct err *e) MUST_CHECK;
enum era date_to_era(struct date d, int *ret_era_year);
/* What people type: 令和8年11月18日, R8.11.18, H元.5.1, 2026/11/18, 2026-11-18, 20261118, full width as well; 平成20年
 * alone gives a partial date, R081118 is read as well, an empty text is the unknown date. INVALID names what was wrong and what would be right. */
enum code date_parse_text(struct str s, struct date *ret, struct err *e) MUST_CHECK;
/* 令和8年11月18日 or 2026年11月18日; partial dates as far as they go, with both eras where the known parts do not decide
 * (平成31年・令和元年); empty for the unknown date. */
struct str date_text(struct arena *a, struct date d, bool wareki);
/* 「11/18(水)」; with the year when it is not this year's. */
struct str date_short(struct arena *a, struct date d, struct date today);
/* 「今日」「きのう」「3日前」「31日前」「あした」「あと2日」; empty when either is not fully known. */
struct str date_relative(struct arena *a, struct date d, struct date today);
struct str ts_text(struct arena *a, ts_t t, bool wareki); /* date and 10:02 */
struct str ts_iso(struct arena *a, ts_t t);               /* 2026-11-18T10:02:00.000+09:00 */

int fiscal_year(struct date d); /* starts 1 April */
/* School year: its children are born from 2 April to 1 April. Grade 1..6 小, 7..9 中, 10..12 高校相当, 0 before school,
 * 13 and more after. Needs a fully known birth date, else -1. */
int school_grade(struct date birth, struct date today);
/* By law an age is reached at the end of the day before the birthday (年齢計算ニ関スル法律). age_on is the age during a
 * day, in full years, which therefore rises ON the birthday (born on 29 February: on 1 March of a common year); -1 where a
 * date is not fully known or before birth. age_reached_on is the legal day of reaching an age, the day before the birthday,
 * for rules that say 「満15歳に達した日」; the unknown date where the birth date is not fully known. */
int age_on(struct date birth, struct date day);
struct date age_reached_on(struct date birth, int age);

#endif
