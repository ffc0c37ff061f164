-- 0045: the facts that stand. Their log (migration 11) holds all of a person in one place, whatever its kind; the engine reads them there.
CREATE VIEW fact_now AS
  SELECT network_id, subject_id, kind, id, organization_id, user_id, other_id, bits, text, text2, flag1, flag2, flag3, from_at, until_at
  FROM fact_log WHERE until_rev IS NULL;
DROP VIEW fact_concealment_holder;
