/* rls.c: PostgreSQL's row-level security answers as the engine does, also to a handler that forgot the engine, and also while a transaction
 * changes who may see what. That no table is without it: guarded.c. */
#include "access/visible.h"
#include "town.h"

enum { ATTRIBUTE_ID = 5000000, TOWNS = 12, WRITERS = 6 };

STMT_WRITE(q_session, "tr_session",
           "INSERT INTO session (network_id, id, token_hash, user_id, membership_id, created_at, seen_at, until_at)"
           " VALUES ($1, $2, $3, $4, $5, 0, 0, 9000000000000000)");
STMT_WRITE(q_attribute, "tr_attribute",
           "INSERT INTO person_attribute (network_id, id, person_id, author_organization_id, category, source, kind,"
           " value_sealed, from_at, created_by) VALUES ($1, $2, $3, $4, $5, 1, 'name', $6, 0, 201)");
STMT_WRITE(q_key, "tr_key", "INSERT INTO person_key (network_id, person_id, epoch, wrapped) VALUES ($1, $2, 1, $3)");
/* What a handler would write that forgot the engine. */
STMT_READ(q_everything, "tr_everything",
          "SELECT person_id, author_organization_id, category FROM person_attribute ORDER BY person_id");
STMT_READ(
    q_count, "tr_count",
    "SELECT (SELECT count(*) FROM person_attribute) + (SELECT count(*) FROM person) + (SELECT count(*) FROM person_key)"
    " + (SELECT count(*) FROM consent) + (SELECT count(*) FROM case_file) + (SELECT count(*) FROM sheet)"
    " + (SELECT count(*) FROM fact_consent) + (SELECT count(*) FROM user_account) + (SELECT count(*) FROM network)");

/* --- a town with sessions and attributes -------------------------------------------------------------------------------- */
static void token_of(const struct town *t, size_t i, char ret[32])
{
  memset(ret, 0, 32);
  snprintf(ret, 32, "session %lld %zu", (long long)t->network, i);
}

static enum code put_rows(struct tx *tx, void *arg, struct err *e)
{
  const struct town *t = arg;
  enum code c = town_put(tx, arg, e);
  id64 id = ATTRIBUTE_ID;
  tx_see_time(tx, WORLD_T); /* the edges lie there */
  for (size_t i = 0; c == OK && i < t->w[0].f.memberships_count; i++) {
    char token[32];
    const struct fact_membership *m = &t->w[0].memberships[i];
    token_of(t, i, token);
    c = db_exec(tx, &q_session, NULL, e,
                BINDS(b_int(t->network), b_int(m->id), b_bytes((struct str){token, 32}), b_int(m->user), b_int(m->id)));
  }
  for (int k = 0; c == OK && k < TOWN_PERSONS; k++) {
    id64 person = t->w[k].f.person;
    c = db_exec(tx, &q_key, NULL, e, BINDS(b_int(t->network), b_int(person), b_bytes(S("x"))));
    for (int64_t x = 0; c == OK && x < WORLD_ORGANIZATIONS * CATEGORIES; x++)
      c = db_exec(tx, &q_attribute, NULL, e,
                  BINDS(b_int(t->network), b_int(id++), b_int(person), b_int(101 + x / CATEGORIES),
                        b_int((int64_t)1 << x % CATEGORIES), b_bytes(S("x"))));
  }
  return c;
}

static void new_town(struct store *s, struct town *t, int number)
{
  struct err e = {0};
  struct db_who service = {.network = 1 + number, .service = true};
  town_make(t, number);
  ok(db_write(s->db, "put_rows", &service, put_rows, t, &e));
}

/* --- the same answer as the engine's --------------------------------------------------------------------------------------- */
struct peek {
  const struct town *t;
  struct actor who;
  int64_t shown, rows;
};

