/* stand_in_web.c: 課内代行. A colleague is away and the telephone rings: one finds the case by the name that is said, gives a reason, and sees it
 * for four hours. Until then nothing is told but that there is such a case, its number and who is in charge. */
#include "base/utf8.h"
#include "casework/casework.h"
#include "casework/casework_sql.h"
#include "gate/handler.h"
#include "person/find.h"

struct stand_job {
  struct request *rq;
  struct reader who;
  struct find_typed typed;
  id64 case_id;
  struct str reason;
  struct doc *data;
};

static const struct field look_fields[] = {{.name = "q", .kind = FIELD_TEXT, .label = TR("本人の名前かふりがな")},
                                           {.name = "born", .kind = FIELD_DATE, .label = TR("生年月日")},
                                           {.name = "tel", .kind = FIELD_TEXT, .label = TR("電話")},
                                           {0}};

static enum code put_hit(struct tx *tx, struct stand_job *job, const struct scope *s, id64 person, struct doc *list,
                         struct err *e)
{
  struct case_line line = {0};
  id64 id = 0;
  struct arena *a = job->rq->arena;
  enum code c = case_sql_newest(tx, person, &id, e);
  if (c == OK && id)
    c = case_lines(tx, s, &id, &person, 1, a, &line, e);
  if (c != OK || !id)
    return c;
  struct doc *d = doc_add_map(list);
  doc_put_str(d, "href", gate_path(job->rq, "/cases/", id, "/stand-in"));
  doc_put_str(d, "number", line.number);
  doc_put_str(d, "stage", line.told ? case_stage_label(job->who.lang, line.status, line.moved) : STR_NONE);
  doc_put_str(d, "lead", line.lead_worker.n ? line.lead_worker : line.lead_organization);
  return OK;
}

static enum code read_look(struct tx *tx, void *arg, struct err *e)
{
  struct stand_job *job = arg;
  const struct scope *s = NULL;
  struct find_answer f = {.count = 0};
  struct find_query q = find_query(job->rq->arena, &job->typed);
  job->data = doc_map(job->rq->arena);
  struct doc *list = doc_put_list(job->data, "found");
  enum code c = access_open_network(tx, gate_actor(job->rq), ACTION_PERSON_FIND, &s, e);
  if (c == OK && find_asks(&q))
    c = person_find_engaged(tx, s, &q, job->rq->arena, &f, e);
  for (size_t i = 0; c == OK && i < f.count; i++)
    c = put_hit(tx, job, s, f.hits[i].person, list, e);
  doc_put_bool(job->data, "searched", find_asks(&q));
  doc_put_bool(job->data, "has_found", doc_size(list) > 0);
  return c;
}

static enum code look_page(struct stand_job *job, struct response *rs, struct err *e)
{
  struct request *rq = job->rq;
  struct doc *initial = doc_map(rq->arena);
  enum code c = gate_read_as_service(rq, read_look, job, e);
  if (c != OK)
    return c;
  doc_put_str(initial, "q", job->typed.name);
  doc_put_str(initial, "tel", job->typed.phone);
  if (job->typed.birth_iso.n)
    doc_put_str(initial, "born", job->typed.birth_iso);
  else if (job->who.wareki)
    doc_put_cstr(doc_put_map(initial, "born"), "era", "H");
  doc_put(job->data, "look", gate_form(rq, look_fields, initial));
  return gate_page(rq, rs, "stand_in_find", tr(job->who.lang, TR("代わりに電話を受ける")), job->data, e);
}

static enum code handle_look(struct request *rq, struct response *rs, struct err *e)
{
  struct stand_job job = {.rq = rq, .who = gate_reader(rq)};
  return look_page(&job, rs, e);
}

ROUTE_DEFINE(route_stand_in_look, GET, "/stand-in", NEEDS(PERSON_CREATE), .summary = TR("課内代行をはじめる画面"),
             .handle = handle_look);

static enum code handle_find(struct request *rq, struct response *rs, struct err *e)
{
  struct stand_job job = {.rq = rq, .who = gate_reader(rq)};
  if (!gate_has_problems(rq))
    job.typed = (struct find_typed){.name = str_trim(doc_get_str(rq->input, "q")),
                                    .birth_iso = doc_get_str(rq->input, "born"),
                                    .phone = str_trim(doc_get_str(rq->input, "tel"))};
  return look_page(&job, rs, e);
}

