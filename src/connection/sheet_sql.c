#include "connection/connection_sql.h"

STMT_WRITE(
    q_insert, "sheet_insert",
    "INSERT INTO sheet (network_id, id, case_id, person_id, author_organization_id, author_user_id, category, source,"
    " form_code, form_version, status, answers_sealed, created_at, changed_at, previous_id)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'draft', $11, $12, $12, $13)");

enum code sheet_sql_insert(struct tx *tx, const struct scope *s, const struct sheet *sheet, struct err *e)
{
  return db_exec(tx, &q_insert, NULL, e,
                 BINDS(b_int(tx_network(tx)), b_int(sheet->id), b_int(sheet->case_id), b_int(scope_person(s)),
                       b_int(scope_organization(s)), b_int(scope_actor(s)->user), b_int(CAT_BASIC), b_int(SOURCE_STAFF),
                       b_text(sheet->form_code), b_text(sheet->form_version), b_bytes(sheet->sealed), b_int(tx_now(tx)),
                       b_opt(sheet->previous)));
}

STMT_WRITE(q_take, "sheet_take",
           "INSERT INTO sheet (network_id, id, case_id, person_id, author_organization_id, author_user_id, category,"
           " source, form_code, form_version, status, answers_sealed, created_at, changed_at, frozen_at)"
           " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'frozen', $11, $12, $12, $12)");

enum code sheet_sql_take(struct tx *tx, const struct scope *s, const struct sheet *sheet, struct err *e)
{
  return db_exec(tx, &q_take, NULL, e,
                 BINDS(b_int(tx_network(tx)), b_int(sheet->id), b_int(sheet->case_id), b_int(scope_person(s)),
                       b_int(scope_organization(s)), b_int(scope_actor(s)->user), b_int(CAT_BASIC),
                       b_int(SOURCE_OTHER_BODY), b_text(sheet->form_code), b_text(sheet->form_version),
                       b_bytes(sheet->sealed), b_int(sheet->frozen_at)));
}

STMT_READ(
    q_get, "sheet_get",
    "SELECT case_id, person_id, author_organization_id, author_user_id, form_code, form_version, status, changed_at,"
    " frozen_at, rev, answers_sealed, previous_id FROM sheet WHERE network_id = $1 AND id = $2");

enum code sheet_sql_get(struct tx *tx, id64 id, struct arena *a, struct sheet *ret, struct err *e)
{
  struct rows r = {0};
  struct sheet sheet = {.id = id};
  enum code c = db_query(tx, &q_get, &r, e, BINDS(b_int(tx_network(tx)), b_int(id)));
  if (c != OK)
    return c;
  if (rows_next(&r)) {
    sheet.case_id = rows_int(&r, 0);
    sheet.person = rows_int(&r, 1);
    sheet.author_organization = rows_int(&r, 2);
    sheet.author_user = rows_int(&r, 3);
    sheet.form_code = rows_text_copy(&r, 4, a);
    sheet.form_version = rows_text_copy(&r, 5, a);
    sheet.status = rows_text_copy(&r, 6, a);
    sheet.changed_at = rows_int(&r, 7);
    sheet.frozen_at = rows_int(&r, 8);
    sheet.rev = rows_int(&r, 9);
    sheet.sealed = rows_bytes_copy(&r, 10, a);
    sheet.previous = rows_int(&r, 11);
  }
  c = rows_end(&r, e);
  if (c == OK)
    *ret = sheet; /* person 0: no such sheet */
  return c;
}

static enum code faster(enum code c, int64_t changed, struct err *e)
{
  if (c == OK && !changed)
    return err_set(e, CONFLICT,
                   TR("このシートは、ほかの人が先に変えました。書いた内容を確かめて、もう一度保存してください。"));
  return c;
}

STMT_WRITE(q_save, "sheet_save",
           "UPDATE sheet SET answers_sealed = $3, changed_at = $4, rev = rev + 1"
           " WHERE network_id = $1 AND id = $2 AND rev = $5 AND status = 'draft'");

enum code sheet_sql_save(struct tx *tx, const struct sheet *sheet, struct str sealed, struct err *e)
{
  int64_t changed = 0;
  enum code c =
      db_exec(tx, &q_save, &changed, e,
              BINDS(b_int(tx_network(tx)), b_int(sheet->id), b_bytes(sealed), b_int(tx_now(tx)), b_int(sheet->rev)));
  return faster(c, changed, e);
}

STMT_WRITE(q_freeze, "sheet_freeze",
           "UPDATE sheet SET status = 'frozen', frozen_at = $3, changed_at = $3, rev = rev + 1"
           " WHERE network_id = $1 AND id = $2 AND rev = $4 AND status = 'draft'");

enum code sheet_sql_freeze(struct tx *tx, const struct sheet *sheet, struct err *e)
{
  int64_t changed = 0;
  enum code c = db_exec(tx, &q_freeze, &changed, e,
                        BINDS(b_int(tx_network(tx)), b_int(sheet->id), b_int(tx_now(tx)), b_int(sheet->rev)));
  return faster(c, changed, e);
}

