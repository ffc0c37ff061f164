/* hand.c: from hand to hand, when it does not go straight: days that do not count, a sheet that came back, tries before the first contact. */
#include "fixture.h"

#include <unistd.h>

#include "connection/connection_sql.h"
#include "connection/opening.h"
#include "web/news.h"

static const struct date seventeen = {2009, 6, 1};
enum { SENT_CATEGORIES = CAT_BASIC | CAT_CONTACT | CAT_SUPPORT };

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
  (void)world_consent(&t->w, &t->worker, &t->boy, PARTY_PERSON, t->npo, SENT_CATEGORIES);
}

static enum code get(struct tx *tx, void *arg, struct err *e)
{
  struct connection *c = arg;
  return connection_sql_get(tx, c->id, c, e);
}

static struct connection connection_now(struct town *t, id64 id)
{
  struct err e = {0};
  struct connection c = {.id = id};
  ok(world_read(&t->w, NULL, get, &c, &e));
  return c;
}

/* ---- days that do not count ------------------------------------------------------------------------------------------------ */

struct closing {
  const struct actor *by;
  struct date from, until;
  id64 opens; /* a period to be no more */
};

static enum code change_days(struct tx *tx, void *arg, struct err *e)
{
  const struct closing *k = arg;
  const struct scope *s = NULL;
  enum code c = access_open_network(tx, k->by, ACTION_OPENING_WRITE, &s, e);
  if (c != OK)
    return c;
  return k->opens ? opening_open(tx, s, k->opens, e) : opening_close(tx, s, k->from, k->until, e);
}

static enum code changes_days(struct town *t, struct closing k)
{
  struct err e = {0};
  return world_write(&t->w, k.by, change_days, &k, &e);
}

/* The period that the NPO has. */
static id64 id_of(struct town *t)
{
  char sql[120];
  snprintf(sql, sizeof sql, "SELECT CAST(id AS text) FROM closed_day WHERE organization_id = %lld", (long long)t->npo);
  return strtoll(store_ask(&t->w.store, sql), NULL, 10);
}

static void silence_waits_while_the_receiver_is_closed(void **state)
{
  struct town t;
  (void)state;
  town_new(&t);
  id64 id = world_send(&t.w, &t.worker, &t.boy, t.npo, "help");
  struct connection c = connection_now(&t, id);
  struct date sent = date_of_ts(c.sent_at), from = date_add_days(sent, 1), until = date_add_days(sent, 30);
  const struct closed_days closed[] = {{0, t.npo, from, until}};
  const struct opening none = {0}, some = {closed, 1};
  assert_true(c.silent_at == opening_after(&none, t.npo, c.sent_at, 5));
  assert_int_equal(changes_days(&t, (struct closing){&t.centre_manager, from, until, 0}), OK); /* somebody else's */
  assert_true(connection_now(&t, id).silent_at == c.silent_at);
  assert_int_equal(changes_days(&t, (struct closing){&t.npo_manager, from, until, 0}), OK);
  assert_true(connection_now(&t, id).silent_at == opening_after(&some, t.npo, c.sent_at, 5));
  assert_int_equal(opening_days_since(&some, t.npo, c.sent_at, until), 0);
  assert_true(opening_days_since(&some, t.centre, c.sent_at, until) > 15);
  assert_int_equal(changes_days(&t, (struct closing){.by = &t.centre_manager, .opens = id_of(&t)}), NOT_FOUND);
  assert_int_equal(changes_days(&t, (struct closing){.by = &t.npo_manager, .opens = id_of(&t)}), OK);
  assert_true(connection_now(&t, id).silent_at == c.silent_at);
  assert_int_equal(changes_days(&t, (struct closing){.by = &t.npo_manager, .opens = 4711}), NOT_FOUND);
  world_free(&t.w);
}

static void who_may_not_close_does_not(void **state)
{
  struct town t;
  struct date d = {2027, 8, 13};
  (void)state;
  town_new(&t);
  assert_int_equal(changes_days(&t, (struct closing){&t.npo_worker, d, d, 0}), DENIED);
  assert_int_equal(changes_days(&t, (struct closing){&t.npo_manager, d, {2027, 8, 12}, 0}), INVALID);
  assert_int_equal(changes_days(&t, (struct closing){&t.npo_manager, d, {2029, 8, 12}, 0}), INVALID);
  world_free(&t.w);
}

