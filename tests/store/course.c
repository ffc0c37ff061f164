/* course.c: how a case goes on: its table of transitions, who may say so, who works on it, who stands in, and what the page tells of it. */
#include "served.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"

static struct served town;
static id64 city, npo;
static struct visitor worker, colleague, kin, manager, npo_manager;
static struct world_case boy;

static int start(void **state)
{
  (void)state;
  served_new(&town);
  city = world_org(&town.w, "子ども若者支援課", "council");
  npo = world_org(&town.w, "NPOあおば", "council");
  worker = served_member(&town, city, ROLE_WORKER, "窓口の人");
  colleague = served_member(&town, city, ROLE_WORKER, "となりの人");
  kin = served_member(&town, city, ROLE_WORKER, "親せきの人");
  manager = served_member(&town, city, ROLE_MANAGER, "課長");
  npo_manager = served_member(&town, npo, ROLE_MANAGER, "あおばの長");
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
  static int n;
  char name[40];
  snprintf(name, sizeof name, "試験太郎%c", 'A' + n++);
  boy = world_case(&town.w, &worker.actor, name, (struct date){2009, 6, 1});
}

static const char *case_path(const char *tail)
{
  return served_path("/cases/", boy.case_id, tail);
}

static const char *status(void)
{
  char sql[120];
  snprintf(sql, sizeof sql, "SELECT status FROM case_file WHERE id = %lld", (long long)boy.case_id);
  return store_ask(&town.w.store, sql);
}

static int post(const struct visitor *who, const char *tail, const char *body)
{
  char path[PATH_SIZE];
  snprintf(path, sizeof path, "%s", case_path(tail));
  return served_post(&town, who, path, body, 0);
}

static int look(const struct visitor *who, const char *tail)
{
  char path[PATH_SIZE];
  snprintf(path, sizeof path, "%s", case_path(tail));
  return served_get(&town, who, path, 0);
}

/* ---- the table ------------------------------------------------------------------------------------------------------------------ */

static void every_status_can_end_and_every_end_can_begin_again(void **state)
{
  static const char *const codes[] = {
#define X(code, label) code,
      CASE_STATUSES(X)
#undef X
  };
  (void)state;
  for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
    struct str from = str_from(codes[i]);
    int ways = 0;
    for (size_t k = 0; k < sizeof codes / sizeof *codes; k++)
      ways += case_may_become(from, str_from(codes[k]));
    assert_true(ways > 1);
    assert_false(case_may_become(from, from));
    if (!str_is(from, "closed")) {
      assert_true(case_may_become(from, S("closed")) && case_needs_reason(from, S("closed")));
    }
  }
  assert_false(case_may_become(S("reception"), S("watch")));
  assert_false(case_may_become(S("reception"), S("nonsense")) || case_may_become(S("nonsense"), S("closed")));
  assert_true(case_needs_reason(S("closed"), S("support")) && case_needs_reason(S("review"), S("plan")));
  assert_false(case_needs_reason(S("plan"), S("support")));
}

static void a_case_goes_its_way_and_the_page_tells_it(void **state)
{
  (void)state;
  another_boy();
  served_do(&town, &worker, case_path("/course"),
            "was=reception&status=assessment&density=A&reason=%E6%80%A5%E3%81%8E");
  assert_string_equal(status(), "assessment");
  assert_int_equal(post(&worker, "/course", "was=assessment&status=watch&density=A"), 422);  /* not from there */
  assert_int_equal(post(&worker, "/course", "was=assessment&status=closed&density=A"), 422); /* no reason */
  assert_int_equal(post(&worker, "/course", "was=reception&status=plan&density=A"), 409);    /* seen long ago */
  assert_string_equal(status(), "assessment");
  served_do(&town, &worker, case_path("/course"), "was=assessment&status=closed&density=A&reason=owari");
  assert_string_equal(status(), "closed");
  served_do(&town, &worker, case_path("/course"), "was=closed&status=support&density=B&reason=mata");
  assert_int_equal(look(&worker, ""), 200);
  assert_non_null(strstr(town.page.body, "再開した → 支援中"));
  assert_non_null(strstr(town.page.body, "終結にした"));
  assert_non_null(strstr(town.page.body, "かかわりの頻度 B → A"));
  assert_non_null(strstr(town.page.body, "owari"));
  assert_int_equal(look(&worker, "?show=consent"), 200);
  assert_null(strstr(town.page.body, "owari"));
  assert_int_equal(look(&worker, "?show=course"), 200);
  assert_non_null(strstr(town.page.body, "owari"));
}

