/* course_web.c: how a case goes on, who works on it, 課内代行, and the steps of withdrawal. */
#include "casework/casework.h"
#include "gate/handler.h"
#include "gate/shown.h"

struct course_job {
  struct request *rq;
  struct reader who;
  id64 case_id;
  struct case_change change;
  struct case_staffing staff;
  struct doc *data, *workers, *form;
  struct case_head head; /* its texts die with the transaction */
  bool same;             /* what was sent is what stands */
  enum action action;
};

static enum code enter(struct tx *tx, struct course_job *job, const struct scope **ret, struct err *e)
{
  return case_enter(tx, gate_actor(job->rq), job->action, job->case_id, &job->head, ret, e);
}

/* ---- 段階と担当 ------------------------------------------------------------------------------------------------------------ */

static const char *const status_codes[] = {
#define X(code, label) code,
    CASE_STATUSES(X)
#undef X
        NULL};
static const char *const density_codes[] = {"A", "B", "C", NULL};
static const struct field change_fields[] = {
    {.name = "was", .kind = FIELD_CHOICE, .required = true, .options = status_codes},
    {.name = "status", .kind = FIELD_CHOICE, .required = true, .options = status_codes, .label = TR("段階")},
    {.name = "density",
     .kind = FIELD_CHOICE,
     .required = true,
     .options = density_codes,
     .label = TR("かかわりの頻度")},
    {.name = "next_day", .kind = FIELD_DATE, .label = TR("次にする日")},
    {.name = "reason", .kind = FIELD_LINES, .label = TR("理由")},
    {.name = "shown", .kind = FIELD_MAP},
    {0}};
static const struct field staff_fields[] = {{.name = "worker", .kind = FIELD_ID, .label = TR("加わる人")},
                                            {.name = "lead", .kind = FIELD_BOOL, .label = TR("主担当者にする")},
                                            {.name = "leaves", .kind = FIELD_ID, .label = TR("外れる人")},
                                            {0}};

static void put_statuses(struct course_job *job, struct str chosen)
{
  struct doc *list = doc_put_list(job->data, "statuses");
  for (int i = 0; status_codes[i]; i++) {
    struct str code = str_from(status_codes[i]);
    bool here = str_eq(code, job->head.status);
    if (!here && (!case_may_become(job->head.status, code) || str_is(code, "closed"))) /* 終結 has a page of its own */
      continue;
    struct doc *m = doc_add_map(list);
    doc_put_str(m, "value", code);
    doc_put_str(m, "word", case_status_label(job->who.lang, code));
    doc_put_bool(m, "here", here);
    doc_put_bool(m, "checked", str_eq(code, chosen));
    doc_put_bool(m, "reason", !here && case_needs_reason(job->head.status, code));
  }
}

static void put_workers(struct course_job *job)
{
  struct str worker = doc_get_str(gate_typed(job->rq), "worker"), leaves = doc_get_str(gate_typed(job->rq), "leaves");
  struct doc *come = doc_put_list(job->data, "come"), *leave = doc_put_list(job->data, "leave");
  for (size_t i = 0; i < doc_size(job->workers); i++) {
    const struct doc *w = doc_at(job->workers, i);
    bool assigned = doc_get_bool(w, "assigned");
    struct str id = doc_get_str(w, "id"), name = doc_get_str(w, "name");
    struct doc *m = doc_add_map(come);
    doc_put_str(m, "value", id);
    doc_put_str(m, "word", name);
    doc_put_bool(m, "lead", doc_get_bool(w, "lead"));
    doc_put_bool(m, "assigned", assigned);
    doc_put_bool(m, "selected", str_eq(id, worker));
    if (!assigned)
      continue;
    m = doc_add_map(leave);
    doc_put_str(m, "value", id);
    doc_put_str(m, "word", name);
    doc_put_bool(m, "lead", doc_get_bool(w, "lead"));
    doc_put_bool(m, "selected", str_eq(id, leaves));
  }
  doc_put_bool(job->data, "has_leave", doc_size(leave) > 0);
}

