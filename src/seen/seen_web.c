#include "seen/say.h"

#include "gate/handler.h"
#include "gate/list.h"
#include "paper/paper.h"
#include "view/print.h"

/* ---- the page ------------------------------------------------------------------------------------------------------- */

static const struct field page_fields[] = {{.name = "skip", .kind = FIELD_INT, .min = 0, .max = 1000000}, {0}};
static const struct field file_fields[] = {{.name = "encoding", .kind = FIELD_CHOICE, .options = list_encodings}, {0}};

struct seen_job {
  struct request *rq;
  struct reader who;
  id64 case_id, guardian;
  enum party party;
  int64_t skip;
  struct doc *data;
  struct handing hand;
  struct csv_table table;
  enum code (*make)(struct tx *tx, const struct scope *staff, struct str case_number, enum party party, id64 guardian,
                    struct arena *a, const struct reader *who, struct doc **ret, struct err *e); /* the paper */
};

/* The strip names the lead worker everywhere but here. */
static enum code strip_unnamed(struct tx *tx, const struct scope *s, const struct case_head *head, struct seen_job *job,
                               struct doc **ret, struct err *e)
{
  struct doc *strip = NULL;
  struct str lead = STR_NONE;
  struct arena *a = job->rq->arena;
  enum code c = case_strip(tx, s, head, a, &job->who, &strip, e);
  if (c == OK && head->lead_organization)
    c = organization_name(tx, head->lead_organization, a, &lead, e);
  if (c != OK)
    return c;
  doc_replace(strip, "lead", doc_str(a, lead));
  *ret = strip;
  return OK;
}

static enum code read_page(struct tx *tx, void *arg, struct err *e)
{
  struct seen_job *job = arg;
  struct case_head head = {0};
  const struct scope *s = NULL;
  struct doc *strip = NULL;
  enum code c = case_enter(tx, gate_actor(job->rq), ACTION_SEEN_READ, job->case_id, &head, &s, e);
  if (c == OK)
    c = strip_unnamed(tx, s, &head, job, &strip, e);
  if (c == OK)
    c = seen_page(tx, s, job->case_id, job->skip, job->rq->arena, &job->who, &job->data, e);
  if (c != OK)
    return c;
  doc_put(job->data, "strip", strip);
  doc_put_id(job->data, "case_id", job->case_id);
  return OK;
}

static enum code handle_page(struct request *rq, struct response *rs, struct err *e)
{
  struct seen_job job = {.rq = rq, .who = gate_reader(rq), .skip = doc_get_int(rq->input, "skip")};
  enum code c = gate_param(rq, "case", &job.case_id, e);
  struct list_shape shape = {.place = "skip", .page_rows = SEEN_PAGE, .file = gate_may(rq, ACTION_SEEN_EXPORT)};
  if (c == OK)
    c = gate_read(rq, read_page, &job, e);
  if (c == OK)
    list_put(rq, job.data, &shape);
  return c == OK ? gate_page(rq, rs, "seen", tr(job.who.lang, TR("だれが見たか")), job.data, e) : c;
}

ROUTE_DEFINE(route_seen, GET, "/cases/:case/seen", NEEDS(SEEN_READ), .fields = page_fields,
             .summary = TR("だれが見たかを見る"), .handle = handle_page);

static enum code read_file(struct tx *tx, void *arg, struct err *e)
{
  struct seen_job *job = arg;
  struct case_head head = {0};
  const struct scope *s = NULL;
  enum code c = case_enter(tx, gate_actor(job->rq), ACTION_SEEN_EXPORT, job->case_id, &head, &s, e);
  return c == OK ? seen_table(tx, s, job->rq->arena, &job->who, &job->table, e) : c;
}

static enum code handle_file(struct request *rq, struct response *rs, struct err *e)
{
  struct seen_job job = {.rq = rq, .who = gate_reader(rq)};
  enum code c = gate_param(rq, "case", &job.case_id, e);
  if (c == OK)
    c = gate_read(rq, read_file, &job, e);
  return c == OK ? list_file(rq, rs, &job.table, S("seen.csv"), e) : c;
}

ROUTE_DEFINE(route_seen_file, GET, "/cases/:case/seen.csv", NEEDS(SEEN_EXPORT), .fields = file_fields, .slow = true,
             .returns = "text/csv", .summary = TR("だれが見たかを書き出す(CSV)"), .handle = handle_file);

/* ---- the paper ------------------------------------------------------------------------------------------------------ */

