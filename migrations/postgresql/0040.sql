-- 0040: the clock of all cases, and how many a list has, each off an index of its own in the order in which it is read, which holds all
-- that is asked.
CREATE INDEX case_file_clock ON case_file (network_id, id, density, last_contact_at, opened_at, next_date, status) WHERE status <> 'closed';
CREATE INDEX connection_waiting ON connection (network_id, case_id, sent_at, silent_at, state) WHERE state IN ('sent', 'received');
CREATE INDEX participation_lead ON participation (network_id, case_id, from_at, id, until_at, organization_id, part) WHERE part = 'lead';
CREATE INDEX participation_count ON participation (network_id, organization_id, case_closed, until_at, from_at, case_more) WHERE NOT case_more;