/* What stands beside what is typed; while the head's texts live. */
static void put_change(struct course_job *job)
{
  struct arena *a = job->rq->arena;
  struct doc *stands = doc_map(a), *words = doc_map(a);
  struct date day = {0};
  doc_put_str(stands, "status", job->head.status);
  doc_put_str(stands, "density", job->head.density);
  doc_put_str(stands, "next_day", job->head.next_date);
  doc_put_str(words, "status", case_status_label(job->who.lang, job->head.status));
  if (date_parse_iso(job->head.next_date, &day) && date_known(day))
    doc_put_str(words, "next_day", reader_date(a, &job->who, day));
  job->form = shown_form(job->rq, change_fields, stands, words);
  struct str typed = doc_get_str(gate_typed(job->rq), "status");
  doc_put_str(job->data, "was", job->head.status);
  put_statuses(job, gate_has_problems(job->rq) && typed.n ? typed : job->head.status);
}

static enum code read_course(struct tx *tx, void *arg, struct err *e)
{
  struct course_job *job = arg;
  const struct scope *s = NULL;
  struct doc *strip = NULL;
  enum code c = enter(tx, job, &s, e);
  job->data = doc_map(job->rq->arena);
  if (c == OK)
    c = case_strip(tx, s, &job->head, job->rq->arena, &job->who, &strip, e);
  if (c == OK)
    c = case_workers(tx, s, job->case_id, job->rq->arena, &job->workers, e);
  if (c != OK)
    return c;
  if (!case_clock_told(s, &job->head)) /* who comes and goes is said, not how the case goes */
    job->head = (struct case_head){.id = job->head.id, .lead_organization = job->head.lead_organization};
  put_change(job);
  doc_put(job->data, "strip", strip);
  doc_put_bool(job->data, "directs", case_directs(s, &job->head));
  doc_put_bool(job->data, "can_close", case_directs(s, &job->head) && case_may_become(job->head.status, S("closed")));
  doc_put_bool(job->data, "leads", case_directs(s, &job->head) && job->head.lead_organization);
  return OK;
}

static enum code course_page(struct request *rq, struct response *rs, struct err *e)
{
  struct course_job job = {.rq = rq, .who = gate_reader(rq), .action = ACTION_CASE_WRITE};
  enum code c = gate_param(rq, "case", &job.case_id, e);
  if (c == OK)
    c = gate_read(rq, read_course, &job, e);
  if (c != OK)
    return c;
  doc_put_id(job.data, "case_id", job.case_id);
  put_workers(&job);
  doc_put(job.data, "f", job.form);
  doc_put(job.data, "t", gate_form(rq, staff_fields, NULL));
  return gate_page(rq, rs, "course", tr(job.who.lang, TR("段階と担当")), job.data, e);
}

ROUTE_DEFINE(route_course, GET, "/cases/:case/course", NEEDS(CASE_WRITE), .summary = TR("段階と担当を変える画面"),
             .handle = course_page);

/* The value to write: what stands, where the form did not change it. */
static enum code choose(const struct course_job *job, const char *name, struct str stands, struct str *typed,
                        struct err *e)
{
  enum shown how = shown_of(job->rq, name, *typed, stands);
  if (how == SHOWN_KEPT)
    *typed = stands;
  return how == SHOWN_MEANWHILE ? err_field(e, name, SHOWN_TOO_LATE) : OK;
}

/* Only whoever directs it is told how it goes, also by a refusal. */
static enum code merge(struct course_job *job, const struct scope *s, struct case_change *ch, struct err *e)
{
  const struct case_head *h = &job->head;
  struct str next = doc_get_str(job->rq->input, "next_day");
  if (!case_directs(s, h) || !case_clock_told(s, h))
    return OK;
  enum code c = choose(job, "status", h->status, &ch->status, e);
  if (c == OK && shown_of(job->rq, "status", ch->status, h->status) != SHOWN_NOT)
    ch->was = h->status;
  if (c == OK)
    c = choose(job, "density", h->density, &ch->density, e);
  if (c == OK && shown_of(job->rq, "next_day", next, h->next_date) == SHOWN_KEPT)
    ch->next_date = (struct date){0};
  else if (c == OK && next.n) /* an empty one leaves what stands */
    c = choose(job, "next_day", h->next_date, &next, e);
  return c;
}

