#include <ctype.h>
#include <liboath/oath.h>
#include <sodium.h>

#include "base/utf8.h"
#include "crypto/secret.h"

enum { DIGITS = 6, STEP = 30, SLACK = 1, MS_PER_STEP = STEP * 1000 };

void totp_new(unsigned char ret[TOTP_SECRET])
{
  randombytes_buf(ret, TOTP_SECRET);
}

struct str totp_base32(struct arena *a, const unsigned char secret[TOTP_SECRET])
{
  char *text = NULL;
  size_t n = 0;
  if (oath_base32_encode((const char *)secret, TOTP_SECRET, &text, &n) != OATH_OK)
    return STR_NONE;
  struct str s = str_copy(a, (struct str){text, n});
  sodium_memzero(text, n);
  free(text);
  return s;
}

static void add_percent(struct buf *b, struct str s)
{
  for (size_t i = 0; i < s.n; i++) {
    unsigned char c = (unsigned char)s.p[i];
    if (c < 0x80 && (isalnum(c) || strchr("-._~", c)))
      buf_add_c(b, s.p[i]);
    else
      buf_printf(b, "%%%02X", c);
  }
}

struct str totp_uri(struct arena *a, struct str base32, struct str login, struct str issuer)
{
  struct buf b;
  buf_init(&b, a, 4096);
  buf_add_cstr(&b, "otpauth://totp/");
  add_percent(&b, issuer);
  buf_add_c(&b, ':');
  add_percent(&b, login);
  buf_add_cstr(&b, "?secret=");
  buf_add(&b, base32);
  buf_add_cstr(&b, "&issuer=");
  add_percent(&b, issuer);
  buf_printf(&b, "&algorithm=SHA1&digits=%d&period=%d", DIGITS, STEP);
  return buf_str(&b);
}

static bool code_of_step(const unsigned char secret[TOTP_SECRET], int64_t step, char ret[DIGITS + 1])
{
  return oath_hotp_generate((const char *)secret, TOTP_SECRET, (uint64_t)step, DIGITS, false,
                            OATH_HOTP_DYNAMIC_TRUNCATION, ret) == OATH_OK;
}

/* Six digits, half or full width, blanks between them allowed. */
static bool read_code(struct str s, char ret[DIGITS])
{
  size_t n = 0;
  for (size_t at = 0; at < s.n;) {
    int32_t cp = utf8_next(s, &at);
    if (cp == ' ' || cp == 0x3000)
      continue;
    if (cp >= 0xFF10 && cp <= 0xFF19)
      cp -= 0xFF10 - '0';
    if (cp < '0' || cp > '9' || n == DIGITS)
      return false;
    ret[n++] = (char)cp;
  }
  return n == DIGITS;
}

enum code totp_verify(const unsigned char secret[TOTP_SECRET], struct str code, ts_t now, int64_t last_step,
                      int64_t *ret_step)
{
  char typed[DIGITS], right[DIGITS + 1];
  int64_t step_now = now / MS_PER_STEP;
  enum code c = DENIED;
  if (now < 0 || !read_code(code, typed))
    return DENIED;
  /* all steps are tried, whichever matches; the oldest that is still unused wins */
  for (int64_t step = step_now + SLACK; step >= 0 && step >= step_now - SLACK; step--) {
    if (!code_of_step(secret, step, right))
      continue;
    if (sodium_memcmp(typed, right, DIGITS) == 0 && step > last_step) {
      *ret_step = step;
      c = OK;
    }
  }
  sodium_memzero(right, sizeof(right));
  return c;
}

struct str totp_code(struct arena *a, const unsigned char secret[TOTP_SECRET], ts_t now)
{
  char text[DIGITS + 1];
  if (now < 0 || !code_of_step(secret, now / MS_PER_STEP, text))
    return STR_NONE;
  return str_copy(a, (struct str){text, DIGITS});
}
