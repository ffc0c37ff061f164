/* pool.c: a queue and the threads that empty it. */
#include "http/http_impl.h"

struct pool {
  pthread_mutex_t lock;
  pthread_cond_t filled;
  struct exchange *first, **last;
  bool stopping;
  int queued, busy;
  void (*work)(struct exchange *);
  int threads;
  pthread_t thread[];
};

/* NULL when the pool stops and its queue is empty. */
static struct exchange *pool_take(struct pool *p, bool was_busy)
{
  pthread_mutex_lock(&p->lock);
  p->busy -= was_busy;
  while (!p->first && !p->stopping)
    pthread_cond_wait(&p->filled, &p->lock);
  struct exchange *x = p->first;
  if (x && !(p->first = x->next))
    p->last = &p->first;
  p->queued -= x != NULL;
  p->busy += x != NULL;
  pthread_mutex_unlock(&p->lock);
  return x;
}

static void *pool_thread(void *arg)
{
  struct pool *p = arg;
  struct exchange *x;
  for (bool busy = false; (x = pool_take(p, busy)); busy = true)
    p->work(x);
  return NULL;
}

struct pool *pool_new(int threads, void (*work)(struct exchange *))
{
  struct pool *p = calloc(1, sizeof(*p) + (size_t)threads * sizeof(p->thread[0]));
  if (!p)
    return NULL;
  pthread_mutex_init(&p->lock, NULL);
  pthread_cond_init(&p->filled, NULL);
  p->last = &p->first;
  p->work = work;
  for (; p->threads < threads; p->threads++)
    if (pthread_create(&p->thread[p->threads], NULL, pool_thread, p) != 0)
      break;
  if (p->threads == threads)
    return p;
  pool_stop(p);
  pool_free(p);
  return NULL;
}

bool pool_put(struct pool *p, struct exchange *x, void (*before)(struct exchange *))
{
  pthread_mutex_lock(&p->lock);
  bool taken = !p->stopping;
  if (taken) {
    before(x);
    x->next = NULL;
    *p->last = x;
    p->last = &x->next;
    p->queued++;
    pthread_cond_signal(&p->filled);
  }
  pthread_mutex_unlock(&p->lock);
  return taken;
}

void pool_stop(struct pool *p)
{
  if (!p)
    return;
  pthread_mutex_lock(&p->lock);
  p->stopping = true;
  pthread_cond_broadcast(&p->filled);
  pthread_mutex_unlock(&p->lock);
  for (int i = 0; i < p->threads; i++)
    pthread_join(p->thread[i], NULL);
  p->threads = 0;
}

void pool_free(struct pool *p)
{
  if (!p)
    return;
  pthread_cond_destroy(&p->filled);
  pthread_mutex_destroy(&p->lock);
  free(p);
}

void pool_measure_work(struct pool *p, int *ret_threads, int *ret_busy, int *ret_queued)
{
  pthread_mutex_lock(&p->lock);
  *ret_threads = p->threads;
  *ret_busy = p->busy;
  *ret_queued = p->queued;
  pthread_mutex_unlock(&p->lock);
}
