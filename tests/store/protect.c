/* protect.c: 秘匿 and who may know, seen from the pages: what each may do about it, and what takes two. */
#include "crowd.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "person/find.h"

static struct crowd town;

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

static int times(const char *text)
{
  int n = 0;
  for (const char *at = town.s.page.body; (at = strstr(at, text)); at++)
    n++;
  return n;
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
  assert_int_equal(served_form(&town.s, worker, CASE("/person"), "name=a&source=person&address=%s", ADDRESS), 303);
  assert_int_equal(served_form(&town.s, worker, CASE("/concealment"), "items=address&holders=%s&reason=dv", ID(me)),
                   422); /* one is too few */
  assert_int_equal(served_form(&town.s, worker, CASE("/concealment"), "%s&reason=dv", holders), 422);
  assert_int_equal(served_form(&town.s, worker, CASE("/concealment"), "items=address&%s", holders), 422);
  assert_int_equal(served_form(&town.s, worker, CASE("/concealment"), "items=address&reason=dv&holders=%s&holders=%s",
                               ID(me), ID(town.who[WHO_THIRD_MANAGER].actor.user)),
                   422); /* no colleague on the case */
  assert_int_equal(
      served_form(&town.s, worker, CASE("/concealment"), "items=address&items=phone&%s&reason=dv", holders), 303);
  id64 concealment = newest("concealment");
  assert_int_equal(served_form(&town.s, worker, CASE("/concealment"), "items=address&%s&reason=dv", holders),
                   409); /* it stands already */

  /* the page says who is named to the named alone */
  assert_true(served_shows(&town.s, worker, CASE("/concealment"), "秘匿の項目を開く"));
  assert_true(served_shows(&town.s, partner, CASE("/concealment"), "この人には秘匿があります"));
  assert_false(served_shows(&town.s, partner, CASE("/concealment"), "住所・電話"));
  assert_false(served_shows(&town.s, partner, CASE("/concealment"), town.who[WHO_MANAGER].name));

  /* opened on demand, and told */
  assert_true(served_shows(&town.s, manager, CASE("/concealment/open"), "架空市かな町3-2-1"));
  assert_false(served_shows(&town.s, manager, CASE(""), "架空市かな町3-2-1"));
  assert_int_equal(served_get(&town.s, partner, CASE("/concealment/open"), WANT_HTML), 403);
  assert_true(count("SELECT CAST(COUNT(*) AS text) FROM event WHERE action = 24 AND kind = 1") >= 1);
  assert_int_equal(ACTION_CONCEAL_OPEN, 24);

  /* whoever is not named changes nothing, and learns nothing */
  assert_int_equal(served_form(&town.s, partner, CASE("/concealment/holders"), "concealment=%s&user=%s&action=add",
                               ID(concealment), ID(far)),
                   404);
  assert_int_equal(
      served_form(&town.s, partner, CASE("/concealment/release"), "concealment=%s&reason=x", ID(concealment)), 404);
  assert_int_equal(served_form(&town.s, worker, CASE("/concealment/values"),
                               "concealment=%s&whose=sister&item=address&value=%s", ID(concealment),
                               "%E9%9A%A3%E5%B8%82%E9%B3%A5%E5%8F%B07-8-9"),
                   303); /* 隣市鳥台7-8-9 */
  assert_true(served_shows(&town.s, worker, CASE("/concealment/open"), "隣市鳥台7-8-9"));
  assert_int_equal(served_form(&town.s, worker, CASE("/records/new"),
                               "day=2026-04-01&method=meet&paragraph.0.source=staff&paragraph.0.category=support&"
                               "paragraph.0.text=%s",
                               "%E9%B3%A5%E5%8F%B0%E4%B8%83%E4%B8%81%E7%9B%AE%EF%BC%98"),
                   422); /* 鳥台七丁目８ */

  /* one asks, another one grants */
  assert_int_equal(served_form(&town.s, worker, CASE("/concealment/release"), "concealment=%s", ID(concealment)), 422);
  assert_int_equal(
      served_form(&town.s, worker, CASE("/concealment/release"), "concealment=%s&reason=moved", ID(concealment)), 303);
  assert_int_equal(
      served_form(&town.s, worker, CASE("/concealment/release"), "concealment=%s&reason=again", ID(concealment)), 409);
  id64 release = newest("concealment_release");
  /* the second one is told, with the way there */
  assert_true(served_shows(&town.s, manager, "/today", "の秘匿を解くことを申し出ました"));
  assert_non_null(strstr(town.s.page.body, CASE("/concealment")));
  assert_true(served_shows(&town.s, manager, "/news", "秘匿を解く申し出があります</span>"));
  assert_false(served_shows(&town.s, worker, "/today", "の秘匿を解くことを申し出ました"));
  assert_false(served_shows(&town.s, partner, "/today", "の秘匿を解くことを申し出ました"));
  assert_false(served_shows(&town.s, partner, "/news", "秘匿を解く申し出があります</span>"));
  assert_int_equal(served_form(&town.s, worker, CASE("/concealment/decide"), "release=%s&decision=grant", ID(release)),
                   403);
  assert_int_equal(served_form(&town.s, partner, CASE("/concealment/decide"), "release=%s&decision=grant", ID(release)),
                   404);
  assert_false(served_shows(&town.s, worker, CASE(""), "架空市かな町3-2-1"));
  assert_int_equal(served_form(&town.s, manager, CASE("/concealment/decide"), "release=%s&decision=grant", ID(release)),
                   303);
  assert_true(served_shows(&town.s, worker, CASE(""), "架空市かな町3-2-1"));
  assert_true(served_shows(&town.s, worker, "/news", "秘匿を解く申し出が決まりました</span>"));
  assert_false(served_shows(&town.s, manager, "/today", "の秘匿を解くことを申し出ました"));
  assert_int_equal(served_form(&town.s, manager, CASE("/concealment/decide"), "release=%s&decision=grant", ID(release)),
                   404);
}

