-- 0017: 開庁日. Days on which an organization is closed besides Saturdays, Sundays, holidays and the end of the year; first and last day as
-- YYYY-MM-DD. silent_at: from when a connection that nobody answers counts as silent: the start of the n-th opening day of its receiver after
-- it was sent. Kept beside the connection, since SQL does not know the calendar; reckoned anew when closed days or the network's number of
-- days change. What was sent before this migration is taken as sent in weeks without holidays.
CREATE TABLE closed_day (
  network_id INTEGER NOT NULL,
  id INTEGER NOT NULL,
  organization_id INTEGER NOT NULL,
  day TEXT NOT NULL,
  until_day TEXT NOT NULL,
  PRIMARY KEY (network_id, id),
  FOREIGN KEY (network_id, organization_id) REFERENCES organization (network_id, id)
) STRICT;
CREATE UNIQUE INDEX closed_day_organization ON closed_day (network_id, organization_id, day);
ALTER TABLE connection ADD COLUMN silent_at INTEGER NOT NULL DEFAULT 0;
UPDATE connection SET silent_at = sent_at + 86400000 * 7 * (SELECT n.silence_days FROM network n WHERE n.id = connection.network_id) / 5
WHERE sent_at IS NOT NULL;
