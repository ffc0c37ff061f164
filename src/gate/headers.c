/* headers.c: what every answer says to the browser. Nothing is kept, nothing comes from elsewhere, nothing frames us. */
#include "gate/gate_impl.h"

static const struct {
  const char *name, *value;
} always[] = {
    {"Content-Security-Policy", "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
                                "font-src 'self'; form-action 'self'; "
                                "frame-ancestors 'none'; base-uri 'none'; connect-src 'self'"},
    {"Referrer-Policy", "same-origin"},
    {"X-Content-Type-Options", "nosniff"},
    {"Cross-Origin-Opener-Policy", "same-origin"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
};

static bool has(const struct response *rs, const char *name)
{
  for (size_t i = 0; i < doc_size(rs->headers); i++)
    if (str_is(doc_string(doc_at(doc_at(rs->headers, i), 0)), name))
      return true;
  return false;
}

void headers_add(struct request *rq, struct response *rs)
{
  for (size_t i = 0; i < sizeof(always) / sizeof(*always); i++)
    response_header(rq, rs, always[i].name, str_from(always[i].value));
  if (!has(rs, "Cache-Control"))
    response_header(rq, rs, "Cache-Control", S("no-store"));
  if (rq->https)
    response_header(rq, rs, "Strict-Transport-Security", S("max-age=31536000"));
}
