#include "base/resemble.h"

#include "base/resemble_near.h"
#include "base/utf8.h"

enum { SENTENCES = 4000 };

struct needle {
  struct str text;
  bool digits; /* looked for in the digits alone */
  bool postal; /* not in the middle of a telephone number */
  bool loose;
  struct needle *next;
};
struct near_needle {
  struct block block; /* of an address; none where `phone` is */
  struct str phone;
  bool warns_only; /* nothing is masked for it */
  struct near_needle *next;
};
struct needles {
  struct needle *first;
  struct near_needle *near;
};

/* ---- one way of writing ------------------------------------------------------------------------------------------------- */

static int kanji_digit(int32_t cp)
{
  static const int32_t digits[] = {0x3007, 0x4E00, 0x4E8C, 0x4E09, 0x56DB, 0x4E94, 0x516D, 0x4E03, 0x516B, 0x4E5D};
  for (int i = 0; i < 10; i++)
    if (digits[i] == cp)
      return i;
  return -1;
}

static int kanji_unit(int32_t cp)
{
  return cp == 0x5341 ? 10 : cp == 0x767E ? 100 : 0; /* 十 百 */
}

/* 二十三 is 23, 一〇四 is 104, 〇九〇 is 090; *at stands behind it. */
static void put_kanji_number(struct buf *b, struct str s, size_t *at)
{
  int64_t sum = 0, run = 0;
  size_t begin = b->n;
  bool units = false;
  for (size_t next = *at; next < s.n; *at = next) {
    int32_t cp = utf8_next(s, &next);
    int digit = kanji_digit(cp), unit = kanji_unit(cp);
    if (digit < 0 && !unit)
      break;
    if (digit >= 0)
      buf_add_c(b, (char)('0' + digit));
    if (unit) {
      sum += (run ? run : 1) * unit;
      run = 0;
      units = true;
    } else if (run < 100000000) {
      run = units ? digit : run * 10 + digit;
    }
  }
  if (!units)
    return; /* digit by digit */
  b->n = begin;
  buf_printf(b, "%lld", (long long)sum + (long long)run);
}

static bool is_dash(int32_t cp)
{
  return cp == '-' || (cp >= 0x2010 && cp <= 0x2015) || cp == 0x2212 || cp == 0x30FB || cp == '.' || cp == ',' ||
         cp == 0x2043 || cp == 0x2500 || cp == 0x2501 || cp == 0xB7 || cp == '/' || cp == '(' || cp == ')';
}

enum gap { GAP_NONE, GAP_DASH, GAP_BETWEEN /* an address's, where a number follows */, GAP_ADDRESS };

/* 丁目 番地 番 号 の between numbers; the length of the one that stands at `at`, 0: none. */
static size_t counter_at(struct str s, size_t at, enum gap *ret_gap)
{
  static const struct {
    const char *word; /* folded */
    enum gap gap;
  } counters[] = {{JA("丁目"), GAP_ADDRESS}, {JA("丁"), GAP_BETWEEN},       {JA("番地"), GAP_ADDRESS},
                  {JA("番"), GAP_BETWEEN},   {JA("号"), GAP_DASH},          {JA("の"), GAP_DASH},
                  {JA("之"), GAP_DASH},      {JA("ちようめ"), GAP_ADDRESS}, {JA("ばんち"), GAP_ADDRESS},
                  {JA("ばん"), GAP_BETWEEN}, {JA("ごう"), GAP_DASH}};
  for (size_t i = 0; i < sizeof counters / sizeof *counters; i++)
    if (str_starts(str_sub(s, at, s.n), str_from(counters[i].word))) {
      *ret_gap = counters[i].gap;
      return strlen(counters[i].word);
    }
  return 0;
}

static bool is_digit(int32_t cp)
{
  return cp >= '0' && cp <= '9';
}

