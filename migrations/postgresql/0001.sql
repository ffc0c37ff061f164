-- 0001: the tables of the first thread. Shared types: bigint, text, bytea, boolean. Instants are UTC milliseconds (bigint, *_at),
-- dates ISO text. `*_sealed` columns hold values sealed under the person's key. Rows about a person carry network, person, author
-- organization, category (a bit), source and marks. Facts that the access engine reads are plain, so that SQL can use them.

CREATE TABLE network (
  id bigint NOT NULL PRIMARY KEY,
  name text NOT NULL,
  town_code text NOT NULL DEFAULT '',
  stage text NOT NULL DEFAULT 'preparing',
  own_age bigint NOT NULL DEFAULT 16,
  heard_needed boolean NOT NULL DEFAULT TRUE,
  joint_needs_all boolean NOT NULL DEFAULT TRUE,
  guardian_overrides boolean NOT NULL DEFAULT FALSE,
  stand_in_allowed boolean NOT NULL DEFAULT TRUE,
  silence_days bigint NOT NULL DEFAULT 5,
  emergency text NOT NULL DEFAULT '',
  created_at bigint NOT NULL
);
CREATE TABLE network_host (
  host text NOT NULL PRIMARY KEY,
  network_id bigint NOT NULL REFERENCES network (id)
);
CREATE TABLE network_rev (
  network_id bigint NOT NULL PRIMARY KEY REFERENCES network (id),
  fact_rev bigint NOT NULL
);

CREATE TABLE organization (
  network_id bigint NOT NULL REFERENCES network (id),
  id bigint NOT NULL,
  name text NOT NULL,
  kana text NOT NULL DEFAULT '',
  fold text NOT NULL DEFAULT '',
  kind text NOT NULL,
  circle text NOT NULL,
  public_body boolean NOT NULL DEFAULT FALSE,
  coordinating boolean NOT NULL DEFAULT FALSE,
  designated boolean NOT NULL DEFAULT FALSE,
  description text NOT NULL DEFAULT '',
  url text NOT NULL DEFAULT '',
  email text NOT NULL DEFAULT '',
  corporate_number text NOT NULL DEFAULT '',
  source_key text,
  created_at bigint NOT NULL,
  until_at bigint,
  rev bigint NOT NULL DEFAULT 1,
  PRIMARY KEY (network_id, id)
);
CREATE UNIQUE INDEX organization_coordinating ON organization (network_id) WHERE coordinating;
CREATE UNIQUE INDEX organization_source ON organization (network_id, source_key) WHERE source_key IS NOT NULL;

