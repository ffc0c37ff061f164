-- 0032: 法令による提供, whole: of which case, under which article (as it was called then), why nobody was asked (a code), what is said of it (sealed), who said no or
-- ended it, whether and when the person is told. network.basis_off: codes that the town does not use.
ALTER TABLE legal_basis ADD COLUMN case_id INTEGER;
ALTER TABLE legal_basis ADD COLUMN article TEXT NOT NULL DEFAULT '';
ALTER TABLE legal_basis ADD COLUMN why TEXT NOT NULL DEFAULT '';
ALTER TABLE legal_basis ADD COLUMN content_sealed BLOB;
ALTER TABLE legal_basis ADD COLUMN tell TEXT NOT NULL DEFAULT ''; -- after, told, not
ALTER TABLE legal_basis ADD COLUMN tell_due TEXT;
ALTER TABLE legal_basis ADD COLUMN told_day TEXT;
ALTER TABLE legal_basis ADD COLUMN told_how_sealed BLOB;
ALTER TABLE legal_basis ADD COLUMN told_by INTEGER;
ALTER TABLE legal_basis ADD COLUMN decided_at INTEGER;
ALTER TABLE legal_basis ADD COLUMN refused_by INTEGER;
ALTER TABLE legal_basis ADD COLUMN ended_by INTEGER;
ALTER TABLE network ADD COLUMN basis_off TEXT NOT NULL DEFAULT 'support_meeting needy_meeting';
CREATE INDEX legal_basis_author ON legal_basis (network_id, author_organization_id, id);
CREATE INDEX legal_basis_recipient_to ON legal_basis_recipient (network_id, organization_id, legal_basis_id);
