/* facts_sql.c: everything the engine reads about one person comes by two statements: the person with the network's rule, and the facts that
 * stand. */
#include "access/facts_sql.h"

#include "access/visible.h"
#include "base/clock.h"
#include "db/ids.h"

STMT_READ(q_person, "access_person",
          "SELECT n.own_age, n.heard_needed, n.joint_needs_all, n.guardian_overrides, n.stand_in_allowed,"
          " v.fact_rev, p.id, p.own_from"
          " FROM fact_network n"
          " LEFT JOIN network_rev v ON v.network_id = n.id"
          " LEFT JOIN fact_person p ON p.network_id = n.id AND p.id = $2"
          " WHERE n.id = $1");

enum code facts_sql_person(struct tx *tx, id64 person, struct facts *ret, int64_t *ret_rev, struct err *e)
{
  struct rows r = {0};
  struct facts f = {0};
  int64_t rev = 0;
  enum code c = db_query(tx, &q_person, &r, e, BINDS(b_int(tx_network(tx)), b_int(person)));
  if (c != OK)
    return c;
  if (rows_next(&r)) {
    f.network = tx_network(tx);
    f.rule =
        (struct rule){(int)rows_int(&r, 0), rows_bool(&r, 1), rows_bool(&r, 2), rows_bool(&r, 3), rows_bool(&r, 4)};
    rev = rows_int(&r, 5);
    f.person = rows_int(&r, 6);
    f.own_known = !rows_null(&r, 7);
    f.own_from = f.own_known ? rows_int(&r, 7) : TS_MAX;
  }
  c = rows_end(&r, e);
  if (c == OK) {
    *ret = f;
    *ret_rev = rev;
  }
  return c;
}

/* The facts that stand, as their log has them (migration 11): whatever is known of a person, of all kinds, lies together there. Columns as
 * facts_sql_next() reads them; of a page, the subject follows. A connection that ended without saying when ended at its last change. */
#define FACT_COLUMNS                                                                                                   \
  "f.kind, f.id, f.organization_id, f.user_id, f.other_id, f.bits, f.text, f.text2, f.flag1, f.flag2, f.flag3,"        \
  " f.from_at, f.until_at"
#define MEMBERSHIPS(user) " FROM fact_now f WHERE f.network_id = $1 AND f.subject_id = " user " AND f.kind = 1"
STMT_READ(q_facts, "access_facts",
          "SELECT " FACT_COLUMNS MEMBERSHIPS(
              "$3") " UNION ALL SELECT " FACT_COLUMNS
                    " FROM fact_now f WHERE f.network_id = $1 AND f.subject_id = $2 AND f.kind BETWEEN 2 AND 13");

enum code facts_sql_open(struct tx *tx, id64 person, id64 user, struct rows *ret, struct err *e)
{
  return db_query(tx, &q_facts, ret, e, BINDS(b_int(tx_network(tx)), b_int(person), b_int(user)));
}

/* $2 the user, $3 nobody's id */
STMT_READ(q_facts_page, "access_facts_page",
          "WITH page (person_id) AS (" IDS_FROM_4 ") SELECT " FACT_COLUMNS ", CAST(0 AS bigint)" MEMBERSHIPS(
              "$2") " UNION ALL SELECT " FACT_COLUMNS ", f.subject_id FROM page g CROSS JOIN fact_now f"
                    " WHERE g.person_id <> $3 AND f.network_id = $1 AND f.subject_id = g.person_id AND f.kind BETWEEN "
                    "2 AND 14"
                    " UNION ALL SELECT " FACT_COLUMNS
                    ", 0 FROM fact_now f WHERE f.network_id = $1 AND f.subject_id = 0 AND f.kind = 15");

enum code facts_sql_open_page(struct tx *tx, const id64 *persons, size_t n, id64 user, struct rows *ret, struct err *e)
{
  struct bind binds[STMT_PARAMS_MAX] = {b_int(tx_network(tx)), b_int(user), b_int(0)};
  return db_query(tx, &q_facts_page, ret, e, binds, ids_bind(binds, 3, persons, n));
}

id64 facts_sql_whom(const struct rows *r)
{
  return rows_int(r, 13);
}