static bool ends_in_digit(const struct buf *b)
{
  struct str s = buf_str(b);
  return s.n && is_digit(s.p[s.n - 1]);
}

static bool is_any_digit(int32_t cp)
{
  return is_digit(cp) || (cp >= 0xFF10 && cp <= 0xFF19) || kanji_digit(cp) >= 0;
}

/* A long vowel mark behind a number is meant as a hyphen; folding would drop it. */
static struct str hyphens(struct arena *a, struct str s)
{
  struct buf b;
  int32_t last = 0;
  buf_init(&b, a, s.n + 64);
  for (size_t at = 0; at < s.n;) {
    size_t from = at;
    int32_t cp = utf8_next(s, &at);
    if (cp < 0)
      at = from + 1;
    bool mark = cp == 0x30FC || cp == 0xFF70 || cp == 0x301C || cp == 0xFF5E || cp == '~';
    if (mark && is_any_digit(last))
      buf_add_c(&b, '-');
    else
      buf_add(&b, str_sub(s, from, at - from));
    if (cp != ' ' && cp != 0x3000)
      last = cp;
  }
  return buf_str(&b);
}

/* What stands behind a number that ended: '-' before the next one. With `marks`, NEAR_MARK for words that only addresses have. */
static void put_gap(struct buf *b, enum gap gap, bool number, bool marks)
{
  if (marks && (gap == GAP_ADDRESS || (gap == GAP_BETWEEN && number)))
    buf_add_c(b, NEAR_MARK);
  else if (gap && number)
    buf_add_c(b, '-');
}

/* Letters and digits; '-' between two numbers, and nothing else of what is written between. */
static struct str plain_of(struct arena *a, struct str text, bool marks)
{
  struct str s = utf8_fold(a, hyphens(a, text));
  struct buf b;
  enum gap gap = GAP_NONE, word = GAP_NONE;
  buf_init(&b, a, 2 * s.n + 64);
  for (size_t at = 0; at < s.n;) {
    size_t from = at, counter = counter_at(s, at, &word);
    int32_t cp = utf8_next(s, &at);
    bool number = is_digit(cp) || kanji_digit(cp) >= 0 || kanji_unit(cp);
    if (ends_in_digit(&b) && (is_dash(cp) || counter)) {
      word = counter ? word : GAP_DASH;
      gap = word > gap ? word : gap;
      at = counter ? from + counter : at;
      continue;
    }
    if (cp < 0x80 && !is_digit(cp) && !(cp >= 'a' && cp <= 'z'))
      continue;
    put_gap(&b, gap, number, marks);
    gap = GAP_NONE;
    if (number && !is_digit(cp)) {
      at = from;
      put_kanji_number(&b, s, &at);
    } else {
      buf_add(&b, str_sub(s, from, at - from));
    }
  }
  put_gap(&b, gap, false, marks);
  return buf_str(&b);
}

static struct str plain(struct arena *a, struct str text)
{
  return plain_of(a, text, false);
}

/* What plain() is of the same text. */
static struct str unmarked(struct arena *a, struct str marked)
{
  struct buf b;
  buf_init(&b, a, marked.n + 1);
  for (size_t i = 0; i < marked.n; i++)
    if (marked.p[i] != NEAR_MARK)
      buf_add_c(&b, marked.p[i]);
    else if (i + 1 < marked.n && is_digit((unsigned char)marked.p[i + 1]))
      buf_add_c(&b, '-');
  return buf_str(&b);
}

/* The digits alone; what is neither digit nor written between digits parts them. */
static struct str digits_of(struct arena *a, struct str plain_text)
{
  struct buf b;
  buf_init(&b, a, plain_text.n + 1);
  for (size_t i = 0; i < plain_text.n; i++) {
    char c = plain_text.p[i];
    if (is_digit((unsigned char)c))
      buf_add_c(&b, c);
    else if (c != '-' && b.n && buf_str(&b).p[b.n - 1] != '|')
      buf_add_c(&b, '|');
  }
  return buf_str(&b);
}

