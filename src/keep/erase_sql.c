#include "keep/keep_sql.h"

STMT_READ(q_person, "erase_person", "SELECT id, own_from, created_at FROM person WHERE network_id = $1 AND id = $2");

enum code erase_sql_person(struct tx *tx, id64 id, id64 *ret, ts_t *ret_own_from, ts_t *ret_created, struct err *e)
{
  struct rows r = {0};
  *ret = 0;
  enum code c = db_query(tx, &q_person, &r, e, BINDS(b_int(tx_network(tx)), b_int(id)));
  if (c != OK)
    return c;
  if (rows_next(&r)) {
    *ret = rows_int(&r, 0);
    *ret_own_from = rows_int(&r, 1);
    *ret_created = rows_int(&r, 2);
  }
  return rows_end(&r, e);
}

STMT_READ(q_of_case, "erase_person_of_case", "SELECT person_id FROM case_file WHERE network_id = $1 AND number = $2");

enum code erase_sql_person_of_case(struct tx *tx, struct str number, id64 *ret, struct err *e)
{
  *ret = 0;
  return db_ask_int(tx, &q_of_case, ret, e, BINDS(b_int(tx_network(tx)), b_text(number)));
}

STMT_READ(q_cases, "erase_cases",
          "SELECT number, closed_at FROM case_file WHERE network_id = $1 AND person_id = $2 ORDER BY number");

enum code erase_sql_cases(struct tx *tx, id64 person, case_fn fn, void *arg, struct err *e)
{
  struct rows r = {0};
  enum code c = db_query(tx, &q_cases, &r, e, BINDS(b_int(tx_network(tx)), b_int(person)));
  if (c != OK)
    return c;
  while (c == OK && rows_next(&r))
    c = fn(arg, rows_text(&r, 0), rows_int(&r, 1), e);
  return rows_finish(&r, c, e);
}

STMT_READ(q_own_age, "erase_own_age", "SELECT own_age FROM network WHERE id = $1");

enum code erase_sql_own_age(struct tx *tx, int64_t *ret, struct err *e)
{
  return db_ask_int(tx, &q_own_age, ret, e, BINDS(b_int(tx_network(tx))));
}

STMT_READ(q_pending, "erase_pending",
          "SELECT id FROM erasure WHERE network_id = $1 AND finished_at IS NULL ORDER BY id");

enum code erase_sql_pending(struct tx *tx, id64 *ret, struct err *e)
{
  return db_ask_int(tx, &q_pending, ret, e, BINDS(b_int(tx_network(tx))));
}

STMT_READ(q_last, "erase_last",
          "SELECT id FROM erasure WHERE network_id = $1 AND finished_at IS NOT NULL ORDER BY finished_at DESC LIMIT 1");

enum code erase_sql_last(struct tx *tx, id64 *ret, struct err *e)
{
  return db_ask_int(tx, &q_last, ret, e, BINDS(b_int(tx_network(tx))));
}

STMT_READ(q_get, "erase_get",
          "SELECT x.early, x.epoch_before, x.epoch_after, x.finished_at, d.kind, d.reason, d.approver_id, d.created_at"
          " FROM erasure x JOIN decision d ON d.network_id = x.network_id AND d.id = x.id"
          " WHERE x.network_id = $1 AND x.id = $2");

enum code erase_sql_get(struct tx *tx, struct arena *a, id64 id, struct erasure_row *ret, struct decision_row *ret_why,
                        struct err *e)
{
  struct rows r = {0};
  enum code c = db_query(tx, &q_get, &r, e, BINDS(b_int(tx_network(tx)), b_int(id)));
  if (c != OK)
    return c;
  bool found = rows_next(&r);
  if (found) {
    *ret = (struct erasure_row){id, rows_bool(&r, 0), (int)rows_int(&r, 1), (int)rows_int(&r, 2), rows_int(&r, 3)};
    *ret_why = (struct decision_row){.id = id,
                                     .kind = rows_text_copy(&r, 4, a),
                                     .reason = rows_text_copy(&r, 5, a),
                                     .approver = rows_int(&r, 6),
                                     .at = rows_int(&r, 7)};
  }
  c = rows_end(&r, e);
  return c == OK && !found ? err_set(e, NOT_FOUND, TR("その消去の記録はありません。")) : c;
}

