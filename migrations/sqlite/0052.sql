-- 0052: which organization of the own directory stands for a body of another network. A consent towards it, and towards no other, is a basis for
-- what goes there (ケース移管). An organization stands for one network at a time.
CREATE TABLE transfer_body (
  network_id INTEGER NOT NULL,
  id INTEGER NOT NULL,
  peer_id INTEGER NOT NULL,
  organization_id INTEGER NOT NULL,
  added_at INTEGER NOT NULL,
  added_by INTEGER NOT NULL,
  ended_at INTEGER,
  PRIMARY KEY (network_id, id),
  FOREIGN KEY (network_id, peer_id) REFERENCES transfer_peer (network_id, id),
  FOREIGN KEY (network_id, organization_id) REFERENCES organization (network_id, id)
) STRICT;
CREATE UNIQUE INDEX transfer_body_one ON transfer_body (network_id, organization_id) WHERE ended_at IS NULL;
