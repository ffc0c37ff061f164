/* case_page.c: the page of one case, put together from what each feature holds of it. */
#include "access/agreed.h"
#include "base/limits.h"
#include "basis/basis.h"
#include "casework/files.h"
#include "connection/connection.h"
#include "consent/consent.h"
#include "gate/handler.h"
#include "transfer/transfer.h"
#include "web/record_paper.h"
#include "web/stood_in_sql.h"

static const char *const shows[] = {"all",     "record", "visit", "conference", "connection",
                                    "consent", "course", "file",  NULL};
enum show {
  SHOW_ALL,
  SHOW_RECORD,
  SHOW_VISIT,
  SHOW_CONFERENCE,
  SHOW_CONNECTION,
  SHOW_CONSENT,
  SHOW_COURSE,
  SHOW_FILE,
  SHOWS
};
static const struct field fields[] = {
    {.name = "before", .kind = FIELD_TEXT}, {.name = "show", .kind = FIELD_CHOICE, .options = shows}, {0}};

enum { MOMENTS = 2000 };
struct moment {
  ts_t at;
  struct doc *doc;
};

struct case_job {
  struct request *rq;
  struct reader who;
  id64 case_id;
  enum show show;
  struct case_records records;
  struct doc *data;
  struct moment *moments; /* besides the records */
  size_t count;
};

static bool shows_it(const struct case_job *job, enum show kind)
{
  return job->show == SHOW_ALL || job->show == kind;
}

/* ---- what was sent, among the records ---------------------------------------------------------------------------- */

static struct doc *moment_of(struct case_job *job, const struct doc *connection)
{
  struct arena *a = job->rq->arena;
  struct doc *d = doc_map(a), *state = doc_put_map(d, "state");
  doc_put_cstr(d, "icon", "i-connection");
  doc_put_str(d, "when", doc_get_str(connection, "since"));
  doc_put_int(d, "at", doc_get_int(connection, "at"));
  doc_put_str(d, "what",
              tr_args(a, job->who.lang, TR("つないだ → %1"), doc_get_str(connection, "to"), STR_NONE, STR_NONE));
  doc_put_cstr(d, "by", "");
  doc_put_bool(d, "has_href", true);
  doc_put_str(d, "href", doc_get_str(connection, "href"));
  doc_put_bool(d, "has_state", true);
  doc_put_str(state, "word", doc_get_str(doc_get(connection, "state"), "word"));
  doc_put_str(state, "shape", doc_get_str(doc_get(connection, "state"), "shape"));
  doc_put_str(state, "class", doc_get_str(doc_get(connection, "state"), "class"));
  (void)doc_put_list(d, "parts");
  doc_put_cstr(d, "more", "");
  doc_put_cstr(d, "correct_href", "");
  return d;
}

static struct doc *file_moment(struct case_job *job, const struct doc *file)
{
  struct arena *a = job->rq->arena;
  struct doc *d = doc_map(a);
  doc_put_cstr(d, "icon", "i-sheet");
  doc_put_str(d, "when", doc_get_str(file, "when"));
  doc_put_int(d, "at", doc_get_int(file, "at"));
  doc_put_str(d, "what", tr_args(a, job->who.lang, TR("添付 %1"), doc_get_str(file, "title"), STR_NONE, STR_NONE));
  doc_put_str(d, "by", doc_get_str(file, "by"));
  doc_put_bool(d, "has_href", true);
  doc_put_str(d, "href", doc_get_str(file, "href"));
  doc_put_bool(d, "has_state", false);
  doc_put_null(d, "state");
  (void)doc_put_list(d, "parts");
  doc_put_cstr(d, "more", "");
  doc_put_cstr(d, "correct_href", "");
  return d;
}

/* Those of this page: before its first line, and, where there is another page of records, not older than its last one. */
static void take_moments(struct case_job *job, const struct doc *list, ts_t oldest)
{
  for (size_t i = 0; i < doc_size(list) && job->count < MOMENTS; i++) {
    struct doc *d = doc_at(list, i);
    ts_t at = doc_get_int(d, "at");
    if (at && at < job->records.before.at && at >= oldest)
      job->moments[job->count++] = (struct moment){at, d};
  }
}

static int newest_first(const void *a, const void *b)
{
  ts_t x = ((const struct moment *)a)->at, y = ((const struct moment *)b)->at;
  return x > y ? -1 : x < y;
}

