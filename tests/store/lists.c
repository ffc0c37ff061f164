/* lists.c: what is around the rows of every list: the order that was chosen stays, a filter that finds nothing says so, a file is what is
 * shown, no more than one may see, and stands in the log. */
#include "base/doc.h"
#include "crowd.h"

#include <stdlib.h>
#include <string.h>

static struct crowd town;

static const char *page_of(enum who who, const char *path, int want)
{
  assert_int_equal(served_get(&town.s, &town.who[who], path, want), 200);
  return town.s.page.body;
}

static int64_t events(const char *action)
{
  char sql[160];
  int number = 0;
  while (number < ACTION_COUNT && strcmp(action_code((enum action)number), action) != 0)
    number++;
  snprintf(sql, sizeof sql, "SELECT CAST(count(*) AS TEXT) FROM event WHERE action = %d AND kind = 5", number);
  return strtoll(store_ask(&town.s.w.store, sql), NULL, 10);
}

static void the_chosen_order_is_told_and_stays_while_one_filters(void **state)
{
  const char *body = page_of(WHO_ADMIN, "/accounts?sort=-last&role=worker", WANT_HTML);
  assert_non_null(
      strstr(body, "aria-sort=\"descending\"><a class=\"sort\" href=\"/accounts?role&#61;worker&amp;sort&#61;last\">"));
  assert_non_null(strstr(body, "<input type=\"hidden\" name=\"sort\" value=\"-last\">"));
  assert_non_null(strstr(body, "/accounts.csv?role&#61;worker&amp;sort&#61;-last&amp;encoding&#61;cp932"));
  assert_non_null(strstr(body, "<option value=\"worker\" selected>"));
  assert_int_equal(served_get(&town.s, &town.who[WHO_ADMIN], "/accounts?sort=password", WANT_HTML), 422);
}

static const char *nth_login(const char *csv, int row)
{
  for (int i = 0; csv && i <= row; i++) {
    csv = strstr(csv, "\r\n");
    csv = csv ? csv + 2 : NULL;
  }
  return csv;
}

static void the_other_way_round_is_the_other_way_round(void **state)
{
  char first[200] = "", *end = NULL;
  const char *up = page_of(WHO_ADMIN, "/accounts.csv?sort=name", WANT_HTML);
  snprintf(first, sizeof first, "%s", nth_login(up, 0));
  end = strstr(first, "\r\n");
  assert_non_null(end);
  end[2] = 0;
  const char *down = page_of(WHO_ADMIN, "/accounts.csv?sort=-name", WANT_HTML);
  assert_true(strlen(down) > strlen(first) && strcmp(down + strlen(down) - strlen(first), first) == 0);
}

static void a_filter_that_finds_nothing_says_so_and_offers_everything(void **state)
{
  const char *body = page_of(WHO_ADMIN, "/accounts?q=nobodyofthisname&sort=-last", WANT_HTML);
  assert_non_null(strstr(body, "この条件のものは、ありません。"));
  assert_non_null(strstr(body, "href=\"/accounts?sort&#61;-last\""));
  body = page_of(WHO_MANAGER, "/connections?view=sent&state=expired", WANT_HTML);
  assert_non_null(strstr(body, "href=\"/connections?view&#61;sent\">条件をはずす"));
}

static void a_file_is_what_is_listed_and_stands_in_the_log(void **state)
{
  int64_t before = events("CONNECTION_EXPORT");
  const char *file = page_of(WHO_MANAGER, "/connections.csv?view=sent", WANT_HTML);
  assert_non_null(strstr(file, "待っている日数"));
  char *all = strdup(file);
  file = page_of(WHO_MANAGER, "/connections.csv?view=sent&state=declined", WANT_HTML);
  assert_true(strlen(file) < strlen(all));
  free(all);
  assert_int_equal(events("CONNECTION_EXPORT"), before + 2);
  before = events("CLOCK_EXPORT");
  assert_null(strstr(page_of(WHO_COORDINATOR, "/progress.csv?sort=-next", WANT_HTML), "試験"));
  assert_int_equal(events("CLOCK_EXPORT"), before + 1);
}

/* The first who gets it: 200, or -1 where nobody does. */
static int anybody_gets(const struct route *r)
{
  for (int who = 0; who < WHO_COUNT; who++) {
    struct shared_case c = town.cases[STATE_DRAFT];
    char path[PATH_SIZE];
    if (!crowd_path(&town, r, &c, &town.who[who], NULL, path))
      continue;
    if (served_get(&town.s, &town.who[who], path, WANT_HTML) == 200)
      return 200;
  }
  return -1;
}

static void whatever_leaves_as_a_table_is_an_event_of_export(void **state)
{
  int files = 0;
  for (size_t i = 0; i < route_count(); i++) {
    const struct route *r = route_at(i);
    struct str path = str_from(r->path);
    if (r->method != GET || (!str_ends(path, S(".csv")) && !str_ends(path, S(".xlsx"))))
      continue;
    const char *sql = "SELECT CAST(count(*) AS TEXT) FROM event WHERE kind = 5";
    int64_t before = strtoll(store_ask(&town.s.w.store, sql), NULL, 10);
    assert_int_equal(anybody_gets(r), 200);
    if (strtoll(store_ask(&town.s.w.store, sql), NULL, 10) != before + 1)
      fail_msg("%s leaves no event of export", r->path);
    files++;
  }
  assert_true(files >= 10);
}

