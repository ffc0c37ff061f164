/* import_web.c: /ledger/import: a ledger, as a file or pasted out of a spreadsheet, is looked at, then taken in; /ledger/unconfirmed: whom to ask for consent. */
#include "gate/handler.h"
#include "gate/list.h"
#include "ledger/ledger.h"

static const char *const step_codes[] = {"check", "import", NULL};
static const struct field import_fields[] = {
    {.name = "paste",
     .kind = FIELD_MAP,
     .label = TR("台帳の表")}, /* each cell is checked by itself: a row is named, not the whole */
    {.name = "file", .kind = FIELD_SECRET, .label = TR("台帳のファイル")}, /* a file: goes on as the table's text */
    {.name = "columns", .kind = FIELD_TEXTS, .label = TR("列の対応")},
    {.name = "step", .kind = FIELD_CHOICE, .required = true, .options = step_codes},
    {.name = "others", .kind = FIELD_BOOL, .label = TR("確かめました。別の人として、新しく取り込みます。")},
    {0}};
static const struct field undo_fields[] = {{.name = "import", .kind = FIELD_ID, .required = true}, {0}};

struct import_job {
  struct request *rq;
  struct reader who;
  struct ledger_table table;
  struct ledger ledger;
  bool read, repeated; /* read: there is a table to tell of */
  struct str text;     /* of the table, as it stands in the page */
  id64 import;
  struct doc *imports;
};

static enum code read_imports(struct tx *tx, void *arg, struct err *e)
{
  struct import_job *job = arg;
  const struct scope *s = NULL;
  enum code c = access_open_network(tx, gate_actor(job->rq), ACTION_LEDGER_IMPORT, &s, e);
  return c == OK ? ledger_imports(tx, s, job->rq->arena, &job->who, &job->imports, e) : c;
}

static enum code show(struct import_job *job, struct response *rs, struct err *e)
{
  struct request *rq = job->rq;
  enum code c = gate_read(rq, read_imports, job, e);
  if (c != OK)
    return c;
  struct doc *data = job->read ? ledger_report(rq->arena, &job->who, &job->table, &job->ledger) : doc_map(rq->arena);
  struct str typed = doc_get_str(doc_get(gate_typed(rq), "paste"), "text");
  doc_put_bool(data, "checked", job->read);
  doc_put_bool(data, "can_import", job->read && !job->ledger.refused);
  doc_put_str(data, "text", job->text.n ? job->text : typed);
  doc_put_bool(data, "others", doc_get_bool(rq->input, "others"));
  doc_put_bool(data, "has_imports", doc_size(job->imports) > 0);
  doc_put(data, "imports", job->imports);
  return gate_page(rq, rs, "ledger_import", gate_tr(rq, TR("進行管理台帳の取り込み")), data, e);
}

static enum code import_page(struct request *rq, struct response *rs, struct err *e)
{
  struct import_job job = {.rq = rq, .who = gate_reader(rq)};
  return show(&job, rs, e);
}

ROUTE_DEFINE(route_ledger_import_page, GET, "/ledger/import", NEEDS(LEDGER_IMPORT),
             .summary = TR("進行管理台帳を取り込む画面"), .handle = import_page);

/* What somebody chose for the columns, if it is of this table. */
static void take_columns(struct import_job *job)
{
  const struct doc *chosen = doc_get(job->rq->input, "columns");
  if (doc_size(chosen) != job->table.columns)
    return;
  for (size_t i = 0; i < job->table.columns; i++)
    (void)ledger_column_parse(doc_string(doc_at(chosen, i)), &job->table.column[i]);
}

static enum code read_table(struct import_job *job, struct err *e)
{
  struct arena *a = job->rq->arena;
  struct str file = job->rq->upload, text = doc_get_str(doc_get(job->rq->input, "paste"), "text");
  if (!file.n && !str_trim(text).n)
    return err_set(e, INVALID, TR("台帳のファイルを選ぶか、表を貼り付けてください。"));
  enum code c = ledger_read(a, file.n ? file : text, false, &job->table, e);
  if (c == OK && file.n)
    c = ledger_as_text(a, &job->table, &job->text, e);
  if (c != OK)
    return c;
  take_columns(job);
  c = ledger_rows(a, &job->table, &job->who, &job->ledger, e);
  job->read = c == OK;
  return c == OK ? ledger_columns_check(&job->table, e) : c;
}

