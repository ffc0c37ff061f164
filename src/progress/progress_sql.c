#include "progress/progress_sql.h"

#include "db/ids.h"

/* $1 network, $2 now */
#define LIVE(p) p ".from_at <= $2 AND (" p ".until_at IS NULL OR " p ".until_at > $2)"
#define LEAD(column)                                                                                                   \
  "(SELECT p." column " FROM participation p WHERE p.network_id = $1 AND p.case_id = c.id AND p.part = 'lead'"         \
  " AND " LIVE("p") " ORDER BY p.from_at DESC, p.id DESC LIMIT 1)"
#define UNDER_WAY(n) n ".state IN ('sent', 'received', 'accepted', 'in_progress')"

/* ---- of all open cases, in the order of their ids ------------------------------------------------------------------------------ */

#define OPEN(number)                                                                                                   \
  "SELECT c.id, c.density, " LATE_CONTACT("c") ", c.last_contact_at, c.next_date" number                               \
                                               " FROM case_file c WHERE c.network_id = $1 AND c.status <> 'closed'"    \
                                               " ORDER BY c.id"
STMT_READ(q_open, "progress_open", OPEN(""));
STMT_READ(q_numbered, "progress_numbered", OPEN(", c.number"));

enum code progress_sql_open(struct tx *tx, bool numbered, open_fn fn, void *arg, struct err *e)
{
  struct rows r = {0};
  enum code c = db_query(tx, numbered ? &q_numbered : &q_open, &r, e, BINDS(b_int(tx_network(tx))));
  if (c != OK)
    return c;
  while (c == OK && rows_next(&r)) {
    struct open_row row = {.id = rows_int(&r, 0),
                           .density = rows_text(&r, 1),
                           .contact = rows_int(&r, 2),
                           .last = rows_int(&r, 3),
                           .next_date = rows_text(&r, 4),
                           .number = numbered ? rows_text(&r, 5) : STR_NONE};
    c = fn(arg, &row, e);
  }
  return rows_finish(&r, c, e);
}

STMT_READ(q_waiting, "progress_waiting",
          "SELECT n.case_id, n.sent_at, n.silent_at FROM connection n WHERE n.network_id = $1 AND " LATE_WAITS(
              "n") " ORDER BY n.case_id");

enum code progress_sql_waiting(struct tx *tx, waiting_fn fn, void *arg, struct err *e)
{
  struct rows r = {0};
  enum code c = db_query(tx, &q_waiting, &r, e, BINDS(b_int(tx_network(tx))));
  if (c != OK)
    return c;
  while (c == OK && rows_next(&r))
    c = fn(arg, rows_int(&r, 0), rows_int(&r, 1), rows_int(&r, 2), e);
  return rows_finish(&r, c, e);
}

#define LEADS(kana, of)                                                                                                \
  "SELECT p.case_id" kana " FROM participation p" of                                                                   \
  " WHERE p.network_id = $1 AND p.part = 'lead' AND " LIVE("p") " ORDER BY p.case_id"
STMT_READ(q_leads, "progress_leads", LEADS("", ""));
STMT_READ(
    q_leads_read, "progress_leads_read",
    LEADS(", o.kana",
          " JOIN organization o ON o.network_id = p.network_id AND o.id = p.organization_id") ", p.from_at, p.id");

enum code progress_sql_leads(struct tx *tx, bool read, lead_fn fn, void *arg, struct err *e)
{
  struct rows r = {0};
  enum code c = db_query(tx, read ? &q_leads_read : &q_leads, &r, e, BINDS(b_int(tx_network(tx)), b_int(tx_now(tx))));
  if (c != OK)
    return c;
  while (c == OK && rows_next(&r))
    c = fn(arg, rows_int(&r, 0), read ? rows_text(&r, 1) : STR_NONE, e);
  return rows_finish(&r, c, e);
}

/* ---- of a page of them ---------------------------------------------------------------------------------------------------------- */

