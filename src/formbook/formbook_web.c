/* formbook_web.c: the forms of the network. */
#include "formbook/draft_sql.h"
#include "gate/handler.h"

struct job {
  struct request *rq;
  struct reader who;
  struct doc *list, *codes; /* codes: of drafts */
};

static enum code read_list(struct tx *tx, void *arg, struct err *e)
{
  struct job *job = arg;
  enum code c = formbook_list(tx, job->rq->arena, job->who.lang, ~0u, &job->list, e);
  return c == OK ? draft_sql_codes(tx, job->rq->arena, &job->codes, e) : c;
}

static struct str edit_path(struct request *rq, struct str code)
{
  return str_printf(rq->arena, "/forms/edit?code=%.*s", STR_FMT(code));
}

static void put_drafts(struct job *job, struct doc *data, bool may)
{
  struct doc *list = doc_put_list(data, "drafts");
  for (size_t i = 0; may && i < doc_size(job->codes); i++) {
    struct doc *d = doc_add_map(list);
    struct str code = doc_string(doc_at(job->codes, i));
    doc_put_str(d, "code", code);
    doc_put_str(d, "href", edit_path(job->rq, code));
  }
  doc_put_bool(data, "has_drafts", doc_size(list) > 0);
  for (size_t i = 0; i < doc_size(job->list); i++) {
    struct doc *d = doc_at(job->list, i);
    doc_put_str(d, "edit_href", may ? edit_path(job->rq, doc_get_str(d, "code")) : STR_NONE);
  }
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
  put_drafts(&job, data, gate_may(rq, ACTION_NETWORK_WRITE));
  return gate_page(rq, rs, "form_list", tr(job.who.lang, TR("様式集")), data, e);
}

ROUTE_DEFINE(route_forms, GET, "/forms", SIGNED_IN, .summary = TR("様式の一覧"), .handle = handle_list);
