/* visible.c: VISIBLE equals the engine, on generated worlds, on both engines; the facts that are loaded are the facts that were written. */
#include "access/visible.h"
#include "access/facts.h"
#include "base/clock.h"
#include "town.h"

enum { NETWORKS = 40 };

/* --- comparing ---------------------------------------------------------------------------------------------------------------- */
STMT_READ(q_visible, "tv_visible",
          "WITH v AS (" VISIBLE ") SELECT v.person_id, v.own_cats, v.other_cats FROM v ORDER BY v.person_id");
STMT_READ(q_persons, "tv_persons", "WITH who AS (" VISIBLE_PERSONS ") SELECT person_id FROM who ORDER BY person_id");
STMT_READ(q_is, "tv_is",
          "WITH " VISIBLE_BESIDE
          " SELECT t.person_id FROM (SELECT id AS person_id FROM fact_person WHERE network_id = $1) AS t"
          " WHERE " VISIBLE_IS("t") " ORDER BY t.person_id");
STMT_READ(q_page, "tv_page",
          "WITH page (person_id) AS (" IDS_FROM_5
          "), v AS (" VISIBLE_OF("page") ") SELECT v.person_id, v.own_cats, v.other_cats FROM v ORDER BY v.person_id");
STMT_READ(q_own, "tv_own",
          "WITH page (person_id) AS (" IDS_FROM_5
          "), v AS (" VISIBLE_OWN_OF("page") ") SELECT v.person_id, v.own_cats FROM v ORDER BY v.person_id");

struct question {
  struct town *t;
  struct actor who;
  ts_t at;
  int64_t yes, compared;
};

static void same_or_say(const struct question *q, id64 person, cats_t own, cats_t others, const struct decision *d)
{
  if (own == d->own && others == d->others)
    return;
  fail_msg("network %lld person %lld membership %lld at %lld: VISIBLE %u/%u, engine %u/%u", (long long)q->t->network,
           (long long)person, (long long)q->who.membership, (long long)q->at, own, others, d->own, d->others);
}

/* Rows of (person, own, others), in order of persons, against the engine about those persons of the town that `asked` names. */
static enum code compare_rows(struct question *q, struct rows *r, unsigned asked, struct err *e)
{
  bool more = rows_next(r);
  for (int k = 0; k < TOWN_PERSONS; k++) {
    struct decision d;
    id64 person = q->t->w[k].f.person;
    if (!(asked & 1U << k))
      continue;
    access_decide(&q->who, ACTION_PERSON_READ, &q->t->w[k].f, q->at, &d);
    bool here = more && rows_int(r, 0) == person;
    same_or_say(q, person, here ? (cats_t)rows_int(r, 1) : 0, here ? (cats_t)rows_int(r, 2) : 0, &d);
    q->yes += here;
    q->compared++;
    if (here)
      more = rows_next(r);
  }
  assert_false(more);
  return rows_end(r, e);
}

#define ACTOR_BINDS(q) b_int((q)->t->network), b_int((q)->who.membership), b_int((q)->who.organization), b_int((q)->at)

static enum code compare_list(struct tx *tx, void *arg, struct err *e)
{
  struct question *q = arg;
  struct rows r = {0};
  enum code c = db_query(tx, &q_visible, &r, e, BINDS(ACTOR_BINDS(q)));
  return c == OK ? compare_rows(q, &r, ~0U, e) : c;
}

/* Some of the town, among ids of nobody. */
static size_t bind_some(const struct question *q, unsigned asked, struct bind binds[STMT_PARAMS_MAX])
{
  const struct bind first[] = {ACTOR_BINDS(q)};
  id64 ids[LIMIT_PAGE_ROWS] = {0};
  size_t n = 0;
  for (int k = 0; k < TOWN_PERSONS; k++) {
    if (asked & 1U << k)
      ids[n++] = q->t->w[k].f.person;
    ids[n++] = 77 + k;
  }
  memcpy(binds, first, sizeof first);
  return ids_bind(binds, 4, ids, n);
}

static enum code compare_page(struct tx *tx, void *arg, struct err *e)
{
  struct question *q = arg;
  struct rows r = {0};
  struct bind binds[STMT_PARAMS_MAX];
  unsigned asked = (unsigned)rng_below(&q->t->rng, 1U << TOWN_PERSONS);
  enum code c = db_query(tx, &q_page, &r, e, binds, bind_some(q, asked, binds));
  return c == OK ? compare_rows(q, &r, asked, e) : c;
}

static bool is_restricted(const struct facts *f, const struct actor *who, ts_t at)
{
  for (size_t i = 0; i < f->restrictions_count; i++) {
    const struct fact_restriction *r = &f->restrictions[i];
    bool against = r->organization == who->organization || r->user == who->user;
    if (against && r->from <= at && (!r->until || at < r->until))
      return true;
  }
  return false;
}

/* Who is worked on without any restriction: what the engine opens of own rows is all that it says. Nobody is missing of whom the engine opens
 * own rows by work alone. */
