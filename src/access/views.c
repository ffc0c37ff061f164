/* views.c: the engine about the persons of a page. */
#include <stdlib.h>

#include "access/facts.h"
#include "access/facts_sql.h"
#include "access/scope_impl.h"
#include "base/limits.h"

/* A page asks about the same few persons for its lines, their names and their clocks. A read has one snapshot, and its scope one instant, so
 * that the answer is the same each time; it goes with the scope, at the end of the transaction. */
enum { VIEWS_KEPT = 128 };

struct own_mask { /* of who is worked on; 0: the engine is asked */
  id64 person;
  cats_t own;
};

static const struct access_view *known(const struct scope *list, id64 person)
{
  for (size_t i = 0; i < list->views_n; i++)
    if (list->views[i].person == person)
      return &list->views[i];
  return NULL;
}

static void remember(struct tx *tx, const struct scope *list, const struct access_view *view)
{
  struct scope *s = (struct scope *)list; /* the scope is ours: what it shows is not changed */
  if (tx_is_write(tx) || list->views_n == VIEWS_KEPT)
    return;
  if (!s->views)
    s->views = arena_array(tx_arena(tx), VIEWS_KEPT, sizeof *s->views);
  if (s->views)
    s->views[s->views_n++] = *view;
}

/* A file of a list is an export about each person in it, which reading does not imply: who is only looked at (broken glass, standing in, a
 * guest, what was sent and is not taken on) does not stand in it. */
static enum action asked_of(const struct scope *list)
{
  return scope_exports(list) ? ACTION_EXPORT : ACTION_PERSON_READ;
}

static struct access_view view_of(id64 person, const struct decision *d)
{
  return (struct access_view){.person = person, .own = d->allowed ? d->own : 0, .others = d->allowed ? d->others : 0};
}

enum code access_views(struct tx *tx, const struct scope *list, const id64 *persons, size_t n, struct access_view *ret,
                       struct err *e)
{
  struct facts facts[LIMIT_PAGE_ROWS];
  id64 ids[LIMIT_PAGE_ROWS];
  size_t at[LIMIT_PAGE_ROWS] = {0}, left = 0;
  if (n > LIMIT_PAGE_ROWS)
    return BUG(e, "more persons than a page has");
  for (size_t i = 0; i < n; i++) {
    const struct access_view *view = known(list, persons[i]);
    if (view) {
      ret[i] = *view;
    } else {
      at[left] = i;
      ids[left++] = persons[i];
    }
  }
  enum code c = left ? facts_load_page(tx, scope_actor(list), ids, left, facts, e) : OK;
  for (size_t i = 0; c == OK && i < left; i++) {
    struct decision d;
    access_decide(scope_actor(list), asked_of(list), &facts[i], tx_now(tx), &d);
    ret[at[i]] = view_of(ids[i], &d);
    remember(tx, list, &ret[at[i]]);
  }
  return c;
}

enum code access_view_of(struct tx *tx, const struct scope *s, id64 organization, struct access_view *ret,
                         struct err *e)
{
  struct facts f;
  int64_t rev;
  struct actor who = {.network = s->who.network, .organization = organization};
  enum code c = facts_load(tx, &who, s->person, &f, &rev, e);
  if (c == OK)
    c = scope_facts_of_receiver(tx, &who, &f, e);
  if (c != OK)
    return c;
  struct decision d;
  access_decide(&who, ACTION_PERSON_READ, &f, tx_now(tx), &d);
  *ret = view_of(s->person, &d);
  return OK;
}

static bool asked(const id64 *persons, size_t n, id64 person)
{
  for (size_t i = 0; i < n; i++)
    if (persons[i] == person)
      return true;
  return false;
}

static const struct own_mask *known_own(const struct scope *list, id64 person)
{
  for (size_t i = 0; i < list->own_n; i++)
    if (list->own[i].person == person)
      return &list->own[i];
  return NULL;
}

