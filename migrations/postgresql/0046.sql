-- 0046: what row-level security asks in a transaction that writes. Nothing is kept there, since the next statement may change who is seen; so far
-- each statement reckoned everybody whom the session sees, which grows with the town. Now a policy asks about the one person of a row. A
-- transaction that reads goes on by its kept lists (0043).

-- May who is seen change within this transaction? One that reads has one snapshot.
CREATE FUNCTION rls_single() RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT current_setting('transaction_read_only') <> 'on' OR current_setting('transaction_isolation') <> 'repeatable read'
$$;
CREATE OR REPLACE FUNCTION rls_kept() RETURNS text LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  kept text := current_setting('tsunagu.kept', true);
  seal text;
BEGIN
  IF rls_single() THEN
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

-- The lines between the markers are forms of VISIBLE of src/access/visible.h, word for word (tests/store/rls.c compares). Who asks is the session
-- itself, so that what they call fact_* are the tables: the views would ask for its network anew, each of them. rls_knows() and rls_sees() call them,
-- under their own settings, and nobody else may.
CREATE FUNCTION rls_own_of(bigint, bigint, bigint, bigint, bigint) RETURNS bigint LANGUAGE plpgsql STABLE SECURITY DEFINER
  SET search_path = public, pg_temp AS $$
BEGIN
  RETURN (WITH one (person_id) AS (SELECT $5),
    fact_membership AS NOT MATERIALIZED (TABLE membership), fact_participation AS NOT MATERIALIZED (TABLE participation),
    fact_assignment AS NOT MATERIALIZED (TABLE assignment), fact_restriction AS NOT MATERIALIZED (TABLE restriction)
  SELECT v.own_cats FROM (
-- VISIBLE_OWN_OF
WITH me AS NOT MATERIALIZED (SELECT m.user_id, m.role, CASE m.role WHEN 'clerk' THEN 1 WHEN 'volunteer' THEN 3111 WHEN 'manager' THEN 4095 WHEN 'worker' THEN 4095 WHEN 'coordinator' THEN 4095 ELSE 0 END AS mask FROM fact_membership m WHERE m.network_id = $1 AND m.id = $2 AND m.organization_id = $3 AND m.from_at <= $4 AND (m.until_at IS NULL OR $4 < m.until_at) AND CASE m.role WHEN 'clerk' THEN 1 WHEN 'volunteer' THEN 3111 WHEN 'manager' THEN 4095 WHEN 'worker' THEN 4095 WHEN 'coordinator' THEN 4095 ELSE 0 END <> 0), barred AS NOT MATERIALIZED (SELECT r.person_id FROM me CROSS JOIN fact_restriction r WHERE r.organization_id = $3 AND r.network_id = $1 AND r.from_at <= $4 AND (r.until_at IS NULL OR $4 < r.until_at) AND NOT EXISTS (SELECT 1 FROM fact_restriction x WHERE x.network_id = $1 AND x.organization_id = $3 AND x.person_id = r.person_id AND x.from_at <= $4 AND (x.until_at IS NULL OR $4 < x.until_at) AND x.id < r.id) UNION ALL SELECT r.person_id FROM me CROSS JOIN fact_restriction r WHERE r.user_id = me.user_id AND r.network_id = $1 AND r.from_at <= $4 AND (r.until_at IS NULL OR $4 < r.until_at) AND NOT EXISTS (SELECT 1 FROM fact_restriction x WHERE x.network_id = $1 AND x.organization_id = $3 AND x.person_id = r.person_id AND x.from_at <= $4 AND (x.until_at IS NULL OR $4 < x.until_at)) AND NOT EXISTS (SELECT 1 FROM fact_restriction x WHERE x.network_id = $1 AND x.user_id = me.user_id AND x.person_id = r.person_id AND x.from_at <= $4 AND (x.until_at IS NULL OR $4 < x.until_at) AND x.id < r.id)) SELECT q.person_id, (SELECT mask FROM me) AS own_cats FROM one q WHERE q.person_id <> 0 AND (EXISTS (SELECT 1 FROM fact_assignment x WHERE x.network_id = $1 AND x.user_id = (SELECT user_id FROM me) AND x.organization_id = $3 AND x.person_id = q.person_id AND x.from_at <= $4 AND (x.until_at IS NULL OR $4 < x.until_at)) OR EXISTS (SELECT 1 FROM fact_participation x WHERE x.network_id = $1 AND x.organization_id = (SELECT CASE me.role WHEN 'manager' THEN CAST($3 AS bigint) END FROM me) AND x.person_id = q.person_id AND x.from_at <= $4 AND (x.until_at IS NULL OR $4 < x.until_at))) AND q.person_id NOT IN (SELECT person_id FROM barred)
-- end of VISIBLE_OWN_OF
  ) v);
