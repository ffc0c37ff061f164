#include "network/network_sql.h"

STMT_WRITE(q_network, "network_insert",
           "INSERT INTO network (id, name, town_code, stage, emergency, created_at) VALUES ($1, $2, $3, $4, $5, $6)");

enum code network_sql_insert(struct tx *tx, id64 id, const struct network_new *n, struct err *e)
{
  return db_exec(tx, &q_network, NULL, e,
                 BINDS(b_int(id), b_text(n->name), b_text(n->town_code), b_text(n->stage), b_text(n->emergency),
                       b_int(tx_now(tx))));
}

STMT_WRITE(q_host, "network_insert_host", "INSERT INTO network_host (host, network_id) VALUES ($1, $2)");

enum code network_sql_insert_host(struct tx *tx, struct str host, struct err *e)
{
  return db_exec(tx, &q_host, NULL, e, BINDS(b_text(host), b_int(tx_network(tx))));
}

STMT_WRITE(q_rev, "network_insert_rev", "INSERT INTO network_rev (network_id, fact_rev) VALUES ($1, 1)");

enum code network_sql_insert_rev(struct tx *tx, struct err *e)
{
  return db_exec(tx, &q_rev, NULL, e, BINDS(b_int(tx_network(tx))));
}

STMT_READ(q_each, "network_each", "SELECT id, name FROM network ORDER BY id");

enum code network_sql_each(struct tx *tx, void (*fn)(void *arg, id64 id, struct str name), void *arg, struct err *e)
{
  struct rows r = {0};
  enum code c = db_query(tx, &q_each, &r, e, NO_BINDS);
  if (c != OK)
    return c;
  while (rows_next(&r))
    fn(arg, rows_int(&r, 0), rows_text(&r, 1));
  return rows_end(&r, e);
}

STMT_READ(q_name, "network_name", "SELECT name FROM network WHERE id = $1");

enum code network_sql_name(struct tx *tx, struct arena *a, struct str *ret, struct err *e)
{
  return db_ask_text(tx, &q_name, a, ret, e, BINDS(b_int(tx_network(tx))));
}

STMT_WRITE(q_bump, "network_bump_facts", "UPDATE network_rev SET fact_rev = fact_rev + 1 WHERE network_id = $1");

enum code network_sql_bump(struct tx *tx, struct err *e)
{
  return db_exec(tx, &q_bump, NULL, e, BINDS(b_int(tx_network(tx))));
}

STMT_READ(q_epoch, "network_key_epoch", "SELECT epoch FROM network_key WHERE network_id = $1");

enum code network_sql_epoch(struct tx *tx, int64_t *ret, struct err *e)
{
  return db_ask_int(tx, &q_epoch, ret, e, BINDS(b_int(tx_network(tx))));
}

STMT_WRITE(q_set_epoch, "network_set_key_epoch",
           "INSERT INTO network_key (network_id, epoch, changed_at) VALUES ($1, $2, $3)"
           " ON CONFLICT (network_id) DO UPDATE SET epoch = excluded.epoch, changed_at = excluded.changed_at");

enum code network_sql_set_epoch(struct tx *tx, int epoch, struct err *e)
{
  return db_exec(tx, &q_set_epoch, NULL, e, BINDS(b_int(tx_network(tx)), b_int(epoch), b_int(tx_now(tx))));
}

STMT_WRITE(q_notice, "network_insert_notice",
           "INSERT INTO notice (network_id, version, body, created_at) VALUES ($1, $2, $3, $4)");

enum code network_sql_insert_notice(struct tx *tx, struct str version, struct str body, struct err *e)
{
  return db_exec(tx, &q_notice, NULL, e,
                 BINDS(b_int(tx_network(tx)), b_text(version), b_text(body), b_int(tx_now(tx))));
}

STMT_WRITE(q_form, "network_insert_form",
           "INSERT INTO form_definition (network_id, code, version, status, json, created_at)"
           " VALUES ($1, $2, $3, $4, $5, $6)");

enum code network_sql_insert_form(struct tx *tx, struct str code, struct str version, struct str status,
                                  struct str json, struct err *e)
{
  return db_exec(
      tx, &q_form, NULL, e,
      BINDS(b_int(tx_network(tx)), b_text(code), b_text(version), b_text(status), b_text(json), b_int(tx_now(tx))));
}

STMT_WRITE(
    q_organization, "organization_insert",
    "INSERT INTO organization (network_id, id, name, kana, fold, kind, circle, public_body, coordinating, designated,"
    " description, url, email, source_key, created_at)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)");

