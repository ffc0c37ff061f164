-- 0011: what the facts were. fact_log keeps every fact as it stood from one fact_rev to the next: triggers write it, so that nobody forgets, and
-- they count network_rev.fact_rev up, so that each change of a fact is a revision of its own. With it `tsunagu audit verify --rederive`
-- decides every logged look once more by the facts of its revision. A row stands at revision r when since_rev <= r and (until_rev is NULL
-- or r < until_rev). The columns are those of src/access/facts_sql.c; kind is its enum fact_kind, subject_id the person (of a membership
-- the user, of the network's rule 0), row_id and part_id name the row in its table. What was there before this migration stands from the
-- revision at which it ran (network_rev.log_from). A row that the log knows as standing
-- when it is inserted is not logged again: a network that is brought in whole brings its log first.

CREATE TABLE fact_log (
  network_id bigint NOT NULL,
  subject_id bigint NOT NULL,
  kind bigint NOT NULL,
  row_id bigint NOT NULL,
  part_id bigint NOT NULL,
  since_rev bigint NOT NULL,
  until_rev bigint,
  id bigint NOT NULL,
  organization_id bigint,
  user_id bigint,
  other_id bigint,
  bits bigint NOT NULL,
  text text NOT NULL,
  text2 text NOT NULL,
  flag1 boolean NOT NULL,
  flag2 boolean NOT NULL,
  flag3 boolean NOT NULL,
  from_at bigint NOT NULL,
  until_at bigint,
  PRIMARY KEY (network_id, subject_id, kind, row_id, part_id, since_rev)
);
-- Read by the command that verifies, written by the triggers.
ALTER TABLE fact_log ENABLE ROW LEVEL SECURITY;
ALTER TABLE fact_log FORCE ROW LEVEL SECURITY;
CREATE POLICY service ON fact_log USING ((SELECT rls_service()));
REVOKE INSERT, UPDATE, DELETE ON fact_log FROM tsunagu_app;
GRANT INSERT, UPDATE ON fact_log TO tsunagu_rls;
GRANT UPDATE ON network_rev TO tsunagu_rls;
ALTER TABLE network_rev NO FORCE ROW LEVEL SECURITY;
ALTER TABLE network_rev ADD COLUMN log_from bigint NOT NULL DEFAULT 0;
UPDATE network_rev SET log_from = fact_rev;
ALTER TABLE network_rev FORCE ROW LEVEL SECURITY;
-- The facts as they stand.
CREATE VIEW fact_row (network_id, subject_id, kind, row_id, part_id, id, organization_id, user_id, other_id, bits, text, text2, flag1, flag2, flag3, from_at,
    until_at) AS
  SELECT network_id, user_id, CAST(1 AS bigint), id, CAST(0 AS bigint), id, organization_id, user_id, CAST(0 AS bigint), CAST(0 AS bigint), role, '', FALSE, FALSE, FALSE, from_at, until_at FROM membership
  UNION ALL SELECT network_id, person_id, 2, id, 0, 0, organization_id, 0, case_id, 0, part, '', FALSE, FALSE, FALSE, from_at, until_at FROM
    participation
  UNION ALL SELECT network_id, person_id, 3, id, 0, 0, organization_id, user_id, case_id, 0, '', '', FALSE, FALSE, FALSE, from_at, until_at FROM
    assignment
  UNION ALL SELECT network_id, person_id, 4, id, 0, id, to_organization_id, 0, case_id, 0, '', '', FALSE, FALSE, FALSE, sent_at, CASE WHEN closed_at IS
    NOT NULL THEN closed_at WHEN state IN ('declined', 'closed', 'withdrawn', 'expired') THEN changed_at END FROM connection WHERE sent_at
    IS NOT NULL
  UNION ALL SELECT network_id, person_id, 5, id, 0, id, 0, 0, 0, 0, authority, '', FALSE, FALSE, FALSE, from_at, until_at FROM guardian
  UNION ALL SELECT c.network_id, c.person_id, 6, c.id, r.organization_id, c.id, r.organization_id, 0, c.guardian_id, r.categories, c.by_party,
    c.authority, c.refused, c.heard, c.withdrawn_at IS NOT NULL, c.from_at, c.until_at
  FROM consent c JOIN consent_recipient r ON r.network_id = c.network_id AND r.consent_id = c.id
  UNION ALL SELECT b.network_id, b.person_id, 7, b.id, r.organization_id, b.id, r.organization_id, b.approver_id, b.requester_id, r.categories, b.code,
    '', b.code <> '' AND b.approver_id IS NOT NULL, FALSE, FALSE, b.from_at, b.until_at
  FROM legal_basis b JOIN legal_basis_recipient r ON r.network_id = b.network_id AND r.legal_basis_id = b.id
  UNION ALL SELECT network_id, person_id, 8, id, 0, meeting_id, organization_id, user_id, 0, categories, '', '', FALSE, FALSE, FALSE, from_at, until_at
    FROM invitation
  UNION ALL SELECT network_id, person_id, 9, id, 0, id, organization_id, user_id, guardian_id, categories, '', '', breakable, FALSE, FALSE, from_at,
    until_at FROM restriction
  UNION ALL SELECT network_id, person_id, 10, id, 0, id, 0, 0, 0, items, '', '', FALSE, FALSE, FALSE, from_at, until_at FROM concealment
  UNION ALL SELECT network_id, person_id, 11, concealment_id, user_id, concealment_id, 0, user_id, 0, 0, '', '', FALSE, FALSE, FALSE, from_at, until_at
    FROM concealment_holder
  UNION ALL SELECT network_id, person_id, 12, id, 0, id, organization_id, user_id, 0, 0, '', '', FALSE, FALSE, FALSE, from_at, until_at FROM break_glass
  UNION ALL SELECT network_id, person_id, 13, id, 0, id, organization_id, user_id, case_id, 0, '', '', FALSE, FALSE, FALSE, from_at, until_at FROM
    stand_in
  UNION ALL SELECT network_id, id, 14, id, 0, id, 0, 0, 0, 0, '', '', own_from IS NOT NULL, FALSE, FALSE, 0, own_from FROM person
  UNION ALL SELECT id, 0, 15, id, 0, own_age, 0, 0, 0, CASE WHEN stand_in_allowed THEN 1 ELSE 0 END, '', '', heard_needed, joint_needs_all,
    guardian_overrides, 0, NULL FROM network;
ALTER VIEW fact_row OWNER TO tsunagu_rls;
REVOKE ALL ON fact_row FROM PUBLIC, tsunagu_app;

-- The revision of a change that is just being made. Who commits what was read holds the same lock in common (fact_rev_hold).
CREATE FUNCTION fact_rev_next(network bigint) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  rev bigint;
BEGIN
  PERFORM pg_advisory_xact_lock(network);
  UPDATE network_rev SET fact_rev = fact_rev + 1 WHERE network_id = network RETURNING fact_rev INTO rev;
  RETURN rev;
END $$;
-- Arguments of the trigger: kind and the columns that hold subject_id, row_id and part_id ('' where the row has none, or all of its parts change).
CREATE FUNCTION fact_logged() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  was jsonb := CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) END;
  now jsonb := CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) END;
  network bigint := CAST(COALESCE(now, was) ->> CASE TG_TABLE_NAME WHEN 'network' THEN 'id' ELSE 'network_id' END AS bigint);
  rev bigint;
