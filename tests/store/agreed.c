/* agreed.c: what domain.md says of consent, tried over the wire: the paper of one, word of mouth, joint custody, the age at which one decides alone, a no,
 * a withdrawal and who already holds what; and 「虐待かもしれない」 on every page about a person, whoever looks. */
#include "crowd.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"

static struct crowd town;

static const char *ask(const char *sql)
{
  return store_ask(&town.s.w.store, sql);
}

static id64 newest(const char *table)
{
  char sql[100];
  snprintf(sql, sizeof sql, "SELECT CAST(MAX(id) AS text) FROM %s", table);
  return strtoll(ask(sql), NULL, 10);
}

#define CASE(tail) served_path("/cases/", c->c.case_id, tail)
#define ID(id) served_path("", id, "")

/* A consent to the receiver (and, where it is not 0, to one more), of these terms. */
static int agree(const struct visitor *v, const struct shared_case *c, id64 more, const char *terms)
{
  char to[40], also[60] = "";
  int year = date_of_ts(clock_now()).year;
  struct date today = date_of_ts(clock_now());
  snprintf(to, sizeof to, "%s", ID(town.receiver));
  if (more)
    snprintf(also, sizeof also, "&recipients=%s", ID(more));
  return served_form(&town.s, v, CASE("/consents/new"),
                     "purpose=p&from=%04d-%02d-%02d&until=%04d-12-31&explained=1&recipients=%s%s&%s", today.year,
                     today.month, today.day, year + 1, to, also, terms);
}
#define GIVEN "answer=given&preset=standard&how=written"

/* ---- the paper ----------------------------------------------------------------------------------------------------------------------- */

static int send_paper(const struct visitor *v, id64 consent, const char *pdf)
{
  static int keys;
  char body[3000];
  int n = snprintf(body, sizeof body,
#define PART(name) "--X\r\nContent-Disposition: form-data; name=\"" name "\"\r\n\r\n%s\r\n"
                   PART("_csrf") PART("_key") PART("title")
#undef PART
                       "--X\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.pdf\"\r\n"
                       "Content-Type: application/pdf\r\n\r\n%s\r\n--X--\r\n",
                   v->csrf, served_path("paper-", ++keys, ""), "SHOMEN-DAI", pdf);
  return served_post_raw(&town.s, v, served_path("/consents/", consent, "/evidence"), "multipart/form-data; boundary=X",
                         body, (size_t)n);
}

static void the_signed_paper_is_for_who_recorded_the_consent_and_of_the_right_kind(void **state)
{
  struct shared_case made = crowd_case(&town, STATE_SHARED, NULL), *c = &made;
  const struct visitor *worker = &town.who[WHO_WORKER], *partner = &town.who[WHO_RECEIVER_WORKER];
  char page[PATH_SIZE], file[PATH_SIZE];
  snprintf(page, sizeof page, "%s", served_path("/consents/", c->consent, "/evidence"));
  assert_int_equal(send_paper(worker, c->consent, "no paper at all"), 422);
  assert_int_equal(send_paper(partner, c->consent, "%PDF-1.4\nSECRET\n%%EOF\n"), 403);
  assert_int_equal(send_paper(worker, c->c.case_id, "%PDF-1.4\nSECRET\n%%EOF\n"), 404);
  assert_int_equal(send_paper(worker, c->consent, "%PDF-1.4\nSECRET\n%%EOF\n"), 200);
  assert_true(served_shows(&town.s, worker, page, "SHOMEN-DAI"));
  snprintf(file, sizeof file, "%s%s", CASE("/files"), served_path("/", newest("attachment"), ""));
  assert_int_equal(served_get(&town.s, worker, file, WANT_HTML), 200);
  assert_non_null(strstr(town.s.page.bytes, "Content-Disposition: attachment"));
  assert_non_null(strstr(town.s.page.body, "SECRET"));
  assert_true(served_shows(&town.s, worker, CASE("/files"), "SHOMEN-DAI"));
  /* the consent names everything, violence too: the paper is as delicate as that */
  assert_string_equal(ask("SELECT CAST(category AS text) FROM attachment ORDER BY id DESC LIMIT 1"), "512");
  assert_string_equal(
      ask("SELECT CAST(COUNT(*) AS text) FROM attachment_part WHERE category <> 512 AND attachment_id = "
          "(SELECT MAX(id) FROM attachment)"),
      "0");
  /* to partners, who may see the category, it is not there */
  assert_int_equal(served_get(&town.s, partner, file, WANT_HTML), 404);
  assert_false(served_shows(&town.s, partner, CASE("/files"), "SHOMEN-DAI"));
  assert_int_equal(served_get(&town.s, partner, page, WANT_HTML), 403);
}

