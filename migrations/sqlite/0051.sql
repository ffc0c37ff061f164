-- 0051: who was named as 知ってよい人, and who no longer is: each change with its reason, told to those whom it concerns. What was printed says
-- which categories stand on it; a leak that a lost print began says which print.
CREATE TABLE concealment_change (
  network_id INTEGER NOT NULL,
  id INTEGER NOT NULL,
  concealment_id INTEGER NOT NULL,
  person_id INTEGER NOT NULL,
  user_id INTEGER NOT NULL, -- who may know, or no longer
  kind TEXT NOT NULL, -- named (from the beginning), added, ended
  reason_sealed BLOB,
  by_user_id INTEGER NOT NULL,
  by_organization_id INTEGER NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (network_id, id),
  FOREIGN KEY (network_id, concealment_id) REFERENCES concealment (network_id, id)
) STRICT;
CREATE INDEX concealment_change_person ON concealment_change (network_id, person_id);
CREATE INDEX concealment_change_at ON concealment_change (network_id, at);
CREATE INDEX concealment_release_at ON concealment_release (network_id, asked_at);
CREATE INDEX concealment_release_waits ON concealment_release (network_id, concealment_id) WHERE decided_at IS NULL;
CREATE INDEX concealment_holder_user ON concealment_holder (network_id, user_id);

ALTER TABLE print_copy ADD COLUMN categories INTEGER NOT NULL DEFAULT 0; -- 0: not written down
ALTER TABLE leak ADD COLUMN copy_id INTEGER; -- of print_copy
