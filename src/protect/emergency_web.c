/* emergency_web.c: the pages of 緊急の閲覧. */
#include "gate/handler.h"
#include "protect/protect.h"

static const char *const hour_codes[] = {"1", "2", "4", NULL};
static const struct option hours[] = {{"1", TR("1時間")}, {"2", TR("2時間")}, {"4", TR("4時間")}, {0}};
static const struct field open_fields[] = {
    {.name = "reason", .kind = FIELD_LINES, .required = true, .label = TR("なぜ、いま見る必要があるか")},
    {.name = "hours", .kind = FIELD_CHOICE, .required = true, .options = hour_codes, .label = TR("何時間")},
    {.name = "number", .kind = FIELD_TEXT, .label = TR("ケース番号")},
    {.name = "name", .kind = FIELD_TEXT, .label = TR("氏名")},
    {.name = "birth", .kind = FIELD_DATE, .label = TR("生年月日")},
    {0}};

struct emergency_job {
  struct request *rq;
  struct reader who;
  struct doc *data;
  struct emergency_new opening;
  id64 emergency;
};

static enum code page(struct request *rq, struct response *rs, struct err *e)
{
  struct doc *d = doc_map(rq->arena), *first = doc_str(rq->arena, S("1"));
  const struct doc *typed = gate_has_problems(rq) ? doc_get(gate_typed(rq), "hours") : first;
  protect_put_options(d, "hours", gate_lang(rq), hours, typed);
  doc_put(d, "f", gate_form(rq, open_fields, NULL));
  return gate_page(rq, rs, "emergency_new", gate_tr(rq, TR("緊急に見る")), d, e);
}

ROUTE_DEFINE(route_emergency_page, GET, "/emergency", NEEDS(BREAK_GLASS), .summary = TR("緊急に見るための画面"),
             .handle = page);

static enum code open_it(struct tx *tx, void *arg, struct err *e)
{
  struct emergency_job *job = arg;
  const struct scope *list = NULL;
  id64 case_id = 0;
  enum code c = access_open_network(tx, gate_actor(job->rq), ACTION_TODAY, &list, e);
  if (c == OK)
    c = emergency_open(tx, list, &job->opening, &case_id, e);
  if (c == OK)
    gate_location(job->rq, gate_path(job->rq, "/cases/", case_id, ""));
  if (c == OK)
    job->emergency = case_id;
  return c;
}

static enum code handle_open(struct request *rq, struct response *rs, struct err *e)
{
  struct emergency_job job = {.rq = rq};
  const struct doc *in = rq->input;
  int64_t n = 0;
  if (gate_has_problems(rq))
    return page(rq, rs, e);
  (void)str_to_i64(doc_get_str(in, "hours"), &n);
  job.opening = (struct emergency_new){.number = str_trim(doc_get_str(in, "number")),
                                       .name = doc_get_str(in, "name"),
                                       .birth = doc_get_str(in, "birth"),
                                       .reason = str_trim(doc_get_str(in, "reason")),
                                       .hours = (int)n};
  gate_as_service(rq);
  enum code c = gate_write(rq, "emergency_open", open_it, &job, e);
  return c == OK ? gate_done(rq, rs, gate_path(rq, "/cases/", job.emergency, ""),
                             TR("緊急の閲覧を始めました。両方の機関の管理者に知らせました。"), e)
                 : c;
}

ROUTE_DEFINE(route_emergency_open, POST, "/emergency", NEEDS(BREAK_GLASS), .fields = open_fields, .slow = true,
             .summary = TR("緊急に見る"), .handle = handle_open);

/* ---- reviewing: managers, whose action CONNECTION_ASSIGN is ------------------------------------------------------------- */

static enum code read_list(struct tx *tx, void *arg, struct err *e)
{
  struct emergency_job *job = arg;
  const struct scope *list = NULL;
  enum code c = access_open_network(tx, gate_actor(job->rq), ACTION_TODAY, &list, e);
  return c == OK ? emergency_page(tx, list, job->rq->arena, &job->who, &job->data, e) : c;
}

static const char *const result_codes[] = {"right", "wrong", NULL};
static const struct field review_fields[] = {
    {.name = "emergency", .kind = FIELD_ID, .required = true, .label = TR("緊急の閲覧")},
    {.name = "result", .kind = FIELD_CHOICE, .required = true, .options = result_codes, .label = TR("確かめた結果")},
    {.name = "text", .kind = FIELD_LINES, .label = TR("理由・これからのこと")},
    {0}};

static enum code list_page(struct request *rq, struct response *rs, struct err *e)
{
  struct emergency_job job = {.rq = rq, .who = gate_reader(rq)};
  gate_as_service(rq); /* what is shown is decided by emergency_page() */
  enum code c = gate_read(rq, read_list, &job, e);
  if (c != OK)
    return c;
  doc_put(job.data, "f", gate_form(rq, review_fields, NULL));
  return gate_page(rq, rs, "emergency_list", gate_tr(rq, TR("緊急の閲覧")), job.data, e);
}

ROUTE_DEFINE(route_emergencies, GET, "/emergencies", NEEDS(CONNECTION_ASSIGN),
             .summary = TR("緊急の閲覧を確かめる画面"), .handle = list_page);

static enum code review(struct tx *tx, void *arg, struct err *e)
{
  struct emergency_job *job = arg;
  const struct doc *in = job->rq->input;
  const struct scope *list = NULL;
  enum code c = access_open_network(tx, gate_actor(job->rq), ACTION_TODAY, &list, e);
  return c == OK ? emergency_review(tx, list, job->emergency, str_is(doc_get_str(in, "result"), "right"),
                                    str_trim(doc_get_str(in, "text")), e)
                 : c;
}

static enum code handle_review(struct request *rq, struct response *rs, struct err *e)
{
  struct emergency_job job = {.rq = rq};
  if (gate_has_problems(rq))
    return list_page(rq, rs, e);
  (void)doc_get_id(rq->input, "emergency", &job.emergency);
  gate_location(rq, S("/emergencies"));
  gate_as_service(rq);
  enum code c = gate_write(rq, "emergency_review", review, &job, e);
  return c == OK ? gate_done(rq, rs, S("/emergencies"), TR("確かめました。"), e) : c;
}

ROUTE_DEFINE(route_emergency_review, POST, "/emergencies", NEEDS(CONNECTION_ASSIGN), .fields = review_fields,
             .summary = TR("緊急の閲覧を確かめる"), .handle = handle_review);
