/* resemble_near.c: an address that is told by the number of its block, its town in other letters; a telephone number with one digit wrong. How the
 * name of a town is read is not known, so that the numbers speak, and what stands before them. */
#include "base/resemble_near.h"

#include "base/utf8.h"

enum { DISTINCT_DIGITS = 5 /* of two numbers: 1234-5 is told without a town, 2-4 is not */, LONE_DIGITS = 3 };

/* Folded, as they end the name of a town. One letter alone (田: た) would end too many words. */
static const char *const town_words[] = {JA("町"),   JA("まち"),       JA("ちよう"), JA("村"),     JA("むら"),
                                         JA("住所"), JA("じゆうしよ"), JA("番地"),   JA("ばんち"), NULL};
static const char *const endings[][4] = {{JA("町"), JA("まち"), JA("ちよう")},
                                         {JA("村"), JA("むら"), JA("そん")},
                                         {JA("台"), JA("だい")},
                                         {JA("丘"), JA("おか")},
                                         {JA("岡"), JA("おか")},
                                         {JA("通"), JA("とおり"), JA("どおり")},
                                         {JA("条"), JA("じよう")},
                                         {JA("島"), JA("しま"), JA("じま")},
                                         {JA("山"), JA("やま")},
                                         {JA("川"), JA("かわ"), JA("がわ")},
                                         {JA("浜"), JA("はま"), JA("ばま")},
                                         {JA("崎"), JA("さき"), JA("ざき")},
                                         {JA("沢"), JA("さわ"), JA("ざわ")},
                                         {JA("坂"), JA("さか"), JA("ざか")},
                                         {JA("橋"), JA("はし"), JA("ばし")},
                                         {JA("原"), JA("はら"), JA("ばら")},
                                         {JA("谷"), JA("たに"), JA("がや")},
                                         {JA("里"), JA("さと")},
                                         {JA("森"), JA("もり")},
                                         {JA("林"), JA("はやし"), JA("ばやし")},
                                         {JA("池"), JA("いけ")},
                                         {JA("東"), JA("ひがし")},
                                         {JA("西"), JA("にし")},
                                         {JA("南"), JA("みなみ")},
                                         {JA("北"), JA("きた")},
                                         {JA("中"), JA("なか")},
                                         {JA("内"), JA("うち")},
                                         {JA("口"), JA("くち"), JA("ぐち")},
                                         {JA("寺"), JA("てら"), JA("でら")},
                                         {JA("宮"), JA("みや")},
                                         {JA("園"), JA("その"), JA("ぞの")},
                                         {JA("久保"), JA("くぼ")},
                                         {JA("まち"), JA("町")},
                                         {JA("むら"), JA("村")},
                                         {JA("だい"), JA("台")},
                                         {JA("おか"), JA("丘"), JA("岡")}};

/* ---- letters ------------------------------------------------------------------------------------------------------------ */

enum script { SCRIPT_NONE, SCRIPT_KANJI, SCRIPT_KANA, SCRIPT_LATIN };

static enum script script_of(int32_t cp)
{
  if (cp == 0x3005 || (cp >= 0x3400 && cp <= 0x9FFF) || (cp >= 0xF900 && cp <= 0xFAFF) || cp >= 0x20000)
    return SCRIPT_KANJI;
  if (cp >= 0x3041 && cp <= 0x30FE && cp != 0x30FB)
    return SCRIPT_KANA;
  return cp >= 'a' && cp <= 'z' ? SCRIPT_LATIN : SCRIPT_NONE;
}

/* Of the letter that ends at *end; *end moves before it. */
static enum script script_before(struct str s, size_t *end)
{
  size_t from = *end;
  while (from && ((unsigned char)s.p[--from] & 0xC0) == 0x80)
    ;
  size_t at = from;
  int32_t cp = *end ? utf8_next(s, &at) : 0;
  *end = from;
  return script_of(cp);
}

bool near_is_kanji(struct str s)
{
  size_t at = 0;
  return s.n && script_of(utf8_next(s, &at)) == SCRIPT_KANJI;
}

