/* seen.c: 「だれが見たか」: the person has every look, a guardian those that rest on what that guardian gave, nobody a worker's name. */
#include "fixture.h"

#include <stdlib.h>
#include <unistd.h>

#include "audit/audit.h"
#include "seen/seen.h"
#include "view/print.h"

static const struct date seventeen = {2009, 6, 1}, twelve = {2014, 6, 1};
#define CANARY "カナリア"

struct town {
  struct world w;
  id64 city, npo, centre;
  struct actor worker, npo_worker, npo_manager, centre_worker;
  struct world_case child;
};

/* ---- more facts ------------------------------------------------------------------------------------------------------- */

struct fact {
  struct town *t;
  const char *text;
  id64 id, organization, user;
  const struct actor *who;
  enum action action;
};

static enum code join(struct tx *tx, void *arg, struct err *e)
{
  const struct fact *f = arg;
  const struct scope *s = NULL;
  enum code c = access_open(tx, &f->t->worker, ACTION_CASE_WRITE, f->t->child.person, &s, e);
  if (c == OK)
    c = case_join(tx, s, f->t->child.case_id, f->organization, PART_PARTNER, e);
  return c == OK ? case_assign(tx, s, f->t->child.case_id, f->organization, f->user, e) : c;
}

STMT_WRITE(
    q_basis, "ts_basis",
    "INSERT INTO legal_basis (network_id, id, person_id, author_organization_id, code, requester_id, approver_id,"
    " necessity_sealed, weighing_sealed, from_at, created_at) VALUES ($1, $2, $3, $4, $5, 1, 2, $6, $6, $7, $7)");
STMT_WRITE(q_basis_to, "ts_basis_to",
           "INSERT INTO legal_basis_recipient (network_id, legal_basis_id, organization_id, person_id, categories)"
           " VALUES ($1, $2, $3, $4, 4095)");

static enum code put_basis(struct tx *tx, void *arg, struct err *e)
{
  const struct fact *f = arg;
  id64 id = id_new(tx_now(tx)), person = f->t->child.person;
  enum code c = db_exec(tx, &q_basis, NULL, e,
                        BINDS(b_int(tx_network(tx)), b_int(id), b_int(person), b_int(f->t->city),
                              b_text(str_from(f->text)), b_bytes(S("x")), b_int(tx_now(tx))));
  return c == OK ? db_exec(tx, &q_basis_to, NULL, e,
                           BINDS(b_int(tx_network(tx)), b_int(id), b_int(f->organization), b_int(person)))
                 : c;
}

STMT_WRITE(q_glass, "ts_glass",
           "INSERT INTO break_glass (network_id, id, person_id, user_id, organization_id, reason_sealed, from_at,"
           " until_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)");

static enum code put_glass(struct tx *tx, void *arg, struct err *e)
{
  const struct fact *f = arg;
  return db_exec(tx, &q_glass, NULL, e,
                 BINDS(b_int(tx_network(tx)), b_int(id_new(tx_now(tx))), b_int(f->t->child.person), b_int(f->user),
                       b_int(f->organization), b_bytes(S("x")), b_int(tx_now(tx)), b_int(tx_now(tx) + MS_HOUR)));
}

STMT_WRITE(q_withdraw, "ts_withdraw", "UPDATE consent SET withdrawn_at = $3 WHERE network_id = $1 AND id = $2");
STMT_WRITE(q_end, "ts_end", "UPDATE consent SET until_at = $3 WHERE network_id = $1 AND id = $2");
STMT_WRITE(q_since, "ts_since", "UPDATE consent SET from_at = $3 WHERE network_id = $1 AND id = $2");

static enum code withdraw(struct tx *tx, void *arg, struct err *e)
{
  const struct fact *f = arg;
  return db_exec(tx, &q_withdraw, NULL, e, BINDS(b_int(tx_network(tx)), b_int(f->id), b_int(tx_now(tx))));
}

static enum code end(struct tx *tx, void *arg, struct err *e)
{
  const struct fact *f = arg;
  return db_exec(tx, &q_end, NULL, e, BINDS(b_int(tx_network(tx)), b_int(f->id), b_int(tx_now(tx))));
}