static void a_body_that_never_opens_is_not_waited_for_for_ever(void **state)
{
  const struct closed_days always[] = {{0, 7, {2026, 1, 1}, {2099, 1, 1}}};
  const struct opening o = {always, 1};
  struct date d = date_of_ts(opening_after(&o, 7, date_start_ts((struct date){2026, 4, 1}), 5));
  (void)state;
  assert_in_range(d.year, 2027, 2029);
}

/* ---- what came back ------------------------------------------------------------------------------------------------------- */

struct deed {
  struct town *t;
  const struct actor *by;
  id64 connection, sheet;
  struct answer answer;
  struct contact_attempt attempt;
  struct sheet seen;
  struct connection after;
  bool third; /* the third try is told */
  struct doc *list;
};

static enum code reply(struct tx *tx, void *arg, struct err *e)
{
  struct deed *d = arg;
  const struct scope *s = NULL;
  struct connection con = {0};
  enum code c = connection_enter(tx, d->by, ACTION_CONNECTION_ANSWER, d->connection, &con, &s, e);
  d->answer.on_behalf = c == OK && !scope_wrote(s, con.to_organization);
  return c == OK ? connection_answer(tx, s, &con, &d->answer, e) : c;
}

static enum code answers(struct town *t, const struct actor *by, id64 connection, enum connection_step step)
{
  struct err e = {0};
  struct deed d = {
      .by = by, .connection = connection, .answer = {.step = step, .text = S("住所の番地を教えてください")}};
  return world_write(&t->w, by, reply, &d, &e);
}

static enum code again(struct tx *tx, void *arg, struct err *e)
{
  struct deed *d = arg;
  const struct scope *s = NULL;
  struct connection con = {0};
  enum code c = connection_enter(tx, d->by, ACTION_SHEET_WRITE, d->connection, &con, &s, e);
  return c == OK ? sheet_begin_again(tx, s, &con, &d->sheet, e) : c;
}

static enum code resend(struct tx *tx, void *arg, struct err *e)
{
  struct deed *d = arg;
  const struct scope *s = NULL;
  struct sheet sheet = {0};
  enum code c = sheet_enter(tx, d->by, ACTION_SHEET_SEND, d->sheet, tx_arena(tx), &sheet, &s, e);
  if (c == OK)
    c = sheet_choose(tx, s, &sheet, &d->t->npo, 1, S("help"), e); /* as the form sends it: whom it came back from */
  return c == OK ? sheet_send(tx, s, &sheet, e) : c;
}

/* Which sheet the one who looks is shown. */
static enum code look(struct tx *tx, void *arg, struct err *e)
{
  struct deed *d = arg;
  const struct scope *s = NULL;
  enum code c = connection_enter(tx, d->by, ACTION_CONNECTION_READ, d->connection, &d->after, &s, e);
  return c == OK ? sheet_of_connection(tx, s, d->after.sheet, d->t->w.a, &d->seen, e) : c;
}

static struct deed looks(struct town *t, const struct actor *by, id64 connection)
{
  struct err e = {0};
  struct deed d = {.t = t, .by = by, .connection = connection};
  ok(world_read(&t->w, by, look, &d, &e));
  return d;
}