/* ---- what is looked for --------------------------------------------------------------------------------------------------- */

static void add_needle(struct arena *a, struct needles **list, struct needle needle)
{
  if (utf8_length(needle.text) < 2)
    return;
  if (!*list)
    *list = arena_new_of(a, struct needles);
  struct needle *n = *list ? arena_new_of(a, struct needle) : NULL;
  if (!n)
    return;
  *n = needle;
  n->next = (*list)->first;
  (*list)->first = n;
}

static void add(struct arena *a, struct needles **list, struct str text, bool digits, bool loose)
{
  add_needle(a, list, (struct needle){.text = text, .digits = digits, .loose = loose});
}

static void add_near(struct arena *a, struct needles **list, struct near_needle near)
{
  if (!*list)
    *list = arena_new_of(a, struct needles);
  struct near_needle *n = *list ? arena_new_of(a, struct near_needle) : NULL;
  if (!n)
    return;
  *n = near;
  n->next = (*list)->near;
  (*list)->near = n;
}

static size_t digit_count(struct str s)
{
  size_t n = 0;
  for (size_t i = 0; i < s.n; i++)
    n += is_digit((unsigned char)s.p[i]);
  return n;
}

/* Without the leading 0, so that +81 is found too. A short number, as it is told within a town, is no more than a hint. */
static void add_phone(struct arena *a, struct needles **list, struct str p)
{
  struct str digits = digits_of(a, p);
  if (digit_count(p) < 6 || str_contains(digits, S("|"))) {
    add(a, list, p, false, false);
    return;
  }
  if (digits.p[0] == '0' && digits.n > 8)
    digits = str_sub(digits, 1, digits.n);
  add(a, list, digits, true, false);
  add_near(a, list, (struct near_needle){.phone = digits});
  if (digits.n > 8)
    add(a, list, str_sub(digits, digits.n - 8, 8), true, true);
}

/* Where the next number begins; s.n: there is none. */
static size_t number_from(struct str s, size_t i)
{
  while (i < s.n && !is_digit((unsigned char)s.p[i]))
    i++;
  return i;
}

static size_t number_end(struct str s, size_t i)
{
  while (i < s.n && (is_digit((unsigned char)s.p[i]) || s.p[i] == '-'))
    i++;
  return i;
}

/* Behind prefecture, city and ward: what is left says where in it. */
static size_t town_from(struct str s, size_t number)
{
  static const char *const units[] = {JA("都"), JA("道"), JA("府"), JA("県"), JA("市"), JA("区"), JA("郡")};
  size_t from = 0;
  for (size_t at = 0; at < number;) {
    size_t before = at;
    (void)utf8_next(s, &at);
    for (size_t i = 0; i < sizeof units / sizeof *units && at < number; i++)
      if (str_eq(str_sub(s, before, at - before), str_from(units[i])))
        from = at;
  }
  return from;
}

/* Town with its first two numbers tells it, so does the building; the town alone is a hint. */
static void add_address_at(struct arena *a, struct needles **list, struct str p, size_t number)
{
  size_t from = town_from(p, number), end = number, parts = 0;
  while (end < p.n && (is_digit((unsigned char)p.p[end]) || (p.p[end] == '-' && ++parts < 2)))
    end++;
  struct str town = str_sub(p, from, number - from);
  if (utf8_length(town) >= 2) {
    add(a, list, str_sub(p, from, end - from), false, false);
    add(a, list, town, false, true);
  }
  end = number_end(p, end);
  struct near_needle near = {.block = block_of(town, str_sub(p, number, end - number))};
  if (near.block.n)
    add_near(a, list, near);
  struct str building = str_sub(p, end, number_from(p, end) - end);
  if (utf8_length(building) >= 3 && town_from(p, end + building.n) <= end)
    add(a, list, building, false, utf8_length(building) < 4);
}

