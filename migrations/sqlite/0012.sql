-- 0012: indexes that answer a list from themselves. VISIBLE begins with what the actor works on and asks for what is said about each
-- person to the actor's organization alone.
DROP INDEX participation_organization;
CREATE INDEX participation_organization ON participation (network_id, organization_id, person_id, until_at, from_at);
DROP INDEX participation_case;
CREATE INDEX participation_case ON participation (network_id, case_id, part, from_at, id, until_at, organization_id);
DROP INDEX assignment_user;
CREATE INDEX assignment_user ON assignment (network_id, user_id, organization_id, person_id, case_id, until_at, from_at);
DROP INDEX assignment_case;
CREATE INDEX assignment_case ON assignment (network_id, case_id, from_at, id, until_at, user_id, organization_id, person_id, lead);
DROP INDEX case_file_person;
CREATE INDEX case_file_person ON case_file (network_id, person_id, status, changed_at, id);
DROP INDEX consent_recipient_person;
CREATE INDEX consent_recipient_person ON consent_recipient (network_id, person_id, organization_id, consent_id, categories);
CREATE INDEX restriction_organization ON restriction (network_id, organization_id, person_id);
CREATE INDEX restriction_user ON restriction (network_id, user_id, person_id);
-- A connection's end, as VISIBLE writes it.
CREATE INDEX connection_live ON connection (network_id, to_organization_id,
  COALESCE(closed_at, CASE WHEN state IN ('declined', 'closed', 'withdrawn', 'expired') THEN changed_at ELSE 9223372036854775807 END));