static void who_does_not_lead_does_not_say_how_it_goes_on(void **state)
{
  (void)state;
  another_boy();
  (void)world_consent(&town.w, &worker.actor, &boy, PARTY_PERSON, npo, CAT_ALL);
  id64 sent = world_send(&town.w, &worker.actor, &boy, npo, "help");
  assert_int_equal(post(&worker, "/course", "was=reception&status=closed&density=B&reason=x"),
                   422); /* an answer is awaited */
  assert_non_null(strstr(town.page.body, "返事を待っているつなぎ"));
  assert_int_equal(served_get(&town, &npo_manager, served_path("/connections/", sent, ""), 0), 200);
  served_do(&town, &npo_manager, served_path("/connections/", sent, "/answer"), "answer=accept");
  assert_int_equal(look(&npo_manager, "/course"), 200);
  assert_non_null(strstr(town.page.body, "主担当機関が決めます"));
  assert_int_equal(post(&npo_manager, "/course", "was=reception&status=screening&density=B"), 403);
  assert_string_equal(status(), "reception");
  assert_int_equal(look(&npo_manager, ""), 200); /* what the city wrote of it is shared by the consent */
}

/* ---- who works on it --------------------------------------------------------------------------------------------------------------- */

STMT_WRITE(q_bar, "tk_bar",
           "INSERT INTO restriction (network_id, id, person_id, user_id, categories, from_at, created_by)"
           " VALUES ($1, $2, $3, $4, 4095, $5, 1)");

static enum code bar(struct tx *tx, void *arg, struct err *e)
{
  (void)arg;
  return db_exec(tx, &q_bar, NULL, e,
                 BINDS(b_int(tx_network(tx)), b_int(id_new(tx_now(tx))), b_int(boy.person), b_int(kin.actor.user),
                       b_int(tx_now(tx) - MS_HOUR)));
}

static const char *staffing(const struct visitor *comes, bool lead, const struct visitor *leaves)
{
  static char body[300];
  char come[20] = "", leave[20] = "";
  struct str id;
  if (comes && (id = id_text(town.w.a, comes->actor.user)).n)
    snprintf(come, sizeof come, "%.*s", STR_FMT(id));
  if (leaves && (id = id_text(town.w.a, leaves->actor.user)).n)
    snprintf(leave, sizeof leave, "%.*s", STR_FMT(id));
  snprintf(body, sizeof body, "worker=%s%s&leaves=%s", come, lead ? "&lead=1" : "", leave);
  return body;
}

static void work_goes_from_hand_to_hand_and_nobody_is_left_alone(void **state)
{
  struct err e = {0};
  (void)state;
  another_boy();
  ok(world_write(&town.w, NULL, bar, NULL, &e));
  assert_int_equal(look(&worker, "/course"), 200);
  assert_null(strstr(town.page.body, "親せきの人")); /* knows the family */
  assert_int_equal(post(&worker, "/staff", staffing(&kin, false, NULL)), 422);
  assert_int_equal(post(&worker, "/staff", staffing(&npo_manager, false, NULL)), 422);
  assert_int_equal(post(&worker, "/staff", staffing(NULL, false, &worker)), 422); /* who leads then? */
  assert_int_equal(post(&worker, "/staff", staffing(NULL, false, NULL)), 422);
  assert_int_equal(look(&colleague, ""), 404);
  served_do(&town, &worker, case_path("/staff"), staffing(&colleague, true, &worker));
  assert_int_equal(look(&colleague, ""), 200);
  assert_non_null(strstr(town.page.body, "となりの人 が主担当者になった"));
  assert_int_equal(look(&worker, ""), 404); /* gone with the work */
  assert_int_equal(look(&manager, ""), 200);
}

/* ---- 課内代行 ---------------------------------------------------------------------------------------------------------------------- */

static int find_stand_in(const struct visitor *who, const char *q)
{
  char body[400], *name = served_encode(q, strlen(q));
  snprintf(body, sizeof body, "q=%s", name);
  free(name);
  return served_post(&town, who, "/stand-in", body, 0);
}

