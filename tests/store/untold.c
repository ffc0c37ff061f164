/* untold.c: what a receiver whose consent ended cannot learn. It still sees that there is the person, for it wrote something of its own; how the case
 * goes (stage, density, dates, lead) is told to it no more, and so nothing moves in any of its lists, tabs, counts or orders when that changes. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "crowd.h"

static struct crowd town;

/* ---- everything a receiver can ask ---------------------------------------------------------------------------------------------------------- */

static const char *const lists[] = {
    "/cases",
    "/cases?view=mine",
    "/cases?view=all",
    "/cases?view=closed",
    "/cases?view=all&sort=change",
    "/cases?view=all&sort=-change",
    "/cases?view=all&sort=next",
    "/cases?view=all&sort=-next",
    "/cases?view=all&sort=last",
    "/cases?view=all&sort=-last",
    "/cases?view=all&sort=density",
    "/cases?view=all&sort=-density",
    "/cases?view=all&sort=number",
    "/cases?view=all&sort=opened",
    "/cases?view=all&density=A",
    "/cases?view=all&density=B",
    "/cases?view=all&density=C",
    "/cases?view=all&stage=reception",
    "/cases?view=all&stage=support",
    "/cases/ledger.csv",
    "/today",
    "/connections",
    "/connections?view=received",
    "/connections?view=sent",
    "/connections?view=waiting",
    "/handover",
    "/news",
    "/stand-in",
    "/ledger/unconfirmed",
};

/* A page's bytes without what is another each time: Date, the request's id, the key of a form, and the minute at which a visit ended. */
static char *comparable(const char *bytes)
{
  static const char *const vary[] = {
      "Date: ",      "X-Request-Id: ",        "name=\"_key\" value=\"",
      "\"_key\":\"", "<p class=\"printed\">", "\"id\":\"f-until\",\"label\":\"終えた時刻\",\"value\":\""};
  char *copy = strdup(bytes);
  for (size_t i = 0; i < sizeof vary / sizeof *vary; i++)
    for (char *at = copy; (at = strcasestr(at, vary[i]));) {
      at += strlen(vary[i]);
      memset(at, '-', strcspn(at, "\r\"<"));
    }
  return copy;
}

static const char *const searches[][2] = {
    {"/cases", "q=%E8%8A%B1%E5%AD%90"}, {"/stand-in", "q=%E8%8A%B1%E5%AD%90"}, {"/search", "q=reply"}};
enum { PAGES = 2 * (sizeof lists / sizeof *lists + sizeof searches / sizeof *searches + 3) };
struct seen_of {
  char *pages[PAGES];
  int status[PAGES];
  size_t n;
};

static void take(struct seen_of *all)
{
  assert_true(all->n < PAGES);
  assert_int_equal(town.s.page.status, 200);
  all->status[all->n] = town.s.page.status;
  all->pages[all->n++] = comparable(town.s.page.bytes);
}

static void look(struct seen_of *all, const struct visitor *v, const char *path, int want)
{
  (void)served_get(&town.s, v, path, want);
  take(all);
}

/* It takes forty times as long for an answer: there as data, which is what the page is made of, and of one receiver. */
static bool on_postgresql(void)
{
  return town.s.w.store.engine != DB_SQLITE;
}

static void look_around(struct seen_of *all, const struct visitor *v, const struct shared_case *c)
{
  *all = (struct seen_of){.n = 0};
  for (int want = on_postgresql() ? WANT_JSON : WANT_HTML; want <= WANT_JSON; want++) {
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
      look(all, v, lists[i], want);
    for (size_t i = 0; i < sizeof searches / sizeof *searches; i++) {
      (void)served_post(&town.s, v, searches[i][0], searches[i][1], want);
      take(all);
    }
    look(all, v, served_path("/cases/", c->c.case_id, ""), want);
    look(all, v, served_path("/cases/", c->c.case_id, "/course"), want);
    look(all, v, served_path("/handover?user=", v->actor.user, ""), want);
  }
}

static void forget(struct seen_of *all)
{
  for (size_t i = 0; i < all->n; i++)
    free(all->pages[i]);
}

static size_t differences(const struct seen_of *a, const struct seen_of *b)
{
  size_t n = 0;
  assert_int_equal(a->n, b->n);
  for (size_t i = 0; i < a->n; i++)
    n += a->status[i] != b->status[i] || strcmp(a->pages[i], b->pages[i]) != 0;
  return n;
}

/* Fails with the first lines that differ. */
static void tell(const char *by, const struct visitor *v, const char *before, const char *now)
{
  before = strstr(before, "\r\n\r\n");
  now = strstr(now, "\r\n\r\n");
  while (*before && *before == *now)
    before++, now++;
  fail_msg("%s is told to %s: %.200s ---- and was: %.200s", by, v->name, now, before);
}

