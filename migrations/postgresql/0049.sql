-- 0049: the clock of a case beside it, so that what is stuck in a whole network is counted on stretches of indexes and read off them in its order, a page
-- at a time. Triggers keep it in the transaction that moves what it is taken from; it is of the case itself, and no decision about who may know:
--   clock_contact  the last contact, or its beginning; none: the case is closed
--   clock_pace     how often it wants contact, by its density: 0 A, 1 B, 2 C
--   clock_next     the next step's day, or empty
--   clock_waiting, clock_silent   since when a receiver's answer is waited for, and when the first of them counts as silence; none: none is
--   clock_lead     who leads: 0 nobody, -1 several at once; as it stands from clock_settled on, when the last of what is written has begun or
--                  ended. Before that instant the participations are asked.
ALTER TABLE case_file ADD COLUMN clock_contact bigint;
ALTER TABLE case_file ADD COLUMN clock_pace bigint NOT NULL DEFAULT 1;
ALTER TABLE case_file ADD COLUMN clock_next text NOT NULL DEFAULT '';
ALTER TABLE case_file ADD COLUMN clock_waiting bigint;
ALTER TABLE case_file ADD COLUMN clock_silent bigint;
ALTER TABLE case_file ADD COLUMN clock_lead bigint NOT NULL DEFAULT 0;
ALTER TABLE case_file ADD COLUMN clock_settled bigint NOT NULL DEFAULT 0;
GRANT UPDATE (clock_contact, clock_pace, clock_next, clock_waiting, clock_silent, clock_lead, clock_settled) ON case_file TO tsunagu_rls;

CREATE FUNCTION clock_case() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  NEW.clock_contact := CASE WHEN NEW.status <> 'closed' THEN COALESCE(NEW.last_contact_at, NEW.opened_at) END;
  NEW.clock_pace := CASE NEW.density WHEN 'A' THEN 0 WHEN 'C' THEN 2 ELSE 1 END;
  NEW.clock_next := COALESCE(NEW.next_date, '');
  IF TG_OP = 'INSERT' THEN
    SELECT min(n.sent_at), min(n.silent_at) INTO NEW.clock_waiting, NEW.clock_silent FROM connection n
      WHERE n.network_id = NEW.network_id AND n.case_id = NEW.id AND n.state IN ('sent', 'received');
    SELECT CASE count(*) FILTER (WHERE p.until_at IS NULL) WHEN 0 THEN 0
        WHEN 1 THEN max(p.organization_id) FILTER (WHERE p.until_at IS NULL) ELSE -1 END,
      COALESCE(max(greatest(p.from_at, COALESCE(p.until_at, p.from_at))), 0) INTO NEW.clock_lead, NEW.clock_settled FROM participation p
      WHERE p.network_id = NEW.network_id AND p.case_id = NEW.id AND p.part = 'lead';
  END IF;
  RETURN NEW;
END $$;
CREATE FUNCTION clock_wait() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  UPDATE case_file c SET
    (clock_waiting, clock_silent) = (SELECT min(n.sent_at), min(n.silent_at) FROM connection n
      WHERE n.network_id = c.network_id AND n.case_id = c.id AND n.state IN ('sent', 'received'))
  WHERE c.network_id = COALESCE(NEW.network_id, OLD.network_id) AND c.id IN (NEW.case_id, OLD.case_id);
  RETURN NULL;
END $$;
CREATE FUNCTION clock_lead() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  UPDATE case_file c SET
    (clock_lead, clock_settled) = (SELECT CASE count(*) FILTER (WHERE p.until_at IS NULL) WHEN 0 THEN 0
        WHEN 1 THEN max(p.organization_id) FILTER (WHERE p.until_at IS NULL) ELSE -1 END,
      COALESCE(max(greatest(p.from_at, COALESCE(p.until_at, p.from_at))), 0) FROM participation p
      WHERE p.network_id = c.network_id AND p.case_id = c.id AND p.part = 'lead')
  WHERE c.network_id = COALESCE(NEW.network_id, OLD.network_id) AND c.id IN (NEW.case_id, OLD.case_id);
  RETURN NULL;
