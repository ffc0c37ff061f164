/* phrase_web.c: 定型文, the organization's own. */
#include "casework/casework.h"
#include "casework/casework_sql.h"
#include "gate/handler.h"

static const char *const method_codes[] = {"meet",    "phone",      "visit",  "accompany",
                                           "message", "conference", "online", NULL};
static const char *const met_codes[] = {"met", "voice", "none", NULL};
static const struct field fields[] = {
    {.name = "label", .kind = FIELD_TEXT, .max = 30, .label = TR("呼び名")},
    {.name = "method", .kind = FIELD_CHOICE, .options = method_codes, .label = TR("方法")},
    {.name = "met", .kind = FIELD_CHOICE, .options = met_codes, .label = TR("会えましたか")},
    {.name = "body", .kind = FIELD_LINES, .max = 1000, .label = TR("書き出しの文")},
    {.name = "end", .kind = FIELD_ID},
    {0}};

struct phrase_job {
  struct request *rq;
  struct phrase phrase;
  id64 end;
  struct doc *list;
};

static enum code read_list(struct tx *tx, void *arg, struct err *e)
{
  struct phrase_job *job = arg;
  const struct actor *who = gate_actor(job->rq);
  const struct scope *s = NULL;
  enum code c = access_open_network(tx, who, ACTION_PERSON_CREATE, &s, e);
  return c == OK ? phrase_sql_list(tx, scope_organization(s), job->rq->arena, &job->list, e) : c;
}

static enum code page(struct request *rq, struct response *rs, struct err *e)
{
  struct phrase_job job = {.rq = rq};
  struct doc *data = doc_map(rq->arena);
  enum lang lang = gate_lang(rq);
  enum code c = gate_read(rq, read_list, &job, e);
  if (c != OK)
    return c;
  for (size_t i = 0; i < doc_size(job.list); i++) {
    struct doc *d = doc_at(job.list, i);
    doc_replace(d, "method", doc_str(rq->arena, case_method_word(lang, doc_get_str(d, "method"))));
  }
  doc_put_bool(data, "has_phrases", doc_size(job.list) > 0);
  doc_put(data, "phrases", job.list);
  struct doc *f = gate_form(rq, fields, NULL);
  gate_require(rq, f, "label");
  gate_require(rq, f, "body");
  doc_put(data, "f", f);
  return gate_page(rq, rs, "phrases", tr(lang, TR("定型文")), data, e);
}

ROUTE_DEFINE(route_phrases, GET, "/phrases", NEEDS(PERSON_CREATE), .summary = TR("自分の機関の定型文"), .handle = page);

static enum code save(struct tx *tx, void *arg, struct err *e)
{
  struct phrase_job *job = arg;
  const struct scope *s = NULL;
  enum code c = access_open_network(tx, gate_actor(job->rq), ACTION_PERSON_CREATE, &s, e);
  if (c == OK && job->end)
    return phrase_sql_end(tx, scope_organization(s), job->end, e);
  return c == OK ? phrase_sql_add(tx, scope_actor(s), &job->phrase, e) : c;
}

static enum code handle_save(struct request *rq, struct response *rs, struct err *e)
{
  struct phrase_job job = {.rq = rq};
  const struct doc *in = rq->input;
  if (gate_has_problems(rq))
    return page(rq, rs, e);
  (void)doc_get_id(in, "end", &job.end);
  job.phrase = (struct phrase){.label = str_trim(doc_get_str(in, "label")),
                               .method = doc_get_str(in, "method"),
                               .met = doc_get_str(in, "met"),
                               .body = str_trim(doc_get_str(in, "body"))};
  if (!job.end && !job.phrase.label.n)
    return err_field(e, "label", TR("呼び名を入力してください。"));
  if (!job.end && !job.phrase.body.n)
    return err_field(e, "body", TR("書き出しの文を入力してください。"));
  gate_location(rq, S("/phrases"));
  enum code c = gate_write(rq, "phrase_save", save, &job, e);
  return c == OK ? gate_done(rq, rs, S("/phrases"), TR("保存しました。"), e) : c;
}

ROUTE_DEFINE(route_phrase_save, POST, "/phrases", NEEDS(PERSON_CREATE), .fields = fields,
             .summary = TR("定型文を加える、使わなくする"), .handle = handle_save);
