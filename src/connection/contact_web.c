/* contact_web.c: the way to the first contact, and mending a sheet that came back. */
#include "connection/connection.h"
#include "gate/handler.h"

static const char *const method_codes[] = {"phone", "visit", "letter", "message", "meet", "accompany", NULL};
static const char *const result_codes[] = {"none", "left", "voice", "met", NULL};
static const struct field contact_fields[] = {
    {.name = "day", .kind = FIELD_DATE, .required = true, .label = TR("いつ")},
    {.name = "method", .kind = FIELD_CHOICE, .required = true, .options = method_codes, .label = TR("どうやって")},
    {.name = "result",
     .kind = FIELD_CHOICE,
     .required = true,
     .options = result_codes,
     .label = TR("どうなりましたか")},
    {.name = "text", .kind = FIELD_LINES, .label = TR("ひとこと")},
    {0}};

struct contact_job {
  struct request *rq;
  struct reader who;
  id64 id, sheet;
  bool elsewhere;
  struct contact_attempt attempt;
  struct doc *data;
};

static enum code read_contact(struct tx *tx, void *arg, struct err *e)
{
  struct contact_job *job = arg;
  const struct scope *s = NULL;
  struct connection con = {0};
  struct str from = STR_NONE, count = STR_NONE;
  job->data = doc_map(job->rq->arena);
  enum code c = connection_enter(tx, gate_actor(job->rq), ACTION_CONNECTION_ANSWER, job->id, &con, &s, e);
  if (c == OK)
    c = case_put_strip(tx, s, con.case_id, job->rq->arena, &job->who, job->data, e);
  if (c == OK)
    c = organization_name(tx, con.from_organization, job->rq->arena, &from, e);
  if (c != OK)
    return c;
  if (con.attempts)
    count = reader_count(job->rq->arena, job->who.lang, TR("これまでに%1回、連絡を試みました。"), con.attempts);
  doc_put_str(job->data, "heading",
              tr_args(job->rq->arena, job->who.lang, TR("%1からのつなぎ"), from, STR_NONE, STR_NONE));
  doc_put_str(job->data, "count", count);
  return OK;
}

static enum code contact_page(struct request *rq, struct response *rs, struct err *e)
{
  struct contact_job job = {.rq = rq, .who = gate_reader(rq)};
  struct doc *first = doc_map(rq->arena);
  enum code c = gate_param(rq, "connection", &job.id, e);
  if (c == OK)
    c = gate_read(rq, read_contact, &job, e);
  if (c != OK)
    return c;
  doc_put_str(first, "day", date_iso(rq->arena, job.who.today));
  doc_put_id(job.data, "connection_id", job.id);
  doc_put(job.data, "f", gate_form(rq, contact_fields, first));
  return gate_page(rq, rs, "connection_contact", tr(job.who.lang, TR("本人への連絡を記録する")), job.data, e);
}

ROUTE_DEFINE(route_connection_contact_page, GET, "/connections/:connection/contact", NEEDS(CONNECTION_ANSWER),
             .summary = TR("本人への連絡を記録する画面"), .handle = contact_page);

static enum code write_contact(struct tx *tx, void *arg, struct err *e)
{
  const struct contact_job *job = arg;
  const struct scope *s = NULL;
  struct connection con = {0};
  enum code c = connection_enter(tx, gate_actor(job->rq), ACTION_CONNECTION_ANSWER, job->id, &con, &s, e);
  return c == OK ? connection_attempt(tx, s, &con, &job->attempt, e) : c;
}

static enum code handle_contact(struct request *rq, struct response *rs, struct err *e)
{
  struct contact_job job = {.rq = rq};
  enum code c = gate_param(rq, "connection", &job.id, e);
  if (c != OK)
    return c;
  if (gate_has_problems(rq))
    return contact_page(rq, rs, e);
  job.attempt = (struct contact_attempt){.method = doc_get_str(rq->input, "method"),
                                         .result = doc_get_str(rq->input, "result"),
                                         .text = str_trim(doc_get_str(rq->input, "text"))};
  (void)date_parse_iso(doc_get_str(rq->input, "day"), &job.attempt.day);
  struct str path = gate_path(rq, "/connections/", job.id, "");
  gate_location(rq, path);
  c = gate_write(rq, "connection_attempt", write_contact, &job, e);
  const char *notice = str_is(job.attempt.result, "met")
                           ? TR("会えたことを記録しました。様子は、ケースの「記録する」に書いてください。")
                           : TR("連絡を記録しました。");
  return c == OK ? gate_done(rq, rs, path, notice, e) : c;
}

ROUTE_DEFINE(route_connection_contact, POST, "/connections/:connection/contact", NEEDS(CONNECTION_ANSWER),
             .fields = contact_fields, .leaves = true, .summary = TR("本人への連絡を記録する"),
             .handle = handle_contact);

/* ---- mending what came back ------------------------------------------------------------------------------------------ */

static enum code begin_again(struct tx *tx, void *arg, struct err *e)
{
  struct contact_job *job = arg;
  const struct scope *s = NULL;
  struct connection con = {0};
  id64 sheet = 0;
  enum code c = connection_enter(tx, gate_actor(job->rq), ACTION_SHEET_WRITE, job->id, &con, &s, e);
  job->elsewhere = c == OK && connection_not_taken(&con);
  if (c == OK)
    c = job->elsewhere ? sheet_begin_elsewhere(tx, s, &con, &job->who, &sheet, e)
                       : sheet_begin_again(tx, s, &con, &sheet, e);
  if (c == OK)
    job->sheet = sheet;
  gate_location(job->rq, gate_path(job->rq, "/sheets/", sheet, "/edit"));
  return c;
}

static enum code handle_again(struct request *rq, struct response *rs, struct err *e)
{
  struct contact_job job = {.rq = rq, .who = gate_reader(rq)};
  enum code c = gate_param(rq, "connection", &job.id, e);
  if (c == OK)
    c = gate_write(rq, "sheet_begin_again", begin_again, &job, e);
  const char *done =
      job.elsewhere
          ? TR("前のシートに書いたことを、新しいシートに写しました。つなぐ先と、その先への同意は、ここで書きます。")
          : TR("書きなおせる写しを作りました。送ったときのシートは、そのまま残ります。");
  return c == OK ? gate_done(rq, rs, gate_path(rq, "/sheets/", job.sheet, "/edit"), done, e) : c;
}

ROUTE_DEFINE(route_connection_again, POST, "/connections/:connection/again", NEEDS(SHEET_WRITE),
             .summary = TR("差し戻されたシートを直す、受け手のいなかったシートからほかへつなぐ"),
             .handle = handle_again);
