#include "ledger/ledger_sql.h"

#include "access/visible.h"
#include "audit/audit.h"

STMT_READ(q_members, "ledger_members",
          "SELECT u.id, u.name, m.role FROM membership m JOIN user_account u ON u.network_id = m.network_id"
          " AND u.id = m.user_id WHERE m.network_id = $1 AND m.organization_id = $2 AND " LIVE("m", "$3"));

enum code ledger_sql_members(struct tx *tx, const struct scope *s, ledger_member_fn fn, void *arg, struct err *e)
{
  struct rows r = {0};
  enum code c =
      db_query(tx, &q_members, &r, e, BINDS(b_int(tx_network(tx)), b_int(scope_organization(s)), b_int(tx_now(tx))));
  if (c != OK)
    return c;
  while (c == OK && rows_next(&r))
    c = fn(arg, rows_int(&r, 0), rows_text(&r, 1), rows_text(&r, 2), e);
  return rows_finish(&r, c, e);
}

STMT_WRITE(q_insert, "ledger_import_insert",
           "INSERT INTO ledger_import (network_id, id, organization_id, user_id, imported_at, row_count)"
           " VALUES ($1, $2, $3, $4, $5, $6)");

enum code ledger_sql_insert(struct tx *tx, const struct scope *s, id64 id, int64_t rows, struct err *e)
{
  return db_exec(tx, &q_insert, NULL, e,
                 BINDS(b_int(tx_network(tx)), b_int(id), b_int(scope_organization(s)), b_int(scope_actor(s)->user),
                       b_int(tx_now(tx)), b_int(rows)));
}

STMT_WRITE(q_insert_case, "ledger_case_insert",
           "INSERT INTO ledger_case (network_id, case_id, person_id, import_id) VALUES ($1, $2, $3, $4)");

enum code ledger_sql_insert_case(struct tx *tx, const struct scope *s, id64 import, id64 case_id, struct err *e)
{
  return db_exec(tx, &q_insert_case, NULL, e,
                 BINDS(b_int(tx_network(tx)), b_int(case_id), b_int(scope_person(s)), b_int(import)));
}

STMT_READ(q_imports, "ledger_imports",
          "SELECT i.id, i.organization_id, i.imported_at, i.undone_at, i.row_count, CAST(0 AS bigint), u.name"
          " FROM ledger_import i LEFT JOIN user_account u ON u.network_id = i.network_id AND u.id = i.user_id"
          " WHERE i.network_id = $1 AND i.organization_id = $2 ORDER BY i.id DESC LIMIT 20");

/* Deeds and papers about its persons since; what was done in the very instant is the import itself. */
STMT_READ(q_import, "ledger_import",
          "SELECT i.id, i.organization_id, i.imported_at, i.undone_at, i.row_count,"
          " (SELECT count(DISTINCT v.person_id) FROM event v WHERE v.network_id = $1 AND v.at > i.imported_at"
          "  AND v.kind IN ($4, $5) AND v.person_id IN"
          "  (SELECT l.person_id FROM ledger_case l WHERE l.network_id = $1 AND l.import_id = $3)), ''"
          " FROM ledger_import i WHERE i.network_id = $1 AND i.organization_id = $2 AND i.id = $3");

static enum code each_import(struct rows *r, import_fn fn, void *arg, struct err *e)
{
  enum code c = OK;
  while (c == OK && rows_next(r)) {
    struct import_row row = {.id = rows_int(r, 0),
                             .organization = rows_int(r, 1),
                             .at = rows_int(r, 2),
                             .undone_at = rows_int(r, 3),
                             .rows = rows_int(r, 4),
                             .written = rows_int(r, 5),
                             .by = rows_text(r, 6)};
    c = fn(arg, &row, e);
  }
  return rows_finish(r, c, e);
}

enum code ledger_sql_imports(struct tx *tx, const struct scope *s, import_fn fn, void *arg, struct err *e)
{
  struct rows r = {0};
  enum code c = db_query(tx, &q_imports, &r, e, BINDS(b_int(tx_network(tx)), b_int(scope_organization(s))));
  return c == OK ? each_import(&r, fn, arg, e) : c;
}

