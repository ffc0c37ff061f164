/* ways.c: from a case's page everything of the person is reached that its reader may open, and nothing is offered that would be refused. */
#include "crowd.h"

#include <stdlib.h>
#include <string.h>

static struct crowd town;

/* The next address after href=" in the page, without its entities; NULL: no more. */
static const char *next_href(const char *from, char path[PATH_SIZE])
{
  const char *p = strstr(from, "href=\"");
  size_t n = 0;
  if (!p)
    return NULL;
  for (p += strlen("href=\""); *p && *p != '"'; p++) {
    if (n + 1 < PATH_SIZE)
      path[n++] = *p;
    if (strncmp(p, "&#61;", 5) == 0 || strncmp(p, "&amp;", 5) == 0) {
      path[n - 1] = p[1] == '#' ? '=' : '&';
      p += 4;
    }
  }
  path[n] = '\0';
  return p;
}

static const char *page_of(const struct shared_case *c)
{
  static char path[PATH_SIZE];
  snprintf(path, sizeof path, "%s", served_path("/cases/", c->c.case_id, ""));
  return path;
}

static void what_a_cases_page_offers_opens(void **state)
{
  int pages = 0, ways = 0;
  (void)state;
  for (int who = 0; who < WHO_COUNT; who++)
    for (int k = 0; k < STATE_COUNT; k++) {
      const struct visitor *v = &town.who[who];
      char path[PATH_SIZE];
      if (served_get(&town.s, v, page_of(&town.cases[k]), WANT_HTML) != 200)
        continue;
      pages++;
      const char *main = strstr(town.s.page.body, "<main"), *foot = strstr(town.s.page.body, "</main>");
      assert_true(main && foot); /* the frame is the same everywhere */
      char *page = strndup(main, (size_t)(foot - main));
      assert_non_null(page);
      for (const char *p = page; (p = next_href(p, path));)
        if (path[0] == '/' && !strchr(path, '#')) { /* else a picture */
          ways++;
          if (served_get(&town.s, v, path, WANT_HTML) != 200)
            fail_msg("%s, %s: %s: %d", v->name, state_names[k], path, town.s.page.status);
        }
      free(page);
    }
  assert_true(pages > 15 && ways > 200);
}

static bool offers(enum who who, enum state state, const char *tail)
{
  char href[2 * PATH_SIZE];
  assert_int_equal(served_get(&town.s, &town.who[who], page_of(&town.cases[state]), WANT_HTML), 200);
  snprintf(href, sizeof href, "href=\"%s%s\"", page_of(&town.cases[state]), tail);
  return strstr(town.s.page.body, href) != NULL;
}

static void law_paper_and_the_book_for_april_are_reached_by_who_may_open_them(void **state)
{
  static const char *const tails[] = {"/bases", "/copies", "/handover"};
  (void)state;
  for (size_t i = 0; i < 3; i++) {
    assert_true(offers(WHO_WORKER, STATE_OWN, tails[i]));
    assert_true(offers(WHO_MANAGER, STATE_SHARED, tails[i]));
    assert_false(offers(WHO_VOLUNTEER, STATE_OWN, tails[i]));
    assert_false(offers(WHO_CLERK, STATE_OWN, tails[i]));
  }
}

static void nothing_is_handed_over_of_a_case_that_is_over(void **state)
{
  struct shared_case c = crowd_case(&town, STATE_DRAFT, NULL);
  char path[PATH_SIZE];
  (void)state;
  snprintf(path, sizeof path, "%s", served_path("/cases/", c.c.case_id, "/close"));
  served_do(&town.s, &town.who[WHO_WORKER], path, "was=reception&reason=owari");
  assert_int_equal(served_get(&town.s, &town.who[WHO_WORKER], page_of(&c), WANT_HTML), 200);
  assert_null(strstr(town.s.page.body, "/handover\""));
  assert_non_null(strstr(town.s.page.body, "/copies\""));
}

/* ---- what a visitor is told, and writes --------------------------------------------------------------------------------------- */

static const char *of_case(const struct shared_case *c, const char *tail)
{
  static char path[PATH_SIZE];
  snprintf(path, sizeof path, "%s", served_path("/cases/", c->c.case_id, tail));
  return path;
}

static bool volunteer_reads(const struct shared_case *c, const char *text)
{
  assert_int_equal(served_get(&town.s, &town.who[WHO_VOLUNTEER], page_of(c), WANT_HTML), 200);
  return strstr(town.s.page.body, text) != NULL;
}

