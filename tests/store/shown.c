/* shown.c: the pages of a person and a case: what stands on them for whom, and that nothing of a list is lost between its pages. */
#include "fixture.h"

#include "web/today.h"

static const struct date seventeen = {2009, 6, 1};

struct town {
  struct world w;
  id64 city, npo, clinic;
  struct actor worker, volunteer, npo_manager, guest;
  struct world_case boy;
};

static void town_new(struct town *t)
{
  world_new(&t->w);
  t->city = world_org(&t->w, "子ども若者支援課", "council");
  t->npo = world_org(&t->w, "NPOあおば", "council");
  t->clinic = world_org(&t->w, "こころの診療所", "council");
  t->worker = world_member(&t->w, t->city, ROLE_WORKER, "窓口の人");
  t->volunteer = world_member(&t->w, t->city, ROLE_VOLUNTEER, "訪問の人");
  t->npo_manager = world_member(&t->w, t->npo, ROLE_MANAGER, "あおばの長");
  t->guest = world_member(&t->w, t->clinic, ROLE_WORKER, "診療所の人");
  t->boy = world_case(&t->w, &t->worker, "試験 太郎", seventeen);
}

/* ---- facts that no page makes yet --------------------------------------------------------------------------------------- */

STMT_WRITE(q_assign, "tsh_assign",
           "INSERT INTO assignment (network_id, id, case_id, person_id, user_id, organization_id, lead, from_at)"
           " VALUES ($1, $2, $3, $4, $5, $6, FALSE, $7)");
STMT_WRITE(q_join, "tsh_join",
           "INSERT INTO participation (network_id, id, case_id, person_id, organization_id, part, from_at)"
           " VALUES ($1, $2, $3, $4, $5, 'partner', $6)");
STMT_WRITE(q_invite, "tsh_invite",
           "INSERT INTO invitation (network_id, id, meeting_id, person_id, user_id, categories, from_at, until_at)"
           " VALUES ($1, $2, 77, $3, $4, 4095, $5, $6)");
STMT_WRITE(
    q_conceal, "tsh_conceal",
    "INSERT INTO concealment (network_id, id, person_id, items, from_at, created_by) VALUES ($1, $2, $3, $4, $5, 1)");

struct fact {
  const struct world_case *c;
  id64 user, organization;
  int64_t items;
};

static enum code assign(struct tx *tx, void *arg, struct err *e)
{
  struct fact *f = arg;
  return db_exec(tx, &q_assign, NULL, e,
                 BINDS(b_int(tx_network(tx)), b_int(id_new(tx_now(tx))), b_int(f->c->case_id), b_int(f->c->person),
                       b_int(f->user), b_int(f->organization), b_int(tx_now(tx))));
}

static enum code join(struct tx *tx, void *arg, struct err *e)
{
  struct fact *f = arg;
  return db_exec(tx, &q_join, NULL, e,
                 BINDS(b_int(tx_network(tx)), b_int(id_new(tx_now(tx))), b_int(f->c->case_id), b_int(f->c->person),
                       b_int(f->organization), b_int(tx_now(tx))));
}

static enum code invite(struct tx *tx, void *arg, struct err *e)
{
  struct fact *f = arg;
  return db_exec(tx, &q_invite, NULL, e,
                 BINDS(b_int(tx_network(tx)), b_int(id_new(tx_now(tx))), b_int(f->c->person), b_int(f->user),
                       b_int(tx_now(tx)), b_int(tx_now(tx) + MS_DAY)));
}

static enum code conceal(struct tx *tx, void *arg, struct err *e)
{
  struct fact *f = arg;
  return db_exec(
      tx, &q_conceal, NULL, e,
      BINDS(b_int(tx_network(tx)), b_int(id_new(tx_now(tx))), b_int(f->c->person), b_int(f->items), b_int(tx_now(tx))));
}

static void stands(struct town *t, tx_fn fn, struct fact f)
{
  struct err e = {0};
  f.c = f.c ? f.c : &t->boy;
  ok(world_write(&t->w, NULL, fn, &f, &e));
}

