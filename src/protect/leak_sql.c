#include "protect/leak_sql.h"

#include "access/visible.h"

STMT_WRITE(q_insert, "leak_insert",
           "INSERT INTO leak (network_id, id, case_id, person_id, author_organization_id, kind, known_at, happened_on,"
           " categories, persons, owed, malicious, copy_number, content_sealed, created_by, created_at, changed_at,"
           " copy_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $16, $17)");

enum code leak_sql_insert(struct tx *tx, const struct scope *s, id64 id, id64 case_id, const struct leak_new *n,
                          struct str content_sealed, struct err *e)
{
  return db_exec(tx, &q_insert, NULL, e,
                 BINDS(b_int(tx_network(tx)), b_int(id), b_int(case_id), b_int(scope_person(s)),
                       b_int(scope_organization(s)), b_text(n->kind), b_int(n->known_at), b_text(n->happened_on),
                       b_int(n->categories), b_int(n->persons), b_bool(n->owed), b_bool(n->malicious),
                       b_text(n->copy_number), b_bytes(content_sealed), b_int(scope_actor(s)->user), b_int(tx_now(tx)),
                       b_opt(n->copy)));
}

#define LEAK_COLUMNS                                                                                                   \
  " l.id, l.case_id, l.person_id, l.kind, l.happened_on, l.copy_number, l.content_sealed, l.known_at,"                 \
  " l.first_report_at, l.final_report_at, l.told_at, l.closed_at, l.categories, l.persons, l.owed, l.malicious,"       \
  " c.number, COALESCE(l.copy_id, 0)"

static enum code each(struct rows *r, enum code c, leak_fn fn, void *arg, struct err *e)
{
  if (c != OK)
    return c;
  while (c == OK && rows_next(r)) {
    struct leak_row row = {.id = rows_int(r, 0),
                           .case_id = rows_int(r, 1),
                           .person = rows_int(r, 2),
                           .kind = rows_text(r, 3),
                           .happened_on = rows_text(r, 4),
                           .copy_number = rows_text(r, 5),
                           .content_sealed = rows_bytes(r, 6),
                           .known_at = rows_int(r, 7),
                           .first_report_at = rows_int(r, 8),
                           .final_report_at = rows_int(r, 9),
                           .told_at = rows_int(r, 10),
                           .closed_at = rows_int(r, 11),
                           .categories = (cats_t)rows_int(r, 12),
                           .persons = rows_int(r, 13),
                           .owed = rows_bool(r, 14),
                           .malicious = rows_bool(r, 15),
                           .number = rows_text(r, 16),
                           .copy = rows_int(r, 17)};
    c = fn(arg, &row, e);
  }
  return rows_finish(r, c, e);
}

STMT_READ(q_each, "leak_each",
          "SELECT" LEAK_COLUMNS " FROM leak l JOIN case_file c ON c.network_id = l.network_id AND c.id = l.case_id"
          " WHERE l.network_id = $1 AND l.person_id = $2 AND l.author_organization_id = $3"
          " AND (CAST($4 AS bigint) = 0 OR l.id = $4) ORDER BY l.id DESC LIMIT 100");

enum code leak_sql_each(struct tx *tx, const struct scope *s, id64 leak, leak_fn fn, void *arg, struct err *e)
{
  struct rows r = {0};
  enum code c =
      db_query(tx, &q_each, &r, e,
               BINDS(b_int(tx_network(tx)), b_int(scope_person(s)), b_int(scope_organization(s)), b_int(leak)));
  return each(&r, c, fn, arg, e);
}

STMT_WRITE(
    q_change, "leak_change",
    "UPDATE leak SET content_sealed = $5, changed_at = $6, rev = rev + 1 WHERE network_id = $1 AND person_id = $2"
    " AND author_organization_id = $3 AND id = $4 AND closed_at IS NULL");

enum code leak_sql_change(struct tx *tx, const struct scope *s, id64 leak, struct str content_sealed, struct err *e)
{
  return db_exec(tx, &q_change, NULL, e,
                 BINDS(b_int(tx_network(tx)), b_int(scope_person(s)), b_int(scope_organization(s)), b_int(leak),
                       b_bytes(content_sealed), b_int(tx_now(tx))));
}

