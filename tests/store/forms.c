/* forms.c: the forms of a case: begun with what is known, kept as drafts, finished, printed, and seen by whom they may be. */
#include "crowd.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct crowd town;

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

/* "/sheets/ID" of a new one. */
static const char *begin(const struct shared_case *c, const char *form)
{
  static char path[PATH_SIZE];
  char body[80];
  snprintf(body, sizeof body, "form=%s", form);
  served_do(&town.s, &town.who[WHO_WORKER], served_path("/cases/", c->c.case_id, "/forms"), body);
  snprintf(path, sizeof path, "%.*s", (int)(strlen(town.s.page.location) - strlen("/edit")), town.s.page.location);
  return path;
}

static int ask(enum who who, const char *path, const char *tail)
{
  char whole[2 * PATH_SIZE];
  snprintf(whole, sizeof whole, "%s%s", path, tail);
  return served_get(&town.s, &town.who[who], whole, WANT_HTML);
}

static int send(enum who who, const char *path, const char *tail, const char *body)
{
  char whole[2 * PATH_SIZE];
  snprintf(whole, sizeof whole, "%s%s", path, tail);
  return served_post(&town.s, &town.who[who], whole, body, WANT_HTML);
}

static void every_form_of_a_case_begins_and_opens(void **state)
{
  static const char *const forms[] = {"reception",    "reception-plain", "youth-intake", "separate-room", "assessment",
                                      "plan",         "review",          "visit",        "conference",    "handover",
                                      "support-plan", "attendance",      "card"};
  for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
    const char *path = begin(&town.cases[STATE_OWN], forms[i]);
    assert_int_equal(ask(WHO_WORKER, path, "/edit"), 200);
    assert_int_equal(ask(WHO_WORKER, path, "/sheet.pdf?copy=desk"), 200);
    assert_true(town.s.page.n > 5000);
  }
  assert_int_equal(served_post(&town.s, &town.who[WHO_WORKER],
                               served_path("/cases/", town.cases[STATE_OWN].c.case_id, "/forms"), "form=mutual-review",
                               WANT_HTML),
                   422);
}

/* Its title alone tells the family that somebody was asked apart from them. */
static void what_was_told_in_a_separate_room_has_no_copy_for_the_family(void **state)
{
  const char *path = begin(&town.cases[STATE_OWN], "separate-room");
  assert_int_equal(ask(WHO_WORKER, path, "/sheet.pdf"), 422);
  assert_int_equal(ask(WHO_WORKER, path, "/sheet.pdf?copy=family"), 422);
  assert_int_equal(ask(WHO_WORKER, path, "/sheet.pdf?copy=desk"), 200);
  path = begin(&town.cases[STATE_OWN], "assessment");
  assert_int_equal(ask(WHO_WORKER, path, "/sheet.pdf"), 200);
}

static void a_plan_is_finished_once_and_stays(void **state)
{
  const char *path = begin(&town.cases[STATE_OWN], "plan");
  assert_int_equal(send(WHO_WORKER, path, "/edit", "action=finish&answer.problem=problem-one"), 422);
  assert_non_null(strstr(town.s.page.body, "problem-one"));
  assert_int_equal(send(WHO_WORKER, path, "/edit",
                        "action=finish&answer.written_on=2026-11-01&answer.written_by=worker&answer.problem=problem-one"
                        "&answer.review_on=2027-01-10"),
                   303);
  assert_int_equal(ask(WHO_WORKER, path, ""), 200);
  assert_non_null(strstr(town.s.page.body, "problem-one"));
  assert_int_equal(ask(WHO_WORKER, path, "/edit"), 409);
  assert_int_equal(send(WHO_WORKER, path, "/edit", "action=save&answer.problem=problem-two"), 409);
  assert_int_equal(ask(WHO_WORKER, path, "/sheet.pdf"), 200);
}

/* ---- one form and the next ------------------------------------------------------------------------------------------------------ */

static bool stands(const char *text)
{
  return strstr(town.s.page.body, text) != NULL;
}

