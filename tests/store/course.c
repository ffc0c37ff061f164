/* course.c: how a case goes on: its table of transitions, who may say so, who works on it, who stands in, and what the page tells of it. */
#include "served.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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
  assert_int_equal(post(&worker, "/course", "was=assessment&status=watch&density=A"), 422); /* not from there */
  assert_int_equal(post(&worker, "/close", "was=assessment"), 422);                         /* no reason */
  assert_int_equal(post(&worker, "/course", "was=assessment&status=closed&density=A&reason=owari"),
                   422);                                                                  /* not without its page */
  assert_int_equal(post(&worker, "/course", "was=reception&status=plan&density=A"), 409); /* seen long ago */
  assert_string_equal(status(), "assessment");
  served_do(&town, &worker, case_path("/close"), "was=assessment&reason=owari");
  assert_string_equal(status(), "closed");
  assert_int_equal(look(&worker, ""), 200);
  assert_non_null(strstr(town.page.body, ">再開する</a>")); /* the way back stands where one stands */
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

static void before_it_ends_its_page_says_what_ends_and_what_goes_on(void **state)
{
  (void)state;
  another_boy();
  (void)world_consent(&town.w, &worker.actor, &boy, PARTY_PERSON, npo, CAT_ALL);
  assert_int_equal(look(&worker, "/close"), 200);
  assert_non_null(strstr(town.page.body, "終結にしても、続くこと"));
  assert_non_null(strstr(town.page.body, "NPOあおば"));
  assert_non_null(strstr(town.page.body, "name=\"reason\""));
  id64 sent = world_send(&town.w, &worker.actor, &boy, npo, "help");
  assert_int_equal(look(&worker, "/close"), 200);
  assert_non_null(strstr(town.page.body, served_path("/connections/", sent, "\"")));
  assert_int_equal(served_get(&town, &npo_manager, served_path("/connections/", sent, ""), 0), 200);
  served_do(&town, &npo_manager, served_path("/connections/", sent, "/answer"), "answer=accept");
  assert_int_equal(look(&npo_manager, "/close"), 200);
  assert_non_null(strstr(town.page.body, "主担当機関が決めます"));
  assert_null(strstr(town.page.body, "name=\"reason\""));
  assert_int_equal(post(&npo_manager, "/close", "was=reception&reason=x"), 403);
  assert_string_equal(status(), "reception");
}