/* Whoever is taken out is told, and so are the others and the managers; with a reason, and never fewer than two stay. */
static void two_who_may_know_are_always_left(void **state)
{
  struct shared_case made = crowd_case(&town, STATE_SHARED, NULL), *c = &made;
  const struct visitor *worker = &town.who[WHO_WORKER], *manager = &town.who[WHO_MANAGER];
  const struct visitor *partner = &town.who[WHO_RECEIVER_WORKER], *far_manager = &town.who[WHO_RECEIVER_MANAGER];
  id64 me = worker->actor.user, other = manager->actor.user, far = partner->actor.user;
  const char *changed = "知ってよい人が変わりました</span>";
  char path[PATH_SIZE], page[PATH_SIZE], end[300], last[300], open[PATH_SIZE];
  assert_int_equal(served_form(&town.s, worker, CASE("/concealment"), "items=school&reason=x&holders=%s&holders=%s",
                               ID(me), ID(other)),
                   303);
  id64 concealment = newest("concealment");
  snprintf(path, sizeof path, "%s", CASE("/concealment/holders"));
  snprintf(page, sizeof page, "%s", CASE("/concealment"));
  snprintf(open, sizeof open, "%s", CASE("/concealment/open"));
  snprintf(end, sizeof end, "concealment=%s&user=%s&action=end", ID(concealment), ID(other));
  snprintf(last, sizeof last, "concealment=%s&user=%s&action=end&why=x", ID(concealment), ID(far));
  assert_int_equal(served_form(&town.s, worker, path, "%s&why=moved", end), 422);
  assert_non_null(strstr(town.s.page.body, "先に、かわりの人を加えてください"));
  assert_false(served_shows(&town.s, partner, "/news", changed));
  assert_int_equal(served_form(&town.s, worker, path, "concealment=%s&user=%s&action=add", ID(concealment), ID(far)),
                   303);
  assert_true(served_shows(&town.s, partner, "/news", changed));     /* who was named */
  assert_true(served_shows(&town.s, manager, "/news", changed));     /* the other one */
  assert_true(served_shows(&town.s, far_manager, "/news", changed)); /* and who is in charge there */
  assert_false(served_shows(&town.s, worker, "/news", changed));     /* not who did it */
  assert_int_equal(served_form(&town.s, worker, path, "%s", end), 422);
  assert_non_null(strstr(town.s.page.body, "なぜ外すのかを書いてください"));
  assert_int_equal(served_form(&town.s, worker, path, "%s&why=left+the+team", end), 303);
  assert_int_equal(
      count("SELECT CAST(count(*) AS text) FROM concealment_change WHERE kind = 'ended' AND reason_sealed IS NOT NULL"),
      1);
  assert_true(served_shows(&town.s, worker, page, "left the team"));
  assert_int_equal(served_get(&town.s, manager, open, WANT_HTML), 403);
  assert_true(served_shows(&town.s, manager, "/news", page)); /* told, with the way there */
  assert_false(served_shows(&town.s, manager, page, "left the team"));
  assert_int_equal(served_form(&town.s, worker, path, "%s", last), 422);
}

