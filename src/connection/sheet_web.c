#include "access/agreed.h"
#include "connection/connection.h"
#include "connection/connection_sql.h"
#include "connection/sent.h"
#include "directory/directory.h"
#include "gate/handler.h"

struct job {
  struct request *rq;
  struct reader who;
  id64 id; /* case or sheet */
  struct sheet sheet;
  struct form_context context;
  const struct form *form;
  struct doc *data;
  struct doc *answers; /* to be written */
  id64 receivers[SHEET_RECEIVERS];
  size_t receiver_count;
  struct str kind;
  int64_t rev;
  bool finishes;
  int64_t saved_rev;    /* of the draft that was just kept; 0: a repeated submit */
  struct doc *conflict; /* what somebody else wrote meanwhile */
  bool connects;        /* it goes to others, as the つなぐシート does */
  bool prints;          /* the sheet is the own organization's */
};

/* ---- before a new one: drafts that lie there already ------------------------------------------------------------------- */

static enum code read_drafts(struct tx *tx, void *arg, struct err *e)
{
  struct job *job = arg;
  struct case_head head = {0};
  const struct scope *s = NULL;
  struct doc *drafts = NULL;
  job->data = doc_map(job->rq->arena);
  enum code c = case_enter(tx, gate_actor(job->rq), ACTION_SHEET_WRITE, job->id, &head, &s, e);
  if (c == OK)
    c = case_put_strip(tx, s, job->id, job->rq->arena, &job->who, job->data, e);
  if (c == OK)
    c = sheet_sql_drafts(tx, s, job->id, job->rq->arena, &job->who, &drafts, e);
  if (c == OK) {
    doc_put_bool(job->data, "has_drafts", doc_size(drafts) > 0);
    doc_put(job->data, "drafts", drafts);
  }
  return c;
}

static enum code handle_new(struct request *rq, struct response *rs, struct err *e)
{
  struct job job = {.rq = rq, .who = gate_reader(rq)};
  enum code c = gate_param(rq, "case", &job.id, e);
  if (c == OK)
    c = gate_read(rq, read_drafts, &job, e);
  if (c != OK)
    return c;
  doc_put_id(job.data, "case_id", job.id);
  return gate_page(rq, rs, "sheet_new", tr(job.who.lang, TR("ほかの機関へつなぐ")), job.data, e);
}

ROUTE_DEFINE(route_sheet_new, GET, "/cases/:case/sheets/new", NEEDS(SHEET_WRITE), .summary = TR("つなぐ前の画面"),
             .handle = handle_new);

/* ---- a new draft ------------------------------------------------------------------------------------------------------- */

static enum code begin(struct tx *tx, void *arg, struct err *e)
{
  struct job *job = arg;
  struct case_head head = {0};
  const struct scope *s = NULL;
  enum code c = case_enter(tx, gate_actor(job->rq), ACTION_SHEET_WRITE, job->id, &head, &s, e);
  if (c == OK)
    c = sheet_begin(tx, s, job->id, &job->who, &job->sheet.id, e);
  gate_location(job->rq, gate_path(job->rq, "/sheets/", job->sheet.id, "/edit"));
  return c;
}

static enum code handle_begin(struct request *rq, struct response *rs, struct err *e)
{
  struct job job = {.rq = rq, .who = gate_reader(rq)};
  enum code c = gate_param(rq, "case", &job.id, e);
  if (c == OK)
    c = gate_write(rq, "sheet_begin", begin, &job, e);
  return c == OK ? gate_done(rq, rs, gate_path(rq, "/sheets/", job.sheet.id, "/edit"), NULL, e) : c;
}

ROUTE_DEFINE(route_sheet_begin, POST, "/cases/:case/sheets/new", NEEDS(SHEET_WRITE),
             .summary = TR("つなぐシートを書き始める"), .handle = handle_begin);

/* ---- writing ------------------------------------------------------------------------------------------------------------ */

static const char *const kind_codes[] = {"help", "handover", NULL};
static const char *const action_codes[] = {"save", "preview", "find", "finish", NULL};
static const struct field edit_fields[] = {
    {.name = "answer", .kind = FIELD_MAP},
    {.name = "receivers", .kind = FIELD_TEXTS, .label = TR("つなぐ先")},
    {.name = "had", .kind = FIELD_TEXTS}, /* the names of those chosen when the page was shown */
    {.name = "kind", .kind = FIELD_CHOICE, .options = kind_codes, .label = TR("つなぎ方")},
    {.name = "rev", .kind = FIELD_INT, .min = 0, .max = INT64_MAX},
    {.name = "action", .kind = FIELD_CHOICE, .options = action_codes},
    {0}};

