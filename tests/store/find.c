/* find.c: who is known is found by name, ふりがな, birth date and telephone, whatever the script, with one slip; as far as the one who asks may
 * see. What others know answers with a hint alone, and what is concealed not at all. On both engines, over the wire as well. */
#include "served.h"

#include <string.h>

#include "base/clock.h"
#include "person/find.h"

static struct served town;
static id64 city, npo;
static struct visitor worker, colleague, manager, npo_manager;

/* ---- people -------------------------------------------------------------------------------------------------------------------- */

struct registering {
  const struct actor *by;
  struct person_new p;
  struct str mother_phone;
  struct world_case c;
};

static enum code put_person(struct tx *tx, void *arg, struct err *e)
{
  struct registering *r = arg;
  const struct scope *s = NULL;
  struct guardian_new g = {.name = S("母の名"), .phone = r->mother_phone, .relation = S("母"), .authority = S("sole")};
  enum code c = person_create(tx, r->by, &r->p, &s, e);
  if (c == OK && r->mother_phone.n)
    c = guardian_add(tx, s, &g, &r->c.guardian, e);
  if (c == OK)
    c = case_open(tx, s, S("person"), S("B"), &r->c.case_id, e);
  if (c == OK)
    r->c.person = scope_person(s);
  return c;
}

static struct world_case registered(const struct visitor *by, const char *name, const char *kana, struct date birth,
                                    const char *mobile, const char *mother)
{
  struct err e = {0};
  struct registering r = {
      .by = &by->actor,
      .p = {.name = str_from(name), .kana = str_from(kana), .birth = birth, .mobile = str_from(mobile)},
      .mother_phone = str_from(mother)};
  ok(world_write(&town.w, r.by, put_person, &r, &e));
  return r.c;
}

static struct world_case boy, sister, theirs;

static int start(void **state)
{
  (void)state;
  served_new(&town);
  city = world_org(&town.w, "子ども若者支援課", "council");
  npo = world_org(&town.w, "NPOあおば", "council");
  worker = served_member(&town, city, ROLE_WORKER, "窓口の人");
  colleague = served_member(&town, city, ROLE_WORKER, "となりの人");
  manager = served_member(&town, city, ROLE_MANAGER, "課長");
  npo_manager = served_member(&town, npo, ROLE_MANAGER, "あおばの長");
  boy = registered(&worker, "髙﨑 齋太郎", "タカサキ サイタロウ", (struct date){2009, 6, 1}, "090-1111-2222",
                   "086-222-3333");
  sister = registered(&worker, "髙﨑 はな", "たかさき はな", (struct date){2011, 3, 12}, "", "");
  theirs = registered(&npo_manager, "渡邉 陸", "わたなべ りく", (struct date){2008, 11, 2}, "080-5555-6666", "");
  return 0;
}

static int stop(void **state)
{
  (void)state;
  served_free(&town);
  return 0;
}

/* ---- looking ------------------------------------------------------------------------------------------------------------------- */

struct looking {
  const struct actor *who;
  struct find_typed typed;
  struct find_answer f;
};

static enum code look(struct tx *tx, void *arg, struct err *e)
{
  struct looking *l = arg;
  const struct scope *s = NULL;
  struct find_query q = find_query(tx_arena(tx), &l->typed);
  enum code c = access_open_network(tx, l->who, ACTION_PERSON_FIND, &s, e);
  return c == OK ? person_find(tx, s, &q, tx_arena(tx), &l->f, e) : c;
}

static struct find_answer by(const struct visitor *who, const char *name, const char *birth, const char *phone)
{
  struct err e = {0};
  struct looking l = {.who = &who->actor,
                      .typed = {.name = str_from(name), .birth_iso = str_from(birth), .phone = str_from(phone)}};
  ok(world_read(&town.w, NULL, look, &l, &e));
  return l.f;
}

static bool hit(const struct find_answer *f, const struct world_case *c)
{
  for (size_t i = 0; i < f->count; i++)
    if (f->hits[i].person == c->person)
      return true;
  return false;
}

