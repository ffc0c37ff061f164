/* my_number.c: マイナンバー is not used here, so what looks like one is refused. The check digit: 行政手続における特定の個人を識別する
 * ための番号の利用等に関する法律施行令 第8条 (the twelfth digit serves as a check) and 平成26年総務省令第85号 第5条: with Pn the n-th of
 * the eleven other digits counted from the right, Qn = n + 1 for n = 1..6 and n - 5 for n = 7..11,
 * digit = 11 - (sum of Pn * Qn) mod 11, and 0 where that remainder is 0 or 1. */
#include "base/my_number.h"

#include "base/utf8.h"

enum { DIGITS = 12, GROUP = 4 };

static bool check_digit_fits(const int digit[DIGITS])
{
  int sum = 0;
  for (int n = 1; n < DIGITS; n++)
    sum += digit[DIGITS - 1 - n] * (n <= 6 ? n + 1 : n - 5);
  int rest = sum % 11;
  return digit[DIGITS - 1] == (rest <= 1 ? 0 : 11 - rest);
}

static int digit_of(int32_t cp)
{
  if (cp >= '0' && cp <= '9')
    return cp - '0';
  return cp >= 0xFF10 && cp <= 0xFF19 ? cp - 0xFF10 : -1;
}

/* Blanks and the hyphens people type, half and full width. */
static bool is_gap(int32_t cp)
{
  return cp == ' ' || cp == 0x3000 || cp == 0xA0 || utf8_is_dash(cp);
}

struct scan {
  int digit[DIGITS];
  int n;          /* digits in the run so far; counts on beyond twelve */
  bool telephone; /* begins after a plus sign */
};

static bool run_is_number(const struct scan *s)
{
  return s->n == DIGITS && !s->telephone && check_digit_fits(s->digit);
}

bool my_number_check(struct str text)
{
  struct scan s = {0};
  int32_t before = 0;
  for (size_t at = 0; at < text.n;) {
    int32_t cp = utf8_next(text, &at);
    if (cp < 0)
      return false; /* not text at all: refused elsewhere */
    int d = digit_of(cp);
    if (d >= 0) {
      if (s.n == 0)
        s.telephone = before == '+' || before == 0xFF0B;
      if (s.n < DIGITS)
        s.digit[s.n] = d;
      s.n++;
    } else if (!(is_gap(cp) && s.n > 0 && digit_of(before) >= 0 && s.n < DIGITS && s.n % GROUP == 0)) {
      if (run_is_number(&s))
        return true;
      s = (struct scan){0};
    }
    before = cp;
  }
  return run_is_number(&s);
}
