#include "base/limits.h"
#include "connection/connection.h"
#include "connection/connection_sql.h"
#include "connection/opening.h"
#include "gate/handler.h"
#include "gate/list.h"

struct job {
  struct request *rq;
  struct reader who;
  id64 id;
  enum connection_step step;
  struct connection con;
  struct answer answer;
  struct str next; /* where one goes after answering */
  struct doc *data;
  struct csv_table table;
};

/* ---- list ------------------------------------------------------------------------------------------------------------- */

static const char *const state_codes[] = {"sent",     "received", "accepted",  "in_progress", "answered", "returned",
                                          "declined", "closed",   "withdrawn", "expired",     NULL};
static const char *const orders[] = {"change",   "-change", "sent",   "-sent", "waiting",
                                     "-waiting", "state",   "-state", NULL};
static const struct field list_fields[] = {{.name = "view", .kind = FIELD_CHOICE, .options = connection_view_codes},
                                           {.name = "state", .kind = FIELD_CHOICE, .options = state_codes},
                                           {.name = "sort", .kind = FIELD_CHOICE, .options = orders},
                                           {.name = "skip", .kind = FIELD_INT, .min = 0, .max = 1000000},
                                           {.name = "encoding", .kind = FIELD_CHOICE, .options = list_encodings},
                                           {0}};
static const struct list_column columns[] = {
    {.word = TR("動きのあった日"), .sort = "change", .by = CONNECTIONS_BY_CHANGE, .falls = true},
    {.word = TR("送った日"), .sort = "sent", .by = CONNECTIONS_BY_SENT, .falls = true},
    {.word = TR("待っている日数"), .sort = "waiting", .by = CONNECTIONS_BY_WAITING, .falls = true},
    {.word = TR("いま"), .sort = "state", .by = CONNECTIONS_BY_STATE},
    {0}};
static const char *const kept[] = {"view", NULL};

static struct list_shape shape_of(const struct request *rq)
{
  return (struct list_shape){.columns = columns,
                             .order = "-change",
                             .place = "skip",
                             .kept = kept,
                             .file = gate_may(rq, ACTION_CONNECTION_EXPORT),
                             .page_rows = LIMIT_PAGE_ROWS};
}

static struct connection_choice choice_of(const struct request *rq)
{
  const struct doc *in = rq->input;
  const struct list_shape shape = shape_of(rq);
  int by = CONNECTIONS_BY_CHANGE;
  struct connection_choice q = {
      .view = CONNECTIONS_ANY, .state = doc_get_str(in, "state"), .skip = doc_get_int(in, "skip")};
  for (int i = 0; connection_view_codes[i]; i++)
    if (str_is(doc_get_str(in, "view"), connection_view_codes[i]))
      q.view = (enum connection_view)i;
  list_order(rq, &shape, &by, &q.falls);
  q.by = (enum connection_order)by;
  return q;
}

static enum code read_list(struct tx *tx, void *arg, struct err *e)
{
  struct job *job = arg;
  const struct scope *s = NULL;
  struct connection_choice choice = choice_of(job->rq);
  enum code c = access_open_network(tx, gate_actor(job->rq), ACTION_CONNECTION_LIST, &s, e);
  return c == OK ? connection_list(tx, s, &choice, job->rq->arena, &job->who, &job->data, e) : c;
}

static enum code handle_list(struct request *rq, struct response *rs, struct err *e)
{
  struct job job = {.rq = rq, .who = gate_reader(rq)};
  const struct list_shape shape = shape_of(rq);
  enum code c = gate_read(rq, read_list, &job, e);
  if (c != OK)
    return c;
  doc_replace(rq->input, "view", doc_str(rq->arena, doc_get_str(job.data, "view"))); /* stays while one pages */
  struct doc *filter = list_filter(rq, job.data, "state", TR("いま"));
  for (int i = 0; state_codes[i]; i++) {
    enum connection_state state;
    if (connection_state_parse(str_from(state_codes[i]), &state))
      list_option(rq, filter, str_from(state_codes[i]), gate_tr(rq, connection_state_label(state)));
  }
  list_put(rq, job.data, &shape);
  return gate_page(rq, rs, "connection_list", tr(job.who.lang, TR("つなぎ")), job.data, e);
}

