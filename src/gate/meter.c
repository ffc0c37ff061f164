#include "gate/meter.h"

#include <pthread.h>
#include <stdlib.h>

enum { ROWS = 512, ROUTE_SIZE = 64 };

struct row {
  const char *method;
  char route[ROUTE_SIZE];
  unsigned status;
  uint64_t count;
};

struct meter {
  pthread_mutex_t lock;
  struct row rows[ROWS]; /* those in use come first; beyond ROWS nothing new is told apart */
  int used;
  struct meter_times times[METER_KINDS];
};

static const double buckets[METER_BUCKETS] = {.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 10};

struct meter *meter_new(void)
{
  struct meter *m = calloc(1, sizeof(*m));
  if (m)
    pthread_mutex_init(&m->lock, NULL);
  return m;
}

void meter_free(struct meter *m)
{
  if (!m)
    return;
  pthread_mutex_destroy(&m->lock);
  free(m);
}

double meter_bucket(int i)
{
  return buckets[i];
}

const char *meter_kind_name(enum meter_kind kind)
{
  static const char *const names[METER_KINDS] = {"page", "write", "asset"};
  return names[kind];
}

/* "/cases/:case/consents" becomes "/cases/..."; what is about nobody stays. */
static void route_name(const struct request *rq, char ret[ROUTE_SIZE])
{
  const char *path = rq->route ? rq->route->path : str_starts(rq->path, S("/assets/")) ? "/assets" : "none";
  const char *param = strstr(path, "/:");
  int first = (int)strcspn(path + 1, "/") + 1;
  if (param)
    snprintf(ret, ROUTE_SIZE, "%.*s/...", first, path);
  else
    snprintf(ret, ROUTE_SIZE, "%s", path);
}

static void count(struct meter *m, const char *method, const char *route, unsigned status)
{
  struct row *r = m->rows, *end = m->rows + m->used;
  while (r < end && (r->status != status || r->method != method || strcmp(r->route, route) != 0))
    r++;
  if (r == m->rows + ROWS)
    return;
  if (r == end) {
    *r = (struct row){.method = method, .status = status};
    snprintf(r->route, sizeof(r->route), "%s", route);
    m->used++;
  }
  r->count++;
}

static void measure(struct meter_times *t, double seconds)
{
  for (int i = 0; i < METER_BUCKETS; i++)
    t->at_most[i] += seconds <= buckets[i];
  t->count++;
  t->sum += seconds;
}

void meter_request(struct meter *m, const struct request *rq, unsigned status, double seconds)
{
  char route[ROUTE_SIZE];
  if (!m)
    return;
  route_name(rq, route);
  enum meter_kind kind = rq->method == POST ? METER_WRITE : strcmp(route, "/assets") == 0 ? METER_ASSET : METER_PAGE;
  pthread_mutex_lock(&m->lock);
  count(m, rq->method == POST ? "POST" : "GET", route, status);
  measure(&m->times[kind], seconds);
  pthread_mutex_unlock(&m->lock);
}

void meter_refused(struct meter *m, unsigned status)
{
  if (!m)
    return;
  pthread_mutex_lock(&m->lock);
  count(m, "-", "refused", status);
  pthread_mutex_unlock(&m->lock);
}

void meter_times(struct meter *m, enum meter_kind kind, struct meter_times *ret)
{
  pthread_mutex_lock(&m->lock);
  *ret = m->times[kind];
  pthread_mutex_unlock(&m->lock);
}

void meter_each(struct meter *m, meter_fn fn, void *arg)
{
  pthread_mutex_lock(&m->lock);
  for (const struct row *r = m->rows; r < m->rows + m->used; r++)
    fn(arg, r->method, r->route, r->status, r->count);
  pthread_mutex_unlock(&m->lock);
}
