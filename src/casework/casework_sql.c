#include "casework/casework_sql.h"

#include "access/visible.h"

#include "base/limits.h"

STMT_READ(q_last_number, "case_last_number",
          "SELECT max(number) FROM fact_case_number WHERE network_id = $1 AND number >= $2 AND number < $3");

enum code case_sql_last_number(struct tx *tx, struct str prefix, struct str prefix_end, struct arena *a,
                               struct str *ret, struct err *e)
{
  return db_ask_text(tx, &q_last_number, a, ret, e, BINDS(b_int(tx_network(tx)), b_text(prefix), b_text(prefix_end)));
}

STMT_WRITE(q_insert, "case_insert",
           "INSERT INTO case_file (network_id, id, person_id, number, status, density, origin, author_organization_id,"
           " opened_at, closed_at, last_contact_at, next_date, changed_at)"
           " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)");

enum code case_sql_insert(struct tx *tx, const struct scope *s, id64 id, struct str number, const struct case_begun *b,
                          struct err *e)
{
  return db_exec(tx, &q_insert, NULL, e,
                 BINDS(b_int(tx_network(tx)), b_int(id), b_int(scope_person(s)), b_text(number), b_text(b->status),
                       b_text(b->density), b_text(b->origin), b_int(scope_organization(s)), b_int(b->opened_at),
                       b_opt(b->closed_at), b_opt(b->last_contact_at), b_text_opt(b->next_date), b_int(tx_now(tx))));
}

STMT_READ(
    q_head, "case_head",
    "SELECT c.person_id, c.number, c.status, c.density, c.origin, c.next_date, c.opened_at, c.last_contact_at, c.rev, "
    "c.author_organization_id,"
    " " CASE_LEAD("$2",
                  "$3") ","
                        " (SELECT s.user_id FROM assignment s WHERE s.network_id = $1 AND s.case_id = $2 AND s.lead"
                        "  AND s.from_at <= $3 AND (s.until_at IS NULL OR s.until_at > $3) ORDER BY s.from_at DESC, "
                        "s.id DESC LIMIT "
                        "1), " CASE_UNCONFIRMED ", " CASE_MOVED
                        " FROM case_file c WHERE c.network_id = $1 AND c.id = $2");

enum code case_sql_head(struct tx *tx, id64 id, struct arena *a, struct case_head *ret, struct err *e)
{
  struct rows r = {0};
  struct case_head h = {.id = id};
  enum code c = db_query(tx, &q_head, &r, e, BINDS(b_int(tx_network(tx)), b_int(id), b_int(tx_now(tx))));
  if (c != OK)
    return c;
  bool found = rows_next(&r);
  if (found) {
    h.person = rows_int(&r, 0);
    h.number = rows_text_copy(&r, 1, a);
    h.status = rows_text_copy(&r, 2, a);
    h.density = rows_text_copy(&r, 3, a);
    h.origin = rows_text_copy(&r, 4, a);
    h.next_date = rows_text_copy(&r, 5, a);
    h.opened_at = rows_int(&r, 6);
    h.last_contact_at = rows_int(&r, 7);
    h.rev = rows_int(&r, 8);
    h.author_organization = rows_int(&r, 9);
    h.lead_organization = rows_int(&r, 10);
    h.lead_user = rows_int(&r, 11);
    h.unconfirmed = rows_bool(&r, 12);
    h.moved = rows_bool(&r, 13);
  }
  c = rows_end(&r, e);
  if (c == OK)
    *ret = h; /* person 0: no such case */
  return c;
}

STMT_READ(q_newest, "case_newest",
          "SELECT id FROM case_file WHERE network_id = $1 AND person_id = $2 ORDER BY opened_at DESC, id DESC LIMIT 1");

enum code case_sql_newest(struct tx *tx, id64 person, id64 *ret, struct err *e)
{
  return db_ask_int(tx, &q_newest, ret, e, BINDS(b_int(tx_network(tx)), b_int(person)));
}

STMT_WRITE(q_touch, "case_touch",
           "UPDATE case_file SET last_contact_at = CASE WHEN $3 > COALESCE(last_contact_at, 0) THEN $3 ELSE "
           "last_contact_at END,"
           " next_date = COALESCE($4, CASE WHEN $5 THEN NULL ELSE next_date END), changed_at = $6, rev = rev + 1 WHERE "
           "network_id = $1 AND id = $2");

enum code case_sql_touch(struct tx *tx, id64 id, ts_t last_contact, struct str next_date, bool next_done, struct err *e)
{
  return db_exec(tx, &q_touch, NULL, e,
                 BINDS(b_int(tx_network(tx)), b_int(id), b_int(last_contact), b_text_opt(next_date), b_bool(next_done),
                       b_int(tx_now(tx))));
}