/* Records stand in their own order; the others between them. */
static void merge(struct case_job *job)
{
  static const char *const of_records[] = {"with", "place", "next"};
  const struct doc *records = doc_get(job->data, "timeline");
  struct doc *list = doc_list(job->rq->arena);
  size_t r = 0;
  if (job->count)
    qsort(job->moments, job->count, sizeof *job->moments, newest_first);
  for (size_t i = 0; i < job->count; i++) {
    while (r < doc_size(records) && doc_get_int(doc_at(records, r), "at") >= job->moments[i].at)
      doc_add(list, doc_at(records, r++));
    for (size_t k = 0; k < sizeof of_records / sizeof *of_records; k++)
      doc_put_cstr(job->moments[i].doc, of_records[k], "");
    doc_add(list, job->moments[i].doc);
  }
  while (r < doc_size(records))
    doc_add(list, doc_at(records, r++));
  doc_replace(job->data, "timeline", list);
  doc_put_bool(job->data, "has_timeline", doc_size(list) > 0);
}

static enum code put_timeline(struct tx *tx, struct case_job *job, const struct scope *s, const struct case_head *head,
                              const struct doc *connections, struct err *e)
{
  struct arena *a = job->rq->arena;
  const struct doc *records = doc_get(job->data, "timeline");
  size_t n = doc_size(records);
  ts_t oldest = doc_get_bool(job->data, "has_more") && n ? doc_get_int(doc_at(records, n - 1), "at") : 0;
  struct doc *course = NULL, *consents = NULL, *sheets = NULL, *sent = doc_list(a), *files = NULL,
             *attached = doc_list(a), *moved = NULL;
  enum code c = OK;
  job->count = 0;
  job->moments = arena_array(a, MOMENTS, sizeof *job->moments);
  if (!job->moments)
    return err_oom(e);
  if (shows_it(job, SHOW_COURSE))
    c = case_course(tx, s, job->case_id, a, &job->who, &course, e);
  if (c == OK && shows_it(job, SHOW_COURSE))
    c = transfer_moments(tx, s, head, a, &job->who, &moved, e);
  if (c == OK && shows_it(job, SHOW_CONSENT) && scope_may(s, ACTION_CONSENT_READ))
    c = consent_moments(tx, s, job->case_id, a, &job->who, &consents, e);
  if (c == OK && shows_it(job, SHOW_CONNECTION) && scope_may(s, ACTION_SHEET_READ))
    c = sheet_moments(tx, s, job->case_id, a, &job->who, &sheets, e);
  if (c == OK && shows_it(job, SHOW_FILE))
    c = file_list(tx, s, job->case_id, a, &job->who, &files, e);
  for (size_t i = 0; i < doc_size(files); i++)
    doc_add(attached, file_moment(job, doc_at(files, i)));
  for (size_t i = 0; shows_it(job, SHOW_CONNECTION) && i < doc_size(connections); i++)
    if (doc_get_int(doc_at(connections, i), "at")) /* else a draft */
      doc_add(sent, moment_of(job, doc_at(connections, i)));
  take_moments(job, course, oldest);
  take_moments(job, consents, oldest);
  take_moments(job, sheets, oldest);
  take_moments(job, sent, oldest);
  take_moments(job, attached, oldest);
  take_moments(job, moved, oldest);
  if (c == OK)
    merge(job);
  return c;
}

/* Beside the next step: the plan promised a day, too. */
static enum code put_review(struct tx *tx, struct case_job *job, const struct scope *s, struct err *e)
{
  struct date day = {0};
  const char *what = "";
  struct arena *a = job->rq->arena;
  struct doc *list = doc_put_list(job->data, "reviews");
  doc_put_bool(job->data, "has_reviews", false);
  if (!scope_may(s, ACTION_SHEET_READ) || doc_get_bool(doc_get(job->data, "strip"), "over"))
    return OK;
  enum code c = sheet_next_review(tx, s, job->case_id, a, &day, &what, e);
  if (c != OK || !date_known(day))
    return c;
  struct doc *m = doc_add_map(list);
  doc_put_str(m, "when", reader_short(a, &job->who, day));
  doc_put_str(m, "what", tr(job->who.lang, what));
  doc_put_bool(m, "late", date_compare(day, job->who.today) < 0);
  doc_replace(job->data, "has_reviews", doc_bool(a, true));
  return OK;
}

