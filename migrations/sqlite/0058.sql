-- 0058: a worker's cases, open or closed, are read off the index of his assignments, not row by row.
DROP INDEX assignment_user;
CREATE INDEX assignment_user ON assignment (network_id, user_id, organization_id, person_id, case_id, until_at, from_at, case_closed);
