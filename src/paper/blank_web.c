/* blank_web.c: a form to be filled in by hand. */
#include "formbook/formbook.h"
#include "gate/handler.h"
#include "paper/card.h"
#include "view/print.h"

struct job {
  struct request *rq;
  struct reader who;
  const struct form *form;
};

static const struct field blank_fields[] = {{.name = "code", .kind = FIELD_TEXT, .required = true, .label = TR("様式")},
                                            {0}};

static enum code read_form(struct tx *tx, void *arg, struct err *e)
{
  struct job *job = arg;
  return formbook_active(tx, job->rq->arena, doc_get_str(job->rq->input, "code"), &job->form, e);
}

static enum code handle_blank(struct request *rq, struct response *rs, struct err *e)
{
  struct job job = {.rq = rq, .who = gate_reader(rq)};
  struct str pdf = STR_NONE;
  if (gate_has_problems(rq))
    return err_set(e, NOT_FOUND, TR("この様式はありません。様式の一覧から選んでください。"));
  enum code c = gate_read(rq, read_form, &job, e);
  if (c != OK)
    return c;
  struct form_context context = {.arena = rq->arena, .lang = job.who.lang, .western = !job.who.wareki};
  context.today = job.who.today;
  context.mask.categories = FORM_ALL_CATEGORIES;
  bool card = form_use(job.form) == FORM_USE_CARD;
  struct doc *paper = card ? card_paper(&context, job.form, NULL, STR_NONE) : form_print(&context, job.form, NULL);
  c = print_pdf(rq->arena, job.who.lang, paper, &pdf, e);
  if (c == OK)
    gate_file(rq, rs, "application/pdf", str_printf(rq->arena, "%.*s.pdf", STR_FMT(form_name(job.form))), pdf);
  return c;
}

ROUTE_DEFINE(route_form_blank, GET, "/forms/blank.pdf", SIGNED_IN, .fields = blank_fields, .slow = true,
             .returns = "application/pdf", .summary = TR("何も書いていない様式を印刷する"), .handle = handle_blank);