static enum code change(struct tx *tx, void *arg, struct err *e)
{
  struct course_job *job = arg;
  const struct scope *s = NULL;
  struct case_change ch = job->change;
  enum code c = enter(tx, job, &s, e);
  if (c == OK)
    c = merge(job, s, &ch, e);
  if (c == OK && str_is(ch.status, "closed") && !str_is(job->head.status, "closed"))
    return err_field(e, "status", TR("終結にするときは、「終結にする」から、起こることを確かめて保存してください。"));
  return c == OK ? case_change(tx, s, &job->head, &ch, e) : c;
}

/* Saved as it stands: a look, no change. */
static enum code look_whether_same(struct tx *tx, void *arg, struct err *e)
{
  struct course_job *job = arg;
  const struct scope *s = NULL;
  struct case_change ch = job->change;
  struct err late = {0}; /* is told by whoever writes */
  bool repeated = false;
  job->same = false;
  enum code c = gate_is_repeated(tx, job->rq, &repeated, e);
  if (c == OK && !repeated)
    c = enter(tx, job, &s, e);
  if (c != OK || repeated)
    return c;
  job->same = case_directs(s, &job->head) && case_clock_told(s, &job->head) && !ch.reason.n &&
              merge(job, s, &ch, &late) == OK && !case_changes(&job->head, &ch);
  return OK;
}

static enum code handle_change(struct request *rq, struct response *rs, struct err *e)
{
  struct course_job job = {.rq = rq, .action = ACTION_CASE_WRITE};
  const struct doc *in = rq->input;
  enum code c = gate_param(rq, "case", &job.case_id, e);
  if (c != OK)
    return c;
  if (gate_has_problems(rq))
    return course_page(rq, rs, e);
  job.change = (struct case_change){.was = doc_get_str(in, "was"),
                                    .status = doc_get_str(in, "status"),
                                    .density = doc_get_str(in, "density"),
                                    .reason = str_trim(doc_get_str(in, "reason"))};
  (void)date_parse_iso(doc_get_str(in, "next_day"), &job.change.next_date);
  struct str path = gate_path(rq, "/cases/", job.case_id, "");
  gate_location(rq, path);
  c = gate_read(rq, look_whether_same, &job, e);
  if (c == OK && job.same)
    return gate_done(rq, rs, path, TR("変わったところがなかったので、何も書きませんでした。"), e);
  if (c == OK)
    c = gate_write(rq, "case_change", change, &job, e);
  return c == OK ? gate_done(rq, rs, path, TR("保存しました。"), e) : c;
}

ROUTE_DEFINE(route_course_change, POST, "/cases/:case/course", NEEDS(CASE_WRITE), .fields = change_fields,
             .summary = TR("段階・頻度・次にする日を変える"), .handle = handle_change);

static enum code staff(struct tx *tx, void *arg, struct err *e)
{
  struct course_job *job = arg;
  const struct scope *s = NULL;
  enum code c = enter(tx, job, &s, e);
  return c == OK ? case_staff(tx, s, &job->head, &job->staff, e) : c;
}

static enum code handle_staff(struct request *rq, struct response *rs, struct err *e)
{
  struct course_job job = {.rq = rq, .action = ACTION_CASE_WRITE};
  enum code c = gate_param(rq, "case", &job.case_id, e);
  if (c != OK)
    return c;
  if (gate_has_problems(rq))
    return course_page(rq, rs, e);
  (void)doc_get_id(rq->input, "worker", &job.staff.worker);
  (void)doc_get_id(rq->input, "leaves", &job.staff.leaves);
  job.staff.lead = doc_get_bool(rq->input, "lead");
  struct str path = gate_path(rq, "/cases/", job.case_id, "/course"); /* who leaves may not see the case any more */
  if (job.staff.leaves == gate_actor(rq)->user)
    path = S("/cases");
  gate_location(rq, path);
  c = gate_write(rq, "case_staff", staff, &job, e);
  return c == OK ? gate_done(rq, rs, path, TR("担当を変えました。"), e) : c;
}