static int look(const struct shared_case *c, const char *tail)
{
  return served_get(&town.s, &town.who[WHO_WORKER], served_path("/cases/", c->c.case_id, tail), WANT_HTML);
}

static void a_visit_on_its_form_is_a_contact_and_the_next_one_begins_with_what_was_done_together(void **state)
{
  const struct shared_case c = crowd_case(&town, STATE_OWN, NULL);
  const char *path = begin(&c, "visit");
  (void)state;
  assert_int_equal(ask(WHO_WORKER, path, "/edit"), 200);
  assert_false(stands(">shogi</textarea>"));
  assert_int_equal(send(WHO_WORKER, path, "/edit",
                        "action=finish&answer.written_on=2026-11-01&answer.written_by=worker&answer.met=voice"
                        "&answer.started_at=2026-11-01T14:00&answer.ended_at=2026-11-01T14:40&answer.how=genki"
                        "&answer.together=shogi&answer.worry=kizu&answer.next_on=2027-04-01&answer.next_what=tegami"),
                   303);
  assert_int_equal(look(&c, "?show=visit"), 200);
  assert_true(stands("訪問 14:00〜14:40 40分") && stands("会えたか：声だけ聞けた\n様子：genki") &&
              stands("気になること：kizu") && stands("相手: 本人"));
  assert_true(stands(" tegami</dd>")); /* the next step of the case */
  path = begin(&c, "visit");
  assert_int_equal(ask(WHO_WORKER, path, "/edit"), 200);
  assert_true(stands(">shogi</textarea>"));
  assert_int_equal(send(WHO_WORKER, path, "/edit", "action=save&answer.met=met"), 303); /* a draft is no visit yet */
  assert_int_equal(look(&c, "?show=visit"), 200);
  assert_false(stands("会えたか：会えた"));
}

static void the_form_of_the_book_for_april_is_the_book(void **state)
{
  const struct shared_case c = crowd_case(&town, STATE_OWN, NULL);
  (void)state;
  assert_int_equal(served_form(&town.s, &town.who[WHO_WORKER], served_path("/cases/", c.c.case_id, "/handover"),
                               "promise=yakusoku&worked=tegami"),
                   303);
  const char *path = begin(&c, "handover");
  assert_int_equal(ask(WHO_WORKER, path, "/edit"), 200);
  assert_true(stands(">yakusoku</textarea>") && stands(">tegami</textarea>"));
  assert_int_equal(send(WHO_WORKER, path, "/edit",
                        "action=finish&answer.written_on=2026-11-01&answer.written_by=worker&answer.promises=yakusoku-2"
                        "&answer.failed=denwa&answer.next_on=2027-04-01"),
                   303);
  assert_int_equal(look(&c, "/handover"), 200);
  assert_true(stands(">yakusoku-2</textarea>") && stands(">tegami</textarea>") && stands(">denwa</textarea>"));
}

static void the_step_of_an_assessment_is_a_point_of_the_line(void **state)
{
  const struct shared_case c = crowd_case(&town, STATE_OWN, NULL);
  const char *path = begin(&c, "assessment");
  (void)state;
  assert_int_equal(send(WHO_WORKER, path, "/edit",
                        "action=finish&answer.written_on=2026-11-01&answer.written_by=worker&answer.withdrawal_step=4"),
                   303);
  assert_int_equal(look(&c, "/withdrawal"), 200);
  assert_true(stands("アセスメントから") && stands("通える場所はないが、外出はできる</td>"));
  path = begin(&c, "assessment");
  assert_int_equal(send(WHO_WORKER, path, "/edit",
                        "action=finish&answer.written_on=2026-11-02&answer.written_by=worker&answer.life_state=x"),
                   303); /* nothing said of it: no point */
  assert_int_equal(look(&c, "/withdrawal"), 200);
  assert_null(strstr(strstr(town.s.page.body, "アセスメントから") + 1, "アセスメントから"));
}

