#include "directory/show_sql.h"

STMT_READ(q_organization, "show_organization",
          "SELECT o.name, o.kana, o.kind, o.circle, o.description, o.url, o.email, o.rev,"
          " o.circle IN ('council', 'network') AND EXISTS (SELECT 1 FROM membership m WHERE m.network_id = $1"
          " AND m.organization_id = o.id AND m.from_at <= $3 AND (m.until_at IS NULL OR m.until_at > $3))"
          " FROM organization o WHERE o.network_id = $1 AND o.id = $2 AND (o.until_at IS NULL OR o.until_at > $3)");

enum code show_sql_organization(struct tx *tx, id64 id, struct arena *a, struct shown_organization *ret, struct err *e)
{
  struct rows r = {0};
  enum code c = db_query(tx, &q_organization, &r, e, BINDS(b_int(tx_network(tx)), b_int(id), b_int(tx_now(tx))));
  if (c != OK)
    return c;
  bool found = rows_next(&r);
  if (found)
    *ret = (struct shown_organization){.name = rows_text_copy(&r, 0, a),
                                       .kana = rows_text_copy(&r, 1, a),
                                       .kind = rows_text_copy(&r, 2, a),
                                       .circle = rows_text_copy(&r, 3, a),
                                       .description = rows_text_copy(&r, 4, a),
                                       .url = rows_text_copy(&r, 5, a),
                                       .email = rows_text_copy(&r, 6, a),
                                       .rev = rows_int(&r, 7),
                                       .member = rows_bool(&r, 8)};
  c = rows_end(&r, e);
  return c == OK && !found ? err_set(e, NOT_FOUND, code_msg(NOT_FOUND)) : c;
}

STMT_READ(q_services, "show_services",
          "SELECT s.id, s.name, s.description, s.heading, s.status, s.alert, s.eligibility, s.fees, s.application,"
          " s.assured_on, COALESCE(d.attribution, ''), d.imported_at, s.edited_at, s.rev"
          " FROM service s LEFT JOIN directory_source d ON d.network_id = $1 AND d.id = s.source_id"
          " WHERE s.network_id = $1 AND s.organization_id = $2 ORDER BY s.id");

enum code show_sql_services(struct tx *tx, id64 organization, shown_service_fn fn, void *arg, struct err *e)
{
  struct rows r = {0};
  enum code c = db_query(tx, &q_services, &r, e, BINDS(b_int(tx_network(tx)), b_int(organization)));
  if (c != OK)
    return c;
  while (rows_next(&r))
    fn(arg, &(struct shown_service){.id = rows_int(&r, 0),
                                    .name = rows_text(&r, 1),
                                    .description = rows_text(&r, 2),
                                    .heading = rows_text(&r, 3),
                                    .status = rows_text(&r, 4),
                                    .alert = rows_text(&r, 5),
                                    .eligibility = rows_text(&r, 6),
                                    .fees = rows_text(&r, 7),
                                    .application = rows_text(&r, 8),
                                    .assured_on = rows_text(&r, 9),
                                    .attribution = rows_text(&r, 10),
                                    .imported_at = rows_int(&r, 11),
                                    .edited_at = rows_int(&r, 12),
                                    .rev = rows_int(&r, 13)});
  return rows_end(&r, e);
}

STMT_READ(q_assured, "show_assured", "SELECT assured_on FROM service WHERE network_id = $1 AND id = $2");

enum code show_sql_assured(struct tx *tx, id64 service, struct arena *a, struct str *ret, struct err *e)
{
  return db_ask_text(tx, &q_assured, a, ret, e, BINDS(b_int(tx_network(tx)), b_int(service)));
}

STMT_READ(q_locations, "show_locations",
          "SELECT s.service_id, l.city, l.address, l.description, '', l.id FROM service x"
          " JOIN service_at_location s ON s.network_id = $1 AND s.service_id = x.id"
          " JOIN location l ON l.network_id = $1 AND l.id = s.location_id"
          " WHERE x.network_id = $1 AND x.organization_id = $2"
          " UNION ALL SELECT NULL, l.city, l.address, l.description, '', l.id FROM location l"
          " WHERE l.network_id = $1 AND l.organization_id = $2 AND NOT EXISTS (SELECT 1 FROM service_at_location s"
          " WHERE s.network_id = $1 AND s.location_id = l.id) ORDER BY 6");
STMT_READ(q_schedules, "show_schedules",
          "SELECT service_id, description, '', '', '' FROM schedule WHERE network_id = $1 AND organization_id = $2"
          " ORDER BY id");
STMT_READ(q_voices, "show_voices",
          "SELECT service_id, number, dial, extension, description FROM phone"
          " WHERE network_id = $1 AND organization_id = $2 AND type <> 'fax' ORDER BY id");
STMT_READ(q_faxes, "show_faxes",
          "SELECT service_id, number, dial, extension, description FROM phone"
          " WHERE network_id = $1 AND organization_id = $2 AND type = 'fax' ORDER BY id");
STMT_READ(q_contacts, "show_contacts",
          "SELECT service_id, department, name, email, '' FROM contact WHERE network_id = $1 AND organization_id = $2"
          " ORDER BY id");
STMT_READ(q_concerns, "show_concerns",
          "SELECT c.service_id, c.concern, '', '', '' FROM service s CROSS JOIN service_concern c"
          " WHERE s.network_id = $1 AND s.organization_id = $2 AND c.network_id = $1 AND c.service_id = s.id ORDER BY "
          "c.service_id, c.concern");
STMT_READ(q_attributes, "show_attributes",
          "SELECT t.service_id, t.label, t.value, CASE WHEN t.is_date THEN '1' ELSE '' END, '' FROM service s"
          " CROSS JOIN service_attribute t WHERE s.network_id = $1 AND s.organization_id = $2"
          " AND t.network_id = $1 AND t.service_id = s.id ORDER BY t.service_id, t.line");

static enum code parts(struct tx *tx, const struct stmt *q, enum part_kind kind, id64 organization, shown_part_fn fn,
                       void *arg, struct err *e)
{
  struct rows r = {0};
  enum code c = db_query(tx, q, &r, e, BINDS(b_int(tx_network(tx)), b_int(organization)));
  if (c != OK)
    return c;
  while (rows_next(&r))
    fn(arg, &(struct shown_part){.kind = kind,
                                 .service = rows_int(&r, 0),
                                 .a = rows_text(&r, 1),
                                 .b = rows_text(&r, 2),
                                 .c = rows_text(&r, 3),
                                 .d = rows_text(&r, 4)});
  return rows_end(&r, e);
}

enum code show_sql_parts(struct tx *tx, id64 organization, shown_part_fn fn, void *arg, struct err *e)
{
  static const struct stmt *const in_order[] = {
      [PART_LOCATION] = &q_locations,  [PART_SCHEDULE] = &q_schedules, [PART_TELEPHONE] = &q_voices,
      [PART_FACSIMILE] = &q_faxes,     [PART_CONTACT] = &q_contacts,   [PART_CONCERN] = &q_concerns,
      [PART_ATTRIBUTE] = &q_attributes};
  enum code c = OK;
  for (int kind = PART_LOCATION; c == OK && kind <= PART_ATTRIBUTE; kind++)
    c = parts(tx, in_order[kind], (enum part_kind)kind, organization, fn, arg, e);
  return c;
}