STMT_READ(
    q_facts_at, "access_facts_at",
    "SELECT kind, id, organization_id, user_id, other_id, bits, text, text2, flag1, flag2, flag3, from_at, until_at"
    " FROM fact_log WHERE network_id = $1 AND subject_id IN (0, CAST($2 AS bigint), CAST($3 AS bigint))"
    " AND ((kind = 15 AND subject_id = 0) OR (kind = 1 AND subject_id = $3)"
    " OR (kind NOT IN (1, 15) AND subject_id = $2))"
    " AND since_rev <= $4 AND (until_rev IS NULL OR $4 < until_rev)");

enum code facts_sql_open_at(struct tx *tx, id64 person, id64 user, int64_t rev, struct rows *ret, struct err *e)
{
  return db_query(tx, &q_facts_at, ret, e, BINDS(b_int(tx_network(tx)), b_int(person), b_int(user), b_int(rev)));
}

STMT_READ(q_log_from, "access_log_from", "SELECT log_from FROM network_rev WHERE network_id = $1");

enum code facts_sql_log_from(struct tx *tx, int64_t *ret, struct err *e)
{
  return db_ask_int(tx, &q_log_from, ret, e, BINDS(b_int(tx_network(tx))));
}

STMT_READ(q_astray, "access_astray",
          "SELECT DISTINCT kind, row_id FROM fact_astray WHERE network_id = $1 ORDER BY 1, 2");

enum code facts_sql_astray(struct tx *tx, void (*fn)(void *arg, int64_t kind, id64 row), void *arg, struct err *e)
{
  struct rows r = {0};
  enum code c = db_query(tx, &q_astray, &r, e, BINDS(b_int(tx_network(tx))));
  if (c != OK)
    return c;
  while (rows_next(&r))
    fn(arg, rows_int(&r, 0), rows_int(&r, 1));
  return rows_end(&r, e);
}

STMT_READ(q_session, "access_session",
          "SELECT user_id, created_at, until_at, ended_at, COALESCE(factor_at <= $3, FALSE) FROM session"
          " WHERE network_id = $1 AND id = $2");

enum code facts_sql_session(struct tx *tx, id64 id, ts_t at, struct fact_session *ret, struct err *e)
{
  struct rows r = {0};
  struct fact_session s = {0};
  enum code c = db_query(tx, &q_session, &r, e, BINDS(b_int(tx_network(tx)), b_int(id), b_int(at)));
  if (c != OK)
    return c;
  if (rows_next(&r))
    s = (struct fact_session){.known = true,
                              .user = rows_int(&r, 0),
                              .from = rows_int(&r, 1),
                              .until = rows_int(&r, 2),
                              .ended = rows_int(&r, 3),
                              .factor = rows_bool(&r, 4)};
  c = rows_end(&r, e);
  if (c == OK)
    *ret = s;
  return c;
}

STMT_READ(q_own, "access_own",
          "WITH page (person_id) AS (" IDS_FROM_5
          "), v AS (" VISIBLE_OWN_OF("page") ") SELECT person_id, own_cats FROM v");

enum code facts_sql_own(struct tx *tx, const struct scope *list, const id64 *persons, size_t n, cats_t *own,
                        struct err *e)
{
  struct rows r = {0};
  struct bind binds[STMT_PARAMS_MAX];
  enum code c = db_query(tx, &q_own, &r, e, binds, visible_page(binds, list, tx_now(tx), persons, n));
  if (c != OK)
    return c;
  for (size_t i = 0; i < n; i++)
    own[i] = 0;
  while (rows_next(&r)) {
    id64 person = rows_int(&r, 0);
    cats_t cats = (cats_t)rows_int(&r, 1);
    for (size_t i = 0; i < n; i++)
      if (persons[i] == person)
        own[i] = cats;
  }
  return rows_end(&r, e);
}

STMT_READ(q_aside, "access_aside", "WITH " VISIBLE_SELF ", " VISIBLE_BARRED " " VISIBLE_ASIDE);

