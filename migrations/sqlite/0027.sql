-- 0027: 返事のリンク. A receiver without an account answers by a link that expires, with a code told by telephone; both are kept as keyed hashes.
-- Once the code was right, session_hash is what the browser holds. used_at: the answer came back; wrong: codes that were not right.
CREATE TABLE reply_link (
  network_id INTEGER NOT NULL,
  id INTEGER NOT NULL,
  connection_id INTEGER NOT NULL,
  person_id INTEGER NOT NULL,
  from_user_id INTEGER NOT NULL,
  token_hash BLOB NOT NULL,
  code_hash BLOB NOT NULL,
  session_hash BLOB,
  session_until INTEGER,
  created_at INTEGER NOT NULL,
  until_at INTEGER NOT NULL,
  opened_at INTEGER,
  used_at INTEGER,
  ended_at INTEGER,
  wrong INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (network_id, id),
  FOREIGN KEY (network_id, connection_id) REFERENCES connection (network_id, id)
) STRICT;
CREATE UNIQUE INDEX reply_link_token ON reply_link (network_id, token_hash);
CREATE UNIQUE INDEX reply_link_session ON reply_link (network_id, session_hash) WHERE session_hash IS NOT NULL;
CREATE INDEX reply_link_connection ON reply_link (network_id, connection_id);
CREATE INDEX reply_link_person ON reply_link (network_id, person_id);
