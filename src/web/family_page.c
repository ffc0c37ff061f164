/* family_page.c: the family of a person and what is around: list and maps on one page, and the same on paper. */
#include "connection/connection.h"
#include "consent/consent.h"
#include "family/family.h"
#include "gate/handler.h"
#include "paper/paper.h"
#include "view/print.h"

struct page_job {
  struct request *rq;
  struct reader who;
  id64 case_id;
  enum action action;
  struct doc *data, *facts, *around, *team, *paper;
  struct doc *told; /* names of the organizations that may stand on what is handed to the family; NULL: any */
  struct family_person person;
  bool family; /* the paper is for the person or the family */
  struct handing hand;
};

/* ---- what stands around ----------------------------------------------------------------------------------------------------- */

static struct doc *add_around(struct page_job *job, struct str name, struct str sub, struct str tie, struct str note)
{
  const char *word = family_tie_label(tie);
  struct doc *d = doc_add_map(job->around);
  doc_put_str(d, "name", name);
  doc_put_str(d, "sub", sub);
  doc_put_str(d, "tie", tie);
  doc_put_str(d, "tie_label", *word ? tr(job->who.lang, word) : STR_NONE);
  doc_put_str(d, "note", note);
  doc_put_cstr(d, "href", "");
  doc_put_str(d, "tie_href", gate_path(job->rq, "/cases/", job->case_id, "/family/ties"));
  doc_put_bool(d, "can_tie", false);
  doc_put_null(d, "organization_id");
  (void)doc_put_list(d, "choices");
  return d;
}

static struct str href_of(const struct page_job *job, struct str note)
{
  struct str id = id_text(job->rq->arena, job->case_id);
  return str_printf(job->rq->arena, "/cases/%.*s/family/%.*s", STR_FMT(id), STR_FMT(note));
}

static void put_family(struct page_job *job, const struct doc *members)
{
  struct arena *a = job->rq->arena;
  for (size_t i = 0; i < doc_size(members); i++) {
    const struct doc *m = doc_at(members, i);
    struct str relation = doc_get_str(m, "relation_label"), house = doc_get_str(m, "house_label");
    if (doc_get_bool(m, "dead"))
      continue;
    struct doc *d = add_around(job, doc_get_str(m, "name"),
                               house.n ? str_printf(a, JA("%.*s・%.*s"), STR_FMT(relation), STR_FMT(house)) : relation,
                               doc_get_str(m, "tie"), doc_get_str(m, "note"));
    if (doc_get_bool(m, "can_change"))
      doc_replace(d, "href", doc_str(a, href_of(job, doc_get_str(m, "note_id"))));
  }
}

/* The own organization's word before another's. */
static struct str tie_of(const struct doc *ties, struct str organization)
{
  struct str tie = STR_NONE;
  for (size_t i = 0; i < doc_size(ties); i++) {
    const struct doc *t = doc_at(ties, i);
    if (str_eq(doc_get_str(t, "organization_id"), organization) && (!tie.n || doc_get_bool(t, "own")))
      tie = doc_get_str(t, "tie");
  }
  return tie;
}

static void put_choices(struct page_job *job, struct doc *d)
{
  struct doc *list = doc_get(d, "choices");
  for (int i = -1; i < 0 || family_tie_codes[i]; i++) {
    const char *code = i < 0 ? "" : family_tie_codes[i];
    struct doc *m = doc_add_map(list);
    doc_put_cstr(m, "value", code);
    doc_put_str(m, "word", tr(job->who.lang, i < 0 ? TR("まだ書いていない") : family_tie_label(str_from(code))));
    doc_put_bool(m, "selected", str_is(doc_get_str(d, "tie"), code));
  }
}

static bool is_told(const struct page_job *job, struct str name)
{
  for (size_t i = 0; i < doc_size(job->told); i++)
    if (str_eq(doc_string(doc_at(job->told, i)), name))
      return true;
  return !job->told;
}

