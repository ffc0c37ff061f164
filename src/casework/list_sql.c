#include "access/may.h"
#include "access/visible.h"
#include "casework/casework_sql.h"

/* ---- which cases, in which order, and how many each view has ------------------------------------------------------------- */

/* Most persons have one case, and whoever sees it sees it by one row: a manager by the participation of the organization, everybody else by
 * his assignment. Such rows have an index in the order of the list (case_more: all others). */
#define PART(p) p ".network_id = $1 AND " p ".organization_id = " VISIBLE_MANAGED " AND " VISIBLE_LIVE(p)
#define POST(a)                                                                                                        \
  a ".network_id = $1 AND " a ".user_id = " VISIBLE_WORKER " AND " a ".organization_id = $3 AND " VISIBLE_LIVE(a)
#define PLAIN(t) " AND NOT " t ".case_more"
/* clang-format off */
/* What was told to the actor's organization of the case's course stands beside its participation (h), or the actor's assignment (w); where
 * there is neither, or something is closed to the actor, it is to be asked about, and of whom. */
#define NEWEST(table, whose) \
  "(SELECT MAX(k.id) FROM " table " k WHERE k.network_id = $1 AND k.case_id = c.id AND k.organization_id = $3" whose " AND " VISIBLE_LIVE("k") ")"
#define HELD \
  " LEFT JOIN participation h ON h.network_id = $1 AND h.id = " NEWEST("participation", "") \
  " LEFT JOIN assignment w ON w.network_id = $1 AND w.id = " NEWEST("assignment", " AND k.user_id = (SELECT user_id FROM me)")
#define IN_RANGE \
  "CASE WHEN " VISIBLE_MANAGED " IS NULL THEN w.id IS NOT NULL AND NOT w.case_more ELSE h.id IS NOT NULL AND NOT h.case_more END"
#define FOUND(free) \
  " SELECT c.id, c.person_id, COALESCE(h.case_changed_at, w.case_changed_at, c.changed_at)," \
  " COALESCE(h.case_closed, w.case_closed, c.status = 'closed'), w.id IS NOT NULL, " free IN_RANGE \
  ", CASE WHEN NOT (" VISIBLE_FREE("c") ") OR COALESCE(h.id, w.id) IS NULL THEN " CASE_TELLER("c", "$4") " END FROM "
/* clang-format on */
#define CASES_OF(t) " CROSS JOIN case_file c" HELD " WHERE c.network_id = $1 AND c.person_id = " t ".person_id"
#define FREE "WITH " VISIBLE_SELF ", " VISIBLE_BARRED

/* Once for each assignment all cases of those whom the actor is assigned to; of who does not manage, those that are not plain. */
#define OWN                                                                                                            \
  FREE FOUND("") "me CROSS JOIN assignment a" CASES_OF("a") " AND " VISIBLE_MINE("a") " AND " VISIBLE_LIVE(            \
      "a") " AND " VISIBLE_FREE("a")
STMT_READ(q_own, "case_list_own", OWN " AND a.case_more");
STMT_READ(q_managed, "case_list_managed", OWN);
STMT_READ(q_more, "case_list_more",
          FREE ", more AS (SELECT DISTINCT m.person_id FROM participation m WHERE m.case_more AND " PART(
              "m") " AND " VISIBLE_FREE("m") ")" FOUND("") "more" CASES_OF("more"));
/* The cases of those whom he sees otherwise, or of whom something is closed to him (access_aside()). */
STMT_READ(q_seen, "case_list_seen",
          "WITH page (person_id) AS (" IDS_FROM_5 "), " VISIBLE_SELF
          ", " VISIBLE_BARRED FOUND(VISIBLE_FREE("c") " AND ") "page" CASES_OF("page"));

static enum code each(struct rows *r, listed_fn fn, void *arg, struct err *e)
{
  enum code c = OK;
  while (c == OK && rows_next(r)) {
    struct listed_case row = {.id = rows_int(r, 0),
                              .person = rows_int(r, 1),
                              .changed_at = rows_int(r, 2),
                              .closed = rows_bool(r, 3),
                              .mine = rows_bool(r, 4),
                              .plain = rows_bool(r, 5),
                              .teller = rows_int(r, 6)};
    c = fn(arg, &row, e);
  }
  return rows_finish(r, c, e);
}

static enum code seen(struct tx *tx, const struct scope *list, const id64 *persons, size_t n, listed_fn fn, void *arg,
                      struct err *e)
{
  struct rows r = {0};
  struct bind binds[STMT_PARAMS_MAX];
  enum code c = db_query(tx, &q_seen, &r, e, binds, visible_page(binds, list, tx_now(tx), persons, n));
  return c == OK ? each(&r, fn, arg, e) : c;
}

