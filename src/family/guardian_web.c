/* guardian_web.c: guardians: one more; another authority (parents part, a court decides, an urgent one is over), a new telephone, or no guardian any
 * more. */
#include "family/family.h"
#include "gate/handler.h"
#include "gate/shown.h"

static const struct field fields[] = {
    {.name = "guardian_name", .kind = FIELD_TEXT, .required = true, .label = TR("保護者の氏名")},
    {.name = "guardian_phone", .kind = FIELD_TEXT, .apart = true, .label = TR("保護者の電話")},
    {.name = "guardian_relation",
     .kind = FIELD_CHOICE,
     .required = true,
     .options = guardian_relations,
     .label = TR("続柄")},
    {.name = "guardian_authority",
     .kind = FIELD_CHOICE,
     .required = true,
     .options = guardian_authorities,
     .label = TR("親権")},
    {.name = "shown", .kind = FIELD_MAP, .apart = true},
    {0}};

struct job {
  struct request *rq;
  struct reader who;
  id64 case_id, guardian;
  struct doc *data, *values, *words; /* values: as the form shows them; NULL: one more. words: as a reader reads them */
};

static enum code enter(struct tx *tx, struct job *job, const struct scope **ret, struct err *e)
{
  struct case_head head = {0};
  return case_enter(tx, gate_actor(job->rq), ACTION_PERSON_WRITE, job->case_id, &head, ret, e);
}

static struct guardian_new typed(const struct request *rq)
{
  const struct doc *in = rq->input;
  return (struct guardian_new){.name = str_trim(doc_get_str(in, "guardian_name")),
                               .phone = str_trim(doc_get_str(in, "guardian_phone")),
                               .relation = guardian_relation_word(doc_get_str(in, "guardian_relation")),
                               .authority = doc_get_str(in, "guardian_authority")};
}

static enum code show(struct job *job, struct response *rs, struct str title, struct err *e)
{
  doc_put_id(job->data, "case_id", job->case_id);
  doc_put_str(job->data, "guardian", job->guardian ? id_text(job->rq->arena, job->guardian) : STR_NONE);
  doc_put(job->data, "f",
          job->values ? shown_form(job->rq, fields, job->values, job->words) : gate_form(job->rq, fields, NULL));
  return gate_page(job->rq, rs, "guardian", title, job->data, e);
}

/* ---- one more ---------------------------------------------------------------------------------------------------------- */

static enum code read_new(struct tx *tx, void *arg, struct err *e)
{
  struct job *job = arg;
  const struct scope *s = NULL;
  job->data = doc_map(job->rq->arena);
  enum code c = enter(tx, job, &s, e);
  return c == OK ? case_put_strip(tx, s, job->case_id, job->rq->arena, &job->who, job->data, e) : c;
}

static enum code new_page(struct request *rq, struct response *rs, struct err *e)
{
  struct job job = {.rq = rq, .who = gate_reader(rq)};
  enum code c = gate_param(rq, "case", &job.case_id, e);
  if (c == OK)
    c = gate_read(rq, read_new, &job, e);
  return c == OK ? show(&job, rs, tr(job.who.lang, TR("保護者を加える")), e) : c;
}

ROUTE_DEFINE(route_guardian_new, GET, "/cases/:case/guardians/new", NEEDS(PERSON_WRITE),
             .summary = TR("保護者を加える画面"), .handle = new_page);

static enum code add(struct tx *tx, void *arg, struct err *e)
{
  struct job *job = arg;
  const struct scope *s = NULL;
  struct guardian_new g = typed(job->rq);
  enum code c = enter(tx, job, &s, e);
  if (c == OK)
    c = guardian_add(tx, s, &g, &job->guardian, e);
  return c == OK ? case_tell_all(tx, s, e) : c;
}

static enum code handle_add(struct request *rq, struct response *rs, struct err *e)
{
  struct job job = {.rq = rq};
  enum code c = gate_param(rq, "case", &job.case_id, e);
  if (c != OK)
    return c;
  if (gate_has_problems(rq))
    return new_page(rq, rs, e);
  struct str path = gate_path(rq, "/cases/", job.case_id, "/family");
  gate_location(rq, path);
  c = gate_write(rq, "guardian_add", add, &job, e);
  return c == OK ? gate_done(rq, rs, path, TR("保護者を加えました。"), e) : c;
}

