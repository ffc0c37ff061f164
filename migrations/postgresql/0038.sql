-- 0038: one's own drafts, for the page of today.
CREATE INDEX sheet_draft ON sheet (network_id, author_organization_id, author_user_id) WHERE status = 'draft';
