/* concealed.c: what is concealed stands in no answer, also where somebody wrote it into a text: before the 秘匿 began, in another way of writing,
 * of a relative. Every route is asked by everybody, as a page, as JSON and as paper. And what is typed is warned of, or refused. */
#include "crowd.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "audit/audit.h"
#include "base/clock.h"
#include "base/utf8.h"

#undef CONCEALED_MARK
#define CONCEALED_MARK "［秘匿あり］"

static struct crowd town;

/* In each line the way in which it stands in the records, and what must be found nowhere. */
#define ADDRESS "試験県架空市かなりや町3丁目2番1号 コーポひめごと101"
#define PHONE "090-7777-8642"
#define SCHOOL "試験県立かなりや東高等学校"
#define WORK "株式会社ひめごと製作所"
#define SISTER "試験県隣市すずめ台5-6-7"

static const char *const told[] = {"母と会えた。今は かなりや町三の二 にいる。元気そう。",
                                   "携帯は０９０（７７７７）８６４２にかわった。", "かなりや東高に通っている。",
                                   "昼はひめごと製作所にいる。", "姉はすずめ台５ー６ー７に移った。"};
enum { TOLD = sizeof told / sizeof *told };

/* Pieces of them, as they may come out: folded, without blanks. */
static const char *const pieces[] = {"かなりや町三", "かなりや町3", "77778642",  "7777)8642", "7777-8642",
                                     "かなりや東高", "ひめごと",    "すずめ台5", "すずめ台５"};
enum { PIECES = sizeof pieces / sizeof *pieces };

/* ---- a case in which it is told everywhere -------------------------------------------------------------------------------------- */

struct filling {
  const struct visitor *writer;
  const struct shared_case *c;
};

static enum code fill_attributes(struct tx *tx, const struct filling *f, struct err *e)
{
  static const struct {
    enum attribute kind;
    const char *value;
  } values[] = {{ATTRIBUTE_ADDRESS, ADDRESS},
                {ATTRIBUTE_MOBILE, PHONE},
                {ATTRIBUTE_SCHOOL, SCHOOL},
                {ATTRIBUTE_WORKPLACE, WORK},
                {ATTRIBUTE_GRADE, "高2 かなりや東高"}};
  const struct scope *s = NULL;
  enum code c = access_open(tx, &f->writer->actor, ACTION_PERSON_WRITE, f->c->c.person, &s, e);
  for (size_t i = 0; c == OK && i < sizeof values / sizeof *values; i++)
    c = person_put(tx, s, values[i].kind, str_from(values[i].value), SOURCE_PERSON, e);
  if (c == OK)
    c = person_put(tx, s, ATTRIBUTE_AVOID, str_from(told[0]), SOURCE_PERSON, e);
  return c == OK ? person_put(tx, s, ATTRIBUTE_INTEREST, str_from(told[2]), SOURCE_PERSON, e) : c;
}

static enum code fill(struct tx *tx, void *arg, struct err *e)
{
  const struct filling *f = arg;
  struct paragraph_new p[TOLD];
  const struct scope *s = NULL;
  id64 id = 0;
  for (int i = 0; i < TOLD; i++)
    p[i] = (struct paragraph_new){
        .text = str_from(told[i]), .source = SOURCE_STAFF, .category = CAT_SUPPORT, .visit = true};
  struct record_new r = {.at = tx_now(tx) - MS_HOUR,
                         .method = S("meet"),
                         .with_whom = S("person"),
                         .place = str_from(told[0]),
                         .next = str_from(told[1]),
                         .contact = true,
                         .next_date = date_of_ts(tx_now(tx)),
                         .paragraphs = p,
                         .count = TOLD};
  enum code c = fill_attributes(tx, f, e);
  if (c == OK)
    c = access_open(tx, &f->writer->actor, ACTION_RECORD_WRITE, f->c->c.person, &s, e);
  return c == OK ? record_add(tx, s, f->c->c.case_id, &r, &id, e) : c;
}

