-- 0003: what the access engine reads, and row-level security.
--
-- The views fact_* are the engine's door: it decides about persons whom the actor may turn out not to see, so it reads the facts past
-- the policies. They hold codes, dates and references, nothing sealed. Nobody but src/access reads them (and casework the
-- numbers of cases, to find the next one).
-- SQLite has no row-level security: here the views are the tables.

CREATE VIEW fact_membership AS
  SELECT network_id, id, user_id, organization_id, role, from_at, until_at FROM membership;
CREATE VIEW fact_person AS
  SELECT network_id, id, own_from, created_at, created_by, author_organization_id FROM person;
CREATE VIEW fact_participation AS
  SELECT network_id, person_id, case_id, organization_id, part, from_at, until_at FROM participation;
CREATE VIEW fact_assignment AS
  SELECT network_id, person_id, case_id, user_id, organization_id, from_at, until_at FROM assignment;
CREATE VIEW fact_connection AS
  SELECT network_id, id, person_id, case_id, to_organization_id, state, sent_at, closed_at, changed_at FROM connection;
CREATE VIEW fact_guardian AS
  SELECT network_id, id, person_id, authority, from_at, until_at FROM guardian;
CREATE VIEW fact_consent AS
  SELECT network_id, id, person_id, by_party, guardian_id, authority, refused, heard, from_at, until_at, withdrawn_at FROM consent;
CREATE VIEW fact_consent_recipient AS
  SELECT network_id, consent_id, organization_id, person_id, categories FROM consent_recipient;
CREATE VIEW fact_legal_basis AS
  SELECT network_id, id, person_id, code, requester_id, approver_id, from_at, until_at FROM legal_basis;
CREATE VIEW fact_legal_basis_recipient AS
  SELECT network_id, legal_basis_id, organization_id, person_id, categories FROM legal_basis_recipient;
CREATE VIEW fact_invitation AS
  SELECT network_id, person_id, meeting_id, organization_id, user_id, categories, from_at, until_at FROM invitation;
CREATE VIEW fact_restriction AS
  SELECT network_id, id, person_id, organization_id, user_id, guardian_id, categories, breakable, from_at, until_at FROM restriction;
CREATE VIEW fact_concealment AS
  SELECT network_id, id, person_id, items, from_at, until_at FROM concealment;
CREATE VIEW fact_concealment_holder AS
  SELECT network_id, concealment_id, user_id, person_id, from_at, until_at FROM concealment_holder;
CREATE VIEW fact_break_glass AS
  SELECT network_id, id, person_id, user_id, organization_id, from_at, until_at FROM break_glass;
CREATE VIEW fact_stand_in AS
  SELECT network_id, id, person_id, case_id, user_id, organization_id, from_at, until_at FROM stand_in;
CREATE VIEW fact_network AS
  SELECT id, own_age, heard_needed, joint_needs_all, guardian_overrides, stand_in_allowed FROM network;
CREATE VIEW fact_wrote AS
  SELECT network_id, person_id, author_organization_id AS organization_id FROM record
  UNION ALL SELECT network_id, person_id, author_organization_id FROM connection_step WHERE state = 'answered';
CREATE VIEW fact_case_number AS
  SELECT network_id, number FROM case_file;
CREATE INDEX person_created ON person (network_id, created_by, created_at);
