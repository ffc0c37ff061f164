#include "access/visible.h"
#include "casework/casework_sql.h"

STMT_WRITE(
    q_insert, "record_insert",
    "INSERT INTO record (network_id, id, case_id, person_id, author_organization_id, author_user_id, category, source,"
    " marks, at, method, with_whom, minutes, place_sealed, next_sealed, next_date, created_at, contact)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, $9, $10, $11, $12, $13, $14, $15, $16, $17)");

enum code record_sql_insert(struct tx *tx, const struct scope *s, id64 id, id64 case_id, const struct record_new *r,
                            struct str place_sealed, struct str next_sealed, struct err *e)
{
  struct str next = date_known(r->next_date) ? date_iso(tx_arena(tx), r->next_date) : STR_NONE;
  return db_exec(tx, &q_insert, NULL, e,
                 BINDS(b_int(tx_network(tx)), b_int(id), b_int(case_id), b_int(scope_person(s)),
                       b_int(scope_organization(s)), b_int(scope_actor(s)->user), b_int(CAT_SUPPORT),
                       b_int(SOURCE_STAFF), b_int(r->at), b_text(r->method), b_text(r->with_whom), b_opt(r->minutes),
                       b_bytes_opt(place_sealed), b_bytes_opt(next_sealed), b_text_opt(next), b_int(tx_now(tx)),
                       b_bool(r->contact)));
}

STMT_WRITE(q_paragraph, "record_insert_paragraph",
           "INSERT INTO record_paragraph (network_id, id, record_id, person_id, line, author_organization_id, "
           "category, source,"
           " marks, text_sealed, fold_sealed, replaces_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)");

enum code record_sql_insert_paragraph(struct tx *tx, const struct scope *s, id64 id, id64 record, int line,
                                      id64 replaces, const struct paragraph_new *p, struct str text_sealed,
                                      struct str fold_sealed, struct err *e)
{
  return db_exec(tx, &q_paragraph, NULL, e,
                 BINDS(b_int(tx_network(tx)), b_int(id), b_int(record), b_int(scope_person(s)), b_int(line),
                       b_int(scope_organization(s)), b_int(p->category), b_int(p->source),
                       b_int(p->visit ? MARK_VISIT : 0), b_bytes(text_sealed), b_bytes(fold_sealed), b_opt(replaces)));
}

STMT_WRITE(q_past, "record_insert_past",
           "INSERT INTO record_paragraph (network_id, id, record_id, person_id, line, author_organization_id, category,"
           " source, marks, text_sealed, fold_sealed, replaces_id, replaced_at)"
           " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, $9, $10, $11, $12)");

enum code paragraph_sql_insert_past(struct tx *tx, const struct scope *s, id64 id, id64 record, int line, id64 replaces,
                                    const struct paragraph_past *p, struct str text_sealed, struct str fold_sealed,
                                    struct err *e)
{
  return db_exec(tx, &q_past, NULL, e,
                 BINDS(b_int(tx_network(tx)), b_int(id), b_int(record), b_int(scope_person(s)), b_int(line),
                       b_int(scope_organization(s)), b_int(p->category), b_int(p->source), b_bytes(text_sealed),
                       b_bytes(fold_sealed), b_opt(replaces), b_int(p->at)));
}

STMT_READ(q_each, "record_each",
          "SELECT r.id, r.author_organization_id, u.name, o.name, r.method, r.with_whom, r.next_date, r.at, r.minutes,"
          " r.next_sealed, r.place_sealed"
          " FROM record r JOIN user_account u ON u.network_id = r.network_id AND u.id = r.author_user_id"
          " JOIN organization o ON o.network_id = r.network_id AND o.id = r.author_organization_id"
          " WHERE r.network_id = $1 AND r.case_id = $2 AND (r.at < $3 OR (r.at = $3 AND r.id < $8))"
          " AND (NOT $9 OR EXISTS (SELECT 1 FROM record_paragraph p WHERE p.network_id = $1 AND p.record_id = r.id"
          "  AND (p.marks & 1) <> 0))"
          " AND (r.category & CASE WHEN r.author_organization_id = $4 THEN CAST($5 AS bigint) ELSE CAST($6 AS bigint) "
          "END) <> 0"
          " AND (CAST($10 AS text) = '' OR r.method = $10) ORDER BY r.at DESC, r.id DESC LIMIT $7");

