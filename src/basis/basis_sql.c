#include "basis/basis_sql.h"

#include "access/visible.h"

STMT_WRITE(
    q_insert, "basis_insert",
    "INSERT INTO legal_basis (network_id, id, person_id, author_organization_id, code, requester_id, necessity_sealed,"
    " weighing_sealed, from_at, until_at, created_at, case_id, article, why, content_sealed, tell, tell_due, told_day,"
    " told_by)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)");
STMT_WRITE(q_insert_to, "basis_insert_recipient",
           "INSERT INTO legal_basis_recipient (network_id, legal_basis_id, organization_id, person_id, categories)"
           " VALUES ($1, $2, $3, $4, $5)");

enum code basis_sql_insert(struct tx *tx, const struct scope *s, id64 id, id64 case_id, const struct basis_new *n,
                           struct str article, const struct basis_sealed *sealed, ts_t from, ts_t until, struct err *e)
{
  bool told = str_is(n->tell, "told"), after = str_is(n->tell, "after");
  struct str today = told ? date_iso(tx_arena(tx), date_of_ts(tx_now(tx))) : STR_NONE;
  struct str due = after ? date_iso(tx_arena(tx), n->tell_due) : STR_NONE;
  id64 me = scope_actor(s)->user;
  enum code c = db_exec(tx, &q_insert, NULL, e,
                        BINDS(b_int(tx_network(tx)), b_int(id), b_int(scope_person(s)), b_int(scope_organization(s)),
                              b_text(n->code), b_int(me), b_bytes(sealed->necessity), b_bytes(sealed->weighing),
                              b_int(from), b_int(until), b_int(tx_now(tx)), b_int(case_id), b_text(article),
                              b_text(n->why), b_bytes(sealed->content), b_text(n->tell), b_text_opt(due),
                              b_text_opt(today), b_opt(told ? me : 0)));
  if (c != OK)
    return c;
  return db_exec(tx, &q_insert_to, NULL, e,
                 BINDS(b_int(tx_network(tx)), b_int(id), b_int(n->to), b_int(scope_person(s)), b_int(n->categories)));
}

#define BASIS_COLUMNS                                                                                                  \
  " b.id, b.person_id, b.case_id, b.author_organization_id, r.organization_id, b.requester_id, b.approver_id,"         \
  " b.refused_by, b.ended_by, b.code, b.article, b.why, b.tell, b.tell_due, b.told_day, g.name, o.name, q.name,"       \
  " a.name, c.number, b.necessity_sealed, b.weighing_sealed, b.content_sealed, b.told_how_sealed, k.wrapped, k.epoch," \
  " r.categories, b.from_at, b.until_at, b.created_at, b.decided_at"
#define BASIS_BESIDE                                                                                                   \
  " JOIN organization g ON g.network_id = b.network_id AND g.id = b.author_organization_id"                            \
  " JOIN organization o ON o.network_id = r.network_id AND o.id = r.organization_id"                                   \
  " LEFT JOIN user_account q ON q.network_id = b.network_id AND q.id = b.requester_id"                                 \
  " LEFT JOIN user_account a ON a.network_id = b.network_id AND a.id = COALESCE(b.approver_id, b.refused_by)"          \
  " LEFT JOIN case_file c ON c.network_id = b.network_id AND c.id = b.case_id"                                         \
  " LEFT JOIN person_key k ON k.network_id = b.network_id AND k.person_id = b.person_id"
#define RECIPIENT " JOIN legal_basis_recipient r ON r.network_id = b.network_id AND r.legal_basis_id = b.id"