/* What one is asked for is support: a receiver without that category would read a sheet that asks for nothing. */
static void who_sends_is_told_that_the_receiver_does_not_read_what_is_asked(void **state)
{
  struct shared_case made = crowd_case(&town, STATE_DRAFT, NULL), *c = &made;
  const struct visitor *worker = &town.who[WHO_WORKER];
  const char *said = "お困りごとと紹介する理由は、この相手に見えません";
  char preview[PATH_SIZE];
  (void)state;
  snprintf(preview, sizeof preview, "%s", served_path("/sheets/", c->sheet, "/preview"));
  assert_int_equal(agree(worker, c, 0, "by=person&answer=given&preset=contact&how=written"), 303);
  assert_int_equal(served_form(&town.s, worker, served_path("/sheets/", c->sheet, "/receivers"), "organization=%s",
                               ID(town.receiver)),
                   303);
  assert_true(served_shows(&town.s, worker, preview, said));
  assert_int_equal(agree(worker, c, 0, "by=person&" GIVEN), 303);
  assert_false(served_shows(&town.s, worker, preview, said));
}

/* ---- a part is taken back --------------------------------------------------------------------------------------------------------------- */

static void what_is_taken_back_in_part_is_one_sentence(void **state)
{
  struct shared_case made = crowd_case(&town, STATE_DRAFT, NULL), *c = &made;
  const struct visitor *worker = &town.who[WHO_WORKER];
  assert_int_equal(agree(worker, c, town.third, "by=person&" GIVEN), 303);
  id64 consent = newest("consent");
  assert_true(served_shows(&town.s, worker, CASE("?show=consent"), "同意: 本人 → さくら教室、NPOあおば") ||
              strstr(town.s.page.body, "同意: 本人 → NPOあおば、さくら教室"));
  assert_int_equal(served_form(&town.s, worker, served_path("/consents/", consent, "/withdraw"),
                               "by=person&how=oral&organization=%s", ID(town.receiver)),
                   303);
  assert_true(served_shows(&town.s, worker, CASE("?show=consent"),
                           "同意の取り消し: 本人 → NPOあおば（さくら教室への同意は続いています）"));
  const char *first = strstr(town.s.page.body, "同意: 本人 →");
  assert_non_null(first);
  assert_null(strstr(first + 1, "同意: 本人 →")); /* given once */
  assert_true(served_shows(&town.s, worker, CASE("/consents"), "取り消されました"));
  id64 rest = newest("consent");
  assert_int_not_equal(rest, consent);
  /* an address kept from before leads to what stands, and says that it is another one */
  assert_int_equal(served_get(&town.s, worker, served_path("/consents/", consent, "/withdraw"), WANT_HTML), 303);
  assert_string_equal(town.s.page.location, served_path("/consents/", rest, "/withdraw"));
  assert_int_equal(served_get(&town.s, worker, served_path("/consents/", consent, "/withdraw"), WANT_JSON), 409);
  assert_int_equal(served_form(&town.s, worker, served_path("/consents/", consent, "/withdraw"), "by=person&how=oral"),
                   303);
  assert_string_equal(town.s.page.location, served_path("/consents/", rest, "/withdraw"));
  assert_int_equal(served_form(&town.s, worker, served_path("/consents/", consent, "/withdraw"),
                               "by=person&how=oral&organization=%s", ID(town.receiver)),
                   303);
  assert_string_equal(town.s.page.location, CASE("/consents"));
  assert_true(
      served_shows(&town.s, worker, served_path("/consents/", rest, "/withdraw"), "さくら教室")); /* untouched */
  assert_int_equal(
      served_get(&town.s, &town.who[WHO_RECEIVER_MANAGER], served_path("/consents/", consent, "/withdraw"), WANT_HTML),
      404);
  assert_int_equal(served_form(&town.s, worker, served_path("/consents/", rest, "/withdraw"), "by=person&how=oral"),
                   303);
  assert_true(served_shows(&town.s, worker, CASE("?show=consent"), "同意の取り消し: 本人 → さくら教室<"));
  assert_int_equal(served_get(&town.s, worker, served_path("/consents/", consent, "/withdraw"), WANT_HTML), 409);
}

/* ---- what is left to a receiver --------------------------------------------------------------------------------------------------------- */

