#include "access/may.h"
#include "casework/casework_sql.h"

STMT_WRITE(q_change, "course_change",
           "UPDATE case_file SET status = $3, density = $4, next_date = CASE WHEN CAST($3 AS text) = 'closed' THEN NULL"
           " ELSE COALESCE($5, next_date) END,"
           " closed_at = CASE WHEN CAST($3 AS text) <> 'closed' THEN NULL ELSE COALESCE(closed_at, $6) END,"
           " changed_at = $6, rev = rev + 1 WHERE network_id = $1 AND id = $2 AND status = $7");

enum code course_sql_change(struct tx *tx, const struct case_head *h, const struct case_change *ch,
                            struct str next_date, int64_t *ret_changed, struct err *e)
{
  return db_exec(tx, &q_change, ret_changed, e,
                 BINDS(b_int(tx_network(tx)), b_int(h->id), b_text(ch->status), b_text(ch->density),
                       b_text_opt(next_date), b_int(tx_now(tx)), b_text(ch->was)));
}

STMT_WRITE(
    q_add, "course_add",
    "INSERT INTO case_step (network_id, id, case_id, person_id, author_organization_id, author_user_id, category,"
    " source, kind, from_code, to_code, at, text_sealed)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)");

enum code course_sql_add(struct tx *tx, const struct scope *s, id64 case_id, const struct case_step_row *row,
                         struct err *e)
{
  return db_exec(tx, &q_add, NULL, e,
                 BINDS(b_int(tx_network(tx)), b_int(row->id), b_int(case_id), b_int(scope_person(s)),
                       b_int(scope_organization(s)), b_int(scope_actor(s)->user), b_int(row->category),
                       b_int(SOURCE_STAFF), b_text(row->kind), b_text(row->from), b_text(row->to), b_int(row->at),
                       b_bytes_opt(row->sealed)));
}

STMT_READ(
    q_each, "course_each",
    "SELECT t.id, t.author_organization_id, t.category, t.source, t.marks, t.kind, t.from_code, t.to_code, u.name,"
    " o.name, t.at, t.text_sealed"
    " FROM case_step t JOIN user_account u ON u.network_id = t.network_id AND u.id = t.author_user_id"
    " JOIN organization o ON o.network_id = t.network_id AND o.id = t.author_organization_id"
    " WHERE t.network_id = $1 AND t.case_id = $2 AND (CAST($3 AS text) = '' OR t.kind = $3)"
    " AND (t.category & CASE WHEN t.author_organization_id = $4 THEN CAST($5 AS bigint) ELSE CAST($6 AS bigint)"
    " END) <> 0 AND NOT $7 ORDER BY t.at DESC, t.id DESC LIMIT 500");

enum code course_sql_each(struct tx *tx, const struct scope *s, id64 case_id, struct str kind, case_step_fn fn,
                          void *arg, struct err *e)
{
  struct rows r = {0};
  enum code c = db_query(tx, &q_each, &r, e,
                         BINDS(b_int(tx_network(tx)), b_int(case_id), b_text(kind), b_int(scope_organization(s)),
                               b_int(scope_own(s)), b_int(scope_others(s)), b_bool(scope_decision(s)->visit_only)));
  if (c != OK)
    return c;
  while (c == OK && rows_next(&r)) {
    struct case_step_row row = {.id = rows_int(&r, 0),
                                .author_organization = rows_int(&r, 1),
                                .category = (cats_t)rows_int(&r, 2),
                                .source = (enum source)rows_int(&r, 3),
                                .marks = (uint32_t)rows_int(&r, 4),
                                .kind = rows_text(&r, 5),
                                .from = rows_text(&r, 6),
                                .to = rows_text(&r, 7),
                                .author = rows_text(&r, 8),
                                .organization = rows_text(&r, 9),
                                .at = rows_int(&r, 10),
                                .sealed = rows_bytes(&r, 11)};
    c = fn(arg, &row, e);
  }
  return rows_finish(&r, c, e);
}

STMT_READ(q_waiting, "course_waiting",
          "SELECT count(*) FROM connection WHERE network_id = $1 AND case_id = $2 AND sent_at IS NOT NULL"
          " AND state IN ('sent', 'received', 'accepted', 'in_progress', 'returned')");

enum code course_sql_waiting(struct tx *tx, id64 case_id, int64_t *ret, struct err *e)
{
  return db_ask_int(tx, &q_waiting, ret, e, BINDS(b_int(tx_network(tx)), b_int(case_id)));
}

STMT_READ(
    q_workers, "course_workers",
    "SELECT w.id, w.name, a.id IS NOT NULL, COALESCE(a.lead, FALSE) FROM ("
    "SELECT DISTINCT u.network_id, u.id, u.name, u.kana FROM membership m JOIN user_account u"
    "  ON u.network_id = m.network_id AND u.id = m.user_id WHERE m.network_id = $1 AND m.organization_id = $2"
    "  AND m.role IN " MAY_STAND_IN " AND m.from_at <= $3 AND (m.until_at IS NULL OR m.until_at > $3)"
    "  AND u.disabled_at IS NULL) AS w"
    " LEFT JOIN assignment a ON a.network_id = $1 AND a.case_id = $4 AND a.user_id = w.id AND a.organization_id = $2"
    "  AND a.from_at <= $3 AND (a.until_at IS NULL OR a.until_at > $3) ORDER BY w.kana, w.id");

enum code course_sql_workers(struct tx *tx, const struct scope *s, id64 case_id, struct arena *a, struct doc **ret,
                             struct err *e)
{
  return db_ask_list(tx, &q_workers, KEYS("#id", "name", "?assigned", "?lead"), a, ret, e,
                     BINDS(b_int(tx_network(tx)), b_int(scope_organization(s)), b_int(tx_now(tx)), b_int(case_id)));
}

STMT_WRITE(q_end, "course_end_assignment",
           "UPDATE assignment SET until_at = $5 WHERE network_id = $1 AND case_id = $2 AND organization_id = $3"
           " AND user_id = $4 AND (until_at IS NULL OR until_at > $5)");

enum code course_sql_end_assignment(struct tx *tx, id64 case_id, id64 organization, id64 user, struct err *e)
{
  return db_exec(tx, &q_end, NULL, e,
                 BINDS(b_int(tx_network(tx)), b_int(case_id), b_int(organization), b_int(user), b_int(tx_now(tx))));
}

STMT_WRITE(q_stand_in, "stand_in_insert",
           "INSERT INTO stand_in (network_id, id, case_id, person_id, user_id, organization_id, reason_sealed, from_at,"
           " until_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)");

enum code course_sql_stand_in(struct tx *tx, const struct scope *s, id64 id, id64 case_id, struct str reason_sealed,
                              struct err *e)
{
  return db_exec(tx, &q_stand_in, NULL, e,
                 BINDS(b_int(tx_network(tx)), b_int(id), b_int(case_id), b_int(scope_person(s)),
                       b_int(scope_actor(s)->user), b_int(scope_organization(s)), b_bytes(reason_sealed),
                       b_int(tx_now(tx)), b_int(tx_now(tx) + STAND_IN_MS)));
}
