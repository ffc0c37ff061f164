/* casework.h: ケース — one stretch of support for one person — its lead, its records, its next step. */
#ifndef CASEWORK_CASEWORK_H
#define CASEWORK_CASEWORK_H
#include "person/person.h"

struct case_head { /* the clock of a case: codes and dates, no content */
  id64 id, person;
  struct str number, status, density, origin, next_date;
  ts_t opened_at, last_contact_at;
  id64 lead_organization, lead_user;
  int64_t rev;
};

/* A new case for the scope's person: number by fiscal year (R8-0001 …), the actor's organization leads, the actor is assigned and lead
 * worker. */
enum code case_open(struct tx *tx, const struct scope *s, struct str origin, id64 *ret_case, struct err *e) MUST_CHECK;
/* The case behind a URL's id and the scope of its person for `action`. NOT_FOUND as access_open() says it. */
enum code case_enter(struct tx *tx, const struct actor *who, enum action action, id64 case_id,
                     struct case_head *ret_head, const struct scope **ret_scope, struct err *e) MUST_CHECK;
/* Strip of the person plus case: {person strip…, number, status, density, lead_organization, lead_worker, last_contact, next}. */
enum code case_strip(struct tx *tx, const struct scope *s, const struct case_head *c, struct arena *a, bool wareki,
                     struct doc **ret, struct err *e) MUST_CHECK;
/* An organization joins (on acceptance): participation; idempotent. */
enum code case_join(struct tx *tx, const struct scope *s, id64 case_id, id64 organization, enum part part,
                    struct err *e) MUST_CHECK;
/* Lead moves (hand-over): the old lead becomes partner in the same instant. */
enum code case_move_lead(struct tx *tx, const struct scope *s, id64 case_id, id64 organization, id64 user,
                         struct err *e) MUST_CHECK;
enum code case_assign(struct tx *tx, const struct scope *s, id64 case_id, id64 organization, id64 user, bool lead,
                      struct err *e) MUST_CHECK;

struct paragraph_new {
  struct str text;
  enum source source;
  cats_t category;
  bool visit;
};
struct record_new {
  ts_t at;
  struct str method, with_whom, place, next;
  int64_t minutes; /* 0: not given */
  struct date next_date;
  const struct paragraph_new *paragraphs;
  size_t count;
};
/* 経過記録. Moves last contact (when someone was met) and the next step of the case. */
enum code record_add(struct tx *tx, const struct scope *s, id64 case_id, const struct record_new *r, id64 *ret_id,
                     struct err *e) MUST_CHECK;

#endif
