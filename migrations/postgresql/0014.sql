-- 0014: whose a case or a sheet is, for the engine, which decides before the row itself is read: so one that is not there and one that may
-- not be seen take the same way (a row that a policy hides costs the policy's work, none costs nothing).
CREATE VIEW fact_case AS
  SELECT network_id, id, person_id FROM case_file
  WHERE (SELECT rls_service()) OR network_id = (SELECT rls_network());
CREATE VIEW fact_sheet AS
  SELECT network_id, id, person_id FROM sheet
  WHERE (SELECT rls_service()) OR network_id = (SELECT rls_network());
ALTER VIEW fact_case OWNER TO tsunagu_rls;
ALTER VIEW fact_sheet OWNER TO tsunagu_rls;
REVOKE ALL ON fact_case, fact_sheet FROM PUBLIC, tsunagu_app;
GRANT SELECT ON fact_case, fact_sheet TO tsunagu_app;
