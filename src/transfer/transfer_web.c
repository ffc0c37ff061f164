/* transfer_web.c: /cases/:case/transfer: the file for another network; /transfers: cards, and taking a file in. */
#include "crypto/keyfile.h"
#include "gate/handler.h"
#include "transfer/transfer.h"

struct transfer_job {
  struct request *rq;
  struct reader who;
  id64 case_id, peer, body;
  bool ends;
  struct transfer_choice choice;
  struct transfer_given given;
  struct transfer_content *content;
  struct transfer_case taken;
  unsigned char from[PARCEL_HALF];
  struct str name, card;
  struct doc *data;
  enum transfer_state state;
  bool repeated;
};

/* ---- giving --------------------------------------------------------------------------------------------------------------- */

static const struct field give_fields[] = {
    {.name = "organization", .kind = FIELD_ID, .required = true, .label = TR("受け取る機関")},
    {.name = "compared", .kind = FIELD_BOOL, .label = TR("合わせ番号を電話で読みあわせました")},
    {0}};

static const struct field receipt_fields[] = {
    {.name = "receipt", .kind = FIELD_TEXT, .required = true, .max = 40, .label = TR("受付番号")}, {0}};

static enum code enter(struct tx *tx, const struct transfer_job *job, struct case_head *head, const struct scope **s,
                       struct err *e)
{
  return case_enter(tx, gate_actor(job->rq), ACTION_TRANSFER_OUT, job->case_id, head, s, e);
}

static enum code read_choices(struct tx *tx, void *arg, struct err *e)
{
  struct transfer_job *job = arg;
  struct case_head head = {0};
  const struct scope *s = NULL;
  struct arena *a = job->rq->arena;
  enum code c = enter(tx, job, &head, &s, e);
  if (c == OK)
    scope_seen_as(s, ACTION_CASE_READ); /* nothing has gone anywhere yet */
  if (c == OK)
    c = transfer_choices(tx, s, &head, a, &job->who, &job->data, e);
  if (c == OK)
    c = transfer_put_moved(tx, s, &head, a, &job->who, job->data, e);
  return c == OK ? case_put_strip(tx, s, job->case_id, a, &job->who, job->data, e) : c;
}

/* What can still be done: digits are asked for while somebody's answer is due, a file is offered until one was received. */
static void put_open(struct doc *data, bool typed)
{
  const struct doc *moved = doc_get(data, "moved"), *newest = doc_at(moved, 0);
  bool waits = typed;
  for (size_t i = 0; i < doc_size(moved); i++)
    waits |= doc_get_bool(doc_at(moved, i), "is_made");
  bool received = doc_size(moved) && !doc_get_bool(newest, "is_made") && !doc_get_bool(newest, "is_refused");
  doc_put_bool(data, "asks_receipt", waits && doc_get_bool(data, "leads"));
  doc_put_bool(data, "is_gone", received && doc_get_bool(data, "is_closed"));
}

static enum code give_page(struct request *rq, struct response *rs, struct err *e)
{
  struct transfer_job job = {.rq = rq, .who = gate_reader(rq)};
  const struct doc *typed = gate_has_problems(rq) ? gate_typed(rq) : NULL;
  enum code c = gate_param(rq, "case", &job.case_id, e);
  if (c == OK)
    c = gate_read(rq, read_choices, &job, e);
  if (c != OK)
    return c;
  struct doc *list = doc_get(job.data, "organizations");
  for (size_t i = 0; i < doc_size(list); i++)
    doc_put_bool(doc_at(list, i), "checked",
                 doc_size(list) == 1 ||
                     str_eq(doc_get_str(doc_at(list, i), "value"), doc_get_str(typed, "organization")));
  put_open(job.data, doc_get_str(typed, "receipt").n > 0);
  doc_put_id(job.data, "case_id", job.case_id);
  doc_put(job.data, "f", gate_form(rq, give_fields, NULL));
  doc_put(job.data, "r", gate_form(rq, receipt_fields, NULL));
  return gate_page(rq, rs, "case_transfer", tr(job.who.lang, TR("ケース移管")), job.data, e);
}

ROUTE_DEFINE(route_transfer_page, GET, "/cases/:case/transfer", NEEDS(TRANSFER_OUT),
             .summary = TR("ケースを移管する画面"), .handle = give_page);

static enum code give(struct tx *tx, void *arg, struct err *e)
{
  struct transfer_job *job = arg;
  struct case_head head = {0};
  const struct scope *s = NULL;
  enum code c = enter(tx, job, &head, &s, e);
  return c == OK ? transfer_give(tx, s, &head, &job->choice, &job->given, e) : c;
}

