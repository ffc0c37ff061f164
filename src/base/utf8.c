/* utf8.c: validation of what comes in. Folding and CP932 are in utf8_fold.c and utf8_cp932.c. */
#include "base/utf8.h"

/* Table 3-7 of the Unicode standard: for each lead byte the number of bytes that follow and the range of the second,
 * which rules out overlong forms, surrogates and what lies above U+10FFFF. */
static int sequence(unsigned char lead, unsigned char *lo, unsigned char *hi)
{
  *lo = 0x80;
  *hi = 0xBF;
  if (lead < 0xC2)
    return -1;
  if (lead < 0xE0)
    return 1;
  if (lead < 0xF0) {
    if (lead == 0xE0)
      *lo = 0xA0;
    if (lead == 0xED)
      *hi = 0x9F;
    return 2;
  }
  if (lead == 0xF0)
    *lo = 0x90;
  if (lead == 0xF4)
    *hi = 0x8F;
  return lead <= 0xF4 ? 3 : -1;
}

int32_t utf8_next(struct str s, size_t *at)
{
  if (*at >= s.n)
    return -1;
  const unsigned char *p = (const unsigned char *)s.p + *at;
  if (p[0] < 0x80) {
    *at += 1;
    return p[0];
  }
  unsigned char lo, hi;
  int more = sequence(p[0], &lo, &hi);
  if (more < 0 || s.n - *at <= (size_t)more || p[1] < lo || p[1] > hi)
    return -1;
  int32_t cp = (p[0] & (0x3F >> more)) << 6 | (p[1] & 0x3F);
  for (int i = 2; i <= more; i++) {
    if ((p[i] & 0xC0) != 0x80)
      return -1;
    cp = cp << 6 | (p[i] & 0x3F);
  }
  *at += (size_t)more + 1;
  return cp;
}

bool utf8_is_dash(int32_t cp)
{
  return cp == '-' || (cp >= 0x2010 && cp <= 0x2015) || cp == 0x2212 || cp == 0xFF0D || cp == 0x30FC || cp == 0xFF70;
}

bool utf8_valid(struct str s)
{
  for (size_t at = 0; at < s.n;) {
    if (utf8_next(s, &at) < 0)
      return false;
  }
  return true;
}

size_t utf8_length(struct str s)
{
  size_t n = 0;
  for (size_t i = 0; i < s.n; i++)
    n += ((unsigned char)s.p[i] & 0xC0) != 0x80;
  return n;
}

struct str utf8_clip(struct arena *a, struct str s, size_t most)
{
  size_t at = 0;
  if (utf8_length(s) <= most)
    return s;
  for (size_t i = 1; i < most; i++)
    (void)utf8_next(s, &at);
  return str_printf(a, "%.*s" CLIPPED, (int)at, s.p);
}

void utf8_put(struct buf *b, int32_t cp)
{
  char p[4];
  size_t n = cp < 0x80 ? 1 : cp < 0x800 ? 2 : cp < 0x10000 ? 3 : 4;
  if (cp < 0 || cp > 0x10FFFF || (cp >= 0xD800 && cp <= 0xDFFF)) {
    utf8_put(b, 0xFFFD);
    return;
  }
  for (size_t i = n - 1; i > 0; i--, cp >>= 6)
    p[i] = (char)(0x80 | (cp & 0x3F));
  p[0] = (char)(n == 1 ? cp : (0xF00 >> n & 0xFF) | cp);
  buf_add(b, (struct str){p, n});
}

static bool is_control(int32_t cp)
{
  return cp < 0x20 || (cp >= 0x7F && cp <= 0x9F);
}

static bool is_bidi(int32_t cp)
{
  return (cp >= 0x202A && cp <= 0x202E) || (cp >= 0x2066 && cp <= 0x2069) || cp == 0x200E || cp == 0x200F ||
         cp == 0x061C;
}

static bool is_noncharacter(int32_t cp)
{
  return (cp >= 0xFDD0 && cp <= 0xFDEF) || (cp & 0xFFFE) == 0xFFFE;
}

