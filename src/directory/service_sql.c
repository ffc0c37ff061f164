/* service_sql.c: a service and what hangs on it, written. */
#include "directory/directory_sql.h"

STMT_WRITE(q_insert, "service_insert",
           "INSERT INTO service (network_id, id, organization_id, name, description, heading, status, alert,"
           " eligibility, fees, application, assured_on, source_id, source_key, source_row, created_at)"
           " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)");

enum code service_sql_insert(struct tx *tx, id64 id, id64 organization, const struct service_values *v,
                             const struct service_source *from, struct err *e)
{
  return db_exec(tx, &q_insert, NULL, e,
                 BINDS(b_int(tx_network(tx)), b_int(id), b_int(organization), b_text(v->name), b_text(v->description),
                       b_text(v->heading), b_text(v->status), b_text(v->alert), b_text(v->eligibility), b_text(v->fees),
                       b_text(v->application), b_text(v->assured_on), b_opt(from->id), b_text_opt(from->key),
                       b_text_opt(from->row), b_int(tx_now(tx))));
}

STMT_WRITE(q_no_phones, "service_delete_phones", "DELETE FROM phone WHERE network_id = $1 AND service_id = $2");
STMT_WRITE(q_no_hours, "service_delete_hours", "DELETE FROM schedule WHERE network_id = $1 AND service_id = $2");
STMT_WRITE(q_no_places, "service_delete_places",
           "DELETE FROM service_at_location WHERE network_id = $1 AND service_id = $2");
STMT_WRITE(q_no_concerns, "service_delete_concerns",
           "DELETE FROM service_concern WHERE network_id = $1 AND service_id = $2");
STMT_WRITE(q_no_attributes, "service_delete_attributes",
           "DELETE FROM service_attribute WHERE network_id = $1 AND service_id = $2");

STMT_READ(q_its_places, "service_its_places",
          "SELECT location_id FROM service_at_location WHERE network_id = $1 AND service_id = $2 ORDER BY location_id");
STMT_WRITE(q_no_place, "service_delete_place",
           "DELETE FROM location WHERE network_id = $1 AND id = $2 AND NOT EXISTS (SELECT 1 FROM service_at_location s"
           " WHERE s.network_id = $1 AND s.location_id = $2) AND organization_id = (SELECT v.organization_id"
           " FROM service v WHERE v.network_id = $1 AND v.id = $3)");

enum { PLACES_MOST = 32 }; /* of one service: an import makes one */

static enum code clear_places(struct tx *tx, id64 service, struct err *e)
{
  struct rows r = {0};
  id64 places[PLACES_MOST];
  size_t n = 0;
  struct bind network = b_int(tx_network(tx));
  enum code c = db_query(tx, &q_its_places, &r, e, BINDS(network, b_int(service)));
  if (c != OK)
    return c;
  while (n < PLACES_MOST && rows_next(&r))
    places[n++] = rows_int(&r, 0);
  c = rows_end(&r, e);
  if (c == OK)
    c = db_exec(tx, &q_no_places, NULL, e, BINDS(network, b_int(service)));
  for (size_t i = 0; c == OK && i < n; i++)
    c = db_exec(tx, &q_no_place, NULL, e, BINDS(network, b_int(places[i]), b_int(service)));
  return c;
}

static enum code clear(struct tx *tx, id64 service, bool attributes, unsigned keep, struct err *e)
{
  const struct stmt *const all[] = {keep & KEEP_PHONES ? NULL : &q_no_phones, keep & KEEP_HOURS ? NULL : &q_no_hours,
                                    &q_no_concerns, attributes ? &q_no_attributes : NULL};
  enum code c = keep & KEEP_PLACES ? OK : clear_places(tx, service, e);
  for (size_t i = 0; c == OK && i < sizeof(all) / sizeof(*all); i++)
    if (all[i])
      c = db_exec(tx, all[i], NULL, e, BINDS(b_int(tx_network(tx)), b_int(service)));
  return c;
}

STMT_WRITE(q_reimport, "service_reimport",
           "UPDATE service SET name = $3, description = $4, heading = $5, status = $6, alert = $7, source_row = $8,"
           " rev = rev + 1 WHERE network_id = $1 AND id = $2 AND edited_at IS NULL");

enum code service_sql_reimport(struct tx *tx, id64 id, const struct service_values *v, struct str row, struct err *e)
{
  int64_t changed = 0;
  enum code c = db_exec(tx, &q_reimport, &changed, e,
                        BINDS(b_int(tx_network(tx)), b_int(id), b_text(v->name), b_text(v->description),
                              b_text(v->heading), b_text(v->status), b_text(v->alert), b_text(row)));
  if (c == OK && changed != 1)
    return BUG(e, "an edited service is not imported again");
  return c == OK ? clear(tx, id, true, 0, e) : c;
}

