/* consent.c: who may record and take back what was agreed, and what becomes of it. */
#include "fixture.h"

#include "connection/connection_sql.h"
#include "consent/consent_sql.h"

static const struct date seventeen = {2009, 6, 1};
enum { SENT = CAT_BASIC | CAT_CONTACT | CAT_EDUCATION };

struct town {
  struct world w;
  id64 city, npo, centre, clinic;
  struct actor worker, npo_manager, centre_manager;
  struct world_case boy;
};

static void town_new(struct town *t)
{
  world_new(&t->w);
  t->city = world_org(&t->w, "子ども若者支援課", "council");
  t->npo = world_org(&t->w, "NPOあおば", "council");
  t->centre = world_org(&t->w, "さくら教室", "network");
  t->clinic = world_org(&t->w, "こころの診療所", "council");
  t->worker = world_member(&t->w, t->city, ROLE_WORKER, "窓口の人");
  t->npo_manager = world_member(&t->w, t->npo, ROLE_MANAGER, "あおばの長");
  t->centre_manager = world_member(&t->w, t->centre, ROLE_MANAGER, "教室の長");
  t->boy = world_case(&t->w, &t->worker, "試験 太郎", seventeen);
}

/* ---- recording and withdrawing ---------------------------------------------------------------------------------------- */

struct act {
  const struct actor *by;
  id64 person, consent, organization, connection;
  enum party party;
  id64 guardian;
  struct consent_new n;
  struct consent_recipient r[3];
  struct reader who;
  struct arena *a;
  struct doc *page;
  struct answer answer;
};

static enum code record(struct tx *tx, void *arg, struct err *e)
{
  struct act *x = arg;
  const struct scope *s = NULL;
  enum code c = access_open(tx, x->by, ACTION_CONSENT_RECORD, x->person, &s, e);
  return c == OK ? consent_record(tx, s, &x->n, &x->consent, e) : c;
}

/* Towards the NPO and the centre at once, or as `x` was changed by the test. */
static struct act terms(struct town *t, const struct actor *by)
{
  struct act x = {.by = by, .person = t->boy.person, .who = world_reader(), .a = t->w.a};
  x.n = (struct consent_new){
      .by = PARTY_PERSON, .notice_version = S("2026-1"), .purposes = S("支援のため"), .how = S("written"), .count = 2};
  x.r[0] = (struct consent_recipient){t->npo, SENT};
  x.r[1] = (struct consent_recipient){t->centre, SENT};
  return x;
}

static enum code records(struct town *t, struct act *x, struct err *e)
{
  *e = (struct err){0};
  x->n.recipients = x->r;
  return world_write(&t->w, x->by, record, x, e);
}

static enum code withdraw(struct tx *tx, void *arg, struct err *e)
{
  struct act *x = arg;
  const struct scope *s = NULL;
  struct consent_withdrawal given = {
      .organization = x->organization, .by = x->party, .how = S("oral"), .reason = S("もうよい")};
  enum code c = consent_enter(tx, x->by, ACTION_CONSENT_WITHDRAW, x->consent, &s, e);
  return c == OK ? consent_withdraw(tx, s, x->consent, &given, e) : c;
}

static enum code withdraws(struct town *t, const struct actor *by, id64 consent, id64 organization, enum party party)
{
  struct err e = {0};
  struct act x = {.by = by, .consent = consent, .organization = organization, .party = party};
  return world_write(&t->w, by, withdraw, &x, &e);
}

static enum code accept(struct tx *tx, void *arg, struct err *e)
{
  struct act *x = arg;
  const struct scope *s = NULL;
  struct connection con = {0};
  enum code c = connection_enter(tx, x->by, ACTION_CONNECTION_ANSWER, x->connection, &con, &s, e);
  return c == OK ? connection_answer(tx, s, &con, &x->answer, e) : c;
}

/* The receiver takes it on: from then on it works on the case. */
static id64 taken_on(struct town *t, const struct actor *by)
{
  struct err e = {0};
  struct act x = {.by = by, .answer = {.step = STEP_ACCEPT}};
  x.connection = world_send(&t->w, &t->worker, &t->boy, by->organization, "help");
  ok(world_write(&t->w, by, accept, &x, &e));
  return x.connection;
}

static enum code open_others(struct tx *tx, void *arg, struct err *e)
{
  struct act *x = arg;
  const struct scope *s = NULL;
  enum code c = access_open(tx, x->by, ACTION_PERSON_READ, x->person, &s, e);
  x->r[0].categories = c == OK ? scope_others(s) : 0;
  return c;
}

