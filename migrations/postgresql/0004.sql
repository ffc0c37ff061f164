-- 0004: つなぎ先, the directory, after HSDS 3.0: a service of an organization, where it is, how it is reached, when it is open. No personal
-- data of supported persons. Hours are prose. `source_id`, `source_key` and `source_row` say where a service came from and what
-- stood there; `edited_at` says that a person has changed it since, so that an import leaves it alone.

CREATE TABLE directory_source (
  network_id bigint NOT NULL REFERENCES network (id),
  id bigint NOT NULL,
  key text NOT NULL,
  attribution text NOT NULL,
  licence text NOT NULL,
  imported_at bigint NOT NULL,
  PRIMARY KEY (network_id, id)
);
CREATE UNIQUE INDEX directory_source_key ON directory_source (network_id, key);
CREATE TABLE service (
  network_id bigint NOT NULL,
  id bigint NOT NULL,
  organization_id bigint NOT NULL,
  name text NOT NULL,
  description text NOT NULL DEFAULT '',
  heading text NOT NULL DEFAULT '', -- of the part of the list it stood in
  status text NOT NULL DEFAULT 'active', -- active, inactive, defunct, temporarily closed
  alert text NOT NULL DEFAULT '',
  eligibility text NOT NULL DEFAULT '',
  fees text NOT NULL DEFAULT '',
  application text NOT NULL DEFAULT '',
  source_id bigint,
  source_key text,
  source_row text,
  assured_on text NOT NULL DEFAULT '', -- when somebody last asked whether this still holds
  edited_at bigint,
  created_at bigint NOT NULL,
  rev bigint NOT NULL DEFAULT 1,
  PRIMARY KEY (network_id, id),
  FOREIGN KEY (network_id, organization_id) REFERENCES organization (network_id, id),
  FOREIGN KEY (network_id, source_id) REFERENCES directory_source (network_id, id)
);
CREATE INDEX service_organization ON service (network_id, organization_id);
CREATE UNIQUE INDEX service_source ON service (network_id, source_id, source_key) WHERE source_key IS NOT NULL;
-- The twelve concerns of the つなぐシート by their codes there. `derived`: by the importer's table of words, not by a person.
CREATE TABLE service_concern (
  network_id bigint NOT NULL,
  service_id bigint NOT NULL,
  concern text NOT NULL,
  derived boolean NOT NULL DEFAULT false,
  PRIMARY KEY (network_id, service_id, concern),
  FOREIGN KEY (network_id, service_id) REFERENCES service (network_id, id)
);
CREATE TABLE service_attribute (
  network_id bigint NOT NULL,
  service_id bigint NOT NULL,
  line bigint NOT NULL,
  label text NOT NULL,
  value text NOT NULL,
  is_date boolean NOT NULL DEFAULT false, -- value is ISO, perhaps partial
  PRIMARY KEY (network_id, service_id, line),
  FOREIGN KEY (network_id, service_id) REFERENCES service (network_id, id)
);
-- address: as the list has it, within `city`. description: a place in words (「市役所内相談室」).
CREATE TABLE location (
  network_id bigint NOT NULL,
  id bigint NOT NULL,
  organization_id bigint NOT NULL,
  city text NOT NULL DEFAULT '',
  address text NOT NULL DEFAULT '',
  description text NOT NULL DEFAULT '',
  PRIMARY KEY (network_id, id),
  FOREIGN KEY (network_id, organization_id) REFERENCES organization (network_id, id)
);
CREATE INDEX location_organization ON location (network_id, organization_id);
CREATE TABLE service_at_location (
  network_id bigint NOT NULL,
  service_id bigint NOT NULL,
  location_id bigint NOT NULL,
  PRIMARY KEY (network_id, service_id, location_id),
  FOREIGN KEY (network_id, service_id) REFERENCES service (network_id, id),
  FOREIGN KEY (network_id, location_id) REFERENCES location (network_id, id)
);
CREATE INDEX service_at_location_location ON service_at_location (network_id, location_id);
-- Whom to ask for at the organization (service_id NULL) or the service: a desk, a name.
CREATE TABLE contact (
  network_id bigint NOT NULL,
  id bigint NOT NULL,
  organization_id bigint NOT NULL,
  service_id bigint,
  name text NOT NULL DEFAULT '',
  department text NOT NULL DEFAULT '',
  email text NOT NULL DEFAULT '',
  PRIMARY KEY (network_id, id),
  FOREIGN KEY (network_id, organization_id) REFERENCES organization (network_id, id),
  FOREIGN KEY (network_id, service_id) REFERENCES service (network_id, id)
);
CREATE INDEX contact_organization ON contact (network_id, organization_id);
CREATE INDEX contact_service ON contact (network_id, service_id);
-- dial: digits; empty where the number is not whole.
CREATE TABLE phone (
  network_id bigint NOT NULL,
  id bigint NOT NULL,
  organization_id bigint NOT NULL,
  service_id bigint,
  type text NOT NULL, -- voice, fax
  number text NOT NULL,
  dial text NOT NULL,
  extension text NOT NULL DEFAULT '',
  description text NOT NULL DEFAULT '',
  PRIMARY KEY (network_id, id),
  FOREIGN KEY (network_id, organization_id) REFERENCES organization (network_id, id),
  FOREIGN KEY (network_id, service_id) REFERENCES service (network_id, id)
);
CREATE INDEX phone_organization ON phone (network_id, organization_id);
CREATE INDEX phone_service ON phone (network_id, service_id);
CREATE TABLE schedule (
  network_id bigint NOT NULL,
  id bigint NOT NULL,
  organization_id bigint NOT NULL,
  service_id bigint,
  description text NOT NULL,
  PRIMARY KEY (network_id, id),
  FOREIGN KEY (network_id, organization_id) REFERENCES organization (network_id, id),
  FOREIGN KEY (network_id, service_id) REFERENCES service (network_id, id)
);
CREATE INDEX schedule_organization ON schedule (network_id, organization_id);
CREATE INDEX schedule_service ON schedule (network_id, service_id);
-- What a list shows of an organization and what words and places find it by (folded): made anew from the tables above with each change.
CREATE TABLE directory_entry (
  network_id bigint NOT NULL,
  organization_id bigint NOT NULL,
  fold text NOT NULL,
  place_fold text NOT NULL,
  what text NOT NULL,
  area text NOT NULL,
  phone text NOT NULL,
  dial text NOT NULL,
  hours text NOT NULL,
  PRIMARY KEY (network_id, organization_id),
  FOREIGN KEY (network_id, organization_id) REFERENCES organization (network_id, id)
);
-- Row-level security: each network its own (0003.sql).
SELECT rls_guard(name, 'network') FROM unnest(ARRAY['directory_source', 'service', 'service_concern', 'service_attribute', 'location',
  'service_at_location', 'contact', 'phone', 'schedule', 'directory_entry']) AS name;
