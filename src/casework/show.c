/* show.c: one case on a page: strip, stages, timeline, what comes next, who works on it. */
#include "base/limits.h"
#include "casework/casework.h"
#include "casework/casework_sql.h"

static const struct {
  const char *code, *label;
} statuses[] = {
#define X(code, label) {code, TR(label)},
    CASE_STATUSES(X)
#undef X
};
enum { STATUSES = sizeof statuses / sizeof *statuses };

static int status_index(struct str status)
{
  for (int i = 0; i < STATUSES; i++)
    if (str_is(status, statuses[i].code))
      return i;
  return 0;
}

struct str case_status_label(enum lang lang, struct str status)
{
  return tr(lang, statuses[status_index(status)].label);
}

struct str case_stage_label(enum lang lang, struct str status, bool moved)
{
  return moved ? tr(lang, TR("終結（移管）")) : case_status_label(lang, status);
}

int case_density_days(struct str density)
{
  return str_is(density, "A") ? 14 : str_is(density, "C") ? 90 : 30;
}

bool case_contact_late(struct str density, ts_t last_contact, ts_t now)
{
  return date_days_between(date_of_ts(last_contact), date_of_ts(now)) > case_density_days(density);
}

/* ---- strip -------------------------------------------------------------------------------------------------------- */

static const char *density_word(struct str density)
{
  if (str_is(density, "A"))
    return TR("2週間に1回は会う");
  return str_is(density, "C") ? TR("3か月に1回は様子を知る") : TR("月に1回は会う");
}

static enum code lead_text(struct tx *tx, const struct case_head *h, struct arena *a, struct str *ret, struct err *e)
{
  struct str org = STR_NONE, worker = STR_NONE, job = STR_NONE;
  enum code c = h->lead_organization ? organization_name(tx, h->lead_organization, a, &org, e) : OK;
  if (c == OK && h->lead_user)
    c = user_name(tx, h->lead_user, a, &worker, &job, e);
  if (c == OK)
    *ret = worker.n ? str_printf(a, "%.*s / %.*s", STR_FMT(org), STR_FMT(worker)) : org;
  return c;
}

/* The newest next step the scope may read: text and day. */
static enum code next_step(struct tx *tx, const struct scope *s, const struct case_head *h, struct arena *a,
                           struct str *ret, struct err *e)
{
  const struct seal_key *key = NULL;
  struct str sealed = STR_NONE, date = STR_NONE;
  id64 record = 0;
  enum code c = record_sql_next(tx, s, h->id, a, &record, &sealed, &date, e);
  *ret = STR_NONE;
  if (c != OK || !sealed.n)
    return c;
  c = person_key(tx, s, &key, e);
  struct seal_at at = {.table = "record", .column = "next_sealed", .network = tx_network(tx), .row = record};
  return c == OK ? unseal(a, key, at, sealed, ret, e) : c;
}

static void put_next(const struct case_head *h, struct arena *a, const struct reader *who, struct str step,
                     struct doc *d)
{
  struct date next = {0};
  bool has_date = h->next_date.n && date_parse_iso(h->next_date, &next);
  struct str day = reader_short(a, who, next);
  doc_put_bool(d, "has_next", has_date);
  doc_put_str(d, "next", !has_date ? STR_NONE : step.n ? str_printf(a, "%.*s %.*s", STR_FMT(day), STR_FMT(step)) : day);
  doc_put_bool(d, "next_late", has_date && date_compare(next, who->today) < 0);
}

static void put_clock(struct tx *tx, const struct case_head *h, struct arena *a, const struct reader *who,
                      struct str step, struct doc *d)
{
  struct str last = reader_day_ts(a, who, h->last_contact_at);
  doc_put_str(d, "last", last.n ? last : tr(who->lang, TR("まだありません")));
  doc_put_bool(d, "last_late", case_contact_late(h->density, h->last_contact_at, tx_now(tx)));
  put_next(h, a, who, step, d);
}

