-- 0049: the clock of a case beside it, so that what is stuck in a whole network is counted on stretches of indexes and read off them in its order, a page
-- at a time. Triggers keep it in the transaction that moves what it is taken from; it is of the case itself, and no decision about who may know:
--   clock_contact  the last contact, or its beginning; none: the case is closed
--   clock_pace     how often it wants contact, by its density: 0 A, 1 B, 2 C
--   clock_next     the next step's day, or empty
--   clock_waiting, clock_silent   since when a receiver's answer is waited for, and when the first of them counts as silence; none: none is
--   clock_lead     who leads: 0 nobody, -1 several at once; as it stands from clock_settled on, when the last of what is written has begun or
--                  ended. Before that instant the participations are asked.
ALTER TABLE case_file ADD COLUMN clock_contact INTEGER;
ALTER TABLE case_file ADD COLUMN clock_pace INTEGER NOT NULL DEFAULT 1;
ALTER TABLE case_file ADD COLUMN clock_next TEXT NOT NULL DEFAULT '';
ALTER TABLE case_file ADD COLUMN clock_waiting INTEGER;
ALTER TABLE case_file ADD COLUMN clock_silent INTEGER;
ALTER TABLE case_file ADD COLUMN clock_lead INTEGER NOT NULL DEFAULT 0;
ALTER TABLE case_file ADD COLUMN clock_settled INTEGER NOT NULL DEFAULT 0;
UPDATE case_file SET
    clock_contact = CASE WHEN status <> 'closed' THEN COALESCE(last_contact_at, opened_at) END,
    clock_pace = CASE density WHEN 'A' THEN 0 WHEN 'C' THEN 2 ELSE 1 END, clock_next = COALESCE(next_date, ''),
    (clock_waiting, clock_silent) = (SELECT min(n.sent_at), min(n.silent_at) FROM connection n
      WHERE n.network_id = case_file.network_id AND n.case_id = case_file.id AND n.state IN ('sent', 'received')),
    (clock_lead, clock_settled) = (SELECT CASE count(*) FILTER (WHERE p.until_at IS NULL) WHEN 0 THEN 0
        WHEN 1 THEN max(p.organization_id) FILTER (WHERE p.until_at IS NULL) ELSE -1 END,
      COALESCE(max(max(p.from_at, COALESCE(p.until_at, p.from_at))), 0) FROM participation p
      WHERE p.network_id = case_file.network_id AND p.case_id = case_file.id AND p.part = 'lead');
DROP INDEX case_file_clock;
CREATE INDEX case_file_clock ON case_file (network_id, clock_pace, clock_contact, id, clock_next, clock_silent, clock_lead, clock_settled,
  clock_waiting, last_contact_at) WHERE clock_contact IS NOT NULL;
CREATE INDEX case_file_next ON case_file (network_id, clock_next, clock_contact, id, clock_pace, clock_silent, clock_lead, clock_settled)
  WHERE clock_contact IS NOT NULL;
CREATE INDEX case_file_silent ON case_file (network_id, clock_silent, clock_waiting, id, clock_contact) WHERE clock_silent IS NOT NULL;
CREATE INDEX case_file_led ON case_file (network_id, clock_lead, clock_contact, id, person_id, clock_pace, clock_next, clock_silent,
  clock_settled) WHERE clock_contact IS NOT NULL;
CREATE INDEX case_file_settled ON case_file (network_id, clock_settled);

CREATE TRIGGER clock_add_case AFTER INSERT ON case_file BEGIN
  UPDATE case_file SET
    clock_contact = CASE WHEN status <> 'closed' THEN COALESCE(last_contact_at, opened_at) END,
    clock_pace = CASE density WHEN 'A' THEN 0 WHEN 'C' THEN 2 ELSE 1 END, clock_next = COALESCE(next_date, ''),
    (clock_waiting, clock_silent) = (SELECT min(n.sent_at), min(n.silent_at) FROM connection n
      WHERE n.network_id = NEW.network_id AND n.case_id = NEW.id AND n.state IN ('sent', 'received')),
    (clock_lead, clock_settled) = (SELECT CASE count(*) FILTER (WHERE p.until_at IS NULL) WHEN 0 THEN 0
        WHEN 1 THEN max(p.organization_id) FILTER (WHERE p.until_at IS NULL) ELSE -1 END,
      COALESCE(max(max(p.from_at, COALESCE(p.until_at, p.from_at))), 0) FROM participation p
      WHERE p.network_id = NEW.network_id AND p.case_id = NEW.id AND p.part = 'lead')
  WHERE network_id = NEW.network_id AND id = NEW.id;
END;
CREATE TRIGGER clock_change_case AFTER UPDATE OF status, density, opened_at, last_contact_at, next_date ON case_file
WHEN OLD.status <> NEW.status OR OLD.density <> NEW.density OR OLD.opened_at <> NEW.opened_at
  OR OLD.last_contact_at IS NOT NEW.last_contact_at OR OLD.next_date IS NOT NEW.next_date BEGIN
  UPDATE case_file SET
    clock_contact = CASE WHEN status <> 'closed' THEN COALESCE(last_contact_at, opened_at) END,
    clock_pace = CASE density WHEN 'A' THEN 0 WHEN 'C' THEN 2 ELSE 1 END, clock_next = COALESCE(next_date, '')
  WHERE network_id = NEW.network_id AND id = NEW.id;
