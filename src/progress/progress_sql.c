#include "progress/progress_sql.h"

#include "db/ids.h"

/* $1 the network */
/* clang-format off */
#define LEAD(column, at) \
  "(SELECT p." column " FROM participation p WHERE p.network_id = $1 AND p.case_id = c.id AND p.part = 'lead'" \
  " AND " LIVE("p", at) " ORDER BY p.from_at DESC, p.id DESC LIMIT 1)"
/* clang-format on */
#define UNDER_WAY(n) n ".state IN ('sent', 'received', 'accepted', 'in_progress')"

/* ---- of all open cases ------------------------------------------------------------------------------------------------------------ */

/* Off what stands beside a case (migration 49). $1 network, $2 silent_by, $3..$5 contact_before, $6 now, $7 today. `moving`: those that somebody
 * leads now, while one of their participations has yet to begin or to end; as a rule there is none. */
/* clang-format off */
#define OPEN "c.network_id = $1 AND c.clock_contact IS NOT NULL"
/* +: by the index of what is unsettled (case_file_settled), which is next to nothing, and not all cases of the network. */
#define UNSETTLED(at) "+c.network_id = $1 AND c.clock_contact IS NOT NULL AND c.clock_settled > " at
#define MOVING \
  "WITH moving AS (SELECT p.case_id FROM case_file c CROSS JOIN participation p WHERE +c.network_id = $1 AND c.clock_settled > $6" \
  " AND p.network_id = $1 AND p.case_id = c.id AND p.part = 'lead' AND " LIVE("p", "$6") ") "
#define LED "CASE WHEN c.clock_settled <= $6 THEN c.clock_lead <> 0 ELSE c.id IN (SELECT case_id FROM moving) END"
#define SILENT "c.clock_silent <= $2"
#define HEARD "(c.clock_silent IS NULL OR c.clock_silent > $2)"
#define MET HEARD " AND c.clock_contact >= " LATE_BEFORE("c", "$3", "$4", "$5")
/* One of these holds of an open case: the worst of what it is stuck at (enum stuck). Each lies on a stretch of an index, FAR and GOING on one for
 * each pace, UNLED on two. */
#define FAR(pace, before) "c.clock_pace = " pace " AND c.clock_contact < " before " AND " HEARD
#define UNLED "c.clock_lead = 0 AND c.clock_settled <= $6 AND " MET
#define UNLED_MOVING UNSETTLED("$6") " AND NOT " LED " AND " MET
#define DUE "c.clock_next > '' AND c.clock_next < $7 AND " MET " AND " LED
#define NO_NEXT "c.clock_next = '' AND " MET " AND " LED
#define GOING(pace, before) \
  "c.clock_pace = " pace " AND c.clock_contact >= " before " AND " HEARD " AND " LED " AND c.clock_next >= $7"

#define COUNT_OF(which) "(SELECT count(*) FROM case_file c WHERE " which ")"
#define COUNT(where) COUNT_OF(OPEN " AND " where)
STMT_READ(q_counts, "progress_counts",
          MOVING "SELECT " COUNT("c.clock_pace >= 0") ", " COUNT(SILENT) ", "
          COUNT(FAR("0", "$3")) " + " COUNT(FAR("1", "$4")) " + " COUNT(FAR("2", "$5")) ", "
          COUNT(UNLED) " + " COUNT_OF(UNLED_MOVING) ", " COUNT(DUE) ", " COUNT(NO_NEXT));

#define COLUMNS "c.id, c.clock_contact, c.clock_waiting, c.clock_next"
#define THOSE_OF(which) "SELECT " COLUMNS " FROM case_file c WHERE " which
#define THOSE(where) THOSE_OF(OPEN " AND " where)
#define PAGE(order, most, from) " ORDER BY " order " LIMIT CAST(" most " AS bigint) OFFSET CAST(" from " AS bigint)"
STMT_READ(q_silent, "progress_silent", THOSE(SILENT) PAGE("3, 1", "$3", "$4"));
STMT_READ(q_far, "progress_far", THOSE(FAR("0", "$3")) " UNION ALL " THOSE(FAR("1", "$4")) " UNION ALL " THOSE(FAR("2", "$5"))
          PAGE("2, 1", "$6", "$7"));