CREATE TABLE user_account (
  network_id bigint NOT NULL REFERENCES network (id),
  id bigint NOT NULL,
  login text NOT NULL,
  name text NOT NULL,
  kana text NOT NULL DEFAULT '',
  job text NOT NULL DEFAULT '',
  password_hash text NOT NULL,
  password_at bigint NOT NULL,
  factor text NOT NULL DEFAULT 'none',
  totp_sealed bytea,
  totp_step bigint NOT NULL DEFAULT 0,
  lang text NOT NULL DEFAULT 'ja',
  wareki boolean NOT NULL DEFAULT TRUE,
  created_at bigint NOT NULL,
  disabled_at bigint,
  rev bigint NOT NULL DEFAULT 1,
  PRIMARY KEY (network_id, id)
);
CREATE UNIQUE INDEX user_account_login ON user_account (network_id, login);
CREATE TABLE paper_code (
  network_id bigint NOT NULL,
  user_id bigint NOT NULL,
  hash bytea NOT NULL,
  used_at bigint,
  PRIMARY KEY (network_id, user_id, hash),
  FOREIGN KEY (network_id, user_id) REFERENCES user_account (network_id, id)
);
CREATE TABLE membership (
  network_id bigint NOT NULL,
  id bigint NOT NULL,
  user_id bigint NOT NULL,
  organization_id bigint NOT NULL,
  role text NOT NULL,
  from_at bigint NOT NULL,
  until_at bigint,
  pledged_at bigint,
  created_at bigint NOT NULL,
  created_by bigint,
  rev bigint NOT NULL DEFAULT 1,
  PRIMARY KEY (network_id, id),
  FOREIGN KEY (network_id, user_id) REFERENCES user_account (network_id, id),
  FOREIGN KEY (network_id, organization_id) REFERENCES organization (network_id, id)
);
CREATE INDEX membership_user ON membership (network_id, user_id);
CREATE INDEX membership_organization ON membership (network_id, organization_id);
CREATE TABLE session (
  network_id bigint NOT NULL REFERENCES network (id),
  id bigint NOT NULL,
  token_hash bytea NOT NULL,
  user_id bigint NOT NULL,
  membership_id bigint,
  created_at bigint NOT NULL,
  seen_at bigint NOT NULL,
  until_at bigint NOT NULL,
  factor_at bigint,
  ended_at bigint,
  device text NOT NULL DEFAULT '',
  PRIMARY KEY (network_id, id),
  FOREIGN KEY (network_id, user_id) REFERENCES user_account (network_id, id)
);
CREATE UNIQUE INDEX session_token ON session (token_hash);
CREATE INDEX session_by_user ON session (network_id, user_id);
CREATE TABLE api_token (
  network_id bigint NOT NULL,
  id bigint NOT NULL,
  user_id bigint NOT NULL,
  membership_id bigint NOT NULL,
  token_hash bytea NOT NULL,
  name text NOT NULL,
  created_at bigint NOT NULL,
  until_at bigint NOT NULL,
  revoked_at bigint,
  PRIMARY KEY (network_id, id),
  FOREIGN KEY (network_id, membership_id) REFERENCES membership (network_id, id)
);
CREATE UNIQUE INDEX api_token_token ON api_token (token_hash);
-- Tries of signing in, by a keyed hash of the login name or of the address; never the text itself.
CREATE TABLE attempt (
  network_id bigint NOT NULL,
  key bytea NOT NULL,
  window_at bigint NOT NULL,
  tries bigint NOT NULL,
  PRIMARY KEY (network_id, key)
);
CREATE TABLE idempotency (
  network_id bigint NOT NULL,
  user_id bigint NOT NULL,
  key text NOT NULL,
  body_hash bytea NOT NULL,
  location text NOT NULL,
  created_at bigint NOT NULL,
  PRIMARY KEY (network_id, user_id, key)
);
CREATE INDEX idempotency_created ON idempotency (created_at);

-- ---- persons ------------------------------------------------------------------------------------------------
CREATE TABLE person (
  network_id bigint NOT NULL REFERENCES network (id),
  id bigint NOT NULL,
  own_from bigint, -- instant from which the person decides alone (network.own_age); NULL: birth date unknown
  created_at bigint NOT NULL,
  created_by bigint NOT NULL,
  author_organization_id bigint NOT NULL,
  PRIMARY KEY (network_id, id)
);
CREATE TABLE person_key (
  network_id bigint NOT NULL,
  person_id bigint NOT NULL,
  epoch bigint NOT NULL,
  wrapped bytea NOT NULL,
  PRIMARY KEY (network_id, person_id)
);
-- Everything known of a person, one value a row: name, kana, birth, sex, address, phone, school, interest, avoid … and of a guardian
-- (guardian_id set). A change adds a row and ends the old one.
CREATE TABLE person_attribute (
  network_id bigint NOT NULL,
  id bigint NOT NULL,
  person_id bigint NOT NULL,
  author_organization_id bigint NOT NULL,
  category bigint NOT NULL,
  source bigint NOT NULL,
  marks bigint NOT NULL DEFAULT 0,
  kind text NOT NULL,
  guardian_id bigint,
  item bigint NOT NULL DEFAULT 0, -- bit of a concealable item (address, phone, school, workplace)
  value_sealed bytea NOT NULL,
  fold_sealed bytea,
  from_at bigint NOT NULL,
  until_at bigint,
  created_by bigint NOT NULL,
  PRIMARY KEY (network_id, id),
  FOREIGN KEY (network_id, person_id) REFERENCES person (network_id, id)
);
CREATE INDEX person_attribute_person ON person_attribute (network_id, person_id, kind);
CREATE TABLE guardian (
  network_id bigint NOT NULL,
  id bigint NOT NULL,
  person_id bigint NOT NULL,
  author_organization_id bigint NOT NULL,
  authority text NOT NULL,
  relation text NOT NULL,
  from_at bigint NOT NULL,
  until_at bigint,
  PRIMARY KEY (network_id, id),
  FOREIGN KEY (network_id, person_id) REFERENCES person (network_id, id)
);
CREATE INDEX guardian_person ON guardian (network_id, person_id);

