/* reply_web.c: 返事のリンク. /connections/:connection/link is the sender's; /reply is for whoever holds one, in a browser without a session. */
#include "base/limits.h"
#include "connection/reply.h"
#include "gate/handler.h"
#include "network/sign.h"

struct reply_job {
  struct request *rq;
  struct reader who;
  id64 id;
  bool made, right;
  struct reply_secrets secrets;
  struct reply_link link;
  struct str token, token_hash, code_hash, session_hash, link_try, address_try;
  struct connection con;
  struct answer answer;
  struct doc *data;
};

/* ---- the sender ------------------------------------------------------------------------------------------------------ */

static enum code read_link(struct tx *tx, void *arg, struct err *e)
{
  struct reply_job *job = arg;
  const struct scope *s = NULL;
  struct str to = STR_NONE;
  job->data = doc_map(job->rq->arena);
  enum code c = connection_enter(tx, gate_actor(job->rq), ACTION_SHEET_SEND, job->id, &job->con, &s, e);
  if (c == OK && !scope_wrote(s, job->con.from_organization))
    return err_set(e, DENIED, TR("送った機関だけが、返事のリンクを作れます。"));
  if (c == OK)
    c = organization_name(tx, job->con.to_organization, job->rq->arena, &to, e);
  if (c == OK)
    c = reply_put_state(tx, &job->con, job->rq->arena, &job->who, job->data, e);
  doc_put_str(job->data, "to", to);
  return c;
}

static enum code link_page(struct reply_job *job, struct response *rs, struct err *e)
{
  struct request *rq = job->rq;
  struct str path = str_printf(rq->arena, "/reply?t=%.*s", STR_FMT(job->secrets.token));
  enum code c = gate_read(rq, read_link, job, e);
  if (c != OK)
    return c;
  doc_put_id(job->data, "connection_id", job->id);
  doc_put_bool(job->data, "made", job->made);
  doc_put_str(job->data, "address", job->made ? gate_url(rq, path) : STR_NONE);
  doc_put_str(job->data, "code", job->made ? job->secrets.code : STR_NONE);
  return gate_page(rq, rs, "reply_link", tr(job->who.lang, TR("返事のリンク")), job->data, e);
}

static enum code handle_link_page(struct request *rq, struct response *rs, struct err *e)
{
  struct reply_job job = {.rq = rq, .who = gate_reader(rq)};
  enum code c = gate_param(rq, "connection", &job.id, e);
  return c == OK ? link_page(&job, rs, e) : c;
}

ROUTE_DEFINE(route_reply_link_page, GET, "/connections/:connection/link", NEEDS(SHEET_SEND),
             .summary = TR("返事のリンクを作る画面"), .handle = handle_link_page);

static enum code make_link(struct tx *tx, void *arg, struct err *e)
{
  struct reply_job *job = arg;
  const struct scope *s = NULL;
  enum code c = connection_enter(tx, gate_actor(job->rq), ACTION_SHEET_SEND, job->id, &job->con, &s, e);
  if (c == OK)
    scope_seen_as(s, ACTION_CONNECTION_READ); /* the sheet was sent before: this is another door to it */
  if (c == OK)
    c = reply_make(tx, s, &job->con, &job->secrets, e);
  job->made = c == OK;
  return c;
}

static enum code handle_make(struct request *rq, struct response *rs, struct err *e)
{
  struct reply_job job = {.rq = rq, .who = gate_reader(rq)};
  job.secrets = reply_secrets_new(rq->arena, gate_app(rq)->keys);
  enum code c = gate_param(rq, "connection", &job.id, e);
  if (c == OK)
    gate_location(rq, gate_path(rq, "/connections/", job.id, "/link"));
  if (c == OK)
    c = gate_write(rq, "reply_make", make_link, &job, e);
  if (c != OK)
    return c;
  if (!job.made) /* sent twice: the secrets were told the first time */
    return gate_done(rq, rs, gate_path(rq, "/connections/", job.id, "/link"), NULL, e);
  return link_page(&job, rs, e);
}

