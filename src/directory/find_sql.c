/* find_sql.c: choosing among the organizations. */
#include "directory/directory_sql.h"

#define WORD(n) " AND (o.fold LIKE $" n " ESCAPE '\\' OR e.fold LIKE $" n " ESCAPE '\\')"

/* $1 network, $2 now, $3..$6 words, $7 place, $8 concern, $9 kind. `away` is 0 for a member: an organization of the council or the open
 * network in which somebody has a live membership. */
#define PLACES                                                                                                         \
  "WITH place AS (SELECT o.id, o.name, o.kana, o.kind, o.circle, o.fold,"                                              \
  " CASE WHEN o.description <> '' THEN o.description ELSE COALESCE(e.what, '') END AS what,"                           \
  " COALESCE(e.area, '') AS area, COALESCE(e.phone, '') AS phone, COALESCE(e.dial, '') AS dial,"                       \
  " COALESCE(e.hours, '') AS hours,"                                                                                   \
  " CASE WHEN o.circle IN ('council', 'network') AND EXISTS (SELECT 1 FROM membership m WHERE m.network_id = $1"       \
  " AND m.organization_id = o.id AND m.from_at <= $2 AND (m.until_at IS NULL OR m.until_at > $2))"                     \
  " THEN 0 ELSE 1 END AS away,"                                                                                        \
  " CASE o.circle WHEN 'council' THEN 1 WHEN 'network' THEN 2 ELSE 3 END AS view"                                      \
  " FROM organization o LEFT JOIN directory_entry e ON e.network_id = $1 AND e.organization_id = o.id"                 \
  " WHERE o.network_id = $1 AND (o.until_at IS NULL OR o.until_at > $2)" WORD("3") WORD("4") WORD("5")                 \
      WORD("6") " AND ($7 = '%' OR e.place_fold LIKE $7 ESCAPE '\\')"                                                  \
                " AND ($8 = '' OR EXISTS (SELECT 1 FROM service s CROSS JOIN service_concern c"                        \
                " WHERE s.network_id = $1 AND s.organization_id = o.id AND s.status = 'active' AND c.network_id = $1"  \
                " AND c.service_id = s.id AND c.concern = $8)) AND ($9 = '' OR o.kind = $9))"

#define FIND_BINDS(tx, f)                                                                                              \
  b_int(tx_network(tx)), b_int(tx_now(tx)), b_text((f)->word[0]), b_text((f)->word[1]), b_text((f)->word[2]),          \
      b_text((f)->word[3]), b_text((f)->place), b_text((f)->concern), b_text((f)->kind)

STMT_READ(q_page, "directory_find",
          PLACES " SELECT id, name, kana, kind, circle, what, area, phone, dial, hours, away FROM place"
                 " WHERE (CAST($10 AS bigint) = 0 OR view = $10)"
                 " AND (CAST($11 AS bigint) = 0 OR (away, fold, id) > (SELECT p.away, p.fold, p.id FROM place p"
                 " WHERE p.id = $11)) ORDER BY away, fold, id LIMIT $12");

enum code find_sql_page(struct tx *tx, const struct find *f, found_fn fn, void *arg, struct err *e)
{
  struct rows r = {0};
  enum code c =
      db_query(tx, &q_page, &r, e, BINDS(FIND_BINDS(tx, f), b_int((int64_t)f->view), b_int(f->after), b_int(f->limit)));
  if (c != OK)
    return c;
  while (rows_next(&r))
    fn(arg, &(struct found){.id = rows_int(&r, 0),
                            .name = rows_text(&r, 1),
                            .kana = rows_text(&r, 2),
                            .kind = rows_text(&r, 3),
                            .circle = rows_text(&r, 4),
                            .what = rows_text(&r, 5),
                            .area = rows_text(&r, 6),
                            .phone = rows_text(&r, 7),
                            .dial = rows_text(&r, 8),
                            .hours = rows_text(&r, 9),
                            .member = rows_int(&r, 10) == 0});
  return rows_end(&r, e);
}

STMT_READ(q_counts, "directory_counts", PLACES " SELECT view, count(*) FROM place GROUP BY view");

enum code find_sql_counts(struct tx *tx, const struct find *f, int64_t ret[DIRECTORY_VIEWS], struct err *e)
{
  struct rows r = {0};
  for (int i = 0; i < DIRECTORY_VIEWS; i++)
    ret[i] = 0;
  enum code c = db_query(tx, &q_counts, &r, e, BINDS(FIND_BINDS(tx, f)));
  if (c != OK)
    return c;
  while (rows_next(&r)) {
    int64_t view = rows_int(&r, 0);
    if (view > DIRECTORY_ALL && view < DIRECTORY_VIEWS)
      ret[view] = rows_int(&r, 1);
    ret[DIRECTORY_ALL] += rows_int(&r, 1);
  }
  return rows_end(&r, e);
}
