/* renewal.c: a consent is asked for again before it ends; what people are told has versions; what a town may set, and what follows at once. */
#include "crowd.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"

static struct crowd town;

static const char *ask(const char *sql)
{
  return store_ask(&town.s.w.store, sql);
}

STMT_WRITE(q_until, "re_until", "UPDATE consent SET until_at = $3 WHERE network_id = $1 AND id = $2");

struct ending {
  id64 consent;
  ts_t at;
};

static enum code put_end(struct tx *tx, void *arg, struct err *e)
{
  const struct ending *x = arg;
  return db_exec(tx, &q_until, NULL, e, BINDS(b_int(tx_network(tx)), b_int(x->consent), b_int(x->at)));
}

/* From now, in days. */
static void ends(const struct shared_case *c, int days)
{
  struct err e = {0};
  struct ending x = {c->consent, clock_now() + (ts_t)days * MS_DAY};
  ok(world_write(&town.s.w, NULL, put_end, &x, &e));
}

#define CASE(tail) served_path("/cases/", c->c.case_id, tail)
#define ID(id) served_path("", id, "")

static const char *line_of(const struct shared_case *c)
{
  static char text[60];
  char sql[160];
  snprintf(sql, sizeof sql, "SELECT number FROM case_file WHERE id = %lld", (long long)c->c.case_id);
  snprintf(text, sizeof text, "<span class=\"day-sub\">%s ", ask(sql));
  return text;
}

/* ---- asking again ---------------------------------------------------------------------------------------------------------------- */

#define ANSWER                                                                                                         \
  "by=person&purpose=p&from=%s&until=%s&how=written&explained=1&preset=detail&older=keep&recipients=%s&cells=%s."      \
  "basic&answer=%s"

static int answers(const struct visitor *v, const struct shared_case *c, int days, const char *answer)
{
  char to[40], from[16], until[16];
  struct date today = date_of_ts(clock_now()), end = date_add_days(today, days);
  snprintf(to, sizeof to, "%s", ID(town.receiver));
  snprintf(from, sizeof from, "%04d-%02d-%02d", today.year, today.month, today.day);
  snprintf(until, sizeof until, "%04d-%02d-%02d", end.year, end.month, end.day);
  return served_form(&town.s, v, CASE("/consents/new"), ANSWER, from, until, to, to, answer);
}

static void what_ends_soon_stands_in_the_day_until_it_was_asked_again(void **state)
{
  struct shared_case made = crowd_case(&town, STATE_SHARED, NULL), *c = &made;
  const struct visitor *worker = &town.who[WHO_WORKER];
  ends(c, 60);
  assert_false(served_shows(&town.s, worker, "/today", line_of(c)));
  ends(c, 20);
  assert_true(served_shows(&town.s, worker, "/today", line_of(c)));
  assert_non_null(strstr(town.s.page.body, "NPOあおばへの同意が"));
  assert_true(served_shows(&town.s, &town.who[WHO_MANAGER], "/today", line_of(c)));
  assert_false(served_shows(&town.s, &town.who[WHO_WORKER_OFF], "/today", line_of(c)));
  assert_false(served_shows(&town.s, &town.who[WHO_RECEIVER_MANAGER], "/today", line_of(c))); /* not theirs to ask */
  assert_false(served_shows(&town.s, &town.who[WHO_VOLUNTEER], "/today", line_of(c)));
  assert_int_equal(answers(worker, c, 10, "given"), 303); /* ends even sooner: nothing is settled by it */
  assert_true(served_shows(&town.s, worker, "/today", line_of(c)));
  assert_int_equal(answers(worker, c, 300, "given"), 303);
  assert_false(served_shows(&town.s, worker, "/today", line_of(c)));
}

