/* protect.c: 秘匿 and who may know, seen from the pages: what each may do about it, and what takes two. */
#include "crowd.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"

static struct crowd town;

static int start(void **state)
{
  crowd_new(&town, NULL);
  return 0;
}

static int stop(void **state)
{
  crowd_free(&town);
  return 0;
}

__attribute__((format(printf, 3, 4))) static int post(const struct visitor *v, const char *path, const char *fmt, ...)
{
  char body[2000];
  va_list args;
  va_start(args, fmt);
  vsnprintf(body, sizeof body, fmt, args);
  va_end(args);
  return served_post(&town.s, v, path, body, WANT_HTML);
}

static bool shows(const struct visitor *v, const char *path, const char *text)
{
  (void)served_get(&town.s, v, path, WANT_HTML);
  return strstr(town.s.page.body, text) != NULL;
}

static long count(const char *sql)
{
  return strtol(store_ask(&town.s.w.store, sql), NULL, 10);
}

static id64 newest(const char *table)
{
  char sql[100];
  snprintf(sql, sizeof sql, "SELECT CAST(MAX(id) AS text) FROM %s", table);
  return strtoll(store_ask(&town.s.w.store, sql), NULL, 10);
}

/* ---- 秘匿 --------------------------------------------------------------------------------------------------------------------- */

#define CASE(tail) served_path("/cases/", c->c.case_id, tail)
#define ID(id) served_path("", id, "")
#define ADDRESS "%E6%9E%B6%E7%A9%BA%E5%B8%82%E3%81%8B%E3%81%AA%E7%94%BA3-2-1" /* 架空市かな町3-2-1 */

static void it_is_known_to_the_named_alone_and_ended_by_two(void **state)
{
  struct shared_case made = crowd_case(&town, STATE_SHARED, NULL), *c = &made;
  const struct visitor *worker = &town.who[WHO_WORKER], *manager = &town.who[WHO_MANAGER];
  const struct visitor *partner = &town.who[WHO_RECEIVER_WORKER];
  id64 me = worker->actor.user, other = manager->actor.user, far = partner->actor.user;
  char holders[200];
  snprintf(holders, sizeof holders, "holders=%s&holders=%s", ID(me), ID(other));
  assert_int_equal(post(worker, CASE("/person"), "name=a&source=person&address=%s", ADDRESS), 303);
  assert_int_equal(post(worker, CASE("/concealment"), "items=address&holders=%s&reason=dv", ID(me)),
                   422); /* one is too few */
  assert_int_equal(post(worker, CASE("/concealment"), "%s&reason=dv", holders), 422);
  assert_int_equal(post(worker, CASE("/concealment"), "items=address&%s", holders), 422);
  assert_int_equal(post(worker, CASE("/concealment"), "items=address&reason=dv&holders=%s&holders=%s", ID(me),
                        ID(town.who[WHO_THIRD_MANAGER].actor.user)),
                   422); /* no colleague on the case */
  assert_int_equal(post(worker, CASE("/concealment"), "items=address&items=phone&%s&reason=dv", holders), 303);
  id64 concealment = newest("concealment");
  assert_int_equal(post(worker, CASE("/concealment"), "items=address&%s&reason=dv", holders),
                   409); /* it stands already */

  /* the page says who is named to the named alone */
  assert_true(shows(worker, CASE("/concealment"), "秘匿の項目を開く"));
  assert_true(shows(partner, CASE("/concealment"), "この人には秘匿があります"));
  assert_false(shows(partner, CASE("/concealment"), "住所・電話"));
  assert_false(shows(partner, CASE("/concealment"), town.who[WHO_MANAGER].name));

  /* opened on demand, and told */
  assert_true(shows(manager, CASE("/concealment/open"), "架空市かな町3-2-1"));
  assert_false(shows(manager, CASE(""), "架空市かな町3-2-1"));
  assert_int_equal(served_get(&town.s, partner, CASE("/concealment/open"), WANT_HTML), 403);
  assert_true(count("SELECT CAST(COUNT(*) AS text) FROM event WHERE action = 24 AND kind = 1") >= 1);
  assert_int_equal(ACTION_CONCEAL_OPEN, 24);

  /* whoever is not named changes nothing, and learns nothing */
  assert_int_equal(
      post(partner, CASE("/concealment/holders"), "concealment=%s&user=%s&action=add", ID(concealment), ID(far)), 404);
  assert_int_equal(post(partner, CASE("/concealment/release"), "concealment=%s&reason=x", ID(concealment)), 404);
  assert_int_equal(post(worker, CASE("/concealment/values"), "concealment=%s&whose=sister&item=address&value=%s",
                        ID(concealment), "%E9%9A%A3%E5%B8%82%E9%B3%A5%E5%8F%B07-8-9"),
                   303); /* 隣市鳥台7-8-9 */
  assert_true(shows(worker, CASE("/concealment/open"), "隣市鳥台7-8-9"));
  assert_int_equal(post(worker, CASE("/records/new"),
                        "day=2026-04-01&method=meet&paragraph.0.source=staff&paragraph.0.category=support&"
                        "paragraph.0.text=%s",
                        "%E9%B3%A5%E5%8F%B0%E4%B8%83%E4%B8%81%E7%9B%AE%EF%BC%98"),
                   422); /* 鳥台七丁目８ */

  /* one asks, another one grants */
  assert_int_equal(post(worker, CASE("/concealment/release"), "concealment=%s", ID(concealment)), 422);
  assert_int_equal(post(worker, CASE("/concealment/release"), "concealment=%s&reason=moved", ID(concealment)), 303);
  assert_int_equal(post(worker, CASE("/concealment/release"), "concealment=%s&reason=again", ID(concealment)), 409);
  id64 release = newest("concealment_release");
  assert_int_equal(post(worker, CASE("/concealment/decide"), "release=%s&decision=grant", ID(release)), 403);
  assert_int_equal(post(partner, CASE("/concealment/decide"), "release=%s&decision=grant", ID(release)), 404);
  assert_false(shows(worker, CASE(""), "架空市かな町3-2-1"));
  assert_int_equal(post(manager, CASE("/concealment/decide"), "release=%s&decision=grant", ID(release)), 303);
  assert_true(shows(worker, CASE(""), "架空市かな町3-2-1"));
  assert_int_equal(post(manager, CASE("/concealment/decide"), "release=%s&decision=grant", ID(release)), 404);
}

