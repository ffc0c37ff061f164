/* notice_web.c: /notices: what people are told before they agree, every version of it. A new one is for consents to come; who agreed, agreed to the old one. */
#include "base/utf8.h"
#include "consent/consent.h"
#include "consent/consent_sql.h"
#include "gate/handler.h"

enum { SHORTEST = 40 };

static const struct field fields[] = {
    {.name = "body", .kind = FIELD_LINES, .required = true, .max = 4000, .label = TR("説明文")}, {0}};

struct notice_job {
  struct request *rq;
  struct reader who;
  struct doc *list;
  struct str body;
  int64_t this_year;
};

static void put_row(void *arg, const struct notice_row *row)
{
  struct notice_job *job = arg;
  bool newest = doc_size(job->list) == 0;
  struct doc *d = doc_add_map(job->list);
  doc_put_str(d, "version", row->version);
  doc_put_str(d, "body", row->body);
  doc_put_str(d, "since", reader_date(job->rq->arena, &job->who, date_of_ts(row->created_at)));
  doc_put_bool(d, "newest", newest);
  if (newest)
    job->body = str_copy(job->rq->arena, row->body);
}

static enum code read_all(struct tx *tx, void *arg, struct err *e)
{
  struct notice_job *job = arg;
  job->list = doc_list(job->rq->arena);
  return notice_sql_each(tx, put_row, job, e);
}

static enum code page(struct request *rq, struct response *rs, struct err *e)
{
  struct notice_job job = {.rq = rq, .who = gate_reader(rq)};
  struct doc *d = doc_map(rq->arena), *initial = doc_map(rq->arena);
  enum code c = gate_read(rq, read_all, &job, e);
  if (c != OK)
    return c;
  doc_put(d, "versions", job.list);
  doc_put_bool(d, "can_publish", gate_may(rq, ACTION_NETWORK_WRITE));
  doc_put_str(initial, "body", job.body);
  doc_put(d, "f", gate_form(rq, fields, initial));
  return gate_page(rq, rs, "notices", gate_tr(rq, TR("同意のときの説明文")), d, e);
}

ROUTE_DEFINE(route_notices, GET, "/notices", SIGNED_IN, .summary = TR("同意のときの説明文のすべての版"),
             .handle = page);

/* ---- a new version -------------------------------------------------------------------------------------------------------------- */

static void count_year(void *arg, const struct notice_row *row)
{
  struct notice_job *job = arg;
  char year[8];
  snprintf(year, sizeof year, "%d-", job->who.today.year);
  job->this_year += str_starts(row->version, str_from(year));
  if (!job->list)
    job->list = doc_str(job->rq->arena, row->body); /* the newest */
}

static enum code publish(struct tx *tx, void *arg, struct err *e)
{
  struct notice_job *job = arg;
  const struct scope *s = NULL;
  job->list = NULL;
  job->this_year = 0;
  enum code c = access_open_network(tx, gate_actor(job->rq), ACTION_NETWORK_WRITE, &s, e);
  if (c == OK)
    c = notice_sql_each(tx, count_year, job, e);
  if (c == OK && str_eq(doc_string(job->list), job->body))
    return err_field(e, "body", TR("いまの版と同じ文です。"));
  if (c != OK)
    return c;
  struct str version = str_printf(tx_arena(tx), "%d-%lld", job->who.today.year, (long long)job->this_year + 1);
  return notice_sql_insert(tx, version, job->body, e);
}

static enum code handle_publish(struct request *rq, struct response *rs, struct err *e)
{
  struct notice_job job = {.rq = rq, .who = gate_reader(rq), .body = str_trim(doc_get_str(rq->input, "body"))};
  if (gate_has_problems(rq))
    return page(rq, rs, e);
  if (utf8_length(job.body) < SHORTEST)
    return err_field(
        e, "body",
        TR("だれに・何を・何のために・いつまで伝えるか、いつでも取り消せることを、説明する文にしてください。"));
  gate_location(rq, S("/notices"));
  enum code c = gate_write(rq, "notice_publish", publish, &job, e);
  return c == OK ? gate_done(rq, rs, S("/notices"),
                             TR("新しい版を公開しました。これから記録する同意は、この版になります。"), e)
                 : c;
}

ROUTE_DEFINE(route_notice_publish, POST, "/notices", NEEDS(NETWORK_WRITE), .fields = fields,
             .summary = TR("同意のときの説明文の新しい版を公開する"), .handle = handle_publish);