static void who_does_not_lead_does_not_say_how_it_goes_on(void **state)
{
  (void)state;
  another_boy();
  (void)world_consent(&town.w, &worker.actor, &boy, PARTY_PERSON, npo, CAT_ALL);
  id64 sent = world_send(&town.w, &worker.actor, &boy, npo, "help");
  assert_int_equal(post(&worker, "/close", "was=reception&reason=x"), 422); /* an answer is awaited */
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

static void told_of_standing_in(const struct visitor *who, bool told)
{
  assert_int_equal(served_get(&town, who, "/today", WANT_HTML), 200);
  assert_true(!!strstr(town.page.body, "となりの人さんが") == told);
  assert_int_equal(look(who, ""), 200);
  assert_true(!!strstr(town.page.body, "課内代行") == told);
  assert_true(!!strstr(town.page.body, "席を外している: tel") == told);
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
  (void)world_consent(&town.w, &worker.actor, &boy, PARTY_PERSON, npo, CAT_ALL);
  id64 sent = world_send(&town.w, &worker.actor, &boy, npo, "help");
  assert_int_equal(served_get(&town, &npo_manager, served_path("/connections/", sent, ""), 0), 200);
  served_do(&town, &npo_manager, served_path("/connections/", sent, "/answer"), "answer=accept");
  served_do(&town, &colleague, case_path("/stand-in"), "why=away&note=tel");
  told_of_standing_in(&worker, true);
  told_of_standing_in(&npo_manager, false); /* works on the case, in another office */
  assert_int_equal(look(&colleague, ""), 200);
  assert_non_null(strstr(town.page.body, "課内代行で見ています。")); /* and until when, not only at the first look */
  assert_int_equal(look(&worker, ""), 200);                          /* whoever is in charge reads it there */
  assert_non_null(strstr(town.page.body, "課内代行"));
  assert_non_null(strstr(town.page.body, "担当者が席を外している: tel"));
  assert_null(strstr(town.page.body, "課内代行で見ています。"));
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

/* ---- corrections, 定型文 --------------------------------------------------------------------------------------------------------------- */

#define RECORD "day=2026-04-01&method=phone&paragraph.0.source=person&paragraph.0.category=support&paragraph.0.text="

static const char *newest(const char *table)
{
  char sql[200];
  snprintf(sql, sizeof sql, "SELECT CAST(max(id) AS TEXT) FROM %s WHERE person_id = %lld", table,
           (long long)boy.person);
  return store_ask(&town.w.store, sql);
}

static id64 newest_id(const char *table)
{
  return strtoll(newest(table), NULL, 10);
}

/* "paragraph.0.id=…&paragraph.0.text=TEXT&…" */
static const char *correction(id64 paragraph, const char *text, const char *source)
{
  static char body[600];
  snprintf(body, sizeof body,
           "paragraph.0.id=%s&paragraph.0.text=%s&paragraph.0.source=%s&paragraph.0.category=support",
           served_path("", paragraph, ""), text, source);
  return body;
}

static void a_correction_leaves_the_old_text_readable(void **state)
{
  char path[PATH_SIZE];
  (void)state;
  another_boy();
  (void)world_consent(&town.w, &worker.actor, &boy, PARTY_PERSON, npo, CAT_ALL);
  id64 sent = world_send(&town.w, &worker.actor, &boy, npo, "help");
  assert_int_equal(served_get(&town, &npo_manager, served_path("/connections/", sent, ""), 0), 200);
  served_do(&town, &npo_manager, served_path("/connections/", sent, "/answer"), "answer=accept");
  served_do(&town, &worker, case_path("/records/new"), RECORD "dai-ichi");
  id64 record = newest_id("record"), first = newest_id("record_paragraph");
  snprintf(path, sizeof path, "%s%s", case_path("/records"), served_path("/", record, ""));
  assert_int_equal(served_get(&town, &worker, path, 0), 200);
  assert_non_null(strstr(town.page.body, "dai-ichi"));
  assert_int_equal(served_post(&town, &worker, path, correction(first, "", "person"), 0), 422);
  assert_int_equal(served_post(&town, &worker, path, correction(first, "x", "nobody"), 0), 422);
  served_do(&town, &worker, path, correction(first, "dai-ichi", "person")); /* the same: nothing */
  assert_int_equal(newest_id("record_paragraph"), first);
  served_do(&town, &worker, path, correction(first, "dai-ni", "staff"));
  id64 second = newest_id("record_paragraph");
  assert_true(second != first);
  assert_int_equal(served_post(&town, &manager, path, correction(first, "dai-san", "person"), 0),
                   409); /* seen before that */
  served_do(&town, &manager, path, correction(second, "dai-yon", "staff"));
  assert_int_equal(look(&worker, ""), 200);
  const char *now = strstr(town.page.body, "dai-yon"), *old = strstr(town.page.body, "dai-ni"),
             *oldest = strstr(town.page.body, "dai-ichi");
  assert_true(now && old && oldest && now < old && old < oldest);
  assert_non_null(strstr(town.page.body, "課長が直す前"));
  /* Others read it as far as they may, and correct nothing. */
  assert_int_equal(look(&npo_manager, ""), 200);
  assert_non_null(strstr(town.page.body, "dai-yon"));
  assert_int_equal(served_get(&town, &npo_manager, path, 0), 404);
  assert_int_equal(served_post(&town, &npo_manager, path, correction(second, "dai-go", "staff"), 0), 404);
  snprintf(path, sizeof path, "%s", case_path("/records/0ya3k4m6t8w2n"));
  assert_int_equal(served_get(&town, &worker, path, 0), 404);
}

/* The form of a correction: what is not named stays as the record was made below. */
static const char *head_correction(id64 paragraph, int rev, const char *rest)
{
  static char body[600];
  snprintf(body, sizeof body,
           "paragraph.0.id=%s&paragraph.0.text=x&paragraph.0.source=staff&paragraph.0.category=support&rev=%d&%s",
           served_path("", paragraph, ""), rev, rest);
  return body;
}

#define AT_FIRST "day=2026-04-01&time=10:00&method=meet&partner=person&place=heya&next_what=denwa&next_day=2099-01-05"
#define MENDED                                                                                                         \
  "day=2026-04-02&time=09:30&minutes=40&method=phone&partner=family&partner=school&next_what=homon&next_day=2099-02-"  \
  "01"

static void a_correction_reaches_when_how_with_whom_and_what_comes_next(void **state)
{
  char path[PATH_SIZE], sql[200];
  (void)state;
  another_boy();
  served_do(&town, &worker, case_path("/records/new"),
            AT_FIRST "&met=met&paragraph.0.text=x&paragraph.0.source=staff&paragraph.0.category=support");
  id64 record = newest_id("record"), text = newest_id("record_paragraph");
  snprintf(path, sizeof path, "%s%s", case_path("/records"), served_path("/", record, ""));
  assert_int_equal(served_get(&town, &worker, path, 0), 200);
  assert_non_null(strstr(town.page.body, "value=\"denwa\""));
  assert_non_null(strstr(town.page.body, "value=\"10:00\""));
  assert_int_equal(served_post(&town, &worker, path, head_correction(text, 1, "day=2099-01-01&method=meet"), 0), 422);
  assert_int_equal(served_post(&town, &worker, path, head_correction(text, 1, "day=2026-04-01"), 0), 422);
  assert_int_equal(served_post(&town, &worker, path, head_correction(text, 1, "method=meet"), 0), 422);
  assert_int_equal(
      served_post(&town, &worker, path, head_correction(text, 1, "day=2026-04-01&method=meet&next_what=denwa"), 0),
      422);
  served_do(&town, &worker, path, head_correction(text, 1, AT_FIRST)); /* the same: nothing */
  const char *past = "SELECT CAST(count(*) AS TEXT) FROM record_past";
  assert_string_equal(store_ask(&town.w.store, past), "0");
  served_do(&town, &worker, path, head_correction(text, 1, MENDED));
  assert_string_equal(store_ask(&town.w.store, past), "1");
  assert_int_equal(served_post(&town, &manager, path, head_correction(text, 1, AT_FIRST), 0),
                   409);                                              /* seen before that */
  served_do(&town, &manager, path, head_correction(text, 1, MENDED)); /* what is wanted stands there */
  assert_string_equal(store_ask(&town.w.store, past), "1");
  assert_int_equal(look(&worker, ""), 200);
  const char *now = strstr(town.page.body, "家族、学校"), *old = strstr(town.page.body, "場所: heya");
  assert_true(now && old && now < old);
  assert_non_null(strstr(town.page.body, "が直す前"));
  assert_non_null(strstr(town.page.body, "denwa"));
  /* The clock of the case rested on it. */
  snprintf(sql, sizeof sql, "SELECT next_date FROM case_file WHERE id = %lld", (long long)boy.case_id);
  assert_string_equal(store_ask(&town.w.store, sql), "2099-02-01");
  assert_int_equal(served_get(&town, &npo_manager, path, 0), 404);
  assert_int_equal(served_post(&town, &npo_manager, path, head_correction(text, 2, AT_FIRST), 0), 404);
  /* Nothing comes next after all. */
  served_do(&town, &worker, path, head_correction(text, 2, "day=2026-04-02&time=09:30&method=phone"));
  snprintf(sql, sizeof sql, "SELECT COALESCE(next_date, '-') FROM case_file WHERE id = %lld", (long long)boy.case_id);
  assert_string_equal(store_ask(&town.w.store, sql), "-");
}

static const char *met_tomorrow(const char *time, const char *text)
{
  static char body[300];
  struct date day = date_add_days(date_of_ts(clock_now()), 1); /* a day too late is taken: clocks differ */
  snprintf(body, sizeof body,
           "day=%04d-%02d-%02d&time=%s&method=meet&met=met&paragraph.0.text=%s&paragraph.0.source=staff"
           "&paragraph.0.category=support",
           day.year, day.month, day.day, time, text);
  return body;
}

static void a_day_that_was_wrong_moves_the_last_contact_back(void **state)
{
  char path[PATH_SIZE], sql[200];
  (void)state;
  another_boy();
  served_do(&town, &worker, case_path("/records/new"),
            "day=2026-04-01&time=10:00&method=meet&met=met&paragraph.0.text=x&paragraph.0.source=staff"
            "&paragraph.0.category=support");
  served_do(&town, &worker, case_path("/records/new"), met_tomorrow("00:10", "x"));
  id64 record = newest_id("record"), text = newest_id("record_paragraph");
  snprintf(path, sizeof path, "%s%s", case_path("/records"), served_path("/", record, ""));
  served_do(&town, &worker, path, head_correction(text, 1, "day=2026-03-01&time=08:00&method=meet"));
  snprintf(sql, sizeof sql,
           "SELECT CAST(count(*) AS TEXT) FROM case_file WHERE id = %lld AND last_contact_at = opened_at",
           (long long)boy.case_id);
  assert_string_equal(store_ask(&town.w.store, sql), "1");
}

/* To whoever joined the case nothing is told of it any more; what he wrote he corrects, and that others met the person since stays. */
static void a_correction_forgets_no_contact_that_its_writer_may_not_read(void **state)
{
  char path[PATH_SIZE], sql[300];
  struct err e = {0};
  (void)state;
  another_boy();
  id64 consent = world_consent(&town.w, &worker.actor, &boy, PARTY_PERSON, npo, CAT_ALL);
  id64 sent = world_send(&town.w, &worker.actor, &boy, npo, "help");
  assert_int_equal(served_get(&town, &npo_manager, served_path("/connections/", sent, ""), 0), 200);
  served_do(&town, &npo_manager, served_path("/connections/", sent, "/answer"), "answer=accept");
  served_do(&town, &worker, case_path("/records/new"), met_tomorrow("00:10", "himitsu"));
  served_do(&town, &npo_manager, case_path("/records/new"), met_tomorrow("00:20", "jibun"));
  id64 record = newest_id("record"), text = newest_id("record_paragraph");
  ok(world_withdraw(&town.w, &worker.actor, consent, 0));
  assert_int_equal(look(&npo_manager, ""), 200);
  assert_null(strstr(town.page.body, "himitsu"));
  snprintf(path, sizeof path, "%s%s", case_path("/records"), served_path("/", record, ""));
  served_do(&town, &npo_manager, path, head_correction(text, 1, "day=2026-03-01&time=08:00&method=meet"));
  snprintf(sql, sizeof sql,
           "SELECT CAST(count(*) AS TEXT) FROM case_file c WHERE c.id = %lld AND c.last_contact_at ="
           " (SELECT MAX(r.at) FROM record r WHERE r.case_id = c.id AND r.id <> %lld)",
           (long long)boy.case_id, (long long)record);
  assert_string_equal(store_ask(&town.w.store, sql), "1");
}

/* A partner's newer record set the day; whoever may not read it is not told the older words beside that day. */
static void an_older_next_step_is_not_told_beside_a_newer_ones_day(void **state)
{
  (void)state;
  another_boy();
  id64 consent = world_consent(&town.w, &worker.actor, &boy, PARTY_PERSON, npo, CAT_ALL);
  id64 sent = world_send(&town.w, &worker.actor, &boy, npo, "help");
  assert_true(consent && served_get(&town, &npo_manager, served_path("/connections/", sent, ""), 0) == 200);
  served_do(&town, &npo_manager, served_path("/connections/", sent, "/answer"), "answer=accept");
  served_do(&town, &worker, case_path("/records/new"),
            AT_FIRST "&met=met&paragraph.0.text=x&paragraph.0.source=staff&paragraph.0.category=support");
  assert_int_equal(look(&worker, "/consents"), 200);
  assert_non_null(strstr(town.page.body, "denwa"));
  served_do(&town, &npo_manager, case_path("/records/new"),
            "day=2026-04-20&time=10:00&method=meet&met=met&next_what=kengaku&next_day=2099-03-03"
            "&paragraph.0.text=y&paragraph.0.source=staff&paragraph.0.category=support");
  assert_int_equal(look(&worker, "/consents"), 200); /* nobody opened to the city what the NPO writes */
  assert_null(strstr(town.page.body, "kengaku"));
  assert_null(strstr(town.page.body, "denwa"));
  assert_int_equal(look(&npo_manager, ""), 200);
  assert_non_null(strstr(town.page.body, "kengaku"));
}

/* The newest record says what comes next, whatever becomes of those before it. */
static void what_an_older_record_said_moves_nothing_that_a_newer_says(void **state)
{
  char path[PATH_SIZE], sql[200];
  (void)state;
  another_boy();
  served_do(&town, &worker, case_path("/records/new"),
            AT_FIRST "&met=met&paragraph.0.text=x&paragraph.0.source=staff&paragraph.0.category=support");
  id64 record = newest_id("record"), text = newest_id("record_paragraph");
  served_do(&town, &worker, case_path("/records/new"),
            "day=2026-04-03&time=10:00&method=meet&met=met&next_what=denwa&next_day=2099-01-05"
            "&paragraph.0.text=x&paragraph.0.source=staff&paragraph.0.category=support");
  snprintf(path, sizeof path, "%s%s", case_path("/records"), served_path("/", record, ""));
  served_do(&town, &worker, path, head_correction(text, 1, MENDED));
  snprintf(sql, sizeof sql, "SELECT next_date FROM case_file WHERE id = %lld", (long long)boy.case_id);
  assert_string_equal(store_ask(&town.w.store, sql), "2099-01-05");
}

static void a_meeting_that_was_a_visit_after_all_is_a_contact(void **state)
{
  char path[PATH_SIZE], sql[200];
  (void)state;
  another_boy();
  served_do(&town, &worker, case_path("/records/new"),
            "day=2026-10-01&time=10:00&method=conference&paragraph.0.text=x&paragraph.0.source=staff&paragraph.0."
            "category=support");
  id64 record = newest_id("record"), text = newest_id("record_paragraph");
  snprintf(path, sizeof path, "%s%s", case_path("/records"), served_path("/", record, ""));
  served_do(&town, &worker, path, head_correction(text, 1, "day=2026-10-01&time=10:00&method=visit"));
  snprintf(sql, sizeof sql, "SELECT CAST(contact AS integer) FROM record WHERE id = %lld", (long long)record);
  assert_string_equal(store_ask(&town.w.store, sql), "1");
}

static void a_phrase_begins_a_record(void **state)
{
  (void)state;
  another_boy();
  assert_int_equal(served_post(&town, &worker, "/phrases", "label=&body=x", 0), 422);
  served_do(&town, &worker, "/phrases", "label=rusu&method=phone&met=none&body=rusuban-denwa");
  assert_int_equal(look(&worker, "/records/new"), 200);
  const char *link = strstr(town.page.body, "?phrase&#61;");
  char tail[80];
  assert_non_null(link);
  link += strlen("?phrase&#61;");
  snprintf(tail, sizeof tail, "/records/new?phrase=%.*s", (int)strcspn(link, "\""), link);
  assert_null(strstr(town.page.body, "rusuban-denwa"));
  assert_int_equal(look(&worker, tail), 200);
  assert_non_null(strstr(town.page.body, "rusuban-denwa"));
  assert_non_null(strstr(town.page.body, "value=\"phone\" checked"));
  assert_int_equal(served_get(&town, &npo_manager, "/phrases", 0), 200);
  assert_null(strstr(town.page.body, "rusuban-denwa")); /* each organization's own */
  char end[60];
  snprintf(end, sizeof end, "end=%s", strchr(tail, '=') + 1);
  served_do(&town, &npo_manager, "/phrases", end);
  assert_int_equal(look(&worker, "/records/new"), 200);
  assert_non_null(strstr(town.page.body, "?phrase&#61;"));
  served_do(&town, &worker, "/phrases", end);
  assert_int_equal(look(&worker, "/records/new"), 200);
  assert_null(strstr(town.page.body, "?phrase&#61;"));
}

STORE_MAIN_SETUP(start, stop, cmocka_unit_test(every_status_can_end_and_every_end_can_begin_again),
                 cmocka_unit_test(a_case_goes_its_way_and_the_page_tells_it),
                 cmocka_unit_test(before_it_ends_its_page_says_what_ends_and_what_goes_on),
                 cmocka_unit_test(who_does_not_lead_does_not_say_how_it_goes_on),
                 cmocka_unit_test(work_goes_from_hand_to_hand_and_nobody_is_left_alone),
                 cmocka_unit_test(a_colleague_answers_the_telephone),
                 cmocka_unit_test(the_steps_stand_as_a_line_over_time),
                 cmocka_unit_test(a_correction_leaves_the_old_text_readable),
                 cmocka_unit_test(a_correction_reaches_when_how_with_whom_and_what_comes_next),
                 cmocka_unit_test(a_day_that_was_wrong_moves_the_last_contact_back),
                 cmocka_unit_test(a_correction_forgets_no_contact_that_its_writer_may_not_read),
                 cmocka_unit_test(an_older_next_step_is_not_told_beside_a_newer_ones_day),
                 cmocka_unit_test(what_an_older_record_said_moves_nothing_that_a_newer_says),
                 cmocka_unit_test(a_meeting_that_was_a_visit_after_all_is_a_contact),
                 cmocka_unit_test(a_phrase_begins_a_record))
