/* leak_sql.h: statements of 漏えい等, for this folder alone. */
#ifndef PROTECT_LEAK_SQL_H
#define PROTECT_LEAK_SQL_H
#include "protect/protect.h"

struct leak_row {
  id64 id, case_id, person, copy;
  struct str kind, happened_on, copy_number, content_sealed, number; /* borrowed until the next row */
  ts_t known_at, first_report_at, final_report_at, told_at, closed_at;
  cats_t categories;
  int64_t persons;
  bool owed, malicious;
};
typedef enum code (*leak_fn)(void *arg, const struct leak_row *row, struct err *e);

enum code leak_sql_insert(struct tx *tx, const struct scope *s, id64 id, id64 case_id, const struct leak_new *n,
                          struct str content_sealed, struct err *e) MUST_CHECK;
/* The own organization's about the scope's person; leak 0: all, newest first. */
enum code leak_sql_each(struct tx *tx, const struct scope *s, id64 leak, leak_fn fn, void *arg,
                        struct err *e) MUST_CHECK;
enum code leak_sql_change(struct tx *tx, const struct scope *s, id64 leak, struct str content_sealed,
                          struct err *e) MUST_CHECK;
enum code leak_sql_step(struct tx *tx, const struct scope *s, id64 leak, enum leak_step step, struct err *e) MUST_CHECK;
/* The own organization's that are not closed, of persons whom the list's actor sees. */
enum code leak_sql_open(struct tx *tx, const struct scope *list, leak_fn fn, void *arg, struct err *e) MUST_CHECK;

#endif
