/* sending.c: what must stand on a つなぐシート before it leaves the desk, and what it says of its receivers and of the consent. */
#include "served.h"

#include <stdlib.h>
#include <string.h>

static struct served town;
static struct visitor worker, teacher;
static struct world_case boy;
static id64 city, class, clinic;

static int start(void **state)
{
  (void)state;
  served_new(&town);
  city = world_org(&town.w, "子ども若者支援課", "council");
  class = world_org(&town.w, "さくら教室", "network");
  clinic = world_org(&town.w, "みどり診療所", "network");
  teacher = served_member(&town, class, ROLE_MANAGER, "教室の人");
  worker = served_member(&town, city, ROLE_WORKER, "窓口の人");
  return 0;
}

static int stop(void **state)
{
  (void)state;
  served_free(&town);
  return 0;
}

static bool stands(const char *text)
{
  return strstr(town.page.body, text) != NULL;
}

/* A sheet of another boy, who agrees that the class is told. */
static id64 begin(void)
{
  struct str id = STR_NONE;
  id64 sheet = 0;
  boy = world_case(&town.w, &worker.actor, "試験太郎", (struct date){2009, 6, 1});
  world_consent(&town.w, &worker.actor, &boy, PARTY_PERSON, class, CAT_BASIC | CAT_SUPPORT);
  world_consent(&town.w, &worker.actor, &boy, PARTY_PERSON, clinic, CAT_BASIC | CAT_SUPPORT);
  const char *at = served_do(&town, &worker, served_path("/cases/", boy.case_id, "/sheets/new"), "");
  assert_int_equal(strncmp(at, "/sheets/", 8), 0);
  id = str_from(at + 8);
  id.n = strcspn(at + 8, "/");
  assert_true(id_parse(id, &sheet));
  return sheet;
}

static int types(id64 sheet, const char *action, const char *by, const char *more)
{
  char to[40];
  snprintf(to, sizeof to, "%.*s", STR_FMT(id_text(town.w.a, class)));
  return served_form(
      &town, &worker, served_path("/sheets/", sheet, "/edit"),
      "answer.received_on=2026-11-18&answer.received_org=city&answer.received_by=%s&kind=help&receivers=%s"
      "&action=%s%s",
      by, to, action, more);
}

static int look(id64 sheet, const char *tail, int want)
{
  return served_get(&town, &worker, served_path("/sheets/", sheet, tail), want);
}

static int sends(id64 sheet, int want)
{
  return served_post(&town, &worker, served_path("/sheets/", sheet, "/preview"), "", want);
}

static const char *states(id64 sheet)
{
  char sql[160];
  snprintf(sql, sizeof sql,
           "SELECT s.status || ' ' || c.state FROM sheet s JOIN connection c ON c.sheet_id = s.id"
           " WHERE s.id = %lld",
           (long long)sheet);
  return store_ask(&town.w.store, sql);
}

/* ---- 必須 ------------------------------------------------------------------------------------------------------------------- */

static void a_draft_is_kept_with_what_it_lacks(void **state)
{
  id64 sheet = begin();
  (void)state;
  assert_int_equal(types(sheet, "save", "", "&answer.request=quiet"), 303);
  assert_int_equal(look(sheet, "/edit", 0), 200);
  assert_true(stands("quiet"));
  assert_int_equal(types(sheet, "preview", "", "&answer.request=loud"), 422); /* and what is missing is said at once */
  assert_true(stands("href=\"#f-answer.received_by\""));
  assert_int_equal(look(sheet, "/edit", 0), 200);
  assert_true(stands("loud"));
}

static void nothing_goes_while_a_required_field_is_empty(void **state)
{
  id64 sheet = begin();
  char link[100];
  (void)state;
  snprintf(link, sizeof link, "%s", served_path("/sheets/", sheet, "/edit#f-answer.received_by"));
  assert_int_equal(types(sheet, "save", "", "&answer.referrals.0.referral_reason=why"), 303);
  assert_int_equal(look(sheet, "/preview", 0), 200);
  assert_true(stands(link) && stands("edit#f-answer.referrals.0.referral_org") &&
              stands("「受付者」を入力してください。"));
  assert_false(stands("1か所へ送る"));
  assert_int_equal(sends(sheet, WANT_HTML), 422); /* from a page that stood open */
  assert_true(stands(link) && stands("虐待かもしれない"));
  assert_int_equal(sends(sheet, WANT_JSON), 422); /* a program */
  assert_true(stands("\"answer.received_by\"") && stands("\"answer.referrals.0.referral_org\""));
  assert_string_equal(states(sheet), "draft draft");
  assert_int_equal(types(sheet, "save", "who", "&answer.referrals.0.referral_org=class"), 303);
  assert_int_equal(look(sheet, "/preview", 0), 200);
  assert_true(stands("1か所へ送る"));
  assert_int_equal(sends(sheet, WANT_HTML), 303);
  assert_string_equal(states(sheet), "frozen sent");
}

