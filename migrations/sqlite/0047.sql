-- 0047: when anybody met the person. A correction reckons the case's last contact anew from all records, also from those that whoever corrects
-- may not read; nothing but the latest instant is asked (record_sql_last_contact).
CREATE VIEW fact_contact AS
  SELECT network_id, case_id, at FROM record WHERE contact;
