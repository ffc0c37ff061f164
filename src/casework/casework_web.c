#include "base/limits.h"
#include "casework/casework.h"
#include "gate/handler.h"
#include "gate/list.h"

/* ---- list ---------------------------------------------------------------------------------------------------------- */

static const char *const view_codes[] = {"mine", "all", "closed", NULL};
static const char *const density_codes[] = {"A", "B", "C", NULL};
static const char *const stage_codes[] = {
/* NOLINTNEXTLINE(bugprone-macro-parentheses): an initializer, not an expression */
#define X(code, label) code,
    CASE_STATUSES(X)
#undef X
        NULL};
static const char *const orders[] = {"change",   "-change", "next",    "-next",  "last",    "-last", "density",
                                     "-density", "number",  "-number", "opened", "-opened", NULL};
static const struct field list_fields[] = {{.name = "view", .kind = FIELD_CHOICE, .options = view_codes},
                                           {.name = "density", .kind = FIELD_CHOICE, .options = density_codes},
                                           {.name = "stage", .kind = FIELD_CHOICE, .options = stage_codes},
                                           {.name = "worker", .kind = FIELD_ID},
                                           {.name = "lead", .kind = FIELD_ID},
                                           {.name = "sort", .kind = FIELD_CHOICE, .options = orders},
                                           {.name = "from", .kind = FIELD_TEXT},
                                           {.name = "skip", .kind = FIELD_INT, .max = 1000000},
                                           {0}};
static const struct list_column columns[] = {
    {.word = TR("動きのあった日"), .sort = "change", .by = CASES_BY_CHANGE, .falls = true},
    {.word = TR("次にすること"), .sort = "next", .by = CASES_BY_NEXT},
    {.word = TR("最後にふれた日"), .sort = "last", .by = CASES_BY_LAST},
    {.word = TR("かかわり"), .sort = "density", .by = CASES_BY_DENSITY},
    {.word = TR("番号"), .sort = "number", .by = CASES_BY_NUMBER},
    {.word = TR("受けた日"), .sort = "opened", .by = CASES_BY_OPENED, .falls = true},
    {0}};
static const char *const kept[] = {"view", NULL};
static const struct list_shape by_change = {.columns = columns, .order = "-change", .place = "from", .kept = kept};
static const struct list_shape by_choice = {
    .columns = columns, .order = "-change", .place = "skip", .kept = kept, .page_rows = LIMIT_PAGE_ROWS};

struct list_job {
  struct request *rq;
  struct reader who;
  enum case_view view;
  struct str words, from;
  struct case_choice choice;
  bool chosen; /* an order of one's own, or not all of them */
  struct doc *data, *colleagues, *leaders;
};

/* One's own fifty are not narrowed by who works on them. */
static bool by_whose(const struct list_job *job)
{
  return job->rq->method == GET && (job->view != CASES_MINE || job->choice.lead);
}

static enum code list_cases(struct tx *tx, void *arg, struct err *e)
{
  struct list_job *job = arg;
  const struct scope *s = NULL;
  enum code c = access_open_network(tx, gate_actor(job->rq), ACTION_CASE_LIST, &s, e);
  if (c != OK)
    return c;
  if (by_whose(job))
    c = case_list_choices(tx, s, job->rq->arena, &job->colleagues, &job->leaders, e);
  if (c != OK)
    return c;
  if (job->chosen)
    return case_list_chosen(tx, s, &job->choice, job->rq->arena, &job->who, &job->data, e);
  return case_list(tx, s, job->view, job->words, job->from, job->rq->arena, &job->who, &job->data, e);
}

static enum case_view view_of(struct str code)
{
  for (int i = 0; view_codes[i]; i++)
    if (str_is(code, view_codes[i]))
      return (enum case_view)i;
  return CASES_MINE;
}

static void take_choice(struct list_job *job)
{
  const struct doc *in = job->rq->input;
  int by = CASES_BY_CHANGE;
  job->choice = (struct case_choice){.view = job->view,
                                     .density = doc_get_str(in, "density"),
                                     .status = doc_get_str(in, "stage"),
                                     .skip = doc_get_int(in, "skip")};
  bool whose = doc_get_id(in, "worker", &job->choice.worker), led = doc_get_id(in, "lead", &job->choice.lead);
  list_order(job->rq, &by_choice, &by, &job->choice.falls);
  job->choice.by = (enum case_order)by;
  job->chosen = whose || led || job->choice.density.n || job->choice.status.n || job->choice.by != CASES_BY_CHANGE ||
                !job->choice.falls;
}

