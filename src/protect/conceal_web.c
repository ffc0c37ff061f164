/* conceal_web.c: the pages of 秘匿. */
#include "gate/handler.h"
#include "protect/protect.h"

static const char *const item_codes[] = {"address", "phone", "school", "workplace", NULL};
static const struct option items[] = {
    {"address", TR("住所")}, {"phone", TR("電話")}, {"school", TR("学校")}, {"workplace", TR("勤め先")}, {0}};

static const struct field set_fields[] = {
    {.name = "items", .kind = FIELD_CHOICES, .required = true, .options = item_codes, .label = TR("何を秘匿にするか")},
    {.name = "holders", .kind = FIELD_TEXTS, .label = TR("知ってよい人")},
    {.name = "until", .kind = FIELD_DATE, .label = TR("いつまで")},
    {.name = "town", .kind = FIELD_TEXT, .apart = true, .label = TR("支援措置を受け付けた市区町村")},
    {.name = "reason", .kind = FIELD_LINES, .apart = true, .required = true, .label = TR("なぜ秘匿にするか")},
    {0}};

struct conceal_job {
  struct request *rq;
  struct reader who;
  id64 case_id, concealment, user;
  struct doc *data;
  struct conceal_new set;
  id64 holders[CONCEAL_HOLDERS];
  tx_fn change; /* what a POST does once the case is entered; its arg is this job */
  const struct scope *s;
};

/* What was typed into one of the forms of a row. */
static struct str typed_back(struct request *rq)
{
  static const char *const names[] = {"whose", "value", "why"};
  struct buf b;
  buf_init(&b, rq->arena, LIMIT_BODY);
  for (size_t i = 0; gate_has_problems(rq) && i < sizeof names / sizeof *names; i++) {
    struct str text = doc_get_str(gate_typed(rq), names[i]);
    buf_printf(&b, "%s%.*s", b.n && text.n ? " " : "", STR_FMT(text));
  }
  return buf_str(&b);
}

static enum code read_page(struct tx *tx, void *arg, struct err *e)
{
  struct conceal_job *job = arg;
  struct case_head head = {0};
  const struct scope *s = NULL;
  struct doc *strip = NULL;
  enum code c = case_enter(tx, gate_actor(job->rq), ACTION_CASE_READ, job->case_id, &head, &s, e);
  if (c == OK)
    c = case_strip(tx, s, &head, job->rq->arena, &job->who, &strip, e);
  if (c == OK)
    c = conceal_page(tx, s, job->rq->arena, &job->who, &job->data, e);
  if (c == OK)
    doc_put(job->data, "strip", strip);
  return c;
}

static bool is_in(const struct doc *list, struct str text)
{
  for (size_t i = 0; i < doc_size(list); i++)
    if (str_eq(doc_string(doc_at(list, i)), text))
      return true;
  return false;
}

/* Whoever may be named and is not yet. */
static struct doc *others_of(struct arena *a, const struct doc *candidates, const struct doc *holders)
{
  struct doc *list = doc_list(a);
  for (size_t i = 0; i < doc_size(candidates); i++) {
    bool named = false;
    for (size_t k = 0; k < doc_size(holders) && !named; k++)
      named = str_eq(doc_get_str(doc_at(holders, k), "id"), doc_get_str(doc_at(candidates, i), "id"));
    if (!named)
      doc_add(list, doc_at(candidates, i));
  }
  return list;
}

/* Each form of a row names the case. */
static void put_case(struct conceal_job *job)
{
  struct doc *rows = doc_get(job->data, "rows"), *left = doc_get(job->data, "left");
  doc_put_id(job->data, "case_id", job->case_id);
  for (size_t i = 0; i < doc_size(left); i++) {
    doc_put_id(doc_at(left, i), "case_id", job->case_id);
    doc_put(doc_at(left, i), "candidates", others_of(job->rq->arena, doc_get(job->data, "candidates"), NULL));
  }
  for (size_t i = 0; i < doc_size(rows); i++) {
    struct doc *row = doc_at(rows, i), *holders = doc_get(row, "holders");
    doc_put_id(row, "case_id", job->case_id);
    struct doc *others = others_of(job->rq->arena, doc_get(job->data, "candidates"), holders);
    doc_put_bool(row, "has_candidates", doc_size(others) > 0);
    doc_put(row, "candidates", others);
    doc_put_id(doc_get(row, "release"), "case_id", job->case_id);
    for (size_t k = 0; k < doc_size(holders); k++)
      doc_put_id(doc_at(holders, k), "case_id", job->case_id);
  }
}