/* Per person: the categories that came of the own organization's rows and of others'. */
static enum code look_at_everything(struct tx *tx, void *arg, struct err *e)
{
  struct peek *l = arg;
  cats_t own[TOWN_PERSONS] = {0}, others[TOWN_PERSONS] = {0}, third[TOWN_PERSONS] = {0};
  struct rows r = {0};
  enum code c = db_query(tx, &q_everything, &r, e, NO_BINDS);
  while (c == OK && rows_next(&r)) {
    int64_t k = (rows_int(&r, 0) - WORLD_PERSON) / TOWN_APART, author = rows_int(&r, 1);
    cats_t bit = (cats_t)rows_int(&r, 2);
    assert_in_range(k, 0, TOWN_PERSONS - 1);
    if (author == l->who.organization)
      own[k] |= bit;
    else if (author == (l->who.organization == 101 ? 102 : 101))
      others[k] |= bit;
    else
      third[k] |= bit;
    l->rows++;
  }
  c = rows_finish(&r, c, e);
  for (int k = 0; c == OK && k < TOWN_PERSONS; k++) {
    struct decision d;
    access_decide(&l->who, ACTION_PERSON_READ, &l->t->w[k].f, tx_now(tx), &d);
    if (own[k] != d.own || others[k] != d.others || third[k] != d.others)
      fail_msg("network %lld person %d membership %lld: rows %u/%u/%u, engine %u/%u", (long long)l->t->network, k,
               (long long)l->who.membership, own[k], others[k], third[k], d.own, d.others);
    l->shown += d.allowed;
  }
  return c;
}

typedef enum code (*tx_runner)(struct db *db, const struct db_who *who, tx_fn fn, void *arg, struct err *e);

static enum code in_a_read(struct db *db, const struct db_who *who, tx_fn fn, void *arg, struct err *e)
{
  return db_read(db, who, fn, arg, e);
}

static enum code in_a_write(struct db *db, const struct db_who *who, tx_fn fn, void *arg, struct err *e)
{
  return db_write(db, "look", who, fn, arg, e);
}

/* In a write that is taken back. */
static enum code in_vain(struct db *db, const struct db_who *who, tx_fn fn, void *arg, struct err *e)
{
  enum code c = db_write(db, "in_vain", who, fn, arg, e);
  assert_int_equal(c, LIMIT);
  return OK;
}

static enum code take_back(enum code c, struct err *e)
{
  return c == OK ? err_set(e, LIMIT, "taken back") : c;
}

/* Everybody with a membership, one after the other, or one in `every`, others in another town; TSUNAGU_EVERY set: all of them. */
static void each_member(struct store *s, struct town *t, size_t every, tx_runner run, tx_fn fn, struct peek *l)
{
  struct err e = {0};
  every = getenv("TSUNAGU_EVERY") ? 1 : every;
  for (size_t i = (size_t)t->network % every; i < t->w[0].f.memberships_count; i += every) {
    char token[32];
    token_of(t, i, token);
    struct db_who who = {.network = t->network, .token = {token, sizeof token}};
    l->t = t;
    l->who = town_actor(t, &t->w[0].memberships[i]);
    ok(run(s->db, &who, fn, l, &e));
  }
}

/* Whom the session knows, asked of one person and of all: how many answers differ. */
STMT_READ(q_known, "tr_known",
          "SELECT count(*) FROM fact_person p WHERE rls_knows(p.id) IS DISTINCT FROM (p.id IN (SELECT rls_known()))");

static enum code look_at_the_known(struct tx *tx, void *arg, struct err *e)
{
  int64_t differ = 1;
  enum code c = db_ask_int(tx, &q_known, &differ, e, NO_BINDS);
  assert_int_equal(differ, 0);
  return c;
}

static void rows_are_those_the_engine_would_show(void **state)
{
  struct store s;
  static struct town t;
  struct peek read = {0}, write = {0};
  store_new(&s, STORE_APP);
  for (int n = 0; n < TOWNS; n++) {
    new_town(&s, &t, n);
    each_member(&s, &t, 1, in_a_read, look_at_everything, &read);
    each_member(&s, &t, WRITERS, in_a_write, look_at_everything, &write);
    each_member(&s, &t, 1, in_a_write, look_at_the_known, &write);
  }
  print_message("%lld rows shown of %lld persons, %lld of %lld in writing transactions\n", (long long)read.rows,
                (long long)read.shown, (long long)write.rows, (long long)write.shown);
  assert_true(read.shown > 100);
  assert_true(write.shown > 20);
  store_free(&s);
}

