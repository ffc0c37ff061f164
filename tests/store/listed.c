/* listed.c: the list of cases, whose lines and counts come off indexes, holds exactly the cases of the persons whom VISIBLE yields, in
 * generated towns whose cases close, reopen and change; on both engines. */
#include "access/visible.h"
#include "base/clock.h"
#include "casework/casework.h"
#include "casework/handover_sql.h"
#include "town.h"

enum { NETWORKS = 12, ROUNDS = 2 };

STMT_WRITE(q_shuffle, "tl_shuffle",
           "UPDATE case_file SET status = $3, changed_at = $4 WHERE network_id = $1 AND id = $2");
/* $3 how many of ten organizations are told */
#define TELLS(table)                                                                                                   \
  "UPDATE " table " SET case_closed = (SELECT c.status = 'closed' FROM case_file c WHERE c.network_id = $1"            \
  " AND c.id = case_id), case_changed_at = (SELECT c.changed_at FROM case_file c WHERE c.network_id = $1"              \
  " AND c.id = case_id) WHERE network_id = $1 AND (case_id + organization_id * 7 + $2) % 10 < $3"
STMT_WRITE(q_told_parts, "tl_told_parts", TELLS("participation"));
STMT_WRITE(q_told_posts, "tl_told_posts", TELLS("assignment"));
STMT_READ(q_cases, "tl_cases", "SELECT id FROM case_file WHERE network_id = $1 ORDER BY id");
STMT_WRITE(
    q_another, "tl_another",
    "INSERT INTO case_file (network_id, id, person_id, number, status, author_organization_id, opened_at, changed_at)"
    " SELECT network_id, id + 50000, person_id, number || 'b', 'intake', 101, 0, 0 FROM case_file"
    " WHERE network_id = $1 AND id % 3 = $2 ON CONFLICT DO NOTHING");
/* $5 view, $6 user: as the list was before it had indexes of its own. Its place is what the organization was told last; who is told nothing apart
 * from that is asked about: a stranger to the case, and of whom something is closed. */
/* clang-format off */
#define TOLD_BY(table, column, whose) \
  "(SELECT k." column " FROM " table " k WHERE k.network_id = $1 AND k.case_id = c.id AND k.organization_id = $3" whose \
  " AND " VISIBLE_LIVE("k") " ORDER BY k.from_at DESC, k.id DESC LIMIT 1)"
#define TOLD(column) TOLD_BY("participation", column, "") ", " TOLD_BY("assignment", column, " AND k.user_id = $6")
#define BARRED \
  "EXISTS (SELECT 1 FROM fact_restriction r WHERE r.network_id = $1 AND r.person_id = c.person_id" \
  " AND (r.organization_id = $3 OR r.user_id = $6) AND " VISIBLE_LIVE("r") ")"
#define TELLER \
  "COALESCE((SELECT p.organization_id FROM participation p WHERE p.network_id = $1 AND p.case_id = c.id AND p.part = 'lead'" \
  " AND " VISIBLE_LIVE("p") " ORDER BY p.from_at DESC, p.id DESC LIMIT 1), c.author_organization_id)"
#define UNTOLD \
  "(COALESCE(" TOLD("id") ") IS NULL OR " BARRED ") AND " TELLER " <> $3 AND (v.other_cats & 1) = 0"
#define PLACE(column, real, none) "CASE WHEN " UNTOLD " THEN " none " ELSE COALESCE(" TOLD(column) ", " real ") END"
/* clang-format on */
STMT_READ(q_plain, "tl_plain",
          "WITH v AS (" VISIBLE
          "), all_cases AS (SELECT c.id, " PLACE("case_changed_at", "c.changed_at", "0") " AS changed_at, " PLACE(
              "case_closed", "c.status = 'closed'",
              "FALSE") " AS closed, EXISTS (SELECT 1"
                       " FROM assignment s WHERE s.network_id = $1 AND s.case_id = c.id AND s.user_id = $6 AND "
                       "s.organization_id = $3"
                       " AND s.from_at <= $4 AND (s.until_at IS NULL OR s.until_at > $4)) AS mine"
                       " FROM v JOIN case_file c ON c.network_id = $1 AND c.person_id = v.person_id)"
                       " SELECT id FROM all_cases WHERE CASE CAST($5 AS bigint) WHEN 0 THEN mine AND NOT closed WHEN 1 "
                       "THEN NOT closed"
                       " ELSE closed END ORDER BY changed_at DESC, id DESC");

