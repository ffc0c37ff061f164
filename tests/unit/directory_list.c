/* directory_list.c: reading a town's list: headings, blank and bad rows, files that are no list, and real lists gone bad. */
#include <unistd.h>

#include "base/limits.h"
#include "base/utf8.h"
#include "cm.h"
#include "directory/directory.h"
#include "directory/import.h"
#include "view/view.h"

static struct arena *a;
static const char *folder;

static int start(void **state)
{
  a = arena_new((size_t)4 * LIMIT_ARENA);
  return 0;
}

static int stop(void **state)
{
  arena_free(a);
  return 0;
}

static const struct import_options plain = {.file = {"f", 1}, .area_code = {"0183", 4}};

static enum code read_code(struct str text, const struct import_options *o, struct import_list *ret, struct err *e)
{
  *e = (struct err){0};
  return import_read(a, text, o, ret, e);
}

static struct import_list rows(const char *json)
{
  struct import_list l;
  struct err e;
  struct str text = str_printf(a, "{\"source\":\"A town / CC BY 4.0\",\"data\":[%s]}", json);
  if (read_code(text, &plain, &l, &e) != OK)
    fail_msg("%s %s", e.msg, e.detail);
  return l;
}

/* Kind and, where it is refused, the reason with its detail. */
static struct str verdict(const char *json)
{
  struct import_list l = rows(json);
  const struct import_row *r = &l.rows[l.count - 1];
  static const char *const kinds[] = {"place", "heading", "blank", "refused: "};
  struct str why = r->kind == ROW_REFUSED ? tr_args(a, LANG_JA, r->reason, r->detail, STR_NONE, STR_NONE) : STR_NONE;
  return str_printf(a, "%s%.*s", kinds[r->kind], STR_FMT(why));
}

