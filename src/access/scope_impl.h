/* scope_impl.h: the inside of a scope, for this folder alone. */
#ifndef ACCESS_SCOPE_IMPL_H
#define ACCESS_SCOPE_IMPL_H
#include "access/agreed.h"
#include "access/scope.h"
#include "audit/audit.h"

struct scope {
  struct actor who;
  id64 person;
  enum action action;
  struct decision decision;
  struct event *event;       /* NULL: a preview, nothing is shown to the one it is decided for */
  bool categories_told;      /* the event's categories are what features named */
  struct buf ids;            /* of the event */
  const struct scope *page;  /* of a part: whose event says what was shown */
  const struct scope *limit; /* a preview shows nothing that this scope does not see */
  const struct facts *facts; /* of a scope about a person that is no preview, decided at `at`; else NULL */
  ts_t at;
  struct access_view
      *views; /* what a list's actor was told by the engine in this transaction's one snapshot (views.c) */
  size_t views_n;
  struct own_mask *own; /* the same of whom that actor works on */
  size_t own_n;
};

/* Is what it was opened for a file that leaves the screen? */
bool scope_exports(const struct scope *s);
/* The permit that a look is reported by. */
const struct reason *scope_main_reason(const struct decision *d);
/* Makes `who` a worker of its organization, and the facts such that he is assigned. */
struct facts;
enum code scope_facts_of_receiver(struct tx *tx, struct actor *who, struct facts *f, struct err *e) MUST_CHECK;
/* access_open_as_receiver(), of the facts as they stand or (if_so not NULL) as they would be. */
enum code scope_as_receiver(struct tx *tx, const struct scope *sender, id64 organization, const struct supposed *if_so,
                            const struct scope **ret, struct err *e) MUST_CHECK;
/* Without decision and event; NULL when memory is out. */
struct scope *scope_new(struct tx *tx, const struct actor *who, enum action action, id64 person);

#endif