static void a_sheet_that_came_back_is_mended_and_sent_again(void **state)
{
  struct town t;
  struct err e = {0};
  (void)state;
  town_new(&t);
  id64 id = world_send(&t.w, &t.worker, &t.boy, t.npo, "help");
  struct deed d = {.t = &t, .by = &t.worker, .connection = id};
  assert_int_equal(world_write(&t.w, &t.worker, again, &d, &e), CONFLICT); /* it did not come back */
  assert_int_equal(answers(&t, &t.npo_manager, id, STEP_RETURN), OK);
  id64 first = connection_now(&t, id).sheet;
  ok(world_write(&t.w, &t.worker, again, &d, &e));
  id64 draft = d.sheet;
  ok(world_write(&t.w, &t.worker, again, &d, &e)); /* pressed twice */
  assert_true(d.sheet == draft && draft != first);
  assert_true(looks(&t, &t.npo_manager, id).seen.id == first); /* not what is being written */
  assert_true(looks(&t, &t.worker, id).seen.id == draft);
  d.by = &t.npo_manager;
  assert_int_equal(world_write(&t.w, &t.npo_manager, again, &d, &e), DENIED);
  d.by = &t.worker;
  ok(world_write(&t.w, &t.worker, resend, &d, &e));
  struct deed seen = looks(&t, &t.npo_manager, id);
  assert_true(seen.seen.id == draft && seen.seen.previous == first);
  assert_int_equal(seen.after.state, CONNECTION_SENT);
  assert_true(!seen.after.received_at && seen.after.silent_at > seen.after.sent_at);
  assert_string_equal(store_ask(&t.w.store, "SELECT count(*) FROM connection"), "1");
  assert_int_equal(world_write(&t.w, &t.worker, resend, &d, &e), CONFLICT); /* twice */
  assert_int_equal(answers(&t, &t.npo_manager, id, STEP_ACCEPT), OK);
  world_free(&t.w);
}

/* ---- tries before the first contact ---------------------------------------------------------------------------------------- */

static enum code attempt(struct tx *tx, void *arg, struct err *e)
{
  struct deed *d = arg;
  const struct scope *s = NULL;
  struct connection con = {0};
  enum code c = connection_enter(tx, d->by, ACTION_CONNECTION_ANSWER, d->connection, &con, &s, e);
  if (c == OK && !date_known(d->attempt.day))
    d->attempt.day = date_of_ts(tx_now(tx));
  return c == OK ? connection_attempt(tx, s, &con, &d->attempt, e) : c;
}

static enum code tries(struct town *t, const struct actor *by, id64 connection, const char *result, struct date day)
{
  struct err e = {0};
  struct deed d = {
      .by = by, .connection = connection, .attempt = {day, S("phone"), str_from(result), S("るすばん電話")}};
  return world_write(&t->w, by, attempt, &d, &e);
}

static enum code read_answers(struct tx *tx, void *arg, struct err *e)
{
  struct deed *d = arg;
  const struct scope *s = NULL;
  struct doc *list = NULL;
  struct reader who = world_reader();
  enum code c = connection_enter(tx, d->by, ACTION_CONNECTION_READ, d->connection, &d->after, &s, e);
  if (c == OK)
    c = connection_answers(tx, s, d->connection, d->t->w.a, &who, &list, e);
  d->sheet = (id64)doc_size(list);
  for (size_t i = 0; c == OK && i < doc_size(list); i++)
    d->third |= strstr(str_cstr(d->t->w.a, doc_get_str(doc_at(list, i), "text")), "3回目") != NULL;
  return c;
}

static void three_tries_stand_before_the_first_contact(void **state)
{
  struct town t;
  struct err e = {0};
  const struct date today = {0}, ahead = {2199, 1, 1}, before = {2000, 1, 1};
  (void)state;
  town_new(&t);
  id64 id = world_send(&t.w, &t.worker, &t.boy, t.npo, "help");
  assert_int_equal(tries(&t, &t.npo_manager, id, "none", today), CONFLICT); /* not taken on yet */
  assert_int_equal(answers(&t, &t.npo_manager, id, STEP_ACCEPT), OK);
  assert_int_equal(tries(&t, &t.worker, id, "none", today), DENIED); /* the sender did not ring */
  assert_int_equal(tries(&t, &t.npo_manager, id, "none", ahead), INVALID);
  assert_int_equal(tries(&t, &t.npo_manager, id, "none", before), INVALID);
  assert_int_equal(tries(&t, &t.npo_manager, id, "none", today), OK);
  assert_int_equal(tries(&t, &t.npo_manager, id, "left", today), OK);
  assert_int_equal(connection_now(&t, id).state, CONNECTION_ACCEPTED);
  assert_int_equal(tries(&t, &t.npo_manager, id, "met", today), OK);
  struct connection c = connection_now(&t, id);
  assert_int_equal(c.state, CONNECTION_IN_PROGRESS);
  assert_int_equal(c.attempts, 3);
  assert_true(c.contacted_at > 0);
  assert_int_equal(tries(&t, &t.npo_manager, id, "none", today), CONFLICT); /* the first contact is made */
  struct deed sender = {.t = &t, .by = &t.worker, .connection = id};
  ok(world_read(&t.w, &t.worker, read_answers, &sender, &e));
  assert_true(sender.third);
  assert_int_equal(sender.sheet, 4); /* taken on, and each try once, though both sides keep a copy */
  world_free(&t.w);
}

