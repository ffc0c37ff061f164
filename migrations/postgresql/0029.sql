-- 0029: お知らせ. What came since somebody last looked is a question to the connections and their steps, never stored; kept is when he looked.
CREATE TABLE news_seen (
  network_id bigint NOT NULL,
  user_id bigint NOT NULL,
  at bigint NOT NULL,
  PRIMARY KEY (network_id, user_id),
  FOREIGN KEY (network_id, user_id) REFERENCES user_account (network_id, id)
);
SELECT rls_guard('news_seen', 'own');
