/* lines.c: what stands in a list's lines besides the person. */
#include "base/limits.h"
#include "casework/casework_sql.h"
#include "network/network.h"

/* The line before has the same one more often than not. */
static enum code name_lead(struct tx *tx, const struct case_line *before, size_t n, struct case_line *line,
                           struct arena *a, struct err *e)
{
  struct str post = STR_NONE;
  bool org = !line->lead_organization_id, worker = !line->lead_user_id;
  for (size_t i = n; i-- > 0 && !(org && worker);) {
    if (!org && before[i].lead_organization_id == line->lead_organization_id) {
      line->lead_organization = before[i].lead_organization;
      org = true;
    }
    if (!worker && before[i].lead_user_id == line->lead_user_id) {
      line->lead_worker = before[i].lead_worker;
      worker = true;
    }
  }
  enum code c = org ? OK : organization_name(tx, line->lead_organization_id, a, &line->lead_organization, e);
  return c != OK || worker ? c : user_name(tx, line->lead_user_id, a, &line->lead_worker, &post, e);
}

enum code case_mark_told(struct tx *tx, const struct scope *list, struct case_told *of, size_t n, struct err *e)
{
  id64 whose[LIMIT_PAGE_ROWS];
  struct access_view views[LIMIT_PAGE_ROWS];
  size_t asked = 0;
  for (size_t i = 0; i < n; i++) {
    of[i].told = scope_wrote(list, of[i].teller);
    size_t k = of[i].told ? asked : 0;
    while (k < asked && whose[k] != of[i].person)
      k++;
    if (!of[i].told && k == asked && asked < LIMIT_PAGE_ROWS)
      whose[asked++] = of[i].person;
  }
  enum code c = asked ? access_views(tx, list, whose, asked, views, e) : OK;
  for (size_t i = 0; c == OK && i < n; i++)
    for (size_t k = 0; k < asked && !of[i].told; k++)
      of[i].told = views[k].person == of[i].person && (views[k].others & CAT_BASIC);
  return c;
}

static enum code mark_told(struct tx *tx, const struct scope *list, struct case_line *lines, size_t n, struct err *e)
{
  struct case_told of[LIMIT_PAGE_ROWS];
  for (size_t i = 0; i < n; i++)
    of[i] = (struct case_told){.person = lines[i].person,
                               .teller = case_teller(lines[i].lead_organization_id, lines[i].author_organization_id)};
  enum code c = case_mark_told(tx, list, of, n, e);
  for (size_t i = 0; c == OK && i < n; i++)
    lines[i].told = of[i].told;
  return c;
}

enum code case_lines(struct tx *tx, const struct scope *list, const id64 *ids, const id64 *persons, size_t n,
                     struct arena *a, struct case_line *ret, struct err *e)
{
  enum code c = case_sql_lines(tx, list, ids, persons, n, a, ret, e);
  if (c == OK)
    c = mark_told(tx, list, ret, n, e);
  for (size_t i = 0; c == OK && i < n; i++)
    if (!ret[i].told)
      ret[i] = (struct case_line){.id = ret[i].id,
                                  .person = ret[i].person,
                                  .number = ret[i].number,
                                  .concealed = ret[i].concealed,
                                  .unconfirmed = ret[i].unconfirmed};
  for (size_t i = 0; c == OK && i < n; i++)
    c = name_lead(tx, ret, i, &ret[i], a, e);
  return c;
}
