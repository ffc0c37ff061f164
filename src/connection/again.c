/* again.c: a sheet that came back (差し戻し) is mended as a new version; the one that was sent stays as it was. Where nobody took it, another
 * place is asked with what the person has said already. */
#include "connection/connection.h"
#include "connection/connection_sql.h"

enum code sheet_begin_again(struct tx *tx, const struct scope *s, const struct connection *c, id64 *ret_sheet,
                            struct err *e)
{
  struct sheet old = {0};
  if (!scope_wrote(s, c->from_organization))
    return err_set(e, DENIED, TR("送った機関だけが、直して送れます。"));
  if (c->state != CONNECTION_RETURNED)
    return err_set(e, CONFLICT, TR("差し戻されたシートだけを、直して送れます。"));
  enum code code = sheet_of_connection(tx, s, c->sheet, tx_arena(tx), &old, e);
  if (code != OK)
    return code;
  if (str_is(old.status, "draft")) { /* it is being mended already */
    *ret_sheet = old.id;
    return OK;
  }
  if (!old.answers)
    return err_set(e, DENIED, code_msg(DENIED));
  id64 id = 0;
  code = sheet_copy(tx, s, &old, &id, e);
  if (code == OK)
    code = connection_sql_mend(tx, c, id, e);
  if (code == OK)
    *ret_sheet = id;
  return code;
}

/* ---- to another place --------------------------------------------------------------------------------------------------------- */

/* Groups that hold for one place and one day: who received it, what was explained, to whom it went, what was agreed to, what was answered. */
static bool said_anew(const struct form_item *it)
{
  static const char *const anew[] = {"reception", "purpose", "referral", "agreement", "scope", "reply"};
  for (; it; it = it->parent)
    for (size_t i = 0; i < sizeof anew / sizeof *anew; i++)
      if (str_is(it->link, anew[i]))
        return true;
  return false;
}

void sheet_keep_said(struct arena *a, const struct form *form, const struct sheet *old, struct doc *answers)
{
  if (!str_eq(old->form_version, form_version(form)))
    return; /* what was asked then may be asked otherwise now */
  for (size_t i = 0; i < doc_size(old->answers); i++) {
    struct str link = doc_key_at(old->answers, i);
    const struct form_item *it = form_item_find(form, link);
    if (it && !said_anew(it) && !doc_get_key(answers, link)) /* what the records say today comes first */
      doc_put_key(answers, link, doc_copy(a, doc_value_at(old->answers, i)));
  }
}

enum code sheet_begin_elsewhere(struct tx *tx, const struct scope *s, const struct connection *c,
                                const struct reader *who, id64 *ret_sheet, struct err *e)
{
  struct sheet old = {0};
  id64 begun = 0;
  if (!scope_wrote(s, c->from_organization))
    return err_set(e, DENIED, TR("送った機関だけが、ほかへつなげます。"));
  if (!connection_not_taken(c))
    return err_set(e, CONFLICT, TR("受け手のいなかったシートからだけ、ほかへつなげます。"));
  enum code code = sheet_of_connection(tx, s, c->sheet, tx_arena(tx), &old, e);
  if (code != OK)
    return code;
  if (!old.answers)
    return err_set(e, DENIED, code_msg(DENIED));
  code = sheet_sql_begun_after(tx, s, &old, &begun, e);
  if (code == OK && begun)
    *ret_sheet = begun;
  return code == OK && !begun ? sheet_begin_after(tx, s, &old, who, ret_sheet, e) : code;
}
