#include "casework/handover_sql.h"

#include <stdlib.h>

#include "access/visible.h"
#include "base/limits.h"
#include "db/ids.h"

/* ---- the cases of one of them -------------------------------------------------------------------------------------------- */

/* $2 the organization, $3 the instant, $4 user, $5 after, $6 limit */
STMT_READ(q_cases, "handover_cases",
          "SELECT s.case_id, s.lead, s.person_id FROM assignment s WHERE s.network_id = $1 AND s.user_id = $4"
          " AND s.organization_id = $2 AND s.from_at <= $3 AND (s.until_at IS NULL OR s.until_at > $3)"
          " AND NOT s.case_closed AND s.case_id > $5 ORDER BY s.case_id, s.id LIMIT $6");

/* Most pages are full with the first rows: no more are read of those alone. */
struct some {
  struct handover_row rows[LIMIT_PAGE_ROWS];
  id64 persons[LIMIT_PAGE_ROWS];
  size_t n;
};

static enum code some_after(struct tx *tx, const struct scope *list, id64 user, id64 after, size_t most,
                            struct some *ret, struct err *e)
{
  struct rows r = {0};
  enum code c = db_query(tx, &q_cases, &r, e,
                         BINDS(b_int(tx_network(tx)), b_int(scope_organization(list)), b_int(tx_now(tx)), b_int(user),
                               b_int(after), b_int((int64_t)most)));
  if (c != OK)
    return c;
  for (ret->n = 0; ret->n < most && rows_next(&r); ret->n++) {
    ret->persons[ret->n] = rows_int(&r, 2);
    ret->rows[ret->n] = (struct handover_row){rows_int(&r, 0), ret->persons[ret->n], rows_bool(&r, 1)};
  }
  return rows_end(&r, e);
}

enum code handover_sql_cases(struct tx *tx, const struct scope *list, id64 user, id64 after, struct handover_row *ret,
                             size_t most, size_t *ret_n, struct err *e)
{
  struct some some;
  size_t n = 0, asked = most < LIMIT_PAGE_ROWS ? most : LIMIT_PAGE_ROWS;
  bool more = true;
  enum code c = OK;
  while (c == OK && n < most && more) {
    struct access_seen seen[LIMIT_PAGE_ROWS] = {{0}};
    c = some_after(tx, list, user, after, asked, &some, e);
    if (c == OK && some.n)
      c = access_seen(tx, list, some.persons, some.n, seen, e);
    for (size_t i = 0; c == OK && i < some.n && n < most; i++)
      if (seen[i].seen)
        ret[n++] = some.rows[i];
    more = c == OK && some.n == asked;
    after = more ? some.rows[some.n - 1].case_id : after;
    asked = LIMIT_PAGE_ROWS;
  }
  if (c == OK)
    *ret_n = n;
  return c;
}

/* ---- what was written of one ---------------------------------------------------------------------------------------------- */

STMT_READ(q_texts, "handover_texts",
          "SELECT id, author_organization_id, category, source, marks, kind, at, text_sealed FROM case_step"
          " WHERE network_id = $1 AND case_id = $2 AND kind IN ('promise', 'worked', 'failed')"
          " AND (category & CASE WHEN author_organization_id = $3 THEN CAST($4 AS bigint) ELSE CAST($5 AS bigint)"
          " END) <> 0 AND NOT $6 ORDER BY at DESC LIMIT 500");

enum code handover_sql_texts(struct tx *tx, const struct scope *s, id64 case_id, case_step_fn fn, void *arg,
                             struct err *e)
{
  struct rows r = {0};
  enum code c = db_query(tx, &q_texts, &r, e,
                         BINDS(b_int(tx_network(tx)), b_int(case_id), b_int(scope_organization(s)), b_int(scope_own(s)),
                               b_int(scope_others(s)), b_bool(scope_decision(s)->visit_only)));
  if (c != OK)
    return c;
  while (c == OK && rows_next(&r)) {
    struct case_step_row row = {.id = rows_int(&r, 0),
                                .author_organization = rows_int(&r, 1),
                                .category = (cats_t)rows_int(&r, 2),
                                .source = (enum source)rows_int(&r, 3),
                                .marks = (uint32_t)rows_int(&r, 4),
                                .kind = rows_text(&r, 5),
                                .at = rows_int(&r, 6),
                                .sealed = rows_bytes(&r, 7)};
    c = fn(arg, &row, e);
  }
  return rows_finish(&r, c, e);
}

/* ---- who works on how many of them ----------------------------------------------------------------------------------------- */

/* clang-format off */
#define OPEN "s.network_id = $1 AND s.organization_id = $3 AND " VISIBLE_LIVE("s") " AND s.case_closed = FALSE"
/* Of thousands: whom the organization takes part in is looked up once. */
#define WORKED_ON \
  VISIBLE_FREE("s") " AND (s.person_id IN (SELECT x.person_id FROM fact_participation x WHERE x.network_id = $1" \
  " AND x.organization_id = " VISIBLE_MANAGED " AND " VISIBLE_LIVE("x") ") OR " VISIBLE_ASSIGNED("s") ")"
