#include "base/id.h"

#include <pthread.h>
#include <sodium.h>
#include <stdatomic.h>

enum { TAIL_BITS = 20, HALF_BITS = TAIL_BITS / 2, HALF = (1 << HALF_BITS) - 1, ROUNDS = 4, TIME_BITS = 43 };
static const ts_t epoch_ms = 1577836800000; /* 2020-01-01T00:00:00Z */
static const char alphabet[] = "0123456789abcdefghjkmnpqrstvwxyz";

/* The tails are the numbers 0, 1, 2 … under a permutation of 20 bits that this process drew for itself: none comes twice, and
 * they do not count aloud. A forked child draws its own. */
static struct {
  pthread_once_t once;
  unsigned char key[crypto_shorthash_KEYBYTES];
  atomic_uint_fast32_t next;
} tails = {.once = PTHREAD_ONCE_INIT};

static void draw(void)
{
  randombytes_buf(tails.key, sizeof tails.key);
}

static void draw_first(void)
{
  draw();
  (void)pthread_atfork(NULL, NULL, draw);
}

/* Feistel: whatever the rounds mix, both halves can be brought back, so that it is a permutation. */
static int64_t next_tail(void)
{
  (void)pthread_once(&tails.once, draw_first);
  uint32_t n = (uint32_t)atomic_fetch_add(&tails.next, 1);
  uint32_t left = n >> HALF_BITS & HALF, right = n & HALF;
  for (unsigned round = 0; round < ROUNDS; round++) {
    const unsigned char in[] = {(unsigned char)round, (unsigned char)(right >> 8), (unsigned char)right};
    unsigned char mixed[crypto_shorthash_BYTES];
    (void)crypto_shorthash(mixed, in, sizeof in, tails.key);
    uint32_t turned = left ^ ((uint32_t)(mixed[0] << 8 | mixed[1]) & HALF);
    left = right;
    right = turned;
  }
  return (int64_t)(left << HALF_BITS | right);
}

id64 id_new(ts_t now)
{
  int64_t since = now - epoch_ms;
  const int64_t latest = ((int64_t)1 << TIME_BITS) - 1; /* the year 2298 */
  /* never 0, which means "none" */
  since = since < 1 ? 1 : since > latest ? latest : since;
  return since << TAIL_BITS | next_tail();
}

struct str id_text(struct arena *a, id64 id)
{
  if (id <= 0)
    return STR_NONE;
  char text[ID_TEXT];
  for (int i = ID_TEXT - 1; i >= 0; i--, id >>= 5)
    text[i] = alphabet[id & 31];
  return str_copy(a, (struct str){text, ID_TEXT});
}

bool id_parse(struct str s, id64 *ret)
{
  if (s.n != ID_TEXT || s.p[0] < '0' || s.p[0] > '7')
    return false;
  id64 id = 0;
  for (size_t i = 0; i < s.n; i++) {
    const char *at = s.p[i] ? strchr(alphabet, s.p[i]) : NULL;
    if (!at)
      return false;
    id = id << 5 | (at - alphabet);
  }
  if (id == 0)
    return false;
  *ret = id;
  return true;
}
