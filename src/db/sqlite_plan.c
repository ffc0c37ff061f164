/* sqlite_plan.c: what SQLite's planner is told of the sizes of things. Without numbers it takes network_id for as good a key as person_id
 * (every index here begins with the network) and reads whole tables: the facts of one person then cost as much as everybody's. ANALYZE
 * would count what happens to be there; these numbers are the same on every machine and on every day, so plans are too. They are
 * written with each migration, for every index there is then: how many rows share the first k columns, at a city's size.
 * Source of the form: https://www.sqlite.org/fileformat2.html#stat1tab */
#include "db/sqlite.h"

/* `share`: how many rows have one value of the column; the k-th number is the least share among the first k columns. */
const char sqlite_plan_sql[] =
    "ANALYZE sqlite_schema;"
    "DELETE FROM sqlite_stat1;"
    "WITH size AS (SELECT t.name AS tbl, t.wr, CASE"
    " WHEN t.name IN ('network', 'network_host', 'network_rev', 'notice', 'form_definition', 'schema_version', "
    "'chain') THEN 100"
    " WHEN t.name IN ('organization', 'user_account', 'membership', 'session', 'api_token', 'checkpoint') THEN 2000"
    " WHEN t.name IN ('person_attribute', 'record', 'record_paragraph', 'event', 'seen') THEN 1000000"
    " ELSE 100000 END AS n FROM pragma_table_list t WHERE t.schema = 'main' AND t.type = 'table' AND t.name NOT LIKE "
    "'sqlite_%'),"
    " part AS (SELECT s.tbl, s.n, CASE WHEN s.wr AND l.origin = 'pk' THEN s.tbl ELSE l.name END AS idx, c.seqno,"
    " CASE WHEN l.\"unique\" AND c.seqno = (SELECT max(x.seqno) FROM pragma_index_info(l.name) x) THEN 1"
    " WHEN c.name = 'network_id' THEN s.n / 4"
    " WHEN s.tbl IN ('service', 'location', 'phone', 'schedule', 'contact', 'directory_entry') THEN 10"
    " WHEN c.name LIKE '%organization_id' OR c.name = 'chain_id' THEN max(s.n / 20, 1)"
    " WHEN c.name = 'user_id' THEN max(s.n / 200, 1)"
    " WHEN c.name IN ('state', 'status', 'kind', 'concern', 'action', 'reason') THEN max(s.n / 10, 1)"
    " ELSE 10 END AS share"
    " FROM size s JOIN pragma_index_list(s.tbl) l JOIN pragma_index_info(l.name) c),"
    " least AS (SELECT tbl, n, idx, seqno, min(share) OVER (PARTITION BY idx ORDER BY seqno) AS share FROM part)"
    " INSERT INTO sqlite_stat1 (tbl, idx, stat) SELECT tbl, idx, n || ' ' || group_concat(share, ' ')"
    " FROM (SELECT * FROM least ORDER BY idx, seqno) GROUP BY tbl, idx;"
    "ANALYZE sqlite_schema;";