/* How the case goes (stage, dates, lead) is told by who leads it: its own people, and to whom something of what others wrote is open. To a receiver
 * whose consent was taken back there is left what it wrote itself. */
bool case_clock_told(const struct scope *s, const struct case_head *h)
{
  id64 teller = case_teller(h->lead_organization, h->author_organization);
  return scope_wrote(s, teller) || scope_others(s) & CAT_BASIC;
}

/* What to call the person by where the name is not the reader's to see: 呼び名; a visitor is never left with a number alone. */
static void put_call(const struct scope *s, const struct case_head *h, const struct reader *who, struct doc *d)
{
  struct str called = doc_get_str(d, "called");
  bool visits = scope_decision(s)->visit_only;
  doc_put_str(d, "call", called.n ? called : visits ? tr(who->lang, TR("この方")) : h->number);
  doc_put_bool(d, "numbered", !doc_get_bool(d, "has_name") && (called.n || visits));
}

enum code case_strip(struct tx *tx, const struct scope *s, const struct case_head *h, struct arena *a,
                     const struct reader *who, struct doc **ret, struct err *e)
{
  struct doc *d = NULL;
  struct str lead = STR_NONE, step = STR_NONE, id = id_text(a, h->id);
  enum code c = person_strip(tx, s, a, who, &d, e);
  if (c == OK)
    c = lead_text(tx, h, a, &lead, e);
  if (c == OK)
    c = next_step(tx, s, h, a, &step, e);
  if (c != OK)
    return c;
  doc_put_str(d, "href", str_printf(a, "/cases/%.*s", STR_FMT(id)));
  doc_put_str(d, "number", h->number);
  put_call(s, h, who, d);
  bool told = case_clock_told(s, h);
  struct case_head untold = {.id = h->id, .density = S("B"), .last_contact_at = tx_now(tx)};
  doc_put_bool(d, "clock", told);
  bool over = told && str_is(h->status, "closed");
  doc_put_str(d, "stage", told ? case_stage_label(who->lang, h->status, h->moved) : STR_NONE);
  doc_put_bool(d, "over", over);
  doc_put_str(d, "density", told ? h->density : STR_NONE);
  doc_put_str(d, "density_word", told ? tr(who->lang, density_word(h->density)) : STR_NONE);
  doc_put_bool(d, "has_lead", told && lead.n > 0);
  doc_put_str(d, "lead", told ? lead : STR_NONE);
  put_clock(tx, told ? h : &untold, a, who, step, d);
  if (!told)
    doc_replace(d, "last", doc_str(a, STR_NONE));
  if (over) /* nobody is waited for */
    doc_replace(d, "last_late", doc_bool(a, false));
  doc_put_bool(d, "unconfirmed", h->unconfirmed);
  *ret = d;
  return OK;
}

enum code case_leaf(struct tx *tx, const struct scope *s, const struct case_head *h, struct arena *a,
                    const struct reader *who, struct doc **ret, struct err *e)
{
  static const struct case_head untold = {0};
  struct doc *d = NULL;
  struct str step = STR_NONE, id = id_text(a, h->id);
  bool told = case_clock_told(s, h);
  enum code c = person_strip_liked(tx, s, a, who, &d, e);
  if (c == OK && told && h->next_date.n)
    c = next_step(tx, s, h, a, &step, e);
  if (c != OK)
    return c;
  doc_put_id(d, "case_id", h->id);
  doc_put_str(d, "href", str_printf(a, "/cases/%.*s", STR_FMT(id)));
  doc_put_str(d, "number", h->number);
  put_call(s, h, who, d);
  doc_put_str(d, "density", told ? h->density : STR_NONE);
  put_next(told ? h : &untold, a, who, step, d);
  *ret = d;
  return OK;
}

/* ---- timeline ------------------------------------------------------------------------------------------------------ */

