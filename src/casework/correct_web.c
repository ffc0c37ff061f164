/* correct_web.c: a record of one's own organization, corrected: when, how and with whom it was, what comes next, and paragraph by paragraph. */
#include "casework/casework.h"
#include "casework/record_form.h"
#include "gate/handler.h"
#include "gate/shown.h"

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
    {.name = "shown", .kind = FIELD_MAP, .apart = true},
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

static struct doc *head_values(struct arena *a, const struct record_head *h)
{
  struct doc *d = doc_map(a), *partners = NULL;
  struct str rest = h->with_whom, code;
  int minute = ts_minute_of_day(h->at);
  doc_put_str(d, "day", date_iso(a, date_of_ts(h->at)));
  doc_put_str(d, "time", str_printf(a, "%02d:%02d", minute / 60, minute % 60));
  if (h->minutes)
    doc_put_int(d, "minutes", h->minutes);
  else
    doc_put_null(d, "minutes");
  doc_put_str(d, "method", h->method);
  partners = doc_put_list(d, "partner");
  while (str_split(&rest, ' ', &code))
    doc_add_str(partners, code);
  doc_put_str(d, "place", h->place);
  doc_put_str(d, "next_what", h->next);
  doc_put_str(d, "next_day", date_known(h->next_date) ? date_iso(a, h->next_date) : STR_NONE);
  return d;
}

/* Codes and days as they are read. */
static struct doc *head_words(struct correct_job *job)
{
  struct arena *a = job->rq->arena;
  struct doc *d = doc_map(a);
  doc_put_str(d, "partner", case_partners_text(a, job->who.lang, job->head.with_whom));
  doc_put_str(d, "method", case_method_word(job->who.lang, job->head.method));
  doc_put_str(d, "day", reader_date(a, &job->who, date_of_ts(job->head.at)));
  doc_put_str(d, "next_day",
              date_known(job->head.next_date) ? reader_date(a, &job->who, job->head.next_date) : STR_NONE);
  return d;
}

static bool says_shown(const struct request *rq)
{
  return doc_kind(doc_get(doc_get(rq->typed, "shown"), "day")) == DOC_STR;
}

static void put_head(struct correct_job *job)
{
  struct request *rq = job->rq;
  struct str typed = doc_get_str(gate_typed(rq), "rev");
  doc_put_bool(job->data, "has_head", !job->visit_only);
  if (job->visit_only)
    return;
  bool keep = gate_has_problems(rq) && typed.n && !says_shown(rq);
  doc_put_str(job->data, "rev", keep ? typed : str_printf(rq->arena, "%lld", (long long)job->head.rev));
  struct doc *f = shown_form(rq, fields, head_values(rq->arena, &job->head), head_words(job));
  doc_put_null(f, "met");
  doc_put(job->data, "f", f);
}

static bool is_ticked(const struct doc *row)
{
  return doc_get_bool(row, "visit") || str_is(doc_get_str(row, "visit"), "1");
}

/* Whose words, what about, and who visits: of a row as it is sent. */
static struct str about_of(struct arena *a, const struct doc *row)
{
  return str_printf(a, "%.*s %.*s %d", STR_FMT(doc_get_str(row, "source")), STR_FMT(doc_get_str(row, "category")),
                    is_ticked(row));
}

/* The row says what it showed, and nothing of it was changed. */
static bool is_kept(struct arena *a, const struct doc *row)
{
  return doc_kind(doc_get(row, "was")) == DOC_STR &&
         str_eq(shown_clean(a, doc_get_str(row, "was")), shown_clean(a, doc_get_str(row, "text"))) &&
         str_eq(doc_get_str(row, "was_about"), about_of(a, row));
}

/* A correction gives a paragraph another id and leaves it in its line. */
static const struct doc *row_of(const struct correct_job *job, size_t i, const struct doc *stands)
{
  struct arena *a = job->rq->arena;
  const struct doc *typed = gate_has_problems(job->rq) ? doc_get(gate_typed(job->rq), "paragraph") : NULL;
  struct str line = str_printf(a, "%lld", (long long)doc_get_int(stands, "line"));
  for (size_t k = 0; k < RECORD_PARAGRAPHS; k++) {
    const struct doc *row = record_typed_row(typed, a, k);
    if (row && str_eq(doc_get_str(row, "line"), line))
      return row;
  }
  const struct doc *row = record_typed_row(typed, a, i);
  return doc_get_str(row, "line").n ? NULL : row;
}

/* What stands, for the form to send back; and for whoever typed over it if another was faster. */
static void put_standing(const struct correct_job *job, const struct doc *stands, const struct doc *row, struct doc *d)
{
  struct arena *a = job->rq->arena;
  cats_t category = (cats_t)doc_get_int(stands, "category");
  struct str source = doc_get_str(stands, "source"), sources = STR_NONE, about = STR_NONE;
  for (int i = 0; source_codes[i]; i++)
    if (str_is(source, source_codes[i]))
      sources = tr(job->who.lang, source_label((enum source)(SOURCE_PERSON + i)));
  for (int i = 0; i < CATEGORIES; i++)
    if (category == (cats_t)1 << i)
      about = tr(job->who.lang, category_label(i));
  doc_put_str(d, "paragraph_id", doc_get_str(stands, "id"));
  doc_put_str(d, "line", str_printf(a, "%lld", (long long)doc_get_int(stands, "line")));
  doc_put_str(d, "was", doc_get_str(stands, "text"));
  doc_put_str(d, "was_about",
              str_printf(a, "%.*s %s %d", STR_FMT(source), category_code_of(category), doc_get_bool(stands, "visit")));
  doc_put_bool(d, "has_meanwhile", row && !str_eq(doc_get_str(row, "id"), doc_get_str(stands, "id")));
  doc_put_str(d, "meanwhile", doc_get_str(stands, "text"));
  doc_put_str(d, "meanwhile_about", str_printf(a, "%.*s / %.*s", STR_FMT(sources), STR_FMT(about)));
}

