-- 0011: what the facts were. fact_log keeps every fact as it stood from one fact_rev to the next: triggers write it, so that nobody forgets, and
-- they count network_rev.fact_rev up, so that each change of a fact is a revision of its own. With it `tsunagu audit verify --rederive`
-- decides every logged look once more by the facts of its revision. A row stands at revision r when since_rev <= r and (until_rev is NULL
-- or r < until_rev). The columns are those of src/access/facts_sql.c; kind is its enum fact_kind, subject_id the person (of a membership
-- the user, of the network's rule 0), row_id and part_id name the row in its table. What was there before this migration stands from the
-- revision at which it ran (network_rev.log_from). A row that the log knows as standing
-- when it is inserted is not logged again: a network that is brought in whole brings its log first.

CREATE TABLE fact_log (
  network_id INTEGER NOT NULL,
  subject_id INTEGER NOT NULL,
  kind INTEGER NOT NULL,
  row_id INTEGER NOT NULL,
  part_id INTEGER NOT NULL,
  since_rev INTEGER NOT NULL,
  until_rev INTEGER,
  id INTEGER NOT NULL,
  organization_id INTEGER,
  user_id INTEGER,
  other_id INTEGER,
  bits INTEGER NOT NULL,
  text TEXT NOT NULL,
  text2 TEXT NOT NULL,
  flag1 INTEGER NOT NULL,
  flag2 INTEGER NOT NULL,
  flag3 INTEGER NOT NULL,
  from_at INTEGER NOT NULL,
  until_at INTEGER,
  PRIMARY KEY (network_id, subject_id, kind, row_id, part_id, since_rev)
) STRICT, WITHOUT ROWID;
ALTER TABLE network_rev ADD COLUMN log_from INTEGER NOT NULL DEFAULT 0;
UPDATE network_rev SET log_from = fact_rev;
-- The facts as they stand.
CREATE VIEW fact_row (network_id, subject_id, kind, row_id, part_id, id, organization_id, user_id, other_id, bits, text, text2, flag1, flag2, flag3, from_at,
    until_at) AS
  SELECT network_id, user_id, 1, id, 0, id, organization_id, user_id, 0, 0, role, '', FALSE, FALSE, FALSE, from_at, until_at FROM membership
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
INSERT INTO fact_log (network_id, subject_id, kind, row_id, part_id, id, organization_id, user_id, other_id, bits, text, text2, flag1, flag2, flag3,
  from_at, until_at, since_rev)
SELECT f.network_id, f.subject_id, f.kind, f.row_id, f.part_id, f.id, f.organization_id, f.user_id, f.other_id, f.bits, f.text, f.text2, f.flag1,
  f.flag2, f.flag3, f.from_at, f.until_at, v.fact_rev FROM fact_row f JOIN network_rev v ON v.network_id = f.network_id WHERE TRUE;

CREATE TRIGGER fact_add_membership AFTER INSERT ON membership
WHEN NOT EXISTS (SELECT 1 FROM fact_log l WHERE l.network_id = NEW.network_id AND l.subject_id = NEW.user_id AND l.kind = 1 AND l.row_id = NEW.id AND l.until_rev IS NULL) BEGIN
  UPDATE network_rev SET fact_rev = fact_rev + 1 WHERE network_id = NEW.network_id;
  INSERT INTO fact_log (network_id, subject_id, kind, row_id, part_id, id, organization_id, user_id, other_id, bits, text, text2, flag1, flag2, flag3,
    from_at, until_at, since_rev)
  SELECT f.network_id, f.subject_id, f.kind, f.row_id, f.part_id, f.id, f.organization_id, f.user_id, f.other_id, f.bits, f.text, f.text2, f.flag1,
    f.flag2, f.flag3, f.from_at, f.until_at, v.fact_rev FROM network_rev v JOIN fact_row f ON f.network_id = v.network_id
  WHERE v.network_id = NEW.network_id AND f.kind = 1 AND f.row_id = NEW.id;
END;
CREATE TRIGGER fact_change_membership AFTER UPDATE OF user_id, organization_id, role, from_at, until_at ON membership BEGIN
  UPDATE network_rev SET fact_rev = fact_rev + 1 WHERE network_id = NEW.network_id;
  UPDATE fact_log SET until_rev = (SELECT v.fact_rev FROM network_rev v WHERE v.network_id = OLD.network_id)
  WHERE network_id = OLD.network_id AND subject_id = OLD.user_id AND kind = 1 AND row_id = OLD.id AND until_rev IS NULL;
  INSERT INTO fact_log (network_id, subject_id, kind, row_id, part_id, id, organization_id, user_id, other_id, bits, text, text2, flag1, flag2, flag3,
    from_at, until_at, since_rev)
  SELECT f.network_id, f.subject_id, f.kind, f.row_id, f.part_id, f.id, f.organization_id, f.user_id, f.other_id, f.bits, f.text, f.text2, f.flag1,
    f.flag2, f.flag3, f.from_at, f.until_at, v.fact_rev FROM network_rev v JOIN fact_row f ON f.network_id = v.network_id
  WHERE v.network_id = NEW.network_id AND f.kind = 1 AND f.row_id = NEW.id;
END;
CREATE TRIGGER fact_drop_membership AFTER DELETE ON membership BEGIN
  UPDATE network_rev SET fact_rev = fact_rev + 1 WHERE network_id = OLD.network_id;
  UPDATE fact_log SET until_rev = (SELECT v.fact_rev FROM network_rev v WHERE v.network_id = OLD.network_id)
  WHERE network_id = OLD.network_id AND subject_id = OLD.user_id AND kind = 1 AND row_id = OLD.id AND until_rev IS NULL;
END;
CREATE TRIGGER fact_add_participation AFTER INSERT ON participation
WHEN NOT EXISTS (SELECT 1 FROM fact_log l WHERE l.network_id = NEW.network_id AND l.subject_id = NEW.person_id AND l.kind = 2 AND l.row_id = NEW.id AND l.until_rev IS NULL) BEGIN
  UPDATE network_rev SET fact_rev = fact_rev + 1 WHERE network_id = NEW.network_id;
  INSERT INTO fact_log (network_id, subject_id, kind, row_id, part_id, id, organization_id, user_id, other_id, bits, text, text2, flag1, flag2, flag3,
    from_at, until_at, since_rev)
  SELECT f.network_id, f.subject_id, f.kind, f.row_id, f.part_id, f.id, f.organization_id, f.user_id, f.other_id, f.bits, f.text, f.text2, f.flag1,
    f.flag2, f.flag3, f.from_at, f.until_at, v.fact_rev FROM network_rev v JOIN fact_row f ON f.network_id = v.network_id
  WHERE v.network_id = NEW.network_id AND f.kind = 2 AND f.row_id = NEW.id;
END;
CREATE TRIGGER fact_change_participation AFTER UPDATE OF person_id, case_id, organization_id, part, from_at, until_at ON participation BEGIN
  UPDATE network_rev SET fact_rev = fact_rev + 1 WHERE network_id = NEW.network_id;
  UPDATE fact_log SET until_rev = (SELECT v.fact_rev FROM network_rev v WHERE v.network_id = OLD.network_id)
  WHERE network_id = OLD.network_id AND subject_id = OLD.person_id AND kind = 2 AND row_id = OLD.id AND until_rev IS NULL;
  INSERT INTO fact_log (network_id, subject_id, kind, row_id, part_id, id, organization_id, user_id, other_id, bits, text, text2, flag1, flag2, flag3,
    from_at, until_at, since_rev)
  SELECT f.network_id, f.subject_id, f.kind, f.row_id, f.part_id, f.id, f.organization_id, f.user_id, f.other_id, f.bits, f.text, f.text2, f.flag1,
    f.flag2, f.flag3, f.from_at, f.until_at, v.fact_rev FROM network_rev v JOIN fact_row f ON f.network_id = v.network_id
  WHERE v.network_id = NEW.network_id AND f.kind = 2 AND f.row_id = NEW.id;
END;
CREATE TRIGGER fact_drop_participation AFTER DELETE ON participation BEGIN
  UPDATE network_rev SET fact_rev = fact_rev + 1 WHERE network_id = OLD.network_id;
  UPDATE fact_log SET until_rev = (SELECT v.fact_rev FROM network_rev v WHERE v.network_id = OLD.network_id)
  WHERE network_id = OLD.network_id AND subject_id = OLD.person_id AND kind = 2 AND row_id = OLD.id AND until_rev IS NULL;
END;
CREATE TRIGGER fact_add_assignment AFTER INSERT ON assignment
WHEN NOT EXISTS (SELECT 1 FROM fact_log l WHERE l.network_id = NEW.network_id AND l.subject_id = NEW.person_id AND l.kind = 3 AND l.row_id = NEW.id AND l.until_rev IS NULL) BEGIN
  UPDATE network_rev SET fact_rev = fact_rev + 1 WHERE network_id = NEW.network_id;
  INSERT INTO fact_log (network_id, subject_id, kind, row_id, part_id, id, organization_id, user_id, other_id, bits, text, text2, flag1, flag2, flag3,
    from_at, until_at, since_rev)
  SELECT f.network_id, f.subject_id, f.kind, f.row_id, f.part_id, f.id, f.organization_id, f.user_id, f.other_id, f.bits, f.text, f.text2, f.flag1,
    f.flag2, f.flag3, f.from_at, f.until_at, v.fact_rev FROM network_rev v JOIN fact_row f ON f.network_id = v.network_id
  WHERE v.network_id = NEW.network_id AND f.kind = 3 AND f.row_id = NEW.id;
END;
CREATE TRIGGER fact_change_assignment AFTER UPDATE OF person_id, case_id, user_id, organization_id, from_at, until_at ON assignment BEGIN
  UPDATE network_rev SET fact_rev = fact_rev + 1 WHERE network_id = NEW.network_id;
  UPDATE fact_log SET until_rev = (SELECT v.fact_rev FROM network_rev v WHERE v.network_id = OLD.network_id)
  WHERE network_id = OLD.network_id AND subject_id = OLD.person_id AND kind = 3 AND row_id = OLD.id AND until_rev IS NULL;
  INSERT INTO fact_log (network_id, subject_id, kind, row_id, part_id, id, organization_id, user_id, other_id, bits, text, text2, flag1, flag2, flag3,
    from_at, until_at, since_rev)
  SELECT f.network_id, f.subject_id, f.kind, f.row_id, f.part_id, f.id, f.organization_id, f.user_id, f.other_id, f.bits, f.text, f.text2, f.flag1,
    f.flag2, f.flag3, f.from_at, f.until_at, v.fact_rev FROM network_rev v JOIN fact_row f ON f.network_id = v.network_id
  WHERE v.network_id = NEW.network_id AND f.kind = 3 AND f.row_id = NEW.id;
END;
CREATE TRIGGER fact_drop_assignment AFTER DELETE ON assignment BEGIN
  UPDATE network_rev SET fact_rev = fact_rev + 1 WHERE network_id = OLD.network_id;
  UPDATE fact_log SET until_rev = (SELECT v.fact_rev FROM network_rev v WHERE v.network_id = OLD.network_id)
  WHERE network_id = OLD.network_id AND subject_id = OLD.person_id AND kind = 3 AND row_id = OLD.id AND until_rev IS NULL;
END;
CREATE TRIGGER fact_add_connection AFTER INSERT ON connection
WHEN NOT EXISTS (SELECT 1 FROM fact_log l WHERE l.network_id = NEW.network_id AND l.subject_id = NEW.person_id AND l.kind = 4 AND l.row_id = NEW.id AND l.until_rev IS NULL) AND NEW.sent_at IS NOT NULL BEGIN
  UPDATE network_rev SET fact_rev = fact_rev + 1 WHERE network_id = NEW.network_id;
  INSERT INTO fact_log (network_id, subject_id, kind, row_id, part_id, id, organization_id, user_id, other_id, bits, text, text2, flag1, flag2, flag3,
    from_at, until_at, since_rev)
  SELECT f.network_id, f.subject_id, f.kind, f.row_id, f.part_id, f.id, f.organization_id, f.user_id, f.other_id, f.bits, f.text, f.text2, f.flag1,
    f.flag2, f.flag3, f.from_at, f.until_at, v.fact_rev FROM network_rev v JOIN fact_row f ON f.network_id = v.network_id
  WHERE v.network_id = NEW.network_id AND f.kind = 4 AND f.row_id = NEW.id;
END;
CREATE TRIGGER fact_change_connection AFTER UPDATE OF person_id, case_id, to_organization_id, state, sent_at, closed_at, changed_at ON connection
WHEN OLD.sent_at IS NOT NEW.sent_at OR OLD.to_organization_id <> NEW.to_organization_id
  OR CASE WHEN OLD.closed_at IS NOT NULL THEN OLD.closed_at WHEN OLD.state IN ('declined', 'closed', 'withdrawn', 'expired') THEN OLD.changed_at END
  IS NOT CASE WHEN NEW.closed_at IS NOT NULL THEN NEW.closed_at WHEN NEW.state IN ('declined', 'closed', 'withdrawn', 'expired') THEN NEW.changed_at END BEGIN
  UPDATE network_rev SET fact_rev = fact_rev + 1 WHERE network_id = NEW.network_id;
  UPDATE fact_log SET until_rev = (SELECT v.fact_rev FROM network_rev v WHERE v.network_id = OLD.network_id)
  WHERE network_id = OLD.network_id AND subject_id = OLD.person_id AND kind = 4 AND row_id = OLD.id AND until_rev IS NULL;
  INSERT INTO fact_log (network_id, subject_id, kind, row_id, part_id, id, organization_id, user_id, other_id, bits, text, text2, flag1, flag2, flag3,
    from_at, until_at, since_rev)
  SELECT f.network_id, f.subject_id, f.kind, f.row_id, f.part_id, f.id, f.organization_id, f.user_id, f.other_id, f.bits, f.text, f.text2, f.flag1,
    f.flag2, f.flag3, f.from_at, f.until_at, v.fact_rev FROM network_rev v JOIN fact_row f ON f.network_id = v.network_id
  WHERE v.network_id = NEW.network_id AND f.kind = 4 AND f.row_id = NEW.id;
END;
CREATE TRIGGER fact_drop_connection AFTER DELETE ON connection WHEN OLD.sent_at IS NOT NULL BEGIN
  UPDATE network_rev SET fact_rev = fact_rev + 1 WHERE network_id = OLD.network_id;
  UPDATE fact_log SET until_rev = (SELECT v.fact_rev FROM network_rev v WHERE v.network_id = OLD.network_id)
  WHERE network_id = OLD.network_id AND subject_id = OLD.person_id AND kind = 4 AND row_id = OLD.id AND until_rev IS NULL;
END;
CREATE TRIGGER fact_add_guardian AFTER INSERT ON guardian
WHEN NOT EXISTS (SELECT 1 FROM fact_log l WHERE l.network_id = NEW.network_id AND l.subject_id = NEW.person_id AND l.kind = 5 AND l.row_id = NEW.id AND l.until_rev IS NULL) BEGIN
  UPDATE network_rev SET fact_rev = fact_rev + 1 WHERE network_id = NEW.network_id;
  INSERT INTO fact_log (network_id, subject_id, kind, row_id, part_id, id, organization_id, user_id, other_id, bits, text, text2, flag1, flag2, flag3,
    from_at, until_at, since_rev)
  SELECT f.network_id, f.subject_id, f.kind, f.row_id, f.part_id, f.id, f.organization_id, f.user_id, f.other_id, f.bits, f.text, f.text2, f.flag1,
    f.flag2, f.flag3, f.from_at, f.until_at, v.fact_rev FROM network_rev v JOIN fact_row f ON f.network_id = v.network_id
  WHERE v.network_id = NEW.network_id AND f.kind = 5 AND f.row_id = NEW.id;
END;
CREATE TRIGGER fact_change_guardian AFTER UPDATE OF person_id, authority, from_at, until_at ON guardian BEGIN
  UPDATE network_rev SET fact_rev = fact_rev + 1 WHERE network_id = NEW.network_id;
  UPDATE fact_log SET until_rev = (SELECT v.fact_rev FROM network_rev v WHERE v.network_id = OLD.network_id)
  WHERE network_id = OLD.network_id AND subject_id = OLD.person_id AND kind = 5 AND row_id = OLD.id AND until_rev IS NULL;
  INSERT INTO fact_log (network_id, subject_id, kind, row_id, part_id, id, organization_id, user_id, other_id, bits, text, text2, flag1, flag2, flag3,
    from_at, until_at, since_rev)
  SELECT f.network_id, f.subject_id, f.kind, f.row_id, f.part_id, f.id, f.organization_id, f.user_id, f.other_id, f.bits, f.text, f.text2, f.flag1,
    f.flag2, f.flag3, f.from_at, f.until_at, v.fact_rev FROM network_rev v JOIN fact_row f ON f.network_id = v.network_id
  WHERE v.network_id = NEW.network_id AND f.kind = 5 AND f.row_id = NEW.id;
END;
CREATE TRIGGER fact_drop_guardian AFTER DELETE ON guardian BEGIN
  UPDATE network_rev SET fact_rev = fact_rev + 1 WHERE network_id = OLD.network_id;
  UPDATE fact_log SET until_rev = (SELECT v.fact_rev FROM network_rev v WHERE v.network_id = OLD.network_id)
  WHERE network_id = OLD.network_id AND subject_id = OLD.person_id AND kind = 5 AND row_id = OLD.id AND until_rev IS NULL;
END;
CREATE TRIGGER fact_add_invitation AFTER INSERT ON invitation
WHEN NOT EXISTS (SELECT 1 FROM fact_log l WHERE l.network_id = NEW.network_id AND l.subject_id = NEW.person_id AND l.kind = 8 AND l.row_id = NEW.id AND l.until_rev IS NULL) BEGIN
  UPDATE network_rev SET fact_rev = fact_rev + 1 WHERE network_id = NEW.network_id;
  INSERT INTO fact_log (network_id, subject_id, kind, row_id, part_id, id, organization_id, user_id, other_id, bits, text, text2, flag1, flag2, flag3,
    from_at, until_at, since_rev)
  SELECT f.network_id, f.subject_id, f.kind, f.row_id, f.part_id, f.id, f.organization_id, f.user_id, f.other_id, f.bits, f.text, f.text2, f.flag1,
    f.flag2, f.flag3, f.from_at, f.until_at, v.fact_rev FROM network_rev v JOIN fact_row f ON f.network_id = v.network_id
  WHERE v.network_id = NEW.network_id AND f.kind = 8 AND f.row_id = NEW.id;
END;
CREATE TRIGGER fact_change_invitation AFTER UPDATE OF person_id, meeting_id, organization_id, user_id, categories, from_at, until_at ON invitation BEGIN
  UPDATE network_rev SET fact_rev = fact_rev + 1 WHERE network_id = NEW.network_id;
  UPDATE fact_log SET until_rev = (SELECT v.fact_rev FROM network_rev v WHERE v.network_id = OLD.network_id)
  WHERE network_id = OLD.network_id AND subject_id = OLD.person_id AND kind = 8 AND row_id = OLD.id AND until_rev IS NULL;
  INSERT INTO fact_log (network_id, subject_id, kind, row_id, part_id, id, organization_id, user_id, other_id, bits, text, text2, flag1, flag2, flag3,
    from_at, until_at, since_rev)
  SELECT f.network_id, f.subject_id, f.kind, f.row_id, f.part_id, f.id, f.organization_id, f.user_id, f.other_id, f.bits, f.text, f.text2, f.flag1,
    f.flag2, f.flag3, f.from_at, f.until_at, v.fact_rev FROM network_rev v JOIN fact_row f ON f.network_id = v.network_id
  WHERE v.network_id = NEW.network_id AND f.kind = 8 AND f.row_id = NEW.id;
END;
CREATE TRIGGER fact_drop_invitation AFTER DELETE ON invitation BEGIN
  UPDATE network_rev SET fact_rev = fact_rev + 1 WHERE network_id = OLD.network_id;
  UPDATE fact_log SET until_rev = (SELECT v.fact_rev FROM network_rev v WHERE v.network_id = OLD.network_id)
  WHERE network_id = OLD.network_id AND subject_id = OLD.person_id AND kind = 8 AND row_id = OLD.id AND until_rev IS NULL;
END;
CREATE TRIGGER fact_add_restriction AFTER INSERT ON restriction
WHEN NOT EXISTS (SELECT 1 FROM fact_log l WHERE l.network_id = NEW.network_id AND l.subject_id = NEW.person_id AND l.kind = 9 AND l.row_id = NEW.id AND l.until_rev IS NULL) BEGIN
  UPDATE network_rev SET fact_rev = fact_rev + 1 WHERE network_id = NEW.network_id;
  INSERT INTO fact_log (network_id, subject_id, kind, row_id, part_id, id, organization_id, user_id, other_id, bits, text, text2, flag1, flag2, flag3,
    from_at, until_at, since_rev)
  SELECT f.network_id, f.subject_id, f.kind, f.row_id, f.part_id, f.id, f.organization_id, f.user_id, f.other_id, f.bits, f.text, f.text2, f.flag1,
    f.flag2, f.flag3, f.from_at, f.until_at, v.fact_rev FROM network_rev v JOIN fact_row f ON f.network_id = v.network_id
  WHERE v.network_id = NEW.network_id AND f.kind = 9 AND f.row_id = NEW.id;
END;
CREATE TRIGGER fact_change_restriction AFTER UPDATE OF person_id, organization_id, user_id, guardian_id, categories, breakable, from_at, until_at ON restriction BEGIN
  UPDATE network_rev SET fact_rev = fact_rev + 1 WHERE network_id = NEW.network_id;
  UPDATE fact_log SET until_rev = (SELECT v.fact_rev FROM network_rev v WHERE v.network_id = OLD.network_id)
  WHERE network_id = OLD.network_id AND subject_id = OLD.person_id AND kind = 9 AND row_id = OLD.id AND until_rev IS NULL;
  INSERT INTO fact_log (network_id, subject_id, kind, row_id, part_id, id, organization_id, user_id, other_id, bits, text, text2, flag1, flag2, flag3,
    from_at, until_at, since_rev)
  SELECT f.network_id, f.subject_id, f.kind, f.row_id, f.part_id, f.id, f.organization_id, f.user_id, f.other_id, f.bits, f.text, f.text2, f.flag1,
    f.flag2, f.flag3, f.from_at, f.until_at, v.fact_rev FROM network_rev v JOIN fact_row f ON f.network_id = v.network_id
  WHERE v.network_id = NEW.network_id AND f.kind = 9 AND f.row_id = NEW.id;
END;
CREATE TRIGGER fact_drop_restriction AFTER DELETE ON restriction BEGIN
  UPDATE network_rev SET fact_rev = fact_rev + 1 WHERE network_id = OLD.network_id;
  UPDATE fact_log SET until_rev = (SELECT v.fact_rev FROM network_rev v WHERE v.network_id = OLD.network_id)
  WHERE network_id = OLD.network_id AND subject_id = OLD.person_id AND kind = 9 AND row_id = OLD.id AND until_rev IS NULL;
END;
CREATE TRIGGER fact_add_concealment AFTER INSERT ON concealment
WHEN NOT EXISTS (SELECT 1 FROM fact_log l WHERE l.network_id = NEW.network_id AND l.subject_id = NEW.person_id AND l.kind = 10 AND l.row_id = NEW.id AND l.until_rev IS NULL) BEGIN
  UPDATE network_rev SET fact_rev = fact_rev + 1 WHERE network_id = NEW.network_id;
  INSERT INTO fact_log (network_id, subject_id, kind, row_id, part_id, id, organization_id, user_id, other_id, bits, text, text2, flag1, flag2, flag3,
    from_at, until_at, since_rev)
  SELECT f.network_id, f.subject_id, f.kind, f.row_id, f.part_id, f.id, f.organization_id, f.user_id, f.other_id, f.bits, f.text, f.text2, f.flag1,
    f.flag2, f.flag3, f.from_at, f.until_at, v.fact_rev FROM network_rev v JOIN fact_row f ON f.network_id = v.network_id
  WHERE v.network_id = NEW.network_id AND f.kind = 10 AND f.row_id = NEW.id;
END;
CREATE TRIGGER fact_change_concealment AFTER UPDATE OF person_id, items, from_at, until_at ON concealment BEGIN
  UPDATE network_rev SET fact_rev = fact_rev + 1 WHERE network_id = NEW.network_id;
  UPDATE fact_log SET until_rev = (SELECT v.fact_rev FROM network_rev v WHERE v.network_id = OLD.network_id)
  WHERE network_id = OLD.network_id AND subject_id = OLD.person_id AND kind = 10 AND row_id = OLD.id AND until_rev IS NULL;
  INSERT INTO fact_log (network_id, subject_id, kind, row_id, part_id, id, organization_id, user_id, other_id, bits, text, text2, flag1, flag2, flag3,
    from_at, until_at, since_rev)
  SELECT f.network_id, f.subject_id, f.kind, f.row_id, f.part_id, f.id, f.organization_id, f.user_id, f.other_id, f.bits, f.text, f.text2, f.flag1,
    f.flag2, f.flag3, f.from_at, f.until_at, v.fact_rev FROM network_rev v JOIN fact_row f ON f.network_id = v.network_id
  WHERE v.network_id = NEW.network_id AND f.kind = 10 AND f.row_id = NEW.id;
END;
CREATE TRIGGER fact_drop_concealment AFTER DELETE ON concealment BEGIN
  UPDATE network_rev SET fact_rev = fact_rev + 1 WHERE network_id = OLD.network_id;
  UPDATE fact_log SET until_rev = (SELECT v.fact_rev FROM network_rev v WHERE v.network_id = OLD.network_id)
  WHERE network_id = OLD.network_id AND subject_id = OLD.person_id AND kind = 10 AND row_id = OLD.id AND until_rev IS NULL;
END;
CREATE TRIGGER fact_add_concealment_holder AFTER INSERT ON concealment_holder
WHEN NOT EXISTS (SELECT 1 FROM fact_log l WHERE l.network_id = NEW.network_id AND l.subject_id = NEW.person_id AND l.kind = 11 AND l.row_id = NEW.concealment_id
  AND l.part_id = NEW.user_id AND l.until_rev IS NULL) BEGIN
  UPDATE network_rev SET fact_rev = fact_rev + 1 WHERE network_id = NEW.network_id;
  INSERT INTO fact_log (network_id, subject_id, kind, row_id, part_id, id, organization_id, user_id, other_id, bits, text, text2, flag1, flag2, flag3,
    from_at, until_at, since_rev)
  SELECT f.network_id, f.subject_id, f.kind, f.row_id, f.part_id, f.id, f.organization_id, f.user_id, f.other_id, f.bits, f.text, f.text2, f.flag1,
    f.flag2, f.flag3, f.from_at, f.until_at, v.fact_rev FROM network_rev v JOIN fact_row f ON f.network_id = v.network_id
  WHERE v.network_id = NEW.network_id AND f.kind = 11 AND f.row_id = NEW.concealment_id AND f.part_id = NEW.user_id;
END;
CREATE TRIGGER fact_change_concealment_holder AFTER UPDATE OF person_id, user_id, from_at, until_at ON concealment_holder BEGIN
  UPDATE network_rev SET fact_rev = fact_rev + 1 WHERE network_id = NEW.network_id;
  UPDATE fact_log SET until_rev = (SELECT v.fact_rev FROM network_rev v WHERE v.network_id = OLD.network_id)
  WHERE network_id = OLD.network_id AND subject_id = OLD.person_id AND kind = 11 AND row_id = OLD.concealment_id AND part_id = OLD.user_id AND until_rev IS NULL;
  INSERT INTO fact_log (network_id, subject_id, kind, row_id, part_id, id, organization_id, user_id, other_id, bits, text, text2, flag1, flag2, flag3,
    from_at, until_at, since_rev)
  SELECT f.network_id, f.subject_id, f.kind, f.row_id, f.part_id, f.id, f.organization_id, f.user_id, f.other_id, f.bits, f.text, f.text2, f.flag1,
    f.flag2, f.flag3, f.from_at, f.until_at, v.fact_rev FROM network_rev v JOIN fact_row f ON f.network_id = v.network_id
  WHERE v.network_id = NEW.network_id AND f.kind = 11 AND f.row_id = NEW.concealment_id AND f.part_id = NEW.user_id;
END;
CREATE TRIGGER fact_drop_concealment_holder AFTER DELETE ON concealment_holder BEGIN
  UPDATE network_rev SET fact_rev = fact_rev + 1 WHERE network_id = OLD.network_id;
  UPDATE fact_log SET until_rev = (SELECT v.fact_rev FROM network_rev v WHERE v.network_id = OLD.network_id)
  WHERE network_id = OLD.network_id AND subject_id = OLD.person_id AND kind = 11 AND row_id = OLD.concealment_id AND part_id = OLD.user_id AND until_rev IS NULL;
END;
CREATE TRIGGER fact_add_break_glass AFTER INSERT ON break_glass
WHEN NOT EXISTS (SELECT 1 FROM fact_log l WHERE l.network_id = NEW.network_id AND l.subject_id = NEW.person_id AND l.kind = 12 AND l.row_id = NEW.id AND l.until_rev IS NULL) BEGIN
  UPDATE network_rev SET fact_rev = fact_rev + 1 WHERE network_id = NEW.network_id;
  INSERT INTO fact_log (network_id, subject_id, kind, row_id, part_id, id, organization_id, user_id, other_id, bits, text, text2, flag1, flag2, flag3,
    from_at, until_at, since_rev)
  SELECT f.network_id, f.subject_id, f.kind, f.row_id, f.part_id, f.id, f.organization_id, f.user_id, f.other_id, f.bits, f.text, f.text2, f.flag1,
    f.flag2, f.flag3, f.from_at, f.until_at, v.fact_rev FROM network_rev v JOIN fact_row f ON f.network_id = v.network_id
  WHERE v.network_id = NEW.network_id AND f.kind = 12 AND f.row_id = NEW.id;
END;
CREATE TRIGGER fact_change_break_glass AFTER UPDATE OF person_id, user_id, organization_id, from_at, until_at ON break_glass BEGIN
  UPDATE network_rev SET fact_rev = fact_rev + 1 WHERE network_id = NEW.network_id;
  UPDATE fact_log SET until_rev = (SELECT v.fact_rev FROM network_rev v WHERE v.network_id = OLD.network_id)
  WHERE network_id = OLD.network_id AND subject_id = OLD.person_id AND kind = 12 AND row_id = OLD.id AND until_rev IS NULL;
  INSERT INTO fact_log (network_id, subject_id, kind, row_id, part_id, id, organization_id, user_id, other_id, bits, text, text2, flag1, flag2, flag3,
    from_at, until_at, since_rev)
  SELECT f.network_id, f.subject_id, f.kind, f.row_id, f.part_id, f.id, f.organization_id, f.user_id, f.other_id, f.bits, f.text, f.text2, f.flag1,
    f.flag2, f.flag3, f.from_at, f.until_at, v.fact_rev FROM network_rev v JOIN fact_row f ON f.network_id = v.network_id
  WHERE v.network_id = NEW.network_id AND f.kind = 12 AND f.row_id = NEW.id;
END;
CREATE TRIGGER fact_drop_break_glass AFTER DELETE ON break_glass BEGIN
  UPDATE network_rev SET fact_rev = fact_rev + 1 WHERE network_id = OLD.network_id;
  UPDATE fact_log SET until_rev = (SELECT v.fact_rev FROM network_rev v WHERE v.network_id = OLD.network_id)
  WHERE network_id = OLD.network_id AND subject_id = OLD.person_id AND kind = 12 AND row_id = OLD.id AND until_rev IS NULL;
END;
CREATE TRIGGER fact_add_stand_in AFTER INSERT ON stand_in
WHEN NOT EXISTS (SELECT 1 FROM fact_log l WHERE l.network_id = NEW.network_id AND l.subject_id = NEW.person_id AND l.kind = 13 AND l.row_id = NEW.id AND l.until_rev IS NULL) BEGIN
  UPDATE network_rev SET fact_rev = fact_rev + 1 WHERE network_id = NEW.network_id;
  INSERT INTO fact_log (network_id, subject_id, kind, row_id, part_id, id, organization_id, user_id, other_id, bits, text, text2, flag1, flag2, flag3,
    from_at, until_at, since_rev)
  SELECT f.network_id, f.subject_id, f.kind, f.row_id, f.part_id, f.id, f.organization_id, f.user_id, f.other_id, f.bits, f.text, f.text2, f.flag1,
    f.flag2, f.flag3, f.from_at, f.until_at, v.fact_rev FROM network_rev v JOIN fact_row f ON f.network_id = v.network_id
  WHERE v.network_id = NEW.network_id AND f.kind = 13 AND f.row_id = NEW.id;
END;
CREATE TRIGGER fact_change_stand_in AFTER UPDATE OF person_id, case_id, user_id, organization_id, from_at, until_at ON stand_in BEGIN
  UPDATE network_rev SET fact_rev = fact_rev + 1 WHERE network_id = NEW.network_id;
  UPDATE fact_log SET until_rev = (SELECT v.fact_rev FROM network_rev v WHERE v.network_id = OLD.network_id)
  WHERE network_id = OLD.network_id AND subject_id = OLD.person_id AND kind = 13 AND row_id = OLD.id AND until_rev IS NULL;
  INSERT INTO fact_log (network_id, subject_id, kind, row_id, part_id, id, organization_id, user_id, other_id, bits, text, text2, flag1, flag2, flag3,
    from_at, until_at, since_rev)
  SELECT f.network_id, f.subject_id, f.kind, f.row_id, f.part_id, f.id, f.organization_id, f.user_id, f.other_id, f.bits, f.text, f.text2, f.flag1,
    f.flag2, f.flag3, f.from_at, f.until_at, v.fact_rev FROM network_rev v JOIN fact_row f ON f.network_id = v.network_id
  WHERE v.network_id = NEW.network_id AND f.kind = 13 AND f.row_id = NEW.id;
END;
CREATE TRIGGER fact_drop_stand_in AFTER DELETE ON stand_in BEGIN
  UPDATE network_rev SET fact_rev = fact_rev + 1 WHERE network_id = OLD.network_id;
  UPDATE fact_log SET until_rev = (SELECT v.fact_rev FROM network_rev v WHERE v.network_id = OLD.network_id)
  WHERE network_id = OLD.network_id AND subject_id = OLD.person_id AND kind = 13 AND row_id = OLD.id AND until_rev IS NULL;
END;
CREATE TRIGGER fact_add_person AFTER INSERT ON person
WHEN NOT EXISTS (SELECT 1 FROM fact_log l WHERE l.network_id = NEW.network_id AND l.subject_id = NEW.id AND l.kind = 14 AND l.row_id = NEW.id AND l.until_rev IS NULL) BEGIN
  UPDATE network_rev SET fact_rev = fact_rev + 1 WHERE network_id = NEW.network_id;
  INSERT INTO fact_log (network_id, subject_id, kind, row_id, part_id, id, organization_id, user_id, other_id, bits, text, text2, flag1, flag2, flag3,
    from_at, until_at, since_rev)
  SELECT f.network_id, f.subject_id, f.kind, f.row_id, f.part_id, f.id, f.organization_id, f.user_id, f.other_id, f.bits, f.text, f.text2, f.flag1,
    f.flag2, f.flag3, f.from_at, f.until_at, v.fact_rev FROM network_rev v JOIN fact_row f ON f.network_id = v.network_id
  WHERE v.network_id = NEW.network_id AND f.kind = 14 AND f.row_id = NEW.id;
END;
CREATE TRIGGER fact_change_person AFTER UPDATE OF own_from ON person
WHEN OLD.own_from IS NOT NEW.own_from BEGIN
  UPDATE network_rev SET fact_rev = fact_rev + 1 WHERE network_id = NEW.network_id;
  UPDATE fact_log SET until_rev = (SELECT v.fact_rev FROM network_rev v WHERE v.network_id = OLD.network_id)
  WHERE network_id = OLD.network_id AND subject_id = OLD.id AND kind = 14 AND row_id = OLD.id AND until_rev IS NULL;
  INSERT INTO fact_log (network_id, subject_id, kind, row_id, part_id, id, organization_id, user_id, other_id, bits, text, text2, flag1, flag2, flag3,
    from_at, until_at, since_rev)
  SELECT f.network_id, f.subject_id, f.kind, f.row_id, f.part_id, f.id, f.organization_id, f.user_id, f.other_id, f.bits, f.text, f.text2, f.flag1,
    f.flag2, f.flag3, f.from_at, f.until_at, v.fact_rev FROM network_rev v JOIN fact_row f ON f.network_id = v.network_id
  WHERE v.network_id = NEW.network_id AND f.kind = 14 AND f.row_id = NEW.id;
END;
CREATE TRIGGER fact_drop_person AFTER DELETE ON person BEGIN
  UPDATE network_rev SET fact_rev = fact_rev + 1 WHERE network_id = OLD.network_id;
  UPDATE fact_log SET until_rev = (SELECT v.fact_rev FROM network_rev v WHERE v.network_id = OLD.network_id)
  WHERE network_id = OLD.network_id AND subject_id = OLD.id AND kind = 14 AND row_id = OLD.id AND until_rev IS NULL;
END;
CREATE TRIGGER fact_change_consent AFTER UPDATE OF guardian_id, by_party, authority, refused, heard, withdrawn_at, from_at, until_at ON consent BEGIN
  UPDATE network_rev SET fact_rev = fact_rev + 1 WHERE network_id = NEW.network_id;
  UPDATE fact_log SET until_rev = (SELECT v.fact_rev FROM network_rev v WHERE v.network_id = OLD.network_id)
  WHERE network_id = OLD.network_id AND subject_id = OLD.person_id AND kind = 6 AND row_id = OLD.id AND until_rev IS NULL;
  INSERT INTO fact_log (network_id, subject_id, kind, row_id, part_id, id, organization_id, user_id, other_id, bits, text, text2, flag1, flag2, flag3,
    from_at, until_at, since_rev)
  SELECT f.network_id, f.subject_id, f.kind, f.row_id, f.part_id, f.id, f.organization_id, f.user_id, f.other_id, f.bits, f.text, f.text2, f.flag1,
    f.flag2, f.flag3, f.from_at, f.until_at, v.fact_rev FROM network_rev v JOIN fact_row f ON f.network_id = v.network_id
  WHERE v.network_id = NEW.network_id AND f.kind = 6 AND f.row_id = NEW.id;
END;
CREATE TRIGGER fact_drop_consent AFTER DELETE ON consent BEGIN
  UPDATE network_rev SET fact_rev = fact_rev + 1 WHERE network_id = OLD.network_id;
  UPDATE fact_log SET until_rev = (SELECT v.fact_rev FROM network_rev v WHERE v.network_id = OLD.network_id)
  WHERE network_id = OLD.network_id AND subject_id = OLD.person_id AND kind = 6 AND row_id = OLD.id AND until_rev IS NULL;
END;
CREATE TRIGGER fact_add_consent_recipient AFTER INSERT ON consent_recipient
WHEN NOT EXISTS (SELECT 1 FROM fact_log l WHERE l.network_id = NEW.network_id AND l.subject_id = NEW.person_id AND l.kind = 6 AND l.row_id = NEW.consent_id
  AND l.part_id = NEW.organization_id AND l.until_rev IS NULL) BEGIN
  UPDATE network_rev SET fact_rev = fact_rev + 1 WHERE network_id = NEW.network_id;
  INSERT INTO fact_log (network_id, subject_id, kind, row_id, part_id, id, organization_id, user_id, other_id, bits, text, text2, flag1, flag2, flag3,
    from_at, until_at, since_rev)
  SELECT f.network_id, f.subject_id, f.kind, f.row_id, f.part_id, f.id, f.organization_id, f.user_id, f.other_id, f.bits, f.text, f.text2, f.flag1,
    f.flag2, f.flag3, f.from_at, f.until_at, v.fact_rev FROM network_rev v JOIN fact_row f ON f.network_id = v.network_id
  WHERE v.network_id = NEW.network_id AND f.kind = 6 AND f.row_id = NEW.consent_id AND f.part_id = NEW.organization_id;
END;
CREATE TRIGGER fact_change_consent_recipient AFTER UPDATE OF organization_id, categories ON consent_recipient BEGIN
  UPDATE network_rev SET fact_rev = fact_rev + 1 WHERE network_id = NEW.network_id;
  UPDATE fact_log SET until_rev = (SELECT v.fact_rev FROM network_rev v WHERE v.network_id = OLD.network_id)
  WHERE network_id = OLD.network_id AND subject_id = OLD.person_id AND kind = 6 AND row_id = OLD.consent_id AND part_id = OLD.organization_id AND until_rev IS NULL;
  INSERT INTO fact_log (network_id, subject_id, kind, row_id, part_id, id, organization_id, user_id, other_id, bits, text, text2, flag1, flag2, flag3,
    from_at, until_at, since_rev)
  SELECT f.network_id, f.subject_id, f.kind, f.row_id, f.part_id, f.id, f.organization_id, f.user_id, f.other_id, f.bits, f.text, f.text2, f.flag1,
    f.flag2, f.flag3, f.from_at, f.until_at, v.fact_rev FROM network_rev v JOIN fact_row f ON f.network_id = v.network_id
  WHERE v.network_id = NEW.network_id AND f.kind = 6 AND f.row_id = NEW.consent_id AND f.part_id = NEW.organization_id;
END;
CREATE TRIGGER fact_drop_consent_recipient AFTER DELETE ON consent_recipient BEGIN
  UPDATE network_rev SET fact_rev = fact_rev + 1 WHERE network_id = OLD.network_id;
  UPDATE fact_log SET until_rev = (SELECT v.fact_rev FROM network_rev v WHERE v.network_id = OLD.network_id)
  WHERE network_id = OLD.network_id AND subject_id = OLD.person_id AND kind = 6 AND row_id = OLD.consent_id AND part_id = OLD.organization_id AND until_rev IS NULL;
END;
CREATE TRIGGER fact_change_legal_basis AFTER UPDATE OF code, requester_id, approver_id, from_at, until_at ON legal_basis BEGIN
  UPDATE network_rev SET fact_rev = fact_rev + 1 WHERE network_id = NEW.network_id;
  UPDATE fact_log SET until_rev = (SELECT v.fact_rev FROM network_rev v WHERE v.network_id = OLD.network_id)
  WHERE network_id = OLD.network_id AND subject_id = OLD.person_id AND kind = 7 AND row_id = OLD.id AND until_rev IS NULL;
  INSERT INTO fact_log (network_id, subject_id, kind, row_id, part_id, id, organization_id, user_id, other_id, bits, text, text2, flag1, flag2, flag3,
    from_at, until_at, since_rev)
  SELECT f.network_id, f.subject_id, f.kind, f.row_id, f.part_id, f.id, f.organization_id, f.user_id, f.other_id, f.bits, f.text, f.text2, f.flag1,
    f.flag2, f.flag3, f.from_at, f.until_at, v.fact_rev FROM network_rev v JOIN fact_row f ON f.network_id = v.network_id
  WHERE v.network_id = NEW.network_id AND f.kind = 7 AND f.row_id = NEW.id;
END;
CREATE TRIGGER fact_drop_legal_basis AFTER DELETE ON legal_basis BEGIN
  UPDATE network_rev SET fact_rev = fact_rev + 1 WHERE network_id = OLD.network_id;
  UPDATE fact_log SET until_rev = (SELECT v.fact_rev FROM network_rev v WHERE v.network_id = OLD.network_id)
  WHERE network_id = OLD.network_id AND subject_id = OLD.person_id AND kind = 7 AND row_id = OLD.id AND until_rev IS NULL;
END;
CREATE TRIGGER fact_add_legal_basis_recipient AFTER INSERT ON legal_basis_recipient
WHEN NOT EXISTS (SELECT 1 FROM fact_log l WHERE l.network_id = NEW.network_id AND l.subject_id = NEW.person_id AND l.kind = 7 AND l.row_id = NEW.legal_basis_id
  AND l.part_id = NEW.organization_id AND l.until_rev IS NULL) BEGIN
  UPDATE network_rev SET fact_rev = fact_rev + 1 WHERE network_id = NEW.network_id;
  INSERT INTO fact_log (network_id, subject_id, kind, row_id, part_id, id, organization_id, user_id, other_id, bits, text, text2, flag1, flag2, flag3,
    from_at, until_at, since_rev)
  SELECT f.network_id, f.subject_id, f.kind, f.row_id, f.part_id, f.id, f.organization_id, f.user_id, f.other_id, f.bits, f.text, f.text2, f.flag1,
    f.flag2, f.flag3, f.from_at, f.until_at, v.fact_rev FROM network_rev v JOIN fact_row f ON f.network_id = v.network_id
  WHERE v.network_id = NEW.network_id AND f.kind = 7 AND f.row_id = NEW.legal_basis_id AND f.part_id = NEW.organization_id;
END;
CREATE TRIGGER fact_change_legal_basis_recipient AFTER UPDATE OF organization_id, categories ON legal_basis_recipient BEGIN
  UPDATE network_rev SET fact_rev = fact_rev + 1 WHERE network_id = NEW.network_id;
  UPDATE fact_log SET until_rev = (SELECT v.fact_rev FROM network_rev v WHERE v.network_id = OLD.network_id)
  WHERE network_id = OLD.network_id AND subject_id = OLD.person_id AND kind = 7 AND row_id = OLD.legal_basis_id AND part_id = OLD.organization_id AND until_rev IS NULL;
  INSERT INTO fact_log (network_id, subject_id, kind, row_id, part_id, id, organization_id, user_id, other_id, bits, text, text2, flag1, flag2, flag3,
    from_at, until_at, since_rev)
  SELECT f.network_id, f.subject_id, f.kind, f.row_id, f.part_id, f.id, f.organization_id, f.user_id, f.other_id, f.bits, f.text, f.text2, f.flag1,
    f.flag2, f.flag3, f.from_at, f.until_at, v.fact_rev FROM network_rev v JOIN fact_row f ON f.network_id = v.network_id
  WHERE v.network_id = NEW.network_id AND f.kind = 7 AND f.row_id = NEW.legal_basis_id AND f.part_id = NEW.organization_id;
END;
CREATE TRIGGER fact_drop_legal_basis_recipient AFTER DELETE ON legal_basis_recipient BEGIN
  UPDATE network_rev SET fact_rev = fact_rev + 1 WHERE network_id = OLD.network_id;
  UPDATE fact_log SET until_rev = (SELECT v.fact_rev FROM network_rev v WHERE v.network_id = OLD.network_id)
  WHERE network_id = OLD.network_id AND subject_id = OLD.person_id AND kind = 7 AND row_id = OLD.legal_basis_id AND part_id = OLD.organization_id AND until_rev IS NULL;
END;
CREATE TRIGGER fact_change_network AFTER UPDATE OF heard_needed, joint_needs_all, guardian_overrides, stand_in_allowed, own_age ON network BEGIN
  UPDATE network_rev SET fact_rev = fact_rev + 1 WHERE network_id = NEW.id;
  UPDATE fact_log SET until_rev = (SELECT v.fact_rev FROM network_rev v WHERE v.network_id = NEW.id)
  WHERE network_id = NEW.id AND subject_id = 0 AND kind = 15 AND until_rev IS NULL;
  INSERT INTO fact_log (network_id, subject_id, kind, row_id, part_id, id, organization_id, user_id, other_id, bits, text, text2, flag1, flag2, flag3,
    from_at, until_at, since_rev)
  SELECT f.network_id, f.subject_id, f.kind, f.row_id, f.part_id, f.id, f.organization_id, f.user_id, f.other_id, f.bits, f.text, f.text2, f.flag1,
    f.flag2, f.flag3, f.from_at, f.until_at, v.fact_rev FROM network_rev v JOIN fact_row f ON f.network_id = v.network_id
  WHERE v.network_id = NEW.id AND f.kind = 15;
END;
-- The rule is there before the counter is.
CREATE TRIGGER fact_add_network AFTER INSERT ON network_rev BEGIN
  INSERT INTO fact_log (network_id, subject_id, kind, row_id, part_id, id, organization_id, user_id, other_id, bits, text, text2, flag1, flag2, flag3,
    from_at, until_at, since_rev)
  SELECT f.network_id, f.subject_id, f.kind, f.row_id, f.part_id, f.id, f.organization_id, f.user_id, f.other_id, f.bits, f.text, f.text2, f.flag1,
    f.flag2, f.flag3, f.from_at, f.until_at, v.fact_rev FROM network_rev v JOIN fact_row f ON f.network_id = v.network_id
  WHERE v.network_id = NEW.network_id AND f.kind = 15
    AND NOT EXISTS (SELECT 1 FROM fact_log l WHERE l.network_id = NEW.network_id AND l.subject_id = 0 AND l.kind = 15);
END;
-- Facts that the log does not know as they are, that it knows and that are not there, and that were deleted though their person is there: there
-- is none while nobody works past the program.
CREATE VIEW fact_astray (network_id, kind, row_id) AS
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
    AND (l.kind = 1 OR EXISTS (SELECT 1 FROM person p WHERE p.network_id = l.network_id AND p.id = l.subject_id));