enum code utf8_check_text(struct str s, bool multiline, struct err *e)
{
  for (size_t at = 0; at < s.n;) {
    int32_t cp = utf8_next(s, &at);
    if (cp < 0)
      return err_set(e, INVALID, TR("文字の形式が正しくありません(UTF-8ではありません)。"));
    if (cp == '\n' && !multiline)
      return err_set(e, INVALID, TR("ここでは改行を使えません。一行で書いてください。"));
    if (is_control(cp) && cp != '\t' && cp != '\n')
      return err_set(e, INVALID, TR("見えない制御文字が含まれています。文字を入力し直してください。"));
    if (is_bidi(cp))
      return err_set(e, INVALID, TR("文字の並ぶ向きを変える制御文字は使えません。文字を入力し直してください。"));
    if (cp == 0xFEFF || is_noncharacter(cp))
      return err_set(e, INVALID, TR("使えない文字が含まれています。文字を入力し直してください。"));
  }
  return OK;
}

/* Zs, Cf, and letters that are drawn as nothing; the controls of a line as well. */
static bool is_invisible(int32_t cp)
{
  static const struct {
    int32_t from, to;
  } ranges[] = {{0x09, 0x0A},     {0x0D, 0x0D},     {0x20, 0x20},     {0xA0, 0xA0},      {0xAD, 0xAD},
                {0x034F, 0x034F}, {0x0600, 0x0605}, {0x06DD, 0x06DD}, {0x070F, 0x070F},  {0x115F, 0x1160},
                {0x1680, 0x1680}, {0x17B4, 0x17B5}, {0x180B, 0x180E}, {0x2000, 0x200D},  {0x2028, 0x2029},
                {0x202F, 0x202F}, {0x205F, 0x2065}, {0x206A, 0x206F}, {0x2800, 0x2800},  {0x3000, 0x3000},
                {0x3164, 0x3164}, {0xFFA0, 0xFFA0}, {0xFFF9, 0xFFFB}, {0xE0001, 0xE007F}};
  for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++)
    if (cp >= ranges[i].from && cp <= ranges[i].to)
      return true;
  return false;
}

struct str utf8_trim(struct str s)
{
  size_t first = 0, end = s.n;
  for (size_t at = 0; first < s.n && is_invisible(utf8_next(s, &at));)
    first = at;
  while (end > first) {
    size_t at = end - 1;
    while (at > first && ((unsigned char)s.p[at] & 0xC0) == 0x80)
      at--;
    size_t next = at;
    if (!is_invisible(utf8_next(s, &next)) || next != end)
      break;
    end = at;
  }
  return first < end ? str_sub(s, first, end - first) : STR_NONE;
}

struct str utf8_normalize_newlines(struct arena *a, struct str s)
{
  char *p = arena_alloc(a, s.n);
  size_t n = 0;
  if (!p)
    return STR_NONE;
  for (size_t i = 0; i < s.n; i++) {
    if (s.p[i] == '\r' && i + 1 < s.n && s.p[i + 1] == '\n')
      continue;
    p[n++] = s.p[i] == '\r' ? '\n' : s.p[i];
  }
  /* only the end: an indent at the beginning belongs to the text */
  struct str head = {p, n};
  struct str trimmed = str_trim(head);
  return (struct str){p, trimmed.n ? (size_t)(trimmed.p - p) + trimmed.n : 0};
}

bool utf8_is_kana(struct str s)
{
  bool any = false;
  for (size_t at = 0; at < s.n;) {
    int32_t cp = utf8_next(s, &at);
    bool kana = (cp >= 0x3041 && cp <= 0x309F) || (cp >= 0x30A0 && cp <= 0x30FF) || (cp >= 0xFF66 && cp <= 0xFF9F);
    if (cp < 0 || (!kana && cp != ' ' && cp != 0x3000))
      return false;
    any = any || kana;
  }
  return any;
}