static enum code look(struct tx *tx, void *arg, struct err *e)
{
  struct import_job *job = arg;
  enum code c = gate_is_repeated(tx, job->rq, &job->repeated, e);
  return c == OK && !job->repeated ? ledger_look(tx, gate_actor(job->rq), &job->ledger, job->rq->arena, &job->who, e)
                                   : c;
}

static enum code take_in(struct tx *tx, void *arg, struct err *e)
{
  struct import_job *job = arg;
  return ledger_write(tx, gate_actor(job->rq), &job->ledger, &job->import, e);
}

/* Why it is shown once more instead of being taken in; false: it is taken in. */
static bool stops(struct import_job *job)
{
  struct request *rq = job->rq;
  if (!str_is(doc_get_str(rq->input, "step"), "import"))
    return true;
  if (job->ledger.refused)
    request_problem(rq, "paste.text", gate_tr(rq, TR("直すところのある行があるので、何も取り込んでいません。")));
  else if (job->ledger.alike && !job->repeated && !doc_get_bool(rq->input, "others"))
    request_problem(rq, "others",
                    gate_tr(rq, TR("もう知られているかもしれない人がいます。確かめてから、取り込んでください。")));
  return gate_has_problems(rq);
}

static void tell(struct request *rq, const struct err *e)
{
  request_problem(
      rq, "paste.text",
      tr_args(rq->arena, gate_lang(rq), e->msg, str_from(e->arg[0]), str_from(e->arg[1]), str_from(e->arg[2])));
}

static enum code handle_import(struct request *rq, struct response *rs, struct err *e)
{
  struct import_job job = {.rq = rq, .who = gate_reader(rq)};
  struct err why = {0};
  if (gate_has_problems(rq))
    return show(&job, rs, e);
  if (read_table(&job, &why) != OK) {
    tell(rq, &why);
    return show(&job, rs, e);
  }
  enum code c = gate_read_as_service(rq, look, &job, e);
  if (c != OK)
    return c;
  if (stops(&job))
    return show(&job, rs, e);
  gate_location(rq, S("/ledger/unconfirmed"));
  c = gate_write(rq, "ledger_import", take_in, &job, e);
  return c == OK ? gate_done(rq, rs, S("/ledger/unconfirmed"),
                             TR("取り込みました。ここに並ぶ人に、同意を確かめてください。"), e)
                 : c;
}

ROUTE_DEFINE(route_ledger_import, POST, "/ledger/import", NEEDS(LEDGER_IMPORT), .fields = import_fields, .files = true,
             .slow = true, .summary = TR("進行管理台帳を確かめて、取り込む"), .handle = handle_import);

static enum code undo(struct tx *tx, void *arg, struct err *e)
{
  struct import_job *job = arg;
  int64_t rows = 0;
  return ledger_undo(tx, gate_actor(job->rq), job->import, &rows, e);
}

static enum code handle_undo(struct request *rq, struct response *rs, struct err *e)
{
  struct import_job job = {.rq = rq, .who = gate_reader(rq)};
  if (gate_has_problems(rq))
    return show(&job, rs, e);
  (void)doc_get_id(rq->input, "import", &job.import);
  gate_as_service(rq); /* whether others wrote, and what they did */
  gate_location(rq, S("/ledger/import"));
  enum code c = gate_write(rq, "ledger_undo", undo, &job, e);
  return c == OK ? gate_done(rq, rs, S("/ledger/import"), TR("取り込みを取り消しました。"), e) : c;
}

ROUTE_DEFINE(route_ledger_undo, POST, "/ledger/import/undo", NEEDS(LEDGER_IMPORT), .fields = undo_fields, .slow = true,
             .summary = TR("進行管理台帳の取り込みを取り消す"), .handle = handle_undo);

/* ---- 同意未確認 ------------------------------------------------------------------------------------------------------------------ */

static const char *const unconfirmed_orders[] = {"imported", "-imported", NULL};
static const char *const unconfirmed_whose[] = {"mine", "nobody", NULL}; /* enum unconfirmed_whose, from 1 on */
static const struct field unconfirmed_fields[] = {{.name = "sort", .kind = FIELD_CHOICE, .options = unconfirmed_orders},
                                                  {.name = "whose", .kind = FIELD_CHOICE, .options = unconfirmed_whose},
                                                  {.name = "after", .kind = FIELD_ID},
                                                  {.name = "encoding", .kind = FIELD_CHOICE, .options = list_encodings},
                                                  {0}};
