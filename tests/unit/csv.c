/* Tables as text files: what is written reads back as it was, in both encodings; no cell begins a formula. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/limits.h"
#include "view/csv.h"

static struct arena *arena;

static struct str one_cell(const char *text, enum csv_encoding to)
{
  struct csv_out *o = csv_out_new(arena);
  struct str out;
  struct err e = {0};
  csv_out_text(o, str_from(text));
  csv_out_row(o);
  assert_int_equal(csv_out_finish(o, to, &out, &e), OK);
  return out;
}

static void expect_cell(const char *text, const char *bytes)
{
  struct str got = one_cell(text, CSV_UTF8);
  if (!str_is(got, bytes))
    fail_msg("[%s] became [%.*s]", text, STR_FMT(got));
}

static void cells_are_quoted_where_they_must_be(void **state)
{
  expect_cell("山田", "山田\r\n");
  expect_cell("a,b", "\"a,b\"\r\n");
  expect_cell("彼は「\"」と", "\"彼は「\"\"」と\"\r\n");
  expect_cell("一行\n二行", "\"一行\n二行\"\r\n");
  expect_cell(" x", "\" x\"\r\n");
  expect_cell("", "\"\"\r\n"); /* an empty line would be no row */
}

static void no_cell_begins_a_formula(void **state)
{
  static const char *const bad[] = {"=1+1", "+81", "-1",  "@x",  "\tx", "\rx", "\nx",
                                    "＝1",  "＋",  "－5", "＠x", "'=x", "''+1"};
  for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
    struct str out = one_cell(bad[i], CSV_UTF8);
    size_t at = out.p[0] == '"';
    assert_int_equal(out.p[at], '\'');
    assert_true(str_starts(str_sub(out, at + 1, out.n), str_from(bad[i])));
  }
  expect_cell("'x", "'x\r\n");
}

static const char *const texts[] = {"山田 葵", "",       "=cmd|'/c'!A1", "'",   "'=",     "''@", "a\"b", "\"", ",",
                                    "x\ny",    " 前後 ", "①㈱髙﨑",      "ｱｲｳ", "表ソ能", "+",   "－1",  "終"};
enum { TEXTS = sizeof(texts) / sizeof(*texts) };

static struct str table_of(enum csv_encoding to, int columns)
{
  struct csv_out *o = csv_out_new(arena);
  struct str out;
  struct err e = {0};
  for (int i = 0; i < TEXTS; i++) {
    csv_out_text(o, str_from(texts[i]));
    if ((i + 1) % columns == 0 || i + 1 == TEXTS)
      csv_out_row(o);
  }
  assert_int_equal(csv_out_finish(o, to, &out, &e), OK);
  return out;
}

static void what_is_written_reads_back(void **state)
{
  static const enum csv_encoding all[] = {CSV_UTF8_BOM, CSV_UTF8, CSV_CP932};
  for (size_t k = 0; k < 3; k++) {
    for (int columns = 2; columns <= TEXTS; columns++) {
      struct csv_table t;
      struct err e = {0};
      assert_int_equal(csv_in(arena, table_of(all[k], columns), &t, &e), OK);
      assert_int_equal(t.n, (TEXTS + columns - 1) / columns);
      assert_int_equal(t.cp932, all[k] == CSV_CP932);
      for (int i = 0; i < TEXTS; i++) {
        struct str cell = csv_cell(&t, (size_t)(i / columns), (size_t)(i % columns));
        if (!str_is(cell, texts[i]))
          fail_msg("encoding %zu: [%s] read as [%.*s]", k, texts[i], STR_FMT(cell));
      }
    }
  }
}

static void encodings_are_what_they_say(void **state)
{
  assert_true(str_is(one_cell("あ", CSV_UTF8_BOM), "\xef\xbb\xbf"
                                                   "あ\r\n"));
  assert_true(str_is(one_cell("あ", CSV_CP932), "\x82\xa0\r\n"));
}

