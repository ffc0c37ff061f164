/* facts_sql.h: the statements behind facts.c. */
#ifndef ACCESS_FACTS_SQL_H
#define ACCESS_FACTS_SQL_H
#include "access/scope.h"
#include "db/db.h"

enum fact_kind {
  FACT_MEMBERSHIP = 1,
  FACT_PARTICIPATION,
  FACT_ASSIGNMENT,
  FACT_CONNECTION,
  FACT_GUARDIAN,
  FACT_CONSENT,
  FACT_BASIS,
  FACT_INVITATION,
  FACT_RESTRICTION,
  FACT_CONCEALMENT,
  FACT_HOLDER,
  FACT_BREAK_GLASS,
  FACT_STAND_IN,
  FACT_PERSON, /* of fact_log and pages alone: until is own_from, flag1 says that it is known */
  FACT_RULE    /* likewise: id is own_age, flags and bits are the rest */
};

/* One row of any kind; what a kind does not use is 0. `text` is borrowed until the next row. */
struct fact_row {
  enum fact_kind kind;
  id64 id, organization, user;
  id64 other; /* case; guardian of a consent or restriction; requester of a basis */
  int64_t bits;
  struct str text, text2; /* role, part, authority, party, code; authority of a consent */
  bool flag1, flag2, flag3;
  ts_t from, until;
};

/* network, rule, person (0 when there is none), own_from, own_known; *ret_rev */
enum code facts_sql_person(struct tx *tx, id64 person, struct facts *ret, int64_t *ret_rev, struct err *e) MUST_CHECK;
enum code facts_sql_open(struct tx *tx, id64 person, id64 user, struct rows *ret, struct err *e) MUST_CHECK;
/* The same rows of up to LIMIT_PAGE_ROWS persons at once, with the persons and the rule; facts_sql_whom() says whose the row is (0: the
 * user's or the network's). Ids of nobody have no rows. */
enum code facts_sql_open_page(struct tx *tx, const id64 *persons, size_t n, id64 user, struct rows *ret,
                              struct err *e) MUST_CHECK;
id64 facts_sql_whom(const struct rows *r);
/* own[i]: the role's whole mask where the actor works on persons[i] and nothing is closed to him (VISIBLE_OWN_OF); else 0, which says nothing. */
enum code facts_sql_own(struct tx *tx, const struct scope *list, const id64 *persons, size_t n, cats_t *own,
                        struct err *e) MUST_CHECK;
/* Whom VISIBLE_ASIDE names, in no order, some several times; in the transaction's arena. */
enum code facts_sql_aside(struct tx *tx, const struct scope *list, id64 **ret, size_t *ret_n, struct err *e) MUST_CHECK;
/* The same rows as they were at a revision, with the person and the rule. */
enum code facts_sql_open_at(struct tx *tx, id64 person, id64 user, int64_t rev, struct rows *ret,
                            struct err *e) MUST_CHECK;
/* From which revision on the facts were kept. */
enum code facts_sql_log_from(struct tx *tx, int64_t *ret, struct err *e) MUST_CHECK;
/* Calls fn for each fact that its log does not know as it stands, and for each that is gone while its person is there. */
enum code facts_sql_astray(struct tx *tx, void (*fn)(void *arg, int64_t kind, id64 row), void *arg,
                           struct err *e) MUST_CHECK;
struct fact_session {
  bool known, factor; /* the second factor passed by then */
  id64 user;
  ts_t from, until, ended; /* ended: 0, it was not */
};
enum code facts_sql_session(struct tx *tx, id64 id, ts_t at, struct fact_session *ret, struct err *e) MUST_CHECK;

/* Whose the thing is. Where there is no such thing: whose the next one is (after the last: the first), with *ret_there false, so that both
 * cost the same; 0 when there is none at all. */
enum code facts_sql_whose(struct tx *tx, enum thing thing, id64 id, id64 *ret_person, bool *ret_there,
                          struct err *e) MUST_CHECK;

/* Members, live at `at`, of every organization that a fact about the person names, and whom one names himself; texts borrowed. */
struct member_row {
  id64 id, user, organization;
  enum role role;
  ts_t from, until;
  struct str organization_name, user_name, job;
};
enum code facts_sql_members(struct tx *tx, id64 person, ts_t at, int limit,
                            void (*fn)(void *arg, const struct member_row *m), void *arg, struct err *e) MUST_CHECK;

bool facts_sql_next(struct rows *r, struct fact_row *ret);
enum code facts_sql_created(struct tx *tx, const struct actor *who, id64 person, bool *ret, struct err *e) MUST_CHECK;
enum code facts_sql_wrote(struct tx *tx, id64 person, id64 organization, bool *ret, struct err *e) MUST_CHECK;

#endif