static void unchanged(const struct seen_of *before, const struct visitor *v, const struct shared_case *c,
                      const char *by)
{
  struct seen_of now;
  look_around(&now, v, c);
  for (size_t i = 0; i < now.n; i++)
    if (strcmp(before->pages[i], now.pages[i]) != 0)
      tell(by, v, before->pages[i], now.pages[i]);
  assert_int_equal(differences(before, &now), 0);
  forget(&now);
}

/* ---- what the leading organization does ------------------------------------------------------------------------------------------------------ */

static void change(const struct shared_case *c, const char *was, const char *status, const char *density, int days)
{
  struct date day = date_add_days(date_of_ts(clock_now()), days);
  if (strcmp(status, "closed") == 0) { /* has a page of its own, and no next day */
    assert_int_equal(served_form(&town.s, &town.who[WHO_WORKER], served_path("/cases/", c->c.case_id, "/close"),
                                 "was=%s&reason=r", was),
                     303);
    return;
  }
  assert_int_equal(served_form(&town.s, &town.who[WHO_WORKER], served_path("/cases/", c->c.case_id, "/course"),
                               "was=%s&status=%s&density=%s&reason=r&next_day=%04d-%02d-%02d", was, status, density,
                               day.year, day.month, day.day),
                   303);
}

static void meet(const struct shared_case *c)
{
  served_do(
      &town.s, &town.who[WHO_WORKER], served_path("/cases/", c->c.case_id, "/records/new"),
      "day=2026-05-01&method=meet&met=met&paragraph.0.text=x&paragraph.0.source=staff&paragraph.0.category=support"
      "&next_what=y&next_day=2027-01-05");
}

static void nothing_moves_for(const struct visitor *v, const struct shared_case *c)
{
  struct seen_of before;
  look_around(&before, v, c); /* what is new is read by that */
  forget(&before);
  look_around(&before, v, c);
  change(c, "reception", "assessment", "A", 1);
  unchanged(&before, v, c, "another density, stage and next step");
  meet(c);
  unchanged(&before, v, c, "a record with a contact and a next step");
  if (c->state == STATE_LEFT) { /* nothing is awaited any more */
    change(c, "assessment", "closed", "C", 2);
    unchanged(&before, v, c, "closing");
    change(c, "closed", "reception", "B", 3);
    unchanged(&before, v, c, "reopening");
  }
  forget(&before);
}

static void nothing_moves_in_a_receivers_lists_after_the_withdrawal(void **state)
{
  static const enum who receivers[] = {WHO_RECEIVER_MANAGER, WHO_RECEIVER_WORKER};
  static const enum state ends[] = {STATE_LEFT, STATE_EXPIRED};
  for (size_t i = 0; i < 2; i++)
    for (size_t k = 0; k < 2; k++) {
      if (on_postgresql() && (i || k))
        continue;
      struct shared_case c = crowd_case(&town, ends[k], NULL);
      (void)crowd_case(&town, STATE_SHARED, NULL); /* newer, so that there is an order to keep */
      nothing_moves_for(&town.who[receivers[i]], &c);
    }
}

/* The same questions tell everything to whom the consent still stands: the test above would see it. */
static void to_whom_the_consent_stands_the_same_is_told(void **state)
{
  struct shared_case c = crowd_case(&town, STATE_SHARED, NULL);
  const struct visitor *v = &town.who[WHO_RECEIVER_WORKER];
  struct seen_of before, after;
  look_around(&before, v, &c);
  forget(&before);
  look_around(&before, v, &c);
  change(&c, "reception", "assessment", "A", 4);
  look_around(&after, v, &c);
  assert_true(differences(&before, &after) > 10);
  forget(&before);
  forget(&after);
}

/* Of every page about a case, as data; but for files, each of which is another, and forms that begin with the minute that it is. */
static bool is_compared(const struct route *r)
{
  static const char *const not_these[] = {"/cases/:case/records/new", "/connections/:connection/contact",
                                          "/cases/:case/stand-in"};
  bool is = r->method == GET && crowd_of_case(r) && !r->returns;
  for (size_t i = 0; i < sizeof not_these / sizeof *not_these; i++)
    is = is && strcmp(r->path, not_these[i]) != 0;
  return is;
}

enum { ROUTES = 400 };
struct every {
  char *pages[ROUTES];
  int ok;
};

static void read_every(struct every *all, const struct visitor *v, const struct shared_case *c)
{
  *all = (struct every){.ok = 0};
  assert_true(route_count() <= ROUTES);
  for (size_t i = 0; i < route_count(); i++) {
    const struct route *r = route_at(i);
    char path[PATH_SIZE];
    if (!is_compared(r) || !crowd_path(&town, r, c, v, NULL, path))
      continue;
    all->ok += served_get(&town.s, v, path, WANT_JSON) == 200;
    all->pages[i] = comparable(town.s.page.bytes);
  }
}

