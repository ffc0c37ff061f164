/* connection.c: a sheet goes from hand to hand: what consent covers, what a withdrawal ends, along which steps it moves. */
#include "fixture.h"

#include <pthread.h>

#include "base/limits.h"
#include "connection/connection_sql.h"

static const struct date seventeen = {2009, 6, 1};
enum { SENT_CATEGORIES = CAT_BASIC | CAT_CONTACT | CAT_EDUCATION };

struct town {
  struct world w;
  id64 city, npo, centre;
  struct actor worker, npo_manager, npo_worker, centre_manager;
  struct world_case boy;
};

static void town_new(struct town *t)
{
  world_new(&t->w);
  t->city = world_org(&t->w, "子ども若者支援課", "council");
  t->npo = world_org(&t->w, "NPOあおば", "council");
  t->centre = world_org(&t->w, "さくら教室", "network");
  t->worker = world_member(&t->w, t->city, ROLE_WORKER, "窓口の人");
  t->npo_manager = world_member(&t->w, t->npo, ROLE_MANAGER, "あおばの長");
  t->npo_worker = world_member(&t->w, t->npo, ROLE_WORKER, "あおばの人");
  t->centre_manager = world_member(&t->w, t->centre, ROLE_MANAGER, "教室の長");
  t->boy = world_case(&t->w, &t->worker, "試験 太郎", seventeen);
}

/* ---- what one tries -------------------------------------------------------------------------------------------------------- */

struct glance {
  const struct actor *who;
  enum action action;
  id64 person, connection;
  cats_t own, others;
  enum connection_state state;
};

static enum code glance(struct tx *tx, void *arg, struct err *e)
{
  struct glance *l = arg;
  const struct scope *s = NULL;
  enum code c = access_open(tx, l->who, l->action, l->person, &s, e);
  if (c == OK) {
    l->own = scope_own(s);
    l->others = scope_others(s);
  }
  return c;
}

static enum code looks(struct town *t, const struct actor *who, enum action action, cats_t *ret_others)
{
  struct err e = {0};
  struct glance l = {.who = who, .action = action, .person = t->boy.person};
  enum code c = world_read(&t->w, who, glance, &l, &e);
  if (ret_others)
    *ret_others = l.others;
  return c;
}

static enum code open_connection(struct tx *tx, void *arg, struct err *e)
{
  struct glance *l = arg;
  const struct scope *s = NULL;
  struct connection con = {0};
  enum code c = connection_enter(tx, l->who, ACTION_CONNECTION_READ, l->connection, &con, &s, e);
  if (c == OK)
    c = connection_open(tx, s, &con, e);
  if (c == OK)
    c = connection_sql_get(tx, l->connection, &con, e);
  l->state = con.state;
  return c;
}

static enum code opens(struct town *t, const struct actor *who, id64 connection, enum connection_state *ret)
{
  struct err e = {0};
  struct glance l = {.who = who, .connection = connection};
  enum code c = world_write(&t->w, who, open_connection, &l, &e);
  *ret = l.state;
  return c;
}

struct reply {
  const struct actor *who;
  id64 connection;
  struct answer a;
};

static enum code reply(struct tx *tx, void *arg, struct err *e)
{
  struct reply *r = arg;
  const struct scope *s = NULL;
  struct connection con = {0};
  enum code c = connection_enter(tx, r->who, ACTION_CONNECTION_ANSWER, r->connection, &con, &s, e);
  return c == OK ? connection_answer(tx, s, &con, &r->a, e) : c;
}

static enum code answers(struct town *t, const struct actor *who, id64 connection, enum connection_step step,
                         id64 worker, struct err *e)
{
  struct reply r = {
      .who = who, .connection = connection, .a = {.step = step, .text = S("会えました"), .worker = worker}};
  return world_write(&t->w, who, reply, &r, e);
}

static enum code withdraws(struct town *t, id64 consent, id64 organization)
{
  return world_withdraw(&t->w, &t->worker, consent, organization);
}