static void put_organizations(struct page_job *job, const struct scope *s, const struct doc *team,
                              const struct doc *ties, bool writes)
{
  struct arena *a = job->rq->arena;
  for (size_t i = 0; i < doc_size(team); i++) {
    const struct doc *t = doc_at(team, i);
    struct str id = doc_get_str(t, "organization_id"), part = doc_get_str(t, "part"), worker = doc_get_str(t, "who");
    id64 organization = 0;
    (void)doc_get_id(t, "organization_id", &organization);
    bool ours = scope_wrote(s, organization);
    if (!ours && !is_told(job, doc_get_str(t, "organization")))
      continue;
    if (job->told && !ours)
      worker = STR_NONE;
    struct doc *d = add_around(job, doc_get_str(t, "organization"),
                               worker.n ? str_printf(a, JA("%.*s・%.*s"), STR_FMT(part), STR_FMT(worker)) : part,
                               tie_of(ties, id), STR_NONE);
    doc_replace(d, "organization_id", doc_str(a, id));
    doc_replace(d, "can_tie", doc_bool(a, writes));
    put_choices(job, d);
  }
}

static bool stands_there(const struct page_job *job, struct str name)
{
  for (size_t i = 0; i < doc_size(job->around); i++)
    if (str_eq(doc_get_str(doc_at(job->around, i), "name"), name))
      return true;
  return false;
}

/* Where a sheet went that nobody has taken on yet; who took it on stands in the team. */
static void put_connections(struct page_job *job, const struct doc *connections)
{
  for (size_t i = 0; i < doc_size(connections); i++) {
    const struct doc *c = doc_at(connections, i);
    struct str to = doc_get_str(c, "to");
    if (doc_get_int(c, "at") && to.n && !stands_there(job, to) && is_told(job, to))
      (void)add_around(job, to, doc_get_str(doc_get(c, "state"), "word"), STR_NONE, STR_NONE);
  }
}

static void put_places(struct page_job *job)
{
  for (size_t i = 0; i < doc_size(job->facts); i++) {
    const struct doc *f = doc_at(job->facts, i);
    struct str kind = doc_get_str(f, "kind"), text = doc_get_str(f, "text");
    if (str_is(kind, "sex"))
      job->person.sex = doc_get_str(f, "value");
    if ((str_is(kind, "school") || str_is(kind, "workplace")) && !doc_get_bool(f, "concealed") &&
        !stands_there(job, text))
      (void)add_around(job, text, doc_get_str(f, "label"), STR_NONE, STR_NONE);
  }
}

static void put_resources(struct page_job *job, const struct doc *resources)
{
  for (size_t i = 0; i < doc_size(resources); i++) {
    const struct doc *r = doc_at(resources, i);
    struct doc *d = add_around(job, doc_get_str(r, "name"), STR_NONE, doc_get_str(r, "tie"), doc_get_str(r, "note"));
    if (doc_get_bool(r, "can_change"))
      doc_replace(d, "href", doc_str(job->rq->arena, href_of(job, doc_get_str(r, "note_id"))));
  }
}

/* ---- reading --------------------------------------------------------------------------------------------------------------- */

/* To whom something is open by consent: who is there by law, or was only asked, is not for the family to read off a map. */
static enum code take_told(struct tx *tx, struct page_job *job, const struct scope *s, struct err *e)
{
  const struct scope *reads = NULL;
  struct doc *matrix = NULL;
  struct arena *a = job->rq->arena;
  enum code c = access_part(tx, s, ACTION_CONSENT_READ, &reads, e);
  if (c == OK)
    c = consent_matrix(tx, reads, a, &job->who, &matrix, e);
  if (c != OK)
    return c;
  job->told = doc_list(a);
  const struct doc *rows = doc_get(matrix, "rows");
  for (size_t i = 0; i < doc_size(rows); i++) {
    const struct doc *row = doc_at(rows, i), *cells = doc_get(row, "cells");
    bool open = false;
    for (size_t k = 0; k < doc_size(cells); k++)
      open |= str_is(doc_get_str(doc_at(cells, k), "class"), "both");
    if (open)
      doc_add_str(job->told, doc_get_str(row, "recipient"));
  }
  return OK;
}