/* $3 nobody's id */
STMT_READ(q_page, "progress_page",
          "WITH page (id) AS (" IDS_FROM_4
          ") SELECT c.id, c.person_id, c.number, c.status, c.density, c.next_date, c.last_contact_at,"
          " (SELECT count(*) FROM connection n WHERE n.network_id = $1 AND n.case_id = c.id AND " UNDER_WAY(
              "n") "), o.name,"
                   " (SELECT max(i.asked_at) FROM inquiry i WHERE i.network_id = $1 AND i.case_id = c.id"
                   "  AND i.connection_id IS NULL)"
                   " FROM page g CROSS JOIN case_file c LEFT JOIN organization o ON o.network_id = $1"
                   " AND o.id = " LEAD("organization_id") " WHERE c.network_id = $1 AND c.id = g.id AND g.id <> $3");

enum code progress_sql_page(struct tx *tx, const id64 *ids, size_t n, struct arena *a, struct clock_row *ret,
                            struct err *e)
{
  struct rows r = {0};
  struct bind binds[STMT_PARAMS_MAX] = {b_int(tx_network(tx)), b_int(tx_now(tx)), b_int(0)};
  enum code c = db_query(tx, &q_page, &r, e, binds, ids_bind(binds, 3, ids, n));
  if (c != OK)
    return c;
  while (rows_next(&r)) {
    size_t i = 0;
    while (i < n && ids[i] != rows_int(&r, 0))
      i++;
    if (i < n)
      ret[i] = (struct clock_row){.id = ids[i],
                                  .person = rows_int(&r, 1),
                                  .number = rows_text_copy(&r, 2, a),
                                  .status = rows_text_copy(&r, 3, a),
                                  .density = rows_text_copy(&r, 4, a),
                                  .next_date = rows_text_copy(&r, 5, a),
                                  .last_contact_at = rows_int(&r, 6),
                                  .open = rows_int(&r, 7),
                                  .lead_organization = rows_text_copy(&r, 8, a),
                                  .asked_at = rows_int(&r, 9)};
  }
  return rows_end(&r, e);
}

STMT_READ(q_lead, "progress_lead",
          "SELECT c.person_id, " LEAD(
              "organization_id") " FROM case_file c WHERE c.network_id = $1 AND c.id = $3 AND c.status <> 'closed'");

enum code progress_sql_lead(struct tx *tx, id64 case_id, id64 *ret_person, id64 *ret_organization, struct err *e)
{
  struct rows r = {0};
  enum code c = db_query(tx, &q_lead, &r, e, BINDS(b_int(tx_network(tx)), b_int(tx_now(tx)), b_int(case_id)));
  if (c != OK)
    return c;
  bool found = rows_next(&r);
  id64 person = found ? rows_int(&r, 0) : 0, lead = found ? rows_int(&r, 1) : 0;
  c = rows_end(&r, e);
  if (c == OK && !found)
    return err_set(e, NOT_FOUND, code_msg(NOT_FOUND));
  *ret_person = person;
  *ret_organization = lead;
  return c;
}

/* ---- asking ---------------------------------------------------------------------------------------------------------- */

STMT_READ(
    q_asked, "inquiry_asked",
    "SELECT count(*) FROM inquiry WHERE network_id = $1 AND case_id = $2 AND connection_id IS NOT DISTINCT FROM $3"
    " AND to_organization_id = $4 AND asked_at >= $5");

enum code progress_sql_asked(struct tx *tx, const struct inquiry *i, ts_t at, bool *ret, struct err *e)
{
  int64_t n = 0;
  enum code c = db_ask_int(
      tx, &q_asked, &n, e,
      BINDS(b_int(tx_network(tx)), b_int(i->case_id), b_opt(i->connection), b_int(i->to_organization), b_int(at)));
  *ret = n > 0;
  return c;
}

STMT_WRITE(q_insert, "inquiry_insert",
           "INSERT INTO inquiry (network_id, id, case_id, person_id, connection_id, from_organization_id, from_user_id,"
           " to_organization_id, asked_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)");

enum code progress_sql_insert(struct tx *tx, const struct inquiry *i, struct err *e)
{
  return db_exec(tx, &q_insert, NULL, e,
                 BINDS(b_int(tx_network(tx)), b_int(id_new(tx_now(tx))), b_int(i->case_id), b_int(i->person),
                       b_opt(i->connection), b_int(i->from_organization), b_int(i->from_user),
                       b_int(i->to_organization), b_int(tx_now(tx))));
}