END $$;
CREATE FUNCTION rls_visible_of(bigint, bigint, bigint, bigint, bigint) RETURNS SETOF rls_person LANGUAGE plpgsql STABLE SECURITY DEFINER
  SET search_path = public, pg_temp AS $$
BEGIN
  RETURN QUERY WITH one (person_id) AS (SELECT $5),
    fact_membership AS NOT MATERIALIZED (TABLE membership), fact_person AS NOT MATERIALIZED (TABLE person),
    fact_participation AS NOT MATERIALIZED (TABLE participation), fact_assignment AS NOT MATERIALIZED (TABLE assignment),
    fact_connection AS NOT MATERIALIZED (TABLE connection), fact_guardian AS NOT MATERIALIZED (TABLE guardian),
    fact_consent AS NOT MATERIALIZED (TABLE consent), fact_consent_recipient AS NOT MATERIALIZED (TABLE consent_recipient),
    fact_legal_basis AS NOT MATERIALIZED (TABLE legal_basis), fact_legal_basis_recipient AS NOT MATERIALIZED (TABLE legal_basis_recipient),
    fact_invitation AS NOT MATERIALIZED (TABLE invitation), fact_restriction AS NOT MATERIALIZED (TABLE restriction),
    fact_break_glass AS NOT MATERIALIZED (TABLE break_glass), fact_stand_in AS NOT MATERIALIZED (TABLE stand_in),
    fact_network AS NOT MATERIALIZED (TABLE network)
  SELECT v.person_id, v.own_cats, v.other_cats FROM (
-- VISIBLE_OF
WITH me AS (SELECT m.user_id, m.role, CASE m.role WHEN 'clerk' THEN 1 WHEN 'volunteer' THEN 3111 ELSE 4095 END AS mask FROM fact_membership m WHERE m.network_id = $1 AND m.id = $2 AND m.organization_id = $3 AND m.from_at <= $4 AND (m.until_at IS NULL OR $4 < m.until_at) AND m.role IN ('manager', 'worker', 'clerk', 'volunteer', 'coordinator')), rule AS (SELECT n.heard_needed, n.joint_needs_all, n.guardian_overrides, n.stand_in_allowed FROM fact_network n WHERE n.id = $1), asked AS (SELECT person_id FROM one WHERE person_id <> 0), standing AS (SELECT s.person_id FROM me CROSS JOIN rule CROSS JOIN fact_stand_in s WHERE rule.stand_in_allowed AND me.role IN ('manager', 'worker') AND s.network_id = $1 AND s.user_id = me.user_id AND s.organization_id = $3 AND s.from_at <= $4 AND (s.until_at IS NULL OR $4 < s.until_at) AND (EXISTS (SELECT 1 FROM fact_assignment a WHERE a.network_id = $1 AND a.case_id = s.case_id AND a.person_id = s.person_id AND a.organization_id = $3 AND a.from_at <= $4 AND (a.until_at IS NULL OR $4 < a.until_at)) OR EXISTS (SELECT 1 FROM fact_participation p WHERE p.network_id = $1 AND p.case_id = s.case_id AND p.person_id = s.person_id AND p.organization_id = $3 AND p.from_at <= $4 AND (p.until_at IS NULL OR $4 < p.until_at)))), work AS (SELECT person_id, full_work FROM (SELECT q.person_id, CASE WHEN EXISTS (SELECT 1 FROM fact_assignment x WHERE x.network_id = $1 AND x.user_id = (SELECT user_id FROM me) AND x.organization_id = $3 AND x.person_id = q.person_id AND x.from_at <= $4 AND (x.until_at IS NULL OR $4 < x.until_at)) OR EXISTS (SELECT 1 FROM fact_participation x WHERE x.network_id = $1 AND x.organization_id = (SELECT CASE me.role WHEN 'manager' THEN CAST($3 AS bigint) END FROM me) AND x.person_id = q.person_id AND x.from_at <= $4 AND (x.until_at IS NULL OR $4 < x.until_at)) OR q.person_id IN (SELECT person_id FROM standing) THEN 1 ELSE 0 END AS full_work FROM asked q) AS w WHERE full_work = 1 OR EXISTS (SELECT 1 FROM fact_connection c WHERE c.person_id = w.person_id AND c.to_organization_id = (SELECT CASE me.role WHEN 'manager' THEN CAST($3 AS bigint) END FROM me) AND c.network_id = $1 AND c.to_organization_id = $3 AND c.sent_at <= $4 AND $4 < COALESCE(c.closed_at, CASE WHEN c.state IN ('declined', 'closed', 'withdrawn', 'expired') THEN c.changed_at ELSE 9223372036854775807 END))), said AS (SELECT c.person_id, c.by_party, c.guardian_id, c.authority, c.refused, c.heard, r.categories, row_number() OVER (PARTITION BY c.person_id, c.by_party, c.guardian_id ORDER BY c.from_at, c.id) AS place FROM work w CROSS JOIN fact_consent_recipient r CROSS JOIN fact_consent c WHERE r.network_id = $1 AND r.person_id = w.person_id AND r.organization_id = $3 AND c.network_id = $1 AND c.id = r.consent_id AND c.person_id = w.person_id AND c.withdrawn_at IS NULL AND c.from_at <= $4 AND (c.until_at IS NULL OR $4 < c.until_at)), spoken AS (SELECT DISTINCT person_id FROM said), party AS (SELECT person_id, by_party, guardian_id, MAX(place) AS last, MAX(CASE WHEN refused THEN place ELSE 0 END) AS refusal FROM said GROUP BY person_id, by_party, guardian_id), counts AS (SELECT s.person_id, s.by_party, s.guardian_id, s.authority, s.heard, s.categories FROM said s JOIN party p ON p.person_id = s.person_id AND p.by_party = s.by_party AND p.guardian_id IS NOT DISTINCT FROM s.guardian_id WHERE s.place > p.refusal), person_side AS (SELECT p.person_id, MAX(CASE WHEN p.last = p.refusal THEN 1 ELSE 0 END) AS refused FROM party p WHERE p.by_party = 'person' GROUP BY p.person_id), person_gave AS (SELECT person_id, bit_or(categories) AS cats FROM counts WHERE by_party = 'person' GROUP BY person_id), parent AS (SELECT DISTINCT g.person_id, g.id, g.authority = 'joint' AS joint FROM spoken w CROSS JOIN fact_guardian g WHERE g.network_id = $1 AND g.person_id = w.person_id AND g.from_at <= $4 AND (g.until_at IS NULL OR $4 < g.until_at)), alone_gave AS (SELECT c.person_id, bit_or(c.categories) AS cats, MAX(CASE WHEN c.heard THEN 1 ELSE 0 END) AS heard FROM counts c JOIN parent p ON p.person_id = c.person_id AND p.id = c.guardian_id WHERE c.by_party = 'guardian' AND c.authority IN ('sole', 'daily', 'urgent') GROUP BY c.person_id), joint_one AS (SELECT p.person_id, p.id, COUNT(c.person_id) AS given, COALESCE(bit_or(c.categories), 0) AS cats, MAX(CASE WHEN c.heard THEN 1 ELSE 0 END) AS heard FROM parent p LEFT JOIN counts c ON c.person_id = p.person_id AND c.by_party = 'guardian' AND c.guardian_id = p.id AND c.authority = 'joint' WHERE p.joint GROUP BY p.person_id, p.id), joint_gave AS (SELECT j.person_id, CASE WHEN rule.joint_needs_all THEN 4095 - bit_or(4095 - j.cats) ELSE bit_or(j.cats) END AS cats, MAX(j.heard) AS heard FROM joint_one j CROSS JOIN rule GROUP BY j.person_id, rule.joint_needs_all HAVING CASE WHEN rule.joint_needs_all THEN MIN(j.given) > 0 ELSE MAX(j.given) > 0 END), sides AS (SELECT w.person_id, p.own_from, COALESCE(g.cats, 0) AS person_cats, g.person_id IS NOT NULL AS person_given, COALESCE(s.refused, 0) = 1 AS person_refused, COALESCE(a.cats, 0) | COALESCE(j.cats, 0) AS guardian_cats, COALESCE(a.heard, 0) + COALESCE(j.heard, 0) > 0 AS heard, EXISTS (SELECT 1 FROM parent x WHERE x.person_id = w.person_id) AS has_guardian FROM spoken w JOIN fact_person p ON p.network_id = $1 AND p.id = w.person_id LEFT JOIN person_gave g ON g.person_id = w.person_id LEFT JOIN person_side s ON s.person_id = w.person_id LEFT JOIN alone_gave a ON a.person_id = w.person_id LEFT JOIN joint_gave j ON j.person_id = w.person_id), agreed AS (SELECT s.person_id, CASE WHEN s.own_from IS NULL AND NOT s.has_guardian THEN s.person_cats WHEN s.own_from IS NULL THEN s.person_cats & s.guardian_cats WHEN s.own_from <= $4 THEN s.person_cats WHEN s.person_refused AND NOT rule.guardian_overrides THEN 0 WHEN rule.heard_needed AND NOT s.heard AND NOT s.person_given THEN 0 ELSE s.guardian_cats END AS cats FROM sides s CROSS JOIN rule), law AS (SELECT r.person_id, r.categories AS cats FROM work w CROSS JOIN fact_legal_basis_recipient r CROSS JOIN fact_legal_basis b WHERE r.network_id = $1 AND r.person_id = w.person_id AND r.organization_id = $3 AND b.network_id = $1 AND b.id = r.legal_basis_id AND b.code <> '' AND b.approver_id <> b.requester_id AND b.from_at <= $4 AND (b.until_at IS NULL OR $4 < b.until_at)), guest AS (SELECT v.person_id, v.categories AS cats FROM me CROSS JOIN fact_invitation v WHERE v.network_id = $1 AND v.user_id = me.user_id AND v.from_at <= $4 AND (v.until_at IS NULL OR $4 < v.until_at) AND +v.person_id IN (SELECT person_id FROM asked) UNION ALL SELECT v.person_id, v.categories FROM me CROSS JOIN fact_invitation v WHERE me.role IN ('manager', 'worker', 'coordinator') AND v.network_id = $1 AND v.organization_id = $3 AND v.from_at <= $4 AND (v.until_at IS NULL OR $4 < v.until_at) AND +v.person_id IN (SELECT person_id FROM asked)), glass AS (SELECT b.person_id FROM me CROSS JOIN fact_break_glass b WHERE me.role IN ('manager', 'worker', 'coordinator') AND b.network_id = $1 AND b.user_id = me.user_id AND b.organization_id = $3 AND b.from_at <= $4 AND (b.until_at IS NULL OR $4 < b.until_at) AND +b.person_id IN (SELECT person_id FROM asked) AND b.until_at - b.from_at <= 14400000), barred AS (SELECT person_id, bit_or(categories) AS every, bit_or(CASE WHEN breakable THEN 0 ELSE categories END) AS hard FROM (SELECT r.person_id, r.categories, r.breakable FROM me CROSS JOIN fact_restriction r WHERE r.network_id = $1 AND r.organization_id = $3 AND r.from_at <= $4 AND (r.until_at IS NULL OR $4 < r.until_at) AND +r.person_id IN (SELECT person_id FROM asked) UNION ALL SELECT r.person_id, r.categories, r.breakable FROM me CROSS JOIN fact_restriction r WHERE r.network_id = $1 AND r.user_id = me.user_id AND r.from_at <= $4 AND (r.until_at IS NULL OR $4 < r.until_at) AND +r.person_id IN (SELECT person_id FROM asked)) AS bars GROUP BY person_id), given AS (SELECT person_id, MAX(full_work) AS own, bit_or(cats) AS others, MAX(glass) AS glass FROM (SELECT person_id, full_work, 0 AS cats, 0 AS glass FROM work UNION ALL SELECT person_id, 0, cats, 0 FROM agreed UNION ALL SELECT person_id, 0, cats, 0 FROM law UNION ALL SELECT person_id, 0, cats, 0 FROM guest UNION ALL SELECT person_id, 0, 0, 1 FROM glass) AS permits GROUP BY person_id), answer AS (SELECT g.person_id, CASE WHEN g.own = 1 THEN me.mask & (4095 - COALESCE(b.every, 0)) ELSE 0 END AS own_cats, (me.mask & g.others & (4095 - COALESCE(b.every, 0))) | (CASE WHEN g.glass = 1 THEN me.mask & (4095 - COALESCE(b.hard, 0)) ELSE 0 END) AS other_cats FROM given g CROSS JOIN me LEFT JOIN barred b ON b.person_id = g.person_id) SELECT person_id, own_cats | other_cats AS own_cats, other_cats FROM answer WHERE (own_cats | other_cats) <> 0
-- end of VISIBLE_OF
  ) v;