static void a_name_is_found_in_any_script_with_one_slip(void **state)
{
  static const char *const ways[] = {"高崎斉太郎",         "髙﨑　齋太郎",       "高崎",
                                     "ﾀｶｻｷ ｻｲﾀﾛｳ",         "たかさきさいたろう", "たかさきさいたろお",
                                     "たかさきさたいろう", "たかさきいたろう",   "高崎斉次郎"};
  (void)state;
  for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
    struct find_answer f = by(&worker, ways[i], "", "");
    if (!hit(&f, &boy))
      fail_msg("not found by %s", ways[i]);
  }
  assert_int_equal(by(&worker, "たかさきさたろお", "", "").count, 0); /* two slips */
  assert_int_equal(by(&worker, "高", "", "").count, 0);               /* one letter asks for half the town */
  assert_int_equal(by(&worker, "", "", "").count, 0);
}

/* A slip of the order, in what is typed or in what was written down: both names, any script, also where nothing is known but that. */
static void names_the_other_way_round_are_found(void **state)
{
  static const struct {
    const char *typed;
    enum find_match match;
  } ways[] = {{"齋太郎 髙﨑", FIND_SAME},         {"斉太郎　高崎", FIND_SAME},         {"ｻｲﾀﾛｳ ﾀｶｻｷ", FIND_SAME},
              {"さいたろう たかさき", FIND_SAME}, {"さいたろお　たかさき", FIND_NEAR}, {"斉太郎高崎", FIND_NEAR},
              {"サイタロウタカサキ", FIND_NEAR}};
  (void)state;
  for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
    struct find_answer f = by(&worker, ways[i].typed, "", "");
    if (f.count != 1 || f.hits[0].person != boy.person || f.hits[0].clues.name != ways[i].match ||
        !f.hits[0].clues.turned)
      fail_msg("not found the other way round by %s", ways[i].typed);
    f = by(&worker, ways[i].typed, "2009-06-01", "");
    assert_true(f.likely); /* a second file is not begun */
    f = by(&npo_manager, ways[i].typed, "2009-06-01", "");
    assert_true(f.elsewhere && !f.count);
  }
  struct find_answer f = by(&worker, "髙﨑 齋太郎", "", "");
  assert_false(f.hits[0].clues.turned);
  assert_int_equal(by(&worker, "郎太 髙﨑", "", "").count, 0);  /* another name */
  assert_int_equal(by(&worker, "崎太郎斉高", "", "").count, 0); /* the same letters in another order */
  struct world_case wrong = registered(&worker, "太郎 山田", "たろう やまだ", (struct date){2010, 1, 9}, "", "");
  f = by(&worker, "山田 太郎", "2010-01-09", "");
  assert_true(f.count >= 1 && f.hits[0].person == wrong.person && f.likely && f.hits[0].clues.turned);
  f = by(&worker, "やまだたろう", "2010-01-09", "");
  assert_true(f.count >= 1 && f.hits[0].person == wrong.person && f.likely);
}

/* A table of people is asked likewise. */
static enum code look_many(struct tx *tx, void *arg, struct err *e)
{
  struct find_many *ret = arg;
  const struct scope *s = NULL;
  const struct find_query q[] = {
      find_query(tx_arena(tx), &(struct find_typed){.name = S("齋太郎 髙﨑"), .birth_iso = S("2009-06-01")}),
      find_query(tx_arena(tx), &(struct find_typed){.kana = S("ﾘｸ ﾜﾀﾅﾍﾞ"), .birth_iso = S("2008-11-02")}),
      find_query(tx_arena(tx), &(struct find_typed){.name = S("だれか べつの"), .birth_iso = S("2009-06-01")})};
  enum code c = access_open_network(tx, &worker.actor, ACTION_PERSON_FIND, &s, e);
  if (c == OK)
    c = person_find_many(tx, s, q, 3, tx_arena(tx), ret, e);
  assert_true(c != OK || (ret->count == 1 && ret->pairs[0].query == 0 && ret->pairs[0].person == boy.person));
  assert_true(c != OK || (!ret->elsewhere[0] && ret->elsewhere[1] && !ret->elsewhere[2]));
  return c;
}

