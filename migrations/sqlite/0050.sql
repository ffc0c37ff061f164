-- 0050: what is new is found by when it came and when it moved, not among all that an organization ever sent and was sent; and which record said
-- last what comes next (0048) at the end of an index, not among all records of a case.
CREATE INDEX connection_came ON connection (network_id, to_organization_id, sent_at);
CREATE INDEX connection_moved ON connection (network_id, from_organization_id, changed_at);
CREATE INDEX record_next ON record (network_id, case_id, at, id) WHERE (next_sealed IS NOT NULL OR next_date IS NOT NULL);