ROUTE_DEFINE(route_connections, GET, "/connections", NEEDS(CONNECTION_LIST), .fields = list_fields,
             .summary = TR("送ったつなぎ、届いたつなぎ"), .handle = handle_list);

static enum code read_table(struct tx *tx, void *arg, struct err *e)
{
  struct job *job = arg;
  const struct scope *s = NULL;
  struct connection_choice choice = choice_of(job->rq);
  enum code c = access_open_network(tx, gate_actor(job->rq), ACTION_CONNECTION_EXPORT, &s, e);
  return c == OK ? connection_table(tx, s, &choice, job->rq->arena, &job->who, &job->table, e) : c;
}

static enum code handle_table(struct request *rq, struct response *rs, struct err *e)
{
  struct job job = {.rq = rq, .who = gate_reader(rq)};
  enum code c = gate_read(rq, read_table, &job, e);
  return c == OK ? list_file(rq, rs, &job.table, S("connections.csv"), e) : c;
}

ROUTE_DEFINE(route_connections_file, GET, "/connections.csv", NEEDS(CONNECTION_EXPORT), .fields = list_fields,
             .slow = true, .returns = "text/csv", .summary = TR("つなぎの一覧を書き出す(CSV)"), .handle = handle_table);

/* ---- one connection ---------------------------------------------------------------------------------------------------- */

static enum code put_heading(struct tx *tx, struct job *job, struct err *e)
{
  struct str from = STR_NONE, to = STR_NONE;
  enum code c = organization_name(tx, job->con.from_organization, job->rq->arena, &from, e);
  if (c == OK)
    c = organization_name(tx, job->con.to_organization, job->rq->arena, &to, e);
  doc_put_str(job->data, "heading", str_printf(job->rq->arena, "%.*s → %.*s", STR_FMT(from), STR_FMT(to)));
  return c;
}

static enum code put_sheet(struct tx *tx, struct job *job, const struct scope *s, struct err *e)
{
  struct sheet sheet = {0};
  struct doc *view = NULL;
  enum code c = sheet_of_connection(tx, s, job->con.sheet, job->rq->arena, &sheet, e);
  if (c != OK)
    return c;
  if (!sheet.answers) {
    doc_put_null(job->data, "sheet");
    return OK;
  }
  c = sheet_view(tx, s, &sheet, job->con.to_organization, job->con.sent_at, job->con.kind, job->rq->arena, &job->who,
                 &view, e);
  if (c == OK)
    doc_put(job->data, "sheet", view);
  return c;
}

static bool answerable(const struct connection *c)
{
  enum connection_state next;
  return connection_next(c->state, STEP_ACCEPT, &next) || connection_next(c->state, STEP_ANSWER, &next);
}

static void put_flags(struct job *job, const struct scope *s)
{
  enum connection_state next;
  const struct connection *c = &job->con;
  bool receiver = scope_wrote(s, c->to_organization), sender = scope_wrote(s, c->from_organization);
  bool open = answerable(c);
  bool may = gate_may(job->rq, ACTION_CONNECTION_ANSWER);
  doc_put_bool(job->data, "can_answer", receiver && open && may);
  doc_put_bool(job->data, "can_proxy", sender && !receiver && open && may);
  doc_put_bool(job->data, "can_ask", sender && connection_waits(c) && scope_may(s, ACTION_SHEET_SEND));
  doc_put_bool(job->data, "can_withdraw",
               sender && connection_next(c->state, STEP_WITHDRAW, &next) && scope_may(s, ACTION_SHEET_SEND));
  doc_put_bool(job->data, "can_close", sender && connection_next(c->state, STEP_CLOSE, &next));
  doc_put_bool(job->data, "can_print",
               sender && c->sent_at &&
                   (connection_next(c->state, STEP_WITHDRAW, &next) || c->state == CONNECTION_ANSWERED) &&
                   scope_may(s, ACTION_PRINT));
  doc_put_bool(job->data, "can_attempt", receiver && may && connection_next(c->state, STEP_ATTEMPT, &next));
  doc_put_bool(job->data, "can_pass_on",
               receiver && c->accepted_at && !c->closed_at && gate_may(job->rq, ACTION_SHEET_WRITE));
  doc_put_bool(job->data, "can_mend", sender && c->state == CONNECTION_RETURNED && scope_may(s, ACTION_SHEET_WRITE));
  doc_put_bool(job->data, "can_elsewhere", sender && connection_not_taken(c) && scope_may(s, ACTION_SHEET_WRITE));
  doc_put_bool(job->data, "expired", c->state == CONNECTION_EXPIRED);
  doc_put_id(job->data, "case_id", c->case_id);
  doc_put_str(job->data, "sheet_href", sender ? gate_path(job->rq, "/sheets/", c->sheet, "") : STR_NONE);
}