-- ---- cases --------------------------------------------------------------------------------------------------
CREATE TABLE case_file (
  network_id bigint NOT NULL,
  id bigint NOT NULL,
  person_id bigint NOT NULL,
  number text NOT NULL,
  status text NOT NULL,
  density text NOT NULL DEFAULT 'B',
  origin text NOT NULL DEFAULT '',
  author_organization_id bigint NOT NULL,
  opened_at bigint NOT NULL,
  closed_at bigint,
  last_contact_at bigint,
  next_date text,
  changed_at bigint NOT NULL,
  rev bigint NOT NULL DEFAULT 1,
  PRIMARY KEY (network_id, id),
  FOREIGN KEY (network_id, person_id) REFERENCES person (network_id, id)
);
CREATE UNIQUE INDEX case_file_number ON case_file (network_id, number);
CREATE INDEX case_file_person ON case_file (network_id, person_id);
CREATE TABLE participation (
  network_id bigint NOT NULL,
  id bigint NOT NULL,
  case_id bigint NOT NULL,
  person_id bigint NOT NULL,
  organization_id bigint NOT NULL,
  part text NOT NULL,
  from_at bigint NOT NULL,
  until_at bigint,
  PRIMARY KEY (network_id, id),
  FOREIGN KEY (network_id, case_id) REFERENCES case_file (network_id, id),
  FOREIGN KEY (network_id, organization_id) REFERENCES organization (network_id, id)
);
CREATE INDEX participation_person ON participation (network_id, person_id);
CREATE INDEX participation_organization ON participation (network_id, organization_id, person_id);
CREATE INDEX participation_case ON participation (network_id, case_id);
CREATE TABLE assignment (
  network_id bigint NOT NULL,
  id bigint NOT NULL,
  case_id bigint NOT NULL,
  person_id bigint NOT NULL,
  user_id bigint NOT NULL,
  organization_id bigint NOT NULL,
  lead boolean NOT NULL DEFAULT FALSE,
  from_at bigint NOT NULL,
  until_at bigint,
  PRIMARY KEY (network_id, id),
  FOREIGN KEY (network_id, case_id) REFERENCES case_file (network_id, id),
  FOREIGN KEY (network_id, user_id) REFERENCES user_account (network_id, id)
);
CREATE INDEX assignment_person ON assignment (network_id, person_id);
CREATE INDEX assignment_user ON assignment (network_id, user_id, organization_id, person_id);
CREATE INDEX assignment_case ON assignment (network_id, case_id);
CREATE TABLE record (
  network_id bigint NOT NULL,
  id bigint NOT NULL,
  case_id bigint NOT NULL,
  person_id bigint NOT NULL,
  author_organization_id bigint NOT NULL,
  author_user_id bigint NOT NULL,
  category bigint NOT NULL,
  source bigint NOT NULL,
  marks bigint NOT NULL DEFAULT 0,
  at bigint NOT NULL,
  method text NOT NULL,
  with_whom text NOT NULL,
  minutes bigint,
  place_sealed bytea,
  next_sealed bytea,
  next_date text,
  created_at bigint NOT NULL,
  rev bigint NOT NULL DEFAULT 1,
  PRIMARY KEY (network_id, id),
  FOREIGN KEY (network_id, case_id) REFERENCES case_file (network_id, id)
);
CREATE INDEX record_case ON record (network_id, case_id, at);
CREATE INDEX record_person ON record (network_id, person_id);
CREATE TABLE record_paragraph (
  network_id bigint NOT NULL,
  id bigint NOT NULL,
  record_id bigint NOT NULL,
  person_id bigint NOT NULL,
  line bigint NOT NULL,
  author_organization_id bigint NOT NULL,
  category bigint NOT NULL,
  source bigint NOT NULL,
  marks bigint NOT NULL DEFAULT 0,
  text_sealed bytea NOT NULL,
  fold_sealed bytea NOT NULL,
  PRIMARY KEY (network_id, id),
  FOREIGN KEY (network_id, record_id) REFERENCES record (network_id, id)
);
CREATE INDEX record_paragraph_record ON record_paragraph (network_id, record_id, line);
CREATE INDEX record_paragraph_person ON record_paragraph (network_id, person_id);

