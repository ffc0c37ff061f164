/* files_web.c: what is attached to a case: the list with its form, one as a download, and its removal. */
#include "casework/files.h"
#include "casework/record_form.h"
#include "gate/handler.h"

static const struct field fields[] = {
    {.name = "title", .kind = FIELD_TEXT, .required = true, .max = 60, .label = TR("何の書類ですか")},
    {.name = "source", .kind = FIELD_CHOICE, .options = source_codes, .label = TR("だれから")},
    {.name = "category", .kind = FIELD_CHOICE, .options = category_codes, .label = TR("何のことか")},
    {.name = "file", .kind = FIELD_SECRET, .label = TR("ファイル")}, /* a file: never given back */
    {0}};

struct file_job {
  struct request *rq;
  struct reader who;
  id64 case_id, file, made;
  enum action action;
  struct doc *data;
  struct file_ready ready;
  enum file_type type;
  struct str bytes;
  bool holder; /* 知ってよい人 of all that is concealed of the person */
};

static enum code enter(struct tx *tx, struct file_job *job, struct case_head *head, const struct scope **ret,
                       struct err *e)
{
  return case_enter(tx, gate_actor(job->rq), job->action, job->case_id, head, ret, e);
}

static enum code read_list(struct tx *tx, void *arg, struct err *e)
{
  struct file_job *job = arg;
  struct case_head head = {0};
  const struct scope *s = NULL;
  struct doc *strip = NULL, *files = NULL;
  struct arena *a = job->rq->arena;
  job->data = doc_map(a);
  enum code c = enter(tx, job, &head, &s, e);
  if (c == OK)
    c = case_strip(tx, s, &head, a, &job->who, &strip, e);
  if (c == OK)
    c = file_list(tx, s, job->case_id, a, &job->who, &files, e);
  if (c != OK)
    return c;
  doc_put(job->data, "strip", strip);
  doc_put_bool(job->data, "can_attach", scope_writes(s) && scope_may(s, ACTION_RECORD_WRITE));
  doc_put_bool(job->data, "has_files", doc_size(files) > 0);
  doc_put_bool(job->data, "for_holders", doc_size(files) > 0 && doc_get_bool(strip, "concealed"));
  doc_put(job->data, "files", files);
  return OK;
}

static enum code page(struct request *rq, struct response *rs, struct err *e)
{
  struct file_job job = {.rq = rq, .who = gate_reader(rq), .action = ACTION_RECORD_READ};
  const struct doc *typed = gate_has_problems(rq) ? gate_typed(rq) : NULL;
  enum code c = gate_param(rq, "case", &job.case_id, e);
  if (c == OK)
    c = gate_read(rq, read_list, &job, e);
  if (c != OK)
    return c;
  struct str source = doc_get_str(typed, "source");
  doc_put_id(job.data, "case_id", job.case_id);
  record_put_sources(job.data, job.who.lang, source.n ? source : S("person"));
  record_put_categories(job.data, job.who.lang, doc_get_str(typed, "category"));
  doc_put(job.data, "f", gate_form(rq, fields, NULL));
  return gate_page(rq, rs, "files", tr(job.who.lang, TR("添付した書類")), job.data, e);
}

ROUTE_DEFINE(route_files, GET, "/cases/:case/files", NEEDS(RECORD_READ), .summary = TR("添付した書類の一覧"),
             .handle = page);

static enum code attach(struct tx *tx, void *arg, struct err *e)
{
  struct file_job *job = arg;
  struct case_head head = {0};
  const struct scope *s = NULL;
  enum code c = enter(tx, job, &head, &s, e);
  return c == OK ? file_attach(tx, s, job->case_id, &job->ready, &job->made, e) : c;
}

/* Source and category as a paragraph's are. */
static enum code judge(struct file_job *job, struct err *e)
{
  struct request *rq = job->rq;
  const struct doc *in = rq->input;
  struct doc *row = doc_map(rq->arena);
  struct paragraph_new p = {.text = STR_NONE};
  doc_put_cstr(row, "text", "-");
  doc_put_str(row, "source", doc_get_str(in, "source"));
  doc_put_str(row, "category", doc_get_str(in, "category"));
  enum code c = record_take_paragraph(rq, row, &p, e);
  struct file_new n = {
      .title = str_trim(doc_get_str(in, "title")), .bytes = rq->upload, .category = p.category, .source = p.source};
  return c == OK ? file_ready(rq->arena, &n, &job->ready, e) : c;
}

static enum code handle_attach(struct request *rq, struct response *rs, struct err *e)
{
  struct file_job job = {.rq = rq, .action = ACTION_RECORD_WRITE};
  enum code c = gate_param(rq, "case", &job.case_id, e);
  if (c != OK)
    return c;
  if (gate_has_problems(rq))
    return page(rq, rs, e);
  c = judge(&job, e);
  struct str path = gate_path(rq, "/cases/", job.case_id, "/files");
  gate_location(rq, path);
  if (c == OK)
    c = gate_write(rq, "file_attach", attach, &job, e);
  return c == OK ? gate_done(rq, rs, path, TR("つけました。"), e) : c;
}

ROUTE_DEFINE(route_file_attach, POST, "/cases/:case/files", NEEDS(RECORD_WRITE), .fields = fields, .files = true,
             .slow = true, .summary = TR("書類をつける"), .handle = handle_attach);

/* A paper or a picture may tell what is concealed, and nothing can be masked in it: it is opened by those who may know it, and that they did is told
 * as their opening of what is concealed. */