/* Where it came from and where it went on to: for whoever stands at an end of those too. */
static enum code put_family(struct tx *tx, struct job *job, const struct scope *s, struct err *e)
{
  struct connection parent = {0};
  struct doc *onward = NULL;
  enum code c = job->con.parent ? connection_sql_get(tx, job->con.parent, &parent, e) : OK;
  bool shown = parent.id && (scope_wrote(s, parent.to_organization) || scope_wrote(s, parent.from_organization));
  if (c == OK)
    c = connection_onward(tx, s, job->id, job->rq->arena, &job->who, &onward, e);
  if (c != OK)
    return c;
  doc_put_str(job->data, "parent_href", shown ? gate_path(job->rq, "/connections/", parent.id, "") : STR_NONE);
  doc_put_str(job->data, "parent_text", shown ? tr(job->who.lang, TR("前のつなぎ")) : STR_NONE);
  doc_put_bool(job->data, "has_onward", doc_size(onward) > 0);
  doc_put(job->data, "onward", onward);
  return OK;
}

/* A look by the receiver is what makes it received, so that this is a write. */
static enum code show(struct tx *tx, void *arg, struct err *e)
{
  struct job *job = arg;
  const struct scope *s = NULL;
  struct doc *answers = NULL;
  struct opening opening = {0};
  job->data = doc_map(job->rq->arena);
  enum code c = connection_enter(tx, gate_actor(job->rq), ACTION_CONNECTION_READ, job->id, &job->con, &s, e);
  if (c == OK)
    c = connection_open(tx, s, &job->con, e);
  if (c == OK)
    c = connection_sql_get(tx, job->id, &job->con, e);
  if (c == OK)
    c = put_heading(tx, job, e);
  if (c == OK)
    c = case_put_strip(tx, s, job->con.case_id, job->rq->arena, &job->who, job->data, e);
  if (c == OK)
    c = opening_load(tx, &opening, e);
  if (c == OK)
    c = put_sheet(tx, job, s, e);
  if (c == OK)
    c = connection_answers(tx, s, job->id, job->rq->arena, &job->who, &answers, e);
  if (c != OK)
    return c;
  c = put_family(tx, job, s, e);
  if (c != OK)
    return c;
  connection_put_clock(&job->con, &opening, job->rq->arena, &job->who, job->data);
  doc_put_bool(job->data, "has_answers", doc_size(answers) > 0);
  doc_put(job->data, "answers", answers);
  put_flags(job, s);
  return OK;
}

static enum code handle_show(struct request *rq, struct response *rs, struct err *e)
{
  struct job job = {.rq = rq, .who = gate_reader(rq)};
  enum code c = gate_param(rq, "connection", &job.id, e);
  if (c == OK)
    c = gate_write(rq, "connection_show", show, &job, e);
  if (c != OK)
    return c;
  doc_put_id(job.data, "connection_id", job.id);
  return gate_page(rq, rs, "connection_show", doc_get_str(job.data, "heading"), job.data, e);
}

ROUTE_DEFINE(route_connection_show, GET, "/connections/:connection", NEEDS(CONNECTION_READ),
             .summary = TR("つなぎを見る"), .handle = handle_show);

/* ---- answering ------------------------------------------------------------------------------------------------------------ */

