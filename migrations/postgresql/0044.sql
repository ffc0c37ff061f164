-- 0044: when, how and with whom a record was, and what comes next, are corrected too: a row for each reading that was replaced. contact: the record
-- said that somebody was met; of those before this migration it is not known.
ALTER TABLE record ADD COLUMN contact boolean NOT NULL DEFAULT FALSE;
CREATE TABLE record_past (
  network_id bigint NOT NULL,
  id bigint NOT NULL,
  record_id bigint NOT NULL,
  person_id bigint NOT NULL,
  author_organization_id bigint NOT NULL,
  category bigint NOT NULL,
  source bigint NOT NULL,
  marks bigint NOT NULL DEFAULT 0,
  at bigint NOT NULL,
  method text NOT NULL,
  with_whom text NOT NULL,
  minutes bigint,
  place_sealed bytea,
  next_sealed bytea,
  next_date text,
  replaced_at bigint NOT NULL,
  replaced_by bigint NOT NULL,
  PRIMARY KEY (network_id, id),
  FOREIGN KEY (network_id, record_id) REFERENCES record (network_id, id)
);
CREATE INDEX record_past_record ON record_past (network_id, record_id);
CREATE INDEX record_past_person ON record_past (network_id, person_id);
SELECT rls_guard('record_past', 'rows');