BEGIN
  IF TG_OP = 'INSERT' AND EXISTS (SELECT FROM fact_log WHERE network_id = network AND subject_id = COALESCE(CAST(now ->> TG_ARGV[1] AS bigint), 0)
      AND kind = CAST(TG_ARGV[0] AS bigint) AND row_id = CAST(now ->> TG_ARGV[2] AS bigint)
      AND (TG_ARGV[3] = '' OR part_id = CAST(now ->> TG_ARGV[3] AS bigint)) AND until_rev IS NULL) THEN
    RETURN NULL;
  END IF;
  IF TG_TABLE_NAME <> 'network_rev' THEN
    rev := fact_rev_next(network);
    IF rev IS NULL THEN
      RETURN NULL; -- no such network
    END IF;
  END IF;
  IF was IS NOT NULL THEN
    UPDATE fact_log SET until_rev = rev WHERE network_id = network AND subject_id = COALESCE(CAST(was ->> TG_ARGV[1] AS bigint), 0)
      AND kind = CAST(TG_ARGV[0] AS bigint) AND row_id = CAST(was ->> TG_ARGV[2] AS bigint)
      AND (TG_ARGV[3] = '' OR part_id = CAST(was ->> TG_ARGV[3] AS bigint)) AND until_rev IS NULL;
  END IF;
  IF now IS NOT NULL THEN
    INSERT INTO fact_log (network_id, subject_id, kind, row_id, part_id, id, organization_id, user_id, other_id, bits, text, text2, flag1, flag2, flag3,
      from_at, until_at, since_rev)
    SELECT f.network_id, f.subject_id, f.kind, f.row_id, f.part_id, f.id, f.organization_id, f.user_id, f.other_id, f.bits, f.text, f.text2, f.flag1,
      f.flag2, f.flag3, f.from_at, f.until_at, v.fact_rev FROM network_rev v JOIN fact_row f ON f.network_id = v.network_id
    WHERE v.network_id = network AND f.kind = CAST(TG_ARGV[0] AS bigint) AND f.row_id = CAST(now ->> TG_ARGV[2] AS bigint)
      AND (TG_ARGV[3] = '' OR f.part_id = CAST(now ->> TG_ARGV[3] AS bigint));
  END IF;
  RETURN NULL;
