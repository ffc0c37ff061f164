-- 0022: the casework of 秘匿, 閲覧の制限, 緊急の閲覧 and 漏えい等. Their facts stand since 0001; here is what people write about them.
-- What must not be known of others (the new address of a sister) is a value of its own; a 秘匿 ends only by two persons.
ALTER TABLE concealment ADD COLUMN author_organization_id bigint;
ALTER TABLE concealment ADD COLUMN town_sealed bytea; -- the town that granted the measure; `origin` stays empty from here on
ALTER TABLE concealment ADD COLUMN reason_sealed bytea;
CREATE TABLE concealed_value (
  network_id bigint NOT NULL,
  id bigint NOT NULL,
  concealment_id bigint NOT NULL,
  person_id bigint NOT NULL,
  item bigint NOT NULL,
  whose_sealed bytea,
  value_sealed bytea NOT NULL,
  from_at bigint NOT NULL,
  created_by bigint NOT NULL,
  PRIMARY KEY (network_id, id),
  FOREIGN KEY (network_id, concealment_id) REFERENCES concealment (network_id, id)
);
CREATE INDEX concealed_value_person ON concealed_value (network_id, person_id);
CREATE TABLE concealment_release (
  network_id bigint NOT NULL,
  id bigint NOT NULL,
  concealment_id bigint NOT NULL,
  person_id bigint NOT NULL,
  reason_sealed bytea NOT NULL,
  asked_by bigint NOT NULL,
  asked_at bigint NOT NULL,
  decided_by bigint,
  decided_at bigint,
  granted boolean,
  PRIMARY KEY (network_id, id),
  FOREIGN KEY (network_id, concealment_id) REFERENCES concealment (network_id, id)
);
CREATE INDEX concealment_release_person ON concealment_release (network_id, person_id);

ALTER TABLE restriction ADD COLUMN author_organization_id bigint;
ALTER TABLE restriction ADD COLUMN reason_sealed bytea;
ALTER TABLE restriction ADD COLUMN ended_by bigint;

ALTER TABLE break_glass ADD COLUMN case_id bigint;
ALTER TABLE break_glass ADD COLUMN review_sealed bytea;
ALTER TABLE break_glass ADD COLUMN review_result text; -- right, wrong
CREATE INDEX break_glass_open ON break_glass (network_id, from_at) WHERE reviewed_at IS NULL;

CREATE TABLE leak (
  network_id bigint NOT NULL,
  id bigint NOT NULL,
  case_id bigint NOT NULL,
  person_id bigint NOT NULL,
  author_organization_id bigint NOT NULL,
  kind text NOT NULL, -- lost, wrong_address, handed_over, seen, system, taken, other
  known_at bigint NOT NULL,
  happened_on text NOT NULL DEFAULT '', -- a day, or empty: not known
  categories bigint NOT NULL,
  persons bigint NOT NULL, -- how many people's information, this person included
  owed boolean NOT NULL, -- to be reported to the 個人情報保護委員会
  malicious boolean NOT NULL, -- an unjust purpose: the final report is due after 60 days, not 30
  copy_number text NOT NULL DEFAULT '',
  content_sealed bytea NOT NULL, -- JSON: what, cause, harm, done, published, prevention, other
  first_report_at bigint,
  final_report_at bigint,
  told_at bigint, -- the person
  closed_at bigint,
  created_by bigint NOT NULL,
  created_at bigint NOT NULL,
  changed_at bigint NOT NULL,
  rev bigint NOT NULL DEFAULT 1,
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
  WHERE (SELECT rls_service()) OR x.person_id IN (SELECT rls_known())
  UNION ALL
  SELECT x.network_id, x.person_id, x.from_at, x.until_at, v.id, '', v.item, FALSE, v.value_sealed, k.epoch, k.wrapped
  FROM concealment x JOIN concealed_value v ON v.network_id = x.network_id AND v.concealment_id = x.id
  JOIN person_key k ON k.network_id = x.network_id AND k.person_id = x.person_id
  WHERE (SELECT rls_service()) OR x.person_id IN (SELECT rls_known());

-- The texts are looked for also by those who may not read them: it looks past person x category, but never past the person.
ALTER VIEW concealed_text OWNER TO tsunagu_rls;
REVOKE ALL ON concealed_text FROM PUBLIC, tsunagu_app;
GRANT SELECT ON concealed_text TO tsunagu_app;
SELECT rls_guard(name, 'person') FROM unnest(ARRAY['concealed_value', 'concealment_release', 'leak']) AS name;