static const struct {
  const char *code, *word;
} methods[] = {{"meet", TR("面談")},
               {"phone", TR("電話")},
               {"visit", TR("訪問")},
               {"accompany", TR("同行")},
               {"message", TR("メール・SNS")},
               {"conference", TR("会議")},
               {"online", TR("オンライン")},
               {"ledger", TR("台帳からの取り込み")},
               {"transfer", TR("移管の受け入れ")}};

struct str case_method_word(enum lang lang, struct str code)
{
  for (size_t i = 0; i < sizeof methods / sizeof *methods; i++)
    if (str_is(code, methods[i].code))
      return tr(lang, methods[i].word);
  return code;
}

enum { HEAD_LINE = -1 }; /* of the part that says when, how and with whom */
struct timeline_job {
  struct tx *tx;
  const struct scope *s;
  const struct seal_key *key;
  struct arena *a;
  const struct reader *who;
  struct doc *list;
  ts_t oldest, newest;
  id64 case_id;
  bool corrects; /* may write records */
  bool heads;    /* is told with whom, where, and what was to come next: no visitor is */
  id64 last;     /* of the oldest */
  size_t count;
  id64 ids[LIMIT_PAGE_ROWS];
};

/* 「面談 30分」; of a visit also from when until when: 「訪問 14:00〜14:40 40分」. */
static struct str what_was_done(const struct timeline_job *job, const struct record_row *row)
{
  struct str method = case_method_word(job->who->lang, row->method);
  struct str minutes = str_printf(job->a, "%lld", (long long)row->minutes);
  if (!row->minutes)
    return method;
  if (str_is(row->method, "visit")) {
    int from = ts_minute_of_day(row->at), until = ts_minute_of_day(row->at + row->minutes * MS_MINUTE);
    method = str_printf(job->a, "%.*s %d:%02d〜%d:%02d", STR_FMT(method), from / 60, from % 60, until / 60, until % 60);
  }
  return tr_args(job->a, job->who->lang, TR("%1 %2分"), method, minutes, STR_NONE);
}

/* What was typed with it is read with it: 「相手: 本人、家族　場所: 図書館」 beside what was done, 「次にすること: …」 under it. */
static enum code put_around(const struct timeline_job *job, const struct record_row *row, struct doc *d, struct err *e)
{
  struct seal_at at = {.table = "record", .column = "place_sealed", .network = tx_network(job->tx), .row = row->id};
  struct str place = STR_NONE, next = STR_NONE, with = STR_NONE;
  enum lang lang = job->who->lang;
  struct date day = {0};
  enum code c = job->heads && row->place_sealed.n ? unseal(job->a, job->key, at, row->place_sealed, &place, e) : OK;
  at.column = "next_sealed";
  if (c == OK && job->heads && row->next_sealed.n)
    c = unseal(job->a, job->key, at, row->next_sealed, &next, e);
  if (c == OK && job->heads)
    with = case_partners_text(job->a, lang, row->with_whom);
  if (with.n)
    with = tr_args(job->a, lang, TR("相手: %1"), with, STR_NONE, STR_NONE);
  if (place.n)
    place = tr_args(job->a, lang, TR("場所: %1"), place, STR_NONE, STR_NONE);
  if (job->heads && (next.n || row->next_date.n)) {
    struct str on = date_parse_iso(row->next_date, &day) ? reader_short(job->a, job->who, day) : STR_NONE;
    next = tr_args(job->a, lang, TR("次にすること: %1 %2"), on, next, STR_NONE);
  }
  doc_put_str(d, "with", with);
  doc_put_str(d, "place", place);
  doc_put_str(d, "next", next);
  return c;
}

