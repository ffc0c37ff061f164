/* basis_web.c: 法令による提供 of a case: its page, its form, and what is done about one. */
#include "basis/basis.h"
#include "gate/handler.h"
#include "protect/protect.h"

static const struct field new_query[] = {{.name = "to", .kind = FIELD_ID}, {0}};
static const struct field new_fields[] = {
    {.name = "to", .kind = FIELD_ID, .required = true, .label = TR("渡す相手")},
    {.name = "code", .kind = FIELD_CHOICE, .required = true, .options = basis_codes, .label = TR("どの法令によるか")},
    {.name = "asked", .kind = FIELD_TEXT, .label = TR("求めた人・文書の番号")},
    {.name = "categories", .kind = FIELD_CHOICES, .options = category_codes, .label = TR("渡す内容")},
    {.name = "items", .kind = FIELD_LINES, .label = TR("くわしい項目")},
    {.name = "purpose", .kind = FIELD_LINES, .required = true, .label = TR("何のために渡すか")},
    {.name = "necessity", .kind = FIELD_LINES, .required = true, .label = TR("なぜ必要か")},
    {.name = "weighing",
     .kind = FIELD_LINES,
     .required = true,
     .label = TR("本人やほかの人を不当に害さないと考える理由")},
    {.name = "why",
     .kind = FIELD_CHOICE,
     .required = true,
     .options = basis_why_codes,
     .label = TR("なぜ同意によらないか")},
    {.name = "why_text", .kind = FIELD_LINES, .label = TR("くわしく")},
    {.name = "from", .kind = FIELD_DATE, .required = true, .label = TR("いつから")},
    {.name = "until", .kind = FIELD_DATE, .required = true, .label = TR("いつまで")},
    {.name = "tell",
     .kind = FIELD_CHOICE,
     .required = true,
     .options = basis_tell_codes,
     .label = TR("本人に知らせるか")},
    {.name = "tell_due", .kind = FIELD_DATE, .label = TR("いつまでに知らせるか")},
    {.name = "untold", .kind = FIELD_LINES, .label = TR("知らせない理由")},
    {0}};

struct basis_job {
  struct request *rq;
  struct reader who;
  id64 case_id, to, basis;
  struct doc *data;
  struct basis_new asked;
  enum { DO_ALLOW, DO_REFUSE, DO_TELL, DO_END } deed;
  struct date day;
  struct str how;
};

static enum code enter(struct tx *tx, const struct basis_job *job, enum action action, const struct scope **ret,
                       struct err *e)
{
  struct case_head head = {0};
  return case_enter(tx, gate_actor(job->rq), action, job->case_id, &head, ret, e);
}

/* ---- the list ------------------------------------------------------------------------------------------------------------------ */

static enum code read_list(struct tx *tx, void *arg, struct err *e)
{
  struct basis_job *job = arg;
  const struct scope *s = NULL;
  enum code c = enter(tx, job, ACTION_CONSENT_READ, &s, e);
  if (c == OK)
    c = basis_page(tx, s, job->case_id, job->rq->arena, &job->who, &job->data, e);
  return c == OK ? case_put_strip(tx, s, job->case_id, job->rq->arena, &job->who, job->data, e) : c;
}

static const struct field told_fields[] = {
    {.name = "basis", .kind = FIELD_ID, .required = true, .label = TR("法令による提供")},
    {.name = "day", .kind = FIELD_DATE, .required = true, .label = TR("知らせた日")},
    {.name = "how", .kind = FIELD_TEXT, .label = TR("どのように")},
    {0}};

/* Each that waits for being told has its form; what was typed for one of them comes back in the form on top. */
static void put_told_forms(const struct basis_job *job, const struct doc *initial)
{
  struct doc *rows = doc_get(job->data, "rows");
  for (size_t i = 0; i < doc_size(rows); i++) {
    struct doc *row = doc_at(rows, i);
    if (gate_has_problems(job->rq))
      doc_replace(row, "can_tell", doc_bool(job->rq->arena, false));
    if (!doc_get_bool(row, "can_tell"))
      continue;
    struct doc *day = doc_get(gate_form(job->rq, told_fields, initial), "day");
    struct str id = str_printf(job->rq->arena, "day-%.*s", STR_FMT(doc_get_str(row, "id")));
    doc_replace(day, "id", doc_str(job->rq->arena, id));
    doc_put(row, "day", day);
  }
}

static enum code list_page(struct request *rq, struct response *rs, struct err *e)
{
  struct basis_job job = {.rq = rq, .who = gate_reader(rq)};
  struct doc *initial = doc_map(rq->arena);
  enum code c = gate_param(rq, "case", &job.case_id, e);
  if (c == OK)
    c = gate_read(rq, read_list, &job, e);
  if (c != OK)
    return c;
  doc_put_id(job.data, "case_id", job.case_id);
  doc_put_str(initial, "day", date_iso(rq->arena, job.who.today));
  doc_put(job.data, "f", gate_form(rq, told_fields, initial));
  put_told_forms(&job, initial);
  doc_put_str(job.data, "typed_of", doc_get_str(gate_has_problems(rq) ? gate_typed(rq) : NULL, "basis"));
  return gate_page(rq, rs, "basis_list", tr(job.who.lang, TR("法令による提供")), job.data, e);
}

