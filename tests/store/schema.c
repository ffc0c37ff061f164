/* schema.c: the product's statements and migrations on each engine. No statements of its own: all that are registered here are
 * the product's. */
#include <pthread.h>

#include "store.h"

static void every_statement_prepares(void **state)
{
  struct store s;
  struct err e = {0};
  static const int roles[] = {STORE_OWNER, STORE_APP};
  for (int i = 0; i < 2; i++) {
    store_new(&s, roles[i]);
    assert_true(stmt_count() > 0);
    ok(db_prepare_all(s.db, &e));
    store_free(&s);
  }
}

/* PostgreSQL keeps 63 bytes of a name. */
static void statements_have_names_of_their_own(void **state)
{
  for (size_t i = 0; i < stmt_count(); i++)
    assert_in_range(strlen(stmt_at(i)->name), 1, 63);
  for (size_t i = 0; i < stmt_count(); i++)
    for (size_t j = 0; j < i; j++)
      if (strcmp(stmt_at(i)->name, stmt_at(j)->name) == 0)
        fail_msg("two statements are called %s", stmt_at(i)->name);
  assert_null(stmt_at(stmt_count()));
}

/* --- migrations ---------------------------------------------------------------------------------------------------------- */

static void migrations_run_once(void **state)
{
  struct store s;
  struct err e = {0};
  int version = -1, from = -1, to = -1;
  store_new(&s, STORE_OWNER | STORE_EMPTY);
  ok(migrate_version(s.db, &version, &e));
  assert_int_equal(version, 0);
  ok(migrate_run(s.db, &from, &to, &e));
  assert_int_equal(from, 0);
  assert_int_equal(to, migrate_newest());
  ok(migrate_version(s.db, &version, &e));
  assert_int_equal(version, migrate_newest());
  ok(migrate_run(s.db, &from, &to, &e));
  assert_int_equal(from, to);
  store_free(&s);
}

static void another_schema_is_refused(void **state)
{
  struct store s;
  struct err e = {0};
  struct db *db = NULL;
  store_new(&s, STORE_OWNER | STORE_EMPTY);
  struct db_options strict = s.options;
  strict.schema_any = false;
  assert_int_equal(db_open(&strict, &db, &e), NOT_FOUND);
  ok(migrate_run(s.db, NULL, NULL, &e));
  store_ddl(&s, "INSERT INTO schema_version VALUES (9999, 0)", "INSERT INTO schema_version VALUES (9999, 0)");
  assert_int_equal(db_open(&strict, &db, &e), INVALID);
  assert_non_null(strstr(e.msg, "新しい版"));
  assert_int_equal(migrate_run(s.db, NULL, NULL, &e), INVALID);
  store_ddl(&s, "DELETE FROM schema_version WHERE version = 9999", "DELETE FROM schema_version WHERE version = 9999");
  ok(db_open(&strict, &db, &e));
  db_close(db);
  if (migrate_newest() > 1) {
    store_ddl(&s, "DELETE FROM schema_version WHERE version > 1", "DELETE FROM schema_version WHERE version > 1");
    assert_int_equal(db_open(&strict, &db, &e), INVALID);
    assert_non_null(strstr(e.msg, "tsunagu migrate"));
  }
  store_free(&s);
}

/* What the database is made of, as one hash. */
static const char *catalog(struct store *s)
{
  if (s->engine == DB_SQLITE)
    return store_ask(
        s, "SELECT count(*) || ' ' || coalesce(sum(length(sql)), 0) || ' ' || coalesce(group_concat(name), '')"
           " FROM (SELECT name, sql FROM sqlite_schema ORDER BY name)");
  return store_ask(
      s, "SELECT md5(string_agg(line, ',' ORDER BY line)) FROM ("
         "SELECT table_name || column_name || data_type || is_nullable AS line"
         " FROM information_schema.columns WHERE table_schema = 'public'"
         " UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'"
         " UNION ALL SELECT polname FROM pg_policy UNION ALL SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
         " UNION ALL SELECT proname || md5(prosrc) FROM pg_proc WHERE proowner > 16000) x");
}

