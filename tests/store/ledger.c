/* ledger.c: 進行管理台帳: six hundred rows come in whole or not at all, begin as 同意未確認, are taken back while nobody has written, and go out
 * as far as one may see. */
#include "fixture.h"

#include "ledger/ledger.h"
#include "protect/protect.h"
#include "view/xlsx.h"

enum { ROWS = 600 };

struct town {
  struct world w;
  id64 city, npo;
  struct actor manager, worker, other;
};

static void town_new(struct town *t)
{
  world_new(&t->w);
  t->city = world_org(&t->w, "子ども若者支援課", "council");
  t->npo = world_org(&t->w, "NPOあおば", "council");
  t->manager = world_member(&t->w, t->city, ROLE_MANAGER, "課の長");
  t->worker = world_member(&t->w, t->city, ROLE_WORKER, "田中 窓口");
  t->other = world_member(&t->w, t->npo, ROLE_MANAGER, "あおばの長");
}

/* Names of nobody: 試験 and a number in kanji, all apart by more than one slip. */
static void add_name(struct buf *b, int n)
{
  static const char *const digits[] = {"零", "壱", "弐", "参", "肆", "伍", "陸", "漆", "捌", "玖"};
  buf_add_cstr(b, "試験 ");
  for (int place = 100; place; place /= 10)
    for (int twice = 0; twice < 2; twice++)
      buf_add_cstr(b, digits[n / place % 10]);
}

static const char headings[] =
    "番号,氏名,ふりがな,生年月日,性別,住所,電話,学校,主担当者,受理日,状況,頻度,主訴,備考,血液型\r\n";

static void add_row(struct buf *b, int n, const char *birth)
{
  buf_printf(b, "%d,", n + 1);
  add_name(b, n);
  buf_printf(b, ",,%s,%s,架空市%d番地,0900000%04d,試験中学校,田中,令和7年4月1日,支援中,B,朝おきられない,=SUM(1),A\r\n",
             birth, n % 2 ? "男" : "女", n, n);
}

static struct str ledger_text(struct arena *a, int rows)
{
  char birth[40];
  struct buf b;
  buf_init(&b, a, LIMIT_PAGE);
  buf_add_cstr(&b, "\xef\xbb\xbf進行管理台帳,令和8年度\r\n");
  buf_add_cstr(&b, headings);
  for (int i = 0; i < rows; i++) {
    snprintf(birth, sizeof birth, "平成%d年%d月%d日", 18 + i % 10, i / 25 % 12 + 1, i % 25 + 1);
    add_row(&b, i, birth);
  }
  return buf_str(&b);
}

struct job {
  struct town *t;
  const struct actor *by;
  struct ledger_table table;
  struct ledger ledger;
  struct reader who;
  id64 import, after;
  int64_t rows;
  struct doc *doc;
  struct csv_table out;
  enum unconfirmed_whose whose;
};

static enum code look(struct tx *tx, void *arg, struct err *e)
{
  struct job *j = arg;
  return ledger_look(tx, j->by, &j->ledger, j->t->w.a, &j->who, e);
}

static enum code take_in(struct tx *tx, void *arg, struct err *e)
{
  struct job *j = arg;
  return ledger_write(tx, j->by, &j->ledger, &j->import, e);
}

static enum code take_back(struct tx *tx, void *arg, struct err *e)
{
  struct job *j = arg;
  return ledger_undo(tx, j->by, j->import, &j->rows, e);
}

static void reads(struct job *j, struct str bytes)
{
  struct err e = {0};
  j->who = world_reader();
  ok(ledger_read(j->t->w.a, bytes, false, &j->table, &e));
  ok(ledger_columns_check(&j->table, &e));
  ok(ledger_rows(j->t->w.a, &j->table, &j->who, &j->ledger, &e));
}

static enum code imports(struct job *j, struct str bytes)
{
  struct err e = {0};
  reads(j, bytes);
  ok(world_read(&j->t->w, NULL, look, j, &e));
  return world_write(&j->t->w, j->by, take_in, j, &e);
}

static int count(struct town *t, const char *sql)
{
  return (int)strtol(store_ask(&t->w.store, sql), NULL, 10);
}

