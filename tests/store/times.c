/* times.c: an id that somebody may not see and one that nothing has are answered with the same bytes, and in times that cannot be told
 * apart: at every route about a person, of pairs asked in random order, by the rank test of Mann and Whitney. TSUNAGU_TIMES: pairs a
 * route (10,000 in `make prove`); without it a few, for the bytes alone. */
#include "crowd.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "../support/http_client.h"
#include "base/clock.h"

enum { CASES = 24, HEAD = 1200, BODY = 400 };

static struct crowd town;
static struct shared_case foreign[CASES]; /* the city's; the third organization's manager asks */
static uint64_t dice = 0x9e3779b97f4a7c15u;

static uint64_t roll(void)
{
  dice ^= dice << 13;
  dice ^= dice >> 7;
  dice ^= dice << 17;
  return dice;
}

/* ---- asking ---------------------------------------------------------------------------------------------------------------------- */

struct asked {
  const struct route *route;
  int fd;
  struct reply *reply;
  int keys;
};

/* Nanoseconds until the whole answer is there. */
static double ask(struct asked *a, const char *path)
{
  char text[HEAD + BODY], body[BODY];
  struct timespec t0, t1;
  const struct visitor *v = &town.who[WHO_THIRD_MANAGER];
  bool post = a->route->method == POST;
  bool chooses = strstr(path, "/receivers") != NULL;
  int n = post ? snprintf(body, sizeof body, "_csrf=%s&_key=times-%010d%s%s", v->csrf, ++a->keys,
                          chooses ? "&organization=" : "", chooses ? served_path("", town.fourth, "") : "")
               : 0;
  int all = snprintf(text, sizeof text,
                     "%s %s HTTP/1.1\r\nHost: localhost\r\nAccept: application/json\r\nCookie: session=%s\r\n"
                     "%sContent-Length: %d\r\n\r\n%.*s",
                     post ? "POST" : "GET", path, v->token,
                     post ? "Content-Type: application/x-www-form-urlencoded\r\n" : "", n, n, post ? body : "");
  clock_gettime(CLOCK_MONOTONIC, &t0);
  client_send(a->fd, text, (size_t)all);
  client_read(a->fd, false, a->reply);
  clock_gettime(CLOCK_MONOTONIC, &t1);
  return (double)(t1.tv_sec - t0.tv_sec) * 1e9 + (double)(t1.tv_nsec - t0.tv_nsec);
}

/* Somebody else's, and the same with an id that nothing has. */
static void paths(const struct route *r, char theirs[PATH_SIZE], char nobodys[PATH_SIZE])
{
  const struct shared_case *c = &foreign[roll() % CASES];
  const struct visitor *v = &town.who[WHO_THIRD_MANAGER];
  id64 none = (id64)((uint64_t)c->c.case_id ^ (roll() & 0xffffff) ^ 0x800000);
  assert_true(crowd_path(&town, r, c, v, NULL, theirs));
  (void)crowd_path(&town, r, NULL, v, served_path("", none, ""), nobodys);
}

static char *comparable(const struct reply *r)
{
  char *copy = strdup(r->bytes);
  static const char *const vary[] = {"\r\nDate: ", "\r\nX-Request-Id: "};
  for (size_t i = 0; i < sizeof vary / sizeof *vary; i++) {
    char *at = strcasestr(copy, vary[i]);
    if (at)
      memset(at + 2, '-', strcspn(at + 2, "\r"));
  }
  return copy;
}

static void same_bytes(struct asked *a, const char *theirs, const char *nobodys)
{
  (void)ask(a, theirs);
  char *one = comparable(a->reply);
  int status = a->reply->status;
  (void)ask(a, nobodys);
  char *other = comparable(a->reply);
  if (strcmp(one, other) != 0 || (status != 404 && status != 403))
    fprintf(stderr, "%s:\n%s\n%s\n", a->route->path, one, other);
  assert_string_equal(one, other);
  assert_true(status == 404 || status == 403);
  free(one);
  free(other);
}

/* ---- telling apart --------------------------------------------------------------------------------------------------------------- */

struct sample {
  double ns;
  bool theirs;
};

