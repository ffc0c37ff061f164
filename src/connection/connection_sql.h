/* connection_sql.h: statements of sheets and connections, for this folder alone. */
#ifndef CONNECTION_CONNECTION_SQL_H
#define CONNECTION_CONNECTION_SQL_H
#include "connection/connection.h"

/* ---- sheets */
/* A new draft with the answers of another sheet of the same case. */
enum code sheet_copy(struct tx *tx, const struct scope *s, const struct sheet *from, id64 *ret,
                     struct err *e) MUST_CHECK;
/* A new draft with what `old` (opened) says that holds for other places too. */
enum code sheet_begin_after(struct tx *tx, const struct scope *s, const struct sheet *old, const struct reader *who,
                            id64 *ret, struct err *e) MUST_CHECK;
/* Into the first answers of a sheet on `form`: what `old` says that holds for other places too, where nothing stands yet. */
void sheet_keep_said(struct arena *a, const struct form *form, const struct sheet *old, struct doc *answers);
/* The draft that was begun after `old`; 0: none. */
enum code sheet_sql_begun_after(struct tx *tx, const struct scope *s, const struct sheet *old, id64 *ret,
                                struct err *e) MUST_CHECK;
/* Finished, as another body's. */
enum code sheet_sql_take(struct tx *tx, const struct scope *s, const struct sheet *sheet, struct err *e) MUST_CHECK;
enum code sheet_sql_insert(struct tx *tx, const struct scope *s, const struct sheet *sheet, struct err *e) MUST_CHECK;
enum code sheet_sql_get(struct tx *tx, id64 id, struct arena *a, struct sheet *ret, struct err *e) MUST_CHECK;
/* What the own organization finished last on a form of this code in the case; 0: nothing yet. */
enum code sheet_sql_last(struct tx *tx, const struct scope *s, id64 case_id, const char *code, id64 *ret,
                         struct err *e) MUST_CHECK;
/* CONFLICT unless the draft still has this rev. */
enum code sheet_sql_save(struct tx *tx, const struct sheet *sheet, struct str sealed, struct err *e) MUST_CHECK;
enum code sheet_sql_freeze(struct tx *tx, const struct sheet *sheet, struct err *e) MUST_CHECK;
/* The own organization's drafts of a case: list of {href, when, who}. */
enum code sheet_sql_drafts(struct tx *tx, const struct scope *s, id64 case_id, struct arena *a,
                           const struct reader *who, struct doc **ret, struct err *e) MUST_CHECK;
/* What was last said, and stands, towards a receiver of the sheet, as the scope's organization recorded it; the latest first. */
struct said_row {
  bool refused;
  id64 guardian; /* 0: the person */
  struct str how;
  ts_t at;
};
enum { SAID_ROWS = 40 };
enum code sheet_sql_said(struct tx *tx, const struct scope *s, const struct sheet *sheet, struct arena *a,
                         struct said_row ret[SAID_ROWS], size_t *ret_n, struct err *e) MUST_CHECK;
/* What was written in a case on forms, newest change first; texts are borrowed. */
struct written_row {
  id64 id, author;
  struct str code, version, status, organization, user;
  ts_t at;
};
typedef enum code (*written_fn)(void *arg, const struct written_row *row, struct err *e);
enum code sheet_sql_written(struct tx *tx, id64 case_id, written_fn fn, void *arg, struct err *e) MUST_CHECK;

/* ---- connections */
typedef enum code (*connection_fn)(void *arg, const struct connection *c, struct str to_name, struct err *e);
enum code connection_sql_insert(struct tx *tx, const struct scope *s, const struct sheet *sheet, id64 organization,
                                struct str kind, struct err *e) MUST_CHECK;
enum code connection_sql_delete_drafts(struct tx *tx, const struct sheet *sheet, struct err *e) MUST_CHECK;
enum code connection_sql_get(struct tx *tx, id64 id, struct connection *ret, struct err *e) MUST_CHECK;
/* Those of one sheet, of one case, or of one person towards one organization; ordered by id. */
enum code connection_sql_of_sheet(struct tx *tx, id64 sheet, connection_fn fn, void *arg, struct err *e) MUST_CHECK;
/* What an organization sent in a case, or is about to. */
enum code connection_sql_sent_by(struct tx *tx, id64 case_id, id64 organization, connection_fn fn, void *arg,
                                 struct err *e) MUST_CHECK;
/* A connection_fn that keeps them all; arg: a batch with its arena. */
enum code connection_batch_take(void *arg, const struct connection *c, struct str to, struct err *e) MUST_CHECK;
enum code connection_sql_of_case(struct tx *tx, const struct scope *s, id64 case_id, connection_fn fn, void *arg,
                                 struct err *e) MUST_CHECK;
/* What the scope's organization passed on of it. */
enum code connection_sql_onward(struct tx *tx, const struct scope *s, id64 parent, connection_fn fn, void *arg,
                                struct err *e) MUST_CHECK;
enum code connection_sql_towards(struct tx *tx, id64 person, id64 organization, connection_fn fn, void *arg,
                                 struct err *e) MUST_CHECK;
/* Moves the state and the clock of the new state; CONFLICT when the rev has moved on. */
enum code connection_sql_move(struct tx *tx, const struct connection *c, enum connection_state to, id64 to_user,
                              struct err *e) MUST_CHECK;
