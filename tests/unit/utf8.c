/* utf8.h */
#include "cm.h"

#include <unistr.h>

#include "base/limits.h"
#include "base/utf8.h"

static struct arena *a;

static bool valid(const char *p, size_t n)
{
  return utf8_valid((struct str){p, n});
}

static void every_code_point_comes_back(void **state)
{
  for (int32_t cp = 0; cp <= 0x10FFFF; cp++) {
    struct buf b;
    size_t at = 0;
    if (cp >= 0xD800 && cp <= 0xDFFF)
      continue;
    if (cp % 4096 == 0)
      arena_reset(a);
    buf_init(&b, a, 8);
    utf8_put(&b, cp);
    if (utf8_next(buf_str(&b), &at) != cp || at != b.n)
      fail_msg("U+%04X", (unsigned)cp);
  }
}

static void what_is_no_code_point_is_written_as_replacement(void **state)
{
  static const int32_t wrong[] = {-1, 0xD800, 0xDFFF, 0x110000};
  for (size_t i = 0; i < 4; i++) {
    struct buf b;
    buf_init(&b, a, 8);
    utf8_put(&b, wrong[i]);
    assert_str(buf_str(&b), "\xef\xbf\xbd");
  }
}

static void malformed_sequences_are_refused(void **state)
{
  static const char *const wrong[] = {"\x80",
                                      "\xbf",
                                      "\xc2",
                                      "\xc3\x28",
                                      "\xe3\x81",
                                      "\xe3\x28\x81",
                                      "\xf0\x9f\x98",
                                      "\xc0\x80",
                                      "\xc1\xbf",
                                      "\xe0\x80\x80",
                                      "\xe0\x9f\xbf",
                                      "\xf0\x80\x80\x80",
                                      "\xf0\x8f\xbf\xbf", /* overlong */
                                      "\xed\xa0\x80",
                                      "\xed\xbf\xbf",
                                      "\xed\xa0\xbd\xed\xb8\x80", /* surrogates */
                                      "\xf4\x90\x80\x80",
                                      "\xf5\x80\x80\x80",
                                      "\xf8\x88\x80\x80\x80",
                                      "\xfe",
                                      "\xff",
                                      "a\xe3\x81z"};
  for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
    if (valid(wrong[i], strlen(wrong[i])))
      fail_msg("case %zu", i);
  }
  assert_true(valid("", 0) && valid("a\0b", 3) && valid("\xed\x9f\xbf\xee\x80\x80", 6));
}

/* All sequences of one and two bytes, and the longer ones over the bytes at which something changes. */
static void validity_agrees_with_libunistring(void **state)
{
  static const unsigned char edge[] = {0x00, 0x41, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xe3, 0xff};
  enum { E = sizeof(edge) };
  for (unsigned lead = 0; lead < 256; lead++) {
    for (unsigned i = 0; i < 256; i++) {
      char p[4] = {(char)lead, (char)i};
      if (valid(p, 2) != (u8_check((const uint8_t *)p, 2) == NULL))
        fail_msg("%02x %02x", lead, i);
    }
    for (unsigned i = 0; i < E * E * E; i++) {
      char p[4] = {(char)lead, (char)edge[i % E], (char)edge[i / E % E], (char)edge[i / E / E]};
      if (valid(p, 4) != (u8_check((const uint8_t *)p, 4) == NULL))
        fail_msg("%02x, case %u", lead, i);
    }
  }
}

static bool accepted(const char *s, bool multiline)
{
  struct err e = {0};
  enum code c = utf8_check_text(str_from(s), multiline, &e);
  assert_true(c == OK || (c == INVALID && e.msg && e.msg[0]));
  return c == OK;
}

static bool accepted_cp(int32_t cp)
{
  struct buf b;
  struct err e;
  buf_init(&b, a, 8);
  utf8_put(&b, cp);
  return utf8_check_text(buf_str(&b), true, &e) == OK;
}