static void leaves(const struct shared_case *c, id64 user)
{
  char sql[300];
  snprintf(sql, sizeof sql,
           "UPDATE assignment SET until_at = from_at + 1 WHERE person_id = %lld AND user_id = %lld; SELECT 1",
           (long long)c->c.person, (long long)user);
  assert_string_equal(store_ask(&town.s.w.store, sql), "1");
}

/* To be named opens nothing: docs/decisions/0009. And where all who were named have left the case, it is not locked for good. */
static void only_who_works_on_the_case_is_named_and_a_manager_names_others_when_all_left(void **state)
{
  struct shared_case made = crowd_case(&town, STATE_SHARED, NULL), *c = &made;
  const struct visitor *worker = &town.who[WHO_WORKER], *manager = &town.who[WHO_MANAGER];
  const struct visitor *far_manager = &town.who[WHO_RECEIVER_MANAGER];
  struct visitor idle = served_member(&town.s, worker->actor.organization, ROLE_WORKER, "暇野 一"),
                 boss = served_member(&town.s, worker->actor.organization, ROLE_MANAGER, "長野 二");
  id64 me = worker->actor.user, far = town.who[WHO_RECEIVER_WORKER].actor.user;
  char page[PATH_SIZE], path[PATH_SIZE], open[PATH_SIZE], add[300];
  snprintf(page, sizeof page, "%s", CASE("/concealment"));
  snprintf(path, sizeof path, "%s", CASE("/concealment/holders"));
  snprintf(open, sizeof open, "%s", CASE("/concealment/open"));
  assert_false(served_shows(&town.s, worker, page, "暇野 一"));
  assert_true(served_shows(&town.s, worker, page, "長野 二"));
  assert_int_equal(
      served_form(&town.s, worker, page, "items=school&reason=x&holders=%s&holders=%s", ID(me), ID(idle.actor.user)),
      422);
  assert_int_equal(served_form(&town.s, worker, page, "items=school&reason=x&holders=%s&holders=%s", ID(me), ID(far)),
                   303);
  snprintf(add, sizeof add, "concealment=%s&user=%s&action=add", ID(newest("concealment")), ID(boss.actor.user));
  assert_int_equal(served_form(&town.s, &boss, path, "%s&why=all+left", add), 404); /* they can open it still */
  assert_false(served_shows(&town.s, worker, page, "いまは担当ではないので、開けません"));
  assert_true(served_shows(&town.s, worker, page, "知ってよい人を加える"));
  leaves(c, far);
  assert_true(served_shows(&town.s, worker, page, "いまは担当ではないので、開けません"));
  assert_int_equal(served_form(&town.s, &boss, path, "%s&why=all+left", add), 404);
  leaves(c, me);
  assert_true(served_shows(&town.s, &boss, page, "知ってよい人を決めなおす"));
  assert_false(served_shows(&town.s, far_manager, page, "知ってよい人を決めなおす")); /* it was not set there */
  assert_int_equal(served_form(&town.s, far_manager, path, "%s&why=all+left", add), 404);
  assert_int_equal(served_get(&town.s, &boss, open, WANT_HTML), 403);
  assert_int_equal(served_form(&town.s, &boss, path, "%s", add), 422);
  assert_int_equal(served_form(&town.s, &boss, path, "%s&why=all+left", add), 303);
  assert_int_equal(served_get(&town.s, &boss, open, WANT_HTML), 200);
  assert_true(served_shows(&town.s, &boss, page, "all left"));
  assert_false(served_shows(&town.s, manager, page, "知ってよい人を決めなおす")); /* somebody can again */
}