static void after_a_withdrawal_a_receiver_has_what_it_wrote_and_not_how_the_case_goes(void **state)
{
  struct shared_case shared = crowd_case(&town, STATE_SHARED, NULL), left = crowd_case(&town, STATE_LEFT, NULL);
  const struct visitor *partner = &town.who[WHO_RECEIVER_MANAGER];
  const char *untold = "いまは伝えられていません", *lead = "子ども若者支援課 / ";
  assert_true(served_shows(&town.s, partner, served_path("/cases/", shared.c.case_id, ""), lead));
  assert_non_null(strstr(town.s.page.body, "stage-current"));
  assert_null(strstr(town.s.page.body, untold));
  assert_true(served_shows(&town.s, partner, served_path("/cases/", left.c.case_id, ""), untold));
  assert_null(strstr(town.s.page.body, lead));
  assert_null(strstr(town.s.page.body, "stage-current"));
  assert_null(strstr(town.s.page.body, "主担当機関が決まっていません"));
  assert_false(served_shows(&town.s, &town.who[WHO_WORKER], served_path("/cases/", left.c.case_id, ""), untold));
  /* in its list: the number, and no more */
  char sql[160], number[40];
  snprintf(sql, sizeof sql, "SELECT number FROM case_file WHERE id = %lld", (long long)left.c.case_id);
  snprintf(number, sizeof number, ">%s<", ask(sql));
  static const char *const chosen[] = {"density=A",  "density=B",     "density=C",    "stage=reception",
                                       "stage=plan", "stage=support", "stage=urgent", "stage=assessment"};
  for (size_t i = 0; i < sizeof chosen / sizeof *chosen; i++) { /* what is not told cannot be asked for either */
    char path[80];
    snprintf(path, sizeof path, "/cases?view=all&%s", chosen[i]);
    assert_false(served_shows(&town.s, partner, path, number));
  }
  char led[80];
  snprintf(led, sizeof led, "/cases?view=all&lead=%s", ID(town.who[WHO_WORKER].actor.organization));
  assert_false(served_shows(&town.s, partner, led, number));
  assert_true(served_shows(&town.s, &town.who[WHO_WORKER], led, "case-table"));
  assert_true(served_shows(&town.s, partner, "/cases?view=all", number));
  const char *line = strstr(town.s.page.body, number), *end = strstr(line, "</tr>");
  assert_non_null(end);
  assert_true(!strstr(line, "受付") || strstr(line, "受付") > end);
  assert_true(!strstr(line, "子ども若者支援課") || strstr(line, "子ども若者支援課") > end);
  assert_true(!strstr(line, "決まっていません") || strstr(line, "決まっていません") > end);
}

STMT_WRITE(q_long_ago, "ag_long_ago",
           "UPDATE case_file SET next_date = '2020-01-01', last_contact_at = 1000 WHERE network_id = $1 AND id = $2");

static enum code forgotten(struct tx *tx, void *arg, struct err *e)
{
  const struct shared_case *c = arg;
  return db_exec(tx, &q_long_ago, NULL, e, BINDS(b_int(tx_network(tx)), b_int(c->c.case_id)));
}

static void the_day_of_a_receiver_tells_no_dates_of_a_case_that_was_withdrawn(void **state)
{
  struct shared_case shared = crowd_case(&town, STATE_SHARED, NULL), left = crowd_case(&town, STATE_LEFT, NULL);
  struct err e = {0};
  ok(world_write(&town.s.w, NULL, forgotten, &shared, &e));
  ok(world_write(&town.s.w, NULL, forgotten, &left, &e));
  const struct visitor *partner = &town.who[WHO_RECEIVER_WORKER];
  assert_true(served_shows(&town.s, partner, "/today", served_path("href=\"/cases/", shared.c.case_id, "\"")));
  assert_false(served_shows(&town.s, partner, "/today", served_path("href=\"/cases/", left.c.case_id, "\"")));
  assert_true(
      served_shows(&town.s, &town.who[WHO_WORKER], "/today", served_path("href=\"/cases/", left.c.case_id, "\"")));
}

/* ---- who has to agree ---------------------------------------------------------------------------------------------------------------------- */

STMT_WRITE(q_own_from, "ag_own_from", "UPDATE person SET own_from = $3 WHERE network_id = $1 AND id = $2");

static enum code still_a_child(struct tx *tx, void *arg, struct err *e)
{
  const struct shared_case *c = arg;
  return db_exec(tx, &q_own_from, NULL, e,
                 BINDS(b_int(tx_network(tx)), b_int(c->c.person), b_int(tx_now(tx) + (ts_t)365 * MS_DAY)));
}

