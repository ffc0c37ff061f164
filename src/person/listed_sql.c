#include "access/visible.h"
#include "person/person_sql.h"

/* What stands in person_attribute_listed alone; $55 visit_only, $56 kana and birth too */
#define LISTED(a)                                                                                                      \
  a ".network_id = $1 AND " a ".until_at IS NULL AND " a ".kind IN ('name', 'called', 'kana', 'birth')"                \
    " AND ($56 OR " a ".kind IN ('name', 'called')) AND (NOT $55 OR (" a ".marks & 1) <> 0)"

/* Those of the page who are worked on, by what one's own organization wrote; whether others wrote something is told with it. */
STMT_READ(q_own, "person_listed_own",
          "WITH page (person_id) AS (" IDS_FROM_5 "), v AS (" VISIBLE_OWN_OF(
              "page") ") SELECT v.person_id, k.epoch, k.wrapped, a.id, a.kind,"
                      " CASE WHEN a.author_organization_id = $3 THEN a.value_sealed END, a.from_at,"
                      " a.author_organization_id <> $3"
                      " FROM v CROSS JOIN person_key k CROSS JOIN person_attribute a"
                      " WHERE k.network_id = $1 AND k.person_id = v.person_id AND a.person_id = v.person_id"
                      " AND (a.category & v.own_cats) <> 0 AND " LISTED("a"));
STMT_READ(q_listed, "person_listed",
          "WITH page (person_id) AS (" IDS_FROM_5 "), v AS (" VISIBLE_OF(
              "page") ")"
                      " SELECT v.person_id, k.epoch, k.wrapped, a.id, a.kind, a.value_sealed, a.from_at, FALSE FROM v"
                      " CROSS JOIN person_key k CROSS JOIN person_attribute a"
                      " WHERE k.network_id = $1 AND k.person_id = v.person_id AND a.person_id = v.person_id"
                      " AND (a.category & CASE WHEN a.author_organization_id = $3 THEN v.own_cats ELSE v.other_cats"
                      " END) <> 0 AND " LISTED("a"));

enum code person_sql_listed(struct tx *tx, const struct scope *list, enum listed_ask ask, bool all, const id64 *persons,
                            size_t n, listed_value_fn fn, void *arg, struct err *e)
{
  struct rows r = {0};
  struct bind binds[STMT_PARAMS_MAX];
  size_t count = visible_page(binds, list, tx_now(tx), persons, n);
  binds[count++] = b_bool(scope_decision(list)->visit_only);
  binds[count++] = b_bool(all);
  enum code c = db_query(tx, ask == LISTED_OWN ? &q_own : &q_listed, &r, e, binds, count);
  if (c != OK)
    return c;
  while (c == OK && rows_next(&r)) {
    struct listed_value row = {.person = rows_int(&r, 0),
                               .epoch = rows_int(&r, 1),
                               .wrapped = rows_bytes(&r, 2),
                               .id = rows_int(&r, 3),
                               .kind = rows_text(&r, 4),
                               .sealed = rows_bytes(&r, 5),
                               .from_at = rows_int(&r, 6),
                               .others = rows_bool(&r, 7)};
    c = fn(arg, &row, e);
  }
  return rows_finish(&r, c, e);
}