static size_t listed(enum who who, const char *path, struct doc **ret_data)
{
  struct err e;
  assert_int_equal(json_parse(town.s.w.a, str_from(page_of(who, path, WANT_JSON)), ret_data, &e), OK);
  return doc_size(doc_get(*ret_data, "cases"));
}

/* The choices of a filter, asked one by one: each finds something or nothing, together all that is listed without it. */
static size_t narrowed_by(const char *field, size_t *ret_used)
{
  struct doc *data = NULL, *one = NULL;
  size_t sum = 0;
  (void)listed(WHO_MANAGER, "/cases?view=all", &data);
  const struct doc *filters = doc_get(data, "filters");
  for (size_t i = 0; i < doc_size(filters); i++) {
    const struct doc *options = doc_get(doc_at(filters, i), "options");
    for (size_t k = 1; str_is(doc_get_str(doc_at(filters, i), "name"), field) && k < doc_size(options); k++) {
      char path[PATH_SIZE];
      snprintf(path, sizeof path, "/cases?view=all&%s=%.*s", field, STR_FMT(doc_get_str(doc_at(options, k), "value")));
      size_t n = listed(WHO_MANAGER, path, &one);
      sum += n;
      *ret_used += n > 0;
    }
  }
  return sum;
}

static void cases_narrowed_by_who_leads_are_all_of_them_and_each_once(void **state)
{
  struct doc *data = NULL;
  size_t used = 0, all = listed(WHO_MANAGER, "/cases?view=all", &data);
  assert_true(all > 1);
  assert_int_equal(narrowed_by("lead", &used), all);
  assert_true(used > 0);
}

static void cases_narrowed_by_a_worker_are_those_of_his_own(void **state)
{
  struct doc *own = NULL, *his = NULL;
  char path[PATH_SIZE];
  size_t n = listed(WHO_WORKER, "/cases", &own), used = 0;
  assert_true(n > 0);
  snprintf(path, sizeof path, "/cases?view=all&worker=%.*s",
           STR_FMT(id_text(town.s.w.a, town.who[WHO_WORKER].actor.user)));
  assert_int_equal(listed(WHO_MANAGER, path, &his), n);
  assert_true(narrowed_by("worker", &used) >= n && used > 0);
  assert_true(doc_size(doc_get(own, "filters")) + 2 == doc_size(doc_get(his, "filters")));
}

static void every_order_of_every_list_is_answered(void **state)
{
  static const struct {
    enum who who;
    const char *path;
  } asked[] = {{WHO_ADMIN, "/accounts?sort="},
               {WHO_MANAGER, "/cases?view=all&sort="},
               {WHO_MANAGER, "/connections?view=sent&sort="},
               {WHO_COORDINATOR, "/progress?sort="},
               {WHO_AUDITOR, "/audit?sort="},
               {WHO_WORKER, "/ledger/unconfirmed?sort="},
               {WHO_WORKER, "/bases?sort="}};
  static const char *const orders[] = {
      "name",     "-name",  "last",    "-last",     "state",  "-state",   "change",    "-change",  "sent",
      "-sent",    "number", "-number", "lead",      "-lead",  "next",     "-next",     "waiting",  "-waiting",
      "imported", "stuck",  "-stuck",  "-imported", "time",   "-time",    "density",   "-density", "opened",
      "-opened",  "new",    "-new",    "giver",     "-giver", "receiver", "-receiver", "end",      "-end"};
  int good = 0;
  for (size_t i = 0; i < sizeof asked / sizeof *asked; i++)
    for (size_t k = 0; k < sizeof orders / sizeof *orders; k++) {
      char path[PATH_SIZE];
      snprintf(path, sizeof path, "%s%s", asked[i].path, orders[k]);
      int status = served_get(&town.s, &town.who[asked[i].who], path, WANT_JSON);
      assert_true(status == 200 || status == 422);
      good += status == 200;
    }
  assert_int_equal(good, 6 + 12 + 8 + 12 + 2 + 2 + 10);
}

CROWD_MAIN(&town, cmocka_unit_test(the_chosen_order_is_told_and_stays_while_one_filters),
           cmocka_unit_test(the_other_way_round_is_the_other_way_round),
           cmocka_unit_test(a_filter_that_finds_nothing_says_so_and_offers_everything),
           cmocka_unit_test(a_file_is_what_is_listed_and_stands_in_the_log),
           cmocka_unit_test(whatever_leaves_as_a_table_is_an_event_of_export),
           cmocka_unit_test(cases_narrowed_by_who_leads_are_all_of_them_and_each_once),
           cmocka_unit_test(cases_narrowed_by_a_worker_are_those_of_his_own),
           cmocka_unit_test(every_order_of_every_list_is_answered))
