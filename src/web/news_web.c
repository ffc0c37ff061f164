#include "gate/handler.h"
#include "web/news.h"

struct news_job {
  struct request *rq;
  struct reader who;
  struct doc *data;
};

static enum code read_news(struct tx *tx, void *arg, struct err *e)
{
  struct news_job *job = arg;
  const struct scope *s = NULL;
  enum code c = access_open_network(tx, gate_actor(job->rq), ACTION_CONNECTION_LIST, &s, e);
  return c == OK
             ? news_page(tx, s, gate_may(job->rq, ACTION_CONNECTION_ASSIGN), job->rq->arena, &job->who, &job->data, e)
             : c;
}

/* A look is what makes them read, so that this is a write. */
static enum code handle_news(struct request *rq, struct response *rs, struct err *e)
{
  struct news_job job = {.rq = rq, .who = gate_reader(rq)};
  enum code c = gate_write(rq, "news", read_news, &job, e);
  return c == OK ? gate_page(rq, rs, "news", tr(job.who.lang, TR("お知らせ")), job.data, e) : c;
}

ROUTE_DEFINE(route_news, GET, "/news", NEEDS(CONNECTION_LIST), .summary = TR("つなぎの相手からのお知らせ"),
             .handle = handle_news);
