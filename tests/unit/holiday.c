/* holiday.h: known years, day by day. */
#include "cm.h"

#include "base/holiday.h"

struct known {
  const char *iso, *name;
};

/* Every holiday of the year, and no other day of it. */
static void year_is(int year, const struct known *days, size_t n)
{
  size_t found = 0;
  for (struct date d = {year, 1, 1}; d.year == year; d = date_add_days(d, 1)) {
    const char *name = holiday_name(d);
    char iso[16];
    snprintf(iso, sizeof iso, "%04d-%02d-%02d", d.year, d.month, d.day);
    if (!name)
      continue;
    if (found == n || strcmp(days[found].iso, iso) != 0 || strcmp(days[found].name, name) != 0)
      fail_msg("%s %s, want %s %s", iso, name, found < n ? days[found].iso : "-", found < n ? days[found].name : "-");
    found++;
  }
  assert_int_equal(found, n);
}
#define YEAR(y, ...)                                                                                                   \
  year_is(y, (const struct known[]){__VA_ARGS__}, sizeof((const struct known[]){__VA_ARGS__}) / sizeof(struct known))

static void the_first_years_had_nine(void **state)
{
  (void)state;
  YEAR(1950, {"1950-01-01", "元日"}, {"1950-01-15", "成人の日"}, {"1950-03-21", "春分の日"},
       {"1950-04-29", "天皇誕生日"}, {"1950-05-03", "憲法記念日"}, {"1950-05-05", "こどもの日"},
       {"1950-09-23", "秋分の日"}, {"1950-11-03", "文化の日"}, {"1950-11-23", "勤労感謝の日"});
}

/* 2009: the first autumn with a day between two; three holidays in a row and their substitute on Wednesday. */
static void a_day_between_two_is_one(void **state)
{
  (void)state;
  YEAR(2009, {"2009-01-01", "元日"}, {"2009-01-12", "成人の日"}, {"2009-02-11", "建国記念の日"},
       {"2009-03-20", "春分の日"}, {"2009-04-29", "昭和の日"}, {"2009-05-03", "憲法記念日"},
       {"2009-05-04", "みどりの日"}, {"2009-05-05", "こどもの日"}, {"2009-05-06", "振替休日"}, {"2009-07-20", "海の日"},
       {"2009-09-21", "敬老の日"}, {"2009-09-22", "国民の休日"}, {"2009-09-23", "秋分の日"}, {"2009-10-12", "体育の日"},
       {"2009-11-03", "文化の日"}, {"2009-11-23", "勤労感謝の日"}, {"2009-12-23", "天皇誕生日"});
}

static void the_year_of_the_accession(void **state)
{
  (void)state;
  YEAR(2019, {"2019-01-01", "元日"}, {"2019-01-14", "成人の日"}, {"2019-02-11", "建国記念の日"},
       {"2019-03-21", "春分の日"}, {"2019-04-29", "昭和の日"}, {"2019-04-30", "国民の休日"},
       {"2019-05-01", "天皇の即位の日"}, {"2019-05-02", "国民の休日"}, {"2019-05-03", "憲法記念日"},
       {"2019-05-04", "みどりの日"}, {"2019-05-05", "こどもの日"}, {"2019-05-06", "振替休日"}, {"2019-07-15", "海の日"},
       {"2019-08-11", "山の日"}, {"2019-08-12", "振替休日"}, {"2019-09-16", "敬老の日"}, {"2019-09-23", "秋分の日"},
       {"2019-10-14", "体育の日"}, {"2019-10-22", "即位礼正殿の儀"}, {"2019-11-03", "文化の日"},
       {"2019-11-04", "振替休日"}, {"2019-11-23", "勤労感謝の日"});
}

