/* leak_web.c: the record of 漏えい等, reached through the case; begun also from a lost print. */
#include "gate/handler.h"
#include "protect/protect.h"

static const char *const kind_codes[] = {"lost",  "wrong_address", "handed_over", "seen", "told",
                                         "taken", "system",        "other",       NULL};
static const char *const text_names[] = {"what", "cause", "harm", "done", "published", "prevention", "other", NULL};

static const struct field fields[] = {
    {.name = "kind", .kind = FIELD_CHOICE, .required = true, .options = kind_codes, .label = TR("何が起きたか")},
    {.name = "known", .kind = FIELD_DATE, .required = true, .label = TR("知った日")},
    {.name = "happened", .kind = FIELD_DATE, .label = TR("起きた日")},
    {.name = "categories", .kind = FIELD_CHOICES, .options = category_codes, .label = TR("どの情報か")},
    {.name = "persons", .kind = FIELD_INT, .required = true, .min = 1, .max = 10000000, .label = TR("何人分か")},
    {.name = "owed", .kind = FIELD_BOOL, .label = TR("個人情報保護委員会へ報告する")},
    {.name = "malicious", .kind = FIELD_BOOL, .label = TR("不正の目的のおそれがある（盗難・不正アクセスなど）")},
    {.name = "copy", .kind = FIELD_TEXT, .label = TR("写しの番号")},
    {.name = "print", .kind = FIELD_ID, .label = TR("なくした紙")},
    {.name = "what", .kind = FIELD_LINES, .required = true, .label = TR("くわしく")},
    {.name = "cause", .kind = FIELD_LINES, .label = TR("原因")},
    {.name = "harm", .kind = FIELD_LINES, .label = TR("二次被害と、そのおそれ")},
    {.name = "done", .kind = FIELD_LINES, .label = TR("本人への対応")},
    {.name = "published", .kind = FIELD_LINES, .label = TR("公表")},
    {.name = "prevention", .kind = FIELD_LINES, .label = TR("くり返さないための手だて")},
    {.name = "other", .kind = FIELD_LINES, .label = TR("そのほか")},
    {0}};
static const struct field from_print[] = {{.name = "copy", .kind = FIELD_TEXT},
                                          {.name = "print", .kind = FIELD_ID},
                                          {.name = "kind", .kind = FIELD_CHOICE, .options = kind_codes},
                                          {0}};

struct leak_job {
  struct request *rq;
  struct reader who;
  id64 case_id, leak, print;
  cats_t printed;
  struct doc *data;
  struct leak_new leak_new;
  enum leak_step step;
};

static enum code read_page(struct tx *tx, void *arg, struct err *e)
{
  struct leak_job *job = arg;
  struct case_head head = {0};
  const struct scope *s = NULL;
  enum code c = case_enter(tx, gate_actor(job->rq), ACTION_CASE_WRITE, job->case_id, &head, &s, e);
  if (c == OK)
    c = leak_page(tx, s, job->rq->arena, &job->who, &job->data, e);
  if (c == OK)
    c = leak_put_lost(tx, s, job->case_id, job->print, job->rq->arena, &job->who, job->data, &job->printed, e);
  return c == OK ? case_put_strip(tx, s, job->case_id, job->rq->arena, &job->who, job->data, e) : c;
}

/* What stands on the print that was lost is what was typed, until somebody types. */
static struct doc *chosen_categories(const struct leak_job *job, const struct doc *from)
{
  struct doc *list = doc_list(job->rq->arena);
  if (gate_has_problems(job->rq))
    return doc_get(from, "categories");
  for (int i = 0; i < CATEGORIES; i++)
    if (job->printed & (1u << i))
      doc_add_str(list, str_from(category_code(i)));
  return list;
}

static void put_form(struct leak_job *job)
{
  struct request *rq = job->rq;
  struct option words[CATEGORIES + 1] = {{0}};
  struct doc *initial = doc_map(rq->arena), *kind = NULL, *list = NULL;
  const struct doc *from = gate_has_problems(rq) ? gate_typed(rq) : rq->input;
  for (int i = 0; i < CATEGORIES; i++)
    words[i] = (struct option){category_code(i), category_label(i)};
  protect_put_options(job->data, "categories", job->who.lang, words, chosen_categories(job, from));
  list = doc_get(job->data, "kinds");
  for (size_t i = 0; i < doc_size(list); i++) {
    kind = doc_at(list, i);
    doc_replace(kind, "checked", doc_bool(rq->arena, str_eq(doc_get_str(kind, "value"), doc_get_str(from, "kind"))));
  }
  doc_put_str(initial, "known", date_iso(rq->arena, job->who.today));
  doc_put_cstr(initial, "persons", "1");
  doc_put_str(initial, "copy", doc_get_str(from, "copy"));
  doc_put(job->data, "f", gate_form(rq, fields, initial));
}

static enum code page(struct request *rq, struct response *rs, struct err *e)
{
  struct leak_job job = {.rq = rq, .who = gate_reader(rq)};
  enum code c = gate_param(rq, "case", &job.case_id, e);
  (void)doc_get_id(gate_has_problems(rq) ? gate_typed(rq) : rq->input, "print", &job.print);
  if (c == OK)
    c = gate_read(rq, read_page, &job, e);
  if (c != OK)
    return c;
  doc_put_id(job.data, "case_id", job.case_id);
  put_form(&job);
  return gate_page(rq, rs, "leak_list", tr(job.who.lang, TR("漏えい等の記録")), job.data, e);
}

