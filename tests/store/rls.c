/* rls.c: PostgreSQL's row-level security answers as the engine does, also to a handler that forgot the engine; and no table is without it. */
#include "access/visible.h"
#include "town.h"

enum { ATTRIBUTE_ID = 5000000 };

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
STMT_READ(q_text, "tr_text",
          "SELECT position($1 IN prosrc) > 0 FROM pg_proc WHERE proname = 'rls_visible_to' AND prosecdef");

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

static void rows_are_those_the_engine_would_show(void **state)
{
  struct store s;
  struct err e = {0};
  static struct town t;
  struct peek l = {.t = &t};
  store_new(&s, STORE_APP);
  for (int n = 0; n < 12; n++) {
    new_town(&s, &t, n);
    for (size_t i = 0; i < t.w[0].f.memberships_count; i++) {
      char token[32];
      token_of(&t, i, token);
      struct db_who who = {.network = t.network, .token = {token, sizeof token}};
      l.who = town_actor(&t, &t.w[0].memberships[i]);
      ok(db_read(s.db, &who, look_at_everything, &l, &e));
    }
  }
  print_message("%lld rows shown of %lld persons\n", (long long)l.rows, (long long)l.shown);
  assert_true(l.shown > 100);
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

/* --- the catalog ---------------------------------------------------------------------------------------------------------------- */
static void every_table_is_guarded(void **state)
{
  struct store s;
  store_new(&s, STORE_APP);
  assert_string_equal(store_ask(&s, "SELECT string_agg(c.relname, ' ' ORDER BY c.relname) FROM pg_class c"
                                    " WHERE c.relnamespace = CAST('public' AS regnamespace) AND c.relkind IN ('r', 'p')"
                                    " AND c.relname NOT IN ('schema_version', 'service_secret')"
                                    " AND NOT (c.relrowsecurity AND c.relforcerowsecurity"
                                    " AND EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid))"),
                      "");
  store_free(&s);
}

static void every_table_about_persons_has_their_policy(void **state)
{
  struct store s;
  store_new(&s, STORE_APP);
  assert_string_equal(
      store_ask(&s, "SELECT string_agg(c.relname, ' ' ORDER BY c.relname) FROM pg_class c"
                    " WHERE c.relnamespace = CAST('public' AS regnamespace) AND c.relkind IN ('r', 'p')"
                    " AND (c.relname = 'person' OR EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid"
                    " AND a.attname = 'person_id' AND NOT a.attisdropped))"
                    " AND NOT EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid AND p.polname = 'person'"
                    " AND pg_get_expr(p.polqual, p.polrelid) ~ 'rls_(known|sight)')"),
      "");
  /* Rows that say of what kind they are and who wrote them are shown by category. */
  assert_string_equal(
      store_ask(&s, "SELECT string_agg(c.relname, ' ' ORDER BY c.relname) FROM pg_class c"
                    " WHERE c.relnamespace = CAST('public' AS regnamespace) AND c.relkind = 'r'"
                    " AND 3 = (SELECT count(*) FROM pg_attribute a WHERE a.attrelid = c.oid AND NOT a.attisdropped"
                    " AND a.attname IN ('person_id', 'category', 'author_organization_id'))"
                    " AND NOT EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid AND p.polname = 'person'"
                    " AND pg_get_expr(p.polqual, p.polrelid) ~ 'rls_sight')"),
      "");
  store_free(&s);
}

/* Views read past the policies: only the engine's door is open to the server's role, and what no answer may tell, of persons it may know. */
static void no_view_is_open_but_the_door(void **state)
{
  struct store s;
  store_new(&s, STORE_APP);
  assert_string_equal(store_ask(&s, "SELECT string_agg(relname, ' ') FROM pg_class WHERE relkind IN ('v', 'm')"
                                    " AND relnamespace = CAST('public' AS regnamespace) AND relname NOT LIKE 'fact\\_%'"
                                    " AND relname <> 'concealed_text'"
                                    " AND has_table_privilege('tsunagu_app', oid, 'SELECT')"),
                      "");
  assert_string_equal(store_ask(&s, "SELECT count(*) FROM pg_views WHERE schemaname = 'public'"
                                    " AND viewowner <> 'tsunagu_rls'"),
                      "0");
  assert_string_equal(store_ask(&s, "SELECT count(*) FROM pg_views WHERE viewname = 'concealed_text'"
                                    " AND definition ~ 'rls_service' AND (length(definition) -"
                                    " length(replace(definition, 'rls_known', ''))) / 9 >= 2"),
                      "1"); /* both of its halves ask */
  assert_string_equal(
      store_ask(&s, "SELECT string_agg(column_name, ' ') FROM information_schema.columns"
                    " WHERE table_name LIKE 'fact\\_%' AND (data_type = 'bytea' OR column_name LIKE '%sealed%')"),
      "");
  assert_string_equal(store_ask(&s, "SELECT has_function_privilege('tsunagu_app',"
                                    " 'rls_visible_to(bigint, bigint, bigint, bigint)', 'EXECUTE')"),
                      "f");
  store_free(&s);
}

static enum code same_text(struct tx *tx, void *arg, struct err *e)
{
  struct rows r = {0};
  enum code c = db_query(tx, &q_text, &r, e, BINDS(b_text(str_from(VISIBLE))));
  *(bool *)arg = c == OK && rows_next(&r) && rows_bool(&r, 0);
  return rows_finish(&r, c, e);
}

static void the_policies_hold_the_text_of_visible(void **state)
{
  struct store s;
  struct err e = {0};
  bool same = false;
  store_new(&s, STORE_APP);
  ok(db_read(s.db, NULL, same_text, &same, &e));
  assert_true(same);
  store_free(&s);
}

STORE_MAIN(cmocka_unit_test(rows_are_those_the_engine_would_show),
           cmocka_unit_test(without_a_valid_session_there_is_nothing),
           cmocka_unit_test(a_session_holds_in_its_own_network_and_writes_in_its_own_name),
           cmocka_unit_test(only_admins_read_the_sessions_of_others), cmocka_unit_test(what_is_kept_cannot_be_forged),
           cmocka_unit_test(every_table_is_guarded), cmocka_unit_test(every_table_about_persons_has_their_policy),
           cmocka_unit_test(no_view_is_open_but_the_door), cmocka_unit_test(the_policies_hold_the_text_of_visible))