static struct basis_row row_of(const struct rows *r)
{
  return (struct basis_row){.id = rows_int(r, 0),
                            .person = rows_int(r, 1),
                            .case_id = rows_int(r, 2),
                            .author_organization = rows_int(r, 3),
                            .organization = rows_int(r, 4),
                            .requester = rows_int(r, 5),
                            .approver = rows_int(r, 6),
                            .refused_by = rows_int(r, 7),
                            .ended_by = rows_int(r, 8),
                            .code = rows_text(r, 9),
                            .article = rows_text(r, 10),
                            .why = rows_text(r, 11),
                            .tell = rows_text(r, 12),
                            .tell_due = rows_text(r, 13),
                            .told_day = rows_text(r, 14),
                            .giver = rows_text(r, 15),
                            .receiver = rows_text(r, 16),
                            .requester_name = rows_text(r, 17),
                            .approver_name = rows_text(r, 18),
                            .number = rows_text(r, 19),
                            .necessity_sealed = rows_bytes(r, 20),
                            .weighing_sealed = rows_bytes(r, 21),
                            .content_sealed = rows_bytes(r, 22),
                            .told_how_sealed = rows_bytes(r, 23),
                            .wrapped = rows_bytes(r, 24),
                            .epoch = rows_int(r, 25),
                            .categories = (cats_t)rows_int(r, 26),
                            .from = rows_int(r, 27),
                            .until = rows_int(r, 28),
                            .created_at = rows_int(r, 29),
                            .decided_at = rows_int(r, 30)};
}

static enum code each(struct rows *r, enum code c, basis_fn fn, void *arg, struct err *e)
{
  if (c != OK)
    return c;
  while (c == OK && rows_next(r)) {
    struct basis_row row = row_of(r);
    c = fn(arg, &row, e);
  }
  return rows_finish(r, c, e);
}

STMT_READ(q_each, "basis_each",
          "SELECT" BASIS_COLUMNS " FROM legal_basis b" RECIPIENT BASIS_BESIDE
          " WHERE b.network_id = $1 AND b.person_id = $2 AND (b.author_organization_id = $3"
          " OR (r.organization_id = $3 AND b.approver_id IS NOT NULL)) AND (CAST($4 AS bigint) = 0 OR b.id = $4)"
          " ORDER BY b.id DESC LIMIT 100");

enum code basis_sql_each(struct tx *tx, const struct scope *s, id64 basis, basis_fn fn, void *arg, struct err *e)
{
  struct rows r = {0};
  enum code c =
      db_query(tx, &q_each, &r, e,
               BINDS(b_int(tx_network(tx)), b_int(scope_person(s)), b_int(scope_organization(s)), b_int(basis)));
  return each(&r, c, fn, arg, e);
}

#define OWN_ROW " WHERE network_id = $1 AND person_id = $2 AND author_organization_id = $3 AND id = $4"
#define OWN_BINDS(tx, s, id) b_int(tx_network(tx)), b_int(scope_person(s)), b_int(scope_organization(s)), b_int(id)

STMT_WRITE(q_allow, "basis_allow",
           "UPDATE legal_basis SET approver_id = $5, decided_at = $6, from_at = $7" OWN_ROW
           " AND approver_id IS NULL AND refused_by IS NULL AND requester_id <> $5");

enum code basis_sql_allow(struct tx *tx, const struct scope *s, id64 id, ts_t from, int64_t *ret_changed, struct err *e)
{
  return db_exec(tx, &q_allow, ret_changed, e,
                 BINDS(OWN_BINDS(tx, s, id), b_int(scope_actor(s)->user), b_int(tx_now(tx)), b_int(from)));
}

STMT_WRITE(q_refuse, "basis_refuse",
           "UPDATE legal_basis SET refused_by = $5, decided_at = $6" OWN_ROW
           " AND approver_id IS NULL AND refused_by IS NULL AND requester_id <> $5");

enum code basis_sql_refuse(struct tx *tx, const struct scope *s, id64 id, int64_t *ret_changed, struct err *e)
{
  return db_exec(tx, &q_refuse, ret_changed, e,
                 BINDS(OWN_BINDS(tx, s, id), b_int(scope_actor(s)->user), b_int(tx_now(tx))));
}

STMT_WRITE(q_tell, "basis_tell",
           "UPDATE legal_basis SET told_day = $5, told_how_sealed = $6, told_by = $7" OWN_ROW " AND told_day IS NULL");

enum code basis_sql_tell(struct tx *tx, const struct scope *s, id64 id, struct str day, struct str how_sealed,
                         int64_t *ret_changed, struct err *e)
{
  return db_exec(tx, &q_tell, ret_changed, e,
                 BINDS(OWN_BINDS(tx, s, id), b_text(day), b_bytes_opt(how_sealed), b_int(scope_actor(s)->user)));
}

