/* api_web.c: /api, how programs read and write what the pages do, for the town's vendor; and /api/openapi.json, made from the same table as
 * the routes themselves. Both are for everybody: they tell nothing that the source code does not. */
#include "base/limits.h"
#include "base/version.h"
#include "gate/handler.h"
#include "web/openapi.h"

static struct str origin_of(struct request *rq)
{
  return str_printf(rq->arena, "%s://%.*s", rq->https ? "https" : "http", STR_FMT(rq->host));
}

static enum code handle_openapi(struct request *rq, struct response *rs, struct err *e)
{
  struct doc *d = openapi_doc(rq->arena, gate_lang(rq), origin_of(rq));
  return d ? gate_json(rq, rs, d, e) : err_oom(e);
}

ROUTE_DEFINE(route_openapi, GET, "/api/openapi.json", PUBLIC_ROUTE, .json = true, .slow = true,
             .summary = TR("この API の OpenAPI 3.1 文書"), .handle = handle_openapi);

/* "name*, kana": what a call takes; * is needed. */
static struct str inputs_of(struct arena *a, const struct route *r)
{
  struct buf b;
  buf_init(&b, a, 4096);
  for (const struct field *f = r->fields; f && f->name; f++)
    buf_printf(&b, "%s%s%s", b.n ? ", " : "", f->name, f->required ? "*" : "");
  return buf_str(&b);
}

static struct str group_of(const struct route *r)
{
  size_t n = strcspn(r->path + 1, "/");
  return (struct str){r->path, n + 1};
}

static void put_call(struct request *rq, struct doc *list, const struct route *r)
{
  struct doc *d = doc_add_map(list);
  doc_put_cstr(d, "method", r->method == POST ? "POST" : "GET");
  doc_put_cstr(d, "path", r->path);
  doc_put_str(d, "summary", r->summary ? gate_tr(rq, r->summary) : STR_NONE);
  doc_put_str(d, "inputs", inputs_of(rq->arena, r));
}

/* Groups by the first part of the path, each with its calls. */
static void put_groups(struct request *rq, struct doc *d)
{
  size_t n = 0;
  const struct route **routes = openapi_routes(rq->arena, &n);
  struct doc *groups = doc_put_list(d, "groups"), *calls = NULL;
  struct str last = STR_NONE;
  for (size_t i = 0; i < n; i++) {
    if (!calls || !str_eq(group_of(routes[i]), last)) {
      struct doc *group = doc_add_map(groups);
      last = group_of(routes[i]);
      doc_put_str(group, "name", last);
      calls = doc_put_list(group, "calls");
    }
    put_call(rq, calls, routes[i]);
  }
  for (size_t i = 0; i < doc_size(groups); i++)
    doc_put_int(doc_at(groups, i), "count", (int64_t)doc_size(doc_get(doc_at(groups, i), "calls")));
}

static void put_number(struct request *rq, struct doc *d, const char *key, int v)
{
  doc_put_str(d, key, str_printf(rq->arena, "%d", v));
}

static enum code handle_api(struct request *rq, struct response *rs, struct err *e)
{
  struct doc *d = doc_map(rq->arena);
  doc_put_str(d, "origin", origin_of(rq));
  doc_put_cstr(d, "version", TSUNAGU_VERSION);
  put_number(rq, d, "token_rate", API_TOKEN_PER_SECOND);
  put_number(rq, d, "token_burst", API_TOKEN_BURST);
  put_number(rq, d, "address_rate", API_ADDRESS_PER_SECOND);
  put_number(rq, d, "address_burst", API_ADDRESS_BURST);
  put_groups(rq, d);
  return gate_page(rq, rs, "api", gate_tr(rq, TR("API(ほかのシステムとつなぐ)")), d, e);
}

ROUTE_DEFINE(route_api, GET, "/api", PUBLIC_ROUTE, .summary = TR("API の使いかた"), .handle = handle_api);