static enum code unconfirmed(struct tx *tx, void *arg, struct err *e)
{
  struct job *j = arg;
  const struct scope *s = NULL;
  enum code c = access_open_network(tx, j->by, ACTION_CASE_LIST, &s, e);
  return c == OK ? ledger_unconfirmed(tx, s, &(struct unconfirmed_view){.after = j->after, .whose = j->whose},
                                      j->t->w.a, &j->who, &j->doc, e)
                 : c;
}

static size_t asks(struct job *j, const struct actor *by)
{
  struct err e = {0};
  j->by = by;
  ok(world_read(&j->t->w, by, unconfirmed, j, &e));
  return doc_size(doc_get(j->doc, "cases"));
}

static enum code export(struct tx *tx, void *arg, struct err *e) {
  struct job *j = arg; const struct scope *s = NULL;
  enum code c = access_open_network(tx, j->by, ACTION_LEDGER_EXPORT, &s, e);
  return c == OK ? ledger_export(tx, s, j->t->w.a, &j->who, &j->out, e) : c;
}

static size_t exports(struct job *j, const struct actor *by)
{
  struct err e = {0};
  j->by = by;
  ok(world_read(&j->t->w, by, export, j, &e));
  return j->out.n - 1;
}

STMT_WRITE(q_age, "test_ledger_age",
           "UPDATE ledger_import SET imported_at = imported_at - 700000000 WHERE network_id = $1");
STMT_WRITE(q_conceal, "test_ledger_conceal",
           "INSERT INTO concealment (network_id, id, person_id, items, from_at, created_by)"
           " SELECT network_id, 1, person_id, 3, 0, 1 FROM case_file WHERE network_id = $1");

static enum code age(struct tx *tx, void *arg, struct err *e)
{
  return db_exec(tx, &q_age, NULL, e, BINDS(b_int(tx_network(tx))));
}

static enum code conceal(struct tx *tx, void *arg, struct err *e)
{
  return db_exec(tx, &q_conceal, NULL, e, BINDS(b_int(tx_network(tx))));
}

/* ---- what holds ---------------------------------------------------------------------------------------------------------------- */

static void six_hundred_rows_come_in_and_are_asked_for_consent(void **state)
{
  struct town t;
  town_new(&t);
  struct job j = {.t = &t, .by = &t.manager};
  assert_int_equal(imports(&j, ledger_text(t.w.a, ROWS)), OK);
  assert_int_equal(j.ledger.count, ROWS);
  assert_int_equal(j.ledger.refused, 0);
  assert_int_equal(j.ledger.alike, 0);
  assert_int_equal(j.table.head, 1);
  assert_int_equal(j.table.column[14], LEDGER_SKIP); /* nobody's business */
  assert_int_equal(count(&t, "SELECT CAST(count(*) AS text) FROM case_file WHERE status = 'support'"), ROWS);
  assert_int_equal(count(&t, "SELECT CAST(count(*) AS text) FROM record"), ROWS);
  assert_int_equal(count(&t, "SELECT CAST(count(DISTINCT user_id) AS text) FROM assignment WHERE lead"), 1);
  assert_int_equal(asks(&j, &t.manager), LIMIT_PAGE_ROWS);
  assert_true(doc_get_bool(j.doc, "has_more"));
  assert_int_equal(asks(&j, &t.other), 0);
  store_ddl(&t.w.store,
            "UPDATE assignment SET lead = FALSE WHERE id IN (SELECT id FROM assignment ORDER BY id LIMIT 7)", "");
  j.whose = UNCONFIRMED_MINE;
  size_t led = (size_t)count(&t, "SELECT CAST(count(*) AS text) FROM assignment WHERE lead");
  assert_int_equal(asks(&j, &t.manager), 0);
  assert_int_equal(asks(&j, &t.worker), led < LIMIT_PAGE_ROWS ? led : LIMIT_PAGE_ROWS);
  j.whose = UNCONFIRMED_NOBODYS;
  assert_int_equal(asks(&j, &t.manager), ROWS - led);
  assert_int_equal(asks(&j, &t.worker), ROWS - led); /* he works on them still */
  assert_int_equal(exports(&j, &t.manager), ROWS);
  assert_int_equal(exports(&j, &t.other), 0);
  world_free(&t.w);
}

