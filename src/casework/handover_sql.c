#include "casework/handover_sql.h"

#include "access/visible.h"

#define LIVE(t) t ".from_at <= $4 AND (" t ".until_at IS NULL OR " t ".until_at > $4)"

/* $5 user, $6 after, $7 limit */
STMT_READ(q_cases, "handover_cases",
          "WITH who AS (" VISIBLE_PERSONS ") SELECT s.case_id, s.lead FROM assignment s"
          " JOIN case_file c ON c.network_id = $1 AND c.id = s.case_id"
          " WHERE s.network_id = $1 AND s.user_id = $5 AND s.organization_id = $3 AND " LIVE(
              "s") " AND c.status <> 'closed'"
                   " AND s.person_id IN (SELECT person_id FROM who) AND s.case_id > $6 ORDER BY s.case_id LIMIT $7");

enum code handover_sql_cases(struct tx *tx, const struct scope *list, id64 user, id64 after, struct handover_row *ret,
                             size_t most, size_t *ret_n, struct err *e)
{
  struct rows r = {0};
  size_t n = 0;
  enum code c = db_query(tx, &q_cases, &r, e,
                         BINDS(VISIBLE_BINDS(list, tx_now(tx)), b_int(user), b_int(after), b_int((int64_t)most)));
  if (c != OK)
    return c;
  while (n < most && rows_next(&r))
    ret[n++] = (struct handover_row){rows_int(&r, 0), rows_bool(&r, 1)};
  c = rows_end(&r, e);
  if (c == OK)
    *ret_n = n;
  return c;
}

STMT_READ(
    q_workers, "handover_workers",
    "WITH who AS (" VISIBLE_PERSONS ") SELECT u.id, u.name, count(*) FROM assignment s"
    " JOIN case_file c ON c.network_id = $1 AND c.id = s.case_id"
    " JOIN user_account u ON u.network_id = $1 AND u.id = s.user_id"
    " WHERE s.network_id = $1 AND s.organization_id = $3 AND " LIVE("s") " AND c.status <> 'closed'"
                                                                         " AND s.person_id IN (SELECT person_id "
                                                                         "FROM who)"
                                                                         " GROUP BY u.id, u.name, u.kana ORDER BY "
                                                                         "u.kana, u.id LIMIT 200");

enum code handover_sql_workers(struct tx *tx, const struct scope *list, struct arena *a, struct doc **ret,
                               struct err *e)
{
  struct rows r = {0};
  struct doc *l = doc_list(a);
  enum code c = db_query(tx, &q_workers, &r, e, BINDS(VISIBLE_BINDS(list, tx_now(tx))));
  if (c != OK)
    return c;
  while (rows_next(&r)) {
    struct doc *d = doc_add_map(l);
    doc_put_id(d, "id", rows_int(&r, 0));
    doc_put_str(d, "name", rows_text(&r, 1));
    doc_put_str(d, "count", str_printf(a, "%lld", (long long)rows_int(&r, 2)));
  }
  c = rows_end(&r, e);
  if (c == OK)
    *ret = l;
  return c;
}
