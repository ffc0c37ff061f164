/* receiver_web.c: one receiver more for a sheet, from the pages of つなぎ先. */
#include "connection/connection.h"
#include "connection/connection_sql.h"
#include "gate/handler.h"

struct add_job {
  struct request *rq;
  id64 id, organization;
};

static const struct field add_fields[] = {
    {.name = "organization", .kind = FIELD_ID, .required = true, .label = TR("つなぐ先")}, {0}};

static enum code add_receiver(struct tx *tx, void *arg, struct err *e)
{
  struct add_job *job = arg;
  struct sheet sheet = {0};
  const struct scope *s = NULL;
  struct str name = STR_NONE;
  enum code c = sheet_enter(tx, gate_actor(job->rq), ACTION_SHEET_WRITE, job->id, tx_arena(tx), &sheet, &s, e);
  if (c == OK)
    c = organization_name(tx, job->organization, tx_arena(tx), &name, e);
  return c == OK ? sheet_add_receiver(tx, s, &sheet, job->organization, e) : c;
}

static enum code handle_add_receiver(struct request *rq, struct response *rs, struct err *e)
{
  struct add_job job = {.rq = rq};
  enum code c = gate_param(rq, "sheet", &job.id, e);
  (void)doc_get_id(rq->input, "organization", &job.organization);
  struct str path = gate_path(rq, "/sheets/", job.id, "/edit#s-receivers");
  gate_location(rq, path);
  if (c == OK)
    c = gate_write(rq, "sheet_add_receiver", add_receiver, &job, e);
  return c == OK ? gate_done(rq, rs, path, TR("つなぐ先に加えました。"), e) : c;
}

ROUTE_DEFINE(route_sheet_add_receiver, POST, "/sheets/:sheet/receivers", NEEDS(SHEET_WRITE), .fields = add_fields,
             .summary = TR("つなぐ先を一つ加える"), .handle = handle_add_receiver);
