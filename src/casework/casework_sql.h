/* casework_sql.h: statements of cases and records, for this folder alone. */
#ifndef CASEWORK_CASEWORK_SQL_H
#define CASEWORK_CASEWORK_SQL_H
#include "casework/casework.h"

/* 同意未確認: came in with a ledger (src/ledger), and nobody has asked the person of case_file c since. $1 is the network. */
#define CASE_UNCONFIRMED                                                                                               \
  "((EXISTS (SELECT 1 FROM ledger_case l WHERE l.network_id = $1 AND l.case_id = c.id)"                                \
  " OR EXISTS (SELECT 1 FROM transfer_in t WHERE t.network_id = $1 AND t.case_id = c.id))"                             \
  " AND NOT EXISTS (SELECT 1 FROM consent k WHERE k.network_id = $1 AND k.person_id = c.person_id))"

/* case_file c is closed and went to another network, which has not refused it. $1 is the network. */
#define CASE_MOVED                                                                                                     \
  "CASE WHEN c.status = 'closed' THEN EXISTS (SELECT 1 FROM transfer_out m WHERE m.network_id = $1"                    \
  " AND m.case_id = c.id AND m.answer <> 'refused') ELSE FALSE END"

/* Newest number that begins with `prefix`, or empty. */
enum code case_sql_last_number(struct tx *tx, struct str prefix, struct str prefix_end, struct arena *a,
                               struct str *ret, struct err *e) MUST_CHECK;
enum code case_sql_insert(struct tx *tx, const struct scope *s, id64 id, struct str number, const struct case_begun *b,
                          struct err *e) MUST_CHECK;
enum code case_sql_head(struct tx *tx, id64 id, struct arena *a, struct case_head *ret, struct err *e) MUST_CHECK;
/* Newest case of a person; 0: none. */
enum code case_sql_newest(struct tx *tx, id64 person, id64 *ret, struct err *e) MUST_CHECK;
enum code case_sql_touch(struct tx *tx, id64 id, ts_t last_contact, struct str next_date, bool next_done,
                         struct err *e) MUST_CHECK;
/* Who takes part now, each organization once, or works on it; `leads`: how the case goes is its own to tell. At most CASE_LISTENERS of them. */
enum { CASE_LISTENERS = 64 };
struct case_listener {
  id64 organization;
  bool leads;
};
enum code case_sql_listeners(struct tx *tx, id64 case_id, struct case_listener *ret, size_t *ret_n,
                             struct err *e) MUST_CHECK;
/* What stands beside the organization's participation and its workers': whether it is closed and when it changed, as it is now; or (not `all`) that
 * it changed now, and nothing else. */
enum code case_sql_tell(struct tx *tx, id64 case_id, id64 organization, bool all, struct err *e) MUST_CHECK;
/* The ids of the person's cases, at most LIMIT_PAGE_ROWS. */
enum code case_sql_of_person(struct tx *tx, id64 person, id64 *ret, size_t *ret_n, struct err *e) MUST_CHECK;
enum code case_sql_insert_participation(struct tx *tx, const struct scope *s, id64 case_id, id64 organization,
                                        const char *part, struct err *e) MUST_CHECK;
/* True when a live participation of the organization stands. */
enum code case_sql_participates(struct tx *tx, id64 case_id, id64 organization, bool *ret, struct err *e) MUST_CHECK;
enum code case_sql_end_part(struct tx *tx, id64 case_id, id64 organization, struct err *e) MUST_CHECK;
enum code case_sql_end_assignments(struct tx *tx, id64 case_id, id64 organization, struct err *e) MUST_CHECK;
enum code case_sql_insert_assignment(struct tx *tx, const struct scope *s, id64 case_id, id64 organization, id64 user,
                                     bool lead, struct err *e) MUST_CHECK;
enum code case_sql_assigned(struct tx *tx, id64 case_id, id64 organization, id64 user, bool *ret,
                            struct err *e) MUST_CHECK;