END $$;

-- As rls_known() says of everybody. What is answered quickly comes first. One person is found by indexes, however full the tables were when the
-- plan was made; the cost tells the planner that a row which is asked about is not for nothing.
CREATE FUNCTION rls_knows(person bigint) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER COST 1000
  SET search_path = public, pg_temp SET plan_cache_mode = force_generic_plan SET enable_seqscan = off AS $$
DECLARE
  me record;
BEGIN
  SELECT m.*, f.person_id IS NOT NULL AS fresh INTO me FROM rls_me m LEFT JOIN rls_fresh f ON f.person_id = person;
  IF me.organization_id IS NULL THEN
    RETURN FALSE;
  END IF;
  RETURN me.fresh OR rls_own_of(me.network_id, me.membership_id, me.organization_id, me.at, person) IS NOT NULL
    OR me.role = 'manager' AND EXISTS (SELECT FROM connection c WHERE c.network_id = me.network_id AND c.person_id = person
      AND c.to_organization_id = me.organization_id AND c.sent_at <= me.at)
    OR EXISTS (SELECT FROM rls_visible_of(me.network_id, me.membership_id, me.organization_id, me.at, person));
END $$;
-- As rls_whole() and rls_sight() say: a row of the person, of that category, that the session's organization wrote (own) or another one.
CREATE FUNCTION rls_sees(person bigint, category bigint, own boolean) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER COST 1000
  SET search_path = public, pg_temp SET plan_cache_mode = force_generic_plan SET enable_seqscan = off AS $$