static const char *const receivers_part[] = {"reply", NULL};

static enum code enter(struct tx *tx, struct job *job, enum action action, const struct scope **ret, struct err *e)
{
  enum code c = sheet_enter(tx, gate_actor(job->rq), action, job->id, job->rq->arena, &job->sheet, ret, e);
  if (c == OK)
    c = sheet_form(tx, job->rq->arena, &job->sheet, &job->form, e);
  if (c == OK)
    job->context = sheet_context(*ret, &job->sheet, job->rq->arena, &job->who);
  job->connects = c == OK && form_use(job->form) == FORM_USE_CONNECTION;
  if (job->connects && action == ACTION_SHEET_WRITE)
    job->context.skip = receivers_part; /* the receiver's answer is the connection's */
  return c;
}

static bool is_in(const struct doc *list, struct str text)
{
  for (size_t i = 0; i < doc_size(list); i++)
    if (str_eq(doc_string(doc_at(list, i)), text))
      return true;
  return false;
}

static void put_consent(const struct job *job, struct doc *receiver, bool agreed)
{
  struct doc *d = doc_put_map(receiver, "consent");
  doc_put_str(d, "word", tr(job->who.lang, agreed ? TR("同意あり") : TR("同意がまだ")));
  doc_put_cstr(d, "shape", agreed ? "c-both" : "c-none");
  doc_put_cstr(d, "class", agreed ? "good" : "quiet");
}

/* Whose rows under 紹介先 this page shows, or showed when it was sent. */
static void put_had(struct job *job, const struct doc *receivers)
{
  struct doc *had = doc_put_list(job->data, "had");
  const struct doc *sent = job->rq->method == POST ? doc_get(gate_typed(job->rq), "had") : NULL;
  for (size_t i = 0; i < doc_size(sent); i++)
    doc_add_str(had, doc_string(doc_at(sent, i)));
  for (size_t i = 0; i < doc_size(receivers); i++)
    if (doc_get_bool(doc_at(receivers, i), "checked") && !is_in(had, doc_get_str(doc_at(receivers, i), "name")))
      doc_add_str(had, doc_get_str(doc_at(receivers, i), "name"));
}

static enum code put_receivers(struct tx *tx, const struct scope *s, struct job *job, struct err *e)
{
  struct doc *list = NULL;
  const struct doc *typed = job->rq->method == POST ? doc_get(gate_typed(job->rq), "receivers") : NULL;
  enum code c = connection_sql_receivers(tx, s, job->sheet.id, job->rq->arena, &list, e);
  put_had(job, list);
  for (size_t i = 0; c == OK && i < doc_size(list); i++) {
    struct doc *d = doc_at(list, i);
    struct agreed agreed = {0};
    id64 organization = 0;
    (void)doc_get_id(d, "id", &organization);
    doc_replace(d, "kind", doc_str(job->rq->arena, tr(job->who.lang, directory_kind_label(doc_get_str(d, "kind")))));
    if (typed)
      doc_replace(d, "checked", doc_bool(job->rq->arena, is_in(typed, doc_get_str(d, "id"))));
    c = access_agreed(tx, s, organization, &agreed, e);
    put_consent(job, d, agreed.any & CAT_BASIC);
  }
  if (c == OK)
    doc_put(job->data, "receivers", list);
  return c;
}

struct kind_job {
  struct str kind;
};

static enum code take_kind(void *arg, const struct connection *c, struct str to, struct err *e)
{
  struct kind_job *job = arg;
  (void)to;
  (void)e;
  job->kind = c->kind;
  return OK;
}

static enum code read_edit(struct tx *tx, void *arg, struct err *e)
{
  struct job *job = arg;
  const struct scope *s = NULL;
  struct kind_job kind = {.kind = S("help")};
  job->data = doc_map(job->rq->arena);
  enum code c = enter(tx, job, ACTION_SHEET_WRITE, &s, e);
  if (c == OK && !str_is(job->sheet.status, "draft"))
    return err_set(e, CONFLICT, TR("このシートは、もう送られています。"));
  if (c == OK)
    c = case_put_strip(tx, s, job->sheet.case_id, job->rq->arena, &job->who, job->data, e);
  doc_put_bool(job->data, "connects", job->connects);
  if (c == OK && job->connects)
    c = put_receivers(tx, s, job, e);
  if (c == OK && job->connects)
    c = connection_sql_of_sheet(tx, job->sheet.id, take_kind, &kind, e);
  job->kind = kind.kind;
  return c;
}

