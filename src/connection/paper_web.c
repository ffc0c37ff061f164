/* paper_web.c: the つなぐシート on paper: for the family page 1 alone, for the desk both leaves. */
#include "connection/connection.h"
#include "gate/handler.h"
#include "view/print.h"

static const char *const copies[] = {"family", "desk", NULL};
static const struct field fields[] = {
    {.name = "copy", .kind = FIELD_CHOICE, .options = copies, .label = TR("どの写し")}, {0}};

struct paper_job {
  struct request *rq;
  struct reader who;
  id64 sheet;
  bool family;
  struct doc *paper;
};

static enum code put_footer(struct tx *tx, struct paper_job *job, const struct scope *s, struct err *e)
{
  struct str organization = STR_NONE, name = STR_NONE, work = STR_NONE;
  struct arena *a = job->rq->arena;
  enum code c = organization_name(tx, scope_organization(s), a, &organization, e);
  if (c == OK)
    c = user_name(tx, scope_actor(s)->user, a, &name, &work, e);
  if (c != OK)
    return c;
  struct doc *footer = doc_put_map(job->paper, "footer");
  doc_put_str(footer, "by", str_printf(a, "%.*s %.*s", STR_FMT(organization), STR_FMT(name)));
  doc_put_str(footer, "at", ts_text(a, tx_now(tx), job->who.wareki));
  return OK;
}

/* Printing is an action of its own: the scope is opened for it, and its event says that paper was made. */
static enum code read_paper(struct tx *tx, void *arg, struct err *e)
{
  struct paper_job *job = arg;
  struct sheet sheet = {0};
  const struct scope *s = NULL;
  const struct form *form = NULL;
  enum code c = sheet_enter(tx, gate_actor(job->rq), ACTION_PRINT, job->sheet, job->rq->arena, &sheet, &s, e);
  if (c == OK)
    c = sheet_form(&sheet, &form, e);
  if (c != OK)
    return c;
  struct form_context context = sheet_context(s, &sheet, job->rq->arena, &job->who);
  if (job->family)
    context.mask.hide_marks = FORM_MARK_LEAF2 | FORM_MARK_SEPARATE;
  job->paper = form_print(&context, form, sheet.answers);
  doc_put_str(job->paper, "mark", tr(job->who.lang, job->family ? TR("本人・家族控え") : TR("取扱注意")));
  return put_footer(tx, job, s, e);
}

static enum code handle_paper(struct request *rq, struct response *rs, struct err *e)
{
  struct paper_job job = {.rq = rq, .who = gate_reader(rq)};
  struct str pdf = STR_NONE;
  job.family =
      !str_is(doc_get_str(rq->input, "copy"), "desk"); /* what may be handed over, unless the desk's is asked for */
  enum code c = gate_param(rq, "sheet", &job.sheet, e);
  if (c == OK)
    c = gate_read(rq, read_paper, &job, e);
  if (c == OK)
    c = print_pdf(rq->arena, job.who.lang, job.paper, &pdf, e);
  if (c == OK)
    gate_file(rq, rs, "application/pdf", S("sheet.pdf"), pdf);
  return c;
}

ROUTE_DEFINE(route_sheet_paper, GET, "/sheets/:sheet/sheet.pdf", NEEDS(PRINT), .fields = fields, .slow = true,
             .returns = "application/pdf", .summary = TR("つなぐシートを印刷する"), .handle = handle_paper);
