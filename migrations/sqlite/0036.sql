-- 0036: lists off fewer lookups. What stands beside a participation since 0015 and 0016 stands beside an assignment, too: a worker's cases are then
-- read off an index in their order. case_file.beside says what may be looked for beside a case; a bit that is not set: there is none (1 a
-- connection, 2 a concealment of its person, 4 a line of a ledger). Triggers keep all of it in the transaction that changes it. Found by
-- person first: keys, and the lines of who looked.
ALTER TABLE assignment ADD COLUMN case_closed INTEGER NOT NULL DEFAULT 0;
ALTER TABLE assignment ADD COLUMN case_changed_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE assignment ADD COLUMN case_more INTEGER NOT NULL DEFAULT 0;
ALTER TABLE case_file ADD COLUMN beside INTEGER NOT NULL DEFAULT 0;
UPDATE assignment SET
  case_closed = (SELECT c.status = 'closed' FROM case_file c WHERE c.network_id = assignment.network_id AND c.id = assignment.case_id),
  case_changed_at = (SELECT c.changed_at FROM case_file c WHERE c.network_id = assignment.network_id AND c.id = assignment.case_id),
  case_more = (SELECT count(*) > 1 FROM case_file c WHERE c.network_id = assignment.network_id AND c.person_id = assignment.person_id)
    OR EXISTS (SELECT 1 FROM assignment x WHERE x.network_id = assignment.network_id AND x.case_id = assignment.case_id
      AND x.user_id = assignment.user_id AND x.organization_id = assignment.organization_id AND x.id <> assignment.id);
UPDATE case_file SET beside =
  (EXISTS (SELECT 1 FROM connection n WHERE n.network_id = case_file.network_id AND n.case_id = case_file.id))
  + 2 * (EXISTS (SELECT 1 FROM concealment x WHERE x.network_id = case_file.network_id AND x.person_id = case_file.person_id))
  + 4 * (EXISTS (SELECT 1 FROM ledger_case l WHERE l.network_id = case_file.network_id AND l.case_id = case_file.id));
CREATE INDEX assignment_list ON assignment
  (network_id, user_id, organization_id, case_closed, case_changed_at, case_id, person_id, until_at, from_at, case_more) WHERE NOT case_more;
CREATE INDEX assignment_more ON assignment (network_id, user_id, organization_id, person_id, until_at, from_at) WHERE case_more;
DROP INDEX case_file_person;
CREATE INDEX case_file_person ON case_file
  (person_id, network_id, status, changed_at, id, number, density, next_date, last_contact_at, beside);
CREATE INDEX person_key_person ON person_key (person_id, network_id, epoch, wrapped);
CREATE TABLE seen_by_person (
  network_id INTEGER NOT NULL,
  person_id INTEGER NOT NULL,
  day TEXT NOT NULL,
  user_id INTEGER NOT NULL,
  organization_id INTEGER NOT NULL,
  action INTEGER NOT NULL,
  reason INTEGER NOT NULL,
  reason_ref INTEGER NOT NULL,
  first_at INTEGER NOT NULL,
  PRIMARY KEY (person_id, network_id, day, user_id, organization_id, action, reason, reason_ref)
) STRICT, WITHOUT ROWID;
INSERT INTO seen_by_person (network_id, person_id, day, user_id, organization_id, action, reason, reason_ref, first_at)
  SELECT network_id, person_id, day, user_id, organization_id, action, reason, reason_ref, first_at FROM seen;
DROP TABLE seen;
ALTER TABLE seen_by_person RENAME TO seen;

CREATE TRIGGER list_add_assignment AFTER INSERT ON assignment BEGIN
  UPDATE assignment SET
    case_closed = COALESCE((SELECT c.status = 'closed' FROM case_file c WHERE c.network_id = NEW.network_id AND c.id = NEW.case_id), 0),
    case_changed_at = COALESCE((SELECT c.changed_at FROM case_file c WHERE c.network_id = NEW.network_id AND c.id = NEW.case_id), 0),
    case_more = (SELECT count(*) > 1 FROM case_file c WHERE c.network_id = NEW.network_id AND c.person_id = NEW.person_id)
      OR EXISTS (SELECT 1 FROM assignment x WHERE x.network_id = NEW.network_id AND x.case_id = NEW.case_id
        AND x.user_id = NEW.user_id AND x.organization_id = NEW.organization_id AND x.id <> NEW.id)
  WHERE network_id = NEW.network_id AND id = NEW.id;
  UPDATE assignment SET case_more = 1 WHERE network_id = NEW.network_id AND case_id = NEW.case_id
    AND user_id = NEW.user_id AND organization_id = NEW.organization_id AND id <> NEW.id AND NOT case_more;
