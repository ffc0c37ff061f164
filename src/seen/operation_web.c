#include "audit/audit.h"
#include "base/limits.h"
#include "gate/handler.h"
#include "gate/list.h"
#include "seen/operation.h"

/* Codes of the choice, in the order of enum event_kind. */
static const char *const kind_codes[] = {"open",    "list",    "search",   "print",          "export", "write",
                                         "refused", "sign-in", "sign-out", "sign-in-failed", "admin",  NULL};
static const char *const orders[] = {"time", "-time", NULL};
static const struct field fields[] = {
    {.name = "from", .kind = FIELD_DATE, .label = TR("いつから")},
    {.name = "until", .kind = FIELD_DATE, .label = TR("いつまで")},
    {.name = "kind", .kind = FIELD_CHOICE, .options = kind_codes, .label = TR("何をしたか")},
    {.name = "login", .kind = FIELD_TEXT, .max = 64, .label = TR("アカウント")},
    {.name = "number", .kind = FIELD_TEXT, .max = 40, .label = TR("ケース番号")},
    {.name = "sort", .kind = FIELD_CHOICE, .options = orders},
    {.name = "skip", .kind = FIELD_INT, .min = 0, .max = 10000000},
    {.name = "encoding", .kind = FIELD_CHOICE, .options = list_encodings},
    {0}};

static const struct list_column columns[] = {{.word = TR("日時"), .sort = "time", .falls = true},
                                             {.word = TR("だれが")},
                                             {.word = TR("何をしたか")},
                                             {.word = TR("ケース")},
                                             {.word = TR("見た区分")},
                                             {.word = TR("理由")},
                                             {0}};
static const struct list_shape shape = {
    .columns = columns, .order = "-time", .place = "skip", .file = true, .page_rows = LIMIT_PAGE_ROWS};

enum { DAYS = 7 }; /* that one sees without asking for more */

struct job {
  struct request *rq;
  struct reader who;
  struct operation_view view;
  struct doc *data;
  struct str file;
  bool cp932;
};

static struct date day_of(const struct doc *in, const char *name, struct date other)
{
  struct str text = doc_get_str(in, name);
  struct date d;
  return text.n && date_parse_iso(text, &d) ? d : other;
}

static void take_view(struct job *job)
{
  const struct doc *in = job->rq->input;
  struct operation_view *v = &job->view;
  struct str kind = doc_get_str(in, "kind");
  v->until = day_of(in, "until", job->who.today);
  v->from = day_of(in, "from", date_add_days(v->until, 1 - DAYS));
  for (int i = 0; kind_codes[i]; i++)
    if (str_is(kind, kind_codes[i]))
      v->kind = i + 1;
  v->login = doc_get_str(in, "login");
  v->number = doc_get_str(in, "number");
  v->skip = doc_get_int(in, "skip");
  bool falls = true;
  int by = 0;
  list_order(job->rq, &shape, &by, &falls);
  v->oldest = !falls;
}

static enum code read_page(struct tx *tx, void *arg, struct err *e)
{
  struct job *job = arg;
  const struct scope *s = NULL;
  enum code c = access_open_network(tx, gate_actor(job->rq), ACTION_AUDIT_READ, &s, e);
  return c == OK ? operation_page(tx, s, &job->view, job->rq->arena, &job->who, &job->data, e) : c;
}

static enum code handle_page(struct request *rq, struct response *rs, struct err *e)
{
  struct job job = {.rq = rq, .who = gate_reader(rq)};
  struct arena *a = rq->arena;
  take_view(&job);
  gate_as_service(rq); /* case numbers of whom the auditor may not see */
  enum code c = gate_read(rq, read_page, &job, e);
  if (c != OK)
    return c;
  struct doc *shown = doc_map(a);
  doc_put_str(shown, "from", date_iso(a, job.view.from));
  doc_put_str(shown, "until", date_iso(a, job.view.until));
  doc_put_str(shown, "kind", doc_get_str(rq->input, "kind"));
  doc_put_str(shown, "login", job.view.login);
  doc_put_str(shown, "number", job.view.number);
  doc_put(job.data, "f", gate_form(rq, fields, shown));
  list_put(rq, job.data, &shape);
  return gate_page(rq, rs, "audit", gate_tr(rq, TR("操作の記録")), job.data, e);
}

ROUTE_DEFINE(route_audit, GET, "/audit", NEEDS(AUDIT_READ), .fields = fields,
             .summary = TR("操作の記録(番号と日時だけ)"), .handle = handle_page);

static enum code read_file(struct tx *tx, void *arg, struct err *e)
{
  struct job *job = arg;
  const struct scope *s = NULL;
  enum code c = access_open_network(tx, gate_actor(job->rq), ACTION_AUDIT_EXPORT, &s, e);
  enum csv_encoding to = job->cp932 ? CSV_CP932 : CSV_UTF8_BOM;
  return c == OK ? operation_csv(tx, s, &job->view, job->rq->arena, &job->who, to, &job->file, e) : c;
}

static enum code handle_file(struct request *rq, struct response *rs, struct err *e)
{
  struct job job = {.rq = rq, .who = gate_reader(rq)};
  job.cp932 = str_is(doc_get_str(rq->input, "encoding"), "cp932");
  take_view(&job);
  gate_as_service(rq);
  enum code c =
      gate_has_problems(rq) ? err_set(e, INVALID, TR("日付を確かめてください。")) : gate_read(rq, read_file, &job, e);
  if (c == OK)
    gate_file(rq, rs, job.cp932 ? "text/csv; charset=Shift_JIS" : "text/csv; charset=utf-8", S("audit.csv"), job.file);
  return c;
}

ROUTE_DEFINE(route_audit_file, GET, "/audit.csv", NEEDS(AUDIT_EXPORT), .fields = fields, .slow = true,
             .returns = "text/csv", .summary = TR("操作の記録を書き出す"), .handle = handle_file);
