/* agreement.c: 「8 提供の同意」 of a sheet is what was recorded, not what somebody typed beside it. It reads as a record: on paper the line to
 * sign on stays empty. */
#include "base/utf8.h"
#include "connection/connection_sql.h"

const char *const sheet_recorded_links[] = {"consent_answer", "consent_on",       "consent_how",
                                            "consent_by",     "consent_guardian", NULL};

struct section {
  struct arena *arena;
  const struct form *form;
  struct doc *answers;
};

/* A town's own version may ask less. */
static void put(const struct section *to, const char *link, struct str value)
{
  const struct form_item *it = form_item_find(to->form, str_from(link));
  if (!value.n || !it)
    return;
  if (it->max_length > 0)
    value = utf8_clip(to->arena, value, (size_t)it->max_length);
  doc_replace(to->answers, link, doc_str(to->arena, value));
}

static enum code guardian_name(struct tx *tx, const struct scope *s, id64 guardian, struct arena *a, struct str *ret,
                               struct err *e)
{
  struct doc *list = NULL;
  const struct reader plain = {.lang = LANG_JA, .wareki = true};
  enum code c = person_guardians(tx, s, a, &plain, &list, e);
  for (size_t i = 0; c == OK && i < doc_size(list); i++) {
    const struct doc *g = doc_at(list, i);
    id64 id = 0;
    if (doc_get_id(g, "id", &id) && id == guardian)
      *ret = str_printf(a, " %.*s（%.*s）", STR_FMT(doc_get_str(g, "name")), STR_FMT(doc_get_str(g, "relation")));
  }
  return c;
}

/* As on the paper: in Japanese, and with its calendar. */
static struct str in_words(struct arena *a, const struct said_row *row, struct str who)
{
  const struct reader plain = {.lang = LANG_JA, .wareki = true};
  struct str day = row ? reader_date(a, &plain, date_of_ts(row->at)) : STR_NONE;
  if (!row)
    return STR_NONE;
  return str_printf(a, "%s: %.*s %s%.*s", row->refused ? JA("同意しないという記録") : JA("記録された同意"),
                    STR_FMT(day),
                    str_is(row->how, "oral")   ? JA("口頭")
                    : str_is(row->how, "tick") ? JA("画面")
                                               : JA("書面"),
                    STR_FMT(who));
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
  put(&to, "consent_by", in_words(a, person, STR_NONE));
  put(&to, "consent_guardian", in_words(a, other, guardian));
  sheet->recorded = true;
  return OK;
}