END;
CREATE TRIGGER clock_add_connection AFTER INSERT ON connection WHEN NEW.state IN ('sent', 'received') BEGIN
  UPDATE case_file SET
    (clock_waiting, clock_silent) = (SELECT min(n.sent_at), min(n.silent_at) FROM connection n
      WHERE n.network_id = NEW.network_id AND n.case_id = NEW.case_id AND n.state IN ('sent', 'received'))
  WHERE network_id = NEW.network_id AND id = NEW.case_id;
END;
CREATE TRIGGER clock_change_connection AFTER UPDATE OF state, sent_at, silent_at, case_id ON connection
WHEN NEW.state IN ('sent', 'received') OR OLD.state IN ('sent', 'received') BEGIN
  UPDATE case_file SET
    (clock_waiting, clock_silent) = (SELECT min(n.sent_at), min(n.silent_at) FROM connection n
      WHERE n.network_id = NEW.network_id AND n.case_id = NEW.case_id AND n.state IN ('sent', 'received'))
  WHERE network_id = NEW.network_id AND id = NEW.case_id;
END;
CREATE TRIGGER clock_move_connection AFTER UPDATE OF case_id ON connection WHEN OLD.case_id <> NEW.case_id BEGIN
  UPDATE case_file SET
    (clock_waiting, clock_silent) = (SELECT min(n.sent_at), min(n.silent_at) FROM connection n
      WHERE n.network_id = OLD.network_id AND n.case_id = OLD.case_id AND n.state IN ('sent', 'received'))
  WHERE network_id = OLD.network_id AND id = OLD.case_id;
END;
CREATE TRIGGER clock_drop_connection AFTER DELETE ON connection WHEN OLD.state IN ('sent', 'received') BEGIN
  UPDATE case_file SET
    (clock_waiting, clock_silent) = (SELECT min(n.sent_at), min(n.silent_at) FROM connection n
      WHERE n.network_id = OLD.network_id AND n.case_id = OLD.case_id AND n.state IN ('sent', 'received'))
  WHERE network_id = OLD.network_id AND id = OLD.case_id;
END;
CREATE TRIGGER clock_add_lead AFTER INSERT ON participation WHEN NEW.part = 'lead' BEGIN
  UPDATE case_file SET
    (clock_lead, clock_settled) = (SELECT CASE count(*) FILTER (WHERE p.until_at IS NULL) WHEN 0 THEN 0
        WHEN 1 THEN max(p.organization_id) FILTER (WHERE p.until_at IS NULL) ELSE -1 END,
      COALESCE(max(max(p.from_at, COALESCE(p.until_at, p.from_at))), 0) FROM participation p
      WHERE p.network_id = NEW.network_id AND p.case_id = NEW.case_id AND p.part = 'lead')
  WHERE network_id = NEW.network_id AND id = NEW.case_id;
END;
CREATE TRIGGER clock_change_lead AFTER UPDATE OF part, from_at, until_at, organization_id, case_id ON participation
WHEN NEW.part = 'lead' OR OLD.part = 'lead' BEGIN
  UPDATE case_file SET
    (clock_lead, clock_settled) = (SELECT CASE count(*) FILTER (WHERE p.until_at IS NULL) WHEN 0 THEN 0
        WHEN 1 THEN max(p.organization_id) FILTER (WHERE p.until_at IS NULL) ELSE -1 END,
      COALESCE(max(max(p.from_at, COALESCE(p.until_at, p.from_at))), 0) FROM participation p
      WHERE p.network_id = NEW.network_id AND p.case_id = NEW.case_id AND p.part = 'lead')
  WHERE network_id = NEW.network_id AND id = NEW.case_id;
END;
CREATE TRIGGER clock_move_lead AFTER UPDATE OF case_id ON participation WHEN OLD.case_id <> NEW.case_id BEGIN
  UPDATE case_file SET
    (clock_lead, clock_settled) = (SELECT CASE count(*) FILTER (WHERE p.until_at IS NULL) WHEN 0 THEN 0
        WHEN 1 THEN max(p.organization_id) FILTER (WHERE p.until_at IS NULL) ELSE -1 END,
      COALESCE(max(max(p.from_at, COALESCE(p.until_at, p.from_at))), 0) FROM participation p
      WHERE p.network_id = OLD.network_id AND p.case_id = OLD.case_id AND p.part = 'lead')
  WHERE network_id = OLD.network_id AND id = OLD.case_id;
END;
CREATE TRIGGER clock_drop_lead AFTER DELETE ON participation WHEN OLD.part = 'lead' BEGIN
  UPDATE case_file SET
    (clock_lead, clock_settled) = (SELECT CASE count(*) FILTER (WHERE p.until_at IS NULL) WHEN 0 THEN 0
        WHEN 1 THEN max(p.organization_id) FILTER (WHERE p.until_at IS NULL) ELSE -1 END,
      COALESCE(max(max(p.from_at, COALESCE(p.until_at, p.from_at))), 0) FROM participation p
      WHERE p.network_id = OLD.network_id AND p.case_id = OLD.case_id AND p.part = 'lead')
  WHERE network_id = OLD.network_id AND id = OLD.case_id;
END;
