/* course_show.c: the course of a case for its readers. */
#include "base/limits.h"
#include "casework/casework.h"
#include "casework/casework_sql.h"
#include "casework/handover.h"

struct course_job {
  struct tx *tx;
  const struct scope *s, *as; /* as: whom it goes to */
  const struct seal_key *key;
  struct arena *a;
  const struct reader *who;
  struct doc *list;
};

static enum code open_text(const struct course_job *job, const struct case_step_row *row, struct str *ret,
                           struct err *e)
{
  struct seal_at at = {.table = "case_step", .column = "text_sealed", .network = tx_network(job->tx), .row = row->id};
  *ret = STR_NONE;
  return row->sealed.n ? unseal(job->a, job->key, at, row->sealed, ret, e) : OK;
}

static struct str day_text(const struct course_job *job, struct str iso)
{
  struct date d = {0};
  return date_parse_iso(iso, &d) && date_known(d) ? reader_short(job->a, job->who, d) : STR_NONE;
}

static struct str status_text(const struct course_job *job, const struct case_step_row *row)
{
  enum lang lang = job->who->lang;
  struct str from = case_status_label(lang, row->from), to = case_status_label(lang, row->to);
  if (str_is(row->to, "closed"))
    return tr(lang, TR("終結にした"));
  return tr_args(job->a, lang, str_is(row->from, "closed") ? TR("再開した → %2") : TR("段階 %1 → %2"), from, to,
                 STR_NONE);
}

static struct str what_of(const struct course_job *job, const struct case_step_row *row, struct str text)
{
  enum lang lang = job->who->lang;
  if (str_is(row->kind, "status"))
    return status_text(job, row);
  if (str_is(row->kind, "density"))
    return tr_args(job->a, lang, TR("かかわりの頻度 %1 → %2"), row->from, row->to, STR_NONE);
  if (str_is(row->kind, "next"))
    return tr_args(job->a, lang, TR("次にする日 → %1"), day_text(job, row->to), STR_NONE, STR_NONE);
  if (str_is(row->kind, "stand_in"))
    return tr(lang, TR("課内代行"));
  if (str_is(row->kind, "withdrawal"))
    return tr_args(job->a, lang, TR("ひきこもりの段階 %1"), str_sub(text, 0, 1), STR_NONE, STR_NONE);
  if (str_is(row->kind, "file_removed"))
    return tr_args(job->a, lang, TR("書類を消した(%1につけた%2)"), day_text(job, row->to), row->from, STR_NONE);
  for (int i = 0; i < HANDOVER_TEXTS; i++)
    if (str_is(row->kind, handover_codes[i]))
      return tr_args(job->a, lang, TR("引き継ぎ帳: %1"), tr(lang, handover_label(i)), STR_NONE, STR_NONE);
  const char *id = str_is(row->from, "leaves") ? TR("%1 が担当を外れた")
                   : str_is(row->to, "lead")   ? TR("%1 が主担当者になった")
                                               : TR("%1 が担当に加わった");
  return tr_args(job->a, lang, id, text, STR_NONE, STR_NONE);
}

/* What was said with it: of a worker's coming and going the text is the name, of withdrawal what stands behind the digit. */
static struct str said(const struct course_job *job, const struct case_step_row *row, struct str text)
{
  if (str_is(row->kind, "worker"))
    return STR_NONE;
  if (!str_is(row->kind, "withdrawal"))
    return text;
  struct str label = case_withdrawal_label(job->who->lang, text.n ? text.p[0] - '0' : -1),
             note = str_sub(text, 2, text.n);
  return note.n ? str_printf(job->a, "%.*s\n%.*s", STR_FMT(label), STR_FMT(note)) : label;
}

static void put_part(const struct course_job *job, struct doc *d, struct str text)
{
  struct doc *parts = doc_put_list(d, "parts");
  if (!text.n)
    return;
  struct doc *part = doc_add_map(parts);
  doc_put_str(part, "source", tr(job->who->lang, TR("支援者の所見")));
  doc_put_cstr(part, "source_class", "staff");
  doc_put_str(part, "text", text);
  doc_put_bool(part, "has_older", false);
  (void)doc_put_list(part, "older");
}

/* Who stood in, and why, is a matter of the office whose telephone it was. */
static bool is_told(const struct course_job *job, const struct case_step_row *row)
{
  return scope_sees(job->s, row->category, row->author_organization, row->marks) && scope_hears(job->s, row->source) &&
         (!str_is(row->kind, "stand_in") || scope_wrote(job->s, row->author_organization));
}

static enum code moment(void *arg, const struct case_step_row *row, struct err *e)
{
  struct course_job *job = arg;
  struct str text = STR_NONE;
  if (!is_told(job, row))
    return OK;
  enum code c = open_text(job, row, &text, e);
  if (c != OK)
    return c;
  struct doc *d = doc_add_map(job->list);
  doc_put_cstr(d, "icon", "i-case");
  doc_put_int(d, "at", row->at);
  doc_put_str(d, "when", reader_day_ts(job->a, job->who, row->at));
  doc_put_str(d, "what", what_of(job, row, text));
  doc_put_str(d, "by", str_printf(job->a, "%.*s(%.*s)", STR_FMT(row->author), STR_FMT(row->organization)));
  doc_put_bool(d, "has_href", false);
  doc_put_null(d, "href");
  doc_put_bool(d, "has_state", false);
  doc_put_null(d, "state");
  put_part(job, d, said(job, row, text));
  doc_put_cstr(d, "more", "");
  doc_put_cstr(d, "correct_href", "");
  scope_showed_categories(job->s, row->category);
  return OK;
}

