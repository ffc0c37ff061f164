/* new_web.c: a new person and case, after a look whether the person is known. */
#include "base/utf8.h"
#include "casework/casework.h"
#include "gate/handler.h"
#include "person/find.h"

static const char *const sex_codes[] = {"1", "2", "9", "0", NULL};
static const char *const origin_codes[] = {"person", "family",     "phone",  "visit",
                                           "school", "other_body", "survey", NULL};
static const char *const density_codes[] = {"A", "B", "C", NULL};
static const struct field new_fields[] = {
    {.name = "name", .kind = FIELD_TEXT, .required = true, .label = TR("氏名")},
    {.name = "kana", .kind = FIELD_TEXT, .label = TR("ふりがな")},
    {.name = "called", .kind = FIELD_TEXT, .label = TR("呼ばれたい名前")},
    {.name = "sex", .kind = FIELD_CHOICE, .options = sex_codes, .label = TR("性別")},
    {.name = "birth", .kind = FIELD_DATE, .label = TR("生年月日")},
    {.name = "address", .kind = FIELD_TEXT, .label = TR("住所")},
    {.name = "phone", .kind = FIELD_TEXT, .label = TR("電話(自宅)")},
    {.name = "mobile", .kind = FIELD_TEXT, .label = TR("電話(携帯)")},
    {.name = "school", .kind = FIELD_TEXT, .label = TR("学校")},
    {.name = "grade", .kind = FIELD_TEXT, .label = TR("学年・在籍の状況")},
    {.name = "interest", .kind = FIELD_LINES, .label = TR("好きなこと・関心事")},
    {.name = "avoid", .kind = FIELD_LINES, .label = TR("避けてほしいこと")},
    {.name = "guardian_name", .kind = FIELD_TEXT, .label = TR("保護者の氏名")},
    {.name = "guardian_phone", .kind = FIELD_TEXT, .label = TR("保護者の電話")},
    {.name = "guardian_relation", .kind = FIELD_CHOICE, .options = guardian_relations, .label = TR("続柄")},
    {.name = "guardian_authority", .kind = FIELD_CHOICE, .options = guardian_authorities, .label = TR("親権")},
    {.name = "origin", .kind = FIELD_CHOICE, .required = true, .options = origin_codes, .label = TR("相談の経路")},
    {.name = "density",
     .kind = FIELD_CHOICE,
     .required = true,
     .options = density_codes,
     .label = TR("かかわりの頻度")},
    {.name = "concern", .kind = FIELD_LINES, .label = TR("主訴(いちばんの困りごと)")},
    {.name = "next_what", .kind = FIELD_TEXT, .label = TR("次にすること")},
    {.name = "next_day", .kind = FIELD_DATE, .label = TR("いつまでに")},
    {.name = "other_person", .kind = FIELD_BOOL, .label = TR("確かめました。別の人として、新しく始めます。")},
    {0}};

/* Names are searched by POST: they never stand in an address, a history or a proxy's log. */
static const struct field find_fields[] = {{.name = "q", .kind = FIELD_TEXT, .label = TR("名前かふりがな")},
                                           {.name = "born", .kind = FIELD_DATE, .label = TR("生年月日")},
                                           {.name = "tel", .kind = FIELD_TEXT, .label = TR("電話")},
                                           {0}};

struct new_job {
  struct request *rq;
  struct reader who;
  struct find_typed typed;
  bool before_saving; /* a submit that was done already is not looked at again */
  struct found found;
  id64 ret_case;
};

static enum code find_known(struct tx *tx, void *arg, struct err *e)
{
  struct new_job *job = arg;
  const struct scope *s = NULL;
  bool repeated = false;
  enum code c = access_open_network(tx, gate_actor(job->rq), ACTION_PERSON_FIND, &s, e);
  if (c == OK && job->before_saving)
    c = gate_is_repeated(tx, job->rq, &repeated, e);
  struct find_query q = {0};
  if (!repeated)
    q = find_query(job->rq->arena, &job->typed);
  return c == OK ? case_found(tx, s, &q, job->rq->arena, &job->who, &job->found, e) : c;
}