STMT_WRITE(q_end, "basis_end",
           "UPDATE legal_basis SET until_at = $5, ended_by = $6" OWN_ROW
           " AND approver_id IS NOT NULL AND (until_at IS NULL OR until_at > $5)");

enum code basis_sql_end(struct tx *tx, const struct scope *s, id64 id, int64_t *ret_changed, struct err *e)
{
  return db_exec(tx, &q_end, ret_changed, e,
                 BINDS(OWN_BINDS(tx, s, id), b_int(tx_now(tx)), b_int(scope_actor(s)->user)));
}

/* ---- of several persons ----------------------------------------------------------------------------------------------------- */

STMT_READ(
    q_owed, "basis_owed",
    "SELECT" BASIS_COLUMNS " FROM legal_basis b" RECIPIENT BASIS_BESIDE
    " WHERE b.network_id = $1 AND b.author_organization_id = $2 AND b.refused_by IS NULL AND b.case_id IS NOT NULL"
    " AND ((b.approver_id IS NULL AND $3 AND b.requester_id <> $4 AND (b.until_at IS NULL OR b.until_at > $5))"
    " OR (b.approver_id IS NOT NULL AND b.from_at <= $5 AND b.tell = 'after' AND b.told_day IS NULL))"
    " ORDER BY b.id LIMIT $6");

enum code basis_sql_owed(struct tx *tx, const struct scope *list, bool may_allow, basis_fn fn, void *arg, struct err *e)
{
  struct rows r = {0};
  enum code c = db_query(tx, &q_owed, &r, e,
                         BINDS(b_int(tx_network(tx)), b_int(scope_organization(list)), b_bool(may_allow),
                               b_int(scope_actor(list)->user), b_int(tx_now(tx)), b_int(LIMIT_PAGE_ROWS)));
  return each(&r, c, fn, arg, e);
}

/* The numbers are those of enum basis_state. */
#define STATE                                                                                                          \
  " CASE WHEN b.refused_by IS NOT NULL THEN 4 WHEN b.until_at <= $4 THEN 3 WHEN b.approver_id IS NULL THEN 0"          \
  " WHEN b.from_at > $4 THEN 2 ELSE 1 END"
/* $7 is enum basis_order. What has no end ends last. */
#define ORDER(way)                                                                                                     \
  " ORDER BY CASE CAST($7 AS bigint) WHEN 1 THEN LENGTH(c.number) ELSE 0 END" way                                      \
  ", CASE CAST($7 AS bigint) WHEN 1 THEN c.number WHEN 2 THEN g.kana WHEN 3 THEN o.kana ELSE '' END" way               \
  ", CASE CAST($7 AS bigint) WHEN 4 THEN COALESCE(b.until_at, 9223372036854775807) ELSE 0 END" way ", b.id" way
#define BODIES                                                                                                         \
  " JOIN organization o ON o.network_id = r.network_id AND o.id = r.organization_id"                                   \
  " JOIN organization g ON g.network_id = b.network_id AND g.id = b.author_organization_id"                            \
  " LEFT JOIN case_file c ON c.network_id = b.network_id AND c.id = b.case_id"
/* $5 state (-1 any, 5 to tell), $6 code, $7 order, $8 limit, $9 skip */
#define REGISTER(way)                                                                                                  \
  "WITH " VISIBLE_BESIDE ", page AS (SELECT b.id, b.network_id, r.organization_id"                                     \
  " FROM legal_basis b" RECIPIENT BODIES " WHERE b.network_id = $1 AND " VISIBLE_IS(                                   \
      "b") " AND (b.author_organization_id = $3 OR (r.organization_id = $3 AND b.approver_id IS NOT NULL))"            \
           " AND (CAST($5 AS bigint) = -1 OR" STATE " = CAST($5 AS bigint) OR (CAST($5 AS bigint) = 5"                 \
           "  AND b.author_organization_id = $3 AND b.approver_id IS NOT NULL AND b.tell = 'after' AND b.told_day IS " \
           "NULL))"                                                                                                    \
           " AND (CAST($6 AS text) = '' OR b.code = $6)" ORDER(                                                        \
               way) " LIMIT $8 OFFSET $9)"                                                                             \
                    " SELECT" BASIS_COLUMNS                                                                            \
                    " FROM page p JOIN legal_basis b ON b.network_id = p.network_id AND b.id = p.id"                   \
                    " JOIN legal_basis_recipient r ON r.network_id = b.network_id AND r.legal_basis_id = b.id"         \
                    " AND r.organization_id = p.organization_id" BASIS_BESIDE                                          \
                    ORDER(way)
