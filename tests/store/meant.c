/* meant.c: every route, out of the route table: a POST that its sender did not mean is refused and changes nothing; every answer, also
 * of what is refused, redirected, static or broken, has the headers, and every page is one in which nothing can run (served.c holds
 * each answer against tests/support/safe.h). */
#include "crowd.h"

#include <stdlib.h>
#include <string.h>

static struct crowd town;
static int failures;

/* What stands in the database, as far as a POST could have changed it. */
static const char counts[] =
    "SELECT (SELECT COUNT(*) FROM person_attribute) || '/' || (SELECT SUM(rev) FROM case_file) || '/'"
    " || (SELECT COUNT(*) FROM record) || '/' || (SELECT SUM(rev) FROM sheet) || '/' || (SELECT SUM(rev) FROM consent) "
    "|| '/'"
    " || (SELECT SUM(rev) FROM connection) || '/' || (SELECT SUM(rev) FROM user_account) || '/'"
    " || (SELECT SUM(rev) FROM membership) || '/' || (SELECT COUNT(*) FROM session WHERE ended_at IS NULL) || '/'"
    " || (SELECT SUM(rev) FROM organization) || '/' || (SELECT COUNT(*) FROM service) || '/'"
    " || (SELECT COUNT(*) FROM attempt) || '/' || (SELECT COUNT(*) FROM idempotency)";

/* Somebody who may send it. */
static const struct visitor *sender_of(const struct route *r)
{
  static const enum who tried[] = {WHO_WORKER, WHO_COORDINATOR, WHO_ADMIN, WHO_RECEIVER_MANAGER, WHO_AUDITOR};
  if (r->need.declared == (int)(struct need)HALF_SIGNED_IN.declared)
    return &town.who[WHO_HALF];
  if (crowd_has(r, ":connection"))
    return &town.who[WHO_RECEIVER_MANAGER];
  for (size_t i = 0; i < sizeof tried / sizeof *tried; i++) {
    bool may = r->need.declared != (int)(struct need)NEEDS(CASE_READ).declared;
    if (!may)
      (void)role_may(town.who[tried[i]].actor.role, (enum action)r->need.action, &may);
    if (may)
      return &town.who[tried[i]];
  }
  return &town.who[WHO_WORKER];
}

static void path_of(const struct route *r, const struct visitor *v, char path[PATH_SIZE])
{
  const struct shared_case *c = &town.cases[crowd_has(r, ":sheet") ? STATE_DRAFT : STATE_SHARED];
  if (!crowd_path(&town, r, c, v, NULL, path))
    (void)crowd_path(&town, r, NULL, v, "0ya3k4m6t8w2n", path);
}

static void must(const struct route *r, const char *what, int status, int wanted)
{
  if (status == wanted)
    return;
  failures++;
  fprintf(stderr, "!%s: %s: %d, wanted %d\n", r->path, what, status, wanted);
}

#define FORM "Content-Type: application/x-www-form-urlencoded\r\n"

static int form(const struct route *r, const struct visitor *v, const char *lines, const char *csrf)
{
  char path[PATH_SIZE], body[200], all[400];
  path_of(r, v, path);
  int n = snprintf(body, sizeof body, "_key=meant-%08d%s%s", ++town.s.keys, csrf ? "&_csrf=" : "", csrf ? csrf : "");
  snprintf(all, sizeof all, FORM "%s", lines);
  return served_any(&town.s, v, "POST", path, all, body, (size_t)n);
}

/* ---- a POST that nobody meant ------------------------------------------------------------------------------------------------- */

