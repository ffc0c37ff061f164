/* rederive.c: each look that the log tells of is decided once more by the facts of its revision; whoever forges a look, or takes away or
 * changes a fact, is found. The looks are everybody's, at every page, over cases in every state of being shared. On both engines. */
#include "crowd.h"

#include <stdlib.h>
#include <string.h>

#include "access/rederive.h"
#include "audit/audit.h"

static struct crowd town;

/* ---- deriving ---------------------------------------------------------------------------------------------------------------- */

static struct rederived derive(const char *expected)
{
  struct err e = {0};
  struct arena *a = arena_new(LIMIT_ARENA);
  struct doc *findings = NULL;
  struct rederived sum = {0};
  bool told = !expected;
  ok(access_rederive(town.s.w.store.db, town.s.w.network, a, &findings, &sum, &e));
  assert_int_equal(sum.bad > 0, doc_size(findings) > 0);
  for (size_t i = 0; i < doc_size(findings); i++) {
    struct str text = doc_string(doc_at(findings, i));
    if (!expected)
      fprintf(stderr, "%.*s\n", STR_FMT(text));
    else if (strstr(str_cstr(a, text), expected))
      told = true;
  }
  if (!told)
    fprintf(stderr, "not found: %s\n", expected);
  assert_true(told);
  arena_free(a);
  return sum;
}

static void must_be_good(void)
{
  assert_int_equal(derive(NULL).bad, 0);
}

__attribute__((format(printf, 1, 2))) static void forge(const char *fmt, ...)
{
  char sql[2000];
  va_list args;
  va_start(args, fmt);
  int n = vsnprintf(sql, sizeof sql - 12, fmt, args);
  va_end(args);
  assert_true(n > 0 && (size_t)n < sizeof sql - 12);
  snprintf(sql + n, sizeof sql - (size_t)n, "; SELECT 1");
  assert_string_equal(store_ask(&town.s.w.store, sql), "1");
}

/* ---- everybody looks at everything ----------------------------------------------------------------------------------------------- */

static void look_everywhere(void)
{
  for (size_t i = 0; i < route_count(); i++)
    for (int who = 0; who < WHO_COUNT && route_at(i)->method == GET; who++)
      for (int state = 0; state < (crowd_about_person(route_at(i)) ? STATE_COUNT : 1); state++) {
        char path[PATH_SIZE];
        if (!strstr(route_at(i)->path, "sign-in") && !strstr(route_at(i)->path, "qr") &&
            crowd_path(&town, route_at(i), &town.cases[state], &town.who[who], NULL, path))
          assert_true(served_get(&town.s, &town.who[who], path, WANT_JSON) < 500);
      }
}

static void every_look_was_permitted(void **state)
{
  look_everywhere();
  town.s.app.read_twice = true;
  look_everywhere();
  town.s.app.read_twice = false;
  struct rederived sum = derive(NULL);
  assert_int_equal(sum.bad, 0);
  assert_int_equal(sum.before, 0);
  assert_true(sum.looks > 600);
  assert_true(sum.persons > 100);
}

/* Membership, assignment and consent end: the looks from before stay good. */
static void what_ends_later_takes_nothing_back(void **state)
{
  const struct shared_case *c = &town.cases[STATE_SHARED];
  crowd_withdraw(&town, c);
  forge("UPDATE assignment SET until_at = from_at + 1 WHERE case_id = %lld", (long long)c->c.case_id);
  forge("UPDATE membership SET until_at = from_at + 1 WHERE id = %lld",
        (long long)town.who[WHO_RECEIVER_WORKER].actor.membership);
  must_be_good();
}

/* ---- forged looks, by somebody who even holds the key ------------------------------------------------------------------------------ */

struct forgery {
  struct event ev;
  id64 one_more; /* put into the list */
  bool now;      /* at the newest revision */
};

static enum code newest(struct tx *tx, int64_t *ret, struct err *e)
{
  return audit_hold_facts(tx, ret, e);
}

