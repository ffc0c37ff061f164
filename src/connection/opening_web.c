/* opening_web.c: /opening-days: when the own organization is closed. */
#include "connection/opening.h"
#include "gate/handler.h"

static const struct field close_fields[] = {
    {.name = "from", .kind = FIELD_DATE, .required = true, .label = TR("いつから")},
    {.name = "until", .kind = FIELD_DATE, .label = TR("いつまで")},
    {0}};
static const struct field open_fields[] = {{.name = "closed", .kind = FIELD_ID, .required = true}, {0}};

struct opening_job {
  struct request *rq;
  struct reader who;
  struct date from, until;
  id64 closed;
  struct doc *data;
};

static enum code read_page(struct tx *tx, void *arg, struct err *e)
{
  struct opening_job *job = arg;
  const struct scope *s = NULL;
  enum code c = access_open_network(tx, gate_actor(job->rq), ACTION_CONNECTION_LIST, &s, e);
  return c == OK ? opening_page(tx, s, job->rq->arena, &job->who, &job->data, e) : c;
}

static enum code show_page(struct request *rq, struct response *rs, struct err *e)
{
  struct opening_job job = {.rq = rq, .who = gate_reader(rq)};
  enum code c = gate_read(rq, read_page, &job, e);
  if (c != OK)
    return c;
  bool can_write = gate_may(rq, ACTION_OPENING_WRITE);
  const struct doc *closed = doc_get(job.data, "closed");
  doc_put_bool(job.data, "can_write", can_write);
  for (size_t i = 0; i < doc_size(closed); i++)
    doc_put_bool(doc_at(closed, i), "can_write", can_write);
  doc_put(job.data, "f", gate_form(rq, close_fields, NULL));
  return gate_page(rq, rs, "opening", tr(job.who.lang, TR("開庁日と休み")), job.data, e);
}

ROUTE_DEFINE(route_opening, GET, "/opening-days", NEEDS(CONNECTION_LIST), .summary = TR("開庁日と休みを見る"),
             .handle = show_page);

static enum code close_days(struct tx *tx, void *arg, struct err *e)
{
  const struct opening_job *job = arg;
  const struct scope *s = NULL;
  enum code c = access_open_network(tx, gate_actor(job->rq), ACTION_OPENING_WRITE, &s, e);
  return c == OK ? opening_close(tx, s, job->from, job->until, e) : c;
}

static enum code handle_close(struct request *rq, struct response *rs, struct err *e)
{
  struct opening_job job = {.rq = rq};
  if (gate_has_problems(rq))
    return show_page(rq, rs, e);
  (void)date_parse_iso(doc_get_str(rq->input, "from"), &job.from);
  (void)date_parse_iso(doc_get_str(rq->input, "until"), &job.until);
  gate_location(rq, S("/opening-days"));
  enum code c = gate_write(rq, "opening_close", close_days, &job, e);
  return c == OK ? gate_done(rq, rs, S("/opening-days"), TR("休みを加えました。"), e) : c;
}

ROUTE_DEFINE(route_opening_close, POST, "/opening-days", NEEDS(OPENING_WRITE), .fields = close_fields,
             .summary = TR("自分の機関の休みを加える"), .handle = handle_close);

static enum code open_days(struct tx *tx, void *arg, struct err *e)
{
  const struct opening_job *job = arg;
  const struct scope *s = NULL;
  enum code c = access_open_network(tx, gate_actor(job->rq), ACTION_OPENING_WRITE, &s, e);
  return c == OK ? opening_open(tx, s, job->closed, e) : c;
}

static enum code handle_open(struct request *rq, struct response *rs, struct err *e)
{
  struct opening_job job = {.rq = rq};
  if (gate_has_problems(rq))
    return show_page(rq, rs, e);
  (void)doc_get_id(rq->input, "closed", &job.closed);
  gate_location(rq, S("/opening-days"));
  enum code c = gate_write(rq, "opening_open", open_days, &job, e);
  return c == OK ? gate_done(rq, rs, S("/opening-days"), TR("休みを消しました。"), e) : c;
}

ROUTE_DEFINE(route_opening_open, POST, "/opening-days/open", NEEDS(OPENING_WRITE), .fields = open_fields,
             .summary = TR("自分の機関の休みを消す"), .handle = handle_open);