static void fill_person(struct crowd *t, const struct visitor *writer, const struct shared_case *c)
{
  struct err e = {0};
  struct filling f = {writer, c};
  ok(world_write(&t->s.w, &writer->actor, fill, &f, &e));
}

/* Every text of the sheet tells it, also those that ask for something else. */
static void fill_sheet(const struct shared_case *c, char *body, size_t size)
{
  struct err e = {0};
  const struct form *form = NULL;
  size_t n = 0;
  ok(form_builtin(S("tsunagu-sheet"), STR_NONE, &form, &e));
  for (size_t i = 0; i < form_item_count(form); i++) {
    const struct form_item *it = form_item_at(form, i);
    if (it->type != FORM_TEXT || it->read_only || it->row_of || it->when_count)
      continue;
    char *text = served_encode(told[i % TOLD], strlen(told[i % TOLD]));
    n += (size_t)snprintf(body + n, size - n, "&answer.%.*s=%s", STR_FMT(it->link), text);
    free(text);
  }
}

static void fill_reply(const struct shared_case *c, char *text, size_t size)
{
  char *encoded = served_encode(told[2], strlen(told[2]));
  snprintf(text, size, "%s", encoded);
  free(encoded);
}

static const struct crowd_fill full = {.person = fill_person, .sheet = fill_sheet, .reply = fill_reply};

/* ---- 秘匿 ------------------------------------------------------------------------------------------------------------------------- */

STMT_WRITE(q_conceal, "concealed_conceal",
           "INSERT INTO concealment (network_id, id, person_id, items, from_at, created_by)"
           " VALUES ($1, $2, $3, 15, $4, $5)");
STMT_WRITE(
    q_value, "concealed_value",
    "INSERT INTO concealed_value (network_id, id, concealment_id, person_id, item, value_sealed, from_at, created_by)"
    " VALUES ($1, $2, $3, $4, 1, $5, $6, $7)");
STMT_WRITE(q_end, "concealed_end", "UPDATE concealment SET until_at = $3 WHERE network_id = $1 AND person_id = $2");

static enum code conceal(struct tx *tx, void *arg, struct err *e)
{
  const struct shared_case *c = arg;
  const struct visitor *writer = &town.who[c->state == STATE_FOREIGN ? WHO_THIRD_MANAGER : WHO_WORKER];
  const struct scope *s = NULL;
  const struct seal_key *key = NULL;
  struct str sealed = STR_NONE;
  id64 id = id_new(tx_now(tx)), value = id_new(tx_now(tx));
  struct seal_at at = {.table = "concealed_value", .column = "value_sealed", .network = tx_network(tx), .row = value};
  enum code code = access_open(tx, &writer->actor, ACTION_CONCEAL_SET, c->c.person, &s, e);
  if (code == OK)
    code = db_exec(
        tx, &q_conceal, NULL, e,
        BINDS(b_int(tx_network(tx)), b_int(id), b_int(c->c.person), b_int(tx_now(tx)), b_int(writer->actor.user)));
  if (code == OK)
    code = person_key(tx, s, &key, e);
  if (code == OK)
    code = seal(tx_arena(tx), key, at, S(SISTER), &sealed, e);
  return code == OK ? db_exec(tx, &q_value, NULL, e,
                              BINDS(b_int(tx_network(tx)), b_int(value), b_int(id), b_int(c->c.person), b_bytes(sealed),
                                    b_int(tx_now(tx)), b_int(writer->actor.user)))
                    : code;
}

static enum code end(struct tx *tx, void *arg, struct err *e)
{
  const struct shared_case *c = arg;
  return db_exec(tx, &q_end, NULL, e, BINDS(b_int(tx_network(tx)), b_int(c->c.person), b_int(tx_now(tx))));
}

static void for_all(tx_fn fn)
{
  struct err e = {0};
  for (int i = 0; i < STATE_COUNT; i++)
    ok(world_write(&town.s.w, NULL, fn, &town.cases[i], &e));
}

/* ---- reading everything --------------------------------------------------------------------------------------------------------------- */