/* What was looked for and not found is what to begin with. */
static void put_begun(struct new_job *job, struct doc *initial)
{
  struct str q = job->typed.name;
  doc_put_cstr(initial, "density", "B");
  doc_put_str(initial, "name", q);
  doc_put_str(initial, "kana", utf8_is_kana(q) ? q : STR_NONE);
  doc_put_str(initial, "mobile", job->typed.phone);
  if (job->typed.birth_iso.n)
    doc_put_str(initial, "birth", job->typed.birth_iso);
  else if (job->who.wareki) /* most whom a town looks for were born before 2019 */
    doc_put_cstr(doc_put_map(initial, "birth"), "era", "H");
}

static void put_looked_for(struct new_job *job, struct doc *data)
{
  struct doc *initial = doc_map(job->rq->arena);
  doc_put_str(initial, "q", job->typed.name);
  doc_put_str(initial, "tel", job->typed.phone);
  if (job->typed.birth_iso.n)
    doc_put_str(initial, "born", job->typed.birth_iso);
  else if (job->who.wareki)
    doc_put_cstr(doc_put_map(initial, "born"), "era", "H");
  doc_put(data, "look", gate_form(job->rq, find_fields, initial));
}

static enum code show(struct new_job *job, struct response *rs, struct err *e)
{
  struct request *rq = job->rq;
  struct doc *data = doc_map(rq->arena), *initial = doc_map(rq->arena);
  put_looked_for(job, data);
  put_begun(job, initial);
  doc_put(data, "f", gate_form(rq, new_fields, initial));
  case_put_found(&job->found, rq->arena, data);
  return gate_page(rq, rs, "case_new", tr(job->who.lang, TR("新しい相談")), data, e);
}

static enum code look(struct new_job *job, struct response *rs, struct err *e)
{
  enum code c = gate_read_as_service(job->rq, find_known, job, e);
  return c == OK ? show(job, rs, e) : c;
}

static enum code new_page(struct request *rq, struct response *rs, struct err *e)
{
  struct new_job job = {.rq = rq, .who = gate_reader(rq)};
  return look(&job, rs, e);
}

ROUTE_DEFINE(route_case_new, GET, "/cases/new", NEEDS(PERSON_CREATE), .summary = TR("新しい相談を受ける画面"),
             .handle = new_page);

static enum code handle_find(struct request *rq, struct response *rs, struct err *e)
{
  struct new_job job = {.rq = rq, .who = gate_reader(rq)};
  if (gate_has_problems(rq))
    return show(&job, rs, e);
  job.typed = (struct find_typed){.name = str_trim(doc_get_str(rq->input, "q")),
                                  .birth_iso = doc_get_str(rq->input, "born"),
                                  .phone = str_trim(doc_get_str(rq->input, "tel"))};
  return look(&job, rs, e);
}

ROUTE_DEFINE(route_case_find, POST, "/cases/find", NEEDS(PERSON_CREATE), .fields = find_fields, .no_form_key = true,
             .slow = true, .summary = TR("もう知られている人かをさがす"), .handle = handle_find);

static enum code add_guardian(struct tx *tx, const struct scope *s, const struct doc *in, struct err *e)
{
  id64 id = 0;
  struct guardian_new g = {.name = doc_get_str(in, "guardian_name"),
                           .phone = doc_get_str(in, "guardian_phone"),
                           .relation = guardian_relation_word(doc_get_str(in, "guardian_relation")),
                           .authority = doc_get_str(in, "guardian_authority")};
  return g.name.n ? guardian_add(tx, s, &g, &id, e) : OK;
}