END $$;
-- TRUE, once no change of the network's facts is under way that is not yet known here: what was decided at this revision may be committed
-- now, and changes wait until it is. A change since this transaction's snapshot fails it (to be tried again).
CREATE FUNCTION fact_rev_hold(network bigint) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock_shared(network);
  PERFORM FROM network_rev WHERE network_id = network FOR SHARE;
  RETURN TRUE;
END $$;
ALTER FUNCTION fact_rev_next(bigint) OWNER TO tsunagu_rls;
ALTER FUNCTION fact_logged() OWNER TO tsunagu_rls;
REVOKE ALL ON FUNCTION fact_rev_next(bigint) FROM PUBLIC;

-- What is there already. The function's owner passes the policies.
CREATE FUNCTION fact_log_fill() RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  INSERT INTO fact_log (network_id, subject_id, kind, row_id, part_id, id, organization_id, user_id, other_id, bits, text, text2, flag1, flag2, flag3,
    from_at, until_at, since_rev)
  SELECT f.network_id, f.subject_id, f.kind, f.row_id, f.part_id, f.id, f.organization_id, f.user_id, f.other_id, f.bits, f.text, f.text2, f.flag1,
    f.flag2, f.flag3, f.from_at, f.until_at, v.fact_rev FROM fact_row f JOIN network_rev v ON v.network_id = f.network_id;
END $$;
ALTER FUNCTION fact_log_fill() OWNER TO tsunagu_rls;
SELECT fact_log_fill();
DROP FUNCTION fact_log_fill();
CREATE TRIGGER fact_add_membership AFTER INSERT OR DELETE ON membership FOR EACH ROW EXECUTE FUNCTION fact_logged(1, 'user_id', 'id', '');
CREATE TRIGGER fact_change_membership AFTER UPDATE OF user_id, organization_id, role, from_at, until_at ON membership FOR EACH ROW EXECUTE FUNCTION fact_logged(1, 'user_id', 'id', '');
CREATE TRIGGER fact_add_participation AFTER INSERT OR DELETE ON participation FOR EACH ROW EXECUTE FUNCTION fact_logged(2, 'person_id', 'id', '');
CREATE TRIGGER fact_change_participation AFTER UPDATE OF person_id, case_id, organization_id, part, from_at, until_at ON participation FOR EACH ROW EXECUTE FUNCTION fact_logged(2, 'person_id', 'id', '');
CREATE TRIGGER fact_add_assignment AFTER INSERT OR DELETE ON assignment FOR EACH ROW EXECUTE FUNCTION fact_logged(3, 'person_id', 'id', '');
CREATE TRIGGER fact_change_assignment AFTER UPDATE OF person_id, case_id, user_id, organization_id, from_at, until_at ON assignment FOR EACH ROW EXECUTE FUNCTION fact_logged(3, 'person_id', 'id', '');
CREATE TRIGGER fact_add_connection AFTER INSERT ON connection FOR EACH ROW WHEN (NEW.sent_at IS NOT NULL) EXECUTE FUNCTION fact_logged(4, 'person_id', 'id', '');
CREATE TRIGGER fact_drop_connection AFTER DELETE ON connection FOR EACH ROW WHEN (OLD.sent_at IS NOT NULL) EXECUTE FUNCTION fact_logged(4, 'person_id', 'id', '');
CREATE TRIGGER fact_change_connection AFTER UPDATE OF person_id, case_id, to_organization_id, state, sent_at, closed_at, changed_at ON connection FOR EACH ROW
  WHEN ((OLD.sent_at, OLD.to_organization_id,
    CASE WHEN OLD.closed_at IS NOT NULL THEN OLD.closed_at WHEN OLD.state IN ('declined', 'closed', 'withdrawn', 'expired') THEN OLD.changed_at END)
  IS DISTINCT FROM (NEW.sent_at, NEW.to_organization_id,
    CASE WHEN NEW.closed_at IS NOT NULL THEN NEW.closed_at WHEN NEW.state IN ('declined', 'closed', 'withdrawn', 'expired') THEN NEW.changed_at END))
  EXECUTE FUNCTION fact_logged(4, 'person_id', 'id', '');