static enum code rest(struct tx *tx, const struct scope *list, listed_fn fn, void *arg, struct err *e)
{
  const id64 *ids = NULL;
  size_t n = 0;
  enum code c = access_aside(tx, list, &ids, &n, e);
  for (size_t i = 0; c == OK && i < n; i += LIMIT_PAGE_ROWS)
    c = seen(tx, list, ids + i, n - i < LIMIT_PAGE_ROWS ? n - i : LIMIT_PAGE_ROWS, fn, arg, e);
  return c;
}

enum code case_sql_few(struct tx *tx, const struct scope *list, listed_fn fn, void *arg, struct err *e)
{
  struct rows r = {0};
  bool managed = scope_manages(list);
  enum code c = db_query(tx, managed ? &q_managed : &q_own, &r, e, BINDS(VISIBLE_BINDS(list, tx_now(tx))));
  c = c == OK ? each(&r, fn, arg, e) : c;
  if (c == OK && managed)
    c = db_query(tx, &q_more, &r, e, BINDS(VISIBLE_BINDS(list, tx_now(tx))));
  c = c == OK && managed ? each(&r, fn, arg, e) : c;
  return c == OK ? rest(tx, list, fn, arg, e) : c;
}

/* $5 closed, $6 and $7 the cursor, $8 limit */
#define RANGED(t)                                                                                                      \
  PLAIN(t)                                                                                                             \
  " AND " VISIBLE_FREE(t) " AND " t ".case_closed = $5 AND " t ".case_changed_at <= $6 AND (" t                        \
                          ".case_changed_at < $6 OR " t ".case_id < $7) ORDER BY " t ".case_changed_at DESC, " t       \
                          ".case_id DESC LIMIT $8"
STMT_READ(q_ranged, "case_list_ranged",
          FREE " SELECT p.case_id, p.person_id, p.case_changed_at, p.case_closed, FALSE, TRUE, CAST(NULL AS bigint) "
               "FROM participation p"
               " WHERE " PART("p") RANGED("p"));
STMT_READ(q_posts, "case_list_posts",
          FREE " SELECT a.case_id, a.person_id, a.case_changed_at, a.case_closed, TRUE, TRUE, CAST(NULL AS bigint) "
               "FROM assignment a"
               " WHERE " POST("a") RANGED("a"));

enum code case_sql_ranged(struct tx *tx, const struct scope *list, const struct case_range *range, listed_fn fn,
                          void *arg, struct err *e)
{
  struct rows r = {0};
  enum code c = db_query(tx, scope_manages(list) ? &q_ranged : &q_posts, &r, e,
                         BINDS(VISIBLE_BINDS(list, tx_now(tx)), b_bool(range->closed), b_int(range->before.at),
                               b_int(range->before.id), b_int(range->limit)));
  return c == OK ? each(&r, fn, arg, e) : c;
}

/* All plain rows less those of persons who are barred: the first are counted on the index alone, the second are few. */
#define BARRED(from, whose, closed)                                                                                    \
  " - (SELECT count(*) FROM barred CROSS JOIN " from " t WHERE t.person_id = barred.person_id AND " whose("t")         \
      PLAIN("t") " AND t.case_closed = " closed ")"
#define COUNTED(from, whose, closed)                                                                                   \
  "(SELECT count(*) FROM " from " t WHERE " whose("t") PLAIN("t") " AND t.case_closed = " closed                       \
                                                                  ")" BARRED(from, whose, closed)
/* The same, where they are thousands: what lasts and what ends are each a stretch of an index, counted without looking at the rows. */
#define STRETCH(closed, until)                                                                                         \
  "(SELECT count(*) FROM participation t WHERE t.network_id = $1 AND t.organization_id = " VISIBLE_MANAGED PLAIN(      \
      "t") " AND t.case_closed = " closed " AND t.until_at " until " AND t.from_at <= $4)"
#define MANAGED(closed) STRETCH(closed, "IS NULL") " + " STRETCH(closed, "> $4") BARRED("participation", PART, closed)
STMT_READ(q_counts, "case_list_counts", FREE " SELECT " MANAGED("FALSE") ", " MANAGED("TRUE"));
STMT_READ(q_own_counts, "case_list_own_counts",
          FREE " SELECT " COUNTED("assignment", POST, "FALSE") ", " COUNTED("assignment", POST, "TRUE"));

