/* handed.c: where the case warns of somebody in the family, no paper for the family is made before it was read and said to whom it goes. */
#include "served.h"

#include <stdlib.h>
#include <string.h>

static struct served town;
static struct visitor worker;
static struct world_case boy;
static id64 sheet, consent;

static int start(void **state)
{
  (void)state;
  served_new(&town);
  worker = served_member(&town, world_org(&town.w, "子ども若者支援課", "council"), ROLE_WORKER, "窓口の人");
  return 0;
}

static int stop(void **state)
{
  (void)state;
  served_free(&town);
  return 0;
}

/* Another boy, his mother (母の名), a sheet, and what is to be avoided. */
static void another_boy(const char *avoid)
{
  boy = world_case(&town.w, &worker.actor, "試験太郎", (struct date){2009, 6, 1});
  id64 class = world_org(&town.w, "さくら教室", "network");
  consent = world_consent(&town.w, &worker.actor, &boy, PARTY_PERSON, class, CAT_BASIC);
  const char *at = served_do(&town, &worker, served_path("/cases/", boy.case_id, "/sheets/new"), "");
  struct str id = str_from(at + strlen("/sheets/"));
  id.n = strcspn(id.p, "/");
  assert_true(id_parse(id, &sheet));
  assert_int_equal(served_form(&town, &worker, served_path("/cases/", boy.case_id, "/person"),
                               "source=person&name=taro&birth=2009-06-01&avoid=%s", avoid),
                   303);
}

static bool stands(const char *text)
{
  return strstr(town.page.body, text) != NULL;
}

static bool is_paper(void)
{
  return town.page.status == 200 && strncmp(town.page.body, "%PDF-", 5) == 0;
}

enum { PAPERS = 6 };
/* Each paper that goes to the family, at its own address; the first two are for the mother alone. */
static const char *paper(int i, const char *handed)
{
  static char path[PATH_SIZE];
  char mother[20];
  snprintf(mother, sizeof mother, "%.*s", STR_FMT(id_text(town.w.a, boy.guardian)));
  const char *const papers[PAPERS] = {served_path("/cases/", boy.case_id, "/seen.pdf?for=guardian&"),
                                      served_path("/cases/", boy.case_id, "/who.pdf?for=guardian&"),
                                      served_path("/sheets/", sheet, "/sheet.pdf?"),
                                      served_path("/cases/", boy.case_id, "/consents/consent.pdf?"),
                                      served_path("/consents/", consent, "/withdrawal.pdf?"),
                                      served_path("/cases/", boy.case_id, "/family/family.pdf?")};
  snprintf(path, sizeof path, "%s%s%s%s%s", papers[i], i < 2 ? "guardian=" : "", i < 2 ? mother : "",
           handed ? "&handed=" : "",
           handed && strcmp(handed, "mother") == 0 ? mother
           : handed                                ? handed
                                                   : "");
  return path;
}

static int ask(int i, const char *handed, int want)
{
  return served_get(&town, &worker, paper(i, handed), want);
}

static int copies(void)
{
  return (int)strtol(store_ask(&town.w.store, "SELECT CAST(count(*) AS text) FROM print_copy"), NULL, 10);
}

/* ---- tests -------------------------------------------------------------------------------------------------------------------- */

static void what_warns_of_nobody_in_the_family_stops_no_paper(void **state)
{
  (void)state;
  another_boy("午前の電話");
  for (int i = 0; i < PAPERS; i++) {
    assert_int_equal(ask(i, NULL, WANT_HTML), 200);
    assert_true(is_paper());
  }
}

static void a_paper_for_the_family_waits_until_it_is_said_to_whom_it_goes(void **state)
{
  (void)state;
  another_boy("母には知らせない");
  for (int i = 0; i < PAPERS; i++) {
    int before = copies();
    assert_int_equal(ask(i, NULL, WANT_HTML), 200);
    assert_true(!is_paper() && stands("渡す前に確かめる") && stands("母には知らせない") && stands("母の名さん（母）"));
    assert_int_equal(stands("value=\"person\""), i >= 2); /* what is one's alone is for nobody else */
    assert_int_equal(ask(i, "nobody", WANT_HTML), 200);
    assert_false(is_paper());
    assert_int_equal(ask(i, NULL, WANT_JSON), 409);
    assert_int_equal(copies(), before); /* nothing was printed, nothing is numbered */
    assert_int_equal(ask(i, "mother", WANT_HTML), 200);
    assert_true(is_paper());
  }
  assert_int_equal(ask(2, "person", WANT_HTML), 200);
  assert_true(is_paper());
  assert_int_equal(ask(0, "person", WANT_HTML), 200);
  assert_false(is_paper());
}

