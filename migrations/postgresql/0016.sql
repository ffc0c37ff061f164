-- 0016: the list's index (0015) holds plain cases alone: the one case of a person, the one participation of the organization in it. Then a row
-- is a line, and counting needs no comparing. case_more: anything else; such rows are few, and the list looks at them one by one.
DROP INDEX participation_list;
DROP INDEX participation_more;
CREATE OR REPLACE FUNCTION list_participation() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  NEW.case_closed := COALESCE((SELECT c.status = 'closed' FROM case_file c WHERE c.network_id = NEW.network_id AND c.id = NEW.case_id), FALSE);
  NEW.case_changed_at := COALESCE((SELECT c.changed_at FROM case_file c WHERE c.network_id = NEW.network_id AND c.id = NEW.case_id), 0);
  NEW.case_more := (SELECT count(*) > 1 FROM case_file c WHERE c.network_id = NEW.network_id AND c.person_id = NEW.person_id)
      OR EXISTS (SELECT 1 FROM participation x WHERE x.network_id = NEW.network_id AND x.case_id = NEW.case_id
        AND x.organization_id = NEW.organization_id AND x.id <> NEW.id);
  UPDATE participation SET case_more = TRUE WHERE network_id = NEW.network_id AND case_id = NEW.case_id
    AND organization_id = NEW.organization_id AND id <> NEW.id AND NOT case_more;
  RETURN NEW;
END $$;
CREATE FUNCTION list_fill() RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  UPDATE participation p SET case_more = TRUE WHERE NOT p.case_more AND EXISTS (SELECT FROM participation x
    WHERE x.network_id = p.network_id AND x.case_id = p.case_id AND x.organization_id = p.organization_id AND x.id <> p.id);
END $$;
ALTER FUNCTION list_fill() OWNER TO tsunagu_rls;
SELECT list_fill();
DROP FUNCTION list_fill();
CREATE INDEX participation_list ON participation
  (network_id, organization_id, case_closed, case_changed_at, case_id, person_id, until_at, from_at, case_more) WHERE NOT case_more;
CREATE INDEX participation_more ON participation (network_id, organization_id, person_id, until_at, from_at) WHERE case_more;
DROP TRIGGER list_participation ON participation;
CREATE TRIGGER list_participation BEFORE INSERT OR UPDATE OF case_id, person_id, organization_id ON participation FOR EACH ROW
  EXECUTE FUNCTION list_participation();
