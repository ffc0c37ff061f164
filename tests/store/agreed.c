/* agreed.c: what domain.md says of consent, tried over the wire: the paper of one, word of mouth, joint custody, the age at which one decides alone, a no,
 * a withdrawal and who already holds what; and 「虐待かもしれない」 on every page about a person, whoever looks. */
#include "crowd.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"

static struct crowd town;

__attribute__((format(printf, 3, 4))) static int post(const struct visitor *v, const char *path, const char *fmt, ...)
{
  char body[6000];
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
  return post(v, CASE("/consents/new"), "purpose=p&from=%04d-%02d-%02d&until=%04d-12-31&explained=1&recipients=%s%s&%s",
              today.year, today.month, today.day, year + 1, to, also, terms);
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
  assert_true(shows(worker, page, "SHOMEN-DAI"));
  snprintf(file, sizeof file, "%s%s", CASE("/files"), served_path("/", newest("attachment"), ""));
  assert_int_equal(served_get(&town.s, worker, file, WANT_HTML), 200);
  assert_non_null(strstr(town.s.page.bytes, "Content-Disposition: attachment"));
  assert_non_null(strstr(town.s.page.body, "SECRET"));
  assert_true(shows(worker, CASE("/files"), "SHOMEN-DAI"));
  /* the consent names everything, violence too: the paper is as delicate as that */
  assert_string_equal(ask("SELECT CAST(category AS text) FROM attachment ORDER BY id DESC LIMIT 1"), "512");
  assert_string_equal(
      ask("SELECT CAST(COUNT(*) AS text) FROM attachment_part WHERE category <> 512 AND attachment_id = "
          "(SELECT MAX(id) FROM attachment)"),
      "0");
  /* to partners, who may see the category, it is not there */
  assert_int_equal(served_get(&town.s, partner, file, WANT_HTML), 404);
  assert_false(shows(partner, CASE("/files"), "SHOMEN-DAI"));
  assert_int_equal(served_get(&town.s, partner, page, WANT_HTML), 403);
}

/* ---- a part is taken back --------------------------------------------------------------------------------------------------------------- */

static void what_is_taken_back_in_part_is_one_sentence(void **state)
{
  struct shared_case made = crowd_case(&town, STATE_DRAFT, NULL), *c = &made;
  const struct visitor *worker = &town.who[WHO_WORKER];
  assert_int_equal(agree(worker, c, town.third, "by=person&" GIVEN), 303);
  id64 consent = newest("consent");
  assert_true(shows(worker, CASE("?show=consent"), "同意: 本人 → さくら教室、NPOあおば") ||
              strstr(town.s.page.body, "同意: 本人 → NPOあおば、さくら教室"));
  assert_int_equal(post(worker, served_path("/consents/", consent, "/withdraw"), "by=person&how=oral&organization=%s",
                        ID(town.receiver)),
                   303);
  assert_true(
      shows(worker, CASE("?show=consent"), "同意の取り消し: 本人 → NPOあおば（さくら教室への同意は続いています）"));
  const char *first = strstr(town.s.page.body, "同意: 本人 →");
  assert_non_null(first);
  assert_null(strstr(first + 1, "同意: 本人 →")); /* given once */
  assert_true(shows(worker, CASE("/consents"), "取り消されました"));
  id64 rest = newest("consent");
  assert_int_not_equal(rest, consent);
  assert_int_equal(post(worker, served_path("/consents/", rest, "/withdraw"), "by=person&how=oral"), 303);
  assert_true(shows(worker, CASE("?show=consent"), "同意の取り消し: 本人 → さくら教室<"));
}

CROWD_MAIN(&town, cmocka_unit_test(the_signed_paper_is_for_who_recorded_the_consent_and_of_the_right_kind),
           cmocka_unit_test(what_is_taken_back_in_part_is_one_sentence))
