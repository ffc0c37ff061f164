#include "directory/phone.h"

#include "directory/mend.h"

const char *phone_type_code(enum phone_type t)
{
  return t == PHONE_FAX ? "fax" : "voice";
}

static bool is_digit(char c)
{
  return c >= '0' && c <= '9';
}

static struct str digits_of(struct arena *a, struct str s)
{
  struct buf b;
  buf_init(&b, a, s.n + 1);
  for (size_t i = 0; i < s.n; i++)
    if (is_digit(s.p[i]) || s.p[i] == '#')
      buf_add_c(&b, s.p[i]);
  return buf_str(&b);
}

enum code phone_check_area(struct str area_code, struct err *e)
{
  bool good = area_code.n >= 2 && area_code.n <= 5 && area_code.p[0] == '0';
  for (size_t i = 0; i < area_code.n; i++)
    good = good && is_digit(area_code.p[i]);
  if (area_code.n && !good)
    return err_field(e, "area-code", TR("市外局番は、0183 のように0からの数字で書いてください。"));
  return OK;
}

/* --- one number ------------------------------------------------------------------------------------------------------- */

static bool is_short(struct str d)
{
  return str_is(d, "110") || str_is(d, "118") || str_is(d, "119") || str_is(d, "188") || str_is(d, "189");
}

/* Numbering plan (総務省 電気通信番号計画): 0AB-J and 0120, 0570 have ten digits; 050, 060, 070, 080, 090 and 0800 eleven; 1XY three. */
static bool is_whole(struct str d)
{
  bool sharp = d.n && d.p[0] == '#';
  for (size_t i = sharp; i < d.n; i++)
    if (!is_digit(d.p[i]))
      return false; /* a # further on */
  if (sharp)
    return d.n == 5;
  if (d.n == 3)
    return is_short(d);
  if (d.n < 10 || d.p[0] != '0' || d.p[1] == '0')
    return false;
  bool eleven = d.p[2] == '0' && d.p[1] >= '5';
  return d.n == (eleven ? 11U : 10U);
}

/* 「(0183)73-2111」 and 「0183(73)2111」 as 「0183-73-2111」. */
static struct str with_hyphens(struct arena *a, struct str s)
{
  struct buf b;
  buf_init(&b, a, s.n + 1);
  for (size_t i = 0; i < s.n; i++) {
    if (is_digit(s.p[i]) || s.p[i] == '#')
      buf_add_c(&b, s.p[i]);
    else if (b.n && b.p[b.n - 1] != '-')
      buf_add_c(&b, '-');
  }
  struct str r = buf_str(&b);
  return str_ends(r, S("-")) ? str_sub(r, 0, r.n - 1) : r;
}

static struct phone complete(struct arena *a, struct str text, struct str area)
{
  struct phone p = {.number = with_hyphens(a, text)};
  struct str d = digits_of(a, text);
  if (is_whole(d)) {
    p.dial = d;
    return p;
  }
  struct str both = str_printf(a, "%.*s%.*s", STR_FMT(area), STR_FMT(d));
  if (area.n && d.n >= 5 && d.p[0] >= '2' && d.p[0] <= '9' && both.n == 10 && is_whole(both)) {
    p.number = str_printf(a, "%.*s-%.*s", STR_FMT(area), STR_FMT(p.number));
    p.dial = both;
  }
  return p;
}

#define EXTENSION JA("内線")

/* --- a cell ----------------------------------------------------------------------------------------------------------- */

struct scan {
  struct arena *a;
  struct str area;
  enum phone_type type;
  struct phones *ret;
  struct buf ahead; /* words that wait for the number they belong to */
};

static struct str plain_brackets(struct arena *a, struct str s)
{
  struct buf b;
  buf_init(&b, a, s.n + 1);
  for (size_t i = 0; i < s.n; i++) {
    struct str rest = str_sub(s, i, s.n - i);
    bool open = str_starts(rest, S("（")), close = str_starts(rest, S("）")), hash = str_starts(rest, S("＃"));
    buf_add_c(&b, open ? '(' : close ? ')' : hash ? '#' : s.p[i]);
    if (open || close || hash)
      i += 2;
  }
  return buf_str(&b);
}

/* Words around numbers, without the marks that only hold them together. */
static struct str trim_marks(struct str s)
{
  static const char *const marks[] = {"(", ")", ":", "：", ",", "、", "/", "／", JA("・"), ";", "-"};
  for (bool again = true; again;) {
    again = false;
    s = str_trim(s);
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
      struct str m = str_from(marks[i]);
      if (str_starts(s, m))
        s = str_sub(s, m.n, s.n - m.n), again = true;
      if (str_ends(s, m))
        s = str_sub(s, 0, s.n - m.n), again = true;
    }
  }
  return s;
}