static int answers, papers, found, marks;

static void look_at(const char *what, const char *path, const struct visitor *v, const char *text)
{
  char *plain = strdup(text), *to = plain;
  assert_non_null(plain);
  for (const char *p = text; *p; p++)
    if (*p != ' ' && *p != '\n')
      *to++ = *p;
  *to = '\0';
  for (int i = 0; i < PIECES; i++) {
    const char *at = strstr(plain, pieces[i]);
    if (at && ++found < 40)
      fprintf(stderr, "!%s %s as %s tells %s (%d): %.*s\n", what, path, v->name, pieces[i], town.s.page.status, 120,
              at - plain > 60 ? at - 60 : plain);
  }
  marks += strstr(plain, CONCEALED_MARK) != NULL;
  answers++;
  free(plain);
}

/* What is printed, read as everybody would read the paper. */
static void look_at_paper(const char *path, const struct visitor *v)
{
  static char text[256 << 10];
  char name[64], command[160];
  const struct reply_page *p = &town.s.page;
  snprintf(name, sizeof name, "/tmp/tsunagu-concealed-%d.pdf", (int)getpid());
  snprintf(command, sizeof command, "pdftotext -layout %s - 2>/dev/null", name);
  FILE *f = fopen(name, "we");
  assert_non_null(f);
  (void)!fwrite(p->body, 1, p->n - (size_t)(p->body - p->bytes), f);
  fclose(f);
  f = popen(command, "re");
  assert_non_null(f);
  size_t n = fread(text, 1, sizeof text - 1, f);
  text[n] = '\0';
  pclose(f);
  unlink(name);
  papers += n > 100;
  look_at("paper", path, v, text);
}

static void ask(const struct route *r, const char *path, const struct visitor *v)
{
  for (int json = 0; json < (store_engine() == DB_SQLITE ? 2 : 1); json++) { /* of PostgreSQL one of the two will do */
    (void)served_get(&town.s, v, path, json ? WANT_JSON : WANT_HTML);
    look_at(json ? "JSON" : "page", path, v, town.s.page.bytes);
    if (!json && strncmp(town.s.page.body, "%PDF", 4) == 0)
      look_at_paper(path, v);
  }
}

static void ask_ways(const struct route *r, const char *path, const struct visitor *v)
{
  static const char *const views[] = {"?view=all",  "?view=closed", "?view=sent", "?view=waiting",
                                      "?copy=desk", "?for=person",  "?to=all",    "?handed=person"};
  ask(r, path, v);
  for (size_t i = 0; i < sizeof views / sizeof *views; i++) {
    char whole[PATH_SIZE + 40], name[20];
    snprintf(name, sizeof name, "%.*s", (int)strcspn(views[i] + 1, "="), views[i] + 1);
    snprintf(whole, sizeof whole, "%s%s", path, views[i]);
    for (const struct field *f = r->fields; f && f->name; f++)
      if (strcmp(f->name, name) == 0)
        ask(r, whole, v);
  }
}

static void search(const struct route *r, const char *path, const struct visitor *v)
{
  static const char *const words[] = {"かなりや", "7777", "試験"};
  for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
    char body[200], *word = served_encode(words[i], strlen(words[i]));
    snprintf(body, sizeof body, "q=%s", word);
    (void)served_post(&town.s, v, path, body, WANT_HTML);
    look_at("search", path, v, town.s.page.bytes);
    free(word);
  }
}

static void read_everything(void)
{
  char path[PATH_SIZE];
  answers = papers = found = marks = 0;
  for (size_t i = 0; i < route_count(); i++) {
    const struct route *r = route_at(i);
    bool searches = r->method == POST && r->fields && strcmp(r->fields[0].name, "q") == 0;
    for (int who = 0; (r->method == GET || searches) && who < WHO_COUNT; who++)
      for (int k = 0; k < (crowd_of_case(r) ? STATE_COUNT : 1); k++)
        if (!crowd_path(&town, r, &town.cases[k], &town.who[who], NULL, path))
          continue;
        else if (searches)
          search(r, path, &town.who[who]);
        else
          ask_ways(r, path, &town.who[who]);
  }
}

