-- 0027: 返事のリンク. A receiver without an account answers by a link that expires, with a code told by telephone; both are kept as keyed hashes.
-- Once the code was right, session_hash is what the browser holds. used_at: the answer came back; wrong: codes that were not right.
CREATE TABLE reply_link (
  network_id bigint NOT NULL,
  id bigint NOT NULL,
  connection_id bigint NOT NULL,
  person_id bigint NOT NULL,
  from_user_id bigint NOT NULL,
  token_hash bytea NOT NULL,
  code_hash bytea NOT NULL,
  session_hash bytea,
  session_until bigint,
  created_at bigint NOT NULL,
  until_at bigint NOT NULL,
  opened_at bigint,
  used_at bigint,
  ended_at bigint,
  wrong bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (network_id, id),
  FOREIGN KEY (network_id, connection_id) REFERENCES connection (network_id, id)
);
CREATE UNIQUE INDEX reply_link_token ON reply_link (network_id, token_hash);
CREATE UNIQUE INDEX reply_link_session ON reply_link (network_id, session_hash) WHERE session_hash IS NOT NULL;
CREATE INDEX reply_link_connection ON reply_link (network_id, connection_id);
CREATE INDEX reply_link_person ON reply_link (network_id, person_id);
SELECT rls_guard('reply_link', 'person');
