/* sqlite_plan.c: what SQLite's planner is told of the sizes of things. Without numbers it takes network_id for as good a key as person_id
 * (every index here begins with the network) and reads whole tables: the facts of one person then cost as much as everybody's. ANALYZE
 * would count what happens to be there; these numbers are the same on every machine and on every day, so plans are too. They are
 * written with each migration, for every index there is then: rows in all, and how many of them share the first k columns.
 * Source of the form: https://www.sqlite.org/fileformat2.html#stat1tab */
#include "db/sqlite.h"

/* `share`: how many rows have one value of the column; the k-th number is the least share among the first k columns. */
const char sqlite_plan_sql[] =
    "ANALYZE sqlite_schema;"
    "DELETE FROM sqlite_stat1;"
    "WITH part AS (SELECT t.name AS tbl, CASE WHEN t.wr AND l.origin = 'pk' THEN t.name ELSE l.name END AS idx, "
    "c.seqno,"
    " CASE WHEN l.\"unique\" AND c.seqno = (SELECT max(x.seqno) FROM pragma_index_info(l.name) x) THEN 1"
    " WHEN c.name = 'network_id' THEN 250000"
    " WHEN t.name IN ('service', 'location', 'phone', 'schedule', 'contact', 'directory_entry') THEN 10"
    " WHEN c.name LIKE '%organization_id' OR c.name = 'chain_id' THEN 5000"
    " WHEN c.name = 'case_closed' THEN 2500"
    " WHEN c.name = 'user_id' THEN 500"
    " WHEN c.name IN ('state', 'status', 'kind', 'concern', 'action', 'reason') THEN 5000"
    " ELSE 10 END AS share"
    " FROM pragma_table_list t JOIN pragma_index_list(t.name) l JOIN pragma_index_info(l.name) c"
    " WHERE t.schema = 'main' AND t.type = 'table' AND t.name NOT LIKE 'sqlite_%'),"
    " least AS (SELECT tbl, idx, seqno, min(share) OVER (PARTITION BY idx ORDER BY seqno) AS share FROM part)"
    " INSERT INTO sqlite_stat1 (tbl, idx, stat) SELECT tbl, idx, '1000000 ' || group_concat(share, ' ')"
    " FROM (SELECT * FROM least ORDER BY idx, seqno) GROUP BY tbl, idx;"
    "ANALYZE sqlite_schema;";
