#include "paper/paper_sql.h"

STMT_READ(q_next, "print_copy_next",
          "SELECT CAST(COALESCE(MAX(number), 0) + 1 AS bigint) FROM print_copy WHERE network_id = $1"
          " AND author_organization_id = $2 AND case_id = $3");

enum code copy_sql_next(struct tx *tx, const struct scope *s, id64 case_id, int64_t *ret, struct err *e)
{
  return db_ask_int(tx, &q_next, ret, e, BINDS(b_int(tx_network(tx)), b_int(scope_organization(s)), b_int(case_id)));
}

STMT_WRITE(
    q_insert, "print_copy_insert",
    "INSERT INTO print_copy (network_id, id, person_id, case_id, author_organization_id, user_id, kind, thing_id,"
    " number, printed_at, categories) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)");

enum code copy_sql_insert(struct tx *tx, const struct scope *s, const struct paper_copy *copy, const char *kind,
                          int64_t number, struct err *e)
{
  cats_t told = scope_told_categories(s);
  if (copy->kind == PAPER_CONSENT || copy->kind == PAPER_WITHDRAWAL)
    told |= CAT_BASIC; /* whose it is */
  return db_exec(tx, &q_insert, NULL, e,
                 BINDS(b_int(tx_network(tx)), b_int(id_new(tx_now(tx))), b_int(scope_person(s)), b_int(copy->case_id),
                       b_int(scope_organization(s)), b_int(scope_actor(s)->user), b_text(str_from(kind)),
                       b_int(copy->thing), b_int(number), b_int(tx_now(tx)), b_int(told)));
}

STMT_READ(q_each, "print_copy_each",
          "SELECT p.kind, p.thing_id, p.number, p.printed_at, u.name, p.id, p.categories, COALESCE(t.form_code, ''),"
          " COALESCE(t.form_version, '') FROM print_copy p"
          " JOIN user_account u ON u.network_id = p.network_id AND u.id = p.user_id"
          " LEFT JOIN connection n ON n.network_id = $1 AND n.id = p.thing_id"
          " LEFT JOIN sheet t ON t.network_id = $1 AND t.id = COALESCE(n.sheet_id, p.thing_id)"
          " WHERE p.network_id = $1 AND p.case_id = $2 AND p.author_organization_id = $3"
          " AND (CAST($5 AS bigint) = 0 OR p.id = CAST($5 AS bigint))"
          " ORDER BY p.printed_at DESC, p.id DESC LIMIT $4");

enum code copy_sql_each(struct tx *tx, const struct scope *s, id64 case_id, id64 copy, copy_fn fn, void *arg,
                        struct err *e)
{
  struct rows r = {0};
  enum code c = db_query(
      tx, &q_each, &r, e,
      BINDS(b_int(tx_network(tx)), b_int(case_id), b_int(scope_organization(s)), b_int(PAPER_LISTED), b_int(copy)));
  if (c != OK)
    return c;
  while (c == OK && rows_next(&r)) {
    const struct copy_row row = {.kind = rows_text(&r, 0),
                                 .thing = rows_int(&r, 1),
                                 .number = rows_int(&r, 2),
                                 .at = rows_int(&r, 3),
                                 .user = rows_text(&r, 4),
                                 .id = rows_int(&r, 5),
                                 .categories = (cats_t)rows_int(&r, 6),
                                 .form_code = rows_text(&r, 7),
                                 .form_version = rows_text(&r, 8)};
    c = fn(arg, &row, e);
  }
  return rows_finish(&r, c, e);
}

STMT_READ(q_reach, "paper_reach",
          "SELECT number FROM phone WHERE network_id = $1 AND organization_id = $2 AND service_id IS NULL AND type = $3"
          " ORDER BY id LIMIT 1");

enum code reach_sql_get(struct tx *tx, id64 organization, struct arena *a, struct str *ret_phone, struct str *ret_fax,
                        struct err *e)
{
  enum code c =
      db_ask_text(tx, &q_reach, a, ret_phone, e, BINDS(b_int(tx_network(tx)), b_int(organization), b_text(S("voice"))));
  return c == OK ? db_ask_text(tx, &q_reach, a, ret_fax, e,
                               BINDS(b_int(tx_network(tx)), b_int(organization), b_text(S("fax"))))
                 : c;
}
