-- 0028: an emergency look is reviewed by managers of the organization that looked and of the one that leads: they know of it also where they do
-- not see the person (the case's number, who, when).
ALTER TABLE break_glass ADD COLUMN case_number TEXT NOT NULL DEFAULT '';
