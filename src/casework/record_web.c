#include "base/utf8.h"
#include "casework/casework.h"
#include "casework/casework_sql.h"
#include "casework/record_form.h"
#include "form/form.h"
#include "gate/handler.h"
#include "gate/shown.h"

static const struct field fields[] = {
    {.name = "day", .kind = FIELD_DATE, .required = true, .label = TR("日にち")},
    {.name = "time", .kind = FIELD_TIME, .label = TR("時刻")},
    {.name = "minutes", .kind = FIELD_INT, .min = 1, .max = 1440, .label = TR("所要時間(分)")},
    {.name = "method", .kind = FIELD_CHOICE, .required = true, .options = record_methods, .label = TR("方法")},
    {.name = "met", .kind = FIELD_CHOICE, .options = record_met, .label = TR("会えましたか")},
    {.name = "partner", .kind = FIELD_CHOICES, .options = record_partners, .label = TR("相手")},
    {.name = "place", .kind = FIELD_TEXT, .label = TR("場所")},
    {.name = "paragraph", .kind = FIELD_MAP, .label = TR("内容")},
    {.name = "next_what", .kind = FIELD_TEXT, .label = TR("次にすること")},
    {.name = "next_day", .kind = FIELD_DATE, .label = TR("いつまでに")},
    {.name = "next_done", .kind = FIELD_BOOL, .label = TR("いまの「次にすること」は、済みました")},
    {0}};

static const struct field page_fields[] = {{.name = "phrase", .kind = FIELD_ID}, {0}};

struct record_job {
  struct request *rq;
  struct reader who;
  id64 case_id;
  struct doc *data, *phrases;
  struct phrase begun;
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
  return c == OK ? phrase_sql_list(tx, scope_organization(s), job->rq->arena, &job->phrases, e) : c;
}

/* 定型文 as links; the one that was chosen is what the form begins with. */
static void put_phrases(struct record_job *job, struct doc *initial)
{
  struct str chosen = job->rq->method == GET ? doc_get_str(job->rq->input, "phrase") : STR_NONE;
  struct doc *list = doc_put_list(job->data, "phrases");
  struct str path = gate_path(job->rq, "/cases/", job->case_id, "/records/new");
  for (size_t i = 0; i < doc_size(job->phrases); i++) {
    const struct doc *p = doc_at(job->phrases, i);
    struct str id = doc_get_str(p, "id");
    struct doc *m = doc_add_map(list);
    doc_put_str(m, "href", str_printf(job->rq->arena, "%.*s?phrase=%.*s", STR_FMT(path), STR_FMT(id)));
    doc_put_str(m, "label", doc_get_str(p, "label"));
    if (!str_eq(id, chosen))
      continue;
    job->begun.body = doc_get_str(p, "body");
    doc_put_str(initial, "method", doc_get_str(p, "method"));
    doc_put_str(initial, "met", doc_get_str(p, "met"));
  }
  doc_put_bool(job->data, "has_phrases", doc_size(list) > 0);
  doc_put_bool(job->data, "can_phrase", gate_may(job->rq, ACTION_PERSON_CREATE));
}

/* ---- paragraphs: one for each source, more where more were typed -------------------------------------------------- */

