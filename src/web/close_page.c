/* close_page.c: 終結: what ends with it and what goes on, then the button. */
#include "connection/connection.h"
#include "consent/consent.h"
#include "gate/handler.h"

static const char *const status_codes[] = {
#define X(code, label) code,
    CASE_STATUSES(X)
#undef X
        NULL};
static const struct field fields[] = {
    {.name = "was", .kind = FIELD_CHOICE, .required = true, .options = status_codes},
    {.name = "reason", .kind = FIELD_LINES, .required = true, .label = TR("終結にする理由")},
    {0}};

struct close_job {
  struct request *rq;
  struct reader who;
  id64 case_id;
  struct doc *data;
};

/* What has to come to its end first, of what the own organization sent or received. */
static enum code put_under_way(struct tx *tx, struct close_job *job, const struct scope *s, struct err *e)
{
  struct doc *all = NULL, *list = doc_put_list(job->data, "under_way");
  enum code c = OK;
  if (scope_may(s, ACTION_CONNECTION_READ))
    c = connection_of_case(tx, s, job->case_id, job->rq->arena, &job->who, &all, e);
  for (size_t i = 0; i < doc_size(all); i++)
    if (doc_get_bool(doc_at(all, i), "under_way"))
      doc_add(list, doc_at(all, i));
  doc_put_bool(job->data, "has_under_way", doc_size(list) > 0);
  return c;
}

static enum code put_consents(struct tx *tx, struct close_job *job, const struct scope *s, struct err *e)
{
  struct doc *list = doc_list(job->rq->arena);
  enum code c = scope_may(s, ACTION_CONSENT_READ) ? consent_summary(tx, s, job->rq->arena, &job->who, &list, e) : OK;
  doc_put_bool(job->data, "has_consents", doc_size(list) > 0);
  doc_put(job->data, "consents", list);
  return c;
}

static enum code read_close(struct tx *tx, void *arg, struct err *e)
{
  struct close_job *job = arg;
  struct case_head head = {0};
  const struct scope *s = NULL;
  job->data = doc_map(job->rq->arena);
  enum code c = case_enter(tx, gate_actor(job->rq), ACTION_CASE_WRITE, job->case_id, &head, &s, e);
  if (c == OK)
    c = case_put_strip(tx, s, job->case_id, job->rq->arena, &job->who, job->data, e);
  if (c != OK)
    return c;
  bool directs = case_directs(s, &head) && case_clock_told(s, &head);
  doc_put_bool(job->data, "directs", directs);
  doc_put_bool(job->data, "is_closed", directs && str_is(head.status, "closed"));
  doc_put_str(job->data, "was", directs ? head.status : STR_NONE);
  if (!directs)
    return OK;
  c = put_under_way(tx, job, s, e);
  return c == OK ? put_consents(tx, job, s, e) : c;
}

static enum code close_page(struct request *rq, struct response *rs, struct err *e)
{
  struct close_job job = {.rq = rq, .who = gate_reader(rq)};
  enum code c = gate_param(rq, "case", &job.case_id, e);
  if (c == OK)
    c = gate_read(rq, read_close, &job, e);
  if (c != OK)
    return c;
  doc_put_id(job.data, "case_id", job.case_id);
  doc_put(job.data, "f", gate_form(rq, fields, NULL));
  return gate_page(rq, rs, "case_close", tr(job.who.lang, TR("終結にする")), job.data, e);
}

ROUTE_DEFINE(route_case_close_page, GET, "/cases/:case/close", NEEDS(CASE_WRITE),
             .summary = TR("終結にする前に確かめる画面"), .handle = close_page);

static enum code close_case(struct tx *tx, void *arg, struct err *e)
{
  const struct close_job *job = arg;
  struct case_head head = {0};
  const struct scope *s = NULL;
  enum code c = case_enter(tx, gate_actor(job->rq), ACTION_CASE_WRITE, job->case_id, &head, &s, e);
  if (c != OK)
    return c;
  const struct case_change change = {.was = doc_get_str(job->rq->input, "was"),
                                     .status = S("closed"),
                                     .density = head.density,
                                     .reason = str_trim(doc_get_str(job->rq->input, "reason"))};
  return case_change(tx, s, &head, &change, e);
}

static enum code handle_close(struct request *rq, struct response *rs, struct err *e)
{
  struct close_job job = {.rq = rq};
  enum code c = gate_param(rq, "case", &job.case_id, e);
  if (c != OK)
    return c;
  if (gate_has_problems(rq))
    return close_page(rq, rs, e);
  struct str path = gate_path(rq, "/cases/", job.case_id, "");
  gate_location(rq, path);
  c = gate_write(rq, "case_close", close_case, &job, e);
  return c == OK ? gate_done(rq, rs, path, TR("終結にしました。"), e) : c;
}

ROUTE_DEFINE(route_case_close, POST, "/cases/:case/close", NEEDS(CASE_WRITE), .fields = fields,
             .summary = TR("終結にする"), .handle = handle_close);