/* --- after what the transaction itself changed ------------------------------------------------------------------------------ */
STMT_WRITE(q_withdraw, "tr_withdraw", "UPDATE consent SET withdrawn_at = $3 WHERE network_id = $1 AND person_id = $2");
STMT_WRITE(q_unassign, "tr_unassign", "UPDATE assignment SET until_at = $3 WHERE network_id = $1 AND person_id = $2");
STMT_WRITE(q_part, "tr_part", "UPDATE participation SET until_at = $3 WHERE network_id = $1 AND person_id = $2");
STMT_WRITE(q_restrict, "tr_restrict",
           "INSERT INTO restriction (network_id, id, person_id, organization_id, categories, breakable, from_at,"
           " created_by) VALUES ($1, $4, $2, $5, $6, FALSE, $3, 201)");
STMT_WRITE(q_join, "tr_join",
           "INSERT INTO participation (network_id, id, case_id, person_id, organization_id, part, from_at)"
           " VALUES ($1, $4, $6, $2, $5, 'lead', $3)");
/* What the session sees of everybody, asked of one person and of all: how many answers differ. */
STMT_READ(q_differ, "tr_differ",
          "SELECT count(*) FROM fact_person p CROSS JOIN (VALUES (1), (512), (3)) AS c (category)"
          " CROSS JOIN (VALUES (TRUE), (FALSE)) AS o (own) WHERE rls_sees(p.id, c.category, o.own) IS DISTINCT FROM"
          " ((o.own AND p.id IN (SELECT rls_whole())) OR (p.id, c.category, o.own) IN (SELECT v.person_id, v.category,"
          " v.own FROM rls_sight() v))");

enum { CHANGED_ID = 50, LITTLE = CAT_BASIC | CAT_EDUCATION };
enum change { WITHDRAWN, UNASSIGNED, OUT_OF_CASES, RESTRICTED, JOINED_CASE, CHANGES };

static void change_facts(struct world *w, enum change how, id64 organization, int64_t what, ts_t now)
{
  struct facts *f = &w->f;
  for (size_t i = 0; how == WITHDRAWN && i < f->consents_count; i++)
    w->consents[i].withdrawn = true;
  for (size_t i = 0; how == UNASSIGNED && i < f->assignments_count; i++)
    w->assignments[i].until = now;
  for (size_t i = 0; how == OUT_OF_CASES && i < f->participations_count; i++)
    w->participations[i].until = now;
  if (how == RESTRICTED)
    w->restrictions[f->restrictions_count++] =
        (struct fact_restriction){.id = 1, .organization = organization, .categories = (cats_t)what, .from = now};
  if (how == JOINED_CASE)
    w->participations[f->participations_count++] =
        (struct fact_participation){.case_id = what, .organization = organization, .part = PART_LEAD, .from = now};
}

/* The same change in the tables, as far as the session may make it, and in the facts that the engine is asked about. Every other person
 * is shut out wholly, and joined again by nobody. */
static enum code change_one(struct tx *tx, const struct actor *who, struct world *w, enum change how, struct err *e)
{
  static const struct stmt *const q[CHANGES] = {&q_withdraw, &q_unassign, &q_part, &q_restrict, &q_join};
  struct facts *f = &w->f;
  int64_t n = 0, by = f->person - WORLD_PERSON;
  bool odd = by / TOWN_APART % 2;
  int64_t what = how == RESTRICTED ? (odd ? CAT_ALL : LITTLE) : 301 + by;
  if ((how == RESTRICTED && f->restrictions_count == WORLD_ROWS) ||
      (how == JOINED_CASE && (odd || f->participations_count == WORLD_ROWS)))
    return OK;
  const struct bind binds[] = {b_int(who->network),      b_int(f->person),
                               b_int(tx_now(tx)),        b_int(f->person * 100 + CHANGED_ID + (int64_t)how),
                               b_int(who->organization), b_int(what)};
  enum code c = db_exec(tx, q[how], &n, e, binds, how < RESTRICTED ? 3 : 6);
  if (c == OK && n)
    change_facts(w, how, who->organization, what, tx_now(tx));
  return c;
}

