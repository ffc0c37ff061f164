-- 0039: ケース移管. The networks whose cards were compared by telephone; what was handed to one of them, and what came from one. The code is
-- the transfer's own number, drawn once: by it a second copy of the same file is known.
CREATE TABLE transfer_peer (
  network_id INTEGER NOT NULL,
  id INTEGER NOT NULL,
  name TEXT NOT NULL,
  card BLOB NOT NULL,
  added_at INTEGER NOT NULL,
  added_by INTEGER NOT NULL,
  ended_at INTEGER,
  PRIMARY KEY (network_id, id)
) STRICT;
CREATE TABLE transfer_out (
  network_id INTEGER NOT NULL,
  id INTEGER NOT NULL,
  case_id INTEGER NOT NULL,
  person_id INTEGER NOT NULL,
  peer_id INTEGER NOT NULL,
  to_organization_id INTEGER NOT NULL,
  organization_id INTEGER NOT NULL,
  user_id INTEGER NOT NULL,
  categories INTEGER NOT NULL,
  code TEXT NOT NULL,
  made_at INTEGER NOT NULL,
  PRIMARY KEY (network_id, id),
  FOREIGN KEY (network_id, case_id) REFERENCES case_file (network_id, id),
  FOREIGN KEY (network_id, peer_id) REFERENCES transfer_peer (network_id, id)
) STRICT;
CREATE UNIQUE INDEX transfer_out_case ON transfer_out (network_id, case_id, peer_id);
CREATE INDEX transfer_out_person ON transfer_out (network_id, person_id);
CREATE TABLE transfer_in (
  network_id INTEGER NOT NULL,
  id INTEGER NOT NULL,
  case_id INTEGER NOT NULL,
  person_id INTEGER NOT NULL,
  peer_id INTEGER NOT NULL,
  organization_id INTEGER NOT NULL,
  user_id INTEGER NOT NULL,
  code TEXT NOT NULL,
  taken_at INTEGER NOT NULL,
  PRIMARY KEY (network_id, id),
  FOREIGN KEY (network_id, case_id) REFERENCES case_file (network_id, id),
  FOREIGN KEY (network_id, peer_id) REFERENCES transfer_peer (network_id, id)
) STRICT;
CREATE UNIQUE INDEX transfer_in_code ON transfer_in (network_id, code);
CREATE INDEX transfer_in_person ON transfer_in (network_id, person_id);
CREATE INDEX transfer_in_case ON transfer_in (network_id, case_id);
