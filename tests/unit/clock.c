/* clock.h */
#include "cm.h"

#include "base/clock.h"

static struct arena *a;

static struct date day(const char *iso)
{
  struct date d;
  if (!date_parse_iso(str_from(iso), &d))
    fail_msg("%s is no date", iso);
  return d;
}

#define assert_date(d, iso) assert_str(date_iso(a, (d)), (iso))

static void typed(const char *text, const char *iso)
{
  struct date d;
  struct err e = {0};
  if (date_parse_text(str_from(text), &d, &e) != OK)
    fail_msg("%s: %s (%s, %s, %s)", text, e.msg, e.arg[0], e.arg[1], e.arg[2]);
  if (!str_is(date_iso(a, d), iso))
    fail_msg("%s: %.*s, want %s", text, STR_FMT(date_iso(a, d)), iso);
}

/* args: what the sentence must name, or NULL */
static void refused(const char *text, const char *arg1, const char *arg2)
{
  struct date d = {1, 2, 3};
  struct err e = {0};
  if (date_parse_text(str_from(text), &d, &e) != INVALID)
    fail_msg("%s is accepted as %.*s", text, STR_FMT(date_iso(a, d)));
  assert_int_equal(d.year, 1);
  assert_non_null(e.msg);
  if (arg1)
    assert_string_equal(e.arg[1], arg1);
  if (arg2)
    assert_string_equal(e.arg[2], arg2);
}

static void days_follow_each_other(void **state)
{
  struct date d = {1868, 1, 1};
  int weekday = 3; /* a Wednesday */
  ts_t start = date_start_ts(d);
  while (d.year <= 2200) {
    assert_true(date_valid(d) && date_known(d));
    assert_int_equal(date_weekday(d), weekday);
    assert_int_equal(date_start_ts(d), start);
    struct date at = date_of_ts(start + MS_DAY - 1), next = date_add_days(d, 1);
    assert_int_equal(date_compare(at, d), 0);
    assert_true(date_compare(d, next) < 0);
    assert_int_equal(date_days_between(d, next), 1);
    assert_int_equal(date_compare(date_add_days(next, -1), d), 0);
    for (int n = -40; n <= 40 && d.month % 6 == 2; n++) /* within the month and over its ends */
      assert_int_equal(date_days_between(d, date_add_days(d, n)), n);
    d = next;
    weekday = (weekday + 1) % 7;
    start += MS_DAY;
  }
  assert_int_equal(date_weekday(day("2026-11-18")), 3);
  assert_int_equal(date_start_ts(day("1970-01-01")), -9 * MS_HOUR);
}

static void instants_are_shown_in_japan(void **state)
{
  ts_t t = 1794963720000; /* 2026-11-18T01:02:00Z */
  assert_str(ts_iso(a, t + 345), "2026-11-18T10:02:00.345+09:00");
  assert_str(ts_text(a, t, true), "令和8年11月18日 10:02");
  assert_str(ts_text(a, t, false), "2026年11月18日 10:02");
  assert_int_equal(ts_minute_of_day(t), 602);
  assert_int_equal(ts_minute_of_day(date_start_ts(day("2026-11-18"))), 0);
  assert_int_equal(ts_minute_of_day(date_start_ts(day("2026-11-18")) - 1), 1439);
  assert_str(ts_iso(a, -1), "1970-01-01T08:59:59.999+09:00");
  assert_true(date_of_ts(TS_MAX).year > 2200); /* no overflow */
  ts_t now = clock_now();
  assert_true(now > 1700000000000 && clock_now() >= now);
}