static void what_shift_jis_lacks_is_named_by_row_and_column(void **state)
{
  struct csv_out *o = csv_out_new(arena);
  struct str out;
  struct err e = {0};
  for (int i = 0; i < 6; i++) {
    csv_out_text(o, i == 3 ? S("𠮷野") : i == 5 ? S("🌱") : S("可"));
    if (i % 2)
      csv_out_row(o);
  }
  assert_int_equal(csv_out_finish(o, CSV_CP932, &out, &e), INVALID);
  assert_string_equal(e.arg[0], "2");
  assert_string_equal(e.arg[1], "2");
  assert_string_equal(e.detail, "csv: 2 cells");
  assert_int_equal(csv_out_finish(o, CSV_UTF8, &out, &e), OK);
}

static enum code read_text(const char *text, struct csv_table *t, struct err *e)
{
  return csv_in(arena, str_from(text), t, e);
}

static void files_of_others_are_read(void **state)
{
  struct csv_table t;
  struct err e = {0};
  assert_int_equal(read_text("氏名, ふりがな ,年齢\n山田,やまだ,17\n\n\"鈴木\",\"\",", &t, &e), OK);
  assert_int_equal(t.n, 3);
  assert_int_equal(t.row[2].n, 3);
  assert_int_equal(csv_column(&t, "ふりがな"), 1);
  assert_int_equal(csv_column(&t, "住所"), -1);
  assert_true(str_is(csv_cell(&t, 2, 0), "鈴木"));
  assert_int_equal(csv_cell(&t, 9, 9).n, 0);
  assert_int_equal(read_text("", &t, &e), OK);
  assert_int_equal(t.n, 0);
}

static void broken_files_are_refused_with_their_place(void **state)
{
  struct csv_table t;
  struct err e = {0};
  assert_int_equal(read_text("a,b\nc,\"d\ne", &t, &e), INVALID);
  assert_string_equal(e.arg[0], "2");
  assert_int_equal(read_text("a\nb\nx\"y,z", &t, &e), INVALID);
  assert_string_equal(e.arg[0], "3");
  assert_int_equal(read_text("ok,\x82\xa0\nx,y,\x82", &t, &e), INVALID);
  assert_string_equal(e.arg[0], "2");
  assert_string_equal(e.arg[1], "3");
  assert_int_equal(read_text("\xef\xbb\xbfok,\xff", &t, &e), INVALID);
  assert_string_equal(e.arg[1], "2");
}

static void sizes_are_limited(void **state)
{
  struct csv_table t;
  struct err e = {0};
  struct buf b;
  buf_init(&b, arena, LIMIT_PAGE);
  for (int i = 0; i <= LIMIT_CSV_ROWS; i++)
    buf_add_cstr(&b, "a\n");
  assert_int_equal(csv_in(arena, buf_str(&b), &t, &e), LIMIT);
  assert_int_equal(csv_in(arena, str_sub(buf_str(&b), 0, b.n - 2), &t, &e), OK);
  assert_int_equal(t.n, LIMIT_CSV_ROWS);
  buf_init(&b, arena, LIMIT_PAGE);
  for (int i = 0; i < CSV_COLUMNS; i++)
    buf_add_cstr(&b, "a,");
  assert_int_equal(csv_in(arena, buf_str(&b), &t, &e), LIMIT);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(cells_are_quoted_where_they_must_be),
      cmocka_unit_test(no_cell_begins_a_formula),
      cmocka_unit_test(what_is_written_reads_back),
      cmocka_unit_test(encodings_are_what_they_say),
      cmocka_unit_test(what_shift_jis_lacks_is_named_by_row_and_column),
      cmocka_unit_test(files_of_others_are_read),
      cmocka_unit_test(broken_files_are_refused_with_their_place),
      cmocka_unit_test(sizes_are_limited),
  };
  arena = arena_new((size_t)8 * LIMIT_ARENA);
  return cmocka_run_group_tests(tests, NULL, NULL);
}
