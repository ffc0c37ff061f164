-- 0034: family and what else is around the person: each note a row of its own, in words that are sealed; a change ends the row and adds the
-- next one of the same note. kind: member (a relative or someone of the household; of a guardian only what the guardian's own row does not
-- say), resource (a place or somebody else that helps), tie (how close the person is to an organization).
CREATE TABLE family_note (
  network_id INTEGER NOT NULL,
  id INTEGER NOT NULL,
  note_id INTEGER NOT NULL, -- the same for all rows of one note
  person_id INTEGER NOT NULL,
  author_organization_id INTEGER NOT NULL,
  author_user_id INTEGER NOT NULL,
  category INTEGER NOT NULL,
  source INTEGER NOT NULL,
  marks INTEGER NOT NULL DEFAULT 0,
  kind TEXT NOT NULL,
  guardian_id INTEGER,
  organization_id INTEGER,
  text_sealed BLOB NOT NULL,
  from_at INTEGER NOT NULL,
  until_at INTEGER,
  PRIMARY KEY (network_id, id),
  FOREIGN KEY (network_id, person_id) REFERENCES person (network_id, id)
) STRICT;
CREATE INDEX family_note_person ON family_note (network_id, person_id);
-- Two persons of the network are of one family. Known only to whoever may see both; goes with the erasure of either.
CREATE TABLE family_link (
  network_id INTEGER NOT NULL,
  id INTEGER NOT NULL,
  person_id INTEGER NOT NULL,
  other_person_id INTEGER NOT NULL,
  note_id INTEGER, -- the note of person_id that tells of the other
  author_organization_id INTEGER NOT NULL,
  author_user_id INTEGER NOT NULL,
  from_at INTEGER NOT NULL,
  until_at INTEGER,
  PRIMARY KEY (network_id, id),
  FOREIGN KEY (network_id, person_id) REFERENCES person (network_id, id)
) STRICT;
CREATE INDEX family_link_person ON family_link (network_id, person_id);
CREATE INDEX family_link_other ON family_link (network_id, other_person_id);