/* The letters of one script that a text ends with. */
static struct str last_word(struct str s, enum script *ret_script)
{
  size_t from = s.n, end = s.n;
  enum script first = SCRIPT_NONE;
  while (end) {
    enum script k = script_before(s, &end);
    if (k == SCRIPT_NONE || (first != SCRIPT_NONE && k != first))
      break;
    first = k;
    from = end;
  }
  *ret_script = first;
  return str_sub(s, from, s.n - from);
}

static size_t ends_with_any(struct str s, const char *const *words, size_t count)
{
  for (size_t i = 0; i < count && words[i]; i++)
    if (str_ends(s, str_from(words[i])))
      return strlen(words[i]);
  return 0;
}

/* ---- numbers ------------------------------------------------------------------------------------------------------------ */

struct run { /* of numbers: 3-2-1 */
  int64_t part[BLOCK_PARTS + 1];
  size_t n, from, end;
  bool marked;
};

static bool is_digit_at(struct str s, size_t at)
{
  return at < s.n && s.p[at] >= '0' && s.p[at] <= '9';
}

static bool next_run(struct str s, size_t *at, struct run *ret)
{
  struct run r = {0};
  while (*at < s.n && !is_digit_at(s, *at))
    ++*at;
  r.from = *at;
  while (is_digit_at(s, *at)) {
    int64_t part = 0;
    for (; is_digit_at(s, *at); ++*at)
      part = part < 100000000 ? part * 10 + (s.p[*at] - '0') : part;
    if (r.n <= BLOCK_PARTS)
      r.part[r.n++] = part;
    bool mark = *at < s.n && s.p[*at] == NEAR_MARK;
    r.marked = r.marked || mark;
    if (mark || (*at < s.n && s.p[*at] == '-'))
      ++*at;
  }
  r.end = *at;
  *ret = r;
  return r.n > 0;
}

static size_t digits_in(int64_t number)
{
  size_t n = 1;
  for (; number > 9; number /= 10)
    n++;
  return n;
}

/* 1234-5; not 2026-11, which is a month */
static bool is_distinct(const struct block *b)
{
  bool month = b->part[0] >= 1900 && b->part[0] < 2100 && b->part[1] <= 12;
  return !month && digits_in(b->part[0]) + digits_in(b->part[1]) >= DISTINCT_DIGITS;
}

struct block block_of(struct str town, struct str number)
{
  struct block b = {0};
  struct run r = {0};
  size_t at = 0;
  if (!next_run(number, &at, &r))
    return b;
  b.n = r.n > BLOCK_PARTS ? BLOCK_PARTS : r.n;
  memcpy(b.part, r.part, sizeof b.part);
  if (b.n == 1 && digits_in(b.part[0]) < LONE_DIGITS)
    return (struct block){0};
  b.stem = town;
  for (size_t i = 0; i < sizeof endings / sizeof *endings && !b.ending.n; i++)
    if (str_ends(town, str_from(endings[i][0]))) {
      b.ending = str_from(endings[i][0]);
      b.stem = str_sub(town, 0, town.n - b.ending.n);
    }
  return b;
}

/* ---- what stands around ---------------------------------------------------------------------------------------------------- */

/* Without what may stand between a town and its number: みどり町の 「みどり町」 みどり町は */
static struct str before_of(struct str s)
{
  static const char *const between[] = {JA("の"), JA("は"), JA("、"), JA("」"), JA("』"), JA("】"), JA("：")};
  for (size_t n = 1; n;) {
    n = ends_with_any(s, between, sizeof between / sizeof *between);
    s.n -= n;
  }
  return s;
}

static size_t town_word_of(const struct block *b, struct str before)
{
  size_t n = ends_with_any(before, town_words, sizeof town_words / sizeof *town_words);
  for (size_t i = 0; i < sizeof endings / sizeof *endings && !n && b->ending.n; i++)
    if (str_eq(b->ending, str_from(endings[i][0])))
      n = ends_with_any(before, endings[i], sizeof endings[i] / sizeof *endings[i]);
  return n;
}

