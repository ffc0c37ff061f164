/* basis.c: what is handed on by law, seen from the pages: who asks, who allows, what is possible at all, what it opens, and how the person hears of it. */
#include "crowd.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "basis/basis.h"

static struct crowd town;

STMT_WRITE(q_kind, "basis_test_kind",
           "UPDATE organization SET kind = $3, public_body = $4 WHERE network_id = $1 AND id = $2");
STMT_WRITE(q_stage, "basis_test_stage", "UPDATE network SET stage = $2, basis_off = $3 WHERE id = $1");

struct change {
  id64 organization;
  const char *kind, *stage, *off;
  bool public_body;
};

static enum code change(struct tx *tx, void *arg, struct err *e)
{
  const struct change *c = arg;
  if (c->stage)
    return db_exec(tx, &q_stage, NULL, e,
                   BINDS(b_int(tx_network(tx)), b_text(str_from(c->stage)), b_text(str_from(c->off))));
  return db_exec(
      tx, &q_kind, NULL, e,
      BINDS(b_int(tx_network(tx)), b_int(c->organization), b_text(str_from(c->kind)), b_bool(c->public_body)));
}

static void put(struct change c)
{
  struct err e = {0};
  ok(world_write(&town.s.w, NULL, change, &c, &e));
}

static int start(void **state)
{
  crowd_new(&town, NULL);
  put((struct change){.organization = town.city, .kind = "city", .public_body = true});
  put((struct change){.organization = town.third, .kind = "child_guidance", .public_body = true});
  put((struct change){.stage = "preparing", .off = "support_meeting needy_meeting"});
  return 0;
}

static int stop(void **state)
{
  crowd_free(&town);
  return 0;
}

static const char *day(int after)
{
  static char text[4][16];
  static int at;
  struct date d = date_add_days(date_of_ts(clock_now()), after);
  snprintf(text[at = (at + 1) % 4], 16, "%04d-%02d-%02d", d.year, d.month, d.day);
  return text[at];
}

static id64 newest(void)
{
  return strtoll(store_ask(&town.s.w.store, "SELECT CAST(MAX(id) AS text) FROM legal_basis"), NULL, 10);
}

/* 「R8-0012」を…へ: as it stands in a line of today. */
static const char *numbered(const struct shared_case *c)
{
  static char text[60];
  char sql[160];
  snprintf(sql, sizeof sql, "SELECT number FROM case_file WHERE id = %lld", (long long)c->c.case_id);
  snprintf(text, sizeof text, "「%s」を", store_ask(&town.s.w.store, sql));
  return text;
}

#define CASE(tail) served_path("/cases/", c->c.case_id, tail)
#define ID(id) served_path("", id, "")
#define TERMS                                                                                                          \
  "categories=basic&categories=contact&purpose=PURPOSEQ&necessity=NEEDQ&weighing=WEIGHQ&why=unreachable&from=%s&"      \
  "until=%s&"                                                                                                          \
  "tell=after&tell_due=%s"
#define DAYS day(0), day(30), day(10)

static int ask(const struct visitor *v, const struct shared_case *c, id64 to, const char *code)
{
  return served_form(&town.s, v, CASE("/bases/new"), "to=%s&code=%s&" TERMS, ID(to), code, DAYS);
}

static int decide(const struct visitor *v, const struct shared_case *c, id64 basis, const char *decision)
{
  return served_form(&town.s, v, CASE("/bases/decide"), "basis=%s&decision=%s", ID(basis), decision);
}

/* ---- the table ----------------------------------------------------------------------------------------------------------------- */

static bool lawful(const char *from, bool from_public, const char *to, bool to_public, const char *circle,
                   const char *stage, const char *off, const char *code)
{
  struct basis_body giver = {str_from(from), str_from(circle), from_public},
                    receiver = {str_from(to), str_from(circle), to_public};
  struct basis_town t = {str_from(stage), str_from(off)};
  return basis_lawful(&t, &giver, &receiver, str_from(code));
}

