#include "base/utf8.h"
#include "casework/casework.h"
#include "form/form.h"
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
    {.name = "paragraph", .kind = FIELD_MAP, .label = TR("内容")},
    {.name = "next_what", .kind = FIELD_TEXT, .label = TR("次にすること")},
    {.name = "next_day", .kind = FIELD_DATE, .label = TR("いつまでに")},
    {.name = "next_done", .kind = FIELD_BOOL, .label = TR("いまの「次にすること」は、済みました")},
    {0}};

enum { RECORD_PARAGRAPHS = 20 };

struct record_job {
  struct request *rq;
  struct reader who;
  id64 case_id;
  struct doc *data;
  struct record_new record;
  struct paragraph_new paragraphs[RECORD_PARAGRAPHS];
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
    doc_replace(job->data, "strip", strip);
  if (c == OK)
    doc_replace(job->data, "step", doc_str(job->rq->arena, doc_get_str(strip, "next")));
  return c;
}

/* ---- paragraphs: one for each source, more where more were typed -------------------------------------------------- */

static const struct {
  const char *code, *word;
  enum source source;
} sources[] = {{"person", TR("本人の話"), SOURCE_PERSON},
               {"around", TR("家族・周囲の人の話"), SOURCE_AROUND},
               {"other_body", TR("他機関からの情報"), SOURCE_OTHER_BODY},
               {"staff", TR("支援者の所見"), SOURCE_STAFF}};
enum { SOURCES = sizeof sources / sizeof *sources };

static size_t source_index(struct str code, size_t fallback)
{
  for (size_t i = 0; i < SOURCES; i++)
    if (str_is(code, sources[i].code))
      return i;
  return fallback;
}

static void put_categories(const struct record_job *job, struct doc *d, struct str chosen)
{
  struct doc *list = doc_put_list(d, "categories");
  for (int i = 0; i < CATEGORIES; i++) {
    struct doc *m = doc_add_map(list);
    doc_put_cstr(m, "value", category_code(i));
    doc_put_str(m, "word", tr(job->who.lang, category_label(i)));
    doc_put_bool(m, "selected", str_is(chosen.n ? chosen : S("support"), category_code(i)));
  }
}

static struct str problem_of(const struct request *rq, struct str field)
{
  for (const struct problem *p = rq->problems; p; p = p->next)
    if (str_eq(p->field, field))
      return p->text;
  return STR_NONE;
}

/* Rows typed in a form are a map with numbers as keys, in JSON a list. */
static const struct doc *typed_row(const struct doc *typed, struct arena *a, size_t i)
{
  return doc_kind(typed) == DOC_LIST ? doc_at(typed, i) : doc_get_key(typed, str_printf(a, "%zu", i));
}

static void put_paragraphs(struct record_job *job)
{
  struct arena *a = job->rq->arena;
  const struct doc *typed = gate_has_problems(job->rq) ? doc_get(gate_typed(job->rq), "paragraph") : NULL;
  struct doc *list = doc_put_list(job->data, "paragraphs");
  size_t count = doc_size(typed) > SOURCES ? doc_size(typed) : SOURCES;
  for (size_t i = 0; i < count && i < RECORD_PARAGRAPHS; i++) {
    const struct doc *row = typed_row(typed, a, i);
    size_t source = source_index(doc_get_str(row, "source"), i < SOURCES ? i : SOURCES - 1);
    struct str error = problem_of(job->rq, str_printf(a, "paragraph.%zu.text", i));
    struct doc *d = doc_add_map(list);
    doc_put_str(d, "name", str_printf(a, "paragraph.%zu", i));
    doc_put_str(d, "id", str_printf(a, "f-paragraph.%zu.text", i));
    doc_put_cstr(d, "source", sources[source].code);
    doc_put_str(d, "word", tr(job->who.lang, sources[source].word));
    doc_put_str(d, "text", doc_get_str(row, "text"));
    doc_put_bool(d, "visit", doc_get_bool(row, "visit") || str_is(doc_get_str(row, "visit"), "1"));
    doc_put_bool(d, "has_error", error.n > 0);
    doc_put_str(d, "error", error);
    put_categories(job, d, doc_get_str(row, "category"));
  }
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
  put_paragraphs(&job);
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

/* 0: none of that name. */
static cats_t category_of(struct str code)
{
  for (int i = 0; i < CATEGORIES; i++)
    if (str_is(code, category_code(i)))
      return 1u << i;
  return code.n ? 0 : CAT_SUPPORT;
}

static bool is_text(const struct doc *row, const char *key)
{
  enum doc_kind kind = doc_kind(doc_get(row, key));
  return kind == DOC_STR || kind == DOC_NULL;
}

/* What stands in a map comes unchecked: each text through the same door as a field. An empty paragraph is none. */
static enum code take_paragraph(struct record_job *job, const struct doc *row, struct err *e)
{
  struct str text = str_trim(utf8_normalize_newlines(job->rq->arena, doc_get_str(row, "text")));
  size_t source = source_index(doc_get_str(row, "source"), doc_get_str(row, "source").n ? SOURCES : SOURCES - 1);
  cats_t category = category_of(doc_get_str(row, "category"));
  if (doc_kind(row) != DOC_MAP || !is_text(row, "text") || !is_text(row, "source") || !is_text(row, "category"))
    return err_set(e, INVALID, TR("段落は、内容・だれの話か・区分を文字列で送ってください。"));
  if (!text.n)
    return OK;
  if (!category)
    return err_set(e, INVALID, TR("段落の区分を選びなおしてください。"));
  if (source == SOURCES)
    return err_set(e, INVALID, TR("段落がだれの話かを選びなおしてください。"));
  job->paragraphs[job->record.count++] =
      (struct paragraph_new){.text = text,
                             .source = sources[source].source,
                             .category = category,
                             .visit = doc_get_bool(row, "visit") || str_is(doc_get_str(row, "visit"), "1")};
  return field_check_text(text, true, 0, e);
}

static enum code take_paragraphs(struct record_job *job, struct err *e)
{
  const struct doc *typed = doc_get(job->rq->input, "paragraph");
  if (doc_size(typed) > RECORD_PARAGRAPHS)
    return err_field(e, "paragraph.0.text", TR("段落は20までです。記録を分けてください。"));
  for (size_t i = 0; i < doc_size(typed); i++) {
    enum code c = take_paragraph(job, typed_row(typed, job->rq->arena, i), e);
    if (c == OK)
      continue;
    snprintf(e->field, sizeof e->field, "paragraph.%zu.text", i);
    return c;
  }
  return OK;
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
  r->next_done = doc_get_bool(in, "next_done");
  r->contact = !str_is(doc_get_str(in, "met"), "none") && !str_is(r->method, "conference");
  r->paragraphs = job->paragraphs;
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
  c = take_paragraphs(&job, e);
  struct str path = gate_path(rq, "/cases/", job.case_id, "");
  gate_location(rq, path);
  if (c == OK)
    c = gate_write(rq, "record_add", add, &job, e);
  return c == OK ? gate_done(rq, rs, path, TR("記録を保存しました。"), e) : c;
}

ROUTE_DEFINE(route_record_add, POST, "/cases/:case/records/new", NEEDS(RECORD_WRITE), .fields = fields,
             .summary = TR("記録を書く"), .handle = handle_add);