/* ---- what must hold -------------------------------------------------------------------------------------------------------- */

struct try_send {
  struct town *t;
  id64 organization;
};

static enum code try_send(struct tx *tx, void *arg, struct err *e)
{
  struct try_send *m = arg;
  const struct scope *s = NULL;
  struct sheet sheet = {0};
  struct reader who = world_reader();
  id64 id = 0;
  enum code c = access_open(tx, &m->t->worker, ACTION_SHEET_WRITE, m->t->boy.person, &s, e);
  if (c == OK)
    c = sheet_begin(tx, s, m->t->boy.case_id, &who, &id, e);
  if (c == OK)
    c = sheet_enter(tx, &m->t->worker, ACTION_SHEET_SEND, id, tx_arena(tx), &sheet, &s, e);
  if (c == OK)
    c = sheet_choose(tx, s, &sheet, &m->organization, 1, S("help"), e);
  return c == OK ? sheet_send(tx, s, &sheet, e) : c;
}

struct try_kind {
  struct town *t;
  const struct actor *by;
  id64 to[2];
  size_t count;
};

/* The next number follows cases that the one who opens one does not see. */
static void bodies_that_know_nothing_of_each_other_open_cases(void **state)
{
  struct town t;
  (void)state;
  town_new(&t);
  world_case(&t.w, &t.npo_worker, "試験 次郎", seventeen);
  world_case(&t.w, &t.worker, "試験 三郎", seventeen);
  assert_string_equal(store_ask(&t.w.store, "SELECT count(DISTINCT number) FROM case_file"), "3");
  world_free(&t.w);
}

static void nothing_is_sent_without_consent(void **state)
{
  struct town t;
  struct err e = {0};
  (void)state;
  town_new(&t);
  struct try_send m = {&t, t.npo};
  assert_int_equal(world_write(&t.w, &t.worker, try_send, &m, &e), INVALID);
  world_consent(&t.w, &t.worker, &t.boy, PARTY_GUARDIAN, t.npo, SENT_CATEGORIES); /* the mother's alone is not his */
  assert_int_equal(world_write(&t.w, &t.worker, try_send, &m, &e), INVALID);
  world_consent(&t.w, &t.worker, &t.boy, PARTY_PERSON, t.npo, SENT_CATEGORIES);
  assert_int_equal(world_write(&t.w, &t.worker, try_send, &m, &e), OK);
  world_free(&t.w);
}

static void receiver_sees_what_consent_covers_and_no_more(void **state)
{
  struct town t;
  struct err e = {0};
  cats_t others = 0;
  enum connection_state st;
  (void)state;
  town_new(&t);
  world_consent(&t.w, &t.worker, &t.boy, PARTY_PERSON, t.npo, SENT_CATEGORIES);
  assert_int_equal(looks(&t, &t.npo_manager, ACTION_SHEET_READ, NULL),
                   NOT_FOUND); /* consent alone: nobody works on it */
  id64 con = world_send(&t.w, &t.worker, &t.boy, t.npo, "help");
  assert_int_equal(looks(&t, &t.npo_manager, ACTION_SHEET_READ, &others), OK);
  assert_int_equal(others, SENT_CATEGORIES);
  assert_int_equal(looks(&t, &t.npo_worker, ACTION_SHEET_READ, NULL), NOT_FOUND);
  assert_int_equal(looks(&t, &t.centre_manager, ACTION_SHEET_READ, NULL), NOT_FOUND);
  assert_int_equal(opens(&t, &t.npo_manager, con, &st), OK);
  assert_int_equal(st, CONNECTION_RECEIVED);
  ok(answers(&t, &t.npo_manager, con, STEP_ACCEPT, t.npo_worker.user, &e));
  assert_int_equal(looks(&t, &t.npo_worker, ACTION_SHEET_READ, &others), OK);
  assert_int_equal(others, SENT_CATEGORIES);
  ok(answers(&t, &t.npo_worker, con, STEP_ANSWER, 0, &e));
  assert_int_equal(opens(&t, &t.worker, con, &st), OK);
  assert_int_equal(st, CONNECTION_ANSWERED);
  world_free(&t.w);
}

