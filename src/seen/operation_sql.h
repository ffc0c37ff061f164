/* operation_sql.h: statements of 操作の記録, for this folder alone. */
#ifndef SEEN_OPERATION_SQL_H
#define SEEN_OPERATION_SQL_H
#include "audit/audit.h"

struct operation_row { /* texts borrowed for the callback */
  ts_t at;
  int kind, action, role, reason;
  uint32_t categories;
  int64_t listed; /* persons that a list showed */
  struct str login, name, organization, number;
};
/* `*ret_stop` true: no more rows are wanted. */
typedef enum code (*operation_fn)(void *arg, const struct operation_row *row, bool *ret_stop, struct err *e);
struct operation_range {
  ts_t from, until; /* half-open */
  int kind;
  struct str login;
  id64 person; /* 0: all; else events about that person, lists that showed it included */
  bool oldest; /* first; else the newest */
};
enum code operation_sql_each(struct tx *tx, const struct operation_range *range, operation_fn fn, void *arg,
                             struct err *e) MUST_CHECK;
/* Whose case has this number; 0: nobody's. */
enum code operation_sql_person(struct tx *tx, struct str number, id64 *ret, struct err *e) MUST_CHECK;

#endif
