/* answer.c: from struct response to the library's. Bytes are borrowed from the request's arena, which lives until the answer
 * is sent. */
#include "http/http_impl.h"

static bool add_headers(struct MHD_Response *m, const struct response *rs)
{
  bool good = true;
  for (size_t i = 0; i < doc_size(rs->headers); i++) {
    const struct doc *pair = doc_at(rs->headers, i);
    struct str name = doc_string(doc_at(pair, 0)), value = doc_string(doc_at(pair, 1));
    good &= MHD_add_response_header(m, name.p, value.p) == MHD_YES; /* refuses line ends */
  }
  return good;
}

static struct MHD_Response *response_bytes(struct str body)
{
  return MHD_create_response_from_buffer(body.n, (void *)(uintptr_t)(body.n ? body.p : ""), MHD_RESPMEM_PERSISTENT);
}

struct MHD_Response *answer_make(struct exchange *x, unsigned *ret_status)
{
  struct response *rs = &x->rs;
  struct arena *a = x->rq.arena;
  struct str type = str_printf(a, "%.*s", STR_FMT(rs->type));
  if (arena_failed(a))
    return *ret_status = 503, answer_refusal(REFUSE(503, "out of memory"));
  struct MHD_Response *m = response_bytes(rs->body);
  if (!m)
    return NULL;
  bool good = add_headers(m, rs);
  if (type.n)
    good &= MHD_add_response_header(m, "Content-Type", type.p) == MHD_YES;
  good &= MHD_add_response_header(m, "X-Request-Id", x->rq.id.p) == MHD_YES;
  if (rs->close)
    good &= MHD_add_response_header(m, "Connection", "close") == MHD_YES;
  if (!good) {
    MHD_destroy_response(m);
    return *ret_status = 500, answer_refusal(REFUSE(500, "a header of the answer is malformed"));
  }
  *ret_status = rs->status ? rs->status : 200;
  return m;
}

struct MHD_Response *answer_refusal(struct refusal why)
{
  struct MHD_Response *m = response_bytes(str_from(why.why));
  if (!m)
    return NULL;
  MHD_add_response_header(m, "Content-Type", "text/plain; charset=utf-8");
  MHD_add_response_header(m, "X-Content-Type-Options", "nosniff");
  MHD_add_response_header(m, "Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
  MHD_add_response_header(m, "Cache-Control", "no-store");
  MHD_add_response_header(m, "Connection", "close");
  if (why.status == 405)
    MHD_add_response_header(m, "Allow", "GET, HEAD, POST");
  return m;
}
