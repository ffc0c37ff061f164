/* answer.c: from struct response to the library's. Bytes are borrowed from the request's arena, which lives until the answer
 * is sent. */
#include "http/http_impl.h"

/* What every answer says to the browser, whoever made it: nothing runs but our own files, nothing comes from elsewhere, nothing frames us,
 * nothing is guessed. */
static const struct {
  const char *name, *value;
} always[] = {
    {"Content-Security-Policy",
     "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; font-src 'self'; "
     "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"},
    {"Referrer-Policy", "same-origin"},
    {"X-Content-Type-Options", "nosniff"},
    {"X-Frame-Options", "DENY"}, /* for browsers without frame-ancestors */
    {"Cross-Origin-Opener-Policy", "same-origin"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
    {"Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=(), display-capture=()"},
};

static bool add(struct MHD_Response *m, const char *name, const char *value)
{
  return MHD_add_response_header(m, name, value) == MHD_YES; /* refuses line ends */
}

/* What is not said to be kept is not kept. */
static bool add_always(struct MHD_Response *m, bool https)
{
  bool good = true;
  for (size_t i = 0; i < sizeof(always) / sizeof(*always); i++)
    good &= add(m, always[i].name, always[i].value);
  if (!MHD_get_response_header(m, "Cache-Control"))
    good &= add(m, "Cache-Control", "no-store");
  return good && (!https || add(m, "Strict-Transport-Security", "max-age=31536000"));
}

static bool add_headers(struct MHD_Response *m, const struct response *rs)
{
  bool good = true;
  for (size_t i = 0; i < doc_size(rs->headers); i++) {
    const struct doc *pair = doc_at(rs->headers, i);
    good &= add(m, doc_string(doc_at(pair, 0)).p, doc_string(doc_at(pair, 1)).p);
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
    return *ret_status = 503, answer_refusal(REFUSE(503, "out of memory"), x->rq.https);
  struct MHD_Response *m = response_bytes(rs->body);
  if (!m)
    return NULL;
  bool good = add_headers(m, rs) && add_always(m, x->rq.https);
  if (type.n)
    good &= add(m, "Content-Type", type.p);
  good &= add(m, "X-Request-Id", x->rq.id.p);
  if (rs->close)
    good &= add(m, "Connection", "close");
  if (!good) {
    MHD_destroy_response(m);
    return *ret_status = 500, answer_refusal(REFUSE(500, "a header of the answer is malformed"), x->rq.https);
  }
  *ret_status = rs->status ? rs->status : 200;
  return m;
}

struct MHD_Response *answer_refusal(struct refusal why, bool https)
{
  struct MHD_Response *m = response_bytes(str_from(why.why));
  bool good = m && add_always(m, https) && add(m, "Content-Type", "text/plain; charset=utf-8") &&
              add(m, "Connection", "close") && (why.status != 405 || add(m, "Allow", "GET, HEAD, POST"));
  if (good || !m)
    return m;
  MHD_destroy_response(m);
  return NULL;
}