static void a_review_begins_with_the_goals_of_the_plan_whose_day_stands_in_the_case(void **state)
{
  const struct shared_case c = crowd_case(&town, STATE_OWN, NULL);
  const char *path = begin(&c, "plan");
  (void)state;
  assert_int_equal(
      send(WHO_WORKER, path, "/edit",
           "action=finish&answer.written_on=2026-11-01&answer.written_by=worker&answer.problem=x"
           "&answer.goal_long=chokotto&answer.goal_short=asa-okiru%0D%0Aeki-made&answer.review_on=2026-11-10"),
      303);
  assert_int_equal(look(&c, ""), 200);
  assert_true(stands("支援計画の見直し"));
  path = begin(&c, "review");
  assert_int_equal(ask(WHO_WORKER, path, "/edit"), 200);
  assert_true(stands("value=\"chokotto\"") && stands("value=\"asa-okiru\"") && stands("value=\"eki-made\""));
  assert_true(stands("goals.2.goal\"") && !stands("goals.3.goal\"")); /* and no empty line before them */
  assert_int_equal(send(WHO_WORKER, path, "/edit",
                        "action=finish&answer.written_on=2026-11-10&answer.written_by=worker&answer.outcome=replan"
                        "&answer.outcome_why=x&answer.next_review=2027-02-01"),
                   303);
  assert_int_equal(look(&c, ""), 200);
  assert_true(stands("評価（つぎの評価日）") && !stands("支援計画の見直し"));
}

/* One that stands before it stays: the plan's own day is told beneath it. */
static void the_day_of_a_plan_is_the_case_s_next_one_where_none_stands_before_it(void **state)
{
  static const char done[] = "action=finish&answer.written_on=2026-11-01&answer.written_by=worker&answer.problem=x"
                             "&answer.review_on=2099-01-10";
  struct shared_case c = crowd_case(&town, STATE_OWN, NULL);
  char sql[120];
  (void)state;
  snprintf(sql, sizeof sql, "SELECT COALESCE(next_date, '') FROM case_file WHERE id = %lld", (long long)c.c.case_id);
  assert_int_equal(send(WHO_WORKER, begin(&c, "plan"), "/edit", done), 303);
  assert_string_equal(store_ask(&town.s.w.store, sql), "2099-01-10");
  assert_int_equal(look(&c, "?show=course"), 200);
  assert_true(stands("支援計画の見直し"));
  c = crowd_case(&town, STATE_OWN, NULL);
  snprintf(sql, sizeof sql, "SELECT COALESCE(next_date, '') FROM case_file WHERE id = %lld", (long long)c.c.case_id);
  assert_int_equal(served_form(&town.s, &town.who[WHO_WORKER], served_path("/cases/", c.c.case_id, "/records/new"),
                               "day=2026-04-01&method=meet&paragraph.0.text=x&next_what=tegami&next_day=2098-01-01"),
                   303);
  assert_int_equal(send(WHO_WORKER, begin(&c, "plan"), "/edit", done), 303);
  assert_string_equal(store_ask(&town.s.w.store, sql), "2098-01-01");
}

static void only_the_sheet_goes_to_others(void **state)
{
  const char *path = begin(&town.cases[STATE_OWN], "assessment");
  char body[80];
  snprintf(body, sizeof body, "organization=%s", served_path("", town.receiver, ""));
  assert_int_equal(send(WHO_WORKER, path, "/receivers", body), 409);
  assert_int_equal(ask(WHO_WORKER, path, "/preview"), 409);
  assert_int_equal(send(WHO_WORKER, path, "/preview", ""), 409);
}

