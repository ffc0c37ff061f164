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
/* With it what stands for its bodies. */
enum code transfer_sql_end_peer(struct tx *tx, id64 id, struct err *e) MUST_CHECK;

/* List of {id, peer, name}: organizations that stand for bodies of networks whose cards are registered. */
enum code transfer_sql_bodies(struct tx *tx, struct arena *a, struct doc **ret, struct err *e) MUST_CHECK;
/* List of {id, name}: organizations that could: of no circle of this network, nobody has an account there, and they stand for none yet. */
enum code transfer_sql_others(struct tx *tx, struct arena *a, struct doc **ret, struct err *e) MUST_CHECK;
enum code transfer_sql_add_body(struct tx *tx, const struct scope *s, id64 peer, id64 organization,
                                struct err *e) MUST_CHECK;
/* NOT_FOUND where it does not stand for that one. */
enum code transfer_sql_end_body(struct tx *tx, id64 peer, id64 organization, struct err *e) MUST_CHECK;
struct transfer_sent { /* one that was given; texts as the reader's arena or the callback holds them */
  id64 id, peer, to;   /* to: of the own directory */
  enum transfer_state state;
  ts_t made_at, answered_at;
  struct str code, peer_name, organization, status, next_date;
};
typedef enum code (*transfer_sent_fn)(void *arg, const struct transfer_sent *t, struct err *e);
/* Of one case, newest first. */
enum code transfer_sql_sent(struct tx *tx, id64 case_id, transfer_sent_fn fn, void *arg, struct err *e) MUST_CHECK;
enum code transfer_sql_give(struct tx *tx, const struct scope *s, const struct case_head *h,
                            const struct transfer_choice *ch, const struct transfer_given *given,
                            struct err *e) MUST_CHECK;
/* CONFLICT where it was answered in the meantime. */
enum code transfer_sql_answer(struct tx *tx, const struct scope *s, id64 id, enum transfer_state answer,
                              struct err *e) MUST_CHECK;
enum code transfer_sql_take(struct tx *tx, const struct scope *s, id64 case_id, id64 peer, struct str code,
                            struct err *e) MUST_CHECK;
enum code transfer_sql_refuse(struct tx *tx, const struct scope *s, id64 peer, struct str code,
                              struct err *e) MUST_CHECK;
/* What was answered here: TRANSFER_MADE where nothing was. */
enum code transfer_sql_taken(struct tx *tx, struct str code, enum transfer_state *ret, struct err *e) MUST_CHECK;
/* What the organization took in, or refused (case_id 0), newest first. */
struct transfer_moved {
  id64 case_id;
  struct str number, peer, code; /* borrowed */
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
