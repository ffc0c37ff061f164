-- 0032: 法令による提供, whole: of which case, under which article (as it was called then), why nobody was asked (a code), what is said of it (sealed), who said no or
-- ended it, whether and when the person is told. network.basis_off: codes that the town does not use.
ALTER TABLE legal_basis ADD COLUMN case_id bigint;
ALTER TABLE legal_basis ADD COLUMN article text NOT NULL DEFAULT '';
ALTER TABLE legal_basis ADD COLUMN why text NOT NULL DEFAULT '';
ALTER TABLE legal_basis ADD COLUMN content_sealed bytea;
ALTER TABLE legal_basis ADD COLUMN tell text NOT NULL DEFAULT ''; -- after, told, not
ALTER TABLE legal_basis ADD COLUMN tell_due text;
ALTER TABLE legal_basis ADD COLUMN told_day text;
ALTER TABLE legal_basis ADD COLUMN told_how_sealed bytea;
ALTER TABLE legal_basis ADD COLUMN told_by bigint;
ALTER TABLE legal_basis ADD COLUMN decided_at bigint;
ALTER TABLE legal_basis ADD COLUMN refused_by bigint;
ALTER TABLE legal_basis ADD COLUMN ended_by bigint;
ALTER TABLE network ADD COLUMN basis_off text NOT NULL DEFAULT 'support_meeting needy_meeting';
CREATE INDEX legal_basis_author ON legal_basis (network_id, author_organization_id, id);
CREATE INDEX legal_basis_recipient_to ON legal_basis_recipient (network_id, organization_id, legal_basis_id);
