-- 0010: the directory by HSDS 3.0: fields of the standard for which the tables of 0004 have no column, tables that they are not, and ids
-- that others gave. `fields` is a JSON object by the standard's names. `local_id`: the row of the table of that kind that holds the rest (an
-- address: its location); a record whose row is gone was deleted by hand. `local_rev`: the organization's rev when it was imported.
CREATE TABLE hsds_record (
  network_id bigint NOT NULL REFERENCES network (id),
  id bigint NOT NULL,
  kind text NOT NULL,
  uuid text NOT NULL,
  local_id bigint,
  local_rev bigint NOT NULL DEFAULT 0,
  fields text NOT NULL,
  PRIMARY KEY (network_id, id)
);
CREATE UNIQUE INDEX hsds_record_uuid ON hsds_record (network_id, kind, uuid);
SELECT rls_guard('hsds_record', 'network');
