/* correct_web.c: a record of one's own organization, corrected: when, how and with whom it was, what comes next, and paragraph by paragraph. */
#include "base/utf8.h"
#include "casework/casework.h"
#include "casework/record_form.h"
#include "gate/handler.h"

/* Without rev only paragraphs are meant. */
static const struct field fields[] = {
    {.name = "rev", .kind = FIELD_INT, .min = 0, .max = INT64_MAX},
    {.name = "day", .kind = FIELD_DATE, .label = TR("日にち")},
    {.name = "time", .kind = FIELD_TIME, .label = TR("時刻")},
    {.name = "minutes", .kind = FIELD_INT, .min = 1, .max = 1440, .label = TR("所要時間(分)")},
    {.name = "method", .kind = FIELD_CHOICE, .options = record_methods, .label = TR("方法")},
    {.name = "partner", .kind = FIELD_CHOICES, .options = record_partners, .label = TR("相手")},
    {.name = "place", .kind = FIELD_TEXT, .label = TR("場所")},
    {.name = "paragraph", .kind = FIELD_MAP, .label = TR("内容")},
    {.name = "next_what", .kind = FIELD_TEXT, .label = TR("次にすること")},
    {.name = "next_day", .kind = FIELD_DATE, .label = TR("いつまでに")},
    {0}};

struct correct_job {
  struct request *rq;
  struct reader who;
  id64 case_id, record;
  struct doc *data, *paragraphs;
  struct record_head head;
  bool visit_only, head_typed;
  struct correction list[RECORD_PARAGRAPHS];
  size_t count;
};

static enum code enter(struct tx *tx, struct correct_job *job, const struct scope **ret, struct case_head *head,
                       struct err *e)
{
  return case_enter(tx, gate_actor(job->rq), ACTION_RECORD_WRITE, job->case_id, head, ret, e);
}

static enum code read_record(struct tx *tx, void *arg, struct err *e)
{
  struct correct_job *job = arg;
  struct case_head head = {0};
  const struct scope *s = NULL;
  struct doc *strip = NULL;
  enum code c = enter(tx, job, &s, &head, e);
  job->data = doc_map(job->rq->arena);
  if (c == OK)
    c = record_paragraphs(tx, s, job->case_id, job->record, job->rq->arena, &job->paragraphs, e);
  if (c == OK)
    c = case_strip(tx, s, &head, job->rq->arena, &job->who, &strip, e);
  if (c != OK)
    return c;
  doc_put(job->data, "strip", strip);
  job->visit_only = scope_decision(s)->visit_only;
  return job->visit_only ? OK : record_head_read(tx, s, job->case_id, job->record, job->rq->arena, &job->head, e);
}

static struct doc *head_values(struct correct_job *job)
{
  struct arena *a = job->rq->arena;
  struct doc *d = doc_map(a), *partners = NULL;
  struct str rest = job->head.with_whom, code;
  int minute = ts_minute_of_day(job->head.at);
  doc_put_str(d, "day", date_iso(a, date_of_ts(job->head.at)));
  doc_put_str(d, "time", str_printf(a, "%02d:%02d", minute / 60, minute % 60));
  doc_put_str(d, "minutes", job->head.minutes ? str_printf(a, "%lld", (long long)job->head.minutes) : STR_NONE);
  doc_put_str(d, "method", job->head.method);
  partners = doc_put_list(d, "partner");
  while (str_split(&rest, ' ', &code))
    doc_add_str(partners, code);
  doc_put_str(d, "place", job->head.place);
  doc_put_str(d, "next_what", job->head.next);
  doc_put_str(d, "next_day", date_known(job->head.next_date) ? date_iso(a, job->head.next_date) : STR_NONE);
  return d;
}

static void put_head(struct correct_job *job)
{
  struct str typed = doc_get_str(gate_typed(job->rq), "rev");
  doc_put_bool(job->data, "has_head", !job->visit_only);
  if (job->visit_only)
    return;
  doc_put_str(job->data, "rev",
              gate_has_problems(job->rq) && typed.n ? typed
                                                    : str_printf(job->rq->arena, "%lld", (long long)job->head.rev));
  struct doc *f = gate_form(job->rq, fields, head_values(job));
  doc_put_null(f, "met");
  doc_put(job->data, "f", f);
}

/* What stands, or what was typed over it. */
static void put_paragraph(const struct correct_job *job, size_t i, const struct doc *stands, struct doc *list)
{
  struct arena *a = job->rq->arena;
  const struct doc *typed = gate_has_problems(job->rq) ? doc_get(gate_typed(job->rq), "paragraph") : NULL;
  const struct doc *row = record_typed_row(typed, a, i);
  const struct doc *from = row ? row : stands;
  struct str error = record_problem(job->rq, str_printf(a, "paragraph.%zu.text", i));
  struct doc *d = doc_add_map(list);
  doc_put_str(d, "name", str_printf(a, "paragraph.%zu", i));
  doc_put_str(d, "id", str_printf(a, "f-paragraph.%zu.text", i));
  doc_put_str(d, "paragraph_id", doc_get_str(from, "id"));
  doc_put_str(d, "text", doc_get_str(from, "text"));
  doc_put_bool(d, "visit", doc_get_bool(from, "visit") || str_is(doc_get_str(from, "visit"), "1"));
  doc_put_bool(d, "has_error", error.n > 0);
  doc_put_str(d, "error", error);
  record_put_sources(d, job->who.lang, doc_get_str(from, "source"));
  record_put_categories(d, job->who.lang,
                        row ? doc_get_str(row, "category")
                            : str_from(category_code_of((cats_t)doc_get_int(stands, "category"))));
}

