/* sent_web.c: somebody goes on writing what has left the desk: a sheet that was sent, a form that was finished. It stays as it went; the page
 * says what can be done instead, and gives back what was typed. */
#include "connection/connection.h"
#include "connection/sent.h"
#include "form/form.h"
#include "gate/handler.h"

struct sent_job {
  struct request *rq;
  struct reader who;
  id64 id;
  const struct doc *typed; /* NULL: nothing was */
  struct sheet sheet;
  bool connects;
  struct doc *data;
};

/* What stands in the form and was not in what went. */
static enum code put_typed(struct sent_job *job, const struct scope *s, const struct form *form, struct err *e)
{
  static const char *const reply[] = {"reply", NULL}; /* the receiver's answer is the connection's */
  struct form_context context = sheet_context(s, &job->sheet, job->rq->arena, &job->who);
  struct form_reading reading = {0};
  struct doc *list = doc_list(job->rq->arena);
  enum code c = OK;
  if (job->connects)
    context.skip = reply;
  if (job->typed) {
    c = form_read(&context, form, FORM_DRAFT, job->typed, job->sheet.answers, &reading, e);
    if (c != OK && c != INVALID)
      return c;
    *e = (struct err){0};
    list = form_differ(&context, form, job->sheet.answers, reading.answers);
  }
  doc_put_bool(job->data, "has_typed", doc_size(list) > 0);
  doc_put(job->data, "typed", list);
  return OK;
}

static enum code read_sent(struct tx *tx, void *arg, struct err *e)
{
  struct sent_job *job = arg;
  const struct scope *s = NULL;
  const struct form *form = NULL;
  struct arena *a = job->rq->arena;
  struct doc *connections = doc_list(a);
  job->data = doc_map(a);
  enum code c = sheet_enter(tx, gate_actor(job->rq), ACTION_SHEET_WRITE, job->id, a, &job->sheet, &s, e);
  if (c == OK)
    c = sheet_form(tx, a, &job->sheet, &form, e);
  if (c == OK)
    c = case_put_strip(tx, s, job->sheet.case_id, a, &job->who, job->data, e);
  job->connects = c == OK && form_use(form) == FORM_USE_CONNECTION;
  if (c == OK && job->connects && scope_wrote(s, job->sheet.author_organization))
    c = connection_of_sheet(tx, &job->sheet, a, &job->who, &connections, e);
  if (c == OK)
    c = put_typed(job, s, form, e);
  if (c != OK)
    return c;
  doc_put_bool(job->data, "connects", job->connects);
  doc_put_bool(job->data, "has_connections", doc_size(connections) > 0);
  doc_put(job->data, "connections", connections);
  doc_put_bool(job->data, "can_record", scope_writes(s) && scope_may(s, ACTION_RECORD_WRITE));
  return OK;
}

static enum code show_sent(struct sent_job *job, struct response *rs, struct err *e)
{
  doc_put_id(job->data, "sheet_id", job->id);
  doc_put_id(job->data, "case_id", job->sheet.case_id);
  const char *title = job->connects ? TR("このシートは、もう送られています") : TR("この様式は、書き終えています");
  enum code c = gate_page(job->rq, rs, "sheet_sent", tr(job->who.lang, title), job->data, e);
  if (c == OK)
    rs->status = 409;
  return c;
}

enum code sheet_sent_page(struct request *rq, struct response *rs, id64 sheet, const struct doc *typed, struct err *e)
{
  struct sent_job job = {.rq = rq, .who = gate_reader(rq), .id = sheet, .typed = typed};
  enum code c = gate_read(rq, read_sent, &job, e);
  return c == OK ? show_sent(&job, rs, e) : c;
}

enum code sheet_or_sent(struct request *rq, struct response *rs, id64 sheet, enum code said, struct err *e)
{
  struct sent_job job = {.rq = rq, .who = gate_reader(rq), .id = sheet};
  struct err before = *e;
  if (said != CONFLICT || rq->wants_json)
    return said;
  *e = (struct err){0};
  enum code c = gate_read(rq, read_sent, &job, e);
  if (c == OK && str_is(job.sheet.status, "draft")) {
    *e = before;
    return said;
  }
  return c == OK ? show_sent(&job, rs, e) : c;
}
