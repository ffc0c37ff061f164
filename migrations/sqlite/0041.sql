-- 0041: what became of a transfer. The receiver's answer comes back by telephone, as digits; how the case stood before it was moved; and what was
-- refused here, by its code alone.
ALTER TABLE transfer_out ADD COLUMN answer TEXT NOT NULL DEFAULT ''; -- received, refused
ALTER TABLE transfer_out ADD COLUMN answered_at INTEGER;
ALTER TABLE transfer_out ADD COLUMN answered_by INTEGER;
ALTER TABLE transfer_out ADD COLUMN was_status TEXT NOT NULL DEFAULT 'closed';
ALTER TABLE transfer_out ADD COLUMN was_next TEXT NOT NULL DEFAULT '';
DROP INDEX transfer_out_case;
CREATE UNIQUE INDEX transfer_out_case ON transfer_out (network_id, case_id, peer_id) WHERE answer <> 'refused';
CREATE INDEX transfer_out_all ON transfer_out (network_id, case_id);
CREATE TABLE transfer_refused (
  network_id INTEGER NOT NULL,
  id INTEGER NOT NULL,
  peer_id INTEGER NOT NULL,
  organization_id INTEGER NOT NULL,
  user_id INTEGER NOT NULL,
  code TEXT NOT NULL,
  refused_at INTEGER NOT NULL,
  PRIMARY KEY (network_id, id),
  FOREIGN KEY (network_id, peer_id) REFERENCES transfer_peer (network_id, id)
) STRICT;
CREATE UNIQUE INDEX transfer_refused_code ON transfer_refused (network_id, code);
