#include "network/account_sql.h"

#define ACCOUNT_COLUMNS                                                                                                \
  "u.id, u.login, u.name, u.kana, u.job, u.factor, u.disabled_at,"                                                     \
  " (SELECT MAX(s.created_at) FROM session s WHERE s.network_id = u.network_id AND s.user_id = u.id)"

static struct account_row account_of(const struct rows *r)
{
  return (struct account_row){.user = rows_int(r, 0),
                              .login = rows_text(r, 1),
                              .name = rows_text(r, 2),
                              .kana = rows_text(r, 3),
                              .job = rows_text(r, 4),
                              .factor = rows_text(r, 5),
                              .disabled = !rows_null(r, 6),
                              .last = rows_int(r, 7)};
}

STMT_READ(q_each, "account_each",
          "SELECT " ACCOUNT_COLUMNS ", m.id, m.organization_id, o.name, m.role, m.from_at, m.until_at,"
          " (CAST($3 AS text) = '' OR m.role = CAST($3 AS text))"
          " AND (CAST($4 AS bigint) = 0 OR m.organization_id = CAST($4 AS bigint))"
          " FROM user_account u"
          " LEFT JOIN membership m ON m.network_id = u.network_id AND m.user_id = u.id"
          "   AND (m.until_at IS NULL OR m.until_at > $2)"
          " LEFT JOIN organization o ON o.network_id = m.network_id AND o.id = m.organization_id"
          " WHERE u.network_id = $1 ORDER BY u.kana, u.name, u.id, m.from_at, m.id");

enum code account_sql_each(struct tx *tx, const struct account_view *view, account_fn fn, void *arg, struct err *e)
{
  struct rows r = {0};
  enum code c =
      db_query(tx, &q_each, &r, e,
               BINDS(b_int(tx_network(tx)), b_int(tx_now(tx)), b_text(view->role), b_int(view->organization)));
  if (c != OK)
    return c;
  while (c == OK && rows_next(&r)) {
    struct account_row a = account_of(&r);
    struct membership_row m = {.id = rows_int(&r, 8),
                               .user = a.user,
                               .organization = rows_int(&r, 9),
                               .organization_name = rows_text(&r, 10),
                               .role = rows_text(&r, 11),
                               .from = rows_int(&r, 12),
                               .until = rows_int(&r, 13)};
    c = fn(arg, &a, &m, rows_bool(&r, 14));
  }
  return rows_finish(&r, c, e);
}

STMT_READ(q_get, "account_get", "SELECT " ACCOUNT_COLUMNS " FROM user_account u WHERE u.network_id = $1 AND u.id = $2");

enum code account_sql_get(struct tx *tx, id64 user, struct arena *a, struct account_row *ret, struct err *e)
{
  struct rows r = {0};
  enum code c = db_query(tx, &q_get, &r, e, BINDS(b_int(tx_network(tx)), b_int(user)));
  if (c != OK)
    return c;
  bool found = rows_next(&r);
  if (found) {
    *ret = account_of(&r);
    ret->login = str_copy(a, ret->login);
    ret->name = str_copy(a, ret->name);
    ret->kana = str_copy(a, ret->kana);
    ret->job = str_copy(a, ret->job);
    ret->factor = str_copy(a, ret->factor);
  }
  c = rows_end(&r, e);
  return c == OK && !found ? err_set(e, NOT_FOUND, NULL) : c;
}

#define MEMBERSHIP_COLUMNS "m.id, m.user_id, m.organization_id, o.name, m.role, m.from_at, m.until_at, m.rev"
#define MEMBERSHIP_FROM                                                                                                \
  " FROM membership m JOIN organization o ON o.network_id = m.network_id AND o.id = m.organization_id"

static enum code each_membership(struct rows *r, membership_fn fn, void *arg, struct err *e)
{
  enum code c = OK;
  while (c == OK && rows_next(r))
    c = fn(arg, &(struct membership_row){.id = rows_int(r, 0),
                                         .user = rows_int(r, 1),
                                         .organization = rows_int(r, 2),
                                         .organization_name = rows_text(r, 3),
                                         .role = rows_text(r, 4),
                                         .from = rows_int(r, 5),
                                         .until = rows_int(r, 6),
                                         .rev = rows_int(r, 7)});
  return rows_finish(r, c, e);
}

STMT_READ(q_of_user, "membership_of_user",
          "SELECT " MEMBERSHIP_COLUMNS MEMBERSHIP_FROM
          " WHERE m.network_id = $1 AND m.user_id = $2 ORDER BY m.from_at DESC, m.id DESC");

enum code account_sql_memberships(struct tx *tx, id64 user, membership_fn fn, void *arg, struct err *e)
{
  struct rows r = {0};
  enum code c = db_query(tx, &q_of_user, &r, e, BINDS(b_int(tx_network(tx)), b_int(user)));
  return c == OK ? each_membership(&r, fn, arg, e) : c;
}