STMT_WRITE(q_edit, "service_edit",
           "UPDATE service SET name = $3, description = $4, status = CASE WHEN CAST($5 AS text) <> 'active'"
           " AND status <> 'active' THEN status ELSE $5 END, alert = $6, eligibility = $7, fees = $8,"
           " application = $9, assured_on = $10, edited_at = $11, rev = rev + 1"
           " WHERE network_id = $1 AND id = $2 AND rev = $12 AND organization_id = $13");

enum code service_sql_edit(struct tx *tx, id64 organization, id64 id, int64_t rev, const struct service_values *v,
                           unsigned keep, struct err *e)
{
  int64_t changed = 0;
  enum code c =
      db_exec(tx, &q_edit, &changed, e,
              BINDS(b_int(tx_network(tx)), b_int(id), b_text(v->name), b_text(v->description), b_text(v->status),
                    b_text(v->alert), b_text(v->eligibility), b_text(v->fees), b_text(v->application),
                    b_text(v->assured_on), b_int(tx_now(tx)), b_int(rev), b_int(organization)));
  if (c == OK && changed != 1)
    return err_set(e, CONFLICT, TR("このつなぎ先は、ほかの人が先に直しました。画面を開き直してください。"));
  return c == OK ? clear(tx, id, false, keep, e) : c;
}

STMT_WRITE(q_concern, "service_add_concern",
           "INSERT INTO service_concern (network_id, service_id, concern, derived) VALUES ($1, $2, $3, $4)");

enum code service_sql_add_concern(struct tx *tx, id64 service, struct str code, bool derived, struct err *e)
{
  return db_exec(tx, &q_concern, NULL, e, BINDS(b_int(tx_network(tx)), b_int(service), b_text(code), b_bool(derived)));
}

STMT_WRITE(q_attribute, "service_add_attribute",
           "INSERT INTO service_attribute (network_id, service_id, line, label, value, is_date)"
           " VALUES ($1, $2, $3, $4, $5, $6)");

enum code service_sql_add_attribute(struct tx *tx, id64 service, int64_t line, const struct import_attribute *at,
                                    struct err *e)
{
  return db_exec(tx, &q_attribute, NULL, e,
                 BINDS(b_int(tx_network(tx)), b_int(service), b_int(line), b_text(at->label), b_text(at->value),
                       b_bool(at->is_date)));
}

STMT_WRITE(q_phone, "phone_insert",
           "INSERT INTO phone (network_id, id, organization_id, service_id, type, number, dial, extension, description)"
           " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)");

enum code phone_sql_insert(struct tx *tx, id64 id, id64 organization, id64 service, const struct phone *p,
                           struct err *e)
{
  return db_exec(tx, &q_phone, NULL, e,
                 BINDS(b_int(tx_network(tx)), b_int(id), b_int(organization), b_opt(service),
                       b_text(str_from(phone_type_code(p->type))), b_text(p->number), b_text(p->dial),
                       b_text(p->extension), b_text(p->remark)));
}

STMT_WRITE(q_schedule, "schedule_insert",
           "INSERT INTO schedule (network_id, id, organization_id, service_id, description)"
           " VALUES ($1, $2, $3, $4, $5)");

enum code schedule_sql_insert(struct tx *tx, id64 id, id64 organization, id64 service, struct str hours, struct err *e)
{
  return db_exec(tx, &q_schedule, NULL, e,
                 BINDS(b_int(tx_network(tx)), b_int(id), b_int(organization), b_opt(service), b_text(hours)));
}

STMT_READ(q_location, "location_same",
          "SELECT id FROM location WHERE network_id = $1 AND organization_id = $2 AND city = $3 AND address = $4"
          " AND description = $5 ORDER BY id LIMIT 1");
STMT_WRITE(q_location_new, "location_insert",
           "INSERT INTO location (network_id, id, organization_id, city, address, description)"
           " VALUES ($1, $2, $3, $4, $5, $6)");
STMT_WRITE(q_link, "service_at_location_insert",
           "INSERT INTO service_at_location (network_id, service_id, location_id) VALUES ($1, $2, $3)");

enum code location_sql_insert(struct tx *tx, id64 id, id64 organization, struct str city, struct str address,
                              struct str description, struct err *e)
{
  return db_exec(
      tx, &q_location_new, NULL, e,
      BINDS(b_int(tx_network(tx)), b_int(id), b_int(organization), b_text(city), b_text(address), b_text(description)));
}

enum code location_sql_link(struct tx *tx, id64 id, id64 organization, id64 service, struct str city,
                            struct str address, struct str description, struct err *e)
{
  struct rows r = {0};
  id64 there = 0;
  struct bind network = b_int(tx_network(tx));
  enum code c = db_query(tx, &q_location, &r, e,
                         BINDS(network, b_int(organization), b_text(city), b_text(address), b_text(description)));
  if (c != OK)
    return c;
  if (rows_next(&r))
    there = rows_int(&r, 0);
  c = rows_end(&r, e);
  if (c == OK && !there)
    c = db_exec(tx, &q_location_new, NULL, e,
                BINDS(network, b_int(id), b_int(organization), b_text(city), b_text(address), b_text(description)));
  return c == OK ? db_exec(tx, &q_link, NULL, e, BINDS(network, b_int(service), b_int(there ? there : id))) : c;
}