CREATE TRIGGER fact_add_guardian AFTER INSERT OR DELETE ON guardian FOR EACH ROW EXECUTE FUNCTION fact_logged(5, 'person_id', 'id', '');
CREATE TRIGGER fact_change_guardian AFTER UPDATE OF person_id, authority, from_at, until_at ON guardian FOR EACH ROW EXECUTE FUNCTION fact_logged(5, 'person_id', 'id', '');
CREATE TRIGGER fact_add_invitation AFTER INSERT OR DELETE ON invitation FOR EACH ROW EXECUTE FUNCTION fact_logged(8, 'person_id', 'id', '');
CREATE TRIGGER fact_change_invitation AFTER UPDATE OF person_id, meeting_id, organization_id, user_id, categories, from_at, until_at ON invitation FOR EACH ROW EXECUTE FUNCTION fact_logged(8, 'person_id', 'id', '');
CREATE TRIGGER fact_add_restriction AFTER INSERT OR DELETE ON restriction FOR EACH ROW EXECUTE FUNCTION fact_logged(9, 'person_id', 'id', '');
CREATE TRIGGER fact_change_restriction AFTER UPDATE OF person_id, organization_id, user_id, guardian_id, categories, breakable, from_at, until_at ON restriction FOR EACH ROW EXECUTE FUNCTION fact_logged(9, 'person_id', 'id', '');
CREATE TRIGGER fact_add_concealment AFTER INSERT OR DELETE ON concealment FOR EACH ROW EXECUTE FUNCTION fact_logged(10, 'person_id', 'id', '');
CREATE TRIGGER fact_change_concealment AFTER UPDATE OF person_id, items, from_at, until_at ON concealment FOR EACH ROW EXECUTE FUNCTION fact_logged(10, 'person_id', 'id', '');
CREATE TRIGGER fact_add_concealment_holder AFTER INSERT OR DELETE ON concealment_holder FOR EACH ROW EXECUTE FUNCTION fact_logged(11, 'person_id', 'concealment_id', 'user_id');
CREATE TRIGGER fact_change_concealment_holder AFTER UPDATE OF person_id, user_id, from_at, until_at ON concealment_holder FOR EACH ROW EXECUTE FUNCTION fact_logged(11, 'person_id', 'concealment_id', 'user_id');
CREATE TRIGGER fact_add_break_glass AFTER INSERT OR DELETE ON break_glass FOR EACH ROW EXECUTE FUNCTION fact_logged(12, 'person_id', 'id', '');
CREATE TRIGGER fact_change_break_glass AFTER UPDATE OF person_id, user_id, organization_id, from_at, until_at ON break_glass FOR EACH ROW EXECUTE FUNCTION fact_logged(12, 'person_id', 'id', '');
CREATE TRIGGER fact_add_stand_in AFTER INSERT OR DELETE ON stand_in FOR EACH ROW EXECUTE FUNCTION fact_logged(13, 'person_id', 'id', '');
CREATE TRIGGER fact_change_stand_in AFTER UPDATE OF person_id, case_id, user_id, organization_id, from_at, until_at ON stand_in FOR EACH ROW EXECUTE FUNCTION fact_logged(13, 'person_id', 'id', '');
CREATE TRIGGER fact_add_person AFTER INSERT OR DELETE ON person FOR EACH ROW EXECUTE FUNCTION fact_logged(14, 'id', 'id', '');
CREATE TRIGGER fact_change_person AFTER UPDATE OF own_from ON person FOR EACH ROW
  WHEN (OLD.own_from IS DISTINCT FROM NEW.own_from) EXECUTE FUNCTION fact_logged(14, 'id', 'id', '');
