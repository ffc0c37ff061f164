-- 0014: whose a case or a sheet is, for the engine, which decides before the row itself is read: so one that is not there and one that may
-- not be seen take the same way.
CREATE VIEW fact_case AS
  SELECT network_id, id, person_id FROM case_file;
CREATE VIEW fact_sheet AS
  SELECT network_id, id, person_id FROM sheet;