-- ---- forms and sheets ---------------------------------------------------------------------------------------
CREATE TABLE form_definition (
  network_id bigint NOT NULL REFERENCES network (id),
  code text NOT NULL,
  version text NOT NULL,
  status text NOT NULL,
  json text NOT NULL,
  created_at bigint NOT NULL,
  PRIMARY KEY (network_id, code, version)
);
CREATE TABLE sheet (
  network_id bigint NOT NULL,
  id bigint NOT NULL,
  case_id bigint NOT NULL,
  person_id bigint NOT NULL,
  author_organization_id bigint NOT NULL,
  author_user_id bigint NOT NULL,
  category bigint NOT NULL, -- the row's own: basic; the items inside carry theirs
  source bigint NOT NULL,
  marks bigint NOT NULL DEFAULT 0,
  form_code text NOT NULL,
  form_version text NOT NULL,
  status text NOT NULL, -- draft, frozen
  answers_sealed bytea NOT NULL,
  created_at bigint NOT NULL,
  changed_at bigint NOT NULL,
  frozen_at bigint,
  rev bigint NOT NULL DEFAULT 1,
  PRIMARY KEY (network_id, id),
  FOREIGN KEY (network_id, case_id) REFERENCES case_file (network_id, id),
  FOREIGN KEY (network_id, form_code, form_version) REFERENCES form_definition (network_id, code, version)
);
CREATE INDEX sheet_case ON sheet (network_id, case_id);
CREATE INDEX sheet_person ON sheet (network_id, person_id);

