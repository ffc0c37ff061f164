#include "protect/emergency_sql.h"

STMT_READ(q_case, "emergency_case",
          "SELECT id, person_id, number FROM case_file WHERE network_id = $1"
          " AND (number = $2 OR person_id = CAST($3 AS bigint)) ORDER BY id DESC LIMIT 1");

enum code emergency_sql_case(struct tx *tx, struct str number, id64 person, struct arena *a, id64 *ret_case,
                             id64 *ret_person, struct str *ret_number, struct err *e)
{
  struct rows r = {0};
  *ret_case = *ret_person = 0;
  enum code c = db_query(tx, &q_case, &r, e, BINDS(b_int(tx_network(tx)), b_text(number), b_int(person)));
  if (c != OK)
    return c;
  if (rows_next(&r)) {
    *ret_case = rows_int(&r, 0);
    *ret_person = rows_int(&r, 1);
    *ret_number = rows_text_copy(&r, 2, a);
  }
  return rows_end(&r, e);
}

STMT_WRITE(
    q_insert, "emergency_insert",
    "INSERT INTO break_glass (network_id, id, person_id, user_id, organization_id, reason_sealed, from_at, until_at,"
    " case_id, case_number) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)");

enum code emergency_sql_insert(struct tx *tx, const struct scope *s, id64 id, id64 case_id, struct str number,
                               ts_t until, struct str reason, struct err *e)
{
  return db_exec(tx, &q_insert, NULL, e,
                 BINDS(b_int(tx_network(tx)), b_int(id), b_int(scope_person(s)), b_int(scope_actor(s)->user),
                       b_int(scope_organization(s)), b_bytes(reason), b_int(tx_now(tx)), b_int(until), b_int(case_id),
                       b_text(number)));
}

/* Row-level security shows a manager those of his organization and those about persons whom he may know; the rest is said here. */
STMT_READ(
    q_each, "emergency_each",
    "SELECT b.id, b.person_id, b.case_id, b.user_id, b.organization_id, b.case_number, u.name, o.name, b.reason_sealed,"
    " k.epoch, k.wrapped, b.from_at, b.until_at, b.reviewed_at, b.review_result"
    " FROM break_glass b JOIN user_account u ON u.network_id = b.network_id AND u.id = b.user_id"
    " JOIN organization o ON o.network_id = b.network_id AND o.id = b.organization_id"
    " LEFT JOIN person_key k ON k.network_id = b.network_id AND k.person_id = b.person_id"
    " WHERE b.network_id = $1 AND (b.reviewed_at IS NULL OR NOT $4)"
    " AND (b.organization_id = $2 OR EXISTS (SELECT 1 FROM participation p WHERE p.network_id = $1"
    "  AND p.case_id = b.case_id AND p.organization_id = $2 AND p.part = 'lead' AND p.from_at <= $3"
    "  AND (p.until_at IS NULL OR p.until_at > $3)))"
    " ORDER BY CASE WHEN b.reviewed_at IS NULL THEN 0 ELSE 1 END, b.from_at DESC LIMIT $5");

enum code emergency_sql_each(struct tx *tx, const struct scope *list, bool open, int limit, emergency_fn fn, void *arg,
                             struct err *e)
{
  struct rows r = {0};
  enum code c = db_query(
      tx, &q_each, &r, e,
      BINDS(b_int(tx_network(tx)), b_int(scope_organization(list)), b_int(tx_now(tx)), b_bool(open), b_int(limit)));
  if (c != OK)
    return c;
  while (c == OK && rows_next(&r)) {
    struct emergency_row row = {.id = rows_int(&r, 0),
                                .person = rows_int(&r, 1),
                                .case_id = rows_int(&r, 2),
                                .user = rows_int(&r, 3),
                                .organization = rows_int(&r, 4),
                                .number = rows_text(&r, 5),
                                .user_name = rows_text(&r, 6),
                                .organization_name = rows_text(&r, 7),
                                .reason_sealed = rows_bytes(&r, 8),
                                .epoch = rows_int(&r, 9),
                                .wrapped = rows_bytes(&r, 10),
                                .from = rows_int(&r, 11),
                                .until = rows_int(&r, 12),
                                .reviewed_at = rows_int(&r, 13),
                                .result = rows_text(&r, 14)};
    c = fn(arg, &row, e);
  }
  return rows_finish(&r, c, e);
}

STMT_WRITE(q_review, "emergency_review",
           "UPDATE break_glass SET reviewed_at = $3, reviewed_by = $4, review_result = $5, review_sealed = $6"
           " WHERE network_id = $1 AND id = $2 AND reviewed_at IS NULL");

enum code emergency_sql_review(struct tx *tx, const struct scope *list, id64 id, bool right, struct str review_sealed,
                               struct err *e)
{
  int64_t changed = 0;
  enum code c = db_exec(tx, &q_review, &changed, e,
                        BINDS(b_int(tx_network(tx)), b_int(id), b_int(tx_now(tx)), b_int(scope_actor(list)->user),
                              b_text(right ? S("right") : S("wrong")), b_bytes_opt(review_sealed)));
  if (c == OK && !changed)
    return err_set(e, CONFLICT, TR("この閲覧は、もう確かめられています。"));
  return c;
}

STMT_READ(q_lead, "emergency_lead",
          "SELECT organization_id FROM participation WHERE network_id = $1 AND case_id = $2 AND part = 'lead'"
          " AND from_at <= $3 AND (until_at IS NULL OR until_at > $3) ORDER BY from_at DESC, id DESC LIMIT 1");

enum code emergency_sql_lead(struct tx *tx, id64 case_id, id64 *ret, struct err *e)
{
  return db_ask_int(tx, &q_lead, ret, e, BINDS(b_int(tx_network(tx)), b_int(case_id), b_int(tx_now(tx))));
}

STMT_READ(q_owed, "emergency_owed",
          "SELECT id, COALESCE(case_id, 0), user_id, organization_id, from_at FROM break_glass WHERE network_id = $1"
          " AND reviewed_at IS NULL AND from_at > $2 AND from_at <= $3 AND EXISTS (SELECT 1 FROM mail_preference p"
          "  WHERE p.network_id = $1 AND p.how <> 'off') ORDER BY from_at, id LIMIT $4");

enum code emergency_sql_owed(struct tx *tx, ts_t after, ts_t before, int limit, emergency_told_fn fn, void *arg,
                             struct err *e)
{
  struct rows r = {0};
  enum code c = db_query(tx, &q_owed, &r, e, BINDS(b_int(tx_network(tx)), b_int(after), b_int(before), b_int(limit)));
  if (c != OK)
    return c;
  while (c == OK && rows_next(&r)) {
    struct emergency_told t = {rows_int(&r, 0), rows_int(&r, 1), rows_int(&r, 2), rows_int(&r, 3), rows_int(&r, 4)};
    c = fn(arg, &t, e);
  }
  return rows_finish(&r, c, e);
}