ROUTE_DEFINE(route_stand_in_find, POST, "/stand-in", NEEDS(PERSON_CREATE), .fields = look_fields, .no_form_key = true,
             .slow = true, .summary = TR("代わりに見るケースをさがす"), .handle = handle_find);

/* ---- one case ------------------------------------------------------------------------------------------------------------- */

static const char *const why_codes[] = {"away", "meeting", "leave", "urgent", "other", NULL};
static const char *const why_words[] = {TR("担当者が席を外している"), TR("担当者が会議・訪問中"), TR("担当者が休み"),
                                        TR("急ぎの連絡")};
static const struct field begin_fields[] = {
    {.name = "why", .kind = FIELD_CHOICE, .required = true, .options = why_codes, .label = TR("理由")},
    {.name = "note", .kind = FIELD_TEXT, .label = TR("くわしく")},
    {0}};

static enum code read_case(struct tx *tx, void *arg, struct err *e)
{
  struct stand_job *job = arg;
  const struct scope *s = NULL;
  struct case_head head = {0};
  struct str name = STR_NONE, work = STR_NONE;
  job->data = doc_map(job->rq->arena);
  enum code c = case_enter(tx, gate_actor(job->rq), ACTION_STAND_IN, job->case_id, &head, &s, e);
  if (c == OK && head.lead_user)
    c = user_name(tx, head.lead_user, job->rq->arena, &name, &work, e);
  if (c != OK)
    return c;
  doc_put_id(job->data, "case_id", job->case_id);
  doc_put_str(job->data, "number", head.number);
  doc_put_str(job->data, "lead", name);
  return OK;
}

static enum code begin_page(struct request *rq, struct response *rs, struct err *e)
{
  struct stand_job job = {.rq = rq, .who = gate_reader(rq)};
  enum code c = gate_param(rq, "case", &job.case_id, e);
  if (c == OK)
    c = gate_read_as_service(rq, read_case, &job, e);
  if (c != OK)
    return c;
  doc_put(job.data, "f", gate_form(rq, begin_fields, NULL));
  return gate_page(rq, rs, "stand_in", tr(job.who.lang, TR("課内代行")), job.data, e);
}

ROUTE_DEFINE(route_stand_in, GET, "/cases/:case/stand-in", NEEDS(STAND_IN), .summary = TR("課内代行の理由を書く画面"),
             .handle = begin_page);

static enum code stand_in(struct tx *tx, void *arg, struct err *e)
{
  struct stand_job *job = arg;
  const struct scope *s = NULL;
  struct case_head head = {0};
  enum code c = case_enter(tx, gate_actor(job->rq), ACTION_STAND_IN, job->case_id, &head, &s, e);
  return c == OK ? case_stand_in(tx, s, job->case_id, job->reason, e) : c;
}

static struct str reason_of(struct request *rq)
{
  struct str why = doc_get_str(rq->input, "why"), note = str_trim(doc_get_str(rq->input, "note"));
  for (size_t i = 0; i < sizeof why_words / sizeof *why_words; i++)
    if (str_is(why, why_codes[i]))
      return note.n ? str_printf(rq->arena, "%s: %.*s", why_words[i], STR_FMT(note)) : str_from(why_words[i]);
  return note;
}

static enum code handle_begin(struct request *rq, struct response *rs, struct err *e)
{
  struct stand_job job = {.rq = rq};
  enum code c = gate_param(rq, "case", &job.case_id, e);
  if (c != OK)
    return c;
  if (gate_has_problems(rq))
    return begin_page(rq, rs, e);
  job.reason = reason_of(rq);
  if (!job.reason.n)
    return err_field(e, "note", TR("代わりに見る理由を選ぶか、書いてください。"));
  struct str path = gate_path(rq, "/cases/", job.case_id, "");
  gate_location(rq, path);
  gate_as_service(rq); /* until this is written the session does not know the person */
  c = gate_write(rq, "stand_in", stand_in, &job, e);
  return c == OK ? gate_done(rq, rs, path, TR("4時間、代わりに見られます。担当者に伝わります。"), e) : c;
}

ROUTE_DEFINE(route_stand_in_begin, POST, "/cases/:case/stand-in", NEEDS(STAND_IN), .fields = begin_fields,
             .summary = TR("課内代行をする"), .handle = handle_begin);
