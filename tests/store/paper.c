/* paper.c: what leaves the screen on paper: each copy is numbered and told, FAX shows what the receiver's page would show and goes only
 * while something opens it, and 「8 提供の同意」 is what was recorded. */
#include "crowd.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct crowd town;
static const char named[] = "試験 花子"; /* crowd.c */

static int start(void **state)
{
  crowd_new(&town, NULL);
  return 0;
}

static int stop(void **state)
{
  crowd_free(&town);
  return 0;
}

static const char *printed(void)
{
  return served_printed(&town.s);
}

static int get(enum who who, const char *head, id64 id, const char *tail)
{
  return served_get(&town.s, &town.who[who], served_path(head, id, tail), WANT_HTML);
}

static void each_copy_has_its_number_and_stands_in_the_list(void **state)
{
  const struct shared_case c = crowd_case(&town, STATE_SHARED, NULL);
  for (int i = 1; i <= 3; i++) {
    char number[40];
    snprintf(number, sizeof number, "写し 第%d号", i);
    assert_int_equal(get(WHO_WORKER, "/sheets/", c.sheet, "/sheet.pdf"), 200);
    if (!strstr(printed(), number))
      fail_msg("no %s in %s", number, printed());
  }
  assert_int_equal(get(WHO_WORKER, "/cases/", c.c.case_id, "/copies"), 200);
  assert_non_null(strstr(town.s.page.body, "第3号"));
  assert_null(strstr(town.s.page.body, "第4号"));
}

static void a_fax_ends_with_what_opened_it(void **state)
{
  struct shared_case c = crowd_case(&town, STATE_SHARED, NULL);
  assert_int_equal(get(WHO_WORKER, "/connections/", c.connection, "/fax.pdf"), 200);
  const char *text = printed();
  assert_non_null(strstr(text, "送付票"));
  assert_non_null(strstr(text, "返信票"));
  assert_non_null(strstr(text, "つなぐシート"));
  crowd_withdraw(&town, &c);
  assert_int_equal(get(WHO_WORKER, "/connections/", c.connection, "/fax.pdf"), 409);
}

/* Nobody is asked to have answered last month. */
static void a_fax_that_goes_out_late_asks_for_its_answer_in_days_to_come(void **state)
{
  struct shared_case c = crowd_case(&town, STATE_SHARED, NULL);
  char sql[200];
  assert_int_equal(get(WHO_WORKER, "/connections/", c.connection, "/fax.pdf"), 200);
  const char *asked = strstr(printed(), "お返事の期限");
  assert_non_null(asked);
  asked = strstr(asked, "令和");
  assert_non_null(asked);
  char before[60], after[60];
  snprintf(before, sizeof before, "%.*s", (int)strcspn(asked, " \n"), asked);
  snprintf(sql, sizeof sql, "UPDATE connection SET sent_at = sent_at - %lld WHERE id = %lld; SELECT 1",
           90 * (long long)MS_DAY, (long long)c.connection);
  assert_string_equal(store_ask(&town.s.w.store, sql), "1");
  assert_int_equal(get(WHO_WORKER, "/connections/", c.connection, "/fax.pdf"), 200);
  asked = strstr(strstr(printed(), "お返事の期限"), "令和");
  snprintf(after, sizeof after, "%.*s", (int)strcspn(asked, " \n"), asked);
  assert_string_equal(after, before);
}

/* The cover lies open in a tray. */
static void the_cover_names_nobody(void **state)
{
  const struct shared_case c = crowd_case(&town, STATE_SHARED, NULL);
  assert_int_equal(get(WHO_WORKER, "/connections/", c.connection, "/fax.pdf"), 200);
  char *text = strdup(printed()), *second = strchr(text, '\f');
  assert_non_null(second);
  assert_non_null(strstr(second, named));
  *second = '\0';
  assert_null(strstr(text, named));
  free(text);
}

static void section_eight_is_what_was_recorded(void **state)
{
  const struct shared_case c = crowd_case(&town, STATE_SHARED, NULL);
  assert_int_equal(get(WHO_WORKER, "/sheets/", c.sheet, "/sheet.pdf"), 200);
  const char *section = strstr(printed(), "提供の同意");
  assert_non_null(section);
  assert_non_null(strstr(section, "✓ 同意する"));
  assert_non_null(strstr(section, "令和"));
}

