/* clock_parse.c: dates as people type them. */
#include <uninorm.h>

#include "base/clock_parts.h"
#include "base/utf8.h"

enum { TYPED_MOST = 128, FIRST_YEAR = 1868, LAST_YEAR = 2200 };

static const struct {
  const char *text;
  enum era era;
} era_words[] = {
    {"令和", ERA_REIWA}, {"平成", ERA_HEISEI}, {"昭和", ERA_SHOWA}, {"大正", ERA_TAISHO}, {"明治", ERA_MEIJI},
    {"R", ERA_REIWA},    {"H", ERA_HEISEI},    {"S", ERA_SHOWA},    {"T", ERA_TAISHO},    {"M", ERA_MEIJI},
    {"r", ERA_REIWA},    {"h", ERA_HEISEI},    {"s", ERA_SHOWA},    {"t", ERA_TAISHO},    {"m", ERA_MEIJI},
    {"西暦", ERA_NONE},  {"令", ERA_REIWA},    {"平", ERA_HEISEI},  {"昭", ERA_SHOWA},    {"大", ERA_TAISHO},
    {"明", ERA_MEIJI},
};

static bool take(struct str *s, struct str word)
{
  if (!str_starts(*s, word))
    return false;
  *s = str_sub(*s, word.n, s->n);
  return true;
}

static enum era take_era(struct str *s)
{
  for (size_t i = 0; i < sizeof(era_words) / sizeof(era_words[0]); i++) {
    if (take(s, str_from(era_words[i].text))) {
      take(s, S("."));
      return era_words[i].era;
    }
  }
  return ERA_NONE;
}

/* Takes up to `most` digits; the count of those taken. */
static size_t take_number(struct str *s, size_t most, int *ret)
{
  size_t n = 0;
  *ret = 0;
  while (n < most && n < s->n && s->p[n] >= '0' && s->p[n] <= '9')
    *ret = *ret * 10 + (s->p[n++] - '0');
  *s = str_sub(*s, n, s->n);
  return n;
}

/* One separator, or the sign of the part before; true at the end of the text as well. */
static bool take_separator(struct str *s, struct str sign)
{
  return s->n == 0 || take(s, sign) || take(s, S("/")) || take(s, S("-")) || take(s, S("."));
}

/* yy mm dd or yyyy mm dd without anything between. */
static bool take_packed(struct str *s, size_t year_digits, struct date *d)
{
  size_t n = 0;
  while (n < s->n && s->p[n] >= '0' && s->p[n] <= '9')
    n++;
  if (n != s->n || n != year_digits + 4)
    return false;
  take_number(s, year_digits, &d->year);
  take_number(s, 2, &d->month);
  take_number(s, 2, &d->day);
  return d->month && d->day;
}

/* A part that stands there must be more than zero; one that does not is unknown. */
static bool take_part(struct str *s, struct str sign, int *ret)
{
  if (s->n == 0)
    return true;
  return take_number(s, 2, ret) > 0 && *ret > 0 && take_separator(s, sign);
}

static bool take_parts(struct str *s, bool era, struct date *d)
{
  if (take_packed(s, era ? 2 : 4, d))
    return true;
  if (era && take(s, S("元")))
    d->year = 1;
  else if (take_number(s, 4, &d->year) == 0)
    return false;
  return take_separator(s, S("年")) && take_part(s, S("月"), &d->month) && take_part(s, S("日"), &d->day) && s->n == 0;
}

/* NFKC, blanks dropped, all dashes alike. The number of bytes, 0 when it is too long or no text. */
static size_t fold(struct str s, char *ret, size_t size)
{
  uint8_t room[TYPED_MOST * 4];
  size_t n = sizeof(room), out = 0;
  if (s.n > TYPED_MOST || !utf8_valid(s))
    return 0;
  uint8_t *p = u8_normalize(UNINORM_NFKC, (const uint8_t *)s.p, s.n, room, &n);
  if (!p)
    return 0;
  struct str plain = {(const char *)p, n};
  for (size_t at = 0; at < n && out + 4 < size;) {
    size_t from = at;
    int32_t cp = utf8_next(plain, &at);
    if (cp == ' ' || cp == '\t')
      continue;
    if (utf8_is_dash(cp)) {
      ret[out++] = '-';
    } else {
      memcpy(ret + out, plain.p + from, at - from);
      out += at - from;
    }
  }
  if (p != room)
    free(p);
  return out;
}

enum code date_from_western(struct date d, struct date *ret, struct err *e)
{
  if (d.year < 100)
    return err_set(e, INVALID, TR("年は、令和8年のように年号をつけるか、西暦4けたで書いてください。"));
  if (d.year < FIRST_YEAR || d.year > LAST_YEAR)
    return err_set(e, INVALID, TR("年は1868年から2200年までで書いてください。"));
  enum code c = date_check_parts(d, e);
  if (c == OK)
    *ret = d;
  return c;
}

enum code date_parse_text(struct str s, struct date *ret, struct err *e)
{
  char text[TYPED_MOST * 4];
  struct str rest = {text, fold(s, text, sizeof(text))};
  struct date d = {0};
  if (str_trim(s).n == 0) {
    *ret = d;
    return OK;
  }
  enum era era = take_era(&rest);
  if (!take_parts(&rest, era != ERA_NONE, &d))
    return err_set(e, INVALID,
                   TR("日付を読めません。令和8年11月18日、R8.11.18、2026-11-18のどれかの形で書いてください。"));
  if (era == ERA_NONE)
    return date_from_western(d, ret, e);
  return date_from_era(era, d.year, d.month, d.day, ret, e);
}
