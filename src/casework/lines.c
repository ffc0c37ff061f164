/* lines.c: what stands in a list's lines besides the person. */
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

enum code case_lines(struct tx *tx, const struct scope *list, const id64 *ids, const id64 *persons, size_t n,
                     struct arena *a, struct case_line *ret, struct err *e)
{
  enum code c = case_sql_lines(tx, list, ids, persons, n, a, ret, e);
  for (size_t i = 0; c == OK && i < n; i++)
    c = name_lead(tx, ret, i, &ret[i], a, e);
  return c;
}