ROUTE_DEFINE(route_leaks, GET, "/cases/:case/leaks", NEEDS(CASE_WRITE), .fields = from_print,
             .summary = TR("漏えい等の記録"), .handle = page);

static struct doc *content_of(struct request *rq)
{
  struct doc *d = doc_map(rq->arena);
  for (int i = 0; text_names[i]; i++)
    doc_put_str(d, text_names[i], str_trim(doc_get_str(rq->input, text_names[i])));
  return d;
}

static void take_leak(struct leak_job *job)
{
  const struct doc *in = job->rq->input, *cats = doc_get(in, "categories");
  struct leak_new *n = &job->leak_new;
  struct date known = {0};
  (void)date_parse_iso(doc_get_str(in, "known"), &known);
  for (size_t i = 0; i < doc_size(cats); i++) {
    cats_t one = 0;
    if (category_parse(doc_string(doc_at(cats, i)), &one))
      n->categories |= one;
  }
  n->kind = doc_get_str(in, "kind");
  n->copy_number = str_trim(doc_get_str(in, "copy"));
  (void)doc_get_id(in, "print", &n->copy);
  n->happened_on = doc_get_str(in, "happened");
  n->known_at = date_known(known) ? date_start_ts(known) : INT64_MAX;
  n->persons = doc_get_int(in, "persons");
  n->owed = doc_get_bool(in, "owed");
  n->malicious = doc_get_bool(in, "malicious");
  n->content = content_of(job->rq);
}

static enum code record(struct tx *tx, void *arg, struct err *e)
{
  struct leak_job *job = arg;
  struct case_head head = {0};
  const struct scope *s = NULL;
  id64 id = 0;
  enum code c = case_enter(tx, gate_actor(job->rq), ACTION_CASE_WRITE, job->case_id, &head, &s, e);
  return c == OK ? leak_record(tx, s, job->case_id, &job->leak_new, &id, e) : c;
}

static enum code handle_record(struct request *rq, struct response *rs, struct err *e)
{
  struct leak_job job = {.rq = rq};
  enum code c = gate_param(rq, "case", &job.case_id, e);
  if (c != OK)
    return c;
  if (gate_has_problems(rq))
    return page(rq, rs, e);
  take_leak(&job);
  struct str path = gate_path(rq, "/cases/", job.case_id, "/leaks");
  gate_location(rq, path);
  c = gate_write(rq, "leak_record", record, &job, e);
  return c == OK ? gate_done(rq, rs, path, TR("漏えい等を記録しました。期限までにすることが、今日の画面に出ます。"), e)
                 : c;
}

ROUTE_DEFINE(route_leak_record, POST, "/cases/:case/leaks", NEEDS(CASE_WRITE), .fields = fields,
             .summary = TR("漏えい等を記録する"), .handle = handle_record);

/* ---- afterwards ----------------------------------------------------------------------------------------------------------- */

static const char *const action_codes[] = {"first_report", "final_report", "told", "close", "save", NULL};
static const struct field change_fields[] = {
    {.name = "leak", .kind = FIELD_ID, .required = true, .label = TR("漏えい等の記録")},
    {.name = "action", .kind = FIELD_CHOICE, .required = true, .options = action_codes, .label = TR("すること")},
    {.name = "what", .kind = FIELD_LINES, .label = TR("くわしく")},
    {.name = "cause", .kind = FIELD_LINES, .label = TR("原因")},
    {.name = "harm", .kind = FIELD_LINES, .label = TR("二次被害と、そのおそれ")},
    {.name = "done", .kind = FIELD_LINES, .label = TR("本人への対応")},
    {.name = "published", .kind = FIELD_LINES, .label = TR("公表")},
    {.name = "prevention", .kind = FIELD_LINES, .label = TR("くり返さないための手だて")},
    {.name = "other", .kind = FIELD_LINES, .label = TR("そのほか")},
    {0}};

static enum code change(struct tx *tx, void *arg, struct err *e)
{
  struct leak_job *job = arg;
  struct case_head head = {0};
  const struct scope *s = NULL;
  enum code c = case_enter(tx, gate_actor(job->rq), ACTION_CASE_WRITE, job->case_id, &head, &s, e);
  if (c != OK)
    return c;
  return job->leak_new.content ? leak_change(tx, s, job->leak, job->leak_new.content, e)
                               : leak_step(tx, s, job->leak, job->step, e);
}

static enum code handle_change(struct request *rq, struct response *rs, struct err *e)
{
  struct leak_job job = {.rq = rq};
  enum code c = gate_param(rq, "case", &job.case_id, e);
  if (c != OK)
    return c;
  if (gate_has_problems(rq))
    return page(rq, rs, e);
  struct str path = gate_path(rq, "/cases/", job.case_id, "/leaks"), action = doc_get_str(rq->input, "action");
  (void)doc_get_id(rq->input, "leak", &job.leak);
  for (int i = 0; action_codes[i]; i++)
    if (str_is(action, action_codes[i]))
      job.step = (enum leak_step)i;
  if (str_is(action, "save"))
    job.leak_new.content = content_of(rq);
  gate_location(rq, path);
  c = gate_write(rq, "leak_change", change, &job, e);
  return c == OK ? gate_done(rq, rs, path, TR("保存しました。"), e) : c;
}

ROUTE_DEFINE(route_leak_change, POST, "/cases/:case/leaks/change", NEEDS(CASE_WRITE), .fields = change_fields,
             .summary = TR("漏えい等の報告・通知を記録する"), .handle = handle_change);