static struct str with_row(struct arena *a, const char *birth, const char *note)
{
  struct buf b;
  buf_init(&b, a, LIMIT_PAGE);
  buf_add(&b, ledger_text(a, 3));
  buf_printf(&b, "9,試験 別人,べつじん,%s,男,,,,,,,,,\"%s\",\r\n", birth, note);
  return buf_str(&b);
}

static void one_row_that_cannot_be_read_keeps_all_out(void **state)
{
  static const struct {
    const char *birth, *note;
  } bad[] = {{"平成40年1月1日", ""},
             {"令和90年1月1日", ""},
             {"来年", ""},
             {"", "番号は 1234-5678-9018 です"},
             {"", "123456789018"}};
  struct town t;
  town_new(&t);
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    struct job j = {.t = &t, .by = &t.manager};
    assert_int_equal(imports(&j, with_row(t.w.a, bad[i].birth, bad[i].note)), INVALID);
    assert_int_equal(j.ledger.refused, 1);
    assert_int_equal(j.ledger.rows[3].number, 6);
    assert_true(doc_size(j.ledger.rows[3].refused) > 0);
  }
  assert_int_equal(count(&t, "SELECT CAST(count(*) AS text) FROM person"), 0);
  assert_int_equal(count(&t, "SELECT CAST(count(*) AS text) FROM ledger_import"), 0);
  world_free(&t.w);
}

static void a_my_number_is_refused_in_a_column_that_is_not_read(void **state)
{
  struct town t;
  town_new(&t);
  struct job j = {.t = &t, .by = &t.manager};
  assert_int_equal(imports(&j, S("氏名,個人番号\r\n試験 壱,123456789018\r\n")), INVALID);
  assert_int_equal(imports(&j, S("氏名,個人番号\r\n試験 壱,123456789017\r\n")), OK);
  world_free(&t.w);
}

static void only_a_manager_imports(void **state)
{
  struct town t;
  struct err e = {0};
  town_new(&t);
  struct job j = {.t = &t, .by = &t.worker};
  reads(&j, ledger_text(t.w.a, 2));
  assert_int_equal(world_read(&t.w, NULL, look, &j, &e), DENIED);
  assert_int_equal(world_write(&t.w, &t.worker, take_in, &j, &e), DENIED);
  world_free(&t.w);
}

static void who_may_be_known_is_shown_as_the_find_page_shows_it(void **state)
{
  struct town t;
  town_new(&t);
  struct job j = {.t = &t, .by = &t.manager};
  (void)world_case(&t.w, &t.manager, "試験 零零零零零零", (struct date){2006, 1, 1});
  (void)world_case(&t.w, &t.other, "試験 零零零零壱壱", (struct date){2007, 1, 2});
  assert_int_equal(imports(&j, ledger_text(t.w.a, 3)), OK);
  assert_int_equal(j.ledger.alike, 2);
  assert_int_equal(j.ledger.rows[0].known_count, 1);
  assert_true(j.ledger.rows[0].known[0].number.n > 0);
  assert_false(j.ledger.rows[0].elsewhere);
  assert_int_equal(j.ledger.rows[1].known_count, 0);
  assert_true(j.ledger.rows[1].elsewhere);
  assert_int_equal(imports(&j, S("氏名,生年月日\n試験 甲,H20.1.1\n別人 乙次,H20.1.1\n試験 甲,H20.1.1\n")), OK);
  assert_int_equal(j.ledger.rows[2].twice, 2);
  assert_int_equal(j.ledger.rows[1].twice, 0);
  world_free(&t.w);
}