static void rows_are_places_headings_blank_or_refused(void **state)
{
  static const char *const cases[][2] = {
      {"{\"name\":\"会\",\"tel\":\"73-0001\"}", "place"},
      {"{\"name\":\"会\",\"location\":\"市役所\"}", "place"},
      {"{\"施設名\":\"会\",\"所在地\":\"一町1-1\"}", "place"},
      {"{}", "blank"},
      {"{\"name\":\"\",\"tel\":null,\"area\":\" 　\\n\",\"marriage\":false}", "blank"},
      {"{\"name\":\"■高齢者\",\"tel\":\"\"}", "heading"},
      {"{\"name\":\"【子育て】\"}", "heading"},
      {"{\"name\":\"名称\",\"tel\":\"電話番号\"}", "refused: 電話も場所も書かれていません。"},
      {"{\"name\":\"会だけ\"}", "refused: 電話も場所も書かれていません。"},
      {"{\"tel\":\"73-0001\",\"time\":\"月\"}", "refused: 名前がありません。"},
      {"{\"name\":\" \",\"tel\":\"73-0001\"}", "refused: 名前がありません。"},
      {"{\"name\":7,\"tel\":\"73-0001\"}", "refused: 「名称」の欄が文字ではありません。"},
      {"{\"name\":[\"会\"],\"tel\":\"73-0001\"}", "refused: 「名称」の欄が文字ではありません。"},
      {"{\"name\":true,\"tel\":\"73-0001\"}", "refused: 「名称」の欄が文字ではありません。"},
      {"{\"name\":\"会\",\"tel\":{\"a\":1}}", "refused: 「電話」の欄が文字ではありません。"},
      {"{\"name\":\"会\",\"tel\":\"73-0001\",\"x\":[]}", "refused: 「x」の欄が文字ではありません。"},
      {"\"会\"", "refused: 行が、列の名前と値の組になっていません。"},
      {"null", "refused: 行が、列の名前と値の組になっていません。"},
      {"[\"会\",\"73-0001\"]", "refused: 行が、列の名前と値の組になっていません。"},
      {"{\"name\":\"会\\u0007\",\"tel\":\"73-0001\"}", "refused: 「名称」の欄に、使えない文字があります。"},
      {"{\"name\":\"会\",\"time\":\"\\u202e月\",\"tel\":\"73-0001\"}",
       "refused: 「日時」の欄に、使えない文字があります。"},
      {"{\"name\":\"会\",\"tel\":\"73-0001\",\"note\":\"1234 5678 9018\"}",
       "refused: 「備考」の欄に、マイナンバーと思われる数字があります。"},
      {"{\"name\":\"会\",\"tel\":730001}", "place"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
    assert_str(verdict(cases[i][0]), cases[i][1]);
}

static void a_heading_counts_for_what_is_below(void **state)
{
  struct import_list l = rows("{\"name\":\"会\",\"tel\":\"1\",\"location\":\"市\"},{\"name\":\"■介護\"},"
                              "{\"name\":\"苑\",\"tel\":\"73-0001\"}");
  assert_int_equal(l.count, 3);
  assert_str(l.rows[0].heading, "");
  assert_str(l.rows[2].heading, "■介護");
  assert_int_equal(l.rows[2].concerns, 1 << 2);
  assert_string_equal(directory_concern_codes[2], "care");
}

static void a_repeated_line_of_headings_is_no_place(void **state)
{
  struct import_list l;
  struct err e;
  struct str text = S("{\"source\":\"t / CC0\",\"header\":{\"name\":\"施設名\",\"tel\":\"電　話\"},\"data\":["
                      "{\"name\":\"施設名\",\"tel\":\"電話\"},{\"name\":\"会\",\"tel\":\"73-0001\"}]}");
  assert_int_equal(read_code(text, &plain, &l, &e), OK);
  assert_int_equal(l.rows[0].kind, ROW_HEADING);
  assert_int_equal(l.rows[1].kind, ROW_PLACE);
}

static void cells_too_long_are_refused_by_row(void **state)
{
  size_t big = 10 << 20;
  char *letters = malloc(big + 1);
  memset(letters, 'a', big);
  letters[big] = 0;
  struct import_list l = rows(str_cstr(
      a, str_printf(a,
                    "{\"name\":\"会\",\"tel\":\"73-0001\"},{\"name\":\"長\",\"tel\":\"73-0001\",\"time\":\"%s\"},"
                    "{\"name\":\"%.*s\",\"tel\":\"73-0001\"},{\"name\":\"次\",\"tel\":\"73-0001\"}",
                    letters, LIMIT_STRING + 1, letters)));
  free(letters);
  assert_int_equal(l.count, 4);
  assert_int_equal(l.rows[0].kind, ROW_PLACE);
  assert_int_equal(l.rows[1].kind, ROW_REFUSED);
  assert_int_equal(l.rows[1].number, 2);
  assert_str(l.rows[1].detail, "日時");
  assert_int_equal(l.rows[2].kind, ROW_REFUSED);
  assert_int_equal(l.rows[3].kind, ROW_PLACE);
}

static void what_is_no_list_is_refused_whole(void **state)
{
  static const struct {
    const char *text, *field, *arg;
    enum code code;
  } cases[] = {
      {"", "", "1", INVALID},
      {"[]", "", "", INVALID},
      {"{\"data\":[{}]}", "licence", "", INVALID},
      {"{\"source\":\"no licence\",\"data\":[]}", "licence", "", INVALID},
      {"{\"source\":\"t / CC0\"}", "", "data", INVALID},
      {"{\"source\":\"t / CC0\",\"data\":{}}", "", "data", INVALID},
      {"{\"source\":\"t / CC0\",\"index\":{\"p\":\"P\"},\"p\":7}", "", "p", INVALID},
      {"{\"source\":\"t / CC0\",\n\"data\":[{\"name\":\"会\"\n]}", "", "3", INVALID},
      {"{\"source\":\"t / CC0\",\"data\":[{\"name\":\"a\",\"name\":\"b\"}]}", "", "1", INVALID},
      {"{\"source\":\"t / CC0\",\n\"data\":[{\"name\":\"\xE4\xBC\"}]}", "", "2", INVALID},
      {"{\"source\":\"t / CC0\",\n\n\"data\":[{\"name\":\"\x89\xEF\"}]}", "", "3", INVALID},
  };
  struct import_list l = {0};
  struct err e;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    assert_int_equal(read_code(str_from(cases[i].text), &plain, &l, &e), cases[i].code);
    assert_string_equal(e.field, cases[i].field);
    assert_string_equal(e.arg[0], cases[i].arg);
    assert_null(l.rows);
  }
  struct import_options o = plain;
  o.area_code = S("12");
  assert_int_equal(read_code(S("{\"source\":\"t / CC0\",\"data\":[]}"), &o, &l, &e), INVALID);
  assert_string_equal(e.field, "area-code");
}

static void encodings(void **state)
{
  struct import_list l;
  struct err e;
  struct str bare = S("{\"source\":\"t / CC0\",\"data\":[{\"name\":\"会\",\"tel\":\"73-0001\"}]}"), cp932;
  assert_int_equal(read_code(str_printf(a, "\xEF\xBB\xBF%.*s", STR_FMT(bare)), &plain, &l, &e), OK);
  assert_str(l.rows[0].name, "会");
  assert_int_equal(utf8_to_cp932(a, bare, &cp932, &e), OK);
  assert_int_equal(read_code(cp932, &plain, &l, &e), INVALID);
  struct import_options o = plain;
  o.cp932 = true;
  assert_int_equal(read_code(cp932, &o, &l, &e), OK);
  assert_str(l.rows[0].name, "会");
}

static void where_it_comes_from(void **state)
{
  struct import_list l;
  struct err e;
  struct import_options o = plain;
  struct str text = S("{\"origin\":\"http://x/1.xlsx\",\"source\":\"Data by 市 / 一覧 / CC BY 4.0\",\"data\":[]}");
  assert_int_equal(read_code(text, &o, &l, &e), OK);
  assert_str(l.key, "http://x/1.xlsx");
  assert_str(l.attribution, "Data by 市 / 一覧 / CC BY 4.0");
  assert_str(l.licence, "CC BY 4.0");
  o.source = S("市の一覧");
  o.licence = S("市の許可");
  assert_int_equal(read_code(S("{\"data\":[]}"), &o, &l, &e), OK);
  assert_str(l.key, "市の一覧");
  assert_str(l.licence, "市の許可");
}

static void parts_beside_the_index_are_read_and_remarked(void **state)
{
  struct import_list l;
  struct err e;
  struct str text = S("{\"source\":\"t / CC0\",\"index\":{\"p\":\"保育所\",\"gone\":\"x\"},"
                      "\"p\":[{\"name\":\"園\",\"tel\":\"73-0001\"}],\"q\":[{\"name\":\"会\",\"tel\":\"73-0002\"}]}");
  assert_int_equal(read_code(text, &plain, &l, &e), OK);
  assert_int_equal(l.count, 2);
  assert_str(l.rows[0].heading, "保育所");
  assert_string_equal(l.rows[0].place_kind, "childcare");
  assert_str(l.rows[1].part, "q");
  assert_true(str_contains(l.remarks, S("gone")));
  assert_true(str_contains(l.remarks, S("q: ")));
}

/* ---- the real lists, damaged ------------------------------------------------------------------------------------------------- */

static struct str file_of(const char *name)
{
  FILE *f = fopen(str_cstr(a, str_printf(a, "%s/%s", folder, name)), "rb");
  char part[65536];
  struct buf b;
  buf_init(&b, a, IMPORT_FILE_MOST);
  if (!f)
    fail_msg("no %s in %s", name, folder);
  for (size_t n; (n = fread(part, 1, sizeof part, f)) > 0;)
    buf_add(&b, (struct str){part, n});
  fclose(f);
  return buf_str(&b);
}

static uint64_t next_random(uint64_t *x)
{
  *x ^= *x << 13;
  *x ^= *x >> 7;
  *x ^= *x << 17;
  return *x;
}

/* One to four bytes changed, or the end cut off: refused as a whole, or every row still accounted for with valid text. */
static void damaged_lists_are_read_or_refused(void **state)
{
  uint64_t x = 0x9E3779B97F4A7C15ULL;
  if (access(folder, R_OK) != 0)
    skip(); /* the towns' lists are not here */
  struct str whole = file_of("life_event_2022.json");
  char *copy = malloc(whole.n);
  int read = 0, refused = 0;
  memcpy(copy, whole.p, whole.n);
  for (int round = 0; round < 1500; round++) {
    struct arena *mine = arena_new(LIMIT_ARENA);
    char *p = arena_copy(mine, copy, whole.n);
    size_t n = next_random(&x) % 8 ? whole.n : next_random(&x) % whole.n;
    for (uint64_t k = next_random(&x) % 4 + 1; k > 0; k--) {
      char *at = &p[next_random(&x) % whole.n];
      uint64_t by = next_random(&x);
      *at = (*at & 0x80) && by % 16 ? (char)(*at ^ (char)(by >> 8 & 3)) : "{}[]\",:\\ \x80\xE3\n10aX"[by % 16];
    }
    struct import_list l = {0};
    struct err e = {0};
    if (import_read(mine, (struct str){p, n}, &plain, &l, &e) != OK) {
      refused++;
      assert_true(e.msg && !l.rows);
    } else {
      read++;
      for (size_t i = 0; i < l.count; i++)
        assert_true(l.rows[i].kind != ROW_PLACE || (utf8_valid(l.rows[i].name) && l.rows[i].name.n));
    }
    arena_free(mine);
  }
  free(copy);
  assert_true(read > 100 && refused > 100);
}

int main(int argc, char **argv)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(rows_are_places_headings_blank_or_refused),
      cmocka_unit_test(a_heading_counts_for_what_is_below),
      cmocka_unit_test(a_repeated_line_of_headings_is_no_place),
      cmocka_unit_test(cells_too_long_are_refused_by_row),
      cmocka_unit_test(what_is_no_list_is_refused_whole),
      cmocka_unit_test(encodings),
      cmocka_unit_test(where_it_comes_from),
      cmocka_unit_test(parts_beside_the_index_are_read_and_remarked),
      cmocka_unit_test(damaged_lists_are_read_or_refused),
  };
  folder = argc > 1 ? argv[1] : ".";
  return cmocka_run_group_tests(tests, start, stop);
}