static void put_paragraphs(struct record_job *job)
{
  struct arena *a = job->rq->arena;
  const struct doc *typed = gate_has_problems(job->rq) ? doc_get(gate_typed(job->rq), "paragraph") : NULL;
  struct doc *list = doc_put_list(job->data, "paragraphs");
  size_t count = doc_size(typed) > SOURCES ? doc_size(typed) : SOURCES;
  for (size_t i = 0; i < count && i < RECORD_PARAGRAPHS; i++) {
    const struct doc *row = record_typed_row(typed, a, i);
    enum source source = i < SOURCES ? (enum source)(SOURCE_PERSON + i) : SOURCE_STAFF;
    (void)source_parse(doc_get_str(row, "source"), &source);
    struct str error = record_problem(job->rq, str_printf(a, "paragraph.%zu.text", i));
    struct doc *d = doc_add_map(list);
    doc_put_str(d, "name", str_printf(a, "paragraph.%zu", i));
    doc_put_str(d, "id", str_printf(a, "f-paragraph.%zu.text", i));
    doc_put_cstr(d, "source", source_code(source));
    doc_put_str(d, "word", tr(job->who.lang, source_label(source)));
    bool begun = !typed && i == SOURCES - 1; /* 支援者の所見 */
    doc_put_str(d, "text", begun ? job->begun.body : doc_get_str(row, "text"));
    doc_put_bool(d, "visit", doc_get_bool(row, "visit") || str_is(doc_get_str(row, "visit"), "1"));
    doc_put_bool(d, "has_error", error.n > 0);
    doc_put_str(d, "error", error);
    record_put_categories(d, job->who.lang, doc_get_str(row, "category"));
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
  put_phrases(&job, initial);
  put_paragraphs(&job);
  doc_put_str(initial, "day", date_iso(rq->arena, job.who.today));
  doc_put_str(initial, "time", str_printf(rq->arena, "%02d:%02d", minute / 60, minute % 60));
  doc_put(job.data, "f", gate_form(rq, fields, initial));
  return gate_page(rq, rs, "record_new", tr(job.who.lang, TR("記録する")), job.data, e);
}

ROUTE_DEFINE(route_record_new, GET, "/cases/:case/records/new", NEEDS(RECORD_WRITE), .fields = page_fields,
             .summary = TR("記録を書く画面"), .handle = page);

/* That nobody was met, or only heard, is a word of the record by itself: a try needs no other. */
static void take_met(struct record_job *job)
{
  struct record_new *r = &job->record;
  struct str met = doc_get_str(job->rq->input, "met"), said = record_met_text(met, r->method);
  if (met.n && !str_is(met, "met"))
    job->paragraphs[r->count++] =
        (struct paragraph_new){.text = str_printf(job->rq->arena, "%s：%.*s", JA("会えたか"), STR_FMT(said)),
                               .source = SOURCE_STAFF,
                               .category = CAT_SUPPORT,
                               .visit = str_is(r->method, "visit")};
}

static enum code take_paragraphs(struct record_job *job, struct err *e)
{
  const struct doc *typed = doc_get(job->rq->input, "paragraph");
  take_met(job);
  if (doc_size(typed) + job->record.count > RECORD_PARAGRAPHS)
    return err_field(e, "paragraph.0.text", TR("段落は20までです。記録を分けてください。"));
  for (size_t i = 0; i < doc_size(typed); i++) {
    struct paragraph_new *p = &job->paragraphs[job->record.count];
    enum code c = record_take_paragraph(job->rq, record_typed_row(typed, job->rq->arena, i), p, e);
    if (c == OK) {
      job->record.count += p->text.n > 0; /* an empty paragraph is none */
      continue;
    }
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
  r->at = record_instant(day, doc_get_str(in, "time"));
  r->minutes = doc_get_int(in, "minutes");
  r->method = doc_get_str(in, "method");
  r->with_whom = shown_text(job->rq->arena, doc_get(job->rq->input, "partner"));
  r->place = str_trim(doc_get_str(in, "place"));
  r->next = str_trim(doc_get_str(in, "next_what"));
  r->next_done = doc_get_bool(in, "next_done");
  r->contact = !str_is(doc_get_str(in, "met"), "none") && !str_is(r->method, "conference");
  r->paragraphs = job->paragraphs;
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
  return record_save(rq, rs, c, "record_add", job.case_id, &job.record, TR("記録を保存しました。"), e);
}

ROUTE_DEFINE(route_record_add, POST, "/cases/:case/records/new", NEEDS(RECORD_WRITE), .fields = fields,
             .summary = TR("記録を書く"), .handle = handle_add);
