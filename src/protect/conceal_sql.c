#include "protect/conceal_sql.h"

#include "access/may.h"

/* Can this user open it, as far as work on the case goes? */
#define OPENS(user)                                                                                                    \
  "EXISTS (SELECT 1 FROM membership m JOIN user_account n ON n.network_id = m.network_id AND n.id = m.user_id"         \
  " WHERE m.network_id = $1 AND m.user_id = " user " AND n.disabled_at IS NULL AND m.role IN " MAY_CONCEAL_OPEN        \
  " AND " LIVE("m", "$4") " AND " MAY_BY_WORK("m", "$2", "$4") ")"

/* clang-format off */
STMT_READ(q_live, "conceal_live",
  "SELECT c.id, c.items, c.from_at, c.until_at, c.town_sealed, c.reason_sealed,"
  " EXISTS (SELECT 1 FROM concealment_holder h WHERE h.network_id = $1 AND h.concealment_id = c.id"
  "  AND h.user_id = $3 AND " LIVE("h", "$4") "),"
  " (SELECT COUNT(*) FROM concealment_holder h WHERE h.network_id = $1 AND h.concealment_id = c.id AND " LIVE("h", "$4") "),"
  " c.author_organization_id, NOT EXISTS (SELECT 1 FROM concealment_holder h WHERE h.network_id = $1 AND h.concealment_id = c.id"
  "  AND " LIVE("h", "$4") " AND " OPENS("h.user_id") ")"
  " FROM concealment c WHERE c.network_id = $1 AND c.person_id = $2 AND " LIVE("c", "$4") " ORDER BY c.id");
/* clang-format on */

enum code conceal_sql_live(struct tx *tx, const struct scope *s, struct arena *a, struct conceal_row *ret, size_t room,
                           size_t *ret_count, struct err *e)
{
  struct rows r = {0};
  size_t n = 0;
  enum code c =
      db_query(tx, &q_live, &r, e,
               BINDS(b_int(tx_network(tx)), b_int(scope_person(s)), b_int(scope_actor(s)->user), b_int(tx_now(tx))));
  if (c != OK)
    return c;
  while (n < room && rows_next(&r))
    ret[n++] = (struct conceal_row){.id = rows_int(&r, 0),
                                    .items = (uint32_t)rows_int(&r, 1),
                                    .from = rows_int(&r, 2),
                                    .until = rows_int(&r, 3),
                                    .town_sealed = rows_bytes_copy(&r, 4, a),
                                    .reason_sealed = rows_bytes_copy(&r, 5, a),
                                    .mine = rows_bool(&r, 6),
                                    .holders = rows_int(&r, 7),
                                    .author_organization = rows_int(&r, 8),
                                    .left = rows_bool(&r, 9)};
  c = rows_end(&r, e);
  if (c == OK)
    *ret_count = n;
  return c;
}

STMT_WRITE(q_insert, "conceal_insert",
           "INSERT INTO concealment (network_id, id, person_id, items, from_at, until_at, created_by,"
           " author_organization_id, town_sealed, reason_sealed) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)");

enum code conceal_sql_insert(struct tx *tx, const struct scope *s, id64 id, const struct conceal_new *n,
                             struct str town, struct str reason, struct err *e)
{
  return db_exec(tx, &q_insert, NULL, e,
                 BINDS(b_int(tx_network(tx)), b_int(id), b_int(scope_person(s)), b_int(n->items), b_int(tx_now(tx)),
                       b_opt(n->until), b_int(scope_actor(s)->user), b_int(scope_organization(s)), b_bytes_opt(town),
                       b_bytes_opt(reason)));
}

STMT_WRITE(
    q_insert_holder, "conceal_insert_holder",
    "INSERT INTO concealment_holder (network_id, concealment_id, user_id, person_id, from_at)"
    " VALUES ($1, $2, $3, $4, $5)"
    " ON CONFLICT (network_id, concealment_id, user_id) DO UPDATE SET from_at = excluded.from_at, until_at = NULL"
    " WHERE concealment_holder.until_at IS NOT NULL");

enum code conceal_sql_insert_holder(struct tx *tx, const struct scope *s, id64 concealment, id64 user,
                                    int64_t *ret_added, struct err *e)
{
  return db_exec(
      tx, &q_insert_holder, ret_added, e,
      BINDS(b_int(tx_network(tx)), b_int(concealment), b_int(user), b_int(scope_person(s)), b_int(tx_now(tx))));
}

STMT_WRITE(
    q_end_holder, "conceal_end_holder",
    "UPDATE concealment_holder SET until_at = $5 WHERE network_id = $1 AND person_id = $2 AND concealment_id = $3"
    " AND user_id = $4 AND until_at IS NULL");

