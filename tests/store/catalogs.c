/* catalogs.c: the two engines hold the same tables, columns, keys, indexes and references. Under tests/pg.sh. */
#include "store.h"

/* One line for each column: table, place, name, kind, may it be null, place in the primary key. A boolean is an integer there. */
static const char sqlite_columns[] =
    "SELECT group_concat(line, char(10)) FROM (SELECT m.name || ' ' || (p.cid + 1) || ' ' || p.name || ' ' ||"
    " CASE p.type WHEN 'INTEGER' THEN 'int' WHEN 'TEXT' THEN 'text' WHEN 'BLOB' THEN 'bytes' ELSE '?' || p.type END ||"
    " CASE p.\"notnull\" WHEN 1 THEN ' always' ELSE ' maybe' END || ' ' || p.pk AS line"
    " FROM sqlite_schema m JOIN pragma_table_info(m.name) p WHERE m.type = 'table'"
    " AND m.name NOT LIKE 'sqlite%' ORDER BY m.name, p.cid)";
static const char pg_columns[] =
    "SELECT string_agg(line, chr(10) ORDER BY relname, attnum) FROM (SELECT c.relname, a.attnum, c.relname || ' ' ||"
    " row_number() OVER (PARTITION BY c.oid ORDER BY a.attnum) || ' ' || a.attname || ' ' ||"
    " CASE a.atttypid WHEN 'int8'::regtype THEN 'int' WHEN 'bool'::regtype THEN 'int' WHEN 'text'::regtype THEN 'text'"
    " WHEN 'bytea'::regtype THEN 'bytes' ELSE '?' || a.atttypid::regtype END ||"
    " CASE WHEN a.attnotnull THEN ' always ' ELSE ' maybe ' END ||"
    " coalesce(array_position(i.indkey::smallint[], a.attnum) + 1, 0) AS line"
    " FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped"
    " LEFT JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary"
    " WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND c.relname <> 'service_secret') x";

static const char sqlite_indexes[] = "SELECT group_concat(line, char(10)) FROM (SELECT m.name || ' ' || i.name || ' ' "
                                     "|| i.\"unique\" || ' ' || i.partial ||"
                                     " (SELECT group_concat(' ' || coalesce(x.name, '(…)'), '') FROM"
                                     " (SELECT name FROM pragma_index_info(i.name) ORDER BY seqno) x) AS line"
                                     " FROM sqlite_schema m JOIN pragma_index_list(m.name) i WHERE m.type = 'table' "
                                     "AND i.origin = 'c' ORDER BY m.name, i.name)";
static const char pg_indexes[] =
    "SELECT string_agg(line, chr(10) ORDER BY t, n) FROM (SELECT c.relname AS t, x.relname AS n, c.relname || ' ' ||"
    " x.relname || ' ' || i.indisunique::int || ' ' || (i.indpred IS NOT NULL)::int ||"
    " (SELECT string_agg(' ' || coalesce(a.attname, '(…)'), '' ORDER BY k.place)"
    " FROM unnest(i.indkey::smallint[]) WITH ORDINALITY k (col, place)"
    " LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.col) AS line"
    " FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_class x ON x.oid = i.indexrelid"
    " WHERE c.relnamespace = 'public'::regnamespace"
    " AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = i.indexrelid AND contype IN ('p', 'u'))) y";

static const char sqlite_references[] =
    "SELECT group_concat(line, char(10)) FROM (SELECT m.name || ' ' || f.\"from\" || ' ' || f.\"table\" AS line"
    " FROM sqlite_schema m JOIN pragma_foreign_key_list(m.name) f WHERE m.type = 'table' ORDER BY 1)";
static const char pg_references[] =
    "SELECT string_agg(line, chr(10) ORDER BY line) FROM (SELECT c.relname || ' ' || a.attname || ' ' || t.relname AS "
    "line"
    " FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_class t ON t.oid = k.confrelid,"
    " unnest(k.conkey) col JOIN pg_attribute a ON a.attnum = col WHERE a.attrelid = c.oid AND k.contype = 'f') x";

/* Prints the first line that differs. */
static void same_lines(struct str a, struct str b)
{
  struct str x, y;
  assert_true(a.n > 100);
  while (true) {
    bool more_a = str_split(&a, '\n', &x), more_b = str_split(&b, '\n', &y);
    if (!more_a && !more_b)
      return;
    x = more_a ? x : STR_NONE;
    y = more_b ? y : STR_NONE;
    if (!str_eq(x, y))
      fail_msg("SQLite has\n  %.*s\nPostgreSQL has\n  %.*s", STR_FMT(x), STR_FMT(y));
  }
}

static void both_engines_hold_the_same(const char *sqlite, const char *pg)
{
  struct store s, p;
  struct err e = {0};
  struct str a = STR_NONE, b = STR_NONE;
  struct arena *arena = arena_new(LIMIT_ARENA);
  store_new_on(&s, DB_SQLITE, STORE_OWNER);
  store_new_on(&p, DB_POSTGRESQL, STORE_OWNER);
  ok(db_script(s.db, sqlite, arena, &a, &e));
  ok(db_script(p.db, pg, arena, &b, &e));
  same_lines(a, b);
  arena_free(arena);
  store_free(&s);
  store_free(&p);
}

static void columns_are_the_same(void **state)
{
  both_engines_hold_the_same(sqlite_columns, pg_columns);
}

static void indexes_are_the_same(void **state)
{
  both_engines_hold_the_same(sqlite_indexes, pg_indexes);
}

static void references_are_the_same(void **state)
{
  both_engines_hold_the_same(sqlite_references, pg_references);
}

STORE_MAIN(cmocka_unit_test(columns_are_the_same), cmocka_unit_test(indexes_are_the_same),
           cmocka_unit_test(references_are_the_same))