struct step_row {
  id64 id, author_organization;
  struct str state, organization; /* borrowed; organization: the receiver, whose answer it is */
  cats_t category;
  enum source source;
  uint32_t marks;
  ts_t at;
  struct str sealed;
};
typedef enum code (*step_fn)(void *arg, const struct step_row *row, struct err *e);
/* One copy, held by `holder`; state: what became of it, or "attempt". */
enum code step_sql_insert(struct tx *tx, const struct scope *s, id64 id, const struct connection *c, struct str state,
                          id64 holder, enum source source, struct str sealed, struct err *e) MUST_CHECK;
enum code step_sql_each(struct tx *tx, const struct scope *s, id64 connection, step_fn fn, void *arg,
                        struct err *e) MUST_CHECK;

/* ---- the list */
/* One that the organization was sent or has sent; `place` is that of the order it was asked in. */
struct our_connection {
  id64 id, person;
  enum connection_state state;
  bool received, sent;
  int64_t place;
};
/* Those of persons who are seen, in no order; one may be told of twice, each way by itself. */
typedef enum code (*our_connection_fn)(void *arg, const struct our_connection *row, struct err *e);
enum code connection_sql_ours(struct tx *tx, const struct scope *list, enum connection_order by, our_connection_fn fn,
                              void *arg, struct err *e) MUST_CHECK;
struct listed_connection {
  struct connection c; /* id 0: there is none */
  struct str number, from, to;
};
/* ret[i]: what stands in the line of ids[i], n <= LIMIT_PAGE_ROWS; texts in `a`. */
enum code connection_sql_page(struct tx *tx, const id64 *ids, size_t n, struct arena *a, struct listed_connection *ret,
                              struct err *e) MUST_CHECK;

/* ---- words and rows of a step */
/* The same text for both ends, sealed under each row's own identity. */
enum code connection_keep(struct tx *tx, const struct scope *s, const struct connection *c, struct str state,
                          const struct doc *text, struct err *e) MUST_CHECK;
/* 「2回目 11/20(金) 電話 つながらなかった」 and the note. */
struct str contact_text(struct arena *a, const struct reader *who, const struct doc *answer);

/* ---- around them */
/* Members of the organization who work on cases: list of {id, name}. */
enum code connection_sql_workers(struct tx *tx, id64 organization, struct arena *a, struct doc **ret,
                                 struct err *e) MUST_CHECK;
/* Receivers to choose from: list of {id, name, kind, checked} — bodies of the network, and those chosen already. */
enum code connection_sql_receivers(struct tx *tx, const struct scope *s, id64 sheet, struct arena *a, struct doc **ret,
                                   struct err *e) MUST_CHECK;
/* One try more; met_at 0: nobody was met. */
enum code connection_sql_attempt(struct tx *tx, id64 id, ts_t met_at, struct err *e) MUST_CHECK;
/* The draft takes the place of the sheet that came back; CONFLICT when the rev has moved on. */
enum code connection_sql_mend(struct tx *tx, const struct connection *c, id64 sheet, struct err *e) MUST_CHECK;
/* What came back with the sheet, asked anew in this kind. */
enum code connection_sql_set_kind(struct tx *tx, id64 sheet, struct str kind, struct err *e) MUST_CHECK;
/* Those that wait for the organization's answer. */
enum code connection_sql_waiting(struct tx *tx, id64 organization, connection_fn fn, void *arg,
                                 struct err *e) MUST_CHECK;
/* Whom a step is told to (tell.c). */
enum code connection_tell_sent(struct tx *tx, const struct scope *s, const struct connection *c,
                               struct err *e) MUST_CHECK;
enum code connection_tell_answer(struct tx *tx, const struct scope *s, const struct connection *c,
                                 enum connection_state to, struct err *e) MUST_CHECK;
enum code connection_tell_worker(struct tx *tx, const struct scope *s, const struct connection *c, id64 worker,
                                 struct err *e) MUST_CHECK;
enum code connection_tell_silent(struct tx *tx, struct err *e) MUST_CHECK;
/* The coordinating body; 0: none. */
enum code connection_sql_coordinating(struct tx *tx, id64 *ret, struct err *e) MUST_CHECK;
/* Those that became silent after `since`, in a network where somebody wants mail. */
enum code connection_sql_silent_since(struct tx *tx, ts_t since, int64_t limit, connection_fn fn, void *arg,
                                      struct err *e) MUST_CHECK;
/* Those whose time is over, whoever they are between; the oldest first. */
enum code connection_sql_expiring(struct tx *tx, int64_t limit, connection_fn fn, void *arg, struct err *e) MUST_CHECK;
/* From when it counts as silent. */
enum code connection_sql_silent(struct tx *tx, id64 id, ts_t silent_at, struct err *e) MUST_CHECK;

/* ---- closed days of one organization; days as YYYY-MM-DD */
enum code closed_sql_count(struct tx *tx, id64 organization, int64_t *ret, struct err *e) MUST_CHECK;
enum code closed_sql_put(struct tx *tx, id64 organization, struct str day, struct str until, struct err *e) MUST_CHECK;
enum code closed_sql_delete(struct tx *tx, id64 organization, id64 id, struct err *e) MUST_CHECK;
enum code connection_sql_silence_days(struct tx *tx, int *ret, struct err *e) MUST_CHECK;

/* The own organization's sheets of a case (id, status, changed_at, frozen_at; borrowed) with who wrote them, newest first. */
typedef enum code (*sheet_fn)(void *arg, const struct sheet *sheet, struct str author, struct err *e);
enum code sheet_sql_of_case(struct tx *tx, const struct scope *s, id64 case_id, sheet_fn fn, void *arg,
                            struct err *e) MUST_CHECK;

#endif