static void an_import_is_taken_back_whole(void **state)
{
  static const char attributes[] = "SELECT CAST(count(*) AS text) FROM person_attribute";
  struct town t;
  struct err e = {0};
  town_new(&t);
  struct job j = {.t = &t, .by = &t.manager};
  struct world_case kept = world_case(&t.w, &t.manager, "別人 太郎", (struct date){2009, 6, 1});
  int before = count(&t, attributes);
  assert_int_equal(imports(&j, ledger_text(t.w.a, 20)), OK);
  assert_int_equal(asks(&j, &t.manager), 20);
  j.by = &t.other;
  assert_int_equal(world_write(&t.w, NULL, take_back, &j, &e), NOT_FOUND);
  j.by = &t.manager;
  ok(world_write(&t.w, NULL, take_back, &j, &e));
  assert_int_equal(j.rows, 20);
  assert_int_equal(count(&t, "SELECT CAST(count(*) AS text) FROM person"), 1);
  assert_int_equal(count(&t, "SELECT CAST(count(*) AS text) FROM ledger_case"), 0);
  assert_int_equal(count(&t, attributes), before);
  assert_true(kept.person > 0);
  assert_int_equal(world_write(&t.w, NULL, take_back, &j, &e), CONFLICT);
  assert_int_equal(imports(&j, ledger_text(t.w.a, 20)), OK); /* and may come in again */
  assert_int_equal(j.ledger.alike, 0);
  world_free(&t.w);
}

struct writing {
  id64 case_id;
  const struct actor *by;
};

static enum code write_record(struct tx *tx, void *arg, struct err *e)
{
  const struct writing *w = arg;
  struct case_head head = {0};
  const struct scope *s = NULL;
  id64 id = 0;
  struct paragraph_new p = {.text = S("会えた"), .source = SOURCE_STAFF, .category = CAT_SUPPORT};
  struct record_new r = {
      .at = tx_now(tx), .method = S("visit"), .with_whom = S("person"), .paragraphs = &p, .count = 1};
  enum code c = case_enter(tx, w->by, ACTION_RECORD_WRITE, w->case_id, &head, &s, e);
  return c == OK ? record_add(tx, s, w->case_id, &r, &id, e) : c;
}

static void what_somebody_has_written_is_not_taken_back(void **state)
{
  struct town t;
  struct err e = {0};
  town_new(&t);
  struct job j = {.t = &t, .by = &t.manager};
  assert_int_equal(imports(&j, ledger_text(t.w.a, 4)), OK);
  struct writing w = {.by = &t.manager,
                      .case_id =
                          strtoll(store_ask(&t.w.store, "SELECT CAST(max(id) AS text) FROM case_file"), NULL, 10)};
  ok(world_write(&t.w, &t.manager, write_record, &w, &e));
  assert_int_equal(world_write(&t.w, NULL, take_back, &j, &e), CONFLICT);
  assert_string_equal(e.arg[0], "1");
  assert_int_equal(count(&t, "SELECT CAST(count(*) AS text) FROM person"), 4);
  ok(world_write(&t.w, NULL, age, &j, &e));
  assert_int_equal(world_write(&t.w, NULL, take_back, &j, &e), CONFLICT);
  world_free(&t.w);
}

static void who_was_asked_leaves_the_list(void **state)
{
  struct town t;
  town_new(&t);
  struct job j = {.t = &t, .by = &t.manager};
  assert_int_equal(imports(&j, ledger_text(t.w.a, 2)), OK);
  struct world_case c = {
      .case_id = strtoll(store_ask(&t.w.store, "SELECT CAST(max(id) AS text) FROM case_file"), NULL, 10),
      .person = strtoll(store_ask(&t.w.store, "SELECT CAST(person_id AS text) FROM case_file ORDER BY id DESC LIMIT 1"),
                        NULL, 10)};
  (void)world_consent(&t.w, &t.manager, &c, PARTY_PERSON, t.npo, CAT_BASIC);
  assert_int_equal(asks(&j, &t.manager), 1);
  assert_int_equal(exports(&j, &t.manager), 2);
  int marked = 0;
  for (size_t i = 1; i < j.out.n; i++)
    marked += str_is(csv_cell(&j.out, i, 22), "同意未確認");
  assert_int_equal(marked, 1);
  world_free(&t.w);
}