static enum code begin_now(struct tx *tx, void *arg, struct err *e)
{
  const struct fact *f = arg;
  return db_exec(tx, &q_since, NULL, e, BINDS(b_int(tx_network(tx)), b_int(f->id), b_int(tx_now(tx))));
}

STMT_WRITE(q_refuse, "ts_refuse", "UPDATE consent SET refused = TRUE, from_at = $3 WHERE network_id = $1 AND id = $2");

static enum code refuse(struct tx *tx, void *arg, struct err *e)
{
  const struct fact *f = arg;
  return db_exec(tx, &q_refuse, NULL, e, BINDS(b_int(tx_network(tx)), b_int(f->id), b_int(tx_now(tx))));
}

static void make(struct town *t, tx_fn fn, struct fact f)
{
  struct err e = {0};
  usleep(1500); /* what happens later has a later instant */
  f.t = t;
  ok(world_write(&t->w, f.who, fn, &f, &e)); /* a look under the looker's session, bare rows as the service */
}

static enum code look_at(struct tx *tx, void *arg, struct err *e)
{
  const struct fact *f = arg;
  const struct scope *s = NULL;
  return access_open(tx, f->who, f->action, f->t->child.person, &s, e);
}

static void looks(struct town *t, const struct actor *who, enum action action)
{
  make(t, look_at, (struct fact){.who = who, .action = action});
}

static void town_new(struct town *t, struct date birth)
{
  world_new(&t->w);
  t->city = world_org(&t->w, "子ども若者支援課", "council");
  t->npo = world_org(&t->w, "NPOあおば", "council");
  t->centre = world_org(&t->w, "児童相談所", "council");
  t->worker = world_member(&t->w, t->city, ROLE_WORKER, CANARY "一郎");
  t->npo_worker = world_member(&t->w, t->npo, ROLE_WORKER, CANARY "花子");
  t->npo_manager = world_member(&t->w, t->npo, ROLE_MANAGER, CANARY "次郎");
  t->centre_worker = world_member(&t->w, t->centre, ROLE_WORKER, CANARY "三郎");
  t->child = world_case(&t->w, &t->worker, "試験 太郎", birth);
  make(t, join, (struct fact){.who = &t->worker, .organization = t->npo, .user = t->npo_worker.user});
  make(t, join, (struct fact){.who = &t->worker, .organization = t->centre, .user = t->centre_worker.user});
}

/* ---- asking ------------------------------------------------------------------------------------------------------------ */

struct ask {
  struct town *t;
  const struct actor *by;
  enum party party;
  id64 guardian;
  struct doc *paper, *page;
  int64_t rows;
};

STMT_READ(q_rows, "ts_rows", "SELECT count(*) FROM seen WHERE network_id = $1 AND person_id = $2");

static enum code count_rows(struct tx *tx, id64 person, int64_t *ret, struct err *e)
{
  struct rows r = {0};
  enum code c = db_query(tx, &q_rows, &r, e, BINDS(b_int(tx_network(tx)), b_int(person)));
  if (c != OK)
    return c;
  *ret = rows_next(&r) ? rows_int(&r, 0) : 0;
  return rows_end(&r, e);
}

static enum code paper(struct tx *tx, void *arg, struct err *e)
{
  struct ask *q = arg;
  const struct scope *s = NULL;
  struct reader who = world_reader();
  enum code c = access_open(tx, q->by, ACTION_SEEN_PRINT, q->t->child.person, &s, e);
  if (c == OK)
    c = seen_paper(tx, s, S("R8-00001"), q->party, q->guardian, q->t->w.a, &who, &q->paper, e);
  return c;
}

static enum code page(struct tx *tx, void *arg, struct err *e)
{
  struct ask *q = arg;
  const struct scope *s = NULL;
  struct reader who = world_reader();
  enum code c = access_open(tx, q->by, ACTION_SEEN_READ, q->t->child.person, &s, e);
  if (c == OK)
    c = seen_page(tx, s, q->t->child.case_id, 0, q->t->w.a, &who, &q->page, e);
  return c == OK ? count_rows(tx, q->t->child.person, &q->rows, e) : c;
}