STMT_READ(q_all_live, "membership_all_live",
          "SELECT " MEMBERSHIP_COLUMNS MEMBERSHIP_FROM
          " JOIN user_account u ON u.network_id = m.network_id AND u.id = m.user_id AND u.disabled_at IS NULL"
          " WHERE m.network_id = $1 AND m.from_at <= $2 AND (m.until_at IS NULL OR m.until_at > $2)"
          " AND (CAST($3 AS bigint) = 0 OR m.organization_id = $3) ORDER BY m.from_at, m.id");

enum code account_sql_live_memberships(struct tx *tx, id64 organization, membership_fn fn, void *arg, struct err *e)
{
  struct rows r = {0};
  enum code c = db_query(tx, &q_all_live, &r, e, BINDS(b_int(tx_network(tx)), b_int(tx_now(tx)), b_int(organization)));
  return c == OK ? each_membership(&r, fn, arg, e) : c;
}

STMT_READ(q_organizations, "account_organizations",
          "SELECT id, name FROM organization WHERE network_id = $1 AND circle <> 'outside'"
          " AND (until_at IS NULL OR until_at > $2) ORDER BY kana, name, id");

enum code account_sql_organizations(struct tx *tx, struct str selected, struct arena *a, struct doc *list,
                                    struct err *e)
{
  struct rows r = {0};
  enum code c = db_query(tx, &q_organizations, &r, e, BINDS(b_int(tx_network(tx)), b_int(tx_now(tx))));
  if (c != OK)
    return c;
  while (rows_next(&r)) {
    struct doc *d = doc_add_map(list);
    doc_put_id(d, "id", rows_int(&r, 0));
    doc_put_str(d, "name", rows_text(&r, 1));
    doc_put_bool(d, "selected", str_eq(selected, id_text(a, rows_int(&r, 0))));
  }
  return rows_end(&r, e);
}

STMT_WRITE(q_pledge, "membership_pledge",
           "UPDATE membership SET created_by = $3, pledged_at = $4 WHERE network_id = $1 AND id = $2");

enum code membership_sql_pledge(struct tx *tx, id64 membership, id64 by, bool pledged, struct err *e)
{
  return db_exec(tx, &q_pledge, NULL, e,
                 BINDS(b_int(tx_network(tx)), b_int(membership), b_opt(by), b_opt(pledged ? tx_now(tx) : 0)));
}

STMT_WRITE(q_until, "membership_until",
           "UPDATE membership SET until_at = $3, rev = rev + 1 WHERE network_id = $1 AND id = $2 AND rev = $4"
           " AND (until_at IS NULL OR until_at > $5)");

enum code membership_sql_until(struct tx *tx, id64 membership, int64_t rev, ts_t until, struct err *e)
{
  int64_t changed = 0;
  enum code c = db_exec(tx, &q_until, &changed, e,
                        BINDS(b_int(tx_network(tx)), b_int(membership), b_int(until), b_int(rev), b_int(tx_now(tx))));
  if (c == OK && changed == 0)
    return err_set(e, CONFLICT,
                   TR("この所属は、ほかの人が先に変更したか、すでに終わっています。画面を開き直してください。"));
  return c;
}

STMT_WRITE(q_disable, "account_disable",
           "UPDATE user_account SET disabled_at = $3, rev = rev + 1 WHERE network_id = $1 AND id = $2");

enum code account_sql_disable(struct tx *tx, id64 user, bool disabled, struct err *e)
{
  return db_exec(tx, &q_disable, NULL, e, BINDS(b_int(tx_network(tx)), b_int(user), b_opt(disabled ? tx_now(tx) : 0)));
}

/* --- tokens of programs --- */

STMT_WRITE(q_token, "api_token_insert",
           "INSERT INTO api_token (network_id, id, user_id, membership_id, token_hash, name, created_at, until_at)"
           " VALUES ($1, $2, $3, $4, $5, $6, $7, $8)");

enum code token_sql_insert(struct tx *tx, id64 id, const struct token_new *t, struct err *e)
{
  return db_exec(tx, &q_token, NULL, e,
                 BINDS(b_int(tx_network(tx)), b_int(id), b_int(t->user), b_int(t->membership), b_bytes(t->hash),
                       b_text(t->name), b_int(tx_now(tx)), b_int(t->until)));
}

STMT_READ(q_tokens, "api_token_each",
          "SELECT t.id, t.name, u.login, o.name, t.created_at, t.until_at, t.revoked_at FROM api_token t"
          " JOIN user_account u ON u.network_id = t.network_id AND u.id = t.user_id"
          " JOIN membership m ON m.network_id = t.network_id AND m.id = t.membership_id"
          " JOIN organization o ON o.network_id = m.network_id AND o.id = m.organization_id"
          " WHERE t.network_id = $1 ORDER BY t.id");