static enum code change_and_look(struct tx *tx, void *arg, struct err *e)
{
  struct peek *l = arg;
  static struct town changed;
  int64_t differ = 0;
  town_copy(&changed, l->t);
  struct peek again = {.t = &changed, .who = l->who};
  enum code c = OK;
  for (enum change how = 0; c == OK && how < CHANGES; how++) {
    for (int k = 0; c == OK && k < TOWN_PERSONS; k++)
      c = change_one(tx, &l->who, &changed.w[k], how, e);
    if (c == OK)
      c = look_at_everything(tx, &again, e);
    if (c == OK && how % 2 == 0)
      c = db_ask_int(tx, &q_differ, &differ, e, NO_BINDS);
    assert_int_equal(differ, 0);
    if (c == OK)
      c = look_at_the_known(tx, &again, e);
  }
  l->rows += again.rows;
  return take_back(c, e);
}

static void what_a_transaction_changed_is_decided_by_at_once(void **state)
{
  struct store s;
  static struct town t;
  struct peek l = {0};
  store_new(&s, STORE_APP);
  for (int n = 0; n < TOWNS; n += getenv("TSUNAGU_EVERY") ? 1 : 3) {
    new_town(&s, &t, n);
    each_member(&s, &t, WRITERS, in_vain, change_and_look, &l);
  }
  print_message("%lld rows shown after changes\n", (long long)l.rows);
  assert_true(l.rows > 100);
  store_free(&s);
}

STMT_WRITE(q_create, "tr_create",
           "INSERT INTO person (network_id, id, created_at, created_by, author_organization_id)"
           " VALUES ($1, $2, $3, $4, $5)");
STMT_READ(q_created, "tr_created",
          "SELECT (SELECT count(*) FROM person WHERE id = $1) + (SELECT count(*) FROM person_key WHERE person_id = $1)"
          " + (SELECT count(*) FROM person_attribute WHERE person_id = $1)");

/* Of one whom he registers himself now everybody sees what he writes; of one who says that somebody else did, or did before, nobody. */
static enum code create_and_look(struct tx *tx, void *arg, struct err *e)
{
  struct peek *l = arg;
  const struct fact_membership *m = NULL;
  enum code c = OK;
  for (size_t i = 0; i < l->t->w[0].f.memberships_count; i++)
    if (l->t->w[0].memberships[i].id == l->who.membership)
      m = &l->t->w[0].memberships[i];
  bool live = m && m->from <= tx_now(tx) && (!m->until || tx_now(tx) < m->until);
  assert_non_null(m);
  for (int64_t x = 0; c == OK && x < 3; x++) {
    int64_t seen = 0, id = 7000000 + x, user = x != 1 ? l->who.user : l->who.user == 201 ? 202 : 201;
    c = db_exec(
        tx, &q_create, NULL, e,
        BINDS(b_int(l->who.network), b_int(id), b_int(tx_now(tx) - (x == 2)), b_int(user), b_int(l->who.organization)));
    if (c == OK)
      c = db_exec(tx, &q_key, NULL, e, BINDS(b_int(l->who.network), b_int(id), b_bytes(S("x"))));
    if (c == OK && live)
      c = db_exec(tx, &q_attribute, NULL, e,
                  BINDS(b_int(l->who.network), b_int(id), b_int(id), b_int(l->who.organization), b_int(CAT_ABUSE),
                        b_bytes(S("x"))));
    if (c == OK)
      c = db_ask_int(tx, &q_created, &seen, e, BINDS(b_int(id)));
    assert_int_equal(seen, live && x == 0 ? 3 : 0);
    l->rows += seen;
  }
  return take_back(c, e);
}

static void who_registers_a_person_sees_what_he_writes(void **state)
{
  struct store s;
  static struct town t;
  struct peek l = {0};
  store_new(&s, STORE_APP);
  new_town(&s, &t, 3);
  each_member(&s, &t, 1, in_vain, create_and_look, &l);
  assert_true(l.rows > 3);
  store_free(&s);
}