static void a_table_of_people_finds_names_the_other_way_round(void **state)
{
  struct err e = {0};
  struct find_many many = {0};
  (void)state;
  ok(world_read(&town.w, NULL, look_many, &many, &e));
}

static void birth_date_and_telephone_find_too(void **state)
{
  (void)state;
  struct find_answer f = by(&worker, "", "2009-06-01", "");
  assert_true(hit(&f, &boy) && f.count == 1);
  static const char *const phones[] = {"09011112222", "０９０（１１１１）２２２２", "+81 90 1111 2222", "2222",
                                       "09011112223", "086-222-3333 内線12"};
  for (size_t i = 0; i < sizeof phones / sizeof *phones; i++) {
    f = by(&worker, "", "", phones[i]);
    if (!hit(&f, &boy))
      fail_msg("not found by %s", phones[i]);
  }
  f = by(&worker, "たかさき", "2011-12-03", ""); /* day and month changed places */
  assert_int_equal(f.hits[0].person, sister.person);
  assert_int_equal(f.hits[0].clues.birth, FIND_NEAR);
  f = by(&worker, "高崎斎太郎", "2009-06-07", "090-1111-2223");
  assert_int_equal(f.hits[0].person, boy.person);
  assert_true(f.likely);
}

static void others_are_told_only_that_somebody_may_know(void **state)
{
  (void)state;
  struct find_answer f = by(&npo_manager, "高崎斉太郎", "2009-06-01", "");
  assert_int_equal(f.count, 0);
  assert_true(f.elsewhere);
  f = by(&colleague, "渡辺陸", "", "080-5555-6666"); /* a colleague sees what he works on */
  assert_true(f.elsewhere && f.count == 0);
  f = by(&manager, "高崎斉太郎", "2009-06-01", ""); /* a manager the whole office's */
  assert_true(!f.elsewhere && hit(&f, &boy) && f.likely);
  assert_false(by(&npo_manager, "高崎斉太郎", "", "").elsewhere); /* a name alone asks for nobody */
  assert_false(by(&npo_manager, "高崎", "2009-06-01", "").elsewhere);
  assert_false(by(&npo_manager, "", "2009-06-01", "").elsewhere);
  assert_false(by(&npo_manager, "高崎斉太郎", "2010-07-02", "").elsewhere);
}

/* ---- those who do not answer -------------------------------------------------------------------------------------------------------- */

STMT_WRITE(q_conceal, "tf_conceal",
           "INSERT INTO concealment (network_id, id, person_id, items, from_at, until_at, created_by)"
           " VALUES ($1, $2, $3, $4, $5, $6, 1)");
STMT_WRITE(q_bar, "tf_bar",
           "INSERT INTO restriction (network_id, id, person_id, user_id, categories, from_at, created_by)"
           " VALUES ($1, $2, $3, $4, 1, $5, 1)");

struct fact {
  id64 person, user;
  bool ended;
};

static enum code conceal(struct tx *tx, void *arg, struct err *e)
{
  const struct fact *f = arg;
  return db_exec(tx, &q_conceal, NULL, e,
                 BINDS(b_int(tx_network(tx)), b_int(id_new(tx_now(tx))), b_int(f->person), b_int(ITEM_PHONE),
                       b_int(tx_now(tx) - MS_HOUR), b_opt(f->ended ? tx_now(tx) - MS_MINUTE : 0)));
}

static enum code bar(struct tx *tx, void *arg, struct err *e)
{
  const struct fact *f = arg;
  return db_exec(tx, &q_bar, NULL, e,
                 BINDS(b_int(tx_network(tx)), b_int(id_new(tx_now(tx))), b_int(f->person), b_int(f->user),
                       b_int(tx_now(tx) - MS_HOUR)));
}

