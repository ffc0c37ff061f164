/* edit_sql.c: the organization itself, changed by hand. */
#include "directory/directory_sql.h"

STMT_WRITE(
    q_edit, "directory_edit_organization",
    "UPDATE organization SET name = $3, kana = $4, fold = $5, kind = $6, circle = $7, description = $8, url = $9,"
    " email = $10, rev = rev + 1 WHERE network_id = $1 AND id = $2 AND rev = $11"
    " AND (until_at IS NULL OR until_at > $12)");
STMT_WRITE(q_no_phones, "directory_delete_phones",
           "DELETE FROM phone WHERE network_id = $1 AND organization_id = $2 AND service_id IS NULL");
STMT_WRITE(q_no_hours, "directory_delete_hours",
           "DELETE FROM schedule WHERE network_id = $1 AND organization_id = $2 AND service_id IS NULL");
STMT_WRITE(q_no_contacts, "directory_delete_contacts",
           "DELETE FROM contact WHERE network_id = $1 AND organization_id = $2 AND service_id IS NULL AND name = ''"
           " AND email = ''");
STMT_WRITE(q_no_places, "directory_delete_places",
           "DELETE FROM location WHERE network_id = $1 AND organization_id = $2 AND NOT EXISTS (SELECT 1"
           " FROM service_at_location s WHERE s.network_id = $1 AND s.location_id = location.id)");

enum code organization_sql_edit(struct tx *tx, id64 id, int64_t rev, const struct directory_organization *o,
                                struct str fold, unsigned keep, struct err *e)
{
  const struct {
    unsigned part;
    const struct stmt *no;
  } all[] = {{KEEP_PHONES, &q_no_phones},
             {KEEP_HOURS, &q_no_hours},
             {KEEP_DESKS, &q_no_contacts},
             {KEEP_PLACES, &q_no_places}};
  struct bind network = b_int(tx_network(tx));
  int64_t changed = 0;
  enum code c = db_exec(tx, &q_edit, &changed, e,
                        BINDS(network, b_int(id), b_text(o->name), b_text(o->kana), b_text(fold), b_text(o->kind),
                              b_text(o->circle), b_text(o->description), b_text(o->url), b_text(o->email), b_int(rev),
                              b_int(tx_now(tx))));
  if (c == OK && changed != 1)
    return err_set(e, CONFLICT, TR("このつなぎ先は、ほかの人が先に直しました。画面を開き直してください。"));
  for (size_t i = 0; c == OK && i < sizeof(all) / sizeof(*all); i++)
    if (!(keep & all[i].part))
      c = db_exec(tx, all[i].no, NULL, e, BINDS(network, b_int(id)));
  return c;
}

STMT_WRITE(q_contact, "contact_insert",
           "INSERT INTO contact (network_id, id, organization_id, department) VALUES ($1, $2, $3, $4)");

enum code contact_sql_insert(struct tx *tx, id64 id, id64 organization, struct str department, struct err *e)
{
  return db_exec(tx, &q_contact, NULL, e,
                 BINDS(b_int(tx_network(tx)), b_int(id), b_int(organization), b_text(department)));
}