CREATE TRIGGER fact_change_consent AFTER DELETE OR UPDATE OF guardian_id, by_party, authority, refused, heard, withdrawn_at, from_at, until_at ON consent FOR EACH ROW EXECUTE FUNCTION fact_logged(6, 'person_id', 'id', '');
CREATE TRIGGER fact_change_consent_recipient AFTER INSERT OR DELETE OR UPDATE OF organization_id, categories ON consent_recipient FOR EACH ROW EXECUTE FUNCTION fact_logged(6, 'person_id', 'consent_id', 'organization_id');
CREATE TRIGGER fact_change_legal_basis AFTER DELETE OR UPDATE OF code, requester_id, approver_id, from_at, until_at ON legal_basis FOR EACH ROW EXECUTE FUNCTION fact_logged(7, 'person_id', 'id', '');
CREATE TRIGGER fact_change_legal_basis_recipient AFTER INSERT OR DELETE OR UPDATE OF organization_id, categories ON legal_basis_recipient FOR EACH ROW EXECUTE FUNCTION fact_logged(7, 'person_id', 'legal_basis_id', 'organization_id');
CREATE TRIGGER fact_change_network AFTER UPDATE OF heard_needed, joint_needs_all, guardian_overrides, stand_in_allowed, own_age ON network FOR EACH ROW EXECUTE FUNCTION fact_logged(15, '', 'id', '');
-- The rule is there before the counter is.
CREATE TRIGGER fact_add_network AFTER INSERT ON network_rev FOR EACH ROW EXECUTE FUNCTION fact_logged(15, '', 'network_id', '');
-- Facts that the log does not know as they are, that it knows and that are not there, and that were deleted though their person is there: there
-- is none while nobody works past the program.
CREATE VIEW fact_astray (network_id, kind, row_id) AS
SELECT network_id, kind, row_id FROM (
  SELECT network_id, kind, row_id FROM (SELECT network_id, subject_id, kind, row_id, part_id, id, organization_id, user_id, other_id, bits, text, text2, flag1, flag2, flag3,
    from_at, until_at FROM fact_row
    EXCEPT SELECT network_id, subject_id, kind, row_id, part_id, id, organization_id, user_id, other_id, bits, text, text2, flag1, flag2, flag3,
    from_at, until_at FROM fact_log WHERE until_rev IS NULL) AS unknown
  UNION ALL SELECT network_id, kind, row_id FROM (SELECT network_id, subject_id, kind, row_id, part_id, id, organization_id, user_id, other_id, bits, text, text2, flag1, flag2, flag3,
    from_at, until_at FROM fact_log WHERE until_rev IS NULL
    EXCEPT SELECT network_id, subject_id, kind, row_id, part_id, id, organization_id, user_id, other_id, bits, text, text2, flag1, flag2, flag3,
    from_at, until_at FROM fact_row) AS gone
  UNION ALL SELECT l.network_id, l.kind, l.row_id FROM fact_log l WHERE l.until_rev IS NOT NULL AND NOT EXISTS (SELECT 1 FROM fact_log m
    WHERE m.network_id = l.network_id AND m.subject_id = l.subject_id AND m.kind = l.kind AND m.row_id = l.row_id AND m.part_id = l.part_id
    AND m.since_rev >= l.until_rev)
    AND (l.kind = 1 OR EXISTS (SELECT 1 FROM person p WHERE p.network_id = l.network_id AND p.id = l.subject_id))) AS astray
WHERE (SELECT rls_service());
ALTER VIEW fact_astray OWNER TO tsunagu_rls;
REVOKE ALL ON fact_astray FROM PUBLIC, tsunagu_app;
GRANT SELECT ON fact_astray TO tsunagu_app;