static void a_visitor_is_told_what_to_call_the_person_by_and_no_name(void **state)
{
  struct shared_case c = crowd_case(&town, STATE_OWN, NULL);
  (void)state;
  assert_true(volunteer_reads(&c, ">この方</a>"));
  assert_false(volunteer_reads(&c, "花子"));
  served_do(&town.s, &town.who[WHO_WORKER], of_case(&c, "/person"),
            "source=person&name=himitsu&called=%E3%81%AF%E3%82%8B%E3%81%A8");
  assert_true(volunteer_reads(&c, ">はると</a>"));
  assert_false(volunteer_reads(&c, "himitsu"));
  assert_int_equal(served_get(&town.s, &town.who[WHO_WORKER], page_of(&c), WANT_HTML), 200);
  assert_non_null(strstr(town.s.page.body, "<ruby>himitsu"));
}

#define VISIT "day=2026-04-01&from=23:10&until=23:50&met=voice&how=genki&together=shogi&response=tanoshii&worry=kizu"

static void a_visit_is_written_down_from_the_case_with_its_beginning_and_its_end(void **state)
{
  struct shared_case c = crowd_case(&town, STATE_OWN, NULL);
  (void)state;
  assert_true(volunteer_reads(&c, of_case(&c, "/visits/new\"")));
  assert_int_equal(served_get(&town.s, &town.who[WHO_VOLUNTEER], of_case(&c, "/visits/new"), WANT_HTML), 200);
  struct date today = date_of_ts(clock_now());
  char day[40];
  snprintf(day, sizeof day, "name=\"day.d\" value=\"%d\"", today.day);
  assert_non_null(strstr(town.s.page.body, day));
  served_do(&town.s, &town.who[WHO_VOLUNTEER], of_case(&c, "/visits/new"), VISIT);
  assert_true(volunteer_reads(&c, "訪問 23:10〜23:50 40分"));
  assert_true(volunteer_reads(&c, "会えたか：声だけ聞けた\n様子：genki\n一緒にしたこと：shogi"));
  assert_true(volunteer_reads(&c, "tanoshii"));
  assert_false(volunteer_reads(&c, "kizu")); /* for those in charge */
  assert_int_equal(served_get(&town.s, &town.who[WHO_WORKER], page_of(&c), WANT_HTML), 200);
  assert_non_null(strstr(town.s.page.body, "気になること：kizu"));
  assert_int_equal(served_get(&town.s, &town.who[WHO_VOLUNTEER], of_case(&c, "/visits/new"), WANT_HTML), 200);
  assert_non_null(strstr(town.s.page.body, "一緒にしたこと：shogi")); /* last time */
  assert_null(strstr(town.s.page.body, "kizu"));
}

#define CALL                                                                                                           \
  "day=2026-04-01&time=10:00&method=phone&partner=family&partner=school&place=toshokan&next_what=tegami"               \
  "&next_day=2026-12-01&paragraph.0.text=genki&paragraph.0.source=around&paragraph.0.visit=1"

static void what_was_typed_with_a_record_is_read_with_it(void **state)
{
  struct shared_case c = crowd_case(&town, STATE_OWN, NULL);
  const struct visitor *worker = &town.who[WHO_WORKER];
  (void)state;
  assert_int_equal(served_form(&town.s, worker, of_case(&c, "/records/new"), CALL), 303);
  assert_true(served_shows(&town.s, worker, page_of(&c), "相手: 家族、学校"));
  assert_true(served_shows(&town.s, worker, page_of(&c), "場所: toshokan"));
  assert_true(served_shows(&town.s, worker, page_of(&c), "moment-next\">次にすること: "));
  assert_true(served_shows(&town.s, worker, page_of(&c), ") tegami</p>"));
  assert_true(volunteer_reads(&c, "genki"));
  assert_false(volunteer_reads(&c, "相手:") || volunteer_reads(&c, "toshokan") || volunteer_reads(&c, "tegami"));
}

static void a_try_is_a_record_without_another_word(void **state)
{
  struct shared_case c = crowd_case(&town, STATE_OWN, NULL);
  const struct visitor *worker = &town.who[WHO_WORKER];
  (void)state;
  assert_int_equal(served_form(&town.s, worker, of_case(&c, "/records/new"), "day=2026-04-01&method=phone&met=none"),
                   303);
  assert_true(served_shows(&town.s, worker, page_of(&c), "会えたか：つながらず"));
  assert_int_equal(served_form(&town.s, worker, of_case(&c, "/records/new"), "day=2026-04-02&method=visit&met=voice"),
                   303);
  assert_true(served_shows(&town.s, worker, page_of(&c), "会えたか：声だけ聞けた"));
  assert_int_equal(served_form(&town.s, worker, of_case(&c, "/records/new"), "day=2026-04-02&method=visit&met=met"),
                   422); /* how was it? */
}

