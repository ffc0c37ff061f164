-- 0018: what people are found by, one sealed row a person: names, kana, birth date and telephones in the form in which they are compared
-- (person/probe.h). It follows from person_attribute and is filled from there where it is missing, so it does not travel with a network.
CREATE TABLE person_probe (
  network_id INTEGER NOT NULL,
  person_id INTEGER NOT NULL,
  probe_sealed BLOB NOT NULL,
  PRIMARY KEY (network_id, person_id),
  FOREIGN KEY (network_id, person_id) REFERENCES person (network_id, id)
) STRICT, WITHOUT ROWID;