/* The lead worker is this one and nobody else. */
enum code case_sql_lead_worker(struct tx *tx, id64 case_id, id64 organization, id64 user, struct err *e) MUST_CHECK;
/* Live participants: list of {organization, part, who}; not `all`: the lead and the scope's own organization. */
enum code case_sql_team(struct tx *tx, const struct scope *s, id64 case_id, bool all, struct arena *a, struct doc **ret,
                        struct err *e) MUST_CHECK;

/* Status, density and next date; *ret_changed 0: the status is another one by now. */
enum code course_sql_change(struct tx *tx, const struct case_head *h, const struct case_change *ch,
                            struct str next_date, int64_t *ret_changed, struct err *e) MUST_CHECK;
struct case_step_row {
  id64 id, author_organization;
  cats_t category;
  enum source source;
  uint32_t marks;
  struct str kind, from, to, author, organization; /* borrowed for the callback */
  ts_t at;
  struct str sealed;
};
/* course.c: one more step of the scope's organization, now; the text is sealed, and may be empty. */
enum code case_step_add(struct tx *tx, const struct scope *s, id64 case_id, const char *kind, struct str text,
                        struct err *e) MUST_CHECK;
/* The same where a paper was removed: of which type, and the day on which it had come (ISO). */
enum code case_step_file(struct tx *tx, const struct scope *s, id64 case_id, struct str type, struct str day,
                         struct str why, struct err *e) MUST_CHECK;
typedef enum code (*case_step_fn)(void *arg, const struct case_step_row *row, struct err *e);
/* row: id, category, kind, from, to, at, sealed */
enum code course_sql_add(struct tx *tx, const struct scope *s, id64 case_id, const struct case_step_row *row,
                         struct err *e) MUST_CHECK;
/* Within the scope's masks, newest first; `kind` empty: all. */
enum code course_sql_each(struct tx *tx, const struct scope *s, id64 case_id, struct str kind, case_step_fn fn,
                          void *arg, struct err *e) MUST_CHECK;
/* How many connections of the case wait for somebody. */
enum code course_sql_waiting(struct tx *tx, id64 case_id, int64_t *ret, struct err *e) MUST_CHECK;
/* Members of the scope's organization who work on cases: list of {id, name, assigned, lead}. */
enum code course_sql_workers(struct tx *tx, const struct scope *s, id64 case_id, struct arena *a, struct doc **ret,
                             struct err *e) MUST_CHECK;
enum code course_sql_end_assignment(struct tx *tx, id64 case_id, id64 organization, id64 user,
                                    struct err *e) MUST_CHECK;
enum code course_sql_stand_in(struct tx *tx, const struct scope *s, id64 id, id64 case_id, struct str reason_sealed,
                              struct err *e) MUST_CHECK;

/* casework.c: what records share. The text sealed for that row; empty stays empty. */
enum code case_seal(struct tx *tx, const struct scope *s, const char *table, const char *column, id64 row,
                    struct str text, struct str *ret, struct err *e) MUST_CHECK;
/* The time of a form is a minute; of the minute that is now, it is now. */
ts_t record_exact(const struct tx *tx, ts_t at);
/* INVALID: a day that is to come, or a next step without one. */
enum code record_check_when(const struct tx *tx, ts_t at, struct str next, struct date next_date,
                            struct err *e) MUST_CHECK;
enum code record_sql_insert(struct tx *tx, const struct scope *s, id64 id, id64 case_id, const struct record_new *r,
                            struct str place_sealed, struct str next_sealed, struct err *e) MUST_CHECK;
enum code record_sql_insert_paragraph(struct tx *tx, const struct scope *s, id64 id, id64 record, int line,
                                      id64 replaces, const struct paragraph_new *p, struct str text_sealed,
                                      struct str fold_sealed, struct err *e) MUST_CHECK;