/* A draft is its own organization's; what is finished is read by whom consent opens the person. */
static void a_receiver_sees_what_is_finished(void **state)
{
  const struct shared_case c = crowd_case(&town, STATE_SHARED, NULL);
  char path[PATH_SIZE];
  snprintf(path, sizeof path, "%s", begin(&c, "handover"));
  assert_int_equal(ask(WHO_RECEIVER_WORKER, path, ""), 404);
  assert_int_equal(send(WHO_WORKER, path, "/edit",
                        "action=finish&answer.written_on=2026-11-01&answer.written_by=worker&answer.likes=trains"
                        "&answer.next_on=2027-04-01"),
                   303);
  assert_int_equal(ask(WHO_RECEIVER_WORKER, path, ""), 200);
  assert_non_null(strstr(town.s.page.body, "trains"));
  assert_int_equal(ask(WHO_THIRD_MANAGER, path, ""), 404);
  crowd_withdraw(&town, &c);
  assert_int_equal(ask(WHO_RECEIVER_WORKER, path, ""), 404);
}

/* The rev of a draft as its form sends it back. */
static long rev_of(const char *path)
{
  assert_int_equal(ask(WHO_WORKER, path, "/edit"), 200);
  const char *at = strstr(town.s.page.body, "name=\"rev\" value=\"");
  assert_non_null(at);
  return strtol(at + strlen("name=\"rev\" value=\""), NULL, 10);
}

/* Who goes on writing what has gone reads what can be done instead, and has what was typed; a program is told by the code. */
static void what_was_sent_says_what_can_be_done_instead(void **state)
{
  const struct shared_case *c = &town.cases[STATE_SHARED];
  char path[PATH_SIZE];
  snprintf(path, sizeof path, "%s", served_path("/sheets/", c->sheet, ""));
  assert_int_equal(ask(WHO_WORKER, path, "/edit"), 409);
  assert_non_null(strstr(town.s.page.body, "<h1>このシートは、もう送られています</h1>"));
  assert_non_null(strstr(town.s.page.body, served_path("href=\"/cases/", c->c.case_id, "/sheets/new\"")));
  assert_non_null(strstr(town.s.page.body, served_path("href=\"/cases/", c->c.case_id, "/records/new\"")));
  assert_non_null(strstr(town.s.page.body, served_path("href=\"/connections/", c->connection, "\"")));
  assert_null(strstr(town.s.page.body, "まだ保存されていません"));
  assert_int_equal(send(WHO_WORKER, path, "/edit", "answer.request=KAKIKAKE&action=save"), 409);
  assert_non_null(strstr(town.s.page.body, "まだ保存されていません"));
  assert_non_null(strstr(town.s.page.body, "KAKIKAKE"));
  assert_int_equal(served_get(&town.s, &town.who[WHO_WORKER], served_path("/sheets/", c->sheet, "/edit"), WANT_JSON),
                   409);
  assert_non_null(strstr(town.s.page.body, "もう送られています"));
  assert_null(strstr(town.s.page.body, "has_connections"));
  assert_int_equal(ask(WHO_RECEIVER_WORKER, path, "/edit"), 404); /* not its sheet */
  /* … and so does a second window in which it still waits to be sent */
  assert_int_equal(send(WHO_WORKER, path, "/preview", "rev=2"), 409);
  assert_non_null(strstr(town.s.page.body, "<h1>このシートは、もう送られています</h1>"));
  assert_non_null(strstr(town.s.page.body, served_path("href=\"/connections/", c->connection, "\"")));
  assert_null(strstr(town.s.page.body, "もう一度保存してください"));
}

static void two_who_write_at_once_see_both_versions(void **state)
{
  const char *path = begin(&town.cases[STATE_OWN], "plan");
  char body[200];
  long rev = rev_of(path);
  snprintf(body, sizeof body, "action=save&rev=%ld&answer.problem=written-first", rev);
  assert_int_equal(send(WHO_WORKER, path, "/edit", body), 303);
  snprintf(body, sizeof body, "action=save&rev=%ld&answer.problem=written-second", rev);
  assert_int_equal(send(WHO_MANAGER, path, "/edit", body), 422);
  assert_non_null(strstr(town.s.page.body, "written-first"));
  assert_non_null(strstr(town.s.page.body, "written-second"));
  assert_int_equal(rev_of(path), rev + 1);
  snprintf(body, sizeof body, "action=save&rev=%ld&answer.problem=written-second", rev + 1);
  assert_int_equal(send(WHO_MANAGER, path, "/edit", body), 303);
  assert_int_equal(rev_of(path), rev + 2);
}