static enum code compare_own(struct tx *tx, void *arg, struct err *e)
{
  struct question *q = arg;
  struct rows r = {0};
  struct bind binds[STMT_PARAMS_MAX];
  unsigned asked = (unsigned)rng_below(&q->t->rng, 1U << TOWN_PERSONS);
  enum code c = db_query(tx, &q_own, &r, e, binds, bind_some(q, asked, binds));
  if (c != OK)
    return c;
  bool more = rows_next(&r);
  for (int k = 0; k < TOWN_PERSONS; k++) {
    struct decision d;
    const struct facts *f = &q->t->w[k].f;
    if (!(asked & 1U << k))
      continue;
    access_decide(&q->who, ACTION_PERSON_READ, f, q->at, &d);
    bool here = more && rows_int(&r, 0) == f->person;
    if (here)
      assert_int_equal(rows_int(&r, 1), d.own);
    if (here)
      assert_false(is_restricted(f, &q->who, q->at));
    q->yes += here;
    q->compared++;
    if (here)
      more = rows_next(&r);
  }
  assert_false(more);
  return rows_end(&r, e);
}

/* Who is seen at all: each once, exactly those to whom the engine says yes, by either form. */
static enum code compare_persons_by(struct tx *tx, struct question *q, const struct stmt *form, struct err *e)
{
  struct rows r = {0};
  enum code c = db_query(tx, form, &r, e, BINDS(ACTOR_BINDS(q)));
  if (c != OK)
    return c;
  bool more = rows_next(&r);
  for (int k = 0; k < TOWN_PERSONS; k++) {
    struct decision d;
    id64 person = q->t->w[k].f.person;
    access_decide(&q->who, ACTION_PERSON_READ, &q->t->w[k].f, q->at, &d);
    bool here = more && rows_int(&r, 0) == person;
    if (here != d.allowed)
      fail_msg("network %lld person %lld membership %lld at %lld: %s %d, engine %d", (long long)q->t->network,
               (long long)person, (long long)q->who.membership, (long long)q->at, form->name, here, d.allowed);
    q->yes += here;
    q->compared++;
    if (here)
      more = rows_next(&r);
  }
  assert_false(more);
  return rows_end(&r, e);
}

static enum code compare_persons(struct tx *tx, void *arg, struct err *e)
{
  enum code c = compare_persons_by(tx, arg, &q_persons, e);
  return c == OK ? compare_persons_by(tx, arg, &q_is, e) : c;
}

static void each_question(struct store *s, struct town *t, tx_fn fn, int64_t *ret_yes, int64_t *ret_compared)
{
  struct err e = {0};
  struct db_who service = {.network = t->network, .service = true};
  struct question q = {.t = t};
  const struct facts *f = &t->w[0].f;
  for (size_t i = 0; i < f->memberships_count; i++)
    for (int j = 0; j < 3; j++) {
      q.who = town_actor(t, &f->memberships[i]);
      q.at = j ? rng_instant(&t->rng) : WORLD_T;
      ok(db_read(s->db, &service, fn, &q, &e));
    }
  *ret_yes += q.yes;
  *ret_compared += q.compared;
}

static void visible_equals_the_engine(void **state)
{
  struct store s;
  struct err e = {0};
  int64_t yes = 0, compared = 0, own_yes = 0, own_compared = 0;
  static struct town t;
  store_new(&s, STORE_OWNER);
  for (int n = 0; n < NETWORKS; n++) {
    struct db_who service = {.network = 1 + n, .service = true};
    town_make(&t, n);
    ok(db_write(s.db, "town_put", &service, town_put, &t, &e));
    each_question(&s, &t, compare_list, &yes, &compared);
    each_question(&s, &t, compare_page, &yes, &compared);
    each_question(&s, &t, compare_persons, &yes, &compared);
    each_question(&s, &t, compare_own, &own_yes, &own_compared);
  }
  print_message("%lld answers compared, %lld of them yes; %lld by work alone\n", (long long)compared, (long long)yes,
                (long long)own_yes);
  assert_true(yes * 10 > compared);
  assert_true(own_yes * 50 > own_compared);
  store_free(&s);
}

/* --- its cost --------------------------------------------------------------------------------------------------------------------- */
STMT_READ(q_plan, "tv_plan", "EXPLAIN QUERY PLAN WITH v AS (" VISIBLE ") SELECT v.person_id FROM v");
STMT_READ(q_plan_persons, "tv_plan_persons",
          "EXPLAIN QUERY PLAN WITH who AS (" VISIBLE_PERSONS ") SELECT person_id FROM who");

/* A step that looks at a table by its network alone, or at all of it, would cost more in a larger network. */
static bool grows_with_the_network(const char *step)
{
  return strstr(step, "(network_id=?)") || strstr(step, "SCAN a ") || strstr(step, "SCAN person") ||
         (strstr(step, "SCAN ") && strstr(step, " USING "));
}

