/* page.c: the one document as a page or as JSON, and what stands there when something could not be done. */
#include "base/limits.h"
#include "gate/gate_impl.h"

static enum code answer_json(struct request *rq, struct response *rs, const struct doc *d, struct err *e)
{
  struct buf b;
  buf_init(&b, rq->arena, LIMIT_PAGE);
  json_write(&b, d);
  if (b.failed)
    return arena_failed(rq->arena) ? err_oom(e) : err_set(e, LIMIT, NULL);
  rs->type = S("application/json; charset=utf-8");
  rs->body = buf_str(&b);
  if (gate_of(rq)->session && !gate_of(rq)->bearer)
    response_header(rq, rs, "X-CSRF-Token", guard_csrf(rq));
  return OK;
}

static enum code answer_html(struct request *rq, struct response *rs, const char *name, struct str title, bool with_key,
                             const struct doc *data, struct err *e)
{
  struct buf b;
  buf_init(&b, rq->arena, LIMIT_PAGE);
  const struct doc *page = layout_doc(rq, rs, title, with_key);
  enum code c = view_page(rq->arena, gate_lang(rq), name, data, page, &b, e);
  if (c != OK)
    return c;
  rs->type = S("text/html; charset=utf-8");
  rs->body = buf_str(&b);
  return OK;
}

static void page_problems(struct request *rq, struct doc *data)
{
  if (doc_get(data, "has_problems"))
    return;
  doc_put_bool(data, "has_problems", rq->problems != NULL);
  struct doc *list = doc_put_list(data, "problems");
  for (const struct problem *p = rq->problems; p; p = p->next) {
    struct doc *d = doc_add_map(list);
    doc_put_str(d, "field", p->field);
    doc_put_str(d, "text", p->text);
  }
  doc_put_bool(data, "file_gone", rq->route && rq->route->files && rq->upload.n);
}

/* Every list tells its next page in one way: an address, or null at the end. (A search is a POST, since words of it stand in no URL: it is
 * sent again with `from`.) */
static void put_next(const struct request *rq, struct doc *data)
{
  const struct doc *more = doc_get(data, "more_href");
  if (rq->method != GET || !more || doc_get(data, "next"))
    return;
  if (doc_string(more).n)
    doc_put_str(data, "next", doc_string(more));
  else
    doc_put_null(data, "next");
}

enum code gate_json(struct request *rq, struct response *rs, const struct doc *data, struct err *e)
{
  struct doc *d = (struct doc *)(uintptr_t)data; /* the handler's own; nobody reads it after this */
  rs->status = 200;
  veil_doc(rq, d);
  return arena_failed(rq->arena) ? err_oom(e) : answer_json(rq, rs, d, e);
}

enum code gate_page(struct request *rq, struct response *rs, const char *template_name, struct str title,
                    struct doc *data, struct err *e)
{
  rs->status = rq->problems ? 422 : 200;
  page_problems(rq, data);
  veil_doc(rq, data);
  title = veil_text(rq, title);
  if (arena_failed(rq->arena))
    return err_oom(e);
  if (!rq->wants_json)
    return answer_html(rq, rs, template_name, title, true, data, e);
  put_next(rq, data);
  return answer_json(rq, rs, data, e);
}

enum code gate_done(struct request *rq, struct response *rs, struct str path, const char *notice, struct err *e)
{
  struct gate *g = gate_of(rq);
  enum code c = key_locate(rq, path, e);
  if (c != OK)
    return c;
  if (g->replayed) /* where the first went; if it broke off before it knew, the page it stood on */
    path = g->location.n ? g->location : S("/today");
  if (rq->wants_json) {
    struct doc *d = doc_map(rq->arena);
    doc_put_str(d, "location", path);
    doc_put_str(d, "notice", notice ? tr(g->lang, notice) : STR_NONE);
    rs->status = 200;
    return answer_json(rq, rs, d, e);
  }
  if (notice)
    layout_notice(rq, rs, notice);
  response_redirect(rq, rs, path);
  return OK;
}

