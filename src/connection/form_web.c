/* form_web.c: the forms of a case: what was written on them, and a new one. */
#include "connection/connection.h"
#include "connection/connection_sql.h"
#include "formbook/formbook.h"
#include "gate/handler.h"

/* ---- what was written ----------------------------------------------------------------------------------------------------- */

enum { WRITTEN = 200 };
struct written {
  struct arena *a;
  struct written_row *rows;
  size_t n;
};

static enum code take(void *arg, const struct written_row *row, struct err *e)
{
  struct written *w = arg;
  struct written_row *r = &w->rows[w->n];
  if (w->n == WRITTEN)
    return OK;
  *r = *row;
  r->code = str_copy(w->a, row->code);
  r->version = str_copy(w->a, row->version);
  r->status = str_copy(w->a, row->status);
  r->organization = str_copy(w->a, row->organization);
  r->user = str_copy(w->a, row->user);
  w->n++;
  return arena_failed(w->a) ? err_oom(e) : OK;
}

static enum code put_written(struct tx *tx, const struct scope *s, const struct written_row *row, struct arena *a,
                             const struct reader *who, struct doc *list, struct err *e)
{
  const struct form *form = NULL;
  bool own = scope_wrote(s, row->author), draft = str_is(row->status, "draft");
  if (!scope_sees(s, CAT_BASIC, row->author, 0) || (draft && !own))
    return OK;
  enum code c = formbook_get(tx, tx_arena(tx), row->code, row->version, &form, e);
  if (c != OK)
    return c;
  struct doc *d = doc_add_map(list);
  struct str id = id_text(a, row->id);
  doc_put_str(d, "href", str_printf(a, "/sheets/%.*s%s", STR_FMT(id), draft ? "/edit" : ""));
  doc_put_str(d, "title", form_title(form, who->lang));
  doc_put_str(d, "when", reader_day_ts(a, who, row->at));
  doc_put_str(d, "who", str_printf(a, "%.*s / %.*s", STR_FMT(row->organization), STR_FMT(row->user)));
  doc_put_bool(d, "draft", draft);
  doc_put_bool(d, "own", own);
  return OK;
}

/* What the scope may open of what was written in the case on forms, newest change first. */
static enum code sheet_written(struct tx *tx, const struct scope *s, id64 case_id, struct arena *a,
                               const struct reader *who, struct doc **ret, struct err *e)
{
  struct doc *list = doc_list(a);
  struct written w = {.a = tx_arena(tx), .rows = arena_array(tx_arena(tx), WRITTEN, sizeof(struct written_row))};
  enum code c = w.rows ? sheet_sql_written(tx, case_id, take, &w, e) : err_oom(e);
  for (size_t i = 0; c == OK && i < w.n; i++)
    c = put_written(tx, s, &w.rows[i], a, who, list, e);
  if (c == OK)
    *ret = list;
  return c;
}

/* ---- the page --------------------------------------------------------------------------------------------------------------- */

struct job {
  struct request *rq;
  struct reader who;
  id64 case_id, sheet;
  struct doc *data;
};

/* The つなぐシート has its own button; a town's own sheets that go to others begin here. */
static struct doc *but_the_sheet(struct arena *a, const struct doc *forms)
{
  struct doc *list = doc_list(a);
  for (size_t i = 0; i < doc_size(forms); i++)
    if (!str_is(doc_get_str(doc_at(forms, i), "code"), SHEET_FORM))
      doc_add(list, doc_at(forms, i));
  return list;
}

static enum code read_forms(struct tx *tx, void *arg, struct err *e)
{
  struct job *job = arg;
  struct case_head head = {0};
  const struct scope *s = NULL;
  struct doc *written = NULL, *forms = NULL;
  struct arena *a = job->rq->arena;
  job->data = doc_map(a);
  enum code c = case_enter(tx, gate_actor(job->rq), ACTION_SHEET_READ, job->case_id, &head, &s, e);
  if (c == OK)
    c = case_put_strip(tx, s, job->case_id, a, &job->who, job->data, e);
  if (c == OK)
    c = sheet_written(tx, s, job->case_id, a, &job->who, &written, e);
  if (c == OK)
    c = formbook_list(tx, a, job->who.lang, 1u << FORM_USE_CASE | 1u << FORM_USE_CARD | 1u << FORM_USE_CONNECTION,
                      &forms, e);
  if (c != OK)
    return c;
  forms = but_the_sheet(a, forms);
  doc_put_bool(job->data, "has_written", doc_size(written) > 0);
  doc_put(job->data, "written", written);
  doc_put_bool(job->data, "can_write", scope_may(s, ACTION_SHEET_WRITE));
  doc_put(job->data, "forms", forms);
  return OK;
}

static enum code forms_page(struct request *rq, struct response *rs, struct err *e)
{
  struct job job = {.rq = rq, .who = gate_reader(rq)};
  enum code c = gate_param(rq, "case", &job.case_id, e);
  if (c == OK)
    c = gate_read(rq, read_forms, &job, e);
  if (c != OK)
    return c;
  doc_put_id(job.data, "case_id", job.case_id);
  doc_put_str(job.data, "typed", gate_has_problems(rq) ? doc_get_str(gate_typed(rq), "form") : STR_NONE);
  return gate_page(rq, rs, "case_forms", tr(job.who.lang, TR("様式")), job.data, e);
}

ROUTE_DEFINE(route_case_forms, GET, "/cases/:case/forms", NEEDS(SHEET_READ), .summary = TR("ケースの様式"),
             .handle = forms_page);

static const struct field begin_fields[] = {{.name = "form", .kind = FIELD_TEXT, .required = true, .label = TR("様式")},
                                            {0}};

static enum code begin(struct tx *tx, void *arg, struct err *e)
{
  struct job *job = arg;
  struct case_head head = {0};
  const struct scope *s = NULL;
  enum code c = case_enter(tx, gate_actor(job->rq), ACTION_SHEET_WRITE, job->case_id, &head, &s, e);
  if (c == OK)
    c = sheet_begin_form(tx, s, job->case_id, doc_get_str(job->rq->input, "form"), &job->who, &job->sheet, e);
  if (c == NOT_FOUND && s)
    c = err_field(e, "form", TR("様式を、一覧から選んでください。"));
  gate_location(job->rq, gate_path(job->rq, "/sheets/", job->sheet, "/edit"));
  return c;
}

static enum code handle_begin(struct request *rq, struct response *rs, struct err *e)
{
  struct job job = {.rq = rq, .who = gate_reader(rq)};
  enum code c = gate_param(rq, "case", &job.case_id, e);
  if (c != OK)
    return c;
  if (gate_has_problems(rq))
    return forms_page(rq, rs, e);
  c = gate_write(rq, "form_begin", begin, &job, e);
  return c == OK ? gate_done(rq, rs, gate_path(rq, "/sheets/", job.sheet, "/edit"), NULL, e) : c;
}

ROUTE_DEFINE(route_case_form_begin, POST, "/cases/:case/forms", NEEDS(SHEET_WRITE), .fields = begin_fields,
             .summary = TR("様式を書き始める"), .handle = handle_begin);
