/* basis_sql.h: statements of 法令による提供, for this folder alone. */
#ifndef BASIS_BASIS_SQL_H
#define BASIS_BASIS_SQL_H
#include "basis/basis.h"

struct basis_row {
  id64 id, person, case_id, author_organization, organization, requester, approver, refused_by, ended_by;
  struct str code, article, why, tell, tell_due, told_day; /* all texts and bytes: borrowed until the next row */
  struct str giver, receiver, requester_name, approver_name, number;
  struct str necessity_sealed, weighing_sealed, content_sealed, told_how_sealed, wrapped;
  int64_t epoch;
  cats_t categories;
  ts_t from, until, created_at, decided_at;
};
typedef enum code (*basis_fn)(void *arg, const struct basis_row *row, struct err *e);
enum basis_state basis_state_of(const struct basis_row *row, ts_t now);

struct basis_sealed {
  struct str necessity, weighing, content;
};
enum code basis_sql_insert(struct tx *tx, const struct scope *s, id64 id, id64 case_id, const struct basis_new *n,
                           struct str article, const struct basis_sealed *sealed, ts_t from, ts_t until,
                           struct err *e) MUST_CHECK;
/* Of the scope's person: what the own organization asked for, and what was opened to it; basis 0: all, newest first. */
enum code basis_sql_each(struct tx *tx, const struct scope *s, id64 basis, basis_fn fn, void *arg,
                         struct err *e) MUST_CHECK;
/* *ret_changed 0: somebody was faster. */
enum code basis_sql_allow(struct tx *tx, const struct scope *s, id64 id, ts_t from, int64_t *ret_changed,
                          struct err *e) MUST_CHECK;
enum code basis_sql_refuse(struct tx *tx, const struct scope *s, id64 id, int64_t *ret_changed,
                           struct err *e) MUST_CHECK;
enum code basis_sql_tell(struct tx *tx, const struct scope *s, id64 id, struct str day, struct str how_sealed,
                         int64_t *ret_changed, struct err *e) MUST_CHECK;
enum code basis_sql_end(struct tx *tx, const struct scope *s, id64 id, int64_t *ret_changed, struct err *e) MUST_CHECK;

/* The own organization's that somebody has to do something about, of whomever: at most LIMIT_PAGE_ROWS, the oldest first. */
enum code basis_sql_owed(struct tx *tx, const struct scope *list, bool may_allow, basis_fn fn, void *arg,
                         struct err *e) MUST_CHECK;
/* The register: of persons whom the list's actor sees. */
enum code basis_sql_register(struct tx *tx, const struct scope *list, const struct basis_view *view, int64_t limit,
                             basis_fn fn, void *arg, struct err *e) MUST_CHECK;

enum code basis_sql_town(struct tx *tx, struct arena *a, struct basis_town *ret, struct err *e) MUST_CHECK;
/* kind.n == 0: there is none, or it has ended. */
enum code basis_sql_body(struct tx *tx, id64 organization, struct arena *a, struct basis_body *ret,
                         struct str *ret_name, struct err *e) MUST_CHECK;
typedef void (*body_fn)(void *arg, id64 id, struct str name, const struct basis_body *b);
/* All but the own one, in the order of their names; texts borrowed. */
enum code basis_sql_bodies(struct tx *tx, const struct scope *s, body_fn fn, void *arg, struct err *e) MUST_CHECK;

#endif
