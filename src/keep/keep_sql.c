#include "keep/keep_sql.h"

/* --- keys --- */

STMT_READ(q_keys, "keep_keys",
          "SELECT person_id, epoch, wrapped FROM person_key WHERE network_id = $1 AND person_id > $2"
          " AND (CAST($3 AS bigint) = 0 OR epoch < $3) ORDER BY person_id LIMIT $4");

enum code keep_sql_keys(struct tx *tx, id64 after, int below, int most, key_row_fn fn, void *arg, struct err *e)
{
  struct rows r = {0};
  enum code c = db_query(tx, &q_keys, &r, e, BINDS(b_int(tx_network(tx)), b_int(after), b_int(below), b_int(most)));
  if (c != OK)
    return c;
  while (c == OK && rows_next(&r))
    c = fn(arg, &(struct key_row){rows_int(&r, 0), (int)rows_int(&r, 1), rows_bytes(&r, 2)}, e);
  return rows_finish(&r, c, e);
}

STMT_WRITE(q_put_key, "keep_put_key",
           "UPDATE person_key SET epoch = $3, wrapped = $4 WHERE network_id = $1 AND person_id = $2");

enum code keep_sql_put_key(struct tx *tx, const struct key_row *row, struct err *e)
{
  return db_exec(tx, &q_put_key, NULL, e,
                 BINDS(b_int(tx_network(tx)), b_int(row->person), b_int(row->epoch), b_bytes(row->wrapped)));
}

STMT_READ(q_below, "keep_keys_below", "SELECT count(*) FROM person_key WHERE network_id = $1 AND epoch < $2");

enum code keep_sql_keys_below(struct tx *tx, int epoch, int64_t *ret, struct err *e)
{
  return db_ask_int(tx, &q_below, ret, e, BINDS(b_int(tx_network(tx)), b_int(epoch)));
}

STMT_WRITE(q_mark, "keep_mark_keys", "UPDATE person_key SET epoch = -epoch WHERE network_id = $1 AND epoch > 0");

enum code keep_sql_mark_keys(struct tx *tx, struct err *e)
{
  return db_exec(tx, &q_mark, NULL, e, BINDS(b_int(tx_network(tx))));
}

STMT_READ(q_keyless, "keep_keyless",
          "SELECT p.id FROM person p LEFT JOIN person_key k ON k.network_id = p.network_id AND k.person_id = p.id"
          " WHERE p.network_id = $1 AND (k.epoch IS NULL OR k.epoch <= 0) ORDER BY p.id LIMIT $2");

enum code keep_sql_keyless(struct tx *tx, id64 *ret, size_t most, size_t *ret_count, struct err *e)
{
  struct rows r = {0};
  enum code c = db_query(tx, &q_keyless, &r, e, BINDS(b_int(tx_network(tx)), b_int((int64_t)most)));
  if (c != OK)
    return c;
  for (*ret_count = 0; *ret_count < most && rows_next(&r);)
    ret[(*ret_count)++] = rows_int(&r, 0);
  return rows_end(&r, e);
}

STMT_READ(q_samples, "keep_samples",
          "SELECT a.id, a.person_id, k.epoch, k.wrapped, a.value_sealed FROM person_attribute a"
          " JOIN person_key k ON k.network_id = a.network_id AND k.person_id = a.person_id"
          " WHERE a.network_id = $1 ORDER BY a.id DESC LIMIT $2");

enum code keep_sql_samples(struct tx *tx, int most, sample_fn fn, void *arg, struct err *e)
{
  struct rows r = {0};
  enum code c = db_query(tx, &q_samples, &r, e, BINDS(b_int(tx_network(tx)), b_int(most)));
  if (c != OK)
    return c;
  while (c == OK && rows_next(&r)) {
    struct sample_row row = {.attribute = rows_int(&r, 0),
                             .key = {rows_int(&r, 1), (int)rows_int(&r, 2), rows_bytes(&r, 3)},
                             .sealed = rows_bytes(&r, 4)};
    c = fn(arg, &row, e);
  }
  return rows_finish(&r, c, e);
}