static void withdrawal_ends_view_and_connection_at_once(void **state)
{
  struct town t;
  enum connection_state st;
  (void)state;
  town_new(&t);
  id64 consent = world_consent(&t.w, &t.worker, &t.boy, PARTY_PERSON, t.centre, SENT_CATEGORIES);
  id64 con = world_send(&t.w, &t.worker, &t.boy, t.centre, "help");
  assert_int_equal(opens(&t, &t.centre_manager, con, &st), OK);
  assert_int_equal(withdraws(&t, consent, 0), OK);
  assert_int_equal(opens(&t, &t.centre_manager, con, &st), NOT_FOUND);
  assert_int_equal(looks(&t, &t.centre_manager, ACTION_PERSON_READ, NULL), NOT_FOUND);
  assert_int_equal(opens(&t, &t.worker, con, &st), OK);
  assert_int_equal(st, CONNECTION_WITHDRAWN);
  assert_int_equal(withdraws(&t, consent, 0), CONFLICT);
  world_free(&t.w);
}

static void withdrawal_leaves_what_the_receiver_wrote(void **state)
{
  struct town t;
  struct err e = {0};
  cats_t others = 0;
  enum connection_state st;
  (void)state;
  town_new(&t);
  id64 consent = world_consent(&t.w, &t.worker, &t.boy, PARTY_PERSON, t.npo, SENT_CATEGORIES);
  id64 con = world_send(&t.w, &t.worker, &t.boy, t.npo, "help");
  ok(answers(&t, &t.npo_manager, con, STEP_ACCEPT, t.npo_worker.user, &e));
  ok(answers(&t, &t.npo_worker, con, STEP_ANSWER, 0, &e));
  assert_int_equal(withdraws(&t, consent, 0), OK);
  assert_int_equal(opens(&t, &t.worker, con, &st), OK);
  assert_int_equal(st, CONNECTION_WITHDRAWN);
  /* It answered: its own copy stays with it, nothing of the city's. */
  assert_int_equal(looks(&t, &t.npo_worker, ACTION_CASE_READ, &others), OK);
  assert_int_equal(others, 0);
  world_free(&t.w);
}

static void withdrawal_towards_one_keeps_the_other(void **state)
{
  struct town t;
  struct err e = {0};
  cats_t others = 0;
  (void)state;
  town_new(&t);
  id64 a = world_consent(&t.w, &t.worker, &t.boy, PARTY_PERSON, t.npo, SENT_CATEGORIES);
  id64 b = world_consent(&t.w, &t.worker, &t.boy, PARTY_PERSON, t.centre, SENT_CATEGORIES);
  id64 con = world_send(&t.w, &t.worker, &t.boy, t.npo, "handover");
  world_send(&t.w, &t.worker, &t.boy, t.centre, "help");
  ok(answers(&t, &t.npo_manager, con, STEP_ACCEPT, t.npo_worker.user, &e));
  assert_int_equal(withdraws(&t, b, t.centre), OK);
  assert_int_equal(looks(&t, &t.centre_manager, ACTION_PERSON_READ, NULL), NOT_FOUND);
  assert_int_equal(looks(&t, &t.npo_worker, ACTION_PERSON_READ, &others), OK);
  assert_int_equal(others, SENT_CATEGORIES);
  assert_int_equal(withdraws(&t, a, t.centre), NOT_FOUND); /* that consent never named the centre */
  world_free(&t.w);
}

static void a_drafts_receiver_knows_nothing(void **state)
{
  struct town t;
  enum connection_state st;
  (void)state;
  town_new(&t);
  world_consent(&t.w, &t.worker, &t.boy, PARTY_PERSON, t.npo, SENT_CATEGORIES);
  id64 con = world_send(&t.w, &t.worker, &t.boy, t.npo, "help");
  assert_int_equal(opens(&t, &t.centre_manager, con, &st), NOT_FOUND);
  assert_int_equal(opens(&t, &t.npo_worker, con, &st), NOT_FOUND);
  assert_int_equal(opens(&t, &t.npo_manager, con + 1, &st), NOT_FOUND);
  world_free(&t.w);
}