enum code conceal_sql_end_holder(struct tx *tx, const struct scope *s, id64 concealment, id64 user, int64_t *ret_ended,
                                 struct err *e)
{
  return db_exec(
      tx, &q_end_holder, ret_ended, e,
      BINDS(b_int(tx_network(tx)), b_int(scope_person(s)), b_int(concealment), b_int(user), b_int(tx_now(tx))));
}

STMT_WRITE(q_insert_change, "conceal_insert_change",
           "INSERT INTO concealment_change (network_id, id, concealment_id, person_id, user_id, kind, reason_sealed,"
           " by_user_id, by_organization_id, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)");

enum code conceal_sql_insert_change(struct tx *tx, const struct scope *s, id64 id, id64 concealment, id64 user,
                                    const char *kind, struct str reason, struct err *e)
{
  return db_exec(tx, &q_insert_change, NULL, e,
                 BINDS(b_int(tx_network(tx)), b_int(id), b_int(concealment), b_int(scope_person(s)), b_int(user),
                       b_text(str_from(kind)), b_bytes_opt(reason), b_int(scope_actor(s)->user),
                       b_int(scope_organization(s)), b_int(tx_now(tx))));
}

STMT_READ(q_changes, "conceal_changes",
          "SELECT x.id, x.kind, u.name, b.name, x.reason_sealed, x.at FROM concealment_change x"
          " JOIN user_account u ON u.network_id = $1 AND u.id = x.user_id"
          " JOIN user_account b ON b.network_id = $1 AND b.id = x.by_user_id"
          " WHERE x.network_id = $1 AND x.person_id = $2 AND x.concealment_id = $3 ORDER BY x.id DESC LIMIT $4");

enum code conceal_sql_changes(struct tx *tx, const struct scope *s, id64 concealment, struct arena *a,
                              struct change_row *ret, size_t room, size_t *ret_count, struct err *e)
{
  struct rows r = {0};
  size_t n = 0;
  enum code c =
      db_query(tx, &q_changes, &r, e,
               BINDS(b_int(tx_network(tx)), b_int(scope_person(s)), b_int(concealment), b_int((int64_t)room)));
  if (c != OK)
    return c;
  while (n < room && rows_next(&r))
    ret[n++] = (struct change_row){.id = rows_int(&r, 0),
                                   .kind = rows_text_copy(&r, 1, a),
                                   .whom = rows_text_copy(&r, 2, a),
                                   .by = rows_text_copy(&r, 3, a),
                                   .reason_sealed = rows_bytes_copy(&r, 4, a),
                                   .at = rows_int(&r, 5)};
  c = rows_end(&r, e);
  if (c == OK)
    *ret_count = n;
  return c;
}

/* clang-format off */
STMT_READ(q_told, "conceal_told",
  "SELECT DISTINCT m.user_id, m.organization_id FROM membership m"
  " JOIN participation p ON p.network_id = $1 AND p.person_id = $2 AND p.organization_id = m.organization_id AND " LIVE("p", "$4")
  " WHERE m.network_id = $1 AND " LIVE("m", "$4") " AND (m.user_id = CAST($5 AS bigint) OR EXISTS (SELECT 1 FROM concealment_holder h"
  "  WHERE h.network_id = $1 AND h.concealment_id = $3 AND h.user_id = m.user_id AND " LIVE("h", "$4") "))"
  " ORDER BY m.user_id, m.organization_id LIMIT 100");
STMT_READ(q_waits, "conceal_waits",
  "SELECT x.person_id, f.id, u.name, f.number, x.asked_at FROM concealment_holder h"
  " JOIN concealment_release x ON x.network_id = $1 AND x.concealment_id = h.concealment_id AND x.decided_at IS NULL AND x.asked_by <> $2"
  " JOIN concealment c ON c.network_id = $1 AND c.id = h.concealment_id AND " LIVE("c", "$3")
  " JOIN user_account u ON u.network_id = $1 AND u.id = x.asked_by"
  " JOIN case_file f ON f.network_id = $1 AND f.id = (SELECT MAX(y.id) FROM case_file y WHERE y.network_id = $1 AND y.person_id = x.person_id)"
  " WHERE h.network_id = $1 AND h.user_id = $2 AND " LIVE("h", "$3") " ORDER BY x.asked_at, x.id LIMIT $4");
/* clang-format on */

enum code conceal_sql_told(struct tx *tx, const struct scope *s, id64 concealment, id64 also, told_fn fn, void *arg,
                           struct err *e)
{
  struct rows r = {0};
  enum code c = db_query(
      tx, &q_told, &r, e,
      BINDS(b_int(tx_network(tx)), b_int(scope_person(s)), b_int(concealment), b_int(tx_now(tx)), b_int(also)));
  if (c != OK)
    return c;
  while (c == OK && rows_next(&r))
    c = fn(arg, rows_int(&r, 0), rows_int(&r, 1), e);
  return rows_finish(&r, c, e);
}