static enum code timeline_record(void *arg, const struct record_row *row, struct err *e)
{
  struct timeline_job *job = arg;
  if (job->count == LIMIT_PAGE_ROWS)
    return OK;
  struct doc *d = doc_add_map(job->list);
  doc_put_cstr(d, "icon", "i-record");
  doc_put_str(d, "when", reader_day_ts(job->a, job->who, row->at));
  doc_put_int(d, "at", row->at);
  doc_put_str(d, "what", what_was_done(job, row));
  doc_put_str(d, "by", str_printf(job->a, "%.*s(%.*s)", STR_FMT(row->author), STR_FMT(row->organization)));
  bool ours = scope_wrote(job->s, row->author_organization) && job->corrects;
  struct str id = id_text(job->a, row->id), case_id = id_text(job->a, job->case_id);
  doc_put_bool(d, "has_href", false);
  doc_put_null(d, "href");
  doc_put_str(d, "correct_href",
              ours ? str_printf(job->a, "/cases/%.*s/records/%.*s", STR_FMT(case_id), STR_FMT(id)) : STR_NONE);
  doc_put_bool(d, "has_state", false);
  doc_put_null(d, "state");
  (void)doc_put_list(d, "parts");
  doc_put_cstr(d, "more", "");
  job->ids[job->count++] = row->id;
  job->oldest = row->at;
  job->last = row->id;
  if (!job->newest)
    job->newest = row->at;
  scope_showed_categories(job->s, CAT_SUPPORT);
  return put_around(job, row, d, e);
}

static struct doc *record_of(const struct timeline_job *job, id64 record)
{
  for (size_t i = 0; i < job->count; i++)
    if (job->ids[i] == record)
      return doc_at(job->list, i);
  return NULL;
}

/* What a correction replaced, under what stands there now; alone where that may not be seen. */
static void put_older(const struct timeline_job *job, const struct paragraph_row *row, struct str text,
                      struct doc *parts)
{
  for (size_t i = doc_size(parts); i-- > 0;) {
    struct doc *now = doc_at(parts, i);
    if (doc_get_int(now, "line") != row->line)
      continue;
    struct doc *d = doc_add_map(doc_get(now, "older"));
    struct str when = reader_day_ts(job->a, job->who, row->replaced_at);
    const char *id = row->replaced_by.n ? TR("%1 %2が直す前") : TR("%1に直す前"); /* by somebody of another network */
    doc_put_str(d, "when", tr_args(job->a, job->who->lang, id, when, row->replaced_by, STR_NONE));
    doc_put_str(d, "text", text);
    doc_replace(now, "has_older", doc_bool(job->a, true));
    return;
  }
}

static enum code timeline_paragraph(void *arg, const struct paragraph_row *row, struct err *e)
{
  static const char *const classes[] = {
      [SOURCE_PERSON] = "person", [SOURCE_AROUND] = "around", [SOURCE_OTHER_BODY] = "body", [SOURCE_STAFF] = "staff"};
  struct timeline_job *job = arg;
  struct str text = STR_NONE;
  struct doc *record = record_of(job, row->record);
  if (!record || row->source < SOURCE_PERSON || row->source > SOURCE_STAFF ||
      !scope_sees(job->s, row->category, row->author_organization, row->marks) || !scope_hears(job->s, row->source))
    return OK;
  struct seal_at at = {
      .table = "record_paragraph", .column = "text_sealed", .network = tx_network(job->tx), .row = row->id};
  enum code c = unseal(job->a, job->key, at, row->sealed, &text, e);
  if (c != OK)
    return c;
  scope_showed_categories(job->s, row->category);
  struct doc *parts = doc_get(record, "parts");
  if (row->replaced_at) {
    put_older(job, row, text, parts);
    return OK;
  }
  struct doc *d = doc_add_map(parts);
  doc_put_str(d, "source", tr(job->who->lang, source_label(row->source)));
  doc_put_cstr(d, "source_class", classes[row->source]);
  doc_put_str(d, "text", text);
  doc_put_int(d, "line", row->line);
  doc_put_bool(d, "has_older", false);
  (void)doc_put_list(d, "older");
  return OK;
}

static const struct {
  const char *code, *word;
} partners[] = {{"person", TR("本人")}, {"family", TR("家族")}, {"school", TR("学校")}, {"body", TR("関係機関")}};

