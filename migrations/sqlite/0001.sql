-- 0001: the tables of the first thread. Types: INTEGER, TEXT, BLOB (boolean is 0 or 1).
-- dates ISO TEXT. `*_sealed` columns hold values sealed under the person's key. Rows about a person carry network, person, author
-- organization, category (a bit), source and marks. Facts that the access engine reads are plain, so that SQL can use them.

CREATE TABLE network (
  id INTEGER NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  town_code TEXT NOT NULL DEFAULT '',
  stage TEXT NOT NULL DEFAULT 'preparing',
  own_age INTEGER NOT NULL DEFAULT 16,
  heard_needed INTEGER NOT NULL DEFAULT 1,
  joint_needs_all INTEGER NOT NULL DEFAULT 1,
  guardian_overrides INTEGER NOT NULL DEFAULT 0,
  stand_in_allowed INTEGER NOT NULL DEFAULT 1,
  silence_days INTEGER NOT NULL DEFAULT 5,
  emergency TEXT NOT NULL DEFAULT '',
  created_at INTEGER NOT NULL
) STRICT;
CREATE TABLE network_host (
  host TEXT NOT NULL PRIMARY KEY,
  network_id INTEGER NOT NULL REFERENCES network (id)
) STRICT;
CREATE TABLE network_rev (
  network_id INTEGER NOT NULL PRIMARY KEY REFERENCES network (id),
  fact_rev INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE organization (
  network_id INTEGER NOT NULL REFERENCES network (id),
  id INTEGER NOT NULL,
  name TEXT NOT NULL,
  kana TEXT NOT NULL DEFAULT '',
  fold TEXT NOT NULL DEFAULT '',
  kind TEXT NOT NULL,
  circle TEXT NOT NULL,
  public_body INTEGER NOT NULL DEFAULT 0,
  coordinating INTEGER NOT NULL DEFAULT 0,
  designated INTEGER NOT NULL DEFAULT 0,
  description TEXT NOT NULL DEFAULT '',
  url TEXT NOT NULL DEFAULT '',
  email TEXT NOT NULL DEFAULT '',
  corporate_number TEXT NOT NULL DEFAULT '',
  source_key TEXT,
  created_at INTEGER NOT NULL,
  until_at INTEGER,
  rev INTEGER NOT NULL DEFAULT 1,
  PRIMARY KEY (network_id, id)
) STRICT;
CREATE UNIQUE INDEX organization_coordinating ON organization (network_id) WHERE coordinating;
CREATE UNIQUE INDEX organization_source ON organization (network_id, source_key) WHERE source_key IS NOT NULL;

CREATE TABLE user_account (
  network_id INTEGER NOT NULL REFERENCES network (id),
  id INTEGER NOT NULL,
  login TEXT NOT NULL,
  name TEXT NOT NULL,
  kana TEXT NOT NULL DEFAULT '',
  job TEXT NOT NULL DEFAULT '',
  password_hash TEXT NOT NULL,
  password_at INTEGER NOT NULL,
  factor TEXT NOT NULL DEFAULT 'none',
  totp_sealed BLOB,
  totp_step INTEGER NOT NULL DEFAULT 0,
  lang TEXT NOT NULL DEFAULT 'ja',
  wareki INTEGER NOT NULL DEFAULT 1,
  created_at INTEGER NOT NULL,
  disabled_at INTEGER,
  rev INTEGER NOT NULL DEFAULT 1,
  PRIMARY KEY (network_id, id)
) STRICT;
CREATE UNIQUE INDEX user_account_login ON user_account (network_id, login);
CREATE TABLE paper_code (
  network_id INTEGER NOT NULL,
  user_id INTEGER NOT NULL,
  hash BLOB NOT NULL,
  used_at INTEGER,
  PRIMARY KEY (network_id, user_id, hash),
  FOREIGN KEY (network_id, user_id) REFERENCES user_account (network_id, id)
) STRICT;
CREATE TABLE membership (
  network_id INTEGER NOT NULL,
  id INTEGER NOT NULL,
  user_id INTEGER NOT NULL,
  organization_id INTEGER NOT NULL,
  role TEXT NOT NULL,
  from_at INTEGER NOT NULL,
  until_at INTEGER,
  pledged_at INTEGER,
  created_at INTEGER NOT NULL,
  created_by INTEGER,
  rev INTEGER NOT NULL DEFAULT 1,
  PRIMARY KEY (network_id, id),
  FOREIGN KEY (network_id, user_id) REFERENCES user_account (network_id, id),
  FOREIGN KEY (network_id, organization_id) REFERENCES organization (network_id, id)
) STRICT;
CREATE INDEX membership_user ON membership (network_id, user_id);
CREATE INDEX membership_organization ON membership (network_id, organization_id);
CREATE TABLE session (
  network_id INTEGER NOT NULL REFERENCES network (id),
  id INTEGER NOT NULL,
  token_hash BLOB NOT NULL,
  user_id INTEGER NOT NULL,
  membership_id INTEGER,
  created_at INTEGER NOT NULL,
  seen_at INTEGER NOT NULL,
  until_at INTEGER NOT NULL,
  factor_at INTEGER,
  ended_at INTEGER,
  device TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (network_id, id),
  FOREIGN KEY (network_id, user_id) REFERENCES user_account (network_id, id)
) STRICT;
CREATE UNIQUE INDEX session_token ON session (token_hash);
CREATE INDEX session_by_user ON session (network_id, user_id);
CREATE TABLE api_token (
  network_id INTEGER NOT NULL,
  id INTEGER NOT NULL,
  user_id INTEGER NOT NULL,
  membership_id INTEGER NOT NULL,
  token_hash BLOB NOT NULL,
  name TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  until_at INTEGER NOT NULL,
  revoked_at INTEGER,
  PRIMARY KEY (network_id, id),
  FOREIGN KEY (network_id, membership_id) REFERENCES membership (network_id, id)
) STRICT;
CREATE UNIQUE INDEX api_token_token ON api_token (token_hash);
-- Tries of signing in, by a keyed hash of the login name or of the address; never the TEXT itself.
CREATE TABLE attempt (
  network_id INTEGER NOT NULL,
  key BLOB NOT NULL,
  window_at INTEGER NOT NULL,
  tries INTEGER NOT NULL,
  PRIMARY KEY (network_id, key)
) STRICT, WITHOUT ROWID;
CREATE TABLE idempotency (
  network_id INTEGER NOT NULL,
  user_id INTEGER NOT NULL,
  key TEXT NOT NULL,
  body_hash BLOB NOT NULL,
  location TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (network_id, user_id, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX idempotency_created ON idempotency (created_at);

-- ---- persons ------------------------------------------------------------------------------------------------
CREATE TABLE person (
  network_id INTEGER NOT NULL REFERENCES network (id),
  id INTEGER NOT NULL,
  own_from INTEGER, -- instant from which the person decides alone (network.own_age); NULL: birth date unknown
  created_at INTEGER NOT NULL,
  created_by INTEGER NOT NULL,
  author_organization_id INTEGER NOT NULL,
  PRIMARY KEY (network_id, id)
) STRICT;
CREATE TABLE person_key (
  network_id INTEGER NOT NULL,
  person_id INTEGER NOT NULL,
  epoch INTEGER NOT NULL,
  wrapped BLOB NOT NULL,
  PRIMARY KEY (network_id, person_id)
) STRICT, WITHOUT ROWID;
-- Everything known of a person, one value a row: name, kana, birth, sex, address, phone, school, interest, avoid … and of a guardian
-- (guardian_id set). A change adds a row and ends the old one.
CREATE TABLE person_attribute (
  network_id INTEGER NOT NULL,
  id INTEGER NOT NULL,
  person_id INTEGER NOT NULL,
  author_organization_id INTEGER NOT NULL,
  category INTEGER NOT NULL,
  source INTEGER NOT NULL,
  marks INTEGER NOT NULL DEFAULT 0,
  kind TEXT NOT NULL,
  guardian_id INTEGER,
  item INTEGER NOT NULL DEFAULT 0, -- bit of a concealable item (address, phone, school, workplace)
  value_sealed BLOB NOT NULL,
  fold_sealed BLOB,
  from_at INTEGER NOT NULL,
  until_at INTEGER,
  created_by INTEGER NOT NULL,
  PRIMARY KEY (network_id, id),
  FOREIGN KEY (network_id, person_id) REFERENCES person (network_id, id)
) STRICT;
CREATE INDEX person_attribute_person ON person_attribute (network_id, person_id, kind);
CREATE TABLE guardian (
  network_id INTEGER NOT NULL,
  id INTEGER NOT NULL,
  person_id INTEGER NOT NULL,
  author_organization_id INTEGER NOT NULL,
  authority TEXT NOT NULL,
  relation TEXT NOT NULL,
  from_at INTEGER NOT NULL,
  until_at INTEGER,
  PRIMARY KEY (network_id, id),
  FOREIGN KEY (network_id, person_id) REFERENCES person (network_id, id)
) STRICT;
CREATE INDEX guardian_person ON guardian (network_id, person_id);

-- ---- cases --------------------------------------------------------------------------------------------------
CREATE TABLE case_file (
  network_id INTEGER NOT NULL,
  id INTEGER NOT NULL,
  person_id INTEGER NOT NULL,
  number TEXT NOT NULL,
  status TEXT NOT NULL,
  density TEXT NOT NULL DEFAULT 'B',
  origin TEXT NOT NULL DEFAULT '',
  author_organization_id INTEGER NOT NULL,
  opened_at INTEGER NOT NULL,
  closed_at INTEGER,
  last_contact_at INTEGER,
  next_date TEXT,
  changed_at INTEGER NOT NULL,
  rev INTEGER NOT NULL DEFAULT 1,
  PRIMARY KEY (network_id, id),
  FOREIGN KEY (network_id, person_id) REFERENCES person (network_id, id)
) STRICT;
CREATE UNIQUE INDEX case_file_number ON case_file (network_id, number);
CREATE INDEX case_file_person ON case_file (network_id, person_id);
CREATE TABLE participation (
  network_id INTEGER NOT NULL,
  id INTEGER NOT NULL,
  case_id INTEGER NOT NULL,
  person_id INTEGER NOT NULL,
  organization_id INTEGER NOT NULL,
  part TEXT NOT NULL,
  from_at INTEGER NOT NULL,
  until_at INTEGER,
  PRIMARY KEY (network_id, id),
  FOREIGN KEY (network_id, case_id) REFERENCES case_file (network_id, id),
  FOREIGN KEY (network_id, organization_id) REFERENCES organization (network_id, id)
) STRICT;
CREATE INDEX participation_person ON participation (network_id, person_id);
CREATE INDEX participation_organization ON participation (network_id, organization_id, person_id);
CREATE INDEX participation_case ON participation (network_id, case_id);
CREATE TABLE assignment (
  network_id INTEGER NOT NULL,
  id INTEGER NOT NULL,
  case_id INTEGER NOT NULL,
  person_id INTEGER NOT NULL,
  user_id INTEGER NOT NULL,
  organization_id INTEGER NOT NULL,
  lead INTEGER NOT NULL DEFAULT 0,
  from_at INTEGER NOT NULL,
  until_at INTEGER,
  PRIMARY KEY (network_id, id),
  FOREIGN KEY (network_id, case_id) REFERENCES case_file (network_id, id),
  FOREIGN KEY (network_id, user_id) REFERENCES user_account (network_id, id)
) STRICT;
CREATE INDEX assignment_person ON assignment (network_id, person_id);
CREATE INDEX assignment_user ON assignment (network_id, user_id, organization_id, person_id);
CREATE INDEX assignment_case ON assignment (network_id, case_id);
CREATE TABLE record (
  network_id INTEGER NOT NULL,
  id INTEGER NOT NULL,
  case_id INTEGER NOT NULL,
  person_id INTEGER NOT NULL,
  author_organization_id INTEGER NOT NULL,
  author_user_id INTEGER NOT NULL,
  category INTEGER NOT NULL,
  source INTEGER NOT NULL,
  marks INTEGER NOT NULL DEFAULT 0,
  at INTEGER NOT NULL,
  method TEXT NOT NULL,
  with_whom TEXT NOT NULL,
  minutes INTEGER,
  place_sealed BLOB,
  next_sealed BLOB,
  next_date TEXT,
  created_at INTEGER NOT NULL,
  rev INTEGER NOT NULL DEFAULT 1,
  PRIMARY KEY (network_id, id),
  FOREIGN KEY (network_id, case_id) REFERENCES case_file (network_id, id)
) STRICT;
CREATE INDEX record_case ON record (network_id, case_id, at);
CREATE INDEX record_person ON record (network_id, person_id);
CREATE TABLE record_paragraph (
  network_id INTEGER NOT NULL,
  id INTEGER NOT NULL,
  record_id INTEGER NOT NULL,
  person_id INTEGER NOT NULL,
  line INTEGER NOT NULL,
  author_organization_id INTEGER NOT NULL,
  category INTEGER NOT NULL,
  source INTEGER NOT NULL,
  marks INTEGER NOT NULL DEFAULT 0,
  text_sealed BLOB NOT NULL,
  fold_sealed BLOB NOT NULL,
  PRIMARY KEY (network_id, id),
  FOREIGN KEY (network_id, record_id) REFERENCES record (network_id, id)
) STRICT;
CREATE INDEX record_paragraph_record ON record_paragraph (network_id, record_id, line);
CREATE INDEX record_paragraph_person ON record_paragraph (network_id, person_id);

-- ---- forms and sheets ---------------------------------------------------------------------------------------
CREATE TABLE form_definition (
  network_id INTEGER NOT NULL REFERENCES network (id),
  code TEXT NOT NULL,
  version TEXT NOT NULL,
  status TEXT NOT NULL,
  json TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (network_id, code, version)
) STRICT;
CREATE TABLE sheet (
  network_id INTEGER NOT NULL,
  id INTEGER NOT NULL,
  case_id INTEGER NOT NULL,
  person_id INTEGER NOT NULL,
  author_organization_id INTEGER NOT NULL,
  author_user_id INTEGER NOT NULL,
  category INTEGER NOT NULL, -- the row's own: basic; the items inside carry theirs
  source INTEGER NOT NULL,
  marks INTEGER NOT NULL DEFAULT 0,
  form_code TEXT NOT NULL,
  form_version TEXT NOT NULL,
  status TEXT NOT NULL, -- draft, frozen
  answers_sealed BLOB NOT NULL,
  created_at INTEGER NOT NULL,
  changed_at INTEGER NOT NULL,
  frozen_at INTEGER,
  rev INTEGER NOT NULL DEFAULT 1,
  PRIMARY KEY (network_id, id),
  FOREIGN KEY (network_id, case_id) REFERENCES case_file (network_id, id),
  FOREIGN KEY (network_id, form_code, form_version) REFERENCES form_definition (network_id, code, version)
) STRICT;
CREATE INDEX sheet_case ON sheet (network_id, case_id);
CREATE INDEX sheet_person ON sheet (network_id, person_id);

-- ---- consent and the other facts ----------------------------------------------------------------------------
CREATE TABLE notice (
  network_id INTEGER NOT NULL REFERENCES network (id),
  version TEXT NOT NULL,
  body TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (network_id, version)
) STRICT;
CREATE TABLE consent (
  network_id INTEGER NOT NULL,
  id INTEGER NOT NULL,
  person_id INTEGER NOT NULL,
  author_organization_id INTEGER NOT NULL,
  by_party TEXT NOT NULL, -- person, guardian
  guardian_id INTEGER,
  authority TEXT NOT NULL DEFAULT 'none',
  refused INTEGER NOT NULL DEFAULT 0,
  heard INTEGER NOT NULL DEFAULT 0,
  notice_version TEXT NOT NULL,
  purposes TEXT NOT NULL,
  how TEXT NOT NULL, -- written, oral, tick
  evidence_sealed BLOB,
  from_at INTEGER NOT NULL,
  until_at INTEGER,
  withdrawn_at INTEGER,
  withdrawn_by INTEGER,
  created_by INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  rev INTEGER NOT NULL DEFAULT 1,
  PRIMARY KEY (network_id, id),
  FOREIGN KEY (network_id, person_id) REFERENCES person (network_id, id),
  FOREIGN KEY (network_id, notice_version) REFERENCES notice (network_id, version)
) STRICT;
CREATE INDEX consent_person ON consent (network_id, person_id);
CREATE TABLE consent_recipient (
  network_id INTEGER NOT NULL,
  consent_id INTEGER NOT NULL,
  organization_id INTEGER NOT NULL,
  person_id INTEGER NOT NULL,
  categories INTEGER NOT NULL,
  PRIMARY KEY (network_id, consent_id, organization_id),
  FOREIGN KEY (network_id, consent_id) REFERENCES consent (network_id, id),
  FOREIGN KEY (network_id, organization_id) REFERENCES organization (network_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX consent_recipient_person ON consent_recipient (network_id, person_id, organization_id);
CREATE TABLE legal_basis (
  network_id INTEGER NOT NULL,
  id INTEGER NOT NULL,
  person_id INTEGER NOT NULL,
  author_organization_id INTEGER NOT NULL,
  code TEXT NOT NULL,
  requester_id INTEGER NOT NULL,
  approver_id INTEGER,
  necessity_sealed BLOB NOT NULL,
  weighing_sealed BLOB NOT NULL,
  from_at INTEGER NOT NULL,
  until_at INTEGER,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (network_id, id),
  FOREIGN KEY (network_id, person_id) REFERENCES person (network_id, id)
) STRICT;
CREATE INDEX legal_basis_person ON legal_basis (network_id, person_id);
CREATE TABLE legal_basis_recipient (
  network_id INTEGER NOT NULL,
  legal_basis_id INTEGER NOT NULL,
  organization_id INTEGER NOT NULL,
  person_id INTEGER NOT NULL,
  categories INTEGER NOT NULL,
  PRIMARY KEY (network_id, legal_basis_id, organization_id),
  FOREIGN KEY (network_id, legal_basis_id) REFERENCES legal_basis (network_id, id)
) STRICT;
CREATE INDEX legal_basis_recipient_person ON legal_basis_recipient (network_id, person_id, organization_id);
CREATE TABLE invitation (
  network_id INTEGER NOT NULL,
  id INTEGER NOT NULL,
  meeting_id INTEGER NOT NULL,
  person_id INTEGER NOT NULL,
  organization_id INTEGER,
  user_id INTEGER,
  categories INTEGER NOT NULL,
  from_at INTEGER NOT NULL,
  until_at INTEGER NOT NULL,
  PRIMARY KEY (network_id, id),
  FOREIGN KEY (network_id, person_id) REFERENCES person (network_id, id)
) STRICT;
CREATE INDEX invitation_person ON invitation (network_id, person_id);
CREATE INDEX invitation_organization ON invitation (network_id, organization_id, person_id);
CREATE INDEX invitation_user ON invitation (network_id, user_id, person_id);
CREATE TABLE restriction (
  network_id INTEGER NOT NULL,
  id INTEGER NOT NULL,
  person_id INTEGER NOT NULL,
  organization_id INTEGER,
  user_id INTEGER,
  categories INTEGER NOT NULL,
  breakable INTEGER NOT NULL DEFAULT 0,
  from_at INTEGER NOT NULL,
  until_at INTEGER,
  created_by INTEGER NOT NULL,
  PRIMARY KEY (network_id, id),
  FOREIGN KEY (network_id, person_id) REFERENCES person (network_id, id)
) STRICT;
CREATE INDEX restriction_person ON restriction (network_id, person_id);
CREATE TABLE concealment (
  network_id INTEGER NOT NULL,
  id INTEGER NOT NULL,
  person_id INTEGER NOT NULL,
  items INTEGER NOT NULL,
  origin TEXT NOT NULL DEFAULT '',
  from_at INTEGER NOT NULL,
  until_at INTEGER,
  created_by INTEGER NOT NULL,
  PRIMARY KEY (network_id, id),
  FOREIGN KEY (network_id, person_id) REFERENCES person (network_id, id)
) STRICT;
CREATE INDEX concealment_person ON concealment (network_id, person_id);
CREATE TABLE concealment_holder (
  network_id INTEGER NOT NULL,
  concealment_id INTEGER NOT NULL,
  user_id INTEGER NOT NULL,
  person_id INTEGER NOT NULL,
  from_at INTEGER NOT NULL,
  until_at INTEGER,
  PRIMARY KEY (network_id, concealment_id, user_id),
  FOREIGN KEY (network_id, concealment_id) REFERENCES concealment (network_id, id)
) STRICT;
CREATE INDEX concealment_holder_person ON concealment_holder (network_id, person_id);
CREATE TABLE break_glass (
  network_id INTEGER NOT NULL,
  id INTEGER NOT NULL,
  person_id INTEGER NOT NULL,
  user_id INTEGER NOT NULL,
  organization_id INTEGER NOT NULL,
  reason_sealed BLOB NOT NULL,
  from_at INTEGER NOT NULL,
  until_at INTEGER NOT NULL,
  reviewed_at INTEGER,
  reviewed_by INTEGER,
  PRIMARY KEY (network_id, id),
  FOREIGN KEY (network_id, person_id) REFERENCES person (network_id, id)
) STRICT;
CREATE INDEX break_glass_person ON break_glass (network_id, person_id);
CREATE INDEX break_glass_user ON break_glass (network_id, user_id, person_id);
CREATE TABLE stand_in (
  network_id INTEGER NOT NULL,
  id INTEGER NOT NULL,
  case_id INTEGER NOT NULL,
  person_id INTEGER NOT NULL,
  user_id INTEGER NOT NULL,
  organization_id INTEGER NOT NULL,
  reason_sealed BLOB NOT NULL,
  from_at INTEGER NOT NULL,
  until_at INTEGER NOT NULL,
  PRIMARY KEY (network_id, id),
  FOREIGN KEY (network_id, case_id) REFERENCES case_file (network_id, id)
) STRICT;
CREATE INDEX stand_in_person ON stand_in (network_id, person_id);
CREATE INDEX stand_in_user ON stand_in (network_id, user_id, person_id);

-- ---- connections --------------------------------------------------------------------------------------------
CREATE TABLE connection (
  network_id INTEGER NOT NULL,
  id INTEGER NOT NULL,
  case_id INTEGER NOT NULL,
  person_id INTEGER NOT NULL,
  sheet_id INTEGER NOT NULL,
  parent_id INTEGER,
  kind TEXT NOT NULL, -- help, handover
  state TEXT NOT NULL,
  from_organization_id INTEGER NOT NULL,
  from_user_id INTEGER NOT NULL,
  to_organization_id INTEGER NOT NULL,
  to_user_id INTEGER,
  sent_at INTEGER,
  received_at INTEGER,
  accepted_at INTEGER,
  contacted_at INTEGER,
  answered_at INTEGER,
  closed_at INTEGER,
  changed_at INTEGER NOT NULL,
  rev INTEGER NOT NULL DEFAULT 1,
  PRIMARY KEY (network_id, id),
  FOREIGN KEY (network_id, case_id) REFERENCES case_file (network_id, id),
  FOREIGN KEY (network_id, sheet_id) REFERENCES sheet (network_id, id),
  FOREIGN KEY (network_id, to_organization_id) REFERENCES organization (network_id, id)
) STRICT;
CREATE INDEX connection_person ON connection (network_id, person_id);
CREATE INDEX connection_to ON connection (network_id, to_organization_id, state);
CREATE INDEX connection_from ON connection (network_id, from_organization_id, state);
CREATE INDEX connection_case ON connection (network_id, case_id);
CREATE TABLE connection_step (
  network_id INTEGER NOT NULL,
  id INTEGER NOT NULL,
  connection_id INTEGER NOT NULL,
  person_id INTEGER NOT NULL,
  author_organization_id INTEGER NOT NULL,
  author_user_id INTEGER NOT NULL,
  category INTEGER NOT NULL,
  source INTEGER NOT NULL,
  marks INTEGER NOT NULL DEFAULT 0,
  state TEXT NOT NULL,
  at INTEGER NOT NULL,
  text_sealed BLOB,
  PRIMARY KEY (network_id, id),
  FOREIGN KEY (network_id, connection_id) REFERENCES connection (network_id, id)
) STRICT;
CREATE INDEX connection_step_connection ON connection_step (network_id, connection_id);
CREATE INDEX connection_step_person ON connection_step (network_id, person_id);

-- ---- audit --------------------------------------------------------------------------------------------------
CREATE TABLE chain (
  network_id INTEGER NOT NULL,
  id INTEGER NOT NULL,
  started_at INTEGER NOT NULL,
  head_seq INTEGER NOT NULL,
  head_hash BLOB NOT NULL,
  PRIMARY KEY (network_id, id)
) STRICT;
CREATE TABLE event (
  network_id INTEGER NOT NULL,
  chain_id INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  at INTEGER NOT NULL,
  kind INTEGER NOT NULL,
  action INTEGER NOT NULL,
  role INTEGER NOT NULL,
  user_id INTEGER,
  organization_id INTEGER,
  membership_id INTEGER,
  session_id INTEGER,
  person_id INTEGER,
  object_id INTEGER,
  categories INTEGER NOT NULL,
  reason INTEGER NOT NULL,
  reason_ref INTEGER,
  fact_rev INTEGER NOT NULL,
  ids BLOB,
  request TEXT NOT NULL,
  hash BLOB NOT NULL,
  PRIMARY KEY (network_id, chain_id, seq)
) STRICT;
CREATE INDEX event_at ON event (network_id, at);
CREATE TABLE checkpoint (
  network_id INTEGER NOT NULL,
  id INTEGER NOT NULL,
  at INTEGER NOT NULL,
  body TEXT NOT NULL,
  signature BLOB NOT NULL,
  PRIMARY KEY (network_id, id)
) STRICT;
-- Who looked, a line a person, day, user, organization, action and reason: feeds 「だれが見たか」.
CREATE TABLE seen (
  network_id INTEGER NOT NULL,
  person_id INTEGER NOT NULL,
  day TEXT NOT NULL,
  user_id INTEGER NOT NULL,
  organization_id INTEGER NOT NULL,
  action INTEGER NOT NULL,
  reason INTEGER NOT NULL,
  reason_ref INTEGER NOT NULL,
  first_at INTEGER NOT NULL,
  PRIMARY KEY (network_id, person_id, day, user_id, organization_id, action, reason, reason_ref)
) STRICT, WITHOUT ROWID;
