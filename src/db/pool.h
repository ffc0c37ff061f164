/* pool.h: which of n connections is free. A thread gets the one it had last time if it can, whose caches are warm. */
#ifndef DB_POOL_H
#define DB_POOL_H
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "db/db.h"

struct pool {
  pthread_mutex_t lock;
  pthread_cond_t freed;
  int n;
  bool *busy;
  int taken;      /* how many are busy */
  uint64_t waits; /* how often somebody had to wait */
};

int pool_size(int wanted);             /* 0: the default; never above the cap */
bool pool_init(struct pool *p, int n); /* false: out of memory */
void pool_destroy(struct pool *p);
int pool_take(struct pool *p); /* waits; returns 0..n-1 */
void pool_give(struct pool *p, int i);
void pool_measure(struct pool *p, struct db_stats *ret); /* pool, busy, waits */

#endif