/* ---- onward, and the end of waiting ------------------------------------------------------------------------------------------ */

static void an_onward_connection_keeps_where_it_came_from(void **state)
{
  struct town t;
  (void)state;
  town_new(&t);
  id64 first = world_send(&t.w, &t.worker, &t.boy, t.npo, "help");
  assert_int_equal(connection_now(&t, first).parent, 0);
  assert_int_equal(answers(&t, &t.npo_manager, first, STEP_ACCEPT), OK);
  (void)world_consent(&t.w, &t.npo_manager, &t.boy, PARTY_PERSON, t.centre, SENT_CATEGORIES);
  id64 onward = world_send(&t.w, &t.npo_manager, &t.boy, t.centre, "help");
  assert_true(connection_now(&t, onward).parent == first);
  world_free(&t.w);
}

static enum code read_onward(struct tx *tx, void *arg, struct err *e)
{
  struct deed *d = arg;
  const struct scope *s = NULL;
  struct connection con = {0};
  struct reader who = world_reader();
  enum code c = connection_enter(tx, d->by, ACTION_CONNECTION_READ, d->connection, &con, &s, e);
  return c == OK ? connection_onward(tx, s, d->connection, d->t->w.a, &who, &d->list, e) : c;
}

static const struct doc *onward_of(struct town *t, const struct actor *by, id64 connection)
{
  struct err e = {0};
  struct deed d = {.t = t, .by = by, .connection = connection};
  ok(world_read(&t->w, by, read_onward, &d, &e));
  assert_int_equal(doc_size(d.list), 1);
  return doc_at(d.list, 0);
}

/* Nobody is lost between two desks: that it went on, since when and how it stands is of the clock; to whom, where it is open to the lead. */
static void who_leads_sees_that_a_connection_went_on(void **state)
{
  struct town t;
  (void)state;
  town_new(&t);
  id64 first = world_send(&t.w, &t.worker, &t.boy, t.npo, "help");
  assert_int_equal(answers(&t, &t.npo_manager, first, STEP_ACCEPT), OK);
  (void)world_consent(&t.w, &t.npo_manager, &t.boy, PARTY_PERSON, t.centre, SENT_CATEGORIES);
  id64 onward = world_send(&t.w, &t.npo_manager, &t.boy, t.centre, "help");
  const struct doc *own = onward_of(&t, &t.npo_manager, first), *lead = onward_of(&t, &t.worker, first);
  assert_true(doc_get_str(own, "href").n > 0);
  assert_true(str_is(doc_get_str(lead, "to"), "ほかの機関") && !doc_get_str(lead, "href").n);
  assert_true(doc_get_str(doc_get(lead, "state"), "word").n && doc_get_str(lead, "since").n);
  id64 city = t.worker.organization; /* a value, not a decision */
  (void)world_consent(&t.w, &t.npo_manager, &t.boy, PARTY_PERSON, city, SENT_CATEGORIES | CAT_SUPPORT);
  lead = onward_of(&t, &t.worker, first);
  assert_true(str_eq(doc_get_str(lead, "to"), doc_get_str(own, "to")) && !doc_get_str(lead, "href").n);
  assert_true(onward != first);
  world_free(&t.w);
}

STMT_WRITE(q_age, "th_age", "UPDATE connection SET sent_at = $3 WHERE network_id = $1 AND id = $2");

static enum code age(struct tx *tx, void *arg, struct err *e)
{
  const struct connection *c = arg;
  return db_exec(tx, &q_age, NULL, e, BINDS(b_int(tx_network(tx)), b_int(c->id), b_int(c->sent_at)));
}