struct record_row {
  id64 id, author_organization;
  struct str author, organization, method, with_whom, next_date; /* borrowed for the callback */
  ts_t at;
  int64_t minutes;
  struct str next_sealed, place_sealed;
};
struct paragraph_row {
  id64 id, record, author_organization, replaces; /* replaces: the row it corrects; 0: none */
  int line;
  ts_t replaced_at; /* of one that was corrected: when; else 0 */
  struct str replaced_by;
  cats_t category;
  enum source source;
  uint32_t marks;
  struct str sealed;
};
typedef enum code (*record_fn)(void *arg, const struct record_row *row, struct err *e);
typedef enum code (*paragraph_fn)(void *arg, const struct paragraph_row *row, struct err *e);
/* The newest `limit` records of the case before `before` within the scope's masks, newest first; for a volunteer those with a
 * paragraph for visits. */
enum code record_sql_each(struct tx *tx, const struct scope *s, id64 case_id, const struct case_records *of, int limit,
                          record_fn fn, void *arg, struct err *e) MUST_CHECK;
/* The paragraphs of the case's records with `from` <= at < `until`, in order. */
enum code paragraph_sql_each(struct tx *tx, const struct scope *s, id64 case_id, ts_t from, ts_t until, paragraph_fn fn,
                             void *arg, struct err *e) MUST_CHECK;
/* Those of one record that stand, and whose it is (0: no such record of the case). */
enum code paragraph_sql_of_record(struct tx *tx, const struct scope *s, id64 case_id, id64 record, id64 *ret_author,
                                  ts_t *ret_at, paragraph_fn fn, void *arg, struct err *e) MUST_CHECK;
/* A row that was corrected elsewhere, at `at`, by nobody of this network. */
enum code paragraph_sql_insert_past(struct tx *tx, const struct scope *s, id64 id, id64 record, int line, id64 replaces,
                                    const struct paragraph_past *p, struct str text_sealed, struct str fold_sealed,
                                    struct err *e) MUST_CHECK;
/* The row is corrected; *ret_changed 0: somebody was faster. */
enum code paragraph_sql_end(struct tx *tx, const struct scope *s, id64 id, int64_t *ret_changed,
                            struct err *e) MUST_CHECK;
/* When, how and with whom a record was, as it stands or as it stood before a correction. Texts are borrowed for the callback. */
struct record_head_row {
  id64 id, record, author_organization; /* id: of the row that was replaced; 0: it stands */
  cats_t category;
  uint32_t marks;
  ts_t at, replaced_at;
  struct str method, with_whom, place_sealed, next_sealed, next_date, replaced_by;
  int64_t minutes, rev;
  bool contact;
};
typedef enum code (*record_head_fn)(void *arg, const struct record_head_row *row, struct err *e);
/* The head of one record that stands; not called: no such record of the case within the masks. */
enum code record_sql_head(struct tx *tx, const struct scope *s, id64 case_id, id64 record, record_head_fn fn, void *arg,
                          struct err *e) MUST_CHECK;
/* Those that were replaced, of the case's records with `from` <= at < `until`, newest first. */
enum code record_sql_heads_past(struct tx *tx, const struct scope *s, id64 case_id, ts_t from, ts_t until,
                                record_head_fn fn, void *arg, struct err *e) MUST_CHECK;
/* Keeps the head as it stands as row `id`; place and next sealed for that row. */
enum code record_sql_keep_head(struct tx *tx, const struct scope *s, id64 id, id64 record, struct str place_sealed,
                               struct str next_sealed, struct err *e) MUST_CHECK;
/* One that was replaced elsewhere, by nobody known here. */
enum code record_sql_insert_past(struct tx *tx, const struct scope *s, id64 id, id64 record,
                                 const struct record_past *p, struct str place_sealed, struct str next_sealed,
                                 struct err *e) MUST_CHECK;
/* *ret_changed 0: it was corrected since it had this rev. */
enum code record_sql_mend(struct tx *tx, const struct scope *s, id64 record, const struct record_head *to, bool contact,
                          struct str place_sealed, struct str next_sealed, int64_t *ret_changed,
                          struct err *e) MUST_CHECK;
/* When somebody was met last, by all records of the case, whoever may read them; 0: never. For its clock, not to be shown. */
enum code record_sql_last_contact(struct tx *tx, id64 case_id, ts_t *ret, struct err *e) MUST_CHECK;
/* The case's last contact and next date as they shall be. */
enum code case_sql_mend_clock(struct tx *tx, id64 case_id, ts_t last_contact, struct str next_date,
                              struct err *e) MUST_CHECK;
