/* restrict_web.c: the page of 閲覧の制限. */
#include "gate/handler.h"
#include "protect/protect.h"

static const char *const mode_codes[] = {"not", "only", NULL};
static const struct option modes[] = {
    {"not", TR("選んだ人には見せない")}, {"only", TR("選んだ人（と自分）だけに見せる")}, {0}};
static const struct field set_fields[] = {
    {.name = "mode", .kind = FIELD_CHOICE, .required = true, .options = mode_codes, .label = TR("どう制限するか")},
    {.name = "users", .kind = FIELD_TEXTS, .label = TR("だれを")},
    {.name = "breakable", .kind = FIELD_BOOL, .label = TR("緊急のときは、理由を残して見てもよい")},
    {.name = "until", .kind = FIELD_DATE, .label = TR("いつまで")},
    {.name = "reason", .kind = FIELD_LINES, .required = true, .label = TR("なぜ制限するか")},
    {0}};

struct restrict_job {
  struct request *rq;
  struct reader who;
  id64 case_id, restriction;
  struct doc *data;
  struct restrict_new set;
  id64 users[RESTRICT_USERS];
  bool ends;
};

static enum code read_page(struct tx *tx, void *arg, struct err *e)
{
  struct restrict_job *job = arg;
  struct case_head head = {0};
  const struct scope *s = NULL;
  enum code c = case_enter(tx, gate_actor(job->rq), ACTION_RESTRICT, job->case_id, &head, &s, e);
  if (c == OK)
    c = restrict_page(tx, s, job->rq->arena, &job->who, &job->data, e);
  return c == OK ? case_put_strip(tx, s, job->case_id, job->rq->arena, &job->who, job->data, e) : c;
}

static void put_typed(struct restrict_job *job)
{
  struct request *rq = job->rq;
  const struct doc *typed = gate_has_problems(rq) ? gate_typed(rq) : NULL, *users = doc_get(typed, "users");
  struct doc *list = doc_get(job->data, "colleagues"), *rows = doc_get(job->data, "rows");
  for (size_t i = 0; i < doc_size(list); i++)
    for (size_t k = 0; k < doc_size(users); k++)
      if (str_eq(doc_get_str(doc_at(list, i), "id"), doc_string(doc_at(users, k))))
        doc_replace(doc_at(list, i), "checked", doc_bool(rq->arena, true));
  for (size_t i = 0; i < doc_size(rows); i++)
    doc_put_id(doc_at(rows, i), "case_id", job->case_id);
  protect_put_options(job->data, "modes", job->who.lang, modes, doc_get(typed, "mode"));
  doc_put(job->data, "f", gate_form(rq, set_fields, NULL));
}

static enum code page(struct request *rq, struct response *rs, struct err *e)
{
  struct restrict_job job = {.rq = rq, .who = gate_reader(rq)};
  enum code c = gate_param(rq, "case", &job.case_id, e);
  if (c == OK)
    c = gate_read(rq, read_page, &job, e);
  if (c != OK)
    return c;
  doc_put_id(job.data, "case_id", job.case_id);
  put_typed(&job);
  return gate_page(rq, rs, "restrict_show", tr(job.who.lang, TR("閲覧の制限")), job.data, e);
}

ROUTE_DEFINE(route_restrict, GET, "/cases/:case/restrictions", NEEDS(RESTRICT), .summary = TR("閲覧の制限"),
             .handle = page);

static enum code change(struct tx *tx, void *arg, struct err *e)
{
  struct restrict_job *job = arg;
  struct case_head head = {0};
  const struct scope *s = NULL;
  enum code c = case_enter(tx, gate_actor(job->rq), ACTION_RESTRICT, job->case_id, &head, &s, e);
  if (c != OK)
    return c;
  return job->ends ? restrict_end(tx, s, job->restriction, e) : restrict_set(tx, s, &job->set, e);
}

static enum code write(struct restrict_job *job, struct response *rs, const char *notice, struct err *e)
{
  struct str path = gate_path(job->rq, "/cases/", job->case_id, "/restrictions");
  gate_location(job->rq, path);
  enum code c = gate_write(job->rq, "restrict", change, job, e);
  return c == OK ? gate_done(job->rq, rs, path, notice, e) : c;
}

static enum code handle_set(struct request *rq, struct response *rs, struct err *e)
{
  struct restrict_job job = {.rq = rq};
  const struct doc *in = rq->input, *users = doc_get(in, "users");
  struct date until = {0};
  enum code c = gate_param(rq, "case", &job.case_id, e);
  if (c != OK)
    return c;
  if (gate_has_problems(rq))
    return page(rq, rs, e);
  for (size_t i = 0; i < doc_size(users); i++)
    if (i == RESTRICT_USERS || !id_parse(doc_string(doc_at(users, i)), &job.users[job.set.count++]))
      return err_field(e, "users", TR("自分の機関の人を、一覧から選んでください。"));
  if (date_parse_iso(doc_get_str(in, "until"), &until) && date_known(until))
    job.set.until = date_start_ts(date_add_days(until, 1));
  job.set.users = job.users;
  job.set.only = str_is(doc_get_str(in, "mode"), "only");
  job.set.breakable = doc_get_bool(in, "breakable");
  job.set.reason = str_trim(doc_get_str(in, "reason"));
  return write(&job, rs, TR("閲覧を制限しました。"), e);
}

ROUTE_DEFINE(route_restrict_set, POST, "/cases/:case/restrictions", NEEDS(RESTRICT), .fields = set_fields,
             .summary = TR("閲覧を制限する"), .handle = handle_set);

static const struct field end_fields[] = {
    {.name = "restriction", .kind = FIELD_ID, .required = true, .label = TR("閲覧の制限")}, {0}};

static enum code handle_end(struct request *rq, struct response *rs, struct err *e)
{
  struct restrict_job job = {.rq = rq, .ends = true};
  enum code c = gate_param(rq, "case", &job.case_id, e);
  if (c != OK)
    return c;
  if (gate_has_problems(rq))
    return page(rq, rs, e);
  (void)doc_get_id(rq->input, "restriction", &job.restriction);
  return write(&job, rs, TR("制限を終えました。"), e);
}

ROUTE_DEFINE(route_restrict_end, POST, "/cases/:case/restrictions/end", NEEDS(RESTRICT), .fields = end_fields,
             .summary = TR("閲覧の制限を終える"), .handle = handle_end);