static id64 parent(const struct shared_case *c, const char *name, const char *authority)
{
  assert_int_equal(served_form(&town.s, &town.who[WHO_WORKER], CASE("/guardians/new"),
                               "guardian_name=%s&guardian_relation=mother&guardian_authority=%s", name, authority),
                   303);
  return newest("guardian");
}

/* Shown as agreed by whoever is needed: the matrix is the engine's answer. */
static bool told(const struct shared_case *c)
{
  return served_shows(&town.s, &town.who[WHO_WORKER], CASE("/consents"), "matrix-cell cell-both");
}

static void a_childs_consent_takes_every_parent_of_a_joint_custody_and_a_childs_view(void **state)
{
  struct shared_case made = crowd_case(&town, STATE_DRAFT, NULL), *c = &made;
  const struct visitor *worker = &town.who[WHO_WORKER];
  struct err e = {0};
  char terms[200];
  ok(world_write(&town.s.w, NULL, still_a_child, c, &e));
  id64 mother = parent(c, "a", "joint"), father = parent(c, "b", "joint"), aunt = parent(c, "c", "none");
  assert_true(served_shows(&town.s, worker, CASE("/consents/new"), "保護者の同意が必要です"));
  assert_int_equal(agree(worker, c, 0, "by=person&" GIVEN), 303);
  assert_false(told(c)); /* a child alone */
  snprintf(terms, sizeof terms, "by=guardian&guardian=%s&" GIVEN, ID(aunt));
  assert_int_equal(agree(worker, c, 0, terms), 422); /* no authority */
  assert_int_equal(agree(worker, c, 0, "by=guardian&" GIVEN), 422);
  snprintf(terms, sizeof terms, "by=guardian&heard=1&guardian=%s&" GIVEN, ID(mother));
  assert_int_equal(agree(worker, c, 0, terms), 303);
  assert_false(told(c)); /* one of two */
  assert_true(served_shows(&town.s, worker, CASE("/consents"), "まだそろわない"));
  assert_true(
      served_shows(&town.s, worker, CASE("/consents"), "まだそろわない同意があります。")); /* and whose is asked for */
  snprintf(terms, sizeof terms, "by=guardian&heard=1&guardian=%s&" GIVEN, ID(father));
  assert_int_equal(agree(worker, c, 0, terms), 303);
  assert_true(told(c));
  /* the child's no stands against both */
  assert_int_equal(agree(worker, c, 0, "by=person&answer=refused&preset=standard&how=written&sure=1"), 303);
  assert_false(told(c));
  assert_true(served_shows(&town.s, worker, CASE("/consents"), "同意しない"));
}

/* ---- what goes on, and what ends --------------------------------------------------------------------------------------------------------- */

#define NARROWER "by=person&answer=given&preset=meeting&how=written"
#define NO "by=person&answer=refused&preset=standard&how=written"

static bool on_page(const char *text)
{
  return strstr(town.s.page.body, text) != NULL;
}

/* How many consents of the case stand: the rest of one that was taken back in part is one more. */
static const char *standing(const struct shared_case *c)
{
  char sql[160];
  snprintf(sql, sizeof sql, "SELECT count(*) FROM consent WHERE person_id = %lld AND withdrawn_at IS NULL",
           (long long)c->c.person);
  return ask(sql);
}

