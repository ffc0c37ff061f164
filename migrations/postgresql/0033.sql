-- 0033: mail without personal data. Who wants which mail, and what waits to be told: written in the transaction of what it tells of, and kept
-- for a while after it was sent, so that nothing is told twice. Nothing in it says more than the kind; the person is there so that it can be
-- asked again, when the mail goes, whether its reader may still know.
CREATE TABLE mail_preference (
  network_id bigint NOT NULL,
  user_id bigint NOT NULL,
  how text NOT NULL, -- off, once, morning
  address text NOT NULL,
  changed_at bigint NOT NULL,
  PRIMARY KEY (network_id, user_id),
  FOREIGN KEY (network_id, user_id) REFERENCES user_account (network_id, id)
);
CREATE TABLE mail_queue (
  network_id bigint NOT NULL,
  id bigint NOT NULL,
  user_id bigint NOT NULL,
  membership_id bigint NOT NULL,
  kind text NOT NULL,
  person_id bigint,
  thing_id bigint NOT NULL,
  thing_at bigint NOT NULL,
  created_at bigint NOT NULL,
  next_at bigint NOT NULL,
  state text NOT NULL DEFAULT 'waiting', -- waiting, sent, gone (nobody to tell any more), failed
  tries bigint NOT NULL DEFAULT 0,
  claimed_until bigint NOT NULL DEFAULT 0,
  message text NOT NULL DEFAULT '', -- what goes in one mail; its Message-ID
  error text NOT NULL DEFAULT '',
  done_at bigint,
  PRIMARY KEY (network_id, id),
  FOREIGN KEY (network_id, user_id) REFERENCES user_account (network_id, id)
);
CREATE UNIQUE INDEX mail_queue_once ON mail_queue (network_id, user_id, kind, thing_id, thing_at);
CREATE INDEX mail_queue_due ON mail_queue (state, next_at);
CREATE INDEX mail_queue_message ON mail_queue (network_id, message);
CREATE INDEX mail_queue_person ON mail_queue (network_id, person_id);
SELECT rls_guard('mail_preference', 'network');
SELECT rls_guard('mail_queue', 'person', 'user_id = (SELECT rls_user())');
-- Who made somebody work on a case: to whom it was given by another, it is news.
ALTER TABLE assignment ADD COLUMN by_user_id bigint;