static void add_words(struct arena *a, struct str *to, struct str words)
{
  if (words.n)
    *to = to->n ? str_printf(a, "%.*s %.*s", STR_FMT(*to), STR_FMT(words)) : words;
}

static bool starts_number(struct str s, size_t i)
{
  char c = s.p[i];
  return is_digit(c) || ((c == '(' || c == '#') && i + 1 < s.n && is_digit(s.p[i + 1]));
}

/* The end of the number that begins at i: digits with hyphens, brackets and blanks between; behind a hyphen a blank
 * or a bracket ends it. */
static size_t number_end(struct str s, size_t i)
{
  size_t end = i;
  bool hyphen = false;
  for (size_t k = i; k < s.n; k++) {
    if (is_digit(s.p[k]))
      end = k + 1;
    else if (!strchr("-() #", s.p[k]) || (hyphen && (s.p[k] == ' ' || s.p[k] == '(')))
      break;
    hyphen = hyphen || s.p[k] == '-';
  }
  return end;
}

static bool take_word(struct str *words, const char *text)
{
  struct str word = str_from(text);
  if (!str_ends(*words, word))
    return false;
  *words = trim_marks(str_sub(*words, 0, words->n - word.n));
  return true;
}

static void add_number(struct scan *s, struct str text)
{
  struct str words = trim_marks(str_copy(s->a, buf_str(&s->ahead)));
  struct phones *ret = s->ret;
  s->ahead.n = 0;
  struct phone *last = ret->count ? &ret->list[ret->count - 1] : NULL;
  if (last && !last->extension.n && take_word(&words, EXTENSION)) {
    last->extension = digits_of(s->a, text);
    add_words(s->a, &last->remark, words);
    return;
  }
  if (ret->count == PHONES_MOST) {
    add_words(s->a, &last->remark, words);
    add_words(s->a, &last->remark, text);
    return;
  }
  struct phone p = complete(s->a, text, s->area);
  p.type = s->type;
  if (take_word(&words, "FAX") || take_word(&words, JA("ファックス")))
    p.type = PHONE_FAX;
  else if (!take_word(&words, "TEL"))
    take_word(&words, JA("電話"));
  p.remark = words;
  ret->list[ret->count++] = p;
}

/* Words behind a number of the same line, or in brackets in a line of their own, belong to it; others to the next one. */
static void end_line(struct scan *s, bool had_number, struct str line)
{
  struct str words = trim_marks(str_copy(s->a, buf_str(&s->ahead)));
  if (!s->ret->count || (!had_number && !str_starts(line, S("("))))
    return;
  add_words(s->a, &s->ret->list[s->ret->count - 1].remark, words);
  s->ahead.n = 0;
}

/* Five digits or more, a short number, or an extension; 「24時間」 is none. */
static bool is_number(struct scan *s, struct str text)
{
  struct str d = digits_of(s->a, text);
  struct str words = trim_marks(str_copy(s->a, buf_str(&s->ahead)));
  return is_whole(d) || d.n >= 5 || (s->ret->count && str_ends(words, str_from(EXTENSION)));
}

static void read_line(struct scan *s, struct str line)
{
  bool had_number = false;
  if (s->ahead.n)
    buf_add_c(&s->ahead, ' ');
  for (size_t i = 0; i < line.n;) {
    if (!starts_number(line, i)) {
      buf_add_c(&s->ahead, line.p[i++]);
      continue;
    }
    size_t end = number_end(line, i);
    struct str text = str_sub(line, i, end - i);
    bool number = is_number(s, text);
    if (number)
      add_number(s, text);
    else
      buf_add(&s->ahead, text);
    had_number = had_number || number;
    i = end;
  }
  end_line(s, had_number, line);
}

void phone_read(struct arena *a, struct str cell, struct str area_code, enum phone_type type, struct phones *ret)
{
  struct scan s = {.a = a, .area = area_code, .type = type, .ret = ret};
  struct str rest = plain_brackets(a, mend_dashes(a, mend_lines(a, cell))), line;
  *ret = (struct phones){0};
  buf_init(&s.ahead, a, rest.n + 64);
  while (str_split(&rest, '\n', &line))
    read_line(&s, line);
  struct str words = trim_marks(buf_str(&s.ahead));
  if (!words.n)
    return;
  if (!ret->count)
    ret->list[ret->count++] = (struct phone){.type = type};
  add_words(a, &ret->list[ret->count - 1].remark, words);
}
