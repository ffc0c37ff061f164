#!/bin/sh
# nation.sh: a part of a nation in PostgreSQL: 1,741 towns, a million cases, twenty million records. usage: bench/nation.sh [--part N]
# Makes one town by the program, copies it under other numbers (bench/nation.sql) until it is 1/N of the nation, prints what each table
# takes and would take, and how PostgreSQL would run every statement of the program there (bench/plans.c): a plan that reads a big table
# from end to end fails. Everything ends with it. What was seen: docs/nation.md.
set -eu
cd "$(dirname "$0")/.."
. scripts/lib.sh
part=50
[ "${1:-}" = --part ] && part=$2
[ -n "${TSUNAGU_TEST_PG:-}" ] || exec tests/pg.sh "$0" --part "$part"

need_packages packaging/apt-run.txt packaging/apt-test.txt
build=${BUILD:-build}
need_build "$build"
towns=1741 cases=575
copies=$((towns / part - 1)) # and the town itself
dir=$(mktemp -d /tmp/tsunagu-nation.XXXXXX)
trap 'rm -rf "$dir"' EXIT
trap 'exit 130' INT TERM HUP

psql -q "$TSUNAGU_TEST_PG" -c "CREATE DATABASE tsunagu_nation TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'"
db=$(printf '%s' "$TSUNAGU_TEST_PG" | sed 's,/postgres?,/tsunagu_nation?,')
say "A town of $cases cases ..."
"$build/tsunagu" demo --db "$db" --key "$dir/key" --scale "$cases" >/dev/null
say "$((copies + 1)) towns, 1/$part of a nation ..."
start=$(date +%s)
psql -q -v "copies=$copies" "$db" -f bench/nation.sql >/dev/null
say "generated and analysed in $(($(date +%s) - start)) s"

psql -q "$db" -v "part=$part" <<'END'
\pset footer off
SELECT 'cases' AS what, count(*) AS here, count(*) * :part AS nation FROM case_file
UNION ALL SELECT 'records', count(*), count(*) * :part FROM record;
SELECT relname AS "table", reltuples::bigint AS rows, pg_size_pretty(pg_table_size(oid)) AS data, pg_size_pretty(pg_indexes_size(oid)) AS indexes,
  pg_size_pretty(pg_total_relation_size(oid) * :part) AS "in a nation"
FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND pg_total_relation_size(oid) > 1000000
ORDER BY pg_total_relation_size(oid) DESC;
SELECT pg_size_pretty(pg_database_size(current_database())) AS here, pg_size_pretty(pg_database_size(current_database()) * :part) AS nation;
END
"$build/bench/bench_plans" "$db"