/* ---- tests ------------------------------------------------------------------------------------------------------------------------------- */

static int start(void **state)
{
  crowd_new(&town, &full);
  return 0;
}

static int stop(void **state)
{
  crowd_free(&town);
  return 0;
}

/* A test that would find nothing anyway proves nothing. */
static void before_it_is_concealed_everybody_reads_it(void **state)
{
  static const char *const tails[] = {"", "/person"};
  for (int i = 0; i < 2; i++) {
    found = 0;
    const char *path = served_path("/cases/", town.cases[STATE_SHARED].c.case_id, tails[i]);
    (void)served_get(&town.s, &town.who[WHO_WORKER], path, WANT_HTML);
    int fd = dup(STDERR_FILENO);
    (void)!freopen("/dev/null", "w", stderr);
    look_at("page", path, &town.who[WHO_WORKER], town.s.page.bytes);
    (void)dup2(fd, STDERR_FILENO);
    close(fd);
    assert_true(found > 1);
  }
}

static void what_is_concealed_stands_in_no_answer(void **state)
{
  for_all(conceal);
  read_everything();
  assert_int_equal(found, 0);
  assert_true(answers > 1000 && marks > 100);
  if (access("/usr/bin/pdftotext", X_OK) == 0)
    assert_true(papers > 10);
}

static void no_search_finds_it(void **state)
{
  for (int i = 0; i < TOLD; i++) {
    static const char *const words[TOLD] = {"かなりや町", "7777", "かなりや東高", "ひめごと", "すずめ台"};
    char body[200], *word = served_encode(words[i], strlen(words[i]));
    snprintf(body, sizeof body, "q=%s", word);
    free(word);
    assert_int_equal(served_post(&town.s, &town.who[WHO_MANAGER], "/search", body, WANT_JSON), 200);
    if (strstr(town.s.page.body, "\"lines\":"))
      fail_msg("%s: %.900s", words[i], town.s.page.body);
  }
}

static int post(const char *path, const char *head, const char *text, const char *tail, int want)
{
  char *encoded = served_encode(text, strlen(text)), *body = NULL;
  assert_true(asprintf(&body, "%s%s%s", head, encoded, tail) >= 0);
  int status = served_post(&town.s, &town.who[WHO_WORKER], path, body, want);
  free(encoded);
  free(body);
  return status;
}

#define RECORD "day=2026-04-01&method=meet&paragraph.0.source=staff&paragraph.0.category=support&paragraph.0.text="

static void what_is_typed_is_warned_of_and_can_be_sent_again(void **state)
{
  const char *path = served_path("/cases/", town.cases[STATE_OWN].c.case_id, "/records/new");
  static const char asked[] = "SELECT CAST(count(*) AS text) FROM event WHERE kind = 7 AND action = 24";
  long before = strtol(store_ask(&town.s.w.store, asked), NULL, 10);
  assert_int_equal(EVENT_REFUSED * 100 + ACTION_CONCEAL_OPEN, 724); /* what the statement names */
  assert_int_equal(post(path, RECORD, told[0], "", WANT_HTML), 422);
  assert_int_equal(strtol(store_ask(&town.s.w.store, asked), NULL, 10), before + 1);
  assert_non_null(strstr(town.s.page.body, "秘匿の項目に似たこと"));
  assert_non_null(strstr(town.s.page.body, "name=\"_concealed\""));
  assert_non_null(strstr(town.s.page.body, told[0])); /* what was typed comes back */
  assert_int_equal(post(path, RECORD, told[0], "&_concealed=1", WANT_HTML), 303);
  assert_int_equal(post(path, RECORD, "会えた。", "", WANT_HTML), 303);
  assert_int_equal(post(path, RECORD, told[0], "", WANT_JSON), 422);
  assert_int_equal(post(path, RECORD, "かなりや町のあたりで見た。", "", WANT_HTML), 422); /* a hint */
}