/* What a list does not look for beside a case is not there. */
STMT_READ(q_beside, "tl_beside",
          "SELECT count(*) FROM case_file c WHERE c.network_id = $1 AND ("
          "((c.beside & 1) = 0 AND EXISTS (SELECT 1 FROM connection n WHERE n.network_id = $1 AND n.case_id = c.id))"
          " OR ((c.beside & 2) = 0"
          "  AND EXISTS (SELECT 1 FROM concealment x WHERE x.network_id = $1 AND x.person_id = c.person_id))"
          " OR ((c.beside & 4) = 0"
          "  AND EXISTS (SELECT 1 FROM ledger_case l WHERE l.network_id = $1 AND l.case_id = c.id)))");
STMT_READ(q_said, "tl_said", "SELECT count(*) FROM case_file c WHERE c.network_id = $1 AND c.beside <> 0");

static enum code nothing_unsaid(struct tx *tx, void *arg, struct err *e)
{
  int64_t unsaid = 0, said = 0;
  enum code c = db_ask_int(tx, &q_beside, &unsaid, e, BINDS(b_int(tx_network(tx))));
  if (c == OK)
    c = db_ask_int(tx, &q_said, &said, e, BINDS(b_int(tx_network(tx))));
  assert_int_equal(unsaid, 0);
  *(int64_t *)arg += said;
  return c;
}

/* Who works on how many of the open cases of those who are seen: 引き継ぎ. $5 whoever was assigned to them, or else those alone who ever belonged to the
 * organization: a manager's way counts by its members. */
STMT_READ(
    q_workers, "tl_workers",
    "WITH v AS (" VISIBLE ") SELECT s.user_id, count(*) FROM v JOIN assignment s ON s.network_id = $1"
    " AND s.person_id = v.person_id WHERE s.organization_id = $3 AND NOT s.case_closed AND " VISIBLE_LIVE(
        "s") " AND ($5 OR EXISTS (SELECT 1 FROM membership m WHERE m.network_id = $1 AND m.user_id = s.user_id AND "
             "m.organization_id = $3))"
             " GROUP BY s.user_id ORDER BY s.user_id");

struct question {
  struct town *t;
  struct actor who;
  struct arena *a;
  enum case_view view;
  int64_t lines, workers;
};

static enum code shuffle(struct tx *tx, void *arg, struct err *e)
{
  struct town *t = arg;
  id64 ids[400];
  size_t n = 0;
  struct rows r = {0};
  enum code c = db_query(tx, &q_cases, &r, e, BINDS(b_int(t->network)));
  while (c == OK && n < 400 && rows_next(&r))
    ids[n++] = rows_int(&r, 0);
  c = c == OK ? rows_end(&r, e) : c;
  for (size_t i = 0; c == OK && i < n; i++)
    c = db_exec(tx, &q_shuffle, NULL, e,
                BINDS(b_int(t->network), b_int(ids[i]), b_text(rng_chance(&t->rng, 40) ? S("closed") : S("active")),
                      b_int(rng_below(&t->rng, 6)))); /* few instants: many cases of one */
  const struct bind some[] = {b_int(t->network), b_int(rng_below(&t->rng, 10)), b_int(6)};
  if (c == OK)
    c = db_exec(tx, &q_told_parts, NULL, e, some, 3);
  if (c == OK)
    c = db_exec(tx, &q_told_posts, NULL, e, some, 3);
  return c == OK ? db_exec(tx, &q_another, NULL, e, BINDS(b_int(t->network), b_int(rng_below(&t->rng, 3)))) : c;
}

static bool is_there(const struct doc *list, struct str id, struct str count)
{
  for (size_t i = 0; i < doc_size(list); i++)
    if (str_eq(doc_get_str(doc_at(list, i), "id"), id))
      return str_eq(doc_get_str(doc_at(list, i), "count"), count);
  return false;
}