STMT_READ(q_totps, "keep_totps",
          "SELECT id, totp_sealed FROM user_account WHERE network_id = $1 AND totp_sealed IS NOT NULL ORDER BY id");

enum code keep_sql_totps(struct tx *tx, totp_fn fn, void *arg, struct err *e)
{
  struct rows r = {0};
  enum code c = db_query(tx, &q_totps, &r, e, BINDS(b_int(tx_network(tx))));
  if (c != OK)
    return c;
  while (c == OK && rows_next(&r))
    c = fn(arg, rows_int(&r, 0), rows_bytes(&r, 1), e);
  return rows_finish(&r, c, e);
}

STMT_WRITE(q_put_totp, "keep_put_totp", "UPDATE user_account SET totp_sealed = $3 WHERE network_id = $1 AND id = $2");

enum code keep_sql_put_totp(struct tx *tx, id64 user, struct str sealed, struct err *e)
{
  return db_exec(tx, &q_put_totp, NULL, e, BINDS(b_int(tx_network(tx)), b_int(user), b_bytes(sealed)));
}

/* --- after a restore --- */

STMT_WRITE(q_end_sessions, "keep_end_sessions",
           "UPDATE session SET ended_at = $2 WHERE network_id = $1 AND ended_at IS NULL");
STMT_WRITE(q_end_tokens, "keep_end_tokens",
           "UPDATE api_token SET revoked_at = $2 WHERE network_id = $1 AND revoked_at IS NULL");

enum code keep_sql_end_sessions(struct tx *tx, struct err *e)
{
  enum code c = db_exec(tx, &q_end_sessions, NULL, e, BINDS(b_int(tx_network(tx)), b_int(tx_now(tx))));
  return c == OK ? db_exec(tx, &q_end_tokens, NULL, e, BINDS(b_int(tx_network(tx)), b_int(tx_now(tx)))) : c;
}

/* --- decisions and erasures; each twice is legal, since what was killed is carried on --- */

STMT_WRITE(
    q_add_decision, "keep_add_decision",
    "INSERT INTO decision (network_id, id, kind, reason, approver_id, created_at) VALUES ($1, $2, $3, $4, $5, $6)"
    " ON CONFLICT DO NOTHING");

enum code keep_sql_add_decision(struct tx *tx, const struct decision_row *d, struct err *e)
{
  return db_exec(
      tx, &q_add_decision, NULL, e,
      BINDS(b_int(tx_network(tx)), b_int(d->id), b_text(d->kind), b_text(d->reason), b_opt(d->approver), b_int(d->at)));
}

STMT_WRITE(q_add_erasure, "keep_add_erasure",
           "INSERT INTO erasure (network_id, id, early, epoch_before, epoch_after, finished_at)"
           " VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING");

enum code keep_sql_add_erasure(struct tx *tx, const struct erasure_row *x, struct err *e)
{
  return db_exec(tx, &q_add_erasure, NULL, e,
                 BINDS(b_int(tx_network(tx)), b_int(x->id), b_bool(x->early), b_int(x->epoch_before),
                       b_opt(x->epoch_after), b_opt(x->finished)));
}

STMT_WRITE(q_add_erased, "keep_add_erased",
           "INSERT INTO erasure_person (network_id, erasure_id, person_id, case_numbers, erased_at)"
           " VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING");

enum code keep_sql_add_erased(struct tx *tx, const struct erased_row *p, struct err *e)
{
  return db_exec(tx, &q_add_erased, NULL, e,
                 BINDS(b_int(tx_network(tx)), b_int(p->erasure), b_int(p->person), b_text(p->cases), b_opt(p->at)));
}

STMT_WRITE(q_put_erased_rows, "keep_put_erased_rows",
           "INSERT INTO erasure_rows (network_id, erasure_id, table_name, erased) VALUES ($1, $2, $3, $4)"
           " ON CONFLICT DO NOTHING");

enum code keep_sql_put_erased_rows(struct tx *tx, id64 erasure, struct str table, int64_t rows, struct err *e)
{
  return db_exec(tx, &q_put_erased_rows, NULL, e,
                 BINDS(b_int(tx_network(tx)), b_int(erasure), b_text(table), b_int(rows)));
}
