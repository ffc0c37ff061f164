-- 0003: what the access engine reads, and row-level security.
--
-- The views fact_* are the engine's door: it decides about persons whom the actor may turn out not to see, so it reads the facts past
-- the policies. They hold codes, dates and references, nothing sealed. Nobody but src/access reads them (and casework the
-- numbers of cases, to find the next one).
--
-- A transaction says for whom it runs: tsunagu.session (hash of the token, hex), tsunagu.service (the process's secret; sign-in, scheduler,
-- command line and reply links pass everything), tsunagu.at (its instant, UTC milliseconds). What is called rls_* belongs to tsunagu_rls,
-- which looks past the policies. The rule itself: docs/access.md.

-- ---- who asks -----------------------------------------------------------------------------------------------
-- A session ends with the transaction that ends it: until then it may write down that it did.
CREATE VIEW rls_me AS
SELECT s.network_id, s.user_id, s.membership_id, m.organization_id, m.role, t.at
FROM (SELECT CAST(NULLIF(current_setting('tsunagu.at', true), '') AS bigint) AS at,
             decode(NULLIF(current_setting('tsunagu.session', true), ''), 'hex') AS token) t
JOIN (SELECT network_id, user_id, membership_id, token_hash, created_at, until_at,
             ended_at IS NULL OR xmin = CAST(pg_current_xact_id_if_assigned() AS xid) AS stands FROM session
      UNION ALL
      SELECT network_id, user_id, membership_id, token_hash, created_at, until_at, revoked_at IS NULL FROM api_token) s
  ON s.token_hash = t.token AND s.created_at <= t.at AND t.at < s.until_at AND s.stands
LEFT JOIN membership m ON m.network_id = s.network_id AND m.id = s.membership_id AND m.user_id = s.user_id
  AND m.from_at <= t.at AND (m.until_at IS NULL OR t.at < m.until_at);

CREATE FUNCTION rls_service() RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  RETURN EXISTS (SELECT FROM service_secret WHERE secret = current_setting('tsunagu.service', true));
END $$;
CREATE FUNCTION rls_network() RETURNS bigint LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  RETURN (SELECT network_id FROM rls_me);
END $$;
CREATE FUNCTION rls_user() RETURNS bigint LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  RETURN (SELECT user_id FROM rls_me);
END $$;
CREATE FUNCTION rls_organization() RETURNS bigint LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  RETURN (SELECT organization_id FROM rls_me);
END $$;
CREATE FUNCTION rls_role() RETURNS text LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  RETURN (SELECT role FROM rls_me);
END $$;

-- ---- the engine's door --------------------------------------------------------------------------------------
CREATE VIEW fact_membership AS
  SELECT network_id, id, user_id, organization_id, role, from_at, until_at FROM membership
  WHERE (SELECT rls_service()) OR network_id = (SELECT rls_network());
CREATE VIEW fact_person AS
  SELECT network_id, id, own_from, created_at, created_by, author_organization_id FROM person
  WHERE (SELECT rls_service()) OR network_id = (SELECT rls_network());
CREATE VIEW fact_participation AS
  SELECT network_id, person_id, case_id, organization_id, part, from_at, until_at FROM participation
  WHERE (SELECT rls_service()) OR network_id = (SELECT rls_network());
CREATE VIEW fact_assignment AS
  SELECT network_id, person_id, case_id, user_id, organization_id, from_at, until_at FROM assignment
  WHERE (SELECT rls_service()) OR network_id = (SELECT rls_network());
CREATE VIEW fact_connection AS
  SELECT network_id, id, person_id, case_id, to_organization_id, state, sent_at, closed_at, changed_at FROM connection
  WHERE (SELECT rls_service()) OR network_id = (SELECT rls_network());
CREATE VIEW fact_guardian AS
  SELECT network_id, id, person_id, authority, from_at, until_at FROM guardian
  WHERE (SELECT rls_service()) OR network_id = (SELECT rls_network());
