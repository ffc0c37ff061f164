/* keep_sql.h: statements of this folder; `struct tx` says the network. */
#ifndef KEEP_KEEP_SQL_H
#define KEEP_KEEP_SQL_H
#include "db/db.h"

/* --- keys --- */
struct key_row {
  id64 person;
  int epoch;
  struct str wrapped; /* borrowed for the call */
};
typedef enum code (*key_row_fn)(void *arg, const struct key_row *row, struct err *e);
/* At most `most` keys of persons after `after` whose epoch is under `below` (0: any), by person. */
enum code keep_sql_keys(struct tx *tx, id64 after, int below, int most, key_row_fn fn, void *arg,
                        struct err *e) MUST_CHECK;
enum code keep_sql_put_key(struct tx *tx, const struct key_row *row,
                           struct err *e) MUST_CHECK; /* of a person that has one */
enum code keep_sql_keys_below(struct tx *tx, int epoch, int64_t *ret, struct err *e) MUST_CHECK;
/* All keys' epochs become negative; those that are not put again since stay so. */
enum code keep_sql_mark_keys(struct tx *tx, struct err *e) MUST_CHECK;
/* Persons with a marked key or none, at most `most`. */
enum code keep_sql_keyless(struct tx *tx, id64 *ret, size_t most, size_t *ret_count, struct err *e) MUST_CHECK;
/* A value of each of some persons, with the person's key. */
struct sample_row {
  id64 attribute;
  struct key_row key;
  struct str sealed;
};
typedef enum code (*sample_fn)(void *arg, const struct sample_row *row, struct err *e);
enum code keep_sql_samples(struct tx *tx, int most, sample_fn fn, void *arg, struct err *e) MUST_CHECK;
/* Second factors: the account and what is sealed; only those that have one. */
typedef enum code (*totp_fn)(void *arg, id64 user, struct str sealed, struct err *e);
enum code keep_sql_totps(struct tx *tx, totp_fn fn, void *arg, struct err *e) MUST_CHECK;
enum code keep_sql_put_totp(struct tx *tx, id64 user, struct str sealed, struct err *e) MUST_CHECK;

/* --- after a restore --- */
enum code keep_sql_end_sessions(struct tx *tx, struct err *e) MUST_CHECK; /* and tokens of programs */

/* --- decisions and erasures --- */
struct decision_row {
  id64 id, approver;
  struct str kind, reason; /* in the arena of whoever reads */
  ts_t at;
};
struct erasure_row {
  id64 id;
  bool early;
  int epoch_before, epoch_after; /* 0: not yet */
  ts_t finished;
};
struct erased_row {
  id64 erasure, person;
  struct str cases;
  ts_t at;
};
enum code keep_sql_add_decision(struct tx *tx, const struct decision_row *d, struct err *e) MUST_CHECK;
enum code keep_sql_add_erasure(struct tx *tx, const struct erasure_row *x, struct err *e) MUST_CHECK;
enum code keep_sql_add_erased(struct tx *tx, const struct erased_row *p, struct err *e) MUST_CHECK;
enum code keep_sql_put_erased_rows(struct tx *tx, id64 erasure, struct str table, int64_t rows,
                                   struct err *e) MUST_CHECK;

/* --- erase_sql.c --- */
/* The person with this id (0: none), or of the case with this number. */
enum code erase_sql_person(struct tx *tx, id64 id, id64 *ret, ts_t *ret_own_from, ts_t *ret_created,
                           struct err *e) MUST_CHECK;
enum code erase_sql_person_of_case(struct tx *tx, struct str number, id64 *ret, struct err *e) MUST_CHECK;
typedef enum code (*case_fn)(void *arg, struct str number, ts_t closed, struct err *e); /* closed 0: open */
enum code erase_sql_cases(struct tx *tx, id64 person, case_fn fn, void *arg, struct err *e) MUST_CHECK;
enum code erase_sql_own_age(struct tx *tx, int64_t *ret, struct err *e) MUST_CHECK;
/* The erasure that is not finished, or 0; the last finished one, or 0. */
enum code erase_sql_pending(struct tx *tx, id64 *ret, struct err *e) MUST_CHECK;
enum code erase_sql_last(struct tx *tx, id64 *ret, struct err *e) MUST_CHECK;
enum code erase_sql_get(struct tx *tx, struct arena *a, id64 id, struct erasure_row *ret, struct decision_row *ret_why,
                        struct err *e) MUST_CHECK; /* NOT_FOUND */
enum code erase_sql_set_epoch(struct tx *tx, id64 id, int epoch, struct err *e) MUST_CHECK;
enum code erase_sql_finish(struct tx *tx, id64 id, struct err *e) MUST_CHECK;
/* Persons of an erasure whose rows are still there, at most `most`. */
enum code erase_sql_left(struct tx *tx, id64 erasure, id64 *ret, size_t most, size_t *ret_count,
                         struct err *e) MUST_CHECK;
enum code erase_sql_done(struct tx *tx, id64 erasure, id64 person, struct err *e) MUST_CHECK;
enum code erase_sql_count(struct tx *tx, id64 erasure, struct str table, int64_t rows, struct err *e) MUST_CHECK;
typedef enum code (*erased_fn)(void *arg, const struct erased_row *row, struct err *e);
enum code erase_sql_persons(struct tx *tx, id64 erasure, erased_fn fn, void *arg, struct err *e) MUST_CHECK;
typedef enum code (*erased_rows_fn)(void *arg, struct str table, int64_t rows, struct err *e);
enum code erase_sql_rows(struct tx *tx, id64 erasure, erased_rows_fn fn, void *arg, struct err *e) MUST_CHECK;
#endif