static void what_is_possible_is_what_the_laws_say(void **state)
{
#define L(from, fp, to, tp, code) lawful(from, fp, to, tp, "network", "established", "", code)
  assert_true(L("city", true, "city", true, "internal_use"));
  assert_false(L("city", true, "school", true, "internal_use")); /* another body */
  assert_true(L("city", true, "school", true, "public_body"));
  assert_false(L("city", true, "npo", false, "public_body")); /* not from a city to an NPO */
  assert_false(L("city", true, "npo", false, "internal_use"));
  assert_true(L("city", true, "npo", false, "plain_benefit"));
  assert_false(L("npo", false, "city", true, "plain_benefit")); /* the article binds public bodies */
  assert_true(L("npo", false, "child_guidance", true, "notification"));
  assert_true(L("company", false, "city", true, "notification"));
  assert_false(L("city", true, "npo", false, "notification"));
  assert_true(L("hospital", false, "child_guidance", true, "abuse_request"));
  assert_false(L("company", false, "child_guidance", true, "abuse_request"));
  assert_false(L("school", true, "npo", false, "abuse_request"));
  assert_false(L("npo", false, "npo", false, "council_request"));
  assert_true(lawful("npo", false, "npo", false, "council", "established", "", "council_request"));
  assert_false(lawful("npo", false, "npo", false, "council", "preparing", "", "council_request"));
  assert_false(lawful("npo", false, "npo", false, "council", "established", "needy_meeting", "needy_meeting"));
  assert_true(lawful("npo", false, "npo", false, "council", "established", "needy_meeting", "support_meeting"));
  assert_true(L("npo", false, "hospital", false, "emergency"));
  assert_false(L("npo", false, "hospital", false, "something_else"));
#undef L
}

static void what_no_law_allows_is_refused_and_told_what_is_possible(void **state)
{
  struct shared_case made = crowd_case(&town, STATE_DRAFT, NULL), *c = &made;
  const struct visitor *worker = &town.who[WHO_WORKER];
  assert_int_equal(ask(worker, c, town.receiver, "public_body"), 422);
  assert_non_null(strstr(town.s.page.body, "明らかに本人の利益になるとき"));
  assert_non_null(strstr(town.s.page.body, "生命・身体・財産の保護"));
  assert_null(strstr(town.s.page.body, "支援会議（社会福祉法）"));
  assert_int_equal(ask(worker, c, town.receiver, "council_request"), 422);
  assert_int_equal(ask(worker, c, town.receiver, "needy_meeting"), 422);
  assert_int_equal(ask(worker, c, town.city, "emergency"), 422); /* to oneself */
  assert_int_equal(ask(worker, c, c->c.case_id, "emergency"), 422);

  /* the form offers what is possible between the two, and nothing else */
  char path[PATH_SIZE];
  snprintf(path, sizeof path, "%s?to=%s", CASE("/bases/new"), ID(town.receiver));
  assert_true(served_shows(&town.s, worker, path, "value=\"plain_benefit\""));
  assert_null(strstr(town.s.page.body, "value=\"public_body\""));
  snprintf(path, sizeof path, "%s?to=%s", CASE("/bases/new"), ID(town.third));
  assert_true(served_shows(&town.s, worker, path, "value=\"public_body\""));
  assert_null(strstr(town.s.page.body, "value=\"internal_use\""));
}

static void every_field_that_the_law_asks_for_must_be_there(void **state)
{
  static const char *const parts[] = {"categories=basic", "purpose=p",   "necessity=n", "weighing=w",
                                      "why=danger",       "from=",       "until=",      "tell=after",
                                      "tell_due=",        "asked=letter"};
  enum { PARTS = sizeof parts / sizeof *parts };
  struct shared_case made = crowd_case(&town, STATE_DRAFT, NULL), *c = &made;
  const struct visitor *worker = &town.who[WHO_WORKER];
  for (int without = 0; without <= PARTS; without++) {
    char body[1000];
    int n = snprintf(body, sizeof body, "to=%s&code=abuse_request", ID(town.third));
    for (int i = 0; i < PARTS; i++) {
      char part[100];
      bool dated = parts[i][strlen(parts[i]) - 1] == '=';
      snprintf(part, sizeof part, "%s%s", parts[i], dated ? day(i == 5 ? 0 : 20) : "");
      n += i == without ? 0 : snprintf(body + n, sizeof body - (size_t)n, "&%s", part);
    }
    assert_int_equal(served_form(&town.s, worker, CASE("/bases/new"), "%s", body), without == PARTS ? 303 : 422);
  }
  assert_int_equal(served_form(&town.s, worker, CASE("/bases/new"), "to=%s&code=public_body&" TERMS, ID(town.third),
                               day(-1), day(30), day(10)),
                   422);
  assert_int_equal(served_form(&town.s, worker, CASE("/bases/new"), "to=%s&code=public_body&" TERMS, ID(town.third),
                               day(2), day(1), day(10)),
                   422);
  assert_int_equal(served_form(&town.s, worker, CASE("/bases/new"), "to=%s&code=public_body&" TERMS, ID(town.third),
                               day(0), day(800), day(10)),
                   422);
}

/* ---- what it opens ----------------------------------------------------------------------------------------------------------------- */

