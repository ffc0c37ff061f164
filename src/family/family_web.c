/* family_web.c: notes of the family and of what else helps, and the links between two cases; the page that shows them all, with its maps, is
 * src/web/family_page.c. */
#include "family/family.h"
#include "gate/handler.h"

static const char *const kind_codes[] = {"member", "resource", NULL};

/* Of a new one: what for. */
static const struct field which_fields[] = {
    {.name = "kind", .kind = FIELD_CHOICE, .options = kind_codes}, {.name = "guardian", .kind = FIELD_ID}, {0}};
#define NOTE_FIELDS                                                                                                    \
  {.name = "name", .kind = FIELD_TEXT, .max = 60, .label = TR("名前か、呼び方")},                                      \
      {.name = "relation", .kind = FIELD_CHOICE, .options = family_relation_options, .label = TR("続柄")},             \
      {.name = "sex", .kind = FIELD_CHOICE, .options = family_sex_options, .label = TR("性別")},                       \
      {.name = "born", .kind = FIELD_DATE, .label = TR("生まれた年(わかれば月日も)")},                                 \
      {.name = "house", .kind = FIELD_CHOICE, .options = family_house_options, .label = TR("本人と同居か")},           \
      {.name = "life", .kind = FIELD_CHOICE, .options = family_life_options, .label = TR("健在か")},                   \
      {.name = "couple", .kind = FIELD_CHOICE, .options = family_couple_options, .label = TR("相手との関係")},         \
      {.name = "tie", .kind = FIELD_CHOICE, .options = family_tie_options, .label = TR("本人とのつながり")},           \
      {.name = "note", .kind = FIELD_LINES, .max = 1000, .label = TR("備考")},                                         \
  {                                                                                                                    \
    .name = "source", .kind = FIELD_CHOICE, .options = source_codes, .label = TR("だれから聞きましたか")               \
  }

/* A field's options are known to the compiler. */
static const char *const family_relation_options[] = {
#define X(name, code, label, sex) code,
    FAMILY_RELATIONS(X)
#undef X
        NULL};
static const char *const family_sex_options[] = {"1", "2", "9", NULL};
static const char *const family_house_options[] = {"same", "apart", NULL};
static const char *const family_life_options[] = {"alive", "dead", NULL};
static const char *const family_couple_options[] = {"married", "unmarried", "separated", "divorced", NULL};
static const char *const family_tie_options[] = {"strong", "plain", "weak", "stressed", "cut", NULL};

static const struct field new_fields[] = {{.name = "kind", .kind = FIELD_CHOICE, .options = kind_codes},
                                          {.name = "guardian", .kind = FIELD_ID},
                                          NOTE_FIELDS,
                                          {0}};
static const struct field change_fields[] = {NOTE_FIELDS, {0}};

struct note_job {
  struct request *rq;
  struct reader who;
  id64 case_id, note, guardian;
  enum action action;
  bool resource;
  struct doc *data, *stored;
  struct family_note n;
};

static enum code enter(struct tx *tx, struct note_job *job, struct case_head *head, const struct scope **ret,
                       struct err *e)
{
  return case_enter(tx, gate_actor(job->rq), job->action, job->case_id, head, ret, e);
}

/* ---- the form ------------------------------------------------------------------------------------------------------------- */

static void put_choices(struct note_job *job, const char *key, const char *const *codes, struct str chosen)
{
  struct doc *list = doc_put_list(job->data, key);
  for (size_t i = 0; codes[i]; i++) {
    struct doc *m = doc_add_map(list);
    doc_put_cstr(m, "value", codes[i]);
    doc_put_str(m, "word", tr(job->who.lang, family_word(codes, str_from(codes[i]))));
    doc_put_bool(m, "selected", str_is(chosen, codes[i]));
  }
}

static void put_all_choices(struct note_job *job, const struct doc *from)
{
  put_choices(job, "relations", family_relation_codes, doc_get_str(from, "relation"));
  put_choices(job, "sexes", family_sex_codes, doc_get_str(from, "sex"));
  put_choices(job, "houses", family_house_codes, doc_get_str(from, "house"));
  put_choices(job, "lives", family_life_codes, doc_get_str(from, "life"));
  put_choices(job, "couples", family_couple_codes, doc_get_str(from, "couple"));
  put_choices(job, "ties", family_tie_codes, doc_get_str(from, "tie"));
}

