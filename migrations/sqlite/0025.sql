-- 0025: a correction leaves the old text readable: the row that is corrected stays, with when and by whom, and the new one names it. 定型文: how an
-- organization begins its records; nothing about a person.
ALTER TABLE record_paragraph ADD COLUMN replaces_id INTEGER;
ALTER TABLE record_paragraph ADD COLUMN replaced_at INTEGER;
ALTER TABLE record_paragraph ADD COLUMN replaced_by INTEGER;
CREATE TABLE phrase (
  network_id INTEGER NOT NULL,
  id INTEGER NOT NULL,
  organization_id INTEGER NOT NULL,
  label TEXT NOT NULL,
  method TEXT NOT NULL,
  met TEXT NOT NULL DEFAULT '',
  body TEXT NOT NULL,
  created_by INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  until_at INTEGER,
  PRIMARY KEY (network_id, id),
  FOREIGN KEY (network_id, organization_id) REFERENCES organization (network_id, id)
) STRICT;
CREATE INDEX phrase_organization ON phrase (network_id, organization_id);
