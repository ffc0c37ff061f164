/* paper_sql.h: statements of the register of copies, for this folder alone. */
#ifndef PAPER_PAPER_SQL_H
#define PAPER_PAPER_SQL_H
#include "paper/paper.h"

/* Number of the next copy in a case by the scope's organization. */
enum code copy_sql_next(struct tx *tx, const struct scope *s, id64 case_id, int64_t *ret, struct err *e) MUST_CHECK;
enum code copy_sql_insert(struct tx *tx, const struct scope *s, const struct paper_copy *copy, const char *kind,
                          int64_t number, struct err *e) MUST_CHECK;
struct copy_row {
  struct str kind, user, form_code, form_version; /* borrowed; the form's empty where it is none, or may not be seen */
  id64 id, thing;
  cats_t categories;
  int64_t number;
  ts_t at;
};
typedef enum code (*copy_fn)(void *arg, const struct copy_row *row, struct err *e);
/* copy 0: all */
enum code copy_sql_each(struct tx *tx, const struct scope *s, id64 case_id, id64 copy, copy_fn fn, void *arg,
                        struct err *e) MUST_CHECK;

/* Telephone numbers of an organization itself (of no service) as its page in the directory has them. */
enum code reach_sql_get(struct tx *tx, id64 organization, struct arena *a, struct str *ret_phone, struct str *ret_fax,
                        struct err *e) MUST_CHECK;

#endif