/* Whose note it is, where the name stands with the guardian. */
static enum code put_guardian(struct tx *tx, const struct scope *s, struct note_job *job, struct err *e)
{
  struct doc *list = NULL;
  struct str id = id_text(job->rq->arena, job->guardian), name = STR_NONE;
  enum code c = OK;
  bool found = !job->guardian;
  if (job->guardian)
    c = person_guardians(tx, s, job->rq->arena, &job->who, &list, e);
  for (size_t i = 0; i < doc_size(list); i++)
    if (str_eq(doc_get_str(doc_at(list, i), "id"), id)) {
      name = doc_get_str(doc_at(list, i), "name");
      found = true;
    }
  if (c == OK && !found)
    return err_set(e, NOT_FOUND, code_msg(NOT_FOUND));
  doc_put_bool(job->data, "is_guardian", job->guardian != 0);
  doc_put_str(job->data, "guardian_name", name);
  doc_put_str(job->data, "guardian_href",
              str_printf(job->rq->arena, "%.*s/%.*s",
                         STR_FMT(gate_path(job->rq, "/cases/", job->case_id, "/guardians")), STR_FMT(id)));
  return c;
}

static enum code read_form(struct tx *tx, void *arg, struct err *e)
{
  struct note_job *job = arg;
  struct case_head head = {0};
  const struct scope *s = NULL;
  struct doc *strip = NULL;
  struct arena *a = job->rq->arena;
  job->data = doc_map(a);
  enum code c = enter(tx, job, &head, &s, e);
  if (c == OK)
    c = case_strip(tx, s, &head, a, &job->who, &strip, e);
  if (c == OK && job->note)
    c = family_note_get(tx, s, job->note, a, &job->stored, e);
  if (c == OK && job->note) {
    (void)doc_get_id(job->stored, "guardian_id", &job->guardian);
    job->resource = !doc_get_bool(job->stored, "is_member");
  }
  if (c == OK)
    c = put_guardian(tx, s, job, e);
  if (c == OK)
    doc_put(job->data, "strip", strip);
  return c;
}

static enum code form_page(struct request *rq, struct response *rs, struct note_job *job, struct err *e)
{
  const struct doc *typed = gate_has_problems(rq) ? gate_typed(rq) : NULL;
  enum code c = gate_read(rq, read_form, job, e);
  if (c != OK)
    return c;
  struct doc *values = job->stored;
  if (!values) {
    values = doc_map(rq->arena);
    doc_put_cstr(values, "source", "person");
    doc_put_cstr(doc_put_map(values, "born"), "era", job->who.wareki ? "S" : "");
  }
  struct str note = id_text(rq->arena, job->note);
  put_all_choices(job, typed ? typed : values);
  doc_put_bool(job->data, "is_member", !job->resource);
  doc_put_cstr(job->data, "kind", kind_codes[job->resource]);
  doc_put_id(job->data, "guardian", job->guardian);
  doc_put_id(job->data, "case_id", job->case_id);
  doc_put_bool(job->data, "is_new", !job->note);
  doc_put_str(
      job->data, "action",
      gate_path(rq, "/cases/", job->case_id,
                job->note ? str_cstr(rq->arena, str_printf(rq->arena, "/family/%.*s", STR_FMT(note))) : "/family/new"));
  struct doc *f = gate_form(rq, change_fields, values);
  gate_require(rq, f, "name");
  doc_put(job->data, "f", f);
  const char *title = job->note ? (job->resource ? TR("まわりの人や場所を直す") : TR("家族のことを直す"))
                                : (job->resource ? TR("まわりの人や場所を加える") : TR("家族を加える"));
  return gate_page(rq, rs, "family_note", tr(job->who.lang, title), job->data, e);
}

/* ---- what was typed ------------------------------------------------------------------------------------------------------- */

static enum source source_of(struct str code)
{
  enum source source = SOURCE_STAFF;
  (void)source_parse(code, &source);
  return source;
}

static void take_typed(struct note_job *job)
{
  const struct doc *in = job->rq->input;
  job->n = (struct family_note){.kind = job->resource ? FAMILY_RESOURCE : FAMILY_MEMBER,
                                .guardian = job->guardian,
                                .name = str_trim(doc_get_str(in, "name")),
                                .relation = doc_get_str(in, "relation"),
                                .sex = doc_get_str(in, "sex"),
                                .born = doc_get_str(in, "born"),
                                .house = doc_get_str(in, "house"),
                                .life = doc_get_str(in, "life"),
                                .couple = doc_get_str(in, "couple"),
                                .tie = doc_get_str(in, "tie"),
                                .note = str_trim(doc_get_str(in, "note")),
                                .source = source_of(doc_get_str(in, "source"))};
}

static enum code note_params(struct note_job *job, bool with_note, struct err *e)
{
  enum code c = gate_param(job->rq, "case", &job->case_id, e);
  return c == OK && with_note ? gate_param(job->rq, "note", &job->note, e) : c;
}

/* Which of the two, and whose: of the address of a new one's form, or of the form itself. */
static void take_which(struct note_job *job)
{
  job->resource = str_is(doc_get_str(job->rq->input, "kind"), "resource");
  if (!doc_get_id(job->rq->input, "guardian", &job->guardian))
    job->guardian = 0;
}