static enum code read_plan(struct tx *tx, void *arg, struct err *e)
{
  static const struct stmt *const forms[] = {&q_plan, &q_plan_persons};
  int *steps = arg;
  enum code c = OK;
  for (size_t i = 0; c == OK && i < sizeof forms / sizeof *forms; i++) {
    struct rows r = {0};
    c = db_query(tx, forms[i], &r, e, BINDS(b_int(1), b_int(1), b_int(1), b_int(1)));
    while (c == OK && rows_next(&r)) {
      const char *step = str_cstr(tx_arena(tx), rows_text(&r, 3));
      if (grows_with_the_network(step))
        fail_msg("%s: %s", forms[i]->name, step);
      ++*steps;
    }
    c = rows_finish(&r, c, e);
  }
  return c;
}

static void visible_does_not_scan(void **state)
{
  struct store s;
  struct err e = {0};
  struct db_who service = {.network = 1, .service = true};
  int steps = 0;
  if (store_engine() != DB_SQLITE)
    skip();
  store_new(&s, STORE_OWNER);
  ok(db_read(s.db, &service, read_plan, &steps, &e));
  assert_true(steps > 30);
  store_free(&s);
}

/* --- the loader ------------------------------------------------------------------------------------------------------------------ */
static void same_decisions(const struct question *q, const struct facts *loaded, const struct facts *made)
{
  for (int a = 0; a < ACTION_COUNT; a++) {
    struct decision x, y;
    access_decide(&q->who, (enum action)a, loaded, q->at, &x);
    access_decide(&q->who, (enum action)a, made, q->at, &y);
    assert_int_equal(x.allowed, y.allowed);
    assert_int_equal(x.own, y.own);
    assert_int_equal(x.others, y.others);
    assert_int_equal(x.hidden_items, y.hidden_items);
    assert_int_equal(x.concealment, y.concealment);
    assert_int_equal(x.reason_count, y.reason_count);
    for (size_t i = 0; i < x.reason_count && x.reason_count < REASONS; i++) {
      assert_int_equal(x.reasons[i].kind, y.reasons[i].kind);
      assert_int_equal(x.reasons[i].ref, y.reasons[i].ref);
    }
  }
}

static enum code compare_facts(struct tx *tx, void *arg, struct err *e)
{
  struct question *q = arg;
  for (int k = 0; k < TOWN_PERSONS; k++) {
    struct facts f;
    int64_t rev;
    enum code c = facts_load(tx, &q->who, q->t->w[k].f.person, &f, &rev, e);
    if (c != OK)
      return c;
    assert_true(rev > q->t->network); /* each fact counts it up */
    same_decisions(q, &f, &q->t->w[k].f);
    c = facts_load_at(tx, tx_arena(tx), &q->who, q->t->w[k].f.person, rev, &f, e);
    if (c != OK)
      return c;
    same_decisions(q, &f, &q->t->w[k].f);
  }
  struct facts none;
  int64_t rev;
  enum code c = facts_load(tx, &q->who, 77, &none, &rev, e);
  assert_int_equal(none.person, 0);
  return c;
}

/* All of the town on one page, in any order, with somebody who is not there. */
static enum code compare_facts_page(struct tx *tx, void *arg, struct err *e)
{
  struct question *q = arg;
  struct facts page[TOWN_PERSONS + 1];
  id64 ids[TOWN_PERSONS + 1];
  size_t from = (size_t)rng_below(&q->t->rng, TOWN_PERSONS);
  for (size_t k = 0; k < TOWN_PERSONS; k++)
    ids[k] = q->t->w[(k + from) % TOWN_PERSONS].f.person;
  ids[TOWN_PERSONS] = 77;
  enum code c = facts_load_page(tx, &q->who, ids, TOWN_PERSONS + 1, page, e);
  if (c != OK)
    return c;
  for (size_t k = 0; k < TOWN_PERSONS; k++)
    same_decisions(q, &page[k], &q->t->w[(k + from) % TOWN_PERSONS].f);
  assert_int_equal(page[TOWN_PERSONS].person, 0);
  return OK;
}

static void facts_are_loaded_as_written(void **state)
{
  struct store s;
  struct err e = {0};
  int64_t yes = 0, compared = 0;
  static struct town t;
  store_new(&s, STORE_OWNER);
  for (int n = 0; n < 8; n++) {
    struct db_who service = {.network = 1 + n, .service = true};
    town_make(&t, 1000 + n);
    t.network = 1 + n;
    for (int k = 0; k < TOWN_PERSONS; k++)
      t.w[k].f.network = t.network;
    ok(db_write(s.db, "town_put", &service, town_put, &t, &e));
    each_question(&s, &t, compare_facts, &yes, &compared);
    each_question(&s, &t, compare_facts_page, &yes, &compared);
  }
  store_free(&s);
}

STORE_MAIN(cmocka_unit_test(visible_equals_the_engine), cmocka_unit_test(visible_does_not_scan),
           cmocka_unit_test(facts_are_loaded_as_written))