/* Text of the newest next step within the scope's masks, or empty. */
enum code record_sql_next(struct tx *tx, const struct scope *s, id64 case_id, struct arena *a, id64 *ret_record,
                          struct str *ret_sealed, struct str *ret_date, struct err *e) MUST_CHECK;

/* The organization's live phrases: list of {id, label, method, met, body}. */
enum code phrase_sql_list(struct tx *tx, id64 organization, struct arena *a, struct doc **ret,
                          struct err *e) MUST_CHECK;
enum code phrase_sql_add(struct tx *tx, const struct actor *who, const struct phrase *p, struct err *e) MUST_CHECK;
enum code phrase_sql_end(struct tx *tx, id64 organization, id64 id, struct err *e) MUST_CHECK;

/* ---- the list: which cases, then what stands in the lines of a page of them */
struct listed_case {
  id64 id, person;
  ts_t changed_at;
  bool closed, mine,
      plain; /* mine: the actor is assigned; plain: case_sql_ranged() and case_sql_counts() tell of it too */
  id64
      teller; /* 0, or closed and changed_at are how it is, and whether the actor may know that is still to be asked: who tells it */
};
typedef enum code (*listed_fn)(void *arg, const struct listed_case *row, struct err *e);
/* Cases one may see: few, in no order and some of them several times; and those off an index, newest change first, from the cursor on: for
 * who manages those of the organization, for everybody else those he is assigned to. */
enum code case_sql_few(struct tx *tx, const struct scope *list, listed_fn fn, void *arg, struct err *e) MUST_CHECK;
struct case_range {
  bool closed;
  struct case_cursor before;
  int limit;
};
enum code case_sql_ranged(struct tx *tx, const struct scope *list, const struct case_range *range, listed_fn fn,
                          void *arg, struct err *e) MUST_CHECK;
enum code case_sql_counts(struct tx *tx, const struct scope *list, int64_t *ret_open, int64_t *ret_closed,
                          struct err *e) MUST_CHECK;

/* The clocks of cases of persons[0..n), n <= LIMIT_PAGE_ROWS, which these have just yielded. */
struct case_clock {                   /* texts borrowed for the callback */
  id64 id, lead_organization, teller; /* teller: struct case_told */
  struct str number, status, density, next_date;
  ts_t last_contact_at;
};
typedef void (*case_clock_fn)(void *arg, const struct case_clock *clock);
enum code case_sql_clocks(struct tx *tx, const struct scope *list, const id64 *persons, size_t n, case_clock_fn fn,
                          void *arg, struct err *e) MUST_CHECK;

/* Open cases that the user is assigned to for the actor's organization, *ret_n of them, in the order of their ids. */
enum code case_sql_assigned_to(struct tx *tx, const struct scope *list, id64 user, struct arena *a, id64 **ret,
                               size_t *ret_n, struct err *e) MUST_CHECK;
/* Lists of {id, name}: who works for the actor's organization; which organizations of the network may lead. */
enum code case_sql_colleagues(struct tx *tx, const struct scope *list, struct arena *a, struct doc **ret,
                              struct err *e) MUST_CHECK;
enum code case_sql_leaders(struct tx *tx, const struct scope *list, struct arena *a, struct doc **ret,
                           struct err *e) MUST_CHECK;

/* ret[0..n): of the cases ids[0..n) of persons[0..n), n <= LIMIT_PAGE_ROWS, which these have just yielded. */
enum code case_sql_lines(struct tx *tx, const struct scope *list, const id64 *ids, const id64 *persons, size_t n,
                         struct arena *a, struct case_line *ret, struct err *e) MUST_CHECK;
/* The same with the names of who leads (lines.c). */
enum code case_lines(struct tx *tx, const struct scope *list, const id64 *ids, const id64 *persons, size_t n,
                     struct arena *a, struct case_line *ret, struct err *e) MUST_CHECK;

#endif
