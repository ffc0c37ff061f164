-- 0015: the order of a list beside the participation, so that the page of a manager of thousands of cases is read off an index and its
-- counts too. An index, not a cache: triggers keep it in the transaction that moves the case. case_more: the person may have other cases.
ALTER TABLE participation ADD COLUMN case_closed INTEGER NOT NULL DEFAULT 0;
ALTER TABLE participation ADD COLUMN case_changed_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE participation ADD COLUMN case_more INTEGER NOT NULL DEFAULT 0;
UPDATE participation SET
  case_closed = (SELECT c.status = 'closed' FROM case_file c WHERE c.network_id = participation.network_id AND c.id = participation.case_id),
  case_changed_at = (SELECT c.changed_at FROM case_file c WHERE c.network_id = participation.network_id AND c.id = participation.case_id),
  case_more = (SELECT count(*) > 1 FROM case_file c WHERE c.network_id = participation.network_id AND c.person_id = participation.person_id);
CREATE INDEX participation_list ON participation
  (network_id, organization_id, case_closed, case_changed_at, case_id, person_id, until_at, from_at);
CREATE INDEX participation_more ON participation (network_id, organization_id, person_id, until_at, from_at) WHERE case_more;
CREATE TRIGGER list_add_participation AFTER INSERT ON participation BEGIN
  UPDATE participation SET
    case_closed = COALESCE((SELECT c.status = 'closed' FROM case_file c WHERE c.network_id = NEW.network_id AND c.id = NEW.case_id), 0),
    case_changed_at = COALESCE((SELECT c.changed_at FROM case_file c WHERE c.network_id = NEW.network_id AND c.id = NEW.case_id), 0),
    case_more = (SELECT count(*) > 1 FROM case_file c WHERE c.network_id = NEW.network_id AND c.person_id = NEW.person_id)
  WHERE network_id = NEW.network_id AND id = NEW.id;
END;
CREATE TRIGGER list_change_participation AFTER UPDATE OF case_id, person_id ON participation BEGIN
  UPDATE participation SET
    case_closed = COALESCE((SELECT c.status = 'closed' FROM case_file c WHERE c.network_id = NEW.network_id AND c.id = NEW.case_id), 0),
    case_changed_at = COALESCE((SELECT c.changed_at FROM case_file c WHERE c.network_id = NEW.network_id AND c.id = NEW.case_id), 0),
    case_more = (SELECT count(*) > 1 FROM case_file c WHERE c.network_id = NEW.network_id AND c.person_id = NEW.person_id)
  WHERE network_id = NEW.network_id AND id = NEW.id;
END;
CREATE TRIGGER list_add_case AFTER INSERT ON case_file BEGIN
  UPDATE participation SET case_more = 1 WHERE network_id = NEW.network_id AND person_id = NEW.person_id AND case_id <> NEW.id AND NOT case_more;
END;
CREATE TRIGGER list_change_case AFTER UPDATE OF status, changed_at ON case_file
WHEN OLD.status <> NEW.status OR OLD.changed_at <> NEW.changed_at BEGIN
  UPDATE participation SET case_closed = NEW.status = 'closed', case_changed_at = NEW.changed_at
  WHERE network_id = NEW.network_id AND case_id = NEW.id;
END;