static enum code page(struct request *rq, struct response *rs, struct err *e)
{
  struct conceal_job job = {.rq = rq, .who = gate_reader(rq)};
  const struct doc *typed = gate_has_problems(rq) ? gate_typed(rq) : NULL;
  enum code c = gate_param(rq, "case", &job.case_id, e);
  if (c == OK)
    c = gate_read(rq, read_page, &job, e);
  if (c != OK)
    return c;
  struct doc *candidates = doc_get(job.data, "candidates");
  for (size_t i = 0; i < doc_size(candidates); i++) {
    struct doc *d = doc_at(candidates, i);
    doc_replace(d, "checked", doc_bool(rq->arena, is_in(doc_get(typed, "holders"), doc_get_str(d, "id"))));
  }
  put_case(&job);
  doc_put_str(job.data, "typed", typed_back(rq));
  protect_put_options(job.data, "items", job.who.lang, items, doc_get(typed, "items"));
  doc_put(job.data, "f", gate_form(rq, set_fields, NULL));
  return gate_page(rq, rs, "conceal_show", tr(job.who.lang, TR("秘匿")), job.data, e);
}

ROUTE_DEFINE(route_conceal, GET, "/cases/:case/concealment", NEEDS(CASE_READ), .summary = TR("秘匿と、知ってよい人"),
             .handle = page);

/* ---- opening on demand ----------------------------------------------------------------------------------------------------- */

static enum code read_open(struct tx *tx, void *arg, struct err *e)
{
  struct conceal_job *job = arg;
  struct case_head head = {0};
  const struct scope *s = NULL;
  enum code c = case_enter(tx, gate_actor(job->rq), ACTION_CONCEAL_OPEN, job->case_id, &head, &s, e);
  if (c == OK)
    c = conceal_values(tx, s, job->rq->arena, &job->who, &job->data, e);
  return c == OK ? case_put_strip(tx, s, job->case_id, job->rq->arena, &job->who, job->data, e) : c;
}

static enum code open_page(struct request *rq, struct response *rs, struct err *e)
{
  struct conceal_job job = {.rq = rq, .who = gate_reader(rq)};
  enum code c = gate_param(rq, "case", &job.case_id, e);
  if (c == OK)
    c = gate_read(rq, read_open, &job, e);
  if (c != OK)
    return c;
  gate_unveil(rq);
  doc_put_id(job.data, "case_id", job.case_id);
  return gate_page(rq, rs, "conceal_open", tr(job.who.lang, TR("秘匿の項目")), job.data, e);
}

ROUTE_DEFINE(route_conceal_open, GET, "/cases/:case/concealment/open", NEEDS(CONCEAL_OPEN),
             .summary = TR("秘匿の項目を開く"), .handle = open_page);

/* ---- changing ---------------------------------------------------------------------------------------------------------------- */

static enum code enter_and_change(struct tx *tx, void *arg, struct err *e)
{
  struct conceal_job *job = arg;
  struct case_head head = {0};
  enum code c = case_enter(tx, gate_actor(job->rq), ACTION_CONCEAL_SET, job->case_id, &head, &job->s, e);
  return c == OK ? job->change(tx, job, e) : c;
}

static enum code change(struct conceal_job *job, struct response *rs, tx_fn fn, const char *notice, struct err *e)
{
  struct request *rq = job->rq;
  struct str path = gate_path(rq, "/cases/", job->case_id, "/concealment");
  job->change = fn;
  (void)doc_get_id(rq->input, "concealment", &job->concealment);
  (void)doc_get_id(rq->input, "user", &job->user);
  gate_location(rq, path);
  enum code c = gate_write(rq, "conceal", enter_and_change, job, e);
  return c == OK ? gate_done(rq, rs, path, notice, e) : c;
}

static uint32_t items_of(const struct doc *list)
{
  uint32_t sum = 0;
  for (int i = 0; item_codes[i]; i++)
    if (is_in(list, str_from(item_codes[i])))
      sum |= 1u << i;
  return sum;
}

static enum code take_set(struct conceal_job *job, struct err *e)
{
  const struct doc *in = job->rq->input, *holders = doc_get(in, "holders");
  struct date until = {0};
  for (size_t i = 0; i < doc_size(holders); i++)
    if (i == CONCEAL_HOLDERS || !id_parse(doc_string(doc_at(holders, i)), &job->holders[job->set.holder_count++]))
      return err_field(e, "holders", TR("知ってよい人を、一覧から選んでください。"));
  if (date_parse_iso(doc_get_str(in, "until"), &until) && date_known(until))
    job->set.until = date_start_ts(date_add_days(until, 1));
  job->set.items = items_of(doc_get(in, "items"));
  job->set.holders = job->holders;
  job->set.town = doc_get_str(in, "town");
  job->set.reason = doc_get_str(in, "reason");
  return OK;
}