struct str case_partners_text(struct arena *a, enum lang lang, struct str codes)
{
  struct buf b;
  struct str code, between = tr(lang, TR("、"));
  buf_init(&b, a, 16 * LIMIT_STRING);
  while (str_split(&codes, ' ', &code)) {
    struct str word = code;
    for (size_t i = 0; i < sizeof partners / sizeof *partners; i++)
      if (str_is(code, partners[i].code))
        word = tr(lang, partners[i].word);
    if (b.n && word.n)
      buf_add(&b, between);
    buf_add(&b, word);
  }
  return buf_str(&b);
}

/* "11月18日(水) 10:02 面談 30分 相手: 本人、家族", the place and the next step, one a line. */
static enum code head_text(const struct timeline_job *job, const struct record_head_row *row, struct str *ret,
                           struct err *e)
{
  const char *table = row->id ? "record_past" : "record";
  struct seal_at at = {
      .table = table, .column = "place_sealed", .network = tx_network(job->tx), .row = row->id ? row->id : row->record};
  struct str place = STR_NONE, next = STR_NONE, with = case_partners_text(job->a, job->who->lang, row->with_whom);
  struct date day = {0};
  struct buf b;
  enum code c = row->place_sealed.n ? unseal(job->a, job->key, at, row->place_sealed, &place, e) : OK;
  at.column = "next_sealed";
  if (c == OK && row->next_sealed.n)
    c = unseal(job->a, job->key, at, row->next_sealed, &next, e);
  if (c != OK)
    return c;
  buf_init(&b, job->a, 16 * LIMIT_STRING);
  buf_add(&b, reader_time(job->a, job->who, row->at));
  buf_add_c(&b, ' ');
  buf_add(&b, case_method_word(job->who->lang, row->method));
  if (row->minutes)
    buf_printf(&b, " %.*s", STR_FMT(reader_count(job->a, job->who->lang, TR("%1分"), row->minutes)));
  if (with.n)
    buf_printf(&b, "\n%.*s", STR_FMT(tr_args(job->a, job->who->lang, TR("相手: %1"), with, STR_NONE, STR_NONE)));
  if (place.n)
    buf_printf(&b, "\n%.*s", STR_FMT(tr_args(job->a, job->who->lang, TR("場所: %1"), place, STR_NONE, STR_NONE)));
  if (date_parse_iso(row->next_date, &day) || next.n)
    buf_printf(&b, "\n%.*s",
               STR_FMT(tr_args(job->a, job->who->lang, TR("次にすること: %1 %2"), reader_date(job->a, job->who, day),
                               next, STR_NONE)));
  *ret = buf_str(&b);
  return OK;
}

static enum code put_head_now(void *arg, const struct record_head_row *row, struct err *e)
{
  struct timeline_job *job = arg;
  struct str text = STR_NONE;
  enum code c = head_text(job, row, &text, e);
  if (c != OK)
    return c;
  struct doc *record = record_of(job, row->record), *d = doc_add_map(doc_get(record, "parts"));
  static const char *const told[] = {"with", "place", "next"}; /* here, then */
  for (size_t i = 0; i < sizeof told / sizeof *told; i++)
    doc_replace(record, told[i], doc_str(job->a, STR_NONE));
  doc_put_str(d, "source", tr(job->who->lang, TR("いつ、どのように")));
  doc_put_cstr(d, "source_class", "staff");
  doc_put_str(d, "text", text);
  doc_put_int(d, "line", HEAD_LINE);
  doc_put_bool(d, "has_older", false);
  (void)doc_put_list(d, "older");
  return OK;
}

