-- 0015: the order of a list beside the participation, so that the page of a manager of thousands of cases is read off an index and its
-- counts too. An index, not a cache: triggers keep it in the transaction that moves the case. case_more: the person may have other cases.
ALTER TABLE participation ADD COLUMN case_closed boolean NOT NULL DEFAULT FALSE;
ALTER TABLE participation ADD COLUMN case_changed_at bigint NOT NULL DEFAULT 0;
ALTER TABLE participation ADD COLUMN case_more boolean NOT NULL DEFAULT FALSE;
GRANT UPDATE (case_closed, case_changed_at, case_more) ON participation TO tsunagu_rls;

CREATE FUNCTION list_participation() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  NEW.case_closed := COALESCE((SELECT c.status = 'closed' FROM case_file c WHERE c.network_id = NEW.network_id AND c.id = NEW.case_id), FALSE);
  NEW.case_changed_at := COALESCE((SELECT c.changed_at FROM case_file c WHERE c.network_id = NEW.network_id AND c.id = NEW.case_id), 0);
  NEW.case_more := (SELECT count(*) > 1 FROM case_file c WHERE c.network_id = NEW.network_id AND c.person_id = NEW.person_id);
  RETURN NEW;
END $$;
CREATE FUNCTION list_case() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    UPDATE participation SET case_more = TRUE WHERE network_id = NEW.network_id AND person_id = NEW.person_id AND case_id <> NEW.id AND NOT case_more;
  ELSE
    UPDATE participation SET case_closed = NEW.status = 'closed', case_changed_at = NEW.changed_at
    WHERE network_id = NEW.network_id AND case_id = NEW.id;
  END IF;
  RETURN NULL;
END $$;
-- As the service, past the policies: who registers a record may not see every organization's participation.
CREATE FUNCTION list_fill() RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  UPDATE participation p SET case_closed = c.status = 'closed', case_changed_at = c.changed_at,
    case_more = (SELECT count(*) > 1 FROM case_file o WHERE o.network_id = p.network_id AND o.person_id = p.person_id)
  FROM case_file c WHERE c.network_id = p.network_id AND c.id = p.case_id;
END $$;
ALTER FUNCTION list_participation() OWNER TO tsunagu_rls;
ALTER FUNCTION list_case() OWNER TO tsunagu_rls;
ALTER FUNCTION list_fill() OWNER TO tsunagu_rls;
SELECT list_fill();
DROP FUNCTION list_fill();
CREATE INDEX participation_list ON participation
  (network_id, organization_id, case_closed, case_changed_at, case_id, person_id, until_at, from_at);
CREATE INDEX participation_more ON participation (network_id, organization_id, person_id, until_at, from_at) WHERE case_more;
CREATE TRIGGER list_participation BEFORE INSERT OR UPDATE OF case_id, person_id ON participation FOR EACH ROW EXECUTE FUNCTION list_participation();
CREATE TRIGGER list_add_case AFTER INSERT ON case_file FOR EACH ROW EXECUTE FUNCTION list_case();
CREATE TRIGGER list_change_case AFTER UPDATE OF status, changed_at ON case_file FOR EACH ROW
  WHEN (OLD.status <> NEW.status OR OLD.changed_at <> NEW.changed_at) EXECUTE FUNCTION list_case();
