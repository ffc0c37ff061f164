-- 0048: which record said last what comes next. Whoever may not read that one is not told an older one's words beside its day.
CREATE VIEW fact_next AS
  SELECT network_id, case_id, id, at FROM record WHERE (next_sealed IS NOT NULL OR next_date IS NOT NULL)
  AND ((SELECT rls_service()) OR network_id = (SELECT rls_network()));
ALTER VIEW fact_next OWNER TO tsunagu_rls;
REVOKE ALL ON fact_next FROM PUBLIC, tsunagu_app;
GRANT SELECT ON fact_next TO tsunagu_app;