static void put_filters(struct case_job *job, bool visits)
{
  static const char *const words[SHOWS] = {TR("すべて"),         TR("記録"), TR("訪問"),       TR("会議"),
                                           TR("つなぎ・シート"), TR("同意"), TR("段階・担当"), TR("書類")};
  struct doc *list = doc_put_list(job->data, "filters");
  struct str path = gate_path(job->rq, "/cases/", job->case_id, "");
  for (int i = 0; i < SHOWS; i++) {
    if (visits && i > SHOW_VISIT) /* of the rest there is nothing for a visitor */
      break;
    struct doc *m = doc_add_map(list);
    doc_put_str(m, "href", i ? str_printf(job->rq->arena, "%.*s?show=%s", STR_FMT(path), shows[i]) : path);
    doc_put_str(m, "word", tr(job->who.lang, words[i]));
    doc_put_bool(m, "current", i == (int)job->show);
  }
}

/* ---- the page ---------------------------------------------------------------------------------------------------- */

static enum code put_connections(struct tx *tx, struct case_job *job, const struct scope *s,
                                 const struct case_head *head, struct err *e)
{
  struct doc *list = doc_list(job->rq->arena);
  enum code c = OK;
  if (scope_may(s, ACTION_CONNECTION_READ))
    c = connection_of_case(tx, s, job->case_id, job->rq->arena, &job->who, &list, e);
  if (c != OK)
    return c;
  doc_put_bool(job->data, "tells_connections", scope_may(s, ACTION_CONNECTION_READ));
  doc_put_bool(job->data, "has_connections", doc_size(list) > 0);
  doc_put(job->data, "connections", list);
  return put_timeline(tx, job, s, head, list, e);
}

/* That there is nothing is told by who leads it alone: to others it stands open what they were named in, and they know of no other. */
static void put_no_consent(struct case_job *job, const struct scope *s, const struct case_head *head, bool has,
                           size_t bodies)
{
  bool leads = scope_wrote(s, case_teller(head->lead_organization, head->author_organization));
  doc_put_bool(job->data, "has_consents", has);
  doc_put_bool(job->data, "tells_consents", has || bodies || (leads && scope_may(s, ACTION_CONSENT_READ)));
  doc_put_bool(job->data, "closed_to_others", !has && !bodies && access_closed(s));
  doc_put_bool(job->data, "has_bases", bodies > 0);
  doc_put_str(job->data, "bases",
              reader_count(job->rq->arena, job->who.lang, TR("法令により、%1か所に開いています。"), (int64_t)bodies));
}

static enum code put_consents(struct tx *tx, struct case_job *job, const struct scope *s, const struct case_head *head,
                              struct err *e)
{
  struct doc *list = doc_list(job->rq->arena);
  size_t bodies = 0;
  enum code c = OK;
  if (scope_may(s, ACTION_CONSENT_READ)) {
    c = consent_summary(tx, s, job->rq->arena, &job->who, &list, e);
    if (c == OK)
      c = basis_count(tx, s, &bodies, e);
  }
  if (c != OK)
    return c;
  put_no_consent(job, s, head, doc_size(list) > 0, bodies);
  doc_put(job->data, "consents", list);
  return OK;
}

/* To where it was moved, with what they answered; a case that goes on has nothing of it. It is a part of how the case goes. */
static enum code put_moved(struct tx *tx, struct case_job *job, const struct scope *s, const struct case_head *head,
                           struct err *e)
{
  doc_put_bool(job->data, "has_moved", false);
  return case_clock_told(s, head) && str_is(head->status, "closed")
             ? transfer_put_moved(tx, s, head, job->rq->arena, &job->who, job->data, e)
             : OK;
}

static void put_buttons(struct case_job *job, const struct scope *s)
{
  bool writes = scope_writes(s);
  bool visits = scope_decision(s)->visit_only;
  doc_put_bool(job->data, "can_record", writes && scope_may(s, ACTION_RECORD_WRITE));
  doc_put_bool(job->data, "visits", visits); /* a volunteer */
  doc_put_bool(job->data, "can_person", writes && scope_may(s, ACTION_PERSON_WRITE));
  doc_put_bool(job->data, "can_sheet", writes && scope_may(s, ACTION_SHEET_WRITE));
  doc_put_bool(job->data, "can_consent", scope_may(s, ACTION_CONSENT_READ));
  doc_put_bool(job->data, "can_course", writes && scope_may(s, ACTION_CASE_WRITE));
  doc_put_bool(job->data, "can_move", scope_may(s, ACTION_TRANSFER_OUT));
  doc_put_bool(job->data, "can_records", scope_may(s, ACTION_RECORD_READ) && !visits);
  doc_put_bool(job->data, "can_seen", scope_may(s, ACTION_SEEN_READ));
  doc_put_bool(job->data, "can_print", scope_may(s, ACTION_PRINT));
}