#define STEP_WHERE                                                                                                     \
  ", changed_at = $5, rev = rev + 1 WHERE network_id = $1 AND person_id = $2 AND author_organization_id = $3 AND id "  \
  "= $4"
STMT_WRITE(q_first, "leak_first_report",
           "UPDATE leak SET first_report_at = $5" STEP_WHERE " AND first_report_at IS NULL");
STMT_WRITE(q_final, "leak_final_report",
           "UPDATE leak SET final_report_at = $5" STEP_WHERE " AND final_report_at IS NULL");
STMT_WRITE(q_told, "leak_told", "UPDATE leak SET told_at = $5" STEP_WHERE " AND told_at IS NULL");
STMT_WRITE(q_close, "leak_close", "UPDATE leak SET closed_at = $5" STEP_WHERE " AND closed_at IS NULL");

enum code leak_sql_step(struct tx *tx, const struct scope *s, id64 leak, enum leak_step step, struct err *e)
{
  static const struct stmt *const steps[] = {
      [LEAK_FIRST_REPORT] = &q_first, [LEAK_FINAL_REPORT] = &q_final, [LEAK_TOLD] = &q_told, [LEAK_CLOSE] = &q_close};
  return db_exec(tx, steps[step], NULL, e,
                 BINDS(b_int(tx_network(tx)), b_int(scope_person(s)), b_int(scope_organization(s)), b_int(leak),
                       b_int(tx_now(tx))));
}

/* The few that are open first, then who of their persons is seen: not everybody's way round. */
STMT_READ(q_open, "leak_open",
          "SELECT" LEAK_COLUMNS " FROM leak l JOIN case_file c ON c.network_id = l.network_id AND c.id = l.case_id"
          " WHERE l.network_id = $1 AND l.author_organization_id = $2 AND l.closed_at IS NULL"
          " ORDER BY l.known_at LIMIT 50");
STMT_READ(q_seen, "leak_seen",
          "WITH page (person_id) AS (" IDS_FROM_5 "), v AS (" VISIBLE_OF("page") ") SELECT person_id FROM v");

struct open_job {
  struct arena *a;
  struct leak_row rows[LIMIT_PAGE_ROWS];
  id64 persons[LIMIT_PAGE_ROWS];
  bool seen[LIMIT_PAGE_ROWS];
  size_t n, persons_n;
};

static enum code take_open(void *arg, const struct leak_row *row, struct err *e)
{
  struct open_job *job = arg;
  struct leak_row *to = &job->rows[job->n++];
  (void)e;
  *to = *row;
  to->kind = str_copy(job->a, row->kind);
  to->number = str_copy(job->a, row->number);
  to->happened_on = to->copy_number = to->content_sealed = STR_NONE; /* today tells none of it */
  for (size_t i = 0; i < job->persons_n; i++)
    if (job->persons[i] == row->person)
      return OK;
  job->persons[job->persons_n++] = row->person;
  return OK;
}

static enum code mark_seen(struct tx *tx, const struct scope *list, struct open_job *job, struct err *e)
{
  struct rows r = {0};
  struct bind binds[STMT_PARAMS_MAX];
  size_t count = visible_page(binds, list, tx_now(tx), job->persons, job->persons_n);
  enum code c = db_query(tx, &q_seen, &r, e, binds, count);
  if (c != OK)
    return c;
  while (rows_next(&r))
    for (size_t i = 0; i < job->n; i++)
      job->seen[i] |= job->rows[i].person == rows_int(&r, 0);
  return rows_end(&r, e);
}

enum code leak_sql_open(struct tx *tx, const struct scope *list, leak_fn fn, void *arg, struct err *e)
{
  struct rows r = {0};
  struct open_job job = {.a = tx_arena(tx)};
  enum code c = db_query(tx, &q_open, &r, e, BINDS(b_int(tx_network(tx)), b_int(scope_organization(list))));
  c = each(&r, c, take_open, &job, e);
  if (c == OK && job.n)
    c = mark_seen(tx, list, &job, e);
  for (size_t i = 0; c == OK && i < job.n; i++)
    if (job.seen[i])
      c = fn(arg, &job.rows[i], e);
  return c;
}