static cats_t others(struct town *t, const struct actor *by)
{
  struct err e = {0};
  struct act x = {.by = by, .person = t->boy.person};
  (void)world_read(&t->w, by, open_others, &x, &e);
  return x.r[0].categories;
}

static enum connection_state state_of(struct town *t, id64 connection)
{
  enum connection_state st = CONNECTION_STATE_COUNT;
  char sql[120];
  snprintf(sql, sizeof sql, "SELECT state FROM connection WHERE id = %lld", (long long)connection);
  assert_true(connection_state_parse(str_from(store_ask(&t->w.store, sql)), &st));
  return st;
}

/* ---- pages ------------------------------------------------------------------------------------------------------------- */

static enum code show_matrix(struct tx *tx, void *arg, struct err *e)
{
  struct act *x = arg;
  const struct scope *s = NULL;
  enum code c = access_open(tx, x->by, ACTION_CONSENT_READ, x->person, &s, e);
  return c == OK ? consent_matrix(tx, s, x->a, &x->who, &x->page, e) : c;
}

static enum code show_summary(struct tx *tx, void *arg, struct err *e)
{
  struct act *x = arg;
  const struct scope *s = NULL;
  enum code c = access_open(tx, x->by, ACTION_CONSENT_READ, x->person, &s, e);
  return c == OK ? consent_summary(tx, s, x->a, &x->who, &x->page, e) : c;
}

static enum code show_consequences(struct tx *tx, void *arg, struct err *e)
{
  struct act *x = arg;
  const struct scope *s = NULL;
  enum code c = consent_enter(tx, x->by, ACTION_CONSENT_WITHDRAW, x->consent, &s, e);
  return c == OK ? consent_consequences(tx, s, x->consent, x->organization, x->a, &x->who, &x->page, e) : c;
}

static enum code show_recipients(struct tx *tx, void *arg, struct err *e)
{
  struct act *x = arg;
  const struct scope *s = NULL;
  enum code c = access_open(tx, x->by, ACTION_CONSENT_RECORD, x->person, &s, e);
  return c == OK ? consent_sql_organizations(tx, s, x->a, &x->page, e) : c;
}

static struct doc *page(struct town *t, const struct actor *by, tx_fn fn, id64 consent)
{
  struct err e = {0};
  struct act x = {.by = by, .person = t->boy.person, .consent = consent, .who = world_reader(), .a = t->w.a};
  ok(world_read(&t->w, by, fn, &x, &e));
  return x.page;
}

static bool mentions(struct town *t, const struct doc *page, const char *text)
{
  struct buf b;
  buf_init(&b, t->w.a, 1 << 20);
  json_write(&b, page);
  return str_contains(buf_str(&b), str_from(text));
}

/* ---- what must hold ---------------------------------------------------------------------------------------------------- */

static void a_withdrawal_ends_every_open_connection_however_many(void **state)
{
  struct town t;
  struct err e = {0};
  (void)state;
  town_new(&t);
  struct act x = terms(&t, &t.worker);
  ok(records(&t, &x, &e));
  for (int i = 0; i < 2 * SHEET_RECEIVERS + 1; i++)
    (void)world_send(&t.w, &t.worker, &t.boy, t.npo, "help");
  x.party = PARTY_PERSON;
  ok(world_write(&t.w, &t.worker, withdraw, &x, &e));
  assert_string_equal(store_ask(&t.w.store, "SELECT count(*) FROM connection WHERE state <> 'withdrawn'"), "0");
  world_free(&t.w);
}

static void a_receiver_takes_back_only_what_was_given_to_it(void **state)
{
  struct town t;
  struct err e = {0};
  (void)state;
  town_new(&t);
  struct act x = terms(&t, &t.worker);
  ok(records(&t, &x, &e));
  id64 npo = taken_on(&t, &t.npo_manager), centre = taken_on(&t, &t.centre_manager);
  /* He tells the NPO that he wants no more: the centre keeps what it has, the city still sees what stands. */
  assert_int_equal(withdraws(&t, &t.npo_manager, x.consent, t.centre, PARTY_PERSON), NOT_FOUND);
  assert_int_equal(withdraws(&t, &t.npo_manager, x.consent, 0, PARTY_PERSON), OK);
  assert_int_equal(others(&t, &t.npo_manager), 0);
  assert_int_equal(others(&t, &t.centre_manager), SENT);
  assert_int_equal(state_of(&t, npo), CONNECTION_WITHDRAWN);
  assert_int_equal(state_of(&t, centre), CONNECTION_ACCEPTED);
  assert_string_equal(store_ask(&t.w.store, "SELECT count(DISTINCT author_organization_id) FROM consent"), "1");
  assert_false(mentions(&t, page(&t, &t.centre_manager, show_matrix, 0), "あおば"));
  assert_true(mentions(&t, page(&t, &t.worker, show_summary, 0), "さくら教室"));
  assert_false(mentions(&t, page(&t, &t.worker, show_summary, 0), "あおば"));
  world_free(&t.w);
}