ROUTE_DEFINE(route_basis_list, GET, "/cases/:case/bases", NEEDS(CONSENT_READ), .summary = TR("法令による提供を見る"),
             .handle = list_page);

/* ---- the form ------------------------------------------------------------------------------------------------------------------ */

static enum code read_new(struct tx *tx, void *arg, struct err *e)
{
  struct basis_job *job = arg;
  const struct scope *s = NULL;
  job->data = doc_map(job->rq->arena);
  enum code c = enter(tx, job, ACTION_BASIS_RECORD, &s, e);
  if (c == OK)
    c = basis_choices(tx, s, job->to, job->rq->arena, &job->who, job->data, e);
  return c == OK ? case_put_strip(tx, s, job->case_id, job->rq->arena, &job->who, job->data, e) : c;
}

static bool is_in(const struct doc *list, const char *text)
{
  for (size_t i = 0; i < doc_size(list); i++)
    if (str_is(doc_string(doc_at(list, i)), text))
      return true;
  return false;
}

static void put_typed(struct basis_job *job)
{
  struct request *rq = job->rq;
  const cats_t sensitive = CAT_HEALTH | CAT_DISABILITY | CAT_MENTAL | CAT_ABUSE;
  const struct doc *typed = gate_has_problems(rq) ? gate_typed(rq) : NULL;
  struct doc *initial = doc_map(rq->arena), *list = doc_put_list(job->data, "categories"),
             *codes = doc_get(job->data, "codes");
  struct date today = job->who.today;
  for (int i = 0; i < CATEGORIES; i++) {
    struct doc *d = doc_add_map(list);
    doc_put_cstr(d, "value", category_code(i));
    doc_put_str(d, "word", tr(job->who.lang, category_label(i)));
    doc_put_bool(d, "sensitive", sensitive & (1u << i));
    doc_put_bool(d, "checked", is_in(doc_get(typed, "categories"), category_code(i)));
  }
  for (size_t i = 0; i < doc_size(codes); i++) {
    struct doc *d = doc_at(codes, i);
    doc_put_bool(d, "checked", str_eq(doc_get_str(d, "value"), doc_get_str(typed, "code")));
  }
  basis_put_words(job->data, job->who.lang, typed);
  doc_put_str(initial, "from", date_iso(rq->arena, today));
  doc_put_str(initial, "until", date_iso(rq->arena, date_add_days(today, 90)));
  doc_put_str(initial, "tell_due", date_iso(rq->arena, date_add_days(today, 30)));
  doc_put(job->data, "f", gate_form(rq, new_fields, initial));
}

static enum code new_page(struct request *rq, struct response *rs, struct err *e)
{
  struct basis_job job = {.rq = rq, .who = gate_reader(rq)};
  enum code c = gate_param(rq, "case", &job.case_id, e);
  (void)doc_get_id(gate_has_problems(rq) ? gate_typed(rq) : rq->input, "to", &job.to);
  if (c == OK)
    c = gate_read(rq, read_new, &job, e);
  if (c != OK)
    return c;
  doc_put_id(job.data, "case_id", job.case_id);
  doc_put_bool(job.data, "has_form", doc_get_bool(job.data, "has_to") || gate_has_problems(rq));
  put_typed(&job);
  return gate_page(rq, rs, "basis_new", tr(job.who.lang, TR("法令による提供を申し出る")), job.data, e);
}

ROUTE_DEFINE(route_basis_new, GET, "/cases/:case/bases/new", NEEDS(BASIS_RECORD), .fields = new_query,
             .summary = TR("法令による提供を申し出る画面"), .handle = new_page);

static struct doc *content_of(struct request *rq)
{
  static const char *const names[] = {"purpose", "items", "asked", "why_text", "untold"};
  struct doc *d = doc_map(rq->arena);
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    doc_put_str(d, names[i], str_trim(doc_get_str(rq->input, names[i])));
  return d;
}

static void take_new(struct basis_job *job)
{
  const struct doc *in = job->rq->input, *cats = doc_get(in, "categories");
  struct basis_new *n = &job->asked;
  for (int k = 0; k < CATEGORIES; k++)
    if (is_in(cats, category_code(k)))
      n->categories |= 1u << k;
  (void)doc_get_id(in, "to", &n->to);
  n->code = doc_get_str(in, "code");
  n->why = doc_get_str(in, "why");
  n->tell = doc_get_str(in, "tell");
  n->necessity = str_trim(doc_get_str(in, "necessity"));
  n->weighing = str_trim(doc_get_str(in, "weighing"));
  n->content = content_of(job->rq);
  (void)date_parse_iso(doc_get_str(in, "from"), &n->from_day);
  (void)date_parse_iso(doc_get_str(in, "until"), &n->until_day);
  (void)date_parse_iso(doc_get_str(in, "tell_due"), &n->tell_due);
}