/* --- nobody -------------------------------------------------------------------------------------------------------------------- */
static enum code count_all(struct tx *tx, void *arg, struct err *e)
{
  struct rows r = {0};
  enum code c = db_query(tx, &q_count, &r, e, NO_BINDS);
  if (c == OK && rows_next(&r))
    *(int64_t *)arg = rows_int(&r, 0);
  return rows_finish(&r, c, e);
}

static int64_t count_as(struct store *s, const struct db_who *who)
{
  struct err e = {0};
  int64_t n = -1;
  ok(db_read(s->db, who, count_all, &n, &e));
  return n;
}

static void without_a_valid_session_there_is_nothing(void **state)
{
  struct store s;
  static struct town t;
  char token[32], wrong[32] = "session nobody has";
  store_new(&s, STORE_APP);
  new_town(&s, &t, 0);
  token_of(&t, 0, token);
  struct db_who nobody = {.network = 1}, stranger = {.network = 1, .token = {wrong, sizeof wrong}},
                short_token = {.network = 1, .token = {token, 31}}, service = {.network = 1, .service = true},
                somebody = {.network = 1, .token = {token, sizeof token}};
  assert_int_equal(count_as(&s, NULL), 0);
  assert_int_equal(count_as(&s, &nobody), 0);
  assert_int_equal(count_as(&s, &stranger), 0);
  assert_int_equal(count_as(&s, &short_token), 0);
  assert_true(count_as(&s, &service) > TOWN_PERSONS * WORLD_ORGANIZATIONS * CATEGORIES);
  assert_true(count_as(&s, &somebody) > 0);
  store_free(&s);
}

/* The session of one town in another one: the network that the request names changes nothing. */
static enum code others_rows(struct tx *tx, void *arg, struct err *e)
{
  struct rows r = {0};
  int64_t n = 0;
  enum code c = db_query(tx, &q_everything, &r, e, NO_BINDS);
  while (c == OK && rows_next(&r))
    n++;
  *(int64_t *)arg = n;
  return rows_finish(&r, c, e);
}

static enum code write_foreign(struct tx *tx, void *arg, struct err *e)
{
  const int64_t *a = arg; /* network, author */
  return db_exec(tx, &q_attribute, NULL, e,
                 BINDS(b_int(a[0]), b_int(77), b_int(WORLD_PERSON), b_int(a[1]), b_int(1), b_bytes(S("x"))));
}

static void a_session_holds_in_its_own_network_and_writes_in_its_own_name(void **state)
{
  struct store s;
  struct err e = {0};
  static struct town one, two;
  char token[32];
  int64_t here = 0, there = 0;
  store_new(&s, STORE_APP);
  new_town(&s, &one, 0);
  new_town(&s, &two, 1);
  token_of(&one, 0, token);
  struct db_who at_home = {.network = 1, .token = {token, sizeof token}},
                abroad = {.network = 2, .token = at_home.token};
  ok(db_read(s.db, &at_home, others_rows, &here, &e));
  ok(db_read(s.db, &abroad, others_rows, &there, &e));
  assert_int_equal(here, there); /* what is seen follows the session alone */
  int64_t organization = one.w[0].memberships[0].organization;
  int64_t foreign[2] = {2, organization}, forged[2] = {1, organization == 101 ? 102 : 101}, own[2] = {1, organization};
  assert_int_not_equal(db_write(s.db, "foreign", &at_home, write_foreign, foreign, &e), OK);
  assert_int_not_equal(db_write(s.db, "forged", &at_home, write_foreign, forged, &e), OK);
  ok(db_write(s.db, "own", &at_home, write_foreign, own, &e));
  store_free(&s);
}

STMT_READ(q_sessions, "tr_sessions", "SELECT count(*), count(CASE WHEN user_id <> $1 THEN 1 END) FROM session");

struct sessions {
  id64 user;
  int64_t all, others;
};

static enum code count_sessions(struct tx *tx, void *arg, struct err *e)
{
  struct sessions *n = arg;
  struct rows r = {0};
  enum code c = db_query(tx, &q_sessions, &r, e, BINDS(b_int(n->user)));
  if (c == OK && rows_next(&r)) {
    n->all = rows_int(&r, 0);
    n->others = rows_int(&r, 1);
  }
  return rows_finish(&r, c, e);
}