static enum code done(struct note_job *job, struct response *rs, const char *name, tx_fn fn, const char *said,
                      struct err *e)
{
  struct str path = gate_path(job->rq, "/cases/", job->case_id, "/family");
  gate_location(job->rq, path);
  enum code c = gate_write(job->rq, name, fn, job, e);
  return c == OK ? gate_done(job->rq, rs, path, said, e) : c;
}

/* ---- a new one ------------------------------------------------------------------------------------------------------------- */

static enum code handle_new(struct request *rq, struct response *rs, struct err *e)
{
  struct note_job job = {.rq = rq, .who = gate_reader(rq), .action = ACTION_PERSON_WRITE};
  enum code c = note_params(&job, false, e);
  if (c != OK)
    return c;
  take_which(&job);
  return form_page(rq, rs, &job, e);
}

ROUTE_DEFINE(route_family_new, GET, "/cases/:case/family/new", NEEDS(PERSON_WRITE), .fields = which_fields,
             .summary = TR("家族や、まわりの人・場所を加える画面"), .handle = handle_new);

static enum code add(struct tx *tx, void *arg, struct err *e)
{
  struct note_job *job = arg;
  struct case_head head = {0};
  const struct scope *s = NULL;
  enum code c = enter(tx, job, &head, &s, e);
  return c == OK ? family_add(tx, s, &job->n, &job->note, e) : c;
}

static enum code handle_add(struct request *rq, struct response *rs, struct err *e)
{
  struct note_job job = {.rq = rq, .who = gate_reader(rq), .action = ACTION_PERSON_WRITE};
  enum code c = note_params(&job, false, e);
  if (c != OK)
    return c;
  take_which(&job);
  if (gate_has_problems(rq))
    return form_page(rq, rs, &job, e);
  take_typed(&job);
  return done(&job, rs, "family_add", add, TR("保存しました。"), e);
}

ROUTE_DEFINE(route_family_add, POST, "/cases/:case/family/new", NEEDS(PERSON_WRITE), .fields = new_fields,
             .summary = TR("家族や、まわりの人・場所を加える"), .handle = handle_add);

/* ---- one that stands ----------------------------------------------------------------------------------------------------- */

static enum code handle_note(struct request *rq, struct response *rs, struct err *e)
{
  struct note_job job = {.rq = rq, .who = gate_reader(rq), .action = ACTION_PERSON_WRITE};
  enum code c = note_params(&job, true, e);
  return c == OK ? form_page(rq, rs, &job, e) : c;
}

ROUTE_DEFINE(route_family_note, GET, "/cases/:case/family/:note", NEEDS(PERSON_WRITE),
             .summary = TR("家族や、まわりの人・場所のことを直す画面"), .handle = handle_note);

static enum code change(struct tx *tx, void *arg, struct err *e)
{
  struct note_job *job = arg;
  struct case_head head = {0};
  const struct scope *s = NULL;
  enum code c = enter(tx, job, &head, &s, e);
  return c == OK ? family_change(tx, s, job->note, &job->n, e) : c;
}

static enum code handle_change(struct request *rq, struct response *rs, struct err *e)
{
  struct note_job job = {.rq = rq, .who = gate_reader(rq), .action = ACTION_PERSON_WRITE};
  enum code c = note_params(&job, true, e);
  if (c != OK)
    return c;
  if (gate_has_problems(rq))
    return form_page(rq, rs, &job, e);
  take_typed(&job);
  return done(&job, rs, "family_change", change, TR("保存しました。"), e);
}

ROUTE_DEFINE(route_family_change, POST, "/cases/:case/family/:note", NEEDS(PERSON_WRITE), .fields = change_fields,
             .summary = TR("家族や、まわりの人・場所のことを直す"), .handle = handle_change);

static enum code finish(struct tx *tx, void *arg, struct err *e)
{
  struct note_job *job = arg;
  struct case_head head = {0};
  const struct scope *s = NULL;
  enum code c = enter(tx, job, &head, &s, e);
  return c == OK ? family_end(tx, s, job->note, e) : c;
}

static enum code handle_end(struct request *rq, struct response *rs, struct err *e)
{
  struct note_job job = {.rq = rq, .action = ACTION_PERSON_WRITE};
  enum code c = note_params(&job, true, e);
  return c == OK ? done(&job, rs, "family_end", finish, TR("一覧から外しました。書いたことは記録に残っています。"), e)
                 : c;
}

ROUTE_DEFINE(route_family_end, POST, "/cases/:case/family/:note/end", NEEDS(PERSON_WRITE),
             .summary = TR("家族や、まわりの人・場所を一覧から外す"), .handle = handle_end);

