/* sights.h: 「いま、だれが何を見られるか」: the engine asked for everybody of whom a fact about the person says something, as if each opened the person now. */
#ifndef ACCESS_SIGHTS_H
#define ACCESS_SIGHTS_H
#include "access/scope.h"

enum { SIGHTS = 2000, SIGHT_MEMBERS = 2000 };

/* One reason for which one member sees something. Texts live in the transaction's arena. */
struct sight {
  id64 organization, user; /* 0: the person, or a guardian */
  id64 guardian;
  struct str organization_name, user_name, job;
  enum role role;
  enum reason_kind kind;
  id64 ref;       /* the fact */
  enum basis law; /* of REASON_BASIS */
  cats_t categories;
  bool own_only;   /* what its own organization wrote */
  bool visit_only; /* of that, what a visit needs */
  bool
      waits; /* a law opens it to the organization, and nobody there works on it: seen as soon as somebody does; user 0 */
  ts_t from, until; /* of the fact; 0: as long as it stands */
};
struct sights {
  struct sight *list;
  size_t n;
  bool more; /* there were more than SIGHTS, or than SIGHT_MEMBERS to ask about */
};

/* Of the scope's person, by PERSON_READ, at the scope's instant: members in the order of their organizations' names, then the person and the live guardians; then, for
 * whoever is not a party, the organizations that a law names and of which nobody sees anything by it yet.
 * `s`: a scope for SEEN_READ or SEEN_PRINT, or one of access_open_for_party(): what that party may not hear of is left out (scope_shows_look()). */
enum code access_sights(struct tx *tx, const struct scope *s, struct sights *ret, struct err *e) MUST_CHECK;

#endif
