#include "casework/casework.h"
#include "gate/handler.h"

static const char *const method_codes[] = {"meet",    "phone",      "visit",  "accompany",
                                           "message", "conference", "online", NULL};
static const char *const met_codes[] = {"met", "voice", "none", NULL};
static const char *const partner_codes[] = {"person", "family", "school", "body", NULL};
static const struct field fields[] = {
    {.name = "day", .kind = FIELD_DATE, .required = true, .label = TR("日にち")},
    {.name = "time", .kind = FIELD_TIME, .label = TR("時刻")},
    {.name = "minutes", .kind = FIELD_INT, .min = 1, .max = 1440, .label = TR("所要時間(分)")},
    {.name = "method", .kind = FIELD_CHOICE, .required = true, .options = method_codes, .label = TR("方法")},
    {.name = "met", .kind = FIELD_CHOICE, .options = met_codes, .label = TR("会えましたか")},
    {.name = "partner", .kind = FIELD_CHOICES, .options = partner_codes, .label = TR("相手")},
    {.name = "place", .kind = FIELD_TEXT, .label = TR("場所")},
    {.name = "said_person", .kind = FIELD_LINES, .label = TR("本人の話")},
    {.name = "said_around", .kind = FIELD_LINES, .label = TR("家族・周囲の人の話")},
    {.name = "said_body", .kind = FIELD_LINES, .label = TR("他機関からの情報")},
    {.name = "staff_view", .kind = FIELD_LINES, .label = TR("支援者の所見")},
    {.name = "next_what", .kind = FIELD_TEXT, .label = TR("次にすること")},
    {.name = "next_day", .kind = FIELD_DATE, .label = TR("いつまでに")},
    {0}};

struct record_job {
  struct request *rq;
  struct reader who;
  id64 case_id;
  struct doc *data;
  struct record_new record;
  struct paragraph_new paragraphs[4];
};

static enum code read_strip(struct tx *tx, void *arg, struct err *e)
{
  struct record_job *job = arg;
  struct case_head head = {0};
  const struct scope *s = NULL;
  struct doc *strip = NULL;
  enum code c = case_enter(tx, gate_actor(job->rq), ACTION_RECORD_WRITE, job->case_id, &head, &s, e);
  if (c == OK)
    c = case_strip(tx, s, &head, job->rq->arena, &job->who, &strip, e);
  if (c == OK)
    doc_put(job->data, "strip", strip);
  return c;
}

static enum code page(struct request *rq, struct response *rs, struct err *e)
{
  struct record_job job = {.rq = rq, .who = gate_reader(rq), .data = doc_map(rq->arena)};
  struct doc *initial = doc_map(rq->arena);
  enum code c = gate_param(rq, "case", &job.case_id, e);
  if (c == OK)
    c = gate_read(rq, read_strip, &job, e);
  if (c != OK)
    return c;
  int minute = ts_minute_of_day(gate_now(rq));
  doc_put_id(job.data, "case_id", job.case_id);
  doc_put_str(initial, "day", date_iso(rq->arena, job.who.today));
  doc_put_str(initial, "time", str_printf(rq->arena, "%02d:%02d", minute / 60, minute % 60));
  doc_put(job.data, "f", gate_form(rq, fields, initial));
  return gate_page(rq, rs, "record_new", tr(job.who.lang, TR("記録する")), job.data, e);
}

ROUTE_DEFINE(route_record_new, GET, "/cases/:case/records/new", NEEDS(RECORD_WRITE), .summary = TR("記録を書く画面"),
             .handle = page);

/* "10:02" of a day; without a time the day's noon, so that the order of days holds. */
static ts_t instant_of(struct date day, struct str time)
{
  int64_t hour = 12, minute = 0;
  if (time.n == 5) {
    (void)str_to_i64(str_sub(time, 0, 2), &hour);
    (void)str_to_i64(str_sub(time, 3, 2), &minute);
  }
  return date_start_ts(day) + hour * MS_HOUR + minute * MS_MINUTE;
}

static struct str partners_of(struct request *rq)
{
  struct buf b;
  const struct doc *list = doc_get(rq->input, "partner");
  buf_init(&b, rq->arena, 256);
  for (size_t i = 0; i < doc_size(list); i++) {
    if (i)
      buf_add_c(&b, ' ');
    buf_add(&b, doc_string(doc_at(list, i)));
  }
  return buf_str(&b);
}

static void take_paragraph(struct record_job *job, const char *field, enum source source)
{
  struct str text = str_trim(doc_get_str(job->rq->input, field));
  if (text.n)
    job->paragraphs[job->record.count++] =
        (struct paragraph_new){.text = text, .source = source, .category = CAT_SUPPORT};
}

static void take_record(struct record_job *job)
{
  const struct doc *in = job->rq->input;
  struct record_new *r = &job->record;
  struct date day = {0};
  (void)date_parse_iso(doc_get_str(in, "day"), &day);
  (void)date_parse_iso(doc_get_str(in, "next_day"), &r->next_date);
  r->at = instant_of(day, doc_get_str(in, "time"));
  r->minutes = doc_get_int(in, "minutes");
  r->method = doc_get_str(in, "method");
  r->with_whom = partners_of(job->rq);
  r->place = str_trim(doc_get_str(in, "place"));
  r->next = str_trim(doc_get_str(in, "next_what"));
  r->contact = !str_is(doc_get_str(in, "met"), "none") && !str_is(r->method, "conference");
  r->paragraphs = job->paragraphs;
  take_paragraph(job, "said_person", SOURCE_PERSON);
  take_paragraph(job, "said_around", SOURCE_AROUND);
  take_paragraph(job, "said_body", SOURCE_OTHER_BODY);
  take_paragraph(job, "staff_view", SOURCE_STAFF);
}

static enum code add(struct tx *tx, void *arg, struct err *e)
{
  struct record_job *job = arg;
  struct case_head head = {0};
  const struct scope *s = NULL;
  id64 id = 0;
  enum code c = case_enter(tx, gate_actor(job->rq), ACTION_RECORD_WRITE, job->case_id, &head, &s, e);
  return c == OK ? record_add(tx, s, job->case_id, &job->record, &id, e) : c;
}

static enum code handle_add(struct request *rq, struct response *rs, struct err *e)
{
  struct record_job job = {.rq = rq};
  enum code c = gate_param(rq, "case", &job.case_id, e);
  if (c != OK)
    return c;
  if (gate_has_problems(rq))
    return page(rq, rs, e);
  take_record(&job);
  c = gate_write(rq, "record_add", add, &job, e);
  return c == OK ? gate_done(rq, rs, gate_path(rq, "/cases/", job.case_id, ""), TR("記録を保存しました。"), e) : c;
}

ROUTE_DEFINE(route_record_add, POST, "/cases/:case/records/new", NEEDS(RECORD_WRITE), .fields = fields,
             .summary = TR("記録を書く"), .handle = handle_add);