static void without_the_pages_token_nothing_is_taken(void **state)
{
  char before[400], path[PATH_SIZE], wrong[CSRF_SIZE];
  int asked = 0;
  failures = 0;
  snprintf(before, sizeof before, "%s", store_ask(&town.s.w.store, counts));
  for (size_t i = 0; i < route_count(); i++) {
    const struct route *r = route_at(i);
    const struct visitor *v = sender_of(r);
    if (r->method != POST)
      continue;
    asked++;
    must(r, "no token", form(r, v, "", NULL), 403);
    must(r, "an empty token", form(r, v, "", ""), 403);
    must(r, "somebody else's token", form(r, v, "", town.who[WHO_MANAGER].csrf), 403);
    snprintf(wrong, sizeof wrong, "%s", v->csrf);
    wrong[0] = wrong[0] == '0' ? '1' : '0';
    must(r, "a token with another letter", form(r, v, "", wrong), 403);
    wrong[strlen(wrong) - 1] = '\0';
    must(r, "a token cut short", form(r, v, "", wrong), 403);
    path_of(r, v, path);
    must(r, "JSON without a token", served_any(&town.s, v, "POST", path, "Content-Type: application/json\r\n", "{}", 2),
         403);
    snprintf(path + strlen(path), PATH_SIZE - strlen(path), "?_csrf=%s", v->csrf);
    must(r, "the token in the address", served_any(&town.s, v, "POST", path, FORM, "a=1", 3), 403);
  }
  assert_true(asked > 20);
  assert_int_equal(failures, 0);
  assert_string_equal(store_ask(&town.s.w.store, counts), before);
}

static void from_another_place_nothing_is_taken(void **state)
{
  static const char *const from[] = {"Origin: https://evil.example\r\n",
                                     "Origin: null\r\n",
                                     "Origin: https://localhost\r\n", /* not the scheme by which it came */
                                     "Origin: http://localhost.evil.example\r\n",
                                     "Origin: http://localhost:1\r\n",
                                     "Sec-Fetch-Site: cross-site\r\n",
                                     "Sec-Fetch-Site: same-site\r\n",
                                     "Sec-Fetch-Site: none\r\n",
                                     "Sec-Fetch-Site: cross-site\r\nOrigin: http://localhost\r\n"};
  char before[400];
  failures = 0;
  snprintf(before, sizeof before, "%s", store_ask(&town.s.w.store, counts));
  for (size_t i = 0; i < route_count(); i++) {
    const struct route *r = route_at(i);
    bool open = r->need.declared == (int)(struct need)PUBLIC_ROUTE.declared;
    for (size_t k = 0; k < sizeof from / sizeof *from && r->method == POST; k++) {
      must(r, from[k], form(r, sender_of(r), from[k], sender_of(r)->csrf), 403);
      if (open) /* nor is somebody signed in without meaning it */
        must(r, from[k], form(r, &town.who[WHO_PUBLIC], from[k], NULL), 403);
    }
  }
  assert_int_equal(failures, 0);
  assert_string_equal(store_ask(&town.s.w.store, counts), before);
}

static bool has_page(const struct route *of)
{
  for (size_t i = 0; i < route_count(); i++)
    if (route_at(i)->method == GET && strcmp(route_at(i)->path, of->path) == 0)
      return true;
  return false;
}

/* A look changes nothing, and what changes something is no look: also not for HEAD, nor by a word in the query. */
static void a_look_is_no_change(void **state)
{
  static const char *const tails[] = {"", "?_method=POST&method=POST", "?action=save&answer=given&by=person&how=oral"};
  char before[400], path[PATH_SIZE], whole[2 * PATH_SIZE];
  failures = 0;
  snprintf(before, sizeof before, "%s", store_ask(&town.s.w.store, counts));
  for (size_t i = 0; i < route_count(); i++) {
    const struct route *r = route_at(i);
    const struct visitor *v = sender_of(r);
    for (size_t k = 0; k < 3 && r->method == POST; k++) {
      path_of(r, v, path);
      snprintf(whole, sizeof whole, "%s%s", path, tails[k]);
      int status = served_any(&town.s, v, "GET", whole, "X-HTTP-Method-Override: POST\r\n", "", 0);
      if (!has_page(r) && strchr(r->path, ':') == NULL)
        must(r, "GET", status, status == 404 ? 404 : 405);
      else if (status == 303 && !has_page(r))
        must(r, "GET led on", status, 405);
      (void)served_any(&town.s, v, "HEAD", whole, "", "", 0);
      assert_string_equal(town.s.page.body, "");
    }
  }
  assert_int_equal(failures, 0);
  assert_string_equal(store_ask(&town.s.w.store, counts), before);
}

