/* protect.h: what keeps a person safe: 秘匿 and who may know of it, 閲覧の制限, 緊急の閲覧 and its review, 漏えい等 and what is owed for it. The engine
 * knows the facts (access/access.h); here people write them down, each with its reason, and each looked after by somebody else. */
#ifndef PROTECT_PROTECT_H
#define PROTECT_PROTECT_H
#include "casework/casework.h"
#include "gate/gate.h"

/* --- shared by the pages ------------------------------------------------------------------------------------------ */
/* A text of one row, sealed under the person's key; empty stays empty. */
enum code protect_seal(struct tx *tx, const struct scope *s, const char *table, const char *column, id64 row,
                       struct str text, struct str *ret, struct err *e) MUST_CHECK;
enum code protect_unseal(struct tx *tx, const struct scope *s, const char *table, const char *column, id64 row,
                         struct str sealed, struct arena *a, struct str *ret, struct err *e) MUST_CHECK;
struct option {
  const char *code, *word; /* word: a catalog id */
};
/* List `key` of {value, word, checked}; `chosen`: a text, or a list of texts. Ends with a NULL code. */
void protect_put_options(struct doc *d, const char *key, enum lang lang, const struct option *options,
                         const struct doc *chosen);
/* Words of the codes in `chosen` as one text. */
struct str protect_words(struct arena *a, enum lang lang, const struct option *options, const struct doc *chosen);

struct owed_line {  /* of today */
  const char *word; /* of its state; a catalog id */
  bool late;
  struct str since, href, text, sub;
  const char *shape; /* NULL: s-overdue */
  const char *act;   /* the button; a catalog id; NULL: 「開く」 */
};
void protect_put_line(struct doc *lines, enum lang lang, const struct owed_line *l);

/* --- 秘匿 ---------------------------------------------------------------------------------------------------------- */
enum { CONCEAL_HOLDERS = 20 };

struct conceal_new {
  uint32_t items; /* enum item */
  const id64 *holders;
  size_t holder_count;
  ts_t until; /* 0: open */
  struct str town, reason;
};
struct conceal_value { /* of a relative, or what stands in no field */
  uint32_t item;
  struct str whose, value;
};
/* Rules: at least one item and two 知ってよい人 (a release needs a second one); CONFLICT while another one stands. */
enum code conceal_set(struct tx *tx, const struct scope *s, const struct conceal_new *n, id64 *ret_id,
                      struct err *e) MUST_CHECK;
/* What follows is for a 知ってよい人 of that 秘匿: for anybody else it is not there. */
enum code conceal_add_value(struct tx *tx, const struct scope *s, id64 concealment, const struct conceal_value *v,
                            struct err *e) MUST_CHECK;
/* Of those who work on the case. Where nobody who is named does any more, a manager of the organization that set it names somebody, with a reason. */
enum code conceal_add_holder(struct tx *tx, const struct scope *s, id64 concealment, id64 user, struct str reason,
                             struct err *e) MUST_CHECK;
/* With its reason; INVALID where fewer than two would be left. Whoever is named or no longer named is told, and so are the others and the
 * managers. */
enum code conceal_end_holder(struct tx *tx, const struct scope *s, id64 concealment, id64 user, struct str reason,
                             struct err *e) MUST_CHECK;
/* Ending it takes a reason of one and the yes of another; CONFLICT where one waits already, or was decided. */
enum code conceal_ask_release(struct tx *tx, const struct scope *s, id64 concealment, struct str reason,
                              struct err *e) MUST_CHECK;
enum code conceal_decide_release(struct tx *tx, const struct scope *s, id64 release, bool granted,
                                 struct err *e) MUST_CHECK;
/* templates/conceal_show: to whoever is not named only that there is one. */
enum code conceal_page(struct tx *tx, const struct scope *s, struct arena *a, const struct reader *who,
                       struct doc **ret, struct err *e) MUST_CHECK;
/* templates/conceal_open: the values; `s` is a scope for CONCEAL_OPEN. */
enum code conceal_values(struct tx *tx, const struct scope *s, struct arena *a, const struct reader *who,
                         struct doc **ret, struct err *e) MUST_CHECK;

/* --- 閲覧の制限 ----------------------------------------------------------------------------------------------------- */
enum { RESTRICT_USERS = 60 };