#define CALL                                                                                                           \
  "day=2026-04-%02d&time=10:00&method=phone&partner=family&place=toshokan&next_what=tegami&next_day=2026-12-01"        \
  "&paragraph.0.text=kyou-%02d&paragraph.0.source=around"

/* Every record that may be read, page after page of the screen, from the oldest on. */
static void the_records_are_a_paper_with_all_of_them(void **state)
{
  const struct shared_case c = crowd_case(&town, STATE_OWN, NULL);
  const struct visitor *worker = &town.who[WHO_WORKER];
  char path[PATH_SIZE];
  snprintf(path, sizeof path, "%s", served_path("/cases/", c.c.case_id, "/records/new"));
  for (int i = 1; i <= 12; i++)
    assert_int_equal(served_form(&town.s, worker, path, CALL, i, i), 303);
  assert_int_equal(get(WHO_WORKER, "/cases/", c.c.case_id, "/records.pdf"), 200);
  const char *first = strstr(printed(), "kyou-01"), *last = strstr(first ? first : "", "kyou-12");
  assert_true(first && last);
  assert_true(strstr(printed(), "相手: 家族") && strstr(printed(), "場所: toshokan") && strstr(printed(), "tegami") &&
              strstr(printed(), "取扱注意") && strstr(printed(), "写し 第1号"));
  assert_int_equal(get(WHO_WORKER, "/cases/", c.c.case_id, "/records.pdf?from=2026-04-03&until=2026-04-05"), 200);
  assert_true(strstr(printed(), "kyou-03") && strstr(printed(), "kyou-05"));
  assert_true(!strstr(printed(), "kyou-02") && !strstr(printed(), "kyou-06"));
  assert_int_equal(get(WHO_WORKER, "/cases/", c.c.case_id, "/records.pdf?from.era=R&from.y=8&from.m=4&from.d=12"), 200);
  assert_true(strstr(printed(), "kyou-12") && !strstr(printed(), "kyou-11"));
  assert_int_equal(get(WHO_WORKER, "/cases/", c.c.case_id, "/records.pdf?from.era=R&from.y=8&from.m=13&from.d=1"), 422);
  assert_int_equal(get(WHO_WORKER, "/cases/", c.c.case_id, ""), 200);
  assert_non_null(strstr(town.s.page.body, "name=\"from.y\""));
  assert_int_equal(get(WHO_WORKER, "/cases/", c.c.case_id, "/copies"), 200);
  assert_non_null(strstr(town.s.page.body, "経過記録"));
  assert_int_equal(get(WHO_VOLUNTEER, "/cases/", c.c.case_id, "/records.pdf"), 403);
  assert_int_equal(get(WHO_THIRD_MANAGER, "/cases/", c.c.case_id, "/records.pdf"), 404);
}

/* A receiver prints what consent opens while it does; then its own alone. */
static void a_receiver_prints_no_record_that_it_may_not_read(void **state)
{
  const struct shared_case c = crowd_case(&town, STATE_SHARED, NULL);
  char path[PATH_SIZE];
  snprintf(path, sizeof path, "%s", served_path("/cases/", c.c.case_id, "/records/new"));
  assert_int_equal(served_form(&town.s, &town.who[WHO_WORKER], path,
                               "day=2026-04-01&method=meet&place=toshokan&paragraph.0.text=kakusu"),
                   303);
  assert_int_equal(get(WHO_RECEIVER_WORKER, "/cases/", c.c.case_id, "/records.pdf"), 200);
  assert_true(strstr(printed(), "kakusu") && strstr(printed(), "toshokan"));
  crowd_withdraw(&town, &c);
  if (get(WHO_RECEIVER_WORKER, "/cases/", c.c.case_id, "/records.pdf") == 200)
    assert_true(!strstr(printed(), "kakusu") && !strstr(printed(), "toshokan"));
}

STORE_MAIN_SETUP(start, stop, cmocka_unit_test(the_records_are_a_paper_with_all_of_them),
                 cmocka_unit_test(a_receiver_prints_no_record_that_it_may_not_read),
                 cmocka_unit_test(each_copy_has_its_number_and_stands_in_the_list),
                 cmocka_unit_test(a_fax_ends_with_what_opened_it),
                 cmocka_unit_test(a_fax_that_goes_out_late_asks_for_its_answer_in_days_to_come),
                 cmocka_unit_test(the_cover_names_nobody), cmocka_unit_test(section_eight_is_what_was_recorded))
