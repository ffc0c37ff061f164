#include "web/settings_sql.h"

STMT_READ(q_get, "settings_get",
          "SELECT stage, emergency, basis_off, silence_days, expiry_days, renewal_days, heard_needed, joint_needs_all,"
          " guardian_overrides, stand_in_allowed FROM network WHERE id = $1");

enum code settings_sql_get(struct tx *tx, struct arena *a, struct settings *ret, struct err *e)
{
  struct rows r = {0};
  struct settings n = {0};
  enum code c = db_query(tx, &q_get, &r, e, BINDS(b_int(tx_network(tx))));
  if (c != OK)
    return c;
  if (rows_next(&r))
    n = (struct settings){rows_text_copy(&r, 0, a), rows_text_copy(&r, 1, a), rows_text_copy(&r, 2, a),
                          rows_int(&r, 3),          rows_int(&r, 4),          rows_int(&r, 5),
                          rows_bool(&r, 6),         rows_bool(&r, 7),         rows_bool(&r, 8),
                          rows_bool(&r, 9)};
  c = rows_end(&r, e);
  if (c == OK)
    *ret = n;
  return c;
}

STMT_WRITE(
    q_put, "settings_put",
    "UPDATE network SET stage = $2, emergency = $3, basis_off = $4, silence_days = $5, expiry_days = $6,"
    " renewal_days = $7, heard_needed = $8, joint_needs_all = $9, guardian_overrides = $10, stand_in_allowed = $11"
    " WHERE id = $1");

enum code settings_sql_put(struct tx *tx, const struct settings *n, struct err *e)
{
  return db_exec(tx, &q_put, NULL, e,
                 BINDS(b_int(tx_network(tx)), b_text(n->stage), b_text(n->emergency), b_text(n->basis_off),
                       b_int(n->silence_days), b_int(n->expiry_days), b_int(n->renewal_days), b_bool(n->heard_needed),
                       b_bool(n->joint_needs_all), b_bool(n->guardian_overrides), b_bool(n->stand_in_allowed)));
}
