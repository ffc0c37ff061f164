-- 0037: the signed paper of a consent, scanned or photographed, is an attachment that belongs to it.
ALTER TABLE attachment ADD COLUMN consent_id bigint;
CREATE INDEX attachment_consent ON attachment (network_id, consent_id) WHERE consent_id IS NOT NULL;