static void who_may_see_is_found_with_the_mark(void **state)
{
  struct err e = {0};
  const struct visitor *worker = &town.who[WHO_WORKER], *stranger = &town.who[WHO_THIRD_MANAGER];
  struct world_case her = world_case(&town.s.w, &worker->actor, "秘野 ことり", (struct date){2011, 3, 9});
  char *name = served_encode("秘野ことり", strlen("秘野ことり"));
  ok(person_find_fill(town.s.w.store.db, town.s.w.network, &e));
  assert_int_equal(served_form(&town.s, worker, "/cases/find", "q=%s", name), 200);
  assert_non_null(strstr(town.s.page.body, "秘野 ことり"));
  assert_null(strstr(town.s.page.body, "秘匿あり"));
  assert_int_equal(served_form(&town.s, worker, served_path("/cases/", her.case_id, "/concealment"),
                               "items=phone&reason=x&holders=%s&holders=%s", ID(worker->actor.user),
                               ID(town.who[WHO_MANAGER].actor.user)),
                   303);
  assert_int_equal(served_form(&town.s, worker, "/cases/find", "q=%s", name), 200);
  assert_non_null(strstr(town.s.page.body, "秘匿あり"));
  assert_int_equal(served_form(&town.s, stranger, "/cases/find", "q=%s", name), 200);
  assert_null(strstr(town.s.page.body, "秘匿あり"));
  free(name);
}

static void what_is_typed_is_asked_about_while_typing(void **state)
{
  struct shared_case made = crowd_case(&town, STATE_OWN, NULL), *c = &made;
  const struct visitor *worker = &town.who[WHO_WORKER];
  id64 me = worker->actor.user, other = town.who[WHO_MANAGER].actor.user;
  assert_int_equal(served_form(&town.s, worker, CASE("/person"), "name=a&source=person&address=%s", ADDRESS), 303);
  assert_int_equal(served_form(&town.s, worker, CASE("/concealment/check"), "text=%s", ADDRESS), 200);
  assert_non_null(strstr(town.s.page.body, "\"resembles\":false"));
  assert_int_equal(served_form(&town.s, worker, CASE("/concealment"), "items=address&reason=x&holders=%s&holders=%s",
                               ID(me), ID(other)),
                   303);
  assert_int_equal(served_form(&town.s, worker, CASE("/concealment/check"), "text=%s", ADDRESS), 200);
  assert_non_null(strstr(town.s.page.body, "\"resembles\":true"));
  assert_int_equal(served_form(&town.s, worker, CASE("/concealment/check"), "text=hello"), 200);
  assert_non_null(strstr(town.s.page.body, "\"resembles\":false"));
}

/* ---- 緊急の閲覧 ----------------------------------------------------------------------------------------------------------------- */

#define REASON                                                                                                         \
  "%E5%91%BD%E3%81%AB%E3%81%8B%E3%81%8B%E3%82%8F%E3%82%8B%E9%80%A3%E7%B5%A1%E3%81%8C%E3%81%A4%E3%81%8B%E3%81%AA%E3%"   \
  "81%84"

STMT_WRITE(q_age, "protect_age",
           "UPDATE break_glass SET from_at = from_at - 7200000, until_at = until_at - 7200000 WHERE network_id = $1");

static enum code age(struct tx *tx, void *arg, struct err *e)
{
  return db_exec(tx, &q_age, NULL, e, BINDS(b_int(tx_network(tx))));
}