CREATE VIEW fact_consent AS
  SELECT network_id, id, person_id, by_party, guardian_id, authority, refused, heard, from_at, until_at, withdrawn_at FROM consent
  WHERE (SELECT rls_service()) OR network_id = (SELECT rls_network());
CREATE VIEW fact_consent_recipient AS
  SELECT network_id, consent_id, organization_id, person_id, categories FROM consent_recipient
  WHERE (SELECT rls_service()) OR network_id = (SELECT rls_network());
CREATE VIEW fact_legal_basis AS
  SELECT network_id, id, person_id, code, requester_id, approver_id, from_at, until_at FROM legal_basis
  WHERE (SELECT rls_service()) OR network_id = (SELECT rls_network());
CREATE VIEW fact_legal_basis_recipient AS
  SELECT network_id, legal_basis_id, organization_id, person_id, categories FROM legal_basis_recipient
  WHERE (SELECT rls_service()) OR network_id = (SELECT rls_network());
CREATE VIEW fact_invitation AS
  SELECT network_id, person_id, meeting_id, organization_id, user_id, categories, from_at, until_at FROM invitation
  WHERE (SELECT rls_service()) OR network_id = (SELECT rls_network());
CREATE VIEW fact_restriction AS
  SELECT network_id, id, person_id, organization_id, user_id, guardian_id, categories, breakable, from_at, until_at FROM restriction
  WHERE (SELECT rls_service()) OR network_id = (SELECT rls_network());
CREATE VIEW fact_concealment AS
  SELECT network_id, id, person_id, items, from_at, until_at FROM concealment
  WHERE (SELECT rls_service()) OR network_id = (SELECT rls_network());
CREATE VIEW fact_concealment_holder AS
  SELECT network_id, concealment_id, user_id, person_id, from_at, until_at FROM concealment_holder
  WHERE (SELECT rls_service()) OR network_id = (SELECT rls_network());
CREATE VIEW fact_break_glass AS
  SELECT network_id, id, person_id, user_id, organization_id, from_at, until_at FROM break_glass
  WHERE (SELECT rls_service()) OR network_id = (SELECT rls_network());
CREATE VIEW fact_stand_in AS
  SELECT network_id, id, person_id, case_id, user_id, organization_id, from_at, until_at FROM stand_in
  WHERE (SELECT rls_service()) OR network_id = (SELECT rls_network());
CREATE VIEW fact_network AS
  SELECT id, own_age, heard_needed, joint_needs_all, guardian_overrides, stand_in_allowed FROM network
  WHERE (SELECT rls_service()) OR id = (SELECT rls_network());
CREATE VIEW fact_wrote AS
  SELECT network_id, person_id, author_organization_id AS organization_id FROM record WHERE (SELECT rls_service()) OR network_id = (SELECT rls_network())
  UNION ALL SELECT network_id, person_id, author_organization_id FROM connection_step WHERE state = 'answered' AND ((SELECT rls_service()) OR network_id = (SELECT rls_network()));
CREATE VIEW fact_case_number AS
  SELECT network_id, number FROM case_file WHERE (SELECT rls_service()) OR network_id = (SELECT rls_network());

-- ---- whom the session may see -------------------------------------------------------------------------------
-- The line between the markers is VISIBLE of src/access/visible.h, word for word (tests/store/rls.c compares).
CREATE TYPE rls_person AS (person_id bigint, own_cats bigint, other_cats bigint);
CREATE FUNCTION rls_visible_to(bigint, bigint, bigint, bigint) RETURNS SETOF rls_person
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp SET plan_cache_mode = force_generic_plan AS $$
BEGIN
  RETURN QUERY