/* ---- writing -------------------------------------------------------------------------------------------------------------- */

struct note {
  const struct actor *by;
  const struct world_case *c;
  ts_t at;
  const char *text, *next;
  enum source source;
  bool visit;
};

static enum code note(struct tx *tx, void *arg, struct err *e)
{
  struct note *n = arg;
  const struct scope *s = NULL;
  struct paragraph_new p = {.text = str_from(n->text),
                            .source = n->source ? n->source : SOURCE_STAFF,
                            .category = CAT_SUPPORT,
                            .visit = n->visit};
  struct record_new r = {.at = n->at ? n->at : tx_now(tx),
                         .method = S("visit"),
                         .with_whom = S("person"),
                         .next = n->next ? str_from(n->next) : STR_NONE,
                         .next_date = n->next ? date_add_days(date_of_ts(tx_now(tx)), 7) : (struct date){0},
                         .contact = true,
                         .paragraphs = &p,
                         .count = 1};
  id64 id = 0;
  enum code c = access_open(tx, n->by, ACTION_RECORD_WRITE, n->c->person, &s, e);
  return c == OK ? record_add(tx, s, n->c->case_id, &r, &id, e) : c;
}

static void writes(struct town *t, struct note n)
{
  struct err e = {0};
  n.by = n.by ? n.by : &t->worker;
  n.c = n.c ? n.c : &t->boy;
  ok(world_write(&t->w, n.by, note, &n, &e));
}

static enum code phone_of_mother(struct tx *tx, void *arg, struct err *e)
{
  struct town *t = arg;
  const struct scope *s = NULL;
  id64 id = 0;
  struct guardian_new g = {.name = S("母 花子"), .phone = S("0901111222"), .relation = S("母"), .authority = S("sole")};
  enum code c = access_open(tx, &t->worker, ACTION_PERSON_WRITE, t->boy.person, &s, e);
  return c == OK ? guardian_add(tx, s, &g, &id, e) : c;
}

/* ---- pages ---------------------------------------------------------------------------------------------------------------- */

struct ask {
  struct town *t;
  const struct actor *by;
  const struct world_case *c;
  struct case_cursor before;
  struct str words, from;
  struct doc *page;
};

static enum code show_case(struct tx *tx, void *arg, struct err *e)
{
  struct ask *q = arg;
  struct case_head head = {0};
  const struct scope *s = NULL;
  struct reader who = world_reader();
  enum code c = case_enter(tx, q->by, ACTION_CASE_READ, q->c->case_id, &head, &s, e);
  return c == OK ? case_show(tx, s, &head, q->t->w.a, &who, &(struct case_records){.before = q->before}, &q->page, e)
                 : c;
}

static struct doc *case_page(struct town *t, const struct actor *by, struct case_cursor before)
{
  struct err e = {0};
  struct ask q = {.t = t, .by = by, .c = &t->boy, .before = before};
  ok(world_read(&t->w, by, show_case, &q, &e));
  return q.page;
}

static enum code list_cases(struct tx *tx, void *arg, struct err *e)
{
  struct ask *q = arg;
  const struct scope *s = NULL;
  struct reader who = world_reader();
  enum code c = access_open_network(tx, q->by, ACTION_CASE_LIST, &s, e);
  return c == OK ? case_list(tx, s, CASES_ALL, q->words, q->from, q->t->w.a, &who, &q->page, e) : c;
}

static struct doc *list_page(struct town *t, const struct actor *by, struct str words, struct str from)
{
  struct err e = {0};
  struct ask q = {.t = t, .by = by, .words = words, .from = from};
  ok(world_read(&t->w, by, list_cases, &q, &e));
  return q.page;
}