enum code case_sql_counts(struct tx *tx, const struct scope *list, int64_t *ret_open, int64_t *ret_closed,
                          struct err *e)
{
  struct rows r = {0};
  int64_t n[2] = {0};
  enum code c =
      db_query(tx, scope_manages(list) ? &q_counts : &q_own_counts, &r, e, BINDS(VISIBLE_BINDS(list, tx_now(tx))));
  if (c != OK)
    return c;
  bool any = rows_next(&r);
  for (int i = 0; any && i < 2; i++)
    n[i] = rows_int(&r, i);
  c = rows_end(&r, e);
  if (c == OK) {
    *ret_open = n[0];
    *ret_closed = n[1];
  }
  return c;
}

/* ---- the clocks that a chosen order goes by ---------------------------------------------------------------------------------- */

/* $2 is nobody, $3 the instant */
STMT_READ(q_clocks, "case_clocks",
          "WITH page (person_id) AS (" IDS_FROM_4
          ") SELECT c.id, c.number, c.status, c.density, c.next_date, c.last_contact_at, " CASE_LEAD(
              "c.id", "$3") ", c.author_organization_id FROM page g CROSS JOIN case_file c"
                            " WHERE c.network_id = $1 AND c.person_id = g.person_id AND g.person_id <> $2");

enum code case_sql_clocks(struct tx *tx, const struct scope *list, const id64 *persons, size_t n, case_clock_fn fn,
                          void *arg, struct err *e)
{
  struct rows r = {0};
  struct bind binds[STMT_PARAMS_MAX] = {b_int(tx_network(tx)), b_int(0), b_int(tx_now(tx))};
  enum code c = db_query(tx, &q_clocks, &r, e, binds, ids_bind(binds, 3, persons, n));
  if (c != OK)
    return c;
  while (rows_next(&r))
    fn(arg, &(struct case_clock){.id = rows_int(&r, 0),
                                 .number = rows_text(&r, 1),
                                 .status = rows_text(&r, 2),
                                 .density = rows_text(&r, 3),
                                 .next_date = rows_text(&r, 4),
                                 .last_contact_at = rows_int(&r, 5),
                                 .lead_organization = rows_int(&r, 6),
                                 .teller = case_teller(rows_int(&r, 6), rows_int(&r, 7))});
  return rows_end(&r, e);
}

/* ---- what a list of cases is narrowed by --------------------------------------------------------------------------------------- */

STMT_READ(
    q_assigned_to, "case_assigned_to",
    "SELECT DISTINCT s.case_id FROM assignment s WHERE s.network_id = $1 AND s.user_id = $2 AND s.organization_id = $3"
    " AND " LIVE("s", "$4") " ORDER BY s.case_id");

enum code case_sql_assigned_to(struct tx *tx, const struct scope *list, id64 user, struct arena *a, id64 **ret,
                               size_t *ret_n, struct err *e)
{
  struct rows r = {0};
  id64 *ids = NULL;
  size_t n = 0, room = 0;
  enum code c = db_query(tx, &q_assigned_to, &r, e,
                         BINDS(b_int(tx_network(tx)), b_int(user), b_int(scope_organization(list)), b_int(tx_now(tx))));
  if (c != OK)
    return c;
  while (c == OK && rows_next(&r)) {
    if (n == room) {
      size_t more = room ? 2 * room : 256;
      ids = arena_grow(a, ids, room * sizeof *ids, more * sizeof *ids);
      room = more;
    }
    if (ids)
      ids[n++] = rows_int(&r, 0);
    else
      c = err_oom(e);
  }
  c = rows_finish(&r, c, e);
  *ret = ids;
  *ret_n = c == OK ? n : 0;
  return c;
}

STMT_READ(q_colleagues, "case_colleagues",
          "SELECT w.id, w.name FROM (SELECT DISTINCT u.id, u.name, u.kana FROM membership m JOIN user_account u"
          " ON u.network_id = m.network_id AND u.id = m.user_id WHERE m.network_id = $1 AND m.organization_id = $2"
          " AND m.role IN " MAY_STAND_IN
          " AND " LIVE("m", "$3") " AND u.disabled_at IS NULL) AS w ORDER BY w.kana, w.id LIMIT 500");

enum code case_sql_colleagues(struct tx *tx, const struct scope *list, struct arena *a, struct doc **ret, struct err *e)
{
  return db_ask_list(tx, &q_colleagues, KEYS("#id", "name"), a, ret, e,
                     BINDS(b_int(tx_network(tx)), b_int(scope_organization(list)), b_int(tx_now(tx))));
}

