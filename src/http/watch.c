/* watch.c: who takes a place must use it. The library closes a connection on which nothing moves for IDLE_SECONDS; a byte now and then
 * would keep it for ever. So each connection has a time in which it must be done with what it is at: a head, a body, taking an
 * answer. The time grows with the bytes that moved and shrinks while places are scarce; whoever exceeds it is cut off. A thread looks four
 * times a second. */
#include <sys/socket.h>
#include <time.h>

#include "http/http_impl.h"

enum {
  FIRST_HEAD_MS = 20000,
  NEXT_HEAD_MS = 30000, /* of a kept connection, idle or not */
  TRANSFER_MS = 20000,
  BYTES_A_MS = 16, /* 16 KB/s: the slowest line that is waited for */
  LOOK_MS = 250
};

struct guest {
  int fd;
  int64_t since, allowed; /* milliseconds; allowed 0: it is our turn, no limit */
  bool cut;
  struct guest *next, **link; /* *link points here */
};

struct watch {
  pthread_mutex_t lock;
  pthread_cond_t ends;
  pthread_t thread;
  bool stopping;
  struct guest *first;
  int guests, places;
  void (*late)(void *arg);
  void *arg;
};

static int64_t now_ms(void)
{
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* What is left of a time when half, and when three quarters of the places are taken. */
static int64_t granted(const struct watch *w, int64_t allowed)
{
  if (w->guests * 2 < w->places)
    return allowed;
  return w->guests * 4 < w->places * 3 ? allowed / 4 : allowed / 10;
}

/* Only the reading and writing end here; the library sees it, closes the socket and tells watch_end(). Returns how many were cut. */
static int look(struct watch *w)
{
  int cut = 0;
  int64_t now = now_ms();
  for (struct guest *g = w->first; g; g = g->next)
    if (g->allowed && !g->cut && now - g->since > granted(w, g->allowed)) {
      g->cut = true;
      shutdown(g->fd, SHUT_RDWR);
      cut++;
    }
  return cut;
}

static void *run(void *arg)
{
  struct watch *w = arg;
  pthread_mutex_lock(&w->lock);
  while (!w->stopping) {
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += LOOK_MS * 1000000L;
    until.tv_sec += until.tv_nsec / 1000000000;
    until.tv_nsec %= 1000000000;
    pthread_cond_timedwait(&w->ends, &w->lock, &until);
    int cut = look(w);
    pthread_mutex_unlock(&w->lock);
    while (cut--)
      w->late(w->arg);
    pthread_mutex_lock(&w->lock);
  }
  pthread_mutex_unlock(&w->lock);
  return NULL;
}

struct watch *watch_new(int places, void (*late)(void *arg), void *arg)
{
  struct watch *w = calloc(1, sizeof(*w));
  pthread_condattr_t monotonic;
  if (!w)
    return NULL;
  *w = (struct watch){.places = places, .late = late, .arg = arg};
  pthread_condattr_init(&monotonic);
  pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
  pthread_mutex_init(&w->lock, NULL);
  pthread_cond_init(&w->ends, &monotonic);
  pthread_condattr_destroy(&monotonic);
  if (pthread_create(&w->thread, NULL, run, w) == 0)
    return w;
  pthread_cond_destroy(&w->ends);
  pthread_mutex_destroy(&w->lock);
  free(w);
  return NULL;
}

void watch_free(struct watch *w)
{
  if (!w)
    return;
  pthread_mutex_lock(&w->lock);
  w->stopping = true;
  pthread_cond_signal(&w->ends);
  pthread_mutex_unlock(&w->lock);
  pthread_join(w->thread, NULL);
  pthread_cond_destroy(&w->ends);
  pthread_mutex_destroy(&w->lock);
  free(w);
}

struct guest *watch_begin(struct watch *w, int fd)
{
  struct guest *g = calloc(1, sizeof(*g));
  if (!g)
    return NULL;
  *g = (struct guest){.fd = fd, .since = now_ms(), .allowed = FIRST_HEAD_MS};
  pthread_mutex_lock(&w->lock);
  g->next = w->first;
  g->link = &w->first;
  if (g->next)
    g->next->link = &g->next;
  w->first = g;
  w->guests++;
  pthread_mutex_unlock(&w->lock);
  return g;
}

void watch_end(struct watch *w, struct guest *g)
{
  if (!g)
    return;
  pthread_mutex_lock(&w->lock);
  *g->link = g->next;
  if (g->next)
    g->next->link = g->link;
  w->guests--;
  pthread_mutex_unlock(&w->lock);
  free(g);
}

void watch_turn(struct watch *w, struct guest *g, enum turn turn, size_t bytes)
{
  if (!g)
    return;
  pthread_mutex_lock(&w->lock);
  g->since = now_ms();
  g->allowed = turn == TURN_OURS        ? 0
               : turn == TURN_NEXT_HEAD ? NEXT_HEAD_MS
                                        : TRANSFER_MS + (int64_t)(bytes / BYTES_A_MS);
  pthread_mutex_unlock(&w->lock);
}

void watch_moved(struct watch *w, struct guest *g, size_t bytes)
{
  if (!g)
    return;
  pthread_mutex_lock(&w->lock);
  g->allowed += (int64_t)(bytes / BYTES_A_MS);
  pthread_mutex_unlock(&w->lock);
}

int watch_guests(struct watch *w)
{
  pthread_mutex_lock(&w->lock);
  int n = w->guests;
  pthread_mutex_unlock(&w->lock);
  return n;
}
