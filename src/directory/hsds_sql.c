/* hsds_sql.c: the whole directory of a network, read table by table, and rows kept one by one. */
#include "directory/hsds_sql.h"

/* Columns: id, organization_id, service_id, nine texts, three numbers. */
#define STANDING " (o.until_at IS NULL OR o.until_at > $2)"
#define OF_STANDING(table)                                                                                             \
  " FROM organization o JOIN " table " x ON x.network_id = $1 AND x.organization_id = o.id"                            \
  " WHERE o.network_id = $1 AND" STANDING " ORDER BY x.id"
#define OF_SERVICES(table)                                                                                             \
  " FROM organization o JOIN service s ON s.network_id = $1 AND s.organization_id = o.id"                              \
  " JOIN " table " x ON x.network_id = $1 AND x.service_id = s.id WHERE o.network_id = $1 AND" STANDING

STMT_READ(q_organizations, "hsds_organizations",
          "SELECT o.id, o.id, 0, o.name, o.kana, o.kind, o.description, o.url, o.email, '', '', '', o.rev, 0, 0"
          " FROM organization o WHERE o.network_id = $1 AND" STANDING " ORDER BY o.id");
STMT_READ(q_services, "hsds_services",
          "SELECT x.id, o.id, x.id, x.name, x.description, x.heading, x.status, x.alert, x.eligibility, x.fees,"
          " x.application, x.assured_on, COALESCE(x.edited_at, 0), x.created_at, 0" OF_STANDING("service"));
STMT_READ(q_sources, "hsds_sources",
          "SELECT x.id, o.id, x.id, d.attribution, d.licence, '', '', '', '', '', '', '', d.imported_at, 0, 0"
          " FROM directory_source d JOIN service x ON x.network_id = $1 AND x.source_id = d.id"
          " JOIN organization o ON o.network_id = $1 AND o.id = x.organization_id"
          " WHERE d.network_id = $1 AND" STANDING " ORDER BY x.id");
STMT_READ(
    q_locations, "hsds_locations",
    "SELECT x.id, o.id, 0, x.city, x.address, x.description, '', '', '', '', '', '', 0, 0, 0" OF_STANDING("location"));
STMT_READ(q_links, "hsds_links",
          "SELECT x.location_id, o.id, x.service_id, '', '', '', '', '', '', '', '', '', 0, 0, 0" OF_SERVICES(
              "service_at_location") " ORDER BY x.service_id, x.location_id");
STMT_READ(q_contacts, "hsds_contacts",
          "SELECT x.id, o.id, x.service_id, x.name, x.department, x.email, '', '', '', '', '', '', 0, 0, 0" OF_STANDING(
              "contact"));
STMT_READ(q_phones, "hsds_phones",
          "SELECT x.id, o.id, x.service_id, x.type, x.number, x.extension, x.description, '', '', '', '', '', 0, 0,"
          " 0" OF_STANDING("phone"));
STMT_READ(
    q_schedules, "hsds_schedules",
    "SELECT x.id, o.id, x.service_id, x.description, '', '', '', '', '', '', '', '', 0, 0, 0" OF_STANDING("schedule"));
STMT_READ(
    q_concerns, "hsds_concerns",
    "SELECT x.service_id, o.id, x.service_id, x.concern, '', '', '', '', '', '', '', '',"
    " CASE WHEN x.derived THEN 1 ELSE 0 END, 0, 0" OF_SERVICES("service_concern") " ORDER BY x.service_id, x.concern");
STMT_READ(q_attributes, "hsds_attributes",
          "SELECT x.service_id, o.id, x.service_id, x.label, x.value, '', '', '', '', '', '', '', x.line, 0,"
          " 0" OF_SERVICES("service_attribute") " ORDER BY x.service_id, x.line");
STMT_READ(q_records, "hsds_records",
          "SELECT id, 0, 0, kind, uuid, fields, '', '', '', '', '', '', COALESCE(local_id, 0), local_rev, 0"
          " FROM hsds_record WHERE network_id = $1 AND CAST($2 AS bigint) > 0 ORDER BY id");