static void what_goes_to_others_is_refused(void **state)
{
  struct err e = {0};
  struct shared_case c = crowd_case(&town, STATE_DRAFT, NULL);
  fill_person(&town, &town.who[WHO_WORKER], &c);
  ok(world_write(&town.s.w, NULL, conceal, &c, &e));
  char terms[400];
  snprintf(
      terms, sizeof terms,
      "answer=given&by=person&preset=standard&how=tick&explained=1&from.era=&from.y=2099&from.m=1&from.d=1&until.era=&"
      "until.y=2100&until.m=1&until.d=1&_concealed=1&recipients=%s&purpose=",
      served_path("", town.receiver, ""));
  const char *consent = served_path("/cases/", c.c.case_id, "/consents/new");
  assert_int_equal(post(consent, terms, told[1], "", WANT_HTML), 422);
  assert_non_null(strstr(town.s.page.body, "外に伝わるので"));
  assert_int_equal(post(consent, terms, "連携のため", "", WANT_HTML), 303);
  (void)world_consent(&town.s.w, &town.who[WHO_WORKER].actor, &c.c, PARTY_PERSON, town.receiver, CAT_ALL);
  char head[300];
  snprintf(head, sizeof head,
           "action=save&kind=help&receivers=%s&_concealed=1&answer.received_on=2026-04-01&answer.received_org=city"
           "&answer.received_by=desk&answer.request=",
           served_path("", town.receiver, ""));
  const char *edit = served_path("/sheets/", c.sheet, "/edit"), *send = served_path("/sheets/", c.sheet, "/preview");
  assert_int_equal(post(edit, head, told[0], "", WANT_HTML), 303);
  assert_int_equal(post(send, "", "", "", WANT_HTML), 422);
  assert_non_null(strstr(town.s.page.body, "秘匿の項目に似たことが、シートに"));
  assert_int_equal(post(edit, head, "学校のことで困っている。", "", WANT_HTML), 303);
  assert_int_equal(post(send, "", "", "", WANT_HTML), 303);
}

/* The town in kana, a digit that is wrong: かなりや町3丁目2番1号 and 090-7777-8642 all the same. */
static const char *const near[] = {"今はカナリヤマチ3の2に住んでいます。", "金糸雀町 ３－２－１ のアパート", "3-2-1",
                                   "携帯は 090-7777-8643 です。"};

/* What was written all the same is not read by whomever it is shared with, nor printed. */
static void assert_near_untold(const struct shared_case *c)
{
  static const char *const pieces_near[] = {"カナリヤマチ3の2", "２－１ のアパート", "3-2-1", "777-8643"};
  const char *paths[] = {served_path("/cases/", c->c.case_id, ""), served_path("/cases/", c->c.case_id, "/handover"),
                         served_path("/sheets/", c->sheet, "/edit"), served_path("/sheets/", c->sheet, "")};
  int opened = 0;
  for (int who = 0; who < WHO_COUNT; who++)
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
      opened += served_get(&town.s, &town.who[who], paths[i], WANT_HTML) == 200;
      for (size_t k = 0; k < sizeof pieces_near / sizeof *pieces_near; k++)
        if (strstr(town.s.page.body, pieces_near[k]))
          fail_msg("%s tells %s", paths[i], pieces_near[k]);
    }
  assert_true(opened >= 4);
}

