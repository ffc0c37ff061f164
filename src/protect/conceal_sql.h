/* conceal_sql.h: statements of 秘匿, for this folder alone. */
#ifndef PROTECT_CONCEAL_SQL_H
#define PROTECT_CONCEAL_SQL_H
#include "mail/mail.h"
#include "protect/protect.h"

struct conceal_row {
  id64 id;
  uint32_t items;
  ts_t from, until;
  bool mine; /* the scope's user is named */
  bool left; /* nobody who is named works on the case any more */
  id64 author_organization;
  struct str town_sealed, reason_sealed;
  int64_t holders;
};
struct release_row {
  id64 id, concealment, asked_by;
  struct str asked_name, reason_sealed;
  ts_t asked_at, decided_at;
  bool granted, mine; /* mine: the scope's user is named in its 秘匿 */
};
struct change_row {
  id64 id;
  struct str kind, whom, by, reason_sealed;
  ts_t at;
};
struct value_row {
  id64 id;
  uint32_t item;
  struct str whose_sealed, value_sealed;
};
/* Rows copied into `a`; those that live now. *ret_count up to `room`. */
enum code conceal_sql_live(struct tx *tx, const struct scope *s, struct arena *a, struct conceal_row *ret, size_t room,
                           size_t *ret_count, struct err *e) MUST_CHECK;
enum code conceal_sql_insert(struct tx *tx, const struct scope *s, id64 id, const struct conceal_new *n,
                             struct str town, struct str reason, struct err *e) MUST_CHECK;
/* *ret_added 0: is named already */
enum code conceal_sql_insert_holder(struct tx *tx, const struct scope *s, id64 concealment, id64 user,
                                    int64_t *ret_added, struct err *e) MUST_CHECK;
/* kind: named, added, ended */
enum code conceal_sql_insert_change(struct tx *tx, const struct scope *s, id64 id, id64 concealment, id64 user,
                                    const char *kind, struct str reason, struct err *e) MUST_CHECK;
/* The newest first, copied. */
enum code conceal_sql_changes(struct tx *tx, const struct scope *s, id64 concealment, struct arena *a,
                              struct change_row *ret, size_t room, size_t *ret_count, struct err *e) MUST_CHECK;
enum code conceal_sql_end_holder(struct tx *tx, const struct scope *s, id64 concealment, id64 user, int64_t *ret_ended,
                                 struct err *e) MUST_CHECK;
/* Those who may know now, and `also`: once for each organization of theirs that takes part. Called while the statement is open: it may not write. */
typedef enum code (*told_fn)(void *arg, id64 user, id64 organization, struct err *e);
enum code conceal_sql_told(struct tx *tx, const struct scope *s, id64 concealment, id64 also, told_fn fn, void *arg,
                           struct err *e) MUST_CHECK;
/* Requests that wait for a yes of the list's user; names borrowed until the next row. */
struct waits_row {
  id64 person, case_id;
  struct str by, number;
  ts_t at;
};
typedef void (*waits_fn)(void *arg, const struct waits_row *row);
enum code conceal_sql_waits(struct tx *tx, const struct scope *list, int limit, waits_fn fn, void *arg,
                            struct err *e) MUST_CHECK;
/* List of {id, name, organization, works}; names of live holders, and whether each works on the case. */
enum code conceal_sql_holders(struct tx *tx, const struct scope *s, id64 concealment, struct arena *a, struct doc **ret,
                              struct err *e) MUST_CHECK;
enum code conceal_sql_candidates(struct tx *tx, const struct scope *s, struct arena *a, struct doc **ret,
                                 struct err *e) MUST_CHECK;
enum code conceal_sql_insert_value(struct tx *tx, const struct scope *s, id64 id, id64 concealment, uint32_t item,
                                   struct str whose, struct str value, struct err *e) MUST_CHECK;
enum code conceal_sql_values(struct tx *tx, const struct scope *s, id64 concealment, struct arena *a,
                             struct value_row *ret, size_t room, size_t *ret_count, struct err *e) MUST_CHECK;
/* The release that waits, or was decided last; id 0: none. concealment 0: by `release`. */
enum code conceal_sql_release(struct tx *tx, const struct scope *s, id64 concealment, id64 release, struct arena *a,
                              struct release_row *ret, struct err *e) MUST_CHECK;
enum code conceal_sql_insert_release(struct tx *tx, const struct scope *s, id64 id, id64 concealment, struct str reason,
                                     struct err *e) MUST_CHECK;
/* CONFLICT when it was decided already. */
enum code conceal_sql_decide(struct tx *tx, const struct scope *s, id64 release, bool granted,
                             struct err *e) MUST_CHECK;
enum code conceal_sql_end(struct tx *tx, const struct scope *s, id64 concealment, struct err *e) MUST_CHECK;

/* --- telling (conceal_tell.c) --- */
/* Queues a mail for those who hold it, and for `also`; managers: of the organizations that it concerns too. Not for whoever does it. */
enum code conceal_tell(struct tx *tx, const struct scope *s, enum notice_kind kind, id64 concealment, id64 thing,
                       id64 also, bool managers, struct err *e) MUST_CHECK;
/* The same for one user alone. */
enum code conceal_tell_one(struct tx *tx, const struct scope *s, enum notice_kind kind, id64 concealment, id64 thing,
                           id64 user, struct err *e) MUST_CHECK;
/* Adds to the day's lines the requests that wait for the reader. */
enum code conceal_owed(struct tx *tx, const struct scope *list, struct arena *a, const struct reader *who,
                       struct doc *lines, struct err *e) MUST_CHECK;

#endif