static void an_emergency_is_reasoned_told_and_reviewed(void **state)
{
  struct shared_case made = crowd_case(&town, STATE_OWN, NULL), *c = &made;
  const struct visitor *manager = &town.who[WHO_MANAGER], *third = &town.who[WHO_THIRD_MANAGER];
  struct visitor worker = served_member(&town.s, town.third, ROLE_WORKER, "夜勤の人");
  char number[40], sql[200];
  struct err e = {0};
  snprintf(sql, sizeof sql, "SELECT number FROM case_file WHERE id = %lld", (long long)c->c.case_id);
  snprintf(number, sizeof number, "%s", store_ask(&town.s.w.store, sql));
  assert_int_equal(served_get(&town.s, &worker, CASE(""), WANT_HTML), 404);
  assert_int_equal(served_form(&town.s, &worker, "/emergency", "hours=1&number=%s&reason=short", number), 422);
  assert_int_equal(served_form(&town.s, &worker, "/emergency", "hours=9&number=%s&reason=%s", number, REASON), 422);
  assert_int_equal(served_form(&town.s, &worker, "/emergency", "hours=1&number=R8-9999&reason=%s", REASON), 422);
  assert_int_equal(served_get(&town.s, &worker, CASE(""), WANT_HTML), 404);
  assert_int_equal(served_form(&town.s, &worker, "/emergency", "hours=1&number=%s&reason=%s", number, REASON), 303);
  assert_string_equal(town.s.page.location, CASE(""));
  assert_true(served_shows(&town.s, &worker, CASE(""), "緊急の閲覧で見ています。")); /* and until when */
  assert_int_equal(served_form(&town.s, &worker, CASE("/records/new"), "day=2026-04-01&method=meet&paragraph.0.text=x"),
                   403);

  /* both organizations' managers see it on their day; nobody else's */
  assert_true(served_shows(&town.s, manager, "/today", "夜勤の人が"));
  assert_true(served_shows(&town.s, third, "/today", "夜勤の人が"));
  assert_false(served_shows(&town.s, &town.who[WHO_RECEIVER_MANAGER], "/today", "夜勤の人が"));
  assert_false(served_shows(&town.s, &town.who[WHO_WORKER], "/today", "夜勤の人が"));
  assert_true(served_shows(&town.s, third, "/emergencies", "命にかかわる連絡がつかない"));
  assert_false(served_shows(&town.s, &town.who[WHO_RECEIVER_MANAGER], "/emergencies", "命にかかわる"));
  id64 id = newest("break_glass");
  assert_int_equal(
      served_form(&town.s, &town.who[WHO_RECEIVER_MANAGER], "/emergencies", "emergency=%s&result=right", ID(id)), 404);
  assert_int_equal(served_form(&town.s, manager, "/emergencies", "emergency=%s&result=wrong", ID(id)), 422);
  assert_int_equal(served_form(&town.s, manager, "/emergencies", "emergency=%s&result=right&text=ok", ID(id)), 303);
  assert_int_equal(served_form(&town.s, third, "/emergencies", "emergency=%s&result=right", ID(id)), 409);
  assert_false(served_shows(&town.s, third, "/today", "夜勤の人が"));

  /* the hours are over */
  ok(world_write(&town.s.w, NULL, age, NULL, &e));
  assert_int_equal(served_get(&town.s, &worker, CASE(""), WANT_HTML), 404);
}

STMT_WRITE(q_forget, "protect_forget",
           "UPDATE break_glass SET from_at = from_at - 262800000 WHERE network_id = $1 AND reviewed_at IS NULL");

static enum code forget(struct tx *tx, void *arg, struct err *e)
{
  return db_exec(tx, &q_forget, NULL, e, BINDS(b_int(tx_network(tx))));
}

static void a_review_that_is_late_says_so(void **state)
{
  struct shared_case made = crowd_case(&town, STATE_OWN, NULL), *c = &made;
  const struct visitor *manager = &town.who[WHO_MANAGER];
  struct visitor worker = served_member(&town.s, town.third, ROLE_WORKER, "おくれの人");
  char number[40], sql[200];
  struct err e = {0};
  snprintf(sql, sizeof sql, "SELECT number FROM case_file WHERE id = %lld", (long long)c->c.case_id);
  snprintf(number, sizeof number, "%s", store_ask(&town.s.w.store, sql));
  assert_int_equal(served_form(&town.s, &worker, "/emergency", "hours=1&number=%s&reason=%s", number, REASON), 303);
  assert_false(served_shows(&town.s, manager, "/emergencies", "確かめる期限を過ぎました"));
  assert_true(served_shows(&town.s, manager, "/today", "までに確かめてください"));
  assert_false(served_shows(&town.s, manager, "/today", "期限を過ぎました"));
  ok(world_write(&town.s.w, NULL, forget, NULL, &e)); /* 73 hours */
  assert_true(served_shows(&town.s, manager, "/emergencies", "確かめる期限を過ぎました"));
  assert_non_null(strstr(town.s.page.body, "#s-overdue"));
  assert_true(served_shows(&town.s, manager, "/today", "期限を過ぎました</span>"));
  assert_non_null(strstr(town.s.page.body, "すぐに確かめてください"));
}