/* A script goes on from the version that its last save made. */
static void a_script_saves_again_and_again(void **state)
{
  const char *path = begin(&town.cases[STATE_OWN], "review");
  char whole[2 * PATH_SIZE], body[200];
  long rev = rev_of(path);
  snprintf(whole, sizeof whole, "%s/edit", path);
  for (int i = 0; i < 3; i++) {
    snprintf(body, sizeof body, "action=save&rev=%ld&answer.change=saved-%d", rev + i, i);
    assert_int_equal(served_post(&town.s, &town.who[WHO_WORKER], whole, body, WANT_JSON), 200);
    snprintf(body, sizeof body, "\"rev\":%ld", rev + i + 1);
    if (!strstr(town.s.page.body, body))
      fail_msg("%s is not in %s", body, town.s.page.body);
  }
  assert_int_equal(rev_of(path), rev + 3);
  assert_non_null(strstr(town.s.page.body, "saved-2"));
}

/* ---- the editor ---------------------------------------------------------------------------------------------------------------- */

static int edit(const char *body)
{
  return served_post(&town.s, &town.who[WHO_ADMIN], "/forms/edit", body, WANT_HTML);
}

static int item(const char *body)
{
  return served_post(&town.s, &town.who[WHO_ADMIN], "/forms/edit/item", body, WANT_HTML);
}

static bool page_has(const char *path, const char *text)
{
  assert_int_equal(served_get(&town.s, &town.who[WHO_ADMIN], path, WANT_HTML), 200);
  return strstr(town.s.page.body, text) != NULL;
}

static void a_new_version_leaves_the_old_answers_where_they_are(void **state)
{
  char old[PATH_SIZE], fresh[PATH_SIZE];
  snprintf(old, sizeof old, "%s", begin(&town.cases[STATE_OWN], "handover"));
  assert_int_equal(edit("code=handover&action=begin"), 303);
  assert_int_equal(edit("code=handover&action=begin"), 303); /* one draft, however often */
  assert_int_equal(item("code=handover&parent=story&link=wished&text=wished-for&type=text&category=support"), 303);
  assert_int_equal(item("code=handover&parent=story&link=wished&text=again&type=text&category=support"), 422);
  assert_int_equal(item("code=handover&parent=story&link=nocat&text=a&type=choice&options=a%7CA"), 303);
  assert_int_equal(item("code=handover&parent=story&link=later&text=b&type=text&when=nocat+%3D+a"), 303);
  assert_int_equal(edit("code=handover&action=remove&link=nocat"), 422); /* a condition rests on it */
  assert_int_equal(edit("code=handover&action=up&link=wished"), 303);
  assert_true(page_has("/forms/preview?code=handover", "wished-for"));
  assert_int_equal(served_get(&town.s, &town.who[WHO_ADMIN], "/forms/draft.pdf?code=handover", WANT_HTML), 200);
  assert_int_equal(edit("code=handover&action=publish&version=2026.1"), 422); /* the shipped one's */
  assert_int_equal(edit("code=handover&action=publish&version=town-1"), 303);
  snprintf(fresh, sizeof fresh, "%s", begin(&town.cases[STATE_OWN], "handover"));
  assert_int_equal(ask(WHO_WORKER, old, "/edit"), 200);
  assert_null(strstr(town.s.page.body, "wished-for"));
  assert_int_equal(ask(WHO_WORKER, fresh, "/edit"), 200);
  assert_non_null(strstr(town.s.page.body, "wished-for"));
  assert_int_equal(ask(WHO_WORKER, fresh, "/sheet.pdf"), 200);
  assert_int_equal(
      served_get(&town.s, &town.who[WHO_WORKER], "/forms/form.json?code=handover&version=town-1", WANT_HTML), 200);
  assert_non_null(strstr(town.s.page.body, "wished-for"));
}

