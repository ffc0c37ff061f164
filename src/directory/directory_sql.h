/* directory_sql.h: statements of the directory. Inside src/directory. */
#ifndef DIRECTORY_DIRECTORY_SQL_H
#define DIRECTORY_DIRECTORY_SQL_H
#include "directory/directory.h"
#include "directory/import.h"

/* What hangs on a service or an organization and was not changed: it stays as it is, with its ids and what the standard says of it. */
enum { KEEP_PHONES = 1, KEEP_HOURS = 2, KEEP_PLACES = 4, KEEP_DESKS = 8 };

struct service_values {
  struct str name, description, heading, status, alert, eligibility, fees, application, assured_on;
};
/* Where a service came from; id 0: written here. */
struct service_source {
  id64 id;
  struct str key, row;
};

enum code service_sql_insert(struct tx *tx, id64 id, id64 organization, const struct service_values *v,
                             const struct service_source *from, struct err *e) MUST_CHECK;
/* Of a service that no person has edited: new values, and what hangs on it deleted (phones, schedules, places, concerns, attributes). */
enum code service_sql_reimport(struct tx *tx, id64 id, const struct service_values *v, struct str row,
                               struct err *e) MUST_CHECK;
/* Edited by a person: CONFLICT when somebody was faster. What hangs on it is deleted but for the attributes and what `keep` names. One that
 * is closed stays closed in the way it was. */
enum code service_sql_edit(struct tx *tx, id64 organization, id64 id, int64_t rev, const struct service_values *v,
                           unsigned keep, struct err *e) MUST_CHECK;
enum code service_sql_add_concern(struct tx *tx, id64 service, struct str code, bool derived, struct err *e) MUST_CHECK;
enum code service_sql_add_attribute(struct tx *tx, id64 service, int64_t line, const struct import_attribute *at,
                                    struct err *e) MUST_CHECK;
enum code phone_sql_insert(struct tx *tx, id64 id, id64 organization, id64 service, const struct phone *p,
                           struct err *e) MUST_CHECK;
enum code schedule_sql_insert(struct tx *tx, id64 id, id64 organization, id64 service, struct str hours,
                              struct err *e) MUST_CHECK;
/* The organization's location with these texts (made with `id` if there is none), linked to the service. */
enum code location_sql_link(struct tx *tx, id64 id, id64 organization, id64 service, struct str city,
                            struct str address, struct str description, struct err *e) MUST_CHECK;

/* The organization itself: its row, and what hangs on it but on none of its services deleted, less what `keep` names. People among its
 * contacts (a name, an address) always stay. CONFLICT as above. */
enum code organization_sql_edit(struct tx *tx, id64 id, int64_t rev, const struct directory_organization *o,
                                struct str fold, unsigned keep, struct err *e) MUST_CHECK;
enum code location_sql_insert(struct tx *tx, id64 id, id64 organization, struct str city, struct str address,
                              struct str description, struct err *e) MUST_CHECK;
enum code contact_sql_insert(struct tx *tx, id64 id, id64 organization, struct str department,
                             struct err *e) MUST_CHECK;

/* The source's row; *ret_id is new or the one that is there; `changed`: it gives something now, so its day moves. */
enum code source_sql_keep(struct tx *tx, id64 id, const struct import_list *l, bool changed, id64 *ret_id,
                          struct err *e) MUST_CHECK;

/* For each row of a reading; a code other than OK ends it. Texts are borrowed. */
typedef enum code (*known_fn)(void *arg, id64 organization, struct str text, struct str more, struct err *e);
enum code known_sql_organizations(struct tx *tx, known_fn fn, void *arg, struct err *e) MUST_CHECK; /* name, "" */
enum code known_sql_phones(struct tx *tx, known_fn fn, void *arg, struct err *e) MUST_CHECK;        /* dial, number */
enum code known_sql_locations(struct tx *tx, known_fn fn, void *arg,
                              struct err *e) MUST_CHECK; /* address, description */

struct known_service {
  struct str key, row, organization_name;
  id64 id, organization;
  bool edited;
};
typedef enum code (*service_fn)(void *arg, const struct known_service *s, struct err *e);
enum code known_sql_services(struct tx *tx, struct str source_key, service_fn fn, void *arg, struct err *e) MUST_CHECK;

/* directory_entry: texts that the organization is found by go to `words` and `places` unfolded, one call a text. */
struct entry {
  struct str fold, place_fold, what, area, phone, dial, hours;
};
typedef void (*text_fn)(void *arg, struct str text);
enum code entry_sql_words(struct tx *tx, id64 organization, text_fn fn, void *arg, struct err *e) MUST_CHECK;
enum code entry_sql_places(struct tx *tx, id64 organization, text_fn fn, void *arg, struct err *e) MUST_CHECK;
enum code entry_sql_services(struct tx *tx, id64 organization, text_fn fn, void *arg, struct err *e) MUST_CHECK;
enum code entry_sql_first(struct tx *tx, id64 organization, struct arena *a, struct entry *ret,
                          struct err *e) MUST_CHECK;
enum code entry_sql_keep(struct tx *tx, id64 organization, const struct entry *v, struct err *e) MUST_CHECK;

/* Search. Patterns are for LIKE with '\' as escape; concern and kind may be empty. */
struct find {
  struct str word[DIRECTORY_WORDS], place, concern, kind;
  enum directory_view view;
  id64 after;
  int64_t limit;
};
struct found {
  id64 id;
  struct str name, kana, kind, circle, what, area, phone, dial, hours;
  bool member;
};
typedef void (*found_fn)(void *arg, const struct found *f);
enum code find_sql_page(struct tx *tx, const struct find *f, found_fn fn, void *arg, struct err *e) MUST_CHECK;
enum code find_sql_counts(struct tx *tx, const struct find *f, int64_t ret[DIRECTORY_VIEWS], struct err *e) MUST_CHECK;

#endif
