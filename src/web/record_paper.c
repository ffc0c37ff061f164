/* record_paper.c: 経過記録 on paper, from the oldest on: for a superior's stamp, a case conference, the file. The office's own copy. */
#include "web/record_paper.h"

#include "casework/casework.h"
#include "gate/handler.h"
#include "paper/paper.h"
#include "view/print.h"

enum { RECORDS_PRINTED = 300 };
const struct field record_paper_fields[] = {{.name = "from", .kind = FIELD_DATE, .label = TR("いつから")},
                                            {.name = "until", .kind = FIELD_DATE, .label = TR("いつまで")},
                                            {0}};

struct paper_job {
  struct request *rq;
  struct reader who;
  id64 case_id;
  struct date from, until; /* unknown: all */
  struct doc *strip, *records, *paper;
  bool more; /* older ones than are printed */
};

/* ---- what stands on it ------------------------------------------------------------------------------------------------------- */

static bool is_within(const struct paper_job *job, const struct doc *record)
{
  struct date day = date_of_ts(doc_get_int(record, "at"));
  return (!date_known(job->from) || date_compare(day, job->from) >= 0) &&
         (!date_known(job->until) || date_compare(day, job->until) <= 0);
}

/* Page by page as the case's own page has them, newest first. */
static enum code read_records(struct tx *tx, const struct scope *s, const struct case_head *head, struct paper_job *job,
                              struct err *e)
{
  struct arena *a = job->rq->arena;
  struct case_records of = {.only = true};
  enum code c = OK;
  bool more = case_cursor_parse(STR_NONE, &of.before);
  job->records = doc_list(a);
  while (c == OK && more && doc_size(job->records) < RECORDS_PRINTED) {
    struct doc *page = doc_map(a);
    c = case_put_timeline(tx, s, head, a, &job->who, &of, page, e);
    const struct doc *list = doc_get(page, "timeline");
    for (size_t i = 0; c == OK && i < doc_size(list); i++)
      if (is_within(job, doc_at(list, i)))
        doc_add(job->records, doc_at(list, i));
    more = c == OK && doc_get_bool(page, "has_more") && case_cursor_parse(doc_get_str(page, "more_from"), &of.before);
  }
  job->more = more;
  return c;
}

static void add_line(struct buf *b, struct str text)
{
  if (text.n)
    buf_printf(b, "%s%.*s", b->n ? "\n" : "", STR_FMT(text));
}

/* "令和8年11月10日 14:00", how, with whom, where, and who wrote it. */
static struct str head_cell(const struct paper_job *job, const struct doc *record)
{
  struct arena *a = job->rq->arena;
  ts_t at = doc_get_int(record, "at");
  int minute = ts_minute_of_day(at);
  struct str day = reader_date(a, &job->who, date_of_ts(at));
  struct buf b;
  buf_init(&b, a, LIMIT_BODY);
  add_line(&b, str_printf(a, "%.*s %d:%02d", STR_FMT(day), minute / 60, minute % 60));
  add_line(&b, doc_get_str(record, "what"));
  add_line(&b, doc_get_str(record, "with"));
  add_line(&b, doc_get_str(record, "place"));
  add_line(&b, doc_get_str(record, "by"));
  return buf_str(&b);
}

/* Each paragraph after whose word it is, and what comes next. */
static void put_words(const struct paper_job *job, const struct doc *record, struct doc *row)
{
  struct doc *cell = doc_add_list(row);
  const struct doc *parts = doc_get(record, "parts");
  struct str next = doc_get_str(record, "next");
  for (size_t i = 0; i < doc_size(parts); i++) {
    struct doc *source = doc_add_map(cell);
    struct str word = doc_get_str(doc_at(parts, i), "source"), text = doc_get_str(doc_at(parts, i), "text");
    doc_put_str(source, "text", str_printf(job->rq->arena, "%s［%.*s］", i ? "\n" : "", STR_FMT(word)));
    doc_put_bool(source, "bold", true);
    doc_add_str(cell, str_printf(job->rq->arena, "\n%.*s", STR_FMT(text)));
  }
  if (next.n)
    doc_add_str(cell, str_printf(job->rq->arena, "%s→ %.*s", doc_size(parts) ? "\n" : "", STR_FMT(next)));
}