ROUTE_DEFINE(route_guardian_add, POST, "/cases/:case/guardians/new", NEEDS(PERSON_WRITE), .fields = fields,
             .summary = TR("保護者を加える"), .handle = handle_add);

/* ---- what stands is changed -------------------------------------------------------------------------------------------- */

static enum code params(struct job *job, struct err *e)
{
  enum code c = gate_param(job->rq, "case", &job->case_id, e);
  return c == OK ? gate_param(job->rq, "guardian", &job->guardian, e) : c;
}

/* Whom the own organization wrote down; where somebody else gave another authority while a form was open, as it is since then. */
static enum code find(struct tx *tx, const struct scope *s, struct job *job, struct doc **ret, struct err *e)
{
  struct doc *list = NULL;
  enum code c = person_guardians(tx, s, job->rq->arena, &job->who, &list, e);
  *ret = NULL;
  if (c == OK && doc_size(doc_get(gate_typed(job->rq), "shown")))
    c = guardian_now(tx, s, job->guardian, &job->guardian, e);
  struct str id = id_text(job->rq->arena, job->guardian);
  for (size_t i = 0; c == OK && i < doc_size(list); i++)
    if (str_eq(doc_get_str(doc_at(list, i), "id"), id) && doc_get_bool(doc_at(list, i), "own"))
      *ret = doc_at(list, i);
  return c == OK && !*ret ? err_set(e, NOT_FOUND, code_msg(NOT_FOUND)) : c;
}

static void put_values(struct job *job, const struct doc *g)
{
  job->values = doc_map(job->rq->arena);
  job->words = doc_map(job->rq->arena);
  doc_put_str(job->values, "guardian_name", doc_get_str(g, "name"));
  doc_put_str(job->values, "guardian_phone", doc_get_str(g, "phone"));
  doc_put_str(job->values, "guardian_relation", guardian_relation_code(doc_get_str(g, "relation")));
  doc_put_str(job->values, "guardian_authority", doc_get_str(g, "authority"));
  doc_put_str(job->words, "guardian_relation", doc_get_str(g, "relation"));
  doc_put_str(job->words, "guardian_authority", doc_get_str(g, "authority_label"));
}

static enum code read_form(struct tx *tx, void *arg, struct err *e)
{
  struct job *job = arg;
  const struct scope *s = NULL;
  struct doc *g = NULL;
  job->data = doc_map(job->rq->arena);
  enum code c = enter(tx, job, &s, e);
  if (c == OK)
    c = case_put_strip(tx, s, job->case_id, job->rq->arena, &job->who, job->data, e);
  if (c == OK)
    c = find(tx, s, job, &g, e);
  if (c != OK)
    return c;
  put_values(job, g);
  return OK;
}

static enum code page(struct request *rq, struct response *rs, struct err *e)
{
  struct job job = {.rq = rq, .who = gate_reader(rq)};
  enum code c = params(&job, e);
  if (c == OK)
    c = gate_read(rq, read_form, &job, e);
  if (c != OK)
    return c;
  return show(&job, rs, tr(job.who.lang, TR("保護者のことを直す")), e);
}

ROUTE_DEFINE(route_guardian_edit, GET, "/cases/:case/guardians/:guardian", NEEDS(PERSON_WRITE),
             .summary = TR("保護者のことを直す画面"), .handle = page);

/* What the form did not change stays; what was changed here and elsewhere is told first. */
static enum code keep(const struct job *job, const char *field, struct str stands, struct str *value, struct err *e)
{
  struct str sent = doc_get_str(job->rq->input, field);
  enum shown how = shown_of(job->rq, field, sent, stands);
  if (how == SHOWN_KEPT)
    *value = STR_NONE;
  return how == SHOWN_MEANWHILE ? err_field(e, field, SHOWN_TOO_LATE) : OK;
}