static enum code add_look(struct tx *tx, void *arg, struct err *e)
{
  struct forgery *f = arg;
  struct event ev = f->ev;
  char bytes[8];
  for (int i = 0; i < 8; i++)
    bytes[i] = (char)((uint64_t)f->one_more >> (56 - 8 * i));
  if (f->one_more)
    ev.ids = (struct str){bytes, sizeof bytes};
  enum code c = newest(tx, &ev.fact_rev, e);
  if (c == OK && !audit_add(tx, &ev))
    c = err_oom(e);
  return c;
}

static struct event look_of(enum who who, enum action action, id64 person, enum reason_kind reason, id64 ref)
{
  const struct actor *a = &town.who[who].actor;
  return (struct event){.kind = person ? EVENT_OPEN : EVENT_LIST,
                        .action = (int)action,
                        .user = a->user,
                        .organization = a->organization,
                        .membership = a->membership,
                        .role = (int)a->role,
                        .person = person,
                        .categories = person ? CAT_BASIC : 0,
                        .reason = (int)reason,
                        .reason_ref = ref};
}

/* Adds the look, finds it, and takes it away again. */
static void must_find(const struct forgery *f, const char *expected)
{
  struct err e = {0};
  forge("CREATE TABLE kept AS SELECT * FROM event");
  ok(world_write(&town.s.w, NULL, add_look, (void *)(uintptr_t)f, &e));
  if (expected)
    assert_int_equal(derive(expected).bad, 1);
  else
    must_be_good();
  forge("DELETE FROM event; INSERT INTO event SELECT * FROM kept; DROP TABLE kept");
}

static void a_forged_look_is_found(void **state)
{
  static const char never[] = "not permitted", other[] = "not by what it says", more[] = "more categories";
  const struct shared_case *own = &town.cases[STATE_OWN], *gone = &town.cases[STATE_WITHDRAWN];
  id64 ours = own->c.person, case_id = own->c.case_id;
  must_find(&(struct forgery){.ev = look_of(WHO_WORKER, ACTION_CASE_READ, ours, REASON_OWN, case_id)}, NULL);
  must_find(&(struct forgery){.ev = look_of(WHO_THIRD_MANAGER, ACTION_CASE_READ, ours, REASON_OWN, case_id)}, never);
  must_find(&(struct forgery){.ev = look_of(WHO_WORKER_OFF, ACTION_CASE_READ, ours, REASON_OWN, case_id)}, never);
  must_find(&(struct forgery){.ev = look_of(WHO_CLERK, ACTION_RECORD_READ, ours, REASON_OWN, case_id)}, never);
  must_find(&(struct forgery){.ev = look_of(WHO_RECEIVER_WORKER, ACTION_SHEET_READ, gone->c.person, REASON_CONSENT,
                                            gone->consent)},
            never);
  must_find(&(struct forgery){.ev = look_of(WHO_WORKER, ACTION_CASE_READ, ours, REASON_CONSENT, case_id)}, other);
  must_find(&(struct forgery){.ev = look_of(WHO_WORKER, ACTION_CASE_READ, ours, REASON_OWN, case_id + 1)}, other);
  struct forgery f = {.ev = look_of(WHO_CLERK, ACTION_CASE_READ, ours, REASON_OWN, case_id)};
  f.ev.categories = CAT_BASIC | CAT_ABUSE;
  must_find(&f, more);
  f.ev = look_of(WHO_WORKER, ACTION_CASE_READ, ours, REASON_OWN, case_id);
  f.ev.membership = town.who[WHO_RECEIVER_WORKER].actor.membership;
  must_find(&f, never);
  f.ev = look_of(WHO_THIRD_MANAGER, ACTION_EXPORT, ours, REASON_OWN, case_id);
  f.ev.kind = EVENT_EXPORT;
  must_find(&f, never);
  f.ev = look_of(WHO_COORDINATOR, ACTION_CLOCK_LIST, 0, REASON_ROLE, 0);
  must_find(&f, NULL);
  f.ev.session = 12345;
  must_find(&f, "the session is not there");
  f.ev.session = town.who[WHO_WORKER].actor.session;
  must_find(&f, "the session is not there");
  f.ev = look_of(WHO_WORKER, ACTION_CASE_READ, ours, REASON_GUARDIAN, 50);
  must_find(&f, other);
}