-- VISIBLE
WITH me AS (SELECT m.user_id, m.role, CASE m.role WHEN 'clerk' THEN 1 WHEN 'volunteer' THEN 3111 ELSE 4095 END AS mask FROM fact_membership m WHERE m.network_id = $1 AND m.id = $2 AND m.organization_id = $3 AND m.from_at <= $4 AND (m.until_at IS NULL OR $4 < m.until_at) AND m.role IN ('manager', 'worker', 'clerk', 'volunteer', 'coordinator')), rule AS (SELECT n.heard_needed, n.joint_needs_all, n.guardian_overrides, n.stand_in_allowed FROM fact_network n WHERE n.id = $1), reach AS (SELECT a.person_id, 1 AS full_work FROM me CROSS JOIN fact_assignment a WHERE a.network_id = $1 AND a.user_id = me.user_id AND a.organization_id = $3 AND a.from_at <= $4 AND (a.until_at IS NULL OR $4 < a.until_at) UNION ALL SELECT p.person_id, 1 FROM me CROSS JOIN fact_participation p WHERE me.role = 'manager' AND p.network_id = $1 AND p.organization_id = $3 AND p.from_at <= $4 AND (p.until_at IS NULL OR $4 < p.until_at) UNION ALL SELECT s.person_id, 1 FROM me CROSS JOIN rule CROSS JOIN fact_stand_in s WHERE rule.stand_in_allowed AND me.role IN ('manager', 'worker') AND s.network_id = $1 AND s.user_id = me.user_id AND s.organization_id = $3 AND s.from_at <= $4 AND (s.until_at IS NULL OR $4 < s.until_at) AND (EXISTS (SELECT 1 FROM fact_assignment a WHERE a.network_id = $1 AND a.case_id = s.case_id AND a.person_id = s.person_id AND a.organization_id = $3 AND a.from_at <= $4 AND (a.until_at IS NULL OR $4 < a.until_at)) OR EXISTS (SELECT 1 FROM fact_participation p WHERE p.network_id = $1 AND p.case_id = s.case_id AND p.person_id = s.person_id AND p.organization_id = $3 AND p.from_at <= $4 AND (p.until_at IS NULL OR $4 < p.until_at))) UNION ALL SELECT c.person_id, 0 FROM me CROSS JOIN fact_connection c WHERE me.role = 'manager' AND c.network_id = $1 AND c.to_organization_id = $3 AND c.sent_at <= $4 AND $4 < COALESCE(c.closed_at, CASE WHEN c.state IN ('declined', 'closed', 'withdrawn', 'expired') THEN c.changed_at ELSE 9223372036854775807 END)), work AS (SELECT person_id, MAX(full_work) AS full_work FROM reach GROUP BY person_id), said AS (SELECT c.person_id, c.by_party, c.guardian_id, c.authority, c.refused, c.heard, r.categories, row_number() OVER (PARTITION BY c.person_id, c.by_party, c.guardian_id ORDER BY c.from_at, c.id) AS place FROM work w CROSS JOIN fact_consent c CROSS JOIN fact_consent_recipient r WHERE c.network_id = $1 AND c.person_id = w.person_id AND r.network_id = $1 AND r.consent_id = c.id AND r.organization_id = $3 AND c.withdrawn_at IS NULL AND c.from_at <= $4 AND (c.until_at IS NULL OR $4 < c.until_at)), party AS (SELECT person_id, by_party, guardian_id, MAX(place) AS last, MAX(CASE WHEN refused THEN place ELSE 0 END) AS refusal FROM said GROUP BY person_id, by_party, guardian_id), counts AS (SELECT s.person_id, s.by_party, s.guardian_id, s.authority, s.heard, s.categories FROM said s JOIN party p ON p.person_id = s.person_id AND p.by_party = s.by_party AND p.guardian_id IS NOT DISTINCT FROM s.guardian_id WHERE s.place > p.refusal), person_side AS (SELECT p.person_id, MAX(CASE WHEN p.last = p.refusal THEN 1 ELSE 0 END) AS refused FROM party p WHERE p.by_party = 'person' GROUP BY p.person_id), person_gave AS (SELECT person_id, bit_or(categories) AS cats FROM counts WHERE by_party = 'person' GROUP BY person_id), parent AS (SELECT DISTINCT g.person_id, g.id, g.authority = 'joint' AS joint FROM work w CROSS JOIN fact_guardian g WHERE g.network_id = $1 AND g.person_id = w.person_id AND g.from_at <= $4 AND (g.until_at IS NULL OR $4 < g.until_at)), alone_gave AS (SELECT c.person_id, bit_or(c.categories) AS cats, MAX(CASE WHEN c.heard THEN 1 ELSE 0 END) AS heard FROM counts c JOIN parent p ON p.person_id = c.person_id AND p.id = c.guardian_id WHERE c.by_party = 'guardian' AND c.authority IN ('sole', 'daily', 'urgent') GROUP BY c.person_id), joint_one AS (SELECT p.person_id, p.id, COUNT(c.person_id) AS given, COALESCE(bit_or(c.categories), 0) AS cats, MAX(CASE WHEN c.heard THEN 1 ELSE 0 END) AS heard FROM parent p LEFT JOIN counts c ON c.person_id = p.person_id AND c.by_party = 'guardian' AND c.guardian_id = p.id AND c.authority = 'joint' WHERE p.joint GROUP BY p.person_id, p.id), joint_gave AS (SELECT j.person_id, CASE WHEN rule.joint_needs_all THEN 4095 - bit_or(4095 - j.cats) ELSE bit_or(j.cats) END AS cats, MAX(j.heard) AS heard FROM joint_one j CROSS JOIN rule GROUP BY j.person_id, rule.joint_needs_all HAVING CASE WHEN rule.joint_needs_all THEN MIN(j.given) > 0 ELSE MAX(j.given) > 0 END), sides AS (SELECT w.person_id, p.own_from, COALESCE(g.cats, 0) AS person_cats, g.person_id IS NOT NULL AS person_given, COALESCE(s.refused, 0) = 1 AS person_refused, COALESCE(a.cats, 0) | COALESCE(j.cats, 0) AS guardian_cats, COALESCE(a.heard, 0) + COALESCE(j.heard, 0) > 0 AS heard, EXISTS (SELECT 1 FROM parent x WHERE x.person_id = w.person_id) AS has_guardian FROM work w JOIN fact_person p ON p.network_id = $1 AND p.id = w.person_id LEFT JOIN person_gave g ON g.person_id = w.person_id LEFT JOIN person_side s ON s.person_id = w.person_id LEFT JOIN alone_gave a ON a.person_id = w.person_id LEFT JOIN joint_gave j ON j.person_id = w.person_id), agreed AS (SELECT s.person_id, CASE WHEN s.own_from IS NULL AND NOT s.has_guardian THEN s.person_cats WHEN s.own_from IS NULL THEN s.person_cats & s.guardian_cats WHEN s.own_from <= $4 THEN s.person_cats WHEN s.person_refused AND NOT rule.guardian_overrides THEN 0 WHEN rule.heard_needed AND NOT s.heard AND NOT s.person_given THEN 0 ELSE s.guardian_cats END AS cats FROM sides s CROSS JOIN rule), law AS (SELECT r.person_id, bit_or(r.categories) AS cats FROM work w CROSS JOIN fact_legal_basis_recipient r CROSS JOIN fact_legal_basis b WHERE r.network_id = $1 AND r.person_id = w.person_id AND r.organization_id = $3 AND b.network_id = $1 AND b.id = r.legal_basis_id AND b.code <> '' AND b.approver_id <> b.requester_id AND b.from_at <= $4 AND (b.until_at IS NULL OR $4 < b.until_at) GROUP BY r.person_id), guest AS (SELECT v.person_id, v.categories AS cats FROM me CROSS JOIN fact_invitation v WHERE v.network_id = $1 AND v.user_id = me.user_id AND v.from_at <= $4 AND (v.until_at IS NULL OR $4 < v.until_at) UNION ALL SELECT v.person_id, v.categories FROM me CROSS JOIN fact_invitation v WHERE me.role IN ('manager', 'worker', 'coordinator') AND v.network_id = $1 AND v.organization_id = $3 AND v.from_at <= $4 AND (v.until_at IS NULL OR $4 < v.until_at)), glass AS (SELECT DISTINCT b.person_id FROM me CROSS JOIN fact_break_glass b WHERE me.role IN ('manager', 'worker', 'coordinator') AND b.network_id = $1 AND b.user_id = me.user_id AND b.organization_id = $3 AND b.from_at <= $4 AND (b.until_at IS NULL OR $4 < b.until_at) AND b.until_at - b.from_at <= 14400000), given AS (SELECT person_id, MAX(full_work) AS own, bit_or(cats) AS others, MAX(glass) AS glass FROM (SELECT person_id, full_work, 0 AS cats, 0 AS glass FROM work UNION ALL SELECT person_id, 0, cats, 0 FROM agreed UNION ALL SELECT person_id, 0, cats, 0 FROM law UNION ALL SELECT person_id, 0, cats, 0 FROM guest UNION ALL SELECT person_id, 0, 0, 1 FROM glass) AS permits GROUP BY person_id), barred AS (SELECT r.person_id, bit_or(r.categories) AS every, bit_or(CASE WHEN r.breakable THEN 0 ELSE r.categories END) AS hard FROM me CROSS JOIN given g CROSS JOIN fact_restriction r WHERE r.network_id = $1 AND r.person_id = g.person_id AND r.from_at <= $4 AND (r.until_at IS NULL OR $4 < r.until_at) AND (r.organization_id = $3 OR r.user_id = me.user_id) GROUP BY r.person_id), answer AS (SELECT g.person_id, CASE WHEN g.own = 1 THEN me.mask & (4095 - COALESCE(b.every, 0)) ELSE 0 END AS own_cats, (me.mask & g.others & (4095 - COALESCE(b.every, 0))) | (CASE WHEN g.glass = 1 THEN me.mask & (4095 - COALESCE(b.hard, 0)) ELSE 0 END) AS other_cats FROM given g CROSS JOIN me LEFT JOIN barred b ON b.person_id = g.person_id) SELECT person_id, own_cats | other_cats AS own_cats, other_cats FROM answer WHERE (own_cats | other_cats) <> 0
-- end of VISIBLE
  ;