ROUTE_DEFINE(route_reply_link, POST, "/connections/:connection/link", NEEDS(SHEET_SEND),
             .summary = TR("返事のリンクを作る"), .handle = handle_make);

/* ---- the code ---------------------------------------------------------------------------------------------------------- */

static const struct field door_fields[] = {{.name = "t", .kind = FIELD_TEXT, .max = 64}, {0}};
static const struct field code_fields[] = {
    {.name = "t", .kind = FIELD_SECRET, .max = 64},
    {.name = "code", .kind = FIELD_TEXT, .required = true, .max = 40, .label = TR("合言葉（数字8けた）")},
    {0}};

static void take_token(struct reply_job *job, struct str token)
{
  job->token = token;
  job->token_hash = reply_token_hash(job->rq->arena, gate_app(job->rq)->keys, token);
}

static enum code find_link(struct tx *tx, void *arg, struct err *e)
{
  struct reply_job *job = arg;
  return reply_find(tx, job->token_hash, &job->link, e);
}

static enum code code_page(struct reply_job *job, struct response *rs, struct err *e)
{
  struct doc *d = doc_map(job->rq->arena);
  doc_put_str(d, "token", job->token);
  doc_put(d, "f", gate_form(job->rq, code_fields, NULL));
  return gate_page(job->rq, rs, "reply_code", tr(job->who.lang, TR("つなぐシートへの返事")), d, e);
}

static enum code handle_door(struct request *rq, struct response *rs, struct err *e)
{
  struct reply_job job = {.rq = rq, .who = gate_reader(rq)};
  take_token(&job, doc_get_str(rq->input, "t"));
  enum code c = gate_read(rq, find_link, &job, e);
  return c == OK ? code_page(&job, rs, e) : c;
}

ROUTE_DEFINE(route_reply_door, GET, "/reply", PUBLIC_ROUTE, .fields = door_fields, .summary = TR("返事のリンクの入口"),
             .handle = handle_door);

/* Counted and committed before the code is looked at. */
static enum code count_try(struct tx *tx, void *arg, struct err *e)
{
  const struct reply_job *job = arg;
  enum code c = try_count(tx, job->link_try, REPLY_TRIES, 0, e);
  return c == OK ? try_count(tx, job->address_try, REPLY_TRIES_ADDRESS, 0, e) : c;
}

static enum code try_code(struct tx *tx, void *arg, struct err *e)
{
  struct reply_job *job = arg;
  bool right = false;
  enum code c = reply_find(tx, job->token_hash, &job->link, e);
  if (c == OK)
    c = reply_try(tx, &job->link, job->code_hash, job->session_hash, &right, e);
  if (c == OK && right)
    c = try_succeeded(tx, job->link_try, e);
  job->right = c == OK && right;
  return c;
}

static void take_code(struct reply_job *job, struct str typed)
{
  struct request *rq = job->rq;
  const struct keyfile *keys = gate_app(rq)->keys;
  struct str code = reply_code_fold(rq->arena, typed);
  job->code_hash = reply_code_hash(rq->arena, keys, job->token, code);
  job->link_try = try_key(rq->arena, keys, "reply", hex_text(rq->arena, job->token_hash));
  job->address_try = try_key(rq->arena, keys, "reply from", try_address(rq->arena, rq->address));
}

static enum code handle_code(struct request *rq, struct response *rs, struct err *e)
{
  struct reply_job job = {.rq = rq, .who = gate_reader(rq)};
  struct str session = token_new(rq->arena);
  take_token(&job, doc_get_str(rq->input, "t"));
  if (gate_has_problems(rq))
    return code_page(&job, rs, e);
  take_code(&job, doc_get_str(rq->input, "code"));
  job.session_hash = reply_token_hash(rq->arena, gate_app(rq)->keys, session);
  enum code c = gate_read(rq, find_link, &job, e);
  if (c == OK)
    c = gate_write(rq, "reply_count", count_try, &job, e);
  if (c == OK)
    c = gate_write(rq, "reply_try", try_code, &job, e);
  if (c != OK)
    return c;
  if (!job.right) {
    request_problem(rq, "code", tr(job.who.lang, TR("合言葉がちがいます。電話で聞いた数字を確かめてください。")));
    return code_page(&job, rs, e);
  }
  response_cookie(rq, rs, "reply", session, REPLY_SESSION_MS / MS_SECOND);
  return gate_done(rq, rs, S("/reply/sheet"), NULL, e);
}

