/* handover_web.c: 四月の引き継ぎ帳. */
#include "casework/handover.h"
#include "gate/handler.h"

struct book_job {
  struct request *rq;
  struct reader who;
  id64 case_id, user, after;
  struct handover hand;
  id64 cases[HANDOVER_PAGE]; /* of hand */
  bool all;                  /* every case of the page is ticked to begin with */
  enum action action;
  struct str texts[HANDOVER_TEXTS];
  struct doc *data, *stands;
};

/* ---- the book ------------------------------------------------------------------------------------------------------------- */

static const struct field book_fields[] = {{.name = "user", .kind = FIELD_ID},
                                           {.name = "after", .kind = FIELD_ID},
                                           {.name = "all", .kind = FIELD_BOOL, .label = TR("すべてに印をつける")},
                                           {0}};
/* `leaves`: whose book it is; `after`: which page of it. */
static const struct field hand_fields[] = {
    {.name = "worker", .kind = FIELD_ID, .required = true, .label = TR("次の担当")},
    {.name = "case", .kind = FIELD_TEXTS, .label = TR("引き継ぐケース")},
    {.name = "leaves", .kind = FIELD_ID, .required = true, .label = TR("外れる人")},
    {.name = "after", .kind = FIELD_ID},
    {0}};

static enum code read_book(struct tx *tx, void *arg, struct err *e)
{
  struct book_job *job = arg;
  const struct scope *s = NULL;
  enum code c = access_open_network(tx, gate_actor(job->rq), ACTION_PERSON_CREATE, &s, e);
  return c == OK ? handover_page(tx, s, job->user, job->after, job->rq->arena, &job->who, &job->data, e) : c;
}

static bool list_has(const struct doc *list, struct str text)
{
  for (size_t i = 0; i < doc_size(list); i++)
    if (str_eq(doc_string(doc_at(list, i)), text))
      return true;
  return false;
}

/* What was ticked and chosen, where the page comes back; all of it, where that was asked for. */
static void put_chosen(const struct book_job *job)
{
  const struct doc *typed = gate_has_problems(job->rq) ? gate_typed(job->rq) : NULL, *ticked = doc_get(typed, "case");
  struct doc *cases = doc_get(job->data, "cases"), *come = doc_get(job->data, "come");
  for (size_t i = 0; i < doc_size(cases); i++)
    doc_put_bool(doc_at(cases, i), "checked", job->all || list_has(ticked, doc_get_str(doc_at(cases, i), "case_id")));
  for (size_t i = 0; i < doc_size(come); i++)
    doc_put_bool(doc_at(come, i), "selected", str_eq(doc_get_str(typed, "worker"), doc_get_str(doc_at(come, i), "id")));
}

static enum code book_page(struct book_job *job, struct response *rs, struct err *e)
{
  enum code c = gate_read(job->rq, read_book, job, e);
  if (c != OK)
    return c;
  put_chosen(job);
  doc_put(job->data, "f", gate_form(job->rq, hand_fields, NULL));
  return gate_page(job->rq, rs, "handover", tr(job->who.lang, TR("引き継ぎ帳")), job->data, e);
}

static enum code handle_book(struct request *rq, struct response *rs, struct err *e)
{
  struct book_job job = {.rq = rq, .who = gate_reader(rq), .user = gate_actor(rq)->user};
  (void)doc_get_id(rq->input, "user", &job.user);
  (void)doc_get_id(rq->input, "after", &job.after);
  job.all = doc_get_bool(rq->input, "all");
  return book_page(&job, rs, e);
}

ROUTE_DEFINE(route_handover, GET, "/handover", NEEDS(PERSON_CREATE), .fields = book_fields,
             .summary = TR("担当者ごとの引き継ぎ帳"), .handle = handle_book);

/* ---- handing on ------------------------------------------------------------------------------------------------------------- */

static enum code hand(struct tx *tx, void *arg, struct err *e)
{
  struct book_job *job = arg;
  return handover_hand(tx, gate_actor(job->rq), &job->hand, e);
}

static enum code take_cases(struct book_job *job, struct err *e)
{
  const struct doc *list = doc_get(job->rq->input, "case");
  job->hand.cases = job->cases;
  for (size_t i = 0; i < doc_size(list); i++) {
    id64 id = 0;
    if (i == HANDOVER_PAGE || !id_parse(doc_string(doc_at(list, i)), &id))
      return err_field(e, "case", TR("引き継ぐケースを、このページから選びなおしてください。"));
    size_t k = 0;
    while (k < job->hand.count && job->cases[k] != id)
      k++;
    if (k == job->hand.count)
      job->cases[job->hand.count++] = id;
  }
  return OK;
}