-- ---- consent and the other facts ----------------------------------------------------------------------------
CREATE TABLE notice (
  network_id bigint NOT NULL REFERENCES network (id),
  version text NOT NULL,
  body text NOT NULL,
  created_at bigint NOT NULL,
  PRIMARY KEY (network_id, version)
);
CREATE TABLE consent (
  network_id bigint NOT NULL,
  id bigint NOT NULL,
  person_id bigint NOT NULL,
  author_organization_id bigint NOT NULL,
  by_party text NOT NULL, -- person, guardian
  guardian_id bigint,
  authority text NOT NULL DEFAULT 'none',
  refused boolean NOT NULL DEFAULT FALSE,
  heard boolean NOT NULL DEFAULT FALSE,
  notice_version text NOT NULL,
  purposes text NOT NULL,
  how text NOT NULL, -- written, oral, tick
  evidence_sealed bytea,
  from_at bigint NOT NULL,
  until_at bigint,
  withdrawn_at bigint,
  withdrawn_by bigint,
  created_by bigint NOT NULL,
  created_at bigint NOT NULL,
  rev bigint NOT NULL DEFAULT 1,
  PRIMARY KEY (network_id, id),
  FOREIGN KEY (network_id, person_id) REFERENCES person (network_id, id),
  FOREIGN KEY (network_id, notice_version) REFERENCES notice (network_id, version)
);
CREATE INDEX consent_person ON consent (network_id, person_id);
CREATE TABLE consent_recipient (
  network_id bigint NOT NULL,
  consent_id bigint NOT NULL,
  organization_id bigint NOT NULL,
  person_id bigint NOT NULL,
  categories bigint NOT NULL,
  PRIMARY KEY (network_id, consent_id, organization_id),
  FOREIGN KEY (network_id, consent_id) REFERENCES consent (network_id, id),
  FOREIGN KEY (network_id, organization_id) REFERENCES organization (network_id, id)
);
CREATE INDEX consent_recipient_person ON consent_recipient (network_id, person_id, organization_id);
CREATE TABLE legal_basis (
  network_id bigint NOT NULL,
  id bigint NOT NULL,
  person_id bigint NOT NULL,
  author_organization_id bigint NOT NULL,
  code text NOT NULL,
  requester_id bigint NOT NULL,
  approver_id bigint,
  necessity_sealed bytea NOT NULL,
  weighing_sealed bytea NOT NULL,
  from_at bigint NOT NULL,
  until_at bigint,
  created_at bigint NOT NULL,
  PRIMARY KEY (network_id, id),
  FOREIGN KEY (network_id, person_id) REFERENCES person (network_id, id)
);
CREATE INDEX legal_basis_person ON legal_basis (network_id, person_id);
CREATE TABLE legal_basis_recipient (
  network_id bigint NOT NULL,
  legal_basis_id bigint NOT NULL,
  organization_id bigint NOT NULL,
  person_id bigint NOT NULL,
  categories bigint NOT NULL,
  PRIMARY KEY (network_id, legal_basis_id, organization_id),
  FOREIGN KEY (network_id, legal_basis_id) REFERENCES legal_basis (network_id, id)
);
CREATE INDEX legal_basis_recipient_person ON legal_basis_recipient (network_id, person_id, organization_id);
CREATE TABLE invitation (
  network_id bigint NOT NULL,
  id bigint NOT NULL,
  meeting_id bigint NOT NULL,
  person_id bigint NOT NULL,
  organization_id bigint,
  user_id bigint,
  categories bigint NOT NULL,
  from_at bigint NOT NULL,
  until_at bigint NOT NULL,
  PRIMARY KEY (network_id, id),
  FOREIGN KEY (network_id, person_id) REFERENCES person (network_id, id)
);
CREATE INDEX invitation_person ON invitation (network_id, person_id);
CREATE INDEX invitation_organization ON invitation (network_id, organization_id, person_id);
CREATE INDEX invitation_user ON invitation (network_id, user_id, person_id);
CREATE TABLE restriction (
  network_id bigint NOT NULL,
  id bigint NOT NULL,
  person_id bigint NOT NULL,
  organization_id bigint,
  user_id bigint,
  categories bigint NOT NULL,
  breakable boolean NOT NULL DEFAULT FALSE,
  from_at bigint NOT NULL,
  until_at bigint,
  created_by bigint NOT NULL,
  PRIMARY KEY (network_id, id),
  FOREIGN KEY (network_id, person_id) REFERENCES person (network_id, id)
);
CREATE INDEX restriction_person ON restriction (network_id, person_id);
CREATE TABLE concealment (
  network_id bigint NOT NULL,
  id bigint NOT NULL,
  person_id bigint NOT NULL,
  items bigint NOT NULL,
  origin text NOT NULL DEFAULT '',
  from_at bigint NOT NULL,
  until_at bigint,
  created_by bigint NOT NULL,
  PRIMARY KEY (network_id, id),
  FOREIGN KEY (network_id, person_id) REFERENCES person (network_id, id)
);
CREATE INDEX concealment_person ON concealment (network_id, person_id);
CREATE TABLE concealment_holder (
  network_id bigint NOT NULL,
  concealment_id bigint NOT NULL,
  user_id bigint NOT NULL,
  person_id bigint NOT NULL,
  from_at bigint NOT NULL,
  until_at bigint,
  PRIMARY KEY (network_id, concealment_id, user_id),
  FOREIGN KEY (network_id, concealment_id) REFERENCES concealment (network_id, id)
);
CREATE INDEX concealment_holder_person ON concealment_holder (network_id, person_id);
CREATE TABLE break_glass (
  network_id bigint NOT NULL,
  id bigint NOT NULL,
  person_id bigint NOT NULL,
  user_id bigint NOT NULL,
  organization_id bigint NOT NULL,
  reason_sealed bytea NOT NULL,
  from_at bigint NOT NULL,
  until_at bigint NOT NULL,
  reviewed_at bigint,
  reviewed_by bigint,
  PRIMARY KEY (network_id, id),
  FOREIGN KEY (network_id, person_id) REFERENCES person (network_id, id)
);
CREATE INDEX break_glass_person ON break_glass (network_id, person_id);
CREATE INDEX break_glass_user ON break_glass (network_id, user_id, person_id);
CREATE TABLE stand_in (
  network_id bigint NOT NULL,
  id bigint NOT NULL,
  case_id bigint NOT NULL,
  person_id bigint NOT NULL,
  user_id bigint NOT NULL,
  organization_id bigint NOT NULL,
  reason_sealed bytea NOT NULL,
  from_at bigint NOT NULL,
  until_at bigint NOT NULL,
  PRIMARY KEY (network_id, id),
  FOREIGN KEY (network_id, case_id) REFERENCES case_file (network_id, id)
);
CREATE INDEX stand_in_person ON stand_in (network_id, person_id);
CREATE INDEX stand_in_user ON stand_in (network_id, user_id, person_id);