static void whoever_looked_does_not_review_it(void **state)
{
  struct shared_case made = crowd_case(&town, STATE_OWN, NULL), *c = &made;
  const struct visitor *third = &town.who[WHO_THIRD_MANAGER];
  char number[40], sql[200];
  snprintf(sql, sizeof sql, "SELECT number FROM case_file WHERE id = %lld", (long long)c->c.case_id);
  snprintf(number, sizeof number, "%s", store_ask(&town.s.w.store, sql));
  assert_int_equal(served_form(&town.s, third, "/emergency", "hours=4&number=%s&reason=%s", number, REASON), 303);
  assert_int_equal(served_form(&town.s, third, "/emergencies", "emergency=%s&result=right", ID(newest("break_glass"))),
                   403);
}

/* A name that several have, or that nobody has, opens nothing. */
static void it_is_clear_who_is_meant(void **state)
{
  struct err e = {0};
  struct visitor worker = served_member(&town.s, town.third, ROLE_WORKER, "当直の人");
  const struct date birth = {2009, 5, 17};
  struct world_case only = world_case(&town.s.w, &town.who[WHO_WORKER].actor, "一人しか いない", birth);
  ok(person_find_fill(town.s.w.store.db, town.s.w.network, &e));
  char *encoded = served_encode("一人しかいない", strlen("一人しかいない"));
  assert_int_equal(served_form(&town.s, &worker, "/emergency",
                               "hours=1&reason=%s&birth.era=&birth.y=2009&birth.m=5&birth.d=18&name=%s", REASON,
                               encoded),
                   422);
  assert_int_equal(served_form(&town.s, &worker, "/emergency",
                               "hours=1&reason=%s&birth.era=&birth.y=2009&birth.m=5&birth.d=17&name=%s", REASON,
                               encoded),
                   303);
  assert_int_equal(served_get(&town.s, &worker, served_path("/cases/", only.case_id, ""), WANT_HTML), 200);
  free(encoded);
}

/* ---- 漏えい等 ------------------------------------------------------------------------------------------------------------------- */

static void a_leak_is_written_down_and_what_is_owed_is_told(void **state)
{
  struct shared_case made = crowd_case(&town, STATE_SHARED, NULL), *c = &made;
  const struct visitor *worker = &town.who[WHO_WORKER], *partner = &town.who[WHO_RECEIVER_WORKER];
  char path[PATH_SIZE], change[PATH_SIZE];
  snprintf(path, sizeof path, "%s", CASE("/leaks"));
  snprintf(change, sizeof change, "%s", CASE("/leaks/change"));
  assert_int_equal(served_get(&town.s, worker, CASE("/leaks?kind=lost&copy=12"), WANT_HTML), 200);
  assert_non_null(strstr(town.s.page.body, "value=\"12\""));
  assert_int_equal(served_form(&town.s, worker, path, "kind=lost&known=2099-01-01&persons=1&what=lost"), 422);
  assert_int_equal(served_form(&town.s, worker, path,
                               "kind=lost&known=2026-01-05&persons=1&categories=health&what=lost+paper&copy=12"),
                   303);
  assert_true(served_shows(&town.s, worker, path, "lost paper"));
  assert_true(served_shows(&town.s, worker, path,
                           "個人情報保護委員会への速報")); /* health: it is owed though nobody ticked it */
  assert_false(served_shows(&town.s, partner, path, "lost paper"));
  assert_true(served_shows(&town.s, worker, "/today", "速報がまだです"));
  assert_false(served_shows(&town.s, partner, "/today", "速報がまだです"));
  id64 leak = newest("leak");
  assert_int_equal(served_form(&town.s, worker, change, "leak=%s&action=close", ID(leak)), 422);
  assert_int_equal(served_form(&town.s, partner, change, "leak=%s&action=told", ID(leak)), 404);
  static const char *const steps[] = {"first_report", "final_report", "told"};
  for (int i = 0; i < 3; i++)
    assert_int_equal(served_form(&town.s, worker, change, "leak=%s&action=%s", ID(leak), steps[i]), 303);
  assert_int_equal(served_form(&town.s, worker, change, "leak=%s&action=save&what=found+again&cause=hurry", ID(leak)),
                   303);
  assert_true(served_shows(&town.s, worker, path, "found again"));
  assert_int_equal(served_form(&town.s, worker, change, "leak=%s&action=close", ID(leak)), 303);
  assert_false(served_shows(&town.s, worker, "/today", "漏えい等の記録「"));
  assert_int_equal(served_form(&town.s, worker, change, "leak=%s&action=save&what=x", ID(leak)), 409);
}

