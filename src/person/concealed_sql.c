#include "db/ids.h"
#include "person/person_sql.h"

/* Most lists have nobody of whom anything is concealed: that is asked first, off the engine's own view. */
STMT_READ(q_any, "person_concealed_any",
          "WITH page (person_id) AS (" IDS_FROM_4 ") SELECT 1 FROM page p CROSS JOIN fact_concealment x"
          " WHERE x.network_id = $1 AND x.person_id = p.person_id AND p.person_id <> $3 AND x.from_at <= $2"
          " AND (x.until_at IS NULL OR $2 < x.until_at) LIMIT 1");

/* $1 network, $2 the instant, $3 unused but as IDS_FROM_4 counts */
STMT_READ(q_concealed, "person_concealed",
          "WITH page (person_id) AS (" IDS_FROM_4 ")"
          " SELECT t.person_id, t.epoch, t.wrapped, t.id, t.kind, t.item, t.of_person, t.value_sealed"
          " FROM page p CROSS JOIN concealed_text t"
          " WHERE t.network_id = $1 AND t.person_id = p.person_id AND p.person_id <> $3 AND t.from_at <= $2"
          " AND (t.until_at IS NULL OR $2 < t.until_at)");

enum code concealed_sql_each(struct tx *tx, const id64 *persons, size_t n, concealed_fn fn, void *arg, struct err *e)
{
  struct rows r = {0};
  struct bind binds[STMT_PARAMS_MAX] = {b_int(tx_network(tx)), b_int(tx_now(tx)), b_int(0)};
  size_t count = ids_bind(binds, 3, persons, n);
  int64_t any = 0;
  enum code c = db_ask_int(tx, &q_any, &any, e, binds, count);
  if (c != OK || !any)
    return c;
  c = db_query(tx, &q_concealed, &r, e, binds, count);
  if (c != OK)
    return c;
  while (c == OK && rows_next(&r)) {
    struct concealed_row row = {.person = rows_int(&r, 0),
                                .epoch = rows_int(&r, 1),
                                .wrapped = rows_bytes(&r, 2),
                                .id = rows_int(&r, 3),
                                .kind = rows_text(&r, 4),
                                .item = rows_int(&r, 5),
                                .of_person = rows_bool(&r, 6),
                                .sealed = rows_bytes(&r, 7)};
    c = fn(arg, &row, e);
  }
  return rows_finish(&r, c, e);
}
