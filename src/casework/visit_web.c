/* visit_web.c: 訪問記録 — a visit as its paper asks for it: from when until when, whether the person was met, how it was, what was done
 * together, how the person took it, what gives concern, and next time. It is a record like any other; what a next visitor needs is marked so. */
#include "casework/casework.h"
#include "casework/record_form.h"
#include "gate/handler.h"

enum { VISIT_TEXT = 2000, VISITS_BEFORE = 2 };
static const struct field fields[] = {
    {.name = "day", .kind = FIELD_DATE, .required = true, .label = TR("訪問日")},
    {.name = "from", .kind = FIELD_TIME, .required = true, .label = TR("はじめた時刻")},
    {.name = "until", .kind = FIELD_TIME, .required = true, .label = TR("終えた時刻")},
    {.name = "met", .kind = FIELD_CHOICE, .required = true, .options = record_met, .label = TR("会えましたか")},
    {.name = "how", .kind = FIELD_LINES, .max = VISIT_TEXT, .label = TR("様子")},
    {.name = "together", .kind = FIELD_LINES, .max = VISIT_TEXT, .label = TR("一緒にしたこと")},
    {.name = "response", .kind = FIELD_LINES, .max = VISIT_TEXT, .label = TR("本人の反応")},
    {.name = "worry", .kind = FIELD_LINES, .max = VISIT_TEXT, .label = TR("気になること")},
    {.name = "next_what", .kind = FIELD_TEXT, .label = TR("次回すること")},
    {.name = "next_day", .kind = FIELD_DATE, .label = TR("次回")},
    {.name = "next_done", .kind = FIELD_BOOL, .label = TR("いまの「次にすること」は、済みました")},
    {0}};

struct visit_job {
  struct request *rq;
  struct reader who;
  id64 case_id;
  struct doc *data;
  struct record_new record;
  struct paragraph_new paragraphs[VISIT_PARAGRAPHS];
};

/* ---- the page: who is visited, what was last time, the form ------------------------------------------------------------------ */

/* The last visits that the reader may read of; they are told as read. */
static enum code put_before(struct tx *tx, struct visit_job *job, const struct case_head *head, struct err *e)
{
  struct case_records of = {.method = S("visit")};
  struct case_head again = {0};
  const struct scope *s = NULL;
  struct doc *found = doc_map(job->rq->arena), *list = doc_list(job->rq->arena);
  (void)case_cursor_parse(STR_NONE, &of.before);
  enum code c = case_enter(tx, gate_actor(job->rq), ACTION_RECORD_READ, head->id, &again, &s, e);
  if (c == OK)
    c = case_put_timeline(tx, s, head, job->rq->arena, &job->who, &of, found, e);
  const struct doc *visits = doc_get(found, "timeline");
  for (size_t i = 0; c == OK && i < doc_size(visits) && doc_size(list) < VISITS_BEFORE; i++)
    if (doc_size(doc_get(doc_at(visits, i), "parts")))
      doc_add(list, doc_at(visits, i));
  if (c == OK) {
    doc_put_bool(job->data, "has_before", doc_size(list) > 0);
    doc_put(job->data, "before", list);
  }
  return c;
}

static enum code read_page(struct tx *tx, void *arg, struct err *e)
{
  struct visit_job *job = arg;
  struct case_head head = {0};
  const struct scope *s = NULL;
  struct doc *strip = NULL;
  job->data = doc_map(job->rq->arena);
  enum code c = case_enter(tx, gate_actor(job->rq), ACTION_RECORD_WRITE, job->case_id, &head, &s, e);
  if (c == OK)
    c = case_strip(tx, s, &head, job->rq->arena, &job->who, &strip, e);
  if (c == OK)
    c = put_before(tx, job, &head, e);
  if (c == OK) {
    doc_put(job->data, "strip", strip);
    doc_put_str(job->data, "step", doc_get_str(strip, "next"));
  }
  return c;
}

static enum code page(struct request *rq, struct response *rs, struct err *e)
{
  struct visit_job job = {.rq = rq, .who = gate_reader(rq)};
  struct doc *initial = doc_map(rq->arena);
  enum code c = gate_param(rq, "case", &job.case_id, e);
  if (c == OK)
    c = gate_read(rq, read_page, &job, e);
  if (c != OK)
    return c;
  int minute = ts_minute_of_day(gate_now(rq));
  doc_put_id(job.data, "case_id", job.case_id);
  doc_put_str(initial, "day", date_iso(rq->arena, job.who.today));
  doc_put_str(initial, "until", str_printf(rq->arena, "%02d:%02d", minute / 60, minute % 60));
  doc_put(job.data, "f", gate_form(rq, fields, initial));
  return gate_page(rq, rs, "visit_new", tr(job.who.lang, TR("訪問記録")), job.data, e);
}

ROUTE_DEFINE(route_visit_new, GET, "/cases/:case/visits/new", NEEDS(RECORD_WRITE), .summary = TR("訪問記録を書く画面"),
             .handle = page);

/* ---- writing ------------------------------------------------------------------------------------------------------------------ */

static void take_paragraphs(struct visit_job *job)
{
  const struct doc *in = job->rq->input;
  const struct visit_words words = {doc_get_str(in, "met"), doc_get_str(in, "how"), doc_get_str(in, "together"),
                                    doc_get_str(in, "response"), doc_get_str(in, "worry")};
  job->record.count = visit_paragraphs(job->rq->arena, &words, job->paragraphs);
}

static enum code take_visit(struct visit_job *job, struct err *e)
{
  const struct doc *in = job->rq->input;
  struct record_new *r = &job->record;
  struct date day = {0};
  (void)date_parse_iso(doc_get_str(in, "day"), &day);
  (void)date_parse_iso(doc_get_str(in, "next_day"), &r->next_date);
  ts_t until = record_instant(day, doc_get_str(in, "until"));
  bool met = !str_is(doc_get_str(in, "met"), "none");
  r->at = record_instant(day, doc_get_str(in, "from"));
  if (until < r->at)
    return err_field(e, "until", TR("終えた時刻が、はじめた時刻より前になっています。"));
  r->minutes = until > r->at ? (until - r->at) / MS_MINUTE : 1;
  r->method = S("visit");
  r->with_whom = met ? S("person") : STR_NONE;
  r->place = STR_NONE;
  r->next = str_trim(doc_get_str(in, "next_what"));
  r->next_done = doc_get_bool(in, "next_done");
  r->contact = met;
  r->paragraphs = job->paragraphs;
  take_paragraphs(job);
  return OK;
}

static enum code handle_add(struct request *rq, struct response *rs, struct err *e)
{
  struct visit_job job = {.rq = rq};
  enum code c = gate_param(rq, "case", &job.case_id, e);
  if (c != OK)
    return c;
  if (gate_has_problems(rq))
    return page(rq, rs, e);
  c = take_visit(&job, e);
  return record_save(rq, rs, c, "visit_add", job.case_id, &job.record, TR("訪問を記録しました。"), e);
}

ROUTE_DEFINE(route_visit_add, POST, "/cases/:case/visits/new", NEEDS(RECORD_WRITE), .fields = fields,
             .summary = TR("訪問記録を書く"), .handle = handle_add);
