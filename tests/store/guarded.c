/* guarded.c: no table is without row-level security, and nobody gets past it by its views and functions. */
#include "store.h"

static struct store catalog;

static int open_catalog(void **state)
{
  store_new(&catalog, STORE_APP);
  return 0;
}

static int close_catalog(void **state)
{
  store_free(&catalog);
  return 0;
}

static void every_table_is_guarded(void **state)
{
  assert_string_equal(store_ask(&catalog,
                                "SELECT string_agg(c.relname, ' ' ORDER BY c.relname) FROM pg_class c"
                                " WHERE c.relnamespace = CAST('public' AS regnamespace) AND c.relkind IN ('r', 'p')"
                                " AND c.relname NOT IN ('schema_version', 'service_secret')"
                                " AND NOT (c.relrowsecurity AND c.relforcerowsecurity"
                                " AND EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid))"),
                      "");
}

static void every_table_about_persons_has_their_policy(void **state)
{
  assert_string_equal(
      store_ask(&catalog, "SELECT string_agg(c.relname, ' ' ORDER BY c.relname) FROM pg_class c"
                          " WHERE c.relnamespace = CAST('public' AS regnamespace) AND c.relkind IN ('r', 'p')"
                          " AND (c.relname = 'person' OR EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid"
                          " AND a.attname = 'person_id' AND NOT a.attisdropped))"
                          " AND NOT EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid AND p.polname = 'person'"
                          " AND pg_get_expr(p.polqual, p.polrelid) ~ 'rls_(known|sight)')"),
      "");
  /* Rows that say of what kind they are and who wrote them are shown by category. */
  assert_string_equal(
      store_ask(&catalog,
                "SELECT string_agg(c.relname, ' ' ORDER BY c.relname) FROM pg_class c"
                " WHERE c.relnamespace = CAST('public' AS regnamespace) AND c.relkind = 'r'"
                " AND 3 = (SELECT count(*) FROM pg_attribute a WHERE a.attrelid = c.oid AND NOT a.attisdropped"
                " AND a.attname IN ('person_id', 'category', 'author_organization_id'))"
                " AND NOT EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid AND p.polname = 'person'"
                " AND pg_get_expr(p.polqual, p.polrelid) ~ 'rls_sight')"),
      "");
}

/* Views read past the policies: only the engine's door is open to the server's role, and what no answer may tell, of persons it may know. */
static void no_view_is_open_but_the_door(void **state)
{
  assert_string_equal(store_ask(&catalog,
                                "SELECT string_agg(relname, ' ') FROM pg_class WHERE relkind IN ('v', 'm')"
                                " AND relnamespace = CAST('public' AS regnamespace) AND relname NOT LIKE 'fact\\_%'"
                                " AND relname <> 'concealed_text'"
                                " AND has_table_privilege('tsunagu_app', oid, 'SELECT')"),
                      "");
  assert_string_equal(store_ask(&catalog, "SELECT count(*) FROM pg_views WHERE schemaname = 'public'"
                                          " AND viewowner <> 'tsunagu_rls'"),
                      "0");
  assert_string_equal(store_ask(&catalog, "SELECT count(*) FROM pg_views WHERE viewname = 'concealed_text'"
                                          " AND definition ~ 'rls_service' AND (length(definition) -"
                                          " length(replace(definition, 'rls_known', ''))) / 9 >= 2"),
                      "1"); /* both of its halves ask */
  assert_string_equal(
      store_ask(&catalog, "SELECT string_agg(column_name, ' ') FROM information_schema.columns"
                          " WHERE table_name LIKE 'fact\\_%' AND (data_type = 'bytea' OR column_name LIKE '%sealed%')"),
      "");
  assert_string_equal(store_ask(&catalog, "SELECT has_function_privilege('tsunagu_app',"
                                          " 'rls_visible_to(bigint, bigint, bigint, bigint)', 'EXECUTE')"),
                      "f");
}

/* What they call fact_x is the table x, and the engine's view shows its columns as they are. */
static void of_one_person_the_facts_are_those_behind_the_door(void **state)
{
  assert_string_equal(
      store_ask(&catalog,
                "SELECT string_agg(f.name, ' ') FROM (SELECT m[1] AS name, m[2] AS place FROM pg_proc p,"
                " regexp_matches(p.prosrc, '(fact_\\w+) AS NOT MATERIALIZED \\(TABLE (\\w+)\\)', 'g') m"
                " WHERE p.proname ~ '^rls_') f WHERE f.name <> 'fact_' || f.place"
                " OR (SELECT split_part(definition, 'WHERE', 1) !~ ('^ SELECT [^()]+ FROM ' || f.place || '\\s*$')"
                " OR split_part(definition, 'FROM', 1) ~ ' AS ' FROM pg_views"
                " WHERE viewname = f.name) IS DISTINCT FROM FALSE"),
      "");
  assert_string_equal(store_ask(&catalog,
                                "SELECT count(*) > 15 FROM pg_proc p, regexp_matches(p.prosrc, 'TABLE \\w+', 'g')"
                                " WHERE p.proname IN ('rls_own_of', 'rls_visible_of')"),
                      "t");
}

/* What looks past the policies is called by them alone, but for what tells the session of itself. */
static void nobody_asks_for_another(void **state)
{
  assert_string_equal(
      store_ask(&catalog, "SELECT string_agg(proname, ' ' ORDER BY proname) FROM pg_proc WHERE pronamespace ="
                          " CAST('public' AS regnamespace) AND proname ~ '^rls_'"
                          " AND has_function_privilege('tsunagu_app', oid, 'EXECUTE')"),
      "rls_guard rls_known rls_knows rls_network rls_organization rls_role rls_sees rls_service rls_sight rls_single"
      " rls_user rls_whole");
  assert_string_equal(store_ask(&catalog, "SELECT string_agg(proname, ' ') FROM pg_proc WHERE pronamespace ="
                                          " CAST('public' AS regnamespace) AND prosecdef"
                                          " AND NOT COALESCE('search_path=public, pg_temp' = ANY (proconfig), FALSE)"),
                      "");
}

/* Who is known is asked of one person in a write and read off a list elsewhere, everywhere. */
static void every_policy_asks_both_ways(void **state)
{
  assert_string_equal(
      store_ask(&catalog,
                "SELECT string_agg(q.name, ' ') FROM (SELECT CAST(CAST(polrelid AS regclass) AS text) AS name,"
                " pg_get_expr(polqual, polrelid) AS text FROM pg_policy UNION ALL SELECT viewname, definition"
                " FROM pg_views WHERE schemaname = 'public') q WHERE q.text ~ 'rls_(known|sight|whole|knows|sees)'"
                " AND NOT (q.text ~ 'rls_single' AND q.text ~ 'rls_(knows|sees)' AND q.text ~ 'rls_(known|sight)')"),
      "");
}

STORE_MAIN_SETUP(open_catalog, close_catalog, cmocka_unit_test(every_table_is_guarded),
                 cmocka_unit_test(every_table_about_persons_has_their_policy),
                 cmocka_unit_test(every_policy_asks_both_ways), cmocka_unit_test(no_view_is_open_but_the_door),
                 cmocka_unit_test(of_one_person_the_facts_are_those_behind_the_door),
                 cmocka_unit_test(nobody_asks_for_another))
