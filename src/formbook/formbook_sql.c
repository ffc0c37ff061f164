#include "formbook/formbook_sql.h"

STMT_READ(q_get, "form_get", "SELECT json FROM form_definition WHERE network_id = $1 AND code = $2 AND version = $3");

enum code form_sql_get(struct tx *tx, struct str code, struct str version, struct arena *a, struct str *ret_json,
                       struct err *e)
{
  return db_ask_text(tx, &q_get, a, ret_json, e, BINDS(b_int(tx_network(tx)), b_text(code), b_text(version)));
}

STMT_READ(q_active, "form_active",
          "SELECT version FROM form_definition WHERE network_id = $1 AND code = $2 AND status = 'active'"
          " ORDER BY created_at DESC, version DESC LIMIT 1");

enum code form_sql_active(struct tx *tx, struct str code, struct arena *a, struct str *ret_version, struct err *e)
{
  return db_ask_text(tx, &q_active, a, ret_version, e, BINDS(b_int(tx_network(tx)), b_text(code)));
}

STMT_WRITE(q_add, "form_add",
           "INSERT INTO form_definition (network_id, code, version, status, json, created_at)"
           " VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (network_id, code, version) DO NOTHING");

enum code form_sql_add(struct tx *tx, const struct form_row *row, struct err *e)
{
  return db_exec(tx, &q_add, NULL, e,
                 BINDS(b_int(tx_network(tx)), b_text(row->code), b_text(row->version), b_text(row->status),
                       b_text(row->json), b_int(tx_now(tx))));
}

STMT_READ(
    q_codes, "form_codes",
    "SELECT DISTINCT code FROM form_definition WHERE network_id = $1 AND status = 'active' ORDER BY code LIMIT 200");

enum code form_sql_codes(struct tx *tx, struct arena *a, struct doc **ret, struct err *e)
{
  struct rows r = {0};
  struct doc *list = doc_list(a);
  enum code c = db_query(tx, &q_codes, &r, e, BINDS(b_int(tx_network(tx))));
  if (c != OK)
    return c;
  while (rows_next(&r))
    doc_add_str(list, rows_text(&r, 0));
  c = rows_end(&r, e);
  if (c == OK)
    *ret = list;
  return c;
}