static void a_visit_that_ends_before_it_begins_comes_back_as_it_was_typed(void **state)
{
  struct shared_case c = crowd_case(&town, STATE_OWN, NULL);
  (void)state;
  assert_int_equal(served_form(&town.s, &town.who[WHO_VOLUNTEER], of_case(&c, "/visits/new"),
                               "day=2026-04-01&from=15:00&until=14:00&met=met&how=genki"),
                   422);
  assert_non_null(strstr(town.s.page.body, "終えた時刻が、はじめた時刻より前になっています。"));
  assert_non_null(strstr(town.s.page.body, ">genki</textarea>"));
  assert_int_equal(served_form(&town.s, &town.who[WHO_VOLUNTEER], of_case(&c, "/visits/new"), "day=2026-04-01&met=met"),
                   422);
  assert_int_equal(served_form(&town.s, &town.who[WHO_VOLUNTEER_OFF], of_case(&c, "/visits/new"), VISIT), 404);
  assert_false(volunteer_reads(&c, "genki"));
}

/* ---- what ends, before it ends -------------------------------------------------------------------------------------------------------- */

static bool shows(const char *text)
{
  return strstr(town.s.page.body, text) != NULL;
}

static void what_ends_with_a_connection_and_what_goes_on_is_told_before_the_button(void **state)
{
  struct shared_case c = crowd_case(&town, STATE_SHARED, NULL);
  const struct visitor *worker = &town.who[WHO_WORKER];
  char page[PATH_SIZE], asked[PATH_SIZE], sql[120];
  snprintf(page, sizeof page, "%s", served_path("/connections/", c.connection, ""));
  snprintf(asked, sizeof asked, "%s", served_path("/connections/", c.connection, "/withdraw"));
  snprintf(sql, sizeof sql, "SELECT state FROM connection WHERE id = %lld", (long long)c.connection);
  assert_true(served_shows(&town.s, worker, page, "/withdraw\">取り下げる</a>"));
  assert_false(shows("/withdraw\" method")); /* no button that does it at once */
  assert_false(shows("action=\"/connections/") &&
               strstr(strstr(town.s.page.body, "action=\"/connections/"), "/withdraw\">\n"));
  assert_int_equal(served_get(&town.s, worker, asked, WANT_HTML), 200);
  assert_true(shows("NPOあおばは、このつなぎに返事を書けなくなります。"));
  assert_true(shows("NPOあおばは担当のまま残り、いまの同意や法令で見られるものは、これからも見られます。"));
  assert_false(shows("まだ担当になっていなければ"));                     /* it was taken on */
  assert_string_not_equal(store_ask(&town.s.w.store, sql), "withdrawn"); /* a look changes nothing */
  id64 sent = world_send(&town.s.w, &worker->actor, &c.c, town.receiver, "help");
  assert_true(
      served_shows(&town.s, worker, served_path("/connections/", sent, "/withdraw"), "まだ担当になっていなければ"));
  assert_false(shows("担当のまま残り"));
  assert_int_not_equal(served_get(&town.s, &town.who[WHO_RECEIVER_MANAGER], asked, WANT_HTML), 200);
  assert_int_equal(served_form(&town.s, worker, asked, "%s", ""), 303);
  assert_string_equal(store_ask(&town.s.w.store, sql), "withdrawn");
  assert_int_equal(served_get(&town.s, worker, asked, WANT_HTML), 409);
}

CROWD_MAIN(&town, cmocka_unit_test(what_ends_with_a_connection_and_what_goes_on_is_told_before_the_button),
           cmocka_unit_test(what_a_cases_page_offers_opens),
           cmocka_unit_test(law_paper_and_the_book_for_april_are_reached_by_who_may_open_them),
           cmocka_unit_test(nothing_is_handed_over_of_a_case_that_is_over),
           cmocka_unit_test(a_visitor_is_told_what_to_call_the_person_by_and_no_name),
           cmocka_unit_test(what_was_typed_with_a_record_is_read_with_it),
           cmocka_unit_test(a_try_is_a_record_without_another_word),
           cmocka_unit_test(a_visit_is_written_down_from_the_case_with_its_beginning_and_its_end),
           cmocka_unit_test(a_visit_that_ends_before_it_begins_comes_back_as_it_was_typed))