enum code conceal_sql_waits(struct tx *tx, const struct scope *list, int limit, waits_fn fn, void *arg, struct err *e)
{
  struct rows r = {0};
  enum code c = db_query(tx, &q_waits, &r, e,
                         BINDS(b_int(tx_network(tx)), b_int(scope_actor(list)->user), b_int(tx_now(tx)), b_int(limit)));
  if (c != OK)
    return c;
  while (rows_next(&r))
    fn(arg, &(struct waits_row){.person = rows_int(&r, 0),
                                .case_id = rows_int(&r, 1),
                                .by = rows_text(&r, 2),
                                .number = rows_text(&r, 3),
                                .at = rows_int(&r, 4)});
  return rows_end(&r, e);
}

/* clang-format off */
STMT_READ(q_holders, "conceal_holders",
  "SELECT u.id, u.name, COALESCE((SELECT MIN(o.name) FROM membership m JOIN organization o"
  "  ON o.network_id = m.network_id AND o.id = m.organization_id WHERE m.network_id = $1 AND m.user_id = u.id"
  "  AND " LIVE("m", "$4") "), ''),"
  " " OPENS("u.id")
  " FROM concealment_holder h JOIN user_account u ON u.network_id = h.network_id AND u.id = h.user_id"
  " WHERE h.network_id = $1 AND h.person_id = $2 AND h.concealment_id = $3 AND " LIVE("h", "$4") " ORDER BY u.kana, u.id");
/* clang-format on */

enum code conceal_sql_holders(struct tx *tx, const struct scope *s, id64 concealment, struct arena *a, struct doc **ret,
                              struct err *e)
{
  return db_ask_list(tx, &q_holders, KEYS("#id", "name", "organization", "?works"), a, ret, e,
                     BINDS(b_int(tx_network(tx)), b_int(scope_person(s)), b_int(concealment), b_int(tx_now(tx))));
}

STMT_READ(q_candidates, "conceal_candidates",
          "SELECT DISTINCT u.id, u.name, o.name, FALSE, u.kana, CASE WHEN o.id = CAST($3 AS bigint) THEN 0 ELSE 1 END"
          " FROM participation p JOIN membership m"
          " ON m.network_id = p.network_id AND m.organization_id = p.organization_id"
          " JOIN user_account u ON u.network_id = m.network_id AND u.id = m.user_id"
          " JOIN organization o ON o.network_id = m.network_id AND o.id = m.organization_id"
          " WHERE p.network_id = $1 AND p.person_id = $2"
          " AND m.role IN " MAY_CONCEAL_OPEN " AND u.disabled_at IS NULL"
          " AND " LIVE("p", "$4") " AND " LIVE("m", "$4") " AND " MAY_BY_WORK(
              "m", "$2", "$4") " ORDER BY 6, o.name, u.kana, u.id LIMIT 200");

enum code conceal_sql_candidates(struct tx *tx, const struct scope *s, struct arena *a, struct doc **ret, struct err *e)
{
  return db_ask_list(
      tx, &q_candidates, KEYS("#id", "name", "organization", "?checked"), a, ret, e,
      BINDS(b_int(tx_network(tx)), b_int(scope_person(s)), b_int(scope_organization(s)), b_int(tx_now(tx))));
}

STMT_WRITE(q_insert_value, "conceal_insert_value",
           "INSERT INTO concealed_value (network_id, id, concealment_id, person_id, item, whose_sealed, value_sealed,"
           " from_at, created_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)");

enum code conceal_sql_insert_value(struct tx *tx, const struct scope *s, id64 id, id64 concealment, uint32_t item,
                                   struct str whose, struct str value, struct err *e)
{
  return db_exec(tx, &q_insert_value, NULL, e,
                 BINDS(b_int(tx_network(tx)), b_int(id), b_int(concealment), b_int(scope_person(s)), b_int(item),
                       b_bytes_opt(whose), b_bytes(value), b_int(tx_now(tx)), b_int(scope_actor(s)->user)));
}

STMT_READ(q_values, "conceal_values",
          "SELECT id, item, whose_sealed, value_sealed FROM concealed_value WHERE network_id = $1 AND person_id = $2"
          " AND concealment_id = $3 ORDER BY id LIMIT $4");