static void iso_text_is_strict(void **state)
{
  static const char *const wrong[] = {"2026-2-03",  "2026-02-30",  "2026-13-01", "2026-00", "2026-01-00", "2026-11-18T",
                                      "1867-12-31", "2201-01-01",  "20261118",   "26",      "2026/11/18", "2026-11-",
                                      "2100-02-29", " 2026-11-18", "２０２６",   "+026"};
  struct date d = {5, 5, 5};
  for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
    if (date_parse_iso(str_from(wrong[i]), &d))
      fail_msg("%s", wrong[i]);
  }
  assert_int_equal(d.year, 5);
  static const char *const right[] = {"2026-11-18", "2026-11", "2026", "", "2000-02-29", "1868-01-01", "2200-12-31"};
  for (size_t i = 0; i < sizeof(right) / sizeof(right[0]); i++)
    assert_date(day(right[i]), right[i]);
  assert_true(date_compare(day("2026"), day("2026-01")) < 0);
  assert_true(date_compare(day(""), day("1868")) < 0);
  assert_false(date_known(day("2026-11")));
  assert_false(date_valid((struct date){2026, 0, 5}));
  assert_false(date_valid((struct date){2026, 4, 31}));
}

static void eras_change_on_their_day(void **state)
{
  static const struct {
    const char *last, *last_iso, *first, *first_iso;
  } changes[] = {
      {"明治45年7月29日", "1912-07-29", "大正元年7月30日", "1912-07-30"},
      {"大正15年12月24日", "1926-12-24", "昭和元年12月25日", "1926-12-25"},
      {"昭和64年1月7日", "1989-01-07", "平成元年1月8日", "1989-01-08"},
      {"平成31年4月30日", "2019-04-30", "令和元年5月1日", "2019-05-01"},
  };
  for (size_t i = 0; i < 4; i++) {
    typed(changes[i].last, changes[i].last_iso);
    typed(changes[i].first, changes[i].first_iso);
    assert_str(date_text(a, day(changes[i].last_iso), true), changes[i].last);
    assert_str(date_text(a, day(changes[i].first_iso), true), changes[i].first);
  }
  typed("明治6年1月1日", "1873-01-01");
  typed("明治元年1月25日", "1868-01-25");
  typed("明治5年12月2日", "1872-12-02"); /* as given */
  refused("明治元年1月24日", "元年1月25日", NULL);
}

static void the_wrong_era_is_told_the_right_one(void **state)
{
  refused("昭和64年1月8日", "64年1月7日", "平成元年");
  refused("昭和65年", "64年1月7日", "平成2年");
  refused("昭和64年2月", "64年1月7日", "平成元年");
  refused("平成31年5月1日", "31年4月30日", "令和元年");
  refused("平成元年1月7日", "元年1月8日", "昭和64年");
  refused("令和元年4月30日", "元年5月1日", "平成31年");
  refused("大正15年12月25日", "15年12月24日", "昭和元年");
  refused("明治45年7月30日", "45年7月29日", "大正元年");
  refused("令和183年", "182年12月31日", NULL);
  refused("平成0年1月1日", NULL, NULL);
  refused("平成20年2月30日", "29", NULL);
  refused("平成20年13月1日", NULL, NULL);
  struct date d;
  struct err e;
  assert_int_equal(date_from_era(ERA_NONE, 1, 1, 1, &d, &e), INVALID);
  assert_int_equal(date_from_era((enum era)6, 1, 1, 1, &d, &e), INVALID);
  assert_int_equal(date_from_era(ERA_REIWA, 8, 0, 5, &d, &e), INVALID);
  assert_int_equal(date_from_era(ERA_REIWA, INT32_MAX, 1, 1, &d, &e), INVALID);
  assert_int_equal(date_from_era(ERA_REIWA, 8, -1, -1, &d, &e), INVALID);
}

