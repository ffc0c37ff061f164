#include "base/str.h"

#include <stdarg.h>
#include <stdio.h>

struct str str_from(const char *cstr)
{
  return cstr ? (struct str){cstr, strlen(cstr)} : STR_NONE;
}

bool str_eq(struct str a, struct str b)
{
  return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

bool str_is(struct str a, const char *cstr)
{
  return str_eq(a, str_from(cstr));
}

bool str_starts(struct str s, struct str prefix)
{
  return s.n >= prefix.n && str_eq((struct str){s.p, prefix.n}, prefix);
}

bool str_ends(struct str s, struct str suffix)
{
  if (suffix.n == 0)
    return true;
  return s.n >= suffix.n && str_eq((struct str){s.p + (s.n - suffix.n), suffix.n}, suffix);
}

bool str_contains(struct str s, struct str part)
{
  return part.n == 0 || (s.n >= part.n && memmem(s.p, s.n, part.p, part.n) != NULL);
}

static bool is_blank(char c)
{
  return c == ' ' || (c >= '\t' && c <= '\r');
}

static const struct str wide_blank = {"\xe3\x80\x80", 3}; /* U+3000 */

struct str str_trim(struct str s)
{
  for (;;) {
    if (s.n && is_blank(s.p[0]))
      s = str_sub(s, 1, s.n - 1);
    else if (str_starts(s, wide_blank))
      s = str_sub(s, 3, s.n - 3);
    else
      break;
  }
  for (;;) {
    if (s.n && is_blank(s.p[s.n - 1]))
      s.n -= 1;
    else if (str_ends(s, wide_blank))
      s.n -= 3;
    else
      return s;
  }
}

struct str str_sub(struct str s, size_t from, size_t n)
{
  if (from >= s.n)
    return STR_NONE;
  if (n > s.n - from)
    n = s.n - from;
  return (struct str){s.p + from, n};
}

bool str_split(struct str *rest, char sep, struct str *ret_part)
{
  if (rest->n == 0)
    return false;
  const char *at = memchr(rest->p, sep, rest->n);
  size_t n = at ? (size_t)(at - rest->p) : rest->n;
  *ret_part = (struct str){rest->p, n};
  *rest = at ? str_sub(*rest, n + 1, rest->n) : STR_NONE;
  return true;
}

int str_compare(struct str a, struct str b)
{
  size_t n = a.n < b.n ? a.n : b.n;
  int c = n ? memcmp(a.p, b.p, n) : 0;
  return c ? c : (a.n > b.n) - (a.n < b.n);
}

bool str_to_i64(struct str s, int64_t *ret)
{
  bool minus = s.n && s.p[0] == '-';
  int64_t v = 0;
  if (s.n == (minus ? 1u : 0u))
    return false;
  for (size_t i = minus; i < s.n; i++) {
    if (s.p[i] < '0' || s.p[i] > '9')
      return false;
    int digit = s.p[i] - '0';
    /* counted downwards, so that INT64_MIN fits */
    if (__builtin_mul_overflow(v, 10, &v) || __builtin_sub_overflow(v, digit, &v))
      return false;
  }
  if (!minus && v == INT64_MIN)
    return false;
  *ret = minus ? v : -v;
  return true;
}

const char *str_cstr(struct arena *a, struct str s)
{
  return arena_copy(a, s.p, s.n);
}

struct str str_copy(struct arena *a, struct str s)
{
  char *p = arena_copy(a, s.p, s.n);
  return p ? (struct str){p, s.n} : STR_NONE;
}

/* --- texts from parts --- */

enum { PLAIN_MOST = 512 };

/* Decimal digits of v in front of `end`; returns where they begin. */
static char *digits_before(char *end, int64_t v)
{
  uint64_t rest = v < 0 ? 0 - (uint64_t)v : (uint64_t)v;
  do {
    *--end = (char)('0' + rest % 10);
    rest /= 10;
  } while (rest);
  if (v < 0)
    *--end = '-';
  return end;
}

/* The next part of *fmt into *ret: plain letters, %%, or one of %s %.*s %d %lld %zu %02d. digits[24] is room for a number. */
static bool next_part(const char **fmt, va_list *args, char digits[24], struct str *ret)
{
  const char *p = *fmt;
  char *end = digits + 24;
  size_t n = strcspn(p, "%");
  if (n || p[1] == '%') {
    *ret = (struct str){p, n ? n : 1};
    *fmt = p + (n ? n : 2);
    return true;
  }
  if (strncmp(p, "%s", 2) == 0) {
    *ret = str_from(va_arg(*args, const char *));
    *fmt = p + 2;
    return ret->p != NULL;
  }
  if (strncmp(p, "%.*s", 4) == 0) {
    int most = va_arg(*args, int);
    const char *text = va_arg(*args, const char *);
    *ret = (struct str){text, most > 0 && text ? strnlen(text, (size_t)most) : 0};
    *fmt = p + 4;
    return most >= 0;
  }
  char *begin = end;
  if (strncmp(p, "%d", 2) == 0 || strncmp(p, "%02d", 4) == 0) {
    begin = digits_before(end, va_arg(*args, int));
    if (p[1] == '0' && end - begin < 2)
      *--begin = '0';
    *fmt = p + (p[1] == '0' ? 4 : 2);
  } else if (strncmp(p, "%lld", 4) == 0) {
    begin = digits_before(end, va_arg(*args, long long));
    *fmt = p + 4;
  } else if (strncmp(p, "%zu", 3) == 0) {
    size_t v = va_arg(*args, size_t);
    begin = v <= INT64_MAX ? digits_before(end, (int64_t)v) : end;
    *fmt = p + 3;
  }
  *ret = (struct str){begin, (size_t)(end - begin)};
  return begin < end;
}

/* What nearly every text is made of, without printf's machinery (a tenth of its cost). False: something else, or longer: *to is then of no
 * use. */
static bool print_plain(char to[PLAIN_MOST], size_t *ret_n, const char *fmt, va_list *args)
{
  char digits[24];
  struct str part;
  size_t n = 0;
  while (*fmt) {
    if (!next_part(&fmt, args, digits, &part) || part.n > PLAIN_MOST - n)
      return false;
    if (part.n)
      memcpy(to + n, part.p, part.n);
    n += part.n;
  }
  *ret_n = n;
  return true;
}

__attribute__((format(printf, 2, 0))) static struct str arena_vprintf(struct arena *a, const char *fmt, va_list args)
{
  char small[PLAIN_MOST];
  size_t plain = 0;
  va_list again;
  va_copy(again, args);
  bool done = print_plain(small, &plain, fmt, &again);
  va_end(again);
  if (done)
    return str_copy(a, (struct str){small, plain});
  va_copy(again, args);
  int n = vsnprintf(NULL, 0, fmt, args);
  char *p = n < 0 ? NULL : arena_alloc(a, (size_t)n + 1);
  if (p)
    vsnprintf(p, (size_t)n + 1, fmt, again);
  va_end(again);
  return p ? (struct str){p, (size_t)n} : STR_NONE;
}

struct str str_printf(struct arena *a, const char *fmt, ...)
{
  va_list args;
  va_start(args, fmt);
  struct str s = arena_vprintf(a, fmt, args);
  va_end(args);
  return s;
}

/* --- builder --- */

enum { BUF_FIRST = 256 };

void buf_init(struct buf *b, struct arena *a, size_t cap)
{
  *b = (struct buf){.arena = a, .cap = cap};
}

/* Room for n more bytes at b->p + b->n. */
static bool buf_room(struct buf *b, size_t n)
{
  if (b->failed)
    return false;
  if (n <= b->size - b->n)
    return true;
  size_t size = b->size ? b->size : BUF_FIRST;
  if (n <= b->cap - b->n) {
    while (size - b->n < n)
      size *= 2;
    if (size > b->cap)
      size = b->cap;
    char *p = arena_stretch(b->arena, b->p, b->size, size);
    if (p) {
      b->p = p;
      b->size = size;
      return true;
    }
  }
  b->failed = true;
  return false;
}

void buf_add(struct buf *b, struct str s)
{
  if (s.n == 0 || !buf_room(b, s.n))
    return;
  memcpy(b->p + b->n, s.p, s.n);
  b->n += s.n;
}

void buf_add_c(struct buf *b, char c)
{
  if (!buf_room(b, 1))
    return;
  b->p[b->n++] = c;
}

void buf_add_cstr(struct buf *b, const char *s)
{
  buf_add(b, str_from(s));
}

void buf_add_i64(struct buf *b, int64_t v)
{
  char digits[24], *end = digits + sizeof(digits), *begin = digits_before(end, v);
  buf_add(b, (struct str){begin, (size_t)(end - begin)});
}

void buf_printf(struct buf *b, const char *fmt, ...)
{
  char small[PLAIN_MOST];
  size_t n = 0;
  va_list args, again;
  va_start(args, fmt);
  va_copy(again, args);
  if (print_plain(small, &n, fmt, &args))
    buf_add(b, (struct str){small, n});
  else
    buf_add(b, arena_vprintf(b->arena, fmt, again));
  va_end(again);
  va_end(args);
}

struct str buf_str(const struct buf *b)
{
  return b->failed ? STR_NONE : (struct str){b->p, b->n};
}