/* The person's own sight, as a page for the person would have it; no session of a person exists yet. */
static enum code show_to_person(struct tx *tx, void *arg, struct err *e)
{
  struct ask *q = arg;
  const struct scope *s = NULL;
  struct reader who = world_reader();
  struct actor self = {.role = ROLE_PERSON, .network = q->t->w.network, .person = q->t->boy.person};
  enum code c = access_open(tx, &self, ACTION_PERSON_READ, q->t->boy.person, &s, e);
  return c == OK ? person_attributes(tx, s, q->t->w.a, &who, &q->page, e) : c;
}

static bool mentions(struct town *t, const struct doc *page, const char *text)
{
  struct buf b;
  buf_init(&b, t->w.a, 1 << 20);
  json_write(&b, page);
  return str_contains(buf_str(&b), str_from(text));
}

static const struct case_cursor newest = {TS_MAX, 0};

/* ---- what must hold ------------------------------------------------------------------------------------------------------- */

/* Before anybody takes it on, the receiver's manager reads the sheet, not the sender's records. */
static void records_are_for_those_who_may_read_records(void **state)
{
  struct town t;
  (void)state;
  town_new(&t);
  writes(&t, (struct note){.text = "本人が泣いた"});
  (void)world_consent(&t.w, &t.worker, &t.boy, PARTY_PERSON, t.npo, CAT_ALL);
  (void)world_send(&t.w, &t.worker, &t.boy, t.npo, "help");
  stands(&t, invite, (struct fact){.user = t.guest.user});
  assert_true(mentions(&t, case_page(&t, &t.worker, newest), "本人が泣いた"));
  assert_false(mentions(&t, case_page(&t, &t.npo_manager, newest), "本人が泣いた"));
  assert_false(mentions(&t, case_page(&t, &t.guest, newest), "本人が泣いた"));
  assert_true(mentions(&t, case_page(&t, &t.guest, newest), "試験 太郎")); /* the invitation opens the rest */
  world_free(&t.w);
}

static void a_volunteer_sees_what_a_visit_needs(void **state)
{
  struct town t;
  struct doc *page;
  (void)state;
  town_new(&t);
  writes(&t, (struct note){.text = "玄関で話した", .visit = true, .next = "児相に電話"});
  writes(&t, (struct note){.text = "父の件", .next = "児相に電話"});
  stands(&t, assign, (struct fact){.user = t.volunteer.user, .organization = t.city});
  stands(&t, join, (struct fact){.organization = t.clinic});
  page = case_page(&t, &t.volunteer, newest);
  assert_int_equal(doc_size(doc_get(page, "timeline")), 1); /* that the other took place is none of a visit's */
  assert_true(mentions(&t, page, "玄関で話した"));
  assert_false(mentions(&t, page, "父の件"));
  assert_false(mentions(&t, page, "児相に電話"));
  assert_false(mentions(&t, page, "こころの診療所"));
  assert_int_equal(doc_size(doc_get(page, "family")), 0);
  assert_false(mentions(&t, list_page(&t, &t.volunteer, STR_NONE, STR_NONE), "試験 太郎"));
  world_free(&t.w);
}

/* Who else works on it is part of the course of support: a receiver without that category reads its own line and the lead's. */
static void the_team_is_for_those_who_may_read_of_the_support(void **state)
{
  struct town t;
  (void)state;
  town_new(&t);
  stands(&t, join, (struct fact){.organization = t.clinic});
  id64 basic = world_consent(&t.w, &t.worker, &t.boy, PARTY_PERSON, t.npo, CAT_BASIC);
  (void)basic;
  (void)world_send(&t.w, &t.worker, &t.boy, t.npo, "help");
  assert_int_equal(doc_size(doc_get(case_page(&t, &t.worker, newest), "team")), 2);
  assert_false(mentions(&t, case_page(&t, &t.npo_manager, newest), "こころの診療所"));
  assert_true(mentions(&t, case_page(&t, &t.npo_manager, newest), "子ども若者支援課"));
  (void)world_consent(&t.w, &t.worker, &t.boy, PARTY_PERSON, t.npo, CAT_BASIC | CAT_SUPPORT);
  assert_true(mentions(&t, case_page(&t, &t.npo_manager, newest), "こころの診療所"));
  world_free(&t.w);
}