/* Each number of a case is one paper; the record of a lost one keeps which. */
static void a_lost_print_is_known_by_its_paper(void **state)
{
  struct shared_case made = crowd_case(&town, STATE_SHARED, NULL), *c = &made;
  const struct visitor *worker = &town.who[WHO_WORKER], *manager = &town.who[WHO_MANAGER];
  const struct visitor *partner = &town.who[WHO_RECEIVER_WORKER];
  char path[PATH_SIZE], copies[PATH_SIZE], begun[PATH_SIZE + 60];
  snprintf(path, sizeof path, "%s", CASE("/leaks"));
  snprintf(copies, sizeof copies, "%s", CASE("/copies"));
  assert_int_equal(served_get(&town.s, worker, served_path("/sheets/", c->sheet, "/sheet.pdf?copy=desk"), WANT_HTML),
                   200);
  id64 desk = newest("print_copy");
  assert_int_equal(served_get(&town.s, manager, served_path("/connections/", c->connection, "/fax.pdf"), WANT_HTML),
                   200);
  assert_int_equal(served_get(&town.s, worker, copies, WANT_HTML), 200);
  assert_int_equal(times("第1号</td>"), 1);
  assert_int_equal(times("第2号</td>"), 1);
  assert_int_equal(times("控え（つなぐシート）"), 1);
  snprintf(begun, sizeof begun, "%s?kind=lost&print=%s", path, ID(desk));
  assert_non_null(strstr(town.s.page.body, ID(desk)));
  assert_int_equal(served_get(&town.s, worker, begun, WANT_HTML), 200);
  assert_non_null(strstr(town.s.page.body, "控え（つなぐシート） 第1号"));
  assert_non_null(strstr(town.s.page.body, worker->name));
  assert_true(times(" checked>") > 1); /* lost, and what stands on the paper */
  assert_int_equal(served_form(&town.s, worker, path,
                               "kind=lost&known=2026-01-05&persons=1&what=left+in+the+bus&print=%s", ID(desk)),
                   303);
  assert_true(served_shows(&town.s, worker, path, "控え（つなぐシート） 第1号"));
  assert_true(served_shows(&town.s, worker, path, "紙にある情報"));
  assert_int_equal(
      served_form(&town.s, partner, path, "kind=lost&known=2026-01-05&persons=1&what=x&print=%s", ID(desk)),
      422); /* another one's print */
}

/* ---- 閲覧の制限 ------------------------------------------------------------------------------------------------------------------- */

