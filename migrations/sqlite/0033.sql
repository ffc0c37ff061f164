-- 0033: mail without personal data. Who wants which mail, and what waits to be told: written in the transaction of what it tells of, and kept
-- for a while after it was sent, so that nothing is told twice. Nothing in it says more than the kind; the person is there so that it can be
-- asked again, when the mail goes, whether its reader may still know.
CREATE TABLE mail_preference (
  network_id INTEGER NOT NULL,
  user_id INTEGER NOT NULL,
  how TEXT NOT NULL, -- off, once, morning
  address TEXT NOT NULL,
  changed_at INTEGER NOT NULL,
  PRIMARY KEY (network_id, user_id),
  FOREIGN KEY (network_id, user_id) REFERENCES user_account (network_id, id)
) STRICT;
CREATE TABLE mail_queue (
  network_id INTEGER NOT NULL,
  id INTEGER NOT NULL,
  user_id INTEGER NOT NULL,
  membership_id INTEGER NOT NULL,
  kind TEXT NOT NULL,
  person_id INTEGER,
  thing_id INTEGER NOT NULL,
  thing_at INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  next_at INTEGER NOT NULL,
  state TEXT NOT NULL DEFAULT 'waiting', -- waiting, sent, gone (nobody to tell any more), failed
  tries INTEGER NOT NULL DEFAULT 0,
  claimed_until INTEGER NOT NULL DEFAULT 0,
  message TEXT NOT NULL DEFAULT '', -- what goes in one mail; its Message-ID
  error TEXT NOT NULL DEFAULT '',
  done_at INTEGER,
  PRIMARY KEY (network_id, id),
  FOREIGN KEY (network_id, user_id) REFERENCES user_account (network_id, id)
) STRICT;
CREATE UNIQUE INDEX mail_queue_once ON mail_queue (network_id, user_id, kind, thing_id, thing_at);
CREATE INDEX mail_queue_due ON mail_queue (state, next_at);
CREATE INDEX mail_queue_message ON mail_queue (network_id, message);
CREATE INDEX mail_queue_person ON mail_queue (network_id, person_id);
-- Who made somebody work on a case: to whom it was given by another, it is news.
ALTER TABLE assignment ADD COLUMN by_user_id INTEGER;