END $$;

CREATE VIEW rls_visible AS
SELECT v.person_id, v.own_cats, v.other_cats
FROM rls_me me CROSS JOIN LATERAL rls_visible_to(me.network_id, me.membership_id, me.organization_id, me.at) v;

-- The same, reckoned once in a transaction that reads: its snapshot does not change. What is kept is signed with the service's secret and
-- bound to session, instant and transaction, so that nobody can put another answer in its place.
CREATE FUNCTION rls_mine() RETURNS SETOF rls_person LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  kept text := current_setting('tsunagu.kept', true);
  seal text;
  mine rls_person[];
BEGIN
  IF current_setting('transaction_read_only') <> 'on' OR current_setting('transaction_isolation') <> 'repeatable read' THEN
    RETURN QUERY SELECT v.person_id, v.own_cats, v.other_cats FROM rls_visible v;
    RETURN;
  END IF;
  seal := concat_ws('/', (SELECT secret FROM service_secret), current_setting('tsunagu.session', true), current_setting('tsunagu.at', true),
                    pg_backend_pid(), transaction_timestamp());
  IF left(kept, 64) = encode(sha256(convert_to(seal || substr(kept, 65), 'UTF8')), 'hex') THEN
    RETURN QUERY SELECT * FROM unnest(CAST(substr(kept, 65) AS rls_person[]));
    RETURN;
  END IF;
  mine := ARRAY(SELECT CAST(ROW(v.person_id, v.own_cats, v.other_cats) AS rls_person) FROM rls_visible v);
  kept := CAST(mine AS text);
  PERFORM set_config('tsunagu.kept', encode(sha256(convert_to(seal || kept, 'UTF8')), 'hex') || kept, true);
  RETURN QUERY SELECT * FROM unnest(mine);
