-- 0030: 進行管理台帳 taken in: which import made which case, so that it can be taken back while nobody has written anything, and so that a
-- case of whose person nobody has asked for consent yet reads 同意未確認. Nothing in it tells of a person but that they came in this way.
CREATE TABLE ledger_import (
  network_id bigint NOT NULL,
  id bigint NOT NULL,
  organization_id bigint NOT NULL,
  user_id bigint NOT NULL,
  imported_at bigint NOT NULL,
  row_count bigint NOT NULL,
  undone_at bigint,
  undone_by bigint,
  PRIMARY KEY (network_id, id),
  FOREIGN KEY (network_id, organization_id) REFERENCES organization (network_id, id)
);
CREATE INDEX ledger_import_organization ON ledger_import (network_id, organization_id, id);
CREATE TABLE ledger_case (
  network_id bigint NOT NULL,
  case_id bigint NOT NULL,
  person_id bigint NOT NULL,
  import_id bigint NOT NULL,
  PRIMARY KEY (network_id, case_id),
  FOREIGN KEY (network_id, case_id) REFERENCES case_file (network_id, id),
  FOREIGN KEY (network_id, import_id) REFERENCES ledger_import (network_id, id)
);
CREATE INDEX ledger_case_person ON ledger_case (network_id, person_id);
CREATE INDEX ledger_case_import ON ledger_case (network_id, import_id);
SELECT rls_guard('ledger_import', 'network');
SELECT rls_guard('ledger_case', 'person');
