/* import_web.c: definitions in and out: FHIR Questionnaires as they are, and those made elsewhere. */
#include "base/limits.h"
#include "formbook/draft.h"
#include "formbook/edit.h"
#include "gate/handler.h"

enum { JSON_MAX = 300000 };

struct job {
  struct request *rq;
  struct reader who;
  const struct form *form;
  struct doc *questionnaire, *notes;
  struct str code;
};

/* ---- out --------------------------------------------------------------------------------------------------------------------------- */

static const struct field export_fields[] = {
    {.name = "code", .kind = FIELD_TEXT, .required = true, .max = 60, .label = TR("様式")},
    {.name = "version", .kind = FIELD_TEXT, .max = 60, .label = TR("版")},
    {0}};

static enum code read_form(struct tx *tx, void *arg, struct err *e)
{
  struct job *job = arg;
  struct str version = doc_get_str(job->rq->input, "version"), code = doc_get_str(job->rq->input, "code");
  if (str_is(version, "draft"))
    return err_set(e, NOT_FOUND, code_msg(NOT_FOUND));
  return version.n ? formbook_get(tx, job->rq->arena, code, version, &job->form, e)
                   : formbook_active(tx, job->rq->arena, code, &job->form, e);
}

static enum code handle_export(struct request *rq, struct response *rs, struct err *e)
{
  struct job job = {.rq = rq};
  struct buf json;
  if (gate_has_problems(rq))
    return err_set(e, NOT_FOUND, code_msg(NOT_FOUND));
  enum code c = gate_read(rq, read_form, &job, e);
  if (c != OK)
    return c;
  buf_init(&json, rq->arena, LIMIT_BODY);
  json_write(&json, form_source(job.form));
  gate_file(rq, rs, "application/fhir+json",
            str_printf(rq->arena, "%.*s-%.*s.json", STR_FMT(form_name(job.form)), STR_FMT(form_version(job.form))),
            buf_str(&json));
  return OK;
}

ROUTE_DEFINE(route_form_export, GET, "/forms/form.json", SIGNED_IN, .fields = export_fields,
             .returns = "application/fhir+json", .summary = TR("様式を FHIR Questionnaire として書き出す"),
             .handle = handle_export);

/* ---- in ------------------------------------------------------------------------------------------------------------------------------ */

static const struct field import_fields[] = {
    {.name = "code", .kind = FIELD_TEXT, .required = true, .max = 60, .label = TR("様式の名前（英小文字・数字・-）")},
    {.name = "title", .kind = FIELD_TEXT, .label = TR("題名")},
    {.name = "category", .kind = FIELD_CHOICE, .options = category_codes, .label = TR("区分のない項目の、情報の区分")},
    {.name = "json", .kind = FIELD_LINES, .max = JSON_MAX, .label = TR("貼り付けるとき：FHIR Questionnaire（JSON）")},
    {.name = "file", .kind = FIELD_SECRET, .label = TR("JSON のファイル")},
    {0}};

static enum code import_page(struct request *rq, struct response *rs, struct err *e)
{
  struct doc *data = doc_map(rq->arena), *f = gate_form(rq, import_fields, NULL),
             *list = doc_put_list(data, "categories");
  for (int i = 0; category_codes[i]; i++) {
    struct doc *d = doc_add_map(list);
    doc_put_cstr(d, "value", category_codes[i]);
    doc_put_str(d, "word", tr(gate_lang(rq), form_category_label(i)));
    doc_put_bool(d, "selected", doc_get_bool(doc_get(doc_get(f, "category"), "is"), category_codes[i]));
  }
  doc_put(data, "f", f);
  return gate_page(rq, rs, "form_import", gate_tr(rq, TR("様式を作る・取り込む")), data, e);
}

ROUTE_DEFINE(route_form_import_page, GET, "/forms/import", NEEDS(NETWORK_WRITE),
             .summary = TR("様式を作る・取り込む画面"), .handle = import_page);

/* Ours as it stands under its new name; anybody else's is brought to what is served here. */
static struct doc *adopt(struct job *job, const struct doc *q)
{
  struct arena *a = job->rq->arena;
  struct str category = doc_get_str(job->rq->input, "category");
  const struct form *ours = NULL;
  struct err ignored = {0};
  struct doc *copy = doc_copy(a, q);
  doc_replace(copy, "name", doc_str(a, job->code));
  doc_replace(copy, "url", doc_str(a, str_printf(a, "https://tsunagu.example/form/%.*s", STR_FMT(job->code))));
  doc_replace(copy, "version", doc_str(a, S("draft")));
  doc_replace(copy, "status", doc_str(a, S("draft")));
  if (form_compile(a, copy, &ours, &ignored) == OK)
    return copy;
  return form_adopt(a, job->who.lang, q, job->code, str_cstr(a, category.n ? category : S("support")), &job->notes);
}

static enum code take(struct job *job, struct err *e)
{
  struct str upload = job->rq->upload, json = upload.n ? upload : doc_get_str(job->rq->input, "json"),
             title = str_trim(doc_get_str(job->rq->input, "title"));
  struct doc *q = NULL;
  struct err why = {0};
  if (!str_trim(json).n) {
    if (!title.n)
      return err_field(e, "title", TR("題名を書くか、JSON のファイルを選ぶか、貼り付けてください。"));
    job->questionnaire = edit_new(job->rq->arena, job->code, title);
    return OK;
  }
  if (json_parse(job->rq->arena, json, &q, &why) != OK || doc_kind(q) != DOC_MAP)
    return err_field(e, "json", TR("JSON として読めません。書き出されたファイルを、そのまま選んでください。"));
  if (!str_is(doc_get_str(q, "resourceType"), "Questionnaire"))
    return err_field(e, "json", TR("FHIR の Questionnaire ではありません。"));
  job->questionnaire = adopt(job, q);
  if (doc_size(job->notes))
    edit_put_notes(job->rq->arena, job->questionnaire, job->notes);
  return OK;
}

static enum code write_import(struct tx *tx, void *arg, struct err *e)
{
  struct job *job = arg;
  const struct scope *s = NULL;
  enum code c = access_open_network(tx, gate_actor(job->rq), ACTION_NETWORK_WRITE, &s, e);
  if (c == OK)
    c = draft_create(tx, tx_arena(tx), job->code, job->questionnaire, e);
  if (c == INVALID && !str_is(str_from(e->field), "code"))
    (void)snprintf(e->field, sizeof e->field, "json");
  return c;
}

static enum code handle_import(struct request *rq, struct response *rs, struct err *e)
{
  struct job job = {.rq = rq, .who = gate_reader(rq), .code = str_trim(doc_get_str(rq->input, "code"))};
  if (gate_has_problems(rq))
    return import_page(rq, rs, e);
  struct str path = str_printf(rq->arena, "/forms/edit?code=%.*s", STR_FMT(job.code));
  gate_location(rq, path);
  enum code c = take(&job, e);
  if (c == OK)
    c = gate_write(rq, "form_import", write_import, &job, e);
  return c == OK ? gate_done(rq, rs, path,
                             doc_size(job.notes) ? TR("取り込みました。ここで使える形に直した項目があります。下の「取り"
                                                      "込むときに変えたこと」を見てください。")
                                                 : TR("様式の下書きを作りました。"),
                             e)
                 : c;
}

ROUTE_DEFINE(route_form_import, POST, "/forms/import", NEEDS(NETWORK_WRITE), .fields = import_fields, .files = true,
             .summary = TR("様式を作る・取り込む"), .handle = handle_import);
