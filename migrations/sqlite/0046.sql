-- 0046: of hundreds of persons who are registered in one transaction the one is found by the index alone; else PostgreSQL's row-level security.
DROP INDEX person_created;
CREATE INDEX person_created ON person (network_id, created_by, created_at, id);
