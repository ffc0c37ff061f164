/* refusal.c: a request that was turned away before dispatch (docs/http.md), as the page everybody knows: what was wrong, and what to do. No
 * session is looked up; a program gets the reader's literal as well. */
#include "gate/gate_impl.h"

static const struct {
  unsigned status;
  enum code code;
  const char *text;
} said[] = {
    {400, INVALID,
     TR("送られた文字が正しく読みとれないため、受け取れません。前の画面にもどって開きなおし、もう一度入力してください"
        "。")},
    {405, INVALID, TR("このアドレスでは、その操作はできません。")},
    {413, LIMIT,
     TR("送られたものが大きすぎます(4MBまで)"
        "。前の画面にもどり、文字を減らすか、いくつかに分けて、もう一度送ってください。")},
    {414, LIMIT, TR("アドレスが長すぎます。前の画面にもどってください。")},
    {415, INVALID, TR("ファイルは受け取れません。画面の入力欄に、文字で入力してください。")},
    {431, LIMIT,
     TR("ブラウザーから送られた情報が多すぎます。このサイトのCookieを消してから、もう一度開いてください。")},
    {503, RETRY, NULL},
};

/* What was sent was a file: how large one may be, and the way to the page it was chosen on, if it has the same address. */
static const char *refuse_file(struct request *rq)
{
  for (size_t i = 0; i < route_count(); i++)
    if (route_at(i)->method == GET && strcmp(route_at(i)->path, rq->route->path) == 0)
      gate_of(rq)->back = rq->path;
  return TR("ファイルが大きすぎます。送れるのは4MBまでです。小さくしてから、もう一度選んでください。");
}

void page_refusal(struct request *rq, struct response *rs, unsigned status, const char *why, struct err *e)
{
  enum code code = INVALID;
  const char *text = TR("このアドレスでは、その操作はできません。");
  for (size_t i = 0; i < sizeof(said) / sizeof(*said); i++)
    if (said[i].status == status) {
      code = said[i].code;
      text = said[i].text;
    }
  if (status == 413 && rq->route && rq->route->files)
    text = refuse_file(rq);
  gate_of(rq)->status = status;
  if (status == 405)
    response_header(rq, rs, "Allow", S("GET, HEAD, POST"));
  err_set(e, code, text);
  err_detail(e, "%s", why);
  page_error(rq, rs, code, e);
}