static void a_person_too_many_in_a_list_is_found(void **state)
{
  struct forgery f = {.ev = look_of(WHO_WORKER, ACTION_CASE_LIST, 0, REASON_ROLE, 0),
                      .one_more = town.cases[STATE_OWN].c.person};
  must_find(&f, NULL);
  f.one_more = town.cases[STATE_FOREIGN].c.person;
  must_find(&f, "a person in the list");
  f.one_more = 777;
  must_find(&f, "a person in the list");
}

/* ---- facts taken away, added or changed past the program ----------------------------------------------------------------------------- */

/* What is done to the log of facts, where kind and `column` are these, is found; then it is put back. */
static void must_find_in_log(const char *expected, const char *change, int kind, const char *column, id64 id)
{
  forge("CREATE TABLE kept AS SELECT * FROM fact_log; %s WHERE kind = %d AND %s = %lld", change, kind, column,
        (long long)id);
  (void)derive(expected);
  forge("DELETE FROM fact_log; INSERT INTO fact_log SELECT * FROM kept; DROP TABLE kept");
  must_be_good();
}

static void a_fact_that_is_taken_away_is_found(void **state)
{
  enum { PARTICIPATION = 2, ASSIGNMENT = 3, CONSENT = 6 };
  id64 consent = town.cases[STATE_LEFT].consent, person = town.cases[STATE_OWN].c.person;
  static const char astray[] = "a fact is not what its log says", never[] = "not permitted";
  must_find_in_log(never, "DELETE FROM fact_log", ASSIGNMENT, "subject_id", person);
  must_find_in_log(never, "UPDATE fact_log SET since_rev = since_rev + 1000000", PARTICIPATION, "subject_id", person);
  must_find_in_log("", "UPDATE fact_log SET bits = 1", CONSENT, "row_id", consent);
  must_find_in_log(astray, "DELETE FROM fact_log", CONSENT, "row_id", consent);
  /* The triggers write down what is done by hand, too; that a fact is gone while its person is there is the finding. */
  forge("DELETE FROM consent_recipient WHERE consent_id = %lld", (long long)consent);
  (void)derive(astray);
}

/* What was looked at before the facts were kept is counted, not judged. */
static void older_looks_are_not_judged(void **state)
{
  forge("UPDATE network_rev SET log_from = fact_rev + 1");
  struct rederived sum = derive("a fact is not what its log says");
  assert_int_equal(sum.looks, 0);
  assert_true(sum.before > 600);
  forge("UPDATE network_rev SET log_from = 0");
}

static enum code add_many(struct tx *tx, void *arg, struct err *e)
{
  enum code c = OK;
  for (int i = 0; c == OK && i < 1100; i++)
    c = add_look(tx, arg, e);
  return c;
}

/* More than a thousand findings are counted, not told. */
static void a_thousand_findings_are_told(void **state)
{
  struct err e = {0};
  struct forgery f = {.ev = look_of(WHO_WORKER_OFF, ACTION_CASE_READ, town.cases[STATE_OWN].c.person, REASON_OWN, 1)};
  ok(world_write(&town.s.w, NULL, add_many, &f, &e));
  assert_true(derive("not permitted").bad > 1000);
}

CROWD_MAIN(&town, cmocka_unit_test(every_look_was_permitted), cmocka_unit_test(what_ends_later_takes_nothing_back),
           cmocka_unit_test(a_forged_look_is_found), cmocka_unit_test(a_person_too_many_in_a_list_is_found),
           cmocka_unit_test(a_fact_that_is_taken_away_is_found), cmocka_unit_test(older_looks_are_not_judged),
           cmocka_unit_test(a_thousand_findings_are_told))