static void text_fields_refuse_what_cannot_be_seen(void **state)
{
  static const int32_t wrong[] = {0x00,   0x01,   0x07,   0x0B,   0x0D,   0x1B,   0x1F,   0x7F,   0x80,    0x85,
                                  0x9F,   0x061C, 0x200E, 0x200F, 0x202A, 0x202B, 0x202C, 0x202D, 0x202E,  0x2066,
                                  0x2067, 0x2068, 0x2069, 0xFEFF, 0xFDD0, 0xFDEF, 0xFFFE, 0xFFFF, 0x1FFFE, 0x10FFFF};
  static const int32_t right[] = {0x09,   0x0A,   0x20,   0x7E,   0xA0,   0x061B, 0x200D,  0x2029,  0x202F,
                                  0x2065, 0x206A, 0x3000, 0xFDCF, 0xFDF0, 0xFFFD, 0x20BB7, 0xE0100, 0x10FFFD};
  for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
    if (accepted_cp(wrong[i]))
      fail_msg("U+%04X is accepted", (unsigned)wrong[i]);
  }
  for (size_t i = 0; i < sizeof(right) / sizeof(right[0]); i++) {
    if (!accepted_cp(right[i]))
      fail_msg("U+%04X is refused", (unsigned)right[i]);
  }
  assert_true(accepted("一行\n二行", true));
  assert_false(accepted("一行\n二行", false));
  assert_false(accepted("\xe3\x81", true));
}

static void newlines_become_one_kind(void **state)
{
  assert_str(utf8_normalize_newlines(a, S("  a\r\nb\rc\n\n　\t ")), "  a\nb\nc");
  assert_str(utf8_normalize_newlines(a, S("\r\n\r\n")), "");
  assert_str(utf8_normalize_newlines(a, S("\r\r\nx")), "\n\nx");
}

/* A name of what nobody sees is none; what stands between letters stays, and so does the mark that chooses a letter's shape. */
static void what_nobody_sees_at_either_end_is_gone(void **state)
{
  static const char *const nothing[] = {
      "", " ", "\xe2\x80\x8b", "　\xe2\x80\x8b \xc2\xa0\xe2\x81\xa0", "\xe3\x85\xa4", "\xc2\xad\t"};
  for (size_t i = 0; i < sizeof nothing / sizeof *nothing; i++)
    assert_int_equal(utf8_trim(str_from(nothing[i])).n, 0);
  assert_str(utf8_trim(S("\xe2\x80\x8b　山田 葵\xe2\x80\x8b ")), "山田 葵");
  assert_str(utf8_trim(S("葛\xf3\xa0\x84\x80")), "葛\xf3\xa0\x84\x80");
  assert_str(utf8_trim(S("\xe2\x80\xae")), "\xe2\x80\xae"); /* what turns the direction is refused, not hidden */
}

static void people_are_found_however_they_are_written(void **state)
{
  static const char *const same[][2] = {{"ワタナベ タロウ", "わたなべたろう"},
                                        {"ﾜﾀﾅﾍﾞ", "わたなべ"},
                                        {"渡邉", "渡辺"},
                                        {"渡邊", "渡辺"},
                                        {"髙橋", "高橋"},
                                        {"山﨑", "山崎"},
                                        {"齋藤", "斉藤"},
                                        {"斎藤", "齊藤"},
                                        {"𠮷田", "吉田"},
                                        {"ＴＡＮＡＫＡ　Ｈ", "tanakah"},
                                        {"サトー", "さと"},
                                        {"ショウタ", "しようた"},
                                        {"ガ", "か\u3099"},
                                        {"神\uFE00田", "\uFA19田"},
                                        {"葛\U000E0100城", "葛城"},
                                        {"龍ヶ崎", "竜ケ﨑"},
                                        {"①", "1"},
                                        {"㈱つなぐ", "(株)つなぐ"},
                                        {"ヴァイオリン", "ゔあいおりん"}};
  for (size_t i = 0; i < sizeof(same) / sizeof(same[0]); i++) {
    struct str x = utf8_fold(a, str_from(same[i][0])), y = utf8_fold(a, str_from(same[i][1]));
    if (!str_eq(x, y) || x.n == 0)
      fail_msg("%s: \"%.*s\" \"%.*s\"", same[i][0], STR_FMT(x), STR_FMT(y));
  }
  assert_false(str_eq(utf8_fold(a, S("か")), utf8_fold(a, S("が"))));
  assert_str(utf8_fold(a, S(" 　ー")), "");
  assert_str(utf8_fold(a, S("a\xff"
                            "b")),
             "a\uFFFDb");
}

static void assert_folds_once(struct str s, unsigned what)
{
  struct str once = utf8_fold(a, s), twice = utf8_fold(a, once);
  if (!str_eq(once, twice) || !utf8_valid(once))
    fail_msg("U+%04X: \"%.*s\" \"%.*s\"", what, STR_FMT(once), STR_FMT(twice));
}