END;
CREATE TRIGGER list_change_assignment AFTER UPDATE OF case_id, person_id, user_id, organization_id ON assignment BEGIN
  UPDATE assignment SET
    case_closed = COALESCE((SELECT c.status = 'closed' FROM case_file c WHERE c.network_id = NEW.network_id AND c.id = NEW.case_id), 0),
    case_changed_at = COALESCE((SELECT c.changed_at FROM case_file c WHERE c.network_id = NEW.network_id AND c.id = NEW.case_id), 0),
    case_more = (SELECT count(*) > 1 FROM case_file c WHERE c.network_id = NEW.network_id AND c.person_id = NEW.person_id)
      OR EXISTS (SELECT 1 FROM assignment x WHERE x.network_id = NEW.network_id AND x.case_id = NEW.case_id
        AND x.user_id = NEW.user_id AND x.organization_id = NEW.organization_id AND x.id <> NEW.id)
  WHERE network_id = NEW.network_id AND id = NEW.id;
  UPDATE assignment SET case_more = 1 WHERE network_id = NEW.network_id AND case_id = NEW.case_id
    AND user_id = NEW.user_id AND organization_id = NEW.organization_id AND id <> NEW.id AND NOT case_more;
END;
CREATE TRIGGER list_add_case_of_assigned AFTER INSERT ON case_file BEGIN
  UPDATE assignment SET case_more = 1 WHERE network_id = NEW.network_id AND person_id = NEW.person_id AND case_id <> NEW.id AND NOT case_more;
END;
CREATE TRIGGER list_change_case_of_assigned AFTER UPDATE OF status, changed_at ON case_file
WHEN OLD.status <> NEW.status OR OLD.changed_at <> NEW.changed_at BEGIN
  UPDATE assignment SET case_closed = NEW.status = 'closed', case_changed_at = NEW.changed_at
  WHERE network_id = NEW.network_id AND case_id = NEW.id;
END;

CREATE TRIGGER beside_add_case AFTER INSERT ON case_file BEGIN
  UPDATE case_file SET beside = beside | 2 WHERE network_id = NEW.network_id AND id = NEW.id
    AND EXISTS (SELECT 1 FROM concealment x WHERE x.network_id = NEW.network_id AND x.person_id = NEW.person_id);
END;
CREATE TRIGGER beside_add_connection AFTER INSERT ON connection BEGIN
  UPDATE case_file SET beside = beside | 1 WHERE network_id = NEW.network_id AND id = NEW.case_id AND (beside & 1) = 0;
END;
CREATE TRIGGER beside_change_connection AFTER UPDATE OF case_id ON connection BEGIN
  UPDATE case_file SET beside = beside | 1 WHERE network_id = NEW.network_id AND id = NEW.case_id AND (beside & 1) = 0;
END;
CREATE TRIGGER beside_add_concealment AFTER INSERT ON concealment BEGIN
  UPDATE case_file SET beside = beside | 2 WHERE network_id = NEW.network_id AND person_id = NEW.person_id AND (beside & 2) = 0;
END;
CREATE TRIGGER beside_change_concealment AFTER UPDATE OF person_id ON concealment BEGIN
  UPDATE case_file SET beside = beside | 2 WHERE network_id = NEW.network_id AND person_id = NEW.person_id AND (beside & 2) = 0;
END;
CREATE TRIGGER beside_add_ledger AFTER INSERT ON ledger_case BEGIN
  UPDATE case_file SET beside = beside | 4 WHERE network_id = NEW.network_id AND id = NEW.case_id AND (beside & 4) = 0;
END;