/* clang-format off */
STMT_READ(q_listeners, "case_listeners",
          "SELECT x.organization_id, x.organization_id = " CASE_TELLER("c", "$3")
          " FROM case_file c CROSS JOIN (SELECT organization_id FROM participation q WHERE q.network_id = $1 AND q.case_id = $2"
          " AND " LIVE("q", "$3") " UNION SELECT organization_id FROM assignment s WHERE s.network_id = $1 AND s.case_id = $2"
          " AND " LIVE("s", "$3") ") x WHERE c.network_id = $1 AND c.id = $2 LIMIT 64");
#define TOLD(table) \
  "UPDATE " table " SET case_closed = CASE WHEN $4 THEN (SELECT f.status = 'closed' FROM case_file f WHERE f.network_id = $1 AND f.id = $2)" \
  " ELSE case_closed END, case_changed_at = CASE WHEN $4 THEN (SELECT f.changed_at FROM case_file f WHERE f.network_id = $1 AND f.id = $2)" \
  " ELSE CAST($5 AS bigint) END WHERE network_id = $1 AND case_id = $2 AND organization_id = $3"
/* clang-format on */
STMT_WRITE(q_tell_part, "case_tell_participation", TOLD("participation"));
STMT_WRITE(q_tell_post, "case_tell_assignment", TOLD("assignment"));
STMT_READ(q_of_person, "case_of_person",
          "SELECT id FROM case_file WHERE network_id = $1 AND person_id = $2 ORDER BY id LIMIT $3");

enum code case_sql_listeners(struct tx *tx, id64 case_id, struct case_listener *ret, size_t *ret_n, struct err *e)
{
  struct rows r = {0};
  size_t n = 0;
  enum code c = db_query(tx, &q_listeners, &r, e, BINDS(b_int(tx_network(tx)), b_int(case_id), b_int(tx_now(tx))));
  if (c != OK)
    return c;
  while (n < CASE_LISTENERS && rows_next(&r))
    ret[n++] = (struct case_listener){rows_int(&r, 0), rows_bool(&r, 1)};
  c = rows_end(&r, e);
  if (c == OK)
    *ret_n = n;
  return c;
}

enum code case_sql_tell(struct tx *tx, id64 case_id, id64 organization, bool all, struct err *e)
{
  const struct bind binds[] = {b_int(tx_network(tx)), b_int(case_id), b_int(organization), b_bool(all),
                               b_int(tx_now(tx))};
  enum code c = db_exec(tx, &q_tell_part, NULL, e, binds, 5);
  return c == OK ? db_exec(tx, &q_tell_post, NULL, e, binds, 5) : c;
}

enum code case_sql_of_person(struct tx *tx, id64 person, id64 *ret, size_t *ret_n, struct err *e)
{
  struct rows r = {0};
  size_t n = 0;
  enum code c = db_query(tx, &q_of_person, &r, e, BINDS(b_int(tx_network(tx)), b_int(person), b_int(LIMIT_PAGE_ROWS)));
  if (c != OK)
    return c;
  while (n < LIMIT_PAGE_ROWS && rows_next(&r))
    ret[n++] = rows_int(&r, 0);
  c = rows_end(&r, e);
  if (c == OK)
    *ret_n = n;
  return c;
}

STMT_WRITE(q_mend_clock, "case_mend_clock",
           "UPDATE case_file SET last_contact_at = $3, next_date = $4, changed_at = $5, rev = rev + 1"
           " WHERE network_id = $1 AND id = $2");

enum code case_sql_mend_clock(struct tx *tx, id64 case_id, ts_t last_contact, struct str next_date, struct err *e)
{
  return db_exec(
      tx, &q_mend_clock, NULL, e,
      BINDS(b_int(tx_network(tx)), b_int(case_id), b_opt(last_contact), b_text_opt(next_date), b_int(tx_now(tx))));
}

/* Who took part before knows what it was told then (migration 42), until it is told more. */
#define TOLD_BEFORE(column)                                                                                            \
  "(SELECT p." column " FROM participation p WHERE p.network_id = $1 AND p.case_id = $3 AND p.organization_id = $5"    \
  " ORDER BY p.from_at DESC, p.id DESC LIMIT 1)"
STMT_WRITE(q_participation, "participation_insert",
           "INSERT INTO participation (network_id, id, case_id, person_id, organization_id, part, from_at, "
           "case_closed, case_changed_at)"
           " VALUES ($1, $2, $3, $4, $5, $6, $7, COALESCE(" TOLD_BEFORE(
               "case_closed") ", FALSE), COALESCE(" TOLD_BEFORE("case_changed_at") ", 0))");

enum code case_sql_insert_participation(struct tx *tx, const struct scope *s, id64 case_id, id64 organization,
                                        const char *part, struct err *e)
{
  return db_exec(tx, &q_participation, NULL, e,
                 BINDS(b_int(tx_network(tx)), b_int(id_new(tx_now(tx))), b_int(case_id), b_int(scope_person(s)),
                       b_int(organization), b_text(str_from(part)), b_int(tx_now(tx))));
}

STMT_READ(
    q_participates, "participation_live",
    "SELECT 1 FROM participation WHERE network_id = $1 AND case_id = $2 AND organization_id = $3 AND from_at <= $4"
    " AND (until_at IS NULL OR until_at > $4) LIMIT 1");