static void what_a_condition_has_switched_off_does_not_go_along(void **state)
{
  id64 sheet = begin();
  (void)state;
  assert_int_equal(types(sheet, "save", "who", "&answer.interpreter_language=tagalog"), 303);
  assert_int_equal(sends(sheet, WANT_HTML), 303);
  assert_int_equal(look(sheet, "", WANT_JSON), 200);
  assert_false(stands("tagalog"));
}

static void a_form_of_the_case_is_not_finished_while_a_required_field_is_empty(void **state)
{
  char path[PATH_SIZE];
  (void)state;
  begin();
  snprintf(path, sizeof path, "%s",
           served_do(&town, &worker, served_path("/cases/", boy.case_id, "/forms"), "form=plan"));
  assert_int_equal(served_form(&town, &worker, path, "action=finish&answer.problem=school"), 422);
  assert_true(stands("href=\"#f-answer.review_on\""));
  assert_int_equal(served_form(&town, &worker, path, "action=save&answer.problem=school"), 303);
  assert_int_equal(served_form(&town, &worker, path, "action=finish"),
                   422); /* nothing new is said: what stands is held to the same */
}

/* ---- 紹介先 ----------------------------------------------------------------------------------------------------------------- */

static const char *other(void)
{
  static char more[60];
  snprintf(more, sizeof more, "&receivers=%.*s", STR_FMT(id_text(town.w.a, clinic)));
  return more;
}

/* The rows under 紹介先 of the page for writing, as inputs. */
static int rows_of(id64 sheet, const char *name)
{
  char value[100];
  int n = 0;
  assert_int_equal(look(sheet, "/edit", 0), 200);
  snprintf(value, sizeof value, ".referral_org\" value=\"%s\"", name);
  for (const char *p = town.page.body; (p = strstr(p, value)); p++)
    n++;
  return n;
}

static void those_it_goes_to_stand_under_referred_to(void **state)
{
  id64 sheet = begin();
  char more[200];
  (void)state;
  snprintf(more, sizeof more, "%s&answer.referrals.0.referral_org=hokenjo&answer.referrals.0.referral_reason=why",
           other());
  assert_int_equal(types(sheet, "save", "who", more), 303);
  assert_int_equal(rows_of(sheet, "hokenjo"), 1); /* what was typed stays, and first */
  assert_int_equal(rows_of(sheet, "さくら教室"), 1);
  assert_int_equal(rows_of(sheet, "みどり診療所"), 1);
  snprintf(more, sizeof more, "%s&answer.referrals.0.referral_org=さくら教室&answer.referrals.0.referral_reason=near",
           other());
  assert_int_equal(types(sheet, "save", "who", more), 303);
  assert_int_equal(rows_of(sheet, "さくら教室"), 1); /* not twice */
  assert_int_equal(sends(sheet, WANT_HTML), 303);
  assert_int_equal(look(sheet, "", 0), 200);
  assert_true(stands("near") && stands("みどり診療所"));
}

static void who_is_chosen_no_more_does_not_stay_there_by_the_name_alone(void **state)
{
  id64 sheet = begin();
  char more[300];
  (void)state;
  assert_int_equal(types(sheet, "save", "who", other()), 303);
  for (int turn = 0; turn < 2; turn++) { /* a page that saves itself sends the row that it showed each time */
    assert_int_equal(
        types(sheet, "save", "who", "&had=さくら教室&had=みどり診療所&answer.referrals.0.referral_org=みどり診療所"),
        303);
    assert_int_equal(rows_of(sheet, "みどり診療所"), 0);
    assert_int_equal(rows_of(sheet, "さくら教室"), 1);
  }
  snprintf(more, sizeof more,
           "&had=みどり診療所&answer.referrals.0.referral_org=みどり診療所"
           "&answer.referrals.0.referral_reason=later");
  assert_int_equal(types(sheet, "save", "who", more), 303);
  assert_int_equal(rows_of(sheet, "みどり診療所"), 1); /* with words of its own it is the writer's */
}

static const char *to_class(void)
{
  static char tail[60];
  snprintf(tail, sizeof tail, "/preview?to=%.*s", STR_FMT(id_text(town.w.a, class)));
  return tail;
}

static void a_receiver_does_not_read_to_whom_else_it_goes(void **state)
{
  id64 sheet = begin();
  char more[200], sql[120];
  (void)state;
  snprintf(more, sizeof more,
           "%s&answer.referrals.0.referral_org=みどり診療所&answer.referrals.0.referral_reason=heart", other());
  assert_int_equal(types(sheet, "save", "who", more), 303);
  assert_int_equal(look(sheet, to_class(), 0), 200);
  const char *paper = strstr(town.page.body, "class=\"paper\"");
  assert_non_null(paper);
  assert_true(strstr(paper, "さくら教室</") && !strstr(paper, "heart") && !strstr(paper, "みどり診療所"));
  assert_int_equal(sends(sheet, WANT_HTML), 303);
  snprintf(sql, sizeof sql,
           "SELECT CAST(id AS text) FROM connection WHERE sheet_id = %lld AND to_organization_id = %lld",
           (long long)sheet, (long long)class);
  id64 connection = strtoll(store_ask(&town.w.store, sql), NULL, 10);
  assert_int_equal(served_get(&town, &teacher, served_path("/connections/", connection, ""), 0), 200);
  assert_true(stands("紹介先") && !stands("heart") && !stands("みどり診療所"));
  assert_int_equal(served_get(&town, &teacher, served_path("/sheets/", sheet, ""), WANT_JSON), 200);
  assert_true(stands("さくら教室") && !stands("heart") && !stands("みどり診療所"));
}