static void a_law_opens_when_another_one_allowed_it_until_it_ends(void **state)
{
  struct shared_case made = crowd_case(&town, STATE_DRAFT, NULL), *c = &made;
  const struct visitor *worker = &town.who[WHO_WORKER], *manager = &town.who[WHO_MANAGER];
  const struct visitor *third = &town.who[WHO_THIRD_MANAGER];
  assert_int_equal(ask(worker, c, town.third, "public_body"), 303);
  id64 basis = newest();
  assert_true(served_shows(&town.s, manager, "/today", numbered(c)));
  assert_false(served_shows(&town.s, worker, "/today", numbered(c)));
  assert_int_equal(served_get(&town.s, third, CASE(""), WANT_HTML), 404);
  assert_false(served_shows(&town.s, third, "/bases", "PURPOSEQ"));
  assert_int_equal(decide(worker, c, basis, "allow"), 403);
  assert_int_equal(decide(third, c, basis, "allow"), 404);
  assert_int_equal(decide(manager, c, basis, "allow"), 303);
  assert_int_equal(decide(manager, c, basis, "refuse"), 409);

  id64 connection = world_send(&town.s.w, &worker->actor, &c->c, town.third, "help");
  assert_int_equal(served_get(&town.s, third, served_path("/connections/", connection, ""), WANT_HTML), 200);
  assert_int_equal(served_get(&town.s, third, CASE(""), WANT_HTML), 200);

  assert_int_equal(served_form(&town.s, third, CASE("/bases/end"), "basis=%s", ID(basis)), 403); /* not theirs to end */
  assert_int_equal(served_form(&town.s, worker, CASE("/bases/end"), "basis=%s", ID(basis)), 303);
  assert_int_equal(served_form(&town.s, worker, CASE("/bases/end"), "basis=%s", ID(basis)), 409);
  assert_int_equal(served_get(&town.s, third, CASE(""), WANT_HTML), 404);
  assert_true(served_shows(&town.s, worker, served_path("/connections/", connection, ""), "取り消されました"));
}

static void whoever_asked_does_not_allow_it(void **state)
{
  struct shared_case made = crowd_case(&town, STATE_DRAFT, NULL), *c = &made;
  const struct visitor *manager = &town.who[WHO_MANAGER];
  assert_int_equal(ask(manager, c, town.third, "public_body"), 303);
  id64 basis = newest();
  assert_int_equal(decide(manager, c, basis, "allow"), 403);
  struct visitor other = served_member(&town.s, town.city, ROLE_MANAGER, "もう一人の長");
  assert_int_equal(decide(&other, c, basis, "refuse"), 303);
  assert_true(served_shows(&town.s, manager, CASE("/bases"), "認められませんでした"));
}

/* A partner of the case hears of nothing; the receiver of what is opened to it, not of the reasons. */
static void the_reasons_stay_with_who_gave_them(void **state)
{
  struct shared_case made = crowd_case(&town, STATE_SHARED, NULL), *c = &made;
  const struct visitor *worker = &town.who[WHO_WORKER], *partner = &town.who[WHO_RECEIVER_MANAGER];
  assert_int_equal(ask(worker, c, town.third, "notification"), 303);
  assert_int_equal(decide(&town.who[WHO_MANAGER], c, newest(), "allow"), 303);
  assert_true(served_shows(&town.s, worker, CASE("/bases"), "NEEDQ"));
  assert_false(served_shows(&town.s, partner, CASE("/bases"), "児童福祉法 第25条"));
  assert_false(served_shows(&town.s, partner, "/bases", "児童福祉法 第25条"));
  assert_int_equal(ask(worker, c, town.receiver, "plain_benefit"), 303);
  id64 basis = newest();
  assert_false(served_shows(&town.s, partner, CASE("/bases"), "PURPOSEQ"));
  assert_int_equal(decide(&town.who[WHO_MANAGER], c, basis, "allow"), 303);
  assert_true(served_shows(&town.s, partner, CASE("/bases"), "PURPOSEQ"));
  assert_null(strstr(town.s.page.body, "NEEDQ"));
  assert_null(strstr(town.s.page.body, "WEIGHQ"));
  assert_null(strstr(town.s.page.body, "連絡がつかない"));
}

