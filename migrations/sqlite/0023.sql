-- 0023: the course of a case: what changed and why (status, density, next date, worker, 課内代行), and the six steps of withdrawal over time.
-- Codes of a case are plain; the step of withdrawal is told in the sealed text alone, as what was said with it is.
CREATE TABLE case_step (
  network_id INTEGER NOT NULL,
  id INTEGER NOT NULL,
  case_id INTEGER NOT NULL,
  person_id INTEGER NOT NULL,
  author_organization_id INTEGER NOT NULL,
  author_user_id INTEGER NOT NULL,
  category INTEGER NOT NULL,
  source INTEGER NOT NULL,
  marks INTEGER NOT NULL DEFAULT 0,
  kind TEXT NOT NULL, -- status, density, next, worker, stand_in, withdrawal
  from_code TEXT NOT NULL DEFAULT '',
  to_code TEXT NOT NULL DEFAULT '',
  at INTEGER NOT NULL,
  text_sealed BLOB,
  PRIMARY KEY (network_id, id),
  FOREIGN KEY (network_id, case_id) REFERENCES case_file (network_id, id)
) STRICT;
CREATE INDEX case_step_case ON case_step (network_id, case_id, at);
CREATE INDEX case_step_person ON case_step (network_id, person_id);
