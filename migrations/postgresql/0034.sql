-- 0034: family and what else is around the person: each note a row of its own, in words that are sealed; a change ends the row and adds the
-- next one of the same note. kind: member (a relative or someone of the household; of a guardian only what the guardian's own row does not
-- say), resource (a place or somebody else that helps), tie (how close the person is to an organization).
CREATE TABLE family_note (
  network_id bigint NOT NULL,
  id bigint NOT NULL,
  note_id bigint NOT NULL, -- the same for all rows of one note
  person_id bigint NOT NULL,
  author_organization_id bigint NOT NULL,
  author_user_id bigint NOT NULL,
  category bigint NOT NULL,
  source bigint NOT NULL,
  marks bigint NOT NULL DEFAULT 0,
  kind text NOT NULL,
  guardian_id bigint,
  organization_id bigint,
  text_sealed bytea NOT NULL,
  from_at bigint NOT NULL,
  until_at bigint,
  PRIMARY KEY (network_id, id),
  FOREIGN KEY (network_id, person_id) REFERENCES person (network_id, id)
);
CREATE INDEX family_note_person ON family_note (network_id, person_id);
-- Two persons of the network are of one family. Known only to whoever may see both; goes with the erasure of either.
CREATE TABLE family_link (
  network_id bigint NOT NULL,
  id bigint NOT NULL,
  person_id bigint NOT NULL,
  other_person_id bigint NOT NULL,
  note_id bigint, -- the note of person_id that tells of the other
  author_organization_id bigint NOT NULL,
  author_user_id bigint NOT NULL,
  from_at bigint NOT NULL,
  until_at bigint,
  PRIMARY KEY (network_id, id),
  FOREIGN KEY (network_id, person_id) REFERENCES person (network_id, id)
);
CREATE INDEX family_link_person ON family_link (network_id, person_id);
CREATE INDEX family_link_other ON family_link (network_id, other_person_id);
SELECT rls_guard('family_note', 'rows');
SELECT rls_guard('family_link', 'person');
CREATE POLICY either_end ON family_link AS RESTRICTIVE USING ((SELECT rls_service()) OR other_person_id IN (SELECT rls_known()));
