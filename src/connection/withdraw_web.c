/* withdraw_web.c: 取り下げる: what ends with a つなぎ and what goes on, then the button. */
#include "access/agreed.h"
#include "connection/connection.h"
#include "connection/connection_sql.h"
#include "connection/reply.h"
#include "gate/handler.h"

struct withdraw_job {
  struct request *rq;
  struct reader who;
  id64 id;
  struct connection con;
  struct str to;
  struct doc *data;
};

static void put_line(const struct withdraw_job *job, struct doc *list, const char *sentence)
{
  doc_put_str(doc_add_map(list), "text", tr_args(job->rq->arena, job->who.lang, sentence, job->to, STR_NONE, STR_NONE));
}

static enum code put_ends(struct tx *tx, const struct withdraw_job *job, struct err *e)
{
  const struct connection *c = &job->con;
  struct doc *list = doc_put_list(job->data, "ends"), *link = doc_map(job->rq->arena);
  if (!c->sent_at) {
    put_line(job, list, TR("下書きのまま終わります。%1には、まだ何も届いていません。"));
    return OK;
  }
  put_line(job, list, TR("%1は、このつなぎに返事を書けなくなります。"));
  if (!c->accepted_at)
    put_line(job, list, TR("%1の人は、まだ担当になっていなければ、シートを開けなくなります。"));
  if (connection_waits(c))
    put_line(job, list, TR("返事を待っている知らせが、送った側と受けた側の「今日」から消えます。"));
  enum code code = reply_put_state(tx, c, job->rq->arena, &job->who, link, e);
  if (code == OK && doc_get_bool(link, "live"))
    put_line(job, list, TR("%1に渡した返事のリンクは、使えなくなります。"));
  return code;
}

static enum code put_stays(struct tx *tx, const struct withdraw_job *job, const struct scope *s, struct err *e)
{
  const struct connection *c = &job->con;
  struct doc *list = doc_put_list(job->data, "stays"), *onward = NULL;
  struct agreed agreed = {0};
  enum code code = OK;
  if (c->accepted_at) {
    code = access_agreed(tx, s, c->to_organization, &agreed, e);
    put_line(job, list,
             agreed.any ? TR("%1は担当のまま残り、いまの同意や法令で見られるものは、これからも見られます。"
                             "止めるときは、同意を取り消します。")
                        : TR("%1は担当のまま残りますが、自分で書いた記録のほかは見られません。"));
    if (str_is(c->kind, "handover"))
      put_line(job, list, TR("引き継ぎで移った主担当は、もどりません。"));
  }
  if (code == OK)
    code = connection_onward(tx, s, c->id, job->rq->arena, &job->who, &onward, e);
  if (doc_size(onward))
    put_line(job, list, TR("%1がここから先へつないだものは、そのまま続きます。"));
  put_line(job, list, TR("これまでの返事と記録は、残ります。"));
  put_line(job, list, TR("取り下げは、もとにもどせません。もう一度つなぐときは、新しく送ります。"));
  doc_put_bool(job->data, "tells_consents", c->accepted_at && agreed.any);
  return code;
}

static enum code read_withdraw(struct tx *tx, void *arg, struct err *e)
{
  struct withdraw_job *job = arg;
  const struct scope *s = NULL;
  enum connection_state next;
  job->data = doc_map(job->rq->arena);
  enum code c = connection_enter(tx, gate_actor(job->rq), ACTION_SHEET_SEND, job->id, &job->con, &s, e);
  if (c == OK && !scope_wrote(s, job->con.from_organization))
    return err_set(e, DENIED, code_msg(DENIED));
  if (c == OK && !connection_next(job->con.state, STEP_WITHDRAW, &next))
    return err_set(e, CONFLICT, TR("このつなぎは、もう先へ進んでいます。画面を開き直してください。"));
  if (c == OK)
    c = case_put_strip(tx, s, job->con.case_id, job->rq->arena, &job->who, job->data, e);
  if (c == OK)
    c = organization_name(tx, job->con.to_organization, job->rq->arena, &job->to, e);
  if (c == OK)
    c = put_ends(tx, job, e);
  return c == OK ? put_stays(tx, job, s, e) : c;
}

static enum code withdraw_page(struct request *rq, struct response *rs, struct err *e)
{
  struct withdraw_job job = {.rq = rq, .who = gate_reader(rq)};
  enum code c = gate_param(rq, "connection", &job.id, e);
  if (c == OK)
    c = gate_read(rq, read_withdraw, &job, e);
  if (c != OK)
    return c;
  struct str day = reader_short(rq->arena, &job.who, date_of_ts(job.con.sent_at));
  doc_put_id(job.data, "connection_id", job.id);
  doc_put_id(job.data, "case_id", job.con.case_id);
  doc_put_str(job.data, "lead",
              job.con.sent_at
                  ? tr_args(rq->arena, job.who.lang, TR("%1へ、%2に送ったつなぎ"), job.to, day, STR_NONE)
                  : tr_args(rq->arena, job.who.lang, TR("%1へのつなぎ（下書き）"), job.to, STR_NONE, STR_NONE));
  return gate_page(rq, rs, "connection_withdraw", tr(job.who.lang, TR("つなぎを取り下げる")), job.data, e);
}

ROUTE_DEFINE(route_connection_withdraw_page, GET, "/connections/:connection/withdraw", NEEDS(SHEET_SEND),
             .summary = TR("取り下げる前に確かめる画面"), .handle = withdraw_page);
