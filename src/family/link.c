/* link.c: two persons of the network are of one family. */
#include "base/limits.h"
#include "family/family_sql.h"

static enum code no_such(struct err *e)
{
  return err_field(e, "number", TR("その番号のケースは見つかりません。番号を確かめてください。"));
}

/* The person of that case, as far as the actor may read it; 0: there is none for him. */
static enum code other_of(struct tx *tx, const struct scope *s, struct str number, id64 *ret, struct err *e)
{
  struct err refused = {0};
  const struct scope *other = NULL;
  id64 case_id = 0;
  enum code c = link_sql_case(tx, case_number_typed(tx_arena(tx), number), &case_id, e);
  *ret = 0;
  if (c != OK)
    return c;
  c = access_open_of(tx, scope_actor(s), ACTION_PERSON_READ, THING_CASE, case_id, &other, &refused);
  if (c == OK && case_id && (scope_own(other) | scope_others(other)) & CAT_FAMILY)
    *ret = scope_person(other);
  if (c == NOT_FOUND || c == DENIED)
    return OK;
  *e = c == OK ? *e : refused;
  return c;
}

enum code family_link(struct tx *tx, const struct scope *s, struct str number, id64 note, struct err *e)
{
  struct link_row links[LIMIT_PAGE_ROWS];
  size_t n = 0;
  id64 other = 0;
  struct doc *known = NULL;
  if (!scope_writes(s))
    return err_set(e, DENIED, TR("緊急の閲覧では、書くことはできません。"));
  enum code c = note ? family_note_get(tx, s, note, tx_arena(tx), &known, e) : OK;
  if (c == OK)
    c = other_of(tx, s, number, &other, e);
  if (c != OK)
    return c;
  if (!other)
    return no_such(e);
  if (other == scope_person(s))
    return err_field(e, "number", TR("この人のケースの番号です。家族のケースの番号を入れてください。"));
  c = link_sql_each(tx, s, links, &n, e);
  for (size_t i = 0; c == OK && i < n; i++)
    if (links[i].other == other)
      return OK;
  return c == OK ? link_sql_insert(tx, s, other, note, e) : c;
}

enum code family_unlink(struct tx *tx, const struct scope *s, id64 link, struct err *e)
{
  struct link_row links[LIMIT_PAGE_ROWS];
  size_t n = 0;
  if (!scope_writes(s))
    return err_set(e, DENIED, TR("緊急の閲覧では、書くことはできません。"));
  enum code c = link_sql_each(tx, s, links, &n, e);
  for (size_t i = 0; c == OK && i < n; i++)
    if (links[i].id == link)
      return link_sql_end(tx, s, link, e);
  return c == OK ? err_set(e, NOT_FOUND, code_msg(NOT_FOUND)) : c;
}
