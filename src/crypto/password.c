#include <sodium.h>
#include <uninorm.h>

#include "base/utf8.h"
#include "crypto/password_common.h"
#include "crypto/secret.h"

enum { PASSWORD_MIN = 12, PASSWORD_MAX = 128 };

static struct {
  unsigned long long passes;
  size_t bytes;
} cost = {2, (size_t)19 << 20};

void password_cost_set_for_tests(void)
{
  cost.passes = crypto_pwhash_OPSLIMIT_MIN;
  cost.bytes = crypto_pwhash_MEMLIMIT_MIN;
}

enum code password_check_rules(struct str password, struct str login, struct err *e)
{
  enum code c = utf8_check_text(password, false, e);
  if (c != OK)
    return c;
  size_t n = utf8_length(password);
  if (n < PASSWORD_MIN)
    return err_set(e, INVALID, TR("パスワードは12文字以上にしてください。"));
  if (n > PASSWORD_MAX)
    return err_set(e, INVALID, TR("パスワードは128文字までにしてください。"));
  return password_is_common(password, login, e);
}

/* The same password typed on another device may come in other code points: NFKC before hashing (NIST SP 800-63B). What is
 * not UTF-8 stays as it is; false without memory: what was hashed as it came would not open again. *ret is freed with
 * release(). */
static bool prepare(struct str password, struct str *ret)
{
  size_t n = password.n;
  char *p;
  if (utf8_valid(password)) {
    p = (char *)u8_normalize(UNINORM_NFKC, (const uint8_t *)password.p, password.n, NULL, &n);
  } else {
    p = malloc(n); /* no empty text is invalid */
    if (p)
      memcpy(p, password.p, n);
  }
  *ret = (struct str){p, n};
  return p != NULL;
}

static void release(struct str s)
{
  sodium_memzero((char *)s.p, s.n);
  free((char *)s.p);
}

static bool hash_prepared(char ret[crypto_pwhash_STRBYTES], struct str s)
{
  return crypto_pwhash_str_alg(ret, s.p, s.n, cost.passes, cost.bytes, crypto_pwhash_ALG_ARGON2ID13) == 0;
}

enum code password_hash(struct arena *a, struct str password, struct str *ret, struct err *e)
{
  char text[crypto_pwhash_STRBYTES];
  struct str s;
  if (!prepare(password, &s))
    return err_oom(e);
  bool done = hash_prepared(text, s);
  release(s);
  struct str stored = done ? str_copy(a, str_from(text)) : STR_NONE;
  if (!stored.n)
    return err_oom(e);
  *ret = stored;
  return OK;
}

enum code password_verify(struct str stored, struct str password)
{
  char text[crypto_pwhash_STRBYTES] = {0};
  struct str s;
  if (!prepare(password, &s))
    return DENIED;
  bool same = false;
  if (stored.n > 0 && stored.n < sizeof(text)) {
    memcpy(text, stored.p, stored.n);
    same = crypto_pwhash_str_verify(text, s.p, s.n) == 0;
  } else {
    /* an account that is not there must not answer faster than one that is */
    (void)!hash_prepared(text, s);
  }
  release(s);
  return same ? OK : DENIED;
}
