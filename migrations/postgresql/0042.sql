-- 0042: what stands beside a participation and an assignment (0015, 0036) is what the organization was told of the case. Whoever moves the case
-- tells it to those who may know (casework/tell.c, by the engine); no trigger does so to everybody. To whom nothing is told any more the case stays
-- where it was in every list. A colleague who is assigned later knows what the organization knows; a row that comes from elsewhere keeps its own.
DROP TRIGGER list_change_case ON case_file;
CREATE OR REPLACE FUNCTION list_case() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  UPDATE participation SET case_more = TRUE WHERE network_id = NEW.network_id AND person_id = NEW.person_id AND case_id <> NEW.id AND NOT case_more;
  UPDATE assignment SET case_more = TRUE WHERE network_id = NEW.network_id AND person_id = NEW.person_id AND case_id <> NEW.id AND NOT case_more;
  RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION list_participation() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_OP = 'UPDATE' OR NEW.case_changed_at = 0 THEN
    NEW.case_closed := COALESCE((SELECT c.status = 'closed' FROM case_file c WHERE c.network_id = NEW.network_id AND c.id = NEW.case_id), FALSE);
    NEW.case_changed_at := COALESCE((SELECT c.changed_at FROM case_file c WHERE c.network_id = NEW.network_id AND c.id = NEW.case_id), 0);
  END IF;
  NEW.case_more := (SELECT count(*) > 1 FROM case_file c WHERE c.network_id = NEW.network_id AND c.person_id = NEW.person_id)
      OR EXISTS (SELECT 1 FROM participation x WHERE x.network_id = NEW.network_id AND x.case_id = NEW.case_id
        AND x.organization_id = NEW.organization_id AND x.id <> NEW.id);
  UPDATE participation SET case_more = TRUE WHERE network_id = NEW.network_id AND case_id = NEW.case_id
    AND organization_id = NEW.organization_id AND id <> NEW.id AND NOT case_more;
  RETURN NEW;
END $$;
CREATE OR REPLACE FUNCTION list_assignment() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_OP = 'UPDATE' OR NEW.case_changed_at = 0 THEN
    NEW.case_closed := COALESCE((SELECT p.case_closed FROM participation p WHERE p.network_id = NEW.network_id AND p.case_id = NEW.case_id
        AND p.organization_id = NEW.organization_id ORDER BY p.from_at DESC, p.id DESC LIMIT 1),
      (SELECT c.status = 'closed' FROM case_file c WHERE c.network_id = NEW.network_id AND c.id = NEW.case_id), FALSE);
    NEW.case_changed_at := COALESCE((SELECT p.case_changed_at FROM participation p WHERE p.network_id = NEW.network_id AND p.case_id = NEW.case_id
        AND p.organization_id = NEW.organization_id ORDER BY p.from_at DESC, p.id DESC LIMIT 1),
      (SELECT c.changed_at FROM case_file c WHERE c.network_id = NEW.network_id AND c.id = NEW.case_id), 0);
  END IF;
  NEW.case_more := (SELECT count(*) > 1 FROM case_file c WHERE c.network_id = NEW.network_id AND c.person_id = NEW.person_id)
      OR EXISTS (SELECT 1 FROM assignment x WHERE x.network_id = NEW.network_id AND x.case_id = NEW.case_id
        AND x.user_id = NEW.user_id AND x.organization_id = NEW.organization_id AND x.id <> NEW.id);
  UPDATE assignment SET case_more = TRUE WHERE network_id = NEW.network_id AND case_id = NEW.case_id
    AND user_id = NEW.user_id AND organization_id = NEW.organization_id AND id <> NEW.id AND NOT case_more;
  RETURN NEW;
END $$;
