#include "person/person_sql.h"

STMT_READ(q_get, "probe_get", "SELECT probe_sealed FROM person_probe WHERE network_id = $1 AND person_id = $2");

enum code probe_sql_get(struct tx *tx, id64 person, struct arena *a, struct str *ret_sealed, struct err *e)
{
  struct rows r = {0};
  enum code c = db_query(tx, &q_get, &r, e, BINDS(b_int(tx_network(tx)), b_int(person)));
  if (c == OK && rows_next(&r))
    *ret_sealed = rows_bytes_copy(&r, 0, a);
  return c == OK ? rows_end(&r, e) : c;
}

STMT_WRITE(q_put, "probe_put",
           "INSERT INTO person_probe (network_id, person_id, probe_sealed) VALUES ($1, $2, $3)"
           " ON CONFLICT (network_id, person_id) DO UPDATE SET probe_sealed = excluded.probe_sealed");

enum code probe_sql_put(struct tx *tx, id64 person, struct str sealed, struct err *e)
{
  return db_exec(tx, &q_put, NULL, e, BINDS(b_int(tx_network(tx)), b_int(person), b_bytes(sealed)));
}

STMT_READ(q_missing, "probe_missing",
          "SELECT k.person_id FROM person_key k WHERE k.network_id = $1 AND NOT EXISTS"
          " (SELECT 1 FROM person_probe p WHERE p.network_id = $1 AND p.person_id = k.person_id) LIMIT $2");

enum code probe_sql_missing(struct tx *tx, id64 *ret, size_t most, size_t *ret_n, struct err *e)
{
  struct rows r = {0};
  size_t n = 0;
  enum code c = db_query(tx, &q_missing, &r, e, BINDS(b_int(tx_network(tx)), b_int((int64_t)most)));
  if (c != OK)
    return c;
  while (n < most && rows_next(&r))
    ret[n++] = rows_int(&r, 0);
  c = rows_end(&r, e);
  if (c == OK)
    *ret_n = n;
  return c;
}

enum code probe_sql_is_missing(struct tx *tx, void *arg, struct err *e)
{
  id64 one = 0;
  size_t n = 0;
  enum code c = probe_sql_missing(tx, &one, 1, &n, e);
  *(bool *)arg = n > 0;
  return c;
}

STMT_READ(q_attributes, "probe_attributes",
          "SELECT id, author_organization_id, guardian_id, kind, value_sealed FROM person_attribute"
          " WHERE network_id = $1 AND person_id = $2 AND until_at IS NULL");

enum code probe_sql_attributes(struct tx *tx, id64 person, attribute_fn fn, void *arg, struct err *e)
{
  struct rows r = {0};
  enum code c = db_query(tx, &q_attributes, &r, e, BINDS(b_int(tx_network(tx)), b_int(person)));
  if (c != OK)
    return c;
  while (c == OK && rows_next(&r)) {
    struct attribute_row row = {.id = rows_int(&r, 0),
                                .author = rows_int(&r, 1),
                                .guardian = rows_int(&r, 2),
                                .kind = rows_text(&r, 3),
                                .sealed = rows_bytes(&r, 4)};
    c = fn(arg, &row, e);
  }
  return rows_finish(&r, c, e);
}
