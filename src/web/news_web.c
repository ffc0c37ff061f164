#include "gate/handler.h"
#include "gate/list.h"
#include "web/news.h"

struct news_job {
  struct request *rq;
  struct reader who;
  struct news_view view;
  struct doc *data;
};

static const struct field fields[] = {{.name = "kind", .kind = FIELD_CHOICE, .options = news_kinds},
                                      {.name = "skip", .kind = FIELD_INT, .min = 0, .max = 1000000},
                                      {0}};
static const struct list_shape shape = {.place = "skip", .page_rows = NEWS_MOST};

static enum code read_news(struct tx *tx, void *arg, struct err *e)
{
  struct news_job *job = arg;
  const struct scope *s = NULL;
  enum code c = access_open_network(tx, gate_actor(job->rq), ACTION_CONNECTION_LIST, &s, e);
  return c == OK ? news_page(tx, s, &job->view, job->rq->arena, &job->who, &job->data, e) : c;
}

static void put_around(struct news_job *job)
{
  struct request *rq = job->rq;
  struct doc *filter = list_filter(rq, job->data, "kind", TR("何のお知らせか"));
  for (int i = 0; i < NOTICE_COUNT; i++)
    if (notice_words((enum notice_kind)i)->word)
      list_option(rq, filter, str_from(news_kinds[i]), gate_tr(rq, notice_words((enum notice_kind)i)->word));
  list_put(rq, job->data, &shape);
}

/* A look is what makes them read, so that this is a write. */
static enum code handle_news(struct request *rq, struct response *rs, struct err *e)
{
  struct news_job job = {.rq = rq, .who = gate_reader(rq)};
  job.view = (struct news_view){.whole = gate_may(rq, ACTION_CONNECTION_ASSIGN),
                                .kind = doc_get_str(rq->input, "kind"),
                                .skip = doc_get_int(rq->input, "skip")};
  enum code c = gate_write(rq, "news", read_news, &job, e);
  if (c == OK)
    put_around(&job);
  return c == OK ? gate_page(rq, rs, "news", tr(job.who.lang, TR("お知らせ")), job.data, e) : c;
}

ROUTE_DEFINE(route_news, GET, "/news", NEEDS(CONNECTION_LIST), .fields = fields,
             .summary = TR("つなぎの相手からのお知らせ"), .handle = handle_news);