static void two_editors_do_not_overwrite_each_other(void **state)
{
  char body[200];
  assert_int_equal(edit("code=review&action=begin"), 303);
  assert_true(page_has("/forms/edit?code=review", "name=\"rev\" value=\""));
  long long rev =
      strtoll(strstr(town.s.page.body, "name=\"rev\" value=\"") + strlen("name=\"rev\" value=\""), NULL, 10);
  snprintf(body, sizeof body, "code=review&action=down&link=head&rev=%lld", rev);
  assert_int_equal(edit(body), 303);
  assert_int_equal(edit(body), 409);
  assert_int_equal(edit("code=review&action=discard"), 303);
}

/* Posts a Questionnaire to be taken over as a form of that name. */
static int take_over(const char *code, const char *json)
{
  static char body[20000];
  char *at = body + snprintf(body, sizeof body, "code=%s&category=health&json=", code);
  for (const char *p = json; *p && at < body + sizeof body - 4; p++)
    at += snprintf(at, 4, "%%%02X", (unsigned char)*p);
  return served_post(&town.s, &town.who[WHO_ADMIN], "/forms/import", body, WANT_HTML);
}

/* From another system: links with dots, no categories, types and value sets that are not served here. */
static void a_questionnaire_made_elsewhere_becomes_a_draft(void **state)
{
  static const char json[] =
      "{\"resourceType\":\"Questionnaire\",\"status\":\"active\",\"title\":\"Elsewhere\",\"item\":[{\"linkId\":\"1\","
      "\"type\":\"group\",\"text\":\"Part one\",\"item\":[{\"linkId\":\"1.1\",\"type\":\"choice\",\"text\":\"Colour\","
      "\"answerOption\":[{\"valueString\":\"red\"},{\"valueCoding\":{\"code\":\"B L\",\"display\":\"blue\"}}]},"
      "{\"linkId\":\"1.2\",\"type\":\"quantity\",\"text\":\"Weight\"},"
      "{\"linkId\":\"1.3\",\"type\":\"attachment\",\"text\":\"Photo\"},{\"linkId\":\"1.4\",\"type\":\"choice\","
      "\"text\":\"From a set\",\"answerValueSet\":\"http://example.org/vs\"}]}]}";
  assert_int_equal(take_over("elsewhere", json), 303);
  assert_true(page_has("/forms/preview?code=elsewhere", "Colour"));
  assert_true(page_has("/forms/preview?code=elsewhere", "blue"));
  assert_true(page_has("/forms/edit?code=elsewhere",
                       "「From a set」は、選択肢が様式の中にない")); /* what was changed is said */
  assert_int_equal(take_over("elsewhere", json), 422);               /* the name is taken */
  assert_int_equal(served_post(&town.s, &town.who[WHO_ADMIN], "/forms/import", "code=x1&json=%7B%22a%22", WANT_HTML),
                   422);
  assert_int_equal(edit("code=elsewhere&action=publish&version=1"), 303);
  assert_int_equal(ask(WHO_WORKER, begin(&town.cases[STATE_OWN], "elsewhere"), "/edit"), 200);
  assert_non_null(strstr(town.s.page.body, "Weight"));
}

/* Links that cannot be kept get one that no other item has, whatever those are called. */
static void what_is_renamed_collides_with_nothing_that_was_there(void **state)
{
  static const char json[] =
      "{\"resourceType\":\"Questionnaire\",\"status\":\"active\",\"title\":\"Collides\",\"item\":[{\"linkId\":\"1\","
      "\"type\":\"string\",\"text\":\"First\"},{\"linkId\":\"q1\",\"type\":\"string\",\"text\":\"Second\"},"
      "{\"linkId\":\"q1x\",\"type\":\"string\",\"text\":\"Third\"}]}";
  assert_int_equal(take_over("collides", json), 303);
  assert_true(page_has("/forms/preview?code=collides", "First"));
  assert_true(page_has("/forms/preview?code=collides", "Third"));
  assert_int_equal(edit("code=collides&action=publish&version="), 422);
  assert_non_null(strstr(town.s.page.body, "新しい版の名前を書いてください。"));
  assert_int_equal(edit("code=collides&action=publish&version=1"), 303);
}

