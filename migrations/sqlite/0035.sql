-- 0035: how many days before its end a consent stands in the day to be asked for again (0: not at all), and an index to find those that end.
ALTER TABLE network ADD COLUMN renewal_days INTEGER NOT NULL DEFAULT 30;
CREATE INDEX consent_ends ON consent (network_id, author_organization_id, until_at) WHERE withdrawn_at IS NULL;
