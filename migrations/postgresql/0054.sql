-- 0054: the clock's indexes (0049) hold whose case it is, too: PostgreSQL's policies ask for it, and read a row of the table for each case without it.
DROP INDEX case_file_clock;
DROP INDEX case_file_next;
DROP INDEX case_file_silent;
CREATE INDEX case_file_clock ON case_file (network_id, clock_pace, clock_contact, id, clock_next, clock_silent, clock_lead, clock_settled,
  clock_waiting, last_contact_at, person_id) WHERE clock_contact IS NOT NULL;
CREATE INDEX case_file_next ON case_file (network_id, clock_next, clock_contact, id, clock_pace, clock_silent, clock_lead, clock_settled,
  clock_waiting, person_id) WHERE clock_contact IS NOT NULL;
CREATE INDEX case_file_silent ON case_file (network_id, clock_silent, clock_waiting, id, clock_contact, person_id) WHERE clock_silent IS NOT NULL;