enum code facts_sql_aside(struct tx *tx, const struct scope *list, id64 **ret, size_t *ret_n, struct err *e)
{
  struct rows r = {0};
  id64 *ids = NULL;
  size_t room = 0, n = 0;
  enum code c = db_query(tx, &q_aside, &r, e, BINDS(VISIBLE_BINDS(list, tx_now(tx))));
  if (c != OK)
    return c;
  while (rows_next(&r)) {
    if (n == room) {
      size_t more = 2 * (room + LIMIT_PAGE_ROWS);
      ids = arena_grow(tx_arena(tx), ids, room * sizeof(id64), more * sizeof(id64));
      room = more;
      if (!ids)
        return rows_finish(&r, err_oom(e), e);
    }
    ids[n++] = rows_int(&r, 0);
  }
  *ret = ids;
  *ret_n = n;
  return rows_end(&r, e);
}

/* What a kind's rows tell; the other columns are empty and not read: there are a dozen rows a person, and fifty persons on a page. */
enum { ID = 1, ORG = 2, USER = 4, OTHER = 8, BITS = 16, TEXT = 32, TEXT2 = 64, FLAG = 128, FLAGS = 256 };
static const int told[] = {[FACT_MEMBERSHIP] = ID | ORG | USER | TEXT,
                           [FACT_PARTICIPATION] = ORG | OTHER | TEXT,
                           [FACT_ASSIGNMENT] = ORG | USER | OTHER,
                           [FACT_CONNECTION] = ID | ORG | OTHER,
                           [FACT_GUARDIAN] = ID | TEXT,
                           [FACT_CONSENT] = ID | ORG | OTHER | BITS | TEXT | TEXT2 | FLAG | FLAGS,
                           [FACT_BASIS] = ID | ORG | USER | OTHER | BITS | TEXT | FLAG,
                           [FACT_INVITATION] = ID | ORG | USER | BITS,
                           [FACT_RESTRICTION] = ID | ORG | USER | OTHER | BITS | FLAG,
                           [FACT_CONCEALMENT] = ID | BITS,
                           [FACT_HOLDER] = ID | USER,
                           [FACT_BREAK_GLASS] = ID | ORG | USER,
                           [FACT_STAND_IN] = ID | ORG | USER | OTHER,
                           [FACT_PERSON] = ID | FLAG,
                           [FACT_RULE] = ID | BITS | FLAG | FLAGS};

bool facts_sql_next(struct rows *r, struct fact_row *ret)
{
  if (!rows_next(r))
    return false;
  *ret = (struct fact_row){.kind = (enum fact_kind)rows_int(r, 0), .from = rows_int(r, 11), .until = rows_int(r, 12)};
  int tells = (size_t)ret->kind < sizeof told / sizeof *told ? told[ret->kind] : 0;
  int64_t *const numbers[] = {&ret->id, &ret->organization, &ret->user, &ret->other, &ret->bits};
  for (int i = 0; i < 5; i++)
    if (tells & 1 << i)
      *numbers[i] = rows_int(r, i + 1);
  if (tells & TEXT)
    ret->text = rows_text(r, 6);
  if (tells & TEXT2)
    ret->text2 = rows_text(r, 7);
  if (tells & FLAG)
    ret->flag1 = rows_bool(r, 8);
  if (tells & FLAGS) {
    ret->flag2 = rows_bool(r, 9);
    ret->flag3 = rows_bool(r, 10);
  }
  return true;
}

#define WHOSE(view)                                                                                                    \
  "SELECT id, person_id FROM (SELECT id, person_id FROM " view " WHERE network_id = $1 AND id >= $2 ORDER BY id"       \
  " LIMIT 1) AS following UNION ALL SELECT id, person_id FROM (SELECT id, person_id FROM " view                        \
  " WHERE network_id = $1 ORDER BY id LIMIT 1) AS oldest ORDER BY 1 DESC"
STMT_READ(q_whose_case, "access_whose_case", WHOSE("fact_case"));
STMT_READ(q_whose_sheet, "access_whose_sheet", WHOSE("fact_sheet"));
STMT_READ(q_whose_connection, "access_whose_connection", WHOSE("fact_connection"));
STMT_READ(q_whose_consent, "access_whose_consent", WHOSE("fact_consent"));

enum code facts_sql_whose(struct tx *tx, enum thing thing, id64 id, id64 *ret_person, bool *ret_there, struct err *e)
{
  static const struct stmt *const of[] = {[THING_CASE] = &q_whose_case,
                                          [THING_SHEET] = &q_whose_sheet,
                                          [THING_CONNECTION] = &q_whose_connection,
                                          [THING_CONSENT] = &q_whose_consent};
  struct rows r = {0};
  enum code c = db_query(tx, of[thing], &r, e, BINDS(b_int(tx_network(tx)), b_int(id)));
  if (c != OK)
    return c;
  if (rows_next(&r)) {
    *ret_there = rows_int(&r, 0) == id;
    *ret_person = rows_int(&r, 1);
  }
  while (rows_next(&r))
    continue;
  return rows_end(&r, e);
}

