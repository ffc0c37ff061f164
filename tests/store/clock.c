/* clock.c: 進行状況 holds exactly the open cases, each at the worst that it is stuck at, in their order and counted, in generated towns whose cases,
 * leads and connections change; on both engines. */
#include "base/clock.h"
#include "access/scope.h"
#include "progress/progress.h"
#include "town.h"

enum { NETWORKS = 8, ROUNDS = 3 };

/* ---- towns that change ---------------------------------------------------------------------------------------------------- */

STMT_READ(q_cases, "tk_cases", "SELECT id FROM case_file WHERE network_id = $1 ORDER BY id");
STMT_WRITE(q_case, "tk_case",
           "UPDATE case_file SET status = $3, density = $4, last_contact_at = $5, next_date = $6, opened_at = $7 WHERE "
           "network_id = $1 AND id = $2");
STMT_WRITE(
    q_another, "tk_another",
    "INSERT INTO case_file (network_id, id, person_id, number, status, author_organization_id, opened_at, changed_at)"
    " SELECT network_id, id + 50000, person_id, number || 'b', 'intake', 101, 0, 0 FROM case_file"
    " WHERE network_id = $1 AND id % 3 = $2 ON CONFLICT DO NOTHING");
STMT_WRITE(q_wait, "tk_wait",
           "UPDATE connection SET state = CASE WHEN id % 3 = $2 THEN 'answered' ELSE 'sent' END,"
           " sent_at = CAST($3 AS bigint) + id % 7, silent_at = CAST($4 AS bigint) + (id % 5) * 86400000 WHERE "
           "network_id = $1 AND id % 2 = $5");
STMT_WRITE(q_lead, "tk_lead",
           "UPDATE participation SET part = CASE WHEN id % 3 = $2 THEN 'partner' ELSE 'lead' END,"
           " until_at = CASE WHEN id % 4 = $3 THEN CAST($4 AS bigint) END WHERE network_id = $1 AND id % 2 = $5");
STMT_WRITE(q_left, "tk_left", "DELETE FROM participation WHERE network_id = $1 AND id % 11 = $2");
STMT_WRITE(q_move, "tk_move",
           "UPDATE participation SET case_id = (SELECT max(c.id) FROM case_file c WHERE c.network_id = $1 AND "
           "c.person_id = participation.person_id)"
           " WHERE network_id = $1 AND id % 5 = $2");
STMT_WRITE(q_forgotten, "tk_forgotten", "DELETE FROM connection WHERE network_id = $1 AND id % 13 = $2");

STMT_WRITE(
    q_coordinator, "tk_coordinator",
    "UPDATE membership SET role = 'coordinator', from_at = 0, until_at = NULL WHERE network_id = $1 AND id = $2");

/* Days around today: few, so that many cases are alike. */
static ts_t some_day(struct rng *r)
{
  return date_start_ts(date_add_days(date_of_ts(WORLD_T), -(int)rng_below(r, 9) * 12)) + rng_below(r, 2) * MS_HOUR;
}

static enum code change_case(struct tx *tx, struct town *t, id64 id, struct err *e)
{
  static const char *const densities[] = {"A", "B", "C", "B"};
  struct date next = date_add_days(date_of_ts(WORLD_T), (int)rng_below(&t->rng, 5) - 2);
  return db_exec(
      tx, &q_case, NULL, e,
      BINDS(b_int(t->network), b_int(id), b_text(rng_chance(&t->rng, 20) ? S("closed") : S("active")),
            b_text(str_from(densities[rng_below(&t->rng, 4)])), b_opt(rng_chance(&t->rng, 70) ? some_day(&t->rng) : 0),
            b_text_opt(rng_chance(&t->rng, 70) ? date_iso(tx_arena(tx), next) : STR_NONE), b_int(some_day(&t->rng))));
}

