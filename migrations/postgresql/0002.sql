-- 0002: a restriction may stand against one of the person's guardians too.
ALTER TABLE restriction ADD COLUMN guardian_id bigint;
