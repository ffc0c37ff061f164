-- 0056: what waits, came back or fell silent is answered off the index of an organization's connections, and what an organization wrote of a case since off
-- one of records, not row by row; and a reply link that ten wrong codes closed is found without looking at every link there ever was.
DROP INDEX connection_from;
DROP INDEX connection_to;
CREATE INDEX connection_from ON connection (network_id, from_organization_id, state, silent_at, sent_at, changed_at, closed_at, to_organization_id,
  case_id, person_id, from_user_id, to_user_id, id);
CREATE INDEX connection_to ON connection (network_id, to_organization_id, state, silent_at, sent_at, changed_at, closed_at, from_organization_id,
  case_id, person_id, from_user_id, to_user_id, id, accepted_at, contacted_at);
CREATE INDEX reply_link_locked ON reply_link (network_id, ended_at, connection_id) WHERE wrong >= 10;
CREATE INDEX record_written ON record (network_id, case_id, author_organization_id, created_at);