/* What one organization wrote down goes out and comes in again as the same. */
static void what_goes_out_comes_in_again(void **state)
{
  struct town t;
  struct str bytes = STR_NONE;
  struct err e = {0};
  town_new(&t);
  struct job j = {.t = &t, .by = &t.manager}, again = {.t = &t, .by = &t.other};
  assert_int_equal(imports(&j, ledger_text(t.w.a, 5)), OK);
  assert_int_equal(exports(&j, &t.manager), 5);
  ok(xlsx_out(t.w.a, &j.out, S("台帳"), &bytes, &e));
  reads(&again, bytes);
  assert_int_equal(again.ledger.refused, 0);
  assert_int_equal(again.ledger.count, 5);
  for (size_t i = 0; i < 5; i++) {
    const struct ledger_row *row = &again.ledger.rows[i];
    assert_true(str_starts(row->person.name, S("試験 零零零零")));
    assert_true(row->person.mobile.n == 11 && row->person.birth.year && row->begun.opened_at);
    assert_true(str_is(row->begun.status, "support"));
    assert_string_equal(str_cstr(t.w.a, csv_cell(&j.out, i + 1, 16)), "朝おきられない");
    assert_true(str_contains(row->record, S("主訴：朝おきられない")));
  }
  world_free(&t.w);
}

/* Whoever copies a list off the screen, or takes a file out, finds each column where it belongs, or is told that it is not read. */
static void the_products_own_headings_are_read(void **state)
{
  static const struct {
    const char *heading;
    enum ledger_column column;
  } own[] = {{"番号", LEDGER_NUMBER},       {"氏名", LEDGER_NAME},
             {"名前", LEDGER_NAME},         {"ふりがな", LEDGER_KANA},
             {"生年月日", LEDGER_BIRTH},    {"性別", LEDGER_SEX},
             {"郵便番号", LEDGER_POSTAL},   {"住所", LEDGER_ADDRESS},
             {"電話(自宅)", LEDGER_PHONE},  {"電話(携帯)", LEDGER_MOBILE},
             {"学校", LEDGER_SCHOOL},       {"学年・在籍の状況", LEDGER_GRADE},
             {"受理日", LEDGER_ACCEPTED},   {"状況(段階)", LEDGER_STATUS},
             {"段階", LEDGER_STATUS},       {"かかわりの頻度", LEDGER_DENSITY},
             {"かかわり", LEDGER_DENSITY},  {"相談の経路", LEDGER_ORIGIN},
             {"主訴", LEDGER_CONCERN},      {"主担当者", LEDGER_WORKER},
             {"最終接触日", LEDGER_LAST},   {"最後にふれた日", LEDGER_LAST},
             {"次にすること", LEDGER_NEXT}, {"次の期日", LEDGER_NEXT_DAY},
             {"次回予定", LEDGER_NEXT_DAY}};
  static const char *const not_read[] = {"年齢", "主担当機関",
                                         "同意の確認"}; /* of the file: reckoned, or never carried over */
  struct town t;
  town_new(&t);
  for (size_t i = 0; i < sizeof own / sizeof *own; i++)
    if (ledger_column_guess(t.w.a, str_from(own[i].heading)) != own[i].column)
      fail_msg("%s", own[i].heading);
  for (int k = LEDGER_SKIP + 1; k < LEDGER_COLUMN_COUNT; k++)
    assert_int_equal(ledger_column_guess(t.w.a, str_from(ledger_column_label((enum ledger_column)k))), k);
  struct job j = {.t = &t, .by = &t.manager};
  assert_int_equal(imports(&j, ledger_text(t.w.a, 2)), OK);
  assert_int_equal(exports(&j, &t.manager), 2);
  for (size_t i = 0; i < j.out.row[0].n; i++) { /* whatever the file is given one day */
    struct str heading = csv_cell(&j.out, 0, i);
    bool skipped = false;
    for (size_t k = 0; k < sizeof not_read / sizeof *not_read; k++)
      skipped = skipped || str_is(heading, not_read[k]);
    if ((ledger_column_guess(t.w.a, heading) == LEDGER_SKIP) != skipped)
      fail_msg("%.*s", STR_FMT(heading));
  }
  world_free(&t.w);
}

