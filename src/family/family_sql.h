/* family_sql.h: statements of notes and links, for this folder alone. */
#ifndef FAMILY_FAMILY_SQL_H
#define FAMILY_FAMILY_SQL_H
#include "family/family.h"

struct family_row {
  id64 id, note, author, guardian, organization;
  cats_t category;
  enum source source;
  uint32_t marks;
  struct str kind, sealed; /* borrowed for the callback */
};
typedef enum code (*family_fn)(void *arg, const struct family_row *row, struct err *e);
enum code family_sql_insert(struct tx *tx, const struct scope *s, const struct family_row *row,
                            struct err *e) MUST_CHECK;
/* Ends the live row of a note that the scope's organization wrote; *ret: was there one? */
enum code family_sql_end(struct tx *tx, const struct scope *s, id64 note, bool *ret, struct err *e) MUST_CHECK;
/* Live rows within the scope's masks, oldest note first. */
enum code family_sql_each(struct tx *tx, const struct scope *s, family_fn fn, void *arg, struct err *e) MUST_CHECK;

struct link_row {
  id64 id, other, author, note; /* note: 0 unless it is one of the scope's person */
};
/* Live links of the scope's person, either way; at most FAMILY_MOST. Whom they lead to is still to be asked about. */
enum code link_sql_each(struct tx *tx, const struct scope *s, struct link_row *ret, size_t *ret_n,
                        struct err *e) MUST_CHECK;
enum code link_sql_insert(struct tx *tx, const struct scope *s, id64 other, id64 note, struct err *e) MUST_CHECK;
enum code link_sql_end(struct tx *tx, const struct scope *s, id64 link, struct err *e) MUST_CHECK;
/* 0: none */
enum code link_sql_case(struct tx *tx, struct str number, id64 *ret, struct err *e) MUST_CHECK;
enum code link_sql_newest(struct tx *tx, id64 person, struct arena *a, id64 *ret_case, struct str *ret_number,
                          struct err *e) MUST_CHECK;

#endif