enum code organization_sql_insert(struct tx *tx, id64 id, const struct organization_new *o, struct str fold,
                                  struct err *e)
{
  return db_exec(tx, &q_organization, NULL, e,
                 BINDS(b_int(tx_network(tx)), b_int(id), b_text(o->name), b_text(o->kana), b_text(fold),
                       b_text(o->kind), b_text(o->circle), b_bool(o->public_body), b_bool(o->coordinating),
                       b_bool(o->designated), b_text(o->description), b_text(o->url), b_text(o->email),
                       b_text_opt(o->source_key), b_int(tx_now(tx))));
}

STMT_READ(q_organization_name, "organization_name", "SELECT name FROM organization WHERE network_id = $1 AND id = $2");

enum code organization_sql_name(struct tx *tx, id64 id, struct arena *a, struct str *ret, struct err *e)
{
  struct rows r = {0};
  enum code c = db_query(tx, &q_organization_name, &r, e, BINDS(b_int(tx_network(tx)), b_int(id)));
  if (c != OK)
    return c;
  bool found = rows_next(&r);
  struct str name = found ? rows_text_copy(&r, 0, a) : STR_NONE;
  c = rows_end(&r, e);
  if (c == OK && !found)
    return err_set(e, NOT_FOUND, TR("その機関は登録されていません。"));
  if (c == OK)
    *ret = name;
  return c;
}

STMT_READ(q_organization_stands, "organization_stands",
          "SELECT 1 FROM organization WHERE network_id = $1 AND id = $2 AND (until_at IS NULL OR until_at > $3)");

enum code organization_sql_stands(struct tx *tx, id64 id, bool *ret, struct err *e)
{
  int64_t there = 0;
  enum code c =
      db_ask_int(tx, &q_organization_stands, &there, e, BINDS(b_int(tx_network(tx)), b_int(id), b_int(tx_now(tx))));
  if (c == OK)
    *ret = there;
  return c;
}

STMT_WRITE(q_account, "account_insert",
           "INSERT INTO user_account (network_id, id, login, name, kana, job, password_hash, password_at, factor,"
           " totp_sealed, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)");

enum code account_sql_insert(struct tx *tx, id64 id, const struct account_new *u, struct str totp_sealed, struct err *e)
{
  return db_exec(tx, &q_account, NULL, e,
                 BINDS(b_int(tx_network(tx)), b_int(id), b_text(u->login), b_text(u->name), b_text(u->kana),
                       b_text(u->job), b_text(u->password_hash), b_int(u->given ? 0 : tx_now(tx)), b_text(u->factor),
                       b_bytes_opt(totp_sealed), b_int(tx_now(tx))));
}

STMT_READ(q_account_name, "account_name", "SELECT name, job FROM user_account WHERE network_id = $1 AND id = $2");

enum code account_sql_name(struct tx *tx, id64 id, struct arena *a, struct str *ret_name, struct str *ret_job,
                           struct err *e)
{
  struct rows r = {0};
  struct str name = STR_NONE, job = STR_NONE;
  enum code c = db_query(tx, &q_account_name, &r, e, BINDS(b_int(tx_network(tx)), b_int(id)));
  if (c != OK)
    return c;
  bool found = rows_next(&r);
  if (found) {
    name = rows_text_copy(&r, 0, a);
    job = rows_text_copy(&r, 1, a);
  }
  c = rows_end(&r, e);
  if (c == OK && !found)
    return err_set(e, NOT_FOUND, TR("そのアカウントは登録されていません。"));
  if (c == OK) {
    *ret_name = name;
    *ret_job = job;
  }
  return c;
}

STMT_WRITE(q_membership, "membership_insert",
           "INSERT INTO membership (network_id, id, user_id, organization_id, role, from_at, until_at, created_at)"
           " VALUES ($1, $2, $3, $4, $5, $6, $7, $8)");

enum code membership_sql_insert(struct tx *tx, id64 id, id64 user, id64 organization, struct str role, ts_t from,
                                ts_t until, struct err *e)
{
  return db_exec(tx, &q_membership, NULL, e,
                 BINDS(b_int(tx_network(tx)), b_int(id), b_int(user), b_int(organization), b_text(role), b_int(from),
                       b_opt(until), b_int(tx_now(tx))));
}

STMT_WRITE(q_membership_end, "membership_end",
           "UPDATE membership SET until_at = $3, rev = rev + 1 WHERE network_id = $1 AND id = $2 AND rev = $4"
           " AND (until_at IS NULL OR until_at > $3)");

enum code membership_sql_end(struct tx *tx, id64 id, int64_t rev, struct err *e)
{
  int64_t changed = 0;
  enum code c = db_exec(tx, &q_membership_end, &changed, e,
                        BINDS(b_int(tx_network(tx)), b_int(id), b_int(tx_now(tx)), b_int(rev)));
  if (c == OK && changed == 0)
    return err_set(e, CONFLICT,
                   TR("この所属は、ほかの人が先に変更したか、すでに終わっています。画面を開き直してください。"));
  return c;
}
