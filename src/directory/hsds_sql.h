/* hsds_sql.h: statements of the directory by the standard. Inside src/directory. */
#ifndef DIRECTORY_HSDS_SQL_H
#define DIRECTORY_HSDS_SQL_H
#include "directory/hsds.h"

/* A row of any of the readings, in the order of ids. Texts are borrowed. A code other than OK ends it. */
struct hsds_row {
  id64 id, organization, service; /* 0: none */
  struct str a, b, c, d, f, g, h, i, j;
  int64_t m, n, o; /* numbers and times; 0: none */
};
typedef enum code (*hsds_row_fn)(void *arg, const struct hsds_row *r, struct err *e);

enum hsds_reading {
  READ_ORGANIZATION, /* a name, b kana, c kind, d description, f url, g email, m rev */
  READ_SERVICE, /* a name, b description, c heading, d status, f alert, g eligibility, h fees, i application, j assured_on, m edited_at,
                        n created_at */
  READ_SOURCE,    /* id: of a service; a attribution, b licence, m imported_at */
  READ_LOCATION,  /* a city, b address, c description */
  READ_LINK,      /* id: location; service, organization: the service's */
  READ_CONTACT,   /* a name, b department, c email */
  READ_PHONE,     /* a type, b number, c extension, d description */
  READ_SCHEDULE,  /* a description */
  READ_CONCERN,   /* service; a concern, m derived */
  READ_ATTRIBUTE, /* service; a label, b value, m line */
  READ_RECORD,    /* a kind, b uuid, c fields, m local_id, n local_rev */
  READINGS
};
enum code hsds_sql_read(struct tx *tx, enum hsds_reading what, hsds_row_fn fn, void *arg, struct err *e) MUST_CHECK;

/* New, or in the place of the one of that kind and uuid. */
enum code hsds_sql_keep(struct tx *tx, id64 id, enum hsds_kind kind, struct str uuid, id64 local, int64_t local_rev,
                        struct str fields, struct err *e) MUST_CHECK;
/* The organization's new rev. */
enum code hsds_sql_organization(struct tx *tx, const struct hsds_row *r, struct str fold, int64_t *ret_rev,
                                struct err *e) MUST_CHECK;
enum code hsds_sql_service(struct tx *tx, const struct hsds_row *r, struct err *e) MUST_CHECK;
/* Each makes the row where there is none of that id, else changes it. */
enum code hsds_sql_location(struct tx *tx, const struct hsds_row *r, struct err *e) MUST_CHECK; /* c alone */
enum code hsds_sql_address(struct tx *tx, const struct hsds_row *r, struct err *e) MUST_CHECK;  /* a and b alone */
enum code hsds_sql_link(struct tx *tx, id64 service, id64 location, struct err *e) MUST_CHECK;
enum code hsds_sql_contact(struct tx *tx, const struct hsds_row *r, struct err *e) MUST_CHECK;
enum code hsds_sql_phone(struct tx *tx, const struct hsds_row *r, struct str dial, struct err *e) MUST_CHECK;
enum code hsds_sql_schedule(struct tx *tx, const struct hsds_row *r, struct err *e) MUST_CHECK;
enum code hsds_sql_concern(struct tx *tx, id64 service, struct str code, bool derived, struct err *e) MUST_CHECK;
enum code hsds_sql_attribute(struct tx *tx, id64 service, struct str label, struct str value, struct err *e) MUST_CHECK;

#endif
