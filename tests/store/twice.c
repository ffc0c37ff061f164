/* twice.c: two at one form: what one of them did not change stays as the other left it, and nothing is replaced unsaid. */
#include "served.h"

#include <string.h>

static struct served town;
static struct visitor worker, colleague;
static struct world_case boy;

static int start(void **state)
{
  (void)state;
  served_new(&town);
  id64 city = world_org(&town.w, "子ども若者支援課", "council");
  worker = served_member(&town, city, ROLE_WORKER, "窓口の人");
  colleague = served_member(&town, city, ROLE_MANAGER, "課長");
  return 0;
}

static int stop(void **state)
{
  (void)state;
  served_free(&town);
  return 0;
}

static void another_boy(void)
{
  boy = world_case(&town.w, &worker.actor, "試験太郎", (struct date){2009, 6, 1});
}

static const char *at(const char *tail)
{
  return served_path("/cases/", boy.case_id, tail);
}

static bool stands(const char *text)
{
  return strstr(town.page.body, text) != NULL;
}

static void look(const char *tail)
{
  assert_int_equal(served_get(&town, &worker, at(tail), 0), 200);
}

/* ---- 本人のこと --------------------------------------------------------------------------------------------------------------- */

/* As a form that showed this address and this school, and no more. */
static int person(const struct visitor *who, const char *address_shown, const char *address, const char *school_shown,
                  const char *school)
{
  return served_form(&town, who, at("/person"),
                     "source=staff&name=taro&address=%s&school=%s&sex=1&birth=2009-06-01&interest=a%%0D%%0Ab"
                     "&shown.name=taro&shown.address=%s&shown.school=%s&shown.sex=1&shown.birth=2009-06-01"
                     "&shown.interest=a%%0D%%0Ab",
                     address, school, address_shown, school_shown);
}

static void what_one_did_not_change_of_a_person_stays_as_another_left_it(void **state)
{
  (void)state;
  another_boy();
  served_do(&town, &worker, at("/person"),
            "source=staff&name=taro&address=first&school=before&sex=1&birth=2009-06-01&interest=a%0D%0Ab");
  look("/person");
  assert_true(stands("name=\"shown.address\" value=\"first\"") && stands("name=\"shown.birth\" value=\"2009-06-01\""));
  assert_int_equal(person(&colleague, "first", "second", "before", "before"), 303);
  assert_int_equal(person(&worker, "first", "first", "before", "after"), 303);
  look("/person");
  assert_true(stands("value=\"second\"") && stands("value=\"after\""));
  assert_false(stands("value=\"first\"") || stands("value=\"before\""));
  assert_int_equal(person(&worker, "first", "first", "before", "before"), 303); /* nothing was changed in it */
  look("/person");
  assert_true(stands("value=\"second\"") && stands("value=\"after\""));
}

static void who_changes_what_another_changed_is_told_before_it_is_replaced(void **state)
{
  (void)state;
  another_boy();
  served_do(&town, &worker, at("/person"),
            "source=staff&name=taro&address=first&school=before&sex=1&birth=2009-06-01&interest=a%0D%0Ab");
  assert_int_equal(person(&colleague, "first", "second", "before", "after"), 303);
  assert_int_equal(person(&worker, "first", "third", "before", "before"), 422);
  assert_true(stands("ほかの人が先に「second」に変えました。"));
  assert_true(stands("name=\"address\" value=\"third\"") && stands("name=\"shown.address\" value=\"second\""));
  assert_true(stands("name=\"school\" value=\"after\"") && stands("name=\"shown.school\" value=\"after\""));
  look("/person");
  assert_true(stands("name=\"address\" value=\"second\"")); /* nothing is written yet */
  assert_int_equal(person(&worker, "second", "third", "after", "after"), 303);
  look("/person");
  assert_true(stands("name=\"address\" value=\"third\"") && stands("name=\"school\" value=\"after\""));
  assert_int_equal(person(&worker, "second", "third", "before", "after"), 303); /* both wrote the same */
}

static void a_program_that_says_what_shall_stand_is_taken_at_its_word(void **state)
{
  static const char json[] = "{\"source\":\"staff\",\"name\":\"taro\",\"address\":\"fourth\"}";
  (void)state;
  another_boy();
  served_do(&town, &worker, at("/person"), "source=staff&name=taro&address=first&school=before");
  assert_int_equal(served_post_json(&town, &worker, at("/person"), json, sizeof json - 1), 200);
  look("/person");
  assert_true(stands("name=\"address\" value=\"fourth\""));
  assert_false(stands("value=\"before\""));
}