static void answers_need_their_words_and_their_side(void **state)
{
  struct town t;
  struct err e = {0};
  (void)state;
  town_new(&t);
  world_consent(&t.w, &t.worker, &t.boy, PARTY_PERSON, t.npo, SENT_CATEGORIES);
  id64 con = world_send(&t.w, &t.worker, &t.boy, t.npo, "help");
  struct reply silent = {.who = &t.npo_manager, .connection = con, .a = {.step = STEP_DECLINE}};
  assert_int_equal(world_write(&t.w, &t.npo_manager, reply, &silent, &e), INVALID);
  assert_string_equal(e.field, "text");
  assert_int_equal(answers(&t, &t.npo_manager, con, STEP_ANSWER, 0, &e), CONFLICT);            /* not taken on yet */
  assert_int_equal(answers(&t, &t.npo_manager, con, STEP_ACCEPT, t.worker.user, &e), INVALID); /* no member of theirs */
  assert_int_equal(answers(&t, &t.worker, con, STEP_ACCEPT, 0, &e), DENIED); /* the sender answers only on behalf */
  struct reply told = {.who = &t.worker,
                       .connection = con,
                       .a = {.step = STEP_DECLINE, .text = S("いっぱいです"), .told_by = S("長"), .on_behalf = true}};
  ok(world_write(&t.w, &t.worker, reply, &told, &e));
  world_free(&t.w);
}

/* ---- hand-over, and who takes it on ------------------------------------------------------------------------------------------ */

static enum code send_kind(struct tx *tx, void *arg, struct err *e)
{
  struct try_kind *m = arg;
  const struct scope *s = NULL;
  struct sheet sheet = {0};
  struct reader who = world_reader();
  id64 id = 0;
  enum code c = access_open(tx, m->by, ACTION_SHEET_WRITE, m->t->boy.person, &s, e);
  if (c == OK)
    c = sheet_begin(tx, s, m->t->boy.case_id, &who, &id, e);
  if (c == OK)
    c = sheet_enter(tx, m->by, ACTION_SHEET_SEND, id, tx_arena(tx), &sheet, &s, e);
  if (c == OK)
    c = sheet_choose(tx, s, &sheet, m->to, m->count, S("handover"), e);
  return c == OK ? sheet_send(tx, s, &sheet, e) : c;
}

static enum code hands_over(struct town *t, const struct actor *by, id64 first, id64 second, struct err *e)
{
  struct try_kind m = {.t = t, .by = by, .to = {first, second}, .count = second ? 2 : 1};
  *e = (struct err){0};
  return world_write(&t->w, by, send_kind, &m, e);
}

static const char *leads(struct town *t)
{
  return store_ask(&t->w.store,
                   "SELECT max(organization_id) FROM participation WHERE part = 'lead' AND until_at IS NULL");
}

static bool is_lead(struct town *t, id64 organization)
{
  char text[32];
  snprintf(text, sizeof text, "%lld", (long long)organization);
  return strcmp(leads(t), text) == 0 &&
         strcmp(store_ask(&t->w.store, "SELECT count(*) FROM participation WHERE part = 'lead' AND until_at IS NULL"),
                "1") == 0;
}