enum code hsds_sql_read(struct tx *tx, enum hsds_reading what, hsds_row_fn fn, void *arg, struct err *e)
{
  static const struct stmt *const all[READINGS] = {[READ_ORGANIZATION] = &q_organizations,
                                                   [READ_SERVICE] = &q_services,
                                                   [READ_SOURCE] = &q_sources,
                                                   [READ_LOCATION] = &q_locations,
                                                   [READ_LINK] = &q_links,
                                                   [READ_CONTACT] = &q_contacts,
                                                   [READ_PHONE] = &q_phones,
                                                   [READ_SCHEDULE] = &q_schedules,
                                                   [READ_CONCERN] = &q_concerns,
                                                   [READ_ATTRIBUTE] = &q_attributes,
                                                   [READ_RECORD] = &q_records};
  struct rows r = {0};
  enum code c = db_query(tx, all[what], &r, e, BINDS(b_int(tx_network(tx)), b_int(tx_now(tx))));
  if (c != OK)
    return c;
  while (c == OK && rows_next(&r))
    c = fn(arg,
           &(struct hsds_row){.id = rows_int(&r, 0),
                              .organization = rows_int(&r, 1),
                              .service = rows_int(&r, 2),
                              .a = rows_text(&r, 3),
                              .b = rows_text(&r, 4),
                              .c = rows_text(&r, 5),
                              .d = rows_text(&r, 6),
                              .f = rows_text(&r, 7),
                              .g = rows_text(&r, 8),
                              .h = rows_text(&r, 9),
                              .i = rows_text(&r, 10),
                              .j = rows_text(&r, 11),
                              .m = rows_int(&r, 12),
                              .n = rows_int(&r, 13)},
           e);
  return rows_finish(&r, c, e);
}

STMT_WRITE(q_keep, "hsds_keep",
           "INSERT INTO hsds_record (network_id, id, kind, uuid, local_id, local_rev, fields)"
           " VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (network_id, kind, uuid) DO UPDATE"
           " SET local_id = excluded.local_id, local_rev = excluded.local_rev, fields = excluded.fields");

enum code hsds_sql_keep(struct tx *tx, id64 id, enum hsds_kind kind, struct str uuid, id64 local, int64_t local_rev,
                        struct str fields, struct err *e)
{
  return db_exec(tx, &q_keep, NULL, e,
                 BINDS(b_int(tx_network(tx)), b_int(id), b_text(str_from(hsds_tables[kind].name)), b_text(uuid),
                       b_opt(local), b_int(local_rev), b_text(fields)));
}

STMT_WRITE(q_organization, "hsds_organization_update",
           "UPDATE organization SET name = $3, description = $4, url = $5, email = $6, fold = $7, rev = rev + 1"
           " WHERE network_id = $1 AND id = $2 RETURNING rev");

enum code hsds_sql_organization(struct tx *tx, const struct hsds_row *r, struct str fold, int64_t *ret_rev,
                                struct err *e)
{
  return db_ask_int(
      tx, &q_organization, ret_rev, e,
      BINDS(b_int(tx_network(tx)), b_int(r->id), b_text(r->a), b_text(r->d), b_text(r->f), b_text(r->g), b_text(fold)));
}

STMT_WRITE(q_service, "hsds_service",
           "INSERT INTO service (network_id, id, organization_id, name, description, heading, status, alert,"
           " eligibility, fees, application, assured_on, created_at)"
           " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) ON CONFLICT (network_id, id) DO UPDATE"
           " SET name = excluded.name, description = excluded.description, status = excluded.status,"
           " alert = excluded.alert, eligibility = excluded.eligibility, fees = excluded.fees,"
           " application = excluded.application, assured_on = excluded.assured_on, rev = service.rev + 1");

enum code hsds_sql_service(struct tx *tx, const struct hsds_row *r, struct err *e)
{
  return db_exec(tx, &q_service, NULL, e,
                 BINDS(b_int(tx_network(tx)), b_int(r->id), b_int(r->organization), b_text(r->a), b_text(r->b),
                       b_text(r->c), b_text(r->d), b_text(r->f), b_text(r->g), b_text(r->h), b_text(r->i), b_text(r->j),
                       b_int(tx_now(tx))));
}

STMT_WRITE(q_location, "hsds_location",
           "INSERT INTO location (network_id, id, organization_id, description) VALUES ($1, $2, $3, $4)"
           " ON CONFLICT (network_id, id) DO UPDATE SET description = excluded.description");

