#include "progress/progress_sql.h"

/* $1 network, $2 now, $3 silent_by, $4 to $6 contact_before A B C, $7 today. The numbers are those of enum stuck. */
#define LEAD                                                                                                           \
  "(SELECT p.organization_id FROM participation p WHERE p.network_id = $1 AND p.case_id = c.id AND p.part = 'lead'"    \
  " AND p.from_at <= $2 AND (p.until_at IS NULL OR p.until_at > $2) ORDER BY p.from_at DESC, p.id DESC LIMIT 1)"
#define CLOCK                                                                                                          \
  "WITH waiting AS (SELECT n.case_id, count(*) AS under_way,"                                                          \
  " min(CASE WHEN " LATE_WAITS("n") " THEN n.sent_at END) AS oldest, min(CASE WHEN " LATE_WAITS(                       \
      "n") " THEN n.silent_at END) AS silent FROM connection n"                                                        \
           " WHERE n.network_id = $1 AND n.state IN ('sent', 'received', 'accepted', 'in_progress') GROUP BY "         \
           "n.case_id),"                                                                                               \
           " seen AS (SELECT c.id, c.person_id, c.number, c.status, c.density, c.next_date, c.last_contact_at, "       \
           "w.under_way,"                                                                                              \
           " w.oldest, w.silent, " LATE_CONTACT(                                                                       \
               "c") " AS contact, " LEAD " AS lead FROM case_file c LEFT JOIN waiting w ON w.case_id = c.id"           \
                    " WHERE c.network_id = $1 AND c.status <> 'closed'),"                                              \
                    " clock AS (SELECT s.id, s.person_id, s.number, s.status, s.density, s.next_date, "                \
                    "s.last_contact_at, s.under_way,"                                                                  \
                    " s.oldest, s.contact, s.lead, CASE WHEN " LATE_SILENT(                                            \
                        "s.silent", "$3") " THEN 0"                                                                    \
                                          " WHEN " LATE_FAR("s.contact", "s.density", "$4", "$5",                      \
                                                            "$6") " THEN 1"                                            \
                                                                  " WHEN s.lead IS NULL THEN 2 WHEN s.next_date < $7 " \
                                                                  "THEN 3 WHEN COALESCE(s.next_date, '') = '' THEN 4"  \
                                                                  " ELSE 5 END AS stuck FROM seen s)"
#define LIMITS(tx, l) b_int(tx_network(tx)), b_int(tx_now(tx)), LATE_BINDS(l)

/* $8 stuck, $9 limit, $10 skip */
#define FOUND                                                                                                          \
  CLOCK ", found AS (SELECT k.id, k.person_id, k.number, k.status, k.density, k.next_date, k.last_contact_at,"         \
        " k.under_way, k.oldest, k.lead, k.stuck, CASE k.stuck WHEN 0 THEN k.oldest ELSE k.contact END AS since"       \
        " FROM clock k WHERE CAST($8 AS bigint) = -1 OR (CAST($8 AS bigint) = -2 AND k.stuck <= 2)"                    \
        " OR k.stuck = CAST($8 AS bigint))"
#define CELLS                                                                                                          \
  " SELECT g.id, g.person_id, g.number, g.status, g.density, g.next_date, g.last_contact_at, g.under_way,"             \
  " g.oldest, g.stuck, g.since, o.name,"                                                                               \
  " (SELECT max(i.asked_at) FROM inquiry i WHERE i.network_id = $1 AND i.case_id = g.id"                               \
  "  AND i.connection_id IS NULL)"                                                                                     \
  " FROM page g LEFT JOIN organization o ON o.network_id = $1 AND o.id = g.lead"
#define BY_STUCK(t)                                                                                                    \
  " ORDER BY " t ".stuck, CASE " t ".stuck WHEN 3 THEN " t ".next_date ELSE '' END, " t ".since, " t ".id"
STMT_READ(q_each, "progress_each",
          FOUND ", page AS (SELECT * FROM found f" BY_STUCK("f") " LIMIT $9 OFFSET $10)" CELLS BY_STUCK("g"));