static enum code merge(struct tx *tx, const struct job *job, struct needles *secret, struct guardian_new *g,
                       struct err *e)
{
  struct str name = doc_get_str(job->values, "guardian_name"), mark = str_from(CONCEALED_MARK);
  enum code c = keep(job, "guardian_name", needles_mask(secret, tx_arena(tx), name, mark), &g->name, e);
  if (c == OK)
    c = keep(job, "guardian_phone", doc_get_str(job->values, "guardian_phone"), &g->phone, e);
  if (c == OK)
    c = keep(job, "guardian_relation", doc_get_str(job->values, "guardian_relation"), &g->relation, e);
  if (c == OK)
    c = keep(job, "guardian_authority", doc_get_str(job->values, "guardian_authority"), &g->authority, e);
  if (c == OK && g->name.n && !needles_restore(secret, tx_arena(tx), name, g->name, mark, &g->name))
    return err_field(e, "guardian_name", TR("「秘匿あり」とある文は、そのまま残すか、文ごと消してください。"));
  return c;
}

/* A telephone that is concealed was not shown: left empty it stays. So does a relation in words of somebody's own. */
static enum code change(struct tx *tx, void *arg, struct err *e)
{
  struct job *job = arg;
  const struct scope *s = NULL;
  struct needles *secret = NULL;
  struct doc *known = NULL;
  id64 next = 0;
  struct guardian_new g = typed(job->rq);
  enum code c = enter(tx, job, &s, e);
  if (c == OK)
    c = find(tx, s, job, &known, e);
  if (str_is(doc_get_str(job->rq->input, "guardian_relation"), "other") &&
      str_is(guardian_relation_code(doc_get_str(known, "relation")), "other"))
    g.relation = STR_NONE;
  if (c == OK)
    c = person_concealed(tx, s, tx_arena(tx), &secret, e);
  if (c != OK)
    return c;
  put_values(job, known);
  c = merge(tx, job, secret, &g, e);
  if (c == OK)
    c = guardian_change(tx, s, job->guardian, &g, &next, e);
  if (c == OK && next != job->guardian)
    c = family_follow(tx, s, job->guardian, next, STR_NONE, e);
  return c == OK ? case_tell_all(tx, s, e) : c;
}

static enum code handle_change(struct request *rq, struct response *rs, struct err *e)
{
  struct job job = {.rq = rq, .who = gate_reader(rq)};
  enum code c = params(&job, e);
  if (c != OK)
    return c;
  if (gate_has_problems(rq))
    return page(rq, rs, e);
  struct str path = gate_path(rq, "/cases/", job.case_id, "/family");
  gate_location(rq, path);
  c = gate_write(rq, "guardian_change", change, &job, e);
  return c == OK ? gate_done(rq, rs, path, TR("保護者のことを保存しました。"), e) : c;
}

ROUTE_DEFINE(route_guardian_change, POST, "/cases/:case/guardians/:guardian", NEEDS(PERSON_WRITE), .fields = fields,
             .summary = TR("保護者のことを直す"), .handle = handle_change);

/* The relative stays in the family. */
static enum code finish(struct tx *tx, void *arg, struct err *e)
{
  struct job *job = arg;
  const struct scope *s = NULL;
  struct doc *known = NULL;
  enum code c = enter(tx, job, &s, e);
  if (c == OK)
    c = find(tx, s, job, &known, e);
  if (c == OK)
    c = guardian_end(tx, s, job->guardian, e);
  if (c == OK)
    c = family_follow(tx, s, job->guardian, 0, doc_get_str(known, "name"), e);
  return c == OK ? case_tell_all(tx, s, e) : c;
}

static enum code handle_end(struct request *rq, struct response *rs, struct err *e)
{
  struct job job = {.rq = rq, .who = gate_reader(rq)};
  enum code c = params(&job, e);
  struct str path = gate_path(rq, "/cases/", job.case_id, "/family");
  gate_location(rq, path);
  if (c == OK)
    c = gate_write(rq, "guardian_end", finish, &job, e);
  return c == OK ? gate_done(rq, rs, path, TR("保護者から外しました。"), e) : c;
}

ROUTE_DEFINE(route_guardian_end, POST, "/cases/:case/guardians/:guardian/end", NEEDS(PERSON_WRITE),
             .summary = TR("保護者から外す"), .handle = handle_end);
