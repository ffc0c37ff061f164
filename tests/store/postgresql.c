/* postgresql.c: what only the PostgreSQL engine has: roles, the words for row-level security, checks of the server. */
#include <unistd.h>

#include "store.h"

STMT_READ(q_words, "test_words",
          "SELECT current_setting('tsunagu.session', true), current_setting('tsunagu.service', true),"
          " current_setting('tsunagu.network', true), current_user, current_setting('TimeZone'),"
          " current_setting('transaction_isolation'), current_setting('transaction_read_only')");
STMT_READ(q_secret, "test_secret", "SELECT secret FROM service_secret");
STMT_READ(q_narrow, "test_narrow", "SELECT CASE WHEN $1 = 1 THEN 'one' ELSE 'other' END");
STMT_WRITE(q_forge, "test_forge", "INSERT INTO schema_version (version, applied_at) VALUES ($1, $2)");

enum { WORDS = 7 };

struct words {
  char text[WORDS][100];
};

static enum code ask_words(struct tx *tx, void *arg, struct err *e)
{
  struct words *w = arg;
  struct rows r = {0};
  enum code c = db_query(tx, &q_words, &r, e, NO_BINDS);
  if (c == OK && rows_next(&r))
    for (int i = 0; i < WORDS; i++)
      snprintf(w->text[i], sizeof w->text[i], "%.*s", STR_FMT(rows_text(&r, i)));
  enum code end = rows_end(&r, e);
  return c == OK ? end : c;
}

static void a_transaction_says_for_whom_it_runs(void **state)
{
  struct store s;
  struct err e = {0};
  struct words w = {0};
  char secret[100];
  store_new(&s, STORE_OWNER);
  snprintf(secret, sizeof secret, "%s", store_ask(&s, "SELECT secret FROM service_secret"));
  assert_int_equal(strlen(secret), 64);
  s.options.owner = false;
  store_reopen(&s);
  unsigned char token[32] = {0xab, 0xcd, 1};
  struct db_who person = {.network = 77, .token = {(const char *)token, sizeof token}},
                service = {.network = 5, .service = true};
  ok(db_read(s.db, &person, ask_words, &w, &e));
  assert_int_equal(strncmp(w.text[0], "abcd0100", 8), 0);
  assert_int_equal(strlen(w.text[0]), 64);
  assert_string_equal(w.text[1], "");
  assert_string_equal(w.text[2], "77");
  assert_string_equal(w.text[3], "tsunagu_app");
  assert_string_equal(w.text[4], "UTC");
  assert_string_equal(w.text[5], "repeatable read");
  assert_string_equal(w.text[6], "on");
  ok(db_write(s.db, "ask_words", &service, ask_words, &w, &e));
  assert_string_equal(w.text[0], "");
  assert_string_equal(w.text[1], secret);
  assert_string_equal(w.text[2], "5");
  assert_string_equal(w.text[5], "serializable");
  assert_string_equal(w.text[6], "off");
  ok(db_read(s.db, NULL, ask_words, &w, &e)); /* nothing of the one before is left */
  assert_string_equal(w.text[0], "");
  assert_string_equal(w.text[1], "");
  store_free(&s);
}

static enum code read_secret(struct tx *tx, void *arg, struct err *e)
{
  return db_exec(tx, &q_secret, NULL, e, NO_BINDS);
}

static enum code forge(struct tx *tx, void *arg, struct err *e)
{
  return db_exec(tx, &q_forge, NULL, e, BINDS(b_int(9999), b_int(0)));
}

static void the_server_has_no_more_rights_than_it_needs(void **state)
{
  struct store s;
  struct err e = {0};
  store_new(&s, STORE_APP);
  assert_int_equal(db_read(s.db, NULL, read_secret, NULL, &e), FAULT);
  assert_int_equal(db_write(s.db, "forge", NULL, forge, NULL, &e), FAULT);
  assert_int_equal(db_script(s.db, "CREATE TABLE more (id bigint)", NULL, NULL, &e), FAULT);
  assert_int_equal(db_script(s.db, "ALTER TABLE person ADD COLUMN more bigint", NULL, NULL, &e), FAULT);
  assert_string_equal(
      store_ask(&s, "SELECT rolsuper OR rolbypassrls OR rolcanlogin FROM pg_roles WHERE rolname = 'tsunagu_app'"), "f");
  store_free(&s);
}

