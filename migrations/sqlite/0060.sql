-- 0060: a case that another network handed over is 同意未確認 as one from a ledger is; which cases may be, stands beside them (0036).
CREATE TRIGGER beside_add_transfer AFTER INSERT ON transfer_in BEGIN
  UPDATE case_file SET beside = beside | 4 WHERE network_id = NEW.network_id AND id = NEW.case_id AND (beside & 4) = 0;
END;
UPDATE case_file SET beside = beside | 4 WHERE (beside & 4) = 0
  AND EXISTS (SELECT 1 FROM transfer_in t WHERE t.network_id = case_file.network_id AND t.case_id = case_file.id);
CREATE INDEX case_file_came ON case_file (person_id, network_id, id, status, number, beside) WHERE (beside & 4) <> 0;
