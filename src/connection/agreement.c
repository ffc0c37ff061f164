/* agreement.c: 「8 提供の同意」 of a sheet is what was recorded, not what somebody typed beside it. */
#include "connection/connection_sql.h"

struct section {
  struct arena *arena;
  const struct form *form;
  struct doc *answers;
};

/* A town's own version may ask less. */
static void put(const struct section *to, const char *link, struct str value)
{
  if (value.n && form_item_find(to->form, str_from(link)))
    doc_replace(to->answers, link, doc_str(to->arena, value));
}

static enum code guardian_name(struct tx *tx, const struct scope *s, id64 guardian, struct arena *a, struct str *ret,
                               struct err *e)
{
  struct doc *list = NULL;
  const struct reader plain = {.lang = LANG_JA, .wareki = true};
  enum code c = person_guardians(tx, s, a, &plain, &list, e);
  for (size_t i = 0; c == OK && i < doc_size(list); i++) {
    id64 id = 0;
    if (doc_get_id(doc_at(list, i), "id", &id) && id == guardian)
      *ret = doc_get_str(doc_at(list, i), "name");
  }
  return c;
}

/* Of each party the last word counts; one refusal is no consent. */
enum code sheet_put_agreement(struct tx *tx, const struct scope *s, struct sheet *sheet, struct arena *a, struct err *e)
{
  struct said_row said[SAID_ROWS];
  size_t n = 0;
  struct str guardian = STR_NONE;
  const struct said_row *person = NULL, *other = NULL;
  enum code c = sheet_sql_said(tx, s, sheet, a, said, &n, e);
  for (size_t i = 0; c == OK && i < n; i++) {
    const struct said_row **whose = said[i].guardian ? &other : &person;
    if (!*whose)
      *whose = &said[i];
  }
  if (c != OK || (!person && !other))
    return c;
  struct section to = {.arena = a, .answers = sheet->answers};
  c = sheet_form(tx, a, sheet, &to.form, e);
  if (c == OK && other)
    c = guardian_name(tx, s, other->guardian, a, &guardian, e);
  if (c != OK)
    return c;
  const struct said_row *last = person && (!other || person->at >= other->at) ? person : other;
  bool refused = (person && person->refused) || (other && other->refused);
  put(&to, "consent_answer", refused ? S("no") : S("yes"));
  put(&to, "consent_on", date_iso(a, date_of_ts(last->at)));
  put(&to, "consent_how", str_is(last->how, "oral") ? S("oral") : S("paper"));
  put(&to, "consent_by", person && !person->refused ? doc_get_str(sheet->answers, "person_name") : STR_NONE);
  put(&to, "consent_guardian", other && !other->refused ? guardian : STR_NONE);
  return OK;
}
