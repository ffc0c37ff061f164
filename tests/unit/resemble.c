/* resemble.c: what tells a concealed value, however it is written, and what does not. */
#include "base/resemble.h"
#include "base/limits.h"
#include "cm.h"

static struct arena *a, *scratch;

static enum resemblance find(enum needle_kind kind, const char *value, const char *text)
{
  struct needles *list = NULL;
  needles_add(a, &list, kind, str_from(value));
  return needles_find(list, a, str_from(text));
}

static void an_address_is_told_however_it_is_written(void **state)
{
  static const char *const tells[] = {"東京都港区みどり町3-2-1 コーポさくら201",
                                      "みどり町三丁目二番一号に移った",
                                      "港区みどり町３の２",
                                      "みどり町3丁目2番地",
                                      "今は コーポさくら にいる",
                                      "みどり町 3 ー 2 ー 1"};
  static const char *const not [] = {"さくらまつりに行った", "3-2で勝った", "港区役所で会った", "みどりの服"};
  for (size_t i = 0; i < sizeof tells / sizeof *tells; i++)
    if (find(NEEDLE_ADDRESS, "東京都港区みどり町3丁目2番1号 コーポさくら201号", tells[i]) != RESEMBLES)
      fail_msg("not found: %s", tells[i]);
  for (size_t i = 0; i < sizeof not / sizeof *not ; i++)
    if (find(NEEDLE_ADDRESS, "東京都港区みどり町3丁目2番1号 コーポさくら201号", not [i]) != RESEMBLES_NOT)
      fail_msg("found: %s", not [i]);
  assert_int_equal(find(NEEDLE_ADDRESS, "東京都港区みどり町3-2-1", "みどり町のあたりで見かけた"), RESEMBLES_LOOSELY);
}

static void expect(const char *value, const char *text, enum resemblance wanted)
{
  enum resemblance got = find(NEEDLE_ADDRESS, value, text);
  if (got != wanted)
    fail_msg("%s: %s: %d, not %d", value, text, got, wanted);
}

static void an_address_is_near_by_its_number_however_its_town_is_written(void **state)
{
  static const char *const two[] = {"みどり町2-4のアパートに住んでいます",
                                    "ミドリマチ2の4に住んでいます",
                                    "ﾐﾄﾞﾘﾁｮｳ２ー４",
                                    "みどりまち二丁目四番地",
                                    "いまはみどりまちの2−4です",
                                    "「みどり町」2ノ4",
                                    "住所は 2-4",
                                    "2丁目4番にいる",
                                    "みどり町02之04-201"};
  static const char *const three[] = {"みどり町9-9-9", "ミドリマチ９丁目９－９", "9-9-9", "九の九の九にいる",
                                      "9─9─9-305",     "ミドリマチ9-9"};
  for (size_t i = 0; i < sizeof two / sizeof *two; i++)
    expect("デモ市緑町2-4", two[i], RESEMBLES_CLOSELY);
  for (size_t i = 0; i < sizeof three / sizeof *three; i++)
    expect("デモ市緑町9-9-9", three[i], RESEMBLES_CLOSELY);
  expect("隣市すずめ台5-6", "スズメダイ5-6", RESEMBLES_CLOSELY);
  expect("緑町1234", "みどり町1234", RESEMBLES_CLOSELY);
  expect("緑町1234-5", "1234-5です", RESEMBLES_CLOSELY);
}

static void a_number_that_many_have_is_no_address(void **state)
{
  static const char *const not [] = {
      "2-4",  "2-4回", "週に2-4回は会う", "(2-4)",    "みどり町2-5", "みどり町2-3-4", "令和2-4", "A2-4", "第2-4回",
      "12-4", "2-14",  "2.4倍",           "2026-2-4", "みどり町24"};
  for (size_t i = 0; i < sizeof not / sizeof *not ; i++)
    expect("デモ市緑町2-4", not [i], RESEMBLES_NOT);
  expect("デモ市緑町2-4", "公園2-4", RESEMBLES_LOOSELY); /* behind any word */
  expect("デモ市緑町2-4", "本町2-4", RESEMBLES_LOOSELY); /* another town, as it can be read */
  expect("デモ市みどり町2-4", "さくらまち2-4", RESEMBLES_LOOSELY);
  expect("デモ市みどり町8-3-2", "R8.3.2", RESEMBLES_NOT);
  expect("デモ市みどり町8-3-2", "令和8.3.2", RESEMBLES_NOT);
  expect("デモ市みどり町8-3-2", "8-3-1", RESEMBLES_NOT);
  expect("緑町2026-11", "2026-11", RESEMBLES_NOT); /* a month */
}

/* 三重県 begins with a number, and so does 三条町. */
static void a_number_in_the_name_of_a_place_is_not_the_addresss(void **state)
{
  expect("三重県架空市緑町2-4", "緑町2-4にいる", RESEMBLES);
  expect("八王子市本町2丁目4", "本町２－４", RESEMBLES);
  expect("架空市三条町2-4", "三条町2の4", RESEMBLES);
  expect("三重県架空市緑町2-4", "みどり町2-4", RESEMBLES_CLOSELY);
  expect("三重県架空市緑町2-4", "三重県のこと", RESEMBLES_NOT);
}