static void what_is_concealed_never_answers(void **state)
{
  struct err e = {0};
  (void)state;
  struct world_case her =
      registered(&worker, "秘野 みお", "ひの みお", (struct date){2010, 1, 5}, "070-9999-8888", "070-9999-7777");
  struct fact f = {.person = her.person, .ended = true};
  ok(world_write(&town.w, NULL, conceal, &f, &e));
  assert_true(by(&npo_manager, "秘野みお", "2010-01-05", "").elsewhere); /* a measure that is over */
  f.ended = false;
  ok(world_write(&town.w, NULL, conceal, &f, &e));
  assert_false(by(&npo_manager, "秘野みお", "2010-01-05", "070-9999-8888").elsewhere);
  struct find_answer own = by(&worker, "", "", "070-9999-8888");
  assert_int_equal(own.count, 0);
  own = by(&worker, "", "", "070-9999-7777"); /* nor the mother's */
  assert_int_equal(own.count, 0);
  own = by(&worker, "秘野みお", "", "070-9999-8888");
  assert_true(hit(&own, &her)); /* by the name, as in the list */
  assert_int_equal(own.hits[0].clues.phone, FIND_NONE);
}

static void who_is_barred_learns_nothing(void **state)
{
  struct err e = {0};
  (void)state;
  struct world_case kin = registered(&worker, "縁野 者", "えんの もの", (struct date){2007, 2, 3}, "", "");
  assert_true(by(&npo_manager, "縁野者", "2007-02-03", "").elsewhere);
  struct fact f = {.person = kin.person, .user = npo_manager.actor.user};
  ok(world_write(&town.w, NULL, bar, &f, &e));
  assert_false(by(&npo_manager, "縁野者", "2007-02-03", "").elsewhere);
  assert_true(by(&colleague, "縁野者", "2007-02-03", "").elsewhere);
}

/* ---- what is not shared does not answer, what changed answers as it is ---------------------------------------------------------------- */

static enum code rename_boy(struct tx *tx, void *arg, struct err *e)
{
  const struct scope *s = NULL;
  enum code c = access_open(tx, &worker.actor, ACTION_PERSON_WRITE, sister.person, &s, e);
  if (c == OK)
    c = person_put(tx, s, ATTRIBUTE_NAME, str_from(arg), SOURCE_PERSON, e);
  return c == OK ? person_put(tx, s, ATTRIBUTE_KANA, STR_NONE, SOURCE_PERSON, e) : c;
}

static void a_new_name_finds_and_the_old_one_no_more(void **state)
{
  struct err e = {0};
  (void)state;
  ok(world_write(&town.w, &worker.actor, rename_boy, "杉野 はな", &e));
  struct find_answer f = by(&worker, "杉野はな", "", ""), old = by(&worker, "たかさきはな", "", "");
  assert_true(hit(&f, &sister));
  assert_false(hit(&old, &sister));
  ok(world_write(&town.w, &worker.actor, rename_boy, "髙﨑 はな", &e));
}

static enum code forget(struct tx *tx, void *arg, struct err *e);
STMT_WRITE(q_forget, "tf_forget", "DELETE FROM person_probe WHERE network_id = $1");

static enum code forget(struct tx *tx, void *arg, struct err *e)
{
  (void)arg;
  return db_exec(tx, &q_forget, NULL, e, BINDS(b_int(tx_network(tx))));
}

static void what_people_are_found_by_is_made_again_where_it_is_missing(void **state)
{
  struct err e = {0};
  (void)state;
  ok(world_write(&town.w, NULL, forget, NULL, &e));
  assert_int_equal(by(&worker, "高崎斉太郎", "2009-06-01", "").count, 0);
  ok(person_find_fill(town.w.store.db, town.w.network, &e));
  struct find_answer f = by(&worker, "高崎斉太郎", "2009-06-01", "0862223333");
  assert_true(hit(&f, &boy));
  assert_int_equal(f.hits[0].clues.phone, FIND_SAME);
  ok(person_find_fill(town.w.store.db, town.w.network, &e)); /* nothing to do */
}

/* ---- the page --------------------------------------------------------------------------------------------------------------------------- */

static long persons(void)
{
  return strtol(store_ask(&town.w.store, "SELECT CAST(count(*) AS TEXT) FROM person"), NULL, 10);
}

