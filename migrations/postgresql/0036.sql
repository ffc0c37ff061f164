-- 0036: lists off fewer lookups. What stands beside a participation since 0015 and 0016 stands beside an assignment, too: a worker's cases are then
-- read off an index in their order. case_file.beside says what may be looked for beside a case; a bit that is not set: there is none (1 a
-- connection, 2 a concealment of its person, 4 a line of a ledger). Triggers keep all of it in the transaction that changes it.
ALTER TABLE assignment ADD COLUMN case_closed boolean NOT NULL DEFAULT FALSE;
ALTER TABLE assignment ADD COLUMN case_changed_at bigint NOT NULL DEFAULT 0;
ALTER TABLE assignment ADD COLUMN case_more boolean NOT NULL DEFAULT FALSE;
ALTER TABLE case_file ADD COLUMN beside bigint NOT NULL DEFAULT 0;
GRANT UPDATE (case_closed, case_changed_at, case_more) ON assignment TO tsunagu_rls;
GRANT UPDATE (beside) ON case_file TO tsunagu_rls;

CREATE FUNCTION list_assignment() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  NEW.case_closed := COALESCE((SELECT c.status = 'closed' FROM case_file c WHERE c.network_id = NEW.network_id AND c.id = NEW.case_id), FALSE);
  NEW.case_changed_at := COALESCE((SELECT c.changed_at FROM case_file c WHERE c.network_id = NEW.network_id AND c.id = NEW.case_id), 0);
  NEW.case_more := (SELECT count(*) > 1 FROM case_file c WHERE c.network_id = NEW.network_id AND c.person_id = NEW.person_id)
      OR EXISTS (SELECT 1 FROM assignment x WHERE x.network_id = NEW.network_id AND x.case_id = NEW.case_id
        AND x.user_id = NEW.user_id AND x.organization_id = NEW.organization_id AND x.id <> NEW.id);
  UPDATE assignment SET case_more = TRUE WHERE network_id = NEW.network_id AND case_id = NEW.case_id
    AND user_id = NEW.user_id AND organization_id = NEW.organization_id AND id <> NEW.id AND NOT case_more;
  RETURN NEW;
END $$;
CREATE OR REPLACE FUNCTION list_case() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    UPDATE participation SET case_more = TRUE WHERE network_id = NEW.network_id AND person_id = NEW.person_id AND case_id <> NEW.id AND NOT case_more;
    UPDATE assignment SET case_more = TRUE WHERE network_id = NEW.network_id AND person_id = NEW.person_id AND case_id <> NEW.id AND NOT case_more;
  ELSE
    UPDATE participation SET case_closed = NEW.status = 'closed', case_changed_at = NEW.changed_at
    WHERE network_id = NEW.network_id AND case_id = NEW.id;
    UPDATE assignment SET case_closed = NEW.status = 'closed', case_changed_at = NEW.changed_at
    WHERE network_id = NEW.network_id AND case_id = NEW.id;
  END IF;
  RETURN NULL;
END $$;
CREATE FUNCTION beside_case() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT FROM concealment x WHERE x.network_id = NEW.network_id AND x.person_id = NEW.person_id) THEN
    NEW.beside := NEW.beside | 2;
  END IF;
  RETURN NEW;
END $$;
CREATE FUNCTION beside_thing() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  CASE TG_TABLE_NAME
  WHEN 'connection' THEN
    UPDATE case_file SET beside = beside | 1 WHERE network_id = NEW.network_id AND id = NEW.case_id AND (beside & 1) = 0;
  WHEN 'concealment' THEN
    UPDATE case_file SET beside = beside | 2 WHERE network_id = NEW.network_id AND person_id = NEW.person_id AND (beside & 2) = 0;
  ELSE
    UPDATE case_file SET beside = beside | 4 WHERE network_id = NEW.network_id AND id = NEW.case_id AND (beside & 4) = 0;
  END CASE;
  RETURN NULL;
END $$;
-- As the service, past the policies: who writes may not see every organization's rows.
CREATE FUNCTION list_fill() RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  UPDATE assignment a SET case_closed = c.status = 'closed', case_changed_at = c.changed_at,
    case_more = (SELECT count(*) > 1 FROM case_file o WHERE o.network_id = a.network_id AND o.person_id = a.person_id)
      OR EXISTS (SELECT FROM assignment x WHERE x.network_id = a.network_id AND x.case_id = a.case_id
        AND x.user_id = a.user_id AND x.organization_id = a.organization_id AND x.id <> a.id)
  FROM case_file c WHERE c.network_id = a.network_id AND c.id = a.case_id;
  UPDATE case_file c SET beside =
    CASE WHEN EXISTS (SELECT FROM connection n WHERE n.network_id = c.network_id AND n.case_id = c.id) THEN 1 ELSE 0 END
    | CASE WHEN EXISTS (SELECT FROM concealment x WHERE x.network_id = c.network_id AND x.person_id = c.person_id) THEN 2 ELSE 0 END
    | CASE WHEN EXISTS (SELECT FROM ledger_case l WHERE l.network_id = c.network_id AND l.case_id = c.id) THEN 4 ELSE 0 END;
END $$;
ALTER FUNCTION list_assignment() OWNER TO tsunagu_rls;
ALTER FUNCTION beside_case() OWNER TO tsunagu_rls;
ALTER FUNCTION beside_thing() OWNER TO tsunagu_rls;
ALTER FUNCTION list_fill() OWNER TO tsunagu_rls;
SELECT list_fill();
DROP FUNCTION list_fill();
CREATE INDEX assignment_list ON assignment
  (network_id, user_id, organization_id, case_closed, case_changed_at, case_id, person_id, until_at, from_at, case_more) WHERE NOT case_more;
CREATE INDEX assignment_more ON assignment (network_id, user_id, organization_id, person_id, until_at, from_at) WHERE case_more;
DROP INDEX case_file_person;
CREATE INDEX case_file_person ON case_file
  (person_id, network_id, status, changed_at, id, number, density, next_date, last_contact_at, beside);
CREATE INDEX person_key_person ON person_key (person_id, network_id, epoch, wrapped);
CREATE TRIGGER list_assignment BEFORE INSERT OR UPDATE OF case_id, person_id, user_id, organization_id ON assignment FOR EACH ROW
  EXECUTE FUNCTION list_assignment();
CREATE TRIGGER beside_case BEFORE INSERT ON case_file FOR EACH ROW EXECUTE FUNCTION beside_case();
CREATE TRIGGER beside_connection AFTER INSERT OR UPDATE OF case_id ON connection FOR EACH ROW EXECUTE FUNCTION beside_thing();
CREATE TRIGGER beside_concealment AFTER INSERT OR UPDATE OF person_id ON concealment FOR EACH ROW EXECUTE FUNCTION beside_thing();
CREATE TRIGGER beside_ledger AFTER INSERT ON ledger_case FOR EACH ROW EXECUTE FUNCTION beside_thing();
-- Who looked is asked about one person: as on SQLite.
ALTER TABLE seen DROP CONSTRAINT seen_pkey;
ALTER TABLE seen ADD PRIMARY KEY (person_id, network_id, day, user_id, organization_id, action, reason, reason_ref);
