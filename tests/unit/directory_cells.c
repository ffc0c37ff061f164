/* directory_cells.c: cells of towns' lists: widths, breaks, dashes, dates, telephone numbers. */
#include "base/limits.h"
#include "base/utf8.h"
#include "cm.h"
#include "directory/mend.h"
#include "directory/phone.h"

static struct arena *a;

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

static void same(struct str is, const char *wanted)
{
  assert_string_equal(str_cstr(a, is), wanted);
}

static struct str line(const char *s)
{
  return mend_line(a, str_from(s));
}

static void lines_and_widths_are_mended(void **state)
{
  same(line("特別養護老人ﾎｰﾑｼｬｲﾝﾄﾋﾟｱみなせ\n指定短期入所生活介護"),
       "特別養護老人ホームシャイントピアみなせ 指定短期入所生活介護");
  same(line("短期入所生活介護事業所　　　　　　　いさみが岡"), "短期入所生活介護事業所 いさみが岡");
  same(line("　湯沢市老人福祉センター（Ａ型）\r\n"), "湯沢市老人福祉センター（A型）");
  same(line("ﾃﾞｲｻｰﾋﾞｽ｢ｳﾞｨﾗ｣"), "デイサービス「ヴィラ」");
  same(line("か\xE3\x82\x99ハ\xE3\x82\x9A"), "がパ"); /* a mark of its own behind its kana */
  same(line("13:00～21:00 Ⅱ ㎡ 神"), "13:00～21:00 Ⅱ ㎡ 神");
  same(line(" \n　\t"), "");
  same(line(""), "");
}

static void prose_keeps_its_lines(void **state)
{
  same(mend_lines(a, S("月～金13:00～21:00\n土・日9:00～18:00")), "月～金13:00～21:00\n土・日9:00～18:00");
  same(mend_lines(a, S("\r\n毎週　水\r\n\n １２:００ \n")), "毎週 水\n12:00");
}

static void dashes_between_digits_only(void **state)
{
  same(mend_dashes(a, S("久保7－2")), "久保7-2");
  same(mend_dashes(a, S("1ー2‐3−4")), "1-2-3-4");
  same(mend_dashes(a, S("ホーム3ー号")), "ホーム3ー号");
  same(mend_dashes(a, S("－5－")), "－5－");
}

static void keys_meet_where_names_mean_one_place(void **state)
{
  struct str k = mend_key(a, S("皆瀬子育て支援センター"));
  same(mend_key(a, S("皆瀬子育て支援センター（皆瀬保育園内）")), str_cstr(a, k));
  same(mend_key(a, S("皆瀬子育て　支援ｾﾝﾀｰ")), str_cstr(a, k));
  same(mend_key(a, S("湯沢市ファミリー・サポート・センター")),
       str_cstr(a, mend_key(a, S("湯沢市ファミリーサポートセンター"))));
  assert_false(str_eq(mend_key(a, S("いなかわ子育て支援センター")), mend_key(a, S("稲川子育て支援センター"))));
  assert_false(str_eq(mend_key(a, S("平成園")), mend_key(a, S("デイサービスセンター平成園"))));
  assert_true(mend_key(a, S("（仮）")).n > 0);
}

static void dates_of_spreadsheets(void **state)
{
  static const struct {
    const char *text, *iso;
    bool serial;
  } cases[] = {{"S47.11. 1", "1972-11-01", false},
               {"H 4.10. 1", "1992-10-01", false},
               {"H15. 1   ", "2003-01", false},
               {"39431", "2007-12-15", true},
               {"42454", "2016-03-25", true},
               {"平成18年5月26日", "2006-05-26", false},
               {"", "", false},
               {"不明", "", false},
               {"H40.1.1", "", false},
               {"9999", "", false},
               {"99999", "", false}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    struct date d = {0};
    bool serial = false;
    bool read = mend_date(a, str_from(cases[i].text), &d, &serial);
    assert_int_equal(read, cases[i].iso[0] != 0);
    same(read ? date_iso(a, d) : STR_NONE, cases[i].iso);
    assert_int_equal(serial, cases[i].serial);
  }
}

/* number|dial|extension|remark|type, one telephone after the other */
static struct str told(const char *cell, const char *area)
{
  struct phones p;
  struct buf b;
  buf_init(&b, a, 4096);
  phone_read(a, str_from(cell), str_from(area), PHONE_VOICE, &p);
  for (size_t i = 0; i < p.count; i++) {
    const struct phone *n = &p.list[i];
    buf_printf(&b, "%s%.*s|%.*s|%.*s|%.*s|%s", i ? " ; " : "", STR_FMT(n->number), STR_FMT(n->dial),
               STR_FMT(n->extension), STR_FMT(n->remark), phone_type_code(n->type));
  }
  return buf_str(&b);
}