/* ---- headers on everything ---------------------------------------------------------------------------------------------------------- */

/* Each route by everybody, as a look and as a change, as a page and as JSON: served.c looks at each answer. */
static void every_route_answers_safely_to_everybody(void **state)
{
  int answers = 0, pages = 0;
  char path[PATH_SIZE];
  for (size_t i = 0; i < route_count(); i++)
    for (int who = 0; who < WHO_COUNT; who++)
      for (int k = 0; k < 3; k++) {
        const struct visitor *v = &town.who[who];
        path_of(route_at(i), v, path);
        if (k < 2)
          (void)served_get(&town.s, v, path, k ? WANT_JSON : WANT_HTML);
        else /* without its token: nothing happens, and the refusal is looked at */
          (void)served_any(&town.s, v, "POST", path, FORM, "unmeant=1", 9);
        assert_true(town.s.page.status >= 200);
        answers++;
        pages += strstr(town.s.page.bytes, "text/html") != NULL;
      }
  print_message("%d answers, %d pages\n", answers, pages);
  assert_true(answers == (int)route_count() * WHO_COUNT * 3 && pages > 1000);
}

static void whatever_is_no_route_answers_safely(void **state)
{
  static const struct {
    const char *method, *path, *lines, *body;
    int status;
  } all[] = {
      {"GET", "/nowhere", "", "", 404},
      {"POST", "/nowhere", FORM, "a=1", 404},
      {"GET", "/assets/nothing.css", "", "", 404},
      {"GET", "/language/en?to=/help", "", "", 303},
      {"GET", "/language/xx", "", "", 404},
      {"GET", "/healthz", "", "", 200},
      {"HEAD", "/help", "", "", 200},
      {"GET", "/help?unasked=1", "", "", 0},
      {"POST", "/help", FORM, "a=1", 405},
      {"PUT", "/help", "", "", 405},
      {"TRACE", "/help", "", "", 405},
      {"BREW", "/help", "", "", 501},
      {"GET", "/..", "", "", 400},
      {"GET", "/a%00", "", "", 400},
      {"GET", "/%3Cscript%3Ealert(1)%3C/script%3E", "", "", 404},
      {"GET", "/sign-in?next=%22%3E%3Cscript%3Ealert(1)%3C/script%3E", "", "", 200},
      {"POST", "/sign-in", "Content-Type: text/xml\r\n", "<a/>", 415},
      {"POST", "/sign-in", "Content-Type: application/json\r\n", "[", 400},
      {"POST", "/sign-in", FORM, "a=%FF", 400},
      {"POST", "/sign-in", "Transfer-Encoding: chunked\r\n", "", 400},
      {"GET", "/help", "Origin: <script>\r\n", "", 200},
      {"GET", "/help", "Authorization: Basic eDp5\r\n", "", 400},
      {"GET", "/help", "X-Forwarded-For: 1.2.3.4\r\n", "", 403},
  };
  for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
    int status = served_any(&town.s, NULL, all[i].method, all[i].path, all[i].lines, all[i].body, strlen(all[i].body));
    if (status != all[i].status && all[i].status)
      fail_msg("%s %s: %d, wanted %d", all[i].method, all[i].path, status, all[i].status);
  }
  for (size_t i = 0; i < asset_count(); i++)
    assert_int_equal(served_get(&town.s, NULL, asset_at(i)->path, WANT_HTML), 200);
  static const char unknown[] = "GET /help HTTP/1.1\r\nHost: other.example\r\nConnection: close\r\n\r\n",
                    broken[] = "GET /help HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n folded: 1\r\n\r\n";
  assert_int_equal(served_bytes(&town.s, unknown, sizeof unknown - 1), 421);
  assert_int_equal(served_bytes(&town.s, broken, sizeof broken - 1), 400);
}

CROWD_MAIN(&town, cmocka_unit_test(without_the_pages_token_nothing_is_taken),
           cmocka_unit_test(from_another_place_nothing_is_taken), cmocka_unit_test(a_look_is_no_change),
           cmocka_unit_test(every_route_answers_safely_to_everybody),
           cmocka_unit_test(whatever_is_no_route_answers_safely))
