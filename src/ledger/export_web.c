/* export_web.c: /cases/ledger.csv and .xlsx. */
#include "gate/handler.h"
#include "gate/list.h"
#include "ledger/ledger.h"
#include "view/xlsx.h"

static const struct field csv_fields[] = {
    {.name = "encoding", .kind = FIELD_CHOICE, .options = list_encodings, .label = TR("文字コード")}, {0}};

struct export_job {
  struct request *rq;
  struct reader who;
  struct csv_table table;
};

static enum code read_ledger(struct tx *tx, void *arg, struct err *e)
{
  struct export_job *job = arg;
  const struct scope *s = NULL;
  enum code c = access_open_network(tx, gate_actor(job->rq), ACTION_LEDGER_EXPORT, &s, e);
  return c == OK ? ledger_export(tx, s, job->rq->arena, &job->who, &job->table, e) : c;
}

static enum code handle_csv(struct request *rq, struct response *rs, struct err *e)
{
  struct export_job job = {.rq = rq, .who = gate_reader(rq)};
  enum code c = gate_has_problems(rq) ? err_set(e, INVALID, TR("文字コードは、UTF-8かShift_JISです。"))
                                      : gate_read(rq, read_ledger, &job, e);
  return c == OK ? list_file(rq, rs, &job.table, S("ledger.csv"), e) : c;
}

ROUTE_DEFINE(route_ledger_csv, GET, "/cases/ledger.csv", NEEDS(LEDGER_EXPORT), .fields = csv_fields, .slow = true,
             .returns = "text/csv", .summary = TR("進行管理台帳を書き出す(CSV)"), .handle = handle_csv);

static enum code handle_xlsx(struct request *rq, struct response *rs, struct err *e)
{
  struct export_job job = {.rq = rq, .who = gate_reader(rq)};
  struct str bytes = STR_NONE;
  enum code c = gate_read(rq, read_ledger, &job, e);
  if (c != OK)
    return c;
  gate_veil_table(rq, &job.table);
  c = arena_failed(rq->arena) ? err_oom(e) : OK;
  if (c == OK)
    c = xlsx_out(rq->arena, &job.table, gate_tr(rq, TR("進行管理台帳")), &bytes, e);
  if (c == OK)
    gate_file(rq, rs, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", S("ledger.xlsx"), bytes);
  return c;
}

ROUTE_DEFINE(route_ledger_xlsx, GET, "/cases/ledger.xlsx", NEEDS(LEDGER_EXPORT), .slow = true,
             .returns = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
             .summary = TR("進行管理台帳を書き出す(Excel)"), .handle = handle_xlsx);