/* みどり町3-2-1コーポ さくら201. A number within the name of a town (三重県 三条町) is not the address's: then the next one is taken too. */
static void add_address(struct arena *a, struct needles **list, struct str p)
{
  enum { NAMED = 3 };
  size_t number = number_from(p, 0);
  add(a, list, p, false, false);
  for (int i = 0; i < NAMED && number < p.n; i++) {
    size_t end = number_end(p, number);
    add_address_at(a, list, p, number);
    if (memchr(p.p + number, '-', end - number) || !near_is_kanji(str_sub(p, end, p.n)))
      return;
    number = number_from(p, end);
  }
}

static struct str without_head(struct str p)
{
  static const char *const heads[] = {JA("株式会社"), JA("有限会社"), JA("合同会社")};
  for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
    if (str_starts(p, str_from(heads[i])))
      return str_sub(p, strlen(heads[i]), p.n);
  for (size_t at = 0; at < p.n;) {
    size_t before = at;
    (void)utf8_next(p, &at);
    if (at < p.n && str_eq(str_sub(p, before, at - before), str_from(JA("立")))) /* 県立 市立 私立 */
      return str_sub(p, at, p.n);
  }
  return p;
}

/* みなと高等学校: みなと高 too; みなと alone is a hint. */
static void add_name(struct arena *a, struct needles **list, struct str p)
{
  static const char *const tails[][2] = {
      {JA("高等学校"), JA("高")},       {JA("高校"), JA("高")}, {JA("中学校"), JA("中")}, {JA("小学校"), JA("小")},
      {JA("特別支援学校"), JA("支援")}, {JA("学園"), ""},       {JA("学院"), ""},         {JA("大学"), JA("大")},
      {JA("専門学校"), JA("専")},       {JA("株式会社"), NULL}, {JA("有限会社"), NULL}};
  struct str name = without_head(p);
  add(a, list, p, false, utf8_length(p) < 3);
  if (name.n != p.n)
    add(a, list, name, false, utf8_length(name) < 4);
  for (size_t i = 0; i < sizeof tails / sizeof *tails; i++) {
    struct str tail = plain(a, str_from(tails[i][0]));
    if (name.n <= tail.n || !str_eq(str_sub(name, name.n - tail.n, tail.n), tail))
      continue;
    struct str stem = str_sub(name, 0, name.n - tail.n);
    if (tails[i][1] && tails[i][1][0] && utf8_length(stem) >= 2)
      add(a, list, str_printf(a, "%.*s%s", STR_FMT(stem), tails[i][1]), false, false);
    add(a, list, stem, false, utf8_length(stem) < 4 || tails[i][1]);
    return;
  }
}

void needles_add(struct arena *a, struct needles **list, enum needle_kind kind, struct str value)
{
  struct str p = plain(a, value);
  switch (kind) {
  case NEEDLE_PHONE:
    add_phone(a, list, p);
    break;
  case NEEDLE_ADDRESS:
    if (digit_count(p) == 7 && utf8_length(p) <= 8) /* a postal code */
      add_needle(a, list, (struct needle){.text = digits_of(a, p), .digits = true, .postal = true});
    else
      add_address(a, list, p);
    break;
  case NEEDLE_NAME:
    add_name(a, list, p);
    break;
  default:
    add(a, list, p, false, false);
  }
}

/* ---- looking -------------------------------------------------------------------------------------------------------------- */

/* Do the digits at `at` stand behind the beginning of ten or eleven that begin with 0? */
static bool within_phone(struct str digits, size_t at)
{
  size_t from = at, end = at;
  while (from && digits.p[from - 1] != '|')
    from--;
  while (end < digits.n && digits.p[end] != '|')
    end++;
  return from < at && digits.p[from] == '0' && (end - from == 10 || end - from == 11);
}

