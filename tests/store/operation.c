/* operation.c: the auditor finds who did what on which case number, and nothing of a person. */
#include "crowd.h"

static struct crowd town;

static const char *log_of(const char *query, int want)
{
  assert_int_equal(served_get(&town.s, &town.who[WHO_AUDITOR], query, want), 200);
  return town.s.page.body;
}

static int lines(const char *json)
{
  int n = 0;
  for (const char *p = json; (p = strstr(p, "\"categories\":")); p++)
    n++;
  return n;
}

static const char *number_of(enum state state)
{
  char sql[200];
  snprintf(sql, sizeof sql, "SELECT number FROM case_file WHERE id = %lld", (long long)town.cases[state].c.case_id);
  static char number[60];
  snprintf(number, sizeof number, "%s", store_ask(&town.s.w.store, sql));
  return number;
}

static const char *query(const char *path, const char *name, const char *value)
{
  static char text[300];
  char *escaped = served_encode(value, strlen(value));
  snprintf(text, sizeof text, "%s?%s=%s", path, name, escaped);
  free(escaped);
  return text;
}

static void a_look_stands_there_with_the_number_and_without_the_name(void **state)
{
  const struct visitor *worker = &town.who[WHO_WORKER];
  assert_int_equal(served_get(&town.s, worker, served_path("/cases/", town.cases[STATE_OWN].c.case_id, ""), WANT_HTML),
                   200);
  const char *number = number_of(STATE_OWN), *body = log_of(query("/audit", "number", number), WANT_JSON);
  assert_non_null(strstr(body, number));
  assert_non_null(strstr(body, "\"kind\":\"開いた\""));
  assert_null(strstr(body, "試験"));
}

static void a_number_finds_the_lists_that_showed_it_and_no_other_case(void **state)
{
  assert_int_equal(served_get(&town.s, &town.who[WHO_WORKER], "/cases", WANT_HTML), 200);
  const char *body = log_of(query("/audit", "number", number_of(STATE_OWN)), WANT_JSON);
  assert_non_null(strstr(body, "人の一覧"));
  assert_non_null(strstr(body, number_of(STATE_OWN)));
  assert_null(strstr(body, number_of(STATE_FOREIGN)));
}

static void a_number_that_no_case_has_finds_nothing(void **state)
{
  assert_int_equal(lines(log_of(query("/audit", "number", "R1-99999"), WANT_JSON)), 0);
  assert_int_equal(lines(log_of(query("/audit", "login", "nobody-here"), WANT_JSON)), 0);
  assert_int_equal(lines(log_of("/audit?from=2001-01-01&until=2001-01-31", WANT_JSON)), 0);
}

static void a_refusal_is_found_by_its_kind(void **state)
{
  assert_int_equal(served_get(&town.s, &town.who[WHO_WORKER_OFF],
                              served_path("/cases/", town.cases[STATE_FOREIGN].c.case_id, ""), WANT_HTML),
                   404);
  const char *body = log_of("/audit?kind=refused", WANT_JSON);
  assert_true(lines(body) > 0);
  assert_non_null(strstr(body, "見る根拠がなかった"));
  assert_null(strstr(body, "\"kind\":\"開いた\""));
}

static void the_pages_follow_one_another_and_the_file_has_them_all(void **state)
{
  for (int i = 0; i < 60; i++)
    assert_int_equal(served_get(&town.s, &town.who[WHO_WORKER], "/cases", WANT_HTML), 200);
  const char *body = log_of("/audit?kind=list", WANT_JSON);
  assert_int_equal(lines(body), 50);
  assert_non_null(strstr(body, "skip=50"));
  assert_true(lines(log_of("/audit?kind=list&skip=50", WANT_JSON)) > 0);
  const char *file = log_of("/audit.csv?kind=list", WANT_HTML);
  int n = 0;
  for (const char *p = file; (p = strstr(p, "\r\n")); p++)
    n++;
  assert_true(n > 60);
  assert_null(strstr(file, "試験"));
}

static void to_read_the_log_stands_in_the_log(void **state)
{
  (void)log_of("/audit", WANT_HTML);
  assert_non_null(strstr(log_of("/audit?kind=list", WANT_JSON), "操作の記録を見る"));
}

CROWD_MAIN(&town, cmocka_unit_test(a_look_stands_there_with_the_number_and_without_the_name),
           cmocka_unit_test(a_number_finds_the_lists_that_showed_it_and_no_other_case),
           cmocka_unit_test(a_number_that_no_case_has_finds_nothing), cmocka_unit_test(a_refusal_is_found_by_its_kind),
           cmocka_unit_test(the_pages_follow_one_another_and_the_file_has_them_all),
           cmocka_unit_test(to_read_the_log_stands_in_the_log))
