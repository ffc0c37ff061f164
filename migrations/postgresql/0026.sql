-- 0026: indexes that are asked line by line begin with what tells rows apart: SQLite compares the network of every row on its way otherwise.
DROP INDEX participation_case;
CREATE INDEX participation_case ON participation (case_id, network_id, part, from_at, id, until_at, organization_id);
DROP INDEX assignment_case;
CREATE INDEX assignment_case ON assignment (case_id, network_id, from_at, id, until_at, user_id, organization_id, person_id, lead);
DROP INDEX connection_case;
CREATE INDEX connection_case ON connection (case_id, network_id, closed_at, from_organization_id, to_organization_id, sent_at);
DROP INDEX person_attribute_listed;
CREATE INDEX person_attribute_listed ON person_attribute
  (person_id, network_id, id, kind, author_organization_id, category, marks, from_at, until_at, value_sealed)
  WHERE until_at IS NULL AND kind IN ('name', 'called', 'kana', 'birth');
DROP INDEX case_file_person;
CREATE INDEX case_file_person ON case_file (person_id, network_id, status, changed_at, id, number, density, next_date, last_contact_at);
DROP INDEX concealment_person;
CREATE INDEX concealment_person ON concealment (person_id, network_id, until_at, from_at);
DROP INDEX assignment_person;
CREATE INDEX assignment_person ON assignment (person_id, network_id, user_id, organization_id, until_at, from_at, case_id);
DROP INDEX participation_person;
CREATE INDEX participation_person ON participation (person_id, network_id, organization_id, until_at, from_at, case_id, part);
