-- 0039: ケース移管. The networks whose cards were compared by telephone; what was handed to one of them, and what came from one. The code is
-- the transfer's own number, drawn once: by it a second copy of the same file is known.
CREATE TABLE transfer_peer (
  network_id bigint NOT NULL,
  id bigint NOT NULL,
  name text NOT NULL,
  card bytea NOT NULL,
  added_at bigint NOT NULL,
  added_by bigint NOT NULL,
  ended_at bigint,
  PRIMARY KEY (network_id, id)
);
CREATE TABLE transfer_out (
  network_id bigint NOT NULL,
  id bigint NOT NULL,
  case_id bigint NOT NULL,
  person_id bigint NOT NULL,
  peer_id bigint NOT NULL,
  to_organization_id bigint NOT NULL,
  organization_id bigint NOT NULL,
  user_id bigint NOT NULL,
  categories bigint NOT NULL,
  code text NOT NULL,
  made_at bigint NOT NULL,
  PRIMARY KEY (network_id, id),
  FOREIGN KEY (network_id, case_id) REFERENCES case_file (network_id, id),
  FOREIGN KEY (network_id, peer_id) REFERENCES transfer_peer (network_id, id)
);
CREATE UNIQUE INDEX transfer_out_case ON transfer_out (network_id, case_id, peer_id);
CREATE INDEX transfer_out_person ON transfer_out (network_id, person_id);
CREATE TABLE transfer_in (
  network_id bigint NOT NULL,
  id bigint NOT NULL,
  case_id bigint NOT NULL,
  person_id bigint NOT NULL,
  peer_id bigint NOT NULL,
  organization_id bigint NOT NULL,
  user_id bigint NOT NULL,
  code text NOT NULL,
  taken_at bigint NOT NULL,
  PRIMARY KEY (network_id, id),
  FOREIGN KEY (network_id, case_id) REFERENCES case_file (network_id, id),
  FOREIGN KEY (network_id, peer_id) REFERENCES transfer_peer (network_id, id)
);
CREATE UNIQUE INDEX transfer_in_code ON transfer_in (network_id, code);
CREATE INDEX transfer_in_person ON transfer_in (network_id, person_id);
CREATE INDEX transfer_in_case ON transfer_in (network_id, case_id);
SELECT rls_guard('transfer_peer', 'network');
SELECT rls_guard(name, 'person') FROM unnest(ARRAY['transfer_out', 'transfer_in']) AS name;