static void a_no_is_an_answer_too_and_an_end_is_not_forgotten(void **state)
{
  struct shared_case made = crowd_case(&town, STATE_SHARED, NULL), *c = &made;
  const struct visitor *worker = &town.who[WHO_WORKER];
  ends(c, -3);
  assert_true(served_shows(&town.s, worker, "/today", line_of(c)));
  assert_non_null(strstr(town.s.page.body, "に終わりました"));
  assert_int_equal(answers(worker, c, 300, "refused"), 303);
  assert_false(served_shows(&town.s, worker, "/today", line_of(c)));
}

static int lines(const struct shared_case *c)
{
  int n = 0;
  assert_int_equal(served_get(&town.s, &town.who[WHO_WORKER], "/today", WANT_HTML), 200);
  for (const char *p = town.s.page.body; (p = strstr(p, line_of(c))); p++)
    n++;
  return n;
}

/* Person, mother, father: what was asked in one talk. */
static void consents_that_end_together_are_one_line_that_names_whose(void **state)
{
  struct shared_case made = crowd_case(&town, STATE_SHARED, NULL), *c = &made, mothers = made, fathers = made;
  const struct visitor *worker = &town.who[WHO_WORKER];
  (void)state;
  ends(c, 20);
  mothers.consent = world_consent(&town.s.w, &worker->actor, &c->c, PARTY_GUARDIAN, town.receiver, CAT_BASIC);
  ends(&mothers, 20);
  assert_int_equal(lines(c), 1);
  assert_non_null(strstr(town.s.page.body, "本人と保護者の同意。"));
  assert_int_equal(served_form(&town.s, worker, CASE("/guardians/new"),
                               "guardian_name=chichi&guardian_relation=father&guardian_authority=joint"),
                   303);
  fathers.c.guardian = strtoll(ask("SELECT CAST(max(id) AS text) FROM guardian"), NULL, 10);
  fathers.consent = world_consent(&town.s.w, &worker->actor, &fathers.c, PARTY_GUARDIAN, town.receiver, CAT_BASIC);
  ends(&fathers, 20);
  assert_int_equal(lines(c), 1);
  assert_non_null(strstr(town.s.page.body, "本人と保護者2人の同意。"));
  ends(&fathers, 12);
  assert_int_equal(lines(c), 2); /* another day is another talk */
  ends(&fathers, 20);
  assert_int_equal(answers(worker, c, 300, "given"), 303);
  assert_int_equal(lines(c), 1); /* the person has answered, they have not */
  assert_non_null(strstr(town.s.page.body, "保護者2人の同意。"));
  assert_null(strstr(town.s.page.body, "本人と保護者2人の同意。"));
}

static id64 newest_consent(const struct shared_case *c)
{
  char sql[160];
  snprintf(sql, sizeof sql, "SELECT CAST(max(id) AS text) FROM consent WHERE person_id = %lld", (long long)c->c.person);
  return strtoll(ask(sql), NULL, 10);
}

static void the_paper_to_take_a_consent_back_leads_to_what_stands_of_it(void **state)
{
  struct shared_case made = crowd_case(&town, STATE_SHARED, NULL), *c = &made;
  const struct visitor *worker = &town.who[WHO_WORKER];
  char one[40], two[40], path[PATH_SIZE], from[16];
  struct date today = date_of_ts(clock_now());
  (void)state;
  snprintf(from, sizeof from, "%04d-%02d-%02d", today.year, today.month, today.day);
  snprintf(one, sizeof one, "%s", ID(town.receiver));
  snprintf(two, sizeof two, "%s", ID(town.fourth));
  assert_int_equal(served_form(&town.s, worker, CASE("/consents/new"), ANSWER "&recipients=%s&cells=%s.basic", from,
                               "2100-03-31", one, one, "given", two, two),
                   303);
  id64 whole = newest_consent(c);
  snprintf(path, sizeof path, "%s", served_path("/consents/", whole, "/withdrawal.pdf"));
  assert_int_equal(served_get(&town.s, worker, path, WANT_HTML), 200);
  assert_int_equal(served_form(&town.s, worker, served_path("/consents/", whole, "/withdraw"),
                               "by=person&how=oral&organization=%s", two),
                   303);
  id64 rest = newest_consent(c);
  assert_true(rest != whole);
  assert_int_equal(served_get(&town.s, worker, path, WANT_HTML), 303);
  assert_string_equal(town.s.page.location, served_path("/consents/", rest, "/withdraw"));
  assert_int_equal(served_get(&town.s, worker, path, WANT_JSON), 409); /* a program is told by its code */
  assert_int_equal(served_form(&town.s, worker, served_path("/consents/", rest, "/withdraw"), "by=person&how=oral"),
                   303);
  snprintf(path, sizeof path, "%s", served_path("/consents/", rest, "/withdrawal.pdf"));
  if (served_get(&town.s, worker, path, WANT_HTML) != 303)
    fail_msg("%s", town.s.page.bytes);
  assert_non_null(strstr(town.s.page.location, "/consents"));
}