/* The concern is the first record: told by whoever came. */
static enum code add_first_record(struct tx *tx, const struct scope *s, id64 case_id, const struct doc *in,
                                  struct err *e)
{
  id64 id = 0;
  struct str origin = doc_get_str(in, "origin");
  bool by_person = str_is(origin, "person");
  struct paragraph_new p = {.text = str_trim(doc_get_str(in, "concern")), .category = CAT_SUPPORT};
  p.source = by_person ? SOURCE_PERSON : str_is(origin, "family") ? SOURCE_AROUND : SOURCE_STAFF;
  struct record_new r = {.at = tx_now(tx),
                         .method = str_is(origin, "phone") || str_is(origin, "visit") ? origin : S("meet"),
                         .with_whom = by_person ? S("person") : S("family"),
                         .next = str_trim(doc_get_str(in, "next_what")),
                         .contact = true,
                         .paragraphs = &p,
                         .count = 1};
  (void)date_parse_iso(doc_get_str(in, "next_day"), &r.next_date);
  if (!p.text.n && !r.next.n)
    return OK;
  if (!p.text.n)
    p.text = r.next;
  return record_add(tx, s, case_id, &r, &id, e);
}

static struct person_new person_of(const struct doc *in)
{
  struct person_new p = {.name = str_trim(doc_get_str(in, "name")),
                         .kana = str_trim(doc_get_str(in, "kana")),
                         .called = doc_get_str(in, "called"),
                         .sex = doc_get_str(in, "sex"),
                         .address = doc_get_str(in, "address"),
                         .phone = doc_get_str(in, "phone"),
                         .mobile = doc_get_str(in, "mobile"),
                         .school = doc_get_str(in, "school"),
                         .grade = doc_get_str(in, "grade"),
                         .interest = doc_get_str(in, "interest"),
                         .avoid = doc_get_str(in, "avoid")};
  (void)date_parse_iso(doc_get_str(in, "birth"), &p.birth); /* unknown stays unknown */
  return p;
}

static enum code create(struct tx *tx, void *arg, struct err *e)
{
  struct new_job *job = arg;
  const struct doc *in = job->rq->input;
  const struct scope *s = NULL;
  struct person_new p = person_of(in);
  enum code c = person_create(tx, gate_actor(job->rq), &p, &s, e);
  if (c == OK)
    c = add_guardian(tx, s, in, e);
  if (c == OK)
    c = case_open(tx, s, doc_get_str(in, "origin"), doc_get_str(in, "density"), &job->ret_case, e);
  if (c == OK)
    c = add_first_record(tx, s, job->ret_case, in, e);
  gate_location(job->rq, gate_path(job->rq, "/cases/", job->ret_case, ""));
  return c;
}

/* Who began without a look is stopped once, where somebody much alike is known. */
static enum code stop_at_known(struct new_job *job, bool *ret, struct err *e)
{
  const struct doc *in = job->rq->input;
  if (doc_get_bool(in, "other_person"))
    return OK;
  job->before_saving = true;
  job->typed = (struct find_typed){.name = str_trim(doc_get_str(in, "name")),
                                   .kana = str_trim(doc_get_str(in, "kana")),
                                   .birth_iso = doc_get_str(in, "birth"),
                                   .phone = doc_get_str(in, "phone"),
                                   .mobile = doc_get_str(in, "mobile")};
  enum code c = gate_read_as_service(job->rq, find_known, job, e);
  *ret = c == OK && (job->found.likely || job->found.elsewhere);
  return c;
}

static enum code handle_create(struct request *rq, struct response *rs, struct err *e)
{
  struct new_job job = {.rq = rq, .who = gate_reader(rq)};
  bool stop = false;
  if (gate_has_problems(rq))
    return show(&job, rs, e);
  enum code c = stop_at_known(&job, &stop, e);
  if (c == OK && stop) {
    request_problem(rq, "other_person",
                    gate_tr(rq, TR("この人は、もう知られているかもしれません。確かめてから、始めてください。")));
    return show(&job, rs, e);
  }
  if (c == OK)
    c = gate_write(rq, "case_create", create, &job, e);
  return c == OK ? gate_done(rq, rs, gate_path(rq, "/cases/", job.ret_case, ""), TR("相談を受け付けました。"), e) : c;
}

ROUTE_DEFINE(route_case_create, POST, "/cases/new", NEEDS(PERSON_CREATE), .fields = new_fields,
             .summary = TR("新しい相談を受ける"), .handle = handle_create);