/* What was agreed a moment ago may be withdrawn by now: it is decided again with what is read. */
static enum code gather(struct tx *tx, void *arg, struct err *e)
{
  struct transfer_job *job = arg;
  struct case_head head = {0};
  const struct scope *s = NULL;
  enum code c = enter(tx, job, &head, &s, e);
  if (c == OK)
    c = transfer_gather(tx, s, &head, &job->choice, &job->given, job->rq->arena, &job->who, job->content, e);
  return c;
}

static void copy_given(struct transfer_job *job)
{
  job->given.code = str_copy(job->rq->arena, job->given.code);
  job->given.peer_name = str_copy(job->rq->arena, job->given.peer_name);
  job->given.body = str_copy(job->rq->arena, job->given.body);
  job->given.status = str_copy(job->rq->arena, job->given.status);
  job->given.next_date = str_copy(job->rq->arena, job->given.next_date);
}

static enum code give_and_keep(struct tx *tx, void *arg, struct err *e)
{
  enum code c = give(tx, arg, e);
  if (c == OK)
    copy_given(arg);
  return c;
}

static enum code handle_give(struct request *rq, struct response *rs, struct err *e)
{
  struct transfer_job job = {.rq = rq, .who = gate_reader(rq)};
  struct str file = STR_NONE;
  const unsigned char *seed = keyfile_sign_seed(gate_app(rq)->keys, gate_network(rq));
  if (gate_has_problems(rq))
    return give_page(rq, rs, e);
  job.content = arena_new_of(rq->arena, struct transfer_content);
  if (!job.content || !seed)
    return err_oom(e);
  enum code c = gate_param(rq, "case", &job.case_id, e);
  (void)doc_get_id(rq->input, "organization", &job.choice.organization);
  job.choice.compared = doc_get_bool(rq->input, "compared");
  if (c == OK)
    c = gate_write(rq, "transfer_give", give_and_keep, &job, e);
  if (c == OK && !job.given.code.n) /* sent twice: the file went out with the first */
    return gate_done(rq, rs, gate_path(rq, "/cases/", job.case_id, "/transfer"), NULL, e);
  if (c == OK)
    c = gate_read(rq, gather, &job, e);
  if (c == OK)
    gate_veil(rq, job.content->data);
  if (c == OK)
    c = transfer_pack(rq->arena, job.who.lang, job.content, seed, job.given.card, &file, e);
  if (c == OK)
    gate_file(rq, rs, "application/octet-stream",
              str_printf(rq->arena, "case-%.*s.tsunagu", STR_FMT(str_sub(job.given.code, 0, 8))), file);
  return c;
}

ROUTE_DEFINE(route_transfer_give, POST, "/cases/:case/transfer", NEEDS(TRANSFER_OUT), .fields = give_fields,
             .returns = "application/octet-stream", .slow = true, .no_form_key = true,
             .summary = TR("ケースを移管するファイルを作る"), .handle = handle_give);

/* ---- cards ------------------------------------------------------------------------------------------------------------------ */

static const struct field peer_fields[] = {
    {.name = "name", .kind = FIELD_TEXT, .max = 60, .label = TR("相手のネットワークの名前")},
    {.name = "card", .kind = FIELD_LINES, .max = 400, .label = TR("相手の合わせ札")},
    {.name = "body", .kind = FIELD_ID, .label = TR("受け取る機関")},
    {.name = "peer", .kind = FIELD_ID},
    {.name = "end", .kind = FIELD_ID},
    {.name = "end_body", .kind = FIELD_ID},
    {0}};

static enum code read_page(struct tx *tx, void *arg, struct err *e)
{
  struct transfer_job *job = arg;
  const struct scope *s = NULL;
  enum code c = access_open_network(tx, gate_actor(job->rq), ACTION_TRANSFER_IN, &s, e);
  return c == OK ? transfer_page(tx, s, job->rq->arena, &job->who, &job->data, e) : c;
}

static enum code show(struct request *rq, struct response *rs, struct err *e)
{
  struct transfer_job job = {.rq = rq, .who = gate_reader(rq)};
  enum code c = gate_read(rq, read_page, &job, e);
  if (c != OK)
    return c;
  struct doc *f = gate_form(rq, peer_fields, NULL);
  gate_require(rq, f, "name");
  gate_require(rq, f, "card");
  doc_put(job.data, "f", f);
  doc_put_bool(job.data, "can_directory", gate_may(rq, ACTION_DIRECTORY_WRITE));
  return gate_page(rq, rs, "transfers", tr(job.who.lang, TR("ケース移管の受け入れ")), job.data, e);
}

ROUTE_DEFINE(route_transfers, GET, "/transfers", NEEDS(TRANSFER_IN), .summary = TR("合わせ札と、移管の受け入れ"),
             .handle = show);