static enum code compare_workers(struct tx *tx, const struct scope *s, struct question *q, struct err *e)
{
  struct rows r = {0};
  struct doc *list = NULL;
  size_t n = 0;
  bool all = q->who.role == ROLE_WORKER;
  enum code c = handover_sql_workers(tx, s, q->a, &list, e);
  if (c == OK)
    c = db_query(tx, &q_workers, &r, e, BINDS(VISIBLE_BINDS(s, tx_now(tx)), b_bool(all)));
  for (; c == OK && rows_next(&r); n++)
    assert_true(is_there(list, id_text(q->a, rows_int(&r, 0)), str_printf(q->a, "%lld", (long long)rows_int(&r, 1))));
  if (c == OK && all)
    assert_int_equal(doc_size(list), n);
  q->workers += (int64_t)n;
  return rows_finish(&r, c, e);
}

/* Pages of the list, one after the other, against the plain statement. */
static enum code compare(struct tx *tx, void *arg, struct err *e)
{
  struct question *q = arg;
  const struct scope *s = NULL;
  struct reader who = {.lang = LANG_JA};
  struct str cursor = STR_NONE;
  struct doc *page = NULL;
  struct rows r = {0};
  size_t at = 0, plain = 0;
  enum code c = access_open_network(tx, &q->who, ACTION_CASE_LIST, &s, e);
  if (c == OK)
    c = case_list(tx, s, q->view, STR_NONE, cursor, q->a, &who, &page, e);
  if (c == OK)
    c = db_query(tx, &q_plain, &r, e, BINDS(VISIBLE_BINDS(s, tx_now(tx)), b_int(q->view), b_int(q->who.user)));
  while (c == OK && rows_next(&r)) {
    const struct doc *cases = doc_get(page, "cases");
    if (at == doc_size(cases) && doc_get_bool(page, "has_more")) {
      c = case_list(tx, s, q->view, STR_NONE, doc_get_str(page, "more_from"), q->a, &who, &page, e);
      cases = doc_get(page, "cases");
      at = 0;
    }
    struct str id = id_text(q->a, rows_int(&r, 0));
    assert_true(at < doc_size(cases));
    assert_true(str_ends(doc_get_str(doc_at(cases, at++), "href"), id));
    plain++;
  }
  c = rows_finish(&r, c, e);
  if (c != OK)
    return c;
  assert_int_equal(at, doc_size(doc_get(page, "cases")));
  assert_false(doc_get_bool(page, "has_more"));
  struct str count = doc_get_str(doc_at(doc_get(page, "views"), q->view), "count");
  assert_true(str_eq(count, str_printf(q->a, "%zu", plain)));
  q->lines += (int64_t)plain;
  return q->who.role == ROLE_MANAGER || q->who.role == ROLE_WORKER ? compare_workers(tx, s, q, e) : OK;
}

static void ask_all(struct store *s, struct town *t, int64_t *ret_lines, int64_t *ret_workers)
{
  struct err e = {0};
  struct question q = {.t = t, .a = arena_new(8 << 20)};
  const struct facts *f = &t->w[0].f;
  for (size_t i = 0; i < f->memberships_count; i++) {
    struct db_who service = {.network = t->network, .service = true, .at = i % 2 ? rng_instant(&t->rng) : WORLD_T};
    q.who = town_actor(t, &f->memberships[i]);
    for (q.view = CASES_MINE; q.view <= CASES_CLOSED; q.view++) {
      enum code c = db_read(s->db, &service, compare, &q, &e);
      assert_true(c == OK || c == DENIED ||
                  c == NOT_FOUND); /* not every role has this list, nor every membership lives */
      arena_reset(q.a);
    }
  }
  *ret_lines += q.lines;
  *ret_workers += q.workers;
  arena_free(q.a);
}

static void the_list_is_what_visible_yields(void **state)
{
  struct store s;
  struct err e = {0};
  int64_t lines = 0, said = 0, workers = 0;
  static struct town t;
  store_new(&s, STORE_OWNER);
  for (int n = 0; n < NETWORKS; n++) {
    struct db_who service = {.network = 1 + n, .service = true};
    town_make(&t, n);
    ok(db_write(s.db, "town_put", &service, town_put, &t, &e));
    for (int i = 0; i < ROUNDS; i++) {
      ok(db_write(s.db, "shuffle", &service, shuffle, &t, &e));
      ask_all(&s, &t, &lines, &workers);
    }
    ok(db_read(s.db, &service, nothing_unsaid, &said, &e));
  }
  assert_true(said > NETWORKS);
  print_message("%lld lines compared\n", (long long)lines);
  assert_true(lines > 300);
  assert_true(workers > 100);
  store_free(&s);
}

STORE_MAIN(cmocka_unit_test(the_list_is_what_visible_yields))