ROUTE_DEFINE(route_case_staff, POST, "/cases/:case/staff", NEEDS(CASE_WRITE), .fields = staff_fields,
             .summary = TR("担当する人を変える"), .handle = handle_staff);

/* ---- the steps of withdrawal ---------------------------------------------------------------------------------------------- */

static const char *const step_codes[] = {"0", "1", "2", "3", "4", "5", NULL};
static const struct field step_fields[] = {
    {.name = "day", .kind = FIELD_DATE, .required = true, .label = TR("いつの様子ですか")},
    {.name = "step", .kind = FIELD_CHOICE, .required = true, .options = step_codes, .label = TR("段階")},
    {.name = "note", .kind = FIELD_LINES, .label = TR("様子")},
    {0}};

static enum code read_steps(struct tx *tx, void *arg, struct err *e)
{
  struct course_job *job = arg;
  const struct scope *s = NULL;
  struct doc *strip = NULL, *steps = NULL;
  struct arena *a = job->rq->arena;
  enum code c = enter(tx, job, &s, e);
  job->data = doc_map(a);
  if (c == OK)
    c = case_strip(tx, s, &job->head, a, &job->who, &strip, e);
  if (c == OK)
    c = case_withdrawal_list(tx, s, job->case_id, a, &job->who, &steps, e);
  if (c != OK)
    return c;
  doc_put(job->data, "strip", strip);
  doc_put_bool(job->data, "can_write", scope_writes(s) && scope_may(s, ACTION_RECORD_WRITE));
  case_put_withdrawal(job->data, steps, a, job->who.lang);
  return OK;
}

static enum code steps_page(struct request *rq, struct response *rs, struct err *e)
{
  struct course_job job = {.rq = rq, .who = gate_reader(rq), .action = ACTION_RECORD_READ};
  struct doc *initial = doc_map(rq->arena);
  enum code c = gate_param(rq, "case", &job.case_id, e);
  if (c == OK)
    c = gate_read(rq, read_steps, &job, e);
  if (c != OK)
    return c;
  doc_put_str(initial, "day", date_iso(rq->arena, job.who.today));
  doc_put_id(job.data, "case_id", job.case_id);
  doc_put(job.data, "f", gate_form(rq, step_fields, initial));
  return gate_page(rq, rs, "withdrawal", tr(job.who.lang, TR("ひきこもりの段階")), job.data, e);
}

ROUTE_DEFINE(route_withdrawal, GET, "/cases/:case/withdrawal", NEEDS(RECORD_READ),
             .summary = TR("ひきこもりの段階の移り変わり"), .handle = steps_page);

static enum code add_step(struct tx *tx, void *arg, struct err *e)
{
  struct course_job *job = arg;
  const struct scope *s = NULL;
  const struct doc *in = job->rq->input;
  struct date day = {0};
  int64_t step = -1;
  (void)date_parse_iso(doc_get_str(in, "day"), &day);
  (void)str_to_i64(doc_get_str(in, "step"), &step);
  enum code c = enter(tx, job, &s, e);
  return c == OK ? case_withdrawal_add(tx, s, job->case_id, day, (int)step, str_trim(doc_get_str(in, "note")), e) : c;
}

static enum code handle_step(struct request *rq, struct response *rs, struct err *e)
{
  struct course_job job = {.rq = rq, .action = ACTION_RECORD_WRITE};
  enum code c = gate_param(rq, "case", &job.case_id, e);
  if (c != OK)
    return c;
  if (gate_has_problems(rq))
    return steps_page(rq, rs, e);
  struct str path = gate_path(rq, "/cases/", job.case_id, "/withdrawal");
  gate_location(rq, path);
  c = gate_write(rq, "withdrawal_add", add_step, &job, e);
  return c == OK ? gate_done(rq, rs, path, TR("保存しました。"), e) : c;
}

ROUTE_DEFINE(route_withdrawal_add, POST, "/cases/:case/withdrawal", NEEDS(RECORD_WRITE), .fields = step_fields,
             .summary = TR("ひきこもりの段階を書く"), .handle = handle_step);