static enum code change_peer(struct tx *tx, void *arg, struct err *e)
{
  struct transfer_job *job = arg;
  const struct scope *s = NULL;
  enum code c = access_open_network(tx, gate_actor(job->rq), ACTION_TRANSFER_IN, &s, e);
  if (c != OK)
    return c;
  if (job->peer && job->body)
    return job->ends ? transfer_body_end(tx, s, job->peer, job->body, e)
                     : transfer_body_add(tx, s, job->peer, job->body, e);
  return job->ends ? transfer_peer_end(tx, s, job->peer, e)
                   : transfer_peer_add(tx, s, job->name, job->card, job->body, e);
}

/* What of the page was sent: a card, the end of one, or who takes in for one, and no longer. */
static const char *read_change(struct transfer_job *job, const struct doc *input)
{
  job->ends = doc_get_id(input, "end", &job->peer);
  (void)doc_get_id(input, "body", &job->body);
  if (job->ends)
    return TR("合わせ札を消しました。");
  if (!doc_get_id(input, "peer", &job->peer))
    return TR("合わせ札を登録しました。");
  job->ends = doc_get_id(input, "end_body", &job->body);
  return job->ends ? TR("受け取る機関から外しました。") : TR("受け取る機関を登録しました。");
}

static enum code handle_peer(struct request *rq, struct response *rs, struct err *e)
{
  struct transfer_job job = {.rq = rq};
  if (gate_has_problems(rq))
    return show(rq, rs, e);
  const char *said = read_change(&job, rq->input);
  if (job.peer && !job.ends && !job.body)
    return err_field(e, "body", TR("受け取る機関を選んでください。"));
  job.name = str_trim(doc_get_str(rq->input, "name"));
  job.card = doc_get_str(rq->input, "card");
  gate_location(rq, S("/transfers"));
  enum code c = gate_write(rq, "transfer_peer", change_peer, &job, e);
  return c == OK ? gate_done(rq, rs, S("/transfers"), said, e) : c;
}

ROUTE_DEFINE(route_transfer_peer, POST, "/transfers", NEEDS(TRANSFER_IN), .fields = peer_fields,
             .summary = TR("ほかのネットワークの合わせ札を登録する、消す"), .handle = handle_peer);

/* ---- what they answered ------------------------------------------------------------------------------------------------------- */

static enum code answer(struct tx *tx, void *arg, struct err *e)
{
  struct transfer_job *job = arg;
  struct case_head head = {0};
  const struct scope *s = NULL;
  enum code c = enter(tx, job, &head, &s, e);
  return c == OK ? transfer_answer(tx, s, &head, job->name, &job->state, e) : c;
}

static enum code handle_receipt(struct request *rq, struct response *rs, struct err *e)
{
  struct transfer_job job = {.rq = rq, .who = gate_reader(rq), .name = doc_get_str(rq->input, "receipt")};
  if (gate_has_problems(rq))
    return give_page(rq, rs, e);
  enum code c = gate_param(rq, "case", &job.case_id, e);
  struct str back = gate_path(rq, "/cases/", job.case_id, "/transfer");
  gate_location(rq, back);
  if (c == OK)
    c = gate_write(rq, "transfer_answer", answer, &job, e);
  return c == OK ? gate_done(rq, rs, back,
                             job.state == TRANSFER_REFUSED
                                 ? TR("断られたことを記録しました。支援を続けるときは、ケースを再開してください。")
                                 : TR("受け取られたことを記録しました。"),
                             e)
                 : c;
}

ROUTE_DEFINE(route_transfer_receipt, POST, "/cases/:case/transfer/receipt", NEEDS(TRANSFER_OUT),
             .fields = receipt_fields, .summary = TR("移管先から電話で聞いた受付番号を記録する"),
             .handle = handle_receipt);

/* ---- taking ------------------------------------------------------------------------------------------------------------------- */

static const char *const step_codes[] = {"look", "take", "refuse", NULL};
enum {
  CARRIED = 2800 << 10
}; /* bytes of a file that a page can carry to the next step; a larger one is chosen again */
static const struct field take_fields[] = {
    {.name = "file", .kind = FIELD_SECRET, .label = TR("移管のファイル")}, /* a file: never given back */
    {.name = "parcel", .kind = FIELD_SECRET, .max = LIMIT_BODY, .label = TR("移管のファイル")},
    {.name = "step", .kind = FIELD_CHOICE, .options = step_codes},
    {.name = "others", .kind = FIELD_BOOL, .label = TR("確かめました。別の人として、新しく受け入れます。")},
    {.name = "meant", .kind = FIELD_BOOL, .label = TR("送り元に確かめました。この機関あてです。")},
    {0}};