static void the_lead_moves_on_acceptance_and_nobody_stands_twice(void **state)
{
  struct town t;
  struct err e = {0};
  (void)state;
  town_new(&t);
  world_consent(&t.w, &t.worker, &t.boy, PARTY_PERSON, t.npo, SENT_CATEGORIES);
  id64 con = world_send(&t.w, &t.worker, &t.boy, t.npo, "handover");
  assert_true(is_lead(&t, t.city));
  ok(answers(&t, &t.npo_manager, con, STEP_ACCEPT, t.npo_worker.user, &e));
  assert_true(is_lead(&t, t.npo));
  assert_string_equal(store_ask(&t.w.store, "SELECT count(*) FROM participation WHERE until_at IS NULL"), "2");
  assert_string_equal(store_ask(&t.w.store, "SELECT count(*) FROM assignment WHERE lead AND until_at IS NULL"), "1");
  assert_string_equal(store_ask(&t.w.store, "SELECT count(*) FROM assignment WHERE until_at IS NULL"), "2");
  world_free(&t.w);
}

/* A partner cannot give away what another organization leads, nor can one give it to two. */
static void only_the_lead_hands_over_and_to_one(void **state)
{
  struct town t;
  struct err e = {0};
  (void)state;
  town_new(&t);
  world_consent(&t.w, &t.worker, &t.boy, PARTY_PERSON, t.npo, SENT_CATEGORIES);
  world_consent(&t.w, &t.worker, &t.boy, PARTY_PERSON, t.centre, SENT_CATEGORIES);
  id64 con = world_send(&t.w, &t.worker, &t.boy, t.npo, "help");
  ok(answers(&t, &t.npo_manager, con, STEP_ACCEPT, t.npo_worker.user, &e));
  assert_int_equal(hands_over(&t, &t.npo_worker, t.centre, 0, &e), INVALID);
  assert_string_equal(e.field, "kind");
  assert_int_equal(hands_over(&t, &t.worker, t.centre, t.npo, &e), INVALID);
  assert_string_equal(e.field, "kind");
  assert_int_equal(hands_over(&t, &t.worker, t.centre, 0, &e), OK);
  world_free(&t.w);
}

static void a_hand_over_of_what_one_no_longer_leads_is_refused(void **state)
{
  struct town t;
  struct err e = {0};
  (void)state;
  town_new(&t);
  world_consent(&t.w, &t.worker, &t.boy, PARTY_PERSON, t.npo, SENT_CATEGORIES);
  world_consent(&t.w, &t.worker, &t.boy, PARTY_PERSON, t.centre, SENT_CATEGORIES);
  id64 first = world_send(&t.w, &t.worker, &t.boy, t.npo, "handover");
  id64 second = world_send(&t.w, &t.worker, &t.boy, t.centre, "handover");
  ok(answers(&t, &t.npo_manager, first, STEP_ACCEPT, t.npo_worker.user, &e));
  assert_int_equal(answers(&t, &t.centre_manager, second, STEP_ACCEPT, 0, &e), CONFLICT);
  assert_true(is_lead(&t, t.npo));
  world_free(&t.w);
}

STMT_WRITE(q_bar, "tcn_bar",
           "INSERT INTO restriction (network_id, id, person_id, user_id, categories, from_at, created_by)"
           " VALUES ($1, $2, $3, $4, 4095, $5, 1)");

static enum code bar(struct tx *tx, void *arg, struct err *e)
{
  struct town *t = arg;
  return db_exec(tx, &q_bar, NULL, e,
                 BINDS(b_int(tx_network(tx)), b_int(id_new(tx_now(tx))), b_int(t->boy.person),
                       b_int(t->npo_worker.user), b_int(tx_now(tx))));
}

struct choice {
  struct town *t;
  id64 connection;
  struct doc *list;
};

static enum code list_workers(struct tx *tx, void *arg, struct err *e)
{
  struct choice *x = arg;
  const struct scope *s = NULL;
  struct connection con = {0};
  enum code c = connection_enter(tx, &x->t->npo_manager, ACTION_CONNECTION_ANSWER, x->connection, &con, &s, e);
  return c == OK ? connection_workers(tx, s, &con, x->t->w.a, &x->list, e) : c;
}