static enum code change(struct tx *tx, void *arg, struct err *e)
{
  struct town *t = arg;
  struct rng *g = &t->rng;
  id64 ids[400], net = t->network;
  size_t n = 0;
  struct rows r = {0};
  enum code c = db_query(tx, &q_cases, &r, e, BINDS(b_int(net)));
  while (c == OK && n < 400 && rows_next(&r))
    ids[n++] = rows_int(&r, 0);
  c = c == OK ? rows_end(&r, e) : c;
  if (c == OK)
    c = db_exec(tx, &q_coordinator, NULL, e, BINDS(b_int(net), b_int(t->w[0].f.memberships[0].id)));
  for (size_t i = 0; c == OK && i < n; i++)
    c = rng_chance(g, 80) ? change_case(tx, t, ids[i], e) : OK;
  if (c == OK)
    c = db_exec(tx, &q_another, NULL, e, BINDS(b_int(net), b_int(rng_below(g, 3))));
  if (c == OK)
    c = db_exec(tx, &q_wait, NULL, e,
                BINDS(b_int(net), b_int(rng_below(g, 3)), b_int(some_day(g)),
                      b_int(date_start_ts(date_of_ts(WORLD_T)) - MS_DAY), b_int(rng_below(g, 2))));
  if (c == OK)
    c = db_exec(tx, &q_lead, NULL, e,
                BINDS(b_int(net), b_int(rng_below(g, 3)), b_int(rng_below(g, 4)), b_int(rng_instant(g)),
                      b_int(rng_below(g, 2))));
  if (c == OK)
    c = db_exec(tx, &q_move, NULL, e, BINDS(b_int(net), b_int(rng_below(g, 5))));
  if (c == OK)
    c = db_exec(tx, &q_left, NULL, e, BINDS(b_int(net), b_int(rng_below(g, 11))));
  return c == OK ? db_exec(tx, &q_forgotten, NULL, e, BINDS(b_int(net), b_int(rng_below(g, 13)))) : c;
}

/* ---- what holds ------------------------------------------------------------------------------------------------------------ */

/* Taken from the rows themselves. $1 network, $2 now, $3 start of today, $4..$6 starts of the days that are 14, 30 and 90 ago, $7 today */
/* clang-format off */
#define OF_LEAD "p.network_id = $1 AND p.case_id = c.id AND p.part = 'lead' AND p.from_at <= $2 AND (p.until_at IS NULL OR p.until_at > $2)"
#define KINDS \
  "WITH held AS (SELECT c.id, c.number, c.last_contact_at AS last, COALESCE(c.last_contact_at, c.opened_at) AS contact," \
  " COALESCE(c.next_date, '') AS next_date, CASE c.density WHEN 'A' THEN CAST($4 AS bigint) WHEN 'C' THEN CAST($6 AS bigint)" \
  " ELSE CAST($5 AS bigint) END AS before, EXISTS (SELECT 1 FROM participation p WHERE " OF_LEAD ") AS led," \
  " (SELECT o.kana FROM participation p JOIN organization o ON o.network_id = $1 AND o.id = p.organization_id WHERE " OF_LEAD \
  "  ORDER BY p.from_at DESC, p.id DESC LIMIT 1) AS kana," \
  " (SELECT min(n.sent_at) FROM connection n WHERE n.network_id = $1 AND n.case_id = c.id AND n.state IN ('sent', 'received')) AS waiting," \
  " EXISTS (SELECT 1 FROM connection n WHERE n.network_id = $1 AND n.case_id = c.id AND n.state IN ('sent', 'received')" \
  "  AND n.silent_at <= $3) AS silent FROM case_file c WHERE c.network_id = $1 AND c.status <> 'closed'" \
  "), kinds AS (SELECT h.*, CASE WHEN silent THEN 0 WHEN contact < before THEN 1 WHEN NOT led THEN 2 WHEN next_date = '' THEN 4" \
  " WHEN next_date < $7 THEN 3 ELSE 5 END AS stuck FROM held h) SELECT id, stuck FROM kinds ORDER BY "
#define BY_STUCK \
  "stuck, CASE stuck WHEN 3 THEN next_date ELSE '' END, CASE stuck WHEN 0 THEN waiting ELSE contact END, id"
STMT_READ(q_stuck, "tk_stuck", KINDS BY_STUCK);
STMT_READ(q_number, "tk_number", KINDS "number, id");
STMT_READ(q_kana, "tk_kana", KINDS "COALESCE(kana, ''), id");
STMT_READ(q_last, "tk_last", KINDS "COALESCE(last, 0) DESC, id");
STMT_READ(q_next, "tk_next", KINDS "next_date, id");
STMT_READ(q_waiting, "tk_waiting", KINDS "CASE WHEN waiting IS NULL THEN 0 ELSE 1 END DESC, waiting, id");
/* clang-format on */
static const struct order {
  const struct stmt *q;
  enum clock_order by;
  bool falls;
} orders[] = {{&q_stuck, CLOCK_BY_STUCK, false}, {&q_number, CLOCK_BY_NUMBER, false},
              {&q_kana, CLOCK_BY_LEAD, false},   {&q_last, CLOCK_BY_LAST, true},
              {&q_next, CLOCK_BY_NEXT, false},   {&q_waiting, CLOCK_BY_WAITING, true}};

struct question {
  struct actor who;
  struct arena *a;
  struct order order;
  int at; /* of which kind, -1: all */
  ts_t day;
  int64_t seen[STUCK_COUNT];
};

