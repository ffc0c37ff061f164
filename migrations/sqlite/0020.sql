-- 0020: what lists show of a person (person_listed) answers from an index: sealed as it stands in the row.
CREATE INDEX person_attribute_listed ON person_attribute
  (network_id, person_id, id, kind, author_organization_id, category, marks, from_at, until_at, value_sealed)
  WHERE until_at IS NULL AND kind IN ('name', 'called', 'kana', 'birth');
