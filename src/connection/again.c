/* again.c: a sheet that came back (差し戻し) is mended as a new version; the one that was sent stays as it was. */
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
