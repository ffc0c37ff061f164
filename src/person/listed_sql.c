#include "access/visible.h"
#include "person/person_sql.h"

/* $55 visit_only, $56 to $59 the kinds */
STMT_READ(q_listed, "person_listed",
          "WITH page (person_id) AS (" IDS_FROM_5 "), v AS (" VISIBLE_OF(
              "page") ")"
                      " SELECT v.person_id, k.epoch, k.wrapped, a.id, a.kind, a.value_sealed, a.from_at FROM v"
                      " CROSS JOIN person_key k LEFT JOIN person_attribute a ON a.network_id = $1 AND a.person_id = "
                      "v.person_id"
                      "  AND a.kind IN ($56, $57, $58, $59) AND a.until_at IS NULL"
                      "  AND (a.category & CASE WHEN a.author_organization_id = $3 THEN v.own_cats ELSE v.other_cats "
                      "END) <> 0"
                      "  AND (NOT $55 OR (a.marks & 1) <> 0)"
                      " WHERE k.network_id = $1 AND k.person_id = v.person_id");

enum code person_sql_listed(struct tx *tx, const struct scope *list, bool all, const id64 *persons, size_t n,
                            listed_value_fn fn, void *arg, struct err *e)
{
  struct rows r = {0};
  struct bind binds[STMT_PARAMS_MAX];
  size_t count = visible_page(binds, list, tx_now(tx), persons, n);
  binds[count++] = b_bool(scope_decision(list)->visit_only);
  binds[count++] = b_text(S("name"));
  binds[count++] = b_text(S("called"));
  binds[count++] = b_text(all ? S("kana") : STR_NONE);
  binds[count++] = b_text(all ? S("birth") : STR_NONE);
  enum code c = db_query(tx, &q_listed, &r, e, binds, count);
  if (c != OK)
    return c;
  while (c == OK && rows_next(&r)) {
    struct listed_value row = {.person = rows_int(&r, 0),
                               .epoch = rows_int(&r, 1),
                               .wrapped = rows_bytes(&r, 2),
                               .id = rows_int(&r, 3),
                               .kind = rows_text(&r, 4),
                               .sealed = rows_bytes(&r, 5),
                               .from_at = rows_int(&r, 6)};
    c = fn(arg, &row, e);
  }
  return rows_finish(&r, c, e);
}
