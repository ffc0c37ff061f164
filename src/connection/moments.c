/* moments.c: what the own organization wrote in a case on forms, as moments of its timeline. */
#include "connection/connection.h"
#include "connection/connection_sql.h"
#include "formbook/formbook.h"

enum { MOMENTS = 200 };
struct written {
  struct sheet sheet; /* id, form, status, instants; copied */
  struct str author;
};
struct moments_job {
  struct tx *tx;
  struct arena *a;
  const struct reader *who;
  struct doc *list;
  struct written *rows;
  size_t n;
};

static enum code take(void *arg, const struct sheet *sheet, struct str author, struct err *e)
{
  struct moments_job *job = arg;
  struct written *w = &job->rows[job->n];
  if (job->n == MOMENTS)
    return OK;
  *w = (struct written){.sheet = *sheet, .author = str_copy(job->a, author)};
  w->sheet.status = str_copy(job->a, sheet->status);
  w->sheet.form_code = str_copy(job->a, sheet->form_code);
  w->sheet.form_version = str_copy(job->a, sheet->form_version);
  job->n++;
  return arena_failed(job->a) ? err_oom(e) : OK;
}

static enum code moment(const struct moments_job *job, const struct written *w, struct err *e)
{
  const struct sheet *sheet = &w->sheet;
  const struct form *form = NULL;
  bool draft = !str_is(sheet->status, "frozen");
  struct str id = id_text(job->a, sheet->id);
  struct err unknown = {0};
  enum code c = formbook_get(job->tx, tx_arena(job->tx), sheet->form_code, sheet->form_version, &form, &unknown);
  if (c == OOM || c == IO || c == RETRY) {
    *e = unknown;
    return c;
  }
  struct doc *d = doc_add_map(job->list);
  /* of a newer program: the sheet says so when it is opened */
  struct str title = c == OK ? form_title(form, job->who->lang) : tr(job->who->lang, TR("様式"));
  ts_t at = draft ? sheet->changed_at : sheet->frozen_at;
  doc_put_cstr(d, "icon", "i-sheet");
  doc_put_int(d, "at", at);
  doc_put_str(d, "when", reader_day_ts(job->a, job->who, at));
  doc_put_str(d, "what",
              draft ? tr_args(job->a, job->who->lang, TR("%1(書きかけ)"), title, STR_NONE, STR_NONE) : title);
  doc_put_str(d, "by", w->author);
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
  struct moments_job job = {.tx = tx, .a = a, .who = who, .list = doc_list(a)};
  job.rows = arena_array(a, MOMENTS, sizeof *job.rows);
  enum code c = job.rows ? sheet_sql_of_case(tx, s, case_id, take, &job, e) : err_oom(e);
  for (size_t i = 0; c == OK && i < job.n; i++)
    c = moment(&job, &job.rows[i], e);
  if (c == OK)
    *ret = job.list;
  return c;
}