/* Every table belongs to the owner role, so that the app role is nobody's owner and FORCE ROW LEVEL SECURITY can bind all. */
static void all_tables_belong_to_the_owner_role(void **state)
{
  struct store s;
  store_new(&s, STORE_APP);
  assert_string_equal(store_ask(&s, "SELECT string_agg(tablename, ' ') FROM pg_tables"
                                    " WHERE schemaname = 'public' AND tableowner <> 'tsunagu_owner'"),
                      "");
  store_free(&s);
}

static void init_twice_is_legal_and_keeps_the_secret(void **state)
{
  struct store s;
  struct err e = {0};
  char secret[100];
  store_new(&s, STORE_OWNER);
  snprintf(secret, sizeof secret, "%s", store_ask(&s, "SELECT secret FROM service_secret"));
  ok(db_init(&s.options, &e));
  assert_string_equal(store_ask(&s, "SELECT secret FROM service_secret"), secret);
  store_free(&s);
}

static void types_that_do_not_fit_are_found_before_they_hurt(void **state)
{
  struct store s;
  struct err e = {0};
  store_new(&s, STORE_OWNER);
  assert_int_equal(db_prepare_all(s.db, &e), FAULT);
  assert_non_null(strstr(e.detail, q_narrow.name));
  store_free(&s);
}

/* Another encoding stands for another collation too: a machine need not have any locale but C. */
static void a_database_of_another_encoding_is_refused(void **state)
{
  struct store s;
  struct err e = {0};
  struct db *db = NULL;
  char url[500], create[200], drop[100];
  store_new(&s, STORE_OWNER);
  snprintf(create, sizeof create, "CREATE DATABASE t_other_%d TEMPLATE template0 ENCODING 'SQL_ASCII' LOCALE 'C'",
           (int)getpid());
  snprintf(drop, sizeof drop, "DROP DATABASE t_other_%d", (int)getpid());
  snprintf(url, sizeof url, "postgresql:///t_other_%d%s", (int)getpid(), strchr(s.url, '?'));
  store_ddl(&s, NULL, create);
  assert_int_equal(db_open(&(struct db_options){.url = str_from(url)}, &db, &e), INVALID);
  assert_non_null(strstr(e.detail, "SQL_ASCII"));
  store_ddl(&s, NULL, drop);
  store_free(&s);
}

/* A plan that is older than the schema is made anew instead of failing for ever. */
static void a_changed_table_is_noticed(void **state)
{
  struct store s;
  struct err e = {0};
  struct words w;
  store_new(&s, STORE_OWNER);
  s.options.readers = 1;
  store_reopen(&s);
  ok(db_read(s.db, NULL, read_secret, NULL, &e));
  store_ddl(&s, NULL, "ALTER TABLE service_secret ALTER COLUMN secret TYPE varchar(80)");
  enum code first = db_read(s.db, NULL, read_secret, NULL, &e);
  assert_true(first == OK || first == RETRY);
  ok(db_read(s.db, NULL, read_secret, NULL, &e));
  ok(db_read(s.db, NULL, ask_words, &w, &e));
  store_free(&s);
}

STORE_MAIN(cmocka_unit_test(a_transaction_says_for_whom_it_runs),
           cmocka_unit_test(the_server_has_no_more_rights_than_it_needs),
           cmocka_unit_test(all_tables_belong_to_the_owner_role),
           cmocka_unit_test(init_twice_is_legal_and_keeps_the_secret),
           cmocka_unit_test(types_that_do_not_fit_are_found_before_they_hurt),
           cmocka_unit_test(a_database_of_another_encoding_is_refused), cmocka_unit_test(a_changed_table_is_noticed))