static bool group_answered(const struct form_item *group, const struct doc *answers)
{
  for (const struct form_item *it = group->child; it; it = it->next)
    if (doc_get_key(answers, it->link) || (it->type == FORM_GROUP && !it->repeats && group_answered(it, answers)))
      return true;
  return false;
}

static void put_sections(struct job *job, const struct doc *answers)
{
  struct doc *list = doc_put_list(job->data, "sections");
  for (size_t i = 0; i < form_item_count(job->form); i++) {
    const struct form_item *it = form_item_at(job->form, i);
    if (it->parent || it->type != FORM_GROUP || (job->connects && str_is(it->link, receivers_part[0])) ||
        !form_item_visible(&job->context, job->form, it))
      continue;
    struct doc *d = doc_add_map(list);
    struct str label = form_label_text(&job->context, &it->label);
    doc_put_str(d, "href", str_printf(job->rq->arena, "#s-%.*s", STR_FMT(it->link)));
    doc_put_str(d, "word",
                it->prefix.n ? str_printf(job->rq->arena, "%.*s %.*s", STR_FMT(it->prefix), STR_FMT(label)) : label);
    doc_put_bool(d, "done", group_answered(it, answers));
  }
}

/* Has it left the desk meanwhile? Then a page says what can be done instead; a program is told by its code. */
static enum code or_sent(struct job *job, struct response *rs, const struct doc *typed, enum code c, struct err *e)
{
  if (c != CONFLICT || !job->sheet.status.n || str_is(job->sheet.status, "draft") || job->rq->wants_json)
    return c;
  *e = (struct err){0};
  return sheet_sent_page(job->rq, rs, job->id, typed, e);
}

/* What was recorded is not among what was typed. */
static const struct doc *with_recorded(struct job *job, const struct doc *typed)
{
  if (!job->sheet.recorded)
    return typed;
  struct doc *all = doc_copy(job->rq->arena, typed);
  for (const char *const *link = sheet_recorded_links; *link; link++)
    if (doc_get(job->sheet.answers, *link))
      doc_replace(all, *link, doc_copy(job->rq->arena, doc_get(job->sheet.answers, *link)));
  return all;
}

/* values: what stands in the inputs (canonical or as typed); problems of the form engine, if any. */
static enum code show_edit(struct job *job, struct response *rs, const struct doc *values,
                           const struct problem *problems, struct err *e)
{
  struct request *rq = job->rq;
  struct doc *initial = doc_map(rq->arena);
  enum code c = gate_read(rq, read_edit, job, e);
  if (c != OK)
    return or_sent(job, rs, values, c, e);
  const struct doc *shown = values ? with_recorded(job, values) : job->sheet.answers;
  doc_put_str(initial, "kind", job->kind);
  doc_put_id(job->data, "sheet_id", job->sheet.id);
  doc_put_int(job->data, "rev", job->sheet.rev);
  doc_put_str(job->data, "saved", STR_NONE);
  doc_put_bool(job->data, "has_conflict", doc_size(job->conflict) > 0);
  doc_put(job->data, "conflict", job->conflict ? job->conflict : doc_list(rq->arena));
  doc_put(job->data, "form", form_render_input(&job->context, job->form, shown, problems));
  doc_put(job->data, "f", gate_form(rq, edit_fields, initial));
  put_sections(job, job->answers ? job->answers : shown);
  return gate_page(rq, rs, "sheet_edit", form_title(job->form, job->who.lang), job->data, e);
}

static enum code handle_edit_page(struct request *rq, struct response *rs, struct err *e)
{
  struct job job = {.rq = rq, .who = gate_reader(rq)};
  enum code c = gate_param(rq, "sheet", &job.id, e);
  return c == OK ? show_edit(&job, rs, NULL, NULL, e) : c;
}

ROUTE_DEFINE(route_sheet_edit, GET, "/sheets/:sheet/edit", NEEDS(SHEET_WRITE), .summary = TR("つなぐシートを書く画面"),
             .handle = handle_edit_page);

/* Who was chosen and is no more does not stay under 紹介先 by the name alone. */
static enum code save_with_receivers(struct tx *tx, const struct scope *s, struct job *job, const struct sheet *sheet,
                                     struct err *e)
{
  struct connection_batch before = {0};
  struct doc *answers = doc_copy(tx_arena(tx), job->answers),
             *had = doc_copy(tx_arena(tx), doc_get(job->rq->input, "had"));
  enum code c = connection_batch_of_sheet(tx, sheet->id, &before, e);
  for (size_t i = 0; c == OK && i < before.count; i++)
    doc_add_str(had, before.names[i]);
  if (c == OK)
    c = sheet_choose(tx, s, sheet, job->receivers, job->receiver_count, job->kind, e);
  if (c == OK)
    c = sheet_drop_receivers(tx, sheet, had, tx_arena(tx), answers, e);
  return c == OK ? sheet_save(tx, s, sheet, answers, e) : c;
}