static void what_is_not_read_and_what_is_put_in_its_place_is_told(void **state)
{
  struct town t;
  struct reader who = world_reader();
  town_new(&t);
  struct job j = {.t = &t, .by = &t.manager};
  reads(&j, S("氏名,生年月日,かかわり,血液型,次回予定\n試験 一郎,平成20年6月1日,A,O,2026/12/1\n"
              "試験 二郎,平成20年6月2日,,A,未定\n"));
  struct doc *d = ledger_report(t.w.a, &who, &j.table, &j.ledger);
  assert_true(str_is(doc_get_str(d, "unread_text"), "取り込まない列：血液型"));
  assert_true(str_contains(doc_get_str(d, "untold_text"), S("書かれていない1行は、B")));
  assert_true(str_is(j.ledger.rows[0].begun.density, "A") && str_is(j.ledger.rows[1].begun.density, "B"));
  assert_true(str_is(j.ledger.rows[0].begun.next_date, "2026-12-01"));
  struct job words = {.t = &t, .by = &t.manager};
  reads(&words, S("氏名,次回予定\n試験 一郎,面談に同行する\n")); /* the same heading above what will be done */
  assert_int_equal(words.ledger.refused, 0);
  assert_int_equal(words.table.column[1], LEDGER_NEXT);
  d = ledger_report(t.w.a, &who, &words.table, &words.ledger);
  assert_true(!doc_get_str(d, "unread_text").n && doc_get_str(d, "untold_text").n);
  world_free(&t.w);
}

/* A file goes on as text: the same cells in the same rows, whatever stands in them. */
static void a_file_goes_on_as_the_same_table(void **state)
{
  struct town t;
  struct err e = {0};
  struct str bytes = STR_NONE, text = STR_NONE;
  struct ledger_table table = {.head = 0}, again = {.head = 0};
  town_new(&t);
  struct str cells[] = {S("氏名"), S("備\t考"), S("試験 一"), S("=1+1\n'=2, \"二\""),
                        S(""),     S(""),       S("試験 三"), S("'x\t")};
  struct csv_row rows[] = {{cells, 2}, {cells + 2, 2}, {cells + 4, 2}, {cells + 6, 2}};
  struct csv_table made = {.row = rows, .n = 4};
  ok(xlsx_out(t.w.a, &made, S("台帳"), &bytes, &e));
  ok(ledger_read(t.w.a, bytes, false, &table, &e));
  ok(ledger_as_text(t.w.a, &table, &text, &e));
  ok(ledger_read(t.w.a, text, false, &again, &e));
  assert_int_equal(again.head, table.head);
  assert_int_equal(again.cells.n, table.cells.n);
  for (size_t i = 1; i < table.cells.n; i++)
    for (size_t k = 0; k < 2; k++)
      assert_true(str_eq(csv_cell(&table.cells, i, k), csv_cell(&again.cells, i, k)));
  assert_true(str_is(csv_cell(&again.cells, 1, 1), "=1+1\n'=2, \"二\""));
  world_free(&t.w);
}

static void a_file_is_judged_by_its_content(void **state)
{
  static const struct str none[] = {{"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1....", 12},
                                    {"%PDF-1.7\n", 9},
                                    {"\xFF\xD8\xFF\xE0", 4},
                                    {"PK\3\4 no spreadsheet", 19},
                                    {"\xE6\xB0\x8F\xE5\x90\x8D,\0", 8}};
  struct town t;
  struct ledger_table table = {.head = 0};
  town_new(&t);
  for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
    struct err e = {0};
    assert_int_equal(ledger_read(t.w.a, none[i], false, &table, &e), INVALID);
    assert_true(strlen(e.msg) > 20);
  }
  struct err e = {0};
  /* 氏名,備考 as Excel in Japan writes it */
  ok(ledger_read(t.w.a, S("\x8E\x81\x96\xBC,\x94\xF5\x8D\x6C\r\n\x8E\x81\x96\xBC,1\r\n"), false, &table, &e));
  assert_true(str_is(csv_cell(&table.cells, 0, 0), "氏名"));
  world_free(&t.w);
}

static void what_is_concealed_does_not_go_out(void **state)
{
  struct town t;
  struct err e = {0};
  town_new(&t);
  struct job j = {.t = &t, .by = &t.manager};
  assert_int_equal(imports(&j, ledger_text(t.w.a, 1)), OK);
  ok(world_write(&t.w, NULL, conceal, &j, &e));
  assert_int_equal(exports(&j, &t.manager), 1);
  assert_true(str_is(csv_cell(&j.out, 1, 7), "秘匿あり"));
  assert_true(str_is(csv_cell(&j.out, 1, 9), "秘匿あり"));
  assert_true(str_is(csv_cell(&j.out, 1, 10), "試験中学校"));
  world_free(&t.w);
}

