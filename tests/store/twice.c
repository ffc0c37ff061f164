/* twice.c: two at one form: what one of them did not change stays as the other left it, and nothing is replaced unsaid. */
#include "served.h"

#include <stdlib.h>
#include <string.h>

#include "audit/audit.h"

static struct served town;
static struct visitor worker, colleague, keeper, other_keeper;
static struct world_case boy;

static int start(void **state)
{
  (void)state;
  served_new(&town);
  id64 city = world_org(&town.w, "子ども若者支援課", "council");
  worker = served_member(&town, city, ROLE_WORKER, "窓口の人");
  colleague = served_member(&town, city, ROLE_MANAGER, "課長");
  keeper = served_member(&town, city, ROLE_COORDINATOR, "調整の人");
  other_keeper = served_member(&town, city, ROLE_ADMIN, "係の人");
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
  assert_int_equal(course(&worker, "reception", "A", "A", "2099-01-05", "2099-01-05"), 422); /* changes nothing */
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

static const char *of_case_file(const char *columns)
{
  char sql[200];
  snprintf(sql, sizeof sql, "SELECT %s FROM case_file WHERE id = %lld", columns, (long long)boy.case_id);
  return store_ask(&town.w.store, sql);
}

static int64_t changes(void)
{
  char sql[200];
  snprintf(sql, sizeof sql, "SELECT CAST(count(*) AS TEXT) FROM event WHERE person_id = %lld AND kind = %d",
           (long long)boy.person, EVENT_WRITE);
  return strtoll(store_ask(&town.w.store, sql), NULL, 10);
}

static void saving_how_a_case_goes_on_as_it_stands_writes_nothing_and_says_so(void **state)
{
  char before[80];
  (void)state;
  another_boy();
  served_do(&town, &worker, at("/course"), "was=reception&status=reception&density=A&next_day=2099-01-05");
  snprintf(before, sizeof before, "%s", of_case_file("rev || '/' || changed_at"));
  int64_t written = changes();
  assert_int_equal(served_post(&town, &worker, at("/course"),
                               "was=reception&status=reception&density=A&next_day=2099-01-05&shown.status=reception"
                               "&shown.density=A&shown.next_day=2099-01-05",
                               WANT_JSON),
                   200);
  assert_true(stands("変わったところがなかったので、何も書きませんでした。"));
  assert_int_equal(served_form(&town, &worker, at("/course"), "was=reception&status=reception&density=A"), 303);
  assert_int_equal(served_form(&town, &worker, at("/course"), "was=reception&status=reception&density=A&reason=why"),
                   422); /* what was typed comes back */
  assert_true(stands("変わったところがありません。") && stands(">why</textarea>"));
  assert_string_equal(of_case_file("rev || '/' || changed_at"), before);
  assert_int_equal(changes(), written);
  assert_int_equal(served_form(&town, &worker, at("/course"), "was=reception&status=reception&density=B"), 303);
  assert_int_equal(changes(), written + 1);
}

static void who_works_on_it_already_is_not_added_again(void **state)
{
  char body[PATH_SIZE];
  (void)state;
  another_boy();
  snprintf(body, sizeof body, "worker=%s", served_path("", worker.actor.user, ""));
  assert_int_equal(served_form(&town, &worker, at("/staff"), "%s", body), 422);
  assert_true(stands("この人は、もう担当しています。"));
}

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

/* ---- 保護者 --------------------------------------------------------------------------------------------------------------------- */

static const char *guardian_path(id64 id)
{
  static char path[PATH_SIZE];
  snprintf(path, sizeof path, "%s%s", at("/guardians"), served_path("/", id, ""));
  return path;
}

/* As a form that showed haha, 111, mother, joint. */
static int guardian(const struct visitor *who, id64 id, const char *name, const char *phone, const char *authority)
{
  return served_form(&town, who, guardian_path(id),
                     "guardian_name=%s&guardian_phone=%s&guardian_relation=mother&guardian_authority=%s"
                     "&shown.guardian_name=haha&shown.guardian_phone=111&shown.guardian_relation=mother"
                     "&shown.guardian_authority=joint",
                     name, phone, authority);
}

static void two_at_one_guardian_both_keep_what_they_changed(void **state)
{
  (void)state;
  another_boy();
  served_do(&town, &worker, at("/guardians/new"),
            "guardian_name=haha&guardian_phone=111&guardian_relation=mother&guardian_authority=joint");
  id64 id = newest_id("guardian");
  assert_int_equal(served_get(&town, &worker, guardian_path(id), 0), 200);
  assert_true(stands("name=\"shown.guardian_phone\" value=\"111\"") &&
              stands("name=\"shown.guardian_authority\" value=\"joint\""));
  assert_int_equal(guardian(&colleague, id, "haha", "222", "joint"), 303);
  assert_int_equal(guardian(&worker, id, "mama", "111", "joint"), 303);
  assert_int_equal(served_get(&town, &worker, guardian_path(id), 0), 200);
  assert_true(stands("name=\"guardian_name\" value=\"mama\"") && stands("name=\"guardian_phone\" value=\"222\""));
  assert_int_equal(guardian(&worker, id, "haha", "333", "joint"), 422);
  assert_true(stands("ほかの人が先に「222」に変えました。") && stands("value=\"333\""));
  assert_true(stands("name=\"guardian_name\" value=\"mama\"")); /* it was not changed here */
}

/* Another authority is another row: who comes with the old one's form finds the new one, and what stood comes along. */
static void another_authority_of_a_guardian_loses_nothing_that_is_typed_elsewhere(void **state)
{
  char count[160];
  (void)state;
  another_boy();
  served_do(&town, &worker, at("/guardians/new"),
            "guardian_name=haha&guardian_phone=111&guardian_relation=mother&guardian_authority=joint");
  id64 id = newest_id("guardian");
  assert_int_equal(guardian(&colleague, id, "haha", "111", "sole"), 303);
  id64 next = newest_id("guardian");
  assert_true(next != id);
  assert_int_equal(guardian(&worker, id, "mama", "111", "joint"), 303);
  assert_int_equal(newest_id("guardian"), next);
  assert_int_equal(served_get(&town, &worker, guardian_path(next), 0), 200);
  assert_true(stands("name=\"guardian_name\" value=\"mama\"") && stands("name=\"guardian_phone\" value=\"111\""));
  assert_true(stands("value=\"sole\" checked"));
  snprintf(count, sizeof count, "SELECT CAST(count(*) AS TEXT) FROM person_attribute WHERE person_id = %lld",
           (long long)boy.person);
  int64_t rows = strtoll(store_ask(&town.w.store, count), NULL, 10);
  assert_int_equal(guardian(&worker, next, "haha", "111", "joint"), 303); /* nothing was changed in it */
  assert_int_equal(strtoll(store_ask(&town.w.store, count), NULL, 10), rows);
}

/* ---- つなぎ先 --------------------------------------------------------------------------------------------------------------------- */

static char place_path[PATH_SIZE];

static int place(const struct visitor *who, const char *name, const char *phone, const char *kind)
{
  return served_form(
      &town, who, place_path,
      "rev=1&name=%s&phone=%s&kind=%s&circle=outside&fax=0183-00-0000&shown.name=yama&shown.phone=0183-00-0001"
      "&shown.kind=npo&shown.circle=outside&shown.fax=0183-00-0000",
      name, phone, kind);
}

static void two_at_one_place_both_keep_what_they_changed(void **state)
{
  (void)state;
  snprintf(place_path, sizeof place_path, "%s/edit",
           served_do(&town, &keeper, "/directory/new",
                     "name=yama&kind=npo&circle=outside&phone=0183-00-0001&fax=0183-00-0000"));
  assert_int_equal(served_get(&town, &keeper, place_path, 0), 200);
  assert_true(stands("name=\"shown.phone\" value=\"0183-00-0001\"") && stands("name=\"shown.kind\" value=\"npo\""));
  assert_int_equal(place(&keeper, "yama", "0183-00-0002", "npo"), 303);
  assert_int_equal(place(&other_keeper, "kawa", "0183-00-0001", "npo"), 303);
  assert_int_equal(served_get(&town, &keeper, place_path, 0), 200);
  assert_true(stands("name=\"name\" value=\"kawa\"") && stands(">0183-00-0002</textarea>"));
  assert_int_equal(place(&other_keeper, "yama", "0183-00-0003", "npo"), 422);
  assert_true(stands("ほかの人が先に「0183-00-0002」に変えました。") && stands(">0183-00-0003</textarea>"));
  assert_int_equal(served_form(&town, &keeper, place_path, "rev=1&name=hoka&kind=npo&circle=outside"),
                   409); /* a program's */
}

static void two_at_one_service_both_keep_what_they_changed(void **state)
{
  char path[200], tail[300];
  (void)state;
  snprintf(path, sizeof path, "%s", served_do(&town, &keeper, "/directory/new", "name=kai&kind=npo&circle=outside"));
  snprintf(tail, sizeof tail, "%s/services/new", path);
  served_do(&town, &keeper, tail, "name=ibasho&concerns=housing&concerns=mental&fees=0");
  assert_int_equal(served_get(&town, &keeper, path, 0), 200);
  const char *edit = strstr(town.page.body, "/services/");
  while (edit && strncmp(edit, "/services/new", 13) == 0)
    edit = strstr(edit + 1, "/services/");
  assert_non_null(edit);
  snprintf(place_path, sizeof place_path, "%s%.*s", path, (int)strcspn(edit, "\"") % 200, edit);
#define SERVICE "name=ibasho&shown.name=ibasho&shown.concerns=mental+housing&shown.fees=0&shown.closed="
  assert_int_equal(served_get(&town, &keeper, place_path, 0), 200);
  assert_true(stands("name=\"shown.concerns\" value=\"mental housing\"") && stands("name=\"shown.closed\" value=\"\""));
  assert_int_equal(served_form(&town, &keeper, place_path, SERVICE "&concerns=mental&fees=0&closed=1"), 303);
  assert_int_equal(served_form(&town, &other_keeper, place_path, SERVICE "&concerns=mental&concerns=housing&fees=5"),
                   303);
  assert_int_equal(served_get(&town, &keeper, place_path, 0), 200);
  assert_true(stands("value=\"mental\" checked") && stands("name=\"fees\" value=\"5\""));
  assert_false(stands("value=\"housing\" checked"));
  assert_true(stands("name=\"shown.closed\" value=\"1\""));
}

/* ---- 訂正 ------------------------------------------------------------------------------------------------------------------- */

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
                 cmocka_unit_test(saving_how_a_case_goes_on_as_it_stands_writes_nothing_and_says_so),
                 cmocka_unit_test(who_works_on_it_already_is_not_added_again),
                 cmocka_unit_test(two_at_one_guardian_both_keep_what_they_changed),
                 cmocka_unit_test(another_authority_of_a_guardian_loses_nothing_that_is_typed_elsewhere),
                 cmocka_unit_test(two_at_one_place_both_keep_what_they_changed),
                 cmocka_unit_test(two_at_one_service_both_keep_what_they_changed),
                 cmocka_unit_test(two_correct_different_things_of_a_record_and_both_stand),
                 cmocka_unit_test(who_corrects_what_another_corrected_sees_both_and_saves_again))