enum code hsds_sql_location(struct tx *tx, const struct hsds_row *r, struct err *e)
{
  return db_exec(tx, &q_location, NULL, e,
                 BINDS(b_int(tx_network(tx)), b_int(r->id), b_int(r->organization), b_text(r->c)));
}

STMT_WRITE(q_address, "hsds_address", "UPDATE location SET city = $3, address = $4 WHERE network_id = $1 AND id = $2");

enum code hsds_sql_address(struct tx *tx, const struct hsds_row *r, struct err *e)
{
  return db_exec(tx, &q_address, NULL, e, BINDS(b_int(tx_network(tx)), b_int(r->id), b_text(r->a), b_text(r->b)));
}

STMT_WRITE(q_link, "hsds_link",
           "INSERT INTO service_at_location (network_id, service_id, location_id) VALUES ($1, $2, $3)"
           " ON CONFLICT DO NOTHING");

enum code hsds_sql_link(struct tx *tx, id64 service, id64 location, struct err *e)
{
  return db_exec(tx, &q_link, NULL, e, BINDS(b_int(tx_network(tx)), b_int(service), b_int(location)));
}

STMT_WRITE(q_contact, "hsds_contact",
           "INSERT INTO contact (network_id, id, organization_id, service_id, name, department, email)"
           " VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (network_id, id) DO UPDATE"
           " SET name = excluded.name, department = excluded.department, email = excluded.email");

enum code hsds_sql_contact(struct tx *tx, const struct hsds_row *r, struct err *e)
{
  return db_exec(tx, &q_contact, NULL, e,
                 BINDS(b_int(tx_network(tx)), b_int(r->id), b_int(r->organization), b_opt(r->service), b_text(r->a),
                       b_text(r->b), b_text(r->c)));
}

STMT_WRITE(q_phone, "hsds_phone",
           "INSERT INTO phone (network_id, id, organization_id, service_id, type, number, dial, extension, description)"
           " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (network_id, id) DO UPDATE"
           " SET type = excluded.type, number = excluded.number, dial = excluded.dial,"
           " extension = excluded.extension, description = excluded.description");

enum code hsds_sql_phone(struct tx *tx, const struct hsds_row *r, struct str dial, struct err *e)
{
  return db_exec(tx, &q_phone, NULL, e,
                 BINDS(b_int(tx_network(tx)), b_int(r->id), b_int(r->organization), b_opt(r->service), b_text(r->a),
                       b_text(r->b), b_text(dial), b_text(r->c), b_text(r->d)));
}

STMT_WRITE(
    q_schedule, "hsds_schedule",
    "INSERT INTO schedule (network_id, id, organization_id, service_id, description)"
    " VALUES ($1, $2, $3, $4, $5) ON CONFLICT (network_id, id) DO UPDATE SET description = excluded.description");

enum code hsds_sql_schedule(struct tx *tx, const struct hsds_row *r, struct err *e)
{
  return db_exec(tx, &q_schedule, NULL, e,
                 BINDS(b_int(tx_network(tx)), b_int(r->id), b_int(r->organization), b_opt(r->service), b_text(r->a)));
}

STMT_WRITE(q_concern, "hsds_concern",
           "INSERT INTO service_concern (network_id, service_id, concern, derived) VALUES ($1, $2, $3, $4)"
           " ON CONFLICT DO NOTHING");

enum code hsds_sql_concern(struct tx *tx, id64 service, struct str code, bool derived, struct err *e)
{
  return db_exec(tx, &q_concern, NULL, e, BINDS(b_int(tx_network(tx)), b_int(service), b_text(code), b_bool(derived)));
}

STMT_WRITE(q_attribute, "hsds_attribute",
           "INSERT INTO service_attribute (network_id, service_id, line, label, value)"
           " VALUES ($1, $2, (SELECT COALESCE(MAX(t.line) + 1, 0) FROM service_attribute t"
           " WHERE t.network_id = $1 AND t.service_id = $2), $3, $4)");

enum code hsds_sql_attribute(struct tx *tx, id64 service, struct str label, struct str value, struct err *e)
{
  return db_exec(tx, &q_attribute, NULL, e, BINDS(b_int(tx_network(tx)), b_int(service), b_text(label), b_text(value)));
}