static enum code put_around(struct tx *tx, struct page_job *job, const struct scope *s, const struct case_head *head,
                            const struct doc *family, struct err *e)
{
  struct arena *a = job->rq->arena;
  struct doc *team = doc_map(a), *connections = doc_list(a);
  bool writes = scope_writes(s) && scope_may(s, ACTION_PERSON_WRITE);
  enum code c = case_put_team(tx, s, head, a, &job->who, team, e);
  if (c == OK && scope_may(s, ACTION_CONNECTION_READ) && !scope_decision(s)->visit_only)
    c = connection_of_case(tx, s, job->case_id, a, &job->who, &connections, e);
  if (c == OK)
    c = person_attributes(tx, s, a, &job->who, &job->facts, e);
  if (c == OK && job->family)
    c = take_told(tx, job, s, e);
  if (c != OK)
    return c;
  put_family(job, doc_get(family, "members"));
  put_organizations(job, s, doc_get(team, "team"), doc_get(family, "ties"), writes);
  put_connections(job, connections);
  put_places(job);
  put_resources(job, doc_get(family, "resources"));
  return OK;
}

/* The name as the strip has it; where there is none, the case's number. */
static void take_person(struct page_job *job, const struct doc *strip)
{
  struct str name = doc_get_str(strip, "name"), called = doc_get_str(strip, "called");
  job->person.name = name.n ? name : called.n ? called : doc_get_str(strip, "number");
  job->person.age = doc_get_str(strip, "age");
}

static enum code mask_person(struct tx *tx, struct page_job *job, const struct scope *s, struct err *e)
{
  struct needles *secret = NULL;
  enum code c = person_concealed(tx, s, job->rq->arena, &secret, e);
  for (size_t i = 0; c == OK && i < doc_size(job->around); i++) {
    struct doc *d = doc_at(job->around, i);
    struct str name = doc_get_str(d, "name");
    doc_replace(d, "name",
                doc_str(job->rq->arena, needles_mask(secret, job->rq->arena, name, str_from(CONCEALED_MARK))));
  }
  if (c == OK)
    job->person.name = needles_mask(secret, job->rq->arena, job->person.name, str_from(CONCEALED_MARK));
  return c;
}

static enum code read_family(struct tx *tx, struct page_job *job, const struct scope **ret, struct err *e)
{
  struct case_head head = {0};
  const struct scope *s = NULL;
  struct doc *strip = NULL, *family = NULL;
  struct arena *a = job->rq->arena;
  job->data = doc_map(a);
  job->around = doc_list(a);
  enum code c = case_enter(tx, gate_actor(job->rq), job->action, job->case_id, &head, &s, e);
  if (c == OK)
    c = case_strip(tx, s, &head, a, &job->who, &strip, e);
  if (c == OK)
    c = family_read(tx, s, a, &job->who, &family, e);
  if (c == OK)
    c = put_around(tx, job, s, &head, family, e);
  if (c != OK)
    return c;
  take_person(job, strip);
  c = mask_person(tx, job, s, e);
  doc_put(job->data, "strip", strip);
  doc_put_bool(job->data, "can_write", scope_writes(s) && scope_may(s, ACTION_PERSON_WRITE));
  doc_put_bool(job->data, "can_print", scope_may(s, ACTION_PRINT));
  id64 teller = case_teller(head.lead_organization, head.author_organization);
  doc_put_bool(job->data, "tells_members", scope_sees(s, CAT_FAMILY, teller, 0));
  doc_put_bool(job->data, "tells_around", scope_sees(s, CAT_SUPPORT, teller, 0));
  doc_put(job->data, "members", doc_get(family, "members"));
  doc_put_bool(job->data, "has_members", doc_size(doc_get(family, "members")) > 0);
  doc_put(job->data, "links", doc_get(family, "links"));
  doc_put_bool(job->data, "has_links", doc_size(doc_get(family, "links")) > 0);
  doc_put(job->data, "around", job->around);
  doc_put_bool(job->data, "has_around", doc_size(job->around) > 0);
  *ret = s;
  return c;
}

/* Outside of the transaction: it waits for another process. */
static enum code draw(struct page_job *job, struct err *e)
{
  struct arena *a = job->rq->arena;
  struct doc *genogram = NULL, *ecomap = NULL;
  enum code c = OK;
  if (doc_get_bool(job->data, "has_members"))
    c = family_genogram(a, job->who.lang, &job->person, doc_get(job->data, "members"), &genogram, e);
  if (c == OK && doc_get_bool(job->data, "has_around"))
    c = family_ecomap(a, job->who.lang, &job->person, job->around, &ecomap, e);
  if (genogram)
    doc_put(job->data, "genogram", genogram);
  else
    doc_put_null(job->data, "genogram");
  if (ecomap)
    doc_put(job->data, "ecomap", ecomap);
  else
    doc_put_null(job->data, "ecomap");
  return c;
}

