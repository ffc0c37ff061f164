-- 0004: つなぎ先, the directory, after HSDS 3.0: a service of an organization, where it is, how it is reached, when it is open. No personal
-- data of supported persons. Hours are prose. `source_id`, `source_key` and `source_row` say where a service came from and what
-- stood there; `edited_at` says that a person has changed it since, so that an import leaves it alone.

CREATE TABLE directory_source (
  network_id INTEGER NOT NULL REFERENCES network (id),
  id INTEGER NOT NULL,
  key TEXT NOT NULL,
  attribution TEXT NOT NULL,
  licence TEXT NOT NULL,
  imported_at INTEGER NOT NULL,
  PRIMARY KEY (network_id, id)
) STRICT;
CREATE UNIQUE INDEX directory_source_key ON directory_source (network_id, key);
CREATE TABLE service (
  network_id INTEGER NOT NULL,
  id INTEGER NOT NULL,
  organization_id INTEGER NOT NULL,
  name TEXT NOT NULL,
  description TEXT NOT NULL DEFAULT '',
  heading TEXT NOT NULL DEFAULT '', -- of the part of the list it stood in
  status TEXT NOT NULL DEFAULT 'active', -- active, inactive, defunct, temporarily closed
  alert TEXT NOT NULL DEFAULT '',
  eligibility TEXT NOT NULL DEFAULT '',
  fees TEXT NOT NULL DEFAULT '',
  application TEXT NOT NULL DEFAULT '',
  source_id INTEGER,
  source_key TEXT,
  source_row TEXT,
  assured_on TEXT NOT NULL DEFAULT '', -- when somebody last asked whether this still holds
  edited_at INTEGER,
  created_at INTEGER NOT NULL,
  rev INTEGER NOT NULL DEFAULT 1,
  PRIMARY KEY (network_id, id),
  FOREIGN KEY (network_id, organization_id) REFERENCES organization (network_id, id),
  FOREIGN KEY (network_id, source_id) REFERENCES directory_source (network_id, id)
) STRICT;
CREATE INDEX service_organization ON service (network_id, organization_id);
CREATE UNIQUE INDEX service_source ON service (network_id, source_id, source_key) WHERE source_key IS NOT NULL;
-- The twelve concerns of the つなぐシート by their codes there. `derived`: by the importer's table of words, not by a person.
CREATE TABLE service_concern (
  network_id INTEGER NOT NULL,
  service_id INTEGER NOT NULL,
  concern TEXT NOT NULL,
  derived INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (network_id, service_id, concern),
  FOREIGN KEY (network_id, service_id) REFERENCES service (network_id, id)
) STRICT;
CREATE TABLE service_attribute (
  network_id INTEGER NOT NULL,
  service_id INTEGER NOT NULL,
  line INTEGER NOT NULL,
  label TEXT NOT NULL,
  value TEXT NOT NULL,
  is_date INTEGER NOT NULL DEFAULT 0, -- value is ISO, perhaps partial
  PRIMARY KEY (network_id, service_id, line),
  FOREIGN KEY (network_id, service_id) REFERENCES service (network_id, id)
) STRICT;
-- address: as the list has it, within `city`. description: a place in words (「市役所内相談室」).
CREATE TABLE location (
  network_id INTEGER NOT NULL,
  id INTEGER NOT NULL,
  organization_id INTEGER NOT NULL,
  city TEXT NOT NULL DEFAULT '',
  address TEXT NOT NULL DEFAULT '',
  description TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (network_id, id),
  FOREIGN KEY (network_id, organization_id) REFERENCES organization (network_id, id)
) STRICT;
CREATE INDEX location_organization ON location (network_id, organization_id);
CREATE TABLE service_at_location (
  network_id INTEGER NOT NULL,
  service_id INTEGER NOT NULL,
  location_id INTEGER NOT NULL,
  PRIMARY KEY (network_id, service_id, location_id),
  FOREIGN KEY (network_id, service_id) REFERENCES service (network_id, id),
  FOREIGN KEY (network_id, location_id) REFERENCES location (network_id, id)
) STRICT;
CREATE INDEX service_at_location_location ON service_at_location (network_id, location_id);
-- Whom to ask for at the organization (service_id NULL) or the service: a desk, a name.
CREATE TABLE contact (
  network_id INTEGER NOT NULL,
  id INTEGER NOT NULL,
  organization_id INTEGER NOT NULL,
  service_id INTEGER,
  name TEXT NOT NULL DEFAULT '',
  department TEXT NOT NULL DEFAULT '',
  email TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (network_id, id),
  FOREIGN KEY (network_id, organization_id) REFERENCES organization (network_id, id),
  FOREIGN KEY (network_id, service_id) REFERENCES service (network_id, id)
) STRICT;
CREATE INDEX contact_organization ON contact (network_id, organization_id);
CREATE INDEX contact_service ON contact (network_id, service_id);
-- dial: digits; empty where the number is not whole.
CREATE TABLE phone (
  network_id INTEGER NOT NULL,
  id INTEGER NOT NULL,
  organization_id INTEGER NOT NULL,
  service_id INTEGER,
  type TEXT NOT NULL, -- voice, fax
  number TEXT NOT NULL,
  dial TEXT NOT NULL,
  extension TEXT NOT NULL DEFAULT '',
  description TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (network_id, id),
  FOREIGN KEY (network_id, organization_id) REFERENCES organization (network_id, id),
  FOREIGN KEY (network_id, service_id) REFERENCES service (network_id, id)
) STRICT;
CREATE INDEX phone_organization ON phone (network_id, organization_id);
CREATE INDEX phone_service ON phone (network_id, service_id);
CREATE TABLE schedule (
  network_id INTEGER NOT NULL,
  id INTEGER NOT NULL,
  organization_id INTEGER NOT NULL,
  service_id INTEGER,
  description TEXT NOT NULL,
  PRIMARY KEY (network_id, id),
  FOREIGN KEY (network_id, organization_id) REFERENCES organization (network_id, id),
  FOREIGN KEY (network_id, service_id) REFERENCES service (network_id, id)
) STRICT;
CREATE INDEX schedule_organization ON schedule (network_id, organization_id);
CREATE INDEX schedule_service ON schedule (network_id, service_id);
-- What a list shows of an organization and what words and places find it by (folded): made anew from the tables above with each change.
CREATE TABLE directory_entry (
  network_id INTEGER NOT NULL,
  organization_id INTEGER NOT NULL,
  fold TEXT NOT NULL,
  place_fold TEXT NOT NULL,
  what TEXT NOT NULL,
  area TEXT NOT NULL,
  phone TEXT NOT NULL,
  dial TEXT NOT NULL,
  hours TEXT NOT NULL,
  PRIMARY KEY (network_id, organization_id),
  FOREIGN KEY (network_id, organization_id) REFERENCES organization (network_id, id)
) STRICT;