END $$;

-- Whoever registers a person works on it from the next statement on; until then, in the same transaction, he sees what he writes.
CREATE INDEX person_created ON person (network_id, created_by, created_at);
CREATE VIEW rls_fresh AS
SELECT p.id AS person_id FROM rls_me me JOIN person p ON p.network_id = me.network_id AND p.created_by = me.user_id
  AND p.created_at = me.at AND p.author_organization_id = me.organization_id;

-- Person x row category, of rows of the session's own organization (own) and of others.
CREATE TYPE rls_cell AS (person_id bigint, category bigint, own boolean);
CREATE FUNCTION rls_sight() RETURNS SETOF rls_cell LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  RETURN QUERY
  SELECT v.person_id, b.bit, o.own
  FROM rls_mine() v CROSS JOIN (VALUES (TRUE), (FALSE)) AS o (own)
  CROSS JOIN (SELECT CAST(1 AS bigint) << n AS bit FROM generate_series(0, 11) AS n) b
  WHERE (CASE WHEN o.own THEN v.own_cats ELSE v.other_cats END & b.bit) <> 0
  UNION ALL
  SELECT f.person_id, CAST(1 AS bigint) << n, TRUE FROM rls_fresh f CROSS JOIN generate_series(0, 11) AS n;
END $$;

