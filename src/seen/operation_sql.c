#include "seen/operation_sql.h"

#include "db/table.h"

/* $1 network, $2 from, $3 until, $4 kind, $5 login, $6 person: lists come along, which persons they showed is in `ids`. */
#define EACH                                                                                                           \
  "SELECT e.at, e.kind, e.action, e.role, e.reason, e.categories, e.person_id, e.ids, u.login, u.name, o.name,"        \
  " (SELECT MIN(c.number) FROM case_file c WHERE c.network_id = $1 AND c.person_id = e.person_id)"                     \
  " FROM event e"                                                                                                      \
  " LEFT JOIN user_account u ON u.network_id = e.network_id AND u.id = e.user_id"                                      \
  " LEFT JOIN organization o ON o.network_id = e.network_id AND o.id = e.organization_id"                              \
  " WHERE e.network_id = $1 AND e.at >= $2 AND e.at < $3"                                                              \
  " AND (CAST($4 AS bigint) = 0 OR e.kind = CAST($4 AS bigint))"                                                       \
  " AND (CAST($5 AS text) = '' OR u.login = CAST($5 AS text))"                                                         \
  " AND (CAST($6 AS bigint) = 0 OR e.person_id = CAST($6 AS bigint) OR e.ids IS NOT NULL)"
STMT_READ(q_newest, "operation_each", EACH " ORDER BY e.at DESC, e.chain_id DESC, e.seq DESC");
STMT_READ(q_oldest, "operation_each_oldest", EACH " ORDER BY e.at, e.chain_id, e.seq");

/* A list's ids are eight bytes each, big-endian (audit.h). */
static bool lists(struct str ids, id64 person)
{
  unsigned char wanted[8];
  for (int i = 0; i < 8; i++)
    wanted[i] = (unsigned char)((uint64_t)person >> (56 - 8 * i));
  for (size_t at = 0; at + 8 <= ids.n; at += 8)
    if (memcmp(ids.p + at, wanted, 8) == 0)
      return true;
  return false;
}

enum code operation_sql_each(struct tx *tx, const struct operation_range *range, operation_fn fn, void *arg,
                             struct err *e)
{
  struct rows r = {0};
  bool stop = false;
  enum code c = db_query(tx, range->oldest ? &q_oldest : &q_newest, &r, e,
                         BINDS(b_int(tx_network(tx)), b_int(range->from), b_int(range->until), b_int(range->kind),
                               b_text(range->login), b_int(range->person)));
  if (c != OK)
    return c;
  while (c == OK && !stop && rows_next(&r)) {
    struct str ids = rows_bytes(&r, 7);
    if (range->person && rows_int(&r, 6) != range->person && !lists(ids, range->person))
      continue;
    struct operation_row row = {.at = rows_int(&r, 0),
                                .kind = (int)rows_int(&r, 1),
                                .action = (int)rows_int(&r, 2),
                                .role = (int)rows_int(&r, 3),
                                .reason = (int)rows_int(&r, 4),
                                .categories = (uint32_t)rows_int(&r, 5),
                                .listed = (int64_t)(ids.n / 8),
                                .login = rows_text(&r, 8),
                                .name = rows_text(&r, 9),
                                .organization = rows_text(&r, 10),
                                .number = rows_text(&r, 11)};
    c = fn(arg, &row, &stop, e);
  }
  return rows_finish(&r, c, e);
}

STMT_READ(q_person, "operation_person", "SELECT person_id FROM case_file WHERE network_id = $1 AND number = $2");

enum code operation_sql_person(struct tx *tx, struct str number, id64 *ret, struct err *e)
{
  return db_ask_int(tx, &q_person, ret, e, BINDS(b_int(tx_network(tx)), b_text(number)));
}
