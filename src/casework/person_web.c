/* person_web.c: what is known of the person, corrected and completed. Reached through the case. */
#include "casework/casework.h"
#include "form/form.h"
#include "gate/handler.h"
#include "gate/shown.h"

static const char *const sex_codes[] = {"1", "2", "9", "0", NULL};

/* name of the field = code of the attribute */
static const struct field fields[] = {
    {.name = "name", .kind = FIELD_TEXT, .required = true, .label = TR("氏名")},
    {.name = "kana", .kind = FIELD_TEXT, .label = TR("ふりがな")},
    {.name = "called", .kind = FIELD_TEXT, .label = TR("呼ばれたい名前")},
    {.name = "sex", .kind = FIELD_CHOICE, .options = sex_codes, .label = TR("性別")},
    {.name = "birth", .kind = FIELD_DATE, .label = TR("生年月日")},
    {.name = "postal", .kind = FIELD_TEXT, .apart = true, .label = TR("郵便番号")},
    {.name = "address", .kind = FIELD_TEXT, .apart = true, .label = TR("住所")},
    {.name = "phone_home", .kind = FIELD_TEXT, .apart = true, .label = TR("電話(自宅)")},
    {.name = "phone_mobile", .kind = FIELD_TEXT, .apart = true, .label = TR("電話(携帯)")},
    {.name = "school", .kind = FIELD_TEXT, .apart = true, .label = TR("学校")},
    {.name = "grade", .kind = FIELD_TEXT, .label = TR("学年・在籍の状況")},
    {.name = "workplace", .kind = FIELD_TEXT, .apart = true, .label = TR("勤め先")},
    {.name = "interest", .kind = FIELD_LINES, .label = TR("好きなこと・関心事")},
    {.name = "avoid", .kind = FIELD_LINES, .label = TR("避けてほしいこと")},
    {.name = "source",
     .kind = FIELD_CHOICE,
     .required = true,
     .options = source_codes,
     .label = TR("だれから聞きましたか")},
    {.name = "shown", .kind = FIELD_MAP, .apart = true},
    {0}};

struct person_job {
  struct request *rq;
  struct reader who;
  id64 case_id;
  struct doc *data, *known; /* known: value by attribute, as the scope sees it */
  struct doc *words;        /* the same as a reader reads it */
  struct needles *secret;
  struct doc *concealed; /* attributes that stand but are not shown */
};

static enum code load_known(struct tx *tx, struct person_job *job, const struct scope *s, struct err *e)
{
  struct doc *list = NULL;
  enum code c = person_attributes(tx, s, job->rq->arena, &job->who, &list, e);
  job->known = doc_map(job->rq->arena);
  job->words = doc_map(job->rq->arena);
  job->concealed = doc_map(job->rq->arena);
  for (size_t i = 0; c == OK && i < doc_size(list); i++) {
    const struct doc *d = doc_at(list, i);
    const char *kind = str_cstr(job->rq->arena, doc_get_str(d, "kind"));
    if (doc_get_bool(d, "concealed"))
      doc_replace(job->concealed, kind, doc_bool(job->rq->arena, true));
    else {
      doc_replace(job->known, kind, doc_str(job->rq->arena, doc_get_str(d, "value"))); /* the newest wins */
      doc_replace(job->words, kind, doc_str(job->rq->arena, doc_get_str(d, "text")));
    }
  }
  return c;
}

static enum code read_person(struct tx *tx, void *arg, struct err *e)
{
  struct person_job *job = arg;
  struct case_head head = {0};
  const struct scope *s = NULL;
  struct doc *strip = NULL, *guardians = NULL;
  job->data = doc_map(job->rq->arena);
  enum code c = case_enter(tx, gate_actor(job->rq), ACTION_PERSON_WRITE, job->case_id, &head, &s, e);
  if (c == OK)
    c = case_strip(tx, s, &head, job->rq->arena, &job->who, &strip, e);
  if (c == OK)
    c = load_known(tx, job, s, e);
  if (c == OK)
    c = person_guardians(tx, s, job->rq->arena, &job->who, &guardians, e);
  if (c != OK)
    return c;
  doc_put(job->data, "strip", strip);
  doc_put_bool(job->data, "has_guardians", doc_size(guardians) > 0);
  doc_put(job->data, "guardians", guardians);
  doc_put_bool(job->data, "has_concealed", doc_size(job->concealed) > 0);
  return OK;
}