static void what_is_near_is_masked_but_where_it_only_warns(void **state)
{
  struct needles *list = NULL;
  needles_add(a, &list, NEEDLE_ADDRESS, S("デモ市緑町2-4"));
  needles_add(a, &list, NEEDLE_PHONE, S("090-1234-5678"));
  struct str text = S("みどり町2-4にいる。元気。携帯は090-1234-5679。"), back = STR_NONE;
  assert_int_equal(needles_find(list, a, text), RESEMBLES_CLOSELY);
  assert_string_equal(str_cstr(a, needles_mask(list, a, text, S("***"))), "***元気。***");
  assert_true(needles_restore(list, a, text, S("***とても元気。***"), S("***"), &back));
  assert_string_equal(str_cstr(a, back), "みどり町2-4にいる。とても元気。携帯は090-1234-5679。");
  /* Another's number, by itself; what many share. */
  assert_string_equal(str_cstr(a, needles_mask(list, a, S("090-1234-5679"), S("***"))), "090-1234-5679");
  assert_string_equal(str_cstr(a, needles_mask(list, a, S("公園2-4で会う"), S("***"))), "公園2-4で会う");
  needles_warn_only(list);
  assert_int_equal(needles_find(list, a, text), RESEMBLES_CLOSELY);
  assert_string_equal(str_cstr(a, needles_mask(list, a, text, S("***"))), text.p);
}

static void a_telephone_number_is_told_however_it_is_set(void **state)
{
  assert_int_equal(find(NEEDLE_PHONE, "090-1234-5678", "携帯は０９０（１２３４）５６７８"), RESEMBLES);
  assert_int_equal(find(NEEDLE_PHONE, "09012345678", "+81 90 1234 5678"), RESEMBLES);
  assert_int_equal(find(NEEDLE_PHONE, "090-1234-5678", "下は 1234-5678"), RESEMBLES_LOOSELY);
  assert_int_equal(find(NEEDLE_PHONE, "090-1234-5678", "090-1234-5679"), RESEMBLES_CLOSELY);
  assert_int_equal(find(NEEDLE_PHONE, "090-1234-5678", "9月0日、12時34分、5678円"), RESEMBLES_NOT);
  assert_int_equal(find(NEEDLE_PHONE, "090-1234-5678", "〇九〇 一二三四 五六七八"), RESEMBLES);
  assert_int_equal(find(NEEDLE_PHONE, "090-1234-5678", "携帯 080-1234-5678 夜"), RESEMBLES_CLOSELY);
  assert_int_equal(find(NEEDLE_PHONE, "0999-20-2117", "0999-20-2118"), RESEMBLES_CLOSELY);
  assert_int_equal(find(NEEDLE_PHONE, "090-1234-5678", "090-1234-5687"), RESEMBLES_NOT);
  assert_int_equal(find(NEEDLE_ADDRESS, "700-0822", "〒７００ー０８２２"), RESEMBLES);
  assert_int_equal(find(NEEDLE_ADDRESS, "060-0001", "060-0001 1-2-3"), RESEMBLES);
  assert_int_equal(find(NEEDLE_ADDRESS, "999-0001", "999-0001 0999-00-0101"), RESEMBLES);
  /* Another number that happens to hold it is not covered. */
  assert_int_equal(find(NEEDLE_ADDRESS, "999-0001", "0999-00-0101"), RESEMBLES_NOT);
}

static void a_school_is_told_by_its_short_name(void **state)
{
  assert_int_equal(find(NEEDLE_NAME, "岡山県立みなと高等学校", "みなと高校に通う"), RESEMBLES);
  assert_int_equal(find(NEEDLE_NAME, "岡山県立みなと高等学校", "みなと高の2年"), RESEMBLES);
  assert_int_equal(find(NEEDLE_NAME, "岡山県立みなと高等学校", "みなとで遊ぶ"), RESEMBLES_LOOSELY);
  assert_int_equal(find(NEEDLE_NAME, "株式会社ひかり製作所", "ひかり製作所で働く"), RESEMBLES);
  assert_int_equal(find(NEEDLE_NAME, "岡山県立みなと高等学校", "高等学校に通う"), RESEMBLES_NOT);
}

static void assert_masked(const char *text, const char *wanted)
{
  struct needles *list = NULL;
  needles_add(a, &list, NEEDLE_ADDRESS, S("港区みどり町3-2-1"));
  struct str got = needles_mask(list, a, str_from(text), S("***")), back = STR_NONE;
  assert_string_equal(str_cstr(a, got), wanted);
  assert_true(needles_restore(list, a, str_from(text), got, S("***"), &back));
  assert_string_equal(str_cstr(a, back), text);
}

static void only_the_sentence_that_tells_it_is_masked(void **state)
{
  assert_masked("母と話した。", "母と話した。");
  assert_masked("母と話した。今はみどり町3-2にいる。元気。", "母と話した。***元気。");
  assert_masked("みどり町3-2-1\n電話は夜", "***\n電話は夜");
  assert_masked("みどり町\n3-2-1です", "***"); /* across lines */
}