static struct str json(struct town *t, const struct doc *d)
{
  struct buf b;
  buf_init(&b, t->w.a, 1 << 20);
  json_write(&b, d);
  assert_false(b.failed);
  return buf_str(&b);
}

/* The blocks that tell looks, as text: those between the two rules. */
static struct str told(struct town *t, enum party party, id64 guardian)
{
  struct err e = {0};
  struct ask q = {.t = t, .by = &t->worker, .party = party, .guardian = guardian};
  struct doc *between = doc_list(t->w.a);
  int lines = 0;
  ok(world_read(&t->w, q.by, paper, &q, &e));
  assert_false(str_contains(json(t, q.paper), S(CANARY)));
  const struct doc *blocks = doc_get(q.paper, "blocks");
  for (size_t i = 0; i < doc_size(blocks); i++) {
    lines += str_is(doc_get_str(doc_at(blocks, i), "kind"), "line");
    if (lines == 1)
      doc_add(between, doc_at(blocks, i));
  }
  assert_int_equal(lines, 2);
  return json(t, between);
}

static struct str for_person(struct town *t)
{
  return told(t, PARTY_PERSON, 0);
}

static struct str for_mother(struct town *t)
{
  return told(t, PARTY_GUARDIAN, t->child.guardian);
}

static bool says(struct str text, const char *word)
{
  return str_contains(text, str_from(word));
}

/* Nothing to tell: one sentence, no heading, nobody. */
static void assert_empty(struct str text)
{
  assert_false(says(text, "heading"));
  assert_false(says(text, "NPOあおば"));
  assert_false(says(text, "児童相談所"));
  assert_false(says(text, "（相談員）"));
}

/* ---- tests --------------------------------------------------------------------------------------------------------------- */

static size_t rows_on(const struct doc *page_doc)
{
  size_t n = 0;
  const struct doc *days = doc_get(page_doc, "days");
  for (size_t i = 0; i < doc_size(days); i++)
    n += doc_size(doc_get(doc_at(days, i), "rows"));
  return n;
}

static void the_person_sees_all(void **state)
{
  struct town t;
  struct err e = {0};
  town_new(&t, seventeen);
  struct ask q = {.t = &t, .by = &t.worker};
  make(&t, put_basis, (struct fact){.text = "child_protection", .organization = t.centre});
  make(&t, put_glass, (struct fact){.user = t.npo_worker.user, .organization = t.npo});
  looks(&t, &t.worker, ACTION_RECORD_READ);
  looks(&t, &t.npo_worker, ACTION_SHEET_READ);
  looks(&t, &t.centre_worker, ACTION_CASE_READ);
  ok(world_read(&t.w, q.by, page, &q, &e));
  assert_true(q.rows >= 3);
  assert_int_equal(rows_on(q.page), q.rows);
  struct str text = json(&t, q.page), on_paper = for_person(&t);
  assert_true(says(text, "NPOあおば（相談員）"));
  assert_true(says(text, "児童相談所（相談員）"));
  assert_true(says(text, "経過記録を読みました"));
  assert_true(says(text, "法律のきまり"));
  assert_false(says(text, "child_protection"));
  assert_false(says(text, CANARY));
  assert_true(says(on_paper, "NPOあおば（相談員）"));
  assert_true(says(on_paper, "児童相談所（相談員）"));
  assert_true(says(on_paper, "けいかきろく"));
  world_free(&t.w);
}

static void a_guardian_has_only_what_that_guardian_gave(void **state)
{
  struct town t;
  town_new(&t, seventeen);
  assert_empty(for_mother(&t));
  looks(&t, &t.npo_worker, ACTION_CASE_READ); /* before she gave anything */
  id64 id = world_consent(&t.w, &t.worker, &t.child, PARTY_GUARDIAN, t.npo, CAT_BASIC | CAT_SUPPORT);
  make(&t, begin_now, (struct fact){.id = id});
  looks(&t, &t.worker, ACTION_RECORD_READ);
  looks(&t, &t.npo_worker, ACTION_RECORD_READ);
  looks(&t, &t.centre_worker, ACTION_RECORD_READ);
  looks(&t, &t.npo_worker, ACTION_CONSENT_READ);
  struct str text = for_mother(&t);
  assert_true(says(text, "NPOあおば（相談員）"));
  assert_true(says(text, "けいかきろく"));
  assert_false(says(text, "児童相談所"));
  assert_false(says(text, "子ども若者支援課"));
  assert_false(says(text, "支援"));   /* the case's page, seen before */
  assert_false(says(text, "どうい")); /* neither consents nor the person's own as a reason */
  assert_false(says(text, "印刷"));
  world_free(&t.w);
}