static bool stands_in(const struct needle *n, struct str p, struct str digits)
{
  if (!n->postal)
    return str_contains(n->digits ? digits : p, n->text);
  for (size_t at = 0; at + n->text.n <= digits.n; at++)
    if (memcmp(digits.p + at, n->text.p, n->text.n) == 0 && !within_phone(digits, at))
      return true;
  return false;
}

static enum resemblance told_in(const struct needles *list, struct str p, struct str digits)
{
  enum resemblance most = RESEMBLES_NOT;
  for (const struct needle *n = list->first; n && most != RESEMBLES; n = n->next)
    if ((!n->loose || most == RESEMBLES_NOT) && stands_in(n, p, digits))
      most = n->loose ? RESEMBLES_LOOSELY : RESEMBLES;
  return most;
}

/* A telephone number by itself that is one digit off is another's: a mother's, bought the same day. Within words it is a slip. */
static bool has_words(struct str text)
{
  for (size_t i = 0; i < text.n; i++)
    if ((unsigned char)text.p[i] >= 0x80)
      return true;
  return false;
}

static bool is_near(const struct near_needle *n, struct str marked, struct str digits)
{
  return (n->phone.n ? near_phone(n->phone, digits) : near_block(&n->block, marked)) == RESEMBLES_CLOSELY;
}

enum reach { REACH_TOLD, REACH_NEAR };

/* Does it stand there, in whatever way numbers are written, or (REACH_NEAR) what comes so near that nobody could take it for another? This is masked. */
static bool is_told(const struct needles *list, enum reach reach, struct arena *a, struct str text)
{
  if (!list || text.n < 2)
    return false;
  struct str marked = plain_of(a, text, true), p = unmarked(a, marked), digits = digits_of(a, p);
  bool told = told_in(list, p, digits) == RESEMBLES, words = has_words(text);
  for (const struct near_needle *n = list->near; n && !told && reach == REACH_NEAR; n = n->next)
    told = !n->warns_only && (words || !n->phone.n) && is_near(n, marked, digits);
  return told;
}

void needles_warn_only(struct needles *list)
{
  for (struct near_needle *n = list ? list->near : NULL; n; n = n->next)
    n->warns_only = true;
}

enum resemblance needles_find(const struct needles *list, struct arena *a, struct str text)
{
  if (!list || text.n < 2)
    return RESEMBLES_NOT;
  struct str marked = plain_of(a, text, true), p = unmarked(a, marked), digits = digits_of(a, p);
  enum resemblance most = told_in(list, p, digits);
  for (const struct near_needle *n = list->near; n && most < RESEMBLES_CLOSELY; n = n->next) {
    enum resemblance r = n->phone.n ? near_phone(n->phone, digits) : near_block(&n->block, marked);
    most = r > most ? r : most;
  }
  return most;
}

/* Behind the sentence or line that begins at `from`. */
static size_t sentence_end(struct str s, size_t from)
{
  for (size_t at = from; at < s.n;) {
    int32_t cp = utf8_next(s, &at);
    if (cp < 0)
      at++;
    if (cp == '\n' || cp == 0x3002 || cp == 0xFF01 || cp == 0xFF1F) /* 。！？ */
      return at;
  }
  return s.n;
}

/* What of a sentence gives way to the mark: its end stays. */
static size_t told_until(struct str s, size_t from, size_t end)
{
  return end > from && s.p[end - 1] == '\n' ? end - 1 : end;
}

/* Each sentence that tells it, in turn; false: no more. */
static bool next_told(const struct needles *list, enum reach reach, struct arena *a, struct str s, size_t *from,
                      size_t *ret_end)
{
  while (*from < s.n) {
    size_t end = sentence_end(s, *from);
    if (is_told(list, reach, a, str_sub(s, *from, end - *from))) {
      *ret_end = told_until(s, *from, end);
      return true;
    }
    *from = end;
  }
  return false;
}

