-- 0047: when anybody met the person. A correction reckons the case's last contact anew from all records, also from those that whoever corrects
-- may not read; nothing but the latest instant is asked (record_sql_last_contact).
CREATE VIEW fact_contact AS
  SELECT network_id, case_id, at FROM record WHERE contact AND ((SELECT rls_service()) OR network_id = (SELECT rls_network()));
ALTER VIEW fact_contact OWNER TO tsunagu_rls;
REVOKE ALL ON fact_contact FROM PUBLIC, tsunagu_app;
GRANT SELECT ON fact_contact TO tsunagu_app;