static void what_nobody_answers_ends_by_itself(void **state)
{
  struct town t;
  struct err e = {0};
  (void)state;
  town_new(&t);
  id64 young = world_send(&t.w, &t.worker, &t.boy, t.npo, "help");
  id64 old = world_send(&t.w, &t.worker, &t.boy, t.npo, "help"),
       taken = world_send(&t.w, &t.worker, &t.boy, t.npo, "help");
  assert_int_equal(answers(&t, &t.npo_manager, taken, STEP_ACCEPT), OK);
  struct connection c = {.id = old, .sent_at = clock_now() - (int64_t)91 * MS_DAY}, k = c;
  k.id = taken;
  ok(world_write(&t.w, NULL, age, &c, &e));
  ok(world_write(&t.w, NULL, age, &k, &e));
  ok(connection_tend(t.w.store.db, t.w.network, &e));
  ok(connection_tend(t.w.store.db, t.w.network, &e));
  assert_int_equal(connection_now(&t, young).state, CONNECTION_SENT);
  assert_int_equal(connection_now(&t, old).state, CONNECTION_EXPIRED);
  assert_true(connection_now(&t, old).closed_at > 0);
  assert_int_equal(connection_now(&t, taken).state, CONNECTION_ACCEPTED);
  assert_int_equal(answers(&t, &t.npo_manager, old, STEP_ACCEPT), CONFLICT);
  world_free(&t.w);
}

/* ---- お知らせ ------------------------------------------------------------------------------------------------------------ */

struct reading {
  const struct actor *by;
  bool whole, look;
  size_t unread, shown;
};

static enum code read_news(struct tx *tx, void *arg, struct err *e)
{
  struct reading *r = arg;
  const struct scope *s = NULL;
  struct reader who = world_reader();
  struct doc *d = NULL;
  enum code c = access_open_network(tx, r->by, ACTION_CONNECTION_LIST, &s, e);
  if (c == OK)
    c = news_unread(tx, s, r->whole, &r->unread, e);
  if (c == OK && r->look)
    c = news_page(tx, s, &(struct news_view){.whole = r->whole}, tx_arena(tx), &who, &d, e);
  r->shown = c == OK && d ? doc_size(doc_get(d, "news")) : 0;
  return c;
}

static struct reading news(struct town *t, const struct actor *by, bool whole, bool look)
{
  struct err e = {0};
  struct reading r = {.by = by, .whole = whole, .look = look};
  usleep(2000); /* what happened in the millisecond of a look is not told apart from it */
  ok(world_write(&t->w, by, read_news, &r, &e));
  usleep(2000);
  return r;
}

static void news_tell_each_side_what_the_other_did_and_of_nobody_unseen(void **state)
{
  struct town t;
  (void)state;
  town_new(&t);
  id64 given = world_consent(&t.w, &t.worker, &t.boy, PARTY_PERSON, t.npo, SENT_CATEGORIES);
  id64 id = world_send(&t.w, &t.worker, &t.boy, t.npo, "help");
  assert_int_equal(news(&t, &t.worker, false, true).shown, 0); /* one's own deeds are no news */
  assert_int_equal(news(&t, &t.npo_worker, false, true).shown, 0);
  assert_int_equal(news(&t, &t.centre_manager, true, true).shown, 0);
  struct reading r = news(&t, &t.npo_manager, true, true);
  assert_true(r.unread == 1 && r.shown == 1);
  r = news(&t, &t.npo_manager, true, true);
  assert_true(r.unread == 0 && r.shown == 1); /* read, and still there */
  assert_int_equal(answers(&t, &t.npo_manager, id, STEP_ACCEPT), OK);
  r = news(&t, &t.worker, false, false);
  assert_int_equal(r.unread, 1);
  assert_int_equal(news(&t, &t.worker, false, false).unread, 1); /* counting is not reading */
  assert_int_equal(world_withdraw(&t.w, &t.worker, given, t.npo), OK);
  r = news(&t, &t.npo_manager, true, true);
  assert_int_equal(r.shown, 1); /* it answered: its own words keep the case in its sight */
  id64 other = world_consent(&t.w, &t.worker, &t.boy, PARTY_PERSON, t.centre, SENT_CATEGORIES);
  (void)world_send(&t.w, &t.worker, &t.boy, t.centre, "help");
  assert_int_equal(news(&t, &t.centre_manager, true, false).unread, 1);
  assert_int_equal(world_withdraw(&t.w, &t.worker, other, t.centre), OK);
  assert_int_equal(news(&t, &t.centre_manager, true, false).unread, 0); /* not even in the number */
  world_free(&t.w);
}

