-- 0043: what row-level security asks of each row is cheap. Whom the session sees is reckoned once in a reading transaction, as before, but kept
-- as lists of numbers, in the three forms in which the policies ask for it; and a policy asks first what costs nothing (is the row the
-- reader's own, his organization's about a person he sees wholly) and only then for every person x category.

-- '{known}|{whole}|{person}|{own}|{other}': of whom the session may know codes and dates; who is open to it with every category in what its own
-- organization wrote; and the others, with the categories of own rows and of others' rows.
CREATE FUNCTION rls_reckon() RETURNS text LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  RETURN (
    WITH mine AS MATERIALIZED (SELECT v.person_id, v.own_cats, v.other_cats FROM rls_visible v),
    fresh AS MATERIALIZED (SELECT f.person_id FROM rls_fresh f),
    known AS (SELECT person_id FROM mine UNION SELECT person_id FROM fresh
      UNION SELECT c.person_id FROM rls_me me JOIN connection c ON c.network_id = me.network_id
        AND c.to_organization_id = me.organization_id
        WHERE me.role = 'manager' AND c.sent_at <= me.at),
    whole AS (SELECT person_id FROM mine WHERE own_cats = 4095 UNION SELECT person_id FROM fresh),
    part AS (SELECT person_id, CASE WHEN own_cats = 4095 THEN 0 ELSE own_cats END AS own_cats, other_cats FROM mine
      WHERE own_cats <> 4095 OR other_cats <> 0)
    SELECT concat_ws('|', (SELECT coalesce(array_agg(person_id), '{}') FROM known), (SELECT coalesce(array_agg(person_id), '{}') FROM whole),
                     coalesce(array_agg(p.person_id), '{}'), coalesce(array_agg(p.own_cats), '{}'), coalesce(array_agg(p.other_cats), '{}'))
    FROM part p);
END $$;

-- Once in a transaction that reads: its snapshot does not change. What is kept is signed with the service's secret and bound to session,
-- instant and transaction, so that nobody can put another answer in its place.
CREATE FUNCTION rls_kept() RETURNS text LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  kept text := current_setting('tsunagu.kept', true);
  seal text;
BEGIN
  IF current_setting('transaction_read_only') <> 'on' OR current_setting('transaction_isolation') <> 'repeatable read' THEN
    RETURN rls_reckon();
  END IF;
  seal := concat_ws('/', (SELECT secret FROM service_secret), current_setting('tsunagu.session', true), current_setting('tsunagu.at', true),
                    pg_backend_pid(), transaction_timestamp());
  IF left(kept, 64) = encode(sha256(convert_to(seal || substr(kept, 65), 'UTF8')), 'hex') THEN
    RETURN substr(kept, 65);
  END IF;
  kept := rls_reckon();
  PERFORM set_config('tsunagu.kept', encode(sha256(convert_to(seal || kept, 'UTF8')), 'hex') || kept, true);
  RETURN kept;
END $$;

CREATE OR REPLACE FUNCTION rls_known() RETURNS SETOF bigint LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  RETURN QUERY SELECT unnest(CAST(split_part(rls_kept(), '|', 1) AS bigint[]));
END $$;
CREATE FUNCTION rls_whole() RETURNS SETOF bigint LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  RETURN QUERY SELECT unnest(CAST(split_part(rls_kept(), '|', 2) AS bigint[]));
END $$;
-- Person x category, beside what rls_whole() says.
CREATE OR REPLACE FUNCTION rls_sight() RETURNS SETOF rls_cell LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  kept text := rls_kept();
BEGIN
  RETURN QUERY
  SELECT v.person_id, b.bit, o.own
  FROM unnest(CAST(split_part(kept, '|', 3) AS bigint[]), CAST(split_part(kept, '|', 4) AS bigint[]),
              CAST(split_part(kept, '|', 5) AS bigint[])) AS v (person_id, own_cats, other_cats)
  CROSS JOIN (VALUES (TRUE), (FALSE)) AS o (own)
  CROSS JOIN (SELECT CAST(1 AS bigint) << n AS bit FROM generate_series(0, 11) AS n) b
  WHERE (CASE WHEN o.own THEN v.own_cats ELSE v.other_cats END & b.bit) <> 0;
