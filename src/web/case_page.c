/* case_page.c: the page of one case, put together from what each feature holds of it. */
#include "base/limits.h"
#include "connection/connection.h"
#include "consent/consent.h"
#include "gate/handler.h"

static const struct field fields[] = {{.name = "before", .kind = FIELD_TEXT}, {0}};

struct case_job {
  struct request *rq;
  struct reader who;
  id64 case_id;
  struct case_cursor before; /* the records before this one */
  struct doc *data;
};

/* ---- what was sent, among the records ---------------------------------------------------------------------------- */

static struct doc *moment_of(struct case_job *job, const struct doc *connection)
{
  struct arena *a = job->rq->arena;
  struct doc *d = doc_map(a), *state = doc_put_map(d, "state");
  doc_put_cstr(d, "icon", "i-connection");
  doc_put_str(d, "when", doc_get_str(connection, "since"));
  doc_put_int(d, "at", doc_get_int(connection, "at"));
  doc_put_str(d, "what",
              tr_args(a, job->who.lang, TR("つないだ → %1"), doc_get_str(connection, "to"), STR_NONE, STR_NONE));
  doc_put_cstr(d, "by", "");
  doc_put_bool(d, "has_href", true);
  doc_put_str(d, "href", doc_get_str(connection, "href"));
  doc_put_bool(d, "has_state", true);
  doc_put_str(state, "word", doc_get_str(doc_get(connection, "state"), "word"));
  doc_put_str(state, "shape", doc_get_str(doc_get(connection, "state"), "shape"));
  doc_put_str(state, "class", doc_get_str(doc_get(connection, "state"), "class"));
  (void)doc_put_list(d, "parts");
  doc_put_cstr(d, "more", "");
  return d;
}

/* Both lists are newest first; a page of records shows what was sent between its first and its last one. */
static struct doc *merge(struct case_job *job, struct doc *records, const struct doc *connections, ts_t oldest)
{
  struct doc *list = doc_list(job->rq->arena);
  size_t r = 0, n = doc_size(connections);
  for (size_t i = 0; i < n; i++) {
    const struct doc *con = doc_at(connections, i);
    ts_t at = doc_get_int(con, "at");
    if (!at || at >= job->before.at || at < oldest)
      continue; /* a draft, or of another page */
    while (r < doc_size(records) && doc_get_int(doc_at(records, r), "at") >= at)
      doc_add(list, doc_at(records, r++));
    doc_add(list, moment_of(job, con));
  }
  while (r < doc_size(records))
    doc_add(list, doc_at(records, r++));
  return list;
}

struct sent {
  ts_t at;
  struct doc *connection;
};

static int newest_first(const void *a, const void *b)
{
  ts_t x = ((const struct sent *)a)->at, y = ((const struct sent *)b)->at;
  return x > y ? -1 : x < y;
}

static struct doc *by_time(struct arena *a, const struct doc *list)
{
  size_t n = doc_size(list);
  struct sent *items = arena_array(a, n + 1, sizeof *items);
  struct doc *sorted = doc_list(a);
  for (size_t i = 0; items && i < n; i++)
    items[i] = (struct sent){doc_get_int(doc_at(list, i), "at"), doc_at(list, i)};
  if (items)
    qsort(items, n, sizeof *items, newest_first);
  for (size_t i = 0; items && i < n; i++)
    doc_add(sorted, items[i].connection);
  return sorted;
}

static void put_timeline(struct case_job *job, const struct doc *connections)
{
  struct doc *records = doc_get(job->data, "timeline");
  size_t n = doc_size(records);
  bool more = doc_get_bool(job->data, "has_more");
  ts_t oldest = more && n ? doc_get_int(doc_at(records, n - 1), "at") : 0;
  struct doc *list = merge(job, records, by_time(job->rq->arena, connections), oldest);
  doc_replace(job->data, "timeline", list);
  doc_put_bool(job->data, "has_timeline", doc_size(list) > 0);
}

/* ---- the page ---------------------------------------------------------------------------------------------------- */

static enum code put_connections(struct tx *tx, struct case_job *job, const struct scope *s, struct err *e)
{
  struct doc *list = doc_list(job->rq->arena);
  enum code c = OK;
  if (scope_may(s, ACTION_CONNECTION_READ))
    c = connection_of_case(tx, s, job->case_id, job->rq->arena, &job->who, &list, e);
  if (c != OK)
    return c;
  doc_put_bool(job->data, "has_connections", doc_size(list) > 0);
  doc_put(job->data, "connections", list);
  put_timeline(job, list);
  return OK;
}

static enum code put_consents(struct tx *tx, struct case_job *job, const struct scope *s, struct err *e)
{
  struct doc *list = doc_list(job->rq->arena);
  enum code c = OK;
  if (scope_may(s, ACTION_CONSENT_READ))
    c = consent_summary(tx, s, job->rq->arena, &job->who, &list, e);
  if (c != OK)
    return c;
  doc_put_bool(job->data, "has_consents", doc_size(list) > 0);
  doc_put(job->data, "consents", list);
  return OK;
}

static void put_buttons(struct case_job *job, const struct scope *s)
{
  bool writes = scope_writes(s);
  doc_put_bool(job->data, "can_record", writes && scope_may(s, ACTION_RECORD_WRITE));
  doc_put_bool(job->data, "can_person", writes && scope_may(s, ACTION_PERSON_WRITE));
  doc_put_bool(job->data, "can_sheet", writes && scope_may(s, ACTION_SHEET_WRITE));
  doc_put_bool(job->data, "can_consent", scope_may(s, ACTION_CONSENT_READ));
  doc_put_bool(job->data, "can_seen", scope_may(s, ACTION_SEEN_READ));
  doc_put_bool(job->data, "can_print", scope_may(s, ACTION_PRINT));
}

static enum code read_case(struct tx *tx, void *arg, struct err *e)
{
  struct case_job *job = arg;
  struct case_head head = {0};
  const struct scope *s = NULL;
  enum code c = case_enter(tx, gate_actor(job->rq), ACTION_CASE_READ, job->case_id, &head, &s, e);
  if (c == OK)
    c = case_show(tx, s, &head, job->rq->arena, &job->who, job->before, &job->data, e);
  if (c == OK)
    c = put_connections(tx, job, s, e);
  if (c == OK)
    c = put_consents(tx, job, s, e);
  if (c == OK)
    put_buttons(job, s);
  return c;
}

static enum code handle_show(struct request *rq, struct response *rs, struct err *e)
{
  struct case_job job = {.rq = rq, .who = gate_reader(rq)};
  enum code c = gate_param(rq, "case", &job.case_id, e);
  if (c == OK && !case_cursor_parse(doc_get_str(rq->input, "before"), &job.before))
    return err_set(e, NOT_FOUND, code_msg(NOT_FOUND));
  if (c == OK)
    c = gate_read(rq, read_case, &job, e);
  return c == OK ? gate_page(rq, rs, "case_show", tr(job.who.lang, TR("ケース")), job.data, e) : c;
}

ROUTE_DEFINE(route_case_show, GET, "/cases/:case", NEEDS(CASE_READ), .fields = fields, .summary = TR("ケースを見る"),
             .handle = handle_show);
