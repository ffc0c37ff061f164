-- 0007: how and why a consent was taken back.
ALTER TABLE consent ADD COLUMN withdrawn_how TEXT;
ALTER TABLE consent ADD COLUMN withdrawn_reason_sealed BLOB;