static int by_time(const void *x, const void *y)
{
  const struct sample *a = x, *b = y;
  return a->ns < b->ns ? -1 : a->ns > b->ns;
}

/* Two-sided p; *ret_auc: how often a foreign id takes longer than an absent one (0.5: as often as not). `s` is sorted. */
static double mann_whitney(const struct sample *s, size_t n, double *ret_auc)
{
  double ranks = 0, ties = 0, m = (double)n / 2;
  for (size_t i = 0, j; i < n; i = j) {
    for (j = i; j < n && s[j].ns == s[i].ns; j++)
      continue;
    double t = (double)(j - i), rank = ((double)i + 1 + (double)j) / 2;
    ties += t * t * t - t;
    for (size_t k = i; k < j; k++)
      ranks += s[k].theirs ? rank : 0;
  }
  double all = (double)n, u = ranks - m * (m + 1) / 2;
  double sd = sqrt(m * m / 12 * (all + 1 - ties / (all * (all - 1))));
  *ret_auc = u / (m * m);
  return erfc(fabs(u - m * m / 2) / sd / sqrt(2));
}

static double median(const struct sample *s, size_t n, bool theirs)
{
  size_t seen = 0;
  for (size_t i = 0; i < n; i++)
    if (s[i].theirs == theirs && ++seen == n / 4)
      return s[i].ns / 1000;
  return 0;
}

/* False when the two can be told apart: with so many routes by chance in less than one run of a hundred. */
static bool alike(struct asked *a, size_t pairs, size_t routes)
{
  struct sample *s = calloc(2 * pairs, sizeof *s);
  char path[2][PATH_SIZE];
  double auc = 0;
  assert_non_null(s);
  for (size_t i = 0; i < 2 * pairs; i++) {
    bool theirs = i % 2 ? !s[i - 1].theirs : roll() >> 40 & 1;
    if (i % 2 == 0)
      paths(a->route, path[1], path[0]);
    s[i] = (struct sample){ask(a, path[theirs]), theirs};
  }
  qsort(s, 2 * pairs, sizeof *s, by_time);
  double p = mann_whitney(s, 2 * pairs, &auc);
  bool good = p * (double)routes >= 0.01;
  printf("%-4s %-45s %9.1f %9.1f %8.4f %8.4f%s\n", a->route->method == GET ? "GET" : "POST", a->route->path,
         median(s, 2 * pairs, true), median(s, 2 * pairs, false), auc, p, good ? "" : "  told apart");
  fflush(stdout);
  free(s);
  return good;
}

static bool asked_here(const struct route *r)
{
  return crowd_about_person(r) && !crowd_has(r, ":link"); /* tests/store/family.c */
}

static void foreign_and_absent_are_the_same(void **state)
{
  const char *wanted = getenv("TSUNAGU_TIMES");
  size_t pairs = wanted ? strtoul(wanted, NULL, 10) : 0, routes = 0, apart = 0;
  struct asked a = {.fd = client_connect(http_port(town.s.server)), .reply = malloc(sizeof *a.reply)};
  for (size_t i = 0; i < route_count(); i++)
    routes += asked_here(route_at(i));
  if (pairs)
    printf("%zu pairs a route; medians in us: foreign, absent; P(foreign longer), p\n", pairs);
  for (size_t i = 0; i < route_count(); i++) {
    char theirs[PATH_SIZE], nobodys[PATH_SIZE];
    a.route = route_at(i);
    if (!asked_here(a.route))
      continue;
    for (int k = 0; k < 5; k++) {
      paths(a.route, theirs, nobodys);
      same_bytes(&a, theirs, nobodys);
    }
    apart += pairs && !alike(&a, pairs, routes);
  }
  assert_true(routes > 20);
  assert_int_equal(apart, 0);
  close(a.fd);
  free(a.reply);
}

static int start(void **state)
{
  crowd_new(&town, NULL);
  for (int i = 0; i < CASES; i++)
    foreign[i] = crowd_case(&town, STATE_SHARED, NULL);
  return 0;
}

static int stop(void **state)
{
  crowd_free(&town);
  return 0;
}

STORE_MAIN_SETUP(start, stop, cmocka_unit_test(foreign_and_absent_are_the_same))