/* Seen for a few hours only, in a colleague's place or in an emergency: when it closes stands there the whole time. */
static enum code put_lent(struct tx *tx, struct case_job *job, const struct scope *s, struct err *e)
{
  const struct decision *d = scope_decision(s);
  const struct reason *lent = NULL;
  ts_t until = 0;
  doc_put_cstr(job->data, "lent", "");
  for (size_t i = 0; i < d->reason_count; i++) {
    if (d->reasons[i].kind == REASON_OWN)
      return OK;
    if (d->reasons[i].kind == REASON_STAND_IN || d->reasons[i].kind == REASON_BREAK_GLASS)
      lent = &d->reasons[i];
  }
  enum code c = lent ? stood_in_sql_lent_until(tx, lent->ref, &until, e) : OK;
  if (c == OK && until)
    doc_replace(
        job->data, "lent",
        doc_str(job->rq->arena, tr_args(job->rq->arena, job->who.lang,
                                        lent->kind == REASON_STAND_IN
                                            ? TR("課内代行で見ています。%1に閉じます。")
                                            : TR("緊急の閲覧で見ています。書くことはできません。%1に閉じます。"),
                                        reader_time(job->rq->arena, &job->who, until), STR_NONE, STR_NONE)));
  return c;
}

/* That nothing was written yet is told by who leads it, of the whole timeline; others are told what they can see of it. */
static void put_empty(struct case_job *job, const struct scope *s, const struct case_head *head)
{
  bool whole = job->show == SHOW_ALL && !doc_get_str(job->rq->input, "before").n;
  bool leads = scope_wrote(s, case_teller(head->lead_organization, head->author_organization));
  doc_put_bool(job->data, "timeline_begins",
               whole && leads && scope_may(s, ACTION_RECORD_READ) && !scope_decision(s)->visit_only);
  doc_put_bool(job->data, "timeline_narrowed", !whole);
  doc_put_bool(job->data, "timeline_closed", whole && !scope_may(s, ACTION_RECORD_READ));
}

static enum code read_case(struct tx *tx, void *arg, struct err *e)
{
  struct case_job *job = arg;
  struct case_head head = {0};
  const struct scope *s = NULL;
  enum code c = case_enter(tx, gate_actor(job->rq), ACTION_CASE_READ, job->case_id, &head, &s, e);
  if (c == OK)
    c = case_show(tx, s, &head, job->rq->arena, &job->who, &job->records, &job->data, e);
  if (c == OK)
    c = put_connections(tx, job, s, &head, e);
  if (c == OK)
    c = put_consents(tx, job, s, &head, e);
  if (c == OK)
    c = put_moved(tx, job, s, &head, e);
  if (c == OK)
    c = put_review(tx, job, s, e);
  if (c == OK)
    c = put_lent(tx, job, s, e);
  if (c == OK) {
    put_buttons(job, s);
    put_empty(job, s, &head);
    put_filters(job, scope_decision(s)->visit_only);
    doc_put(job->data, "f", gate_form(job->rq, record_paper_fields, NULL));
  }
  return c;
}

static enum code handle_show(struct request *rq, struct response *rs, struct err *e)
{
  struct case_job job = {.rq = rq, .who = gate_reader(rq)};
  enum code c = gate_param(rq, "case", &job.case_id, e);
  for (int i = 0; i < SHOWS; i++)
    if (str_is(doc_get_str(rq->input, "show"), shows[i]))
      job.show = (enum show)i;
  job.records.none = job.show > SHOW_CONFERENCE;
  job.records.only = job.show == SHOW_RECORD;
  job.records.method = job.show == SHOW_VISIT ? S("visit") : job.show == SHOW_CONFERENCE ? S("conference") : STR_NONE;
  if (c == OK && !case_cursor_parse(doc_get_str(rq->input, "before"), &job.records.before))
    return err_set(e, NOT_FOUND, code_msg(NOT_FOUND));
  if (c == OK)
    c = gate_read(rq, read_case, &job, e);
  return c == OK ? gate_page(rq, rs, "case_show", tr(job.who.lang, TR("ケース")), job.data, e) : c;
}

ROUTE_DEFINE(route_case_show, GET, "/cases/:case", NEEDS(CASE_READ), .fields = fields, .summary = TR("ケースを見る"),
             .handle = handle_show);
