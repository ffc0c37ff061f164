/* limit.c: how often one may ask. A bucket for each token, session and address, filled by the second, in memory: a restart fills them all, which
 * harms nobody, since guessing a token of 256 bits is not what this stops (passwords are counted in the database: network/sign.h). */
#include <pthread.h>
#include <time.h>

#include "gate/gate_impl.h"

enum { BUCKETS = 4096, PROBES = 8 };

struct bucket {
  uint64_t key; /* 0: free */
  int64_t at;   /* ms, monotonic: when `left` held */
  int64_t left; /* thousandths of a request */
};

struct limiter {
  pthread_mutex_t lock;
  struct bucket bucket[BUCKETS];
};

static void limiter_end(void *p)
{
  struct limiter *l = p;
  pthread_mutex_destroy(&l->lock);
}

struct limiter *limiter_new(struct arena *a)
{
  struct limiter *l = arena_new_of(a, struct limiter);
  if (!l)
    return NULL;
  pthread_mutex_init(&l->lock, NULL);
  arena_cleanup(a, limiter_end, l);
  return l;
}

/* Its bucket, or the place of the one that was used longest ago. */
static struct bucket *bucket_of(struct limiter *l, uint64_t key)
{
  struct bucket *oldest = NULL;
  for (uint64_t i = 0; i < PROBES; i++) {
    struct bucket *b = &l->bucket[(key + i) % BUCKETS];
    if (b->key == key)
      return b;
    if (!oldest || b->at < oldest->at)
      oldest = b;
  }
  oldest->key = 0;
  return oldest;
}

/* Takes `cost` requests out of the bucket; seconds to wait when they are not in it. */
static int take(struct limiter *l, uint64_t key, const struct rate *r, int cost)
{
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  int64_t now = (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000, full = (int64_t)r->burst * 1000, wanted = cost * 1000;
  int wait = 0;
  pthread_mutex_lock(&l->lock);
  struct bucket *b = bucket_of(l, key);
  int64_t left = b->key ? b->left + (now - b->at) * r->per_second : full;
  left = left > full ? full : left;
  if (left < wanted)
    wait = (int)((wanted - left + (int64_t)r->per_second * 1000 - 1) / ((int64_t)r->per_second * 1000));
  *b = (struct bucket){.key = key, .at = now, .left = wait ? left : left - wanted};
  pthread_mutex_unlock(&l->lock);
  return wait;
}

static uint64_t key_of(const char *kind, struct arena *a, struct str what)
{
  unsigned char hash[HASH];
  uint64_t key;
  hash_bytes(str_printf(a, "%s %.*s", kind, STR_FMT(what)), hash);
  memcpy(&key, hash, sizeof(key));
  return key | 1;
}

static enum code refuse(struct request *rq, int wait, struct err *e)
{
  gate_of(rq)->retry_after = wait;
  struct str seconds = str_printf(rq->arena, "%d", wait);
  return err_set1(e, LIMIT, TR("短い時間に操作が多すぎます。%1秒たってから、もう一度送ってください。"),
                  str_cstr(rq->arena, seconds));
}

enum code limit_bearer(struct request *rq, struct err *e)
{
  static const struct rate of_token = {API_TOKEN_BURST, API_TOKEN_PER_SECOND},
                           of_address = {API_ADDRESS_BURST, API_ADDRESS_PER_SECOND};
  struct limiter *l = gate_of(rq)->app->limits;
  if (!l)
    return OK;
  int wait = take(l, key_of("address", rq->arena, rq->address), &of_address, 1);
  if (!wait)
    wait = take(l, key_of("token", rq->arena, gate_of(rq)->token), &of_token, 1);
  return wait ? refuse(rq, wait, e) : OK;
}

/* A token that is none costs its address more. */
void limit_bad_token(struct request *rq)
{
  static const struct rate of_address = {API_ADDRESS_BURST, API_ADDRESS_PER_SECOND};
  if (gate_of(rq)->app->limits)
    (void)take(gate_of(rq)->app->limits, key_of("address", rq->arena, rq->address), &of_address, API_BAD_TOKEN_COST);
}

/* A session by itself, wherever it comes from: a town hall is one address. Strangers by their address. */
enum code limit_page(struct request *rq, struct err *e)
{
  const struct gate *g = gate_of(rq);
  const struct rate rate = {g->app->page_rate * PAGE_BURST_SECONDS, g->app->page_rate};
  if (!g->app->limits || rate.per_second <= 0)
    return OK;
  uint64_t key = g->session ? key_of("session", rq->arena, g->token) : key_of("stranger", rq->arena, rq->address);
  int wait = take(g->app->limits, key, &rate, 1);
  return wait ? refuse(rq, wait, e) : OK;
}