static void telephones_are_completed_or_left_as_they_are(void **state)
{
  static const char *const cases[][3] = {
      {"73-2471", "0183", "0183-73-2471|0183732471|||voice"},
      {"７３－２４７１", "0183", "0183-73-2471|0183732471|||voice"},
      {"732471", "0183", "0183-732471|0183732471|||voice"},
      {"018-884-6234", "0183", "018-884-6234|0188846234|||voice"},
      {"0182-32-3294 ", "0183", "0182-32-3294|0182323294|||voice"},
      {"080-3336-0468", "0183", "080-3336-0468|08033360468|||voice"},
      {"相談専用ダイヤル\n0800-800-0413", "0183", "0800-800-0413|08008000413||相談専用ダイヤル|voice"},
      {"55-8274\n（湯沢市企画課）", "0183", "0183-55-8274|0183558274||湯沢市企画課|voice"},
      {"(0183)73-2111", "0183", "0183-73-2111|0183732111|||voice"},
      {"0183（73）2111", "0183", "0183-73-2111|0183732111|||voice"},
      {"73-2111(内線123)", "0183", "0183-73-2111|0183732111|123||voice"},
      {"73-2111、73-2112", "0183", "0183-73-2111|0183732111|||voice ; 0183-73-2112|0183732112|||voice"},
      {"73-2111 73-2112", "0183", "0183-73-2111|0183732111|||voice ; 0183-73-2112|0183732112|||voice"},
      {"0183 73 2111", "", "0183-73-2111|0183732111|||voice"},
      {"TEL 73-2111\nFAX 73-2112", "0183", "0183-73-2111|0183732111|||voice ; 0183-73-2112|0183732112|||fax"},
      {"73-2111～2113", "0183", "0183-73-2111|0183732111||～2113|voice"},
      {"#8000", "0183", "#8000|#8000|||voice"},
      {"１８９", "0183", "189|189|||voice"},
      {"0120-279-338(24時間)", "", "0120-279-338|0120279338||24時間|voice"},
      /* never invented: without an area code, a digit short, a zero lost, no number at all */
      {"73-2471", "", "73-2471||||voice"},
      {"73-247", "0183", "73-247||||voice"},
      {"073-2471", "0183", "073-2471||||voice"},
      {"183-73-2471", "0183", "183-73-2471||||voice"},
      {"090-333-0468", "0183", "090-333-0468||||voice"},
      {"13-2471", "0183", "13-2471||||voice"},
      {"市役所へ", "0183", "|||市役所へ|voice"},
      {"－", "0183", "|||－|voice"},
      {"", "0183", ""},
      {"　\n", "0183", ""},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
    same(told(cases[i][0], cases[i][1]), cases[i][2]);
}

static void a_cell_full_of_numbers_loses_none(void **state)
{
  struct buf b;
  buf_init(&b, a, 4096);
  for (int i = 0; i < 12; i++)
    buf_printf(&b, "73-21%02d、", i);
  struct str all = told(str_cstr(a, buf_str(&b)), "0183");
  for (int i = 0; i < 12; i++)
    assert_true(str_contains(all, str_printf(a, "73-21%02d", i)));
}

static void area_codes(void **state)
{
  struct err e = {0};
  static const char *const good[] = {"", "03", "0183", "01658"}, *const bad[] = {"183", "0", "018300", "01a", "0183-"};
  for (size_t i = 0; i < sizeof good / sizeof *good; i++)
    assert_int_equal(phone_check_area(str_from(good[i]), &e), OK);
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
    assert_int_equal(phone_check_area(str_from(bad[i]), &e), INVALID);
}

/* Whatever stands in a cell: valid text comes out, and every digit is still there. */
static void any_text_comes_out_whole(void **state)
{
  static const char *const bits[] = {"7",  "-",   "（", "）",           "内線", "\n", "ﾊ", "ﾟ",
                                     "　", "FAX", "～", "\xE3\x82\x99", "#",    "か", "－"};
  uint64_t x = 88172645463325252ULL;
  for (int round = 0; round < 3000; round++) {
    struct buf b;
    buf_init(&b, a, 256);
    size_t sevens = 0, left = 0;
    for (int i = 0; i < 14; i++) {
      x ^= x << 13, x ^= x >> 7, x ^= x << 17;
      size_t k = x % (sizeof bits / sizeof *bits);
      buf_add_cstr(&b, bits[k]);
      sevens += k == 0;
    }
    struct phones p;
    phone_read(a, buf_str(&b), STR_NONE, PHONE_VOICE, &p);
    for (size_t i = 0; i < p.count; i++) {
      struct str all = str_printf(a, "%.*s%.*s%.*s", STR_FMT(p.list[i].number), STR_FMT(p.list[i].extension),
                                  STR_FMT(p.list[i].remark));
      assert_true(utf8_valid(all));
      for (size_t k = 0; k < all.n; k++)
        left += all.p[k] == '7';
    }
    assert_int_equal(left, sevens);
    arena_reset(a);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(lines_and_widths_are_mended),
      cmocka_unit_test(prose_keeps_its_lines),
      cmocka_unit_test(dashes_between_digits_only),
      cmocka_unit_test(keys_meet_where_names_mean_one_place),
      cmocka_unit_test(dates_of_spreadsheets),
      cmocka_unit_test(telephones_are_completed_or_left_as_they_are),
      cmocka_unit_test(a_cell_full_of_numbers_loses_none),
      cmocka_unit_test(area_codes),
      cmocka_unit_test(any_text_comes_out_whole),
  };
  return cmocka_run_group_tests(tests, start, stop);
}