/* A no that was written down wrongly, or that somebody takes back: with what it lets others' yes open, said first. */
static void a_no_is_asked_again_or_taken_back(void **state)
{
  struct shared_case made = crowd_case(&town, STATE_DRAFT, NULL), *c = &made;
  const struct visitor *worker = &town.who[WHO_WORKER];
  char terms[200], page[PATH_SIZE];
  struct err e = {0};
  ok(world_write(&town.s.w, NULL, still_a_child, c, &e));
  assert_int_equal(agree(worker, c, 0, NO), 303); /* nothing else was said: the only row */
  long long no = atoll(ask("SELECT MAX(id) FROM consent"));
  snprintf(page, sizeof page, "/consents/%s/withdraw", ID(no));
  assert_true(served_shows(&town.s, worker, CASE("/consents"), page));
  assert_true(on_page("「同意しない」を取り消す"));
  assert_true(on_page("もう一度たずねる"));
  assert_true(served_shows(&town.s, worker, served_path("/cases/", c->c.case_id, "/consents/new?renew="), ""));
  assert_true(served_shows(&town.s, worker, page, "伝わることは、増えません"));
  assert_true(on_page("「同意しない」と答えました"));
  assert_false(on_page("取消書を印刷する"));
  id64 mother = parent(c, "a", "sole");
  snprintf(terms, sizeof terms, "by=guardian&heard=1&guardian=%s&" GIVEN, ID(mother));
  assert_int_equal(agree(worker, c, 0, terms), 303);
  assert_false(told(c)); /* the child's no holds it back */
  assert_true(served_shows(&town.s, worker, page, "を見られるようになります"));
  assert_int_equal(served_form(&town.s, worker, page, "by=guardian&how=oral"), 422); /* each takes back their own */
  assert_int_equal(served_form(&town.s, worker, page, "by=person&how=oral"), 303);
  assert_true(told(c));
  assert_true(served_shows(&town.s, worker, CASE("?show=consent"), "「同意しない」の取り消し: 本人 →"));
  assert_false(on_page("同意の取り消し: 本人")); /* no consent was taken back */
  assert_true(served_shows(&town.s, worker, CASE("/consents"), "「同意しない」を取り消しました"));
  assert_false(served_shows(&town.s, worker, CASE("/consents"), "「同意しない」を取り消す<span"));
  /* a no that was followed by a yes of the same person needs neither */
  assert_int_equal(agree(worker, c, 0, NO "&sure=1"), 303);
  assert_true(served_shows(&town.s, worker, CASE("/consents"), "「同意しない」を取り消す<span"));
  assert_int_equal(agree(worker, c, 0, "by=person&" GIVEN), 303);
  assert_false(served_shows(&town.s, worker, CASE("/consents"), "「同意しない」を取り消す<span"));
}

static void a_narrower_consent_says_first_that_the_older_one_goes_on(void **state)
{
  struct shared_case made = crowd_case(&town, STATE_DRAFT, NULL), *c = &made;
  const struct visitor *worker = &town.who[WHO_WORKER];
  assert_int_equal(agree(worker, c, town.third, "by=person&" GIVEN), 303);
  assert_int_equal(agree(worker, c, 0, NARROWER), 422);
  assert_true(on_page("NPOあおばへの前の同意"));
  assert_true(on_page("「連絡先・教育・就労・関心・強み」も伝えてよい"));
  assert_true(on_page("name=\"older\" value=\"end\""));
  assert_true(on_page("NPOあおばは、「連絡先・教育・就労・関心・強み」を見られなくなります。"));
  assert_string_equal(standing(c), "1");
  assert_int_equal(agree(worker, c, 0, NARROWER "&older=end&older_seen=x"), 422); /* others were shown */
  assert_int_equal(agree(worker, c, 0, "by=person&" GIVEN), 303); /* the same again leaves nothing open */
  assert_int_equal(agree(worker, c, 0, NARROWER "&older=keep"), 303);
  assert_string_equal(standing(c), "3");
}

static void what_a_narrower_consent_takes_the_place_of_ends_for_its_recipients_alone(void **state)
{
  struct shared_case made = crowd_case(&town, STATE_DRAFT, NULL), *c = &made;
  const struct visitor *worker = &town.who[WHO_WORKER];
  char sql[200];
  assert_int_equal(agree(worker, c, town.third, "by=person&" GIVEN), 303);
  id64 sent = world_send(&town.s.w, &worker->actor, &c->c, town.receiver, "help");
  assert_int_equal(agree(worker, c, 0, NARROWER "&older=end"), 303);
  assert_string_equal(standing(c), "2"); /* the new one, and the rest of the older towards the other receiver */
  snprintf(sql, sizeof sql,
           "SELECT r.categories FROM consent c JOIN consent_recipient r ON r.consent_id = c.id"
           " WHERE c.person_id = %lld AND c.withdrawn_at IS NULL AND r.organization_id = %lld",
           (long long)c->c.person, (long long)town.receiver);
  assert_int_equal(strtoll(ask(sql), NULL, 10), CAT_BASIC | CAT_SUPPORT);
  snprintf(sql, sizeof sql, "SELECT state FROM connection WHERE id = %lld", (long long)sent);
  assert_string_equal(ask(sql), "sent");                /* what goes on by the new one does not end */
  assert_int_equal(agree(worker, c, 0, NARROWER), 303); /* nothing older covers more any more */
}