DECLARE
  me record;
  cats bigint;
BEGIN
  SELECT m.*, f.person_id IS NOT NULL AS fresh INTO me FROM rls_me m LEFT JOIN rls_fresh f ON f.person_id = person;
  IF me.organization_id IS NULL OR own IS NULL THEN
    RETURN FALSE;
  END IF;
  IF own THEN
    cats := CASE WHEN me.fresh THEN 4095 ELSE rls_own_of(me.network_id, me.membership_id, me.organization_id, me.at, person) END;
  END IF;
  IF cats IS NULL THEN
    SELECT CASE WHEN own THEN v.own_cats ELSE v.other_cats END INTO cats
    FROM rls_visible_of(me.network_id, me.membership_id, me.organization_id, me.at, person) v;
  END IF;
  RETURN COALESCE(own AND cats = 4095 OR (cats & category) <> 0 AND (category & (category - 1)) = 0, FALSE);
END $$;

DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['rls_own_of(bigint, bigint, bigint, bigint, bigint)', 'rls_visible_of(bigint, bigint, bigint, bigint, bigint)',
      'rls_knows(bigint)', 'rls_sees(bigint, bigint, boolean)'] LOOP
    EXECUTE format('ALTER FUNCTION %s OWNER TO tsunagu_rls', name);
  END LOOP;