static struct str masked(const struct needles *list, enum reach reach, struct arena *a, struct str text,
                         struct str mark)
{
  struct buf b;
  size_t done = 0, from = 0, end = 0;
  buf_init(&b, a, 2 * text.n + 64 * mark.n + 64);
  for (int i = 0; i < SENTENCES && next_told(list, reach, a, text, &from, &end); i++) {
    buf_add(&b, str_sub(text, done, from - done));
    buf_add(&b, mark);
    done = from = end;
  }
  buf_add(&b, str_sub(text, done, text.n));
  return buf_str(&b);
}

struct str needles_mask(const struct needles *list, struct arena *a, struct str text, struct str mark)
{
  if (!is_told(list, REACH_NEAR, a, text))
    return text;
  struct str s = masked(list, REACH_NEAR, a, text, mark);
  bool across = is_told(list, REACH_TOLD, a, text) &&
                is_told(list, REACH_TOLD, a,
                        masked(list, REACH_TOLD, a, text, mark)); /* the town in one line, its number in the next */
  return !s.p || across || is_told(list, REACH_NEAR, a, s) ? mark : s;
}

static size_t count_of(struct str s, struct str part)
{
  size_t n = 0;
  for (size_t at = 0; part.n && at + part.n <= s.n; at++)
    if (memcmp(s.p + at, part.p, part.n) == 0) {
      n++;
      at += part.n - 1;
    }
  return n;
}

bool needles_restore(const struct needles *list, struct arena *a, struct str stored, struct str typed, struct str mark,
                     struct str *ret)
{
  struct str shown = needles_mask(list, a, stored, mark);
  struct buf b;
  size_t from = 0, end = 0;
  if (str_eq(typed, shown) || !count_of(typed, mark)) {
    *ret = str_eq(typed, shown) ? stored : typed;
    return true;
  }
  if (count_of(typed, mark) != count_of(shown, mark) || str_eq(shown, mark))
    return false;
  buf_init(&b, a, typed.n + stored.n + 64);
  for (size_t at = 0; at < typed.n;) {
    if (at + mark.n <= typed.n && memcmp(typed.p + at, mark.p, mark.n) == 0 &&
        next_told(list, REACH_NEAR, a, stored, &from, &end)) {
      buf_add(&b, str_sub(stored, from, end - from));
      from = end;
      at += mark.n;
    } else {
      buf_add_c(&b, typed.p[at++]);
    }
  }
  *ret = buf_str(&b);
  return true;
}

/* ---- documents -------------------------------------------------------------------------------------------------------------- */

static struct doc *child(const struct doc *d, size_t i)
{
  return doc_kind(d) == DOC_MAP ? doc_value_at(d, i) : doc_at(d, i);
}

bool needles_restore_doc(const struct needles *list, struct arena *a, const struct doc *stored, struct doc *typed,
                         struct str mark)
{
  struct str text = STR_NONE;
  for (size_t i = 0; list && i < doc_size(typed); i++) {
    struct doc *v = child(typed, i);
    const struct doc *old = doc_kind(typed) == DOC_MAP ? doc_get_key(stored, doc_key_at(typed, i)) : doc_at(stored, i);
    if (doc_kind(v) != DOC_STR) {
      if (!needles_restore_doc(list, a, old, v, mark))
        return false;
    } else if (!needles_restore(list, a, doc_string(old), doc_string(v), mark, &text)) {
      return false;
    } else {
      doc_set_str(v, text);
    }
  }
  return true;
}

enum resemblance needles_find_doc(const struct needles *list, struct arena *a, const struct doc *d)
{
  enum resemblance most = doc_kind(d) == DOC_STR ? needles_find(list, a, doc_string(d)) : RESEMBLES_NOT;
  for (size_t i = 0; list && i < doc_size(d) && most != RESEMBLES; i++) {
    enum resemblance r = needles_find_doc(list, a, child(d, i));
    most = r > most ? r : most;
  }
  return most;
}