static enum code look(struct tx *tx, void *arg, struct err *e)
{
  struct transfer_job *job = arg;
  enum code c = gate_is_repeated(tx, job->rq, &job->repeated, e);
  return c == OK && !job->repeated
             ? transfer_look(tx, gate_actor(job->rq), job->from, &job->taken, job->rq->arena, &job->who, &job->data, e)
             : c;
}

static enum code take(struct tx *tx, void *arg, struct err *e)
{
  struct transfer_job *job = arg;
  const struct transfer_accept how = {job->who.lang, doc_get_bool(job->rq->input, "meant")};
  id64 made = 0;
  enum code c = transfer_take(tx, gate_actor(job->rq), job->from, &job->taken, &how, &made, e);
  if (c == OK)
    gate_location(job->rq, gate_path(job->rq, "/cases/", made, ""));
  job->case_id = made;
  return c;
}

static enum code refuse(struct tx *tx, void *arg, struct err *e)
{
  struct transfer_job *job = arg;
  const struct transfer_accept how = {job->who.lang, doc_get_bool(job->rq->input, "meant")};
  return transfer_refuse(tx, gate_actor(job->rq), job->from, &job->taken, &how, e);
}

static enum code show_look(struct transfer_job *job, struct str parcel, struct response *rs, struct err *e)
{
  struct request *rq = job->rq;
  bool carried = parcel.n <= CARRIED;
  doc_put_bool(job->data, "carried", carried);
  doc_put_str(job->data, "parcel", carried ? parcel_text(rq->arena, parcel) : STR_NONE);
  doc_put_bool(job->data, "others", doc_get_bool(rq->input, "others"));
  doc_put_bool(job->data, "meant", doc_get_bool(rq->input, "meant"));
  return gate_page(rq, rs, "transfer_look", tr(job->who.lang, TR("ケース移管の受け入れ")), job->data, e);
}

static enum code done(struct transfer_job *job, bool refused, struct response *rs, struct err *e)
{
  struct request *rq = job->rq;
  if (refused)
    return gate_done(rq, rs, S("/transfers"),
                     TR("受け入れないことを記録しました。下の受付番号を、電話で送り元に伝えてください。"), e);
  return gate_done(rq, rs, job->case_id ? gate_path(rq, "/cases/", job->case_id, "") : S("/transfers"),
                   TR("移管されたケースを受け入れました。同意は、改めて確かめてください。受付番号は「ケース移管の受け入"
                      "れ」にあります。"),
                   e);
}

/* Why it is shown once more instead of being taken in. */
static bool stops(struct transfer_job *job, struct str step)
{
  struct request *rq = job->rq;
  bool refuses = str_is(step, "refuse");
  if (job->repeated)
    return false;
  if (!refuses && !str_is(step, "take"))
    return true;
  if (!doc_get_bool(job->data, "is_for_us") && !doc_get_bool(rq->input, "meant"))
    request_problem(rq, "meant",
                    gate_tr(rq, TR("このファイルのあて先が、この機関の名前とちがいます。確かめてください。")));
  if (refuses)
    return gate_has_problems(rq);
  if (doc_get_bool(job->data, "stopped") && !doc_get_bool(rq->input, "others"))
    request_problem(rq, "others",
                    gate_tr(rq, TR("もう知られているかもしれない人です。確かめてから、受け入れてください。")));
  return gate_has_problems(rq);
}

static enum code handle_take(struct request *rq, struct response *rs, struct err *e)
{
  struct transfer_job job = {.rq = rq, .who = gate_reader(rq)};
  struct str parcel = rq->upload, step = doc_get_str(rq->input, "step");
  const unsigned char *seed = keyfile_sign_seed(gate_app(rq)->keys, gate_network(rq));
  if (gate_has_problems(rq))
    return show(rq, rs, e);
  if (!seed || (!parcel.n && !parcel_parse(rq->arena, doc_get_str(rq->input, "parcel"), &parcel)))
    return err_field(e, "file", TR("移管のファイルを選んでください。"));
  enum code c = transfer_unpack(rq->arena, seed, parcel, gate_now(rq), job.from, &job.taken, e);
  if (c == OK)
    c = gate_read_as_service(rq, look, &job, e);
  if (c != OK)
    return c;
  if (stops(&job, step))
    return show_look(&job, parcel, rs, e);
  bool refused = str_is(step, "refuse");
  if (refused)
    gate_location(rq, S("/transfers"));
  c = refused ? gate_write(rq, "transfer_refuse", refuse, &job, e) : gate_write(rq, "transfer_take", take, &job, e);
  return c == OK ? done(&job, refused, rs, e) : c;
}

ROUTE_DEFINE(route_transfer_take, POST, "/transfers/file", NEEDS(TRANSFER_IN), .fields = take_fields, .files = true,
             .slow = true, .summary = TR("移管されたケースを確かめて、受け入れる"), .handle = handle_take);
