/* formbook_web.c: the forms of the network. */
#include "formbook/formbook.h"
#include "gate/handler.h"

struct job {
  struct request *rq;
  struct reader who;
  struct doc *list;
};

static enum code read_list(struct tx *tx, void *arg, struct err *e)
{
  struct job *job = arg;
  return formbook_list(tx, job->rq->arena, job->who.lang, ~0u, &job->list, e);
}

static enum code handle_list(struct request *rq, struct response *rs, struct err *e)
{
  struct job job = {.rq = rq, .who = gate_reader(rq)};
  enum code c = gate_read(rq, read_list, &job, e);
  if (c != OK)
    return c;
  struct doc *data = doc_map(rq->arena);
  doc_put(data, "forms", job.list);
  doc_put_bool(data, "can_edit", gate_may(rq, ACTION_NETWORK_WRITE));
  return gate_page(rq, rs, "form_list", tr(job.who.lang, TR("様式集")), data, e);
}

ROUTE_DEFINE(route_forms, GET, "/forms", SIGNED_IN, .summary = TR("様式の一覧"), .handle = handle_list);