/* Fails at every third statement of each migration, of one at the first, of the next at the second, and so on to the end. After each failure
 * the catalog is exactly what it was when the last finished migration ended. tests/torture/migrate stops it at any moment. */
enum { EVERY = 3 };
static void a_migration_that_stops_anywhere_leaves_old_or_new(void **state)
{
  struct store s;
  struct err e = {0};
  char before[4000], empty[4000];
  int version = 0, failures = 0;
  store_new(&s, STORE_OWNER | STORE_EMPTY);
  snprintf(empty, sizeof empty, "%s", catalog(&s));
  snprintf(before, sizeof before, "%s", empty);
  for (int n = 1;; n += EVERY) {
    int now = -1;
    s.options.fail_at = n;
    store_reopen(&s);
    enum code c = migrate_run(s.db, NULL, NULL, &e);
    ok(migrate_version(s.db, &now, &e));
    if (c == OK)
      break;
    assert_int_equal(c, IO);
    failures++;
    if (now == version) {
      assert_string_equal(catalog(&s), before);
    } else {
      assert_true(now > version);
      snprintf(before, sizeof before, "%s", catalog(&s));
      version = now;
      n = 1 + version % EVERY - EVERY;
    }
  }
  assert_true(failures > 20);
  assert_string_not_equal(catalog(&s), empty);
  ok(migrate_version(s.db, &version, &e));
  assert_int_equal(version, migrate_newest());
  store_free(&s);
}

static void *migrate(void *arg)
{
  struct store *s = arg;
  struct err e = {0};
  struct db *db = NULL;
  enum code c = db_open(&s->options, &db, &e);
  if (c == OK)
    c = migrate_run(db, NULL, NULL, &e);
  db_close(db);
  return c == OK ? s : NULL;
}

static void several_that_migrate_at_once_wait_for_each_other(void **state)
{
  struct store s;
  struct err e = {0};
  pthread_t thread[4];
  void *result;
  int version = 0;
  store_new(&s, STORE_OWNER | STORE_EMPTY);
  for (int i = 0; i < 4; i++)
    assert_int_equal(pthread_create(&thread[i], NULL, migrate, &s), 0);
  for (int i = 0; i < 4; i++) {
    pthread_join(thread[i], &result);
    assert_non_null(result);
  }
  ok(migrate_version(s.db, &version, &e));
  assert_int_equal(version, migrate_newest());
  store_free(&s);
}

static void addresses_of_no_engine_are_refused(void **state)
{
  struct err e = {0};
  struct db *db = NULL;
  static const char *const urls[] = {"", "sqlite:", "mysql:x", "/tmp/x.db", "sqlite"};
  for (size_t i = 0; i < sizeof urls / sizeof *urls; i++)
    assert_int_equal(db_open(&(struct db_options){.url = str_from(urls[i])}, &db, &e), INVALID);
  assert_int_equal(db_open(&(struct db_options){.url = S("sqlite:/tmp/no/such/file.db")}, &db, &e), NOT_FOUND);
  assert_int_equal(db_open(&(struct db_options){.url = S("postgresql:///x?host=/tmp/no-such-folder")}, &db, &e), IO);
  assert_null(db);
}

STORE_MAIN(cmocka_unit_test(every_statement_prepares), cmocka_unit_test(statements_have_names_of_their_own),
           cmocka_unit_test(migrations_run_once), cmocka_unit_test(another_schema_is_refused),
           cmocka_unit_test(a_migration_that_stops_anywhere_leaves_old_or_new),
           cmocka_unit_test(several_that_migrate_at_once_wait_for_each_other),
           cmocka_unit_test(addresses_of_no_engine_are_refused))
