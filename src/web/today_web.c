#include "gate/handler.h"
#include "progress/progress.h"
#include "web/news.h"
#include "web/today.h"

static const struct field fields[] = {{.name = "skip", .kind = FIELD_INT, .min = 0, .max = 1000000}, {0}};

struct job {
  struct request *rq;
  struct reader who;
  struct today_may may;
  struct doc *data;
};

/* ---- for those who work with people -------------------------------------------------------------------------------- */

/* For the coordinating body: what is stuck in the whole network. */
static enum code put_clock(struct tx *tx, struct job *job, struct err *e)
{
  const struct scope *s = NULL;
  struct doc *clock = NULL;
  doc_put_null(job->data, "clock");
  if (!gate_may(job->rq, ACTION_CLOCK_LIST))
    return OK;
  enum code c = access_open_network(tx, gate_actor(job->rq), ACTION_CLOCK_LIST, &s, e);
  if (c == OK)
    c = progress_worst(tx, s, job->rq->arena, &job->who, &clock, e);
  if (c == OK)
    doc_replace(job->data, "clock", clock);
  return c;
}

/* How much is new, if anything is. */
static enum code put_news(struct tx *tx, struct job *job, const struct scope *s, struct err *e)
{
  size_t n = 0;
  enum code c = job->may.connections ? news_unread(tx, s, job->may.whole, &n, e) : OK;
  doc_put_bool(job->data, "may_news", job->may.connections);
  doc_put_bool(job->data, "may_break_glass", gate_may(job->rq, ACTION_BREAK_GLASS));
  doc_put_str(job->data, "news", n ? reader_count(job->rq->arena, job->who.lang, TR("%1件"), (int64_t)n) : STR_NONE);
  return c;
}

static enum code read_today(struct tx *tx, void *arg, struct err *e)
{
  struct job *job = arg;
  const struct scope *s = NULL;
  enum code c = access_open_network(tx, gate_actor(job->rq), ACTION_TODAY, &s, e);
  if (c == OK)
    c = today_page(tx, s, &job->may, doc_get_int(job->rq->input, "skip"), job->rq->arena, &job->who, &job->data, e);
  if (c == OK)
    c = put_clock(tx, job, e);
  return c == OK ? put_news(tx, job, s, e) : c;
}

/* ---- for those who see no cases: the ways to their work --------------------------------------------------------------- */

static const struct way {
  const char *href, *word, *sub, *icon;
} ways[] = {{"/accounts", TR("アカウント"), TR("登録、所属、パスワードの作りなおし"), "i-account"},
            {"/audit", TR("操作の記録"), TR("だれが、いつ、何をしたか"), "i-seen"},
            {"/mail-queue", TR("メールの送信"), TR("待っているもの、送れなかったもの"), "i-connection"},
            {"/settings", TR("ネットワークの設定"), TR("日数、同意のきまり、電話番号"), "i-key"},
            {"/cases", TR("ケース"), TR("番号と担当の一覧"), "i-case"},
            {"/connections", TR("つなぎ"), TR("送ったもの、届いたもの"), "i-connection"},
            {"/directory", TR("つなぎ先"), TR("どんな所があるか、どう連絡するか"), "i-directory"},
            {"/sessions", TR("サインインの管理"), TR("いま使っている端末"), "i-lock"},
            {"/help", TR("使いかた"), TR("しるしの読みかた、キーボード"), "i-help"}};

static bool may_go(const struct request *rq, const char *href)
{
  for (size_t i = 0; i < route_count(); i++) {
    const struct route *r = route_at(i);
    if (r->method == GET && !strcmp(r->path, href))
      return r->need.declared != 3 || gate_may(rq, (enum action)r->need.action);
  }
  return false;
}

static enum code read_office(struct tx *tx, void *arg, struct err *e)
{
  struct job *job = arg;
  const struct scope *s = NULL;
  struct arena *a = job->rq->arena;
  enum code c = access_open_network(tx, gate_actor(job->rq), ACTION_TODAY, &s, e);
  if (c != OK)
    return c;
  job->data = doc_map(a);
  doc_put_str(job->data, "today", reader_short(a, &job->who, job->who.today));
  struct doc *list = doc_put_list(job->data, "ways");
  for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
    if (!may_go(job->rq, ways[i].href))
      continue;
    struct doc *d = doc_add_map(list);
    doc_put_cstr(d, "href", ways[i].href);
    doc_put_str(d, "word", tr(job->who.lang, ways[i].word));
    doc_put_str(d, "sub", tr(job->who.lang, ways[i].sub));
    doc_put_cstr(d, "icon", ways[i].icon);
  }
  return OK;
}

/* ---- the page ------------------------------------------------------------------------------------------------------- */

static enum code handle_today(struct request *rq, struct response *rs, struct err *e)
{
  bool people = gate_may(rq, ACTION_RECORD_READ);
  struct job job = {.rq = rq,
                    .who = gate_reader(rq),
                    .may = {.whole = gate_may(rq, ACTION_CONNECTION_ASSIGN),
                            .connections = gate_may(rq, ACTION_CONNECTION_LIST),
                            .answer = gate_may(rq, ACTION_CONNECTION_ANSWER),
                            .send = gate_may(rq, ACTION_SHEET_SEND),
                            .record = gate_may(rq, ACTION_RECORD_WRITE),
                            .create = gate_may(rq, ACTION_PERSON_CREATE),
                            .bases = gate_may(rq, ACTION_BASIS_RECORD),
                            .allow = gate_may(rq, ACTION_BASIS_APPROVE)}};
  enum code c = gate_read(rq, people ? read_today : read_office, &job, e);
  if (c != OK)
    return c;
  return gate_page(rq, rs, people ? "today" : "today_office", tr(job.who.lang, TR("今日")), job.data, e);
}

ROUTE_DEFINE(route_today, GET, "/today", NEEDS(TODAY), .fields = fields, .summary = TR("今日、気にかけること"),
             .handle = handle_today);
