-- 0024: how many connections of a case are open is told by an index alone.
DROP INDEX connection_case;
CREATE INDEX connection_case ON connection (network_id, case_id, closed_at, from_organization_id, to_organization_id, sent_at);