static const char *const answer_codes[] = {"accept", "return", "decline", "answer", NULL};
static const char *const outcome_codes[] = {"supporting", "accompanied", "no_contact", "ended", NULL};
static const struct field answer_fields[] = {
    {.name = "answer", .kind = FIELD_CHOICE, .required = true, .options = answer_codes, .label = TR("返事")},
    {.name = "text", .kind = FIELD_LINES, .label = TR("書いて返すこと")},
    {.name = "proposal", .kind = FIELD_LINES, .label = TR("代わりの提案")},
    {.name = "worker", .kind = FIELD_ID, .label = TR("担当する人")},
    {.name = "first_contact", .kind = FIELD_DATE, .label = TR("初回接触日")},
    {.name = "outcome", .kind = FIELD_CHOICE, .options = outcome_codes, .label = TR("どうなりましたか")},
    {.name = "next", .kind = FIELD_TEXT, .label = TR("今後")},
    {.name = "told_by", .kind = FIELD_TEXT, .label = TR("だれから聞いたか")},
    {0}};

static enum code put_workers(struct tx *tx, struct job *job, const struct scope *s, struct err *e)
{
  struct doc *list = NULL;
  struct str typed = gate_has_problems(job->rq) ? doc_get_str(gate_typed(job->rq), "worker") : STR_NONE;
  struct str self = id_text(job->rq->arena, scope_actor(s)->user);
  enum connection_state next;
  bool receiver = scope_wrote(s, job->con.to_organization) && connection_next(job->con.state, STEP_ACCEPT, &next);
  enum code c = OK;
  if (receiver)
    c = connection_workers(tx, s, &job->con, job->rq->arena, &list, e);
  for (size_t i = 0; c == OK && i < doc_size(list); i++) {
    struct doc *d = doc_at(list, i);
    doc_put_bool(d, "checked", str_eq(doc_get_str(d, "id"), typed.n ? typed : self));
  }
  doc_put_bool(job->data, "has_workers", doc_size(list) > 0);
  doc_put(job->data, "workers", list ? list : doc_list(job->rq->arena));
  return c;
}

static enum code read_answer(struct tx *tx, void *arg, struct err *e)
{
  struct job *job = arg;
  const struct scope *s = NULL;
  job->data = doc_map(job->rq->arena);
  enum code c = connection_enter(tx, gate_actor(job->rq), ACTION_CONNECTION_ANSWER, job->id, &job->con, &s, e);
  if (c == OK && !answerable(&job->con))
    c = err_set(e, CONFLICT,
                TR("このつなぎでは、いまは返事を受け付けていません。あとから届いた返事は、経過記録に書きます。"));
  if (c == OK)
    c = put_heading(tx, job, e);
  if (c == OK)
    c = case_put_strip(tx, s, job->con.case_id, job->rq->arena, &job->who, job->data, e);
  if (c == OK)
    c = put_workers(tx, job, s, e);
  if (c != OK)
    return c;
  doc_put_bool(job->data, "on_behalf", !scope_wrote(s, job->con.to_organization));
  connection_put_choices(job->con.state, job->data);
  return OK;
}

static enum code answer_page(struct request *rq, struct response *rs, struct err *e)
{
  struct job job = {.rq = rq, .who = gate_reader(rq)};
  enum code c = gate_param(rq, "connection", &job.id, e);
  if (c == OK)
    c = gate_read(rq, read_answer, &job, e);
  if (c != OK)
    return c;
  doc_put_id(job.data, "connection_id", job.id);
  doc_put(job.data, "f", gate_form(rq, answer_fields, NULL));
  return gate_page(rq, rs, "connection_answer", doc_get_str(job.data, "heading"), job.data, e);
}

ROUTE_DEFINE(route_connection_answer_page, GET, "/connections/:connection/answer", NEEDS(CONNECTION_ANSWER),
             .summary = TR("返事をする画面"), .handle = answer_page);

static enum connection_step step_of(struct str code)
{
  if (str_is(code, "accept"))
    return STEP_ACCEPT;
  if (str_is(code, "return"))
    return STEP_RETURN;
  return str_is(code, "decline") ? STEP_DECLINE : STEP_ANSWER;
}