static void for_whoever_is_barred_the_person_does_not_exist(void **state)
{
  struct shared_case made = crowd_case(&town, STATE_OWN, NULL), *c = &made;
  const struct visitor *worker = &town.who[WHO_WORKER], *manager = &town.who[WHO_MANAGER];
  const struct visitor *volunteer = &town.who[WHO_VOLUNTEER];
  char path[PATH_SIZE];
  snprintf(path, sizeof path, "%s", CASE("/restrictions"));
  assert_int_equal(served_get(&town.s, volunteer, CASE(""), WANT_HTML), 200);
  assert_int_equal(served_form(&town.s, worker, path, "mode=not&users=%s", ID(volunteer->actor.user)),
                   422); /* no reason */
  assert_int_equal(served_form(&town.s, worker, path, "mode=not&reason=x"), 422);
  assert_int_equal(served_form(&town.s, worker, path, "mode=not&reason=x&users=%s", ID(worker->actor.user)),
                   422); /* oneself */
  assert_int_equal(
      served_form(&town.s, worker, path, "mode=not&reason=x&users=%s", ID(town.who[WHO_THIRD_MANAGER].actor.user)),
      422);
  assert_int_equal(served_form(&town.s, worker, path, "mode=not&reason=knows+them&users=%s", ID(volunteer->actor.user)),
                   303);
  assert_int_equal(served_get(&town.s, volunteer, CASE(""), WANT_HTML), 404);
  assert_true(served_shows(&town.s, worker, path, "knows them"));
  id64 restriction = newest("restriction");
  assert_int_equal(served_form(&town.s, manager, CASE("/restrictions/end"), "restriction=%s", ID(restriction)), 303);
  assert_int_equal(served_get(&town.s, volunteer, CASE(""), WANT_HTML), 200);

  /* to the named alone: the manager is not one of them, and ends nothing */
  assert_int_equal(served_form(&town.s, worker, path, "mode=only&reason=x&users=%s", ID(volunteer->actor.user)), 303);
  assert_int_equal(served_get(&town.s, volunteer, CASE(""), WANT_HTML), 200);
  assert_int_equal(served_get(&town.s, manager, CASE(""), WANT_HTML), 404);
  assert_int_equal(
      served_form(&town.s, manager, CASE("/restrictions/end"), "restriction=%s", ID(newest("restriction"))), 404);
  assert_int_equal(served_get(&town.s, worker, CASE(""), WANT_HTML), 200);
  assert_int_equal(served_form(&town.s, worker, path, "mode=only&reason=x&users=%s", ID(volunteer->actor.user)),
                   422); /* nobody more */
}

/* ---- 同意 ----------------------------------------------------------------------------------------------------------------------- */

/* What was taken back from one is not told as taken back from the other. */
static void a_consent_withdrawn_towards_one_goes_on_for_the_other(void **state)
{
  struct shared_case made = crowd_case(&town, STATE_DRAFT, NULL), *c = &made;
  const struct visitor *worker = &town.who[WHO_WORKER];
  char path[PATH_SIZE];
  snprintf(path, sizeof path, "%s", CASE("/consents/new"));
  const char *terms = "answer=given&by=person&preset=standard&explained=1&from=2100-01-01&until=2100-02-01&purpose=x";
  assert_int_equal(served_form(&town.s, worker, path, "%s&how=oral&recipients=%s", terms, ID(town.receiver)),
                   422); /* nobody stood by */
  assert_non_null(strstr(town.s.page.body, "口頭のときは"));
  assert_int_equal(served_form(&town.s, worker, path, "%s&how=oral&witness=colleague&recipients=%s&recipients=%s",
                               terms, ID(town.receiver), ID(town.third)),
                   303);
  char withdraw[PATH_SIZE];
  snprintf(withdraw, sizeof withdraw, "%s", served_path("/consents/", newest("consent"), "/withdraw"));
  assert_int_equal(served_form(&town.s, worker, withdraw, "by=person&how=tick&organization=%s", ID(town.third)), 303);
  assert_int_equal(served_get(&town.s, worker, CASE("/consents"), WANT_HTML), 200);
  assert_int_equal(times("#s-withdrawn"), 1);
}

CROWD_MAIN(&town, cmocka_unit_test(it_is_known_to_the_named_alone_and_ended_by_two),
           cmocka_unit_test(two_who_may_know_are_always_left),
           cmocka_unit_test(what_is_typed_is_asked_about_while_typing),
           cmocka_unit_test(an_emergency_is_reasoned_told_and_reviewed),
           cmocka_unit_test(a_review_that_is_late_says_so), cmocka_unit_test(whoever_looked_does_not_review_it),
           cmocka_unit_test(it_is_clear_who_is_meant),
           cmocka_unit_test(a_leak_is_written_down_and_what_is_owed_is_told),
           cmocka_unit_test(a_lost_print_is_known_by_its_paper),
           cmocka_unit_test(only_who_works_on_the_case_is_named_and_a_manager_names_others_when_all_left),
           cmocka_unit_test(who_may_see_is_found_with_the_mark),
           cmocka_unit_test(for_whoever_is_barred_the_person_does_not_exist),
           cmocka_unit_test(a_consent_withdrawn_towards_one_goes_on_for_the_other))