/* ---- 段階と担当 ---------------------------------------------------------------------------------------------------------------- */

/* As a form that showed 受付, this density and this day. */
static int course(const struct visitor *who, const char *status, const char *density_shown, const char *density,
                  const char *day_shown, const char *day)
{
  return served_form(&town, who, at("/course"),
                     "was=reception&status=%s&density=%s&next_day=%s&reason=why&shown.status=reception"
                     "&shown.density=%s&shown.next_day=%s",
                     status, density, day, density_shown, day_shown);
}

static bool case_is(const char *expected)
{
  char sql[160];
  snprintf(sql, sizeof sql, "SELECT status || ' ' || density || ' ' || next_date FROM case_file WHERE id = %lld",
           (long long)boy.case_id);
  return strcmp(store_ask(&town.w.store, sql), expected) == 0;
}

static void what_one_did_not_change_of_how_a_case_goes_on_stays_as_another_left_it(void **state)
{
  (void)state;
  another_boy();
  served_do(&town, &worker, at("/course"), "was=reception&status=reception&density=A&next_day=2099-01-05");
  look("/course");
  assert_true(stands("name=\"shown.density\" value=\"A\"") && stands("name=\"shown.next_day\" value=\"2099-01-05\"") &&
              stands("name=\"shown.status\" value=\"reception\""));
  assert_int_equal(course(&colleague, "reception", "A", "C", "2099-01-05", "2099-02-05"), 303);
  assert_int_equal(course(&worker, "reception", "A", "A", "2099-01-05", "2099-01-05"), 303); /* changes nothing */
  assert_true(case_is("reception C 2099-02-05"));
  assert_int_equal(course(&worker, "assessment", "A", "A", "2099-01-05", "2099-01-05"), 303);
  assert_true(case_is("assessment C 2099-02-05"));
  assert_int_equal(course(&worker, "reception", "A", "B", "2099-01-05", "2099-01-05"), 422); /* C meanwhile */
  assert_true(stands("ほかの人が先に「C」に変えました。") && stands("name=\"shown.density\" value=\"C\""));
  assert_true(stands("name=\"density\" value=\"B\" checked") && stands("value=\"assessment\" checked"));
  assert_true(case_is("assessment C 2099-02-05"));
  assert_int_equal(course(&worker, "reception", "C", "B", "2099-02-05", "2099-03-05"), 303);
  assert_true(case_is("assessment B 2099-03-05"));
  assert_int_equal(course(&colleague, "reception", "B", "B", "2099-02-05", "2099-04-05"), 422);
  assert_int_equal(course(&colleague, "screening", "B", "B", "2099-03-05", "2099-03-05"), 422);
  assert_true(stands("ほかの人が先に「アセスメント」に変えました。"));
  assert_true(case_is("assessment B 2099-03-05"));
}

/* ---- 訂正 ------------------------------------------------------------------------------------------------------------------- */

static const char *newest(const char *table)
{
  char sql[200];
  snprintf(sql, sizeof sql, "SELECT CAST(max(id) AS TEXT) FROM %s WHERE person_id = %lld", table,
           (long long)boy.person);
  return store_ask(&town.w.store, sql);
}

static int64_t newest_id(const char *table)
{
  int64_t id = 0;
  assert_true(str_to_i64(str_from(newest(table)), &id));
  return id;
}

static char record_path[PATH_SIZE];
static id64 paragraphs[2];

static void a_record(void)
{
  another_boy();
  served_do(&town, &worker, at("/records/new"),
            "day=2026-04-01&time=10:00&method=meet&partner=person&place=heya&met=met&paragraph.0.text=ichi"
            "&paragraph.0.source=staff&paragraph.0.category=support&paragraph.1.text=ni&paragraph.1.source=staff"
            "&paragraph.1.category=support");
  snprintf(record_path, sizeof record_path, "%s%s", at("/records"), served_path("/", newest_id("record"), ""));
  assert_int_equal(served_get(&town, &worker, record_path, 0), 200);
  for (int i = 0; i < 2; i++) {
    char name[40];
    snprintf(name, sizeof name, "name=\"paragraph.%d.id\" value=\"", i);
    const char *p = strstr(town.page.body, name);
    assert_non_null(p);
    p += strlen(name);
    assert_true(id_parse(str_sub(str_from(p), 0, strcspn(p, "\"")), &paragraphs[i]));
  }
}