-- Persons of whom the session may know codes and dates: whom it sees, whom it just registered and, for a manager, whose sheet was sent
-- to the organization.
CREATE FUNCTION rls_known() RETURNS SETOF bigint LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  RETURN QUERY
  SELECT v.person_id FROM rls_mine() v
  UNION SELECT f.person_id FROM rls_fresh f
  UNION SELECT c.person_id FROM rls_me me JOIN connection c ON c.network_id = me.network_id
    AND c.to_organization_id = me.organization_id
    WHERE me.role = 'manager' AND c.sent_at <= me.at;
END $$;

-- ---- owners and rights --------------------------------------------------------------------------------------
DO $$
DECLARE
  name text;
BEGIN
  FOR name IN SELECT viewname FROM pg_views WHERE schemaname = 'public' AND viewname ~ '^(fact|rls)_' LOOP
    EXECUTE format('ALTER VIEW %I OWNER TO tsunagu_rls', name);
    EXECUTE format('REVOKE ALL ON %I FROM PUBLIC, tsunagu_app', name);
    IF name ~ '^fact_' THEN
      EXECUTE format('GRANT SELECT ON %I TO tsunagu_app', name);
    END IF;
  END LOOP;
  FOR name IN SELECT CAST(CAST(p.oid AS regprocedure) AS text) FROM pg_proc p
    WHERE p.pronamespace = CAST('public' AS regnamespace) AND p.proname ~ '^rls_' LOOP
    EXECUTE format('ALTER FUNCTION %s OWNER TO tsunagu_rls', name);
  END LOOP;
END $$;
REVOKE ALL ON FUNCTION rls_visible_to(bigint, bigint, bigint, bigint) FROM PUBLIC;
REVOKE ALL ON FUNCTION rls_mine() FROM PUBLIC;

