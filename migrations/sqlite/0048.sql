-- 0048: which record said last what comes next. Whoever may not read that one is not told an older one's words beside its day.
CREATE VIEW fact_next AS
  SELECT network_id, case_id, id, at FROM record WHERE (next_sealed IS NOT NULL OR next_date IS NOT NULL);