struct restrict_new {
  const id64 *users; /* colleagues */
  size_t count;
  bool only;      /* those named may see it, all other colleagues may not; else: those named may not */
  bool breakable; /* an emergency look passes it */
  ts_t until;     /* 0: open */
  struct str reason;
};
/* Against colleagues of the own organization, for everything of the person. INVALID for oneself, and where nobody would be barred. */
enum code restrict_set(struct tx *tx, const struct scope *s, const struct restrict_new *n, struct err *e) MUST_CHECK;
/* Of the own organization's; NOT_FOUND for another one's, and for one against oneself. */
enum code restrict_end(struct tx *tx, const struct scope *s, id64 restriction, struct err *e) MUST_CHECK;
/* templates/restrict_show */
enum code restrict_page(struct tx *tx, const struct scope *s, struct arena *a, const struct reader *who,
                        struct doc **ret, struct err *e) MUST_CHECK;

/* --- 緊急の閲覧 ---------------------------------------------------------------------------------------------------- */
enum { REVIEW_DUE_MS = 72 * 60 * 60 * 1000 };

struct emergency_new {
  struct str number;      /* of the case; or: */
  struct str name, birth; /* the whole name, and the birth date (ISO) */
  struct str reason;
  int hours; /* 1 to 4 */
};
/* `list`: a scope of TODAY. The person is found and BREAK_GLASS is asked; then it is written down, and opens for so many hours. NOT_FOUND in
 * one sentence, whether there is nobody, or several, or nobody for this actor. The transaction passes row-level security. */
enum code emergency_open(struct tx *tx, const struct scope *list, const struct emergency_new *n, id64 *ret_case,
                         struct err *e) MUST_CHECK;
/* templates/emergency_list: those of the own organization's people and those into cases that it leads, unreviewed first. For managers (the
 * route's requirement); the transaction passes row-level security, so that the reason can be read by those who review it. */
enum code emergency_page(struct tx *tx, const struct scope *list, struct arena *a, const struct reader *who,
                         struct doc **ret, struct err *e) MUST_CHECK;
/* By a manager of either organization, not by the one who looked; CONFLICT when it was reviewed. */
enum code emergency_review(struct tx *tx, const struct scope *list, id64 emergency, bool right, struct str text,
                           struct err *e) MUST_CHECK;

/* Hourly, for a network: a look that nobody has reviewed for two days is told to those who review it. */
enum code emergency_remind(struct db *db, id64 network, struct err *e) MUST_CHECK;

/* --- 漏えい等 -------------------------------------------------------------------------------------------------------- */
struct leak_new {
  struct str kind, copy_number, happened_on; /* happened_on: ISO or empty */
  id64 copy;                                 /* of the register of copies: the print that was lost; 0: none */
  ts_t known_at;
  cats_t categories;
  int64_t persons;
  bool owed, malicious;
  struct doc *content; /* what, cause, harm, done, published, prevention, other */
};
enum leak_step { LEAK_FIRST_REPORT, LEAK_FINAL_REPORT, LEAK_TOLD, LEAK_CLOSE };
enum code leak_record(struct tx *tx, const struct scope *s, id64 case_id, const struct leak_new *n, id64 *ret_id,
                      struct err *e) MUST_CHECK;
/* Its texts as they are known now. */
enum code leak_change(struct tx *tx, const struct scope *s, id64 leak, const struct doc *content,
                      struct err *e) MUST_CHECK;
/* LEAK_CLOSE: INVALID while a report or the word to the person is owed. */
enum code leak_step(struct tx *tx, const struct scope *s, id64 leak, enum leak_step step, struct err *e) MUST_CHECK;
/* templates/leak_list: those of the case that the own organization wrote down. */
enum code leak_page(struct tx *tx, const struct scope *s, struct arena *a, const struct reader *who, struct doc **ret,
                    struct err *e) MUST_CHECK;
/* Puts has_lost and lost {id, number, what, when, who, categories}: the print that a record is begun from; nothing for 0, or where it is not there. */
enum code leak_put_lost(struct tx *tx, const struct scope *s, id64 case_id, id64 copy, struct arena *a,
                        const struct reader *who, struct doc *d, cats_t *ret_categories, struct err *e) MUST_CHECK;

/* --- today ----------------------------------------------------------------------------------------------------------- */
/* Adds to the day's lines (templates/today) what is owed: a review, a report to the commission, a release that waits. */
enum code protect_owed(struct tx *tx, const struct scope *list, struct arena *a, const struct reader *who,
                       struct doc *lines, struct err *e) MUST_CHECK;

#endif
