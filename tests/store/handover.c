/* handover.c: 四月の引き継ぎ帳: what whoever comes next reads, and how cases go from one to another: all that were ticked, or none. */
#include "served.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "casework/handover.h"

enum { BOYS = 3 };
static struct served town;
static id64 city, npo;
static struct visitor worker, colleague, kin, manager, npo_worker, npo_manager;
static struct world_case boys[BOYS];

static int start(void **state)
{
  (void)state;
  served_new(&town);
  city = world_org(&town.w, "子ども若者支援課", "council");
  npo = world_org(&town.w, "NPOあおば", "council");
  colleague = served_member(&town, city, ROLE_WORKER, "となりの人");
  kin = served_member(&town, city, ROLE_WORKER, "親せきの人");
  manager = served_member(&town, city, ROLE_MANAGER, "課長");
  npo_worker = served_member(&town, npo, ROLE_WORKER, "あおばの人");
  npo_manager = served_member(&town, npo, ROLE_MANAGER, "あおばの長");
  return 0;
}

static int stop(void **state)
{
  (void)state;
  served_free(&town);
  return 0;
}

/* Somebody who leads a few cases of people whom nobody else knows. */
static void somebody_leaves(void)
{
  worker = served_member(&town, city, ROLE_WORKER, "窓口の人");
  for (int i = 0; i < BOYS; i++) {
    char name[40];
    snprintf(name, sizeof name, "試験太郎%c", 'A' + i);
    boys[i] = world_case(&town.w, &worker.actor, name, (struct date){2009, 6, 1});
  }
}

static bool stands(const char *text)
{
  return strstr(town.page.body, text) != NULL;
}

static int book(const struct visitor *who, const struct visitor *of)
{
  return served_get(&town, who, served_path("/handover?user=", of->actor.user, ""), 0);
}

/* "worker=…&leaves=…&case=…&case=…" of the first n boys. */
static const char *handing(const struct visitor *to, const struct visitor *from, int n)
{
  static char body[PATH_SIZE];
  size_t at = (size_t)snprintf(body, sizeof body, "%s%s", served_path("worker=", to->actor.user, ""),
                               served_path("&leaves=", from->actor.user, ""));
  for (int i = 0; i < n; i++)
    at += (size_t)snprintf(body + at, sizeof body - at, "%s", served_path("&case=", boys[i].case_id, ""));
  return body;
}

static int hand(const struct visitor *who, const char *body)
{
  return served_post(&town, who, "/handover", body, 0);
}

/* The same, and the page that follows says that they were handed over. */
static bool told(const struct visitor *who, const char *body)
{
  return served_post(&town, who, "/handover", body, WANT_JSON) == 200 && stands("選んだケースを引き継ぎました。");
}

static const char *of_case(const char *columns, const struct world_case *c, const struct visitor *v)
{
  char sql[300];
  snprintf(sql, sizeof sql, "SELECT %s FROM assignment WHERE case_id = %lld AND user_id = %lld AND until_at IS NULL",
           columns, (long long)c->case_id, (long long)v->actor.user);
  return store_ask(&town.w.store, sql);
}

static bool works_on(const struct visitor *v, const struct world_case *c)
{
  return strcmp(of_case("CAST(count(*) AS TEXT)", c, v), "1") == 0;
}

static bool leads(const struct visitor *v, const struct world_case *c)
{
  return strcmp(of_case("COALESCE(CAST(max(CASE WHEN lead THEN 1 ELSE 0 END) AS TEXT), '')", c, v), "1") == 0;
}

static int all(bool (*is)(const struct visitor *v, const struct world_case *c), const struct visitor *v)
{
  int n = 0;
  for (int i = 0; i < BOYS; i++)
    n += is(v, &boys[i]);
  return n;
}

/* How often somebody came or went. */
static int64_t moves(void)
{
  return strtoll(store_ask(&town.w.store, "SELECT CAST(count(*) AS TEXT) FROM case_step WHERE kind = 'worker'"), NULL,
                 10);
}