static void a_guardian_of_a_younger_child_has_older_looks_too(void **state)
{
  struct town t;
  town_new(&t, twelve);
  looks(&t, &t.npo_worker, ACTION_CASE_READ);
  id64 id = world_consent(&t.w, &t.worker, &t.child, PARTY_GUARDIAN, t.npo, CAT_BASIC | CAT_SUPPORT);
  make(&t, begin_now, (struct fact){.id = id});
  struct str text = for_mother(&t);
  assert_true(says(text, "NPOあおば（相談員）"));
  assert_false(says(text, "児童相談所"));
  world_free(&t.w);
}

static void nothing_is_left_after_a_withdrawal_or_an_end(void **state)
{
  static const tx_fn ways[] = {withdraw, end};
  for (size_t i = 0; i < 2; i++) {
    struct town t;
    town_new(&t, seventeen);
    struct str empty = for_mother(&t);
    assert_empty(empty);
    id64 id = world_consent(&t.w, &t.worker, &t.child, PARTY_GUARDIAN, t.npo, CAT_BASIC | CAT_SUPPORT);
    looks(&t, &t.npo_worker, ACTION_RECORD_READ);
    assert_true(says(for_mother(&t), "NPOあおば"));
    make(&t, ways[i], (struct fact){.id = id});
    struct str after = for_mother(&t);
    assert_true(str_eq(after, empty)); /* as if there had never been anything */
    world_free(&t.w);
  }
}

static void looks_that_protect_are_left_out_for_a_guardian(void **state)
{
  static const char *const codes[] = {"child_protection", "notification", "abuse_request", "emergency",
                                      "tomorrows_law"};
  for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
    struct town t;
    town_new(&t, twelve);
    (void)world_consent(&t.w, &t.worker, &t.child, PARTY_GUARDIAN, t.npo, CAT_BASIC);
    make(&t, put_basis, (struct fact){.text = codes[i], .organization = t.npo});
    looks(&t, &t.npo_worker, ACTION_RECORD_READ);
    assert_empty(for_mother(&t));
    assert_true(says(for_person(&t), "NPOあおば"));
    world_free(&t.w);
  }
}

static void a_look_by_breaking_glass_is_left_out_for_a_guardian(void **state)
{
  struct town t;
  town_new(&t, twelve);
  struct actor other = world_member(&t.w, t.npo, ROLE_WORKER, CANARY "四郎");
  (void)world_consent(&t.w, &t.worker, &t.child, PARTY_GUARDIAN, t.npo, CAT_BASIC);
  make(&t, put_glass, (struct fact){.user = other.user, .organization = t.npo});
  looks(&t, &other, ACTION_RECORD_READ);
  assert_empty(for_mother(&t));
  assert_true(says(for_person(&t), "急"));
  world_free(&t.w);
}

static void another_law_is_told(void **state)
{
  struct town t;
  town_new(&t, twelve);
  (void)world_consent(&t.w, &t.worker, &t.child, PARTY_GUARDIAN, t.npo, CAT_BASIC);
  make(&t, put_basis, (struct fact){.text = "support_meeting", .organization = t.npo});
  looks(&t, &t.npo_worker, ACTION_RECORD_READ);
  assert_true(says(for_mother(&t), "ほうりつ"));
  world_free(&t.w);
}

static struct str whole_for(struct tx *tx, struct town *t, id64 guardian)
{
  const struct scope *s = NULL;
  struct doc *d = NULL;
  struct reader who = world_reader();
  struct err e = {0};
  ok(access_open(tx, &t->worker, ACTION_SEEN_PRINT, t->child.person, &s, &e));
  ok(seen_paper(tx, s, S("R8-00001"), PARTY_GUARDIAN, guardian, t->w.a, &who, &d, &e));
  return json(t, d);
}

