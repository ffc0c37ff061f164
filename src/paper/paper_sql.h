/* paper_sql.h: statements of the register of copies, for this folder alone. */
#ifndef PAPER_PAPER_SQL_H
#define PAPER_PAPER_SQL_H
#include "paper/paper.h"

/* Number of the next copy of a thing by the scope's organization. */
enum code copy_sql_next(struct tx *tx, const struct scope *s, id64 thing, int64_t *ret, struct err *e) MUST_CHECK;
enum code copy_sql_insert(struct tx *tx, const struct scope *s, const struct paper_copy *copy, const char *kind,
                          int64_t number, struct err *e) MUST_CHECK;
struct copy_row {
  struct str kind, user; /* borrowed */
  id64 thing;
  int64_t number;
  ts_t at;
};
typedef void (*copy_fn)(void *arg, const struct copy_row *row);
enum code copy_sql_each(struct tx *tx, const struct scope *s, id64 case_id, copy_fn fn, void *arg,
                        struct err *e) MUST_CHECK;

/* Telephone numbers of an organization itself (of no service) as its page in the directory has them. */
enum code reach_sql_get(struct tx *tx, id64 organization, struct arena *a, struct str *ret_phone, struct str *ret_fax,
                        struct err *e) MUST_CHECK;

#endif