STMT_READ(
    q_said, "sheet_said",
    "SELECT DISTINCT k.refused, k.guardian_id, k.how, k.from_at, k.id FROM connection c"
    " JOIN consent_recipient r ON r.network_id = c.network_id AND r.person_id = c.person_id"
    " AND r.organization_id = c.to_organization_id"
    " JOIN consent k ON k.network_id = r.network_id AND k.id = r.consent_id AND k.person_id = r.person_id"
    " WHERE c.network_id = $1 AND c.sheet_id = $2 AND k.author_organization_id = $3 AND k.withdrawn_at IS NULL"
    " AND k.from_at <= $4 AND (k.until_at IS NULL OR k.until_at > $4) ORDER BY k.from_at DESC, k.id DESC LIMIT $5");

enum code sheet_sql_said(struct tx *tx, const struct scope *s, const struct sheet *sheet, struct arena *a,
                         struct said_row ret[SAID_ROWS], size_t *ret_n, struct err *e)
{
  struct rows r = {0};
  size_t n = 0;
  enum code c = db_query(tx, &q_said, &r, e,
                         BINDS(b_int(tx_network(tx)), b_int(sheet->id), b_int(scope_organization(s)), b_int(tx_now(tx)),
                               b_int(SAID_ROWS)));
  if (c != OK)
    return c;
  while (n < SAID_ROWS && rows_next(&r))
    ret[n++] = (struct said_row){.refused = rows_bool(&r, 0),
                                 .guardian = rows_int(&r, 1),
                                 .how = rows_text_copy(&r, 2, a),
                                 .at = rows_int(&r, 3)};
  *ret_n = n;
  return rows_end(&r, e);
}

STMT_READ(q_drafts, "sheet_drafts",
          "SELECT t.id, t.changed_at, u.name FROM sheet t JOIN user_account u ON u.network_id = t.network_id"
          " AND u.id = t.author_user_id WHERE t.network_id = $1 AND t.case_id = $2 AND t.author_organization_id = $3"
          " AND t.status = 'draft' AND t.form_code = 'tsunagu-sheet' ORDER BY t.changed_at DESC, t.id DESC LIMIT 20");

enum code sheet_sql_drafts(struct tx *tx, const struct scope *s, id64 case_id, struct arena *a,
                           const struct reader *who, struct doc **ret, struct err *e)
{
  struct rows r = {0};
  struct doc *list = doc_list(a);
  enum code c =
      db_query(tx, &q_drafts, &r, e, BINDS(b_int(tx_network(tx)), b_int(case_id), b_int(scope_organization(s))));
  if (c != OK)
    return c;
  while (rows_next(&r)) {
    struct str id = id_text(a, rows_int(&r, 0));
    struct doc *d = doc_add_map(list);
    doc_put_str(d, "href", str_printf(a, "/sheets/%.*s/edit", STR_FMT(id)));
    doc_put_str(d, "when", reader_day_ts(a, who, rows_int(&r, 1)));
    doc_put_str(d, "who", rows_text(&r, 2));
  }
  c = rows_end(&r, e);
  if (c == OK)
    *ret = list;
  return c;
}

STMT_READ(
    q_last, "sheet_last",
    "SELECT id FROM sheet WHERE network_id = $1 AND case_id = $2 AND author_organization_id = $3 AND form_code = $4"
    " AND status = 'frozen' ORDER BY frozen_at DESC, id DESC LIMIT 1");

enum code sheet_sql_last(struct tx *tx, const struct scope *s, id64 case_id, const char *code, id64 *ret, struct err *e)
{
  return db_ask_int(tx, &q_last, ret, e,
                    BINDS(b_int(tx_network(tx)), b_int(case_id), b_int(scope_organization(s)), b_text(str_from(code))));
}

STMT_READ(q_begun_after, "sheet_begun_after",
          "SELECT id FROM sheet WHERE network_id = $1 AND case_id = $2 AND author_organization_id = $3"
          " AND previous_id = $4 AND status = 'draft' ORDER BY id LIMIT 1");

enum code sheet_sql_begun_after(struct tx *tx, const struct scope *s, const struct sheet *old, id64 *ret, struct err *e)
{
  return db_ask_int(tx, &q_begun_after, ret, e,
                    BINDS(b_int(tx_network(tx)), b_int(old->case_id), b_int(scope_organization(s)), b_int(old->id)));
}

STMT_READ(q_written, "sheet_written",
          "SELECT t.id, t.form_code, t.form_version, t.status, t.changed_at, t.author_organization_id, o.name, u.name"
          " FROM sheet t JOIN organization o ON o.network_id = t.network_id AND o.id = t.author_organization_id"
          " JOIN user_account u ON u.network_id = t.network_id AND u.id = t.author_user_id"
          " WHERE t.network_id = $1 AND t.case_id = $2 ORDER BY t.changed_at DESC, t.id DESC LIMIT 200");

enum code sheet_sql_written(struct tx *tx, id64 case_id, written_fn fn, void *arg, struct err *e)
{
  struct rows r = {0};
  enum code c = db_query(tx, &q_written, &r, e, BINDS(b_int(tx_network(tx)), b_int(case_id)));
  if (c != OK)
    return c;
  while (c == OK && rows_next(&r))
    c = fn(arg,
           &(struct written_row){.id = rows_int(&r, 0),
                                 .code = rows_text(&r, 1),
                                 .version = rows_text(&r, 2),
                                 .status = rows_text(&r, 3),
                                 .at = rows_int(&r, 4),
                                 .author = rows_int(&r, 5),
                                 .organization = rows_text(&r, 6),
                                 .user = rows_text(&r, 7)},
           e);
  return rows_finish(&r, c, e);
}