static enum code keep_import(void *arg, const struct import_row *row, struct err *e)
{
  struct import_row *ret = arg;
  *ret = *row;
  ret->by = STR_NONE;
  return OK;
}

enum code ledger_sql_import(struct tx *tx, const struct scope *s, id64 id, struct import_row *ret, struct err *e)
{
  struct rows r = {0};
  *ret = (struct import_row){.id = 0};
  enum code c = db_query(
      tx, &q_import, &r, e,
      BINDS(b_int(tx_network(tx)), b_int(scope_organization(s)), b_int(id), b_int(EVENT_WRITE), b_int(EVENT_PRINT)));
  return c == OK ? each_import(&r, keep_import, ret, e) : c;
}

STMT_READ(q_persons, "ledger_persons",
          "SELECT DISTINCT person_id FROM ledger_case WHERE network_id = $1 AND import_id = $2 ORDER BY person_id"
          " LIMIT $3");

enum code ledger_sql_persons(struct tx *tx, id64 import, id64 *ret, size_t most, size_t *ret_n, struct err *e)
{
  struct rows r = {0};
  enum code c = db_query(tx, &q_persons, &r, e, BINDS(b_int(tx_network(tx)), b_int(import), b_int((int64_t)most)));
  if (c != OK)
    return c;
  for (*ret_n = 0; *ret_n < most && rows_next(&r);)
    ret[(*ret_n)++] = rows_int(&r, 0);
  return rows_end(&r, e);
}

STMT_WRITE(q_undone, "ledger_undone",
           "UPDATE ledger_import SET undone_at = $3, undone_by = $4 WHERE network_id = $1 AND id = $2");

enum code ledger_sql_undone(struct tx *tx, const struct scope *s, id64 import, struct err *e)
{
  return db_exec(tx, &q_undone, NULL, e,
                 BINDS(b_int(tx_network(tx)), b_int(import), b_int(tx_now(tx)), b_int(scope_actor(s)->user)));
}

/* $5 the case before, $6 limit, $7 whether falling, $8 enum unconfirmed_whose, $9 the user */
#define LED(whose)                                                                                                     \
  "EXISTS (SELECT 1 FROM assignment s WHERE s.network_id = $1 AND s.case_id = c.id AND s.organization_id = $3"         \
  " AND s.lead AND " VISIBLE_LIVE("s") whose ")"
/* When it came, with a ledger or from another network (ケース移管). */
#define CAME                                                                                                           \
  "COALESCE((SELECT i.imported_at FROM ledger_case l CROSS JOIN ledger_import i WHERE l.network_id = $1"               \
  " AND l.case_id = c.id AND i.network_id = $1 AND i.id = l.import_id AND i.organization_id = $3),"                    \
  " (SELECT t.taken_at FROM transfer_in t WHERE t.network_id = $1 AND t.case_id = c.id AND t.organization_id = $3))"
STMT_READ(q_unconfirmed, "ledger_unconfirmed",
          "WITH who AS (" VISIBLE_PERSONS ") SELECT c.id, c.person_id, c.number, " CAME " FROM who"
          " CROSS JOIN case_file c WHERE c.network_id = $1 AND c.person_id = who.person_id AND (c.beside & 4) <> 0"
          " AND c.status <> 'closed'"
          " AND (CAST($5 AS bigint) = 0 OR CASE WHEN $7 THEN c.id < CAST($5 AS bigint)"
          " ELSE c.id > CAST($5 AS bigint) END)"
          " AND " CAME " IS NOT NULL AND NOT EXISTS"
          " (SELECT 1 FROM consent k WHERE k.network_id = $1 AND k.person_id = c.person_id)"
          " AND CASE CAST($8 AS bigint) WHEN 1 THEN " LED(" AND s.user_id = $9") " WHEN 2 THEN NOT " LED(
              "") " ELSE TRUE END"
                  " ORDER BY CASE WHEN $7 THEN -c.id ELSE c.id END LIMIT $6");