/* Looking is no taking away: an emergency, a colleague who stands in, a sheet that nobody has taken on open pages, and no file. */
struct looks {
  const struct actor *by;
  id64 case_id;
  struct str number;
  size_t listed;
};

static enum code break_in(struct tx *tx, void *arg, struct err *e)
{
  struct looks *l = arg;
  const struct scope *list = NULL;
  const struct emergency_new n = {.number = l->number, .reason = S("今夜、薬を確かめるため"), .hours = 4};
  enum code c = access_open_network(tx, l->by, ACTION_TODAY, &list, e);
  return c == OK ? emergency_open(tx, list, &n, &l->case_id, e) : c;
}

static enum code stand_in(struct tx *tx, void *arg, struct err *e)
{
  struct looks *l = arg;
  struct case_head head = {0};
  const struct scope *s = NULL;
  enum code c = case_enter(tx, l->by, ACTION_STAND_IN, l->case_id, &head, &s, e);
  return c == OK ? case_stand_in(tx, s, l->case_id, S("電話がかかってきたため"), e) : c;
}

static enum code count_page(void *arg, const struct case_line *lines, size_t n, struct err *e)
{
  ((struct looks *)arg)->listed += n;
  return OK;
}

static enum code list_cases(struct tx *tx, void *arg, struct err *e)
{
  struct looks *l = arg;
  const struct scope *s = NULL;
  l->listed = 0;
  enum code c = access_open_network(tx, l->by, ACTION_CASE_LIST, &s, e);
  return c == OK ? case_each_page(tx, s, CASES_ALL, tx_arena(tx), count_page, l, e) : c;
}

static void looks_and_takes(struct town *t, struct looks *l, const struct actor *by, size_t listed, size_t taken)
{
  struct err e = {0};
  struct job j = {.t = t, .by = by, .who = world_reader()};
  l->by = by;
  ok(world_read(&t->w, by, list_cases, l, &e));
  assert_int_equal(l->listed, listed);
  assert_int_equal(exports(&j, by), taken);
  for (size_t i = 1; i < j.out.n; i++)
    assert_true(str_is(csv_cell(&j.out, i, 1), "試験 太郎"));
}

static void what_is_only_looked_at_is_in_no_file(void **state)
{
  struct town t;
  struct err e = {0};
  (void)state;
  town_new(&t);
  struct actor colleague = world_member(&t.w, t.city, ROLE_WORKER, "となりの人");
  struct actor helper = world_member(&t.w, t.npo, ROLE_WORKER, "あおばの人");
  struct world_case boy = world_case(&t.w, &t.worker, "試験 太郎", (struct date){2009, 6, 1});
  struct looks l = {.case_id = boy.case_id};
  l.number = str_copy(t.w.a, str_from(store_ask(&t.w.store, "SELECT number FROM case_file")));
  looks_and_takes(&t, &l, &t.worker, 1, 1);
  looks_and_takes(&t, &l, &colleague, 0, 0);
  ok(world_write(&t.w, NULL, stand_in, &l, &e)); /* as the routes do: past row-level security */
  looks_and_takes(&t, &l, &colleague, 1, 0);
  l.by = &helper;
  ok(world_write(&t.w, NULL, break_in, &l, &e));
  looks_and_takes(&t, &l, &helper, 1, 0);
  (void)world_consent(&t.w, &t.worker, &boy, PARTY_PERSON, t.npo, CAT_ALL);
  (void)world_send(&t.w, &t.worker, &boy, t.npo, "help");
  looks_and_takes(&t, &l, &t.other, 1, 0); /* sent, not taken on */
  world_free(&t.w);
}