#define FREE VISIBLE_SELF ", " VISIBLE_BARRED
#define COUNTED \
  " SELECT u.id, u.name, u.kana, w.n FROM found w CROSS JOIN user_account u WHERE u.network_id = $1 AND u.id = w.user_id"
#define WORKERS \
  "WITH " FREE ", member AS (SELECT DISTINCT m.user_id FROM membership m WHERE m.network_id = $1 AND m.organization_id = $3)," \
  " found AS (SELECT member.user_id, (SELECT count(*) FROM assignment s WHERE s.user_id = member.user_id AND " OPEN \
  " AND NOT s.case_more AND " WORKED_ON ") + (SELECT count(*) FROM assignment s WHERE s.user_id = member.user_id AND " OPEN \
  " AND s.case_more AND " WORKED_ON ") AS n FROM member)" COUNTED
/* The same for who sees by his own assignments alone. */
#define OWN_WORKERS \
  "WITH " FREE ", mine AS (SELECT DISTINCT a.person_id FROM me CROSS JOIN assignment a WHERE " VISIBLE_MINE("a") \
  " AND " VISIBLE_LIVE("a") " AND " VISIBLE_FREE("a") "), found AS (SELECT s.user_id, count(*) AS n FROM mine" \
  " CROSS JOIN assignment s WHERE s.person_id = mine.person_id AND " OPEN " GROUP BY s.user_id)" COUNTED
/* Of persons who are seen otherwise. */
#define BESIDE \
  "WITH page (person_id) AS (" IDS_FROM_5 "), " FREE ", found AS (SELECT s.user_id, count(*) AS n FROM page" \
  " CROSS JOIN assignment s WHERE s.person_id = page.person_id AND " OPEN " AND NOT (" WORKED_ON ") GROUP BY s.user_id)" COUNTED
/* clang-format on */
STMT_READ(q_workers, "handover_workers", WORKERS);
STMT_READ(q_own_workers, "handover_own_workers", OWN_WORKERS);
STMT_READ(q_beside, "handover_beside", BESIDE);

struct worker {
  id64 id;
  struct str name, kana;
  int64_t count;
};
struct workers {
  struct worker *list;
  size_t n;
};

static enum code take(struct rows *r, struct arena *a, struct workers *w, struct err *e)
{
  while (rows_next(r)) {
    id64 id = rows_int(r, 0);
    int64_t count = rows_int(r, 3);
    size_t i = 0;
    if (!count)
      continue;
    while (i < w->n && w->list[i].id != id)
      i++;
    if (i == w->n) {
      w->list = arena_grow(a, w->list, w->n * sizeof *w->list, (w->n + 1) * sizeof *w->list);
      if (!w->list)
        return rows_finish(r, err_oom(e), e);
      w->list[w->n++] = (struct worker){.id = id, .name = rows_text_copy(r, 1, a), .kana = rows_text_copy(r, 2, a)};
    }
    w->list[i].count += count;
  }
  return rows_end(r, e);
}

static int by_reading(const void *a, const void *b)
{
  const struct worker *x = a, *y = b;
  int order = str_compare(x->kana, y->kana);
  return order ? order : (x->id > y->id) - (x->id < y->id);
}

static enum code find_workers(struct tx *tx, const struct scope *list, struct arena *a, struct workers *w,
                              struct err *e)
{
  struct rows r = {0};
  const id64 *aside = NULL;
  size_t n = 0;
  enum code c =
      db_query(tx, scope_manages(list) ? &q_workers : &q_own_workers, &r, e, BINDS(VISIBLE_BINDS(list, tx_now(tx))));
  if (c == OK)
    c = take(&r, a, w, e);
  if (c == OK)
    c = access_aside(tx, list, &aside, &n, e);
  for (size_t i = 0; c == OK && i < n; i += LIMIT_PAGE_ROWS) {
    struct bind binds[STMT_PARAMS_MAX];
    size_t some = n - i < LIMIT_PAGE_ROWS ? n - i : LIMIT_PAGE_ROWS;
    c = db_query(tx, &q_beside, &r, e, binds, visible_page(binds, list, tx_now(tx), aside + i, some));
    if (c == OK)
      c = take(&r, a, w, e);
  }
  return c;
}

enum code handover_sql_workers(struct tx *tx, const struct scope *list, struct arena *a, struct doc **ret,
                               struct err *e)
{
  struct workers w = {0};
  struct doc *l = doc_list(a);
  enum code c = find_workers(tx, list, a, &w, e);
  if (c != OK)
    return c;
  if (w.n)
    qsort(w.list, w.n, sizeof *w.list, by_reading);
  for (size_t i = 0; i < w.n && i < HANDOVER_WORKERS; i++) {
    struct doc *d = doc_add_map(l);
    doc_put_id(d, "id", w.list[i].id);
    doc_put_str(d, "name", w.list[i].name);
    doc_put_str(d, "count", str_printf(a, "%lld", (long long)w.list[i].count));
  }
  *ret = l;
  return OK;
}
