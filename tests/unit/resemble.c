/* resemble.c: what tells a concealed value, however it is written, and what does not. */
#include "base/resemble.h"
#include "base/limits.h"
#include "cm.h"

static struct arena *a;

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
  static const char *const not [] = {"さくらまつりに行った", "3-2-1で始める", "港区役所で会った", "みどりの服"};
  for (size_t i = 0; i < sizeof tells / sizeof *tells; i++)
    if (find(NEEDLE_ADDRESS, "東京都港区みどり町3丁目2番1号 コーポさくら201号", tells[i]) != RESEMBLES)
      fail_msg("not found: %s", tells[i]);
  for (size_t i = 0; i < sizeof not / sizeof *not ; i++)
    if (find(NEEDLE_ADDRESS, "東京都港区みどり町3丁目2番1号 コーポさくら201号", not [i]) != RESEMBLES_NOT)
      fail_msg("found: %s", not [i]);
  assert_int_equal(find(NEEDLE_ADDRESS, "東京都港区みどり町3-2-1", "みどり町のあたりで見かけた"), RESEMBLES_LOOSELY);
}

static void a_telephone_number_is_told_however_it_is_set(void **state)
{
  assert_int_equal(find(NEEDLE_PHONE, "090-1234-5678", "携帯は０９０（１２３４）５６７８"), RESEMBLES);
  assert_int_equal(find(NEEDLE_PHONE, "09012345678", "+81 90 1234 5678"), RESEMBLES);
  assert_int_equal(find(NEEDLE_PHONE, "090-1234-5678", "下は 1234-5678"), RESEMBLES_LOOSELY);
  assert_int_equal(find(NEEDLE_PHONE, "090-1234-5678", "090-1234-5679"), RESEMBLES_NOT);
  assert_int_equal(find(NEEDLE_PHONE, "090-1234-5678", "9月0日、12時34分、5678円"), RESEMBLES_NOT);
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

static int start(void **state)
{
  a = arena_new(LIMIT_ARENA);
  return 0;
}

static int stop(void **state)
{
  arena_free(a);
  return 0;
}

int main(void)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test(an_address_is_told_however_it_is_written),
                                     cmocka_unit_test(a_telephone_number_is_told_however_it_is_set),
                                     cmocka_unit_test(a_school_is_told_by_its_short_name),
                                     cmocka_unit_test(only_the_sentence_that_tells_it_is_masked),
                                     cmocka_unit_test(what_was_masked_comes_back_when_the_rest_is_changed),
                                     cmocka_unit_test(nothing_to_hide_hides_nothing)};
  return cmocka_run_group_tests(tests, start, stop);
}