ROUTE_DEFINE(route_reply_code, POST, "/reply", PUBLIC_ROUTE, .fields = code_fields, .no_form_key = true,
             .summary = TR("合言葉を入れる"), .handle = handle_code);

/* ---- the sheet, and the answer ------------------------------------------------------------------------------------------ */

static const char *const answer_codes[] = {"accept", "return", "decline", "answer", NULL};
static const char *const outcome_codes[] = {"supporting", "accompanied", "no_contact", "ended", NULL};
static const struct field answer_fields[] = {
    {.name = "answer", .kind = FIELD_CHOICE, .required = true, .options = answer_codes, .label = TR("返事")},
    {.name = "name", .kind = FIELD_TEXT, .required = true, .max = 60, .label = TR("返事をする方のお名前")},
    {.name = "text", .kind = FIELD_LINES, .label = TR("書いて返すこと")},
    {.name = "proposal", .kind = FIELD_LINES, .label = TR("代わりの提案")},
    {.name = "first_contact", .kind = FIELD_DATE, .label = TR("初回接触日")},
    {.name = "outcome", .kind = FIELD_CHOICE, .options = outcome_codes, .label = TR("どうなりましたか")},
    {0}};

static struct str session_of(const struct request *rq)
{
  struct str session = request_cookie(rq, "reply");
  return session.n ? reply_token_hash(rq->arena, gate_app(rq)->keys, session) : STR_NONE;
}

static enum code put_page(struct tx *tx, struct reply_job *job, const struct scope *s, struct err *e)
{
  struct sheet sheet = {0};
  struct doc *view = NULL;
  struct str from = STR_NONE;
  enum code c = sheet_of_connection(tx, s, job->con.sheet, job->rq->arena, &sheet, e);
  if (c == OK && !sheet.answers)
    return err_set(e, NOT_FOUND, code_msg(NOT_FOUND));
  if (c == OK)
    c = sheet_view(tx, s, &sheet, job->con.to_organization, job->con.sent_at, job->con.kind, job->rq->arena, &job->who,
                   &view, e);
  if (c == OK)
    c = organization_name(tx, job->con.from_organization, job->rq->arena, &from, e);
  if (c != OK)
    return c;
  doc_put(job->data, "sheet", view);
  doc_put_str(job->data, "from", from);
  connection_put_choices(job->con.state, job->data);
  return OK;
}

/* Opening by the link makes it received, so that this is a write. */
static enum code open_sheet(struct tx *tx, void *arg, struct err *e)
{
  struct reply_job *job = arg;
  const struct scope *s = NULL;
  job->data = doc_map(job->rq->arena);
  enum code c = reply_enter(tx, ACTION_SHEET_READ, job->session_hash, &job->link, &job->con, &s, e);
  if (c == OK)
    c = connection_open(tx, s, &job->con, e);
  if (c == OK)
    c = put_page(tx, job, s, e);
  return c;
}

static enum code read_sheet(struct tx *tx, void *arg, struct err *e)
{
  struct reply_job *job = arg;
  const struct scope *s = NULL;
  job->data = doc_map(job->rq->arena);
  enum code c = reply_enter(tx, ACTION_SHEET_READ, job->session_hash, &job->link, &job->con, &s, e);
  return c == OK ? put_page(tx, job, s, e) : c;
}

/* The link ended while an answer was typed: what was typed comes back, and nothing else. */
static enum code put_form_alone(struct reply_job *job, struct err *e)
{
  static const char *const choices[] = {"may_accept", "may_return", "may_decline", "may_answer"};
  *e = (struct err){0};
  job->data = doc_map(job->rq->arena);
  doc_put_null(job->data, "sheet");
  doc_put_str(job->data, "from", STR_NONE);
  for (size_t i = 0; i < sizeof choices / sizeof *choices; i++)
    doc_put_bool(job->data, choices[i], true);
  return OK;
}

