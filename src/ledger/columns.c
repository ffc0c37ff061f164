/* columns.c: what the columns of a ledger are. */
#include "base/limits.h"
#include "base/utf8.h"
#include "ledger/ledger.h"

static const struct {
  const char *code, *label;
} kinds[LEDGER_COLUMN_COUNT] = {
#define X(name, code, label) [LEDGER_##name] = {code, TR(label)},
    LEDGER_COLUMNS(X)
#undef X
};

const char *ledger_column_code(enum ledger_column k)
{
  return kinds[k].code;
}

const char *ledger_column_label(enum ledger_column k)
{
  return kinds[k].label;
}

bool ledger_column_parse(struct str s, enum ledger_column *ret)
{
  for (int k = 0; k < LEDGER_COLUMN_COUNT; k++)
    if (str_is(s, kinds[k].code) || str_is(s, kinds[k].label)) {
      *ret = (enum ledger_column)k;
      return true;
    }
  return false;
}

/* Words of headings, the telling ones first: 「保護者氏名」 is none of 氏名, 「担当者名」 no 名前. `whole`: only when nothing else stands
 * in the heading. */
static const struct {
  const char *word;
  enum ledger_column kind;
  bool whole;
} guesses[] = {
    {JA("年齢"), LEDGER_SKIP, false},
    {JA("保護者電話"), LEDGER_GUARDIAN_PHONE, false},
    {JA("保護者の電話"), LEDGER_GUARDIAN_PHONE, false},
    {JA("保護者連絡先"), LEDGER_GUARDIAN_PHONE, false},
    {JA("保護者"), LEDGER_GUARDIAN, false},
    {JA("父母"), LEDGER_GUARDIAN, false},
    {JA("続柄"), LEDGER_RELATION, false},
    {JA("主担当機関"), LEDGER_SKIP, false},
    {JA("担当機関"), LEDGER_SKIP, false},
    {JA("担当課"), LEDGER_SKIP, false},
    {JA("担当"), LEDGER_WORKER, false},
    {JA("次回会議"), LEDGER_SKIP, false},
    {JA("ふりがな"), LEDGER_KANA, false},
    {JA("よみ"), LEDGER_KANA, false},
    {JA("読み"), LEDGER_KANA, false},
    {JA("カナ"), LEDGER_KANA, false},
    {JA("呼び名"), LEDGER_CALLED, false},
    {JA("通称"), LEDGER_CALLED, false},
    {JA("愛称"), LEDGER_CALLED, false},
    {JA("生年月日"), LEDGER_BIRTH, false},
    {JA("誕生日"), LEDGER_BIRTH, false},
    {JA("生年"), LEDGER_BIRTH, false},
    {JA("性別"), LEDGER_SEX, false},
    {JA("郵便番号"), LEDGER_POSTAL, false},
    {JA("〒"), LEDGER_POSTAL, true},
    {JA("住所"), LEDGER_ADDRESS, false},
    {JA("居所"), LEDGER_ADDRESS, false},
    {JA("所在地"), LEDGER_ADDRESS, false},
    {JA("携帯"), LEDGER_MOBILE, false},
    {JA("電話"), LEDGER_PHONE, false},
    {"tel", LEDGER_PHONE, false},
    {JA("連絡先"), LEDGER_PHONE, false},
    {JA("学年"), LEDGER_GRADE, false},
    {JA("在籍状況"), LEDGER_GRADE, false},
    {JA("学校"), LEDGER_SCHOOL, false},
    {JA("在籍校"), LEDGER_SCHOOL, false},
    {JA("所属"), LEDGER_SCHOOL, false},
    {JA("受理日"), LEDGER_ACCEPTED, false},
    {JA("受理年月日"), LEDGER_ACCEPTED, false},
    {JA("受付日"), LEDGER_ACCEPTED, false},
    {JA("受付年月日"), LEDGER_ACCEPTED, false},
    {JA("開始日"), LEDGER_ACCEPTED, false},
    {JA("初回相談日"), LEDGER_ACCEPTED, false},
    {JA("終結日"), LEDGER_CLOSED, false},
    {JA("終了日"), LEDGER_CLOSED, false},
    {JA("最後にふれた"), LEDGER_LAST, false},
    {JA("最終接触"), LEDGER_LAST, false},
    {JA("最終対応"), LEDGER_LAST, false},
    {JA("最終面談"), LEDGER_LAST, false},
    {JA("直近の接触"), LEDGER_LAST, false},
    {JA("期日"), LEDGER_NEXT_DAY, false},
    {JA("期限"), LEDGER_NEXT_DAY, false},
    {JA("次回予定"), LEDGER_NEXT_DAY, false},
    {JA("次の予定"), LEDGER_NEXT_DAY, false},
    {JA("次回日"), LEDGER_NEXT_DAY, false},
    {JA("次にすること"), LEDGER_NEXT, false},
    {JA("次の対応"), LEDGER_NEXT, false},
    {JA("今後の対応"), LEDGER_NEXT, false},
    {JA("今後の方針"), LEDGER_NEXT, false},
    {JA("今後の予定"), LEDGER_NEXT, false},
    {JA("次回"), LEDGER_NEXT, true},
    {JA("かかわりの頻度"), LEDGER_DENSITY, false},
    {JA("かかわり"), LEDGER_DENSITY, true},
    {JA("関わり"), LEDGER_DENSITY, true},
    {JA("頻度"), LEDGER_DENSITY, false},
    {JA("ランク"), LEDGER_DENSITY, false},
    {JA("緊急度"), LEDGER_DENSITY, false},
    {JA("経路"), LEDGER_ORIGIN, false},
    {JA("主訴"), LEDGER_CONCERN, false},
    {JA("相談内容"), LEDGER_CONCERN, false},
    {JA("相談の内容"), LEDGER_CONCERN, false},
    {JA("困りごと"), LEDGER_CONCERN, false},
    {JA("課題"), LEDGER_CONCERN, true},
    {JA("状況"), LEDGER_STATUS, true},
    {JA("状態"), LEDGER_STATUS, true},
    {JA("段階"), LEDGER_STATUS, false},
    {JA("進捗"), LEDGER_STATUS, false},
    {JA("ステータス"), LEDGER_STATUS, false},
    {JA("好きなこと"), LEDGER_INTEREST, false},
    {JA("関心"), LEDGER_INTEREST, false},
    {JA("避けて"), LEDGER_AVOID, false},
    {JA("配慮事項"), LEDGER_AVOID, false},
    {JA("備考"), LEDGER_NOTE, false},
    {JA("特記"), LEDGER_NOTE, false},
    {JA("メモ"), LEDGER_NOTE, false},
    {JA("経過"), LEDGER_NOTE, false},
    {JA("支援内容"), LEDGER_NOTE, false},
    {JA("対応状況"), LEDGER_NOTE, false},
    {JA("個人番号"), LEDGER_SKIP, false},
    {JA("番号"), LEDGER_NUMBER, false},
    {"no", LEDGER_NUMBER, true},
    {"no.", LEDGER_NUMBER, true},
    {"№", LEDGER_NUMBER, true},
    {"#", LEDGER_NUMBER, true},
    {JA("氏名"), LEDGER_NAME, false},
    {JA("名前"), LEDGER_NAME, false},
    {JA("対象者"), LEDGER_NAME, false},
    {JA("対象児童"), LEDGER_NAME, false},
    {JA("本人"), LEDGER_NAME, true},
};