STMT_WRITE(q_assign, "th_assign",
           "INSERT INTO assignment (network_id, id, case_id, person_id, user_id, organization_id, lead, from_at)"
           " SELECT network_id, id + 1, case_id, person_id, $3, organization_id, FALSE, from_at FROM assignment"
           " WHERE network_id = $1 AND case_id = $2");
STMT_WRITE(q_long_ago, "th_long_ago", "UPDATE connection SET changed_at = $3 WHERE network_id = $1 AND id = $2");
STMT_WRITE(q_lock, "th_lock",
           "INSERT INTO reply_link (network_id, id, connection_id, person_id, from_user_id, token_hash, code_hash,"
           " created_at, until_at, ended_at, wrong) SELECT network_id, id, id, person_id, from_user_id, $3, $3, $4, $4,"
           " $4, 10 FROM connection WHERE network_id = $1 AND id = $2");

struct hearing {
  id64 case_id, connection, user;
};

static enum code assign_too(struct tx *tx, void *arg, struct err *e)
{
  const struct hearing *h = arg;
  return db_exec(tx, &q_assign, NULL, e, BINDS(b_int(tx_network(tx)), b_int(h->case_id), b_int(h->user)));
}

/* Nothing moved for seventy days; but today somebody guessed the code of its link ten times. */
static enum code lock_an_old_one(struct tx *tx, void *arg, struct err *e)
{
  const struct hearing *h = arg;
  ts_t now = tx_now(tx);
  enum code c = db_exec(tx, &q_long_ago, NULL, e,
                        BINDS(b_int(tx_network(tx)), b_int(h->connection), b_int(now - (ts_t)70 * MS_DAY)));
  if (c != OK)
    return c;
  return db_exec(tx, &q_lock, NULL, e,
                 BINDS(b_int(tx_network(tx)), b_int(h->connection), b_bytes(S("no hash of anything")), b_int(now)));
}

static void a_worker_hears_of_his_cases_whoever_sent_and_of_nothing_else(void **state)
{
  struct town t;
  struct err e = {0};
  (void)state;
  town_new(&t);
  struct actor colleague = world_member(&t.w, t.city, ROLE_WORKER, "隣の人"),
               third = world_member(&t.w, t.city, ROLE_WORKER, "三人目");
  struct hearing h = {.case_id = t.boy.case_id, .user = colleague.user};
  ok(world_write(&t.w, NULL, assign_too, &h, &e));
  size_t before = news(&t, &colleague, false, false).unread;
  h.connection = world_send(&t.w, &t.worker, &t.boy, t.npo, "help");
  assert_int_equal(answers(&t, &t.npo_manager, h.connection, STEP_ACCEPT), OK);
  assert_int_equal(news(&t, &t.worker, false, false).unread, 1);
  assert_int_equal(news(&t, &colleague, false, false).unread, before + 1);
  assert_int_equal(news(&t, &third, false, false).unread, 0);
  ok(world_write(&t.w, NULL, lock_an_old_one, &h, &e));
  assert_int_equal(news(&t, &t.worker, false, false).unread, 1); /* the link alone */
  assert_int_equal(news(&t, &colleague, false, false).unread, before + 1);
  assert_int_equal(news(&t, &third, false, true).shown, 0);
  world_free(&t.w);
}

STORE_MAIN(cmocka_unit_test(silence_waits_while_the_receiver_is_closed), cmocka_unit_test(who_may_not_close_does_not),
           cmocka_unit_test(a_body_that_never_opens_is_not_waited_for_for_ever),
           cmocka_unit_test(a_sheet_that_came_back_is_mended_and_sent_again),
           cmocka_unit_test(three_tries_stand_before_the_first_contact),
           cmocka_unit_test(an_onward_connection_keeps_where_it_came_from),
           cmocka_unit_test(who_leads_sees_that_a_connection_went_on),
           cmocka_unit_test(what_nobody_answers_ends_by_itself),
           cmocka_unit_test(news_tell_each_side_what_the_other_did_and_of_nobody_unseen),
           cmocka_unit_test(a_worker_hears_of_his_cases_whoever_sent_and_of_nothing_else))