STMT_WRITE(q_bar, "test_bar_one",
           "INSERT INTO restriction (network_id, id, person_id, user_id, categories, from_at, created_by)"
           " VALUES ($1, $2, $3, $4, 4095, $5, 1)");

static enum code bar_kin(struct tx *tx, void *arg, struct err *e)
{
  const struct world_case *c = arg;
  return db_exec(tx, &q_bar, NULL, e,
                 BINDS(b_int(tx_network(tx)), b_int(id_new(tx_now(tx))), b_int(c->person), b_int(kin.actor.user),
                       b_int(tx_now(tx) - MS_HOUR)));
}

STMT_WRITE(q_stop, "test_stop_account", "UPDATE user_account SET disabled_at = $3 WHERE network_id = $1 AND id = $2");

static enum code stop_account(struct tx *tx, void *arg, struct err *e)
{
  const struct visitor *v = arg;
  return db_exec(tx, &q_stop, NULL, e, BINDS(b_int(tx_network(tx)), b_int(v->actor.user), b_int(tx_now(tx) - MS_HOUR)));
}

static void number_of(const struct world_case *c, char number[40])
{
  char sql[120];
  snprintf(sql, sizeof sql, "SELECT number FROM case_file WHERE id = %lld", (long long)c->case_id);
  snprintf(number, 40, "%s", store_ask(&town.w.store, sql));
}

/* ---- reading ----------------------------------------------------------------------------------------------------------------- */

static void whoever_comes_next_reads_what_was_written_and_nobody_else(void **state)
{
  const char *path;
  (void)state;
  somebody_leaves();
  path = served_path("/cases/", boys[0].case_id, "/handover");
  served_do(&town, &worker, path, "promise=yuugata-ni-denwa&worked=densha&failed=");
  served_do(&town, &worker, path, "promise=yuugata-ni-denwa&worked=densha-no-hanashi&failed=");
  assert_string_equal(
      store_ask(&town.w.store,
                "SELECT CAST(count(*) AS TEXT) FROM case_step WHERE kind IN ('promise', 'worked', 'failed')"),
      "3");
  assert_int_equal(served_get(&town, &worker, "/handover", 0), 200);
  assert_true(stands("yuugata-ni-denwa") && stands("densha-no-hanashi") && !stands("densha<"));
  assert_int_equal(book(&colleague, &worker), 200); /* not his to see */
  assert_false(stands("yuugata-ni-denwa") || stands("試験太郎"));
  assert_int_equal(book(&npo_manager, &worker), 200);
  assert_false(stands("yuugata-ni-denwa") || stands("試験太郎"));
  assert_int_equal(book(&manager, &worker), 200);
  assert_true(stands("yuugata-ni-denwa"));
  assert_int_equal(hand(&manager, handing(&colleague, &worker, 1)), 303);
  assert_int_equal(book(&colleague, &colleague), 200);
  assert_true(stands("yuugata-ni-denwa"));
  assert_int_equal(served_get(&town, &worker, served_path("/cases/", boys[0].case_id, ""), 0), 404);
}

static enum code write_twice(struct tx *tx, void *arg, struct err *e)
{
  const struct scope *s = NULL;
  enum code c = access_open(tx, &worker.actor, ACTION_CASE_WRITE, boys[0].person, &s, e);
  (void)arg;
  for (int i = 0; c == OK && i < 9; i++)
    c = handover_write(tx, s, boys[0].case_id,
                       (const struct str[]){i == 8  ? S("saigo-no")
                                            : i % 2 ? S("mae-no")
                                                    : S("sono-mae-no"),
                                            S(""), S("")},
                       e);
  return c;
}