enum ledger_column ledger_column_guess(struct arena *a, struct str heading)
{
  struct str folded = utf8_fold(a, heading);
  for (int k = LEDGER_SKIP + 1; folded.n && k < LEDGER_COLUMN_COUNT; k++)
    if (str_eq(folded, utf8_fold(a, str_from(kinds[k].label))))
      return (enum ledger_column)k;
  for (size_t i = 0; folded.n && i < sizeof guesses / sizeof *guesses; i++) {
    struct str word = utf8_fold(a, str_from(guesses[i].word));
    if (guesses[i].whole ? str_eq(folded, word) : str_contains(folded, word))
      return guesses[i].kind;
  }
  return LEDGER_SKIP;
}

struct str ledger_heading(const struct ledger_table *t, size_t column)
{
  return str_trim(csv_cell(&t->cells, t->head, column));
}

/* ---- a map that somebody wrote ---------------------------------------------------------------------------------------------- */

static enum code map_line(struct ledger_table *t, struct str line, size_t number, struct err *e)
{
  char text[24];
  struct str heading = STR_NONE, what = line;
  enum ledger_column kind = LEDGER_SKIP;
  bool found = false;
  snprintf(text, sizeof text, "%zu", number);
  (void)str_split(&what, '=', &heading);
  heading = str_trim(heading);
  if (!ledger_column_parse(str_trim(what), &kind))
    return err_set1(e, INVALID, TR("列の対応の%1行目を読めません。「見出し = 氏名」のように書いてください。"), text);
  for (size_t i = 0; i < t->columns; i++)
    if (heading.n && str_eq(ledger_heading(t, i), heading)) {
      t->column[i] = kind;
      found = true;
    }
  return found ? OK : err_set1(e, INVALID, TR("列の対応の%1行目の見出しは、この台帳にはありません。"), text);
}

enum code ledger_map(struct arena *a, struct ledger_table *t, struct str lines, struct err *e)
{
  struct str line;
  enum code c = OK;
  lines = utf8_normalize_newlines(a, lines);
  for (size_t n = 1; c == OK && str_split(&lines, '\n', &line); n++) {
    line = str_trim(line);
    if (line.n && line.p[0] != '#')
      c = map_line(t, line, n, e);
  }
  return c;
}

enum code ledger_columns_check(const struct ledger_table *t, struct err *e)
{
  int times[LEDGER_COLUMN_COUNT] = {0};
  for (size_t i = 0; i < t->columns; i++) {
    enum ledger_column k = t->column[i];
    if (++times[k] > 1 && k != LEDGER_SKIP && k != LEDGER_NOTE)
      return err_set1(e, INVALID, TR("「%1」が二つの列に選ばれています。どちらか一つにしてください。"), kinds[k].label);
  }
  return times[LEDGER_NAME] ? OK
                            : err_set(e, INVALID, TR("氏名の列がどれか、わかりません。列の見出しを選んでください。"));
}