END $$;
-- As the service, past the policies: who writes may not see every organization's rows.
CREATE FUNCTION clock_fill() RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  UPDATE case_file c SET
    clock_contact = CASE WHEN status <> 'closed' THEN COALESCE(last_contact_at, opened_at) END,
    clock_pace = CASE density WHEN 'A' THEN 0 WHEN 'C' THEN 2 ELSE 1 END, clock_next = COALESCE(next_date, ''),
    (clock_waiting, clock_silent) = (SELECT min(n.sent_at), min(n.silent_at) FROM connection n
      WHERE n.network_id = c.network_id AND n.case_id = c.id AND n.state IN ('sent', 'received')),
    (clock_lead, clock_settled) = (SELECT CASE count(*) FILTER (WHERE p.until_at IS NULL) WHEN 0 THEN 0
        WHEN 1 THEN max(p.organization_id) FILTER (WHERE p.until_at IS NULL) ELSE -1 END,
      COALESCE(max(greatest(p.from_at, COALESCE(p.until_at, p.from_at))), 0) FROM participation p
      WHERE p.network_id = c.network_id AND p.case_id = c.id AND p.part = 'lead');
END $$;
ALTER FUNCTION clock_case() OWNER TO tsunagu_rls;
ALTER FUNCTION clock_wait() OWNER TO tsunagu_rls;
ALTER FUNCTION clock_lead() OWNER TO tsunagu_rls;
ALTER FUNCTION clock_fill() OWNER TO tsunagu_rls;
SELECT clock_fill();
DROP FUNCTION clock_fill();
DROP INDEX case_file_clock;
CREATE INDEX case_file_clock ON case_file (network_id, clock_pace, clock_contact, id, clock_next, clock_silent, clock_lead, clock_settled,
  clock_waiting, last_contact_at) WHERE clock_contact IS NOT NULL;
CREATE INDEX case_file_next ON case_file (network_id, clock_next, clock_contact, id, clock_pace, clock_silent, clock_lead, clock_settled)
  WHERE clock_contact IS NOT NULL;
CREATE INDEX case_file_silent ON case_file (network_id, clock_silent, clock_waiting, id, clock_contact) WHERE clock_silent IS NOT NULL;
CREATE INDEX case_file_led ON case_file (network_id, clock_lead, clock_contact, id, person_id, clock_pace, clock_next, clock_silent,
  clock_settled) WHERE clock_contact IS NOT NULL;
CREATE INDEX case_file_settled ON case_file (network_id, clock_settled);

CREATE TRIGGER clock_case BEFORE INSERT OR UPDATE OF status, density, opened_at, last_contact_at, next_date ON case_file FOR EACH ROW
  EXECUTE FUNCTION clock_case();
CREATE TRIGGER clock_add_connection AFTER INSERT ON connection FOR EACH ROW WHEN (NEW.state IN ('sent', 'received')) EXECUTE FUNCTION clock_wait();
CREATE TRIGGER clock_change_connection AFTER UPDATE OF state, sent_at, silent_at, case_id ON connection FOR EACH ROW
  WHEN (NEW.state IN ('sent', 'received') OR OLD.state IN ('sent', 'received')) EXECUTE FUNCTION clock_wait();
CREATE TRIGGER clock_drop_connection AFTER DELETE ON connection FOR EACH ROW WHEN (OLD.state IN ('sent', 'received')) EXECUTE FUNCTION clock_wait();
CREATE TRIGGER clock_add_lead AFTER INSERT ON participation FOR EACH ROW WHEN (NEW.part = 'lead') EXECUTE FUNCTION clock_lead();
CREATE TRIGGER clock_change_lead AFTER UPDATE OF part, from_at, until_at, organization_id, case_id ON participation FOR EACH ROW
  WHEN (NEW.part = 'lead' OR OLD.part = 'lead') EXECUTE FUNCTION clock_lead();
CREATE TRIGGER clock_drop_lead AFTER DELETE ON participation FOR EACH ROW WHEN (OLD.part = 'lead') EXECUTE FUNCTION clock_lead();