END $$;
DROP FUNCTION rls_mine();

DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['rls_reckon()', 'rls_kept()', 'rls_whole()'] LOOP
    EXECUTE format('ALTER FUNCTION %s OWNER TO tsunagu_rls', name);
  END LOOP;
END $$;
REVOKE ALL ON FUNCTION rls_reckon() FROM PUBLIC;
REVOKE ALL ON FUNCTION rls_kept() FROM PUBLIC;

-- As in 0003, the cheap conditions first; a policy that stands is replaced.
CREATE OR REPLACE FUNCTION rls_guard(name text, kind text, also text DEFAULT 'FALSE', also_writes text DEFAULT 'FALSE') RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  ours text := 'network_id = (SELECT rls_network())';
  who text := CASE name WHEN 'person' THEN 'id' ELSE 'person_id' END;
  policy text := CASE WHEN kind IN ('network', 'own') THEN 'network' ELSE 'person' END;
  sees text := 'TRUE';
  writes text := 'TRUE';
BEGIN
  IF kind = 'own' THEN
    sees := format('(user_id = (SELECT rls_user()) OR %s)', also);
    writes := sees;
  ELSIF kind = 'person' THEN
    sees := format('(%s OR %s IN (SELECT rls_known()))', also, who);
  ELSIF kind = 'rows' THEN
    sees := format('(%s OR author_organization_id = (SELECT rls_organization()) AND person_id IN (SELECT rls_whole())'
                   ' OR (person_id, category, author_organization_id = (SELECT rls_organization()))'
                   ' IN (SELECT c.person_id, c.category, c.own FROM rls_sight() c))', also);
    writes := format('(author_organization_id = (SELECT rls_organization()) OR %s)', also_writes);
  ELSIF kind <> 'network' THEN
    RAISE 'rls_guard: unknown kind %', kind;
  END IF;
  EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
  EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
  EXECUTE format('DROP POLICY IF EXISTS %I ON %I', policy, name);
  EXECUTE format('CREATE POLICY %I ON %I USING ((SELECT rls_service()) OR (%s AND %s))'
                 ' WITH CHECK ((SELECT rls_service()) OR (%s AND %s))', policy, name, ours, sees, ours, writes);
END $$;

SELECT rls_guard(name, 'rows') FROM unnest(ARRAY['person_attribute', 'record', 'record_paragraph', 'sheet', 'case_step', 'attachment',
  'attachment_part', 'family_note']) AS name;
SELECT rls_guard('connection_step', 'rows',
  'author_organization_id = (SELECT rls_organization()) AND person_id IN (SELECT rls_known())',
  'EXISTS (SELECT FROM connection c WHERE c.network_id = connection_step.network_id AND c.id = connection_step.connection_id'
  ' AND author_organization_id IN (c.from_organization_id, c.to_organization_id)'
  ' AND (SELECT rls_organization()) IN (c.from_organization_id, c.to_organization_id))');
SELECT rls_guard(name, 'person', 'user_id = (SELECT rls_user())') FROM unnest(ARRAY['stand_in', 'seen', 'mail_queue']) AS name;
SELECT rls_guard('break_glass', 'person', 'user_id = (SELECT rls_user()) OR ((SELECT rls_role()) = ''manager'''
  ' AND organization_id = (SELECT rls_organization()))');
SELECT rls_guard(name, 'person', '(SELECT rls_role()) = ''coordinator''') FROM unnest(ARRAY['case_file', 'participation', 'assignment',
  'connection', 'inquiry']) AS name;
SELECT rls_guard('event', 'person', 'user_id = (SELECT rls_user()) OR (SELECT rls_role()) IN (''auditor'', ''admin'')');