/* What stood there before, under what stands there now: that is told in words where it was corrected, else by the line's own. */
static enum code timeline_head(void *arg, const struct record_head_row *row, struct err *e)
{
  struct timeline_job *job = arg;
  struct doc *record = record_of(job, row->record), *parts = doc_get(record, "parts");
  struct str text = STR_NONE;
  if (!record || !scope_sees(job->s, row->category, row->author_organization, row->marks))
    return OK;
  const struct doc *last = doc_size(parts) ? doc_at(parts, doc_size(parts) - 1) : NULL;
  enum code c = OK;
  if (!last || doc_get_int(last, "line") != HEAD_LINE)
    c = record_sql_head(job->tx, job->s, job->case_id, row->record, put_head_now, job, e);
  if (c == OK)
    c = head_text(job, row, &text, e);
  struct paragraph_row past = {.line = HEAD_LINE, .replaced_at = row->replaced_at, .replaced_by = row->replaced_by};
  if (c == OK)
    put_older(job, &past, text, parts);
  return c;
}

/* Reading records is an action of its own: the page of a case is open to more readers than they are. */
enum code case_put_timeline(struct tx *tx, const struct scope *page, const struct case_head *h, struct arena *a,
                            const struct reader *who, const struct case_records *of, struct doc *d, struct err *e)
{
  struct timeline_job job = {.tx = tx, .a = a, .who = who, .case_id = h->id};
  job.corrects = scope_writes(page) && scope_may(page, ACTION_RECORD_WRITE) && !scope_decision(page)->visit_only;
  job.list = doc_put_list(d, "timeline");
  bool prints = scope_action(page) == ACTION_PRINT; /* paper is decided by itself, and told so */
  enum code c = prints ? OK : access_part(tx, page, ACTION_RECORD_READ, &job.s, e);
  if (prints)
    job.s = page;
  if (c == OK)
    c = person_key(tx, page, &job.key, e);
  job.heads = c == OK && !scope_decision(page)->visit_only && scope_hears(job.s, SOURCE_STAFF);
  if (c == OK)
    c = of->none ? OK : record_sql_each(tx, job.s, h->id, of, CASE_PAGE_RECORDS, timeline_record, &job, e);
  if (c == OK && job.count)
    c = paragraph_sql_each(tx, job.s, h->id, job.oldest, job.newest + 1, timeline_paragraph, &job, e);
  if (c == OK && job.count && job.heads)
    c = record_sql_heads_past(tx, job.s, h->id, job.oldest, job.newest + 1, timeline_head, &job, e);
  struct str id = id_text(a, h->id);
  bool more = job.count == CASE_PAGE_RECORDS;
  doc_put_bool(d, "has_more", more);
  struct str from = case_cursor_text(a, (struct case_cursor){job.oldest, job.last});
  doc_put_str(d, "more_from", more ? from : STR_NONE);
  doc_put_str(d, "more_href",
              more ? str_printf(a, "/cases/%.*s?%sbefore=%.*s", STR_FMT(id),
                                of->method.n ? "show=visit&"
                                : of->only   ? "show=record&"
                                             : "",
                                STR_FMT(from))
                   : STR_NONE);
  return c;
}

/* ---- the page ------------------------------------------------------------------------------------------------------ */

static void put_stages(const struct case_head *h, const struct reader *who, struct doc *d)
{
  int current = status_index(h->status);
  struct doc *list = doc_put_list(d, "stages");
  for (int i = 0; i < STATUSES; i++) {
    if (str_is(S("urgent"), statuses[i].code) && i != current)
      continue; /* shown only while it lasts */
    struct doc *m = doc_add_map(list);
    doc_put_str(m, "word", case_stage_label(who->lang, str_from(statuses[i].code), h->moved && i == current));
    doc_put_bool(m, "done", i < current);
    doc_put_bool(m, "current", i == current);
  }
}

static void put_tasks(const struct doc *strip, struct doc *d)
{
  struct doc *list = doc_put_list(d, "tasks");
  bool has = doc_get_bool(strip, "has_next");
  doc_put_bool(d, "has_tasks", has);
  if (!has)
    return;
  struct doc *m = doc_add_map(list);
  doc_put_str(m, "when", doc_get_str(strip, "next"));
  doc_put_cstr(m, "what", "");
  doc_put_str(m, "who", doc_get_str(strip, "lead"));
  doc_put_bool(m, "late", doc_get_bool(strip, "next_late"));
}