enum code record_sql_each(struct tx *tx, const struct scope *s, id64 case_id, const struct case_records *of, int limit,
                          record_fn fn, void *arg, struct err *e)
{
  struct rows r = {0};
  enum code c = db_query(tx, &q_each, &r, e,
                         BINDS(b_int(tx_network(tx)), b_int(case_id), b_int(of->before.at),
                               b_int(scope_organization(s)), b_int(scope_own(s)), b_int(scope_others(s)), b_int(limit),
                               b_int(of->before.id), b_bool(scope_decision(s)->visit_only), b_text(of->method)));
  if (c != OK)
    return c;
  while (c == OK && rows_next(&r)) {
    struct record_row row = {.id = rows_int(&r, 0),
                             .author_organization = rows_int(&r, 1),
                             .author = rows_text(&r, 2),
                             .organization = rows_text(&r, 3),
                             .method = rows_text(&r, 4),
                             .with_whom = rows_text(&r, 5),
                             .next_date = rows_text(&r, 6),
                             .at = rows_int(&r, 7),
                             .minutes = rows_int(&r, 8),
                             .next_sealed = rows_bytes(&r, 9),
                             .place_sealed = rows_bytes(&r, 10)};
    c = fn(arg, &row, e);
  }
  return rows_finish(&r, c, e);
}

#define PARAGRAPH_COLUMNS                                                                                              \
  " p.id, p.record_id, p.author_organization_id, p.category, p.source, p.marks, p.text_sealed, p.replaces_id, p.line," \
  " p.replaced_at, u.name"
#define PARAGRAPH_SEEN                                                                                                 \
  " (p.category & CASE WHEN p.author_organization_id = $5 THEN CAST($6 AS bigint) ELSE CAST($7 AS bigint) END) <> 0"
STMT_READ(q_paragraphs, "record_paragraphs",
          "SELECT" PARAGRAPH_COLUMNS
          " FROM record r JOIN record_paragraph p ON p.network_id = r.network_id AND p.record_id = r.id"
          " LEFT JOIN user_account u ON u.network_id = $1 AND u.id = p.replaced_by"
          " WHERE r.network_id = $1 AND r.case_id = $2 AND r.at >= $3 AND r.at < $4 AND" PARAGRAPH_SEEN
          " ORDER BY p.record_id, p.line, p.replaced_at DESC NULLS FIRST, p.id DESC");

static enum code each_paragraph(struct rows *r, paragraph_fn fn, void *arg, struct err *e)
{
  enum code c = OK;
  while (c == OK && rows_next(r)) {
    struct paragraph_row row = {.id = rows_int(r, 0),
                                .record = rows_int(r, 1),
                                .author_organization = rows_int(r, 2),
                                .category = (cats_t)rows_int(r, 3),
                                .source = (enum source)rows_int(r, 4),
                                .marks = (uint32_t)rows_int(r, 5),
                                .sealed = rows_bytes(r, 6),
                                .replaces = rows_int(r, 7),
                                .line = (int)rows_int(r, 8),
                                .replaced_at = rows_int(r, 9),
                                .replaced_by = rows_text(r, 10)};
    c = fn(arg, &row, e);
  }
  return rows_finish(r, c, e);
}

enum code paragraph_sql_each(struct tx *tx, const struct scope *s, id64 case_id, ts_t from, ts_t until, paragraph_fn fn,
                             void *arg, struct err *e)
{
  struct rows r = {0};
  enum code c = db_query(tx, &q_paragraphs, &r, e,
                         BINDS(b_int(tx_network(tx)), b_int(case_id), b_int(from), b_int(until),
                               b_int(scope_organization(s)), b_int(scope_own(s)), b_int(scope_others(s))));
  return c == OK ? each_paragraph(&r, fn, arg, e) : c;
}

