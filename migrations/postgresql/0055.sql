-- 0055: what triggers do for each new case costs less. Of the facts that every person brings, fact_logged (0011) writes the row it was called for, as
-- fact_row has it, instead of asking fifteen tables for it; and what stands beside a case (0042) asks once, and changes no rows where there are none.
CREATE OR REPLACE FUNCTION fact_logged() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
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
  IF now IS NULL THEN
    RETURN NULL;
  END IF;
  CASE TG_TABLE_NAME
  WHEN 'participation' THEN
    INSERT INTO fact_log (network_id, subject_id, kind, row_id, part_id, id, organization_id, user_id, other_id, bits, text, text2, flag1, flag2, flag3,
      from_at, until_at, since_rev) VALUES (network, NEW.person_id, 2, NEW.id, 0, 0, NEW.organization_id, 0, NEW.case_id, 0, NEW.part, '', FALSE, FALSE,
      FALSE, NEW.from_at, NEW.until_at, rev);
  WHEN 'assignment' THEN
    INSERT INTO fact_log (network_id, subject_id, kind, row_id, part_id, id, organization_id, user_id, other_id, bits, text, text2, flag1, flag2, flag3,
      from_at, until_at, since_rev) VALUES (network, NEW.person_id, 3, NEW.id, 0, 0, NEW.organization_id, NEW.user_id, NEW.case_id, 0, '', '', FALSE,
      FALSE, FALSE, NEW.from_at, NEW.until_at, rev);
  WHEN 'person' THEN
    INSERT INTO fact_log (network_id, subject_id, kind, row_id, part_id, id, organization_id, user_id, other_id, bits, text, text2, flag1, flag2, flag3,
      from_at, until_at, since_rev) VALUES (network, NEW.id, 14, NEW.id, 0, NEW.id, 0, 0, 0, 0, '', '', NEW.own_from IS NOT NULL, FALSE, FALSE, 0,
      NEW.own_from, rev);
  ELSE
    INSERT INTO fact_log (network_id, subject_id, kind, row_id, part_id, id, organization_id, user_id, other_id, bits, text, text2, flag1, flag2, flag3,
      from_at, until_at, since_rev)
    SELECT f.network_id, f.subject_id, f.kind, f.row_id, f.part_id, f.id, f.organization_id, f.user_id, f.other_id, f.bits, f.text, f.text2, f.flag1,
      f.flag2, f.flag3, f.from_at, f.until_at, v.fact_rev FROM network_rev v JOIN fact_row f ON f.network_id = v.network_id
    WHERE v.network_id = network AND f.kind = CAST(TG_ARGV[0] AS bigint) AND f.row_id = CAST(now ->> TG_ARGV[2] AS bigint)
      AND (TG_ARGV[3] = '' OR f.part_id = CAST(now ->> TG_ARGV[3] AS bigint));
  END CASE;
  RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION list_participation() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  again boolean := EXISTS (SELECT 1 FROM participation x WHERE x.network_id = NEW.network_id AND x.case_id = NEW.case_id
    AND x.organization_id = NEW.organization_id AND x.id <> NEW.id);
BEGIN
  IF TG_OP = 'UPDATE' OR NEW.case_changed_at = 0 THEN
    SELECT c.status = 'closed', c.changed_at INTO NEW.case_closed, NEW.case_changed_at FROM case_file c
      WHERE c.network_id = NEW.network_id AND c.id = NEW.case_id;
    NEW.case_closed := COALESCE(NEW.case_closed, FALSE);
    NEW.case_changed_at := COALESCE(NEW.case_changed_at, 0);
  END IF;
  NEW.case_more := again OR (SELECT count(*) > 1 FROM case_file c WHERE c.network_id = NEW.network_id AND c.person_id = NEW.person_id);
  IF again THEN
    UPDATE participation SET case_more = TRUE WHERE network_id = NEW.network_id AND case_id = NEW.case_id
      AND organization_id = NEW.organization_id AND id <> NEW.id AND NOT case_more;
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE FUNCTION list_assignment() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  told record;
  again boolean := EXISTS (SELECT 1 FROM assignment x WHERE x.network_id = NEW.network_id AND x.case_id = NEW.case_id
    AND x.user_id = NEW.user_id AND x.organization_id = NEW.organization_id AND x.id <> NEW.id);
BEGIN
  IF TG_OP = 'UPDATE' OR NEW.case_changed_at = 0 THEN
    SELECT p.case_closed AS closed, p.case_changed_at AS changed_at INTO told FROM participation p WHERE p.network_id = NEW.network_id
      AND p.case_id = NEW.case_id AND p.organization_id = NEW.organization_id ORDER BY p.from_at DESC, p.id DESC LIMIT 1;
    IF NOT FOUND THEN
      SELECT c.status = 'closed' AS closed, c.changed_at INTO told FROM case_file c WHERE c.network_id = NEW.network_id AND c.id = NEW.case_id;
    END IF;
    NEW.case_closed := COALESCE(told.closed, FALSE);
    NEW.case_changed_at := COALESCE(told.changed_at, 0);
  END IF;
  NEW.case_more := again OR (SELECT count(*) > 1 FROM case_file c WHERE c.network_id = NEW.network_id AND c.person_id = NEW.person_id);
  IF again THEN
    UPDATE assignment SET case_more = TRUE WHERE network_id = NEW.network_id AND case_id = NEW.case_id
      AND user_id = NEW.user_id AND organization_id = NEW.organization_id AND id <> NEW.id AND NOT case_more;
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE FUNCTION clock_lead() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  one bigint;
BEGIN
  FOREACH one IN ARRAY CASE WHEN TG_OP = 'UPDATE' AND OLD.case_id <> NEW.case_id THEN ARRAY[OLD.case_id, NEW.case_id]
      ELSE ARRAY[COALESCE(NEW.case_id, OLD.case_id)] END LOOP
    UPDATE case_file c SET
      (clock_lead, clock_settled) = (SELECT CASE count(*) FILTER (WHERE p.until_at IS NULL) WHEN 0 THEN 0
          WHEN 1 THEN max(p.organization_id) FILTER (WHERE p.until_at IS NULL) ELSE -1 END,
        COALESCE(max(greatest(p.from_at, COALESCE(p.until_at, p.from_at))), 0) FROM participation p
        WHERE p.network_id = c.network_id AND p.case_id = c.id AND p.part = 'lead')
    WHERE c.network_id = COALESCE(NEW.network_id, OLD.network_id) AND c.id = one;
  END LOOP;
  RETURN NULL;
END $$;
-- While a table has no statistics, as when the first ledger of a town comes in, PostgreSQL takes of several indexes that begin with the network the newest
-- instead of the key, and reads all of it for each row of the ledger. These begin with what tells rows apart.
DROP INDEX case_file_settled;
DROP INDEX case_file_number;
DROP INDEX record_case;
DROP INDEX record_person;
CREATE INDEX case_file_settled ON case_file (clock_settled, network_id);
CREATE UNIQUE INDEX case_file_number ON case_file (number, network_id);
CREATE INDEX record_case ON record (case_id, network_id, at);
CREATE INDEX record_person ON record (person_id, network_id);