static void no_page_of_the_case_tells_a_receiver_how_it_goes_after_the_withdrawal(void **state)
{
  struct shared_case c = crowd_case(&town, STATE_LEFT, NULL);
  const struct visitor *v = &town.who[WHO_RECEIVER_MANAGER];
  struct every before, after;
  read_every(&before, v, &c);
  for (size_t i = 0; i < ROUTES; i++)
    free(before.pages[i]);
  read_every(&before, v, &c);
  change(&c, "reception", "assessment", "A", 1);
  meet(&c);
  change(&c, "assessment", "closed", "C", 2);
  read_every(&after, v, &c);
  for (size_t i = 0; i < route_count(); i++) {
    if (before.pages[i] && strcmp(before.pages[i], after.pages[i]) != 0)
      tell(route_at(i)->path, v, before.pages[i], after.pages[i]);
    free(before.pages[i]);
    free(after.pages[i]);
  }
  assert_true(before.ok > 15);
}

static bool listed(const struct visitor *v, const char *path, const struct shared_case *c)
{
  return served_shows(&town.s, v, path, served_path("href=\"/cases/", c->c.case_id, "\""));
}

static void a_colleague_who_comes_later_knows_what_the_organization_knows(void **state)
{
  struct shared_case c = crowd_case(&town, STATE_LEFT, NULL);
  const struct visitor *manager = &town.who[WHO_RECEIVER_MANAGER];
  struct visitor late = served_member(&town.s, town.receiver, ROLE_WORKER, "あとから 来た人");
  change(&c, "reception", "closed", "C", 4);
  assert_int_equal(served_form(&town.s, manager, served_path("/cases/", c.c.case_id, "/staff"), "worker=%s",
                               served_path("", late.actor.user, "")),
                   303);
  assert_true(listed(&late, "/cases?view=mine", &c));
  assert_false(listed(&late, "/cases?view=closed", &c));
}

static void ask_again(const struct shared_case *c, const char *answer)
{
  struct date today = date_of_ts(clock_now());
  assert_int_equal(served_form(&town.s, &town.who[WHO_WORKER], served_path("/cases/", c->c.case_id, "/consents/new"),
                               "purpose=p&from=%04d-%02d-%02d&until=%04d-12-31&explained=1&recipients=%s&by=person"
                               "&answer=%s&preset=standard&how=written&sure=1",
                               today.year, today.month, today.day, today.year + 1, served_path("", town.receiver, ""),
                               answer),
                   303);
}

static void who_is_asked_again_and_says_yes_is_told_again(void **state)
{
  struct shared_case c = crowd_case(&town, STATE_LEFT, NULL);
  const struct visitor *v = &town.who[WHO_RECEIVER_WORKER];
  change(&c, "reception", "closed", "C", 4);
  assert_false(listed(v, "/cases?view=closed", &c));
  ask_again(&c, "given");
  assert_true(listed(v, "/cases?view=closed", &c));
  assert_false(listed(v, "/cases?view=mine", &c));
}

/* The consent itself still stands beneath the refusal. */
static void a_refusal_that_is_taken_back_tells_again(void **state)
{
  struct shared_case c = crowd_case(&town, STATE_SHARED, NULL);
  const struct visitor *v = &town.who[WHO_RECEIVER_WORKER];
  id64 refusal = 0;
  ask_again(&c, "refused");
  change(&c, "reception", "closed", "C", 4);
  assert_false(listed(v, "/cases?view=closed", &c));
  assert_true(str_to_i64(str_from(store_ask(&town.s.w.store, "SELECT MAX(id) FROM consent")), &refusal));
  served_do(&town.s, &town.who[WHO_WORKER], served_path("/consents/", refusal, "/withdraw"), "by=person&how=oral");
  assert_true(listed(v, "/cases?view=closed", &c));
  assert_false(listed(v, "/cases?view=mine", &c));
}

CROWD_MAIN(&town, cmocka_unit_test(nothing_moves_in_a_receivers_lists_after_the_withdrawal),
           cmocka_unit_test(to_whom_the_consent_stands_the_same_is_told),
           cmocka_unit_test(no_page_of_the_case_tells_a_receiver_how_it_goes_after_the_withdrawal),
           cmocka_unit_test(a_colleague_who_comes_later_knows_what_the_organization_knows),
           cmocka_unit_test(who_is_asked_again_and_says_yes_is_told_again),
           cmocka_unit_test(a_refusal_that_is_taken_back_tells_again))