/* Whoever could read another's token hash might pass for him. */
static void only_admins_read_the_sessions_of_others(void **state)
{
  struct store s;
  struct err e = {0};
  static struct town t;
  store_new(&s, STORE_APP);
  new_town(&s, &t, 5);
  for (size_t i = 0; i < t.w[0].f.memberships_count; i++) {
    char token[32];
    const struct fact_membership *m = &t.w[0].memberships[i];
    struct sessions n = {.user = m->user};
    token_of(&t, i, token);
    struct db_who who = {.network = t.network, .token = {token, sizeof token}};
    ok(db_read(s.db, &who, count_sessions, &n, &e));
    assert_true(n.all > 0);
    assert_true(m->role == ROLE_ADMIN || n.others == 0);
  }
  store_free(&s);
}

/* What a reading transaction has reckoned is kept in a setting; nobody can put another answer there. */
STMT_READ(q_forge, "tr_forge",
          "SELECT set_config('tsunagu.kept', repeat('0', 64) || concat_ws('|', array_agg(id), array_agg(id), '{}', "
          "'{}', '{}'), TRUE)"
          " FROM fact_person");

static enum code forge_then_look(struct tx *tx, void *arg, struct err *e)
{
  enum code c = db_exec(tx, &q_forge, NULL, e, NO_BINDS);
  return c == OK ? look_at_everything(tx, arg, e) : c;
}

static void what_is_kept_cannot_be_forged(void **state)
{
  struct store s;
  struct err e = {0};
  static struct town t;
  store_new(&s, STORE_APP);
  new_town(&s, &t, 3);
  for (size_t i = 0; i < t.w[0].f.memberships_count; i++) {
    char token[32];
    struct peek l = {.t = &t, .who = town_actor(&t, &t.w[0].memberships[i])};
    token_of(&t, i, token);
    struct db_who who = {.network = t.network, .token = {token, sizeof token}};
    ok(db_read(s.db, &who, forge_then_look, &l, &e));
  }
  store_free(&s);
}

/* --- the text -------------------------------------------------------------------------------------------------------------------- */
STMT_READ(q_text, "tr_text",
          "SELECT position('-- ' || $2 || chr(10) || $3 || chr(10) || '-- end of ' || $2 IN prosrc) > 0 FROM pg_proc"
          " WHERE proname = $1 AND prosecdef");

struct form {
  const char *function, *name, *text;
  bool same;
};

static enum code same_text(struct tx *tx, void *arg, struct err *e)
{
  struct form *f = arg;
  struct rows r = {0};
  enum code c = db_query(tx, &q_text, &r, e,
                         BINDS(b_text(str_from(f->function)), b_text(str_from(f->name)), b_text(str_from(f->text))));
  f->same = c == OK && rows_next(&r) && rows_bool(&r, 0);
  return rows_finish(&r, c, e);
}

static void the_policies_hold_the_text_of_visible(void **state)
{
  struct store s;
  struct err e = {0};
  struct form forms[] = {{"rls_visible_to", "VISIBLE", VISIBLE, false},
                         {"rls_visible_of", "VISIBLE_OF", VISIBLE_OF("one"), false},
                         {"rls_own_of", "VISIBLE_OWN_OF", VISIBLE_OWN_OF("one"), false}};
  store_new(&s, STORE_APP);
  for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
    ok(db_read(s.db, NULL, same_text, &forms[i], &e));
    assert_true(forms[i].same);
  }
  store_free(&s);
}

STORE_MAIN(cmocka_unit_test(rows_are_those_the_engine_would_show),
           cmocka_unit_test(what_a_transaction_changed_is_decided_by_at_once),
           cmocka_unit_test(who_registers_a_person_sees_what_he_writes),
           cmocka_unit_test(without_a_valid_session_there_is_nothing),
           cmocka_unit_test(a_session_holds_in_its_own_network_and_writes_in_its_own_name),
           cmocka_unit_test(only_admins_read_the_sessions_of_others), cmocka_unit_test(what_is_kept_cannot_be_forged),
           cmocka_unit_test(the_policies_hold_the_text_of_visible))