/* Who works on it is part of the course of support, as the lead knows it. */
enum code case_put_team(struct tx *tx, const struct scope *s, const struct case_head *h, struct arena *a,
                        const struct reader *who, struct doc *d, struct err *e)
{
  struct doc *team = NULL;
  id64 teller = case_teller(h->lead_organization, h->author_organization);
  enum code c = case_sql_team(tx, s, h->id, scope_sees(s, CAT_SUPPORT, teller, 0), a, &team, e);
  if (c != OK)
    return c;
  for (size_t i = 0; i < doc_size(team); i++) {
    struct doc *m = doc_at(team, i);
    bool lead = str_is(doc_get_str(m, "part"), "lead");
    doc_replace(m, "part", doc_str(a, tr(who->lang, lead ? TR("主担当") : TR("関係機関"))));
  }
  doc_put_bool(d, "has_team", doc_size(team) > 0);
  doc_put(d, "team", team);
  return OK;
}

static bool same_kind(const struct doc *one, const struct doc *other)
{
  return one && other && str_eq(doc_get_str(one, "kind"), doc_get_str(other, "kind"));
}

/* Where several organizations wrote of the same kind, each names who wrote it (by), and what reads the same stands there once (again). */
static enum code put_writers(struct tx *tx, struct doc *facts, struct arena *a, struct err *e)
{
  enum code c = OK;
  for (size_t i = 0; c == OK && i < doc_size(facts); i++) {
    struct doc *d = doc_at(facts, i), *before = i ? doc_at(facts, i - 1) : NULL;
    struct str by = STR_NONE;
    id64 author = 0;
    bool many = same_kind(d, before) || same_kind(d, doc_at(facts, i + 1));
    if (many && doc_get_id(d, "author", &author))
      c = organization_name(tx, author, a, &by, e);
    doc_put_str(d, "by", by);
    doc_put_bool(d, "again", same_kind(d, before) && str_eq(doc_get_str(d, "text"), doc_get_str(before, "text")));
  }
  return c;
}

static enum code put_person(struct tx *tx, const struct scope *s, const struct case_head *h, struct arena *a,
                            const struct reader *who, struct doc *d, struct err *e)
{
  struct doc *facts = NULL, *family = NULL;
  enum code c = person_attributes(tx, s, a, who, &facts, e);
  if (c == OK)
    c = put_writers(tx, facts, a, e);
  if (c == OK)
    c = person_guardians(tx, s, a, who, &family, e);
  if (c != OK)
    return c;
  for (size_t i = 0; i < doc_size(family); i++)
    doc_put_str(doc_at(family, i), "note", doc_get_str(doc_at(family, i), "authority_label"));
  doc_put_bool(d, "has_facts", doc_size(facts) > 0);
  doc_put(d, "facts", facts);
  doc_put_bool(d, "has_hidden", !scope_wrote(s, h->author_organization) && scope_others(s) != CAT_ALL);
  doc_put_bool(d, "has_family", doc_size(family) > 0);
  doc_put(d, "family", family);
  return OK;
}

enum code case_show(struct tx *tx, const struct scope *s, const struct case_head *h, struct arena *a,
                    const struct reader *who, const struct case_records *of, struct doc **ret, struct err *e)
{
  struct doc *d = doc_map(a), *strip = NULL;
  enum code c = case_strip(tx, s, h, a, who, &strip, e);
  if (c != OK)
    return c;
  doc_put_id(d, "case_id", h->id);
  doc_put(d, "strip", strip);
  bool told = case_clock_told(s, h);
  doc_put_bool(d, "told", told);
  if (told)
    put_stages(h, who, d);
  else
    (void)doc_put_list(d, "stages");
  put_tasks(strip, d);
  c = case_put_team(tx, s, h, a, who, d, e);
  if (c == OK)
    c = put_person(tx, s, h, a, who, d, e);
  if (c == OK)
    c = case_put_timeline(tx, s, h, a, who, of, d, e);
  if (c == OK)
    *ret = d;
  return c;
}
