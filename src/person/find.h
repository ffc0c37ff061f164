/* find.h: is this person known? By name or ふりがな, birth date and telephone, folded, tolerant of one slip in each. What is looked at is
 * everybody's probe (probe.h); what is answered is what the one who asks may see. */
#ifndef PERSON_FIND_H
#define PERSON_FIND_H
#include "person/person.h"

enum find_match { FIND_NONE, FIND_PART, FIND_NEAR, FIND_SAME }; /* near: one slip */

/* What is looked for, made ready by find_query(); empty parts are not looked for. Either name may be 氏名, ふりがな or 呼び名. */
struct find_query {
  struct str name[2], birth, phone[2];
  struct str
      turned[2]; /* the names with what stands before the blank behind it: 名 and 氏; empty where there is no blank */
};
struct find_typed {
  struct str name, kana, birth_iso, phone, mobile;
};
struct find_query find_query(struct arena *a, const struct find_typed *t);
bool find_asks(const struct find_query *q);

struct find_clues {
  enum find_match name, birth, phone;
  bool turned; /* name: with 氏 and 名 the other way round */
};
/* One value, in the probe's form, against the query; *clues keeps the best of each kind. */
void find_compare(const struct find_query *q, enum attribute k, struct str value, struct find_clues *clues);
/* 0: not worth a line. */
int find_score(const struct find_clues *clues);
/* So much alike that it should be looked at before a second file is begun: the whole name and one thing more, or both things without. */
bool find_is_likely(const struct find_clues *clues);

enum { FIND_HITS = 20 };
struct find_hit {
  id64 person;
  struct find_clues clues; /* by what the one who asks may see */
};
struct find_answer {
  struct find_hit hits[FIND_HITS]; /* best first */
  size_t count;
  bool more;   /* there are others: narrow it down */
  bool likely; /* one of the hits is */
  bool
      elsewhere; /* somebody whom the one who asks may not see so is likely; never whom, where, or how many. Persons of whom anything
                     is concealed, or who are barred from the one who asks, never answer */
};
/* `list`: a scope of PERSON_FIND; the transaction passes row-level security (gate_as_service): what is compared reaches past it. The work
 * done does not depend on those who may not be seen. */
enum code person_find(struct tx *tx, const struct scope *list, const struct find_query *q, struct arena *a,
                      struct find_answer *ret, struct err *e) MUST_CHECK;

/* 課内代行: among those on whom the organization of the one who asks works, whoever is in charge; by the whole name, or two things without it.
 * Nothing of the person is told but that there is one: the hits' clues are of everything known. Nobody where the network does not allow
 * standing in, nor who is barred from the one who asks. */
enum code person_find_engaged(struct tx *tx, const struct scope *list, const struct find_query *q, struct arena *a,
                              struct find_answer *ret, struct err *e) MUST_CHECK;

/* The one person whose whole name and birth date these are; 0: none, or several. For an emergency, whoever may see the person: the transaction
 * passes row-level security, and who finds somebody so has a reason written down before anything of the person is opened. */
enum code person_find_exact(struct tx *tx, const struct scope *list, const struct find_query *q, id64 *ret,
                            struct err *e) MUST_CHECK;

/* Many at once, in one pass over everybody, for a table of people: only who is likely (find_is_likely), by the same rules. */
struct find_pair {
  size_t query;
  id64 person;
};
struct find_many {
  struct find_pair *pairs; /* those who may be seen, by person */
  size_t count;
  bool *elsewhere; /* of each query */
};
enum code person_find_many(struct tx *tx, const struct scope *list, const struct find_query *q, size_t n,
                           struct arena *a, struct find_many *ret, struct err *e) MUST_CHECK;

/* Makes what people are found by where it is missing: after an upgrade, after an import. */
enum code person_find_fill(struct db *db, id64 network, struct err *e) MUST_CHECK;

#endif