/* Whoever knows the family is not asked to take it on, and is not told of it. */
static void a_barred_worker_is_not_chosen(void **state)
{
  struct town t;
  struct err e = {0};
  (void)state;
  town_new(&t);
  world_consent(&t.w, &t.worker, &t.boy, PARTY_PERSON, t.npo, SENT_CATEGORIES);
  struct choice x = {.t = &t, .connection = world_send(&t.w, &t.worker, &t.boy, t.npo, "help")};
  ok(world_read(&t.w, &t.npo_manager, list_workers, &x, &e));
  assert_int_equal(doc_size(x.list), 2);
  ok(world_write(&t.w, NULL, bar, &t, &e));
  ok(world_read(&t.w, &t.npo_manager, list_workers, &x, &e));
  assert_int_equal(doc_size(x.list), 1);
  assert_int_equal(answers(&t, &t.npo_manager, x.connection, STEP_ACCEPT, t.npo_worker.user, &e), INVALID);
  assert_string_equal(e.field, "worker");
  world_free(&t.w);
}

/* Who is not the manager takes on for himself, not for a colleague. */
static void only_a_manager_assigns_another(void **state)
{
  struct town t;
  struct err e = {0};
  (void)state;
  town_new(&t);
  struct actor colleague = world_member(&t.w, t.npo, ROLE_WORKER, "あおばの別の人");
  world_consent(&t.w, &t.worker, &t.boy, PARTY_PERSON, t.npo, SENT_CATEGORIES);
  id64 con = world_send(&t.w, &t.worker, &t.boy, t.npo, "help");
  ok(answers(&t, &t.npo_manager, con, STEP_ACCEPT, t.npo_worker.user, &e));
  id64 again = world_send(&t.w, &t.worker, &t.boy, t.npo, "help");
  assert_int_equal(answers(&t, &t.npo_worker, again, STEP_ACCEPT, colleague.user, &e), INVALID);
  assert_string_equal(e.field, "worker");
  ok(answers(&t, &t.npo_worker, again, STEP_ACCEPT, 0, &e));
  world_free(&t.w);
}

static void a_receiver_is_an_organization_that_is_there(void **state)
{
  struct town t;
  struct err e = {0};
  (void)state;
  town_new(&t);
  struct try_send m = {&t, 12345};
  assert_int_equal(world_write(&t.w, &t.worker, try_send, &m, &e), INVALID);
  assert_string_equal(e.field, "receivers");
  world_free(&t.w);
}

/* ---- two at once ---------------------------------------------------------------------------------------------------------------- */

struct race {
  struct town *t;
  bool withdraws;
  id64 id;
  enum code code;
};

static void *run(void *arg)
{
  struct race *r = arg;
  struct err e = {0};
  r->code = r->withdraws ? withdraws(r->t, r->id, 0) : answers(r->t, &r->t->npo_manager, r->id, STEP_ACCEPT, 0, &e);
  return NULL;
}

static void of_two_at_once_one_is_told_so(void **state)
{
  enum { ROUNDS = 6 };
  struct town t;
  (void)state;
  town_new(&t);
  for (int i = 0; i < 2 * ROUNDS; i++) {
    struct race a = {.t = &t, .withdraws = i % 2};
    id64 consent = world_consent(&t.w, &t.worker, &t.boy, PARTY_PERSON, t.npo, SENT_CATEGORIES);
    id64 con = world_send(&t.w, &t.worker, &t.boy, t.npo, "help");
    a.id = a.withdraws ? consent : con;
    struct race b = a;
    pthread_t one, two;
    assert_int_equal(pthread_create(&one, NULL, run, &a), 0);
    assert_int_equal(pthread_create(&two, NULL, run, &b), 0);
    pthread_join(one, NULL);
    pthread_join(two, NULL);
    assert_true((a.code == OK && b.code == CONFLICT) || (a.code == CONFLICT && b.code == OK));
  }
  world_free(&t.w);
}