static const char *const party_codes[] = {"person", "guardian", NULL};
static const struct field paper_fields[] = {
    {.name = "for", .kind = FIELD_CHOICE, .required = true, .options = party_codes, .label = TR("だれにわたすか")},
    {.name = "guardian", .kind = FIELD_ID},
    HANDED_FIELD,
    {0}};

static enum code read_paper(struct tx *tx, void *arg, struct err *e)
{
  struct seen_job *job = arg;
  struct case_head head = {0};
  const struct scope *s = NULL;
  enum code c = case_enter(tx, gate_actor(job->rq), ACTION_SEEN_PRINT, job->case_id, &head, &s, e);
  if (c == OK && job->guardian)
    c = say_knows(tx, s, job->guardian, job->rq->arena, &job->who, e);
  if (c == OK && job->guardian)
    c = hand_check(tx, s, &job->hand, e);
  return c == OK ? job->make(tx, s, head.number, job->party, job->guardian, job->rq->arena, &job->who, &job->data, e)
                 : c;
}

static enum code give_paper(struct seen_job job, struct response *rs, struct str name, struct err *e)
{
  struct str pdf = STR_NONE;
  struct request *rq = job.rq;
  enum code c = gate_param(rq, "case", &job.case_id, e);
  if (c != OK)
    return c;
  bool for_person = str_is(doc_get_str(rq->input, "for"), "person");
  bool known = doc_get_id(rq->input, "guardian", &job.guardian);
  job.party = for_person ? PARTY_PERSON : PARTY_GUARDIAN;
  if (gate_has_problems(rq) || for_person == known)
    return err_set(e, NOT_FOUND, code_msg(NOT_FOUND));
  job.hand =
      (struct handing){.case_id = job.case_id, .guardian = job.guardian, .handed = doc_get_str(rq->input, "handed")};
  c = gate_read(rq, read_paper, &job, e);
  if (job.hand.stops)
    return hand_page(rq, rs, &job.hand, c, e);
  if (c == OK)
    gate_veil(rq, job.data);
  if (c == OK)
    c = print_pdf(rq->arena, job.who.lang, job.data, &pdf, e);
  if (c == OK)
    gate_file(rq, rs, "application/pdf", name, pdf);
  return c;
}

static enum code handle_paper(struct request *rq, struct response *rs, struct err *e)
{
  return give_paper((struct seen_job){.rq = rq, .who = gate_reader(rq), .make = seen_paper}, rs, S("seen.pdf"), e);
}

ROUTE_DEFINE(route_seen_paper, GET, "/cases/:case/seen.pdf", NEEDS(SEEN_PRINT), .fields = paper_fields, .slow = true,
             .returns = "application/pdf", .summary = TR("だれが見たかの紙"), .handle = handle_paper);

/* ---- いま、だれが何を見られるか ---------------------------------------------------------------------------------------------- */

static enum code read_who(struct tx *tx, void *arg, struct err *e)
{
  struct seen_job *job = arg;
  struct case_head head = {0};
  const struct scope *s = NULL;
  enum code c = case_enter(tx, gate_actor(job->rq), ACTION_SEEN_READ, job->case_id, &head, &s, e);
  if (c == OK)
    c = may_page(tx, s, job->case_id, job->rq->arena, &job->who, &job->data, e);
  return c == OK ? case_put_strip(tx, s, job->case_id, job->rq->arena, &job->who, job->data, e) : c;
}

static enum code handle_who(struct request *rq, struct response *rs, struct err *e)
{
  struct seen_job job = {.rq = rq, .who = gate_reader(rq)};
  enum code c = gate_param(rq, "case", &job.case_id, e);
  if (c == OK)
    c = gate_read(rq, read_who, &job, e);
  if (c != OK)
    return c;
  doc_put_id(job.data, "case_id", job.case_id);
  return gate_page(rq, rs, "who_may", tr(job.who.lang, TR("いま、だれが何を見られるか")), job.data, e);
}

ROUTE_DEFINE(route_who_may, GET, "/cases/:case/who", NEEDS(SEEN_READ), .summary = TR("いま、だれが何を見られるか"),
             .handle = handle_who);

static enum code handle_who_paper(struct request *rq, struct response *rs, struct err *e)
{
  return give_paper((struct seen_job){.rq = rq, .who = gate_reader(rq), .make = may_paper}, rs, S("who.pdf"), e);
}

ROUTE_DEFINE(route_who_paper, GET, "/cases/:case/who.pdf", NEEDS(SEEN_PRINT), .fields = paper_fields, .slow = true,
             .returns = "application/pdf", .summary = TR("いま、だれが何を見られるかの紙"), .handle = handle_who_paper);