-- ---- policies -----------------------------------------------------------------------------------------------
-- Every table is guarded by one of these; a later migration calls rls_guard() for each table it makes (a test finds the one forgotten).
--   network  rows of the session's network
--   own      rows with user_id: one's own (sessions, tokens, codes on paper; whoever could read another's might pass for him)
--   person   rows about persons whom the session may know of: codes, dates, references
--   rows     rows with person_id, category and author_organization_id: person x category, and written in the own organization's name
-- `also` is a further condition that lets a row of the network be seen, `also_writes` one that lets it be written.
CREATE FUNCTION rls_guard(name text, kind text, also text DEFAULT 'FALSE', also_writes text DEFAULT 'FALSE') RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  ours text := 'network_id = (SELECT rls_network())';
  who text := CASE name WHEN 'person' THEN 'id' ELSE 'person_id' END;
  sees text := 'TRUE';
  writes text := 'TRUE';
BEGIN
  IF kind = 'own' THEN
    sees := format('(user_id = (SELECT rls_user()) OR %s)', also);
    writes := sees;
  ELSIF kind = 'person' THEN
    sees := format('(%s IN (SELECT rls_known()) OR %s)', who, also);
  ELSIF kind = 'rows' THEN
    sees := format('((person_id, category, author_organization_id = (SELECT rls_organization()))'
                   ' IN (SELECT c.person_id, c.category, c.own FROM rls_sight() c) OR %s)', also);
    writes := format('(author_organization_id = (SELECT rls_organization()) OR %s)', also_writes);
  ELSIF kind <> 'network' THEN
    RAISE 'rls_guard: unknown kind %', kind;
  END IF;
  EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
  EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
  EXECUTE format('CREATE POLICY %I ON %I USING ((SELECT rls_service()) OR (%s AND %s))'
                 ' WITH CHECK ((SELECT rls_service()) OR (%s AND %s))',
                 CASE WHEN kind IN ('network', 'own') THEN 'network' ELSE 'person' END, name, ours, sees, ours, writes);
END $$;

SELECT rls_guard(name, 'network') FROM unnest(ARRAY['network_host', 'network_rev', 'organization', 'user_account', 'membership',
  'attempt', 'idempotency', 'form_definition', 'notice', 'chain', 'checkpoint']) AS name;
SELECT rls_guard(name, 'own', '(SELECT rls_role()) = ''admin''') FROM unnest(ARRAY['session', 'api_token', 'paper_code']) AS name;
SELECT rls_guard(name, 'rows') FROM unnest(ARRAY['person_attribute', 'record', 'record_paragraph', 'sheet']) AS name;
-- The receiver writes its answer, and reads it, also when nothing of the person is open to it. Both ends keep a copy of an answer: whoever
-- stands at one end writes for either.
SELECT rls_guard('connection_step', 'rows',
  'author_organization_id = (SELECT rls_organization()) AND person_id IN (SELECT rls_known())',
  'EXISTS (SELECT FROM connection c WHERE c.network_id = connection_step.network_id AND c.id = connection_step.connection_id'
  ' AND author_organization_id IN (c.from_organization_id, c.to_organization_id)'
  ' AND (SELECT rls_organization()) IN (c.from_organization_id, c.to_organization_id))');
SELECT rls_guard(name, 'person') FROM unnest(ARRAY['person', 'person_key', 'guardian', 'consent', 'consent_recipient', 'legal_basis',
  'legal_basis_recipient', 'invitation', 'restriction', 'concealment', 'concealment_holder']) AS name;
SELECT rls_guard(name, 'person', 'user_id = (SELECT rls_user())') FROM unnest(ARRAY['break_glass', 'stand_in', 'seen']) AS name;
-- The coordinating body sees every case's clock.
SELECT rls_guard(name, 'person', '(SELECT rls_role()) = ''coordinator''') FROM unnest(ARRAY['case_file', 'participation', 'assignment',
  'connection']) AS name;
SELECT rls_guard('event', 'person', 'user_id = (SELECT rls_user()) OR (SELECT rls_role()) IN (''auditor'', ''admin'')');

ALTER TABLE network ENABLE ROW LEVEL SECURITY;
ALTER TABLE network FORCE ROW LEVEL SECURITY;
CREATE POLICY network ON network USING ((SELECT rls_service()) OR id = (SELECT rls_network()));