static void put_named(struct list_job *job, const char *field, const char *label, const struct doc *list)
{
  struct doc *filter = list_filter(job->rq, job->data, field, label);
  for (size_t i = 0; i < doc_size(list); i++)
    list_option(job->rq, filter, doc_get_str(doc_at(list, i), "id"), doc_get_str(doc_at(list, i), "name"));
}

static void put_around(struct list_job *job)
{
  struct request *rq = job->rq;
  struct doc *filter = list_filter(rq, job->data, "density", TR("かかわり"));
  for (int i = 0; density_codes[i]; i++)
    list_option(rq, filter, str_from(density_codes[i]), str_from(density_codes[i]));
  filter = list_filter(rq, job->data, "stage", TR("段階"));
  for (int i = 0; stage_codes[i]; i++)
    list_option(rq, filter, str_from(stage_codes[i]), case_status_label(job->who.lang, str_from(stage_codes[i])));
  if (by_whose(job)) {
    put_named(job, "worker", TR("担当者"), job->colleagues);
    put_named(job, "lead", TR("主担当機関"), job->leaders);
  }
  if (!job->chosen)
    doc_put_str(job->data, "cursor", doc_get_str(job->data, "more_from"));
  list_put(rq, job->data, job->chosen ? &by_choice : &by_change);
}

static enum code list_page(struct list_job *job, struct response *rs, struct err *e)
{
  enum code c = gate_read(job->rq, list_cases, job, e);
  if (c != OK)
    return c;
  if (gate_has_problems(job->rq))
    doc_replace(job->data, "q", doc_str(job->rq->arena, doc_get_str(gate_typed(job->rq), "q")));
  doc_put_bool(job->data, "can_create", gate_may(job->rq, ACTION_PERSON_CREATE));
  doc_put_bool(job->data, "can_search", gate_may(job->rq, ACTION_RECORD_SEARCH));
  doc_put_bool(job->data, "can_export", gate_may(job->rq, ACTION_LEDGER_EXPORT));
  doc_put_bool(job->data, "can_import", gate_may(job->rq, ACTION_LEDGER_IMPORT));
  bool searched = job->rq->method == POST; /* what was typed to search by stands in no address */
  doc_put_bool(job->data, "searched", searched);
  if (!searched)
    put_around(job);
  return gate_page(job->rq, rs, "case_list", tr(job->who.lang, TR("ケース")), job->data, e);
}

static enum code handle_list(struct request *rq, struct response *rs, struct err *e)
{
  struct list_job job = {.rq = rq, .who = gate_reader(rq), .view = view_of(doc_get_str(rq->input, "view"))};
  job.from = doc_get_str(rq->input, "from");
  if (doc_get_str(rq->input, "worker").n && job.view == CASES_MINE) /* somebody else's are not among one's own */
    job.view = CASES_ALL;
  take_choice(&job);
  return list_page(&job, rs, e);
}

ROUTE_DEFINE(route_case_list, GET, "/cases", NEEDS(CASE_LIST), .fields = list_fields,
             .summary = TR("見られるケースの一覧"), .handle = handle_list);

/* Names are searched by POST: they never stand in an address, a history or a proxy's log. */
static const struct field search_fields[] = {
    {.name = "q", .kind = FIELD_TEXT, .label = TR("名前・ふりがな・番号")}, {.name = "from", .kind = FIELD_TEXT}, {0}};

static enum code handle_search(struct request *rq, struct response *rs, struct err *e)
{
  struct list_job job = {.rq = rq, .who = gate_reader(rq), .view = CASES_ALL};
  job.words = str_trim(doc_get_str(rq->input, "q"));
  job.from = doc_get_str(rq->input, "from");
  return list_page(&job, rs, e);
}

ROUTE_DEFINE(route_case_search, POST, "/cases", NEEDS(CASE_LIST), .fields = search_fields, .no_form_key = true,
             .summary = TR("見られるケースをさがす"), .handle = handle_search);
