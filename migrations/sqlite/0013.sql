-- 0013: 状況をたずねる. Who asked whom how a case or a connection stands; codes and dates alone. It stands open until the organization
-- that was asked has written something since, which is a question, never stored.
CREATE TABLE inquiry (
  network_id INTEGER NOT NULL,
  id INTEGER NOT NULL,
  case_id INTEGER NOT NULL,
  person_id INTEGER NOT NULL,
  connection_id INTEGER, -- NULL: about the case, asked by the coordinating body
  from_organization_id INTEGER NOT NULL,
  from_user_id INTEGER NOT NULL,
  to_organization_id INTEGER NOT NULL,
  asked_at INTEGER NOT NULL,
  PRIMARY KEY (network_id, id),
  FOREIGN KEY (network_id, case_id) REFERENCES case_file (network_id, id)
) STRICT;
CREATE INDEX inquiry_case ON inquiry (network_id, case_id, asked_at);
CREATE INDEX inquiry_to ON inquiry (network_id, to_organization_id, asked_at);
CREATE INDEX inquiry_person ON inquiry (network_id, person_id);
