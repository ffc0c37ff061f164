-- 0044: when, how and with whom a record was, and what comes next, are corrected too: a row for each reading that was replaced. contact: the record
-- said that somebody was met; of those before this migration it is not known.
ALTER TABLE record ADD COLUMN contact INTEGER NOT NULL DEFAULT 0;
CREATE TABLE record_past (
  network_id INTEGER NOT NULL,
  id INTEGER NOT NULL,
  record_id INTEGER NOT NULL,
  person_id INTEGER NOT NULL,
  author_organization_id INTEGER NOT NULL,
  category INTEGER NOT NULL,
  source INTEGER NOT NULL,
  marks INTEGER NOT NULL DEFAULT 0,
  at INTEGER NOT NULL,
  method TEXT NOT NULL,
  with_whom TEXT NOT NULL,
  minutes INTEGER,
  place_sealed BLOB,
  next_sealed BLOB,
  next_date TEXT,
  replaced_at INTEGER NOT NULL,
  replaced_by INTEGER NOT NULL,
  PRIMARY KEY (network_id, id),
  FOREIGN KEY (network_id, record_id) REFERENCES record (network_id, id)
) STRICT;
CREATE INDEX record_past_record ON record_past (network_id, record_id);
CREATE INDEX record_past_person ON record_past (network_id, person_id);
