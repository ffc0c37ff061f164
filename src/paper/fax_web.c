/* fax_web.c: a connection to a receiver who is reached on paper. Its answer, by FAX or by telephone, is written down by the sender. */
#include "base/limits.h"
#include "connection/connection.h"
#include "gate/handler.h"
#include "paper/fax.h"
#include "paper/paper_sql.h"
#include "view/print.h"

struct fax_job {
  struct request *rq;
  struct reader who;
  id64 id;
  struct doc *paper;
};

static enum code put_end(struct tx *tx, id64 organization, struct arena *a, struct fax_end *ret, struct err *e)
{
  enum code c = organization_name(tx, organization, a, &ret->organization, e);
  return c == OK ? reach_sql_get(tx, organization, a, &ret->phone, &ret->fax, e) : c;
}

static enum code put_facts(struct tx *tx, const struct scope *s, struct fax_job *job, const struct connection *c,
                           struct fax *f, struct err *e)
{
  struct arena *a = job->rq->arena;
  struct str work = STR_NONE;
  struct case_head head = {0};
  struct date until = {0};
  const struct scope *of_case = NULL;
  enum code code = case_enter(tx, scope_actor(s), ACTION_PRINT, c->case_id, &head, &of_case, e);
  if (code == OK)
    code = put_end(tx, c->from_organization, a, &f->from, e);
  if (code == OK)
    code = put_end(tx, c->to_organization, a, &f->to, e);
  if (code == OK)
    code = user_name(tx, c->from_user, a, &f->worker, &work, e);
  if (code == OK)
    code = connection_answer_by(tx, c, &until, e);
  if (code != OK)
    return code;
  f->number = head.number;
  f->kind = connection_kind_word(job->who.lang, c->kind);
  f->sent = reader_date(a, &job->who, date_of_ts(c->sent_at));
  f->answer_by = reader_date(a, &job->who, until);
  f->answer_url = gate_url(job->rq, gate_path(job->rq, "/connections/", c->id, "/answer"));
  return OK;
}

/* The sheet under the receiver's own mask, as at this instant: nothing goes by FAX that its page would not show. */
static enum code receivers_sheet(struct tx *tx, const struct scope *s, struct fax_job *job, const struct connection *c,
                                 struct doc **ret, struct err *e)
{
  struct arena *a = job->rq->arena;
  struct sheet sheet = {0};
  const struct scope *as = NULL;
  const struct form *form = NULL;
  enum code code = access_open_as_receiver(tx, s, c->to_organization, &as, e);
  if (code == OK)
    code = sheet_of_connection(tx, as, c->sheet, a, &sheet, e);
  if (code == OK && !sheet.answers)
    return err_set(e, CONFLICT, TR("この機関へ伝えてよいという同意が、いまはありません。紙でも送ることはできません。"));
  if (code == OK)
    code = sheet_form(tx, a, &sheet, &form, e);
  if (code != OK)
    return code;
  struct form_context context = sheet_context(as, &sheet, a, &job->who);
  *ret = form_print(&context, form, sheet.answers);
  return OK;
}

static enum code make_fax(struct tx *tx, void *arg, struct err *e)
{
  struct fax_job *job = arg;
  struct connection con = {0};
  struct fax f = {0};
  struct doc *sheet = NULL;
  const struct scope *s = NULL;
  enum connection_state next;
  enum code c = connection_enter(tx, gate_actor(job->rq), ACTION_PRINT, job->id, &con, &s, e);
  if (c == OK && !scope_wrote(s, con.from_organization))
    return err_set(e, DENIED, code_msg(DENIED));
  if (c == OK && !connection_next(con.state, STEP_WITHDRAW, &next) && con.state != CONNECTION_ANSWERED)
    return err_set(e, CONFLICT, TR("このつなぎは終わっています。紙では送れません。"));
  if (c == OK && !con.sent_at)
    return err_set(e, CONFLICT, TR("先に、つなぐシートを送ってください。そのあとで、FAXや紙で渡せます。"));
  if (c == OK)
    c = put_facts(tx, s, job, &con, &f, e);
  if (c == OK)
    c = receivers_sheet(tx, s, job, &con, &sheet, e);
  if (c != OK)
    return c;
  job->paper = fax_paper(job->rq->arena, &job->who, &f, sheet);
  const struct paper_copy copy = {PAPER_FAX, con.case_id, con.id};
  return paper_stamp(tx, s, &job->who, job->rq->arena, &copy, job->paper, e);
}

static enum code handle_fax(struct request *rq, struct response *rs, struct err *e)
{
  struct fax_job job = {.rq = rq, .who = gate_reader(rq)};
  struct str pdf = STR_NONE;
  enum code c = gate_param(rq, "connection", &job.id, e);
  if (c == OK)
    c = gate_write(rq, "fax_paper", make_fax, &job, e);
  if (c == OK)
    gate_veil(rq, job.paper);
  if (c == OK)
    c = print_pdf(rq->arena, job.who.lang, job.paper, &pdf, e);
  if (c == OK)
    gate_file(rq, rs, "application/pdf", S("fax.pdf"), pdf);
  return c;
}

ROUTE_DEFINE(route_fax, GET, "/connections/:connection/fax.pdf", NEEDS(PRINT), .slow = true,
             .returns = "application/pdf", .summary = TR("送付票・シート・返信票を印刷する"), .handle = handle_fax);
