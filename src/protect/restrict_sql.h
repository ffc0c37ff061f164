/* restrict_sql.h: statements of 閲覧の制限, for this folder alone. */
#ifndef PROTECT_RESTRICT_SQL_H
#define PROTECT_RESTRICT_SQL_H
#include "protect/protect.h"

struct restrict_row {
  id64 id, user;
  struct str name, reason_sealed; /* borrowed until the next row */
  bool breakable;
  ts_t from, until;
};
typedef enum code (*restrict_fn)(void *arg, const struct restrict_row *row, struct err *e);

enum code restrict_sql_insert(struct tx *tx, const struct scope *s, id64 id, id64 user, const struct restrict_new *n,
                              struct str reason, struct err *e) MUST_CHECK;
/* The own organization's that live, but none against the scope's user. */
enum code restrict_sql_each(struct tx *tx, const struct scope *s, restrict_fn fn, void *arg, struct err *e) MUST_CHECK;
enum code restrict_sql_end(struct tx *tx, const struct scope *s, id64 id, int64_t *ret_ended, struct err *e) MUST_CHECK;
/* List of {id, name, checked}: colleagues but oneself. */
enum code restrict_sql_colleagues(struct tx *tx, const struct scope *s, struct arena *a, struct doc **ret,
                                  struct err *e) MUST_CHECK;

#endif
