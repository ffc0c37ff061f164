/* secret.c: tokens, hashes, signatures, codes on paper. Passwords and TOTP have files of their own. */
#include "crypto/secret.h"

#include <sodium.h>

#include "base/utf8.h"

_Static_assert(SIGNATURE == crypto_sign_BYTES && PUBLIC_KEY == crypto_sign_PUBLICKEYBYTES, "Ed25519");

void random_bytes(void *p, size_t n)
{
  randombytes_buf(p, n);
}

/* --- codes on paper --- */

static const char paper_letters[] = "0123456789abcdefghjkmnpqrstvwxyz"; /* no i, l, o, u */

struct str paper_code_new(struct arena *a)
{
  unsigned char r[8];
  char text[9];
  randombytes_buf(r, sizeof(r));
  for (size_t i = 0; i < 8; i++)
    text[i + (i >= 4)] = paper_letters[r[i] & 31];
  text[4] = '-';
  return str_copy(a, (struct str){text, sizeof(text)});
}

struct str paper_code_fold(struct arena *a, struct str typed)
{
  struct buf b;
  buf_init(&b, a, typed.n);
  for (size_t at = 0; at < typed.n;) {
    int32_t cp = utf8_next(typed, &at);
    if (cp < 0)
      return STR_NONE;
    if (cp >= 0xFF01 && cp <= 0xFF5E)
      cp -= 0xFF01 - '!'; /* full width */
    if (cp >= 'A' && cp <= 'Z')
      cp += 'a' - 'A';
    if (cp == 'o')
      cp = '0';
    if (cp == 'i' || cp == 'l')
      cp = '1';
    if (cp != ' ' && cp != '\t' && cp != 0x3000 && !utf8_is_dash(cp))
      utf8_put(&b, cp);
  }
  return buf_str(&b);
}

/* --- tokens --- */

struct str token_new(struct arena *a)
{
  unsigned char r[32];
  char text[TOKEN_TEXT + 1];
  randombytes_buf(r, sizeof(r));
  sodium_bin2base64(text, sizeof(text), r, sizeof(r), sodium_base64_VARIANT_URLSAFE_NO_PADDING);
  struct str token = str_copy(a, (struct str){text, TOKEN_TEXT});
  sodium_memzero(r, sizeof(r));
  sodium_memzero(text, sizeof(text));
  return token;
}

void token_hash(const unsigned char pepper[32], struct str token, unsigned char ret[HASH])
{
  hash_keyed(pepper, token, ret);
}

/* --- hashes --- */

void hash_bytes(struct str s, unsigned char ret[HASH])
{
  crypto_generichash(ret, HASH, (const unsigned char *)s.p, s.n, NULL, 0);
}

/* libsodium wants its state at a multiple of 64 bytes: each step works on a copy that stands so. */
_Static_assert(sizeof(crypto_generichash_state) <= sizeof(struct hasher), "state of BLAKE2b");

void hasher_begin(struct hasher *h)
{
  crypto_generichash_state state;
  crypto_generichash_init(&state, NULL, 0, HASH);
  memcpy(h->state, &state, sizeof state);
}

void hasher_add(struct hasher *h, struct str s)
{
  crypto_generichash_state state;
  memcpy(&state, h->state, sizeof state);
  crypto_generichash_update(&state, (const unsigned char *)s.p, s.n);
  memcpy(h->state, &state, sizeof state);
}

void hasher_end(struct hasher *h, unsigned char ret[HASH])
{
  crypto_generichash_state state;
  memcpy(&state, h->state, sizeof state);
  crypto_generichash_final(&state, ret, HASH);
}

void hash_keyed(const unsigned char key[32], struct str s, unsigned char ret[HASH])
{
  crypto_generichash(ret, HASH, (const unsigned char *)s.p, s.n, key, 32);
}

bool secret_equal(struct str a, struct str b)
{
  return a.n == b.n && (a.n == 0 || sodium_memcmp(a.p, b.p, a.n) == 0);
}

struct str hex_text(struct arena *a, struct str bytes)
{
  size_t n = bytes.n * 2;
  char *p = bytes.n > SIZE_MAX / 4 ? NULL : arena_alloc(a, n + 1);
  if (!p)
    return STR_NONE;
  sodium_bin2hex(p, n + 1, (const unsigned char *)bytes.p, bytes.n);
  return (struct str){p, n};
}

bool hex_parse(struct arena *a, struct str text, struct str *ret)
{
  size_t n = text.n / 2;
  unsigned char *p = text.n % 2 ? NULL : arena_alloc(a, n);
  if (!p)
    return false;
  if (text.n && sodium_hex2bin(p, n, text.p, text.n, NULL, NULL, NULL) != 0) /* all of it, or it fails */
    return false;
  *ret = (struct str){(char *)p, n};
  return true;
}

/* --- signatures --- */

void sign_public_key(const unsigned char seed[32], unsigned char ret[PUBLIC_KEY])
{
  unsigned char secret[crypto_sign_SECRETKEYBYTES];
  crypto_sign_seed_keypair(ret, secret, seed);
  sodium_memzero(secret, sizeof(secret));
}

void sign_bytes(const unsigned char seed[32], struct str s, unsigned char ret[SIGNATURE])
{
  unsigned char secret[crypto_sign_SECRETKEYBYTES], public_key[PUBLIC_KEY];
  crypto_sign_seed_keypair(public_key, secret, seed);
  crypto_sign_detached(ret, NULL, (const unsigned char *)s.p, s.n, secret);
  sodium_memzero(secret, sizeof(secret));
}

bool sign_verify(const unsigned char public_key[PUBLIC_KEY], struct str s, const unsigned char sig[SIGNATURE])
{
  return crypto_sign_verify_detached(sig, (const unsigned char *)s.p, s.n, public_key) == 0;
}
