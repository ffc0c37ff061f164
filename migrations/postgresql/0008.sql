-- 0008: each birth date says from when the person decides alone: person.own_from follows those that stand, whoever wrote them. The view
-- is for src/person, which must reckon with dates that the one who writes may not see.
ALTER TABLE person_attribute ADD COLUMN own_from bigint;
-- The owner of the tables passes their policies for the one statement.
ALTER TABLE person NO FORCE ROW LEVEL SECURITY;
ALTER TABLE person_attribute NO FORCE ROW LEVEL SECURITY;
UPDATE person_attribute SET own_from = (SELECT p.own_from FROM person p WHERE p.network_id = person_attribute.network_id
  AND p.id = person_attribute.person_id) WHERE kind = 'birth' AND until_at IS NULL;
ALTER TABLE person FORCE ROW LEVEL SECURITY;
ALTER TABLE person_attribute FORCE ROW LEVEL SECURITY;
CREATE VIEW fact_birth AS
  SELECT network_id, person_id, own_from FROM person_attribute
  WHERE kind = 'birth' AND until_at IS NULL AND ((SELECT rls_service()) OR network_id = (SELECT rls_network()));
ALTER VIEW fact_birth OWNER TO tsunagu_rls;
REVOKE ALL ON fact_birth FROM PUBLIC, tsunagu_app;
GRANT SELECT ON fact_birth TO tsunagu_app;
