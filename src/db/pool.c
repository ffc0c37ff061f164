/* pool.c: see pool.h. */
#include "db/pool.h"

#include <stdlib.h>

enum { POOL_DEFAULT = 4, POOL_MAX = 254 };

int pool_size(int wanted)
{
  if (wanted <= 0)
    return POOL_DEFAULT;
  return wanted < POOL_MAX ? wanted : POOL_MAX;
}

bool pool_init(struct pool *p, int n)
{
  *p = (struct pool){.n = n, .busy = calloc((size_t)n, sizeof *p->busy)};
  if (!p->busy)
    return false;
  pthread_mutex_init(&p->lock, NULL);
  pthread_cond_init(&p->freed, NULL);
  return true;
}

void pool_destroy(struct pool *p)
{
  if (!p->busy)
    return;
  pthread_mutex_destroy(&p->lock);
  pthread_cond_destroy(&p->freed);
  free(p->busy);
  p->busy = NULL;
}

static int pool_find(const struct pool *p, int hint)
{
  for (int i = 0; i < p->n; i++)
    if (!p->busy[(hint + i) % p->n])
      return (hint + i) % p->n;
  return -1;
}

int pool_take(struct pool *p)
{
  static _Thread_local int last;
  pthread_mutex_lock(&p->lock);
  int i;
  while ((i = pool_find(p, last)) < 0) {
    p->waits++;
    pthread_cond_wait(&p->freed, &p->lock);
  }
  p->busy[i] = true;
  p->taken++;
  pthread_mutex_unlock(&p->lock);
  last = i;
  return i;
}

void pool_give(struct pool *p, int i)
{
  pthread_mutex_lock(&p->lock);
  p->busy[i] = false;
  p->taken--;
  pthread_cond_signal(&p->freed);
  pthread_mutex_unlock(&p->lock);
}

void pool_measure(struct pool *p, struct db_stats *ret)
{
  pthread_mutex_lock(&p->lock);
  ret->pool = p->n;
  ret->busy = p->taken;
  ret->waits = p->waits;
  pthread_mutex_unlock(&p->lock);
}