static void a_no_that_ends_something_says_first_what(void **state)
{
  struct shared_case made = crowd_case(&town, STATE_DRAFT, NULL), *c = &made;
  const struct visitor *worker = &town.who[WHO_WORKER];
  char terms[200];
  assert_int_equal(agree(worker, c, 0, "by=person&" GIVEN), 303);
  (void)world_send(&town.s.w, &worker->actor, &c->c, town.receiver, "help");
  snprintf(terms, sizeof terms, "by=guardian&guardian=%s&answer=refused&preset=standard&how=written",
           ID(parent(c, "m", "sole")));
  assert_int_equal(agree(worker, c, 0, terms), 303); /* at this age it ends nothing */
  assert_int_equal(agree(worker, c, 0, NO), 422);
  assert_true(on_page("この答えを記録すると、すぐに止まること"));
  assert_true(on_page("NPOあおばは、「"));
  assert_true(on_page("へのつなぎ"));
  assert_true(told(c));
  assert_int_equal(agree(worker, c, 0, NO "&sure=1"), 303);
  assert_false(told(c));
  assert_int_equal(agree(worker, c, 0, NO), 303); /* there is nothing left to end */
}

/* ---- who said no, and who was not asked ---------------------------------------------------------------------------------------------------- */

static void a_no_is_told_by_whom_and_a_missing_answer_is_named(void **state)
{
  struct shared_case made = crowd_case(&town, STATE_DRAFT, NULL), *c = &made;
  const struct visitor *worker = &town.who[WHO_WORKER];
  struct err e = {0};
  char mother[80], father[80], path[PATH_SIZE];
  ok(world_write(&town.s.w, NULL, still_a_child, c, &e));
  snprintf(mother, sizeof mother, "by=guardian&heard=1&guardian=%s&", ID(parent(c, "a", "joint")));
  snprintf(father, sizeof father, "by=guardian&guardian=%s&", ID(parent(c, "b", "joint")));
  snprintf(path, sizeof path, "%s", CASE("/consents"));
  char terms[300];
  snprintf(terms, sizeof terms, "%s" GIVEN, mother);
  assert_int_equal(agree(worker, c, 0, terms), 303);
  assert_true(served_shows(&town.s, worker, path, "の答えは、この機関ではまだ記録していません")); /* of the other */
  assert_true(on_page("まだそろわない"));
  assert_false(on_page("ことわりました"));
  snprintf(terms, sizeof terms, "%sanswer=refused&preset=standard&how=written", father);
  assert_int_equal(agree(worker, c, 0, terms), 303);
  assert_true(served_shows(&town.s, worker, path, "がことわりました"));
  assert_false(on_page("まだ記録していません"));
  assert_false(on_page("まだそろわない"));
  assert_true(on_page("ことわった人がいます"));
  assert_int_equal(agree(worker, c, 0, NO), 303); /* ends nothing: nothing was open */
  assert_true(served_shows(&town.s, worker, path, "本人がことわりました"));
  assert_false(served_shows(&town.s, &town.who[WHO_THIRD_MANAGER], path, "ことわりました"));
  /* a new yes goes over the no of the same party alone */
  assert_int_equal(agree(worker, c, 0, "by=person&" GIVEN), 303);
  assert_false(served_shows(&town.s, worker, path, "本人がことわりました"));
  assert_true(on_page("がことわりました"));
}

static void a_no_that_came_later_stands_where_the_yes_stood(void **state)
{
  struct shared_case made = crowd_case(&town, STATE_DRAFT, NULL), *c = &made;
  const struct visitor *worker = &town.who[WHO_WORKER];
  assert_int_equal(agree(worker, c, 0, "by=person&" GIVEN), 303);
  assert_int_equal(agree(worker, c, 0, NO "&sure=1"), 303);
  assert_true(served_shows(&town.s, worker, CASE("/consents"), "本人がことわりました"));
  assert_true(on_page("あとの答えで止まりました"));
  assert_false(on_page("まだそろわない"));
  assert_false(on_page(">取り消す</a>")); /* there is no yes to take back */
}

/* ---- the rule, in sentences ---------------------------------------------------------------------------------------------------------------- */

STMT_WRITE(q_unborn, "test_birth_unknown", "UPDATE person SET own_from = NULL WHERE network_id = $1 AND id = $2");
STMT_WRITE(q_orphan, "test_no_guardian",
           "UPDATE guardian SET until_at = $3 WHERE network_id = $1 AND person_id = $2 AND until_at IS NULL");
