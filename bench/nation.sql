-- nation.sql: many towns out of one. Every primary key begins with the network, so that a network under another number is one INSERT a table:
-- rows, sealed values and events as the program itself made them. psql -v copies=N. As superuser: triggers and foreign keys stay out.
\set ON_ERROR_STOP on
SET session_replication_role = replica;
SET synchronous_commit = off;
CREATE TEMP TABLE base AS SELECT id FROM network ORDER BY id LIMIT 1;
-- What is unique over all networks is not copied: hosts, sessions, tokens; nor the secret of the service.
CREATE TEMP TABLE copied AS
  SELECT c.table_name::text AS name, string_agg(quote_ident(c.column_name), ', ' ORDER BY c.ordinal_position) AS columns
  FROM information_schema.columns c JOIN pg_class k ON k.relname = c.table_name AND k.relkind = 'r' AND k.relnamespace = 'public'::regnamespace
  WHERE c.table_schema = 'public' AND c.table_name NOT IN ('network_host', 'session', 'api_token', 'paper_code', 'network')
  GROUP BY c.table_name HAVING bool_or(c.column_name = 'network_id');
SELECT set_config('nation.copies', :'copies', false);
DO $$
DECLARE
  t record;
  town bigint;
  base bigint := (SELECT id FROM base);
  started timestamptz := clock_timestamp();
BEGIN
  FOR n IN 1 .. current_setting('nation.copies')::int LOOP
    town := base + n;
    INSERT INTO network SELECT (jsonb_populate_record(k, jsonb_build_object('id', town))).* FROM network k WHERE k.id = base;
    FOR t IN SELECT name, columns FROM copied LOOP
      EXECUTE format('INSERT INTO %I (%s) SELECT %s FROM %I WHERE network_id = $1', t.name, t.columns,
                     regexp_replace(t.columns, '\mnetwork_id\M', '$2'), t.name) USING base, town;
    END LOOP;
    -- A nation's cases have twenty records each, the demo's have ten.
    FOR t IN SELECT name, columns FROM copied WHERE name IN ('record', 'record_paragraph') LOOP
      EXECUTE format('INSERT INTO %I (%s) SELECT %s FROM %I WHERE network_id = $1 ON CONFLICT DO NOTHING', t.name, t.columns,
                     regexp_replace(regexp_replace(regexp_replace(t.columns, '\mnetwork_id\M', '$2'), '\mid\M', 'id + 1'),
                                    '\mrecord_id\M', 'record_id + 1'), t.name) USING base, town;
    END LOOP;
  END LOOP;
  RAISE NOTICE 'copied in % s', round(extract(epoch FROM clock_timestamp() - started));
END $$;
RESET session_replication_role;
VACUUM (ANALYZE, FREEZE);