static enum code handle_hand(struct request *rq, struct response *rs, struct err *e)
{
  struct book_job job = {.rq = rq, .who = gate_reader(rq), .user = gate_actor(rq)->user};
  struct str leaves = doc_get_str(rq->input, "leaves"), after = doc_get_str(rq->input, "after");
  (void)doc_get_id(rq->input, "leaves", &job.user);
  (void)doc_get_id(rq->input, "after", &job.after);
  if (!doc_size(doc_get(rq->input, "case")))
    request_problem(rq, "case", gate_tr(rq, TR("引き継ぐケースに、印をつけてください。")));
  if (gate_has_problems(rq))
    return book_page(&job, rs, e);
  job.hand.from = job.user;
  (void)doc_get_id(rq->input, "worker", &job.hand.to);
  enum code c = take_cases(&job, e);
  if (c != OK)
    return c;
  struct str path =
      str_printf(rq->arena, "/handover?user=%.*s%s%.*s", STR_FMT(leaves), after.n ? "&after=" : "", STR_FMT(after));
  gate_location(rq, path);
  c = gate_write(rq, "handover_hand", hand, &job, e);
  return c == OK ? gate_done(rq, rs, path, TR("選んだケースを引き継ぎました。"), e) : c;
}

ROUTE_DEFINE(route_handover_hand, POST, "/handover", NEEDS(CASE_WRITE), .fields = hand_fields,
             .summary = TR("選んだケースを次の担当に引き継ぐ"), .handle = handle_hand);

/* ---- a case's page ---------------------------------------------------------------------------------------------------------- */

static const struct field fields[] = {
    {.name = "promise", .kind = FIELD_LINES, .max = 2000, .label = TR("約束したこと")},
    {.name = "worked", .kind = FIELD_LINES, .max = 2000, .label = TR("うまくいったこと")},
    {.name = "failed", .kind = FIELD_LINES, .max = 2000, .label = TR("うまくいかなかったこと")},
    {0}};

static enum code read_case(struct tx *tx, void *arg, struct err *e)
{
  struct book_job *job = arg;
  struct case_head head = {0};
  const struct scope *s = NULL;
  struct doc *strip = NULL;
  job->data = doc_map(job->rq->arena);
  enum code c = case_enter(tx, gate_actor(job->rq), job->action, job->case_id, &head, &s, e);
  if (c == OK)
    c = case_strip(tx, s, &head, job->rq->arena, &job->who, &strip, e);
  if (c == OK)
    c = handover_read(tx, s, job->case_id, job->rq->arena, &job->stands, e);
  if (c == OK)
    doc_put(job->data, "strip", strip);
  return c;
}

static enum code page(struct request *rq, struct response *rs, struct err *e)
{
  struct book_job job = {.rq = rq, .who = gate_reader(rq), .action = ACTION_CASE_WRITE};
  enum code c = gate_param(rq, "case", &job.case_id, e);
  if (c == OK)
    c = gate_read(rq, read_case, &job, e);
  if (c != OK)
    return c;
  doc_put_id(job.data, "case_id", job.case_id);
  doc_put(job.data, "f", gate_form(rq, fields, job.stands));
  return gate_page(rq, rs, "handover_case", tr(job.who.lang, TR("次の人へ")), job.data, e);
}

ROUTE_DEFINE(route_handover_case, GET, "/cases/:case/handover", NEEDS(CASE_WRITE),
             .summary = TR("引き継ぎ帳に書く画面"), .handle = page);

static enum code write_case(struct tx *tx, void *arg, struct err *e)
{
  struct book_job *job = arg;
  struct case_head head = {0};
  const struct scope *s = NULL;
  enum code c = case_enter(tx, gate_actor(job->rq), job->action, job->case_id, &head, &s, e);
  return c == OK ? handover_write(tx, s, job->case_id, job->texts, e) : c;
}

static enum code handle_write(struct request *rq, struct response *rs, struct err *e)
{
  struct book_job job = {.rq = rq, .action = ACTION_CASE_WRITE};
  enum code c = gate_param(rq, "case", &job.case_id, e);
  if (c != OK)
    return c;
  if (gate_has_problems(rq))
    return page(rq, rs, e);
  for (int i = 0; i < HANDOVER_TEXTS; i++)
    job.texts[i] = str_trim(doc_get_str(rq->input, handover_codes[i]));
  struct str path = gate_path(rq, "/cases/", job.case_id, "");
  gate_location(rq, path);
  c = gate_write(rq, "handover_write", write_case, &job, e);
  return c == OK ? gate_done(rq, rs, path, TR("引き継ぎ帳に書きました。"), e) : c;
}

ROUTE_DEFINE(route_handover_write, POST, "/cases/:case/handover", NEEDS(CASE_WRITE), .fields = fields,
             .summary = TR("引き継ぎ帳に書く"), .handle = handle_write);
