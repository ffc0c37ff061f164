-- 0023: the course of a case: what changed and why (status, density, next date, worker, 課内代行), and the six steps of withdrawal over time.
-- Codes of a case are plain; the step of withdrawal is told in the sealed text alone, as what was said with it is.
CREATE TABLE case_step (
  network_id bigint NOT NULL,
  id bigint NOT NULL,
  case_id bigint NOT NULL,
  person_id bigint NOT NULL,
  author_organization_id bigint NOT NULL,
  author_user_id bigint NOT NULL,
  category bigint NOT NULL,
  source bigint NOT NULL,
  marks bigint NOT NULL DEFAULT 0,
  kind text NOT NULL, -- status, density, next, worker, stand_in, withdrawal
  from_code text NOT NULL DEFAULT '',
  to_code text NOT NULL DEFAULT '',
  at bigint NOT NULL,
  text_sealed bytea,
  PRIMARY KEY (network_id, id),
  FOREIGN KEY (network_id, case_id) REFERENCES case_file (network_id, id)
);
CREATE INDEX case_step_case ON case_step (network_id, case_id, at);
CREATE INDEX case_step_person ON case_step (network_id, person_id);
SELECT rls_guard('case_step', 'rows');