static void the_day_asks_until_the_person_was_told(void **state)
{
  struct shared_case made = crowd_case(&town, STATE_DRAFT, NULL), *c = &made;
  const struct visitor *worker = &town.who[WHO_WORKER];
  const char *line = "本人に知らせてください";
  assert_int_equal(ask(worker, c, town.third, "public_body"), 303);
  id64 basis = newest();
  assert_int_equal(decide(&town.who[WHO_MANAGER], c, basis, "allow"), 303);
  assert_true(served_shows(&town.s, worker, "/today", line));
  assert_non_null(strstr(town.s.page.body, numbered(c)));
  assert_false(served_shows(&town.s, &town.who[WHO_WORKER_OFF], "/today", numbered(c)));
  assert_true(served_shows(&town.s, worker, "/bases?state=to_tell", "までに知らせます"));
  assert_int_equal(served_form(&town.s, worker, CASE("/bases/told"), "basis=%s&day=%s", ID(basis), day(1)), 422);
  assert_int_equal(served_form(&town.s, worker, CASE("/bases/told"), "basis=%s&day=%s&how=letter", ID(basis), day(0)),
                   303);
  assert_int_equal(served_form(&town.s, worker, CASE("/bases/told"), "basis=%s&day=%s", ID(basis), day(0)), 409);
  (void)served_get(&town.s, worker, "/today", WANT_HTML);
  assert_null(strstr(town.s.page.body, numbered(c)));
}

/* ---- the register ------------------------------------------------------------------------------------------------------------------ */

static void the_register_has_what_was_handed_on_and_no_name(void **state)
{
  struct shared_case made = crowd_case(&town, STATE_SHARED, NULL), *c = &made;
  const struct visitor *worker = &town.who[WHO_WORKER];
  struct visitor fresh = served_member(&town.s, town.fourth, ROLE_WORKER, "はじめての人");
  assert_true(served_shows(&town.s, &fresh, "/bases", "法令により渡したものは、まだありません。"));
  assert_int_equal(ask(worker, c, town.receiver, "emergency"), 303);
  assert_true(served_shows(&town.s, worker, "/bases?code=emergency&state=waits", "生命・身体・財産の保護"));
  assert_null(strstr(town.s.page.body, "花子"));
  assert_int_equal(decide(&town.who[WHO_MANAGER], c, newest(), "allow"), 303);
  assert_false(
      served_shows(&town.s, worker, "/bases?code=emergency&state=waits", "第69条第2項第4号")); /* it waits no more */
  assert_true(served_shows(&town.s, worker, "/bases?code=emergency&state=holds&sort=end", "第69条第2項第4号"));
  assert_int_equal(served_get(&town.s, worker, "/bases?state=9", WANT_HTML), 422);
  assert_int_equal(served_get(&town.s, worker, "/bases.csv?code=emergency&encoding=cp932", WANT_HTML), 200);
  assert_int_equal(served_get(&town.s, worker, "/bases.csv?code=emergency", WANT_HTML), 200);
  assert_non_null(strstr(town.s.page.body, "PURPOSEQ"));
  assert_non_null(strstr(town.s.page.body, "連絡がつかない"));
  assert_null(strstr(town.s.page.body, "花子"));
  assert_int_equal(served_get(&town.s, &town.who[WHO_RECEIVER_MANAGER], "/bases.csv?code=emergency", WANT_HTML), 200);
  assert_non_null(strstr(town.s.page.body, "PURPOSEQ"));
  assert_null(strstr(town.s.page.body, "連絡がつかない"));
}

/* ---- what is said where nothing stands ------------------------------------------------------------------------------------------- */

#define SAYS(by, tail, text) served_shows(&town.s, &town.who[by], CASE(tail), text)

/* That there is nothing is told to those alone to whom it would be shown. */
static void that_nothing_stands_is_told_to_who_would_see_it(void **state)
{
  struct shared_case made = crowd_case(&town, STATE_DRAFT, NULL), *c = &made;
  struct shared_case sent = crowd_case(&town, STATE_SHARED, &(struct crowd_fill){.given = CAT_BASIC});
  assert_true(SAYS(WHO_WORKER, "", "いま有効な同意はありません"));
  assert_non_null(strstr(town.s.page.body, "ほかの機関からは何も見えません"));
  assert_non_null(strstr(town.s.page.body, "id=\"con-h\""));
  assert_false(SAYS(WHO_VOLUNTEER, "", "いま有効な同意はありません"));
  assert_int_equal(town.s.page.status, 200);
  assert_null(strstr(town.s.page.body, "つないでいません"));
  assert_null(strstr(town.s.page.body, "id=\"consents-h\""));
  assert_null(strstr(town.s.page.body, "id=\"con-h\""));
  c = &sent;
  assert_false(SAYS(WHO_RECEIVER_WORKER, "", "何も見えません"));
  assert_int_equal(town.s.page.status, 200);
  assert_true(served_shows(&town.s, &town.who[WHO_WORKER], served_path("/sheets/", c->sheet, ""), "送った先"));
  assert_false(
      served_shows(&town.s, &town.who[WHO_RECEIVER_WORKER], served_path("/sheets/", c->sheet, ""), "送った先"));
  assert_int_equal(town.s.page.status, 200);
  assert_false(SAYS(WHO_RECEIVER_WORKER, "/family", "家族のことが書かれていません"));
  assert_non_null(strstr(town.s.page.body, "あなたには開かれていません"));
  assert_false(SAYS(WHO_WORKER, "/family", "あなたには開かれていません"));
}