/* Those outside have nobody who could lead; who has left may have led. */
STMT_READ(q_leaders, "case_leaders",
          "SELECT o.id, o.name FROM organization o WHERE o.network_id = $1 AND o.circle <> 'outside'"
          " ORDER BY CASE WHEN o.id = $2 THEN 0 ELSE 1 END, o.name, o.id LIMIT 500");

enum code case_sql_leaders(struct tx *tx, const struct scope *list, struct arena *a, struct doc **ret, struct err *e)
{
  return db_ask_list(tx, &q_leaders, KEYS("#id", "name"), a, ret, e,
                     BINDS(b_int(tx_network(tx)), b_int(scope_organization(list))));
}

/* ---- what stands in the lines of one page ---------------------------------------------------------------------------------- */

/* $2 the organization, $3 the instant. Names of the few organizations and workers of a page are asked apart (case_lines). */
#define LEAD_USER                                                                                                      \
  " (SELECT s.user_id FROM assignment s WHERE s.network_id = $1 AND s.case_id = c.id AND s.lead AND " LIVE(            \
      "s", "$3") " ORDER BY s.from_at DESC, s.id DESC LIMIT 1)"
/* What beside says is not there is not looked for (migration 36); CASE, since SQLite looks at both sides of AND. */
#define UNDER_WAY                                                                                                      \
  " CASE WHEN (c.beside & 1) = 0 THEN 0 ELSE (SELECT count(*) FROM connection n WHERE n.network_id = $1"               \
  " AND n.case_id = c.id AND n.sent_at IS NOT NULL AND n.closed_at IS NULL"                                            \
  " AND (n.from_organization_id = $2 OR n.to_organization_id = $2)) END"
#define CONCEALED                                                                                                      \
  " CASE WHEN (c.beside & 2) = 0 THEN FALSE ELSE EXISTS (SELECT 1 FROM concealment x WHERE x.network_id = $1"          \
  " AND x.person_id = c.person_id AND " LIVE("x", "$3") ") END"
#define UNCONFIRMED " CASE WHEN (c.beside & 4) = 0 THEN FALSE ELSE " CASE_UNCONFIRMED " END"
STMT_READ(q_lines, "case_lines",
          "WITH page (id, person_id) AS (" ID_PAIRS_FROM_4
          ") SELECT c.id, c.number, c.status, c.density, c.next_date, c.last_contact_at, " CASE_LEAD(
              "c.id", "$3") "," LEAD_USER "," UNDER_WAY "," CONCEALED ", c.person_id," UNCONFIRMED
                            ", c.author_organization_id, " CASE_MOVED
                            " FROM page g CROSS JOIN case_file c WHERE c.network_id = $1 AND c.person_id = g.person_id"
                            " AND c.id + 0 = g.id" /* + 0: by the person, whose index holds it all */);

static struct case_line line_of(const struct rows *r, struct arena *a)
{
  return (struct case_line){.id = rows_int(r, 0),
                            .number = rows_text_copy(r, 1, a),
                            .status = rows_text_copy(r, 2, a),
                            .density = rows_text_copy(r, 3, a),
                            .next_date = rows_text_copy(r, 4, a),
                            .last_contact_at = rows_int(r, 5),
                            .lead_organization_id = rows_int(r, 6),
                            .lead_user_id = rows_int(r, 7),
                            .open_connections = rows_int(r, 8),
                            .concealed = rows_bool(r, 9),
                            .person = rows_int(r, 10),
                            .unconfirmed = rows_bool(r, 11),
                            .author_organization_id = rows_int(r, 12),
                            .moved = rows_bool(r, 13)};
}

static void line_take(struct case_line *lines, const id64 *ids, size_t n, const struct case_line *line)
{
  for (size_t i = 0; i < n; i++)
    if (ids[i] == line->id)
      lines[i] = *line;
}

enum code case_sql_lines(struct tx *tx, const struct scope *list, const id64 *ids, const id64 *persons, size_t n,
                         struct arena *a, struct case_line *ret, struct err *e)
{
  struct rows r = {0};
  struct bind binds[STMT_PARAMS_MAX] = {b_int(tx_network(tx)), b_int(scope_organization(list)), b_int(tx_now(tx))};
  size_t count = ids_bind(binds, ids_bind(binds, 3, ids, n), persons, n);
  enum code c = db_query(tx, &q_lines, &r, e, binds, count);
  if (c != OK)
    return c;
  while (rows_next(&r)) {
    struct case_line line = line_of(&r, a);
    line_take(ret, ids, n, &line);
  }
  return rows_end(&r, e);
}