static enum code save(struct tx *tx, void *arg, struct err *e)
{
  struct job *job = arg;
  struct sheet sheet = {0};
  const struct scope *s = NULL;
  enum code c = sheet_enter(tx, gate_actor(job->rq), ACTION_SHEET_WRITE, job->id, tx_arena(tx), &sheet, &s, e);
  if (c != OK)
    return c;
  if (job->rev)
    sheet.rev = job->rev;
  job->saved_rev = sheet.rev + 1;
  if (job->finishes) {
    c = sheet_finish(tx, s, &sheet, job->answers, e);
    return c == OK ? sheet_tell_case(tx, s, &sheet, job->answers, e) : c;
  }
  return job->connects ? save_with_receivers(tx, s, job, &sheet, e) : sheet_save(tx, s, &sheet, job->answers, e);
}

static enum code take_receivers(struct job *job, struct err *e)
{
  const struct doc *list = doc_get(job->rq->input, "receivers");
  if (doc_size(list) > SHEET_RECEIVERS)
    return err_field(e, "receivers", TR("一度につなげる先は20か所までです。"));
  for (size_t i = 0; i < doc_size(list); i++)
    if (!id_parse(doc_string(doc_at(list, i)), &job->receivers[job->receiver_count++]))
      return err_field(e, "receivers", TR("つなぐ先を、一覧から選んでください。"));
  job->kind = doc_get_str(job->rq->input, "kind");
  job->rev = doc_get_int(job->rq->input, "rev");
  return OK;
}

static void copy_problems(struct request *rq, const struct problem *problems)
{
  for (const struct problem *p = problems; p; p = p->next)
    request_problem(rq, str_cstr(rq->arena, p->field), p->text);
}

/* Somebody was faster: both versions stand side by side, what was typed stays in the fields, and pressing once more saves it. */
static enum code show_both(struct job *job, struct response *rs, const struct doc *raw, struct err *e)
{
  request_problem(job->rq, "answer",
                  tr(job->who.lang,
                     TR("このシートは、ほかの人が先に変えました。書いた内容を確かめて、もう一度保存してください。")));
  *e = (struct err){0};
  enum code c = gate_read(job->rq, read_edit, job, e); /* theirs, as it stands by now */
  if (c != OK)
    return or_sent(job, rs, raw, c, e);
  job->conflict = form_differ(&job->context, job->form, job->sheet.answers, job->answers);
  return show_edit(job, rs, raw, NULL, e);
}

/* To a script: it goes on from this version. */
static enum code saved(struct job *job, struct response *rs, struct str path, struct err *e)
{
  struct request *rq = job->rq;
  if (!rq->wants_json || job->finishes)
    return gate_done(rq, rs, path, job->finishes ? TR("書き終えました。") : TR("下書きを保存しました。"), e);
  struct doc *d = doc_map(rq->arena);
  doc_put_str(d, "location", path);
  doc_put_int(d, "rev", job->saved_rev ? job->saved_rev : job->sheet.rev);
  return gate_json(rq, rs, d, e);
}

static struct str next_page(struct job *job, bool preview)
{
  if (str_is(doc_get_str(job->rq->input, "action"), "find"))
    return gate_path(job->rq, "/directory?sheet=", job->id, "");
  return gate_path(job->rq, "/sheets/", job->id, preview ? "/preview" : job->finishes ? "" : "/edit");
}

static enum code write_edit(struct job *job, struct response *rs, const struct doc *raw, struct err *e)
{
  struct request *rq = job->rq;
  struct form_reading reading = {0};
  bool preview = job->connects && str_is(doc_get_str(rq->input, "action"), "preview");
  bool finish = !job->connects && str_is(doc_get_str(rq->input, "action"), "finish");
  enum code c = form_read(&job->context, job->form, preview || finish ? FORM_FINAL : FORM_DRAFT, raw,
                          job->sheet.answers, &reading, e);
  if (c != OK && c != INVALID)
    return c;
  bool has_problems = c == INVALID;
  *e = (struct err){0};
  job->answers = reading.answers;
  job->finishes = finish && !has_problems;
  struct str path = next_page(job, preview);
  gate_location(rq, path);
  c = take_receivers(job, e);
  if (c == OK)
    c = gate_write(rq, "sheet_save", save, job, e); /* what was good is kept, also when something else was not */
  if (c == CONFLICT && str_is(job->sheet.status, "draft"))
    return show_both(job, rs, raw, e);
  if (c != OK)
    return c;
  if (has_problems) {
    copy_problems(rq, reading.problems);
    return show_edit(job, rs, raw, reading.problems, e);
  }
  return preview ? gate_done(rq, rs, path, NULL, e) : saved(job, rs, path, e);
}