static void what_else_was_asked_of_a_paper_is_kept_over_the_page(void **state)
{
  (void)state;
  another_boy("家族には知らせない");
  assert_int_equal(
      served_get(&town, &worker, served_path("/cases/", boy.case_id, "/consents/consent.pdf?copy=now"), WANT_HTML),
      200);
  assert_true(stands("<input type=\"hidden\" name=\"copy\" value=\"now\">") &&
              !stands("type=\"hidden\" name=\"handed\""));
  assert_int_equal(served_get(&town, &worker, served_path("/sheets/", sheet, "/sheet.pdf?copy=desk"), WANT_HTML), 200);
  assert_true(is_paper()); /* the desk's own is no family's */
}

/* What the office noted of the father, and that they do not get on. */
static void add_father(const char *tie)
{
  served_form(&town, &worker, served_path("/cases/", boy.case_id, "/family/new"),
              "kind=member&source=person&name=父の名&relation=father&note=相談のことは言わない&tie=%s", tie);
}

static void maps_that_show_a_conflict_are_handed_to_somebody_who_was_named(void **state)
{
  (void)state;
  another_boy("");
  add_father("plain");
  assert_int_equal(ask(5, NULL, WANT_HTML), 200);
  assert_true(is_paper());
  another_boy("");
  add_father("stressed");
  assert_int_equal(ask(5, NULL, WANT_HTML), 200);
  assert_true(!is_paper() && stands("対立や途切れたつながりが"));
  assert_int_equal(ask(5, "person", WANT_HTML), 200);
  assert_true(is_paper());
  assert_int_equal(
      served_get(&town, &worker, served_path("/cases/", boy.case_id, "/family/family.pdf?copy=desk"), WANT_HTML), 200);
  assert_true(is_paper());
}

static void a_father_s_warning_does_not_stop_the_mother_s_paper(void **state)
{
  (void)state;
  another_boy("父には知らせない");
  assert_int_equal(ask(0, NULL, WANT_HTML), 200);
  assert_true(is_paper());
  assert_int_equal(ask(2, NULL, WANT_HTML), 200); /* but what lies on the kitchen table */
  assert_false(is_paper());
}

STMT_WRITE(
    q_bar, "handed_bar",
    "INSERT INTO restriction (network_id, id, person_id, guardian_id, categories, breakable, from_at, created_by)"
    " VALUES ($1, $2, $3, $4, 4095, FALSE, $5, $6)");

static enum code bar(struct tx *tx, void *arg, struct err *e)
{
  return db_exec(tx, &q_bar, NULL, e,
                 BINDS(b_int(tx_network(tx)), b_int(id_new(tx_now(tx))), b_int(boy.person), b_int(boy.guardian),
                       b_int(tx_now(tx) - 1000), b_int(worker.actor.user)));
}

static void a_restriction_of_a_guardian_stops_the_papers_too(void **state)
{
  struct err e = {0};
  (void)state;
  another_boy("");
  assert_int_equal(ask(1, NULL, WANT_HTML), 200);
  assert_true(is_paper());
  ok(world_write(&town.w, NULL, bar, NULL, &e));
  for (int i = 0; i < PAPERS; i++) {
    assert_int_equal(ask(i, NULL, WANT_HTML), 200);
    assert_true(!is_paper() && stands("母の名さん（母）には、この人のことを見せないことになっています。"));
  }
}

STORE_MAIN_SETUP(start, stop, cmocka_unit_test(what_warns_of_nobody_in_the_family_stops_no_paper),
                 cmocka_unit_test(a_paper_for_the_family_waits_until_it_is_said_to_whom_it_goes),
                 cmocka_unit_test(what_else_was_asked_of_a_paper_is_kept_over_the_page),
                 cmocka_unit_test(maps_that_show_a_conflict_are_handed_to_somebody_who_was_named),
                 cmocka_unit_test(a_father_s_warning_does_not_stop_the_mother_s_paper),
                 cmocka_unit_test(a_restriction_of_a_guardian_stops_the_papers_too))