static void dates_are_read_as_people_type_them(void **state)
{
  typed("令和8年11月18日", "2026-11-18");
  typed("R8.11.18", "2026-11-18");
  typed("r8/11/18", "2026-11-18");
  typed("R.8.11.18", "2026-11-18");
  typed("H元.5.1", "1989-05-01");
  typed("S60-4-1", "1985-04-01");
  typed("T12.9.1", "1923-09-01");
  typed("M33.1.1", "1900-01-01");
  typed("R081118", "2026-11-18");
  typed("2026/11/18", "2026-11-18");
  typed("2026-11-18", "2026-11-18");
  typed("2026.1.5", "2026-01-05");
  typed("20261118", "2026-11-18");
  typed("2026年11月18日", "2026-11-18");
  typed("西暦2026年", "2026");
  typed("２０２６／１１／１８", "2026-11-18");
  typed("Ｒ８．１１．１８", "2026-11-18");
  typed("２０２６ー１１−１８", "2026-11-18");
  typed(" 令和 8 年　11 月 18 日 ", "2026-11-18");
  typed("㋿8年11月18日", "2026-11-18");
  typed("平成20年", "2008");
  typed("平成20年4月", "2008-04");
  typed("昭和64年", "1989");
  typed("平成元年", "1989");
  typed("2008", "2008");
  typed("2008年4月", "2008-04");
  typed("平成20年4月1日", "2008-04-01");
  typed("", "");
  typed(" 　", "");
}

static void what_is_no_date_is_refused(void **state)
{
  static const char *const wrong[] = {
      "8/11/18",   "あした",     "2026-11-18x", "2026-11-18-1",       "令和",       "R",
      "元年",      "2026//18",   "2026-0-1",    "2026-1-0",           "20261318",   "2026111",
      "202611",    "2026-02-29", "1867-1-1",    "2201-1-1",           "平成20年月", "R8年11",
      "99999-1-1", "-2026",      "\xff",        "令和8年11月18日18時"};
  for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
    if (strcmp(wrong[i], "R8年11") == 0)
      typed(wrong[i], "2026-11"); /* generous: the sign of the last part may be missing */
    else
      refused(wrong[i], NULL, NULL);
  }
  char longest[4000];
  memset(longest, '1', sizeof(longest));
  longest[sizeof(longest) - 1] = '\0';
  refused(longest, NULL, NULL);
}

static void partial_dates_read_as_far_as_they_go(void **state)
{
  assert_str(date_text(a, day("2026-11"), true), "令和8年11月");
  assert_str(date_text(a, day("2026"), true), "令和8年");
  assert_str(date_text(a, day("2026"), false), "2026年");
  assert_str(date_text(a, day("2019"), true), "平成31年・令和元年");
  assert_str(date_text(a, day("2019-05"), true), "令和元年5月");
  assert_str(date_text(a, day("2019-04"), true), "平成31年4月");
  assert_str(date_text(a, day("1989-01"), true), "昭和64年・平成元年1月");
  assert_str(date_text(a, day("1868-01-24"), true), "1868年1月24日");
  assert_str(date_text(a, day(""), true), "");
  int year = 0;
  assert_int_equal(date_to_era(day(""), &year), ERA_NONE);
  assert_int_equal(date_to_era(day("2026-11-18"), &year), ERA_REIWA);
  assert_int_equal(year, 8);
  assert_string_equal(era_name(ERA_SHOWA), "昭和");
  assert_string_equal(era_name(ERA_NONE), "");
}

static void short_and_relative(void **state)
{
  struct date today = day("2026-11-18");
  assert_str(date_short(a, today, today), "11/18(水)");
  assert_str(date_short(a, day("2025-01-05"), today), "2025/1/5(日)");
  assert_str(date_short(a, day("2025-01"), today), "2025年1月");
  assert_str(date_relative(a, today, today), "今日");
  assert_str(date_relative(a, day("2026-11-17"), today), "きのう");
  assert_str(date_relative(a, day("2026-11-19"), today), "あした");
  assert_str(date_relative(a, day("2026-11-15"), today), "3日前");
  assert_str(date_relative(a, day("2026-11-20"), today), "あと2日");
  assert_str(date_relative(a, day("2026-10-18"), today), "31日前");
  assert_str(date_relative(a, day("2026-10"), today), "");
}

static void fiscal_years_start_in_april(void **state)
{
  assert_int_equal(fiscal_year(day("2026-03-31")), 2025);
  assert_int_equal(fiscal_year(day("2026-04-01")), 2026);
  assert_int_equal(fiscal_year(day("2027-01-01")), 2026);
}

