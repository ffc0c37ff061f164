-- 0052: which organization of the own directory stands for a body of another network. A consent towards it, and towards no other, is a basis for
-- what goes there (ケース移管). An organization stands for one network at a time.
CREATE TABLE transfer_body (
  network_id bigint NOT NULL,
  id bigint NOT NULL,
  peer_id bigint NOT NULL,
  organization_id bigint NOT NULL,
  added_at bigint NOT NULL,
  added_by bigint NOT NULL,
  ended_at bigint,
  PRIMARY KEY (network_id, id),
  FOREIGN KEY (network_id, peer_id) REFERENCES transfer_peer (network_id, id),
  FOREIGN KEY (network_id, organization_id) REFERENCES organization (network_id, id)
);
CREATE UNIQUE INDEX transfer_body_one ON transfer_body (network_id, organization_id) WHERE ended_at IS NULL;
SELECT rls_guard('transfer_body', 'network');
