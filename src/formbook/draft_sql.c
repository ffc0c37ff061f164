#include "formbook/draft_sql.h"

STMT_READ(q_draft, "form_draft",
          "SELECT json, created_at FROM form_definition WHERE network_id = $1 AND code = $2 AND version = 'draft'");

enum code draft_sql_get(struct tx *tx, struct str code, struct arena *a, struct str *ret_json, ts_t *ret_rev,
                        struct err *e)
{
  struct rows r = {0};
  enum code c = db_query(tx, &q_draft, &r, e, BINDS(b_int(tx_network(tx)), b_text(code)));
  if (c != OK)
    return c;
  *ret_json = STR_NONE;
  if (rows_next(&r)) {
    *ret_json = rows_text_copy(&r, 0, a);
    *ret_rev = rows_int(&r, 1);
  }
  return rows_end(&r, e);
}

STMT_WRITE(q_put, "form_put_draft",
           "UPDATE form_definition SET json = $3, created_at = $4 WHERE network_id = $1 AND code = $2"
           " AND version = 'draft' AND created_at = $5");
STMT_WRITE(q_new, "form_new_draft",
           "INSERT INTO form_definition (network_id, code, version, status, json, created_at)"
           " VALUES ($1, $2, 'draft', 'draft', $3, $4) ON CONFLICT (network_id, code, version) DO NOTHING");

enum code draft_sql_put(struct tx *tx, struct str code, struct str json, ts_t rev, struct err *e)
{
  int64_t changed = 0;
  enum code c = rev ? db_exec(tx, &q_put, &changed, e,
                              BINDS(b_int(tx_network(tx)), b_text(code), b_text(json), b_int(tx_now(tx)), b_int(rev)))
                    : db_exec(tx, &q_new, &changed, e,
                              BINDS(b_int(tx_network(tx)), b_text(code), b_text(json), b_int(tx_now(tx))));
  if (c == OK && !changed)
    return err_set(e, CONFLICT, TR("この様式は、ほかの人が先に変えました。画面を開き直してください。"));
  return c;
}

STMT_WRITE(
    q_drop, "form_drop_draft",
    "DELETE FROM form_definition WHERE network_id = $1 AND code = $2 AND version = 'draft' AND status = 'draft'");

enum code draft_sql_drop(struct tx *tx, struct str code, struct err *e)
{
  return db_exec(tx, &q_drop, NULL, e, BINDS(b_int(tx_network(tx)), b_text(code)));
}

STMT_WRITE(q_retire, "form_retire",
           "UPDATE form_definition SET status = 'retired' WHERE network_id = $1 AND code = $2 AND status = 'active'");
STMT_WRITE(q_publish, "form_publish",
           "INSERT INTO form_definition (network_id, code, version, status, json, created_at)"
           " VALUES ($1, $2, $3, 'active', $4, $5) ON CONFLICT (network_id, code, version) DO NOTHING");

enum code form_sql_publish(struct tx *tx, struct str code, struct str version, struct str json, struct err *e)
{
  int64_t changed = 0;
  enum code c = db_exec(tx, &q_retire, NULL, e, BINDS(b_int(tx_network(tx)), b_text(code)));
  if (c == OK)
    c = db_exec(tx, &q_publish, &changed, e,
                BINDS(b_int(tx_network(tx)), b_text(code), b_text(version), b_text(json), b_int(tx_now(tx))));
  if (c == OK && !changed)
    return err_field(e, "version", TR("この版は、もうあります。別の版の名前をつけてください。"));
  return c;
}

STMT_READ(q_drafts, "form_drafts",
          "SELECT code FROM form_definition WHERE network_id = $1 AND version = 'draft' AND status = 'draft'"
          " ORDER BY code LIMIT 200");

enum code draft_sql_codes(struct tx *tx, struct arena *a, struct doc **ret, struct err *e)
{
  struct rows r = {0};
  struct doc *list = doc_list(a);
  enum code c = db_query(tx, &q_drafts, &r, e, BINDS(b_int(tx_network(tx))));
  if (c != OK)
    return c;
  while (rows_next(&r))
    doc_add_str(list, rows_text(&r, 0));
  c = rows_end(&r, e);
  if (c == OK)
    *ret = list;
  return c;
}