static void what_is_near_it_is_warned_of_and_does_not_leave(void **state)
{
  struct err e = {0};
  struct shared_case c = crowd_case(&town, STATE_DRAFT, NULL);
  char head[400], record[PATH_SIZE], edit[PATH_SIZE], send[PATH_SIZE], check[PATH_SIZE];
  fill_person(&town, &town.who[WHO_WORKER], &c);
  ok(world_write(&town.s.w, NULL, conceal, &c, &e));
  (void)world_consent(&town.s.w, &town.who[WHO_WORKER].actor, &c.c, PARTY_PERSON, town.receiver, CAT_ALL);
  snprintf(record, sizeof record, "%s", served_path("/cases/", c.c.case_id, "/records/new"));
  snprintf(check, sizeof check, "%s", served_path("/cases/", c.c.case_id, "/concealment/check"));
  snprintf(edit, sizeof edit, "%s", served_path("/sheets/", c.sheet, "/edit"));
  snprintf(send, sizeof send, "%s", served_path("/sheets/", c.sheet, "/preview"));
  snprintf(head, sizeof head,
           "action=save&kind=help&receivers=%s&_concealed=1&answer.received_on=2026-04-01&answer.received_org=city"
           "&answer.received_by=desk&answer.request=",
           served_path("", town.receiver, ""));
  for (size_t i = 0; i < sizeof near / sizeof *near; i++) {
    assert_int_equal(post(check, "text=", near[i], "", WANT_HTML), 200);
    if (!strstr(town.s.page.body, "\"resembles\":true"))
      fail_msg("not warned of: %s", near[i]);
    assert_int_equal(post(record, RECORD, near[i], "", WANT_HTML), 422);
    assert_int_equal(post(record, RECORD, near[i], "&_concealed=1", WANT_HTML), 303);
    assert_int_equal(post(edit, head, near[i], "", WANT_HTML), 303);
    assert_int_equal(post(send, "", "", "", WANT_HTML), 422);
    assert_non_null(strstr(town.s.page.body, "秘匿の項目に似たことが、シートに"));
  }
  assert_near_untold(&c);
  assert_int_equal(post(record, RECORD, "3月2日、1回目。クラスは3-2。", "", WANT_HTML),
                   422); /* a hint: it may be confirmed */
  assert_int_equal(post(edit, head, "3月2日、1回目。クラスは3-2。", "", WANT_HTML), 303);
  assert_int_equal(post(send, "", "", "", WANT_HTML), 303);
}

/* A form that shows 秘匿あり and is saved loses nothing of what it could not show. */
static void what_was_shown_masked_stays_when_it_is_saved(void **state)
{
  struct err e = {0};
  struct shared_case c = crowd_case(&town, STATE_DRAFT, &full);
  ok(world_write(&town.s.w, NULL, conceal, &c, &e));
  const char *person = served_path("/cases/", c.c.case_id, "/person"),
             *edit = served_path("/sheets/", c.sheet, "/edit");
  assert_int_equal(served_get(&town.s, &town.who[WHO_WORKER], person, WANT_HTML), 200);
  assert_non_null(strstr(town.s.page.body, "母と会えた。" CONCEALED_MARK "元気そう。"));
  assert_int_equal(
      post(person, "name=test&source=person&avoid=", "母と会えた。" CONCEALED_MARK "とても元気そう。", "", WANT_HTML),
      303);
  assert_int_equal(post(edit, "action=save&answer.request=", CONCEALED_MARK, "", WANT_HTML), 303);
  ok(world_write(&town.s.w, NULL, end, &c, &e));
  assert_int_equal(served_get(&town.s, &town.who[WHO_WORKER], person, WANT_HTML), 200);
  assert_non_null(strstr(town.s.page.body, "母と会えた。今は かなりや町三の二 にいる。とても元気そう。"));
  assert_int_equal(served_get(&town.s, &town.who[WHO_WORKER], edit, WANT_HTML), 200);
  found = 0;
  for (int i = 0; i < TOLD; i++)
    found += strstr(town.s.page.body, told[i]) != NULL;
  assert_true(found > 0);
}

STORE_MAIN_SETUP(start, stop, cmocka_unit_test(before_it_is_concealed_everybody_reads_it),
                 cmocka_unit_test(what_is_concealed_stands_in_no_answer), cmocka_unit_test(no_search_finds_it),
                 cmocka_unit_test(what_is_typed_is_warned_of_and_can_be_sent_again),
                 cmocka_unit_test(what_goes_to_others_is_refused),
                 cmocka_unit_test(what_is_near_it_is_warned_of_and_does_not_leave),
                 cmocka_unit_test(what_was_shown_masked_stays_when_it_is_saved))