static enum code record(struct tx *tx, void *arg, struct err *e)
{
  struct basis_job *job = arg;
  const struct scope *s = NULL;
  id64 id = 0;
  enum code c = enter(tx, job, ACTION_BASIS_RECORD, &s, e);
  return c == OK ? basis_record(tx, s, job->case_id, &job->asked, &id, e) : c;
}

static enum code handle_record(struct request *rq, struct response *rs, struct err *e)
{
  struct basis_job job = {.rq = rq};
  enum code c = gate_param(rq, "case", &job.case_id, e);
  if (c != OK)
    return c;
  if (gate_has_problems(rq))
    return new_page(rq, rs, e);
  take_new(&job);
  struct str path = gate_path(rq, "/cases/", job.case_id, "/bases");
  gate_location(rq, path);
  c = gate_write(rq, "basis_record", record, &job, e);
  return c == OK ? gate_done(rq, rs, path, TR("申し出ました。管理者が認めると、相手から見えるようになります。"), e) : c;
}

ROUTE_DEFINE(route_basis_record, POST, "/cases/:case/bases/new", NEEDS(BASIS_RECORD), .fields = new_fields,
             .leaves = true, .summary = TR("法令による提供を申し出る"), .handle = handle_record);

/* ---- what is done about one ------------------------------------------------------------------------------------------------------ */

static enum code change(struct tx *tx, void *arg, struct err *e)
{
  struct basis_job *job = arg;
  const struct scope *s = NULL;
  bool decides = job->deed == DO_ALLOW || job->deed == DO_REFUSE;
  enum code c = enter(tx, job, decides ? ACTION_BASIS_APPROVE : ACTION_BASIS_RECORD, &s, e);
  if (c != OK)
    return c;
  if (decides)
    return basis_decide(tx, s, job->basis, job->deed == DO_ALLOW, e);
  return job->deed == DO_TELL ? basis_tell(tx, s, job->basis, job->day, job->how, e) : basis_end(tx, s, job->basis, e);
}

static enum code handle_change(struct basis_job *job, struct response *rs, const char *notice, struct err *e)
{
  struct request *rq = job->rq;
  enum code c = gate_param(rq, "case", &job->case_id, e);
  if (c != OK)
    return c;
  if (gate_has_problems(rq))
    return list_page(rq, rs, e);
  (void)doc_get_id(rq->input, "basis", &job->basis);
  struct str path = gate_path(rq, "/cases/", job->case_id, "/bases");
  gate_location(rq, path);
  c = gate_write(rq, "basis_change", change, job, e);
  return c == OK ? gate_done(rq, rs, path, notice, e) : c;
}

static const char *const decision_codes[] = {"allow", "refuse", NULL};
static const struct field decide_fields[] = {
    {.name = "basis", .kind = FIELD_ID, .required = true, .label = TR("法令による提供")},
    {.name = "decision", .kind = FIELD_CHOICE, .required = true, .options = decision_codes, .label = TR("決めたこと")},
    {0}};

static enum code handle_decide(struct request *rq, struct response *rs, struct err *e)
{
  bool allow = str_is(doc_get_str(rq->input, "decision"), "allow");
  struct basis_job job = {.rq = rq, .deed = allow ? DO_ALLOW : DO_REFUSE};
  return handle_change(&job, rs, allow ? TR("認めました。") : TR("認めませんでした。"), e);
}

ROUTE_DEFINE(route_basis_decide, POST, "/cases/:case/bases/decide", NEEDS(BASIS_APPROVE), .fields = decide_fields,
             .summary = TR("法令による提供を認める"), .handle = handle_decide);

static enum code handle_told(struct request *rq, struct response *rs, struct err *e)
{
  struct basis_job job = {.rq = rq, .deed = DO_TELL, .how = str_trim(doc_get_str(rq->input, "how"))};
  (void)date_parse_iso(doc_get_str(rq->input, "day"), &job.day);
  return handle_change(&job, rs, TR("本人に知らせたことを記録しました。"), e);
}

ROUTE_DEFINE(route_basis_told, POST, "/cases/:case/bases/told", NEEDS(BASIS_RECORD), .fields = told_fields,
             .summary = TR("法令による提供を本人に知らせたことを記録する"), .handle = handle_told);

static const struct field end_fields[] = {
    {.name = "basis", .kind = FIELD_ID, .required = true, .label = TR("法令による提供")}, {0}};

static enum code handle_end(struct request *rq, struct response *rs, struct err *e)
{
  struct basis_job job = {.rq = rq, .deed = DO_END};
  return handle_change(&job, rs, TR("終えました。これによっては、もう見られません。"), e);
}

ROUTE_DEFINE(route_basis_end, POST, "/cases/:case/bases/end", NEEDS(BASIS_RECORD), .fields = end_fields,
             .summary = TR("法令による提供を終える"), .handle = handle_end);