void gate_file(struct request *rq, struct response *rs, const char *type, struct str name, struct str body)
{
  struct err e = {.code = CONFLICT,
                  .msg = TR("秘匿があるので、このファイルは出せません。知ってよい人に聞いてください。")};
  if (veil_holds_file(rq)) {
    page_error(rq, rs, CONFLICT, &e);
    return;
  }
  rs->status = 200;
  rs->type = str_copy(rq->arena, str_from(type));
  rs->body = body;
  response_header(rq, rs, "Content-Disposition", str_printf(rq->arena, "attachment; filename=\"%.*s\"", STR_FMT(name)));
}

/* --- errors: code to status to one template --- */

/* Whatever is missing says the same, so that nobody learns whether it was never there. */
static struct str error_text(const struct request *rq, enum code c, const struct err *e)
{
  struct err plain = {.code = c, .msg = code_msg(c)};
  bool own = e->msg && c != NOT_FOUND;
  struct buf b;
  buf_init(&b, rq->arena, 64 << 10);
  for (const struct problem *p = c == INVALID ? rq->problems : NULL; p; p = p->next)
    buf_printf(&b, "%s%.*s", b.n ? " " : "", STR_FMT(p->text));
  if (b.n)
    return buf_str(&b);
  return tr_err(rq->arena, gate_lang(rq), own ? e : &plain);
}

/* The heading says what happened; where nothing more is known, the sentence under it says what to do. */
static struct str error_advice(struct request *rq, enum code c, struct str text)
{
  if (!str_eq(text, tr(gate_lang(rq), code_msg(c))))
    return text;
  if (c == NOT_FOUND)
    return tr(gate_lang(rq), TR("アドレスがちがうか、あなたには見えないページです。"));
  if (c == DENIED)
    return tr(gate_lang(rq), TR("いまの所属と役割では使えません。必要なときは、システム管理の人に相談してください。"));
  return text;
}

/* What happened, above what to do. That somebody was faster is said where nothing else is known; it may have been oneself. */
static struct str error_heading(const struct request *rq, enum code c, const struct err *e)
{
  bool own = c == CONFLICT && e->msg && strcmp(e->msg, code_msg(c)) != 0;
  return str_from(own ? TR("いまは、できません") : code_msg(c));
}

static struct doc *error_doc(struct request *rq, enum code c, unsigned status, struct str heading, struct str text)
{
  struct doc *d = doc_map(rq->arena);
  doc_put_int(d, "status", status);
  doc_put_bool(d, "has_number", status >= 500);
  doc_put_str(d, "heading", tr_str(gate_lang(rq), heading));
  doc_put_str(d, "message", error_advice(rq, c, text));
  doc_put_str(d, "back_href", gate_of(rq)->back);
  doc_put_str(d, "back_word", tr(gate_lang(rq), TR("前の画面にもどる")));
  doc_put_str(d, "request_id",
              status < 500 ? S("0") : rq->id); /* refusals are alike to the byte; a fault is looked up */
  return d;
}

static enum code error_json(struct request *rq, struct response *rs, enum code c, struct str text, struct err *e)
{
  struct doc *d = doc_map(rq->arena), *error = doc_put_map(d, "error");
  doc_put_cstr(error, "code", code_name(c));
  doc_put_str(error, "message", text);
  page_problems(rq, d);
  return answer_json(rq, rs, d, e);
}

void page_error(struct request *rq, struct response *rs, enum code c, const struct err *e)
{
  const struct gate *g = gate_of(rq);
  struct err failed = {0};
  unsigned status = g->status ? g->status : code_http_status(c);
  struct doc *headers = status == 405 ? rs->headers : NULL;
  *rs = (struct response){.status = status, .headers = headers};
  struct str text = error_text(rq, c, e), heading = error_heading(rq, c, e);
  enum code done = rq->wants_json
                       ? error_json(rq, rs, c, text, &failed)
                       : answer_html(rq, rs, "error", heading, false, error_doc(rq, c, status, heading, text), &failed);
  if (done == OK)
    return;
  /* the page itself fails: the sentence alone */
  *rs = (struct response){.status = status, .type = S("text/plain; charset=utf-8"), .body = text, .headers = headers};
}
