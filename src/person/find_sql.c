#include "access/visible.h"
#include "person/person_sql.h"

STMT_READ(q_each, "find_each",
          "SELECT p.person_id, k.epoch, k.wrapped, p.probe_sealed FROM person_probe p"
          " JOIN person_key k ON k.network_id = p.network_id AND k.person_id = p.person_id"
          " WHERE p.network_id = $1 AND p.person_id > $2 ORDER BY p.person_id LIMIT $3");

enum code find_sql_each(struct tx *tx, id64 after, int limit, probe_fn fn, void *arg, struct err *e)
{
  struct rows r = {0};
  enum code c = db_query(tx, &q_each, &r, e, BINDS(b_int(tx_network(tx)), b_int(after), b_int(limit)));
  if (c != OK)
    return c;
  while (c == OK && rows_next(&r)) {
    struct probe_row row = {.person = rows_int(&r, 0),
                            .epoch = (int)rows_int(&r, 1),
                            .wrapped = rows_bytes(&r, 2),
                            .sealed = rows_bytes(&r, 3)};
    c = fn(arg, &row, e);
  }
  return rows_finish(&r, c, e);
}

static enum code persons_of(struct tx *tx, const struct stmt *q, const struct scope *list, struct arena *a,
                            struct ids *ret, struct err *e)
{
  struct rows r = {0};
  enum code c = db_query(tx, q, &r, e, BINDS(VISIBLE_BINDS(list, tx_now(tx))));
  if (c != OK)
    return c;
  while (c == OK && rows_next(&r))
    c = ids_add(a, ret, rows_int(&r, 0), e);
  ids_sort(ret);
  return rows_finish(&r, c, e);
}

STMT_READ(q_visible, "find_visible", VISIBLE_PERSONS);

enum code find_sql_visible(struct tx *tx, const struct scope *list, struct arena *a, struct ids *ret, struct err *e)
{
  return persons_of(tx, &q_visible, list, a, ret, e);
}

/* On whom the organization works, whoever of it does. */
STMT_READ(
    q_engaged, "find_engaged",
    "WITH " VISIBLE_ACTOR " SELECT person_id FROM ("
    "SELECT p.person_id FROM me CROSS JOIN rule CROSS JOIN fact_participation p WHERE rule.stand_in_allowed"
    " AND " VISIBLE_HERE("p") " UNION SELECT s.person_id FROM me CROSS JOIN rule CROSS JOIN fact_assignment s"
                              " WHERE rule.stand_in_allowed AND " VISIBLE_HERE(
                                  "s") ") AS work"
                                       " EXCEPT SELECT person_id FROM (" VISIBLE_BARS(VISIBLE_ANYBODY) ") AS bars");

enum code find_sql_engaged(struct tx *tx, const struct scope *list, struct arena *a, struct ids *ret, struct err *e)
{
  return persons_of(tx, &q_engaged, list, a, ret, e);
}

/* Any restriction against the one who asks, also one that leaves something open: that there is such a person is then told by no more than
 * the list of those who are seen. */
STMT_READ(q_silent, "find_silent",
          "WITH " VISIBLE_ACTOR " SELECT person_id FROM (" VISIBLE_BARS(
              VISIBLE_ANYBODY) ") AS bars"
                               " UNION SELECT x.person_id FROM concealment x WHERE x.network_id = $1"
                               " AND " VISIBLE_LIVE("x"));

enum code find_sql_silent(struct tx *tx, const struct scope *list, struct arena *a, struct ids *ret, struct err *e)
{
  return persons_of(tx, &q_silent, list, a, ret, e);
}

/* $55 visit_only */
STMT_READ(q_values, "find_values",
          "WITH page (person_id) AS (" IDS_FROM_5 "), v AS (" VISIBLE_OF(
              "page") ") SELECT v.person_id, k.epoch, k.wrapped, a.id, a.kind, a.value_sealed, a.from_at FROM v"
                      " CROSS JOIN person_key k CROSS JOIN person_attribute a"
                      " WHERE k.network_id = $1 AND k.person_id = v.person_id"
                      " AND a.network_id = $1 AND a.person_id = v.person_id AND a.until_at IS NULL"
                      " AND a.kind IN ('name', 'kana', 'called', 'birth', 'phone_home', 'phone_mobile', "
                      "'guardian_phone')"
                      " AND (a.category & CASE WHEN a.author_organization_id = $3 THEN v.own_cats ELSE v.other_cats "
                      "END) <> 0 AND (NOT $55 OR (a.marks & 1) <> 0)"
                      " AND NOT EXISTS (SELECT 1 FROM concealment x WHERE x.network_id = $1 AND x.person_id = "
                      "v.person_id AND (x.items & a.item) <> 0 AND " VISIBLE_LIVE("x") ")");

enum code find_sql_values(struct tx *tx, const struct scope *list, const id64 *persons, size_t n, listed_value_fn fn,
                          void *arg, struct err *e)
{
  struct rows r = {0};
  struct bind binds[STMT_PARAMS_MAX];
  size_t count = visible_page(binds, list, tx_now(tx), persons, n);
  binds[count++] = b_bool(scope_decision(list)->visit_only);
  enum code c = db_query(tx, &q_values, &r, e, binds, count);
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
