/* seen.c: the page, as the person would read it. */
#include "seen/seen.h"

#include "seen/words.h"

struct page_job {
  const struct scope *party;
  struct arena *a;
  const struct reader *who;
  struct doc *days, *rows; /* rows of the day under way */
  struct date day;
  ts_t oldest;
  int64_t taken;
  bool more;
};

static void begin_day(struct page_job *job, ts_t at)
{
  struct date day = date_of_ts(at);
  if (job->rows && !date_compare(day, job->day))
    return;
  struct doc *d = doc_add_map(job->days);
  doc_put_str(d, "day", reader_day(job->a, job->who, day));
  job->rows = doc_put_list(d, "rows");
  job->day = day;
}

static enum code page_row(void *arg, const struct seen_row *row, struct err *e)
{
  struct page_job *job = arg;
  enum lang lang = job->who->lang;
  (void)e;
  if (job->taken == SEEN_PAGE) {
    job->more = true;
    return OK;
  }
  job->taken++;
  if (!scope_shows_look(job->party, &row->look))
    return OK;
  begin_day(job, row->look.at);
  int minute = ts_minute_of_day(row->look.at);
  struct doc *d = doc_add_map(job->rows);
  bool with_day = scope_shows_consent(job->party, row->look.reason_ref);
  doc_put_str(d, "time", str_printf(job->a, "%02d:%02d", minute / 60, minute % 60));
  doc_put_str(d, "who", words_who(job->a, lang, row->organization, row->job));
  doc_put_str(d, "did", words_plain(job->a, lang, words_did(lang, row->look.action)));
  doc_put_str(d, "reason", words_plain(job->a, lang, words_reason(job->a, job->who, row, with_day)));
  job->oldest = row->look.at;
  return OK;
}

/* For each guardian whom the reader may know of: the paper that guardian may have. */
static enum code put_guardians(struct tx *tx, const struct scope *staff, struct arena *a, struct str paper,
                               const struct reader *who, struct doc *d, struct err *e)
{
  struct doc *known = NULL, *list = doc_put_list(d, "guardians");
  enum code c = scope_may(staff, ACTION_SEEN_PRINT) ? person_guardians(tx, staff, a, who, &known, e) : OK;
  for (size_t i = 0; c == OK && i < doc_size(known); i++) {
    const struct doc *g = doc_at(known, i);
    struct str name = doc_get_str(g, "name"), relation = doc_get_str(g, "relation"), id = doc_get_str(g, "id");
    struct doc *m = doc_add_map(list);
    doc_put_str(m, "href", str_printf(a, "%.*s?for=guardian&guardian=%.*s", STR_FMT(paper), STR_FMT(id)));
    doc_put_str(m, "word",
                tr_args(a, who->lang, TR("%1さんに渡す紙を作る"),
                        name.n       ? name
                        : relation.n ? relation
                                     : tr(who->lang, TR("保護者")),
                        STR_NONE, STR_NONE));
  }
  doc_put_bool(d, "has_guardians", doc_size(list) > 0);
  return c;
}

static enum code put_contact(struct tx *tx, const struct reader *who, struct arena *a, struct doc *d, struct err *e)
{
  struct str name = STR_NONE;
  enum code c = seen_sql_coordinating(tx, a, &name, e);
  if (c == OK)
    doc_put_str(d, "contact",
                name.n ? tr_args(a, who->lang, TR("聞くところ：%1"), name, STR_NONE, STR_NONE) : STR_NONE);
  return c;
}

enum code seen_page(struct tx *tx, const struct scope *staff, id64 case_id, int64_t skip, struct arena *a,
                    const struct reader *who, struct doc **ret, struct err *e)
{
  struct doc *d = doc_map(a);
  struct page_job job = {.a = a, .who = who, .days = doc_put_list(d, "days")};
  struct str id = id_text(a, case_id), paper = str_printf(a, "/cases/%.*s/seen.pdf", STR_FMT(id));
  enum code c = access_open_for_party(tx, staff, PARTY_PERSON, 0, &job.party, e);
  if (c == OK)
    c = seen_sql_each(tx, job.party, skip, SEEN_PAGE + 1, page_row, &job, e);
  if (c == OK)
    c = put_contact(tx, who, a, d, e);
  doc_put_bool(d, "can_print", scope_may(staff, ACTION_SEEN_PRINT));
  doc_put_str(d, "paper_href", str_printf(a, "%.*s?for=person", STR_FMT(paper)));
  if (c == OK)
    c = put_guardians(tx, staff, a, paper, who, d, e);
  if (c != OK)
    return c;
  struct str from = job.oldest ? reader_date(a, who, date_of_ts(job.oldest)) : STR_NONE;
  doc_put_str(d, "period", from.n ? tr_args(a, who->lang, TR("%1から今日まで"), from, STR_NONE, STR_NONE) : STR_NONE);
  doc_put_bool(d, "has_rows", doc_size(job.days) > 0);
  doc_put_bool(d, "has_more", job.more);
  *ret = d;
  return OK;
}

/* ---- the file --------------------------------------------------------------------------------------------------------------- */

enum { COLUMNS = 5 };
struct file_job {
  const struct scope *party;
  struct arena *a;
  const struct reader *who;
  struct csv_table t;
};

static enum code file_row(void *arg, const struct seen_row *row, struct err *e)
{
  struct file_job *job = arg;
  struct arena *a = job->a;
  enum lang lang = job->who->lang;
  if (!scope_shows_look(job->party, &row->look))
    return OK;
  struct str *cell = csv_table_add(a, &job->t, COLUMNS);
  if (!cell)
    return err_oom(e);
  int minute = ts_minute_of_day(row->look.at);
  bool with_day = scope_shows_consent(job->party, row->look.reason_ref);
  cell[0] = date_iso(a, date_of_ts(row->look.at));
  cell[1] = str_printf(a, "%02d:%02d", minute / 60, minute % 60);
  cell[2] = words_who(a, lang, row->organization, row->job);
  cell[3] = words_plain(a, lang, words_did(lang, row->look.action));
  cell[4] = words_plain(a, lang, words_reason(a, job->who, row, with_day));
  return OK;
}

enum code seen_table(struct tx *tx, const struct scope *staff, struct arena *a, const struct reader *who,
                     struct csv_table *ret, struct err *e)
{
  static const char *const heads[COLUMNS] = {TR("日"), TR("時刻"), TR("だれが"), TR("何をしたか"), TR("理由")};
  struct file_job job = {.a = a, .who = who};
  struct str *cell = csv_table_add(a, &job.t, COLUMNS);
  for (int i = 0; cell && i < COLUMNS; i++)
    cell[i] = tr(who->lang, heads[i]);
  enum code c = cell ? access_open_for_party(tx, staff, PARTY_PERSON, 0, &job.party, e) : err_oom(e);
  if (c == OK)
    c = seen_sql_each(tx, job.party, 0, SEEN_FILE, file_row, &job, e);
  if (c == OK)
    *ret = job.t;
  return c;
}