static void remember_own(struct tx *tx, const struct scope *list, id64 person, cats_t own)
{
  struct scope *s = (struct scope *)list; /* as above */
  if (tx_is_write(tx) || list->own_n == VIEWS_KEPT)
    return;
  if (!s->own)
    s->own = arena_array(tx_arena(tx), VIEWS_KEPT, sizeof *s->own);
  if (s->own)
    s->own[s->own_n++] = (struct own_mask){person, own};
}

/* Whether the actor works on them. */
static enum code look(struct tx *tx, const struct scope *list, const id64 *persons, size_t n, cats_t *ret,
                      struct err *e)
{
  id64 ids[LIMIT_PAGE_ROWS];
  cats_t own[LIMIT_PAGE_ROWS];
  size_t left = 0;
  for (size_t i = 0; i < n; i++)
    if (!known_own(list, persons[i]) && !asked(ids, left, persons[i]))
      ids[left++] = persons[i];
  enum code c = left ? facts_sql_own(tx, list, ids, left, own, e) : OK;
  for (size_t i = 0; c == OK && i < n; i++) {
    const struct own_mask *known = known_own(list, persons[i]);
    ret[i] = known ? known->own : 0;
    for (size_t k = 0; k < left && !known; k++)
      if (ids[k] == persons[i])
        ret[i] = own[k];
  }
  for (size_t k = 0; c == OK && k < left; k++)
    remember_own(tx, list, ids[k], own[k]);
  return c;
}

enum code access_seen(struct tx *tx, const struct scope *list, const id64 *persons, size_t n, struct access_seen *ret,
                      struct err *e)
{
  struct access_view views[LIMIT_PAGE_ROWS];
  cats_t own[LIMIT_PAGE_ROWS];
  id64 ids[LIMIT_PAGE_ROWS];
  size_t left = 0;
  if (n > LIMIT_PAGE_ROWS)
    return BUG(e, "more persons than a page has");
  enum code c = look(tx, list, persons, n, own, e);
  for (size_t i = 0; c == OK && i < n; i++) {
    ret[i] = (struct access_seen){.seen = own[i], .worked_on = own[i], .own = own[i]};
    if (!own[i] && !asked(ids, left, persons[i]))
      ids[left++] = persons[i];
  }
  if (c == OK && left)
    c = access_views(tx, list, ids, left, views, e);
  for (size_t i = 0; c == OK && i < n; i++)
    for (size_t k = 0; k < left && !own[i]; k++)
      if (views[k].person == persons[i])
        ret[i] = (struct access_seen){
            .seen = views[k].own | views[k].others, .own = views[k].own, .others = views[k].others};
  return c;
}

static int by_id(const void *a, const void *b)
{
  id64 x = *(const id64 *)a, y = *(const id64 *)b;
  return (x > y) - (x < y);
}

/* Each once and in order, in place. */
static size_t each_once(id64 *ids, size_t n)
{
  size_t count = 0;
  if (n)
    qsort(ids, n, sizeof *ids, by_id);
  for (size_t i = 0; i < n; i++)
    if (!count || ids[count - 1] != ids[i])
      ids[count++] = ids[i];
  return count;
}

enum code access_aside(struct tx *tx, const struct scope *list, const id64 **ret, size_t *ret_n, struct err *e)
{
  struct access_view views[LIMIT_PAGE_ROWS];
  id64 *ids = NULL;
  size_t n = 0, kept = 0;
  enum code c = facts_sql_aside(tx, list, &ids, &n, e);
  n = c == OK ? each_once(ids, n) : 0;
  for (size_t i = 0; c == OK && i < n; i += LIMIT_PAGE_ROWS) {
    size_t some = n - i < LIMIT_PAGE_ROWS ? n - i : LIMIT_PAGE_ROWS;
    c = access_views(tx, list, ids + i, some, views, e);
    for (size_t k = 0; c == OK && k < some; k++)
      if (views[k].own | views[k].others)
        ids[kept++] = views[k].person;
  }
  if (c == OK) {
    *ret = ids;
    *ret_n = kept;
  }
  return c;
}