struct pair {
  struct town *t;
  id64 barred;
  bool equal;
};

static enum code compare(struct tx *tx, void *arg, struct err *e)
{
  struct pair *p = arg;
  struct str a = whole_for(tx, p->t, p->t->child.guardian), b = whole_for(tx, p->t, p->barred);
  (void)e;
  p->equal = str_eq(a, b);
  return OK;
}

STMT_WRITE(
    q_bar, "ts_bar",
    "INSERT INTO restriction (network_id, id, person_id, guardian_id, categories, breakable, from_at, created_by)"
    " VALUES ($1, $2, $3, $4, 4095, FALSE, 0, 1)");

static enum code add_barred(struct tx *tx, void *arg, struct err *e)
{
  struct pair *p = arg;
  const struct scope *s = NULL;
  struct guardian_new g = {.name = S("父の名"), .relation = S("父"), .authority = S("sole")};
  enum code c = access_open(tx, &p->t->worker, ACTION_PERSON_WRITE, p->t->child.person, &s, e);
  if (c == OK)
    c = guardian_add(tx, s, &g, &p->barred, e);
  return c == OK ? db_exec(tx, &q_bar, NULL, e,
                           BINDS(b_int(tx_network(tx)), b_int(id_new(tx_now(tx))), b_int(p->t->child.person),
                                 b_int(p->barred)))
                 : c;
}

static void a_paper_that_may_show_nothing_reads_like_an_empty_one(void **state)
{
  struct town t;
  struct err e = {0};
  struct pair p = {.t = &t};
  town_new(&t, twelve);
  ok(world_write(&t.w, &t.worker, add_barred, &p, &e));
  struct world_case father = t.child;
  father.guardian = p.barred;
  (void)world_consent(&t.w, &t.worker, &father, PARTY_GUARDIAN, t.npo, CAT_BASIC);
  looks(&t, &t.npo_worker, ACTION_RECORD_READ);
  ok(world_read(&t.w, &t.worker, compare, &p, &e)); /* the mother gave nothing, the father is barred */
  assert_true(p.equal);
  world_free(&t.w);
}

static void a_guardian_of_somebody_else_is_not_there(void **state)
{
  struct town t;
  struct err e = {0}, missing = {0};
  town_new(&t, twelve);
  struct world_case other = world_case(&t.w, &t.worker, "試験 次郎", twelve);
  struct ask q = {.t = &t, .by = &t.worker, .party = PARTY_GUARDIAN, .guardian = other.guardian};
  assert_int_equal(world_read(&t.w, q.by, paper, &q, &e), NOT_FOUND);
  q.guardian = id_new(0);
  assert_int_equal(world_read(&t.w, q.by, paper, &q, &missing), NOT_FOUND);
  assert_string_equal(e.msg, missing.msg);
  world_free(&t.w);
}

/* What other bodies looked at, and under which law, is told by the one that leads. */
static void a_partner_prints_for_nobody(void **state)
{
  struct town t;
  struct err e = {0};
  town_new(&t, seventeen);
  (void)world_consent(&t.w, &t.worker, &t.child, PARTY_PERSON, t.npo, CAT_BASIC | CAT_EDUCATION);
  struct ask q = {.t = &t, .by = &t.npo_worker, .party = PARTY_GUARDIAN, .guardian = t.child.guardian};
  assert_int_equal(world_read(&t.w, q.by, paper, &q, &e), DENIED);
  q.party = PARTY_PERSON;
  assert_int_equal(world_read(&t.w, q.by, paper, &q, &e), DENIED);
  world_free(&t.w);
}

STMT_READ(q_event, "ts_event",
          "SELECT count(*) FROM event WHERE network_id = $1 AND kind = $2 AND action = $3 AND person_id = $4"
          " AND object_id = $5 AND user_id = $6");

static enum code count_events(struct tx *tx, void *arg, struct err *e)
{
  struct ask *q = arg;
  struct rows r = {0};
  enum code c =
      db_query(tx, &q_event, &r, e,
               BINDS(b_int(tx_network(tx)), b_int(EVENT_PRINT), b_int(ACTION_SEEN_PRINT), b_int(q->t->child.person),
                     b_int(q->guardian ? q->guardian : q->t->child.person), b_int(q->by->user)));
  if (c != OK)
    return c;
  q->rows = rows_next(&r) ? rows_int(&r, 0) : 0;
  return rows_end(&r, e);
}

