/* mail_web.c: /mail: how one wants to be told; /mail-queue: how sending goes, for whoever keeps the system. */
#include "gate/handler.h"
#include "mail/mail_impl.h"

static const char *const how_codes[] = {"off", "once", "morning", NULL};
static const struct field fields[] = {
    {.name = "how", .kind = FIELD_CHOICE, .required = true, .options = how_codes, .label = TR("受け取りかた")},
    {.name = "address", .kind = FIELD_TEXT, .max = MAIL_ADDRESS, .label = TR("メールの宛先")},
    {0}};

struct mail_job {
  struct request *rq;
  struct reader who;
  struct mail_preference preference;
  struct mail_state state;
  struct doc *list;
};

static enum code open_own(struct tx *tx, const struct mail_job *job, struct err *e)
{
  const struct scope *s = NULL;
  return access_open_network(tx, gate_actor(job->rq), ACTION_SESSION_OWN, &s, e);
}

static enum code read_own(struct tx *tx, void *arg, struct err *e)
{
  struct mail_job *job = arg;
  enum code c = open_own(tx, job, e);
  return c == OK ? mail_preference(tx, gate_actor(job->rq)->user, job->rq->arena, &job->preference, e) : c;
}

static enum code own_page(struct request *rq, struct response *rs, struct err *e)
{
  struct mail_job job = {.rq = rq};
  enum code c = gate_read(rq, read_own, &job, e);
  if (c != OK)
    return c;
  struct doc *data = doc_map(rq->arena), *values = doc_map(rq->arena);
  doc_put_str(values, "how", job.preference.how);
  doc_put_str(values, "address", job.preference.address);
  doc_put_bool(data, "is_on", gate_app(rq)->mail != NULL);
  doc_put_bool(data, "can_test", gate_app(rq)->mail && !str_is(job.preference.how, "off"));
  doc_put(data, "f", gate_form(rq, fields, values));
  return gate_page(rq, rs, "mail", gate_tr(rq, TR("メールのお知らせ")), data, e);
}

ROUTE_DEFINE(route_mail, GET, "/mail", NEEDS(SESSION_OWN), .summary = TR("メールのお知らせの受け取りかた"),
             .handle = own_page);

static enum code save_own(struct tx *tx, void *arg, struct err *e)
{
  const struct mail_job *job = arg;
  enum code c = open_own(tx, job, e);
  return c == OK ? mail_prefer(tx, gate_actor(job->rq)->user, &job->preference, e) : c;
}

static enum code handle_save(struct request *rq, struct response *rs, struct err *e)
{
  struct mail_job job = {.rq = rq};
  if (gate_has_problems(rq))
    return own_page(rq, rs, e);
  job.preference = (struct mail_preference){.how = doc_get_str(rq->input, "how"),
                                            .address = str_trim(doc_get_str(rq->input, "address"))};
  gate_location(rq, S("/mail"));
  enum code c = gate_write(rq, "mail_prefer", save_own, &job, e);
  return c == OK ? gate_done(rq, rs, S("/mail"), TR("メールの受け取りかたを保存しました。"), e) : c;
}

ROUTE_DEFINE(route_mail_save, POST, "/mail", NEEDS(SESSION_OWN), .fields = fields,
             .summary = TR("メールのお知らせの受け取りかたを決める"), .handle = handle_save);

static enum code tell_test(struct tx *tx, void *arg, struct err *e)
{
  const struct mail_job *job = arg;
  const struct actor *who = gate_actor(job->rq);
  const struct notice n = {.kind = NOTICE_TEST,
                           .organization = who->organization,
                           .thing = who->membership,
                           .at = tx_now(tx) / MS_MINUTE, /* one a minute */
                           .users = {who->user},
                           .whole = ACTION_COUNT};
  enum code c = open_own(tx, job, e);
  return c == OK ? mail_tell(tx, &n, e) : c;
}

static enum code handle_test(struct request *rq, struct response *rs, struct err *e)
{
  struct mail_job job = {.rq = rq};
  if (!gate_app(rq)->mail)
    return err_set(e, CONFLICT, TR("メールを送る設定がありません。システム管理の人に頼んでください。"));
  gate_location(rq, S("/mail"));
  enum code c = gate_write(rq, "mail_test", tell_test, &job, e);
  return c == OK ? gate_done(rq, rs, S("/mail"), TR("ためしのメールを送ります。届くまで、少しお待ちください。"), e) : c;
}

ROUTE_DEFINE(route_mail_test, POST, "/mail/test", NEEDS(SESSION_OWN), .summary = TR("ためしのメールを送る"),
             .handle = handle_test);

