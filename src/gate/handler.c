#include "gate/handler.h"

struct reader gate_reader(const struct request *rq)
{
  return (struct reader){.lang = gate_lang(rq), .wareki = gate_wareki(rq), .today = date_of_ts(gate_now(rq))};
}

bool gate_may(const struct request *rq, enum action action)
{
  bool allowed = false;
  (void)role_may(gate_actor(rq)->role, action, &allowed);
  return allowed;
}

struct str gate_path(struct request *rq, const char *head, id64 id, const char *tail)
{
  struct str text = id_text(rq->arena, id);
  return str_printf(rq->arena, "%s%.*s%s", head, STR_FMT(text), tail);
}

struct str gate_url(struct request *rq, struct str path)
{
  return str_printf(rq->arena, "%s://%.*s%.*s", rq->https ? "https" : "http", STR_FMT(rq->host), STR_FMT(path));
}

enum code gate_param(const struct request *rq, const char *name, id64 *ret, struct err *e)
{
  return request_param_id(rq, name, ret) ? OK : err_set(e, NOT_FOUND, code_msg(NOT_FOUND));
}