static void asking_again_begins_with_the_same_terms_and_no_answer(void **state)
{
  struct shared_case made = crowd_case(&town, STATE_SHARED, NULL), *c = &made;
  const struct visitor *worker = &town.who[WHO_WORKER];
  char path[PATH_SIZE], cell[80];
  ends(c, 20);
  snprintf(path, sizeof path, "%s?renew=%s", CASE("/consents/new"), ID(c->consent));
  snprintf(cell, sizeof cell, "value=\"%s.mental\" checked", ID(town.receiver));
  assert_true(served_shows(&town.s, worker, path, cell));
  assert_non_null(strstr(town.s.page.body, "value=\"detail\" checked"));
  assert_null(strstr(town.s.page.body, "value=\"given\" checked"));
  assert_null(strstr(town.s.page.body, "value=\"refused\" checked"));
  struct shared_case other = crowd_case(&town, STATE_SHARED, NULL);
  snprintf(path, sizeof path, "%s?renew=%s", CASE("/consents/new"), ID(other.consent));
  assert_int_equal(served_get(&town.s, worker, path, WANT_HTML), 404); /* somebody else's */
}

/* ---- what people are told ---------------------------------------------------------------------------------------------------------- */

#define TEXT_OF(letter)                                                                                                \
  "body=" letter "%%E8%%AA%%AC%%E6%%98%%8E+to+whom+what+for+what+until+when+and+that+it+may+be+withdrawn+at+any+time"

static void a_new_version_is_for_consents_to_come(void **state)
{
  struct shared_case made = crowd_case(&town, STATE_SHARED, NULL), *c = &made;
  const struct visitor *worker = &town.who[WHO_WORKER], *admin = &town.who[WHO_ADMIN];
  char version[40], other[80], first[80], sql[200];
  snprintf(sql, sizeof sql, "SELECT notice_version FROM consent WHERE id = %lld", (long long)c->consent);
  snprintf(version, sizeof version, "%s", ask(sql));
  snprintf(first, sizeof first, "value=\"%s\"", version);
  assert_true(served_shows(&town.s, worker, CASE("/consents/new"), first));
  assert_int_equal(served_form(&town.s, worker, "/notices", TEXT_OF("B")), 403);
  assert_int_equal(served_form(&town.s, admin, "/notices", "body=short"), 422);
  assert_int_equal(served_form(&town.s, admin, "/notices", TEXT_OF("B")), 303);
  assert_int_equal(served_form(&town.s, admin, "/notices", TEXT_OF("B")), 422); /* the same again */
  assert_int_equal(served_form(&town.s, admin, "/notices", TEXT_OF("C")), 303);
  assert_true(served_shows(&town.s, worker, "/notices", "B説明"));
  assert_non_null(strstr(town.s.page.body, "C説明"));
  assert_string_equal(ask(sql), version); /* who agreed, agreed to the old one */
  assert_true(served_shows(&town.s, worker, CASE("/consents"), version));

  /* whoever read the old text aloud has to read the new one */
  char body[400], to[40];
  struct date today = date_of_ts(clock_now());
  snprintf(to, sizeof to, "%s", ID(town.receiver));
  snprintf(body, sizeof body,
           "by=person&purpose=p&from=%04d-%02d-%02d&until=%04d-01-01&how=written&explained=1&preset=standard&"
           "recipients=%s&answer=given&older=keep",
           today.year, today.month, today.day, today.year + 2, to);
  assert_int_equal(served_form(&town.s, worker, CASE("/consents/new"), "%s&notice=%s", body, version), 422);
  assert_non_null(strstr(town.s.page.body, "説明文が新しくなりました"));
  snprintf(other, sizeof other, "%s", ask("SELECT version FROM notice ORDER BY created_at DESC, version DESC LIMIT 1"));
  assert_int_equal(served_form(&town.s, worker, CASE("/consents/new"), "%s&notice=%s", body, other), 303);
  assert_string_equal(ask("SELECT notice_version FROM consent ORDER BY id DESC LIMIT 1"), other);
}