static enum code set(struct tx *tx, void *arg, struct err *e)
{
  struct conceal_job *job = arg;
  id64 id = 0;
  return conceal_set(tx, job->s, &job->set, &id, e);
}

static enum code handle_set(struct request *rq, struct response *rs, struct err *e)
{
  struct conceal_job job = {.rq = rq};
  enum code c = gate_param(rq, "case", &job.case_id, e);
  if (c != OK)
    return c;
  if (gate_has_problems(rq))
    return page(rq, rs, e);
  c = take_set(&job, e);
  return c == OK ? change(&job, rs, set, TR("秘匿にしました。"), e) : c;
}

ROUTE_DEFINE(route_conceal_set, POST, "/cases/:case/concealment", NEEDS(CONCEAL_SET), .fields = set_fields,
             .summary = TR("秘匿にする"), .handle = handle_set);

static const char *const holder_codes[] = {"add", "end", NULL};
static const struct field holder_fields[] = {
    {.name = "concealment", .kind = FIELD_ID, .required = true, .label = TR("秘匿")},
    {.name = "user", .kind = FIELD_ID, .required = true, .label = TR("知ってよい人")},
    {.name = "action", .kind = FIELD_CHOICE, .required = true, .options = holder_codes, .label = TR("すること")},
    {.name = "why", .kind = FIELD_TEXT, .apart = true, .label = TR("理由")},
    {0}};

static enum code add_holder(struct tx *tx, void *arg, struct err *e)
{
  struct conceal_job *job = arg;
  return conceal_add_holder(tx, job->s, job->concealment, job->user, str_trim(doc_get_str(job->rq->input, "why")), e);
}

static enum code end_holder(struct tx *tx, void *arg, struct err *e)
{
  struct conceal_job *job = arg;
  return conceal_end_holder(tx, job->s, job->concealment, job->user, str_trim(doc_get_str(job->rq->input, "why")), e);
}

static enum code handle_holder(struct request *rq, struct response *rs, struct err *e)
{
  struct conceal_job job = {.rq = rq};
  enum code c = gate_param(rq, "case", &job.case_id, e);
  if (c != OK)
    return c;
  if (gate_has_problems(rq))
    return page(rq, rs, e);
  bool add = str_is(doc_get_str(rq->input, "action"), "add");
  return change(&job, rs, add ? add_holder : end_holder,
                add ? TR("加えました。ほかの知ってよい人と管理者にも伝わりました。")
                    : TR("外しました。外された人と、ほかの知ってよい人、管理者に伝わりました。"),
                e);
}

ROUTE_DEFINE(route_conceal_holder, POST, "/cases/:case/concealment/holders", NEEDS(CONCEAL_SET),
             .fields = holder_fields, .summary = TR("知ってよい人を変える"), .handle = handle_holder);

static const struct field value_fields[] = {
    {.name = "concealment", .kind = FIELD_ID, .required = true, .label = TR("秘匿")},
    {.name = "whose", .kind = FIELD_TEXT, .apart = true, .label = TR("だれの")},
    {.name = "item", .kind = FIELD_CHOICE, .required = true, .options = item_codes, .label = TR("何の")},
    {.name = "value", .kind = FIELD_TEXT, .required = true, .apart = true, .label = TR("内容")},
    {0}};

static enum code add_value(struct tx *tx, void *arg, struct err *e)
{
  struct conceal_job *job = arg;
  const struct doc *in = job->rq->input;
  struct conceal_value v = {.whose = doc_get_str(in, "whose"), .value = doc_get_str(in, "value")};
  for (int i = 0; item_codes[i]; i++)
    if (str_is(doc_get_str(in, "item"), item_codes[i]))
      v.item = 1u << i;
  return conceal_add_value(tx, job->s, job->concealment, &v, e);
}

static enum code handle_value(struct request *rq, struct response *rs, struct err *e)
{
  struct conceal_job job = {.rq = rq};
  enum code c = gate_param(rq, "case", &job.case_id, e);
  if (c != OK)
    return c;
  return gate_has_problems(rq) ? page(rq, rs, e) : change(&job, rs, add_value, TR("秘匿に加えました。"), e);
}

ROUTE_DEFINE(route_conceal_value, POST, "/cases/:case/concealment/values", NEEDS(CONCEAL_SET), .fields = value_fields,
             .summary = TR("家族などの秘匿の項目を加える"), .handle = handle_value);

