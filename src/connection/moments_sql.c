#include "connection/connection_sql.h"

STMT_READ(q_of_case, "sheet_of_case",
          "SELECT t.id, t.status, t.changed_at, t.frozen_at, u.name, t.form_code, t.form_version FROM sheet t JOIN "
          "user_account u"
          " ON u.network_id = t.network_id AND u.id = t.author_user_id WHERE t.network_id = $1 AND t.case_id = $2"
          " AND t.author_organization_id = $3 ORDER BY t.changed_at DESC, t.id DESC LIMIT 200");

enum code sheet_sql_of_case(struct tx *tx, const struct scope *s, id64 case_id, sheet_fn fn, void *arg, struct err *e)
{
  struct rows r = {0};
  enum code c =
      db_query(tx, &q_of_case, &r, e, BINDS(b_int(tx_network(tx)), b_int(case_id), b_int(scope_organization(s))));
  if (c != OK)
    return c;
  while (c == OK && rows_next(&r)) {
    struct sheet sheet = {.id = rows_int(&r, 0),
                          .status = rows_text(&r, 1),
                          .changed_at = rows_int(&r, 2),
                          .frozen_at = rows_int(&r, 3),
                          .form_code = rows_text(&r, 5),
                          .form_version = rows_text(&r, 6)};
    c = fn(arg, &sheet, rows_text(&r, 4), e);
  }
  return rows_finish(&r, c, e);
}