static void what_was_masked_comes_back_when_the_rest_is_changed(void **state)
{
  struct needles *list = NULL;
  struct str ret = STR_NONE, stored = S("会えた。みどり町3-2にいる。元気。");
  needles_add(a, &list, NEEDLE_ADDRESS, S("港区みどり町3-2-1"));
  assert_true(needles_restore(list, a, stored, S("今日は会えた。***とても元気。"), S("***"), &ret));
  assert_string_equal(str_cstr(a, ret), "今日は会えた。みどり町3-2にいる。とても元気。");
  assert_true(needles_restore(list, a, stored, S("元気。"), S("***"), &ret));
  assert_string_equal(str_cstr(a, ret), "元気。");
  assert_false(needles_restore(list, a, stored, S("***と***"), S("***"), &ret));
}

static void nothing_to_hide_hides_nothing(void **state)
{
  struct needles *list = NULL;
  assert_int_equal(needles_find(NULL, a, S("みどり町3-2-1")), RESEMBLES_NOT);
  needles_add(a, &list, NEEDLE_ADDRESS, S(""));
  needles_add(a, &list, NEEDLE_TEXT, S("a"));
  assert_null(list);
  assert_string_equal(str_cstr(a, needles_mask(list, a, S("a"), S("***"))), "a");
}

/* ---- what people write ---------------------------------------------------------------------------------------------------- */

static char texts[256 << 10]; /* demo/town.txt */

struct asked {
  int lines, told[RESEMBLES + 1];
};

/* Every line that tells a deed, against one address and its telephones; those of the same life tell it on purpose. */
static void ask_all(struct needles *list, const char *own, const char *own_end, struct asked *n)
{
  for (const char *line = texts, *end; *line; line = end + 1) {
    end = line + strcspn(line, "\n");
    if (*line >= '0' && *line <= '9' && (line < own || line >= own_end)) {
      enum resemblance r = needles_find(list, scratch, (struct str){line, (size_t)(end - line)});
      n->lines++;
      n->told[r]++;
      if (r >= RESEMBLES_CLOSELY)
        fprintf(stderr, "!%.*s\n", (int)(end - line), line);
    }
    arena_reset(scratch);
    if (!*end)
      break;
  }
}

/* 43 addresses of the demo, and all their telephones, asked about each of its lines that belongs to somebody else. */
static void what_is_written_every_day_resembles_nobodys_address(void **state)
{
  struct asked n = {0};
  for (const char *at = texts; (at = strstr(at, "\nat ")); at++) {
    struct needles *list = NULL;
    const char *end = strstr(at, "\nlife "), *cell = strchr(at, '|') + 1;
    for (int i = 0; i < 3; i++) {
      size_t length = strcspn(cell, "|\n");
      needles_add(a, &list, i ? NEEDLE_PHONE : NEEDLE_ADDRESS, (struct str){cell, length});
      cell += length + (cell[length] == '|');
    }
    ask_all(list, at, end ? end : texts + strlen(texts), &n);
  }
  fprintf(stderr, "lines %d: loosely %d, closely %d, told %d\n", n.lines, n.told[RESEMBLES_LOOSELY],
          n.told[RESEMBLES_CLOSELY], n.told[RESEMBLES]);
  assert_true(n.lines > 10000);
  assert_int_equal(n.told[RESEMBLES_CLOSELY], 0);
}

static int start(void **state)
{
  a = arena_new(LIMIT_ARENA);
  scratch = arena_new(LIMIT_ARENA);
  return 0;
}

static int stop(void **state)
{
  arena_free(a);
  arena_free(scratch);
  return 0;
}

int main(int argc, char **argv)
{
  FILE *f = argc > 1 ? fopen(argv[1], "re") : NULL;
  size_t n = f ? fread(texts, 1, sizeof texts - 1, f) : 0;
  if (f)
    (void)fclose(f);
  if (!n)
    return 1;
  const struct CMUnitTest tests[] = {cmocka_unit_test(an_address_is_told_however_it_is_written),
                                     cmocka_unit_test(an_address_is_near_by_its_number_however_its_town_is_written),
                                     cmocka_unit_test(a_number_that_many_have_is_no_address),
                                     cmocka_unit_test(a_number_in_the_name_of_a_place_is_not_the_addresss),
                                     cmocka_unit_test(what_is_near_is_masked_but_where_it_only_warns),
                                     cmocka_unit_test(a_telephone_number_is_told_however_it_is_set),
                                     cmocka_unit_test(a_school_is_told_by_its_short_name),
                                     cmocka_unit_test(only_the_sentence_that_tells_it_is_masked),
                                     cmocka_unit_test(what_was_masked_comes_back_when_the_rest_is_changed),
                                     cmocka_unit_test(what_is_written_every_day_resembles_nobodys_address),
                                     cmocka_unit_test(nothing_to_hide_hides_nothing)};
  return cmocka_run_group_tests(tests, start, stop);
}