static enum code each(struct tx *tx, const struct scope *page, id64 case_id, const char *kind, case_step_fn fn,
                      struct course_job *job, struct err *e)
{
  enum code c = access_part(tx, page, ACTION_RECORD_READ, &job->s, e);
  if (c == OK)
    c = person_key(tx, page, &job->key, e);
  return c == OK ? course_sql_each(tx, job->s, case_id, str_from(kind), fn, job, e) : c;
}

/* Who works on it there, and who stood in, is nobody else's. */
static bool goes(const struct course_job *job, const struct case_step_row *row)
{
  return scope_wrote(job->s, row->author_organization) && scope_hears(job->s, row->source) &&
         scope_sees(job->s, row->category, row->author_organization, row->marks) &&
         scope_sees(job->as, row->category, row->author_organization, row->marks) &&
         scope_hears(job->as, row->source) && !str_is(row->kind, "worker") && !str_is(row->kind, "stand_in") &&
         !str_is(row->kind, "file_removed");
}

static enum code step_for(void *arg, const struct case_step_row *row, struct err *e)
{
  struct course_job *job = arg;
  struct str text = STR_NONE;
  if (!goes(job, row))
    return OK;
  enum code c = open_text(job, row, &text, e);
  if (c != OK)
    return c;
  struct doc *d = doc_add_map(job->list);
  doc_put_int(d, "at", row->at);
  doc_put_str(d, "kind", row->kind);
  doc_put_str(d, "what", what_of(job, row, text));
  doc_put_str(d, "said", said(job, row, text));
  if (str_is(row->kind, "withdrawal")) {
    doc_put_int(d, "step", text.n ? text.p[0] - '0' : -1);
    doc_put_str(d, "note", str_sub(text, 2, text.n));
  }
  scope_showed_categories(job->s, row->category);
  return OK;
}

static struct doc *oldest_first(struct arena *a, const struct doc *list)
{
  struct doc *ret = doc_list(a);
  for (size_t i = doc_size(list); i-- > 0;)
    doc_add(ret, doc_at(list, i));
  return ret;
}

enum code case_course_for(struct tx *tx, const struct scope *s, const struct scope *as, id64 case_id, struct arena *a,
                          const struct reader *who, struct doc **ret, struct err *e)
{
  struct course_job job = {.tx = tx, .s = s, .as = as, .a = a, .who = who, .list = doc_list(a)};
  enum code c = person_key(tx, s, &job.key, e);
  if (c == OK)
    c = course_sql_each(tx, s, case_id, STR_NONE, step_for, &job, e);
  if (c == OK)
    *ret = oldest_first(a, job.list);
  return c;
}

enum code case_course(struct tx *tx, const struct scope *s, id64 case_id, struct arena *a, const struct reader *who,
                      struct doc **ret, struct err *e)
{
  struct course_job job = {.tx = tx, .a = a, .who = who, .list = doc_list(a)};
  enum code c = each(tx, s, case_id, "", moment, &job, e);
  if (c == OK)
    *ret = job.list;
  return c;
}

static enum code withdrawal(void *arg, const struct case_step_row *row, struct err *e)
{
  struct course_job *job = arg;
  struct str text = STR_NONE;
  if (!scope_sees(job->s, row->category, row->author_organization, row->marks) || !scope_hears(job->s, row->source))
    return OK;
  enum code c = open_text(job, row, &text, e);
  int step = text.n ? text.p[0] - '0' : -1;
  if (c != OK || step < 0 || step >= WITHDRAWAL_STEPS)
    return c;
  struct doc *d = doc_add_map(job->list);
  doc_put_int(d, "at", row->at);
  doc_put_str(d, "day", date_iso(job->a, date_of_ts(row->at)));
  doc_put_str(d, "when", reader_date(job->a, job->who, date_of_ts(row->at)));
  doc_put_int(d, "step", step);
  doc_put_str(d, "label", case_withdrawal_label(job->who->lang, step));
  doc_put_str(d, "note", str_sub(text, 2, text.n));
  doc_put_str(d, "by", str_printf(job->a, "%.*s(%.*s)", STR_FMT(row->author), STR_FMT(row->organization)));
  scope_showed_categories(job->s, row->category);
  return OK;
}

enum code case_withdrawal_list(struct tx *tx, const struct scope *s, id64 case_id, struct arena *a,
                               const struct reader *who, struct doc **ret, struct err *e)
{
  struct course_job job = {.tx = tx, .a = a, .who = who, .list = doc_list(a)};
  enum code c = each(tx, s, case_id, "withdrawal", withdrawal, &job, e);
  if (c == OK)
    *ret = oldest_first(a, job.list);
  return c;
}