static void of_one_instant_what_was_written_last_stands(void **state)
{
  struct err e = {0};
  (void)state;
  somebody_leaves();
  ok(world_write(&town.w, &worker.actor, write_twice, NULL, &e));
  assert_int_equal(book(&worker, &worker), 200);
  assert_true(stands(">saigo-no<") && !stands("mae-no<"));
}

static void a_book_goes_on_page_by_page_and_begins_again_where_the_last_was_handed_on(void **state)
{
  char next[PATH_SIZE];
  (void)state;
  worker = served_member(&town, city, ROLE_WORKER, "おおぜいの人");
  for (int i = 0; i < HANDOVER_PAGE + BOYS; i++) {
    struct world_case c = world_case(&town.w, &worker.actor, "試験花子", (struct date){2009, 6, 1});
    if (i >= HANDOVER_PAGE)
      boys[i - HANDOVER_PAGE] = c;
  }
  assert_int_equal(book(&worker, &worker), 200);
  assert_true(stands("つづきを見る"));
  for (int i = 0; i < BOYS; i++)
    assert_false(stands(served_path("value=\"", boys[i].case_id, "\"")));
  const char *more = strstr(town.page.body, "&amp;after"), *at = more ? more : strstr(town.page.body, "after&#61;");
  assert_non_null(at);
  at = strstr(at, "&#61;");
  snprintf(next, sizeof next, "%s&after=%.13s", served_path("/handover?user=", worker.actor.user, ""), at + 5);
  assert_int_equal(served_get(&town, &worker, next, 0), 200);
  assert_false(stands("つづきを見る"));
  for (int i = 0; i < BOYS; i++)
    assert_true(stands(served_path("value=\"", boys[i].case_id, "\"")));
  assert_int_equal(
      served_form(&town, &worker, "/handover", "%s&after=%.13s", handing(&colleague, &worker, BOYS), at + 5), 303);
  assert_non_null(strstr(town.page.location, "&after="));
  assert_int_equal(served_get(&town, &worker, town.page.location, 0), 200);
  assert_true(stands("このケースを引き継ぐ") && !stands("担当しているケースはありません"));
}

/* ---- handing on -------------------------------------------------------------------------------------------------------------- */

static void several_go_to_one_at_once_and_the_lead_goes_with_them(void **state)
{
  (void)state;
  somebody_leaves();
  assert_int_equal(all(leads, &worker), BOYS);
  assert_true(told(&worker, handing(&colleague, &worker, BOYS)));
  assert_int_equal(all(leads, &colleague), BOYS);
  assert_int_equal(all(works_on, &worker), 0);
  assert_int_equal(served_get(&town, &worker, "/handover", 0), 200);
  assert_true(stands("担当しているケースはありません"));
  assert_int_equal(served_get(&town, &colleague, served_path("/cases/", boys[0].case_id, ""), 0), 200);
  assert_true(stands("となりの人 が主担当者になった") && stands("窓口の人 が担当を外れた"));
}

static void what_was_begun_is_in_the_day_of_whoever_has_the_case_now(void **state)
{
  char draft[PATH_SIZE];
  struct visitor next = served_member(&town, city, ROLE_WORKER, "四月の人");
  (void)state;
  somebody_leaves();
  snprintf(draft, sizeof draft, "%s",
           served_do(&town, &worker, served_path("/cases/", boys[0].case_id, "/sheets/new"), ""));
  served_do(&town, &worker, served_path("/cases/", boys[0].case_id, "/staff"),
            served_path("worker=", next.actor.user, ""));
  assert_int_equal(served_get(&town, &next, "/today", 0), 200);
  assert_false(stands(draft)); /* whose it is still works on the case */
  assert_int_equal(hand(&worker, handing(&next, &worker, BOYS)), 303);
  assert_int_equal(served_get(&town, &next, "/today", 0), 200);
  assert_true(stands(draft));
  assert_int_equal(served_get(&town, &next, draft, 0), 200);
  assert_int_equal(served_get(&town, &worker, "/today", 0), 200);
  assert_false(stands(draft));
}

