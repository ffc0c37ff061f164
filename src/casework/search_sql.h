/* search_sql.h: statements of the search in records, for this folder alone. */
#ifndef CASEWORK_SEARCH_SQL_H
#define CASEWORK_SEARCH_SQL_H
#include "access/scope.h"

/* Whoever is seen, the newest first, those before `before`. */
typedef enum code (*search_person_fn)(void *arg, id64 person, bool *ret_stop, struct err *e);
enum code search_sql_persons(struct tx *tx, const struct scope *list, id64 before, search_person_fn fn, void *arg,
                             struct err *e) MUST_CHECK;

struct search_text { /* borrowed for the callback */
  id64 person, id;
  int epoch;
  cats_t category;
  struct str wrapped, fold_sealed;
};
/* What may be seen of up to LIMIT_PAGE_ROWS of them, person after person. */
typedef enum code (*search_text_fn)(void *arg, const struct search_text *row, struct err *e);
enum code search_sql_texts(struct tx *tx, const struct scope *list, const id64 *persons, size_t n, search_text_fn fn,
                           void *arg, struct err *e) MUST_CHECK;

struct search_line {
  id64 case_id;
  ts_t at;
  struct str organization, text_sealed;
};
enum code search_sql_line(struct tx *tx, id64 paragraph, struct arena *a, struct search_line *ret,
                          struct err *e) MUST_CHECK;

#endif
