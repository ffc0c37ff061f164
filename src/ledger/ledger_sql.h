/* ledger_sql.h: statements of this folder. */
#ifndef LEDGER_LEDGER_SQL_H
#define LEDGER_LEDGER_SQL_H
#include "ledger/ledger.h"

/* Who belongs to the scope's organization now. Texts are borrowed for the call. */
typedef enum code (*ledger_member_fn)(void *arg, id64 user, struct str name, struct str role, struct err *e);
enum code ledger_sql_members(struct tx *tx, const struct scope *s, ledger_member_fn fn, void *arg,
                             struct err *e) MUST_CHECK;
enum code ledger_sql_insert(struct tx *tx, const struct scope *s, id64 id, int64_t rows, struct err *e) MUST_CHECK;
enum code ledger_sql_insert_case(struct tx *tx, const struct scope *s, id64 import, id64 case_id,
                                 struct err *e) MUST_CHECK;

struct import_row {
  id64 id, organization;
  ts_t at, undone_at;
  int64_t rows, written; /* written: cases of it of which somebody has written or printed since */
  struct str by;
};
typedef enum code (*import_fn)(void *arg, const struct import_row *row, struct err *e);
/* The organization's newest imports. */
enum code ledger_sql_imports(struct tx *tx, const struct scope *s, import_fn fn, void *arg, struct err *e) MUST_CHECK;
/* One of them: id 0 in *ret where it is not the organization's. Past row-level security: the trail is asked. */
enum code ledger_sql_import(struct tx *tx, const struct scope *s, id64 id, struct import_row *ret,
                            struct err *e) MUST_CHECK;
enum code ledger_sql_persons(struct tx *tx, id64 import, id64 *ret, size_t most, size_t *ret_n,
                             struct err *e) MUST_CHECK;
enum code ledger_sql_undone(struct tx *tx, const struct scope *s, id64 import, struct err *e) MUST_CHECK;

/* 同意未確認, by id, of those whom one may see. */
struct unconfirmed_row {
  id64 id, person;
  struct str number;
  ts_t imported_at;
};
typedef enum code (*unconfirmed_fn)(void *arg, const struct unconfirmed_row *row, struct err *e);
enum code ledger_sql_unconfirmed(struct tx *tx, const struct scope *list, const struct unconfirmed_view *view,
                                 int limit, unconfirmed_fn fn, void *arg, struct err *e) MUST_CHECK;

/* What a ledger tells of the persons of a page, within the masks that the engine gave for a file of them. */
struct ledger_value {
  id64 person, id;
  int64_t epoch, item;
  struct str wrapped, kind, sealed;
  ts_t from_at;
  bool concealed;
};
typedef enum code (*ledger_value_fn)(void *arg, const struct ledger_value *row, struct err *e);
enum code ledger_sql_values(struct tx *tx, const struct scope *list, const struct access_view *views, size_t n,
                            ledger_value_fn fn, void *arg, struct err *e) MUST_CHECK;

/* One sealed text of a case, within the masks: what it began with (the first record's first paragraph), or the words of its next step, if
 * they are the newest record's. id 0: there is none, or not for this reader. Blobs in `a`. */
enum ledger_said_kind { LEDGER_SAID_FIRST, LEDGER_SAID_NEXT };
struct ledger_said {
  id64 id;
  int64_t epoch;
  struct str sealed, wrapped;
  bool imported; /* the record came in with a ledger */
};
enum code ledger_sql_said(struct tx *tx, const struct scope *list, const struct access_view *view, id64 case_id,
                          enum ledger_said_kind kind, struct arena *a, struct ledger_said *ret,
                          struct err *e) MUST_CHECK;

/* When the cases of a page were accepted, and how they came; the scope's page has just yielded them. */
typedef enum code (*ledger_begun_fn)(void *arg, id64 case_id, ts_t opened_at, struct str origin, struct err *e);
enum code ledger_sql_begun(struct tx *tx, const struct scope *list, const id64 *ids, size_t n, ledger_begun_fn fn,
                           void *arg, struct err *e) MUST_CHECK;

/* The newest case of somebody whom the list's actor sees, and its number. */
enum code ledger_sql_case_of(struct tx *tx, id64 person, struct arena *a, id64 *ret, struct str *ret_number,
                             struct err *e) MUST_CHECK;

#endif