static void somebody_who_may_know_is_always_left(void **state)
{
  struct shared_case made = crowd_case(&town, STATE_OWN, NULL), *c = &made;
  const struct visitor *worker = &town.who[WHO_WORKER];
  id64 me = worker->actor.user, other = town.who[WHO_MANAGER].actor.user;
  assert_int_equal(post(worker, CASE("/concealment"), "items=school&reason=x&holders=%s&holders=%s", ID(me), ID(other)),
                   303);
  id64 concealment = newest("concealment");
  char path[PATH_SIZE];
  snprintf(path, sizeof path, "%s", CASE("/concealment/holders"));
  assert_int_equal(post(worker, path, "concealment=%s&user=%s&action=end", ID(concealment), ID(other)), 303);
  assert_int_equal(post(worker, path, "concealment=%s&user=%s&action=end", ID(concealment), ID(me)), 422);
  assert_int_equal(post(worker, path, "concealment=%s&user=%s&action=add", ID(concealment), ID(other)), 303);
  assert_int_equal(post(worker, path, "concealment=%s&user=%s&action=end", ID(concealment), ID(me)), 303);
  assert_int_equal(served_get(&town.s, worker, CASE("/concealment/open"), WANT_HTML), 403);
}

static void what_is_typed_is_asked_about_while_typing(void **state)
{
  struct shared_case made = crowd_case(&town, STATE_OWN, NULL), *c = &made;
  const struct visitor *worker = &town.who[WHO_WORKER];
  id64 me = worker->actor.user, other = town.who[WHO_MANAGER].actor.user;
  assert_int_equal(post(worker, CASE("/person"), "name=a&source=person&address=%s", ADDRESS), 303);
  assert_int_equal(post(worker, CASE("/concealment/check"), "text=%s", ADDRESS), 200);
  assert_non_null(strstr(town.s.page.body, "\"resembles\":false"));
  assert_int_equal(
      post(worker, CASE("/concealment"), "items=address&reason=x&holders=%s&holders=%s", ID(me), ID(other)), 303);
  assert_int_equal(post(worker, CASE("/concealment/check"), "text=%s", ADDRESS), 200);
  assert_non_null(strstr(town.s.page.body, "\"resembles\":true"));
  assert_int_equal(post(worker, CASE("/concealment/check"), "text=hello"), 200);
  assert_non_null(strstr(town.s.page.body, "\"resembles\":false"));
}

STORE_MAIN_SETUP(start, stop, cmocka_unit_test(it_is_known_to_the_named_alone_and_ended_by_two),
                 cmocka_unit_test(somebody_who_may_know_is_always_left),
                 cmocka_unit_test(what_is_typed_is_asked_about_while_typing))