STMT_READ(q_whose, "record_whose",
          "SELECT author_organization_id, at FROM record WHERE network_id = $1 AND case_id = $2 AND id = $3");
STMT_READ(
    q_of_record, "record_paragraphs_of",
    "SELECT" PARAGRAPH_COLUMNS
    " FROM record r JOIN record_paragraph p ON p.network_id = r.network_id AND p.record_id = r.id"
    " LEFT JOIN user_account u ON u.network_id = $1 AND u.id = p.replaced_by"
    " WHERE r.network_id = $1 AND r.case_id = $2 AND r.id = $3 AND p.replaced_at IS NULL AND $4 AND" PARAGRAPH_SEEN
    " ORDER BY p.line");

enum code paragraph_sql_of_record(struct tx *tx, const struct scope *s, id64 case_id, id64 record, id64 *ret_author,
                                  ts_t *ret_at, paragraph_fn fn, void *arg, struct err *e)
{
  struct rows r = {0};
  enum code c = db_query(tx, &q_whose, &r, e, BINDS(b_int(tx_network(tx)), b_int(case_id), b_int(record)));
  if (c != OK)
    return c;
  *ret_author = *ret_at = 0;
  if (rows_next(&r)) {
    *ret_author = rows_int(&r, 0);
    *ret_at = rows_int(&r, 1);
  }
  c = rows_end(&r, e);
  if (c == OK)
    c = db_query(tx, &q_of_record, &r, e,
                 BINDS(b_int(tx_network(tx)), b_int(case_id), b_int(record), b_bool(true), b_int(scope_organization(s)),
                       b_int(scope_own(s)), b_int(scope_others(s))));
  return c == OK ? each_paragraph(&r, fn, arg, e) : c;
}

STMT_WRITE(q_end, "record_end_paragraph",
           "UPDATE record_paragraph SET replaced_at = $4, replaced_by = $5 WHERE network_id = $1 AND id = $2"
           " AND author_organization_id = $3 AND replaced_at IS NULL");

enum code paragraph_sql_end(struct tx *tx, const struct scope *s, id64 id, int64_t *ret_changed, struct err *e)
{
  return db_exec(tx, &q_end, ret_changed, e,
                 BINDS(b_int(tx_network(tx)), b_int(id), b_int(scope_organization(s)), b_int(tx_now(tx)),
                       b_int(scope_actor(s)->user)));
}

STMT_READ(q_next, "record_next",
          "SELECT id, CASE WHEN " CASE_SAYS_NEXT(
              "record.id") " THEN next_sealed END, next_date FROM record WHERE network_id = $1 AND case_id = $2"
                           " AND (next_sealed IS NOT NULL OR next_date IS NOT NULL)"
                           " AND (category & CASE WHEN author_organization_id = $3 THEN CAST($4 AS bigint) ELSE "
                           "CAST($5 AS bigint) END) <> 0"
                           " AND (NOT $6 OR (marks & 1) <> 0) ORDER BY at DESC, id DESC LIMIT 1");

enum code record_sql_next(struct tx *tx, const struct scope *s, id64 case_id, struct arena *a, id64 *ret_record,
                          struct str *ret_sealed, struct str *ret_date, struct err *e)
{
  struct rows r = {0};
  id64 id = 0;
  struct str sealed = STR_NONE, date = STR_NONE;
  enum code c = db_query(tx, &q_next, &r, e,
                         BINDS(b_int(tx_network(tx)), b_int(case_id), b_int(scope_organization(s)), b_int(scope_own(s)),
                               b_int(scope_others(s)), b_bool(scope_decision(s)->visit_only)));
  if (c != OK)
    return c;
  if (rows_next(&r)) {
    id = rows_int(&r, 0);
    sealed = rows_bytes_copy(&r, 1, a);
    date = rows_text_copy(&r, 2, a);
  }
  c = rows_end(&r, e);
  if (c == OK) {
    *ret_record = id;
    *ret_sealed = sealed;
    *ret_date = date;
  }
  return c;
}

