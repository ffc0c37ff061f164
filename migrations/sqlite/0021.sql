-- 0021: a sheet that came back is mended as a new version (previous_id: the one that stays as it was sent); tries before the first contact are
-- counted; after expiry_days without an answer a connection ends by itself.
ALTER TABLE sheet ADD COLUMN previous_id INTEGER;
ALTER TABLE connection ADD COLUMN attempts INTEGER NOT NULL DEFAULT 0;
ALTER TABLE network ADD COLUMN expiry_days INTEGER NOT NULL DEFAULT 90;
CREATE INDEX connection_parent ON connection (network_id, parent_id) WHERE parent_id IS NOT NULL;
