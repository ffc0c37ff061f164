/* search.c: words as they are typed, found in texts as they were written. */
#include "cm.h"

#include "base/limits.h"
#include "base/utf8.h"
#include "casework/search.h"

static struct arena *a, *scratch;

static bool finds(const char *typed, const char *text)
{
  struct search_query q = search_query(a, str_from(typed));
  return search_matches(&q, utf8_fold(a, str_from(text)));
}

/* The excerpt with its hits in 【】. */
static struct str shown(const char *typed, const char *text)
{
  struct search_query q = search_query(a, str_from(typed));
  struct doc *list = search_excerpt(a, scratch, &q, str_from(text));
  struct buf b;
  buf_init(&b, a, 4000);
  for (size_t i = 0; i < doc_size(list); i++) {
    bool hit = doc_get_bool(doc_at(list, i), "hit");
    buf_add_cstr(&b, hit ? "【" : "");
    buf_add(&b, doc_get_str(doc_at(list, i), "text"));
    buf_add_cstr(&b, hit ? "】" : "");
  }
  return buf_str(&b);
}
#define SHOWN(typed, text, wanted) assert_str(shown(typed, text), wanted)

static void every_word_must_stand_in_the_paragraph(void **state)
{
  assert_true(finds("訪問", "家庭訪問をした"));
  assert_true(finds("訪問　祖母", "祖母に会うため訪問した"));
  assert_false(finds("訪問 祖父", "祖母に会うため訪問した"));
  assert_false(finds("", "何か"));
  assert_false(finds(" 　 ", "何か"));
  assert_false(finds("ー", "ラーメン")); /* a mark that folding drops is nothing to look for */
}

static void spelling_does_not_matter(void **state)
{
  assert_true(finds("カウンセラー", "かうんせらーと話した"));
  assert_true(finds("ｶﾞｲﾄﾞ", "ガイドをもらった"));
  assert_true(finds("高橋", "髙橋さん"));
  assert_true(finds("abc", "ＡＢＣ教室"));
}

static void the_words_are_marked_as_they_were_written(void **state)
{
  SHOWN("訪問", "家庭訪問をした。また訪問する。", "家庭【訪問】をした。また【訪問】する。");
  SHOWN("がいど", "駅でｶﾞｲﾄﾞをもらった", "駅で【ｶﾞｲﾄﾞ】をもらった");
  SHOWN("らめん", "昼はラーメンを食べた", "昼は【ラーメン】を食べた");
  SHOWN("母 駅", "母と駅で", "【母】と【駅】で");
  SHOWN("か", "が\nか", "が 【か】");
}

static void a_long_text_is_cut_around_the_first_word(void **state)
{
  struct buf b;
  buf_init(&b, a, 4000);
  for (int i = 0; i < 300; i++)
    buf_add_cstr(&b, "あ");
  buf_add_cstr(&b, "駅");
  for (int i = 0; i < 300; i++)
    buf_add_cstr(&b, "い");
  struct str s = shown("駅", str_cstr(a, buf_str(&b)));
  assert_true(str_starts(s, S("…あ")) && str_ends(s, S("い…")) && str_contains(s, S("あ【駅】い")));
  assert_true(utf8_valid(s) && utf8_length(s) < 130);
}

static void any_text_gives_its_own_characters_back(void **state)
{
  static const char *const texts[] = {"", "駅", "駅駅駅", "か\u3099", "e\u0301clair", "𠮷野家", "ー駅ー", "駅\n\n"};
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
    struct search_query q = search_query(a, S("駅"));
    struct doc *list = search_excerpt(a, scratch, &q, str_from(texts[i]));
    size_t n = 0;
    for (size_t k = 0; k < doc_size(list); k++)
      n += doc_get_str(doc_at(list, k), "text").n;
    assert_int_equal(n, strlen(texts[i]));
  }
}

static int setup(void **state)
{
  a = arena_new(LIMIT_ARENA);
  scratch = arena_new(LIMIT_ARENA);
  return a && scratch ? 0 : -1;
}

static int teardown(void **state)
{
  arena_free(a);
  arena_free(scratch);
  return 0;
}

int main(void)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test(every_word_must_stand_in_the_paragraph),
                                     cmocka_unit_test(spelling_does_not_matter),
                                     cmocka_unit_test(the_words_are_marked_as_they_were_written),
                                     cmocka_unit_test(a_long_text_is_cut_around_the_first_word),
                                     cmocka_unit_test(any_text_gives_its_own_characters_back)};
  return cmocka_run_group_tests(tests, setup, teardown);
}