static void who_helps_goes_on_helping_and_does_not_lead(void **state)
{
  (void)state;
  somebody_leaves();
  served_do(&town, &worker, served_path("/cases/", boys[0].case_id, "/staff"),
            served_path("worker=", kin.actor.user, ""));
  assert_int_equal(hand(&manager, handing(&colleague, &kin, 1)), 303);
  assert_true(works_on(&colleague, &boys[0]) && !leads(&colleague, &boys[0]) && !works_on(&kin, &boys[0]));
  assert_true(leads(&worker, &boys[0]));
}

static void who_is_barred_from_one_is_given_none_and_the_case_is_named(void **state)
{
  char number[40];
  struct err e = {0};
  (void)state;
  somebody_leaves();
  ok(world_write(&town.w, NULL, bar_kin, &boys[1], &e));
  number_of(&boys[1], number);
  int64_t before = moves();
  assert_int_equal(hand(&worker, handing(&kin, &worker, BOYS)), 422);
  assert_true(stands(number) && stands("は、選んだ人には引き継げません。どのケースも、まだ引き継いでいません。"));
  assert_true(stands(served_path("value=\"", boys[2].case_id, "\" checked"))); /* what was ticked stays so */
  assert_true(stands(served_path("value=\"", kin.actor.user, "\" selected")));
  assert_int_equal(all(leads, &worker), BOYS);
  assert_int_equal(all(works_on, &kin), 0);
  assert_int_equal(moves(), before);
  boys[1] = boys[2];
  assert_int_equal(hand(&worker, handing(&kin, &worker, 2)), 303);
}

static void a_case_of_others_is_refused_as_one_that_is_not_there_and_all_with_it(void **state)
{
  char body[2 * PATH_SIZE], mine[PATH_SIZE];
  (void)state;
  somebody_leaves();
  struct world_case other = world_case(&town.w, &npo_worker.actor, "試験花子", (struct date){2009, 6, 1});
  snprintf(mine, sizeof mine, "%s", handing(&colleague, &worker, BOYS));
  snprintf(body, sizeof body, "%s%s", mine, served_path("&case=", other.case_id, ""));
  int64_t before = moves();
  assert_int_equal(served_post(&town, &worker, "/handover", body, WANT_JSON), 422);
  const char *at = strstr(town.page.body, "\"problems\"");
  char *told = strdup(at ? at : "");
  assert_non_null(strstr(told, "見られないケースがふくまれています"));
  snprintf(body, sizeof body, "%s&case=0ya3k4m6t8w2n", mine);
  assert_int_equal(served_post(&town, &worker, "/handover", body, WANT_JSON), 422);
  at = strstr(town.page.body, "\"problems\"");
  assert_int_equal(strncmp(told, at ? at : "", strcspn(told, "]")), 0);
  free(told);
  assert_int_equal(all(leads, &worker), BOYS);
  assert_int_equal(moves(), before);
  assert_int_equal(hand(&npo_manager, mine), 422);
  assert_int_equal(hand(&colleague, mine), 422);
  assert_int_equal(hand(&worker, handing(&npo_worker, &worker, BOYS)), 422); /* nobody of the own organization */
  assert_int_equal(all(leads, &worker), BOYS);
}

static void a_second_press_says_that_they_were_handed_over(void **state)
{
  (void)state;
  somebody_leaves();
  assert_int_equal(hand(&worker, handing(&colleague, &worker, BOYS)), 303);
  int64_t before = moves();
  town.keys--; /* the same form, sent again by who sees them no more */
  assert_true(told(&worker, handing(&colleague, &worker, BOYS)));
  assert_true(told(&manager, handing(&colleague, &worker, BOYS))); /* from a page that was opened before */
  assert_int_equal(moves(), before);
  assert_int_equal(hand(&worker, handing(&colleague, &worker, BOYS)), 422);
  assert_true(stands("もう引き継いであるか、見られないケースがふくまれています。"));
  assert_int_equal(hand(&manager, handing(&kin, &worker, BOYS)), 422); /* another one has them by now */
  assert_true(stands("の担当は、ほかの人が先に変えました。"));
  assert_int_equal(moves(), before);
}

