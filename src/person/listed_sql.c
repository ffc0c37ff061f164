#include "access/visible.h"
#include "person/person_sql.h"

/* What stands in person_attribute_listed alone */
#define LISTED(a, visit_only, all)                                                                                     \
  a ".network_id = $1 AND " a ".until_at IS NULL AND " a ".kind IN ('name', 'called', 'kana', 'birth')"                \
    " AND (" all " OR " a ".kind IN ('name', 'called')) AND (NOT " visit_only " OR (" a ".marks & 1) <> 0)"

/* Those of the page who are worked on, by what one's own organization wrote; whether others wrote something is told with it. */
STMT_READ(q_own, "person_listed_own",
          "WITH page (person_id) AS (" IDS_FROM_5 "), v AS (" VISIBLE_OWN_OF(
              "page") ") SELECT v.person_id, k.epoch, k.wrapped, a.id, a.kind,"
                      " CASE WHEN a.author_organization_id = $3 THEN a.value_sealed END, a.from_at,"
                      " a.author_organization_id <> $3"
                      " FROM v CROSS JOIN person_key k CROSS JOIN person_attribute a"
                      " WHERE k.network_id = $1 AND k.person_id = v.person_id AND a.person_id = v.person_id"
                      " AND (a.category & v.own_cats) <> 0 AND " LISTED("a", "$55", "$56"));

/* The same of persons of whom access_seen() said that they are worked on. $2 the organization, $3 visit_only, $4 kana and birth too, $55 own_cats */
STMT_READ(q_worked_on, "person_listed_worked_on",
          "WITH page (person_id) AS (" IDS_FROM_5 ") SELECT v.person_id, k.epoch, k.wrapped, a.id, a.kind,"
          " CASE WHEN a.author_organization_id = $2 THEN a.value_sealed END, a.from_at, a.author_organization_id <> $2"
          " FROM page v CROSS JOIN person_key k CROSS JOIN person_attribute a"
          " WHERE k.network_id = $1 AND k.person_id = v.person_id AND a.person_id = v.person_id AND v.person_id <> 0"
          " AND (a.category & $55) <> 0 AND " LISTED("a", "$3", "$4"));

/* $2 the organization, $3 visit_only, $4 kana and birth too, then the persons with their masks */
STMT_READ(q_masked, "person_listed_masked",
          "WITH v (person_id, own_cats, other_cats) AS (" MASKED_FROM_5
          ") SELECT v.person_id, k.epoch, k.wrapped, a.id, a.kind, a.value_sealed, a.from_at, FALSE FROM v"
          " CROSS JOIN person_key k CROSS JOIN person_attribute a"
          " WHERE k.network_id = $1 AND k.person_id = v.person_id AND a.person_id = v.person_id AND v.person_id <> 0"
          " AND (a.category & CASE WHEN a.author_organization_id = $2 THEN v.own_cats ELSE v.other_cats END) <> 0"
          " AND " LISTED("a", "$3", "$4"));

static enum code each(struct rows *r, listed_value_fn fn, void *arg, struct err *e)
{
  enum code c = OK;
  while (c == OK && rows_next(r)) {
    struct listed_value row = {.person = rows_int(r, 0),
                               .epoch = rows_int(r, 1),
                               .wrapped = rows_bytes(r, 2),
                               .id = rows_int(r, 3),
                               .kind = rows_text(r, 4),
                               .sealed = rows_bytes(r, 5),
                               .from_at = rows_int(r, 6),
                               .others = rows_bool(r, 7)};
    c = fn(arg, &row, e);
  }
  return rows_finish(r, c, e);
}

enum code person_sql_listed_own(struct tx *tx, const struct scope *list, bool all, const id64 *persons, size_t n,
                                listed_value_fn fn, void *arg, struct err *e)
{
  struct rows r = {0};
  struct bind binds[STMT_PARAMS_MAX];
  size_t count = visible_page(binds, list, tx_now(tx), persons, n);
  binds[count++] = b_bool(scope_decision(list)->visit_only);
  binds[count++] = b_bool(all);
  enum code c = db_query(tx, &q_own, &r, e, binds, count);
  return c == OK ? each(&r, fn, arg, e) : c;
}

enum code person_sql_listed_worked_on(struct tx *tx, const struct scope *list, bool all, cats_t own,
                                      const id64 *persons, size_t n, listed_value_fn fn, void *arg, struct err *e)
{
  struct rows r = {0};
  struct bind binds[STMT_PARAMS_MAX] = {b_int(tx_network(tx)), b_int(scope_organization(list)),
                                        b_bool(scope_decision(list)->visit_only), b_bool(all)};
  size_t count = ids_bind(binds, 4, persons, n);
  binds[count++] = b_int(own);
  enum code c = db_query(tx, &q_worked_on, &r, e, binds, count);
  return c == OK ? each(&r, fn, arg, e) : c;
}

static enum code masked(struct tx *tx, const struct scope *list, bool all, const struct access_view *views, size_t n,
                        listed_value_fn fn, void *arg, struct err *e)
{
  struct rows r = {0};
  struct bind binds[STMT_PARAMS_MAX] = {b_int(tx_network(tx)), b_int(scope_organization(list)),
                                        b_bool(scope_decision(list)->visit_only), b_bool(all)};
  enum code c = db_query(tx, &q_masked, &r, e, binds, masked_bind(binds, views, n));
  return c == OK ? each(&r, fn, arg, e) : c;
}

enum code person_sql_listed(struct tx *tx, const struct scope *list, bool all, const struct access_view *views,
                            size_t n, listed_value_fn fn, void *arg, struct err *e)
{
  enum code c = OK;
  for (size_t i = 0; c == OK && i < n; i += MASKED_PERSONS)
    c = masked(tx, list, all, views + i, n - i < MASKED_PERSONS ? n - i : MASKED_PERSONS, fn, arg, e);
  return c;
}
