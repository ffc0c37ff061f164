/* evidence_web.c: the signed paper of a consent, scanned or photographed: attached to it, sealed, given back as a download; for the organization that
 * recorded the consent alone, since it names every recipient. */
#include "casework/files.h"
#include "consent/consent.h"
#include "consent/consent_sql.h"
#include "gate/handler.h"

static const struct field fields[] = {
    {.name = "title", .kind = FIELD_TEXT, .max = 60, .label = TR("何の書面ですか")},
    {.name = "file", .kind = FIELD_SECRET, .label = TR("ファイル")}, /* a file: never given back */
    {0}};

struct evidence_job {
  struct request *rq;
  struct reader who;
  id64 consent, case_id;
  cats_t named;
  struct doc *data;
  struct file_ready ready;
};

/* What the paper tells: the most delicate that it names, so that nobody reads it to whom that is shut. */
static cats_t category_of(cats_t named)
{
  static const cats_t order[] = {CAT_ABUSE, CAT_MENTAL, CAT_DISABILITY, CAT_HEALTH, CAT_SUPPORT};
  for (size_t i = 0; i < sizeof order / sizeof *order; i++)
    if (named & order[i])
      return order[i];
  return CAT_BASIC;
}

static enum code enter(struct tx *tx, struct evidence_job *job, enum action action, const struct scope **ret,
                       struct err *e)
{
  struct consent_row row = {0};
  struct consent_recipient terms[CONSENT_RECIPIENTS];
  size_t n = 0;
  enum code c = consent_enter(tx, gate_actor(job->rq), action, job->consent, ret, e);
  if (c == OK)
    c = consent_sql_get(tx, *ret, job->consent, tx_arena(tx), &row, e);
  if (c == OK && !scope_wrote(*ret, row.author_organization))
    return err_set(e, DENIED, TR("同意の書面は、同意を記録した機関だけが見られます。"));
  if (c == OK)
    c = consent_sql_terms(tx, *ret, job->consent, terms, CONSENT_RECIPIENTS, &n, e);
  job->named = 0;
  for (size_t i = 0; c == OK && i < n; i++)
    job->named |= terms[i].categories;
  return c == OK ? case_newest(tx, *ret, &job->case_id, e) : c;
}

static enum code read_page(struct tx *tx, void *arg, struct err *e)
{
  struct evidence_job *job = arg;
  const struct scope *s = NULL;
  struct doc *files = NULL;
  struct arena *a = job->rq->arena;
  job->data = doc_map(a);
  enum code c = enter(tx, job, ACTION_CONSENT_READ, &s, e);
  if (c == OK)
    c = case_put_strip(tx, s, job->case_id, a, &job->who, job->data, e);
  if (c == OK)
    c = consent_one(tx, s, job->consent, a, &job->who, job->data, e);
  if (c == OK)
    c = file_list_of_consent(tx, s, job->case_id, job->consent, a, &job->who, &files, e);
  if (c != OK)
    return c;
  doc_put_bool(job->data, "can_attach", scope_writes(s) && scope_may(s, ACTION_CONSENT_RECORD));
  doc_put_bool(job->data, "has_files", doc_size(files) > 0);
  doc_put(job->data, "files", files);
  return OK;
}

static enum code page(struct request *rq, struct response *rs, struct err *e)
{
  struct evidence_job job = {.rq = rq, .who = gate_reader(rq)};
  struct doc *initial = doc_map(rq->arena);
  enum code c = gate_param(rq, "consent", &job.consent, e);
  if (c == OK)
    c = gate_read(rq, read_page, &job, e);
  if (c != OK)
    return c;
  doc_put_id(job.data, "consent_id", job.consent);
  doc_put_str(job.data, "back_href", gate_path(rq, "/cases/", job.case_id, "/consents"));
  doc_put_str(initial, "title", gate_tr(rq, TR("署名した同意書")));
  struct doc *f = gate_form(rq, fields, initial);
  gate_require(rq, f, "title");
  gate_require(rq, f, "file");
  doc_put(job.data, "f", f);
  return gate_page(rq, rs, "consent_evidence", gate_tr(rq, TR("同意の書面")), job.data, e);
}

ROUTE_DEFINE(route_evidence, GET, "/consents/:consent/evidence", NEEDS(CONSENT_READ), .summary = TR("同意の書面"),
             .handle = page);

static enum code attach(struct tx *tx, void *arg, struct err *e)
{
  struct evidence_job *job = arg;
  const struct scope *s = NULL;
  id64 made = 0;
  enum code c = enter(tx, job, ACTION_CONSENT_RECORD, &s, e);
  job->ready.category = category_of(job->named);
  job->ready.consent = job->consent;
  return c == OK ? file_attach(tx, s, job->case_id, &job->ready, &made, e) : c;
}

static enum code handle_attach(struct request *rq, struct response *rs, struct err *e)
{
  struct evidence_job job = {.rq = rq, .who = gate_reader(rq)};
  const struct file_new n = {.title = str_trim(doc_get_str(rq->input, "title")),
                             .bytes = rq->upload,
                             .category = CAT_BASIC, /* until it is known what the consent names */
                             .source = SOURCE_PERSON};
  enum code c = gate_param(rq, "consent", &job.consent, e);
  if (c != OK)
    return c;
  if (gate_has_problems(rq))
    return page(rq, rs, e);
  c = gate_read(rq, read_page, &job, e); /* whoever may not do it learns nothing of his file */
  if (c == OK)
    c = file_ready(rq->arena, &n, &job.ready, e);
  struct str path = gate_path(rq, "/consents/", job.consent, "/evidence");
  gate_location(rq, path);
  if (c == OK)
    c = gate_write(rq, "consent_evidence", attach, &job, e);
  return c == OK ? gate_done(rq, rs, path, TR("つけました。"), e) : c;
}

ROUTE_DEFINE(route_evidence_attach, POST, "/consents/:consent/evidence", NEEDS(CONSENT_RECORD), .fields = fields,
             .files = true, .slow = true, .summary = TR("同意の書面をつける"), .handle = handle_attach);