enum code ledger_sql_unconfirmed(struct tx *tx, const struct scope *list, const struct unconfirmed_view *view,
                                 int limit, unconfirmed_fn fn, void *arg, struct err *e)
{
  struct rows r = {0};
  enum code c = db_query(tx, &q_unconfirmed, &r, e,
                         BINDS(VISIBLE_BINDS(list, tx_now(tx)), b_int(view->after), b_int(limit), b_bool(view->falls),
                               b_int(view->whose), b_int(scope_actor(list)->user)));
  if (c != OK)
    return c;
  while (c == OK && rows_next(&r)) {
    struct unconfirmed_row row = {rows_int(&r, 0), rows_int(&r, 1), rows_text(&r, 2), rows_int(&r, 3)};
    c = fn(arg, &row, e);
  }
  return rows_finish(&r, c, e);
}

/* clang-format off */
STMT_READ(q_values, "ledger_values",
  "WITH v (person_id, own_cats, other_cats) AS (" MASKED_FROM_5 ")"
  " SELECT v.person_id, a.id, k.epoch, a.item, k.wrapped, a.kind, a.value_sealed, a.from_at,"
  " EXISTS (SELECT 1 FROM concealment x WHERE x.network_id = $1 AND x.person_id = v.person_id AND (x.items & a.item) <> 0 AND " LIVE("x", "$3") ")"
  " FROM v CROSS JOIN person_key k CROSS JOIN person_attribute a"
  " WHERE k.network_id = $1 AND k.person_id = v.person_id AND a.network_id = $1 AND a.person_id = v.person_id"
  " AND v.person_id <> 0 AND a.until_at IS NULL"
  " AND a.kind IN ('name', 'kana', 'called', 'sex', 'birth', 'postal', 'address', 'phone_home', 'phone_mobile', 'school', 'grade')"
  " AND (NOT $4 OR (a.marks & 1) <> 0)"
  " AND (a.category & CASE WHEN a.author_organization_id = $2 THEN v.own_cats ELSE v.other_cats END) <> 0");
/* clang-format on */

static enum code values_of(struct tx *tx, const struct scope *list, const struct access_view *views, size_t n,
                           ledger_value_fn fn, void *arg, struct err *e)
{
  struct rows r = {0};
  struct bind binds[STMT_PARAMS_MAX] = {b_int(tx_network(tx)), b_int(scope_organization(list)), b_int(tx_now(tx)),
                                        b_bool(scope_decision(list)->visit_only)};
  enum code c = db_query(tx, &q_values, &r, e, binds, masked_bind(binds, views, n));
  if (c != OK)
    return c;
  while (c == OK && rows_next(&r)) {
    struct ledger_value row = {.person = rows_int(&r, 0),
                               .id = rows_int(&r, 1),
                               .epoch = rows_int(&r, 2),
                               .item = rows_int(&r, 3),
                               .wrapped = rows_bytes(&r, 4),
                               .kind = rows_text(&r, 5),
                               .sealed = rows_bytes(&r, 6),
                               .from_at = rows_int(&r, 7),
                               .concealed = rows_bool(&r, 8)};
    c = fn(arg, &row, e);
  }
  return rows_finish(&r, c, e);
}

enum code ledger_sql_values(struct tx *tx, const struct scope *list, const struct access_view *views, size_t n,
                            ledger_value_fn fn, void *arg, struct err *e)
{
  enum code c = OK;
  for (size_t i = 0; c == OK && i < n; i += MASKED_PERSONS)
    c = values_of(tx, list, views + i, n - i < MASKED_PERSONS ? n - i : MASKED_PERSONS, fn, arg, e);
  return c;
}

/* clang-format off */
/* $3 the organization, $4 own, $5 others, $6 visit_only */
#define SAID_SEEN(t) \
  " AND (" t ".category & CASE WHEN " t ".author_organization_id = $3 THEN CAST($4 AS bigint) ELSE CAST($5 AS bigint) END) <> 0" \
  " AND (NOT $6 OR (" t ".marks & 1) <> 0)"