static const struct list_column unconfirmed_columns[] = {{.word = TR("名前")},
                                                         {.word = TR("年齢・学年")},
                                                         {.word = TR("番号")},
                                                         {.word = TR("取り込んだ日"), .sort = "imported"},
                                                         {.word = TR("すること"), .hidden = true},
                                                         {0}};
static const struct list_shape unconfirmed_shape = {
    .columns = unconfirmed_columns, .order = "imported", .place = "after", .file = true};

struct unconfirmed_job {
  struct request *rq;
  struct reader who;
  struct unconfirmed_view view;
  struct doc *data;
  struct csv_table table;
};

static struct unconfirmed_view unconfirmed_view_of(const struct request *rq)
{
  struct unconfirmed_view v = {0};
  int by = 0;
  (void)doc_get_id(rq->input, "after", &v.after);
  for (int i = 0; unconfirmed_whose[i]; i++)
    if (str_is(doc_get_str(rq->input, "whose"), unconfirmed_whose[i]))
      v.whose = (enum unconfirmed_whose)(i + 1);
  list_order(rq, &unconfirmed_shape, &by, &v.falls);
  return v;
}

static enum code read_unconfirmed(struct tx *tx, void *arg, struct err *e)
{
  struct unconfirmed_job *job = arg;
  const struct scope *s = NULL;
  enum code c = access_open_network(tx, gate_actor(job->rq), ACTION_CASE_LIST, &s, e);
  return c == OK ? ledger_unconfirmed(tx, s, &job->view, job->rq->arena, &job->who, &job->data, e) : c;
}

static enum code handle_unconfirmed(struct request *rq, struct response *rs, struct err *e)
{
  struct unconfirmed_job job = {.rq = rq, .who = gate_reader(rq), .view = unconfirmed_view_of(rq)};
  struct list_shape shape = unconfirmed_shape;
  enum code c = gate_read(rq, read_unconfirmed, &job, e);
  if (c != OK)
    return c;
  bool can_ask = gate_may(rq, ACTION_CONSENT_RECORD);
  const struct doc *cases = doc_get(job.data, "cases");
  for (size_t i = 0; i < doc_size(cases); i++)
    doc_put_bool(doc_at(cases, i), "can_ask", can_ask);
  shape.file = gate_may(rq, ACTION_LEDGER_EXPORT);
  struct doc *filter = list_filter(rq, job.data, "whose", TR("主担当"));
  list_option(rq, filter, str_from(unconfirmed_whose[0]), gate_tr(rq, TR("わたし")));
  list_option(rq, filter, str_from(unconfirmed_whose[1]), gate_tr(rq, TR("決まっていない")));
  list_put(rq, job.data, &shape);
  return gate_page(rq, rs, "ledger_unconfirmed", gate_tr(rq, TR("同意を確かめる人")), job.data, e);
}

ROUTE_DEFINE(route_ledger_unconfirmed, GET, "/ledger/unconfirmed", NEEDS(CASE_LIST), .fields = unconfirmed_fields,
             .summary = TR("台帳から取り込んだ、同意未確認のケース"), .handle = handle_unconfirmed);

static enum code read_unconfirmed_table(struct tx *tx, void *arg, struct err *e)
{
  struct unconfirmed_job *job = arg;
  const struct scope *s = NULL;
  enum code c = access_open_network(tx, gate_actor(job->rq), ACTION_LEDGER_EXPORT, &s, e);
  return c == OK ? ledger_unconfirmed_table(tx, s, &job->view, job->rq->arena, &job->who, &job->table, e) : c;
}

static enum code handle_unconfirmed_file(struct request *rq, struct response *rs, struct err *e)
{
  struct unconfirmed_job job = {.rq = rq, .who = gate_reader(rq), .view = unconfirmed_view_of(rq)};
  job.view.after = 0;
  enum code c = gate_read(rq, read_unconfirmed_table, &job, e);
  return c == OK ? list_file(rq, rs, &job.table, S("unconfirmed.csv"), e) : c;
}

ROUTE_DEFINE(route_ledger_unconfirmed_file, GET, "/ledger/unconfirmed.csv", NEEDS(LEDGER_EXPORT),
             .fields = unconfirmed_fields, .slow = true, .returns = "text/csv",
             .summary = TR("同意未確認のケースを書き出す(CSV)"), .handle = handle_unconfirmed_file);
