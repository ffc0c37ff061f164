-- 0013: 状況をたずねる. Who asked whom how a case or a connection stands; codes and dates alone. It stands open until the organization
-- that was asked has written something since, which is a question, never stored.
CREATE TABLE inquiry (
  network_id bigint NOT NULL,
  id bigint NOT NULL,
  case_id bigint NOT NULL,
  person_id bigint NOT NULL,
  connection_id bigint, -- NULL: about the case, asked by the coordinating body
  from_organization_id bigint NOT NULL,
  from_user_id bigint NOT NULL,
  to_organization_id bigint NOT NULL,
  asked_at bigint NOT NULL,
  PRIMARY KEY (network_id, id),
  FOREIGN KEY (network_id, case_id) REFERENCES case_file (network_id, id)
);
CREATE INDEX inquiry_case ON inquiry (network_id, case_id, asked_at);
CREATE INDEX inquiry_to ON inquiry (network_id, to_organization_id, asked_at);
CREATE INDEX inquiry_person ON inquiry (network_id, person_id);
SELECT rls_guard('inquiry', 'person', '(SELECT rls_role()) = ''coordinator''');
