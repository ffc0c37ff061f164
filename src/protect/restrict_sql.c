#include "protect/restrict_sql.h"

#include "access/may.h"

STMT_WRITE(
    q_insert, "restrict_insert",
    "INSERT INTO restriction (network_id, id, person_id, user_id, categories, breakable, from_at, until_at, created_by,"
    " author_organization_id, reason_sealed) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)");

enum code restrict_sql_insert(struct tx *tx, const struct scope *s, id64 id, id64 user, const struct restrict_new *n,
                              struct str reason, struct err *e)
{
  return db_exec(tx, &q_insert, NULL, e,
                 BINDS(b_int(tx_network(tx)), b_int(id), b_int(scope_person(s)), b_int(user), b_int(CAT_ALL),
                       b_bool(n->breakable), b_int(tx_now(tx)), b_opt(n->until), b_int(scope_actor(s)->user),
                       b_int(scope_organization(s)), b_bytes_opt(reason)));
}

STMT_READ(q_each, "restrict_each",
          "SELECT r.id, r.user_id, u.name, r.reason_sealed, r.breakable, r.from_at, r.until_at FROM restriction r"
          " JOIN user_account u ON u.network_id = r.network_id AND u.id = r.user_id"
          " WHERE r.network_id = $1 AND r.person_id = $2 AND r.author_organization_id = $3 AND r.user_id <> $4"
          " AND r.from_at <= $5 AND (r.until_at IS NULL OR r.until_at > $5) ORDER BY r.id LIMIT 200");

enum code restrict_sql_each(struct tx *tx, const struct scope *s, restrict_fn fn, void *arg, struct err *e)
{
  struct rows r = {0};
  enum code c = db_query(tx, &q_each, &r, e,
                         BINDS(b_int(tx_network(tx)), b_int(scope_person(s)), b_int(scope_organization(s)),
                               b_int(scope_actor(s)->user), b_int(tx_now(tx))));
  if (c != OK)
    return c;
  while (c == OK && rows_next(&r)) {
    struct restrict_row row = {.id = rows_int(&r, 0),
                               .user = rows_int(&r, 1),
                               .name = rows_text(&r, 2),
                               .reason_sealed = rows_bytes(&r, 3),
                               .breakable = rows_bool(&r, 4),
                               .from = rows_int(&r, 5),
                               .until = rows_int(&r, 6)};
    c = fn(arg, &row, e);
  }
  return rows_finish(&r, c, e);
}

STMT_WRITE(q_end, "restrict_end",
           "UPDATE restriction SET until_at = $6, ended_by = $5 WHERE network_id = $1 AND person_id = $2"
           " AND author_organization_id = $3 AND id = $4 AND user_id <> $5 AND (until_at IS NULL OR until_at > $6)");

enum code restrict_sql_end(struct tx *tx, const struct scope *s, id64 id, int64_t *ret_ended, struct err *e)
{
  return db_exec(tx, &q_end, ret_ended, e,
                 BINDS(b_int(tx_network(tx)), b_int(scope_person(s)), b_int(scope_organization(s)), b_int(id),
                       b_int(scope_actor(s)->user), b_int(tx_now(tx))));
}

STMT_READ(
    q_colleagues, "restrict_colleagues",
    "SELECT DISTINCT u.id, u.name, FALSE, u.kana FROM membership m JOIN user_account u ON u.network_id = m.network_id"
    " AND u.id = m.user_id WHERE m.network_id = $1 AND m.organization_id = $2 AND m.user_id <> $3"
    " AND m.role IN " MAY_CASE_LIST " AND u.disabled_at IS NULL"
    " AND m.from_at <= $4 AND (m.until_at IS NULL OR m.until_at > $4) ORDER BY u.kana, u.id LIMIT 200");

enum code restrict_sql_colleagues(struct tx *tx, const struct scope *s, struct arena *a, struct doc **ret,
                                  struct err *e)
{
  return db_ask_list(
      tx, &q_colleagues, KEYS("#id", "name", "?checked"), a, ret, e,
      BINDS(b_int(tx_network(tx)), b_int(scope_organization(s)), b_int(scope_actor(s)->user), b_int(tx_now(tx))));
}