/* ---- 提供の同意 ------------------------------------------------------------------------------------------------------------- */

static void what_was_recorded_reads_as_a_record_and_is_nobody_s_to_type(void **state)
{
  id64 sheet = begin();
  (void)state;
  world_consent(&town.w, &worker.actor, &boy, PARTY_GUARDIAN, class, CAT_BASIC | CAT_SUPPORT);
  assert_int_equal(look(sheet, "/edit", 0), 200); /* nobody is chosen: nothing is recorded towards anybody */
  assert_true(stands("name=\"answer.consent_by\"") && !stands("記録された同意"));
  assert_int_equal(types(sheet, "save", "who", "&answer.consent_by=signed"), 303);
  assert_int_equal(look(sheet, "/edit", 0), 200);
  assert_true(stands("記録された同意: 令和") && !stands("name=\"answer.consent_by\"") && !stands(">signed<"));
  assert_int_equal(types(sheet, "save", "", "&answer.consent_answer=no&answer.consent_by=signed"), 303);
  assert_int_equal(types(sheet, "preview", "", "&answer.consent_by=signed"), 422); /* the form comes back with it */
  assert_true(stands("記録された同意: 令和") && !stands(">signed<"));
  assert_int_equal(types(sheet, "save", "who", ""), 303);
  assert_int_equal(sends(sheet, WANT_HTML), 303);
  assert_int_equal(look(sheet, "", 0), 200);
  assert_true(stands("記録された同意: 令和") && stands("（母）") && stands("同意する") && !stands("signed"));
}

/* ---- where nobody took it ------------------------------------------------------------------------------------------------ */

static id64 sent_as(id64 sheet)
{
  char sql[100];
  snprintf(sql, sizeof sql, "SELECT CAST(id AS text) FROM connection WHERE sheet_id = %lld", (long long)sheet);
  return strtoll(store_ask(&town.w.store, sql), NULL, 10);
}

static void what_nobody_took_goes_elsewhere_with_what_was_said_and_without_what_was_agreed_to(void **state)
{
  char first[PATH_SIZE];
  id64 sheet = begin();
  (void)state;
  assert_int_equal(types(sheet, "save", "who",
                         "&answer.request=quiet&answer.likes=trains&answer.referrals.0.referral_org=class"
                         "&answer.referrals.0.referral_reason=wherefore"),
                   303);
  assert_int_equal(sends(sheet, WANT_HTML), 303);
  id64 con = sent_as(sheet);
  assert_int_equal(served_get(&town, &worker, served_path("/connections/", con, ""), 0), 200);
  assert_false(stands("このシートから、ほかへつなぐ"));
  assert_int_equal(
      served_form(&town, &teacher, served_path("/connections/", con, "/answer"), "answer=decline&text=full"), 303);
  snprintf(first, sizeof first, "%s", town.page.location);
  assert_int_equal(served_get(&town, &teacher, first, 0), 200); /* who declined stands somewhere */
  assert_int_equal(served_get(&town, &worker, served_path("/connections/", con, "/answer"), 0),
                   409); /* no empty form */
  assert_int_equal(served_get(&town, &worker, served_path("/connections/", con, ""), 0), 200);
  assert_true(stands("このシートから、ほかへつなぐ"));
  snprintf(first, sizeof first, "%s", served_do(&town, &worker, served_path("/connections/", con, "/again"), ""));
  assert_string_equal(served_do(&town, &worker, served_path("/connections/", con, "/again"), ""), first);
  assert_int_equal(served_get(&town, &worker, first, 0), 200);
  assert_true(stands("quiet") && stands("trains"));
  assert_false(stands("wherefore") || stands("value=\"class\"") || stands("value=\"さくら教室\""));
  assert_false(stands("name=\"answer.consent_answer\" value=\"yes\" checked"));
}

STORE_MAIN_SETUP(start, stop, cmocka_unit_test(a_draft_is_kept_with_what_it_lacks),
                 cmocka_unit_test(nothing_goes_while_a_required_field_is_empty),
                 cmocka_unit_test(what_a_condition_has_switched_off_does_not_go_along),
                 cmocka_unit_test(a_form_of_the_case_is_not_finished_while_a_required_field_is_empty),
                 cmocka_unit_test(those_it_goes_to_stand_under_referred_to),
                 cmocka_unit_test(who_is_chosen_no_more_does_not_stay_there_by_the_name_alone),
                 cmocka_unit_test(a_receiver_does_not_read_to_whom_else_it_goes),
                 cmocka_unit_test(what_was_recorded_reads_as_a_record_and_is_nobody_s_to_type),
                 cmocka_unit_test(what_nobody_took_goes_elsewhere_with_what_was_said_and_without_what_was_agreed_to))