/* ---- when, how and with whom ---------------------------------------------------------------------------------------------- */

#define HEAD_SEEN(t)                                                                                                   \
  " (" t ".category & CASE WHEN " t                                                                                    \
  ".author_organization_id = $3 THEN CAST($4 AS bigint) ELSE CAST($5 AS bigint) END) <> 0"
STMT_READ(q_head, "record_head",
          "SELECT 0, r.id, r.author_organization_id, r.category, r.marks, r.at, 0, r.method, r.with_whom,"
          " r.place_sealed, r.next_sealed, r.next_date, '', r.minutes, r.rev, r.contact FROM record r"
          " WHERE r.network_id = $1 AND r.case_id = $2 AND r.id = $6 AND" HEAD_SEEN("r"));
STMT_READ(q_heads_past, "record_heads_past",
          "SELECT p.id, p.record_id, p.author_organization_id, p.category, p.marks, p.at, p.replaced_at, p.method,"
          " p.with_whom, p.place_sealed, p.next_sealed, p.next_date, u.name, p.minutes, 0, FALSE FROM record r"
          " JOIN record_past p ON p.network_id = r.network_id AND p.record_id = r.id"
          " LEFT JOIN user_account u ON u.network_id = $1 AND u.id = p.replaced_by"
          " WHERE r.network_id = $1 AND r.case_id = $2 AND r.at >= $6 AND r.at < $7 AND" HEAD_SEEN(
              "p") " ORDER BY p.replaced_at DESC, p.id DESC");

static enum code each_head(struct rows *r, record_head_fn fn, void *arg, struct err *e)
{
  enum code c = OK;
  while (c == OK && rows_next(r)) {
    struct record_head_row row = {.id = rows_int(r, 0),
                                  .record = rows_int(r, 1),
                                  .author_organization = rows_int(r, 2),
                                  .category = (cats_t)rows_int(r, 3),
                                  .marks = (uint32_t)rows_int(r, 4),
                                  .at = rows_int(r, 5),
                                  .replaced_at = rows_int(r, 6),
                                  .method = rows_text(r, 7),
                                  .with_whom = rows_text(r, 8),
                                  .place_sealed = rows_bytes(r, 9),
                                  .next_sealed = rows_bytes(r, 10),
                                  .next_date = rows_text(r, 11),
                                  .replaced_by = rows_text(r, 12),
                                  .minutes = rows_int(r, 13),
                                  .rev = rows_int(r, 14),
                                  .contact = rows_bool(r, 15)};
    c = fn(arg, &row, e);
  }
  return rows_finish(r, c, e);
}

#define HEAD_BINDS(tx, s, case_id)                                                                                     \
  b_int(tx_network(tx)), b_int(case_id), b_int(scope_organization(s)), b_int(scope_own(s)), b_int(scope_others(s))

enum code record_sql_head(struct tx *tx, const struct scope *s, id64 case_id, id64 record, record_head_fn fn, void *arg,
                          struct err *e)
{
  struct rows r = {0};
  enum code c = db_query(tx, &q_head, &r, e, BINDS(HEAD_BINDS(tx, s, case_id), b_int(record)));
  return c == OK ? each_head(&r, fn, arg, e) : c;
}

enum code record_sql_heads_past(struct tx *tx, const struct scope *s, id64 case_id, ts_t from, ts_t until,
                                record_head_fn fn, void *arg, struct err *e)
{
  struct rows r = {0};
  enum code c = db_query(tx, &q_heads_past, &r, e, BINDS(HEAD_BINDS(tx, s, case_id), b_int(from), b_int(until)));
  return c == OK ? each_head(&r, fn, arg, e) : c;
}