static enum code page(struct request *rq, struct response *rs, struct err *e)
{
  struct correct_job job = {.rq = rq, .who = gate_reader(rq)};
  enum code c = gate_param(rq, "case", &job.case_id, e);
  if (c == OK)
    c = gate_param(rq, "record", &job.record, e);
  if (c == OK)
    c = gate_read(rq, read_record, &job, e);
  if (c != OK)
    return c;
  struct doc *list = doc_put_list(job.data, "paragraphs");
  for (size_t i = 0; i < doc_size(job.paragraphs) && i < RECORD_PARAGRAPHS; i++)
    put_paragraph(&job, i, doc_at(job.paragraphs, i), list);
  put_head(&job);
  doc_put_id(job.data, "case_id", job.case_id);
  doc_put_id(job.data, "record_id", job.record);
  return gate_page(rq, rs, "record_edit", tr(job.who.lang, TR("記録を直す")), job.data, e);
}

ROUTE_DEFINE(route_record_edit, GET, "/cases/:case/records/:record", NEEDS(RECORD_WRITE),
             .summary = TR("記録を直す画面"), .handle = page);

static enum code take(struct correct_job *job, struct err *e)
{
  const struct doc *typed = doc_get(job->rq->input, "paragraph");
  for (size_t i = 0; i < doc_size(typed) && i < RECORD_PARAGRAPHS; i++) {
    const struct doc *row = record_typed_row(typed, job->rq->arena, i);
    struct correction *k = &job->list[job->count];
    if (doc_kind(row) != DOC_MAP || doc_kind(doc_get(row, "id")) != DOC_STR || !doc_get_id(row, "id", &k->paragraph))
      return err_set(e, INVALID, TR("段落は、内容・だれの話か・区分を文字列で送ってください。"));
    enum code c = record_take_paragraph(job->rq, row, &k->p, e);
    if (c == OK && !k->p.text.n)
      c = err_field(e, "", TR("文を空にはできません。まちがいだったときは、そのことを書いてください。"));
    if (c != OK) {
      snprintf(e->field, sizeof e->field, "paragraph.%zu.text", i);
      return c;
    }
    job->count++;
  }
  return OK;
}

static enum code take_head(struct correct_job *job, struct err *e)
{
  const struct doc *in = job->rq->input;
  struct record_head *h = &job->head;
  struct date day = {0};
  job->head_typed = doc_kind(doc_get(in, "rev")) == DOC_INT;
  if (!job->head_typed)
    return OK;
  (void)date_parse_iso(doc_get_str(in, "day"), &day);
  (void)date_parse_iso(doc_get_str(in, "next_day"), &h->next_date);
  if (!date_known(day))
    return err_field(e, "day", TR("日にちを、年・月・日で入力してください。"));
  h->method = doc_get_str(in, "method");
  if (!h->method.n)
    return err_field(e, "method", TR("方法を選んでください。"));
  h->rev = doc_get_int(in, "rev");
  h->at = record_instant(day, doc_get_str(in, "time"));
  h->minutes = doc_get_int(in, "minutes");
  h->with_whom = record_typed_partners(job->rq);
  h->place = str_trim(doc_get_str(in, "place"));
  h->next = str_trim(doc_get_str(in, "next_what"));
  return OK;
}

static enum code correct(struct tx *tx, void *arg, struct err *e)
{
  struct correct_job *job = arg;
  struct case_head head = {0};
  const struct scope *s = NULL;
  enum code c = enter(tx, job, &s, &head, e);
  if (c == OK)
    c = record_correct(tx, s, job->case_id, job->record, job->list, job->count, e);
  return c == OK && job->head_typed && !scope_decision(s)->visit_only
             ? record_head_correct(tx, s, job->case_id, job->record, &job->head, e)
             : c;
}

static enum code handle_correct(struct request *rq, struct response *rs, struct err *e)
{
  struct correct_job job = {.rq = rq};
  enum code c = gate_param(rq, "case", &job.case_id, e);
  if (c == OK)
    c = gate_param(rq, "record", &job.record, e);
  if (c != OK)
    return c;
  if (gate_has_problems(rq))
    return page(rq, rs, e);
  c = take(&job, e);
  if (c == OK)
    c = take_head(&job, e);
  struct str path = gate_path(rq, "/cases/", job.case_id, "");
  gate_location(rq, path);
  if (c == OK)
    c = gate_write(rq, "record_correct", correct, &job, e);
  return c == OK ? gate_done(rq, rs, path, TR("記録を直しました。"), e) : c;
}

ROUTE_DEFINE(route_record_correct, POST, "/cases/:case/records/:record", NEEDS(RECORD_WRITE), .fields = fields,
             .summary = TR("記録を直す"), .handle = handle_correct);