static void a_colleague_answers_the_telephone(void **state)
{
  (void)state;
  boy = world_case(&town.w, &worker.actor, "電話 次郎丸", (struct date){2009, 6, 1});
  assert_int_equal(look(&colleague, ""), 404);
  assert_int_equal(find_stand_in(&npo_manager, "電話次郎丸"), 200); /* another organization's */
  assert_null(strstr(town.page.body, case_path("/stand-in")));
  assert_int_equal(find_stand_in(&colleague, "電話次郎"), 200);
  assert_non_null(strstr(town.page.body, case_path("/stand-in"))); /* one letter is wanting */
  assert_null(strstr(town.page.body, "次郎丸"));                   /* what was not typed is not told */
  assert_int_equal(find_stand_in(&colleague, "電話"), 200);
  assert_null(strstr(town.page.body, case_path("/stand-in")));
  assert_int_equal(look(&colleague, "/stand-in"), 200);
  assert_null(strstr(town.page.body, "次郎丸"));
  assert_int_equal(look(&npo_manager, "/stand-in"), 404);
  assert_int_equal(post(&colleague, "/stand-in", "why=other"), 422);
  assert_int_equal(look(&colleague, ""), 404);
  served_do(&town, &colleague, case_path("/stand-in"), "why=away&note=tel");
  assert_int_equal(look(&colleague, ""), 200);
  assert_int_equal(look(&worker, ""), 200); /* whoever is in charge reads it there */
  assert_non_null(strstr(town.page.body, "課内代行"));
  assert_non_null(strstr(town.page.body, "担当者が席を外している: tel"));
  assert_string_equal(store_ask(&town.w.store, "SELECT CAST(max(until_at - from_at) AS TEXT) FROM stand_in"),
                      "14400000");
  store_ddl(&town.w.store, "UPDATE stand_in SET until_at = from_at + 1", "UPDATE stand_in SET until_at = from_at + 1");
  if (store_engine() == DB_SQLITE) /* four hours later */
    assert_int_equal(look(&colleague, ""), 404);
}

/* ---- the steps of withdrawal --------------------------------------------------------------------------------------------------------- */

static void the_steps_stand_as_a_line_over_time(void **state)
{
  (void)state;
  another_boy();
  assert_int_equal(look(&worker, "/withdrawal"), 200);
  assert_non_null(strstr(town.page.body, "まだ書かれていません"));
  assert_int_equal(post(&worker, "/withdrawal", "day.era=&day.y=2026&day.m=4&day.d=1&step=7"), 422);
  assert_int_equal(post(&worker, "/withdrawal", "day.era=&day.y=2199&day.m=4&day.d=1&step=3"), 422);
  served_do(&town, &worker, case_path("/withdrawal"), "day.era=&day.y=2026&day.m=6&day.d=1&step=3&note=toshokan");
  served_do(&town, &worker, case_path("/withdrawal"), "day.era=&day.y=2026&day.m=4&day.d=1&step=5");
  assert_int_equal(look(&worker, "/withdrawal"), 200);
  const char *later = strstr(town.page.body, "<b>3</b>"), *earlier = strstr(town.page.body, "<b>5</b>");
  assert_true(later && earlier && later < earlier);           /* the table: newest first */
  assert_non_null(strstr(town.page.body, "M40 164L616 104")); /* the line: from the left */
  assert_non_null(strstr(town.page.body, "toshokan"));
  assert_int_equal(look(&npo_manager, "/withdrawal"), 404);
  assert_string_equal(store_ask(&town.w.store, "SELECT CAST(count(*) AS TEXT) FROM case_step WHERE kind = 'withdrawal' "
                                               "AND (from_code <> '' OR to_code <> '')"),
                      "0");
}

STORE_MAIN_SETUP(start, stop, cmocka_unit_test(every_status_can_end_and_every_end_can_begin_again),
                 cmocka_unit_test(a_case_goes_its_way_and_the_page_tells_it),
                 cmocka_unit_test(who_does_not_lead_does_not_say_how_it_goes_on),
                 cmocka_unit_test(work_goes_from_hand_to_hand_and_nobody_is_left_alone),
                 cmocka_unit_test(a_colleague_answers_the_telephone),
                 cmocka_unit_test(the_steps_stand_as_a_line_over_time))