static void the_olympic_year(void **state)
{
  (void)state;
  YEAR(2021, {"2021-01-01", "元日"}, {"2021-01-11", "成人の日"}, {"2021-02-11", "建国記念の日"},
       {"2021-02-23", "天皇誕生日"}, {"2021-03-20", "春分の日"}, {"2021-04-29", "昭和の日"},
       {"2021-05-03", "憲法記念日"}, {"2021-05-04", "みどりの日"}, {"2021-05-05", "こどもの日"},
       {"2021-07-22", "海の日"}, {"2021-07-23", "スポーツの日"}, {"2021-08-08", "山の日"}, {"2021-08-09", "振替休日"},
       {"2021-09-20", "敬老の日"}, {"2021-09-23", "秋分の日"}, {"2021-11-03", "文化の日"},
       {"2021-11-23", "勤労感謝の日"});
}

static void this_year_and_the_next(void **state)
{
  (void)state;
  YEAR(2026, {"2026-01-01", "元日"}, {"2026-01-12", "成人の日"}, {"2026-02-11", "建国記念の日"},
       {"2026-02-23", "天皇誕生日"}, {"2026-03-20", "春分の日"}, {"2026-04-29", "昭和の日"},
       {"2026-05-03", "憲法記念日"}, {"2026-05-04", "みどりの日"}, {"2026-05-05", "こどもの日"},
       {"2026-05-06", "振替休日"}, {"2026-07-20", "海の日"}, {"2026-08-11", "山の日"}, {"2026-09-21", "敬老の日"},
       {"2026-09-22", "国民の休日"}, {"2026-09-23", "秋分の日"}, {"2026-10-12", "スポーツの日"},
       {"2026-11-03", "文化の日"}, {"2026-11-23", "勤労感謝の日"});
  YEAR(2027, {"2027-01-01", "元日"}, {"2027-01-11", "成人の日"}, {"2027-02-11", "建国記念の日"},
       {"2027-02-23", "天皇誕生日"}, {"2027-03-21", "春分の日"}, {"2027-03-22", "振替休日"}, {"2027-04-29", "昭和の日"},
       {"2027-05-03", "憲法記念日"}, {"2027-05-04", "みどりの日"}, {"2027-05-05", "こどもの日"},
       {"2027-07-19", "海の日"}, {"2027-08-11", "山の日"}, {"2027-09-20", "敬老の日"}, {"2027-09-23", "秋分の日"},
       {"2027-10-11", "スポーツの日"}, {"2027-11-03", "文化の日"}, {"2027-11-23", "勤労感謝の日"});
}

/* Before 2007 only the Monday could take a Sunday's place, and 4 May was no holiday when it was that Monday or a Sunday itself. */
static void the_old_rule_of_substitutes(void **state)
{
  (void)state;
  assert_null(holiday_name((struct date){1973, 2, 12})); /* a month before the rule */
  assert_string_equal(holiday_name((struct date){1973, 4, 30}), "振替休日");
  assert_null(holiday_name((struct date){1986, 5, 4}));
  assert_string_equal(holiday_name((struct date){1987, 5, 4}), "振替休日");
  assert_string_equal(holiday_name((struct date){1988, 5, 4}), "国民の休日");
  assert_null(holiday_name((struct date){2003, 5, 6}));
  assert_string_equal(holiday_name((struct date){2008, 5, 6}), "振替休日");
}

static void an_office_is_shut_at_the_end_of_the_year(void **state)
{
  static const struct date shut[] = {{2026, 12, 29}, {2026, 12, 31}, {2027, 1, 1},  {2025, 1, 3},
                                     {2026, 11, 21}, {2026, 11, 22}, {2026, 11, 23}};
  (void)state;
  for (size_t i = 0; i < sizeof shut / sizeof *shut; i++)
    assert_false(office_opens(shut[i]));
  assert_true(office_opens((struct date){2026, 12, 28}));
  assert_true(office_opens((struct date){2027, 1, 4}));
  assert_true(office_opens((struct date){2026, 11, 24}));
  assert_null(holiday_name((struct date){0}));
}

int main(void)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test(the_first_years_had_nine),
                                     cmocka_unit_test(a_day_between_two_is_one),
                                     cmocka_unit_test(the_year_of_the_accession),
                                     cmocka_unit_test(the_olympic_year),
                                     cmocka_unit_test(this_year_and_the_next),
                                     cmocka_unit_test(the_old_rule_of_substitutes),
                                     cmocka_unit_test(an_office_is_shut_at_the_end_of_the_year)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