static enum code handle_edit(struct request *rq, struct response *rs, struct err *e)
{
  struct job job = {.rq = rq, .who = gate_reader(rq)};
  struct doc *rows = NULL;
  enum code c = gate_param(rq, "sheet", &job.id, e);
  if (c == OK)
    c = gate_read(rq, read_edit, &job, e);
  if (c != OK)
    return or_sent(&job, rs, doc_get(rq->input, "answer"), c, e);
  const struct doc *raw = doc_get(gate_has_problems(rq) ? gate_typed(rq) : rq->input, "answer");
  if (doc_kind(raw) != DOC_MAP) {
    request_problem(rq, "answer", gate_tr(rq, TR("シートの答えは、項目の名前をつけて送ってください。")));
    raw = NULL;
  } else if (!doc_size(raw)) {
    raw =
        form_mask_answers(&job.context, job.form, job.sheet.answers).answers; /* nothing was said of them: they stay */
  }
  if (gate_has_problems(rq))
    return show_edit(&job, rs, raw, NULL, e);
  if (form_edit_rows(&job.context, job.form, raw, &rows))
    return show_edit(&job, rs, rows, NULL, e);
  return write_edit(&job, rs, raw, e);
}

ROUTE_DEFINE(route_sheet_save, POST, "/sheets/:sheet/edit", NEEDS(SHEET_WRITE), .fields = edit_fields,
             .summary = TR("つなぐシートを保存する"), .handle = handle_edit);

/* ---- a sheet as its own organization sees it ------------------------------------------------------------------------------------ */

static enum code read_show(struct tx *tx, void *arg, struct err *e)
{
  struct job *job = arg;
  const struct scope *s = NULL;
  struct doc *view = NULL, *connections = NULL;
  job->data = doc_map(job->rq->arena);
  enum code c = enter(tx, job, ACTION_SHEET_READ, &s, e);
  if (c == OK)
    c = case_put_strip(tx, s, job->sheet.case_id, job->rq->arena, &job->who, job->data, e);
  if (c == OK)
    c = sheet_view(tx, s, &job->sheet, 0, job->sheet.frozen_at, STR_NONE, job->rq->arena, &job->who, &view, e);
  connections = doc_list(job->rq->arena);
  if (c == OK && scope_wrote(s, job->sheet.author_organization))
    c = connection_of_sheet(tx, &job->sheet, job->rq->arena, &job->who, &connections, e);
  if (c != OK)
    return c;
  job->prints = scope_wrote(s, job->sheet.author_organization);
  doc_put(job->data, "sheet", view);
  doc_put_bool(job->data, "connects", job->connects);
  doc_put_bool(job->data, "tells_connections", job->connects && job->prints);
  doc_put_bool(job->data, "card", form_use(job->form) == FORM_USE_CARD);
  doc_put_bool(job->data, "for_family", form_for_family(job->form));
  doc_put_bool(job->data, "has_connections", doc_size(connections) > 0);
  doc_put(job->data, "connections", connections);
  doc_put_bool(job->data, "can_edit", str_is(job->sheet.status, "draft") && gate_may(job->rq, ACTION_SHEET_WRITE));
  return OK;
}

static enum code handle_show(struct request *rq, struct response *rs, struct err *e)
{
  struct job job = {.rq = rq, .who = gate_reader(rq)};
  enum code c = gate_param(rq, "sheet", &job.id, e);
  if (c == OK)
    c = gate_read(rq, read_show, &job, e);
  if (c != OK)
    return c;
  doc_put_id(job.data, "sheet_id", job.id);
  doc_put_bool(job.data, "can_print", job.prints && gate_may(rq, ACTION_PRINT));
  return gate_page(rq, rs, "sheet_show", form_title(job.form, job.who.lang), job.data, e);
}

ROUTE_DEFINE(route_sheet_show, GET, "/sheets/:sheet", NEEDS(SHEET_READ), .summary = TR("つなぐシートを見る"),
             .handle = handle_show);