static void school_years_turn_between_the_first_and_second_of_april(void **state)
{
  /* born 2 April 2019 to 1 April 2020: grade 1 in fiscal year 2026 */
  assert_int_equal(school_grade(day("2019-04-01"), day("2026-04-01")), 2);
  assert_int_equal(school_grade(day("2019-04-02"), day("2026-04-01")), 1);
  assert_int_equal(school_grade(day("2020-04-01"), day("2026-04-01")), 1);
  assert_int_equal(school_grade(day("2020-04-02"), day("2026-04-01")), 0);
  assert_int_equal(school_grade(day("2020-04-01"), day("2026-03-31")), 0);
  assert_int_equal(school_grade(day("2020-02-29"), day("2026-12-01")), 1);
  assert_int_equal(school_grade(day("2010-04-02"), day("2026-03-31")), 9);
  assert_int_equal(school_grade(day("2010-04-02"), day("2026-04-01")), 10);
  assert_int_equal(school_grade(day("2007-06-01"), day("2026-06-01")), 13);
  assert_int_equal(school_grade(day("2026-01-01"), day("2026-06-01")), 0);
  assert_int_equal(school_grade(day("2019-04"), day("2026-04-01")), -1);
  assert_int_equal(school_grade(day(""), day("2026-04-01")), -1);
}

static void ages_rise_on_birthdays(void **state)
{
  assert_int_equal(age_on(day("2010-04-01"), day("2026-03-31")), 15);
  assert_int_equal(age_on(day("2010-04-01"), day("2026-04-01")), 16);
  assert_int_equal(age_on(day("2010-04-02"), day("2026-04-01")), 15);
  assert_int_equal(age_on(day("2008-02-29"), day("2026-02-28")), 17);
  assert_int_equal(age_on(day("2008-02-29"), day("2026-03-01")), 18);
  assert_int_equal(age_on(day("2008-02-29"), day("2024-02-28")), 15);
  assert_int_equal(age_on(day("2008-02-29"), day("2024-02-29")), 16);
  assert_int_equal(age_on(day("2026-04-02"), day("2026-04-02")), 0);
  assert_int_equal(age_on(day("2026-04-02"), day("2026-04-01")), -1);
  assert_int_equal(age_on(day("2010-04"), day("2026-04-01")), -1);
  assert_int_equal(age_on(day("2010-04-01"), day("2026")), -1);
}

static void ages_are_reached_the_day_before(void **state)
{
  assert_date(age_reached_on(day("2010-04-01"), 15), "2025-03-31");
  assert_date(age_reached_on(day("2010-04-02"), 15), "2025-04-01");
  assert_date(age_reached_on(day("2010-01-01"), 18), "2027-12-31");
  assert_date(age_reached_on(day("2008-02-29"), 18), "2026-02-28");
  assert_date(age_reached_on(day("2008-02-29"), 20), "2028-02-28");
  assert_date(age_reached_on(day("2008-03-01"), 20), "2028-02-29");
  assert_date(age_reached_on(day("2008-03"), 20), "");
}

static int setup(void **state)
{
  a = arena_new(1 << 20);
  return a ? 0 : -1;
}

static int teardown(void **state)
{
  arena_free(a);
  return 0;
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(days_follow_each_other),
      cmocka_unit_test(instants_are_shown_in_japan),
      cmocka_unit_test(iso_text_is_strict),
      cmocka_unit_test(eras_change_on_their_day),
      cmocka_unit_test(the_wrong_era_is_told_the_right_one),
      cmocka_unit_test(dates_are_read_as_people_type_them),
      cmocka_unit_test(what_is_no_date_is_refused),
      cmocka_unit_test(partial_dates_read_as_far_as_they_go),
      cmocka_unit_test(short_and_relative),
      cmocka_unit_test(fiscal_years_start_in_april),
      cmocka_unit_test(school_years_turn_between_the_first_and_second_of_april),
      cmocka_unit_test(ages_rise_on_birthdays),
      cmocka_unit_test(ages_are_reached_the_day_before),
  };
  return cmocka_run_group_tests(tests, setup, teardown);
}
