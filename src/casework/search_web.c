#include "casework/search.h"
#include "gate/handler.h"

static const struct field fields[] = {
    {.name = "q", .kind = FIELD_TEXT, .required = true, .max = 100, .label = TR("さがす言葉")},
    {.name = "from", .kind = FIELD_ID},
    {0}};

struct search_web_job {
  struct request *rq;
  struct reader who;
  struct search_query q;
  id64 before;
  struct doc *data;
};

static enum code show(struct search_web_job *job, struct response *rs, bool searched, struct err *e)
{
  struct request *rq = job->rq;
  if (!job->data) {
    job->data = doc_map(rq->arena);
    doc_put_list(job->data, "hits");
    doc_put_bool(job->data, "has_hits", false);
    doc_put_str(job->data, "scanned", STR_NONE);
    doc_put_bool(job->data, "has_more", false);
    doc_put_str(job->data, "more_from", STR_NONE);
  }
  doc_put_bool(job->data, "searched", searched);
  doc_put_bool(job->data, "first", !job->before);
  doc_put_str(job->data, "q", doc_get_str(gate_typed(rq), "q"));
  return gate_page(rq, rs, "search", gate_tr(rq, TR("記録の言葉でさがす")), job->data, e);
}

static enum code handle_form(struct request *rq, struct response *rs, struct err *e)
{
  struct search_web_job job = {.rq = rq, .who = gate_reader(rq)};
  return show(&job, rs, false, e);
}

ROUTE_DEFINE(route_search_page, GET, "/search", NEEDS(RECORD_SEARCH), .summary = TR("記録の言葉でさがす"),
             .handle = handle_form);

static enum code look(struct tx *tx, void *arg, struct err *e)
{
  struct search_web_job *job = arg;
  const struct scope *s = NULL;
  enum code c = access_open_network(tx, gate_actor(job->rq), ACTION_RECORD_SEARCH, &s, e);
  return c == OK ? record_search(tx, s, &job->q, job->before, job->rq->arena, &job->who, &job->data, e) : c;
}

static enum code handle_search(struct request *rq, struct response *rs, struct err *e)
{
  struct search_web_job job = {.rq = rq, .who = gate_reader(rq)};
  job.q = search_query(rq->arena, doc_get_str(rq->input, "q"));
  (void)doc_get_id(rq->input, "from", &job.before);
  if (gate_has_problems(rq))
    return show(&job, rs, false, e);
  if (!job.q.words)
    return err_field(e, "q", TR("さがす言葉を入れてください。"));
  enum code c = gate_read(rq, look, &job, e);
  return c == OK ? show(&job, rs, true, e) : c;
}

ROUTE_DEFINE(route_search, POST, "/search", NEEDS(RECORD_SEARCH), .fields = fields, .no_form_key = true, .slow = true,
             .summary = TR("見られる経過記録の言葉をさがす"), .handle = handle_search);