static void compare_counts(const struct doc *page, const int64_t counts[STUCK_COUNT])
{
  char text[24];
  for (size_t k = 0; k < STUCK_COUNT; k++) {
    snprintf(text, sizeof text, "%lld", (long long)counts[k]);
    assert_true(str_is(doc_get_str(doc_at(doc_get(page, "views"), k + 1), "count"), text));
  }
}

/* Pages of the list, one after the other, against the rows. */
static enum code compare(struct tx *tx, void *arg, struct err *e)
{
  struct question *q = arg;
  const struct scope *s = NULL;
  struct reader who = {.lang = LANG_JA, .today = date_of_ts(q->day)};
  struct progress_view view = {.all = q->at < 0,
                               .at = q->at < 0 ? STUCK_NOTHING : (enum stuck)q->at,
                               .by = q->order.by,
                               .falls = q->order.falls};
  ts_t before[3] = {0};
  struct doc *page = NULL;
  struct rows r = {0};
  int64_t counts[STUCK_COUNT] = {0};
  size_t at = 0;
  static const int days[] = {14, 30, 90};
  for (int i = 0; i < 3; i++)
    before[i] = date_start_ts(date_add_days(who.today, -days[i]));
  enum code c = access_open_network(tx, &q->who, ACTION_CLOCK_LIST, &s, e);
  if (c == OK)
    c = progress_page(tx, s, &view, q->a, &who, &page, e);
  if (c == OK)
    c = db_query(tx, q->order.q, &r, e,
                 BINDS(b_int(tx_network(tx)), b_int(tx_now(tx)), b_int(date_start_ts(who.today)), b_int(before[0]),
                       b_int(before[1]), b_int(before[2]), b_text(date_iso(q->a, who.today))));
  while (c == OK && rows_next(&r)) {
    int64_t stuck = rows_int(&r, 1);
    const struct doc *cases = doc_get(page, "cases");
    counts[stuck]++;
    if (q->at >= 0 && stuck != q->at)
      continue;
    if (at == doc_size(cases) && doc_get_bool(page, "has_more")) {
      view.skip += (int64_t)at;
      c = progress_page(tx, s, &view, q->a, &who, &page, e);
      cases = doc_get(page, "cases");
      at = 0;
    }
    assert_true(at < doc_size(cases));
    assert_true(str_eq(doc_get_str(doc_at(cases, at++), "id"), id_text(q->a, rows_int(&r, 0))));
  }
  c = rows_finish(&r, c, e);
  if (c != OK)
    return c;
  assert_int_equal(at, doc_size(doc_get(page, "cases")));
  assert_false(doc_get_bool(page, "has_more"));
  compare_counts(page, counts);
  for (int k = 0; k < STUCK_COUNT; k++)
    q->seen[k] += counts[k];
  return OK;
}

static void ask_all(struct store *s, struct town *t, int64_t seen[STUCK_COUNT])
{
  struct err e = {0};
  struct question q = {.a = arena_new(8 << 20), .who = town_actor(t, &t->w[0].f.memberships[0])};
  q.who.role = ROLE_COORDINATOR; /* whatever it may see of persons: the clock is of all cases */
  for (int i = 0; i < 8; i++) {
    struct db_who service = {.network = t->network, .service = true, .at = i % 2 ? rng_instant(&t->rng) : WORLD_T};
    q.day = WORLD_T + (ts_t)rng_below(&t->rng, 3) * MS_DAY;
    q.order = orders[i < 6 ? i : 0];
    q.at = i % 2 ? (int)rng_below(&t->rng, STUCK_COUNT) : -1;
    ok(db_read(s->db, &service, compare, &q, &e));
    arena_reset(q.a);
  }
  for (int k = 0; k < STUCK_COUNT; k++)
    seen[k] += q.seen[k];
  arena_free(q.a);
}

static void the_clock_is_what_the_cases_are(void **state)
{
  struct store s;
  struct err e = {0};
  int64_t seen[STUCK_COUNT] = {0};
  static struct town t;
  store_new(&s, STORE_OWNER);
  for (int n = 0; n < NETWORKS; n++) {
    struct db_who service = {.network = 1 + n, .service = true};
    town_make(&t, n);
    ok(db_write(s.db, "town_put", &service, town_put, &t, &e));
    for (int i = 0; i < ROUNDS; i++) {
      ok(db_write(s.db, "change", &service, change, &t, &e));
      ask_all(&s, &t, seen);
    }
  }
  for (int k = 0; k < STUCK_COUNT; k++)
    assert_true(seen[k] > NETWORKS);
  store_free(&s);
}

STORE_MAIN(cmocka_unit_test(the_clock_is_what_the_cases_are))