#define WHO(name, y, m, d) "name=" name "&birth.era=&birth.y=" y "&birth.m=" m "&birth.d=" d "&origin=phone&density=B"

static void who_begins_without_a_look_is_stopped_once(void **state)
{
  long before = persons();
  (void)state;
  assert_int_equal(served_post(&town, &worker, "/cases/new",
                               WHO("%E9%AB%98%E5%B4%8E%E6%96%89%E5%A4%AA%E9%83%8E", "2009", "6", "1"), 0),
                   422);
  assert_non_null(strstr(town.page.body, "確かめました。別の人として"));
  assert_non_null(strstr(town.page.body, served_path("/cases/", boy.case_id, "")));
  assert_int_equal(persons(), before);
  served_do(&town, &worker, "/cases/new",
            WHO("%E9%AB%98%E5%B4%8E%E6%96%89%E5%A4%AA%E9%83%8E", "2009", "6", "1") "&other_person=1");
  assert_int_equal(persons(), before + 1);
  /* Nobody like that, and the same submit twice: one person. */
  static const char twice[] = "_key=twice-12345678&" WHO("%E4%B8%80%E4%BA%8C%E4%B8%89", "2001", "5", "6");
  char first[PATH_SIZE], body[600];
  snprintf(body, sizeof body, "_csrf=%s&%s", worker.csrf, twice);
  for (int i = 0; i < 2; i++) {
    assert_int_equal(
        served_post_raw(&town, &worker, "/cases/new", "application/x-www-form-urlencoded", body, strlen(body)), 200);
    if (i)
      assert_string_equal(town.page.body, first);
    snprintf(first, sizeof first, "%s", town.page.body);
  }
  assert_int_equal(persons(), before + 2);
}

static void the_page_tells_others_no_more_than_a_hint(void **state)
{
  (void)state;
  assert_int_equal(served_post(&town, &npo_manager, "/cases/find",
                               "q=%E9%AB%98%E5%B4%8E%E6%96%89%E5%A4%AA%E9%83%8E&tel=09011112222", 0),
                   200);
  assert_non_null(strstr(town.page.body, "すでに知っている機関があるかもしれません"));
  assert_null(strstr(town.page.body, served_path("/cases/", boy.case_id, "")));
  assert_null(strstr(town.page.body, "子ども若者支援課"));
  assert_null(strstr(town.page.body, "髙﨑"));
  assert_int_equal(
      served_post(&town, &npo_manager, "/cases/find", "q=%E9%AB%98%E5%B4%8E%E6%96%89%E5%A4%AA%E9%83%8E", 0), 200);
  assert_null(strstr(town.page.body, "すでに知っている機関があるかもしれません"));
  assert_int_equal(served_post(&town, &worker, "/cases/find", "born.era=H&born.y=40&born.m=1&born.d=1", 0), 422);
  assert_int_equal(served_post(&town, &npo_manager, "/cases/new",
                               WHO("%E9%AB%98%E5%B4%8E%E6%96%89%E5%A4%AA%E9%83%8E", "2009", "6", "1"), 0),
                   422);
  assert_non_null(strstr(town.page.body, "すでに知っている機関があるかもしれません"));
}

STORE_MAIN_SETUP(start, stop, cmocka_unit_test(a_name_is_found_in_any_script_with_one_slip),
                 cmocka_unit_test(names_the_other_way_round_are_found),
                 cmocka_unit_test(a_table_of_people_finds_names_the_other_way_round),
                 cmocka_unit_test(birth_date_and_telephone_find_too),
                 cmocka_unit_test(others_are_told_only_that_somebody_may_know),
                 cmocka_unit_test(what_is_concealed_never_answers), cmocka_unit_test(who_is_barred_learns_nothing),
                 cmocka_unit_test(a_new_name_finds_and_the_old_one_no_more),
                 cmocka_unit_test(what_people_are_found_by_is_made_again_where_it_is_missing),
                 cmocka_unit_test(who_begins_without_a_look_is_stopped_once),
                 cmocka_unit_test(the_page_tells_others_no_more_than_a_hint))