static void a_concealed_telephone_is_no_relatives_either(void **state)
{
  struct town t;
  struct err e = {0};
  (void)state;
  town_new(&t);
  ok(world_write(&t.w, &t.worker, phone_of_mother, &t, &e));
  assert_true(mentions(&t, case_page(&t, &t.worker, newest), "0901111222"));
  stands(&t, conceal, (struct fact){.items = ITEM_PHONE});
  assert_false(mentions(&t, case_page(&t, &t.worker, newest), "0901111222"));
  assert_true(mentions(&t, case_page(&t, &t.worker, newest), "母 花子"));
  world_free(&t.w);
}

static enum code put_said(struct tx *tx, void *arg, struct err *e)
{
  struct town *t = arg;
  const struct scope *s = NULL;
  enum code c = access_open(tx, &t->worker, ACTION_PERSON_WRITE, t->boy.person, &s, e);
  if (c == OK)
    c = person_put(tx, s, ATTRIBUTE_AVOID, S("支援者の見立て"), SOURCE_STAFF, e);
  return c == OK ? person_put(tx, s, ATTRIBUTE_INTEREST, S("鉄道"), SOURCE_PERSON, e) : c;
}

static void the_person_reads_the_persons_own_words(void **state)
{
  struct town t;
  struct err e = {0};
  (void)state;
  town_new(&t);
  ok(world_write(&t.w, &t.worker, put_said, &t, &e));
  struct ask q = {.t = &t};
  ok(world_read(&t.w, NULL, show_to_person, &q, &e));
  assert_true(mentions(&t, q.page, "鉄道"));
  assert_false(mentions(&t, q.page, "支援者の見立て"));
  world_free(&t.w);
}

/* ---- the sheet ---------------------------------------------------------------------------------------------------------------- */

static enum code send_with_shares(struct tx *tx, void *arg, struct err *e)
{
  struct ask *q = arg;
  struct town *t = q->t;
  const struct scope *s = NULL;
  struct sheet sheet = {0};
  struct reader who = world_reader();
  id64 id = 0;
  struct doc *answers = NULL;
  enum code c = access_open(tx, &t->worker, ACTION_SHEET_WRITE, t->boy.person, &s, e);
  if (c == OK)
    c = sheet_begin(tx, s, t->boy.case_id, &who, &id, e);
  if (c == OK)
    c = sheet_enter(tx, &t->worker, ACTION_SHEET_SEND, id, tx_arena(tx), &sheet, &s, e);
  if (c == OK)
    c = json_parse(tx_arena(tx),
                   S("{\"received_on\":\"2026-04-01\",\"received_org\":\"市\",\"received_by\":\"窓口\",\"shares\":[{"
                     "\"share_org\":\"こころの診療所\",\"share_categories\":[\"mental\"]}],"
                     "\"request\":\"朝の電話は避けて\"}"),
                   &answers, e);
  if (c == OK)
    c = sheet_save(tx, s, &sheet, answers, e);
  sheet.rev++;
  if (c == OK)
    c = sheet_choose(tx, s, &sheet, &t->npo, 1, S("help"), e);
  sheet.answers = answers;
  if (c == OK)
    c = sheet_send(tx, s, &sheet, e);
  q->from = id_text(t->w.a, id);
  return c;
}

static enum code show_sheet(struct tx *tx, void *arg, struct err *e)
{
  struct ask *q = arg;
  const struct scope *s = NULL;
  struct sheet sheet = {0};
  struct reader who = world_reader();
  id64 id = 0;
  (void)id_parse(q->from, &id);
  enum code c = sheet_enter(tx, q->by, ACTION_SHEET_READ, id, q->t->w.a, &sheet, &s, e);
  return c == OK ? sheet_view(tx, s, &sheet, q->t->npo, tx_now(tx), S("help"), q->t->w.a, &who, &q->page, e) : c;
}