static enum code nobody_knows_when_born(struct tx *tx, void *arg, struct err *e)
{
  const struct shared_case *c = arg;
  enum code code = db_exec(tx, &q_unborn, NULL, e, BINDS(b_int(tx_network(tx)), b_int(c->c.person)));
  return code == OK
             ? db_exec(tx, &q_orphan, NULL, e, BINDS(b_int(tx_network(tx)), b_int(c->c.person), b_int(tx_now(tx) - 1)))
             : code;
}

static void the_form_says_what_the_rule_asks_also_where_the_birth_date_is_not_known(void **state)
{
  struct shared_case made = crowd_case(&town, STATE_DRAFT, NULL), *c = &made;
  const struct visitor *worker = &town.who[WHO_WORKER];
  struct err e = {0};
  char form[PATH_SIZE], terms[300];
  snprintf(form, sizeof form, "%s", CASE("/consents/new"));
  assert_true(served_shows(&town.s, worker, form, "この年齢では、本人の同意が必要です"));
  ok(world_write(&town.s.w, NULL, nobody_knows_when_born, c, &e));
  assert_true(served_shows(&town.s, worker, form, "保護者がだれも記録されていないときは、本人だけの同意で伝わります"));
  assert_false(on_page("本人と保護者の両方の同意が必要です"));
  assert_int_equal(agree(worker, c, 0, "by=person&" GIVEN), 303);
  assert_true(told(c)); /* as it was said */
  snprintf(terms, sizeof terms, "by=guardian&guardian=%s&" GIVEN, ID(parent(c, "m", "daily")));
  assert_true(served_shows(&town.s, worker, form, "本人と保護者の両方の同意が必要です"));
  assert_true(on_page("日常のことに当たるかは、管理者と判断してください")); /* what that authority covers */
  assert_false(told(c));
  assert_true(served_shows(&town.s, worker, CASE("/consents"), "保護者の答えは、この機関ではまだ記録していません"));
  assert_int_equal(agree(worker, c, 0, terms), 303);
  assert_true(told(c));
}

/* ---- what it is for -------------------------------------------------------------------------------------------------------------------------- */

static void what_a_consent_is_for_is_asked_and_told_again(void **state)
{
  struct shared_case made = crowd_case(&town, STATE_DRAFT, NULL), *c = &made;
  const struct visitor *worker = &town.who[WHO_WORKER];
  char to[40];
  struct date today = date_of_ts(clock_now());
  static const char *const purposes[] = {"", "%20", "%E3%80%80", "MOKUTEKI"};
  snprintf(to, sizeof to, "%s", ID(town.receiver));
  assert_true(served_shows(&town.s, worker, CASE("/consents/new"), "name=\"purpose\""));
  for (size_t i = 0; i < 4; i++)
    assert_int_equal(served_form(&town.s, worker, CASE("/consents/new"),
                                 "purpose=%s&from=%04d-%02d-%02d&until=%04d-03-31&explained=1&recipients=%s&by=person&"
                                 "answer=given&preset=standard&how=oral&witness=TACHIAI",
                                 purposes[i], today.year, today.month, today.day, today.year + 1, to),
                     i < 3 ? 422 : 303);
  assert_true(served_shows(&town.s, worker, CASE("/consents"), "MOKUTEKI"));
  assert_true(on_page("3月31日まで"));
  assert_true(served_shows(&town.s, worker, served_path("/consents/", newest("consent"), "/evidence"), "MOKUTEKI"));
  assert_true(on_page("3月31日まで"));
  assert_true(on_page("TACHIAI"));
  assert_int_equal(served_get(&town.s, worker, CASE("/consents/consent.pdf?copy=now"), WANT_HTML), 200);
}

static void word_of_mouth_takes_a_witness_and_silence_is_no_answer(void **state)
{
  struct shared_case made = crowd_case(&town, STATE_DRAFT, NULL), *c = &made;
  const struct visitor *worker = &town.who[WHO_WORKER];
  assert_int_equal(agree(worker, c, 0, "by=person&answer=given&preset=standard&how=oral"), 422);
  assert_int_equal(agree(worker, c, 0, "by=person&preset=standard&how=written"), 422);
  assert_false(told(c));
  assert_int_equal(agree(worker, c, 0, "by=person&answer=given&preset=standard&how=oral&witness=TACHIAI"), 303);
  assert_true(told(c));
  assert_true(served_shows(&town.s, worker, served_path("/consents/", newest("consent"), "/evidence"), "TACHIAI"));
}