/* A consent that says the same again, or less for a shorter time, is no second line. */
static void what_was_said_twice_is_told_once(void **state)
{
  struct town t;
  struct err e = {0};
  (void)state;
  town_new(&t);
  struct act x = terms(&t, &t.worker), again = terms(&t, &t.worker), less = terms(&t, &t.worker);
  less.n.until = clock_now() + MS_DAY;
  less.r[0].categories = less.r[1].categories = CAT_BASIC;
  ok(records(&t, &x, &e));
  ok(records(&t, &again, &e));
  ok(records(&t, &less, &e));
  assert_int_equal(doc_size(page(&t, &t.worker, show_summary, 0)), 2); /* towards the NPO, towards the centre */
  struct doc *matrix = page(&t, &t.worker, show_matrix, 0);
  assert_int_equal(doc_size(doc_get(matrix, "rows")), 2);
  assert_false(str_contains(doc_get_str(doc_at(doc_get(matrix, "rows"), 0), "by"), S("、")));
  world_free(&t.w);
}

static void whoever_answered_takes_it_back(void **state)
{
  struct town t;
  (void)state;
  town_new(&t);
  id64 his = world_consent(&t.w, &t.worker, &t.boy, PARTY_PERSON, t.npo, SENT);
  assert_int_equal(withdraws(&t, &t.worker, his, 0, PARTY_GUARDIAN), INVALID);
  assert_int_equal(withdraws(&t, &t.worker, his, 0, PARTY_PERSON), OK);
  assert_int_equal(withdraws(&t, &t.worker, his, 0, PARTY_PERSON), CONFLICT);
  world_free(&t.w);
}

/* Nobody opens other bodies' rows to himself. */
static void no_organization_records_a_consent_towards_itself(void **state)
{
  struct town t;
  struct err e = {0};
  (void)state;
  town_new(&t);
  struct act x = terms(&t, &t.worker);
  ok(records(&t, &x, &e));
  (void)taken_on(&t, &t.npo_manager);
  struct act own = terms(&t, &t.npo_manager);
  own.n.count = 1;
  own.r[0].categories = CAT_ALL;
  assert_int_equal(records(&t, &own, &e), INVALID);
  assert_string_equal(e.field, "recipients");
  assert_int_equal(others(&t, &t.npo_manager), SENT);
  world_free(&t.w);
}

static void a_recipient_is_an_organization_that_is_there(void **state)
{
  struct town t;
  struct err e = {0};
  (void)state;
  town_new(&t);
  struct act x = terms(&t, &t.worker);
  x.r[1].organization = 12345;
  assert_int_equal(records(&t, &x, &e), INVALID);
  assert_string_equal(e.field, "recipients");
  x.r[1] = x.r[0];
  assert_int_equal(records(&t, &x, &e), INVALID); /* named twice */
  world_free(&t.w);
}

/* Who says no after a yes takes the yes back, and what rests on it ends as by a withdrawal. */
static void a_refusal_ends_what_rested_on_the_consent(void **state)
{
  struct town t;
  struct err e = {0};
  (void)state;
  town_new(&t);
  struct act x = terms(&t, &t.worker), no = terms(&t, &t.worker);
  ok(records(&t, &x, &e));
  id64 npo = taken_on(&t, &t.npo_manager), centre = taken_on(&t, &t.centre_manager);
  no.n.refused = true;
  no.n.count = 1;
  no.r[0].categories = 0; /* a no needs no categories */
  ok(records(&t, &no, &e));
  assert_int_equal(others(&t, &t.npo_manager), 0);
  assert_int_equal(state_of(&t, npo), CONNECTION_WITHDRAWN);
  assert_int_equal(state_of(&t, centre), CONNECTION_ACCEPTED);
  assert_false(mentions(&t, page(&t, &t.worker, show_summary, 0), "あおば")); /* what holds now */
  world_free(&t.w);
}