/* What each body may know is between the person and the one who wrote it down. */
static void a_receiver_does_not_read_what_others_may_know(void **state)
{
  struct town t;
  struct err e = {0};
  (void)state;
  town_new(&t);
  (void)world_consent(&t.w, &t.worker, &t.boy, PARTY_PERSON, t.npo, CAT_ALL);
  struct ask q = {.t = &t, .by = &t.worker};
  ok(world_write(&t.w, &t.worker, send_with_shares, &q, &e));
  ok(world_read(&t.w, &t.worker, show_sheet, &q, &e));
  assert_true(mentions(&t, q.page, "こころの診療所"));
  q.by = &t.npo_manager;
  ok(world_read(&t.w, &t.npo_manager, show_sheet, &q, &e));
  assert_true(mentions(&t, q.page, "朝の電話は避けて"));
  assert_false(mentions(&t, q.page, "こころの診療所"));
  world_free(&t.w);
}

/* ---- nothing is lost between pages ------------------------------------------------------------------------------------------ */

/* Without a time a record stands at noon: a dozen of one day share an instant. */
static void records_of_one_instant_all_stand_on_some_page(void **state)
{
  struct town t;
  char text[40];
  (void)state;
  town_new(&t);
  ts_t noon = date_start_ts(date_add_days(date_of_ts(clock_now()), -3));
  for (int i = 0; i < CASE_PAGE_RECORDS + 3; i++) {
    snprintf(text, sizeof text, "記録%02d番", i);
    writes(&t, (struct note){.text = text, .at = noon});
  }
  struct doc *first = case_page(&t, &t.worker, newest);
  struct case_cursor next = {0};
  assert_true(doc_get_bool(first, "has_more"));
  struct str href = doc_get_str(first, "more_href"), rest = href, part = STR_NONE;
  assert_true(str_split(&rest, '=', &part) && str_split(&rest, '-', &part) && str_to_i64(part, &next.at));
  assert_true(id_parse(rest, &next.id));
  struct doc *second = case_page(&t, &t.worker, next);
  for (int i = 0; i < CASE_PAGE_RECORDS + 3; i++) {
    snprintf(text, sizeof text, "記録%02d番", i);
    assert_int_equal(mentions(&t, first, text) + mentions(&t, second, text), 1);
  }
  world_free(&t.w);
}

static void every_case_stands_on_some_page_of_the_list(void **state)
{
  struct town t;
  char name[40];
  (void)state;
  town_new(&t);
  for (int i = 0; i < LIMIT_PAGE_ROWS + 5; i++) {
    snprintf(name, sizeof name, "試験 %03d番", i);
    (void)world_case(&t.w, &t.worker, name, seventeen);
  }
  for (int searched = 0; searched < 2; searched++) {
    struct str words = searched ? S("番") : STR_NONE;
    struct doc *first = list_page(&t, &t.worker, words, STR_NONE);
    assert_int_equal(doc_size(doc_get(first, "cases")), LIMIT_PAGE_ROWS);
    assert_true(doc_get_bool(first, "has_more"));
    struct doc *second = list_page(&t, &t.worker, words, doc_get_str(first, "more_from"));
    for (int i = 0; i < LIMIT_PAGE_ROWS + 5; i++) {
      snprintf(name, sizeof name, "試験 %03d番", i);
      assert_int_equal(mentions(&t, first, name) + mentions(&t, second, name), 1);
    }
    assert_false(doc_get_bool(second, "has_more"));
  }
  world_free(&t.w);
}

STORE_MAIN(cmocka_unit_test(records_are_for_those_who_may_read_records),
           cmocka_unit_test(a_volunteer_sees_what_a_visit_needs),
           cmocka_unit_test(the_team_is_for_those_who_may_read_of_the_support),
           cmocka_unit_test(a_concealed_telephone_is_no_relatives_either),
           cmocka_unit_test(the_person_reads_the_persons_own_words),
           cmocka_unit_test(a_receiver_does_not_read_what_others_may_know),
           cmocka_unit_test(records_of_one_instant_all_stand_on_some_page),
           cmocka_unit_test(every_case_stands_on_some_page_of_the_list))
