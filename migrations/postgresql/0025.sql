-- 0025: a correction leaves the old text readable: the row that is corrected stays, with when and by whom, and the new one names it. 定型文: how an
-- organization begins its records; nothing about a person.
ALTER TABLE record_paragraph ADD COLUMN replaces_id bigint;
ALTER TABLE record_paragraph ADD COLUMN replaced_at bigint;
ALTER TABLE record_paragraph ADD COLUMN replaced_by bigint;
CREATE TABLE phrase (
  network_id bigint NOT NULL,
  id bigint NOT NULL,
  organization_id bigint NOT NULL,
  label text NOT NULL,
  method text NOT NULL,
  met text NOT NULL DEFAULT '',
  body text NOT NULL,
  created_by bigint NOT NULL,
  created_at bigint NOT NULL,
  until_at bigint,
  PRIMARY KEY (network_id, id),
  FOREIGN KEY (network_id, organization_id) REFERENCES organization (network_id, id)
);
CREATE INDEX phrase_organization ON phrase (network_id, organization_id);
SELECT rls_guard('phrase', 'network');
