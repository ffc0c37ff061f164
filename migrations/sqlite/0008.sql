-- 0008: each birth date says from when the person decides alone: person.own_from follows those that stand, whoever wrote them. The view
-- is for src/person, which must reckon with dates that the one who writes may not see.
ALTER TABLE person_attribute ADD COLUMN own_from INTEGER;
UPDATE person_attribute SET own_from = (SELECT p.own_from FROM person p WHERE p.network_id = person_attribute.network_id
  AND p.id = person_attribute.person_id) WHERE kind = 'birth' AND until_at IS NULL;
CREATE VIEW fact_birth AS
  SELECT network_id, person_id, own_from FROM person_attribute WHERE kind = 'birth' AND until_at IS NULL;
