#include "casework/files_sql.h"

STMT_WRITE(
    q_insert, "file_insert",
    "INSERT INTO attachment (network_id, id, case_id, person_id, author_organization_id, author_user_id, category,"
    " source, type, bytes, title_sealed, created_at, consent_id)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)");

enum code file_sql_insert(struct tx *tx, const struct scope *s, id64 case_id, const struct file_row *row, struct err *e)
{
  return db_exec(tx, &q_insert, NULL, e,
                 BINDS(b_int(tx_network(tx)), b_int(row->id), b_int(case_id), b_int(scope_person(s)),
                       b_int(scope_organization(s)), b_int(scope_actor(s)->user), b_int(row->category),
                       b_int(row->source), b_text(row->type), b_int(row->bytes), b_bytes(row->title_sealed),
                       b_int(tx_now(tx)), b_opt(row->consent)));
}

STMT_WRITE(
    q_part, "file_insert_part",
    "INSERT INTO attachment_part (network_id, id, attachment_id, person_id, author_organization_id, category, part,"
    " data_sealed) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)");

enum code file_sql_insert_part(struct tx *tx, const struct scope *s, id64 id, id64 file, int part, cats_t category,
                               struct str sealed, struct err *e)
{
  return db_exec(tx, &q_part, NULL, e,
                 BINDS(b_int(tx_network(tx)), b_int(id), b_int(file), b_int(scope_person(s)),
                       b_int(scope_organization(s)), b_int(category), b_int(part), b_bytes(sealed)));
}

STMT_WRITE(q_delete_parts, "file_delete_parts",
           "DELETE FROM attachment_part WHERE network_id = $1 AND attachment_id = $2 AND author_organization_id = $3");
STMT_WRITE(q_delete, "file_delete",
           "DELETE FROM attachment WHERE network_id = $1 AND id = $2 AND author_organization_id = $3");

enum code file_sql_delete(struct tx *tx, const struct scope *s, id64 file, struct err *e)
{
  const struct bind binds[] = {b_int(tx_network(tx)), b_int(file), b_int(scope_organization(s))};
  enum code c = db_exec(tx, &q_delete_parts, NULL, e, binds, 3);
  return c == OK ? db_exec(tx, &q_delete, NULL, e, binds, 3) : c;
}

STMT_READ(q_each, "file_each",
          "SELECT f.id, f.author_organization_id, f.category, f.source, f.marks, f.type, u.name, o.name, f.bytes,"
          " f.created_at, f.title_sealed, f.consent_id, f.author_user_id FROM attachment f"
          " JOIN user_account u ON u.network_id = f.network_id AND u.id = f.author_user_id"
          " JOIN organization o ON o.network_id = f.network_id AND o.id = f.author_organization_id"
          " WHERE f.network_id = $1 AND f.case_id = $2 AND (CAST($3 AS bigint) = 0 OR f.id = $3)"
          " AND (f.category & CASE WHEN f.author_organization_id = $4 THEN CAST($5 AS bigint) ELSE CAST($6 AS bigint)"
          " END) <> 0 AND (f.consent_id IS NULL OR f.author_organization_id = $4) AND (NOT $7 OR (f.marks & 1) <> 0) "
          "ORDER BY f.created_at DESC, f.id DESC LIMIT 200");

enum code file_sql_each(struct tx *tx, const struct scope *s, id64 case_id, id64 one, file_fn fn, void *arg,
                        struct err *e)
{
  struct rows r = {0};
  enum code c = db_query(tx, &q_each, &r, e,
                         BINDS(b_int(tx_network(tx)), b_int(case_id), b_int(one), b_int(scope_organization(s)),
                               b_int(scope_own(s)), b_int(scope_others(s)), b_bool(scope_decision(s)->visit_only)));
  if (c != OK)
    return c;
  while (c == OK && rows_next(&r)) {
    struct file_row row = {.id = rows_int(&r, 0),
                           .author_organization = rows_int(&r, 1),
                           .category = (cats_t)rows_int(&r, 2),
                           .source = (enum source)rows_int(&r, 3),
                           .marks = (uint32_t)rows_int(&r, 4),
                           .type = rows_text(&r, 5),
                           .author = rows_text(&r, 6),
                           .organization = rows_text(&r, 7),
                           .bytes = rows_int(&r, 8),
                           .at = rows_int(&r, 9),
                           .title_sealed = rows_bytes(&r, 10),
                           .consent = rows_int(&r, 11),
                           .author_user = rows_int(&r, 12)};
    c = fn(arg, &row, e);
  }
  return rows_finish(&r, c, e);
}

STMT_READ(q_parts, "file_parts",
          "SELECT id, data_sealed FROM attachment_part WHERE network_id = $1 AND attachment_id = $2 ORDER BY part");

enum code file_sql_parts(struct tx *tx, id64 file, file_part_fn fn, void *arg, struct err *e)
{
  struct rows r = {0};
  enum code c = db_query(tx, &q_parts, &r, e, BINDS(b_int(tx_network(tx)), b_int(file)));
  if (c != OK)
    return c;
  while (c == OK && rows_next(&r))
    c = fn(arg, rows_int(&r, 0), rows_bytes(&r, 1), e);
  return rows_finish(&r, c, e);
}
