-- 0031: what is attached to a case, in parts of 64 KB, each sealed; the title is sealed too.
CREATE TABLE attachment (
  network_id bigint NOT NULL,
  id bigint NOT NULL,
  case_id bigint NOT NULL,
  person_id bigint NOT NULL,
  author_organization_id bigint NOT NULL,
  author_user_id bigint NOT NULL,
  category bigint NOT NULL,
  source bigint NOT NULL,
  marks bigint NOT NULL DEFAULT 0,
  type text NOT NULL, -- pdf, jpg, png
  bytes bigint NOT NULL,
  title_sealed bytea NOT NULL,
  created_at bigint NOT NULL,
  PRIMARY KEY (network_id, id),
  FOREIGN KEY (network_id, case_id) REFERENCES case_file (network_id, id)
);
CREATE INDEX attachment_case ON attachment (network_id, case_id, created_at);
CREATE INDEX attachment_person ON attachment (network_id, person_id);
CREATE TABLE attachment_part (
  network_id bigint NOT NULL,
  id bigint NOT NULL,
  attachment_id bigint NOT NULL,
  person_id bigint NOT NULL,
  author_organization_id bigint NOT NULL,
  category bigint NOT NULL,
  part bigint NOT NULL,
  data_sealed bytea NOT NULL,
  PRIMARY KEY (network_id, id),
  FOREIGN KEY (network_id, attachment_id) REFERENCES attachment (network_id, id)
);
CREATE INDEX attachment_part_of ON attachment_part (network_id, attachment_id, part);
CREATE INDEX attachment_part_person ON attachment_part (network_id, person_id);
SELECT rls_guard(name, 'rows') FROM unnest(ARRAY['attachment', 'attachment_part']) AS name;