static enum code open_as_holder(struct tx *tx, struct file_job *job, struct err *e)
{
  struct case_head head = {0};
  const struct scope *s = NULL;
  enum code c = case_enter(tx, gate_actor(job->rq), ACTION_CONCEAL_OPEN, job->case_id, &head, &s, e);
  job->holder = c == OK && !scope_hides(s, ITEM_ADDRESS) && !scope_hides(s, ITEM_PHONE) &&
                !scope_hides(s, ITEM_SCHOOL) && !scope_hides(s, ITEM_WORKPLACE);
  return c;
}

static enum code read_file(struct tx *tx, void *arg, struct err *e)
{
  struct file_job *job = arg;
  struct case_head head = {0};
  const struct scope *s = NULL;
  job->holder = false;
  enum code c = enter(tx, job, &head, &s, e);
  if (c == OK && scope_may(s, ACTION_CONCEAL_OPEN))
    c = open_as_holder(tx, job, e);
  return c == OK ? file_open(tx, s, job->case_id, job->file, job->rq->arena, &job->type, &job->bytes, e) : c;
}

/* Never shown in the page: whoever opens it does so with a program of his own. */
static enum code handle_download(struct request *rq, struct response *rs, struct err *e)
{
  struct file_job job = {.rq = rq, .action = ACTION_RECORD_READ};
  enum code c = gate_param(rq, "case", &job.case_id, e);
  if (c == OK)
    c = gate_param(rq, "file", &job.file, e);
  if (c == OK)
    c = gate_read(rq, read_file, &job, e);
  if (c != OK)
    return c;
  if (job.holder)
    gate_unveil(rq);
  struct str id = id_text(rq->arena, job.file);
  gate_file(rq, rs, file_type_mime(job.type),
            str_printf(rq->arena, "file-%.*s.%s", STR_FMT(id), file_type_code(job.type)), job.bytes);
  return OK;
}

ROUTE_DEFINE(route_file, GET, "/cases/:case/files/:file", NEEDS(RECORD_READ), .returns = "application/octet-stream",
             .slow = true, .summary = TR("添付した書類を取り出す"), .handle = handle_download);

/* ---- away with it ------------------------------------------------------------------------------------------------------------ */

static const struct field remove_fields[] = {
    {.name = "reason", .kind = FIELD_LINES, .required = true, .label = TR("なぜ消すのか")}, {0}};

static enum code read_one(struct tx *tx, void *arg, struct err *e)
{
  struct file_job *job = arg;
  struct case_head head = {0};
  const struct scope *s = NULL;
  struct doc *strip = NULL, *file = NULL;
  struct arena *a = job->rq->arena;
  job->data = doc_map(a);
  enum code c = enter(tx, job, &head, &s, e);
  if (c == OK)
    c = case_strip(tx, s, &head, a, &job->who, &strip, e);
  if (c == OK)
    c = file_show(tx, s, job->case_id, job->file, a, &job->who, &file, e);
  if (c != OK)
    return c;
  doc_put(job->data, "strip", strip);
  doc_put(job->data, "file", file);
  doc_put_bool(job->data, "can_remove", doc_get_bool(file, "can_remove"));
  return OK;
}

static enum code params(struct file_job *job, struct err *e)
{
  enum code c = gate_param(job->rq, "case", &job->case_id, e);
  return c == OK ? gate_param(job->rq, "file", &job->file, e) : c;
}

static enum code remove_page(struct request *rq, struct response *rs, struct err *e)
{
  struct file_job job = {.rq = rq, .who = gate_reader(rq), .action = ACTION_RECORD_WRITE};
  enum code c = params(&job, e);
  if (c == OK)
    c = gate_read(rq, read_one, &job, e);
  if (c != OK)
    return c;
  doc_put_id(job.data, "case_id", job.case_id);
  doc_put(job.data, "f", gate_form(rq, remove_fields, NULL));
  return gate_page(rq, rs, "file_remove", tr(job.who.lang, TR("書類を消す")), job.data, e);
}

ROUTE_DEFINE(route_file_remove_page, GET, "/cases/:case/files/:file/remove", NEEDS(RECORD_WRITE),
             .summary = TR("書類を消す前に確かめる画面"), .handle = remove_page);

static enum code take_away(struct tx *tx, void *arg, struct err *e)
{
  struct file_job *job = arg;
  struct case_head head = {0};
  const struct scope *s = NULL;
  enum code c = enter(tx, job, &head, &s, e);
  return c == OK ? file_remove(tx, s, job->case_id, job->file, str_trim(doc_get_str(job->rq->input, "reason")), e) : c;
}

static enum code handle_remove(struct request *rq, struct response *rs, struct err *e)
{
  struct file_job job = {.rq = rq, .who = gate_reader(rq), .action = ACTION_RECORD_WRITE};
  enum code c = params(&job, e);
  if (c != OK)
    return c;
  if (gate_has_problems(rq))
    return remove_page(rq, rs, e);
  struct str path = gate_path(rq, "/cases/", job.case_id, "/files");
  gate_location(rq, path);
  c = gate_write(rq, "file_remove", take_away, &job, e);
  return c == OK ? gate_done(rq, rs, path, TR("消しました。消したことは、これまでの流れに残ります。"), e) : c;
}

ROUTE_DEFINE(route_file_remove, POST, "/cases/:case/files/:file/remove", NEEDS(RECORD_WRITE), .fields = remove_fields,
             .summary = TR("書類を消す"), .handle = handle_remove);