/* As an office keeps it: a title above, blank rows, full width, short eras, a line broken in a cell, a total below. */
static void a_table_as_offices_keep_it_is_read(void **state)
{
  struct town t;
  struct job j = {.t = &t};
  (void)state;
  town_new(&t);
  reads(&j, S("令和6年度 進行管理台帳,,,,,,,\r\n,,,,,,,作成 R6.10.1\r\n\r\n"
              "Ｎｏ．,氏　名,フリガナ,生年月日,住所,受付年月日,状況,次回予定日,今後の予定\r\n"
              "１,試験　太郎,ｼｹﾝ ﾀﾛｳ,平２０．６．１,\"架空市\n一丁目\",R6.4.1,継続（R6.5.1）,R8.12.10,家庭訪問\r\n"
              ",,,,,,,,\r\n"
              "２,試験　二郎,,39600,架空市,令６.９.15,受付,未定,\r\n"
              "合計,２件,,,,,,,\r\n"));
  assert_int_equal(j.ledger.count, 2);
  assert_int_equal(j.ledger.refused, 0);
  const struct ledger_row *one = &j.ledger.rows[0], *two = &j.ledger.rows[1];
  assert_true(str_is(one->person.address, "架空市 一丁目") && str_is(one->begun.status, "support"));
  assert_int_equal(one->person.birth.year, 2008);
  assert_true(str_is(one->next, "家庭訪問") && str_is(one->begun.next_date, "2026-12-10"));
  assert_int_equal(two->person.birth.year * 10000 + two->person.birth.month * 100 + two->person.birth.day, 20080601);
  assert_int_equal(doc_size(two->remarks), 2); /* the number that was a day, and the day that is open */
  assert_false(two->begun.next_date.n);
  world_free(&t.w);
}

static void a_family_name_of_one_letter_leads_and_two_of_a_name_are_told_apart(void **state)
{
  struct town t;
  struct err e = {0};
  (void)state;
  town_new(&t);
  struct actor grove = world_member(&t.w, t.city, ROLE_WORKER, "林 窓口");
  (void)world_member(&t.w, t.city, ROLE_WORKER, "林田　窓口");
  (void)world_member(&t.w, t.city, ROLE_WORKER, "鈴木 一");
  (void)world_member(&t.w, t.city, ROLE_WORKER, "鈴木　二");
  struct job j = {.t = &t, .by = &t.manager};
  reads(&j, S("氏名,主担当者\r\n試験 太郎,林\r\n試験 二郎,鈴木\r\n試験 三郎,木\r\n"));
  ok(world_read(&t.w, NULL, look, &j, &e));
  assert_true(j.ledger.rows[0].begun.lead_user == grove.user);
  assert_false(j.ledger.rows[1].begun.lead_user || j.ledger.rows[2].begun.lead_user);
  assert_true(str_contains(doc_string(doc_at(j.ledger.rows[1].remarks, 0)), S("何人か")));
  assert_true(str_contains(doc_string(doc_at(j.ledger.rows[2].remarks, 0)), S("アカウントがない")));
  world_free(&t.w);
}

STORE_MAIN(cmocka_unit_test(a_table_as_offices_keep_it_is_read),
           cmocka_unit_test(a_family_name_of_one_letter_leads_and_two_of_a_name_are_told_apart),
           cmocka_unit_test(six_hundred_rows_come_in_and_are_asked_for_consent),
           cmocka_unit_test(one_row_that_cannot_be_read_keeps_all_out),
           cmocka_unit_test(a_my_number_is_refused_in_a_column_that_is_not_read),
           cmocka_unit_test(only_a_manager_imports),
           cmocka_unit_test(who_may_be_known_is_shown_as_the_find_page_shows_it),
           cmocka_unit_test(an_import_is_taken_back_whole),
           cmocka_unit_test(what_somebody_has_written_is_not_taken_back),
           cmocka_unit_test(who_was_asked_leaves_the_list), cmocka_unit_test(the_products_own_headings_are_read),
           cmocka_unit_test(what_is_not_read_and_what_is_put_in_its_place_is_told),
           cmocka_unit_test(what_goes_out_comes_in_again), cmocka_unit_test(a_file_goes_on_as_the_same_table),
           cmocka_unit_test(a_file_is_judged_by_its_content), cmocka_unit_test(what_is_concealed_does_not_go_out),
           cmocka_unit_test(what_is_only_looked_at_is_in_no_file))