STMT_READ(q_created, "access_created",
          "SELECT author_organization_id = $3 AND created_by = $4 AND created_at = $5"
          " FROM fact_person WHERE network_id = $1 AND id = $2");

enum code facts_sql_created(struct tx *tx, const struct actor *who, id64 person, bool *ret, struct err *e)
{
  struct rows r = {0};
  enum code c = db_query(
      tx, &q_created, &r, e,
      BINDS(b_int(tx_network(tx)), b_int(person), b_int(who->organization), b_int(who->user), b_int(tx_now(tx))));
  if (c != OK)
    return c;
  bool mine = rows_next(&r) ? rows_bool(&r, 0) : true;
  c = rows_end(&r, e);
  if (c == OK)
    *ret = mine;
  return c;
}

STMT_READ(q_wrote, "access_wrote",
          "SELECT 1 FROM fact_wrote WHERE network_id = $1 AND person_id = $2 AND organization_id = $3 LIMIT 1");

enum code facts_sql_wrote(struct tx *tx, id64 person, id64 organization, bool *ret, struct err *e)
{
  int64_t wrote = 0;
  enum code c = db_ask_int(tx, &q_wrote, &wrote, e, BINDS(b_int(tx_network(tx)), b_int(person), b_int(organization)));
  if (c == OK)
    *ret = wrote;
  return c;
}

/* ---- who may be asked about -------------------------------------------------------------------------------------------------- */

/* clang-format off */
#define NAMED(column, table) "SELECT f." column " FROM " table " f WHERE f.network_id = $1 AND f.person_id = $2"
STMT_READ(q_members, "access_members",
          "WITH named (id) AS ("
          NAMED("organization_id", "fact_participation")
          " UNION " NAMED("organization_id", "fact_assignment")
          " UNION " NAMED("to_organization_id", "fact_connection")
          " UNION " NAMED("organization_id", "fact_consent_recipient")
          " UNION " NAMED("organization_id", "fact_legal_basis_recipient")
          " UNION " NAMED("organization_id", "fact_invitation")
          " UNION " NAMED("organization_id", "fact_break_glass")
          " UNION " NAMED("organization_id", "fact_stand_in")
          ") SELECT m.id, m.user_id, m.organization_id, m.role, m.from_at, m.until_at, o.name, u.name, u.job"
          " FROM fact_membership m"
          " JOIN organization o ON o.network_id = m.network_id AND o.id = m.organization_id"
          " JOIN user_account u ON u.network_id = m.network_id AND u.id = m.user_id"
          " WHERE m.network_id = $1 AND m.from_at <= $3 AND (m.until_at IS NULL OR $3 < m.until_at)"
          " AND u.disabled_at IS NULL"
          " AND (m.organization_id IN (SELECT id FROM named) OR m.user_id IN (" NAMED("user_id", "fact_invitation") "))"
          " ORDER BY o.kana, o.name, m.organization_id, u.kana, m.id LIMIT $4");
/* clang-format on */

enum code facts_sql_members(struct tx *tx, id64 person, ts_t at, int limit,
                            void (*fn)(void *arg, const struct member_row *m), void *arg, struct err *e)
{
  struct rows r = {0};
  enum code c = db_query(tx, &q_members, &r, e, BINDS(b_int(tx_network(tx)), b_int(person), b_int(at), b_int(limit)));
  if (c != OK)
    return c;
  while (rows_next(&r)) {
    struct member_row m = {.id = rows_int(&r, 0),
                           .user = rows_int(&r, 1),
                           .organization = rows_int(&r, 2),
                           .from = rows_int(&r, 4),
                           .until = rows_int(&r, 5),
                           .organization_name = rows_text(&r, 6),
                           .user_name = rows_text(&r, 7),
                           .job = rows_text(&r, 8)};
    if (role_parse(rows_text(&r, 3), &m.role))
      fn(arg, &m);
  }
  return rows_end(&r, e);
}