static const struct field release_fields[] = {
    {.name = "concealment", .kind = FIELD_ID, .required = true, .label = TR("秘匿")},
    {.name = "reason", .kind = FIELD_LINES, .required = true, .apart = true, .label = TR("解いてよい理由")},
    {0}};

static enum code ask_release(struct tx *tx, void *arg, struct err *e)
{
  struct conceal_job *job = arg;
  return conceal_ask_release(tx, job->s, job->concealment, doc_get_str(job->rq->input, "reason"), e);
}

static enum code handle_release(struct request *rq, struct response *rs, struct err *e)
{
  struct conceal_job job = {.rq = rq};
  enum code c = gate_param(rq, "case", &job.case_id, e);
  if (c != OK)
    return c;
  return gate_has_problems(rq) ? page(rq, rs, e)
                               : change(&job, rs, ask_release, TR("申し出ました。もう一人の確認で解けます。"), e);
}

ROUTE_DEFINE(route_conceal_release, POST, "/cases/:case/concealment/release", NEEDS(CONCEAL_SET),
             .fields = release_fields, .summary = TR("秘匿を解くことを申し出る"), .handle = handle_release);

static const char *const decision_codes[] = {"grant", "refuse", NULL};
static const struct field decide_fields[] = {
    {.name = "release", .kind = FIELD_ID, .required = true, .label = TR("申し出")},
    {.name = "decision", .kind = FIELD_CHOICE, .required = true, .options = decision_codes, .label = TR("決めること")},
    {0}};

static enum code decide(struct tx *tx, void *arg, struct err *e)
{
  struct conceal_job *job = arg;
  id64 release = 0;
  (void)doc_get_id(job->rq->input, "release", &release);
  return conceal_decide_release(tx, job->s, release, str_is(doc_get_str(job->rq->input, "decision"), "grant"), e);
}

static enum code handle_decide(struct request *rq, struct response *rs, struct err *e)
{
  struct conceal_job job = {.rq = rq};
  enum code c = gate_param(rq, "case", &job.case_id, e);
  if (c != OK)
    return c;
  return gate_has_problems(rq) ? page(rq, rs, e) : change(&job, rs, decide, TR("決めました。"), e);
}

ROUTE_DEFINE(route_conceal_decide, POST, "/cases/:case/concealment/decide", NEEDS(CONCEAL_SET), .fields = decide_fields,
             .summary = TR("秘匿を解くかを決める"), .handle = handle_decide);

/* ---- while typing ------------------------------------------------------------------------------------------------------------- */

static const struct field check_fields[] = {{.name = "text", .kind = FIELD_TEXTS, .apart = true, .label = TR("文")},
                                            {0}};

/* The lines of what is being typed, together. */
static struct str lines_of(const struct doc *list, struct arena *a)
{
  struct buf b;
  buf_init(&b, a, LIMIT_BODY);
  for (size_t i = 0; i < doc_size(list); i++)
    buf_printf(&b, "%.*s\n", STR_FMT(doc_string(doc_at(list, i))));
  return buf_str(&b);
}

static enum code check(struct tx *tx, void *arg, struct err *e)
{
  struct conceal_job *job = arg;
  struct case_head head = {0};
  struct needles *secret = NULL;
  const struct scope *s = NULL;
  enum code c = case_enter(tx, gate_actor(job->rq), ACTION_PERSON_WRITE, job->case_id, &head, &s, e);
  if (c == OK)
    c = person_concealed(tx, s, tx_arena(tx), &secret, e);
  if (c == OK)
    doc_put_bool(job->data, "resembles",
                 needles_find(secret, tx_arena(tx), lines_of(doc_get(job->rq->input, "text"), tx_arena(tx))) !=
                     RESEMBLES_NOT);
  return c;
}

static enum code handle_check(struct request *rq, struct response *rs, struct err *e)
{
  struct conceal_job job = {.rq = rq, .data = doc_map(rq->arena)};
  enum code c = gate_param(rq, "case", &job.case_id, e);
  if (c == OK)
    c = gate_read(rq, check, &job, e);
  if (c == OK && gate_has_problems(rq))
    return err_set(e, INVALID, code_msg(INVALID));
  return c == OK ? gate_json(rq, rs, job.data, e) : c;
}

ROUTE_DEFINE(route_conceal_check, POST, "/cases/:case/concealment/check", NEEDS(PERSON_WRITE), .fields = check_fields,
             .json = true, .summary = TR("書いた文が秘匿の項目に似ているか"), .handle = handle_check);