static struct str whose(const struct paper_job *job)
{
  struct str name = doc_get_str(job->strip, "name"), number = doc_get_str(job->strip, "number");
  return name.n ? str_printf(job->rq->arena, "%.*s　%.*s　%.*s", STR_FMT(name), STR_FMT(doc_get_str(job->strip, "age")),
                             STR_FMT(number))
                : number;
}

static void put_blocks(struct paper_job *job, struct doc *blocks)
{
  static const int widths[] = {30, 70};
  enum lang lang = job->who.lang;
  struct doc *title = print_add(blocks, "title");
  doc_put_str(title, "text", tr(lang, TR("経過記録")));
  doc_put_str(title, "sub", whose(job));
  if (job->more)
    (void)print_add_text(blocks, "text",
                         tr(lang, TR("これより前の記録は、この紙にはありません。期間を分けて印刷してください。")));
  if (!doc_size(job->records)) {
    (void)print_add_text(blocks, "text", tr(lang, TR("この期間に、読める記録はありません。")));
    return;
  }
  struct doc *table = print_add(blocks, "table"), *head = doc_put_list(table, "head"),
             *w = doc_put_list(table, "widths"), *rows = doc_put_list(table, "rows");
  doc_add_str(head, tr(lang, TR("いつ、どのように")));
  doc_add_str(head, tr(lang, TR("内容")));
  for (size_t i = 0; i < sizeof widths / sizeof *widths; i++)
    doc_add_int(w, widths[i]);
  for (size_t i = doc_size(job->records); i-- > 0;) {
    struct doc *row = doc_add_list(rows);
    doc_add_str(row, head_cell(job, doc_at(job->records, i)));
    put_words(job, doc_at(job->records, i), row);
  }
}

/* ---- printing ---------------------------------------------------------------------------------------------------------------- */

static enum code make_paper(struct tx *tx, void *arg, struct err *e)
{
  struct paper_job *job = arg;
  struct case_head head = {0};
  const struct scope *s = NULL;
  struct doc *blocks = NULL;
  struct arena *a = job->rq->arena;
  const struct paper_copy copy = {PAPER_RECORDS, job->case_id, job->case_id};
  enum code c = case_enter(tx, gate_actor(job->rq), ACTION_PRINT, job->case_id, &head, &s, e);
  if (c == OK && !scope_may(s, ACTION_RECORD_READ))
    return err_set(e, NOT_FOUND, code_msg(NOT_FOUND));
  if (c == OK)
    c = case_strip(tx, s, &head, a, &job->who, &job->strip, e);
  if (c == OK)
    c = read_records(tx, s, &head, job, e);
  if (c != OK)
    return c;
  job->paper = print_new(a, TR("経過記録"), &blocks);
  doc_put_str(job->paper, "mark", tr(job->who.lang, TR("取扱注意")));
  doc_put_str(job->paper, "qr", gate_url(job->rq, gate_path(job->rq, "/cases/", job->case_id, "")));
  put_blocks(job, blocks);
  return paper_stamp(tx, s, &job->who, a, &copy, job->paper, e);
}

static enum code handle_paper(struct request *rq, struct response *rs, struct err *e)
{
  struct paper_job job = {.rq = rq, .who = gate_reader(rq)};
  struct str pdf = STR_NONE;
  enum code c = gate_param(rq, "case", &job.case_id, e);
  if (c == OK && gate_has_problems(rq))
    return err_field(e, "from", TR("期間の日付を確かめてください。年・月・日をすべて入れるか、空けておきます。"));
  (void)date_parse_iso(doc_get_str(rq->input, "from"), &job.from);
  (void)date_parse_iso(doc_get_str(rq->input, "until"), &job.until);
  if (c == OK)
    c = gate_write(rq, "record_paper", make_paper, &job, e);
  if (c != OK)
    return c;
  gate_veil(rq, job.paper);
  c = print_pdf(rq->arena, job.who.lang, job.paper, &pdf, e);
  if (c == OK)
    gate_file(rq, rs, "application/pdf", S("records.pdf"), pdf);
  return c;
}

ROUTE_DEFINE(route_record_paper, GET, "/cases/:case/records.pdf", NEEDS(PRINT), .fields = record_paper_fields,
             .slow = true, .returns = "application/pdf", .summary = TR("経過記録を印刷する"), .handle = handle_paper);
