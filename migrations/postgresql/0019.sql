-- 0019: 印刷した紙: every paper about a person that left the screen, with its copy number, so that a lost one can be told from the others.
CREATE TABLE print_copy (
  network_id bigint NOT NULL,
  id bigint NOT NULL,
  person_id bigint NOT NULL,
  case_id bigint NOT NULL,
  author_organization_id bigint NOT NULL, -- who printed it, and for whom
  user_id bigint NOT NULL,
  kind text NOT NULL, -- family, desk, fax, card, form, consent, withdrawal
  thing_id bigint NOT NULL, -- the sheet, connection or consent it shows; the case where it shows none
  number bigint NOT NULL, -- 写し 第n号: of this thing, by this organization
  printed_at bigint NOT NULL,
  PRIMARY KEY (network_id, id),
  FOREIGN KEY (network_id, case_id) REFERENCES case_file (network_id, id)
);
CREATE UNIQUE INDEX print_copy_number ON print_copy (network_id, author_organization_id, thing_id, number);
CREATE INDEX print_copy_person ON print_copy (network_id, person_id);
CREATE INDEX print_copy_case ON print_copy (network_id, case_id, author_organization_id, printed_at);
SELECT rls_guard('print_copy', 'person');
