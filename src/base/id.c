#include "base/id.h"

#include <pthread.h>
#include <sodium.h>
#include <stdatomic.h>

enum { TAIL_BITS = 20, START_BITS = 19, TIME_BITS = 43 };
static const ts_t epoch_ms = 1577836800000; /* 2020-01-01T00:00:00Z */
static const char alphabet[] = "0123456789abcdefghjkmnpqrstvwxyz";

/* What this process gave last, and a stream of bits that nobody else can foretell: its n-th word is the hash of n under a key of its own. */
static struct {
  pthread_once_t once;
  unsigned char key[crypto_shorthash_KEYBYTES];
  atomic_uint_fast64_t next;
  _Atomic(id64) last;
} ids = {.once = PTHREAD_ONCE_INIT};

static uint64_t word(void)
{
  uint64_t n = atomic_fetch_add(&ids.next, 1), ret;
  unsigned char hash[crypto_shorthash_BYTES];
  _Static_assert(sizeof hash == sizeof ret, "one word");
  (void)crypto_shorthash(hash, (const unsigned char *)&n, sizeof n, ids.key);
  memcpy(&ret, hash, sizeof ret);
  return ret;
}

static int64_t start(void)
{
  return (int64_t)(word() & ((1 << START_BITS) - 1));
}

/* A child goes on from where its parent was, but elsewhere than the parent itself does. */
static void draw_in_child(void)
{
  randombytes_buf(ids.key, sizeof ids.key);
  ids.last += ids.last ? ((int64_t)1 << START_BITS) + start() : 0;
}

static void draw_first(void)
{
  randombytes_buf(ids.key, sizeof ids.key);
  (void)pthread_atfork(NULL, NULL, draw_in_child);
}

id64 id_new(ts_t now)
{
  enum { STEP = 8 };
  const int64_t latest = ((int64_t)1 << TIME_BITS) - 1; /* the year 2298; beyond it time stands still */
  int64_t since = now - epoch_ms, fresh;
  id64 was = atomic_load(&ids.last), id;
  (void)pthread_once(&ids.once, draw_first);
  since = since < 1 || since > latest ? 1 : since; /* never 0, which means "none" */
  fresh = since << TAIL_BITS | start();
  do
    id = since > was >> TAIL_BITS || was > INT64_MAX - STEP ? fresh : was + 1 + (id64)(word() % STEP);
  while (!atomic_compare_exchange_weak(&ids.last, &was, id));
  return id;
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
