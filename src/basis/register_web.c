/* register_web.c: /bases and its file. */
#include "base/limits.h"
#include "basis/basis.h"
#include "basis/words.h"
#include "gate/handler.h"
#include "gate/list.h"

/* By enum basis_state, BASIS_TO_TELL behind them. */
static const char *const state_codes[] = {"waits", "holds", "to_come", "over", "refused", "to_tell", NULL};
_Static_assert(sizeof state_codes / sizeof *state_codes == BASIS_TO_TELL + 2, "a code each state");
static const char *const orders[] = {"new",      "-new",      "number", "-number", "giver", "-giver",
                                     "receiver", "-receiver", "end",    "-end",    NULL};
static const struct field fields[] = {{.name = "state", .kind = FIELD_CHOICE, .options = state_codes},
                                      {.name = "code", .kind = FIELD_CHOICE, .options = basis_codes},
                                      {.name = "sort", .kind = FIELD_CHOICE, .options = orders},
                                      {.name = "skip", .kind = FIELD_INT, .min = 0, .max = 1000000},
                                      {.name = "encoding", .kind = FIELD_CHOICE, .options = list_encodings},
                                      {0}};
static const struct list_column columns[] = {
    {.word = TR("申し出た日"), .sort = "new", .by = BASIS_BY_NEW, .falls = true},
    {.word = TR("番号"), .sort = "number", .by = BASIS_BY_NUMBER},
    {.word = TR("だれから"), .sort = "giver", .by = BASIS_BY_GIVER},
    {.word = TR("だれへ"), .sort = "receiver", .by = BASIS_BY_RECEIVER},
    {.word = TR("終わり"), .sort = "end", .by = BASIS_BY_END},
    {0}};

struct register_job {
  struct request *rq;
  struct reader who;
  struct basis_view view;
  struct doc *data;
  struct csv_table table;
};

static struct list_shape shape_of(const struct request *rq)
{
  return (struct list_shape){.columns = columns,
                             .order = "-new",
                             .place = "skip",
                             .file = gate_may(rq, ACTION_BASIS_EXPORT),
                             .page_rows = LIMIT_PAGE_ROWS};
}

static struct basis_view view_of(const struct request *rq)
{
  struct str state = doc_get_str(rq->input, "state");
  struct basis_view v = {
      .state = BASIS_ANY, .code = doc_get_str(rq->input, "code"), .skip = doc_get_int(rq->input, "skip")};
  const struct list_shape shape = shape_of(rq);
  int by = BASIS_BY_NEW;
  for (int i = 0; state_codes[i]; i++)
    if (str_is(state, state_codes[i]))
      v.state = i;
  list_order(rq, &shape, &by, &v.falls);
  v.by = (enum basis_order)by;
  return v;
}

static enum code read_list(struct tx *tx, void *arg, struct err *e)
{
  struct register_job *job = arg;
  const struct scope *s = NULL;
  enum code c = access_open_network(tx, gate_actor(job->rq), ACTION_BASIS_LIST, &s, e);
  return c == OK ? basis_register(tx, s, &job->view, job->rq->arena, &job->who, &job->data, e) : c;
}

static void put_filters(struct register_job *job)
{
  struct doc *filter = list_filter(job->rq, job->data, "state", TR("状態"));
  for (int i = 0; state_codes[i]; i++)
    list_option(job->rq, filter, str_from(state_codes[i]), words_state(job->who.lang, i));
  filter = list_filter(job->rq, job->data, "code", TR("法令"));
  for (int i = 0; basis_codes[i]; i++)
    list_option(job->rq, filter, str_from(basis_codes[i]), tr(job->who.lang, basis_label(str_from(basis_codes[i]))));
}

static enum code handle_list(struct request *rq, struct response *rs, struct err *e)
{
  struct register_job job = {.rq = rq, .who = gate_reader(rq), .view = view_of(rq)};
  const struct list_shape shape = shape_of(rq);
  enum code c = gate_read(rq, read_list, &job, e);
  if (c != OK)
    return c;
  put_filters(&job);
  list_put(rq, job.data, &shape);
  return gate_page(rq, rs, "basis_register", tr(job.who.lang, TR("法令による提供の台帳")), job.data, e);
}

ROUTE_DEFINE(route_bases, GET, "/bases", NEEDS(BASIS_LIST), .fields = fields, .summary = TR("法令による提供の台帳"),
             .handle = handle_list);

static enum code read_table(struct tx *tx, void *arg, struct err *e)
{
  struct register_job *job = arg;
  const struct scope *s = NULL;
  enum code c = access_open_network(tx, gate_actor(job->rq), ACTION_BASIS_EXPORT, &s, e);
  return c == OK ? basis_table(tx, s, &job->view, job->rq->arena, &job->who, &job->table, e) : c;
}

static enum code handle_file(struct request *rq, struct response *rs, struct err *e)
{
  struct register_job job = {.rq = rq, .who = gate_reader(rq), .view = view_of(rq)};
  job.view.skip = 0;
  enum code c = gate_read(rq, read_table, &job, e);
  return c == OK ? list_file(rq, rs, &job.table, S("register.csv"), e) : c;
}

ROUTE_DEFINE(route_bases_file, GET, "/bases.csv", NEEDS(BASIS_EXPORT), .fields = fields, .slow = true,
             .returns = "text/csv", .summary = TR("法令による提供の台帳を書き出す(CSV)"), .handle = handle_file);
