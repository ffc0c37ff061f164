/* sheet_web.c: a sheet on paper: for the family page 1 alone, for the desk both leaves; the card as the person carries it. */
#include "connection/connection.h"
#include "gate/handler.h"
#include "paper/card.h"
#include "paper/paper.h"
#include "view/print.h"

static const char *const copies[] = {"family", "desk", NULL};
static const struct field fields[] = {
    {.name = "copy", .kind = FIELD_CHOICE, .options = copies, .label = TR("どの写し")}, HANDED_FIELD, {0}};

struct paper_job {
  struct request *rq;
  struct reader who;
  id64 sheet;
  bool family;
  struct handing hand;
  struct doc *paper;
};

/* Printing is an action of its own: the scope is opened for it, its event says that paper was made, and the copy is numbered. */
static enum code make_paper(struct tx *tx, void *arg, struct err *e)
{
  struct paper_job *job = arg;
  struct sheet sheet = {0};
  const struct scope *s = NULL;
  const struct form *form = NULL;
  struct arena *a = job->rq->arena;
  enum code c = sheet_enter(tx, gate_actor(job->rq), ACTION_PRINT, job->sheet, a, &sheet, &s, e);
  if (c == OK)
    c = sheet_form(tx, a, &sheet, &form, e);
  if (c == OK && job->family && !form_for_family(form))
    return err_field(e, "copy", TR("この様式は、本人・家族には渡しません。控えを印刷してください。"));
  bool card = c == OK && form_use(form) == FORM_USE_CARD;
  job->hand.case_id = sheet.case_id;
  if (c == OK && job->family)
    c = hand_check(tx, s, &job->hand, e);
  if (c != OK)
    return c;
  struct form_context context = sheet_context(s, &sheet, a, &job->who);
  if (job->family)
    context.mask.hide_marks = FORM_MARK_LEAF2 | FORM_MARK_SEPARATE;
  struct str url = gate_url(job->rq, gate_path(job->rq, "/sheets/", job->sheet, ""));
  job->paper = card ? card_paper(&context, form, sheet.answers, url) : form_print(&context, form, sheet.answers);
  if (!card) {
    doc_put_str(job->paper, "mark", tr(job->who.lang, job->family ? TR("本人・家族控え") : TR("取扱注意")));
    doc_put_str(job->paper, "qr", url);
  }
  const struct paper_copy copy = {card ? PAPER_CARD : job->family ? PAPER_FAMILY : PAPER_DESK, sheet.case_id, sheet.id};
  return paper_stamp(tx, s, &job->who, a, &copy, job->paper, e);
}

static enum code handle_paper(struct request *rq, struct response *rs, struct err *e)
{
  struct paper_job job = {.rq = rq, .who = gate_reader(rq)};
  struct str pdf = STR_NONE;
  /* what may be handed over, unless the desk's is asked for */
  job.family = !str_is(doc_get_str(rq->input, "copy"), "desk");
  job.hand.handed = doc_get_str(rq->input, "handed");
  enum code c = gate_param(rq, "sheet", &job.sheet, e);
  if (c == OK)
    c = gate_write(rq, "sheet_paper", make_paper, &job, e);
  if (job.hand.stops)
    return hand_page(rq, rs, &job.hand, c, e);
  if (c == OK)
    gate_veil(rq, job.paper);
  if (c == OK)
    c = print_pdf(rq->arena, job.who.lang, job.paper, &pdf, e);
  if (c == OK)
    gate_file(rq, rs, "application/pdf", S("sheet.pdf"), pdf);
  return c;
}

ROUTE_DEFINE(route_sheet_paper, GET, "/sheets/:sheet/sheet.pdf", NEEDS(PRINT), .fields = fields, .slow = true,
             .returns = "application/pdf", .summary = TR("つなぐシートを印刷する"), .handle = handle_paper);
