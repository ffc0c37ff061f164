/* preview_web.c: 見せる前に確かめる: what exactly each receiver will see, what stands in the way of sending, and the sending itself. */
#include "access/agreed.h"
#include "connection/connection.h"
#include "connection/sent.h"
#include "gate/handler.h"

struct job {
  struct request *rq;
  struct reader who;
  id64 id;
  id64 shown; /* receiver whose page is previewed */
  struct sheet sheet;
  struct doc *data;
  struct problem *lacks; /* what has to be written before it goes */
  size_t receiver_count;
  int64_t rev;
};

/* ---- 見せる前に確かめる ------------------------------------------------------------------------------------------------------- */

static const struct field preview_fields[] = {{.name = "to", .kind = FIELD_ID}, {0}};

static enum code put_receiver_page(struct tx *tx, const struct scope *s, struct job *job, const struct connection *c,
                                   struct str name, struct err *e)
{
  const struct scope *as = NULL;
  struct doc *view = NULL;
  struct sheet theirs = job->sheet;
  enum code code = access_open_as_receiver(tx, s, c->to_organization, &as, e);
  if (code == OK)
    code = sheet_veil_receivers(tx, as, &theirs, job->rq->arena, e);
  if (code == OK)
    code = sheet_view(tx, as, &theirs, c->to_organization, 0, c->kind, job->rq->arena, &job->who, &view, e);
  if (code != OK)
    return code;
  doc_put_str(job->data, "receiver", name);
  doc_put(job->data, "sheet", view);
  doc_put_id(job->data, "case_id", job->sheet.case_id);
  doc_put_bool(job->data, "unasked", !(scope_others(as) & CAT_SUPPORT)); /* the request itself is of that category */
  return OK;
}

static void put_block(struct job *job, struct doc *blocks, struct str text, struct str href, const char *word)
{
  struct doc *d = doc_add_map(blocks);
  doc_put_str(d, "text", text);
  doc_put_str(d, "href", href);
  doc_put_str(d, "word", tr(job->who.lang, word));
}

static enum code put_tab(struct tx *tx, const struct scope *s, struct job *job, const struct connection *c,
                         struct str name, struct doc *tabs, struct doc *blocks, struct err *e)
{
  struct agreed agreed = {0};
  struct str sheet = id_text(job->rq->arena, job->sheet.id), to = id_text(job->rq->arena, c->to_organization);
  enum code code = access_agreed(tx, s, c->to_organization, &agreed, e);
  if (code != OK)
    return code;
  bool agreed_to = agreed.any & CAT_BASIC, ready = agreed_to && !job->lacks;
  struct doc *d = doc_add_map(tabs);
  doc_put_str(d, "href", str_printf(job->rq->arena, "/sheets/%.*s/preview?to=%.*s", STR_FMT(sheet), STR_FMT(to)));
  doc_put_str(d, "name", name);
  doc_put_bool(d, "current", c->to_organization == job->shown); /* a value, not a decision */
  doc_put_bool(d, "ready", ready);
  if (!agreed_to)
    put_block(job, blocks,
              tr_args(job->rq->arena, job->who.lang, TR("%1への同意が、まだありません。"), name, STR_NONE, STR_NONE),
              str_printf(job->rq->arena, "/cases/%.*s/consents/new?sheet=%.*s",
                         STR_FMT(id_text(job->rq->arena, job->sheet.case_id)), STR_FMT(sheet)),
              TR("同意を記録する"));
  return OK;
}

/* What must be written is written where it is asked. */
static enum code put_lacks(struct tx *tx, const struct scope *s, struct job *job, struct doc *blocks, struct err *e)
{
  struct form_reading reading = {0};
  struct str sheet = id_text(job->rq->arena, job->sheet.id);
  enum code c = OK;
  if (str_is(job->sheet.status, "draft"))
    c = sheet_settle(tx, s, &job->sheet, job->rq->arena, &job->who, &reading, e);
  for (const struct problem *p = reading.problems; c == OK && p; p = p->next)
    put_block(job, blocks, p->text,
              str_printf(job->rq->arena, "/sheets/%.*s/edit#f-%.*s", STR_FMT(sheet), STR_FMT(p->field)),
              TR("この欄を書く"));
  job->lacks = reading.problems;
  return c;
}

static enum code put_deadline(struct tx *tx, struct job *job, struct err *e)
{
  int days = 0;
  enum code c = connection_silence_days(tx, &days, e);
  if (c == OK)
    doc_put_str(job->data, "deadline",
                reader_count(job->rq->arena, job->who.lang,
                             TR("%1開庁日のうちに返事がなければ、こちらと相手の「今日」に知らせが出ます。"), days));
  return c;
}

