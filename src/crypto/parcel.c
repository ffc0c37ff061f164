#include "crypto/parcel.h"

#include <sodium.h>
#include <string.h>

#include "crypto/secret.h"

enum {
  MAGIC = 16,
  AT_TO = MAGIC,
  AT_LENGTH = AT_TO + PARCEL_HALF,
  HEAD = AT_LENGTH + 8,
  INNER = PARCEL_HALF + SIGNATURE, /* before the bytes, in the box */
  GROUPS = 8
};
static const char magic[MAGIC + 1] = "tsunagu parcel 1";
_Static_assert(crypto_box_PUBLICKEYBYTES == PARCEL_HALF && (int)PUBLIC_KEY == (int)PARCEL_HALF, "halves");

struct pair {
  unsigned char public_half[PARCEL_HALF], secret_half[crypto_box_SECRETKEYBYTES];
};

/* Another key than the one that signs: reckoned from the same seed. */
static struct pair pair_of(const unsigned char seed[32])
{
  struct pair p;
  unsigned char own[HASH];
  hash_keyed(seed, S("tsunagu transfer key"), own);
  (void)crypto_box_seed_keypair(p.public_half, p.secret_half, own);
  sodium_memzero(own, sizeof own);
  return p;
}

void parcel_card(const unsigned char seed[32], unsigned char ret[PARCEL_CARD])
{
  struct pair p = pair_of(seed);
  memcpy(ret, p.public_half, PARCEL_HALF);
  sign_public_key(seed, ret + PARCEL_HALF);
  sodium_memzero(&p, sizeof p);
}

struct str parcel_fingerprint(struct arena *a, const unsigned char card[PARCEL_CARD])
{
  unsigned char hash[64];
  struct buf b;
  buf_init(&b, a, 256);
  (void)crypto_generichash(hash, sizeof hash, card, PARCEL_CARD, (const unsigned char *)"tsunagu card key", 16);
  for (int g = 0; g < GROUPS; g++) {
    uint64_t n = 0;
    for (int i = 0; i < 8; i++)
      n = n << 8 | hash[g * 8 + i];
    buf_printf(&b, "%s%05u", g ? " " : "", (unsigned)(n % 100000));
  }
  return buf_str(&b);
}

/* What is signed: for whom, by whom, and the bytes' hash. */
static void signed_text(const unsigned char *to, const unsigned char *from, struct str bytes,
                        unsigned char ret[MAGIC + 3 * PARCEL_HALF])
{
  memcpy(ret, magic, MAGIC);
  memcpy(ret + MAGIC, to, PARCEL_HALF);
  memcpy(ret + MAGIC + PARCEL_HALF, from, PARCEL_HALF);
  hash_bytes(bytes, ret + MAGIC + 2 * PARCEL_HALF);
}

static void put_length(unsigned char *p, uint64_t n)
{
  for (int i = 7; i >= 0; i--, n >>= 8)
    p[i] = (unsigned char)n;
}

static uint64_t get_length(const unsigned char *p)
{
  uint64_t n = 0;
  for (int i = 0; i < 8; i++)
    n = n << 8 | p[i];
  return n;
}

enum code parcel_seal(struct arena *a, const unsigned char seed[32], const unsigned char to[PARCEL_CARD],
                      struct str bytes, struct str *ret, struct err *e)
{
  unsigned char text[MAGIC + 3 * PARCEL_HALF];
  size_t inner = INNER + bytes.n, box = inner + crypto_box_SEALBYTES;
  if (bytes.n > PARCEL_MOST)
    return err_set(e, LIMIT, code_msg(LIMIT));
  unsigned char *plain = arena_alloc(a, inner), *out = arena_alloc(a, HEAD + box);
  if (!plain || !out)
    return err_oom(e);
  sign_public_key(seed, plain);
  signed_text(to, plain, bytes, text);
  sign_bytes(seed, (struct str){(const char *)text, sizeof text}, plain + PARCEL_HALF);
  memcpy(plain + INNER, bytes.p ? bytes.p : "", bytes.n);
  memcpy(out, magic, MAGIC);
  memcpy(out + AT_TO, to, PARCEL_HALF);
  put_length(out + AT_LENGTH, box);
  int rc = crypto_box_seal(out + HEAD, plain, inner, to);
  sodium_memzero(plain, inner);
  if (rc != 0)
    return err_set(e, INVALID, TR("相手の合わせ札が正しくありません。もう一度、送ってもらってください。"));
  *ret = (struct str){(const char *)out, HEAD + box};
  return OK;
}