/* The mother's no is hers: at seventeen his own yes stands. */
static void a_refusal_without_effect_ends_nothing(void **state)
{
  struct town t;
  struct err e = {0};
  (void)state;
  town_new(&t);
  struct act x = terms(&t, &t.worker), no = terms(&t, &t.worker);
  ok(records(&t, &x, &e));
  id64 npo = taken_on(&t, &t.npo_manager);
  no.n.refused = true;
  no.n.by = PARTY_GUARDIAN;
  no.n.guardian = t.boy.guardian;
  ok(records(&t, &no, &e));
  assert_int_equal(others(&t, &t.npo_manager), SENT);
  assert_int_equal(state_of(&t, npo), CONNECTION_ACCEPTED);
  world_free(&t.w);
}

static void a_consent_that_begins_later_does_not_hold_yet(void **state)
{
  struct town t;
  struct err e = {0};
  (void)state;
  town_new(&t);
  struct act x = terms(&t, &t.worker);
  x.n.from_day = date_add_days(date_of_ts(clock_now()), 10);
  ok(records(&t, &x, &e));
  assert_int_equal(doc_size(page(&t, &t.worker, show_summary, 0)), 0);
  struct act vague = terms(&t, &t.worker);
  vague.n.from_day = (struct date){x.n.from_day.year + 1, 4, 0}; /* April: which day? */
  assert_int_equal(records(&t, &vague, &e), INVALID);
  assert_string_equal(e.field, "from");
  world_free(&t.w);
}

/* ---- what other bodies do is not told ----------------------------------------------------------------------------------------- */

struct draft {
  const struct actor *by;
  id64 case_id, to;
};

static enum code draft_towards(struct tx *tx, void *arg, struct err *e)
{
  struct draft *d = arg;
  struct case_head head = {0};
  const struct scope *s = NULL;
  struct sheet sheet = {0};
  struct reader who = world_reader();
  id64 id = 0;
  enum code c = case_enter(tx, d->by, ACTION_SHEET_WRITE, d->case_id, &head, &s, e);
  if (c == OK)
    c = sheet_begin(tx, s, d->case_id, &who, &id, e);
  if (c == OK)
    c = sheet_enter(tx, d->by, ACTION_SHEET_WRITE, id, tx_arena(tx), &sheet, &s, e);
  return c == OK ? sheet_choose(tx, s, &sheet, &d->to, 1, S("help"), e) : c;
}

static void another_bodys_drafts_and_connections_are_not_told(void **state)
{
  struct town t;
  struct err e = {0};
  (void)state;
  town_new(&t);
  struct act x = terms(&t, &t.worker);
  ok(records(&t, &x, &e));
  (void)taken_on(&t, &t.npo_manager);
  struct draft d = {&t.npo_manager, t.boy.case_id, t.clinic};
  ok(world_write(&t.w, &t.npo_manager, draft_towards, &d, &e));
  const struct doc *list = page(&t, &t.worker, show_recipients, 0);
  for (size_t i = 0; i < doc_size(list); i++)
    assert_false(doc_get_bool(doc_at(list, i), "chosen"));
  /* The city's own consent towards the clinic: what would end is the city's to know, not what the NPO writes to it. */
  id64 clinic = world_consent(&t.w, &t.worker, &t.boy, PARTY_PERSON, t.clinic, SENT);
  assert_int_equal(doc_size(doc_get(page(&t, &t.worker, show_consequences, clinic), "ends")), 0);
  world_free(&t.w);
}

STMT_WRITE(
    q_looked, "tc_looked",
    "INSERT INTO seen (network_id, person_id, day, user_id, organization_id, action, reason, reason_ref, first_at)"
    " VALUES ($1, $2, '2020-01-15', 1, $3, $4, $5, $6, 1)");

struct looked {
  id64 person, organization, ref;
  enum reason_kind reason;
};

static enum code looked(struct tx *tx, void *arg, struct err *e)
{
  struct looked *l = arg;
  return db_exec(tx, &q_looked, NULL, e,
                 BINDS(b_int(tx_network(tx)), b_int(l->person), b_int(l->organization), b_int(ACTION_RECORD_READ),
                       b_int(l->reason), b_int(l->ref)));
}