static void who_takes_back_is_told_who_already_holds_what(void **state)
{
  struct shared_case made = crowd_case(&town, STATE_SHARED, NULL), *c = &made;
  const struct visitor *worker = &town.who[WHO_WORKER];
  (void)served_get(&town.s, &town.who[WHO_RECEIVER_WORKER], CASE(""), WANT_HTML);
  char path[PATH_SIZE];
  snprintf(path, sizeof path, "%s", served_path("/consents/", c->consent, "/withdraw"));
  assert_true(served_shows(&town.s, worker, path, "NPOあおば"));
  assert_non_null(strstr(town.s.page.body, "へのつなぎ"));
  assert_int_equal(served_form(&town.s, worker, path, "by=guardian&how=oral"), 422); /* each takes back the own */
  assert_int_equal(served_form(&town.s, worker, path, "by=person&how=oral"), 303);
  assert_int_equal(served_form(&town.s, worker, path, "by=person&how=oral"), 409);
}

/* ---- 虐待かもしれない ---------------------------------------------------------------------------------------------------------------------- */

/* Every page about a person that answers whoever it is, with or without consent, has the numbers at hand; no script is needed for them. */
static void it_may_be_abuse_is_at_hand_on_every_page_whoever_looks(void **state)
{
  static const enum who lookers[] = {WHO_MANAGER,     WHO_WORKER,          WHO_CLERK,           WHO_VOLUNTEER,
                                     WHO_COORDINATOR, WHO_RECEIVER_WORKER, WHO_RECEIVER_MANAGER};
  static const enum state states[] = {STATE_DRAFT, STATE_SHARED, STATE_LEFT};
  char path[PATH_SIZE];
  int looked = 0, by_volunteer = 0;
  for (size_t i = 0; i < route_count(); i++) {
    const struct route *r = route_at(i);
    if (r->method != GET || r->returns || !crowd_about_person(r) || crowd_has(r, ":link"))
      continue;
    for (size_t w = 0; w < sizeof lookers / sizeof *lookers; w++)
      for (size_t s = 0; s < sizeof states / sizeof *states; s++) {
        const struct visitor *v = &town.who[lookers[w]];
        if (!crowd_path(&town, r, &town.cases[states[s]], v, NULL, path))
          continue;
        int status = served_get(&town.s, v, path, WANT_HTML);
        if (!strstr(town.s.page.bytes, "Content-Type: text/html"))
          continue;
        looked++;
        by_volunteer += lookers[w] == WHO_VOLUNTEER && status == 200;
        if (!strstr(town.s.page.body, "href=\"tel:189\"") || !strstr(town.s.page.body, "虐待かもしれない"))
          fail_msg("%s as %s (%d): no way to report abuse", path, v->name, status);
      }
  }
  assert_true(looked > 200);
  assert_true(by_volunteer >= 3);
}

CROWD_MAIN(&town, cmocka_unit_test(the_day_of_a_receiver_tells_no_dates_of_a_case_that_was_withdrawn),
           cmocka_unit_test(after_a_withdrawal_a_receiver_has_what_it_wrote_and_not_how_the_case_goes),
           cmocka_unit_test(a_childs_consent_takes_every_parent_of_a_joint_custody_and_a_childs_view),
           cmocka_unit_test(a_no_is_asked_again_or_taken_back),
           cmocka_unit_test(a_narrower_consent_says_first_that_the_older_one_goes_on),
           cmocka_unit_test(what_a_narrower_consent_takes_the_place_of_ends_for_its_recipients_alone),
           cmocka_unit_test(a_no_that_ends_something_says_first_what),
           cmocka_unit_test(a_no_is_told_by_whom_and_a_missing_answer_is_named),
           cmocka_unit_test(a_no_that_came_later_stands_where_the_yes_stood),
           cmocka_unit_test(the_form_says_what_the_rule_asks_also_where_the_birth_date_is_not_known),
           cmocka_unit_test(what_a_consent_is_for_is_asked_and_told_again),
           cmocka_unit_test(word_of_mouth_takes_a_witness_and_silence_is_no_answer),
           cmocka_unit_test(who_takes_back_is_told_who_already_holds_what),
           cmocka_unit_test(it_may_be_abuse_is_at_hand_on_every_page_whoever_looks),
           cmocka_unit_test(the_signed_paper_is_for_who_recorded_the_consent_and_of_the_right_kind),
           cmocka_unit_test(who_sends_is_told_that_the_receiver_does_not_read_what_is_asked),
           cmocka_unit_test(what_is_taken_back_in_part_is_one_sentence))