/* What stands, or what was typed over it. */
static void put_paragraph(const struct correct_job *job, size_t i, const struct doc *stands, struct doc *list)
{
  struct arena *a = job->rq->arena;
  const struct doc *row = row_of(job, i, stands);
  if (row && is_kept(a, row))
    row = NULL;
  const struct doc *from = row ? row : stands;
  struct str error = record_problem(job->rq, str_printf(a, "paragraph.%zu.text", i));
  struct doc *d = doc_add_map(list);
  doc_put_str(d, "name", str_printf(a, "paragraph.%zu", i));
  doc_put_str(d, "id", str_printf(a, "f-paragraph.%zu.text", i));
  doc_put_str(d, "text", doc_get_str(from, "text"));
  doc_put_bool(d, "visit", is_ticked(from));
  doc_put_bool(d, "has_error", error.n > 0);
  doc_put_str(d, "error", error);
  put_standing(job, stands, row, d);
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
    if (!is_kept(job->rq->arena, row))
      job->count++;
  }
  return OK;
}

static void fill_head(struct arena *a, const struct doc *in, struct record_head *h)
{
  struct date day = {0};
  h->next_date = (struct date){0};
  (void)date_parse_iso(doc_get_str(in, "day"), &day);
  (void)date_parse_iso(doc_get_str(in, "next_day"), &h->next_date);
  h->method = doc_get_str(in, "method");
  h->at = record_instant(day, doc_get_str(in, "time"));
  h->minutes = doc_get_int(in, "minutes");
  h->with_whom = shown_text(a, doc_get(in, "partner"));
  h->place = str_trim(doc_get_str(in, "place"));
  h->next = str_trim(doc_get_str(in, "next_what"));
}

static enum code take_head(struct correct_job *job, struct err *e)
{
  const struct doc *in = job->rq->input;
  struct date day = {0};
  job->head_typed = doc_kind(doc_get(in, "rev")) == DOC_INT;
  if (!job->head_typed)
    return OK;
  (void)date_parse_iso(doc_get_str(in, "day"), &day);
  if (!date_known(day))
    return err_field(e, "day", TR("日にちを、年・月・日で入力してください。"));
  if (!doc_get_str(in, "method").n)
    return err_field(e, "method", TR("方法を選んでください。"));
  fill_head(job->rq->arena, in, &job->head);
  job->head.rev = doc_get_int(in, "rev");
  return OK;
}

/* What the form did not change is as it stands, whoever changed it meanwhile. */
static enum code merge_head(struct tx *tx, const struct scope *s, const struct correct_job *job,
                            struct record_head *ret, struct err *e)
{
  struct arena *a = job->rq->arena;
  struct record_head now = {0};
  struct needles *secret = NULL;
  *ret = job->head;
  if (!says_shown(job->rq))
    return OK;
  enum code c = record_head_read(tx, s, job->case_id, job->record, a, &now, e);
  if (c == OK)
    c = person_concealed(tx, s, tx_arena(tx), &secret, e);
  if (c != OK)
    return c;
  struct doc *stands = head_values(a, &now), *merged = doc_copy(a, job->rq->input);
  for (const struct field *f = fields; f->name; f++) {
    const struct doc *value = doc_get(stands, f->name);
    if (!value)
      continue;
    struct str text = needles_mask(secret, a, shown_text(a, value), str_from(CONCEALED_MARK));
    enum shown how = shown_of(job->rq, f->name, shown_text(a, doc_get(job->rq->input, f->name)), text);
    if (how == SHOWN_KEPT)
      doc_replace(merged, f->name, doc_copy(a, value));
    if (how == SHOWN_MEANWHILE) {
      (void)err_set(e, CONFLICT, SHOWN_TOO_LATE);
      snprintf(e->field, sizeof e->field, "%s", f->name);
      return CONFLICT;
    }
  }
  fill_head(a, merged, ret);
  ret->rev = now.rev;
  return OK;
}

static enum code correct(struct tx *tx, void *arg, struct err *e)
{
  struct correct_job *job = arg;
  struct case_head head = {0};
  struct record_head to = {0};
  const struct scope *s = NULL;
  enum code c = enter(tx, job, &s, &head, e);
  if (c == OK)
    c = record_correct(tx, s, job->case_id, job->record, job->list, job->count, e);
  if (c != OK || !job->head_typed || scope_decision(s)->visit_only)
    return c;
  c = merge_head(tx, s, job, &to, e);
  return c == OK ? record_head_correct(tx, s, job->case_id, job->record, &to, e) : c;
}

/* Somebody was faster: what stands beside what was typed, and pressing once more saves it. */
static enum code show_both(struct request *rq, struct response *rs, struct err *e)
{
  request_problem(rq, e->field[0] ? e->field : "conflict", tr_err(rq->arena, gate_lang(rq), e));
  *e = (struct err){0};
  enum code c = page(rq, rs, e);
  if (c == OK)
    rs->status = code_http_status(CONFLICT);
  return c;
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
  if (c == CONFLICT && !rq->wants_json)
    return show_both(rq, rs, e);
  return c == OK ? gate_done(rq, rs, path, TR("記録を直しました。"), e) : c;
}

ROUTE_DEFINE(route_record_correct, POST, "/cases/:case/records/:record", NEEDS(RECORD_WRITE), .fields = fields,
             .summary = TR("記録を直す"), .handle = handle_correct);