/* ---- cases of one family ---------------------------------------------------------------------------------------------------- */

static const struct field link_fields[] = {
    {.name = "number", .kind = FIELD_TEXT, .required = true, .max = 20, .label = TR("ケースの番号")},
    {.name = "note", .kind = FIELD_ID, .label = TR("家族のうちのだれか")},
    {0}};

static enum code read_link_page(struct tx *tx, void *arg, struct err *e)
{
  struct note_job *job = arg;
  struct case_head head = {0};
  const struct scope *s = NULL;
  struct arena *a = job->rq->arena;
  struct doc *all = NULL;
  id64 chosen = 0;
  job->data = doc_map(a);
  (void)doc_get_id(job->rq->input, "note", &chosen);
  struct str chosen_text = id_text(a, chosen);
  enum code c = enter(tx, job, &head, &s, e);
  if (c == OK)
    c = case_put_strip(tx, s, job->case_id, a, &job->who, job->data, e);
  if (c == OK)
    c = family_read(tx, s, a, &job->who, &all, e);
  struct doc *list = doc_put_list(job->data, "members");
  const struct doc *members = doc_get(all, "members");
  for (size_t i = 0; c == OK && i < doc_size(members); i++) {
    const struct doc *m = doc_at(members, i);
    struct str id = doc_get_str(m, "note_id");
    if (!doc_get_bool(m, "can_change"))
      continue;
    struct doc *d = doc_add_map(list);
    doc_put_str(d, "value", id);
    doc_put_str(d, "word",
                str_printf(a, "%.*s %.*s", STR_FMT(doc_get_str(m, "relation_label")), STR_FMT(doc_get_str(m, "name"))));
    doc_put_bool(d, "selected", chosen && str_eq(id, chosen_text));
  }
  return c;
}

static enum code link_page(struct request *rq, struct response *rs, struct err *e)
{
  struct note_job job = {.rq = rq, .who = gate_reader(rq), .action = ACTION_PERSON_WRITE};
  enum code c = note_params(&job, false, e);
  if (c == OK)
    c = gate_read(rq, read_link_page, &job, e);
  if (c != OK)
    return c;
  doc_put_id(job.data, "case_id", job.case_id);
  doc_put(job.data, "f", gate_form(rq, link_fields, NULL));
  return gate_page(rq, rs, "family_link", tr(job.who.lang, TR("家族のケースとつなぐ")), job.data, e);
}

ROUTE_DEFINE(route_family_links, GET, "/cases/:case/family/links", NEEDS(PERSON_WRITE),
             .summary = TR("家族のケースとつなぐ画面"), .handle = link_page);

static enum code add_link(struct tx *tx, void *arg, struct err *e)
{
  struct note_job *job = arg;
  const struct doc *in = job->rq->input;
  struct case_head head = {0};
  const struct scope *s = NULL;
  id64 note = 0;
  (void)doc_get_id(in, "note", &note);
  enum code c = enter(tx, job, &head, &s, e);
  return c == OK ? family_link(tx, s, str_trim(doc_get_str(in, "number")), note, e) : c;
}

static enum code handle_link(struct request *rq, struct response *rs, struct err *e)
{
  struct note_job job = {.rq = rq, .action = ACTION_PERSON_WRITE};
  enum code c = note_params(&job, false, e);
  if (c == OK && gate_has_problems(rq))
    return link_page(rq, rs, e);
  return c == OK ? done(&job, rs, "family_link", add_link, TR("家族のケースとつなぎました。"), e) : c;
}

ROUTE_DEFINE(route_family_link, POST, "/cases/:case/family/links", NEEDS(PERSON_WRITE), .fields = link_fields,
             .summary = TR("家族のケースとつなぐ"), .handle = handle_link);

static enum code end_link(struct tx *tx, void *arg, struct err *e)
{
  struct note_job *job = arg;
  struct case_head head = {0};
  const struct scope *s = NULL;
  enum code c = enter(tx, job, &head, &s, e);
  return c == OK ? family_unlink(tx, s, job->note, e) : c;
}

static enum code handle_unlink(struct request *rq, struct response *rs, struct err *e)
{
  struct note_job job = {.rq = rq, .action = ACTION_PERSON_WRITE};
  enum code c = note_params(&job, false, e);
  if (c == OK)
    c = gate_param(rq, "link", &job.note, e);
  return c == OK ? done(&job, rs, "family_unlink", end_link, TR("家族のケースとのつながりを外しました。"), e) : c;
}

ROUTE_DEFINE(route_family_unlink, POST, "/cases/:case/family/links/:link/end", NEEDS(PERSON_WRITE),
             .summary = TR("家族のケースとのつながりを外す"), .handle = handle_unlink);
