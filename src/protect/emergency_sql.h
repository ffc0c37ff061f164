/* emergency_sql.h: statements of 緊急の閲覧, for this folder alone. */
#ifndef PROTECT_EMERGENCY_SQL_H
#define PROTECT_EMERGENCY_SQL_H
#include "mail/mail.h"
#include "protect/protect.h"

struct emergency_row {
  id64 id, person, case_id, user, organization;
  struct str number, user_name, organization_name, reason_sealed, wrapped, result; /* borrowed until the next row */
  int64_t epoch;
  ts_t from, until, reviewed_at;
};
typedef enum code (*emergency_fn)(void *arg, const struct emergency_row *row, struct err *e);

/* The case of this number; or the newest of a person. 0: none. */
enum code emergency_sql_case(struct tx *tx, struct str number, id64 person, struct arena *a, id64 *ret_case,
                             id64 *ret_person, struct str *ret_number, struct err *e) MUST_CHECK;
enum code emergency_sql_insert(struct tx *tx, const struct scope *s, id64 id, id64 case_id, struct str number,
                               ts_t until, struct str reason, struct err *e) MUST_CHECK;
/* Those of the scope's organization, and those into cases that it leads; `open`: the unreviewed alone. */
enum code emergency_sql_each(struct tx *tx, const struct scope *list, bool open, int limit, emergency_fn fn, void *arg,
                             struct err *e) MUST_CHECK;
enum code emergency_sql_review(struct tx *tx, const struct scope *list, id64 id, bool right, struct str review_sealed,
                               struct err *e) MUST_CHECK;

/* The lines of today, for a manager. */
enum code emergency_owed(struct tx *tx, const struct scope *list, struct arena *a, const struct reader *who,
                         struct doc *lines, struct err *e) MUST_CHECK;

/* Whom it is told to: the managers of the organization that looked and of the one that leads, but not the one who did (emergency_tell.c). */
struct emergency_told {
  id64 id, case_id, user, organization;
  ts_t from;
};
enum code emergency_tell(struct tx *tx, const struct emergency_told *t, enum notice_kind kind,
                         struct err *e) MUST_CHECK;
/* 0: nobody leads. */
enum code emergency_sql_lead(struct tx *tx, id64 case_id, id64 *ret, struct err *e) MUST_CHECK;
typedef enum code (*emergency_told_fn)(void *arg, const struct emergency_told *t, struct err *e);
/* Not reviewed, begun between the two instants, in a network where somebody wants mail. */
enum code emergency_sql_owed(struct tx *tx, ts_t after, ts_t before, int limit, emergency_told_fn fn, void *arg,
                             struct err *e) MUST_CHECK;

#endif
