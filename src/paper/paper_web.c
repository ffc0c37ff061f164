/* paper_web.c: which papers of a case are out. */
#include "gate/handler.h"
#include "paper/paper.h"

struct job {
  struct request *rq;
  struct reader who;
  id64 case_id;
  struct doc *data;
};

static enum code read_copies(struct tx *tx, void *arg, struct err *e)
{
  struct job *job = arg;
  struct case_head head = {0};
  const struct scope *s = NULL;
  struct doc *list = NULL;
  job->data = doc_map(job->rq->arena);
  enum code c = case_enter(tx, gate_actor(job->rq), ACTION_CASE_READ, job->case_id, &head, &s, e);
  if (c == OK)
    c = case_put_strip(tx, s, job->case_id, job->rq->arena, &job->who, job->data, e);
  if (c == OK)
    c = paper_copies(tx, s, job->case_id, job->rq->arena, &job->who, &list, e);
  if (c == OK) {
    doc_put_bool(job->data, "has_copies", doc_size(list) > 0);
    doc_put(job->data, "copies", list);
  }
  return c;
}

static enum code handle_copies(struct request *rq, struct response *rs, struct err *e)
{
  struct job job = {.rq = rq, .who = gate_reader(rq)};
  enum code c = gate_param(rq, "case", &job.case_id, e);
  if (c == OK)
    c = gate_read(rq, read_copies, &job, e);
  if (c != OK)
    return c;
  doc_put_id(job.data, "case_id", job.case_id);
  return gate_page(rq, rs, "copies", tr(job.who.lang, TR("印刷した紙")), job.data, e);
}

ROUTE_DEFINE(route_copies, GET, "/cases/:case/copies", NEEDS(CASE_READ), .summary = TR("印刷した紙の一覧"),
             .handle = handle_copies);
