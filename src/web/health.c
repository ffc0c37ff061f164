/* health.c: /healthz, for whoever watches the process: the database answers. Says nothing else. And / leads to today, or to the sign-in. */
#include "gate/gate.h"

static enum code handle_health(struct request *rq, struct response *rs, struct err *e)
{
  enum code c = db_ping(gate_app(rq)->db, e);
  if (c != OK)
    return c;
  rs->status = 200;
  rs->type = S("text/plain; charset=utf-8");
  rs->body = S("ok\n");
  return OK;
}

ROUTE_DEFINE(route_health, GET, "/healthz", PUBLIC_ROUTE, .returns = "text/plain", .summary = TR("動いているか"),
             .handle = handle_health);

static enum code handle_home(struct request *rq, struct response *rs, struct err *e)
{
  response_redirect(rq, rs, gate_signed_in(rq) ? S("/today") : S("/sign-in"));
  return OK;
}

ROUTE_DEFINE(route_home, GET, "/", PUBLIC_ROUTE, .summary = TR("はじめのページ"), .handle = handle_home);