enum code case_sql_participates(struct tx *tx, id64 case_id, id64 organization, bool *ret, struct err *e)
{
  int64_t there = 0;
  enum code c = db_ask_int(tx, &q_participates, &there, e,
                           BINDS(b_int(tx_network(tx)), b_int(case_id), b_int(organization), b_int(tx_now(tx))));
  if (c == OK)
    *ret = there;
  return c;
}

STMT_WRITE(q_end_part, "participation_end",
           "UPDATE participation SET until_at = $4 WHERE network_id = $1 AND case_id = $2 AND organization_id = $3"
           " AND (until_at IS NULL OR until_at > $4)");

enum code case_sql_end_part(struct tx *tx, id64 case_id, id64 organization, struct err *e)
{
  return db_exec(tx, &q_end_part, NULL, e,
                 BINDS(b_int(tx_network(tx)), b_int(case_id), b_int(organization), b_int(tx_now(tx))));
}

STMT_WRITE(q_end_assignments, "assignment_end_organization",
           "UPDATE assignment SET until_at = $4 WHERE network_id = $1 AND case_id = $2 AND organization_id = $3"
           " AND (until_at IS NULL OR until_at > $4)");

enum code case_sql_end_assignments(struct tx *tx, id64 case_id, id64 organization, struct err *e)
{
  return db_exec(tx, &q_end_assignments, NULL, e,
                 BINDS(b_int(tx_network(tx)), b_int(case_id), b_int(organization), b_int(tx_now(tx))));
}

STMT_WRITE(q_assignment, "assignment_insert",
           "INSERT INTO assignment (network_id, id, case_id, person_id, user_id, organization_id, lead, from_at,"
           " by_user_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)");

enum code case_sql_insert_assignment(struct tx *tx, const struct scope *s, id64 case_id, id64 organization, id64 user,
                                     bool lead, struct err *e)
{
  return db_exec(tx, &q_assignment, NULL, e,
                 BINDS(b_int(tx_network(tx)), b_int(id_new(tx_now(tx))), b_int(case_id), b_int(scope_person(s)),
                       b_int(user), b_int(organization), b_bool(lead), b_int(tx_now(tx)), b_opt(scope_actor(s)->user)));
}

STMT_READ(q_assigned, "assignment_live",
          "SELECT 1 FROM assignment WHERE network_id = $1 AND case_id = $2 AND organization_id = $3 AND user_id = $5"
          " AND from_at <= $4 AND (until_at IS NULL OR until_at > $4) LIMIT 1");

enum code case_sql_assigned(struct tx *tx, id64 case_id, id64 organization, id64 user, bool *ret, struct err *e)
{
  int64_t there = 0;
  enum code c =
      db_ask_int(tx, &q_assigned, &there, e,
                 BINDS(b_int(tx_network(tx)), b_int(case_id), b_int(organization), b_int(tx_now(tx)), b_int(user)));
  if (c == OK)
    *ret = there;
  return c;
}

STMT_WRITE(q_lead_worker, "assignment_lead_worker",
           "UPDATE assignment SET lead = (organization_id = $3 AND user_id = $4 AND until_at IS NULL)"
           " WHERE network_id = $1 AND case_id = $2");

enum code case_sql_lead_worker(struct tx *tx, id64 case_id, id64 organization, id64 user, struct err *e)
{
  return db_exec(tx, &q_lead_worker, NULL, e,
                 BINDS(b_int(tx_network(tx)), b_int(case_id), b_int(organization), b_int(user)));
}

STMT_READ(q_team, "case_team",
          "SELECT p.organization_id, o.name, p.part, (SELECT u.name FROM assignment s JOIN user_account u"
          "  ON u.network_id = s.network_id AND u.id = s.user_id WHERE s.network_id = $1 AND s.case_id = $2"
          "  AND s.organization_id = p.organization_id AND s.from_at <= $3 AND (s.until_at IS NULL OR s.until_at > $3)"
          "  ORDER BY s.lead DESC, s.from_at, s.id LIMIT 1)"
          " FROM participation p JOIN organization o ON o.network_id = p.network_id AND o.id = p.organization_id"
          " WHERE p.network_id = $1 AND p.case_id = $2 AND p.from_at <= $3 AND (p.until_at IS NULL OR p.until_at > $3)"
          " AND ($4 OR p.part = 'lead' OR p.organization_id = $5)"
          " ORDER BY p.part, p.from_at, p.id");

enum code case_sql_team(struct tx *tx, const struct scope *s, id64 case_id, bool all, struct arena *a, struct doc **ret,
                        struct err *e)
{
  return db_ask_list(
      tx, &q_team, KEYS("#organization_id", "organization", "part", "who"), a, ret, e,
      BINDS(b_int(tx_network(tx)), b_int(case_id), b_int(tx_now(tx)), b_bool(all), b_int(scope_organization(s))));
}