/* Another town, as far as it can be read: both in kanji, or both in kana, and not the same. */
static bool is_other_town(const struct block *b, struct str stem)
{
  enum script ours = SCRIPT_NONE, theirs = SCRIPT_NONE;
  struct str known = last_word(b->stem, &ours), word = last_word(stem, &theirs);
  return ours && ours == theirs && !str_ends(word, known);
}

/* 3-2 behind a town's name? */
static enum resemblance behind_town(const struct block *b, struct str text, const struct run *r)
{
  struct str before = before_of(str_sub(text, 0, r->from));
  size_t n = town_word_of(b, before);
  if (!n)
    return r->marked ? RESEMBLES_CLOSELY : RESEMBLES_NOT;
  return is_other_town(b, str_sub(before, 0, before.n - n)) ? RESEMBLES_LOOSELY : RESEMBLES_CLOSELY;
}

/* 3-2 behind any word, and nothing that is counted: 週に2-3回 */
static enum resemblance behind_word(struct str text, const struct run *r)
{
  static const char *const counted[] = {JA("回"), JA("人"), JA("日"), JA("時"), JA("年"), JA("月"), JA("週"), JA("か"),
                                        JA("名"), JA("分"), JA("円"), JA("組"), JA("割"), JA("歳"), JA("才"), JA("本"),
                                        JA("枚"), JA("件"), JA("度"), JA("点"), JA("つ"), JA("倍"), JA("通"), JA("頁")};
  enum script script = SCRIPT_NONE;
  struct str word = last_word(str_sub(text, 0, r->from), &script), after = str_sub(text, r->end, text.n);
  if (script == SCRIPT_LATIN || utf8_length(word) < 2)
    return RESEMBLES_NOT;
  for (size_t i = 0; i < sizeof counted / sizeof *counted; i++)
    if (str_starts(after, str_from(counted[i])))
      return RESEMBLES_NOT;
  return RESEMBLES_LOOSELY;
}

/* 令和8.3.2 R8.3.2 */
static bool is_date(struct str text, const struct run *r)
{
  static const char *const eras[] = {JA("令和"), JA("平成"), JA("昭和"), "r", "h", "s"};
  return ends_with_any(str_sub(text, 0, r->from), eras, sizeof eras / sizeof *eras) > 0;
}

static enum resemblance near_run(const struct block *b, struct str text, const struct run *r)
{
  size_t same = 0;
  while (same < b->n && same < r->n && b->part[same] == r->part[same])
    same++;
  if (is_date(text, r))
    return RESEMBLES_NOT;
  if (same >= 3)
    return RESEMBLES_CLOSELY;
  if (same == 1 && b->n == 1)
    return behind_town(b, text, r);
  if (same < 2 || (r->n > 2 && b->n > 2))
    return RESEMBLES_NOT;
  if (r->n == 2 && is_distinct(b))
    return RESEMBLES_CLOSELY;
  enum resemblance town = behind_town(b, text, r);
  return town || r->n > 2 ? town : behind_word(text, r);
}

enum resemblance near_block(const struct block *b, struct str text)
{
  enum resemblance most = RESEMBLES_NOT;
  struct run r = {0};
  for (size_t at = 0; most < RESEMBLES_CLOSELY && next_run(text, &at, &r);) {
    enum resemblance k = near_run(b, text, &r);
    most = k > most ? k : most;
  }
  return most;
}

enum resemblance near_phone(struct str phone, struct str digits)
{
  for (size_t at = 0; at + phone.n <= digits.n; at++) {
    size_t wrong = 0;
    for (size_t i = 0; i < phone.n && wrong < 2; i++)
      wrong += digits.p[at + i] == '|' ? 2 : digits.p[at + i] != phone.p[i];
    if (wrong < 2)
      return RESEMBLES_CLOSELY;
  }
  return RESEMBLES_NOT;
}