/* ---- the queue ------------------------------------------------------------------------------------------------------------ */

enum { FAILED_SHOWN = 50 };

static enum code put_failed(void *arg, const struct mail_failed *f, struct err *e)
{
  struct mail_job *job = arg;
  struct arena *a = job->rq->arena;
  struct doc *d = doc_add_map(job->list);
  bool over = str_is(f->state, "failed");
  doc_put_str(d, "name", f->name);
  doc_put_str(d, "href", gate_path(job->rq, "/accounts/", f->user, ""));
  doc_put_str(d, "why", smtp_why_text(job->who.lang, f->why));
  doc_put_str(d, "when", reader_time(a, &job->who, f->at));
  doc_put_str(d, "tries", reader_count(a, job->who.lang, TR("%1回"), f->tries));
  struct doc *state = doc_put_map(d, "state");
  doc_put_str(state, "word", tr(job->who.lang, over ? TR("あきらめました") : TR("また送ります")));
  doc_put_cstr(state, "shape", over ? "s-declined" : "s-received");
  doc_put_cstr(state, "class", over ? "bad" : "warn");
  return OK;
}

static enum code read_queue(struct tx *tx, void *arg, struct err *e)
{
  struct mail_job *job = arg;
  const struct scope *s = NULL;
  job->list = doc_list(job->rq->arena);
  enum code c = access_open_network(tx, gate_actor(job->rq), ACTION_NETWORK_WRITE, &s, e);
  if (c == OK)
    c = mail_sql_state_here(tx, &job->state, e);
  return c == OK ? mail_sql_failed(tx, FAILED_SHOWN, put_failed, job, e) : c;
}

static void put_settings(struct doc *d, const struct mail_settings *m, enum lang lang, struct arena *a)
{
  static const char *const tls[] = {TR("STARTTLS（かならず暗号化）"), TR("TLS（かならず暗号化）"), TR("暗号化なし")};
  doc_put_bool(d, "is_on", m != NULL);
  doc_put_str(d, "server", m ? str_printf(a, "%s:%d", m->host, m->port) : STR_NONE);
  doc_put_str(d, "tls", m ? tr(lang, tls[m->tls]) : STR_NONE);
  doc_put_str(d, "from", m ? str_from(m->from) : STR_NONE);
  doc_put_bool(d, "signs_in", m && m->user);
}

static enum code handle_queue(struct request *rq, struct response *rs, struct err *e)
{
  struct mail_job job = {.rq = rq, .who = gate_reader(rq)};
  struct arena *a = rq->arena;
  enum code c = gate_read_as_service(rq, read_queue, &job, e);
  if (c != OK)
    return c;
  struct doc *data = doc_map(a);
  put_settings(data, gate_app(rq)->mail, job.who.lang, a);
  doc_put_str(data, "waiting", reader_count(a, job.who.lang, TR("%1通"), job.state.waiting));
  doc_put_str(data, "failed", reader_count(a, job.who.lang, TR("%1通"), job.state.failed));
  doc_put_str(data, "sent", reader_count(a, job.who.lang, TR("%1通"), job.state.sent));
  doc_put_str(data, "oldest", job.state.oldest ? reader_time(a, &job.who, job.state.oldest) : STR_NONE);
  doc_put_bool(data, "has_rows", doc_size(job.list) > 0);
  doc_put(data, "rows", job.list);
  return gate_page(rq, rs, "mail_queue", tr(job.who.lang, TR("メールの送信")), data, e);
}

ROUTE_DEFINE(route_mail_queue, GET, "/mail-queue", NEEDS(NETWORK_WRITE), .summary = TR("メールの送信の様子"),
             .handle = handle_queue);

static enum code try_again(struct tx *tx, void *arg, struct err *e)
{
  const struct mail_job *job = arg;
  const struct scope *s = NULL;
  enum code c = access_open_network(tx, gate_actor(job->rq), ACTION_NETWORK_WRITE, &s, e);
  return c == OK ? mail_sql_again(tx, e) : c;
}

static enum code handle_again(struct request *rq, struct response *rs, struct err *e)
{
  struct mail_job job = {.rq = rq};
  gate_location(rq, S("/mail-queue"));
  gate_as_service(rq); /* whom a mail is about is not for the one who keeps the system */
  enum code c = gate_write(rq, "mail_again", try_again, &job, e);
  return c == OK ? gate_done(rq, rs, S("/mail-queue"), TR("もう一度送ります。"), e) : c;
}

ROUTE_DEFINE(route_mail_again, POST, "/mail-queue", NEEDS(NETWORK_WRITE),
             .summary = TR("送れなかったメールをもう一度送る"), .handle = handle_again);