END $$;
REVOKE ALL ON FUNCTION rls_own_of(bigint, bigint, bigint, bigint, bigint) FROM PUBLIC;
REVOKE ALL ON FUNCTION rls_visible_of(bigint, bigint, bigint, bigint, bigint) FROM PUBLIC;

-- As in 0043; of each row in a transaction that writes, the one question.
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
    sees := format('(%s OR CASE WHEN (SELECT rls_single()) THEN rls_knows(%s) ELSE %s IN (SELECT rls_known()) END)', also, who, who);
  ELSIF kind = 'rows' THEN
    sees := format('(%s OR CASE WHEN (SELECT rls_single())'
                   ' THEN rls_sees(person_id, category, author_organization_id = (SELECT rls_organization()))'
                   ' ELSE author_organization_id = (SELECT rls_organization()) AND person_id IN (SELECT rls_whole())'
                   ' OR (person_id, category, author_organization_id = (SELECT rls_organization()))'
                   ' IN (SELECT c.person_id, c.category, c.own FROM rls_sight() c) END)', also);
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

SELECT rls_guard(name, 'rows') FROM unnest(ARRAY['person_attribute', 'record', 'record_paragraph', 'record_past', 'sheet', 'case_step',
  'attachment', 'attachment_part', 'family_note']) AS name;
