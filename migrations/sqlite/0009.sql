-- 0009: erasing persons, and what was decided about data that leaves or goes. `network_key` says under which epoch of the network's key
-- every key is to be wrapped; without a row it is the first. An erasure's persons and counts stay: they are what its certificate says.
-- Ids and case numbers alone, never a name.
CREATE TABLE network_key (
  network_id INTEGER NOT NULL PRIMARY KEY REFERENCES network (id),
  epoch INTEGER NOT NULL,
  changed_at INTEGER NOT NULL
) STRICT;
CREATE TABLE decision (
  network_id INTEGER NOT NULL REFERENCES network (id),
  id INTEGER NOT NULL,
  kind TEXT NOT NULL, -- erase, release
  reason TEXT NOT NULL,
  approver_id INTEGER, -- the account that approved; NULL: said aloud at the command line
  created_at INTEGER NOT NULL,
  PRIMARY KEY (network_id, id)
) STRICT;
CREATE TABLE erasure (
  network_id INTEGER NOT NULL,
  id INTEGER NOT NULL, -- the decision's
  early INTEGER NOT NULL DEFAULT 0, -- before the term of retention ended
  epoch_before INTEGER NOT NULL,
  epoch_after INTEGER,
  finished_at INTEGER,
  PRIMARY KEY (network_id, id),
  FOREIGN KEY (network_id, id) REFERENCES decision (network_id, id)
) STRICT;
CREATE TABLE erasure_person (
  network_id INTEGER NOT NULL,
  erasure_id INTEGER NOT NULL,
  person_id INTEGER NOT NULL,
  case_numbers TEXT NOT NULL,
  erased_at INTEGER,
  PRIMARY KEY (network_id, erasure_id, person_id),
  FOREIGN KEY (network_id, erasure_id) REFERENCES erasure (network_id, id)
) STRICT;
CREATE TABLE erasure_rows (
  network_id INTEGER NOT NULL,
  erasure_id INTEGER NOT NULL,
  table_name TEXT NOT NULL,
  erased INTEGER NOT NULL,
  PRIMARY KEY (network_id, erasure_id, table_name),
  FOREIGN KEY (network_id, erasure_id) REFERENCES erasure (network_id, id)
) STRICT;