static void a_print_is_an_event_that_names_whose_paper_it_is(void **state)
{
  struct town t;
  struct err e = {0};
  town_new(&t, twelve);
  struct ask q = {.t = &t, .by = &t.worker, .party = PARTY_GUARDIAN, .guardian = t.child.guardian};
  ok(world_write(&t.w, q.by, paper, &q, &e));
  ok(world_read(&t.w, NULL, count_events, &q, &e));
  assert_int_equal(q.rows, 1);
  q.party = PARTY_PERSON;
  q.guardian = 0;
  ok(world_write(&t.w, q.by, paper, &q, &e));
  ok(world_read(&t.w, NULL, count_events, &q, &e));
  assert_int_equal(q.rows, 1);
  assert_true(says(for_person(&t), "いんさつ"));
  world_free(&t.w);
}

static void a_refusal_by_the_guardian_ends_it_too(void **state)
{
  struct town t;
  town_new(&t, twelve);
  (void)world_consent(&t.w, &t.worker, &t.child, PARTY_GUARDIAN, t.npo, CAT_BASIC);
  looks(&t, &t.npo_worker, ACTION_RECORD_READ);
  assert_true(says(for_mother(&t), "NPOあおば"));
  id64 id = world_consent(&t.w, &t.worker, &t.child, PARTY_GUARDIAN, t.npo, CAT_BASIC);
  make(&t, refuse, (struct fact){.id = id});
  assert_empty(for_mother(&t));
  world_free(&t.w);
}

static void a_paper_becomes_a_pdf(void **state)
{
  struct town t;
  struct err e = {0};
  struct str pdf = STR_NONE;
  town_new(&t, seventeen);
  (void)world_consent(&t.w, &t.worker, &t.child, PARTY_PERSON, t.npo, CAT_BASIC | CAT_SUPPORT);
  make(&t, put_basis, (struct fact){.text = "child_protection", .organization = t.centre});
  static const enum action actions[] = {ACTION_CASE_READ, ACTION_RECORD_READ, ACTION_SHEET_READ, ACTION_RECORD_WRITE};
  for (size_t i = 0; i < sizeof actions / sizeof *actions; i++) {
    looks(&t, &t.worker, actions[i]);
    looks(&t, &t.npo_worker, actions[i]);
    looks(&t, &t.centre_worker, actions[i]);
  }
  struct ask q = {.t = &t, .by = &t.worker, .party = PARTY_PERSON};
  ok(world_read(&t.w, q.by, paper, &q, &e));
  ok(print_pdf(t.w.a, LANG_JA, q.paper, &pdf, &e));
  assert_true(str_starts(pdf, S("%PDF-")));
  const char *keep = getenv("KEEP_PDF");
  FILE *f = keep ? fopen(keep, "wb") : NULL;
  if (f) {
    (void)fwrite(pdf.p, 1, pdf.n, f);
    (void)fclose(f);
  }
  world_free(&t.w);
}

STORE_MAIN(cmocka_unit_test(the_person_sees_all), cmocka_unit_test(a_guardian_has_only_what_that_guardian_gave),
           cmocka_unit_test(a_guardian_of_a_younger_child_has_older_looks_too),
           cmocka_unit_test(nothing_is_left_after_a_withdrawal_or_an_end),
           cmocka_unit_test(looks_that_protect_are_left_out_for_a_guardian),
           cmocka_unit_test(a_look_by_breaking_glass_is_left_out_for_a_guardian), cmocka_unit_test(another_law_is_told),
           cmocka_unit_test(a_paper_that_may_show_nothing_reads_like_an_empty_one),
           cmocka_unit_test(a_guardian_of_somebody_else_is_not_there), cmocka_unit_test(a_partner_prints_for_nobody),
           cmocka_unit_test(a_print_is_an_event_that_names_whose_paper_it_is),
           cmocka_unit_test(a_refusal_by_the_guardian_ends_it_too), cmocka_unit_test(a_paper_becomes_a_pdf))
