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

static int64_t tabs_of(const struct doc *data)
{
  int64_t n = 0, all = 0;
  const struct doc *views = doc_get(data, "views");
  for (size_t i = 0; i < doc_size(views); i++) {
    assert_true(str_to_i64(doc_get_str(doc_at(views, i), "count"), &n));
    all += i ? n : 0;
  }
  assert_true(str_to_i64(doc_get_str(doc_at(views, 0), "count"), &n) && n == all);
  return all;
}

/* The clock of what one organization leads: each case once, whatever it is stuck at, in the order of all; its tabs and its file say the same. */
static void the_clock_narrowed_by_who_leads_is_each_case_once_in_the_same_order(void **state)
{
  struct doc *data = NULL, *one = NULL, *worst = NULL;
  char path[PATH_SIZE];
  size_t all = listed(WHO_COORDINATOR, "/progress", &data), led = 0, bodies = 0;
  assert_true(all > 1 && (int64_t)all == tabs_of(data));
  size_t unled = listed(WHO_COORDINATOR, "/progress?stuck=no_lead", &worst);
  const struct doc *options = doc_get(doc_at(doc_get(data, "filters"), 0), "options");
  for (size_t k = 1; k < doc_size(options); k++) {
    struct str id = doc_get_str(doc_at(options, k), "value"), name = doc_get_str(doc_at(options, k), "word");
    snprintf(path, sizeof path, "/progress?lead=%.*s", STR_FMT(id));
    size_t n = listed(WHO_COORDINATOR, path, &one), at = 0;
    const struct doc *lines = doc_get(one, "cases"), *every = doc_get(data, "cases");
    assert_int_equal(tabs_of(one), n);
    for (size_t i = 0; i < n; i++) {
      assert_true(str_eq(doc_get_str(doc_at(lines, i), "lead"), name));
      while (at < all && !str_eq(doc_get_str(doc_at(every, at), "id"), doc_get_str(doc_at(lines, i), "id")))
        at++; /* further down, never back */
      assert_true(at < all);
    }
    led += n;
    bodies += n > 0;
    snprintf(path, sizeof path, "/progress.csv?lead=%.*s", STR_FMT(id));
    const char *file = page_of(WHO_COORDINATOR, path, WANT_HTML);
    size_t rows = 0;
    for (const char *p = file; (p = strstr(p, "\r\n")); p += 2)
      rows++;
    assert_int_equal(rows, n + 1);
  }
  assert_true(bodies == doc_size(options) - 1 && bodies > 1); /* nobody is offered who leads nothing */
  assert_int_equal(led + unled, all);
  snprintf(path, sizeof path, "/progress?lead=%.*s", STR_FMT(id_text(town.s.w.a, 4711)));
  assert_int_equal(listed(WHO_COORDINATOR, path, &one), 0);
  assert_non_null(strstr(page_of(WHO_COORDINATOR, path, WANT_HTML), "この条件のものは、ありません。"));
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

/* As the link of the page stands, followed by a browser. */
static void every_file_of_a_list_in_shift_jis_is_in_shift_jis(void **state)
{
  static const struct {
    enum who who;
    const char *path;
  } lists[] = {{WHO_ADMIN, "/accounts?role=worker"},
               {WHO_MANAGER, "/connections?view=sent&sort=-sent"},
               {WHO_COORDINATOR, "/progress?sort=lead"},
               {WHO_AUDITOR, "/audit"},
               {WHO_MANAGER, "/ledger/unconfirmed"},
               {WHO_MANAGER, "/bases?sort=end"},
               {WHO_MANAGER, "/directory"}};
  size_t files = 0;
  for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
    struct doc *data = NULL;
    struct err e;
    char path[PATH_SIZE];
    assert_int_equal(json_parse(town.s.w.a, str_from(page_of(lists[i].who, lists[i].path, WANT_JSON)), &data, &e), OK);
    struct str href = doc_get_str(data, "file_cp932_href");
    if (!href.n)
      print_error("%s has none\n", lists[i].path);
    snprintf(path, sizeof path, "%.*s", STR_FMT(href));
    (void)page_of(lists[i].who, path, WANT_HTML);
    if (!strstr(town.s.page.bytes, "charset=Shift_JIS"))
      fail_msg("%s is not in Shift_JIS", path);
    files++;
  }
  size_t with_files = 0; /* none is forgotten above, but for the cases' and a person's own */
  for (size_t i = 0; i < route_count(); i++)
    with_files += route_at(i)->method == GET && str_ends(str_from(route_at(i)->path), S(".csv"));
  assert_int_equal(files + 2, with_files);
}

CROWD_MAIN(&town, cmocka_unit_test(every_file_of_a_list_in_shift_jis_is_in_shift_jis),
           cmocka_unit_test(the_chosen_order_is_told_and_stays_while_one_filters),
           cmocka_unit_test(the_other_way_round_is_the_other_way_round),
           cmocka_unit_test(a_filter_that_finds_nothing_says_so_and_offers_everything),
           cmocka_unit_test(a_file_is_what_is_listed_and_stands_in_the_log),
           cmocka_unit_test(whatever_leaves_as_a_table_is_an_event_of_export),
           cmocka_unit_test(cases_narrowed_by_who_leads_are_all_of_them_and_each_once),
           cmocka_unit_test(cases_narrowed_by_a_worker_are_those_of_his_own),
           cmocka_unit_test(the_clock_narrowed_by_who_leads_is_each_case_once_in_the_same_order),
           cmocka_unit_test(every_order_of_every_list_is_answered))
