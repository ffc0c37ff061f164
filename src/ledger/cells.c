/* cells.c: words, dates and numbers as they stand in ledgers. */
#include "ledger/cells.h"

#include "base/my_number.h"
#include "base/utf8.h"

struct word {
  const char *word, *code;
};

static bool find_word(struct arena *a, const struct word *list, size_t n, struct str text, struct str *ret)
{
  struct str folded = utf8_fold(a, text);
  for (size_t i = 0; folded.n && i < n; i++)
    if (str_eq(folded, utf8_fold(a, str_from(list[i].word)))) {
      *ret = str_from(list[i].code);
      return true;
    }
  return false;
}
#define FIND_WORD(list) find_word(a, list, sizeof(list) / sizeof *(list), text, ret)

bool cell_sex(struct arena *a, struct str text, struct str *ret)
{
  static const struct word words[] = {{JA("男"), "1"},     {JA("男性"), "1"},
                                      {JA("男子"), "1"},   {"m", "1"},
                                      {"1", "1"},          {JA("女"), "2"},
                                      {JA("女性"), "2"},   {JA("女子"), "2"},
                                      {"f", "2"},          {"2", "2"},
                                      {JA("その他"), "9"}, {"9", "9"},
                                      {JA("不明"), "0"},   {JA("回答しない"), "0"},
                                      {JA("無回答"), "0"}, {JA("未回答"), "0"},
                                      {"0", "0"},          {"-", "0"},
                                      {JA("―"), "0"}};
  return FIND_WORD(words);
}

bool cell_status(struct arena *a, struct str text, struct str *ret)
{
  static const struct word more[] = {
      {JA("受理"), "reception"}, {JA("新規"), "reception"},     {JA("相談受付"), "reception"},
      {JA("緊急"), "urgent"},    {JA("初回面談"), "screening"}, {JA("調査中"), "assessment"},
      {JA("計画"), "plan"},      {JA("プラン作成"), "plan"},    {JA("支援"), "support"},
      {JA("継続"), "support"},   {JA("継続中"), "support"},     {JA("対応中"), "support"},
      {JA("進行中"), "support"}, {JA("経過観察"), "watch"},     {JA("見守り中"), "watch"},
      {JA("終了"), "closed"},    {JA("完了"), "closed"},        {JA("終結済"), "closed"},
      {JA("閉鎖"), "closed"}};
  static const struct word words[] = {
#define X(code, label) {label, code},
      CASE_STATUSES(X)
#undef X
  };
  if (FIND_WORD(words) || FIND_WORD(more))
    return true;
  struct str folded = utf8_fold(a, text); /* 「終了(R6.9.1)」 */
  const char *paren = folded.n ? memchr(folded.p, '(', folded.n) : NULL;
  text = paren ? str_trim(str_sub(folded, 0, (size_t)(paren - folded.p))) : STR_NONE;
  return FIND_WORD(words) || FIND_WORD(more);
}

bool cell_density(struct arena *a, struct str text, struct str *ret)
{
  static const struct word words[] = {{"A", "A"},      {"B", "B"},      {"C", "C"},
                                      {JA("高"), "A"}, {JA("中"), "B"}, {JA("低"), "C"}};
  return FIND_WORD(words);
}

bool cell_origin(struct arena *a, struct str text, struct str *ret)
{
  static const struct word words[] = {
      {JA("本人"), "person"},       {JA("本人来所"), "person"},     {JA("来所"), "person"},
      {JA("家族"), "family"},       {JA("保護者"), "family"},       {JA("親族"), "family"},
      {JA("電話"), "phone"},        {JA("訪問"), "visit"},          {JA("学校"), "school"},
      {JA("他機関"), "other_body"}, {JA("関係機関"), "other_body"}, {JA("アンケート"), "survey"}};
  return FIND_WORD(words);
}