/* $11 enum clock_order, $12 whether falling: by a text or by a number; what has none comes first. */
#define TEXT_KEY                                                                                                       \
  "CASE CAST($11 AS bigint) WHEN 1 THEN f.number WHEN 2 THEN COALESCE(n.kana, '')"                                     \
  " WHEN 4 THEN COALESCE(f.next_date, '') ELSE '' END"
#define NUMBER_KEY                                                                                                     \
  "CASE CAST($11 AS bigint) WHEN 0 THEN f.stuck WHEN 3 THEN COALESCE(f.last_contact_at, 0)"                            \
  " WHEN 5 THEN CASE WHEN f.oldest IS NULL THEN -9000000000000000000 ELSE -f.oldest END ELSE 0 END"
#define IN_ORDER                                                                                                       \
  " ORDER BY CASE WHEN $12 THEN '' ELSE text_key END, CASE WHEN $12 THEN text_key ELSE '' END DESC,"                   \
  " CASE WHEN $12 THEN -number_key ELSE number_key END, id"
STMT_READ(q_sorted, "progress_sorted",
          FOUND ", keyed AS (SELECT f.id, f.person_id, f.number, f.status, f.density, f.next_date, f.last_contact_at,"
                " f.under_way, f.oldest, f.lead, f.stuck, f.since, " TEXT_KEY " AS text_key, " NUMBER_KEY
                " AS number_key FROM found f LEFT JOIN organization n ON n.network_id = $1 AND n.id = f.lead),"
                " page AS (SELECT * FROM keyed" IN_ORDER " LIMIT $9 OFFSET $10)" CELLS
                " ORDER BY CASE WHEN $12 THEN '' ELSE g.text_key END, CASE WHEN $12 THEN g.text_key ELSE '' END DESC,"
                " CASE WHEN $12 THEN -g.number_key ELSE g.number_key END, g.id");

enum code progress_sql_each(struct tx *tx, const struct late *limits, const struct progress_view *view, int64_t limit,
                            clock_fn fn, void *arg, struct err *e)
{
  struct rows r = {0};
  int stuck = view->all ? CLOCK_ALL : view->worst ? CLOCK_WORST : (int)view->at;
  bool as_stuck = view->by == CLOCK_BY_STUCK && !view->falls;
  enum code c =
      as_stuck ? db_query(tx, &q_each, &r, e, BINDS(LIMITS(tx, limits), b_int(stuck), b_int(limit), b_int(view->skip)))
               : db_query(tx, &q_sorted, &r, e,
                          BINDS(LIMITS(tx, limits), b_int(stuck), b_int(limit), b_int(view->skip), b_int(view->by),
                                b_bool(view->falls)));
  if (c != OK)
    return c;
  while (rows_next(&r)) {
    struct clock_row row = {.id = rows_int(&r, 0),
                            .person = rows_int(&r, 1),
                            .number = rows_text(&r, 2),
                            .status = rows_text(&r, 3),
                            .density = rows_text(&r, 4),
                            .next_date = rows_text(&r, 5),
                            .last_contact_at = rows_int(&r, 6),
                            .open = rows_int(&r, 7),
                            .oldest_at = rows_int(&r, 8),
                            .stuck = (enum stuck)rows_int(&r, 9),
                            .since = rows_int(&r, 10),
                            .lead_organization = rows_text(&r, 11),
                            .asked_at = rows_int(&r, 12)};
    fn(arg, &row);
  }
  return rows_end(&r, e);
}

STMT_READ(q_counts, "progress_counts", CLOCK " SELECT k.stuck, count(*) FROM clock k GROUP BY k.stuck");

enum code progress_sql_counts(struct tx *tx, const struct late *limits, int64_t ret[STUCK_COUNT], struct err *e)
{
  struct rows r = {0};
  enum code c = db_query(tx, &q_counts, &r, e, BINDS(LIMITS(tx, limits)));
  if (c != OK)
    return c;
  for (int i = 0; i < STUCK_COUNT; i++)
    ret[i] = 0;
  while (rows_next(&r))
    ret[rows_int(&r, 0)] = rows_int(&r, 1);
  return rows_end(&r, e);
}

STMT_READ(q_lead, "progress_lead",
          "SELECT c.person_id, " LEAD
          " FROM case_file c WHERE c.network_id = $1 AND c.id = $3 AND c.status <> 'closed'");

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