/* ---- the page ---------------------------------------------------------------------------------------------------------------- */

static enum code read_page(struct tx *tx, void *arg, struct err *e)
{
  const struct scope *s = NULL;
  return read_family(tx, arg, &s, e);
}

static void put_link_hrefs(struct page_job *job)
{
  const struct doc *links = doc_get(job->data, "links");
  struct str id = id_text(job->rq->arena, job->case_id);
  for (size_t i = 0; i < doc_size(links); i++) {
    struct doc *l = doc_at(links, i);
    struct str link = doc_get_str(l, "id");
    doc_put_bool(l, "can_end", doc_get_bool(l, "own") && doc_get_bool(job->data, "can_write"));
    doc_put_str(l, "end_href",
                str_printf(job->rq->arena, "/cases/%.*s/family/links/%.*s/end", STR_FMT(id), STR_FMT(link)));
  }
}

static void put_hrefs(struct page_job *job)
{
  put_link_hrefs(job);
  const struct doc *members = doc_get(job->data, "members");
  for (size_t i = 0; i < doc_size(members); i++) {
    struct doc *m = doc_at(members, i);
    struct str note = doc_get_str(m, "note_id"), guardian = doc_get_str(m, "guardian_id"),
               id = id_text(job->rq->arena, job->case_id);
    bool may = doc_get_bool(job->data, "can_write");
    struct str href = doc_get_bool(m, "can_change") ? href_of(job, note)
                      : may && guardian.n && !note.n
                          ? str_printf(job->rq->arena, "/cases/%.*s/family/new?kind=member&guardian=%.*s", STR_FMT(id),
                                       STR_FMT(guardian))
                          : STR_NONE;
    doc_put_str(m, "href", href);
  }
}

static enum code page(struct request *rq, struct response *rs, struct err *e)
{
  struct page_job job = {.rq = rq, .who = gate_reader(rq), .action = ACTION_PERSON_READ};
  enum code c = gate_param(rq, "case", &job.case_id, e);
  if (c == OK)
    c = gate_read(rq, read_page, &job, e);
  if (c == OK)
    c = draw(&job, e);
  if (c != OK)
    return c;
  put_hrefs(&job);
  doc_put_id(job.data, "case_id", job.case_id);
  return gate_page(rq, rs, "family", tr(job.who.lang, TR("家族と、まわりの人・機関")), job.data, e);
}

ROUTE_DEFINE(route_family, GET, "/cases/:case/family", NEEDS(PERSON_READ), .slow = true,
             .summary = TR("家族と、まわりの人・機関(ジェノグラム・エコマップ)"), .handle = page);

/* ---- how close an organization is ------------------------------------------------------------------------------------------- */

static const char *const tie_options[] = {"strong", "plain", "weak", "stressed", "cut", NULL};
static const struct field tie_fields[] = {
    {.name = "organization", .kind = FIELD_ID, .required = true, .label = TR("機関・団体")},
    {.name = "tie", .kind = FIELD_CHOICE, .options = tie_options, .label = TR("本人とのつながり")},
    {0}};

/* Of an organization that the writer knows to work on it. */
static enum code put_tie(struct tx *tx, void *arg, struct err *e)
{
  struct page_job *job = arg;
  struct case_head head = {0};
  const struct scope *s = NULL;
  struct doc *known = doc_map(tx_arena(tx));
  id64 organization = 0;
  const struct doc *in = job->rq->input;
  enum code c = case_enter(tx, gate_actor(job->rq), job->action, job->case_id, &head, &s, e);
  if (c == OK)
    c = case_put_team(tx, s, &head, tx_arena(tx), &job->who, known, e);
  const struct doc *team = doc_get(known, "team");
  for (size_t i = 0; c == OK && i < doc_size(team); i++)
    if (str_eq(doc_get_str(doc_at(team, i), "organization_id"), doc_get_str(in, "organization")))
      (void)doc_get_id(in, "organization", &organization);
  if (c == OK && !organization)
    return err_field(e, "organization", TR("かかわっている機関を選んでください。"));
  return c == OK ? family_tie(tx, s, organization, doc_get_str(in, "tie"), e) : c;
}

