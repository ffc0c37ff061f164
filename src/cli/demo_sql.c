/* demo_sql.c: facts that the demo shows and that no page writes yet: how far a case has come, who may know a concealed item, who
 * must not see a person. Everything else of the demo goes through the features. When a feature writes one of these, its statement
 * here goes. */
#include "cli/demo_life.h"
#include "network/network.h"

STMT_WRITE(q_stage, "demo_stage",
           "UPDATE case_file SET status = $3, closed_at = CASE WHEN $3 = 'closed' THEN CAST($4 AS bigint) END, "
           "changed_at = CAST($4 AS bigint),"
           " rev = rev + 1 WHERE network_id = $1 AND id = $2");

enum code demo_sql_stage(struct tx *tx, id64 case_id, const char *status, struct err *e)
{
  return db_exec(tx, &q_stage, NULL, e,
                 BINDS(b_int(tx_network(tx)), b_int(case_id), b_text(str_from(status)), b_int(tx_now(tx))));
}

STMT_WRITE(q_conceal, "demo_conceal",
           "INSERT INTO concealment (network_id, id, person_id, items, origin, from_at, created_by)"
           " VALUES ($1, $2, $3, $4, $5, $6, $7)");
STMT_WRITE(q_holder, "demo_holder",
           "INSERT INTO concealment_holder (network_id, concealment_id, user_id, person_id, from_at)"
           " VALUES ($1, $2, $3, $4, $5)");

enum code demo_sql_conceal(struct tx *tx, const struct scope *s, uint32_t items, struct str origin, const id64 *holders,
                           int count, struct err *e)
{
  id64 id = id_new(tx_now(tx)), person = scope_person(s);
  enum code c = db_exec(tx, &q_conceal, NULL, e,
                        BINDS(b_int(tx_network(tx)), b_int(id), b_int(person), b_int(items), b_text(origin),
                              b_int(tx_now(tx)), b_int(scope_actor(s)->user)));
  for (int i = 0; c == OK && i < count; i++)
    c = db_exec(tx, &q_holder, NULL, e,
                BINDS(b_int(tx_network(tx)), b_int(id), b_int(holders[i]), b_int(person), b_int(tx_now(tx))));
  return c == OK ? network_bump_facts(tx, e) : c;
}

STMT_WRITE(q_restrict, "demo_restrict",
           "INSERT INTO restriction (network_id, id, person_id, user_id, categories, from_at, created_by)"
           " VALUES ($1, $2, $3, $4, $5, $6, $7)");

enum code demo_sql_restrict(struct tx *tx, const struct scope *s, id64 user, struct err *e)
{
  enum code c = db_exec(tx, &q_restrict, NULL, e,
                        BINDS(b_int(tx_network(tx)), b_int(id_new(tx_now(tx))), b_int(scope_person(s)), b_int(user),
                              b_int(CAT_ALL), b_int(tx_now(tx)), b_int(scope_actor(s)->user)));
  return c == OK ? network_bump_facts(tx, e) : c;
}
