-- 0031: what is attached to a case, in parts of 64 KB, each sealed; the title is sealed too.
CREATE TABLE attachment (
  network_id INTEGER NOT NULL,
  id INTEGER NOT NULL,
  case_id INTEGER NOT NULL,
  person_id INTEGER NOT NULL,
  author_organization_id INTEGER NOT NULL,
  author_user_id INTEGER NOT NULL,
  category INTEGER NOT NULL,
  source INTEGER NOT NULL,
  marks INTEGER NOT NULL DEFAULT 0,
  type TEXT NOT NULL, -- pdf, jpg, png
  bytes INTEGER NOT NULL,
  title_sealed BLOB NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (network_id, id),
  FOREIGN KEY (network_id, case_id) REFERENCES case_file (network_id, id)
) STRICT;
CREATE INDEX attachment_case ON attachment (network_id, case_id, created_at);
CREATE INDEX attachment_person ON attachment (network_id, person_id);
CREATE TABLE attachment_part (
  network_id INTEGER NOT NULL,
  id INTEGER NOT NULL,
  attachment_id INTEGER NOT NULL,
  person_id INTEGER NOT NULL,
  author_organization_id INTEGER NOT NULL,
  category INTEGER NOT NULL,
  part INTEGER NOT NULL,
  data_sealed BLOB NOT NULL,
  PRIMARY KEY (network_id, id),
  FOREIGN KEY (network_id, attachment_id) REFERENCES attachment (network_id, id)
) STRICT;
CREATE INDEX attachment_part_of ON attachment_part (network_id, attachment_id, part);
CREATE INDEX attachment_part_person ON attachment_part (network_id, person_id);