STMT_READ(q_first, "ledger_first",
  "SELECT p.id, k.epoch, p.text_sealed, k.wrapped, r.method = 'ledger' FROM record r"
  " JOIN record_paragraph p ON p.network_id = r.network_id AND p.record_id = r.id AND p.replaced_at IS NULL"
  " JOIN person_key k ON k.network_id = r.network_id AND k.person_id = r.person_id WHERE r.network_id = $1 AND r.id ="
  " (SELECT f.id FROM record f WHERE f.network_id = $1 AND f.case_id = $2 ORDER BY f.at, f.id LIMIT 1)" SAID_SEEN("p")
  " ORDER BY p.line LIMIT 1");
STMT_READ(q_next, "ledger_next",
  "SELECT r.id, k.epoch, r.next_sealed, k.wrapped, FALSE FROM record r"
  " JOIN person_key k ON k.network_id = r.network_id AND k.person_id = r.person_id"
  " WHERE r.network_id = $1 AND r.case_id = $2 AND r.next_sealed IS NOT NULL AND " CASE_SAYS_NEXT("r.id") SAID_SEEN("r"));
/* clang-format on */

enum code ledger_sql_said(struct tx *tx, const struct scope *list, const struct access_view *view, id64 case_id,
                          enum ledger_said_kind kind, struct arena *a, struct ledger_said *ret, struct err *e)
{
  struct rows r = {0};
  *ret = (struct ledger_said){0};
  enum code c = db_query(tx, kind == LEDGER_SAID_FIRST ? &q_first : &q_next, &r, e,
                         BINDS(b_int(tx_network(tx)), b_int(case_id), b_int(scope_organization(list)), b_int(view->own),
                               b_int(view->others), b_bool(scope_decision(list)->visit_only)));
  if (c != OK)
    return c;
  if (rows_next(&r))
    *ret = (struct ledger_said){.id = rows_int(&r, 0),
                                .epoch = rows_int(&r, 1),
                                .sealed = rows_bytes_copy(&r, 2, a),
                                .wrapped = rows_bytes_copy(&r, 3, a),
                                .imported = rows_bool(&r, 4)};
  return rows_end(&r, e);
}

STMT_READ(q_begun, "ledger_begun",
          "WITH page (id) AS (" IDS_FROM_4 ") SELECT c.id, c.opened_at, c.origin, c.author_organization_id = $2"
          " FROM page g CROSS JOIN case_file c WHERE c.network_id = $1 AND c.id = g.id AND c.opened_at <= $3");

enum code ledger_sql_begun(struct tx *tx, const struct scope *list, const id64 *ids, size_t n, ledger_begun_fn fn,
                           void *arg, struct err *e)
{
  struct rows r = {0};
  struct bind binds[STMT_PARAMS_MAX] = {b_int(tx_network(tx)), b_int(scope_organization(list)), b_int(tx_now(tx))};
  enum code c = db_query(tx, &q_begun, &r, e, binds, ids_bind(binds, 3, ids, n));
  if (c != OK)
    return c;
  while (c == OK && rows_next(&r))
    c = fn(arg, rows_int(&r, 0), rows_int(&r, 1), rows_text(&r, 2), e);
  return rows_finish(&r, c, e);
}

STMT_READ(q_case_of, "ledger_case_of",
          "SELECT id, number FROM case_file WHERE network_id = $1 AND person_id = $2 ORDER BY opened_at DESC, id DESC"
          " LIMIT 1");

enum code ledger_sql_case_of(struct tx *tx, id64 person, struct arena *a, id64 *ret, struct str *ret_number,
                             struct err *e)
{
  struct rows r = {0};
  enum code c = db_query(tx, &q_case_of, &r, e, BINDS(b_int(tx_network(tx)), b_int(person)));
  if (c != OK)
    return c;
  if (rows_next(&r)) {
    *ret = rows_int(&r, 0);
    *ret_number = rows_text_copy(&r, 1, a);
  }
  return rows_end(&r, e);
}