enum code conceal_sql_values(struct tx *tx, const struct scope *s, id64 concealment, struct arena *a,
                             struct value_row *ret, size_t room, size_t *ret_count, struct err *e)
{
  struct rows r = {0};
  size_t n = 0;
  enum code c =
      db_query(tx, &q_values, &r, e,
               BINDS(b_int(tx_network(tx)), b_int(scope_person(s)), b_int(concealment), b_int((int64_t)room)));
  if (c != OK)
    return c;
  while (n < room && rows_next(&r))
    ret[n++] = (struct value_row){.id = rows_int(&r, 0),
                                  .item = (uint32_t)rows_int(&r, 1),
                                  .whose_sealed = rows_bytes_copy(&r, 2, a),
                                  .value_sealed = rows_bytes_copy(&r, 3, a)};
  c = rows_end(&r, e);
  if (c == OK)
    *ret_count = n;
  return c;
}

/* clang-format off */
STMT_READ(q_release, "conceal_release",
  "SELECT x.id, x.concealment_id, x.asked_by, u.name, x.reason_sealed, x.asked_at, x.decided_at,"
  " COALESCE(x.granted, FALSE), EXISTS (SELECT 1 FROM concealment_holder h WHERE h.network_id = $1"
  "  AND h.concealment_id = x.concealment_id AND h.user_id = $3 AND " LIVE("h", "$4") ")"
  " FROM concealment_release x JOIN user_account u ON u.network_id = x.network_id AND u.id = x.asked_by"
  " WHERE x.network_id = $1 AND x.person_id = $2 AND (x.concealment_id = $5 OR x.id = $6)"
  " ORDER BY x.id DESC LIMIT 1");
/* clang-format on */

enum code conceal_sql_release(struct tx *tx, const struct scope *s, id64 concealment, id64 release, struct arena *a,
                              struct release_row *ret, struct err *e)
{
  struct rows r = {0};
  struct release_row row = {0};
  enum code c = db_query(tx, &q_release, &r, e,
                         BINDS(b_int(tx_network(tx)), b_int(scope_person(s)), b_int(scope_actor(s)->user),
                               b_int(tx_now(tx)), b_int(concealment), b_int(release)));
  if (c != OK)
    return c;
  if (rows_next(&r))
    row = (struct release_row){.id = rows_int(&r, 0),
                               .concealment = rows_int(&r, 1),
                               .asked_by = rows_int(&r, 2),
                               .asked_name = rows_text_copy(&r, 3, a),
                               .reason_sealed = rows_bytes_copy(&r, 4, a),
                               .asked_at = rows_int(&r, 5),
                               .decided_at = rows_int(&r, 6),
                               .granted = rows_bool(&r, 7),
                               .mine = rows_bool(&r, 8)};
  c = rows_end(&r, e);
  if (c == OK)
    *ret = row;
  return c;
}

STMT_WRITE(
    q_insert_release, "conceal_insert_release",
    "INSERT INTO concealment_release (network_id, id, concealment_id, person_id, reason_sealed, asked_by, asked_at)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7)");

enum code conceal_sql_insert_release(struct tx *tx, const struct scope *s, id64 id, id64 concealment, struct str reason,
                                     struct err *e)
{
  return db_exec(tx, &q_insert_release, NULL, e,
                 BINDS(b_int(tx_network(tx)), b_int(id), b_int(concealment), b_int(scope_person(s)), b_bytes(reason),
                       b_int(scope_actor(s)->user), b_int(tx_now(tx))));
}

STMT_WRITE(q_decide, "conceal_decide",
           "UPDATE concealment_release SET decided_by = $4, decided_at = $5, granted = $6"
           " WHERE network_id = $1 AND person_id = $2 AND id = $3 AND decided_at IS NULL");

enum code conceal_sql_decide(struct tx *tx, const struct scope *s, id64 release, bool granted, struct err *e)
{
  int64_t changed = 0;
  enum code c = db_exec(tx, &q_decide, &changed, e,
                        BINDS(b_int(tx_network(tx)), b_int(scope_person(s)), b_int(release),
                              b_int(scope_actor(s)->user), b_int(tx_now(tx)), b_bool(granted)));
  if (c == OK && !changed)
    return err_set(e, CONFLICT, TR("この申し出は、もう決められています。"));
  return c;
}

STMT_WRITE(q_end, "conceal_end",
           "UPDATE concealment SET until_at = $4 WHERE network_id = $1 AND person_id = $2 AND id = $3"
           " AND (until_at IS NULL OR until_at > $4)");

enum code conceal_sql_end(struct tx *tx, const struct scope *s, id64 concealment, struct err *e)
{
  return db_exec(tx, &q_end, NULL, e,
                 BINDS(b_int(tx_network(tx)), b_int(scope_person(s)), b_int(concealment), b_int(tx_now(tx))));
}
