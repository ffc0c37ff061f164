-- 0053: a reply link is opened in more than one window: each has a session of its own, and all live until the one answer is given. A link that was guessed
-- at is found by when it was closed.
CREATE TABLE reply_session (
  network_id INTEGER NOT NULL,
  session_hash BLOB NOT NULL,
  link_id INTEGER NOT NULL,
  person_id INTEGER NOT NULL,
  until_at INTEGER NOT NULL,
  PRIMARY KEY (network_id, session_hash),
  FOREIGN KEY (network_id, link_id) REFERENCES reply_link (network_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX reply_session_link ON reply_session (network_id, link_id);
CREATE INDEX reply_session_person ON reply_session (network_id, person_id);
INSERT INTO reply_session (network_id, session_hash, link_id, person_id, until_at)
  SELECT network_id, session_hash, id, person_id, session_until FROM reply_link WHERE session_hash IS NOT NULL AND session_until IS NOT NULL;
DROP INDEX reply_link_session;
ALTER TABLE reply_link DROP COLUMN session_hash;
ALTER TABLE reply_link DROP COLUMN session_until;
CREATE INDEX reply_link_guessed ON reply_link (network_id, ended_at) WHERE wrong >= 10;
