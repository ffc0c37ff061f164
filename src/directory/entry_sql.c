/* entry_sql.c: the directory's line of an organization: what it is made from, and keeping it. */
#include "directory/directory_sql.h"

static enum code texts(struct tx *tx, const struct stmt *q, id64 organization, text_fn fn, void *arg, struct err *e)
{
  struct rows r = {0};
  enum code c = db_query(tx, q, &r, e, BINDS(b_int(tx_network(tx)), b_int(organization)));
  if (c != OK)
    return c;
  while (rows_next(&r))
    for (int col = 0; col < 3; col++)
      if (rows_text(&r, col).n)
        fn(arg, rows_text(&r, col));
  return rows_end(&r, e);
}

#define MINE " x.network_id = $1 AND x.organization_id = $2"

/* Places of other organizations at which one of its services is offered. */
#define ELSEWHERE                                                                                                      \
  " FROM service x CROSS JOIN service_at_location s CROSS JOIN location l WHERE" MINE                                  \
  " AND s.network_id = $1 AND s.service_id = x.id AND l.network_id = $1 AND l.id = s.location_id"                      \
  " AND l.organization_id <> $2"

/* CROSS JOIN: from the services, or SQLite goes through every attribute of the network. */
STMT_READ(q_words, "entry_words",
          "SELECT x.name, x.description, x.heading FROM service x WHERE" MINE
          " UNION ALL SELECT x.alert, x.eligibility, x.application FROM service x WHERE" MINE
          " UNION ALL SELECT t.label, t.value, '' FROM service x CROSS JOIN service_attribute t WHERE" MINE
          " AND t.network_id = $1 AND t.service_id = x.id AND NOT t.is_date"
          " UNION ALL SELECT x.number, x.dial, x.description FROM phone x WHERE" MINE
          " UNION ALL SELECT x.name, x.department, x.email FROM contact x WHERE" MINE
          " UNION ALL SELECT x.city, x.address, x.description FROM location x WHERE" MINE
          " UNION ALL SELECT l.city, l.address, l.description" ELSEWHERE
          " UNION ALL SELECT o.description, '', '' FROM organization o WHERE o.network_id = $1 AND o.id = $2");

enum code entry_sql_words(struct tx *tx, id64 organization, text_fn fn, void *arg, struct err *e)
{
  return texts(tx, &q_words, organization, fn, arg, e);
}

STMT_READ(q_places, "entry_places",
          "SELECT x.city || x.address, x.description, '' FROM location x WHERE" MINE
          " UNION ALL SELECT l.city || l.address, l.description, ''" ELSEWHERE);

enum code entry_sql_places(struct tx *tx, id64 organization, text_fn fn, void *arg, struct err *e)
{
  return texts(tx, &q_places, organization, fn, arg, e);
}

STMT_READ(q_services, "entry_services", "SELECT x.name, '', '' FROM service x WHERE" MINE " ORDER BY x.id");

enum code entry_sql_services(struct tx *tx, id64 organization, text_fn fn, void *arg, struct err *e)
{
  return texts(tx, &q_services, organization, fn, arg, e);
}

/* What belongs to the organization itself comes before what belongs to one of its services. */
STMT_READ(q_first, "entry_first",
          "SELECT COALESCE((SELECT CASE WHEN l.address <> '' THEN l.city || l.address ELSE l.description END"
          " FROM location l WHERE l.network_id = $1 AND l.organization_id = $2 ORDER BY l.id LIMIT 1),"
          " (SELECT CASE WHEN l.address <> '' THEN l.city || l.address ELSE l.description END" ELSEWHERE
          " ORDER BY l.id LIMIT 1), ''),"
          " COALESCE((SELECT p.number FROM phone p WHERE p.network_id = $1 AND p.organization_id = $2"
          " AND p.type = 'voice' AND p.number <> '' ORDER BY (p.service_id IS NULL) DESC, p.id LIMIT 1), ''),"
          " COALESCE((SELECT p.dial FROM phone p WHERE p.network_id = $1 AND p.organization_id = $2"
          " AND p.type = 'voice' AND p.number <> '' ORDER BY (p.service_id IS NULL) DESC, p.id LIMIT 1), ''),"
          " COALESCE((SELECT h.description FROM schedule h WHERE h.network_id = $1 AND h.organization_id = $2"
          " ORDER BY (h.service_id IS NULL) DESC, h.id LIMIT 1), '')");

enum code entry_sql_first(struct tx *tx, id64 organization, struct arena *a, struct entry *ret, struct err *e)
{
  struct rows r = {0};
  enum code c = db_query(tx, &q_first, &r, e, BINDS(b_int(tx_network(tx)), b_int(organization)));
  if (c != OK)
    return c;
  if (rows_next(&r)) {
    ret->area = rows_text_copy(&r, 0, a);
    ret->phone = rows_text_copy(&r, 1, a);
    ret->dial = rows_text_copy(&r, 2, a);
    ret->hours = rows_text_copy(&r, 3, a);
  }
  return rows_end(&r, e);
}

STMT_WRITE(q_keep, "entry_keep",
           "INSERT INTO directory_entry (network_id, organization_id, fold, place_fold, what, area, phone, dial, hours)"
           " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (network_id, organization_id) DO UPDATE"
           " SET fold = excluded.fold, place_fold = excluded.place_fold, what = excluded.what, area = excluded.area,"
           " phone = excluded.phone, dial = excluded.dial, hours = excluded.hours");

enum code entry_sql_keep(struct tx *tx, id64 organization, const struct entry *v, struct err *e)
{
  return db_exec(tx, &q_keep, NULL, e,
                 BINDS(b_int(tx_network(tx)), b_int(organization), b_text(v->fold), b_text(v->place_fold),
                       b_text(v->what), b_text(v->area), b_text(v->phone), b_text(v->dial), b_text(v->hours)));
}