-- ---- connections --------------------------------------------------------------------------------------------
CREATE TABLE connection (
  network_id bigint NOT NULL,
  id bigint NOT NULL,
  case_id bigint NOT NULL,
  person_id bigint NOT NULL,
  sheet_id bigint NOT NULL,
  parent_id bigint,
  kind text NOT NULL, -- help, handover
  state text NOT NULL,
  from_organization_id bigint NOT NULL,
  from_user_id bigint NOT NULL,
  to_organization_id bigint NOT NULL,
  to_user_id bigint,
  sent_at bigint,
  received_at bigint,
  accepted_at bigint,
  contacted_at bigint,
  answered_at bigint,
  closed_at bigint,
  changed_at bigint NOT NULL,
  rev bigint NOT NULL DEFAULT 1,
  PRIMARY KEY (network_id, id),
  FOREIGN KEY (network_id, case_id) REFERENCES case_file (network_id, id),
  FOREIGN KEY (network_id, sheet_id) REFERENCES sheet (network_id, id),
  FOREIGN KEY (network_id, to_organization_id) REFERENCES organization (network_id, id)
);
CREATE INDEX connection_person ON connection (network_id, person_id);
CREATE INDEX connection_to ON connection (network_id, to_organization_id, state);
CREATE INDEX connection_from ON connection (network_id, from_organization_id, state);
CREATE INDEX connection_case ON connection (network_id, case_id);
CREATE TABLE connection_step (
  network_id bigint NOT NULL,
  id bigint NOT NULL,
  connection_id bigint NOT NULL,
  person_id bigint NOT NULL,
  author_organization_id bigint NOT NULL,
  author_user_id bigint NOT NULL,
  category bigint NOT NULL,
  source bigint NOT NULL,
  marks bigint NOT NULL DEFAULT 0,
  state text NOT NULL,
  at bigint NOT NULL,
  text_sealed bytea,
  PRIMARY KEY (network_id, id),
  FOREIGN KEY (network_id, connection_id) REFERENCES connection (network_id, id)
);
CREATE INDEX connection_step_connection ON connection_step (network_id, connection_id);
CREATE INDEX connection_step_person ON connection_step (network_id, person_id);

-- ---- audit --------------------------------------------------------------------------------------------------
CREATE TABLE chain (
  network_id bigint NOT NULL,
  id bigint NOT NULL,
  started_at bigint NOT NULL,
  head_seq bigint NOT NULL,
  head_hash bytea NOT NULL,
  PRIMARY KEY (network_id, id)
);
CREATE TABLE event (
  network_id bigint NOT NULL,
  chain_id bigint NOT NULL,
  seq bigint NOT NULL,
  at bigint NOT NULL,
  kind bigint NOT NULL,
  action bigint NOT NULL,
  role bigint NOT NULL,
  user_id bigint,
  organization_id bigint,
  membership_id bigint,
  session_id bigint,
  person_id bigint,
  object_id bigint,
  categories bigint NOT NULL,
  reason bigint NOT NULL,
  reason_ref bigint,
  fact_rev bigint NOT NULL,
  ids bytea,
  request text NOT NULL,
  hash bytea NOT NULL,
  PRIMARY KEY (network_id, chain_id, seq)
);
CREATE INDEX event_at ON event (network_id, at);
CREATE TABLE checkpoint (
  network_id bigint NOT NULL,
  id bigint NOT NULL,
  at bigint NOT NULL,
  body text NOT NULL,
  signature bytea NOT NULL,
  PRIMARY KEY (network_id, id)
);
-- Who looked, a line a person, day, user, organization, action and reason: feeds 「だれが見たか」.
CREATE TABLE seen (
  network_id bigint NOT NULL,
  person_id bigint NOT NULL,
  day text NOT NULL,
  user_id bigint NOT NULL,
  organization_id bigint NOT NULL,
  action bigint NOT NULL,
  reason bigint NOT NULL,
  reason_ref bigint NOT NULL,
  first_at bigint NOT NULL,
  PRIMARY KEY (network_id, person_id, day, user_id, organization_id, action, reason, reason_ref)
);