static enum code read_preview(struct tx *tx, void *arg, struct err *e)
{
  struct job *job = arg;
  const struct scope *s = NULL;
  struct connection_batch all = {0};
  size_t at = 0;
  job->data = doc_map(job->rq->arena);
  const struct form *form = NULL;
  enum code c = sheet_enter(tx, gate_actor(job->rq), ACTION_SHEET_SEND, job->id, job->rq->arena, &job->sheet, &s, e);
  if (c == OK)
    c = sheet_form(tx, job->rq->arena, &job->sheet, &form, e);
  if (c == OK && form_use(form) != FORM_USE_CONNECTION)
    return err_set(e, CONFLICT, TR("この様式は、ほかの機関へ送るものではありません。"));
  if (c == OK)
    c = case_put_strip(tx, s, job->sheet.case_id, job->rq->arena, &job->who, job->data, e);
  if (c == OK)
    c = put_deadline(tx, job, e);
  if (c == OK)
    c = connection_batch_of_sheet(tx, job->sheet.id, &all, e);
  if (c != OK)
    return c;
  for (size_t i = 0; i < all.count; i++)
    if (all.list[i].to_organization == job->shown) /* a value, not a decision */
      at = i;
  if (all.count)
    job->shown = all.list[at].to_organization;
  job->receiver_count = all.count;
  struct doc *tabs = doc_put_list(job->data, "receivers"), *blocks = doc_put_list(job->data, "blocks");
  if (!all.count)
    put_block(job, blocks, tr(job->who.lang, TR("つなぐ先が、まだ選ばれていません。")),
              gate_path(job->rq, "/sheets/", job->id, "/edit"), TR("つなぐ先を選ぶ"));
  c = put_lacks(tx, s, job, blocks, e);
  for (size_t i = 0; c == OK && i < all.count; i++)
    c = put_tab(tx, s, job, &all.list[i], all.names[i], tabs, blocks, e);
  if (c == OK && all.count)
    return put_receiver_page(tx, s, job, &all.list[at], all.names[at], e);
  doc_put_str(job->data, "receiver", STR_NONE);
  doc_put_bool(job->data, "unasked", false);
  doc_put_null(job->data, "sheet");
  return c;
}

/* Was it sent all the same? A program is told of each field; on the page they stand among what is needed, with the way to them. */
static void say_lacks(struct job *job)
{
  struct request *rq = job->rq;
  if (rq->method != POST || !job->lacks)
    return;
  for (const struct problem *p = job->lacks; rq->wants_json && p; p = p->next)
    request_problem(rq, str_cstr(rq->arena, p->field), p->text);
  if (rq->wants_json || !rq->problems || !str_is(rq->problems->field, "answer"))
    return;
  doc_put_bool(job->data, "has_problems", false);
  doc_put_list(job->data, "problems");
}

static enum code preview_page(struct request *rq, struct response *rs, struct err *e)
{
  struct job job = {.rq = rq, .who = gate_reader(rq)};
  enum code c = gate_param(rq, "sheet", &job.id, e);
  if (rq->method == GET)
    (void)doc_get_id(rq->input, "to", &job.shown);
  if (c == OK)
    c = gate_read(rq, read_preview, &job, e);
  if (c != OK)
    return c;
  bool blocked = doc_size(doc_get(job.data, "blocks")) > 0;
  say_lacks(&job);
  doc_put_id(job.data, "sheet_id", job.id);
  doc_put_int(job.data, "rev", job.sheet.rev);
  doc_put_bool(job.data, "has_blocks", blocked);
  doc_put_bool(job.data, "can_send", !blocked && str_is(job.sheet.status, "draft"));
  doc_put_str(job.data, "send_word",
              reader_count(rq->arena, job.who.lang, TR("%1か所へ送る"), (int64_t)job.receiver_count));
  return gate_page(rq, rs, "sheet_preview", tr(job.who.lang, TR("見せる前に確かめる")), job.data, e);
}

ROUTE_DEFINE(route_sheet_preview, GET, "/sheets/:sheet/preview", NEEDS(SHEET_SEND), .fields = preview_fields,
             .summary = TR("相手に見えるページを確かめる"), .handle = preview_page);

static enum code send_sheet(struct tx *tx, void *arg, struct err *e)
{
  struct job *job = arg;
  struct sheet sheet = {0};
  const struct scope *s = NULL;
  enum code c = sheet_enter(tx, gate_actor(job->rq), ACTION_SHEET_SEND, job->id, tx_arena(tx), &sheet, &s, e);
  if (c == OK && job->rev)
    sheet.rev = job->rev; /* what was looked at is what goes */
  if (c == OK)
    c = sheet_send(tx, s, &sheet, e);
  if (c == OK)
    job->sheet.case_id = sheet.case_id;
  gate_location(job->rq, gate_path(job->rq, "/cases/", job->sheet.case_id, ""));
  return c;
}

static const struct field send_fields[] = {{.name = "rev", .kind = FIELD_INT, .min = 0, .max = INT64_MAX}, {0}};

static enum code handle_send(struct request *rq, struct response *rs, struct err *e)
{
  struct job job = {.rq = rq};
  enum code c = gate_param(rq, "sheet", &job.id, e);
  if (c != OK)
    return c;
  if (gate_has_problems(rq))
    return preview_page(rq, rs, e);
  job.rev = doc_get_int(rq->input, "rev");
  c = gate_write(rq, "sheet_send", send_sheet, &job, e);
  return c == OK
             ? gate_done(rq, rs, gate_path(rq, "/cases/", job.sheet.case_id, ""), TR("つなぐシートを送りました。"), e)
             : sheet_or_sent(rq, rs, job.id, c, e);
}

ROUTE_DEFINE(route_sheet_send, POST, "/sheets/:sheet/preview", NEEDS(SHEET_SEND), .fields = send_fields,
             .summary = TR("つなぐシートを送る"), .handle = handle_send);
