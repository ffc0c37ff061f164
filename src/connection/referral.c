/* referral.c: 「7 紹介先」 of a sheet names those it goes to; what was typed there by hand stays. */
#include "base/utf8.h"
#include "connection/connection_sql.h"

static const char rows_link[] = "referrals", name_link[] = "referral_org";

/* A town's own version may ask less: NULL. */
static enum code find_rows(struct tx *tx, const struct sheet *sheet, struct arena *a, const struct form_item **ret,
                           struct err *e)
{
  const struct form *form = NULL;
  enum code c = sheet_form(tx, a, sheet, &form, e);
  if (c != OK)
    return c;
  const struct form_item *rows = form_item_find(form, str_from(rows_link)),
                         *name = form_item_find(form, str_from(name_link));
  *ret = rows && name && rows->repeats && name->row_of == rows ? rows : NULL;
  return OK;
}

static struct str as_it_fits(struct arena *a, const struct form_item *group, struct str name)
{
  const struct form_item *it = group->child;
  while (it && !str_is(it->link, name_link))
    it = it->next;
  return it ? utf8_clip(a, name, (size_t)it->max_length) : name;
}

static bool said_of(struct arena *a, struct str said, struct str organization)
{
  struct str folded = utf8_fold(a, said), name = utf8_fold(a, organization);
  if (said.n <= strlen(CLIPPED) || !str_ends(said, S(CLIPPED)))
    return said.n && str_eq(folded, name);
  return str_starts(name, utf8_fold(a, str_sub(said, 0, said.n - strlen(CLIPPED))));
}

static bool row_names(struct arena *a, const struct doc *row, struct str organization)
{
  return said_of(a, str_trim(doc_get_str(row, name_link)), organization);
}

static bool any_names(struct arena *a, const struct doc *rows, struct str organization)
{
  for (size_t i = 0; i < doc_size(rows); i++)
    if (row_names(a, doc_at(rows, i), organization))
      return true;
  return false;
}

enum code sheet_put_receivers(struct tx *tx, struct sheet *sheet, struct arena *a, struct err *e)
{
  struct connection_batch all = {0};
  const struct form_item *group = NULL;
  enum code c = connection_batch_of_sheet(tx, sheet->id, &all, e);
  if (c == OK && all.count)
    c = find_rows(tx, sheet, a, &group, e);
  if (c != OK || !group)
    return c;
  const struct doc *stood = doc_get(sheet->answers, rows_link);
  struct doc *rows = doc_kind(stood) == DOC_LIST ? doc_copy(a, stood) : doc_list(a);
  for (size_t i = 0; i < all.count && (int64_t)doc_size(rows) < group->max_rows; i++)
    if (!any_names(a, rows, all.names[i]))
      doc_put_str(doc_add_map(rows), name_link, as_it_fits(a, group, all.names[i]));
  doc_replace(sheet->answers, rows_link, rows);
  return OK;
}

enum code sheet_drop_receivers(struct tx *tx, const struct sheet *sheet, const struct doc *before, struct arena *a,
                               struct doc *answers, struct err *e)
{
  struct connection_batch now = {0};
  const struct doc *stood = doc_get(answers, rows_link);
  struct doc *rows = doc_list(a);
  enum code c = connection_batch_of_sheet(tx, sheet->id, &now, e);
  if (c != OK)
    return c;
  for (size_t i = 0; i < doc_size(stood); i++) {
    struct doc *row = doc_at(stood, i);
    struct str name = str_trim(doc_get_str(row, name_link));
    bool bare = name.n && doc_size(row) == 1, chosen = false, was = false;
    for (size_t k = 0; k < now.count; k++)
      chosen |= said_of(a, name, now.names[k]);
    for (size_t k = 0; k < doc_size(before); k++)
      was |= said_of(a, name, doc_string(doc_at(before, k)));
    if (!bare || chosen || !was)
      doc_add(rows, row);
  }
  if (doc_size(rows) < doc_size(stood))
    doc_replace(answers, rows_link, rows);
  return OK;
}

/* ---- for those it goes to ---------------------------------------------------------------------------------------------------- */

enum code sheet_veil_receivers(struct tx *tx, const struct scope *s, struct sheet *sheet, struct arena *a,
                               struct err *e)
{
  struct connection_batch all = {.arena = tx_arena(tx)};
  const struct doc *stood = doc_get(sheet->answers, rows_link);
  if (scope_wrote(s, sheet->author_organization) || !doc_size(stood))
    return OK;
  enum code c = connection_sql_sent_by(tx, sheet->case_id, sheet->author_organization, connection_batch_take, &all, e);
  if (c != OK)
    return c;
  struct doc *answers = doc_copy(a, sheet->answers), *rows = doc_list(a);
  for (size_t i = 0; i < doc_size(stood); i++) {
    bool another = false;
    for (size_t k = 0; k < all.count; k++)
      another |= !scope_wrote(s, all.list[k].to_organization) && row_names(a, doc_at(stood, i), all.names[k]);
    if (!another)
      doc_add(rows, doc_copy(a, doc_at(stood, i)));
  }
  doc_replace(answers, rows_link, rows);
  sheet->answers = answers;
  return OK;
}