/* As HL7's examples are written: options in a value set that comes along, a condition by code, a question within a question. */
static void options_conditions_and_questions_within_come_along(void **state)
{
  static const char json[] =
      "{\"resourceType\":\"Questionnaire\",\"status\":\"active\",\"title\":\"PHQ\",\"contained\":[{\"resourceType\":"
      "\"ValueSet\",\"id\":\"often\",\"status\":\"active\",\"compose\":{\"include\":[{\"system\":\"http://loinc.org\","
      "\"concept\":[{\"code\":\"LA6568-5\",\"display\":\"Not at all\"},{\"code\":\"LA6569-3\",\"display\":\"Several "
      "days\"}]}]}}],\"item\":[{\"linkId\":\"/44250-9\",\"type\":\"choice\",\"text\":\"Little interest\","
      "\"answerValueSet\":\"#often\",\"item\":[{\"linkId\":\"/44250-9/a\",\"type\":\"date\",\"text\":\"Since when\","
      "\"enableWhen\":[{\"question\":\"/44250-9\",\"operator\":\"=\",\"answerCoding\":{\"code\":\"LA6569-3\"}}]}]},"
      "{\"linkId\":\"round\",\"type\":\"string\",\"text\":\"Odd\",\"enableWhen\":[{\"question\":\"nobody\","
      "\"operator\":"
      "\"=\",\"answerString\":\"x\"}]}]}";
  assert_int_equal(take_over("phq", json), 303);
  assert_true(page_has("/forms/preview?code=phq", "Several days"));
  assert_true(page_has("/forms/edit?code=phq", "「Little interest」の中の項目は、そのすぐ後に並べました。"));
  assert_true(page_has("/forms/edit?code=phq", "「Odd」をたずねる条件は"));
  assert_true(
      page_has("/forms/edit/item?code=phq&link=q2", "Little interest &#61; Several days")); /* in words, not in codes */
  assert_int_equal(edit("code=phq&action=publish&version=1"), 303);
  assert_int_equal(served_get(&town.s, &town.who[WHO_ADMIN], "/forms/form.json?code=phq", WANT_HTML), 200);
  assert_null(strstr(town.s.page.body, "adopted")); /* the remarks were for the one who took it over */
}

/* What is answered in kilograms is not answered in grams; a question inside another is asked only where that one is. */
static void units_and_the_conditions_around_come_along(void **state)
{
  static const char json[] =
      "{\"resourceType\":\"Questionnaire\",\"status\":\"active\",\"title\":\"Around\",\"item\":[{\"linkId\":\"smokes\","
      "\"type\":"
      "\"boolean\",\"text\":\"Smokes\"},{\"linkId\":\"much\",\"type\":\"integer\",\"text\":\"How "
      "many\",\"enableWhen\":[{"
      "\"question\":\"smokes\",\"operator\":\"=\",\"answerBoolean\":true}],\"item\":[{\"linkId\":\"since\",\"type\":"
      "\"date\","
      "\"text\":\"Since "
      "when\"},{\"linkId\":\"where\",\"type\":\"string\",\"text\":\"Where\",\"enableWhen\":[{\"question\":"
      "\"much\",\"operator\":\">\",\"answerInteger\":5}]}]},{\"linkId\":\"weight\",\"type\":\"quantity\",\"text\":"
      "\"Weight\","
      "\"extension\":[{\"url\":\"http://hl7.org/fhir/StructureDefinition/"
      "questionnaire-unit\",\"valueCoding\":{\"code\":"
      "\"kg\",\"display\":\"kg\"}}]}]}";
  assert_int_equal(take_over("around", json), 303);
  assert_true(page_has("/forms/edit?code=around", "Weight（kg）"));
  assert_true(page_has("/forms/edit?code=around", "「Weight」は数にして、単位を問いの言葉のうしろに書きました。"));
  assert_true(page_has("/forms/edit/item?code=around&link=since", ">Smokes &#61; はい<"));
  assert_true(page_has("/forms/edit/item?code=around&link=where", ">How many &gt; 5\nSmokes &#61; はい<"));
  assert_int_equal(edit("code=around&action=publish&version=1"), 303);
}