STMT_WRITE(q_set_epoch, "erase_set_epoch", "UPDATE erasure SET epoch_after = $3 WHERE network_id = $1 AND id = $2");

enum code erase_sql_set_epoch(struct tx *tx, id64 id, int epoch, struct err *e)
{
  return db_exec(tx, &q_set_epoch, NULL, e, BINDS(b_int(tx_network(tx)), b_int(id), b_int(epoch)));
}

STMT_WRITE(q_finish, "erase_finish", "UPDATE erasure SET finished_at = $3 WHERE network_id = $1 AND id = $2");

enum code erase_sql_finish(struct tx *tx, id64 id, struct err *e)
{
  return db_exec(tx, &q_finish, NULL, e, BINDS(b_int(tx_network(tx)), b_int(id), b_int(tx_now(tx))));
}

STMT_READ(q_left, "erase_left",
          "SELECT person_id FROM erasure_person WHERE network_id = $1 AND erasure_id = $2 AND erased_at IS NULL"
          " ORDER BY person_id LIMIT $3");

enum code erase_sql_left(struct tx *tx, id64 erasure, id64 *ret, size_t most, size_t *ret_count, struct err *e)
{
  struct rows r = {0};
  enum code c = db_query(tx, &q_left, &r, e, BINDS(b_int(tx_network(tx)), b_int(erasure), b_int((int64_t)most)));
  if (c != OK)
    return c;
  for (*ret_count = 0; *ret_count < most && rows_next(&r);)
    ret[(*ret_count)++] = rows_int(&r, 0);
  return rows_end(&r, e);
}

STMT_WRITE(q_done, "erase_done",
           "UPDATE erasure_person SET erased_at = $4 WHERE network_id = $1 AND erasure_id = $2 AND person_id = $3");

enum code erase_sql_done(struct tx *tx, id64 erasure, id64 person, struct err *e)
{
  return db_exec(tx, &q_done, NULL, e, BINDS(b_int(tx_network(tx)), b_int(erasure), b_int(person), b_int(tx_now(tx))));
}

STMT_WRITE(q_count, "erase_count",
           "INSERT INTO erasure_rows (network_id, erasure_id, table_name, erased) VALUES ($1, $2, $3, $4)"
           " ON CONFLICT (network_id, erasure_id, table_name)"
           " DO UPDATE SET erased = erasure_rows.erased + excluded.erased");

enum code erase_sql_count(struct tx *tx, id64 erasure, struct str table, int64_t rows, struct err *e)
{
  return db_exec(tx, &q_count, NULL, e, BINDS(b_int(tx_network(tx)), b_int(erasure), b_text(table), b_int(rows)));
}

STMT_READ(q_persons, "erase_persons",
          "SELECT person_id, case_numbers, erased_at FROM erasure_person WHERE network_id = $1 AND erasure_id = $2"
          " ORDER BY person_id");

enum code erase_sql_persons(struct tx *tx, id64 erasure, erased_fn fn, void *arg, struct err *e)
{
  struct rows r = {0};
  enum code c = db_query(tx, &q_persons, &r, e, BINDS(b_int(tx_network(tx)), b_int(erasure)));
  if (c != OK)
    return c;
  while (c == OK && rows_next(&r))
    c = fn(arg, &(struct erased_row){erasure, rows_int(&r, 0), rows_text(&r, 1), rows_int(&r, 2)}, e);
  return rows_finish(&r, c, e);
}

STMT_READ(q_rows, "erase_rows",
          "SELECT table_name, erased FROM erasure_rows WHERE network_id = $1 AND erasure_id = $2 ORDER BY table_name");

enum code erase_sql_rows(struct tx *tx, id64 erasure, erased_rows_fn fn, void *arg, struct err *e)
{
  struct rows r = {0};
  enum code c = db_query(tx, &q_rows, &r, e, BINDS(b_int(tx_network(tx)), b_int(erasure)));
  if (c != OK)
    return c;
  while (c == OK && rows_next(&r))
    c = fn(arg, rows_text(&r, 0), rows_int(&r, 1), e);
  return rows_finish(&r, c, e);
}
