/* scope.h: the capability. Functions that touch personal data take a `const struct scope *`, never a bare id: without a decision
 * they do not compile. access_open() loads the facts, decides, and puts the event on the transaction's list (audit/audit.h). */
#ifndef ACCESS_SCOPE_H
#define ACCESS_SCOPE_H
#include "access/access.h"
#include "db/db.h"

struct scope;

/* NOT_FOUND for a person that is not there and for one the actor may not see: same bytes. DENIED only where the actor already sees
 * the person but may not do this. The refusal is noted for the refusal log. The scope lives in the transaction's arena. */
enum code access_open(struct tx *tx, const struct actor *who, enum action action, id64 person, const struct scope **ret,
                      struct err *e) MUST_CHECK;
/* The same for whoever a thing is about, by the thing's id. One that is not there takes the same work and time as one that may not be
 * seen: somebody else's is decided about, and refused. */
enum thing { THING_CASE, THING_SHEET, THING_CONNECTION, THING_CONSENT };
enum code access_open_of(struct tx *tx, const struct actor *who, enum action action, enum thing thing, id64 id,
                         const struct scope **ret, struct err *e) MUST_CHECK;
/* For actions about the network (no person). */
enum code access_open_network(struct tx *tx, const struct actor *who, enum action action, const struct scope **ret,
                              struct err *e) MUST_CHECK;
/* The scope of the one who just created a person in this transaction: own rows only. */
enum code access_open_created(struct tx *tx, const struct actor *who, id64 person, const struct scope **ret,
                              struct err *e) MUST_CHECK;
/* The page a receiver would get if the connection were sent now: decides for a worker of `organization` assigned to the case, at
 * tx_now(). Used by the preview; needs the sender's own scope of the person, so that nobody previews what he may not see. */
enum code access_open_as_receiver(struct tx *tx, const struct scope *sender, id64 organization,
                                  const struct scope **ret, struct err *e) MUST_CHECK;

/* For whoever holds a link that somebody of the network gave to an organization, and no account: decides as for one of its workers who is
 * assigned to the case, at tx_now(). A look of the organization, by nobody in particular. NOT_FOUND where nothing is open to it. */
enum code access_open_by_link(struct tx *tx, enum action action, id64 person, id64 organization,
                              const struct scope **ret, struct err *e) MUST_CHECK;

/* 「だれが見たか」 for the person or for one guardian, at the counter: decides SEEN_READ for that party itself, at tx_now(). `staff` is
 * the scope (SEEN_READ, SEEN_PRINT or SEEN_EXPORT) of the one who shows or prints it; the event of a print then names whose paper it is
 * (object: the person's or the guardian's id). OK also when nothing may be shown: scope_shows_look() is then false for every look.
 * NOT_FOUND: no such guardian of this person. */
enum code access_open_for_party(struct tx *tx, const struct scope *staff, enum party party, id64 guardian,
                                const struct scope **ret, struct err *e) MUST_CHECK;
struct look { /* one line of table `seen` */
  id64 organization;
  enum action action;
  enum reason_kind reason;
  id64 reason_ref;
  ts_t at;
};
/* The rule: docs/access.md, "Who looked". */
bool scope_shows_look(const struct scope *party, const struct look *l);
/* May the party read whose consent the look rested on (and its day)? The person always; a guardian his or her own. */
bool scope_shows_consent(const struct scope *party, id64 consent);