/* What was looked at on a law that protects is no part of what a withdrawal lists. */
static void a_withdrawal_lists_what_was_seen_by_consent(void **state)
{
  struct town t;
  struct err e = {0};
  (void)state;
  town_new(&t);
  id64 his = world_consent(&t.w, &t.worker, &t.boy, PARTY_PERSON, t.clinic, SENT);
  struct looked law = {t.boy.person, t.clinic, 7, REASON_BASIS};
  ok(world_write(&t.w, NULL, looked, &law, &e));
  assert_int_equal(doc_size(doc_get(page(&t, &t.worker, show_consequences, his), "holders")), 0);
  assert_int_equal(doc_size(doc_get(page(&t, &t.worker, show_consequences, his), "receivers")), 1);
  struct looked agreed = {t.boy.person, t.clinic, his, REASON_CONSENT};
  ok(world_write(&t.w, NULL, looked, &agreed, &e));
  assert_int_equal(doc_size(doc_get(page(&t, &t.worker, show_consequences, his), "holders")), 1);
  world_free(&t.w);
}

STMT_WRITE(
    q_faxed, "tc_faxed",
    "INSERT INTO print_copy (network_id, id, person_id, case_id, author_organization_id, user_id, kind, thing_id, "
    "number,"
    " printed_at) SELECT network_id, id, person_id, case_id, from_organization_id, from_user_id, 'fax', id, 1, $3"
    " FROM connection WHERE network_id = $1 AND id = $2");

static enum code faxed(struct tx *tx, void *arg, struct err *e)
{
  return db_exec(tx, &q_faxed, NULL, e, BINDS(b_int(tx_network(tx)), b_int(*(const id64 *)arg), b_int(tx_now(tx))));
}

STMT_WRITE(q_took, "tc_took",
           "UPDATE connection SET state = 'accepted', accepted_at = $3 WHERE network_id = $1 AND id = $2");

static enum code took(struct tx *tx, void *arg, struct err *e)
{
  return db_exec(tx, &q_took, NULL, e, BINDS(b_int(tx_network(tx)), b_int(*(const id64 *)arg), b_int(tx_now(tx))));
}

/* A receiver without account never looked, and holds it all the same. */
static void a_withdrawal_lists_what_went_on_paper_or_by_telephone(void **state)
{
  struct town t;
  struct err e = {0};
  (void)state;
  town_new(&t);
  id64 his = world_consent(&t.w, &t.worker, &t.boy, PARTY_PERSON, t.clinic, SENT);
  id64 sent = world_send(&t.w, &t.worker, &t.boy, t.clinic, "help");
  assert_int_equal(doc_size(doc_get(page(&t, &t.worker, show_consequences, his), "holders")), 0);
  ok(world_write(&t.w, NULL, faxed, &sent, &e));
  assert_int_equal(doc_size(doc_get(page(&t, &t.worker, show_consequences, his), "holders")), 1);
  his = world_consent(&t.w, &t.worker, &t.boy, PARTY_PERSON, t.npo, SENT);
  sent = world_send(&t.w, &t.worker, &t.boy, t.npo, "help");
  assert_int_equal(doc_size(doc_get(page(&t, &t.worker, show_consequences, his), "holders")), 0);
  ok(world_write(&t.w, NULL, took, &sent, &e));
  assert_int_equal(doc_size(doc_get(page(&t, &t.worker, show_consequences, his), "holders")), 1);
  world_free(&t.w);
}

STORE_MAIN(cmocka_unit_test(a_withdrawal_ends_every_open_connection_however_many),
           cmocka_unit_test(a_receiver_takes_back_only_what_was_given_to_it),
           cmocka_unit_test(what_was_said_twice_is_told_once), cmocka_unit_test(whoever_answered_takes_it_back),
           cmocka_unit_test(no_organization_records_a_consent_towards_itself),
           cmocka_unit_test(a_recipient_is_an_organization_that_is_there),
           cmocka_unit_test(a_refusal_ends_what_rested_on_the_consent),
           cmocka_unit_test(a_refusal_without_effect_ends_nothing),
           cmocka_unit_test(a_consent_that_begins_later_does_not_hold_yet),
           cmocka_unit_test(another_bodys_drafts_and_connections_are_not_told),
           cmocka_unit_test(a_withdrawal_lists_what_was_seen_by_consent),
           cmocka_unit_test(a_withdrawal_lists_what_went_on_paper_or_by_telephone))
