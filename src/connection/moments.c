/* moments.c: the own organization's sheets of a case, as moments of its timeline. */
#include "connection/connection.h"
#include "connection/connection_sql.h"

struct moments_job {
  struct arena *a;
  const struct reader *who;
  struct doc *list;
};

static enum code moment(void *arg, const struct sheet *sheet, struct str author, struct err *e)
{
  struct moments_job *job = arg;
  bool draft = !str_is(sheet->status, "frozen");
  struct str id = id_text(job->a, sheet->id);
  struct doc *d = doc_add_map(job->list);
  (void)e;
  ts_t at = draft ? sheet->changed_at : sheet->frozen_at;
  doc_put_cstr(d, "icon", "i-sheet");
  doc_put_int(d, "at", at);
  doc_put_str(d, "when", reader_day_ts(job->a, job->who, at));
  doc_put_str(d, "what", tr(job->who->lang, draft ? TR("つなぐシート(書きかけ)") : TR("つなぐシート")));
  doc_put_str(d, "by", author);
  doc_put_bool(d, "has_href", true);
  doc_put_str(d, "href", str_printf(job->a, draft ? "/sheets/%.*s/edit" : "/sheets/%.*s", STR_FMT(id)));
  doc_put_bool(d, "has_state", false);
  doc_put_null(d, "state");
  (void)doc_put_list(d, "parts");
  doc_put_cstr(d, "more", "");
  doc_put_cstr(d, "correct_href", "");
  return OK;
}

enum code sheet_moments(struct tx *tx, const struct scope *s, id64 case_id, struct arena *a, const struct reader *who,
                        struct doc **ret, struct err *e)
{
  struct moments_job job = {.a = a, .who = who, .list = doc_list(a)};
  enum code c = sheet_sql_of_case(tx, s, case_id, moment, &job, e);
  if (c == OK)
    *ret = job.list;
  return c;
}
