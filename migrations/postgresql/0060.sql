-- 0060: a case that another network handed over is 同意未確認 as one from a ledger is; which cases may be, stands beside them (0036).
CREATE TRIGGER beside_transfer AFTER INSERT ON transfer_in FOR EACH ROW EXECUTE FUNCTION beside_thing();
CREATE FUNCTION transfer_fill() RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  UPDATE case_file c SET beside = beside | 4 WHERE (beside & 4) = 0
    AND EXISTS (SELECT FROM transfer_in t WHERE t.network_id = c.network_id AND t.case_id = c.id);
$$;
ALTER FUNCTION transfer_fill() OWNER TO tsunagu_rls;
SELECT transfer_fill();
DROP FUNCTION transfer_fill();
CREATE INDEX case_file_came ON case_file (person_id, network_id, id, status, number, beside) WHERE (beside & 4) <> 0;