/* As the form that showed the record as a_record() made it. */
static int correct(const struct visitor *who, const char *first, const char *second, const char *place)
{
  char ids[2][PATH_SIZE];
  for (int i = 0; i < 2; i++)
    snprintf(ids[i], sizeof ids[i], "%s", served_path("", paragraphs[i], ""));
  return served_form(&town, who, record_path,
                     "rev=1&day=2026-04-01&time=10:00&method=meet&partner=person&place=%s&shown.day=2026-04-01"
                     "&shown.time=10:00&shown.method=meet&shown.partner=person&shown.place=heya&shown.minutes="
                     "&shown.next_what=&shown.next_day="
                     "&paragraph.0.id=%s&paragraph.0.line=0&paragraph.0.was=ichi&paragraph.0.was_about=staff+support+0"
                     "&paragraph.0.text=%s&paragraph.0.source=staff&paragraph.0.category=support"
                     "&paragraph.1.id=%s&paragraph.1.line=1&paragraph.1.was=ni&paragraph.1.was_about=staff+support+0"
                     "&paragraph.1.text=%s&paragraph.1.source=staff&paragraph.1.category=support",
                     place, ids[0], first, ids[1], second);
}

static void two_correct_different_things_of_a_record_and_both_stand(void **state)
{
  (void)state;
  a_record();
  assert_true(stands("name=\"paragraph.1.was\" value=\"ni\"") && stands("name=\"shown.place\" value=\"heya\""));
  assert_true(stands("name=\"paragraph.1.line\" value=\"1\"") &&
              stands("name=\"paragraph.1.was_about\" value=\"staff support 0\""));
  assert_int_equal(correct(&colleague, "ichi-B", "ni", "kouen"), 303);
  assert_int_equal(correct(&worker, "ichi", "ni-A", "heya"), 303);
  assert_int_equal(served_get(&town, &worker, record_path, 0), 200);
  assert_true(stands(">ichi-B</textarea>") && stands(">ni-A</textarea>"));
  assert_true(stands("name=\"place\" value=\"kouen\""));
}

static void who_corrects_what_another_corrected_sees_both_and_saves_again(void **state)
{
  (void)state;
  a_record();
  assert_int_equal(correct(&colleague, "ichi-B", "ni", "kouen"), 303);
  id64 was = paragraphs[0], now = newest_id("record_paragraph");
  assert_int_equal(correct(&worker, "ichi-A", "ni-A", "heya"), 409);
  assert_true(stands("ほかの人が先に直しました。") && stands(">ichi-A</textarea>") && stands(">ni-A</textarea>"));
  assert_true(stands("ほかの人が保存した内容") && stands("<p class=\"as-typed\">ichi-B</p>"));
  assert_true(stands(served_path("name=\"paragraph.0.id\" value=\"", now, "\"")));
  assert_true(stands("name=\"place\" value=\"kouen\"") && stands("name=\"paragraph.0.was\" value=\"ichi-B\""));
  assert_true(now != was);
  paragraphs[0] = now;
  assert_int_equal(correct(&worker, "ichi-A", "ni-A", "heya"), 303);
  assert_int_equal(correct(&worker, "ichi", "ni", "eki"), 409); /* where it was */
  assert_true(stands("ほかの人が先に「kouen」に変えました。") && stands("name=\"place\" value=\"eki\""));
  assert_int_equal(served_get(&town, &worker, record_path, 0), 200);
  assert_true(stands(">ichi-A</textarea>") && stands(">ni-A</textarea>") && stands("name=\"place\" value=\"kouen\""));
}

STORE_MAIN_SETUP(start, stop, cmocka_unit_test(what_one_did_not_change_of_a_person_stays_as_another_left_it),
                 cmocka_unit_test(who_changes_what_another_changed_is_told_before_it_is_replaced),
                 cmocka_unit_test(a_program_that_says_what_shall_stand_is_taken_at_its_word),
                 cmocka_unit_test(what_one_did_not_change_of_how_a_case_goes_on_stays_as_another_left_it),
                 cmocka_unit_test(two_correct_different_things_of_a_record_and_both_stand),
                 cmocka_unit_test(who_corrects_what_another_corrected_sees_both_and_saves_again))