static void folding_twice_is_folding_once(void **state)
{
  static const int32_t mean[] = {0x304B, 0x30AB, 0x3099, 0x309A, 0xFF9E, 0x30FC, 0x20,   0x3000, 0x200B, 0xFE00,
                                 0x9089, 0xFA11, 0x0130, 0x0131, 0x0307, 0x00DF, 0x1E9E, 0x03C2, 0x0345, 0x1F80,
                                 0x41,   0xFF21, 0x30F4, 0x30F7, 0x3095, 0x30FE, 0x1100, 0x1161, 0x11A8, 0xAC00};
  enum { MEAN = sizeof(mean) / sizeof(mean[0]) };
  uint32_t seed = 1;
  for (int32_t cp = 1; cp < 0x30000; cp++) {
    char text[4];
    struct buf b;
    if (cp % 64 == 0)
      arena_reset(a);
    if ((cp >= 0xD800 && cp <= 0xDFFF) || (cp >= 0xAD00 && cp < 0xD700))
      continue;
    buf_init(&b, a, sizeof(text));
    utf8_put(&b, cp);
    assert_folds_once(buf_str(&b), (unsigned)cp);
  }
  for (unsigned i = 0; i < 60000; i++) {
    struct buf b;
    if (i % 64 == 0)
      arena_reset(a);
    buf_init(&b, a, 64);
    for (int j = 0; j < 6; j++) {
      seed = seed * 1664525 + 1013904223;
      utf8_put(&b, mean[(seed >> 16) % MEAN]);
    }
    assert_folds_once(buf_str(&b), i);
  }
}

static void cp932_goes_there_and_back(void **state)
{
  struct err e;
  struct str there, back;
  struct str text = S("氏名,髙﨑①㈱~\\,ﾊﾝｶｸ，～－∥\r\n");
  assert_int_equal(utf8_to_cp932(a, text, &there, &e), OK);
  assert_int_equal(utf8_from_cp932(a, there, &back, &e), OK);
  assert_true(str_eq(text, back));
  assert_int_equal(utf8_to_cp932(a, S("〜−"), &there, &e), OK); /* U+301C, U+2212 */
  assert_true(str_eq(there, S("\x81\x60\x81\x7c")));
  assert_int_equal(utf8_to_cp932(a, S("¥100"), &there, &e), OK); /* never a backslash */
  assert_true(str_eq(there, S("\x81\x8f"
                              "100")));
  assert_int_equal(utf8_from_cp932(a, S("\xf0\x40"), &back, &e), OK); /* 外字 */
  assert_str(back, "\xee\x80\x80");
  assert_int_equal(utf8_to_cp932(a, back, &there, &e), OK);
  assert_true(str_eq(there, S("\xf0\x40")));
  assert_int_equal(utf8_from_cp932(a, STR_NONE, &back, &e), OK);
  assert_int_equal(back.n, 0);
}

static void cp932_names_the_place_it_cannot_convert(void **state)
{
  struct err e = {0};
  struct str ret = S("untouched");
  assert_int_equal(utf8_to_cp932(a, S("吉田と𠮷田"), &ret, &e), INVALID);
  assert_string_equal(e.arg[0], "4");
  assert_int_equal(utf8_to_cp932(a, S("¥¥😀"), &ret, &e), INVALID);
  assert_string_equal(e.arg[0], "3");
  assert_int_equal(utf8_from_cp932(a, S("ab\x82"), &ret, &e), INVALID);
  assert_string_equal(e.arg[0], "3");
  assert_int_equal(utf8_from_cp932(a, S("\x82\xa0\xff"), &ret, &e), INVALID);
  assert_string_equal(e.arg[0], "3");
  assert_str(ret, "untouched");
}

static int setup(void **state)
{
  a = arena_new(LIMIT_ARENA);
  return a ? 0 : -1;
}

static int teardown(void **state)
{
  arena_free(a);
  return 0;
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_code_point_comes_back),
      cmocka_unit_test(what_is_no_code_point_is_written_as_replacement),
      cmocka_unit_test(malformed_sequences_are_refused),
      cmocka_unit_test(validity_agrees_with_libunistring),
      cmocka_unit_test(text_fields_refuse_what_cannot_be_seen),
      cmocka_unit_test(newlines_become_one_kind),
      cmocka_unit_test(people_are_found_however_they_are_written),
      cmocka_unit_test(folding_twice_is_folding_once),
      cmocka_unit_test(what_nobody_sees_at_either_end_is_gone),
      cmocka_unit_test(cp932_goes_there_and_back),
      cmocka_unit_test(cp932_names_the_place_it_cannot_convert),
  };
  return cmocka_run_group_tests(tests, setup, teardown);
}
