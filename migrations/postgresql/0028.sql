-- 0028: an emergency look is reviewed by managers of the organization that looked and of the one that leads: they know of it also where they do
-- not see the person (the case's number, who, when).
ALTER TABLE break_glass ADD COLUMN case_number text NOT NULL DEFAULT '';
DROP POLICY person ON break_glass;
SELECT rls_guard('break_glass', 'person', 'user_id = (SELECT rls_user()) OR ((SELECT rls_role()) = ''manager'''
  ' AND organization_id = (SELECT rls_organization()))');
