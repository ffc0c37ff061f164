#include "crypto/seal.h"

#include <liboath/oath.h>
#include <sodium.h>

#include "crypto/seal_raw.h"

_Static_assert(SEAL_KEY == crypto_aead_xchacha20poly1305_ietf_KEYBYTES, "key");
_Static_assert(SEAL_NONCE == crypto_aead_xchacha20poly1305_ietf_NPUBBYTES, "nonce");
_Static_assert(SEAL_TAG == crypto_aead_xchacha20poly1305_ietf_ABYTES, "tag");

enum { SEAL_VERSION = 1, NAME_MAX_BYTES = 64, IDENTITY = 2 * NAME_MAX_BYTES + 16 };

enum code crypto_init(struct err *e)
{
  if (sodium_init() >= 0 && oath_init() == OATH_OK)
    return OK;
  enum code c = err_set(e, IO, TR("暗号の部品を使えません。管理者に知らせてください。"));
  err_detail(e, "sodium_init or oath_init failed");
  return c;
}

void seal_key_new(struct seal_key *ret)
{
  randombytes_buf(ret->k, sizeof(ret->k));
}

static size_t put_name(unsigned char *to, const char *name)
{
  size_t n = strlen(name) + 1; /* the NUL keeps table "ab" column "c" apart from "a" and "bc" */
  if (n > NAME_MAX_BYTES) {
    (void)BUG(NULL, "seal: name of a table or column is too long");
    n = NAME_MAX_BYTES;
  }
  memcpy(to, name, n);
  return n;
}

static size_t put_i64(unsigned char *to, int64_t v)
{
  for (int i = 0; i < 8; i++)
    to[i] = (unsigned char)((uint64_t)v >> (8 * i));
  return 8;
}

/* The associated data: table NUL column NUL network row, numbers little endian. */
static size_t identity(unsigned char to[IDENTITY], struct seal_at at)
{
  size_t n = put_name(to, at.table);
  n += put_name(to + n, at.column);
  n += put_i64(to + n, at.network);
  return n + put_i64(to + n, at.row);
}

void seal_raw(const struct seal_key *key, struct seal_at at, const void *plain, size_t n, unsigned char *ret)
{
  unsigned char ad[IDENTITY];
  size_t ad_n = identity(ad, at);
  ret[0] = SEAL_VERSION;
  randombytes_buf(ret + 1, SEAL_NONCE);
  crypto_aead_xchacha20poly1305_ietf_encrypt(ret + 1 + SEAL_NONCE, NULL, plain, n, ad, ad_n, NULL, ret + 1, key->k);
}

bool unseal_raw(const struct seal_key *key, struct seal_at at, struct str sealed, void *ret)
{
  unsigned char ad[IDENTITY];
  size_t ad_n = identity(ad, at);
  const unsigned char *p = (const unsigned char *)sealed.p;
  if (sealed.n < SEAL_OVERHEAD || p[0] != SEAL_VERSION)
    return false;
  return crypto_aead_xchacha20poly1305_ietf_decrypt(ret, NULL, NULL, p + 1 + SEAL_NONCE, sealed.n - 1 - SEAL_NONCE, ad,
                                                    ad_n, p + 1, key->k) == 0;
}

enum code seal_not_opened(struct seal_at at, struct err *e)
{
  enum code c = err_set(e, IO, TR("保護された情報を開けません。鍵ファイルが違うか、データが壊れています。"));
  err_detail(e, "unseal %s.%s", at.table, at.column);
  return c;
}

enum code seal(struct arena *a, const struct seal_key *key, struct seal_at at, struct str plain, struct str *ret,
               struct err *e)
{
  unsigned char *p = plain.n > SIZE_MAX - SEAL_OVERHEAD ? NULL : arena_alloc(a, plain.n + SEAL_OVERHEAD);
  if (!p)
    return err_oom(e);
  seal_raw(key, at, plain.p, plain.n, p);
  *ret = (struct str){(char *)p, plain.n + SEAL_OVERHEAD};
  return OK;
}

enum code unseal(struct arena *a, const struct seal_key *key, struct seal_at at, struct str sealed, struct str *ret,
                 struct err *e)
{
  if (sealed.n < SEAL_OVERHEAD)
    return seal_not_opened(at, e);
  size_t n = sealed.n - SEAL_OVERHEAD;
  char *p = arena_alloc(a, n);
  if (!p)
    return err_oom(e);
  if (!unseal_raw(key, at, sealed, p))
    return seal_not_opened(at, e);
  *ret = (struct str){p, n};
  return OK;
}
