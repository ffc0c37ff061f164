-- 0006: what hangs on an organization is read in the order of ids: with the id in the index nobody goes through the whole network for it.
DROP INDEX service_organization;
CREATE INDEX service_organization ON service (network_id, organization_id, id);
DROP INDEX location_organization;
CREATE INDEX location_organization ON location (network_id, organization_id, id);
DROP INDEX contact_organization;
CREATE INDEX contact_organization ON contact (network_id, organization_id, id);
DROP INDEX phone_organization;
CREATE INDEX phone_organization ON phone (network_id, organization_id, id);
DROP INDEX schedule_organization;
CREATE INDEX schedule_organization ON schedule (network_id, organization_id, id);
DROP INDEX service_at_location_location;
CREATE INDEX service_at_location_location ON service_at_location (network_id, location_id, service_id);