/* Somebody who knows no codes: a name, options and a condition in words; an option moved up keeps what rests on it. */
static void words_are_enough_to_make_a_form(void **state)
{
  assert_int_equal(served_post(&town.s, &town.who[WHO_ADMIN], "/forms/import", "code=plain&title=T", WANT_HTML), 303);
  assert_int_equal(item("code=plain&link=part&text=P&type=group&category=support"), 303);
  assert_int_equal(item("code=plain&parent=part&text=Colour&type=choice&options=red%0Ablue"), 303);
  assert_int_equal(item("code=plain&parent=part&text=Which+blue&type=string&when=Colour+%3D+blue"), 303);
  assert_true(page_has("/forms/edit/item?code=plain&link=q2", ">Colour &#61; blue<"));
  assert_int_equal(item("code=plain&was=q1&link=q1&text=Colour&type=choice&options=green%0Ablue%0Ared"), 303);
  assert_true(page_has("/forms/edit/item?code=plain&link=q2", ">Colour &#61; blue<"));
  assert_true(page_has("/forms/edit/item?code=plain&link=q1", ">green\nblue\nred<"));
  assert_int_equal(item("code=plain&parent=part&text=x&type=string&when=Nobody+%3D+blue"), 422);
  assert_non_null(
      strstr(town.s.page.body, "条件に書いた問い「Nobody」が、この様式にありません。いまある問い：Colour、Which blue"));
  assert_int_equal(item("code=plain&parent=part&text=Twice&type=choice&options=red%0Ablue%0Ared"), 422);
  assert_non_null(strstr(town.s.page.body, "選択肢「red」が二つあります"));
  assert_null(strstr(town.s.page.body, "ファイルは残っていないので"));
}

STORE_MAIN_SETUP(start, stop, cmocka_unit_test(every_form_of_a_case_begins_and_opens),
                 cmocka_unit_test(what_was_told_in_a_separate_room_has_no_copy_for_the_family),
                 cmocka_unit_test(a_plan_is_finished_once_and_stays), cmocka_unit_test(only_the_sheet_goes_to_others),
                 cmocka_unit_test(a_visit_on_its_form_is_a_contact_and_the_next_one_begins_with_what_was_done_together),
                 cmocka_unit_test(the_form_of_the_book_for_april_is_the_book),
                 cmocka_unit_test(the_step_of_an_assessment_is_a_point_of_the_line),
                 cmocka_unit_test(the_day_of_a_plan_is_the_case_s_next_one_where_none_stands_before_it),
                 cmocka_unit_test(a_review_begins_with_the_goals_of_the_plan_whose_day_stands_in_the_case),
                 cmocka_unit_test(a_receiver_sees_what_is_finished),
                 cmocka_unit_test(what_was_sent_says_what_can_be_done_instead),
                 cmocka_unit_test(two_who_write_at_once_see_both_versions),
                 cmocka_unit_test(a_script_saves_again_and_again),
                 cmocka_unit_test(a_new_version_leaves_the_old_answers_where_they_are),
                 cmocka_unit_test(two_editors_do_not_overwrite_each_other),
                 cmocka_unit_test(what_is_renamed_collides_with_nothing_that_was_there),
                 cmocka_unit_test(a_questionnaire_made_elsewhere_becomes_a_draft),
                 cmocka_unit_test(options_conditions_and_questions_within_come_along),
                 cmocka_unit_test(units_and_the_conditions_around_come_along),
                 cmocka_unit_test(words_are_enough_to_make_a_form))