const struct actor *scope_actor(const struct scope *s);
id64 scope_person(const struct scope *s);
id64 scope_organization(const struct scope *s);
enum action scope_action(const struct scope *s);
const struct decision *scope_decision(const struct scope *s);
/* May a row of this category and author be shown? `marks` of the row. */
bool scope_sees(const struct scope *s, cats_t category, id64 author_organization, uint32_t marks);
/* The masks for SQL: (category & CASE WHEN author_organization = $org THEN $own ELSE $others END) <> 0 */
cats_t scope_own(const struct scope *s);
cats_t scope_others(const struct scope *s);
/* May a statement from this source be shown? (A person or guardian reads the person's own words only.) */
bool scope_hears(const struct scope *s, enum source source);
bool scope_hides(const struct scope *s, enum item item);
/* Is this organization the one the actor acts for: did "we" write it, send it, receive it? */
bool scope_wrote(const struct scope *s, id64 organization);
/* Does the actor see whatever the organization takes part in, without being assigned to it? For choosing the statement of a list. */
bool scope_manages(const struct scope *s);
bool scope_writes(const struct scope *s); /* false under break-glass */
/* May the same actor do this too about the same person, at the same instant? For parts of a page and its buttons; leaves no event, and
 * whoever then does it opens it by access_open(). False for previews. */
bool scope_may(const struct scope *s, enum action action);
/* Is this user barred from the person altogether (conflict of interest)? For those who choose who is to work on it. */
bool scope_bars(const struct scope *s, id64 user);
/* Is one of the person's guardians kept from anything of the person? For who hands something to the family. */
bool scope_bars_guardian(const struct scope *s, id64 guardian);
/* A part of a page that is an action of its own (the records on a case's page): the same actor, person and instant, decided for that
 * action; sees nothing where it is not allowed. What it shows is told by the page's event. For scopes of access_open(). */
enum code access_part(struct tx *tx, const struct scope *page, enum action action, const struct scope **ret,
                      struct err *e) MUST_CHECK;
/* 「だれが見たか」 tells this action instead of the scope's: what was really done, where the right to do it is asked by a wider one. */
void scope_seen_as(const struct scope *s, enum action action);
/* Adds the ids a list really showed to the open event's blob. */
void scope_showed(const struct scope *s, id64 id);
void scope_showed_categories(const struct scope *s, cats_t categories);
cats_t scope_told_categories(const struct scope *s); /* what the open event tells so far; 0: nothing was said */

/* What the engine says for PERSON_READ, or for EXPORT where the list goes out as a file, to a list's actor about each of n persons (at most LIMIT_PAGE_ROWS, each once): the masks of own and
 * of others' rows, both 0 where nothing may be seen. It is VISIBLE_OF by the engine itself, at a third of its cost where there are
 * consents; leaves no event: a list tells by scope_showed() whom it showed. */
struct access_view {
  id64 person;
  cats_t own, others;
};
enum code access_views(struct tx *tx, const struct scope *list, const id64 *persons, size_t n, struct access_view *ret,
                       struct err *e) MUST_CHECK;

/* What an organization sees of the scope's person: the same, for whoever of it works on it. For what is told to it while another acts. */
enum code access_view_of(struct tx *tx, const struct scope *s, id64 organization, struct access_view *ret,
                         struct err *e) MUST_CHECK;

/* Whom a list's actor sees otherwise than by VISIBLE_FREE of what he works on (access/visible.h): each once, in the order of their ids, in the
 * transaction's arena. Few: what was sent and is not taken on yet, guests, standing in, broken glass, and those of whom something is closed. */
enum code access_aside(struct tx *tx, const struct scope *list, const id64 **ret, size_t *ret_n,
                       struct err *e) MUST_CHECK;

/* The same for who asks of a page's persons (any of them several times) only whether they are seen: most are, because the actor works on
 * them and nothing is closed to him, which one statement tells of all. ret[i].own is then the role's whole mask and others 0, which says
 * nothing (`worked_on`); of the rest it is access_views()' answer. Both are asked once a person in one read. */
struct access_seen {
  bool seen, worked_on;
  cats_t own, others;
};
enum code access_seen(struct tx *tx, const struct scope *list, const id64 *persons, size_t n, struct access_seen *ret,
                      struct err *e) MUST_CHECK;

/* Lists and searches: literal SQL over $1..$4 in access/visible.h, equal to the engine's yes for PERSON_READ. */

#endif