static enum code changed(struct err *e)
{
  return err_set(e, INVALID,
                 TR("移管のファイルが壊れているか、書きかえられています。送り元に、もう一度作ってもらってください。"));
}

static enum code check_head(struct str parcel, const unsigned char *own, struct err *e)
{
  const unsigned char *p = (const unsigned char *)parcel.p;
  if (parcel.n < MAGIC || memcmp(p, magic, MAGIC) != 0)
    return err_set(e, INVALID, TR("移管のファイルではありません。送り元から受け取ったファイルを選んでください。"));
  if (parcel.n < HEAD)
    return err_set(e, INVALID, TR("移管のファイルが途中で切れています。もう一度、送ってもらってください。"));
  if (memcmp(p + AT_TO, own, PARCEL_HALF) != 0)
    return err_set(
        e, INVALID,
        TR("ほかのネットワークあてのファイルです。送り元に、こちらの合わせ札で作りなおしてもらってください。"));
  uint64_t said = get_length(p + AT_LENGTH);
  if (said > parcel.n - HEAD)
    return err_set(e, INVALID, TR("移管のファイルが途中で切れています。もう一度、送ってもらってください。"));
  return said < parcel.n - HEAD || said < INNER + crypto_box_SEALBYTES ? changed(e) : OK;
}

enum code parcel_open(struct arena *a, const unsigned char seed[32], struct str parcel,
                      unsigned char ret_from[PARCEL_HALF], struct str *ret, struct err *e)
{
  unsigned char text[MAGIC + 3 * PARCEL_HALF];
  struct pair own = pair_of(seed);
  enum code c = check_head(parcel, own.public_half, e);
  size_t inner = c == OK ? parcel.n - HEAD - crypto_box_SEALBYTES : 0;
  unsigned char *plain = c == OK ? arena_alloc(a, inner) : NULL;
  if (c == OK && !plain)
    c = err_oom(e);
  if (c == OK && crypto_box_seal_open(plain, (const unsigned char *)parcel.p + HEAD, parcel.n - HEAD, own.public_half,
                                      own.secret_half) != 0)
    c = changed(e);
  if (c == OK) {
    struct str bytes = {(const char *)plain + INNER, inner - INNER};
    signed_text(own.public_half, plain, bytes, text);
    if (!sign_verify(plain, (struct str){(const char *)text, sizeof text}, plain + PARCEL_HALF))
      c = changed(e);
    if (c == OK) {
      memcpy(ret_from, plain, PARCEL_HALF);
      *ret = bytes;
    }
  }
  sodium_memzero(&own, sizeof own);
  return c;
}

struct str parcel_text(struct arena *a, struct str parcel)
{
  size_t room = sodium_base64_encoded_len(parcel.n, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
  char *text = arena_alloc(a, room);
  if (!text)
    return STR_NONE;
  sodium_bin2base64(text, room, (const unsigned char *)parcel.p, parcel.n, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
  return (struct str){text, room - 1};
}

bool parcel_parse(struct arena *a, struct str text, struct str *ret)
{
  size_t n = 0;
  unsigned char *bytes = arena_alloc(a, text.n + 1);
  if (!bytes || !text.n ||
      sodium_base642bin(bytes, text.n, text.p, text.n, NULL, &n, NULL, sodium_base64_VARIANT_URLSAFE_NO_PADDING))
    return false;
  *ret = (struct str){(const char *)bytes, n};
  return true;
}