STMT_WRITE(q_keep_head, "record_keep_head",
           "INSERT INTO record_past (network_id, id, record_id, person_id, author_organization_id, category, source,"
           " marks, at, method, with_whom, minutes, place_sealed, next_sealed, next_date, replaced_at, replaced_by)"
           " SELECT r.network_id, $2, r.id, r.person_id, r.author_organization_id, r.category, r.source, r.marks, r.at,"
           " r.method, r.with_whom, r.minutes, $4, $5, r.next_date, $6, $7 FROM record r"
           " WHERE r.network_id = $1 AND r.id = $3");

enum code record_sql_keep_head(struct tx *tx, const struct scope *s, id64 id, id64 record, struct str place_sealed,
                               struct str next_sealed, struct err *e)
{
  return db_exec(tx, &q_keep_head, NULL, e,
                 BINDS(b_int(tx_network(tx)), b_int(id), b_int(record), b_bytes_opt(place_sealed),
                       b_bytes_opt(next_sealed), b_int(tx_now(tx)), b_int(scope_actor(s)->user)));
}

STMT_WRITE(q_past_head, "record_insert_past_head",
           "INSERT INTO record_past (network_id, id, record_id, person_id, author_organization_id, category, source,"
           " marks, at, method, with_whom, minutes, place_sealed, next_sealed, next_date, replaced_at, replaced_by)"
           " VALUES ($1, $2, $3, $4, $5, $6, $7, 0, $8, $9, $10, $11, $12, $13, $14, $15, 0)");

enum code record_sql_insert_past(struct tx *tx, const struct scope *s, id64 id, id64 record,
                                 const struct record_past *p, struct str place_sealed, struct str next_sealed,
                                 struct err *e)
{
  struct str next = date_known(p->next_date) ? date_iso(tx_arena(tx), p->next_date) : STR_NONE;
  return db_exec(tx, &q_past_head, NULL, e,
                 BINDS(b_int(tx_network(tx)), b_int(id), b_int(record), b_int(scope_person(s)),
                       b_int(scope_organization(s)), b_int(CAT_SUPPORT), b_int(SOURCE_STAFF), b_int(p->at),
                       b_text(p->method), b_text(p->with_whom), b_opt(p->minutes), b_bytes_opt(place_sealed),
                       b_bytes_opt(next_sealed), b_text_opt(next), b_int(p->replaced_at)));
}

STMT_WRITE(q_mend, "record_mend",
           "UPDATE record SET at = $4, method = $5, with_whom = $6, minutes = $7, place_sealed = $8, next_sealed = $9,"
           " next_date = $10, contact = $11, rev = rev + 1 WHERE network_id = $1 AND id = $2"
           " AND author_organization_id = $3 AND rev = $12");

enum code record_sql_mend(struct tx *tx, const struct scope *s, id64 record, const struct record_head *to, bool contact,
                          struct str place_sealed, struct str next_sealed, int64_t *ret_changed, struct err *e)
{
  struct str next = date_known(to->next_date) ? date_iso(tx_arena(tx), to->next_date) : STR_NONE;
  return db_exec(tx, &q_mend, ret_changed, e,
                 BINDS(b_int(tx_network(tx)), b_int(record), b_int(scope_organization(s)), b_int(to->at),
                       b_text(to->method), b_text(to->with_whom), b_opt(to->minutes), b_bytes_opt(place_sealed),
                       b_bytes_opt(next_sealed), b_text_opt(next), b_bool(contact), b_int(to->rev)));
}

STMT_READ(q_last_contact, "record_last_contact",
          "SELECT COALESCE(MAX(f.at), 0) FROM fact_contact f WHERE f.network_id = $1 AND f.case_id = $2");

enum code record_sql_last_contact(struct tx *tx, id64 case_id, ts_t *ret, struct err *e)
{
  return db_ask_int(tx, &q_last_contact, ret, e, BINDS(b_int(tx_network(tx)), b_int(case_id)));
}