static enum code handle_tie(struct request *rq, struct response *rs, struct err *e)
{
  struct page_job job = {.rq = rq, .who = gate_reader(rq), .action = ACTION_PERSON_WRITE};
  enum code c = gate_param(rq, "case", &job.case_id, e);
  if (c != OK)
    return c;
  if (gate_has_problems(rq))
    return page(rq, rs, e);
  struct str path = gate_path(rq, "/cases/", job.case_id, "/family");
  gate_location(rq, path);
  c = gate_write(rq, "family_tie", put_tie, &job, e);
  return c == OK ? gate_done(rq, rs, path, TR("保存しました。"), e) : c;
}

ROUTE_DEFINE(route_family_tie, POST, "/cases/:case/family/ties", NEEDS(PERSON_WRITE), .fields = tie_fields,
             .slow = true, .summary = TR("機関とのつながりの強さを書く"), .handle = handle_tie);

/* ---- on paper ----------------------------------------------------------------------------------------------------------------- */

static void add_cell(struct doc *row, struct str text)
{
  doc_add_str(row, text);
}

static struct doc *new_table(struct page_job *job, struct doc *blocks, const char *const *heads, const int *widths)
{
  struct doc *table = print_add(blocks, "table"), *head = doc_put_list(table, "head"),
             *w = doc_put_list(table, "widths");
  for (size_t i = 0; heads[i]; i++) {
    doc_add_str(head, tr(job->who.lang, heads[i]));
    doc_add_int(w, widths[i]);
  }
  return doc_put_list(table, "rows");
}

/* 備考 is what the office noted of somebody: the last column, of its own copy alone. */
static void paper_family(struct page_job *job, struct doc *blocks)
{
  static const char *const heads[] = {TR("名前"), TR("続柄"), TR("わかっていること"), TR("備考"), NULL};
  static const char *const handed_heads[] = {TR("名前"), TR("続柄"), TR("わかっていること"), NULL};
  static const int widths[] = {24, 20, 30, 26};
  const struct doc *members = doc_get(job->data, "members");
  (void)print_add_text(blocks, "heading", tr(job->who.lang, TR("ジェノグラム")));
  if (doc_size(doc_get(job->data, "genogram")))
    doc_put(print_add(blocks, "drawing"), "drawing", doc_get(job->data, "genogram"));
  doc_put_bool(print_add_text(
                   blocks, "text",
                   tr(job->who.lang, TR("□ 男性　○ 女性　◇ そのほか・不明　二重の線は本人、×は死亡、点線の囲みは同居。"
                                        "横の線は夫婦やパートナー(破線は結婚していない、斜線1本は別居、2本は離婚)。"))),
               "small", true);
  struct doc *rows = new_table(job, blocks, job->family ? handed_heads : heads, widths);
  for (size_t i = 0; i < doc_size(members); i++) {
    const struct doc *m = doc_at(members, i);
    struct doc *row = doc_add_list(rows);
    add_cell(row, doc_get_str(m, "name"));
    add_cell(row, doc_get_str(m, "relation_label"));
    add_cell(row, doc_get_str(m, "more"));
    if (!job->family)
      add_cell(row, doc_get_str(m, "note"));
  }
}

static void paper_around(struct page_job *job, struct doc *blocks)
{
  static const char *const heads[] = {TR("人・機関・場所"), TR("だれ・何"), TR("つながり"), TR("備考"), NULL};
  static const char *const handed_heads[] = {TR("人・機関・場所"), TR("だれ・何"), TR("つながり"), NULL};
  static const int widths[] = {30, 26, 18, 26};
  (void)print_add_text(blocks, "heading", tr(job->who.lang, TR("エコマップ")));
  if (doc_size(doc_get(job->data, "ecomap")))
    doc_put(print_add(blocks, "drawing"), "drawing", doc_get(job->data, "ecomap"));
  doc_put_bool(
      print_add_text(blocks, "text",
                     tr(job->who.lang, TR("三本線は強い、一本線はふつう、破線は弱い、ぎざぎざは対立・緊張がある、"
                                          "切れた線は途切れている、点線はまだ書いていないつながりです。"))),
      "small", true);
  struct doc *rows = new_table(job, blocks, job->family ? handed_heads : heads, widths);
  for (size_t i = 0; i < doc_size(job->around); i++) {
    const struct doc *d = doc_at(job->around, i);
    struct doc *row = doc_add_list(rows);
    add_cell(row, doc_get_str(d, "name"));
    add_cell(row, doc_get_str(d, "sub"));
    add_cell(row, doc_get_str(d, "tie_label"));
    if (!job->family)
      add_cell(row, doc_get_str(d, "note"));
  }
}

