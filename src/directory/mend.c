#include "directory/mend.h"

#include <uninorm.h>

#include "base/utf8.h"

static bool is_half_kana(int32_t cp)
{
  return cp >= 0xFF61 && cp <= 0xFF9F;
}

static bool is_voicing(int32_t cp)
{
  return cp == 0x3099 || cp == 0x309A;
}

static bool is_kana(int32_t cp)
{
  return cp >= 0x3041 && cp <= 0x30FE;
}

static int32_t half_width(int32_t cp)
{
  bool plain = (cp >= 0xFF10 && cp <= 0xFF19) || (cp >= 0xFF21 && cp <= 0xFF3A) || (cp >= 0xFF41 && cp <= 0xFF5A);
  return plain ? cp - 0xFEE0 : cp == 0x3000 || cp == 0xA0 ? ' ' : cp;
}

/* A run of kana that NFKC writes as one would. */
static void put_kana(struct buf *b, struct str run)
{
  size_t n = 0;
  uint8_t *p = u8_normalize(UNINORM_NFKC, (const uint8_t *)run.p, run.n, NULL, &n);
  if (p)
    buf_add(b, (struct str){(const char *)p, n});
  free(p);
}

/* The end of the run that begins at `from`: half-width kana with their marks, or a kana and its mark; `from` when there is none. */
static size_t kana_run(struct str s, size_t from)
{
  size_t at = from, next = from;
  int32_t cp = utf8_next(s, &next);
  if (is_kana(cp)) {
    at = next;
    cp = at < s.n ? utf8_next(s, &next) : -1;
    return is_voicing(cp) ? next : from;
  }
  while (is_half_kana(cp) || (at > from && is_voicing(cp))) {
    at = next;
    if (at == s.n)
      break;
    cp = utf8_next(s, &next);
  }
  return at;
}

struct str mend_width(struct arena *a, struct str s)
{
  struct buf b;
  buf_init(&b, a, s.n * 3 + 3);
  for (size_t at = 0; at < s.n;) {
    size_t end = kana_run(s, at);
    if (end > at) {
      put_kana(&b, str_sub(s, at, end - at));
      at = end;
      continue;
    }
    int32_t cp = utf8_next(s, &at);
    if (cp < 0)
      at++, cp = 0xFFFD;
    utf8_put(&b, half_width(cp));
  }
  return buf_str(&b);
}

static bool is_blank(char c)
{
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\v' || c == '\f';
}

struct str mend_line(struct arena *a, struct str s)
{
  struct buf b;
  s = mend_width(a, s);
  buf_init(&b, a, s.n + 1);
  for (size_t i = 0; i < s.n; i++) {
    if (!is_blank(s.p[i]))
      buf_add_c(&b, s.p[i]);
    else if (b.n && b.p[b.n - 1] != ' ')
      buf_add_c(&b, ' ');
  }
  return str_trim(buf_str(&b));
}

struct str mend_lines(struct arena *a, struct str s)
{
  struct str rest = utf8_normalize_newlines(a, s), line;
  struct buf b;
  buf_init(&b, a, rest.n * 3 + 3);
  while (str_split(&rest, '\n', &line)) {
    line = mend_line(a, line);
    if (!line.n)
      continue;
    if (b.n)
      buf_add_c(&b, '\n');
    buf_add(&b, line);
  }
  return buf_str(&b);
}

static bool digit_at(struct str s, size_t i)
{
  return i < s.n && s.p[i] >= '0' && s.p[i] <= '9';
}

struct str mend_dashes(struct arena *a, struct str s)
{
  struct buf b;
  buf_init(&b, a, s.n + 1);
  for (size_t at = 0; at < s.n;) {
    size_t from = at;
    int32_t cp = utf8_next(s, &at);
    if (cp < 0)
      at = from + 1;
    if (utf8_is_dash(cp) && from > 0 && digit_at(s, from - 1) && digit_at(s, at))
      buf_add_c(&b, '-');
    else
      buf_add(&b, str_sub(s, from, at - from));
  }
  return buf_str(&b);
}

/* Without 「(…)」 at the end, unless the name is nothing else. */
static struct str without_remark(struct str s)
{
  s = str_trim(s);
  if (!str_ends(s, S("）")) && !str_ends(s, S(")")))
    return s;
  for (size_t i = s.n; i-- > 1;) {
    struct str rest = str_sub(s, i, s.n - i);
    if (str_starts(rest, S("（")) || s.p[i] == '(')
      return str_trim(str_sub(s, 0, i));
  }
  return s;
}

static bool is_punctuation(int32_t cp)
{
  return (cp < 0x80 && cp > ' ' &&
          !((cp >= '0' && cp <= '9') || (cp >= 'a' && cp <= 'z') || (cp >= 'A' && cp <= 'Z'))) ||
         (cp >= 0x3001 && cp <= 0x3003) || (cp >= 0x3008 && cp <= 0x3011) || cp == 0x30FB ||
         (cp >= 0x2010 && cp <= 0x2015);
}

struct str mend_key(struct arena *a, struct str name)
{
  struct str s = utf8_fold(a, without_remark(mend_line(a, name)));
  struct buf b;
  buf_init(&b, a, s.n + 1);
  for (size_t at = 0; at < s.n;) {
    int32_t cp = utf8_next(s, &at);
    if (cp < 0)
      break;
    if (!is_punctuation(cp))
      utf8_put(&b, cp);
  }
  return b.n ? buf_str(&b) : s;
}

enum { SERIAL_FIRST = 10000, SERIAL_LAST = 80000 }; /* 1927 to 2119: five digits are no other date */

bool mend_date(struct arena *a, struct str s, struct date *ret, bool *ret_serial)
{
  struct buf b;
  struct err e = {0};
  int64_t days = 0;
  s = mend_line(a, s);
  buf_init(&b, a, s.n + 1);
  for (size_t i = 0; i < s.n; i++)
    if (s.p[i] != ' ')
      buf_add_c(&b, s.p[i]);
  s = buf_str(&b);
  *ret_serial = s.n == 5 && str_to_i64(s, &days) && days >= SERIAL_FIRST && days <= SERIAL_LAST;
  if (*ret_serial) {
    *ret = date_add_days((struct date){1899, 12, 30}, (int)days);
    return true;
  }
  return s.n && date_parse_text(s, ret, &e) == OK && ret->year;
}