enum code token_sql_each(struct tx *tx, token_fn fn, void *arg, struct err *e)
{
  struct rows r = {0};
  enum code c = db_query(tx, &q_tokens, &r, e, BINDS(b_int(tx_network(tx))));
  if (c != OK)
    return c;
  while (rows_next(&r))
    fn(arg, &(struct token_row){.id = rows_int(&r, 0),
                                .name = rows_text(&r, 1),
                                .login = rows_text(&r, 2),
                                .organization = rows_text(&r, 3),
                                .created = rows_int(&r, 4),
                                .until = rows_int(&r, 5),
                                .revoked = rows_int(&r, 6)});
  return rows_end(&r, e);
}

STMT_WRITE(q_revoke, "api_token_revoke",
           "UPDATE api_token SET revoked_at = $3 WHERE network_id = $1 AND id = $2 AND revoked_at IS NULL");

enum code token_sql_revoke(struct tx *tx, id64 id, struct err *e)
{
  int64_t changed = 0;
  enum code c = db_exec(tx, &q_revoke, &changed, e, BINDS(b_int(tx_network(tx)), b_int(id), b_int(tx_now(tx))));
  return c == OK && !changed ? err_set(e, NOT_FOUND, NULL) : c;
}

STMT_WRITE(q_revoke_all, "api_token_revoke_all",
           "UPDATE api_token SET revoked_at = $3 WHERE network_id = $1 AND user_id = $2 AND revoked_at IS NULL");

enum code token_sql_revoke_all(struct tx *tx, id64 user, struct err *e)
{
  return db_exec(tx, &q_revoke_all, NULL, e, BINDS(b_int(tx_network(tx)), b_int(user), b_int(tx_now(tx))));
}

/* --- cases, as far as who works on them --- */

STMT_READ(q_assigned, "assigned_cases",
          "SELECT c.id, c.person_id, c.number, s.lead FROM assignment s"
          " JOIN case_file c ON c.network_id = s.network_id AND c.id = s.case_id AND c.closed_at IS NULL"
          " WHERE s.network_id = $1 AND s.user_id = $2 AND s.organization_id = $3"
          " AND (s.until_at IS NULL OR s.until_at > $4) ORDER BY s.lead DESC, c.number");

enum code assigned_sql_each(struct tx *tx, id64 user, id64 organization, assigned_fn fn, void *arg, struct err *e)
{
  struct rows r = {0};
  enum code c = db_query(tx, &q_assigned, &r, e,
                         BINDS(b_int(tx_network(tx)), b_int(user), b_int(organization), b_int(tx_now(tx))));
  if (c != OK)
    return c;
  while (c == OK && rows_next(&r))
    c = fn(arg,
           &(struct assigned_case){
               .id = rows_int(&r, 0), .person = rows_int(&r, 1), .number = rows_text(&r, 2), .lead = rows_bool(&r, 3)});
  return rows_finish(&r, c, e);
}

STMT_WRITE(q_assigned_end, "assigned_end",
           "UPDATE assignment SET until_at = $4 WHERE network_id = $1 AND user_id = $2 AND organization_id = $3"
           " AND (until_at IS NULL OR until_at > $4)");

enum code assigned_sql_end(struct tx *tx, id64 user, id64 organization, ts_t at, struct err *e)
{
  return db_exec(tx, &q_assigned_end, NULL, e,
                 BINDS(b_int(tx_network(tx)), b_int(user), b_int(organization), b_int(at)));
}

STMT_WRITE(q_assigned_insert, "assigned_insert",
           "INSERT INTO assignment (network_id, id, case_id, person_id, user_id, organization_id, lead, from_at,"
           " by_user_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)");

enum code assigned_sql_insert(struct tx *tx, const struct assigned_case *c, id64 user, id64 organization, ts_t from,
                              id64 by, struct err *e)
{
  return db_exec(tx, &q_assigned_insert, NULL, e,
                 BINDS(b_int(tx_network(tx)), b_int(id_new(tx_now(tx))), b_int(c->id), b_int(c->person), b_int(user),
                       b_int(organization), b_bool(c->lead), b_int(from), b_opt(by)));
}

STMT_WRITE(q_looks, "account_looks",
           "UPDATE user_account SET wareki = $3, lang = $4 WHERE network_id = $1 AND id = $2");

enum code account_sql_looks(struct tx *tx, id64 user, bool wareki, struct str lang, struct err *e)
{
  return db_exec(tx, &q_looks, NULL, e, BINDS(b_int(tx_network(tx)), b_int(user), b_bool(wareki), b_text(lang)));
}