static void a_connection_moves_only_along_its_table(void **state)
{
  enum connection_state to;
  (void)state;
  assert_true(connection_next(CONNECTION_DRAFT, STEP_SEND, &to));
  assert_int_equal(to, CONNECTION_SENT);
  assert_false(connection_next(CONNECTION_DRAFT, STEP_ACCEPT, &to));
  assert_false(connection_next(CONNECTION_ACCEPTED, STEP_OPEN, &to));
  for (int step = 0; step < STEP_COUNT; step++) {
    assert_false(connection_next(CONNECTION_CLOSED, (enum connection_step)step, &to));
    assert_false(connection_next(CONNECTION_WITHDRAWN, (enum connection_step)step, &to));
    assert_false(connection_next(CONNECTION_EXPIRED, (enum connection_step)step, &to));
  }
  for (int s = 0; s < CONNECTION_STATE_COUNT; s++)
    for (int step = 0; step < STEP_COUNT; step++)
      if (connection_next((enum connection_state)s, (enum connection_step)step, &to))
        assert_true(to != CONNECTION_DRAFT && to < CONNECTION_STATE_COUNT);
}

/* ---- the list -------------------------------------------------------------------------------------------------------------- */

struct listing {
  struct town *t;
  int64_t skip;
  struct doc *page;
};

static enum code list_sent(struct tx *tx, void *arg, struct err *e)
{
  struct listing *l = arg;
  const struct scope *s = NULL;
  struct reader who = world_reader();
  enum code c = access_open_network(tx, &l->t->worker, ACTION_CONNECTION_LIST, &s, e);
  return c == OK
             ? connection_list(tx, s,
                               &(struct connection_choice){.view = CONNECTIONS_SENT, .skip = l->skip, .falls = true},
                               l->t->w.a, &who, &l->page, e)
             : c;
}

static void every_connection_stands_on_some_page_of_the_list(void **state)
{
  enum { ALL = LIMIT_PAGE_ROWS + 5 };
  struct town t;
  struct err e = {0};
  (void)state;
  town_new(&t);
  (void)world_consent(&t.w, &t.worker, &t.boy, PARTY_PERSON, t.npo, SENT_CATEGORIES);
  for (int i = 0; i < ALL; i++)
    (void)world_send(&t.w, &t.worker, &t.boy, t.npo, "help");
  struct listing l = {.t = &t};
  ok(world_read(&t.w, &t.worker, list_sent, &l, &e));
  assert_int_equal(doc_size(doc_get(l.page, "items")), LIMIT_PAGE_ROWS);
  assert_true(doc_get_bool(l.page, "has_more"));
  l.skip = LIMIT_PAGE_ROWS;
  ok(world_read(&t.w, &t.worker, list_sent, &l, &e));
  assert_int_equal(doc_size(doc_get(l.page, "items")), ALL - LIMIT_PAGE_ROWS);
  assert_false(doc_get_bool(l.page, "has_more"));
  world_free(&t.w);
}

STORE_MAIN(cmocka_unit_test(every_connection_stands_on_some_page_of_the_list),
           cmocka_unit_test(bodies_that_know_nothing_of_each_other_open_cases),
           cmocka_unit_test(nothing_is_sent_without_consent),
           cmocka_unit_test(receiver_sees_what_consent_covers_and_no_more),
           cmocka_unit_test(withdrawal_ends_view_and_connection_at_once),
           cmocka_unit_test(withdrawal_leaves_what_the_receiver_wrote),
           cmocka_unit_test(withdrawal_towards_one_keeps_the_other), cmocka_unit_test(a_drafts_receiver_knows_nothing),
           cmocka_unit_test(answers_need_their_words_and_their_side),
           cmocka_unit_test(the_lead_moves_on_acceptance_and_nobody_stands_twice),
           cmocka_unit_test(only_the_lead_hands_over_and_to_one),
           cmocka_unit_test(a_hand_over_of_what_one_no_longer_leads_is_refused),
           cmocka_unit_test(a_barred_worker_is_not_chosen), cmocka_unit_test(only_a_manager_assigns_another),
           cmocka_unit_test(a_receiver_is_an_organization_that_is_there),
           cmocka_unit_test(of_two_at_once_one_is_told_so), cmocka_unit_test(a_connection_moves_only_along_its_table))
