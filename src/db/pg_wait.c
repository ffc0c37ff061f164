/* pg_wait.c: waiting for the server's answer, and no longer than the connection allows. A network that swallows what is sent, or a
 * server that hangs, never answers and never breaks off: without an end every thread that asks would wait for good. */
#include <errno.h>
#include <poll.h>
#include <time.h>

#include "db/pg.h"

int64_t pg_monotonic_ms(void)
{
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* false: the time is over or the wait failed; the connection is lost then. `until` 0: waits for good. */
static bool wait_readable(struct pg_conn *c, int64_t until)
{
  struct pollfd p = {.fd = PQsocket(c->h), .events = POLLIN};
  for (;;) {
    int64_t left = until ? until - pg_monotonic_ms() : -1;
    int n = poll(&p, 1, until && left < 0 ? 0 : (int)left);
    if (n > 0)
      return true;
    if (n < 0 && errno == EINTR)
      continue;
    c->lost = true;
    c->silent = n == 0;
    if (c->silent && c->pool_doubt)
      ++*c->pool_doubt;
    return false;
  }
}

PGresult *pg_answer(struct pg_conn *c)
{
  int64_t until = c->answer_ms ? pg_monotonic_ms() + c->answer_ms : 0;
  while (PQisBusy(c->h)) {
    if (!wait_readable(c, until))
      return NULL;
    if (!PQconsumeInput(c->h))
      break; /* PQgetResult() says why */
  }
  return PQgetResult(c->h);
}

PGresult *pg_answers(struct pg_conn *c, int sent)
{
  PGresult *last = NULL, *r;
  while (sent && !c->silent && (r = pg_answer(c))) {
    PQclear(last);
    last = r;
    ExecStatusType status = PQresultStatus(r);
    if (status == PGRES_COPY_IN || status == PGRES_COPY_OUT || PQstatus(c->h) != CONNECTION_OK)
      break;
  }
  if (!c->silent)
    return last;
  PQclear(last); /* of an answer that broke off nothing counts */
  return NULL;
}
