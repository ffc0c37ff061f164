#include "casework/casework_sql.h"

#define PHRASE_LIVE " network_id = $1 AND organization_id = $2 AND until_at IS NULL"
STMT_READ(q_list, "phrase_list",
          "SELECT id, label, method, met, body FROM phrase WHERE" PHRASE_LIVE " ORDER BY label, id LIMIT 60");

enum code phrase_sql_list(struct tx *tx, id64 organization, struct arena *a, struct doc **ret, struct err *e)
{
  return db_ask_list(tx, &q_list, KEYS("#id", "label", "method", "met", "body"), a, ret, e,
                     BINDS(b_int(tx_network(tx)), b_int(organization)));
}

STMT_WRITE(q_add, "phrase_add",
           "INSERT INTO phrase (network_id, id, organization_id, label, method, met, body, created_by, created_at)"
           " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)");

enum code phrase_sql_add(struct tx *tx, const struct actor *who, const struct phrase *p, struct err *e)
{
  return db_exec(tx, &q_add, NULL, e,
                 BINDS(b_int(tx_network(tx)), b_int(id_new(tx_now(tx))), b_int(who->organization), b_text(p->label),
                       b_text(p->method), b_text(p->met), b_text(p->body), b_int(who->user), b_int(tx_now(tx))));
}

STMT_WRITE(q_end, "phrase_end", "UPDATE phrase SET until_at = $4 WHERE" PHRASE_LIVE " AND id = $3");

enum code phrase_sql_end(struct tx *tx, id64 organization, id64 id, struct err *e)
{
  return db_exec(tx, &q_end, NULL, e, BINDS(b_int(tx_network(tx)), b_int(organization), b_int(id), b_int(tx_now(tx))));
}