static enum code write_answer(struct tx *tx, void *arg, struct err *e)
{
  struct job *job = arg;
  const struct scope *s = NULL;
  struct connection con = {0};
  enum code c = connection_enter(tx, gate_actor(job->rq), ACTION_CONNECTION_ANSWER, job->id, &con, &s, e);
  job->answer.on_behalf = c == OK && !scope_wrote(s, con.to_organization);
  /* Who declines may see it no more, unless something else opens the case to him. */
  bool leaves = job->answer.step == STEP_DECLINE && !job->answer.on_behalf;
  job->next = leaves ? S("/connections?view=received") : gate_path(job->rq, "/connections/", job->id, "");
  gate_location(job->rq, job->next);
  return c == OK ? connection_answer(tx, s, &con, &job->answer, e) : c;
}

static enum code handle_answer(struct request *rq, struct response *rs, struct err *e)
{
  const struct doc *in = rq->input;
  struct job job = {.rq = rq};
  enum code c = gate_param(rq, "connection", &job.id, e);
  if (c != OK)
    return c;
  if (gate_has_problems(rq))
    return answer_page(rq, rs, e);
  job.answer = (struct answer){.step = step_of(doc_get_str(in, "answer")),
                               .text = str_trim(doc_get_str(in, "text")),
                               .proposal = str_trim(doc_get_str(in, "proposal")),
                               .outcome = doc_get_str(in, "outcome"),
                               .next = doc_get_str(in, "next"),
                               .told_by = str_trim(doc_get_str(in, "told_by"))};
  (void)doc_get_id(in, "worker", &job.answer.worker);
  (void)date_parse_iso(doc_get_str(in, "first_contact"), &job.answer.first_contact);
  c = gate_write(rq, "connection_answer", write_answer, &job, e);
  return c == OK ? gate_done(rq, rs, job.next, TR("返事を送りました。"), e) : c;
}

ROUTE_DEFINE(route_connection_answer, POST, "/connections/:connection/answer", NEEDS(CONNECTION_ANSWER),
             .fields = answer_fields, .leaves = true, .summary = TR("つなぎに返事をする"), .handle = handle_answer);

/* ---- the sender ends it ------------------------------------------------------------------------------------------------------ */

static enum code end(struct tx *tx, void *arg, struct err *e)
{
  struct job *job = arg;
  const struct scope *s = NULL;
  enum code c = connection_enter(tx, gate_actor(job->rq), ACTION_SHEET_SEND, job->id, &job->con, &s, e);
  if (c == OK)
    scope_seen_as(s, ACTION_CONNECTION_READ); /* no sheet was sent */
  return c == OK ? connection_end(tx, s, &job->con, job->step, e) : c;
}

static enum code handle_end(struct request *rq, struct response *rs, enum connection_step step, const char *notice,
                            struct err *e)
{
  struct job job = {.rq = rq, .step = step};
  enum code c = gate_param(rq, "connection", &job.id, e);
  struct str path = gate_path(rq, "/connections/", job.id, "");
  gate_location(rq, path);
  if (c == OK)
    c = gate_write(rq, "connection_end", end, &job, e);
  return c == OK ? gate_done(rq, rs, path, notice, e) : c;
}

static enum code handle_withdraw(struct request *rq, struct response *rs, struct err *e)
{
  return handle_end(rq, rs, STEP_WITHDRAW, TR("つなぎを取り下げました。"), e);
}

ROUTE_DEFINE(route_connection_withdraw, POST, "/connections/:connection/withdraw", NEEDS(SHEET_SEND),
             .summary = TR("つなぎを取り下げる"), .handle = handle_withdraw);

static enum code handle_close(struct request *rq, struct response *rs, struct err *e)
{
  return handle_end(rq, rs, STEP_CLOSE, TR("つなぎを終えました。"), e);
}

ROUTE_DEFINE(route_connection_close, POST, "/connections/:connection/close", NEEDS(SHEET_SEND),
             .summary = TR("つなぎを終える"), .handle = handle_close);
