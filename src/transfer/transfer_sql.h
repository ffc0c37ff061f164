/* transfer_sql.h: statements of src/transfer. */
#ifndef TRANSFER_TRANSFER_SQL_H
#define TRANSFER_TRANSFER_SQL_H
#include "transfer/transfer.h"

struct transfer_peer {
  id64 id;
  struct str name, card; /* borrowed; card: PARCEL_CARD bytes */
  ts_t added_at;
};
typedef enum code (*transfer_peer_fn)(void *arg, const struct transfer_peer *p, struct err *e);
enum code transfer_sql_peers(struct tx *tx, transfer_peer_fn fn, void *arg, struct err *e) MUST_CHECK;
enum code transfer_sql_add_peer(struct tx *tx, const struct scope *s, struct str name, struct str card,
                                struct err *e) MUST_CHECK;
enum code transfer_sql_end_peer(struct tx *tx, id64 id, struct err *e) MUST_CHECK;

/* List of {id, name}: organizations that a consent or a basis of the person names. */
enum code transfer_sql_named(struct tx *tx, const struct scope *s, struct arena *a, struct doc **ret,
                             struct err *e) MUST_CHECK;
/* "" where there was none. */
enum code transfer_sql_code(struct tx *tx, id64 case_id, id64 peer, struct arena *a, struct str *ret,
                            struct err *e) MUST_CHECK;
enum code transfer_sql_give(struct tx *tx, const struct scope *s, id64 case_id, const struct transfer_choice *ch,
                            cats_t categories, struct str code, struct err *e) MUST_CHECK;
enum code transfer_sql_take(struct tx *tx, const struct scope *s, id64 case_id, id64 peer, struct str code,
                            struct err *e) MUST_CHECK;
enum code transfer_sql_taken(struct tx *tx, struct str code, bool *ret, struct err *e) MUST_CHECK;
/* {name (of the peer), when} of a case, given and taken; nothing of cases that cannot be seen. */
struct transfer_moved {
  id64 case_id;
  struct str number, peer; /* borrowed */
  ts_t at;
};
typedef enum code (*transfer_moved_fn)(void *arg, const struct transfer_moved *m, struct err *e);
enum code transfer_sql_taken_here(struct tx *tx, const struct scope *s, int limit, transfer_moved_fn fn, void *arg,
                                  struct err *e) MUST_CHECK;

/* Rows of the person and case, as they are stored; texts are borrowed. */
struct transfer_row {
  id64 id, author, guardian;
  cats_t category;
  uint32_t marks, item;
  enum source source;
  struct str kind, with, sealed, place, next; /* kind: of an attribute, a method, a type, an authority */
  struct str next_date;
  ts_t at;
  int64_t minutes;
};
typedef enum code (*transfer_row_fn)(void *arg, const struct transfer_row *r, struct err *e);
enum code transfer_sql_attributes(struct tx *tx, const struct scope *s, transfer_row_fn fn, void *arg,
                                  struct err *e) MUST_CHECK;
/* kind: authority, with: relation */
enum code transfer_sql_guardians(struct tx *tx, const struct scope *s, transfer_row_fn fn, void *arg,
                                 struct err *e) MUST_CHECK;
/* The own organization's. */
enum code transfer_sql_records(struct tx *tx, const struct scope *s, id64 case_id, transfer_row_fn fn, void *arg,
                               struct err *e) MUST_CHECK;
enum code transfer_sql_files(struct tx *tx, const struct scope *s, id64 case_id, transfer_row_fn fn, void *arg,
                             struct err *e) MUST_CHECK;
enum code transfer_sql_sheets(struct tx *tx, const struct scope *s, id64 case_id, transfer_row_fn fn, void *arg,
                              struct err *e) MUST_CHECK;

#endif
