-- 0022: the casework of 秘匿, 閲覧の制限, 緊急の閲覧 and 漏えい等. Their facts stand since 0001; here is what people write about them.
-- What must not be known of others (the new address of a sister) is a value of its own; a 秘匿 ends only by two persons.
ALTER TABLE concealment ADD COLUMN author_organization_id INTEGER;
ALTER TABLE concealment ADD COLUMN town_sealed BLOB; -- the town that granted the measure; `origin` stays empty from here on
ALTER TABLE concealment ADD COLUMN reason_sealed BLOB;
CREATE TABLE concealed_value (
  network_id INTEGER NOT NULL,
  id INTEGER NOT NULL,
  concealment_id INTEGER NOT NULL,
  person_id INTEGER NOT NULL,
  item INTEGER NOT NULL,
  whose_sealed BLOB,
  value_sealed BLOB NOT NULL,
  from_at INTEGER NOT NULL,
  created_by INTEGER NOT NULL,
  PRIMARY KEY (network_id, id),
  FOREIGN KEY (network_id, concealment_id) REFERENCES concealment (network_id, id)
);
CREATE INDEX concealed_value_person ON concealed_value (network_id, person_id);
CREATE TABLE concealment_release (
  network_id INTEGER NOT NULL,
  id INTEGER NOT NULL,
  concealment_id INTEGER NOT NULL,
  person_id INTEGER NOT NULL,
  reason_sealed BLOB NOT NULL,
  asked_by INTEGER NOT NULL,
  asked_at INTEGER NOT NULL,
  decided_by INTEGER,
  decided_at INTEGER,
  granted INTEGER,
  PRIMARY KEY (network_id, id),
  FOREIGN KEY (network_id, concealment_id) REFERENCES concealment (network_id, id)
);
CREATE INDEX concealment_release_person ON concealment_release (network_id, person_id);

ALTER TABLE restriction ADD COLUMN author_organization_id INTEGER;
ALTER TABLE restriction ADD COLUMN reason_sealed BLOB;
ALTER TABLE restriction ADD COLUMN ended_by INTEGER;

ALTER TABLE break_glass ADD COLUMN case_id INTEGER;
ALTER TABLE break_glass ADD COLUMN review_sealed BLOB;
ALTER TABLE break_glass ADD COLUMN review_result TEXT; -- right, wrong
CREATE INDEX break_glass_open ON break_glass (network_id, from_at) WHERE reviewed_at IS NULL;

CREATE TABLE leak (
  network_id INTEGER NOT NULL,
  id INTEGER NOT NULL,
  case_id INTEGER NOT NULL,
  person_id INTEGER NOT NULL,
  author_organization_id INTEGER NOT NULL,
  kind TEXT NOT NULL, -- lost, wrong_address, handed_over, seen, system, taken, other
  known_at INTEGER NOT NULL,
  happened_on TEXT NOT NULL DEFAULT '', -- a day, or empty: not known
  categories INTEGER NOT NULL,
  persons INTEGER NOT NULL, -- how many people's information, this person included
  owed INTEGER NOT NULL, -- to be reported to the 個人情報保護委員会
  malicious INTEGER NOT NULL, -- an unjust purpose: the final report is due after 60 days, not 30
  copy_number TEXT NOT NULL DEFAULT '',
  content_sealed BLOB NOT NULL, -- JSON: what, cause, harm, done, published, prevention, other
  first_report_at INTEGER,
  final_report_at INTEGER,
  told_at INTEGER, -- the person
  closed_at INTEGER,
  created_by INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  changed_at INTEGER NOT NULL,
  rev INTEGER NOT NULL DEFAULT 1,
  PRIMARY KEY (network_id, id),
  FOREIGN KEY (network_id, case_id) REFERENCES case_file (network_id, id)
);
CREATE INDEX leak_person ON leak (network_id, person_id);
CREATE INDEX leak_open ON leak (network_id, author_organization_id) WHERE closed_at IS NULL;

-- What no output may tell while a 秘匿 lasts: of its items the values that stand, or stood since it began, and what was written down with it.
CREATE VIEW concealed_text AS
  SELECT x.network_id, x.person_id, x.from_at, x.until_at, a.id, a.kind, a.item, TRUE AS of_person, a.value_sealed, k.epoch, k.wrapped
  FROM concealment x JOIN person_attribute a ON a.network_id = x.network_id AND a.person_id = x.person_id AND (a.item & x.items) <> 0
    AND (a.until_at IS NULL OR a.until_at > x.from_at)
  JOIN person_key k ON k.network_id = x.network_id AND k.person_id = x.person_id
  UNION ALL
  SELECT x.network_id, x.person_id, x.from_at, x.until_at, v.id, '', v.item, FALSE, v.value_sealed, k.epoch, k.wrapped
  FROM concealment x JOIN concealed_value v ON v.network_id = x.network_id AND v.concealment_id = x.id
  JOIN person_key k ON k.network_id = x.network_id AND k.person_id = x.person_id;
