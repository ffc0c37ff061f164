#include "casework/casework.h"
#include "gate/handler.h"

/* ---- list ---------------------------------------------------------------------------------------------------------- */

static const char *const view_codes[] = {"mine", "all", "closed", NULL};
static const struct field list_fields[] = {
    {.name = "view", .kind = FIELD_CHOICE, .options = view_codes}, {.name = "from", .kind = FIELD_TEXT}, {0}};

struct list_job {
  struct request *rq;
  struct reader who;
  enum case_view view;
  struct str words, from;
  struct doc *data;
};

static enum code list_cases(struct tx *tx, void *arg, struct err *e)
{
  struct list_job *job = arg;
  const struct scope *s = NULL;
  enum code c = access_open_network(tx, gate_actor(job->rq), ACTION_CASE_LIST, &s, e);
  if (c != OK)
    return c;
  return case_list(tx, s, job->view, job->words, job->from, job->rq->arena, &job->who, &job->data, e);
}

static enum case_view view_of(struct str code)
{
  for (int i = 0; view_codes[i]; i++)
    if (str_is(code, view_codes[i]))
      return (enum case_view)i;
  return CASES_MINE;
}

static enum code list_page(struct list_job *job, struct response *rs, struct err *e)
{
  enum code c = gate_read(job->rq, list_cases, job, e);
  if (c != OK)
    return c;
  if (gate_has_problems(job->rq))
    doc_replace(job->data, "q", doc_str(job->rq->arena, doc_get_str(gate_typed(job->rq), "q")));
  doc_put_bool(job->data, "can_create", gate_may(job->rq, ACTION_PERSON_CREATE));
  return gate_page(job->rq, rs, "case_list", tr(job->who.lang, TR("ケース")), job->data, e);
}

static enum code handle_list(struct request *rq, struct response *rs, struct err *e)
{
  struct list_job job = {.rq = rq, .who = gate_reader(rq), .view = view_of(doc_get_str(rq->input, "view"))};
  job.from = doc_get_str(rq->input, "from");
  return list_page(&job, rs, e);
}

ROUTE_DEFINE(route_case_list, GET, "/cases", NEEDS(CASE_LIST), .fields = list_fields,
             .summary = TR("見られるケースの一覧"), .handle = handle_list);

/* Names are searched by POST: they never stand in an address, a history or a proxy's log. */
static const struct field find_fields[] = {{.name = "q", .kind = FIELD_TEXT, .label = TR("名前・ふりがな・番号")}, {0}};
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

/* ---- a new person and case ------------------------------------------------------------------------------------------ */

static const char *const sex_codes[] = {"1", "2", "9", "0", NULL};
static const char *const authority_codes[] = {"joint", "sole", "daily", "urgent", NULL};
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
    {.name = "guardian_authority", .kind = FIELD_CHOICE, .options = authority_codes, .label = TR("親権")},
    {.name = "origin", .kind = FIELD_CHOICE, .required = true, .options = origin_codes, .label = TR("相談の経路")},
    {.name = "density",
     .kind = FIELD_CHOICE,
     .required = true,
     .options = density_codes,
     .label = TR("かかわりの頻度")},
    {.name = "concern", .kind = FIELD_LINES, .label = TR("主訴(いちばんの困りごと)")},
    {.name = "next_what", .kind = FIELD_TEXT, .label = TR("次にすること")},
    {.name = "next_day", .kind = FIELD_DATE, .label = TR("いつまでに")},
    {0}};

struct new_job {
  struct request *rq;
  struct reader who;
  struct str words;
  struct doc *data, *found; /* found: lines of the case list */
  id64 ret_case;
};

/* Lines of the case list as templates/case_new reads them. */
static void put_found(struct doc *data, const struct doc *cases)
{
  struct doc *found = doc_put_list(data, "found");
  for (size_t i = 0; i < doc_size(cases); i++) {
    static const char *const keys[] = {"href", "name", "kana", "age", "grade", "lead"};
    struct doc *m = doc_add_map(found);
    for (size_t k = 0; k < sizeof keys / sizeof *keys; k++)
      doc_put_str(m, keys[k], doc_get_str(doc_at(cases, i), keys[k]));
  }
  doc_put_bool(data, "has_found", doc_size(cases) > 0);
}

static enum code find_known(struct tx *tx, void *arg, struct err *e)
{
  struct new_job *job = arg;
  const struct scope *s = NULL;
  struct doc *list = NULL;
  enum code c = access_open_network(tx, gate_actor(job->rq), ACTION_PERSON_FIND, &s, e);
  if (c == OK && job->words.n)
    c = case_list(tx, s, CASES_ALL, job->words, STR_NONE, job->rq->arena, &job->who, &list, e);
  if (c == OK)
    job->found = doc_get(list, "cases");
  return c;
}

static enum code page_with(struct request *rq, struct response *rs, struct str words, struct err *e)
{
  struct new_job job = {.rq = rq, .who = gate_reader(rq), .words = words, .data = doc_map(rq->arena)};
  struct doc *initial = doc_map(rq->arena);
  doc_put_str(job.data, "q", gate_has_problems(rq) ? doc_get_str(gate_typed(rq), "q") : job.words);
  doc_put_bool(job.data, "searched", job.words.n > 0);
  doc_put_bool(job.data, "elsewhere", false);
  doc_put_cstr(initial, "density", "B");
  doc_put_str(initial, "name", words);
  if (job.who.wareki) /* most whom a town looks for were born before 2019 */
    doc_put_cstr(doc_put_map(initial, "birth"), "era", "H");
  doc_put(job.data, "f", gate_form(rq, new_fields, initial));
  enum code c = gate_read(rq, find_known, &job, e);
  if (c != OK)
    return c;
  put_found(job.data, job.found);
  return gate_page(rq, rs, "case_new", tr(job.who.lang, TR("新しい相談")), job.data, e);
}

static enum code new_page(struct request *rq, struct response *rs, struct err *e)
{
  return page_with(rq, rs, STR_NONE, e);
}

ROUTE_DEFINE(route_case_new, GET, "/cases/new", NEEDS(PERSON_CREATE), .summary = TR("新しい相談を受ける画面"),
             .handle = new_page);

/* Who is looked for here and not found is the name to begin with. */
static enum code handle_find(struct request *rq, struct response *rs, struct err *e)
{
  return page_with(rq, rs, str_trim(doc_get_str(rq->input, "q")), e);
}

ROUTE_DEFINE(route_case_find, POST, "/cases/find", NEEDS(PERSON_CREATE), .fields = find_fields, .no_form_key = true,
             .summary = TR("もう知られている人かをさがす"), .handle = handle_find);

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

static enum code handle_create(struct request *rq, struct response *rs, struct err *e)
{
  struct new_job job = {.rq = rq};
  if (gate_has_problems(rq))
    return new_page(rq, rs, e);
  enum code c = gate_write(rq, "case_create", create, &job, e);
  return c == OK ? gate_done(rq, rs, gate_path(rq, "/cases/", job.ret_case, ""), TR("相談を受け付けました。"), e) : c;
}

ROUTE_DEFINE(route_case_create, POST, "/cases/new", NEEDS(PERSON_CREATE), .fields = new_fields,
             .summary = TR("新しい相談を受ける"), .handle = handle_create);