/* ---- settings ------------------------------------------------------------------------------------------------------------------------ */

#define SETTINGS "stage=established&silence_days=%d&expiry_days=%d&renewal_days=%d&heard_needed=1&joint_needs_all=1"

static void what_a_town_sets_holds_at_once_and_for_the_administrator_alone(void **state)
{
  struct shared_case made = crowd_case(&town, STATE_SHARED, NULL), *c = &made;
  const struct visitor *worker = &town.who[WHO_WORKER], *admin = &town.who[WHO_ADMIN];
  ends(c, 20);
  assert_true(served_shows(&town.s, worker, "/today", line_of(c)));
  assert_int_equal(served_form(&town.s, worker, "/settings", SETTINGS, 5, 90, 0), 403);
  assert_int_equal(served_form(&town.s, admin, "/settings", SETTINGS, 50, 20, 0),
                   422); /* ended before anybody was reminded */
  assert_int_equal(served_form(&town.s, admin, "/settings", SETTINGS, 0, 20, 0), 422);
  const char *silent =
      "SELECT CAST(MIN(silent_at - sent_at) AS text) FROM connection WHERE state IN ('sent', 'received')";
  struct shared_case waits = crowd_case(&town, STATE_OWN, NULL);
  assert_true(waits.connection);
  long long before = strtoll(ask(silent), NULL, 10);
  assert_int_equal(
      served_form(&town.s, admin, "/settings", SETTINGS "&stand_in_allowed=1&support_meeting=1", 20, 120, 0), 303);
  assert_true(strtoll(ask(silent), NULL, 10) > before + 10LL * MS_DAY);
  assert_false(served_shows(&town.s, worker, "/today", line_of(c)));
  assert_string_equal(ask("SELECT basis_off FROM network"), "needy_meeting");
  assert_string_equal(ask("SELECT stage FROM network"), "established");
  assert_int_equal(served_get(&town.s, worker, CASE("/stand-in"), WANT_HTML), 200);
  assert_int_equal(served_form(&town.s, admin, "/settings", SETTINGS, 5, 90, 30), 303);
  assert_int_equal(served_get(&town.s, worker, CASE("/stand-in"), WANT_HTML), 403); /* switched off */
  assert_true(served_shows(&town.s, admin, "/settings", "value=\"90\""));
  assert_true(served_shows(&town.s, worker, "/today", line_of(c)));
}

CROWD_MAIN(&town, cmocka_unit_test(what_ends_soon_stands_in_the_day_until_it_was_asked_again),
           cmocka_unit_test(the_paper_to_take_a_consent_back_leads_to_what_stands_of_it),
           cmocka_unit_test(consents_that_end_together_are_one_line_that_names_whose),
           cmocka_unit_test(a_no_is_an_answer_too_and_an_end_is_not_forgotten),
           cmocka_unit_test(asking_again_begins_with_the_same_terms_and_no_answer),
           cmocka_unit_test(a_new_version_is_for_consents_to_come),
           cmocka_unit_test(what_a_town_sets_holds_at_once_and_for_the_administrator_alone))