STMT_READ(q_unled, "progress_unled", MOVING THOSE(UNLED) " UNION ALL " THOSE_OF(UNLED_MOVING) PAGE("2, 1", "$7", "$8"));
STMT_READ(q_due, "progress_due", MOVING THOSE(DUE) PAGE("4, 2, 1", "$8", "$9"));
STMT_READ(q_no_next, "progress_no_next", MOVING THOSE(NO_NEXT) PAGE("2, 1", "$7", "$8"));
STMT_READ(q_going, "progress_going", MOVING THOSE(GOING("0", "$3")) " UNION ALL " THOSE(GOING("1", "$4")) " UNION ALL "
          THOSE(GOING("2", "$5")) PAGE("2, 1", "$8", "$9"));

/* The numbers are those of enum stuck. */
#define STUCK \
  "CASE WHEN " SILENT " THEN 0 WHEN " LATE_FAR("c", "$3", "$4", "$5") " THEN 1 WHEN NOT " LED " THEN 2" \
  " WHEN c.clock_next = '' THEN 4 WHEN c.clock_next < $7 THEN 3 ELSE 5 END"
#define EACH(text, from) MOVING "SELECT " COLUMNS ", " STUCK ", c.last_contact_at, " text " FROM case_file c" from " WHERE " OPEN
STMT_READ(q_each, "progress_each", EACH("''", ""));
STMT_READ(q_each_number, "progress_each_number", EACH("c.number", ""));
STMT_READ(q_each_lead, "progress_each_lead", EACH("o.kana", " LEFT JOIN organization o ON o.network_id = $1"
          " AND o.id = CASE WHEN c.clock_settled <= $6 AND c.clock_lead >= 0 THEN c.clock_lead ELSE " LEAD("organization_id", "$6") " END"));
/* $8 who leads: as it stands beside the case, and of the few that go over just now, or have several, as their participations say. */
#define STUCK_LED \
  "CASE WHEN " SILENT " THEN 0 WHEN " LATE_FAR("c", "$3", "$4", "$5") " THEN 1 WHEN c.clock_next = '' THEN 4 WHEN c.clock_next < $7 THEN 3 ELSE 5 END"
#define EACH_LED "SELECT " COLUMNS ", " STUCK_LED ", c.last_contact_at, c.number FROM case_file c WHERE "
#define SEVERAL(at) "c.clock_lead = -1 AND c.clock_settled <= " at
STMT_READ(q_each_of, "progress_each_of",
          EACH_LED OPEN " AND c.clock_lead = $8 AND c.clock_settled <= $6"
          " UNION ALL " EACH_LED UNSETTLED("$6") " AND " LEAD("organization_id", "$6") " = $8"
          " UNION ALL " EACH_LED OPEN " AND " SEVERAL("$6") " AND " LEAD("organization_id", "$6") " = $8");
STMT_READ(q_leaders, "progress_leaders",
          "WITH odd (id) AS (SELECT " LEAD("organization_id", "$2") " FROM case_file c WHERE " UNSETTLED("$2")
          " UNION SELECT " LEAD("organization_id", "$2") " FROM case_file c WHERE " OPEN " AND " SEVERAL("$2") ")"
          " SELECT o.id, o.name FROM organization o WHERE o.network_id = $1 AND (o.id IN (SELECT id FROM odd WHERE id IS NOT NULL)"
          " OR EXISTS (SELECT 1 FROM case_file c WHERE " OPEN " AND c.clock_lead = o.id AND c.clock_settled <= $2))"
          " ORDER BY o.kana, o.name, o.id LIMIT 1000");
/* clang-format on */

enum { LIMITS = 7 };
#define LIMITS_OF(tx, l)                                                                                               \
  b_int(tx_network(tx)), b_int((l)->silent_by), b_int((l)->contact_before[0]), b_int((l)->contact_before[1]),          \
      b_int((l)->contact_before[2]), b_int(tx_now(tx)), b_text((l)->today)

/* By enum stuck; `limits`: how many of the parameters it has before those of its page. */
static const struct {
  const struct stmt *those;
  size_t limits;
} pages[STUCK_COUNT] = {
    [STUCK_SILENCE] = {&q_silent, 2}, [STUCK_CONTACT] = {&q_far, 5},     [STUCK_NO_LEAD] = {&q_unled, 6},
    [STUCK_DUE] = {&q_due, 7},        [STUCK_NO_NEXT] = {&q_no_next, 6}, [STUCK_NOTHING] = {&q_going, 7}};