static enum code page(struct request *rq, struct response *rs, struct err *e)
{
  struct person_job job = {.rq = rq, .who = gate_reader(rq)};
  enum code c = gate_param(rq, "case", &job.case_id, e);
  if (c == OK)
    c = gate_read(rq, read_person, &job, e);
  if (c != OK)
    return c;
  doc_put_cstr(job.known, "source", "person");
  doc_put_id(job.data, "case_id", job.case_id);
  doc_put(job.data, "f", shown_form(rq, fields, job.known, job.words));
  return gate_page(rq, rs, "person_edit", tr(job.who.lang, TR("本人のことを直す")), job.data, e);
}

ROUTE_DEFINE(route_person_edit, GET, "/cases/:case/person", NEEDS(PERSON_WRITE), .summary = TR("本人のことを直す画面"),
             .handle = page);

static enum source source_of(struct str code)
{
  enum source source = SOURCE_STAFF;
  (void)source_parse(code, &source);
  return source;
}

/* What was changed becomes a new row; what stands concealed and was left blank stays as it is. */
static enum code put_one(struct tx *tx, const struct scope *s, struct person_job *job, const struct field *f,
                         enum attribute k, struct err *e)
{
  const struct doc *in = job->rq->input;
  struct str value = str_trim(doc_get_str(in, f->name)), known = doc_get_str(job->known, f->name);
  struct str stands = needles_mask(job->secret, tx_arena(tx), known, str_from(CONCEALED_MARK));
  enum shown how = shown_of(job->rq, f->name, value, stands);
  if (how == SHOWN_KEPT)
    return OK;
  if (how == SHOWN_MEANWHILE)
    return err_field(e, f->name, SHOWN_TOO_LATE);
  if (!needles_restore(job->secret, tx_arena(tx), known, value, str_from(CONCEALED_MARK), &value))
    return err_field(e, f->name, TR("「秘匿あり」とある文は、そのまま残すか、文ごと消してください。"));
  if (str_eq(value, known) || (!value.n && doc_get_bool(job->concealed, f->name)))
    return OK;
  return person_put(tx, s, k, value, source_of(doc_get_str(in, "source")), e);
}

static enum code put_changed(struct tx *tx, const struct scope *s, struct person_job *job, struct err *e)
{
  enum code c = OK;
  enum attribute k;
  for (const struct field *f = fields; c == OK && f->name; f++)
    if (attribute_parse(str_from(f->name), &k))
      c = put_one(tx, s, job, f, k, e);
  return c == OK ? case_tell_all(tx, s, e) : c; /* an age may open or close */
}

static enum code save(struct tx *tx, void *arg, struct err *e)
{
  struct person_job *job = arg;
  struct case_head head = {0};
  const struct scope *s = NULL;
  enum code c = case_enter(tx, gate_actor(job->rq), ACTION_PERSON_WRITE, job->case_id, &head, &s, e);
  if (c == OK)
    c = load_known(tx, job, s, e);
  if (c == OK)
    c = person_concealed(tx, s, tx_arena(tx), &job->secret, e);
  return c == OK ? put_changed(tx, s, job, e) : c;
}

static enum code handle_save(struct request *rq, struct response *rs, struct err *e)
{
  struct person_job job = {.rq = rq, .who = gate_reader(rq)};
  enum code c = gate_param(rq, "case", &job.case_id, e);
  if (c != OK)
    return c;
  if (gate_has_problems(rq))
    return page(rq, rs, e);
  struct str path = gate_path(rq, "/cases/", job.case_id, "");
  gate_location(rq, path);
  c = gate_write(rq, "person_save", save, &job, e);
  return c == OK ? gate_done(rq, rs, path, TR("本人のことを保存しました。"), e) : c;
}

ROUTE_DEFINE(route_person_save, POST, "/cases/:case/person", NEEDS(PERSON_WRITE), .fields = fields,
             .summary = TR("本人のことを直す"), .handle = handle_save);
