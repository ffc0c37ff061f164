#include "family/family_sql.h"

#include "base/limits.h"

STMT_WRITE(
    q_insert, "family_note_insert",
    "INSERT INTO family_note (network_id, id, note_id, person_id, author_organization_id, author_user_id, category,"
    " source, kind, guardian_id, organization_id, text_sealed, from_at)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)");

enum code family_sql_insert(struct tx *tx, const struct scope *s, const struct family_row *row, struct err *e)
{
  return db_exec(tx, &q_insert, NULL, e,
                 BINDS(b_int(tx_network(tx)), b_int(row->id), b_int(row->note), b_int(scope_person(s)),
                       b_int(scope_organization(s)), b_int(scope_actor(s)->user), b_int(row->category),
                       b_int(row->source), b_text(row->kind), b_opt(row->guardian), b_opt(row->organization),
                       b_bytes(row->sealed), b_int(tx_now(tx))));
}

STMT_WRITE(q_end, "family_note_end",
           "UPDATE family_note SET until_at = $5 WHERE network_id = $1 AND person_id = $2 AND note_id = $3"
           " AND author_organization_id = $4 AND until_at IS NULL");

enum code family_sql_end(struct tx *tx, const struct scope *s, id64 note, bool *ret, struct err *e)
{
  int64_t ended = 0;
  enum code c = db_exec(tx, &q_end, &ended, e,
                        BINDS(b_int(tx_network(tx)), b_int(scope_person(s)), b_int(note), b_int(scope_organization(s)),
                              b_int(tx_now(tx))));
  if (c == OK)
    *ret = ended > 0;
  return c;
}

STMT_READ(q_each, "family_note_each",
          "SELECT id, note_id, author_organization_id, guardian_id, organization_id, category, source, marks, kind,"
          " text_sealed FROM family_note WHERE network_id = $1 AND person_id = $2 AND until_at IS NULL"
          " AND (category & CASE WHEN author_organization_id = $3 THEN CAST($4 AS bigint) ELSE CAST($5 AS bigint) END)"
          " <> 0 ORDER BY note_id LIMIT $6");

enum code family_sql_each(struct tx *tx, const struct scope *s, family_fn fn, void *arg, struct err *e)
{
  struct rows r = {0};
  enum code c = db_query(tx, &q_each, &r, e,
                         BINDS(b_int(tx_network(tx)), b_int(scope_person(s)), b_int(scope_organization(s)),
                               b_int(scope_own(s)), b_int(scope_others(s)), b_int(FAMILY_MOST)));
  if (c != OK)
    return c;
  while (c == OK && rows_next(&r)) {
    struct family_row row = {.id = rows_int(&r, 0),
                             .note = rows_int(&r, 1),
                             .author = rows_int(&r, 2),
                             .guardian = rows_int(&r, 3),
                             .organization = rows_int(&r, 4),
                             .category = (cats_t)rows_int(&r, 5),
                             .source = (enum source)rows_int(&r, 6),
                             .marks = (uint32_t)rows_int(&r, 7),
                             .kind = rows_text(&r, 8),
                             .sealed = rows_bytes(&r, 9)};
    c = fn(arg, &row, e);
  }
  return rows_finish(&r, c, e);
}

/* ---- links ------------------------------------------------------------------------------------------------------------- */

STMT_READ(q_links, "family_link_each",
          "SELECT id, other_person_id, author_organization_id, note_id FROM family_link"
          " WHERE network_id = $1 AND person_id = $2 AND until_at IS NULL"
          " UNION ALL SELECT id, person_id, author_organization_id, NULL FROM family_link"
          " WHERE network_id = $1 AND other_person_id = $2 AND until_at IS NULL ORDER BY 1 LIMIT $3");

enum code link_sql_each(struct tx *tx, const struct scope *s, struct link_row *ret, size_t *ret_n, struct err *e)
{
  struct rows r = {0};
  size_t n = 0;
  enum code c =
      db_query(tx, &q_links, &r, e, BINDS(b_int(tx_network(tx)), b_int(scope_person(s)), b_int(LIMIT_PAGE_ROWS)));
  if (c != OK)
    return c;
  while (n < LIMIT_PAGE_ROWS && rows_next(&r))
    ret[n++] = (struct link_row){rows_int(&r, 0), rows_int(&r, 1), rows_int(&r, 2), rows_int(&r, 3)};
  c = rows_end(&r, e);
  if (c == OK)
    *ret_n = n;
  return c;
}

STMT_WRITE(q_link, "family_link_insert",
           "INSERT INTO family_link (network_id, id, person_id, other_person_id, note_id, author_organization_id,"
           " author_user_id, from_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)");

enum code link_sql_insert(struct tx *tx, const struct scope *s, id64 other, id64 note, struct err *e)
{
  return db_exec(tx, &q_link, NULL, e,
                 BINDS(b_int(tx_network(tx)), b_int(id_new(tx_now(tx))), b_int(scope_person(s)), b_int(other),
                       b_opt(note), b_int(scope_organization(s)), b_int(scope_actor(s)->user), b_int(tx_now(tx))));
}

STMT_WRITE(q_unlink, "family_link_end",
           "UPDATE family_link SET until_at = $3 WHERE network_id = $1 AND id = $2 AND author_organization_id = $4"
           " AND until_at IS NULL");

enum code link_sql_end(struct tx *tx, const struct scope *s, id64 link, struct err *e)
{
  return db_exec(tx, &q_unlink, NULL, e,
                 BINDS(b_int(tx_network(tx)), b_int(link), b_int(tx_now(tx)), b_int(scope_organization(s))));
}

STMT_READ(q_case, "family_case_of_number", "SELECT id FROM case_file WHERE network_id = $1 AND number = $2");

enum code link_sql_case(struct tx *tx, struct str number, id64 *ret, struct err *e)
{
  return db_ask_int(tx, &q_case, ret, e, BINDS(b_int(tx_network(tx)), b_text(number)));
}

STMT_READ(q_newest, "family_case_newest",
          "SELECT id, number FROM case_file WHERE network_id = $1 AND person_id = $2"
          " ORDER BY opened_at DESC, id DESC LIMIT 1");

enum code link_sql_newest(struct tx *tx, id64 person, struct arena *a, id64 *ret_case, struct str *ret_number,
                          struct err *e)
{
  struct rows r = {0};
  enum code c = db_query(tx, &q_newest, &r, e, BINDS(b_int(tx_network(tx)), b_int(person)));
  *ret_case = 0;
  if (c != OK)
    return c;
  if (rows_next(&r)) {
    *ret_case = rows_int(&r, 0);
    *ret_number = rows_text_copy(&r, 1, a);
  }
  return rows_end(&r, e);
}