static void a_manager_hands_on_what_a_colleague_left_also_of_a_stopped_account(void **state)
{
  struct err e = {0};
  (void)state;
  somebody_leaves();
  assert_int_equal(hand(&manager, handing(&kin, &worker, 1)), 303);
  assert_true(leads(&kin, &boys[0]) && !works_on(&worker, &boys[0]));
  ok(world_write(&town.w, NULL, stop_account, &worker, &e));
  assert_int_equal(book(&manager, &worker), 200);
  assert_true(stands(served_path("value=\"", boys[2].case_id, "\"")));
  boys[0] = boys[2];
  assert_int_equal(hand(&manager, handing(&colleague, &worker, 2)), 303);
  assert_true(leads(&colleague, &boys[1]) && leads(&colleague, &boys[2]) && all(works_on, &worker) == 0);
}

static void nobody_is_chosen_nothing_is_ticked_or_too_much_and_the_page_says_which(void **state)
{
  char body[2 * PATH_SIZE];
  (void)state;
  somebody_leaves();
  assert_int_equal(hand(&worker, ""), 422);
  assert_true(stands("次の担当を選んでください。") && stands("引き継ぐケースに、印をつけてください。"));
  assert_int_equal(hand(&worker, handing(&colleague, &worker, 0)), 422);
  assert_true(stands("引き継ぐケースに、印をつけてください。") && !stands("次の担当を選んでください。"));
  assert_int_equal(hand(&worker, handing(&worker, &worker, 1)), 422);
  assert_true(stands("次の担当には、ほかの人を選んでください。"));
  size_t at = (size_t)snprintf(body, sizeof body, "%s", handing(&colleague, &worker, BOYS));
  for (int i = 0; i < HANDOVER_PAGE; i++)
    at += (size_t)snprintf(body + at, sizeof body - at, "%s", served_path("&case=", boys[0].case_id, ""));
  assert_int_equal(hand(&worker, body), 422);
  assert_true(stands("引き継ぐケースを、このページから選びなおしてください。"));
  assert_int_equal(all(leads, &worker), BOYS);
  assert_int_equal(book(&worker, &worker), 200);
  assert_false(stands("\" checked"));
  assert_int_equal(served_get(&town, &worker, "/handover?all=1", 0), 200);
  for (int i = 0; i < BOYS; i++)
    assert_true(stands(served_path("value=\"", boys[i].case_id, "\" checked")));
}

STORE_MAIN_SETUP(start, stop, cmocka_unit_test(whoever_comes_next_reads_what_was_written_and_nobody_else),
                 cmocka_unit_test(of_one_instant_what_was_written_last_stands),
                 cmocka_unit_test(a_book_goes_on_page_by_page_and_begins_again_where_the_last_was_handed_on),
                 cmocka_unit_test(several_go_to_one_at_once_and_the_lead_goes_with_them),
                 cmocka_unit_test(what_was_begun_is_in_the_day_of_whoever_has_the_case_now),
                 cmocka_unit_test(who_helps_goes_on_helping_and_does_not_lead),
                 cmocka_unit_test(who_is_barred_from_one_is_given_none_and_the_case_is_named),
                 cmocka_unit_test(a_case_of_others_is_refused_as_one_that_is_not_there_and_all_with_it),
                 cmocka_unit_test(a_second_press_says_that_they_were_handed_over),
                 cmocka_unit_test(a_manager_hands_on_what_a_colleague_left_also_of_a_stopped_account),
                 cmocka_unit_test(nobody_is_chosen_nothing_is_ticked_or_too_much_and_the_page_says_which))