enum code progress_sql_counts(struct tx *tx, const struct late *l, int64_t ret[STUCK_COUNT], struct err *e)
{
  struct rows r = {0};
  enum code c = db_query(tx, &q_counts, &r, e, BINDS(LIMITS_OF(tx, l)));
  if (c != OK)
    return c;
  if (rows_next(&r)) {
    int64_t all = rows_int(&r, 0);
    for (int k = 0; k < STUCK_NOTHING; k++)
      all -= ret[k] = rows_int(&r, k + 1);
    ret[STUCK_NOTHING] = all;
  }
  return rows_end(&r, e);
}

static void take(const struct rows *r, enum stuck at, struct clock *ret)
{
  struct str next = rows_text(r, 3);
  *ret = (struct clock){.id = rows_int(r, 0), .contact = rows_int(r, 1), .oldest = rows_int(r, 2), .stuck = at};
  if (next.n < sizeof ret->next)
    memcpy(ret->next, next.p, next.n);
}

enum code progress_sql_stuck(struct tx *tx, const struct late *l, enum stuck at, int64_t most, int64_t from,
                             struct clock *ret, size_t *ret_n, struct err *e)
{
  struct rows r = {0};
  struct bind binds[LIMITS + 2] = {LIMITS_OF(tx, l)};
  size_t limits = pages[at].limits, n = 0;
  binds[limits] = b_int(most);
  binds[limits + 1] = b_int(from);
  enum code c = db_query(tx, pages[at].those, &r, e, binds, limits + 2);
  if (c != OK)
    return c;
  while ((int64_t)n < most && rows_next(&r))
    take(&r, at, &ret[n++]);
  c = rows_end(&r, e);
  if (c == OK)
    *ret_n = n;
  return c;
}

static enum code each(struct rows *r, clock_fn fn, void *arg, struct err *e)
{
  enum code c = OK;
  while (c == OK && rows_next(r)) {
    struct clock clock = {0};
    take(r, (enum stuck)rows_int(r, 4), &clock);
    clock.last = rows_int(r, 5);
    clock.text = rows_text(r, 6);
    c = fn(arg, &clock, e);
  }
  return rows_finish(r, c, e);
}

enum code progress_sql_each(struct tx *tx, const struct late *l, enum clock_order by, clock_fn fn, void *arg,
                            struct err *e)
{
  struct rows r = {0};
  const struct stmt *q = by == CLOCK_BY_NUMBER ? &q_each_number : by == CLOCK_BY_LEAD ? &q_each_lead : &q_each;
  enum code c = db_query(tx, q, &r, e, BINDS(LIMITS_OF(tx, l)));
  return c == OK ? each(&r, fn, arg, e) : c;
}

enum code progress_sql_each_of(struct tx *tx, const struct late *l, id64 lead, clock_fn fn, void *arg, struct err *e)
{
  struct rows r = {0};
  enum code c = db_query(tx, &q_each_of, &r, e, BINDS(LIMITS_OF(tx, l), b_int(lead)));
  return c == OK ? each(&r, fn, arg, e) : c;
}

enum code progress_sql_leaders(struct tx *tx, struct arena *a, struct doc **ret, struct err *e)
{
  struct rows r = {0};
  struct doc *list = doc_list(a);
  enum code c = db_query(tx, &q_leaders, &r, e, BINDS(b_int(tx_network(tx)), b_int(tx_now(tx))));
  if (c != OK)
    return c;
  while (rows_next(&r)) {
    struct doc *d = doc_add_map(list);
    doc_put_id(d, "id", rows_int(&r, 0));
    doc_put_str(d, "name", rows_text(&r, 1));
  }
  c = rows_end(&r, e);
  if (c == OK)
    *ret = list;
  return c;
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
                   " AND o.id = " LEAD("organization_id",
                                       "$2") " WHERE c.network_id = $1 AND c.id = g.id AND g.id <> $3");

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
              "organization_id",
              "$2") " FROM case_file c WHERE c.network_id = $1 AND c.id = $3 AND c.status <> 'closed'");

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
