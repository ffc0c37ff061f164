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
/* Who may be named: those who work on cases in the organizations of the person's cases. List of {id, name, organization, checked: false}. */
enum code conceal_candidates(struct tx *tx, const struct scope *s, struct arena *a, struct doc **ret,
                             struct err *e) MUST_CHECK;
/* Rules: at least one item and two 知ってよい人 (a release needs a second one); CONFLICT while another one stands. */
enum code conceal_set(struct tx *tx, const struct scope *s, const struct conceal_new *n, id64 *ret_id,
                      struct err *e) MUST_CHECK;
/* What follows is for a 知ってよい人 of that 秘匿: for anybody else it is not there. */
enum code conceal_add_value(struct tx *tx, const struct scope *s, id64 concealment, const struct conceal_value *v,
                            struct err *e) MUST_CHECK;
enum code conceal_add_holder(struct tx *tx, const struct scope *s, id64 concealment, id64 user,
                             struct err *e) MUST_CHECK;
/* INVALID for the last one. */
enum code conceal_end_holder(struct tx *tx, const struct scope *s, id64 concealment, id64 user,
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

#endif