/* That a case begins here is for who would read what was written. */
static void that_nothing_was_written_is_told_to_who_would_read_it(void **state)
{
  struct shared_case made = crowd_case(&town, STATE_DRAFT, NULL), *c = &made;
  static const enum who others[] = {WHO_CLERK, WHO_VOLUNTEER, WHO_COORDINATOR};
  assert_false(SAYS(WHO_WORKER, "?show=conference", "ここから始まります"));
  assert_non_null(strstr(town.s.page.body, "これに当てはまるものはありません"));
  for (size_t i = 0; i < sizeof others / sizeof *others; i++)
    assert_false(SAYS(others[i], "", "ここから始まります"));
  assert_true(SAYS(WHO_CLERK, "", "経過の記録は、あなたの役割では読めません"));
  struct shared_case sent = crowd_case(&town, STATE_SHARED, &(struct crowd_fill){.given = CAT_BASIC});
  c = &sent;
  assert_false(SAYS(WHO_RECEIVER_WORKER, "", "ここから始まります"));
  assert_int_equal(town.s.page.status, 200);
  sent.c = world_case(&town.s.w, &town.who[WHO_WORKER].actor, "試験 三郎", (struct date){2009, 6, 1});
  assert_true(SAYS(WHO_WORKER, "", "ここから始まります"));
}

static void who_may_not_begin_a_case_is_not_asked_to(void **state)
{
  assert_false(served_shows(&town.s, &town.who[WHO_CLERK_OFF], "/cases", "相談を受けるところから"));
  assert_int_equal(town.s.page.status, 200);
  assert_non_null(strstr(town.s.page.body, "いま、あなたが見られるケースはありません"));
  assert_true(served_shows(&town.s, &town.who[WHO_WORKER_OFF], "/cases", "相談を受けるところから"));
}

static void where_a_law_opens_it_is_not_said_that_nobody_sees(void **state)
{
  struct shared_case made = crowd_case(&town, STATE_DRAFT, NULL), *c = &made;
  assert_int_equal(ask(&town.who[WHO_WORKER], c, town.third, "public_body"), 303);
  id64 basis = newest();
  assert_true(SAYS(WHO_WORKER, "", "何も見えません")); /* not allowed yet */
  assert_int_equal(decide(&town.who[WHO_MANAGER], c, basis, "allow"), 303);
  assert_false(SAYS(WHO_WORKER, "", "何も見えません"));
  assert_non_null(strstr(town.s.page.body, "いま有効な同意はありません"));
  assert_non_null(strstr(town.s.page.body, "法令により、1か所に開いています"));
  assert_non_null(strstr(town.s.page.body, CASE("/bases")));
  assert_false(SAYS(WHO_VOLUNTEER, "", "法令により"));
  assert_int_equal(served_form(&town.s, &town.who[WHO_WORKER], CASE("/bases/end"), "basis=%s", ID(basis)), 303);
  assert_true(SAYS(WHO_WORKER, "", "何も見えません"));
}

STORE_MAIN_SETUP(start, stop, cmocka_unit_test(what_is_possible_is_what_the_laws_say),
                 cmocka_unit_test(what_no_law_allows_is_refused_and_told_what_is_possible),
                 cmocka_unit_test(every_field_that_the_law_asks_for_must_be_there),
                 cmocka_unit_test(a_law_opens_when_another_one_allowed_it_until_it_ends),
                 cmocka_unit_test(whoever_asked_does_not_allow_it),
                 cmocka_unit_test(the_reasons_stay_with_who_gave_them),
                 cmocka_unit_test(the_day_asks_until_the_person_was_told),
                 cmocka_unit_test(the_register_has_what_was_handed_on_and_no_name),
                 cmocka_unit_test(that_nothing_stands_is_told_to_who_would_see_it),
                 cmocka_unit_test(that_nothing_was_written_is_told_to_who_would_read_it),
                 cmocka_unit_test(who_may_not_begin_a_case_is_not_asked_to),
                 cmocka_unit_test(where_a_law_opens_it_is_not_said_that_nobody_sees))
