/* register_web.c: /bases and its file. */
#include "basis/basis.h"
#include "gate/handler.h"

static const char *const state_codes[] = {"-1", "0", "1", "2", "3", "4", "5", NULL};
static const char *const sort_codes[] = {"0", "1", "2", NULL};
static const char *const encodings[] = {"utf-8", "cp932", NULL};
static const struct field fields[] = {{.name = "state", .kind = FIELD_CHOICE, .options = state_codes},
                                      {.name = "code", .kind = FIELD_CHOICE, .options = basis_codes},
                                      {.name = "sort", .kind = FIELD_CHOICE, .options = sort_codes},
                                      {.name = "skip", .kind = FIELD_INT, .min = 0, .max = 1000000},
                                      {.name = "encoding", .kind = FIELD_CHOICE, .options = encodings},
                                      {0}};

struct register_job {
  struct request *rq;
  struct reader who;
  struct basis_view view;
  struct doc *data;
  struct csv_table table;
};

static struct basis_view view_of(const struct request *rq)
{
  int64_t state = BASIS_ANY, sort = 0;
  (void)str_to_i64(doc_get_str(rq->input, "state"), &state);
  (void)str_to_i64(doc_get_str(rq->input, "sort"), &sort);
  return (struct basis_view){.state = (int)state,
                             .code = doc_get_str(rq->input, "code"),
                             .sort = (enum basis_sort)sort,
                             .skip = doc_get_int(rq->input, "skip")};
}

static enum code read_list(struct tx *tx, void *arg, struct err *e)
{
  struct register_job *job = arg;
  const struct scope *s = NULL;
  enum code c = access_open_network(tx, gate_actor(job->rq), ACTION_BASIS_LIST, &s, e);
  return c == OK ? basis_register(tx, s, &job->view, job->rq->arena, &job->who, &job->data, e) : c;
}

static enum code handle_list(struct request *rq, struct response *rs, struct err *e)
{
  struct register_job job = {.rq = rq, .who = gate_reader(rq), .view = view_of(rq)};
  enum code c = gate_read(rq, read_list, &job, e);
  if (c != OK)
    return c;
  doc_put_bool(job.data, "can_export", gate_may(rq, ACTION_BASIS_EXPORT));
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
  struct str bytes = STR_NONE;
  bool cp932 = str_is(doc_get_str(rq->input, "encoding"), "cp932");
  job.view.skip = 0;
  enum code c = gate_read(rq, read_table, &job, e);
  if (c != OK)
    return c;
  gate_veil_table(rq, &job.table);
  c = arena_failed(rq->arena) ? err_oom(e)
                              : csv_out_table(rq->arena, &job.table, cp932 ? CSV_CP932 : CSV_UTF8_BOM, &bytes, e);
  if (c == OK)
    gate_file(rq, rs, cp932 ? "text/csv; charset=Shift_JIS" : "text/csv; charset=utf-8", S("register.csv"), bytes);
  return c;
}

ROUTE_DEFINE(route_bases_file, GET, "/bases/register.csv", NEEDS(BASIS_EXPORT), .fields = fields, .slow = true,
             .returns = "text/csv", .summary = TR("法令による提供の台帳を書き出す(CSV)"), .handle = handle_file);
