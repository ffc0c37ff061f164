-- 0009: erasing persons, and what was decided about data that leaves or goes. `network_key` says under which epoch of the network's key
-- every key is to be wrapped; without a row it is the first. An erasure's persons and counts stay: they are what its certificate says.
-- Ids and case numbers alone, never a name.
CREATE TABLE network_key (
  network_id bigint NOT NULL PRIMARY KEY REFERENCES network (id),
  epoch bigint NOT NULL,
  changed_at bigint NOT NULL
);
CREATE TABLE decision (
  network_id bigint NOT NULL REFERENCES network (id),
  id bigint NOT NULL,
  kind text NOT NULL, -- erase, release
  reason text NOT NULL,
  approver_id bigint, -- the account that approved; NULL: said aloud at the command line
  created_at bigint NOT NULL,
  PRIMARY KEY (network_id, id)
);
CREATE TABLE erasure (
  network_id bigint NOT NULL,
  id bigint NOT NULL, -- the decision's
  early boolean NOT NULL DEFAULT FALSE, -- before the term of retention ended
  epoch_before bigint NOT NULL,
  epoch_after bigint,
  finished_at bigint,
  PRIMARY KEY (network_id, id),
  FOREIGN KEY (network_id, id) REFERENCES decision (network_id, id)
);
CREATE TABLE erasure_person (
  network_id bigint NOT NULL,
  erasure_id bigint NOT NULL,
  person_id bigint NOT NULL,
  case_numbers text NOT NULL,
  erased_at bigint,
  PRIMARY KEY (network_id, erasure_id, person_id),
  FOREIGN KEY (network_id, erasure_id) REFERENCES erasure (network_id, id)
);
CREATE TABLE erasure_rows (
  network_id bigint NOT NULL,
  erasure_id bigint NOT NULL,
  table_name text NOT NULL,
  erased bigint NOT NULL,
  PRIMARY KEY (network_id, erasure_id, table_name),
  FOREIGN KEY (network_id, erasure_id) REFERENCES erasure (network_id, id)
);
SELECT rls_guard(name, 'network') FROM unnest(ARRAY['network_key', 'decision', 'erasure', 'erasure_rows']) AS name;
SELECT rls_guard('erasure_person', 'person');
