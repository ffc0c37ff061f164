/* show_sql.h: one organization, read for its page. Inside src/directory. */
#ifndef DIRECTORY_SHOW_SQL_H
#define DIRECTORY_SHOW_SQL_H
#include "directory/directory.h"

struct shown_organization {
  struct str name, kana, kind, circle, description, url, email;
  bool member;
  int64_t rev;
};
struct shown_service {
  id64 id;
  struct str name, description, heading, status, alert, eligibility, fees, application, assured_on;
  struct str attribution; /* empty: written here */
  ts_t imported_at, edited_at;
  int64_t rev;
};
/* NOT_FOUND also for an organization that has ended. Texts are in the arena. */
enum code show_sql_organization(struct tx *tx, id64 id, struct arena *a, struct shown_organization *ret,
                                struct err *e) MUST_CHECK;
typedef void (*shown_service_fn)(void *arg, const struct shown_service *s);
enum code show_sql_services(struct tx *tx, id64 organization, shown_service_fn fn, void *arg, struct err *e) MUST_CHECK;
/* The day somebody asked last (ISO, "" for never) of one service. */
enum code show_sql_assured(struct tx *tx, id64 service, struct arena *a, struct str *ret, struct err *e) MUST_CHECK;

/* What hangs on a service (0: on the organization itself), in the order to be read. Texts are borrowed. */
enum part_kind {
  PART_LOCATION,
  PART_SCHEDULE,
  PART_TELEPHONE,
  PART_FACSIMILE,
  PART_CONTACT,
  PART_CONCERN,
  PART_ATTRIBUTE
};
struct shown_part {
  enum part_kind kind;
  id64 service;
  struct str a, b, c,
      d; /* location: city, address, description; schedule: text; phone: number, dial, extension, remark;
                            contact: department, name, mail; concern: code; attribute: label, value, "1" for a date */
};
typedef void (*shown_part_fn)(void *arg, const struct shown_part *p);
enum code show_sql_parts(struct tx *tx, id64 organization, shown_part_fn fn, void *arg, struct err *e) MUST_CHECK;

#endif