static enum code sheet_page(struct request *rq, struct response *rs, struct err *e)
{
  struct reply_job job = {.rq = rq, .who = gate_reader(rq), .session_hash = session_of(rq)};
  enum code c =
      rq->method == GET ? gate_write(rq, "reply_sheet", open_sheet, &job, e) : gate_read(rq, read_sheet, &job, e);
  if ((c == NOT_FOUND || c == CONFLICT) && rq->method == POST)
    c = put_form_alone(&job, e);
  if (c != OK)
    return c;
  doc_put(job.data, "f", gate_form(rq, answer_fields, NULL));
  return gate_page(rq, rs, "reply_sheet", tr(job.who.lang, TR("つなぐシートへの返事")), job.data, e);
}

ROUTE_DEFINE(route_reply_sheet, GET, "/reply/sheet", PUBLIC_ROUTE, .summary = TR("リンクでシートを開く"),
             .handle = sheet_page);

static enum code write_answer(struct tx *tx, void *arg, struct err *e)
{
  struct reply_job *job = arg;
  const struct scope *s = NULL;
  enum code c = reply_enter(tx, ACTION_CONNECTION_ANSWER, job->session_hash, &job->link, &job->con, &s, e);
  return c == OK ? reply_answer(tx, s, &job->link, &job->con, &job->answer, e) : c;
}

static enum connection_step step_of(struct str code)
{
  if (str_is(code, "accept"))
    return STEP_ACCEPT;
  if (str_is(code, "return"))
    return STEP_RETURN;
  return str_is(code, "decline") ? STEP_DECLINE : STEP_ANSWER;
}

static enum code handle_answer(struct request *rq, struct response *rs, struct err *e)
{
  const struct doc *in = rq->input;
  struct reply_job job = {.rq = rq, .who = gate_reader(rq), .session_hash = session_of(rq)};
  if (gate_has_problems(rq))
    return sheet_page(rq, rs, e);
  job.answer = (struct answer){.step = step_of(doc_get_str(in, "answer")),
                               .text = str_trim(doc_get_str(in, "text")),
                               .proposal = str_trim(doc_get_str(in, "proposal")),
                               .outcome = doc_get_str(in, "outcome"),
                               .told_by = str_trim(doc_get_str(in, "name"))};
  (void)date_parse_iso(doc_get_str(in, "first_contact"), &job.answer.first_contact);
  enum code c = gate_write(rq, "reply_answer", write_answer, &job, e);
  if (c == NOT_FOUND || c == CONFLICT) { /* what was typed is not lost: it can be copied, and told by telephone */
    const char *why = c == CONFLICT
                          ? e->msg
                          : TR("開いてから1時間たったので、画面が閉じました。もう一度リンクを開き、合言葉を入れて"
                               "ください。");
    request_problem(rq, "answer", tr(job.who.lang, why));
    request_problem(rq, "text", tr(job.who.lang, TR("返事は送られていません。書いたことは、ここに残っています。")));
    return sheet_page(rq, rs, e);
  }
  if (c != OK)
    return c;
  response_cookie(rq, rs, "reply", STR_NONE, -1);
  return gate_done(rq, rs, S("/reply/thanks"), NULL, e);
}

ROUTE_DEFINE(route_reply_answer, POST, "/reply/sheet", PUBLIC_ROUTE, .fields = answer_fields, .no_form_key = true,
             .summary = TR("リンクで返事をする"), .handle = handle_answer);

static enum code handle_thanks(struct request *rq, struct response *rs, struct err *e)
{
  return gate_page(rq, rs, "reply_thanks", gate_tr(rq, TR("返事を受け取りました")), doc_map(rq->arena), e);
}

ROUTE_DEFINE(route_reply_thanks, GET, "/reply/thanks", PUBLIC_ROUTE, .summary = TR("返事をしたあとの画面"),
             .handle = handle_thanks);
