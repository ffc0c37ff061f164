/* help.c: /help, how to read the pages; for everybody, signed in or not. */
#include "base/version.h"
#include "gate/handler.h"

static enum code handle_help(struct request *rq, struct response *rs, struct err *e)
{
  struct doc *d = doc_map(rq->arena);
  struct str source = gate_app(rq)->source;
  doc_put_cstr(d, "version", "tsunagu " TSUNAGU_VERSION);
  doc_put_bool(d, "has_source", str_starts(source, S("https://")));
  doc_put_str(d, "source_href", source);
  return gate_page(rq, rs, "help", tr(gate_lang(rq), TR("使いかた")), d, e);
}

ROUTE_DEFINE(route_help, GET, "/help", PUBLIC_ROUTE, .summary = TR("使いかた"), .handle = handle_help);