/* ---- what is known already -------------------------------------------------------------------------------------------- */

static enum code each(struct tx *tx, const struct stmt *q, known_fn fn, void *arg, struct err *e)
{
  struct rows r = {0};
  enum code c = db_query(tx, q, &r, e, BINDS(b_int(tx_network(tx)), b_int(tx_now(tx))));
  if (c != OK)
    return c;
  while (c == OK && rows_next(&r))
    c = fn(arg, rows_int(&r, 0), rows_text(&r, 1), rows_text(&r, 2), e);
  return rows_finish(&r, c, e);
}

#define STANDING " o.network_id = $1 AND (o.until_at IS NULL OR o.until_at > $2)"

STMT_READ(q_organizations, "known_organizations",
          "SELECT o.id, o.name, '' FROM organization o WHERE" STANDING " ORDER BY o.id");

enum code known_sql_organizations(struct tx *tx, known_fn fn, void *arg, struct err *e)
{
  return each(tx, &q_organizations, fn, arg, e);
}

STMT_READ(q_phones, "known_phones",
          "SELECT o.id, p.dial, p.number FROM organization o"
          " JOIN phone p ON p.network_id = $1 AND p.organization_id = o.id WHERE" STANDING " ORDER BY p.id");

enum code known_sql_phones(struct tx *tx, known_fn fn, void *arg, struct err *e)
{
  return each(tx, &q_phones, fn, arg, e);
}

STMT_READ(q_locations, "known_locations",
          "SELECT o.id, l.address, l.description FROM organization o"
          " JOIN location l ON l.network_id = $1 AND l.organization_id = o.id WHERE" STANDING " ORDER BY l.id");

enum code known_sql_locations(struct tx *tx, known_fn fn, void *arg, struct err *e)
{
  return each(tx, &q_locations, fn, arg, e);
}

STMT_READ(q_services, "known_services",
          "SELECT s.source_key, s.source_row, o.name, s.id, s.organization_id, s.edited_at FROM directory_source d"
          " JOIN service s ON s.network_id = $1 AND s.source_id = d.id"
          " JOIN organization o ON o.network_id = $1 AND o.id = s.organization_id"
          " WHERE d.network_id = $1 AND d.key = $2 ORDER BY s.id");

enum code known_sql_services(struct tx *tx, struct str source_key, service_fn fn, void *arg, struct err *e)
{
  struct rows r = {0};
  enum code c = db_query(tx, &q_services, &r, e, BINDS(b_int(tx_network(tx)), b_text(source_key)));
  if (c != OK)
    return c;
  while (c == OK && rows_next(&r)) {
    struct known_service s = {.key = rows_text(&r, 0),
                              .row = rows_text(&r, 1),
                              .organization_name = rows_text(&r, 2),
                              .id = rows_int(&r, 3),
                              .organization = rows_int(&r, 4),
                              .edited = !rows_null(&r, 5)};
    c = fn(arg, &s, e);
  }
  return rows_finish(&r, c, e);
}

STMT_READ(q_source, "directory_source_find",
          "SELECT id, attribution, licence FROM directory_source WHERE network_id = $1 AND key = $2");
STMT_WRITE(q_source_new, "directory_source_insert",
           "INSERT INTO directory_source (network_id, id, key, attribution, licence, imported_at)"
           " VALUES ($1, $2, $3, $4, $5, $6)");
STMT_WRITE(q_source_set, "directory_source_update",
           "UPDATE directory_source SET attribution = $3, licence = $4, imported_at = $5"
           " WHERE network_id = $1 AND id = $2");

enum code source_sql_keep(struct tx *tx, id64 id, const struct import_list *l, bool changed, id64 *ret_id,
                          struct err *e)
{
  struct rows r = {0};
  id64 there = 0;
  struct bind network = b_int(tx_network(tx)), said = b_text(l->attribution), licence = b_text(l->licence);
  enum code c = db_query(tx, &q_source, &r, e, BINDS(network, b_text(l->key)));
  if (c != OK)
    return c;
  if (rows_next(&r)) {
    there = rows_int(&r, 0);
    changed = changed || !str_eq(rows_text(&r, 1), l->attribution) || !str_eq(rows_text(&r, 2), l->licence);
  }
  c = rows_end(&r, e);
  if (c == OK && !there)
    c = db_exec(tx, &q_source_new, NULL, e,
                BINDS(network, b_int(id), b_text(l->key), said, licence, b_int(tx_now(tx))));
  else if (c == OK && changed)
    c = db_exec(tx, &q_source_set, NULL, e, BINDS(network, b_int(there), said, licence, b_int(tx_now(tx))));
  if (c == OK)
    *ret_id = there ? there : id;
  return c;
}