/* Somebody who lies in conflict with the person reads that off the map. */
static bool shows_conflict(const struct page_job *job)
{
  for (size_t i = 0; i < doc_size(job->around); i++) {
    struct str tie = doc_get_str(doc_at(job->around, i), "tie");
    if (str_is(tie, "stressed") || str_is(tie, "cut"))
      return true;
  }
  return false;
}

/* Its number and its event come first, in the write; the drawing after it. */
static enum code make_paper(struct tx *tx, void *arg, struct err *e)
{
  struct page_job *job = arg;
  const struct scope *s = NULL;
  struct doc *blocks = NULL;
  const struct paper_copy copy = {job->family ? PAPER_MAPS_GIVEN : PAPER_MAPS, job->case_id, job->case_id};
  enum code c = read_family(tx, job, &s, e);
  job->hand.case_id = job->case_id;
  if (c == OK && job->family && shows_conflict(job))
    job->hand.itself = TR("この紙には、対立や途切れたつながりが、図と表で出ます。");
  if (c == OK && job->family)
    c = hand_check(tx, s, &job->hand, e);
  job->paper = print_new(job->rq->arena, TR("家族と、まわりの人・機関"), &blocks);
  return c == OK ? paper_stamp(tx, s, &job->who, job->rq->arena, &copy, job->paper, e) : c;
}

static void put_blocks(struct page_job *job)
{
  struct arena *a = job->rq->arena;
  struct doc *blocks = doc_get(job->paper, "blocks"), *title = print_add(blocks, "title");
  enum lang lang = job->who.lang;
  doc_put_str(title, "text", tr(lang, TR("家族と、まわりの人・機関")));
  doc_put_str(title, "sub",
              job->person.age.n ? str_printf(a, "%.*s %.*s", STR_FMT(job->person.name), STR_FMT(job->person.age))
                                : job->person.name);
  doc_put_str(job->paper, "mark", tr(lang, job->family ? TR("本人・家族控え") : TR("取扱注意")));
  doc_put_bool(job->paper, "fit", true); /* a map and what it tells belong on one sheet */
  paper_family(job, blocks);
  (void)print_add(blocks, "page");
  paper_around(job, blocks);
}

static const char *const copy_options[] = {"family", "desk", NULL};
static const struct field paper_fields[] = {
    {.name = "copy", .kind = FIELD_CHOICE, .options = copy_options, .label = TR("写し")}, HANDED_FIELD, {0}};

static enum code handle_paper(struct request *rq, struct response *rs, struct err *e)
{
  struct page_job job = {.rq = rq, .who = gate_reader(rq), .action = ACTION_PRINT};
  struct str pdf = STR_NONE;
  /* what may be handed over, unless the desk's is asked for */
  job.family = !str_is(doc_get_str(rq->input, "copy"), "desk");
  job.hand.handed = doc_get_str(rq->input, "handed");
  enum code c = gate_param(rq, "case", &job.case_id, e);
  if (c == OK)
    c = gate_write(rq, "family_paper", make_paper, &job, e);
  if (job.hand.stops)
    return hand_page(rq, rs, &job.hand, c, e);
  if (c == OK)
    c = draw(&job, e);
  if (c != OK)
    return c;
  put_blocks(&job);
  gate_veil(rq, job.paper);
  c = print_pdf(rq->arena, job.who.lang, job.paper, &pdf, e);
  if (c == OK)
    gate_file(rq, rs, "application/pdf", S("family.pdf"), pdf);
  return c;
}

ROUTE_DEFINE(route_family_paper, GET, "/cases/:case/family/family.pdf", NEEDS(PRINT), .fields = paper_fields,
             .slow = true, .returns = "application/pdf", .summary = TR("ジェノグラムとエコマップを印刷する"),
             .handle = handle_paper);
