/* person_sql.h: statements of persons, their keys, attributes and guardians, for this folder alone. */
#ifndef PERSON_PERSON_SQL_H
#define PERSON_PERSON_SQL_H
#include "person/ids.h"
#include "person/person.h"

struct attribute_row {
  id64 id, author, guardian;
  struct str kind; /* borrowed for the callback */
  cats_t category;
  enum source source;
  uint32_t marks;
  int64_t item;
  ts_t own_from; /* of a birth date that is known well enough; else 0 */
  struct str sealed;
};
typedef enum code (*attribute_fn)(void *arg, const struct attribute_row *row, struct err *e);

/* A name-like value of a listed person, with the key it is sealed under. */
struct listed_value {
  id64 person, id;
  int64_t epoch;
  struct str wrapped, kind, sealed; /* borrowed for the callback */
  ts_t from_at;
  bool
      others; /* not person_sql_listed: another organization wrote it; it is not shown, but the engine is to be asked */
};
typedef enum code (*listed_value_fn)(void *arg, const struct listed_value *row, struct err *e);
/* In any order, within the masks; `all`: kana and birth too, not only names. The first: of those of n persons (at most LIMIT_PAGE_ROWS) whom
 * the list's actor works on without any restriction, what his own organization wrote. The second: of persons whom access_views() answered
 * about. */
enum code person_sql_listed_own(struct tx *tx, const struct scope *list, bool all, const id64 *persons, size_t n,
                                listed_value_fn fn, void *arg, struct err *e) MUST_CHECK;
enum code person_sql_listed_worked_on(struct tx *tx, const struct scope *list, bool all, cats_t own,
                                      const id64 *persons, size_t n, listed_value_fn fn, void *arg,
                                      struct err *e) MUST_CHECK;
enum code person_sql_listed(struct tx *tx, const struct scope *list, bool all, const struct access_view *views,
                            size_t n, listed_value_fn fn, void *arg, struct err *e) MUST_CHECK;

enum code person_sql_insert(struct tx *tx, id64 id, ts_t own_from, const struct actor *who, struct err *e) MUST_CHECK;
enum code person_sql_own_from(struct tx *tx, id64 id, ts_t own_from, struct err *e) MUST_CHECK;
/* From when the person decides alone by the birth dates that stand, whoever wrote them: 0 where there is none, or where they differ. */
enum code person_sql_births(struct tx *tx, id64 person, ts_t *ret, struct err *e) MUST_CHECK;
enum code person_sql_own_age(struct tx *tx, int *ret, struct err *e) MUST_CHECK;
enum code person_sql_insert_key(struct tx *tx, id64 person, int epoch, struct str wrapped, struct err *e) MUST_CHECK;
enum code person_sql_key(struct tx *tx, id64 person, struct arena *a, int *ret_epoch, struct str *ret_wrapped,
                         struct err *e) MUST_CHECK;
enum code person_sql_insert_attribute(struct tx *tx, const struct scope *s, const struct attribute_row *row,
                                      struct str fold_sealed, struct err *e) MUST_CHECK;
/* Ends the live rows of this kind (and guardian) that the scope's organization wrote. */
enum code person_sql_end_attribute(struct tx *tx, const struct scope *s, struct str kind, id64 guardian,
                                   struct err *e) MUST_CHECK;
/* Live rows within the scope's masks, oldest first. */
enum code person_sql_each_attribute(struct tx *tx, const struct scope *s, attribute_fn fn, void *arg,
                                    struct err *e) MUST_CHECK;
/* Of the kinds that the strip shows alone; `liked`: and interest. */
enum code person_sql_each_of_strip(struct tx *tx, const struct scope *s, bool liked, attribute_fn fn, void *arg,
                                   struct err *e) MUST_CHECK;

/* ---- probe.h: one sealed row a person */
enum code probe_sql_get(struct tx *tx, id64 person, struct arena *a, struct str *ret_sealed, struct err *e) MUST_CHECK;
enum code probe_sql_put(struct tx *tx, id64 person, struct str sealed, struct err *e) MUST_CHECK;
/* A tx_fn: *(bool *)arg says whether anybody has none. */
enum code probe_sql_is_missing(struct tx *tx, void *arg, struct err *e) MUST_CHECK;
enum code probe_sql_missing(struct tx *tx, id64 *ret, size_t most, size_t *ret_n, struct err *e) MUST_CHECK;
/* All live attributes, as the service. */
enum code probe_sql_attributes(struct tx *tx, id64 person, attribute_fn fn, void *arg, struct err *e) MUST_CHECK;

/* ---- find.h */
struct probe_row {
  id64 person;
  int epoch;
  struct str wrapped, sealed; /* borrowed for the callback */
};
typedef enum code (*probe_fn)(void *arg, const struct probe_row *row, struct err *e);
/* The next `limit` persons of the network after `after`, by id. */
enum code find_sql_each(struct tx *tx, id64 after, int limit, probe_fn fn, void *arg, struct err *e) MUST_CHECK;
/* Whom the list's actor may see; on whom the actor's organization works; and who never answers for those who may not see them. Sorted. */
enum code find_sql_visible(struct tx *tx, const struct scope *list, struct arena *a, struct ids *ret,
                           struct err *e) MUST_CHECK;
enum code find_sql_engaged(struct tx *tx, const struct scope *list, struct arena *a, struct ids *ret,
                           struct err *e) MUST_CHECK;
enum code find_sql_silent(struct tx *tx, const struct scope *list, struct arena *a, struct ids *ret,
                          struct err *e) MUST_CHECK;
/* What a listed person is found by, within the masks, less what is concealed. */
enum code find_sql_values(struct tx *tx, const struct scope *list, const id64 *persons, size_t n, listed_value_fn fn,
                          void *arg, struct err *e) MUST_CHECK;

enum code guardian_sql_insert(struct tx *tx, const struct scope *s, id64 id, struct str authority, struct str relation,
                              struct err *e) MUST_CHECK;
/* Of a live guardian whom the scope's organization wrote down; *ret_authority empty: there is none. */
enum code guardian_sql_own(struct tx *tx, const struct scope *s, id64 id, struct arena *a, struct str *ret_authority,
                           struct str *ret_relation, struct err *e) MUST_CHECK;
/* Which one began when this one ended; 0: none. */
enum code guardian_sql_next(struct tx *tx, const struct scope *s, id64 id, id64 *ret, struct err *e) MUST_CHECK;
enum code guardian_sql_relation(struct tx *tx, const struct scope *s, id64 id, struct str relation,
                                struct err *e) MUST_CHECK;
enum code guardian_sql_end(struct tx *tx, const struct scope *s, id64 id, struct err *e) MUST_CHECK;
/* Live guardians: list of {id, authority, relation, own}. */
enum code guardian_sql_list(struct tx *tx, const struct scope *s, struct arena *a, struct doc **ret,
                            struct err *e) MUST_CHECK;

struct concealed_row {
  id64 person, id, epoch;
  struct str wrapped, kind, sealed; /* borrowed until the next row; kind: of an attribute, else empty */
  int64_t item;
  bool of_person; /* an attribute; else a value written down with the 秘匿 */
};
typedef enum code (*concealed_fn)(void *arg, const struct concealed_row *row, struct err *e);
/* What is concealed now of these persons, n <= LIMIT_PAGE_ROWS. */
enum code concealed_sql_each(struct tx *tx, const id64 *persons, size_t n, concealed_fn fn, void *arg,
                             struct err *e) MUST_CHECK;

#endif
