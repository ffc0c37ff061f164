#include "base/limits.h"
#include "gate/handler.h"
#include "gate/list.h"
#include "progress/progress.h"

struct job {
  struct request *rq;
  struct reader who;
  struct progress_view view;
  id64 id;
  struct doc *data, *leaders;
  struct csv_table table;
};

/* ---- 進行状況一覧 ------------------------------------------------------------------------------------------------------ */

static const char *const stuck_codes[] = {
/* NOLINTNEXTLINE(bugprone-macro-parentheses): an initializer, not an expression */
#define X(name, code, word, shape, class) [STUCK_##name] = code,
    STUCKS(X)
#undef X
        [STUCK_COUNT] = NULL};
static const char *const orders[] = {"stuck", "-stuck", "number", "-number", "lead",     "-lead", "last",
                                     "-last", "next",   "-next",  "waiting", "-waiting", NULL};
static const struct field list_fields[] = {{.name = "stuck", .kind = FIELD_CHOICE, .options = stuck_codes},
                                           {.name = "lead", .kind = FIELD_ID},
                                           {.name = "sort", .kind = FIELD_CHOICE, .options = orders},
                                           {.name = "skip", .kind = FIELD_INT, .min = 0, .max = 10000000},
                                           {.name = "encoding", .kind = FIELD_CHOICE, .options = list_encodings},
                                           {0}};
static const struct list_column columns[] = {
    {.word = TR("番号"), .sort = "number", .by = CLOCK_BY_NUMBER},
    {.word = TR("いま"), .sort = "stuck", .by = CLOCK_BY_STUCK},
    {.word = TR("主担当"), .sort = "lead", .by = CLOCK_BY_LEAD},
    {.word = TR("最後にふれた日"), .sort = "last", .by = CLOCK_BY_LAST},
    {.word = TR("次にすること"), .sort = "next", .by = CLOCK_BY_NEXT},
    {.word = TR("返事待ち"), .sort = "waiting", .by = CLOCK_BY_WAITING, .falls = true},
    {.word = TR("たずねる")},
    {0}};
static const char *const kept[] = {"stuck", NULL};
static const struct list_shape shape = {
    .columns = columns, .order = "stuck", .place = "skip", .kept = kept, .file = true, .page_rows = LIMIT_PAGE_ROWS};

static struct progress_view view_of(const struct request *rq)
{
  struct str stuck = doc_get_str(rq->input, "stuck");
  struct progress_view v = {.all = !stuck.n, .skip = doc_get_int(rq->input, "skip")};
  int by = CLOCK_BY_STUCK;
  for (int i = 0; i < STUCK_COUNT; i++)
    if (str_is(stuck, stuck_codes[i]))
      v.at = (enum stuck)i;
  list_order(rq, &shape, &by, &v.falls);
  v.by = (enum clock_order)by;
  (void)doc_get_id(rq->input, "lead", &v.lead);
  return v;
}

static enum code read_list(struct tx *tx, void *arg, struct err *e)
{
  struct job *job = arg;
  const struct scope *s = NULL;
  enum code c = access_open_network(tx, gate_actor(job->rq), ACTION_CLOCK_LIST, &s, e);
  if (c == OK)
    c = progress_page(tx, s, &job->view, job->rq->arena, &job->who, &job->data, e);
  return c == OK ? progress_leaders(tx, s, job->rq->arena, &job->leaders, e) : c;
}

static void put_leaders(struct job *job)
{
  struct doc *filter = list_filter(job->rq, job->data, "lead", TR("主担当機関"));
  for (size_t i = 0; i < doc_size(job->leaders); i++)
    list_option(job->rq, filter, doc_get_str(doc_at(job->leaders, i), "id"),
                doc_get_str(doc_at(job->leaders, i), "name"));
}