STMT_READ(q_register, "basis_register", REGISTER(""));
STMT_READ(q_register_falls, "basis_register_falls", REGISTER(" DESC"));

enum code basis_sql_register(struct tx *tx, const struct scope *list, const struct basis_view *view, int64_t limit,
                             basis_fn fn, void *arg, struct err *e)
{
  struct rows r = {0};
  enum code c = db_query(tx, view->falls ? &q_register_falls : &q_register, &r, e,
                         BINDS(VISIBLE_BINDS(list, tx_now(tx)), b_int(view->state), b_text(view->code), b_int(view->by),
                               b_int(limit), b_int(view->skip)));
  return each(&r, c, fn, arg, e);
}

/* ---- bodies ------------------------------------------------------------------------------------------------------------------ */

STMT_READ(q_town, "basis_town", "SELECT stage, basis_off FROM network WHERE id = $1");

enum code basis_sql_town(struct tx *tx, struct arena *a, struct basis_town *ret, struct err *e)
{
  struct rows r = {0};
  struct basis_town t = {0};
  enum code c = db_query(tx, &q_town, &r, e, BINDS(b_int(tx_network(tx))));
  if (c != OK)
    return c;
  if (rows_next(&r))
    t = (struct basis_town){rows_text_copy(&r, 0, a), rows_text_copy(&r, 1, a)};
  c = rows_end(&r, e);
  if (c == OK)
    *ret = t;
  return c;
}

STMT_READ(q_body, "basis_body",
          "SELECT kind, circle, public_body, name FROM organization WHERE network_id = $1 AND id = $2"
          " AND (until_at IS NULL OR until_at > $3)");

enum code basis_sql_body(struct tx *tx, id64 organization, struct arena *a, struct basis_body *ret,
                         struct str *ret_name, struct err *e)
{
  struct rows r = {0};
  struct basis_body b = {0};
  struct str name = STR_NONE;
  enum code c = db_query(tx, &q_body, &r, e, BINDS(b_int(tx_network(tx)), b_int(organization), b_int(tx_now(tx))));
  if (c != OK)
    return c;
  if (rows_next(&r)) {
    b = (struct basis_body){rows_text_copy(&r, 0, a), rows_text_copy(&r, 1, a), rows_bool(&r, 2)};
    name = rows_text_copy(&r, 3, a);
  }
  c = rows_end(&r, e);
  if (c == OK) {
    *ret = b;
    *ret_name = name;
  }
  return c;
}

STMT_READ(
    q_bodies, "basis_bodies",
    "SELECT id, name, kind, circle, public_body FROM organization WHERE network_id = $1 AND id <> $2"
    " AND (until_at IS NULL OR until_at > $3) AND circle IN ('council', 'network') ORDER BY kana, name LIMIT 200");

enum code basis_sql_bodies(struct tx *tx, const struct scope *s, body_fn fn, void *arg, struct err *e)
{
  struct rows r = {0};
  enum code c =
      db_query(tx, &q_bodies, &r, e, BINDS(b_int(tx_network(tx)), b_int(scope_organization(s)), b_int(tx_now(tx))));
  if (c != OK)
    return c;
  while (rows_next(&r)) {
    struct basis_body b = {rows_text(&r, 2), rows_text(&r, 3), rows_bool(&r, 4)};
    fn(arg, rows_int(&r, 0), rows_text(&r, 1), &b);
  }
  return rows_end(&r, e);
}