bool cell_relation(struct arena *a, struct str text, struct str *ret)
{
  static const struct word words[] = {
      {JA("母"), "mother"},          {JA("母親"), "mother"},       {JA("実母"), "mother"},
      {JA("父"), "father"},          {JA("父親"), "father"},       {JA("実父"), "father"},
      {JA("祖父"), "grandparent"},   {JA("祖母"), "grandparent"},  {JA("祖父母"), "grandparent"},
      {JA("監護者"), "custodian"},   {JA("未成年後見人"), "ward"}, {JA("後見人"), "ward"},
      {JA("一時保護中"), "shelter"}, {JA("里親"), "foster"},       {JA("施設長"), "foster"}};
  return FIND_WORD(words);
}

enum code cell_date(struct arena *a, struct str text, struct date *ret, struct err *e)
{
  text = str_trim(text);
  for (size_t i = 0; i < text.n; i++)
    if (text.p[i] == ' ' && memchr(text.p + i, ':', text.n - i)) {
      text = str_sub(text, 0, i);
      break;
    }
  return date_parse_text(text, ret, e);
}

bool cell_serial(struct arena *a, struct str text, struct date *ret)
{
  const struct date first = {1899, 12, 30}; /* as spreadsheets count */
  struct str folded = utf8_fold(a, text);
  int64_t days = 0;
  if (folded.n != 5 || !str_to_i64(folded, &days) || days < 10000)
    return false;
  *ret = date_add_days(first, (int)days);
  return true;
}

bool cell_says_nothing(struct arena *a, struct str text)
{
  static const char *const words[] = {JA("未定"), JA("不明"), JA("なし"), JA("無し"), JA("未"),
                                      "-",        JA("―"),    JA("ー"),   "?"};
  struct str folded = utf8_fold(a, str_trim(text));
  for (size_t i = 0; folded.n && i < sizeof words / sizeof *words; i++)
    if (str_eq(folded, utf8_fold(a, str_from(words[i]))))
      return true;
  return false;
}

bool cell_is_total(struct arena *a, struct str text)
{
  static const char *const words[] = {JA("合計"), JA("計"), JA("小計"), JA("総計"), JA("総数")};
  struct str folded = utf8_fold(a, str_trim(text));
  for (size_t i = 0; folded.n && i < sizeof words / sizeof *words; i++)
    if (str_eq(folded, utf8_fold(a, str_from(words[i]))))
      return true;
  return false;
}

/* Digits alone, half width; empty when something else than digits and dashes stands there. */
static struct str digits(struct arena *a, struct str text)
{
  struct str folded = utf8_fold(a, text);
  struct buf b;
  buf_init(&b, a, 64);
  for (size_t i = 0; i < folded.n; i++) {
    if (folded.p[i] >= '0' && folded.p[i] <= '9')
      buf_add_c(&b, folded.p[i]);
    else if (!strchr("-() ", folded.p[i]))
      return STR_NONE;
  }
  return buf_str(&b);
}

struct str cell_phone(struct arena *a, struct str text, bool *ret_mended)
{
  struct str plain = utf8_fold(a, text), number = digits(a, text);
  *ret_mended = number.n && str_eq(plain, number) && number.p[0] != '0' && (number.n == 9 || number.n == 10);
  return *ret_mended ? str_printf(a, "0%.*s", STR_FMT(number)) : text;
}

bool cell_is_mobile(struct arena *a, struct str text)
{
  struct str number = digits(a, text);
  return number.n == 11 && (str_starts(number, S("090")) || str_starts(number, S("080")) ||
                            str_starts(number, S("070")) || str_starts(number, S("060")));
}

bool cell_my_number(struct arena *a, struct str text, bool phone)
{
  struct str number = digits(a, text);
  if (my_number_check(text))
    return true;
  return !phone && number.n == 11 && number.p[0] != '0' && my_number_check(str_printf(a, "0%.*s", STR_FMT(number)));
}
