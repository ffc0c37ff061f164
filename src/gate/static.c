/* static.c: what needs no network and no actor: the assets, and the choice of a language. */
#include "gate/gate_impl.h"

/* A path with the content's hash never changes its bytes; without it (--dev) it must be asked for again. */
static void asset_headers(struct request *rq, struct response *rs, const struct asset *a, bool *ret_known)
{
  bool hashed = !str_is(str_sub(str_from(a->path), strlen("/assets/"), SIZE_MAX), a->name);
  if (!hashed) {
    response_header(rq, rs, "Cache-Control", S("no-cache"));
    return;
  }
  struct str tag = str_printf(rq->arena, "\"%s\"", a->path + strlen("/assets/"));
  response_header(rq, rs, "Cache-Control", S("public, max-age=31536000, immutable"));
  response_header(rq, rs, "ETag", tag);
  *ret_known = str_contains(request_header(rq, "if-none-match"), tag);
}

bool static_answer(struct request *rq, struct response *rs)
{
  if (!str_starts(rq->path, S("/assets/")) || rq->method != GET)
    return false;
  const struct asset *a = asset_by_path(rq->path);
  bool known = false;
  if (!a) {
    *rs = (struct response){.status = 404, .type = S("text/plain; charset=utf-8"), .body = S("not found\n")};
    return true;
  }
  asset_headers(rq, rs, a, &known);
  rs->status = known ? 304 : 200;
  rs->type = str_from(a->type);
  rs->body = known ? STR_NONE : str_copy(rq->arena, a->body); /* a developer's file may be read again meanwhile */
  return true;
}

/* /language/en?to=/today: a cookie that outlives the session; the page then reads in that language. */
bool language_answer(struct request *rq, struct response *rs)
{
  if (!str_starts(rq->path, S("/language/")) || rq->method != GET)
    return false;
  struct str code = str_sub(rq->path, strlen("/language/"), SIZE_MAX);
  for (int l = 0; l < LANG_COUNT; l++)
    if (str_is(code, lang_code((enum lang)l))) {
      response_cookie(rq, rs, "lang", code, 365 * 24 * 60 * 60);
      response_redirect(rq, rs, doc_get_str(rq->query, "to"));
      return true;
    }
  return false;
}