SELECT rls_guard('connection_step', 'rows',
  'author_organization_id = (SELECT rls_organization())'
  ' AND CASE WHEN (SELECT rls_single()) THEN rls_knows(person_id) ELSE person_id IN (SELECT rls_known()) END',
  'EXISTS (SELECT FROM connection c WHERE c.network_id = connection_step.network_id AND c.id = connection_step.connection_id'
  ' AND author_organization_id IN (c.from_organization_id, c.to_organization_id)'
  ' AND (SELECT rls_organization()) IN (c.from_organization_id, c.to_organization_id))');
SELECT rls_guard(name, 'person') FROM unnest(ARRAY['person', 'person_key', 'person_probe', 'guardian', 'consent', 'consent_recipient',
  'legal_basis', 'legal_basis_recipient', 'invitation', 'restriction', 'concealment', 'concealment_holder', 'concealed_value',
  'concealment_release', 'leak', 'erasure_person', 'print_copy', 'reply_link', 'ledger_case', 'family_link', 'transfer_out',
  'transfer_in']) AS name;
SELECT rls_guard(name, 'person', 'user_id = (SELECT rls_user())') FROM unnest(ARRAY['stand_in', 'seen', 'mail_queue']) AS name;
SELECT rls_guard('break_glass', 'person', 'user_id = (SELECT rls_user()) OR ((SELECT rls_role()) = ''manager'''
  ' AND organization_id = (SELECT rls_organization()))');
SELECT rls_guard(name, 'person', '(SELECT rls_role()) = ''coordinator''') FROM unnest(ARRAY['case_file', 'participation', 'assignment',
  'connection', 'inquiry']) AS name;
SELECT rls_guard('event', 'person', 'user_id = (SELECT rls_user()) OR (SELECT rls_role()) IN (''auditor'', ''admin'')');
DROP POLICY either_end ON family_link;
CREATE POLICY either_end ON family_link AS RESTRICTIVE USING ((SELECT rls_service())
  OR CASE WHEN (SELECT rls_single()) THEN rls_knows(other_person_id) ELSE other_person_id IN (SELECT rls_known()) END);

CREATE OR REPLACE VIEW concealed_text AS
  SELECT x.network_id, x.person_id, x.from_at, x.until_at, a.id, a.kind, a.item, TRUE AS of_person, a.value_sealed, k.epoch, k.wrapped
  FROM concealment x JOIN person_attribute a ON a.network_id = x.network_id AND a.person_id = x.person_id AND (a.item & x.items) <> 0
    AND (a.until_at IS NULL OR a.until_at > x.from_at)
  JOIN person_key k ON k.network_id = x.network_id AND k.person_id = x.person_id
  WHERE (SELECT rls_service()) OR CASE WHEN (SELECT rls_single()) THEN rls_knows(x.person_id) ELSE x.person_id IN (SELECT rls_known()) END
  UNION ALL
  SELECT x.network_id, x.person_id, x.from_at, x.until_at, v.id, '', v.item, FALSE, v.value_sealed, k.epoch, k.wrapped
  FROM concealment x JOIN concealed_value v ON v.network_id = x.network_id AND v.concealment_id = x.id
  JOIN person_key k ON k.network_id = x.network_id AND k.person_id = x.person_id
  WHERE (SELECT rls_service()) OR CASE WHEN (SELECT rls_single()) THEN rls_knows(x.person_id) ELSE x.person_id IN (SELECT rls_known()) END;

-- Of hundreds of persons who are registered in one transaction the one is found by the index alone.
DROP INDEX person_created;
CREATE INDEX person_created ON person (network_id, created_by, created_at, id);

-- The session's own row is found by its index too: the few rows of a small town would else be read whole, some of them for each table of a statement,
-- and in a transaction that writes whoever changes one of them would collide with it.
ALTER FUNCTION rls_network() SET enable_seqscan = off;
ALTER FUNCTION rls_user() SET enable_seqscan = off;
ALTER FUNCTION rls_organization() SET enable_seqscan = off;
ALTER FUNCTION rls_role() SET enable_seqscan = off;