static enum code handle_list(struct request *rq, struct response *rs, struct err *e)
{
  struct job job = {.rq = rq, .who = gate_reader(rq), .view = view_of(rq)};
  enum code c = gate_read(rq, read_list, &job, e);
  if (c == OK) {
    put_leaders(&job);
    list_put(rq, job.data, &shape);
  }
  return c == OK ? gate_page(rq, rs, "progress", tr(job.who.lang, TR("進行状況")), job.data, e) : c;
}

ROUTE_DEFINE(route_progress, GET, "/progress", NEEDS(CLOCK_LIST), .fields = list_fields,
             .summary = TR("進行状況一覧(番号と日付だけ)"), .handle = handle_list);

static enum code read_table(struct tx *tx, void *arg, struct err *e)
{
  struct job *job = arg;
  const struct scope *s = NULL;
  enum code c = access_open_network(tx, gate_actor(job->rq), ACTION_CLOCK_EXPORT, &s, e);
  return c == OK ? progress_table(tx, s, &job->view, job->rq->arena, &job->who, &job->table, e) : c;
}

static enum code handle_table(struct request *rq, struct response *rs, struct err *e)
{
  struct job job = {.rq = rq, .who = gate_reader(rq), .view = view_of(rq)};
  enum code c = gate_read(rq, read_table, &job, e);
  return c == OK ? list_file(rq, rs, &job.table, S("progress.csv"), e) : c;
}

ROUTE_DEFINE(route_progress_file, GET, "/progress.csv", NEEDS(CLOCK_EXPORT), .fields = list_fields, .slow = true,
             .returns = "text/csv", .summary = TR("進行状況を書き出す(CSV)"), .handle = handle_table);

/* ---- 状況をたずねる ---------------------------------------------------------------------------------------------------- */

static enum code ask_lead(struct tx *tx, void *arg, struct err *e)
{
  struct job *job = arg;
  const struct scope *s = NULL;
  enum code c = access_open_network(tx, gate_actor(job->rq), ACTION_CLOCK_ASK, &s, e);
  return c == OK ? progress_ask_lead(tx, s, job->id, e) : c;
}

static enum code handle_ask_lead(struct request *rq, struct response *rs, struct err *e)
{
  struct job job = {.rq = rq};
  enum code c = gate_param(rq, "case", &job.id, e);
  if (c == OK)
    c = gate_write(rq, "progress_ask_lead", ask_lead, &job, e);
  return c == OK ? gate_done(rq, rs, S("/progress"), TR("主担当の機関に、状況をたずねました。"), e) : c;
}

ROUTE_DEFINE(route_progress_ask, POST, "/progress/:case/ask", NEEDS(CLOCK_ASK),
             .summary = TR("主担当の機関に状況をたずねる"), .handle = handle_ask_lead);

static enum code ask_receiver(struct tx *tx, void *arg, struct err *e)
{
  struct job *job = arg;
  const struct scope *s = NULL;
  struct connection con = {0};
  enum code c = connection_enter(tx, gate_actor(job->rq), ACTION_SHEET_SEND, job->id, &con, &s, e);
  return c == OK ? progress_ask_receiver(tx, s, &con, e) : c;
}

static const char *const back_codes[] = {"today", NULL}; /* where it was asked from, and there again */
static const struct field ask_fields[] = {{.name = "back", .kind = FIELD_CHOICE, .options = back_codes}, {0}};

static enum code handle_ask_receiver(struct request *rq, struct response *rs, struct err *e)
{
  struct job job = {.rq = rq};
  bool back = str_is(doc_get_str(rq->input, "back"), "today");
  enum code c = gate_param(rq, "connection", &job.id, e);
  if (c == OK)
    c = gate_write(rq, "progress_ask_receiver", ask_receiver, &job, e);
  return c == OK ? gate_done(rq, rs, back ? S("/today") : gate_path(rq, "/connections/", job.id, ""),
                             TR("状況をたずねました。相手の「今日」に出ます。"), e)
                 : c;
}

ROUTE_DEFINE(route_connection_ask, POST, "/connections/:connection/ask", NEEDS(SHEET_SEND), .fields = ask_fields,
             .summary = TR("送った相手に状況をたずねる"), .handle = handle_ask_receiver);
