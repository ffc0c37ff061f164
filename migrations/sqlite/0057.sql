-- 0057: what one person sent or took on is found by who did, not among all that the organization ever sent or was sent.
CREATE INDEX connection_by_user ON connection (network_id, from_user_id, state, changed_at);
CREATE INDEX connection_for_user ON connection (network_id, to_user_id, state, changed_at) WHERE to_user_id IS NOT NULL;
