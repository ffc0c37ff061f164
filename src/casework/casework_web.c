#include "casework/casework.h"
#include "gate/handler.h"

/* ---- list ---------------------------------------------------------------------------------------------------------- */

static const char *const view_codes[] = {"mine", "all", "closed", NULL};
static const struct field list_fields[] = {
    {.name = "view", .kind = FIELD_CHOICE, .options = view_codes}, {.name = "from", .kind = FIELD_TEXT}, {0}};

struct list_job {
  struct request *rq;
  struct reader who;
  enum case_view view;
  struct str words, from;
  struct doc *data;
};

static enum code list_cases(struct tx *tx, void *arg, struct err *e)
{
  struct list_job *job = arg;
  const struct scope *s = NULL;
  enum code c = access_open_network(tx, gate_actor(job->rq), ACTION_CASE_LIST, &s, e);
  if (c != OK)
    return c;
  return case_list(tx, s, job->view, job->words, job->from, job->rq->arena, &job->who, &job->data, e);
}

static enum case_view view_of(struct str code)
{
  for (int i = 0; view_codes[i]; i++)
    if (str_is(code, view_codes[i]))
      return (enum case_view)i;
  return CASES_MINE;
}

static enum code list_page(struct list_job *job, struct response *rs, struct err *e)
{
  enum code c = gate_read(job->rq, list_cases, job, e);
  if (c != OK)
    return c;
  if (gate_has_problems(job->rq))
    doc_replace(job->data, "q", doc_str(job->rq->arena, doc_get_str(gate_typed(job->rq), "q")));
  doc_put_bool(job->data, "can_create", gate_may(job->rq, ACTION_PERSON_CREATE));
  doc_put_bool(job->data, "can_search", gate_may(job->rq, ACTION_RECORD_SEARCH));
  doc_put_bool(job->data, "can_export", gate_may(job->rq, ACTION_LEDGER_EXPORT));
  doc_put_bool(job->data, "can_import", gate_may(job->rq, ACTION_LEDGER_IMPORT));
  return gate_page(job->rq, rs, "case_list", tr(job->who.lang, TR("ケース")), job->data, e);
}

static enum code handle_list(struct request *rq, struct response *rs, struct err *e)
{
  struct list_job job = {.rq = rq, .who = gate_reader(rq), .view = view_of(doc_get_str(rq->input, "view"))};
  job.from = doc_get_str(rq->input, "from");
  return list_page(&job, rs, e);
}

ROUTE_DEFINE(route_case_list, GET, "/cases", NEEDS(CASE_LIST), .fields = list_fields,
             .summary = TR("見られるケースの一覧"), .handle = handle_list);

/* Names are searched by POST: they never stand in an address, a history or a proxy's log. */
static const struct field search_fields[] = {
    {.name = "q", .kind = FIELD_TEXT, .label = TR("名前・ふりがな・番号")}, {.name = "from", .kind = FIELD_TEXT}, {0}};

static enum code handle_search(struct request *rq, struct response *rs, struct err *e)
{
  struct list_job job = {.rq = rq, .who = gate_reader(rq), .view = CASES_ALL};
  job.words = str_trim(doc_get_str(rq->input, "q"));
  job.from = doc_get_str(rq->input, "from");
  return list_page(&job, rs, e);
}

ROUTE_DEFINE(route_case_search, POST, "/cases", NEEDS(CASE_LIST), .fields = search_fields, .no_form_key = true,
             .summary = TR("見られるケースをさがす"), .handle = handle_search);
