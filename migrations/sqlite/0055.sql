-- 0055: indexes of PostgreSQL's 0055; its triggers are PostgreSQL's alone.
DROP INDEX case_file_settled;
DROP INDEX case_file_number;
DROP INDEX record_case;
DROP INDEX record_person;
CREATE INDEX case_file_settled ON case_file (clock_settled, network_id);
CREATE UNIQUE INDEX case_file_number ON case_file (number, network_id);
CREATE INDEX record_case ON record (case_id, network_id, at);
CREATE INDEX record_person ON record (person_id, network_id);
